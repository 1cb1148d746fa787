"""The key is used and never seen: not in reprs, copies, logs, tracebacks, errors or what a gateway echoes."""

from __future__ import annotations

import asyncio
import base64
import copy
import dataclasses
import json
import logging
import multiprocessing
import os
import pickle
import socket
import subprocess
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from tracebacks import verbose

from nb_banana import AsyncClient, Client, EditRequest, EditResult, Endpoint, NanoBananaError, Session
from nb_banana._catalog.providers import provider_of_key
from nb_banana.errors import AuthenticationError, InvalidRequestError

from .misbehaving import KEY, PICTURE, Seen, answer, fails, leaks, reset, response, sends, serving, silent
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


@pytest.mark.parametrize(
    "place",
    [{}, {"auth": "bearer"}, {"auth": "x-api-key"}, {"name": "google"}, {"name": "google", "auth": "bearer"}],
    ids=lambda place: "-".join(place.values()) or "plain",
)
def test_printed_curl_signs_as_the_edit_did(place: Mapping[str, str]) -> None:
    """The script's own request carries the key in the header that the client's did, at once and from the history."""
    with serving(sends(response(answer()))) as server:
        endpoint = Endpoint(server.url, KEY, **place)
        with Session(endpoint, tell=lambda _: None) as session:
            session.generate("x")
            again = session.generate("x")
        assert again.replayed
        for result in (Client(endpoint).generate("x"), again):
            script = result.to_curl().rpartition("  | nb-banana decode")[0].rstrip(" \\\n")
            done = subprocess.run(["sh", "-c", script], env={**os.environ, "NB_BANANA_API_KEY": KEY}, capture_output=True, check=False)
            assert done.returncode == 0, done.stderr
        signed = {line.lower() for seen in server.requests for line in seen.head.decode().splitlines() if KEY in line}
        assert server.posts == 4 and len(signed) == 1, signed


def test_an_endpoint_elsewhere_reads_its_own_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """A pickled endpoint carries no key; where it arrives it takes the one of that place."""
    packed = pickle.dumps(Endpoint("https://api.apiyi.com", KEY))
    assert not pickle.loads(packed).has_key
    monkeypatch.setenv("APIYI_API_KEY", "sk-other-0123456789abcdef")
    assert sent_with(pickle.loads(packed)) == "Bearer sk-other-0123456789abcdef"
    monkeypatch.setenv("NB_BANANA_API_KEY", "AIza-of-google-0123456789")  # goes nowhere, and is in nobody's way
    assert sent_with(pickle.loads(packed)) == "Bearer sk-other-0123456789abcdef"


def sent_with(endpoint: Endpoint) -> str:
    """The key of a request this endpoint makes, as it would leave, or what is said instead of sending."""
    seen: list[httpx.Request] = []

    def reply(request: httpx.Request) -> httpx.Response:
        seen.append(request)
        return httpx.Response(200, content=b"{}")

    client = Client(endpoint, transport=httpx.MockTransport(reply), retries=0)
    error = fails(lambda: client.generate("x"))
    if not seen:
        return str(error)
    carrying = ("authorization", "x-goog-api-key", "x-own")
    return " ".join(seen[0].headers[name] for name in carrying if name in seen[0].headers)


@contextmanager
def environment(values: Mapping[str, str]) -> Iterator[None]:
    """These variables of ours and no other inside the block."""
    before = dict(os.environ)
    for name in VARIABLES:
        os.environ.pop(name, None)
    os.environ.update(values)
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)


OWN = {
    "APIYI_API_KEY": ("https://api.apiyi.com", "apiyi.com"),
    "GOOGLE_API_KEY": ("https://generativelanguage.googleapis.com", "googleapis.com"),
    "GEMINI_API_KEY": ("https://generativelanguage.googleapis.com", "googleapis.com"),
    "OPENROUTER_API_KEY": ("https://openrouter.ai/api", "openrouter.ai"),
}
VARIABLES = (*OWN, "NB_BANANA_API_KEY", "NB_BANANA_BASE_URL")
HOSTS = (
    *{address for address, _ in OWN.values()}, "https://vip.apiyi.com", "https://api.apiyi.com:8443",
    "https://api.apiyi.com/gateway", "https://evil.example", "https://api.apiyi.com.evil.example", "https://evilapiyi.com",
    "https://storage.googleapis.com", "http://127.0.0.1:8765", "http://127.0.0.1:8766", "http://localhost:8765", "https://127.0.0.1:8765",
)  # fmt: skip


def with_host(change: Callable[[str], str]) -> Callable[[str], str]:
    """A way to spell an address: its host written otherwise."""
    return lambda url: url.replace(urlsplit(url).hostname or "", change(urlsplit(url).hostname or ""), 1)


