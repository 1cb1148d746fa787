"""How far judges agree, with each other and with people: Spearman's correlation, Krippendorff's alpha.

Rules of this file:

* Only what both have said counts; how much that is stands beside every figure.
* Scales that differ are compared as ranks, and the table says so.
"""

from __future__ import annotations

import math
from bisect import bisect_left, bisect_right
from collections.abc import Hashable, Iterable, Mapping, Sequence
from importlib import import_module
from itertools import combinations
from statistics import correlation
from typing import TYPE_CHECKING, Any, Final, TypeVar

from .._compare.findings import Finding
from .._display import view
from .._strings import say
from ..errors import InvalidRequestError
from .figures import figures_of, pair_sides

if TYPE_CHECKING:
    from .._compare.held import Held
    from .values import Judgements

_FEW: Final = 5
"""Things both have judged below which no figure is given."""
_SIDES: Final = {"left": 1.0, "right": -1.0, "tie": 0.0, "both_bad": 0.0}
Said = Mapping[Any, float]
K = TypeVar("K", bound=Hashable)


def agreement(held: Held, judged: Sequence[Judgements], votes: Iterable[Any] | None) -> Finding:
    """Every two judges compared, and those who were asked several times with themselves; with ``votes``, each
    judge with the people.

    Raises:
        InvalidRequestError: nobody has judged yet, or there is nobody to compare with.
    """
    if not judged:
        raise InvalidRequestError(say("judge.none_yet"))
    if votes is None:
        rows = [_with_itself(one) for one in judged if one.judge.passes > 1]
        rows += [_between(one, other) for one, other in combinations(judged, 2)]
        if not rows:
            raise InvalidRequestError(say("judge.one_only"), hint=say("judge.one_only_hint"))
        return Finding(tuple(rows), _told(rows))
    given = list(votes)
    asked = _by_question(given)
    people = [_People.of(held, some, words if len(asked) > 1 else ()) for words, some in asked.items()]
    rows = [
        row
        for one in judged
        for each in people
        for row in (_with_pairs(one, each), _with_scores(one, each))
        if row
    ]
    lost, total = sum(each.lost for each in people), sum(map(len, asked.values()))
    told = [*_told(rows), *([say("judge.votes_lost", count=lost, total=total)] if lost else [])]
    if not rows:
        told.append(say("judge.no_votes"))
    return Finding(tuple(rows), tuple(told))


def _with_itself(one: Judgements) -> dict[str, Any]:
    """A judge's passes compared, on what has a figure in all of them."""
    pair, said = one.judge.rules.kind == "pair", list[Said]()
    for number in range(1, one.judge.passes + 1):
        answers = [each for each in one.answers if each.item.number == number]
        if pair:
            said.append(_means(pair_sides(answers)))
        else:
            said.append(_there(list(figures_of(one.judge, answers, len(one.held.cells)).values())[-1]))
    common = set.intersection(*(set(each) for each in said))
    rated = [[each[at] for at in sorted(common)] for each in said]
    return {
        "first": one.judge.label, "second": say("judge.itself", passes=len(said)),
        "on": "pairs" if pair else "scores", "common": len(common), "spearman": None,
        "alpha": alpha(rated) if len(common) >= _FEW else None, "alpha_of": "values", "same": None,
    }  # fmt: skip


def _between(one: Judgements, other: Judgements) -> dict[str, Any]:
    """Two judges on what both have judged."""
    if {one.judge.rules.kind, other.judge.rules.kind} == {"single"}:
        found = _compared("scores", _overall(one), _overall(other), same=_scale(one) == _scale(other))
    else:
        found = _compared("pairs", _sides(one), _sides(other), same=True)
    return {"first": one.judge.label, "second": other.judge.label} | found


def _compared(kind: str, first: Said, second: Said, *, same: bool) -> dict[str, Any]:
    common = sorted(first.keys() & second.keys(), key=str)
    xs, ys = [first[at] for at in common], [second[at] for at in common]
    facts: dict[str, Any] = {"on": kind, "common": len(common), "spearman": None, "alpha": None}
    facts |= {"alpha_of": "values" if same else "ranks", "same": None}
    if kind == "pairs" and common:
        facts["same"] = sum(_sign(x) == _sign(y) for x, y in zip(xs, ys, strict=True)) / len(common)
    if len(common) < _FEW:
        return facts
    facts["spearman"] = _spearman(xs, ys)
    rated = (xs, ys) if same else (_ranks(xs), _ranks(ys))
    facts["alpha"] = alpha(rated)
    return facts


def _scale(one: Judgements) -> tuple[float, float]:
    """The ends of what a judge's overall figure can be."""
    scales = [scale for ask in one.judge.rules.asks for scale in ask.scores]
    return min(scale.low for scale in scales), max(scale.high for scale in scales)


def _overall(one: Judgements) -> dict[int, float]:
    """The overall figure of each result that has one."""
    return _there(list(one.figures.values())[-1])


def _there(values: Sequence[float | None]) -> dict[int, float]:
    return {at: value for at, value in enumerate(values) if value is not None}


