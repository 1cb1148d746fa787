"""One order from look-up to record: replay it, else plan it, note it, send it, note how it ended.

Rules of this file:

* What history holds is free: a real record answers first, the sandbox's only a sandbox session. It holds
  what it can show: a record whose pictures are gone or changed answers nothing, and that is told before
  the edit is sent again.
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

from .. import _flow, _worker
from .._asking import resolved
from .._catalog.cost import Cost
from .._catalog.prices import price as price_of
from .._client.attempt import Course
from .._client.endpoint import Endpoint
from .._client.served import serving
from .._fetch.trust import untold
from .._history import links
from .._history.book import History
from .._history.claims import Begun, OverBudget, Terms, UnderWay
from .._history.identity import asked_by, base_url_of, provider_of, request_facts, turns_of
from .._history.judgements import Judged
from .._history.record import Ending, Record
from .._images.data import ImageData
from .._messages import EditRequest, Order, Turn
from .._result import EditResult
from .._strings import say
from .._wire.echoes import Sent
from .._wire.plan import Plan
from .._wire.wires import WIRES
from ..errors import (
    BY_CATEGORY,
    APIConnectionError,
    APITimeoutError,
    InvalidRequestError,
    MalformedResponseError,
    NanoBananaError,
)
from .hooks import Hooks, Watching
from .identity import answers, from_anywhere, keys_of
from .purse import Purse

if TYPE_CHECKING:
    from .._client.aclient import AsyncClient

Perform = Callable[[Endpoint, Plan, int, Course], Awaitable[EditResult]]
GoOn = Callable[[], bool]
Told = Callable[[int], None]
Shown = Callable[[ImageData], None]
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
        if not isinstance(order.request, EditRequest):
            raise InvalidRequestError(say("session.bad_request", kind=type(order.request).__name__))
        request = resolved(order.request)
        if request is not order.request:
            order = replace(order, request=request)
        there = serving(endpoint, request.model)
        return cls(order, there, *keys_of(request, there))


@dataclass(frozen=True, slots=True)
class Books:
    """Where an edit is written down, what it is paid from, and who is told."""

    history: History
    purse: Purse
    notebook: str
    tell_once: Callable[[str], None]
    hooks: Hooks

    def watching(self) -> Watching | None:
        """Who hears of one edit; None where nobody does."""
        return Watching(self.hooks) if self.hooks else None

    async def over(self, watch: Watching | None, record_id: str | None) -> None:
        """Tell hooks the end of what gave no picture, now that it is written down, and say their troubles."""
        for sentence in await watch.over(record_id) if watch else ():
            self.tell_once(sentence)

    def tell_notices(self) -> None:
        """Say what the history has to say, each sentence once."""
        for sentence in self.history.notice.splitlines():
            self.tell_once(sentence)


# --- what history holds --------------------------------------------------------------------------


def find(history: History, job: Job, flaws: list[str] | None = None) -> Record | None:
    """The record that answers a job, or None; ``flaws`` gets the reasons of those that can't any more."""
    take, endpoint = job.order.take, job.endpoint
    if take == "next":
        return None


    def fits(record: Record) -> bool:
        if not answers(record, job.order.request, take, endpoint):
            return False
        flaw = record.flaw
        if flaw and flaws is not None:
            flaws.append(flaw)
        return not flaw

    if from_anywhere(endpoint):
        # A reader without a key sees the author's real pictures first, from whichever provider.
        return history.find(job.core, take, sandbox=None, prefix=True, fits=fits)
    return history.find(job.key, take, sandbox=None if endpoint.takes_header else False, fits=fits)


def replay(books: Books, job: Job, client: AsyncClient, told: list[str]) -> EditResult | None:
    """What history holds for this take, as a result; counted as a replay.

    Why a record can't answer any more is said here, and in ``told``.
    """
    flaws: list[str] = []
    record = find(books.history, job, flaws)
    if record is None:
        how = "session.drawn_again" if job.endpoint.is_sandbox else "session.paid_again"
        told[:] = [say(how, reason=flaw) for flaw in flaws[:1]]
        for sentence in told:
            books.tell_once(sentence)
        return None
    books.history.replayed(record.id, notebook=books.notebook)
    record.shelf.mend(job.order.request.images)
    return from_record(record, job, client)


def from_record(record: Record, job: Job, client: AsyncClient) -> EditResult:
    """A record as the answer to a job."""
    result = result_of(record, job.order.request)
    return result.changed(plan=partial(client.plan_of, result.request))


