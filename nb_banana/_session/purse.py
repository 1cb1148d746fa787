"""What may be spent, and what this session spent.

What is left of a budget is counted by the history's ledger, in the transaction that begins an attempt; so
neither a re-run, a restart nor a second kernel begins it anew.
"""

from __future__ import annotations

import threading
from contextlib import suppress
from datetime import UTC, date, datetime
from decimal import Decimal

from .._catalog.cost import Cost, in_dollars, left_of
from .._catalog.spending import Spending
from .._history.claims import Limit, OverBudget
from .._history.record import instant, moment
from .._history.till import State, Till
from .._strings import say
from ..errors import BudgetError, InvalidRequestError, NanoBananaError


class Purse:
    """A budget and the moment its window opens, and what was spent through this session."""

    def __init__(
        self, budget: float | Decimal | str | None, since: datetime | date | str | None = None
    ) -> None:
        self.budget, self.spent = budget_of(None), Spending()
        self._opened, self._moved = moment(since) or "", since is not None
        if self._opened > _now():  # it would count nothing that is spent before then, and bind nobody
            raise InvalidRequestError(say("session.since_ahead", since=str(since)[:40]))
        self._lock = threading.Lock()
        self.limit_to(budget)

    def limit_to(self, budget: float | Decimal | str | None) -> None:
        """Set the budget; it counts from when one was first set: set again it begins nothing anew."""
        self.budget = budget_of(budget)
        if self.budget is not None:
            self._opened = self._opened or _now()

    def go_on(self, before: Purse) -> None:
        """Keep another's budget, counted from where it counted there, unless that was said anew here."""
        self.budget = before.budget
        if not self._moved:
            self._opened, self._moved = before._opened, before._moved

    def told_after(self, before: Purse) -> str:
        """A sentence on what becomes of a budget that stood; ``""`` where another took its place."""
        if before.budget is None or self.budget not in (None, before.budget):
            return ""
        how = "session.budget_ended" if self.budget is None else "session.budget_stays"
        return say(how, budget=in_dollars(before.budget))

    @property
    def limit(self) -> Limit | None:
        """What an attempt that is paid must keep within."""
        return None if self.budget is None else Limit(self.budget, self._opened, self._moved)

    def check(self, price: Cost, model: str) -> None:
        """Refuse what nobody knows the price of.

        Raises:
            BudgetError: there is a budget, and the price is not known in its currency; nothing was sent.
        """
        if self.budget is not None and price.dollars is None:
            sentence = say("session.price_unknown", model=model, budget=in_dollars(self.budget))
            raise BudgetError(sentence, hint=say("session.price_unknown_hint"))

    def over(self, price: Cost, found: OverBudget) -> BudgetError:
        """The error of an edit that costs more than what is left."""
        facts = _facts(price, found.left, self.budget)
        untouched = self.budget is not None and found.left >= self.budget  # then no earlier spending matters
        if untouched or not self._is_older(found.since):
            return BudgetError(say("session.over_budget", **facts), hint=say("client.budget_hint"))
        sentence = say("session.over_budget_since", **facts, since=_local(found.since))
        return BudgetError(sentence, hint=say("session.over_budget_since_hint"))

    def joined(self, since: str) -> str:
        """A sentence if the budget counts from before this session, else ``""``."""
        if self.budget is None or not self._is_older(since):
            return ""
        return say("session.budget_since", budget=in_dollars(self.budget), since=_local(since))

    def _is_older(self, since: str) -> bool:
        return bool(since) and since < self._opened

    def reserve(self, price: Cost) -> int | None:
        """Claim the price of an edit that begins where several spend together; None where nobody shares.

        Raises:
            BudgetError: what all may spend is too little for it; nothing was sent.
        """
        return None

    def settle(self, cost: Cost, ticket: int | None, billing: State) -> None:
        """Count what was, or may have been, billed; its price may be unknown. ``ticket`` was claimed."""
        with self._lock:
            self.spent += cost


class SharedPurse(Purse):
    """The purse of one of several who spend together: one budget each, and one for all that binds first.

    Args:
        till: where all of them claim; ``who`` is this one there.
        most: what all may spend, in USD; None is no limit.
    """

    def __init__(self, budget: Decimal | None, till: Till, who: str, most: Decimal | None) -> None:
        super().__init__(budget)
        self._opened, self._moved = "", True  # from the first edit on, though the limit came on a later day
        self._till, self._who, self._most = till, who, most

    def check(self, price: Cost, model: str) -> None:
        """As without others; what all may spend needs a known price as well."""
        super().check(price, model)
        if self._most is not None and price.dollars is None:
            sentence = say("app.all_unknown", model=model, budget=in_dollars(self._most))
            raise BudgetError(sentence, hint=say("app.cheaper_hint"))

    def over(self, price: Cost, found: OverBudget) -> BudgetError:
        """The error says that it is one's own limit."""
        facts = _facts(price, found.left, self.budget)
        return BudgetError(say("app.over_own", **facts), hint=say("app.cheaper_hint"))

    def joined(self, since: str) -> str:
        """Nothing, for it counts from the first visit: the page says what its budget counts."""
        return ""

    def reserve(self, price: Cost) -> int | None:
        """Claim it from what all may spend."""
        claimed = self._till.claim(self._who, price, self._most)
        if isinstance(claimed, int):
            return claimed
        facts = _facts(price, claimed, self._most)
        raise BudgetError(say("app.over_all", **facts), hint=say("app.over_all_hint"))

    def settle(self, cost: Cost, ticket: int | None, billing: State) -> None:
        """Note it for all too; where that can't be written, the expected price goes on counting."""
        super().settle(cost, ticket, billing)
        if ticket is not None:
            with suppress(NanoBananaError):
                self._till.settle(ticket, billing, cost)


def _facts(price: Cost, left: Decimal, budget: Decimal | None) -> dict[str, object]:
    """What a refusal says of a budget."""
    return {"price": price, "left": left_of(left), "budget": in_dollars(budget or Decimal(0))}


def _now() -> str:
    return str(instant(datetime.now(UTC)))


def _local(since: str) -> str:
    return f"{datetime.fromisoformat(since).astimezone():%Y-%m-%d %H:%M}"


def budget_of(budget: float | Decimal | str | None) -> Decimal | None:
    """A budget as an exact amount in USD, or None.

    Raises:
        InvalidRequestError: it is no amount.
    """
    if budget is None:
        return None
    try:
        amount = Decimal(str(budget))
    except (ArithmeticError, ValueError):  # The latter where Python won't write out so large a number.
        amount = Decimal(-1)
    if not amount.is_finite() or amount < 0:
        raise InvalidRequestError(say("session.bad_budget", value=budget))
    return amount
