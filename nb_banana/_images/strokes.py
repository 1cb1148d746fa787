"""Marks as pixels: the mask they are, and the copy of the picture they are drawn on.

Rules of this file:

* The mask of a box is that box in pixels; that of a stroke is its discs and what lies between them.
* What is drawn is drawn once, in order: where two strokes cross they are no darker.
* Both pictures carry the marks they were made of, so that they can be drawn on.
* Pixels are Pillow's; other rooms import this one inside functions.
"""

from __future__ import annotations

import io
import itertools
import math
from collections.abc import Callable, Iterable
from typing import Any, Final, Protocol

from PIL import Image, ImageDraw
from PIL.PngImagePlugin import PngInfo

from .._strings import say
from ..errors import InvalidRequestError
from . import pixels
from .fonts import font_for, platform_hint
from .masks import region_box

_INKS: Final = {"red": (230, 0, 0), "yellow": (255, 204, 0), "green": (0, 150, 70), "blue": (20, 90, 230)}
_KEY: Final = "nb_banana.marks"
_LINE: Final = 160
"""The longer edge over this is the width of a line: seen at any size, hiding little."""
_SEEN: Final = 128
"""How much a stroke covers: what is to be changed must be seen through it."""
_LARGE: Final = 1_500_000
"""Pixels from which a copy without transparency is a JPEG: it only points, and a PNG may be too large."""
_COMMENT: Final = 60_000
"""Bytes that a JPEG's comment holds."""


class Shape(Protocol):
    """One thing drawn, as ``marks`` holds it."""

    @property
    def kind(self) -> str: ...
    @property
    def points(self) -> tuple[tuple[float, float], ...]: ...
    @property
    def width(self) -> float: ...
    @property
    def colour(self) -> str: ...
    @property
    def text(self) -> str: ...


def mask(shapes: Iterable[Shape], size: tuple[int, int], told: str) -> bytes:
    """Where to edit on a picture of this size: a PNG, white on black, that carries what is ``told``."""
    plane = Image.new("L", size)
    draw = ImageDraw.Draw(plane)
    for shape in shapes:
        if shape.kind == "box":
            plane.paste(255, _box(shape, size))
        elif shape.kind == "lasso":
            draw.polygon(_on(shape, size), fill=255)
        elif shape.kind in ("brush", "eraser"):
            _stroke(draw, shape, size, 255 if shape.kind == "brush" else 0)
    return _png(plane, told, 1)


def copy(shapes: Iterable[Shape], picture: Image.Image, told: str) -> bytes:
    """The upright picture with the shapes on it; the file carries what is ``told``."""
    picture = pixels.plain(picture)
    profile = {"icc_profile": pixels.profile_of(picture)}
    clear = pixels.has_alpha(picture)
    made = picture.convert("RGBA" if clear else "RGB")
    layer = Image.new("RGBA", made.size)
    draw = ImageDraw.Draw(layer)
    for shape in shapes:
        _DRAWN[shape.kind](draw, shape, made.size)
    if clear:
        made.alpha_composite(layer)
    else:
        made = made.copy() if made is picture else made
        made.paste(layer, mask=layer)
    small = clear or made.width * made.height <= _LARGE
    return _png(made, told, 3, **profile) if small else _jpeg(made, told, **profile)


def told_in(data: bytes) -> str:
    """What such a file carries, ``""`` where it is none."""
    try:
        with Image.open(io.BytesIO(data)) as opened:
            found = opened.info.get(_KEY) or opened.info.get("comment", b"")
    except pixels.DECODE_ERRORS:
        return ""
    text = found if isinstance(found, str) else bytes(found).decode("utf-8", "replace")
    return text.removeprefix(f"{_KEY}:")


# --- shapes -----------------------------------------------------------------------------------------


def _on(shape: Shape, size: tuple[int, int]) -> list[tuple[float, float]]:
    return [(x * size[0], y * size[1]) for x, y in shape.points]


def _box(shape: Shape, size: tuple[int, int]) -> tuple[int, int, int, int]:
    (x, y), (u, v) = shape.points
    left, top = min(x, u, 1 - 1e-9), min(y, v, 1 - 1e-9)
    wide, tall = max(abs(x - u), 1e-9), max(abs(y - v), 1e-9)
    return region_box((left, top, min(wide, 1 - left), min(tall, 1 - top)), size)


