"""Summaries and contrasts of a comparison: numbers, or yes and no, by the values of an axis.

Rules of this file:

* A unit is what was edited, as units.py tells it; or what a column of one's own says, where the wording
  itself is what differs. Takes, seeds and whatever else varies are averaged inside of it.
* Two groups are compared on what both have: the same unit under the same further conditions.
* An infinite figure (the PSNR of two equal pictures) is in no mean, for it would be all of it. It is said.
* A cell that was refused, failed or not run is no number. It is counted; and of yes and no there is a second
  reading, in which what was refused or failed is a no.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from importlib import import_module
from itertools import combinations
from typing import TYPE_CHECKING, Any

from .. import _text
from .._strings import say
from ..errors import InvalidRequestError
from .cells import Cell
from .power import FEW
from .question import Question
from .statistics import Contrast, Estimate, Values, contrast, corrected, mean, share

if TYPE_CHECKING:
    from .held import Held

Number = float | bool | None
_Key = tuple[Hashable, Hashable]
"""Which edit it is of, and the further conditions it was made under."""
_Place = Callable[[Cell], _Key]


@dataclass(frozen=True, slots=True)
class Column:
    """What is asked of every cell: a number, yes or no, or None where it brought none."""

    name: str
    by_cell: Mapping[int, Number]

    @property
    def yes_or_no(self) -> bool:
        """Whether it holds nothing but yes and no."""
        found = {type(one) for one in self.by_cell.values() if one is not None}
        return found == {bool}


@dataclass(frozen=True, slots=True, repr=False)
class Finding:
    """A table of findings: rows for a frame, and what they mean in words.

    Attributes:
        rows: one mapping per line of the table; its keys are the columns.
        sentences: what is to be said of it, in plain words.
    """

    rows: tuple[Mapping[str, Any], ...]
    sentences: tuple[str, ...] = ()

    def to_dataframe(self) -> Any:
        """The rows as a pandas ``DataFrame``."""
        return import_module("pandas").DataFrame(list(self.rows))

    def __repr__(self) -> str:
        head = list(self.rows[0]) if self.rows else []
        table = [head, *([_shown(one[name]) for name in head] for one in self.rows)]
        return _text.plain("\n".join([*_text.aligned(table), *self.sentences]))


def summary(held: Held, by_cell: Mapping[int, Number], name: str, question: Question) -> Finding:
    """Mean or share of each value of ``question.by``, with interval, units, takes and what is missing.

    Raises:
        InvalidRequestError: there is no such axis, column or turn.
    """
    column, rows = Column(name, by_cell), []
    place = question.place_of(held.cells)
    for value, cells in question.groups(held).items():
        values, missing = _values(column, cells, place)
        rows.append({question.by: value} | _estimated((share if column.yes_or_no else mean)(values, missing)))
        if column.yes_or_no:
            strict, _ = _values(_strict(column, held), cells, place)
            rows[-1] |= {"failures_as_no": share(strict).value}
    few = [str(row[question.by]) for row in rows if row["units"] < FEW]
    told = [say("findings.few", names=", ".join(few), least=FEW)] if few else []
    return Finding(tuple(rows), (*told, *infinite(held, column, question)))


def infinite(held: Held, column: Column, question: Question) -> list[str]:
    """What is said of figures that are infinite, a sentence for each value that has some."""
    counts = {
        value: sum(math.isinf(column.by_cell.get(cell.index) or 0) for cell in cells)
        for value, cells in question.groups(held).items()
    }
    return [
        say("findings.infinite", column=column.name, value=value, count=count)
        for value, count in counts.items() if count
    ]  # fmt: skip


def contrasts(held: Held, by_cell: Mapping[int, Number], name: str, question: Question) -> Finding:
    """Every two values of ``question.by`` compared, unit by unit.

    Raises:
        InvalidRequestError: there is no such axis, column or turn, or it has one value.
    """
    column, named = Column(name, by_cell), question.groups(held)
    if len(named) < 2:
        raise InvalidRequestError(say("findings.one_value", by=question.by, value=next(iter(named), "")))
    readings = {"answered": column} | ({"failures_as_no": _strict(column, held)} if column.yes_or_no else {})
    place, rows, sentences = question.place_of(held.cells), [], []
    for reading, values in readings.items():
        pairs = combinations(((value, _takes(values, cells, place)) for value, cells in named.items()), 2)
        for one in corrected([_paired(*pair, column.yes_or_no) for pair in pairs]):
            rows.append(_contrasted(one, reading))
            sentences.append(_sentence(one, column, reading))
    return Finding(tuple(rows), (*sentences, *infinite(held, column, question)))


def _takes(column: Column, cells: Sequence[Cell], place: _Place) -> dict[_Key, list[float]]:
    """The numbers of the takes, by unit and by the further conditions they were made under."""
    found: dict[_Key, list[float]] = {}
    for cell in cells:
        value = column.by_cell.get(cell.index)
        if value is not None and math.isfinite(value):
            found.setdefault(place(cell), []).append(float(value))
    return found


def _values(column: Column, cells: Sequence[Cell], place: _Place) -> tuple[Values, int]:
    """The numbers by unit, and how many cells brought none."""
    units: dict[Hashable, list[float]] = {}
    takes = _takes(column, cells, place)
    for (unit, _), values in takes.items():
        units.setdefault(unit, []).extend(values)
    return units, len(cells) - sum(map(len, takes.values()))


def _paired(
    first: tuple[Hashable, dict[_Key, list[float]]], second: tuple[Hashable, dict[_Key, list[float]]],
    shares: bool,
) -> Contrast:  # fmt: skip
    """Two groups on the units and conditions both have; the mean of each condition counts the same."""
    common = first[1].keys() & second[1].keys()
    one, other = ((name, _by_unit(takes, common)) for name, takes in (first, second))
    found = contrast(one, other, shares=shares)
    alone = {unit for unit, _ in first[1].keys() ^ second[1].keys()} - {unit for unit, _ in common}
    return replace(found, left_out=len(alone))


def _by_unit(takes: Mapping[_Key, list[float]], common: Iterable[_Key]) -> dict[Hashable, list[float]]:
    units: dict[Hashable, list[float]] = {}
    for unit, further in common:
        values = takes[unit, further]
        units.setdefault(unit, []).append(sum(values) / len(values))
    return units


def _strict(column: Column, held: Held) -> Column:
    """The second reading of yes and no: what failed is a no; what nobody has asked, or looked at, is none."""
    read = {
        cell.index: False if answer is None and held.status(cell) in ("failed", "impossible") else answer
        for cell in held.cells
        for answer in (column.by_cell.get(cell.index),)
    }
    return Column(column.name, read)


# --- in words ------------------------------------------------------------------------------------


def _estimated(one: Estimate) -> dict[str, Any]:
    return {
        "mean": one.value, "low": one.low, "high": one.high, "units": one.units, "takes": one.takes,
        "missing": one.missing, "interval": one.how,
    }  # fmt: skip


def _contrasted(one: Contrast, reading: str) -> dict[str, Any]:
    return {
        "first": one.first, "second": one.second, "difference": one.difference, "low": one.low,
        "high": one.high, "p": one.p, "p_holm": one.p_holm, "d_z": one.d_z, "units": one.units,
        "left_out": one.left_out, "reading": reading,
    }  # fmt: skip


def _sentence(one: Contrast, column: Column, reading: str) -> str:
    """What a contrast shows, in one plain sentence; "lower by" goes with how much lower, not with a minus.

    The interval is the pair's own, the verdict that of all pairs at once and of a test of its own: a sentence
    says where they differ.
    """
    key = _verdict(one)
    difference, low, high = one.difference, one.low, one.high
    if key == "less":
        difference, low, high = (None if value is None else -value for value in (difference, high, low))
    ends = {"low": _shown(low), "high": _shown(high)}
    words = {
        "column": column.name, "first": one.first, "second": one.second, "units": one.units, "least": FEW,
        "difference": _shown(difference), "p": "" if one.p_holm is None else f"{one.p_holm:.2g}",
        "interval": say("findings.steady") if low is None else say("findings.interval", **ends),
        "reading": say(f"findings.{reading}"),
    }  # fmt: skip
    return say(f"findings.{key}", **words, **ends)


def _verdict(one: Contrast) -> str:
    """Which sentence says what a contrast shows."""
    if one.told is None:
        return "too_few" if one.units else "nothing_common"
    if one.told:
        return "more" if (one.difference or 0) > 0 else "less"
    if one.told_alone:
        return "one_of_several"
    if one.low is None or one.high is None:
        return "each_differs" if one.difference else "each_same"
    return "no_difference" if one.low <= 0 <= one.high else "close"


def _shown(value: Any) -> str:
    if value is None:
        return "–"
    return f"{value:.3g}" if isinstance(value, float) else str(value)
