"""What others published of these benchmarks, and how much of it is more than chance."""

from __future__ import annotations

import math
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from itertools import pairwise
from statistics import NormalDist
from typing import Any, Final

from .. import _text
from .._compare.intervals import wilson
from .._strings import quoted, say
from ..errors import InvalidRequestError
from .values import Rows

_REAL: Final = 0.05
_COLUMNS: Final = ("benchmark", "measure", "model", "value", "interval", "readings", "source")


@dataclass(frozen=True, slots=True)
class Row:
    """A published figure.

    Attributes:
        benchmark, measure, model: what it is of.
        value: the figure, in ``unit``.
        unit: its scale.
        judge: who judged.
        source, read: where it stands, and the day it was read there.
        yes, count: for a share, the items behind it, rebuilt from its parts; else None.
        low, high: Wilson's 95 % interval of a share, in ``unit``; None of a mean, without its spread.
        readings: what its published parts give by each definition of "overall" in use.
    """

    benchmark: str
    measure: str
    model: str
    value: float
    unit: str
    judge: str
    source: str
    read: str
    yes: int | None = None
    count: int | None = None
    low: float | None = None
    high: float | None = None
    readings: Mapping[str, float] | None = None


@dataclass(frozen=True, slots=True)
class Rank:
    """Two neighbours of a list: is the order more than chance?

    Attributes:
        above, below: the models.
        difference: above minus below, in the unit.
        p: two-sided, of two shares; corrected by Holm over the list's neighbours; None where nobody can tell.
        told: the sentence.
        real: whether the order is shown; None where nobody can tell.
    """

    above: str
    below: str
    difference: float
    p: float | None
    told: str
    real: bool | None


class Published(Rows[Row]):
    """Published figures; ``ranks`` and ``drift`` say what they are worth."""

    __slots__ = ("drift", "ranks")

    def __init__(self, rows: Sequence[Row], ranks: Sequence[Rank], drift: Sequence[str]) -> None:
        super().__init__(rows)
        self.ranks, self.drift = tuple(ranks), tuple(drift)

    def _cells(self) -> list[tuple[str, ...]]:
        head = tuple(say(f"bench.published_{name}") for name in _COLUMNS)
        return [head, *(_cell(one) for one in self.rows)]

    def __repr__(self) -> str:
        ranks = [one.told for one in self.ranks]
        return "\n".join((*_text.aligned(self._cells(), rule="─"), "", *ranks, "", *self.drift))

    def to_markdown(self) -> str:
        """The figures as a Markdown table."""
        head, *rows = ("| " + " | ".join(cells) + " |" for cells in self._cells())
        return "\n".join((head, "|" + " --- |" * len(_COLUMNS), *rows))


def _cell(one: Row) -> tuple[str, ...]:
    readings = ", ".join(f"{name} {value:.3f}" for name, value in (one.readings or {}).items())
    value, source = f"{one.value:g} ({one.unit})", f"{one.source} ({one.read})"
    return one.benchmark, one.measure, one.model, value, _shown(one), readings, source


def _shown(row: Row) -> str:
    return (
        say("bench.no_interval") if row.low is None or row.high is None else f"{row.low:.1f}–{row.high:.1f}"
    )


@cache
def _data() -> Mapping[str, Any]:
    return tomllib.loads(files(__package__).joinpath("published.toml").read_text(encoding="utf-8"))


def published(benchmark: str | None = None) -> Published:
    """The figures of one benchmark, or of all.

    Raises:
        InvalidRequestError: none are held of it.
    """
    known = tuple(dict.fromkeys(one["benchmark"] for one in _data()["set"]))
    if benchmark not in (None, *known):
        raise InvalidRequestError(
            say("bench.none_published", value=quoted(benchmark)),
            hint=say("bench.known", names=", ".join(known)),
        )
    sets = [one for one in _data()["set"] if benchmark in (None, one["benchmark"])]
    rows = [(one, list(_rows(one))) for one in sets]
    ranks = [rank for one, held in rows for rank in _ranks(one["benchmark"], held)]
    drift = [_told(one) for one in _data()["drift"] if benchmark in (None, one["benchmark"])]
    return Published([row for _, held in rows for row in held], ranks, drift)


