"""Pictures for a page with a limit: as large as all of them together may be."""

from __future__ import annotations

import base64
import io
from collections.abc import Collection, Mapping
from dataclasses import dataclass
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


@dataclass(frozen=True, slots=True)
class Packed:
    """Pictures for a page.

    Attributes:
        shown: their data addresses, by key; ``""`` in a page that is only measured.
        lost: the keys of those that can't be read; the others that are not shown have no room.
    """

    shown: Mapping[str, str]
    lost: Collection[str] = ()


def packed(pictures: Mapping[str, ImageData], room: int) -> Packed:
    """Pictures as data addresses within ``room`` bytes in all.

    Every picture has the same share; what small ones leave goes to those after them.
    """
    found: dict[str, str] = {}
    lost: set[str] = set()
    left, many = room, room * 3 // 4 // _LEAST
    for key, data in list(pictures.items())[:many]:
        try:
            picture = unread(data).preview(_LARGEST, 4 * 2**20).to_pil()
        except NanoBananaError:
            lost.add(key)
            continue
        share = left // max(1, len(pictures) - len(found) - len(lost)) * 3 // 4
        drawn = _drawn(picture, share)
        if drawn is not None:
            found[key] = "data:image/webp;base64," + base64.b64encode(drawn).decode()
            left -= len(found[key])
    return Packed(found, lost)


def _drawn(picture: Image.Image, most: int) -> bytes | None:
    """A WebP of at most so many bytes; None where it would show nothing."""
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
