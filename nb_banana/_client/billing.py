"""What an edit cost, from all that is known of it: the price book, what the reply states, what it counted.

Where these disagree the higher figure counts, the cost is not certain, and a sentence says why.
"""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from .._catalog.cost import Cost
from .._catalog.tokens import TokenPrice
from .._messages import Answer, Usage
from .._strings import say
from .._wire.plan import Plan


def charged(
    plan: Plan, answer: Answer, price: Cost, rate: TokenPrice | None = None
) -> tuple[Cost, tuple[str, ...]]:
    """The cost of an answer, and a sentence for people where the figures disagree.

    With a ``rate``, tokens are billed and not pictures: the reply's own count of them decides.
    """
    if rate is not None:
        used = answer.usage or Usage()
        price = rate.cost(
            used.output_tokens, used.input_tokens, used.input_text_tokens, used.input_image_tokens
        )
    count, stated = 1 if rate else _pictures_counted(plan, answer), answer.cost
    counted = replace(price * count, certain=False) if count > 1 else price
    if stated is None:
        return counted, _told(count, counted)
    more = count > 1 and (counted.amount or Decimal(0)) > (stated.amount or Decimal(0))
    if stated.certain and not more and (stated.amount or not price.amount):
        return stated, _told(count, stated)
    higher = max(stated, counted, key=lambda cost: cost.amount or Decimal(0))
    cost = replace(higher, certain=False)
    return cost, (say("client.note_disagree", stated=replace(stated, certain=False), cost=cost),)


def _told(count: int, cost: Cost) -> tuple[str, ...]:
    return (say("client.note_counted", count=count, cost=cost),) if count > 1 else ()


def _pictures_counted(plan: Plan, answer: Answer) -> int:
    """How many pictures the image tokens are of; 1 where nobody counted them."""
    tokens = answer.usage.image_tokens if answer.usage else None
    usual = plan.info.output_tokens(plan.asked.image_size) if plan.info else None
    return max(1, round(tokens / usual)) if tokens and usual else 1
