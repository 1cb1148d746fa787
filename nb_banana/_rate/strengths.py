"""What blind votes show: how strong each condition is, and which of two people prefer.

Rules of this file:

* The unit of evidence is what was edited, an (image, prompt) pair, called a prompt in the sentences: all
  votes on it are one piece of evidence, however many people gave them.
* Two conditions are compared by the share of votes that the first won, a tie being half: the mean over
  prompts of the share in each. It is tested as every contrast of a comparison is, and corrected by Holm
  within what was asked: a question, a criterion.
* Both bad is a tie here and is reported. What was skipped or taken back is counted and is no vote.
* Under :data:`~nb_banana._compare.power.FEW` prompts there is no interval and no verdict, under
  :data:`~nb_banana._compare.statistics.MANY` the interval is called approximate.
* Conditions that were never compared, not even by way of others, are not fitted: nothing is said of them.
"""

from __future__ import annotations

import math
from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields, replace
from typing import Any, Final

from . import words
from .counted import Asked, Counted, counted, is_tie, value
from .needs import research
from .sides import NO_COVARIATES, Covariates, Term, sides_of
from .standing import Standing, Strength, Table, Unfitted, Versus
from .vote import Vote

with research():
    import numpy as np
    from scipy import stats

    from .._compare.power import ALPHA, FEW, detectable
    from .._compare.statistics import contrast, holm
    from .fitting import Fit, Interval, Tally, between, expected, fit, groups, share_between, unbeaten

_ROUNDING: Final = 1e-6
"""Differences below which there is none but that of adding in another order."""
_SURE: Final = 0.025
"""Resamples without a fit from which on a difference through others has no error to test it by."""


@dataclass(frozen=True, slots=True, repr=False)
class Strengths:
    """What votes show, by what was asked, in numbers and in words.

    Attributes:
        standings: one of each question and criterion, in the order these came.
    """

    standings: tuple[Standing, ...]

    @property
    def sentences(self) -> tuple[str, ...]:
        """What is to be said, in the language of the moment."""
        return tuple(line for one in self.standings for line in words.standing(one)) or (words.nothing(),)

    def to_dataframe(self) -> Any:
        """A pandas ``DataFrame`` with a row per question, criterion and condition; unknown is empty."""
        found = ((one, row) for one in self.standings for row in one.strengths)
        return _table(Strength, found).to_dataframe()

    @property
    def pairs(self) -> Table:
        """Every two conditions; ``.to_dataframe()`` has a row for each, per question and criterion."""
        return _table(Versus, ((one, row) for one in self.standings for row in one.pairs), "told")

    @property
    def sides(self) -> Table:
        """Side bias and covariates; ``.to_dataframe()`` has a row for each, per question and criterion."""
        return _table(Term, ((one, row) for one in self.standings for row in one.sides.terms), "told")

    def __repr__(self) -> str:
        return words.plain(self.sentences, *(words.strength_table(one) for one in self.standings))

    def _repr_mimebundle_(self, **_: Any) -> dict[str, str]:
        tables = [words.strength_table(one) for one in self.standings]
        return {"text/plain": repr(self), "text/html": words.html(self.sentences, *tables)}


def _table(kind: type, found: Iterable[tuple[Standing, Any]], *more: str) -> Table:
    """Values of a kind as rows, what was asked before them and what they tell behind."""
    columns = [*(field.name for field in fields(kind)), *more]
    rows = ((*one.votes.asked, *(getattr(row, name) for name in columns)) for one, row in found)
    return Table((*Asked._fields, *columns), tuple(rows))


def strengths_of(votes: Iterable[Vote], covariates: Covariates = NO_COVARIATES) -> Strengths:
    """What blind votes on pairs show.

    Args:
        votes: of any number of people, questions and criteria; copies count once.
        covariates: by name, what each record (or condition) has of it, such as its aspect; what the left side
            has more than the right is held against which was chosen.

    Raises:
        InvalidRequestError: something among the votes is none, or the ``research`` extra is missing.
    """
    return Strengths(tuple(_standing(one, covariates) for one in counted(votes)))


def further(d_z: float | None, share: float, units: int, pairs: int) -> int | None:
    """About how many more units would tell two conditions apart, if the difference is as large as it looks.

    The least *n* with ``(t(1 − 0.05 / 2 / pairs, n − 1) + t(0.8, n − 1)) / √n ≤ |d_z|`` is looked for, the
    formula of a plan's power (80 % at 5 %, corrected for all pairs at once), and ``units`` are taken off.
    ``d_z`` is the seen mean difference in standard deviations over units. Where all units agree there is
    none; then it is the least *n* of which all on one side are significant, ``2 · 0.5ⁿ < 0.05 / pairs``.

    A difference that was seen is itself uncertain, and so is this. None if no difference was seen at all.
    """
    if d_z is None:
        enough = math.floor(math.log2(2 * pairs / ALPHA)) + 1 if share != 0.5 else None
    elif abs(d_z) < _ROUNDING:
        enough = None
    else:
        enough = _enough(abs(d_z), pairs)
    return None if enough is None else max(1, enough - units)


