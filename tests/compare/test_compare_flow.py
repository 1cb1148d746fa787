"""How a run goes: its order, in the background, stopped, in parts, held back, given up."""

from __future__ import annotations

import json
import socket
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import httpx
import pytest
from compare_kit import until

import nb_banana as nb
from nb_banana._compare.order import in_order
from nb_banana._compare.pace import PATIENCE, Pace
from nb_banana._sandbox.service import respond

WORDS = ["red", "green", "blue", "old", "new", "wet", "dry", "big"]


def planned(session, **more):
    """Eight prompts, two models, two takes."""
    return nb.compare(None, [f"a boat, {word}" for word in WORDS], models=["nano-banana", "nano-banana-pro"], takes=2, session=session, **more)


# --- order ----------------------------------------------------------------------------------------


def test_the_first_take_comes_everywhere_before_the_second(session):
    """Half of a spread run has every prompt under every model once."""
    order = in_order(planned(session).cells, "spread")
    half = order[: len(order) // 2]
    assert {cell.take for cell in half} == {1}
    assert len({(cell.prompt, cell.model) for cell in half}) == 16


def test_wherever_it_stops_it_is_an_even_sample(session):
    """After each whole pair of models the models are level; the prompts done first lie all over the plan; no model is always first."""
    order = in_order(planned(session).cells, "spread")[:16]
    for end in range(2, 17, 2):
        models = [cell.model for cell in order[:end]]
        assert models.count("nano-banana") == models.count("nano-banana-pro")
    assert [WORDS.index(cell.prompt.split()[-1]) for cell in order[:8:2]] == [0, 4, 2, 6]
    assert {cell.model for cell in order[::2]} == {"nano-banana", "nano-banana-pro"}
    assert sorted(cell.index for cell in in_order(planned(session).cells, "spread")) == list(range(32))


def test_a_run_keeps_to_the_order(server, session):
    """What is sent comes as the order says; "plan" is plan order, and a slip names those there are."""
    plan = planned(session)
    plan.run(concurrency=1, cells=[cell for cell in plan.cells if cell.model == "nano-banana" and cell.take == 1])
    expected = [cell.prompt for cell in in_order(plan.cells, "spread") if cell.model == "nano-banana" and cell.take == 1]
    assert [record.prompt for record in reversed(session.history.records())] == expected
    with pytest.raises(nb.errors.InvalidRequestError, match=r"'random'.*'spread' / 'plan'"):
        plan.run(order="random")


# --- in the background, in parts -------------------------------------------------------------------


def test_a_run_in_the_background_is_followed_and_stopped(provider, clean_place):
    """It returns at once; Stop sends nothing more and keeps what was under way; a second run does the rest."""
    provider.at_once = 3
    session = nb.Session(nb.Endpoint(provider.url), tell=lambda _: None)
    plan, changes = nb.compare(None, [f"a boat, {word}" for word in WORDS], session=session), []
    forget = plan.when_changed(lambda: changes.append(plan.progress))
    plan.start(concurrency=2)
    with pytest.raises(nb.errors.InvalidRequestError, match="is running"):
        plan.run()
    until(lambda: provider.posts.total() == 5)  # three answered, two wait for the gate
    plan.stop()
    assert plan.progress.stopping and plan.progress.running
    provider.gate.set()
    plan.wait(30)
    assert len([one for one in plan if one]) == 5 == provider.posts.total() and plan.stopped is None
    assert [record.status for record in session.history.every()] == ["done"] * 5
    last = changes[-1]
    assert (last.running, last.total, last.done, last.failed) == (False, 8, 5, 0)
    forget()
    plan.run()
    assert provider.posts.total() == 8 and max(provider.posts.values()) == 1 and changes[-1] is last


def test_a_slip_in_a_listener_costs_nothing(server, session, caplog):
    """What a listener raises is told once, with its traceback, and every edit is made and kept; other listeners hear on."""
    plan, heard = nb.compare(None, [f"a boat, {word}" for word in WORDS], session=session), []
    plan.when_changed(lambda: {}["accuracy"])
    plan.when_changed(lambda: heard.append(plan.progress.done))
    plan.run(concurrency=2)
    assert all(plan.results) and heard[-1] == 8 == len(server.requests) and not plan.progress.running
    assert [str(one.exc_info[1]) for one in caplog.records if one.exc_info] == ["'accuracy'"]


def test_only_the_cells_that_are_named_run(server, session):
    """One cell, by number or itself; what is done is left alone; what can't be named or can't work is told."""
    plan = nb.compare(None, ["a boat", "a cat", "a dog"], image_sizes=["1K", "4K"], models=["nano-banana"], session=session)
    assert len(plan.run(cells=[plan.cells[2]]).missing) == 2 and len(server.requests) == 1
    plan.run(cells=[2])
    assert len(server.requests) == 1
    with pytest.raises(nb.errors.InvalidRequestError, match="0 to 5"):
        plan.run(cells=[6])
    with pytest.raises(nb.errors.InvalidRequestError, match="Cell 1 can't work"):
        plan.run(cells=[1])


def test_nothing_that_came_is_lost_while_others_look(session):
    """While a run goes on, prices and tables are asked for again and again from two threads: every outcome is there in the end."""
    plan, over = planned(session), threading.Event()

    def looks():
        while not over.is_set():
            plan.estimate()

    lookers = [threading.Thread(target=looks) for _ in range(2)]
    for looker in lookers:
        looker.start()
    plan.run(concurrency=8)
    over.set()
    for looker in lookers:
        looker.join()
    assert not plan.missing and len(session.history.records()) == len(plan)


def test_two_threads_that_begin_make_one_run(provider, session):
    """Of eight threads that start the same plan at once, one starts it and seven are told that it runs."""
    plan, told, gate = planned(nb.Session(nb.Endpoint(provider.url), tell=lambda _: None)), [], threading.Barrier(8)

    def begin():
        gate.wait(30)
        try:
            plan.start()
        except nb.errors.InvalidRequestError as error:
            told.append(str(error))

    threads = [threading.Thread(target=begin) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    plan.stop()
    provider.gate.set()
    plan.wait(30)
    assert len(told) == 7 and all("is running" in words for words in told)


def test_what_failed_is_tried_again_alone(server, session):
    """`cells=plan.failed` sends the failed ones and leaves the missing."""
    server.script._left = ["safety"]
    plan = nb.compare(None, ["a boat", "a cat", "a dog"], session=session)
    plan.run(cells=[0, 1], order="plan", concurrency=1)
    assert [cell.index for cell in plan.failed] == [0]
    plan.run(cells=plan.failed)
    assert plan.failed == () and len(plan.missing) == 1 and len(server.requests) == 3


def test_before_the_first_answer_the_usual_time_is_told(provider, clean_place):
    """Where the catalog knows how long such edits take, a run says about how long it will take from its first moment."""
    provider.at_once = 0
    plan = nb.compare(None, [f"a boat, {word}" for word in WORDS], session=nb.Session(nb.Endpoint(provider.url), tell=lambda _: None))
    low, high = plan.estimate(concurrency=4).seconds
    plan.start(concurrency=4)
    until(lambda: provider.posts.total() == 4)
    assert plan.progress.done == 0 and 0 < plan.progress.seconds_left <= (low + high) / 2
    plan.stop()
    provider.gate.set()
    plan.wait(30)


def test_progress_says_money_and_time(provider, clean_place, monkeypatch):
    """What was spent, what the budget leaves and about how long it takes still, as values and in one line."""
    (clean_place / "prices.toml").write_text('[[price]]\nprovider = "custom"\nmodel = "*"\nusd = "0.05"\n')
    monkeypatch.setenv("NB_BANANA_PRICES", str(clean_place / "prices.toml"))
    provider.at_once = 2
    session = nb.Session(nb.Endpoint(provider.url), budget="1", tell=lambda _: None)
    plan = nb.compare(None, [f"a boat, {word}" for word in WORDS], session=session).start(concurrency=1)
    until(lambda: provider.posts.total() == 3)
    now = plan.progress
    assert (now.done, now.total, now.under_way) == (2, 8, 1)
    assert str(now.spent) == "$0.10" and now.money_left.amount <= 1 and now.seconds_left > 0
    assert "2 of 8 done" in str(now) and "$0.10" in str(now) and "left" in str(now)
    provider.gate.set()
    plan.wait(30)
    assert plan.progress.seconds_left is None and str(plan.progress.money_left) == "$0.60"


# --- limits and hosts that are not there -----------------------------------------------------------


class Limited(ThreadingHTTPServer):
    """A provider that answers at most so many at once, and asks the others to come back."""

    daemon_threads = True

    def __init__(self, most: int) -> None:
        super().__init__(("127.0.0.1", 0), LimitedHandler)
        self.most, self.now, self.refused, self.answered, self.lock = most, 0, 0, 0, threading.Lock()
        self.url = f"http://127.0.0.1:{self.server_address[1]}"


class LimitedHandler(BaseHTTPRequestHandler):
    server: Limited
    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        with self.server.lock:
            self.server.now += 1
            full = self.server.now > self.server.most
        headers = {"Content-Type": self.headers["Content-Type"]}
        answer = respond(httpx.Request("POST", self.server.url + self.path, headers=headers, content=body))
        time.sleep(0.1)
        with self.server.lock:
            self.server.now -= 1
            self.server.refused += full
            self.server.answered += not full
        said = json.dumps({"error": {"code": 429, "message": "too many requests", "status": "RESOURCE_EXHAUSTED"}}).encode()
        content = said if full else answer.content
        self.send_response(429 if full else 200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content)))
        self.send_header("Retry-After", "1")
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_):
        """Its counts are its log."""


