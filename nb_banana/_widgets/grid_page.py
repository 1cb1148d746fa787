"""A comparison as its page wants it: pure functions from cells and outcomes to short lists.

A plan of ten thousand cells is one message: every column tells its values once and names them by number,
so do prices; an outcome is four values. What is long (the whole reason, the facts, the code) is asked for
when a cell is opened.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

from .. import _text
from .._catalog.prices import price
from .._catalog.spending import Spending
from .._compare.cells import AXES, Cell, varied
from .._compare.estimate import Request
from .._compare.standing import as_served
from .._result import EditResult
from .._strings import say
from ..errors import NanoBananaError

if TYPE_CHECKING:
    from .._catalog.cost import Cost
    from .._compare.held import Outcome
    from .._compare.plan import Plan

STATUSES: Final = ("missing", "done", "failed", "impossible")
"""As the page numbers them."""
BESIDE: Final = ("image", "prompt", "phrase", "turn")
"""What makes a row, as far as it varies; the other axes make columns."""
FEW: Final = 8
"""So many values of an axis stand side by side where no other axis does."""
_LONGEST: Final = 2000
_REASON: Final = 300


def plan_of(cells: Sequence[Cell]) -> dict[str, Any]:
    """The columns of a plan, each with its values and their numbers cell by cell, and what makes rows."""
    told = {*varied(cells), "image", "prompt"}
    axes = [axis for axis in AXES if axis in told]
    own = dict.fromkeys(name for cell in cells for name in columns_of(cell))
    columns = [
        _column(axis, say(f"compare.axis_{axis}"), [_shown(cell, axis) for cell in cells]) for axis in axes
    ]
    columns += [_column(f"own:{name}", name, [columns_of(cell).get(name) for cell in cells]) for name in own]
    rows, beside = _sides(cells, columns)
    first: dict[int, Cell] = {}
    for cell, at in zip(cells, columns[0]["at"], strict=True):
        first.setdefault(at, cell)
    inputs = [cell.index if cell.source.images else -1 for cell in first.values()]
    return {"count": len(cells), "columns": columns, "rows": rows, "beside": beside, "inputs": inputs}


def columns_of(cell: Cell) -> Mapping[str, Any]:
    """A person's own columns of a cell."""
    return cell.columns


def _shown(cell: Cell, axis: str) -> Any:
    value = cell.shown(axis)
    return say("compare.default") if value is None else value


def _column(name: str, title: str, given: Sequence[Any]) -> dict[str, Any]:
    known: dict[tuple[type, Any], int] = {}
    at = [known.setdefault((type(one), one), len(known)) for one in map(_plain, given)]
    return {"name": name, "title": title, "values": [one for _, one in known], "at": at}


def _plain(value: Any) -> str | int | float:
    """A value that JSON knows; what is missing in a table is empty."""
    if value is None or (isinstance(value, float) and not math.isfinite(value)):
        return ""
    if type(value) in (int, float):
        return value  # type: ignore[no-any-return]
    return str(value)[:_LONGEST]


def _sides(cells: Sequence[Cell], columns: Sequence[Mapping[str, Any]]) -> tuple[list[str], list[str]]:
    """The columns that make rows and those that stand side by side; where one side is empty, cells wrap."""
    axes = [one["name"] for one in columns if one["name"] in AXES and len(one["values"]) > 1]
    rows = [axis for axis in axes if axis in BESIDE]
    beside = [axis for axis in axes if axis not in BESIDE]
    few = {one["name"] for one in columns if len(one["values"]) <= FEW}
    if not beside and len(rows) > 1 and rows[-1] in few:
        beside = [rows.pop()]
    return rows, beside


def unlike(plan: Mapping[str, Any], one: Cell, other: Cell) -> list[str]:
    """The axes of a plan in which two cells differ."""
    axes = (*plan["rows"], *plan["beside"])
    return [axis for axis in axes if one.shown(axis) != other.shown(axis)]


def status_of(outcome: Outcome, impossible: bool) -> int:
    """The number of a cell's status."""
    if outcome is None:
        return 0
    return 1 if isinstance(outcome, EditResult) else 3 if impossible else 2


def row_of(outcome: Outcome, impossible: bool) -> list[Any]:
    """What came of a cell: status, words, cost and seconds as numbers or None."""
    status = status_of(outcome, impossible)
    if isinstance(outcome, EditResult):
        return [status, said(outcome), _number(outcome.cost), round(outcome.elapsed, 2)]
    if isinstance(outcome, NanoBananaError):
        return [status, _text.shortened(outcome.message, _REASON), None, None]
    return [status, "", None, None]


def said(result: EditResult) -> str:
    """Cost and time of a result."""
    if result.replayed:
        return say("grid.replayed")
    return f"{_text.money(result.cost, sandbox=result.sandbox)} · {_text.seconds(result.elapsed)}"


def _number(cost: Cost) -> float | None:
    return None if cost.amount is None else float(cost.amount)


class Prices:
    """What cells of a ``plan`` would cost, as the catalog knows it; each kind of request is priced once."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self._known: dict[Request, Cost] = {}
        self._requests: dict[tuple[int, str | None, str | None], Request] = {}

    def _request(self, cell: Cell) -> Request | None:
        stand = self.plan.stands[cell.index]
        if stand.endpoint is None or stand.error is not None:
            return None
        key = id(stand.endpoint), cell.model, cell.image_size
        if key not in self._requests:
            there = as_served(stand.endpoint, cell.model)
            self._requests[key] = Request.at(there, cell.model, cell.image_size)
        return self._requests[key]

    def _cost(self, request: Request) -> Cost:
        if request not in self._known:
            self._known[request] = price(request.model, request.image_size, request.provider)
        return self._known[request]

    def of(self, cells: Sequence[Cell]) -> str:
        """The price of these cells together; those that ask for the very same are one request."""
        firsts = {self.plan.alike.get(cell.index, (cell.index,))[0]: cell for cell in cells}
        requests = [one for one in map(self._request, firsts.values()) if one is not None]
        if all(self.plan.stands[place].is_sandbox for place in firsts):
            return say("text.sandbox")
        return str(Spending.of(map(self._cost, requests)))

    def each(self) -> tuple[list[str], list[int]]:
        """The prices there are in words, and the number of each cell's; -1 where nothing can be sent."""
        labels: dict[str, int] = {}
        words: dict[tuple[Request, bool], str] = {}
        at = []
        for cell in self.plan.cells:
            request = self._request(cell)
            if request is None:
                at.append(-1)
                continue
            kind = request, self.plan.stands[cell.index].is_sandbox
            if kind not in words:
                words[kind] = self.of([cell])
            at.append(labels.setdefault(words[kind], len(labels)))
        return list(labels), at
