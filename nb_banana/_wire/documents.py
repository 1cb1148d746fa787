"""Find the JSON documents in a reply, whatever it is wrapped in.

Gateways answer with one object, with an array of chunks, with server-sent events although no
stream was asked for, with one object per line, or with keep-alive blanks and comments in front.
All become a tuple of documents in order; a reply with none (HTML, plain text) becomes ``()``.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any, Final

_SSE_LINE = re.compile(r"(data|event|id|retry)\s*:|:", re.IGNORECASE)
_DEPTH: Final = 200
_DECODER = json.JSONDecoder(strict=False)


def documents(text: str) -> tuple[Any, ...]:
    """All objects and arrays of ``text`` in order; an array of objects counts as its objects."""
    body = text.strip().lstrip("\ufeff")
    if not body:
        return ()
    if _SSE_LINE.match(body):
        found = tuple(_events(body))
        if found:
            return _flat(found)
    return _flat(_sequence(body))


def _flat(found: tuple[Any, ...]) -> tuple[Any, ...]:
    """An array at the top is a list of chunks."""
    return tuple(
        item for one in found for item in (one if isinstance(one, list) else [one]) if isinstance(item, dict)
    )


def _events(body: str) -> Iterator[Any]:
    """The JSON of each server-sent event; the lines that are no fields may be JSON of their own."""
    data: list[str] = []
    for line in [*body.splitlines(), ""]:
        field, _, value = line.partition(":")
        name = field.strip().lower()
        if name == "data":
            # Some gateways send several events without the blank line between them.
            if data and (whole := _parse("\n".join(data))) is not None:
                yield whole
                data = []
            data.append(value.removeprefix(" "))
        elif not line.strip() or name in ("event", "id", "retry", ""):
            if data and (whole := _parse("\n".join(data))) is not None:
                yield whole
            data = []
        elif (bare := _parse(line)) is not None:
            yield bare


def _sequence(body: str) -> tuple[Any, ...]:
    """One document, or several after one another with anything but JSON between them."""
    whole = _parse(body)
    if whole is not None:
        return (whole,)
    found, at = [], 0
    while (start := _next_opening(body, at)) >= 0 and len(found) < 10_000:
        try:
            value, at = _DECODER.raw_decode(body, start)
        except (ValueError, RecursionError):
            # Only a whole line that opens an object is worth trying again.
            newline = body.find("\n", start)
            if newline < 0:
                break
            at = newline
            continue
        if isinstance(value, (dict, list)) and value:
            found.append(value)
    return tuple(found)


def _next_opening(body: str, at: int) -> int:
    places = [place for place in (body.find("{", at), body.find("[", at)) if place >= 0]
    return min(places, default=-1)


def _parse(text: str) -> Any | None:
    """The object or array that ``text`` is, or None. A string of JSON is opened once."""
    text = text.strip()
    if not text or text[0] not in '{["':
        return None
    try:
        value = json.loads(text, strict=False)
        if isinstance(value, str) and value.lstrip()[:1] in ("{", "["):
            value = json.loads(value, strict=False)
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, (dict, list)) else None


def walk(node: Any, depth: int = 0) -> Iterator[tuple[str, Any]]:
    """Every (key, value) of a document, outermost first; JSON inside strings is opened too."""
    if depth > _DEPTH:
        return
    if isinstance(node, dict):
        for key, value in node.items():
            yield str(key), value
        for value in node.values():
            yield from walk(value, depth + 1)
    elif isinstance(node, list):
        for value in node:
            yield from walk(value, depth + 1)
    elif isinstance(node, str) and "{" in node and len(node) < 100_000:
        start = node.find("{")
        inner = _parse(node[start : node.rfind("}") + 1])
        if inner is not None:
            yield from walk(inner, depth + 1)
