"""The painter: a prompt and pictures in, a picture out; pure, offline, the same every time.

Rules of this file: effects run in `STAGES` order whatever order the prompt named them in; randomness
comes from the effects, the inputs' pixels and the take, never from the prompt's own wording, so that two
wordings of one wish give one picture; nothing works on more than `WORK` pixels a side, and what is
larger is enlarged at the end, before letters and badge, which are always set at full size.
"""

from __future__ import annotations

import hashlib
import random
from collections.abc import Sequence
from typing import NamedTuple

from PIL import Image, ImageChops

from .._images.fonts import font_for
from . import lettering, parts, place, style, weather
from .arrange import compose
from .camera import move_camera, surrounded
from .canvas import Picture, Size, contain, cover, cover_box, curve, glow, opaque, pool
from .scenery import paint_scene
from .shot import Shot
from .subject import Box, bounds
from .tone import TONES, touch
from .understand import Effect, understand

WORK = 2752
STAGES: tuple[str, ...] = (
    "compose", "camera", "remove", "background", "cutout", "poster", "swap", "recolour", "repair", "season",
    "light", "add", "weather", "focus", "grade", "touch", "style", "write",
)  # fmt: skip
BARE = ("add", "swap", "write", "recolour")  # local effects: their own takes differ, the rest stays as it is
KEEPS = 0.3  # a cut keeps at least this much of the input, and its subject; else all of it is shown


class Painting(NamedTuple):
    """A picture, the effects it shows, and texts that no font here could set."""

    image: Picture
    effects: tuple[Effect, ...]
    unset: tuple[str, ...]


def paint(prompt: str, pictures: Sequence[Picture], size: Size, *, take: int = 1) -> Picture:
    """The picture for a prompt, exactly `size`; RGBA only when transparency was asked for."""
    return paint_all(prompt, pictures, size, take=take).image


def paint_all(prompt: str, pictures: Sequence[Picture], size: Size, *, take: int = 1) -> Painting:
    """The picture, and what was understood and what could not be set."""
    effects = understand(prompt, len(pictures))
    inputs = [_bounded(opaque(picture)) for picture in pictures]
    unset = tuple(e.value for e in effects if e.kind == "write" and font_for(e.value, 20) is None)
    work = contain(size, (WORK, WORK)) if max(size) > WORK else size
    seed = _seed(effects, inputs, take)
    shot = _start(effects, inputs, work, random.Random(seed + "start"))
    for effect in in_order(effects):
        shot = _apply(shot, effect, random.Random(seed + repr(effect)), take, painted=not inputs)
    if take > 1 and inputs and any(e.kind not in BARE for e in effects):
        shot = varied(shot, random.Random(seed + "take"))
    for effect in (e for e in effects if e.kind == "style"):
        shot = style.restyle(shot, effect.value, random.Random(seed + repr(effect)))
    if shot.size != size:
        shot = _enlarged(shot, size)
    for effect in (e for e in effects if e.kind == "write"):
        where = effect.where or ("top" if not inputs or _busy_below(shot) else "")
        shot = lettering.write(shot, effect.value, random.Random(seed), where, take)
    if unset and not set(effects) - {e for e in effects if e.value in unset}:
        shot = touch(shot, random.Random(seed))
    image = shot.image
    if shot.alpha is not None:
        image = image.convert("RGBA")
        image.putalpha(shot.alpha)
    return Painting(lettering.badge(image), effects, unset)


def _bounded(picture: Picture) -> Picture:
    """No larger than what is worked on; more pixels would only cost time."""
    if max(picture.size) <= WORK:
        return picture
    return picture.resize(contain(picture.size, (WORK, WORK)), Image.Resampling.BOX, reducing_gap=2.0)


def in_order(effects: Sequence[Effect]) -> list[Effect]:
    """Effects as they are applied; styles and letters come last and are left to the caller."""
    staged = [e for e in effects if e.kind not in ("style", "write", "compose")]
    return sorted(staged, key=lambda e: (STAGES.index(e.kind), e))


def _seed(effects: Sequence[Effect], inputs: Sequence[Picture], take: int) -> str:
    digest = hashlib.sha256(repr((tuple(effects), take)).encode())
    for picture in inputs:
        digest.update(picture.resize((48, 48), Image.Resampling.BOX).tobytes())
    return digest.hexdigest()


def _start(effects: Sequence[Effect], inputs: Sequence[Picture], size: Size, rng: random.Random) -> Shot:
    """What the effects work on: a fitted input, a composition, or an empty place."""
    if not inputs:
        return _empty_place(effects, size, rng)
    if len(inputs) > 1:
        return compose(inputs, effects, size, rng)
    return fitted(inputs[0], size)


