"""The history as the session sees it: begin and end an attempt, find an answer, look back."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path
from typing import Any

from .._catalog.cost import Cost
from .._chosen import LAB, choices
from .._images.data import ImageData
from .._images.saving import path_of
from .._messages import Order, Turn, clean
from .._strings import say
from .._text import here
from .._wire.plan import Plan
from ..errors import InvalidRequestError, NanoBananaError
from . import exchange, garbage, ledger, rows
from .beside import Beside, beside, in_kernel
from .claims import Begun, Terms
from .foreign import LARGEST_ID, Status
from .log import Log
from .places import Places, retag
from .record import Ending, Picture, Record, cost_columns, instant, moment
from .removal import Removal
from .schema import MANY
from .shelf import FILE, FOLDER, Shelf, why

Moment = datetime | date | str


def _placed(found: Beside) -> Beside:
    """What was found, where its folder is there."""
    if found.folder == Path():
        raise InvalidRequestError(say("history.no_place"), hint=say("history.no_place_hint"))
    return found


class History:
    """A folder that remembers every attempt. Threads, kernels and machines may share it.

    Attributes:
        removal: deletes records for good, and says before what that means.
    """

    def __init__(self, folder: Path, older: Sequence[Path] = ()) -> None:
        self.shelf = Shelf(folder, older=older)
        self.log = Log(self.shelf)
        self.removal = Removal(self.shelf)

    @classmethod
    def open(cls, folder: Path | str | None = None) -> History:
        """The history in ``folder``, else ``NB_BANANA_HISTORY``, else where JupyterLab's setting says, else
        ``nb_banana_history`` beside the notebook; in a script and a terminal, in the working directory.

        Cheap: nothing is read or written before the first use.
        """
        choice = next(choices("historyFolder"), None)
        variable = choice.text if choice and choice.where != LAB else ""
        if folder or variable:
            return cls(path_of(folder or variable).absolute())
        found = _placed(beside())
        usual = dict.fromkeys((found.folder / FOLDER, (here() or found.folder) / FOLDER))  # is still answered
        history = cls(found.folder / (path_of(choice.text) if choice else FOLDER), [*usual])
        if found.name.endswith(".ipynb") and not found.known and in_kernel():
            history.shelf.notify(say("history.not_beside", notebook=found.name, folder=history.folder))
        return history

    def __repr__(self) -> str:
        return f"<History {self.folder}>"

    def __reduce__(self) -> tuple[Any, ...]:
        return History.open, (str(self.folder),)

    @property
    def folder(self) -> Path:
        """Where it lies; known for sure after the first use."""
        return self.shelf.folder

    @property
    def notice(self) -> str:
        """What a person should know before paying, a sentence a line; ``""`` when all is well."""
        return "\n".join(self.shelf.notices)

    @property
    def places(self) -> Places:
        """Which records each widget's cell left."""
        return Places(self.shelf)

    def close(self) -> None:
        """Close the file; the next use opens it again."""
        self.shelf.close()

    # One attempt

    def begin(
        self, order: Order, plan: Plan, *, key: str, expected: Cost | None = None, notebook: str = ""
    ) -> str:
        """Note that an attempt begins, before anything is sent, and return its id.

        ``expected`` is the price to assume should this process die before :meth:`end`.

        Raises:
            InvalidRequestError: no folder can be written, or the file is a newer release's.
        """
        begun = self.log.claim(order, plan, Terms(), key=key, expected=expected, notebook=notebook)
        assert isinstance(begun, Begun)
        return begun.id

    def end(
        self, id: str, ending: Ending, outputs: Sequence[ImageData] = (), turn: Turn | None = None
    ) -> Record:
        """Note how the attempt ended. Storage trouble is told in ``Record.problems``, never raised."""
        return self.log.end(id, ending, outputs, turn)

    def replayed(self, id: str, *, notebook: str = "") -> None:
        """Count that record ``id`` answered again, free, in ``notebook``: there it saved something."""
        record = self.record(id)
        cost = record.cost if record.billing != "free" else None
        saved = cost_columns(cost)
        values = (
            instant(datetime.now(UTC)), self.shelf.number(id), record.model_sent, clean(notebook),
            saved["currency"], saved["amount"],
        )  # fmt: skip
        insert = "INSERT INTO replays VALUES (?, ?, ?, ?, ?, ?)"
        try:
            self.shelf.run(lambda c: c.execute(insert, values), write=True)
        except NanoBananaError as reason:
            self.shelf.notify(reason.message)  # the answer is there all the same

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
            for shelf in self.shelf.both():
                for row in shelf.rows(query, low, high, take, kind):
                    found = next((one for one in shelf.records([row["id"]]) if fits(one)), None)
                    if found:
                        return found
        return None

    def takes(self, key: str, *, sandbox: bool | None = None) -> tuple[int, ...]:
        """The takes of this request that succeeded, in order."""
        query = (
            "SELECT DISTINCT take FROM records INDEXED BY answers"
            " WHERE status = 'done' AND key = ? AND sandbox IN (?, ?)"
        )
        kinds = (0, 1) if sandbox is None else (int(sandbox),) * 2
        return tuple(
            sorted(
                {row["take"] for shelf in self.shelf.both() for row in shelf.rows(query, clean(key), *kinds)}
            )
        )

    def records(
        self,
        *,
        text: str | None = None,
        model: str | None = None,
        status: Status | str | None = None,
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
            "records.started >= ?": moment(since),
            "records.started < ?": moment(until),
            "records.status = ?": status,
            "records.starred = ?": None if starred is None else int(starred),
            "? IN (records.model, records.model_sent)": model,
            "records.notebook = ?": notebook,
        }
        filters = {condition: value for condition, value in asked.items() if value is not None}
        last = LARGEST_ID if before is None else self.shelf.number(before)
        pages = [_page(shelf, clean(text or ""), filters, last, limit) for shelf in self.shelf.both()]
        known = {record.id: record for page in reversed(pages) for record in page}
        return sorted(known.values(), key=lambda record: record.id, reverse=True)[:limit]

    def every(self) -> Iterator[Record]:
        """All records, newest first, a page in memory at a time."""
        before = None
        while page := self.records(limit=MANY, before=before):
            yield from page
            before = page[-1].id

    def record(self, id: str) -> Record:
        """The record of this id.

        Raises:
            InvalidRequestError: there is none.
        """
        return self.shelf.record(id)

    def children(self, id: str) -> list[Record]:
        """The records that continue from ``id``, oldest first."""
        return _oldest_first(self.shelf, "SELECT id FROM records WHERE parent = ?", self.shelf.number(id))

    def using(self, sha256: str) -> list[Record]:
        """The records that took this picture as an input, oldest first."""
        query = "SELECT DISTINCT record AS id FROM pictures WHERE sha256 = ? AND role = 'input'"
        return _oldest_first(self.shelf, query, sha256)

    # Marks

    def star(self, id: str, on: bool = True) -> None:
        """Mark a record, or take the mark away."""
        _mark(self.shelf, id, _set("starred", int(on)))

    def note(self, id: str, text: str) -> None:
        """Write a note on a record, in place of the one before; searches find it."""
        _mark(self.shelf, id, _set("note", clean(text)))

    def tag(self, id: str, *tags: str) -> None:
        """Set a record's tags; none takes them away. Searches find them."""
        _mark(self.shelf, id, partial(retag, tags=[clean(tag) for tag in dict.fromkeys(tags)]))

    # Pictures

    def put(self, image: ImageData) -> None:
        """Store a picture; once is enough."""
        self.shelf.database()
        self.shelf.store.put(image)
        picture = Picture.of(image)
        self.shelf.run(lambda c: rows.write_image(c, picture), write=True)

    def image(self, sha256: str) -> ImageData:
        """A stored picture; its bytes are read when first used and checked by their hash.

        Raises:
            InvalidRequestError: no picture of this hash is known here.
        """
        for shelf in self.shelf.both():
            for row in shelf.rows("SELECT * FROM images WHERE sha256 = ?", sha256):
                return shelf.load(Picture(**dict(row)))
        raise InvalidRequestError(say("history.no_picture", sha256=str(sha256)[:64], folder=self.folder))

    # Ledger

    def totals(self, *, since: Moment | None = None, notebook: str | None = None) -> list[ledger.Total]:
        """What was spent and saved, by day (local) and model; running attempts are not in it."""
        self.shelf.reap()
        return self.shelf.run(lambda c: ledger.totals(c, moment(since) or "", notebook))

    # Out and in

    def export_jsonl(self, path: Path | str) -> Path:
        """One record per line, newest first, with the names ``timestamp``, ``original_image``,
        ``edit_instruction`` and ``result_path`` among its fields.
        """
        return exchange.export_jsonl(self.every(), path_of(path))

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
        return exchange.export_zip(self.every() if records is None else records, path_of(path), notes or {})

    def import_zip(self, path: Path | str) -> int:
        """Take in what somebody exported; returns how many records were new here."""
        return exchange.import_zip(self.shelf, self.log, path_of(path))

    def to_dataframe(self) -> Any:
        """All records as a pandas table, newest first."""
        import pandas

        return pandas.DataFrame([record.to_dict() for record in self.every()])

    def collect_garbage(self, dry_run: bool = False) -> garbage.Freed:
        """Remove stored files no record needs, and say what was freed.

        Files younger than an hour stay: their row may be on the way. While a damaged database lies in
        the folder, or the note that one was missing, all pictures stay: nobody knows which of them it needs.
        """
        self.shelf.database()
        self.shelf.store.sweep()
        for damaged in sorted(self.folder.glob(f"{FILE}.damaged-*")):
            return garbage.Freed(0, 0, dry_run, say("history.kept_damaged", path=damaged))
        return self.shelf.run(lambda c: garbage.collect(c, self.shelf.store, dry_run=dry_run), write=True)

    @contextmanager
    def run_folder(self) -> Iterator[Path]:
        """A folder inside this history for one run over several processes, gone at its end.

        If this process is killed, whoever opens the history next removes it.

        Raises:
            InvalidRequestError: the history's folder can't be written.
        """
        self.shelf.database()  # the folder is known for sure after its first use
        store = self.shelf.store
        try:
            folder = store.begin_run()
        except OSError as reason:
            raise InvalidRequestError(
                say("history.nowhere", reasons=f"{self.folder}: {why(reason)}"),
                hint=say("history.nowhere_hint"),
            ) from None
        try:
            yield folder
        finally:
            store.end_run(folder)


