"""A run of a plan: what is still to do is sent, and each outcome is put where it belongs.

Rules of this file:

* It lives on the private loop: a cell may wait for it or not, and stop it either way.
* A lane takes the next edit whose place may be asked, so that a long plan is never a thousand waiting tasks,
  and one place that is slow holds up no other. A later step of a chain comes after the one before it, first
  of all that wait.
* Stop sends nothing more; what is under way is awaited, for it may be billed, and kept.
* What was said of the price is what is sent: it goes where edits went when it began, or it ends.
* Whatever may have been billed is never sent again by itself.
"""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from concurrent.futures import Executor, Future
from contextlib import ExitStack, suppress
from typing import TYPE_CHECKING, Final, cast
from urllib.parse import urlsplit

from .. import _worker
from .._catalog.cost import Cost
from .._catalog.spending import Spending
from .._result import EditResult
from .._session.attempts import GoOn
from .._session.door import Session
from .._strings import say
from ..errors import (
    APIConnectionError,
    AuthenticationError,
    BudgetError,
    InvalidRequestError,
    NanoBananaError,
    QuotaError,
)
from .cells import Cell, Place
from .held import Outcome
from .left import usual_of
from .pace import PATIENCE, UNREACHED, Pace
from .progress import Hold, Progress
from .sending import ExecutorGoneError, NotSharedError, Workers, send

if TYPE_CHECKING:
    from .._client.endpoint import Endpoint
    from .plan import Plan

Send = Callable[[Session, Cell, EditResult | None, GoOn], Awaitable[EditResult]]
Put = Callable[[Cell, Outcome, tuple[str, str] | None], None]
_STOP: Final = (BudgetError, ExecutorGoneError, NotSharedError)
"""After one of these no other request would fare better."""
_STOP_THERE: Final = (AuthenticationError, QuotaError)
"""After one of these no other request to the same place would."""


