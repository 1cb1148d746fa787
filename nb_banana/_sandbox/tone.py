"""Light, colour grades, repairs and seasons: what changes the tones and leaves every shape in place."""

from __future__ import annotations

import math
import random
from collections.abc import Callable

from PIL import Image, ImageChops, ImageDraw, ImageEnhance, ImageFilter, ImageOps

from .canvas import (
    Picture,
    curve,
    field,
    glow,
    grain,
    luminance,
    mix,
    over,
    pool,
    scale,
    shade,
    soft,
    threshold,
    tint,
    vignette,
)
from .scenery import bokeh_lights, stars
from .shot import Shot
from .subject import centroid

Tone = Callable[[Shot, random.Random], Shot]
NIGHT = 0.62  # night's mean luminance, as a share of day's, is at most this
STREET_LIGHTS = ((255, 206, 120), (255, 170, 90), (140, 190, 255), (255, 120, 130), (255, 236, 190))


def contrast_curve(amount: float) -> Callable[[float], float]:
    """An S-shaped tone curve; 0 changes nothing."""
    return lambda v: v + amount * math.sin(2 * math.pi * (v - 0.5)) / 2 / math.pi * 2


def saturate(image: Picture, factor: float) -> Picture:
    """More or less colour."""
    return ImageEnhance.Color(image).enhance(factor)


def split_tone(
    image: Picture, dark: tuple[int, int, int], light: tuple[int, int, int], strength: float
) -> Picture:
    """Shadows drawn to one colour, lights to another."""
    toned = ImageOps.colorize(image.convert("L"), dark, light, mix(dark, light, 0.5))
    return Image.blend(image, toned, strength)


def night(shot: Shot, rng: random.Random) -> Shot:
    """Blue dark, a little moonlight on the subject, stars where the upper part is calm."""
    day = luminance(shot.image)
    image = saturate(shot.image, 0.7)
    image = curve(image, lambda v: 0.56 * v**1.25, lambda v: 0.6 * v**1.18, lambda v: 0.05 + 0.74 * v**1.02)
    gray = shot.image.convert("L")
    lamps = threshold(ImageChops.subtract(gray, soft(gray, max(shot.size) / 90)), 0.12, 0.4)
    lamps = ImageChops.multiply(lamps, threshold(gray, 0.5, 0.8))
    image = glow(image, (255, 204, 132), ImageChops.add(lamps, soft(lamps, max(shot.size) / 110)), 0.75)
    sky = field(shot.size, lambda _x, y: max(0.0, 1 - y / 0.5))
    calm = ImageChops.multiply(sky, ImageChops.invert(shot.subject))
    image = tint(image, (8, 12, 34), calm, 0.6)
    image = glow(image, (255, 255, 255), ImageChops.multiply(stars(shot.size, rng, 130, 0.45), calm), 0.9)
    side = rng.choice((0.2, 0.8))
    image = glow(
        image, (150, 180, 230), ImageChops.multiply(pool(shot.size, (side, 0.2), 0.8), shot.subject), 0.34
    )
    image = vignette(image, 0.34)
    dark = luminance(image)
    if dark > NIGHT * day:
        image = curve(image, lambda v: v * NIGHT * day / dark)
    return shot.but(image=image)


def day(shot: Shot, _rng: random.Random) -> Shot:
    """Bright, clear and a little warm."""
    image = curve(
        shot.image, lambda v: min(1.0, 1.08 * v**0.72), lambda v: min(1.0, 1.05 * v**0.74), lambda v: v**0.8
    )
    return shot.but(image=saturate(image, 1.12))


def sunlight(shot: Shot, rng: random.Random) -> Shot:
    """Rays from an upper corner and warm light where they fall."""
    side = rng.choice((0.0, 1.0))

    def ray(x: float, y: float) -> float:
        angle = math.atan2(y + 0.12, abs(x - side) + 0.05)
        reach = max(0.0, 1.15 - math.hypot(x - side, y))
        return reach * (0.45 + 0.55 * max(0.0, math.sin(angle * 21 + side * 2)) ** 2) * 0.8

    image = curve(shot.image, lambda v: min(1.0, v * 1.06 + 0.02), lambda v: v * 1.01, lambda v: v * 0.9)
    image = glow(image, (255, 222, 150), field(shot.size, ray, 160), 0.75)
    return shot.but(image=glow(image, (255, 240, 200), pool(shot.size, (side, 0.02), 0.42), 0.85))


