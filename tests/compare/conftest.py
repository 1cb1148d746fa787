"""Sessions for comparisons: the sandbox behind a real address, so that its own log counts the requests."""

from __future__ import annotations

import re
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import httpx
import pytest
from PIL import Image

import nb_banana as nb
from nb_banana._sandbox.server import Server, serve
from nb_banana._sandbox.service import respond


@pytest.fixture
def server() -> Iterator[Server]:
    """A loopback sandbox; `server.requests` is its log."""
    with serve() as running:
        yield running


class CountingServer(ThreadingHTTPServer):
    """A provider that counts what it is asked to draw the moment it is asked, as one that bills would."""

    daemon_threads, block_on_close = True, False

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), CountingHandler)
        self.posts, self.lock = Counter[str](), threading.Lock()
        self.bodies: list[bytes] = []
        self.url = f"http://127.0.0.1:{self.server_address[1]}"
        self.at_once, self.gate = 1000, threading.Event()  # later answers wait for the gate

    def handle_error(self, *_):
        """A worker that was killed hangs up: no news."""


class CountingHandler(BaseHTTPRequestHandler):
    server: CountingServer
    protocol_version, timeout = "HTTP/1.1", 60

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        prompt = re.search(rb"a boat, \w+", body)
        with self.server.lock:
            self.server.posts[prompt[0].decode() if prompt else ""] += 1
            self.server.bodies.append(body)
            waits = self.server.posts.total() > self.server.at_once
        if waits:
            self.server.gate.wait(60)
        headers = {"Content-Type": self.headers["Content-Type"]}
        answer = respond(httpx.Request("POST", self.server.url + self.path, headers=headers, content=body))
        self.send_response(answer.status_code)
        self.send_header("Content-Type", answer.headers["Content-Type"])
        self.send_header("Content-Length", str(len(answer.content)))
        self.end_headers()
        self.wfile.write(answer.content)

    def log_message(self, *_):
        """`posts` is the log."""


@pytest.fixture
def provider() -> Iterator[CountingServer]:
    """A loopback provider, not known as a sandbox: `posts` counts the requests of each prompt "a boat, <word>"."""
    with CountingServer() as running:
        thread = threading.Thread(target=running.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        yield running
        running.gate.set()
        running.shutdown()
        thread.join(timeout=5)


@pytest.fixture
def session(server: Server, clean_place: Path) -> Iterator[nb.Session]:
    """A session whose edits go to the loopback sandbox, its history in the test's folder."""
    with nb.Session(nb.Endpoint(server.url), tell=lambda _: None) as made:
        yield made


@pytest.fixture
def photos(clean_place: Path, draw_photo: Callable[..., Image.Image]) -> list[Path]:
    """Three small pictures that differ."""
    paths = [clean_place / f"{name}.png" for name in ("rose", "ash", "oak")]
    for path, colour in zip(paths, ("mistyrose", "gainsboro", "khaki")):
        draw_photo((96, 72), colour).save(path)
    return paths
