"""Whether the people who judged agree, beyond what chance would bring.

Rules of this file:

* Krippendorff's alpha, by ``evalica``: 1 is full agreement, 0 what chance brings, below 0 people oppose each
  other.
* What is judged is an item: two conditions on a unit, or one result that was given a score. An item that one
  person alone judged says nothing. Of several votes of a person on an item the last one counts.
* The answers to a pair are in order: the one (by name, the earlier) is better, neither is, the other is. Both
  bad is neither.
* The interval draws units again, with all their items; it speaks of these people and other prompts.
* Where everybody always gave the same answer, chance would bring that too: no alpha is said.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from importlib import import_module
from itertools import combinations
from typing import Any, Final, Literal, get_args

from .._strings import say
from ..errors import InvalidRequestError
from . import words
from .counted import Asked, Counted, counted, value
from .needs import research
from .vote import Vote

with research():
    import evalica
    import numpy as np

    from .._compare.power import FEW
    from .._compare.statistics import MANY
    from .fitting import between

Kind = Literal["pairs", "scores"]
Level = Literal["nominal", "ordinal", "interval"]
_RESAMPLES: Final = 499
_SEED: Final = 20_260_101
_Item = tuple[str, str, str, str]


@dataclass(frozen=True, slots=True)
class Ratings:
    """Who judged what how.

    Attributes:
        items: what was judged: its unit, the condition or the two, and their records where they are known.
        given: by rater, the value of each item: of pairs 0 (the first better), 0.5, 1, else the score.
    """

    items: tuple[_Item, ...]
    given: dict[str, dict[_Item, float]]

    def to_dataframe(self) -> Any:
        """One row per rater, one column per item; what somebody did not judge is empty."""
        pandas = import_module("pandas")
        rows = [[own.get(item, np.nan) for item in self.items] for own in self.given.values()]
        columns = pandas.MultiIndex.from_tuples(self.items, names=["unit", "first", "second", "records"])
        return pandas.DataFrame(rows, index=list(self.given), columns=columns, dtype=float)


@dataclass(frozen=True, slots=True)
class Accord:
    """How far people agree on one thing that was asked.

    Attributes:
        asked: what.
        of: ``"pairs"`` or ``"scores"``.
        alpha: Krippendorff's; None where it can't be said, see ``why``.
        low, high: its 95 % interval; None where unknown.
        same: the share of pairs of people's answers to one item that are the same; None without any.
        raters, items, units: how many judged, what two or more of them judged, and on how many units.
        alone: items that one person alone judged.
        again: votes of a person on what that person voted on later once more.
        why: ``"one_rater"``, ``"nothing_common"``, ``"constant"``, or ``""``.
        ratings: who judged what how.
        seen: votes given once the names were revealed to that person, which don't count.
    """

    asked: Asked
    of: Kind
    alpha: float | None
    low: float | None
    high: float | None
    same: float | None
    raters: int
    items: int
    units: int
    alone: int
    again: int
    why: Literal["", "one_rater", "nothing_common", "constant"]
    ratings: Ratings
    seen: int


@dataclass(frozen=True, slots=True, repr=False)
class Agreement:
    """How far people agree, by what was asked, in numbers and in words.

    Attributes:
        accords: of each question and criterion its pairs and its scores, as far as there are any.
        level: how far apart two answers are: ``"nominal"`` (same or not), ``"ordinal"`` or ``"interval"``.
    """

    accords: tuple[Accord, ...]
    level: Level

    @property
    def sentences(self) -> tuple[str, ...]:
        """What is to be said, in the language of the moment."""
        return tuple(line for one in self.accords for line in _said(one)) or (words.nothing(),)

    def to_dataframe(self) -> Any:
        """One row per question, criterion and kind as a pandas ``DataFrame``; what is unknown is empty."""
        columns = [name for name in Accord.__slots__ if name not in ("asked", "ratings")]
        rows = [one.asked._asdict() | {name: getattr(one, name) for name in columns} for one in self.accords]
        return import_module("pandas").DataFrame(rows, columns=[*Asked._fields, *columns])

    def __repr__(self) -> str:
        return words.plain(self.sentences)

    def _repr_mimebundle_(self, **_: Any) -> dict[str, str]:
        return {"text/plain": repr(self), "text/html": words.html(self.sentences)}


def agreement_of(votes: Iterable[Vote], level: Level = "ordinal") -> Agreement:
    """How far the people who voted agree.

    Args:
        votes: of any number of people, questions and criteria; copies count once.
        level: how far apart two answers are.

    Raises:
        InvalidRequestError: something among the votes is none, the level is unknown, or the ``research``
            extra is missing.
    """
    if level not in get_args(Level):
        raise InvalidRequestError(say("agreement.no_level", level=level, known=", ".join(get_args(Level))))
    return Agreement(tuple(
        _accord(one, of, level) for one in counted(votes) for of in _kinds(one)
    ), level)  # fmt: skip


def _kinds(votes: Counted) -> dict[Kind, tuple[Vote, ...]]:
    """The answered votes on pairs and those on results alone, as far as there are any."""
    kinds: dict[Kind, tuple[Vote, ...]] = {"pairs": votes.pairs, "scores": votes.singles}
    return {of: some for of, some in kinds.items() if some}


def _accord(votes: Counted, of: Kind, level: Level) -> Accord:
    some = _kinds(votes)[of]
    ratings, again = _ratings(some)
    replaced, seen = (
        sum(bool(vote.right) == (of == "pairs") for vote in some) for some in (votes.replaced, votes.seen)
    )
    shared = [item for item in ratings.items if sum(item in own for own in ratings.given.values()) > 1]
    units = list(dict.fromkeys(item[0] for item in shared))
    raters = len(ratings.given)
    why: Literal["", "one_rater", "nothing_common", "constant"] = ""
    frame = Ratings(tuple(shared), ratings.given).to_dataframe() if shared else None
    if frame is None:
        why = "one_rater" if raters < 2 else "nothing_common"
    elif np.unique(frame.to_numpy()[np.isfinite(frame.to_numpy())]).size < 2:
        why = "constant"
    known = frame is not None and not why
    alpha = _alpha(frame, level) if known else None
    low, high = between(_drawn(frame, shared, units, level), len(units)) if known else (None, None)
    return Accord(
        votes.asked, of, alpha, low, high, _same(ratings, shared), raters, len(shared), len(units),
        len(ratings.items) - len(shared), again + replaced, why, ratings, seen,
    )  # fmt: skip


def _ratings(votes: Sequence[Vote]) -> tuple[Ratings, int]:
    """The last answer of everybody to every item, and how many were before it."""
    given: dict[str, dict[_Item, float]] = {}
    for vote in votes:
        first, second = sorted((vote.left, vote.right)) if vote.right else (vote.left, "")
        better = value(vote) if vote.right == first else 1 - value(vote)
        given.setdefault(vote.rater, {})[vote.unit, first, second, vote.pair] = (
            better if vote.right or vote.score is None else float(vote.score)
        )
    items = tuple(dict.fromkeys(item for own in given.values() for item in own))
    return Ratings(items, given), len(votes) - sum(map(len, given.values()))


def _alpha(frame: Any, level: Level) -> float:
    return float(evalica.alpha(frame, distance=level).alpha)


def _drawn(frame: Any, items: Sequence[_Item], units: Sequence[str], level: Level) -> Any:
    """The alpha of units drawn again; not a number where all answers in a resample are the same."""
    own = [[at for at, item in enumerate(items) if item[0] == unit] for unit in units]
    random = np.random.default_rng(_SEED)
    values = frame.to_numpy()
    found = np.full(_RESAMPLES, np.nan)
    for at in range(_RESAMPLES):
        columns = [item for unit in random.integers(len(units), size=len(units)) for item in own[unit]]
        some = values[:, columns]
        if np.unique(some[np.isfinite(some)]).size > 1:
            found[at] = _alpha(frame.iloc[:, columns], level)
    return found


def _same(ratings: Ratings, items: Sequence[_Item]) -> float | None:
    answers = ([own[item] for own in ratings.given.values() if item in own] for item in items)
    found = [one == other for given in answers for one, other in combinations(given, 2)]
    return sum(found) / len(found) if found else None


def _said(one: Accord) -> list[str]:
    """What is to be said of how far people agree."""
    values = {
        "raters": one.raters, "items": one.items, "units": one.units, "same": words.percent(one.same),
        "alpha": _two(one.alpha), "low": _two(one.low), "high": _two(one.high), "least": FEW,
        "what": say(f"agreement.{one.of}"),
    }  # fmt: skip
    lines = [say(f"agreement.{one.why or ('few' if one.units < FEW else 'alpha')}", **values)]
    if not one.why and FEW <= one.units < MANY:
        lines.append(say("strengths.approximate", units=one.units, many=MANY))
    if one.alone and not one.why:
        lines.append(say("agreement.alone", alone=one.alone))
    if one.again:
        lines.append(say("agreement.again", again=one.again))
    lines += words.not_counted(seen=one.seen)
    return [words.named(one.asked, line) for line in lines]


def _two(found: float | None) -> str:
    return "–" if found is None else f"{found:z.2f}"
