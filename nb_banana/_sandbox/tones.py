"""Light, colour grades, focus and repairs: what changes the tones and leaves every shape in place.

Rules of this file: an effect looks right on any photo or it is not here; none of them looks for a subject,
so what is done to a part (focus, bokeh) goes by where things usually stand.
"""

from __future__ import annotations

import math
import random
from collections.abc import Callable

from PIL import Image, ImageChops, ImageDraw, ImageFilter, ImageOps

from .canvas import (  # isort: skip
    Colour, Picture, bounded, contrast_curve, curve, field, glow, grain, luminance, over, plain, pool,
    saturate, shade, soft, threshold, vignette,
)  # fmt: skip

Tone = Callable[[Picture, random.Random], Picture]
NIGHT = 0.42  # night's mean luminance, as a share of day's, is at most this
GRAY = 9.0  # mean saturation (of 255) under which a picture counts as having no colour


def split_tone(image: Picture, dark: Colour, light: Colour, strength: float) -> Picture:
    """Shadows drawn to one colour, lights to another."""
    return Image.blend(image, ImageOps.colorize(image.convert("L"), dark, light), strength)


def night(image: Picture, _rng: random.Random) -> Picture:
    """Blue dark; what was small and bright glows like lamps."""
    day, gray = luminance(image), image.convert("L")
    dark = saturate(image, 0.66)
    dark = curve(dark, lambda v: 0.46 * v**1.3, lambda v: 0.52 * v**1.22, lambda v: 0.05 + 0.7 * v**1.08)
    lamps = threshold(ImageChops.subtract(gray, soft(gray, max(image.size) / 90)), 0.12, 0.4)
    lamps = ImageChops.multiply(lamps, threshold(gray, 0.55, 0.85))
    dark = glow(dark, (255, 204, 132), ImageChops.add(lamps, soft(lamps, max(image.size) / 110)), 0.6)
    dark = vignette(shade(dark, field(image.size, _upper), 0.4), 0.4)
    now = luminance(dark)
    return curve(dark, lambda v: v * NIGHT * day / now) if now > NIGHT * day else dark


def _upper(_x: float, y: float) -> float:
    return max(0.0, 1 - y / 0.7)


def cinematic(image: Picture, rng: random.Random) -> Picture:
    """Teal shadows, orange lights, fallen corners, fine grain."""
    image = curve(saturate(image, 0.9), contrast_curve(0.2))
    image = split_tone(image, (0, 36, 52), (255, 224, 184), 0.38)
    image = curve(image, lambda v: 0.015 + 0.985 * v, lambda v: 0.02 + 0.95 * v, lambda v: 0.05 + 0.86 * v)
    return grain(vignette(image, 0.42), rng, 0.025)


def vintage(image: Picture, rng: random.Random) -> Picture:
    """Faded blacks, brown tones, grain, light corners lost."""
    image = split_tone(saturate(image, 0.6), (58, 36, 24), (255, 240, 206), 0.52)
    image = curve(image, lambda v: 0.09 + 0.87 * v, lambda v: 0.07 + 0.86 * v, lambda v: 0.08 + 0.76 * v)
    return grain(vignette(image, 0.5), rng, 0.05)


def colourise(image: Picture, _rng: random.Random) -> Picture:
    """A hand-tinted print: skin-warm mid-tones, cream lights; sky-blue where it is calm above.

    A picture that has colours keeps them, stronger.
    """
    if luminance(image.convert("HSV").getchannel("S")) > GRAY:
        return curve(saturate(image, 1.7), contrast_curve(0.06))
    gray = image.convert("L")
    tinted = ImageOps.colorize(gray, (20, 22, 46), (255, 244, 222), (176, 124, 92), midpoint=118)
    above = field(image.size, lambda _x, y: max(0.0, min(1.0, (0.85 - y) / 0.4)))
    rough = ImageChops.difference(gray, soft(gray, max(image.size) / 60))
    calm = ImageChops.invert(threshold(soft(rough, max(image.size) / 120), 0.012, 0.05))
    sky = ImageOps.colorize(gray, (14, 30, 66), (226, 240, 252), (92, 146, 204), midpoint=112)
    return over(tinted, sky, ImageChops.multiply(above, calm), 0.9)


def denoise(image: Picture, _rng: random.Random) -> Picture:
    """Smooth where the picture is smooth, as it was along strong edges."""
    calm = bounded(image, 512).filter(ImageFilter.MedianFilter(5)).filter(ImageFilter.GaussianBlur(0.8))
    gray = calm.convert("L").filter(ImageFilter.GaussianBlur(1))
    edges = ImageChops.subtract(gray.filter(ImageFilter.MaxFilter(3)), gray.filter(ImageFilter.MinFilter(3)))
    edges = threshold(edges, 0.1, 0.3).resize(image.size, Image.Resampling.BICUBIC)
    return over(calm.resize(image.size, Image.Resampling.BICUBIC), image, edges, 0.8)


