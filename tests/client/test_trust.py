"""Certificates: what is trusted, what can't be used is named, and a failed greeting costs nothing."""

from __future__ import annotations

import asyncio
import json
import logging
import os
import socket
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from test_cli import banana

import nb_banana as nb

from .authority import NAME, Authority
from .misbehaving import KEY, PICTURE, Server, answer, leaks, response, sends, serving

VARIABLES = ("SSL_CERT_FILE", "SSL_CERT_DIR", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "SSLKEYLOGFILE")
PAINTS = sends(response(answer()))
BOTH = pytest.mark.parametrize("kind", ["sync", "async"])


@pytest.fixture(autouse=True)
def _unset(monkeypatch: pytest.MonkeyPatch) -> None:
    """No variable of this machine says what is trusted."""
    for name in VARIABLES:
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def authority(tmp_path: Path) -> Authority:
    return Authority(tmp_path / "authority")


@pytest.fixture
def secure(authority: Authority) -> Iterator[Server]:
    """A server whose certificate our own authority signed."""
    with serving(PAINTS, authority.serves()) as server:
        yield server


def generate(client: nb.Client | nb.AsyncClient) -> nb.EditResult:
    done = client.generate("a boat")
    return done if isinstance(done, nb.EditResult) else asyncio.run(done)


def client_at(url: str, kind: str, **options: Any) -> nb.Client | nb.AsyncClient:
    return (nb.Client if kind == "sync" else nb.AsyncClient)(nb.Endpoint(url, KEY), **options)


def refused(call: Callable[[], object]) -> nb.errors.APIConnectionError:
    """The error of a greeting that failed: nothing was sent, nothing can be billed, no second try would help."""
    with pytest.raises(nb.errors.APIConnectionError) as raised:
        call()
    error = raised.value
    assert not (error.retryable or error.may_be_billed) and error.attempts <= 1 and not leaks(str(error))
    return error


@BOTH
def test_an_unknown_authority_is_named_with_the_way_out(secure: Server, kind: str) -> None:
    """Who signed is told, and which variables take the authority; it is tried once and nothing is sent."""
    words = str(refused(lambda: generate(client_at(secure.url, kind))))
    assert NAME in words and "certificate authority" in words and not secure.requests
    assert "SSL_CERT_FILE" in words and "REQUESTS_CA_BUNDLE" in words
    assert secure.accepted <= 2  # the try, and the look at who signed


@BOTH
@pytest.mark.parametrize("variable", ["SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"])
def test_a_variable_that_names_the_authority_helps_at_once(
    secure: Server, authority: Authority, monkeypatch: pytest.MonkeyPatch, kind: str, variable: str
) -> None:
    """The same client, refused before, works as soon as the variable is set, in the same process."""
    client = client_at(secure.url, kind)
    refused(lambda: generate(client))
    monkeypatch.setenv(variable, str(authority.pem))
    assert generate(client).image.data == PICTURE and secure.posts == 1


