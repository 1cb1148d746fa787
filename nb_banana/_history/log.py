"""Attempts on their way into the file: begun before anything is sent, ended however they end.

Rules of this file:

* An attempt that begins is written down at once; a process that dies leaves it to be reaped.
* Storage trouble at the end is told in the record and kept for the next write, never raised: the picture
  is paid for.
"""

from __future__ import annotations

import json
import secrets
import sqlite3
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING

from .._catalog.cost import Cost
from .._fetch.urls import kept_url
from .._images.data import ImageData
from .._messages import EditRequest, Order, Take, Turn, Usage, clean
from .._strings import say
from ..errors import InvalidImageError, InvalidRequestError, NanoBananaError
from . import claims, rows
from .claims import Begun, OverBudget, Terms, UnderWay
from .judgements import Judged
from .record import Beginning, Ending, Record, from_row, instant, newer, next_number, number_to_id, to_row
from .rows import Entry
from .shelf import Shelf, why

if TYPE_CHECKING:
    from .._wire.plan import Plan


class Log:
    """What one process writes on a shelf."""

    def __init__(self, shelf: Shelf) -> None:
        self._shelf = shelf
        self._running: dict[int, Entry] = {}
        self._unsaved: dict[int, Entry] = {}
        self._counting, self._last = threading.Lock(), 0

    def claim(
        self, order: Order, plan: Plan, terms: Terms, *, key: str, expected: Cost | None, notebook: str,
        judged: Judged | None = None,
    ) -> Begun | UnderWay | OverBudget:
        """Note that an attempt begins, if the terms allow it.

        ``expected`` is the price to assume should this process die before :meth:`end`; ``judged`` is what a
        question to a judge is about: the pictures it shows are not stored for it.

        Raises:
            InvalidRequestError: no folder can be written, or the file is a newer release's; or a budget is to
                be kept, and the file that knows what was spent can't be used.
        """
        facts = Beginning.of(order, plan, key=key, notebook=notebook)
        sandbox = plan.provider.name == "sandbox"
        self._shelf.database()
        # What to assume should this process die before the end.
        supposed = Ending(
            status="running", billing="free" if sandbox else "maybe_paid", sandbox=sandbox,
            cost=None if sandbox else expected,
        )  # fmt: skip
        started = {"owner": "", "started": instant(datetime.now(UTC)), "lost": 0}
        row = rows.bindable(to_row(facts) | to_row(supposed) | started)
        images = {} if judged else _pictures(order.request)
        entry = Entry(row, clean(_request(plan, order)), images=images, judged=judged)
        verdict: list[UnderWay | OverBudget | str] = []
        vain = 0

        def allowed(connection: sqlite3.Connection) -> bool:
            nonlocal vain
            verdict[:] = [claims.judge(connection, entry.row, terms)]
            vain = claims.vain(connection, entry.row)
            return isinstance(verdict[0], str)

        problems = self._keep(entry, allowed)
        if verdict and not isinstance(verdict[0], str):
            return verdict[0]
        if terms.limit and not verdict:
            self._unsaved.pop(entry.number, None)
            raise InvalidRequestError("\n".join(problems), hint=say("history.unusable_hint"))
        self._running[entry.number] = entry
        return Begun(number_to_id(entry.number), entry.row["take"], str(*verdict), vain)

    def answers(self, key: str, take: int) -> int:
        """How many attempts at this request and take succeeded here, whether or not they fit."""
        return self._shelf.run(lambda c: claims.count_answers(c, clean(key), take))

    def vain(self) -> dict[tuple[str, Take], int]:
        """How many attempts at each request and take may have been billed and brought no picture, also those
        of processes that died.
        """
        self._shelf.reap()
        return self._shelf.run(claims.all_vain)

    def last_take(self, key: str) -> int:
        """The last take of this request that was made or is under way; 0 before the first."""
        self._shelf.reap()
        found = partial(claims.last_take, key=clean(key))
        return max(shelf.run(found) for shelf in self._shelf.both())

    def ended(self, id: str) -> Record | None:
        """How an attempt ended, also that of a process that died; None while it is under way."""
        self._shelf.reap()
        record = self._shelf.record(id)
        return None if record.status == "running" else record

    def end(
        self, id: str, ending: Ending, outputs: Sequence[ImageData] = (), turn: Turn | None = None
    ) -> Record:
        """Note how an attempt ended."""
        number = self._shelf.number(id)
        entry = self._running.pop(number, None) or self._begun_elsewhere(number)
        entry.images["output"] = list(outputs)
        entry.request = _counted(entry.request, ending.usage)
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

        def work(connection: sqlite3.Connection) -> None:
            own = rows.money_of_deleted(connection, entry.number)
            entry.row |= own
            rows.write(connection, entry, indexed=database.indexed)
            if not own:
                connection.execute("INSERT OR IGNORE INTO imported VALUES (?)", (entry.number,))

        self._shelf.run(work, write=True)

    def _keep(
        self, entry: Entry, allowed: Callable[[sqlite3.Connection], bool] = bool
    ) -> tuple[str, ...]:
        """Store an entry's pictures, then its row (a new one if ``allowed``) and any row that waits."""
        new = "id" not in entry.row
        if not new:
            self._unsaved[entry.number] = entry  # from here on an interrupt loses nothing
        problems = self._keep_pictures(entry)
        database = self._shelf.database()
        waiting = [each for each in list(self._unsaved.values()) if each is not entry]

        def work(connection: sqlite3.Connection) -> None:
            for each in waiting:
                rows.write(connection, each, indexed=database.indexed)
            if new and not allowed(connection):
                return
            if new:
                entry.row["id"] = self._next_number(connection)
            rows.write(connection, entry, indexed=database.indexed)

        try:
            running = entry.row["status"] == "running"
            entry.row["owner"] = self._shelf.presence.announce() if running else ""
            database.run(work, write=True)
        except (OSError, sqlite3.Error, NanoBananaError) as reason:
            if new:
                entry.row["id"] = self._next_number(None)
            self._unsaved[entry.number] = entry
            return (*problems, say("history.not_recorded", path=database.path, reason=why(reason)))
        for each in waiting:
            self._unsaved.pop(each.number, None)
        if "id" not in entry.row:
            return problems
        self._unsaved.pop(entry.number, None)
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
                except (OSError, InvalidImageError) as reason:
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
            return Entry(dict(row), record.request, inputs=record.inputs)
        raise self._shelf.no_record(number_to_id(number))


