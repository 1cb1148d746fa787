"""Figures over items with what is uncertain about them, on the standard library alone.

A share has Wilson's interval; a mean has the plain normal one from :data:`ENOUGH` items on, and none below,
where only Student's would hold. Both are over items: what another run of judge or model would give is no part
of them.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from statistics import fmean, variance
from typing import Final

from .._compare.intervals import Z, wilson
from .values import Mean

ENOUGH: Final = 30


def share_of(name: str, reading: str, yes: int, count: int, missing: int) -> Mean:
    """A share among ``count``."""
    if not count:
        return Mean(name, reading, None, 0, missing)
    return Mean(name, reading, yes / count, count, missing, *wilson(yes / count, count), "Wilson")


def mean_of(name: str, reading: str, values: Sequence[float], missing: int) -> Mean:
    """A plain mean over items."""
    return mean_of_groups(name, reading, {"": values}, missing)


def mean_of_groups(name: str, reading: str, groups: Mapping[str, Sequence[float]], missing: int) -> Mean:
    """The mean of the groups' means, each group of equal weight; a group without a number is left out."""
    held = [values for values in groups.values() if values]
    count = sum(map(len, held))
    if not held:
        return Mean(name, reading, None, 0, missing)
    value = fmean(map(fmean, held))
    if count < ENOUGH or min(map(len, held)) < 2:
        return Mean(name, reading, value, count, missing)
    half = Z * math.sqrt(sum(variance(values) / len(values) for values in held)) / len(held)
    return Mean(name, reading, value, count, missing, value - half, value + half, "normal")


def without_interval(row: Mean) -> Mean:
    """The same where its numbers hang together: an interval over them would be too narrow."""
    return Mean(row.name, row.reading, row.value, row.count, row.missing)


def grouped(pairs: Iterable[tuple[str, float]]) -> dict[str, list[float]]:
    """The values by their group, in the order of the first of each."""
    groups: dict[str, list[float]] = {}
    for group, value in pairs:
        groups.setdefault(group, []).append(value)
    return groups