def _stroke(draw: ImageDraw.ImageDraw, shape: Shape, size: tuple[int, int], ink: Any) -> None:
    points, width = _on(shape, size), max(1.0, shape.width * max(size))
    for begin, end in itertools.pairwise(points):
        draw.polygon(_bar(begin, end, width / 2), fill=ink)
    for x, y in points:
        draw.ellipse((x - width / 2, y - width / 2, x + width / 2, y + width / 2), fill=ink)


def _bar(begin: tuple[float, float], end: tuple[float, float], half: float) -> list[tuple[float, float]]:
    """The corners of what lies between two discs."""
    (x, y), (u, v) = begin, end
    long = math.hypot(u - x, v - y) or 1.0
    dx, dy = (v - y) / long * half, (x - u) / long * half
    return [(x + dx, y + dy), (u + dx, v + dy), (u - dx, v - dy), (x - dx, y - dy)]


def _line(size: tuple[int, int]) -> int:
    return max(3, round(max(size) / _LINE))


def _ink(shape: Shape, cover: int = 255) -> tuple[int, int, int, int]:
    return (*_INKS[shape.colour], cover)


def _brushed(draw: ImageDraw.ImageDraw, shape: Shape, size: tuple[int, int]) -> None:
    _stroke(draw, shape, size, _ink(shape, _SEEN))


def _erased(draw: ImageDraw.ImageDraw, shape: Shape, size: tuple[int, int]) -> None:
    _stroke(draw, shape, size, (0, 0, 0, 0))


def _boxed(draw: ImageDraw.ImageDraw, shape: Shape, size: tuple[int, int]) -> None:
    left, top, right, bottom = _box(shape, size)
    draw.rectangle((left, top, right - 1, bottom - 1), outline=_ink(shape), width=_line(size))


def _lassoed(draw: ImageDraw.ImageDraw, shape: Shape, size: tuple[int, int]) -> None:
    points = _on(shape, size)
    draw.line([*points, *points[:2]], fill=_ink(shape), width=_line(size), joint="curve")


def _pointed(draw: ImageDraw.ImageDraw, shape: Shape, size: tuple[int, int]) -> None:
    (x, y), (u, v) = _on(shape, size)
    line, turn = _line(size), math.atan2(v - y, u - x)
    head = 4 * line
    foot = u - head * 0.8 * math.cos(turn), v - head * 0.8 * math.sin(turn)
    draw.polygon(_bar((x, y), foot, line / 2), fill=_ink(shape))
    sides = [(u - head * math.cos(turn + by), v - head * math.sin(turn + by)) for by in (-0.5, 0.5)]
    draw.polygon([(u, v), *sides], fill=_ink(shape))


def _labelled(draw: ImageDraw.ImageDraw, shape: Shape, size: tuple[int, int]) -> None:
    letters = max(12, round(1.5 * shape.width * max(size)))
    font = font_for(shape.text, letters)
    if font is None:
        raise InvalidRequestError(say("easel.no_font", text=shape.text, package=platform_hint()))
    line = max(1, letters // 10)
    draw.text(
        _on(shape, size)[0], shape.text, fill=_ink(shape), font=font, anchor="ls",
        stroke_width=line, stroke_fill="white",
    )  # fmt: skip


_DRAWN: Final[dict[str, Callable[[ImageDraw.ImageDraw, Shape, tuple[int, int]], None]]] = {
    "brush": _brushed, "eraser": _erased, "box": _boxed, "lasso": _lassoed, "arrow": _pointed,
    "text": _labelled,
}  # fmt: skip


# --- files ------------------------------------------------------------------------------------------


def _png(picture: Image.Image, told: str, level: int, **how: Any) -> bytes:
    text, stream = PngInfo(), io.BytesIO()
    text.add_text(_KEY, told)
    picture.save(stream, "PNG", compress_level=level, pnginfo=text, **how)
    return stream.getvalue()


def _jpeg(picture: Image.Image, told: str, **how: Any) -> bytes:
    stream, said = io.BytesIO(), f"{_KEY}:{told}".encode()
    comment = {"comment": said} if len(said) <= _COMMENT else {}
    picture.save(stream, "JPEG", quality=92, **comment, **how)
    return stream.getvalue()
