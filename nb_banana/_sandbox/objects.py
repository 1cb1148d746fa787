"""Things to add to a picture, drawn from ellipses and polygons: kittens, corgis, hats, balloons.

Rules of this file: a thing is a function of a `Pen` that draws into the unit square, x to the right and
y down; it knows nothing of the picture it will stand in. `draw_object` gives it an alpha channel, a
white cut-out edge where it is a sticker (the honest look of a stand-in), and no text, ever.
"""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Sequence
from typing import NamedTuple

from PIL import Image, ImageChops, ImageDraw, ImageFilter

from .canvas import Colour, Picture, mix, scale, threshold
from .vocabulary import RGB

Point = tuple[float, float]
INK: Colour = (52, 44, 48)
SUPER = 2  # drawn this many times larger, then reduced
MARGIN = 0.08  # room round the unit square for the cut-out edge


class Pen:
    """Draws unit coordinates on a large transparent canvas."""

    def __init__(self, pixels: int, colour: Colour | None, rng: random.Random) -> None:
        self.rng, self.colour = rng, colour
        self.pixels = pixels
        self.image = Image.new("RGBA", (pixels, pixels))
        self.draw = ImageDraw.Draw(self.image)

    def at(self, x: float, y: float) -> Point:
        """A unit point in pixels."""
        inner = 1 - 2 * MARGIN
        return ((MARGIN + x * inner) * self.pixels, (MARGIN + y * inner) * self.pixels)

    def dot(
        self, x: float, y: float, rx: float, fill: Colour, ry: float | None = None, *, alpha: int = 255
    ) -> None:
        """An ellipse around a centre."""
        ry = rx if ry is None else ry
        self._laid(
            lambda draw: draw.ellipse(
                (*self.at(x - rx, y - ry), *self.at(x + rx, y + ry)), fill=(*fill, alpha)
            ),
            alpha,
        )

    def shape(self, points: Sequence[Point], fill: Colour, *, alpha: int = 255) -> None:
        """A polygon."""
        self._laid(lambda draw: draw.polygon([self.at(*p) for p in points], fill=(*fill, alpha)), alpha)

    def smooth(self, points: Sequence[Point], fill: Colour, *, alpha: int = 255) -> None:
        """A closed round shape through the points (Catmull-Rom)."""
        count = len(points)
        curve: list[Point] = []
        for i in range(count):
            p0, p1, p2, p3 = (points[(i + k) % count] for k in (-1, 0, 1, 2))
            for step in range(10):
                t = step / 10
                curve.append((_spline(p0[0], p1[0], p2[0], p3[0], t), _spline(p0[1], p1[1], p2[1], p3[1], t)))
        self.shape(curve, fill, alpha=alpha)

    def line(self, points: Sequence[Point], fill: Colour, width: float) -> None:
        """A stroke with round ends."""
        pixels = [self.at(*p) for p in points]
        thick = max(1, round(width * self.pixels))
        self.draw.line(pixels, fill=(*fill, 255), width=thick, joint="curve")
        for x, y in (pixels[0], pixels[-1]):
            self.draw.ellipse((x - thick / 2, y - thick / 2, x + thick / 2, y + thick / 2), fill=(*fill, 255))

    def box(self, x0: float, y0: float, x1: float, y1: float, fill: Colour, radius: float = 0.0) -> None:
        """A rectangle, its corners rounded."""
        self.draw.rounded_rectangle(
            (*self.at(x0, y0), *self.at(x1, y1)), radius * self.pixels, fill=(*fill, 255)
        )

    def _laid(self, draw: Callable[[ImageDraw.ImageDraw], None], alpha: int) -> None:
        if alpha == 255:
            draw(self.draw)
            return
        layer = Image.new("RGBA", self.image.size)
        draw(ImageDraw.Draw(layer))
        clipped = ImageChops.multiply(layer.getchannel("A"), self.image.getchannel("A"))
        layer.putalpha(clipped)
        self.image.alpha_composite(layer)

    def main(self, usual: Colour) -> Colour:
        """The colour asked for, or the usual one."""
        return self.colour or usual


def _spline(a: float, b: float, c: float, d: float, t: float) -> float:
    return 0.5 * (2 * b + (c - a) * t + (2 * a - 5 * b + 4 * c - d) * t**2 + (3 * b - a - 3 * c + d) * t**3)


def mirrored(points: Sequence[Point]) -> list[Point]:
    """A half outline completed by its mirror image."""
    return [*points, *((1 - x, y) for x, y in reversed(points))]


