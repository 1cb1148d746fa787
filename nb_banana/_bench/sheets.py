"""The first sheet of an Excel file as rows, as pandas writes it, on the standard library alone."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final
from xml.etree import ElementTree

from .._files import read_regular
from .._strings import say
from .files import LARGEST, odd

_MAIN: Final = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_SHEET: Final = "xl/worksheets/sheet1.xml"
_WORDS: Final = "xl/sharedStrings.xml"


def xlsx_of(path: Path, then: str) -> Iterator[dict[str, Any]]:
    """The rows below the head, by the head's names; an empty cell is ``""``.

    Raises:
        InvalidRequestError: it can't be read; ``then`` is the next step.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(read_regular(path, LARGEST))) as book:
            if sum(one.file_size for one in book.infolist()) > LARGEST:
                raise ValueError(say("bench.too_large"))
            sheet = _parsed(book, _SHEET)
            words = _parsed(book, _WORDS) if _WORDS in book.namelist() else None
    except FileNotFoundError:
        raise odd(path, say("bench.missing_file"), then) from None
    except (OSError, KeyError, ValueError, zipfile.BadZipFile, ElementTree.ParseError) as reason:
        raise odd(path, str(reason), then) from None
    shared = [_text(one) for one in words] if words is not None else []
    head: dict[str, str] = {}
    for row in sheet.iter(f"{_MAIN}row"):
        cells = {_column(cell, place): _value(cell, shared) for place, cell in enumerate(row)}
        if not head:
            head = {column: str(name) for column, name in cells.items()}
        else:
            yield {name: cells.get(column, "") for column, name in head.items()}


def _parsed(book: zipfile.ZipFile, name: str) -> ElementTree.Element:
    data = book.read(name)
    if b"<!DOCTYPE" in data[:1024]:  # an entity may grow without end; no sheet has one
        raise ValueError(say("bench.doctype"))
    return ElementTree.fromstring(data)


def _column(cell: ElementTree.Element, place: int) -> str:
    return re.sub(r"\d", "", cell.get("r") or "") or str(place)


def _text(inside: ElementTree.Element) -> str:
    return "".join(part.text or "" for part in inside.iter(f"{_MAIN}t"))


def _value(cell: ElementTree.Element, shared: list[str]) -> str:
    if cell.get("t") == "inlineStr":
        return _text(cell)
    held = cell.findtext(f"{_MAIN}v") or ""
    if cell.get("t") != "s":
        return held
    return shared[int(held)] if held.isdecimal() and int(held) < len(shared) else ""
