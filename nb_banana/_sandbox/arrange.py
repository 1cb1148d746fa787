"""Several inputs in one picture: every one whole, none stretched."""

from __future__ import annotations

import random
from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

from PIL import Image, ImageChops, ImageDraw

from .canvas import Picture, Size, cover, glow, over, pool, shade, soft
from .objects import draw_object
from .scenery import paint_scene
from .shot import Shot
from .subject import bounds
from .understand import Effect


class Area(NamedTuple):
    """Where one input stands, in pixels."""

    x: int
    y: int
    wide: int
    tall: int


def layout(shapes: Sequence[Size], area: Area, gap: int) -> tuple[Area, ...]:
    """Rows of equal height each, in the inputs' order, as large as the area allows."""
    ratios = [w / h for w, h in shapes]
    plans = (_rows(ratios, area, gap, count) for count in range(1, len(shapes) + 1))
    return max(plans, key=lambda cells: sum(cell.wide * cell.tall for cell in cells))


def _rows(ratios: Sequence[float], area: Area, gap: int, count: int) -> tuple[Area, ...]:
    size, extra = divmod(len(ratios), count)
    starts = [number * size + min(number, extra) for number in range(count + 1)]
    rows = [ratios[first:last] for first, last in pairwise(starts)]
    heights = [(area.wide - gap * (len(row) - 1)) / sum(row) for row in rows]
    share = min(1.0, (area.tall - gap * (count - 1)) / sum(heights))
    # a single small row among large ones looks lost: no row taller than twice the smallest
    heights = [min(height * share, 2 * min(heights) * share) for height in heights]
    cells, y = [], area.y + (area.tall - sum(heights) - gap * (count - 1)) / 2
    for row, height in zip(rows, heights):
        x = area.x + (area.wide - sum(ratio * height for ratio in row) - gap * (len(row) - 1)) / 2
        for ratio in row:
            cells.append(Area(round(x), round(y), max(1, round(ratio * height)), max(1, round(height))))
            x += ratio * height + gap
        y += height + gap
    return tuple(cells)


def compose(pictures: Sequence[Picture], effects: Sequence[Effect], size: Size, rng: random.Random) -> Shot:
    """The inputs on one stage; the stage is the background asked for, or one made of their colours."""
    kinds = {effect.value for effect in effects if effect.kind == "compose"}
    places = [effect for effect in effects if effect.kind == "background" and effect.value != "transparent"]
    if "insert" in kinds and len(pictures) >= 2:
        return _inserted(pictures, size)
    stage = _stage(pictures, kinds, places, size, rng)
    guests = any(effect.kind in ("add", "write") for effect in effects)
    cells = layout(
        [picture.size for picture in pictures], _area(size, guests=guests), round(min(size) * 0.035)
    )
    image = stage
    whole = Image.new("L", size)
    for picture, cell in zip(pictures, cells):
        image, mask = _hung(image, picture, cell)
        whole = ImageChops.lighter(whole, mask)
    if "family" in kinds:
        image = _hearts(image, rng)
    return Shot(image, whole, staged=True)


def _area(size: Size, *, guests: bool) -> Area:
    """Where inputs may stand; a lower strip stays free when something is to be added."""
    w, h = size
    if guests and w > 1.3 * h:
        return Area(round(0.04 * w), round(0.08 * h), round(0.68 * w), round(0.84 * h))
    if guests:
        return Area(round(0.05 * w), round(0.05 * h), round(0.9 * w), round(0.6 * h))
    return Area(round(0.045 * w), round(0.07 * h), round(0.91 * w), round(0.86 * h))


