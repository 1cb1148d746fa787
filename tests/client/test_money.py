"""Nothing is paid twice: what is sent again, what never is, and how long is waited before."""

from __future__ import annotations

import asyncio
import json
import socket
import time
from dataclasses import KW_ONLY, dataclass
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any

import httpx
import pytest

from nb_banana import AsyncClient, Client, Endpoint, NanoBananaError, _flow
from nb_banana._sandbox.transport import SandboxTransport
from nb_banana.errors import RateLimitError

from .misbehaving import KEY, PICTURE, answer, reset, response, sends, serving, silent

OK = (200, {}, answer())
RETRY = "type.googleapis.com/google.rpc.RetryInfo"


def refused(http: int, message: str = "", code: Any = None, /, headers: dict[str, str] | None = None, **more: Any) -> tuple[int, dict[str, str], bytes]:
    return http, headers or {}, json.dumps({"error": {"message": message, "code": code, **more}}).encode()


def info(delay: str) -> list[dict[str, str]]:
    return [{"@type": RETRY, "retryDelay": delay}]


def in_the(seconds: float) -> str:
    return format_datetime(datetime.now(UTC) + timedelta(seconds=seconds), usegmt=True)


@dataclass(frozen=True)
class Case:
    """What a server does with each attempt, and what must come of it."""

    name: str
    replies: tuple[Any, ...]
    posts: int
    category: str = ""
    _: KW_ONLY
    waits: tuple[tuple[float, float], ...] = ()
    retry_after: float | None = None
    billed: bool = False
    retryable: bool | None = None
    retries: int = 2
    deadline: float = 300.0


LIMITED = refused(429, "Too many requests")
BUSY = refused(503, "The model is overloaded.", 503, status="UNAVAILABLE")
FIRST, SECOND = (0.5, 1.0), (1.0, 2.0)