def test_a_rate_limit_is_learned_and_no_edit_fails_of_it(clean_place):
    """A provider that takes two at a time is asked by fewer lanes after its first no; every edit comes, each answered once."""
    server = Limited(2)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    session = nb.Session(nb.Endpoint(server.url), retries=0, tell=lambda _: None)
    plan = nb.compare(None, [f"a boat, {word}" for word in WORDS], session=session)
    held = []
    plan.when_changed(lambda: held.extend(plan.progress.holds))
    with pytest.warns(UserWarning, match=r"127\.0\.0\.1:\d+ asked for fewer requests; in the end [1-4] were made at a time instead of 8") as told:
        plan.run(concurrency=8)
    assert len(told) == 1 and told[0].filename == __file__
    server.shutdown()
    assert plan.failed == plan.missing == () and plan.stopped is None
    assert server.answered == 8 and 0 < server.refused <= 14
    assert held and "127.0.0.1" in held[0].place and 0 < held[0].seconds <= 1


def test_a_pace_halves_once_per_burst_grows_back_and_loses_patience():
    """Four answers of one burst count as one; it waits as told, or longer each time; answers bring lanes back; ten minutes of nothing end it."""
    pace, limit = Pace(8, 8), nb.errors.RateLimitError("too many")
    assert all(pace.again(limit, 0.0) for _ in range(4))
    assert (pace.allowed, pace.until) == (4, 2.0) and not pace.is_free(1.9) and pace.is_free(2.0)
    assert pace.again(limit, 3.0) and (pace.allowed, pace.until) == (2, 7.0)
    assert pace.again(nb.errors.RateLimitError("wait", retry_after=30), 8.0) and (pace.allowed, pace.until) == (1, 38.0)
    result = nb.EditResult(images=(), request=nb.EditRequest("a boat"))
    for _ in range(10):
        assert not pace.again(result, 40.0)
    assert pace.allowed == 3
    assert pace.again(limit, 50.0) and pace.given_up is None
    assert not pace.again(limit, 51.0 + PATIENCE) and pace.given_up is limit
    hours, fresh = nb.errors.RateLimitError("tomorrow", retry_after=PATIENCE + 1), Pace(8, 8)
    assert not fresh.again(hours, 0.0) and fresh.given_up is hours  # nobody asked to wait that long


