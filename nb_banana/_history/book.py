"""The history as the session sees it: start and finish an attempt, find an answer, look back."""

from __future__ import annotations

import hashlib
import json
import os
import secrets
import sqlite3
import tempfile
import threading
import time
import weakref
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Literal, TypeVar

from .._images import ImageData
from .._messages import Cost, Turn, Usage
from .._strings import say
from ..errors import InvalidRequestError, NanoBananaError
from . import exchange, search
from .database import Database
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
from .store import Store

if TYPE_CHECKING:
    import pandas

T = TypeVar("T")
FOLDER: Final = "nb_banana_history"
_FILE: Final = "history.sqlite"
_PAGE: Final = 500
_SAFE_AGE: Final = 3600.0
"""Seconds a stored file is left alone by garbage collection: its row may be on the way."""


@dataclass(frozen=True, slots=True)
class Freed:
    """What garbage collection removed, or would remove; ``kept`` says why less than possible."""

    files: int
    bytes: int
    dry_run: bool = False
    kept: str = ""

    def __str__(self) -> str:
        key = "history.would_free" if self.dry_run else "history.freed"
        return " ".join(filter(None, (say(key, files=self.files, size=_megabytes(self.bytes)), self.kept)))


@dataclass(slots=True)
class Total:
    """One line of the ledger: a day, a model, a currency.

    ``unpriced`` counts the attempts among the paid and maybe paid whose price nobody knows.
    """

    day: str
    model: str
    currency: str
    paid: Decimal = Decimal(0)
    blocked_paid: Decimal = Decimal(0)
    maybe_paid: Decimal = Decimal(0)
    saved: Decimal = Decimal(0)
    paid_count: int = 0
    blocked_paid_count: int = 0
    maybe_paid_count: int = 0
    replays: int = 0
    unpriced: int = 0


@dataclass(slots=True)
class _Entry:
    """A record on its way into the file, with the pictures it needs there."""

    row: dict[str, Any]
    request: str
    turn: str | None = None
    images: dict[str, list[ImageData]] = field(default_factory=dict)

    @property
    def number(self) -> int:
        number: int = self.row["id"]
        return number

    def pictures(self, role: str) -> tuple[Picture, ...]:
        return tuple(Picture.of(image) for image in self.images.get(role, ()))


