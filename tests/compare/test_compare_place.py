"""Where a comparison goes: it follows its session until a run begins, and a run is what its estimate spoke of."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from compare_kit import brought

import nb_banana as nb
from nb_banana._session import own

if TYPE_CHECKING:
    from conftest import CountingServer

OLD, NEW = "sk-old0123456789abcdef0123456789", "sk-new0123456789abcdef0123456789"
WORDS = ["red", "green", "blue", "old"]


@pytest.fixture(autouse=True)
def priced(clean_place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """$0.50 an edit at a host of one's own; and the notebook has no session yet."""
    (clean_place / "prices.toml").write_text('[[price]]\nprovider = "custom"\nmodel = "*"\nusd = "0.50"\nas_of = "2026-01-01"\nsource = "me"\n')
    monkeypatch.setenv("NB_BANANA_PRICES", str(clean_place / "prices.toml"))
    monkeypatch.setattr(own, "_own", [])


def planned(session: nb.Session | None = None) -> nb.Comparison:
    """Four edits."""
    return nb.compare(None, [f"a boat, {word}" for word in WORDS], session=session)


def after_the_first(plan: nb.Comparison, change: Callable[[], object]) -> None:
    """Run a plan one by one, and change something as soon as one picture is there."""
    once = [change]
    plan.when_changed(lambda: once.pop()() if once and any(plan.results) else None)
    with pytest.warns(UserWarning, match="with another key"):
        plan.run(concurrency=1)


@pytest.mark.parametrize("how", ["typed", "variable", "forgotten", "exchanged", "replaced"])
def test_a_run_goes_where_it_began_or_not_at_all(how, provider: CountingServer, monkeypatch):
    """A key that is typed, set, forgotten or exchanged while a comparison runs ends it: nothing is paid that was called free, no other key pays, and running again goes on there."""
    session = nb.session(tell=lambda _: None)
    plan = planned(None if how == "replaced" else session)
    if how in ("forgotten", "exchanged"):
        session.use_key(OLD, base_url=provider.url)
    before = plan.estimate().cost.amount

    def change() -> None:
        if how == "variable":
            monkeypatch.setenv("NB_BANANA_BASE_URL", provider.url)
            monkeypatch.setenv("NB_BANANA_API_KEY", NEW)
        elif how == "replaced":
            nb.session(nb.Endpoint(provider.url, NEW), tell=lambda _: None)
        elif how == "forgotten":
            session.forget_key()
        else:
            session.use_key(NEW, base_url=provider.url)

    after_the_first(plan, change)
    free = how not in ("forgotten", "exchanged")
    assert before == (0 if free else 2) and provider.posts.total() == (0 if free else 1)
    assert [one.sandbox for one in brought(plan)] == [free] and len(plan.missing) == 3
    left = plan.estimate()
    assert "another key" in str(plan.stopped) and left.to_send == 3 and left.cost.amount == (0 if how == "forgotten" else 1.5)
    plan.run()
    assert plan.stopped is None and [one.sandbox for one in brought(plan)].count(False) == provider.posts.total()
    assert provider.posts.total() == {"forgotten": 1, "exchanged": 4}.get(how, 3)


def test_a_plan_obeys_the_session_that_the_notebook_has_when_it_runs(provider: CountingServer):
    """A budget, or a place, given to nb.session() after a plan was made without session= binds that plan; one made with session= keeps its own."""
    nb.session(nb.Endpoint(provider.url, OLD), tell=lambda _: None)
    plan, elsewhere = planned(), planned()
    nb.session(nb.Endpoint(provider.url, OLD), tell=lambda _: None, budget="1.00")
    with pytest.warns(UserWarning, match="of the budget"):
        plan.run(concurrency=1)
    assert provider.posts.total() == 2 and isinstance(plan.stopped, nb.errors.BudgetError)
    nb.session(nb.Endpoint.sandbox(), tell=lambda _: None)
    assert elsewhere.estimate().cost.amount == 0 and plan.estimate().cost.amount == 0
    assert all(one.sandbox or one.replayed for one in brought(elsewhere.run())) and provider.posts.total() == 2


def test_a_plan_does_not_leave_what_came_of_it(clean_place: Path):
    """Where the notebook's session keeps another history by then, a run is refused by name and the table still tells what came."""
    nb.session(nb.Endpoint.sandbox(), tell=lambda _: None)
    plan = planned().run(cells=[0])
    nb.session(nb.Endpoint.sandbox(), tell=lambda _: None, folder=clean_place / "other")
    with pytest.raises(nb.errors.InvalidRequestError, match="other"):
        plan.run()
    assert plan.to_dataframe()["started"].notna().tolist() == [True, False, False, False]


def test_the_table_names_the_place_that_made_a_picture(provider: CountingServer):
    """A plan looked at without a key and run with one says of each picture, in its table and the paragraph about methods, where it was made; of what is left, where it would go."""
    session = nb.Session(tell=lambda _: None)
    plan = planned(session)
    assert plan.to_dataframe()["provider"].tolist() == ["sandbox"] * 4
    plan.run(cells=[0])
    session.use_key(NEW, base_url=provider.url, wire="openai")
    plan.run(cells=[1])
    assert plan.to_dataframe()["provider"].tolist() == ["sandbox", "custom", "custom", "custom"]
    assert plan.to_dataframe()["wire"].tolist() == ["gemini", "openai", "openai", "openai"]
    session.forget_key()
    plan.run(cells=[2])
    assert plan.to_dataframe()["provider"].tolist() == ["sandbox", "custom", "sandbox", "sandbox"]
    assert "custom, sandbox" in plan.methods()
