"""Pictures for a page with a limit: as large as all of them together may be."""

from __future__ import annotations

import base64
import io
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Final

from PIL import Image

from .._compare.cells import unread
from ..errors import NanoBananaError

if TYPE_CHECKING:
    from .._images.data import ImageData

_LARGEST, _SMALLEST = 1280, 96
_QUALITY: Final = 80
_LEAST: Final = 2_500
"""Bytes below which a picture shows nothing."""
_DENSITY: Final = 5.0
"""Pixels to a byte, at first guess."""
_SHRINK: Final = 0.8


def packed(pictures: Mapping[str, ImageData], room: int) -> dict[str, str]:
    """As data addresses, by their keys, within ``room`` bytes in all; what there is no room for is left out.

    Every picture has the same share; what small ones leave goes to those after them.
    """
    found: dict[str, str] = {}
    left, count = room, len(pictures)
    for key, data in _within(pictures, room):
        share = left // max(1, count - len(found)) * 3 // 4
        drawn = _drawn(data, share)
        if drawn is not None:
            found[key] = "data:image/webp;base64," + base64.b64encode(drawn).decode()
            left -= len(found[key])
        else:
            count -= 1
    return found


def _within(pictures: Mapping[str, ImageData], room: int) -> Iterator[tuple[str, ImageData]]:
    """As many as can be seen."""
    yield from list(pictures.items())[: room * 3 // 4 // _LEAST]


def _drawn(data: ImageData, most: int) -> bytes | None:
    """A WebP of at most so many bytes; None where it can't be read, or would show nothing."""
    try:
        picture = unread(data).preview(_LARGEST, 4 * 2**20).to_pil()
    except NanoBananaError:
        return None
    kind = "RGBA" if picture.mode in ("RGBA", "LA", "PA") or "transparency" in picture.info else "RGB"
    picture = picture.convert(kind)
    edge = min(_LARGEST, max(picture.size), max(_SMALLEST, int((most * _DENSITY) ** 0.5)))
    least = min(edge, _SMALLEST // 2)  # one that is small itself is shown as it is
    while edge >= least:
        small = picture.copy()
        small.thumbnail((edge, edge), Image.Resampling.LANCZOS)
        out = io.BytesIO()
        small.save(out, "WEBP", quality=_QUALITY, method=2)
        if out.tell() <= most:
            return out.getvalue()
        edge = int(edge * _SHRINK)
    return None
