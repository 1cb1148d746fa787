"""Attempts on their way into the file: begun before anything is sent, ended however they end.

Rules of this file:

* An attempt that begins is written down at once; a process that dies leaves it to be reaped.
* Storage trouble at the end is told in the record and kept for the next write, never raised: the picture
  is paid for.
"""

from __future__ import annotations

import secrets
import sqlite3
import threading
import time
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime

from .._catalog.cost import Cost
from .._images.data import ImageData
from .._messages import Turn, clean
from .._strings import say
from ..errors import NanoBananaError
from . import rows
from .record import Beginning, Ending, Record, from_row, instant, next_number, number_to_id, to_row
from .rows import Entry
from .shelf import Shelf, why


class Log:
    """What one process writes on a shelf."""

    def __init__(self, shelf: Shelf) -> None:
        self._shelf = shelf
        self._running: dict[int, Entry] = {}
        self._unsaved: dict[int, Entry] = {}
        self._counting, self._last = threading.Lock(), 0

    def begin(
        self,
        facts: Beginning,
        inputs: Sequence[ImageData],
        request: str,
        *,
        sandbox: bool,
        expected: Cost | None,
    ) -> str:
        """Note that an attempt begins; gives its id."""
        self._shelf.database()
        # What to assume should this process die before the end.
        supposed = Ending(
            status="running", billing="free" if sandbox else "maybe_paid", sandbox=sandbox,
            cost=None if sandbox else expected,
        )  # fmt: skip
        started = {"owner": "", "started": instant(datetime.now(UTC)), "lost": 0}
        row = rows.bindable(to_row(facts) | to_row(supposed) | started)
        entry = Entry(row, clean(request), images={"input": list(inputs)})
        self._keep(entry)
        self._running[entry.number] = entry
        return number_to_id(entry.number)

    def end(
        self, id: str, ending: Ending, outputs: Sequence[ImageData] = (), turn: Turn | None = None
    ) -> Record:
        """Note how an attempt ended."""
        number = self._shelf.number(id)
        entry = self._running.pop(number, None) or self._begun_elsewhere(number)
        entry.images["output"] = list(outputs)
        if turn is not None:
            entry.take_turn(turn, outputs)
        entry.row |= rows.bindable(to_row(replace(ending, elapsed=max(0.0, ending.elapsed or 0.0))))
        problems = self._keep(entry)
        return from_row(entry.row, entry.pictures("input"), entry.pictures("output"), self._shelf, problems)

    def adopt(self, entry: Entry) -> None:
        """Take in a record of another history; trouble is raised, since nothing was paid for here."""
        database = self._shelf.database()
        for images in entry.images.values():
            for image in images:
                self._shelf.store.put(image)
        self._shelf.run(lambda c: rows.write(c, entry, indexed=database.indexed), write=True)

    def _keep(self, entry: Entry) -> tuple[str, ...]:
        """Store an entry's pictures, then its row and any row that could not be stored before."""
        new = "id" not in entry.row
        if not new:
            self._unsaved[entry.number] = entry  # from here on an interrupt loses nothing
        problems = self._keep_pictures(entry)
        database = self._shelf.database()
        waiting = [each for each in list(self._unsaved.values()) if each is not entry]

        def work(connection: sqlite3.Connection) -> None:
            if new:
                entry.row["id"] = self._next_number(connection)
            for each in (*waiting, entry):
                rows.write(connection, each, indexed=database.indexed)

        try:
            running = entry.row["status"] == "running"
            entry.row["owner"] = self._shelf.presence.announce() if running else ""
            database.run(work, write=True)
        except (OSError, sqlite3.Error, NanoBananaError) as reason:
            if new:
                entry.row["id"] = self._next_number(None)
            self._unsaved[entry.number] = entry
            return (*problems, say("history.not_recorded", path=database.path, reason=why(reason)))
        for each in (*waiting, entry):
            self._unsaved.pop(each.number, None)
        # Garbage collection may have seen the files before it could see the row.
        return problems or self._keep_pictures(entry)

    def _keep_pictures(self, entry: Entry) -> tuple[str, ...]:
        """Write each picture; what can't be written is dropped from the entry and counted."""
        problems: dict[str, None] = {}
        store = self._shelf.store
        for role, images in entry.images.items():
            for image in tuple(images):
                try:
                    store.put(image)
                except OSError as reason:
                    images.remove(image)
                    entry.row["lost"] += role == "output"
                    problems[say("history.not_stored", folder=store.folder, reason=why(reason))] = None
        return tuple(problems)

    def _next_number(self, connection: sqlite3.Connection | None) -> int:
        newest = connection.execute("SELECT max(id) FROM records").fetchone()[0] if connection else 0
        with self._counting:
            self._last = next_number(time.time(), secrets.randbits(20), max(newest or 0, self._last))
            return self._last

    def _begun_elsewhere(self, number: int) -> Entry:
        """An attempt another process, or this one before a restart, began."""
        for row in self._shelf.rows("SELECT * FROM records WHERE id = ?", number):
            record = self._shelf.records([number])[0]
            return Entry(dict(row), record.request, images={"input": list(record.input_images)})
        raise self._shelf.no_record(number_to_id(number))
