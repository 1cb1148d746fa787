"""The box files: HEIC, HEIF and AVIF. Only the first two are ever sent, so only they are cleaned.

Their pixels are found by positions counted from the file's start, so nothing in them may move: personal items
are overwritten where they lie, and only what comes after the last needed box is cut off.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from typing import Final

from .._strings import say

Part = tuple[bytes, int, int]
"""A part of a file: its kind, where it starts, where it stops."""

_BRANDS: Final = {
    b"heic": "image/heic", b"heix": "image/heic", b"heim": "image/heic", b"heis": "image/heic",
    b"hevc": "image/heic", b"hevx": "image/heic", b"mif1": "image/heif", b"msf1": "image/heif",
    b"avif": "image/avif", b"avis": "image/avif",
}  # fmt: skip
_MOST_PIECES: Final = 100_000
_SEQUENCES: Final = frozenset({b"hevc", b"hevx", b"msf1", b"avis"})


def mime_of(data: bytes) -> str | None:
    """By the major brand; a neutral ``mif1`` or an unknown one is decided by the compatible brands."""
    brands = [data[8:12], *(data[at : at + 4] for at in range(16, min(int.from_bytes(data[:4]), 256), 4))]
    found = [_BRANDS[brand] for brand in brands if brand in _BRANDS]
    exact = [mime for mime in found if mime != "image/heif"]
    return exact[0] if exact else found[0] if found else None


def is_sequence(data: bytes) -> bool:
    """Whether the file is a film or a burst, of which only the first picture counts."""
    return data[4:8] == b"ftyp" and data[8:12] in _SEQUENCES


def boxes(data: bytes, at: int = 0, end: int | None = None) -> Iterator[Part]:
    """ISO boxes between two places."""
    end = len(data) if end is None else end
    while at < end:
        size, kind = struct.unpack_from(">I4s", data, at)
        if size == 1:
            size = struct.unpack_from(">Q", data, at + 8)[0]
        stop = at + size if size else end
        if stop > end or stop < at + 8:
            raise ValueError(say("images.cut"))
        yield kind, at, stop
        at = stop


_BLANKS: Final = {
    b"Exif": (b"\0\0\0\0II*\0\x08\0\0\0\0\0\0\0\0\0", b"\0"),
    b"mime": (b"", b" "),  # XMP
}
"""What takes the place of a personal item: a valid empty one, and what fills the rest."""


def without_metadata(data: bytes) -> bytes:
    """The file with its EXIF and XMP items blanked; ``data`` itself when there is nothing to blank.

    Raises:
        ValueError: the items can't be found, so the file can't be cleaned this way.
    """
    try:
        ends = [stop for kind, _, stop in boxes(data) if kind in (b"ftyp", b"meta", b"mdat", b"moov")]
        blank = bytearray(data[: max(ends, default=0)])
        for sort, start, stop in _personal(data):
            empty, filler = _BLANKS[sort]
            blank[start:stop] = empty[: stop - start].ljust(stop - start, filler)
    except (KeyError, struct.error, IndexError):
        raise ValueError(say("images.damaged_part", part="meta")) from None
    return data if blank == data else bytes(blank)


def _personal(data: bytes) -> Iterator[Part]:
    """Where the EXIF and XMP items lie."""
    tops = {kind: (start, stop) for kind, start, stop in boxes(data)}
    inner = {
        kind: (start, stop) for kind, start, stop in boxes(data, tops[b"meta"][0] + 12, tops[b"meta"][1])
    }
    sorts, room = dict(_items(data, *inner[b"iinf"])), len(data)
    for count, (item, in_file, start, stop) in enumerate(_places(data, *inner[b"iloc"])):
        if item in sorts:
            room -= stop - start
            if not in_file or stop > len(data):
                raise IndexError
        # A hostile table names the same bytes, or no bytes, again and again.
        if count > _MOST_PIECES or room < 0:
            raise IndexError
        if item in sorts:
            yield sorts[item], start, stop


def _items(data: bytes, start: int, stop: int) -> Iterator[tuple[int, bytes]]:
    """The number and sort of each item that is about the person rather than the picture."""
    head = start + (14 if data[start + 8] == 0 else 16)
    for kind, at, _ in boxes(data, head, stop):
        version = data[at + 8]
        if kind == b"infe" and version >= 2:
            wide = 4 if version > 2 else 2
            sort = data[at + 14 + wide : at + 18 + wide]
            if sort in _BLANKS:
                yield int.from_bytes(data[at + 12 : at + 12 + wide]), sort


def _places(data: bytes, start: int, stop: int) -> Iterator[tuple[int, bool, int, int]]:
    """Each piece of each item: its number, whether it lies in the file itself, and where."""
    version, at = data[start + 8], start + 12

    def number(size: int) -> int:
        nonlocal at
        if at + size > stop:
            raise IndexError
        at += size
        return int.from_bytes(data[at - size : at])

    sizes = number(2)
    of_offset, of_length, of_base = sizes >> 12, sizes >> 8 & 15, sizes >> 4 & 15
    of_index = sizes & 15 if version else 0
    wide = 4 if version == 2 else 2
    for _ in range(number(wide)):
        item, method = number(wide), number(2) & 15 if version else 0
        number(2)
        base = number(of_base)
        for _ in range(number(2)):
            number(of_index)
            offset, length = number(of_offset), number(of_length)
            yield item, method == 0, base + offset, base + offset + length
