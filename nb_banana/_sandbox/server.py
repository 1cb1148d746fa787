"""The sandbox over loopback, for clients that want a real address (the official SDKs, curl, a browser).

Rules of this file: it listens on 127.0.0.1 and nowhere else; it wraps `respond` and decides nothing
itself; the log holds method, path and status, never a query string, a header or a body.
"""

from __future__ import annotations

import re
import socket
import struct
import sys
import threading
from collections.abc import Callable
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import NamedTuple

import httpx

from .._strings import say
from .faults import Fault, Script
from .service import refuse, respond

HOST = "127.0.0.1"
_SAY = partial(print, flush=True)
MOST_BYTES = 160 * 1024 * 1024
HOP_HEADERS = {
    "connection", "content-length", "expect", "host", "keep-alive", "te", "trailer", "transfer-encoding",
    "upgrade",
}  # fmt: skip


class Logged(NamedTuple):
    """One request the server answered; status 0 is a connection it broke or left silent."""

    method: str
    path: str
    status: int


Listener = Callable[[Logged], object] | None


class Server(ThreadingHTTPServer):
    """A running sandbox server; use it as a context manager, or call `close`.

    Port 0 takes a free one. `fault` and `delay` are what a request meets; `on_request` hears of each.

    Raises:
        OSError: the port is taken.
    """

    daemon_threads = True
    block_on_close = False
    request_queue_size = 128

    def __init__(
        self, port: int = 0, fault: Fault = None, delay: float = 0.0, on_request: Listener = None
    ) -> None:
        self.requests: list[Logged] = []
        self.delay = delay
        self.script = Script(fault)
        self.closing = threading.Event()
        self._on_request = on_request
        super().__init__((HOST, port), _Handler)
        self._thread = threading.Thread(
            target=self.serve_forever, args=(0.05,), name="nb_banana-sandbox", daemon=True
        )
        self._thread.start()

    @property
    def port(self) -> int:
        """The port it listens on."""
        return int(self.server_address[1])

    @property
    def url(self) -> str:
        """The address to use as base URL."""
        return f"http://{HOST}:{self.port}"

    def log(self, entry: Logged) -> None:
        """Remembers a request, and tells whoever asked to be told."""
        self.requests.append(entry)
        if self._on_request:
            self._on_request(entry)

    def close(self) -> None:
        """Stops listening; running delays end at once."""
        self.closing.set()
        self.shutdown()
        self.server_close()
        self._thread.join(timeout=5)

    def wait(self) -> None:
        """Blocks until the server is closed or interrupted."""
        while not self.closing.wait(0.5):
            pass

    def __exit__(self, *_: object) -> None:
        self.close()

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that hangs up is no news; anything else is printed as usual."""
        if not isinstance(sys.exception(), ConnectionError | TimeoutError):
            super().handle_error(request, client_address)  # type: ignore[arg-type]


serve = Server


class _BadBodyError(Exception):
    """The request's body cannot be read as HTTP says it should."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Server
    timeout = 60  # an idle keep-alive connection is dropped after this

    def do_GET(self) -> None:
        """Lists models, or says what is here."""
        self._answer()

    def do_POST(self) -> None:
        """An edit."""
        self._answer()

    do_PUT = do_DELETE = do_PATCH = do_HEAD = do_GET

    def _answer(self) -> None:
        sandbox = self.server
        try:
            body, address = self._body(), httpx.URL(sandbox.url).join(self.path)
        except (_BadBodyError, httpx.InvalidURL) as error:
            self.close_connection = True
            self._send(refuse(self.path.partition("?")[0], say("sandbox.unreadable", reason=error)))
            return
        headers = [
            (name.encode("latin-1"), value.encode("latin-1"))
            for name, value in self.headers.items()
            if name.lower() not in HOP_HEADERS
        ]
        request = httpx.Request(self.command, address, headers=headers, content=body)
        fault = sandbox.script.next() if self.command == "POST" else None
        if sandbox.delay and sandbox.closing.wait(sandbox.delay):
            self.close_connection = True
            return
        try:
            self._send(respond(request, fault))
        except httpx.TimeoutException:
            self._note(0)
            sandbox.closing.wait(600)  # silence, until somebody loses patience
            self.close_connection = True
        except httpx.TransportError:
            self._note(0)
            self._reset()

    def _body(self) -> bytes:
        if "chunked" in self.headers.get("Transfer-Encoding", "").lower():
            return self._chunked()
        text = self.headers.get("Content-Length", "0")
        if not re.fullmatch("[0-9]{1,12}", text) or int(text) > MOST_BYTES:
            raise _BadBodyError(say("sandbox.bad_length", length=text[:20]))
        body = self.rfile.read(int(text))
        if len(body) < int(text):
            raise ConnectionResetError
        return body

    def _chunked(self) -> bytes:
        pieces: list[bytes] = []
        total = 0
        while True:
            line = self.rfile.readline(1024).split(b";")[0].strip()
            try:
                size = int(line if re.fullmatch(b"[0-9a-fA-F]{1,12}", line) else b"", 16)
            except ValueError:
                raise _BadBodyError(say("sandbox.bad_length", length=line.decode("latin-1")[:20])) from None
            total += size
            if total > MOST_BYTES:
                raise _BadBodyError(say("sandbox.bad_length", length=total))
            if size == 0:
                while self.rfile.readline(65536) not in (b"\r\n", b"\n", b""):
                    pass
                return b"".join(pieces)
            pieces.append(self.rfile.read(size))
            self.rfile.readline(8)

    def _send(self, response: httpx.Response) -> None:
        body = response.content
        self._note(response.status_code)
        self.send_response(response.status_code)
        for name, value in response.headers.items():
            if name.lower() not in HOP_HEADERS:
                self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        if self.close_connection:
            self.send_header("Connection", "close")
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def _note(self, status: int) -> None:
        self.server.log(Logged(self.command, self.path.partition("?")[0], status))

    def _reset(self) -> None:
        """Ends the connection the hard way, as a crashed server does."""
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.close_connection = True

    def version_string(self) -> str:
        """What the Server header says."""
        return "nb_banana-sandbox"

    def log_message(self, format: str, *args: object) -> None:
        """The server's own log stays empty; `Server.requests` is the log."""


def run_forever(
    port: int = 0, delay: float = 0.0, fault: Fault = None, tell: Callable[[str], object] = _SAY
) -> None:
    """Serves until interrupted, saying where, what to set, and one line for each request."""
    with serve(
        port, fault, delay, lambda entry: tell(f"{entry.method} {entry.path} {entry.status or '---'}")
    ) as server:
        try:  # who has read the address may stop it at once
            tell(say("sandbox.listening", url=server.url))
            server.wait()
        except KeyboardInterrupt:
            tell(say("sandbox.stopped", count=len(server.requests)))
