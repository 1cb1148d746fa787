"""How a cell reaches the session: looked up, sent from here, or sent by somebody else's executor.

An executor's worker opens the endpoint anew (a pickled one carries no key: it reads its own environment),
sends, and writes what came by its hash into the history's folder if it sees that folder. Reading and
writing SQLite, and the money, stay here with the driver.
"""

from __future__ import annotations

import asyncio
from concurrent.futures import BrokenExecutor, Executor
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from .._client import Client, Endpoint
from .._history.presence import Presence
from .._history.record import Picture
from .._history.store import Store
from .._images import ImageData
from .._messages import EditRequest, Order
from .._result import EditResult
from .._session import Perform, Session
from .._strings import say
from .._wire import Plan
from ..errors import APIConnectionError, NanoBananaError
from ._plan import Cell


def look_up(session: Session, cell: Cell) -> EditResult | None:
    """What history holds for this cell; nothing is sent and no replay is counted."""
    return session.peek(cell.request(), cell.take)


async def send(session: Session, cell: Cell, perform: Perform | None = None) -> EditResult:
    """Make the edit, or replay it."""
    order = Order(cell.request(), cell.take, parent=cell.source.parent)
    return await session.asend(order, perform=perform)


# --- elsewhere -----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Ticket:
    """What a worker needs to make one edit.

    Attributes:
        options: retries, deadline and strictness of the driver's session.
        folder: the history's folder as the driver sees it.
        marker: a file the driver put there for this run; who sees it shares the folder.
    """

    endpoint: Endpoint
    request: EditRequest
    take: int
    options: dict[str, Any]
    folder: Path
    marker: Path


def work(ticket: Ticket) -> EditResult:
    """Make one edit in a worker; pictures come back as files by hash where the folder is shared."""
    with Client(ticket.endpoint, **ticket.options) as client:
        result = client.perform(client.plan(ticket.request), take=ticket.take)
    images = _stored(result.images, ticket.folder) if ticket.marker.exists() else result.images
    return replace(result, images=images, request=replace(ticket.request, images=()), plan=None)


def _stored(images: tuple[ImageData, ...], folder: Path) -> tuple[ImageData, ...]:
    presence = Presence(folder)
    store = Store(folder, presence)
    try:
        for image in images:
            store.put(image)
    finally:
        presence.leave()
    return tuple(store.load(Picture.of(image)) for image in images)


async def send_by(executor: Executor, marker: Path, session: Session, cell: Cell) -> EditResult:
    """Have a worker make the edit, or replay it; looking up, writing down and paying stay here."""

    async def perform(plan: Plan, take: int) -> EditResult:
        ticket = Ticket(
            session.endpoint, plan.asked, take, dict(session.options), session.history.folder, marker
        )
        return replace(await _done(executor, ticket), request=plan.asked, plan=plan)

    return await send(session, cell, perform)


async def _done(executor: Executor, ticket: Ticket) -> EditResult:
    try:
        future = executor.submit(work, ticket)
    except (BrokenExecutor, RuntimeError) as reason:  # RuntimeError: it was shut down
        raise ExecutorGoneError(say("compare.executor_gone", reason=reason)) from None
    # One executor's word for a dead worker is BrokenProcessPool, another's KilledWorker: what is not our
    # own error, whatever it is, means that the edit may have been made and nobody will tell us.
    task = asyncio.current_task()
    try:
        return await asyncio.wrap_future(future)
    except NanoBananaError:
        raise
    except asyncio.CancelledError as reason:
        if task is None or task.cancelling():
            raise
        raise ExecutorGoneError(say("compare.executor_gone", reason=type(reason).__name__)) from None
    except Exception as reason:
        why = f"{type(reason).__name__}: {reason}".rstrip(": ")
        lost = say("compare.worker_died", reason=why)
        raise APIConnectionError(lost, may_be_billed=True, attempts=1) from reason


class ExecutorGoneError(APIConnectionError):
    """The executor takes no more jobs; nothing was sent."""
