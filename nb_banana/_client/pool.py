"""HTTP/1.1 to one host on one event loop's own sockets: h11 speaks, this keeps the connections.

The pool that httpx brings takes locks of anyio at each step, loads that whole library with the first edit and
looks through all its connections for each request; it stays for proxies. The rules:

* A connection serves one exchange at a time; the one that was used last is used next.
* It is used again only if its exchange ended as HTTP says, not long ago, and nothing came since.
* Who stops reading closes it. Who is refused while sending reads why, and sends no more.
"""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

import h11
import httpx

from .sockets import Stream, connected

if TYPE_CHECKING:
    import ssl

EXPIRES: Final = 30.0
"""Seconds a connection may lie idle."""
_HEADS: Final = (h11.InformationalResponse, h11.Response)
_LONGEST_HEAD: Final = 100 * 1024


class Pool(httpx.AsyncBaseTransport):
    """The connections to one host, spoken through TLS where there is a context for it."""

    def __init__(self, base_url: str, tls: ssl.SSLContext | None = None) -> None:
        url = httpx.URL(base_url)
        self._tls, self._host = tls, url.raw_host.decode("ascii")
        self._port = url.port or (443 if url.scheme == "https" else 80)
        self._idle: list[_Connection] = []
        self._busy: set[_Connection] = set()

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        connection = await self._rested() or await self._connected(request)
        self._busy.add(connection)
        try:
            head = await connection.asked(request)
        except BaseException:
            await self._let_go(connection)
            raise
        stream = _Arriving(connection, self._let_go)
        return httpx.Response(head.status_code, headers=head.headers.raw_items(), stream=stream)

    async def _rested(self) -> _Connection | None:
        """An idle connection, the last used first; those that are no good any more are closed."""
        while self._idle:
            connection = self._idle.pop()
            if connection.is_fresh():
                return connection
            await connection.aclose()
        return None

    async def _connected(self, request: httpx.Request) -> _Connection:
        seconds = request.extensions.get("timeout", {}).get("connect")
        stream = await connected(self._host, self._port, seconds)
        if self._tls is not None:
            stream = await stream.secured(self._tls, self._host, seconds)
        return _Connection(stream)

    async def _let_go(self, connection: _Connection) -> None:
        self._busy.discard(connection)
        if connection.rest():
            self._idle.append(connection)
        else:
            await connection.aclose()

    async def aclose(self) -> None:
        everything = [*self._idle, *self._busy]
        self._idle, self._busy = [], set()
        for connection in everything:
            await connection.aclose()


class _Connection:
    """One socket, and how far its exchange has come."""

    def __init__(self, stream: Stream) -> None:
        self._stream = stream
        self._state = h11.Connection(h11.CLIENT, max_incomplete_event_size=_LONGEST_HEAD)
        self._since = 0.0
        self._answer: h11.Response | None = None

    def is_fresh(self) -> bool:
        """Whether it may be used again."""
        return time.monotonic() - self._since < EXPIRES and not self._stream.has_news

    def rest(self) -> bool:
        """Make ready for the next exchange; False if there can be none."""
        if (self._state.our_state, self._state.their_state) != (h11.DONE, h11.DONE):
            return False
        self._state.start_next_cycle()
        self._answer = None
        self._since = time.monotonic()
        return True

    async def asked(self, request: httpx.Request) -> h11.Response:
        """Send a request; returns the head of what is answered."""
        with _in_httpx_words():
            target, headers = request.url.raw_path, request.headers.raw
            head = h11.Request(method=request.method, target=target, headers=headers)
        assert isinstance(request.stream, httpx.AsyncByteStream)
        try:
            going = await self._send(head)
            async for piece in request.stream:
                if not (going and await self._send(h11.Data(piece))):
                    break
            else:
                await self._send(h11.EndOfMessage())
        except httpx.WriteError:
            pass  # it may have said why before it stopped reading
        while self._answer is None:
            self._note(await self._event())
        return self._answer

    async def body(self) -> AsyncIterator[bytes]:
        """What is answered, piece by piece as it comes."""
        while isinstance(event := await self._event(), h11.Data):
            yield bytes(event.data)

    async def _send(self, event: h11.Event) -> bool:
        """Send; False once it is refused: who says so in the middle may read no more of it, for ever."""
        with _in_httpx_words():
            data = self._state.send(event)
        if data is not None:
            self._stream.write(data)
        while not await self._stream.drained(heeding=self._answer is None):
            self._state.receive_data(await self._stream.read())
            while self._answer is None and isinstance(came := self._next(), _HEADS):
                self._note(came)
            if self._answer is not None and self._answer.status_code >= 300:
                return False
        return True

    def _note(self, event: object) -> None:
        """Keep the head of the answer; "100 Continue" and its kind are none."""
        if isinstance(event, h11.Response):
            self._answer = event

    async def _event(self) -> h11.Event | type[h11.NEED_DATA] | type[h11.PAUSED]:
        while (event := self._next()) is h11.NEED_DATA:
            data = await self._stream.read()
            if not data and self._state.their_state is h11.SEND_RESPONSE:
                raise httpx.RemoteProtocolError("Server disconnected without sending a response.")
            self._state.receive_data(data)
        return event

    def _next(self) -> h11.Event | type[h11.NEED_DATA] | type[h11.PAUSED]:
        with _in_httpx_words():
            return self._state.next_event()

    async def aclose(self) -> None:
        """Close the socket."""
        await self._stream.aclose()


class _Arriving(httpx.AsyncByteStream):
    """What is answered, and word when nobody reads on."""

    def __init__(self, connection: _Connection, over: Callable[[_Connection], Awaitable[None]]) -> None:
        self._connection, self._over, self._is_over = connection, over, False

    async def __aiter__(self) -> AsyncIterator[bytes]:
        async for piece in self._connection.body():
            yield piece

    async def aclose(self) -> None:
        if not self._is_over:
            self._is_over = True
            await self._over(self._connection)


@contextmanager
def _in_httpx_words() -> Iterator[None]:
    try:
        yield
    except h11.LocalProtocolError as error:
        raise httpx.LocalProtocolError(str(error)) from error
    except h11.RemoteProtocolError as error:
        raise httpx.RemoteProtocolError(str(error)) from error
