"""Sizes that are free within limits: a ratio and a size of ours as the pixels a model is asked for."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import log, sqrt
from typing import Final

_AREAS: Final = {"512": 512**2, "1K": 1024**2, "2K": 2048**2, "4K": 4096**2}
"""Pixels of a square of each name; another ratio has about as many."""
_PIXELS: Final = re.compile(r"([1-9]\d{1,4})[x×]([1-9]\d{1,4})", re.IGNORECASE)
_RATIO: Final = re.compile(r"([1-9]\d{0,4}):([1-9]\d{0,4})")


@dataclass(frozen=True, slots=True)
class FreeSizes:
    """What pixels may be asked for.

    Attributes:
        step: both edges are multiples of it, in pixels.
        widest: the longer edge is at most so many times the shorter one.
        longest: pixels of the longer edge at most.
        most: pixels in all at most.
        usual: pixels in all beyond which the maker calls it experimental; 0 is never.
    """

    step: int = 16
    widest: int = 8
    longest: int = 8192
    most: int = 8192**2
    usual: int = 0

    def takes_ratio(self, ratio: object) -> bool:
        """Whether a ratio is one, and within the limits."""
        share = fraction(ratio)
        return share is not None and Fraction(1, self.widest) <= share <= self.widest

    def takes_pixels(self, width: int, height: int) -> bool:
        """Whether these very pixels may be asked for."""
        longer, shorter = max(width, height), min(width, height)
        return (
            not width % self.step and not height % self.step and longer <= self.longest
            and longer <= self.widest * shorter and width * height <= self.most
        )  # fmt: skip

    def pixels(self, ratio: str | Fraction, size: str) -> tuple[int, int]:
        """Width and height for a ratio and a size by name, as close to both as the limits allow."""
        share = ratio if isinstance(ratio, Fraction) else fraction(ratio) or Fraction(1)
        return self._fitted(share, _AREAS[size])

    def nearest(self, width: int, height: int) -> tuple[int, int]:
        """The pixels that may be asked for and are closest to these."""
        return self._fitted(Fraction(width, height), width * height)

    def _fitted(self, share: Fraction, area: int) -> tuple[int, int]:
        share = min(max(share, Fraction(1, self.widest)), Fraction(self.widest))
        height = sqrt(min(area, self.most) / share)
        width = height * share
        scale = min(1.0, self.longest / max(width, height))
        across, down = (max(1, round(edge * scale / self.step)) for edge in (width, height))
        while not self.takes_pixels(across * self.step, down * self.step) and max(across, down) > 1:
            if across >= down:
                across -= 1
            else:
                down -= 1
        return across * self.step, down * self.step


ANY: Final = FreeSizes()
"""What a server whose model nobody knows is asked for: multiples that every diffusion model takes."""


def pixels_of(size: object) -> tuple[int, int] | None:
    """The pixels of ``"1536x864"``; None for a size by name, and for what is none."""
    found = _PIXELS.fullmatch(size.strip()) if isinstance(size, str) else None
    return (int(found[1]), int(found[2])) if found else None


def size_like(sizes: Sequence[str], width: int, height: int) -> str:
    """The one of these sizes that has about as many pixels."""
    return min(sizes, key=lambda size: abs(log(_AREAS[size] / (width * height))))


def fraction(ratio: object) -> Fraction | None:
    """``"16:9"`` as a number; None for what is no ratio."""
    found = _RATIO.fullmatch(ratio) if isinstance(ratio, str) else None
    return Fraction(int(found[1]), int(found[2])) if found else None


__all__ = ["ANY", "FreeSizes", "fraction", "pixels_of", "size_like"]
