"""What an edit did to a picture, in figures: how it lies, what changed, how far it drifted.

Rules of the room:

* Pure functions of pictures (``ImageData`` or PIL). Pixels are decoded when one is called, never before.
* Other rooms import this one inside functions, when something is measured: it loads half a second of
  libraries, and where one is missing the import itself says which extra has it.
* Figures are in the frame of the *before* picture. An *after* picture of other pixels is first brought to
  the same area, centre on centre, so that a mere change of size is no change.
* Figures come from well-kept libraries: registration, colour difference, structural similarity and blur
  from scikit-image, the perceptual hash from imagehash. They are the ``research`` extra.
* Measuring happens at 512 pixels: enough to see what a person sees at a glance, and quick.
"""

from __future__ import annotations

import io
import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final, NamedTuple, TypeAlias

from PIL import Image

from .._images import overlay
from .._images.data import ImageData
from .._images.masks import is_region, marks_of, plane, region_box
from .._images.pixels import as_seen, plain
from .._images.sources import as_image
from .._strings import say
from ..errors import InvalidImageError, InvalidRequestError

try:
    import imagehash
    import numpy as np
    from scipy.ndimage import binary_dilation, binary_opening
    from skimage.color import deltaE_ciede2000
    from skimage.morphology import disk

    from . import planes
    from .aligning import CLEAR, moved, placed
    from .planes import Mask, Plane
except ModuleNotFoundError as missing:
    raise InvalidRequestError(
        say("measure.needs_research", library=missing.name), hint=say("measure.needs_research_hint")
    ) from None

Viewable: TypeAlias = ImageData | Image.Image
Region: TypeAlias = tuple[float, float, float, float] | Viewable

EDGE: Final = 512
"""Longest edge at which pictures are measured."""
VISIBLE: Final = 5.0
"""CIEDE2000 distance above which a pixel counts as changed; 2.3 is just noticeable, this is plain to see."""
_ALIKE: Final = 0.2
"""Correlation of outlines below which two pictures show nothing in common."""
_SURE: Final = 0.5
"""Correlation of outlines from which on one picture may be laid over the other: a wrong place has less."""
_NOTICEABLE: Final = 2.3
_LITTLE: Final = 0.02
_MUCH: Final = ((0.002, "nothing"), (_LITTLE, "little"), (0.3, "some"), (0.8, "most"), (1.0, "all"))
_BLUR: Final = 0.08
_LEAST_REST: Final = 0.05
"""Share of the picture outside of a region that is enough to align by; with less, all of it is looked at."""
_FEATHER: Final = 0.01
"""Of the longer edge: how wide the seam of a composite is, where nobody says."""
_MAP_EDGE: Final = 1024
"""Longest edge of a map of changes: more would take seconds and show no more."""
_STRONG: Final = 40.0
"""CIEDE2000 distance from which on a map shows a change at its strongest."""
_DIM: Final = 0.45
_GLOW: Final = (1.0, 0.55, 0.0)
_SPREAD: Final = 3
"""Pixels at which a change inside a region may bleed over its border without counting as outside."""


@dataclass(frozen=True, slots=True)
class Alignment:
    """How the after picture lies on the before picture.

    Attributes:
        dx, dy: how far the content moved right and down, in pixels of the before picture.
        zoom: how much larger the content became; 1.0 is the same.
        likeness: correlation of the outlines after alignment, 1.0 for the same picture.
        found: False if they show too little in common; then the shift is 0 and the zoom 1.
    """

    dx: float
    dy: float
    zoom: float
    likeness: float
    found: bool = True

    def __str__(self) -> str:
        if not self.found:
            return say("measure.nothing_common")
        parts = []
        if abs(self.dx) >= 0.5 or abs(self.dy) >= 0.5:
            parts.append(say("measure.shifted", dx=f"{self.dx:+z.1f}", dy=f"{self.dy:+z.1f}"))
        if abs(self.zoom - 1) >= 0.002:
            parts.append(say("measure.zoomed", zoom=f"{self.zoom:.3f}"))
        return ", ".join(parts) or say("measure.in_place")


