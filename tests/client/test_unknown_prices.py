"""A price nobody knows is told as unknown wherever money is told, and is never taken for nothing."""

from __future__ import annotations

import asyncio
import base64
import json
import os
import signal
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import suppress
from decimal import Decimal
from pathlib import Path
from typing import Any

import prefork
import pytest

import nb_banana as nb
from nb_banana._catalog.cost import Cost
from nb_banana._catalog.spending import Spending
from nb_banana._strings import speaking
from nb_banana._widgets.timeline import timeline
from nb_banana.errors import NanoBananaError

from .misbehaving import (
    KEY,
    PICTURE,
    Behaviour,
    Server,
    answer,
    picture,
    reset,
    response,
    sends,
    serving,
    silent,
)

PHOTO = picture((20, 60, 90))
PICTURED = sends(*(response(answer(picture((200, 90, shade)))) for shade in range(20)))  # each time another one
BLOCKED = sends(response(b'{"candidates":[{"finishReason":"IMAGE_SAFETY"}]}'))
FAILING = sends(response(b'{"error":{"message":"Internal error"}}', 500))
UNKNOWN, TWO_UNKNOWN = "1 edit, price unknown", "2 edits, price unknown"


def session_at(server: Server, wire: Any = "gemini", name: Any = None, **options: Any) -> nb.Session:
    """A session at a host of its own, as `base_url=` makes it; the price book knows nothing of it."""
    endpoint = nb.Endpoint(server.url, KEY, wire=wire, name=name)
    return nb.Session(endpoint, retries=0, tell=lambda _: None, **options)


@pytest.fixture
def priced(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """`priced("0.36")`: from now on nano-banana has this price at the user's own host; pro has none."""

    def write(dollars: str) -> None:
        path = tmp_path / "prices.toml"
        path.write_text(f'[[price]]\nprovider = "custom"\nmodel = "nano-banana"\nusd = "{dollars}"\n')
        monkeypatch.setenv("NB_BANANA_PRICES", str(path))

    return write


def unanswered(connection: Any, _seen: Any, _number: int) -> None:
    """The connection stays open without a word."""
    silent(connection)


def interrupt(connection: Any, _seen: Any, _number: int) -> None:
    """Ctrl-C comes once the request is here."""
    os.kill(os.getpid(), signal.SIGINT)
    silent(connection)


def edit(session: nb.Session, model: str = "pro", prompt: str = "add a boat") -> None:
    """One edit, however it ends."""
    with suppress(NanoBananaError, KeyboardInterrupt):
        session.edit(PHOTO, prompt, model=model)


def cancel(session: nb.Session, server: Server) -> None:
    """An edit whose task is cancelled once its request has arrived."""

    async def run() -> None:
        task = asyncio.ensure_future(session.aedit(PHOTO, "add a boat", model="pro"))
        assert await asyncio.to_thread(server.wait_for, lambda: server.posts == 1)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)

    asyncio.run(run())


def history_texts(session: nb.Session, server: Server, count: int) -> tuple[str, str, str]:
    """The history view's line and its newest row, and the first line of `nb-banana history`."""
    view = nb.history(session=session)
    assert server.wait_for(lambda: view.list.count == count and f"{count} edit" in view._line.text)
    messages: list[Any] = []
    view.list.send = lambda message, buffers=None: messages.append(message)
    view.list._handle_custom_msg({"t": "rows", "gen": view.list.gen, "from": 0, "to": 9}, [])
    assert server.wait_for(lambda: any(message["t"] == "rows" for message in messages))
    row = next(message["rows"] for message in messages if message["t"] == "rows")[0]
    told = prefork.banana("history", "--folder", str(session.history.folder), env=dict(os.environ)).stdout.decode()
    return view._line.text, row["facts"], told.splitlines()[0]


ENDS: dict[str, tuple[Behaviour, str]] = {
    "picture": (PICTURED, "paid"),
    "blocked": (BLOCKED, "blocked_paid"),
    "500": (FAILING, "maybe_paid"),
    "reset": (lambda connection, _seen, _number: reset(connection), "maybe_paid"),
    "timeout": (unanswered, "maybe_paid"),
    "Ctrl-C": (interrupt, "maybe_paid"),
    "cancelled": (unanswered, "maybe_paid"),
}


@pytest.mark.parametrize("end", ENDS)
def test_an_attempt_of_unknown_price_is_unknown_in_every_place(end: str) -> None:
    """However an attempt ends that may be billed: record, ledger, session, history view and terminal say so."""
    behaviour, kind = ENDS[end]
    with serving(behaviour) as server, session_at(server, deadline=0.5 if end == "timeout" else 30) as session:
        cancel(session, server) if end == "cancelled" else edit(session)
        (record,) = session.history.records()
        assert (record.billing, record.cost) == (kind, Cost(None, certain=False))
        spent = session.spent
        assert (str(spent), spent.amount, spent.certain, spent.unpriced) == (UNKNOWN, None, False, 1)
        ledger = session.ledger
        assert {name: str(getattr(ledger, name)) for name in ("paid", "blocked_paid", "maybe_paid", "total")} == {
            "paid": "free", "blocked_paid": "free", "maybe_paid": "free", kind: UNKNOWN, "total": UNKNOWN,
        }  # fmt: skip
        assert list(map(str, ledger.by_model().values())) == list(map(str, ledger.by_day().values())) == [UNKNOWN]
        assert "$" not in str(ledger)
        line, row, terminal = history_texts(session, server, 1)
        assert UNKNOWN in line and "nothing paid" not in line and "in all" not in line
        assert "price unknown" in row and "price unknown" in terminal
        assert ("maybe" in row) is (kind == "maybe_paid")


