"""An edit that is cut off, by Ctrl-C or a cancelled task: what it may have cost, and what it leaves to the next run."""

from __future__ import annotations

import asyncio
import json
import socket
import subprocess
import sys
import threading
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

import nb_banana as nb

from .misbehaving import KEY, PICTURE, Seen, Server, answer, picture, response, serving, silent

pytestmark = pytest.mark.usefixtures("priced_folder")
PHOTO = picture((20, 60, 90))
THERE = response(PICTURE, content_type="image/png")
BUSY = response(json.dumps({"error": {"code": 429, "status": "RESOURCE_EXHAUSTED", "message": "rate limit per minute"}}).encode(), 429, retry_after="30")


def session_at(server: Server, **options: Any) -> nb.Session:
    return nb.Session(nb.Endpoint(server.url, KEY), tell=lambda _: None, **options)


async def cut(session: nb.Session, ready: Callable[[], bool]) -> None:
    """Ask for an edit and cancel it once something is ready."""
    task = asyncio.create_task(session.aedit(PHOTO, "add a boat"))
    while not ready():
        await asyncio.sleep(0.02)
    await asyncio.sleep(0.2)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task


class Slow:
    """Names the picture in its answer, and gives it once ``ready``; until then who asks waits."""

    def __init__(self) -> None:
        self.ready, self.asked = threading.Event(), threading.Event()
        self.port = 0

    def __call__(self, connection: socket.socket, seen: Seen, _number: int) -> None:
        if seen.head.startswith(b"POST"):
            words = f"![](http://127.0.0.1:{self.port}/made/1.png)"
            document = {"candidates": [{"content": {"parts": [{"text": words}]}, "finishReason": "STOP"}]}
            connection.sendall(response(json.dumps(document).encode()))
        else:
            self.asked.set()
            if self.ready.wait(10):
                connection.sendall(THERE)


@pytest.mark.parametrize("take", [1, "next"])
def test_a_paid_picture_that_was_on_its_way_is_fetched_by_the_next_run(take: Any) -> None:
    """Cut off while it fetches what is paid for, an edit leaves the address: the next run sends and pays nothing."""
    with serving(store := Slow()) as server, session_at(server) as session:
        store.port = server.port
        asyncio.run(cut(session, store.asked.is_set))
        (record,) = session.history.records()
        assert (record.status, record.billing) == ("interrupted", "maybe_paid")
        store.ready.set()
        assert session.edit(PHOTO, "add a boat", take=take).image.data == PICTURE and server.posts == 1
        (record,) = session.history.records()
        assert (record.status, record.billing) == ("done", "paid") and session.ledger.total.amount == Decimal("0.09")


CHILD = """
import sys
import nb_banana as nb
nb.Session(nb.Endpoint(sys.argv[1], sys.argv[2]), tell=lambda _: None).edit("photo.png", "add a boat")
"""


def test_a_kernel_killed_while_it_fetches_leaves_the_picture_to_the_next() -> None:
    """The address is written down before it is fetched: a restart of the kernel pays for nothing twice, and it is gone afterwards."""
    Path("photo.png").write_bytes(PHOTO)
    with serving(store := Slow()) as server:
        store.port = server.port
        with subprocess.Popen([sys.executable, "-c", CHILD, server.url, KEY]) as child:
            assert store.asked.wait(30)
            child.kill()
        store.ready.set()
        with session_at(server) as session:
            result = session.edit("photo.png", "add a boat")
            assert result.image.data == PICTURE and server.posts == 1
            assert session.edit(PHOTO, "add a hat").image.data == PICTURE
            assert [session.history.shelf.rows("SELECT count(*) AS n FROM links")[0]["n"], server.posts] == [0, 2]


def test_who_waited_for_the_same_edit_fetches_its_picture() -> None:
    """The second who asks for what another was cut off from gets that picture, and pays for none of its own."""

    async def both() -> nb.EditResult:
        waiting = asyncio.Event()
        first = asyncio.create_task(cut(session, waiting.is_set))
        while not store.asked.is_set():
            await asyncio.sleep(0.02)
        other = asyncio.create_task(session.aedit(PHOTO, "add a boat"))
        await asyncio.sleep(0.5)  # until it waits
        waiting.set()
        await first
        store.ready.set()
        return await other

    with serving(store := Slow()) as server, session_at(server) as session:
        store.port = server.port
        assert asyncio.run(both()).image.data == PICTURE and server.posts == 1


def test_a_stop_while_nothing_is_sent_costs_nothing() -> None:
    """Between a 429 and the next attempt nobody is at work: the record says free, as hooks were told, and the budget is whole."""
    told: list[str] = []

    def behave(connection: socket.socket, _seen: Seen, number: int) -> None:
        connection.sendall(BUSY if number == 1 else response(answer()))

    hook = (None, lambda facts: told.append(facts.billing))
    with serving(behave) as server, session_at(server, budget="0.10", hooks=hook) as session:
        asyncio.run(cut(session, lambda: bool(told)))
        (record,) = session.history.records()
        assert (record.status, record.billing, told) == ("interrupted", "free", ["free"])
        assert not session.spent.amount
        assert session.edit(PHOTO, "add a hat").image.data == PICTURE


def test_a_stop_while_it_connects_costs_nothing() -> None:
    """A server that takes no connection has read nothing, so nothing can be billed."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen(0)
        waiting = [socket.socket() for _ in range(5)]  # fill its queue
        for one in waiting:
            one.setblocking(False)
            one.connect_ex(listener.getsockname())
        with nb.Session(nb.Endpoint(f"http://127.0.0.1:{listener.getsockname()[1]}", KEY), tell=lambda _: None) as session:
            asyncio.run(cut(session, lambda: bool(session.history.records())))
            assert [(one.status, one.billing) for one in session.history.records()] == [("interrupted", "free")]
        for one in waiting:
            one.close()


def test_a_stop_while_the_service_works_may_be_billed() -> None:
    """What went out and was not answered may have run: record and hook say so."""
    told: list[str] = []
    with serving(lambda connection, *_: silent(connection)) as server:
        with session_at(server, hooks=(None, lambda facts: told.append(facts.billing))) as session:
            asyncio.run(cut(session, lambda: server.posts == 1))
            (record,) = session.history.records()
            assert server.wait_for(lambda: bool(told))
    assert (record.status, record.billing, told) == ("interrupted", "maybe_paid", ["maybe_paid"])