def _enough(d_z: float, pairs: int) -> int:
    """The least number of units that find such a difference."""

    def is_enough(units: int) -> bool:
        return (detectable(units, pairs) or math.inf) <= d_z

    high = FEW
    while not is_enough(high):
        high *= 2
    return FEW + bisect_left(range(FEW, high), True, key=is_enough)


def _standing(votes: Counted, covariates: Covariates) -> Standing:
    tally = Tally.of(votes.pairs)
    apart = groups(tally)
    fitted = fit(tally) if len(apart) == 1 else None
    top = unbeaten(tally) if len(apart) == 1 and fitted is None else []
    why: Unfitted = "none"
    if apart:
        why = "apart" if len(apart) > 1 else "" if fitted else "unbeaten" if top else "one_way"
    return Standing(
        _strengths(votes.pairs, tally, fitted), _pairs(votes.pairs, tally, fitted),
        fitted.tie if fitted else None, why, tuple(map(tuple, apart)), tuple(top),
        sides_of(votes.pairs, covariates), votes, len(tally.units), len({vote.rater for vote in votes.pairs}),
    )  # fmt: skip


def _strengths(votes: Sequence[Vote], tally: Tally, fitted: Fit | None) -> tuple[Strength, ...]:
    found = []
    for at, name in enumerate(tally.names):
        own = [vote for vote in votes if name in (vote.left, vote.right)]
        given = [value(vote) if vote.left == name else 1 - value(vote) for vote in own]
        units = len({vote.unit for vote in own})
        interval: Interval = between(fitted.drawn[:, at], len(tally.units)) if fitted else (None, None)
        found.append(Strength(
            name, float(fitted.strengths[at]) if fitted else None, *interval, units, len(own),
            given.count(1), given.count(0.5), given.count(0),
        ))  # fmt: skip
    if fitted:
        found.sort(key=lambda one: (-(one.strength or 0), one.condition))
    else:
        found.sort(key=lambda one: (-(one.won + one.tied / 2) / one.votes, one.condition))
    return tuple(found)


def _pairs(votes: Sequence[Vote], tally: Tally, fitted: Fit | None) -> tuple[Versus, ...]:
    """Every two conditions, corrected by Holm, those with most to tell first."""
    found = [
        _direct(votes, tally, at) if tally.counts[:, at].any() else _through_others(tally, at, fitted)
        for at in range(len(tally.pairs))
    ]
    adjusted = holm([one.p for one in found])
    found = [replace(one, p_holm=p) for one, p in zip(found, adjusted, strict=True)]
    found = [replace(one, further=None) if one.told is not False else one for one in found]
    return tuple(sorted(found, key=lambda one: (one.how == "nothing", -(one.share or 0))))


def _direct(votes: Sequence[Vote], tally: Tally, at: int) -> Versus:
    """Two that were compared: by their own votes."""
    first, second = (tally.names[one] for one in tally.pairs[at])
    shares = tally.shares(at)
    if sum(shares.values()) < len(shares) / 2:
        first, second, shares = second, first, {unit: 1 - one for unit, one in shares.items()}
    made = contrast(
        (second, {unit: [1 - one] for unit, one in shares.items()}),
        (first, {unit: [one] for unit, one in shares.items()}),
    )  # fmt: skip
    share = sum(shares.values()) / len(shares)
    own = [vote for vote in votes if {vote.left, vote.right} == {first, second}]
    return Versus(
        first, second, share, *share_between(list(shares.values())), made.p, None, len(shares), len(own),
        sum(map(is_tie, own)), sum(vote.choice == "both_bad" for vote in own),
        further(made.d_z, share, len(shares), len(tally.pairs)), "votes",
    )  # fmt: skip


def _through_others(tally: Tally, at: int, fitted: Fit | None) -> Versus:
    """Two that never met: by the model, if others connect them."""
    one, other = tally.pairs[at]
    names, units = (tally.names[one], tally.names[other]), len(tally.units)
    if fitted is None:
        return Versus(*names, None, None, None, None, None, 0, 0, 0, 0, None, "nothing")
    if fitted.strengths[one] < fitted.strengths[other]:
        one, other, names = other, one, names[::-1]
    difference = fitted.strengths[one] - fitted.strengths[other]
    drawn = fitted.drawn[:, one] - fitted.drawn[:, other]
    interval = between(expected(drawn, fitted.drawn_ties), units)
    error = float(np.nanstd(drawn)) if np.isnan(drawn).mean() <= _SURE and units >= FEW else 0.0
    p = float(2 * stats.t.sf(difference / error, units - 1)) if error else None
    return Versus(
        *names, float(expected(difference, fitted.tie)), *interval, p, None, units, 0, 0, 0, None, "model"
    )
