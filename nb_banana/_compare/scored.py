"""The figures of a comparison beside its coordinates: what was measured, and what the frame knows anyway."""

from __future__ import annotations

import difflib
import math
import warnings
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import TYPE_CHECKING, Any, Final

from .._display import view
from .._images.masks import is_region
from .._result import EditResult
from .._strings import quoted, say
from ..errors import InvalidRequestError
from .table import columns as columns_of
from .table import records_of, rows

if TYPE_CHECKING:
    from pathlib import Path

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
_AGAINST: Final = ("before", "input")
_NO_FIGURES: Final = frozenset({"index", "seed", "turn", "take"})
"""Columns of numbers that measure nothing."""


@dataclass(frozen=True, slots=True, eq=False)
class Tried:
    """A measure of one call, and how it was told to measure: what comes later is measured so too.

    Attributes:
        measure: what measured.
        mask, against: as they were given.
        looked: the places of the results it has looked at.
    """

    measure: Any
    mask: Any = None
    against: str = "before"
    looked: frozenset[int] = frozenset()

    def to_dict(self) -> dict[str, Any] | None:
        """As JSON holds it; None where its name doesn't bring it back, and of a mask that is a picture."""
        usual = view("usual")(self.measure.name)
        if usual is None or usual.about != self.measure.about:
            return None
        if not (self.mask is None or is_region(self.mask)):
            return None
        mask = None if self.mask is None else list(map(float, self.mask))
        known = {"measure": self.measure.name, "version": self.measure.version, "against": self.against}
        return known | {"mask": mask, "looked": sorted(self.looked)}

    @classmethod
    def from_dict(cls, facts: Mapping[str, Any], count: int) -> Tried | None:
        """What :meth:`to_dict` gave, of so many cells; None where today's measure is another.

        Raises:
            ValueError: it is something else.
        """
        mask, looked = facts["mask"], frozenset(facts["looked"])
        region = None if mask is None else tuple(map(float, mask))
        fine = looked <= {*range(count)} and facts["against"] in _AGAINST
        if not fine or not (region is None or (len(region) == 4 and all(map(math.isfinite, region)))):
            raise ValueError("tried")
        measure = view("usual")(facts["measure"])
        same = measure is not None and measure.version == facts["version"]
        return cls(measure, region, facts["against"], looked) if same else None


