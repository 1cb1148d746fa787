"""Runs behind a panel, one after the other, from the click to the last take. No widget is met here.

Rules of this file:

* Whatever happens to a job, a bug or a cancel from below, its run ends and the panel is usable again.
* A click while one runs waits for its turn. Nothing that waits is sent after Stop, after a failure that the
  next one would meet too, or when edits go elsewhere or with another key by then: it says why, and can be
  tried.
* What people are told is told to a :class:`Screen`, in the panel's language.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final, Protocol

from ... import _worker
from ..._strings import say, speaking
from ..._text import money, span
from ...errors import InvalidRequestError, NanoBananaError
from . import states
from .part import Part
from .run import Run

if TYPE_CHECKING:
    from ..._client.endpoint import Endpoint
    from ..._images.data import ImageData
    from ..._result import EditResult
    from ..._session.door import Session

TICK: Final = 0.5
MOST_WAITING: Final = 8
"""Clicks that wait at once: each is money that is spent when nobody looks any more."""
_MEETS_ALL: Final = frozenset({"auth", "region", "quota", "rate_limit", "budget", "network"})
"""The categories of failures that the next request to the same place meets too."""


class Screen(Protocol):
    """Where a run is shown."""

    @property
    def lock(self) -> AbstractContextManager[Any]:
        """Held while what is shown, or the run behind it, becomes another; may be taken again."""

    def say(self, shown: states.Shown) -> None:
        """What is going on, changed."""

    def says(self, shown: states.Shown) -> bool:
        """Whether it still stands there, whatever next step it names."""

    def waits(self, run: Run) -> None:
        """A run waits for those before it."""

    def leaves(self, run: Run) -> None:
        """One that waited is not sent."""

    def begin(self, run: Run) -> None:
        """A run begins."""

    def coming(self, image: ImageData) -> None:
        """A picture is about to come; called beside the loop, without the lock."""

    def came(self, run: Run, result: EditResult) -> None:
        """A picture came."""

    def tell_late(self, text: str) -> None:
        """What became of an edit that nobody waits for any more."""

    def end(self, run: Run, shown: states.Shown) -> None:
        """The run is over for those who wait."""


class Follower(Protocol):
    """What keeps up with a run beside the screen."""

    def planned(self, run: Run) -> None:
        """It is about to send; called beside the loop."""

    def numbered(self, run: Run) -> None:
        """The history has given one of its pictures a take, or one came."""


@dataclass(frozen=True, slots=True)
class Turn:
    """A run that waits, and where edits went, with which key, when it was asked for."""

    run: Run
    place: Endpoint


class Runner:
    """Sends what is asked, one run after the other, and keeps the one under way, or the last one.

    Args:
        screen: where it is shown.
        follower: keeps up with it.
        arrived: called beside the loop with each picture, and whether it came too late.
        lang: the panel's language.
        session: the session edits go through now; a notebook may have another one when a run's turn comes.

    Attributes:
        run: the last run that began, or None.
        waiting: the runs that wait for it, in order.
    """

    def __init__(
        self,
        screen: Screen,
        follower: Follower,
        arrived: Callable[[EditResult, bool], None],
        lang: str | None,
        session: Callable[[], Session],
    ) -> None:
        self._screen, self._follower, self._arrived, self._lang = screen, follower, arrived, lang
        self._session = session
        self.run: Run | None = None
        self.waiting: tuple[Turn, ...] = ()
        self._idle: Future[None] = Future()
        self._idle.set_result(None)
        self._counting: asyncio.Task[None] | None = None

    @property
    def running(self) -> bool:
        """Whether a run is under way."""
        return self.run is not None and not self.run.over

    @property
    def full(self) -> bool:
        """Whether as many wait as may."""
        return len(self.waiting) >= MOST_WAITING

    def start(self, run: Run) -> None:
        """Begin a run, or let it wait for the one under way."""
        turn = Turn(run, self._session().endpoint)
        with self._screen.lock:
            if self.running:
                self.waiting = (*self.waiting, turn)
                self._screen.waits(run)
            else:
                if self._idle.done():
                    self._idle = Future()
                self._begin(turn)

    def wait(self, timeout: float | None = None) -> None:
        """Wait until nothing runs and nothing waits.

        Raises:
            TimeoutError: ``timeout`` seconds passed first.
        """
        self._idle.result(timeout)

    async def until_idle(self) -> None:
        """:meth:`wait` for ``await``."""
        await asyncio.shield(asyncio.wrap_future(self._idle))

    def stop(self) -> None:
        """Stop waiting: the panel is ready at once. What is on its way may be billed, so it goes on."""
        with self._screen.lock:
            run = self.run
            if run is None or not run.stop():
                return
            held = self._hold(say("panel.not_sent_stopped"))
            self._end(run, states.stopped(run.place.is_sandbox, len(run.results), held), None)

    def drop(self, run: Run) -> None:
        """One that waits is not sent, as asked; one that has begun goes on."""
        with self._screen.lock:
            left = tuple(one for one in self.waiting if one.run is not run)
            if len(left) < len(self.waiting):
                self.waiting = left
                run.end()
                self._screen.leaves(run)

    def forget(self) -> None:
        """The last run is nobody's any more; one under way goes on."""
        if not self.running:
            self.run = None

    def _begin(self, turn: Turn) -> None:
        run = turn.run
        self.run, so_far = run, self._clock(run)
        run.begin()
        try:
            self._screen.say(so_far())
            self._screen.begin(run)
        except NanoBananaError as error:  # the file of a picture is gone
            self._end(run, states.failed(error), error)
            return
        except Exception as fault:
            self._end(run, states.broken(fault), fault)
            raise
        there = self._session().at(turn.place)  # a key that comes or goes now is not this click's
        job = _worker.submit(self._job(run, there, so_far))
        job.add_done_callback(lambda _: self._close(run))  # one cancelled before it began ran no line

    def _hold(self, reason: str) -> int:
        """Nothing that waits is sent now; each says why, and can be tried. Gives how many."""
        held, self.waiting = self.waiting, ()
        for one in held:
            self._refuse(one.run, reason)
        return len(held)

    def _refuse(self, run: Run, reason: str) -> None:
        error = InvalidRequestError(reason)
        for part in run.parts:
            run.failed(part, error)
        run.end(error)
        self._screen.leaves(run)

    def _next(self) -> None:
        """Begin the first that waits; with none the panel is idle."""
        while self.waiting and not self.running:
            turn, *rest = self.waiting
            self.waiting = tuple(rest)
            if reason := self._changed_since(turn):
                self.run = turn.run  # whoever waits for this click hears that nothing came of it
                self._refuse(turn.run, reason)
                continue
            self._begin(turn)
        if not self.running and not self._idle.done():
            self._idle.set_result(None)

    def _changed_since(self, turn: Turn) -> str:
        """Why a run is not sent after all: its key was forgotten, say. ``""`` where edits go as they did."""
        try:
            same = self._session().endpoint == turn.place
        except NanoBananaError as error:  # the environment names no place that can be used
            return error.message
        return "" if same else say("panel.not_sent_elsewhere")

    def _clock(self, run: Run) -> Callable[[], states.Shown]:
        """What is said of a run until it ends: its time against the usual one, and what came so far."""
        usual, limit, had = run.ask.usual(run.place), run.ask.limit, len(run.results)
        return lambda: states.running(
            run.elapsed(), usual, limit, (len(run.results) - had, len(run.parts)), len(self.waiting)
        )

    # --- the job ------------------------------------------------------------------------------------

    async def _job(self, run: Run, session: Session, so_far: Callable[[], states.Shown]) -> None:
        with speaking(self._lang, anew=True):  # the click's own language may be another one by its end
            ticking = asyncio.create_task(self._tick(run, so_far))
            try:
                self._end(run, await self._takes(run, session), None)
            except NanoBananaError as error:
                self._end(run, states.failed(error), error)
            except Exception as fault:  # noqa: BLE001 - it is shown, and wait() raises it
                self._end(run, states.broken(fault), fault)
            finally:
                ticking.cancel()
                self._close(run)

    def _close(self, run: Run) -> None:
        """However its job went, a run is over: a cancel passes on, and leaves no panel that runs for ever."""
        with self._screen.lock, speaking(self._lang, anew=True):
            if not run.over:
                cut = states.cut(run.place.is_sandbox)
                self._end(run, states.failed(cut), cut)

    def _end(self, run: Run, shown: states.Shown, problem: Exception | None) -> None:
        """The panel is ready again. A run that was stopped has ended before: a fault leaves a note."""
        with self._screen.lock:
            if run.over:
                if problem is not None and not isinstance(problem, NanoBananaError):
                    self._screen.tell_late(shown.text)
                return
            try:
                self._screen.end(run, shown)
                if isinstance(problem, NanoBananaError) and problem.category in _MEETS_ALL:
                    self._hold(say("panel.not_sent_after", reason=problem.message))
            finally:
                run.end(problem)
                self._next()

    async def _takes(self, run: Run, session: Session) -> states.Shown:
        await _worker.in_thread(self._follower.planned, run)
        # One take's fault must not orphan the others: all are seen to their end, then it is raised.
        ends = await asyncio.gather(
            *(self._one(run, part, session) for part in run.parts), return_exceptions=True
        )
        for fault in filter(None, ends):
            raise fault
        if run.stopped:
            return states.stopped(run.place.is_sandbox, 0)
        if run.results:
            errors = [part.error for part in run.failures if part.error]
            return states.finished(run.results, errors, run.elapsed())
        problem = run.parts[0].error
        assert problem is not None
        if problem.retry_after:
            self._counting = asyncio.create_task(self._count_down(run, problem))
        raise problem

    async def _one(self, run: Run, part: Part, session: Session) -> None:
        """One picture: it is shown as soon as it is here; its failure is kept for the end."""

        ahead: Future[None] | None = None

        def began_as(take: int) -> None:
            part.take = take
            # Soon, not now: what is written down as begun may not fail because of what is shown.
            asyncio.get_running_loop().call_soon(self._follower.numbered, run)

        def answered(image: ImageData) -> None:
            nonlocal ahead
            if run.goes_on():
                ahead = _worker.aside(self._screen.coming, image)

        try:
            if part.paid:
                result = await session.acollect(part.paid)
            else:
                result = await session.asend(
                    run.order(part), go_on=run.goes_on, began_as=began_as, answered=answered
                )
        except asyncio.CancelledError:
            if run.goes_on():
                raise
            part.over = True
            self._screen.tell_late(say("panel.late_not_sent"))
        except NanoBananaError as error:
            if not run.failed(part, error):
                self._screen.tell_late(say("panel.late_failed", reason=error.message))
        else:
            if ahead:  # it decodes the picture, which what is said of it would do once more beside
                await asyncio.wait([asyncio.wrap_future(ahead)])
            await _worker.in_thread(self._take_in, run, part, result)

    def _take_in(self, run: Run, part: Part, result: EditResult) -> None:
        """A picture nobody waited for is in the history, and takes nobody's place."""
        with self._screen.lock:
            in_time = run.came(part, result)
            if in_time:
                self._screen.came(run, result)
        self._follower.numbered(run)
        self._arrived(result, not in_time)
        if not in_time:
            cost = money(result.cost, sandbox=result.sandbox)
            facts = "{}×{} · {}".format(*result.image.shown_size, cost)
            self._screen.tell_late(say("panel.late_came", facts=facts))

    # --- time ---------------------------------------------------------------------------------------

    async def _tick(self, run: Run, so_far: Callable[[], states.Shown]) -> None:
        while True:
            await asyncio.sleep(TICK)
            with self._screen.lock:
                if run.over:
                    return
                self._screen.say(so_far())

    async def _count_down(self, run: Run, error: NanoBananaError) -> None:
        """Say how much of the wait a server asked for is left, as long as the line is about that."""
        left, shown = error.retry_after or 0.0, states.failed(error)
        until = time.monotonic() + left
        while left > 0:
            await asyncio.sleep(min(1.0, left))
            left = until - time.monotonic()
            wait = span(round(left), round(left))
            rest = say("panel.wait_left", wait=wait) if left > 0 else say("panel.wait_done")
            with self._screen.lock:
                if self.run is not run or not self._screen.says(shown):
                    return
                self._screen.say(replace(shown, hint=rest, announce="" if left > 0 else rest))
