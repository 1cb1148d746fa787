""":class:`Judge`: who is asked, by which protocol, how often and how."""

from __future__ import annotations

import math
import os
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, ClassVar, Final, Literal

from .._catalog.cost import Cost
from .._catalog.prices import price as price_of
from .._client.endpoint import Endpoint
from .._client.served import serving
from .._messages import check_count
from .._strings import quoted, say
from .._text import whole
from .._wire.wires import WIRES
from ..errors import InvalidRequestError
from .protocol import Protocol, protocol_of, rubric

_MOST_PASSES: Final = 25
_EDGES: Final = (64, 8192)


@dataclass(frozen=True, slots=True)
class Judge:
    """A vision model that looks at edits.

    Args:
        model: its id as the provider calls it, dated if there is one: ``"gpt-4.1-2025-04-14"``.
        endpoint: where it is asked; None is where the comparison's edits go.
        protocol: what it is asked: ``"edit"`` (each edit by itself: followed, kept, natural, clean),
            ``"edit-pair"`` (which of two is better, in both orders), the path of a TOML file of your own, or
            what :meth:`rubric` read.
        passes: how often each question is asked.
        longest_edge: pixels; larger pictures are scaled down to it before they are sent.
        temperature: how much chance there is in the answer; None sends none, for models that refuse it.
        seed: sent with the first pass, one more with each further one; None sends none.
        price: USD of one question by your word; None leaves it unknown, which is never taken for 0.
        name: what its columns are called after; the model's when empty.

    Raises:
        InvalidRequestError: one of these can't be used.
    """

    model: str
    endpoint: Endpoint | None = None
    protocol: Literal["edit", "edit-pair"] | str | os.PathLike[str] | Protocol = "edit"
    passes: int = 1
    longest_edge: int = 768
    temperature: float | None = 0
    seed: int | None = None
    price: float | Decimal | str | None = None
    name: str = ""

    rubric: ClassVar[Callable[..., Protocol]] = staticmethod(rubric)

    def __post_init__(self) -> None:
        if not isinstance(self.model, str) or not self.model.strip():
            raise InvalidRequestError(say("judge.no_model", value=quoted(self.model)))
        if self.endpoint is not None and not isinstance(self.endpoint, Endpoint):
            raise InvalidRequestError(say("session.bad_endpoint", kind=type(self.endpoint).__name__))
        object.__setattr__(self, "passes", check_count("passes", self.passes, _MOST_PASSES))
        low, high = _EDGES
        edge = whole(self.longest_edge, low, high)
        if edge is None:
            value = quoted(self.longest_edge)
            raise InvalidRequestError(say("judge.bad_edge", value=value, low=low, high=high))
        object.__setattr__(self, "longest_edge", edge)
        if self.temperature is not None and not _within(self.temperature, 0, 2):
            raise InvalidRequestError(say("judge.bad_temperature", value=quoted(self.temperature)))
        if self.seed is not None:
            seed = whole(self.seed, 0, 2**31)
            if seed is None:
                raise InvalidRequestError(say("judge.bad_seed", value=quoted(self.seed)))
            object.__setattr__(self, "seed", seed)
        if self.temperature is not None and self.temperature == int(self.temperature):
            object.__setattr__(self, "temperature", int(self.temperature))  # one question, however written
        object.__setattr__(self, "price", _dollars(self.price))
        object.__setattr__(self, "protocol", protocol_of(self.protocol))

    @property
    def rules(self) -> Protocol:
        """Its protocol, read."""
        return protocol_of(self.protocol)

    @property
    def label(self) -> str:
        """What its columns begin with."""
        return self.name or self.model

    def place(self, at: Endpoint) -> Endpoint:
        """Where it is asked, on a wire that carries words; ``at`` is where the edits go.

        Raises:
            InvalidRequestError: no wire there does.
        """
        there = self.endpoint or at
        if not there.wire_asked:
            found = serving(there, self.model)
            row = there.provider
            wire = row.words_wire or found.wire
            if not WIRES[wire].words:
                wire = next((one for one in row.wires if WIRES[one].words), wire)
            there = there.but(wire=wire, wire_asked=True)
        if not WIRES[there.wire].words:
            raise InvalidRequestError(
                say("judge.no_words", wire=there.wire, provider=there.provider.title)
            )
        return there

    def cost(self, place: Endpoint) -> Cost:
        """What one question is expected to cost; an amount of None is unknown."""
        if place.is_sandbox:
            return Cost(Decimal(0))
        if isinstance(self.price, Decimal):
            return Cost(self.price, certain=False, source=say("judge.your_word"))
        if place.provider.price == 0:  # of a server of one's own, by its owner's word
            return price_of(self.model, None, place.provider)
        return Cost(None, certain=False)

    def __repr__(self) -> str:
        return f"<Judge {self.model} {self.rules.name} v{self.rules.version} ×{self.passes}>"


def _within(value: Any, low: float, high: float) -> bool:
    plain = isinstance(value, (int, float)) and not isinstance(value, bool)
    return plain and math.isfinite(value) and low <= value <= high


def _dollars(value: float | Decimal | str | None) -> Decimal | None:
    if value is None:
        return None
    try:
        amount = Decimal(str(value))
    except (ArithmeticError, ValueError):
        amount = Decimal(-1)
    if not amount.is_finite() or amount < 0:
        raise InvalidRequestError(say("judge.bad_price", value=quoted(value)))
    return amount


__all__ = ["Judge"]
