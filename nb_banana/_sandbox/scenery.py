"""Places to put a subject in: painted skies, seas, woods, cities and rooms.

Rules of this file: a scene is a pure function of size and randomness; it is painted on a canvas of at
most `CANVAS` pixels and enlarged, as the background of a photograph is soft anyway; every scene leaves
the middle calm, because a subject will stand there.
"""

from __future__ import annotations

import math
import random
from collections.abc import Callable
from itertools import pairwise

from PIL import Image, ImageChops, ImageDraw, ImageFilter

from .canvas import (
    Colour,
    Picture,
    Size,
    clouds,
    curve,
    field,
    glow,
    gradient,
    mix,
    over,
    pool,
    scale,
    soft,
    threshold,
    tint,
    vignette,
)
from .vocabulary import RGB

CANVAS = 1152


def paint_scene(name: str, size: Size, rng: random.Random, colour: str = "") -> Picture:
    """The named place at any size; an unknown name is a meadow."""
    factor = min(1.0, CANVAS / max(size))
    canvas = (max(16, round(size[0] * factor)), max(16, round(size[1] * factor)))
    if name == "plain":
        return plain(size, RGB.get(colour, RGB["gray"]))
    painted = SCENES.get(name, meadow)(canvas, rng)
    return painted if canvas == size else painted.resize(size, Image.Resampling.BICUBIC)


def plain(size: Size, colour: Colour) -> Picture:
    """One flat colour, as asked for."""
    return Image.new("RGB", size, colour)


def ridge(size: Size, rng: random.Random, base: float, height: float, rough: float = 0.55) -> Picture:
    """A mask of everything under a broken line (midpoint displacement) at `base` of the height."""
    line = [rng.uniform(-1, 1) * height for _ in range(3)]
    step = height
    for _ in range(7):
        step *= rough
        line = [v for a, b in pairwise(line) for v in (a, (a + b) / 2 + rng.uniform(-step, step))] + [
            line[-1]
        ]
    w, h = size
    points = [(w * i / (len(line) - 1), h * (base - v)) for i, v in enumerate(line)]
    mask = Image.new("L", size)
    ImageDraw.Draw(mask).polygon([*points, (w, h), (0, h)], fill=255)
    return mask.filter(ImageFilter.GaussianBlur(max(w, h) / 1400))


def hill(size: Size, base: float, bend: float, phase: float) -> Picture:
    """A mask of everything under a gentle wave."""
    w, h = size
    points = [(w * i / 64, h * (base - bend * math.sin(phase + 3.4 * i / 64))) for i in range(65)]
    mask = Image.new("L", size)
    ImageDraw.Draw(mask).polygon([*points, (w, h), (0, h)], fill=255)
    return mask.filter(ImageFilter.GaussianBlur(max(w, h) / 1400))


def layer(base: Picture, mask: Picture, top: Colour, foot: Colour, at: float) -> Picture:
    """A silhouette filled with a gradient that begins at `at` of the height."""
    return over(base, gradient(base.size, [(0, top), (at, top), (1, foot)]), mask)


def sun_disc(
    base: Picture, centre: tuple[float, float], radius: float, core: Colour, halo: Colour
) -> Picture:
    """A sun or a moon with its glow."""
    base = glow(base, halo, pool(base.size, centre, radius * 9), 0.75)
    base = glow(base, halo, pool(base.size, centre, radius * 3.2), 0.7)
    return tint(base, core, disc(base.size, centre, radius))


def disc(size: Size, centre: tuple[float, float], radius: float) -> Picture:
    """A crisp round mask; the radius is a share of the longer edge."""
    r, x, y = radius * max(size), centre[0] * size[0], centre[1] * size[1]
    mask = Image.new("L", size)
    ImageDraw.Draw(mask).ellipse((x - r, y - r, x + r, y + r), fill=255)
    return mask.filter(ImageFilter.GaussianBlur(max(0.8, max(size) / 1100)))


def stars(size: Size, rng: random.Random, count: int, lowest: float = 1.0) -> Picture:
    """A mask of small lights of different strength."""
    mask = Image.new("L", size)
    draw = ImageDraw.Draw(mask)
    for _ in range(count):
        x, y = rng.random() * size[0], rng.random() ** 1.3 * size[1] * lowest
        r = max(size) / 1400 * rng.choice((0.7, 0.9, 1.1, 1.6))
        draw.ellipse((x - r, y - r, x + r, y + r), fill=rng.randint(90, 255))
    return ImageChops.lighter(
        mask.filter(ImageFilter.GaussianBlur(0.6)), scale(soft(mask, max(size) / 400), 1.6)
    )