class History:
    """A folder that remembers every attempt. Safe to share by threads, kernels and machines.

    Attributes:
        folder: where it lies; known for sure after the first use.
        notice: what a person should know before paying (the folder can't be written, a damaged file
            was moved aside, …); ``""`` when all is well.
    """

    def __init__(self, folder: Path, *, read_only: bool = False) -> None:
        self.folder = folder
        self._read_only = read_only
        self._lock = threading.RLock()
        self._notices: list[str] = []
        # Not a bound method: the finalizer would keep this object alive for ever.
        self._notify = partial(_note_once, self._notices)
        self._finalizer: Callable[[], object] = _nothing
        self._database: Database | None = None
        self._presence = Presence(folder)
        self._store = Store(folder, self._presence)
        self._library: History | None = None
        self._running: dict[int, _Entry] = {}
        self._unsaved: dict[int, _Entry] = {}
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
        """What a person should know about where things are kept, or ``""``."""
        return "\n".join(self._notices)

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
        aspect_ratio: str | None = None,
        image_size: str | None = None,
        inputs: Sequence[ImageData] = (),
        sandbox: bool,
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
        row = {
            "key": key, "take": take, "sandbox": sandbox, "status": "running", "prompt": prompt, "model": model,
            "model_sent": model_sent, "model_answered": None, "provider": provider, "wire": wire,
            "aspect_ratio": aspect_ratio, "image_size": image_size,
            "parent": None if parent is None else self._number(parent),
            "notebook": notebook, "context": context, "billing": "free" if sandbox else "maybe_paid",
            **cost_columns(None if sandbox else expected),
            "elapsed": None, "response_id": None, "request_id": None, "finish_reason": None, "usage": None,
            "text": "", "warnings": "[]", "error_category": None, "error_message": "", "attempts": 0, "lost": 0,
            "owner": "", "started": instant(datetime.now(UTC)),
        }  # fmt: skip
        entry = _Entry(_bindable(row), clean(request_json), images={"input": list(inputs)})
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
    ) -> Record:
        """Note how the attempt ended. Storage trouble is told in ``Record.problems``, never raised."""
        number = self._number(id)
        entry = self._running.pop(number, None) or self._load_entry(number)
        entry.images["output"] = list(outputs)
        if turn is not None:
            entry.turn, entry.images["turn"] = _turn_columns(turn, outputs)
        entry.row |= _bindable(
            {
                "status": status, "billing": billing, "elapsed": max(0.0, elapsed), "text": text,
                "usage": usage_column(usage), **cost_columns(cost), "model_answered": model_answered,
                "response_id": response_id, "request_id": request_id, "finish_reason": finish_reason,
                "warnings": json.dumps([clean(sentence) for sentence in warnings], ensure_ascii=False),
                "error_category": error_category, "error_message": error_message, "attempts": attempts,
            }
        )  # fmt: skip
        problems = self._keep(entry)
        return from_row(entry.row, entry.pictures("input"), entry.pictures("output"), self, problems)

    def replayed(self, id: str) -> None:
        """Count that record ``id`` answered again, free."""
        record = self.record(id)
        amount = record.cost.amount if record.cost and record.billing != "free" else None
        values = (
            instant(datetime.now(UTC)), id_to_number(id), record.model, record.notebook,
            record.cost.currency if record.cost else "", None if amount is None else str(amount),
        )  # fmt: skip
        try:
            self._run(lambda c: c.execute("INSERT INTO replays VALUES (?, ?, ?, ?, ?, ?)", values), write=True)
        except NanoBananaError as reason:
            self._notify(reason.message)

    # Looking up

    def find(self, key: str, take: int, *, sandbox: bool | None = None) -> Record | None:
        """The newest successful record of this request and take, or None.

        ``sandbox`` False asks for real records, True for the sandbox's, None for a real one first.
        """
        kinds = (0, 1) if sandbox is None else (int(sandbox),)
        for kind in kinds:
            for shelf in self._shelves():
                rows = shelf._run(
                    lambda c, kind=kind: c.execute(
                        "SELECT id FROM records INDEXED BY answers WHERE status = 'done' AND lost = 0 AND key = ?"
                        " AND take = ? AND sandbox = ? ORDER BY id DESC LIMIT 1",
                        (clean(key), take, kind),
                    ).fetchall()
                )
                if rows:
                    return shelf._load([rows[0]["id"]])[0]
        return None

    def takes(self, key: str, *, sandbox: bool | None = None) -> tuple[int, ...]:
        """The takes of this request that succeeded, in order; the next free one is the last plus 1."""
        kinds = (0, 1) if sandbox is None else (int(sandbox),) * 2
        found: set[int] = set()
        for shelf in self._shelves():
            rows = shelf._run(
                lambda c: c.execute(
                    "SELECT DISTINCT take FROM records WHERE status = 'done' AND key = ? AND sandbox IN (?, ?)",
                    (clean(key), *kinds),
                ).fetchall()
            )
            found |= {row["take"] for row in rows}
        return tuple(sorted(found))

    def records(
        self,
        *,
        text: str | None = None,
        model: str | None = None,
        status: str | None = None,
        since: datetime | date | str | None = None,
        until: datetime | date | str | None = None,
        notebook: str | None = None,
        starred: bool | None = None,
        limit: int = 100,
        before: str | None = None,
    ) -> list[Record]:
        """A page of records, newest first; ``before`` takes the last id of the page before it.

        ``text`` is looked for in prompt, answer, note and tags; all its words must occur. Moments
        without a zone are local time; ``until`` is not included.
        """
        asked = {
            "records.started >= ?": _moment(since),
            "records.started < ?": _moment(until),
            "records.status = ?": status,
            "records.starred = ?": None if starred is None else int(starred),
            "records.model = ?": model,
            "records.notebook = ?": notebook,
        }
        filters = {condition: value for condition, value in asked.items() if value is not None}
        last = None if before is None else self._number(before)
        pages = [shelf._page(text or "", filters, last, limit) for shelf in self._shelves()]
        known: dict[str, Record] = {}
        for page in pages:
            for record in page:
                known.setdefault(record.id, record)
        return sorted(known.values(), key=lambda record: record.id, reverse=True)[:limit]

    def every(self, *, batch: int = _PAGE) -> Iterator[Record]:
        """All records, newest first, a page in memory at a time."""
        before = None
        while page := self.records(limit=batch, before=before):
            yield from page
            before = page[-1].id

    def record(self, id: str) -> Record:
        """The record of this id.

        Raises:
            InvalidRequestError: there is none.
        """
        number = id_to_number(id)
        for shelf in self._shelves():
            if number is not None and (found := shelf._load([number])):
                return found[0]
        raise InvalidRequestError(say("history.no_record", id=str(id)[:40], folder=self.folder))

    def children(self, id: str) -> list[Record]:
        """The records that continue from ``id``, oldest first."""
        number = self._number(id)
        found = []
        for shelf in self._shelves():
            rows = shelf._run(
                lambda c: c.execute("SELECT id FROM records WHERE parent = ? ORDER BY id", (number,)).fetchall()
            )
            found += shelf._load([row["id"] for row in rows])
        return sorted(found, key=lambda record: record.id)

    # Marks

    def star(self, id: str, on: bool = True) -> None:
        """Mark a record, or take the mark away."""
        self._mark(id, lambda c, n: c.execute("UPDATE records SET starred = ? WHERE id = ?", (int(on), n)))

    def note(self, id: str, text: str) -> None:
        """Write a note on a record, in place of the one before; searches find it."""
        self._mark(id, lambda c, n: c.execute("UPDATE records SET note = ? WHERE id = ?", (clean(text), n)))

    def tag(self, id: str, *tags: str) -> None:
        """Set a record's tags; none takes them away. Searches find them."""
        value = json.dumps([clean(tag) for tag in dict.fromkeys(tags)], ensure_ascii=False)
        self._mark(id, lambda c, n: c.execute("UPDATE records SET tags = ? WHERE id = ?", (value, n)))

    # Pictures

    def put(self, image: ImageData) -> None:
        """Store a picture; once is enough."""
        self._open()
        self._put(image)
        picture = Picture.of(image)
        self._run(lambda c: _write_image(c, picture), write=True)

    def image(self, sha256: str) -> ImageData:
        """A stored picture; its bytes are read when first used and checked by their hash.

        Raises:
            InvalidRequestError: no picture of this hash is known here.
        """
        for shelf in self._shelves():
            rows = shelf._run(
                lambda c: c.execute("SELECT * FROM images WHERE sha256 = ?", (sha256,)).fetchall()
            )
            if rows:
                return shelf.load(Picture(**dict(rows[0])))
        raise InvalidRequestError(say("history.no_picture", sha256=str(sha256)[:64], folder=self.folder))

    def load(self, picture: Picture) -> ImageData:
        """The picture a record remembers, read when its bytes are first needed."""
        return ImageData.from_file(
            self.path(picture), sha256=picture.sha256, mime_type=picture.mime_type, width=picture.width,
            height=picture.height, name=picture.name,
        )  # fmt: skip

    def path(self, picture: Picture) -> Path:
        """Where a picture's file lies."""
        return self._store.path(picture.sha256, picture.suffix)

    def turn(self, id: str) -> Turn | None:
        """The model's content of record ``id`` as it came, its long strings checked by hash."""
        number = self._number(id)
        rows = self._run(lambda c: c.execute("SELECT turn FROM details WHERE record = ?", (number,)).fetchall())
        if not rows or rows[0]["turn"] is None:
            return None
        lifted = self._run(lambda c: _pictures(c, [number], "turn"))[number]["turn"]
        return Turn(json.loads(rows[0]["turn"]), {one.name: self.load(one).data for one in lifted})

    def request(self, id: str) -> str:
        """The request of record ``id`` as JSON, without pixels."""
        number = self._number(id)
        rows = self._run(lambda c: c.execute("SELECT request FROM details WHERE record = ?", (number,)).fetchall())
        return rows[0]["request"] if rows else "{}"

    # Ledger

    def totals(
        self, *, since: datetime | date | str | None = None, notebook: str | None = None
    ) -> list[Total]:
        """What was spent and saved, by day (local), model and currency. Running attempts are not in it."""
        self._reap()
        lines: dict[tuple[str, str, str], Total] = {}
        values = (_moment(since) or "", notebook, notebook)
        for row in self._run(lambda c: c.execute(_SPENT, values).fetchall()):
            line = lines.setdefault(tuple(row)[:3], Total(*tuple(row)[:3]))
            _add(line, row["billing"], row["amount"], row["count"])
        for row in self._run(lambda c: c.execute(_SAVED, values).fetchall()):
            line = lines.setdefault(tuple(row)[:3], Total(*tuple(row)[:3]))
            line.replays += row["count"]
            line.saved += Decimal(row["amount"] or 0) * row["count"]
        return [lines[name] for name in sorted(lines)]

    # Out and in

    def export_jsonl(self, path: Path | str) -> Path:
        """One record per line, newest first, with the names ``timestamp``, ``original_image``,
        ``edit_instruction`` and ``result_path`` among its fields.
        """
        return exchange.export_jsonl(self, Path(path))

    def export_zip(self, path: Path | str, records: Sequence[Record] | None = None) -> Path:
        """Records (all, when none are named) and their pictures in one file another person can import."""
        return exchange.export_zip(self, Path(path), records)

    def import_zip(self, path: Path | str) -> int:
        """Take in what somebody exported; returns how many records were new here."""
        return exchange.import_zip(self, Path(path))

    def to_dataframe(self) -> pandas.DataFrame:
        """All records as a table, newest first."""
        import pandas

        return pandas.DataFrame([record.to_dict() for record in self.every()])

    def collect_garbage(self, dry_run: bool = False) -> Freed:
        """Remove stored files no record needs, and say what was freed.

        Files younger than an hour stay: their row may be on the way. While a damaged database lies in
        the folder all pictures stay, since nobody knows which of them it needs.
        """
        self._open()
        self._store.sweep()
        damaged = sorted(self.folder.glob(f"{_FILE}.damaged-*"))
        if damaged:
            return Freed(0, 0, dry_run, say("history.kept_damaged", path=damaged[0]))
        return self._run(lambda c: self._remove_unneeded(c, dry_run), write=True)

    # How it is done

    def _remove_unneeded(self, connection: sqlite3.Connection, dry_run: bool) -> Freed:
        files = size = 0
        newest = time.time() - _SAFE_AGE
        for entry in self._store.files():
            facts, sha256 = entry.stat(), entry.name.partition(".")[0]
            needed = connection.execute("SELECT 1 FROM pictures WHERE sha256 = ? LIMIT 1", (sha256,)).fetchone()
            if needed or facts.st_mtime > newest or len(sha256) != 64:
                continue
            files, size = files + 1, size + facts.st_size
            if not dry_run:
                os.unlink(entry.path)
                connection.execute("DELETE FROM images WHERE sha256 = ?", (sha256,))
        return Freed(files, size, dry_run)

    def _open(self) -> Database:
        with self._lock:
            if self._database is None:
                if self._read_only:
                    self._database = Database(self.folder / _FILE, notify=self._notify, read_only=True)
                else:
                    self._database = self._settle()
            return self._database

    def _settle(self) -> Database:
        """Open the folder asked for, or else the first of the others that can be written."""
        asked, reasons = self.folder, []
        for folder in (asked, *_elsewhere()):
            self.folder, self._presence = folder, Presence(folder)
            self._store = Store(folder, self._presence)
            database = Database(folder / _FILE, notify=self._notify)
            self._finalizer = weakref.finalize(self, _leave, database, self._presence)
            try:
                self._store.prepare()
                database.run(_touch, write=True)
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
            self._database = database
            self._reap()
            return database
        self.folder = asked
        raise InvalidRequestError(
            say("history.nowhere", reasons="; ".join(reasons)), hint=say("history.nowhere_hint")
        )

    def _shelves(self) -> tuple[History, ...]:
        """This history, and the one it stands in for, which can only be read."""
        self._open()
        return (self, self._library) if self._library else (self,)

    def _run(self, work: Callable[[sqlite3.Connection], T], *, write: bool = False) -> T:
        """Do ``work`` in the file; what goes wrong becomes one sentence that names the file."""
        database = self._open()
        try:
            return database.run(work, write=write)
        except (sqlite3.Error, OSError) as reason:
            raise InvalidRequestError(
                say("history.unusable", path=database.path, reason=_why(reason)), hint=say("history.unusable_hint")
            ) from reason

    def _number(self, id: str) -> int:
        number = id_to_number(id)
        if number is None:
            raise InvalidRequestError(say("history.no_record", id=str(id)[:40], folder=self.folder))
        return number

    def _put(self, image: ImageData) -> None:
        picture = Picture.of(image)
        self._store.write(image.data, picture.sha256, picture.suffix)

    def _keep(self, entry: _Entry) -> tuple[str, ...]:
        """Store an entry's pictures, then its row and any row that could not be stored before."""
        problems = self._keep_pictures(entry)
        database, waiting, new = self._open(), list(self._unsaved.values()), "id" not in entry.row

        def work(connection: sqlite3.Connection) -> None:
            if new:
                entry.row["id"] = self._next_number(connection)
            for each in (*waiting, entry):
                _write(connection, each, indexed=database.indexed)

        try:
            entry.row["owner"] = self._presence.announce() if entry.row["status"] == "running" else ""
            database.run(work, write=True)
        except (OSError, sqlite3.Error, NanoBananaError) as reason:
            if new:
                entry.row["id"] = self._next_number(None)
            self._unsaved[entry.number] = entry
            return (*problems, say("history.not_recorded", path=self.folder / _FILE, reason=_why(reason)))
        for each in (*waiting, entry):
            self._unsaved.pop(each.number, None)
        # Garbage collection may have seen the files before it could see the row.
        return problems or self._keep_pictures(entry)

    def _keep_pictures(self, entry: _Entry) -> tuple[str, ...]:
        """Write each picture; what can't be written is dropped from the entry and counted."""
        problems: dict[str, None] = {}
        for role, images in entry.images.items():
            for image in tuple(images):
                try:
                    self._put(image)
                except OSError as reason:
                    images.remove(image)
                    entry.row["lost"] += role == "output"
                    problems[say("history.not_stored", folder=self._store.folder, reason=_why(reason))] = None
        return tuple(problems)

    def _next_number(self, connection: sqlite3.Connection | None) -> int:
        newest = 0
        if connection:
            newest = connection.execute("SELECT max(id) FROM records").fetchone()[0] or 0
        with self._counting:
            self._last = next_number(time.time(), secrets.randbits(20), max(newest, self._last))
            return self._last

    def _load_entry(self, number: int) -> _Entry:
        """An attempt another process, or this one before a restart, began."""
        rows = self._run(lambda c: c.execute("SELECT * FROM records WHERE id = ?", (number,)).fetchall())
        if not rows:
            raise InvalidRequestError(say("history.no_record", id=number_to_id(number), folder=self.folder))
        record = self._load([number])[0]
        return _Entry(dict(rows[0]), record.request, images={"input": list(record.input_images)})

    def _page(self, text: str, filters: Mapping[str, Any], last: int | None, limit: int) -> list[Record]:
        self._reap()
        plan = search.plan(clean(text), indexed=self._open().indexed)
        conditions = [*plan.conditions, *filters, f"{plan.number} < ?"]
        query = (
            f"SELECT {plan.number} AS id FROM {plan.source} WHERE {' AND '.join(conditions)}"
            f" ORDER BY {plan.number} DESC LIMIT ?"
        )
        values = (*plan.values, *filters.values(), LARGEST_ID if last is None else last, limit)
        rows = self._run(lambda c: c.execute(query, values).fetchall())
        return self._load([row["id"] for row in rows])

    def _load(self, numbers: Sequence[int]) -> list[Record]:
        """The records of these numbers that exist, newest first."""
        found: list[Record] = []
        for at in range(0, len(numbers), _PAGE):
            some = list(numbers[at : at + _PAGE])
            found += self._run(lambda c, some=some: self._load_some(c, some))
        return found

    def _load_some(self, connection: sqlite3.Connection, numbers: list[int]) -> list[Record]:
        rows = connection.execute(
            f"SELECT * FROM records WHERE id IN ({_marks(numbers)}) ORDER BY id DESC", numbers
        ).fetchall()
        pictures = _pictures(connection, numbers, "input", "output")
        return [
            from_row(dict(row), pictures[row["id"]]["input"], pictures[row["id"]]["output"], self) for row in rows
        ]

    def _raw(self, record: Record) -> dict[str, Any]:
        """A record as the tables hold it, for another history to adopt."""
        if record.shelf is not self and isinstance(record.shelf, History):
            return record.shelf._raw(record)
        number = self._number(record.id)

        def work(connection: sqlite3.Connection) -> dict[str, Any]:
            row = connection.execute("SELECT * FROM records WHERE id = ?", (number,)).fetchone()
            long = connection.execute("SELECT request, turn FROM details WHERE record = ?", (number,)).fetchone()
            pictures = connection.execute(
                "SELECT role, position, sha256, mime_type, width, height, bytes, name"
                " FROM pictures JOIN images USING (sha256) WHERE record = ? ORDER BY role, position",
                (number,),
            ).fetchall()
            return {"row": dict(row), **dict(long), "pictures": [tuple(picture) for picture in pictures]}

        return self._run(work)

    def _adopt(
        self, row: dict[str, Any], request: str, turn: str | None, images: dict[str, list[ImageData]]
    ) -> None:
        """Take in a record of another history; trouble is raised, since nothing was paid for here."""
        entry, database = _Entry(_bindable(row), clean(request), turn, images), self._open()
        for image in (image for several in images.values() for image in several):
            self._put(image)
        database.run(lambda c: _write(c, entry, indexed=database.indexed), write=True)

    def _mark(self, id: str, change: Callable[[sqlite3.Connection, int], sqlite3.Cursor]) -> None:
        number, database = self._number(id), self._open()

        def work(connection: sqlite3.Connection) -> int:
            changed = change(connection, number).rowcount
            row = connection.execute("SELECT * FROM records WHERE id = ?", (number,)).fetchone()
            if row:
                search.write(connection, number, _searched(dict(row)), indexed=database.indexed)
            return changed

        if not database.run(work, write=True):
            raise InvalidRequestError(say("history.no_record", id=id, folder=self.folder))

    def _reap(self) -> None:
        """Rows that died with their process were interrupted, and may have been paid."""
        if self._read_only:
            return
        owners = self._run(
            lambda c: c.execute("SELECT DISTINCT owner FROM records WHERE status = 'running'").fetchall()
        )
        mine = self._presence.token
        dead = [o["owner"] for o in owners if o["owner"] != mine and not is_alive(self.folder, o["owner"])]
        if dead:
            change = (
                "UPDATE records SET status = 'interrupted', error_message = ?"
                " WHERE status = 'running' AND owner = ?"
            )
            values = [(say("history.died"), owner) for owner in dead]
            try:
                self._run(lambda c: c.executemany(change, values), write=True)
            except NanoBananaError as reason:
                self._notify(reason.message)  # looking is still possible


