"""TIFF files put together tag by tag, so that a test can say what stands where."""

from __future__ import annotations

import struct
from collections.abc import Sequence
from dataclasses import dataclass, field

CODES = {1: "B", 2: "B", 3: "H", 4: "I", 16: "Q"}
Tags = dict[int, tuple[int, Sequence[int]]]

REDUCED, MASK = 1, 4
RGB, MOSAIC, LINEAR = 2, 32803, 34892
MAKER, DNG = 271, 50706


@dataclass
class Page:
    """One picture: its size, its one colour, and what else its directory says."""

    size: tuple[int, int]
    colour: tuple[int, int, int] = (200, 30, 30)
    kind: int | None = None
    colours: int = RGB
    tags: Tags = field(default_factory=dict)
    below: Sequence[Page] = ()

    def pixels(self) -> bytes:
        return bytes(self.colour if self.colours == RGB else self.colour[:1]) * (self.size[0] * self.size[1])


def maker(name: str) -> Tags:
    return {MAKER: (2, name.encode() + b"\0")}


def tiff(*pages: Page, order: str = "<", big: bool = False, start: bytes = b"") -> bytes:
    """The file; ``start`` stands between its header and the first directory."""
    place, size = ("Q", 8) if big else ("I", 4)
    mark = b"II" if order == "<" else b"MM"
    out = bytearray(mark + struct.pack(f"{order}HHHQ" if big else f"{order}HI", *((43, 8, 0, 0) if big else (42, 0))))
    out += start

    def added(data: bytes) -> int:
        out.extend(bytes(len(out) % 2))
        out.extend(data)
        return len(out) - len(data)

    def directory(page: Page) -> int:
        """Written with all it points to; where its place for the next one is stays at its end."""
        pixels, several = page.pixels(), page.colours == RGB
        tags: Tags = {
            256: (4, [page.size[0]]), 257: (4, [page.size[1]]), 258: (3, [8] * (3 if several else 1)), 259: (3, [1]),
            262: (3, [page.colours]), 273: (4, [added(pixels)]), 277: (3, [3 if several else 1]), 278: (4, [page.size[1]]),
            279: (4, [len(pixels)]), **page.tags,
        }  # fmt: skip
        if page.kind is not None:
            tags[254] = (4, [page.kind])
        if page.below:
            tags[330] = (4, [directory(one) for one in page.below])
        entries = []
        for tag, (code, values) in sorted(tags.items()):
            packed = struct.pack(f"{order}{len(values)}{CODES[code]}", *values)
            held = packed.ljust(size, b"\0") if len(packed) <= size else struct.pack(order + place, added(packed))
            entries.append(struct.pack(f"{order}HH{place}", tag, code, len(values)) + held)
        return added(struct.pack(order + ("Q" if big else "H"), len(entries)) + b"".join(entries) + bytes(size))

    before = size if big else 4
    for page in pages:
        at = directory(page)
        struct.pack_into(order + place, out, before, at)
        before = len(out) - size
    return bytes(out)


