"""The history as the session sees it: start and finish an attempt, find an answer, look back."""

from __future__ import annotations

import json
import os
import secrets
import sqlite3
import sys
import tempfile
import threading
import time
import weakref
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path
from typing import Any, Final, TypeVar

from .._images import ImageData
from .._messages import Cost, Turn, Usage
from .._strings import say
from ..errors import InvalidRequestError, NanoBananaError
from . import exchange, garbage, ledger, rows, search
from .database import Database
from .places import Places, retag
from .presence import Presence, is_alive
from .record import (
    LARGEST_ID,
    Billing,
    Picture,
    Record,
    Status,
    clean,
    cost_columns,
    from_row,
    id_to_number,
    instant,
    next_number,
    number_to_id,
    usage_column,
)
from .rows import Entry
from .store import Store

T = TypeVar("T")
Moment = datetime | date | str
FOLDER: Final = "nb_banana_history"
_FILE: Final = "history.sqlite"


class History:
    """A folder that remembers every attempt. Threads, kernels and machines may share it.

    Attributes:
        folder: where it lies; known for sure after the first use.
    """

    def __init__(self, folder: Path, *, read_only: bool = False) -> None:
        self.folder, self._read_only = folder, read_only
        self._lock = threading.RLock()
        self._notices: list[str] = []
        # Not a bound method: the finalizer would keep this object alive for ever.
        self._notify = partial(_note_once, self._notices)
        self._finalizer: Callable[[], object] = _nothing
        self._database: Database | None = None
        self._presence = Presence(folder)
        self._store = Store(folder, self._presence)
        self._library: History | None = None
        self._running: dict[int, Entry] = {}
        self._unsaved: dict[int, Entry] = {}
        self._counting, self._last = threading.Lock(), 0

    @classmethod
    def open(cls, folder: Path | str | None = None) -> History:
        """The history in ``folder``, else ``NB_BANANA_HISTORY``, else ``nb_banana_history`` here.

        Cheap: nothing is read or written before the first use.
        """
        chosen = folder or os.environ.get("NB_BANANA_HISTORY") or FOLDER
        return cls(Path(chosen).expanduser().absolute())

    def __repr__(self) -> str:
        return f"<History {self.folder}>"

    def __reduce__(self) -> tuple[Any, ...]:
        return History.open, (str(self.folder),)

    @property
    def notice(self) -> str:
        """What a person should know before paying, a sentence a line; ``""`` when all is well."""
        return "\n".join(self._notices)

    @property
    def places(self) -> Places:
        """Which records each widget's cell left."""
        return Places(self)

    def close(self) -> None:
        """Close the file; the next use opens it again."""
        with self._lock:
            self._finalizer()
            self._database = None
            if self._library:
                self._library.close()

    # One attempt

    def start(
        self,
        *,
        key: str,
        take: int,
        prompt: str,
        model: str,
        model_sent: str,
        provider: str,
        wire: str,
        sandbox: bool,
        aspect_ratio: str | None = None,
        image_size: str | None = None,
        inputs: Sequence[ImageData] = (),
        parent: str | None = None,
        notebook: str = "",
        context: str = "refeed",
        request_json: str = "{}",
        expected: Cost | None = None,
    ) -> str:
        """Note that an attempt begins, before anything is sent, and return its id.

        ``expected`` is the price to assume should this process die before :meth:`finish`.

        Raises:
            InvalidRequestError: no folder can be written, or the file is a newer release's.
        """
        self._open()
        row = rows.bindable(
            dict(
                key=key, take=take, sandbox=sandbox, status="running", owner="",
                started=instant(datetime.now(UTC)), prompt=prompt, model=model, model_sent=model_sent,
                model_answered=None, provider=provider, wire=wire, aspect_ratio=aspect_ratio,
                image_size=image_size, parent=None if parent is None else self._number(parent),
                notebook=notebook, context=context, billing="free" if sandbox else "maybe_paid",
                **cost_columns(None if sandbox else expected), elapsed=None, response_id=None,
                request_id=None, finish_reason=None, usage=None, text="", warnings="[]",
                error_category=None, error_message="", attempts=0, lost=0,
            )
        )  # fmt: skip
        entry = Entry(row, clean(request_json), images={"input": list(inputs)})
        self._keep(entry)
        self._running[entry.number] = entry
        return number_to_id(entry.number)

    def finish(
        self,
        id: str,
        *,
        status: Status,
        billing: Billing,
        elapsed: float,
        outputs: Sequence[ImageData] = (),
        text: str = "",
        usage: Usage | None = None,
        cost: Cost | None = None,
        model_answered: str | None = None,
        response_id: str | None = None,
        request_id: str | None = None,
        finish_reason: str | None = None,
        warnings: Sequence[str] = (),
        error_category: str | None = None,
        error_message: str = "",
        attempts: int = 1,
        turn: Turn | None = None,
        sandbox: bool | None = None,
    ) -> Record:
        """Note how the attempt ended. Storage trouble is told in ``Record.problems``, never raised.

        ``sandbox`` corrects what :meth:`start` could only suppose: the answer says who made it.
        """
        number = self._number(id)
        entry = self._running.pop(number, None) or self._begun_elsewhere(number)
        entry.images["output"] = list(outputs)
        if turn is not None:
            entry.take_turn(turn, outputs)
        if sandbox is not None:
            entry.row["sandbox"] = int(sandbox)
        entry.row |= rows.bindable(
            dict(
                status=status, billing=billing, elapsed=max(0.0, elapsed), text=text,
                usage=usage_column(usage), **cost_columns(cost), model_answered=model_answered,
                response_id=response_id, request_id=request_id, finish_reason=finish_reason,
                warnings=json.dumps([clean(sentence) for sentence in warnings], ensure_ascii=False),
                error_category=error_category, error_message=error_message, attempts=attempts,
            )
        )  # fmt: skip
        problems = self._keep(entry)
        return from_row(entry.row, entry.pictures("input"), entry.pictures("output"), self, problems)

    def replayed(self, id: str) -> None:
        """Count that record ``id`` answered again, free."""
        record = self.record(id)
        cost = record.cost if record.billing != "free" else None
        saved = cost_columns(cost)
        values = (
            instant(datetime.now(UTC)), id_to_number(id), record.model_sent, record.notebook,
            saved["currency"], saved["amount"],
        )  # fmt: skip
        try:
            self._run(
                lambda c: c.execute("INSERT INTO replays VALUES (?, ?, ?, ?, ?, ?)", values), write=True
            )
        except NanoBananaError as reason:
            self._notify(reason.message)  # the answer is there all the same

    # Looking up

    def find(
        self,
        key: str,
        take: int,
        *,
        sandbox: bool | None = None,
        prefix: bool = False,
        fits: Callable[[Record], bool] = bool,
    ) -> Record | None:
        """The newest successful record of this request and take that ``fits``, or None.

        ``sandbox`` False asks for real records, True for the sandbox's, None for a real one first.
        ``prefix`` takes every key that begins with ``key``: the same request, whoever answered it.
        A record whose pictures could not all be stored is no answer.
        """
        query = (
            "SELECT id FROM records INDEXED BY answers WHERE status = 'done' AND lost = 0 AND key >= ?"
            " AND key <= ? AND take = ? AND sandbox = ? ORDER BY id DESC"
        )
        low = clean(key)
        high = f"{low}\U0010ffff" if prefix else low
        for kind in (0, 1) if sandbox is None else (int(sandbox),):
            for shelf in self._shelves():
                for row in shelf._rows(query, low, high, take, kind):
                    found = next((one for one in shelf._load([row["id"]]) if fits(one)), None)
                    if found:
                        return found
        return None

    def takes(self, key: str, *, sandbox: bool | None = None) -> tuple[int, ...]:
        """The takes of this request that succeeded, in order; the next free one is the last plus 1."""
        query = (
            "SELECT DISTINCT take FROM records INDEXED BY answers"
            " WHERE status = 'done' AND key = ? AND sandbox IN (?, ?)"
        )
        kinds = (0, 1) if sandbox is None else (int(sandbox),) * 2
        return tuple(
            sorted(
                {row["take"] for shelf in self._shelves() for row in shelf._rows(query, clean(key), *kinds)}
            )
        )

    def records(
        self,
        *,
        text: str | None = None,
        model: str | None = None,
        status: str | None = None,
        since: Moment | None = None,
        until: Moment | None = None,
        notebook: str | None = None,
        starred: bool | None = None,
        limit: int = 100,
        before: str | None = None,
    ) -> list[Record]:
        """A page of records, newest first; ``before`` takes the last id of the page above it.

        ``model`` is the one asked for or the one sent.
        ``text`` is looked for in prompt, answer, note and tags; all its words must occur. Moments
        without a zone are local time; ``until`` itself is not included.
        """
        asked = {
            "records.started >= ?": _moment(since),
            "records.started < ?": _moment(until),
            "records.status = ?": status,
            "records.starred = ?": None if starred is None else int(starred),
            "? IN (records.model, records.model_sent)": model,
            "records.notebook = ?": notebook,
        }
        filters = {condition: value for condition, value in asked.items() if value is not None}
        last = LARGEST_ID if before is None else self._number(before)
        pages = [shelf._page(clean(text or ""), filters, last, limit) for shelf in self._shelves()]
        known = {record.id: record for page in reversed(pages) for record in page}
        return sorted(known.values(), key=lambda record: record.id, reverse=True)[:limit]

    def every(self) -> Iterator[Record]:
        """All records, newest first, a page in memory at a time."""
        before = None
        while page := self.records(limit=rows.MANY, before=before):
            yield from page
            before = page[-1].id

    def record(self, id: str) -> Record:
        """The record of this id.

        Raises:
            InvalidRequestError: there is none.
        """
        number = self._number(id)
        for shelf in self._shelves():
            if found := shelf._load([number]):
                return found[0]
        raise self._no_record(id)

    def children(self, id: str) -> list[Record]:
        """The records that continue from ``id``, oldest first."""
        number, query = self._number(id), "SELECT id FROM records WHERE parent = ?"
        found = [r for s in self._shelves() for r in s._load([row["id"] for row in s._rows(query, number)])]
        return sorted(found, key=lambda record: record.id)

    def using(self, sha256: str) -> list[Record]:
        """The records that took this picture as an input, oldest first."""
        query = "SELECT DISTINCT record AS id FROM pictures WHERE sha256 = ? AND role = 'input'"
        found = [r for s in self._shelves() for r in s._load([row["id"] for row in s._rows(query, sha256)])]
        return sorted(found, key=lambda record: record.id)

    # Marks

    def star(self, id: str, on: bool = True) -> None:
        """Mark a record, or take the mark away."""
        change, value = "UPDATE records SET starred = ? WHERE id = ?", int(on)
        self._mark(id, lambda c, number: c.execute(change, (value, number)).rowcount)

    def note(self, id: str, text: str) -> None:
        """Write a note on a record, in place of the one before; searches find it."""
        change, value = "UPDATE records SET note = ? WHERE id = ?", clean(text)
        self._mark(id, lambda c, number: c.execute(change, (value, number)).rowcount)

    def tag(self, id: str, *tags: str) -> None:
        """Set a record's tags; none takes them away. Searches find them."""
        self._mark(id, partial(retag, tags=[clean(tag) for tag in dict.fromkeys(tags)]))

    # Pictures

    def put(self, image: ImageData) -> None:
        """Store a picture; once is enough."""
        self._open()
        self._store.put(image)
        picture = Picture.of(image)
        self._run(lambda c: rows.write_image(c, picture), write=True)

    def image(self, sha256: str) -> ImageData:
        """A stored picture; its bytes are read when first used and checked by their hash.

        Raises:
            InvalidRequestError: no picture of this hash is known here.
        """
        for shelf in self._shelves():
            for row in shelf._rows("SELECT * FROM images WHERE sha256 = ?", sha256):
                return shelf.load(Picture(**dict(row)))
        raise InvalidRequestError(say("history.no_picture", sha256=str(sha256)[:64], folder=self.folder))

    def load(self, picture: Picture) -> ImageData:
        """The picture a record remembers, read when its bytes are first needed."""
        return self._store.load(picture)

    def path(self, picture: Picture) -> Path:
        """Where a picture's file lies."""
        return self._store.path(picture)

    def turn(self, id: str) -> Turn | None:
        """The model's content of record ``id`` as it came, its long strings checked by hash."""
        number = self._number(id)
        for row in self._rows("SELECT turn FROM details WHERE record = ? AND turn IS NOT NULL", number):
            lifted = self._run(lambda c: rows.pictures(c, [number], "turn"))[number]["turn"]
            return rows.turn_of(row["turn"], {one.sha256: self.load(one) for one in lifted})
        return None

    def request(self, id: str) -> str:
        """The request of record ``id`` as JSON, without pixels."""
        found = self._rows("SELECT request FROM details WHERE record = ?", self._number(id))
        return str(found[0]["request"]) if found else "{}"

    # Ledger

    def totals(self, *, since: Moment | None = None, notebook: str | None = None) -> list[ledger.Total]:
        """What was spent and saved, by day (local) and model; running attempts are not in it."""
        self._reap()
        return self._run(lambda c: ledger.totals(c, _moment(since) or "", notebook))

    # Out and in

    def export_jsonl(self, path: Path | str) -> Path:
        """One record per line, newest first, with the names ``timestamp``, ``original_image``,
        ``edit_instruction`` and ``result_path`` among its fields.
        """
        return exchange.export_jsonl(self, Path(path))

    def export_zip(
        self,
        path: Path | str,
        records: Sequence[Record] | None = None,
        *,
        notes: Mapping[str, bytes] | None = None,
    ) -> Path:
        """Records (all, when none are named) and their pictures in one file another person can import.

        ``notes`` are further files of the zip, by name; importing leaves them alone.
        """
        return exchange.export_zip(self, Path(path), records, notes or {})

    def import_zip(self, path: Path | str) -> int:
        """Take in what somebody exported; returns how many records were new here."""
        return exchange.import_zip(self, Path(path))

    def to_dataframe(self) -> Any:
        """All records as a pandas table, newest first."""
        import pandas

        return pandas.DataFrame([record.to_dict() for record in self.every()])

    def collect_garbage(self, dry_run: bool = False) -> garbage.Freed:
        """Remove stored files no record needs, and say what was freed.

        Files younger than an hour stay: their row may be on the way. While a damaged database lies in
        the folder all pictures stay, since nobody knows which of them it needs.
        """
        self._open()
        self._store.sweep()
        for damaged in sorted(self.folder.glob(f"{_FILE}.damaged-*")):
            return garbage.Freed(0, 0, dry_run, say("history.kept_damaged", path=damaged))
        return self._run(lambda c: garbage.collect(c, self._store, dry_run=dry_run), write=True)

    @contextmanager
    def run_folder(self) -> Iterator[Path]:
        """A folder inside this history for one run over several processes, gone at its end.

        If this process is killed, whoever opens the history next removes it.

        Raises:
            InvalidRequestError: the history's folder can't be written.
        """
        self._open()  # the folder is known for sure after its first use
        try:
            folder = self._store.begin_run()
        except OSError as reason:
            raise InvalidRequestError(
                say("history.nowhere", reasons=f"{self.folder}: {_why(reason)}"),
                hint=say("history.nowhere_hint"),
            ) from None
        try:
            yield folder
        finally:
            self._store.end_run(folder)

    # Opening

    def _open(self) -> Database:
        with self._lock:
            if self._database is None:
                if self._read_only:
                    self._database = Database(self.folder / _FILE, notify=self._notify, read_only=True)
                else:
                    self._settle()
            assert self._database is not None
            return self._database

    def _settle(self) -> None:
        """Open the folder asked for, or else the first of the others that can be written."""
        asked, reasons = self.folder, []
        for folder in (asked, *_elsewhere()):
            try:
                self._open_in(folder)
            except (OSError, sqlite3.Error) as reason:
                self._finalizer()
                reasons.append(f"{folder}: {_why(reason)}")
                continue
            except BaseException:
                self._finalizer()
                self.folder = asked
                raise
            if folder != asked:
                self._notify(say("history.elsewhere", asked=asked, reason=reasons[0], folder=folder))
                self._library = _library(asked)
            self._reap()
            return
        self.folder = asked
        raise InvalidRequestError(
            say("history.nowhere", reasons="; ".join(reasons)), hint=say("history.nowhere_hint")
        )

    def _open_in(self, folder: Path) -> None:
        self.folder, self._presence = folder, Presence(folder)
        self._store = Store(folder, self._presence)
        database = Database(folder / _FILE, notify=self._notify)
        self._finalizer = weakref.finalize(self, _leave, database, self._presence)
        self._store.prepare()
        # A write that changes nothing: whether writing works must be known before anything is paid.
        database.run(lambda c: c.execute("UPDATE search_state SET stale = stale"), write=True)
        self._database = database

    def _shelves(self) -> tuple[History, ...]:
        """This history, and the one it stands in for, which can only be read."""
        self._open()
        return (self, self._library) if self._library else (self,)

    # Reading and writing

    def _run(self, work: Callable[[sqlite3.Connection], T], *, write: bool = False) -> T:
        """Do ``work`` in the file; what goes wrong becomes one sentence that names the file."""
        database = self._open()
        try:
            return database.run(work, write=write)
        except (sqlite3.Error, OSError) as reason:
            raise InvalidRequestError(
                say("history.unusable", path=database.path, reason=_why(reason)),
                hint=say("history.unusable_hint"),
            ) from reason

    def _rows(self, query: str, *values: object) -> list[sqlite3.Row]:
        return self._run(lambda c: c.execute(query, values).fetchall())

    def _keep(self, entry: Entry) -> tuple[str, ...]:
        """Store an entry's pictures, then its row and any row that could not be stored before."""
        new = "id" not in entry.row
        if not new:
            self._unsaved[entry.number] = entry  # from here on an interrupt loses nothing
        problems = self._keep_pictures(entry)
        database = self._open()
        waiting = [each for each in list(self._unsaved.values()) if each is not entry]

        def work(connection: sqlite3.Connection) -> None:
            if new:
                entry.row["id"] = self._next_number(connection)
            for each in (*waiting, entry):
                rows.write(connection, each, indexed=database.indexed)

        try:
            entry.row["owner"] = self._presence.announce() if entry.row["status"] == "running" else ""
            database.run(work, write=True)
        except (OSError, sqlite3.Error, NanoBananaError) as reason:
            if new:
                entry.row["id"] = self._next_number(None)
            self._unsaved[entry.number] = entry
            return (*problems, say("history.not_recorded", path=database.path, reason=_why(reason)))
        for each in (*waiting, entry):
            self._unsaved.pop(each.number, None)
        # Garbage collection may have seen the files before it could see the row.
        return problems or self._keep_pictures(entry)

    def _keep_pictures(self, entry: Entry) -> tuple[str, ...]:
        """Write each picture; what can't be written is dropped from the entry and counted."""
        problems: dict[str, None] = {}
        for role, images in entry.images.items():
            for image in tuple(images):
                try:
                    self._store.put(image)
                except OSError as reason:
                    images.remove(image)
                    entry.row["lost"] += role == "output"
                    problems[say("history.not_stored", folder=self._store.folder, reason=_why(reason))] = None
        return tuple(problems)

    def _next_number(self, connection: sqlite3.Connection | None) -> int:
        newest = connection.execute("SELECT max(id) FROM records").fetchone()[0] if connection else 0
        with self._counting:
            self._last = next_number(time.time(), secrets.randbits(20), max(newest or 0, self._last))
            return self._last

    def _begun_elsewhere(self, number: int) -> Entry:
        """An attempt another process, or this one before a restart, began."""
        for row in self._rows("SELECT * FROM records WHERE id = ?", number):
            record = self._load([number])[0]
            return Entry(dict(row), record.request, images={"input": list(record.input_images)})
        raise self._no_record(number_to_id(number))

    def _page(self, text: str, filters: Mapping[str, Any], last: int, limit: int) -> list[Record]:
        self._reap()
        plan = search.plan(text, indexed=self._open().indexed)
        conditions = " AND ".join((*plan.conditions, *filters, f"{plan.number} < ?"))
        query = (
            f"SELECT {plan.number} AS id FROM {plan.source} WHERE {conditions}"
            f" ORDER BY {plan.number} DESC LIMIT ?"
        )
        found = self._rows(query, *plan.values, *filters.values(), last, limit)
        return self._load([row["id"] for row in found])

    def _load(self, numbers: Sequence[int]) -> list[Record]:
        """The records of these numbers that exist, newest first."""
        found: list[Record] = []
        for at in range(0, len(numbers), rows.MANY):
            found += self._run(partial(rows.load, numbers=numbers[at : at + rows.MANY], shelf=self))
        return found

    def _raw(self, record: Record) -> dict[str, Any]:
        """A record as its own history's tables hold it."""
        shelf = record.shelf if isinstance(record.shelf, History) else self
        return shelf._run(partial(rows.raw, number=self._number(record.id)))

    def _columns(self) -> set[str]:
        return {row["name"] for row in self._rows("PRAGMA table_info(records)")}

    def _adopt(self, entry: Entry) -> None:
        """Take in a record of another history; trouble is raised, since nothing was paid for here."""
        database = self._open()
        for images in entry.images.values():
            for image in images:
                self._store.put(image)
        self._run(lambda c: rows.write(c, entry, indexed=database.indexed), write=True)

    def _set_key(self, number: int, key: str) -> None:
        self._run(lambda c: c.execute("UPDATE records SET key = ? WHERE id = ?", (key, number)), write=True)

    def _mark(self, id: str, change: Callable[[sqlite3.Connection, int], int]) -> None:
        number, database = self._number(id), self._open()

        def work(connection: sqlite3.Connection) -> int:
            changed = change(connection, number)
            rows.make_findable(connection, number, indexed=database.indexed)
            return changed

        if not self._run(work, write=True):
            raise self._no_record(id)

    def _reap(self) -> None:
        """Rows whose process died were interrupted, and may have been paid."""
        if self._read_only:
            return
        mine = self._presence.token
        owners = [
            row["owner"] for row in self._rows("SELECT DISTINCT owner FROM records WHERE status = 'running'")
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
            self._run(lambda c: c.executemany(change, values), write=True)
        except NanoBananaError as reason:
            self._notify(reason.message)  # looking is still possible

    def _number(self, id: str) -> int:
        number = id_to_number(id)
        if number is None:
            raise self._no_record(id)
        return number

    def _no_record(self, id: object) -> InvalidRequestError:
        return InvalidRequestError(say("history.no_record", id=str(id)[:40], folder=self.folder))


def _elsewhere() -> Iterator[Path]:
    """Where history goes when its own folder can't be written."""
    import platformdirs

    with suppress(OSError, RuntimeError):  # there may be no home at all
        yield Path(platformdirs.user_data_path("nb_banana", appauthor=False)) / FOLDER
    if sys.platform == "win32":
        yield Path(tempfile.gettempdir()) / FOLDER
        return
    shared = Path(tempfile.gettempdir()) / f"{FOLDER}-{os.getuid()}"
    # Anybody may have made a folder of this name there, to read what is put into it.
    if not os.path.lexists(shared) or (shared.lstat().st_uid == os.getuid() and not shared.is_symlink()):
        yield shared


def _library(folder: Path) -> History | None:
    """The history in a folder that can only be read, if there is a sound one."""
    library = History(folder, read_only=True)
    try:
        library._rows("SELECT 1 FROM records LIMIT 1")
    except NanoBananaError:
        library.close()
        return None
    return library


def _leave(database: Database, presence: Presence) -> None:
    database.close()
    with suppress(OSError):  # where nothing can be written, nothing can be removed
        presence.leave()


def _note_once(notices: list[str], sentence: str) -> None:
    if sentence not in notices:
        notices.append(sentence)


def _nothing() -> None:
    """There is nothing to close yet."""


def _moment(value: Moment | None) -> str | None:
    try:
        return instant(value)
    except ValueError:
        raise InvalidRequestError(say("history.bad_moment", value=str(value)[:40])) from None


def _why(reason: Exception) -> str:
    return getattr(reason, "strerror", None) or str(reason) or type(reason).__name__
