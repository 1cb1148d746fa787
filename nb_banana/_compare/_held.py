"""The cells of a plan and what came of each: what tables, sheets and files are made of."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, overload

from .._catalog.models import check_request, find_model
from .._result import EditResult
from ..errors import NanoBananaError
from ._plan import Cell

if TYPE_CHECKING:
    from .._session.door import Session

Outcome = EditResult | NanoBananaError | None


class Held:
    """A sequence of outcomes in plan order: a result, the error of a cell that failed, or None.

    Attributes:
        cells: the coordinates of every cell, in plan order.
        session: where its edits are made.
        stopped: the error that ended the last run early, or None.
    """

    def __init__(
        self, cells: Sequence[Cell], session: Session, outcomes: Mapping[int, Outcome]
    ) -> None:
        self.session = session
        self.cells = tuple(cells)
        self.stopped: NanoBananaError | None = None
        self._impossible = dict(self._refusals())
        self._keys = tuple(self._key(cell) for cell in self.cells)
        # Cells that ask for the very same thing share one request and one outcome.
        self._outcomes = {self._keys[index]: outcome for index, outcome in outcomes.items()}

    def _refusals(self) -> Iterator[tuple[int, NanoBananaError]]:
        """The cells that can't work, each with its reason; nothing is read or sent for it."""
        for cell in self.cells:
            try:
                endpoint = self._session_of(cell).endpoint
                info = find_model(cell.model, endpoint.provider).info
                cell.request()
                check_request(
                    info, cell.aspect_ratio, cell.image_size, provider=endpoint.provider, wire=endpoint.wire
                )
            except NanoBananaError as error:
                yield cell.index, error

    def _key(self, cell: Cell) -> tuple[Any, ...]:
        if cell.index in self._impossible:
            return (cell.index,)
        endpoint = self._session_of(cell).endpoint
        return (
            tuple(image.sha256 for image in cell.source.images),
            cell.prompt,
            find_model(cell.model, endpoint.provider).sent_id,
            cell.aspect_ratio,
            cell.image_size,
            endpoint.wire,
            cell.take,
        )

    def _session_of(self, cell: Cell) -> Session:
        return self.session if cell.wire is None else self.session.with_wire(cell.wire)

    def __len__(self) -> int:
        return len(self.cells)

    @overload
    def __getitem__(self, index: int | Cell) -> Outcome: ...
    @overload
    def __getitem__(self, index: slice) -> tuple[Outcome, ...]: ...
    def __getitem__(self, index: int | Cell | slice) -> Outcome | tuple[Outcome, ...]:
        """The outcome of a cell, by its place or by the cell itself."""
        if isinstance(index, slice):
            return tuple(self)[index]
        place = range(len(self))[index.index if isinstance(index, Cell) else index]
        return self._impossible.get(place) or self._outcomes.get(self._keys[place])

    def __iter__(self) -> Iterator[Outcome]:
        return (self[index] for index in range(len(self)))

    @property
    def results(self) -> tuple[EditResult, ...]:
        """The results there are, in plan order."""
        return tuple(one for one in self if isinstance(one, EditResult))

    @property
    def failed(self) -> tuple[Cell, ...]:
        """The cells that hold an error: those that failed and those that can't work."""
        return tuple(cell for cell in self.cells if isinstance(self[cell], NanoBananaError))

    @property
    def missing(self) -> tuple[Cell, ...]:
        """The cells that have not run."""
        return tuple(cell for cell in self.cells if self[cell] is None)

    def is_impossible(self, cell: Cell) -> bool:
        """Whether a cell can't work whoever sends it: its error stood in the plan from the start."""
        return cell.index in self._impossible
