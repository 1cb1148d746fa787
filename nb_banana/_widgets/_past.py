"""What the history knows of a panel: where it was before the kernel ended, and how a result came about."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from .._chain import Chain, Step
from ._tray import Picture

if TYPE_CHECKING:
    from .._history import Record
    from .._result import EditResult
    from .._session import Session

MOST: Final = 200
"""Results brought back at most; the history browser shows the rest."""


def mark(place: str, pictures: Sequence[Picture]) -> str:
    """The tag of a panel's records: its cell, and the pictures the cell gave it."""
    given = hashlib.sha256(" ".join(picture.image.sha256 for picture in pictures).encode()).hexdigest()
    return f"panel:{place}:{given[:8]}" if place else ""


def records_of(session: Session, tag: str) -> list[Record]:
    """The finished records a panel left, oldest first."""
    if not tag:
        return []
    found = session.history.records(notebook=session.notebook, status="done", text=tag, limit=MOST)
    usable = [record for record in found if tag in record.tags and not record.lost]
    if not session.sandbox:
        usable = [record for record in usable if not record.sandbox]
    return usable[::-1]


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
