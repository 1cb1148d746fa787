"""The key in hand and the money in sight: test, change, forget; the price on the button, the ledger behind it."""

from __future__ import annotations

import contextlib
import json
import sys
import threading
import time
from collections import Counter

import ipywidgets
import pytest
from client.misbehaving import KEY, answer, leaks, picture, response, sends, serving

import nb_banana as nb
from nb_banana import _worker
from nb_banana._client.answered import answered
from nb_banana._widgets.surface import is_off
from nb_banana.errors import InvalidRequestError

OTHER = "sk-other-Hn5Jt8Ue1Ro4Wz7Xc2Bv9Mk3"
MODELS = response(b'{"models":[{"name":"models/x"}]}')
NO = response(b'{"error":{"code":400,"message":"API key not valid. Please pass a valid API key.","status":"INVALID_ARGUMENT"}}', 400)
PROMPT = "Add a boat"


def fresh(name: str) -> str:
    """A key that no other test has had answered."""
    return f"sk-{name}-Qx7Lm2Vb9Tz4Kd8Wp3"


def quiet(endpoint=None, **how):
    return nb.Session(endpoint, retries=0, tell=lambda _: None, **how)


def eventually(found, seconds=20):
    """What the page is told comes a moment after the click."""
    ends = time.monotonic() + seconds
    while not found() and time.monotonic() < ends:
        time.sleep(0.02)
    assert found()


def opened(session, photo=None, lang=None):
    panel = nb.panel(photo, session=session, lang=lang)
    panel.head.button.click()
    return panel


def typed(panel, key, **place):
    panel.head.key._handle_custom_msg({"t": "key", "sure": True, **place}, [key.encode()])


def shown(panel):
    keyring = panel.head.keyring
    return "\n".join((keyring.facts.text, keyring.said.text, panel.head.mode.text))


# --- the key in use ----------------------------------------------------------------------------------------


def test_the_key_in_use_is_named_by_provider_source_and_its_last_four(monkeypatch):
    """An environment's key is told by its variable, a typed one by its session; of a short one nothing is shown."""
    monkeypatch.setenv("APIYI_API_KEY", KEY)
    panel = opened(quiet())
    assert panel.head.keyring.facts.text == f"API易 (apiyi) · api.apiyi.com · from the variable APIYI_API_KEY · ends in …{KEY[-4:]} · not tested yet"
    typed(panel, "elevenchars", provider="custom", base_url="http://127.0.0.1:9")
    assert "given for this session" in panel.head.keyring.facts.text and "ends in" not in panel.head.keyring.facts.text
    assert (panel.session.key_source, panel.session.endpoint.key_hint) == ("session", "")


def test_the_facts_are_only_there_while_they_are_looked_at(monkeypatch):
    """A notebook that saves its widgets holds not even four characters of a key once the keys are shut."""
    monkeypatch.setenv("APIYI_API_KEY", KEY)
    panel = opened(quiet())
    assert KEY[-4:] in panel.head.keyring.facts.text
    panel.head.button.click()
    assert panel.head.keyring.facts.text == "" and is_off(panel.head.keyring.box)


def test_a_typed_key_is_forgotten_at_once():
    """After Forget the next edit goes to the sandbox, the head says so, and no request carries the key again."""
    with serving(sends(response(answer()))) as server:
        panel = opened(quiet(), None)
        typed(panel, OTHER, provider="custom", base_url=server.url)
        panel.prompt.value = PROMPT
        panel.run_button.click()
        assert not panel.wait(60).sandbox and server.posts == 1
        panel.head.keyring.forget.click()
        assert panel.session.sandbox and "forgotten" in panel.head.keyring.said.text and "Sandbox" in panel.head.mode.text
        assert not panel.session._clients._made
        panel.prompt.value = f"{PROMPT} again"
        panel.run_button.click()
        assert panel.wait(60).sandbox and server.posts == 1