_SPENT: Final = """
    SELECT date(started, 'localtime') AS day, model, currency, billing, amount, count(*) AS count
    FROM records INDEXED BY ledger
    WHERE billing IN ('paid', 'blocked_paid', 'maybe_paid') AND status != 'running' AND started >= ?
      AND (? IS NULL OR notebook = ?)
    GROUP BY 1, 2, 3, 4, 5"""
_SAVED: Final = """
    SELECT date(time, 'localtime') AS day, model, currency, amount, count(*) AS count
    FROM replays WHERE time >= ? AND (? IS NULL OR notebook = ?) GROUP BY 1, 2, 3, 4"""


def _add(line: Total, billing: Literal["paid", "blocked_paid", "maybe_paid"], amount: str | None, count: int) -> None:
    setattr(line, billing, getattr(line, billing) + Decimal(amount or 0) * count)
    setattr(line, f"{billing}_count", getattr(line, f"{billing}_count") + count)
    line.unpriced += count if amount is None else 0


def _touch(connection: sqlite3.Connection) -> None:
    """A write that changes nothing, to learn before paying whether writing works."""
    connection.execute("UPDATE search_state SET stale = stale")


def _elsewhere() -> Iterator[Path]:
    """Where history goes when its own folder can't be written."""
    import platformdirs

    with suppress(OSError, RuntimeError):  # there may be no home at all
        yield Path(platformdirs.user_data_path("nb_banana", appauthor=False)) / FOLDER
    yield Path(tempfile.gettempdir()) / f"{FOLDER}-{_user()}"


