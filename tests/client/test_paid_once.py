"""What is paid is paid once: by threads, kernels and interrupted cells that share a history and a budget."""

from __future__ import annotations

import base64
import gc
import json
import os
import random
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, suppress
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from types import FrameType
from typing import Any

import pytest

import nb_banana as nb

from .misbehaving import KEY, Server, answer, picture, response, sends, serving, silent

ROOT = Path(__file__).resolve().parents[2]
PHOTO = picture((20, 60, 90))
PRICE = Decimal("0.09")
FAILING = response(b'{"error":{"message":"Internal error"}}', 500)
REFUSING = response(b'{"error":{"message":"no such thing"}}', 400)


@pytest.fixture(autouse=True)
def _place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder of its own, and $0.09 an edit at the user's own host."""
    monkeypatch.chdir(tmp_path)
    prices = tmp_path / "prices.toml"
    prices.write_text(f'[[price]]\nprovider = "custom"\nmodel = "*"\nusd = "{PRICE}"\n')
    monkeypatch.setenv("NB_BANANA_PRICES", str(prices))
    monkeypatch.setenv("NB_BANANA_HISTORY", str(tmp_path / "shared"))


def slowly(*replies: bytes, seconds: float = 0.5) -> Callable[..., None]:
    """One reply after another, each after a while; the last one again and again, else another picture each time."""

    def behave(connection: Any, _seen: Any, number: int) -> None:
        time.sleep(seconds)
        shade = response(answer(picture((200, 90, number % 256))))
        connection.sendall(replies[min(number, len(replies)) - 1] if replies else shade)

    return behave


def at(server: Server, **options: Any) -> nb.Session:
    """A session at the server, as a cell or a kernel makes it."""
    options = {"retries": 0, "tell": lambda _: None, **options}
    return nb.Session(nb.Endpoint(server.url, KEY), **options)


def at_once(count: int, call: Callable[[int], Any]) -> list[Any]:
    """What so many threads, let go at one moment, got: a result or an error each."""
    gate = threading.Barrier(count)

    def run(number: int) -> Any:
        gate.wait()
        try:
            return call(number)
        except nb.NanoBananaError as error:
            return error

    with ThreadPoolExecutor(count) as pool:
        return list(pool.map(run, range(count)))


def kernel(server: Server, body: str) -> subprocess.Popen[str]:
    """Another process that has a session ``s`` at the server and runs a line."""
    code = (
        "import base64, sys, threading, nb_banana as nb\n"
        f"photo = base64.b64decode('{base64.b64encode(PHOTO).decode()}')\n"
        f"s = nb.Session(nb.Endpoint({server.url!r}, {KEY!r}), retries=0, tell=lambda _: None)\n"
        f"{body}\n"
    )
    path = f"{ROOT}{os.pathsep}{os.environ.get('PYTHONPATH', '')}"
    return subprocess.Popen(
        [sys.executable, "-c", code], env={**os.environ, "PYTHONPATH": path}, stdout=subprocess.PIPE, text=True
    )


EDIT = "r = s.edit(photo, 'add a boat'); print(r.replayed, r.image.sha256)"

# --- the same request at the same moment ----------------------------------------------------------------


def test_sixteen_threads_pay_one_edit() -> None:
    """The same request from 16 threads is one POST; all have its picture, all but one as a replay."""
    with serving(slowly()) as server, at(server) as session:
        got = at_once(16, lambda _: session.edit(PHOTO, "add a boat"))
        assert server.posts == 1
    assert sorted(one.replayed for one in got) == [False] + [True] * 15
    assert len({one.image.sha256 for one in got}) == 1
    assert session.spent.amount == session.ledger.paid.amount == PRICE


def test_sessions_of_one_process_share_it_too() -> None:
    """Two sessions on one history are as two kernels."""
    with serving(slowly()) as server:
        got = at_once(4, lambda _: at(server).edit(PHOTO, "add a boat"))
        assert server.posts == 1 and sum(one.replayed for one in got) == 3


