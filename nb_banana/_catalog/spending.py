"""What several edits cost together: a price nobody knows is counted, never taken for nothing."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from .._strings import say
from .cost import Cost


@dataclass(frozen=True, slots=True)
class Spending:
    """A sum of costs that says what it can't add: ``at least $0.36 and 3 edits of unknown price``.

    Attributes:
        known: what the known costs add up to, one for each currency, dollars first.
        unpriced: of how many edits nobody knows the price.
    """

    known: tuple[Cost, ...] = ()
    unpriced: int = 0

    @classmethod
    def of(cls, costs: Iterable[Cost | Spending]) -> Spending:
        """The sum of ``costs``, of other sums too; what certainly costs nothing leaves no trace."""
        sums: dict[str, Cost] = {}
        unpriced = 0
        for cost in costs:
            unpriced += cost.unpriced if isinstance(cost, Spending) else 0
            for part in cost.known if isinstance(cost, Spending) else (cost,):
                if part.amount is None:
                    unpriced += 1
                elif part.amount or not part.certain:
                    sums[part.currency] = part + sums.get(part.currency, 0)
        return cls(tuple(sums[name] for name in sorted(sums, key=lambda n: (n != "USD", n))), unpriced)

    @property
    def amount(self) -> Decimal | None:
        """What is known, in ``currency``: the least that was spent. None where only the unknown was."""
        if self.known:
            return self.known[0].amount
        return None if self.unpriced else Decimal(0)

    @property
    def currency(self) -> str:
        """The currency of ``amount``; USD wherever there are dollars among the costs."""
        return self.known[0].currency if self.known else "USD"

    @property
    def certain(self) -> bool:
        """Whether every price is known, and none of them is about."""
        return not self.unpriced and all(cost.certain for cost in self.known)

    def __add__(self, other: object) -> Spending:
        if isinstance(other, (Cost, Spending)):
            return Spending.of((self, other))
        return self if other == 0 else NotImplemented  # 0 is where sum() starts

    __radd__ = __add__

    def __mul__(self, count: int) -> Spending:
        if not count:
            return Spending()
        return Spending(tuple(cost * count for cost in self.known), self.unpriced * count)

    __rmul__ = __mul__

    def __str__(self) -> str:
        known = " + ".join(map(str, self.known))
        if not self.unpriced:
            return known or say("catalog.cost_free")
        kind = "at_least" if known else "unpriced"
        one = "_one" if self.unpriced == 1 else ""
        return say(f"catalog.spending_{kind}{one}", known=known, count=self.unpriced)


NOTHING: Final = Spending()
