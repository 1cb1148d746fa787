"""The cheapest picture a provider makes: what a check is paid with."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any, Final

from .models import MODELS, ModelInfo, find_model
from .prices import price
from .providers import Provider

_FAR: Final = Decimal("Infinity")


def cheapest(at: Provider, model: str | None = None) -> tuple[ModelInfo | None, str | None]:
    """The model named or the cheapest one, and its cheapest size.

    Where nobody knows what it costs there, Google's prices say which is likely to be the cheapest.
    """
    today = date.today().isoformat()
    named = None if model is None else find_model(model, at).info
    if model is not None and named is None:
        return None, None

    def rank(one: tuple[ModelInfo, str]) -> tuple[Any, ...]:
        here, official = (price(*one, provider).amount for provider in (at, one[0].maker))
        far = [_FAR if amount is None else amount for amount in (here, official)]
        return (*far, not one[0].size_parameter)

    def open_here(info: ModelInfo) -> bool:
        ends = [one.date for one in info.events if one.what == "shutdown" and one.provider == at.name]
        return at.name in info.provider_ids and not any(day <= today for day in ends)

    models = [named] if named else [info for info in MODELS.values() if open_here(info)]
    return min(((info, size) for info in models for size in info.image_sizes), key=rank)
