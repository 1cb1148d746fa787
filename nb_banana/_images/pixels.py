"""Everything that decodes or encodes pixels, all of it with Pillow; ``readers`` opens the files.

Rules of the room:

* Other rooms and modules import this one inside functions, for it loads Pillow.
* Readers get the file without its metadata, so that no text or profile can surprise them.
* A picture is decoded once, at the smallest scale that serves, and never converted at full size without need.
"""

from __future__ import annotations

import io
import math
from collections.abc import Sequence
from typing import Any, Final, cast

from PIL import Image, ImageChops, ImageCms

from .._strings import say
from . import containers
from .look import Look
from .readers import READ_ERRORS, opened

DECODE_ERRORS: Final = (*READ_ERRORS, ImageCms.PyCMSError)
_TURNS: Final = {2: 0, 3: 3, 4: 1, 5: 5, 6: 4, 7: 6, 8: 2}
"""EXIF orientation → ``Image.Transpose``."""
_SMALLEST_EDGE: Final = 16
_SMALLEST_SENT: Final = 64


def decoded(data: bytes, mime: str, longest: int | None = None) -> Image.Image:
    """The first picture of the file, upright; a JPEG may come scaled to anything above ``longest``.

    Raises:
        any of ``DECODE_ERRORS``: the pixels can't be decoded.
    """
    turn = containers.orientation(data, mime)
    heif = mime in ("image/heic", "image/heif", "image/avif")
    picture = opened(data if heif else containers.without_metadata(data, mime), mime)
    if longest and mime == "image/jpeg":
        scale = longest / max(picture.size)
        picture.draft(None, (math.ceil(picture.width * scale), math.ceil(picture.height * scale)))
    picture.load()
    return turned(picture, turn)


def turned(picture: Image.Image, turn: int) -> Image.Image:
    """The picture as its EXIF orientation means it."""
    return picture.transpose(Image.Transpose(_TURNS[turn])) if turn in _TURNS else picture


def plain(picture: Image.Image) -> Image.Image:
    """The same picture in 8-bit L, RGB or RGBA; inks become light by their own profile if they have one."""
    if picture.mode in ("L", "RGB", "RGBA") and "transparency" not in picture.info:
        return picture
    profile = picture.info.get("icc_profile")
    if picture.mode == "CMYK":
        return _from_inks(picture, profile)
    if picture.mode in ("I", "F", "I;16", "I;16B", "I;16L", "I;16N"):
        return _from_deep(picture)
    if picture.mode == "La":
        picture = picture.convert("LA")
    clear = has_alpha(picture)
    grey = picture.mode in ("1", "LA", "La") and not clear
    result = picture.convert("RGBA" if clear else "L" if grey else "RGB")
    if picture.mode not in ("P", "PA", "RGBX", "RGBa", "1", "LA", "La", "RGB", "L"):
        result.info.pop("icc_profile", None)  # It spoke of another colour space.
    return result


def _from_inks(picture: Image.Image, profile: bytes | None) -> Image.Image:
    if profile:
        try:
            source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            result = ImageCms.profileToProfile(
                picture, source, ImageCms.createProfile("sRGB"), outputMode="RGB"
            )
        except (ImageCms.PyCMSError, OSError, ValueError):
            result = None  # A damaged profile says nothing; the plain formula below does.
        if result is not None:
            result.info.pop("icc_profile", None)
            return result
    result = picture.convert("RGB")
    result.info.pop("icc_profile", None)
    return result


def _from_deep(picture: Image.Image) -> Image.Image:
    """Grey levels of 16 bits, 32 bits or floats, brought to 0…255 by the range they plainly use."""
    deep = picture.convert("F")
    low, high = cast("tuple[float, float]", deep.getextrema())
    if not math.isfinite(low) or not math.isfinite(high):
        raise ValueError(say("images.not_finite"))
    if picture.mode.startswith("I;16"):
        top = 65535.0
    elif picture.mode == "F" and high <= 1:
        top = 1.0
    else:
        top = next((t for t in (255.0, 65535.0) if high <= t), high)
    return deep.point(lambda level: level * (255 / top) + 0.5).convert("L")


def has_alpha(picture: Image.Image) -> bool:
    """Whether the mode can hold transparent pixels."""
    return picture.mode in ("RGBA", "LA", "PA", "La", "RGBa") or "transparency" in picture.info


def is_clear(picture: Image.Image) -> bool:
    """Whether any pixel of a plain picture really is transparent."""
    return picture.mode == "RGBA" and picture.getchannel("A").getextrema() != (255, 255)


def scaled(picture: Image.Image, longest: int, *, quick: bool = False) -> Image.Image:
    """A plain picture with its longest edge at most ``longest``; ``quick`` is good enough to look at."""
    scale = longest / max(picture.size)
    if scale >= 1:
        return picture
    size = (max(1, round(picture.width * scale)), max(1, round(picture.height * scale)))
    best = Image.Resampling.HAMMING if quick else Image.Resampling.LANCZOS
    result = picture.resize(size, best, reducing_gap=2.0)
    result.info = dict(picture.info)
    return result


def profile_of(picture: Image.Image) -> bytes | None:
    """Its colour profile, where it has one of a size that profiles have."""
    profile = picture.info.get("icc_profile")
    return profile if profile and len(profile) <= containers.MAX_PROFILE else None