def _sides(one: Judgements) -> dict[tuple[int, int], float]:
    """Which result of each pair is better, from pairs or from single scores: 1, 0 or -1."""
    if one.judge.rules.kind == "pair":
        return _means(pair_sides(one.answers))
    scores = sorted(_overall(one).items())
    return {(a, b): float(_sign(x - y)) for (a, x), (b, y) in combinations(scores, 2)}


def _pair(one: Any, other: Any) -> tuple[int, int]:
    return min(one, other), max(one, other)


def _sign(value: float) -> int:
    return (value > 0) - (value < 0)


# --- with people -----------------------------------------------------------------------------------


def _by_question(votes: Iterable[Any]) -> dict[tuple[str, str], list[Any]]:
    """The votes that count by question and criterion, as people's are counted: none that was skipped, taken
    back or said anew later.
    """
    found: dict[tuple[str, str], list[Any]] = {}
    for vote in view("votes")(votes, getattr(votes, "reveals", ())).counted:
        found.setdefault((vote.question, vote.criterion), []).append(vote)
    return found


class _People:
    """Votes on one question by the places of the results they are about.

    Attributes:
        name: what a table calls those who were asked it.
        pairs: for each pair of places the mean of what people said, 1 for the earlier result, -1 the later.
        scores: for each place the mean of what it was given.
        lost: how many votes are about results that are not in this comparison.
    """

    def __init__(self, name: str, pairs: Said, scores: Said, lost: int) -> None:
        self.name, self.pairs, self.scores, self.lost = name, pairs, scores, lost

    @classmethod
    def of(cls, held: Held, votes: Iterable[Any], asked: Sequence[str]) -> _People:
        """What counted votes say of these results."""
        places = {
            one.record_id: cell.index
            for cell in held.cells
            if (one := held[cell.index]) is not None and one.record_id
        }
        pairs: dict[tuple[int, int], list[float]] = {}
        scores: dict[int, list[float]] = {}
        lost = 0
        for vote in votes:
            if vote.choice is None and vote.score is None:
                continue
            left, right = places.get(vote.left_record), places.get(vote.right_record)
            if left is None or (vote.choice is not None and right is None):
                lost += 1
            elif vote.choice is None:
                scores.setdefault(left, []).append(float(vote.score))
            elif right is not None:
                side = _SIDES[vote.choice] * (1 if left < right else -1)
                pairs.setdefault(_pair(left, right), []).append(side)
        question = " · ".join(dict.fromkeys(filter(None, asked)))
        name = say("judge.people_on", question=question) if question else say("judge.people")
        return cls(name, _means(pairs), _means(scores), lost)


def _means(found: Mapping[K, Sequence[float]]) -> dict[K, float]:
    return {at: sum(values) / len(values) for at, values in found.items()}


def _with_pairs(one: Judgements, people: _People) -> dict[str, Any]:
    if not people.pairs:
        return {}
    facts = _compared("pairs", _sides(one), people.pairs, same=True)
    return {"first": one.judge.label, "second": people.name} | facts


def _with_scores(one: Judgements, people: _People) -> dict[str, Any]:
    if not people.scores or one.judge.rules.kind == "pair":
        return {}
    facts = _compared("scores", _overall(one), people.scores, same=False)
    return {"first": one.judge.label, "second": people.name} | facts


# --- figures ---------------------------------------------------------------------------------------


def _spearman(xs: Sequence[float], ys: Sequence[float]) -> float | None:
    """Rank correlation; None where one of them always says the same."""
    if len(set(xs)) < 2 or len(set(ys)) < 2:
        return None
    return correlation(_ranks(xs), _ranks(ys))


def _ranks(values: Sequence[float]) -> list[float]:
    """The place of each value, from 1; equal ones share the mean of theirs."""
    ordered = sorted(values)
    return [(bisect_left(ordered, one) + bisect_right(ordered, one) + 1) / 2 for one in values]


def alpha(rated: Sequence[Sequence[float]]) -> float | None:
    """Krippendorff's alpha of numbers at equal distances, a rater per row; None where all are equal.

    Raises:
        InvalidRequestError: the package that computes it is not there.
    """
    if len({value for row in rated for value in row}) < 2:
        return None
    table = Finding(tuple({str(at): value for at, value in enumerate(row)} for row in rated))
    try:
        evalica = import_module("evalica")
    except ImportError:
        raise InvalidRequestError(say("judge.no_evalica"), hint=say("judge.no_evalica_hint")) from None
    found = float(evalica.alpha(table.to_dataframe(), distance="interval").alpha)
    return None if math.isnan(found) else found


def _told(rows: Sequence[Mapping[str, Any]]) -> tuple[str, ...]:
    """What the table needs said."""
    few = [f"{row['first']} – {row['second']}" for row in rows if row["common"] < _FEW]
    told = [say("judge.few_common", names=", ".join(few), least=_FEW)] if few else []
    if any(row["alpha_of"] == "ranks" and row["alpha"] is not None for row in rows):
        told.append(say("judge.on_ranks"))
    return tuple(told)