def test_two_kernels_pay_one_edit() -> None:
    """A second process waits for the first one's picture and replays it."""
    with serving(slowly(seconds=4)) as server:
        both = [kernel(server, EDIT) for _ in range(2)]
        said = [one.communicate(timeout=60)[0].split() for one in both]
        assert server.posts == 1
    assert sorted(replayed for replayed, _ in said) == ["False", "True"]
    assert said[0][1] == said[1][1]


def test_the_second_sends_if_the_first_failed_unbilled() -> None:
    """A failure that costs nothing is no answer: the next in line sends."""
    with serving(slowly(REFUSING, response(answer()))) as server, at(server) as session:
        got = at_once(3, lambda _: session.edit(PHOTO, "add a boat"))
        assert server.posts == 2
    assert sum(isinstance(one, nb.errors.InvalidRequestError) for one in got) == 1
    assert sum(isinstance(one, nb.EditResult) for one in got) == 2


def test_a_failure_that_may_be_billed_is_everybodys() -> None:
    """Sixteen threads behind one 500 do not pay it sixteen times: they get its error."""
    with serving(slowly(FAILING)) as server, at(server) as session:
        got = at_once(16, lambda _: session.edit(PHOTO, "add a boat"))
        assert server.posts == 1
        assert all(isinstance(one, nb.errors.ServerError) and one.may_be_billed for one in got)
        assert session.ledger.total.amount == PRICE
        with pytest.raises(nb.errors.ServerError):  # asked anew, it is sent anew
            session.edit(PHOTO, "add a boat")
        assert server.posts == 2


def test_the_second_sends_if_the_first_kernel_dies() -> None:
    """A kernel killed in the middle of an edit keeps nobody waiting."""

    def first_hangs(connection: Any, _seen: Any, number: int) -> None:
        if number == 1:
            silent(connection)
        connection.sendall(response(answer()))

    with serving(first_hangs) as server:
        first = kernel(server, EDIT)
        assert server.wait_for(lambda: server.posts == 1, 30)
        second = kernel(server, EDIT)
        time.sleep(3)
        assert server.posts == 1 and second.poll() is None  # it waits
        first.kill()
        assert second.communicate(timeout=30)[0].split()[0] == "False"
        assert server.posts == 2


def gateway(status: int, words: str) -> bytes:
    """What a gateway answers when its upstream fails."""
    return response(json.dumps({"error": {"message": words, "type": "upstream_error"}}).encode(), status)


BROKE_OFF = [
    "Server disconnected without sending a response.",
    "peer closed connection without sending complete message body (incomplete chunked read)",
    "Response ended prematurely",
    "Remote end closed connection without response",
    "('Connection aborted.', RemoteDisconnected('Remote end closed'))",
    "Response payload is not completed",
    "Server disconnected",
    "socket hang up",
    "read ECONNRESET",
    "other side closed",
    "terminated",
    "connection was closed before message completed",
    "http2: client connection lost",
    "An existing connection was forcibly closed by the remote host",
    "stream disconnected before completion",
    "the stream was interrupted before it finished",
    "upstream stream ended without a terminal event",
    "TransferEncodingError: Not enough data for satisfy transfer length header.",
    "读取上游响应失败",
    "上游连接中断",
    "连接被重置",
    "上游服务断开连接",
    "响应流中断",
    "上游响应不完整",
    "流式响应提前结束",
]
"""How clients of many languages say that the answer they were reading broke off."""


@pytest.mark.parametrize(
    ("status", "words"),
    [
        (502, "upstream error: read tcp 10.0.0.1:443: connection reset by peer"),
        (502, "unexpected EOF"),
        (503, "stream error: stream ID 5; INTERNAL_ERROR; received from peer"),
        (502, "upstream prematurely closed connection while reading response header from upstream"),
        (502, "bad_response_body: read response body failed"),
        (503, "context canceled"),
        (503, "upstream connect error or disconnect/reset before headers. reset reason: connection termination"),
        *[(502, words) for words in BROKE_OFF],
    ],
)
def test_an_answer_that_broke_off_behind_the_gateway_is_not_ordered_again(status: int, words: str) -> None:
    """502 and 503 mean that nothing ran, but not where the words say that the model was answering: one POST, may be billed."""
    with serving(sends(gateway(status, words))) as server:
        with pytest.raises(nb.errors.ServerError) as raised:
            nb.Client(nb.Endpoint(server.url, KEY), retries=2).edit(PHOTO, "add a boat")
        assert (server.posts, raised.value.may_be_billed) == (1, True)