def _empty_place(effects: Sequence[Effect], size: Size, rng: random.Random) -> Shot:
    """Text to image: the place named, or one that suits what is named."""
    places = [e for e in effects if e.kind == "background"]
    things = {e.value for e in effects if e.kind == "add"}
    if places:
        image = paint_scene(places[0].value, size, rng, places[0].colour)
    elif things & {"boat", "fish"}:
        image = paint_scene("ocean", size, rng)
    elif things & {"rocket", "star"}:
        image = paint_scene("space", size, rng)
    elif things & {"cup", "cake", "gift", "apple", "banana", "sticker"} or any(
        e.kind in ("poster", "write") for e in effects
    ):
        image = paint_scene("studio", size, rng)
    else:
        image = paint_scene("meadow", size, rng)
    return Shot(image, Image.new("L", size))


def fitted(picture: Picture, size: Size) -> Shot:
    """The input in another shape, never stretched: cut round the subject, or shown whole."""
    factor = max(size[0] / picture.width, size[1] / picture.height)
    kept = (size[0] * size[1]) / (factor * picture.width * factor * picture.height)
    if kept >= 0.98:
        return Shot.of(cover(picture, size))
    shot = Shot.of(picture)
    left, top, right, bottom = _needed(shot)
    x0, y0, x1, y1 = cover_box(picture.size, size, ((left + right) / 2, (top + bottom) / 2))
    wide, tall = (x1 - x0) / picture.width, (y1 - y0) / picture.height
    if kept >= KEEPS and right - left <= wide and bottom - top <= tall:
        return shot.cut((x0, y0, x1, y1), size)
    return Shot.of(surrounded(picture.resize(contain(picture.size, size), Image.Resampling.LANCZOS), size))


def _needed(shot: Shot) -> Box:
    """What a cut must leave in: the face if there is one, else most of the subject."""
    if shot.face is not None:
        return shot.face
    box = bounds(shot.subject)
    x, y = 0.12 * (box.right - box.left), 0.12 * (box.bottom - box.top)
    return Box(box.left + x, box.top + y, box.right - x, box.bottom - y)


def _apply(shot: Shot, effect: Effect, rng: random.Random, take: int, *, painted: bool) -> Shot:
    """One effect, found by its kind."""
    kind, value = effect.kind, effect.value
    if (kind, value) in TONES:
        return TONES[kind, value](shot, rng)
    if kind == "background" and not painted:
        return shot if shot.staged else place.new_background(shot, effect, rng)
    if kind == "add":
        return place.add(shot, effect, rng, take=take, hero=painted)
    simple = {
        "camera": lambda: move_camera(shot, value),
        "remove": lambda: parts.remove(shot, value, rng),
        "cutout": lambda: place.rim_light(shot),
        "poster": lambda: shot if painted else place.poster(shot, rng),
        "swap": lambda: place.swap(shot, effect, rng),
        "recolour": lambda: parts.recolour(shot, value, effect.colour, rng, take),
        "weather": lambda: weather.WEATHER[value](shot, rng),
    }
    return simple[kind]() if kind in simple else shot


def varied(shot: Shot, rng: random.Random) -> Shot:
    """Another take of a whole-picture effect: another light, another temper of colour."""
    shift, middle = rng.choice((-1, 1)) * rng.uniform(0.07, 0.13), rng.uniform(-0.06, 0.06)
    image = curve(
        shot.image, lambda v: v ** (1 - shift), lambda v: v ** (1 - middle), lambda v: v ** (1 + shift)
    )
    centre = (rng.choice((0.15, 0.5, 0.85)), rng.uniform(0.05, 0.5))
    return shot.but(image=glow(image, (255, 236, 210), pool(shot.size, centre, 0.6), 0.16))


def _enlarged(shot: Shot, size: Size) -> Shot:
    """The picture (and its alpha) at full size; the mask is only looked at from here on and stays small."""
    alpha = shot.alpha.resize(size, Image.Resampling.BICUBIC) if shot.alpha else None
    return shot.but(image=shot.image.resize(size, Image.Resampling.BICUBIC), alpha=alpha)


def _busy_below(shot: Shot) -> bool:
    """Whether the subject stands in the lower part, so that letters go above it."""
    w, h = shot.subject.size
    upper = shot.subject.crop((0, 0, w, h // 4)).resize((8, 8), Image.Resampling.BOX)
    lower = shot.subject.crop((0, h * 3 // 4, w, h)).resize((8, 8), Image.Resampling.BOX)
    return sum(ImageChops.subtract(lower, upper).tobytes()) > sum(ImageChops.subtract(upper, lower).tobytes())
