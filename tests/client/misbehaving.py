"""A server on raw sockets that misbehaves on purpose and remembers everything it was sent."""

from __future__ import annotations

import base64
import json
import socket
import ssl
import struct
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from io import BytesIO

from PIL import Image

KEY = "sk-proof-Qx7Lm2Vb9Tz4Kd8Wp3Rn6Yc1"


def picture(colour: tuple[int, int, int] = (200, 90, 40), size: tuple[int, int] = (32, 24)) -> bytes:
    out = BytesIO()
    Image.new("RGB", size, colour).save(out, "PNG")
    return out.getvalue()


PICTURE = picture()


def answer(data: bytes = PICTURE, words: str = "") -> bytes:
    """A native answer with one picture."""
    parts = [{"text": words}] if words else []
    parts.append({"inlineData": {"mimeType": "image/png", "data": base64.b64encode(data).decode()}})
    return json.dumps({"candidates": [{"content": {"role": "model", "parts": parts}, "finishReason": "STOP"}]}).encode()


def response(body: bytes, status: int = 200, **headers: str) -> bytes:
    """A whole HTTP response."""
    given = {"content-type": "application/json", "content-length": str(len(body))}
    given |= {name.replace("_", "-"): value for name, value in headers.items()}
    lines = [f"HTTP/1.1 {status} X", *(f"{name}: {value}" for name, value in given.items())]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


@dataclass
class Seen:
    """One request as it arrived."""

    head: bytes
    body: bytes

    @property
    def everything(self) -> bytes:
        return self.head + b"\r\n\r\n" + self.body

    @property
    def prompt(self) -> str:
        return json.loads(self.body)["contents"][-1]["parts"][0]["text"]


Behaviour = Callable[[socket.socket, Seen, int], None]


@dataclass
class Server:
    """Answers each request as ``behaviour(connection, request, number)`` says."""

    behaviour: Behaviour
    requests: list[Seen] = field(default_factory=list)
    accepted: int = 0
    closed_at: list[float] = field(default_factory=list)
    port: int = 0
    stopping: threading.Event = field(default_factory=threading.Event)
    tls: ssl.SSLContext | None = None

    @property
    def url(self) -> str:
        return f"{'https' if self.tls else 'http'}://127.0.0.1:{self.port}"

    @property
    def posts(self) -> int:
        return sum(seen.head.startswith(b"POST") for seen in self.requests)

    def wait_for(self, ready: Callable[[], bool], seconds: float = 5.0) -> bool:
        """Whether something became true in time."""
        ends = time.monotonic() + seconds
        while not ready() and time.monotonic() < ends:
            time.sleep(0.01)
        return ready()

    def _serve(self, listener: socket.socket) -> None:
        while not self.stopping.is_set():
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            self.accepted += 1
            threading.Thread(target=self._talk, args=(connection,), daemon=True).start()

    def _talk(self, connection: socket.socket) -> None:
        with connection:
            connection.settimeout(30)
            held = b""
            try:
                if self.tls is not None:
                    connection = self.tls.wrap_socket(connection, server_side=True)
                while True:
                    while b"\r\n\r\n" not in held:
                        more = connection.recv(65536)
                        if not more:
                            return
                        held += more
                    head, _, held = held.partition(b"\r\n\r\n")
                    length = int(dict(line.lower().split(b": ", 1) for line in head.split(b"\r\n")[1:]).get(b"content-length", b"0"))
                    pieces = [held]
                    have = len(held)
                    while have < length:
                        pieces.append(connection.recv(1 << 20))
                        have += len(pieces[-1])
                    whole = b"".join(pieces)
                    seen, held = Seen(head, whole[:length]), whole[length:]
                    self.requests.append(seen)
                    self.behaviour(connection, seen, len(self.requests))
            except OSError:
                return
            finally:
                self.closed_at.append(time.monotonic())


@contextmanager
def serving(behaviour: Behaviour, tls: ssl.SSLContext | None = None) -> Iterator[Server]:
    """Run a server on a free port of this machine, spoken to through TLS where a context is given."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        server = Server(behaviour, port=listener.getsockname()[1], tls=tls)
        threading.Thread(target=server._serve, args=(listener,), daemon=True).start()
        yield server
        server.stopping.set()


def sends(*responses: bytes) -> Behaviour:
    """One response after another; the last one again and again."""

    def behave(connection: socket.socket, _seen: Seen, number: int) -> None:
        connection.sendall(responses[min(number, len(responses)) - 1])

    return behave


def reset(connection: socket.socket) -> None:
    """Close with RST instead of FIN."""
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    connection.close()


def silent(connection: socket.socket) -> None:
    """Say nothing until the other side hangs up."""
    while connection.recv(65536):
        pass


def traces(key: str = KEY) -> tuple[str, ...]:
    """What must be found nowhere: the key, its first nine and last six characters, its base64."""
    return key, key[:9], key[-6:], base64.b64encode(key.encode()).decode()[:16]


def leaks(text: str | bytes, key: str = KEY) -> list[str]:
    """The traces of the key in a text."""
    text = text.decode("latin-1") if isinstance(text, bytes) else text
    return [trace for trace in traces(key) if trace in text]


def fails(call: Callable[[], object]) -> Exception:
    """The error a call raises; its traceback starts here, where no key is in sight."""
    try:
        call()
    except Exception as error:  # noqa: BLE001
        return error
    raise AssertionError("it worked")
