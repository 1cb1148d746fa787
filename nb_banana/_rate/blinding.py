"""Pictures made alike before they are shown blind: one format, one box, one length, nothing but the pixels.

Rules of this file:

* What is seen of a picture is all there is to see: its format, its size in pixels and bytes, its metadata
  and its profile say nothing. Every picture of a rating gets the same longest edge and is encoded alike.
* Pictures shown together get one box and are filled up to one length of bytes.
* Each model rounds the pixels of a ratio in its own way: 896×1200 and 880×1168 are both meant as 3:4, and a
  hairline more at one side would give a model away. Such hairlines are cut off, of all alike, by at most
  :data:`SLACK` of an edge. A shape that differs by more is itself what is seen: it stands whole in the box.
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
SLACK: Final = 0.04
"""Of a ratio: what is nearer than this was meant to be the same."""
_SMALLEST: Final = 256
_RATIOS: Final = tuple(one / other for one, other in (
    (1, 1), (2, 3), (3, 2), (3, 4), (4, 3), (4, 5), (5, 4), (9, 16), (16, 9), (21, 9),
    (1, 4), (4, 1), (1, 8), (8, 1),
))  # fmt: skip
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


def alike(results: Sequence[ImageData], inputs: Sequence[ImageData], edge: int) -> Alike:
    """Results, and the inputs after them, in the smallest box that holds all at this longest edge.

    Raises:
        InvalidImageError: one can't be decoded.
    """
    pictures = (*results, *inputs)
    ratios = [_meant(image.shown_size) for image in pictures]
    common = math.exp(sum(map(math.log, ratios[: len(results)])) / len(results))
    if all(_near(ratio, common) for ratio in ratios[: len(results)]):
        ratios = [common if _near(ratio, common) else ratio for ratio in ratios]
    sizes = [_scaled(ratio, edge) for ratio in ratios]
    box = max(width for width, _ in sizes), max(height for _, height in sizes)
    encoded = [_encoded(image, size, box) for image, size in zip(pictures, sizes, strict=True)]
    length = math.ceil(max(map(len, encoded)) / _STEP) * _STEP
    return Alike(*box, tuple(data.ljust(length, b"\0") for data in encoded))


def _meant(size: tuple[int, int]) -> float:
    """The ratio a picture was meant to have: a common one that is near, else its own."""
    own = size[0] / size[1]
    nearest = min(_RATIOS, key=lambda ratio: abs(math.log(ratio / own)))
    return nearest if _near(nearest, own) else own


def _near(one: float, other: float) -> bool:
    return abs(math.log(one / other)) < math.log(1 + SLACK)


def _scaled(ratio: float, edge: int) -> tuple[int, int]:
    return max(1, round(edge * min(1.0, ratio))), max(1, round(edge * min(1.0, 1 / ratio)))


def _encoded(image: ImageData, size: tuple[int, int], box: tuple[int, int]) -> bytes:
    try:
        flat = _flat(in_srgb(plain(image.to_pil())))
        seen = flat.resize(size, Image.Resampling.LANCZOS, box=_inner(flat.size, size), reducing_gap=3.0)
    except DECODE_ERRORS as reason:
        raise image.undecodable(reason) from None
    canvas = Image.new("RGB", box, _AROUND)
    canvas.paste(seen, ((box[0] - size[0]) // 2, (box[1] - size[1]) // 2))
    out = io.BytesIO()
    canvas.save(out, "JPEG", quality=_QUALITY, subsampling="4:4:4")
    return out.getvalue()


def _inner(whole: tuple[int, int], size: tuple[int, int]) -> tuple[float, float, float, float]:
    """The middle of a picture that has the ratio of ``size``: at most a hairline is left out."""
    scale = min(whole[0] / size[0], whole[1] / size[1])
    wide, tall = size[0] * scale, size[1] * scale
    left, top = max(0.0, (whole[0] - wide) / 2), max(0.0, (whole[1] - tall) / 2)
    return left, top, min(whole[0], left + wide), min(whole[1], top + tall)


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
