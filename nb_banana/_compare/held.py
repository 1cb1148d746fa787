"""A plan and what came of it: the value that tables, sheets and files are made of."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from .._result import EditResult
from ..errors import NanoBananaError
from .cells import Cell

Outcome = EditResult | NanoBananaError | None


@dataclass(frozen=True, slots=True)
class Held:
    """The outcomes of a plan's cells, in plan order.

    Attributes:
        cells: every cell, in plan order.
        impossible: the errors that stood in the plan from the start, by the places of their cells.
        outcomes: what came of the others that have run, by their places.
        stopped: the error that ended the last run early, or None.
        before: how many attempts at a cell may have been billed before and brought no picture, by its place;
            None where nobody has looked yet.
        sandbox: whether none of it can have cost anything.
        unasked: the places of the others whose error is that they could not be asked where the plan was made.
        spoken: the provider and the wire of each cell, by its place: of what came, else of what will be.
    """

    cells: tuple[Cell, ...]
    impossible: Mapping[int, NanoBananaError] = field(default_factory=dict)
    outcomes: Mapping[int, Outcome] = field(default_factory=dict)
    stopped: NanoBananaError | None = None
    before: Mapping[int, int] | None = None
    sandbox: bool = False
    unasked: frozenset[int] = frozenset()
    spoken: Mapping[int, tuple[str | None, str | None]] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.cells)

    def __getitem__(self, place: int) -> Outcome:
        return self.impossible.get(place) or self.outcomes.get(place)

    def __iter__(self) -> Iterator[Outcome]:
        return map(self.__getitem__, range(len(self)))

    def with_outcome(
        self, places: Sequence[int], outcome: Outcome, spoken: tuple[str, str] | None = None
    ) -> Held:
        """The same plan with an outcome more, of one cell or of several that ask for the same thing.

        ``spoken`` is the provider and the wire, where they are others than those that stood in the plan.
        """
        outcomes = {**self.outcomes, **dict.fromkeys(places, outcome)}
        told = {**self.spoken, **dict.fromkeys(places, spoken)} if spoken else self.spoken
        return replace(self, outcomes=outcomes, unasked=self.unasked.difference(places), spoken=told)

    @property
    def results(self) -> tuple[EditResult, ...]:
        """The results there are."""
        return tuple(one for one in self if isinstance(one, EditResult))

    @property
    def done(self) -> tuple[int, ...]:
        """The places of the cells that have one."""
        return tuple(at for at, one in enumerate(self) if isinstance(one, EditResult))

    @property
    def maybe_billed(self) -> int:
        """How many requests that brought no picture may be billed; those that cells share are one."""
        failed = {id(one): one for one in self if isinstance(one, NanoBananaError)}.values()
        return 0 if self.sandbox else sum(one.may_be_billed for one in failed)

    def status(self, cell: Cell) -> str:
        """``done``, ``failed``, ``impossible`` or ``missing``."""
        if cell.index in self.impossible or cell.index in self.unasked:
            return "impossible"
        outcome = self[cell.index]
        if outcome is None:
            return "missing"
        return "done" if isinstance(outcome, EditResult) else "failed"


class Holder:
    """Holds the newest :class:`Held`. Results come on one thread while others look back or ask for prices:
    each changes what the other left, so that none is lost.
    """

    def __init__(self, held: Held) -> None:
        self.held = held
        self._lock = threading.Lock()

    def change(self, change: Callable[[Held], Held]) -> Held:
        """Put ``change(held)`` in the place of what is held; it must be quick. Gives what is held then."""
        with self._lock:
            self.held = change(self.held)
            return self.held
