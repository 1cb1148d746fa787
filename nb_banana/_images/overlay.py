"""One picture laid over a region of another, with the seam outside of the region.

Rules of the room:

* What lies beyond the seam is copied: not one of its pixels is computed anew. Within the region every pixel
  is the upper picture's, resampled once. Between the two, and nowhere else, they are mixed.
* The seam lies outside the region, at most ``feather`` pixels wide in either direction; at the picture's own
  edge there is none. However thin a region is, it shows the upper picture in full.
* Colours are those of the lower picture's profile; the upper one's are brought there.
* Pixels are Pillow's; other rooms import this one inside functions, or load Pillow anyway.
"""

from __future__ import annotations

import io
import math
from dataclasses import dataclass
from typing import Final, TypeAlias

from PIL import Image, ImageChops, ImageCms, ImageFilter, ImageStat

from . import pixels
from .data import ImageData

Box: TypeAlias = tuple[int, int, int, int]

_STEP: Final = 120
"""A box of so many pixels on either side still tells one pixel of 255 from none."""
_DEEP: Final = ("I", "F")
_INKS: Final = ("CMYK", "LAB", "YCbCr", "HSV")
_LOOK: Final = (256, 256)


@dataclass(frozen=True, slots=True)
class Placing:
    """Where a point of the lower picture lies on the upper one: its scale and then its offset, per axis."""

    scale: tuple[float, float]
    offset: tuple[float, float]

    def shown(self, size: tuple[int, int]) -> Box:
        """The part of the lower picture, in its whole pixels, that an upper one of this size shows."""
        (right, down), (left, top) = self.scale, self.offset
        first = math.ceil(-left / right - 0.01), math.ceil(-top / down - 0.01)
        last = math.floor((size[0] - left) / right + 0.01), math.floor((size[1] - top) / down + 0.01)
        return *first, *last

    def cut(self, top: Image.Image, box: Box) -> Image.Image:
        """What the upper picture shows in a box of the lower one, at the lower one's pixels."""
        found = [
            min(max(edge * self.scale[at % 2] + self.offset[at % 2], 0.0), float(top.size[at % 2]))
            for at, edge in enumerate(box)
        ]
        size = box[2] - box[0], box[3] - box[1]
        return top.resize(size, Image.Resampling.LANCZOS, box=(found[0], found[1], found[2], found[3]))


def canvas(original: ImageData) -> tuple[Image.Image, str]:
    """The upright pixels in a mode of PNG, and what they lost by it: ``""``, ``"deep"`` or ``"inks"``.

    Raises:
        InvalidImageError: the pixels can't be decoded.
    """
    picture = original.to_pil()
    deep = picture.mode.startswith(_DEEP) or (original.mime_type == "image/png" and original.data[24] == 16)
    lost = "deep" if deep else "inks" if picture.mode in _INKS else ""
    return pixels.plain(picture), lost


def grown(box: Box, by: int, size: tuple[int, int]) -> Box:
    """The box, larger by so many pixels all around, within a picture of this size."""
    return max(0, box[0] - by), max(0, box[1] - by), min(size[0], box[2] + by), min(size[1], box[3] + by)


def within(one: Box, other: Box) -> Box:
    """What two boxes share."""
    return max(one[0], other[0]), max(one[1], other[1]), min(one[2], other[2]), min(one[3], other[3])


def weights(flat: Image.Image, feather: int) -> Image.Image:
    """How much the upper picture counts: 255 in the region, falling to 0 at ``feather`` pixels from it.

    The region grows by half of the feather, in a square, and is averaged over the other half: so a pixel of
    the region averages nothing but its own surroundings, and one farther off than the feather nothing of it.
    """
    soft = feather // 2
    wide = flat
    for axis in ((1, 0), (0, 1)):
        wide = _dilated(wide, feather - soft, axis)
    return ImageChops.lighter(wide.filter(ImageFilter.BoxBlur(soft)), flat)


def _dilated(flat: Image.Image, by: int, axis: tuple[int, int]) -> Image.Image:
    """The region, larger by so many pixels along one axis; an average that isn't 0 touches it."""
    while by > 0:
        step = min(by, _STEP)
        blurred = flat.filter(ImageFilter.BoxBlur((axis[0] * step, axis[1] * step)))
        flat, by = blurred.point(lambda level: 255 if level else 0), by - step
    return flat


