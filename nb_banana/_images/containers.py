"""What a picture file is made of, read without decoding a pixel.

Rules of the room:

* A walker per type yields ``(kind, start, stop)`` for each part of the file and raises ``ValueError``, with
  a reason a person can read, where the file is cut or damaged. Everything else is asked of those parts.
* What is kept is listed, so that nothing unknown travels: pixels and colour stay, the rest is personal.
* Time is linear in the number of parts, and that number is bounded; no byte is looked at one by one.
* PNG, JPEG, WebP and GIF tell size and turn here, not through Pillow: a plain edit loads no Pillow at all
  (60 ms). Its PNG reader decodes every pixel to look for a late EXIF, its WebP reader copies the whole file
  and reserves two canvases, its GIF reader has a bomb alarm of its own. Other types ask Pillow.
"""

from __future__ import annotations

import re
import struct
import zlib
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any, Final, TypeVar

from .._strings import say
from . import heif, tiff
from .heif import Part

if TYPE_CHECKING:
    from PIL import Image

T = TypeVar("T")

MAX_PARTS: Final = 1_000_000
"""More parts than the longest real animation has; a file of nothing but part headers ends here."""
MAX_TEXT: Final = 8 * 1024 * 1024
"""Compressed text and profiles in a PNG may inflate to this much in all; beyond it lies a bomb."""

_MOST_PICTURES: Final = 100
_STRETCH: Final = 0.03
"""How much the shapes of a picture and its smaller copy differ by rounding."""
_SOF: Final = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_NEXT_MARKER: Final = re.compile(rb"\xff[\x01\xc0-\xcf\xd8-\xfe]")
_OTHER_KINDS: Final = (
    (re.compile(rb"\A\s*+<(!doctype\s+html|html|head|body)", re.IGNORECASE), "HTML"),
    (re.compile(rb"\A\s*(<\?xml[^>]*+>\s*+)?(<!--[^>]*+>\s*+)?(<!DOCTYPE svg[^>]*+>\s*+)?<svg", re.I), "SVG"),
    (re.compile(rb"%PDF"), "PDF"),
    (re.compile(rb"PK\x03\x04"), "ZIP"),
    (re.compile(rb"8BPS"), "PSD"),
    (re.compile(rb"\0\0\0\x0cJXL |\xff\n", re.DOTALL), "JPEG XL"),
    (re.compile(rb"\0\0\0\x0cjP  |\xffO\xffQ"), "JPEG 2000"),
    (re.compile(rb"\0\0[\x01\x02]\0"), "ICO"),
    (re.compile(rb"icns"), "ICNS"),
    (re.compile(rb"gimp xcf"), "XCF"),
    (re.compile(rb"MM\0\+"), "BigTIFF"),
    (re.compile(rb"v/1\x01"), "EXR"),
    (re.compile(rb".{128}DICM", re.DOTALL), "DICOM"),
    (re.compile(rb"%!PS|\xc5\xd0\xd3\xc6"), "EPS"),
    (re.compile(rb"P[1-7]\s"), "PNM"),
    (re.compile(rb"....ftyp", re.DOTALL), "MP4"),
    (re.compile(rb"\A\s*+[{\[]\s*+[\"{\[\d]"), "JSON"),
)  # fmt: skip


# ---------------------------------------------------------------------------------------- what it is


def sniff(data: bytes) -> tuple[str, int, int]:
    """``(mime type, width, height)`` from the header alone, without decoding a pixel.

    Raises:
        OnlyPreview: what would be read is a stand-in for the picture meant, as in a camera RAW file.
        ValueError: the bytes are no picture anyone here can read; the text says why.
    """
    tiff.check(data)
    mime = mime_of(data)
    if mime is None:
        raise ValueError(_what_instead(data))
    try:
        return mime, *_SIZES[mime](data)
    except (struct.error, IndexError):
        raise ValueError(say("images.cut")) from None


