"""Which votes count, and how many don't.

Rules of this file:

* Votes on several criteria are never put together.
* What was skipped, taken back or not answered is no vote. It is counted aside, never filled in.
* A copy of a vote (the same id) is the same vote; one copy that says it was taken back is enough.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, get_args

from .._strings import say
from ..errors import InvalidRequestError
from .vote import Choice, Vote

_CHOICES: Final = frozenset(get_args(Choice))
_TIES: Final = frozenset({"tie", "both_bad"})


@dataclass(frozen=True, slots=True)
class Counted:
    """The votes on one criterion.

    Attributes:
        criterion: what was asked; ``""`` is the whole.
        pairs: answered votes on two results, in the order they came.
        singles: answered votes on one result alone; they have a score.
        skipped: how many were skipped or have no answer.
        undone: how many were taken back.
        copies: how many came a second time.
    """

    criterion: str
    pairs: tuple[Vote, ...]
    singles: tuple[Vote, ...]
    skipped: int
    undone: int
    copies: int


def counted(votes: Iterable[Vote]) -> tuple[Counted, ...]:
    """The votes by criterion, in the order the criteria came.

    Raises:
        InvalidRequestError: something is no vote, has an unknown choice, compares a condition with itself, or
            has the id of another vote.
    """
    kept, copies = _distinct(votes)
    found: dict[str, list[Vote]] = {}
    for vote in kept:
        found.setdefault(vote.criterion, []).append(vote)
    return tuple(_counted(name, some, copies.get(name, 0)) for name, some in found.items())


def value(vote: Vote) -> float:
    """What its left side gets: 1 it is better, 0 the right one is, ½ neither (both bad included)."""
    return 0.5 if vote.choice in _TIES else float(vote.choice == "left")


def is_tie(vote: Vote) -> bool:
    """Whether it says that neither is better: a tie, or both bad."""
    return vote.choice in _TIES


def _counted(criterion: str, votes: list[Vote], copies: int) -> Counted:
    there = [vote for vote in votes if not vote.undone]
    answered = [vote for vote in there if _answered(vote)]
    return Counted(
        criterion, tuple(vote for vote in answered if vote.right),
        tuple(vote for vote in answered if not vote.right),
        len(there) - len(answered), len(votes) - len(there), copies,
    )  # fmt: skip


def _answered(vote: Vote) -> bool:
    if vote.right:
        return vote.choice not in (None, "skip")
    return vote.choice != "skip" and vote.score is not None and math.isfinite(vote.score)


def _distinct(votes: Iterable[Vote]) -> tuple[list[Vote], dict[str, int]]:
    """Every vote once, and by criterion how many copies there were."""
    kept: dict[str, Vote] = {}
    copies: dict[str, int] = {}
    for at, vote in enumerate(votes):
        _check(vote, at)
        before = kept.setdefault(vote.id, vote)
        if before is vote:
            continue
        if before.undone != vote.undone:
            kept[vote.id] = vote if vote.undone else before
        elif before == vote:
            copies[vote.criterion] = copies.get(vote.criterion, 0) + 1
        else:
            raise InvalidRequestError(say("strengths.same_id", id=vote.id))
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
