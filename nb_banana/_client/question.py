"""A small question to an endpoint's own address, by the way that an edit goes there.

It ends in time whatever the server does, one that answers byte by byte too, and of an answer no more is read
than is asked for. It may be asked from any thread, also where an event loop runs.
"""

from __future__ import annotations

import asyncio
import threading
from concurrent.futures import Future
from typing import TYPE_CHECKING, Final, NamedTuple

import httpx

from .._fetch.unpacking import unpacked
from .connections import opened, way_to

if TYPE_CHECKING:
    from .endpoint import Endpoint

_GRACE: Final = 1.0
"""Seconds beyond its time: a name that nobody resolves holds up a loop that ends."""


class Reply(NamedTuple):
    """What was answered, the body as far as it was read."""

    status: int
    headers: dict[str, str]
    body: bytes


def ask(endpoint: Endpoint, url: str, *, seconds: float, most: int) -> Reply:
    """GET an address of the endpoint with its key; ``most`` bytes of the body are read, and a piece more.

    Raises:
        TimeoutError: it took more than ``seconds`` in all.
        httpx.HTTPError: it can't be reached, or answers no HTTP.
        NanoBananaError: a variable names a proxy or certificates that can't be used.
    """
    headers = httpx.Headers({"Accept": "application/json", "Accept-Encoding": "identity"})
    endpoint.sign(headers)
    way, request = way_to(endpoint), httpx.Request("GET", url, headers=headers)

    async def answered() -> Reply:
        transport, body = opened(endpoint, way), bytearray()
        try:
            async with asyncio.timeout(seconds):
                response = await transport.handle_async_request(request)
                async for piece in unpacked(response):
                    body += piece
                    if len(body) > most:
                        break
                await response.aclose()
        finally:
            await transport.aclose()
        given = {name.lower(): value for name, value in response.headers.items()}
        return Reply(response.status_code, given, bytes(body))

    came: Future[Reply] = Future()

    def run() -> None:
        try:
            came.set_result(asyncio.run(answered()))
        except Exception as error:  # noqa: BLE001 - raised again for whoever waits
            came.set_exception(error)

    threading.Thread(target=run, name="nb_banana-question", daemon=True).start()
    return came.result(seconds + _GRACE)


__all__ = ["Reply", "ask"]
