"""Weather over a picture: storm, fog, rain, snow, rainbow."""

from __future__ import annotations

import random
from collections.abc import Callable

from PIL import Image, ImageChops, ImageDraw, ImageFilter

from .canvas import Picture, clouds, curve, field, glow, gradient, mix, over, shade, soft, threshold, tint
from .scenery import disc, stars, sun_disc
from .shot import Shot

WORK = 1280


def _work(image: Picture) -> tuple[int, int]:
    factor = min(1.0, WORK / max(image.size))
    return (max(16, round(image.width * factor)), max(16, round(image.height * factor)))


def sky_mask(shot: Shot) -> Picture:
    """The upper, calm part of the picture that is not the subject."""
    upper = field(shot.size, lambda _x, y: max(0.0, min(1.0, (0.62 - y) / 0.3)))
    return ImageChops.multiply(upper, ImageChops.invert(shot.subject))


def storm(shot: Shot, rng: random.Random) -> Shot:
    """Dark clouds above, a bolt, everything under a lid."""
    image = curve(shot.image, lambda v: 0.62 * v**1.1, lambda v: 0.66 * v**1.1, lambda v: 0.74 * v**1.05)
    mask = sky_mask(shot)
    w, h = shot.size
    heap = curve(clouds((w, h * 2), rng, 0.3, 5).resize((w, h)), lambda v: 0.1 + 0.5 * v)
    heavy = Image.merge("RGB", [curve(heap, lambda v: v * 0.86), curve(heap, lambda v: v * 0.92), heap])
    image = over(image, heavy, mask, 0.92)
    bolt = Image.new("L", _work(image))
    draw = ImageDraw.Draw(bolt)
    x, y = bolt.width * rng.choice((rng.uniform(0.08, 0.25), rng.uniform(0.75, 0.92))), 0.0
    points = [(x, y)]
    while y < bolt.height * 0.52:
        x, y = x + rng.uniform(-0.035, 0.035) * bolt.width, y + rng.uniform(0.03, 0.07) * bolt.height
        points.append((x, y))
    draw.line(points, fill=255, width=max(2, WORK // 420), joint="curve")
    halo = soft(bolt, WORK / 36).point([min(255, v * 5) for v in range(256)])
    image = glow(image, (150, 170, 255), halo.resize(image.size, Image.Resampling.BICUBIC), 0.7)
    crisp = bolt.filter(ImageFilter.GaussianBlur(0.8)).resize(image.size, Image.Resampling.BICUBIC)
    return shot.but(
        image=glow(image, (240, 240, 255), ImageChops.multiply(crisp, ImageChops.invert(shot.subject)), 1.0)
    )


def fog(shot: Shot, rng: random.Random) -> Shot:
    """Thick behind the subject, thin before it."""
    drift = curve(clouds(shot.size, rng, 0.4, 4), lambda v: 0.55 + 0.45 * v)
    behind = ImageChops.multiply(drift, curve(soft(shot.subject, max(shot.size) / 30), lambda v: 1 - 0.6 * v))
    image = Image.blend(shot.image, soft(shot.image, max(shot.size) / 160), 0.4)
    return shot.but(image=tint(image, (214, 220, 226), behind, 0.82))


def rain(shot: Shot, rng: random.Random) -> Shot:
    """Slanting drops over a darker, bluer picture."""
    image = curve(shot.image, lambda v: 0.74 * v, lambda v: 0.79 * v, lambda v: 0.03 + 0.86 * v)
    size = _work(image)
    drops = Image.new("L", size)
    draw = ImageDraw.Draw(drops)
    for _ in range(700):
        x, y = rng.uniform(-0.1, 1.1) * size[0], rng.uniform(-0.1, 1.0) * size[1]
        long = rng.uniform(0.015, 0.06) * WORK
        draw.line((x, y, x - long * 0.22, y + long), fill=rng.randint(70, 200), width=rng.choice((1, 1, 2)))
    drops = drops.filter(ImageFilter.GaussianBlur(0.7)).resize(image.size, Image.Resampling.BICUBIC)
    return shot.but(image=glow(image, (220, 230, 245), drops, 0.75))


def snowfall(shot: Shot, rng: random.Random) -> Shot:
    """Flakes near and far over a paler picture."""
    image = curve(shot.image, lambda v: 0.08 + 0.84 * v, lambda v: 0.1 + 0.86 * v, lambda v: 0.13 + 0.87 * v)
    size = _work(image)
    for count, small, large, blur in ((520, 0.7, 2.0, 0.6), (120, 2.4, 4.6, 1.6), (26, 6.0, 12.0, 4.5)):
        flakes = Image.new("L", size)
        draw = ImageDraw.Draw(flakes)
        for _ in range(count):
            x, y, r = rng.random() * size[0], rng.random() * size[1], rng.uniform(small, large)
            draw.ellipse((x - r, y - r, x + r, y + r), fill=rng.randint(150, 255))
        flakes = flakes.filter(ImageFilter.GaussianBlur(blur)).resize(image.size, Image.Resampling.BICUBIC)
        image = glow(image, (255, 255, 255), flakes, 0.95)
    return shot.but(image=image)


def rainbow(shot: Shot, rng: random.Random) -> Shot:
    """A bow over the upper half, behind the subject."""
    size = _work(shot.image)
    bow = Image.new("RGB", size)
    draw = ImageDraw.Draw(bow)
    centre, radius = (size[0] * rng.uniform(0.4, 0.6), size[1] * 0.98), size[1] * 0.86
    colours = ((220, 60, 60), (240, 150, 50), (240, 230, 80), (90, 200, 100), (70, 130, 230), (120, 80, 200))
    wide = size[1] * 0.016
    for step in range(60):
        at = step / 59 * (len(colours) - 1)
        colour = mix(colours[int(at)], colours[min(len(colours) - 1, int(at) + 1)], at % 1)
        r = radius - step / 59 * wide * len(colours)
        draw.ellipse(
            (centre[0] - r * 1.15, centre[1] - r, centre[0] + r * 1.15, centre[1] + r),
            outline=colour,
            width=max(3, round(wide / 5)),
        )
    bow = soft(bow, WORK / 260).resize(shot.size, Image.Resampling.BICUBIC)
    fade = ImageChops.multiply(
        field(shot.size, lambda _x, y: max(0.0, min(1.0, (0.9 - y) / 0.5))), ImageChops.invert(shot.subject)
    )
    lit = ImageChops.screen(shot.image, bow.point([round(v * 0.75) for v in range(256)] * 3))
    return shot.but(image=over(shot.image, lit, fade))


def repaint_sky(shot: Shot, colour: tuple[int, int, int]) -> Shot:
    """The upper calm part in another colour, fading to the horizon."""
    fresh = gradient(
        shot.size,
        [(0, colour), (0.6, mix(colour, (255, 255, 255), 0.45)), (1, mix(colour, (255, 255, 255), 0.6))],
    )
    blended = Image.blend(shot.image, fresh, 0.8)
    smooth = threshold(
        ImageChops.invert(soft(shot.image.convert("L").filter(ImageFilter.FIND_EDGES), max(shot.size) / 90)),
        0.8,
        0.95,
    )
    return shot.but(image=over(shot.image, blended, ImageChops.multiply(sky_mask(shot), smooth)))


WEATHER: dict[str, Callable[[Shot, random.Random], Shot]] = {
    "storm": storm, "fog": fog, "rain": rain, "snow": snowfall, "rainbow": rainbow,
}  # fmt: skip


def celestial(shot: Shot, name: str, rng: random.Random, where: str) -> Shot:
    """A sun, a moon or stars set in the sky behind the subject."""
    side = {"left": 0.18, "right": 0.82}.get(where) or rng.choice((0.16, 0.84))
    centre = (side, rng.uniform(0.14, 0.2))
    free = ImageChops.invert(shot.subject)

    if name == "star":
        upper = field(shot.size, lambda _x, y: max(0.0, min(1.0, (0.75 - y) / 0.3)))
        image = shade(shot.image, ImageChops.multiply(upper, free), 0.6)
        lights = ImageChops.multiply(ImageChops.multiply(stars(shot.size, rng, 420, 0.75), upper), free)
        return shot.but(image=glow(image, (255, 252, 236), lights, 1.0))
    if name == "moon":
        image = sun_disc(shot.image, centre, 0.05, (248, 244, 228), (170, 180, 210))
        marks = ImageChops.multiply(
            threshold(clouds(shot.size, rng, 0.05, 3), 0.5, 0.8), disc(shot.size, centre, 0.05)
        )
        image = tint(image, (214, 210, 196), marks, 0.7)
    else:
        image = sun_disc(shot.image, centre, 0.05, (255, 250, 220), (255, 208, 96))
    return shot.but(image=over(image, shot.image, shot.subject))
