"""One click's run, as a state with its transitions: asked, taken, came, failed, stopped, ended. No widgets.

Rules of this file:

* A run ends once, for those who wait for it. Stop ends it at once; what is on its way comes to its own end,
  and is late.
* Every transition says whether it was one: what comes to a run that nobody waits for changes nothing in it.
* Transitions come from several threads; each is made under the run's own lock.
"""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Callable, Generator, Iterable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from ..._result import EditResult, with_takes
from ...errors import NanoBananaError
from .ask import Ask

if TYPE_CHECKING:
    from ..._client.endpoint import Endpoint
    from ..._images.data import ImageData


@dataclass(slots=True, eq=False)
class Run:
    """What one click asked for, where it went, and what became of it.

    Attributes:
        ask, place: what was asked, and the endpoint as it was at the click.
        takes: which takes it sends; empty until that is known.
        results: the pictures that came, by their take; those of the run it repeats are among them.
        failures: why a take brought no picture.
        problem: what :meth:`outcome` raises.
        stopped: nobody waits for it any more.
        began: ``time.monotonic()`` at the click.
    """

    ask: Ask
    place: Endpoint
    takes: tuple[int, ...] = ()
    results: tuple[EditResult, ...] = ()
    failures: dict[int, NanoBananaError] = field(default_factory=dict)
    problem: BaseException | None = None
    stopped: bool = False
    began: float = field(default_factory=time.monotonic)
    _ended: Future[None] = field(default_factory=Future)
    _lock: threading.RLock = field(default_factory=threading.RLock)

    @classmethod
    def back(cls, ask: Ask, place: Endpoint, results: Sequence[EditResult]) -> Run:
        """A run that ended before this kernel began."""
        run = cls(ask, place, tuple(one.take for one in results), tuple(results))
        run.end()
        return run

    def again(self, place: Endpoint) -> Run:
        """A run that sends the takes that failed once more; the rest of this one stays."""
        return Run(self.ask, place, tuple(sorted(self.failures)), self.results)

    # --- what it is ---------------------------------------------------------------------------------

    @property
    def over(self) -> bool:
        """Whether it has ended for those who wait for it."""
        return self._ended.done()

    @property
    def count(self) -> int:
        """How many pictures it asks for."""
        return len(self.takes) or self.ask.takes

    @property
    def before(self) -> ImageData | None:
        """The picture its results are compared with."""
        return self.ask.last

    @property
    def result(self) -> EditResult | None:
        """What ``nb.edit`` would have returned; None while there is nothing."""
        if len(self.results) < 2:
            return self.results[0] if self.results else None
        return with_takes(self.results)

    def goes_on(self) -> bool:
        """Whether somebody still waits for it."""
        return not self.stopped

    def elapsed(self) -> float:
        """Seconds since the click."""
        return time.monotonic() - self.began

    def outcome(self) -> EditResult | None:
        """Its result, or what went wrong, raised."""
        if self.problem is not None:
            raise self.problem
        return self.result

    def when_over(self, listener: Callable[[], None]) -> None:
        """Call ``listener()`` once it has ended, on the thread that ends it."""
        self._ended.add_done_callback(lambda _: listener())

    def wait(self, timeout: float | None = None) -> None:
        """Wait for its end.

        Raises:
            TimeoutError: ``timeout`` seconds passed first.
        """
        self._ended.result(timeout)

    def __await__(self) -> Generator[Any, None, None]:
        yield from asyncio.shield(asyncio.wrap_future(self._ended)).__await__()

    # --- what becomes of it -------------------------------------------------------------------------

    def plan(self, first: int) -> None:
        """Its takes are known: from ``first`` on, unless it repeats some."""
        with self._lock:
            self.takes = self.takes or tuple(range(first, first + self.ask.takes))

    def came(self, result: EditResult) -> bool:
        """A picture is here. False: it is late, and takes nobody's place."""
        with self._lock:
            if self.stopped:
                return False
            self.results = tuple(sorted((*self.results, result), key=lambda one: one.take))
            return True

    def failed(self, take: int, error: NanoBananaError) -> bool:
        """A take ended without a picture. False: it is late."""
        with self._lock:
            if self.stopped:
                return False
            self.failures[take] = error
            return True

    def stop(self) -> bool:
        """Nobody waits any more. False: it was over before."""
        with self._lock:
            if self._ended.done() or self.stopped:
                return False
            self.stopped = True
            return True

    def end(self, problem: BaseException | None = None) -> bool:
        """It is over, and those who wait go on. False: it was over before."""
        with self._lock:
            if self._ended.done():
                return False
            self.problem = problem
            self._ended.set_result(None)
            return True


def next_take(free: int, ask: Ask, under_way: Iterable[Run]) -> int:
    """The next take of what is asked: one that was stopped and may still come is not free."""
    left = [take for run in under_way if run.ask.request == ask.request for take in run.takes]
    return max([free, *(take + 1 for take in left)])


def same_place(one: Endpoint, other: Endpoint) -> bool:
    """Whether edits go to the same place, by the same wire, at somebody's cost or nobody's."""
    return _identity(one) == _identity(other)


def _identity(place: Endpoint) -> tuple[str, str, str, bool]:
    return place.name, place.base_url, place.wire, place.has_key