def test_a_forgotten_key_gives_way_to_what_stood_there_before(monkeypatch):
    """Where the environment or the code named a place, that is the next place again."""
    given = nb.Endpoint("http://127.0.0.1:9", KEY)
    for session, source in ((quiet(given), "code"), (quiet(), "")):
        session.use_key(OTHER, provider="apiyi")
        assert session.key_source == "session"
        session.forget_key()
        assert session.key_source == source
    monkeypatch.setenv("GEMINI_API_KEY", KEY)
    assert session.key_source == "GEMINI_API_KEY"


def test_an_environments_key_is_left_aside_and_found_again(monkeypatch):
    """Nothing can take a variable away, so its key is left aside for this session, and one press takes it up again."""
    monkeypatch.setenv("APIYI_API_KEY", KEY)
    panel = opened(quiet())
    forget = panel.head.keyring.forget
    assert forget.description == "Use the sandbox here"
    forget.click()
    assert panel.session.sandbox and panel.session.key_left_aside and "left aside" in shown(panel)
    assert forget.description == "Use the key again"
    forget.click()
    assert panel.session.key_source == "APIYI_API_KEY" and "apiyi" in panel.head.mode.text


def test_a_button_does_what_it_says_whatever_another_panel_did(monkeypatch):
    """Where another panel, or code, was faster, a press changes nothing: it says where edits go, and the button what it would do now."""
    monkeypatch.setenv("APIYI_API_KEY", KEY)
    session = quiet()
    one, other = opened(session), opened(session)
    one.head.keyring.forget.click()
    assert other.head.keyring.forget.description == "Use the sandbox here"
    other.head.keyring.forget.click()
    assert session.sandbox and "Sandbox" in other.head.keyring.said.text
    assert other.head.keyring.forget.description == "Use the key again"
    session.use_key(OTHER, provider="apiyi")
    other.head.keyring.forget.click()
    assert session.key_source == "session" and other.head.keyring.forget.description == "Forget"
    session.forget_key()
    other.head.keyring.forget.click()  # it is forgotten: the one of the environment is not left aside for it
    assert session.key_source == "APIYI_API_KEY" and other.head.keyring.forget.description == "Use the sandbox here"


# --- the test ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("name", "path", "header"), [
    ("google", "/v1beta/models?pageSize=1", "x-goog-api-key: {}"), ("openrouter", "/v1/key", "authorization: bearer {}"),
    ("openai", "/v1/models", "authorization: bearer {}"),
])  # fmt: skip
def test_a_free_test_asks_what_the_provider_documents(name, path, header):
    """One GET with the key at its own address, no POST; then the key counts as one that has answered."""
    key = fresh(name)
    with serving(sends(MODELS)) as server:
        wire = "images" if name == "openai" else "openai" if name == "openrouter" else "gemini"
        panel = opened(quiet(nb.Endpoint(server.url, key, name=name, wire=wire)))
        assert "key not tested yet" in panel.head.mode.text and panel.head.keyring.test.description == "Test · free"
        assert f"{server.url}{path}" in panel.head.keyring.said.text
        panel.head.keyring.test.click()
        eventually(lambda: "took the key" in panel.head.keyring.said.text)
        (seen,) = server.requests
        assert seen.head.startswith(f"GET {path} HTTP".encode()) and header.format(key).lower().encode() in seen.head.lower()
        eventually(lambda: panel.head.mode.text.endswith("ready") and "✓ has answered" in panel.head.keyring.facts.text)
        assert not leaks(shown(panel), key)


