"""A chain as one file: the history's own zip, with the picture it starts from and what its steps are."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, cast, get_args

from .._history.archive import opened
from .._images.data import ImageData
from .._lineage import Step, step_of
from .._messages import Context
from .._session.identity import shows

if TYPE_CHECKING:
    from .._history.book import History
    from .._history.record import Record

_ORDER: Final = "chain.json"
_START: Final = "start"


@dataclass(frozen=True, slots=True)
class Read:
    """What a chain's file holds: its start, and a record for each of its steps."""

    start: ImageData
    records: tuple[Record, ...]
    steps: tuple[Step, ...]

    @property
    def origin(self) -> str | None:
        """The record the chain began with, as its first step tells."""
        return self.records[0].parent if self.records else None


def write(path: Path, history: History, read: Read) -> Path:
    """Put a chain, its records and all their pictures in one zip.

    Raises:
        InvalidRequestError: the file can't be written.
    """
    order = [
        {
            "record": record.id,
            "images": [image.sha256 for image in step.images],
            "context": step.context,
            "sent": step.sent,
            "model": step.request.model,
        }
        for step, record in zip(read.steps, read.records, strict=True)
    ]
    notes = {_ORDER: json.dumps(order).encode(), _START: read.start.data}
    return history.export_zip(path, read.records, notes=notes)


def read(path: Path, history: History) -> Read:
    """Take a file's records into ``history``, and read the chain they are.

    Raises:
        InvalidRequestError: the file holds no chain, or shows a record as another step than it is.
    """
    history.import_zip(path)
    with opened(path, "chain.not_a_chain") as archive:
        start = before = ImageData.from_bytes(archive.read(_START))
        order = archive.document(_ORDER)
        records = tuple(history.record(entry["record"]) for entry in order)
        steps = []
        for entry, record in zip(order, records, strict=True):
            steps.append(_step(entry, record, before))
            before = record.images[-1]
    return Read(start, records, tuple(steps))


def _step(entry: dict[str, Any], record: Record, before: ImageData) -> Step:
    """A record as the step a file shows it as; what a conversation said is in the record alone."""
    found = step_of(record, before.sha256)
    step = replace(
        found, context=_way(entry["context"]), request=replace(found.request, model=entry["model"])
    )
    images = step.images if step.sent == "conversation" else step.inputs(before)
    same = (entry["sent"], entry["images"]) == (record.context, [image.sha256 for image in step.images])
    if not same or not shows(replace(record, context="refeed"), step.request.holding(images)):
        raise ValueError(f"record {record.id}")
    return step


def _way(word: str) -> Context:
    if word not in get_args(Context):
        raise ValueError(word)
    return cast(Context, word)
