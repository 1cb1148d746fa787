"""What is told reaches a person: each notice once, in the language that was asked for, whatever thread says it."""

from __future__ import annotations

import asyncio
import contextlib
import re
import threading
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import talker
from PIL import Image

import nb_banana as nb
from nb_banana._sandbox.server import Server
from nb_banana._strings import say, speaking

KEY = "test-key-0123456789"
DEAD = "http://127.0.0.1:9"


def told_by(session: Callable[..., nb.Session], prompts: tuple[str, ...] = ("a boat", "a bridge")) -> list[str]:
    """Everything a session tells while it makes some edits, however they end."""
    told: list[str] = []
    with session(tell=told.append) as made:
        for prompt in prompts:
            with contextlib.suppress(nb.NanoBananaError):
                made.generate(prompt, image_size="1K")
    return told


# --- notices -------------------------------------------------------------------------------------


def test_keys_that_are_not_used_are_told_once(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whose key is used, and which others lie beside it unused, is said before the first edit and not again."""
    monkeypatch.setenv("NB_BANANA_BASE_URL", server.url)
    monkeypatch.setenv("NB_BANANA_API_KEY", KEY)
    monkeypatch.setenv("OPENROUTER_API_KEY", KEY)
    told = told_by(nb.Session)
    assert [("NB_BANANA_API_KEY" in one and "OPENROUTER_API_KEY" in one) for one in told].count(True) == 1


def test_the_sandbox_and_the_switch_to_a_paid_place_are_told_once(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    """Samples are announced; so is the moment from which edits are sent, when a key appears."""
    told: list[str] = []
    with nb.Session(tell=told.append) as session:
        for _ in range(2):
            session.generate("a boat", image_size="1K", fresh=True)
        monkeypatch.setenv("NB_BANANA_BASE_URL", server.url)
        monkeypatch.setenv("NB_BANANA_API_KEY", KEY)
        for _ in range(2):
            session.generate("a boat", image_size="1K", fresh=True)
    assert told == [say("session.sandbox"), say("session.switched", provider=session.endpoint.provider.title, host=server.url)]


def test_a_history_that_is_elsewhere_is_told_once(server: Server, tmp_path: Path) -> None:
    """A folder that can't be written sends the history to another place, which a person has to know."""
    (tmp_path / "taken").write_text("a file where the folder should be")
    told = told_by(lambda **more: nb.Session(nb.Endpoint(server.url), folder=tmp_path / "taken", **more))
    assert [str(tmp_path / "taken") in one for one in told].count(True) == 1, told


# --- a budget ------------------------------------------------------------------------------------


@pytest.mark.parametrize("fault", ["no connection", "stale certificates", "a proxy of no use"])
def test_an_edit_that_never_began_keeps_nothing_of_the_budget(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fault: str
) -> None:
    """A budget for one edit is still whole after failures before anything was sent, in this session and the next."""
    url, prices = talker.start("Done."), tmp_path / "prices.toml"
    prices.write_text('[[price]]\nprovider = "custom"\nmodel = "*"\nusd = "0.09"\n')
    monkeypatch.setenv("NB_BANANA_PRICES", str(prices))
    address = {"no connection": DEAD}.get(fault, "https://gateway.example.com")
    with monkeypatch.context() as broken:
        if fault == "stale certificates":
            broken.setenv("SSL_CERT_FILE", str(tmp_path / "gone.pem"))
        elif fault == "a proxy of no use":
            broken.setenv("HTTPS_PROXY", "gopher://127.0.0.1:1")
            broken.setenv("NO_PROXY", "")
        with nb.Session(nb.Endpoint(address, KEY), budget="0.10", retries=0, deadline=20, tell=lambda _: None) as session:
            for _ in range(3):
                with pytest.raises(nb.errors.APIConnectionError) as raised:
                    session.generate("a boat", image_size="1K")
                assert not raised.value.may_be_billed
            assert session.spent.amount == session.ledger.total.amount == Decimal(0)
            session.use_key(KEY, base_url=url)
            assert session.generate("a boat", image_size="1K").image and session.spent.amount == Decimal("0.09")
    with nb.Session(nb.Endpoint(url, KEY), budget="0.10", tell=lambda _: None) as again:
        with pytest.raises(nb.errors.BudgetError):
            again.generate("a bridge", image_size="1K")


# --- the language --------------------------------------------------------------------------------

CHINESE = re.compile(r"[\u4e00-\u9fff]")


def error_of(call: Callable[[], Any]) -> str:
    with pytest.raises(nb.NanoBananaError) as raised:
        call()
    return str(raised.value)


def session(**more: Any) -> nb.Session:
    return nb.Session(nb.Endpoint(DEAD, KEY), retries=0, tell=lambda _: None, **more)


def warned() -> str:
    return nb.Client(nb.Endpoint(talker.start("Done."), KEY)).generate("a boat", model="some-model-nobody-knows", image_size="1K").warnings[0]


def budget_refused() -> str:
    made = nb.Session(nb.Endpoint.apiyi("sk-0123456789abcdefghij"), budget="0.001", tell=lambda _: None)
    return error_of(lambda: made.generate("a boat", image_size="1K"))


def batch_failed() -> str:
    plan = nb.batch([Image.new("RGB", (8, 8))] * 2, "make it blue", session=session())
    plan.run(concurrency=2)
    return str(plan.failed[0])


DOORS: dict[str, Callable[[], str]] = {
    "client": lambda: error_of(lambda: nb.Client(nb.Endpoint(DEAD, KEY), retries=0).generate("x")),
    "a picture read beside the loop": lambda: error_of(
        lambda: asyncio.run(nb.AsyncClient(nb.Endpoint(DEAD, KEY)).edit("nowhere.png", "x"))
    ),
    "session": lambda: error_of(lambda: session().generate("x")),
    "a picture read for a session": lambda: error_of(lambda: asyncio.run(session().aedit("nowhere.png", "x"))),
    "a warning of the plan": warned,
    "the budget, in its transaction": budget_refused,
    "a batch": batch_failed,
}


@pytest.mark.parametrize("set_by", ["variable", "call"])
@pytest.mark.parametrize("door", DOORS)
def test_the_language_reaches_every_thread(monkeypatch: pytest.MonkeyPatch, door: str, set_by: str) -> None:
    """Chinese stays Chinese though another thread or task finds the fault; another thread's calls stay English."""
    if set_by == "variable":
        monkeypatch.setenv("NB_BANANA_LANG", "zh")
        assert CHINESE.search(DOORS[door]())
        return
    others: list[str] = []
    with speaking("zh"):
        other = threading.Thread(target=lambda: others.append(DOORS["client"]()))
        other.start()
        assert CHINESE.search(DOORS[door]())
        other.join(60)
    assert others and not CHINESE.search(others[0])
