"""Whether people lean to a side, and what else goes with what they choose.

Rules of this file:

* Only votes that decided are looked at. In a model of ties as Davidson's those follow a logistic regression
  exactly: the log-odds of the left side are the difference of the two strengths, plus the lean to the left.
* What is held against the choice is fitted in standard deviations, whatever its unit: millions of pixels and
  a drift under 0.1 are told alike. What is given back is in its own unit.
* Errors are clustered by unit (``statsmodels``), with Student's t over units.
* What can't be told from the strengths, because it always went with a condition, is not estimated. Nor is
  what went one way in every vote: that has no finite log-odds.
"""

from __future__ import annotations

import math
import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from typing import Any, Final, Literal

from .._strings import say
from ..errors import InvalidRequestError
from .counted import is_tie
from .needs import research
from .vote import Vote

with research():
    import numpy as np
    from scipy import stats
    from statsmodels.genmod.families import Binomial
    from statsmodels.genmod.generalized_linear_model import GLM

    from .._compare.power import FEW
    from .._compare.statistics import LEVEL, holm
    from .fitting import Interval, share_between

Covariates = Mapping[str, Mapping[str, float]]
NO_COVARIATES: Final[Covariates] = {}
_TAKEN: Final = frozenset({"side", "seconds"})
_ENDLESS: Final = 10.0
"""Log-odds (of 22,000 to 1) of a standard deviation that only votes without an exception give."""
_EQUAL: Final = 1e-9
"""Of the largest number: what varies less is rounding."""
_UNEVEN: Final = 0.001
"""Chance below which where a condition stood was no shuffle."""


@dataclass(frozen=True, slots=True)
class Term:
    """One thing that may go with the choice of the left side.

    Attributes:
        name: ``"side"`` (the lean to the left between two of a strength), ``"seconds"`` (a vote that took
            twice as long) or a covariate (left has 1 more of it than right).
        value, low, high: log-odds with the 95 % interval; None where not estimated.
        p, p_holm: two-sided, that it goes with nothing, alone and corrected for all terms but the lean, which
            is a question of its own.
        units, votes: how many it is from; votes that decided.
        why: why there is no value: ``"few"``, ``"confounded"``, ``"endless"`` or ``""``.
        step: how much more of it is spoken of: the power of ten next to its standard deviation.
    """

    name: str
    value: float | None
    low: float | None
    high: float | None
    p: float | None
    p_holm: float | None
    units: int
    votes: int
    why: Literal["", "few", "confounded", "endless"] = ""
    step: float = 1

    @property
    def told(self) -> bool | None:
        """Whether it goes with the choice, at 5 %; None where that can't be said."""
        return None if self.p_holm is None else self.p_holm < 1 - LEVEL


@dataclass(frozen=True, slots=True)
class Sides:
    """What goes with the choice of a side.

    Attributes:
        left: the share of the left side among votes that decided, as a mean over units; None without any.
        low, high: its 95 % interval.
        terms: the lean with strengths taken out, and covariates.
        uneven: pairs that stood one way round too often to have been shuffled: who stood left, who right,
            how often, and of how many votes.
    """

    left: float | None
    low: float | None
    high: float | None
    terms: tuple[Term, ...]
    uneven: tuple[tuple[str, str, int, int], ...]


def sides_of(votes: Sequence[Vote], covariates: Covariates = NO_COVARIATES) -> Sides:
    """How people lean to a side, from answered votes on pairs.

    Raises:
        InvalidRequestError: a covariate is named as something else is, has no number for a vote, or none.
    """
    decided = [vote for vote in votes if not is_tie(vote)]
    by_unit: dict[str, list[bool]] = {}
    for vote in decided:
        by_unit.setdefault(vote.unit, []).append(vote.choice == "left")
    shares = [sum(one) / len(one) for one in by_unit.values()]
    interval: Interval = share_between(shares)
    lean, more = _fitted(decided, {}), _further(decided, covariates)
    adjusted = [*(one.p for one in lean), *holm([one.p for one in more])]
    terms = tuple(replace(one, p_holm=p) for one, p in zip([*lean, *more], adjusted, strict=True))
    return Sides(sum(shares) / len(shares) if shares else None, *interval, terms, _uneven(votes))


def _further(decided: Sequence[Vote], covariates: Covariates) -> list[Term]:
    """Seconds and covariates, all at once, on the votes that have all of them."""
    columns = {"seconds": [_doublings(one.seconds) for one in decided]}
    for name, of in covariates.items():
        columns[name] = [_has(of, one, "left") - _has(of, one, "right") for one in decided]
        if name in _TAKEN or (decided and not np.isfinite(columns[name]).any()):
            known = ", ".join(sorted({one.left for one in decided}))
            raise InvalidRequestError(say("strengths.no_covariate", name=name, known=known))
    there = {name: column for name, column in columns.items() if np.isfinite(column).any()}
    if not there:
        return []
    whole: Any = np.isfinite(list(there.values())).all(axis=0)
    kept = [one for one, good in zip(decided, whole, strict=True) if good]
    return _fitted(kept, {name: np.asarray(column)[whole] for name, column in there.items()})[1:]


