"""The pool and its sockets, against real servers that answer early, close, reset, stall and speak TLS."""

from __future__ import annotations

import asyncio
import datetime
import gc
import ipaddress
import os
import ssl
import warnings
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from nb_banana._client import sockets
from nb_banana._client.pool import Pool
from nb_banana._fetch.trust import trust

BIG = bytes(range(256)) * 40_000  # 10 MB: more than any buffer between two sockets
Serve = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


@asynccontextmanager
async def served(serve: Serve, tls: ssl.SSLContext | None = None) -> AsyncIterator[int]:
    """A server on a port of its own."""
    server = await asyncio.start_server(serve, "127.0.0.1", 0, ssl=tls)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()


async def request_head(reader: asyncio.StreamReader) -> int:
    """Read a request's head; gives the length of its body."""
    head = await reader.readuntil(b"\r\n\r\n")
    lines = head.lower().split(b"\r\n")
    return next((int(line[15:]) for line in lines if line.startswith(b"content-length:")), 0)


async def echo(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Answers each request with its own body, until the client goes."""
    try:
        while True:
            body = await reader.readexactly(await request_head(reader))
            writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(body) + body)
            await writer.drain()
    except (asyncio.IncompleteReadError, ConnectionError):
        writer.close()


def to(port: int, scheme: str = "http") -> httpx.AsyncClient:
    """A client whose connections are those under test."""
    url = f"{scheme}://127.0.0.1:{port}"
    pool = Pool(url, trust(os.environ).context if scheme == "https" else None)
    return httpx.AsyncClient(base_url=url, transport=pool, timeout=None, trust_env=False)


async def pieces() -> AsyncIterator[bytes]:
    for at in range(0, len(BIG), 262_144):
        yield BIG[at : at + 262_144]


LENGTH = {"Content-Length": str(len(BIG))}


@pytest.fixture
def certificate(tmp_path: Path) -> Path:
    """A certificate and key for 127.0.0.1, signed by itself."""
    key, now = ec.generate_private_key(ec.SECP256R1()), datetime.datetime.now(datetime.UTC)
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "127.0.0.1")])
    made = (
        x509.CertificateBuilder(issuer_name=name, subject_name=name, public_key=key.public_key())
        .serial_number(1)
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), False)
        .sign(key, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    secret = key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    path = tmp_path / "certificate.pem"
    path.write_bytes(secret + made.public_bytes(pem))
    return path


def test_large_bodies_go_both_ways_and_the_connection_is_kept():
    """Ten megabytes arrive unchanged in both directions, twice over one connection."""

    async def run() -> list[bytes]:
        async with served(counted) as port, to(port) as http:
            return [(await http.post("/", content=pieces(), headers=LENGTH)).content for _ in range(2)]

    connections = []

    async def counted(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        connections.append(writer)
        await echo(reader, writer)

    assert asyncio.run(run()) == [BIG, BIG]
    assert len(connections) == 1


def test_tls_carries_the_same_bytes(certificate, monkeypatch):
    """Over TLS too, with the certificate checked against those a person trusts."""
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))

    async def run() -> bytes:
        theirs = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        theirs.load_cert_chain(certificate)
        async with served(echo, theirs) as port, to(port, "https") as http:
            return (await http.post("/", content=pieces(), headers=LENGTH)).content

    assert asyncio.run(run()) == BIG


def test_an_unknown_certificate_is_a_failed_connection(certificate):
    """A certificate nobody vouches for ends before anything was sent, and says so."""

    async def run() -> None:
        theirs = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        theirs.load_cert_chain(certificate)
        async with served(echo, theirs) as port, to(port, "https") as http:
            await http.get("/")

    with pytest.raises(httpx.ConnectError, match="CERTIFICATE_VERIFY_FAILED"):
        asyncio.run(run())


def test_nobody_listening_is_a_failed_connection():
    """A closed port is known before anything was sent."""

    async def run() -> None:
        async with served(echo) as port:
            pass
        async with to(port) as http:
            await http.get("/")

    with pytest.raises(httpx.ConnectError, match=r"refused|Connect call failed"):
        asyncio.run(run())


def test_a_silent_handshake_ends_with_the_time_to_connect():
    """A server that accepts and never speaks TLS is given up after the time to connect."""

    async def silent(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read()
        writer.close()

    async def run() -> None:
        async with served(silent) as port, to(port, "https") as http:
            await http.get("/", timeout=httpx.Timeout(None, connect=0.2))

    with pytest.raises(httpx.ConnectTimeout):
        asyncio.run(asyncio.wait_for(run(), 10))


def test_an_answer_in_the_middle_of_the_upload_is_read():
    """A server that refuses after the head and closes in good order is heard, not called a broken pipe."""

    async def refuse(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await request_head(reader)
        writer.write(b"HTTP/1.1 413 Too Large\r\nContent-Length: 3\r\nConnection: close\r\n\r\nbig")
        writer.write_eof()
        await reader.read()
        writer.close()

    async def run() -> tuple[int, bytes]:
        async with served(refuse) as port, to(port) as http:
            answer = await http.post("/", content=pieces(), headers=LENGTH)
            return answer.status_code, answer.content

    assert asyncio.run(run()) == (413, b"big")


@pytest.mark.parametrize("hint", [b"", b"HTTP/1.1 103 Early Hints\r\n\r\n"])
@pytest.mark.parametrize("pause", [0, 0.1])
def test_an_answer_to_a_server_that_stops_reading_is_not_waited_for(hint, pause):
    """A refusal in the middle of the upload is read at once, though the server neither reads on nor hangs up."""
    over = asyncio.Event()

    async def refuse(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await request_head(reader)
        writer.transport.pause_reading()
        refusal = b"HTTP/1.1 401 No\r\nContent-Length: 3\r\n\r\nkey"
        for part in (hint, refusal) if pause else (hint + refusal,):
            writer.write(part)
            await asyncio.sleep(pause)
        await over.wait()
        writer.close()

    async def run() -> tuple[int, bytes]:
        async with served(refuse) as port, to(port) as http, asyncio.timeout(10):
            answer = await http.post("/", content=pieces(), headers=LENGTH)
            over.set()
            return answer.status_code, answer.content

    assert asyncio.run(run()) == (401, b"key")


def test_an_answer_that_begins_before_all_was_read_ends_no_upload():
    """A server that says 200 at once and reads on is sent the whole of it, by turns."""

    async def early(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        length = await request_head(reader)
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % (length + 1) + b" ")
        await writer.drain()
        await asyncio.sleep(0.3)
        writer.write(await reader.readexactly(length))
        await writer.drain()
        writer.close()

    async def run() -> bytes:
        async with served(early) as port, to(port) as http, asyncio.timeout(20):
            return (await http.post("/", content=pieces(), headers=LENGTH)).content

    assert asyncio.run(run()) == b" " + BIG


def test_an_idle_connection_that_was_closed_is_not_used_again():
    """The other end hung up between two requests: the second goes over a new connection, never into the void."""
    connections = []

    async def once(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        connections.append(await request_head(reader))
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")
        writer.close()

    async def run() -> list[bytes]:
        async with served(once) as port, to(port) as http:
            got = []
            for _ in range(3):
                got.append((await http.get("/")).content)
                await asyncio.sleep(0.05)
            return got

    assert asyncio.run(run()) == [b"ok"] * 3
    assert len(connections) == 3


def test_a_reset_in_the_answer_is_a_read_error():
    """An answer cut off by a reset never passes as a short one."""

    async def reset(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await request_head(reader)
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n" + b"x" * 1000)
        await writer.drain()
        await asyncio.sleep(0.05)
        writer.transport.abort()

    async def run() -> None:
        async with served(reset) as port, to(port) as http:
            await http.post("/", content=b"unread")

    with pytest.raises((httpx.ReadError, httpx.RemoteProtocolError)):
        asyncio.run(run())


def test_what_nobody_reads_does_not_pile_up():
    """A reader that stops holds at most the window and a few pieces, however much the server sends."""
    sent = []

    async def pour(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await request_head(reader)
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 1000000000\r\n\r\n")
        try:
            while True:
                writer.write(BIG)
                await writer.drain()
                sent.append(len(BIG))
        except ConnectionError:
            writer.close()

    async def run() -> int:
        async with served(pour) as port, to(port) as http:
            async with http.stream("GET", "/") as answer:
                await anext(answer.aiter_raw())
                await asyncio.sleep(0.5)
                (connection,) = http._transport._busy
                return sum(map(len, connection._stream._wire.waiting))

    assert sockets.WINDOW <= asyncio.run(run()) <= sockets.WINDOW + sockets.PIECE
    assert sum(sent) < 100_000_000


def test_cancelling_closes_the_socket():
    """A cancelled request ends at once, the server sees the end, and no socket is left to the garbage."""
    gone = []

    async def stall(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await request_head(reader)
        gone.append(await reader.read())
        writer.close()

    async def run() -> None:
        async with served(stall) as port, to(port) as http:
            task = asyncio.create_task(http.get("/"))
            await asyncio.sleep(0.1)
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await asyncio.wait_for(task, 1)
            for _ in range(50):
                if gone:
                    break
                await asyncio.sleep(0.02)

    gc.collect()  # what other tests left behind is not this one's
    with warnings.catch_warnings():
        warnings.simplefilter("error", ResourceWarning)
        asyncio.run(run())
        gc.collect()
    assert gone == [b""]


@pytest.mark.parametrize(("head", "body", "kept"), [
    (b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n", b"whole", True),
    (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", b"2\r\nwh\r\n3\r\nole\r\n0\r\n\r\n", True),
    (b"HTTP/1.0 200 OK\r\n\r\n", b"whole", False),
    (b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nConnection: close\r\n\r\n", b"whole", False),
])  # fmt: skip
def test_every_way_to_end_an_answer_is_read_and_only_a_kept_connection_is_used_again(head, body, kept):
    """A length, chunks, or the end of the connection: the same bytes; what the server ends is not asked again."""
    connections = []

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        connections.append(writer)
        try:
            while True:
                await request_head(reader)
                for byte in head:
                    writer.write(bytes([byte]))
                await writer.drain()
                writer.write(body)
                if not kept:
                    break
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        writer.close()

    async def run() -> list[bytes]:
        async with served(serve) as port, to(port) as http:
            return [(await http.get("/")).content for _ in range(3)]

    assert asyncio.run(run()) == [b"whole"] * 3
    assert len(connections) == (1 if kept else 3)


def test_a_connection_that_lay_too_long_is_not_used_again(monkeypatch):
    """What a server may have forgotten silently by now is replaced by a new connection."""
    connections = []

    async def counted(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        connections.append(writer)
        await echo(reader, writer)

    async def run() -> None:
        async with served(counted) as port, to(port) as http:
            for _ in range(2):
                assert (await http.post("/", content=b"unchanged")).content == b"unchanged"
            monkeypatch.setattr("nb_banana._client.pool.EXPIRES", 0.0)
            await http.post("/", content=b"unchanged")

    asyncio.run(run())
    assert len(connections) == 2


def test_what_is_no_http_is_said_to_be_none():
    """An answer in another protocol is an error of the other end, and its connection is closed."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await request_head(reader)
        writer.write(b"SSH-2.0-OpenSSH_9.7\r\n\r\n")
        await reader.read()
        writer.close()

    async def run() -> None:
        async with served(serve) as port, to(port) as http:
            await http.get("/")

    with pytest.raises(httpx.RemoteProtocolError):
        asyncio.run(asyncio.wait_for(run(), 10))
