"""One picture in fewer bytes: as it is, then with fewer colours or a lower quality, then in fewer pixels.

A drawing (few colours, or see-through) stays a PNG; a photo becomes a JPEG where its type may change. What
moves is not touched.
"""

from __future__ import annotations

import io
import math
from collections.abc import Iterator
from heapq import nlargest
from typing import Final, NamedTuple

from PIL import Image

from .._images import pixels
from .._images.data import MAX_PIXELS
from .._images.readers import opened

_DRAWN, _AREAS = 4_000, 16
"""A picture of fewer colours, or half of which has the commonest few, was drawn, not taken."""
_MANY: Final = 65_536
_GREYS: Final = 64
"""The same of a grey one, which has 256 at most."""
_TRIES: Final = 8
_FAR: Final = 4


class Made(NamedTuple):
    """A picture in fewer bytes; ``shown`` is the size it had."""

    data: bytes
    mime: str
    size: tuple[int, int]
    shown: tuple[int, int]


class Unchanged(ValueError):
    """The picture stays as it is; the key of the sentence that says why."""


def smaller(data: bytes, mime: str, cap: int, *, least: int, free: bool) -> Made:
    """The gentlest encoding of at most ``cap`` bytes, or the smallest there is.

    Args:
        least: the longest edge a larger picture keeps.
        free: whether its type may change.

    Raises:
        Unchanged: it moves, or can't be decoded.
    """
    picture = _opened(data, mime)
    best: tuple[bytes, str, Image.Image] | None = None
    whole, edge = picture, max(picture.size)
    drawn = picture.mode == "RGBA" or _is_drawn(picture)
    for _ in range(_TRIES):
        for made, kind in _ladder(picture, mime, free=free, drawn=drawn):
            if best is None or len(made) < len(best[0]):
                best = made, kind, picture
            if len(made) <= cap:
                return Made(made, kind, picture.size, whole.size)
            if len(made) > _FAR * cap and edge > least:
                break  # no step of the ladder goes so far: pixels have to go
        assert best is not None  # every ladder has a step
        if edge <= least:
            break
        # Bytes go about with the area; a little under the estimate spares a second round.
        edge = max(least, int(edge * min(0.9, math.sqrt(cap / len(best[0])) * 0.97)))
        picture = pixels.scaled(whole, edge)
    assert best is not None
    return Made(best[0], best[1], best[2].size, whole.size)


def _opened(data: bytes, mime: str) -> Image.Image:
    try:
        with opened(data, mime) as file:
            if getattr(file, "n_frames", 1) > 1:
                raise Unchanged("slim.moving")
            if file.width * file.height > MAX_PIXELS:
                raise Unchanged("slim.too_many_pixels")
        picture = pixels.in_srgb(pixels.plain(pixels.decoded(data, mime)))
    except Unchanged:
        raise
    except pixels.DECODE_ERRORS:
        raise Unchanged("slim.undecodable") from None
    return picture if picture.mode != "RGBA" or pixels.is_clear(picture) else picture.convert("RGB")


def _ladder(picture: Image.Image, mime: str, *, free: bool, drawn: bool) -> Iterator[tuple[bytes, str]]:
    """Encodings, the gentlest first."""
    if mime == "image/webp":
        yield from ((pixels.encoded(picture, mime, quality), mime) for quality in (85, 72, 60))
    elif mime == "image/jpeg" or (free and not drawn):
        yield from ((_jpeg(picture, quality), "image/jpeg") for quality in (88, 78, 66))
    elif mime == "image/gif" and not free:
        yield from ((_palette(picture, colours, "GIF"), mime) for colours in (128, 32))
    else:
        if drawn:
            yield _png(picture), "image/png"
        yield from ((_palette(picture, colours, "PNG"), "image/png") for colours in (256, 64, 24))


def _is_drawn(picture: Image.Image) -> bool:
    """Whether it has few colours, or is mostly of a few."""
    counted = picture.getcolors(_MANY)
    if counted is None:
        return False
    most = nlargest(_AREAS, (count for count, _ in counted))
    few = _DRAWN if picture.mode == "RGB" else _GREYS
    return len(counted) <= few or sum(most) * 2 > picture.width * picture.height


def _jpeg(picture: Image.Image, quality: int) -> bytes:
    out = io.BytesIO()
    flat = picture if picture.mode in ("L", "RGB") else picture.convert("RGB")
    flat.save(out, "JPEG", quality=quality, optimize=True)
    return out.getvalue()


def _png(picture: Image.Image) -> bytes:
    out = io.BytesIO()
    picture.save(out, "PNG", optimize=True)
    return out.getvalue()


def _palette(picture: Image.Image, colours: int, kind: str) -> bytes:
    """Without grain: what was drawn stays in clean areas."""
    out = io.BytesIO()
    few = picture.quantize(colours, dither=Image.Dither.NONE)
    few.save(out, kind, optimize=True)
    return out.getvalue()
