"""Sockets of an event loop for httpcore, straight on asyncio.

httpcore's own way leads through anyio, which makes a cancel scope for every 64 KiB read and cuts what
asyncio read in larger pieces; with 64 edits at once that is a third of all the work. The rules:

* A read gives everything that has come, in the pieces asyncio read.
* Reading stops while ``WINDOW`` bytes wait, writing while the kernel takes no more: memory is bounded.
* Only connecting has a time of its own. Reads and writes end with the task: whoever uses these
  sockets puts a total on it.
"""

from __future__ import annotations

import asyncio
import selectors
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, Final

import httpcore

if TYPE_CHECKING:
    import ssl

WINDOW: Final = 1024 * 1024
"""Bytes read ahead of the one who wants them."""
_HEAD_START: Final = 0.25
"""Seconds an address gets before the host's next one is tried beside it."""


class _Wire(asyncio.Protocol):
    """What came and was not yet asked for, and whether more may be sent."""

    def __init__(self) -> None:
        self.waiting: list[bytes] = []
        self.ended = self.closed = False
        self.reason: Exception | None = None
        self._size = 0
        self._transport: Any = None
        self._came: asyncio.Future[None] | None = None
        self._drained: asyncio.Future[None] | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        self.waiting.append(data)
        self._size += len(data)
        if self._size >= WINDOW:
            self._transport.pause_reading()
        _settle(self._came)

    def eof_received(self) -> None:
        self.ended = True
        _settle(self._came)

    def connection_lost(self, exc: Exception | None) -> None:
        self.ended, self.closed, self.reason = True, True, exc
        _settle(self._came)
        _settle(self._drained)

    def pause_writing(self) -> None:
        self._drained = asyncio.get_running_loop().create_future()

    def resume_writing(self) -> None:
        _settle(self._drained)
        self._drained = None

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

    async def drained(self) -> None:
        """Return when more may be written."""
        if self._drained is not None and not self.ended:
            await self._drained


def _settle(future: asyncio.Future[None] | None) -> None:
    if future is not None and not future.done():
        future.set_result(None)


class _Stream(httpcore.AsyncNetworkStream):
    def __init__(self, transport: asyncio.Transport, wire: _Wire) -> None:
        self._transport, self._wire = transport, wire

    async def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        data = await self._wire.take()
        if not data and self._wire.reason is not None:
            raise httpcore.ReadError(str(self._wire.reason))
        return data

    async def write(self, buffer: bytes, timeout: float | None = None) -> None:
        if self._wire.ended:
            raise httpcore.WriteError(str(self._wire.reason or ""))
        if buffer:
            self._transport.write(buffer)
            await self._wire.drained()

    async def aclose(self) -> None:
        if not self._wire.closed:
            self._transport.abort()
            await asyncio.sleep(0)  # the loop closes the socket in its next round

    async def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.AsyncNetworkStream:
        loop = asyncio.get_running_loop()
        try:
            async with asyncio.timeout(timeout):
                secure = await loop.start_tls(
                    self._transport, self._wire, ssl_context, server_hostname=server_hostname
                )
        except TimeoutError as error:
            problem: Exception = httpcore.ConnectTimeout(str(error))
        except OSError as error:
            problem = httpcore.ConnectError(str(error))
        else:
            assert secure is not None
            self._wire.connection_made(secure)
            return _Stream(secure, self._wire)
        await self.aclose()
        raise problem

    def get_extra_info(self, info: str) -> Any:
        if info == "is_readable":  # asked of an idle connection: has the other end closed it?
            return self._wire.ended or bool(self._wire.waiting) or _readable(self._transport)
        names = {"client_addr": "sockname", "server_addr": "peername"}
        return self._transport.get_extra_info(names.get(info, info))


def _readable(transport: asyncio.Transport) -> bool:
    """Whether the kernel has something the loop has not seen yet."""
    socket = transport.get_extra_info("socket")
    if socket is None or socket.fileno() < 0:
        return True
    with selectors.DefaultSelector() as selector:
        selector.register(socket, selectors.EVENT_READ)
        return bool(selector.select(0))


class LoopBackend(httpcore.AsyncNetworkBackend):
    """Opens sockets of the running event loop."""

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        """Connect; the host's addresses are tried side by side when the first is slow."""
        source = None if local_address is None else (local_address, 0)
        try:
            async with asyncio.timeout(timeout):
                transport, wire = await asyncio.get_running_loop().create_connection(
                    _Wire, host, port, local_addr=source, happy_eyeballs_delay=_HEAD_START
                )
        except TimeoutError as error:
            problem: Exception = httpcore.ConnectTimeout(str(error))
        except OSError as error:
            problem = httpcore.ConnectError(str(error))
        else:
            for option in socket_options or ():
                transport.get_extra_info("socket").setsockopt(*option)
            return _Stream(transport, wire)
        raise problem

    async def sleep(self, seconds: float) -> None:
        """Wait."""
        await asyncio.sleep(seconds)