@pytest.mark.parametrize(("reply", "says"), [
    (NO, "API key"), (response(b'{"error":{"message":"User location is not supported for the API use.","status":"FAILED_PRECONDITION"}}', 400), "location"),
    (response(b'{"error":{"message":"You exceeded your current quota","status":"RESOURCE_EXHAUSTED"}}', 429), "quota"),
    (response(b"<html><title>Log in</title></html>", content_type="text/html"), "not as this service does"),
    (response(b"", 302, location="http://127.0.0.1:9/elsewhere"), "not as this service does"), (response(b'{"error":{"message":"broken"}}', 500), "broken"),
])  # fmt: skip
def test_a_test_that_fails_says_why_and_proves_nothing(reply, says):
    """Refused, a wrong region, no quota, a portal, a redirect, a fault: each has its sentence, without the key, and nothing is called ready."""
    key = fresh(f"bad{hash(says) % 1000}")
    with serving(sends(reply.replace(b"not valid", f"not valid: {key}".encode()).replace(b"content-length: 113", b"content-length: 160"))) as server:
        session = quiet(nb.Endpoint(server.url, key, name="google"))
        with pytest.raises(nb.NanoBananaError, match=says) as raised:
            session.test_key()
        assert not leaks(str(raised.value) + raised.value.body, key) and not answered(session.endpoint)
        assert len(server.requests) == 1  # a redirect is not followed: the key is for this address


def test_a_test_that_nobody_answers_says_so():
    """A closed port is the network's fault, not the key's."""
    panel = opened(quiet(nb.Endpoint("http://127.0.0.1:9", fresh("closed"), name="google")))
    panel.head.keyring.test.click()
    eventually(lambda: "can't be reached" in panel.head.keyring.said.text and "nothing of the key" in panel.head.keyring.said.text)


def test_a_paid_test_says_its_price_and_asks_first():
    """Where nothing free proves a key the first press sends nothing, No takes it back, and the second makes the cheapest picture."""
    key = fresh("paid")
    with serving(sends(response(answer(picture())))) as server:
        session = quiet(nb.Endpoint(server.url, key, name="apiyi"))
        panel = opened(session)
        keyring = panel.head.keyring
        assert keyring.test.description == "Test" and is_off(keyring.cancel)
        keyring.test.click()
        assert "Only a picture can prove this key" in keyring.said.text and keyring.test.description == "Yes, make it · ≈ $0.02"
        keyring.cancel.click()
        assert (keyring.test.description, keyring.said.text) == ("Test", "") and not server.requests
        keyring.test.click()
        keyring.test.click()
        eventually(lambda: "made a picture: $0.02" in keyring.said.text)
        assert server.posts == 1 and answered(session.endpoint)
        eventually(lambda: panel.head.spent.button.description == "Spent $0.02")
        with pytest.raises(InvalidRequestError, match="documents no free test"):
            session.test_key()


@pytest.mark.parametrize("free", [False, True])
def test_a_paid_test_is_made_only_where_it_was_asked_about(free):
    """A place that code chose after the question gets nothing: the head names it, and is asked about with its own price first."""
    with serving(sends(response(answer(picture())))) as server, serving(sends(MODELS if free else response(answer(picture())))) as other:
        nb.session(nb.Endpoint(server.url, fresh("asked"), name="apiyi"), retries=0, tell=lambda _: None)
        panel = nb.panel()
        panel.head.button.click()
        keyring = panel.head.keyring
        keyring.test.click()
        assert keyring.test.description == "Yes, make it · ≈ $0.02"
        place = nb.Endpoint(other.url, fresh("moved"), name="google") if free else nb.Endpoint.local(other.url, "m", price=5, key=fresh("moved"))
        nb.session(place, retries=0, tell=lambda _: None)
        keyring.test.click()
        host = other.url.removeprefix("http://")
        assert keyring.said.text.startswith("Edits now go elsewhere: ") and "Nothing was sent" in keyring.said.text
        assert host in keyring.said.text and host in panel.head.mode.text and host in keyring.facts.text
        assert keyring.test.description == ("Test · free" if free else "Test") and is_off(keyring.cancel)
        keyring.test.click()
        if free:
            eventually(lambda: "took the key" in keyring.said.text)
        else:
            assert keyring.test.description == "Yes, make it · ≈ $5.00"
        assert (server.posts, other.posts) == (0, 0)