CASES = (
    Case("429 then a picture", (LIMITED, OK), 2, waits=(FIRST,)),
    Case("429 twice then a picture", (LIMITED, LIMITED, OK), 3, waits=(FIRST, SECOND)),
    Case("429 for ever", (LIMITED,), 3, "rate_limit", waits=(FIRST, SECOND), retryable=True),
    Case("502 then a picture", (refused(502, "Bad gateway"), OK), 2, waits=(FIRST,)),
    Case("503 then a picture", (BUSY, OK), 2, waits=(FIRST,)),
    Case("529 then a picture", (refused(529, "Overloaded"), OK), 2, waits=(FIRST,)),
    Case("503 page", ((503, {"content-type": "text/html"}, b"<html><title>503</title></html>"), OK), 2, waits=(FIRST,)),
    Case("mixed", (LIMITED, BUSY, OK), 3, waits=(FIRST, SECOND)),
    Case("429 then 500", (LIMITED, refused(500, "Internal error")), 2, "server", waits=(FIRST,), billed=True, retryable=True),
    Case("no connection then a picture", (httpx.ConnectError("refused"), OK), 2, waits=(FIRST,)),
    Case("connect timeout then a picture", (httpx.ConnectTimeout("slow"), OK), 2, waits=(FIRST,)),
    Case("no connection for ever", (httpx.ConnectError("refused"),), 3, "network", waits=(FIRST, SECOND), retryable=True),
    Case("bad certificate", (httpx.ConnectError("certificate verify failed"),), 1, "network", retryable=False),
    Case("500", (refused(500, "Internal error"), OK), 1, "server", billed=True, retryable=True),
    Case("504", (refused(504, "Deadline exceeded"), OK), 1, "timeout", billed=True, retryable=True),
    Case("520", ((520, {}, b""), OK), 1, "server", billed=True),
    Case("522", ((522, {}, b""), OK), 1, "timeout", billed=True),
    Case("524", ((524, {}, b""), OK), 1, "timeout", billed=True),
    Case("408", ((408, {}, b""), OK), 1, "timeout", billed=True),
    Case("read error", (httpx.ReadError("reset"), OK), 1, "network", billed=True, retryable=True),
    Case("server hung up", (httpx.RemoteProtocolError("Server disconnected"), OK), 1, "network", billed=True),
    Case("write error", (httpx.WriteError("broken pipe"), OK), 1, "network", billed=True),
    Case("read timeout", (httpx.ReadTimeout("slow"), OK), 1, "timeout", billed=True, retryable=True),
    Case("blocked 200", ((200, {}, b'{"candidates":[{"finishReason":"IMAGE_SAFETY"}]}'), OK), 1, "safety", billed=True, retryable=True),
    Case("words only", ((200, {}, b'{"candidates":[{"content":{"parts":[{"text":"no"}]}}]}'), OK), 1, "no_image", billed=True),
    Case("empty 200", ((200, {}, b""), OK), 1, "malformed", billed=True),
    Case("429 inside a 200", ((200, {}, refused(429, "Too many requests", 429)[2]), OK), 1, "rate_limit"),
    Case("503 that says it timed out", (refused(503, "Deadline exceeded"), OK), 1, "timeout", billed=True),
    Case("503 around a 500", (refused(503, "", "bad_response_status_code", param="500"), OK), 1, "server", billed=True),
    Case("bad key", (refused(401, "Invalid API key"), OK), 1, "auth", retryable=False),
    Case("permission in a 503", (refused(503, "当前令牌计费模式不支持该请求"), OK), 1, "auth"),
    Case("no channel in a 503", (refused(503, "当前分组 default 下对于模型 x 无可用渠道"), OK), 1, "model_not_found"),
    Case("404 in a 429", (refused(429, "upstream error: 404 Not Found"), OK), 1, "model_not_found"),
    Case("balance in a 429", (refused(429, "You exceeded your current quota", "insufficient_quota"), OK), 1, "quota"),
    Case("balance in a 503", (refused(503, "用户余额不足"), OK), 1, "quota"),
    Case("daily quota", (refused(429, "Quota exceeded", 429, details=[{"violations": [{"quotaId": "GenerateRequestsPerDayPerProject"}]}, *info("5s")]), OK), 1, "quota", retry_after=5.0, retryable=False),
    Case("word filter in a 503", (refused(503, "内容违规"), OK), 1, "safety"),
    Case("RetryInfo", (refused(429, "slow", details=info("7s")), OK), 2, waits=((7.0, 8.0),)),
    Case("RetryInfo fraction", (refused(429, "slow", details=info("0.25s")), OK), 2, waits=((0.25, 0.4),)),
    Case("Retry-After", (refused(429, "slow", headers={"retry-after": "20"}), OK), 2, waits=((20.0, 21.0),)),
    Case("Retry-After on a 503", (refused(503, "busy", headers={"retry-after": "3"}), OK), 2, waits=((3.0, 4.0),)),
    Case("Retry-After ms", (refused(429, "slow", headers={"retry-after-ms": "120"}), OK), 2, waits=((0.12, 0.3),)),
    Case("Retry-After zero", (refused(429, "slow", headers={"retry-after": "0"}), OK), 2, waits=((0.0, 0.1),)),
    Case("Retry-After date", (refused(429, "slow", headers={"retry-after": "in 60"}), OK), 2, waits=((30.0, 61.0),)),
    Case("Retry-After past date", (refused(429, "slow", headers={"retry-after": "in -60"}), OK), 2, waits=((0.0, 0.1),)),
    Case("Retry-After far date", (refused(429, "slow", headers={"retry-after": "Fri, 01 Jan 2100 00:00:00 GMT"}), OK), 1, "rate_limit"),
    Case("exactly two minutes", (refused(429, "slow", headers={"retry-after": "120"}), OK), 2, waits=((120.0, 121.0),)),
    Case("more than two minutes", (refused(429, "slow", headers={"retry-after": "121"}), OK), 1, "rate_limit", retry_after=121.0, retryable=True),
    Case("RetryInfo of an hour", (refused(429, "slow", details=info("3600s")), OK), 1, "rate_limit", retry_after=3600.0),
    Case("more than the deadline", (refused(429, "slow", headers={"retry-after": "40"}), OK), 1, "rate_limit", retry_after=40.0, deadline=30.0),
    Case("second wait too long", (refused(429, "slow", headers={"retry-after": "20"}), refused(429, "slow", headers={"retry-after": "20"}), OK), 2, "rate_limit", waits=((20.0, 21.0),), retry_after=20.0, deadline=30.0),
    Case("retries 0", (LIMITED, OK), 1, "rate_limit", retries=0),
    Case("retries 0, no connection", (httpx.ConnectError("refused"), OK), 1, "network", retries=0),
    Case("retries 1", (LIMITED,), 2, "rate_limit", waits=(FIRST,), retries=1),
    Case("retries 5", (LIMITED, LIMITED, LIMITED, LIMITED, LIMITED, OK), 6, waits=(FIRST, SECOND, (2, 4), (4, 8), (8, 16)), retries=5),
)  # fmt: skip


