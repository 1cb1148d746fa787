"""What is uncertain about a share, and about the difference of two, on the standard library alone."""

from __future__ import annotations

import math
from statistics import NormalDist
from typing import Final

Z: Final = NormalDist().inv_cdf(0.975)
"""Standard errors on either side of a 95 % interval of many."""


def wilson(share: float, count: float) -> tuple[float, float]:
    """Wilson's 95 % interval of a share among ``count``."""
    z2 = Z * Z / count
    middle = (share + z2 / 2) / (1 + z2)
    half = Z / (1 + z2) * math.sqrt(share * (1 - share) / count + z2 / (4 * count))
    return max(0.0, middle - half), min(1.0, middle + half)


def newcombe(both: float, first: float, second: float, neither: float) -> tuple[float, float]:
    """Newcombe's 95 % interval of how far the second share of yes lies above the first, in pairs.

    Of the pairs ``both`` said yes, ``first`` or ``second`` alone did, or ``neither``: his method 10 (1998),
    which puts Wilson's intervals of the two together by how far they go along. It stays within 1 and is no
    point where all pairs agree.
    """
    count = both + first + second + neither
    one, other = (both + first) / count, (both + second) / count
    (low_1, high_1), (low_2, high_2) = wilson(one, count), wilson(other, count)
    sides = (both + first) * (second + neither) * (both + second) * (first + neither)
    alike = float(both * neither - first * second)
    if alike > 0:  # corrected for continuity
        alike = max(0.0, alike - count / 2)
    along = alike / math.sqrt(sides) if sides else 0.0

    def reach(of_one: float, of_other: float) -> float:
        return math.sqrt(of_one**2 - 2 * along * of_one * of_other + of_other**2)

    difference = other - one
    low = difference - reach(high_1 - one, other - low_2)
    return max(-1.0, low), min(1.0, difference + reach(one - low_1, high_2 - other))
