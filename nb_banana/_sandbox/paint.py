"""The painter: a prompt and pictures in, a picture out; pure, offline, the same every time.

Rules of this file: effects run in the order of `vocabulary.EFFECTS` whatever order the prompt named them in;
what can't be painted believably on any photo is held open by a placeholder and reported; randomness comes
from what the wishes mean, the inputs' pixels and the take, never from the prompt's own wording; nothing works
on more than `WORK` pixels a side, and what is larger is enlarged at the end, before letters, placeholders and
badge, which are always set at full size.
"""

from __future__ import annotations

import hashlib
import random
import re
from collections.abc import Sequence
from typing import NamedTuple

from PIL import Image

from .._images.masks import red_lines
from . import lettering
from .canvas import Picture, Size, bounded, contain, opaque, over, saturate, vignette
from .geometry import SHAPES, collage, fitted, ground
from .placeholders import INKS, hold, is_band
from .styles import STYLES, restyle
from .tones import TONES, varied
from .vocabulary import RGB
from .wishes import ABOUT_OUTLINES, EFFECT_ROWS, Wish, read

WORK = 2752
LEAST = 128  # pixels of an edge from which on words find room around a mask


class Painting(NamedTuple):
    """A picture, and what of the wishes it shows.

    Attributes:
        image: the picture, RGB.
        done: the names of what is really shown, in the order it was applied.
        left_out: the labels of what a placeholder stands for; with `done` empty too, nothing was understood.
        numbered: numbers that stand in the picture for labels no font at hand can set.
        outlined: whether the prompt speaks of a region's red outline, which stays where it was drawn.
    """

    image: Picture
    done: tuple[str, ...]
    left_out: tuple[str, ...]
    numbered: tuple[tuple[int, str], ...]
    outlined: bool = False


def paint_all(
    prompt: str, pictures: Sequence[Picture], size: Size, *, take: int = 1, mask: Picture | None = None
) -> Painting:
    """The picture for a prompt, exactly `size`, with what was done and what was left out.

    Where a mask is black stands the first picture, with its own pixels where that has this size; letters,
    placeholders and badge stand where it is not.
    """
    outlined = any(words in prompt for words in ABOUT_OUTLINES)
    wishes = read(prompt, len(pictures))
    inputs = [bounded(opaque(picture), WORK) for picture in pictures]
    ratios = [wish for wish in wishes if _has_ratio(wish, size)]
    letters = [wish for wish in wishes if wish.kind == "write" and lettering.settable(wish.thing)]
    held = [wish for wish in wishes if wish.kind != "paint" and wish not in (*letters, *ratios)]
    painted = {wish.thing for wish in wishes if wish.kind == "paint"} - {"collage"}
    names = sorted(painted, key=EFFECT_ROWS.index)
    work = contain(size, (WORK, WORK)) if max(size) > WORK else size
    seed = _seed(wishes, inputs, take)
    image = _start(inputs, names, held, work, take)
    for name in names:
        image = _applied(image, name, random.Random(seed + name))
    if not wishes:
        image = vignette(varied(saturate(image, 1.35), random.Random(seed)), 0.5)
    if take > 1 and (names or take > len(INKS) or not (held or letters)):  # inks come again after a few takes
        image = varied(image, random.Random(seed + "take"))
    if image.size != size:
        image = image.resize(size, Image.Resampling.BICUBIC)
    area = _area(red_lines(pictures[0]) if outlined and len(pictures) == 1 else mask, size)
    page, taken = image.crop(area), []
    for wish in letters:
        where = wish.where or ("" if inputs else "middle")
        page, box = lettering.write(page, wish.thing, where, RGB.get(wish.colour), take)
        taken.append(box)
    page, numbered = hold(page, held, taken, random.Random(seed + "hold"), take)
    image = image.copy()  # it may be an input
    image.paste(lettering.badge(page), area)
    first = ("collage",) * (len(inputs) > 1) + ("ratio",) * bool(ratios)
    done = (*first, *names, *("text",) * bool(letters))
    if mask is not None:
        before = opaque(pictures[0]).resize(size, Image.Resampling.LANCZOS)
        image = over(before, image, mask.resize(size))
    return Painting(image, done, tuple(wish.label for wish in held), numbered, outlined)


def _area(mask: Picture | None, size: Size) -> lettering.Box:
    """Where words go: all of the picture, or the box around a mask or an outline, if it has room."""
    box = mask.resize(size).getbbox() if mask else None
    return box if box and min(box[2] - box[0], box[3] - box[1]) >= LEAST else (0, 0, *size)


def _has_ratio(wish: Wish, size: Size) -> bool:
    """Whether a ratio was asked for that the answer has, since the request's settings ask for it too."""
    found = re.fullmatch(r"(\d{1,4}):(\d{1,4})", wish.into) if wish.kind == "change" else None
    return bool(found and int(found[2]) and abs(int(found[1]) / int(found[2]) * size[1] / size[0] - 1) < 0.05)


def _seed(wishes: Sequence[Wish], inputs: Sequence[Picture], take: int) -> str:
    digest = hashlib.sha256(repr(([wish.meaning for wish in wishes], take)).encode())
    for picture in inputs:
        digest.update(picture.resize((48, 48), Image.Resampling.BOX).tobytes())
    return digest.hexdigest()


def _start(
    inputs: Sequence[Picture], names: Sequence[str], held: Sequence[Wish], size: Size, take: int
) -> Picture:
    """What the effects work on: a fitted input, a collage, or a calm ground."""
    if not inputs:
        return ground(size, take)
    if len(inputs) > 1:
        bands = sum(map(is_band, held))
        return collage(inputs, size, min(0.45, 0.18 * bands), 0.28 * any(not is_band(wish) for wish in held))
    return fitted(inputs[0], size, cut="zoom" in names)


def _applied(image: Picture, name: str, rng: random.Random) -> Picture:
    """One effect, found by its name."""
    if name in TONES:
        return TONES[name](image, rng)
    if name in STYLES:
        return restyle(image, name, rng)
    return SHAPES[name](image)