@pytest.mark.parametrize(
    ("status", "words"),
    [
        (502, "Bad gateway"),
        (503, "do request failed: dial tcp 10.0.0.1:443: connect: connection reset by peer"),
        (503, "upstream connect error or disconnect/reset before headers. reset reason: connection failure"),
        (503, "upstream connect error or disconnect/reset before headers. reset reason: overflow"),
        (502, "connect ECONNREFUSED 10.0.0.1:443: socket closed"),
        (502, "Client network socket disconnected before secure TLS connection was established"),
        (502, "Connection aborted. Failed to establish a new connection"),
        (503, "The model is overloaded. Please try again later."),
        (503, "服务维护中，请稍后再试"),
        (502, "无法连接上游，连接中断"),
    ],
)
def test_a_model_that_was_never_reached_is_asked_again(status: int, words: str) -> None:
    """Where no connection came about behind the gateway, sending again can't pay twice."""
    with serving(slowly(gateway(status, words), response(answer()), seconds=0)) as server:
        assert nb.Client(nb.Endpoint(server.url, KEY), retries=2).edit(PHOTO, "add a boat").image
        assert server.posts == 2


def test_fresh_and_other_takes_are_not_merged() -> None:
    """What is asked for anew, or as another take, is sent beside what is under way."""
    with serving(slowly(seconds=1)) as server, at(server) as session:
        ways = [{"fresh": True}, {"fresh": True}, {"take": 2}]
        first = threading.Thread(target=session.edit, args=(PHOTO, "add a boat"))
        first.start()
        assert server.wait_for(lambda: server.posts == 1)
        got = at_once(3, lambda n: session.edit(PHOTO, "add a boat", **ways[n]))
        first.join()
        assert server.posts == 4 and not any(one.replayed for one in got)


def test_waiting_has_a_limit_and_ctrl_c_ends_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """Who waits for another's edit can stop at once, and is told after the deadline; nothing is sent for them."""

    def hangs(connection: Any, _seen: Any, _number: int) -> None:
        silent(connection)

    monkeypatch.setattr("nb_banana._session.attempts._GRACE", 0.0)
    with serving(hangs) as server:
        first = kernel(server, EDIT)
        assert server.wait_for(lambda: server.posts == 1, 30)
        began = time.monotonic()
        with pytest.raises(nb.errors.APITimeoutError, match="under way") as raised:
            at(server, deadline=1).edit(PHOTO, "add a boat")
        assert not raised.value.may_be_billed and time.monotonic() - began < 5
        ring = threading.Timer(0.5, lambda: os.kill(os.getpid(), signal.SIGINT))
        began = time.monotonic()
        with pytest.raises(KeyboardInterrupt):
            ring.start()
            at(server).edit(PHOTO, "add a boat")
        assert time.monotonic() - began < 2 and server.posts == 1
        first.kill()
        first.wait()


# --- another take ---------------------------------------------------------------------------------------


def test_eight_threads_get_eight_takes() -> None:
    """take="next" is given out by the history: no two are alike, and each can be reached afterwards."""
    with serving(slowly()) as server, at(server) as session:
        session.edit(PHOTO, "add a boat")
        got = at_once(8, lambda _: session.edit(PHOTO, "add a boat", take="next"))
        assert sorted(one.take for one in got) == list(range(2, 10)) and server.posts == 9
        for one in got:
            again = session.edit(PHOTO, "add a boat", take=one.take)
            assert again.replayed and again.image.sha256 == one.image.sha256
        more = session.edit(PHOTO, "add a boat", take="next", takes=2)
        assert sorted(one.take for one in more.takes) == [10, 11] and server.posts == 11


# --- budgets --------------------------------------------------------------------------------------------


