"""A judge's answer read: the scores it names, or why it names none. Nothing is filled in, mended or rounded.

Rules of this file:

* An answer counts only whole: every score that was asked for, once, within its scale.
* Two readings that differ are none. What a model thinks aloud before it answers is no answer.
* Whatever changes what is read raises :data:`PARSER`.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, Literal

from .._strings import say
from .._wire.phrases import refuses
from .protocol import Ask, Parser, Scale

PARSER: Final = 3
Status = Literal["scored", "unparsable", "refused", "failed", "unasked"]
Value = float | str
_LONGEST: Final = 100_000
_STARTS: Final = 200
"""Braces at which an object may begin that are tried."""
_THOUGHT: Final = re.compile(
    r"(?:</?(?:think|thinking|thought|reasoning)>|(?-i:\[/?THINK\]))(?!\s*:)", re.IGNORECASE
)
"""Where a thought begins or ends; ``[Reasoning]`` and ``<thought>: …`` are labels of a form."""
_BARE: Final[Mapping[Parser, str]] = {"json": r"\s*\{.*\}\s*", "lines": r"\s*[^\n]*\s*"}
"""An answer with nothing around it."""
_NUMBER: Final = re.compile(r"[-+]?\d+(?:\.\d+)?")
_BEFORE: Final = r"[\s*_#<>\[\]{}()\"'`“”‘’«»「」『』【】《》（）$|]*"
"""What may stand before a number and leaves it the number it is; a dash, a point or a ≤ does not."""
_BEHIND: Final = r"[^\w\n%％‰/／]*$"
"""What may stand behind it: anything but words, and what makes it a part of something."""
_CHOICES: Final = {"a": "A", "b": "B", "tie": "tie"}


@dataclass(frozen=True, slots=True)
class Reading:
    """What was read in an answer: ``scores`` by name where it is ``scored``, else why there are none."""

    status: Status
    scores: Mapping[str, Value] = field(default_factory=dict)
    reason: str = ""


def read(text: str, ask: Ask, parser: Parser) -> Reading:
    """The scores of an answer."""
    if not text.strip():
        return Reading("unparsable", reason=say("judge.empty"))
    said = _spoken(text[:_LONGEST], parser)
    names = [ask.choice] if ask.choice else [one.name for one in ask.scores]
    found = list(_objects(said, names) if parser == "json" else _lines(said, names))
    if not found:
        if refuses(said):
            return Reading("refused", reason=say("judge.declined"))
        return Reading("unparsable", reason=say("judge.no_form", names=", ".join(names)))
    try:
        read = [_values(one, ask) for one in found]
    except ValueError as reason:
        return Reading("unparsable", reason=str(reason))
    if any(one != read[0] for one in read):
        return Reading("unparsable", reason=say("judge.several"))
    return Reading("scored", read[0])


def _spoken(text: str, parser: Parser) -> str:
    """An answer without what was thought aloud. Who was cut off in a thought that began the answer has said
    nothing; where a thought only ends, it began in what the server took away. A mark inside of an object
    stands in one of its strings, and is what somebody read in a picture.
    """
    quoted = [range(start, end) for _, start, end in _decoded(text)]
    kept, at, thinks = list[str](), 0, False
    for tag in _THOUGHT.finditer(text):
        if any(tag.start() in one for one in quoted):
            continue
        if "/" in tag[0]:
            if not thinks and not text[tag.end() :].strip():
                before = "".join([*kept, text[at : tag.start()]])
                if re.fullmatch(_BARE[parser], before, re.DOTALL):
                    return before  # an answer alone, with a mark that belongs to nothing
            if not thinks:
                kept.clear()
            at, thinks = tag.end(), False
        elif not thinks:
            kept.append(text[at : tag.start()])
            at, thinks = tag.start(), True
    cut_off = thinks and not "".join(kept).strip()
    return " ".join(kept if cut_off else [*kept, text[at:]])


def _decoded(text: str) -> Iterator[tuple[Any, int, int]]:
    """The JSON objects of a text with where they begin and end, not those inside of others."""
    decoder = json.JSONDecoder(object_pairs_hook=_once)
    at = text.find("{")
    for _ in range(_STARTS):
        if at < 0:
            return
        try:
            found, end = decoder.raw_decode(text, at)
        except (ValueError, RecursionError):
            end = at + 1
        else:
            yield found, at, end
        at = text.find("{", end)


def _objects(text: str, names: Sequence[str]) -> Iterator[Mapping[str, Any]]:
    """The JSON objects of an answer that hold all of these names."""
    for found, _, _ in _decoded(text):
        if isinstance(found, Mapping) and all(name in found for name in names):
            yield found


class _Twice:
    """Stands for a name that an object gives two values."""

    def __repr__(self) -> str:
        return say("judge.two_values")


def _once(pairs: Sequence[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, value in pairs:
        found[name] = _Twice() if name in found and found[name] != value else value
    return found


def _lines(text: str, names: Sequence[str]) -> Iterator[Mapping[str, Any]]:
    """``Name: 4`` on a line of its own, however it is decorated; each name as often as it is there."""
    values: dict[str, list[str]] = {}
    for name in names:
        number = rf"{_BEFORE}({_NUMBER.pattern}){_BEHIND}"
        line = re.compile(rf"^[^\w\n]*{re.escape(name)}\W*?[:=]{number}", re.M | re.I)
        values[name] = line.findall(text)
    for at in range(max(map(len, values.values()), default=0)):
        yield {name: several[min(at, len(several) - 1)] for name, several in values.items() if several}


def _values(found: Mapping[str, Any], ask: Ask) -> dict[str, Value]:
    """The values that were asked for.

    Raises:
        ValueError: one is missing, is none, or lies outside of its scale.
    """
    if ask.choice:
        said = found[ask.choice]
        choice = _CHOICES.get(said.strip().lower()) if isinstance(said, str) else None
        if choice is None:
            raise ValueError(say("judge.no_choice", value=repr(said)[:40]))
        return {ask.choice: choice}
    return {one.name: _number(found.get(one.name), one) for one in ask.scores}


def _number(value: Any, scale: Scale) -> float:
    plain = isinstance(value, str) and _NUMBER.fullmatch(value.strip())
    number = float(value) if plain or _is_number(value) else math.nan
    odd = not scale.low <= number <= scale.high  # also of what is no number
    if odd or (scale.whole and number != int(number)):
        said = {"name": scale.name, "value": repr(value)[:40], "low": scale.low, "high": scale.high}
        raise ValueError(say("judge.outside", **said))
    return number


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool) and abs(value) < 1e15
