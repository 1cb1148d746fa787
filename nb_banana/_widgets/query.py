"""What the filters of the history view ask for, and what a search has found of it so far.

Rules of this file:

* Nothing here knows a widget. A search is a number: what is read for an older one is dropped.
* Only ids are kept; a page of records is read when its rows come into sight, by history's own pages.
"""

from __future__ import annotations

import datetime
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any, Final

from .._catalog.spending import NOTHING, Spending
from .._strings import say
from .records import spent
from .thumbs import Later

if TYPE_CHECKING:
    from .._history.book import History
    from .._history.record import Record

FIRST: Final = 100
"""Records of the first page: enough to fill the list at once."""
PAGE: Final = 500
AHEAD: Final = 10_000
"""How far the ids are read ahead of what is looked at."""
DAYS: Final = {"today": 0, "week": 6, "month": 29}
_DAY: Final = datetime.timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Query:
    """The filters as ``History.records`` takes them; None is everything."""

    text: str | None = None
    model: str | None = None
    status: str | None = None
    notebook: str | None = None
    starred: bool | None = None
    since: datetime.date | None = None
    until: datetime.date | None = None

    @property
    def narrows(self) -> bool:
        """Whether it leaves anything out."""
        return self != Query()

    def page(self, history: History, limit: int, before: str | None = None) -> list[Record]:
        """The matching records that come after ``before``, newest first."""
        asked: dict[str, Any] = asdict(self)
        return history.records(**asked, before=before, limit=limit)

    def records(self, history: History) -> Iterator[Record]:
        """Every matching record, newest first."""
        before = None
        while page := self.page(history, PAGE, before):
            yield from page
            before = page[-1].id


def days(
    when: str, since: datetime.date | None, until: datetime.date | None
) -> tuple[datetime.date | None, datetime.date | None]:
    """The first day a filter takes, and the day after the last; both days of ``between`` belong to it."""
    if when == "between":
        return since, until + _DAY if until else None
    return (datetime.date.today() - _DAY * DAYS[when] if when else None), None


@dataclass(slots=True)
class Hits:
    """What one search has found so far: the ids, newest first, and what they cost.

    Attributes:
        places: where in the list each id stands.
        complete: there are no more.
    """

    history: History
    query: Query
    number: int = 0
    ids: list[str] = field(default_factory=list)
    places: dict[str, int] = field(default_factory=dict)
    spent: Spending = NOTHING
    complete: bool = False

    def read(self, limit: int) -> list[Record]:
        """The next page, not yet counted in."""
        return self.query.page(self.history, limit, self.ids[-1] if self.ids else None)

    def take(self, page: list[Record], limit: int) -> None:
        """Count one more page in."""
        for record in page:
            self.places[record.id] = len(self.ids)
            self.ids.append(record.id)
        self.spent = Spending.of([self.spent, *map(spent, page)])
        self.complete = len(page) < limit

    def rows(self, first: int, count: int) -> list[Record]:
        """The records of some rows.

        A star taken away, or an edit just made, shifts the page: what it lacks is read by its id.
        """
        ids = self.ids[first : first + count]
        if not ids:
            return []
        page = self.query.page(self.history, len(ids), self.ids[first - 1] if first else None)
        known = {record.id: record for record in page}
        return [known.get(id) or self.history.record(id) for id in ids]

    @property
    def total(self) -> str:
        """The cost of all that is counted in."""
        if self.spent == NOTHING:
            return say("history_view.free")
        return str(self.spent) if self.spent.unpriced else say("history_view.spent", cost=self.spent)

    def __str__(self) -> str:
        """``4 edits · nothing paid``, and a plus while more is being read."""
        count = len(self.ids)
        if not count:
            return say("history_view.no_match" if self.query.narrows else "history_view.empty")
        key = ("count_one" if count == 1 else "count") if self.complete else "count_more"
        return f"{say(f'history_view.{key}', count=f'{count:,}')} · {self.total}"


class Search:
    """One search after the other, read beside the kernel; a newer one ends an older one.

    Attributes:
        found: what the newest finished first page, and all that followed it, gave.
        lock: held while ``found`` changes and while it is told.
    """

    def __init__(
        self,
        asked: Callable[[], tuple[History, Query]],
        came: Callable[[Hits, list[Record]], None],
        guard: Callable[[], AbstractContextManager[None]],
    ) -> None:
        """``came(found, page)`` is told of each page, under the lock; reading happens inside ``guard()``."""
        self._asked, self._came, self._guard = asked, came, guard
        self.found, self.lock = Hits(*asked()), threading.RLock()
        self._newest, self._filling = 0, threading.Lock()
        self._soon = Later(self._first)

    def begin(self, delay: float = 0.0) -> None:
        """Look again after ``delay`` seconds, unless another search begins before."""
        with self.lock:
            self._newest += 1
        self._soon(delay)

    def is_newest(self, found: Hits) -> bool:
        """Whether no newer search has begun."""
        return found.number == self._newest

    def read_on(self, found: Hits, goal: int) -> None:
        """Read ids until there are ``goal``, or no more, or a newer search began."""
        with self._filling:
            while not found.complete and len(found.ids) < goal and self.is_newest(found):
                self._count_in(found, found.read(PAGE), PAGE)

    def _first(self) -> None:
        """Read the first page, then the ids that follow."""
        found = Hits(*self._asked(), self._newest)
        with self._guard():
            self._count_in(found, found.read(FIRST), FIRST)
            self.read_on(found, AHEAD)

    def _count_in(self, found: Hits, page: list[Record], limit: int) -> None:
        with self.lock:
            found.take(page, limit)
            if self.is_newest(found):
                self.found = found
                self._came(found, page)
