"""How far a run is, as a value for whoever shows it."""

from __future__ import annotations

from dataclasses import dataclass

from .. import _text
from .._catalog.cost import Cost
from .._catalog.spending import Spending
from .._strings import say
from ..errors import NanoBananaError


@dataclass(frozen=True, slots=True)
class Hold:
    """A place that is left alone for a while, as it asked."""

    place: str
    seconds: float


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a run is.

    Attributes:
        running, stopping: whether it goes on, and whether it was asked to stop.
        total, done, failed: its edits, those that brought a picture, and those that failed.
        under_way: how many are being made.
        spent: what this run has cost; None before there is anything to say.
        money_left: what the budget leaves, or None without one.
        seconds_left: about how long it will take still, or None where nobody knows.
        holds: the places that asked to be left alone, and for how long.
        stopped: why it ended early, or None.
    """

    running: bool = False
    stopping: bool = False
    total: int = 0
    done: int = 0
    failed: int = 0
    under_way: int = 0
    spent: Spending | None = None
    money_left: Cost | None = None
    seconds_left: float | None = None
    holds: tuple[Hold, ...] = ()
    stopped: NanoBananaError | None = None

    def __str__(self) -> str:
        """One line for people: how many of how many, money, time, and what is waited for."""
        parts = [say("running.done", done=self.done, total=self.total)]
        parts += [say("running.failed", count=self.failed)] if self.failed else []
        parts += [say("running.spent", cost=self.spent)] if self.spent and self.spent != Spending() else []
        parts += [say("running.money_left", cost=self.money_left)] if self.money_left else []
        if self.stopping and self.running:
            parts.append(say("running.stopping", count=self.under_way))
        elif self.seconds_left is not None:
            parts.append(say("running.time_left", time=_text.seconds(self.seconds_left, whole=True)))
        parts += [
            say("running.hold", place=one.place, time=_text.seconds(one.seconds, whole=True))
            for one in self.holds
        ]
        return " · ".join(parts)
