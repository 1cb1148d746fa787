"""Shapes: fitting, cutting, carrying on, turning, the camera's place, several pictures on one page.

Rules of this file: nothing is ever stretched, and a tilt of the camera is a true projection; there is no
looking for a subject, so a cut is taken from the middle and one that would lose much is not made.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from functools import partial

from PIL import Image, ImageChops, ImageDraw, ImageOps

from .canvas import Colour, Picture, Size, contain, field, glow, over, plain, pool, shade, soft

Box = tuple[int, int, int, int]
Quad = Sequence[tuple[float, float]]

# Which part of the input each corner of the output shows (upper left, upper right, lower right, lower left).
VIEWS: dict[str, Quad] = {
    "camera:birdseye": ((0.0, 0.0), (1.0, 0.0), (0.76, 1.0), (0.24, 1.0)),
    "camera:low": ((0.2, 0.0), (0.8, 0.0), (1.0, 1.0), (0.0, 1.0)),
    "camera:left": ((0.0, 0.14), (1.0, 0.0), (1.0, 1.0), (0.0, 0.86)),
    "camera:right": ((0.0, 0.0), (1.0, 0.14), (1.0, 0.86), (0.0, 1.0)),
}
WIDE = 0.68
KEEPS = 0.7  # a cut keeps at least this much of the input; else all of it is shown
GROUNDS: tuple[Colour, ...] = ((233, 237, 242), (242, 236, 228), (231, 240, 235), (238, 234, 243))  # by take


def fitted(picture: Picture, size: Size, *, cut: bool = False) -> Picture:
    """The input in another shape, never stretched: cut from the middle, or shown whole and carried on."""
    factor = max(size[0] / picture.width, size[1] / picture.height)
    kept = (size[0] * size[1]) / (factor * picture.width * factor * picture.height)
    if cut or kept >= KEEPS:
        return ImageOps.fit(picture, size, Image.Resampling.LANCZOS)
    return surrounded(picture.resize(contain(picture.size, size), Image.Resampling.LANCZOS), size)


def ground(size: Size, take: int) -> Picture:
    """A calm, neutral gradient: where there is nothing to edit."""
    page = shade(plain(size, GROUNDS[(take - 1) % len(GROUNDS)]), field(size, lambda _x, y: y), 0.18)
    return glow(page, (255, 255, 255), pool(size, (0.5, 0.42), 0.55), 0.5)


def widened(image: Picture) -> Picture:
    """The picture smaller in the middle, the world round it carried on from its edges."""
    inner = (max(1, round(image.width * WIDE)), max(1, round(image.height * WIDE)))
    return surrounded(image.resize(inner, Image.Resampling.LANCZOS), image.size)


def surrounded(image: Picture, size: Size) -> Picture:
    """A picture in the middle of a larger canvas; its mirrored, blurred edges fill the rest."""
    left, top = (size[0] - image.width) // 2, (size[1] - image.height) // 2
    canvas, rim = Image.new("RGB", size), max(2, max(size) // 26)
    down, across = math.ceil(top / image.height), math.ceil(left / image.width)
    for row in range(-down, down + 1):
        for column in range(-across, across + 1):
            tile = ImageOps.mirror(image) if column % 2 else image
            tile = ImageOps.flip(tile) if row % 2 else tile
            canvas.paste(tile, (left + column * image.width, top + row * image.height))
    inner, bound = Image.new("L", size), Image.new("L", size)
    x, y = left + (left and rim), top + (top and rim)
    inner.paste(255, (x, y, size[0] - x, size[1] - y))
    box = (left, top, left + image.width, top + image.height)
    bound.paste(soft(inner, rim / 2.2).crop(box), box)
    return over(soft(canvas, max(size) / 45), canvas, bound)


def project(image: Picture, view: Quad) -> Picture:
    """The part of a picture under a quadrangle, seen straight on (a true projection)."""
    w, h = image.size
    (x0, y0), (x1, y1), (x2, y2), (x3, y3) = ((x * w, y * h) for x, y in view)
    # Heckbert's closed form of the projection that takes the unit square to the quadrangle
    sx, sy, ax, ay, bx, by = x0 - x1 + x2 - x3, y0 - y1 + y2 - y3, x1 - x2, y1 - y2, x3 - x2, y3 - y2
    whole = ax * by - bx * ay
    g, k = (sx * by - bx * sy) / whole, (ax * sy - sx * ay) / whole
    across, down = (x1 - x0 + g * x1, x3 - x0 + k * x3), (y1 - y0 + g * y1, y3 - y0 + k * y3)
    rows = (across[0] / w, across[1] / h, x0, down[0] / w, down[1] / h, y0, g / w, k / h)
    return image.transform(image.size, Image.Transform.PERSPECTIVE, rows, Image.Resampling.BICUBIC)


def cells(shapes: Sequence[Size], area: Box) -> list[Box]:
    """A place for each shape, row by row, whole and unstretched, as large as the area allows."""
    best: list[Box] = []
    for across in range(1, len(shapes) + 1):
        rows = -(-len(shapes) // across)
        wide, tall = (area[2] - area[0]) / across, (area[3] - area[1]) / rows
        found = []
        for number, shape in enumerate(shapes):
            row, column = divmod(number, across)
            missing = (across * rows - len(shapes)) * (row == rows - 1)  # a short last row is centred
            w, h = contain(shape, (max(1, round(0.95 * wide)), max(1, round(0.95 * tall))))
            x, y = area[0] + wide * (column + 0.5 + missing / 2) - w / 2, area[1] + tall * (row + 0.5) - h / 2
            found.append((round(x), round(y), round(x) + w, round(y) + h))
        best = max(best, found, key=lambda boxes: sum((box[2] - box[0]) * (box[3] - box[1]) for box in boxes))
    return best


def collage(pictures: Sequence[Picture], size: Size, above: float, below: float) -> Picture:
    """Every input whole, as prints side by side on a page washed in their own colours.

    `above` and `below` are the shares of the height that stay free for what is set there.
    """
    w, h = size
    wash = Image.new("RGB", size)
    for number, picture in enumerate(pictures):
        strip = ImageOps.fit(picture, (max(1, w // len(pictures) + 1), h))
        wash.paste(strip, (number * w // len(pictures), 0))
    page = glow(soft(wash, max(size) / 9), (255, 250, 240), pool(size, (0.5, 0.4), 0.8), 0.35)
    area = (round(0.03 * w), round((0.04 + above) * h), round(0.97 * w), round((0.94 - below) * h))
    for picture, cell in zip(pictures, cells([one.size for one in pictures], area)):
        page = _hung(page, picture, cell)
    return page


def _hung(page: Picture, picture: Picture, cell: Box) -> Picture:
    """One input as a print with a thin white edge, round corners and a shadow."""
    x0, y0, x1, y1 = cell
    short = min(x1 - x0, y1 - y0)
    edge, radius, reach = max(1, short // 70), max(2, short // 26), max(3, short // 26)
    masks = (Image.new("L", page.size), Image.new("L", page.size))
    for mask, more in zip(masks, (edge, 0)):
        box = (x0 - more, y0 - more, x1 - 1 + more, y1 - 1 + more)
        ImageDraw.Draw(mask).rounded_rectangle(box, radius + more, fill=255)
    page = shade(page, ImageChops.offset(soft(masks[0], reach), 0, reach // 2), 0.5)
    layer = plain(page.size, (255, 255, 255))
    page = over(page, layer, masks[0])
    layer.paste(picture.resize((x1 - x0, y1 - y0), Image.Resampling.LANCZOS), (x0, y0))
    return over(page, layer, masks[1])


SHAPES: dict[str, Callable[[Picture], Picture]] = {
    "mirror": ImageOps.mirror,
    "rotate:left": lambda image: fitted(image.transpose(Image.Transpose.ROTATE_90), image.size),
    "rotate:right": lambda image: fitted(image.transpose(Image.Transpose.ROTATE_270), image.size),
    "zoom": lambda image: ImageOps.fit(image, image.size, Image.Resampling.LANCZOS, bleed=0.19),
    "extend": widened,
    **{name: partial(project, view=view) for name, view in VIEWS.items()},
}
