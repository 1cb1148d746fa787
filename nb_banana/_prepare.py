"""What may be sent: input pictures brought within a provider's limits, pixels untouched wherever possible.

Rules of the room:

* Personal metadata and bytes after the picture's end go, silently and without touching a pixel.
* Pixels change only for a listed reason: the type is not taken, an EXIF turn, an animation, CMYK, or the
  bytes are over a limit. Each change is one warning that names before and after; ``strict`` refuses.
* What a provider merely advises, such as a longest edge, is said and changes nothing.
* Palettes, grey levels and 16-bit PNGs are left alone: every PNG reader must know them.
* What must be encoded anew stays exact where it was exact (PNG), else becomes JPEG at quality 95 without
  colour subsampling, its colour profile kept; only bytes over a limit lower that, and then the size.
* A picture that needs nothing comes back as the very same object.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final

from ._catalog.models import ModelInfo
from ._catalog.providers import Provider
from ._images import containers
from ._images.data import ImageData
from ._strings import say
from .errors import InvalidImageError, InvalidRequestError

ENVELOPE: Final = 64 * 1024
"""Bytes of a request that are neither picture nor prompt: field names, parameters, headers of parts."""


@dataclass(frozen=True, slots=True)
class _Input:
    """One input on its way: the picture given, what may go instead, why that differs, what else is said."""

    given: ImageData
    name: str
    clean: ImageData
    reasons: tuple[str, ...] = ()
    aside: str = ""


def prepare(
    images: tuple[ImageData, ...],
    provider: Provider,
    info: ModelInfo | None,
    *,
    strict: bool = False,
    reserved: int = 0,
) -> tuple[tuple[ImageData, ...], tuple[str, ...]]:
    """The pictures to send, and a sentence for each one that had to be changed.

    Decoding and encoding take time in proportion to the pixels, so call this in a thread where a loop is
    running; pictures that need no change cost a few milliseconds at most.

    Args:
        images: the inputs in order.
        provider: whose limits hold.
        info: the model, when the catalog knows it; an unknown one sets no limit on the count.
        strict: refuse where pixels would have to change.
        reserved: bytes of the request already taken, by the prompt and earlier turns.

    Raises:
        InvalidRequestError: too many pictures, too large together however small they get, or no room for any.
        InvalidImageError: one can't be read, or would have to change under ``strict``.
    """
    if info is not None and len(images) > info.max_images:
        over, who = len(images) - info.max_images, info.nickname
        raise InvalidRequestError(
            say("images.too_many", count=len(images), who=who, limit=info.max_images, over=over)
        )
    if reserved > provider.max_request_bytes:
        size, limit = _megabytes(reserved), _megabytes(provider.max_request_bytes)
        raise InvalidRequestError(
            say("images.no_room", size=size, who=provider.title, limit=limit), hint=say("images.make_room")
        )
    if info is not None and info.max_image_bytes is not None:  # this model's own limits
        provider = replace(provider, mime_types=info.mime_types, max_image_bytes=info.max_image_bytes)
    inputs = [_looked_at(image, number, provider) for number, image in enumerate(images, 1)]
    if strict:
        _refuse_changes(inputs)
    sent = [_changed(one, provider, provider.max_image_bytes) if one.reasons else one.clean for one in inputs]
    cap = _common_cap(sent, provider, reserved) if sent else None
    if cap is not None:
        why = say("images.why_total", who=provider.title, limit=_megabytes(provider.max_request_bytes))
        inputs = [
            replace(one, reasons=(*one.reasons, why)) if _size(now) > cap else one
            for one, now in zip(inputs, sent, strict=True)
        ]
        if strict:
            _refuse_changes(inputs)
        sent = [
            _changed(one, provider, cap) if _size(now) > cap else now
            for one, now in zip(inputs, sent, strict=True)
        ]
    warnings = (note for one, now in zip(inputs, sent, strict=True) for note in _notes(one, now))
    return tuple(sent), tuple(warnings)


def advice(sent: tuple[ImageData, ...], provider: Provider) -> Iterator[str]:
    """A sentence for each picture that is larger than the provider advises, and goes all the same."""
    for number, image in enumerate(sent, 1):
        width, height = image.shown_size
        if provider.advised_edge and max(width, height) > provider.advised_edge:
            yield say(
                "images.over_advice", name=_called(image, number), width=width, height=height,
                who=provider.title, edge=provider.advised_edge,
            )  # fmt: skip


def _called(image: ImageData, number: int) -> str:
    return image.name or say("images.nth", number=number)


def _looked_at(image: ImageData, number: int, provider: Provider) -> _Input:
    """The picture without metadata, and every reason why its pixels can't stay."""
    name = _called(image, number)
    data, mime = image.data, image.mime_type
    try:
        reasons, aside = list(_pixel_reasons(image, provider)), _aside(image, name)
        cleaned = data
        if mime in provider.mime_types:
            try:
                cleaned = containers.without_metadata(data, mime)
            except ValueError:
                if mime not in ("image/heic", "image/heif"):
                    raise
                reasons.append(say("images.why_metadata"))
    except ValueError as reason:
        raise InvalidImageError(say("images.damaged", name=name, reason=reason)) from None
    if len(cleaned) > provider.max_image_bytes:
        limit = _megabytes(provider.max_image_bytes)
        reasons.append(say("images.why_bytes", who=provider.title, limit=limit))
    clean = image if cleaned is data else image.but(data=cleaned)
    return _Input(image, name, clean, tuple(reasons), aside)


