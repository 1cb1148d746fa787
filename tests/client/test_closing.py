"""Closing a session or a client while an edit is under way."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

import nb_banana as nb

from .misbehaving import KEY, PICTURE, Seen, Server, answer, response, serving

pytestmark = pytest.mark.usefixtures("priced_folder")


class Held:
    """Answers once it may, and then at once; ``asked`` when the first request is there."""

    def __init__(self) -> None:
        self.asked, self.may = threading.Event(), threading.Event()

    def __call__(self, connection: socket.socket, seen: Seen, _number: int) -> None:
        self.asked.set()
        if self.may.wait(10):
            connection.sendall(response(answer(PICTURE)))


@pytest.fixture
def held() -> Held:
    return Held()


@pytest.fixture
def server(held: Held) -> Iterator[Server]:
    with serving(held) as running:
        yield running


@pytest.mark.parametrize("way", ["straight", "proxy"])
def test_an_edit_that_is_under_way_when_its_session_closes_comes_whole(
    way: str, held: Held, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is on its way is paid for: closing leaves its connection until it ends, and closes it then."""
    address = server.url
    if way == "proxy":
        monkeypatch.setenv("http_proxy", server.url)
        address = "http://10.20.30.40"
    session = nb.Session(nb.Endpoint(address, KEY, insecure=way == "proxy"), tell=lambda _: None)
    with ThreadPoolExecutor(1) as aside:
        edit = aside.submit(session.generate, "a lamp")
        assert held.asked.wait(5)
        session.close()
        assert not server.closed_at
        held.may.set()
        assert edit.result(10).image.data == PICTURE
    assert [(one.status, one.billing) for one in session.history.records()] == [("done", "paid")]
    assert server.wait_for(lambda: len(server.closed_at) == 1)
    assert session.generate("a chair").record_id and server.posts == 2
    session.close()
    assert server.wait_for(lambda: len(server.closed_at) == 2)


def test_an_edit_that_is_under_way_when_its_client_closes_comes_whole(held: Held, server: Server) -> None:
    """A client that is closed sends nothing more, and gives what it had asked for."""
    client = nb.Client(nb.Endpoint(server.url, KEY))
    with ThreadPoolExecutor(1) as aside:
        edit = aside.submit(client.generate, "a lamp")
        assert held.asked.wait(5)
        client.close()
        held.may.set()
        assert edit.result(10).image.data == PICTURE
    with pytest.raises(nb.errors.InvalidRequestError):
        client.generate("a chair")
    assert server.posts == 1
