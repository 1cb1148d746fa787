"""Prices by token: what a reply's own count of tokens costs, and what is known before there is one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from .cost import Cost

if TYPE_CHECKING:
    from .._messages import Usage

_MILLION = Decimal(1_000_000)


@dataclass(frozen=True, slots=True)
class TokenPrice:
    """What a million tokens cost at a provider, in USD, from ``as_of`` on."""

    provider: str
    model: str
    text_in: Decimal
    image_in: Decimal
    image_out: Decimal
    as_of: str
    source: str

    @classmethod
    def of(cls, row: Mapping[str, Any], source: str, model: str, as_of: str) -> TokenPrice:
        """A row of a price file.

        Raises:
            KeyError, ArithmeticError: it lacks a price, or one is none.
        """
        rates = {name: Decimal(str(row[name])) for name in ("text_in", "image_in", "image_out")}
        if any(not rate.is_finite() or rate < 0 for rate in rates.values()):
            raise ArithmeticError
        return cls(row["provider"].lower(), model, as_of=as_of, source=row.get("source", source), **rates)

    def cost(self, usage: Usage | None) -> Cost:
        """What a reply with this usage cost; unknown where the reply did not count.

        Where it does not say how many of the tokens that went in were pictures, all are priced as the dearer
        of the two, and the cost is not certain.
        """
        if usage is None or usage.output_tokens is None or usage.input_tokens is None:
            return self._cost(None, certain=False)
        made = usage.output_tokens * self.image_out
        words, pictures = usage.input_text_tokens, usage.input_image_tokens
        if words is None or pictures is None or words + pictures != usage.input_tokens:
            asked = usage.input_tokens * max(self.text_in, self.image_in)
            return self._cost((made + asked) / _MILLION, certain=False)
        return self._cost((made + words * self.text_in + pictures * self.image_in) / _MILLION, certain=True)

    def picture(self, tokens: int | None) -> Cost:
        """What one picture of so many tokens costs, without what goes in; unknown where nobody counted."""
        return self._cost(None if tokens is None else tokens * self.image_out / _MILLION, certain=False)

    def _cost(self, amount: Decimal | None, *, certain: bool) -> Cost:
        return Cost(amount, certain=certain, source=self.source, as_of=self.as_of)