def mime_of(data: bytes) -> str | None:
    """The type its first bytes declare, or None."""
    if data[:8] == b"\x89PNG\r\n\x1a\n":
        return "image/png"
    if data[:3] == b"\xff\xd8\xff":
        return "image/jpeg"
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "image/webp"
    if data[:6] in (b"GIF87a", b"GIF89a"):
        return "image/gif"
    if data[4:8] == b"ftyp":
        return heif.mime_of(data)
    if data[:4] in tiff.MAGIC:
        return "image/tiff"
    if data[:2] == b"BM" and int.from_bytes(data[14:18], "little") in (12, 40, 52, 56, 108, 124):
        return "image/bmp"
    return None


def is_foreign(data: bytes) -> bool:
    """Whether these are plainly bytes of a kind that is not read here, or only with an extra."""
    return any(pattern.match(data[:512]) for pattern, _ in _OTHER_KINDS)


def _what_instead(data: bytes) -> str:
    for pattern, what in _OTHER_KINDS:
        if pattern.match(data[:512]):
            return say("images.other_kind", what=what)
    return say("images.unknown_bytes", start="".join(chr(b) if 32 <= b < 127 else "." for b in data[:12]))


def _png_size(data: bytes) -> tuple[int, int]:
    length, kind, width, height = struct.unpack_from(">I4sII", data, 8)
    if (length, kind) != (13, b"IHDR"):
        raise ValueError(say("images.damaged_part", part="IHDR"))
    return width, height


def _jpeg_frame(data: bytes) -> tuple[int, int, int]:
    """Width, height and number of colour components of the first frame."""
    for kind, start, _ in _jpeg_parts(data):
        if kind[0] in _SOF:
            height, width, components = struct.unpack_from(">HHB", data, start + 5)
            return width, height, components
        if kind[0] == 0xDA:
            break
    raise ValueError(say("images.damaged_part", part="SOF"))


def _jpeg_size(data: bytes) -> tuple[int, int]:
    return _jpeg_frame(data)[:2]


def _webp_size(data: bytes) -> tuple[int, int]:
    kind = data[12:16]
    if kind == b"VP8X":
        return 1 + int.from_bytes(data[24:27], "little"), 1 + int.from_bytes(data[27:30], "little")
    if kind == b"VP8L":
        bits = struct.unpack_from("<I", data, 21)[0]
        return 1 + (bits & 0x3FFF), 1 + (bits >> 14 & 0x3FFF)
    if kind == b"VP8 ":
        width, height = struct.unpack_from("<HH", data, 26)
        return width & 0x3FFF, height & 0x3FFF
    raise ValueError(say("images.damaged_part", part="VP8"))


def _gif_size(data: bytes) -> tuple[int, int]:
    width, height = struct.unpack_from("<HH", data, 6)
    for kind, start, _ in _gif_parts(data):
        if kind == b",":  # A first frame that leaves its screen makes the picture larger.
            left, top, across, down = struct.unpack_from("<HHHH", data, start + 1)
            return max(width, left + across), max(height, top + down)
    return width, height


def _library(data: bytes, mime: str, question: Callable[[Image.Image], T]) -> T:
    """What Pillow finds in the header of a file."""
    from .readers import READ_ERRORS, opened  # loaded for the types that are not read here

    try:
        return question(opened(data, mime))
    except READ_ERRORS as reason:
        raise ValueError(" ".join(str(reason).split())[:120] or say("images.cut")) from None


def _library_size(data: bytes) -> tuple[int, int]:
    """As Pillow reads it from the header, without the pixels."""
    return _library(data, mime_of(data) or "", lambda picture: picture.size)


def _heif_size(data: bytes) -> tuple[int, int]:
    """That of the main picture, unless another of the same shape is twice as large."""
    main, *others = _library(data, mime_of(data) or "", _sizes)
    for other in others:
        across, down = other[0] / main[0], other[1] / main[1]
        if min(across, down) >= 2 and abs(across / down - 1) <= _STRETCH:
            tiff.compare(main, other)
    return main


def _sizes(picture: Any) -> list[tuple[int, int]]:
    """Of every whole picture in a HEIF file, the main one first."""
    main, found = picture.tell(), [picture.size]
    for number in range(min(picture.n_frames, _MOST_PICTURES)):
        if number != main:
            picture.seek(number)
            found.append(picture.size)
    return found