@dataclass(frozen=True, slots=True)
class Change:
    """Which share of the pixels visibly changed, after alignment.

    Attributes:
        outside: share of the pixels outside the region (of all, without a region) that changed.
        inside: share inside the region, or None without one.
        seen: share of the before picture that the after picture still shows; the rest isn't counted.
        alignment: how the two were laid on each other.
    """

    outside: float
    inside: float | None
    seen: float
    alignment: Alignment

    def __str__(self) -> str:
        if self.inside is None:
            words = say("measure.changed", share=f"{self.outside:.1%}")
        else:
            words = say("measure.changed_region", outside=f"{self.outside:.1%}", inside=f"{self.inside:.1%}")
        return f"{words} ({self.alignment})"


@dataclass(frozen=True, slots=True)
class Drift:
    """How far a picture has gone from the first of its chain.

    Attributes:
        structure: 1 - SSIM of the luminance at 512 pixels; 0 is the same picture.
        hash_bits: differing bits of the 64 of the perceptual hash; above about 20 it looks like another.
    """

    structure: float
    hash_bits: int

    def __str__(self) -> str:
        return say("measure.drift", structure=f"{self.structure:.3f}", bits=self.hash_bits)


@dataclass(frozen=True, slots=True)
class Sharpness:
    """How sharp a picture is: 1 minus scikit-image's ``blur_effect``; 1.0 is sharpest."""

    value: float

    def __str__(self) -> str:
        return say("measure.sharpness", value=f"{self.value:.2f}")


@dataclass(frozen=True, slots=True)
class Colour:
    """What became of the colours as a whole.

    Attributes:
        distance: CIEDE2000 between the average colours; 2.3 is just noticeable.
        lighter, redder, yellower: the averages' differences in CIELAB (L*, a*, b*).
    """

    distance: float
    lighter: float
    redder: float
    yellower: float

    @property
    def casts(self) -> tuple[str, ...]:
        """What a person would call it: ``("darker", "bluer")``; empty where nobody would see it."""
        if self.distance < _NOTICEABLE:
            return ()
        pairs = ((self.lighter, "lighter", "darker"), (self.redder, "redder", "greener"),
                 (self.yellower, "yellower", "bluer"))  # fmt: skip
        return tuple(more if value > 0 else less for value, more, less in pairs if abs(value) >= _NOTICEABLE)

    def __str__(self) -> str:
        return say("measure.colour", distance=f"{self.distance:.1f}")


@dataclass(frozen=True, slots=True, repr=False)
class Changes:
    """What an edit changed: everything that can be told from before and after."""

    change: Change
    drift: Drift
    sharpness_before: Sharpness
    sharpness_after: Sharpness
    colour: Colour

    @property
    def alignment(self) -> Alignment:
        """How the result lies on its input."""
        return self.change.alignment

    def __str__(self) -> str:
        sharp = say(
            "measure.sharpness_change",
            before=f"{self.sharpness_before.value:.2f}",
            after=f"{self.sharpness_after.value:.2f}",
        )
        figures = (self.change, self.drift, self.colour, sharp)
        return "\n".join((self.words, *(f"  {figure}" for figure in figures)))

    @property
    def words(self) -> str:
        """The same in plain words: how much changed, how it lies, what became of its colours."""
        share = self.change.outside if self.change.inside is None else self.change.inside
        much = next(word for most, word in _MUCH if share <= most)
        parts = [say(f"measure.much_{much}")]
        if self.change.inside is not None:
            parts = [say("measure.in_region", words=parts[0])]
        if self.change.inside is not None and self.change.outside > _LITTLE:
            parts.append(say("measure.outside_too"))
        if not self.alignment.found:
            parts.append(say("measure.another"))
        elif str(self.alignment) != say("measure.in_place"):
            parts.append(say("measure.moved"))
        parts += [say(f"measure.cast_{word}") for word in self.colour.casts]
        if self.sharpness_after.value < self.sharpness_before.value - _BLUR:
            parts.append(say("measure.softer"))
        return "; ".join(parts)

    __repr__ = __str__


