"""A paid picture behind a link: looked for again while that helps, remembered, and never paid twice."""

from __future__ import annotations

import asyncio
import base64
import io
import json
import random
import socket
import time
from decimal import Decimal
from typing import Any

import httpx
import pytest
from PIL import Image

import nb_banana as nb

from .misbehaving import KEY, PICTURE, Seen, Server, picture, reset, response, serving, silent

pytestmark = pytest.mark.usefixtures("priced_folder")
LINK = "https://store.example.com/made/1.png"
PHOTO = picture((20, 60, 90))
NAMING = json.dumps({"choices": [{"message": {"content": f"![]({LINK})"}, "finish_reason": "stop"}]}).encode()
THERE = response(PICTURE, content_type="image/png")
HALF = response(PICTURE[: len(PICTURE) // 2], content_type="image/png")
WAIT = response(b"<!doctype html><p>Please wait.</p>", content_type="text/html")


class ToServer(httpx.AsyncBaseTransport):
    """The way to the store's host, as it leads on this machine: to the server, over a real socket."""

    def __init__(self, port: int) -> None:
        self.port = port

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Ask the server."""
        async with httpx.AsyncClient() as client:
            return await client.get(f"http://127.0.0.1:{self.port}{request.url.raw_path.decode()}")


class Store:
    """Names the picture in its answer, and gives it as ``replies`` say, one after another; None resets."""

    def __init__(self, *replies: bytes | None) -> None:
        self.replies, self.gets = list(replies), 0

    def __call__(self, connection: socket.socket, seen: Seen, _number: int) -> None:
        if seen.head.startswith(b"POST"):
            connection.sendall(response(NAMING))
            return
        self.gets += 1
        reply = self.replies.pop(0) if len(self.replies) > 1 else self.replies[0]
        connection.sendall(reply) if reply else reset(connection)


def session_at(server: Server, **options: Any) -> nb.Session:
    """A session whose downloads go to the server too."""
    session = nb.Session(nb.Endpoint(server.url, KEY, wire="openai"), tell=lambda _: None, **options)
    client = nb.AsyncClient(session.endpoint, retries=0, download_transport=ToServer(server.port))
    session._clients._made[session.endpoint, False] = client
    return session


@pytest.mark.parametrize(
    "first", [[response(b"", 404)], [response(b"", 503), response(b"", 500)], [None], [response(b"", 404), None]]
)
def test_a_picture_that_is_not_there_yet_is_asked_for_again(first: list[bytes | None]) -> None:
    """A 404, a 5xx or a reset of the store is no end: one POST, the picture, and no warning."""
    store = Store(*first, THERE)
    with serving(store) as server:
        result = session_at(server).edit(PHOTO, "add a boat")
        assert (server.posts, store.gets) == (1, len(first) + 1)
    assert result.image.data == PICTURE and not result.warnings


@pytest.mark.parametrize(
    "first", [HALF, response(b"", 202), response(b"", 204), response(b"", content_type="image/png"), WAIT]
)
def test_what_is_no_whole_picture_yet_is_asked_for_again(first: bytes) -> None:
    """A file still being written, an empty one and a page that asks to wait are not the result, but on its way."""
    store = Store(first, THERE)
    with serving(store) as server:
        result = session_at(server).edit(PHOTO, "add a boat")
        assert (server.posts, store.gets) == (1, 2)
    assert result.image.data == PICTURE and not result.warnings


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP", "GIF"])
def test_half_a_picture_is_never_the_result_and_its_link_is_kept(kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """As base64 the same bytes are refused; behind a link they are looked for again, and a re-run pays nothing."""
    monkeypatch.setattr("nb_banana._flow._LINK_PATIENCE", 0.0)
    out = io.BytesIO()
    Image.frombytes("RGB", (60, 50), random.Random(1).randbytes(9000)).save(out, kind)
    whole = out.getvalue()
    store = Store(response(whole[: len(whole) * 6 // 10], content_type="image/x"))
    with serving(store) as server, session_at(server) as session:
        with pytest.raises(nb.errors.APIConnectionError, match="incomplete") as raised:
            session.edit(PHOTO, "add a boat")
        assert (raised.value.links, raised.value.may_be_billed) == ((LINK,), True)
        store.replies = [response(whole, content_type="image/x")]
        assert session.edit(PHOTO, "add a boat").image.data == whole
        assert server.posts == 1


def test_a_forbidden_link_is_not_asked_for_again() -> None:
    """What a store turns down for good is asked for once."""
    store = Store(response(b"", 403))
    with serving(store) as server, pytest.raises(nb.errors.APIConnectionError) as raised:
        session_at(server).edit(PHOTO, "add a boat")
    assert store.gets == 1 and raised.value.may_be_billed and raised.value.links == (LINK,)


def test_looking_again_keeps_to_some_seconds(monkeypatch: pytest.MonkeyPatch) -> None:
    """A picture that never comes is given up in time."""
    monkeypatch.setattr("nb_banana._flow._LINK_PATIENCE", 2.0)
    store, began = Store(response(b"", 404)), time.monotonic()
    with serving(store) as server, pytest.raises(nb.errors.APIConnectionError):
        session_at(server).edit(PHOTO, "add a boat")
    assert 1 < store.gets < 5 and time.monotonic() - began < 4


def test_the_links_of_one_answer_share_its_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """Three links of a silent host take the deadline once and not each, and leave some of it to the fourth, which has the picture."""
    monkeypatch.setattr("nb_banana._flow._AT_LEAST", 3.0)
    monkeypatch.setattr("nb_banana._flow._SHARE", 0.5)

    def behave(connection: socket.socket, seen: Seen, _number: int) -> None:
        if seen.head.startswith(b"POST"):
            connection.sendall(chat(f"{server.url}/1.png) ![]({server.url}/2.png) ![]({server.url}/3.png) ![]({server.url}/4.png"))
        elif b"/4.png" in seen.head:
            connection.sendall(THERE)
        else:
            silent(connection)

    began = time.monotonic()
    with serving(behave) as server:
        client = nb.Client(nb.Endpoint(server.url, KEY, wire="openai"), retries=0, deadline=1)
        result = client.edit(PHOTO, "add a boat")
    assert result.image.data == PICTURE and len(result.warnings) >= 3
    assert time.monotonic() - began < 6


def test_no_answer_has_a_thousand_links_looked_behind() -> None:
    """An answer that names more addresses than any edit makes pictures does not make this machine ask for all of them."""
    def behave(connection: socket.socket, seen: Seen, _number: int) -> None:
        links = ") ![](".join(f"{server.url}/{number}.png" for number in range(1000))
        connection.sendall(chat(links) if seen.head.startswith(b"POST") else response(b"", 403))

    with serving(behave) as server:
        with pytest.raises(nb.errors.APIConnectionError) as raised:
            nb.Client(nb.Endpoint(server.url, KEY, wire="openai"), retries=0).edit(PHOTO, "add a boat")
        gets = {seen.head.split()[1] for seen in server.requests if seen.head.startswith(b"GET")}
    assert len(gets) == 32 and raised.value.may_be_billed


def test_a_re_run_fetches_what_was_paid_before_it_posts(monkeypatch: pytest.MonkeyPatch) -> None:
    """While the store is down a re-run sends nothing; once it is up the record is completed and paid once."""
    monkeypatch.setattr("nb_banana._flow._LINK_PATIENCE", 0.0)
    store = Store(response(b"", 503))
    with serving(store) as server:
        for _ in range(3):
            with session_at(server) as session, pytest.raises(nb.errors.APIConnectionError):
                session.edit(PHOTO, "add a boat")
        assert server.posts == 1 and [one.status for one in session.history.records()] == ["failed"]
        store.replies = [THERE]
        with session_at(server) as session:
            result = session.edit(PHOTO, "add a boat")
            assert result.image.data == PICTURE and session.edit(PHOTO, "add a boat").replayed
            (record,) = session.history.records()
            assert (record.status, record.billing, record.error_category) == ("done", "paid", None)
            assert session.ledger.total.amount == session.ledger.paid.amount == Decimal("0.09")
        assert server.posts == 1


def test_what_is_gone_for_good_is_sent_again_and_so_is_fresh(monkeypatch: pytest.MonkeyPatch) -> None:
    """An expired link is no reason to refuse for ever, and fresh=True always sends."""
    monkeypatch.setattr("nb_banana._flow._LINK_PATIENCE", 0.0)
    store = Store(response(b"", 503), response(b"", 503), response(b"", 403), THERE)
    with serving(store) as server, session_at(server) as session:
        for fresh in (False, True):
            with pytest.raises(nb.errors.APIConnectionError):
                session.edit(PHOTO, "add a boat", fresh=fresh)
        assert server.posts == 2
        assert session.edit(PHOTO, "add a boat").image.data == PICTURE
        assert server.posts == 3


SIGNED = (
    # a custom policy of CloudFront, a signed URL of Supabase, a picture of AWS's image handler, S3 by a role
    "https://store.example.com/a.png?Policy=eyJTdGF0ZW1lbnQiOlt7IlJlc291cmNlIjoiaHR0cHM6Ly9zdG9yZSJ9XX0_&Signature=ab~cd-12&Key-Pair-Id=APKAEIBA",
    "https://store.example.com/object/sign/a.png?token=eyJhbGciOiJIUzI1NiJ9.eyJ1cmwiOiJvdXQvYS5wbmciLCJleHAiOjE5fQ.dBjftJeZ4CVP-mB92K27uh",
    "https://store.example.com/eyJidWNrZXQiOiJvdXQiLCJrZXkiOiJhLnBuZyIsImVkaXRzIjp7InciOjEwMjR9fQ==.png",
    "https://store.example.com/a.png?X-Amz-Credential=ASIAQWERTYUIOPASDFGH%2F20261127&X-Amz-Security-Token=IQoJb3JpZ2luX2VjEJr%2F&X-Amz-Signature=deadbeef00",
)


@pytest.mark.parametrize("link", SIGNED)
def test_a_signed_link_is_kept_to_the_letter(link: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """What signs the way to a paid picture stays in the address that is kept: the re-run fetches it and pays nothing."""
    monkeypatch.setattr("nb_banana._flow._LINK_PATIENCE", 0.0)
    ready: list[bool] = []

    def behave(connection: socket.socket, seen: Seen, _number: int) -> None:
        post = seen.head.startswith(b"POST")
        connection.sendall(chat(link) if post else THERE if ready else response(b"", 503))

    with serving(behave) as server, session_at(server) as session:
        with pytest.raises(nb.errors.APIConnectionError) as raised:
            session.edit(PHOTO, "add a boat")
        assert raised.value.links == (link,)
        ready.append(True)
        assert session.edit(PHOTO, "add a boat").image.data == PICTURE
        assert server.posts == 1
        assert {seen.head.split()[1].decode() for seen in server.requests[1:]} == {link.removeprefix("https://store.example.com")}


@pytest.mark.parametrize(
    ("query", "kept"),
    [
        (f"k={KEY}", "k=***own-key***"),
        ("k=sk-other-Zt5Hq8Nw2Xc9Vb4Mj7", "k=***"),  # somebody else's
        ("k=***", "k=***"),
        (f"k={KEY[:12]}", "k=***"),  # a trace of the own one
    ],
)
def test_only_the_own_key_is_put_back_into_a_kept_address(query: str, kept: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """At the service's own host a kept address gets its key back where it stood, and never for other stars."""
    monkeypatch.setattr("nb_banana._flow._LINK_PATIENCE", 0.0)

    def behave(connection: socket.socket, seen: Seen, _number: int) -> None:
        post = seen.head.startswith(b"POST")
        connection.sendall(chat(f"{server.url}/a.png?{query}") if post else response(b"", 503))

    with serving(behave) as server, nb.Session(nb.Endpoint(server.url, KEY, wire="openai"), tell=lambda _: None) as session:
        for _ in range(2):
            with pytest.raises(nb.errors.APIConnectionError) as raised:
                session.edit(PHOTO, "add a boat")
            assert raised.value.links == (f"{server.url}/a.png?{kept}",)
        _, first, second = [seen.head.split()[1].decode() for seen in server.requests]
    assert first == f"/a.png?{query}" and server.posts == 1
    assert second == f"/a.png?{query if query == f'k={KEY}' else kept}"


SMALL = base64.b64encode(picture((90, 60, 20))).decode()


def test_a_picture_that_is_here_waits_some_seconds_only(monkeypatch: pytest.MonkeyPatch) -> None:
    """Silent hosts beside a small picture hold it back for a few seconds in all, not until the deadline."""
    monkeypatch.setattr("nb_banana._flow._GLANCE", 2.0)
    monkeypatch.setattr("nb_banana._flow._SHARE", 0.5)

    def behave(connection: socket.socket, seen: Seen, _number: int) -> None:
        shown = ") ![](".join([f"data:image/png;base64,{SMALL}", *(f"{server.url}/{number}.png" for number in range(4))])
        connection.sendall(chat(shown)) if seen.head.startswith(b"POST") else silent(connection)

    began = time.monotonic()
    with serving(behave) as server:
        result = nb.Client(nb.Endpoint(server.url, KEY, wire="openai"), retries=0).edit(PHOTO, "add a boat")
    assert result.image.data == base64.b64decode(SMALL) and time.monotonic() - began < 5


def test_a_picture_that_is_here_is_the_result_where_the_rest_is_cut_short() -> None:
    """Who stops an edit while larger pictures are looked for has paid for the one that came, and keeps it."""
    def behave(connection: socket.socket, seen: Seen, _number: int) -> None:
        shown = f"data:image/png;base64,{SMALL}) ![]({server.url}/1.png"
        connection.sendall(chat(shown)) if seen.head.startswith(b"POST") else silent(connection)

    with serving(behave) as server, nb.Session(nb.Endpoint(server.url, KEY, wire="openai"), tell=lambda _: None) as session:
        asyncio.run(stopped_at_its_links(session, server))
        [record] = session.history.records()
        assert (record.status, record.billing, record.cost and record.cost.amount) == ("done", "paid", Decimal("0.09"))
        again = session.edit(PHOTO, "add a boat")
        assert again.replayed and again.image.data == base64.b64decode(SMALL) and server.posts == 1


@pytest.mark.parametrize("there", [True, False])
def test_an_address_of_a_sentence_does_not_bar_the_edit(there: bool) -> None:
    """Stopped while an address in a sentence is looked behind, the next run takes the picture there, or sends the edit."""
    ready: list[bool] = []

    def behave(connection: socket.socket, seen: Seen, _number: int) -> None:
        if seen.head.startswith(b"POST"):
            shown = chat(f"data:image/png;base64,{SMALL}")
            connection.sendall(shown if ready else says(f"Here it is: {server.url}/page/1.png"))
        elif ready:
            connection.sendall(THERE if there else WAIT)
        else:
            silent(connection)

    with serving(behave) as server, nb.Session(nb.Endpoint(server.url, KEY, wire="openai"), tell=lambda _: None) as session:
        asyncio.run(stopped_at_its_links(session, server))
        ready.append(True)
        got = session.edit(PHOTO, "add a boat")
        assert (got.image.data, server.posts) == ((PICTURE, 1) if there else (base64.b64decode(SMALL), 2))


async def stopped_at_its_links(session: nb.Session, server: Server) -> None:
    """An edit that is cancelled once its answer is here and the first of its addresses is asked."""
    task = asyncio.ensure_future(session.aedit(PHOTO, "add a boat"))
    while len(server.requests) < 2:
        await asyncio.sleep(0.01)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task


@pytest.mark.parametrize("key", ["1", "local", "lm-studio", "127.0"])
def test_a_key_that_is_a_word_costs_no_link(key: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The short key of a local server, which stands in the address by chance, keeps no paid picture from the re-run."""
    monkeypatch.setattr("nb_banana._flow._LINK_PATIENCE", 0.0)
    path, ready = "/local/studio/127.0/a1.png?from=lm-studio", list[bool]()

    def behave(connection: socket.socket, seen: Seen, _number: int) -> None:
        post = seen.head.startswith(b"POST")
        connection.sendall(chat(f"{server.url}{path}") if post else THERE if ready else response(b"", 503))

    with serving(behave) as server, nb.Session(nb.Endpoint(server.url, key, wire="openai"), tell=lambda _: None) as session:
        with pytest.raises(nb.errors.APIConnectionError) as raised:
            session.edit(PHOTO, "add a boat")
        assert raised.value.links[0].startswith(f"{server.url}/") and (len(key) < 4 or key not in raised.value.links[0][22:])
        ready.append(True)
        assert session.edit(PHOTO, "add a boat").image.data == PICTURE
        assert server.posts == 1
        assert {seen.head.split()[1].decode() for seen in server.requests[1:]} == {path}


ODD = (
    "https://[your-domain]/a.png", "https://a..example.com/a.png", f"https://{'a' * 70}.example.com/a.png",
    "https://xn--a.example/a.png", "https://store.example.com:port/a.png",
)  # fmt: skip


@pytest.mark.parametrize("odd", ODD)
def test_an_address_that_is_none_costs_no_other_link(odd: str) -> None:
    """A template or a host that can't be beside a good link gives nothing, and the good one's picture is the edit."""

    def behave(connection: socket.socket, seen: Seen, _number: int) -> None:
        post = seen.head.startswith(b"POST")
        connection.sendall(chat(f"{odd})\n![]({server.url}/made/1.png") if post else THERE)

    with serving(behave) as server, nb.Session(nb.Endpoint(server.url, KEY, wire="openai"), tell=lambda _: None) as session:
        assert session.edit(PHOTO, "add a boat").image.data == PICTURE
        assert session.edit(PHOTO, "add a boat").replayed and server.posts == 1


@pytest.mark.parametrize("odd", ODD)
def test_an_address_that_is_none_is_told_as_that(odd: str) -> None:
    """Also where the user gives it, or a server redirects to it: an error of ours, which names the host."""
    with pytest.raises(nb.NanoBananaError, match="valid host"):
        nb.Client(nb.Endpoint.sandbox()).edit(odd, "add a boat")

    def behave(connection: socket.socket, seen: Seen, _number: int) -> None:
        post = seen.head.startswith(b"POST")
        connection.sendall(chat(f"{server.url}/made/1.png") if post else response(b"", 302, location=odd))

    with serving(behave) as server, pytest.raises(nb.errors.APIConnectionError, match="valid host"):
        nb.Client(nb.Endpoint(server.url, KEY, wire="openai"), retries=0).edit(PHOTO, "add a boat")


def test_a_link_that_is_never_followed_is_told_as_that() -> None:
    """A private address is not fetched from later either: both runs say to open it, the second sends nothing, fresh=True does."""
    link = "http://10.1.2.3:9000/made/1.png"
    with serving(lambda connection, *_: connection.sendall(chat(link))) as server, session_at(server) as session:
        for fresh, posts in ((False, 1), (False, 1), (True, 2)):
            with pytest.raises(nb.errors.APIConnectionError) as raised:
                session.edit(PHOTO, "add a boat", fresh=fresh)
            error = raised.value
            assert "open it yourself" in error.hint and "fresh=True" in error.hint and "later" not in error.hint
            assert (error.links, error.retryable, server.posts) == ((link,), False, posts)


def chat(link: str) -> bytes:
    return says(f"![]({link})")


def says(words: str) -> bytes:
    return response(json.dumps({"choices": [{"message": {"content": words}, "finish_reason": "stop"}]}).encode())


def test_a_picture_at_the_service_s_own_address_is_fetched_without_the_key() -> None:
    """A relay in one's own network may keep the picture where it answers: scheme, host and port are the user's word."""

    def behave(connection: socket.socket, seen: Seen, _number: int) -> None:
        connection.sendall(chat(f"{server.url}/made/1.png") if seen.head.startswith(b"POST") else THERE)

    with serving(behave) as server:
        result = nb.Client(nb.Endpoint(server.url, KEY, wire="openai"), retries=0).edit(PHOTO, "add a boat")
        (fetched,) = (seen for seen in server.requests if seen.head.startswith(b"GET"))
    assert result.image.data == PICTURE
    assert KEY.encode() not in fetched.everything


@pytest.mark.parametrize("how", ["named", "redirected to"])
def test_another_port_of_that_machine_is_not_the_service(how: str) -> None:
    """An answer leads nowhere else inside, neither at once nor by a redirect from its own address."""

    def behave(connection: socket.socket, seen: Seen, _number: int) -> None:
        elsewhere = f"{other.url}/made/1.png"
        if seen.head.startswith(b"POST"):
            connection.sendall(chat(elsewhere if how == "named" else f"{server.url}/made/1.png"))
        else:
            connection.sendall(response(b"", 302, location=elsewhere))

    with serving(lambda connection, *_: connection.sendall(THERE)) as other, serving(behave) as server:
        with pytest.raises(nb.errors.APIConnectionError, match="not public"):
            nb.Client(nb.Endpoint(server.url, KEY, wire="openai"), retries=0).edit(PHOTO, "add a boat")
    assert not other.requests
