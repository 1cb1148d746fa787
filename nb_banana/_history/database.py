"""One SQLite file, shared by threads, kernels and machines, and what can go wrong with it.

* One connection, guarded by a lock: SQLite writes one at a time anyway, and our transactions are short.
* ``database is locked`` is waited out, in short steps so that an interrupt is answered at once.
* WAL where it works. Network file systems lack the shared memory it needs: there, a rollback journal.
* A damaged file is moved aside with its journals, never deleted, and a new one begun. A broken search index
  is no damage: it holds nothing of its own, and is made anew.
* A file that vanished or was replaced under us is opened anew, not written to as a ghost.
* A file made anew where pictures lie leaves a note: nobody may take them for needless.
"""

from __future__ import annotations

import os
import sqlite3
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Final, TypeVar

from .._files import check_own, in_turn, make_private, touch_private
from .._strings import say
from ..errors import InvalidRequestError
from . import forks, schema, search

T = TypeVar("T")
Work = Callable[[sqlite3.Connection], T]

_STEP: Final = 0.25
_PATIENCE: Final = 60.0
_BUSY: Final = (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)
_DAMAGED: Final = (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)
_NETWORK: Final = frozenset(
    ["nfs", "nfs4", "cifs", "smb3", "smbfs", "9p", "afs", "ceph", "lustre", "gpfs", "beegfs", "glusterfs"]
)
_JOURNALS: Final = ("-wal", "-journal", "-shm")
_inherited: list[sqlite3.Connection] = []
"""Connections of a parent process: closing them in a fork could disturb the parent."""


