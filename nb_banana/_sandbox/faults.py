"""Failures on demand, each in the words and the shape of the service that really gives it.

Rules of this file: a fault is named by an error category, a finish reason in lower case, or a block
reason with `block_` before it; the native wire fails as Google does, the chat wire as apiyi does.
Whatever a fault plays, it plays it the same every time.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Literal

import httpx

from .._messages import Answer, Usage
from .._strings import say
from .._wire import gemini, openai
from ..errors import InvalidRequestError

Wire = Literal["gemini", "openai"]
Fault = str | Sequence[str | None] | None

# WIRE.md §2: reasons a candidate may end with, and reasons a prompt may be blocked for.
FINISH_REASONS: tuple[str, ...] = (
    "STOP",
    "MAX_TOKENS",
    "SAFETY",
    "RECITATION",
    "LANGUAGE",
    "OTHER",
    "BLOCKLIST",
    "PROHIBITED_CONTENT",
    "SPII",
    "MALFORMED_FUNCTION_CALL",
    "IMAGE_SAFETY",
    "IMAGE_PROHIBITED_CONTENT",
    "IMAGE_OTHER",
    "NO_IMAGE",
    "IMAGE_RECITATION",
    "UNEXPECTED_TOOL_CALL",
    "TOO_MANY_TOOL_CALLS",
    "MISSING_THOUGHT_SIGNATURE",
    "MALFORMED_RESPONSE",
    "ESCALATION",
    "PUP_LIMITED_DISABLED",
    "CONTINUATION",
    "MODEL_ARMOR",
)
BLOCK_REASONS: tuple[str, ...] = (
    "SAFETY",
    "OTHER",
    "BLOCKLIST",
    "PROHIBITED_CONTENT",
    "IMAGE_SAFETY",
    "MODEL_ARMOR",
    "JAILBREAK",
)
RETRY_SECONDS = 2
_RPC = "type.googleapis.com/google.rpc."


def google_error(
    status: int, name: str, message: str, *details: Mapping[str, Any], **headers: str
) -> httpx.Response:
    """An error as Google writes it."""
    error: dict[str, Any] = {"code": status, "message": message, "status": name}
    if details:
        error["details"] = list(details)
    return _json(status, {"error": error}, headers)


def apiyi_error(
    status: int, code: str, message: str, localized: str = "", kind: str = "shell_api_error", **headers: str
) -> httpx.Response:
    """An error as apiyi writes it."""
    error = {
        "message": message,
        "localized_message": localized or message,
        "type": kind,
        "param": "",
        "code": code,
    }
    return _json(status, {"error": error}, headers)


def _json(status: int, document: Mapping[str, Any], headers: Mapping[str, str]) -> httpx.Response:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    content = json.dumps(document, ensure_ascii=False).encode()
    return httpx.Response(
        status, headers={"content-type": "application/json; charset=UTF-8", **named}, content=content
    )


def bad_request(wire: Wire, message: str, field: str = "") -> httpx.Response:
    """400: something in the request must change."""
    if wire == "openai":
        return apiyi_error(400, "invalid_request", message, kind="invalid_request_error")
    violation = {"@type": _RPC + "BadRequest", "fieldViolations": [{"field": field, "description": message}]}
    return google_error(400, "INVALID_ARGUMENT", message, *([violation] if field else []))


def model_not_found(wire: Wire, model: str) -> httpx.Response:
    """404 in the form of the service that is asked."""
    if wire == "openai":
        message = f"The model `{model}` does not exist (request id: sandbox)"
        return apiyi_error(404, "model_not_found", message, f"模型 {model} 不存在", "invalid_request_error")
    message = (
        f"models/{model} is not found for API version v1beta, or is not supported for generateContent. "
        "Call ListModels to see the list of available models and their supported methods."
    )
    return google_error(404, "NOT_FOUND", message)


def _auth(wire: Wire, _model: str) -> httpx.Response:
    if wire == "openai":
        return apiyi_error(401, "invalid_api_key", "Invalid token (request id: sandbox)", "无效的令牌")
    info = {"@type": _RPC + "ErrorInfo", "reason": "API_KEY_INVALID", "domain": "googleapis.com"}
    return google_error(400, "INVALID_ARGUMENT", "API key not valid. Please pass a valid API key.", info)


def _region(wire: Wire, _model: str) -> httpx.Response:
    if wire == "openai":
        message = "Country, region, or territory not supported"
        return apiyi_error(403, "unsupported_country_region_territory", message, kind="request_forbidden")
    return google_error(400, "FAILED_PRECONDITION", "User location is not supported for the API use.")


def _quota(wire: Wire, model: str) -> httpx.Response:
    if wire == "openai":
        message = "user quota is not enough, need quota: $0.090000, remaining quota: $0.000000"
        return apiyi_error(403, "insufficient_user_quota", message, "用户额度不足，请充值后重试")
    violation = {
        "quotaMetric": "generativelanguage.googleapis.com/generate_requests_per_model_per_day",
        "quotaId": "GenerateRequestsPerDayPerProjectPerModel",
        "quotaDimensions": {"location": "global", "model": model},
        "quotaValue": "250",
    }
    message = "You exceeded your current quota, please check your plan and billing details."
    return google_error(
        429, "RESOURCE_EXHAUSTED", message, {"@type": _RPC + "QuotaFailure", "violations": [violation]}
    )


def _rate_limit(wire: Wire, model: str) -> httpx.Response:
    if wire == "openai":
        message = "Rate limit reached for requests per minute. Please try again later."
        return apiyi_error(
            429, "rate_limit_exceeded", message, "请求过于频繁，请稍后再试", retry_after=str(RETRY_SECONDS)
        )
    violation = {
        "quotaMetric": "generativelanguage.googleapis.com/generate_requests_per_model",
        "quotaId": "GenerateRequestsPerMinutePerProjectPerModel",
        "quotaDimensions": {"location": "global", "model": model},
    }
    return google_error(
        429,
        "RESOURCE_EXHAUSTED",
        f"Resource has been exhausted (requests per minute). Please retry in {RETRY_SECONDS}s.",
        {"@type": _RPC + "QuotaFailure", "violations": [violation]},
        {"@type": _RPC + "RetryInfo", "retryDelay": f"{RETRY_SECONDS}s"},
    )


def _bad_request(wire: Wire, _model: str) -> httpx.Response:
    field = "generation_config.image_config.aspect_ratio"
    return bad_request(
        wire, f"Invalid value at '{field}': the sandbox was asked to refuse this request.", field
    )


def _server(wire: Wire, _model: str) -> httpx.Response:
    message = "The model is overloaded. Please try again later."
    if wire == "openai":
        return apiyi_error(503, "bad_response_status_code", message, "上游服务暂时不可用")
    return google_error(503, "UNAVAILABLE", message)


def _malformed(wire: Wire, model: str) -> httpx.Response:
    whole = bytes(_answer(wire, Answer(text="Here is your picture", model=model, response_id="sandbox")))
    return httpx.Response(
        200, headers={"content-type": "application/json"}, content=whole[: len(whole) * 2 // 3]
    )


def _answer(wire: Wire, answer: Answer) -> bytes:
    return gemini.encode_answer(answer) if wire == "gemini" else openai.encode_answer(answer)


def _ended(reason: str) -> Callable[[Wire, str], httpx.Response]:
    """A 200 without a picture that ends with this reason."""

    def play(wire: Wire, model: str) -> httpx.Response:
        speaks = reason in ("STOP", "NO_IMAGE") or wire == "openai"
        answer = Answer(
            text=_WORDS.get(reason, _WORDS["STOP"]) if speaks else "",
            finish_reason=reason if wire == "gemini" or reason != "STOP" else "stop",
            finish_message="" if speaks else _WORDS.get(reason, ""),
            usage=Usage(
                input_tokens=276,
                output_tokens=0 if not speaks else 18,
                total_tokens=276 if not speaks else 294,
            ),
            model=model,
            response_id=f"sandbox-{reason.lower()}",
        )
        return _ok(_answer(wire, answer))

    return play


def _blocked(reason: str) -> Callable[[Wire, str], httpx.Response]:
    """A 200 whose prompt was blocked: no candidates at all."""

    def play(wire: Wire, model: str) -> httpx.Response:
        if wire == "openai":
            answer = Answer(text=_WORDS["PROHIBITED_CONTENT"], finish_reason="content_filter", model=model)
            return _ok(openai.encode_answer(answer))
        usage = Usage(input_tokens=276, total_tokens=276)
        answer = Answer(
            block_reason=reason, usage=usage, model=model, response_id=f"sandbox-block-{reason.lower()}"
        )
        return _ok(gemini.encode_answer(answer))

    return play


def _ok(content: bytes) -> httpx.Response:
    return httpx.Response(200, headers={"content-type": "application/json; charset=UTF-8"}, content=content)


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


def _timeout(_wire: Wire, _model: str) -> httpx.Response:
    raise httpx.ReadTimeout(say("sandbox.timeout"))


def _network(_wire: Wire, _model: str) -> httpx.Response:
    raise httpx.ReadError(say("sandbox.network"))


FAULTS: Mapping[str, Callable[[Wire, str], httpx.Response]] = {
    **{reason.lower(): _ended(reason) for reason in FINISH_REASONS},
    **{f"block_{reason.lower()}": _blocked(reason) for reason in BLOCK_REASONS},
    "auth": _auth,
    "region": _region,
    "quota": _quota,
    "rate_limit": _rate_limit,
    "bad_request": _bad_request,
    "model_not_found": model_not_found,
    "server": _server,
    "timeout": _timeout,
    "network": _network,
    "malformed": _malformed,
}


def play(fault: str, wire: Wire, model: str) -> httpx.Response:
    """The response of a fault; timeouts and broken connections are raised as httpx raises them."""
    return FAULTS[known(fault)](wire, model)


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
