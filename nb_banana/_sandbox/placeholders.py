"""Placeholders: a tidy labelled box where something that is not painted would be.

Rules of this file: a box is dashed, round-cornered and frosted, so that its label reads on any picture and
nobody takes it for the thing itself; boxes touch neither each other nor letters nor the badge; a label that
no font at hand can set is a number, reported as such.
"""

from __future__ import annotations

import math
import random
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from PIL import Image, ImageDraw

from .canvas import Colour, Picture, Size, over, plain, soft
from .lettering import SIGNS, Box, badge_box, broken, font_of, length, settable
from .wishes import Wish

OUTLINES: dict[str, Colour] = {
    "add": (140, 232, 168), "remove": (255, 150, 138), "change": (142, 204, 255),
    "background": (214, 186, 255), "text": (255, 220, 128), "write": (255, 220, 128),
}  # fmt: skip
INKS: tuple[Colour, ...] = ((16, 18, 26), (58, 24, 66), (10, 56, 64), (66, 42, 8))  # one a take
HEIGHTS = {"top": 0.17, "sky": 0.17, "head": 0.3, "ground": 0.72, "bottom": 0.82}
SCALES = (1.0, 0.86, 0.74, 0.62, 0.5)  # letters get smaller before a placeholder is left out


class Plate(NamedTuple):
    """One placeholder, laid out: what it says in lines of pieces, how large, and where it stands."""

    wish: Wish
    lines: list[list[str]]
    pixels: int
    box: Box


def is_band(wish: Wish) -> bool:
    """Whether a wish is for all of the picture, and so stands in a band along its top."""
    return wish.kind == "background" or wish.where in ("whole", "back")


def hold(
    image: Picture, wishes: Sequence[Wish], taken: Iterable[Box], rng: random.Random, take: int
) -> tuple[Picture, tuple[tuple[int, str], ...]]:
    """The picture with a placeholder for each wish, and the numbers that stand for labels."""
    words: list[str] = []
    numbered: list[tuple[int, str]] = []
    for wish in wishes:
        words.append(wish.label)
        if not settable(wish.label):
            numbered.append((len(numbered) + 1, wish.label))
            words[-1] = f"{wish.label[0]} {len(numbered)}" if wish.label[0] in SIGNS else str(len(numbered))
    for plate in arranged(wishes, words, image.size, taken, rng):
        image = _drawn(image, plate, INKS[(take - 1) % len(INKS)])
    return image, tuple(numbered)


def arranged(
    wishes: Sequence[Wish], words: Sequence[str], size: Size, taken: Iterable[Box], rng: random.Random
) -> list[Plate]:
    """Every placeholder near where its thing would be, smaller ones where there is little room."""
    spots = [(rng.uniform(-0.035, 0.035), rng.uniform(-0.03, 0.03)) for _ in wishes]
    taken = [badge_box(size), *taken]
    ordered = sorted(zip(wishes, words, spots), key=lambda one: not is_band(one[0]))  # bands on top
    for scale in SCALES:
        plates: list[Plate] = []
        for wish, label, spot in ordered:
            # legible when the picture is 256 pixels long
            pixels = max(8, round(min(0.054 * max(size), 0.125 * min(size)) * scale))
            plates += _placed(wish, label, pixels, size, spot, [*taken, *(one.box for one in plates)])
        if len(plates) == len(wishes):
            break
    return plates


def _placed(
    wish: Wish, label: str, pixels: int, size: Size, spot: tuple[float, float], taken: Sequence[Box]
) -> list[Plate]:
    """The plate at the nearest free place to where its thing would be; none where there is no room."""
    (w, h), font = size, font_of(label, pixels)
    band, margin = is_band(wish), max(3, round(0.022 * min(w, h)))
    most = w - 2 * margin if band else 0.62 * w
    lines = broken(label, font, most - 2.2 * pixels)
    wide = most if band else max(4.4 * pixels, max(length(line, font) for line in lines) + 2.2 * pixels)
    tall = pixels * (1.3 * len(lines) + (0.9 if band else 2.0))
    x0, y0 = wide / 2 + margin, tall / 2 + margin
    aside = 0.0 if band or wish.where in ("", "head") else math.copysign(0.23, spot[0])  # off the middle
    x = x0 if "left" in wish.where else w - x0 if "right" in wish.where else w * (0.5 + aside + spot[0])
    y = y0 if band else h * (next((at for name, at in HEIGHTS.items() if name in wish.where), 0.5) + spot[1])
    columns = [w / 2] if band else [x0 + (w - 2 * x0) * n / 12 for n in range(13)]
    places = [(at, y0 + (h - 2 * y0) * n / 16) for at in columns for n in range(17)]
    best = (w / 2 if band else min(max(x, x0), w - x0), min(max(y, y0), h - y0))
    for cx, cy in (best, *sorted(places, key=lambda at: math.dist(at, best))):
        box = (round(cx - wide / 2), round(cy - tall / 2), round(cx + wide / 2), round(cy + tall / 2))
        inside = box[0] >= 0 and box[1] >= 0 and box[2] <= w and box[3] <= h
        if inside and not any(touching(box, other, margin) for other in taken):
            return [Plate(wish, lines, pixels, box)]
    return []