class Database:
    """The file at ``path``, opened by the first :meth:`run`."""

    def __init__(self, path: Path, *, notify: Callable[[str], None], read_only: bool = False) -> None:
        self.path, self._notify, self._read_only = path, notify, read_only
        self._lock = forks.lock()
        self._connection: sqlite3.Connection | None = None
        self._identity: tuple[int, int] | None = None
        self._pid = 0
        self.indexed = False

    def run(self, work: Work[T], *, write: bool = False) -> T:
        """Do ``work`` in one transaction; if the file proves damaged, once more on a new one.

        Raises:
            InvalidRequestError: the file was written by a newer nb_banana.
            sqlite3.Error, OSError: anything else that waiting doesn't mend.
        """
        if self._pid not in (0, os.getpid()):
            self._forget_parent()
        with self._lock:
            for _ in range(2):  # the index, then the file: in one that is damaged both may be found broken
                try:
                    return self._patiently(work, write)
                except sqlite3.DatabaseError as reason:
                    if self._read_only or not self._mended(reason):
                        raise
            return self._patiently(work, write)

    def close(self) -> None:
        """Close the connection; the next :meth:`run` opens another."""
        with self._lock:
            connection, self._connection = self._connection, None
            if connection and self._pid == os.getpid():
                connection.close()

    def scrub(self) -> bool:
        """Leave no byte of what was deleted: in the index, in free pages, in the log; False where that stays.

        Raises:
            sqlite3.Error: somebody else uses the file just now.
        """
        with self._lock:
            connection = self._current()
            clean = search.scrub(connection, indexed=self.indexed)
            connection.execute("VACUUM")
            # Of somebody who reads the log this raises nothing: it says so in its first column.
            return not connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0] and clean

    def _patiently(self, work: Work[T], write: bool) -> T:
        deadline = time.monotonic() + _PATIENCE
        while True:
            try:
                return _transaction(self._current(), work, write)
            except sqlite3.OperationalError as reason:
                if _code(reason) not in _BUSY or time.monotonic() > deadline:
                    raise
                time.sleep(0.005)

    def _current(self) -> sqlite3.Connection:
        if self._connection and self._identity == _identity(self.path):
            return self._connection
        self.close()
        connection = self._open_existing() if self._read_only else self._open()
        self._connection, self._identity, self._pid = connection, _identity(self.path), os.getpid()
        return connection

    def _refuse_planted(self) -> None:
        """A pipe would be waited for for ever, a link be followed; SQLite opens what it finds."""
        for suffix in ("", *_JOURNALS):
            part = self.path.with_name(self.path.name + suffix)
            try:
                check_own(part)
            except OSError as reason:
                raise InvalidRequestError(
                    say("history.planted", path=part, reason=reason.strerror),
                    hint=say("history.planted_hint"),
                ) from None

    def _open(self) -> sqlite3.Connection:
        self._refuse_planted()
        make_private(self.path.parent)
        if not self.path.exists() or not self.path.stat().st_size:
            self._note_missing()
        touch_private(self.path)
        self._identity = _identity(self.path)
        connection = _connect(self.path)
        try:
            self._refuse_newer(schema.version_of(connection))
            self._refuse_foreign(connection)
            connection = _with_journal(connection, self.path)
            connection.execute("PRAGMA synchronous = FULL")
            schema.migrate(connection)
            schema.add(connection)
            self.indexed = search.prepare(connection)
        except BaseException:
            connection.close()
            raise
        return connection

    def _open_existing(self) -> sqlite3.Connection:
        """Read only; where even the journals can't be made, the file as it is."""
        self._refuse_planted()
        if not self.path.is_file():
            raise FileNotFoundError(self.path)
        address = self.path.absolute().as_uri()
        connection = _connect(f"{address}?mode=ro")
        try:
            version = schema.version_of(connection)
            connection.execute("SELECT 1 FROM records LIMIT 1").fetchall()
        except sqlite3.OperationalError:
            connection.close()
            connection = _connect(f"{address}?mode=ro&immutable=1")
            version = schema.version_of(connection)
        self._refuse_newer(version)
        self._refuse_foreign(connection)
        self.indexed = False
        return connection

    def _refuse_newer(self, version: int) -> None:
        if version > schema.VERSION:
            raise InvalidRequestError(
                say("history.newer", path=self.path, found=version, known=schema.VERSION),
                hint=say("history.newer_hint"),
            )

    def _refuse_foreign(self, connection: sqlite3.Connection) -> None:
        """What would run by itself, or only looks like our tables, is nobody's history."""
        if found := schema.foreign(connection):
            thing, is_there = found
            entry = "history.foreign_schema" if is_there else "history.foreign_missing"
            raise InvalidRequestError(
                say(entry, path=self.path, kind=thing.kind, name=repr(thing.name)[:60]),
                hint=say("history.foreign_schema_hint"),
            )

    def _mended(self, reason: sqlite3.DatabaseError) -> bool:
        """Whether something was done about a broken index or a damaged file."""
        if search.is_fault(reason):
            self._patiently(search.doubt, write=True)
            self.close()  # whoever opens it next makes the index anew
            return True
        if _code(reason) in _DAMAGED:
            self._set_aside()
            return True
        return False

    def _set_aside(self) -> None:
        """Move the damaged file and its journals, unless another process did so already."""
        opened = self._identity
        self.close()
        # Between the look and the move another could put a good file in its place: one at a time, by a lock.
        with in_turn(self.path.with_name(f"{self.path.name}.lock"), _PATIENCE):
            if opened is None or opened == _identity(self.path):
                self._move_aside()

    def _note_missing(self) -> None:
        """Pictures without their file (it was not cloned, not restored): only it knew which are needed.

        The note is called as a damaged file is, so that every release lets the pictures be.
        """
        images = self.path.with_name("images")
        lie_there = images.is_dir() and any(one.is_file() for one in images.iterdir())
        if lie_there and not any(self.path.parent.glob(f"{self.path.name}.damaged-*")):
            touch_private(note := self._aside("missing-"))
            self._notify(say("history.missing", path=self.path, note=note.name))

    def _aside(self, why: str = "") -> Path:
        stamp = datetime.now(UTC).strftime("%Y%m%dT%H%M%S.%fZ")
        return self.path.with_name(f"{self.path.name}.damaged-{why}{stamp}")

    def _move_aside(self) -> None:
        aside = self._aside()
        for suffix in (*_JOURNALS, ""):
            part = self.path.with_name(self.path.name + suffix)
            if part.exists():
                part.replace(aside.with_name(aside.name + suffix))
        self._notify(say("history.damaged", path=self.path, aside=aside.name))

    def _forget_parent(self) -> None:
        if self._connection:
            _inherited.append(self._connection)
        self._lock, self._connection, self._pid = forks.lock(), None, 0


