"""What is one piece of evidence: an edit, by what it began with and all that was asked of it.

Rules of this file:

* Whoever counts evidence asks here, before a run and after it: what a plan could show, what its numbers show,
  what people and judges prefer. Else a plan is sold on six pairs and answered on one.
* Inputs and prompts are told apart by what is in them, not by what they are called: six folders may each have
  an ``input.png``, and one prompt under six names is one.
* A chain is one edit, whichever of its steps is looked at: each began with what the one before it made.
* What is compared is no part of it. Where that is a phrase, what was asked is the prompt it stands in.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Hashable, Sequence
from typing import TYPE_CHECKING, Any, Final

from .. import _text

if TYPE_CHECKING:
    from .cells import Cell

UNIT: Final = ("prompt", "phrase")
"""The axes that say, beside the input, what was edited."""
_LONGEST: Final = 160
"""Characters of what a unit is called."""


def unit_of(cells: Sequence[Cell], by: str = "") -> Callable[[Cell], Hashable]:
    """What says of a cell of a plan which edit it is, where the values of ``by`` are compared."""
    asked = prompts_of(cells, by)

    def unit(cell: Cell) -> Hashable:
        return (
            None if by == "image" else source_of(cell),
            None if by == "prompt" else asked[cell.index],
            None if by == "phrase" else cell.phrase,
        )

    return unit


def called(
    cells: Sequence[Cell], by: str = "", column: Callable[[Cell], Hashable] | None = None
) -> Callable[[Cell], str]:
    """What the edit of a cell is called, the same whoever asks; two of one name are numbered in plan order.
    One of several names has that of its first cell.

    ``column`` tells of a cell which edit it is, where a column of a person's own does.
    """
    unit = column or unit_of(cells, by)
    first: dict[Hashable, Cell] = {}
    for one in cells:
        first.setdefault(unit(one), one)

    def words(of: Cell) -> str:
        cell = first[unit(of)]
        if column is not None:
            return _shortened(str(column(cell)))
        asked = (str(cell.shown(axis)) for axis in UNIT if axis != by and cell[axis] is not None)
        return _shortened(" · ".join(filter(None, ("" if by == "image" else cell.image, *asked))))

    return _numbered(cells, words, unit)


def known(
    cells: Sequence[Cell], by: str = "", column: Callable[[Cell], Hashable] | None = None
) -> Callable[[Cell], str]:
    """What the edit of a cell is known by in every comparison: a hash of its inputs and words.

    It is ``""`` where ``column`` puts several of those into one, or parts one: there a name is all there is.
    """
    exact = unit_of(cells, by)
    unit = column or exact
    inside: dict[Hashable, set[Hashable]] = {}
    around: dict[Hashable, set[Hashable]] = {}
    for one in cells:
        inside.setdefault(unit(one), set()).add(exact(one))
        around.setdefault(exact(one), set()).add(unit(one))

    def key(cell: Cell) -> str:
        if len(inside[unit(cell)]) > 1 or len(around[exact(cell)]) > 1:
            return ""
        return hashlib.sha256(json.dumps(exact(cell)).encode()).hexdigest()[:16]

    return key


def image_called(cells: Sequence[Cell]) -> Callable[[Cell], str]:
    """What the input of a cell is called; two that differ and have one name are numbered in plan order."""
    return _numbered(cells, lambda cell: str(cell.shown("image")), source_of)


def source_of(cell: Cell) -> Hashable:
    """What a cell starts from; what can't be read, or is no picture, is known by its name alone."""
    return tuple(image.sha256 for image in cell.source.images) or cell.image


def prompts_of(cells: Sequence[Cell], by: str = "") -> dict[int, Hashable]:
    """What was asked, by the place of each cell: all steps; as first written where phrases are compared."""
    whole: dict[int, tuple[str, ...]] = {}
    for cell in sorted(cells, key=lambda one: -one.index):  # a step stands behind the one it follows
        steps = whole.setdefault(cell.index, cell.steps or (cell.prompt,))
        if cell.after is not None:
            whole.setdefault(cell.after, steps)
    if by != "phrase":
        return dict(whole)
    first: dict[Hashable, tuple[str, ...]] = {}
    seen: dict[Hashable, dict[tuple[str, ...], int]] = {}
    found: dict[int, Hashable] = {}
    for cell in cells:  # prompts have one name in all their phrases, and long ones may share a shortened name
        name, steps = cell.shown("prompt"), whole[cell.index]
        alike = seen.setdefault((name, cell.phrase), {})
        found[cell.index] = first.setdefault((name, alike.setdefault(steps, len(alike))), steps)
    return found


def _numbered(
    cells: Sequence[Cell], words: Callable[[Cell], str], exact: Callable[[Cell], Hashable]
) -> Callable[[Cell], str]:
    known: dict[str, dict[Hashable, int]] = {}
    names: dict[int, str] = {}
    for cell in cells:
        text = words(cell)
        alike = known.setdefault(text, {})
        number = alike.setdefault(exact(cell), len(alike))
        names[cell.index] = f"{text} ({number + 1})" if number else text
    return lambda cell: names[cell.index]


def _shortened(words: Any) -> str:
    text = _text.one_line(words)
    if len(text) <= _LONGEST:
        return text
    return f"{text[:_LONGEST]}… {hashlib.sha256(text.encode()).hexdigest()[:8]}"
