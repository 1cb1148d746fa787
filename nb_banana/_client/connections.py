"""What carries a request: sockets that know the deadline, pools, certificates, a body sent in pieces."""

from __future__ import annotations

import os
import time
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from contextvars import ContextVar
from functools import cache, partial
from typing import TYPE_CHECKING, Any, Final

import httpcore
import httpx

from .. import _fetch
from .._wire import Body
from . import sockets
from .endpoint import Endpoint

if TYPE_CHECKING:
    import ssl

    from .._sandbox import SandboxTransport

_SHARDS: Final = 8

deadline_of_edit: ContextVar[float] = ContextVar("nb_banana_deadline", default=float("inf"))


class _DeadlineStream(httpcore.NetworkStream):
    """A socket whose every read and write ends when the whole edit's time does."""

    def __init__(self, stream: httpcore.NetworkStream) -> None:
        self._stream = stream

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._stream.read(max_bytes, _left(timeout, httpcore.ReadTimeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, _left(timeout, httpcore.WriteTimeout))

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        return _DeadlineStream(
            self._stream.start_tls(ssl_context, server_hostname, _left(timeout, httpcore.ConnectTimeout))
        )

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)


def _left(timeout: float | None, kind: type[Exception]) -> float | None:
    left = deadline_of_edit.get() - time.monotonic()
    if left <= 0:
        raise kind
    return left if timeout is None else min(left, timeout)


class _DeadlineBackend(httpcore.NetworkBackend):
    """Opens sockets that know the deadline."""

    def __init__(self, backend: httpcore.NetworkBackend) -> None:
        self._backend = backend

    def connect_tcp(self, *args: Any, **options: Any) -> httpcore.NetworkStream:
        options["timeout"] = _left(options.get("timeout"), httpcore.ConnectTimeout)
        return _DeadlineStream(self._backend.connect_tcp(*args, **options))

    def sleep(self, seconds: float) -> None:
        self._backend.sleep(seconds)


@cache
def _ssl_context() -> ssl.SSLContext:
    """One for all: loading the certificates takes longer than an edit's own work."""
    return httpx.create_ssl_context()


def connection_options(base_url: str) -> dict[str, Any]:
    return {
        "verify": _ssl_context() if base_url.startswith("https") else False,
        "trust_env": False,
        "proxy": _fetch.proxy_for(base_url, os.environ),
        "limits": httpx.Limits(max_connections=None, max_keepalive_connections=32, keepalive_expiry=30),
    }


def transport_of(endpoint: Endpoint) -> httpx.BaseTransport:
    if endpoint.is_sandbox:
        return sandbox_transport(endpoint)
    transport = httpx.HTTPTransport(**connection_options(endpoint.base_url))
    # httpx has no total timeout and no public place for a network backend; this is the one seam.
    pool: Any = transport._pool
    pool._network_backend = _DeadlineBackend(pool._network_backend)
    return transport


def sandbox_transport(endpoint: Endpoint) -> SandboxTransport:
    from .._sandbox import SandboxTransport

    return SandboxTransport(fault=endpoint.fault, delay=endpoint.delay)


class Shards(httpx.AsyncBaseTransport):
    """Several connection pools behind one face: httpx's own slows down with the square of its size."""

    def __init__(self, options: Mapping[str, Any]) -> None:
        self._pools = [httpx.AsyncHTTPTransport(**options) for _ in range(_SHARDS)]
        for transport in self._pools:
            pool: Any = transport._pool
            pool._network_backend = sockets.LoopBackend()
        self._busy = [0] * _SHARDS

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        at = min(range(_SHARDS), key=self._busy.__getitem__)
        self._busy[at] += 1
        try:
            response = await self._pools[at].handle_async_request(request)
        except BaseException:
            self._busy[at] -= 1
            raise
        assert isinstance(response.stream, httpx.AsyncByteStream)
        response.stream = _Counted(response.stream, partial(self._done, at))
        return response

    def _done(self, at: int) -> None:
        self._busy[at] -= 1

    async def aclose(self) -> None:
        for pool in self._pools:
            await pool.aclose()


class _Counted(httpx.AsyncByteStream):
    """A reply's stream that says when it is closed."""

    def __init__(self, stream: httpx.AsyncByteStream, done: Callable[[], None]) -> None:
        self._stream, self._done = stream, done

    def __aiter__(self) -> AsyncIterator[bytes]:
        return self._stream.__aiter__()

    async def aclose(self) -> None:
        done, self._done = self._done, lambda: None
        done()
        await self._stream.aclose()


class Upload(httpx.SyncByteStream, httpx.AsyncByteStream):
    """A body that becomes base64 while it is sent, and can be sent again."""

    def __init__(self, body: Body) -> None:
        self._body = body

    def __iter__(self) -> Iterator[bytes]:
        return iter(self._body)

    async def __aiter__(self) -> AsyncIterator[bytes]:
        for piece in self._body:
            yield piece
