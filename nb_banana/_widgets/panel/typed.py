"""Pixels as people type them: read, checked against what a model takes, and the nearest that works."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from ..._catalog.sizes import FreeSizes
from ..._strings import say

_PIXELS: Final = re.compile(r"(\d{1,6})\s{0,9}[x×*,，、\s]\s{0,9}(\d{1,6})\s{0,9}(?:px)?", re.IGNORECASE)
_SHOWN: Final = 24


@dataclass(frozen=True, slots=True)
class Typed:
    """What was typed: the size as it is sent, or what is wrong with it and the nearest one that works."""

    size: str = ""
    wrong: str = ""
    nearest: str = ""


def read_pixels(text: str, free: FreeSizes) -> Typed:
    """``1536 × 864`` as ``1536x864`` where the model takes those pixels."""
    found = _PIXELS.fullmatch(text.strip())
    width, height = (int(found[1]), int(found[2])) if found else (0, 0)
    if not (width and height):
        typed = text.strip()[:_SHOWN]
        return Typed(wrong=say("panel.pixels_unread", value=typed) if typed else say("panel.pixels_none"))
    if free.takes_pixels(width, height):
        return Typed(f"{width}x{height}")
    nearest = "{}×{}".format(*free.nearest(width, height))
    reasons = say("panel.and").join(_broken(width, height, free))
    said = say("panel.pixels_wrong", width=width, height=height, reasons=reasons, nearest=nearest)
    return Typed(wrong=said, nearest=nearest.replace("×", "x"))


def _broken(width: int, height: int, free: FreeSizes) -> Iterator[str]:
    """The limits that these pixels don't keep."""
    longer, shorter = max(width, height), min(width, height)
    if width % free.step or height % free.step:
        yield say("panel.limit_step", step=free.step)
    if longer > free.longest:
        yield say("panel.limit_longest", longest=free.longest)
    if longer > free.widest * shorter:
        yield say("panel.limit_widest", widest=free.widest)
    if width * height > free.most:
        yield say("panel.limit_most", most=f"{free.most / 1e6:.1f}")
