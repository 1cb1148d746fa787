"""A comparison in one file: the history's own zip of its records, and beside them the plan and the table.

Loading takes the records into a history, so that results show, replay and go on as if made there.
"""

from __future__ import annotations

import json
import warnings
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from types import NoneType
from typing import TYPE_CHECKING, Any, Final, cast

from .. import _text
from .._asking import settings_read
from .._history.archive import Archive, opened
from .._history.record import Picture
from .._images.data import ImageData
from .._messages import SETTINGS, Settings
from .._result import EditResult
from .._session.identity import shows
from .._strings import say
from ..errors import BY_CATEGORY, InvalidRequestError, NanoBananaError
from .about import REPRODUCE, about
from .cells import AXES, OWN, Cell, Input, Place, cell_at, unread
from .given import Choice
from .held import Held, Outcome
from .places import SANDBOX, facts_of, gave, place_from
from .scored import Scored, as_kept, as_read
from .table import columns_csv, records_of

if TYPE_CHECKING:
    from .._history.book import History
    from .._history.record import Record
    from .._session.door import Session

_FORMAT: Final = 3
"""The newest that is read. A plan that an older reader would take for another one is written as a later
format: 2 names endpoints, or has settings that hold for every cell; 3 has chains, phrases, seeds, columns of
one's own or settings by cell."""
_PLAN: Final = "comparison.json"
_COORDINATES: Final[Mapping[str, Any]] = {
    "prompt": str, "take": int,
    **dict.fromkeys(("phrase", "model", "aspect_ratio", "image_size", "wire"), (str, NoneType)),
    "seed": (int, NoneType), "steps": (list, NoneType),
}  # fmt: skip
"""Of what kind a cell's facts are."""
_ERROR_FACTS: Final = (
    "hint", "retryable", "retry_after", "may_be_billed", "attempts", "status", "request_id", "finish_reason",
    "text", "body",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Read:
    """What a zip holds.

    Attributes:
        cells, outcomes: the plan, and what came of its cells by their places.
        scored: the figures.
        spoken: the provider and the wire of the errors, by place, where the file says so; of the results
            their records say it.
        unasked: the places of the cells that could not be asked where the file was made.
    """

    cells: list[Cell]
    outcomes: Mapping[int, Outcome]
    scored: Scored
    spoken: Mapping[int, tuple[str | None, str | None]]
    unasked: frozenset[int]

    def told(self, held: Held) -> Held:
        """What is held of it here, with what the file says of how that came about."""
        spoken = {at: one for at, one in self.spoken.items() if at in held.outcomes}
        free = held.sandbox and all(provider == SANDBOX for provider, _ in spoken.values())
        unasked = self.unasked.intersection(held.outcomes)
        return replace(held, spoken={**held.spoken, **spoken}, unasked=unasked, sandbox=free)


def export(
    held: Held, history: History, path: Path, more: Mapping[str, str], scored: Scored
) -> None:
    """Write the zip: plan, records, figures; ``more`` are files of words beside them, by name."""
    records = records_of(history, held)
    made = dict.fromkeys(one.record_id for one in held.results if one.record_id)
    kept = [records[id] for id in made if id in records]
    if len(kept) < len(made):
        warnings.warn(say("compare.left_out_deleted", count=len(made) - len(kept)), stacklevel=2)

    history.export_zip(path, kept)
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as archive:
        document = _document(held, records) | {"scored": scored.to_dict()}
        archive.writestr(_PLAN, json.dumps(document, ensure_ascii=False))
        # The mark in front lets Excel read Chinese.
        archive.writestr("columns.csv", "\ufeff" + columns_csv())
        archive.writestr("comparison_about.json", json.dumps(about(held, records), indent=2))
        archive.writestr("reproduce.py", REPRODUCE)
        for name, words in more.items():
            archive.writestr(name, words)
        present = set(archive.namelist())
        for image in _pictures(held):
            name = _file_name(Picture.of(image))
            if name not in present:
                present.add(name)
                archive.writestr(zipfile.ZipInfo(name), image.data)


def _pictures(held: Held) -> Iterator[ImageData]:
    settings = (value for made in _settings_of(held) for value in made.values())
    yield from (value for value in settings if isinstance(value, ImageData))
    yield from (unread(image) for source in _inputs(held) for image in source.images)


def _inputs(held: Held) -> list[Input]:
    return list({id(cell.source): cell.source for cell in held.cells}.values())


def _file_name(picture: Picture) -> str:
    return f"images/{picture.sha256}{picture.suffix}"


def _document(held: Held, records: Mapping[str, Record]) -> dict[str, Any]:
    sources = _inputs(held)
    numbers = {id(source): number for number, source in enumerate(sources)}
    places = {cell.place.label: cell.place for cell in held.cells if cell.place.label is not None}
    settings = _settings_of(held)
    common = settings[0] if len(settings) == 1 else {}
    later = len(settings) > 1 or any(_is_later(cell) for cell in held.cells)
    return {
        "nb_banana_comparison": 3 if later else 2 if places or common else 1,
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
                **{axis: cell[axis] for axis in AXES if axis not in ("image", "turn")},
                "names": dict(cell.names),
                **_later_facts(cell, apart=len(settings) > 1),
                **_outcome_facts(held, cell, records),
            }
            for cell in held.cells
        ],
    }


