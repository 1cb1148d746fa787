"""What the history knows of a panel: where it was before the kernel ended."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from ..tray import Card

if TYPE_CHECKING:
    from ..._history.record import Record
    from ..._result import EditResult
    from ..._session.door import Session

MOST: Final = 200
"""Results brought back at most; the history browser shows the rest."""


def place_of(cell: str, pictures: Sequence[Card]) -> str:
    """A panel's place in the history: its cell, and the pictures the cell gave it.

    It is spelled as 0.1.0 spelled it, so that what that version left in a folder is found.
    """
    given = hashlib.sha256(" ".join(picture.image.sha256 for picture in pictures).encode()).hexdigest()
    return f"panel:{cell}:{given[:8]}" if cell else ""


def remember(session: Session, place: str, result: EditResult, *, late: bool = False) -> None:
    """Note that a result came to a panel, be it made just now or replayed."""
    if place and result.record_id:
        session.history.places.put(place, result.record_id, notebook=session.notebook, late=late)


def records_of(session: Session, place: str, *, late: bool = False) -> list[Record]:
    """The finished records a panel left, in the order they came; ``late``: those nobody waited for."""
    if not place:
        return []
    found = session.history.places.records(place, notebook=session.notebook, late=late, limit=MOST)
    return [record for record in found if not record.lost and (session.sandbox or not record.sandbox)]


def leave(session: Session, place: str) -> None:
    """What a panel left is not brought back to its cell any more; the records stay."""
    if place:
        session.history.places.leave(place, notebook=session.notebook)