_SIZES: Final[dict[str, Callable[[bytes], tuple[int, int]]]] = {
    "image/png": _png_size,
    "image/jpeg": _jpeg_size,
    "image/webp": _webp_size,
    "image/gif": _gif_size,
    "image/bmp": _library_size,
    "image/tiff": _library_size,
    "image/avif": _library_size,
    "image/heic": _heif_size,
    "image/heif": _heif_size,
}


# ------------------------------------------------------------------------------------- its parts


def parts(data: bytes, mime: str) -> Iterator[Part]:
    """Each part of the file in order, up to the picture's end; bytes after it belong to no part.

    Raises:
        ValueError: the file is cut short or damaged; the text says how.
    """
    try:
        for count, part in enumerate(_WALKERS[mime](data)):
            if count > MAX_PARTS:
                raise ValueError(say("images.too_many_parts", limit=MAX_PARTS))
            yield part
    except (struct.error, IndexError):
        raise ValueError(say("images.cut")) from None


def _png_parts(data: bytes) -> Iterator[Part]:
    yield b"", 0, 8
    at, end, read = 8, len(data), struct.Struct(">I4s").unpack_from
    while at + 12 <= end:
        size, kind = read(data, at)
        stop = at + 12 + size
        if stop > end:
            break
        yield kind, at, stop
        if kind == b"IEND":
            return
        at = stop
    raise ValueError(say("images.cut"))


def _jpeg_parts(data: bytes) -> Iterator[Part]:
    """A kind is the marker and, for application parts, the name that follows it."""
    yield b"\xd8", 0, 2
    at = 2
    while True:
        if data[at] != 0xFF:  # Stray bytes, which every JPEG reader passes over.
            stray, at = at, _scan_end(data, at)
            yield b"\0", stray, at
            continue
        marker = data[at + 1]
        if marker == 0xFF:  # padding
            yield b"\xff", at, at + 1
            at += 1
            continue
        if marker == 0xD9:
            yield b"\xd9", at, at + 2
            return
        stop = at + 2
        if marker != 0x01 and not 0xD0 <= marker <= 0xD7:
            stop += max(2, struct.unpack_from(">H", data, at + 2)[0])
        if stop > len(data):
            break
        named = marker == 0xFE or 0xE0 <= marker <= 0xEF
        yield data[at + 1 : at + 2] + (data[at + 4 : at + 16] if named else b""), at, stop
        at = stop
        if marker == 0xDA:  # Apart from its header, so that who only wants the headers never searches it.
            at = _scan_end(data, stop)
            yield b"\xda", stop, at
    raise ValueError(say("images.cut"))


def _scan_end(data: bytes, start: int) -> int:
    """Where the compressed pixels end: at the next marker, which after the last scan is the picture's end."""
    found = _NEXT_MARKER.search(data, start)
    if found is None:
        raise ValueError(say("images.cut"))
    return found.start()


def _webp_parts(data: bytes) -> Iterator[Part]:
    end = 8 + int(struct.unpack_from("<I", data, 4)[0])
    # The last part's padding byte is often left out.
    if end > len(data) + 1:
        raise ValueError(say("images.cut"))
    yield b"RIFF", 0, 12
    at, end = 12, min(end, len(data))
    while at + 8 <= end:
        kind, size = struct.unpack_from("<4sI", data, at)
        if at + 8 + size > end:
            raise ValueError(say("images.cut"))
        stop = min(at + 8 + size + (size & 1), end)
        yield kind, at, stop
        at = stop


def _gif_parts(data: bytes) -> Iterator[Part]:
    at = 13 + _gif_colours(data[10])
    yield b"GIF", 0, at
    while data[at] != 0x3B:
        start = at
        if data[at] == 0x21:
            kind, at = data[at + 1 : at + 2] + data[at + 3 : at + 14], at + 2
        elif data[at] == 0x2C:
            at += 10 + _gif_colours(data[at + 9])
            yield b",", start, at  # Apart from its pixels: who only wants the header never walks them.
            kind, start, at = b"pixels", at, at + 1
        else:
            raise ValueError(say("images.damaged_part", part=f"GIF @{at}"))
        while data[at]:
            at += 1 + data[at]
        at += 1
        yield kind, start, at
    yield b";", at, at + 1


