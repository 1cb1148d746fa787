"""From answers to figures: each result's scores over the passes, and who was preferred to whom."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from typing import TYPE_CHECKING, Final

from .judgement import Judgement, Preference
from .protocol import Protocol, combined

if TYPE_CHECKING:
    from .judge import Judge

Figures = dict[str, list[float | None]]
_OTHER: Final = {"wins": "losses", "losses": "wins"}
"""What an outcome is to the second of two values."""


def figures_of(judge: Judge, answers: Sequence[Judgement], count: int) -> Figures:
    """The columns of a comparison's frame, a value for each of its ``count`` cells; None where there is none.

    The score of a result is the mean over the passes that have one; the overall figure is made within each
    pass whose questions all have one.
    """
    if judge.rules.kind == "pair":
        return {f"{judge.label}_preferred": _preferred(answers, count)}
    cells: dict[int, dict[int, dict[str, Judgement]]] = {}
    for one in answers:
        cells.setdefault(one.item.cells[0], {}).setdefault(one.item.number, {})[one.item.ask.name] = one
    found: dict[str, list[float | None]] = {}
    for place in range(count):
        passes = [_pass(judge.rules, asked) for asked in cells.get(place, {}).values()]
        for name in _names(judge.rules):
            values = [one[name] for one in passes if name in one]
            column = found.setdefault(f"{judge.label}_{name}", [None] * count)
            column[place] = sum(values) / len(values) if values else None
    return found


def _names(rules: Protocol) -> list[str]:
    """The columns of a protocol, the overall figure last."""
    names = [name for ask in rules.asks for name in (*(one.name for one in ask.scores), ask.name)]
    if len(rules.asks) == 1:
        names.remove(rules.asks[0].name)
    return [*dict.fromkeys(names), "overall"]


def _pass(rules: Protocol, asked: Mapping[str, Judgement]) -> dict[str, float]:
    """The figures of one pass: every score, each question's, and the overall one where all are there."""
    found: dict[str, float] = {}
    wholes: list[float] = []
    for ask in rules.asks:
        one = asked.get(ask.name)
        if one is not None and one.status == "scored":
            values = [float(one.scores[scale.name]) for scale in ask.scores]
            wholes.append(combined(values, ask.combine))
            found |= {ask.name: wholes[-1], **{s.name: v for s, v in zip(ask.scores, values, strict=True)}}
    if len(wholes) == len(rules.asks):
        found["overall"] = combined(wholes, rules.overall)
    return found


# --- pairs -----------------------------------------------------------------------------------------


def _verdicts(answers: Sequence[Judgement]) -> dict[tuple[int, int, int], dict[bool, Judgement]]:
    """The two orders of each pair and pass, by whether they are swapped."""
    found: dict[tuple[int, int, int], dict[bool, Judgement]] = {}
    for one in answers:
        low, high = sorted(one.item.cells)
        found.setdefault((low, high, one.item.number), {})[one.item.swapped] = one
    return found


def verdict(both: Mapping[bool, Judgement]) -> int | None:
    """1 for the earlier result, -1 for the later, 0 for a tie; None where an answer has no score."""
    said = [_side(both.get(swapped), swapped) for swapped in (False, True)]
    if None in said:
        return None
    return said[0] if said[0] == said[1] else 0


def _side(one: Judgement | None, swapped: bool) -> int | None:
    """Which result an answer named, whatever its place."""
    if one is None or one.status != "scored":
        return None
    side = {"A": 1, "B": -1, "tie": 0}[str(one.scores[one.item.ask.choice])]
    return -side if swapped else side


def verdicts(answers: Sequence[Judgement]) -> list[tuple[Judgement, str]]:
    """The pairs that have a verdict, each as its first order and ``left``, ``right`` or ``tie``: all passes
    together are one, for which more of them were.
    """
    first: dict[tuple[int, int], Judgement] = {}
    for (low, high, _), both in _verdicts(answers).items():
        if verdict(both) is not None:
            first.setdefault((low, high), both[False])
    totals = {pair: sum(sides) for pair, sides in pair_sides(answers).items()}
    return [(one, _called(totals[pair])) for pair, one in first.items()]


def _called(total: int) -> str:
    return "left" if total > 0 else "right" if total else "tie"


def _preferred(answers: Sequence[Judgement], count: int) -> list[float | None]:
    """For each cell the share of its pairs that it won, a tie as half."""
    won: dict[int, list[float]] = {}
    for (low, high, _), both in _verdicts(answers).items():
        side = verdict(both)
        if side is not None:
            won.setdefault(low, []).append((1 + side) / 2)
            won.setdefault(high, []).append((1 - side) / 2)
    return [sum(won[at]) / len(won[at]) if at in won else None for at in range(count)]


def preferences_of(judge: Judge, answers: Sequence[Judgement]) -> tuple[Preference, ...]:
    """Every two values with how often which was preferred; nothing for a protocol of single results. One
    question about them counts once, however many cells ask it.
    """
    if judge.rules.kind != "pair":
        return ()
    tallies: dict[tuple[str, str], dict[str, int]] = {}
    seen = set[Hashable]()
    for both in _verdicts(answers).values():
        straight = both.get(False) or both[True]
        names = straight.item.values if not straight.item.swapped else straight.item.values[::-1]
        asked = frozenset(names), frozenset(one.item.name(judge) for one in both.values())
        if asked in seen:
            continue
        seen.add(asked)
        other = (names[1], names[0]) in tallies  # a table may name the values in one order, then in the other
        tally = tallies.setdefault((names[other], names[not other]), {})
        for outcome in _outcome(both):
            name = _OTHER.get(outcome, outcome) if other else outcome
            tally[name] = tally.get(name, 0) + 1
    return tuple(Preference(first, second, **tally) for (first, second), tally in tallies.items())


def _outcome(both: Mapping[bool, Judgement]) -> list[str]:
    """What a pair counts as."""
    side = verdict(both)
    if side is None:
        return ["lacking"]
    if side:
        return ["wins" if side > 0 else "losses"]
    said = [str(both[swapped].scores[both[swapped].item.ask.choice]) for swapped in (False, True)]
    place = {("A", "A"): "stayed_first", ("B", "B"): "stayed_second"}.get((said[0], said[1]))
    return ["ties", *(["turned"] if said != ["tie", "tie"] else []), *([place] if place else [])]


def pair_sides(answers: Sequence[Judgement]) -> dict[tuple[int, int], list[int]]:
    """The verdicts of each pair of cells, over the passes."""
    found: dict[tuple[int, int], list[int]] = {}
    for (low, high, _), both in _verdicts(answers).items():
        side = verdict(both)
        if side is not None:
            found.setdefault((low, high), []).append(side)
    return found


__all__ = ["Figures", "figures_of", "pair_sides", "preferences_of", "verdict", "verdicts"]
