"""What was spent and what was saved, in exact decimals."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

# Amounts are added in Python: SQLite's numbers are binary. Equal amounts are counted first, so
# that a hundred thousand records make a handful of rows.
_SPENT: Final = """
    SELECT date(started, 'localtime') AS day, model, currency, billing, amount, count(*) AS count
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
