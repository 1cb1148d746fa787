"""Strengths with ties by the Newman/Davidson model, and how sure they are.

Rules of this file:

* *i* wins against *j* with odds ``p_i : p_j``, and they tie with ``2ν·√(p_i·p_j)`` beside those
  (Davidson 1970; fitted as by Newman 2023, in ``evalica``; where that does not settle, and for the hundreds
  of fits of an interval, by Newton's method: it is the same top). A strength is ``ln p``, their mean is 0.
* A fit is made only where there is one: all conditions hang together, and no way of being stronger would go
  on for ever. ``evalica`` itself returns numbers there too.
* Intervals come from drawing units (prompts) again, with everything that was said of them.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any, Final

from .counted import is_tie, value
from .needs import research
from .vote import Vote

with research():
    import evalica
    import numpy as np
    from scipy import stats

    from .._compare.intervals import Z, wilson
    from .._compare.power import FEW
    from .._compare.statistics import LEVEL

_RESAMPLES: Final = 999
_SEED: Final = 20_260_101
"""The same votes give the same interval."""
_OUTCOMES: Final = 3
_EXACT: Final = 2**32
"""Shares are so many parts, so that the mean of equal ones is no other than each: they don't vary."""
_LIMIT: Final = 10_000
"""Rounds of the fit; a few dozen are usual."""
_STEPS: Final = 100
_SETTLED: Final = 1e-9
Interval = tuple[float | None, float | None]


