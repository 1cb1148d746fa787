"""All that was made from one picture, as history tells it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from typing import TYPE_CHECKING

from .. import _text
from .._catalog.cost import Cost
from .._lineage import begun, children, held
from .._strings import say

if TYPE_CHECKING:
    from .._history.book import History
    from .._history.record import Record
    from .._images.data import ImageData

_LETTERS = "abcdefghijklmnopqrstuvwxyz"


@dataclass(frozen=True, slots=True)
class Branch:
    """One edit of the tree.

    Attributes:
        label: how many edits lie between it and the original, with a letter where siblings share the number.
        depth: how many times the tree branched before it.
        record: the edit, as history remembers it.
        current: it is a step of the chain the tree was asked of.
        parent: the record whose picture it edits; None where that is the original.
    """

    label: str
    depth: int
    record: Record
    current: bool
    parent: str | None = None


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
        return _text.plain("\n".join([say("chain.original", size=size), *map(_line, self.branches)]))


def grow(history: History, start: ImageData, path: Sequence[str]) -> Tree:
    """The tree above ``start``; the chain's own ``path`` runs straight, other branches are indented."""
    near = _beside(history, start, [step for step in (held(history, id) for id in path) if step])
    claimed = {record.id for group in near.values() for record in group}
    found: dict[str, Branch] = {}
    waiting = _siblings(near[""], path)
    while waiting:
        number, branch = waiting.pop()
        record = branch.record
        if record.id in found:
            continue  # a forged import may link records in a ring
        found[record.id] = branch
        group = near.get(record.id)
        if group is None:
            group = [child for child in children(history, record) if child.id not in claimed]
        waiting += _siblings(group, path, (number, branch))
    return Tree(start, tuple(found.values()))


def _beside(history: History, start: ImageData, steps: Sequence[Record]) -> dict[str, list[Record]]:
    """What goes on from the original (``""``) and from each step of a chain.

    The chain's own step always goes on from the one before it, and from no other.
    """
    near = {"": begun(history, start.sha256)} | {step.id: children(history, step) for step in steps}
    own = {step.id for step in steps}
    for id, step in zip_longest(("", *(step.id for step in steps)), steps):
        group = [record for record in near[id] if record.id not in own]
        near[id] = sorted([*group, step] if step else group, key=lambda record: record.id)
    return near


def _siblings(
    records: list[Record], own: Sequence[str], below: tuple[int, Branch] | None = None
) -> list[tuple[int, Branch]]:
    """Records that continue from the same picture, in the reverse of the order they are shown in."""
    number, depth, parent = (
        (1, 0, None) if below is None else (below[0] + 1, below[1].depth, below[1].record.id)
    )
    main = next((record for record in records if record.id in own), records[0] if records else None)
    straight: list[tuple[int, Branch]] = []
    aside: list[tuple[int, Branch]] = []
    for place, record in enumerate(sorted(records, key=lambda record: record is not main)):
        label, own_step = f"{number}{_letter(place)}", record.id in own
        if record is main:
            straight = [(number, Branch(label, depth, record, own_step, parent))]
        else:
            aside.insert(0, (number, Branch(label, depth + 1, record, own_step, parent)))
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
