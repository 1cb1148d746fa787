"""A look at a history's file from outside: a page of its records, one of its pictures. Nothing is written.

Rules of this file:

* No journal is made and no lock is left, whatever was there before: a file at rest is read as it is, one that
  somebody writes is read through the journals that they made.
* A look ends: there is a limit to its time, and to how long a value may be.
* Each look opens the file anew, for between two of them anybody may have replaced it.
"""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal, TypeVar

from .._files import check_own
from .._messages import clean
from . import rows, schema, search
from .record import Picture, Record
from .shelf import FILE, Shelf

T = TypeVar("T")
Reason = Literal["newer", "foreign", "unfinished", "busy", "damaged"]

_LONGEST: Final = 4 * 2**20
"""Bytes of one value; a prompt has thousands."""
_STEPS: Final = 20_000
"""Instructions of SQLite's between two looks at the clock: a few milliseconds."""
_WAIT: Final = 0.5
"""Seconds to wait for who writes, before asking again."""
_WAL: Final = b"\x02\x02"
"""Bytes 18 and 19 of a file whose journal is a write-ahead log."""


class NotReadable(Exception):
    """The file can't be looked at now; ``reason`` says why, in a word."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Page:
    """Some records, newest first, and how many there are in all."""

    records: tuple[Record, ...]
    total: int


def page(folder: Path, *, text: str, offset: int, limit: int, seconds: float) -> Page:
    """Records of a history, newest first; ``text`` as in :meth:`History.records`.

    Raises:
        NotReadable: the file is no history of ours, a newer one, damaged, or it took more than ``seconds``.
        OSError: there is none, or it is no plain file.
    """
    found = search.lookup(clean(text), indexed=False)  # an index may be behind, or somebody's own
    conditions = " AND ".join((*found.conditions, rows.LISTED))
    source = f"FROM {found.source} WHERE {conditions}"
    listed = f"SELECT {found.number} AS id {source} ORDER BY {found.number} DESC LIMIT ? OFFSET ?"

    def work(connection: sqlite3.Connection) -> Page:
        total = connection.execute(f"SELECT count(*) {source}", found.values).fetchone()[0]
        numbers = [row["id"] for row in connection.execute(listed, (*found.values, limit, offset))]
        return Page(tuple(rows.load(connection, numbers, Shelf(folder, read_only=True))), total)

    return _look(folder, work, seconds)


def picture(folder: Path, sha256: str, *, seconds: float) -> Picture | None:
    """What the history knows of a picture that went into an edit or came out of one; None if nothing.

    Raises:
        NotReadable, OSError: as for :func:`page`.
    """
    query = (
        "SELECT * FROM images WHERE sha256 = ? AND EXISTS (SELECT 1 FROM pictures"
        " WHERE pictures.sha256 = images.sha256 AND role IN ('input', 'output', 'mask'))"
    )

    def work(connection: sqlite3.Connection) -> Picture | None:
        found = connection.execute(query, (sha256,)).fetchone()
        return Picture(**dict(found)) if found else None

    return _look(folder, work, seconds)


def _look(folder: Path, work: Callable[[sqlite3.Connection], T], seconds: float) -> T:
    """Do ``work`` in the file; once more where the file changed under it, or somebody held it."""
    path, deadline = folder / FILE, time.monotonic() + seconds
    for suffix in ("", "-wal", "-journal", "-shm"):
        check_own(path.with_name(path.name + suffix))
    while True:
        before = _state(path)
        try:
            with _opened(path, deadline) as connection:
                done = work(connection)
        except sqlite3.Error as problem:
            reason = _why(problem)
        else:
            if _state(path) == before:
                return done
            reason = "busy"  # written while it was read as it is
        if time.monotonic() > deadline or (reason != "busy" and _state(path) == before):
            raise NotReadable(reason)
        time.sleep(0.02)


@contextmanager
def _opened(path: Path, deadline: float) -> Iterator[sqlite3.Connection]:
    connection = sqlite3.connect(_address(path), timeout=_WAIT, isolation_level=None, uri=True)
    try:
        connection.row_factory = sqlite3.Row
        connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, _LONGEST)
        connection.set_progress_handler(lambda: time.monotonic() > deadline, _STEPS)
        connection.execute("PRAGMA trusted_schema = OFF")
        connection.execute("PRAGMA query_only = ON")
        if schema.version_of(connection) > schema.VERSION:
            raise NotReadable("newer")
        if schema.foreign(connection):
            raise NotReadable("foreign")
        connection.execute("BEGIN")
        yield connection
    finally:
        connection.close()


def _address(path: Path) -> str:
    """How SQLite opens the file without making another: it would make a log and its index even to read."""
    log, index = (path.with_name(f"{path.name}-{part}") for part in ("wal", "shm"))
    address = f"{path.absolute().as_uri()}?mode=ro"
    with path.open("rb") as file:
        if file.read(20)[18:20] != _WAL:
            return address
    if not log.exists() or not log.stat().st_size:
        return f"{address}&immutable=1"
    if index.exists():
        return f"{address}&readonly_shm=1"
    raise NotReadable("unfinished")  # a log that came without its index: to read it would be to write


def _state(path: Path) -> tuple[int, ...]:
    """What tells that a file which was read as it is was written meanwhile."""
    facts, log = path.stat(), path.with_name(f"{path.name}-wal")
    return facts.st_ino, facts.st_mtime_ns, facts.st_size, int(log.exists() and log.stat().st_size > 0)


def _why(problem: sqlite3.Error) -> Reason:
    code = getattr(problem, "sqlite_errorcode", 0) & 0xFF
    if code in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_INTERRUPT):
        return "busy"
    return "unfinished" if code in (sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN) else "damaged"
