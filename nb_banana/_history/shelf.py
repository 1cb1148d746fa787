"""A history's folder on first use: where it really lies, its database and its pictures.

Rules of this file:

* Cheap until used: nothing is read or written before the first question.
* A folder that can't be written is stood in for by another one, which is said before anything is paid;
  what lies in the first is still read.
* What goes wrong in the file becomes one sentence that names it.
"""

from __future__ import annotations

import os
import sqlite3
import sys
import tempfile
import weakref
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Any, Final, TypeVar

import platformdirs

from .._files import check_own
from .._images.data import ImageData
from .._messages import Turn
from .._strings import say
from ..errors import InvalidImageError, InvalidRequestError, NanoBananaError
from . import forks, judgements, modes, rows, search
from .database import Database
from .presence import Presence, is_alive
from .record import Picture, Record, id_to_number
from .schema import MANY
from .store import Store

T = TypeVar("T")
FOLDER: Final = "nb_banana_history"
FILE: Final = "history.sqlite"
INPUTS: Final = modes.INPUTS
VOTES: Final = "votes.jsonl"
"""Votes of people, beside it: a rating writes them, and no record needs them."""


class Shelf:
    """One history folder, and what stands on it. Threads, kernels and machines may share it."""

    def __init__(self, folder: Path, *, read_only: bool = False, older: Sequence[Path] = ()) -> None:
        self.folder, self._read_only, self._older = folder, read_only, tuple(older)
        self.presence = Presence(folder)
        self.store = Store(folder, self.presence)
        self.notices: list[str] = []
        # Not a bound method: the finalizer would keep this object alive for ever.
        self.notify = partial(_note_once, self.notices)
        self._lock = forks.lock()
        self._finalizer: Callable[[], object] = _nothing
        self._database: Database | None = None
        self._libraries: tuple[Shelf, ...] = ()

    def __reduce__(self) -> tuple[Any, ...]:
        return partial(Shelf, read_only=self._read_only, older=self._older), (self.folder,)

    @property
    def older(self) -> tuple[Path, ...]:
        """Folders where an earlier release may have kept this history, if there is one."""
        return tuple(folder for folder in self._older if folder != self.folder and (folder / FILE).is_file())

    # --- opening ---------------------------------------------------------------------------------

    def database(self) -> Database:
        """The file, opened by the first call."""
        with self._lock:
            if self._database is None:
                if self._read_only:
                    self._database = Database(self.folder / FILE, notify=self.notify, read_only=True)
                else:
                    self._settle()
            assert self._database is not None
            return self._database

    def both(self) -> tuple[Shelf, ...]:
        """This shelf, and those it stands in for, which can only be read."""
        self.database()
        return (self, *self._libraries)

    def close(self) -> None:
        """Close the file; the next use opens it again."""
        with self._lock:
            self._finalizer()
            self._database = None
            for library in self._libraries:
                library.close()

    def _settle(self) -> None:
        """Open the folder asked for, or else the first of the others that can be written."""
        asked, reasons = self.folder, []
        for folder in (asked, *_elsewhere()):
            try:
                self._open_in(folder)
            except (OSError, sqlite3.Error) as reason:
                self._finalizer()
                reasons.append(f"{folder}: {why(reason)}")
                continue
            except BaseException:
                self._finalizer()
                self.folder = asked
                raise
            if folder != asked:
                self.notify(say("history.elsewhere", asked=asked, reason=reasons[0], folder=folder))
            self._read_too(asked)
            self.reap()
            return
        self.folder = asked
        raise InvalidRequestError(
            say("history.nowhere", reasons="; ".join(reasons)), hint=say("history.nowhere_hint")
        )

    def _read_too(self, asked: Path) -> None:
        """What was kept elsewhere before is still answered, so that nothing is paid twice."""
        stood_in = [] if asked == self.folder else _library(asked)
        found = [library for folder in self.older if folder != asked for library in _library(folder)]
        for library in found:
            self.notify(say("history.older", older=library.folder, folder=self.folder))
        self._libraries = (*stood_in, *found)

    def _open_in(self, folder: Path) -> None:
        _refuse_planted(folder)
        modes.close(folder)
        self.folder, self.presence = folder, Presence(folder)
        self.store = Store(folder, self.presence)
        database = Database(folder / FILE, notify=self.notify)
        self._finalizer = weakref.finalize(self, _leave, database, self.presence)
        self.store.prepare()
        # A write that changes nothing: whether writing works must be known before anything is paid.
        database.run(lambda c: c.execute("UPDATE search_state SET stale = stale"), write=True)
        self._database = database
        for sentence in modes.told(folder, self.store.folder, folder / FILE):
            self.notify(sentence)

    # --- reading and writing ---------------------------------------------------------------------

    def run(self, work: Callable[[sqlite3.Connection], T], *, write: bool = False) -> T:
        """Do ``work`` in the file.

        Raises:
            InvalidRequestError: the file can't be used; the sentence names it.
        """
        database = self.database()
        try:
            return database.run(work, write=write)
        except (sqlite3.Error, OSError) as reason:
            raise InvalidRequestError(
                say("history.unusable", path=database.path, reason=why(reason)),
                hint=say("history.unusable_hint"),
            ) from reason

    def rows(self, query: str, *values: object) -> list[sqlite3.Row]:
        """What a query finds."""
        return self.run(lambda c: c.execute(query, values).fetchall())

    def lookup(self, text: str) -> search.Lookup:
        """How to find ``text`` here: by the index where it is up to date."""
        indexed = self.database().indexed and not self.run(search.is_stale)
        return search.lookup(text, indexed=indexed)

    def records(self, numbers: Sequence[int]) -> list[Record]:
        """The records of these numbers that exist, newest first."""
        found: list[Record] = []
        for at in range(0, len(numbers), MANY):
            found += self.run(partial(rows.load, numbers=numbers[at : at + MANY], shelf=self))
        return found

    def record(self, id: str) -> Record:
        """The record of this id, here or on the shelf this one stands in for.

        Raises:
            InvalidRequestError: there is none.
        """
        number = self.number(id)
        for shelf in self.both():
            if found := shelf.records([number]):
                return found[0]
        raise self.no_record(id)

    def reap(self) -> None:
        """Rows whose process died were interrupted, and may have been paid."""
        if self._read_only:
            return
        mine = self.presence.token
        owners = [
            row["owner"] for row in self.rows("SELECT DISTINCT owner FROM records WHERE status = 'running'")
        ]
        dead = [owner for owner in owners if owner != mine and not is_alive(self.folder, owner)]
        if not dead:
            return
        change = (
            "UPDATE records SET status = 'interrupted', error_message = ?"
            " WHERE status = 'running' AND owner = ?"
        )
        values = [(say("history.died"), owner) for owner in dead]
        try:
            self.run(lambda c: c.executemany(change, values), write=True)
        except NanoBananaError as reason:
            self.notify(reason.message)  # looking is still possible

    # --- what a record asks of the shelf it stands on --------------------------------------------

    def load(self, picture: Picture) -> ImageData:
        """The picture a record remembers, read when its bytes are first needed."""
        return self.store.load(picture)

    def mend(self, images: Iterable[ImageData]) -> None:
        """Store again what is at hand of pictures whose files were lost; a failure is told in ``notices``."""
        for image in () if self._read_only else images:
            try:
                self.store.put(image)
            except OSError as reason:
                self.notify(say("history.not_stored", folder=self.store.folder, reason=why(reason)))
            except InvalidImageError:
                pass  # it is not at hand: only its file held it

    def path(self, picture: Picture) -> Path:
        """Where a picture's file lies."""
        return self.store.path(picture)

    def turn(self, id: str) -> Turn | None:
        """The model's content of record ``id`` as it came, its long strings checked by hash."""
        number = self.number(id)
        for row in self.rows("SELECT turn FROM details WHERE record = ? AND turn IS NOT NULL", number):
            lifted = self.run(lambda c: rows.pictures(c, [number], "turn"))[number]["turn"]
            return rows.turn_of(row["turn"], {one.sha256: self.load(one) for one in lifted})
        return None

    def mask(self, id: str) -> ImageData | None:
        """The mask picture of record ``id``; None where it had none, or a region."""
        number = self.number(id)
        found = self.run(lambda c: rows.pictures(c, [number], "mask"))[number]["mask"]
        return self.load(found[0]) if found else None

    def request(self, id: str) -> str:
        """The request of record ``id`` as JSON, without pixels."""
        found = self.rows("SELECT request FROM details WHERE record = ?", self.number(id))
        return str(found[0]["request"]) if found else "{}"

    def raw(self, id: str) -> dict[str, Any]:
        """A record as the tables hold it."""
        return self.run(partial(rows.raw, number=self.number(id)))

    def opinions(self, ids: Iterable[str]) -> list[dict[str, Any]]:
        """What judges were asked about these records, and answered, as the tables hold it."""
        return self.run(partial(judgements.lines, numbers=list(map(self.number, ids))))

    def number(self, id: str) -> int:
        """The number behind an id.

        Raises:
            InvalidRequestError: it is no id.
        """
        number = id_to_number(id)
        if number is None:
            raise self.no_record(id)
        return number

    def no_record(self, id: object) -> InvalidRequestError:
        """The error that says there is no such record."""
        return InvalidRequestError(say("history.no_record", id=str(id)[:40], folder=self.folder))


