""":class:`Votes`: what people said, as a value that can be read, merged, counted and written.

Rules of this file:

* A line of the file is one vote as it stands, or that someone was told which result is whose. A later line
  with the same vote takes the place of an earlier one: taking back is writing once more.
* No vote takes the place of another that it only shares an id with: both are kept, for counting to refuse.
* What can't be read is counted and said, never guessed at: a file may have been cut short by a power cut.
"""

from __future__ import annotations

import json
import os
import warnings
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, fields, replace
from importlib import import_module
from typing import TYPE_CHECKING, Any, Final, Literal, get_args, overload

from .. import _text
from .._display import view
from .._files import read_regular
from .._images.saving import path_of, write_whole
from .._strings import say
from ..errors import InvalidRequestError
from .counted import blind, latest, merged, said
from .vote import LONGEST, SCORES, SEEDS, Choice, Reveal, Vote

if TYPE_CHECKING:
    from pathlib import Path

CHOICES: Final = get_args(Choice)
SUFFIX: Final = ".jsonl"
_MOST: Final = 256 * 2**20
_FIELDS: Final = tuple(field.name for field in fields(Vote))
_BOUNDS: Final = {"score": (SCORES[0], SCORES[-1]), "seconds": (0, LONGEST), "seed": SEEDS}
_NUMBERS: Final[Mapping[str, Any]] = {"score": (int, float), "seconds": (int, float), "seed": int}


@dataclass(frozen=True, slots=True, repr=False)
class Votes(Sequence[Vote]):
    """Votes in the order they were given. ``a + b`` merges those of several people.

    Attributes:
        votes: all of them; those taken back have ``undone``.
        reveals: who was told which result is whose, and when.
        unread: lines of the file that could not be read.

    Raises:
        InvalidRequestError: something among the votes is none.
    """

    votes: Sequence[Vote] = ()
    reveals: Sequence[Reveal] = ()
    unread: int = 0

    def __post_init__(self) -> None:
        object.__setattr__(self, "votes", tuple(self.votes))
        for at, vote in enumerate(self.votes):
            if not isinstance(vote, Vote):
                raise InvalidRequestError(say("strengths.no_vote", at=at, given=vote))
        object.__setattr__(self, "reveals", tuple(self.reveals))

    def __len__(self) -> int:
        return len(self.votes)

    @overload
    def __getitem__(self, index: int) -> Vote: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[Vote]: ...
    def __getitem__(self, index: int | slice) -> Vote | Sequence[Vote]:
        return self.votes[index]

    def __iter__(self) -> Iterator[Vote]:
        return iter(self.votes)

    def __add__(self, other: Votes) -> Votes:
        """Both together, each vote once; one that was taken back in either is taken back."""
        if not isinstance(other, Votes):
            return NotImplemented
        found: dict[Vote, Vote] = {}
        for vote in (*self.votes, *other.votes):
            found[said(vote)] = merged(found.get(said(vote), vote), vote)
        told = {(one.rater, one.id): one for one in (*self.reveals, *other.reveals)}
        ordered = sorted(found.values(), key=lambda vote: vote.at)
        return Votes(ordered, tuple(told.values()), self.unread + other.unread)

    def __repr__(self) -> str:
        counts = Counter("undone" if one.undone else one.choice or "score" for one in self.votes)
        raters = ", ".join(self.raters) or "–"
        words = [say("rating.votes", count=len(self) - counts["undone"], raters=raters)]
        kinds = [kind for kind in ("undone", "skip") if counts[kind]]
        words += [say(f"rating.votes_{kind}", count=counts[kind]) for kind in kinds]
        words += [say("rating.unread", count=self.unread)] if self.unread else []
        return _text.one_line(" · ".join(words))

    @property
    def raters(self) -> tuple[str, ...]:
        """The names of those who voted, in the order they began."""
        return tuple(dict.fromkeys(vote.rater for vote in self.votes))

    @property
    def standing(self) -> Votes:
        """Without those that a later vote of the same person on the same thing took the place of."""
        return Votes(latest(self.votes)[0], self.reveals, self.unread)

    @property
    def counted(self) -> Votes:
        """The votes that answer: neither taken back nor skipped, one of each person on each thing, and none
        that they gave once they had been told whose it is.
        """
        standing, _ = latest(blind(self.votes, self.reveals)[0])
        kept = [one for one in standing if not one.undone and one.choice != "skip"]
        return Votes(kept, self.reveals, self.unread)

    def strengths(self, covariates: Mapping[str, Mapping[str, float]] | None = None) -> Any:
        """Which condition is better, how surely, in numbers and in words.

        Args:
            covariates: by name, what each record (or condition) has of it, such as its aspect; it is held
                against the choice.

        Raises:
            InvalidRequestError: the libraries for it are not installed, or two different votes of one person
                have one id.
        """
        return view("strengths")(self, covariates or {})

    def agreement(self, level: Literal["nominal", "ordinal", "interval"] = "ordinal") -> Any:
        """How far the raters agree, as :meth:`strengths`; ``level`` is how far apart two answers are."""
        return view("agreement")(self, level)

    def to_dataframe(self) -> Any:
        """One row per vote, those taken back too, as a pandas ``DataFrame``.

        ``winner`` is the condition that was better, ``""`` where none was; ``at`` is a UTC time.
        """
        pandas = import_module("pandas")
        rows = [{**asdict(vote), "winner": winner(vote)} for vote in self.votes]
        columns = [*_FIELDS, "winner"]
        fits = all(-(2**63) <= (vote.seed or 0) < 2**63 for vote in self.votes)
        frame = pandas.DataFrame(rows, columns=columns)
        return frame.assign(
            at=pandas.to_datetime(frame["at"], utc=True, errors="coerce", format="ISO8601"),
            seed=frame["seed"].astype("Int64" if fits else "object"), score=frame["score"].astype("float64"),
            seconds=frame["seconds"].astype("float64"), undone=frame["undone"].astype("bool"),
        )  # fmt: skip

    def scores(self) -> Any:
        """Means of single scores with their intervals, and each two conditions compared.

        Raises:
            ImportError: scipy, of the extra ``research``, is not installed.
        """
        return view("scores")(self)

    def export(self, path: str | os.PathLike[str]) -> Path:
        """Write all of it to a ``.jsonl`` file, which :meth:`load` reads on any machine, and return where.

        Raises:
            InvalidRequestError: the name ends otherwise, or it can't be written.
        """
        target = path_of(path).expanduser()
        if target.suffix.lower() != SUFFIX:
            raise InvalidRequestError(say("rating.bad_suffix", path=target.name))
        lines = b"".join([*map(line_of, self.votes), *map(line_of, self.reveals)])
        try:
            write_whole(target, lines)
        except OSError as reason:
            raise InvalidRequestError(say("rating.not_written", path=target, reason=reason)) from None
        return target

    @classmethod
    def load(cls, path: str | os.PathLike[str]) -> Votes:
        """The votes of a file: one that :meth:`export` wrote, or the ``votes.jsonl`` of a history.

        Warns of lines that can't be read.

        Raises:
            InvalidRequestError: there is no such file, or it holds nothing like votes.
        """
        source = path_of(path).expanduser()
        try:
            data = read_regular(source, _MOST)
        except OSError as reason:
            raise InvalidRequestError(say("rating.not_read", path=source, reason=reason)) from None
        found = Lines()
        found.take(data.split(b"\n"))
        votes = found.votes
        if votes.unread and not votes.votes and not votes.reveals:
            raise InvalidRequestError(say("rating.no_votes", path=source))
        if votes.unread:
            warnings.warn(say("rating.unread_in", count=votes.unread, path=source), stacklevel=2)
        return votes


