"""The figures of a comparison beside its coordinates: what was measured, and what the frame knows anyway."""

from __future__ import annotations

import difflib
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from .._display import view
from .._result import EditResult
from .._strings import quoted, say
from ..errors import InvalidRequestError
from .table import records_of, rows

if TYPE_CHECKING:
    from .._history.book import History
    from .held import Held

Figures = Mapping[str, Sequence[Any]]
"""By its column, a figure for every cell, in plan order; None where there is none."""


@dataclass(frozen=True, slots=True)
class Meaning:
    """How a column of figures is read.

    Attributes:
        unit: such as ``"dB"``; ``""`` where it has none.
        better: ``"higher"``, ``"lower"``, or ``""`` where neither is.
        measure: the name of what measured it.
        about: the key of the sentence that says how the figure is reached; ``""`` where there is none.
    """

    unit: str = ""
    better: str = ""
    measure: str = ""
    about: str = ""

    def convention(self, names: str) -> str:
        """How the figure is reached, of the measures called so, as a sentence."""
        return say(f"measures.{self.about}", name=names) if self.about else ""


KNOWN: Final[Mapping[str, Meaning]] = {
    "seconds": Meaning("s", "lower"), "cost": Meaning("", "lower"), "attempts": Meaning("", "lower"),
}  # fmt: skip
"""Columns of the frame of which less is better."""
_CEILING: Final = "_ceiling"
_NO_FIGURES: Final = frozenset({"index", "seed", "turn", "take"})
"""Columns of numbers that measure nothing."""


def pairs_of(held: Held, against: str = "before", mask: Any = None) -> list[Any]:
    """What is measured of every cell: its result beside what it is measured against, or why there is none.

    Raises:
        InvalidRequestError: ``against`` is neither ``"before"`` nor ``"input"``.
    """
    if against not in ("before", "input"):
        raise InvalidRequestError(say("findings.bad_against", value=quoted(against)))
    found: list[Any] = []
    for cell, outcome in zip(held.cells, held, strict=True):
        if isinstance(outcome, EditResult):
            first = cell.source.images[0] if against == "input" and cell.source.images else None
            found.append(view("pair")(outcome, first, mask))
        else:
            found.append(outcome or InvalidRequestError(say("compare.word_missing")))
    return found


def figures_of(scores: Any) -> Figures:
    """The columns of what was measured."""
    return {column: [row[column] for row in scores] for column in scores.columns}


def meanings_of(scores: Any) -> dict[str, Meaning]:
    """How each column of what was measured is read; that of an untouched picture is neither good nor bad."""
    found = {}
    for column in scores.columns:
        of = [one for one in scores.measures if column.startswith(one.name.removesuffix("_"))]
        if of:
            one = max(of, key=lambda measure: len(measure.name))
            better = "" if column.endswith(_CEILING) else one.better
            found[column] = Meaning(one.unit, better, one.name, one.about)
    return found


def column_of(held: Held, history: History, figures: Figures, name: str) -> dict[int, Any]:
    """A column of numbers, or of yes and no, by the place of its cell.

    Raises:
        InvalidRequestError: there is no such column.
    """
    if name in figures:
        return dict(enumerate(figures[name]))
    table = list(rows(held, records_of(history, held), look=False))
    if not _counts(name, table):
        known = [*figures, *(one for one in (table[0] if table else ()) if _counts(one, table))]
        near = difflib.get_close_matches(name, known, 1)
        listed = ", ".join([*near, *(one for one in known if one not in near)][:12])
        raise InvalidRequestError(say("findings.no_column", column=name, known=listed or "–"))
    return {at: row[name] for at, row in enumerate(table)}


def _counts(name: str, table: Iterable[Mapping[str, Any]]) -> bool:
    return name not in _NO_FIGURES and _is_figures([row.get(name) for row in table])


def _is_figures(values: Sequence[Any]) -> bool:
    there = [one for one in values if one is not None and not (isinstance(one, float) and math.isnan(one))]
    return bool(there) and all(isinstance(one, (bool, int, float)) for one in there)
