"""The event loop's sockets, against real servers that answer early, close, reset, stall and speak TLS."""

from __future__ import annotations

import asyncio
import datetime
import gc
import ipaddress
import ssl
import warnings
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import httpcore
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from nb_banana._client import sockets

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


def pool(**options: object) -> httpcore.AsyncConnectionPool:
    return httpcore.AsyncConnectionPool(network_backend=sockets.LoopBackend(), **options)


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
        async with served(echo) as port, pool() as http:
            url = f"http://127.0.0.1:{port}/"
            got = [(await http.request("POST", url, content=pieces(), headers=LENGTH)).content for _ in range(2)]
            assert len(http.connections) == 1
            return got

    assert asyncio.run(run()) == [BIG, BIG]


def test_tls_carries_the_same_bytes(certificate):
    """Over TLS too, with the certificate checked."""

    async def run() -> bytes:
        theirs = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        theirs.load_cert_chain(certificate)
        ours = ssl.create_default_context(cafile=str(certificate))
        async with served(echo, theirs) as port, pool(ssl_context=ours) as http:
            url = f"https://127.0.0.1:{port}/"
            return (await http.request("POST", url, content=pieces(), headers=LENGTH)).content

    assert asyncio.run(run()) == BIG


def test_an_unknown_certificate_is_a_failed_connection(certificate):
    """A certificate nobody vouches for ends before anything was sent, and says so."""

    async def run() -> None:
        theirs = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        theirs.load_cert_chain(certificate)
        async with served(echo, theirs) as port, pool(ssl_context=ssl.create_default_context()) as http:
            await http.request("GET", f"https://127.0.0.1:{port}/")

    with pytest.raises(httpcore.ConnectError, match="CERTIFICATE_VERIFY_FAILED"):
        asyncio.run(run())


def test_nobody_listening_is_a_failed_connection():
    """A closed port is known before anything was sent."""

    async def run() -> None:
        async with served(echo) as port:
            pass
        async with pool() as http:
            await http.request("GET", f"http://127.0.0.1:{port}/")

    with pytest.raises(httpcore.ConnectError, match=r"refused|Connect call failed"):
        asyncio.run(run())


def test_a_silent_handshake_ends_with_the_time_to_connect():
    """A server that accepts and never speaks TLS is given up after the time to connect."""

    async def silent(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read()
        writer.close()

    async def run() -> None:
        async with served(silent) as port, pool() as http:
            await http.request("GET", f"https://127.0.0.1:{port}/", extensions={"timeout": {"connect": 0.2}})

    with pytest.raises(httpcore.ConnectTimeout):
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
        async with served(refuse) as port, pool() as http:
            answer = await http.request("POST", f"http://127.0.0.1:{port}/", content=pieces(), headers=LENGTH)
            return answer.status, answer.content

    assert asyncio.run(run()) == (413, b"big")


def test_an_idle_connection_that_was_closed_is_not_used_again():
    """The other end hung up between two requests: the second goes over a new connection, never into the void."""
    connections = []

    async def once(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        connections.append(await request_head(reader))
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")
        writer.close()

    async def run() -> list[bytes]:
        async with served(once) as port, pool() as http:
            url, got = f"http://127.0.0.1:{port}/", []
            for _ in range(3):
                got.append((await http.request("GET", url)).content)
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
        async with served(reset) as port, pool() as http:
            await http.request("POST", f"http://127.0.0.1:{port}/", content=b"unread")

    with pytest.raises((httpcore.ReadError, httpcore.RemoteProtocolError)):
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
        async with served(pour) as port, pool() as http:
            async with http.stream("GET", f"http://127.0.0.1:{port}/") as answer:
                reading = aiter(answer.stream)
                await anext(reading)
                await asyncio.sleep(0.5)
                wires = [each for each in gc.get_objects() if isinstance(each, sockets._Wire) and not each.ended]
                return sum(len(piece) for wire in wires for piece in wire.waiting)

    assert sockets.WINDOW <= asyncio.run(run()) <= sockets.WINDOW + 2 * 262_144
    assert sum(sent) < 100_000_000


def test_cancelling_closes_the_socket():
    """A cancelled request ends at once, the server sees the end, and no socket is left to the garbage."""
    gone = []

    async def stall(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await request_head(reader)
        gone.append(await reader.read())
        writer.close()

    async def run() -> None:
        async with served(stall) as port, pool() as http:
            task = asyncio.create_task(http.request("GET", f"http://127.0.0.1:{port}/"))
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