@dataclass(frozen=True, slots=True)
class Composite:
    """A result's region over its original, and how the two were joined.

    Attributes:
        picture: PNG, of the original's size as a person sees it.
        region: four shares of the original, or the mask picture.
        alignment: how the result lies on the original, by what is outside of the region.
        feather: width of the seam in pixels; it lies outside of the region.
        box: the region in pixels: left, top, right, bottom.
        reach: the same with its seam; every pixel outside of it is the original's.
        shown: the part of the original that the result shows.
        colours: ``"same"``, ``"converted"`` into the original's profile, or ``"untagged"``: the result's
            numbers were the original's already, without its profile.
        lost: what PNG can't hold of the original: ``"deep"`` (16 bits and floats), ``"inks"``, or ``""``.
    """

    picture: ImageData
    region: Sequence[float] | ImageData
    alignment: Alignment
    feather: int
    box: overlay.Box
    reach: overlay.Box
    shown: overlay.Box
    colours: str
    lost: str

    def facts(self) -> dict[str, Any]:
        """Seam, alignment and colours as plain values; places are in pixels of the original."""
        lay = self.alignment
        return {
            "seam": {
                "lies": "outside",
                "feather": self.feather,
                "region": list(self.box),
                "reach": list(self.reach),
            },
            "alignment": {
                "dx": round(lay.dx, 2),
                "dy": round(lay.dy, 2),
                "zoom": round(lay.zoom, 5),
                "likeness": round(lay.likeness, 4),
                "shown": list(self.shown),
            },
            "colours": self.colours,
            "lost": self.lost,
        }


@dataclass(frozen=True, slots=True)
class Map:
    """A picture of what changed, and the figures of it.

    Attributes:
        picture: PNG of the before picture's shape, at most 1024 pixels wide or high.
        change: the share that changed, the share still in sight, and how the two were laid on each other.
        same: the two are equal, pixel for pixel.
    """

    picture: ImageData
    change: Change
    same: bool


# --- the figures ---------------------------------------------------------------------------------


def alignment(before: Viewable, after: Viewable, apart: Region | None = None) -> Alignment:
    """Shift and zoom of ``after`` against ``before``; local edits and changes of light don't disturb it.

    Good to about a pixel in 500 and half a percent of zoom, for zooms between 0.5 and 2.

    Args:
        apart: the region that was edited, as :func:`changed_share` takes it; only what lies outside of it is
            looked at, unless that is next to nothing or shows nothing in common.
    """
    return _aligned_apart(opened(before), opened(after), apart)


def changed_share(before: Viewable, after: Viewable, region: Region | None = None) -> Change:
    """The share of pixels that visibly changed, outside and inside of a region.

    Noise and a fresh JPEG encoding are no change, nor is a shift or a zoom of the whole: that is
    :func:`alignment`'s to tell.

    Args:
        region: ``(left, top, width, height)`` as shares of the before picture, or a mask picture of
            it, white where the region is.
    """
    pair = small(opened(before), opened(after))
    return _changed(pair, _aligned(pair), region)


def composite(
    original: ImageData, result: ImageData, region: Region, feather: float | None = None
) -> Composite:
    """The region of the result over the unchanged original, at the original's own pixels.

    Args:
        region: as :func:`changed_share` takes it.
        feather: width of the seam in pixels of the original; None is 1 % of its longer edge, 0 a hard edge.

    Raises:
        InvalidRequestError: the result doesn't align, doesn't show all of the region, or an argument is bad.
        InvalidImageError: pixels can't be decoded.
    """
    mask = region if is_region(region) else as_image(region)
    flat = plane(mask, original).point(lambda level: 255 if level >= 128 else 0)
    wide = _feather(feather, original.shown_size)
    lower, lost = overlay.canvas(original)
    upper = plain(result.to_pil())
    found = _aligned_apart(opened(lower), opened(upper), flat)
    placing = _placing(lower.size, upper.size, found)
    box, shown = flat.getbbox() or (0, 0, *flat.size), placing.shown(upper.size)
    _check_shown(found, box, shown, flat.size)
    upper, colours = overlay.coloured(upper, lower, flat)
    made = overlay.laid(lower, upper, flat, placing, wide)
    picture = ImageData.from_bytes(overlay.encoded(made), name="composite.png")
    reach = overlay.within(overlay.grown(box, wide, flat.size), shown)
    seen = overlay.within(shown, (0, 0, *flat.size))
    return Composite(picture, mask, found, wide, box, reach, seen, colours, lost)


