"""A notebook under a budget, and back: what is made smaller, what is left, and the file it becomes."""

from __future__ import annotations

import binascii
import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from .._files import read_regular
from .._images.saving import write_whole
from .._strings import say
from ..errors import InvalidRequestError
from . import originals
from .notebook import Left, Notebook, Picture, changes, literal_of, read, sizing, unsizing, way_of
from .smaller import Made, Unchanged, smaller
from .spans import Change, changed

MOST: Final = 512 * 2**20
_MARK: Final = "\ufeff"
_ROUNDS: Final = 4
_SPARE: Final = 160
"""Characters a picture may need besides its own: what says how large it is shown."""


@dataclass(frozen=True, slots=True)
class File:
    """A notebook's file as it was read."""

    path: Path | None
    data: bytes
    mode: int = 0o666

    @property
    def name(self) -> str:
        """What a person calls it."""
        return "-" if self.path is None else str(self.path)

    def notebook(self) -> Notebook:
        """Its text, with the pictures found.

        Raises:
            InvalidRequestError: it is no notebook.
        """
        try:
            return read(self.data.decode("utf-8").removeprefix(_MARK))
        except ValueError as problem:
            sentence = say("slim.unreadable", path=self.name, reason=problem)
            raise InvalidRequestError(sentence, hint=say("slim.unreadable_hint")) from None

    def written(self, text: str) -> bytes:
        """A new text as this file's bytes."""
        mark = _MARK if self.data.startswith(_MARK.encode()) else ""
        return f"{mark}{text}".encode()


def opened(path: Path) -> File:
    """Read a notebook's file.

    Raises:
        InvalidRequestError: it can't be read.
    """
    try:
        return File(path, read_regular(path, MOST), path.stat().st_mode & 0o777)
    except (OSError, ValueError) as problem:
        reason = getattr(problem, "strerror", None) or str(problem)
        raise InvalidRequestError(say("slim.unreadable", path=path, reason=reason)) from None


def replace(file: File, data: bytes, target: Path | None = None) -> Path:
    """Write a notebook, whole or not at all.

    Raises:
        InvalidRequestError: it can't be written, or was written by another program meanwhile.
    """
    path = (target or file.path or Path()).resolve()  # a link stays a link
    if target is None and opened(path).data != file.data:
        raise InvalidRequestError(say("slim.changed", path=path), hint=say("slim.changed_hint"))
    write_whole(path, data, mode=file.mode)
    return path


@dataclass(frozen=True, slots=True)
class Done:
    """One picture made smaller: what it was, what it is, and what is known of it from before."""

    picture: Picture
    made: Made
    was: bytes
    before: Sequence[Mapping[str, Any]]


@dataclass(frozen=True)
class Slim:
    """A notebook made smaller.

    Attributes:
        file, data: as it was, and the bytes it becomes.
        budget: the bytes it was to keep within.
        done: the pictures that changed.
        left: what is heavy and stays, the heaviest first.
        pictures: how many bytes of it are pictures that can be made smaller.
    """

    file: File
    data: bytes
    budget: int
    done: tuple[Done, ...] = ()
    left: tuple[Left, ...] = ()
    pictures: int = 0

    @property
    def within(self) -> bool:
        """Whether the budget is kept."""
        return len(self.data) <= self.budget

    @property
    def changed(self) -> bool:
        """Whether there is anything to write."""
        return self.data != self.file.data


def slim(
    file: File, budget: int, folder: Path | None, look: Callable[[str], object] = str
) -> Slim:
    """Work out how a notebook gets under a budget; nothing is written.

    Args:
        folder: of its originals: a picture that was made smaller before is made anew from what it was.
        look: hears where the picture is that is worked on.

    Raises:
        InvalidRequestError: it is no notebook, or its originals can't be read.
    """
    book = file.notebook()
    if len(file.data) <= budget:
        return Slim(file, file.data, budget)
    before = originals.known(folder) if folder else {}
    work = _Work(book, len(file.data), budget, before, folder)
    work.go(look)
    done = tuple(work.chosen())
    text = changed(book.text, (change for one in done for change in _changes(one, book.text)))
    left = sorted((*book.left, *work.left), key=lambda one: -one.size)
    return Slim(file, file.written(text), budget, done, tuple(left), work.weight)


def _changes(done: Done, text: str) -> Iterator[Change]:
    picture, made = done.picture, done.made
    literal = literal_of(picture, made.data, made.mime, way_of(picture) or "plain")
    yield from changes(picture, literal, made.mime)
    if made.size != made.shown and (change := sizing(picture, text, made.shown, made.mime)):
        yield change


