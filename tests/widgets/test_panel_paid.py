"""What panels pay for: a take of their own each, whoever clicks meanwhile, and pictures that lay behind a link."""

from __future__ import annotations

import itertools
import os
import re
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from client.misbehaving import KEY, PICTURE, answer, picture, response, serving
from client.test_paid_links import THERE, Store, session_at

import nb_banana as nb
from nb_banana import _worker
from nb_banana._widgets.panel import source
from nb_banana._widgets.surface import is_off

ROOT = Path(__file__).resolve().parents[2]
PROMPT = "Add a boat"


def one_by_one(meet=1):
    """Each POST gets a picture of its own, once so many have come together."""
    gate, numbers = threading.Barrier(meet), itertools.count(1)

    def behave(connection, _seen, _number):
        gate.wait(30)
        connection.sendall(response(answer(picture((200, 90, next(numbers))))))

    return behave


def at(server):
    return nb.Session(nb.Endpoint(server.url, KEY), retries=0, tell=lambda _: None)


def panel_at(session, photo, takes=1):
    panel = nb.panel(photo, session=session)
    panel.prompt.value, panel.takes.value = PROMPT, takes
    return panel


def named(code):
    """The takes that code names, one after another."""
    found = []
    for call in re.findall(r"nb\.edit\((.*?)\)", code, re.DOTALL):
        first, count = (int((re.search(rf"\b{name}=(\d+)", call) or [0, 1])[1]) for name in ("take", "takes"))
        found += range(first, first + count)
    return found


def run_again(code, session):
    """What code gives, each call's result in turn; the session is the notebook's own."""
    nb.session(session)
    names = {}
    exec(code, names)
    return [names[name] for name in sorted(name for name in names if name.startswith("result"))]


@pytest.mark.parametrize("sessions", [1, 2])
def test_two_panels_that_ask_at_once_get_a_picture_each(photo, sessions):
    """On one session and on two, clicks at one moment are two takes, two pictures; each panel's code gives its own."""
    with serving(one_by_one(meet=2)) as server:
        made = [at(server) for _ in range(sessions)]
        panels = [panel_at(made[n % sessions], photo) for n in range(2)]
        for panel in panels:
            panel.run_button.click()
        results = [panel.wait(60) for panel in panels]
        assert sorted(one.take for one in results) == [1, 2] and server.posts == 2
        assert results[0].image.sha256 != results[1].image.sha256
        for panel, result in zip(panels, results):
            assert named(panel.code) == [result.take]
            (again,) = run_again(panel.code, made[0])
            assert again.replayed and again.image.sha256 == result.image.sha256
        assert server.posts == 2


def test_two_panels_of_several_takes_share_none(photo):
    """Takes that alternate between panels are told by number in the code, which gives exactly that panel's pictures."""
    with serving(one_by_one(meet=6)) as server, at(server) as session:
        panels = [panel_at(session, photo, takes=3) for _ in range(2)]
        for panel in panels:
            panel.run_button.click()
        results = [panel.wait(60) for panel in panels]
        takes = [[one.take for one in result.takes] for result in results]
        assert sorted(takes[0] + takes[1]) == [1, 2, 3, 4, 5, 6] and server.posts == 6
        for panel, result in zip(panels, results):
            assert named(panel.code) == [one.take for one in result.takes]
            again = [take for one in run_again(panel.code, session) for take in one.takes]
            assert [one.image.sha256 for one in again] == [one.image.sha256 for one in result.takes]
        assert server.posts == 6


def test_two_kernels_that_ask_at_once_get_a_picture_each(photo):
    """Panels of two processes on one history share no take."""
    code = (
        "import sys, nb_banana as nb\n"
        "session = nb.Session(nb.Endpoint(sys.argv[1], sys.argv[2]), retries=0, tell=lambda _: None)\n"
        "panel = nb.panel('cat.png', session=session)\n"
        f"panel.prompt.value = {PROMPT!r}\n"
        "panel.run_button.click()\n"
        "result = panel.wait(60)\n"
        "print(result.take, result.image.sha256, repr(panel.code))"
    )
    with serving(one_by_one(meet=2)) as server:
        path = f"{ROOT}{os.pathsep}{os.environ.get('PYTHONPATH', '')}"
        start = [sys.executable, "-c", code, server.url, KEY]
        env = {**os.environ, "PYTHONPATH": path}
        kernels = [subprocess.Popen(start, env=env, stdout=subprocess.PIPE, text=True) for _ in range(2)]
        said = [kernel.communicate(timeout=90)[0].split(maxsplit=2) for kernel in kernels]
        assert server.posts == 2
    assert sorted(take for take, _, _ in said) == ["1", "2"] and said[0][1] != said[1][1]
    assert all(named(code) == [int(take)] for take, _, code in said)