def _settings_of(held: Held) -> list[dict[str, Any]]:
    """The settings that are no axis, each combination once."""
    found: list[dict[str, Any]] = []
    for cell in held.cells:
        made = _apart(cell)
        if made not in found:
            found.append(made)
    return found


def _apart(cell: Cell) -> dict[str, Any]:
    return {name: one for name, one in cell.settings.items() if name not in AXES and one is not None}


def _is_later(cell: Cell) -> bool:
    """Whether it has what readers of formats 1 and 2 would lose."""
    return bool(cell.after is not None or cell.phrase or cell.seed is not None or cell.columns)


def _later_facts(cell: Cell, *, apart: bool) -> dict[str, Any]:
    facts: dict[str, Any] = {
        "steps": list(cell.steps), "after": cell.after,
        "columns": {name: as_kept(one) for name, one in cell.columns.items()},
    }
    kept = {name: one for name, one in facts.items() if one and one != [cell.prompt]}
    kept |= {"after": cell.after} if cell.after is not None else {}
    if apart:
        kept["settings"] = {name: _setting_facts(one) for name, one in _apart(cell).items()}
    return kept


def _setting_facts(value: Any) -> Any:
    """A setting as a file keeps it: a mask picture by the name of its file."""
    return {"file": _file_name(Picture.of(value))} if isinstance(value, ImageData) else value


def _outcome_facts(held: Held, cell: Cell, records: Mapping[str, Record]) -> dict[str, Any]:
    outcome = held[cell.index]
    if isinstance(outcome, EditResult):
        return {"record": outcome.record_id} if outcome.record_id in records else {}
    if outcome is None:
        return {}
    impossible = {"impossible": True} if held.status(cell) == "impossible" else {}
    return {"error": _error_facts(outcome), "spoken": held.spoken.get(cell.index), **impossible}


def _error_facts(error: NanoBananaError | None) -> dict[str, Any] | None:
    if error is None:
        return None
    facts = {name: getattr(error, name) for name in _ERROR_FACTS}
    said = {"message": _text.unplaced(error.message), "hint": _text.unplaced(error.hint)}
    return {"category": error.category, **facts, **said}


def load(path: Path, session: Session, given: Sequence[Choice]) -> Read:
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
        kept = list(enumerate(document["cells"]))
        cells = [
            _cell(
                index, facts | {"endpoint": places[facts.get("endpoint")]}, sources,
                _settings(archive, session, facts) if "settings" in facts else common,
            )
            for index, facts in kept
        ]
        outcomes = {
            index: outcome
            for index, facts in kept
            if (outcome := _outcome(session, cells[index], facts)) is not None
        }
        scored = Scored.from_dict(document["scored"], len(cells)) if "scored" in document else Scored()
        spoken = {at: _spoken(facts["spoken"]) for at, facts in kept if facts.get("spoken")}
        unasked = frozenset(at for at, facts in kept if facts.get("impossible"))
    return Read(cells, outcomes, scored, spoken, unasked)


def _spoken(facts: Any) -> tuple[str | None, str | None]:
    provider, wire = facts
    if not isinstance(provider, (str, NoneType)) or not isinstance(wire, (str, NoneType)):
        raise ValueError("spoken")  # noqa: TRY004 - said as "damaged"
    return provider, wire


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
    if not isinstance(facts["label"], str):
        raise ValueError("label")  # noqa: TRY004 - said as "damaged"
    return Input(facts["label"], images, facts["parent"], _error(facts["error"]))


def _image(archive: Archive, session: Session, name: str, called: str) -> ImageData:
    read = ImageData.from_bytes(archive.read(name), name=called)
    if name != _file_name(Picture.of(read)):
        raise ValueError(name)
    session.history.put(read)
    return session.history.image(read.sha256)


def _cell(index: int, facts: dict[str, Any], inputs: list[Input], common: Settings) -> Cell:
    names = {axis: str(name) for axis, name in facts.get("names", {}).items() if axis in AXES}
    columns = {str(name): as_read(one) for name, one in facts.get("columns", {}).items()}
    for name, kind in _COORDINATES.items():
        if not isinstance(facts.get(name), kind) or isinstance(facts.get(name), bool):
            raise ValueError(name)  # noqa: TRY004 - said as "damaged"
    if not (facts["take"] > 0 and all(isinstance(one, str) for one in facts.get("steps") or ())):
        raise ValueError("take")
    after = facts.get("after")
    if after is not None and not (isinstance(after, int) and 0 <= after < index):
        raise ValueError(after)
    return cell_at(index, inputs[facts["source"]], facts, names, common, columns)


def _outcome(session: Session, cell: Cell, facts: dict[str, Any]) -> EditResult | NanoBananaError | None:
    """What came of a cell; a record of another edit is none, so the cell is still to be run."""
    if facts.get("record"):
        record = session.history.record(facts["record"])
        same = cell.wire in (None, record.wire) and cell.take == record.take and gave(cell.place, record)
        of = record.input_images[0] if cell.after is not None and record.inputs else None
        return session.result_of(record) if same and shows(record, cell.request(of)) else None
    return _error(facts.get("error"))


def _error(facts: dict[str, Any] | None) -> NanoBananaError | None:
    if not facts:
        return None
    more = {name: facts[name] for name in _ERROR_FACTS}
    return BY_CATEGORY[facts["category"]](facts["message"], **more)
