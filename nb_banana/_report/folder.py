"""A comparison as a folder: the originals under names people can read, and a table that names them."""

from __future__ import annotations

import csv
import io
import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Final

from .._compare.cells import unread
from .._compare.table import told_axes
from .._history.record import Picture
from .._images.saving import write_whole
from .._result import EditResult
from .._strings import say
from ..errors import InvalidRequestError
from .methods import methods
from .tables import MARK, to_csv

if TYPE_CHECKING:
    from .._compare.cells import Cell
    from .facts import Report

_LONGEST: Final = 60
_ABOUT: Final = "about.json"


def folder(report: Report, target: Path) -> None:
    """Write the folder; one that holds anything else is left as it is.

    Raises:
        InvalidRequestError: there are files in it that are not of such an export.
    """
    if target.is_dir() and any(target.iterdir()) and not (target / _ABOUT).is_file():
        raise InvalidRequestError(say("report.not_empty", path=target), hint=say("report.not_empty_hint"))
    images = target / "images"
    images.mkdir(parents=True, exist_ok=True)
    named = [("index", "file", "input_file")]
    axes, width = told_axes(report.held), len(str(len(report.held)))
    inputs: dict[int, str] = {}
    for cell, outcome in zip(report.held.cells, report.held, strict=True):
        if id(cell.source) not in inputs:
            inputs[id(cell.source)] = _inputs(images, cell, len(inputs) + 1)
        name = ""
        if isinstance(outcome, EditResult):
            name = f"{cell.index:0{width}}-{_slug(cell, axes)}{Picture.of(unread(outcome.image)).suffix}"
            write_whole(images / name, unread(outcome.image).data)
        named.append((str(cell.index), name, inputs[id(cell.source)]))
    out = io.StringIO()
    csv.writer(out).writerows(named)
    for name, words in (
        ("files.csv", MARK + out.getvalue()), ("table.csv", to_csv(report)),
        ("methods.txt", methods(report) + "\n"),
        (_ABOUT, json.dumps(report.facts(), indent=2, ensure_ascii=False)),
    ):  # fmt: skip
        write_whole(target / name, words.encode())


def _inputs(folder: Path, cell: Cell, number: int) -> str:
    """Write what a cell starts from, and give the names, one after the other."""
    names, several = [], len(cell.source.images) > 1
    for at, image in enumerate(cell.source.images, 1):
        picture, which = unread(image), f"{number}.{at}" if several else f"{number}"
        called = image.name if several else cell.source.label
        names.append(f"input-{which}-{_safe(Path(called).stem)}{Picture.of(picture).suffix}")
        write_whole(folder / names[-1], picture.data)
    return " + ".join(names)


def _slug(cell: Cell, axes: list[str]) -> str:
    return _safe("-".join(str(cell.shown(axis) or "") for axis in axes)) or "edit"


def _safe(words: str) -> str:
    """A part of a file's name on every system: letters of any script, digits and hyphens."""
    return re.sub(r"[^\w.]+|_+", "-", words).strip("-.").lower()[:_LONGEST].strip("-.")