def _creature(
    pen: Pen,
    coat: Colour,
    pale: Colour,
    *,
    ears: str,
    muzzle: float,
    stripes: bool = False,
    tail: str = "long",
) -> None:
    """A sitting animal seen from the front; ears, muzzle, markings and tail make it one or another."""
    dark = mix(coat, INK, 0.32)
    if tail == "long":
        pen.line([(0.68, 0.9), (0.82, 0.88), (0.88, 0.76), (0.84, 0.66)], coat, 0.055)
    elif tail == "round":
        pen.dot(0.76, 0.86, 0.07, pale)
    elif tail == "bushy":
        pen.smooth([(0.66, 0.92), (0.84, 0.9), (0.94, 0.72), (0.88, 0.58), (0.8, 0.7), (0.7, 0.8)], coat)
        pen.smooth([(0.9, 0.72), (0.93, 0.66), (0.88, 0.57), (0.84, 0.65)], pale)
    pen.smooth(mirrored([(0.36, 0.55), (0.27, 0.74), (0.25, 0.92), (0.36, 0.98)]), coat)
    pen.smooth(mirrored([(0.43, 0.6), (0.38, 0.74), (0.4, 0.88), (0.46, 0.93)]), pale)
    for side in (-1, 1):
        pen.dot(0.5 + side * 0.11, 0.955, 0.075, pale if muzzle > 0.5 else coat, 0.042)
        for toe in (-0.025, 0.0, 0.025):
            pen.line([(0.5 + side * 0.11 + toe, 0.95), (0.5 + side * 0.11 + toe, 0.98)], dark, 0.006)
    _ears(pen, coat, pale, ears)
    pen.smooth(mirrored([(0.5, 0.14), (0.32, 0.17), (0.2, 0.33), (0.22, 0.49), (0.36, 0.59)]), coat)
    if muzzle:
        pen.smooth(
            mirrored(
                [(0.5, 0.2 if muzzle > 0.6 else 0.36), (0.46, 0.36), (0.36, 0.44), (0.34, 0.54), (0.44, 0.59)]
            ),
            pale,
        )
    if stripes:
        for x in (0.44, 0.5, 0.56):
            pen.line([(x, 0.155), (0.5 + (x - 0.5) * 0.7, 0.25)], dark, 0.018)
        for side in (-1, 1):
            for y in (0.42, 0.47):
                pen.line([(0.5 + side * 0.29, y), (0.5 + side * 0.21, y + 0.01)], dark, 0.013)
            for y in (0.7, 0.77, 0.84):
                pen.line([(0.5 + side * 0.24, y), (0.5 + side * 0.16, y + 0.015)], dark, 0.016)
    for side in (-1, 1):
        x = 0.5 + side * 0.125
        pen.dot(x, 0.375, 0.052, (36, 30, 34), 0.06)
        pen.dot(x - 0.016, 0.352, 0.019, (255, 255, 255))
        pen.dot(x + 0.018, 0.4, 0.009, (255, 255, 255))
        pen.dot(0.5 + side * 0.2, 0.47, 0.04, (250, 140, 140), 0.026, alpha=110)
    pen.smooth(
        [(0.463, 0.445), (0.5, 0.437), (0.537, 0.445), (0.5, 0.482)],
        (226, 124, 126) if ears == "cat" else INK,
    )
    pen.line([(0.5, 0.48), (0.5, 0.5)], INK, 0.008)
    for side in (-1, 1):
        pen.line([(0.5, 0.5), (0.5 + side * 0.03, 0.517), (0.5 + side * 0.06, 0.505)], INK, 0.009)
        if ears == "cat":
            for dy in (-0.012, 0.014):
                pen.line(
                    [(0.5 + side * 0.15, 0.475 + dy), (0.5 + side * 0.33, 0.46 + 2.4 * dy)],
                    mix(INK, pale, 0.35),
                    0.005,
                )


def _ears(pen: Pen, coat: Colour, pale: Colour, ears: str) -> None:
    for side in (-1, 1):

        def put(points: Sequence[Point], fill: Colour, side: int = side) -> None:
            pen.smooth([(0.5 + side * x, y) for x, y in points], fill)

        if ears == "cat":
            put([(0.27, 0.3), (0.255, 0.06), (0.235, 0.045), (0.06, 0.17)], coat)
            put([(0.24, 0.24), (0.232, 0.1), (0.11, 0.18)], (240, 170, 166))
        elif ears == "corgi":
            put([(0.27, 0.3), (0.31, 0.03), (0.28, 0.0), (0.08, 0.17)], coat)
            put([(0.25, 0.24), (0.272, 0.07), (0.14, 0.17)], (240, 178, 160))
        elif ears == "flop":
            put([(0.2, 0.17), (0.33, 0.24), (0.37, 0.46), (0.29, 0.5), (0.22, 0.34)], mix(coat, INK, 0.3))
        elif ears == "long":
            put([(0.06, 0.2), (0.09, -0.04), (0.17, -0.05), (0.2, 0.22)], coat)
            put([(0.1, 0.18), (0.115, 0.01), (0.15, 0.0), (0.165, 0.18)], (244, 184, 184))
        else:
            pen.dot(0.5 + side * 0.22, 0.19, 0.085, coat)
            pen.dot(0.5 + side * 0.22, 0.19, 0.048, pale)


def kitten(pen: Pen) -> None:
    """Orange tabby, large eyes."""
    _creature(pen, pen.main((240, 168, 92)), (255, 240, 220), ears="cat", muzzle=0.4, stripes=True)


def cat(pen: Pen) -> None:
    """A gray gentleman with a white front."""
    _creature(pen, pen.main((118, 126, 140)), (246, 246, 246), ears="cat", muzzle=0.7, stripes=False)


def corgi(pen: Pen) -> None:
    """Large upright ears, white blaze."""
    _creature(pen, pen.main((222, 146, 72)), (255, 250, 240), ears="corgi", muzzle=0.8, tail="round")
    pen.smooth([(0.46, 0.51), (0.54, 0.51), (0.53, 0.57), (0.5, 0.585), (0.47, 0.57)], (236, 120, 128))