def _pictures(asked: EditRequest) -> dict[str, list[ImageData]]:
    """The pictures of a request by role; a release that knows no mask leaves it alone."""
    mask = [asked.mask] if isinstance(asked.mask, ImageData) else []
    return {"input": list(asked.images), **({"mask": mask} if mask else {})}


def _counted(request: str, usage: Usage | None) -> str:
    """The request with what the column of usage has no place for, which every release reads."""
    if usage is None or (usage.input_text_tokens is None and usage.input_image_tokens is None):
        return request
    sent = {"input_text_tokens": usage.input_text_tokens, "input_image_tokens": usage.input_image_tokens}
    return json.dumps({**json.loads(request), "usage": sent}, ensure_ascii=False)


def _request(plan: Plan, order: Order) -> str:
    """The request without pixels, for the record."""
    asked = plan.asked
    urls = [kept_url(image.source) for image in order.request.images]
    facts = {
        "url": plan.url,
        "model": plan.model,
        "prompt": asked.prompt,
        "aspect_ratio": asked.aspect_ratio,
        "image_size": asked.image_size,
        "images": [image.sha256 for image in plan.images],
        "turns": len(asked.turns),
        **({"urls": urls} if any(urls) else {}),
        **newer(asked),
        **({"sent_with": plan.always} if plan.always else {}),
    }
    return json.dumps(facts, ensure_ascii=False)
