"""A region of a picture as four numbers: left, top, width and height, each a share of the picture."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

_SLACK: Final = 1e-9
"""0.1 + 0.9 need not be 1 to a computer."""


def shares_of(region: Iterable[Any]) -> tuple[float, float, float, float] | None:
    """The four shares, also of numbers written as text; None for what is no region inside the picture."""
    try:
        left, top, wide, tall = (float(value) for value in region)
    except (TypeError, ValueError):
        return None
    begins = 0 <= left < 1 and 0 <= top < 1
    ends = 0 < wide <= 1 - left + _SLACK and 0 < tall <= 1 - top + _SLACK
    return (left, top, wide, tall) if begins and ends else None
