"""Find the JSON documents in a reply, whatever it is wrapped in.

Gateways answer with one object, with an array of chunks, with server-sent events although no
stream was asked for, with one object per line, or with keep-alive blanks and comments in front.
All become a tuple of documents in order; a reply with none (a page, plain text) becomes ``()``.
The work is linear in the text: whatever fails to parse is paid for out of a budget.
"""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterator
from typing import Any, Final

Pair = tuple[str, Any]

BLANK: Final = " \t\r\n\0\ufeff"
_COMMENTS = re.compile(r"\A(?::[^\n]*+\n\s*+)++")
_SSE_LINE = re.compile(r"(?:data|event|id|retry)\s{0,8}:|:", re.IGNORECASE)
_PAGE = re.compile(
    r"(?:<!--.{0,2000}?-->\s*|<\?xml[^>]{0,200}>\s*){0,5}<(?:!doctype|html|head|body)\b",
    re.IGNORECASE | re.DOTALL,
)
_DEPTH: Final = 200
_PATIENCE: Final = 4_000_000
"""Characters that may be read in vain while looking for documents."""
_DECODER = json.JSONDecoder(strict=False)


def is_page(text: str) -> bool:
    """Whether this is a page made for a browser: nothing on it is an answer."""
    return bool(_PAGE.match(text[:10_000].lstrip(BLANK)))


def documents(text: str) -> tuple[dict[str, Any], ...]:
    """All objects of ``text`` in order; an array of objects counts as its objects."""
    body = text.strip(BLANK)
    if not body or is_page(body):
        return ()
    if comments := _COMMENTS.match(body):
        body = body[comments.end() :]
    if _SSE_LINE.match(body) and (found := tuple(_events(body))):
        return tuple(_objects(found))
    return tuple(_objects(_sequence(body)))


def _objects(found: tuple[Any, ...] | list[Any], depth: int = 0) -> Iterator[dict[str, Any]]:
    """An array at the top is a list of chunks."""
    for one in found:
        if isinstance(one, dict):
            yield one
        elif isinstance(one, list) and depth < 3:
            yield from _objects(one, depth + 1)


def _events(body: str) -> Iterator[Any]:
    """The JSON of each server-sent event; the lines that are no fields may be JSON of their own."""
    data: list[str] = []
    vain = 0
    for line in [*body.replace("\r\n", "\n").replace("\r", "\n").split("\n"), ""]:
        field, _, value = line.partition(":")
        name = field.strip().lower()
        if name == "data":
            value = value.removeprefix(" ")
            # Some gateways send several events without the blank line between them.
            if data and value[:1] in ("{", "[") and vain < 100:
                whole = parsed("\n".join(data))
                vain += whole is None
                if whole is not None:
                    yield whole
                    data = []
            data.append(value)
        elif not line.strip() or name in ("event", "id", "retry", ""):
            if data and (whole := parsed("\n".join(data))) is not None:
                yield whole
            data = []
        elif (bare := parsed(line)) is not None:
            yield bare


def _sequence(body: str) -> tuple[Any, ...]:
    """One document, or several after one another with anything but JSON between them."""
    whole = parsed(body)
    if whole is not None:
        return (whole,)
    found: list[Any] = []
    at, patience = 0, _PATIENCE
    while patience > 0 and (start := _next_opening(body, at)) >= 0:
        try:
            value, at = _DECODER.raw_decode(body, start)
        except json.JSONDecodeError as error:
            patience -= error.pos - start + 1000
        except RecursionError:
            patience -= _PATIENCE // 4
        else:
            if value:
                found.append(value)
            continue
        # Only a new line that opens an object is worth trying again.
        at = body.find("\n", start)
        if at < 0:
            break
    return tuple(found)


_OPENING = re.compile(r"[{\[]")


def _next_opening(body: str, at: int) -> int:
    match = _OPENING.search(body, at)
    return match.start() if match else -1


def parsed(text: str) -> Any | None:
    """The object or array that ``text`` is, or None. A string of JSON is opened once."""
    text = text.strip(BLANK)
    if text[:1] not in ("{", "[", '"'):
        return None
    try:
        value = _DECODER.decode(text)
        if isinstance(value, str) and value.lstrip()[:1] in ("{", "["):
            value = _DECODER.decode(value)
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, (dict, list)) else None


def walk(node: Any, depth: int = 0) -> Iterator[Pair]:
    """Every (key, value) of a document, outermost first; JSON inside strings is opened too.

    Keys are given in lower case with ``_`` for ``-``.
    """
    if depth > _DEPTH:
        return
    if isinstance(node, dict):
        for key, value in node.items():
            yield str(key).lower().replace("-", "_"), value
        for value in node.values():
            yield from walk(value, depth + 1)
    elif isinstance(node, list):
        for value in node:
            yield from walk(value, depth + 1)
    elif isinstance(node, str) and depth < 20 and len(node) < 100_000:
        yield from walk(_inside(node), depth + 1)


def _inside(text: str) -> Any | None:
    """The JSON object that stands somewhere in a message (``litellm.X: {"error": …}``), or None."""
    start = text.find("{")
    if start < 0:
        return None
    for end in (text.rfind("}") + 1, None):
        piece = text[start:end]
        for written in (piece, piece.replace('\\"', '"').replace("\\n", "\n")):
            try:
                return _DECODER.raw_decode(written)[0] or None
            except (ValueError, RecursionError):
                continue
    return _python_literal(text[start : text.rfind("}") + 1])


def _python_literal(text: str) -> Any | None:
    """LiteLLM and others print Python dictionaries where JSON is meant."""
    if len(text) > 5000 or "'" not in text:
        return None
    try:
        value = ast.literal_eval(text)
    except (ValueError, SyntaxError, MemoryError, RecursionError, TypeError):
        return None
    return value if isinstance(value, dict) else None


__all__ = ["BLANK", "Pair", "documents", "is_page", "parsed", "walk"]
