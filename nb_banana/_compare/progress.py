"""How far a run is, as a value for whoever shows it."""

from __future__ import annotations

from dataclasses import dataclass

from .._catalog.cost import Cost
from .._catalog.spending import Spending
from ..errors import NanoBananaError


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a run is.

    Attributes:
        running: whether it goes on.
        total, done, failed: its edits, those that brought a picture, and those that failed.
        spent: what this run has cost; None before there is anything to say.
        money_left: what the budget leaves, or None without one.
        seconds_left: about how long it will take still, or None where nobody knows.
        stopped: why it ended early, or None.
    """

    running: bool = False
    total: int = 0
    done: int = 0
    failed: int = 0
    spent: Spending | None = None
    money_left: Cost | None = None
    seconds_left: float | None = None
    stopped: NanoBananaError | None = None