def difference(before: Viewable, after: Viewable) -> Map:
    """A picture of what changed: the before picture dimmed and grey, the brighter the more it changed.

    The after picture is aligned first. Where it shows nothing, the map stays grey.
    """
    first, second = opened(before), opened(after)
    pair = small(first, second)
    found = _aligned(pair)
    scale = min(1.0, _MAP_EDGE / max(first.size))
    size = max(1, round(first.width * scale)), max(1, round(first.height * scale))
    placing = _placing(first.size, second.size, found)
    left, top, right, bottom = overlay.within(placing.shown(second.size), (0, 0, *first.size))
    laid, there = first.copy(), Image.new("L", first.size)
    if right > left and bottom > top:
        laid.paste(placing.cut(second, (left, top, right, bottom)), (left, top))
        there.paste(255, (left, top, right, bottom))
    one, other, seen = (np.asarray(each.resize(size, Image.Resampling.BOX)) for each in (first, laid, there))
    strong = _heat(_values(one), _values(other)) * (seen > 127)
    grey = (planes.grey(_values(one)) * _DIM)[..., None]
    mixed = grey + (np.array(_GLOW) - grey) * strong[..., None]
    out = io.BytesIO()
    Image.fromarray((mixed * 255).round().astype("uint8")).save(out, "PNG")
    change = _changed(pair, found, None)
    same = first.size == second.size and first.tobytes() == second.tobytes()
    return Map(ImageData.from_bytes(out.getvalue(), name="difference.png"), change, same)


def _heat(one: Plane, other: Plane) -> Plane:
    """How strongly each pixel glows, 0…1: not at all below what is noticeable, fully from _STRONG on."""
    distance = deltaE_ciede2000(*(planes.lab(planes.blurred(plane)) for plane in (one, other)))
    strong: Plane = np.clip((distance - _NOTICEABLE) / (_STRONG - _NOTICEABLE), 0.0, 1.0) ** 0.6
    return strong


def drift(first: Viewable, current: Viewable) -> Drift:
    """How far ``current`` has gone from ``first``, as it lies, without alignment."""
    one, other = opened(first), opened(current)
    return _drift(small(one, other), one.convert("L"), other.convert("L"))


def sharpness(picture: Viewable) -> Sharpness:
    """How sharp a picture is."""
    return _sharpness(opened(picture).convert("L"))


def changes(before: Viewable, after: Viewable, region: Region | None = None) -> Changes:
    """All figures of one edit; each picture is decoded once."""
    if isinstance(before, ImageData) and region is not None and not is_region(region):
        region = plane(as_image(region), before)  # turned as the photo is
    first, second = opened(before), opened(after)
    return changes_of(small(first, second), first, second, region)


def changes_of(pair: Small, first: Image.Image, second: Image.Image, region: Region | None) -> Changes:
    """The same of pictures that are opened and made small already."""
    grey, other_grey = first.convert("L"), second.convert("L")
    return Changes(
        change=_changed(pair, _aligned(pair), region),
        drift=_drift(pair, grey, other_grey),
        sharpness_before=_sharpness(grey),
        sharpness_after=_sharpness(other_grey),
        colour=_colour(pair),
    )


# --- pixels --------------------------------------------------------------------------------------


def opened(picture: Viewable) -> Image.Image:
    """The picture as RGB, as a viewer shows it; what is transparent lies on white."""
    decoded = picture if isinstance(picture, Image.Image) else as_image(picture).to_pil()
    try:
        decoded = as_seen(decoded)
    except ValueError as reason:  # floats that are no light
        name = getattr(picture, "name", "") or "PIL"
        raise InvalidImageError(say("images.undecodable", name=name, reason=reason)) from None
    if decoded.mode == "RGBA":
        decoded = Image.alpha_composite(Image.new("RGBA", decoded.size, (255, 255, 255, 255)), decoded)
    return decoded.convert("RGB")


def _frame(before: tuple[int, int], after: tuple[int, int]) -> tuple[tuple[int, int], tuple[int, int]]:
    """The sizes at which the two are measured: the same area, the second centred on the first."""
    scale = min(1.0, EDGE / max(before))
    width, height = max(16, round(before[0] * scale)), max(16, round(before[1] * scale))
    scale = width / before[0] * math.sqrt((before[0] * before[1]) / (after[0] * after[1]))
    size = max(1, round(after[0] * scale)), max(1, round(after[1] * scale))
    if abs(size[0] - width) <= 0.02 * width and abs(size[1] - height) <= 0.02 * height:
        size = (width, height)  # a catalog size is a little off its ratio; that is no crop
    return (width, height), size


