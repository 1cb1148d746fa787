"""What the notebook extension asks a kernel: rows of its history, a picture, a star, the code of a result.

Rules of this file:

* It is asked by an expression that shows nothing and counts as no cell; each answer is plain JSON.
* Rows are told as the server's route tells them, and to look makes nothing, no folder and no file.
"""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING, Any, Final

from .._chain.links import code_of
from .._session.own import session
from .._strings import say
from ..errors import InvalidRequestError
from . import answers
from .places import Place
from .refused import Refused

if TYPE_CHECKING:
    from .._result import EditResult

_EDGE: Final = 240
_BUDGET: Final = 24 * 1024


class Told(dict[str, Any]):
    """An answer, which Jupyter hands on as JSON."""

    def _repr_json_(self) -> dict[str, Any]:
        return dict(self)


def rows(q: str, offset: int, limit: int) -> Told:
    """Rows of the history, newest first, as ``{"rows": […], "total": n}``.

    Raises:
        InvalidRequestError: the file can't be read now, or is not ours.
    """
    folder = session().history.folder
    real = folder.resolve()  # a link is the owner's own: it is for who asks from outside that none leads out
    place = Place(real.parent, real.name, hidden=True)
    try:
        return Told(answers.rows(place, q=q, offset=offset, limit=limit))
    except Refused as reason:
        raise InvalidRequestError(say(f"server.{reason.reason}", what=folder)) from None


def picture(id: str, *, small: bool = False) -> Told:
    """The last picture of a record as ``{"mime", "data"}``, in base64: the original, or a small copy.

    Raises:
        InvalidRequestError: there is no such record, or it brought no picture.
    """
    image = _result(id).image
    shown = image.preview(_EDGE, _BUDGET) if small else image
    return Told(mime=shown.mime_type, data=base64.b64encode(shown.data).decode())


def star(id: str, on: bool) -> Told:
    """Mark a record, or take the mark away.

    Raises:
        InvalidRequestError: there is no such record.
    """
    session().history.star(id, on)
    return Told(starred=on)


def code(id: str) -> Told:
    """The Python that makes a result again.

    Raises:
        InvalidRequestError: there is no such record, or it brought no picture.
    """
    return Told(code=code_of(_result(id), session()))


def _result(id: str) -> EditResult:
    chosen = session()
    return chosen.result_of(chosen.history.record(id).pictured())
