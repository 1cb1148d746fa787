"""What a benchmark holds and what is said of it: items, findings, scores and means, as values."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, Literal, TypeVar

from .. import _text
from .._images.data import ImageData
from .._strings import say
from .masks import mask_of

Kind = Literal["stops", "skipped", "altered", "unread", "misleading"]
"""What a script does about it: ends there, leaves it out, alters it, never looks; or its number misleads."""
T = TypeVar("T")
_SHOWN: Final = 20


@dataclass(frozen=True, slots=True)
class Item:
    """One edit a benchmark asks for.

    Attributes:
        key: what it is called in the benchmark, as nothing else in it.
        name: the last part of that, as the script writes it.
        steps: the instructions; of several, each edits what the one before gave.
        images: what is edited: one picture, or several that go together.
        task: the group it is averaged in.
        language: of the instruction, in the benchmark's own word; "" where it has one only.
        mask: where to edit, as the benchmark keeps it: a file, or runs of a 512×512 picture (PIE).
        reference: what should come out, where the benchmark has a picture of it.
        turn: which turn of a session it is, from 1.
        facts: the other fields, as the benchmark writes them.
    """

    key: str
    name: str
    steps: tuple[str, ...]
    images: tuple[Path, ...]
    task: str = ""
    language: str = ""
    mask: Path | tuple[int, ...] | None = None
    reference: Path | None = None
    turn: int = 1
    facts: Mapping[str, Any] = field(default_factory=dict, compare=False)

    @property
    def prompt(self) -> str:
        """The instruction; of several steps, all of them."""
        return " → ".join(self.steps)

    def mask_image(self) -> ImageData | None:
        """The mask as a picture, white where to edit, or None."""
        return mask_of(self.mask)


@dataclass(frozen=True, slots=True)
class Place:
    """A file that the script reads for an item, below the method's folder.

    Attributes:
        path: where.
        turn: which picture of the item it is, from 1.
        source: the input's own file where the script wants a copy of it; None for a result.
    """

    path: str
    turn: int = 1
    source: Path | None = None


@dataclass(frozen=True, slots=True)
class Finding:
    """Something about a folder that a person should know before the script runs.

    Attributes:
        kind: what the script does with it.
        path: the file or folder.
        told: the sentence.
        trap: its name in the list of traps, as ``docs/benchmarks-public.md`` has it.
    """

    kind: Kind
    path: str
    told: str
    trap: str

    def __str__(self) -> str:
        return f"{say(f'bench.kind_{self.kind}')}  {self.path}: {self.told} [{self.trap}]"


class Rows(Sequence[T]):
    """Some values in order, which print as lines."""

    __slots__ = ("rows",)

    def __init__(self, rows: Sequence[T]) -> None:
        self.rows = tuple(rows)

    def __getitem__(self, index: Any) -> Any:
        return self.rows[index]

    def __len__(self) -> int:
        return len(self.rows)

    def __iter__(self) -> Iterator[T]:
        return iter(self.rows)

    def __repr__(self) -> str:
        left = len(self.rows) - _SHOWN
        lines = [self.head(), *map(str, self.rows[:_SHOWN])]
        return "\n".join([*lines, say("bench.more", count=left)] if left > 0 else lines)

    def head(self) -> str:
        """The line above them."""
        return ""


class Check(Rows[Finding]):
    """What was found in a folder; empty is good news, and says how much was looked at."""

    __slots__ = ("expected", "found")

    def __init__(self, findings: Sequence[Finding], expected: int, found: int) -> None:
        super().__init__(findings)
        self.expected, self.found = expected, found

    def head(self) -> str:
        """How many pictures are where the script reads them, and what that means."""
        key = "bench.check_found" if self.rows else "bench.check_clean"
        return say(key, expected=self.expected, found=self.found, count=len(self.rows))


@dataclass(frozen=True, slots=True)
class Left:
    """A picture that was not written, and why."""

    key: str
    why: str

    def __str__(self) -> str:
        return f"{self.key}: {self.why}"


class Written(Rows[Left]):
    """What was written where; as a sequence, what was not.

    Attributes:
        folder: what the official script is given.
        paths: the pictures, with the copies of inputs it wants.
        notes: sentences: what was converted or resized, and which list goes with a subset.
    """

    __slots__ = ("folder", "notes", "paths")

    def __init__(
        self, left: Sequence[Left], folder: Path, paths: Sequence[Path], notes: Sequence[str]
    ) -> None:
        super().__init__(left)
        self.folder, self.paths, self.notes = folder, tuple(paths), tuple(notes)

    def head(self) -> str:
        """How much was written, and what was done to it."""
        told = say("bench.written", count=len(self.paths), folder=self.folder, left=len(self.rows))
        return "\n".join((told, *self.notes))


@dataclass(frozen=True, slots=True)
class Score:
    """What a script's output holds of one item (of a benchmark without items in its output: of one group).

    Attributes:
        key: the item's, as :attr:`Item.key`.
        task: its group.
        values: by their name in the output; a part without a number is left out.
        why: why there is no score, or "" where there is one.
        language: as :attr:`Item.language`.
    """

    key: str
    task: str
    values: Mapping[str, float]
    why: str = ""
    language: str = ""

    @classmethod
    def of(cls, item: Item, values: Mapping[str, float]) -> Score:
        """What was read of an item; without a number there is no score."""
        return cls(item.key, item.task, values, "" if values else say("bench.no_number"))

    def __str__(self) -> str:
        shown = ", ".join(f"{name} {value:g}" for name, value in self.values.items())
        return f"{self.key}: {shown or self.why}"


class Scores(Rows[Score]):
    """A script's output, item by item; :attr:`notes` says what in it is not what it seems."""

    __slots__ = ("notes",)

    def __init__(self, scores: Sequence[Score], notes: Sequence[str] = ()) -> None:
        super().__init__(scores)
        self.notes = tuple(notes)

    def head(self) -> str:
        """How many have a score."""
        scored = sum(not one.why for one in self.rows)
        return "\n".join((say("bench.scores", scored=scored, count=len(self.rows)), *self.notes))


