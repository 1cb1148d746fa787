"""A comparison in one file: the history's own zip of its records, and beside them the plan and the table.

Loading takes the records into a history, so that results show, replay and go on as if made there.
"""

from __future__ import annotations

import json
import os
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, cast

from .._asking import settings_read
from .._history.archive import Archive, opened
from .._history.exchange import whole
from .._history.record import Picture
from .._images.data import ImageData
from .._messages import SETTINGS, Settings
from .._result import EditResult
from .._session.identity import shows
from .._strings import say
from ..errors import BY_CATEGORY, InvalidRequestError, NanoBananaError
from .cells import AXES, OWN, Cell, Input, Place, cell_at, unread
from .given import Choice
from .held import Held, Outcome
from .places import facts_of, gave, place_from
from .table import to_csv

if TYPE_CHECKING:
    from .._history.book import History
    from .._session.door import Session

_FORMAT: Final = 2
"""The newest that is read. A plan that an older reader would take for another one is written as 2: one that
names endpoints, or has settings that hold for every cell."""
_PLAN: Final = "comparison.json"
_ERROR_FACTS: Final = (
    "hint", "retryable", "retry_after", "may_be_billed", "attempts", "status", "request_id", "finish_reason",
    "text", "body",
)  # fmt: skip


def export(held: Held, history: History, path: Path) -> Path:
    """Write the zip, with the records of its results; it appears whole or not at all."""
    path = _zip_path(path)
    ids = dict.fromkeys(one.record_id for one in held.results if one.record_id)

    def write(target: Path) -> None:
        history.export_zip(target, [history.record(id) for id in ids])
        with zipfile.ZipFile(target, "a", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr(_PLAN, json.dumps(_document(held), ensure_ascii=False))
            # The mark in front lets Excel read Chinese.
            archive.writestr("table.csv", "\ufeff" + to_csv(held))
            present = set(archive.namelist())
            for image in _pictures(held):
                name = _file_name(Picture.of(image))
                if name not in present:
                    present.add(name)
                    archive.writestr(zipfile.ZipInfo(name), image.data)

    return whole(path, write)


def _zip_path(path: Path) -> Path:
    """The path, ending in ``.zip``: under another ending a program would open what it can't read."""
    if path.suffix.lower() == ".zip" or os.path.isdir(path):  # noqa: PTH112 - is_dir raises for too long a name
        return path
    if path.suffix:
        raise InvalidRequestError(
            say("compare.not_a_zip", path=path, suggestion=path.with_suffix(".zip").name)
        )
    return path.with_suffix(".zip")


def _pictures(held: Held) -> Iterator[ImageData]:
    yield from (value for value in _common(held).values() if isinstance(value, ImageData))
    yield from (unread(image) for source in _inputs(held) for image in source.images)


def _inputs(held: Held) -> list[Input]:
    return list({id(cell.source): cell.source for cell in held.cells}.values())


def _file_name(picture: Picture) -> str:
    return f"images/{picture.sha256}{picture.suffix}"


def _document(held: Held) -> dict[str, Any]:
    sources = _inputs(held)
    numbers = {id(source): number for number, source in enumerate(sources)}
    places = {cell.place.label: cell.place for cell in held.cells if cell.place.label is not None}
    common = _common(held)
    return {
        "nb_banana_comparison": _FORMAT if places or common else 1,
        "endpoints": {label: facts_of(place) for label, place in places.items()},
        "settings": {name: _setting_facts(value) for name, value in common.items()},
        "sources": [
            {
                "label": source.label,
                "parent": source.parent,
                "images": [[_file_name(Picture.of(unread(one))), one.name] for one in source.images],
                "error": _error_facts(source.error),
            }
            for source in sources
        ],
        "cells": [
            {
                "source": numbers[id(cell.source)],
                **{axis: cell[axis] for axis in AXES if axis != "image"},
                "names": dict(cell.names),
                **_outcome_facts(held, cell),
            }
            for cell in held.cells
        ],
    }


def _common(held: Held) -> dict[str, Any]:
    """The settings that hold for every cell."""
    made = held.cells[0].settings if held.cells else {}
    return {name: value for name, value in made.items() if name not in AXES and value is not None}


def _setting_facts(value: Any) -> Any:
    """A setting as a file keeps it: a mask picture by the name of its file."""
    return {"file": _file_name(Picture.of(value))} if isinstance(value, ImageData) else value


def _outcome_facts(held: Held, cell: Cell) -> dict[str, Any]:
    outcome = held[cell.index]
    if isinstance(outcome, EditResult):
        return {"record": outcome.record_id}
    return {} if cell.index in held.impossible else {"error": _error_facts(outcome)}


def _error_facts(error: NanoBananaError | None) -> dict[str, Any] | None:
    if error is None:
        return None
    facts = {name: getattr(error, name) for name in _ERROR_FACTS}
    return {"category": error.category, "message": error.message, **facts}


def load(
    path: Path, session: Session, given: Sequence[Choice]
) -> tuple[list[Cell], Mapping[int, Outcome]]:
    """Read a zip; its records and pictures join the session's history. ``given`` are places given again.

    Raises:
        InvalidRequestError: the file is no such zip.
    """
    with opened(path, "compare.bad_zip") as archive:
        document = archive.document(_PLAN)
        if document["nb_banana_comparison"] > _FORMAT:
            raise InvalidRequestError(say("compare.newer_zip", path=path))
        session.history.import_zip(path)
        sources = [_source(archive, session, facts) for facts in document["sources"]]
        places = _places(document, given)
        common = _settings(archive, session, document)
        cells = [
            _cell(index, facts | {"endpoint": places[facts.get("endpoint")]}, sources, common)
            for index, facts in enumerate(document["cells"])
        ]
        outcomes = {
            index: outcome
            for index, facts in enumerate(document["cells"])
            if (outcome := _outcome(session, cells[index], facts)) is not None
        }
    return cells, outcomes


def _places(document: dict[str, Any], given: Sequence[Choice]) -> dict[str | None, Place]:
    """The places by what they are called: one that is given again is that one."""
    again = {name or place.label: place for name, place in given if place.label is not None}
    kept = document.get("endpoints", {}).items()
    found = {label: replace(again[label], label=label) for label, _ in kept if label in again}
    return {None: OWN} | {label: place_from(label, facts) for label, facts in kept} | found


def _settings(archive: Archive, session: Session, document: dict[str, Any]) -> Settings:
    """The settings that hold for every cell, checked as anybody's."""
    made = {name: value for name, value in document.get("settings", {}).items() if name in SETTINGS}
    mask = made.get("mask")
    if isinstance(mask, dict):
        made["mask"] = _image(archive, session, mask["file"], "mask")
    return settings_read(cast(Settings, made))


def _source(archive: Archive, session: Session, facts: dict[str, Any]) -> Input:
    images = tuple(_image(archive, session, name, called) for name, called in facts["images"])
    return Input(facts["label"], images, facts["parent"], _error(facts["error"]))


def _image(archive: Archive, session: Session, name: str, called: str) -> ImageData:
    read = ImageData.from_bytes(archive.read(name), name=called)
    if name != _file_name(Picture.of(read)):
        raise ValueError(name)
    session.history.put(read)
    return session.history.image(read.sha256)


def _cell(index: int, facts: dict[str, Any], inputs: list[Input], common: Settings) -> Cell:
    names = {axis: str(name) for axis, name in facts.get("names", {}).items() if axis in AXES}
    return cell_at(index, inputs[facts["source"]], facts, names, common)


def _outcome(session: Session, cell: Cell, facts: dict[str, Any]) -> EditResult | NanoBananaError | None:
    """What came of a cell; a record of another edit is none, so the cell is still to be run."""
    if facts.get("record"):
        record = session.history.record(facts["record"])
        same = cell.wire in (None, record.wire) and cell.take == record.take and gave(cell.place, record)
        return session.result_of(record) if same and shows(record, cell.request()) else None
    return _error(facts.get("error"))


def _error(facts: dict[str, Any] | None) -> NanoBananaError | None:
    if not facts:
        return None
    more = {name: facts[name] for name in _ERROR_FACTS}
    return BY_CATEGORY[facts["category"]](facts["message"], **more)