def test_a_question_about_a_key_goes_with_the_place_it_was_about():
    """Whatever shows another place in the head takes an open question about the one before away; a first press names where it would go."""
    nb.session(nb.Endpoint("http://127.0.0.1:9", fresh("first"), name="apiyi"), tell=lambda _: None)
    panel = nb.panel()
    panel.head.button.click()
    keyring = panel.head.keyring
    nb.session(nb.Endpoint.local("http://127.0.0.1:7", "m", price=5, key=fresh("next")), tell=lambda _: None)
    keyring.test.click()
    assert keyring.test.description == "Yes, make it · ≈ $5.00" and "127.0.0.1:7" in panel.head.mode.text
    nb.session(nb.Endpoint.local("http://127.0.0.1:8", "m", price=6, key=fresh("last")), tell=lambda _: None)
    panel.prompt.value = PROMPT
    panel.run_button.click()
    assert "127.0.0.1:8" in panel.head.mode.text
    assert (keyring.test.description, keyring.said.text) == ("Test", "") and is_off(keyring.cancel)


def test_an_edit_that_came_proves_a_key_and_a_key_elsewhere_is_another():
    """Ready is said of a key that has answered at this very address."""
    key = fresh("edit")
    with serving(sends(response(answer()))) as server:
        session = quiet(nb.Endpoint(server.url, key))
        panel = nb.panel(session=session)
        assert "not tested yet" in panel.head.mode.text
        panel.prompt.value = PROMPT
        panel.run_button.click()
        panel.wait(60)
        eventually(lambda: panel.head.mode.text.endswith(": ready"))
        assert not answered(nb.Endpoint("http://127.0.0.1:9", key)) and not answered(nb.Endpoint(server.url, fresh("other")))


def test_a_key_that_is_tested_is_in_no_state_and_no_repr():
    """After entering, testing, failing and forgetting no widget of the notebook holds a trace of either key."""
    with serving(sends(NO)) as server:
        panel = opened(quiet())
        typed(panel, fresh("state"), provider="custom", base_url=server.url)
        panel.session._where.use(nb.Endpoint(server.url, KEY, name="google"))
        panel.head.keyring.show()
        panel.head.keyring.test.click()
        eventually(lambda: panel.head.keyring.said.text.startswith("✕"))
        panel.head.keyring.forget.click()
        panel.head.button.click()
        states = json.dumps(ipywidgets.Widget.get_manager_state(drop_defaults=False), default=str)
        everything = states + repr(panel) + repr(vars(panel)) + repr(vars(panel.head.keyring)) + repr(vars(panel.session))
        assert not leaks(everything) and not leaks(everything, fresh("state"))


# --- the price on the button -----------------------------------------------------------------------------------


@pytest.mark.parametrize(("lang", "takes", "label"), [("en", 1, "Edit · ≈ $0.09"), ("en", 2, "Edit · ≈ $0.18"), ("zh", 1, "编辑 · ≈ $0.09（≈ ¥0.63）")])
def test_the_button_says_what_the_next_click_costs(photo, lang, takes, label):
    """In all, for all its takes; in Chinese with about what that is in yuan, by a dated rate."""
    panel = nb.panel(photo, session=quiet(nb.Endpoint.apiyi(KEY)), lang=lang)
    panel.takes.value = takes
    eventually(lambda: panel.run_button.description == label)


def test_the_button_never_says_more_than_is_known(photo, monkeypatch):
    """The sandbox is free without a word; by token, unknown and one's own price are said so."""
    assert nb.panel(photo, session=quiet(nb.Endpoint.sandbox())).run_button.description == "Edit"
    token = nb.panel(photo, session=quiet(nb.Endpoint.apiyi(KEY)))
    token.model.value = "gpt-image-flare"
    eventually(lambda: token.run_button.description == "Edit · by token")
    assert nb.panel(session=quiet(nb.Endpoint("http://127.0.0.1:9", KEY))).run_button.description == "Generate · price unknown"
    for price, label in ((0, "Edit · free"), ("0.04", "Edit · ≈ $0.04")):
        own = nb.Endpoint.local("http://127.0.0.1:9", "my-model", price=price)
        assert nb.panel(photo, session=quiet(own)).run_button.description == label


