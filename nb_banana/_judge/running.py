"""Asking what is left: several questions at a time, each once, until all are asked or asking makes no sense.

Rules of this file:

* What comes of a question is in the history; nothing of it is held here.
* "Too many requests" is no answer: the place is left alone for as long as it says, then asked again.
* A used-up budget, a refused key, an empty balance, a model that is not there, a host that can't be
  reached and one that turns questions down as they are end the asking; what is under way is awaited.
"""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import Collection, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, Final

from .. import _worker
from .._compare.pace import UNREACHED, Pace
from .._history.judgements import Judged
from .._session.questions import Asking, address, ask
from .._strings import say
from ..errors import (
    APIConnectionError,
    AuthenticationError,
    BudgetError,
    InvalidRequestError,
    ModelNotFoundError,
    NanoBananaError,
    QuotaError,
    RateLimitError,
    RegionError,
)
from .items import Item

if TYPE_CHECKING:
    from .._catalog.cost import Cost
    from .._session.door import Session
    from .judge import Judge

_STOP: Final = (BudgetError, AuthenticationError, QuotaError, ModelNotFoundError, RegionError)
_MANY: Final = 200
"""Errors without a record that are kept."""


@dataclass(slots=True)
class Run:
    """Questions being asked.

    Attributes:
        session: at the judge's place.
        each: what one is expected to cost.
        budget: most dollars for all of them; None is no limit beside the session's.
        fresh: the questions that are sent although they were answered.
        stopped: why it ended early, or None.
        errors: by core and pass, why a question could not be sent at all.
    """

    judge: Judge
    session: Session
    each: Cost
    budget: Decimal | None
    fresh: Collection[tuple[str, int]] = ()
    stopped: NanoBananaError | None = None
    errors: dict[tuple[str, int], str] = field(default_factory=dict)
    _waiting: deque[Item] = field(default_factory=deque)
    _total: int = 0
    _done: int = 0
    _busy: int = 0
    _spent: Decimal = Decimal(0)
    _vain: int = 0
    _pace: Pace = field(default_factory=lambda: Pace(1, 1))  # how many at once is the lanes' number here
    _halted: bool = False
    _job: Future[None] = field(default_factory=Future)

    def start(self, items: Sequence[Item], lanes: int) -> None:
        """Begin to ask, ``lanes`` at a time."""
        self._waiting.extend(items)
        self._total = len(items)
        self._job = _worker.submit(self._all(min(lanes, len(items))))

    def wait(self, timeout: float | None = None) -> bool:
        """Wait until it is over, at most so many seconds; gives whether it is."""
        try:
            self._job.result(timeout)
        except TimeoutError:
            if not self._job.done():
                return False
            raise
        return True

    def cancel(self) -> None:
        """Break off what is under way, too."""
        self._waiting.clear()
        self._job.cancel()

    @property
    def progress(self) -> str:
        """How far it is."""
        return say("judge.progress", done=self._done, total=self._total)

    def learned(self) -> list[str]:
        """What the next run can know beforehand."""
        return []

    # --- on the loop ------------------------------------------------------------------------------

    async def _all(self, lanes: int) -> None:
        try:
            async with asyncio.TaskGroup() as group:
                for _ in range(lanes):
                    group.create_task(self._lane())
        except BaseExceptionGroup as several:
            raise several.exceptions[0] from None

    async def _lane(self) -> None:
        while self._waiting and self.stopped is None:
            pause = self._pace.until - time.monotonic()
            if pause > 0:
                await asyncio.sleep(pause)
                continue
            if not self._may_spend():
                return
            item = self._waiting.popleft()
            self._busy += 1
            try:
                await self._one(item)
            finally:
                self._busy -= 1

    def _goes_on(self) -> bool:
        return not self._halted

    def _may_spend(self) -> bool:
        """Whether the budget of this call allows one more, those under way counted at their price."""
        each = self.each.amount
        if self.budget is None or each is None:
            return True
        if self._spent + each * (self._busy + 1) <= self.budget:
            return True
        error = BudgetError(say("judge.over_budget", budget=f"{self.budget:f}", each=self.each))
        self.stopped = self.stopped or error  # those that have begun are within it, and go on
        return False

    async def _one(self, item: Item) -> None:
        try:
            question = await _worker.in_thread(item.question, self.judge)
            judged = Judged(item.facts(self.judge, address(self.session.endpoint)))
            asking = Asking(question, judged, item.number, self.each, item.name(self.judge) in self.fresh)
            id = await ask(self.session, asking, self._goes_on)
            record = await _worker.in_thread(self.session.history.record, id)
        except asyncio.CancelledError:
            task = asyncio.current_task()
            if task is None or task.cancelling() or not self._halted:
                raise
            return
        except NanoBananaError as error:
            self._failed(item, error)
            return
        self._vain = 0
        self._pace.answered()
        self._done += 1
        if record.cost is not None and record.cost.amount is not None and record.billing != "free":
            self._spent += record.cost.amount

    def _failed(self, item: Item, error: NanoBananaError) -> None:
        """What a failure means for this question and for those still to be asked."""
        if self._pace.again(error, time.monotonic()):
            self._waiting.appendleft(item)
            return
        self._done += 1
        if error.may_be_billed and self.each.amount is not None:
            self._spent += self.each.amount
        if error.record_id is None and len(self.errors) < _MANY:
            self.errors[item.name(self.judge)] = error.message
        vain = isinstance(error, (APIConnectionError, InvalidRequestError)) and not error.may_be_billed
        self._vain = self._vain + 1 if vain else 0
        if isinstance(error, (*_STOP, RateLimitError)) or self._vain >= UNREACHED:
            self._stop(error)

    def _stop(self, error: NanoBananaError) -> None:
        """Send nothing more, not even what has begun and is not sent yet."""
        self.stopped, self._halted = self.stopped or error, True
