"""The wires: requests and answers as pure functions, for both ends.

``gemini`` and ``openai`` know the two formats; ``lift`` and ``documents`` get from arriving bytes to
JSON; ``pictures`` finds pictures in strings; ``failures`` names what went wrong. ``read_reply`` puts
them together: a reply is understood by its own shape, whatever wire was asked, because relays mix
them.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .._images import ImageData
from .._messages import Answer
from ..errors import InvalidImageError
from . import failures, gemini, openai
from .body import Body
from .documents import documents, walk
from .lift import Lifter, Reply, ReplyTooLargeError
from .pictures import find_pictures
from .plan import Plan

__all__ = [
    "Answer",
    "Body",
    "Lifter",
    "Plan",
    "Reply",
    "ReplyTooLargeError",
    "failures",
    "gemini",
    "openai",
    "read_reply",
]


def read_reply(status: int, headers: Mapping[str, str], reply: Reply) -> Answer | failures.Failure:
    """The answer a reply holds, or the failure it reports."""
    if reply.raw:
        return _raw_picture(status, headers, reply)
    docs = tuple(_unwrapped(document) for document in documents(reply.text))
    answer = _answer(docs, reply)
    if answer.images or answer.links:
        return answer
    errors = [document for document in docs if failures.has_error(document)]
    if status >= 400 or errors:
        return failures.read_failure(status, headers, errors or docs, reply.text)
    if not docs or not _speaks(docs):
        return failures.Failure(
            "malformed",
            failures.clean(failures._plain(reply.text)) or "∅",
            status=status,
            request_id=failures.request_id(headers, [pair for document in docs for pair in walk(document)]),
            body=reply.text,
        )
    return answer


def _answer(docs: tuple[Mapping[str, Any], ...], reply: Reply) -> Answer:
    if any(key in document for document in docs for key in ("candidates", "promptFeedback", "prompt_feedback")):
        return gemini.decode_answer(docs, reply.blobs)
    if any(key in document for document in docs for key in ("choices", "data")):
        return openai.decode_answer(docs, reply.blobs)
    if docs:
        return openai.decode_answer([{"data": document.get("output") or [document]} for document in docs], reply.blobs)
    found = find_pictures(reply.text, reply.blobs)
    return Answer(found.images, links=found.links, text=found.text)


def _speaks(docs: tuple[Mapping[str, Any], ...]) -> bool:
    """Whether any document has the shape of an answer, be it an empty one."""
    keys = ("candidates", "promptFeedback", "prompt_feedback", "choices", "usageMetadata", "usage_metadata")
    return any(key in document for document in docs for key in keys)


def _unwrapped(document: Mapping[str, Any]) -> Mapping[str, Any]:
    """Some relays put the service's answer inside ``response``, ``result`` or ``data``."""
    for _ in range(3):
        inner = next(
            (document[key] for key in ("response", "result", "data", "body") if isinstance(document.get(key), dict)), None
        )
        if inner is None or _speaks((document,)) or document.get("error"):
            break
        document = inner
    return document


def _raw_picture(status: int, headers: Mapping[str, str], reply: Reply) -> Answer | failures.Failure:
    """Some relays answer with the picture itself."""
    try:
        return Answer((ImageData.from_bytes(reply.raw),))
    except InvalidImageError:
        category = "malformed" if status < 400 else failures._by_status(status)
        return failures.Failure(category, f"{len(reply.raw)} bytes", status=status)
