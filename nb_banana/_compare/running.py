"""A run of a plan: what is still to do is sent, and each outcome is put where it belongs."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable
from concurrent.futures import Executor
from contextlib import ExitStack
from functools import partial
from typing import TYPE_CHECKING, Final

from .. import _worker
from .._result import EditResult
from .._session.door import Session
from ..errors import AuthenticationError, BudgetError, NanoBananaError, QuotaError
from .cells import Cell, Place
from .held import Outcome
from .progress import Progress
from .run import run
from .sending import ExecutorGoneError, NotSharedError, send, send_by

if TYPE_CHECKING:
    from .plan import Plan

Send = Callable[[Session, Cell], Awaitable[EditResult]]
Put = Callable[[Cell, Outcome, tuple[str, str] | None], None]
_STOP: Final = (BudgetError, ExecutorGoneError, NotSharedError)
"""After one of these no other request would fare better."""
_STOP_THERE: Final = (AuthenticationError, QuotaError)
"""After one of these no other request to the same place would."""


class Run:
    """One run.

    Args:
        plan: what it runs.
        held: gives what stands in a cell by now.
        put: takes what came of a cell, and where that is from if it is a replay.

    Attributes:
        stopped: the error that ended it early, or None.
    """

    def __init__(self, plan: Plan, held: Callable[[Cell], Outcome], put: Put) -> None:
        self._plan, self._held, self._put = plan, held, put
        self._over = set[Place]()
        self.stopped: NanoBananaError | None = None

    @property
    def progress(self) -> Progress:
        """How far it is."""
        return Progress(stopped=self.stopped)

    def do(self, cells: Iterable[Cell], lanes: int, executor: Executor | None) -> None:
        """Make the edits of ``cells``, ``lanes`` at a time, and wait for them."""
        with ExitStack() as stack:
            by: Send = send
            if executor is not None:
                folder = stack.enter_context(self._plan.session.history.run_folder())
                by = partial(send_by, executor, folder)
            run(list(cells), partial(self._one, by), lanes)

    async def _one(self, by: Send, cell: Cell) -> None:
        outcome: Outcome
        try:
            if cell.place not in self._over:
                outcome = await by(self._plan.session_of(cell), cell)
            else:
                outcome = await _worker.in_thread(self._plan.known, cell) or self._held(cell)
        except NanoBananaError as error:
            outcome = error
            if isinstance(error, (*_STOP, *_STOP_THERE)):
                self.stopped = self.stopped or error
                everywhere = isinstance(error, _STOP)
                self._over |= {one.place for one in self._plan.cells} if everywhere else {cell.place}
        self._put(cell, outcome, await _worker.in_thread(self._plan.origin, outcome))
