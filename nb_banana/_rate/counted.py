"""Which votes count, and how many don't.

Rules of this file:

* Votes on several criteria, or on several questions, are never put together.
* What was skipped, taken back or not answered is no vote. It is counted aside, never filled in.
* A copy of a vote (the same rater and id) is the same vote; one copy that says it was taken back is enough.
  Two votes that differ and have one id are refused: which one counts can't be told.
* A vote is blind: what a person said of a result once they were told whose it is does not count, and is
  numbered. Where it is written it is refused; two machines know nothing of each other until votes are merged.
* What was edited is told by its inputs and words (``Vote.edit``), not by what it was called in a comparison:
  six folders may each have an ``input.png``. A vote without it, of an earlier release, goes by the name.
* Of several votes of a person on one thing the last one counts; those before it are numbered.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Hashable, Iterable
from dataclasses import dataclass, replace
from itertools import count
from typing import Final, NamedTuple, get_args

from .._strings import say
from ..errors import InvalidRequestError
from .vote import Choice, Reveal, Vote

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
        replaced: those that a later vote of the same person on the same thing took the place of.
        seen: those given after their names were told to that person.
    """

    asked: Asked
    pairs: tuple[Vote, ...]
    singles: tuple[Vote, ...]
    skipped: int
    undone: int
    copies: int
    replaced: tuple[Vote, ...]
    seen: tuple[Vote, ...]


def counted(votes: Iterable[Vote]) -> tuple[Counted, ...]:
    """The votes by question and criterion, in the order these came; a mere list of them knows of no reveal.

    Raises:
        InvalidRequestError: something is no vote, has an unknown choice, compares a condition with itself, or
            has the id of another vote of that rater.
    """
    kept, copies = _distinct(votes)
    fair, seen = blind(by_edit(kept), getattr(votes, "reveals", ()))
    parts = (*latest(fair), seen)
    found: dict[Asked, tuple[list[Vote], ...]] = {}
    for at, part in enumerate(parts):
        for vote in part:
            asked = Asked(vote.question, vote.criterion)
            found.setdefault(asked, ([], [], []))[at].append(vote)
    return tuple(_counted(asked, copies[asked], *some) for asked, some in found.items())


def value(vote: Vote) -> float:
    """What its left side gets: 1 it is better, 0 the right one is, ½ neither (both bad included)."""
    return 0.5 if vote.choice in _TIES else float(vote.choice == "left")


def is_tie(vote: Vote) -> bool:
    """Whether it says that neither is better: a tie, or both bad."""
    return vote.choice in _TIES


def _counted(
    asked: Asked, copies: int, votes: list[Vote], replaced: list[Vote], seen: list[Vote]
) -> Counted:
    there = [vote for vote in votes if not vote.undone]
    answered = [vote for vote in there if _answered(vote)]
    return Counted(
        asked, tuple(vote for vote in answered if vote.right),
        tuple(vote for vote in answered if not vote.right),
        len(there) - len(answered), len(votes) - len(there), copies,
        tuple(replaced), tuple(seen),
    )  # fmt: skip


def _answered(vote: Vote) -> bool:
    if vote.right:
        return vote.choice not in (None, "skip")
    return vote.choice != "skip" and vote.score is not None and math.isfinite(vote.score)


def said(vote: Vote) -> Vote:
    """What a vote says, taken back or not: a copy says the same, one that an earlier release wrote too."""
    return replace(vote, undone=False, edit="")


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
        elif said(before) != said(vote):
            raise InvalidRequestError(say("strengths.same_id", id=vote.id, rater=vote.rater))
        else:
            kept[own] = merged(before, vote)
            copies[Asked(vote.question, vote.criterion)] += before.undone == vote.undone
    return list(kept.values()), copies


def merged(one: Vote, other: Vote) -> Vote:
    """Of two copies of a vote all that either knows."""
    return replace(other, undone=one.undone or other.undone, edit=one.edit or other.edit)


def by_edit(votes: Iterable[Vote]) -> list[Vote]:
    """Votes on one edit under one unit, the name it had first, and those on another under another."""
    there = list(votes)
    used = {vote.unit for vote in there}
    names: dict[str, str] = {}
    first: dict[str, str] = {}
    for vote in there:
        if vote.edit and vote.edit not in names:
            free = (f"{vote.unit} ({at})" for at in count(2))
            taken = vote.unit in names.values()
            names[vote.edit] = next(name for name in free if name not in used) if taken else vote.unit
            used.add(names[vote.edit])
        if vote.edit:
            first.setdefault(vote.unit, names[vote.edit])

    def renamed(vote: Vote) -> Vote:
        unit = names.get(vote.edit) or first.get(vote.unit, vote.unit)
        return vote if vote.unit == unit else replace(vote, unit=unit)

    return [renamed(vote) for vote in there]


def blind(votes: Iterable[Vote], reveals: Iterable[Reveal]) -> tuple[list[Vote], list[Vote]]:
    """The votes given blind, and those given after a reveal of a result they are about to that person."""
    told: dict[tuple[str, str], str] = {}
    for one in sorted(reveals, key=lambda one: one.at, reverse=True):  # UTC, ISO 8601; the first is last
        told |= {(one.rater, record): one.at for record in one.records if one.at}
    parted: tuple[list[Vote], list[Vote]] = ([], [])
    for vote in votes:
        times = (told.get((vote.rater, record), "") for record in (vote.left_record, vote.right_record))
        parted[not vote.undone and any(time and time < vote.at for time in times)].append(vote)
    return parted


def latest(votes: Iterable[Vote]) -> tuple[list[Vote], list[Vote]]:
    """The votes that stand, and those that a later one of that person on the same thing took the place of.

    What was taken back stands, and takes nobody's place.
    """
    there = list(dict.fromkeys(votes))  # a copy of an earlier one is nobody's later word
    what = [_what(vote) for vote in by_edit(there)]
    newest = {key: at for at, (key, vote) in enumerate(zip(what, there, strict=True)) if not vote.undone}
    parted: tuple[list[Vote], list[Vote]] = ([], [])
    for at, vote in enumerate(there):
        parted[not vote.undone and newest[what[at]] != at].append(vote)
    return parted


def _what(vote: Vote) -> Hashable:
    """Who said it of what was asked; a vote that names no record stands for itself, whatever its id."""
    asked = vote.rater, vote.ballot, vote.question, vote.criterion, vote.unit, vote.pair
    return asked if vote.pair else said(vote)


def _check(vote: Vote, at: int) -> None:
    if not isinstance(vote, Vote):
        raise InvalidRequestError(say("strengths.no_vote", at=at, given=vote))
    if vote.choice is not None and vote.choice not in _CHOICES:
        raise InvalidRequestError(
            say("strengths.no_choice", id=vote.id, choice=vote.choice, known=", ".join(sorted(_CHOICES)))
        )
    if vote.left == vote.right:
        raise InvalidRequestError(say("strengths.with_itself", id=vote.id, condition=vote.left))
