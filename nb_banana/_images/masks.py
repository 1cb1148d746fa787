"""A mask: where an edit may happen, on the first picture of an edit.

Rules of the room:

* Given is a region (left, top, width, height in shares of the picture) or a picture: white is *edit here*;
  of a picture with transparency, what is transparent is.
* In between it is one plane of the size at which a person sees the photo: 255 is *edit here*, 0 is *keep*.
* Pixels are Pillow's; other rooms import this one inside functions.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any, Final, TypeGuard

from PIL import Image, ImageChops, ImageFilter

from .._strings import say
from ..errors import InvalidImageError, InvalidRequestError
from . import containers, pixels
from .data import ImageData
from .regions import shares_of

MOST_BYTES: Final = 4_000_000
"""Of the PNG that goes out (GPT Image)."""
RED: Final = (230, 0, 0)
_LINE: Final = 160
"""The longer edge over this is the width of the outline: seen at any size, hiding little."""
_NEAR: Final = 24
"""Levels from the red within which a pixel still has it, in a copy that was stored as a JPEG."""
_OFF: Final = 0.05
"""How far the shape of a mask may be from the picture's."""


def is_region(mask: Any) -> TypeGuard[Sequence[float]]:
    """Whether a mask is four shares of the picture."""
    return isinstance(mask, (tuple, list))


def marks_of(mask: Image.Image) -> Image.Image:
    """A mask picture as a plane of its own size: its white, or what is transparent where any pixel really is.

    Raises:
        ValueError: it holds numbers that are no light.
    """
    flat = pixels.plain(mask)  # 16 bits and floats by their range; the mode of an opaque picture says nothing
    return cleared(flat) if pixels.is_clear(flat) else flat.convert("L")


def cleared(mask: Image.Image) -> Image.Image:
    """What is transparent, as a plane."""
    return ImageChops.invert(mask.convert("RGBA").getchannel("A"))


def is_clear(mask: Any) -> bool:
    """Whether a mask says by its transparency where to edit."""
    return isinstance(mask, ImageData) and pixels.is_clear(pixels.plain(mask.to_pil()))


def plane(mask: Any, picture: ImageData) -> Image.Image:
    """Where to edit, as a plane of the picture's size as people see it.

    Raises:
        InvalidRequestError: a region that is none, a mask of another shape, one that marks nothing.
        InvalidImageError: the mask's pixels can't be decoded.
    """
    size = picture.shown_size
    made = _of_region(mask, size) if is_region(mask) else _of_picture(mask, picture)
    if not share(made):
        raise InvalidRequestError(say("wire.mask_empty"))
    return made


def share(chosen: Image.Image) -> float:
    """Which share of the picture is to be edited."""
    counts = chosen.histogram()
    return sum(counts[128:]) / max(1, sum(counts))


def region_box(region: Sequence[float], size: tuple[int, int]) -> tuple[int, int, int, int]:
    """The pixels of a region: left, top, right, bottom.

    Raises:
        InvalidRequestError: it is none.
    """
    if (shares := shares_of(region)) is None:
        raise InvalidRequestError(say("measure.bad_region", value=repr(region)[:80]))
    (left, top, wide, tall), (width, height) = shares, size
    box = round(left * width), round(top * height), round((left + wide) * width), round((top + tall) * height)
    return box[0], box[1], max(box[2], box[0] + 1), max(box[3], box[1] + 1)


def _of_region(region: Sequence[float], size: tuple[int, int]) -> Image.Image:
    made = Image.new("L", size)
    made.paste(255, region_box(region, size))
    return made


def _of_picture(mask: ImageData, picture: ImageData) -> Image.Image:
    """A mask picture, turned and scaled as the photo is shown."""
    made, size = _marks(mask), picture.shown_size
    if not _alike(made.size, size):
        turn = containers.orientation(picture.data, picture.mime_type)
        turned = pixels.turned(made, turn)  # drawn on the pixels as they are stored
        if not _alike(turned.size, size):
            named = {"mask": made.size, "picture": size}
            shapes = {name: f"{width}×{height}" for name, (width, height) in named.items()}
            raise InvalidRequestError(say("wire.mask_shape", **shapes))
        made = turned
    return made if made.size == size else made.resize(size, Image.Resampling.BILINEAR)


