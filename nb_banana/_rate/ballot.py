"""The state of one rating, without a page: what comes next, a vote, one taken back, the names told.

Rules of this file:

* All that is known is in the file of votes: a cell that runs again, another kernel or another page goes on
  where the last vote left off.
* Who has been told which result is whose can say nothing more about it: the refusal stands where the vote is
  written, so that two pages can't get around it.
"""

from __future__ import annotations

import hashlib
import json
import secrets
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any, Final, get_args

from .. import _text
from .._strings import say
from ..errors import InvalidRequestError
from .book import Book
from .pairing import Field, Mode, Pair, Pairing, Shown, balanced, sides, telling
from .vote import LONGEST, SCORES, SEEDS, Choice, Reveal, Vote
from .votes import CHOICES, Votes

_LONGEST_NAME: Final = 80
_SEEDS: Final = 2**31


@dataclass(frozen=True, slots=True)
class Asked:
    """How people are asked.

    Attributes:
        by: the axis (or column) whose values are rated.
        unit: the column that says what was edited; None is input, prompt and phrase.
        question: in the asker's words; ``""`` is the one that goes without saying.
        mode: two results at a time, or one with a score.
        pairing: the order of what is shown.
        criteria: what is asked of each pair in turn, by name; none is one question for the whole.
        seed: of order and sides; None takes the one of the votes that are there, else draws one.
    """

    by: str = "model"
    question: str = ""
    mode: Mode = "pairs"
    pairing: Pairing = "balanced"
    criteria: Mapping[str, str] | Sequence[str] = ()
    seed: int | None = None
    unit: str | None = None

    def __post_init__(self) -> None:
        kinds = {"mode": (self.mode, get_args(Mode)), "pairing": (self.pairing, get_args(Pairing))}
        for name, (value, known) in kinds.items():
            if value not in known:
                told = ", ".join(map(repr, known))
                raise InvalidRequestError(say("rating.unknown", name=name, value=value, known=told))
        if not isinstance(self.question, str):
            raise InvalidRequestError(say("rating.no_text", name="question", value=self.question))
        given = self.criteria
        several = not isinstance(given, (str, bytes)) and isinstance(given, (Mapping, Sequence))
        texts = [*given, *given.values()] if isinstance(given, Mapping) else list(given) if several else []
        if not several or not all(isinstance(one, str) and one.strip() for one in texts):
            raise InvalidRequestError(say("rating.bad_criteria", value=given))
        if self.seed is not None:
            seed = _text.whole(self.seed, *SEEDS)
            if seed is None:
                raise InvalidRequestError(say("rating.bad_seed", value=self.seed))
            object.__setattr__(self, "seed", seed)

    @property
    def questions(self) -> dict[str, str]:
        """What is asked of each pair in turn, by the name of its criterion; ``""`` is the whole."""
        if isinstance(self.criteria, Mapping):
            return dict(self.criteria) or {"": self.question}
        return dict(zip(self.criteria, self.criteria, strict=True)) or {"": self.question}

    @property
    def ballot(self) -> str:
        """What ratings that ask the same have in common, on any machine and in any language."""
        facts = [self.by, self.question, self.mode, *self.questions.items()]
        facts += [] if self.unit is None else [self.unit]
        return hashlib.sha256(json.dumps(facts, ensure_ascii=False).encode()).hexdigest()[:12]


@dataclass(frozen=True, slots=True)
class Turn:
    """What is asked now: a pair as it stands on the screen, and what of it."""

    pair: Pair
    shown: tuple[Shown, ...]
    criterion: str