def _rows(given: Mapping[str, Any]) -> Iterator[Row]:
    names = ("benchmark", "measure", "unit", "judge", "source", "read")
    common = {name: given[name] for name in names}
    sizes = list(given.get("counts", {}).values())
    for one in given["rows"]:
        yes = count = low = high = readings = None
        if given["unit"] == "%":
            yes, count = counted(one["parts"], sizes)
            low, high = (100 * end for end in wilson(yes / count, count))
        elif sizes:
            readings = {
                say("bench.of_types", types=len(sizes)): sum(one["parts"]) / len(sizes),
                say("bench.of_items", count=sum(sizes)): sum(map(math.prod, zip(one["parts"], sizes)))
                / sum(sizes),
            }
        yield Row(
            model=one["model"],
            value=one["value"],
            yes=yes,
            count=count,
            low=low,
            high=high,
            readings=readings,
            **common,
        )


def counted(parts: Sequence[float], sizes: Sequence[int]) -> tuple[int, int]:
    """How many of how many, from the percentages of the kinds: each is a whole number of items."""
    return sum(round(part * size / 100) for part, size in zip(parts, sizes, strict=True)), sum(sizes)


def _ranks(benchmark: str, rows: Sequence[Row]) -> Iterator[Rank]:
    """Every two neighbours of a list, the highest first."""
    pairs = list(pairwise(sorted(rows, key=lambda one: -one.value)))
    steps = [float(one["by"]) for one in _data()["drift"] if one["benchmark"] == benchmark and "by" in one]
    ps = _holm([_p(one, other) for one, other in pairs])
    for (one, other), p in zip(pairs, ps):
        difference = one.value - other.value
        facts = {"above": one.model, "below": other.model, "difference": f"{difference:.2g}"}
        if p is not None:
            real: bool | None = p < _REAL
            told = say("bench.rank_real" if real else "bench.rank_chance", p=f"{p:.2g}", **facts)
        else:
            real, far = None, max(steps, default=0.0)
            key = "within" if difference <= far else "unknown" if steps else "alone"
            key = f"bench.rank_{key}"
            told = say(key, far=f"{far:g}", **facts)
        yield Rank(one.model, other.model, difference, p, told, real)


def _p(one: Row, other: Row) -> float | None:
    """Two-sided, that two shares differ by chance alone.

    The items are the same on both sides, but who solved which was not published: an unpaired test it is,
    which tells a little less than a paired one would.
    """
    if one.yes is None or other.yes is None or not one.count or not other.count:
        return None
    both = (one.yes + other.yes) / (one.count + other.count)
    spread = math.sqrt(both * (1 - both) * (1 / one.count + 1 / other.count))
    return (
        2 * (1 - NormalDist().cdf(abs(one.yes / one.count - other.yes / other.count) / spread))
        if spread
        else 1.0
    )


def _holm(ps: Sequence[float | None]) -> list[float | None]:
    """Corrected for being several."""
    found = sorted((p, place) for place, p in enumerate(ps) if p is not None)
    corrected: list[float | None] = [None] * len(ps)
    highest = 0.0
    for rank, (p, place) in enumerate(found):
        highest = max(highest, min(1.0, p * (len(found) - rank)))
        corrected[place] = highest
    return corrected


def _told(one: Mapping[str, Any]) -> str:
    by = f"{one['by']:g}" if "by" in one else "?"
    return say(
        "bench.drift",
        benchmark=one["benchmark"],
        by=by,
        what=say(f"bench.drift_{one['what']}"),
        source=one["source"],
    )