def test_a_server_of_ones_own_is_asked_for_its_model_by_the_same_rules(
    authority: Authority, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A company's authority that an edit trusts is trusted when the model is asked for too; an unknown one is named."""
    models = response(json.dumps({"data": [{"id": "qwen-image-edit"}]}).encode())
    with serving(sends(models), authority.serves()) as server:
        place = nb.Endpoint.local(server.url, key=KEY)
        with pytest.raises(nb.errors.InvalidRequestError, match="certificate"):
            nb.Session(place, tell=lambda _: None).default_model()
        assert not server.requests
    monkeypatch.setenv("SSL_CERT_FILE", str(authority.pem))
    with serving(sends(models), authority.serves()) as server:
        assert nb.Session(nb.Endpoint.local(server.url, key=KEY), tell=lambda _: None).default_model() == "qwen-image-edit"
        assert KEY.encode() in server.requests[0].head


@pytest.mark.parametrize("variable", ["SSL_CERT_DIR", "REQUESTS_CA_BUNDLE"])
def test_a_folder_of_hashed_names_is_trusted(
    secure: Server, authority: Authority, monkeypatch: pytest.MonkeyPatch, variable: str
) -> None:
    """Certificates in a folder count, the missing folder beside it in the list does no harm."""
    folders = [str(authority.hashed())]
    if variable == "SSL_CERT_DIR":
        folders.insert(0, str(authority.folder / "gone"))
    monkeypatch.setenv(variable, os.pathsep.join(folders))
    assert generate(client_at(secure.url, "sync")).image.data == PICTURE


def test_ssl_cert_file_alone_decides(secure: Server, authority: Authority, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What SSL_CERT_FILE leaves out is not trusted, though another variable names it; the message says what was used."""
    other = Authority(tmp_path / "other", "another root").pem
    monkeypatch.setenv("SSL_CERT_FILE", str(other))
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(authority.pem))
    assert f"SSL_CERT_FILE={other}" in str(refused(lambda: generate(client_at(secure.url, "sync"))))


@BOTH
@pytest.mark.parametrize(
    ("host", "days", "words"), [("127.0.0.1", -1, "clock"), ("elsewhere.example", 2, "another host")]
)
def test_an_expired_or_foreign_certificate_says_so(
    authority: Authority, monkeypatch: pytest.MonkeyPatch, kind: str, host: str, days: int, words: str
) -> None:
    """A wrong clock and a wrong host have hints of their own, and setting a variable is not advised."""
    monkeypatch.setenv("SSL_CERT_FILE", str(authority.pem))
    with serving(PAINTS, authority.serves(host, days=days)) as server:
        told = str(refused(lambda: generate(client_at(server.url, kind))))
        assert words in told and "set SSL_CERT_FILE" not in told and not server.requests


def broken(kind: str, folder: Path) -> Path:
    """Something at a path that is no list of certificates."""
    path = folder / f"{kind}.pem"
    if kind == "folder":
        path.mkdir()
    elif kind == "garbage":
        path.write_bytes(bytes(range(256)) * 40)
    elif kind == "cut":
        path.write_text("-----BEGIN CERTIFICATE-----\nMIIB\n")
    elif kind == "empty":
        path.touch()
    elif kind == "loop":
        path.symlink_to(path)
    return path


BROKEN = ("missing", "folder", "garbage", "cut", "empty", "loop")


@BOTH
@pytest.mark.parametrize("what", BROKEN)
def test_a_stale_variable_is_named_with_its_path(
    secure: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str, what: str
) -> None:
    """Whatever is wrong behind SSL_CERT_FILE, the error names both, and nobody is even greeted."""
    path = broken(what, tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(path))
    words = str(refused(lambda: generate(client_at(secure.url, kind))))
    assert "SSL_CERT_FILE" in words and str(path) in words and secure.accepted == 0


@pytest.mark.parametrize("what", ["missing", "folder", "garbage"])
def test_a_stale_folder_is_named_with_its_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, what: str) -> None:
    """SSL_CERT_DIR that leads nowhere, to an empty folder or to a file is named too, in Chinese as well."""
    path = broken(what, tmp_path)
    monkeypatch.setenv("SSL_CERT_DIR", str(path))
    monkeypatch.setenv("NB_BANANA_LANG", "zh")
    words = str(refused(lambda: generate(client_at("https://127.0.0.1:9", "sync"))))
    assert "环境变量 SSL_CERT_DIR" in words and str(path) in words


def test_a_record_of_a_failed_greeting_cost_nothing(
    secure: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither a stale variable nor a refused certificate leaves anything that may be billed."""
    with nb.Session(nb.Endpoint(secure.url, KEY), tell=lambda _: None) as session:
        refused(lambda: session.generate("a boat"))
        monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "gone.pem"))
        refused(lambda: session.generate("a boat"))
        assert {(one.status, one.billing) for one in session.history.records()} == {("failed", "free")}


