"""On what terms an attempt may begin, judged in the very transaction that begins it.

Rules of this file:

* Of two processes that ask at the same moment, the second sees the first: no take is given out twice, the
  same request is not sent twice, and a budget is not spent twice.
* What is under way counts as spent at its expected price, until it ends.
* Another person's records, taken in from a file, were never paid here.
"""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from .._catalog.cost import Cost
from .._messages import Take
from .record import cost_of, number_to_id

MINE: Final = "records.id NOT IN (SELECT record FROM imported)"
_OWED: Final = f"""
    SELECT billing, sandbox, currency, amount, certain, cost_source, cost_as_of, count(*) AS count
    FROM records INDEXED BY ledger
    WHERE billing IN ('paid', 'blocked_paid', 'maybe_paid') AND started >= ? AND notebook = ? AND {MINE}
    GROUP BY 1, 2, 3, 4, 5, 6, 7"""
_RUNNING: Final = "SELECT id FROM records WHERE status = 'running' AND key = ? AND take = ?"
_ANSWERS: Final = "SELECT count(*) FROM records WHERE status = 'done' AND key = ? AND take = ?"
_IN_VAIN: Final = f"billing IN ('maybe_paid', 'blocked_paid') AND status != 'running' AND {MINE}"
_VAIN: Final = f"""
    SELECT key, take, count(*) AS count FROM records INDEXED BY ledger WHERE {_IN_VAIN} GROUP BY 1, 2"""
_VAIN_HERE: Final = f"""
    SELECT count(*) FROM records INDEXED BY ledger WHERE {_IN_VAIN} AND key = ? AND take = ?"""
# One SELECT for each status: the indexes hold those that are done and those under way apart.
TAKEN: Final = """
    SELECT key, take FROM records WHERE status = 'done' UNION ALL
    SELECT key, take FROM records WHERE status = 'running'"""
_HAS: Final = f"SELECT 1 FROM ({TAKEN}) WHERE key = ? AND take = ?"
_LAST_TAKE: Final = f"SELECT max(take) FROM ({TAKEN}) WHERE key = ?"


@dataclass(frozen=True, slots=True)
class Limit:
    """A budget in USD, and when its window opens: ``moved`` there, or where it stands already."""

    budget: Decimal
    opened: str
    moved: bool = False


@dataclass(frozen=True, slots=True)
class Terms:
    """What an attempt asks for beside its row.

    Attributes:
        seen: how many answers to this request and take were looked at; a further one answers it, and the same
            request under way is waited for. None: it is sent whatever there is.
        beyond: the take is the next free one after this; or the one it may ``wish`` for, if that is free.
        limit: the budget it must keep within.
    """

    seen: int | None = None
    beyond: int | None = None
    wish: int | None = None
    limit: Limit | None = None


@dataclass(frozen=True, slots=True)
class Begun:
    """The attempt is written down.

    Attributes:
        since: when its budget's window opened.
        vain: how many earlier attempts at the same may have been billed and brought no picture.
    """

    id: str
    take: int
    since: str = ""
    vain: int = 0


@dataclass(frozen=True, slots=True)
class UnderWay:
    """The same request is being made elsewhere, by the attempt ``id``; or was just answered: ``""``."""

    id: str = ""


@dataclass(frozen=True, slots=True)
class OverBudget:
    """Its price is more than what is left since the window opened."""

    left: Decimal
    since: str


def judge(connection: sqlite3.Connection, row: dict[str, Any], terms: Terms) -> UnderWay | OverBudget | str:
    """Why the attempt of this row may not begin, or the moment its budget counts from; gives it its take."""
    if terms.seen is not None:
        if count_answers(connection, row["key"], row["take"]) > terms.seen:
            return UnderWay()
        for running in connection.execute(_RUNNING, (row["key"], row["take"])):
            return UnderWay(number_to_id(running["id"]))
    if terms.beyond is not None:
        free = terms.wish and connection.execute(_HAS, (row["key"], terms.wish)).fetchone() is None
        row["take"] = terms.wish if free else max(last_take(connection, row["key"]), terms.beyond) + 1
    if terms.limit is None:
        return ""
    since = _window(connection, row["notebook"], terms.limit, row["started"])
    left = terms.limit.budget - _owed(connection, row["notebook"], since)
    cost = cost_of(row)
    within = (cost is not None and cost.is_nothing) or _dollars(cost) <= left
    return since if within else OverBudget(left, since)


def count_answers(connection: sqlite3.Connection, key: str, take: int) -> int:
    """How many attempts at this request and take succeeded."""
    return int(connection.execute(_ANSWERS, (key, take)).fetchone()[0])


def vain(connection: sqlite3.Connection, row: dict[str, Any]) -> int:
    """How many attempts at a row's request and take may have been billed and brought no picture."""
    return int(connection.execute(_VAIN_HERE, (row["key"], row["take"])).fetchone()[0])


def all_vain(connection: sqlite3.Connection) -> dict[tuple[str, Take], int]:
    """How many attempts at each request and take may have been billed and brought no picture."""
    return {(row["key"], row["take"]): row["count"] for row in connection.execute(_VAIN)}


def last_take(connection: sqlite3.Connection, key: str) -> int:
    """The last take of this request that was made or is under way; 0 before the first."""
    return int(connection.execute(_LAST_TAKE, (key,)).fetchone()[0] or 0)


def _window(connection: sqlite3.Connection, notebook: str, limit: Limit, now: str) -> str:
    """When the budget of a notebook began to count: never later than now, where a clock ran ahead."""
    how = "REPLACE" if limit.moved and limit.opened <= now else "IGNORE"
    connection.execute(f"INSERT OR {how} INTO budgets VALUES (?, ?)", (notebook, limit.opened))
    # Written down, since what is spent from now on must still be within it at the next edit.
    connection.execute("UPDATE budgets SET since = ? WHERE notebook = ? AND since > ?", (now, notebook, now))
    (since,) = connection.execute("SELECT since FROM budgets WHERE notebook = ?", (notebook,)).fetchone()
    return str(since)


def _owed(connection: sqlite3.Connection, notebook: str, since: str) -> Decimal:
    """Dollars that were, may have been or may yet be billed."""
    costs = [(cost_of(row), row["count"]) for row in connection.execute(_OWED, (since, notebook))]
    return sum((_dollars(cost) * count for cost, count in costs), Decimal(0))


def _dollars(cost: Cost | None) -> Decimal:
    """What a budget can count of it."""
    return (cost.dollars if cost else None) or Decimal(0)