class Small(NamedTuple):
    """Two pictures at the measuring size in one frame, values 0…1."""

    first: Plane
    second: Plane
    there: Mask
    """Where ``second`` has pixels."""
    scale: float
    """Pixels of the before picture in one of the frame."""


def small(before: Image.Image, after: Image.Image) -> Small:
    """Two opened pictures as they are measured."""
    (width, height), size = _frame(before.size, after.size)
    first = before.resize((width, height), Image.Resampling.LANCZOS)
    second = after.resize(size, Image.Resampling.LANCZOS)
    there = np.ones((height, width), dtype=bool)
    if size != (width, height):
        left, top = (width - size[0]) // 2, (height - size[1]) // 2
        frame, seen = Image.new("RGB", (width, height)), Image.new("L", (width, height))
        frame.paste(second, (left, top))
        seen.paste(255, (left, top, left + size[0], top + size[1]))
        second, there = frame, np.asarray(seen) > 127
    return Small(_values(first), _values(second), there, before.width / width)


def _values(picture: Any) -> Plane:
    """Pixels of 8 bits as float32, 0…1."""
    values: Plane = np.asarray(picture) * np.float32(1 / 255)
    return values


def _placing(before: tuple[int, int], after: tuple[int, int], found: Alignment) -> overlay.Placing:
    """The same as :func:`moved`, from pixels of the one to pixels of the other."""
    frame, size = _frame(before, after)
    scale, offset = [], []
    for axis, shift in enumerate((found.dx, found.dy)):
        measured, full = size[axis], after[axis] / size[axis]
        moved = frame[axis] / 2 * (1 - found.zoom) + shift * frame[0] / before[0]
        scale.append(frame[axis] / before[axis] * found.zoom * full)
        offset.append((moved - (frame[axis] - measured) // 2) * full)
    return overlay.Placing((scale[0], scale[1]), (offset[0], offset[1]))


def _feather(given: float | None, size: tuple[int, int]) -> int:
    if given is None:
        return round(_FEATHER * max(size))
    number = isinstance(given, (int, float)) and not isinstance(given, bool)
    if not number or not 0 <= given <= max(size):
        raise InvalidRequestError(say("measure.bad_feather", value=repr(given)[:80], most=max(size)))
    return round(given)


def _check_shown(found: Alignment, box: overlay.Box, shown: overlay.Box, size: tuple[int, int]) -> None:
    """Raise if the result can't be laid on its original, or doesn't show all of the region.

    The alignment is known to about a pixel of the measuring size: a strip of that width is let pass. It stays
    the original's.
    """
    if not found.found or found.likeness < _SURE:
        facts = {"likeness": f"{found.likeness:.2f}", "least": f"{_SURE:.2f}"}
        raise InvalidRequestError(say("measure.apart", **facts), hint=say("measure.apart_hint"))
    slack = math.ceil(max(size) / EDGE)
    seen = overlay.within(shown, (0, 0, *size))
    near = overlay.grown(seen, slack, size)
    if overlay.within(box, near) == box:
        return
    left, top, right, bottom = seen
    share = left / size[0], top / size[1], (right - left) / size[0], (bottom - top) / size[1]
    lie = {"alignment": str(found), "likeness": f"{found.likeness:.2f}"}
    within = ", ".join(f"{value:.3f}" for value in share)
    raise InvalidRequestError(
        say("measure.not_shown", **lie, box=_edges(box), seen=_edges(seen)),
        hint=say("measure.not_shown_hint", within=within),
    )


def _edges(box: overlay.Box) -> str:
    return say("measure.box", left=box[0], top=box[1], right=box[2], bottom=box[3])


# --- alignment -----------------------------------------------------------------------------------


def _aligned_apart(before: Image.Image, after: Image.Image, apart: Region | None) -> Alignment:
    """By what lies outside of a region; by everything where that is next to nothing, or fits less well."""
    edited = region_mask(apart, _frame(before.size, after.size)[0][::-1])
    pair = small(before, after)
    if edited is None:
        return _aligned(pair)
    rest: Mask = ~_grown(edited)
    found = _aligned(pair, rest) if rest.mean() >= _LEAST_REST else None
    if found is not None and found.likeness >= CLEAR:
        return found
    whole = _aligned(pair)
    return whole if found is None or whole.likeness > found.likeness else found


def _aligned(pair: Small, among: Mask | None = None) -> Alignment:
    a, b = planes.outlines(pair.first), planes.outlines(pair.second)
    if not pair.there.all():
        b = np.where(pair.there, b, np.float32(np.nan))
    if among is not None:
        a = np.where(among, a, np.float32(np.nan))  # as nothing that counts
    best, in_place = placed(a, b, among=among is not None)
    if best.likeness < _ALIKE:
        return Alignment(0.0, 0.0, 1.0, max(0.0, in_place), found=False)
    if best.likeness - in_place < 0.005:
        return Alignment(0.0, 0.0, 1.0, in_place)
    return Alignment(best.dx * pair.scale, best.dy * pair.scale, best.zoom, best.likeness)


# --- change, drift, sharpness --------------------------------------------------------------------


def _changed(pair: Small, found: Alignment, region: Region | None) -> Change:
    first, laid, seen = pair.first, pair.second, pair.there
    if not seen.all() or (found.dx, found.dy, found.zoom) != (0, 0, 1):
        laid = np.where(seen[..., None], laid, np.float32(np.nan))
        laid = moved(laid, found.dx / pair.scale, found.dy / pair.scale, found.zoom)
        seen = np.isfinite(laid.sum(axis=2))
        laid = np.where(seen[..., None], laid, first)
    one, other = (planes.lab(planes.blurred(plane)) for plane in (first, laid))
    # The opening takes away single pixels and thin lines: noise, and edges laid a fraction of a pixel off.
    differs: Mask = binary_opening(planes.visible(one, other, VISIBLE), disk(1)) & seen
    chosen = region_mask(region, first.shape[:2])
    outside = seen if chosen is None else seen & ~_grown(chosen)
    inside = None if chosen is None else _share(differs, seen & chosen)
    return Change(_share(differs, outside), inside, float(seen.mean()), found)


def _grown(region: Mask) -> Mask:
    """A region with what may bleed over its border."""
    grown: Mask = binary_dilation(region, disk(_SPREAD))
    return grown


def _share(differs: Mask, among: Mask) -> float:
    return float(differs[among].mean()) if among.any() else 0.0


def region_mask(region: Region | None, shape: tuple[int, ...]) -> Mask | None:
    """Where a region lies in a picture of this height and width; None without one."""
    height, width = shape[:2]
    if region is None:
        return None
    if not is_region(region):
        picture = region if isinstance(region, Image.Image) else as_image(region).to_pil()
        return np.asarray(marks_of(picture).resize((width, height), Image.Resampling.BILINEAR)) > 127
    mask = np.zeros((height, width), dtype=bool)
    left, top, right, bottom = region_box(region, (width, height))
    mask[top:bottom, left:right] = True
    return mask


def _drift(pair: Small, first: Image.Image, current: Image.Image) -> Drift:
    one, other = planes.grey(pair.first), planes.grey(pair.second)
    local = planes.structure(one, other)
    bits = int(imagehash.phash(first) - imagehash.phash(current))
    return Drift(structure=1.0 - float(local[pair.there].mean(dtype=np.float64)), hash_bits=bits)


def _colour(pair: Small) -> Colour:
    shown = None if pair.there.all() else pair.there
    before, after = (planes.mean_lab(plane, shown) for plane in (pair.first, pair.second))
    lighter, redder, yellower = (float(value) for value in after - before)
    return Colour(float(deltaE_ciede2000(before, after)), lighter, redder, yellower)


def colour_distance(pair: Small) -> float:
    """The mean CIEDE2000 of the pixels that both show, as they lie."""
    return planes.distance(*(planes.lab(one)[pair.there] for one in (pair.first, pair.second)))


def _sharpness(grey: Image.Image) -> Sharpness:
    if max(grey.size) > 2 * EDGE:
        grey.thumbnail((2 * EDGE, 2 * EDGE), Image.Resampling.LANCZOS)
    return Sharpness(planes.sharpness(np.asarray(grey)))


__all__ = [
    "Alignment",
    "Change",
    "Changes",
    "Colour",
    "Composite",
    "Drift",
    "Map",
    "Sharpness",
    "Small",
    "alignment",
    "changed_share",
    "changes",
    "changes_of",
    "colour_distance",
    "composite",
    "difference",
    "drift",
    "opened",
    "region_mask",
    "sharpness",
    "small",
]
