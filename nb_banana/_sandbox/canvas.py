"""Small building blocks on Pillow images: gradients, masks, noise, curves, fitting.

Rules of this file: every function is pure and takes its randomness as an argument; soft things are
computed small and enlarged, since a blur of a big picture and the blur of a small one look the same.
"""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Sequence

from PIL import Image, ImageChops, ImageFilter

Colour = tuple[int, int, int]
Picture = Image.Image
Size = tuple[int, int]


def clamp(value: float) -> int:
    """A channel value."""
    return 0 if value < 0 else 255 if value > 255 else round(value)


def mix(a: Colour, b: Colour, share: float) -> Colour:
    """`share` of the way from one colour to another."""
    return (
        clamp(a[0] + (b[0] - a[0]) * share),
        clamp(a[1] + (b[1] - a[1]) * share),
        clamp(a[2] + (b[2] - a[2]) * share),
    )


def extrema(mask: Picture) -> tuple[float, float]:
    """The darkest and the lightest value of a one-band picture."""
    low, high = mask.getextrema()
    assert not isinstance(low, tuple) and not isinstance(high, tuple)
    return low, high


def curve(image: Picture, *functions: Callable[[float], float]) -> Picture:
    """A picture through one tone function (0..1 → 0..1), or through one for each channel."""
    tables = [[clamp(255 * function(v / 255)) for v in range(256)] for function in functions]
    if len(tables) == 1:
        tables *= len(image.getbands())
    return image.point([value for table in tables for value in table])


def scale(mask: Picture, factor: float) -> Picture:
    """A mask made stronger or weaker."""
    return mask.point([clamp(v * factor) for v in range(256)])


def threshold(mask: Picture, low: float, high: float) -> Picture:
    """A mask's values stretched so that `low` becomes nothing and `high` everything, smoothly."""

    def smooth(v: float) -> float:
        share = min(1.0, max(0.0, (v - low) / (high - low)))
        return share * share * (3 - 2 * share)

    return curve(mask, smooth)


def over(base: Picture, top: Picture, mask: Picture, strength: float = 1.0) -> Picture:
    """`top` laid over `base` where the mask is white."""
    return Image.composite(top, base, mask if strength == 1.0 else scale(mask, strength))


def tint(base: Picture, colour: Colour, mask: Picture, strength: float = 1.0) -> Picture:
    """A flat colour laid over where the mask is white."""
    return over(base, Image.new("RGB", base.size, colour), mask, strength)


def glow(base: Picture, colour: Colour, mask: Picture, strength: float = 1.0) -> Picture:
    """Light of a colour added (screened) where the mask is white."""
    light = Image.merge("RGB", [scale(mask, c / 255 * strength) for c in colour])
    return ImageChops.screen(base, light)


def shade(base: Picture, mask: Picture, strength: float) -> Picture:
    """The picture darkened where the mask is white."""
    dimmer = scale(ImageChops.invert(mask), strength).point(
        [clamp(v + 255 * (1 - strength)) for v in range(256)]
    )
    return ImageChops.multiply(base, Image.merge("RGB", [dimmer] * 3))


def luminance(image: Picture) -> float:
    """Mean luminance, 0..255."""
    small = image.convert("L").resize((64, 64), Image.Resampling.BOX)
    return sum(small.tobytes()) / (64 * 64)


def gradient(size: Size, stops: Sequence[tuple[float, Colour]]) -> Picture:
    """A vertical run of colours; stops are (height 0..1, colour) in order."""
    rows = bytearray()
    for y in range(256):
        at = y / 255
        upper = next((i for i, (stop, _) in enumerate(stops) if stop >= at), len(stops) - 1)
        (y0, c0), (y1, c1) = stops[max(0, upper - 1)], stops[upper]
        rows += bytes(mix(c0, c1, 0 if y1 == y0 else min(1.0, max(0.0, (at - y0) / (y1 - y0)))))
    return Image.frombytes("RGB", (1, 256), bytes(rows)).resize(size, Image.Resampling.BICUBIC)


