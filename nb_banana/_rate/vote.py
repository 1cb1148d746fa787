"""One vote, as it is kept and counted, and that its names were told."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

SCORES: Final = (1, 2, 3, 4, 5)
"""Stars that a result alone may be given."""
SEEDS: Final = (-(2**64), 2**64)
"""The least and the largest seed of a vote."""
LONGEST: Final = 1e9
"""Seconds that a vote may have taken."""
Choice = Literal["left", "right", "tie", "both_bad", "skip"]
NAMELESS: Final = '""'
"""What the condition ``""`` is called (a phrase left out, say): an empty right side is one result alone."""


@dataclass(frozen=True, slots=True)
class Vote:
    """What one person said about one pair, or about one result where ``right`` is empty.

    Attributes:
        id: of this vote; a copy that comes back from another person has the same.
        unit: the (image, prompt) pair it is about; both sides show results of it.
        left, right: the conditions (values of the compared axis) as they stood on the screen; an empty one is
            called ``'""'``.
        choice: which side was better; ``tie`` and ``both_bad`` are answers, ``skip`` is none.
        score: for one result alone: what it was given.
        criterion: what was asked; ``""`` is the whole.
        rater: who.
        left_record, right_record: the records in the history.
        seconds: from the pair being seen to the vote.
        at: when, UTC, ISO 8601.
        seed: which shuffle put the sides as they were.
        undone: it was taken back; kept, never counted.
        question: the question in the asker's own words; ``""`` is the one that goes without saying.
        ballot: of which rating it is: the same axis, question, criteria and kind of vote have the same.
        edit: what ``unit`` is known by in every comparison, whatever it is called there: a hash of inputs and
            words; ``""`` where only the name is known.
    """

    id: str
    unit: str
    left: str
    right: str = ""
    choice: Choice | None = None
    score: float | None = None
    criterion: str = ""
    rater: str = ""
    left_record: str = ""
    right_record: str = ""
    seconds: float | None = None
    at: str = ""
    seed: int | None = None
    undone: bool = False
    question: str = ""
    ballot: str = ""
    edit: str = ""

    def __post_init__(self) -> None:
        if self.left == "":
            object.__setattr__(self, "left", NAMELESS)
        two = self.right_record or (self.score is None and self.choice not in (None, "skip"))
        if self.right == "" and two:
            object.__setattr__(self, "right", NAMELESS)

    @property
    def pair(self) -> str:
        """What was shown, on whichever sides, the same for every rater; ``""`` where no record is named."""
        return key_of(self.left_record, self.right_record)


@dataclass(frozen=True, slots=True)
class Reveal:
    """From here on a rater knows which result is whose: nothing they say of these records is blind any more.

    Attributes:
        id: of this line; a copy has the same.
        rater: who was told.
        records: the records that were named.
        ballot: of which rating.
        at: when, UTC, ISO 8601.
    """

    id: str
    rater: str
    records: tuple[str, ...]
    ballot: str = ""
    at: str = ""


def key_of(*records: str) -> str:
    """What a pair, or a result alone, is called by its records."""
    return "|".join(sorted(filter(None, records)))
