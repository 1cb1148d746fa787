"""What stands in for a judge: figures from pixels, in the form that was asked for, and no opinion at all.

It fills in the form that the question ends with (``"name": <0-10>``, ``"better": <"A"|"B"|"tie">``); a
question without one gets a sentence, and so no score.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Sequence
from typing import Final

from PIL import Image, ImageChops, ImageFilter, ImageStat

_FIELD: Final = re.compile(r'"(\w+)":\s*<(?:(\d+)-(\d+)|"A"\|"B"\|"tie")>')
_SIDE: Final = 64
REASON: Final = "nb_banana sandbox: counted from pixels by a stand-in; nobody looked"


def opinion(prompt: str, images: Sequence[Image.Image]) -> str:
    """The stand-in's answer; equal pictures and words give an equal one."""
    form = _FIELD.findall(prompt)
    if not form or not images:
        return f"{REASON}. The question names no form of answer that it can fill in."
    small = [image.convert("RGB").resize((_SIDE, _SIDE)) for image in images]
    told: dict[str, object] = {"reason": REASON}
    for name, low, high in form:
        told[name] = _number(name, small, int(low), int(high)) if high else _better(small)
    return json.dumps(told)


def _number(name: str, small: Sequence[Image.Image], low: int, high: int) -> int:
    chance = hashlib.sha256(name.encode() + small[-1].tobytes()).digest()[0] / 255
    return low + round((0.6 * (1 - _apart(small[0], small[-1])) + 0.4 * chance) * (high - low))


def _better(small: Sequence[Image.Image]) -> str:
    """The one with more detail; the names and the places of the pictures say nothing."""
    gap = _detail(small[-2]) - _detail(small[-1]) if len(small) > 1 else 0.0
    return "tie" if abs(gap) < 0.002 else "A" if gap > 0 else "B"


def _apart(one: Image.Image, other: Image.Image) -> float:
    """How far two pictures are apart, 0 to 1."""
    return sum(ImageStat.Stat(ImageChops.difference(one, other)).mean) / 3 / 255


def _detail(one: Image.Image) -> float:
    """How much stands out of its surroundings, 0 to 1."""
    return _apart(one, one.filter(ImageFilter.BoxBlur(2)))
