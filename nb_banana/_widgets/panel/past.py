"""What the history knows of a panel: where it was before the kernel ended, and how a result came about."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from ..._chain.links import Chain, Step
from .._tray import Picture

if TYPE_CHECKING:
    from ..._history.record import Record
    from ..._result import EditResult
    from ..._session.door import Session

MOST: Final = 200
"""Results brought back at most; the history browser shows the rest."""


def place_of(cell: str, pictures: Sequence[Picture]) -> str:
    """A panel's place in the history: its cell, and the pictures the cell gave it.

    It is spelled as 0.1.0 spelled it, so that what that version left in a folder is found.
    """
    given = hashlib.sha256(" ".join(picture.image.sha256 for picture in pictures).encode()).hexdigest()
    return f"panel:{cell}:{given[:8]}" if cell else ""


def remember(session: Session, place: str, result: EditResult, *, late: bool = False) -> None:
    """Note that a result came to a panel, be it made just now or replayed."""
    if place and result.record_id:
        session.history.places.put(place, result.record_id, notebook=session.notebook, late=late)


def records_of(session: Session, place: str) -> list[Record]:
    """The finished records a panel left, in the order they came."""
    if not place:
        return []
    found = session.history.places.records(place, notebook=session.notebook, limit=MOST)
    return [record for record in found if not record.lost and (session.sandbox or not record.sandbox)]


def chain_to(result: EditResult, session: Session) -> Chain:
    """The edits that led to ``result``, along the parent links of the history."""
    path = [result]
    while (came := path[0].record_id) and (parent := session.history.record(came).parent):
        path.insert(0, session.result_of(session.history.record(parent)))
    start = path[0].request.images[0] if path[0].request.images else path[0].image
    if not path[0].request.images:
        path = path[1:]  # made from words alone: that picture is where the chain starts
    return Chain(start, session, tuple(path), tuple(_step(one) for one in path))


def _step(result: EditResult) -> Step:
    asked = result.request
    return Step(asked.holding(asked.images[1:]), take=result.take)
