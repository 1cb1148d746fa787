"""A gateway of the user's own may lead to its own pictures, wherever it stands; to nothing else inside."""

from __future__ import annotations

import asyncio
import json
import socket
from collections.abc import Callable
from typing import Any

import httpx
import pytest

import nb_banana as nb

from .misbehaving import KEY, PICTURE, Seen, Server, leaks, response, serving

THERE = response(PICTURE, content_type="image/png")
BOTH = pytest.mark.parametrize("kind", ["sync", "async"])


def native(link: str) -> dict[str, Any]:
    return {"candidates": [{"content": {"parts": [{"fileData": {"mimeType": "image/png", "fileUri": link}}]}, "finishReason": "STOP"}]}


def markdown(link: str) -> dict[str, Any]:
    return {"choices": [{"message": {"content": f"Here it is: ![cat]({link})"}, "finish_reason": "stop"}]}


def listed(link: str) -> dict[str, Any]:
    images = [{"type": "image_url", "image_url": {"url": link}}]
    return {"choices": [{"message": {"content": "", "images": images}, "finish_reason": "stop"}]}


def tagged(link: str) -> dict[str, Any]:
    return {"choices": [{"message": {"content": f'<img alt="cat" src="{link}">'}, "finish_reason": "stop"}]}


SHAPES = [native, markdown, listed, tagged]


class Gateway:
    """Answers an edit with a link, and a GET as ``serve(path, head)`` says."""

    def __init__(self, shape: Callable[[str], dict[str, Any]], link: str, serve: Callable[[str, bytes], bytes]) -> None:
        self.shape, self.link, self.serve = shape, link, serve
        self.port = 0

    def __call__(self, connection: socket.socket, seen: Seen, _number: int) -> None:
        method, path, _ = seen.head.decode("latin-1").split(" ", 2)
        if method == "POST":
            connection.sendall(response(json.dumps(self.shape(self.link.format(port=self.port))).encode()))
        else:
            connection.sendall(self.serve(path, seen.head.lower()))


def edit(server: Server, gateway: Gateway, kind: str = "sync") -> nb.EditResult:
    gateway.port = server.port
    wire = "gemini" if gateway.shape is native else "openai"
    client = (nb.Client if kind == "sync" else nb.AsyncClient)(nb.Endpoint(f"{server.url}/gw", KEY, wire=wire), retries=0)
    done = client.generate("a boat")
    return done if isinstance(done, nb.EditResult) else asyncio.run(done)


def gets(server: Server) -> list[Seen]:
    return [seen for seen in server.requests if seen.head.startswith(b"GET")]


@BOTH
@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("link", ["http://127.0.0.1:{port}/files/x.png", "/files/x.png", "http://127.1:{port}/files/x.png"])
def test_a_link_at_the_gateways_own_origin_is_fetched(shape: Any, link: str, kind: str) -> None:
    """Also a relative one, and one that spells the same address otherwise; the key does not go along."""
    gateway = Gateway(shape, link, lambda path, _: THERE if path == "/files/x.png" else response(b"", 404))
    with serving(gateway) as server:
        result = edit(server, gateway, kind)
        assert result.image.data == PICTURE and "/files/" not in result.text and server.posts == 1
        assert len(gets(server)) == 1 and not leaks(gets(server)[0].everything)


@BOTH
def test_a_gateway_that_asks_for_the_key_gets_it(kind: str) -> None:
    """Its own origin already has the key: after a 401 the link is asked for once more, signed."""
    gateway = Gateway(listed, "/v1/files/7/content.png", lambda _, head: THERE if b"authorization: bearer" in head else response(b"", 401))
    with serving(gateway) as server:
        assert edit(server, gateway, kind).image.data == PICTURE
        first, second = gets(server)
        assert not leaks(first.everything) and KEY.encode() in second.head


@pytest.mark.parametrize("status", [401, 200])
def test_nothing_else_inside_is_reached_and_nobody_else_sees_the_key(status: int) -> None:
    """Another port, another name of this machine and a redirect to either are refused without a connection."""
    with serving(lambda connection, *_: connection.sendall(THERE)) as other:
        elsewhere = f"http://127.0.0.1:{other.port}/a.png"
        location = {"location": elsewhere}
        back = response(b"", 302, **location)

        def redirects(_path: str, head: bytes) -> bytes:
            return response(b"", 401) if status == 401 and b"authorization" not in head else back

        for link in (elsewhere, "http://localhost:{port}/a.png", "/files/x.png"):
            gateway = Gateway(markdown, link, redirects)
            with serving(gateway) as server, pytest.raises(nb.errors.APIConnectionError) as raised:
                edit(server, gateway)
            assert raised.value.may_be_billed and not leaks(str(raised.value))
        assert other.accepted == 0


def test_a_redirect_within_the_origin_is_followed() -> None:
    """From a link to where the file lies now, on the same host and port."""
    moved = response(b"", 302, location="/store/x.png")
    gateway = Gateway(markdown, "/files/x.png", lambda path, _: moved if path == "/files/x.png" else THERE)
    with serving(gateway) as server:
        assert edit(server, gateway).image.data == PICTURE


def test_a_path_in_words_is_no_picture() -> None:
    """A sentence that names a path, and base64 that begins with a slash, are not asked for."""
    for words in ("I saved it as /files/x.png for you.", "[docs](/files/help.png) tell more", "/9j/files/x.png"):
        gateway = Gateway(lambda link: {"choices": [{"message": {"content": link}, "finish_reason": "stop"}]}, words, lambda *_: THERE)
        with serving(gateway) as server, pytest.raises(nb.errors.NoImageError):
            edit(server, gateway)
        assert not gets(server)


def test_a_session_remembers_the_whole_address(tmp_path: Any) -> None:
    """A relative link that could not be fetched is fetched by the next run, which posts nothing."""
    replies = [response(b"", 403), THERE]
    gateway = Gateway(markdown, "/files/x.png", lambda *_: replies[0])
    with serving(gateway) as server:
        gateway.port = server.port
        with nb.Session(nb.Endpoint(server.url, wire="openai"), retries=0, tell=lambda _: None) as session:
            with pytest.raises(nb.errors.APIConnectionError) as raised:
                session.generate("a boat")
            assert raised.value.links == (f"{server.url}/files/x.png",)
            del replies[0]
            assert session.generate("a boat").image.data == PICTURE and server.posts == 1


def test_the_key_does_not_follow_a_redirect_to_another_host() -> None:
    """Signed for its own origin, a link that leads on to a store asks there without the key."""
    asked: list[httpx.Request] = []

    def store(request: httpx.Request) -> httpx.Response:
        asked.append(request)
        if request.url.host == "cdn.example.com":
            return httpx.Response(200, content=PICTURE)
        signed = "authorization" in request.headers
        return httpx.Response(302, headers={"location": "https://cdn.example.com/x.png"}) if signed else httpx.Response(401)

    gateway = Gateway(markdown, "/files/x.png", lambda *_: THERE)
    with serving(gateway) as server:
        client = nb.Client(nb.Endpoint(server.url, KEY, wire="openai"), download_transport=httpx.MockTransport(store))
        assert client.generate("a boat").image.data == PICTURE
    assert [KEY in str(one.headers.raw) for one in asked] == [False, True, False]