def enhance(image: Picture, _rng: random.Random) -> Picture:
    """Full range, less noise, more local detail."""
    clean = image.filter(ImageFilter.GaussianBlur(max(image.size) / 3000))  # a median takes thrice as long
    image = Image.blend(clean, ImageOps.autocontrast(clean, cutoff=(0.4, 0.4), preserve_tone=True), 0.6)
    image = saturate(image, 1.12).filter(ImageFilter.UnsharpMask(max(image.size) / 90, 55, 1))
    return image.filter(ImageFilter.UnsharpMask(max(1.0, max(image.size) / 700), 120, 2))


def sharpen(image: Picture, _rng: random.Random) -> Picture:
    """Edges sharper at two scales."""
    image = image.filter(ImageFilter.UnsharpMask(max(1.2, max(image.size) / 320), 170, 1))
    return image.filter(ImageFilter.UnsharpMask(max(1.0, max(image.size) / 1000), 110, 1))


def bokeh(image: Picture, rng: random.Random) -> Picture:
    """A shallow depth of field: the middle sharp, softer towards the edges, bright spots there as discs."""
    size = image.size

    def near(x: float, y: float) -> float:
        return max(0.0, min(1.0, (1.16 - math.hypot((x - 0.5) / 0.4, (y - 0.56) / 0.5)) / 0.42))

    far = soft(image, max(size) / 60)
    far = glow(far, (255, 246, 226), threshold(far.convert("L"), 0.7, 1.0), 0.18)
    kept = field(size, near)
    return over(_discs(far, rng, kept), image, kept)


def _discs(image: Picture, rng: random.Random, kept: Picture) -> Picture:
    """Soft round lights in the picture's own colours, where nothing is kept sharp."""
    w, h = 640, max(1, 640 * image.height // image.width)
    small, layer = image.resize((48, 48), Image.Resampling.BOX), plain((w, h), (0, 0, 0))
    draw = ImageDraw.Draw(layer)
    for _ in range(26):
        x, y, r = rng.random(), rng.random() ** 1.5 * 0.8, rng.uniform(0.012, 0.034) * max(w, h)
        at = small.tobytes()[3 * (int(y * 48) * 48 + int(x * 48)) :][:3]
        lift = 190 / max(60, *at) * rng.uniform(0.35, 0.85)
        fill = tuple(min(255, int(value * lift) + more) for value, more in zip(at, (24, 18, 0)))
        draw.ellipse((x * w - r, y * h - r, x * w + r, y * h + r), fill=fill)
    lights = layer.filter(ImageFilter.GaussianBlur(1.2)).resize(image.size, Image.Resampling.BICUBIC)
    return over(ImageChops.screen(image, curve(lights, lambda v: 0.42 * v)), image, kept)


def focus(image: Picture, _rng: random.Random) -> Picture:
    """The near (lower) part sharp, the far part softer the farther it is."""
    for strength, end in ((170, 0.66), (60, 0.48)):
        far = field(image.size, lambda _x, y, end=end: max(0.0, min(1.0, (end - y) / 0.2)))  # type: ignore[misc]
        image = over(image, soft(image, max(image.size) / strength), far)
    return image


def varied(image: Picture, rng: random.Random) -> Picture:
    """Another take of what is done to the whole picture: another light, another temper of colour."""
    shift, middle = rng.choice((-1, 1)) * rng.uniform(0.07, 0.13), rng.uniform(-0.06, 0.06)
    image = curve(image, lambda v: v ** (1 - shift), lambda v: v ** (1 - middle), lambda v: v ** (1 + shift))
    centre = (rng.choice((0.15, 0.5, 0.85)), rng.uniform(0.05, 0.5))
    return glow(image, (255, 236, 210), pool(image.size, centre, 0.6), 0.16)


TONES: dict[str, Tone] = {
    "denoise": denoise,
    "enhance": enhance,
    "sharpen": sharpen,
    "colourise": colourise,
    "night": night,
    "brighter": lambda image, _: curve(image, lambda v: min(1.0, v**0.68 * 1.04)),
    "darker": lambda image, _: curve(image, lambda v: 0.74 * v**1.2),
    "contrast": lambda image, _: saturate(curve(image, contrast_curve(0.3)), 1.08),
    "vivid": lambda image, _: curve(saturate(image, 1.65), contrast_curve(0.12)),
    "black-and-white": lambda image, _: curve(image.convert("L"), contrast_curve(0.2)).convert("RGB"),
    "warm": lambda image, _: curve(image, lambda v: v**0.9, lambda v: v * 0.98, lambda v: v**1.12 * 0.84),
    "cool": lambda image, _: curve(image, lambda v: v**1.14 * 0.86, lambda v: v * 0.98, lambda v: v**0.86),
    "cinematic": cinematic,
    "vintage": vintage,
    "bokeh": bokeh,
    "focus": focus,
    "blur": lambda image, _: soft(image, max(image.size) / 90),
}