@dataclass(frozen=True, slots=True)
class Scored:
    """What was measured and judged of a comparison's cells.

    Attributes:
        figures: the columns.
        meanings: how each is read.
        withheld: columns of judges of which nothing may be said, and why; ``""`` where it may.
        tried: what measured a column here, and how; the columns of a measure of one call share it.
    """

    figures: Figures = field(default_factory=dict)
    meanings: Mapping[str, Meaning] = field(default_factory=dict)
    withheld: Mapping[str, str] = field(default_factory=dict)
    tried: Mapping[str, Tried] = field(default_factory=dict, compare=False)

    def __or__(self, newer: Scored) -> Scored:
        """All columns of both; a newer one takes the place of an older."""
        return Scored(
            {**self.figures, **newer.figures},
            {**self.meanings, **newer.meanings},
            {**self.withheld, **dict.fromkeys(newer.figures, ""), **newer.withheld},
            {**self.tried, **newer.tried},
        )

    def caught_up(self, held: Held, folder: Path, columns: Collection[str] = ()) -> Scored:
        """The same with what came since such columns, or any, were measured: each as it was then, and nothing
        that was looked at is looked at again.
        """
        made = self
        tried = (self.tried[name] for name in columns or self.tried if name in self.tried)
        for late in {id(one): one for one in tried if not one.looked.issuperset(held.done)}.values():
            places = [at for at in held.done if at not in late.looked]
            pairs = pairs_of(held, late.against, late.mask)
            scores = view("score")([pairs[at] for at in places], [late.measure], 2, folder)
            now = replace(late, looked=late.looked.union(places))
            found = Scored.measured(scores, columns_of(held), now)
            theirs = {name for name, one in self.tried.items() if one is late}
            theirs |= found.figures.keys() - self.figures.keys()  # one that none of the earlier had
            figures = {}
            for name in theirs:
                whole = list(self.figures.get(name) or [None] * len(held))
                for at, value in zip(places, found.figures.get(name, ()), strict=False):
                    whole[at] = value
                figures[name] = whole
            meanings = {name: one for name, one in found.meanings.items() if name in theirs}
            made |= Scored(figures, meanings, tried=dict.fromkeys(theirs, now))
        return made

    @classmethod
    def measured(cls, scores: Any, taken: Collection[str] = (), how: Tried | None = None) -> Scored:
        """The columns of what was measured, and how; that of an untouched picture is neither good nor bad.

        One that has the name of a column in ``taken`` gets a name of its own, and that is told.
        """
        meanings, names, tried = {}, {}, {}
        by_measure = {one.name: replace(how or Tried(one), measure=one) for one in scores.measures}
        for column in scores.columns:
            names[column] = column if column not in taken else f"measured_{column}"
            if column in taken:
                warnings.warn(say("findings.taken", column=column, name=names[column]), stacklevel=3)
            of = [one for one in scores.measures if column.startswith(one.name.removesuffix("_"))]
            if of:
                one = max(of, key=lambda measure: len(measure.name))
                better = "" if column.endswith(_CEILING) else one.better
                meanings[names[column]] = Meaning(one.unit, better, one.name, one.about)
                tried[names[column]] = by_measure[one.name]
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
            "figures": {name: [as_kept(one) for one in column] for name, column in self.figures.items()},
            "meanings": {name: asdict(one) for name, one in self.meanings.items()},
            "withheld": {name: why for name, why in self.withheld.items() if why},
            "tried": [
                facts | {"columns": [name for name, other in self.tried.items() if other is one]}
                for one in dict.fromkeys(self.tried.values())
                if (facts := one.to_dict())
            ],
        }

    @classmethod
    def from_dict(cls, facts: Mapping[str, Any], count: int) -> Scored:
        """What :meth:`to_dict` gave, of so many cells.

        Raises:
            ValueError: it is something else.
        """
        figures = {str(name): [as_read(one) for one in column] for name, column in facts["figures"].items()}
        if any(len(column) != count for column in figures.values()):
            raise ValueError("figures")
        meanings = {
            str(name): Meaning(**{str(key): str(one) for key, one in of.items()})
            for name, of in facts["meanings"].items()
        }
        withheld = {str(name): str(why) for name, why in facts["withheld"].items()}
        tried = {
            str(name): one
            for each in facts.get("tried", ())
            if (one := Tried.from_dict(each, count))
            for name in each["columns"]
            if name in figures
        }
        return cls(figures, meanings, withheld, tried)


def as_kept(value: Any) -> Any:
    """A figure as JSON holds it, which knows no infinity; what it doesn't know by its words."""
    plain = value.item() if hasattr(value, "item") and getattr(value, "ndim", 0) == 0 else value
    if isinstance(plain, float) and not math.isfinite(plain):
        return {"number": str(plain)}
    return plain if plain is None or isinstance(plain, (str, bool, int, float)) else str(plain)


def as_read(kept: Any) -> Any:
    """What :func:`as_kept` gave, as it was."""
    if isinstance(kept, dict):
        return float(kept["number"])
    return kept if kept is None or isinstance(kept, (bool, int, float)) else str(kept)


def pairs_of(held: Held, against: str = "before", mask: Any = None) -> list[Any]:
    """What is measured of every cell: its result beside what it is measured against, or why there is none.

    Raises:
        InvalidRequestError: ``against`` is neither ``"before"`` nor ``"input"``.
    """
    if against not in _AGAINST:
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
