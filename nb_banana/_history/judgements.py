"""What judges were asked and answered, beside the records of these requests.

Rules of this file:

* A question to a judge is a record like any other: begun before it is sent, ended however it ends, counted by
  the ledger and by budgets. It names no picture and stands in no list of edits.
* What it was about stands here and is written with its beginning: it never changes. How its answer was read
  (``scored``) may be written again: the answer itself, in the record, stays.
* ``core`` names the question whoever answers it. It is computed from the facts, here and nowhere else; one
  that came in somebody's file is never read.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from .._strings import say
from .record import id_to_number
from .schema import MANY, marks

KEY: Final = "judge."
"""How the keys of such records begin."""
EDITS: Final = f"substr(records.key, 1, {len(KEY)}) != '{KEY}'"
_AGAIN: Final = ("prompt_sha256", "model", "pictures", "longest_edge", "temperature", "seed")
"""The facts that make two questions the same."""


@dataclass(frozen=True, slots=True)
class Judged:
    """What a question is about.

    Attributes:
        facts: as JSON holds them: the protocol, the hash of the words, the pictures, what was sent of
            them, …; ``of`` are the records of the results it judges, one or two, ``""`` for one that is in
            no history.
    """

    facts: Mapping[str, Any]

    @property
    def core(self) -> str:
        """What names the question whoever answers it."""
        return core_of(self.facts)

    def row(self, number: int) -> tuple[Any, ...]:
        """Its columns, beside those of record ``number``."""
        one, other, *_ = (*map(id_to_number, self.facts["of"]), None, None)
        return number, self.core, one, other, json.dumps(dict(self.facts), ensure_ascii=False), None


def core_of(facts: Mapping[str, Any]) -> str:
    """The hash of what makes two questions the same."""
    same = json.dumps([facts.get(name) for name in _AGAIN], ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(same.encode("utf-8", "surrogatepass")).hexdigest()[:40]


def place_of(facts: Mapping[str, Any], row: Mapping[str, Any]) -> str:
    """Who was asked: provider and wire, the model as sent, the address and fields only its owner knows."""
    return json.dumps([row["provider"], row["wire"], row["model_sent"], facts.get("at")], sort_keys=True)


def key_of(core: str, place: str) -> str:
    """The key of a question's record."""
    return f"{KEY}{core}.{hashlib.sha256(place.encode()).hexdigest()[:12]}"


def write(connection: sqlite3.Connection, judged: Judged, number: int) -> None:
    """Write what a question is about, once."""
    connection.execute("INSERT OR IGNORE INTO judgements VALUES (?, ?, ?, ?, ?, ?)", judged.row(number))


def lines(connection: sqlite3.Connection, numbers: Sequence[int]) -> list[dict[str, Any]]:
    """The ended questions about these records, for another history to adopt."""
    found: dict[int, dict[str, Any]] = {}
    for at in range(0, len(numbers), MANY):
        part = numbers[at : at + MANY]
        for row in (*rows_of(connection, "one", part), *rows_of(connection, "other", part)):
            record = connection.execute(
                "SELECT * FROM records WHERE id = ? AND status != 'running'", (row["record"],)
            ).fetchone()
            if record is not None:
                facts, scored = json.loads(row["facts"]), json_of(row["scored"])
                found[row["record"]] = {"row": dict(record), "facts": facts, "scored": scored}
    return [found[number] for number in sorted(found)]


def check(line: Mapping[str, Any]) -> None:
    """Check that the facts of a foreign line are of its own words, and name what they are about.

    Raises:
        ValueError, TypeError, KeyError: they are not as a release writes them.
    """
    facts = line["facts"]
    of = facts["of"]
    words = hashlib.sha256(line["row"]["prompt"].encode()).hexdigest()
    fine = facts["prompt_sha256"] == words and isinstance(of, list) and len(of) in (1, 2)
    fine = fine and all(len(one) == 2 for one in facts.get("sent", []))
    if not (fine and all(one == "" or id_to_number(one) for one in of)):
        raise ValueError(say("history.foreign_row", number=line["row"]["id"]))


def rows_of(connection: sqlite3.Connection, column: str, values: Sequence[Any]) -> list[sqlite3.Row]:
    """The rows whose column has one of these values; a file that is only read may know no such table."""
    if not connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'judgements'").fetchone():
        return []
    query = f"SELECT * FROM judgements WHERE {column} IN ({marks(values)})"
    return connection.execute(query, tuple(values)).fetchall()


def json_of(text: str | None) -> Mapping[str, Any] | None:
    if text is None:
        return None
    found: Mapping[str, Any] = json.loads(text)
    return found