def result_of(record: Record, request: EditRequest | None = None) -> EditResult:
    """The result a record holds, marked as replayed; pictures are read when they are looked at."""
    if not isinstance(record, Record):
        raise InvalidRequestError(say("session.bad_record", kind=type(record).__name__))
    kept = _kept(request or asked_by(record), record)
    return EditResult(
        images=record.images,
        request=kept,
        plan=partial(_as_sent, record, kept),
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
        context="conversation" if record.context == "conversation" else "refeed",
    )


def _as_sent(record: Record, request: EditRequest) -> Plan:
    """What was sent for a record, from what it says. An address in somebody's file gets no key of ours in a
    printed command: there the catalog's own stands, or none.

    Raises:
        InvalidRequestError: the conversation before it, or its wire, is not here.
    """
    turns, provider = turns_of(record, record.shelf), provider_of(record)
    if turns is None or record.wire not in WIRES:
        raise InvalidRequestError(say("result.not_held"))
    always = request_facts(record).get("sent_with")
    return _flow.plan(
        replace(request, turns=turns), provider=provider, wire=record.wire,
        base_url=(provider.base_url or "") if record.imported else base_url_of(record),
        extra=always if isinstance(always, dict) else None,
    )  # fmt: skip


# --- one attempt ---------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Attempt:
    """What the end of an attempt needs, known before its beginning is written: ``begun``; what a question to
    a judge is about: ``judged``; what it claimed where several spend together: ``tickets``; how it goes, once
    it is sent: ``courses``.
    """

    books: Books
    job: Job
    plan: Plan
    price: Cost
    begun: Future[Begun] = field(default_factory=Future)
    judged: Judged | None = None
    tickets: list[int] = field(default_factory=list)
    courses: list[Course] = field(default_factory=list)

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
        beyond = books.history.log.last_take(self.job.key) if order.take == "next" else None
        limit = None if self.sandbox else books.purse.limit
        terms = Terms(seen, beyond, order.wish, limit)
        ticket = None if self.sandbox else books.purse.reserve(self.price)
        found: Begun | UnderWay | OverBudget | None = None
        try:
            found = books.history.log.claim(
                order, self.plan, terms, key=self.job.key, expected=self.price, notebook=books.notebook,
                judged=self.judged,
            )
        finally:
            if not isinstance(found, Begun):
                books.purse.settle(_FREE, ticket, "free")
            books.tell_notices()
        if isinstance(found, OverBudget):
            raise books.purse.over(self.price, found)
        if isinstance(found, Begun):
            self.tickets[:] = [] if ticket is None else [ticket]
            self.begun.set_result(found)
            books.tell_once(books.purse.joined(found.since))
        return found

    def failed(self, error: NanoBananaError, elapsed: float) -> None:
        """Note that it failed, and whether it may be billed all the same."""
        refused = error.category in _REFUSED
        paid = error.may_be_billed and not self.sandbox
        billing: Billing = ("blocked_paid" if refused else "maybe_paid") if paid else "free"
        error.record_id = self.begun.result().id
        self._end(Ending(
            status="refused" if refused else "failed", billing=billing, sandbox=self.sandbox, elapsed=elapsed,
            cost=self.price if paid else None, text=error.text, request_id=error.request_id,
            finish_reason=error.finish_reason, error_category=error.category, error_message=error.message,
            attempts=error.attempts,
        ))  # fmt: skip
        self.owes(_flow.owed_by(error))

    def course(self, take: int, watch: Watching | None) -> Course:
        """How it goes once it is sent; until then nothing can have run."""
        self.courses.append(Course(self.plan, take, watch, lambda owed: _worker.in_thread(self.owes, owed)))
        return self.courses[-1]

    def owes(self, owed: Sequence[str]) -> None:
        """Remember where the pictures lie that were paid for and are not here; with none, forget them."""
        if owed or any(course.owed for course in self.courses):
            links.keep(self.books.history.shelf, self.begun.result().id, owed)

    def cut(self, began: float, _: object = None) -> None:
        """Ctrl-C or a cancelled task: the provider may be at work and may bill, if anything was sent.

        What an answer named by then is fetched by the next run; what came by then is the result.
        """
        # First: who waits for the same edit looks for them once this one has ended.
        self.owes([link for course in self.courses for link in course.owed])
        here = tuple(image for course in self.courses for image in course.here)
        paid = not self.sandbox and any(course.may_have_run for course in self.courses)
        billing: Billing = ("paid" if here else "maybe_paid") if paid else "free"
        self._end(Ending(
            status="done" if here else "interrupted", billing=billing, sandbox=self.sandbox,
            cost=self.price if paid else _FREE, elapsed=time.monotonic() - began, attempts=1,
        ), here)  # fmt: skip

    def settle(self, cost: Cost, billing: Billing) -> None:
        """Count what it cost, or may have cost."""
        self.books.purse.settle(cost, self.tickets[0] if self.tickets else None, billing)

    def _end(self, ending: Ending, here: tuple[ImageData, ...] = ()) -> None:
        self.settle(ending.cost or _FREE, ending.billing)
        self.books.history.end(self.begun.result().id, ending, here)


