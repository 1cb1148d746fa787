"""What is left to do of a plan, counted and priced; nothing is sent."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import TYPE_CHECKING

from .._result import EditResult
from .estimate import PlanEstimate, Request, estimate
from .held import Held
from .standing import as_served

if TYPE_CHECKING:
    from .plan import Plan


def estimate_of(plan: Plan, held: Held, before: Mapping[int, int], lanes: int) -> PlanEstimate:
    """What running what is missing or failed would cost and take with ``lanes`` edits at a time.

    ``before`` says how often each cell may have been paid before.
    """
    counts: Counter[str] = Counter(impossible=len(held.impossible))
    requests: Counter[Request] = Counter()
    first = {cell.index for cell in plan.first()}
    for cell in plan.cells:
        if isinstance(held[cell.index], EditResult):
            counts["done"] += 1
        elif cell.index not in plan.alike:
            continue
        elif plan.known(cell) is not None:
            counts["replayed"] += 1
        elif cell.index in first:
            there = as_served(plan.session_of(cell).endpoint, cell.model)
            requests[Request.at(there, cell.model, cell.image_size)] += 1
            counts["maybe_paid"] += cell.index in before
    return estimate(
        requests, lanes, cells=len(held), done=counts["done"], impossible=counts["impossible"],
        replayed=counts["replayed"], maybe_paid=counts["maybe_paid"],
    )  # fmt: skip
