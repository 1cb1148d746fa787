"""Faults of the network, caused for real: time, size, concurrency, redirects, proxies, links in answers."""

from __future__ import annotations

import asyncio
import base64
import json
import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx
import pytest

from nb_banana import AsyncClient, Client, Endpoint, NanoBananaError, _worker
from nb_banana.errors import APIConnectionError, InvalidRequestError, MalformedResponseError

from .misbehaving import KEY, PICTURE, Seen, answer, leaks, picture, response, sends, serving, silent
from .test_money import generate

BOTH = pytest.mark.parametrize("kind", ["sync", "async"])
ROOT = Path(__file__).resolve().parents[2]


def trickle(piece: bytes, pause: float) -> Callable[[socket.socket, Seen, int], None]:
    """Headers, then one piece after another without end."""

    def behave(connection: socket.socket, _seen: Seen, _number: int) -> None:
        connection.sendall(b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n")
        while True:
            connection.sendall(b"%x\r\n%s\r\n" % (len(piece), piece))
            time.sleep(pause)

    return behave


def slow_head(connection: socket.socket, _seen: Seen, _number: int) -> None:
    """One byte of the status line now and then."""
    for byte in b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n" * 40:
        connection.sendall(bytes([byte]))
        time.sleep(0.3)


@BOTH
def test_a_trickle_cannot_outlast_the_deadline(kind: str) -> None:
    """FAULTS 16: one byte every 0.3 s against a deadline of 2 s ends within 4 s, as one POST that may be billed."""
    for behave in (trickle(b" ", 0.3), slow_head):
        with serving(behave) as server:
            started = time.monotonic()
            with pytest.raises(NanoBananaError) as raised:
                generate(server.url, kind, deadline=2)
            assert 1.5 < time.monotonic() - started < 4
            assert raised.value.category == "timeout" and raised.value.may_be_billed and server.posts == 1


@BOTH
def test_silence_ends_at_the_deadline_and_names_it(kind: str) -> None:
    """FAULTS 17: a server that never answers is given up at the deadline, with the limit and its parameter named."""
    with serving(lambda connection, _seen, _number: silent(connection)) as server:
        started = time.monotonic()
        with pytest.raises(NanoBananaError) as raised:
            generate(server.url, kind, deadline=1.5)
        assert 1.2 < time.monotonic() - started < 1.5 * 1.2 + 0.5
        assert "deadline=1.5" in str(raised.value) and "Client(deadline=60)" in str(raised.value)
        assert server.posts == 1
        assert server.wait_for(lambda: bool(server.closed_at))


@BOTH
def test_a_server_that_reads_nothing_cannot_hold_an_upload(kind: str) -> None:
    """An upload into a full pipe ends at the deadline as well."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        held: list[socket.socket] = []
        threading.Thread(target=lambda: held.append(listener.accept()[0]), daemon=True).start()
        endpoint = Endpoint(f"http://127.0.0.1:{listener.getsockname()[1]}", KEY)
        pictures = [noisy(seed) for seed in range(4)]  # more than the socket's buffers swallow
        started = time.monotonic()
        with pytest.raises(NanoBananaError) as raised:
            if kind == "sync":
                Client(endpoint, deadline=2, retries=0).edit(pictures, "join them")
            else:
                asyncio.run(AsyncClient(endpoint, deadline=2, retries=0).edit(pictures, "join them"))
        assert time.monotonic() - started < 8
        assert raised.value.category == "timeout"
        for connection in held:
            connection.close()


def noisy(seed: int) -> bytes:
    """A picture that does not compress."""
    from io import BytesIO
    from random import Random

    from PIL import Image

    out = BytesIO()
    Image.frombytes("RGB", (1400, 1000), Random(seed).randbytes(1400 * 1000 * 3)).save(out, "PNG", compress_level=0)
    return out.getvalue()


HUGE = """
import resource, sys, time, gc
import nb_banana as nb
client = nb.Client(nb.Endpoint(sys.argv[1], "{key}"))
client.generate("warm up")
gc.collect()
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
started = time.monotonic()
result = client.generate("huge")
print(time.monotonic() - started, (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) * 1024, len(result.image.data))
"""


def test_sixty_megabytes_with_two_signatures_stay_small() -> None:
    """FAULTS 18: a 60 MB answer with two 20 MB signatures works in 10 s and less memory than its own size twice."""
    signature = base64.b64encode(os.urandom(15_000_000)).decode()
    big = noisy(1)
    parts = [{"text": "hi", "thoughtSignature": signature}, {"inlineData": {"mimeType": "image/png", "data": base64.b64encode(big).decode()}, "thoughtSignature": signature}]
    body = json.dumps({"candidates": [{"content": {"role": "model", "parts": parts}, "finishReason": "STOP"}], "pad": "x" * 14_000_000}).encode()
    assert len(body) > 55_000_000
    with serving(sends(response(answer()), response(body))) as server:
        ran = subprocess.run([sys.executable, "-c", HUGE.format(key=KEY), server.url], capture_output=True, text=True, env={**os.environ, "PYTHONPATH": str(ROOT)}, timeout=120, check=False)
        assert ran.returncode == 0, ran.stderr
        seconds, growth, size = ran.stdout.split()
    assert int(size) == len(big)
    assert float(seconds) < 10
    assert int(growth) < 2.5 * len(body)


@BOTH
def test_an_endless_answer_stops_at_the_cap(kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """FAULTS 19: a body without end is cut off at the documented cap of 256 MB, with an error that says so."""
    with serving(trickle(b"iVBORw0KGgo" * 100_000, 0)) as server:  # a picture that never ends
        with pytest.raises(MalformedResponseError, match="256 MB") as raised:
            generate(server.url, kind, deadline=60)
        assert raised.value.may_be_billed and server.posts == 1
        assert server.wait_for(lambda: bool(server.closed_at))


def open_sockets() -> int:
    """Sockets this process holds open, those of the private loop among them from the first count on."""
    _worker.loop()
    found = 0
    for entry in Path("/proc/self/fd").iterdir():
        try:
            found += str(entry.readlink()).startswith("socket:")
        except OSError:
            continue
    return found


def echo(connection: socket.socket, seen: Seen, _number: int) -> None:
    """A picture whose colour is the number the prompt ends with."""
    number = int(seen.prompt.rsplit(" ", 1)[1])
    time.sleep(0.005)
    connection.sendall(response(answer(picture((number, 0, 0)), f"for {number}")))


def test_sixteen_threads_share_one_client() -> None:
    """FAULTS 37: 100 calls from 16 threads each get their own answer, and the sockets go back to where they were."""
    before = open_sockets()
    with serving(echo) as server, Client(Endpoint(server.url, KEY)) as client, ThreadPoolExecutor(16) as pool:
        results = list(pool.map(lambda n: client.generate(f"number {n}"), range(100)))
        assert [result.text for result in results] == [f"for {n}" for n in range(100)]
        assert [result.image.to_pil().getpixel((0, 0))[0] for result in results] == list(range(100))
        assert server.posts == 100 and server.accepted <= 17
    for _ in range(100):
        if open_sockets() <= before:
            break
        time.sleep(0.05)
    assert open_sockets() <= before


def test_sixteen_tasks_share_one_client() -> None:
    """FAULTS 37: the same with 16 tasks on one AsyncClient, in two event loops one after the other."""
    before = open_sockets()
    with serving(echo) as server:
        client = AsyncClient(Endpoint(server.url, KEY))

        async def run() -> list[str]:
            gate = asyncio.Semaphore(16)

            async def one(number: int) -> str:
                async with gate:
                    return (await client.generate(f"number {number}")).text

            texts = await asyncio.gather(*(one(n) for n in range(100)))
            for connections in client._own.pop(asyncio.get_running_loop()).values():
                await connections.aclose()
            return texts

        for _ in range(2):
            assert asyncio.run(run()) == [f"for {n}" for n in range(100)]
        assert server.posts == 200
    for _ in range(100):
        if open_sockets() <= before:
            break
        time.sleep(0.05)
    assert open_sockets() <= before


def test_a_blocking_call_works_inside_a_running_loop() -> None:
    """A notebook's cell runs inside a loop: Client works there all the same."""
    with serving(sends(response(answer()))) as server:

        async def cell() -> bytes:
            return Client(Endpoint(server.url, KEY)).generate("x").image.data

        assert asyncio.run(cell()) == PICTURE


@BOTH
@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_carries_neither_key_nor_body(kind: str, status: int) -> None:
    """FAULTS 31: the second host sees no connection at all; the error names it; one POST was made."""
    with serving(sends(response(answer()))) as second:
        with serving(sends(response(b"", status, location=f"{second.url}/v1beta/models/x:generateContent"))) as first:
            with pytest.raises(InvalidRequestError) as raised:
                generate(first.url, kind)
            assert first.posts == 1 and second.accepted == 0
            assert second.url in str(raised.value) and raised.value.status == status
            assert raised.value.may_be_billed == (status == 303)  # See Other: it was performed


@BOTH
def test_a_redirect_loop_is_one_post(kind: str) -> None:
    """FAULTS 31: a host that redirects to itself, or to nonsense, is asked once."""
    for location in ("/v1beta/models/x:generateContent", "http://[", "", "//user:pw@evil.example.com/x"):
        with serving(sends(response(b"", 307, location=location))) as server:
            with pytest.raises(InvalidRequestError) as raised:
                generate(server.url, kind)
            assert server.posts == 1 and "pw" not in str(raised.value)


BASE_URLS = {
    "https://api.apiyi.com": "https://api.apiyi.com",
    "https://api.apiyi.com/": "https://api.apiyi.com",
    " https://api.apiyi.com/v1/ ": "https://api.apiyi.com",
    "https://api.apiyi.com/v1/chat/completions": "https://api.apiyi.com",
    "https://api.apiyi.com/v1beta": "https://api.apiyi.com",
    "https://api.apiyi.com/v1beta/models/gemini-3-pro-image:generateContent": "https://api.apiyi.com",
    "api.apiyi.com": "https://api.apiyi.com",
    "https://openrouter.ai/api/v1": "https://openrouter.ai/api",
    "http://127.0.0.1:8000/v1": "http://127.0.0.1:8000",
    "http://localhost:3000/": "http://localhost:3000",
    "http://api.apiyi.com": None,
    "http://192.168.1.9:8000": None,
    "javascript:alert(1)": None,
    "file:///etc/passwd": None,
    "https://": None,
    "": None,
    "https://a b.com": None,
    "https://user:pw@api.apiyi.com": None,
    "https://api.apiyi.com?key=1": None,
}


@pytest.mark.parametrize("given", BASE_URLS)
def test_base_urls_are_normalised_or_refused_by_name(given: str) -> None:
    """FAULTS 32: what people paste becomes one spelling, or one sentence that names base_url."""
    expected = BASE_URLS[given]
    if expected is None:
        with pytest.raises(InvalidRequestError, match="base_url") as raised:
            Endpoint(given, KEY, wire="openai")
        assert not leaks(str(raised.value)) and "pw@" not in str(raised.value)
    else:
        assert Endpoint(given, KEY, wire="openai").base_url == expected


PROXY = """
import sys
import nb_banana as nb
try:
    nb.Client(nb.Endpoint("https://api.example.com", "{key}"), deadline=8, retries=0).generate("x")
except nb.NanoBananaError as error:
    print(type(error).__name__, error.category, str(error))
"""


@pytest.mark.parametrize(
    ("variables", "expected"),
    [
        ({"ALL_PROXY": "socks://127.0.0.1:7891"}, "ALL_PROXY"),
        ({"HTTPS_PROXY": "socks://u:hunter2secret@127.0.0.1:7891"}, "HTTPS_PROXY"),
        ({"https_proxy": "gopher://127.0.0.1:1"}, "https_proxy"),
        ({"HTTPS_PROXY": "http://"}, "HTTPS_PROXY"),
        ({"HTTPS_PROXY": "http://u:hunter2secret@127.0.0.1:9"}, "network"),
    ],
)
def test_a_bad_proxy_variable_is_named_and_never_breaks_import(variables: dict[str, str], expected: str) -> None:
    """FAULTS 33: Clash's socks:// and worse give one sentence that names the variable, without its password."""
    env = {k: v for k, v in os.environ.items() if "proxy" not in k.lower()} | variables | {"PYTHONPATH": str(ROOT)}
    ran = subprocess.run([sys.executable, "-c", PROXY.format(key=KEY)], capture_output=True, text=True, env=env, timeout=60, check=False)
    assert ran.returncode == 0, ran.stderr
    assert ran.stdout.startswith("APIConnectionError network") and expected in ran.stdout
    assert "hunter2secret" not in ran.stdout + ran.stderr and not leaks(ran.stdout + ran.stderr)


@BOTH
def test_an_http_proxy_sees_a_tunnel_and_no_key(kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """FAULTS 33: a proxy is asked for a CONNECT; neither key nor prompt passes through it in the clear."""
    with serving(sends(b"HTTP/1.1 403 Forbidden\r\ncontent-length: 0\r\n\r\n")) as proxy:
        monkeypatch.setenv("HTTPS_PROXY", f"http://user:hunter2secret@127.0.0.1:{proxy.port}")
        monkeypatch.setenv("NO_PROXY", "")
        with pytest.raises(APIConnectionError) as raised:
            generate("https://api.example.com", kind)
        assert proxy.requests[0].head.startswith(b"CONNECT api.example.com:443")
        assert not leaks(b"".join(seen.everything for seen in proxy.requests))
        assert "hunter2secret" not in str(raised.value) and not raised.value.may_be_billed


@BOTH
def test_this_machine_is_never_reached_through_a_proxy(kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """FAULTS 33: with every proxy variable set, a local server still gets its request directly."""
    for variable in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "all_proxy"):
        monkeypatch.setenv(variable, "http://127.0.0.1:9")
    with serving(sends(response(answer()))) as server:
        assert generate(server.url, kind).image.data == PICTURE


def link_answer(url: str) -> bytes:
    parts = [{"text": f"![image]({url})"}]
    return json.dumps({"candidates": [{"content": {"parts": parts}, "finishReason": "STOP"}]}).encode()


PRIVATE = (
    "http://127.0.0.1:{port}/a.png",
    "http://localhost:{port}/a.png",
    "http://[::1]:{port}/a.png",
    "http://[::ffff:127.0.0.1]:{port}/a.png",
    "http://2130706433:{port}/a.png",
    "http://0x7f.1:{port}/a.png",
    "http://0177.0.0.1:{port}/a.png",
    "http://0.0.0.0:{port}/a.png",
    "https://10.0.0.1/a.png",
    "https://192.168.0.1/a.png",
    "https://172.16.0.1/a.png",
    "http://169.254.169.254/latest/meta-data/a.png",
    "https://100.64.0.1/a.png",
    "https://[fe80::1]/a.png",
    "https://[fd00::1]/a.png",
)


@BOTH
@pytest.mark.parametrize("url", PRIVATE)
def test_a_link_in_an_answer_never_reaches_a_private_address(url: str, kind: str) -> None:
    """FAULTS 34: private, loopback and link-local addresses, however written, are refused without a connection."""
    with serving(sends(response(PICTURE, content_type="image/png"))) as private:
        with serving(sends(response(link_answer(url.format(port=private.port))))) as server:
            with pytest.raises(APIConnectionError) as raised:
                generate(server.url, kind)
            assert raised.value.may_be_billed and not raised.value.retryable
        assert private.accepted == 0 and server.posts == 1


def test_a_file_in_an_answer_is_not_read(tmp_path: Path) -> None:
    """FAULTS 34: file:, ftp: and data: links of an answer are no pictures to fetch."""
    (tmp_path / "a.png").write_bytes(PICTURE)
    for url in (f"file://{tmp_path}/a.png", "ftp://example.com/a.png", "gopher://127.0.0.1/a.png"):
        with serving(sends(response(link_answer(url)))) as server:
            with pytest.raises(NanoBananaError) as raised:
                generate(server.url)
            assert raised.value.category in ("no_image", "network") and server.posts == 1


def test_a_public_name_that_resolves_here_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """FAULTS 34: the address is checked after the name was resolved, and no socket is opened to it."""
    with serving(sends(response(PICTURE, content_type="image/png"))) as private:
        real = socket.getaddrinfo

        def resolve(host: Any, port: Any, *args: Any, **more: Any) -> Any:
            return real("127.0.0.1" if host == "cdn.example.com" else host, private.port if host == "cdn.example.com" else port, *args, **more)

        monkeypatch.setattr(socket, "getaddrinfo", resolve)
        with serving(sends(response(link_answer("http://cdn.example.com/a.png")))) as server, pytest.raises(APIConnectionError):
            generate(server.url)
        assert private.accepted == 0


def test_a_redirect_of_a_picture_link_is_checked_again() -> None:
    """FAULTS 34: a public link that redirects to this machine is refused, and no host of pictures sees the key."""
    asked: list[httpx.Request] = []

    def cdn(request: httpx.Request) -> httpx.Response:
        asked.append(request)
        return httpx.Response(302, headers={"location": f"http://127.0.0.1:{private.port}/a.png"})

    with serving(sends(response(PICTURE, content_type="image/png"))) as private:
        with serving(sends(response(link_answer("https://cdn.example.com/a.png")))) as server:
            client = Client(Endpoint(server.url, KEY), download_transport=httpx.MockTransport(cdn))
            with pytest.raises(APIConnectionError):
                client.generate("x")
    assert private.accepted == 0 and len(asked) == 1
    assert not leaks(str(asked[0].headers)) and "authorization" not in asked[0].headers


ODD = {
    "escape": "\x1b]0;x\x07 red sofa",
    "nul": "red\x00 sofa",
    "surrogate": "red \ud800 sofa",
    "right to left": "red \u202e sofa",
    "html": "<img src=x onerror=window.__x=1> sofa",
    "markdown": "![x](https://127.0.0.1/a.png) sofa",
}


@BOTH
@pytest.mark.parametrize("name", ODD)
def test_an_odd_prompt_is_sent_as_valid_utf8_and_shown_without_control_characters(kind: str, name: str) -> None:
    """FAULTS 23: control characters, NUL, lone surrogates and markup crash nothing and reach no terminal raw."""
    with serving(sends(response(answer(words=ODD[name].encode("utf-8", "replace").decode())))) as server:
        result = generate(server.url, kind, prompt=ODD[name])
        server.requests[0].body.decode("utf-8")
        assert "sofa" in server.requests[0].prompt
        assert all(character.isprintable() or character == "\n" for character in repr(result))


@BOTH
def test_a_megabyte_of_prompt_is_quick(kind: str) -> None:
    """FAULTS 24: the largest prompt goes out in 2 s and shows shortened; one character more is refused unsent."""
    with serving(sends(response(answer()))) as server:
        started = time.monotonic()
        result = generate(server.url, kind, prompt="x" * 1_048_576)
        assert time.monotonic() - started < 2
        assert len(server.requests[0].prompt) == 1_048_576 and len(repr(result)) < 500
        with pytest.raises(InvalidRequestError):
            generate(server.url, kind, prompt="x" * 1_048_577)
        assert server.posts == 1
