"""The notebook's own session: its budget and its place bind what was made before, and neither vanishes silently."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

import nb_banana as nb
from nb_banana.errors import BudgetError, InvalidRequestError

from .misbehaving import KEY, Seen, Server, answer, picture, response, serving

pytestmark = pytest.mark.usefixtures("priced_folder")
PHOTO = picture((20, 60, 90))


@pytest.fixture
def paid() -> Iterator[Server]:
    """A server of the user's own that takes $0.09 for each picture."""


    def new_picture(connection: socket.socket, seen: Seen, number: int) -> None:
        connection.sendall(response(answer(picture((number % 256, 90, 40)))))

    with serving(new_picture) as server:
        yield server


def begin(server: Server, **options: Any) -> list[str]:
    """The notebook's own session at the server; gives what it says."""
    said: list[str] = []
    nb.session(nb.Endpoint(server.url, KEY), tell=said.append, **options)
    return said


def test_a_budget_binds_a_chain_that_was_made_before_it(paid: Server, tmp_path: Path) -> None:
    """A chain without a session of its own, made, loaded or shown by a panel, asks the notebook's session at each edit."""
    begin(paid)
    chain = nb.chain(PHOTO)
    first = chain.edit("Make it night")
    loaded = nb.Chain.load(first.export(tmp_path / "chain.zip"))
    nb.session(nb.Endpoint(paid.url, KEY), budget="0.10", since="2024-01-01", tell=lambda _: None)
    for older in (chain, first, loaded, loaded.undo(), first[:1]):
        with pytest.raises(BudgetError):
            older.edit("Add a moon")
    assert paid.posts == 1
    assert first.rerun().result.replayed and len(first.tree()) == 1


def test_a_chain_goes_where_edits_go_now(paid: Server) -> None:
    """A place that is said in a cell is for every chain after it; one that was given a session keeps to that."""
    begin(paid)
    chain, pinned = nb.chain(PHOTO), nb.chain(PHOTO, session=nb.session())
    nb.session(nb.Endpoint.sandbox(), tell=lambda _: None)
    assert chain.edit("Make it night").result.sandbox and paid.posts == 0
    assert not pinned.edit("Make it night").result.sandbox and paid.posts == 1


def test_a_chain_goes_on_in_another_history(paid: Server, tmp_path: Path) -> None:
    """Where the notebook's history is another one by then, a chain's next edit is made, and an export says what lacks."""
    begin(paid)
    chain = nb.chain(PHOTO).edit("Make it night")
    begin(paid, folder=tmp_path / "other")
    longer = chain.edit("Add a moon")
    assert len(longer) == 2 and longer.to_python() and [one.record.prompt for one in longer.tree()] == ["Add a moon"]
    with pytest.raises(InvalidRequestError, match=r"(?s)no record.*other"):
        longer.export(tmp_path / "chain.zip")


def test_a_standing_budget_goes_on_and_says_so(paid: Server) -> None:
    """A session that is made anew for a place keeps the notebook's budget and what was spent of it, and says that."""
    begin(paid, budget="0.20")
    nb.edit(PHOTO, "Make it night")
    said = begin(paid)
    assert said == ["The budget of $0.20 stays in force; budget=None drops it."]
    nb.edit(PHOTO, "Make it day")
    with pytest.raises(BudgetError):
        nb.edit(PHOTO, "Make it rain")
    assert (paid.posts, nb.session().budget, nb.session().account.owed.amount) == (2, Decimal("0.20"), Decimal("0.18"))


def test_a_moved_window_goes_on_where_it_was_moved_to(paid: Server) -> None:
    """The moment a budget counts from, given with since=, holds in the next session too."""
    begin(paid)
    nb.edit(PHOTO, "Make it night")
    begin(paid, budget="0.10", since="2024-01-01")
    begin(paid)
    with pytest.raises(BudgetError):
        nb.edit(PHOTO, "Make it day")


@pytest.mark.parametrize("budget", [None, "5"])
def test_a_budget_that_is_given_takes_the_place_of_the_standing_one(paid: Server, budget: str | None) -> None:
    """budget=None drops a standing budget without a word, and another amount replaces it."""
    begin(paid, budget="0.05")
    assert begin(paid, budget=budget) == []
    nb.edit(PHOTO, "Make it night")
    assert nb.session().budget == (budget and Decimal(budget)) and paid.posts == 1


def test_a_session_without_a_budget_says_that_the_standing_one_ends(paid: Server) -> None:
    """A session somebody made themselves is taken as it is; that a budget ends with it is told."""
    begin(paid, budget="0.20")
    said: list[str] = []
    mine = nb.Session(nb.Endpoint(paid.url, KEY), tell=said.append)
    assert nb.session(mine) is mine and mine.budget is None
    assert said == ["The budget of $0.20 no longer holds: the session that was given has none."]


@pytest.mark.parametrize("option", [{"budget": "0.10"}, {"folder": "there"}, {"hooks": [(print, None)]}])
def test_an_option_beside_a_session_is_refused(paid: Server, option: dict[str, Any]) -> None:
    """What would be ignored beside a session is an error that names it, and the notebook's session stays."""
    begin(paid)
    before = nb.session()
    with pytest.raises(InvalidRequestError, match=f"{next(iter(option))}="):
        nb.session(nb.Session(nb.Endpoint.sandbox()), **option)
    assert nb.session() is before


@pytest.mark.parametrize(("usd", "budget", "left", "whole"), [
    ("0.039", "0.075", "0.036", "0.075"), ("0.09", "0.17999", "0.0899", "0.18"), ("0.5", "0.75", "0.25", "0.75"),
])
def test_a_refusal_does_not_contradict_itself(
    paid: Server, clean_place: Path, usd: str, budget: str, left: str, whole: str
) -> None:
    """What is left is said to the digits of the price and not rounded up, in the error and in the panel."""
    prices = clean_place / "prices.toml"
    prices.write_text(prices.read_text().replace("0.09", usd))
    begin(paid, budget=budget)
    nb.generate("a lamp")
    with pytest.raises(BudgetError, match=rf"cost \${usd}0?, and \${left} of the budget of \${whole} is left"):
        nb.generate("a chair")
    panel = nb.panel(slot=False)
    panel.prompt.value = "a chair"
    assert paid.wait_for(lambda: f"The budget of ${whole} has ${left} left, and this costs about ${usd}" in panel.sends.text)


def test_a_budget_counts_from_when_it_was_first_set(paid: Server) -> None:
    """What was spent before a notebook set its first budget does not count; setting one again begins nothing anew."""
    begin(paid)
    for number in range(3):
        nb.edit(PHOTO, f"morning {number}")
    session = nb.session()
    session.budget = "0.10"
    nb.edit(PHOTO, "afternoon")
    assert session.account.owed.amount == Decimal("0.09")
    session.budget = None
    session.budget = "0.10"
    with pytest.raises(BudgetError):
        nb.edit(PHOTO, "evening")
    begin(paid, budget="0.10")
    with pytest.raises(BudgetError):
        nb.edit(PHOTO, "evening")
    assert paid.posts == 4