class Lines:
    """Votes as they are read, line by line; what comes later takes the place of what it repeats."""

    def __init__(self) -> None:
        self._votes: dict[Vote, Vote] = {}
        self._reveals: dict[tuple[str, str], Reveal] = {}
        self._unread = 0

    def take(self, lines: Iterable[bytes]) -> None:
        """Read lines; empty ones say nothing."""
        for line in filter(None, map(bytes.strip, lines)):
            self._unread += not self.put(entry_of(line))

    def put(self, entry: Vote | Reveal | None) -> bool:
        """Take one vote, or one reveal; False if it is neither."""
        if isinstance(entry, Vote):
            key = said(entry)
            had = self._votes.get(key)
            self._votes[key] = entry if had is None else replace(entry, edit=entry.edit or had.edit)
        elif isinstance(entry, Reveal):
            self._reveals[entry.rater, entry.id] = entry
        return entry is not None

    @property
    def votes(self) -> Votes:
        """What has been read."""
        return Votes(tuple(self._votes.values()), tuple(self._reveals.values()), self._unread)


def winner(vote: Vote) -> str:
    """The condition that a vote found better; ``""`` where it found none."""
    return {"left": vote.left, "right": vote.right}.get(vote.choice or "", "")


def line_of(entry: Vote | Reveal) -> bytes:
    """A line of the file, with its end."""
    kind = "vote" if isinstance(entry, Vote) else "reveal"
    return json.dumps({"kind": kind, **asdict(entry)}, ensure_ascii=False).encode() + b"\n"


def entry_of(line: bytes) -> Vote | Reveal | None:
    """What a line says; None where it says no such thing."""
    try:
        found = json.loads(line)
        kind = found.pop("kind")
        if kind == "reveal":
            told = {field.name: found[field.name] for field in fields(Reveal) if field.name in found}
            records = tuple(told.pop("records"))
            reveal = Reveal(records=records, **told)
            return reveal if all(isinstance(one, str) for one in (*told.values(), *records)) else None
        if kind != "vote":
            return None
        vote = Vote(**{name: found[name] for name in _FIELDS if name in found})
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return None
    return vote if _is_sound(vote) else None


def _is_sound(vote: Vote) -> bool:
    """Whether every field is of its kind: another program may have written it."""
    return bool(vote.id) and all(_is_of_kind(name, getattr(vote, name)) for name in _FIELDS)


def _is_of_kind(name: str, value: Any) -> bool:
    if name == "choice":
        return value is None or value in CHOICES
    if name == "undone":
        return isinstance(value, bool)
    if name in _NUMBERS:
        number = isinstance(value, _NUMBERS[name]) and not isinstance(value, bool)
        least, most = _BOUNDS[name]
        return value is None or (number and least <= value <= most)  # NaN is nowhere between
    return isinstance(value, str)
