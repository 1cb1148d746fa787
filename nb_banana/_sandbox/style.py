"""Drawn and painted styles: anime, pencil, watercolour, oil, pixels, pop art."""

from __future__ import annotations

import random
from collections.abc import Callable

from PIL import Image, ImageChops, ImageDraw, ImageFilter, ImageOps

from .canvas import Picture, clamp, clouds, curve, over, scale, soft, threshold
from .shot import Shot
from .tone import contrast_curve, saturate

WORK = 1376  # strokes have a size of their own; a larger picture is drawn here and enlarged


def drawn_small(image: Picture, draw: Callable[[Picture], Picture]) -> Picture:
    """A style applied at the size its strokes are meant for."""
    if max(image.size) <= WORK:
        return draw(image)
    factor = WORK / max(image.size)
    small = image.resize((round(image.width * factor), round(image.height * factor)), Image.Resampling.BOX)
    return draw(small).resize(image.size, Image.Resampling.BICUBIC)


def flattened(image: Picture, rounds: int = 2, size: int = 5) -> Picture:
    """Fine texture gone, edges kept: medians of a smaller picture."""
    part = 2 if size < 5 else 3
    less = image.resize((max(4, image.width // part), max(4, image.height // part)), Image.Resampling.BOX)
    for _ in range(rounds):
        less = less.filter(ImageFilter.MedianFilter(size))
    return less.resize(image.size, Image.Resampling.BICUBIC)


def ink(image: Picture, radius: float, low: float, high: float) -> Picture:
    """Dark where the picture is darker than its surroundings: outlines as a mask."""
    gray = image.convert("L")
    return threshold(ImageChops.subtract(soft(gray, radius), gray), low, high)


def anime(image: Picture, _rng: random.Random) -> Picture:
    """Few steps of light, clear colours without texture, ink lines."""
    clean = flattened(image, 2, 3)
    light, blue, red = clean.convert("YCbCr").split()
    light = curve(ImageOps.autocontrast(light, 1), lambda v: min(1.0, v**0.82))
    steps = light.filter(ImageFilter.MedianFilter(5)).point(
        [min(255, round(v / 255 * 6) * 42 + 2) for v in range(256)]
    )
    hues = [
        soft(band, 3).point([clamp(128 + round((v - 128) * 1.75 / 12) * 12) for v in range(256)])
        for band in (blue, red)
    ]
    flat = Image.merge("YCbCr", [steps, *hues]).convert("RGB")
    lines = ImageChops.lighter(ink(clean, 2.2, 0.035, 0.1), ink(clean, 7, 0.1, 0.2)).filter(
        ImageFilter.MedianFilter(3)
    )
    drawn = over(flat, Image.new("RGB", image.size, (44, 30, 56)), lines, 0.9)
    return drawn.quantize(64, Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE).convert("RGB")


def sketch(image: Picture, rng: random.Random) -> Picture:
    """Graphite on paper: dodge lines, hatching in the darks."""
    gray = image.convert("L")
    blurred = soft(gray, 6)
    lines = ImageChops.invert(threshold(ImageChops.subtract(blurred, gray), 0.01, 0.16))
    hatch = _hatching(image.size, rng)
    darks = ImageChops.multiply(threshold(ImageChops.invert(blurred), 0.35, 0.95), hatch)
    paper = curve(clouds(image.size, rng, 0.006, 2), lambda v: 0.93 + 0.06 * v)
    tone = curve(blurred, lambda v: 0.8 + 0.2 * v)
    page = ImageChops.multiply(
        ImageChops.multiply(lines, tone), ImageChops.multiply(paper, ImageChops.invert(scale(darks, 0.42)))
    )
    return ImageOps.colorize(page, (46, 46, 54), (253, 251, 245))


def _hatching(size: tuple[int, int], rng: random.Random) -> Picture:
    """Slanting pencil strokes as a mask."""
    mask = Image.new("L", size)
    draw = ImageDraw.Draw(mask)
    for x in range(-size[1], size[0], 6):
        shift = rng.randint(-2, 2)
        draw.line((x + shift, size[1], x + size[1] + shift, 0), fill=rng.randint(90, 230), width=2)
    return mask.filter(ImageFilter.GaussianBlur(0.6))


def watercolour(image: Picture, rng: random.Random) -> Picture:
    """Washes with darker rims on rough paper, white at the edge of the sheet."""
    wash = curve(saturate(flattened(image, 2, 5), 1.25), lambda v: 0.2 + 0.82 * v**0.85)
    few = Image.blend(
        wash, wash.quantize(26, Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE).convert("RGB"), 0.55
    )
    rims = ink(few, 5, 0.01, 0.12)
    painted = over(few, curve(few, lambda v: v * 0.6), rims, 0.75)
    bloom = Image.merge("RGB", [curve(clouds(image.size, rng, 0.12, 4), lambda v: 0.36 + 0.3 * v)] * 3)
    paper = Image.merge("RGB", [curve(clouds(image.size, rng, 0.008, 2), lambda v: 0.42 + 0.14 * v)] * 3)
    painted = ImageChops.overlay(ImageChops.overlay(painted, bloom), paper)
    w, h = image.size
    edge = Image.new("L", (64, 64))
    edge.paste(255, (3, 3, 61, 61))
    ragged = Image.blend(soft(edge.resize(image.size), max(w, h) / 90), clouds(image.size, rng, 0.05, 4), 0.3)
    return over(Image.new("RGB", image.size, (252, 250, 244)), painted, threshold(ragged, 0.4, 0.56))


def oil(image: Picture, rng: random.Random) -> Picture:
    """Thick strokes that follow nothing but the brush, lit from the side."""
    base = curve(saturate(flattened(image, 2, 5), 1.35), contrast_curve(0.12))
    third = (max(4, image.width // 3), max(4, image.height // 3))
    strokes = (
        base.resize(third, Image.Resampling.BOX)
        .filter(ImageFilter.ModeFilter(5))
        .resize(image.size, Image.Resampling.BICUBIC)
    )
    painted = Image.blend(base, strokes, 0.6)
    w, h = image.size
    bristle = clouds((max(8, w // 6), h), rng, 0.02, 3).resize((w, h), Image.Resampling.BICUBIC)
    swirl = clouds((w, max(8, h // 5)), rng, 0.025, 3).resize((w, h), Image.Resampling.BICUBIC)
    relief = over(bristle, swirl, threshold(clouds(image.size, rng, 0.2, 3), 0.4, 0.6))
    relief = Image.blend(relief, painted.convert("L"), 0.3).filter(ImageFilter.EMBOSS)
    return ImageChops.overlay(
        painted, Image.merge("RGB", [curve(relief, lambda v: 0.5 + (v - 0.5) * 0.9)] * 3)
    )


def pixels(image: Picture, _rng: random.Random) -> Picture:
    """Large square pixels of few colours."""
    cell = max(4, max(image.size) // 110)
    small = image.resize((max(2, image.width // cell), max(2, image.height // cell)), Image.Resampling.BOX)
    few = saturate(small, 1.3).quantize(24, Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE).convert("RGB")
    return few.resize(image.size, Image.Resampling.NEAREST)


def pop(image: Picture, rng: random.Random) -> Picture:
    """Four loud tones and dots."""
    loud = rng.choice(
        (
            ((30, 20, 90), (230, 40, 120), (255, 200, 40), (255, 250, 220)),
            ((20, 50, 100), (230, 70, 50), (80, 200, 200), (255, 246, 210)),
        )
    )
    gray = ImageOps.autocontrast(flattened(image).convert("L"), 1)
    flat = Image.new("RGB", image.size, loud[0])
    for level, colour in zip((0.28, 0.52, 0.74), loud[1:]):
        flat = over(flat, Image.new("RGB", image.size, colour), threshold(gray, level - 0.015, level + 0.015))
    return over(flat, Image.new("RGB", image.size, (20, 14, 40)), ink(image, 4, 0.05, 0.1))


STYLES: dict[str, Callable[[Picture, random.Random], Picture]] = {
    "anime": anime, "sketch": sketch, "watercolour": watercolour, "oil": oil, "pixel": pixels, "pop": pop,
}  # fmt: skip


def restyle(shot: Shot, name: str, rng: random.Random) -> Shot:
    """The whole picture redrawn in a style."""
    return shot.but(image=drawn_small(shot.image, lambda image: STYLES[name](image, rng)))