SPELLINGS = (
    str, with_host(str.upper), with_host(lambda host: f"{host}."), with_host(lambda host: f"user:secret@{host}"),
    lambda url: f"  {url}/ ", lambda url: f"{url}/v1", lambda url: url if "127." in url else url.split("://")[1], lambda _: "no address",
)  # fmt: skip
FORMS = ("AIza", "AQ.", "sk-or-v1-", "sk-", "unknown-")


def allowed(environ: Mapping[str, str], base: str) -> dict[str, set[str]]:
    """Each key of an environment with all addresses it may ever be seen at; written anew, not with the code under test."""
    host = urlsplit(base).hostname or ""
    served = {name: own for name, (own, domain) in OWN.items() if not f".{host}".endswith(f".{domain}")}
    places = {environ[name]: {served.get(name, base), OWN[name][0]} for name in OWN if name in environ}
    if "NB_BANANA_API_KEY" in environ:
        key = environ["NB_BANANA_API_KEY"]
        astray = key.startswith(("AIza", "AQ.", "sk-or-"))
        places[key] = {base} if "NB_BANANA_BASE_URL" in environ else set() if astray else {OWN["APIYI_API_KEY"][0]}
    return places


@settings(max_examples=200, deadline=None)
@given(
    place=st.sampled_from(HOSTS),
    name=st.sampled_from((None, "apiyi", "google", "openrouter", "custom")),
    auth=st.sampled_from((None, "x-own", "bearer")),
    forms=st.dictionaries(st.sampled_from([*OWN, "NB_BANANA_API_KEY"]), st.sampled_from(FORMS)),
    base=st.sampled_from(("", *HOSTS)),
    spelling=st.sampled_from(SPELLINGS),
    whole=st.booleans(),
)
@example("https://evil.example", "apiyi", None, {"APIYI_API_KEY": "sk-"}, "", str, False)
@example("https://evil.example", None, None, {"NB_BANANA_API_KEY": "sk-"}, "", str, True)
@example("http://127.0.0.1:8765", None, None, {"NB_BANANA_API_KEY": "sk-"}, "http://127.0.0.1:8766", str, True)
def test_no_key_of_an_environment_is_sent_to_another_address(
    place: str, name: str | None, auth: str | None, forms: dict[str, str], base: str, spelling: Callable[[str], str], whole: bool,
) -> None:
    """Hosts × variables × key forms: a pickled endpoint or client, and the endpoint of the environment, sign with a key of that very address or with none."""
    wire: Any = "openai" if (name or "openrouter") == "openrouter" and (name or place.startswith("https://openrouter")) else "gemini"
    keys = {variable: f"{form}{variable.lower()}-0123456789" for variable, form in forms.items()}
    environ = keys | ({"NB_BANANA_BASE_URL": spelling(base)} if base else {})
    made = Endpoint(place, "own-key-of-the-place-987", wire=wire, name=name, auth=auth)
    with environment({}):
        packed = pickle.dumps(Client(made) if whole else made)
    with environment(environ):
        restored = pickle.loads(packed)
        endpoint = restored.endpoint if whole else restored
        assert (endpoint.base_url, endpoint.name, endpoint.auth, endpoint.wire) == (made.base_url, made.name, made.auth, wire)
        sent = [(sent_with(endpoint), endpoint.base_url)]
        try:
            found = Session(tell=lambda _: None).endpoint
        except NanoBananaError as error:
            found = None
            sent.append((str(error), "shown to a person"))
        if found and not found.is_sandbox:
            sent.append((sent_with(found), found.base_url))
    for text, address in sent:
        assert "own-key-of-the-place" not in text
        for key, places in allowed(environ, base).items():
            assert key not in text or address in places, (key, address)


WHERE = {
    ("https://api.apiyi.com", "APIYI_API_KEY", ""): True,
    ("https://api.apiyi.com/v1", "APIYI_API_KEY", ""): True,
    ("https://API.apiyi.com.:443/", "APIYI_API_KEY", ""): True,
    ("https://api.apiyi.com", "NB_BANANA_API_KEY", ""): True,
    ("https://gateway.example", "NB_BANANA_API_KEY", "GATEWAY.example:443"): True,
    ("http://127.0.0.1:8765", "NB_BANANA_API_KEY", "127.0.0.1:8765/v1"): True,
    ("https://vip.apiyi.com", "APIYI_API_KEY", "https://vip.apiyi.com"): True,
    ("https://api.apiyi.com", "APIYI_API_KEY", "https://vip.apiyi.com"): False,
    ("https://vip.apiyi.com", "APIYI_API_KEY", ""): False,
    ("https://api.apiyi.com", "GOOGLE_API_KEY", ""): False,
    ("https://api.apiyi.com", "NB_BANANA_API_KEY", "https://gateway.example"): False,
    ("https://gateway.example", "NB_BANANA_API_KEY", ""): False,
    ("https://gateway.example:8443", "NB_BANANA_API_KEY", "https://gateway.example"): False,
    ("https://127.0.0.1:8765", "NB_BANANA_API_KEY", "http://127.0.0.1:8765"): False,
    ("https://gateway.example", "NB_BANANA_API_KEY", "no address"): False,
}


