"""One picture of a click, from the moment it is asked for. No widgets."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ..._result import EditResult
    from ...errors import NanoBananaError


@dataclass(slots=True, eq=False)
class Part:
    """One picture of a run, on its way.

    Attributes:
        take: its number; None until the history has given it one.
        paid: the record that paid for it before: it is fetched, and nothing is sent.
        error, result: why it brought no picture, or the picture, be it late.
        late: it came when nobody waited for it any more, and was not shown since.
        over: nothing more comes of it.
        instead_of: the part that failed and is tried again by this one.
    """

    take: int | None = None
    paid: str | None = None
    error: NanoBananaError | None = None
    result: EditResult | None = None
    late: bool = False
    over: bool = False
    instead_of: Part | None = None

    @property
    def owed(self) -> str | None:
        """The record of its failure, where that left a picture behind a link."""
        return self.error.record_id if self.error and self.error.links else None