def _doublings(seconds: float | None) -> float:
    return math.nan if seconds is None or seconds <= 0 else math.log2(seconds)


def _has(of: Mapping[str, float], vote: Vote, side: Literal["left", "right"]) -> float:
    """What the record has of a covariate, else the condition."""
    record, condition = getattr(vote, f"{side}_record"), getattr(vote, side)
    found = of.get(record, of.get(condition, math.nan))
    if not isinstance(found, (int, float, np.number)):
        raise InvalidRequestError(say("strengths.no_number", of=record or condition, given=found))
    return float(found)


def _fitted(votes: Sequence[Vote], columns: Mapping[str, Any]) -> list[Term]:
    """The lean to the left and what each column adds, with the strengths taken out."""
    units = list(dict.fromkeys(vote.unit for vote in votes))
    spread = {"side": 1.0} | {name: _spread(column) for name, column in columns.items()}
    if len(units) < FEW:
        return [_without(name, votes, units, "few") for name in spread]
    scaled = {name: (column - column.mean()) / spread[name] for name, column in columns.items()}
    terms = {"side": np.ones(len(votes)), **scaled}
    strengths = _strengths(votes)
    alone = {name: column for name, column in terms.items() if _is_told(name, terms, strengths)}
    design = np.column_stack([*alone.values(), strengths]) if alone else strengths
    if len(units) <= np.linalg.matrix_rank(design) + 1:
        return [_without(name, votes, units, "few") for name in terms]
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")  # of votes without exception; they are found below
        made = GLM([vote.choice == "left" for vote in votes], design, family=Binomial()).fit(
            cov_type="cluster", cov_kwds={"groups": [units.index(vote.unit) for vote in votes]}, use_t=True
        )
        low, high = made.conf_int(1 - LEVEL).T
    place = {name: at for at, name in enumerate(alone)}
    return [
        _term(name, (made.params[at], low[at], high[at], made.pvalues[at]), spread[name], votes, units)
        if (at := place.get(name)) is not None else _without(name, votes, units, "confounded")
        for name in terms
    ]  # fmt: skip


def _strengths(votes: Sequence[Vote]) -> Any:
    """Columns of conditions, 1 where one stood left and -1 where it stood right; as many as say all of it."""
    names = sorted({name for vote in votes for name in (vote.left, vote.right)})
    kept: list[Any] = []
    for name in names:
        stood = np.array([(vote.left == name) - (vote.right == name) for vote in votes], dtype=float)
        if np.linalg.matrix_rank(np.column_stack([*kept, stood])) > len(kept):
            kept.append(stood)
    return np.column_stack(kept)


def _is_told(name: str, terms: Mapping[str, Any], strengths: Any) -> bool:
    """Whether a column adds something to the others and the strengths."""
    others = np.column_stack([*(column for other, column in terms.items() if other != name), strengths])
    rank = np.linalg.matrix_rank
    return bool(rank(np.column_stack([terms[name], others])) > rank(others))


def _spread(column: Any) -> float:
    """The standard deviation; endless where nothing varies but by rounding, so that none of it is left."""
    largest = float(abs(column).max(initial=0))
    found = float((column / largest).std()) if largest else 0.0
    return found * largest if found > _EQUAL else math.inf


def _term(
    name: str, found: tuple[Any, ...], spread: float, votes: Sequence[Vote], units: Sequence[str]
) -> Term:
    """One term in its own unit, from what was found of a standard deviation of it."""
    if not np.isfinite(found).all() or abs(found[0]) > _ENDLESS:
        return _without(name, votes, units, "endless")
    value, low, high = (float(one) / spread for one in found[:3])
    step = 1 if name in _TAKEN else 10.0 ** round(math.log10(spread))
    return Term(name, value, low, high, float(found[3]), None, len(units), len(votes), step=step)


def _without(
    name: str, votes: Sequence[Vote], units: Sequence[str], why: Literal["few", "confounded", "endless"]
) -> Term:
    return Term(name, None, None, None, None, None, len(units), len(votes), why)


def _uneven(votes: Sequence[Vote]) -> tuple[tuple[str, str, int, int], ...]:
    """Pairs that were not shuffled, by how often the same stood left."""
    found = []
    for pair in combinations(sorted({name for vote in votes for name in (vote.left, vote.right)}), 2):
        lefts = [vote.left for vote in votes if {vote.left, vote.right} == set(pair)]
        if not lefts:
            continue
        often = max(pair, key=lefts.count)
        count = lefts.count(often)
        if stats.binomtest(count, len(lefts)).pvalue < _UNEVEN:
            found.append((often, pair[often == pair[0]], count, len(lefts)))
    return tuple(found)
