"""What several histories may spend together: one small file beside them, and who spent what.

Rules of this file:

* An edit is claimed here before anything is sent, in the transaction that looks at what is left: of two
  kernels that ask at the same moment, the second sees the first.
* A claim counts at its expected price until it is settled; one that never is goes on counting, for it may
  have been billed. Unknown is not zero: what has no known price is counted apart.
* Deleting edits, pictures or whole histories takes nothing out of here.
* No prompt, no picture and no key ever stands here.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Final, Literal, TypeVar

from .._catalog.cost import Cost
from .._catalog.spending import NOTHING, Spending
from .._files import check_own, make_private, touch_private
from .._strings import say
from ..errors import InvalidRequestError

T = TypeVar("T")
State = Literal["under_way", "free", "paid", "blocked_paid", "maybe_paid"]

FILE: Final = "spent.sqlite"
_WAIT: Final = 60.0
_LONGEST: Final = timedelta(minutes=15)
_MAKE: Final = """
    CREATE TABLE IF NOT EXISTS visitors (id TEXT PRIMARY KEY, name TEXT NOT NULL, since TEXT NOT NULL,
                                         seen TEXT NOT NULL);
    CREATE TABLE IF NOT EXISTS claims (id INTEGER PRIMARY KEY, who TEXT NOT NULL, started TEXT NOT NULL,
                                       state TEXT NOT NULL, amount TEXT, currency TEXT);
    CREATE TABLE IF NOT EXISTS seats (claim INTEGER PRIMARY KEY, kernel TEXT NOT NULL);"""
_UNDER_WAY: Final = "(state = 'under_way' AND started > ?)"
_BUSY: Final = f"SELECT kernel FROM seats JOIN claims ON claims.id = claim WHERE {_UNDER_WAY}"
_OWED: Final = f"""
    SELECT who, state, amount, currency, count(*) AS count, sum{_UNDER_WAY} AS under_way FROM claims
    WHERE state != 'free' GROUP BY 1, 2, 3, 4"""


@dataclass(frozen=True, slots=True)
class Spender:
    """One who edits, and what that cost.

    Attributes:
        since, seen: the first and the last visit, in UTC.
        edits: how many were sent and came or may have been billed.
        under_way: how many of them began in the last minutes and have not ended.
        cost: what they cost, or may have cost.
    """

    id: str
    name: str = ""
    since: str = ""
    seen: str = ""
    edits: int = 0
    under_way: int = 0
    cost: Spending = NOTHING


class Till:
    """The common file in a folder, made by the first visit or claim; ``kernel`` is the one that claims."""

    def __init__(self, folder: Path, kernel: str = "") -> None:
        self.path, self._kernel = folder / FILE, kernel

    def claim(self, who: str, price: Cost, most: Decimal | None) -> int | Decimal:
        """Note that an edit of this price begins; gives its ticket, or what is left where that is too little.

        ``most`` is what all may spend, in USD. A price that nobody knows is let in only without such a
        limit; what is known to cost nothing always is.

        Raises:
            InvalidRequestError: the file can't be used; then nothing may be sent.
        """
        def work(connection: sqlite3.Connection) -> int | Decimal:
            if most is not None and not price.is_nothing:
                left = most - _dollars(connection)
                if price.dollars is None or price.dollars > left:
                    return left
            amount = None if price.amount is None else str(price.amount)
            row = (who, _now(), "under_way", amount, price.currency)
            added = "INSERT INTO claims (who, started, state, amount, currency) VALUES (?, ?, ?, ?, ?)"
            ticket = int(connection.execute(added, row).lastrowid or 0)
            connection.execute("INSERT INTO seats VALUES (?, ?)", (ticket, self._kernel))
            return ticket

        return self._run(work)

    def settle(self, ticket: int, state: State, cost: Cost | None) -> None:
        """Note how it ended. Without a cost the expected price stands."""
        told = [state] if cost is None or cost.amount is None else [state, str(cost.amount), cost.currency]
        names = ", ".join(f"{name} = ?" for name in ("state", "amount", "currency")[: len(told)])
        self._run(lambda c: c.execute(f"UPDATE claims SET {names} WHERE id = ?", (*told, ticket)))

    def busy(self) -> set[str]:
        """The kernels whose edits have begun in the last minutes and not ended."""
        return self._run(lambda c: {row["kernel"] for row in c.execute(_BUSY, (_now(-_LONGEST),))})

    def visit(self, who: str, name: str = "") -> None:
        """Note that somebody was here; a name that was given stays until another is."""
        row = {"id": who, "name": name, "now": _now()}
        added = (
            "INSERT INTO visitors VALUES (:id, :name, :now, :now) ON CONFLICT (id) DO UPDATE SET seen = :now,"
            " name = CASE :name WHEN '' THEN name ELSE :name END"
        )
        self._run(lambda c: c.execute(added, row))

    def spenders(self) -> list[Spender]:
        """Everybody who was here or spent something, the last seen first."""
        return self._run(_spenders)

    def _run(self, work: Callable[[sqlite3.Connection], T]) -> T:
        try:
            with self._opened() as connection:
                connection.execute("BEGIN IMMEDIATE")
                result = work(connection)
                connection.execute("COMMIT")
                return result
        except (sqlite3.Error, OSError) as reason:
            sentence = say("app.till_unusable", path=self.path.name, reason=reason)
            raise InvalidRequestError(sentence, hint=say("app.till_unusable_hint")) from None

    @contextmanager
    def _opened(self) -> Iterator[sqlite3.Connection]:
        """A connection for one transaction: kernels come and go, and some are forked."""
        for suffix in ("", "-journal", "-wal", "-shm"):
            check_own(self.path.with_name(self.path.name + suffix))
        make_private(self.path.parent)
        touch_private(self.path)
        with closing(sqlite3.connect(self.path, timeout=_WAIT, isolation_level=None)) as connection:
            connection.row_factory = sqlite3.Row
            connection.execute("PRAGMA trusted_schema = OFF")
            connection.executescript(_MAKE)
            yield connection


def total(spenders: list[Spender]) -> Spending:
    """What all of them spent together."""
    return sum((one.cost for one in spenders), NOTHING)


def _cost(row: sqlite3.Row) -> Cost:
    amount = None if row["amount"] is None else Decimal(row["amount"])
    return Cost(amount, row["currency"] or "USD", certain=row["state"] == "paid")


def _dollars(connection: sqlite3.Connection) -> Decimal:
    costs = [(_cost(row), row["count"]) for row in connection.execute(_OWED, (_now(-_LONGEST),))]
    return sum(((cost.dollars or Decimal(0)) * count for cost, count in costs), Decimal(0))


def _spenders(connection: sqlite3.Connection) -> list[Spender]:
    found = {row["id"]: Spender(**dict(row)) for row in connection.execute("SELECT * FROM visitors")}
    for row in connection.execute(_OWED, (_now(-_LONGEST),)):
        one = found.get(row["who"], Spender(row["who"]))
        found[one.id] = Spender(
            one.id, one.name, one.since, one.seen, one.edits + row["count"], one.under_way + row["under_way"],
            one.cost + Spending.of([_cost(row)]) * row["count"],
        )  # fmt: skip
    return sorted(found.values(), key=lambda one: one.seen, reverse=True)


def _now(shift: timedelta = timedelta()) -> str:
    return (datetime.now(UTC) + shift).isoformat(timespec="seconds")
