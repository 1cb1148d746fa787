"""One attempt as others may hear of it: a line in the log, and frozen facts for who watches.

Rules of this file:

* Each request that was sent is one line of the logger ``nb_banana``, at INFO: its model, host and wire, how
  it ended, what it took. The prompt is only counted: neither its words nor a hash stand there, nor an
  address beyond the host.
* Who watches gets values: texts, numbers and hashes. No key, header or picture is in reach of them.
* An attempt ends once, whoever says so first.
* A picture is hashed for who watches, and for nobody else: a plain client needs no hash.
"""

from __future__ import annotations

import json
import logging
import time
from asyncio import CancelledError
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import TYPE_CHECKING, Final, Literal, Protocol
from urllib.parse import urlsplit

from .._catalog.cost import Cost
from .._catalog.prices import price as price_of
from .._messages import Question
from .._text import plain
from ..errors import NanoBananaError

if TYPE_CHECKING:
    from .._images.data import ImageData
    from .._result import EditResult
    from .._wire.plan import Plan

_log: Final = logging.getLogger("nb_banana")
_FREE: Final = Cost(Decimal(0))
_REFUSED: Final = frozenset({"safety", "recitation", "no_image"})
Billing = Literal["paid", "blocked_paid", "maybe_paid", "free"]


@dataclass(frozen=True, slots=True)
class Sending:
    """A request that is about to be sent.

    Attributes:
        prompt: the words as they are sent.
        model, host, wire: the id that is sent, where to, and in which format.
        attempt: 1, and one more for each time the same request is sent again.
        take: which picture of the same request it is to be.
        inputs: the sha256 of each picture that is sent, in order.
        asks_for: ``"words"`` for a judge's question, else ``"picture"``.
        aspect_ratio, image_size, seed: the settings as they are sent; None is the model's default.
        mask: the sha256 of the mask that is sent, or ``""``.
        extra: further fields of the request as JSON, or ``""``.
        sandbox: it goes to the built-in stand-in.
    """

    prompt: str
    model: str
    host: str
    wire: str
    attempt: int = 1
    take: int = 1
    inputs: tuple[str, ...] = ()
    asks_for: Literal["picture", "words"] = "picture"
    aspect_ratio: str | None = None
    image_size: str | None = None
    seed: int | None = None
    mask: str = ""
    extra: str = ""
    sandbox: bool = False


@dataclass(frozen=True, slots=True)
class Answered:
    """How a request that was sent ended.

    Attributes:
        sent: what was sent.
        end: the status of the reply, ``"200"``; or how there was none: ``"connect"``, ``"deadline"``, …
        category: ``"ok"``, the category of the error, or ``"interrupted"``.
        seconds: how long it took.
        cost: what it cost as far as anybody knows; its amount is None where nobody does.
        billing: ``"paid"``, ``"blocked_paid"``, ``"maybe_paid"`` or ``"free"``.
        outputs: the sha256 of each picture that came.
        again: the same request is sent once more after this.
        sandbox: a sandbox answered.
        record_id: where the history holds it; None for an attempt that is made again.
    """

    sent: Sending
    end: str
    category: str
    seconds: float
    cost: Cost
    billing: Billing
    outputs: tuple[str, ...] = ()
    again: bool = False
    sandbox: bool = False
    record_id: str | None = None


class Watch(Protocol):
    """Who hears of the attempts of one edit."""

    async def sending(self, facts: Sending) -> None:
        """Before it is sent."""

    async def answered(self, facts: Answered) -> None:
        """After it has ended; not for one that was interrupted, for whose end nobody can wait."""

    def interrupted(self, facts: Answered) -> None:
        """After it was cancelled."""


Keep = Callable[[tuple[str, ...]], Awaitable[None]]


class Made(Protocol):
    """What an attempt gave: an edit, or words."""

    @property
    def cost(self) -> Cost: ...

    @property
    def sandbox(self) -> bool: ...