def test_a_click_beyond_the_budget_is_told_before_it(photo):
    """What the budget has left stands there, for all takes, for some of them, for an unknown price."""
    panel = nb.panel(photo, session=quiet(nb.Endpoint.apiyi(KEY), budget="0.20"))
    panel.prompt.value, panel.takes.value = PROMPT, 2
    eventually(lambda: "$0.18" in panel.run_button.description and "⚠" not in panel.sends.text)
    panel.takes.value = 4
    eventually(lambda: "⚠ The budget of $0.20 has $0.20 left: enough for 2 of 4 takes." in panel.sends.text)
    panel.head.spent.button.click()
    panel.head.spent.limit.value = "0.05"
    assert panel.session.budget == nb.session(panel.session).budget
    eventually(lambda: "⚠ The budget of $0.05 has $0.05 left, and this costs about $0.36: nothing would be sent." in panel.sends.text)
    panel.model.value = "gpt-image-flare"
    eventually(lambda: "an edit of unknown price is refused" in panel.sends.text)


# --- the ledger ------------------------------------------------------------------------------------------------


def test_what_was_spent_stands_in_the_head_and_the_ledger_behind_it(photo):
    """After each run: dollars and the bar, with what may be billed and what replays saved; a restart goes on from there."""
    replies = sends(response(answer()), response(b'{"error":{"message":"broken"}}', 500))
    with serving(replies) as server:
        place = nb.Endpoint(server.url, KEY, name="apiyi")
        panel = nb.panel(photo, session=quiet(place, budget="1.00"))
        spent = panel.head.spent
        assert spent.button.description == "Spent $0 of $1.00"
        panel.prompt.value = PROMPT
        for _ in range(2):
            panel.run_button.click()
            with contextlib.suppress(nb.NanoBananaError):
                panel.wait(60)
        eventually(lambda: spent.button.description == "Spent $0.18 of $1.00")
        assert "width:18.0%" in spent.bar.value
        spent.button.click()
        rows = spent.table.value
        for words in ('Paid</th><td>1</td><td>$0.09', 'Maybe paid (no answer came)</th><td>1</td><td>$0.09', "In all</th><td>2</td><td>$0.18", "This notebook, since "):
            assert words in rows, rows
        again = nb.panel(photo, session=quiet(place, budget="1.00"), lang="zh")
        assert again.head.spent.button.description == "已用 $0.18（≈ ¥1.26），预算 $1.00"
        again.head.spent.button.click()
        assert "2026-09-18" in again.head.spent.table.value


def test_unknown_prices_and_what_is_under_way_are_not_zero(photo):
    """An edit nobody knows the price of is counted as one; one that has not ended is under way."""
    gate = threading.Event()

    def behave(connection, _seen, number):
        if number > 1:
            gate.wait(30)
        connection.sendall(response(answer()))

    with serving(behave) as server:
        session = quiet(nb.Endpoint(server.url, KEY))
        panel = nb.panel(photo, session=session)
        panel.prompt.value = PROMPT
        panel.run_button.click()
        panel.wait(60)
        eventually(lambda: panel.head.spent.button.description == "Spent 1 edit, price unknown")
        panel.prompt.value = "Add a lighthouse"
        panel.run_button.click()
        assert server.wait_for(lambda: server.posts == 2, 30)
        account = session.account
        assert (account.paid.count, account.under_way.count, account.owed.unpriced) == (1, 1, 2)
        gate.set()
        panel.wait(60)