class Run:
    """One run.

    Args:
        plan: what it runs.
        held: gives what stands at a place of the plan by now.
        put: takes what came of a cell, and where that is from if it is a replay.
        changed: called whenever there is something new to show, and at the end.
        stays: whether edits still go where they go in the plan.

    Attributes:
        stopped: the error that ended it early, or None.
        stopping: it was asked to stop.
    """

    def __init__(
        self, plan: Plan, held: Callable[[int], Outcome], put: Put, changed: Callable[[], None],
        stays: Callable[[], bool],
    ) -> None:  # fmt: skip
        self._plan, self._held, self._put, self._changed, self._stays = plan, held, put, changed, stays
        self._waiting = deque[Cell]()
        self._later: dict[int, list[Cell]] = {}  # steps, by the place of the one before
        self._paces: dict[Place, Pace] = {}
        self._over = set[Place]()
        self._free = asyncio.Condition()
        self._done: Future[None] = Future()
        self._began, self._total, self._busy = time.monotonic(), 0, 0
        self._usual: float | None = None
        self._workers: Workers | None = None
        self._ended: list[Outcome] = []
        self.stopped: NanoBananaError | None = None
        self.stopping = False

    def start(self, cells: Sequence[Cell], lanes: int, executor: Executor | None) -> None:
        """Begin to make the edits of ``cells``, in this order, ``lanes`` at a time."""
        todo = {cell.index for cell in cells}
        for cell in cells:
            before = None if cell.after is None else self._plan.leader(cell.after)
            if before in todo:
                self._later.setdefault(before, []).append(cell)
            elif before is None or isinstance(self._held(before), EditResult):
                self._waiting.append(cell)
        self._total, self._usual = len(cells), usual_of(self._plan, cells, lanes)
        self._paces = {cell.place: Pace(lanes, lanes) for cell in cells}
        stack, by = ExitStack(), cast(Send, send)
        try:
            if executor is not None:
                folder = stack.enter_context(self._plan.session.history.run_folder())
                self._workers = Workers(executor, folder)
                by = self._workers.send
            self._job = _worker.submit(self._all(by, min(lanes, len(cells)), stack))
        except BaseException:
            stack.close()
            self._done.set_result(None)  # nothing began, so nobody waits for an end
            raise
        self._job.add_done_callback(lambda _: self._end(stack))  # also where it was cancelled before it began

    def wait(self, timeout: float | None = None) -> bool:
        """Wait until it is over, at most ``timeout`` seconds; gives whether it is.

        Raises:
            BaseException: a fault of ours ended it.
        """
        try:
            self._done.result(timeout)
        except TimeoutError:
            if not self._done.done():
                return False
            raise
        return True

    def stop(self) -> None:
        """Send nothing more."""
        self._call_back()
        _worker.loop().call_soon_threadsafe(lambda: asyncio.ensure_future(self._wake()))
        self._changed()

    def cancel(self) -> None:
        """Break off what is under way, too."""
        self._call_back()  # first: the folder where that is written goes with the job
        self._job.cancel()

    def _call_back(self) -> None:
        """No more is sent from here, nor by an executor that has not begun with it."""
        self.stopping = True
        if self._workers is not None:
            self._workers.call_back()

    @property
    def running(self) -> bool:
        """Whether it goes on."""
        return not self._done.done()

    @property
    def progress(self) -> Progress:
        """How far it is."""
        ended = tuple(self._ended)
        results = [one for one in ended if isinstance(one, EditResult)]
        made = [one for one in ended if not (isinstance(one, EditResult) and one.replayed)]
        now, session = time.monotonic(), self._plan.session
        left = self._total - len(ended)
        over = not self.running
        owed = None if session.budget is None else session.account.owed
        return Progress(
            running=not over, stopping=self.stopping, total=self._total, done=len(results),
            failed=len(ended) - len(results), under_way=self._busy,
            spent=Spending.of(one.cost for one in results if not (one.replayed or one.sandbox)),
            money_left=None if owed is None or session.budget is None else Cost(
                max(session.budget - (owed.amount or 0), type(session.budget)(0)), certain=owed.certain
            ),
            seconds_left=self._seconds_left(now, len(made), left) if left and not over else None,
            holds=tuple(
                Hold(self._named(place), pace.until - now)
                for place, pace in self._paces.items()
                if pace.until > now and not over
            ),
            stopped=self.stopped,
        )  # fmt: skip

    def _seconds_left(self, now: float, made: int, left: int) -> float | None:
        """By the pace so far; before there is one, by what is usual; at least what a place asked to wait."""
        held = max((pace.until - now for pace in self._paces.values()), default=0.0)
        if made:
            return max((now - self._began) / made * left, held)
        usual = max((self._usual or 0.0) - (now - self._began), held)
        return usual if usual > 0 else None

    def learned(self) -> list[str]:
        """What the next run can know beforehand, in sentences."""
        return [
            say("running.learned", place=self._named(place), allowed=pace.allowed, most=pace.most)
            for place, pace in self._paces.items()
            if pace.slowed
        ]

    def _named(self, place: Place) -> str:
        return place.label or named(self._plan.session.endpoint)

    # --- on the loop --------------------------------------------------------------------------------

    async def _all(self, by: Send, lanes: int, stack: ExitStack) -> None:
        self._changed()
        try:
            async with asyncio.TaskGroup() as group:
                for _ in range(lanes):
                    group.create_task(self._lane(by))
        except BaseExceptionGroup as several:
            raise several.exceptions[0] from None

    def _end(self, stack: ExitStack) -> None:
        stack.close()
        fault = None if self._job.cancelled() else self._job.exception()
        if fault is None:
            self._done.set_result(None)
        else:
            self._done.set_exception(fault)
        self._changed()

    async def _wake(self) -> None:
        async with self._free:
            self._free.notify_all()

    async def _lane(self, by: Send) -> None:
        while (cell := await self._next()) is not None:
            pace = self._paces[cell.place]
            try:
                await self._one(by, cell, pace)
            finally:
                pace.busy -= 1
                self._busy -= 1
                await self._wake()

    async def _next(self) -> Cell | None:
        """The next edit whose place may be asked; None when there is none and none can come back."""
        async with self._free:
            while not self.stopping and (self._waiting or self._busy):
                now = time.monotonic()
                for at, cell in enumerate(self._waiting):
                    pace = self._paces[cell.place]
                    if pace.is_free(now) or cell.place in self._over:
                        del self._waiting[at]
                        pace.busy += 1
                        self._busy += 1
                        return cell
                ends = [pace.until for pace in self._paces.values() if pace.until > now]
                with suppress(TimeoutError):
                    await asyncio.wait_for(self._free.wait(), min(ends) - now if ends else None)
        return None

    async def _one(self, by: Send, cell: Cell, pace: Pace) -> None:
        previous = self._before(cell)
        outcome: Outcome
        try:
            if self._moved(cell) or cell.place in self._over:
                known = await _worker.in_thread(self._plan.look_up, cell, previous)
                outcome = known or self._held(cell.index)
            else:
                outcome = await by(self._plan.session_of(cell), cell, previous, lambda: self._goes_on(cell))
        except asyncio.CancelledError:
            task = asyncio.current_task()
            if task is None or task.cancelling() or self._goes_on(cell):
                raise
            return  # stopped before it was sent
        except NanoBananaError as error:
            outcome = error
            if pace.again(error, time.monotonic()):
                self._waiting.appendleft(cell)
                self._changed()
                return
            self._learn(cell, error, pace)
        else:
            pace.again(outcome, time.monotonic())
        origin = await _worker.in_thread(self._plan.origin, outcome)
        if outcome is not None:
            self._ended.append(outcome)
        self._put(cell, outcome, origin)
        if isinstance(outcome, EditResult):
            self._waiting.extendleft(reversed(self._later.pop(cell.index, ())))
        self._changed()

    def _goes_on(self, cell: Cell) -> bool:
        return not (self.stopping or self._moved(cell))

    def _moved(self, cell: Cell) -> bool:
        """Whether a cell would go elsewhere by now, or with another key: then no more is sent there."""
        try:
            stays = cell.place.endpoint is not None or self._stays()
        except NanoBananaError:  # such as a key in the environment that can't be one
            stays = False
        if not stays:
            hint = say("running.moved_hint")
            self.stopped = self.stopped or InvalidRequestError(say("running.moved"), hint=hint)
            self._over.add(cell.place)
        return not stays

    def _before(self, cell: Cell) -> EditResult | None:
        outcome = None if cell.after is None else self._held(self._plan.leader(cell.after))
        return outcome if isinstance(outcome, EditResult) else None

    def _learn(self, cell: Cell, error: NanoBananaError, pace: Pace) -> None:
        """What a failure means for those still to be sent."""
        reason: NanoBananaError | None = error if isinstance(error, (*_STOP, *_STOP_THERE)) else None
        if pace.given_up is not None:
            reason = _given_up(cell, pace.given_up)
        if reason is None:
            return
        self.stopped = self.stopped or reason
        everywhere = isinstance(error, _STOP)
        self._over |= {one.place for one in self._plan.cells} if everywhere else {cell.place}


def named(place: Endpoint) -> str:
    """What people call a place: its provider, or its address."""
    return urlsplit(place.base_url).netloc if place.provider.anywhere else place.provider.title


def _given_up(cell: Cell, error: NanoBananaError) -> NanoBananaError:
    """Why a place is not asked any more."""
    key = "unreached" if isinstance(error, APIConnectionError) else "limited"
    words = {"count": UNREACHED, "minutes": round(PATIENCE / 60), "reason": error.message}
    return type(error)(say(f"running.{key}", **words), hint=say("running.go_on_later"), retryable=True)
