"""Things put into a picture, the subject set before a new background, a poster's stage."""

from __future__ import annotations

import math
import random

from PIL import Image, ImageChops, ImageDraw, ImageFilter

from .canvas import Picture, clamp, glow, over, pool, scale, shade, soft, threshold, vignette
from .objects import KINDS, MARGIN, draw_object
from .parts import erase
from .scenery import paint_scene
from .shot import Shot
from .subject import bounds, centroid, find_eyes
from .tone import saturate
from .understand import Effect
from .weather import celestial

FRAMES = ("", "red", "gold", "blue", "teal", "purple")  # what a worn thing looks like, take by take


def new_background(shot: Shot, effect: Effect, rng: random.Random) -> Shot:
    """The subject, untouched, before another place; or before nothing at all."""
    if effect.value == "transparent":
        return shot.but(alpha=shot.subject)
    scene = paint_scene(effect.value, shot.size, rng, effect.colour)
    if effect.value != "plain":
        reach = max(shot.size)
        contact = ImageChops.offset(soft(shot.subject, reach / 70), 0, reach // 160)
        scene = shade(scene, contact, 0.42)
    return shot.but(image=over(scene, shot.image, shot.subject), alpha=None)


def rim_light(shot: Shot) -> Shot:
    """A cut-out's edge lit from behind."""
    reach = max(shot.size) / 140
    edge = ImageChops.multiply(
        shot.subject, ImageChops.invert(threshold(soft(shot.subject, reach), 0.5, 0.95))
    )
    return shot.but(image=glow(shot.image, (255, 236, 196), edge, 0.6))


def poster(shot: Shot, rng: random.Random) -> Shot:
    """A studio stage for the product: seamless backdrop, pool of light, reflection, clear tones."""
    stage = paint_scene("studio", shot.size, rng)
    box = bounds(shot.subject)
    x, y = centroid(shot.subject)
    stage = glow(stage, (255, 246, 230), pool(shot.size, (x, y), 0.45), 0.42)
    reach = max(shot.size)
    stage = shade(stage, soft(ImageChops.offset(shot.subject, 0, reach // 60), reach / 45), 0.55)
    floor = pool(shot.size, (x, min(0.97, box.bottom)), 0.34)
    stage = shade(stage, ImageChops.multiply(floor, ImageChops.invert(shot.subject)), 0.25)
    lit = saturate(shot.image, 1.12).filter(ImageFilter.UnsharpMask(max(1.0, reach / 500), 60, 2))
    image = over(stage, lit, shot.subject)
    side = rng.choice((0.12, 0.88))
    image = glow(image, (255, 250, 240), pool(shot.size, (side, 0.02), 0.6), 0.3)
    return shot.but(image=vignette(image, 0.4), alpha=None)


def add(shot: Shot, effect: Effect, rng: random.Random, *, take: int = 1, hero: bool = False) -> Shot:
    """One thing (or several of it) added; every pixel away from it stays as it was."""
    if effect.value in ("sun", "moon", "star"):
        return celestial(shot, effect.value, rng, effect.where)
    kind = KINDS.get(effect.value, KINDS["sticker"])
    if kind.stand in ("eyes", "head", "neck"):
        return _worn(shot, effect, kind.stand, rng, take)
    for number in range(min(effect.many, 5)):
        shot = _standing(shot, effect, kind.stand, rng, first=number == 0, hero=hero)
    return shot


def swap(shot: Shot, effect: Effect, rng: random.Random) -> Shot:
    """The subject taken out, another thing in its place."""
    box = bounds(shot.subject)
    w, h = shot.size
    bare = erase(shot, shot.subject, rng)
    pixels = int(min(max((box.bottom - box.top) * h, 0.4 * min(w, h)), 0.92 * min(w, h)))
    thing = draw_object(effect.value, pixels, rng, effect.colour)
    x = round(box.centre[0] * w - thing.width / 2)
    y = round(min(box.bottom, 0.99) * h - thing.height * (1 - MARGIN))
    return pasted(bare, thing, x, y, ground=True)


def _standing(shot: Shot, effect: Effect, stand: str, rng: random.Random, *, first: bool, hero: bool) -> Shot:
    """On the ground or in the air, where there is room; a painted scene's things stand large."""
    w, h = shot.size
    share = (
        KINDS.get(effect.value, KINDS["sticker"]).tall
        * rng.uniform(0.92, 1.08)
        * (0.8 if effect.many > 2 else 1)
    )
    pixels = int(min(w, h) * share * (1.4 if hero else 1))
    thing = draw_object(effect.value, pixels, rng, effect.colour)
    half, low = thing.width / 2 / w, 0.99 - pixels / h if stand == "ground" else 0.06
    middle = (0.5, 0.3, 0.7, 0.14, 0.86)
    places = middle if hero else [half + (1 - 2 * half) * at for at in (0.03, 0.97, 0.28, 0.72, 0.5)]
    mask = shot.taken or shot.subject
    wish = 0.0 if hero else 0.15  # a little chance, so that takes differ
    rows = (0.0,) if stand == "ground" else (0.0, 0.26, 0.5)
    spots = [(x, low + row) for x in places for row in rows]
    x, low = min(
        spots,
        key=lambda at: (
            _crowding(mask, (at[0] - half, at[1], at[0] + half, at[1] + pixels / h))
            + wish * rng.random()
            + 0.3 * (at[1] - low)
        ),
    )
    if first and effect.where in ("left", "right"):
        x = half + 0.02 if effect.where == "left" else 1 - half - 0.02
    if hero:
        x += rng.uniform(-0.04, 0.04)
    if stand == "ground" and effect.where != "top":
        y = h * (0.95 if hero else 0.985) - thing.height * (1 - MARGIN) - rng.uniform(0, 0.03) * h
    else:
        y = h * (low - 0.02 + 0.06 * rng.random()) - MARGIN * thing.height
    return pasted(shot, thing, round(x * w - thing.width / 2), round(y), ground=stand == "ground")


def _crowding(mask: Picture, box: tuple[float, float, float, float]) -> float:
    """How much of a box the subject already fills."""
    w, h = mask.size
    inside = mask.crop(
        (
            int(max(0.0, box[0]) * w),
            int(max(0.0, box[1]) * h),
            int(min(1.0, box[2]) * w) + 1,
            int(min(1.0, box[3]) * h) + 1,
        )
    )
    return sum(inside.resize((12, 12), Image.Resampling.BOX).tobytes()) / (144 * 255)


# Where a worn thing sits: width and line in distances between the eyes, and the thing's own middle line.
WORN: dict[str, tuple[float, float, float]] = {
    "eyes": (2.04, 0.03, 0.5),
    "head": (2.5, -0.95, 0.68),
    "neck": (2.7, 1.75, 0.5),
}


def _worn(shot: Shot, effect: Effect, stand: str, rng: random.Random, take: int) -> Shot:
    """Glasses on the eyes, a hat on the head, a scarf under it; tilted as the eyes are."""
    w, h = shot.size
    eyes = shot.eyes or _eyes(shot)
    shot = shot.but(eyes=eyes)  # looked for once: a hat must not mislead the glasses
    (x1, y1), (x2, y2) = eyes
    apart = math.hypot((x2 - x1) * w, (y2 - y1) * h)
    tilt = math.atan2((y2 - y1) * h, (x2 - x1) * w)
    width, line, anchor = WORN[stand]
    thing = draw_object(
        effect.value, max(16, int(apart * width)), rng, effect.colour or FRAMES[(take - 1) % len(FRAMES)]
    )
    middle = (anchor - 0.5) * (1 - 2 * MARGIN) * thing.height
    thing = thing.rotate(-math.degrees(tilt), Image.Resampling.BICUBIC)
    down = line * apart - middle
    x = (x1 + x2) / 2 * w - down * math.sin(tilt) - thing.width / 2
    y = (y1 + y2) / 2 * h + down * math.cos(tilt) - thing.height / 2
    return pasted(shot, thing, round(x), round(max(y, -0.5 * thing.height)), ground=False, lift=0.35)


def _eyes(shot: Shot) -> tuple[tuple[float, float], tuple[float, float]]:
    """The eyes: by a face's proportions, by looking for them, or where a head's would be."""
    head = shot.head
    found = None if shot.face else find_eyes(shot.image, shot.subject)
    if found is not None:
        return found
    x, half = head.centre[0], 0.2 * (head.right - head.left)
    y = head.top + (0.5 if shot.face else 0.42) * (head.bottom - head.top)
    return (x - half, y), (x + half, y)


def pasted(shot: Shot, thing: Picture, x: int, y: int, *, ground: bool, lift: float = 0.5) -> Shot:
    """The thing laid in with its shadow; alpha grows by it where the picture has one."""
    alpha = Image.new("L", shot.size)
    alpha.paste(thing.getchannel("A"), (x, y))
    layer = Image.new("RGB", shot.size)
    layer.paste(thing.convert("RGB"), (x, y))
    reach = max(2, thing.width // 36)
    near = (
        max(0, x - 6 * reach),
        max(0, y - 6 * reach),
        min(shot.size[0], x + thing.width + 6 * reach),
        min(shot.size[1], y + thing.height + 6 * reach),
    )
    if near[0] >= near[2] or near[1] >= near[3]:
        return shot
    part, own = shot.image.crop(near), alpha.crop(near)
    shadow = ImageChops.offset(soft(own, reach), reach // 2, reach)
    if ground:
        shadow = ImageChops.lighter(shadow, _contact(part.size, near, x, y, thing.width, thing.height))
    part = over(shade(part, shadow, lift), layer.crop(near), own)
    image = shot.image.copy()
    image.paste(part, near[:2])
    grown = ImageChops.lighter(shot.alpha, alpha) if shot.alpha else None
    return shot.but(image=image, alpha=grown, taken=ImageChops.lighter(shot.taken or shot.subject, alpha))


def _contact(
    size: tuple[int, int], near: tuple[int, int, int, int], x: int, y: int, wide: int, tall: int
) -> Picture:
    """A flat pool of shadow under what stands on the ground."""
    mask = Image.new("L", size)
    middle, foot = x + wide / 2 - near[0], y + tall * (1 - MARGIN) - near[1]
    box = (middle - wide * 0.36, foot - tall * 0.05, middle + wide * 0.36, foot + tall * 0.04)
    ImageDraw.Draw(mask).ellipse(box, fill=clamp(190))
    return scale(soft(mask, max(2, wide // 40)), 1.0)
