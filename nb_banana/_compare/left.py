"""What is left to do of a plan, counted and priced; nothing is sent."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from .._result import EditResult
from .cells import Cell
from .estimate import PlanEstimate, Request, estimate, usual
from .held import Held
from .power import power_of
from .standing import as_served

if TYPE_CHECKING:
    from .plan import Plan


def estimate_of(
    plan: Plan, held: Held, before: Mapping[int, int], lanes: int, *, ask: bool = True
) -> PlanEstimate:
    """What running what is missing or failed would cost and take with ``lanes`` edits at a time.

    ``before`` says how often each cell may have been paid before. Unless it may ``ask``, no server is asked
    which model it runs; what it made then counts as to send.
    """
    counts: Counter[str] = Counter(impossible=len(held.impossible))
    requests: Counter[Request] = Counter()
    known = plan.known(held, ask=ask)
    for cell in plan.cells:
        if isinstance(held[cell.index], EditResult):
            counts["done"] += 1
        elif cell.index not in plan.alike:
            continue
        elif plan.leader(cell.index) in known:
            counts["replayed"] += 1
        elif plan.leader(cell.index) == cell.index:
            requests[_request(plan, cell)] += 1
            counts["maybe_paid"] += cell.index in before
    power = power_of([cell for cell in plan.cells if cell.index in plan.alike])
    return estimate(
        requests, lanes, power, cells=len(held), done=counts["done"],
        impossible=counts["impossible"], replayed=counts["replayed"], maybe_paid=counts["maybe_paid"],
    )  # fmt: skip


def usual_of(plan: Plan, cells: Iterable[Cell], lanes: int) -> float | None:
    """About how many seconds these edits usually take; None where nobody knows."""
    span = usual(Counter(_request(plan, cell) for cell in cells), lanes)
    return sum(span) / 2 if span else None


def _request(plan: Plan, cell: Cell) -> Request:
    there = as_served(plan.session_of(cell).endpoint, cell.model)
    return Request.at(there, cell.model, cell.image_size)
