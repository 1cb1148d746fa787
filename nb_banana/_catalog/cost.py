"""An amount of money as a value that knows how sure it is."""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import ROUND_DOWN, ROUND_HALF_EVEN, Decimal
from typing import Final

from .._strings import say

MOST: Final = Decimal(1000)
"""Dollars; no single edit costs more, so a larger figure is a slip and not a price."""
_CENT = Decimal("0.01")
_SIGNS = {"USD": "$", "CNY": "¥"}


@dataclass(frozen=True, slots=True)
class Cost:
    """An amount of money, or ``None`` when nobody knows it; costs add up and multiply.

    Attributes:
        certain: False where sources disagree or more is billed on top.
        source, as_of: where the price comes from, and since when it holds.
    """

    amount: Decimal | None
    currency: str = "USD"
    certain: bool = True
    source: str = ""
    as_of: str = ""

    @property
    def is_nothing(self) -> bool:
        """Whether it is known to be nothing, in any currency."""
        return self.amount == 0 and self.certain

    @property
    def dollars(self) -> Decimal | None:
        """What a budget in USD counts of it; None where that is unknown."""
        return self.amount if self.currency == "USD" or self.is_nothing else None

    def __add__(self, other: object) -> Cost:
        if other == 0:  # where sum() starts
            return self
        if not isinstance(other, Cost) or other.currency != self.currency:
            return NotImplemented
        known = self.amount is not None and other.amount is not None
        return Cost(
            amount=(self.amount or Decimal(0)) + (other.amount or Decimal(0)) if known else None,
            currency=self.currency,
            certain=known and self.certain and other.certain,
            source=self.source if self.source == other.source else "",
            as_of=self.as_of if self.as_of == other.as_of else "",
        )

    __radd__ = __add__

    def __mul__(self, count: int) -> Cost:
        return self if self.amount is None else replace(self, amount=self.amount * count)

    __rmul__ = __mul__

    def __str__(self) -> str:
        if self.amount is None:
            return say("catalog.cost_unknown")
        if self.is_nothing:
            return say("catalog.cost_free")
        sign = _SIGNS.get(self.currency, f"{self.currency[:12]} ")
        return f"{'' if self.certain else '≈'}{sign}{_digits(self.amount)}"


def in_dollars(amount: Decimal) -> str:
    """A budget, with the digits that prices have."""
    return f"${_digits(amount)}"


def left_of(amount: Decimal) -> str:
    """What is left of a budget, never said to be more: an edit may be refused for less than a cent."""
    return f"${_digits(max(amount, Decimal(0)), ROUND_DOWN)}"


def _digits(amount: Decimal, rounding: str = ROUND_HALF_EVEN) -> str:
    """Cents where they suffice, else up to four decimals (a picture can cost $0.0336), or two digits."""
    cents = amount.quantize(_CENT, rounding)
    if cents == amount or amount >= 1:
        return f"{cents:f}"
    places = max(4, 1 - amount.adjusted())
    return f"{amount.quantize(Decimal(1).scaleb(-places), rounding):f}".rstrip("0")
