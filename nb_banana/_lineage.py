"""What a record means to others: the step it is of a chain, the records before it, those that follow.

Rules of the room:

* What an edit continues is told by the picture that was edited. The parent link is a hint: it says which
  of several records that gave this picture is meant. It may be missing (somebody exported a part), point
  to another picture (a replay of somebody else's record), or lead in a circle (a forged file).
* A conversation sends no picture again, so there the link is all there is.
* A parent that isn't held ends the way back; it is no fault.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from ._history.identity import asked_by
from ._images.marks import NAME as MARKED
from ._messages import Context, EditRequest
from .errors import InvalidRequestError

if TYPE_CHECKING:
    from ._history.book import History
    from ._history.record import Record
    from ._images.data import ImageData

_CONVERSATION: Final = "conversation"


@dataclass(frozen=True, slots=True)
class Step:
    """What one edit of a chain asks for, so that it can be asked again of another picture.

    Attributes:
        request: instruction, settings and further pictures; the chain's own picture is not among them.
        context: the way that was asked for.
        take: which attempt.
        sent: the way it went in the end, which is ``"refeed"`` where a conversation was not to be had.
        at: the place of the chain's own picture among the inputs.
    """

    request: EditRequest
    context: Context = "refeed"
    take: int = 1
    sent: Context = "refeed"
    at: int = 0

    @property
    def prompt(self) -> str:
        """The instruction."""
        return self.request.prompt

    @property
    def images(self) -> tuple[ImageData, ...]:
        """The further pictures."""
        return self.request.images

    def inputs(self, own: ImageData) -> tuple[ImageData, ...]:
        """All that is sent where ``own`` is the chain's picture."""
        return (*self.images[: self.at], own, *self.images[self.at :])


def step_of(record: Record, before: str | None) -> Step:
    """A record as the step after the picture whose sha256 is ``before``."""
    images, at = list(record.input_images), 0
    way: Context = "conversation" if record.context == _CONVERSATION else "refeed"
    if way == "refeed" and before in (hashes := _inputs(record)):
        at = hashes.index(before)
        del images[at]
    return Step(asked_by(record).holding(images), way, record.take, way, at)


def held(history: History, id: str | None) -> Record | None:
    """The record of this id; None where the history doesn't hold it."""
    if id is None:
        return None
    try:
        return history.record(id)
    except InvalidRequestError:
        return None


def before(history: History, record: Record) -> Record | None:
    """The record whose picture was edited, or whose conversation was continued; None where none is held."""
    parent = held(history, record.parent)
    if parent is None or not parent.outputs:
        return None
    return parent if record.context == _CONVERSATION or _of(parent) in _inputs(record) else None


def edited(history: History, record: Record) -> str | None:
    """The sha256 of the picture that was edited; None where there was none, or nobody knows it.

    A marked copy only points at one.
    """
    parent = before(history, record)
    if parent is not None:
        return _of(parent)
    own = (picture.sha256 for picture in record.inputs if not picture.name.startswith(MARKED))
    return None if record.context == _CONVERSATION else next(own, None)


def ancestors(history: History, record: Record) -> list[Record]:
    """The records that led to this one, the oldest first; each once, whatever the links say."""
    path = [record]
    seen = {record.id}
    while (parent := before(history, path[-1])) is not None and parent.id not in seen:
        path.append(parent)
        seen.add(parent.id)
    return path[:0:-1]


def children(history: History, record: Record) -> list[Record]:
    """The finished records that go on from this one, oldest first."""
    if not record.outputs:
        return []
    picture = _of(record)
    near = {one.id: one for one in (*history.children(record.id), *history.using(picture))}
    return [near[id] for id in sorted(near) if _goes_on(history, near[id], record)]


def begun(history: History, picture: str) -> list[Record]:
    """The finished records that edited this picture, whichever record it came from; oldest first."""
    return [one for one in history.using(picture) if one.status == "done" and edited(history, one) == picture]


def follows(history: History, record: Record, picture: str) -> bool:
    """Whether an edit made with ``picture`` among its inputs continues it: a known parent must agree."""
    parent = before(history, record)
    return picture in _inputs(record) and (parent is None or _of(parent) == picture)


def _goes_on(history: History, child: Record, record: Record) -> bool:
    if child.status != "done":
        return False
    parent = before(history, child)
    return parent.id == record.id if parent else edited(history, child) == _of(record)


def _of(record: Record) -> str:
    """The sha256 of a record's picture."""
    return record.outputs[-1].sha256


def _inputs(record: Record) -> list[str]:
    return [picture.sha256 for picture in record.inputs]