def dog(pen: Pen) -> None:
    """Hanging ears and a brown coat."""
    _creature(pen, pen.main((190, 136, 88)), (250, 236, 214), ears="flop", muzzle=0.5)
    pen.smooth([(0.46, 0.51), (0.54, 0.51), (0.53, 0.57), (0.5, 0.585), (0.47, 0.57)], (236, 120, 128))


def animal(pen: Pen) -> None:
    """A round little bear-like friend."""
    _creature(pen, pen.main((168, 128, 98)), (244, 222, 190), ears="round", muzzle=0.4, tail="round")


def rabbit(pen: Pen) -> None:
    """Long ears, white coat."""
    _creature(pen, pen.main((238, 232, 228)), (255, 252, 250), ears="long", muzzle=0.4, tail="round")


def sunglasses(pen: Pen) -> None:
    """Two dark lenses with a sheen, on the middle line of the square."""
    frame = pen.main((24, 24, 28))
    for side in (-1, 1):
        x = 0.5 + side * 0.245
        pen.smooth(
            [
                (x - 0.2, 0.42),
                (x, 0.395),
                (x + 0.2, 0.42),
                (x + 0.18, 0.53),
                (x + 0.06, 0.61),
                (x - 0.06, 0.61),
                (x - 0.18, 0.53),
            ],
            frame,
        )
        pen.smooth(
            [
                (x - 0.17, 0.435),
                (x, 0.415),
                (x + 0.17, 0.435),
                (x + 0.15, 0.525),
                (x + 0.05, 0.585),
                (x - 0.05, 0.585),
                (x - 0.15, 0.525),
            ],
            mix(frame, (30, 40, 66), 0.6),
        )
        pen.shape(
            [(x - 0.12, 0.43), (x - 0.05, 0.425), (x - 0.11, 0.53), (x - 0.14, 0.51)],
            (210, 226, 246),
            alpha=110,
        )
        pen.shape(
            [(x - 0.03, 0.424), (x - 0.005, 0.424), (x - 0.07, 0.55), (x - 0.09, 0.54)],
            (210, 226, 246),
            alpha=80,
        )
        pen.line([(x + side * 0.19, 0.435), (x + side * 0.25, 0.425)], frame, 0.022)
    pen.line([(0.45, 0.44), (0.5, 0.43), (0.55, 0.44)], frame, 0.022)


def hat(pen: Pen) -> None:
    """A soft-brimmed hat; its brim is the middle line of the square's lower half."""
    felt = pen.main((150, 104, 66))
    pen.smooth(
        [(0.02, 0.66), (0.3, 0.58), (0.7, 0.58), (0.98, 0.66), (0.8, 0.76), (0.5, 0.79), (0.2, 0.76)],
        mix(felt, INK, 0.12),
    )
    pen.smooth(
        [
            (0.25, 0.66),
            (0.28, 0.4),
            (0.36, 0.28),
            (0.5, 0.33),
            (0.64, 0.28),
            (0.72, 0.4),
            (0.75, 0.66),
            (0.5, 0.72),
        ],
        felt,
    )
    pen.smooth(
        [(0.25, 0.58), (0.5, 0.63), (0.75, 0.58), (0.755, 0.67), (0.5, 0.725), (0.245, 0.67)],
        mix(felt, INK, 0.6),
    )
    pen.smooth(
        [(0.34, 0.33), (0.42, 0.34), (0.38, 0.55), (0.3, 0.54)], mix(felt, (255, 255, 255), 0.3), alpha=150
    )


def crown(pen: Pen) -> None:
    """Five points and three stones."""
    gold = pen.main((240, 196, 72))
    pen.shape(
        [
            (0.14, 0.78),
            (0.08, 0.38),
            (0.28, 0.56),
            (0.36, 0.26),
            (0.5, 0.52),
            (0.64, 0.26),
            (0.72, 0.56),
            (0.92, 0.38),
            (0.86, 0.78),
        ],
        gold,
    )
    pen.box(0.14, 0.7, 0.86, 0.8, mix(gold, INK, 0.15), 0.02)
    for x, colour in ((0.3, "red"), (0.5, "blue"), (0.7, "green")):
        pen.dot(x, 0.75, 0.035, RGB[colour])
    for x, y in ((0.08, 0.37), (0.36, 0.25), (0.64, 0.25), (0.92, 0.37)):
        pen.dot(x, y, 0.035, mix(gold, (255, 255, 255), 0.5))


def scarf(pen: Pen) -> None:
    """A wound scarf with a hanging end."""
    wool = pen.main((200, 62, 66))
    pen.smooth([(0.55, 0.5), (0.74, 0.5), (0.8, 0.92), (0.58, 0.94)], mix(wool, INK, 0.15))
    pen.smooth([(0.06, 0.42), (0.5, 0.5), (0.94, 0.42), (0.96, 0.56), (0.5, 0.68), (0.04, 0.56)], wool)
    for y in (0.74, 0.82):
        pen.line([(0.59, y), (0.76, y - 0.01)], mix(wool, (255, 255, 255), 0.6), 0.02)


