"""What may be spent, and what was: nothing is sent that could pass the budget."""

from __future__ import annotations

import threading
from decimal import Decimal

from .._messages import Cost
from .._strings import say
from ..errors import BudgetError, InvalidRequestError


class Purse:
    """What may be spent, what is set aside for running edits, and what was spent."""

    def __init__(self, budget: Decimal | None) -> None:
        self.budget, self.spent, self._reserved = budget, Decimal(0), Decimal(0)
        self._lock = threading.Lock()

    def reserve(self, price: Cost, model: str) -> None:
        """Set ``price`` aside, or raise :class:`BudgetError`."""
        if self.budget is None:
            return
        if price.amount is None:
            sentence = say("session.price_unknown", model=model, budget=Cost(self.budget))
            raise BudgetError(sentence, hint=say("session.price_unknown_hint"))
        with self._lock:
            left = self.budget - self.spent - self._reserved
            if price.amount > left:
                facts = {"price": price, "left": _dollars(left), "budget": _dollars(self.budget)}
                raise BudgetError(say("session.over_budget", **facts), hint=say("client.budget_hint"))
            self._reserved += price.amount

    def settle(self, price: Cost, amount: Decimal) -> Cost:
        """Turn what was set aside into what was spent."""
        with self._lock:
            if self.budget is not None:
                self._reserved = max(Decimal(0), self._reserved - (price.amount or Decimal(0)))
            self.spent += amount
        return price if amount else Cost(Decimal(0))


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
