"""What is uncertain about a share, on the standard library alone."""

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