@pytest.mark.parametrize("end", ["picture", "500"])
def test_known_and_unknown_prices_add_up_to_at_least(end: str, priced: Callable[[str], None]) -> None:
    """Beside a known price the unknown ones are counted: the sum is the least that was spent, and says so."""
    priced("0.36")
    least = "at least $0.36 and 2 edits of unknown price"
    with serving(ENDS[end][0]) as server, session_at(server) as session:
        for model, prompt in (("nano-banana", "one"), ("pro", "two"), ("pro", "three")):
            edit(session, model, prompt)
        spent = session.spent
        assert (str(spent), spent.amount, spent.certain) == (least, Decimal("0.36"), False)
        assert str(session.ledger.total) == str(session.ledger.by_day().popitem()[1]) == least
        assert sorted(map(str, session.ledger.by_model().values())) == ["$0.36", TWO_UNKNOWN]
        assert least in str(session.ledger)
        line, row, _terminal = history_texts(session, server, 3)
        assert least in line and "price unknown" in row
        with speaking("zh"):
            assert str(spent) == "至少 $0.36，另有 2 次编辑价格未知"


def test_a_chain_and_a_timeline_say_what_they_do_not_know(priced: Callable[[str], None]) -> None:
    """Steps, branches and sums of a chain tell an unknown price, and beside a known one at least that."""
    with serving(PICTURED) as server, session_at(server) as session:
        first = nb.chain(PHOTO, session=session).edit("one", model="pro")
        chain = first.edit("two", model="pro")
        first.edit("aside", model="pro")
        assert (str(chain.cost), chain.cost.amount) == (TWO_UNKNOWN, None)
        assert repr(chain).count("price unknown") == 3 and "free" not in repr(chain)
        assert str(chain.tree()).count("price unknown") == 3
        view = timeline(chain)
        view.others.value = True
        assert TWO_UNKNOWN in view._total.value and "free" not in view._total.value
        assert [step["facts"].split(" · ")[0] for step in view.strip.steps[1:]] == ["price unknown"] * 3
        priced("0.36")
        longer = chain.edit("three", model="nano-banana")
        least = "at least $0.36 and 2 edits of unknown price"
        assert str(longer.cost) == least and least in timeline(longer)._total.value and least in repr(longer)


def test_a_comparison_says_what_it_does_not_know(priced: Callable[[str], None]) -> None:
    """The headline adds what is known and counts the rest; an estimate knows no figure rather than none."""
    with serving(PICTURED) as server, session_at(server) as session:
        plan = nb.compare([PHOTO], ["one", "two"], models=["pro"], session=session)
        assert "free" not in str(plan.estimate()) and "is not known" in str(plan.estimate())
        done = plan.run()
        assert f"made for {TWO_UNKNOWN}" in repr(done).splitlines()[0]
        priced("0.36")
        mixed = nb.compare([PHOTO], "three", models=["nano-banana", "pro"], session=session)
        assert "at least $0.36" in str(mixed.estimate())
        assert "made for at least $0.36 and 1 edit of unknown price" in repr(mixed.run()).splitlines()[0]


def test_a_comparison_counts_failures_that_may_be_billed() -> None:
    """A headline that tells money does not pass over failed cells the provider may have run."""
    with serving(FAILING) as server, session_at(server) as session:
        failed = nb.compare([PHOTO], ["one", "two"], models=["pro"], session=session).run()
        assert "2 failed may be billed" in repr(failed).splitlines()[0]


def test_a_replay_of_unknown_price_stays_unknown() -> None:
    """Neither the replayed result nor what the replay saved becomes nothing."""
    with serving(PICTURED) as server:
        with session_at(server) as session:
            first = session.edit(PHOTO, "add a boat", model="pro")
        with session_at(server) as session:
            again = session.edit(PHOTO, "add a boat", model="pro")
            assert again.replayed and again.cost.amount is first.cost.amount is None
            assert "price unknown" in again.summary()
            assert (str(session.ledger.saved), str(session.spent)) == (UNKNOWN, "free")