async def make(
    books: Books,
    job: Job,
    client: AsyncClient,
    perform: Perform | None,
    go_on: GoOn,
    began_as: Told,
    answered: Shown,
) -> EditResult:
    """Replay the order, or make it; ``began_as`` is told its take before anything is sent, ``answered`` the
    picture before it is written down.

    Raises:
        NanoBananaError: it failed; that is in the history too.
    """
    told: list[str] = []
    seen, found = await _worker.in_thread(_look, books, job, client, told)
    if found:
        return found
    plan = await client.plan(job.order.request)
    if found := await _fetched_late(books.history, job, client):
        return found
    await _worker.in_thread(_refuse_accepted, books.history, job)
    job.endpoint.check_key()
    attempt, began = Attempt(books, job, plan, _price(books.purse, plan)), time.monotonic()
    watch = books.watching()
    try:
        while True:
            if not go_on():
                raise asyncio.CancelledError
            started = await _worker.to_the_end(attempt.begin, seen)
            if isinstance(started, Begun):
                break
            await other_ended(books.history, started, plan, go_on)
            seen, found = await _worker.in_thread(_look, books, job, client, told)
            if found := found or await _fetched_late(books.history, job, client):
                return found
        began_as(started.take)
        began, course = time.monotonic(), attempt.course(started.take, watch)
        try:
            if perform:
                result = await _elsewhere(perform, job.endpoint, plan, started.take, watch, course)
            else:
                result = await client.perform(plan, take=started.take, go_on=go_on, course=course)
        finally:
            for note in untold():
                books.tell_once(note)
    except NanoBananaError as error:
        if attempt.begun.done():
            await _worker.to_the_end(attempt.failed, error, time.monotonic() - began)
            await books.over(watch, error.record_id)
        raise
    except BaseException:
        # At once, or by the thread that is just writing its beginning.
        attempt.begun.add_done_callback(partial(attempt.cut, began))
        raise
    answered(result.image)
    known = (*told, *_paid_before(started), *result.told)
    made = result.changed(take=started.take, warnings=known)
    ended = await _worker.to_the_end(_end_done, attempt, made, client)
    troubles = await watch.over(ended.record_id) if watch else ()
    return ended.changed(warnings=(*ended.told, *troubles)) if troubles else ended


async def _elsewhere(
    perform: Perform, endpoint: Endpoint, plan: Plan, take: int, watch: Watching | None, course: Course
) -> EditResult:
    """An edit that somebody else makes, and says when it begins; hooks hear of it as of one attempt."""
    began = time.monotonic()
    try:
        result = await perform(endpoint, plan, take, course)
    except NanoBananaError as error:
        if watch:
            await watch.came(plan, take, error, time.monotonic() - began)
        raise
    if watch:
        await watch.came(plan, take, result, time.monotonic() - began)
    return result


def _paid_before(begun: Begun) -> tuple[str, ...]:
    return (say("session.paid_before", count=begun.vain),) if begun.vain else ()


def _look(
    books: Books, job: Job, client: AsyncClient, told: list[str]
) -> tuple[int | None, EditResult | None]:
    """How many answers there are, and the one that fits; what is sent in any case looks at none."""
    if job.order.take == "next":
        return None, _theirs(books, job, client)
    if job.order.fresh:
        return None, None
    seen = books.history.log.answers(job.key, job.order.take)  # first: one that comes meanwhile is noticed
    found = replay(books, job, client, told)
    books.tell_notices()
    return seen, found


def _theirs(books: Books, job: Job, client: AsyncClient) -> EditResult | None:
    """The author's picture, a real one first, for a reader whose next take would be the sandbox's."""
    if not job.order.theirs or not from_anywhere(job.endpoint):
        return None
    take = books.history.log.last_take(job.key) + job.order.theirs
    fits = partial(answers, asked=job.order.request, take=take, endpoint=job.endpoint)
    record = books.history.find(job.core, take, prefix=True, fits=fits)
    if record is None:
        return None
    books.history.replayed(record.id, notebook=books.notebook)
    return from_record(record, job, client)


