"""Fetch a picture under the rules of ``urls``: capped in bytes, seconds and redirects, and with no key but
what is given for one origin (:class:`Own`), which no redirect carries elsewhere.

A name is resolved here and the addresses are checked before the connection goes to exactly one of
them, so that a second look-up cannot lead elsewhere. Behind a proxy the proxy resolves, and only the
name as written can be checked.
"""

from __future__ import annotations

import asyncio
import os
import socket
import threading
from collections.abc import Mapping
from concurrent.futures import Future
from typing import NamedTuple, TypeAlias
from urllib.parse import urlsplit

import httpx

from .._strings import say
from ..errors import APIConnectionError, APITimeoutError, InvalidImageError
from .proxies import proxy_here
from .trust import doubt, trust_here, way_out
from .unpacking import unpacked
from .urls import (
    MAX_BYTES,
    MAX_SECONDS,
    NamedBy,
    Target,
    check_address,
    check_url,
    counts_as,
    literal_address,
    netloc,
    no_host,
    plain_host,
    redirect_target,
    same_origin,
    shown_url,
)

Transport: TypeAlias = httpx.BaseTransport | httpx.AsyncBaseTransport

_HEADERS = {"Accept": "image/*,*/*;q=0.5", "Accept-Encoding": "identity", "User-Agent": "nb_banana"}


class Own(NamedTuple):
    """The address the user gave for edits, at whose origin a link of an answer may be private.

    ``headers`` go along with requests to that origin, and to no other.
    """

    address: str = ""
    headers: Mapping[str, str] = {}


_NOWHERE = Own()


async def afetch(
    url: str,
    *,
    named_by: NamedBy = "user",
    own: Own = _NOWHERE,
    max_bytes: int = MAX_BYTES,
    max_seconds: float = MAX_SECONDS,
    transport: Transport | None = None,
) -> bytes:
    """The bytes behind ``url``; what they are is for the caller to check.

    ``own`` is the origin that counts as the user's own. ``transport`` replaces the default one, and with it
    the checks of resolved addresses.
    """
    checked = check_url(url, named_by=counts_as(url, named_by, own.address))
    target, hops = Target(checked, named_by), 0
    try:
        async with asyncio.timeout(max_seconds):
            while True:
                answer = await _get(target, own, max_bytes, transport)
                if isinstance(answer, bytes):
                    return answer
                hops += 1
                target = redirect_target(
                    target.url, answer, named_by=target.named_by, hops=hops, own=own.address
                )
    except UnicodeError:  # a host that only looks like an encoded name, such as xn--a
        raise no_host(target.url) from None
    except TimeoutError:
        raise APITimeoutError(say("fetch.slow", url=shown_url(url), limit=max_seconds)) from None
    except (httpx.HTTPError, httpx.InvalidURL, OSError) as error:
        reason, hint = str(error) or type(error).__name__, say("fetch.unreachable_hint")
        if wrong := doubt(error):
            reason, hint = way_out(wrong, os.environ)
        sentence = say("fetch.unreachable", url=shown_url(target.url), reason=reason)
        raise APIConnectionError(sentence, hint=hint, retryable=wrong is None) from None


async def _get(target: Target, own: Own, max_bytes: int, transport: Transport | None) -> bytes | str:
    """The body, or the place a redirect names."""
    at_home = bool(own.address) and same_origin(target.url, own.address)
    request = httpx.Request("GET", target.url, headers={**_HEADERS, **(own.headers if at_home else {})})
    if transport is not None:
        return await _read(await _handled(request, transport, max_bytes), target, max_bytes)
    proxy = proxy_here(target.url)
    checks = "https" in (urlsplit(target.url).scheme, urlsplit(proxy or "").scheme)
    tls = trust_here().context if checks else False
    async with httpx.AsyncHTTPTransport(trust_env=False, proxy=proxy, verify=tls) as carrier:
        if proxy is None:
            await _pin(request, target.url, counts_as(target.url, target.named_by, own.address))
        response = await carrier.handle_async_request(request)
        try:
            return await _read(response, target, max_bytes)
        finally:
            await response.aclose()


async def _handled(request: httpx.Request, transport: Transport, max_bytes: int) -> httpx.Response:
    """Ask a transport of either kind; of one that blocks, little more than the limit is taken."""
    if isinstance(transport, httpx.AsyncBaseTransport):
        return await transport.handle_async_request(request)

    def whole() -> httpx.Response:
        response = transport.handle_request(request)
        assert isinstance(response.stream, httpx.SyncByteStream)
        body, pieces = bytearray(), iter(response.stream)
        while len(body) <= max_bytes and (piece := next(pieces, None)) is not None:
            body += piece
        response.close()
        stream = httpx.ByteStream(bytes(body))
        return httpx.Response(response.status_code, headers=response.headers, stream=stream)

    return await asyncio.to_thread(whole)


async def _read(response: httpx.Response, target: Target, max_bytes: int) -> bytes | str:
    if response.has_redirect_location:
        return response.headers["location"]
    if response.status_code != 200:
        sentence = say("fetch.status", url=shown_url(target.url), status=response.status_code)
        raise InvalidImageError(sentence, hint=say("fetch.unreachable_hint"), status=response.status_code)
    body = bytearray()
    async for chunk in unpacked(response):
        body += chunk
        if len(body) > max_bytes:
            raise InvalidImageError(say("fetch.too_big", url=shown_url(target.url), limit=max_bytes // 2**20))
    return bytes(body)


async def _pin(request: httpx.Request, url: str, named_by: NamedBy) -> None:
    """Point the request at a checked address; the Host header and TLS keep the name."""
    parts = urlsplit(url)
    host = plain_host(parts.hostname)
    if literal_address(host) is not None:
        return  # checked as it was written
    port = parts.port or (443 if parts.scheme == "https" else 80)
    loop = asyncio.get_running_loop()
    found = await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    addresses = [str(entry[4][0]) for entry in found]
    for address in addresses:
        check_address(address, named_by=named_by, resolved=True)
    chosen = await _answering(addresses, port)
    literal, name = literal_address(chosen), request.url.raw_host.decode()
    request.url = request.url.copy_with(host=netloc(literal, None) if literal else chosen)
    request.extensions = {**request.extensions, "sni_hostname": name}


async def _answering(addresses: list[str], port: int) -> str:
    """The first address something listens on; a host may publish IPv6 where there is no route to it."""
    for address in dict.fromkeys(addresses[:-1]):
        try:
            async with asyncio.timeout(3):
                _, writer = await asyncio.open_connection(address, port)
        except (OSError, TimeoutError):
            continue
        writer.close()
        return address
    return addresses[-1]


def fetch(
    url: str,
    *,
    named_by: NamedBy = "user",
    max_bytes: int = MAX_BYTES,
    max_seconds: float = MAX_SECONDS,
    transport: Transport | None = None,
) -> bytes:
    """:func:`afetch` for code that waits, also inside a running event loop."""
    ready: Future[asyncio.AbstractEventLoop] = Future()

    def run() -> None:
        with asyncio.Runner() as runner:  # leaving it cancels what still runs and closes its sockets
            ready.set_result(runner.get_loop())
            runner.get_loop().run_forever()

    threading.Thread(target=run, name="nb_banana-fetch", daemon=True).start()
    loop = ready.result()
    job = afetch(
        url, named_by=named_by, max_bytes=max_bytes, max_seconds=max_seconds, transport=transport
    )
    try:
        return asyncio.run_coroutine_threadsafe(job, loop).result()
    finally:
        loop.call_soon_threadsafe(loop.stop)
