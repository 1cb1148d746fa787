"""A glance at a picture: enough to tell that two look the same, or that there is nothing on one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Final

_STRETCH: Final = 0.03
"""Pictures whose shapes differ more than this are not the same."""
_CELL: Final = 32
_MEAN: Final = 2.0
"""How far, of 255, a fresh encoding or another size may move one cell, and all cells on average."""
_FLAT: Final = 6


@dataclass(frozen=True, slots=True)
class Look:
    """The shape of a picture, and the average colours of 48 × 48 cells of it.

    Attributes:
        ratio: width by height.
        cells: four bytes for each cell: red, green, blue, opacity.
    """

    EDGE: ClassVar[int] = 48
    ratio: float
    cells: bytes

    def is_like(self, other: Look) -> bool:
        """Whether a person who glances at both sees one picture."""
        if abs(self.ratio / other.ratio - 1) > _STRETCH:
            return False
        away = [abs(one - two) for one, two in zip(self.cells, other.cells, strict=True)]
        return max(away) <= _CELL and sum(away) <= _MEAN * len(away)

    @property
    def is_flat(self) -> bool:
        """Whether the whole picture has one colour."""
        channels = (self.cells[at::4] for at in range(4))
        return all(max(channel) - min(channel) <= _FLAT for channel in channels)