def boat(pen: Pen) -> None:
    """A small sailing boat."""
    hull = pen.main((176, 74, 60))
    pen.line([(0.5, 0.08), (0.5, 0.74)], (110, 80, 58), 0.022)
    pen.smooth([(0.53, 0.1), (0.7, 0.36), (0.84, 0.66), (0.66, 0.69), (0.53, 0.68)], (252, 250, 244))
    pen.smooth([(0.47, 0.18), (0.34, 0.42), (0.2, 0.67), (0.34, 0.69), (0.47, 0.68)], (236, 226, 206))
    pen.smooth([(0.08, 0.74), (0.5, 0.765), (0.94, 0.73), (0.82, 0.93), (0.5, 0.955), (0.22, 0.93)], hull)
    pen.smooth(
        [(0.09, 0.74), (0.5, 0.765), (0.935, 0.73), (0.91, 0.785), (0.5, 0.815), (0.11, 0.79)],
        (250, 244, 232),
    )
    pen.shape([(0.5, 0.04), (0.63, 0.075), (0.5, 0.11)], RGB["yellow"])


def balloon(pen: Pen) -> None:
    """A toy balloon with a sheen and a string."""
    skin = pen.main((226, 70, 84))
    pen.line([(0.5, 0.66), (0.47, 0.76), (0.53, 0.86), (0.49, 1.0)], (120, 110, 110), 0.008)
    pen.smooth(
        [
            (0.5, 0.02),
            (0.72, 0.1),
            (0.79, 0.3),
            (0.68, 0.52),
            (0.5, 0.64),
            (0.32, 0.52),
            (0.21, 0.3),
            (0.28, 0.1),
        ],
        skin,
    )
    pen.shape([(0.5, 0.625), (0.455, 0.69), (0.545, 0.69)], mix(skin, INK, 0.2))
    pen.smooth([(0.36, 0.12), (0.44, 0.1), (0.37, 0.3), (0.3, 0.32)], (255, 255, 255), alpha=130)


def bird(pen: Pen) -> None:
    """A small round bird on the wing."""
    coat = pen.main((86, 146, 206))
    pen.shape([(0.12, 0.5), (0.0, 0.42), (0.02, 0.62), (0.2, 0.62)], mix(coat, INK, 0.3))
    pen.smooth(
        [(0.12, 0.52), (0.34, 0.38), (0.62, 0.34), (0.8, 0.46), (0.74, 0.64), (0.5, 0.74), (0.26, 0.68)], coat
    )
    pen.smooth([(0.4, 0.66), (0.56, 0.58), (0.74, 0.6), (0.62, 0.71), (0.5, 0.735)], (250, 236, 214))
    pen.dot(0.75, 0.4, 0.14, coat)
    pen.shape([(0.87, 0.37), (1.0, 0.42), (0.87, 0.45)], RGB["orange"])
    pen.dot(0.79, 0.37, 0.026, INK)
    pen.dot(0.798, 0.362, 0.009, (255, 255, 255))
    pen.smooth([(0.3, 0.46), (0.2, 0.1), (0.36, 0.14), (0.56, 0.44), (0.44, 0.54)], mix(coat, INK, 0.22))


def butterfly(pen: Pen) -> None:
    """Four wings and a body."""
    wing = pen.main((240, 150, 60))
    for side in (-1, 1):
        for points, colour in (
            ([(0.03, 0.45), (0.2, 0.12), (0.45, 0.1), (0.46, 0.36), (0.2, 0.52)], mix(wing, INK, 0.45)),
            ([(0.03, 0.5), (0.26, 0.54), (0.4, 0.74), (0.24, 0.9), (0.08, 0.72)], mix(wing, INK, 0.45)),
            ([(0.06, 0.44), (0.21, 0.17), (0.41, 0.15), (0.42, 0.34), (0.2, 0.48)], wing),
            (
                [(0.06, 0.53), (0.24, 0.57), (0.35, 0.74), (0.23, 0.84), (0.1, 0.7)],
                mix(wing, (255, 255, 255), 0.25),
            ),
        ):
            pen.smooth([(0.5 + side * x, y) for x, y in points], colour)
        pen.line([(0.5, 0.3), (0.5 + side * 0.05, 0.18), (0.5 + side * 0.1, 0.13)], INK, 0.01)
    pen.dot(0.5, 0.52, 0.032, INK, 0.24)


def fish(pen: Pen) -> None:
    """A goldfish."""
    scales = pen.main((244, 138, 52))
    pen.smooth([(0.26, 0.5), (0.02, 0.26), (0.08, 0.5), (0.02, 0.74)], mix(scales, INK, 0.14))
    pen.smooth([(0.4, 0.32), (0.56, 0.14), (0.68, 0.32)], mix(scales, INK, 0.14))
    pen.smooth([(0.2, 0.5), (0.42, 0.3), (0.7, 0.28), (0.96, 0.5), (0.7, 0.72), (0.42, 0.7)], scales)
    pen.smooth([(0.4, 0.62), (0.66, 0.6), (0.84, 0.62), (0.68, 0.71), (0.46, 0.7)], (255, 226, 180))
    pen.dot(0.79, 0.44, 0.05, (255, 255, 255))
    pen.dot(0.8, 0.44, 0.026, INK)