def _refuse_planted(folder: Path) -> None:
    """A folder of ours that is a link leads where somebody else wants files written, swept and removed."""
    for part in (folder / "images", folder / "images" / ".partial", folder / "live"):
        try:
            check_own(part)
        except OSError as reason:
            raise InvalidRequestError(
                say("history.planted", path=part, reason=reason.strerror), hint=say("history.planted_hint")
            ) from None


def _elsewhere() -> Iterator[Path]:
    """Where history goes when its own folder can't be written."""
    with suppress(OSError, RuntimeError):  # there may be no home at all
        yield platformdirs.user_data_path("nb_banana", appauthor=False) / FOLDER
    if sys.platform == "win32":
        yield Path(tempfile.gettempdir()) / FOLDER
        return
    shared = Path(tempfile.gettempdir()) / f"{FOLDER}-{os.getuid()}"
    # Anybody may have made a folder of this name there, to read what is put into it.
    if not os.path.lexists(shared) or (shared.lstat().st_uid == os.getuid() and not shared.is_symlink()):
        yield shared


def _library(folder: Path) -> list[Shelf]:
    """The history in a folder that is only read, if there is a sound one."""
    library = Shelf(folder, read_only=True)
    try:
        library.rows("SELECT 1 FROM records LIMIT 1")
    except NanoBananaError:
        library.close()
        return []
    return [library]


def _leave(database: Database, presence: Presence) -> None:
    database.close()
    with suppress(OSError):  # where nothing can be written, nothing can be removed
        presence.leave()


def _note_once(notices: list[str], sentence: str) -> None:
    if sentence not in notices:
        notices.append(sentence)


def _nothing() -> None:
    """There is nothing to close yet."""


def why(reason: Exception) -> str:
    """The reason of a failure in words."""
    return getattr(reason, "strerror", None) or str(reason) or type(reason).__name__
