"""Results under the names and in the form that an official script reads; nothing is overwritten unasked."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from PIL import Image

from .._compare.cells import AXES
from .._images.data import ImageData
from .._images.saving import SUFFIXES, write_whole
from .._images.sources import as_image
from .._strings import quoted, say
from ..errors import InvalidRequestError, NanoBananaError
from .files import is_below, odd
from .layout import Layout
from .values import Item, Left, Place, Written

if TYPE_CHECKING:
    from .._compare.comparison import Comparison

Came = dict[str, dict[int, Any]]
"""What came, by the item's key and the turn: a result, anything that is a picture, an error, or None."""
_AXES: Final = ("prompt", "model", "aspect_ratio", "image_size", "endpoint", "wire", "seed")
_KINDS: Final = {".png": "image/png", ".jpg": "image/jpeg", ".jpeg": "image/jpeg"}
_QUALITY: Final = 95


def of_comparison(items: Sequence[Item], came: Comparison, take: int, where: Mapping[str, Any]) -> Came:
    """The outcomes of one take of one condition.

    Raises:
        InvalidRequestError: there are several conditions; the sentence names what they differ in. Or
            ``where`` names what is no axis.
    """
    if odd_one := next((axis for axis in where if axis not in AXES), None):
        raise InvalidRequestError(say("bench.no_where", name=quoted(odd_one), known=", ".join(AXES)))
    known, found = {one.key for one in items}, Came()
    before: dict[tuple[str, int], Any] = {}
    for cell in came.cells:
        if cell.take != take or any(
            value not in (cell[axis], cell.shown(axis)) for axis, value in where.items()
        ):
            continue
        key = str((getattr(cell, "columns", None) or {}).get("item", cell.image))
        turn = int(getattr(cell, "turn", None) or 1)
        if key not in known:
            continue
        if other := before.get((key, turn)):
            axes = [axis for axis in _AXES if cell[axis] != other[axis]]
            values = ", ".join(f"{axis}={other.shown(axis)!r} / {cell.shown(axis)!r}" for axis in axes)
            raise InvalidRequestError(
                say("bench.several_cells", key=key, values=values or "?"),
                hint=say("bench.several_cells_then", axis=(axes or ["model"])[0]),
            )
        before[key, turn] = cell
        found.setdefault(key, {})[turn] = came[cell]
    if not found:
        raise InvalidRequestError(say("bench.no_cells", take=take), hint=say("bench.no_cells_then"))
    return found


def of_mapping(items: Sequence[Item], came: Mapping[str, Any]) -> Came:
    """The outcomes by their items' keys; those of several steps in order.

    Raises:
        InvalidRequestError: a key is none of the benchmark's, or these are no outcomes by key.
    """
    if not isinstance(came, Mapping):
        raise InvalidRequestError(say("bench.not_came", kind=type(came).__name__))
    by_key = {one.key: one for one in items}
    found = Came()
    for key, outcome in came.items():
        if key not in by_key:
            near = ", ".join(list(by_key)[:3])
            raise InvalidRequestError(
                say("bench.unknown_key", key=quoted(key)), hint=say("bench.keys_are", keys=near)
            )
        several = (
            len(by_key[key].steps) > 1
            and not isinstance(outcome, (str, bytes))
            and hasattr(outcome, "__iter__")
        )
        found[key] = dict(enumerate(outcome, 1)) if several else {1: outcome}
    return found


def write(
    layout: Layout,
    items: Sequence[Item],
    came: Came,
    folder: Path,
    method: str,
    listed: Callable[[Sequence[Item]], list[tuple[str, str]]],
    replace: bool,
) -> Written:
    """Write all that came and is a picture; the rest is in the answer.

    ``listed`` gives the text files that go with the pictures of these items, by their name below the folder.
    """
    home = folder / layout.below.format(method=method)
    planned, left = _planned(layout, items, came, home)
    for path, _ in planned:
        if not is_below(path, folder):
            raise odd(path, say("bench.outside", folder=folder), say("bench.take_its_file"))
    short = {one.key.partition(" #")[0] for one in left}
    texts = [
        (folder / name, text.encode())
        for name, text in listed([one for one in items if one.key not in short])
    ]
    taken = [path for path, data in _differing(planned, texts, layout)] if not replace else []
    if taken:
        raise InvalidRequestError(
            say("bench.taken", count=len(taken), path=taken[0]), hint=say("bench.taken_then")
        )
    changes: dict[str, int] = {}
    for path, given in planned:
        data, change = _as_read(layout, path, _image(given))
        if change:
            changes[change] = changes.get(change, 0) + 1
        write_whole(path, data)
    for path, data in texts:
        write_whole(path, data)
    notes = [say(f"bench.note_{change}", count=count, side=layout.side) for change, count in changes.items()]
    painted = sum(getattr(given, "sandbox", False) is True for _, given in planned)
    notes += [say("bench.note_sandbox", count=painted)] if painted else []
    notes += [say("bench.note_list", path=path) for path, _ in texts]
    return Written(left, home, [path for path, _ in planned], notes)