def encoded(picture: Image.Image, mime: str, quality: int) -> bytes:
    """The bytes of a plain picture, its colour profile kept and nothing else."""
    out = io.BytesIO()
    options: dict[str, Any] = {"icc_profile": profile_of(picture)}
    if mime == "image/png":
        picture.save(out, "PNG", compress_level=4, **options)
    elif mime == "image/webp":
        picture.save(out, "WEBP", quality=quality, method=2, **options)
    else:
        flat = picture if picture.mode in ("L", "RGB") else picture.convert("RGB")
        flat.save(out, "JPEG", quality=quality, subsampling="4:4:4", **options)
    return out.getvalue()


def within(
    picture: Image.Image, ladder: Sequence[tuple[str, int]], cap: int
) -> tuple[bytes, str, Image.Image] | None:
    """The first encoding within ``cap`` bytes; after the last one the picture is scaled, just enough.

    Args:
        ladder: types and qualities, best first.
    """
    for mime, quality in ladder:
        data = encoded(picture, mime, quality)
        if len(data) <= cap:
            return data, mime, picture
    whole, edge = picture, max(picture.size)
    while edge > _SMALLEST_SENT:
        above = edge
        # Bytes go about with the area; a little under the estimate spares a second round.
        edge = max(_SMALLEST_SENT, int(edge * min(0.95, math.sqrt(cap / len(data)) * 0.98)))
        picture = scaled(whole, edge)
        data = encoded(picture, mime, quality)
        if len(data) > cap:
            continue
        # Grain gets lost in scaling, and then there is room for more pixels than the estimate said.
        larger = scaled(whole, min(above - 1, int(edge * math.sqrt(cap / len(data)) * 0.98)))
        if max(larger.size) > edge * 1.05 and len(fuller := encoded(larger, mime, quality)) <= cap:
            return fuller, mime, larger
        return data, mime, picture
    return None


def in_srgb(picture: Image.Image) -> Image.Image:
    """The same colours without a profile, for viewers that ignore it."""
    profile = picture.info.pop("icc_profile", None)
    if not profile:
        return picture
    try:
        source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        result = ImageCms.profileToProfile(picture, source, ImageCms.createProfile("sRGB")) or picture
    except (ImageCms.PyCMSError, OSError, ValueError):
        return picture  # A profile nobody can read changes nothing anywhere else either.
    result.info.pop("icc_profile", None)
    return result


def as_seen(picture: Image.Image) -> Image.Image:
    """The picture as a viewer shows it, in 8-bit sRGB; what was given stays as it is."""
    flat = plain(picture)
    if not flat.info.get("icc_profile"):
        return flat
    seen = in_srgb(flat.copy())
    # A profile of sRGB itself may round by one: equal numbers stay equal.
    off = ImageChops.difference(seen.convert("RGB"), flat.convert("RGB")).getextrema()
    return flat if max(high for _, high in cast("tuple[tuple[int, int], ...]", off)) <= 1 else seen


def small_copy(data: bytes, mime: str, longest: int, budget: int) -> tuple[bytes, str, int, int, Look]:
    """A preview: ``(bytes, type, width, height, look)``, at most ``budget`` bytes down to an edge of 16."""
    small = small_picture(data, mime, longest)
    clear, look = is_clear(small), look_of(small)
    edge = max(small.size)
    while True:
        small = scaled(small, edge, quick=True)
        found, kind = (
            (_small_png(small), "image/png") if clear else (_small_jpeg(small, budget), "image/jpeg")
        )
        if len(found) <= budget or edge <= _SMALLEST_EDGE:
            return found, kind, *small.size, look
        # Bytes go with the area; a little less than that lands under the budget in one or two steps.
        step = math.sqrt(budget / len(found)) * 0.97
        edge = max(_SMALLEST_EDGE, int(edge * min(0.9, max(0.3, step))))


def grey(size: tuple[int, int], longest: int) -> bytes:
    """A PNG of nothing, in the shape of a picture of this size."""
    width, height = (max(1, edge * longest // max(*size, 1)) for edge in size)
    out = io.BytesIO()
    Image.new("RGB", (width, height), (160, 160, 160)).save(out, "PNG")
    return out.getvalue()


def small_picture(data: bytes, mime: str, longest: int) -> Image.Image:
    """The picture in a plain mode and sRGB, its longest edge at most ``longest``."""
    picture = decoded(data, mime, longest * 2)
    factor = max(picture.size) // longest  # Nearly all the way by plain averages, the rest filtered.
    thin = min(picture.size) < 8 * factor  # Whole steps would bend its shape.
    plain_mode = picture.mode in ("L", "RGB", "RGBA", "LA") and "transparency" not in picture.info
    if factor > 1 and plain_mode and not thin:
        info, picture = picture.info, picture.reduce(factor)
        picture.info = info
    return in_srgb(scaled(plain(picture), longest, quick=True))


def look_of(small: Image.Image) -> Look:
    """The glance at a picture in a plain mode; what can't be seen has no colour."""
    tiny = small.resize((Look.EDGE, Look.EDGE), Image.Resampling.BOX).convert("RGBA").convert("RGBa")
    return Look(small.width / small.height, tiny.tobytes())


def _small_png(small: Image.Image) -> bytes:
    out = io.BytesIO()
    small.quantize(256).save(out, "PNG", optimize=True)
    return out.getvalue()


def _small_jpeg(small: Image.Image, budget: int) -> bytes:
    flat = small if small.mode in ("L", "RGB") else small.convert("RGB")
    for quality in (85, 70, 55):
        out = io.BytesIO()
        flat.save(out, "JPEG", quality=quality, optimize=True)
        if out.tell() <= budget:
            break
    return out.getvalue()
