"""What difference a plan's numbers could show at all, before anything is sent.

Two conditions are compared edit by edit, so what counts is how many edits, (image, prompt) pairs, both have;
more takes make each of them quieter but add none.
"""

from __future__ import annotations

import math
from collections.abc import Hashable, Mapping, Sequence, Set
from dataclasses import dataclass
from statistics import NormalDist
from typing import TYPE_CHECKING, Any, Final

from .units import UNIT, unit_of

if TYPE_CHECKING:
    from .cells import Cell

FEW: Final = 5
"""Pairs below which nothing is told."""
POWER: Final = 0.8
ALPHA: Final = 0.05
_COMPARED: Final = ("model", "aspect_ratio", "image_size", "endpoint", "wire")


@dataclass(frozen=True, slots=True)
class Power:
    """What can be told apart.

    Attributes:
        axis: along which the plan compares most values; None where it compares nothing.
        units: on how many (image, prompt) pairs that are made with every value; a chain is one.
        detectable: the smallest mean difference, in standard deviations of the paired differences, that is
            found with 80 % probability at 5 %, corrected for all pairs of values; None under :data:`FEW`.
        own: the axis is a column of one's own.
    """

    axis: str | None
    units: int
    detectable: float | None
    own: bool = False


NO_POWER: Final = Power(None, 0, None)


def power_of(cells: Sequence[Cell]) -> Power:
    """What a plan of these cells can tell apart."""
    conditions = {axis: len({cell.shown(axis) for cell in cells}) for axis in _COMPARED}
    axis = max(conditions, key=lambda one: conditions[one])
    if conditions[axis] > 1:
        return power_between(axis, _by(axis, cells))
    for axis in reversed(UNIT):
        found = _by(axis, cells)
        if len(found) > 1 and set.intersection(*found.values()):  # else each has pictures of its own
            return power_between(axis, found)
    return NO_POWER


def _by(axis: str, cells: Sequence[Cell]) -> dict[str | None, set[Hashable]]:
    """By its values, the edits that are made with each."""
    unit, found = unit_of(cells, axis), dict[str | None, set[Hashable]]()
    for cell in cells:
        found.setdefault(cell.shown(axis), set()).add(unit(cell))
    return found


def power_between(axis: str, found: Mapping[Any, Set[Any]]) -> Power:
    """What can be told apart of conditions, each with the units that are made under it."""
    units = len(frozenset.intersection(*map(frozenset, found.values())))
    return Power(axis, units, detectable(units, len(found) * (len(found) - 1) // 2))


def detectable(units: int, pairs: int) -> float | None:
    """The smallest difference that is found, in their standard deviations; see :class:`Power`."""
    if units < FEW or not pairs:
        return None
    strictest = t_quantile(1 - ALPHA / 2 / pairs, units - 1)
    return (strictest + t_quantile(POWER, units - 1)) / math.sqrt(units)


def t_quantile(share: float, freedom: int) -> float:
    """Student's t by the expansion of Abramowitz & Stegun, 26.7.5, good to a few percent from 4 on."""
    x = NormalDist().inv_cdf(share)
    terms = (
        (x**3 + x) / 4,
        (5 * x**5 + 16 * x**3 + 3 * x) / 96,
        (3 * x**7 + 19 * x**5 + 17 * x**3 - 15 * x) / 384,
        (79 * x**9 + 776 * x**7 + 1482 * x**5 - 1920 * x**3 - 945 * x) / 92160,
    )
    return float(x + sum(term / freedom**at for at, term in enumerate(terms, 1)))