def test_a_budget_survives_its_cell() -> None:
    """$0.10 is $0.10, however often the cell that says so is run."""
    with serving(slowly(seconds=0)) as server:
        for number in range(4):
            with at(server, budget="0.10") as session:
                try:
                    session.edit(PHOTO, f"add boat {number}")
                except nb.errors.BudgetError as error:
                    assert number and "$0.01 of the budget of $0.10 is left since 20" in str(error)
        assert server.posts == 1 and session.ledger.total.amount == PRICE


def test_a_budget_is_shared_by_kernels_and_by_edits_under_way() -> None:
    """Three kernels and eight threads at the same moment spend one edit's worth in all."""
    body = (
        "s = nb.Session(s.endpoint, retries=0, budget='0.10', tell=lambda _: None)\n"
        "def go(n):\n"
        "    try: s.edit(photo, f'{sys.argv} boat {n} {threading.get_native_id()}')\n"
        "    except nb.errors.BudgetError: print('refused')\n"
        "ts = [threading.Thread(target=go, args=(n,)) for n in range(8)]\n"
        "[t.start() for t in ts]; [t.join() for t in ts]"
    )
    with serving(slowly(seconds=2)) as server:
        kernels = [kernel(server, body) for _ in range(3)]
        said = "".join(one.communicate(timeout=90)[0] for one in kernels)
        assert server.posts == 1 and said.count("refused") == 23


def test_what_may_be_billed_counts_in_the_next_kernel() -> None:
    """A 500, and an edit whose kernel was killed, are gone from the budget of the next."""
    with serving(sends(FAILING)) as server:
        with at(server, budget="0.10") as session, pytest.raises(nb.errors.ServerError):
            session.edit(PHOTO, "add a boat")
        with at(server, budget="0.10") as session, pytest.raises(nb.errors.BudgetError):
            session.edit(PHOTO, "add two boats")
        assert server.posts == 1


def test_a_budget_counts_from_its_first_moment_or_from_since() -> None:
    """What was spent before the first budget= is no part of it; since= moves its beginning, for all who share it."""
    told: list[str] = []
    with serving(slowly(seconds=0)) as server:
        at(server).edit(PHOTO, "before")
        at(server, budget="0.10").edit(PHOTO, "first")
        with pytest.raises(nb.errors.BudgetError):
            at(server, budget="0.10").edit(PHOTO, "second")
        at(server, budget="0.30", tell=told.append).edit(PHOTO, "third")
        assert any("$0.30" in sentence and "since" in sentence for sentence in told)
        day = datetime.now(UTC) - timedelta(days=1)
        with pytest.raises(nb.errors.BudgetError):  # 0.27 since yesterday
            at(server, budget="0.30", since=day).edit(PHOTO, "fourth")
        at(server, budget="0.10", since=datetime.now(UTC)).edit(PHOTO, "fifth")
        with pytest.raises(nb.errors.BudgetError):
            at(server, budget="0.10").edit(PHOTO, "sixth")
        assert server.posts == 4
    with pytest.raises(nb.errors.InvalidRequestError, match="yesterday"):
        nb.Session(budget=1, since="yesterday")