def _planned(
    layout: Layout, items: Sequence[Item], came: Came, home: Path
) -> tuple[list[tuple[Path, Any]], list[Left]]:
    """The files to write, and what there is no picture of: neither an item nor its input is written then.

    What came stays as it came until it is written: a thousand pictures are not held at once.
    """
    planned: list[tuple[Path, Any]] = []
    left: list[Left] = []
    for item in items:
        found = came.get(item.key, {})
        results: list[tuple[Path, Any]] = []
        sources = list(_sources(layout, item, home))
        for place in layout.places(item):
            if place.source is not None:
                continue
            outcome = found.get(place.turn)
            name = item.key if len(item.steps) == 1 else f"{item.key} #{place.turn}"
            if outcome is None or isinstance(outcome, BaseException):
                why = getattr(outcome, "message", None) or (str(outcome) if outcome else say("bench.not_run"))
                left.append(Left(name, why))
                continue
            try:
                results.append((_path(layout, home, place, _image(outcome)), outcome))
            except NanoBananaError as error:
                left.append(Left(name, error.message))
        lost = next((source for _, source in sources if results and not source.is_file()), None)
        if lost is not None:
            left.append(Left(item.key, f"{lost}: {say('bench.no_input')}"))
        elif results:
            planned += [*results, *sources]
    return planned, left


def _image(given: Any) -> ImageData:
    """A picture whose bytes, where they lie in a file, are let go with it."""
    image = as_image(given)
    return image if image.path is None else image.but(path=image.path)


def _path(layout: Layout, home: Path, place: Place, image: ImageData) -> Path:
    """Where it goes; a script that finds several suffixes gets the bytes as they came.

    Not where the suffix it looks for first is taken already: it would go on reading that file.
    """
    suffix = SUFFIXES.get(image.mime_type, "")
    path = home / place.path
    return path.with_suffix(suffix) if suffix in layout.others and not path.exists() else path


def _sources(layout: Layout, item: Item, home: Path) -> Iterator[tuple[Path, Path]]:
    for place in layout.places(item):
        path = home / place.path
        if place.source is not None and path.resolve() != place.source.resolve():
            yield path, place.source


def _differing(
    planned: Sequence[tuple[Path, Any]], texts: Sequence[tuple[Path, bytes]], layout: Layout
) -> Iterator[tuple[Path, bytes]]:
    """The files that would be overwritten by something else."""
    made = ((path, _as_read(layout, path, _image(given))[0]) for path, given in planned if path.exists())
    for path, data in chain(made, ((path, text) for path, text in texts if path.exists())):
        if not path.is_file() or path.read_bytes() != data:
            yield path, data


def _as_read(layout: Layout, path: Path, image: ImageData) -> tuple[bytes, str]:
    """The bytes that the script finds under this name, and what had to be done: "" or a word of the notes."""
    kind, side = _KINDS.get(path.suffix.lower(), image.mime_type), layout.side
    resized = side is not None and image.shown_size != (side, side)
    if kind == image.mime_type and not resized:
        return image.data, ""
    picture = image.to_pil()
    change = "recoded"
    if resized and side is not None:
        change = "resized" if picture.width == picture.height else "reshaped"
        picture = picture.convert("RGB").resize((side, side), Image.Resampling.LANCZOS)
    return _encoded(picture, kind), change


def _encoded(picture: Image.Image, kind: str) -> bytes:
    stream = io.BytesIO()
    if kind == "image/jpeg":
        if "A" in picture.getbands() or picture.mode == "P":
            ground = Image.new("RGBA", picture.size, "white")
            picture = Image.alpha_composite(ground, picture.convert("RGBA"))
        picture.convert("RGB").save(stream, "JPEG", quality=_QUALITY, subsampling=0)
    else:
        picture.save(stream, "PNG")
    return stream.getvalue()
