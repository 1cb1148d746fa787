"""What stood before on a panel's desk, to go back to and forward again. No widgets."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from ..._images.marks import Marks

if TYPE_CHECKING:
    from ..._images.data import ImageData
    from ..._result import EditResult
    from ..tray import Card

MOST: Final = 100


@dataclass(frozen=True, slots=True)
class Stand:
    """What stands on the desk: the inputs, the prompt, the result shown, and where to edit.

    Attributes:
        marks, ground: what is drawn, and on which picture: on another one it would mean something else.
        mask: what an earlier edit was kept to, on the first picture.
    """

    pictures: tuple[Card, ...]
    prompt: str
    shown: EditResult | None
    marks: Marks = field(default_factory=Marks)
    ground: ImageData | None = None
    mask: Any = None

    def like(self, other: Stand) -> bool:
        """Whether it is the same inputs and the same result; words and marks alone make no step."""
        keys, others = ([one.key for one in stand.pictures] for stand in (self, other))
        return keys == others and self.shown is other.shown


@dataclass(frozen=True, slots=True)
class Steps:
    """The stands there were, and which one it is now; a value."""

    stands: tuple[Stand, ...] = ()
    at: int = -1

    def to(self, stand: Stand) -> Steps:
        """One step on, and no way forward from there. Of a stand's words and marks the newest count."""
        kept = self.stands[: self.at + 1]
        if kept and kept[-1].like(stand):
            kept = kept[:-1]
        stands = (*kept, stand)[-MOST:]
        return Steps(stands, len(stands) - 1)

    def moved(self, by: int, now: Stand) -> Steps:
        """Back (-1) or forward (1). What stands there now is kept: newer words and marks in their step,
        other inputs or another result as a step of its own, from which nothing leads forward.
        """
        if self.now is None:
            return self
        kept = (*self.stands[: self.at], now, *self.stands[self.at + 1 :])
        steps = Steps(kept, self.at) if self.now.like(now) else self.to(now)
        return Steps(steps.stands, min(max(steps.at + by, 0), len(steps.stands) - 1))

    @property
    def now(self) -> Stand | None:
        """Where it stands."""
        return self.stands[self.at] if self.stands else None

    def can(self, by: int) -> bool:
        """Whether there is one before or after."""
        return 0 <= self.at + by < len(self.stands)