def _gif_colours(flags: int) -> int:
    return 3 * 2 ** ((flags & 7) + 1) if flags & 0x80 else 0


def _library_parts(data: bytes) -> Iterator[Part]:
    """TIFF and BMP: where the pixels lie Pillow reads well; only whether they exist is checked here."""
    if _library(data, mime_of(data) or "", _end_of_pixels) > len(data):
        raise ValueError(say("images.cut"))
    yield b"whole", 0, len(data)


def _end_of_pixels(picture: Any) -> int:
    """Where the last byte of pixels of an opened TIFF or BMP must lie; 0 where its header doesn't say."""
    tags = getattr(picture, "tag_v2", {})
    runs = [
        (start, size)
        for starts, sizes in ((273, 279), (324, 325))
        for start, size in zip(tags.get(starts, ()), tags.get(sizes, ()), strict=False)
    ]
    if picture.format == "BMP":
        ((codec, _, start, (_, row, *_)),) = picture.tile
        runs.append((start, row * picture.height if codec == "raw" else 0))
    return max((start + size for start, size in runs), default=0)


_WALKERS: Final[dict[str, Callable[[bytes], Iterator[Part]]]] = {
    "image/png": _png_parts,
    "image/jpeg": _jpeg_parts,
    "image/webp": _webp_parts,
    "image/gif": _gif_parts,
    "image/bmp": _library_parts,
    "image/tiff": _library_parts,
    "image/avif": heif.boxes,
    "image/heic": heif.boxes,
    "image/heif": heif.boxes,
}


# ------------------------------------------------------------------------------------ is it whole


def flaw(data: bytes, mime: str) -> str:
    """Why the file is not whole, cheaply found; ``""`` when nothing is wrong."""
    try:
        kinds = {kind[:4] for kind, _, _ in parts(data, mime)}
    except ValueError as reason:
        return str(reason)
    if not all(kinds & needed for needed in _NEEDED.get(mime, ())):
        return say("images.no_pixels")
    return _png_flaw(data, kinds) if mime == "image/png" else ""


def ends_early(data: bytes, mime: str) -> bool:
    """Whether the file stops before its picture does.

    Milder than :func:`flaw`: an answer is paid for and shown as it came, whatever is damaged further in.
    """
    if mime == "image/png":
        return b"IEND" not in data[-4096:] and b"IEND" not in data
    if mime == "image/jpeg":
        return data.rfind(b"\xff\xd9") < _jpeg_scan(data)
    if mime == "image/webp":
        return int.from_bytes(data[4:8], "little") + 8 > len(data) + 1
    if mime == "image/gif":
        return b"\x3b" not in data[-64:]
    return False


def _jpeg_scan(data: bytes) -> int:
    """Where a JPEG's picture begins: a thumbnail before it has an end of its own."""
    try:
        return next((start for kind, start, _ in parts(data, "image/jpeg") if kind == b"\xda"), len(data))
    except ValueError:
        return len(data)


def _png_flaw(data: bytes, kinds: set[bytes]) -> str:
    unknown = sorted(kind for kind in kinds - _PNG_CRITICAL if kind[:1].isupper())
    if unknown:
        return say("images.damaged_part", part=unknown[0].decode("latin-1"))
    whole = memoryview(data)
    for kind, start, stop in parts(data, "image/png"):
        # A flipped bit in what is compressed spoils all that follows it; 1 ms per MB is less than an edit.
        if kind in (b"IHDR", b"PLTE", b"IDAT") and zlib.crc32(whole[start + 4 : stop - 4]) != int.from_bytes(
            whole[stop - 4 : stop]
        ):
            return say("images.damaged_part", part=kind.decode())
    return _text_bomb(data)