def field(size: Size, value: Callable[[float, float], float], detail: int = 96) -> Picture:
    """A smooth mask from a function of x and y in 0..1 (value 0..1), computed small and enlarged."""
    longest = max(size)
    w, h = max(2, size[0] * detail // longest), max(2, size[1] * detail // longest)
    data = bytes(clamp(255 * value((x + 0.5) / w, (y + 0.5) / h)) for y in range(h) for x in range(w))
    return Image.frombytes("L", (w, h), data).resize(size, Image.Resampling.BICUBIC)


def pool(size: Size, centre: tuple[float, float], radius: float, softness: float = 1.0) -> Picture:
    """A soft round pool, white in the middle; the radius is a share of the longer edge."""
    w, h = size
    longest = max(size)

    def value(x: float, y: float) -> float:
        distance = math.hypot((x - centre[0]) * w, (y - centre[1]) * h) / (radius * longest)
        return max(0.0, min(1.0, (1 - distance) / softness)) if distance < 1 else 0.0

    def smooth(x: float, y: float) -> float:
        share = value(x, y)
        return share * share * (3 - 2 * share)

    return field(size, smooth)


def vignette(image: Picture, strength: float = 0.45) -> Picture:
    """Corners fall off softly."""

    def value(x: float, y: float) -> float:
        return math.pow(min(1.0, max(0.0, (math.hypot(x - 0.5, y - 0.5) / 0.7071 - 0.45) / 0.55)), 1.6)

    return shade(image, field(image.size, value), strength)


def clouds(size: Size, rng: random.Random, cell: float = 0.3, octaves: int = 4) -> Picture:
    """Soft noise; `cell` is the size of its largest puffs, a share of the longer edge."""
    longest = max(size)
    total: Picture | None = None
    work = (max(8, size[0] * 384 // longest), max(8, size[1] * 384 // longest))
    for octave in range(octaves):
        step = max(2.0, cell * 384 / 2**octave)
        grid = (max(2, math.ceil(work[0] / step)), max(2, math.ceil(work[1] / step)))
        layer = Image.frombytes("L", grid, rng.randbytes(grid[0] * grid[1])).resize(
            work, Image.Resampling.BICUBIC
        )
        total = layer if total is None else Image.blend(total, layer, 0.5 ** (octave + 0.6))
    assert total is not None
    low, high = extrema(total)
    return curve(total, lambda v: (v * 255 - low) / max(1, high - low)).resize(size, Image.Resampling.BICUBIC)


def grain(image: Picture, rng: random.Random, strength: float = 0.06) -> Picture:
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


def cover(image: Picture, size: Size, centre: tuple[float, float] = (0.5, 0.5)) -> Picture:
    """The picture filling a size, cut around a centre, never stretched."""
    box = cover_box(image.size, size, centre)
    return image.resize(size, Image.Resampling.LANCZOS, box=box)


def cover_box(have: Size, want: Size, centre: tuple[float, float]) -> tuple[float, float, float, float]:
    """The part of a picture that fills another shape."""
    factor = max(want[0] / have[0], want[1] / have[1])
    w, h = min(have[0], want[0] / factor), min(have[1], want[1] / factor)
    x = min(max(0.0, centre[0] * have[0] - w / 2), have[0] - w)
    y = min(max(0.0, centre[1] * have[1] - h / 2), have[1] - h)
    return (x, y, x + w, y + h)


def contain(have: Size, want: Size) -> Size:
    """The largest size of the same shape inside another."""
    factor = min(want[0] / have[0], want[1] / have[1])
    return (max(1, round(have[0] * factor)), max(1, round(have[1] * factor)))


def opaque(image: Picture) -> Picture:
    """An RGB copy; transparent parts lie on a light gray."""
    if image.mode in ("RGBA", "LA", "PA") or "transparency" in image.info:
        rgba = image.convert("RGBA")
        base = Image.new("RGB", image.size, (238, 238, 236))
        base.paste(rgba, mask=rgba.getchannel("A"))
        return base
    return image.convert("RGB")
