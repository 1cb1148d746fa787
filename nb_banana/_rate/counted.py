"""Which votes count, and how many don't.

Rules of this file:

* Votes on several criteria, or on several questions, are never put together.
* What was skipped, taken back or not answered is no vote. It is counted aside, never filled in.
* A copy of a vote (the same rater and id) is the same vote; one copy that says it was taken back is enough.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, NamedTuple, get_args

from .._strings import say
from ..errors import InvalidRequestError
from .vote import Choice, Vote

_CHOICES: Final = frozenset(get_args(Choice))
_TIES: Final = frozenset({"tie", "both_bad"})


class Asked(NamedTuple):
    """What votes are about.

    Attributes:
        question: in the asker's own words; ``""`` is the one that goes without saying.
        criterion: of what; ``""`` is the whole.
    """

    question: str
    criterion: str


@dataclass(frozen=True, slots=True)
class Counted:
    """The votes on one thing that was asked.

    Attributes:
        asked: what.
        pairs: answered votes on two results, in the order they came.
        singles: answered votes on one result alone; they have a score.
        skipped: how many were skipped or have no answer.
        undone: how many were taken back.
        copies: how many came a second time.
    """

    asked: Asked
    pairs: tuple[Vote, ...]
    singles: tuple[Vote, ...]
    skipped: int
    undone: int
    copies: int


def counted(votes: Iterable[Vote]) -> tuple[Counted, ...]:
    """The votes by question and criterion, in the order these came.

    Raises:
        InvalidRequestError: something is no vote, has an unknown choice, compares a condition with itself, or
            has the id of another vote of that rater.
    """
    kept, copies = _distinct(votes)
    found: dict[Asked, list[Vote]] = {}
    for vote in kept:
        found.setdefault(Asked(vote.question, vote.criterion), []).append(vote)
    return tuple(_counted(asked, some, copies[asked]) for asked, some in found.items())


def value(vote: Vote) -> float:
    """What its left side gets: 1 it is better, 0 the right one is, ½ neither (both bad included)."""
    return 0.5 if vote.choice in _TIES else float(vote.choice == "left")


def is_tie(vote: Vote) -> bool:
    """Whether it says that neither is better: a tie, or both bad."""
    return vote.choice in _TIES


def _counted(asked: Asked, votes: list[Vote], copies: int) -> Counted:
    there = [vote for vote in votes if not vote.undone]
    answered = [vote for vote in there if _answered(vote)]
    return Counted(
        asked, tuple(vote for vote in answered if vote.right),
        tuple(vote for vote in answered if not vote.right),
        len(there) - len(answered), len(votes) - len(there), copies,
    )  # fmt: skip


def _answered(vote: Vote) -> bool:
    if vote.right:
        return vote.choice not in (None, "skip")
    return vote.choice != "skip" and vote.score is not None and math.isfinite(vote.score)


def _distinct(votes: Iterable[Vote]) -> tuple[list[Vote], Counter[Asked]]:
    """Every vote once, and by what was asked how many copies there were."""
    kept: dict[tuple[str, str], Vote] = {}
    copies: Counter[Asked] = Counter()
    for at, vote in enumerate(votes):
        _check(vote, at)
        own = vote.rater, vote.id
        before = kept.get(own)
        if before is None:
            kept[own] = vote
        elif before.undone != vote.undone:
            kept[own] = vote if vote.undone else before
        elif before == vote:
            copies[Asked(vote.question, vote.criterion)] += 1
        else:
            raise InvalidRequestError(say("strengths.same_id", id=vote.id, rater=vote.rater))
    return list(kept.values()), copies


def _check(vote: Vote, at: int) -> None:
    if not isinstance(vote, Vote):
        raise InvalidRequestError(say("strengths.no_vote", at=at, given=vote))
    if vote.choice is not None and vote.choice not in _CHOICES:
        raise InvalidRequestError(
            say("strengths.no_choice", id=vote.id, choice=vote.choice, known=", ".join(sorted(_CHOICES)))
        )
    if vote.left == vote.right:
        raise InvalidRequestError(say("strengths.with_itself", id=vote.id, condition=vote.left))
