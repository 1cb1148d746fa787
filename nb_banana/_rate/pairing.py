"""Which results are shown together, in which order, and on which side: pure functions of a seed.

Rules of this file:

* Two results are shown together where they differ in nothing but what is compared: the same input, words and
  further conditions, the same take. Where a column says what was edited (wordings), it stands for input and
  words. What failed or has not run is counted, never shown.
* The same seed and rater give the same order and sides, here and on another machine; another rater has
  others. Over each two conditions, either stands left as often as the other, to one.
* What is drawn by lot does not depend on anybody's votes; which pair tells most does.
"""

from __future__ import annotations

import random
from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations, zip_longest
from typing import TYPE_CHECKING, Final, Literal

from .._compare.cells import AXES
from .._compare.question import Question, reader
from .._compare.units import UNIT, called, known
from .._result import EditResult
from .._strings import say
from ..errors import InvalidRequestError
from .vote import NAMELESS, key_of

if TYPE_CHECKING:
    from .._compare.cells import Cell
    from .._compare.held import Held
    from .vote import Vote

Mode = Literal["pairs", "single"]
Pairing = Literal["balanced", "adaptive"]
_ROUNDS: Final = 30
"""Steps towards strengths that only choose the next pair."""


@dataclass(frozen=True, slots=True)
class Shown:
    """One result: the place of its cell, its condition, and the record it is known by."""

    cell: int
    condition: str
    record: str


@dataclass(frozen=True, slots=True)
class Pair:
    """What is shown at once: two results of one unit, or one result alone."""

    unit: str
    shown: tuple[Shown, ...]
    key: str = field(compare=False)
    edit: str = field(default="", compare=False)

    @property
    def matchup(self) -> tuple[str, ...]:
        """The conditions that meet in it."""
        return tuple(sorted(one.condition for one in self.shown))


@dataclass(frozen=True, slots=True)
class Field:
    """All that can be rated of a comparison, and how much can't, by why.

    Attributes:
        pairs: in plan order.
        left_out: how many pairs (or results) are not shown: ``failed``, ``missing``, ``same`` (one result
            stands on both sides), ``spare`` (a result that the other condition has no further one for).
    """

    pairs: tuple[Pair, ...]
    left_out: Mapping[str, int] = field(default_factory=dict)

    @property
    def nothing(self) -> str:
        """Why there is nothing to rate, in words: where all edits have run, no two results meet."""
        return say("rating.nothing" if {"failed", "missing"} & self.left_out.keys() else "rating.no_two")


def field_of(held: Held, by: str, mode: Mode, unit: str | None = None) -> Field:
    """What there is to rate.

    Raises:
        InvalidRequestError: ``by`` is no axis and no column, or has one value where two are needed; or
            ``unit`` is no column.
    """
    value, edit = reader(held.cells, by), Question(by, unit).unit_of(held.cells)
    of = {cell.index: str(value(cell)) or NAMELESS for cell in held.cells}
    slots: dict[Hashable, dict[str, list[Cell]]] = {}
    for cell in held.cells:
        slots.setdefault(_slot(cell, by, edit(cell)), {}).setdefault(of[cell.index], []).append(cell)
    conditions = tuple(dict.fromkeys(of.values()))
    if mode == "pairs" and len(conditions) < 2:
        raise InvalidRequestError(say("rating.one_value", by=by, value=next(iter(conditions), "–")))
    column = None if unit is None else edit
    name, key = called(held.cells, by, column), known(held.cells, by, column)
    left_out, pairs = Counter[str](), list[Pair]()
    for slot in slots.values():
        if spare := _spare(slot, mode):
            left_out["spare"] += spare
        for met in _met(slot, conditions, mode):
            reason = _reason(held, met)
            if reason:
                left_out[reason] += 1
                continue
            shown = tuple(Shown(cell.index, of[cell.index], _record(held, cell)) for cell in met)
            records = key_of(*(one.record for one in shown))
            pairs.append(Pair(name(met[0]), shown, records, key(met[0])))
    return Field(tuple({pair.key: pair for pair in pairs}.values()), dict(left_out))


def _slot(cell: Cell, by: str, edit: Hashable) -> Hashable:
    """All that two results of an edit that are shown together have in common."""
    besides = ("image", *UNIT, by)
    return edit, *((cell[axis], cell.shown(axis)) for axis in AXES if axis not in besides)


def _met(
    slot: Mapping[str, Sequence[Cell]], conditions: Sequence[str], mode: Mode
) -> Iterable[tuple[Cell, ...]]:
    if mode == "single":
        return ((cell,) for cells in slot.values() for cell in cells)
    found = combinations((slot[one] for one in conditions if one in slot), 2)
    return (pair for one, other in found for pair in zip(one, other, strict=False))


