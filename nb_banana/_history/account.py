"""What one notebook owes, in one look: paid, maybe paid, under way; and what replays saved."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from typing import Final

from .._catalog.cost import Cost
from .._catalog.spending import NOTHING, Spending
from .claims import MINE, Limit
from .record import amount_of, cost_of
from .shelf import FILE, Shelf

_KINDS: Final = ("paid", "blocked_paid", "maybe_paid", "under_way")
_ROWS: Final = f"""
    SELECT CASE status WHEN 'running' THEN 'under_way' ELSE billing END AS kind, billing, sandbox,
           currency, amount, certain, cost_source, cost_as_of, count(*) AS count
    FROM records INDEXED BY ledger
    WHERE billing IN ('paid', 'blocked_paid', 'maybe_paid') AND NOT sandbox
      AND started >= ? AND notebook = ? AND {MINE}
    GROUP BY 1, 2, 3, 4, 5, 6, 7, 8"""
_SAVED: Final = """
    SELECT currency, amount, count(*) AS count FROM replays WHERE time >= ? AND notebook = ? GROUP BY 1, 2"""
_SINCE: Final = "SELECT since FROM budgets WHERE notebook = ?"


@dataclass(frozen=True, slots=True)
class Line:
    """How many edits, and what they cost together."""

    count: int = 0
    cost: Spending = NOTHING

    def and_more(self, count: int, cost: Cost | None) -> Line:
        """With so many more edits of one price."""
        return Line(self.count + count, self.cost + Spending.of([cost] if cost else []) * count)


@dataclass(frozen=True, slots=True)
class Account:
    """A notebook's money.

    Attributes:
        since: the moment it counts from; ``""`` is the beginning.
        paid, blocked_paid, maybe_paid, saved: as in the ledger, for this notebook.
        under_way: what was begun and has not ended.
    """

    since: str = ""
    paid: Line = Line()
    blocked_paid: Line = Line()
    maybe_paid: Line = Line()
    under_way: Line = Line()
    saved: Line = Line()

    @property
    def lines(self) -> dict[str, Line]:
        """The lines by their names: what is owed first, then what was saved."""
        return {name: getattr(self, name) for name in (*_KINDS, "saved")}

    @property
    def owed(self) -> Spending:
        """All that was, may have been, or may yet be billed."""
        return Spending.of(getattr(self, name).cost for name in _KINDS)


def account_of(shelf: Shelf, notebook: str, limit: Limit | None) -> Account:
    """The account of a notebook, from where its budget counts, or in all where it has none. A history that
    holds nothing is not begun for it.

    Raises:
        InvalidRequestError: the file can't be used.
    """
    if not (shelf.folder / FILE).is_file():
        return Account("" if limit is None else limit.opened)
    return shelf.run(lambda c: _account(c, notebook, limit))


def _account(connection: sqlite3.Connection, notebook: str, limit: Limit | None) -> Account:
    since = "" if limit is None else limit.opened
    if limit is not None and not limit.moved:
        row = connection.execute(_SINCE, (notebook,)).fetchone()
        since = str(row["since"]) if row else since
    lines: dict[str, Line] = {}
    for row in connection.execute(_ROWS, (since, notebook)):
        lines[row["kind"]] = lines.get(row["kind"], Line()).and_more(row["count"], cost_of(row))
    for row in connection.execute(_SAVED, (since, notebook)):
        if row["currency"]:  # else its record was free
            cost = Cost(amount_of(row["amount"]), row["currency"])
            lines["saved"] = lines.get("saved", Line()).and_more(row["count"], cost)
    return Account(since, **lines)