def laid(
    lower: Image.Image, upper: Image.Image, flat: Image.Image, placing: Placing, feather: int
) -> Image.Image:
    """The lower picture with the upper one in the region, both in plain modes.

    Args:
        flat: the region on the lower picture, of its size, 255 and 0.
        placing: where the lower picture's points lie on the upper one.
        feather: how wide the seam is, in pixels of the lower picture.
    """
    reach = grown(_box(flat), feather, lower.size)
    box = within(reach, placing.shown(upper.size))
    corner = reach[0], reach[1]
    inside = box[0] - corner[0], box[1] - corner[1], box[2] - corner[0], box[3] - corner[1]
    weight = weights(flat.crop(reach), feather).crop(inside)
    mode = _mode(lower, upper)
    made = _in_mode(lower, mode)
    cut = _in_mode(placing.cut(upper, box), mode)
    made.paste(_mixed(made.crop(box), cut, weight), box[:2], weight.point(lambda level: 255 if level else 0))
    return made


def _box(flat: Image.Image) -> Box:
    return flat.getbbox() or (0, 0, 1, 1)


def _mode(lower: Image.Image, upper: Image.Image) -> str:
    """The plainest mode that holds both."""
    if lower.mode == "RGBA" or pixels.is_clear(upper):
        return "RGBA"
    return "L" if lower.mode == upper.mode == "L" else "RGB"


def _in_mode(picture: Image.Image, mode: str) -> Image.Image:
    """The picture in a mode that holds its colours; a profile of greys says nothing of colours."""
    if picture.mode == mode:
        return picture
    made = picture.convert(mode)
    if picture.mode == "L":
        made.info.pop("icc_profile", None)
    return made


def _mixed(lower: Image.Image, upper: Image.Image, weight: Image.Image) -> Image.Image:
    if lower.mode != "RGBA":
        return Image.composite(upper, lower, weight)
    # Mixed as light: what nobody can see lends no colour. Where the upper one alone counts it stays as it is.
    light = Image.composite(upper.convert("RGBa"), lower.convert("RGBa"), weight).convert("RGBA")
    return Image.composite(upper, light, weight.point(lambda level: 255 if level == 255 else 0))


def coloured(upper: Image.Image, lower: Image.Image, flat: Image.Image) -> tuple[Image.Image, str]:
    """The upper picture in the colours of the lower one, and how.

    ``"same"``, ``"converted"``, or ``"untagged"``: its numbers are taken as they are.
    A model may read a photo's numbers without its profile and give back such numbers without one. Whether it
    did can be seen: outside of the region the two pictures show the same.
    """
    profile, own = pixels.profile_of(lower), pixels.profile_of(upper)
    if lower.mode == "L" or profile == own:
        return (pixels.in_srgb(upper), "converted") if own and profile != own else (upper, "same")
    converted = _converted(upper, own, profile)
    if converted is None:
        return upper, "same"
    if own is None and _distance(upper, lower, flat) < _distance(converted, lower, flat):
        return upper, "untagged"
    return converted, "converted"


def _converted(picture: Image.Image, own: bytes | None, profile: bytes | None) -> Image.Image | None:
    """The same colours in another profile, sRGB where there is none; None where a profile can't be read."""
    srgb = ImageCms.createProfile("sRGB")
    try:
        source, target = (
            ImageCms.ImageCmsProfile(io.BytesIO(one)) if one else srgb for one in (own, profile)
        )
        flat = picture.convert("RGB") if picture.mode == "L" else picture
        made = ImageCms.profileToProfile(flat, source, target)
    except (ImageCms.PyCMSError, OSError, ValueError):
        return None
    return made


def _distance(upper: Image.Image, lower: Image.Image, flat: Image.Image) -> float:
    """How far the colours are apart outside of the region, at a glance."""
    one, other = (picture.convert("RGB").resize(_LOOK, Image.Resampling.BOX) for picture in (upper, lower))
    outside = ImageChops.invert(flat.resize(_LOOK)).point(lambda level: 255 if level == 255 else 0)
    return sum(ImageStat.Stat(ImageChops.difference(one, other), outside).sum)


def encoded(picture: Image.Image) -> bytes:
    """PNG bytes with the picture's colour profile and nothing else."""
    return pixels.encoded(picture, "image/png", 100)
