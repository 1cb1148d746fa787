"""What a model has to set, at one place: the choices of each menu as a value. No widgets."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

from ..._catalog.models import MODELS, ModelInfo
from ..._catalog.sizes import ANY, FreeSizes
from ..._wire.wires import WIRES

if TYPE_CHECKING:
    from ..._client.endpoint import Endpoint

AUTO: Final = "auto"  # the model's own choice, said by leaving it out; a menu can't tell None from no choice
_NAMES: Final = ("1K", "2K", "4K")
_COMMON: Final = "gemini-3-pro-image"  # whose ratios are offered where nobody knows the model


@dataclass(frozen=True, slots=True)
class Offer:
    """The choices there are; what is empty is not shown.

    Attributes:
        size: what is made where no size is asked for.
        free: the limits of pixels that are typed, or None where none may be.
        seed: ``"none"``; ``"unproven"`` as in the catalog; ``"taken"`` where nobody knows the model.
    """

    ratios: tuple[str, ...] = ()
    sizes: tuple[str, ...] = ()
    size: str = AUTO
    free: FreeSizes | None = None
    qualities: tuple[str, ...] = ()
    seed: Literal["none", "unproven", "taken"] = "none"


def offer(info: ModelInfo | None, place: Endpoint) -> Offer:
    """What a model has, None being one nobody knows, over the wire that ``place`` carries it on."""
    sized, free = place.wire in place.provider.sized_wires, WIRES[place.wire].pixels
    if info is None:
        known = Offer(MODELS[_COMMON].aspect_ratios, _NAMES, free=ANY) if sized and free else Offer()
        return Offer(known.ratios, known.sizes, known.size, known.free, seed="taken")
    pixels = info.free if free else None
    return Offer(
        ratios=info.aspect_ratios if sized else (),
        sizes=info.image_sizes if sized and info.size_parameter else (),
        size=AUTO if pixels and sized else info.default_size,
        free=pixels if sized else None,
        qualities=info.qualities if free else (),
        seed=info.seed,
    )