@pytest.mark.parametrize("billing", ["paid", "blocked_paid", "maybe_paid"])
def test_the_zero_of_an_older_release_is_not_believed(billing: str) -> None:
    """0.1.0 wrote a certain $0 where it knew no price; read now it is unknown, and the file stays as it is."""
    with serving(FAILING) as server:
        with session_at(server) as session:
            edit(session)
            file = session.history.folder / "history.sqlite"
        with sqlite3.connect(file) as old:
            old.execute("UPDATE records SET billing = ?, amount = '0', certain = 1, cost_source = ''", [billing])
        with session_at(server) as session:
            (record,) = session.history.records()
            assert record.cost == Cost(None, certain=False) and record.to_dict()["cost"] is None
            assert str(getattr(session.ledger, billing)) == str(session.ledger.total) == UNKNOWN
            line, row, terminal = history_texts(session, server, 1)
            assert UNKNOWN in line and "price unknown" in row and "price unknown" in terminal
        with sqlite3.connect(file) as old:
            assert old.execute("SELECT amount, certain FROM records").fetchall() == [("0", 1)]


def stating(cost: float) -> Behaviour:
    """A chat answer with one picture that says what it cost."""
    url = f"data:image/png;base64,{base64.b64encode(PICTURE).decode()}"
    message = {"role": "assistant", "content": "", "images": [{"type": "image_url", "image_url": {"url": url}}]}
    body = {"choices": [{"message": message, "finish_reason": "stop"}], "usage": {"cost": cost}}
    return sends(response(json.dumps(body).encode()))


@pytest.mark.parametrize(("cost", "told"), [(0, "free"), (0.25, "$0.25")])
def test_what_the_provider_states_is_known(cost: float, told: str) -> None:
    """A cost that stands in the answer of a place that says it in dollars is certain, and a stated zero is a zero."""
    with serving(stating(cost)) as server, session_at(server, wire="openai", name="openrouter") as session:
        result = session.edit(PHOTO, "add a boat", model="pro")
        (record,) = session.history.records()
        assert record.cost == result.cost and result.cost.amount == Decimal(str(cost)) and result.cost.certain
        assert str(session.spent) == str(session.ledger.paid) == told and session.spent.certain


def test_a_price_of_nothing_in_the_price_file_is_believed(priced: Callable[[str], None]) -> None:
    """Who writes 0 into their price file has said that it costs nothing, also after a failure and under a budget."""
    priced("0")
    with serving(FAILING) as server, session_at(server, budget="0") as session:
        edit(session, "nano-banana")
        (record,) = session.history.records()
        assert record.cost is not None and (record.cost.amount, record.billing) == (0, "maybe_paid")
        assert str(session.spent) == str(session.ledger.total) == "free"
        with pytest.raises(nb.errors.BudgetError, match=r"budget of \$0\.00"):
            session.edit(PHOTO, "add a boat", model="pro")


def test_what_never_ran_and_the_sandbox_stay_free() -> None:
    """A refused key costs nothing, and neither does the sandbox: known, not unknown."""
    with serving(sends(response(b'{"error":{"message":"Invalid API key"}}', 401))) as server:
        with session_at(server) as session:
            edit(session)
            assert session.history.records()[0].billing == "free"
            assert str(session.spent) == str(session.ledger.total) == "free"
            assert "nothing paid" in history_texts(session, server, 1)[0]
        with nb.Session(nb.Endpoint.sandbox(), folder="drawn", tell=lambda _: None) as sandbox:
            chain = nb.chain(PHOTO, session=sandbox).edit("add a boat")
            assert str(chain.cost) == str(sandbox.spent) == str(sandbox.ledger.total) == "free"
            assert "nothing paid" in history_texts(sandbox, server, 1)[0]


def costs() -> Iterator[tuple[list[Cost], str, str]]:
    """Costs, and what their sum says in both languages."""
    paid, about, none = Cost(Decimal("0.18")), Cost(Decimal("0.18"), certain=False), Cost(None)
    yuan, zero = Cost(Decimal("2.50"), "CNY"), Cost(Decimal(0))
    yield [], "free", "免费"
    yield [zero, zero], "free", "免费"
    yield [paid, zero, paid], "$0.36", "$0.36"
    yield [paid, about], "≈$0.36", "≈$0.36"
    yield [none], "1 edit, price unknown", "1 次编辑，价格未知"
    yield [none, zero] * 28, "28 edits, price unknown", "28 次编辑，价格未知"
    yield [paid, none, paid], "at least $0.36 and 1 edit of unknown price", "至少 $0.36，另有 1 次编辑价格未知"
    yield [yuan, paid], "$0.18 + ¥2.50", "$0.18 + ¥2.50"
    yield [yuan, none, none], "at least ¥2.50 and 2 edits of unknown price", "至少 ¥2.50，另有 2 次编辑价格未知"


@pytest.mark.parametrize(("given", "english", "chinese"), list(costs()))
def test_a_sum_says_what_it_cannot_add(given: list[Cost], english: str, chinese: str) -> None:
    """Currencies stand side by side, unknown prices are counted, in whatever order and grouping they are added."""
    spending = Spending.of(given)
    assert str(spending) == english
    with speaking("zh"):
        assert str(spending) == chinese
    assert sum(reversed(given), start=Spending()) == spending == Spending.of([Spending.of(given[:1]), *given[1:]])
    assert spending * 2 == Spending.of(given * 2) and spending * 0 == Spending()
    assert spending.certain is (not any(cost.amount is None or not cost.certain for cost in given))