def test_an_account_is_of_one_notebook_and_begins_no_history(tmp_path):
    """Looking at the money of a folder that holds nothing writes nothing; another notebook's edits are not in it."""
    folder = tmp_path / "history"
    with quiet(nb.Endpoint.apiyi(KEY), folder=folder) as session:
        assert session.account.owed.amount == 0
        nb.panel(session=session)
    assert not (folder / "history.sqlite").exists()
    with serving(sends(response(answer()))) as server:
        place = nb.Endpoint(server.url, KEY, name="apiyi")
        with quiet(place, folder=folder, notebook="one") as one, quiet(place, folder=folder, notebook="two") as two:
            one.generate(PROMPT)
            assert (str(one.account.owed), two.account.owed.amount) == ("$0.09", 0)


def test_a_budget_can_be_set_in_the_ledger(photo):
    """What is typed there is the session's budget; what is no amount is refused and changes nothing."""
    panel = nb.panel(photo, session=quiet(nb.Endpoint.apiyi(KEY)))
    spent = panel.head.spent
    spent.button.click()
    spent.limit.value = "much"
    assert "much" in spent.said.text and panel.session.budget is None
    spent.limit.value = "$2.50"
    assert str(panel.session.budget) == "2.50" and spent.button.description == "Spent $0 of $2.50"
    spent.limit.value = ""
    assert panel.session.budget is None and spent.button.description == "Spent $0"


def test_money_that_code_changes_reaches_a_panel_on_screen(photo):
    """A budget set in a cell, a session begun there and an edit made there are in the head with the next key, or click."""
    panel = nb.panel(photo)
    spent, budget = panel.head.spent.button, "⚠ The budget of $0.05 has $0.05 left, and this costs about $0.09: nothing would be sent."
    nb.session(quiet(nb.Endpoint.apiyi(KEY)))
    panel.run_button.click()  # tells of the place
    panel.prompt.value = PROMPT
    eventually(lambda: "$0.09" in panel.run_button.description and "⚠" not in panel.sends.text)
    nb.session().budget = "0.05"
    panel.prompt.value += " please"
    eventually(lambda: spent.description == "Spent $0 of $0.05" and budget in panel.sends.text)
    nb.session(quiet(nb.Endpoint.apiyi(KEY), budget="0.04"))
    panel.run_button.click()
    assert spent.description == "Spent $0 of $0.04" and "⚠ The budget of $0.04" in panel.sends.text
    with pytest.raises(nb.NanoBananaError, match="budget"):
        panel.wait(60)
    with serving(sends(response(answer()))) as server:
        place = nb.Endpoint(server.url, KEY, name="apiyi")
        panel = nb.panel(photo, session=quiet(place, budget="0.10"))
        panel.session.generate(PROMPT)
        panel.prompt.value = PROMPT
        eventually(lambda: "⚠ The budget of $0.10 has $0.01 left" in panel.sends.text)
        assert panel.head.spent.button.description == "Spent $0.09 of $0.10"


# --- how much work a click is ------------------------------------------------------------------------------------


def test_a_click_makes_few_calls(photo, monkeypatch):
    """From the page's message to the job that sends, the kernel's thread makes at most 900 Python calls."""
    panel = nb.panel(photo, session=quiet(nb.Endpoint("http://127.0.0.1:9", KEY, name="apiyi")))
    submit, calls, begun = _worker.submit, Counter(), []

    def seen(job, *more):
        if job.__name__ == "_job":
            sys.setprofile(None)
            begun.append(job)
        return submit(job, *more)

    monkeypatch.setattr(_worker, "submit", seen)
    made = []
    for number in range(2):  # the first click of a kernel also reads the catalog
        calls.clear()
        sys.setprofile(lambda frame, event, _: calls.update((frame.f_code.co_qualname,) if event == "call" else ()))
        try:
            panel.status._handle_custom_msg({"t": "run", "values": {"prompt": f"{PROMPT} {number}"}}, [])
        finally:
            sys.setprofile(None)
        with pytest.raises(nb.NanoBananaError):
            panel.wait(60)
        made.append(sum(calls.values()))
    assert len(begun) == 2 and made[1] <= 900, (made, calls.most_common(20))