def _user() -> str:
    return str(os.getuid()) if hasattr(os, "getuid") else os.environ.get("USERNAME", "user")


def _library(folder: Path) -> History | None:
    """The history in a folder that can only be read, if there is a sound one."""
    library = History(folder, read_only=True)
    try:
        library._run(lambda c: c.execute("SELECT 1 FROM records LIMIT 1").fetchall())
    except (OSError, sqlite3.Error, NanoBananaError):
        library.close()
        return None
    return library


def _note_once(notices: list[str], sentence: str) -> None:
    if sentence not in notices:
        notices.append(sentence)


def _nothing() -> None:
    """There is nothing to close yet."""


def _leave(database: Database, presence: Presence) -> None:
    database.close()
    with suppress(OSError):
        presence.leave()


def _bindable(row: Mapping[str, Any]) -> dict[str, Any]:
    """Values as SQLite takes them."""
    return {
        name: clean(value) if isinstance(value, str) else int(value) if isinstance(value, bool) else value
        for name, value in row.items()
    }


def _searched(row: Mapping[str, Any]) -> tuple[str, ...]:
    tags = " ".join(json.loads(row.get("tags") or "[]"))
    return row["prompt"], row["text"], row.get("note") or "", tags


def _write(connection: sqlite3.Connection, entry: _Entry, *, indexed: bool) -> None:
    """Insert or complete one record; a star, a note and tags given meanwhile stay."""
    row = entry.row
    names = tuple(row)
    connection.execute(
        f"INSERT INTO records ({', '.join(names)}) VALUES ({_marks(names)}) ON CONFLICT (id) DO UPDATE SET "
        + ", ".join(f"{name} = excluded.{name}" for name in names if name not in ("id", "starred", "note", "tags")),
        tuple(row.values()),
    )
    connection.execute(
        "INSERT OR REPLACE INTO details VALUES (?, ?, ?)", (entry.number, entry.request, entry.turn)
    )
    connection.execute("DELETE FROM pictures WHERE record = ?", (entry.number,))
    for role in entry.images:
        for position, picture in enumerate(entry.pictures(role)):
            _write_image(connection, picture)
            connection.execute(
                "INSERT INTO pictures VALUES (?, ?, ?, ?, ?)",
                (entry.number, role, position, picture.sha256, picture.name),
            )
    stored = connection.execute("SELECT note, tags FROM records WHERE id = ?", (entry.number,)).fetchone()
    search.write(connection, entry.number, _searched({**row, **dict(stored)}), indexed=indexed)


