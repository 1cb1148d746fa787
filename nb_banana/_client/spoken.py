"""What a model said to a question, without keys, and what that took."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Final

from .._catalog.cost import Cost
from .._messages import Usage
from .._wire.money import stated_at

if TYPE_CHECKING:
    from .._flow import Performed
    from .._wire.plan import Plan
    from .driving import Seen
    from .endpoint import Endpoint

_FREE: Final = Cost(Decimal(0))


@dataclass(frozen=True, slots=True)
class Spoken:
    """An answer in words.

    Attributes:
        text: to the letter, but for a key in it.
        model: the model that answered, as far as it said so; None where it did not.
        cost: what the reply itself states; unknown where it states nothing.
        elapsed: seconds.
        finish_reason, response_id, request_id: the provider's own words.
        sandbox: the built-in stand-in said it.
    """

    text: str
    model: str | None
    cost: Cost
    elapsed: float
    usage: Usage | None = None
    finish_reason: str | None = None
    response_id: str | None = None
    request_id: str | None = None
    attempts: int = 1
    sandbox: bool = False


def spoken(
    plan: Plan, outcome: Performed, seen: Seen, endpoint: Endpoint, made: tuple[int, float]
) -> Spoken:
    """What an answer said."""
    answer, clear = outcome.answer, endpoint.masked
    cost = _FREE if seen.sandbox else stated_at(plan.provider, answer.cost)
    return Spoken(
        text=clear(answer.said or answer.text), model=clear(answer.model) if answer.model else None,
        cost=cost or Cost(None, certain=False), elapsed=made[1],
        usage=answer.usage, finish_reason=clear(answer.finish_reason) if answer.finish_reason else None,
        response_id=clear(answer.response_id) if answer.response_id else None,
        request_id=clear(outcome.request_id) if outcome.request_id else None,
        attempts=outcome.attempts, sandbox=seen.sandbox,
    )  # fmt: skip
