"""Where the camera stands: perspective, zoom, wider view, mirror. The subject's mask moves along."""

from __future__ import annotations

import math
from collections.abc import Sequence

from PIL import Image, ImageOps

from .canvas import Picture, Size, field, over, shade, soft
from .shot import Shot
from .subject import Box, centroid

Quad = Sequence[tuple[float, float]]

# Which part of the input each corner of the output shows (upper left, upper right, lower right, lower left).
VIEWS: dict[str, Quad] = {
    "birdseye": ((0.0, 0.0), (1.0, 0.0), (0.76, 1.0), (0.24, 1.0)),
    "low": ((0.2, 0.0), (0.8, 0.0), (1.0, 1.0), (0.0, 1.0)),
    "left": ((0.0, 0.14), (1.0, 0.0), (1.0, 1.0), (0.0, 0.86)),
    "right": ((0.0, 0.0), (1.0, 0.14), (1.0, 0.86), (0.0, 1.0)),
}
ZOOM, WIDE = 1.7, 0.68


def move_camera(shot: Shot, view: str) -> Shot:
    """The shot from another place."""
    if view == "mirror":
        alpha = ImageOps.mirror(shot.alpha) if shot.alpha else None
        face = (
            Box(1 - shot.face.right, shot.face.top, 1 - shot.face.left, shot.face.bottom)
            if shot.face
            else None
        )
        return Shot(ImageOps.mirror(shot.image), ImageOps.mirror(shot.subject), face, alpha)
    if view == "zoom":
        return _zoomed(shot)
    if view == "wide":
        return Shot.of(widened(shot.image, WIDE))
    turned = Shot.of(project(shot.image, VIEWS[view]))
    if view == "birdseye":  # the farther ground lies in haze
        haze = field(shot.size, lambda _x, y: max(0.0, 0.9 - y * 1.6))
        return turned.but(image=shade(turned.image, haze, 0.28), subject=project(shot.subject, VIEWS[view]))
    return turned.but(subject=project(shot.subject, VIEWS[view]))


def _zoomed(shot: Shot) -> Shot:
    x, y = shot.face.centre if shot.face else centroid(shot.subject)
    w, h = shot.size
    part = (w / ZOOM, h / ZOOM)
    left, top = (
        min(max(0.0, x * w - part[0] / 2), w - part[0]),
        min(max(0.0, y * h - part[1] / 2), h - part[1]),
    )
    box = (left, top, left + part[0], top + part[1])
    subject = shot.subject.resize(shot.size, Image.Resampling.BICUBIC, box=box)
    return Shot(shot.image.resize(shot.size, Image.Resampling.LANCZOS, box=box), subject)


def widened(image: Picture, share: float) -> Picture:
    """The picture smaller in the middle, the world round it carried on from its edges."""
    w, h = image.size
    inner = (round(w * share), round(h * share))
    return surrounded(image.resize(inner, Image.Resampling.LANCZOS), (w, h))


def surrounded(image: Picture, size: Size) -> Picture:
    """A picture in the middle of a larger canvas; mirrored, blurred edges fill the rest."""
    left, top = (size[0] - image.width) // 2, (size[1] - image.height) // 2
    canvas = _mirrored_outwards(image, size, left, top)
    canvas = soft(canvas, max(size) / 45)
    inner = Image.new("L", size)
    rim = max(2, max(size) // 26)
    sides = (left and rim, top and rim)
    inner.paste(
        255, (left + sides[0], top + sides[1], left + image.width - sides[0], top + image.height - sides[1])
    )
    placed = canvas.copy()
    placed.paste(image, (left, top))
    feather = soft(inner, rim / 2.2)
    bound = Image.new("L", size)
    bound.paste(feather.crop((left, top, left + image.width, top + image.height)), (left, top))
    return over(canvas, placed, bound)


def _mirrored_outwards(image: Picture, size: Size, left: int, top: int) -> Picture:
    canvas = Image.new("RGB", size)
    down, across = math.ceil(top / image.height), math.ceil(left / image.width)
    for row in range(-down, down + 1):
        for column in range(-across, across + 1):
            tile = ImageOps.mirror(image) if column % 2 else image
            tile = ImageOps.flip(tile) if row % 2 else tile
            canvas.paste(tile, (left + column * image.width, top + row * image.height))
    return canvas


def project(image: Picture, view: Quad) -> Picture:
    """The part of a picture under a quadrangle, seen straight on (a true projection)."""
    w, h = image.size
    rows: list[list[float]] = []
    for (u, v), (x, y) in zip(((0, 0), (w, 0), (w, h), (0, h)), view):
        sx, sy = x * w, y * h
        rows.append([u, v, 1, 0, 0, 0, -u * sx, -v * sx, sx])
        rows.append([0, 0, 0, u, v, 1, -u * sy, -v * sy, sy])
    return image.transform(image.size, Image.Transform.PERSPECTIVE, _solved(rows), Image.Resampling.BICUBIC)


def _solved(rows: list[list[float]]) -> list[float]:
    """Gauss-Jordan with pivots, for the eight numbers of a projection."""
    count = len(rows)
    for at in range(count):
        pivot = max(range(at, count), key=lambda row: abs(rows[row][at]))
        rows[at], rows[pivot] = rows[pivot], rows[at]
        rows[at] = [value / rows[at][at] for value in rows[at]]
        for other in range(count):
            if other != at and rows[other][at]:
                factor = rows[other][at]
                rows[other] = [a - factor * b for a, b in zip(rows[other], rows[at])]
    return [row[-1] for row in rows]
