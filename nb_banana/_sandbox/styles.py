"""Drawn and painted styles: anime, pencil, watercolour, pixels."""

from __future__ import annotations

import random
from collections.abc import Callable

from PIL import Image, ImageChops, ImageFilter, ImageOps

from .canvas import Picture, bounded, clamp, clouds, curve, over, plain, saturate, soft, threshold

WORK = 1376  # strokes have a size of their own; a larger picture is drawn here and enlarged


def restyle(image: Picture, name: str, rng: random.Random) -> Picture:
    """The whole picture redrawn in a style, at the size its strokes are meant for."""
    drawn = STYLES[name](bounded(image, WORK), rng)
    return drawn if drawn.size == image.size else drawn.resize(image.size, Image.Resampling.BICUBIC)


def flattened(image: Picture, part: int, size: int) -> Picture:
    """Fine texture gone, edges kept: medians of a smaller picture."""
    less = image.resize((max(4, image.width // part), max(4, image.height // part)), Image.Resampling.BOX)
    less = less.filter(ImageFilter.MedianFilter(size)).filter(ImageFilter.MedianFilter(size))
    return less.resize(image.size, Image.Resampling.BICUBIC)


def few_colours(image: Picture, count: int) -> Picture:
    """The picture in so many colours."""
    return image.quantize(count, Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE).convert("RGB")


def ink(image: Picture, radius: float, low: float, high: float) -> Picture:
    """Dark where the picture is darker than its surroundings: outlines as a mask."""
    gray = image.convert("L")
    return threshold(ImageChops.subtract(soft(gray, radius), gray), low, high)


def anime(image: Picture, _rng: random.Random) -> Picture:
    """Few steps of light, clear colours without texture, ink lines."""
    clean = flattened(image, 2, 3)
    light, blue, red = clean.convert("YCbCr").split()
    light = curve(ImageOps.autocontrast(light, 1), lambda v: min(1.0, v**0.82))
    levels = [min(255, round(v / 255 * 6) * 42 + 2) for v in range(256)]
    steps = light.filter(ImageFilter.MedianFilter(5)).point(levels)
    hue = [clamp(128 + round((v - 128) * 1.75 / 12) * 12) for v in range(256)]
    flat = Image.merge("YCbCr", [steps, soft(blue, 3).point(hue), soft(red, 3).point(hue)]).convert("RGB")
    lines = ImageChops.lighter(ink(clean, 2.2, 0.035, 0.1), ink(clean, 7, 0.1, 0.2))
    lines = lines.filter(ImageFilter.MedianFilter(3))
    return few_colours(over(flat, plain(image.size, (44, 30, 56)), lines, 0.9), 64)


def sketch(image: Picture, rng: random.Random) -> Picture:
    """Graphite on rough paper: dark lines, soft shading."""
    gray = image.convert("L")
    blurred = soft(gray, 6)
    lines = ImageChops.invert(threshold(ImageChops.subtract(blurred, gray), 0.01, 0.16))
    shading = curve(blurred, lambda v: 0.8 + 0.2 * v)
    paper = clouds(image.size, rng, 0.004).point([238 + n * 17 // 255 for n in range(256)])
    page = ImageChops.multiply(ImageChops.multiply(lines, shading), paper)
    return ImageOps.colorize(page, (46, 46, 54), (253, 251, 245))


def watercolour(image: Picture, rng: random.Random) -> Picture:
    """Washes with darker rims on rough paper, white at the edge of the sheet."""
    wash = curve(saturate(flattened(image, 3, 5), 1.25), lambda v: 0.2 + 0.82 * v**0.85)
    few = Image.blend(wash, few_colours(wash, 26), 0.55)
    painted = over(few, curve(few, lambda v: v * 0.6), ink(few, 5, 0.01, 0.12), 0.75)
    blooms = clouds(image.size, rng, 0.12).point([112 + n * 34 // 255 for n in range(256)])
    painted = ImageChops.overlay(painted, Image.merge("RGB", [blooms] * 3))
    edge = Image.new("L", (64, 64))
    edge.paste(255, (3, 3, 61, 61))
    edge = soft(edge.resize(image.size), max(image.size) / 90)
    ragged = Image.blend(edge, clouds(image.size, rng, 0.05), 0.3)
    return over(plain(image.size, (252, 250, 244)), painted, threshold(ragged, 0.4, 0.56))


def pixels(image: Picture, _rng: random.Random) -> Picture:
    """Large square pixels of few colours."""
    cell = max(4, max(image.size) // 96)
    small = image.resize((max(2, image.width // cell), max(2, image.height // cell)), Image.Resampling.BOX)
    return few_colours(saturate(small, 1.3), 24).resize(image.size, Image.Resampling.NEAREST)


Style = Callable[[Picture, random.Random], Picture]
STYLES: dict[str, Style] = {"anime": anime, "sketch": sketch, "watercolour": watercolour, "pixel": pixels}