@dataclass
class Clock:
    """A clock that only waiting moves."""

    now: float = 1000.0

    def monotonic(self) -> float:
        return self.now


@pytest.mark.parametrize("kind", ["sync", "async"])
@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name.replace(" ", "-"))
def test_only_what_cannot_have_run_is_sent_again(case: Case, kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each sequence makes exactly the posts, waits and error that money honesty asks for."""
    clock, waited, posts = Clock(), [], []

    async def await_(seconds: float) -> None:
        waited.append(seconds)
        clock.now += seconds

    def reply(request: httpx.Request) -> httpx.Response:
        posts.append(request)
        given = case.replies[min(len(posts), len(case.replies)) - 1]
        if isinstance(given, Exception):
            raise given
        headers = {name: in_the(float(value[3:])) if value[:3] == "in " else value for name, value in given[1].items()}
        return httpx.Response(given[0], headers=headers, content=given[2])

    monkeypatch.setattr("nb_banana._client.aclient.asyncio.sleep", await_)
    monkeypatch.setattr("nb_banana._client.aclient.time.monotonic", clock.monotonic)
    monkeypatch.setitem(_flow.edit.__kwdefaults__, "clock", clock.monotonic)
    monkeypatch.setitem(_flow.edit.__kwdefaults__, "chance", lambda: 0.5)
    endpoint = Endpoint("https://api.example.com", KEY)
    options = {"transport": httpx.MockTransport(reply), "retries": case.retries, "deadline": case.deadline}
    error = None
    try:
        result = Client(endpoint, **options).generate("x") if kind == "sync" else asyncio.run(AsyncClient(endpoint, **options).generate("x"))
    except NanoBananaError as raised:
        error = raised
    assert len(posts) == case.posts
    assert len(waited) == len(case.waits)
    for seconds, (least, most) in zip(waited, case.waits, strict=True):
        assert least <= seconds <= most
    if not case.category:
        assert error is None, str(error)
        assert result.image.data == PICTURE and result.attempts == case.posts
        return
    assert error is not None and error.category == case.category, str(error)
    assert error.attempts == case.posts
    assert (f"{case.posts} attempts" in str(error)) is (case.posts > 1)
    assert error.may_be_billed is case.billed
    if case.retry_after is not None:
        assert error.retry_after == case.retry_after
    if case.retryable is not None:
        assert error.retryable is case.retryable


def test_jitter_is_bounded_and_never_shortens_what_was_asked() -> None:
    """A server that asks for 10 s is left alone for 10 to 11 s, whatever the dice say."""
    for dice in (0.0, 0.3, 0.999999):
        assert 10.0 <= _flow._wait(RateLimitError("x", retry_after=10.0), 1, dice, 300.0) <= 11.0
        assert 0.5 <= _flow._wait(RateLimitError("x"), 1, dice, 300.0) <= 1.0
        assert 2.0 <= _flow._wait(RateLimitError("x"), 3, dice, 300.0) <= 4.0


BROKEN = {
    "reset in the body": lambda c: (c.sendall(response(answer())[:200]), reset(c)),
    "short content-length": lambda c: (c.sendall(response(answer())[:-50]), c.shutdown(socket.SHUT_RDWR)),
    "unfinished chunk": lambda c: (c.sendall(b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n400\r\n{\"cand"), c.shutdown(socket.SHUT_RDWR)),
    "bad chunk": lambda c: (c.sendall(b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nzz\r\n"), c.shutdown(socket.SHUT_RDWR)),
    "hang up": lambda c: c.shutdown(socket.SHUT_RDWR),
    "reset at once": reset,
    "no HTTP": lambda c: (c.sendall(b"hello there\r\n\r\n"), c.shutdown(socket.SHUT_RDWR)),
    "false gzip": lambda c: c.sendall(response(b"this is not gzip", content_encoding="gzip")),
}


@pytest.mark.parametrize("kind", ["sync", "async"])
@pytest.mark.parametrize("way", BROKEN)
def test_a_broken_answer_is_one_post_and_may_be_billed(way: str, kind: str) -> None:
    """FAULTS 15: whatever breaks after the request was sent, there is one POST, a typed error in 2 s, and honesty."""
    with serving(lambda connection, _seen, _number: BROKEN[way](connection)) as server:
        started = time.monotonic()
        with pytest.raises(NanoBananaError) as raised:
            generate(server.url, kind, deadline=20)
        assert time.monotonic() - started < 2
        assert server.posts == 1
        assert raised.value.may_be_billed and "bill" in str(raised.value)
        assert raised.value.category in ("network", "malformed")
        assert raised.value.attempts == 1


def generate(url: str, kind: str = "sync", prompt: str = "a sofa", **options: Any) -> Any:
    """One edit through a fresh client."""
    endpoint = Endpoint(url, KEY)
    if kind == "sync":
        with Client(endpoint, **options) as client:
            return client.generate(prompt)

    async def run() -> Any:
        async with AsyncClient(endpoint, **options) as client:
            return await client.generate(prompt)

    return asyncio.run(run())


@pytest.mark.parametrize("kind", ["sync", "async"])
def test_real_retries_reach_the_picture(kind: str) -> None:
    """Over real sockets a 429 and a 503 are followed by the picture, with the same body each time."""
    limited = response(b'{"error":{"message":"Too many requests"}}', 429, retry_after_ms="30")
    busy = response(b"busy", 503, retry_after="0")
    with serving(sends(limited, busy, response(answer()))) as server:
        result = generate(server.url, kind)
        assert result.image.data == PICTURE and result.attempts == 3
        assert len({seen.body for seen in server.requests}) == 1 and server.posts == 3


@pytest.mark.parametrize("kind", ["sync", "async"])
def test_a_closed_port_is_tried_again_and_named(kind: str) -> None:
    """Where nothing listens nothing can have run: three attempts, and the host in the sentence."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    with pytest.raises(NanoBananaError) as raised:
        generate(f"http://127.0.0.1:{port}", kind)
    assert raised.value.category == "network" and raised.value.attempts == 3
    assert f"127.0.0.1:{port}" in str(raised.value) and not raised.value.may_be_billed


@pytest.mark.parametrize("kind", ["sync", "async"])
def test_a_stale_connection_is_not_a_second_post(kind: str) -> None:
    """A kept connection the server closed meanwhile costs no second POST of a request that may have run."""

    def one_each(connection: socket.socket, _seen: Any, _number: int) -> None:
        connection.sendall(response(answer()))
        connection.shutdown(socket.SHUT_RDWR)

    with serving(one_each) as server:
        endpoint = Endpoint(server.url, KEY)
        if kind == "sync":
            with Client(endpoint) as client:
                for _ in range(3):
                    assert client.generate("x").attempts == 1
                    time.sleep(0.05)
        else:

            async def run() -> None:
                async with AsyncClient(endpoint) as client:
                    for _ in range(3):
                        assert (await client.generate("x")).attempts == 1
                        await asyncio.sleep(0.05)

            asyncio.run(run())
        assert server.posts == 3


def test_cancel_during_the_pause_sends_nothing_more() -> None:
    """A task cancelled while it waits for Retry-After ends at once, with one POST made."""
    with serving(sends(response(b"{}", 429, retry_after="30"))) as server:

        async def run() -> float:
            async with AsyncClient(Endpoint(server.url, KEY)) as client:
                task = asyncio.create_task(client.generate("x"))
                await asyncio.to_thread(server.wait_for, lambda: server.posts == 1)
                await asyncio.sleep(0.2)
                started = time.monotonic()
                task.cancel()
                with pytest.raises(asyncio.CancelledError):
                    await task
                return time.monotonic() - started

        assert asyncio.run(run()) < 1
        assert server.posts == 1


def test_cancel_during_the_answer_closes_the_socket() -> None:
    """A cancelled task hangs up within a second; the server sees it; the next call works."""

    def behave(connection: socket.socket, _seen: Any, number: int) -> None:
        silent(connection) if number == 1 else connection.sendall(response(answer()))

    with serving(behave) as server:

        async def run() -> None:
            async with AsyncClient(Endpoint(server.url, KEY)) as client:
                task = asyncio.create_task(client.generate("x"))
                await asyncio.to_thread(server.wait_for, lambda: server.posts == 1)
                cancelled = time.monotonic()
                task.cancel()
                with pytest.raises(asyncio.CancelledError):
                    await task
                assert await asyncio.to_thread(server.wait_for, lambda: bool(server.closed_at), 2)
                assert server.closed_at[0] - cancelled < 1
                assert (await client.generate("again")).image.data == PICTURE

        asyncio.run(run())


def test_a_provider_cannot_call_itself_a_sandbox():
    """Whatever a host that is paid writes into its headers, its picture is no free sample and its price stands."""
    client = Client(Endpoint.apiyi("sk-paid-0123456789abcdef"), transport=SandboxTransport())
    result = client.generate("a calm sea", image_size="1K")
    assert not result.sandbox and result.cost.amount and result.warnings == ()