def _stage(
    pictures: Sequence[Picture], kinds: set[str], places: Sequence[Effect], size: Size, rng: random.Random
) -> Picture:
    if places:
        return paint_scene(places[0].value, size, rng, places[0].colour)
    if "team" in kinds:
        return paint_scene("office", size, rng)
    if "family" in kinds:
        return paint_scene("soft", size, rng)
    if "logos" in kinds:
        stage = Image.new("RGB", size, (246, 244, 240))
        return glow(
            shade(stage, Image.new("L", size, 255), 0.04), (255, 255, 255), pool(size, (0.5, 0.5), 0.6), 0.8
        )
    wash = Image.new("RGB", size)
    for number, picture in enumerate(pictures):
        strip = cover(picture, (max(1, size[0] // len(pictures) + 1), size[1]))
        wash.paste(strip, (number * size[0] // len(pictures), 0))
    return glow(soft(wash, max(size) / 9), (255, 250, 240), pool(size, (0.5, 0.4), 0.8), 0.35)


def _hung(stage: Picture, picture: Picture, cell: Area) -> tuple[Picture, Picture]:
    """One input as a print with a thin white edge, round corners and a shadow."""
    edge = max(1, min(cell.wide, cell.tall) // 70)
    radius = max(2, min(cell.wide, cell.tall) // 26)
    rim, inner = Image.new("L", stage.size), Image.new("L", stage.size)
    box = (cell.x, cell.y, cell.x + cell.wide - 1, cell.y + cell.tall - 1)
    ImageDraw.Draw(rim).rounded_rectangle(
        (box[0] - edge, box[1] - edge, box[2] + edge, box[3] + edge), radius + edge, fill=255
    )
    ImageDraw.Draw(inner).rounded_rectangle(box, radius, fill=255)
    reach = max(3, min(cell.wide, cell.tall) // 26)
    stage = shade(stage, ImageChops.offset(soft(rim, reach), 0, reach // 2), 0.5)
    layer = Image.new("RGB", stage.size, (255, 255, 255))
    stage = over(stage, layer, rim)
    layer.paste(picture.resize((cell.wide, cell.tall), Image.Resampling.LANCZOS), (cell.x, cell.y))
    return over(stage, layer, inner), inner


def _hearts(image: Picture, rng: random.Random) -> Picture:
    """A few hearts in the corners."""
    canvas = image.copy()
    short = min(image.size)
    for x, y, share in ((0.03, 0.1, 0.07), (0.94, 0.06, 0.09), (0.05, 0.9, 0.06), (0.96, 0.86, 0.06)):
        heart = draw_object("heart", round(short * share * rng.uniform(0.85, 1.2)), rng, cut_out=False)
        canvas.paste(
            heart,
            (round(x * image.width - heart.width / 2), round(y * image.height - heart.height / 2)),
            heart,
        )
    return canvas


def _inserted(pictures: Sequence[Picture], size: Size) -> Shot:
    """The first input's subject standing in the second; further inputs as small prints."""
    place = cover(pictures[1], size)
    guest = Shot.of(pictures[0])
    box = bounds(guest.subject)
    w, h = guest.size
    left, top = min(int(box.left * w), w - 1), min(int(box.top * h), h - 1)
    pixels = (left, top, max(left + 1, int(box.right * w)), max(top + 1, int(box.bottom * h)))
    cut, mask = pictures[0].crop(pixels), guest.subject.crop(pixels)
    factor = min(0.62 * size[0] / cut.width, 0.78 * size[1] / cut.height)
    fitted = (max(1, round(cut.width * factor)), max(1, round(cut.height * factor)))
    x, y = (size[0] - fitted[0]) // 2, size[1] - fitted[1]
    whole, layer = Image.new("L", size), Image.new("RGB", size)
    whole.paste(mask.resize(fitted, Image.Resampling.BICUBIC), (x, y))
    layer.paste(cut.resize(fitted, Image.Resampling.LANCZOS), (x, y))
    image = over(shade(place, soft(whole, max(size) / 60), 0.45), layer, whole)
    for number, picture in enumerate(pictures[2:]):
        tall = round(0.22 * size[1])
        wide = round(tall * picture.width / picture.height)
        image, _ = _hung(
            image,
            picture,
            Area(round(0.03 * size[0]), round(0.04 * size[1]) + number * round(tall * 1.15), wide, tall),
        )
    return Shot(image, whole, staged=True)