def shadows(shot: Shot, rng: random.Random) -> Shot:
    """One hard light from the side; the far side falls into shadow."""
    side = rng.choice((0.15, 0.85))
    lit = pool(shot.size, (side, 0.35), 0.72, 1.0)
    image = curve(shot.image, contrast_curve(0.16))
    image = shade(image, ImageChops.invert(lit), 0.72)
    image = glow(image, (255, 226, 186), ImageChops.multiply(lit, shot.subject), 0.3)
    return shot.but(image=image)


def studio_light(shot: Shot, _rng: random.Random) -> Shot:
    """A large soft light on the subject, the rest a little lower."""
    x, y = centroid(shot.subject)
    image = shade(shot.image, ImageChops.invert(pool(shot.size, (x, y), 0.75)), 0.35)
    lifted = curve(image, lambda v: min(1.0, v**0.86 * 1.05))
    image = over(image, lifted, pool(shot.size, (x, y - 0.1), 0.5))
    return shot.but(image=image.filter(ImageFilter.UnsharpMask(max(shot.size) / 500, 70, 2)))


def cinematic(shot: Shot, rng: random.Random) -> Shot:
    """Teal shadows, orange lights, lifted blacks, fallen corners, fine grain."""
    image = curve(saturate(shot.image, 0.88), contrast_curve(0.2))
    image = split_tone(image, (0, 34, 48), (255, 226, 188), 0.36)
    image = curve(image, lambda v: 0.015 + 0.985 * v, lambda v: 0.02 + 0.95 * v, lambda v: 0.05 + 0.86 * v)
    return shot.but(image=grain(vignette(image, 0.42), rng, 0.025))


def warm(shot: Shot, _rng: random.Random) -> Shot:
    """Towards amber."""
    return shot.but(image=curve(shot.image, lambda v: v**0.9, lambda v: v * 0.98, lambda v: v**1.12 * 0.84))


def cool(shot: Shot, _rng: random.Random) -> Shot:
    """Towards blue."""
    return shot.but(
        image=curve(
            shot.image, lambda v: v**1.14 * 0.86, lambda v: v * 0.98, lambda v: min(1.0, v**0.86 * 1.03)
        )
    )


def vintage(shot: Shot, rng: random.Random) -> Shot:
    """Faded blacks, brown tones, grain, light corners lost."""
    image = split_tone(saturate(shot.image, 0.6), (58, 36, 24), (255, 240, 206), 0.52)
    image = curve(image, lambda v: 0.09 + 0.87 * v, lambda v: 0.07 + 0.86 * v, lambda v: 0.08 + 0.76 * v)
    return shot.but(image=grain(vignette(image, 0.5), rng, 0.05))


def mono(shot: Shot, rng: random.Random) -> Shot:
    """Black and white with some bite."""
    gray = curve(shot.image.convert("L"), contrast_curve(0.2))
    return shot.but(image=grain(Image.merge("RGB", [gray] * 3), rng, 0.02).convert("L").convert("RGB"))


def contrast(shot: Shot, _rng: random.Random) -> Shot:
    """Darker darks, lighter lights."""
    return shot.but(image=saturate(curve(shot.image, contrast_curve(0.3)), 1.08))


def bright(shot: Shot, _rng: random.Random) -> Shot:
    """Lifted tones."""
    return shot.but(image=curve(shot.image, lambda v: min(1.0, v**0.7 * 1.03)))


def dark(shot: Shot, _rng: random.Random) -> Shot:
    """Lowered tones."""
    return shot.but(image=vignette(curve(shot.image, lambda v: 0.72 * v**1.2), 0.3))


def vivid(shot: Shot, _rng: random.Random) -> Shot:
    """Full colour."""
    return shot.but(image=curve(saturate(shot.image, 1.65), contrast_curve(0.12)))


def pastel(shot: Shot, _rng: random.Random) -> Shot:
    """Light, airy, little contrast."""
    image = curve(
        saturate(shot.image, 0.72),
        lambda v: 0.2 + 0.78 * v**0.8,
        lambda v: 0.19 + 0.79 * v**0.82,
        lambda v: 0.22 + 0.76 * v**0.8,
    )
    return shot.but(image=Image.blend(image, soft(image, max(shot.size) / 60), 0.25))


