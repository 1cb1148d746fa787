"""What stands around an edit: proxies that fail, event loops of others, and an answer in one huge event."""

from __future__ import annotations

import asyncio
import base64
import io
import json
import os
import socket
import threading
import tracemalloc
from collections.abc import Callable
from pathlib import Path
from typing import Any

import anyio
import pytest
from PIL import Image

import nb_banana as nb
from nb_banana._client import driving

from .misbehaving import KEY, PICTURE, answer, leaks, picture, response, sends, serving

BOTH = pytest.mark.parametrize("kind", ["sync", "async"])
PAINTS = sends(response(answer()))
PHOTO = picture((20, 60, 90))
PASSWORD = "hunter2secret"


# --- proxies -------------------------------------------------------------------------------------


def asks_password(connection: socket.socket, *_: Any) -> None:
    connection.sendall(response(b"<html>Sign in</html>", 407, proxy_authenticate="Basic", content_type="text/html"))


def answers_page(connection: socket.socket, *_: Any) -> None:
    connection.sendall(response(b"<html>This network needs you to sign in</html>", 200, content_type="text/html"))


def hangs_up(connection: socket.socket, *_: Any) -> None:
    connection.close()


@BOTH
@pytest.mark.parametrize("behaves", [asks_password, answers_page, hangs_up])
def test_a_proxy_that_fails_is_named(kind: str, behaves: Callable[..., None], monkeypatch: pytest.MonkeyPatch) -> None:
    """A proxy that wants a password, answers with a page or hangs up is named, without its password; nothing is billed."""
    monkeypatch.setattr(driving, "_CONNECT_SECONDS", 2.0)  # behind a page nothing comes any more: that long it is waited for
    with serving(behaves) as proxy:
        monkeypatch.setenv("HTTPS_PROXY", f"http://ann:{PASSWORD}@127.0.0.1:{proxy.port}")
        monkeypatch.setenv("NO_PROXY", "")
        client = (nb.Client if kind == "sync" else nb.AsyncClient)(nb.Endpoint("https://api.example.com", KEY), retries=0)
        with pytest.raises(nb.errors.APIConnectionError) as raised:
            done = client.generate("a boat")
            asyncio.run(done)  # type: ignore[arg-type]
    words = str(raised.value)
    assert "proxy" in words and PASSWORD not in words and not leaks(words) and not raised.value.may_be_billed
    if behaves is not answers_page:
        assert f"127.0.0.1:{proxy.port}" in words
    if behaves is asks_password:
        assert "407" in words and not raised.value.retryable and len(proxy.requests) == 1


def test_a_proxy_that_is_not_there_is_named_and_one_set_later_is_used(monkeypatch: pytest.MonkeyPatch) -> None:
    """The same session goes by way of the variable as it stands at each edit."""
    monkeypatch.setenv("NO_PROXY", "")
    with socket.create_server(("127.0.0.1", 0)) as free:
        dead = free.getsockname()[1]
    client = nb.Client(nb.Endpoint("https://api.example.com", KEY), retries=0)
    monkeypatch.setenv("HTTPS_PROXY", f"http://127.0.0.1:{dead}")
    with pytest.raises(nb.errors.APIConnectionError, match=f"proxy http://127.0.0.1:{dead}"):
        client.generate("a boat")
    with serving(asks_password) as proxy:
        monkeypatch.setenv("HTTPS_PROXY", f"http://127.0.0.1:{proxy.port}")
        with pytest.raises(nb.errors.APIConnectionError, match="407"):
            client.generate("a boat")
        assert len(proxy.requests) == 1


# --- names in other letters ----------------------------------------------------------------------


def test_a_host_in_other_letters_is_asked_for_in_ascii(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A Chinese name of a host goes out as the resolvers have it, and where nothing answers the edit is free."""
    with serving(hangs_up) as proxy, nb.Session(nb.Endpoint("https://接口.例子.com", KEY), folder=tmp_path, retries=0) as session:
        monkeypatch.setenv("HTTPS_PROXY", proxy.url)
        monkeypatch.setenv("NO_PROXY", "")
        with pytest.raises(nb.errors.APIConnectionError):
            session.edit(PHOTO, "add a boat")
        (record,) = session.history.records()
    assert proxy.requests[0].head.startswith(b"CONNECT xn--6orp08a.xn--fsqu00a.com:443 ")
    assert (record.status, record.billing) == ("failed", "free")


# --- event loops ---------------------------------------------------------------------------------


def test_one_client_serves_loops_one_after_the_other_and_at_once() -> None:
    """Three loops in a row, five tasks in one, a thread with its own and anyio's tasks all get their picture."""
    with serving(PAINTS) as server:
        client = nb.AsyncClient(nb.Endpoint(server.url, KEY))
        got: list[bytes] = []

        async def one() -> None:
            got.append((await client.edit(PHOTO, "a boat")).image.data)

        async def five() -> None:
            await asyncio.gather(*(one() for _ in range(5)))

        async def grouped() -> None:
            async with anyio.create_task_group() as group:
                for _ in range(3):
                    group.start_soon(one)

        for _ in range(3):
            asyncio.run(one())
        beside = threading.Thread(target=asyncio.run, args=(five(),))
        beside.start()
        asyncio.run(five())
        beside.join(60)
        anyio.run(grouped)
        assert got == [PICTURE] * 16 and server.posts == 16


def test_code_that_waits_works_inside_a_running_loop(tmp_path: Path) -> None:
    """A cell runs inside a loop: there a client and a session that wait give their picture, in a nested loop too."""
    with serving(PAINTS) as server:
        endpoint = nb.Endpoint(server.url, KEY)

        def cell() -> list[bytes]:
            with nb.Session(endpoint, folder=tmp_path / "history", tell=lambda _: None) as session:
                takes = session.edit(PHOTO, "a boat", takes=2).takes
            return [nb.Client(endpoint).edit(PHOTO, "a boat").image.data, *(take.image.data for take in takes)]

        async def notebook() -> list[bytes]:
            inner = await asyncio.to_thread(lambda: asyncio.run(asyncio.sleep(0, cell())))
            return [*cell(), *inner]

        assert asyncio.run(notebook()) == [PICTURE] * 6


# --- one huge event ------------------------------------------------------------------------------


@BOTH
def test_a_picture_in_one_event_of_tens_of_megabytes_arrives(kind: str) -> None:
    """One line of 28 MB is read in memory of its own order: no limit on a line, no copy for each piece that comes."""
    whole = _stored_png(20 * 2**20)
    text = base64.b64encode(whole).decode()
    part = {"inlineData": {"mimeType": "image/png", "data": text}}
    event = b"data: " + json.dumps({"candidates": [{"content": {"parts": [part]}, "finishReason": "STOP"}]}).encode() + b"\n\n"
    with serving(sends(response(event, content_type="text/event-stream"))) as server:
        client = (nb.Client if kind == "sync" else nb.AsyncClient)(nb.Endpoint(server.url, KEY))
        tracemalloc.start()
        try:
            done = client.generate("a boat")
            result = done if isinstance(done, nb.EditResult) else asyncio.run(done)
            peak = tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()
    assert result.image.data == whole
    assert peak < 5 * len(whole), f"{peak / len(whole):.1f} times the picture"


def _stored_png(size: int) -> bytes:
    """A PNG of about ``size`` bytes that nothing can make smaller."""
    side = int((size / 3) ** 0.5)
    out = io.BytesIO()
    Image.frombytes("RGB", (side, side), os.urandom(side * side * 3)).save(out, "PNG", compress_level=0)
    return out.getvalue()