def tree(pen: Pen) -> None:
    """A broad tree with light from the upper left."""
    leaf = pen.main((84, 150, 74))
    pen.smooth(
        [(0.45, 0.55), (0.55, 0.55), (0.56, 0.9), (0.62, 0.985), (0.38, 0.985), (0.44, 0.9)], (124, 88, 58)
    )
    for x, y, r, share in (
        (0.3, 0.46, 0.2, 0.28),
        (0.7, 0.46, 0.2, 0.34),
        (0.5, 0.5, 0.21, 0.3),
        (0.38, 0.3, 0.2, 0.06),
        (0.63, 0.3, 0.2, 0.14),
        (0.5, 0.22, 0.2, 0.0),
    ):
        pen.dot(x, y, r, mix(leaf, INK, share))
    for x, y, r in ((0.4, 0.2, 0.08), (0.3, 0.36, 0.07), (0.55, 0.14, 0.05)):
        pen.dot(x, y, r, mix(leaf, (255, 255, 190), 0.35), alpha=140)


def flower(pen: Pen) -> None:
    """One large bloom on a stem."""
    petal = pen.main((236, 110, 150))
    pen.line([(0.5, 0.4), (0.51, 0.7), (0.49, 1.0)], (84, 146, 76), 0.028)
    for side in (-1, 1):
        pen.smooth(
            [(0.5, 0.86), (0.5 + side * 0.16, 0.7), (0.5 + side * 0.27, 0.7), (0.5 + side * 0.14, 0.86)],
            (98, 164, 84),
        )
    for k in range(8):
        turn = k * math.pi / 4
        x, y = 0.5 + 0.2 * math.sin(turn), 0.32 - 0.2 * math.cos(turn)
        pen.dot(x, y, 0.115, mix(petal, (255, 255, 255), 0.12 * (k % 2)))
    pen.dot(0.5, 0.32, 0.115, RGB["yellow"])
    pen.dot(0.5, 0.32, 0.07, mix(RGB["yellow"], RGB["orange"], 0.5))


def star(pen: Pen) -> None:
    """A five-pointed star."""
    pen.shape(star_points(), pen.main((252, 206, 78)))


def star_points(points: int = 5, inner: float = 0.42) -> list[Point]:
    """The outline of a star."""
    return [
        (
            0.5 + 0.48 * (1 if k % 2 == 0 else inner) * math.sin(k * math.pi / points),
            0.52 - 0.48 * (1 if k % 2 == 0 else inner) * math.cos(k * math.pi / points),
        )
        for k in range(2 * points)
    ]


def cloud(pen: Pen) -> None:
    """A heap cloud."""
    for x, y, r in ((0.24, 0.6, 0.17), (0.44, 0.46, 0.22), (0.66, 0.52, 0.19), (0.8, 0.63, 0.14)):
        pen.dot(x, y, r, pen.main((250, 252, 255)))
    pen.box(0.2, 0.58, 0.84, 0.77, pen.main((250, 252, 255)), 0.08)


def heart(pen: Pen) -> None:
    """A heart with a sheen."""
    red = pen.main((228, 62, 88))
    pen.smooth(
        [
            (0.5, 0.28),
            (0.62, 0.14),
            (0.82, 0.14),
            (0.95, 0.32),
            (0.86, 0.56),
            (0.5, 0.92),
            (0.14, 0.56),
            (0.05, 0.32),
            (0.18, 0.14),
            (0.38, 0.14),
        ],
        red,
    )
    pen.dot(0.27, 0.3, 0.07, (255, 255, 255), 0.05, alpha=140)


def banana(pen: Pen) -> None:
    """A ripe banana, of course."""
    peel = pen.main((252, 214, 66))
    pen.smooth(
        [
            (0.12, 0.2),
            (0.2, 0.16),
            (0.3, 0.44),
            (0.52, 0.64),
            (0.88, 0.68),
            (0.94, 0.76),
            (0.84, 0.86),
            (0.5, 0.88),
            (0.2, 0.66),
        ],
        peel,
    )
    pen.smooth(
        [(0.16, 0.24), (0.24, 0.52), (0.48, 0.74), (0.86, 0.78), (0.5, 0.8), (0.22, 0.6)],
        mix(peel, (180, 120, 20), 0.35),
        alpha=160,
    )
    pen.box(0.1, 0.08, 0.19, 0.22, (122, 96, 46), 0.02)
    pen.dot(0.92, 0.77, 0.035, (92, 70, 40))


def apple(pen: Pen) -> None:
    """An apple with one leaf."""
    skin = pen.main((214, 58, 56))
    pen.line([(0.5, 0.3), (0.52, 0.16), (0.57, 0.08)], (106, 76, 48), 0.026)
    pen.smooth([(0.55, 0.18), (0.7, 0.06), (0.86, 0.1), (0.72, 0.22)], (106, 170, 78))
    pen.smooth(
        [
            (0.5, 0.28),
            (0.68, 0.2),
            (0.9, 0.34),
            (0.88, 0.64),
            (0.7, 0.92),
            (0.5, 0.9),
            (0.3, 0.92),
            (0.12, 0.64),
            (0.1, 0.34),
            (0.32, 0.2),
        ],
        skin,
    )
    pen.dot(0.28, 0.42, 0.06, (255, 255, 255), 0.1, alpha=120)


