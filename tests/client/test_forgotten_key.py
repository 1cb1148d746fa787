"""A key that was forgotten goes nowhere any more."""

from __future__ import annotations

import json
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

import nb_banana as nb
from nb_banana.errors import RateLimitError

from .misbehaving import KEY, PICTURE, answer, response, sends, serving

pytestmark = pytest.mark.usefixtures("priced_folder")
BUSY = response(json.dumps({"error": {"code": 429, "message": "slow down"}}).encode(), 429, retry_after="1")
DONE = response(answer(PICTURE))


def at(url: str, key: str = KEY) -> nb.Session:
    session = nb.Session(tell=lambda _: None)
    session.use_key(key, base_url=url)
    return session


@pytest.mark.parametrize("forgotten", [True, False])
def test_a_forgotten_key_is_not_sent_again_after_a_pause(forgotten: bool) -> None:
    """An edit that waits to be tried again ends with what it was told, once its key was forgotten."""
    with serving(sends(BUSY, DONE)) as server, ThreadPoolExecutor(1) as aside:
        session = at(server.url)
        edit = aside.submit(session.generate, "a lamp")
        assert server.wait_for(lambda: server.posts == 1)
        if forgotten:
            assert session.forget_key().is_sandbox
            with pytest.raises(RateLimitError):
                edit.result(10)
        else:
            assert edit.result(10).image.data == PICTURE
        assert server.posts == 2 - forgotten


def test_another_key_at_the_same_address_goes_on() -> None:
    """Only the key that is forgotten is: an edit with another one there is tried again as ever."""
    with serving(sends(BUSY, DONE)) as server, ThreadPoolExecutor(1) as aside:
        session = at(server.url)
        other = session.at(nb.Endpoint(server.url, KEY[::-1]))
        edit = aside.submit(other.generate, "a lamp")
        assert server.wait_for(lambda: server.posts == 1)
        session.forget_key()
        assert edit.result(10).image.data == PICTURE


def test_an_answer_on_its_way_is_taken_though_its_key_was_forgotten() -> None:
    """What was sent before is paid for, so its picture comes."""
    asked, may = threading.Event(), threading.Event()

    def slow(connection, seen, number):
        asked.set()
        may.wait(10)
        connection.sendall(DONE)

    with serving(slow) as server, ThreadPoolExecutor(1) as aside:
        session = at(server.url)
        edit = aside.submit(session.generate, "a lamp")
        assert asked.wait(5)
        session.forget_key()
        may.set()
        assert edit.result(10).image.data == PICTURE


@pytest.mark.parametrize("by", ["session", "sibling"])
def test_a_session_on_another_wire_forgets_the_key_too(by: str) -> None:
    """A session and its siblings on other wires have one key: forgotten by one, it is gone from all."""
    session = at("https://gateway.example")
    sibling = session.with_wire("openai")
    kept = session.at(nb.Endpoint("https://gateway.example", KEY[::-1])).with_wire("openai")
    (session if by == "session" else sibling).forget_key()
    assert session.endpoint.is_sandbox and sibling.endpoint.is_sandbox
    assert sibling.endpoint.wire == "openai" and kept.endpoint.has_key


def test_a_session_on_another_wire_goes_back_to_the_place_in_code() -> None:
    """Forgetting a typed key leads to the endpoint given in code, for siblings in their own wire."""
    session = nb.Session(nb.Endpoint.apiyi(KEY[::-1]), tell=lambda _: None)
    session.use_key(KEY, base_url="https://gateway.example")
    sibling = session.with_wire("openai")
    session.forget_key()
    assert (sibling.endpoint.name, sibling.endpoint.wire) == ("apiyi", "openai")
