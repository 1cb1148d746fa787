"""What the numbers of a comparison show, and what they don't.

Rules of this file:

* The unit of evidence is what was edited, an (image, prompt) pair: its takes are averaged first, for a second
  take of the same edit says nothing about other edits. Taken as evidence of their own they give intervals
  that hold 70 to 85 % of the time where 95 % is said (`tests/compare/test_compare_statistics.py`).
* Under :data:`FEW` units there is a mean and no verdict. Under :data:`MANY` units the interval is Student's t
  over units, from there on a BCa bootstrap of units: of few units a bootstrap holds 81 % where 95 % is said.
* A share has Wilson's interval: the plain one ends at 100 % where nine of nine say yes. A difference of two
  has Newcombe's, made of those: a t interval of yes and no goes beyond 1.
* Where all units say the same there is no interval: what doesn't vary tells nothing of how it varies.
* Two groups are compared unit by unit; several comparisons at once are corrected by Holm.
* What brought no number is counted, never filled in.
* Numbers that differ by no more than rounding (:data:`_ROUNDING`) are the same: 0.4 − 0.3 and 0.2 − 0.1 are
  one difference, not two whose tiny spread makes any test sure.
"""

from __future__ import annotations

import math
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np
from scipy import stats

from .intervals import newcombe, wilson
from .power import FEW

MANY: Final = 30
"""Units from which the interval is a bootstrap."""
LEVEL: Final = 0.95
_ROUNDING: Final = 1e-9
"""Of the largest number: what is smaller came of adding and subtracting binary fractions."""
_RESAMPLES: Final = 4999
_SEED: Final = 20_260_101
"""The same numbers give the same interval."""

Values = Mapping[Hashable, Sequence[float]]
"""The takes of each unit that brought a number."""


@dataclass(frozen=True, slots=True)
class Estimate:
    """A mean or a share over units.

    Attributes:
        value: the mean of the units' means; None without any.
        low, high: its 95 % interval; None under :data:`FEW` units, and where all are the same.
        units, takes: how many it is from.
        missing: cells that brought no number.
        how: ``"t"``, ``"bootstrap"``, ``"wilson"``, or ``""`` without an interval.
    """

    value: float | None
    low: float | None
    high: float | None
    units: int
    takes: int
    missing: int
    how: str


@dataclass(frozen=True, slots=True)
class Contrast:
    """Two groups compared on the units that both have.

    Attributes:
        first, second: the groups.
        difference: mean of second minus first, unit by unit; None without a common unit.
        low, high: its 95 % interval; None under :data:`FEW` units, and where every unit differs by the same.
        p: two-sided, of a paired t test (an exact sign test of shares, and where every unit differs by the
            same: McNemar's, where every unit is yes or no); None under :data:`FEW` units.
        p_holm: the same, corrected for all contrasts made at once.
        d_z: the difference in standard deviations of the differences; None where they don't vary.
        units: how many both have.
        left_out: how many only one has.
    """

    first: Hashable
    second: Hashable
    difference: float | None
    low: float | None
    high: float | None
    p: float | None
    p_holm: float | None
    d_z: float | None
    units: int
    left_out: int

    @property
    def told(self) -> bool | None:
        """Whether a difference was shown at 5 %; None where the units are too few to tell."""
        return None if self.p_holm is None else self.p_holm < 1 - LEVEL

    @property
    def told_alone(self) -> bool:
        """Whether it would be one had nothing else been compared."""
        return self.p is not None and self.p < 1 - LEVEL


def mean(values: Values, missing: int = 0) -> Estimate:
    """The mean over units with its interval."""
    found = _unit_means(values)
    low, high, how = _interval(found, _largest(found))
    return _estimate(found, values, missing, (low, high), how)


def share(values: Values, missing: int = 0) -> Estimate:
    """The share of yes (1) among yes and no (0) over units, with Wilson's interval."""
    found = _unit_means(values)
    if len(found) < FEW:
        return _estimate(found, values, missing, (None, None), "")
    return _estimate(found, values, missing, wilson(float(found.mean()), len(found)), "wilson")


def contrast(
    first: tuple[Hashable, Values], second: tuple[Hashable, Values], *, shares: bool = False
) -> Contrast:
    """Two groups, each by its name, compared on the units both have; alone, so nothing is corrected yet.

    ``shares`` says that the values are yes (1) and no (0), or shares of yes.
    """
    (name, one), (other_name, other) = (first[0], _means(first[1])), (second[0], _means(second[1]))
    both = [unit for unit in one if unit in other]
    before, after = (np.array([side[unit] for unit in both], dtype=float) for side in (one, other))
    found = _differences(before, after)
    scale = _largest(before, after)
    low, high = _apart(before, after, shares)
    spread = _spread(found, scale)
    p = _p(before, after, shares) if len(found) >= FEW else None
    return Contrast(
        name, other_name, float(found.mean()) if both else None, low, high, p, p,
        float(found.mean()) / spread if spread else None, len(both), len(one.keys() ^ other.keys()),
    )  # fmt: skip


