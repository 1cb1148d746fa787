"""Pictures made alike before they are shown blind: one format, one box, one length, nothing but the pixels.

Rules of this file:

* What is seen of a picture is all there is to see: its format, its size in pixels and bytes, its metadata
  and its profile say nothing. Every picture of a rating gets the same longest edge and is encoded alike.
* Pictures shown together get one box and are filled up to one length of bytes; a shape that differs is itself
  what is seen.
"""

from __future__ import annotations

import io
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from PIL import Image

from .._images.data import ImageData
from .._images.pixels import DECODE_ERRORS, in_srgb, plain

MIME: Final = "image/jpeg"
LARGEST: Final = 1600
"""Pixels of the longest edge at most."""
_SMALLEST: Final = 256
_QUALITY: Final = 93
_STEP: Final = 64 * 1024
_AROUND: Final = (128, 128, 128)
_SQUARES: Final = ((187, 187, 187), (255, 255, 255))
_SQUARE: Final = 16


@dataclass(frozen=True, slots=True)
class Alike:
    """Pictures made alike, in order.

    Attributes:
        width, height: the box of each, in pixels.
        data: a JPEG each, all of one length.
    """

    width: int
    height: int
    data: tuple[bytes, ...]


def edge_of(sizes: Iterable[tuple[int, int]]) -> int:
    """The longest edge, in pixels, that every picture of a rating is brought to."""
    return min(LARGEST, max([_SMALLEST, *(max(size) for size in sizes)]))


def alike(pictures: Sequence[ImageData], edge: int) -> Alike:
    """These pictures in the smallest box that holds all of them at this longest edge.

    Raises:
        InvalidImageError: one can't be decoded.
    """
    sizes = [_scaled(image.shown_size, edge) for image in pictures]
    box = max(width for width, _ in sizes), max(height for _, height in sizes)
    encoded = [_encoded(image, size, box) for image, size in zip(pictures, sizes, strict=True)]
    length = math.ceil(max(map(len, encoded)) / _STEP) * _STEP
    return Alike(*box, tuple(data.ljust(length, b"\0") for data in encoded))


def _scaled(size: tuple[int, int], edge: int) -> tuple[int, int]:
    scale = edge / max(size)
    width, height = (max(1, round(side * scale)) for side in size)
    return width, height


def _encoded(image: ImageData, size: tuple[int, int], box: tuple[int, int]) -> bytes:
    try:
        flat = _flat(in_srgb(plain(image.to_pil())))
        seen = flat.resize(size, Image.Resampling.LANCZOS, reducing_gap=3.0)
    except DECODE_ERRORS as reason:
        raise image.undecodable(reason) from None
    canvas = Image.new("RGB", box, _AROUND)
    canvas.paste(seen, ((box[0] - size[0]) // 2, (box[1] - size[1]) // 2))
    out = io.BytesIO()
    canvas.save(out, "JPEG", quality=_QUALITY, subsampling="4:4:4")
    return out.getvalue()


def _flat(picture: Image.Image) -> Image.Image:
    """Without transparency: what is clear stands on the squares that viewers show."""
    if picture.mode != "RGBA":
        return picture.convert("RGB")
    ground = Image.new("RGB", picture.size, _SQUARES[0])
    square = Image.new("RGB", (_SQUARE, _SQUARE), _SQUARES[1])
    for top in range(0, picture.height, _SQUARE):
        for left in range((top // _SQUARE % 2) * _SQUARE, picture.width, 2 * _SQUARE):
            ground.paste(square, (left, top))
    ground.paste(picture, (0, 0), picture.getchannel("A"))
    return ground
