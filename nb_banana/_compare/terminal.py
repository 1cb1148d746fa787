"""What a terminal needs of a comparison: parts of it, its table as a file, a Ctrl-C that ends it gently."""

from __future__ import annotations

import signal
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from .. import _worker
from .order import asked_of

if TYPE_CHECKING:
    from .comparison import Comparison


def chosen(comparison: Comparison, only: Sequence[int], *, failed: bool) -> list[int] | None:
    """The cells named, and those that were ``failed`` before, by whatever process; None where it is all.

    Raises:
        InvalidRequestError: one that is named is not of this plan, or can't work.
    """
    if not only and not failed:
        return None
    plan, held = comparison._standing(), comparison._holder.held
    before = [cell.index for cell in plan.failed_before(held)] if failed else []
    return [cell.index for cell in asked_of(plan, held, sorted({*only, *before}))]


def fill(comparison: Comparison) -> None:
    """Take in what history holds of cells that this run was not for: a file holds what is there of the whole.

    Nothing is sent; a retry of a part would otherwise leave a file with that part alone.
    """
    plan, held = comparison._plan, comparison._holder.held
    for first, result in plan.known(held).items():
        if held[first] is None:
            held = held.with_outcome(plan.alike[first], result, plan.origin(result))
    comparison._holder.change(lambda _: held)


def is_sandbox(comparison: Comparison) -> bool:
    """Whether nothing of it can cost anything."""
    return comparison._holder.held.sandbox


def part(comparison: Comparison, cells: Sequence[int]) -> Comparison:
    """These cells as a comparison of their own, to be priced; a step of a chain begins one here."""
    alone = [replace(comparison.cells[place], index=at, after=None) for at, place in enumerate(cells)]
    return type(comparison)(alone, session=comparison.session)


@contextmanager
def gentle(comparison: Comparison, tell: Callable[[], Any]) -> Iterator[list[int]]:
    """The first Ctrl-C stops the run and is told; the next one breaks off what is under way.

    Gives the signals that came. Only the main thread can listen for them.
    """
    came: list[int] = []

    def heard(number: int, _: Any) -> None:
        signal.signal(number, before)
        came.append(number)
        comparison.stop()
        _worker.looks_on(tell)

    before = signal.signal(signal.SIGINT, heard)
    try:
        yield came
    finally:
        signal.signal(signal.SIGINT, before)