class Ballot:
    """One person's way through a rating.

    Attributes:
        rater: who rates.
        seed: of order and sides; every vote has it.
    """

    def __init__(self, field: Field, asked: Asked, book: Book, rater: str) -> None:
        self._field, self._asked, self._book = field, asked, book
        self.rater = named(rater)
        self._lock = threading.RLock()
        self._records = {one.record for pair in field.pairs for one in pair.shown}
        self.seed = asked.seed if asked.seed is not None else self._earlier_seed()
        self._order = balanced(field.pairs, self.seed, self.rater)
        self._sides = sides(field.pairs, self.seed, self.rater)
        self._dropped: set[str] = set()
        self._again: list[tuple[str, str]] = []

    def _earlier_seed(self) -> int:
        found = [vote.seed for vote in self.votes if vote.seed is not None]
        return found[-1] if found else secrets.randbelow(_SEEDS)

    # --- what there is ----------------------------------------------------------------------------

    @property
    def votes(self) -> Votes:
        """Everybody's votes in this rating on results of this comparison."""
        return of_ballot(self._book.read(), self._asked.ballot, self._records)

    @property
    def count(self) -> int:
        """How many pairs there are to rate."""
        return len(self._field.pairs) - len(self._dropped)

    @property
    def done(self) -> int:
        """How many of them this person has rated, all criteria, or skipped."""
        said = self._said(self._book.read())
        return sum(all((pair.key, one) in said for one in self._asked.questions) for pair in self._pairs)

    @property
    def left_out(self) -> dict[str, int]:
        """How many pairs are not shown, by why; ``lost`` are those whose pictures can't be read."""
        lost = {"lost": len(self._dropped)} if self._dropped else {}
        return {**self._field.left_out, **lost}

    @property
    def locked(self) -> bool:
        """Whether this person was told the names of what is left, or of anything here where nothing is."""
        return bool(_told(self._book.read(), self.rater) & self._records) and self.turn is None

    @property
    def turn(self) -> Turn | None:
        """What is asked now; None where nothing is left to ask."""
        with self._lock:
            votes = self._book.read()
            said, told = self._said(votes), _told(votes, self.rater)
            fair = [pair for pair in self._pairs if not _records_of(pair) & told]
            left = [pair for pair in fair if self._missing(pair, said)]
            if not left:
                return None
            pair = self._next(left, said, votes)
            criterion = self._missing(pair, said)[0]
            if self._again and self._again[-1][0] == pair.key:
                criterion = self._again[-1][1]
            return Turn(pair, self._sides[pair.key], criterion)

    def following(self, turn: Turn) -> Turn | None:
        """What is likely asked after a turn's pair, to be made ready; None where that is not known yet."""
        if self._asked.pairing != "balanced":
            return None
        with self._lock:
            votes = self._book.read()
            said, told = self._said(votes), _told(votes, self.rater)
            for pair in self._pairs:
                if pair.key != turn.pair.key and not _records_of(pair) & told and self._missing(pair, said):
                    return Turn(pair, self._sides[pair.key], self._missing(pair, said)[0])
            return None

    @property
    def undoable(self) -> Vote | None:
        """The vote that would be taken back; None where there is none, or its names are known."""
        return self._last(self._book.read())

    @property
    def _pairs(self) -> list[Pair]:
        return [pair for pair in self._order if pair.key not in self._dropped]

    def _next(self, left: Sequence[Pair], said: set[tuple[str, str]], votes: Votes) -> Pair:
        while self._again:
            found = [pair for pair in left if pair.key == self._again[-1][0] and self._again[-1] not in said]
            if found:
                return found[0]
            self._again.pop()
        begun = [pair for pair in left if len(self._missing(pair, said)) < len(self._asked.questions)]
        if begun or self._asked.pairing == "balanced":
            return (begun or left)[0]
        return telling(left, of_ballot(votes, self._asked.ballot, self._records).counted)

    def _missing(self, pair: Pair, said: set[tuple[str, str]]) -> list[str]:
        return [one for one in self._asked.questions if (pair.key, one) not in said]

    def _mine(self, votes: Votes) -> list[Vote]:
        ours = of_ballot(votes, self._asked.ballot, self._records)
        return [vote for vote in ours if vote.rater == self.rater and not vote.undone]

    def _said(self, votes: Votes) -> set[tuple[str, str]]:
        return {(vote.pair, vote.criterion) for vote in self._mine(votes)}

    def _last(self, votes: Votes) -> Vote | None:
        told = _told(votes, self.rater)
        open_ones = [vote for vote in self._mine(votes) if not {vote.left_record, vote.right_record} & told]
        return open_ones[-1] if open_ones else None

    # --- what is done -----------------------------------------------------------------------------

    def vote(
        self, choice: Choice | None = None, *, score: float | None = None, seconds: float | None = None,
        turn: Turn | None = None,
    ) -> Vote:  # fmt: skip
        """Keep what this person says of what is asked now; it is on the disk when this returns.

        Args:
            choice: ``left``, ``right``, ``tie``, ``both_bad`` or ``skip``.
            score: of one result alone, 1 to 5.
            seconds: since it was seen.
            turn: what the page showed: what was said meanwhile elsewhere is not said twice.

        Raises:
            InvalidRequestError: there is nothing to vote on, it was voted on already, its names were
                revealed to this person, or it is no vote of this kind.
        """
        with self._lock:
            turn = turn or self.turn
            if turn is None:
                if not self._field.pairs:
                    raise InvalidRequestError(self._field.nothing)
                key = "rating.locked" if self.locked else "rating.nothing_left"
                raise InvalidRequestError(say(key, rater=self.rater))
            self._check(choice, score)
            vote = self._made(turn, choice, score, seconds)

            def decide(votes: Votes) -> Vote:
                if {vote.left_record, vote.right_record} & _told(votes, self.rater):
                    raise InvalidRequestError(say("rating.locked", rater=self.rater))
                if (turn.pair.key, turn.criterion) in self._said(votes):
                    raise InvalidRequestError(say("rating.voted", rater=self.rater))
                return vote

            self._book.add(decide)
            return vote

    def _made(self, turn: Turn, choice: Choice | None, score: float | None, seconds: float | None) -> Vote:
        first, *rest = turn.shown
        asked = self._asked.question or self._asked.questions[turn.criterion]
        return Vote(
            id=secrets.token_hex(8), unit=turn.pair.unit, left=first.condition, left_record=first.record,
            right=rest[0].condition if rest else "", right_record=rest[0].record if rest else "",
            choice=choice, score=score, criterion=turn.criterion, rater=self.rater, at=_now(), seed=self.seed,
            seconds=None if seconds is None else round(min(max(0.0, seconds), LONGEST), 2), question=asked,
            ballot=self._asked.ballot, edit=turn.pair.edit,
        )  # fmt: skip

    def _check(self, choice: Any, score: Any) -> None:
        single = self._asked.mode == "single"
        number = isinstance(score, (int, float)) and not isinstance(score, bool)
        if single and choice is None and number and score in SCORES:
            return
        if score is None and choice in (("skip",) if single else CHOICES):
            return
        known = "1–5, 'skip'" if single else ", ".join(map(repr, CHOICES))
        raise InvalidRequestError(say("rating.unknown", name="vote", value=score or choice, known=known))

    def undo(self) -> Vote | None:
        """Take this person's last vote back and ask it again; None where there is none that may be.

        It stays in the file, marked ``undone``. Votes on what was revealed stand.
        """
        with self._lock:
            if self._last(self._book.read()) is None:
                return None

            def decide(votes: Votes) -> Vote:
                last = self._last(votes)
                if last is None:
                    raise InvalidRequestError(say("rating.locked", rater=self.rater))
                return replace(last, undone=True)

            back = self._book.add(decide)
            assert isinstance(back, Vote)
            self._again.append((back.pair, back.criterion))
            return back

    def reveal(self) -> Reveal:
        """Note that this person is told which result is whose: later votes of theirs on it are refused."""
        with self._lock:
            reveal = Reveal(
                secrets.token_hex(8), self.rater, tuple(sorted(self._records)), self._asked.ballot, _now()
            )
            self._book.add(lambda _: reveal)
            return reveal

    def drop(self, turn: Turn) -> None:
        """Leave out a pair whose pictures can't be shown."""
        self._dropped.add(turn.pair.key)


def named(rater: object) -> str:
    """A rater's name on one line.

    Raises:
        InvalidRequestError: it is none, or too long to be one.
    """
    name = _text.one_line(rater).strip() if isinstance(rater, str) else ""
    if not name or len(name) > _LONGEST_NAME:
        raise InvalidRequestError(say("rating.bad_rater", value=rater, most=_LONGEST_NAME))
    return name


def of_ballot(votes: Votes, ballot: str, records: set[str]) -> Votes:
    """Those of one rating on these records; reveals of other ratings of them are among it."""
    kept = [
        vote for vote in votes
        if vote.ballot == ballot and {*filter(None, (vote.left_record, vote.right_record))} <= records
    ]  # fmt: skip
    return Votes(kept, [one for one in votes.reveals if records & {*one.records}], votes.unread)


def _told(votes: Votes, rater: str) -> set[str]:
    """The records that were named to this person, in whichever rating."""
    return {record for one in votes.reveals if one.rater == rater for record in one.records}


def _records_of(pair: Pair) -> set[str]:
    return {one.record for one in pair.shown}


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="milliseconds")