def streaks(size: Size, rng: random.Random, horizon: float) -> Picture:
    """Wave glints: flat, denser and finer towards the horizon."""
    mask = Image.new("L", size)
    draw = ImageDraw.Draw(mask)
    for _ in range(900):
        depth = rng.random() ** 1.6
        y = size[1] * (horizon + (1 - horizon) * depth)
        reach = size[0] * (0.008 + 0.06 * depth) * rng.random()
        x = rng.random() * size[0]
        draw.line(
            (x - reach, y, x + reach, y),
            fill=rng.randint(40, 190),
            width=max(1, round(size[1] * 0.004 * depth)),
        )
    return mask.filter(ImageFilter.GaussianBlur(max(size) / 1600))


def sky_clouds(base: Picture, rng: random.Random, colour: Colour, strength: float, lowest: float) -> Picture:
    """Flat cloud banks, fading out below `lowest`."""
    w, h = base.size
    noise = clouds((w, max(8, h * 3)), rng, 0.34).resize((w, h), Image.Resampling.BICUBIC)
    fade = field(base.size, lambda _x, y: max(0.0, min(1.0, (lowest - y) / (lowest * 0.6))))
    return tint(base, colour, ImageChops.multiply(threshold(noise, 0.45, 0.85), fade), strength)


def sunset(size: Size, rng: random.Random) -> Picture:
    """A low sun over water and far hills."""
    horizon = rng.uniform(0.62, 0.68)
    sun = (rng.choice((0.24, 0.3, 0.7, 0.76)), horizon - 0.06)
    image = gradient(
        size,
        [
            (0, (56, 48, 104)),
            (0.3, (154, 78, 122)),
            (0.5, (238, 122, 92)),
            (horizon, (255, 198, 122)),
            (1, (255, 198, 122)),
        ],
    )
    image = sky_clouds(image, rng, (255, 158, 120), 0.75, horizon)
    image = sky_clouds(image, rng, (104, 56, 108), 0.55, horizon * 0.8)
    image = sun_disc(image, sun, 0.035, (255, 244, 206), (255, 184, 92))
    for depth, colour in ((0.0, (150, 82, 108)), (0.02, (104, 56, 92))):
        mask = ridge(size, rng, horizon + depth, 0.05)
        sea_line = field(size, lambda _x, y: 1.0 if y < horizon + 0.012 else 0.0, 256)
        image = tint(image, colour, ImageChops.multiply(mask, sea_line), 0.9)
    water = gradient(
        size, [(0, (246, 168, 110)), (horizon, (236, 146, 104)), (0.86, (110, 66, 106)), (1, (60, 44, 84))]
    )
    below = field(size, lambda _x, y: 1.0 if y > horizon else 0.0, 512)
    image = over(image, water, below)
    path = field(size, lambda x, y: math.exp(-(((x - sun[0]) / (0.03 + 0.22 * max(0.0, y - horizon))) ** 2)))
    glints = ImageChops.multiply(streaks(size, rng, horizon), below)
    image = glow(
        image,
        (255, 214, 150),
        ImageChops.multiply(glints, path.point([min(255, v + 50) for v in range(256)])),
        0.9,
    )
    return vignette(image, 0.3)


def ocean(size: Size, rng: random.Random) -> Picture:
    """Blue water, a bright sky, a strip of sand."""
    horizon = rng.uniform(0.42, 0.48)
    image = gradient(size, [(0, (72, 148, 222)), (horizon, (206, 234, 246)), (1, (206, 234, 246))])
    image = sky_clouds(image, rng, (255, 255, 255), 0.9, horizon)
    below = field(size, lambda _x, y: 1.0 if y > horizon else 0.0, 512)
    water = gradient(
        size,
        [
            (0, (36, 112, 178)),
            (horizon, (30, 104, 172)),
            (0.72, (44, 160, 196)),
            (0.84, (122, 212, 214)),
            (1, (150, 222, 220)),
        ],
    )
    image = over(image, water, below)
    image = glow(image, (220, 246, 255), ImageChops.multiply(streaks(size, rng, horizon), below), 0.55)
    phase = rng.random() * 6
    beach = hill(size, 0.86, 0.03, phase)
    image = tint(image, (246, 250, 248), hill(size, 0.868, 0.03, phase), 0.85)
    sand = ImageChops.overlay(
        gradient(size, [(0, (240, 218, 176)), (0.88, (228, 200, 152)), (1, (236, 212, 168))]),
        Image.merge("RGB", [soft_noise(size, rng)] * 3),
    )
    return over(image, sand, beach.transform(size, Image.Transform.AFFINE, (1, 0, 0, 0, 1, -0.018 * size[1])))


