"""Sockets of an event loop, straight on asyncio.

The usual way leads through anyio, which makes a cancel scope for every 64 KiB read and cuts what asyncio
read in larger pieces; with 64 edits at once that is a third of all the work. The rules:

* A read gives everything that has come, in the pieces asyncio read.
* Reading stops while ``WINDOW`` bytes wait, writing while the kernel takes no more: memory is bounded.
* Only connecting has a time of its own. Reads and writes end with the task: whoever uses these
  sockets puts a total on it.
"""

from __future__ import annotations

import asyncio
import selectors
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final

import httpx

if TYPE_CHECKING:
    import ssl

PIECE: Final = 128 * 1024
"""Bytes of one read: smaller ones cost time, larger ones memory, for each is copied several times."""
WINDOW: Final = 1024 * 1024
"""Bytes read ahead of the one who wants them."""
_HEAD_START: Final = 0.25
"""Seconds an address gets before the host's next one is tried beside it."""


class _Wire(asyncio.BufferedProtocol):
    """What came and was not yet asked for, and whether more may be sent."""

    def __init__(self) -> None:
        self.waiting: list[bytes] = []
        self.ended = self.closed = False
        self.reason: Exception | None = None
        self._size = 0
        self._piece = memoryview(bytearray(PIECE))
        self._transport: Any = None
        self._came: asyncio.Future[None] | None = None
        self._paused = False
        self._turn: asyncio.Future[None] | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport

    def get_buffer(self, sizehint: int) -> memoryview:
        return self._piece

    def buffer_updated(self, nbytes: int) -> None:
        self.waiting.append(bytes(self._piece[:nbytes]))
        self._size += nbytes
        if self._size >= WINDOW:
            self._transport.pause_reading()
        self._wake()

    def eof_received(self) -> None:
        self.ended = True
        self._wake()

    def connection_lost(self, exc: Exception | None) -> None:
        self.ended, self.closed, self.reason = True, True, exc
        self._wake()

    def _wake(self) -> None:
        _settle(self._came)
        _settle(self._turn)

    def pause_writing(self) -> None:
        self._paused = True

    def resume_writing(self) -> None:
        self._paused = False
        _settle(self._turn)

    async def take(self) -> bytes:
        """All that has come, waiting for the first of it; ``b""`` at the end."""
        if not (self.waiting or self.ended):
            self._came = asyncio.get_running_loop().create_future()
            await self._came
        taken, self.waiting = b"".join(self.waiting), []
        if self._size >= WINDOW and not self.ended:
            self._transport.resume_reading()
        self._size = 0
        return taken

    async def drained(self, heeding: bool) -> bool:
        """Return when more may be written; ``heeding``, False where something waits to be read."""
        while self._paused and not self.ended:
            if heeding and self.waiting:
                return False
            self._turn = asyncio.get_running_loop().create_future()
            await self._turn
        return True


def _settle(future: asyncio.Future[None] | None) -> None:
    if future is not None and not future.done():
        future.set_result(None)


class Stream:
    """A connection to read from and write to."""

    def __init__(self, transport: asyncio.Transport, wire: _Wire) -> None:
        self._transport, self._wire = transport, wire

    async def read(self) -> bytes:
        """All that has come, waiting for the first of it; ``b""`` at the end."""
        data = await self._wire.take()
        if not data and self._wire.reason is not None:
            raise httpx.ReadError(str(self._wire.reason))
        return data

    def write(self, buffer: bytes) -> None:
        """Send; :meth:`drained` says when more may follow."""
        if self._wire.ended:
            raise httpx.WriteError(str(self._wire.reason or ""))
        if buffer:
            self._transport.write(buffer)

    async def drained(self, *, heeding: bool) -> bool:
        """Wait while the kernel takes no more; ``heeding``, False where something came before that."""
        return await self._wire.drained(heeding)

    async def aclose(self) -> None:
        """Close at once."""
        if not self._wire.closed:
            self._transport.abort()
            await asyncio.sleep(0)  # the loop closes the socket in its next round

    async def secured(self, context: ssl.SSLContext, host: str, seconds: float | None) -> Stream:
        """The same connection, spoken through TLS."""
        loop = asyncio.get_running_loop()
        try:
            with _connecting():
                async with asyncio.timeout(seconds):
                    secure = await loop.start_tls(self._transport, self._wire, context, server_hostname=host)
        except httpx.TransportError:
            await self.aclose()
            raise
        assert secure is not None
        self._wire.connection_made(secure)
        return Stream(secure, self._wire)

    @property
    def has_news(self) -> bool:
        """Whether something came that nobody read, the end among it."""
        return self._wire.ended or bool(self._wire.waiting) or _readable(self._transport)


def _readable(transport: asyncio.Transport) -> bool:
    """Whether the kernel has something the loop has not seen yet."""
    socket = transport.get_extra_info("socket")
    if socket is None or socket.fileno() < 0:
        return True
    with selectors.DefaultSelector() as selector:
        selector.register(socket, selectors.EVENT_READ)
        return bool(selector.select(0))


async def connected(host: str, port: int, seconds: float | None) -> Stream:
    """Connect; the host's addresses are tried side by side when the first is slow."""
    with _connecting():
        async with asyncio.timeout(seconds):
            transport, wire = await asyncio.get_running_loop().create_connection(
                _Wire, host, port, happy_eyeballs_delay=_HEAD_START
            )
    return Stream(transport, wire)


@contextmanager
def _connecting() -> Iterator[None]:
    """What goes wrong before there is a connection, in httpx's words."""
    try:
        yield
    except TimeoutError as error:
        raise httpx.ConnectTimeout(str(error)) from error
    except OSError as error:  # the cause says what was wrong with a certificate
        raise httpx.ConnectError(str(error)) from error
