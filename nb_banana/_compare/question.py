"""What is asked of a comparison: which values are compared, on what, at which steps."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

from .._strings import say
from ..errors import InvalidRequestError
from .cells import AXES, Cell
from .units import UNIT, image_called, unit_of

if TYPE_CHECKING:
    from .held import Held

_UNIT: Final = ("image", *UNIT)
"""The axes that say what was edited."""
INSIDE: Final = ("take", "seed")
"""The axes along which an edit is tried again."""
By = (
    Literal[
        "image", "prompt", "phrase", "model", "aspect_ratio", "image_size", "endpoint", "wire", "seed",
        "turn", "take",
    ]
    | str
)  # fmt: skip
"""An axis, or a column of one's own."""
Turn = int | Literal["last"] | None
"""Which steps of chains count: one by its number, those that no other follows, or all, each with its like."""


@dataclass(frozen=True, slots=True)
class Question:
    """What a finding is about.

    Attributes:
        by: the axis, or column of one's own, whose values are compared.
        unit: the column of one's own that says what was edited; None is input, prompt and phrase.
        turn: which steps of chains count.
    """

    by: str = "model"
    unit: str | None = None
    turn: Turn = None

    def groups(self, held: Held) -> dict[Hashable, list[Cell]]:
        """The cells that count, by what their value of :attr:`by` is called.

        Raises:
            InvalidRequestError: there is no such axis, column or turn.
        """
        of = reader(held.cells, self.by)
        found: dict[Hashable, list[Cell]] = {}
        for cell in self._counted(held.cells):
            found.setdefault(of(cell), []).append(cell)
        return found

    def _counted(self, cells: Sequence[Cell]) -> Sequence[Cell]:
        if self.turn is None:
            return cells
        followed = {cell.after for cell in cells}
        if self.turn == "last":
            return [cell for cell in cells if cell.index not in followed]
        chosen = [cell for cell in cells if cell.turn == self.turn]
        if not chosen:
            last = max(cell.turn for cell in cells)
            raise InvalidRequestError(say("findings.no_turn", turn=self.turn, last=last))
        return chosen

    def unit_of(self, cells: Sequence[Cell]) -> Callable[[Cell], Hashable]:
        """What says which edit a cell is of; ``cells`` are all of the plan."""
        if self.unit is not None:
            return reader(cells, self.unit)
        return unit_of(cells, self.by)

    def place_of(self, cells: Sequence[Cell]) -> Callable[[Cell], tuple[Hashable, Hashable]]:
        """What says which edit a cell is of, and under which further conditions it was made."""
        unit = self.unit_of(cells)
        return lambda cell: (unit(cell), self.further(cell))

    def further(self, cell: Cell) -> Hashable:
        """The conditions a cell was made under beside the one asked about."""
        besides = (*_UNIT, *INSIDE, self.by, *(() if self.turn is None else ("turn",)))
        return tuple(cell[axis] for axis in AXES if axis not in besides)


def reader(cells: Sequence[Cell], by: str) -> Callable[[Cell], Hashable]:
    """What tells of a cell its value of ``by``, an axis or a column of one's own.

    Raises:
        InvalidRequestError: it is neither.
    """
    if by == "image":
        return image_called(cells)
    if by in AXES:
        return lambda cell: str(say("compare.default") if cell.shown(by) is None else cell.shown(by))
    own = {name for cell in cells for name in cell.columns}
    if by in own:
        return lambda cell: cell.columns.get(by)
    known = ", ".join([*(axis for axis in AXES if axis not in INSIDE), *sorted(own)])
    raise InvalidRequestError(say("findings.no_axis", by=by, known=known))
