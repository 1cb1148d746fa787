"""One click's run, as a state with its transitions: asked, taken, came, failed, stopped, ended. No widgets.

Rules of this file:

* A run ends once, for those who wait for it. Stop ends it at once; what is on its way comes to its own end,
  and is late.
* Every transition says whether it was one: what comes to a run that nobody waits for changes nothing in it.
* Transitions come from several threads; each is made under the run's own lock.
* Which take a picture is, the history says when its attempt begins: a run asks for the next ones.
"""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Callable, Generator, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from ..._messages import Order
from ..._result import EditResult, with_takes
from ...errors import NanoBananaError
from .ask import Ask
from .part import Part

if TYPE_CHECKING:
    from ..._client.endpoint import Endpoint
    from ..._images.data import ImageData


@dataclass(slots=True, eq=False)
class Run:
    """What one click asked for, where it went, and what became of it.

    Attributes:
        ask, place: what was asked, and the endpoint as it was at the click.
        parts: the pictures it makes, each with its take once that is known.
        results: the pictures that came, by their take; those of the run it repeats are among them.
        failures: the parts that brought no picture; those of the run it repeats that wait are among them.
        problem: what :meth:`outcome` raises.
        stopped: nobody waits for it any more.
        begun: it is no longer waiting for the runs before it.
        began: ``time.monotonic()`` when it was begun.
    """

    ask: Ask
    place: Endpoint
    parts: tuple[Part, ...] = ()
    results: tuple[EditResult, ...] = ()
    failures: tuple[Part, ...] = ()
    problem: BaseException | None = None
    stopped: bool = False
    begun: bool = False
    began: float = field(default_factory=time.monotonic)
    _ended: Future[None] = field(default_factory=Future)
    _lock: threading.RLock = field(default_factory=threading.RLock)

    @classmethod
    def back(cls, ask: Ask, place: Endpoint, results: Sequence[EditResult]) -> Run:
        """A run that ended before this kernel began."""
        run = cls(ask, place, (), tuple(results))
        run.begin()
        run.end()
        return run

    def __post_init__(self) -> None:
        self.parts = self.parts or tuple(Part() for _ in range(self.ask.takes))

    def again(self, place: Endpoint, one: Part | None = None) -> Run:
        """A run that sends the takes that failed once more, or one of them; the rest of this one stays."""
        tried = self.failures if one is None else (one,)
        parts = tuple(Part(part.take, instead_of=part) for part in tried)
        return Run(self.ask, place, parts, self.results, self._but(tried))

    def fetching(self) -> Run:
        """A run that fetches what was paid for and sends nothing; the rest of this one stays."""
        owed = tuple(part for part in self.failures if part.owed)
        parts = tuple(Part(part.take, part.owed, instead_of=part) for part in owed)
        return Run(self.ask, self.place, parts, self.results, self._but(owed))

    def _but(self, tried: Sequence[Part]) -> tuple[Part, ...]:
        return tuple(part for part in self.failures if part not in tried)

    # --- what it is ---------------------------------------------------------------------------------

    @property
    def over(self) -> bool:
        """Whether it has ended for those who wait for it."""
        return self._ended.done()

    @property
    def takes(self) -> tuple[int, ...]:
        """The takes that came, or are on their way, or failed, as far as they are known."""
        came = {one.take for one in self.results}
        return tuple(sorted(came.union(one.take for one in (*self.parts, *self.failures) if one.take)))

    @property
    def before(self) -> ImageData | None:
        """The picture its results are compared with."""
        return self.ask.before

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

    def begin(self) -> None:
        """Its turn has come."""
        self.begun, self.began = True, time.monotonic()

    def order(self, part: Part) -> Order:
        """What is sent for a part."""
        return self.ask.order(part.take, 0 if part.take else 1 + self.parts.index(part))

    def came(self, part: Part, result: EditResult) -> bool:
        """A picture is here. False: it is late, and takes nobody's place."""
        with self._lock:
            part.take, part.result, part.over, part.late = result.take, result, True, self.stopped
            if self.stopped:
                return False
            self.results = tuple(sorted((*self.results, result), key=lambda one: one.take))
            return True

    def failed(self, part: Part, error: NanoBananaError) -> bool:
        """A part ended without a picture. False: it is late."""
        with self._lock:
            part.error, part.over = error, True
            if self.stopped:
                return False
            self.failures = (*self.failures, part)
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


def same_place(one: Endpoint, other: Endpoint) -> bool:
    """Whether edits go to the same place, by the same wire, at somebody's cost or nobody's."""
    return _identity(one) == _identity(other)


def _identity(place: Endpoint) -> tuple[object, ...]:
    return place.name, place.base_url, place.wire, place.has_key, place.model, place.price