_PNG_CRITICAL: Final = frozenset({b"IHDR", b"PLTE", b"IDAT", b"IEND"})
_NEEDED: Final = {
    "image/png": (frozenset({b"IHDR"}), frozenset({b"IDAT"})),
    "image/jpeg": (frozenset({b"\xda"}),),
    "image/webp": (frozenset({b"VP8 ", b"VP8L", b"ANMF"}),),
    "image/gif": (frozenset({b","}),),
    "image/avif": (frozenset({b"meta"}),),
    "image/heic": (frozenset({b"meta"}),),
    "image/heif": (frozenset({b"meta"}),),
}


def _text_bomb(data: bytes) -> str:
    """Compressed text is never needed here, but whoever receives the file may inflate it."""
    room = MAX_TEXT
    for kind, start, stop in parts(data, "image/png"):
        if kind not in (b"zTXt", b"iTXt", b"iCCP"):
            continue
        body = data[start + 8 : stop - 4]
        packed = body.find(b"\0", body.find(b"\0") + 3) + 1 if kind == b"iTXt" else body.find(b"\0") + 2
        if kind == b"iTXt":
            if body[body.find(b"\0") + 1 : body.find(b"\0") + 2] != b"\1":
                continue
            packed = body.find(b"\0", packed) + 1
        try:
            room -= len(zlib.decompressobj().decompress(body[packed:], room + 1))
        except zlib.error:
            continue  # Not readable for anyone else either.
        if room < 0:
            return say("images.text_bomb", limit=MAX_TEXT // 2**20)
    return ""


# --------------------------------------------------------------------- what travels, what does not

_PNG_KEPT: Final = _PNG_CRITICAL | {
    b"", b"tRNS", b"cHRM", b"gAMA", b"iCCP", b"sBIT", b"sRGB", b"cICP", b"mDCV", b"cLLI",
    b"bKGD", b"pHYs", b"hIST", b"sPLT",
}  # fmt: skip
_WEBP_KEPT: Final = frozenset({b"RIFF", b"VP8X", b"ICCP", b"ANIM", b"ANMF", b"ALPH", b"VP8 ", b"VP8L"})
_PROFILES: Final = (b"iCCP", b"ICCP", b"\xe2ICC_PROFILE")
MAX_PROFILE: Final = 4 * 1024 * 1024
"""The largest colour profiles of printing presses have 3 MB; what is larger says nothing about colour."""
_JPEG_NAMED: Final = (b"\xe0JFIF\0", b"\xe2ICC_PROFILE", b"\xeeAdobe")


def _keeps(mime: str, kind: bytes) -> bool:
    if mime == "image/png":
        return kind in _PNG_KEPT
    if mime == "image/webp":
        return kind in _WEBP_KEPT
    if mime == "image/gif":
        return kind[:1] not in (b"\xfe", b"\xff") or kind[1:].startswith((b"NETSCAPE", b"ANIMEXTS"))
    if mime == "image/jpeg" and (kind[0] in (0x00, 0xFE) or 0xE0 <= kind[0] <= 0xEF):
        return kind.startswith(_JPEG_NAMED)
    return True


def without_metadata(data: bytes, mime: str) -> bytes:
    """The same pixels and colours without EXIF, XMP, text, further frames and bytes after the end.

    Returns ``data`` itself when there is nothing to take away.

    Raises:
        ValueError: the file is cut short or damaged, or too strange to be cleaned without its pixels.
    """
    if mime in ("image/heic", "image/heif"):
        return heif.without_metadata(data)
    runs: list[list[int]] = []
    profile = sum(stop - start for kind, start, stop in parts(data, mime) if kind.startswith(_PROFILES))
    flood = profile > MAX_PROFILE
    for kind, start, stop in parts(data, mime):
        if not _keeps(mime, kind) or (flood and kind.startswith(_PROFILES)):
            continue
        if runs and runs[-1][1] == start:
            runs[-1][1] = stop
        else:
            runs.append([start, stop])
    if runs == [[0, len(data)]]:
        return data
    view = memoryview(data)
    joined = b"".join([view[start:stop] for start, stop in runs])
    return _webp_mended(joined, flood) if mime == "image/webp" else joined


def _webp_mended(joined: bytes, without_profile: bool) -> bytes:
    """The header says how long the file is and whether EXIF, XMP and a profile follow."""
    mended = bytearray(joined)
    if len(mended) % 2:
        mended += b"\0"
    struct.pack_into("<I", mended, 4, len(mended) - 8)
    if mended[12:16] == b"VP8X" and len(mended) > 20:
        mended[20] &= ~0x2C if without_profile else ~0x0C
    return bytes(mended)


# ------------------------------------------------------------------------------- facts about it


_EXIF: Final = {
    "image/png": (b"eXIf", 8),
    "image/jpeg": (b"\xe1Exif", 4),
    "image/webp": (b"EXIF", 8),
}
"""What the part is called that holds EXIF, and how much of a head it has."""


def orientation(data: bytes, mime: str) -> int:
    """The turn by which the decoded picture must be brought upright, 1 (none) to 8, as EXIF counts; 1 too
    where it makes no sense. The one reading of it: what is told of a picture and what is sent agree.

    Raises:
        ValueError: the file is cut short or damaged before an answer was found.
    """
    if mime == "image/avif":
        return _library_orientation(data, mime)
    if mime not in _EXIF:  # GIF and BMP have none; TIFF and HEIC are turned by their readers, size and all.
        return 1
    name, head = _EXIF[mime]
    for kind, start, stop in parts(data, mime):
        if kind.startswith(name):
            return _tiff_orientation(data[start + head : stop])
        if kind == b"\xda":
            break
    return 1


def _library_orientation(data: bytes, mime: str) -> int:
    turn = _library(data, mime, lambda picture: int(picture.getexif().get(0x0112, 1)))
    return turn if 1 <= turn <= 8 else 1


def _tiff_orientation(exif: bytes) -> int:
    if exif[:6] == b"Exif\0\0":
        exif = exif[6:]
    order = {b"II": "<", b"MM": ">"}.get(exif[:2])
    try:
        if order is None:
            return 1
        at = struct.unpack_from(f"{order}I", exif, 4)[0]
        for entry in range(struct.unpack_from(f"{order}H", exif, at)[0]):
            tag, _, _, value = struct.unpack_from(f"{order}HHIH", exif, at + 2 + 12 * entry)
            if tag == 0x0112:
                return value if 1 <= value <= 8 else 1
    except struct.error:
        return 1
    return 1


def frames(data: bytes, mime: str) -> bool:
    """Whether the file moves: an animation or a sequence, of which only the first picture counts."""
    if mime == "image/png":
        for kind, _, _ in parts(data, mime):
            if kind in (b"acTL", b"IDAT"):
                return kind == b"acTL"
    if mime == "image/webp":
        return data[12:16] == b"VP8X" and bool(int.from_bytes(data[20:21]) & 0x02)
    if mime == "image/gif":
        return sum(kind == b"," for kind, _, _ in parts(data, mime)) > 1
    return heif.is_sequence(data)


def pictures(data: bytes, mime: str) -> int:
    """How many whole pictures stand side by side in the file, of which only one counts; frames are none."""
    if mime == "image/tiff":
        return tiff.pages(data)
    if mime in ("image/heic", "image/heif") and not heif.is_sequence(data):
        return _library(data, mime, lambda picture: int(getattr(picture, "n_frames", 1)))
    return 1


def is_cmyk(data: bytes, mime: str) -> bool:
    """Whether it is a JPEG of four inks, which receivers show in different colours."""
    return mime == "image/jpeg" and _jpeg_frame(data)[2] == 4


def is_lossless(data: bytes, mime: str) -> bool:
    """Whether its pixels were stored exactly, so that a copy should be exact too."""
    if mime == "image/webp":
        return any(kind == b"VP8L" for kind, _, _ in parts(data, mime))
    return mime in ("image/png", "image/gif", "image/bmp", "image/tiff")
