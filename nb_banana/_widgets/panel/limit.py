"""Above how many dollars a person wants to be asked first, and the question."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from ..._chosen import NEVER, choices, read
from ..._strings import say
from .ask import Ask, figures

if TYPE_CHECKING:
    from ..._client.endpoint import Endpoint


def question(ask: Ask, place: Endpoint, count: int) -> str:
    """What is asked before ``count`` pictures are sent to a place; ``""`` where they may be sent at once.

    A price nobody knows, or not in dollars, is asked about; so is every price where the limit can't be read.
    """
    choice = next(choices("confirmAbove"), None)
    if choice is None or place.is_sandbox:
        return ""
    limit: Decimal | None = read("confirmAbove", choice.text)
    cost = ask.cost(place) * count
    known = cost.amount if cost.currency == "USD" else None
    if limit == NEVER or (known is not None and known <= (limit or 0)):
        return ""
    price = str(cost) if cost.amount is None else figures(cost, cost)
    if limit is None:
        return say("chosen.ask_unread", price=price, where=choice.where, value=choice.text)
    return say("chosen.ask", price=price, limit=f"${limit}")