def _pixel_reasons(image: ImageData, provider: Provider) -> Iterator[str]:
    data, mime = image.data, image.mime_type
    if mime not in provider.mime_types:
        yield say("images.why_type", who=provider.title, kind=_kind(image))
    if mime != "image/png" and containers.frames(data, mime):
        yield say("images.why_frames")
    if mime == "image/tiff" and containers.pictures(data, mime) > 1:
        yield say("images.why_pages")
    if containers.is_cmyk(data, mime):
        yield say("images.why_inks")
    if containers.orientation(data, mime) != 1:
        yield say("images.why_turn")


def _aside(image: ImageData, name: str) -> str:
    """What goes unseen although no pixel of the picture that counts changes."""
    data, mime = image.data, image.mime_type
    if mime == "image/png" and containers.frames(data, mime):
        return say("images.first_frame", name=name)
    if mime in ("image/heic", "image/heif") and containers.pictures(data, mime) > 1:
        width, height = image.shown_size
        return say("images.main_only", name=name, width=width, height=height)
    return ""


def _refuse_changes(inputs: list[_Input]) -> None:
    for one in inputs:
        if one.reasons:
            raise InvalidImageError(
                say("images.strict", name=one.name, reasons=say("images.joint").join(one.reasons))
            )


def _notes(one: _Input, sent: ImageData) -> Iterator[str]:
    if one.reasons:
        reasons = say("images.joint").join(one.reasons)
        yield say(
            "images.altered", name=one.name, reasons=reasons, before=_facts(one.given), after=_facts(sent)
        )
    if one.aside:
        yield one.aside


def _facts(image: ImageData) -> str:
    width, height = image.shown_size
    return say(
        "images.facts", kind=_kind(image), width=width, height=height, size=f"{_size(image) / 1e6:.2f}"
    )


def _kind(image: ImageData) -> str:
    return image.mime_type.removeprefix("image/").upper()


def _size(image: ImageData) -> int:
    return len(image.data)


def _megabytes(size: int) -> str:
    return f"{size / 1e6:.4g}"


# ------------------------------------------------------------------------------ the whole request


def _encoded_size(size: int) -> int:
    """Bytes of base64."""
    return 4 * math.ceil(size / 3)


def _common_cap(sent: list[ImageData], provider: Provider, reserved: int) -> int | None:
    """The size no picture may pass so that all fit the request; None when they fit as they are.

    The largest are lowered to one common height, like a water level, so the small ones stay as they are.
    """
    room = (provider.max_request_bytes - reserved - ENVELOPE) // 4 * 3
    sizes = sorted(_size(image) for image in sent)
    if sum(map(_encoded_size, sizes)) <= provider.max_request_bytes - reserved - ENVELOPE:
        return None
    for index, size in enumerate(sizes):
        share = (room - 3 * len(sizes)) // (len(sizes) - index)
        if size > share:
            if share < 1024:
                break
            return share
        room -= size
    raise InvalidRequestError(
        say(
            "images.too_large_anyway",
            count=len(sent),
            who=provider.title,
            limit=_megabytes(provider.max_request_bytes),
        )
    )


# ------------------------------------------------------------------------------- changing pixels


def _changed(one: _Input, provider: Provider, cap: int) -> ImageData:
    """The picture encoded anew: upright, plain, at most ``cap`` bytes."""
    from ._images import pixels  # loaded where pixels must change: most pictures are sent as they are

    image = one.given
    try:
        lossless = containers.is_lossless(image.data, image.mime_type)
        picture = pixels.decoded(image.data, image.mime_type)
        picture = pixels.plain(picture)
        exact = lossless and not _exact_is_hopeless(one, cap)
        ladder = _ladder(pixels.is_clear(picture), exact, provider)
        fitting = pixels.within(picture, ladder, cap)
    except pixels.DECODE_ERRORS as reason:
        words = " ".join(str(reason).split()) or type(reason).__name__
        raise InvalidImageError(say("images.undecodable", name=one.name, reason=words)) from None
    if fitting is None:
        who, limit = ladder[-1][0], _megabytes(cap)
        raise InvalidRequestError(say("images.too_large_anyway", count=1, who=who, limit=limit))
    data, mime, picture = fitting
    return ImageData(data, mime, picture.width, picture.height, name=image.name)


def _exact_is_hopeless(one: _Input, cap: int) -> bool:
    """A PNG of the same pixels won't come out much smaller than it was."""
    return one.given.mime_type == "image/png" and _size(one.clean) > cap


def _ladder(clear: bool, exact: bool, provider: Provider) -> list[tuple[str, int]]:
    """The encodings to try, best first."""
    lossy = "image/webp" if clear else "image/jpeg"
    steps = [("image/png", 0)] if exact else []
    steps += [(lossy, 95), (lossy, 90), (lossy, 85)]
    return [step for step in steps if step[0] in provider.mime_types] or [("image/png", 0)]
