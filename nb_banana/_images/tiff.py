"""The TIFF files: which of their pictures is the picture, and the camera RAW files that look like one.

Rules of the room:

* Only directories are read, never a pixel; a loop, a cut or a lie ends the walk, and what was found counts.
* What a file is follows from what stands in it, never from its name, and a camera's name alone means nothing:
  photographs saved as TIFF bear it too.
* A first picture that is marked as a reduced one is passed over for the first full one. Where that one stands
  below a page, where no reader looks, or is what a sensor saw, the file is refused: its preview would be
  sent, and paid for, in its place.
"""

from __future__ import annotations

import re
import struct
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final, NamedTuple

from .._strings import say

MAGIC: Final = (b"II*\0", b"MM\0*", b"II+\0")
"""The last is BigTIFF; its other byte order has no reader."""

_RAW_STARTS: Final = (
    (re.compile(rb"II\*\0\x10\0\0\0CR\x02"), "CR2"),
    (re.compile(rb"....IIIITwaR|....MMMMRawT", re.DOTALL), "IIQ"),
    (re.compile(rb"II(RO|RS)|MMOR"), "ORF"),
    (re.compile(rb"IIU\0"), "RW2"),
    (re.compile(rb"....ftypcrx ", re.DOTALL), "CR3"),
    (re.compile(rb"FUJIFILMCCD-RAW"), "RAF"),
    (re.compile(rb"FOVb"), "X3F"),
    (re.compile(rb"\0MRM"), "MRW"),
    (re.compile(rb"II.{4}HEAPCCDR", re.DOTALL), "CRW"),
    (re.compile(rb"ARRI\x12\x34\x56\x78"), "ARI"),
)
_RAW_MAKERS: Final = {
    "NIKON": "NEF", "SONY": "ARW", "PENTAX": "PEF", "RICOH": "PEF", "SAMSUNG": "SRW", "HASSELBLAD": "3FR",
    "EPSON": "ERF", "SEIKO": "ERF", "KODAK": "DCR", "EASTMAN": "DCR", "MAMIYA": "MEF", "LEAF": "MOS",
    "OLYMPUS": "ORF", "PANASONIC": "RW2", "LEICA": "RWL", "CANON": "CR2",
}  # fmt: skip
"""What the RAW files of a maker are called, where only a tag tells whose it is."""

_KIND, _OLD_KIND, _WIDTH, _HEIGHT, _PACKING, _COLOURS = 254, 255, 256, 257, 259, 262
_MAKER, _BELOW, _DNG = 271, 330, 50706
_ASKED: Final = frozenset({_KIND, _OLD_KIND, _WIDTH, _HEIGHT, _PACKING, _COLOURS, _MAKER, _BELOW, _DNG})
_SENSOR: Final = frozenset({32803, 34892})
"""Colours that are the sensor's own: a mosaic, and light that no white balance was applied to."""
_SENSOR_PACKINGS: Final = frozenset({32767, 32769, 32770, 32772, 34713, 65000, 65535})
"""Sony, packed, Samsung (two), Nikon, Kodak, Pentax."""

_CODES: Final = {1: "B", 2: "B", 3: "H", 4: "I", 13: "I", 16: "Q", 18: "Q"}
_MOST_DIRECTORIES: Final = 1000
_MOST_ENTRIES: Final = 512
_MOST_VALUES: Final = 64

Tags = Mapping[int, tuple[int, ...]]


class OnlyPreview(ValueError):
    """What readers find in this file is a small stand-in for the picture meant; the text says more."""


class _Picture(NamedTuple):
    """One directory of the file."""

    is_page: bool
    tags: Tags

    def value(self, tag: int) -> int:
        return self.tags.get(tag, (0,))[0]

    @property
    def is_reduced(self) -> bool:
        """Marked as a smaller copy of another picture, or as a mask for one."""
        return bool(self.value(_KIND) & 0b101) or self.value(_OLD_KIND) == 2

    @property
    def is_sensor(self) -> bool:
        """Not developed yet: what each cell of the sensor saw."""
        return self.value(_COLOURS) in _SENSOR or self.value(_PACKING) in _SENSOR_PACKINGS

    @property
    def size(self) -> tuple[int, int]:
        return self.value(_WIDTH), self.value(_HEIGHT)


def raw_kind(data: bytes) -> str:
    """Which camera RAW file this is (``"DNG"``, ``"NEF"``, …), or ``""``; its beginning is enough."""
    named = next((kind for pattern, kind in _RAW_STARTS if pattern.match(data[:32])), "")
    if named or data[:4] not in MAGIC:
        return named
    return _raw_kind(list(_pictures(data)))


