"""The figures of a comparison beside its coordinates: what was measured, and what the frame knows anyway."""

from __future__ import annotations

import difflib
import math
import warnings
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
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
_MOST: Final = 10**300
"""Of whole numbers: a larger one is no floating-point number."""
_NO_FIGURES: Final = frozenset({"index", "seed", "turn", "take"})
"""Columns of numbers that measure nothing."""


@dataclass(frozen=True, slots=True)
class Scored:
    """What was measured and judged of a comparison's cells.

    Attributes:
        figures: the columns.
        meanings: how each is read.
        withheld: columns of judges of which nothing may be said, and why; ``""`` where it may.
        tried: what measured a column here, and the places of the results it has looked at.
    """

    figures: Figures = field(default_factory=dict)
    meanings: Mapping[str, Meaning] = field(default_factory=dict)
    withheld: Mapping[str, str] = field(default_factory=dict)
    tried: Mapping[str, tuple[Any, frozenset[int]]] = field(default_factory=dict, compare=False)

    def __or__(self, newer: Scored) -> Scored:
        """All columns of both; a newer one takes the place of an older."""
        return Scored(
            {**self.figures, **newer.figures},
            {**self.meanings, **newer.meanings},
            {**self.withheld, **dict.fromkeys(newer.figures, ""), **newer.withheld},
            {**self.tried, **newer.tried},
        )

    def behind(self, done: Collection[int], columns: Collection[str] = ()) -> list[Any]:
        """What measured such columns, or any, and has not looked at all results that are ``done`` by now."""
        tried = [self.tried[name] for name in columns or self.tried if name in self.tried]
        late = (measure for measure, looked in tried if not looked.issuperset(done))
        return list({measure.name: measure for measure in late}.values())

    @classmethod
    def measured(cls, scores: Any, taken: Collection[str] = (), done: Iterable[int] = ()) -> Scored:
        """The columns of what was measured, of the results ``done``; that of an untouched picture is neither
        good nor bad.

        One that has the name of a column in ``taken`` gets a name of its own, and that is told.
        """
        meanings, names, tried, looked = {}, {}, {}, frozenset(done)
        for column in scores.columns:
            names[column] = column if column not in taken else f"measured_{column}"
            if column in taken:
                warnings.warn(say("findings.taken", column=column, name=names[column]), stacklevel=3)
            of = [one for one in scores.measures if column.startswith(one.name.removesuffix("_"))]
            if of:
                one = max(of, key=lambda measure: len(measure.name))
                better = "" if column.endswith(_CEILING) else one.better
                meanings[names[column]] = Meaning(one.unit, better, one.name, one.about)
                tried[names[column]] = one, looked
        figures = {name: [row[column] for row in scores] for column, name in names.items()}
        return cls(figures, meanings, tried=tried)

    @classmethod
    def judged(cls, judged: Any) -> Scored:
        """The columns of what a judge said."""
        meanings = dict.fromkeys(judged.figures, Meaning(better="higher"))
        return cls(judged.figures, meanings, dict.fromkeys(judged.figures, judged.withheld))

    def to_dict(self) -> dict[str, Any]:
        """As JSON holds it."""
        return {
            "figures": {name: [_plain(one) for one in column] for name, column in self.figures.items()},
            "meanings": {name: asdict(one) for name, one in self.meanings.items()},
            "withheld": {name: why for name, why in self.withheld.items() if why},
        }

    @classmethod
    def from_dict(cls, facts: Mapping[str, Any], count: int) -> Scored:
        """What :meth:`to_dict` gave, of so many cells.

        Raises:
            ValueError: it is something else.
        """
        figures = {str(name): [_figure(one) for one in column] for name, column in facts["figures"].items()}
        if any(len(column) != count for column in figures.values()):
            raise ValueError("figures")
        meanings = {
            str(name): Meaning(**{str(key): str(one) for key, one in of.items()})
            for name, of in facts["meanings"].items()
        }
        return cls(figures, meanings, {str(name): str(why) for name, why in facts["withheld"].items()})


def _plain(value: Any) -> Any:
    """A figure as JSON holds it, which knows no infinity; what it doesn't know by its words."""
    plain = value.item() if hasattr(value, "item") else value
    if isinstance(plain, float) and not math.isfinite(plain):
        return {"number": str(plain)}
    return plain if plain is None or isinstance(plain, (str, bool, int, float)) else str(plain)


def _figure(kept: Any) -> Any:
    if isinstance(kept, dict):
        return float(kept["number"])
    return kept if kept is None or isinstance(kept, (bool, int, float)) else str(kept)


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


def column_of(held: Held, history: History, figures: Figures, name: str) -> dict[int, Any]:
    """A column of numbers, or of yes and no, by the place of its cell.

    Raises:
        InvalidRequestError: there is no such column.
    """
    if name in figures and _is_figures(figures[name], empty=True):
        return dict(enumerate(figures[name]))
    table = list(rows(held, records_of(history, held), look=False))
    if name in figures or not _counts(name, table):
        own = (one for one in (table[0] if table else ()) if _counts(one, table))
        known = [*(one for one in figures if _is_figures(figures[one])), *own]
        near = difflib.get_close_matches(name, known, 1)
        listed = ", ".join([*near, *(one for one in known if one not in near)][:12])
        raise InvalidRequestError(say("findings.no_column", column=name, known=listed or "–"))
    return {at: row[name] for at, row in enumerate(table)}


def _counts(name: str, table: Iterable[Mapping[str, Any]]) -> bool:
    return name not in _NO_FIGURES and _is_figures([row.get(name) for row in table])


def _is_figures(values: Sequence[Any], *, empty: bool = False) -> bool:
    """Whether all that is there are numbers that can be reckoned with, or yes and no."""
    there = [one for one in values if one is not None and not (isinstance(one, float) and math.isnan(one))]
    counted = (isinstance(one, (bool, float)) or (isinstance(one, int) and abs(one) < _MOST) for one in there)
    return (bool(there) or empty) and all(counted)
