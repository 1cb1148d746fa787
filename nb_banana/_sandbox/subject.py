"""Where a picture's subject is: a soft mask found without any learned weights.

Rules of this file: first a guess (far from the border in colour, near the middle in place), then
colours seen mostly inside the guess pull it to the subject's own outline, then a guided filter lays
that outline on the picture's edges. If what comes out is no plausible subject, a soft oval in the
middle takes its place, so every caller always has something to protect or light.
"""

from __future__ import annotations

import heapq
import math
from typing import Any, NamedTuple

from PIL import Image, ImageChops, ImageFilter, ImageMath

from .canvas import Picture, Size, clamp, extrema, field, soft, threshold

SMALL = 72  # the longer edge on which colour distances are walked
MIDDLE = 256  # … on which colours are counted
FINE = 640  # … on which the outline is laid on edges
CLEAR = 0.16  # below this share of unlike colours a subject is a guess, and an oval helps it
EYES = 40.0  # how clear two spots must be to count as eyes
PLAUSIBLE = (0.05, 0.72)  # share of the picture a subject takes


class Box(NamedTuple):
    """A part of a picture, in shares of its width and height."""

    left: float
    top: float
    right: float
    bottom: float

    @property
    def centre(self) -> tuple[float, float]:
        """The middle of the box."""
        return ((self.left + self.right) / 2, (self.top + self.bottom) / 2)


def _within(size: Size, longest: int) -> Size:
    factor = longest / max(size)
    return (max(8, round(size[0] * factor)), max(8, round(size[1] * factor)))


def _border_distance(image: Picture) -> Picture:
    """How much colour lies on the way from the border to each pixel (geodesic distance)."""
    w, h = _within(image.size, SMALL)
    small = image.resize((w, h), Image.Resampling.BOX).filter(ImageFilter.GaussianBlur(0.8)).convert("LAB")
    data = small.tobytes()
    far = [math.inf] * (w * h)
    queue: list[tuple[float, int]] = []
    for at in range(w * h):
        x, y = at % w, at // w
        under = y == h - 1 and 0.15 * w < x < 0.85 * w  # portraits rise from the lower edge
        if (x in (0, w - 1) and y < 0.9 * h) or y == 0 or (y == h - 1 and not under):
            far[at] = 0.0
            queue.append((0.0, at))
    heapq.heapify(queue)
    while queue:
        cost, at = heapq.heappop(queue)
        if cost > far[at]:
            continue
        x = at % w
        here = 3 * at
        for there, inside in (
            (at - 1, x > 0),
            (at + 1, x < w - 1),
            (at - w, at >= w),
            (at + w, at < w * (h - 1)),
        ):
            if not inside:
                continue
            to = 3 * there
            step = (
                abs(data[here] - data[to])
                + 1.6 * abs(data[here + 1] - data[to + 1])
                + 1.6 * abs(data[here + 2] - data[to + 2])
            )
            reached = cost + max(0.0, step - 3.0) + 0.25
            if reached < far[there]:
                far[there] = reached
                heapq.heappush(queue, (reached, there))
    ordered = sorted(far)
    top = max(1.0, ordered[int(0.97 * len(ordered))])
    return Image.frombytes("L", (w, h), bytes(clamp(255 * min(1.0, d / top)) for d in far))


def _centre_prior(size: Size) -> Picture:
    return field(size, lambda x, y: math.exp(-(((x - 0.5) / 0.30) ** 2 + ((y - 0.54) / 0.36) ** 2) / 1.6), 48)