def _raw_kind(pictures: Sequence[_Picture]) -> str:
    is_dng = any(_DNG in one.tags for one in pictures)
    if not (any(one.is_sensor for one in pictures) or (is_dng and pictures[0].is_reduced)):
        return ""
    maker = bytes(pictures[0].tags.get(_MAKER, ())).decode("ascii", "replace").upper()
    named = next((kind for name, kind in _RAW_MAKERS.items() if maker.startswith(name)), "RAW")
    return "DNG" if is_dng else named


def check(data: bytes) -> None:
    """Refuse a file of which readers would find something else than the picture that is meant.

    Raises:
        OnlyPreview: they would.
    """
    kind = raw_kind(data)
    if kind:
        raise OnlyPreview(say("images.camera_raw", kind=kind))
    if data[:4] in MAGIC:
        pictures = list(_pictures(data))
        whole = [one for one in pictures if not one.is_reduced]
        pages = [one.size for one in whole if one.is_page] or [one.size for one in pictures]
        below = [one.size for one in whole if not one.is_page]
        if below:
            compare(pages[0], max(below, key=max))


def check_opened(tags: Mapping[int, Any]) -> None:
    """The same for a page that somebody has opened with Pillow, from its tags alone.

    Raises:
        OnlyPreview: as :func:`check` does.
    """
    page = _Picture(True, {tag: _values(tags[tag]) for tag in _ASKED & set(tags)})
    kind = _raw_kind([page]) or ("RAW" if page.is_reduced and _BELOW in page.tags else "")
    if kind:
        raise OnlyPreview(say("images.camera_raw", kind=kind))


def compare(found: tuple[int, int], meant: tuple[int, int]) -> None:
    """Refuse what is found where the picture meant is larger.

    Raises:
        OnlyPreview: it is.
    """
    if max(meant) > max(found):
        sizes = [say("images.size", width=width, height=height) for width, height in (found, meant)]
        raise OnlyPreview(say("images.only_preview", found=sizes[0], meant=sizes[1]))


def _values(value: Any) -> tuple[Any, ...]:
    if isinstance(value, str):
        return tuple(value.encode("ascii", "replace"))
    return tuple(value) if isinstance(value, (tuple, bytes)) else (value,)


def main_page(data: bytes) -> int:
    """The number of the page that counts: the first that is no smaller copy of another."""
    pages = [one for one in _pictures(data) if one.is_page]
    return next((number for number, one in enumerate(pages) if not one.is_reduced), 0)


def pages(data: bytes) -> int:
    """How many full pages there are; smaller copies and masks are none."""
    return sum(one.is_page and not one.is_reduced for one in _pictures(data))


def _pictures(data: bytes) -> Iterator[_Picture]:
    """Every directory: the chain of pages, and below each page what it names as belonging to it."""
    order, big = "<" if data[:2] == b"II" else ">", 43 in data[2:4]
    seen: set[int] = set()
    try:
        (first,) = struct.unpack_from(f"{order}Q" if big else f"{order}I", data, 8 if big else 4)
        waiting = deque([(True, first)])
        while waiting and len(seen) < _MOST_DIRECTORIES:
            is_page, at = waiting.popleft()
            if not 0 < at < len(data) or at in seen:
                continue
            seen.add(at)
            tags, following = _directory(data, at, order, big)
            yield _Picture(is_page, tags)
            waiting.extend((False, below) for below in tags.get(_BELOW, ()))
            if is_page:
                waiting.append((True, following))
    except struct.error:
        return


def _directory(data: bytes, at: int, order: str, big: bool) -> tuple[Tags, int]:
    """The tags of one directory that are asked for, and where the next page's stands."""
    count_code, place_code = ("Q", "Q") if big else ("H", "I")
    entry, room = struct.Struct(f"{order}HH{place_code}"), struct.calcsize(place_code)
    (count,) = struct.unpack_from(order + count_code, data, at)
    start, step = at + struct.calcsize(count_code), entry.size + room
    tags: dict[int, tuple[int, ...]] = {}
    for number in range(min(count, _MOST_ENTRIES)):
        place = start + number * step
        tag, kind, length = entry.unpack_from(data, place)
        if tag not in _ASKED or kind not in _CODES or not length:
            continue
        values = struct.Struct(f"{order}{min(length, _MOST_VALUES)}{_CODES[kind]}")
        place += entry.size
        if struct.calcsize(_CODES[kind]) * length > room:
            (place,) = struct.unpack_from(order + place_code, data, place)
        if place + values.size <= len(data):  # Else it points out of the file and tells nothing.
            tags[tag] = values.unpack_from(data, place)
    end = start + count * step
    if end + room > len(data):
        return tags, 0
    return tags, struct.unpack_from(order + place_code, data, end)[0]
