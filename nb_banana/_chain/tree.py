"""All that was made from one picture, as history's parent links tell it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from .. import _text
from .._catalog.cost import Cost
from .._history.record import Record
from .._images.data import ImageData
from .._strings import say

if TYPE_CHECKING:
    from .._history.book import History

_LETTERS = "abcdefghijklmnopqrstuvwxyz"


@dataclass(frozen=True, slots=True)
class Branch:
    """One edit of the tree.

    Attributes:
        label: how many edits lie between it and the original, with a letter where siblings share the number.
        depth: how many times the tree branched before it.
        record: the edit, as history remembers it.
        current: it is a step of the chain the tree was asked of.
    """

    label: str
    depth: int
    record: Record
    current: bool


@dataclass(frozen=True, repr=False)
class Tree:
    """The original and every edit made from it, each before those that continue from it."""

    start: ImageData
    branches: tuple[Branch, ...]

    def __len__(self) -> int:
        return len(self.branches)

    def __iter__(self) -> Iterator[Branch]:
        return iter(self.branches)

    def __repr__(self) -> str:
        width, height = self.start.shown_size
        size = say("images.size", width=width, height=height)
        return "\n".join([say("chain.original", size=size), *map(_line, self.branches)])


def grow(history: History, start: ImageData, origin: str | None, own: frozenset[str]) -> Tree:
    """The tree above ``start``: the chain's own path runs straight, other branches are indented."""
    first = [
        record
        for record in history.using(start.sha256)
        if record.status == "done" and record.parent == origin and record.inputs[0].sha256 == start.sha256
    ]
    found: list[Branch] = []
    seen: set[str] = set()
    waiting = _siblings(first, 1, 0, own)
    while waiting:
        number, branch = waiting.pop()
        if branch.record.id in seen:
            continue  # a forged import may link records in a ring
        seen.add(branch.record.id)
        found.append(branch)
        children = [r for r in history.children(branch.record.id) if r.status == "done"]
        waiting += _siblings(children, number + 1, branch.depth, own)
    return Tree(start, tuple(found))


def _siblings(
    records: list[Record], number: int, depth: int, own: frozenset[str]
) -> list[tuple[int, Branch]]:
    """Records that continue from the same picture, in the reverse of the order they are shown in."""
    main = next((record for record in records if record.id in own), records[0] if records else None)
    straight: list[tuple[int, Branch]] = []
    aside: list[tuple[int, Branch]] = []
    for place, record in enumerate(records):
        label, own_step = f"{number}{_letter(place)}", record.id in own
        if record is main:
            straight = [(number, Branch(label, depth, record, own_step))]
        else:
            aside.insert(0, (number, Branch(label, depth + 1, record, own_step)))
    # Branches are shown under the picture they leave from; the straight path goes on after them.
    return straight + aside


def _letter(place: int) -> str:
    """Nothing for the first sibling, then b, c, …, z, b2, …"""
    if not place:
        return ""
    turn, letter = divmod(place - 1, len(_LETTERS) - 1)
    return f"{_LETTERS[letter + 1]}{turn + 1 if turn else ''}"


def _line(branch: Branch) -> str:
    record = branch.record
    facts = [f"“{_text.shortened(record.prompt, 60)}”"]
    if record.take != 1:
        facts.append(say("result.take", take=record.take))
    facts.append(_text.money(record.cost or Cost(None), sandbox=record.sandbox))
    if record.elapsed and not record.sandbox:
        facts.append(_text.seconds(record.elapsed))
    indent = "│  " * max(branch.depth - 1, 0) + ("└─ " if branch.depth else "")
    return f"{indent}{branch.label}{' ●' if branch.current else ''}  {' · '.join(facts)}"