def corrected(found: Sequence[Contrast]) -> tuple[Contrast, ...]:
    """Contrasts that were made at once, corrected by Holm."""
    ps = holm([one.p for one in found])
    return tuple(replace(one, p_holm=p) for one, p in zip(found, ps, strict=True))


def holm(ps: Sequence[float | None]) -> list[float | None]:
    """p values corrected for being several; what has none counts for nothing."""
    order = sorted((p, at) for at, p in enumerate(ps) if p is not None and not math.isnan(p))
    corrected: list[float | None] = [None] * len(ps)
    highest = 0.0
    for rank, (p, at) in enumerate(order):
        highest = max(highest, min(1.0, p * (len(order) - rank)))
        corrected[at] = highest
    return corrected


def _spread(found: Any, scale: float) -> float:
    """The standard deviation of what units brought, made of numbers up to ``scale``; 0 where they differ by
    rounding alone.
    """
    if len(found) < 2 or float(np.ptp(found)) <= _ROUNDING * scale:
        return 0.0
    return float(found.std(ddof=1))


def _means(values: Values) -> dict[Hashable, float]:
    return {unit: float(np.mean(takes)) for unit, takes in values.items() if len(takes)}


def _unit_means(values: Values) -> Any:
    return np.array(list(_means(values).values()), dtype=float)


def _estimate(
    found: Any, values: Values, missing: int, interval: tuple[float | None, float | None], how: str
) -> Estimate:
    takes = sum(map(len, values.values()))
    return Estimate(float(found.mean()) if len(found) else None, *interval, len(found), takes, missing, how)


def _largest(*found: Any) -> float:
    """The size of the numbers that others are small beside."""
    return max((float(abs(one).max()) for one in found if len(one)), default=0.0)


def _differences(before: Any, after: Any) -> Any:
    """After minus before, unit by unit; 0 where that is rounding alone."""
    found = after - before
    return np.where(abs(found) <= _ROUNDING * _largest(before, after), 0.0, found)


def _interval(found: Any, scale: float) -> tuple[float | None, float | None, str]:
    """The 95 % interval of the mean of what units brought, made of numbers up to ``scale``."""
    count = len(found)
    if count < FEW:
        return None, None, ""
    spread = _spread(found, scale)
    middle = float(found.mean())
    if not spread:
        return None, None, ""
    if count < MANY:
        half, how = float(stats.t.ppf((1 + LEVEL) / 2, count - 1)) * spread / math.sqrt(count), "t"
        low, high = middle - half, middle + half
    else:
        with np.errstate(all="ignore"):
            made = stats.bootstrap(
                (found,), np.mean, confidence_level=LEVEL, n_resamples=_RESAMPLES, method="BCa",
                rng=np.random.default_rng(_SEED),
            ).confidence_interval  # fmt: skip
        low, high, how = float(made.low), float(made.high), "bootstrap"
    return (low, high, how) if math.isfinite(low) and math.isfinite(high) else (None, None, "")


def _apart(before: Any, after: Any, shares: bool) -> tuple[float | None, float | None]:
    """The 95 % interval of how far the two lie apart.

    Figures that are all 0, or all 1, may be anything; shares are what they are.
    """
    low, high, _ = _interval(_differences(before, after), _largest(before, after))
    if len(before) >= FEW and (shares or (_yes_or_no(before, after) and low is not None)):
        # Several takes make a unit's yes a share, which counts as that part of a pair.
        sides = (before, 1 - before), (after, 1 - after)
        return newcombe(*(float((one * other).sum()) for one in sides[0] for other in sides[1]))
    return low, high


def _yes_or_no(before: Any, after: Any) -> bool:
    return bool(np.isin(before, (0, 1)).all() and np.isin(after, (0, 1)).all())


def _p(before: Any, after: Any, shares: bool) -> float | None:
    """Two-sided, that the two differ no more than by chance."""
    found = _differences(before, after)
    ups, downs = int((found > 0).sum()), int((found < 0).sum())
    if shares or _yes_or_no(before, after) or not _spread(found, _largest(before, after)):
        return float(stats.binomtest(ups, ups + downs).pvalue) if ups + downs else 1.0
    p = float(stats.ttest_1samp(found, 0).pvalue)
    return None if math.isnan(p) else p
