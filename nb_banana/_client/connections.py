"""What carries a request: pools on the event loop's own sockets, certificates, a body sent in pieces."""

from __future__ import annotations

import asyncio
import os
import ssl
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import contextmanager
from functools import cache, partial
from typing import TYPE_CHECKING, Any, Final

import httpcore
import httpx

from .._fetch.proxies import proxy_for
from .._wire.body import Body
from .sockets import LoopBackend

if TYPE_CHECKING:
    from .endpoint import Endpoint

_SHARDS: Final = 8
_EXPIRES: Final = 30.0


def opened(endpoint: Endpoint) -> httpx.AsyncBaseTransport:
    """What carries requests to an endpoint from the running event loop."""
    if endpoint.is_sandbox:
        from .._sandbox.transport import SandboxTransport

        return SandboxTransport(fault=endpoint.fault, delay=endpoint.delay)
    return Shards(endpoint.base_url, proxy_for(endpoint.base_url, os.environ))


def as_async(transport: httpx.AsyncBaseTransport | httpx.BaseTransport) -> httpx.AsyncBaseTransport:
    """A transport somebody gave, for awaiting."""
    return transport if isinstance(transport, httpx.AsyncBaseTransport) else _Threaded(transport)


@cache
def _certificates() -> ssl.SSLContext:
    """One for all: loading the certificates takes longer than an edit's own work."""
    return httpx.create_ssl_context()


def _pool(base_url: str, proxy: str | None) -> httpcore.AsyncConnectionPool:
    options: dict[str, Any] = {
        "ssl_context": _certificates() if base_url.startswith("https") else None,
        "max_connections": None,
        "max_keepalive_connections": None,  # a pool that closes idle ones may close one just given away
        "keepalive_expiry": _EXPIRES,
        "network_backend": LoopBackend(),
    }
    if proxy is None:
        return httpcore.AsyncConnectionPool(**options)
    given = httpx.Proxy(proxy)
    auth = None if given.raw_auth is None else given.raw_auth
    if given.url.scheme.startswith("socks"):
        return httpcore.AsyncSOCKSProxy(str(given.url), proxy_auth=auth, **options)
    return httpcore.AsyncHTTPProxy(str(given.url), proxy_auth=auth, **options)


class Shards(httpx.AsyncBaseTransport):
    """Several connection pools behind one face: one alone slows down with the square of its size.

    A request goes where a connection lies idle; only where none does is one more opened.
    """

    def __init__(self, base_url: str, proxy: str | None) -> None:
        self._pools = [_pool(base_url, proxy) for _ in range(_SHARDS)]
        self._busy, self._most = [0] * _SHARDS, [0] * _SHARDS

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        at = max(range(_SHARDS), key=lambda n: (self._most[n] - self._busy[n], -self._busy[n]))
        self._busy[at] += 1
        self._most[at] = max(self._most[at], self._busy[at])
        try:
            with _in_httpx_words():
                response = await self._pools[at].handle_async_request(_for_httpcore(request))
        except BaseException:
            self._busy[at] -= 1
            raise
        stream = _Arriving(response, partial(self._done, at))
        return httpx.Response(
            response.status, headers=response.headers, stream=stream, extensions=response.extensions
        )

    def _done(self, at: int) -> None:
        self._busy[at] -= 1

    async def aclose(self) -> None:
        for pool in self._pools:
            await pool.aclose()


def _for_httpcore(request: httpx.Request) -> httpcore.Request:
    url = request.url
    target = httpcore.URL(scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path)
    return httpcore.Request(
        request.method, target, headers=request.headers.raw, content=request.stream,
        extensions=request.extensions,
    )  # fmt: skip


class _Arriving(httpx.AsyncByteStream):
    """A reply's bytes, and word when nobody reads on."""

    def __init__(self, response: httpcore.Response, done: Callable[[], None]) -> None:
        self._response, self._done = response, done

    async def __aiter__(self) -> AsyncIterator[bytes]:
        with _in_httpx_words():
            async for piece in self._response.aiter_stream():
                yield piece

    async def aclose(self) -> None:
        done, self._done = self._done, lambda: None
        try:
            with _in_httpx_words():
                await self._response.aclose()
        finally:
            done()


@contextmanager
def _in_httpx_words() -> Iterator[None]:
    """httpcore's errors under the names httpx gives them, which are the same."""
    try:
        yield
    except tuple(_WORDS) as error:
        kind = next(_WORDS[known] for known in type(error).__mro__ if known in _WORDS)
        raise kind(str(error)) from error


_WORDS: Final = {
    getattr(httpcore, name): getattr(httpx, name)
    for name in (
        "TimeoutException", "ConnectTimeout", "ReadTimeout", "WriteTimeout", "PoolTimeout", "NetworkError",
        "ConnectError", "ReadError", "WriteError", "ProxyError", "UnsupportedProtocol", "ProtocolError",
        "LocalProtocolError", "RemoteProtocolError",
    )
}  # fmt: skip


class _Threaded(httpx.AsyncBaseTransport):
    """A transport that blocks, each step of it in a thread."""

    def __init__(self, transport: httpx.BaseTransport) -> None:
        self._transport = transport

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        response = await asyncio.to_thread(self._transport.handle_request, request)
        return httpx.Response(
            response.status_code, headers=response.headers, stream=_Pulled(response),
            extensions=response.extensions,
        )  # fmt: skip

    async def aclose(self) -> None:
        await asyncio.to_thread(self._transport.close)


class _Pulled(httpx.AsyncByteStream):
    def __init__(self, response: httpx.Response) -> None:
        self._response = response

    async def __aiter__(self) -> AsyncIterator[bytes]:
        pieces = self._response.iter_raw()
        while (piece := await asyncio.to_thread(next, pieces, None)) is not None:
            yield piece

    async def aclose(self) -> None:
        await asyncio.to_thread(self._response.close)


class Upload(httpx.SyncByteStream, httpx.AsyncByteStream):
    """A body that becomes base64 while it is sent, and can be sent again."""

    def __init__(self, body: Body) -> None:
        self._body = body

    def __iter__(self) -> Iterator[bytes]:
        return iter(self._body)

    async def __aiter__(self) -> AsyncIterator[bytes]:
        for piece in self._body:
            yield piece