@dataclass(frozen=True, slots=True)
class Mean:
    """One figure of a table.

    Attributes:
        name: what it is of: a measure, or a measure of a group.
        reading: the convention it follows, in words that fit a table's caption.
        value: the figure, or None where nothing was scored.
        count: how many items it is from.
        missing: how many of the benchmark's (or the subset's) items brought no number.
        low, high: its 95 % interval over items, where there are enough; how it was made is in ``how``.
    """

    name: str
    reading: str
    value: float | None
    count: int
    missing: int
    low: float | None = None
    high: float | None = None
    how: str = ""


class Aggregate(Rows[Mean]):
    """The figures of a benchmark by its own rule; :attr:`notes` goes with them wherever they go."""

    __slots__ = ("notes",)

    def __init__(self, rows: Sequence[Mean], notes: Sequence[str] = ()) -> None:
        super().__init__(rows)
        self.notes = tuple(notes)

    def __repr__(self) -> str:
        head = [
            say(f"bench.column_{name}")
            for name in ("name", "value", "interval", "count", "missing", "reading")
        ]
        cells = [
            (one.name, _figure(one.value), _interval(one), str(one.count), str(one.missing), one.reading)
            for one in self.rows
        ]
        return "\n".join((*_text.aligned([head, *cells], rule="─"), *self.notes))

    def value(self, name: str, reading: str = "") -> float | None:
        """The figure of this name, by this reading where it has several."""
        return next(one.value for one in self.rows if one.name == name and reading in one.reading)


def _figure(value: float | None) -> str:
    return "–" if value is None else f"{value:.3f}"


def _interval(one: Mean) -> str:
    return "" if one.low is None or one.high is None else f"{one.low:.3f}–{one.high:.3f} ({one.how})"
