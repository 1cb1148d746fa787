"""JSON that knows where in the text each value stands, so that one can be replaced and the rest stays."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from importlib import import_module
from typing import Any, NamedTuple

Span = tuple[int, int]


class Words(str):
    """A string, and where its literal stands."""

    span: Span


class Table(dict[str, Any]):
    """An object, and where it stands."""

    span: Span


class Change(NamedTuple):
    """What takes the place of a part of the text."""

    start: int
    end: int
    text: str


def parsed(text: str) -> Any:
    """The value of a JSON text; its strings are :class:`Words`, its objects :class:`Table`.

    Raises:
        ValueError: it is no JSON.
        RecursionError: it is nested too deeply.
    """
    decoder: Any = json.JSONDecoder()
    string, table = decoder.parse_string, decoder.parse_object

    def words(whole: str, start: int, strict: bool = True) -> tuple[Words, int]:
        value, end = string(whole, start, strict)
        made = Words(value)
        made.span = (start - 1, end)
        return made, end

    def tables(at: tuple[str, int], *rest: Any) -> tuple[Table, int]:
        value, end = table(at, *rest)
        made = Table(value)
        made.span = (at[1] - 1, end)
        return made, end

    decoder.parse_string, decoder.parse_object = words, tables
    # The one written in Python asks the decoder for each string; the one in C does not.
    decoder.scan_once = import_module("json.scanner").py_make_scanner(decoder)
    return decoder.decode(text)


def key_before(text: str, value: Span, name: str) -> Span | None:
    """Where the key of a value stands, if it is written in the usual way."""
    begin = max(0, value[0] - len(name) - 200)
    found = re.search(rf'"{re.escape(name)}"\s*:\s*$', text[begin : value[0]])
    return None if found is None else (begin + found.start(), begin + found.start() + len(name) + 2)


def added(table: Table, entry: str, text: str) -> Change:
    """One more entry at the beginning of an object, spaced as its first one is."""
    start, end = table.span
    if not table:
        return Change(start, end, f"{{{entry}}}")
    space = re.match(r"\s*", text[start + 1 : end])
    return Change(start + 1, start + 1, f"{space[0] if space else ''}{entry},")


def taken(table: Table, entry: str, text: str) -> Change | None:
    """An entry that :func:`added` wrote, taken out again; None where it is not there as it was written."""
    start, end = table.span
    if text[start:end] == f"{{{entry}}}":
        return Change(start, end, "{}")
    found = re.match(rf"\s*{re.escape(entry)},", text[start + 1 : end])
    return None if found is None else Change(start + 1, start + 1 + found.end(), "")


def changed(text: str, changes: Iterable[Change]) -> str:
    """The text with all changes made, none of which may reach into another."""
    parts, at = [], 0
    for change in sorted(changes):
        if change.start < at:
            raise AssertionError(change)
        parts += [text[at : change.start], change.text]
        at = change.end
    return "".join([*parts, text[at:]])
