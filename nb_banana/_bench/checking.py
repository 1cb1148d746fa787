"""What an official script would do with a folder, said before hours are spent on it."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

from .._images.data import ImageData
from .._images.saving import SUFFIXES
from .._images.sources import as_image
from .._strings import say
from ..errors import NanoBananaError
from .files import odd
from .layout import Layout
from .values import Check, Finding, Item, Place

_SHAPE: Final = 0.02
"""How far two shapes may be apart, as the logarithm of their ratio, and count as the same."""
_PICTURES: Final = frozenset({".png", ".jpg", ".jpeg", ".webp", ".gif", ".bmp", ".tif", ".tiff"})


def of_copy(layout: Layout, items: Sequence[Item], folder: Path) -> Check:
    """The benchmark's own copy: which of its pictures are missing, and what its lists lack."""
    paths = [path for one in items for path in one.images]
    gone = [
        Finding("stops", str(path), say("bench.no_input"), "missing") for path in paths if not path.is_file()
    ]
    return Check([*layout.about(folder, items), *gone], len(paths), len(paths) - len(gone))


def of_results(layout: Layout, items: Sequence[Item], home: Path, subset: bool) -> Check:
    """A method's folder: what would be skipped, cropped, never matched, or end the run.

    Raises:
        InvalidRequestError: there is no such folder.
    """
    if not home.is_dir():
        raise odd(
            home, say("bench.no_folder"), say("bench.method_folder", below=layout.below.format(method="…"))
        )
    findings = [*layout.beside(items, home), *(_of_subset(layout, home) if subset else ())]
    places = [(item, place) for item in items for place in layout.places(item)]
    read: set[Path] = set()
    found = 0
    for item, place in places:
        path = _there(layout, home, place)
        if path is None:
            findings.append(_missing(layout, home, place, read))
        else:
            read.add(path.resolve())
            problems = list(_of_picture(layout, item, place, path))
            findings += problems
            found += place.source is None and not any(one.kind in ("stops", "skipped") for one in problems)
    flagged = {Path(one.path) for one in findings if Path(one.path) != home}
    for path in sorted(home.rglob("*")):
        if path.suffix.lower() in _PICTURES and path.resolve() not in read and not _below(path, flagged):
            findings.append(Finding("unread", str(path), say("bench.unmatched"), "unmatched"))
    return Check(findings, sum(place.source is None for _, place in places), found)


def _below(path: Path, found: set[Path]) -> bool:
    """Whether a finding names the file itself or the folder it lies in."""
    return path in found or path.parent in found


def _of_subset(layout: Layout, home: Path) -> Iterator[Finding]:
    """A script that reads the whole list ends at the first item that is not in the subset."""
    if layout.missing != "stops":
        return
    folder = home.absolute().parents[layout.below.count("/")]
    lists = [] if layout.companion is None else sorted(folder.glob("subset_*.json"))
    if not lists:
        yield Finding("stops", str(home), say("bench.subset_stops"), "subset")


def _there(layout: Layout, home: Path, place: Place) -> Path | None:
    """The file that the script would open."""
    path = home / place.path
    return next((one for one in (path, *map(path.with_suffix, layout.others)) if one.is_file()), None)


def _missing(layout: Layout, home: Path, place: Place, read: set[Path]) -> Finding:
    """A picture that isn't where the script looks; perhaps it is there under another suffix."""
    path = home / place.path
    if place.source is not None:
        return Finding(layout.missing, str(path), say("bench.no_source"), "source")
    beside = sorted(path.parent.glob(f"{_plain(path.stem)}.*")) if path.parent.is_dir() else []
    other = next((one for one in beside if one.suffix.lower() in _PICTURES), None)
    if other is None:
        return Finding(layout.missing, str(path), say("bench.no_result"), "missing")
    read.add(other.resolve())
    wanted = " / ".join((path.suffix, *layout.others))
    return Finding(layout.missing, str(other), say("bench.wrong_suffix", wanted=wanted), "suffix")


def _plain(stem: str) -> str:
    """A name in which nothing is a pattern."""
    return "".join(f"[{letter}]" if letter in "*?[" else letter for letter in stem)


def _of_picture(layout: Layout, item: Item, place: Place, path: Path) -> Iterator[Finding]:
    """What the script would do with this picture."""
    try:
        image = as_image(path)
    except NanoBananaError as error:
        yield Finding("stops", str(path), error.message, "unreadable")
        return
    if place.source is not None:
        return
    true = SUFFIXES.get(image.mime_type, "?")
    if layout.typed and true != path.suffix.lower().replace(".jpeg", ".jpg"):
        yield Finding(
            "misleading", str(path), say("bench.other_type", true=image.mime_type, told=path.suffix), "T14"
        )
    width, height = image.shown_size
    if layout.side is not None and (width, height) != (layout.side, layout.side):
        cropped = width != height
        told = say(
            "bench.pie_crop" if cropped else "bench.pie_square", width=width, height=height, side=layout.side
        )
        yield Finding("altered" if cropped else "stops", str(path), told, "T13")
    if layout.squeezed and (against := _shape(item)) is not None:
        apart = abs(math.log(width / height) - math.log(against[0] / against[1]))
        if apart > _SHAPE:
            told = say("bench.squeezed", size=f"{width}×{height}", source=f"{against[0]}×{against[1]}")
            yield Finding("altered", str(path), told, "squeezed")


def _shape(item: Item) -> tuple[int, int] | None:
    """The size that the script brings the result to, where it can be known."""
    like = item.reference if item.reference is not None and len(item.steps) == 1 else item.images[0]
    try:
        picture: ImageData = as_image(like)
    except NanoBananaError:
        return None
    return picture.shown_size
