"""``nb.measures``: figures about an edit, each with its convention; many pairs at once with :func:`score`."""

from __future__ import annotations

import sys
from typing import Final

from .figures import alignment, asked, changed, color, drift, l1, mse, psnr, shift, ssim
from .learned import lpips
from .pairs import Measure, Pair
from .reading import quoted, text
from .scoring import DEFAULT, Scores, of, score

measures: Final = sys.modules[__name__]

__all__ = [
    "DEFAULT", "Measure", "Pair", "Scores", "alignment", "asked", "changed", "color", "drift", "l1", "lpips",
    "mse", "of", "psnr", "quoted", "score", "shift", "ssim", "text",
]  # fmt: skip


def __dir__() -> list[str]:
    return sorted(__all__)