def _set(column: str, value: object) -> Callable[[sqlite3.Connection, int], int]:
    """A change of one column of a record."""
    change = f"UPDATE records SET {column} = ? WHERE id = ?"
    return lambda connection, number: connection.execute(change, (value, number)).rowcount


def _mark(shelf: Shelf, id: str, change: Callable[[sqlite3.Connection, int], int]) -> None:
    """Change a record, found by its words from then on."""
    number, database = shelf.number(id), shelf.database()

    def work(connection: sqlite3.Connection) -> int:
        changed = change(connection, number)
        rows.make_findable(connection, number, indexed=database.indexed)
        return changed

    if not shelf.run(work, write=True):
        raise shelf.no_record(id)


def _oldest_first(shelf: Shelf, query: str, value: object) -> list[Record]:
    """The records whose ids a query gives."""
    found = [
        record
        for each in shelf.both()
        for record in each.records([row["id"] for row in each.rows(query, value)])
    ]
    return sorted(found, key=lambda record: record.id)


def _page(shelf: Shelf, text: str, filters: Mapping[str, Any], last: int, limit: int) -> list[Record]:
    shelf.reap()
    lookup = shelf.lookup(text)
    conditions = " AND ".join((*lookup.conditions, *filters, f"{lookup.number} < ?", rows.LISTED))
    query = (
        f"SELECT {lookup.number} AS id FROM {lookup.source} WHERE {conditions}"
        f" ORDER BY {lookup.number} DESC LIMIT ?"
    )
    found = shelf.rows(query, *lookup.values, *filters.values(), last, limit)
    return shelf.records([row["id"] for row in found])