def neon(shot: Shot, rng: random.Random) -> Shot:
    """Magenta and cyan from two sides over a dark picture."""
    image = curve(shot.image, lambda v: 0.7 * v**1.2)
    image = split_tone(image, (26, 0, 62), (150, 236, 255), 0.5)
    flip = rng.choice((0.0, 1.0))
    image = glow(image, (255, 30, 150), pool(shot.size, (flip, 0.4), 0.7), 0.6)
    image = glow(image, (0, 200, 255), pool(shot.size, (1 - flip, 0.5), 0.7), 0.55)
    return shot.but(
        image=bokeh_lights(
            image, rng, 14, ((255, 60, 170), (60, 220, 255), (190, 90, 255)), 0.5, shot.subject
        )
    )


def professional(shot: Shot, _rng: random.Random) -> Shot:
    """Clear mid-tones, true colour, a quiet edge."""
    image = shot.image.filter(ImageFilter.UnsharpMask(max(shot.size) / 60, 35, 0))
    image = curve(saturate(image, 1.12), contrast_curve(0.14))
    lifted = curve(image, lambda v: min(1.0, 1.03 * v**0.88))
    return shot.but(image=vignette(over(image, lifted, shot.subject), 0.34))


def enhance(shot: Shot, _rng: random.Random) -> Shot:
    """Full range, less noise, more local detail."""
    clean = shot.image.filter(ImageFilter.MedianFilter(3))
    image = Image.blend(clean, ImageOps.autocontrast(clean, cutoff=(0.4, 0.4), preserve_tone=True), 0.8)
    image = saturate(image, 1.12).filter(ImageFilter.UnsharpMask(max(shot.size) / 90, 55, 1))
    return shot.but(image=image.filter(ImageFilter.UnsharpMask(max(1.0, max(shot.size) / 700), 120, 2)))


def sharpen(shot: Shot, _rng: random.Random) -> Shot:
    """Edges sharper at two scales."""
    image = shot.image.filter(ImageFilter.UnsharpMask(max(1.0, max(shot.size) / 420), 170, 1))
    return shot.but(image=image.filter(ImageFilter.UnsharpMask(max(1.0, max(shot.size) / 1000), 110, 1)))


def blur_background(shot: Shot, rng: random.Random) -> Shot:
    """Everything but the subject out of focus, with a few round lights."""
    far = soft(shot.image, max(shot.size) / 55)
    bright_spots = threshold(far.convert("L"), 0.72, 1.0)
    colours = (
        STREET_LIGHTS if luminance(shot.image) < 110 else ((255, 236, 200), (255, 250, 236), (255, 214, 170))
    )
    far = glow(far, (255, 244, 220), bright_spots, 0.15)
    far = bokeh_lights(
        far, rng, 30, colours, 0.55 if luminance(shot.image) < 110 else 0.3, soft(shot.subject, 6)
    )
    return shot.but(image=over(far, shot.image, _protected(shot)))


def _protected(shot: Shot) -> Picture:
    """The subject, its rim kept sharp too."""
    return threshold(
        shot.subject.filter(ImageFilter.GaussianBlur(max(1.0, max(shot.size) / 400))), 0.12, 0.55
    )


def focus_foreground(shot: Shot, _rng: random.Random) -> Shot:
    """The near (lower) part sharp, the far part softer the farther it is."""
    far = soft(shot.image, max(shot.size) / 60)
    middle = soft(shot.image, max(shot.size) / 170)
    image = over(shot.image, middle, field(shot.size, lambda _x, y: max(0.0, min(1.0, (0.66 - y) / 0.14))))
    image = over(image, far, field(shot.size, lambda _x, y: max(0.0, min(1.0, (0.48 - y) / 0.24))))
    return shot.but(image=image.filter(ImageFilter.UnsharpMask(max(1.0, max(shot.size) / 700), 60, 2)))


def spring(shot: Shot, rng: random.Random) -> Shot:
    """Fresh greens, pink petals in the air."""
    image = curve(shot.image, lambda v: v**0.92, lambda v: min(1.0, v**0.86 * 1.02), lambda v: v**0.94)
    return shot.but(
        image=falling(saturate(image, 1.1), rng, ((255, 190, 210), (255, 214, 226), (250, 160, 190)), 70)
    )


