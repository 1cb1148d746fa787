"""The key is used and never seen: not in reprs, copies, logs, tracebacks, errors or what a gateway echoes."""

from __future__ import annotations

import asyncio
import base64
import copy
import dataclasses
import io
import json
import logging
import os
import pickle
import socket
from collections.abc import Callable
from typing import Any

import httpx
import pytest
from IPython.core.ultratb import VerboseTB

from nb_banana import AsyncClient, Client, EditResult, Endpoint, NanoBananaError
from nb_banana.errors import AuthenticationError

from .misbehaving import KEY, Seen, answer, fails, leaks, reset, response, sends, serving, silent
from .test_money import generate

BOTH = pytest.mark.parametrize("kind", ["sync", "async"])


def everything_of(value: Any) -> str:
    """All a person or a notebook extension could print of a value."""
    seen = [repr(value), str(value), repr(copy.copy(value)), repr(copy.deepcopy(value)), format(value)]
    for name in dir(value):
        if not name.startswith("__"):
            seen.append(f"{name}={getattr(value, name, None)!r}")
    if hasattr(value, "__dict__"):
        seen += [repr(vars(value)), json.dumps(vars(value), default=repr)]
    if dataclasses.is_dataclass(value):
        seen.append(repr({f.name: getattr(value, f.name) for f in dataclasses.fields(value)}))
    return "\n".join(seen)


def test_no_key_in_what_endpoints_clients_and_results_show() -> None:
    """FAULTS 29: repr, vars, attributes, copies and pickles of every public value hold no trace of the key."""
    with serving(sends(response(answer()))) as server:
        endpoint = Endpoint(server.url, KEY)
        client, aclient = Client(endpoint), AsyncClient(endpoint)
        result = client.generate("x")
        assert isinstance(result, EditResult)
        for value in (endpoint, client, aclient, aclient.options, result, result.plan):
            assert not leaks(everything_of(value))
        for value in (endpoint, client, aclient):
            assert not leaks(pickle.dumps(value))
        assert pickle.loads(pickle.dumps(client)).endpoint.base_url == server.url
        assert not leaks(result.to_python() + result.to_curl() + result.to_json())
        assert KEY in server.requests[0].head.decode()


def test_an_endpoint_elsewhere_reads_its_own_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """A pickled endpoint carries no key; where it arrives it takes the one of that place."""
    packed = pickle.dumps(Endpoint("https://api.apiyi.com", KEY))
    assert not pickle.loads(packed).has_key
    monkeypatch.setenv("APIYI_API_KEY", "sk-other-0123456789abcdef")
    assert pickle.loads(packed).has_key


@BOTH
def test_no_key_in_debug_logs(kind: str, caplog: pytest.LogCaptureFixture) -> None:
    """FAULTS 26: with every logger at DEBUG an edit and a failure write no trace of the key."""
    for name in ("", "httpx", "httpcore", "asyncio", "h11"):
        caplog.set_level(logging.DEBUG, logger=name or None)
    with serving(sends(response(b"{}", 503, retry_after="0"), response(answer()))) as server:
        generate(server.url, kind)
    assert caplog.records
    assert not leaks("\n".join(f"{record.getMessage()} {record.__dict__!r}" for record in caplog.records))


FAILURES: dict[str, Callable[[socket.socket, Seen, int], Any]] = {
    "refused key": sends(response(b'{"error":{"message":"Incorrect API key"}}', 401)),
    "rate limit": sends(response(b"{}", 429, retry_after="600")),
    "server": sends(response(b"{}", 500)),
    "redirect": sends(response(b"", 307, location="https://elsewhere.example.com/")),
    "no picture": sends(response(b'{"candidates":[{"content":{"parts":[{"text":"no"}]}}]}')),
    "page": sends(response(b"<html>hello</html>")),
    "reset": lambda connection, _seen, _number: reset(connection),
    "silence": lambda connection, _seen, _number: silent(connection),
    "bad link": sends(response(b'{"candidates":[{"content":{"parts":[{"text":"![i](http://127.0.0.1/a.png)"}]}}]}')),
}


@BOTH
@pytest.mark.parametrize("way", FAILURES)
def test_no_key_in_verbose_tracebacks(way: str, kind: str) -> None:
    """FAULTS 25: IPython's verbose traceback of every failure, with the locals of every frame, holds no key."""
    with serving(FAILURES[way]) as server:
        client = (Client if kind == "sync" else AsyncClient)(Endpoint(server.url, KEY), deadline=1.5)
        error = fails(lambda: client.generate("x") if isinstance(client, Client) else asyncio.run(client.generate("x")))
    assert isinstance(error, NanoBananaError)
    tb = error.__traceback__
    assert tb is not None and tb.tb_next is not None and tb.tb_next.tb_next is not None
    out = io.StringIO()
    VerboseTB(theme_name="nocolor", include_vars=True, ostream=out)(type(error), error, tb.tb_next.tb_next)
    assert "perform" in out.getvalue()
    assert not leaks(out.getvalue() + everything_of(error) + locals_of(error))


