"""A plan at work: its cells, the session they are asked of, and how each of them stands there."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from .._result import EditResult
from ..errors import InvalidRequestError
from .cells import Cell, Place
from .held import Held, Outcome
from .sending import Asked, failed_before, look_up, paid_before
from .standing import Stand, alike, stand

if TYPE_CHECKING:
    from .._session.door import Session


@dataclass(frozen=True, slots=True)
class Plan:
    """The cells of a plan at a session, held to the place where that went: what it says is what a run does.

    Attributes:
        cells: every cell, in plan order.
        asked: the session, which may go elsewhere by now.
        session: the same at the place of then: there they are asked, but for those with a place of their own.
        stands: how each of them stands.
        alike: for each cell that can work the places of those that ask for the very same, in one request.
    """

    cells: tuple[Cell, ...]
    asked: Session
    session: Session
    stands: tuple[Stand, ...]
    alike: Mapping[int, tuple[int, ...]]

    @classmethod
    def of(cls, cells: Sequence[Cell], session: Session) -> Plan:
        """How ``cells`` stand at ``session``; nothing is sent."""
        here = session
        if any(cell.endpoint is None for cell in cells):
            here = session.at(session.endpoint)  # an environment that can't be used is said at once
        stands: list[Stand] = []
        for cell in cells:  # the steps of a chain stand in order
            one = stand(cell, lambda one: _session_of(here, one))
            stands.append(one if cell.after is None else one.after(stands[cell.after], cell.turn))
        return cls(tuple(cells), session, here, tuple(stands), alike(zip(cells, stands, strict=True)))

    def goes_as(self, session: Session) -> bool:
        """Whether edits of ``session`` go by now where this says, with the same key."""
        if self.session is self.asked:
            return True  # each cell has a place of its own
        now, then = session.endpoint, self.session.endpoint
        return now == then and now.wire_asked == then.wire_asked

    def held(self, known: Mapping[int, Outcome]) -> Held:
        """The plan with what is known already; a cell that can't work is its error."""
        refused = {
            cell.index: one.error
            for cell, one in zip(self.cells, self.stands, strict=True)
            if one.error is not None and not isinstance(known.get(cell.index), EditResult)
        }
        held = Held(
            self.cells, refused, sandbox=self.is_sandbox,
            spoken={cell.index: one.spoken for cell, one in zip(self.cells, self.stands, strict=True)},
        )  # fmt: skip
        for place, outcome in known.items():
            held = held.with_outcome(self.alike.get(place, (place,)), outcome, self.origin(outcome))
        return held

    @property
    def is_sandbox(self) -> bool:
        """Whether the built-in stand-in would make all of it."""
        return all(one.is_sandbox for one in self.stands)

    def anew(self, held: Held) -> Held:
        """What is held of these cells where they stand now: what came stays, with what was said of it."""
        now = self.held({})
        came = {at for at, one in held.outcomes.items() if one is not None}
        made = {at for at in came if isinstance(held.outcomes[at], EditResult)}
        return replace(
            held, impossible={at: why for at, why in now.impossible.items() if at not in made}, before=None,
            sandbox=now.sandbox and (held.sandbox or not came),
            spoken={at: held.spoken.get(at, here) if at in came else here for at, here in now.spoken.items()},
        )  # fmt: skip

    def session_of(self, cell: Cell) -> Session:
        """The session at a cell's place and on its wire.

        Raises:
            NanoBananaError: the place can't be used here, or does not speak the wire.
        """
        return _session_of(self.session, cell)

    def announce(self, place: Place) -> None:
        """Say once what kind of place that is; the session itself says it of its own."""
        _session_at(self.asked, place).announce()

    def origin(self, outcome: Outcome) -> tuple[str, str] | None:
        """The provider and the wire by which an outcome was made; the cell may go elsewhere by now."""
        if outcome is None or not outcome.record_id:
            return None
        with suppress(InvalidRequestError):  # what came is kept, even where its record can't be found
            record = self.session.history.record(outcome.record_id)
            return record.provider, record.wire
        return None

    def before(self, cell: Cell, found: Mapping[int, Outcome]) -> EditResult | None:
        """What the step before this one brought, among what was ``found`` by place; None for a first one."""
        outcome = None if cell.after is None else found.get(self.leader(cell.after))
        return outcome if isinstance(outcome, EditResult) else None

    def leader(self, place: int) -> int:
        """The first of the cells that ask for the very same as the one at this place."""
        return self.alike.get(place, (place,))[0]

    def look_up(self, cell: Cell, previous: EditResult | None) -> EditResult | None:
        """What history holds for a cell; of a later step, after what the previous one brought."""
        if cell.after is not None and previous is None:
            return None
        return look_up(self.session_of(cell), cell, previous)

    def known(self, held: Held, *, ask: bool = True) -> dict[int, EditResult]:
        """What is there without sending, done or in history, by the first cell that asks for it.

        Unless it may ``ask``, nothing is looked up whose model a server would have to be asked.
        """
        found: dict[int, EditResult] = {}
        for cell in self.first():
            outcome = held[cell.index]
            if not isinstance(outcome, EditResult) and (ask or self._names_model(cell)):
                outcome = self.look_up(cell, self.before(cell, found))
            if isinstance(outcome, EditResult):
                found[cell.index] = outcome
        return found

    def _names_model(self, cell: Cell) -> bool:
        there = self.session_of(cell).endpoint
        return bool(cell.model or there.provider.default_model or not there.provider.anywhere)

    def first(self) -> Iterator[Cell]:
        """The cells that stand for all that ask for the very same."""
        return (cell for cell in self.cells if self.alike.get(cell.index, (None,))[0] == cell.index)

    def paid_before(self, held: Held, *, ask: bool = True) -> Mapping[int, int]:
        """By its place, how often each cell may have been paid before and brought no picture."""
        found = paid_before(self._asked(held, ask=ask))
        return {place: count for first, count in found.items() for place in self.alike[first]}

    def failed_before(self, held: Held) -> list[Cell]:
        """The cells that the history knows as tried and that never brought a picture, each request once."""
        return [self.cells[place] for place in failed_before(self._asked(held, ask=True))]

    def _asked(self, held: Held, *, ask: bool) -> Asked:
        """Every request, where it goes, and what it begins with."""
        done: Mapping[int, Outcome] = {cell.index: held[cell.index] for cell in self.first()}
        if any(cell.after is not None for cell in self.cells):
            done = self.known(held, ask=ask)  # what history holds of a chain tells what came after it
        return (
            (self.session_of(cell), cell, self.before(cell, done))
            for cell in self.first()
            if (cell.after is None or self.before(cell, done)) and (ask or self._names_model(cell))
        )


def _session_of(session: Session, cell: Cell) -> Session:
    if cell.place.error is not None:
        raise cell.place.error
    there = _session_at(session, cell.place)
    return there if cell.wire is None else there.with_wire(cell.wire)


def _session_at(session: Session, place: Place) -> Session:
    return session if place.endpoint is None else session.at(place.endpoint)
