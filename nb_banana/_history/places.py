"""Which records a widget's cell left, so that the cell, run again, finds them.

* A place is a notebook and a text that names the cell in it. A record may stand at many places.
* A record's tags are the user's alone. Version 0.1.0 kept places among them (see ``record.is_mark``):
  such marks are read here, shown to nobody, and stay, for the 0.1.0 that may share the folder.
* Places belong to the folder: no export holds them.
"""

from __future__ import annotations

import json
import sqlite3
import time
from typing import Final

from ..errors import NanoBananaError
from .record import Record, is_mark, next_number
from .shelf import Shelf

# A picture that comes to its place again comes last; one that was shown there is not late any more.
_CAME: Final = "INSERT OR REPLACE INTO places VALUES (?, ?, ?, ?, 0)"
_CAME_LATE: Final = "INSERT OR IGNORE INTO places VALUES (?, ?, ?, ?, 1)"
_LEFT: Final = "INSERT OR REPLACE INTO places VALUES (?, ?, ?, ?, 2)"
"""2 is neither late nor in time: somebody began anew at this place."""


class Places:
    """The places of one history."""

    def __init__(self, shelf: Shelf) -> None:
        self._shelf = shelf

    def put(self, place: str, record_id: str, *, notebook: str = "", late: bool = False) -> None:
        """Note that a record came to this place just now; ``late``: when nobody waited for it any more.

        Its picture may have been paid for, so trouble is told in ``History.notice``, never raised.
        """
        def work(connection: sqlite3.Connection) -> None:
            query = "SELECT max(came) FROM places WHERE notebook = ? AND place = ?"
            (last,) = connection.execute(query, (notebook, place)).fetchone()
            # On the scale of ids: a mark of 0.1.0 has its record's id and no other moment.
            came = next_number(time.time(), 0, last or 0)
            connection.execute(_CAME_LATE if late else _CAME, (notebook, place, number, came))

        try:
            number = self._shelf.number(record_id)
            self._shelf.run(work, write=True)
        except NanoBananaError as reason:
            self._shelf.notify(reason.message)

    def leave(self, place: str, *, notebook: str = "") -> None:
        """Forget what stands at a place, marks of 0.1.0 among it; the records themselves stay."""
        late = self.records(place, notebook=notebook, late=True)
        numbers = [self._shelf.number(one.id) for one in (*self.records(place, notebook=notebook), *late)]

        def work(connection: sqlite3.Connection) -> None:
            connection.executemany(_LEFT, [(notebook, place, number, number) for number in numbers])

        try:
            self._shelf.run(work, write=True)
        except NanoBananaError as reason:
            self._shelf.notify(reason.message)

    def records(
        self, place: str, *, notebook: str = "", late: bool = False, limit: int = 200
    ) -> list[Record]:
        """The newest ``limit`` finished records of this place, in the order they came.

        ``late`` asks for those that came late, which are not among the others.
        """
        came: dict[int, int] = {}
        aside: set[int] = set()
        for shelf in reversed(self._shelf.both()):  # what this folder says comes last and counts
            if not late:
                came |= _marked(shelf, notebook, place, limit)
            for row in shelf.run(lambda c: _rows(c, notebook, place)):
                came[row["record"]] = row["came"]
                (aside.discard if row["late"] == late else aside.add)(row["record"])
        numbers = sorted(came.keys() - aside, key=lambda number: (came[number], number))[-limit:]
        found = {
            record.id: record
            for shelf in reversed(self._shelf.both())
            for record in shelf.records(numbers)
            if record.status == "done"
        }
        order = {number: at for at, number in enumerate(numbers)}
        return sorted(found.values(), key=lambda record: order[self._shelf.number(record.id)])


def _rows(connection: sqlite3.Connection, notebook: str, place: str) -> list[sqlite3.Row]:
    """A folder that can only be read may be of a version that knew no places."""
    if not connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'places'").fetchone():
        return []
    query = "SELECT record, came, late FROM places WHERE notebook = ? AND place = ?"
    return connection.execute(query, (notebook, place)).fetchall()


def _marked(shelf: Shelf, notebook: str, place: str, limit: int) -> dict[int, int]:
    """The records 0.1.0 marked with this place, whenever it did."""
    lookup = shelf.lookup(place)
    conditions = " AND ".join((*lookup.conditions, "records.status = 'done'", "records.notebook = ?"))
    query = (
        f"SELECT {lookup.number} AS id, records.tags FROM {lookup.source} WHERE {conditions}"
        f" ORDER BY {lookup.number} DESC LIMIT ?"
    )
    rows = shelf.rows(query, *lookup.values, notebook, limit)
    return {row["id"]: row["id"] for row in rows if place in json.loads(row["tags"])}


def retag(connection: sqlite3.Connection, number: int, tags: list[str]) -> int:
    """Set the user's tags of a record; the marks of 0.1.0 stay. Returns how many records there were."""
    row = connection.execute("SELECT tags FROM records WHERE id = ?", (number,)).fetchone()
    if row is None:
        return 0
    marks = [tag for tag in json.loads(row["tags"]) if is_mark(tag) and tag not in tags]
    value = json.dumps([*tags, *marks], ensure_ascii=False)
    return connection.execute("UPDATE records SET tags = ? WHERE id = ?", (value, number)).rowcount
