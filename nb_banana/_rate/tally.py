"""Votes counted, no more than that: who was better how often. Whether that is chance, others say."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from .._display import view
from .._strings import say
from ..errors import NanoBananaError
from .vote import Vote
from .votes import Votes, winner


@dataclass(frozen=True, slots=True)
class Tally:
    """A table of counts in words.

    Attributes:
        head: the names of its columns.
        rows: its lines.
    """

    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def tally(votes: Votes) -> tuple[Tally, ...]:
    """A table for each criterion and each two conditions that met; one for all that were rated alone."""
    counted = votes.counted.votes
    met: dict[tuple[str, str, str], list[Vote]] = {}
    alone: dict[tuple[str, str], list[float]] = {}
    for vote in counted:
        if vote.right:
            first, second = sorted((vote.left, vote.right))
            met.setdefault((vote.criterion, first, second), []).append(vote)
        elif vote.score is not None:
            alone.setdefault((vote.criterion, vote.left), []).append(vote.score)
    rows = tuple((*group, *_mean(scores)) for group, scores in sorted(alone.items()))
    found = tuple(_matchup(*names, said) for names, said in sorted(met.items()))
    return (*found, Tally(("", "", "★", ""), rows)) if rows else found


def _matchup(criterion: str, first: str, second: str, said: Sequence[Vote]) -> Tally:
    better = [winner(vote) for vote in said]
    choices = [vote.choice for vote in said]
    counts = {
        say("rating.tally_count"): len(said),
        say("rating.tally_wins", first=first): better.count(first),
        say("rating.tally_tie"): choices.count("tie"),
        say("rating.tally_both_bad"): choices.count("both_bad"),
        say("rating.tally_wins", first=second): better.count(second),
    }
    return Tally((criterion, *counts), ((f"{first} | {second}", *map(str, counts.values())),))


def _mean(scores: Sequence[float]) -> tuple[str, str]:
    return f"{sum(scores) / len(scores):.2f}", say("rating.tally_mean", count=len(scores))


def findings(votes: Votes) -> list[str]:
    """What the votes show, in sentences; where nothing here can tell, that it can't."""
    single = any(vote.score is not None for vote in votes.counted)
    try:
        find = view("scores" if single else "strengths")
    except (KeyError, ImportError):
        return [say("rating.no_strengths")]
    try:
        found = find(votes)
    except NanoBananaError as reason:
        return [str(reason), say("rating.no_strengths")]
    return list(found.sentences)
