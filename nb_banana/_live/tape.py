"""What carries the check's requests, and keeps what came back."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass, field

import httpx

from .._client.connections import opened, way_to
from .._client.endpoint import Endpoint
from .._fetch.unpacking import unpacked
from .._wire.lift import Lifter

_PACKING = frozenset({"content-encoding", "content-length", "transfer-encoding"})


@dataclass(slots=True)
class Kept:
    """One reply, as far as it came; pictures lie beside its text (:class:`Lifter`)."""

    status: int
    headers: httpx.Headers
    lifter: Lifter = field(default_factory=Lifter)


class Tape(httpx.AsyncBaseTransport):
    """Carries requests as an endpoint's own client does, and keeps the last reply."""

    def __init__(self, endpoint: Endpoint) -> None:
        self._endpoint = endpoint
        self._own: httpx.AsyncBaseTransport | None = None
        self.kept: Kept | None = None

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send a request; its reply is copied while it is read."""
        if self._own is None:
            self._own = opened(self._endpoint, way_to(self._endpoint))  # on the loop that sends
        response = await self._own.handle_async_request(request)
        self.kept = Kept(response.status_code, response.headers)
        plain = [pair for pair in response.headers.multi_items() if pair[0].lower() not in _PACKING]
        copied = _Copied(response, self.kept.lifter)
        return httpx.Response(
            response.status_code, headers=plain, stream=copied, extensions=response.extensions
        )

    async def aclose(self) -> None:
        """Close the connections."""
        if self._own is not None:
            await self._own.aclose()


class _Copied(httpx.AsyncByteStream):
    """A reply's bytes, unpacked once for both who read them."""

    def __init__(self, response: httpx.Response, lifter: Lifter) -> None:
        self._response, self._lifter = response, lifter

    async def __aiter__(self) -> AsyncIterator[bytes]:
        async for piece in unpacked(self._response):
            self._lifter.feed(piece)
            yield piece

    async def aclose(self) -> None:
        await self._response.aclose()
