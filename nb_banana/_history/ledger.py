"""What was spent and what was saved, in exact decimals; what has no known price is counted."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from .._catalog.cost import Cost
from .._catalog.spending import NOTHING, Spending
from .._strings import say
from .._text import plain
from .claims import MINE
from .record import amount_of, cost_of

# Amounts are added in Python: SQLite's numbers are binary. Equal amounts are counted first, so
# that a hundred thousand records make a handful of rows.
_SPENT: Final = f"""
    SELECT date(started, 'localtime') AS day, model_sent AS model, billing, sandbox,
           currency, amount, certain, cost_source, cost_as_of, count(*) AS count
    FROM records INDEXED BY ledger
    WHERE billing IN ('paid', 'blocked_paid', 'maybe_paid') AND status != 'running' AND started >= ?
      AND (? IS NULL OR notebook = ?) AND {MINE}
    GROUP BY 1, 2, 3, 4, 5, 6, 7, 8, 9"""
_SAVED: Final = """
    SELECT date(time, 'localtime') AS day, model, currency, amount, count(*) AS count
    FROM replays WHERE time >= ? AND (? IS NULL OR notebook = ?) GROUP BY 1, 2, 3, 4"""


@dataclass(slots=True)
class Total:
    """One line of the ledger: a day and a model."""

    day: str
    model: str
    paid: Spending = NOTHING
    blocked_paid: Spending = NOTHING
    maybe_paid: Spending = NOTHING
    saved: Spending = NOTHING
    paid_count: int = 0
    blocked_paid_count: int = 0
    maybe_paid_count: int = 0
    replays: int = 0

    @property
    def billed(self) -> Spending:
        """All that was or may have been billed."""
        return self.paid + self.blocked_paid + self.maybe_paid


def totals(connection: sqlite3.Connection, since: str, notebook: str | None) -> list[Total]:
    """The lines of the ledger from a moment on, by day and model."""
    lines: dict[tuple[str, str], Total] = {}

    def line(row: sqlite3.Row) -> Total:
        name = (row["day"], row["model"])
        return lines.setdefault(name, Total(*name))

    for row in connection.execute(_SPENT, (since, notebook, notebook)):
        total, kind, cost = line(row), row["billing"], cost_of(row)
        setattr(total, kind, getattr(total, kind) + _times(cost, row["count"]))
        setattr(total, f"{kind}_count", getattr(total, f"{kind}_count") + row["count"])
    for row in connection.execute(_SAVED, (since, notebook, notebook)):
        total = line(row)
        total.saved += _times(_saved_by(row), row["count"])
        total.replays += row["count"]
    return [lines[name] for name in sorted(lines)]


def _times(cost: Cost | None, count: int) -> Spending:
    return Spending.of([cost] if cost else []) * count


def _saved_by(row: sqlite3.Row) -> Cost | None:
    """What one replay would have cost; no currency means that its record was free."""
    if not row["currency"]:
        return None
    return Cost(amount_of(row["amount"]), row["currency"])


class Ledger:
    """What a history's edits cost, read anew each time it is looked at."""

    def __init__(self, totals: Callable[[], Sequence[Total]]) -> None:
        self._totals = totals

    @property
    def lines(self) -> tuple[Total, ...]:
        """One line per day and model, newest day first."""
        return tuple(sorted(self._totals(), key=lambda line: (line.day, line.model), reverse=True))

    @property
    def paid(self) -> Spending:
        """Pictures that came and were paid."""
        return self._sum("paid")

    @property
    def blocked_paid(self) -> Spending:
        """Answers without a picture that the provider may charge all the same."""
        return self._sum("blocked_paid")

    @property
    def maybe_paid(self) -> Spending:
        """Requests whose answer never came: the provider may have run them."""
        return self._sum("maybe_paid")

    @property
    def saved(self) -> Spending:
        """What replays would have cost."""
        return self._sum("saved")

    @property
    def total(self) -> Spending:
        """All that was or may have been billed."""
        return self._sum("billed")

    def by_model(self) -> dict[str, Spending]:
        """What was or may have been billed, by model."""
        return self._by("model")

    def by_day(self) -> dict[str, Spending]:
        """What was or may have been billed, by local day."""
        return self._by("day")

    def _sum(self, kind: str) -> Spending:
        return Spending.of(getattr(line, kind) for line in self.lines)

    def _by(self, field: str) -> dict[str, Spending]:
        found: dict[str, Spending] = {}
        for line in self.lines:
            if line.paid_count + line.blocked_paid_count + line.maybe_paid_count:
                name = getattr(line, field)
                found[name] = found.get(name, NOTHING) + line.billed
        return found

    def __str__(self) -> str:
        rows = [(say(f"ledger.{name}"), str(getattr(self, name))) for name in _KINDS]
        width = max(len(name) for name, _ in rows)
        lines = [f"{name:<{width}}  {amount}" for name, amount in rows]
        lines += [f"  {day}  {amount}" for day, amount in self.by_day().items()]
        lines += [f"  {model}  {amount}" for model, amount in self.by_model().items()]
        return plain("\n".join(lines))

    __repr__ = __str__


_KINDS: Final = ("paid", "blocked_paid", "maybe_paid", "saved")
