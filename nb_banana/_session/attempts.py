"""One order from look-up to record: replay it, else plan it, note it, send it, note how it ended.

Rules of this file:

* What history holds is free: a real record answers first, the sandbox's only a sandbox session.
* Nothing is sent that could pass the budget, nor before its beginning is written down.
* A failure, a Ctrl-C and a cancelled task leave one honest record each: the end is armed before the
  beginning is written.
* Disk work is done beside the loop, so that other edits and their progress go on.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import partial
from typing import TYPE_CHECKING, Final, Literal

from .. import _worker
from .._asking import resolved
from .._catalog.cost import Cost
from .._catalog.prices import price as price_of
from .._client.endpoint import Endpoint
from .._history.book import History
from .._history.identity import asked_by
from .._history.record import Ending, Record
from .._images.data import ImageData
from .._messages import EditRequest, Order, Turn
from .._result import EditResult
from .._wire.plan import Plan
from ..errors import NanoBananaError
from .identity import answers, from_anywhere, keys_of
from .purse import Purse

if TYPE_CHECKING:
    from .._client.aclient import AsyncClient

Perform = Callable[[Endpoint, Plan, int], Awaitable[EditResult]]
GoOn = Callable[[], bool]
Billing = Literal["paid", "blocked_paid", "maybe_paid", "free"]
_FREE: Final = Cost(Decimal(0))
_REFUSED: Final = frozenset({"safety", "recitation", "no_image"})


@dataclass(frozen=True, slots=True)
class Job:
    """An order at one endpoint, ready to be looked up or sent.

    ``core`` names the request whoever answers it, ``key`` the request at this endpoint.
    """

    order: Order
    endpoint: Endpoint
    core: str
    key: str

    @classmethod
    def of(cls, order: Order, endpoint: Endpoint) -> Job:
        """The order as ``endpoint`` would be asked; its inputs are read and hashed here."""
        request = resolved(order.request)
        if request is not order.request:
            order = replace(order, request=request)
        return cls(order, endpoint, *keys_of(request, endpoint))


@dataclass(frozen=True, slots=True)
class Books:
    """Where an edit is written down, what it is paid from, and who is told."""

    history: History
    purse: Purse
    notebook: str
    tell_once: Callable[[str], None]


# --- what history holds --------------------------------------------------------------------------


def find(history: History, job: Job) -> Record | None:
    """The record that answers a job, or None."""
    take, endpoint = job.order.take, job.endpoint
    fits = partial(answers, asked=job.order.request, take=take, endpoint=endpoint)
    if from_anywhere(endpoint):
        # A reader without a key sees the author's real pictures first, from whichever provider.
        return history.find(job.core, take, sandbox=None, prefix=True, fits=fits)
    return history.find(job.key, take, sandbox=None if endpoint.takes_header else False, fits=fits)


def replay(history: History, job: Job, client: AsyncClient) -> EditResult | None:
    """What history holds for this take, as a result; counted as a replay."""
    record = None if job.order.fresh else find(history, job)
    if record is None:
        return None
    history.replayed(record.id)
    return from_record(record, job, client)


def from_record(record: Record, job: Job, client: AsyncClient) -> EditResult:
    """A record as the answer to a job."""
    result = result_of(record, job.order.request)
    return replace(result, plan=partial(client.plan_of, result.request))


def result_of(record: Record, request: EditRequest | None = None) -> EditResult:
    """The result a record holds, marked as replayed; pictures are read when they are looked at."""
    request = request or asked_by(record)
    given = request.images or (None,) * len(record.inputs)
    return EditResult(
        images=record.images,
        request=request.holding(_stored(record.input_images, given)),
        text=record.text,
        usage=record.usage,
        cost=record.cost or Cost(Decimal(0) if record.sandbox else None, certain=record.sandbox),
        elapsed=record.elapsed or 0.0,
        model=record.model_answered or record.model_sent,
        finish_reason=record.finish_reason,
        response_id=record.response_id,
        request_id=record.request_id,
        warnings=record.warnings,
        replayed=True,
        sandbox=record.sandbox,
        take=record.take,
        attempts=record.attempts,
        record_id=record.id,
        model_turn=partial(record.shelf.turn, record.id),
    )


# --- one attempt ---------------------------------------------------------------------------------


async def make(
    books: Books, job: Job, client: AsyncClient, perform: Perform | None, go_on: GoOn
) -> EditResult:
    """Replay the order, or make it.

    Raises:
        NanoBananaError: it failed; that is in the history too.
    """
    if found := await _worker.in_thread(replay, books.history, job, client):
        return found
    plan = await client.plan(job.order.request)
    if not go_on():
        raise asyncio.CancelledError
    job.endpoint.check_key()
    price = _reserve(books.purse, plan)
    id, started = await _begin(books, job, plan, price), time.monotonic()
    try:
        if perform:
            result = await perform(job.endpoint, plan, job.order.take)
        else:
            result = await client.perform(plan, take=job.order.take, go_on=go_on)
    except NanoBananaError as error:
        await _worker.in_thread(_end_failed, books, id, plan, price, error, time.monotonic() - started)
        raise
    except BaseException:
        # Ctrl-C or a cancelled task: the provider may be at work and may bill.
        _end_interrupted(books, id, plan, price, time.monotonic() - started)
        raise
    return await _worker.in_thread(_end_done, books, id, job, price, result, client)


async def _begin(books: Books, job: Job, plan: Plan, price: Cost) -> str:
    """Note that an attempt begins; a cancel that comes meanwhile ends it once it is noted."""
    noting = asyncio.ensure_future(_worker.in_thread(_note, books, job, plan, price))
    try:
        return await asyncio.shield(noting)
    except asyncio.CancelledError:
        await asyncio.wait([noting])
        if not noting.cancelled() and noting.exception() is None:
            _end_interrupted(books, noting.result(), plan, price, 0.0)
        raise


def _note(books: Books, job: Job, plan: Plan, price: Cost) -> str:
    try:
        return books.history.begin(job.order, plan, key=job.key, expected=price, notebook=books.notebook)
    except BaseException:
        books.purse.settle(price, _FREE)
        raise
    finally:
        books.tell_once(books.history.notice)


def _reserve(purse: Purse, plan: Plan) -> Cost:
    """The price of an edit, set aside if the budget allows it.

    Raises:
        BudgetError: it could pass the budget, or nobody knows the price; nothing was sent.
    """
    price = price_of(plan.model, plan.asked.image_size, plan.provider)
    if plan.provider.name != "sandbox":
        purse.reserve(price, plan.model)
    return price


def _end_done(
    books: Books, id: str, job: Job, price: Cost, result: EditResult, client: AsyncClient
) -> EditResult:
    cost = result.cost if result.cost.amount is not None else price
    books.purse.settle(price, cost)
    turn = result.model_turn if isinstance(result.model_turn, Turn) else None
    ending = Ending(
        status="done", billing="free" if result.sandbox else "paid", sandbox=result.sandbox,
        elapsed=result.elapsed, text=result.text, usage=result.usage, cost=cost,
        model_answered=result.model, response_id=result.response_id, request_id=result.request_id,
        finish_reason=result.finish_reason, warnings=result.warnings, attempts=result.attempts,
    )  # fmt: skip
    record = books.history.end(id, ending, result.images, turn)
    request = job.order.request
    warnings = (*result.warnings, *record.problems)
    ended = replace(result, cost=cost, record_id=id, warnings=warnings, request=request)
    if record.problems:
        return ended
    # From here on the pictures lie in the history; a batch of results need not hold them in memory.
    stored = request.holding(_stored(record.input_images, request.images))
    return replace(
        ended,
        images=_with_paths(result.images, record),
        request=stored,
        plan=partial(client.plan_of, stored),
        model_turn=partial(record.shelf.turn, id) if turn else None,
    )


def _end_failed(
    books: Books, id: str, plan: Plan, price: Cost, error: NanoBananaError, elapsed: float
) -> None:
    refused, sandbox = error.category in _REFUSED, plan.provider.name == "sandbox"
    paid = error.may_be_billed and not sandbox
    billing: Billing = ("blocked_paid" if refused else "maybe_paid") if paid else "free"
    books.purse.settle(price, price if paid else _FREE)
    ending = Ending(
        status="refused" if refused else "failed", billing=billing, sandbox=sandbox, elapsed=elapsed,
        cost=price if paid else None, text=error.text, request_id=error.request_id,
        finish_reason=error.finish_reason, error_category=error.category, error_message=error.message,
        attempts=error.attempts,
    )  # fmt: skip
    books.history.end(id, ending)


def _end_interrupted(books: Books, id: str, plan: Plan, price: Cost, elapsed: float) -> None:
    sandbox = plan.provider.name == "sandbox"
    cost = _FREE if sandbox else price
    books.purse.settle(price, cost)
    billing: Billing = "free" if sandbox else "maybe_paid"
    ending = Ending(
        status="interrupted", billing=billing, sandbox=sandbox, cost=cost, elapsed=elapsed, attempts=1
    )
    books.history.end(id, ending)


# --- pictures as the history keeps them ----------------------------------------------------------


def _stored(
    kept: tuple[ImageData, ...], given: Sequence[ImageData | None]
) -> tuple[ImageData, ...]:
    """The inputs as the history keeps them, named as they were given."""
    return tuple(
        image.but(source=one.source) if one else image for image, one in zip(kept, given, strict=True)
    )


def _with_paths(images: tuple[ImageData, ...], record: Record) -> tuple[ImageData, ...]:
    """The pictures as they lie in the history, so that code and links can name their files."""
    stored = {image.sha256: image for image in record.images}
    return tuple(stored.get(image.sha256, image) for image in images)
