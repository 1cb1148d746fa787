"""The value of a cell along an axis, or in a column of one's own."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from typing import Final

from .._strings import say
from ..errors import InvalidRequestError
from .cells import AXES, Cell

INSIDE: Final = ("take", "seed")
"""The axes along which an edit is tried again."""


def reader(cells: Sequence[Cell], by: str) -> Callable[[Cell], Hashable]:
    """What tells of a cell its value of ``by``, an axis or a column of one's own.

    Raises:
        InvalidRequestError: it is neither.
    """
    if by in AXES:
        return lambda cell: str(say("compare.default") if cell.shown(by) is None else cell.shown(by))
    own = {name for cell in cells for name in cell.columns}
    if by in own:
        return lambda cell: cell.columns.get(by)
    known = ", ".join([*(axis for axis in AXES if axis not in INSIDE), *sorted(own)])
    raise InvalidRequestError(say("findings.no_axis", by=by, known=known))