def test_a_take_that_another_panel_got_meanwhile_is_not_shared_by_a_retry(photo):
    """What failed is sent again under its number unless another has that by now; the code then names the gap."""
    fine, numbers = one_by_one(), itertools.count(1)

    def behave(connection, seen, number):
        refused = response(b'{"error":{"message":"no such thing"}}', 400)
        connection.sendall(refused) if next(numbers) == 2 else fine(connection, seen, number)

    with serving(behave) as server, at(server) as session:
        panel, other = panel_at(session, photo, takes=2), panel_at(session, photo)
        panel.run_button.click()
        first = panel.wait(60)
        other.run_button.click()
        theirs = other.wait(60)
        panel.view.retry.click()
        ours = panel.wait(60)
        shown = {one.image.sha256: one.take for one in ours.takes}
        assert len(shown) == 2 and theirs.image.sha256 not in shown and server.posts == 4
        assert sorted([*shown.values(), theirs.take]) == [1, 2, 3] and first.take in shown.values()
        assert named(panel.code) == sorted(shown.values())
        again = [take for one in run_again(panel.code, session) for take in one.takes]
        assert [one.image.sha256 for one in again] == sorted(shown, key=shown.get) and server.posts == 4


@pytest.mark.parametrize(
    ("takes", "calls"),
    [((1,), [()]), ((3,), [("take=3",)]), ((1, 2), [("takes=2",)]), ((2, 3, 5, 8, 9), [("take=2", "takes=2"), ("take=5",), ("take=8", "takes=2")])],
)
def test_numbers_that_follow_each_other_are_one_call(takes, calls):
    """Each stretch of takes is one call with a variable of its own; all of them together name just those takes."""
    code = source.call("result", ['"cat.png"'], PROMPT, {}, takes=takes)
    lines = code.splitlines()[2:]
    assert [tuple(re.findall(r"takes?=\d+", line)) for line in lines] == calls
    assert len({line.split(" = ")[0] for line in lines}) == len(lines) and named(code) == list(takes)


def test_the_code_counts_on_what_another_is_making(photo):
    """Before the click the code names the take that is free then; what is under way elsewhere is not."""
    with serving(one_by_one(meet=2)) as server, at(server) as session:
        first, second = panel_at(session, photo), panel_at(session, photo)
        first.run_button.click()
        assert server.wait_for(lambda: server.posts == 1, 30)
        assert named(second.code) == [2]
        second.run_button.click()
        assert (first.wait(60).take, second.wait(60).take) == (1, 2)


def test_code_of_a_click_that_never_began_is_what_would_be_sent(photo):
    """A click that the budget stops leaves the code of that request, not of the one before."""
    with serving(one_by_one()) as server, at(server) as session:
        panel = panel_at(session, photo)
        panel.run_button.click()
        panel.wait(60)
        session._purse = type(session._purse)("0.0001")
        panel.prompt.value = "Add a lighthouse"
        panel.run_button.click()
        with pytest.raises(nb.errors.BudgetError):
            panel.wait(60)
        assert "lighthouse" in panel.code and server.posts == 1


# --- a paid picture behind a link ----------------------------------------------------------------------------


@pytest.fixture
def impatient(monkeypatch):
    """A store that is down is given up at once."""
    monkeypatch.setattr("nb_banana._flow._LINK_PATIENCE", 0.0)


def fail(panel):
    """A run whose picture lies behind a link that can't be fetched."""
    panel.run_button.click()
    with pytest.raises(nb.errors.APIConnectionError):
        panel.wait(60)


@pytest.mark.parametrize(("lang", "label"), [("en", "Fetch the paid picture"), ("zh", "取回已付费的图片")])
def test_the_paid_picture_is_fetched_by_a_button(photo, impatient, lang, label):
    """It stands there while a picture is owed, sends no POST, and its picture is shown, kept and named in the code."""
    store, got = Store(response(b"", 503)), []
    with serving(store) as server, session_at(server) as session:
        panel = nb.panel(photo, session=session, lang=lang)
        panel.prompt.value = PROMPT
        panel.on_result(got.append)
        assert is_off(panel.view.fetch)
        fail(panel)
        assert panel.view.fetch.description == label and not is_off(panel.view.fetch)
        panel.view.fetch.click()
        with pytest.raises(nb.errors.APIConnectionError):
            panel.wait(60)
        assert not is_off(panel.view.fetch)  # still down: it may be tried again
        store.replies = [THERE]
        panel.view.fetch.click()
        result = panel.wait(60)
        assert result.image.data == PICTURE and panel.image == result.image and got == [result]
        assert panel.status.state == "done" and is_off(panel.view.fetch)
        assert server.posts == 1
        (record,) = session.history.records()
        assert (record.status, record.billing, record.id) == ("done", "paid", result.record_id)
        assert named(panel.code) == [1]
        nb.session(session)
        exec(panel.code, names := {})
        assert names["result"].replayed and server.posts == 1


