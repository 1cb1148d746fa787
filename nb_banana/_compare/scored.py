"""The figures of a comparison beside its coordinates: what was measured, and what the frame knows anyway."""

from __future__ import annotations

import difflib
import math
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

from .._strings import say
from ..errors import InvalidRequestError
from .table import records_of, rows

if TYPE_CHECKING:
    from .._history.book import History
    from .held import Held

Figures = Mapping[str, Sequence[Any]]
"""By its column, a figure for every cell, in plan order; None where there is none."""
_NO_FIGURES: Final = frozenset({"index", "seed", "turn", "take"})
"""Columns of numbers that measure nothing."""


def pairs_of(held: Held) -> list[Any]:
    """What is measured of every cell: its result, or why there is none."""
    missing = InvalidRequestError(say("compare.word_missing"))
    return [missing if one is None else one for one in held]


def figures_of(scores: Any) -> Figures:
    """The columns of what was measured."""
    return {column: [row[column] for row in scores] for column in scores.columns}


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
