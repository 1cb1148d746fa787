"""What must be looked at before an edit is sent: its mask, its seed, the length of its words.

Where a wire has a mask, it goes as a PNG with a hole. Elsewhere a copy of the first picture with the region
outlined takes the picture's place, with words for it in the language of the prompt, and that is told.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Final, Literal

from ._catalog.models import ModelChoice
from ._catalog.providers import Provider
from ._catalog.sizes import pixels_of
from ._images.data import ImageData
from ._messages import EditRequest
from ._strings import say, speaking
from ._wire.wires import WIRES
from .errors import InvalidRequestError

if TYPE_CHECKING:
    from PIL.Image import Image

_HAN: Final = re.compile("[\u3400-\u9fff]")


@dataclass(frozen=True, slots=True)
class Masked:
    """An edit's words and pictures with its mask seen to.

    Attributes:
        chosen: where to edit, for a wire that has a mask.
        told: sentences for people.
    """

    prompt: str
    images: tuple[ImageData, ...]
    chosen: Image | None = None
    told: tuple[str, ...] = ()

    def over(self, sent: tuple[ImageData, ...]) -> ImageData | None:
        """The mask as it goes out, of the size of the first picture as that is sent."""
        if self.chosen is None:
            return None
        from ._images import masks  # loaded where there is one

        return masks.hole(self.chosen, sent[0].shown_size)


def masked_for(request: EditRequest, wire: str, provider: Provider) -> Masked:
    """The words and pictures of an edit over this wire, at a provider that may or may not keep to a mask.

    Raises:
        InvalidRequestError: the mask marks nothing, has another shape, or there is no picture.
    """
    if request.mask is None:
        return Masked(request.prompt, request.images)
    if not request.images:
        raise InvalidRequestError(say("wire.mask_alone"))
    from ._images import masks  # loaded where there is one

    first, *others = request.images
    chosen = masks.plane(request.mask, first)
    told = [say("wire.mask_alpha", share=masks.share(chosen))] if masks.is_clear(request.mask) else []
    if WIRES[wire].masks:
        told += [say("wire.mask_unproven")] if provider.anywhere else []
        return Masked(request.prompt, request.images, chosen, tuple(told))
    marked = masks.outlined(first, chosen)
    with speaking(language_of(request.prompt)):
        prompt = f"{request.prompt}\n\n{say('wire.mask_words')}"
    told.append(say("wire.mask_marked", wire=wire))
    return Masked(prompt, (marked, *others), told=tuple(told))


def language_of(prompt: str) -> Literal["en", "zh"]:
    """The language in which words are added to a prompt."""
    return "zh" if _HAN.search(prompt) else "en"


def asked_settings(request: EditRequest, choice: ModelChoice) -> tuple[str, ...]:
    """What is to be told of the settings at this model.

    Raises:
        InvalidRequestError: the model has no seed, or does not read so long a prompt.
    """
    info = choice.info
    if info is None:
        return ()
    if info.max_prompt is not None and len(request.prompt) > info.max_prompt:
        facts = {"count": len(request.prompt), "limit": info.max_prompt}
        raise InvalidRequestError(say("wire.prompt_long", model=info.nickname, **facts))
    return (*_seeded(request.seed, choice), *_experimental(request, choice))


def _seeded(seed: int | None, choice: ModelChoice) -> Iterator[str]:
    info = choice.info
    if seed is None or info is None:
        return
    if info.seed == "none":
        raise InvalidRequestError(say("wire.no_seed", model=info.nickname), hint=say("wire.no_seed_hint"))
    yield say("wire.seed_unproven", seed=seed, model=info.nickname)


def _experimental(request: EditRequest, choice: ModelChoice) -> Iterator[str]:
    """A sentence where more pixels are asked for than the maker stands by."""
    info = choice.info
    if info is None or info.free is None or not request.image_size:
        return
    shape = Fraction(*request.images[-1].shown_size) if request.images else Fraction(1)
    size, ratio = request.image_size, request.aspect_ratio or shape
    width, height = pixels_of(size) or info.free.pixels(ratio, size)
    if info.free.usual and width * height > info.free.usual:
        yield say("wire.experimental", width=width, height=height)

