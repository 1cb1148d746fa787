"""What running a plan would cost and take, from the catalog's prices and times of today."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from urllib.parse import urlsplit

from .._catalog.cost import Cost
from .._catalog.models import find_model
from .._catalog.prices import in_yuan
from .._catalog.prices import price as price_of
from .._catalog.providers import Provider
from .._client.endpoint import Endpoint
from .._strings import say
from .._text import plain, span
from .power import FEW, NO_POWER, Power


@dataclass(frozen=True, slots=True, repr=False)
class PlanEstimate:
    """What is left of a plan, before anything is sent.

    Attributes:
        cells: all cells of the plan; ``done`` have a result, ``impossible`` can't work,
            ``replayed`` are in the history and free.
        to_send: requests that would be sent (cells that ask for the very same thing are one).
        cost: of those requests; its amount is None where a price is unknown.
        known: what the known prices among them add up to.
        unpriced: names of the models whose price here is unknown.
        seconds: lowest and highest usual time, or None where a model's time is unknown.
        maybe_paid: how many of ``to_send`` may have been billed before, by attempts that brought no picture.
        power: what difference these numbers could show at all.
    """

    cells: int
    to_send: int
    cost: Cost
    known: Cost
    unpriced: tuple[str, ...]
    seconds: tuple[float, float] | None
    done: int = 0
    impossible: int = 0
    replayed: int = 0
    maybe_paid: int = 0
    power: Power = NO_POWER

    def __str__(self) -> str:
        counts = {"done": self.done, "replayed": self.replayed, "impossible": self.impossible}
        head = say("compare.estimate_head", cells=self.cells, to_send=self.to_send)
        rest = [say(f"compare.estimate_{name}", count=count) for name, count in counts.items() if count]
        lines = [" · ".join((head, *rest))]
        if self.to_send:
            lines.append("  " + say("compare.estimate_cost", cost=self._cost()))
        if self.maybe_paid:
            lines.append("  " + say("compare.estimate_paid_before", count=self.maybe_paid))
        if self.to_send and self.seconds:
            lines.append("  " + say("compare.estimate_time", time=span(*self.seconds)))
        if words := self._power():
            lines.append("  " + words)
        return plain("\n".join(lines))

    __repr__ = __str__

    def _cost(self) -> str:
        if not self.unpriced:
            return _both(self.cost)
        key = "estimate_at_least" if self.known.amount else "estimate_unpriced"
        return say(f"compare.{key}", known=_both(self.known), models=", ".join(self.unpriced))

    def _power(self) -> str:
        if self.power.axis is None:
            return ""
        axis = self.power.axis
        named = axis if self.power.own else say(f"compare.axis_{axis}")
        words = {"axis": named, "units": self.power.units, "least": FEW}
        if self.power.detectable is None:
            return say("planning.few", **words)
        return say("planning.detectable", size=f"{self.power.detectable:.1f}", **words)


def _both(cost: Cost) -> str:
    """Dollars, and about what they are in yuan."""
    yuan = in_yuan(cost) if cost.amount and cost.currency == "USD" else None
    if yuan is None or yuan.amount is None:
        return str(cost)
    return say("keys.both", usd=cost, cny=f"≈ ¥{yuan.amount:.2f}")


@dataclass(frozen=True, slots=True)
class Request:
    """A request to price: where it goes and what it asks for."""

    provider: Provider
    model: str | None
    image_size: str | None

    @classmethod
    def at(cls, place: Endpoint, model: str | None, image_size: str | None) -> Request:
        """What is asked of a place; a server that was not asked what it runs goes by its address."""
        row = place.provider
        return cls(row, model or row.default_model or urlsplit(place.base_url).netloc, image_size)


def estimate(
    requests: Mapping[Request, int], concurrency: int, power: Power = NO_POWER, **counts: int
) -> PlanEstimate:
    """Price ``requests`` (how many of each); ``counts`` are the other cells."""
    prices = {one: price_of(one.model, one.image_size, one.provider) for one in requests}
    unpriced = sorted({_name(one) for one, cost in prices.items() if cost.amount is None})
    known = [prices[one] * count for one, count in requests.items() if prices[one].amount is not None]
    all_known = sum(known, start=Cost(Decimal(0)))
    return PlanEstimate(
        to_send=sum(requests.values()),
        cost=Cost(None, certain=False) if unpriced else all_known,
        known=all_known,
        unpriced=tuple(unpriced),
        seconds=usual(requests, concurrency),
        power=power,
        **counts,
    )


def usual(requests: Mapping[Request, int], concurrency: int) -> tuple[float, float] | None:
    """Lowest and highest usual seconds of all of them; None where one's are unknown."""
    return _job([(_seconds(one), count) for one, count in requests.items()], concurrency)


def _name(request: Request) -> str:
    choice = find_model(request.model, request.provider)
    return choice.info.nickname if choice.info else choice.sent_id


def _seconds(request: Request) -> tuple[float, float] | None:
    info = find_model(request.model, request.provider).info
    return request.provider.seconds or (info.typical_seconds(request.image_size) if info else None)


def _job(
    spans: Sequence[tuple[tuple[float, float] | None, int]], concurrency: int
) -> tuple[float, float] | None:
    """The time of the whole: never less than its longest part."""
    known = [(span, count) for span, count in spans if span is not None]
    if not known or len(known) < len(spans):
        return None
    longest = [max(span[end] for span, _ in known) for end in (0, 1)]
    shared = [sum(span[end] * count for span, count in known) / concurrency for end in (0, 1)]
    return max(longest[0], shared[0]), max(longest[1], shared[1])
