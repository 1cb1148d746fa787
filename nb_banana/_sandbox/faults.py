"""Failures on demand, each in the words and the shape of the service that really gives it.

Rules of this file: a fault is named by an error category, a finish reason in lower case, or a block
reason with `block_` before it; it is written down here once, and the wire that is asked puts it in its
service's words. Whatever a fault plays, it plays it the same every time.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

import httpx

from .._messages import Answer, Usage
from .._strings import say
from .._wire.base import Call, Kind, Refusal, Served, Wire
from ..errors import InvalidRequestError

Fault = str | Sequence[str | None] | None

# WIRE.md §2: reasons a candidate may end with, and reasons a prompt may be blocked for.
FINISH_REASONS: tuple[str, ...] = (
    "STOP", "MAX_TOKENS", "SAFETY", "RECITATION", "LANGUAGE", "OTHER", "BLOCKLIST", "PROHIBITED_CONTENT",
    "SPII", "MALFORMED_FUNCTION_CALL", "IMAGE_SAFETY", "IMAGE_PROHIBITED_CONTENT", "IMAGE_OTHER", "NO_IMAGE",
    "IMAGE_RECITATION", "UNEXPECTED_TOOL_CALL", "TOO_MANY_TOOL_CALLS", "MISSING_THOUGHT_SIGNATURE",
    "MALFORMED_RESPONSE", "ESCALATION", "PUP_LIMITED_DISABLED", "CONTINUATION", "MODEL_ARMOR",
)  # fmt: skip
BLOCK_REASONS: tuple[str, ...] = (
    "SAFETY", "OTHER", "BLOCKLIST", "PROHIBITED_CONTENT", "IMAGE_SAFETY", "MODEL_ARMOR", "JAILBREAK",
)  # fmt: skip
ERRORS: tuple[Kind, ...] = (
    "auth", "region", "quota", "rate_limit", "bad_request", "model_not_found", "server",
)  # fmt: skip
Play = Callable[[Wire, Call, str], Served]


def _refused(kind: Kind) -> Play:
    """An error of this kind, about what the request names."""
    field = "aspect_ratio"
    message = f"Invalid value at '{field}': the sandbox was asked to refuse this request."

    def play(wire: Wire, _call: Call, model: str) -> Served:
        return wire.encode_error(Refusal(kind, message, model, field))

    return play


def _malformed(wire: Wire, call: Call, model: str) -> Served:
    whole = wire.encode_answer(Answer(text="Here is your picture", model=model, response_id="sandbox"), call)
    return replace(whole, body=whole.body[: len(whole.body) * 2 // 3])


def _answers(answer: Answer) -> Play:
    """A 200 with this answer, which has no picture."""
    return lambda wire, call, model: wire.encode_answer(replace(answer, model=model), call)


def _ended(reason: str) -> Answer:
    """An answer that ends with this reason."""
    speaks = reason in ("STOP", "NO_IMAGE")
    words, spoken = _WORDS.get(reason, ""), 18 if speaks else 0
    return Answer(
        text=words if speaks else "", finish_reason=reason, finish_message="" if speaks else words,
        usage=Usage(input_tokens=276, output_tokens=spoken, total_tokens=276 + spoken),
        response_id=f"sandbox-{reason.lower()}",
    )  # fmt: skip


def _blocked(reason: str) -> Answer:
    """The answer to a prompt that was blocked: no candidates at all."""
    return Answer(
        block_reason=reason, finish_message=_WORDS["PROHIBITED_CONTENT"],
        usage=Usage(input_tokens=276, total_tokens=276), response_id=f"sandbox-block-{reason.lower()}",
    )  # fmt: skip


_WORDS = {
    "STOP": "I'm just a language model and can't help with that picture. "
    "Could you describe the edit differently?",
    "NO_IMAGE": "I could not make a picture for this request. Please describe what should be seen.",
    "IMAGE_SAFETY": "Unable to show the generated image. The image was filtered out because it violated "
    "Google's Responsible AI practices. Try rephrasing the prompt.",
    "PROHIBITED_CONTENT": "The prompt could not be submitted. It may contain content that is not allowed. "
    "Try rephrasing the prompt.",
    "RECITATION": "The answer was withheld because it was too similar to existing works.",
    "IMAGE_RECITATION": "Unable to show the generated image because it is too similar to existing works. "
    "Try rephrasing the prompt.",
}


def _timeout(_wire: Wire, _call: Call, _model: str) -> Served:
    raise httpx.ReadTimeout(say("sandbox.timeout"))


def _network(_wire: Wire, _call: Call, _model: str) -> Served:
    raise httpx.ReadError(say("sandbox.network"))


FAULTS: Mapping[str, Play] = {
    **{reason.lower(): _answers(_ended(reason)) for reason in FINISH_REASONS},
    **{f"block_{reason.lower()}": _answers(_blocked(reason)) for reason in BLOCK_REASONS},
    **{kind: _refused(kind) for kind in ERRORS},
    "timeout": _timeout,
    "network": _network,
    "malformed": _malformed,
}


def play(fault: str, wire: Wire, call: Call) -> Served:
    """What a fault sends back; timeouts and broken connections are raised as httpx raises them."""
    try:
        model = wire.decode_request(call).model or ""
    except InvalidRequestError:  # a fault is played whatever the body is
        model = ""
    return FAULTS[known(fault)](wire, call, model)


def known(fault: str) -> str:
    """The fault's name if there is such a fault.

    Raises:
        InvalidRequestError: there is none; the sentence lists those there are.
    """
    if fault not in FAULTS:
        raise InvalidRequestError(say("sandbox.unknown_fault", name=fault, choices=", ".join(sorted(FAULTS))))
    return fault


class Script:
    """Which fault the next request meets: one name for ever, or a list played once, then none."""

    def __init__(self, fault: Fault = None) -> None:
        self._always = known(fault) if isinstance(fault, str) else None
        listed = () if fault is None or isinstance(fault, str) else fault
        self._left = [name if name is None else known(name) for name in listed]
        self._lock = threading.Lock()

    def next(self) -> str | None:
        """The next request's fault; safe to call from many threads."""
        with self._lock:
            return self._left.pop(0) if self._left else self._always
