"""What may be spent, and what was: nothing is sent that could pass the budget."""

from __future__ import annotations

import threading
from decimal import Decimal

from .._catalog.cost import Cost
from .._catalog.spending import Spending
from .._strings import say
from ..errors import BudgetError, InvalidRequestError


class Purse:
    """What may be spent, what is set aside for running edits, and what was spent."""

    def __init__(self, budget: Decimal | None) -> None:
        self.budget, self.spent, self._reserved = budget, Spending(), Decimal(0)
        self._lock = threading.Lock()

    def reserve(self, price: Cost, model: str) -> None:
        """Set ``price`` aside, or raise :class:`BudgetError`."""
        if self.budget is None:
            return
        if price.amount is None:
            sentence = say("session.price_unknown", model=model, budget=_dollars(self.budget))
            raise BudgetError(sentence, hint=say("session.price_unknown_hint"))
        with self._lock:
            left = self.budget - self._spent_dollars() - self._reserved
            if price.amount > left:
                facts = {"price": price, "left": _dollars(left), "budget": _dollars(self.budget)}
                raise BudgetError(say("session.over_budget", **facts), hint=say("client.budget_hint"))
            self._reserved += price.amount

    def settle(self, price: Cost, cost: Cost) -> None:
        """Turn what was set aside into what was, or may have been, billed; its price may be unknown."""
        with self._lock:
            if self.budget is not None:
                self._reserved = max(Decimal(0), self._reserved - (price.amount or Decimal(0)))
            self.spent += cost

    def _spent_dollars(self) -> Decimal:
        """What the budget, which is in dollars, has to bear so far."""
        spent = self.spent.amount if self.spent.currency == "USD" else None
        return spent or Decimal(0)


def _dollars(amount: Decimal) -> str:
    return f"${max(amount, Decimal(0)):.2f}"


def budget_of(budget: float | Decimal | str | None) -> Decimal | None:
    """A budget as an exact amount in USD, or None.

    Raises:
        InvalidRequestError: it is no amount.
    """
    if budget is None:
        return None
    try:
        amount = Decimal(str(budget))
    except ArithmeticError:
        amount = Decimal(-1)
    if not amount.is_finite() or amount < 0:
        raise InvalidRequestError(say("session.bad_budget", value=budget))
    return amount
