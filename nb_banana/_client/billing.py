"""What an edit cost, from all that is known of it: the price book, what the reply states, what it counted.

Where these disagree the higher figure counts, the cost is not certain, and a sentence says why.
"""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from .._catalog.cost import MOST, Cost
from .._catalog.names import Size
from .._catalog.sizes import size_like
from .._catalog.tokens import TokenPrice
from .._messages import Answer, Usage
from .._strings import say
from .._wire.money import stated_at
from .._wire.plan import Plan


def charged(
    plan: Plan, answer: Answer, price: Cost, rate: TokenPrice | None = None
) -> tuple[Cost, tuple[str, ...]]:
    """The cost of an answer, and a sentence for people where the figures disagree.

    With a ``rate``, tokens are billed and not pictures: the reply's own count of them decides.
    """
    if rate is not None:
        price = _by_token(rate, answer.usage or Usage())
    count = 1 if rate else _pictures_counted(plan, answer, price)
    stated = stated_at(plan.provider, answer.cost)
    counted = replace(price * count, certain=False) if count > 1 else price
    if stated is None:
        return counted, _told(count, counted)
    more = count > 1 and (counted.amount or Decimal(0)) > (stated.amount or Decimal(0))
    if stated.certain and not more and (stated.amount or not price.amount):
        return stated, _told(count, stated)
    if counted.amount is None and not plan.provider.states_dollars:
        return stated, _told(count, stated)
    if stated.amount == counted.amount:
        return counted, _told(count, counted)
    higher = max(stated, counted, key=lambda cost: cost.amount or Decimal(0))
    cost = replace(higher, certain=False)
    return cost, (say("client.note_disagree", stated=replace(stated, certain=False), cost=cost),)


def _by_token(rate: TokenPrice, used: Usage) -> Cost:
    """What was counted; thoughts that only the sum holds are priced as the dearer pictures made."""
    made = used.output_tokens
    unsaid = (used.total_tokens or 0) - (used.input_tokens or 0) - (made or 0)
    more = unsaid if made and unsaid > 0 else 0
    sent = used.input_tokens, used.input_text_tokens, used.input_image_tokens
    cost = rate.cost(made and made + more, *sent)
    return replace(cost, certain=cost.certain and not more)


def size_billed(plan: Plan, answer: Answer) -> Size | None:
    """The size that was asked for; or the larger one that came, where its tokens were counted."""
    asked, info, tokens = plan.asked.image_size, plan.info, _image_tokens(answer)
    if info is None or not tokens or not answer.images:
        return asked
    came = size_like(info.image_sizes, answer.images[-1].width, answer.images[-1].height)
    usual, larger = info.output_tokens(asked), info.output_tokens(came)
    return came if usual and larger and usual < larger <= tokens else asked


def _told(count: int, cost: Cost) -> tuple[str, ...]:
    return (say("client.note_counted", count=count, cost=cost),) if count > 1 else ()


def _image_tokens(answer: Answer) -> int | None:
    return answer.usage.image_tokens if answer.usage else None


def _pictures_counted(plan: Plan, answer: Answer, price: Cost) -> int:
    """How many pictures the image tokens are of; 1 where nobody counted them, or it is a slip."""
    tokens = _image_tokens(answer)
    usual = plan.info.output_tokens(size_billed(plan, answer)) if plan.info else None
    count = max(1, round(tokens / usual)) if tokens and usual else 1
    return count if count * (price.amount or 1) <= MOST else 1