def soft_noise(size: Size, rng: random.Random, cell: float = 0.02) -> Picture:
    """Fine texture around middle gray."""
    return curve(clouds(size, rng, cell, 3), lambda v: 0.38 + 0.24 * v)


def forest(size: Size, rng: random.Random) -> Picture:
    """Trunks in depth, mist and light from above."""
    w, h = size
    image = gradient(
        size, [(0, (168, 206, 142)), (0.45, (214, 230, 172)), (0.75, (142, 176, 104)), (1, (66, 92, 46))]
    )
    image = ImageChops.overlay(
        image, Image.merge("RGB", [curve(clouds(size, rng, 0.12), lambda v: 0.25 + 0.5 * v)] * 3)
    )
    for depth in range(4):
        near = depth / 3
        colour = mix((150, 178, 128), (38, 46, 30), near)
        mask = Image.new("L", size)
        draw = ImageDraw.Draw(mask)
        for _ in range(13 - 3 * depth):
            x = rng.random()
            if near > 0.6 and abs(x - 0.5) < 0.24:  # the middle stays open
                x = 0.5 + math.copysign(rng.uniform(0.28, 0.5), x - 0.5)
            wide = max(w, h) * (0.006 + 0.02 * near) * rng.uniform(0.7, 1.3)
            foot = h * (0.66 + 0.3 * near)
            lean = rng.uniform(-0.02, 0.02) * w
            draw.polygon(
                [
                    (x * w - wide, foot),
                    (x * w + lean - wide * 0.6, 0),
                    (x * w + lean + wide * 0.6, 0),
                    (x * w + wide, foot),
                ],
                fill=255,
            )
        image = tint(image, colour, mask.filter(ImageFilter.GaussianBlur(1 + 2 * (1 - near))), 0.9)
        image = tint(
            image,
            mix((120, 150, 84), (40, 62, 30), near),
            ridge(size, rng, 0.7 + 0.09 * depth, 0.03, 0.7),
            0.92,
        )
        if depth < 3:
            haze = field(size, lambda _x, y: math.exp(-(((y - 0.62) / 0.2) ** 2)))
            image = tint(image, (226, 236, 190), haze, 0.32)
    crown = field(size, lambda _x, y: max(0.0, 1 - y / 0.34))
    leaves = ImageChops.multiply(threshold(clouds(size, rng, 0.06, 4), 0.4, 0.56), crown)
    image = tint(image, (52, 84, 40), leaves, 0.9)
    light = rng.choice((0.25, 0.75))
    rays = field(size, lambda x, y: max(0.0, math.sin((x - light) / (0.35 + y) * 24)) * (1 - y) * 0.8)
    return vignette(glow(image, (255, 244, 190), rays, 0.45), 0.35)


