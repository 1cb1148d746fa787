"""Small questions to a server, of its models and of a key: they end in time, each for itself, and each key for itself."""

from __future__ import annotations

import base64
import json
import socket
import threading
import time
from contextlib import suppress
from typing import Any

import pytest

import nb_banana as nb
from nb_banana._client import probe

from .misbehaving import PICTURE, Seen, picture, response, serving

PHOTO = picture((20, 60, 90))
MADE = response(json.dumps({"created": 0, "data": [{"b64_json": base64.b64encode(PICTURE).decode()}]}).encode())
FIRST, SECOND = "sk-first-0123456789abcdef", "sk-second-0123456789abcdef"


def trickling(start: bytes, piece: bytes) -> Any:
    """Answers without an end, a piece every tenth of a second."""

    def behave(connection: socket.socket, _seen: Seen, _number: int) -> None:
        with suppress(OSError):
            connection.sendall(start)
            for _ in range(300):
                connection.sendall(piece)
                time.sleep(0.1)

    return behave


HEAD = trickling(b"HTTP/1.1 200 OK\r\n", b"X-More: a\r\n")
BODY = trickling(b"HTTP/1.1 200 OK\r\nContent-Length: 4000\r\n\r\n", b" ")


def models(connection: socket.socket, seen: Seen, _number: int) -> None:
    """A server whose keys see one model each."""
    name = "first" if FIRST.encode() in seen.head else "second"
    listed = response(json.dumps({"data": [{"id": f"model-of-{name}"}]}).encode())
    connection.sendall(listed if seen.head.startswith(b"GET") else MADE)


@pytest.fixture(autouse=True)
def _place(tmp_path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder of its own."""
    monkeypatch.chdir(tmp_path)


@pytest.mark.parametrize("how", [HEAD, BODY], ids=["head", "body"])
def test_a_server_that_trickles_holds_up_neither_an_edit_nor_those_elsewhere(how) -> None:
    """The models are waited for some seconds in all, and meanwhile an edit at another server goes on."""
    with serving(how) as slow, serving(models) as well:
        ended: list[float] = []

        def held_up() -> None:
            with pytest.raises(nb.errors.InvalidRequestError, match="3 s"):
                nb.Client(nb.Endpoint.local(slow.url)).edit(PHOTO, "a boat")
            ended.append(time.monotonic())

        began = time.monotonic()
        waiting = threading.Thread(target=held_up, daemon=True)
        waiting.start()
        assert slow.wait_for(lambda: bool(slow.requests))
        assert nb.Client(nb.Endpoint.local(well.url)).edit(PHOTO, "a boat").image
        assert not ended and time.monotonic() - began < 2.5
        waiting.join(10)
        assert ended and ended[0] - began < 6 and slow.posts == 0


def test_each_key_is_told_its_own_models() -> None:
    """After the key was changed the server is asked anew: the model of one key is not sent with another."""
    with serving(models) as server:
        for key in (FIRST, SECOND, FIRST):
            nb.Client(nb.Endpoint.local(server.url, key=key)).edit(PHOTO, "a boat")
        sent = [seen.everything for seen in server.requests if seen.head.startswith(b"POST")]
        asked = sum(seen.head.startswith(b"GET") for seen in server.requests)
    assert [b"model-of-first" in one for one in sent] == [True, False, True] and asked == 2


@pytest.mark.parametrize("how", [HEAD, BODY], ids=["head", "body"])
def test_testing_a_key_ends_in_time(how, monkeypatch: pytest.MonkeyPatch) -> None:
    """The limit of the free question is one for all of its answer, head and body."""
    monkeypatch.setattr(probe, "_SECONDS", 1.0)
    began = time.monotonic()
    with serving(how) as server, nb.Session(nb.Endpoint(server.url, FIRST, name="openai", wire="images")) as session:
        with pytest.raises(nb.errors.APITimeoutError):
            session.test_key()
    assert time.monotonic() - began < 5