def cup(pen: Pen) -> None:
    """A cup with steam."""
    clay = pen.main((236, 240, 244))
    for x in (0.34, 0.46, 0.58):
        pen.line([(x, 0.3), (x + 0.03, 0.22), (x - 0.02, 0.14), (x + 0.01, 0.06)], (214, 214, 216), 0.018)
    pen.dot(0.78, 0.58, 0.14, mix(clay, INK, 0.1))
    pen.dot(0.78, 0.58, 0.08, (150, 150, 156))
    pen.smooth([(0.14, 0.4), (0.78, 0.4), (0.76, 0.7), (0.62, 0.9), (0.3, 0.9), (0.16, 0.7)], clay)
    pen.dot(0.46, 0.4, 0.32, mix(clay, INK, 0.12), 0.075)
    pen.dot(0.46, 0.405, 0.285, (112, 70, 42), 0.055)
    pen.dot(0.46, 0.93, 0.42, mix(clay, INK, 0.06), 0.05)


def cake(pen: Pen) -> None:
    """A birthday cake with candles."""
    cream = pen.main((250, 208, 214))
    for x, colour in ((0.35, "teal"), (0.5, "yellow"), (0.65, "purple")):
        pen.box(x - 0.018, 0.2, x + 0.018, 0.4, RGB[colour], 0.01)
        pen.dot(x, 0.15, 0.026, (255, 176, 60), 0.045)
    pen.box(0.1, 0.4, 0.9, 0.92, (244, 222, 186), 0.05)
    pen.box(0.1, 0.38, 0.9, 0.54, cream, 0.05)
    for x in (0.18, 0.34, 0.5, 0.66, 0.82):
        pen.dot(x, 0.55, 0.075, cream)
    pen.box(0.1, 0.72, 0.9, 0.77, mix(cream, INK, 0.1), 0.01)


def gift(pen: Pen) -> None:
    """A wrapped box with a bow."""
    paper, band = pen.main((92, 132, 214)), (250, 220, 110)
    pen.box(0.12, 0.42, 0.88, 0.94, paper, 0.03)
    pen.box(0.06, 0.32, 0.94, 0.48, mix(paper, (255, 255, 255), 0.14), 0.03)
    pen.box(0.43, 0.32, 0.57, 0.94, band)
    for side in (-1, 1):
        pen.smooth(
            [(0.5, 0.31), (0.5 + side * 0.14, 0.08), (0.5 + side * 0.32, 0.14), (0.5 + side * 0.25, 0.3)],
            band,
        )
    pen.dot(0.5, 0.29, 0.055, mix(band, INK, 0.12))


def house(pen: Pen) -> None:
    """A cottage with lit windows."""
    wall = pen.main((246, 228, 196))
    pen.box(0.68, 0.14, 0.78, 0.4, (150, 92, 74))
    pen.box(0.16, 0.46, 0.84, 0.96, wall, 0.01)
    pen.shape([(0.06, 0.5), (0.5, 0.1), (0.94, 0.5)], (186, 84, 68))
    pen.box(0.43, 0.66, 0.58, 0.96, (124, 84, 56), 0.02)
    for x in (0.22, 0.65):
        pen.box(x, 0.6, x + 0.14, 0.76, (255, 216, 122), 0.01)


def car(pen: Pen) -> None:
    """A small car from the side."""
    body = pen.main((214, 64, 62))
    pen.smooth([(0.24, 0.5), (0.34, 0.3), (0.62, 0.29), (0.78, 0.5)], body)
    pen.smooth([(0.29, 0.49), (0.37, 0.34), (0.49, 0.33), (0.49, 0.49)], (196, 226, 244))
    pen.smooth([(0.53, 0.49), (0.53, 0.33), (0.62, 0.34), (0.73, 0.49)], (196, 226, 244))
    pen.box(0.04, 0.48, 0.96, 0.72, body, 0.09)
    pen.dot(0.93, 0.56, 0.03, (255, 240, 180))
    for x in (0.25, 0.75):
        pen.dot(x, 0.72, 0.115, (44, 44, 50))
        pen.dot(x, 0.72, 0.055, (206, 210, 216))


def robot(pen: Pen) -> None:
    """A friendly tin robot."""
    tin = pen.main((150, 176, 196))
    pen.line([(0.5, 0.2), (0.5, 0.06)], INK, 0.016)
    pen.dot(0.5, 0.06, 0.04, (236, 90, 80))
    for side in (-1, 1):
        pen.line([(0.5 + side * 0.24, 0.62), (0.5 + side * 0.38, 0.74)], mix(tin, INK, 0.2), 0.07)
        pen.box(0.5 + side * 0.12 - 0.07, 0.84, 0.5 + side * 0.12 + 0.07, 0.98, mix(tin, INK, 0.3), 0.03)
    pen.box(0.28, 0.53, 0.72, 0.88, mix(tin, INK, 0.1), 0.05)
    pen.box(0.22, 0.18, 0.78, 0.52, tin, 0.08)
    pen.box(0.28, 0.25, 0.72, 0.46, (40, 54, 70), 0.05)
    for x in (0.4, 0.6):
        pen.dot(x, 0.35, 0.045, (120, 236, 226))
    pen.dot(0.5, 0.69, 0.06, (255, 208, 92))