def locals_of(error: BaseException) -> str:
    """The locals of all frames of an error and of what caused it, this file's own left out."""
    seen, at = [], error
    while at is not None:
        frame = at.__traceback__
        while frame is not None:
            if frame.tb_frame.f_code.co_filename != __file__:
                seen += [f"{name}={value!r}" for name, value in frame.tb_frame.f_locals.items()]
            frame = frame.tb_next
        at = at.__cause__ or at.__context__
    return "\n".join(seen)


def test_no_key_after_a_cancelled_task() -> None:
    """FAULTS 25: the traceback of a cancelled task ends above the frames that held the request."""
    with serving(lambda connection, _seen, _number: silent(connection)) as server:

        async def run() -> str:
            task = asyncio.create_task(AsyncClient(Endpoint(server.url, KEY)).generate("x"))
            await asyncio.to_thread(server.wait_for, lambda: server.posts == 1)
            task.cancel()
            try:
                await task
            except asyncio.CancelledError as error:
                return locals_of(error)
            return "not cancelled"

        shown = asyncio.run(run())
        assert shown != "not cancelled" and not leaks(shown)


ECHOES = (
    f"Incorrect API key provided: {KEY}.",
    f"Incorrect API key provided: {KEY[:8]}********{KEY[-4:]}.",
    f"Invalid token: {KEY[:7]}***{KEY[-6:]}",
    f"[{KEY[:12]}] quota exhausted",
    f"token …{KEY[-6:]} is invalid",
    f"Basic {base64.b64encode(('user:' + KEY).encode()).decode()} refused",
    f"header Authorization: Bearer {KEY}",
    KEY.upper(),
)


@BOTH
@pytest.mark.parametrize("echo", ECHOES, ids=range(len(ECHOES)))
def test_what_a_gateway_echoes_is_masked(echo: str, kind: str) -> None:
    """FAULTS 25: whole, half-masked and encoded echoes of the key are cut from message, hint, body and text."""
    bodies = (
        response(json.dumps({"error": {"message": echo}}).encode(), 401),
        response(f"<html><title>{echo}</title></html>".encode(), 403),
        response(json.dumps({"candidates": [{"content": {"parts": [{"text": echo}]}}]}).encode()),
    )
    for body in bodies:
        with serving(sends(body)) as server:
            with pytest.raises(NanoBananaError) as raised:
                generate(server.url, kind)
            shown = everything_of(raised.value)
            assert not leaks(shown) and KEY[-6:].upper() not in shown.upper()
            assert "***" in str(raised.value)


PASTED = {
    f"{KEY}\n": None, f"  {KEY}\r\n": None, f"\ufeff{KEY}": None, f"\u00a0{KEY}\u00a0": None, f'"{KEY}"': None, f"Bearer {KEY}": None,
    KEY[:10] + "\n" + KEY[10:]: "11", KEY[:10] + "\u00a0" + KEY[10:]: "11", KEY[:10] + "Ａ" + KEY[10:]: "11",
    KEY[:10] + "é" + KEY[10:]: "11", KEY[:10] + "\u200b" + KEY[10:]: "11",
    "": "", "   ": "", "sk-your-api-key": "", "YOUR_API_KEY": "", "<your key>": "", "sk-****": "", "你的密钥": "", "x" * 600: "",
}  # fmt: skip


@pytest.mark.parametrize("given", PASTED, ids=range(len(PASTED)))
def test_a_pasted_key_is_trimmed_or_refused_without_being_printed(given: str) -> None:
    """FAULTS 30: what surrounds a key is trimmed; what is wrong inside is refused before any request, by position."""
    expected = PASTED[given]
    with serving(sends(response(answer()))) as server:
        if expected is None:
            Client(Endpoint(server.url, given)).generate("x")
            assert f"Bearer {KEY}\r\n" in server.requests[0].head.decode() + "\r\n"
            return
        with pytest.raises(AuthenticationError) as raised:
            Endpoint(server.url, given)
        assert server.accepted == 0
        assert len(str(raised.value)) <= 200 and expected in str(raised.value)
        assert not leaks(everything_of(raised.value))


def test_each_host_gets_its_key_in_its_own_header() -> None:
    """Google's hosts read x-goog-api-key, all others Bearer; no URL ever holds a key."""
    seen: list[httpx.Request] = []

    def reply(request: httpx.Request) -> httpx.Response:
        seen.append(request)
        return httpx.Response(200, content=answer())

    own = Endpoint("https://x.example.com", KEY, auth="x-api-key")
    for endpoint in (Endpoint.google(KEY), Endpoint.apiyi(KEY), Endpoint.openrouter(KEY), own):
        Client(endpoint, transport=httpx.MockTransport(reply)).generate("x")
    carried = [{name: value for name, value in request.headers.items() if KEY in value} for request in seen]
    assert carried == [{"x-goog-api-key": KEY}, {"authorization": f"Bearer {KEY}"}, {"authorization": f"Bearer {KEY}"}, {"x-api-key": KEY}]
    assert not any(leaks(str(request.url)) for request in seen)


def test_a_host_without_a_key_is_not_asked() -> None:
    """A client never falls back: without a key the error comes before any request."""
    with pytest.raises(AuthenticationError):
        Client(Endpoint("https://api.example.com")).generate("x")
    assert "NB_BANANA_API_KEY" not in os.environ
