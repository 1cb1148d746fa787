"""What was spent and what was saved, in exact decimals."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final, Protocol

from .._messages import Cost
from .._strings import say

# Amounts are added in Python: SQLite's numbers are binary. Equal amounts are counted first, so
# that a hundred thousand records make a handful of rows.
_SPENT: Final = """
    SELECT date(started, 'localtime') AS day, model_sent AS model, currency, billing, amount,
           count(*) AS count
    FROM records INDEXED BY ledger
    WHERE billing IN ('paid', 'blocked_paid', 'maybe_paid') AND status != 'running' AND started >= ?
      AND (? IS NULL OR notebook = ?)
    GROUP BY 1, 2, 3, 4, 5"""
_SAVED: Final = """
    SELECT date(time, 'localtime') AS day, model, currency, amount, count(*) AS count
    FROM replays WHERE time >= ? AND (? IS NULL OR notebook = ?) GROUP BY 1, 2, 3, 4"""


@dataclass(slots=True)
class Total:
    """One line of the ledger: a day, a model, a currency.

    ``unpriced`` counts the attempts among the paid and maybe paid whose price nobody knows.
    """

    day: str
    model: str
    currency: str
    paid: Decimal = Decimal(0)
    blocked_paid: Decimal = Decimal(0)
    maybe_paid: Decimal = Decimal(0)
    saved: Decimal = Decimal(0)
    paid_count: int = 0
    blocked_paid_count: int = 0
    maybe_paid_count: int = 0
    replays: int = 0
    unpriced: int = 0


def totals(connection: sqlite3.Connection, since: str, notebook: str | None) -> list[Total]:
    """The lines of the ledger from a moment on, by day, model and currency."""
    lines: dict[tuple[str, str, str], Total] = {}

    def line(row: sqlite3.Row) -> Total:
        name = (row["day"], row["model"], row["currency"])
        return lines.setdefault(name, Total(*name))

    for row in connection.execute(_SPENT, (since, notebook, notebook)):
        total, kind, amount = line(row), row["billing"], Decimal(row["amount"] or 0)
        setattr(total, kind, getattr(total, kind) + amount * row["count"])
        setattr(total, f"{kind}_count", getattr(total, f"{kind}_count") + row["count"])
        total.unpriced += row["count"] if row["amount"] is None else 0
    for row in connection.execute(_SAVED, (since, notebook, notebook)):
        total = line(row)
        total.saved += Decimal(row["amount"] or 0) * row["count"]
        total.replays += row["count"]
    return [lines[name] for name in sorted(lines)]


class Ledger:
    """What a history's edits cost, read anew each time it is looked at."""

    def __init__(self, source: Source) -> None:
        self._source = source

    @property
    def lines(self) -> tuple[Total, ...]:
        """One line per day, model and currency, newest day first."""
        return tuple(sorted(self._source.totals(), key=lambda line: (line.day, line.model), reverse=True))

    @property
    def paid(self) -> Cost:
        """Pictures that came and were paid."""
        return self._sum("paid")

    @property
    def blocked_paid(self) -> Cost:
        """Answers without a picture that the provider may charge all the same."""
        return self._sum("blocked_paid")

    @property
    def maybe_paid(self) -> Cost:
        """Requests whose answer never came: the provider may have run them."""
        return self._sum("maybe_paid")

    @property
    def saved(self) -> Cost:
        """What replays would have cost."""
        return self._sum("saved")

    @property
    def total(self) -> Cost:
        """All that was or may have been billed."""
        return sum((self.paid, self.blocked_paid, self.maybe_paid), start=Cost(Decimal(0)))

    def by_model(self) -> dict[str, Cost]:
        """What was or may have been billed, by model."""
        return self._by("model")

    def by_day(self) -> dict[str, Cost]:
        """What was or may have been billed, by local day."""
        return self._by("day")

    def _lines_in_usd(self) -> list[Total]:
        """Other currencies don't add up with these; what has no price has no currency either."""
        return [line for line in self.lines if line.currency in ("USD", "")]

    def _sum(self, kind: str) -> Cost:
        lines = self._lines_in_usd()
        return Cost(
            sum((getattr(line, kind) for line in lines), Decimal(0)),
            certain=kind == "saved" or not any(line.unpriced for line in lines),
        )

    def _by(self, field: str) -> dict[str, Cost]:
        found: dict[str, Cost] = {}
        for line in self._lines_in_usd():
            if line.paid_count + line.blocked_paid_count + line.maybe_paid_count:
                name, amount = getattr(line, field), line.paid + line.blocked_paid + line.maybe_paid
                found[name] = found.get(name, Cost(Decimal(0))) + Cost(amount, certain=not line.unpriced)
        return found

    def __str__(self) -> str:
        rows = [(say(f"ledger.{name}"), str(getattr(self, name))) for name in _KINDS]
        width = max(len(name) for name, _ in rows)
        lines = [f"{name:<{width}}  {amount}" for name, amount in rows]
        lines += [f"  {day}  {amount}" for day, amount in self.by_day().items()]
        lines += [f"  {model}  {amount}" for model, amount in self.by_model().items()]
        return "\n".join(lines)

    __repr__ = __str__


_KINDS: Final = ("paid", "blocked_paid", "maybe_paid", "saved")


class Source(Protocol):
    """Where a ledger reads its lines."""

    def totals(self) -> Sequence[Total]:
        """All lines, in any order."""