async def _fetched_late(history: History, job: Job, client: AsyncClient) -> EditResult | None:
    """The pictures that were paid for before and could not be fetched then; their record is completed.

    Raises:
        APIConnectionError: they may still be there, or are where nothing is fetched from.
    """
    if job.order.fresh:
        return None
    left = await _worker.in_thread(links.left, history.shelf, job.key, job.order.take)
    if left is None:
        return None
    try:
        record = await _collected(history, client, *left, alone=job.order.take == "next")
    except APIConnectionError as error:
        if error.links:
            raise
        return None  # gone for good: it is made anew
    if record is None:
        return None
    await _worker.in_thread(record.shelf.mend, job.order.request.images)
    return from_record(record, job, client)


async def collect(history: History, id: str, client: AsyncClient) -> EditResult:
    """Fetch what a record paid for and could not fetch; nothing is ever sent for it.

    Raises:
        InvalidRequestError: the record left no picture behind a link.
        APIConnectionError: it can't be fetched now.
    """
    urls = await _worker.in_thread(links.of, history.shelf, id)
    if urls:
        record = await _collected(history, client, id, urls, alone=False)
    else:  # perhaps another was faster
        record = await _worker.in_thread(history.record, id)
    if record is None or not record.outputs:
        raise InvalidRequestError(say("session.nothing_left", record=id))
    return result_of(record)


async def _collected(
    history: History, client: AsyncClient, id: str, urls: tuple[str, ...], *, alone: bool
) -> Record | None:
    """A failed record with the pictures it left; None if ``alone`` and another asker was first."""
    failed = await _worker.in_thread(history.record, id)
    try:
        images = await client.collect(Sent.of(asked_by(failed)), urls)
    except APIConnectionError as error:
        error.record_id = id
        raise
    return await _worker.to_the_end(_complete, history, failed, images, alone)


def _refuse_accepted(history: History, job: Job) -> None:
    """A job that a service accepted before may be made and billed there: it is not ordered a second time.

    Raises:
        MalformedResponseError: the receipt again; nothing was sent.
    """
    if job.order.fresh or job.order.take == "next":
        return
    if record := links.receipt(history.shelf, job.key, job.order.take):
        raise MalformedResponseError(
            record.error_message, hint=say("session.accepted_hint"), retryable=False,
            request_id=record.request_id, finish_reason=record.finish_reason,
        )  # fmt: skip


def _complete(
    history: History, record: Record, images: tuple[ImageData, ...], alone: bool
) -> Record | None:
    ending = Ending(
        status="done", billing="free" if record.sandbox else "paid", sandbox=record.sandbox,
        elapsed=record.elapsed, text=record.text, cost=record.cost, request_id=record.request_id,
        finish_reason=record.finish_reason, attempts=record.attempts,
    )  # fmt: skip
    # Its end is written before the links are forgotten: a crash in between loses nothing, and whoever comes
    # second finds the take taken.
    done = history.end(record.id, ending, images)
    first = links.settle(history.shelf, record.id)
    return done if first or not alone else None


async def other_ended(history: History, other: UnderWay, plan: Plan, go_on: GoOn) -> None:
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
    attempt.settle(cost, "free" if result.sandbox else "paid")
    turn = result.model_turn if isinstance(result.model_turn, Turn) else None
    ending = Ending(
        status="done", billing="free" if result.sandbox else "paid", sandbox=result.sandbox,
        elapsed=result.elapsed, text=result.text, usage=result.usage, cost=cost,
        model_answered=result.model, response_id=result.response_id, request_id=result.request_id,
        finish_reason=result.finish_reason, warnings=result.told, attempts=result.attempts,
    )  # fmt: skip
    record = books.history.end(id, ending, result.images, turn)
    attempt.owes(())
    request = attempt.job.order.request
    warnings = (*result.told, *record.problems)
    ended = result.changed(cost=cost, record_id=id, warnings=warnings, request=request)
    if record.problems:
        return ended
    # From here on the pictures lie in the history; a batch of results need not hold them in memory.
    stored = _kept(request, record)
    _let_go(result.images, record)
    return ended.changed(
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


def _kept(request: EditRequest, record: Record) -> EditRequest:
    """The request with inputs and mask as the history keeps them, so that code can name their files."""
    images = _stored(record.input_images, request.images or (None,) * len(record.inputs))
    given = request.mask
    mask = record.shelf.mask(record.id) if isinstance(given, ImageData) else None
    if mask is None:
        return request.holding(images)
    return request.sent_as(request.model, images, mask=mask.but(source=given.source))


def _let_go(images: tuple[ImageData, ...], record: Record) -> None:
    """The pictures lie in the history now, so that code and links can name their files."""
    stored = {image.sha256: image.path for image in record.images}
    for image in images:
        if path := stored.get(image.sha256):
            image.lies_in(path)