def person(pen: Pen) -> None:
    """Head and shoulders of somebody friendly."""
    coat = pen.main((74, 108, 150))
    skin = pen.rng.choice(((242, 204, 174), (214, 164, 126), (150, 104, 74)))
    hair = pen.rng.choice(((62, 44, 36), (120, 78, 44), (36, 34, 40)))
    pen.dot(0.5, 0.34, 0.235, hair, 0.28)
    pen.smooth([(0.08, 1.0), (0.12, 0.78), (0.34, 0.66), (0.66, 0.66), (0.88, 0.78), (0.92, 1.0)], coat)
    pen.smooth([(0.41, 0.52), (0.59, 0.52), (0.61, 0.69), (0.5, 0.76), (0.39, 0.69)], mix(skin, INK, 0.14))
    pen.dot(0.5, 0.36, 0.18, skin, 0.225)
    pen.smooth(
        [
            (0.29, 0.4),
            (0.3, 0.16),
            (0.5, 0.09),
            (0.7, 0.16),
            (0.71, 0.4),
            (0.65, 0.26),
            (0.45, 0.22),
            (0.35, 0.28),
        ],
        hair,
    )
    for x in (0.425, 0.575):
        pen.dot(x, 0.37, 0.018, INK, 0.022)
        pen.dot(x + (x - 0.5) * 0.6, 0.44, 0.035, (240, 130, 120), 0.022, alpha=90)
    pen.line([(0.45, 0.485), (0.5, 0.505), (0.55, 0.485)], (176, 84, 84), 0.012)


def umbrella(pen: Pen) -> None:
    """An open umbrella."""
    cloth = pen.main((84, 120, 200))
    pen.line([(0.5, 0.12), (0.5, 0.88), (0.56, 0.94), (0.62, 0.88)], (110, 84, 62), 0.022)
    pen.smooth(
        [
            (0.03, 0.55),
            (0.14, 0.24),
            (0.5, 0.08),
            (0.86, 0.24),
            (0.97, 0.55),
            (0.81, 0.49),
            (0.66, 0.55),
            (0.5, 0.49),
            (0.34, 0.55),
            (0.19, 0.49),
        ],
        cloth,
    )
    pen.smooth(
        [(0.34, 0.54), (0.38, 0.26), (0.5, 0.1), (0.62, 0.26), (0.66, 0.54), (0.5, 0.49)],
        mix(cloth, (255, 255, 255), 0.25),
    )


def bicycle(pen: Pen) -> None:
    """Two wheels and a frame."""
    frame = pen.main((208, 74, 70))
    for x in (0.24, 0.76):
        pen.dot(x, 0.66, 0.22, (58, 58, 64))
        pen.dot(x, 0.66, 0.18, (236, 236, 238))
        for k in range(6):
            turn = k * math.pi / 6
            pen.line(
                [
                    (x - 0.17 * math.cos(turn), 0.66 - 0.17 * math.sin(turn)),
                    (x + 0.17 * math.cos(turn), 0.66 + 0.17 * math.sin(turn)),
                ],
                (170, 172, 178),
                0.005,
            )
    pen.line([(0.24, 0.66), (0.4, 0.38), (0.68, 0.38), (0.48, 0.66), (0.24, 0.66)], frame, 0.026)
    pen.line([(0.37, 0.32), (0.48, 0.66)], frame, 0.026)
    pen.line([(0.76, 0.66), (0.66, 0.28), (0.74, 0.25)], frame, 0.026)
    pen.line([(0.31, 0.31), (0.43, 0.31)], INK, 0.034)


def plane(pen: Pen) -> None:
    """An airliner from the side."""
    hull = pen.main((244, 246, 250))
    pen.shape([(0.08, 0.44), (0.02, 0.2), (0.12, 0.2), (0.26, 0.44)], (72, 118, 196))
    pen.smooth([(0.04, 0.46), (0.3, 0.41), (0.8, 0.41), (0.97, 0.5), (0.82, 0.58), (0.3, 0.58)], hull)
    pen.shape([(0.42, 0.5), (0.26, 0.82), (0.38, 0.82), (0.64, 0.5)], mix(hull, INK, 0.2))
    for k in range(9):
        pen.dot(0.3 + 0.06 * k, 0.465, 0.014, (86, 128, 176))


def rocket(pen: Pen) -> None:
    """A cartoon rocket under way."""
    hull = pen.main((240, 242, 246))
    pen.smooth([(0.4, 0.78), (0.5, 1.0), (0.6, 0.78)], (255, 170, 60))
    for side in (-1, 1):
        pen.smooth(
            [
                (0.5 + side * 0.14, 0.55),
                (0.5 + side * 0.32, 0.72),
                (0.5 + side * 0.3, 0.88),
                (0.5 + side * 0.12, 0.78),
            ],
            (220, 74, 66),
        )
    pen.smooth(
        [(0.5, 0.02), (0.64, 0.2), (0.68, 0.5), (0.62, 0.8), (0.38, 0.8), (0.32, 0.5), (0.36, 0.2)], hull
    )
    pen.smooth([(0.5, 0.02), (0.59, 0.12), (0.64, 0.22), (0.36, 0.22), (0.41, 0.12)], (220, 74, 66))
    pen.dot(0.5, 0.38, 0.09, (70, 110, 160))
    pen.dot(0.5, 0.38, 0.065, (176, 220, 244))


