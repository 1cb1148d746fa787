"""What carries a request: a pool of our own, a proxy, somebody's transport; and a body sent in pieces."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncIterator, Iterator
from contextlib import suppress
from typing import TYPE_CHECKING, NamedTuple
from weakref import WeakKeyDictionary

import httpx

from .._fetch.proxies import proxy_here
from .._fetch.trust import trust_here
from .._wire.body import Body
from .pool import EXPIRES, Pool

if TYPE_CHECKING:
    from .endpoint import Endpoint


class Way(NamedTuple):
    """How a host is reached: by which proxy, and what TLS trusts where it is spoken."""

    proxy: str | None = None
    tls: ssl.SSLContext | None = None


def way_to(endpoint: Endpoint) -> Way:
    """The way to an endpoint as the environment has it now; certificates are loaded only to check one.

    Raises:
        APIConnectionError: a variable names a proxy or certificates that can't be used.
    """
    if endpoint.is_sandbox:
        return Way()
    proxy = proxy_here(endpoint.base_url)
    checks = endpoint.base_url.startswith("https") or (proxy or "").startswith("https")
    return Way(proxy, trust_here().context if checks else None)


def opened(endpoint: Endpoint, way: Way) -> httpx.AsyncBaseTransport:
    """What carries requests to an endpoint from the running event loop."""
    if endpoint.is_sandbox:
        from .._sandbox.transport import SandboxTransport

        return SandboxTransport(fault=endpoint.fault, delay=endpoint.delay)
    if way.proxy is None:
        return Pool(endpoint.base_url, way.tls)
    limits = httpx.Limits(keepalive_expiry=EXPIRES)
    return httpx.AsyncHTTPTransport(verify=way.tls or False, proxy=way.proxy, limits=limits)


class Carrier:
    """What carries an event loop's requests one way. Once let go, the last who uses it closes it: an answer
    that is on its way is paid for.
    """

    def __init__(self, transport: httpx.AsyncBaseTransport) -> None:
        self._transport = transport
        self._users, self._is_over = 0, False

    async def __aenter__(self) -> httpx.AsyncBaseTransport:
        self._users += 1
        return self._transport

    async def __aexit__(self, *_: object) -> None:
        self._users -= 1
        if self._is_over:
            with suppress(Exception):  # what it carried came whole
                await self.aclose()

    async def aclose(self) -> None:
        """Close it, now or at the end of what it carries."""
        self._is_over = True
        if not self._users:
            await self._transport.aclose()


Carriers = WeakKeyDictionary[asyncio.AbstractEventLoop, dict[Way, Carrier]]
"""What carries requests from each event loop, each way."""


def carrier_here(carriers: Carriers, endpoint: Endpoint) -> Carrier:
    """What carries requests to an endpoint from the running event loop, kept for the next."""
    ways = carriers.setdefault(asyncio.get_running_loop(), {})
    way = way_to(endpoint)  # a variable may have been mended since
    if way not in ways:
        ways[way] = Carrier(opened(endpoint, way))
    return ways[way]


def as_async(transport: httpx.AsyncBaseTransport | httpx.BaseTransport) -> httpx.AsyncBaseTransport:
    """A transport somebody gave, for awaiting."""
    return transport if isinstance(transport, httpx.AsyncBaseTransport) else _Threaded(transport)


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
    """A body that becomes base64 while it is sent, and can be sent again.

    Attributes:
        begun: whether any of it was taken for sending; before that no server can have run it.
    """

    def __init__(self, body: Body) -> None:
        self._body = body
        self.begun = False

    def __iter__(self) -> Iterator[bytes]:
        self.begun = True
        return iter(self._body)

    async def __aiter__(self) -> AsyncIterator[bytes]:
        self.begun = True
        for piece in self._body:
            yield piece


def begun(request: httpx.Request) -> bool:
    """Whether any of a request's body was taken for sending."""
    return not isinstance(request.stream, Upload) or request.stream.begun