def _by_colour(image: Picture, guess: Picture, rounds: int = 3) -> Picture:
    """The guess, redrawn by how much more each colour occurs inside it than outside."""
    coarse = image.filter(ImageFilter.GaussianBlur(1)).quantize(
        40, Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE
    )
    codes = Image.frombytes("L", coarse.size, coarse.tobytes())
    prior = _centre_prior(image.size)
    start = guess
    for _ in range(rounds):
        mean = sum(guess.resize((32, 32), Image.Resampling.BOX).tobytes()) / 1024
        inside = guess.point([255 if v > max(90.0, mean * 1.15) else 0 for v in range(256)])
        fg, every = codes.histogram(inside), codes.histogram()
        total_in, total = max(1, sum(fg)), max(1, sum(every))
        odds = []
        for code in range(256):
            p_in = (fg[code] + 1) / (total_in + 40)
            p_out = (every[code] - fg[code] + 1) / (max(1, total - total_in) + 40)
            odds.append(clamp(255 * p_in / (p_in + p_out)))
        likely = soft(codes.point(odds), 3)
        place = Image.blend(prior, soft(start, 4), 0.5)
        guess = Image.blend(likely, place, 0.45)
        guess = threshold(guess, 0.30, 0.72)
    return guess


def _mean(image: Picture, step: int) -> Picture:
    """A box mean in float; Pillow's own box filters know no float pictures."""
    small = image.resize((max(1, image.width // step), max(1, image.height // step)), Image.Resampling.BOX)
    return small.resize(image.size, Image.Resampling.BILINEAR)


def _math(expression: Any, **images: Picture) -> Picture:
    result = ImageMath.lambda_eval(expression, **images)
    assert isinstance(result, Image.Image)
    return result


def _on_edges(image: Picture, mask: Picture, step: int = 10, epsilon: float = 60.0) -> Picture:
    """He, Sun and Tang's guided filter: the mask becomes locally a straight function of the brightness."""
    guide, values = image.convert("L").convert("F"), mask.convert("F")
    mean_i, mean_p = _mean(guide, step), _mean(values, step)
    mean_ip = _mean(_math(lambda a: a["i"] * a["p"], i=guide, p=values), step)
    mean_ii = _mean(_math(lambda a: a["i"] * a["i"], i=guide), step)
    slope = _math(
        lambda a: (a["ip"] - a["i"] * a["p"]) / (a["ii"] - a["i"] * a["i"] + epsilon),
        ip=mean_ip, i=mean_i, p=mean_p, ii=mean_ii,
    )  # fmt: skip
    offset = _math(lambda a: a["p"] - a["s"] * a["i"], p=mean_p, s=slope, i=mean_i)
    slope, offset = _mean(slope, step), _mean(offset, step)
    return _math(lambda a: a["s"] * a["i"] + a["o"], s=slope, i=guide, o=offset).convert("L")


def oval(size: Size) -> Picture:
    """The stand-in when no subject shows itself."""
    return _oval(size, 0.32, 0.42)


def _oval(size: Size, across: float, down: float) -> Picture:
    return _oval_at(size, (0.5, 0.54), across, down)


def _oval_at(size: Size, centre: tuple[float, float], across: float, down: float) -> Picture:
    def inside(x: float, y: float) -> float:
        return max(
            0.0, min(1.0, (1.12 - math.hypot((x - centre[0]) / across, (y - centre[1]) / down)) / 0.24)
        )

    return field(size, inside)


def area(mask: Picture) -> float:
    """The share of the picture the mask covers."""
    return sum(mask.resize((48, 48), Image.Resampling.BOX).tobytes()) / (48 * 48 * 255)


def _skin(image: Picture) -> Picture:
    """Skin of any tone lies in one small part of the Cb-Cr plane."""
    _, blue, red = image.convert("YCbCr").split()
    near_blue = blue.point([255 if 82 <= v <= 124 else 0 for v in range(256)])
    near_red = red.point([255 if 137 <= v <= 172 else 0 for v in range(256)])
    bright = image.convert("L").point([255 if 55 <= v <= 248 else 0 for v in range(256)])
    return ImageChops.darker(ImageChops.darker(near_blue, near_red), bright)


def find_face(image: Picture) -> Box | None:
    """The likeliest face: a compact patch of skin colour in the upper part; None when there is none."""
    w, h = _within(image.size, 96)
    small = _skin(image.resize((w, h), Image.Resampling.BOX)).filter(ImageFilter.MedianFilter(3))
    data = bytearray(small.tobytes())
    best: tuple[float, Box] | None = None
    for start in range(w * h):
        if data[start]:
            found = _patch(data, start, w, h)
            score, box = _like_a_face(found, w, h)
            if score > 0 and (best is None or score > best[0]):
                best = (score, box)
    return best[1] if best else None


def _patch(data: bytearray, start: int, w: int, h: int) -> list[int]:
    """The connected patch around a pixel; it is wiped from the data."""
    data[start] = 0
    found, at = [start], 0
    while at < len(found):
        here = found[at]
        at += 1
        x = here % w
        for there, inside in (
            (here - 1, x > 0),
            (here + 1, x < w - 1),
            (here - w, here >= w),
            (here + w, here < w * (h - 1)),
        ):
            if inside and data[there]:
                data[there] = 0
                found.append(there)
    return found


def _like_a_face(found: list[int], w: int, h: int) -> tuple[float, Box]:
    xs, ys = [p % w for p in found], [p // w for p in found]
    left, right, top, bottom = min(xs), max(xs) + 1, min(ys), max(ys) + 1
    box = Box(left / w, top / h, right / w, bottom / h)
    wide, tall = right - left, bottom - top
    share, filled = len(found) / (w * h), len(found) / (wide * tall)
    plausible = (
        0.008 <= share <= 0.16 and 0.6 <= wide / tall <= 1.35 and filled >= 0.52 and box.centre[1] <= 0.62
    )
    inside_frame = left > 0 and right < w and top > 0
    return (share * filled * (1.2 - box.centre[1]) if plausible and inside_frame else 0.0), box


def find_eyes(image: Picture, subject: Picture) -> tuple[tuple[float, float], tuple[float, float]] | None:
    """Two alike spots that differ from what is round them, side by side in the subject's upper part."""
    w, h = _within(image.size, 96)
    small = image.resize((w, h), Image.Resampling.BOX)
    near, far = small.filter(ImageFilter.GaussianBlur(1.6)), small.filter(ImageFilter.GaussianBlur(9))
    r, g, b = ImageChops.difference(near.convert("LAB"), far.convert("LAB")).split()
    colour = ImageChops.add(g, b)
    spots = ImageChops.multiply(
        ImageChops.add(r, ImageChops.add(colour, colour)), subject.resize((w, h), Image.Resampling.BOX)
    )
    data = spots.filter(ImageFilter.GaussianBlur(1.2)).tobytes()

    def is_peak(x: int, y: int) -> bool:
        here = data[y * w + x]
        return all(here >= data[(y + j) * w + x + i] for j in range(-3, 4) for i in range(-3, 4))

    spread = ((x, y) for y in range(3, h - 3) for x in range(3, w - 3) if is_peak(x, y))
    peaks = sorted(((data[y * w + x], x, y) for x, y in spread), reverse=True)[:10]
    best: tuple[float, tuple[float, float], tuple[float, float]] | None = None
    for one, x1, y1 in peaks:
        for two, x2, y2 in peaks:
            wide, tall = x2 - x1, abs(y2 - y1)
            if not (0.12 * w <= wide <= 0.5 * w and tall <= 0.36 * wide and (y1 + y2) / 2 <= 0.6 * h):
                continue
            score = min(one, two) * (1.3 - (y1 + y2) / 2 / h) * (1 - 0.5 * abs(one - two) / max(1, one, two))
            if best is None or score > best[0]:
                best = (score, (x1 / w, y1 / h), (x2 / w, y2 / h))
    return (best[1], best[2]) if best and best[0] > EYES else None


def _head(size: Size, face: Box) -> Picture:
    """Face, hair and neck: an oval a little larger than the patch of skin, and what carries it."""
    across, down = (face.right - face.left) * 0.56, (face.bottom - face.top) * 0.56
    x, y = face.centre

    def inside(u: float, v: float) -> float:
        head = (1.12 - math.hypot((u - x) / across, (v - y) / down)) / 0.24
        neck = (0.72 - max(abs(u - x) / across, abs(v - y - 1.3 * down) / (1.2 * down))) / 0.24
        return max(0.0, min(1.0, max(head, neck)))

    return field(size, inside)


def _border_colours(image: Picture) -> Picture:
    """How unlike each pixel is to every colour common along the upper border and the sides."""
    w, h = image.size
    rim = max(2, min(w, h) // 24)
    strips = [
        image.crop((0, 0, w, rim)),
        image.crop((0, 0, rim, h * 3 // 4)),
        image.crop((w - rim, 0, w, h * 3 // 4)),
    ]
    samples = Image.new("RGB", (64, 96))
    for at, strip in enumerate(strips):
        samples.paste(strip.resize((64, 32), Image.Resampling.BOX), (0, 32 * at))
    return _unlike(image, samples, 8, 0.06)


def _unlike(image: Picture, samples: Picture, colours: int, least: float) -> Picture:
    """The distance of each pixel to the nearest colour common among the samples."""
    clusters = samples.quantize(colours, Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)
    palette = clusters.getpalette() or []
    nearest: Picture | None = None
    for count, code in clusters.getcolors() or []:
        if not isinstance(code, int) or count < least * samples.width * samples.height:
            continue
        flat = Image.new("RGB", image.size, tuple(palette[3 * code : 3 * code + 3]))
        r, g, b = ImageChops.difference(image, flat).split()
        unlike = ImageChops.lighter(ImageChops.lighter(r, g), b)
        nearest = unlike if nearest is None else ImageChops.darker(nearest, unlike)
    return threshold(nearest, 0.06, 0.38) if nearest is not None else Image.new("L", image.size, 128)


def _filled(shape: Picture) -> Picture:
    """Holes and bays closed: what has subject on three sides of it is subject too."""
    w, h = _within(shape.size, 96)
    small = shape.resize((w, h), Image.Resampling.BOX).point([255 if v > 110 else 0 for v in range(256)])
    small = _largest(small.filter(ImageFilter.MedianFilter(5)))
    rows = [bytearray(small.crop((0, y, w, y + 1)).tobytes()) for y in range(h)]
    across = [(row.find(255), row.rfind(255)) for row in rows]
    columns = [bytes(row[x] for row in rows) for x in range(w)]
    down = [
        (column.find(255), h - 1 if column.rfind(255) > 0.9 * h else column.rfind(255)) for column in columns
    ]

    def closed(x: int, y: int) -> bool:
        (first, last), (top, foot) = across[y], down[x]
        return bool(rows[y][x]) or (0 <= first < x) + (x < last) + (0 <= top < y) + (y < foot) >= 3

    data = bytes(255 if closed(x, y) else 0 for y in range(h) for x in range(w))
    filled = Image.frombytes("L", (w, h), data).filter(ImageFilter.MedianFilter(5))
    return threshold(soft(filled.resize(shape.size, Image.Resampling.BICUBIC), 4), 0.3, 0.7)


def _beside_head(image: Picture, shape: Picture, face: Box) -> Picture:
    """Around a head, what has the colours found left and right of it is background."""
    w, h = image.size
    wide, tall = (face.right - face.left) * w, (face.bottom - face.top) * h
    top, bottom = max(0, int(face.top * h)), min(h, int(face.bottom * h))
    samples = Image.new("RGB", (32, 64))
    for at, left in enumerate((face.left * w - 0.34 * wide, face.right * w + 0.1 * wide)):
        strip = image.crop((max(0, int(left)), top, min(w, int(left + 0.24 * wide) + 1), bottom))
        samples.paste(strip.resize((32, 32), Image.Resampling.BOX), (0, 32 * at))
    unlike = soft(_unlike(image, samples, 6, 0.1), 1)
    x, y = face.centre
    near = field(
        (w, h),
        lambda u, v: max(
            0.0, min(1.0, 4.0 - 3.4 * max(abs(u - x) * w / wide, abs(v - y - 0.12) * h / tall / 1.3))
        ),
    )
    head = _oval_at((w, h), (x, y + 0.04 * tall / h), 0.3 * wide / w, 0.38 * tall / h)
    keep = ImageChops.lighter(ImageChops.lighter(threshold(unlike, 0.1, 0.3), ImageChops.invert(near)), head)
    return ImageChops.darker(shape, keep)


def _largest(shape: Picture) -> Picture:
    """Only the largest connected patch, so that no crumbs are left lying about."""
    w, h = shape.size
    data = bytearray(shape.tobytes())
    patches = [_patch(data, start, w, h) for start in range(w * h) if data[start]]
    kept = bytearray(w * h)
    for at in max(patches, key=len, default=[]):
        kept[at] = 255
    return Image.frombytes("L", (w, h), bytes(kept))


def find_subject(image: Picture) -> Picture:
    """A soft mask of the subject, as large as the picture."""
    middle = image.resize(_within(image.size, MIDDLE), Image.Resampling.BILINEAR)
    far = _border_distance(middle).resize(middle.size, Image.Resampling.BICUBIC)
    unlike = soft(_border_colours(middle), 2)
    guess = ImageChops.multiply(
        Image.blend(far, unlike, 0.6),
        _centre_prior(middle.size).point([clamp(60 + v * 0.76) for v in range(256)]),
    )
    low, high = extrema(guess)
    if high - low < 24:
        return oval(image.size)
    guess = guess.point([clamp((v - low) * 255 / (high - low)) for v in range(256)])
    clear = threshold(ImageChops.multiply(unlike, _centre_prior(middle.size)), 0.22, 0.42)
    shape = ImageChops.lighter(_by_colour(middle, guess), clear)
    face = find_face(middle)
    if face is not None:
        shape = ImageChops.lighter(shape, _head(middle.size, face))
    shape = _filled(shape)
    if face is not None:
        shape = _beside_head(middle, shape, face)
    elif area(clear) < CLEAR * area(shape):
        shape = ImageChops.lighter(shape, _oval(middle.size, 0.29, 0.40))
    if not PLAUSIBLE[0] <= area(shape) <= PLAUSIBLE[1]:
        return oval(image.size)
    fine = image.resize(_within(image.size, min(FINE, max(image.size))), Image.Resampling.BILINEAR)
    rough = shape.resize(fine.size, Image.Resampling.BICUBIC)
    reach = max(3, max(fine.size) // 64) | 1
    outline = _on_edges(fine, rough, reach, 90.0)
    core = threshold(soft(rough, reach * 0.8), 0.82, 0.97)
    outside = threshold(soft(rough, reach * 0.8), 0.03, 0.18)
    outline = ImageChops.multiply(ImageChops.lighter(threshold(outline, 0.35, 0.65), core), outside)
    return outline.resize(image.size, Image.Resampling.BICUBIC)


def bounds(mask: Picture) -> Box:
    """The box around the mask's clear part."""
    small = mask.resize(_within(mask.size, 128), Image.Resampling.BOX)
    box = small.point([255 if v > 128 else 0 for v in range(256)]).getbbox()
    if box is None:
        return Box(0.25, 0.2, 0.75, 0.9)
    return Box(box[0] / small.width, box[1] / small.height, box[2] / small.width, box[3] / small.height)


def centroid(mask: Picture) -> tuple[float, float]:
    """The mask's centre of gravity, in shares."""
    w, h = _within(mask.size, 64)
    data = mask.resize((w, h), Image.Resampling.BOX).tobytes()
    total = sum(data) or 1
    x = sum(v * (at % w + 0.5) for at, v in enumerate(data)) / total / w
    y = sum(v * (at // w + 0.5) for at, v in enumerate(data)) / total / h
    return (x, y) if sum(data) else (0.5, 0.5)