def _write_image(connection: sqlite3.Connection, picture: Picture) -> None:
    connection.execute(
        # A string lifted out of a turn may prove to be a picture later.
        "INSERT INTO images VALUES (?, ?, ?, ?, ?) ON CONFLICT (sha256) DO UPDATE SET"
        " mime_type = excluded.mime_type, width = excluded.width, height = excluded.height WHERE images.width = 0",
        (picture.sha256, picture.mime_type, picture.width, picture.height, picture.bytes),
    )


def _pictures(
    connection: sqlite3.Connection, numbers: Sequence[int], *roles: str
) -> dict[int, dict[str, list[Picture]]]:
    """By record and role, in order."""
    found: dict[int, dict[str, list[Picture]]] = {number: {role: [] for role in roles} for number in numbers}
    for row in connection.execute(
        "SELECT record, role, sha256, mime_type, width, height, bytes, name FROM pictures JOIN images USING (sha256)"
        f" WHERE record IN ({_marks(numbers)}) ORDER BY record, role, position",
        tuple(numbers),
    ):
        if row["role"] in roles:
            found[row["record"]][row["role"]].append(Picture(*tuple(row)[2:]))
    return found


def _turn_columns(turn: Turn, outputs: Sequence[ImageData]) -> tuple[str, list[ImageData]]:
    """The turn as text, and its long strings as stored files; pictures among them are stored once."""
    known = {image.sha256: image for image in outputs}
    lifted = []
    for name, data in turn.blobs.items():
        sha256 = hashlib.sha256(data).hexdigest()
        same = known.get(sha256)
        mime, width, height = (
            (same.mime_type, same.width, same.height) if same else ("application/octet-stream", 0, 0)
        )
        lifted.append(ImageData(data, mime, width, height, name=name, sha256=sha256))
    return clean(json.dumps(turn.content, ensure_ascii=False)), lifted


def _marks(values: Sequence[Any]) -> str:
    return ", ".join("?" * len(values))


def _moment(value: datetime | date | str | None) -> str | None:
    try:
        return instant(value)  # type: ignore[arg-type]
    except ValueError:
        raise InvalidRequestError(say("history.bad_moment", value=str(value)[:40])) from None


def _why(reason: Exception) -> str:
    return getattr(reason, "strerror", None) or str(reason) or type(reason).__name__


def _megabytes(size: int) -> str:
    return f"{size / 1e6:.1f} MB"
