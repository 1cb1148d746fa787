"""All that is known of one cell of a comparison, in words and as Python: what its large view shows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .. import _text
from .._compare.cells import AXES, Cell
from .._result import EditResult
from .._strings import say
from ..errors import NanoBananaError
from .grid_page import STATUSES, columns_of, status_of
from .shown import literal

if TYPE_CHECKING:
    from .._compare.held import Outcome
    from .._images.data import ImageData


def facts(cell: Cell, outcome: Outcome, impossible: bool, spoken: tuple[Any, Any]) -> list[list[str]]:
    """What was asked of a cell and what came, as labels and values; empty ones are left out."""
    asked = {say(f"compare.axis_{axis}"): cell.shown(axis) for axis in AXES if axis != "prompt"}
    status = say(f"grid.page_{STATUSES[status_of(outcome, impossible)]}")
    found = {say("grid.fact_status"): status, **asked, **columns_of(cell), **_came(outcome)}
    found[say("grid.fact_place")] = " · ".join(filter(None, map(str, filter(None, spoken))))
    return [[name, str(value)] for name, value in found.items() if value not in (None, "")]


def _came(outcome: Outcome) -> dict[str, str]:
    if isinstance(outcome, EditResult):
        width, height = outcome.image.shown_size
        kind = outcome.image.mime_type.partition("/")[2].upper()
        size, bytes_ = say("images.size", width=width, height=height), _text.amount(outcome.image.byte_count)
        cost = say("grid.replayed") if outcome.replayed else ""
        made = {
            "answered": outcome.model or "",
            "got": f"{size} {kind} {bytes_}",
            "seconds": _text.seconds(outcome.elapsed),
            "cost": cost or _text.money(outcome.cost, sandbox=outcome.sandbox),
            "text": outcome.text,
            "record": outcome.record_id or "",
        }
    elif isinstance(outcome, NanoBananaError):
        billed = say("grid.may_be_billed") if outcome.may_be_billed else ""
        made = {"category": outcome.category, "cost": billed, "hint": getattr(outcome, "hint", None) or ""}
    else:
        made = {}
    return {say(f"grid.fact_{name}"): value for name, value in made.items()}


def code(cell: Cell, outcome: Outcome, given: ImageData | None) -> str:
    """The Python of a cell: this very result from the history, and the edit that makes it again.

    ``given`` is what it edits; in a chain that is None until the step before has a picture.
    """
    if isinstance(outcome, EditResult):
        again = outcome.to_python()
    elif cell.after is not None and given is None:
        return f"# {say('grid.code_after', index=cell.after)}\n"
    else:
        before = None if cell.after is None else given
        try:
            again = EditResult(images=(), request=cell.request(before), take=cell.take).to_python()
        except NanoBananaError as error:
            return f"# {_text.one_line(error.message)}\n"
    lines = again.splitlines()
    place = say("grid.code_place", endpoint=cell.endpoint or "–", wire=cell.wire or "–")
    elsewhere = [f"# {place}"] if cell.endpoint or cell.wire else []
    if not isinstance(outcome, EditResult) or outcome.record_id is None:
        return "\n".join([*lines[:2], *elsewhere, *lines[2:], ""])
    kept = f"result = nb.history()[{literal(outcome.record_id)}]  # {say('grid.code_kept')}"
    return "\n".join([*lines[:2], kept, "", f"# {say('grid.code_again')}", *elsewhere, *lines[2:], ""])


def name_of(cell: Cell, axes: list[str]) -> str:
    """What a cell is called: its coordinates along these axes."""
    words = []
    for axis in axes:
        value = cell.shown(axis)
        named = f"{say(f'compare.axis_{axis}')} {value}" if isinstance(value, int) else value
        words.append(_text.shortened(say("compare.default") if named is None else str(named), 60))
    return " · ".join(words) or f"#{cell.index}"
