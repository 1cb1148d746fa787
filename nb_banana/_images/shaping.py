"""Pictures cut, turned and given room around, before they are sent.

Rules of the room:

* Boxes are whole pixels of the picture as it is seen, after its EXIF turn: left, top, right, bottom.
* Everything is done at once, so that a picture is decoded and encoded once. What changes nothing gives the
  picture itself.
* A picture stored exactly stays exact, as PNG; a JPEG, a lossy WebP or a HEIC becomes a JPEG of high quality,
  or a PNG where pixels are transparent. The colour profile stays; EXIF and what else is personal does not.
* Pixels are Pillow's; other rooms import this one inside functions.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import PurePath
from typing import Final

from PIL import Image

from .._strings import say
from ..errors import InvalidImageError, InvalidRequestError
from . import containers, pixels
from .data import DENSE_PIXELS, ImageData
from .saving import SUFFIXES

QUALITY: Final = 95
"""Of the JPEG a lossy picture becomes."""
FILLS: Final = {"grey": (128, 128, 128, 255), "white": (255, 255, 255, 255), "transparent": (0, 0, 0, 0)}
"""What stands around a picture that is extended."""


def crop(image: ImageData, box: Sequence[int]) -> ImageData:
    """What is inside the box.

    Raises:
        InvalidRequestError: the box is none, or reaches beyond the picture.
        InvalidImageError: the pixels can't be decoded.
    """
    left, top, right, bottom = _whole(box)
    width, height = image.shown_size
    if not (0 <= left < right <= width and 0 <= top < bottom <= height):
        raise InvalidRequestError(say("tray.beyond", box=tuple(box), width=width, height=height))
    return shape(image, box=box)


def rotate(image: ImageData, quarter_turns: int) -> ImageData:
    """The picture turned clockwise by so many times 90°; counted below 0, the other way.

    Raises:
        InvalidImageError: the pixels can't be decoded.
    """
    return shape(image, turns=quarter_turns)


def extend(
    image: ImageData, left: int, top: int, right: int, bottom: int, *, fill: str = "grey"
) -> ImageData:
    """The picture with so many pixels of room on each side.

    Args:
        fill: what is there, of ``FILLS``.

    Raises:
        InvalidRequestError: a side below 0, an unknown fill, or more pixels in all than can be handled.
        InvalidImageError: the pixels can't be decoded.
    """
    sides = _whole((left, top, right, bottom))
    if min(sides) < 0:
        raise InvalidRequestError(say("tray.bad_box", box=(left, top, right, bottom)))
    width, height = image.shown_size
    return shape(image, box=(-left, -top, width + right, height + bottom), fill=fill)


def shape(
    image: ImageData, *, turns: int = 0, box: Sequence[int] | None = None, fill: str = "grey"
) -> ImageData:
    """The picture turned, then as a box of it; where the box reaches beyond, ``fill`` stands.

    Args:
        turns: how many times 90° clockwise.
        box: left, top, right, bottom in pixels of the turned picture; None is all of it.
        fill: what stands around the picture, of ``FILLS``.

    Raises:
        InvalidRequestError: the box is none, misses the picture or is too large; the fill is unknown.
        InvalidImageError: the pixels can't be decoded.
    """
    (turns,) = _whole((turns,), 1)
    turns %= 4
    width, height = image.shown_size[::-1] if turns % 2 else image.shown_size
    left, top, right, bottom = frame = _whole((0, 0, width, height) if box is None else box)
    if fill not in FILLS:
        raise InvalidRequestError(say("tray.bad_fill", fill=fill, fills=", ".join(FILLS)))
    if left >= right or top >= bottom or left >= width or top >= height or right <= 0 or bottom <= 0:
        raise InvalidRequestError(say("tray.bad_box", box=frame))
    beyond = is_beyond((width, height), frame)
    if beyond and (right - left) * (bottom - top) > DENSE_PIXELS:
        limit = DENSE_PIXELS // 1_000_000
        raise InvalidRequestError(say("tray.too_wide", width=right - left, height=bottom - top, limit=limit))
    if not turns and frame == (0, 0, width, height):
        return image
    return _made(image, turns, frame, fill if beyond else "")


def is_beyond(size: tuple[int, int], box: Sequence[int] | None) -> bool:
    """Whether a box reaches beyond a (turned) picture of this size."""
    left, top, right, bottom = box or (0, 0, *size)
    return left < 0 or top < 0 or right > size[0] or bottom > size[1]


def name_of(name: str, size: tuple[int, int], box: Sequence[int] | None) -> str:
    """What a shaped picture is called: ``cat-cropped``, ``cat-extended``, ``cat-turned``.

    Args:
        size: width and height of the turned picture.
    """
    path = PurePath(name)
    stem = path.stem if path.suffix.lower() in {*SUFFIXES.values(), ".jpeg", ".tif"} else name
    if is_beyond(size, box):
        return f"{stem}-extended"
    return f"{stem}-turned" if tuple(box or (0, 0, *size)) == (0, 0, *size) else f"{stem}-cropped"


_TURNS: Final = {
    1: Image.Transpose.ROTATE_270,
    2: Image.Transpose.ROTATE_180,
    3: Image.Transpose.ROTATE_90,
}


def _made(image: ImageData, turns: int, frame: tuple[int, ...], fill: str) -> ImageData:
    """Decode, turn, frame and encode; any accident on the way is an error with the picture's name."""
    try:
        picture = pixels.plain(image.to_pil())
        profile = pixels.profile_of(picture)
        if turns:
            picture = picture.transpose(_TURNS[turns])
        picture = _framed(picture, frame, fill)
        if profile:
            picture.info["icc_profile"] = profile
        exact = containers.is_lossless(image.data, image.mime_type) or pixels.is_clear(picture)
        data = pixels.encoded(picture, "image/png" if exact else "image/jpeg", QUALITY)
    except InvalidImageError:
        raise
    except pixels.DECODE_ERRORS as reason:
        raise image.undecodable(reason) from None
    return ImageData.from_bytes(data, name=image.name)


def _framed(picture: Image.Image, frame: tuple[int, ...], fill: str) -> Image.Image:
    left, top, right, bottom = frame
    if not fill:
        return picture.crop((left, top, right, bottom))
    colour = FILLS[fill]
    if colour[3] < 255:
        picture = picture.convert("RGBA")
    ground = colour[0] if picture.mode == "L" else colour if picture.mode == "RGBA" else colour[:3]
    around = Image.new(picture.mode, (right - left, bottom - top), ground)
    around.paste(picture, (-left, -top))
    return around


def _whole(values: Sequence[int], count: int = 4) -> tuple[int, ...]:
    """Whole numbers, so many of them.

    Raises:
        InvalidRequestError: they are not.
    """
    try:
        whole = tuple(int(value) for value in values)
        if len(whole) == count and whole == tuple(values):
            return whole
    except (TypeError, ValueError, OverflowError):
        pass
    raise InvalidRequestError(say("tray.bad_box", box=values))