def touching(one: Box, other: Box, margin: int = 0) -> bool:
    """Whether two boxes are nearer to each other than the margin."""
    return all(one[at] - margin < other[at + 2] and other[at] - margin < one[at + 2] for at in (0, 1))


def _drawn(image: Picture, plate: Plate, ink: Colour) -> Picture:
    """The plate frosted into the picture, its outline dashed, its label in the middle."""
    x0, y0, x1, y1 = plate.box
    size, part = (x1 - x0, y1 - y0), image.crop(plate.box)
    mask, outline = _rounded(size, plate.pixels)
    frosted = Image.blend(soft(part, max(1.0, plate.pixels * 0.5)), plain(size, ink), 0.7)
    part = over(over(part, frosted, mask), plain(size, OUTLINES[plate.wish.kind]), outline)
    marked = image.copy()
    marked.paste(over(part, plain(size, (255, 255, 255)), _label(plate, size)), (x0, y0))
    return marked


def _rounded(size: Size, pixels: int) -> tuple[Picture, Picture]:
    """A round-cornered plate and its dashed outline, as masks."""
    w, h = size[0] * 2, size[1] * 2
    line, radius = max(2, round(pixels * 0.24)), min(round(pixels * 1.2), h // 2)
    mask, outline = Image.new("L", (w, h)), Image.new("L", (w, h))
    ImageDraw.Draw(mask).rounded_rectangle((0, 0, w - 1, h - 1), radius, fill=255)
    draw = ImageDraw.Draw(outline)
    draw.rounded_rectangle((line, line, w - 1 - line, h - 1 - line), radius - line, outline=255, width=line)
    for along, across, flat in ((w, h, True), (h, w, False)):  # gaps in the straight edges, corners whole
        count = max(1, round((along - 2 * radius) / (pixels * 1.9)))
        step = (along - 2 * radius) / count
        for start in (radius + step * (number + 0.32) for number in range(count)):
            for low, high in ((0, 3 * line), (across - 3 * line, across)):
                end = start + 0.36 * step
                draw.rectangle((start, low, end, high) if flat else (low, start, high, end), fill=0)
    return mask.resize(size, Image.Resampling.BOX), outline.resize(size, Image.Resampling.BOX)


def _label(plate: Plate, size: Size) -> Picture:
    """The label's letters and signs, as a mask."""
    mask = Image.new("L", size)
    draw = ImageDraw.Draw(mask)
    font = font_of("".join(piece for line in plate.lines for piece in line), plate.pixels)
    for number, line in enumerate(plate.lines):
        x = (size[0] - length(line, font)) / 2
        y = size[1] / 2 + (number - (len(plate.lines) - 1) / 2) * 1.3 * plate.pixels
        for piece in line:
            end = x + length([piece], font)
            if piece.strip() and piece.strip() in SIGNS:
                _sign(draw, piece.strip(), (end - font.getlength("M") / 2, y), 0.32 * plate.pixels)
            else:
                draw.text((x, y), piece, font=font, fill=255, anchor="lm")
            x = end
    return mask


def _sign(draw: ImageDraw.ImageDraw, sign: str, at: tuple[float, float], reach: float) -> None:
    """A plus, a minus or an arrow."""
    (x, y), width = at, max(1, round(reach * 0.42))
    draw.line((x - reach, y, x + reach, y), fill=255, width=width)
    if sign == "＋":
        draw.line((x, y - reach, x, y + reach), fill=255, width=width)
    elif sign == "→":
        back, half = x + 0.35 * reach, 0.62 * reach
        draw.line((back, y - half, x + reach, y, back, y + half), fill=255, width=width, joint="curve")
