"""How a cell reaches the session: looked up, sent from here, or sent by somebody else's executor.

An executor's worker opens the endpoint anew (a pickled one carries no key: it reads its own environment),
claims its ticket, sends, and writes what came by its hash into the history's folder. Reading and writing
SQLite, and the money, stay here with the driver.

An engine may run a lost task again, or one whose finished answer was lost (Dask does both, and its
``allowed-failures`` is about the first alone). The first worker may have paid. So a worker sends only what
it could claim: it creates the ticket's file in the run's folder, which succeeds once. No file, no request,
also where the folder isn't seen: there nobody could know what a lost worker did. By the same file the driver
takes back what still waits in the engine's queue: what it could claim itself was not sent, and will not be.
"""

from __future__ import annotations

import asyncio
import os
import secrets
import threading
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import BrokenExecutor, Executor
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from .. import _worker
from .._client.attempt import Course
from .._client.client import Client
from .._client.endpoint import Endpoint
from .._history.presence import Presence
from .._history.record import Picture
from .._history.store import Store
from .._images.data import ImageData
from .._messages import EditRequest, Order, Take, clean
from .._result import EditResult
from .._session.attempts import GoOn, Job, Perform
from .._strings import say
from .._wire.plan import Plan
from ..errors import APIConnectionError, InvalidRequestError, NanoBananaError
from .cells import Cell

if TYPE_CHECKING:
    from .._session.door import Session


_LOOK: Final = 0.5
"""Seconds between two looks whether a run goes on, while an executor has its edit."""


def look_up(session: Session, cell: Cell, previous: EditResult | None = None) -> EditResult | None:
    """What history holds for this cell; nothing is sent and no replay is counted.

    A server that can't be asked which model it runs leaves nothing to look up; sending says so.
    """
    with suppress(InvalidRequestError):
        return session.peek(order_of(cell, previous).request, cell.take)
    return None


def order_of(cell: Cell, previous: EditResult | None = None) -> Order:
    """The cell as it is asked of a session; a later step edits what the ``previous`` one brought."""
    if previous is None:
        return Order(cell.request(), cell.take, parent=cell.source.parent)
    return Order(cell.request(previous.image), cell.take, parent=previous.record_id)


Asked = Iterable[tuple["Session", Cell, EditResult | None]]
"""Cells, where each is asked, and what the step before it brought."""


def paid_before(cells: Asked) -> dict[int, int]:
    """By a cell's place, how many attempts at it may have been billed without a picture; no 0."""
    return _known_of(cells, lambda session: session.history.log.vain())


def failed_before(cells: Asked) -> list[int]:
    """The places of the cells that were tried, here or elsewhere, and never brought a picture."""

    def tried(session: Session) -> dict[tuple[str, Take], int]:
        count = Counter[tuple[str, Take]]()
        done = set[tuple[str, Take]]()
        for record in session.history.every():
            attempt = record.key, record.take
            count[attempt] += record.status != "running"
            done |= {attempt} if record.status == "done" else set()
        return {attempt: times for attempt, times in count.items() if times and attempt not in done}

    return list(_known_of(cells, tried))


def _known_of(
    cells: Asked, tell: Callable[[Session], Mapping[tuple[str, Take], int]]
) -> dict[int, int]:
    """By a cell's place, what history tells of its request and take."""
    known: Mapping[tuple[str, Take], int] | None = None
    found = {}
    for session, cell, previous in cells:
        known = tell(session) if known is None else known  # one history, whatever the wire
        if not known:
            break
        with suppress(InvalidRequestError):  # as above
            job = Job.of(order_of(cell, previous), session.endpoint)
            if count := known.get((clean(job.key), cell.take)):
                found[cell.index] = count
    return found


async def send(
    session: Session, cell: Cell, previous: EditResult | None, go_on: GoOn, perform: Perform | None = None
) -> EditResult:
    """Make the edit, or replay it; once ``go_on()`` is false nothing more is sent."""
    return await session.asend(order_of(cell, previous), perform=perform, go_on=go_on)


# --- elsewhere -----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Ticket:
    """What a worker needs to make one edit.

    Attributes:
        options: retries, deadline and strictness of the driver's session.
        folder: the history's folder as the driver sees it.
        claim: a file in this run's folder; whoever creates it sends, and nobody else.
    """

    endpoint: Endpoint
    request: EditRequest
    take: int
    options: dict[str, Any]
    folder: Path
    claim: Path