@dataclass(frozen=True, slots=True)
class Tally:
    """Votes as counts.

    Attributes:
        names: the conditions.
        pairs: every two of them, by their places in ``names``.
        units: what was edited.
        counts: units × pairs × 3, how often the first was better, the second was, and neither.
    """

    names: tuple[str, ...]
    pairs: tuple[tuple[int, int], ...]
    units: tuple[str, ...]
    counts: Any

    @classmethod
    def of(cls, votes: Sequence[Vote]) -> Tally:
        """The tally of answered votes on pairs."""
        names = tuple(sorted({name for vote in votes for name in (vote.left, vote.right)}))
        units = tuple(dict.fromkeys(vote.unit for vote in votes))
        pairs = tuple(combinations(range(len(names)), 2))
        place, unit = ({one: at for at, one in enumerate(some)} for some in (names, units))
        row = {pair: at for at, pair in enumerate(pairs)}
        counts = np.zeros((len(units), len(pairs), _OUTCOMES))
        for vote in votes:
            left, right = place[vote.left], place[vote.right]
            first = value(vote) if left < right else 1 - value(vote)
            outcome = 2 if is_tie(vote) else int(first == 0)
            counts[unit[vote.unit], row[min(left, right), max(left, right)], outcome] += 1
        return cls(names, pairs, units, counts)

    def shares(self, pair: int) -> dict[str, float]:
        """The share that the first of a pair has won of each unit that has it; a tie is half."""
        found = self.counts[:, pair]
        there = found.sum(axis=1)
        return {
            unit: round(float((one[0] + one[2] / 2) / all_) * _EXACT) / _EXACT
            for unit, one, all_ in zip(self.units, found, there, strict=True) if all_
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class Fit:
    """Strengths, and the same from units drawn again.

    Attributes:
        strengths: by condition, natural logarithms, mean 0.
        tie: ν; how readily two of a strength are called even.
        drawn: resamples × conditions; not a number where a resample has no fit.
        drawn_ties: ν of each resample.
    """

    strengths: Any
    tie: float
    drawn: Any
    drawn_ties: Any


def groups(tally: Tally) -> list[list[str]]:
    """The conditions that hang together, directly or by way of others."""
    votes = tally.counts.sum(axis=(0, 2))
    linked = np.eye(len(tally.names), dtype=bool)
    for (one, other), count in zip(tally.pairs, votes, strict=True):
        linked[one, other] |= count > 0
        linked[other, one] |= count > 0
    reached = _closed(linked)
    found = dict.fromkeys(tuple(np.flatnonzero(row)) for row in reached)
    return [[tally.names[at] for at in group] for group in found]


def unbeaten(tally: Tally) -> list[str]:
    """Conditions that no other has beaten or been even with, not by way of others either; empty if none."""
    reach = _closed(_beats(tally, tally.counts.sum(axis=0)[None])[0])
    top = [at for at in range(len(tally.names)) if (reach[at] | ~reach[:, at]).all()]
    return [] if reach.all() else [tally.names[at] for at in top]


def fit(tally: Tally) -> Fit | None:
    """The strengths; None where the votes have no finite ones."""
    totals = tally.counts.sum(axis=0)
    if not _has_fit(tally, totals[None])[0]:
        return None
    count = len(tally.units)
    often = np.random.default_rng(_SEED).multinomial(count, np.full(count, 1 / count), size=_RESAMPLES)
    weights = np.einsum("ru,upo->rpo", often, tally.counts)
    strengths, ties = np.full((_RESAMPLES, len(tally.names)), np.nan), np.full(_RESAMPLES, np.nan)
    sound = _has_fit(tally, weights)
    strengths[sound], ties[sound] = _climbed(tally, weights[sound])
    return Fit(*(_newman(tally, totals) or _alone(tally, totals)), strengths, ties)


def _newman(tally: Tally, weights: Any) -> tuple[Any, float] | None:
    """The strengths and ν; None where the rounds don't settle.

    All strengths are renewed at once, so where conditions are two, or all met the same one only, a round
    undoes the one before it unless there are many ties.
    """
    first, second = zip(*(pair for pair in tally.pairs for _ in range(_OUTCOMES)), strict=True)
    better = [evalica.Winner.X, evalica.Winner.Y, evalica.Winner.Draw] * len(tally.pairs)
    made = evalica.newman(first, second, better, weights=weights.ravel(), tolerance=1e-9, limit=_LIMIT)
    if made.iterations >= _LIMIT:
        return None
    found = np.log(made.scores.sort_index().to_numpy())
    return found - found.mean(), float(made.v)


def _alone(tally: Tally, weights: Any) -> tuple[Any, float]:
    strengths, ties = _climbed(tally, weights[None])
    return strengths[0], float(ties[0])


def _climbed(tally: Tally, weights: Any) -> tuple[Any, Any]:
    """Strengths and ν of several tallies that have them, by Newton's method: their likelihood has one top.

    The first strength is held at 0. Without a tie ν is 0, and its logarithm is left out.
    """
    size, untied = len(tally.names), (weights[:, :, 2] == 0).all(axis=1)
    form = np.zeros((len(tally.pairs), _OUTCOMES, size + 1))  # what of each parameter is in whose log-odds
    for at, (one, other) in enumerate(tally.pairs):
        form[at, 0, one] = form[at, 1, other] = form[at, 2, size] = 1
        form[at, 2, [one, other]] = 0.5
    form = form[:, :, 1:]
    found, seen = np.zeros((len(weights), size)), weights.sum(axis=2)
    for _ in range(_STEPS):
        odds = np.exp(np.einsum("pof,rf->rpo", form, found))
        odds[untied, :, 2] = 0
        chance = odds / odds.sum(axis=2, keepdims=True) * seen[:, :, None]
        slope = np.einsum("rpo,pof->rf", weights - chance, form)
        middle = np.einsum("rpo,pof->rpf", chance, form)
        bend = np.einsum("rpo,pof,pog->rfg", chance, form, form, optimize=True)
        bend -= np.einsum("rpf,rpg->rfg", middle, middle / np.maximum(seen, 1)[:, :, None], optimize=True)
        bend[untied, -1, -1] += 1
        step = np.linalg.solve(bend, slope[:, :, None])[:, :, 0]
        found += step / np.maximum(1, abs(step).max(axis=1, keepdims=True))
        if not step.size or abs(step).max() < _SETTLED:
            break
    strengths = np.column_stack([np.zeros(len(found)), found[:, :-1]])
    return strengths - strengths.mean(axis=1, keepdims=True), np.where(untied, 0, np.exp(found[:, -1]) / 2)


def _beats(tally: Tally, weights: Any) -> Any:
    """Of several tallies: which condition was better than which, or even with it, at least once."""
    size = len(tally.names)
    found = np.zeros((len(weights), size, size), dtype=bool) | np.eye(size, dtype=bool)
    for at, (one, other) in enumerate(tally.pairs):
        found[:, one, other] = (weights[:, at, 0] > 0) | (weights[:, at, 2] > 0)
        found[:, other, one] = (weights[:, at, 1] > 0) | (weights[:, at, 2] > 0)
    return found


def _closed(linked: Any) -> Any:
    """What is reached in any number of steps."""
    for _ in range(linked.shape[-1].bit_length()):
        linked = linked @ linked
    return linked


def _has_fit(tally: Tally, weights: Any) -> Any:
    """Of several tallies: whether the likelihood has a finite maximum.

    It has none if some conditions never lose to the rest: strengths would part for ever. It has none either
    if all votes fit *who is a step stronger wins, who is not ties*: strengths and ν would grow for ever.
    They don't fit it where steps contradict each other: a win is a step down of at least 1, a tie one of at
    most 1, and a way around that ends below where it began is a contradiction.
    """
    steps = np.full((len(weights), len(tally.names), len(tally.names)), np.inf)
    for at, (one, other) in enumerate(tally.pairs):
        tie = np.where(weights[:, at, 2] > 0, 1.0, np.inf)
        steps[:, one, other] = np.where(weights[:, at, 0] > 0, -1.0, tie)
        steps[:, other, one] = np.where(weights[:, at, 1] > 0, -1.0, tie)
    for by in range(len(tally.names)):
        steps = np.minimum(steps, steps[:, :, by, None] + steps[:, None, by, :])
    contradicted = (np.diagonal(steps, axis1=1, axis2=2) < 0).any(axis=1)
    without_ties = (weights[:, :, 2] == 0).all(axis=1)
    return _closed(_beats(tally, weights)).all(axis=(1, 2)) & (contradicted | without_ties)


def expected(difference: Any, tie: Any) -> Any:
    """The share of wins, a tie being half, that the model expects of one stronger by ``difference``."""
    odds = np.exp(difference)
    return (odds + tie * np.sqrt(odds)) / (odds + 1 + 2 * tie * np.sqrt(odds))


def between(drawn: Any, units: int) -> Interval:
    """The 95 % interval from what resamples gave.

    Percentiles, as far out as Student's t of so few units asks for (Hesterberg 2015). A resample that gave
    nothing stands at both ends; where those reach the percentile, that end is unknown.
    """
    if units < FEW:
        return None, None
    far = math.sqrt(units / (units - 1)) * float(stats.t.ppf((1 + LEVEL) / 2, units - 1))
    tail = float(stats.norm.cdf(-far))
    low = float(np.quantile(np.where(np.isnan(drawn), -np.inf, drawn), tail, method="lower"))
    high = float(np.quantile(np.where(np.isnan(drawn), np.inf, drawn), 1 - tail, method="higher"))
    return (low if math.isfinite(low) else None), (high if math.isfinite(high) else None)


def share_between(shares: Sequence[float]) -> Interval:
    """The 95 % interval of the mean of shares, one of each unit.

    Wilson's, of as many yes and no as would be as uncertain as these units are (Dean & Pagano 2015), with
    Student's t. It stays within 0 and 1, is no point where all units agree, and counts a unit once however
    many votes it has.
    """
    count = len(shares)
    if count < FEW:
        return None, None
    found = np.asarray(shares, dtype=float)
    middle, spread = float(found.mean()), float(found.var(ddof=1))
    like = middle * (1 - middle) / spread * count if spread else count
    student = Z / float(stats.t.ppf((1 + LEVEL) / 2, count - 1))
    return wilson(middle, like * student**2)
