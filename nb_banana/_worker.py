"""The private thread and event loop on which a notebook's jobs run.

Rules of the room:

* One daemon thread and one loop for the process, made on first use. Which thread and loop a widget
  callback runs on differs between ipykernel versions; a job here never depends on it.
* A job never blocks the loop: pixel work goes through :func:`in_thread`.
* Updates of what people see go through a :class:`Throttle`: a flood of trait changes makes the
  server drop messages, and then even the end of a cell is lost.
"""

from __future__ import annotations

import asyncio
import contextvars
import logging
import os
import threading
import time
import traceback
from collections.abc import Callable, Coroutine
from concurrent.futures import Future, ThreadPoolExecutor
from functools import partial
from typing import Any, Final, ParamSpec, TypeVar

T = TypeVar("T")
P = ParamSpec("P")

_NAME: Final = "nb-banana"
_THREADS: Final = 64
"""Threads beside the loop: a listener that waits for an edit of its own takes one."""
_WIND_DOWN: Final = 0.9
"""Seconds a cancelled job gets to note how it ended."""
_lock = threading.Lock()
_loops: list[asyncio.AbstractEventLoop] = []
_slips: set[tuple[str, int | None]] = set()


if hasattr(os, "register_at_fork"):
    # A forked child has its parent's loop, but not the thread that runs it.
    os.register_at_fork(after_in_child=lambda: globals().update(_lock=threading.Lock(), _loops=[]))


def loop() -> asyncio.AbstractEventLoop:
    """The private loop, running on its thread."""
    with _lock:
        if not _loops:
            made = asyncio.new_event_loop()
            made.set_default_executor(ThreadPoolExecutor(_THREADS, thread_name_prefix=f"{_NAME}-beside"))
            threading.Thread(target=made.run_forever, name=_NAME, daemon=True).start()
            _loops.append(made)
        return _loops[0]


def is_here() -> bool:
    """Whether this code runs on the private thread."""
    return threading.current_thread().name == _NAME


def submit(job: Coroutine[Any, Any, T]) -> Future[T]:
    """Run a coroutine on the private loop. Cancel the future to cancel the coroutine."""
    return asyncio.run_coroutine_threadsafe(job, loop())


def wait(job: Coroutine[Any, Any, T], look: Callable[[], None] | None = None, every: float = 1.0) -> T:
    """Run a coroutine on the private loop and wait for it. An interrupt cancels it, and waits for its end.

    ``look()`` is called on the waiting thread ``every`` so many seconds.
    Code that already runs on the private loop would wait for itself: there the job gets a loop of its own.
    """
    if is_here():
        with ThreadPoolExecutor(1) as apart:
            return apart.submit(contextvars.copy_context().run, asyncio.run, job).result()
    over = threading.Event()
    future = submit(_until(job, over))
    try:
        while look is not None and not (over.wait(every) or future.done()):
            look()
        return future.result()
    except BaseException:
        future.cancel()
        over.wait(_WIND_DOWN)
        raise


async def _until(job: Coroutine[Any, Any, T], over: threading.Event) -> T:
    try:
        return await job
    finally:
        over.set()


async def in_thread(function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Run slow plain code beside the loop, with the caller's context (its language, for one)."""
    context = contextvars.copy_context()
    return await asyncio.get_running_loop().run_in_executor(
        None, partial(context.run, partial(function, *args, **kwargs))
    )


async def to_the_end(function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """:func:`in_thread`, and a cancel comes back only when it is over."""
    context = contextvars.copy_context()
    work = asyncio.get_running_loop().run_in_executor(
        None, partial(context.run, partial(function, *args, **kwargs))
    )
    try:
        return await asyncio.shield(work)
    except asyncio.CancelledError:
        await asyncio.wait([work])
        raise


def aside(function: Callable[P, Any], *args: P.args, **kwargs: P.kwargs) -> Future[None]:
    """Run slow plain code whose outcome nobody needs; a fault in it is logged, never lost."""
    context = contextvars.copy_context()
    work = partial(context.run, partial(function, *args, **kwargs))
    job = submit(_run_aside(work))
    job.add_done_callback(_report)
    return job


async def _run_aside(work: Callable[[], Any]) -> None:
    try:
        waiting = asyncio.get_running_loop().run_in_executor(None, work)
    except RuntimeError:
        return  # the interpreter is ending and takes no more work; nobody is there to see it
    await waiting


def _report(done: Future[None]) -> None:
    fault = None if done.cancelled() else done.exception()
    if fault is not None:
        logging.getLogger("nb_banana").error("a background job failed", exc_info=fault)


def looks_on(call: Callable[[], object]) -> None:
    """Call whoever only looks on. What goes wrong there is logged, once for each place of code, and passes on
    to nobody: a slip in it, or a line that can't be printed, must not cancel what is paid.
    """
    try:
        call()
    except (Exception, SystemExit) as slip:
        if isinstance(slip, SystemExit) and threading.current_thread() is threading.main_thread():
            raise  # this program is asked to end
        *_, last = traceback.extract_tb(slip.__traceback__)
        if (where := (last.filename, last.lineno)) not in _slips:
            _slips.add(where)
            logging.getLogger("nb_banana").exception("a listener failed; the job goes on")


class Throttle:
    """Calls ``show(value)`` at most once per ``interval`` seconds, and always with the last value.

    May be called from any thread, and from ``show`` itself: no lock is held while it runs.
    """

    def __init__(self, show: Callable[[Any], object], interval: float = 0.1) -> None:
        self._show, self._interval = show, interval
        self._lock = threading.Lock()
        self._next = 0.0
        self._held: list[Any] = []
        self._showing = False

    def __call__(self, value: Any) -> None:
        with self._lock:
            waiting, self._held = bool(self._held), [value]
            delay = self._next - time.monotonic()
            if waiting or self._showing:
                return
        if delay > 0:
            loop().call_soon_threadsafe(loop().call_later, delay, self.flush)
        else:
            self.flush()

    def put_off(self) -> None:
        """Show nothing within this moment: whoever calls has something more urgent to do."""
        with self._lock:
            self._next = max(self._next, time.monotonic() + self._interval)

    def flush(self) -> None:
        """Show the held value now, if there is one; one thread at a time, so the last one shows last."""
        while True:
            with self._lock:
                if self._showing or not self._held:
                    return
                value, self._showing = self._held.pop(), True
                self._next = time.monotonic() + self._interval
            try:
                self._show(value)
            finally:
                with self._lock:
                    self._showing = False