@pytest.mark.parametrize("what", ["missing", "garbage"])
def test_a_variable_of_other_tools_that_cant_be_used_is_left_out(
    secure: Server, authority: Authority, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, what: str
) -> None:
    """A stale REQUESTS_CA_BUNDLE stops nothing: what else is trusted counts, and the variable is named once."""
    path, told = broken(what, tmp_path), list[str]()
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(path))
    monkeypatch.setenv("CURL_CA_BUNDLE", str(authority.pem))
    with nb.Session(nb.Endpoint(secure.url, KEY), tell=told.append) as session:
        for prompt in ("a boat", "a bridge"):
            assert session.generate(prompt).image.data == PICTURE
    assert [str(path) in one and "REQUESTS_CA_BUNDLE" in one for one in told].count(True) == 1


@pytest.mark.parametrize("what", ["folder", "loop", "nowhere/missing"])
def test_a_broken_key_log_stops_nothing_and_is_told_once(
    secure: Server, authority: Authority, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, what: str
) -> None:
    """A SSLKEYLOGFILE that can't be written is named once; edits go on."""
    path, told = broken(what, tmp_path), list[str]()
    monkeypatch.setenv("SSL_CERT_FILE", str(authority.pem))
    monkeypatch.setenv("SSLKEYLOGFILE", str(path))
    with nb.Session(nb.Endpoint(secure.url, KEY), tell=told.append) as session:
        for prompt in ("a boat", "a bridge"):
            assert session.generate(prompt).image.data == PICTURE
    assert ["SSLKEYLOGFILE" in one and str(path) in one for one in told].count(True) == 1


@BOTH
def test_a_client_of_its_own_logs_the_broken_key_log_once(
    secure: Server, authority: Authority, tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture, kind: str,
) -> None:  # fmt: skip
    """Without a session, which has a voice, the warning goes to the log."""
    monkeypatch.setenv("SSL_CERT_FILE", str(authority.pem))
    monkeypatch.setenv("SSLKEYLOGFILE", str(tmp_path))
    client = client_at(secure.url, kind)
    with caplog.at_level(logging.WARNING, "nb_banana"):
        for _ in range(2):
            generate(client)
    assert ["SSLKEYLOGFILE" in line for line in caplog.messages] == [True]