def test_a_budget_never_counts_from_a_moment_to_come(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A `since` that is yet to come is refused, and a window that a clock running ahead opened binds from now on."""
    with pytest.raises(nb.errors.InvalidRequestError, match="2099-01-01"):
        nb.Session(budget="0.10", since="2099-01-01")
    monkeypatch.setenv("NB_BANANA_HISTORY", str(tmp_path / "ahead"))
    with serving(slowly(seconds=0)) as server:
        at(server, budget="2").edit(PHOTO, "opens the window")
        with closing(sqlite3.connect(tmp_path / "ahead" / "history.sqlite")) as ahead, ahead:
            assert ahead.execute("UPDATE budgets SET since = '2099-01-01T00:00:00.000000+00:00'").rowcount == 1
        at(server, budget="0.10").edit(PHOTO, "first")
        with pytest.raises(nb.errors.BudgetError):
            at(server, budget="0.10").edit(PHOTO, "second")
        assert server.posts == 2


def test_what_costs_nothing_is_within_every_budget() -> None:
    """At a server of one's own whose price is known to be 0 edits go on when a budget is overspent, and a panel there warns of nothing."""
    with serving(slowly(seconds=0)) as server:
        at(server, budget="2").edit(PHOTO, "paid")
        own = nb.Endpoint.local(server.url, "flux", wire="openai", price=0)
        with nb.Session(own, retries=0, budget="0.01", tell=lambda _: None) as session:
            panel = nb.panel(PHOTO, session=session)
            panel.prompt.value = "Add a boat"
            panel.run_button.click()
            assert panel.wait(60).cost.amount == 0
            assert "budget" not in panel.sends.text and session.edit(PHOTO, "Add two boats").image
        assert server.posts == 3


def test_each_notebook_has_its_own_budget() -> None:
    """What another notebook in the same folder spends is not mine."""
    with serving(slowly(seconds=0)) as server:
        at(server, budget="0.10", notebook="a.ipynb").edit(PHOTO, "one")
        at(server, budget="0.10", notebook="b.ipynb").edit(PHOTO, "two")
        with pytest.raises(nb.errors.BudgetError):
            at(server, budget="0.10", notebook="a.ipynb").edit(PHOTO, "three")
        assert server.posts == 2


def test_somebody_elses_records_are_not_my_spending(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An imported zip adds pictures and nothing to the ledger, the budget or the history's total; it replays free."""
    with serving(slowly(seconds=0)) as server:
        with at(server) as theirs:
            theirs.edit(PHOTO, "theirs")
            zipped = theirs.history.export_zip(tmp_path / "theirs.zip")
        monkeypatch.setenv("NB_BANANA_HISTORY", str(tmp_path / "mine"))
        with at(server, budget="0.10", since="2020-01-01") as mine:
            assert mine.history.import_zip(zipped) == 1
            assert mine.ledger.total.amount == 0
            assert mine.edit(PHOTO, "theirs").replayed
            assert not mine.edit(PHOTO, "mine").replayed
            assert mine.ledger.total.amount == mine.ledger.by_model().popitem()[1].amount == PRICE
            assert [record.imported for record in mine.history.records()] == [False, True]


# --- Ctrl-C at any moment -------------------------------------------------------------------------------


def test_ctrl_c_at_any_moment_loses_no_row_and_no_cent(request: pytest.FixtureRequest) -> None:
    """However many interrupts come, and when: no row stays running, and what was sent is in the ledger."""
    dice = random.Random(7)
    times = 500 if request.config.getoption("--long") else 40
    gc.collect()  # what earlier tests left goes now: a finalizer that is interrupted is nobody's answer, Python says so and goes on
    with serving(slowly(seconds=0.02)) as server, at(server) as session:
        session.edit(PHOTO, "warm up")
        signal.signal(signal.SIGINT, _press)  # every test begins with Python's own again
        for number in range(times):
            moments = [dice.uniform(0, 0.06) for _ in range(dice.choice((1, 1, 2)))]
            rings = [threading.Timer(m, os.kill, (os.getpid(), signal.SIGINT)) for m in moments]
            for ring in rings:
                ring.start()
            with suppress(KeyboardInterrupt):
                _interruptible(lambda number=number: session.edit(PHOTO, f"boat {number}"))
            for ring in rings:
                ring.join()
        _until(lambda: not session.history.records(status="running"))
        sent = {seen.prompt for seen in server.requests}
        known = {one.prompt: one for one in session.history.every()}
        assert not [one for one in known.values() if one.status == "running"]
        assert sent <= set(known)
        assert all(known[prompt].billing in ("paid", "maybe_paid") for prompt in sent)
        assert session.ledger.total.amount == session.spent.amount >= PRICE * len(sent)


def _interruptible(edit: Callable[[], Any]) -> None:
    """An edit, and a while after it."""
    edit()
    time.sleep(0.1)


def _press(_number: int, frame: FrameType | None) -> None:
    """Ctrl-C, but only in the middle of that: on a busy machine one may come late, and would end all tests."""
    while frame is not None:
        if frame.f_code is _interruptible.__code__:
            raise KeyboardInterrupt
        frame = frame.f_back


def _until(ready: Callable[[], bool], seconds: float = 5.0) -> None:
    """Wait until something is so."""
    ends = time.monotonic() + seconds
    while not ready() and time.monotonic() < ends:
        time.sleep(0.02)