def raws() -> dict[str, tuple[bytes, str]]:
    """The beginning of each camera's RAW files, as their makers lay them out: name → bytes, kind told."""
    small, thumb = (160, 120), {"kind": REDUCED}

    def below(name: str, packing: int = 1, colours: int = MOSAIC, **more: object) -> bytes:
        sensor = Page((640, 480), kind=0, colours=colours, tags={259: (3, [packing])})
        return tiff(Page(small, **thumb, tags=maker(name), below=[sensor]), **more)

    dng = {DNG: (1, [1, 4, 0, 0])}
    return {
        "phone.dng": (tiff(Page(small, **thumb, tags=maker("Apple") | dng, below=[Page((640, 480), kind=0, colours=LINEAR)]), order=">"), "DNG"),
        "drone.dng": (tiff(Page((640, 480), kind=0, colours=MOSAIC, tags=dng)), "DNG"),
        "large.dng": (tiff(Page(small, **thumb, tags=dng, below=[Page((640, 480), kind=0, colours=LINEAR)]), big=True), "DNG"),
        "jpeg-inside.dng": (tiff(Page(small, **thumb, tags=dng, below=[Page((640, 480), kind=0, colours=6)])), "DNG"),
        "nikon.nef": (below("NIKON CORPORATION", 34713, order=">"), "NEF"),
        "sony.arw": (below("SONY", 32767), "ARW"),
        "samsung.srw": (below("SAMSUNG", 32770), "SRW"),
        "hasselblad.3fr": (below("Hasselblad"), "3FR"),
        "unknown.raw": (below("Nobody & Sons"), "RAW"),
        "unmarked.nef": (tiff(Page(small, tags=maker("NIKON"), below=[Page((640, 480), colours=MOSAIC)])), "NEF"),
        "chained.fff": (tiff(Page(small, tags=maker("Hasselblad")), Page((640, 480), colours=MOSAIC)), "3FR"),
        "pentax.pef": (tiff(Page((640, 480), colours=MOSAIC, tags=maker("PENTAX") | {259: (3, [65535])})), "PEF"),
        "canon.cr2": (b"II*\0\x10\0\0\0CR\x02\0" + tiff(Page((640, 480), tags=maker("Canon")))[12:], "CR2"),
        "phase.iiq": (tiff(Page(small), start=b"")[:4] + b"IIIITwaR" + bytes(400), "IIQ"),
        "olympus.orf": (b"IIRO" + tiff(Page(small))[4:], "ORF"),
        "lumix.rw2": (b"IIU\0" + tiff(Page(small))[4:], "RW2"),
        "canon.cr3": (b"\0\0\0\x18ftypcrx \0\0\0\1crx isom" + bytes(400), "CR3"),
        "fuji.raf": (b"FUJIFILMCCD-RAW 0201FF393101X-T5" + bytes(400), "RAF"),
        "sigma.x3f": (b"FOVb\3\0\2\0" + bytes(400), "X3F"),
        "minolta.mrw": (b"\0MRM\0\1\0\0" + bytes(400), "MRW"),
        "canon.crw": (b"II\x1a\0\0\0HEAPCCDR" + bytes(400), "CRW"),
    }  # fmt: skip


def ordinary() -> dict[str, tuple[bytes, tuple[int, int]]]:
    """TIFFs that share one thing or another with RAW files and are pictures like any other: bytes, size."""
    full, half = (640, 480), (320, 240)
    dng = {DNG: (1, [1, 4, 0, 0])}
    return {
        "camera-jpeg-saved-as.tif": (tiff(Page(full, tags=maker("NIKON CORPORATION"))), full),
        "exported-with-all-tags.tif": (tiff(Page(full, kind=0, tags=maker("Apple") | dng)), full),
        "exported-with-pyramid.tif": (tiff(Page(full, kind=0, tags=dng), Page(half, (0, 0, 9), REDUCED)), full),
        "scanner.tif": (tiff(Page(full, kind=0, tags=maker("EPSON")), order=">"), full),
        "pyramid.tif": (tiff(Page(full, kind=0), Page(half, (0, 0, 9), REDUCED), Page((160, 120), (0, 0, 9), REDUCED)), full),
        "pyramid-below.tif": (tiff(Page(full, kind=0, below=[Page(half, (0, 0, 9), REDUCED)])), full),
        "pyramid-below-unmarked.tif": (tiff(Page(full, below=[Page(half, (0, 0, 9))])), full),
        "geo-with-mask.tif": (tiff(Page(full, kind=0), Page(full, (0, 0, 9), MASK)), full),
        "thumbnail-first.tif": (tiff(Page((160, 120), (0, 0, 9), REDUCED), Page(full, kind=0)), full),
        "old-thumbnail-first.tif": (tiff(Page((160, 120), (0, 0, 9), tags={255: (3, [2])}), Page(full)), full),
        "only-reduced.tif": (tiff(Page(full, kind=REDUCED)), full),
        "big.tif": (tiff(Page(full), big=True), full),
        "pixels-like-a-cr2.tif": (tiff(Page(full), start=b"CR\x02\0"), full),
    }  # fmt: skip
