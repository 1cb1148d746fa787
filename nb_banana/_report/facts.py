"""What a report says, as values: the facts of how it was made, and the figures by condition."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

from .._compare.about import about
from .._compare.cells import varied
from .._compare.findings import Column, Finding, contrasts, infinite, summary
from .._compare.question import Question
from .._compare.scored import KNOWN, Meaning
from .._compare.table import UNITS, records_of
from .._result import EditResult
from .._strings import say
from ..errors import InvalidRequestError

if TYPE_CHECKING:
    from .._compare.held import Held
    from .._compare.outcomes import Outcomes
    from .._history.record import Record

_COMPARED: Final = ("model", "endpoint", "wire", "image_size", "aspect_ratio", "phrase", "prompt", "seed")
"""The axes a plan is made to compare, the likeliest first."""
_ALWAYS: Final = ("seconds", "cost")


@dataclass(frozen=True, slots=True)
class Report:
    """A comparison as it is written down.

    Attributes:
        held: its cells and outcomes.
        records: those of its outcomes, by id.
        question: what is compared; None where nothing varies.
        figures: what was scored, by column, for every cell.
        meanings: how each column is read.
        read: gives a column of numbers by the places of its cells.
        columns: those that are summed up.
        withheld: why nothing is said of some: a judge that gave too few scores.
    """

    held: Held
    records: Mapping[str, Record]
    question: Question | None
    figures: Mapping[str, Sequence[Any]]
    meanings: Mapping[str, Meaning]
    read: Callable[[str], Mapping[int, Any]]
    columns: tuple[str, ...]
    withheld: tuple[str, ...] = ()

    @classmethod
    def of(
        cls, came: Outcomes, question: Question | None = None, columns: Sequence[str] | None = None
    ) -> Report:
        """The report of what came; a question without an axis is about the first that varies.

        Raises:
            InvalidRequestError: there is no such axis, turn or column.
        """
        held, history = came._holder.held, came.session.history
        if question is not None and question.unit is not None:
            question.unit_of(held.cells)  # a column that is not there is said, also where nothing reads it
        varies = question_of(held)
        asked = question or varies
        if asked is not None and not asked.by:
            asked = None if varies is None else replace(asked, by=varies.by)
        scored = came._scored
        meanings = {**KNOWN, **scored.meanings}

        given = tuple(columns) if columns is not None else _telling(scored.figures, meanings, came._sayable)
        for column in given:
            came._sayable(column)
        if asked is not None:
            asked.groups(held)
        withheld = tuple(dict.fromkeys(filter(None, scored.withheld.values())))
        records = records_of(history, held)
        return cls(held, records, asked, scored.figures, meanings, came._sayable, given, withheld)

    def facts(self) -> dict[str, Any]:
        """With what, when and by whom it was made."""
        return about(self.held, self.records)

    def unit_of(self, column: str) -> str:
        """The unit of a column, as people write it."""
        if column == "cost":
            return (
                ", ".join(sorted({one.cost.currency for one in self.held.results if one.cost.amount})) or ""
            )
        return self.meanings[column].unit if column in self.meanings else UNITS.get(column, "")

    def better(self, column: str) -> str:
        """``"higher"``, ``"lower"``, or ``""`` where nobody said which is better."""
        return self.meanings[column].better if column in self.meanings else ""

    def summary(self, column: str) -> Finding:
        """A column by condition."""
        assert self.question is not None
        return summary(self.held, self.read(column), column, self.question)

    def infinite(self, column: str) -> list[str]:
        """What is to be said of its infinite figures."""
        assert self.question is not None
        return infinite(self.held, Column(column, self.read(column)), self.question)

    def contrast(self, column: str) -> Finding | None:
        """A column between every two conditions; None where there is one."""
        if self.question is None or len(self.question.groups(self.held)) < 2:
            return None
        return contrasts(self.held, self.read(column), column, self.question)

    def best(self, column: str, found: Finding | None) -> Any:
        """The condition that is better than every other one, each time significantly (Holm); None without.

        ``found`` is what :meth:`contrast` gave of the column.
        """
        better = self.better(column)
        if found is None or not better:
            return None
        wins: dict[Any, int] = {}
        rows = [row for row in found.rows if row["reading"] == "answered"]
        for row in rows:
            if row["p_holm"] is not None and row["p_holm"] < 0.05 and row["difference"]:
                second = (row["difference"] > 0) == (better == "higher")
                winner = row["second"] if second else row["first"]
                wins[winner] = wins.get(winner, 0) + 1
        others = len({name for row in rows for name in (row["first"], row["second"])}) - 1
        return next((name for name, count in wins.items() if count == others), None)

    def fell_out(self) -> dict[str, int]:
        """How many cells brought no result, by why."""
        found: dict[str, int] = {}
        for cell, outcome in zip(self.held.cells, self.held, strict=True):
            if not isinstance(outcome, EditResult):
                status = self.held.status(cell)
                why = outcome.category if outcome is not None else say("compare.word_missing")
                key = f"{say('report.impossible')}: {why}" if status == "impossible" else why
                found[key] = found.get(key, 0) + 1
        return found

    @property
    def is_sandbox(self) -> bool:
        """Whether any of it was made by the offline stand-in."""
        return any(one.sandbox for one in self.held.results)


def question_of(held: Held) -> Question | None:
    """What a plan compares: the first axis that varies, or a column of one's own; None where nothing does."""
    found = set(varied(held.cells))
    for axis in _COMPARED:
        if axis in found:
            return Question(axis)
    return Question("image") if "image" in found else None


def _telling(
    figures: Mapping[str, Sequence[Any]], meanings: Mapping[str, Meaning],
    read: Callable[[str], Mapping[int, Any]],
) -> tuple[str, ...]:  # fmt: skip
    """The columns of which one end is better, and what was paid and waited."""
    scored = [name for name in figures if name in meanings and meanings[name].better]
    found = []
    for name in (*scored, *_ALWAYS):
        try:
            values = [one for one in read(name).values() if one is not None]
        except InvalidRequestError:  # nothing was measured, or nobody knows what it cost
            continue
        if values and all(isinstance(one, (bool, int, float)) for one in values):
            found.append(name)
    return tuple(found)
