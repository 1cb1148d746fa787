"""A comparison as a folder: the originals under names people can read, and a table that names them."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Final

from .._compare.cells import unread
from .._compare.table import told_axes
from .._history.record import Picture
from .._images.saving import write_whole
from .._result import EditResult
from .._strings import quoted, say
from ..errors import InvalidRequestError
from .methods import methods
from .tables import MARK, to_csv

if TYPE_CHECKING:
    from .._compare.cells import Cell
    from .._images.data import ImageData
    from .facts import Report

_LONGEST: Final = 60
_ABOUT: Final = "about.json"
_FILES: Final = "files.csv"
_IMAGES: Final = "images"
_SEVERAL: Final = " + "


def folder(report: Report, target: Path) -> None:
    """Write the folder; one that holds anything else is left as it is.

    Raises:
        InvalidRequestError: there are files in it that are not of such an export, or pictures of another one
            that would stand among those of this.
    """
    if target.is_dir() and any(target.iterdir()) and not (target / _ABOUT).is_file():
        raise InvalidRequestError(say("report.not_empty", path=target), hint=say("report.not_empty_hint"))
    old, images = _renamed(report, target), target / _IMAGES
    images.mkdir(parents=True, exist_ok=True)
    table, written = [("index", "file", "input_file")], set()
    for cell, made, inputs in _pictures(report):
        for name, image in (made | inputs).items():
            if name not in written:
                written.add(name)
                write_whole(images / name, unread(image).data)
        table.append((str(cell.index), "".join(made), _SEVERAL.join(inputs)))
    out = io.StringIO()
    csv.writer(out).writerows(table)
    for name, words in (
        (_FILES, MARK + out.getvalue()), ("table.csv", to_csv(report)),
        ("methods.txt", methods(report) + "\n"),
        (_ABOUT, json.dumps(report.facts(), indent=2, ensure_ascii=False)),
    ):  # fmt: skip
        write_whole(target / name, words.encode())
    for path in old:
        path.unlink(missing_ok=True)


def _renamed(report: Report, target: Path) -> list[Path]:
    """The pictures of this comparison that an earlier export left under names they no longer have.

    Raises:
        InvalidRequestError: some are of another comparison. They may be the last of their kind, so they stay.
    """
    try:
        table = csv.reader(io.StringIO((target / _FILES).read_text("utf-8-sig")))
        named = {name for _, *names in table for some in names for name in some.split(_SEVERAL)}
    except (OSError, ValueError, csv.Error):
        return []  # somebody has made it theirs
    now = {name: image for _, made, inputs in _pictures(report) for name, image in (made | inputs).items()}
    there = [target / _IMAGES / name for name in sorted(named - now.keys()) if Path(name).name == name]
    old = [path for path in there if path.is_file()]
    known = {unread(image).sha256 for image in now.values()} if old else set()
    for path in old:
        if hashlib.sha256(path.read_bytes()).hexdigest() not in known:
            sentence = say("report.other_pictures", path=target, name=quoted(path.name))
            raise InvalidRequestError(sentence, hint=say("report.not_empty_hint"))
    return old


def _pictures(report: Report) -> Iterator[tuple[Cell, dict[str, ImageData], dict[str, ImageData]]]:
    """Of each cell its result and what it starts from, by the names of their files."""
    axes, width = told_axes(report.held), len(str(len(report.held)))
    inputs: dict[int, dict[str, ImageData]] = {}
    for cell, outcome in zip(report.held.cells, report.held, strict=True):
        if id(cell.source) not in inputs:
            inputs[id(cell.source)] = _inputs(cell, len(inputs) + 1)
        made = {}
        if isinstance(outcome, EditResult):
            made = {f"{cell.index:0{width}}-{_slug(cell, axes)}{_suffix(outcome.image)}": outcome.image}
        yield cell, made, inputs[id(cell.source)]


def _inputs(cell: Cell, number: int) -> dict[str, ImageData]:
    named, several = {}, len(cell.source.images) > 1
    for at, image in enumerate(cell.source.images, 1):
        which = f"{number}.{at}" if several else f"{number}"
        called = image.name if several else cell.source.label
        named[f"input-{which}-{_safe(Path(called).stem)}{_suffix(image)}"] = image
    return named


def _suffix(image: ImageData) -> str:
    return Picture.of(unread(image)).suffix


def _slug(cell: Cell, axes: list[str]) -> str:
    return _safe("-".join(str(cell.shown(axis) or "") for axis in axes)) or "edit"


def _safe(words: str) -> str:
    """A part of a file's name on every system: letters of any script, digits and hyphens."""
    return re.sub(r"[^\w.]+|_+", "-", words).strip("-.").lower()[:_LONGEST].strip("-.")
