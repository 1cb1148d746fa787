"""What the history view asks for and has found, without a widget: on a real history."""

from __future__ import annotations

import threading
from contextlib import nullcontext
from datetime import date, timedelta

import pytest

import nb_banana as nb
from nb_banana._widgets.query import Hits, Query, Search, days

from .test_tray import eventually

PROMPTS = ("one", "two", "three", "four", "five")


@pytest.fixture
def history(sandbox, photo):
    """Five edits of one picture, the third starred."""
    session = sandbox()
    made = [session.edit(photo, prompt) for prompt in PROMPTS]
    session.history.star(made[2].record_id)
    return session.history


def test_a_query_is_a_value(history):
    """Two equal filters are one query; an empty one leaves nothing out; what it asks is what history gives."""
    assert Query(text="two") == Query(text="two") != Query()
    assert (Query().narrows, Query(starred=True).narrows) == (False, True)
    assert [record.prompt for record in Query(starred=True).records(history)] == ["three"]
    page = Query().page(history, 2)
    assert [record.prompt for record in page] == ["five", "four"]
    assert [record.prompt for record in Query().page(history, 2, page[-1].id)] == ["three", "two"]
    assert [record.prompt for record in Query(text="nothing").records(history)] == []


def test_the_days_of_a_filter():
    """A week is today and the six days before; both chosen days count; without a choice there is no bound."""
    today, day = date.today(), timedelta(days=1)
    assert days("", today, today) == (None, None)
    assert days("today", None, None) == (today, None)
    assert days("week", today, today) == (today - 6 * day, None)
    assert days("between", today - day, today) == (today - day, today + day)
    assert days("between", None, None) == (None, None)


def test_found_grows_page_by_page(history):
    """Each page goes on where the last one ended; a short one is the last; every id knows its place."""
    found = Hits(history, Query())
    for size in (2, 4, 5):
        found.take(found.read(2), 2)
        assert (len(found.ids), found.complete) == (size, size == 5)
    assert [found.places[id] for id in found.ids] == list(range(5))
    assert str(found) == "5 edits · nothing paid"
    assert [record.prompt for record in found.rows(1, 2)] == ["four", "three"]
    assert found.rows(9, 2) == []


def test_rows_that_left_the_filter_are_still_rows(history):
    """A star taken away while its row is on the screen doesn't move other records into its place."""
    found = Hits(history, Query(starred=True))
    found.take(found.read(2), 2)
    history.star(found.ids[0], False)
    assert [record.prompt for record in found.rows(0, 1)] == ["three"]
    assert "Nothing matches" in str(Hits(history, Query(starred=True)))


def test_a_newer_search_ends_an_older_one(history):
    """What is read for a search that was overtaken is told to nobody, and the newest one is what is found."""
    reading, go_on, came = threading.Event(), threading.Event(), []
    asked = iter([Query(), Query(text="two"), Query(text="three")])

    class Slow:
        """The history, whose first search waits until another one has begun."""

        def records(self, *, text, **how):
            if text == "two":
                reading.set()
                go_on.wait(10)
            return history.records(text=text, **how)

    search = Search(
        lambda: (Slow(), next(asked)), lambda found, page: came.append([one.prompt for one in page]), nullcontext
    )
    search.begin()
    assert reading.wait(10)
    search.begin()
    eventually(lambda: came == [["three"]])
    go_on.set()
    eventually(lambda: search.found.complete)
    assert came == [["three"]] and search.found.query == Query(text="three")


def test_the_view_counts_on_while_it_reads_on(sandbox, photo):
    """The count says that more is coming until all ids are known."""
    session = sandbox()
    session.edit(photo, "one")
    found = Hits(session.history, Query())
    found.take(found.read(1), 1)
    assert (found.complete, str(found)) == (False, "1 edits so far · nothing paid")
    found.take(found.read(1), 1)
    assert (found.complete, str(found)) == (True, "1 edit · nothing paid")
    assert nb.history(session=session).records[0].prompt == "one"