def summer(shot: Shot, rng: random.Random) -> Shot:
    """Strong sun, full colour."""
    return sunlight(shot.but(image=saturate(curve(shot.image, lambda v: v**0.9), 1.3)), rng)


def autumn(shot: Shot, rng: random.Random) -> Shot:
    """Greens to rust, leaves in the air."""
    r, g, b = shot.image.split()
    green = threshold(ImageChops.subtract(g, ImageChops.lighter(r, b)), 0.02, 0.16)
    rust = ImageOps.colorize(shot.image.convert("L"), (60, 20, 6), (255, 214, 130), (206, 110, 40))
    image = over(shot.image, rust, green, 0.9)
    image = curve(image, lambda v: min(1.0, v**0.86 * 1.02), lambda v: v * 0.95, lambda v: v**1.2 * 0.8)
    return shot.but(image=falling(image, rng, ((206, 88, 36), (232, 150, 48), (170, 60, 34)), 60))


def winter(shot: Shot, rng: random.Random) -> Shot:
    """Cold, pale, snow on what looks up."""
    image = saturate(cool(shot, rng).image, 0.6)
    lit = threshold(image.convert("L"), 0.5, 0.85)
    image = tint(image, (236, 242, 252), lit, 0.6)
    flakes = soft(stars(shot.size, rng, 420), max(shot.size) / 900)
    return shot.but(image=glow(image, (255, 255, 255), scale(flakes, 1.5), 1.0))


def falling(
    image: Picture, rng: random.Random, colours: tuple[tuple[int, int, int], ...], count: int
) -> Picture:
    """Petals or leaves in the air."""
    work = (max(16, image.width * 1024 // max(image.size)), max(16, image.height * 1024 // max(image.size)))
    layer = Image.new("RGBA", work)
    draw = ImageDraw.Draw(layer)
    for _ in range(count):
        x, y, r, turn = (
            rng.random() * work[0],
            rng.random() * work[1],
            rng.uniform(4, 15),
            rng.random() * math.pi,
        )
        ax, ay = r * math.cos(turn), r * math.sin(turn)
        draw.polygon(
            [(x - ax, y - ay), (x + ay * 0.4, y - ax * 0.4), (x + ax, y + ay), (x - ay * 0.4, y + ax * 0.4)],
            fill=(*rng.choice(colours), rng.randint(150, 240)),
        )
    layer = layer.filter(ImageFilter.GaussianBlur(0.8)).resize(image.size, Image.Resampling.BICUBIC)
    return over(image, layer.convert("RGB"), layer.getchannel("A"))


def touch(shot: Shot, rng: random.Random) -> Shot:
    """For a prompt the sandbox does not understand: a modest grade and soft light on the subject."""
    shift = rng.choice((-1, 1))
    image = curve(
        saturate(shot.image, 1.32),
        lambda v: v ** (0.9 - 0.05 * shift),
        lambda v: v**0.95,
        lambda v: v ** (0.94 + 0.08 * shift),
    )
    image = over(
        image, curve(image, lambda v: min(1.0, v**0.72 * 1.06)), pool(shot.size, centroid(shot.subject), 0.5)
    )
    return shot.but(image=vignette(image, 0.5))


TONES: dict[tuple[str, str], Tone] = {
    ("light", "night"): night,
    ("light", "day"): day,
    ("light", "sun"): sunlight,
    ("light", "shadow"): shadows,
    ("light", "studio"): studio_light,
    ("focus", "background"): blur_background,
    ("focus", "foreground"): focus_foreground,
    ("grade", "cinematic"): cinematic,
    ("grade", "warm"): warm,
    ("grade", "cool"): cool,
    ("grade", "vintage"): vintage,
    ("grade", "mono"): mono,
    ("grade", "contrast"): contrast,
    ("grade", "bright"): bright,
    ("grade", "dark"): dark,
    ("grade", "vivid"): vivid,
    ("grade", "pastel"): pastel,
    ("grade", "neon"): neon,
    ("grade", "professional"): professional,
    ("repair", "enhance"): enhance,
    ("repair", "sharpen"): sharpen,
    ("season", "spring"): spring,
    ("season", "summer"): summer,
    ("season", "autumn"): autumn,
    ("season", "winter"): winter,
    ("touch", ""): touch,
}
