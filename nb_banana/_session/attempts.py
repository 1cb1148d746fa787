"""One order from look-up to record: replay it, else plan it, note it, send it, note how it ended.

Rules of this file:

* What history holds is free: a real record answers first, the sandbox's only a sandbox session.
* Nothing is sent that could pass the budget, nor before its beginning is written down.
* The same request at the same moment is sent once: the second waits for the first and gets a replay.
* A failure, a Ctrl-C and a cancelled task leave one honest record each: the end is armed before the
  beginning is written.
* Disk work is done beside the loop, so that other edits and their progress go on.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import partial
from typing import TYPE_CHECKING, Final, Literal

from .. import _worker
from .._asking import resolved
from .._catalog.cost import Cost
from .._catalog.prices import price as price_of
from .._client.endpoint import Endpoint
from .._fetch.trust import untold
from .._history import links
from .._history.book import History
from .._history.claims import Begun, OverBudget, Terms, UnderWay
from .._history.identity import asked_by
from .._history.record import Ending, Record
from .._images.data import ImageData
from .._messages import EditRequest, Order, Turn
from .._result import EditResult
from .._strings import say
from .._wire.plan import Plan
from ..errors import BY_CATEGORY, APITimeoutError, NanoBananaError
from .identity import answers, from_anywhere, keys_of
from .purse import Purse

if TYPE_CHECKING:
    from .._client.aclient import AsyncClient

Perform = Callable[[Endpoint, Plan, int], Awaitable[EditResult]]
GoOn = Callable[[], bool]
Billing = Literal["paid", "blocked_paid", "maybe_paid", "free"]
_FREE: Final = Cost(Decimal(0))
_REFUSED: Final = frozenset({"safety", "recitation", "no_image"})
_GRACE: Final = 30.0
"""Seconds beyond its deadline that another attempt at the same request gets to be filed."""
_LOOK: Final = (0.02, 0.25)
"""Seconds between two looks at it: at first, and at last."""


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
    if take == "next":
        return None
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


@dataclass(frozen=True, slots=True)
class Attempt:
    """What the end of an attempt needs, known before its beginning is written: ``begun``."""

    books: Books
    job: Job
    plan: Plan
    price: Cost
    begun: Future[Begun] = field(default_factory=Future)

    @property
    def sandbox(self) -> bool:
        """Whether the built-in stand-in makes it."""
        return self.plan.provider.name == "sandbox"

    def begin(self, seen: int | None) -> Begun | UnderWay:
        """Note that it begins, unless the same request is under way.

        Raises:
            BudgetError: it could pass the budget; nothing was sent.
        """
        books, order = self.books, self.job.order
        terms = Terms(seen, order.take == "next", None if self.sandbox else books.purse.limit)
        try:
            found = books.history.log.claim(
                order, self.plan, terms, key=self.job.key, expected=self.price, notebook=books.notebook
            )
        finally:
            books.tell_once(books.history.notice)
        if isinstance(found, OverBudget):
            raise books.purse.over(self.price, found)
        if isinstance(found, Begun):
            self.begun.set_result(found)
            books.tell_once(books.purse.joined(found.since))
        return found

    def failed(self, error: NanoBananaError, elapsed: float) -> None:
        """Note that it failed, and whether it may be billed all the same."""
        refused = error.category in _REFUSED
        paid = error.may_be_billed and not self.sandbox
        billing: Billing = ("blocked_paid" if refused else "maybe_paid") if paid else "free"
        self._end(Ending(
            status="refused" if refused else "failed", billing=billing, sandbox=self.sandbox, elapsed=elapsed,
            cost=self.price if paid else None, text=error.text, request_id=error.request_id,
            finish_reason=error.finish_reason, error_category=error.category, error_message=error.message,
            attempts=error.attempts,
        ))  # fmt: skip
        if error.links:
            links.keep(self.books.history.shelf, self.begun.result().id, error.links)

    def cut(self, began: float, _: object = None) -> None:
        """Ctrl-C or a cancelled task: the provider may be at work and may bill."""
        self._end(Ending(
            status="interrupted", billing="free" if self.sandbox else "maybe_paid", sandbox=self.sandbox,
            cost=_FREE if self.sandbox else self.price, elapsed=time.monotonic() - began, attempts=1,
        ))  # fmt: skip

    def _end(self, ending: Ending) -> None:
        self.books.purse.settle(ending.cost or _FREE)
        self.books.history.end(self.begun.result().id, ending)


async def make(
    books: Books, job: Job, client: AsyncClient, perform: Perform | None, go_on: GoOn
) -> EditResult:
    """Replay the order, or make it.

    Raises:
        NanoBananaError: it failed; that is in the history too.
    """
    seen, found = await _worker.in_thread(_look, books.history, job, client)
    if found:
        return found
    plan = await client.plan(job.order.request)
    if found := await _fetched_late(books.history, job, plan, client):
        return found
    job.endpoint.check_key()
    attempt, began = Attempt(books, job, plan, _price(books.purse, plan)), time.monotonic()
    try:
        while True:
            if not go_on():
                raise asyncio.CancelledError
            started = await _worker.to_the_end(attempt.begin, seen)
            if isinstance(started, Begun):
                break
            await _other(books.history, started, plan, go_on)
            seen, found = await _worker.in_thread(_look, books.history, job, client)
            if found:
                return found
        began = time.monotonic()
        try:
            if perform:
                result = await perform(job.endpoint, plan, started.take)
            else:
                result = await client.perform(plan, take=started.take, go_on=go_on)
        finally:
            for note in untold():
                books.tell_once(note)
    except NanoBananaError as error:
        if attempt.begun.done():
            await _worker.to_the_end(attempt.failed, error, time.monotonic() - began)
        raise
    except BaseException:
        # At once, or by the thread that is just writing its beginning.
        attempt.begun.add_done_callback(partial(attempt.cut, began))
        raise
    return await _worker.to_the_end(_end_done, attempt, replace(result, take=started.take), client)


def _look(history: History, job: Job, client: AsyncClient) -> tuple[int | None, EditResult | None]:
    """How many answers there are, and the one that fits; what is sent in any case looks at none."""
    if job.order.fresh or job.order.take == "next":
        return None, None
    seen = history.log.answers(job.key, job.order.take)  # first: one that comes meanwhile must be noticed
    return seen, replay(history, job, client)


async def _fetched_late(
    history: History, job: Job, plan: Plan, client: AsyncClient
) -> EditResult | None:
    """The pictures that were paid for before and could not be fetched then; their record is completed."""
    if job.order.fresh or job.order.take == "next":
        return None
    left = await _worker.in_thread(links.left, history.shelf, job.key, job.order.take)
    if left is None:
        return None
    id, urls = left
    images = await client.collect(plan, urls)
    return await _worker.to_the_end(_complete, history, job, client, id, images) if images else None


def _complete(
    history: History, job: Job, client: AsyncClient, id: str, images: tuple[ImageData, ...]
) -> EditResult:
    record = history.record(id)
    ending = Ending(
        status="done", billing="free" if record.sandbox else "paid", sandbox=record.sandbox,
        elapsed=record.elapsed, text=record.text, cost=record.cost, request_id=record.request_id,
        finish_reason=record.finish_reason, attempts=record.attempts,
    )  # fmt: skip
    return from_record(history.end(id, ending, images), job, client)


async def _other(history: History, other: UnderWay, plan: Plan, go_on: GoOn) -> None:
    """Wait for the end of the same request elsewhere. One that was interrupted, or is free, is no obstacle.

    Raises:
        NanoBananaError: it failed and may be billed; or it takes longer than an edit may.
    """
    began, (pause, longest) = time.monotonic(), _LOOK
    while other.id:
        record = await _worker.in_thread(history.log.ended, other.id)
        if record is not None:
            if record.error_category and record.billing != "free":
                raise _same(record)
            return
        if not go_on():
            raise asyncio.CancelledError
        if (waited := time.monotonic() - began) > plan.deadline + _GRACE:
            sentence = say("session.same_under_way", seconds=round(waited))
            raise APITimeoutError(sentence, hint=say("session.same_under_way_hint"))
        await asyncio.sleep(pause)
        pause = min(2 * pause, longest)


def _same(record: Record) -> NanoBananaError:
    """The error a record ended with, for whoever waited for it."""
    kind = BY_CATEGORY.get(record.error_category or "", NanoBananaError)
    return kind(
        record.error_message, hint=say("session.same_failed_hint"), may_be_billed=True,
        attempts=record.attempts, request_id=record.request_id, finish_reason=record.finish_reason,
        text=record.text,
    )  # fmt: skip


def _price(purse: Purse, plan: Plan) -> Cost:
    """What an edit is expected to cost.

    Raises:
        BudgetError: there is a budget and nobody knows the price; nothing was sent.
    """
    price = price_of(plan.model, plan.asked.image_size, plan.provider)
    if plan.provider.name != "sandbox":
        purse.check(price, plan.model)
    return price


def _end_done(attempt: Attempt, result: EditResult, client: AsyncClient) -> EditResult:
    books, id = attempt.books, attempt.begun.result().id
    cost = result.cost if result.cost.amount is not None else attempt.price
    books.purse.settle(cost)
    turn = result.model_turn if isinstance(result.model_turn, Turn) else None
    ending = Ending(
        status="done", billing="free" if result.sandbox else "paid", sandbox=result.sandbox,
        elapsed=result.elapsed, text=result.text, usage=result.usage, cost=cost,
        model_answered=result.model, response_id=result.response_id, request_id=result.request_id,
        finish_reason=result.finish_reason, warnings=result.warnings, attempts=result.attempts,
    )  # fmt: skip
    record = books.history.end(id, ending, result.images, turn)
    request = attempt.job.order.request
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