def _transaction(connection: sqlite3.Connection, work: Work[T], write: bool) -> T:
    connection.execute("BEGIN IMMEDIATE" if write else "BEGIN")
    try:
        result = work(connection)
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise
    return result


def _connect(path: Path | str) -> sqlite3.Connection:
    connection = sqlite3.connect(
        path, timeout=_STEP, isolation_level=None, check_same_thread=False, uri=isinstance(path, str)
    )
    connection.row_factory = sqlite3.Row
    connection.execute("PRAGMA trusted_schema = OFF")  # nothing a file brings along may call what has effects
    connection.execute("PRAGMA foreign_keys = OFF")
    connection.execute("PRAGMA secure_delete = ON")  # not every build zeroes what is deleted by itself
    return connection


def _with_journal(connection: sqlite3.Connection, path: Path) -> sqlite3.Connection:
    """Begin a new file in WAL; turn back to a rollback journal where WAL proves not to work."""
    network = on_network(path)
    try:
        if schema.version_of(connection) == 0 and not network:
            connection.execute("PRAGMA journal_mode = WAL")
        (journal,) = connection.execute("PRAGMA journal_mode").fetchone()
        if network and journal == "wal":
            connection.execute("PRAGMA journal_mode = DELETE")
        # Without shared memory reading may still work; only the start of a write tells.
        connection.execute("BEGIN IMMEDIATE")
        connection.execute("ROLLBACK")
    except sqlite3.OperationalError as reason:
        if _code(reason) in _BUSY:
            raise
        return _without_wal(connection, path)
    return connection


def _without_wal(connection: sqlite3.Connection, path: Path) -> sqlite3.Connection:
    """Turn a WAL file into one with a rollback journal without the shared memory WAL needs.

    An exclusive connection keeps the WAL index in its own memory, long enough to fold it in.
    """
    connection.close()
    connection = _connect(path)
    connection.execute("PRAGMA locking_mode = EXCLUSIVE")
    connection.execute("PRAGMA journal_mode = DELETE")
    connection.execute("PRAGMA locking_mode = NORMAL")
    schema.version_of(connection)  # the exclusive lock is let go by the next read
    return connection


def on_network(path: Path, mounts: Path = Path("/proc/self/mountinfo")) -> bool:
    """Whether ``path`` lies on a file system shared by machines, as far as this system tells."""
    if str(path).startswith("\\\\"):
        return True
    try:
        lines = mounts.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return False
    place = path.absolute()
    best, kind = -1, ""
    for line in lines:
        left, _, right = line.partition(" - ")
        point = Path(left.split(" ")[4].replace("\\040", " ")) if left.count(" ") >= 4 else None
        if point and place.is_relative_to(point) and len(point.parts) >= best:
            best, kind = len(point.parts), right.partition(" ")[0]
    return kind.removeprefix("fuse.") in _NETWORK or kind == "fuse.sshfs"


def _identity(path: Path) -> tuple[int, int] | None:
    try:
        facts = path.stat()
    except FileNotFoundError:
        return None
    return facts.st_dev, facts.st_ino


def _code(reason: sqlite3.Error) -> int:
    """The primary result code, whatever the extended one says."""
    return getattr(reason, "sqlite_errorcode", 0) & 0xFF
