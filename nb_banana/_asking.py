"""From what people have at hand to a request: pictures are read and fetched here.

A request is a value and reads nothing (``_messages``); every door that makes one goes through
:func:`request_of`, and whoever sends one that somebody else made through :func:`resolved`.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Final, cast

from ._catalog.models import check_name, check_words
from ._images.data import ImageData, label
from ._images.sources import Fetch, as_image, as_images
from ._messages import EditRequest, Settings, Turn
from ._strings import say
from ._text import whole
from ._wire.requests import checked_fields
from .errors import InvalidImageError, InvalidRequestError

_REGION: Final = 4
"""left, top, width, height."""
_MOST_SEED: Final = 2**31 - 1
"""Google's is a 32-bit number with a sign."""


def request_of(
    images: Any,
    prompt: str,
    settings: Settings,
    *,
    turns: Sequence[Turn] = (),
    fetch: Fetch | None = None,
) -> EditRequest:
    """The request of a door: its pictures are read and fetched here.

    Raises:
        NanoBananaError: naming what can't be read or asked.
    """
    settings = settings_read(settings, fetch)
    return EditRequest(prompt, inputs_of(images, prompt, fetch=fetch), turns=tuple(turns), **settings)


def settings_read(settings: Settings, fetch: Fetch | None = None) -> Settings:
    """The settings of a door, checked, with the mask read.

    Raises:
        NanoBananaError: naming the one that can't be.
    """
    settings = _checked(settings)
    if "mask" in settings:
        settings["mask"] = _mask_of(settings["mask"], fetch)
    return settings


def edit_of(
    images: Any, prompt: str, settings: Settings, *, fetch: Fetch | None = None
) -> EditRequest:
    """The request of a door that edits: a slip such as an empty glob must not pay for a picture from words.

    Raises:
        InvalidImageError: there is no picture.
        NanoBananaError: naming what can't be read or asked.
    """
    request = request_of(images, prompt, settings, fetch=fetch)
    if not request.images:
        raise InvalidImageError(say("session.no_pictures"), hint=say("session.no_pictures_hint"))
    return request


def resolved(request: EditRequest, fetch: Fetch | None = None) -> EditRequest:
    """A request with every input read; the same one where that was done before.

    Raises:
        InvalidImageError: naming the source and the reason.
        InvalidRequestError: the model can't be one.
    """
    checked = _checked(request.settings)
    extra, seed = checked.get("extra"), checked.get("seed")
    mask = _mask_of(request.mask, fetch)
    read = all(isinstance(image, ImageData) for image in request.images)
    if mask is request.mask and read and extra == request.extra and seed is request.seed:
        return request
    images = as_images(request.images, fetch=fetch)
    return replace(request, images=images, mask=mask, extra=extra, seed=seed)


def _checked(settings: Settings) -> Settings:
    """Names, words and numbers are checked before a picture is read, a key made of them or an address."""
    check_name(settings.get("model"))
    check_words(
        aspect_ratio=settings.get("aspect_ratio"), image_size=settings.get("image_size")
    )
    made: Any = {**settings}
    if (given := settings.get("seed")) is not None:
        made["seed"] = whole(given, 0, _MOST_SEED)
        if made["seed"] is None:
            raise InvalidRequestError(say("wire.bad_seed", seed=given, most=_MOST_SEED))
    if settings.get("extra") is not None:
        made["extra"] = checked_fields(settings["extra"]) or None
    return cast(Settings, made)


def _mask_of(mask: Any, fetch: Fetch | None) -> Any:
    """A region as shares, anything else as a picture."""
    if isinstance(mask, (list, tuple)) and len(mask) == _REGION and not isinstance(mask[0], (list, tuple)):
        return tuple(one.item() if hasattr(one, "item") else one for one in mask)  # NumPy's, as plain numbers
    return mask if mask is None else as_image(mask, fetch=fetch)


def _names_a_file(prompt: Any) -> bool:
    # Path.is_file raises for a prompt longer than any file's name.
    return isinstance(prompt, str) and "\0" not in prompt and os.path.isfile(prompt)  # noqa: PTH113


def inputs_of(images: Any, prompt: Any, *, fetch: Fetch | None = None) -> tuple[ImageData, ...]:
    """The input pictures of an edit; pictures and prompt in the wrong order are recognised.

    Raises:
        InvalidImageError: naming the source and the reason.
    """
    try:
        return as_images(images, fetch=fetch)
    except InvalidImageError:
        if not (isinstance(images, str) and _names_a_file(prompt)):
            raise
    raise InvalidImageError(say("images.swapped", path=label(images), prompt=label(prompt)))
