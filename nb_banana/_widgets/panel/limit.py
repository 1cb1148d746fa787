"""Above how many dollars a person wants to be asked first, and the question."""

from __future__ import annotations

import time
from collections.abc import Callable, Hashable
from decimal import Decimal
from typing import Final

from ..._catalog.cost import Cost
from ..._chosen import NEVER, choices, read
from ..._strings import say
from .ask import figures

DOUBLE: Final = 0.5
"""Seconds within which a second press for the same is the same click."""


def question(price: Callable[[], Cost], *, sandbox: bool) -> str:
    """What is asked before something of this price is sent; ``""`` where it may be sent at once.

    A price nobody knows, or not in dollars, is asked about; so is every price where the limit can't be read.
    Where there is no limit none is worked out.
    """
    choice = next(choices("confirmAbove"), None)
    if choice is None or sandbox:
        return ""
    cost = price()
    limit: Decimal | None = read("confirmAbove", choice.text)
    known = cost.dollars
    if limit == NEVER or (known is not None and known <= (limit or 0)):
        return ""
    told = str(cost) if cost.amount is None else figures(cost, cost)
    if limit is None:
        return say("chosen.ask_unread", price=told, where=choice.where, value=choice.text)
    return say("chosen.ask", price=told, limit=f"${limit}")


class Limit:
    """Whether a click may send: the price is below the limit, or it was asked about and is clicked again."""

    def __init__(self) -> None:
        self._asked: tuple[Hashable, float] = None, 0.0

    def ask(
        self, what: Hashable, price: Callable[[], Cost], *, sandbox: bool, still: Callable[[str], bool]
    ) -> str:
        """What to say in place of sending ``what``; ``""`` sends it. ``still``: those words can be read."""
        asked = question(price, sandbox=sandbox)
        (before, moment), now = self._asked, time.monotonic()
        again = bool(asked) and before == what and still(asked)
        if not asked or (again and now - moment > DOUBLE):  # a double click's second press has read nothing
            self._asked = None, 0.0
            return ""
        if not again:
            self._asked = what, now
        return asked