def test_a_picture_gone_for_good_is_never_paid_by_the_button(photo, impatient):
    """A link that is turned down for good sends nothing either: the button may be tried, Edit says what it costs."""
    store = Store(response(b"", 503), response(b"", 403))
    with serving(store) as server, session_at(server) as session:
        panel = panel_at(session, photo)
        fail(panel)
        panel.view.fetch.click()
        with pytest.raises(nb.errors.APIConnectionError) as raised:
            panel.wait(60)
        assert "pay for it, anew" in raised.value.hint and panel.status.hint == raised.value.hint
        assert server.posts == 1


def test_a_click_on_edit_fetches_before_it_pays(photo, impatient):
    """Edit after such a failure, in this panel or in another, brings the paid picture and sends nothing."""
    store = Store(response(b"", 503), THERE)
    with serving(store) as server, session_at(server) as session:
        fail(panel_at(session, photo))
        other = panel_at(session, photo)
        other.run_button.click()
        assert other.wait(60).image.data == PICTURE and server.posts == 1
        other.run_button.click()
        assert other.wait(60).take == 2 and server.posts == 2


def test_what_is_owed_once_is_given_once(photo, impatient):
    """Two pictures asked for at once, one of them owed: one fetches it, the other is a take of its own."""
    store = Store(response(b"", 503), THERE)
    with serving(store) as server, session_at(server) as session:
        fail(panel_at(session, photo))
        panel = panel_at(session, photo, takes=2)
        panel.run_button.click()
        assert sorted(one.take for one in panel.wait(60).takes) == [1, 2]
        assert server.posts == 2


@pytest.mark.parametrize("change", ["another key", "another session", "no place that can be used"])
def test_what_waits_goes_with_no_key_that_is_forgotten(photo, monkeypatch, change):
    """Once the key is forgotten, or the notebook goes elsewhere, no click that waited is sent: it says why, and the panel is usable."""
    gate = threading.Event()

    def behave(connection, _seen, _number):
        gate.wait(30)
        connection.sendall(response(answer(PICTURE)))

    monkeypatch.setattr("nb_banana._session.own._own", [])
    with serving(behave) as server:
        session = nb.session(retries=0, tell=lambda _: None)
        session.use_key(KEY, base_url=server.url)
        panel = panel_at(None, photo)
        panel.run_button.click()
        panel.prompt.value = "Make it snow"
        panel.run_button.click()
        assert server.wait_for(lambda: server.posts == 1) and panel.waiting == 1
        if change == "another session":
            nb.session(nb.Endpoint.sandbox(), tell=lambda _: None)
        else:
            session.forget_key()
        if change == "another key":
            session.use_key(f"sk-renewed-{KEY[3:]}", base_url=server.url)
        elif change == "no place that can be used":
            monkeypatch.setenv("NB_BANANA_BASE_URL", "ftp://127.0.0.1")
        gate.set()
        says = "ftp" if "place" in change else "or with another key"
        with pytest.raises(nb.errors.InvalidRequestError, match=says):
            panel.wait(30)
        assert server.posts == 1 and len(panel.results) == 1 and not panel.running and not panel.waiting
        assert says in panel.strip.reel.items[1]["words"]


def test_a_part_of_a_run_is_fetched_and_the_rest_stays(photo, impatient):
    """Of two takes one came and one is owed: the button completes the pair for nothing."""
    store = Store(THERE, response(b"", 503), THERE)
    with serving(store) as server, session_at(server) as session:
        panel = panel_at(session, photo, takes=2)
        panel.run_button.click()
        came = panel.wait(60)
        assert panel.status.state == "partial" and not is_off(panel.view.fetch)
        panel.view.fetch.click()
        pair = panel.wait(60).takes
        assert sorted(one.take for one in pair) == [1, 2]
        assert came.record_id in [one.record_id for one in pair]
        assert server.posts == 2 and panel.status.state == "done"
        assert is_off(panel.view.fetch) and is_off(panel.view.retry)
        assert named(panel.code) == [1, 2]


def test_only_a_record_that_owes_is_fetched(photo):
    """`acollect` of an ordinary failure says that there is nothing to fetch, and sends nothing."""
    with serving(lambda connection, *_: connection.sendall(response(b'{"error":{"message":"no"}}', 500))) as server:
        session = at(server)
        with pytest.raises(nb.errors.ServerError) as raised:
            session.edit(photo, PROMPT)
        assert raised.value.record_id == session.history.records()[0].id
        with pytest.raises(nb.errors.InvalidRequestError, match="nothing to fetch"):
            _worker.wait(session.acollect(raised.value.record_id))
        assert server.posts == 1
