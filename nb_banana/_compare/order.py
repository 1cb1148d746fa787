"""In which order a plan is run: so that what is there when it is stopped is a fair sample of the whole."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence
from typing import TYPE_CHECKING, Any, Final, Literal

from .._result import EditResult
from .._strings import say
from ..errors import InvalidRequestError
from .cells import AXES, Cell
from .units import UNIT, unit_of

if TYPE_CHECKING:
    from .held import Held
    from .plan import Plan

RunOrder = Literal["spread", "plan"]
ORDERS: Final = ("spread", "plan")
_INSIDE: Final = ("image", *UNIT, "turn", "take")


def in_order(cells: Sequence[Cell], order: RunOrder) -> list[Cell]:
    """The cells in the order in which they are sent.

    ``"plan"`` is plan order. ``"spread"`` makes the first take everywhere before the second; goes through the
    edits (input and prompt) in an order that is spread evenly over the plan wherever it stops; and begins
    each edit with another of the conditions compared, so that none of them always has the better hour.

    Raises:
        InvalidRequestError: there is no such order.
    """
    if order not in ORDERS:
        known = " / ".join(map(repr, ORDERS))
        raise InvalidRequestError(say("running.no_order", order=order, known=known))
    if order == "plan":
        return list(cells)
    units = _numbered(list(map(unit_of(cells), cells)))
    conditions = _numbered([_condition(cell) for cell in cells])
    spread, many = _spread(max(units, default=0) + 1), max(conditions, default=0) + 1

    def place(at: int) -> tuple[int, ...]:
        cell, turn = cells[at], spread[units[at]]
        return cell.take, cell.turn, turn, (conditions[at] - turn) % many, at

    return [cells[at] for at in sorted(range(len(cells)), key=place)]


def asked_of(plan: Plan, held: Held, cells: Iterable[Cell | int] | None) -> list[Cell]:
    """The cells a run is for, each once: what is missing or failed, of all or of those named.

    Raises:
        InvalidRequestError: one that is named is not of this plan.
    """
    first = {cell.index: cell for cell in plan.first()}
    if cells is None:
        return [cell for cell in first.values() if not isinstance(held[cell.index], EditResult)]
    found: dict[int, Cell] = {}
    for one in cells:
        at = one.index if isinstance(one, Cell) else one
        if isinstance(at, bool) or not isinstance(at, int) or not 0 <= at < len(held):
            raise InvalidRequestError(say("running.not_here", cell=one, last=len(held) - 1))
        if at in held.impossible:
            reason = held.impossible[at].message
            raise InvalidRequestError(say("running.impossible", index=at, reason=reason))
        if not isinstance(held[at], EditResult):
            found[plan.leader(at)] = first[plan.leader(at)]
    return list(found.values())


def _condition(cell: Cell) -> tuple[Any, ...]:
    return tuple((cell[axis], cell.shown(axis)) for axis in AXES if axis not in _INSIDE)


def _numbered(values: Sequence[Hashable]) -> list[int]:
    """Each value by the order in which it first came."""
    numbers: dict[Hashable, int] = {}
    return [numbers.setdefault(value, len(numbers)) for value in values]


def _spread(count: int) -> list[int]:
    """For each of ``count`` its turn in an order that halves what is left each time: bits read backwards."""
    bits = max(1, (count - 1).bit_length())
    order = sorted(range(count), key=lambda at: int(f"{at:0{bits}b}"[::-1], 2))
    turns = [0] * count
    for turn, at in enumerate(order):
        turns[at] = turn
    return turns