class _Work:
    """The search for a weight above which every picture has to give."""

    def __init__(
        self, book: Notebook, size: int, budget: int, before: Mapping[str, Sequence[Mapping[str, Any]]],
        folder: Path | None,
    ) -> None:  # fmt: skip
        self._book, self._before, self._folder = book, before, folder
        self._size, self._budget = size, budget
        self._made: dict[int, Done] = {}
        self._stuck: dict[int, int] = {}
        self.left: list[Left] = []

    def go(self, look: Callable[[str], object]) -> None:
        """Make the largest smaller until the rest fits, or nothing more gives way."""
        sizes = {at: len(one.literal) for at, one in enumerate(self._book.pictures)}
        room = self._budget - (self._size - sum(sizes.values())) - _SPARE * len(sizes)
        for _ in range(_ROUNDS):
            level = _level([size for at, size in sizes.items() if at not in self._stuck],
                           room - sum(self._stuck.values()))  # fmt: skip
            heavy = [at for at, size in sizes.items() if size > level and at not in self._stuck]
            for at in sorted(heavy, key=lambda at: -sizes[at]):
                look(self._book.pictures[at].where)
                self._press(at, level)
            if not heavy or self.weight <= room or not self._stuck:
                return

    def _now(self, at: int) -> int:
        made = self._made.get(at)
        return len(self._book.pictures[at].literal) if made is None else len(made.made.data) * 4 // 3 + 4

    def _press(self, at: int, level: int) -> None:
        """Bring one picture to a weight; note the one that does not get there."""
        picture = self._book.pictures[at]
        try:
            data = picture.data
            rows = self._before.get(picture.sha256, ())
            was = originals.original(self._folder, rows[0]) if rows and self._folder else data
            mime = str(rows[0]["mime"]) if rows else picture.mime
            cap = max(1, level * 3 // 4 - 64)
            made = smaller(was, mime, cap, least=picture.least, free=picture.free)
        except (Unchanged, binascii.Error) as why:
            reason = say(str(why)) if isinstance(why, Unchanged) else say("slim.undecodable")
            self.left.append(Left(picture.where, f"{picture.mime}, {reason}", len(picture.literal)))
            self._stuck[at] = len(picture.literal)
            return
        if not picture.free and made.mime != picture.mime:
            self._stuck[at] = len(picture.literal)
        elif len(made.data) < len(data):
            self._made[at] = Done(picture, made, was, rows)
        if len(made.data) > cap:
            self._stuck[at] = self._now(at)

    @property
    def weight(self) -> int:
        """What all pictures weigh now, as they are written."""
        return sum(map(self._now, range(len(self._book.pictures))))

    def chosen(self) -> Iterator[Done]:
        """What was made, in the order of the notebook."""
        yield from (self._made[at] for at in sorted(self._made))


def _level(sizes: list[int], room: int) -> int:
    """The weight to which the heaviest have to come so that all together keep within the room."""
    rest = sorted(sizes)
    for at, size in enumerate(rest):
        share = max(0, room) // (len(rest) - at)
        if size > share:
            return share
        room -= size
    return max(rest, default=0)


def keep(slimmed: Slim, folder: Path) -> None:
    """Keep what a notebook loses; to be done before it is written."""
    originals.note(folder, [row for one in slimmed.done for row in _kept(one, folder)])


def _kept(done: Done, folder: Path) -> Iterator[Mapping[str, Any]]:
    """Rows of the list; what was made smaller before stays what it was at first."""
    picture, made = done.picture, done.made
    now = _sha256(made.data)
    for before in done.before:
        sized = before["sized"].replace(picture.mime, made.mime)
        yield {**before, "now": now, "sized": sized or _entry(done)}
    if done.before:
        return
    way = way_of(picture)
    yield {
        "now": now, "was": picture.sha256, "mime": picture.mime, "way": way,
        "where": picture.where, "place": picture.place,
        "file": originals.keep(folder, picture.sha256, done.was, picture.mime),
        "raw": "" if way else originals.keep(folder, now, picture.literal.encode(), ""),
        "sized": _entry(done),
    }  # fmt: skip


def _entry(done: Done) -> str:
    """The entry that was added to say how large a picture is shown; ``""`` for none."""
    made = done.made
    if made.size == made.shown or done.picture.sized is None:
        return ""
    return done.picture.sized[1].format(mime=made.mime, width=made.shown[0], height=made.shown[1])


def _sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def restored(file: File, folder: Path) -> tuple[bytes, int]:
    """The notebook with its pictures as they were, and how many came back.

    Raises:
        InvalidRequestError: it is no notebook, or an original is gone.
    """
    book, rows = file.notebook(), originals.known(folder)
    made: list[Change] = []
    count = 0
    alike: dict[str, list[Picture]] = {}
    for picture in book.pictures:
        if picture.sha256 in rows:
            alike.setdefault(picture.sha256, []).append(picture)
    for now, pictures in alike.items():
        for picture, row in zip(pictures, _rows_of(pictures, rows[now]), strict=True):
            made += _back(picture, row, rows[now], folder, book.text)
            count += 1
    return file.written(changed(book.text, made)), count


def _rows_of(
    pictures: Sequence[Picture], rows: Sequence[Mapping[str, Any]]
) -> Sequence[Mapping[str, Any]]:
    """What each of several pictures was that are the same today: what stood in its place; where cells have
    moved since, in the order in which they were noted. The newest notes count.
    """
    by_place = {(row["where"], row["place"]): row for row in rows}
    found = [by_place.get((one.where, one.place)) for one in pictures]
    if None in found and len(rows) >= len(pictures):
        return rows[-len(pictures) :]
    return [row or rows[0] for row in found]


def _back(
    picture: Picture, row: Mapping[str, Any], rows: Sequence[Mapping[str, Any]], folder: Path, text: str
) -> Iterator[Change]:
    """One picture as it was by its row; ``rows`` are those of all that are the same today."""
    way = row["way"] if row["where"] == picture.where else way_of(picture)
    literal = literal_of(picture, originals.original(folder, row), row["mime"], way or "plain")
    if row["raw"]:
        literal = (folder / Path(row["raw"]).name).read_text(encoding="utf-8")
    entries = dict.fromkeys(one["sized"] for one in (row, *rows) if one["sized"])
    found = (unsizing(picture, text, entry) for entry in entries)
    gone = next(filter(None, found), None)
    for change in changes(picture, literal, row["mime"]):
        if gone is None or not gone.start <= change.start < gone.end:  # a type that goes needs no new name
            yield change
    if gone is not None:
        yield gone