def work(ticket: Ticket) -> EditResult:
    """Make one edit in a worker; its pictures come back as files by hash."""
    with Client(ticket.endpoint, **ticket.options) as client:
        plan = client.plan(ticket.request)
        _claim(ticket.claim)
        result = client.perform(plan, take=ticket.take)
    # A run that is over took its folder along; then nobody waits for files either.
    images = _stored(result.images, ticket.folder) if ticket.claim.exists() else result.images
    return result.changed(images=images, request=replace(ticket.request, images=()), plan=None)


def _create(path: Path) -> None:
    os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))


def _claim(path: Path) -> None:
    try:
        _create(path)
    except FileExistsError:
        raise APIConnectionError(say("compare.claimed"), may_be_billed=True, attempts=1) from None
    except OSError as reason:
        folder, why = path.parent.parent, reason.strerror or reason
        raise NotSharedError(
            say("compare.not_shared", folder=folder, reason=why), hint=say("compare.not_shared_hint")
        ) from None


def _stored(images: tuple[ImageData, ...], folder: Path) -> tuple[ImageData, ...]:
    presence = Presence(folder)
    store = Store(folder, presence)
    try:
        for image in images:
            store.put(image)
    finally:
        presence.leave()
    return tuple(store.load(Picture.of(image)) for image in images)


class Handed:
    """A ticket that was handed out. Asked whether a worker took it, this takes it back if none did.

    Attributes:
        back: it was taken back: nobody has sent it, and nobody will.
    """

    def __init__(self, claim: Path) -> None:
        self._claim, self.back = claim, False
        self._lock = threading.Lock()

    def taken(self) -> bool:
        """Whether a worker may send it, or has; never, once this was False."""
        with self._lock, suppress(OSError):  # a worker was first; or the folder is gone, and nobody knows
            if not self.back:
                _create(self._claim)
                self.back = True
        return not self.back


@dataclass(frozen=True, slots=True)
class Workers:
    """Somebody's executor during one run.

    Attributes:
        folder: the run's own, where its workers claim.
        handed: the tickets that were handed out and not answered yet.
    """

    executor: Executor
    folder: Path
    handed: set[Handed] = field(default_factory=set)

    def call_back(self) -> None:
        """Take back what no worker has begun."""
        for one in tuple(self.handed):
            one.taken()

    async def send(
        self, session: Session, cell: Cell, previous: EditResult | None, go_on: GoOn
    ) -> EditResult:
        """Have a worker make the edit, or replay it; looking up, writing down and paying stay here."""

        async def perform(endpoint: Endpoint, plan: Plan, take: int, course: Course) -> EditResult:
            claim = self.folder / secrets.token_hex(16)  # an attempt's own: asking again may send again
            home, handed = session.history.folder.absolute(), Handed(claim)
            ticket = Ticket(endpoint, plan.asked, take, dict(session.options), home, claim)
            await course.begin(handed.taken)
            self.handed.add(handed)
            try:
                if not go_on() and not handed.taken():  # stopped before those who stop could see it
                    raise asyncio.CancelledError
                done = await _done(self.executor, ticket, handed, go_on)
            finally:
                self.handed.discard(handed)
            return done.changed(request=plan.asked, plan=plan)

        return await send(session, cell, previous, go_on, perform)


async def _done(executor: Executor, ticket: Ticket, handed: Handed, go_on: GoOn) -> EditResult:
    try:
        future = executor.submit(work, ticket)
    except (BrokenExecutor, RuntimeError) as reason:  # RuntimeError: it was shut down
        raise ExecutorGoneError(say("compare.executor_gone", reason=reason)) from None
    answer = asyncio.wrap_future(future)
    try:
        while not answer.done():
            await asyncio.wait([answer], timeout=_LOOK)
            if not (go_on() or answer.done()):
                await _worker.in_thread(handed.taken)
            if handed.back:  # whatever a worker says that found it taken
                raise asyncio.CancelledError
    except asyncio.CancelledError:
        answer.cancel()  # an engine need not begin what nobody waits for
        raise
    # One executor's word for a dead worker is BrokenProcessPool, another's KilledWorker: what is not our
    # own error, whatever it is, means that the edit may have been made and nobody will tell us.
    try:
        return answer.result()
    except NanoBananaError:
        raise
    except asyncio.CancelledError as reason:
        raise ExecutorGoneError(say("compare.executor_gone", reason=type(reason).__name__)) from None
    except Exception as reason:
        why = f"{type(reason).__name__}: {reason}".rstrip(": ")
        lost = say("compare.worker_died", reason=why)
        raise APIConnectionError(lost, may_be_billed=True, attempts=1) from reason


class ExecutorGoneError(APIConnectionError):
    """The executor takes no more jobs; nothing was sent."""


class NotSharedError(APIConnectionError):
    """The worker doesn't share the history's folder, where it would claim its ticket; nothing was sent."""

    _retryable = False
