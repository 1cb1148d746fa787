"""How fast one place is asked: learned from its answers.

Rules of this file:

* "Too many requests" is no failure of an edit: nothing was made or billed. The place is left alone for as
  long as it says, or longer each time if it doesn't; half as many are asked at once from then on, and one
  more after some answers.
* A host that can't be reached five times in a row is not asked again in this run.
* No clock is read here: whoever asks says what time it is, in seconds.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from .._result import EditResult
from ..errors import APIConnectionError, NanoBananaError, RateLimitError
from .held import Outcome

PATIENCE: Final = 600.0
"""Seconds without a single answer after which a limit is taken for a failure."""
UNREACHED: Final = 5
"""Failures to reach a host, in a row, after which it is given up."""
_FIRST, _LONGEST = 2.0, 60.0
_GROWS_AFTER: Final = 5


@dataclass(slots=True)
class Pace:
    """One place during one run.

    Attributes:
        most: how many may be asked at once at best; ``allowed`` now; ``busy`` are.
        until: when it may be asked again.
        slowed: whether it ever said that there are too many requests.
        given_up: why it is not asked any more, or None.
    """

    most: int
    allowed: int
    busy: int = 0
    until: float = 0.0
    slowed: bool = False
    given_up: NanoBananaError | None = None
    _waits: int = 0
    _answers: int = 0
    _limited_since: float | None = None
    _unreached: int = 0

    def is_free(self, now: float) -> bool:
        """Whether one more may be asked."""
        return now >= self.until and self.busy < self.allowed

    def again(self, outcome: Outcome, now: float) -> bool:
        """Learn from an outcome; gives whether the edit is to be asked again later."""
        if isinstance(outcome, RateLimitError) and not outcome.may_be_billed:
            return self._limit(outcome, now)
        unreached = isinstance(outcome, APIConnectionError) and not outcome.may_be_billed
        self._unreached = self._unreached + 1 if unreached else 0
        if isinstance(outcome, NanoBananaError) and self._unreached >= UNREACHED:
            self.given_up = outcome
        if isinstance(outcome, EditResult) and not outcome.replayed:
            self.answered()
        return False

    def answered(self) -> None:
        """The place answered: it is asked as freely as before, in time."""
        self._waits, self._limited_since = 0, None
        self._answers += 1
        if self._answers % _GROWS_AFTER == 0:
            self.allowed = min(self.most, self.allowed + 1)

    def _limit(self, error: RateLimitError, now: float) -> bool:
        self.slowed = True
        if self._limited_since is None:
            self._limited_since = now
        asked = error.retry_after or 0.0
        if now - self._limited_since > PATIENCE or asked > PATIENCE:  # nobody waits for hours unasked
            self.given_up = error
            return False
        if now >= self.until:  # the first of those under way at once; the others say the same
            self.allowed, self._answers = max(1, self.allowed // 2), 0
            pause = min(_LONGEST, _FIRST * 2**self._waits)
            self._waits += 1
        else:
            pause = 0.0
        self.until = max(self.until, now + (asked or pause))
        return True