@pytest.mark.parametrize(("place", "variable", "base"), WHERE)
def test_a_pickle_takes_the_key_of_the_very_same_address(place: str, variable: str, base: str) -> None:
    """However it is spelled, the same address gets the variable's key; another scheme, host, port or path gets none and says what to set."""
    packed = pickle.dumps(Endpoint(place, KEY))
    with environment({variable: "sk-of-the-worker-012345", **({"NB_BANANA_BASE_URL": base} if base else {})}):
        sent = sent_with(pickle.loads(packed))
        assert ("sk-of-the-worker-012345" in sent) is WHERE[place, variable, base]
        if not WHERE[place, variable, base]:
            assert ("needs a key" in sent and "set " in sent) if "127.0.0.1" not in place else sent == ""


def test_a_worker_process_signs_only_for_its_own_address() -> None:
    """A client pickled into a spawned process asks host B without host A's key, and with the key where B is the worker's own address."""
    spawned = multiprocessing.get_context("spawn")
    with serving(sends(response(answer()))) as a, serving(sends(response(answer()))) as b:
        for worker in (a, b):
            client = Client(Endpoint(b.url, "sk-of-the-parent-0123456"))
            with (
                environment({"NB_BANANA_API_KEY": KEY, "NB_BANANA_BASE_URL": worker.url, "APIYI_API_KEY": KEY}),
                ProcessPoolExecutor(1, mp_context=spawned) as pool,
            ):
                assert pool.submit(client.generate, "x").result(60).image.width == 32
        first, second = (seen.everything for seen in b.requests)
        assert a.accepted == 0 and not leaks(first) and b"sk-of-the-parent" not in first + second
        assert f"Bearer {KEY}".encode() in second


def test_a_plan_for_another_place_is_not_signed() -> None:
    """A plan made by a client of another host is refused before anything is sent: its key is for its own address."""
    with serving(sends(response(answer()))) as server:
        plan = Client(Endpoint(server.url)).plan(EditRequest("x"))
        for client in (Client(Endpoint.apiyi(KEY)), Client(Endpoint(f"{server.url}/prefix", KEY))):
            with pytest.raises(InvalidRequestError, match="Nothing was sent"):
                client.perform(plan)
        assert server.accepted == 0


ASTRAY = {"AIzaSyD-0123456789abcdef": "GOOGLE_API_KEY", "AQ.Ab8RN6-0123456789": "GOOGLE_API_KEY", "sk-or-v1-0123456789abcdef": "OPENROUTER_API_KEY"}


@pytest.mark.parametrize("key", ASTRAY)
def test_a_bare_key_of_another_provider_is_not_sent_to_apiyi(key: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """NB_BANANA_API_KEY without an address means apiyi; a key that is plainly another's stops there, named by its variable, also in a verbose traceback."""
    monkeypatch.setenv("NB_BANANA_API_KEY", key)
    for look in (Endpoint.from_env, lambda: Session(tell=lambda _: None).edit(PICTURE, "x")):
        error = fails(look)
        assert isinstance(error, AuthenticationError)
        assert "NB_BANANA_API_KEY" in str(error) and ASTRAY[key] in str(error) and "NB_BANANA_BASE_URL" in str(error)
        tb = error.__traceback__
        assert tb is not None
        out = verbose(error, tb.tb_next)
        assert "env_endpoint" in out and not leaks(out + str(error), key)
    monkeypatch.setenv("NB_BANANA_BASE_URL", "https://api.apiyi.com")
    assert key in sent_with(Endpoint.from_env())


@pytest.mark.parametrize(("name", "title"), {"GOOGLE_API_KEY": "Google", "APIYI_API_KEY": "apiyi"}.items())
def test_a_variable_that_names_its_provider_is_taken_at_its_word(name: str, title: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever a key looks like, APIYI_API_KEY is apiyi's and GOOGLE_API_KEY is Google's."""
    monkeypatch.setenv(name, "sk-or-v1-0123456789abcdef")
    assert title in Endpoint.from_env().provider.title


def test_the_longest_beginning_says_whose_a_key_looks() -> None:
    """`sk-or-` is OpenRouter's although `sk-` is apiyi's; what no provider uses is nobody's."""
    keys = ("sk-or-v1-abc", "sk-abc", "AIzaSy", "AQ.Ab8", "aq.ab8", "", "xai-abc")
    assert [row and row.name for row in map(provider_of_key, keys)] == ["openrouter", "apiyi", "google", "google", None, None, None]


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
    out = verbose(error, tb.tb_next.tb_next)
    assert "perform" in out
    assert not leaks(out + everything_of(error) + locals_of(error))


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