def _marks(mask: ImageData) -> Image.Image:
    try:
        return marks_of(pixels.decoded(mask.data, mask.mime_type))
    except pixels.DECODE_ERRORS as reason:
        raise InvalidImageError(say("images.undecodable", name=mask.name or "mask", reason=reason)) from None


def _alike(one: tuple[int, int], other: tuple[int, int]) -> bool:
    return abs(one[0] * other[1] / (one[1] * other[0]) - 1) <= _OFF


def hole(chosen: Image.Image, size: tuple[int, int]) -> ImageData:
    """A PNG of this size, black where the picture stays and transparent where it is to be edited.

    Raises:
        InvalidRequestError: it is over the limit of 4 MB.
    """
    flat = chosen if chosen.size == size else chosen.resize(size, Image.Resampling.BILINEAR)
    keep = flat.point(lambda level: 0 if level >= 128 else 255)
    made = Image.merge("RGBA", (*(Image.new("L", size) for _ in range(3)), keep))
    data = _png(made, 6)
    if len(data) > MOST_BYTES:
        raise InvalidRequestError(
            say("wire.mask_large", size=f"{len(data) / 1e6:.1f}", limit=f"{MOST_BYTES / 1e6:g}")
        )
    return ImageData.from_bytes(data, name="mask.png")


def outlined(picture: ImageData, chosen: Image.Image) -> ImageData:
    """A PNG copy of the picture, upright, with the border of the region drawn in red.

    Raises:
        InvalidImageError: the pixels can't be decoded.
    """
    try:
        copy = pixels.plain(pixels.decoded(picture.data, picture.mime_type))
    except pixels.DECODE_ERRORS as reason:
        raise InvalidImageError(say("images.undecodable", name=picture.name or "1", reason=reason)) from None
    copy = copy.convert("RGBA" if pixels.has_alpha(copy) else "RGB")
    flat = (chosen if chosen.size == copy.size else chosen.resize(copy.size)).point(
        lambda level: 255 if level >= 128 else 0
    )
    line = max(3, round(max(copy.size) / _LINE))
    # At the picture's own edge there is nothing outside: a black frame lets the line close there too.
    framed = Image.new("L", (copy.width + 2, copy.height + 2))
    framed.paste(flat, (1, 1))
    inner = _eroded(framed, line).crop((1, 1, copy.width + 1, copy.height + 1))
    border = ImageChops.subtract(flat, inner)
    copy.paste((*RED, 255) if copy.mode == "RGBA" else RED, mask=border)
    return ImageData.from_bytes(_png(copy, 3), name="marked.png")


def red_lines(picture: Image.Image) -> Image.Image:
    """A plane, white where it has the red line of :func:`outlined`; single red pixels are the photo's."""
    flat = picture.convert("RGB")
    red, green, blue = ImageChops.difference(flat, Image.new("RGB", flat.size, RED)).split()
    off = ImageChops.lighter(ImageChops.lighter(red, green), blue)
    return off.point(lambda level: 255 if level < _NEAR else 0).filter(ImageFilter.MinFilter(3))


def _eroded(flat: Image.Image, by: int) -> Image.Image:
    """The plane, smaller by so many pixels all around; small steps, for a large filter is slow."""
    for _ in range(by // 2):
        flat = flat.filter(ImageFilter.MinFilter(5))
    return flat.filter(ImageFilter.MinFilter(3)) if by % 2 else flat


def _png(picture: Image.Image, level: int) -> bytes:
    stream = io.BytesIO()
    picture.save(stream, "PNG", compress_level=level)
    return stream.getvalue()
