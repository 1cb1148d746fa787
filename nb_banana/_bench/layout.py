"""A benchmark's layout as a value: how its copy and its script's output are read, and where results go."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .._strings import say
from .values import Aggregate, Finding, Item, Kind, Place, Score, Scores


def nothing(*_: Any) -> Iterator[Finding]:
    """No findings."""
    return iter(())


@dataclass(frozen=True, slots=True)
class Layout:
    """One benchmark.

    Attributes:
        name: as it is loaded.
        title: as its makers call it.
        source: where its script was read: repository, commit and day.
        licence: of the data, as far as it is stated.
        items: reads the folder of a local copy.
        places: the files that the script reads for an item.
        scores: reads the script's output, from a file or a folder.
        means: the figures by its rule, over all items (of the subset).
        traps: what its script does whatever a folder holds, by their names in ``bench.trap_…``.
        others: other suffixes under which the script finds the same picture.
        typed: it sends the bytes to its judge under the type that the suffix tells.
        missing: what it does about a picture that isn't there.
        squeezed: it resizes results to the source's size whatever their shape.
        side: pixels each way that a result must have, where there is such a size.
        below: where a method's pictures are, below the folder given to ``write``.
        about: findings about the copy itself.
        beside: findings about a method's folder beyond its pictures.
        companion: the list that goes with the pictures: of the copy's folder, the one written to, the items
            written and the method it makes the list's name below the folder, and its text.
        always: that list is needed for all items too, not only where some are left out.
        personal: a list of one's own, which may name pictures anywhere.
    """

    name: str
    title: str
    source: str
    licence: str
    items: Callable[[Path], Iterable[Item]]
    places: Callable[[Item], tuple[Place, ...]]
    scores: Callable[[Sequence[Item], Path], Scores]
    means: Callable[[Sequence[Item], Sequence[Score]], Aggregate]
    traps: tuple[str, ...] = ()
    others: tuple[str, ...] = ()
    typed: bool = False
    missing: Kind = "skipped"
    squeezed: bool = False
    side: int | None = None
    below: str = "{method}"
    about: Callable[[Path, Sequence[Item]], Iterator[Finding]] = nothing
    beside: Callable[[Sequence[Item], Path], Iterator[Finding]] = nothing
    companion: Callable[[Path, Path, Sequence[Item], str], tuple[str, str]] | None = None
    always: bool = False
    personal: bool = False


def left_out(items: Sequence[Item], scores: Iterable[Score]) -> int:
    """How many items brought no number."""
    return len({one.key for one in items} - {one.key for one in scores if not one.why})


def notes_of(strangers: int, repeated: int) -> list[str]:
    """What is said of rows that belong to no item, and of those that speak of one again."""
    counts = {"strangers": strangers, "repeated": repeated}
    return [say(f"bench.{name}", count=count) for name, count in counts.items() if count]


def in_order(items: Sequence[Item], found: dict[str, Score], why: str) -> list[Score]:
    """A score for each item, in the benchmark's order; one the output doesn't hold says ``why``."""
    return [found.get(one.key) or Score(one.key, one.task, {}, why, one.language) for one in items]