def test_a_key_log_that_can_be_written_is(
    secure: Server, authority: Authority, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who looks on with such a log still can."""
    log = tmp_path / "keys.log"
    monkeypatch.setenv("SSL_CERT_FILE", str(authority.pem))
    monkeypatch.setenv("SSLKEYLOGFILE", str(log))
    generate(client_at(secure.url, "sync"))
    assert "TRAFFIC_SECRET" in log.read_text()


def test_a_port_that_speaks_no_tls_is_tried_once(tmp_path: Path) -> None:
    """https to a plain server is a slip of the address: said so, and not tried again."""
    greeted = []

    def talk(listener: socket.socket) -> None:
        while True:
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            with connection:
                greeted.append(connection.recv(4096))
                connection.sendall(b"HTTP/1.1 400 Bad Request\r\ncontent-length: 0\r\n\r\n")

    with socket.create_server(("127.0.0.1", 0)) as listener:
        threading.Thread(target=talk, args=(listener,), daemon=True).start()
        url = f"https://127.0.0.1:{listener.getsockname()[1]}"
        assert "secure connection" in str(refused(lambda: generate(client_at(url, "sync"))))
        assert len(greeted) == 1


# --- downloads -----------------------------------------------------------------------------------


@BOTH
def test_a_picture_of_the_users_own_is_fetched_by_the_same_rules(
    authority: Authority, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    """A download names a stale variable, tells an unknown authority, and trusts what a variable names."""
    client = nb.Client(nb.Endpoint.sandbox()) if kind == "sync" else nb.AsyncClient(nb.Endpoint.sandbox())

    def edit() -> nb.EditResult:
        done = client.edit(f"{server.url}/cat.png", "make it blue")
        return done if isinstance(done, nb.EditResult) else asyncio.run(done)

    with serving(sends(response(PICTURE, content_type="image/png")), authority.serves()) as server:
        monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "gone.pem"))
        words = str(refused(edit))
        assert "SSL_CERT_FILE" in words and "gone.pem" in words and server.accepted == 0
        monkeypatch.delenv("SSL_CERT_FILE")
        assert "REQUESTS_CA_BUNDLE" in str(refused(edit)) and not server.requests
        monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(authority.pem))
        assert edit().request.images[0].data == PICTURE


class ToStore(httpx.AsyncBaseTransport):
    """The way to the store's host, as it leads on this machine: past somebody who signs anew."""

    def __init__(self, url: str) -> None:
        self.url = url

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Ask the server."""
        async with httpx.AsyncClient(trust_env=False) as client:
            return await client.get(self.url + request.url.raw_path.decode())


def test_a_paid_picture_behind_an_unknown_authority_is_asked_for_once_and_kept(authority: Authority) -> None:
    """The link is not asked for again in vain, the error shows it with the way out and says it may be billed."""
    link = "https://store.example.com/made/1.png"
    body = json.dumps({"candidates": [{"content": {"parts": [{"text": f"![]({link})"}]}, "finishReason": "STOP"}]}).encode()
    with serving(sends(response(body))) as server, serving(PAINTS, authority.serves()) as store:
        client = nb.Client(nb.Endpoint(server.url, KEY), download_transport=ToStore(store.url))
        with pytest.raises(nb.errors.APIConnectionError) as raised:
            client.edit(PICTURE, "add a boat")
    assert store.accepted == 1 and server.posts == 1
    assert raised.value.links == (link,) and raised.value.may_be_billed and "SSL_CERT_FILE" in str(raised.value)


# --- the terminal --------------------------------------------------------------------------------


def test_the_terminal_and_the_doctor_name_the_variable(secure: Server, photo: Path) -> None:
    """`nb-banana edit` fails in two lines that name it, and `doctor` marks it before anything is sent."""
    stale = {"SSL_CERT_FILE": "/opt/conda/ssl/cacert.pem", "NB_BANANA_BASE_URL": secure.url, "NB_BANANA_API_KEY": KEY}
    edit, doctor = banana("edit", "cat.png", "x", "-o", "o.png", **stale), banana("doctor", **stale)
    assert edit.returncode and "Traceback" not in edit.stderr
    assert "SSL_CERT_FILE" in edit.stderr and "/opt/conda/ssl/cacert.pem" in edit.stderr
    (line,) = [line for line in doctor.stdout.splitlines() if "certificates" in line]
    assert line.startswith("✗") and "/opt/conda/ssl/cacert.pem" in line
    refused_here = banana("edit", "cat.png", "x", "-o", "o.png", **{**stale, "SSL_CERT_FILE": ""})
    assert NAME in refused_here.stderr and "SSL_CERT_FILE" in refused_here.stderr


def test_the_doctor_says_what_is_trusted_and_what_is_left_out(authority: Authority) -> None:
    """A variable in use is named with its path, a key log that can't be written is marked."""
    done = banana("doctor", SSL_CERT_FILE=str(authority.pem), SSLKEYLOGFILE="/proc/nowhere/keys.log")
    first, second = [line for line in done.stdout.splitlines() if "certificates" in line]
    assert first.startswith("✓") and f"SSL_CERT_FILE={authority.pem}" in first
    assert second.startswith("✗") and "SSLKEYLOGFILE" in second


@pytest.mark.parametrize("variable", VARIABLES)
def test_a_pipe_is_not_waited_for(tmp_path: Path, variable: str) -> None:
    """A named pipe behind any of the variables is turned down, not opened, which would hang."""
    os.mkfifo(tmp_path / "pipe")
    done = banana("doctor", **{variable: str(tmp_path / "pipe")})
    assert any(line.startswith("✗") and variable in line for line in done.stdout.splitlines()), done.stdout