def test_a_host_that_is_not_there_is_given_up_after_five(clean_place):
    """A thousand cells against a closed port end in seconds: some failed, the rest is still to be done, and it says why and what to do."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{taken.getsockname()[1]}"
    session = nb.Session(nb.Endpoint(url), retries=0, tell=lambda _: None)
    plan = nb.compare(None, [f"a boat, {number}" for number in range(1000)], session=session)
    began = time.monotonic()
    with pytest.warns(UserWarning, match="5 times in a row"):
        plan.run(concurrency=4)
    assert time.monotonic() - began < 30
    assert 5 <= len(plan.failed) <= 8 and len(plan.missing) == 1000 - len(plan.failed)
    assert isinstance(plan.stopped, nb.errors.APIConnectionError) and "only what is left" in plan.stopped.hint


def test_one_host_that_is_gone_stops_no_other(server, clean_place):
    """The other place's cells are all made."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        gone = nb.Endpoint(f"http://127.0.0.1:{taken.getsockname()[1]}")
    session = nb.Session(nb.Endpoint(server.url), retries=0, tell=lambda _: None)
    plan = nb.compare(None, [f"a boat, {number}" for number in range(9)], endpoints=[None, gone], session=session)
    with pytest.warns(UserWarning, match="in a row"):
        plan.run(concurrency=2)
    assert {plan[cell] is not None for cell in plan.cells if cell.endpoint is None} == {True}
    assert len(server.requests) == 9
