"""The sandbox in place of the network: an httpx transport, both faces."""

from __future__ import annotations

import asyncio
import threading

import httpx

from .._strings import say
from .faults import Fault, Script
from .service import respond


class SandboxTransport(httpx.BaseTransport, httpx.AsyncBaseTransport):
    """Answers every request from the sandbox, after `delay` seconds, with the faults asked for.

    Closing the transport ends a running delay at once; so does cancelling the task, on the async face.
    A delay longer than the request's read timeout raises the timeout, as a slow server would.
    """

    def __init__(self, fault: Fault = None, delay: float = 0.0) -> None:
        self.delay = delay
        self._script = Script(fault)
        self._closed = threading.Event()

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """One request, painted in the calling thread."""
        request.read()
        fault = self._script.next()
        wait, late = self._wait(request)
        if wait and self._closed.wait(wait):
            raise httpx.ReadError(say("sandbox.closed"), request=request)
        if late:
            raise httpx.ReadTimeout(say("sandbox.timeout"), request=request)
        return respond(request, fault)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """One request, painted in a thread so that the loop stays free."""
        await request.aread()
        fault = self._script.next()
        wait, late = self._wait(request)
        if wait:
            await asyncio.sleep(wait)
        if late:
            raise httpx.ReadTimeout(say("sandbox.timeout"), request=request)
        return await asyncio.to_thread(respond, request, fault)

    def _wait(self, request: httpx.Request) -> tuple[float, bool]:
        """How long to wait, and whether the caller's patience ends before the delay does."""
        patience = request.extensions.get("timeout", {}).get("read")
        if patience is not None and patience < self.delay:
            return patience, True
        return self.delay, False

    def close(self) -> None:
        """Ends any delay still running."""
        self._closed.set()

    async def aclose(self) -> None:
        """Ends any delay still running."""
        self._closed.set()