def _spare(slot: Mapping[str, Sequence[Cell]], mode: Mode) -> int:
    """How many results of a slot meet fewer of another condition than others of their own do."""
    if mode == "single":
        return 0
    return sum(abs(len(one) - len(other)) for one, other in combinations(slot.values(), 2))


def _reason(held: Held, met: Sequence[Cell]) -> str:
    """Why these can't be shown; ``""`` where they can."""
    statuses = {held.status(cell) for cell in met}
    if statuses & {"failed", "impossible"}:
        return "failed"
    if "missing" in statuses:
        return "missing"
    return "same" if len({_record(held, cell) for cell in met}) < len(met) else ""


def _record(held: Held, cell: Cell) -> str:
    result = held[cell.index]
    assert isinstance(result, EditResult)
    return result.record_id or f"sha256:{result.image.sha256}"


def lots(seed: int, *words: str) -> random.Random:
    """Chance that is the same wherever it is asked again."""
    return random.Random("|".join((str(seed), *words)))


def balanced(pairs: Sequence[Pair], seed: int, rater: str) -> list[Pair]:
    """An order in which, wherever it is stopped, every two conditions and every unit came about as often.

    Units take turns, and each begins the round of conditions one further than the unit before it.
    """
    chance = lots(seed, rater, "order")
    by_unit: dict[str, dict[tuple[str, ...], list[Pair]]] = {}
    for pair in sorted(pairs, key=lambda pair: pair.key):
        by_unit.setdefault(pair.unit, {}).setdefault(pair.matchup, []).append(pair)
    units, matchups = sorted(by_unit), sorted({pair.matchup for pair in pairs})
    chance.shuffle(units)
    chance.shuffle(matchups)
    turns: list[list[Pair]] = []
    for begin, unit in enumerate(units):
        waiting = by_unit[unit]
        for alike in waiting.values():
            chance.shuffle(alike)
        around = [matchups[(begin + at) % len(matchups)] for at in range(len(matchups))]
        takes = zip_longest(*(waiting[one] for one in around if one in waiting))
        turns.append([pair for take in takes for pair in take if pair is not None])
    return [pair for one_round in zip_longest(*turns) for pair in one_round if pair is not None]


def sides(pairs: Sequence[Pair], seed: int, rater: str) -> dict[str, tuple[Shown, ...]]:
    """By its key, what of each pair stands where, from left to right."""
    found: dict[str, tuple[Shown, ...]] = {}
    waiting: dict[tuple[str, ...], list[Pair]] = {}
    for pair in balanced(pairs, seed, rater):
        waiting.setdefault(pair.matchup, []).append(pair)
    for matchup, met in sorted(waiting.items()):
        chance = lots(seed, rater, "sides", *matchup)
        for at in range(0, len(met), 2):
            turned = chance.random() < 0.5
            for pair, turn in zip(met[at : at + 2], (turned, not turned), strict=False):
                ordered = tuple(sorted(pair.shown, key=lambda one: one.condition))
                found[pair.key] = ordered[::-1] if turn else ordered
    return found


def telling(left: Sequence[Pair], votes: Iterable[Vote]) -> Pair:
    """The pair that tells most next: of the closest conditions that met least; ``left`` is in order."""
    wins: dict[tuple[str, str], float] = defaultdict(float)
    met, seen = Counter[tuple[str, ...]](), Counter[str]()
    for vote in votes:
        if vote.right:
            share = {"left": 1.0, "right": 0.0}.get(vote.choice or "", 0.5)
            wins[vote.left, vote.right] += share
            wins[vote.right, vote.left] += 1 - share
            met[tuple(sorted((vote.left, vote.right)))] += 1
            seen[vote.edit or vote.unit] += 1
    strengths = _rough({name for pair in left for name in pair.matchup} | {one for one, _ in wins}, wins)

    def worth(pair: Pair) -> tuple[float, int]:
        one, other = (strengths[name] for name in (*pair.matchup, *pair.matchup)[:2])
        chance = one / (one + other)
        return chance * (1 - chance) / (met[pair.matchup] + 1), -seen[pair.edit or pair.unit]

    return max(left, key=worth)


def _rough(names: Iterable[str], wins: Mapping[tuple[str, str], float]) -> dict[str, float]:
    """Strengths good enough to choose by, and for nothing else; each has a draw against an average one."""
    found = dict.fromkeys(names, 1.0)
    for _ in range(_ROUNDS):
        fresh = {}
        for name, strength in found.items():
            won, faced = 0.5, 1 / (strength + 1)
            for other, value in found.items():
                games = wins.get((name, other), 0) + wins.get((other, name), 0)
                if games:
                    won += wins.get((name, other), 0)
                    faced += games / (strength + value)
            fresh[name] = won / faced
        found = fresh
    return found
