"""What judges answered, looked up; and how an answer was read, written down."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Any

from ..errors import NanoBananaError
from .judgements import json_of, rows_of
from .record import Record, number_to_id
from .schema import MANY

if TYPE_CHECKING:
    from .shelf import Shelf


@dataclass(frozen=True, slots=True)
class Kept:
    """A question as the history keeps it.

    Attributes:
        record: how it was asked and answered; the raw answer is its ``text``.
        facts: what it was about.
        scored: how its answer was read when that was last done, or None.
    """

    record: Record
    facts: Mapping[str, Any]
    scored: Mapping[str, Any] | None = field(default=None, compare=False)


def find(shelf: Shelf, cores: Iterable[str]) -> list[Kept]:
    """Every question of these cores, oldest first; of one under way the record says so."""
    wanted = list(dict.fromkeys(cores))
    found: dict[str, Kept] = {}
    shelf.reap()
    for each in shelf.both():
        for at in range(0, len(wanted), MANY):
            part = wanted[at : at + MANY]
            rows = each.run(partial(rows_of, column="core", values=part))
            records = {one.id: one for one in each.records([row["record"] for row in rows])}
            for row in rows:
                id = number_to_id(row["record"])
                if id in records and id not in found:
                    found[id] = Kept(records[id], json.loads(row["facts"]), json_of(row["scored"]))
    return [found[id] for id in sorted(found)]


def note_score(shelf: Shelf, id: str, scored: Mapping[str, Any]) -> None:
    """Keep how an answer was read; a failure is told in the notices, for the answer itself is there."""
    change = "UPDATE judgements SET scored = ? WHERE record = ?"
    values = (json.dumps(dict(scored), ensure_ascii=False), shelf.number(id))
    try:
        shelf.run(lambda c: c.execute(change, values), write=True)
    except NanoBananaError as reason:
        shelf.notify(reason.message)
