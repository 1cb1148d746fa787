"""Prices by token: what a reply's own count of tokens costs, and what is known before there is one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from .cost import MOST, Cost

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

    def cost(self, made: int | None, sent: int | None, words: int | None, pictures: int | None) -> Cost:
        """What a reply cost that counted so many tokens made and sent, the latter by words and pictures.

        Unknown where it did not count; a picture takes tokens, so a zero is no count, nor is what no edit
        costs. Where it does not say how many of those sent were pictures, all are priced as the dearer of
        the two, and the cost is not certain.
        """
        if not made or sent is None:
            return self._cost(None, certain=False)
        if words is None or pictures is None or words + pictures != sent:
            most = made * self.image_out + sent * max(self.text_in, self.image_in)
            return self._cost(most / _MILLION, certain=False)
        whole = made * self.image_out + words * self.text_in + pictures * self.image_in
        return self._cost(whole / _MILLION, certain=True)

    def picture(self, tokens: int | None) -> Cost:
        """What one picture of so many tokens costs, without what goes in; unknown where nobody counted."""
        return self._cost(None if tokens is None else tokens * self.image_out / _MILLION, certain=False)

    def _cost(self, amount: Decimal | None, *, certain: bool) -> Cost:
        if amount is not None and amount > MOST:
            amount, certain = None, False
        return Cost(amount, certain=certain, source=self.source, as_of=self.as_of)
