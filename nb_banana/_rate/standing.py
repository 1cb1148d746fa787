"""What votes show, as values: one condition, two against each other, one criterion."""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module
from typing import Any, Final, Literal

from .._compare.power import ALPHA
from .counted import Counted
from .sides import Sides

FAR: Final = 1000
"""More further prompts than these are not numbered."""
Unfitted = Literal["", "apart", "unbeaten", "one_way", "none"]


@dataclass(frozen=True, slots=True)
class Strength:
    """One condition.

    Attributes:
        condition: its name.
        strength: natural logarithm, mean 0 over the conditions: stronger by 0.69 is odds of two to one where
            nobody calls it even. None where there is no fit.
        low, high: its 95 % interval; None where unknown.
        units, votes: how many it is from.
        won, tied, lost: of its votes; both bad is a tie.
    """

    condition: str
    strength: float | None
    low: float | None
    high: float | None
    units: int
    votes: int
    won: int
    tied: int
    lost: int


@dataclass(frozen=True, slots=True)
class Versus:
    """Two conditions against each other.

    Attributes:
        first, second: the conditions; the first has the larger share.
        share: what the first won of their votes, ties half, as a mean over units. Of two that only others
            connect: what the model expects. None where nothing connects them.
        low, high: its 95 % interval; None under 5 units.
        p, p_holm: two-sided, that neither is preferred, alone and corrected; None where that can't be tested.
        units, votes, ties, both_bad: how many it is from; both bad are among the ties.
        further: about how many more units would tell them apart (the formula stands at ``further`` in
            strengths.py); None where no number can be named, or none is needed.
        how: ``"votes"``, ``"model"`` (by way of others), or ``"nothing"``.
    """

    first: str
    second: str
    share: float | None
    low: float | None
    high: float | None
    p: float | None
    p_holm: float | None
    units: int
    votes: int
    ties: int
    both_bad: int
    further: int | None
    how: Literal["votes", "model", "nothing"]

    @property
    def told(self) -> bool | None:
        """Whether one is preferred, at 5 %; None where that can't be said."""
        return None if self.p_holm is None else self.p_holm < ALPHA


@dataclass(frozen=True, slots=True)
class Standing:
    """What the votes on one thing that was asked show.

    Attributes:
        strengths: every condition, the strongest first.
        pairs: every two of them.
        tie: ν of the model, how readily two of a strength are called even; None without a fit.
        unfitted: why there is no fit: ``"apart"``, ``"unbeaten"``, ``"one_way"``, ``"none"`` (no vote), or
            ``""`` where there is one.
        groups: the conditions that votes connect.
        unbeaten: those that lost to no other, if they are why.
        sides: how people lean to a side, and covariates.
        votes: what was counted, and what was asked.
        units, raters: how many prompts and people.
    """

    strengths: tuple[Strength, ...]
    pairs: tuple[Versus, ...]
    tie: float | None
    unfitted: Unfitted
    groups: tuple[tuple[str, ...], ...]
    unbeaten: tuple[str, ...]
    sides: Sides
    votes: Counted
    units: int
    raters: int


@dataclass(frozen=True, slots=True)
class Table:
    """Rows for a frame."""

    columns: tuple[str, ...]
    rows: tuple[tuple[Any, ...], ...]

    def to_dataframe(self) -> Any:
        """The rows as a pandas ``DataFrame``."""
        return import_module("pandas").DataFrame(list(self.rows), columns=list(self.columns))
