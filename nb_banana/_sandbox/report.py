"""What the sandbox says of a picture of its own: as a header of the answer, and in sentences for people."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from typing import Any, Final

from .._strings import say

Numbered = Sequence[tuple[int, str]]
HEADER: Final = "x-nb-banana-report"
_LONGEST: Final = 4_000
"""Characters; what reads headers refuses much longer ones."""


def sentences(
    done: Sequence[str], left_out: Sequence[str], numbered: Numbered, outlined: bool = False
) -> tuple[str, ...]:
    """What a person should know; nothing where all that was asked for is painted."""
    shown = ", ".join(say(f"sandbox.did_{re.sub('[^a-z]', '_', name)}") for name in done)
    key = "part_left_out" if shown else "left_out"
    said = [say(f"sandbox.{key}", done=shown, things="; ".join(left_out))] if left_out else []
    if numbered:
        from .._images.fonts import platform_hint  # which loads Pillow's letters, for this alone

        signs = "; ".join(f"{number} = {label}" for number, label in numbered)
        said.append(say("sandbox.no_font", signs=signs, package=platform_hint()))
    if not (done or left_out):
        said.append(say("sandbox.not_understood"))
    if outlined:
        said.append(say("sandbox.outline"))
    return tuple(said)


def written(
    done: Sequence[str], left_out: Sequence[str], numbered: Numbered, outlined: bool = False
) -> str:
    """The header's value: JSON in ASCII, cut to what fits."""
    facts: dict[str, Sequence[Any]] = {"done": done, "left_out": left_out, "numbered": numbered}
    more = {"outlined": True} if outlined else {}
    while len(text := json.dumps(facts | more)) > _LONGEST:
        longest = max(facts, key=lambda name: len(json.dumps(facts[name])))
        facts[longest] = facts[longest][: len(facts[longest]) // 2]
    return text


def read(value: str) -> tuple[str, ...]:
    """The sentences of a header's value; none of one that an older or a newer sandbox wrote."""
    try:
        facts = json.loads(value)
        numbered = [(int(number), str(label)) for number, label in facts["numbered"]]
        left_out = [str(label) for label in facts["left_out"]]
        return sentences(facts["done"], left_out, numbered, facts.get("outlined") is True)
    except (ValueError, TypeError, KeyError):
        return ()