def city(size: Size, rng: random.Random) -> Picture:
    """Towers in haze at a bright dusk, windows lit."""
    w, h = size
    image = gradient(
        size, [(0, (66, 104, 168)), (0.45, (158, 178, 206)), (0.7, (250, 212, 176)), (1, (250, 212, 176))]
    )
    image = sky_clouds(image, rng, (255, 232, 214), 0.5, 0.6)
    for depth in range(3):
        near = depth / 2
        colour = mix((158, 170, 196), (52, 62, 88), near)
        mask = Image.new("L", size)
        lights = Image.new("L", size)
        draw, lamp = ImageDraw.Draw(mask), ImageDraw.Draw(lights)
        x = -0.03
        while x < 1.02:
            wide = rng.uniform(0.045, 0.1) * (0.8 + 0.5 * near)
            calm = 0.6 + 0.4 * min(1.0, abs(x + wide / 2 - 0.5) * 2.4)
            top = 0.78 - (rng.uniform(0.16, 0.5) * calm * (1 - 0.25 * near))
            draw.rectangle((x * w, top * h, (x + wide) * w, h), fill=255)
            if rng.random() < 0.3:
                draw.line(
                    ((x + wide / 2) * w, (top - 0.05) * h, (x + wide / 2) * w, top * h),
                    fill=255,
                    width=max(1, w // 500),
                )
            cell = max(3.0, 0.011 * max(w, h) * (0.8 + 0.5 * near))
            rows, columns = int((0.95 - top) * h / cell / 1.3), int(wide * w / cell)
            for row in range(rows):
                for column in range(columns):
                    if rng.random() < 0.34:
                        left, up = x * w + (column + 0.3) * cell, top * h + (row + 0.5) * cell * 1.3
                        lamp.rectangle(
                            (left, up, left + cell * 0.42, up + cell * 0.6), fill=rng.randint(90, 255)
                        )
            x += wide + rng.uniform(-0.01, 0.012)
        image = tint(image, colour, mask, 0.94)
        image = tint(image, (255, 226, 160), ImageChops.multiply(lights, mask), 0.35 + 0.5 * near)
    street = gradient(size, [(0, (92, 96, 112)), (0.86, (92, 96, 112)), (1, (58, 60, 74))])
    image = over(image, street, field(size, lambda _x, y: 1.0 if y > 0.88 else 0.0, 512))
    return image.filter(ImageFilter.GaussianBlur(max(size) / 700))


def snow(size: Size, rng: random.Random) -> Picture:
    """White peaks under a clear sky, snow on the ground."""
    image = gradient(size, [(0, (86, 146, 214)), (0.5, (198, 222, 242)), (1, (226, 236, 246))])
    image = _peaks(
        image,
        rng,
        ((0.5, 0.2, (164, 188, 218), (206, 220, 236)), (0.58, 0.16, (190, 208, 230), (232, 240, 248))),
        (250, 252, 255),
    )
    image = layer(image, hill(size, 0.74, 0.03, rng.random() * 6), (224, 234, 246), (246, 250, 255), 0.7)
    image = _pines(image, rng, 0.76, (70, 96, 110))
    return layer(image, hill(size, 0.85, 0.03, rng.random() * 6), (240, 246, 252), (255, 255, 255), 0.8)


def mountain(size: Size, rng: random.Random) -> Picture:
    """Blue ranges, one behind the other."""
    image = gradient(size, [(0, (104, 164, 222)), (0.55, (238, 228, 214)), (1, (238, 228, 214))])
    image = sky_clouds(image, rng, (255, 250, 244), 0.7, 0.45)
    image = _peaks(
        image,
        rng,
        ((0.46, 0.18, (150, 172, 202), (196, 208, 222)), (0.58, 0.14, (112, 142, 168), (150, 176, 188))),
        (248, 250, 252),
    )
    for base, colour, foot in (
        (0.7, (84, 122, 118), (112, 146, 122)),
        (0.8, (64, 104, 78), (92, 132, 82)),
        (0.9, (52, 90, 56), (86, 128, 66)),
    ):
        image = layer(image, ridge(size, rng, base, 0.05, 0.5), colour, foot, base)
    return image


def _peaks(
    image: Picture, rng: random.Random, ranges: tuple[tuple[float, float, Colour, Colour], ...], cap: Colour
) -> Picture:
    for base, height, top, foot in ranges:
        mask = ridge(image.size, rng, base, height, 0.58)
        image = layer(image, mask, top, foot, base - height)
        lit = threshold(clouds(image.size, rng, 0.05, 3), 0.45, 0.6)
        high = _above(image.size, base + 0.02, 0.12)
        image = tint(image, cap, ImageChops.multiply(ImageChops.multiply(mask, high), lit), 0.8)
    return image


def _above(size: Size, line: float, softness: float) -> Picture:
    """White above a line, fading towards it."""
    return field(size, lambda _x, y: max(0.0, min(1.0, (line - y) / softness)))


def _pines(image: Picture, rng: random.Random, base: float, colour: Colour) -> Picture:
    w, h = image.size
    mask = Image.new("L", image.size)
    draw = ImageDraw.Draw(mask)
    for _ in range(46):
        x = rng.choice((rng.uniform(-0.02, 0.34), rng.uniform(0.66, 1.02))) * w
        tall = rng.uniform(0.05, 0.12) * max(w, h) * 0.7
        foot = h * base + rng.uniform(0, 0.06) * h
        for tier in range(4):
            half, up = tall * (0.12 + 0.055 * tier), foot - tall * (1 - 0.2 * tier)
            draw.polygon([(x, up), (x - half, up + tall * 0.36), (x + half, up + tall * 0.36)], fill=255)
    return tint(image, colour, mask.filter(ImageFilter.GaussianBlur(max(w, h) / 1200)), 0.92)


def desert(size: Size, rng: random.Random) -> Picture:
    """Dunes with a lit and a shaded side."""
    image = gradient(size, [(0, (92, 160, 214)), (0.5, (250, 232, 196)), (1, (250, 232, 196))])
    image = sun_disc(image, (rng.choice((0.2, 0.8)), 0.2), 0.03, (255, 252, 232), (255, 226, 160))
    for step, base in enumerate((0.56, 0.66, 0.78, 0.9)):
        phase = rng.random() * 6
        image = layer(
            image,
            hill(size, base, 0.05, phase),
            mix((232, 188, 132), (214, 148, 84), step / 3),
            (240, 196, 132),
            base - 0.05,
        )
        shadow = ImageChops.subtract(
            hill(size, base, 0.05, phase), hill(size, base + 0.02, 0.075, phase + 0.4)
        )
        image = tint(image, (150, 92, 58), soft(shadow, max(size) / 200), 0.5)
    return image


def meadow(size: Size, rng: random.Random) -> Picture:
    """Green hills with flowers under a friendly sky."""
    image = gradient(size, [(0, (98, 172, 232)), (0.52, (220, 238, 244)), (1, (220, 238, 244))])
    image = sky_clouds(image, rng, (255, 255, 255), 0.9, 0.5)
    for base, top, foot in (
        (0.56, (140, 184, 150), (150, 194, 130)),
        (0.64, (118, 176, 98), (136, 190, 88)),
        (0.76, (98, 164, 70), (70, 132, 52)),
    ):
        image = layer(image, hill(size, base, 0.035, rng.random() * 6), top, foot, base - 0.03)
    grass = Image.merge("RGB", [soft_noise(size, rng)] * 3)
    image = over(image, ImageChops.overlay(image, grass), field(size, lambda _x, y: 1.0 if y > 0.6 else 0.0))
    draw = ImageDraw.Draw(image)
    for _ in range(170):
        depth = rng.random() ** 0.7
        x, y = rng.random() * size[0], size[1] * (0.76 + 0.24 * depth)
        r = max(size) * (0.0012 + 0.0042 * depth)
        draw.ellipse(
            (x - r, y - r * 0.8, x + r, y + r * 0.8),
            fill=rng.choice(((255, 240, 150), (255, 255, 255), (248, 150, 170), (226, 120, 190))),
        )
    return image.filter(ImageFilter.GaussianBlur(max(size) / 1100))


def space(size: Size, rng: random.Random) -> Picture:
    """Stars, a nebula, one planet."""
    image = gradient(size, [(0, (8, 10, 30)), (0.6, (20, 16, 48)), (1, (10, 8, 26))])
    for colour, share in (((96, 60, 190), 0.9), ((220, 70, 150), 0.55), ((40, 130, 210), 0.6)):
        band = _band(size, rng.uniform(-0.15, 0.15))
        image = glow(
            image, colour, ImageChops.multiply(threshold(clouds(size, rng, 0.3, 5), 0.35, 0.95), band), share
        )
    image = glow(image, (255, 255, 255), stars(size, rng, 620), 1.0)
    centre = (rng.choice((0.16, 0.84)), rng.uniform(0.2, 0.3))
    ball = disc(size, centre, 0.075)
    planet = gradient(size, [(0, (240, 190, 150)), (1, (150, 90, 120))])
    planet = ImageChops.overlay(
        planet, Image.merge("RGB", [clouds((size[0], size[1]), rng, 0.05, 3).resize(size)] * 3)
    )
    image = over(image, planet, ball)
    night = ImageChops.multiply(
        ball, ImageChops.invert(pool(size, (centre[0] - 0.03, centre[1] - 0.03), 0.12))
    )
    return tint(image, (12, 8, 30), night, 0.9)


def _band(size: Size, shift: float) -> Picture:
    """A soft diagonal band."""
    return field(size, lambda x, y: math.exp(-(((y - 0.8 + 0.6 * x + shift) / 0.22) ** 2)))


def office(size: Size, rng: random.Random) -> Picture:
    """A bright modern office, out of focus: windows, lamps, desks, plants."""
    w, h = size
    image = gradient(
        size, [(0, (236, 238, 240)), (0.62, (222, 226, 230)), (0.63, (176, 168, 160)), (1, (206, 198, 188))]
    )
    draw = ImageDraw.Draw(image)
    panes = max(3, round(5 * w / h / 1.6))
    view = city((max(64, w // 2), max(64, h // 2)), rng).resize(size, Image.Resampling.BICUBIC)
    view = Image.blend(view, Image.new("RGB", size, (236, 244, 250)), 0.55)
    for pane in range(panes):
        left, right = (pane + 0.06) / panes, (pane + 0.94) / panes
        box = (round(left * w), round(0.14 * h), round(right * w), round(0.6 * h))
        image.paste(view.crop(box), box)
        draw.rectangle(box, outline=(122, 130, 140), width=max(2, w // 220))
        draw.line(
            ((box[0] + box[2]) / 2, box[1], (box[0] + box[2]) / 2, box[3]),
            fill=(140, 148, 158),
            width=max(1, w // 420),
        )
    for lamp in range(panes + 1):
        x = (lamp + 0.5) / (panes + 1) * w
        draw.rounded_rectangle(
            (x - 0.07 * w, 0.04 * h, x + 0.07 * w, 0.065 * h), h // 90, fill=(255, 252, 240)
        )
    for desk in range(panes - 1):
        x = (desk + rng.uniform(0.7, 0.9)) / (panes - 1) * w
        y = 0.68 * h
        draw.rectangle((x - 0.1 * w, y, x + 0.1 * w, y + 0.022 * h), fill=(214, 180, 138))
        for leg in (-0.09, 0.085):
            draw.rectangle((x + leg * w, y, x + (leg + 0.006) * w, 0.84 * h), fill=(96, 100, 108))
        draw.rounded_rectangle(
            (x - 0.045 * w, y - 0.11 * h, x + 0.045 * w, y - 0.02 * h), h // 120, fill=(58, 66, 80)
        )
        draw.rectangle(
            (x - 0.041 * w, y - 0.104 * h, x + 0.041 * w, y - 0.028 * h),
            fill=rng.choice(((120, 168, 214), (150, 190, 200), (108, 140, 190))),
        )
    for x in (0.035, 0.965):
        _plant(draw, (x * w, 0.86 * h), 0.26 * h, rng)
    shine = field(
        size, lambda x, y: max(0.0, 1 - abs(y - 0.85) * 6) * (0.5 + 0.5 * math.sin(x * 3.14 * panes))
    )
    image = glow(image, (255, 250, 240), shine, 0.35)
    return soft(image, max(size) / 300)


def _plant(draw: ImageDraw.ImageDraw, foot: tuple[float, float], tall: float, rng: random.Random) -> None:
    x, y = foot
    for _ in range(13):
        turn = rng.uniform(-1.1, 1.1)
        tip = (x + math.sin(turn) * tall * 0.7, y - math.cos(turn) * tall)
        side = tall * 0.07
        draw.polygon(
            [
                (x, y - tall * 0.2),
                ((x + tip[0]) / 2 - side, (y + tip[1]) / 2),
                tip,
                ((x + tip[0]) / 2 + side, (y + tip[1]) / 2),
            ],
            fill=(52 + rng.randint(0, 40), 116 + rng.randint(0, 40), 74),
        )
    draw.polygon(
        [
            (x - tall * 0.16, y - tall * 0.22),
            (x + tall * 0.16, y - tall * 0.22),
            (x + tall * 0.11, y),
            (x - tall * 0.11, y),
        ],
        fill=(226, 222, 214),
    )


def room(size: Size, rng: random.Random) -> Picture:
    """A cosy room in warm light: a window, shelves, lamps."""
    w, h = size
    image = gradient(
        size, [(0, (226, 202, 172)), (0.7, (210, 178, 142)), (0.705, (150, 104, 70)), (1, (122, 82, 54))]
    )
    draw = ImageDraw.Draw(image)
    box = (round(0.08 * w), round(0.12 * h), round(0.34 * w), round(0.56 * h))
    view = meadow((max(32, box[2] - box[0]), max(32, box[3] - box[1])), rng)
    image.paste(view, box[:2])
    draw.rectangle(
        (box[0], box[1], box[0] + view.width, box[1] + view.height),
        outline=(250, 244, 232),
        width=max(3, w // 90),
    )
    for shelf in range(3):
        y = (0.2 + 0.14 * shelf) * h
        draw.rectangle((0.66 * w, y, 0.94 * w, y + 0.012 * h), fill=(120, 80, 52))
        x = 0.67
        while x < 0.92:
            wide = rng.uniform(0.008, 0.022)
            tall = rng.uniform(0.05, 0.1)
            draw.rectangle(
                (x * w, y - tall * h, (x + wide) * w, y),
                fill=rng.choice(
                    ((176, 84, 66), (86, 112, 128), (212, 176, 104), (92, 120, 88), (238, 226, 204))
                ),
            )
            x += wide + rng.uniform(0.001, 0.02)
    _plant(draw, (0.05 * w, 0.84 * h), 0.3 * h, rng)
    image = soft(image, max(size) / 260)
    for x, y in ((0.6, 0.1), (0.45, 0.16), (0.97, 0.6)):
        image = sun_disc(image, (x, y), 0.016, (255, 246, 214), (255, 206, 130))
    return vignette(image, 0.35)


def studio(size: Size, rng: random.Random) -> Picture:
    """A seamless backdrop with a pool of light and a floor."""
    tone = rng.choice(((70, 84, 104), (96, 84, 108), (84, 100, 96), (110, 92, 84)))
    image = gradient(
        size,
        [
            (0, mix(tone, (20, 22, 28), 0.35)),
            (0.7, tone),
            (0.78, mix(tone, (255, 255, 255), 0.2)),
            (1, mix(tone, (30, 30, 36), 0.3)),
        ],
    )
    image = glow(image, mix(tone, (255, 255, 255), 0.75), pool(size, (0.5, 0.45), 0.52), 0.7)
    return vignette(image, 0.4)


def dreamy(size: Size, rng: random.Random) -> Picture:
    """Soft pastel light with round, unsharp lights."""
    image = gradient(size, [(0, (250, 226, 210)), (0.5, (252, 238, 222)), (1, (240, 204, 196))])
    for colour in ((255, 206, 178), (255, 236, 196), (236, 196, 220)):
        image = tint(image, colour, pool(size, (rng.random(), rng.random()), 0.5), 0.6)
    return bokeh_lights(image, rng, 26, ((255, 240, 210), (255, 220, 190), (255, 255, 255)), 0.4)


def bokeh_lights(
    image: Picture,
    rng: random.Random,
    count: int,
    colours: tuple[Colour, ...],
    strength: float,
    keep_out: Picture | None = None,
) -> Picture:
    """Round out-of-focus lights added to a picture, none where `keep_out` is white."""
    small = (max(16, image.width * 640 // max(image.size)), max(16, image.height * 640 // max(image.size)))
    lights = Image.new("RGB", small)
    for _ in range(count):
        r = 640 * rng.uniform(0.010, 0.036)
        x, y = rng.random() * small[0], rng.random() ** 0.8 * small[1]
        level = rng.uniform(0.35, 1.0)
        one = Image.new("RGB", small)
        draw = ImageDraw.Draw(one)
        inner, rim = (mix((0, 0, 0), rng.choice(colours), level * share) for share in (0.72, 1.0))
        draw.ellipse((x - r, y - r, x + r, y + r), fill=inner, outline=rim, width=max(1, int(r / 9)))
        lights = ImageChops.screen(lights, one)
    lights = lights.filter(ImageFilter.GaussianBlur(1.4)).resize(image.size, Image.Resampling.BICUBIC)
    if keep_out is not None:
        lights = ImageChops.multiply(lights, Image.merge("RGB", [ImageChops.invert(keep_out)] * 3))
    return ImageChops.screen(image, lights.point([round(v * strength) for v in range(256)] * 3))


SCENES: dict[str, Callable[[Size, random.Random], Picture]] = {
    "sunset": sunset, "ocean": ocean, "forest": forest, "city": city, "snow": snow, "mountain": mountain,
    "desert": desert, "meadow": meadow, "space": space, "office": office, "room": room, "studio": studio,
    "soft": dreamy,
}  # fmt: skip
