"""Small building blocks on Pillow images: masks, curves, light and shade, noise.

Rules of this file: every function is pure and takes its randomness as an argument; soft things are
computed small and enlarged, since a blur of a big picture and the blur of a small one look the same.
"""

from __future__ import annotations

import math
import random
from collections.abc import Callable
from functools import lru_cache

from PIL import Image, ImageChops, ImageEnhance, ImageFilter

Colour = tuple[int, int, int]
Picture = Image.Image
Size = tuple[int, int]


def clamp(value: float) -> int:
    """A channel value."""
    return 0 if value < 0 else 255 if value > 255 else round(value)


def plain(size: Size, colour: Colour) -> Picture:
    """A picture of one colour."""
    return Image.new("RGB", size, colour)


def curve(image: Picture, *functions: Callable[[float], float]) -> Picture:
    """A picture through one tone function (0..1 → 0..1), or through one for each channel."""
    tables = [[clamp(255 * function(v / 255)) for v in range(256)] for function in functions]
    if len(tables) == 1:
        tables *= len(image.getbands())
    return image.point([value for table in tables for value in table])


def contrast_curve(amount: float) -> Callable[[float], float]:
    """An S-shaped tone curve; 0 changes nothing."""
    return lambda v: v + amount * math.sin(2 * math.pi * (v - 0.5)) / math.pi


def saturate(image: Picture, factor: float) -> Picture:
    """More or less colour."""
    return ImageEnhance.Color(image).enhance(factor)


def smooth(share: float) -> float:
    """A share (cut to 0..1) that starts and ends gently."""
    share = min(1.0, max(0.0, share))
    return share * share * (3 - 2 * share)


def threshold(mask: Picture, low: float, high: float) -> Picture:
    """A mask's values stretched so that `low` becomes nothing and `high` everything, smoothly."""
    return curve(mask, lambda v: smooth((v - low) / (high - low)))


def over(base: Picture, top: Picture, mask: Picture, strength: float = 1.0) -> Picture:
    """`top` laid over `base` where the mask is white."""
    return Image.composite(top, base, mask if strength == 1.0 else curve(mask, lambda v: v * strength))


def glow(base: Picture, colour: Colour, mask: Picture, strength: float = 1.0) -> Picture:
    """Light of a colour added (screened) where the mask is white."""
    light = [mask.point([round(n * c / 255 * strength) for n in range(256)]) for c in colour]
    return ImageChops.screen(base, Image.merge("RGB", light))


def shade(base: Picture, mask: Picture, strength: float) -> Picture:
    """The picture darkened where the mask is white."""
    dimmer = curve(mask, lambda v: 1 - v * strength)
    return ImageChops.multiply(base, Image.merge("RGB", [dimmer] * 3))


def luminance(image: Picture) -> float:
    """Mean luminance, 0..255."""
    return sum(image.convert("L").resize((64, 64), Image.Resampling.BOX).tobytes()) / (64 * 64)


def field(size: Size, value: Callable[[float, float], float], detail: int = 96) -> Picture:
    """A smooth mask from a function of x and y in 0..1 (value 0..1), computed small and enlarged.

    A function that stands in a module is computed once for each shape.
    """
    longest = max(size)
    small = (max(2, size[0] * detail // longest), max(2, size[1] * detail // longest))
    return Image.frombytes("L", small, _values(*small, value)).resize(size, Image.Resampling.BICUBIC)


@lru_cache(maxsize=16)
def _values(w: int, h: int, value: Callable[[float, float], float]) -> bytes:
    return bytes(clamp(255 * value((x + 0.5) / w, (y + 0.5) / h)) for y in range(h) for x in range(w))


def pool(size: Size, centre: tuple[float, float], radius: float) -> Picture:
    """A soft round pool, white in the middle; the radius is a share of the longer edge."""
    (w, h), reach = size, radius * max(size)
    return field(size, lambda x, y: smooth(1 - math.hypot((x - centre[0]) * w, (y - centre[1]) * h) / reach))


def vignette(image: Picture, strength: float) -> Picture:
    """Corners fall off softly."""
    return shade(image, field(image.size, _corners), strength)


def _corners(x: float, y: float) -> float:
    return smooth(2 * math.hypot(x - 0.5, y - 0.5) - 0.5)


def clouds(size: Size, rng: random.Random, cell: float) -> Picture:
    """Soft noise; `cell` is the size of its largest puffs, a share of the longer edge."""
    noise = Image.new("L", size, 128)
    for step, strength in ((cell * max(size), 1.0), (0.4 * cell * max(size), 0.4)):
        grid = (max(2, math.ceil(size[0] / step)), max(2, math.ceil(size[1] / step)))
        layer = Image.frombytes("L", grid, rng.randbytes(grid[0] * grid[1]))
        noise = Image.blend(noise, layer.resize(size, Image.Resampling.BICUBIC), strength)
    return threshold(noise, 0.15, 0.85)


def grain(image: Picture, rng: random.Random, strength: float) -> Picture:
    """Film grain, always the same for the same source of randomness."""
    tile = Image.frombytes("L", (256, 256), rng.randbytes(65536)).filter(ImageFilter.GaussianBlur(0.7))
    noise = Image.new("L", image.size)
    for y in range(0, image.height, 256):
        for x in range(0, image.width, 256):
            noise.paste(tile, (x, y))
    return Image.blend(image, ImageChops.overlay(image, Image.merge("RGB", [noise] * 3)), strength * 4)


def soft(image: Picture, radius: float) -> Picture:
    """A blur of any radius (pixels) at the cost of a small one."""
    step = max(1, int(radius / 2.5))
    if step == 1:
        return image.filter(ImageFilter.GaussianBlur(radius))
    small = image.resize((max(1, image.width // step), max(1, image.height // step)), Image.Resampling.BOX)
    return small.filter(ImageFilter.GaussianBlur(radius / step)).resize(image.size, Image.Resampling.BICUBIC)


def contain(have: Size, want: Size) -> Size:
    """The largest size of the same shape inside another."""
    factor = min(want[0] / have[0], want[1] / have[1])
    return (max(1, round(have[0] * factor)), max(1, round(have[1] * factor)))


def bounded(image: Picture, longest: int) -> Picture:
    """The picture no longer than that; more pixels would only cost time."""
    if max(image.size) <= longest:
        return image
    return image.resize(contain(image.size, (longest, longest)), Image.Resampling.BOX, reducing_gap=2.0)


def opaque(image: Picture) -> Picture:
    """An RGB copy; transparent parts lie on a light gray."""
    if image.mode not in ("RGBA", "LA", "PA") and "transparency" not in image.info:
        return image.convert("RGB")
    rgba = image.convert("RGBA")
    return over(plain(image.size, (238, 238, 236)), rgba.convert("RGB"), rgba.getchannel("A"))
