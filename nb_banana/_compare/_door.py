"""How a cell reaches the session: looked up, sent from here, or sent by somebody else's executor.

An executor's worker opens the endpoint anew (a pickled one carries no key: it reads its own environment),
sends, and writes what came by its hash into the history's folder if it sees that folder. Reading and
writing SQLite, and the money, stay here with the driver.
"""

from __future__ import annotations

import asyncio
from concurrent.futures import BrokenExecutor, Executor
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

from .. import _worker
from .._client import Client, Endpoint
from .._history.presence import Presence
from .._history.record import Picture
from .._history.store import Store
from .._images import ImageData
from .._messages import EditRequest
from .._result import EditResult
from .._session import Session
from .._strings import say
from .._wire import Plan
from ..errors import APIConnectionError
from ._plan import Cell


def look_up(session: Session, cell: Cell) -> EditResult | None:
    """What history holds for this cell; nothing is sent and no replay is counted."""
    request = cell.request()
    record = session._find(session._jobs(request, cell.take, 1, False, None, "refeed")[0])
    return None if record is None else session.result_of(record, request=request)


async def send(session: Session, cell: Cell) -> EditResult:
    """Make the edit from here, or replay it."""
    request = cell.request()
    return await session.aedit(
        request.images, request.prompt, model=request.model, aspect_ratio=request.aspect_ratio,
        image_size=request.image_size, take=cell.take, parent=cell.source.parent,
    )  # fmt: skip


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
    """Have a worker make the edit, or replay it; the history is written here."""
    request = cell.request()
    job = session._jobs(request, cell.take, 1, False, cell.source.parent, "refeed")[0]
    if found := await _worker.in_thread(session._replay, job):
        return found
    client = session._clients_of(job.endpoint)[0]
    plan = await _worker.in_thread(client.plan, request)
    ticket = Ticket(job.endpoint, request, cell.take, session._options, session.history.folder, marker)
    opened = session._attempt(job, plan)
    entering = asyncio.ensure_future(_worker.in_thread(opened.__enter__))
    try:
        attempt = await asyncio.shield(entering)
        done = await _done(executor, ticket)
        attempt.result = replace(done, request=request, plan=partial(_planned, client, cell))
    except BaseException as error:
        # A cancel that came while the attempt was being noted must still end it.
        await asyncio.wait([entering])
        if not entering.cancelled() and entering.exception() is None:
            opened.__exit__(type(error), error, error.__traceback__)
        raise
    await _worker.in_thread(opened.__exit__, None, None, None)
    return attempt.result


def _planned(client: Client, cell: Cell) -> Plan:
    """The plan again, for the code of a result; held until then it would hold the input's bytes."""
    return client.plan(cell.request())


async def _done(executor: Executor, ticket: Ticket) -> EditResult:
    try:
        future = executor.submit(work, ticket)
    except (BrokenExecutor, RuntimeError) as reason:  # RuntimeError: it was shut down
        raise ExecutorGoneError(say("compare.executor_gone", reason=reason)) from None
    try:
        return await asyncio.wrap_future(future)
    except BrokenExecutor as reason:
        lost = say("compare.worker_died", reason=reason or type(reason).__name__)
        raise APIConnectionError(lost, may_be_billed=True, attempts=1) from None


class ExecutorGoneError(APIConnectionError):
    """The executor takes no more jobs; nothing was sent."""
