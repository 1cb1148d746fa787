"""Scores of single results: a mean with its interval for each condition, and each two compared unit by unit.

The unit is the (image, prompt) pair, as everywhere: takes and raters are averaged inside of it, for ten
people who look at one picture say nothing about other pictures.
"""

from __future__ import annotations

import math
from collections.abc import Hashable, Iterable
from dataclasses import replace
from itertools import combinations
from typing import Any, TypeVar

from .._compare.findings import Finding
from .._compare.power import FEW
from .._compare.statistics import Contrast, Estimate, contrast, corrected, mean
from .._strings import say
from . import words
from .counted import blind, by_edit
from .vote import SCORES
from .votes import Votes

_Found = TypeVar("_Found", Estimate, Contrast)
_Units = dict[Hashable, list[float]]


def scores_of(votes: Votes) -> Finding:
    """Means and contrasts of the scores that count, each question and criterion apart."""
    asked: dict[tuple[str, str], dict[str, _Units]] = {}
    given = [(vote, float(vote.score)) for vote in by_edit(votes.counted) if vote.score is not None]
    for vote, score in given:
        named = asked.setdefault((vote.question, vote.criterion), {})
        named.setdefault(vote.left, {}).setdefault(vote.unit, []).append(score)
    stars = all(SCORES[0] <= score <= SCORES[-1] for _, score in given)  # else of a scale nobody here knows
    least, most = (SCORES[0], SCORES[-1]) if stars else (-math.inf, math.inf)
    rows: list[dict[str, Any]] = []
    sentences: list[str] = []
    for (question, criterion), named in asked.items():
        about = say("rating.about", what=criterion or question) if len(asked) > 1 else ""
        for condition, units in sorted(named.items()):
            found = _within(mean(units), least, most)
            rows.append({"question": question, "criterion": criterion, "condition": condition} | _row(found))
            sentences.append(about + _mean_said(condition, found))
        pairs = [contrast(*two) for two in combinations(sorted(named.items()), 2)]
        pairs = [_within(one, least - most, most - least) for one in pairs]
        sentences += [about + _contrast_said(one) for one in corrected(pairs)]
    seen = sum(vote.score is not None for vote in blind(votes, votes.reveals)[1])
    return Finding(tuple(rows), (*sentences, *words.not_counted(seen=seen)))


def _within(found: _Found, least: float, most: float) -> _Found:
    """The same, its interval no wider than the scale: a t interval knows of no five stars."""
    if found.low is None or found.high is None:
        return found
    return replace(found, low=max(least, found.low), high=min(most, found.high))


def _row(found: Estimate) -> dict[str, Any]:
    return {
        "mean": found.value, "low": found.low, "high": found.high, "units": found.units, "votes": found.takes,
        "interval": found.how,
    }  # fmt: skip


def _mean_said(condition: str, found: Estimate) -> str:
    steady = "mean" if found.low is not None else "mean_steady"
    key = "mean_few" if found.units < FEW else steady
    return say(f"rating.{key}", condition=condition, units=found.units, votes=found.takes, least=FEW,
               **_numbers(mean=found.value, low=found.low, high=found.high))  # fmt: skip


def _contrast_said(one: Contrast) -> str:
    up = (one.difference or 0) > 0
    better, other = (one.second, one.first) if up else (one.first, one.second)
    ends: Iterable[float | None] = (one.low, one.high)
    if not up:
        ends = [None if end is None else -end for end in (one.high, one.low)]
    low, high = ends
    numbers = _numbers(difference=abs(one.difference or 0), low=low, high=high, p=one.p_holm)
    interval = say("findings.steady") if low is None else say("findings.interval", **numbers)
    return say(f"rating.contrast_{_verdict(one)}", better=better, other=other, units=one.units, least=FEW,
               interval=interval, **numbers)  # fmt: skip


def _verdict(one: Contrast) -> str:
    """Which sentence says what a contrast shows: the interval is of these two alone, the verdict of all."""
    if one.told is None:
        return "few"
    if one.told:
        return "shown"
    if one.low is None or one.high is None:
        return "steady" if one.difference else "same"
    return "none" if one.low <= 0 <= one.high else "close"


def _numbers(**values: float | None) -> dict[str, str]:
    return {name: "–" if value is None else f"{value:z.2g}" for name, value in values.items()}