def sticker(pen: Pen) -> None:
    """Something the vocabulary has no word for: a wrapped-up sparkle."""
    tone = pen.main(pen.rng.choice(((110, 190, 190), (244, 170, 96), (164, 138, 214), (238, 130, 150))))
    pen.dot(0.5, 0.5, 0.47, tone)
    pen.dot(0.5, 0.5, 0.4, mix(tone, (255, 255, 255), 0.2))
    pen.shape(
        [(0.5 + (x - 0.5) * 0.68, 0.5 + (y - 0.52) * 0.68) for x, y in star_points(4, 0.34)], (255, 252, 240)
    )
    for x, y in ((0.72, 0.3), (0.3, 0.7)):
        pen.shape(
            [(x + (u - 0.5) * 0.16, y + (v - 0.52) * 0.16) for u, v in star_points(4, 0.3)], (255, 252, 240)
        )


class Kind(NamedTuple):
    """How a thing is drawn and where it belongs."""

    draw: Callable[[Pen], None]
    tall: float  # share of the picture's shorter edge
    stand: str  # ground, sky, head, eyes, neck
    cut_out: bool = True


KINDS: dict[str, Kind] = {
    "kitten": Kind(kitten, 0.38, "ground"),
    "cat": Kind(cat, 0.42, "ground"),
    "corgi": Kind(corgi, 0.42, "ground"),
    "dog": Kind(dog, 0.44, "ground"),
    "animal": Kind(animal, 0.4, "ground"),
    "rabbit": Kind(rabbit, 0.4, "ground"),
    "sunglasses": Kind(sunglasses, 0.3, "eyes", False),
    "hat": Kind(hat, 0.3, "head", False),
    "crown": Kind(crown, 0.24, "head", False),
    "scarf": Kind(scarf, 0.3, "neck", False),
    "boat": Kind(boat, 0.36, "ground"),
    "balloon": Kind(balloon, 0.42, "sky"),
    "bird": Kind(bird, 0.22, "sky"),
    "butterfly": Kind(butterfly, 0.2, "sky"),
    "fish": Kind(fish, 0.28, "ground"),
    "tree": Kind(tree, 0.6, "ground"),
    "flower": Kind(flower, 0.36, "ground"),
    "cloud": Kind(cloud, 0.3, "sky"),
    "heart": Kind(heart, 0.2, "sky"),
    "banana": Kind(banana, 0.32, "ground"),
    "apple": Kind(apple, 0.26, "ground"),
    "cup": Kind(cup, 0.3, "ground"),
    "cake": Kind(cake, 0.36, "ground"),
    "gift": Kind(gift, 0.3, "ground"),
    "house": Kind(house, 0.5, "ground"),
    "car": Kind(car, 0.4, "ground"),
    "robot": Kind(robot, 0.46, "ground"),
    "person": Kind(person, 0.62, "ground"),
    "umbrella": Kind(umbrella, 0.44, "ground"),
    "bicycle": Kind(bicycle, 0.46, "ground"),
    "plane": Kind(plane, 0.34, "sky"),
    "rocket": Kind(rocket, 0.44, "sky"),
    "sticker": Kind(sticker, 0.26, "sky"),
}


def draw_object(
    name: str, pixels: int, rng: random.Random, colour: str = "", *, cut_out: bool | None = None
) -> Picture:
    """The thing on a transparent square whose inner part is `pixels` high."""
    kind = KINDS.get(name, KINDS["sticker"])
    edge = min(1600, max(96, round(pixels / (1 - 2 * MARGIN)) * SUPER))
    pen = Pen(edge, RGB.get(colour), rng)
    kind.draw(pen)
    image = _volume(pen.image)
    if kind.cut_out if cut_out is None else cut_out:
        image = _white_edge(image)
    final = max(8, round(pixels / (1 - 2 * MARGIN)))
    return image.resize((final, final), Image.Resampling.LANCZOS)


def _volume(image: Picture) -> Picture:
    """Light from the upper left: a soft inner shade along the lower right edge."""
    alpha = image.getchannel("A")
    step = image.width // 40
    moved = ImageChops.offset(alpha.filter(ImageFilter.BoxBlur(step)), -step, -step)
    shadow = ImageChops.multiply(alpha, ImageChops.invert(moved))
    rgb = Image.composite(
        Image.new("RGB", image.size, (60, 40, 60)), image.convert("RGB"), scale(shadow, 0.3)
    )
    rgb.putalpha(alpha)
    return rgb


def _white_edge(image: Picture) -> Picture:
    """The white rim of a cut-out sticker."""
    alpha = image.getchannel("A")
    rim = threshold(alpha.filter(ImageFilter.GaussianBlur(image.width * 0.012)), 0.04, 0.16)
    sticker_image = Image.new("RGBA", image.size, (255, 255, 255, 0))
    sticker_image.putalpha(rim)
    sticker_image.alpha_composite(image)
    return sticker_image
