"""One run: lanes on the private loop, a line of progress here, and an end that keeps what is done."""

from __future__ import annotations

import asyncio
import sys
import threading
from collections.abc import Awaitable, Callable, Iterable, Sequence
from typing import Any, Final, TypeVar

from .. import _worker
from .._strings import say

T = TypeVar("T")
_LOOK: Final = 0.1
"""Seconds between looks at the progress; Ctrl-C is heard at once all the same."""
_LONG: Final = 1.0
"""Seconds after which progress is worth showing: what history answers is done before that."""
_WIND_DOWN: Final = 0.9
"""Seconds that cancelled edits get to note how they ended."""


def run(jobs: Sequence[T], do: Callable[[T], Awaitable[None]], concurrency: int) -> None:
    """Do all jobs, ``concurrency`` at a time. Ctrl-C cancels those under way and is raised again."""
    over, done = threading.Event(), [0]

    async def everything() -> None:
        try:
            await _in_lanes(iter(jobs), counted, min(concurrency, len(jobs)))
        finally:
            over.set()

    async def counted(job: T) -> None:
        await do(job)
        done[0] += 1

    future = _worker.submit(everything())
    try:
        with _bar(len(jobs)) as bar:
            while not over.wait(_LOOK):
                bar.update(done[0] - bar.n)
            bar.update(done[0] - bar.n)
        future.result()
    except BaseException:
        future.cancel()
        over.wait(_WIND_DOWN)
        raise


async def _in_lanes(jobs: Iterable[T], do: Callable[[T], Awaitable[None]], lanes: int) -> None:
    """A lane takes the next job when it is free, so that a long plan is never a thousand waiting tasks."""

    async def lane() -> None:
        for job in jobs:
            await do(job)

    try:
        async with asyncio.TaskGroup() as group:
            for _ in range(lanes):
                group.create_task(lane())
    except BaseExceptionGroup as several:
        raise several.exceptions[0] from None


def _bar(total: int) -> Any:
    """A plain bar in a terminal or a notebook, gone when done; nothing in a log file."""
    from tqdm import tqdm

    class Bar(tqdm):  # type: ignore[misc,type-arg,unused-ignore]
        monitor_interval = 0  # no thread of its own: we look often enough

    kernel = sys.modules.get("ipykernel.kernelapp")  # may be loaded where no kernel runs
    seen = sys.stderr.isatty() or (kernel is not None and kernel.IPKernelApp.initialized())
    return Bar(
        total=total, desc=say("compare.progress"), disable=not seen, leave=False, miniters=0, mininterval=0.5,
        delay=_LONG, bar_format="{desc} {n_fmt}/{total_fmt} |{bar:20}| {elapsed}",
    )  # fmt: skip