class Course:
    """The attempts of one edit as they go.

    Attributes:
        owed: where the pictures lie that an answer named and nobody fetched yet, as it may be kept.
        here: the pictures that came, while larger ones are looked for.
    """

    def __init__(self, plan: Plan, take: int, watch: Watch | None = None, keep: Keep | None = None) -> None:
        self._sending, self._plan = replace(sending_of(plan, take, hashed=bool(watch)), attempt=0), plan
        self._watch, self._began, self._end = watch, 0.0, ""
        self._may_run: Callable[[], bool] = _nothing_sent
        self._keep = keep
        self.owed: tuple[str, ...] = ()
        self.here: tuple[ImageData, ...] = ()

    @property
    def may_have_run(self) -> bool:
        """Whether a provider may be at work, or was, where this is cut off: its request went out, and no
        answer turned it away.
        """
        return self._may_run()

    async def begin(self, taken: Callable[[], bool]) -> None:
        """Another request is about to be sent; ``taken`` says whether any of it was."""
        self._sending = replace(self._sending, attempt=self._sending.attempt + 1)
        if self._watch:
            await self._watch.sending(self._sending)
        self._began, self._end, self._may_run = time.monotonic(), "cancelled", taken

    async def owes(self, links: tuple[str, ...]) -> None:
        """An answer named these pictures; noted before they are fetched: a kernel may be killed."""
        self.owed = links
        if self._keep and links:
            await self._keep(links)

    def came(self, end: str) -> None:
        """How the exchange ended; what that means is not known yet."""
        self._end = end

    async def failed(self, error: NanoBananaError | CancelledError, *, again: bool = False) -> None:
        """The attempt under way ended so, if there is one; for one that was cancelled nothing is awaited."""
        ours = error if isinstance(error, NanoBananaError) else None
        if not (facts := self._ended(ours.category if ours else "interrupted")):
            return
        may_run = self.may_have_run if ours is None else ours.may_be_billed
        facts = _failed(replace(facts, again=again), ours, self._plan, may_run)
        if ours:
            self._may_run = lambda: may_run
            await self._tell(facts)
            return
        self._line(facts)
        if self._watch:
            self._watch.interrupted(facts)

    async def made(self, result: Made) -> None:
        """It ended with what was asked for."""
        if facts := self._ended("ok"):
            await self._tell(_came(facts, result, hashed=bool(self._watch)))

    def _ended(self, category: str) -> Answered | None:
        end, self._end = self._end, ""
        seconds = time.monotonic() - self._began
        return Answered(self._sending, end, category, seconds, _FREE, "free") if end else None

    async def _tell(self, facts: Answered) -> None:
        self._line(facts)
        if self._watch:
            await self._watch.answered(facts)

    def _line(self, facts: Answered) -> None:
        sent, pictures = facts.sent, len(self._plan.images)
        cost = "unknown" if facts.cost.amount is None else str(facts.cost)
        _log.info(
            "model=%s host=%s wire=%s end=%s category=%s seconds=%.2f cost=%s billing=%s "
            "prompt_characters=%d pictures=%d attempt=%d",
            plain(sent.model), sent.host, sent.wire, facts.end, facts.category, facts.seconds, cost,
            facts.billing, len(sent.prompt), pictures, sent.attempt,
        )  # fmt: skip


def sending_of(plan: Plan, take: int, *, hashed: bool = True) -> Sending:
    """What a plan sends, as values."""
    request = plan.request
    mask: ImageData | None = request.mask if hashed else None
    return Sending(
        prompt=request.prompt, model=plan.model, host=_host(plan.base_url), wire=plan.wire, take=take,
        inputs=tuple(image.sha256 for image in request.images) if hashed else (),
        asks_for="words" if isinstance(request, Question) else "picture",
        aspect_ratio=request.aspect_ratio, image_size=request.image_size, seed=request.seed,
        mask=getattr(mask, "sha256", ""),
        extra=json.dumps(request.extra, ensure_ascii=False, default=str) if request.extra else "",
        sandbox=plan.provider.name == "sandbox",
    )  # fmt: skip


def answered_of(plan: Plan, take: int, end: EditResult | NanoBananaError, seconds: float) -> Answered:
    """How an edit ended that was made elsewhere, where nobody watched its attempts."""
    sent = sending_of(plan, take)
    facts = Answered(replace(sent, attempt=end.attempts or 1), "200", "ok", seconds, _FREE, "free")
    if not isinstance(end, NanoBananaError):
        return _came(facts, end)
    facts = replace(facts, end=str(end.status or ""), category=end.category)
    return _failed(facts, end, plan, end.may_be_billed)


def _nothing_sent() -> bool:
    return False


def _host(url: str) -> str:
    return plain(urlsplit(url).netloc.rpartition("@")[2])


def _failed(facts: Answered, error: NanoBananaError | None, plan: Plan, may_have_run: bool) -> Answered:
    """With what a failure may cost: nothing where nothing can have run."""
    if facts.sent.sandbox or not may_have_run:
        return replace(facts, sandbox=facts.sent.sandbox)
    price = price_of(plan.model, plan.asked.image_size, plan.provider)
    refused = error is not None and error.category in _REFUSED
    billing: Billing = "blocked_paid" if refused else "maybe_paid"
    return replace(facts, cost=replace(price, certain=False), billing=billing)


def _came(facts: Answered, result: Made, *, hashed: bool = True) -> Answered:
    """With what came, and what that cost."""
    images: tuple[ImageData, ...] = getattr(result, "images", ()) if hashed else ()
    return replace(
        facts, cost=result.cost, billing="free" if result.sandbox else "paid", sandbox=result.sandbox,
        outputs=tuple(image.sha256 for image in images),
    )  # fmt: skip


__all__ = ["Answered", "Course", "Sending", "Watch", "answered_of", "sending_of"]
