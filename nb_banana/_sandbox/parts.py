"""A part of the picture given another colour, or taken out and filled from around it."""

from __future__ import annotations

import math
import random

from PIL import Image, ImageChops, ImageFilter, ImageOps

from .canvas import Colour, Picture, clamp, field, grain, mix, over, soft, threshold
from .shot import Shot
from .vocabulary import RGB
from .weather import repaint_sky

DYE = 0.88


def dyed(image: Picture, colour: Colour) -> Picture:
    """The same light and shade in one colour."""
    gray = ImageOps.autocontrast(image.convert("L"), cutoff=1)
    gray = Image.blend(image.convert("L"), gray, 0.5)
    full = ImageOps.colorize(gray, mix(colour, (0, 0, 0), 0.82), mix(colour, (255, 255, 255), 0.8), colour)
    return Image.blend(image, full, DYE)


def recolour(shot: Shot, part: str, colour_name: str, rng: random.Random, take: int = 1) -> Shot:
    """Hair, clothes, sky or the subject in another colour."""
    colour = RGB[colour_name]
    if take > 1:
        colour = mix(colour, rng.choice(((255, 255, 255), (20, 20, 30))), rng.uniform(0.12, 0.3))
    if part == "sky":
        return repaint_sky(shot, colour)
    return shot.but(image=over(shot.image, dyed(shot.image, colour), part_mask(shot, part)))


def part_mask(shot: Shot, part: str) -> Picture:
    """Where a part is, as well as it can be told."""
    if part == "hair":
        return _hair(shot)
    if part == "clothes":
        head = shot.head
        below = field(shot.size, lambda _x, y: max(0.0, min(1.0, (y - head.bottom) / 0.05)))
        return ImageChops.multiply(shot.subject, below)
    return shot.subject


def _hair(shot: Shot) -> Picture:
    """The head without the face: what is darker than the face inside the head's oval."""
    head = shot.head
    (x, y), wide, tall = head.centre, head.right - head.left, head.bottom - head.top
    if shot.face is None:  # an animal's or a statue's head: the fur above the eyes
        crown = field(
            shot.size, lambda u, v: max(0.0, min(1.0, (head.top + 0.42 * tall - v) / (0.3 * tall) + 0.4))
        )
        return ImageChops.multiply(shot.subject, crown)

    def oval(u: float, v: float, middle: float, across: float, down: float) -> float:
        return max(
            0.0, min(1.0, (1.1 - math.hypot((u - x) / (across * wide), (v - middle) / (down * tall))) / 0.2)
        )

    def region(u: float, v: float) -> float:
        whole = oval(u, v, y - 0.02 * tall, 0.6, 0.58)
        face = oval(u, v, head.top + 0.62 * tall, 0.31, 0.33)
        below = max(0.0, min(1.0, (head.top + 0.92 * tall - v) / (0.2 * tall)))
        return whole * (1 - face) * below

    gray = soft(shot.image.convert("L"), max(shot.size) / 500)
    face_box = (
        int((x - 0.12 * wide) * shot.size[0]),
        int((head.top + 0.5 * tall) * shot.size[1]),
        int((x + 0.12 * wide) * shot.size[0]) + 1,
        int((head.top + 0.75 * tall) * shot.size[1]) + 1,
    )
    bright = gray.crop(face_box).resize((1, 1), Image.Resampling.BOX).tobytes()[0]
    darker = gray.point([clamp((bright * 0.98 - v) * 8) for v in range(256)])
    return soft(ImageChops.multiply(field(shot.size, region, 160), darker), max(shot.size) / 600)


def remove(shot: Shot, what: str, rng: random.Random) -> Shot:
    """Something taken out: the subject, lettering in a corner, or whatever stands out beside the subject."""
    if what == "subject":
        return erase(shot, shot.subject, rng).but(subject=Image.new("L", shot.size), face=None)
    return erase(shot, _lettering(shot) if what == "text" else _beside(shot), rng)


def _lettering(shot: Shot) -> Picture:
    """The corner or edge where watermarks and date stamps sit, whichever is busiest."""
    corners = (
        (0.64, 0.84, 0.99, 0.985),
        (0.01, 0.84, 0.36, 0.985),
        (0.64, 0.015, 0.99, 0.16),
        (0.01, 0.015, 0.36, 0.16),
    )
    return _block(shot, max(corners, key=lambda box: _business(shot, box)))


def _beside(shot: Shot) -> Picture:
    """The busiest patch away from the subject."""
    patches = [(x, y, x + 0.26, y + 0.3) for x in (0.02, 0.2, 0.37, 0.54, 0.72) for y in (0.06, 0.34, 0.64)]
    return _block(shot, max(patches, key=lambda box: _business(shot, box)))


def _business(shot: Shot, box: tuple[float, float, float, float]) -> float:
    w, h = shot.size
    pixels = (int(box[0] * w), int(box[1] * h), int(box[2] * w), int(box[3] * h))
    edges = (
        shot.image.crop(pixels)
        .convert("L")
        .resize((64, 64), Image.Resampling.BOX)
        .filter(ImageFilter.FIND_EDGES)
    )
    taken = shot.subject.crop(pixels).resize((64, 64), Image.Resampling.BOX)
    return sum(ImageChops.multiply(edges, ImageChops.invert(taken)).tobytes()) - 0.5 * sum(taken.tobytes())


def _block(shot: Shot, box: tuple[float, float, float, float]) -> Picture:
    w, h = shot.size
    mask = Image.new("L", shot.size)
    mask.paste(255, (int(box[0] * w), int(box[1] * h), int(box[2] * w), int(box[3] * h)))
    return soft(mask, max(shot.size) / 130)


def erase(shot: Shot, mask: Picture, rng: random.Random) -> Shot:
    """The masked part filled from its surroundings, coarse to fine (push-pull), with a little grain."""
    hole = threshold(
        mask.filter(ImageFilter.MaxFilter(5)) if max(mask.size) < 900 else soft(mask, max(mask.size) / 250),
        0.02,
        0.2,
    )
    factor = min(1.0, 512 / max(shot.size))
    size = (max(8, round(shot.size[0] * factor)), max(8, round(shot.size[1] * factor)))
    known = shot.image.resize(size, Image.Resampling.BOX).convert("RGBA")
    known.putalpha(
        ImageChops.invert(hole.resize(size, Image.Resampling.BILINEAR).filter(ImageFilter.MaxFilter(5)))
    )
    levels = [known]
    while min(levels[-1].size) > 2:
        w, h = levels[-1].size
        small = levels[-1].resize(((w + 1) // 2, (h + 1) // 2), Image.Resampling.BOX)
        small.putalpha(small.getchannel("A").point([min(255, v * 4) for v in range(256)]))
        levels.append(small)
    filled = Image.new("RGBA", levels[-1].size, (128, 128, 128, 255))
    filled.alpha_composite(levels[-1])
    for level in reversed(levels[:-1]):
        filled = filled.resize(level.size, Image.Resampling.BICUBIC).filter(ImageFilter.GaussianBlur(0.7))
        filled.putalpha(255)
        filled.alpha_composite(level)
    patch = grain(filled.convert("RGB").resize(shot.size, Image.Resampling.BICUBIC), rng, 0.012)
    return shot.but(image=over(shot.image, patch, hole))
