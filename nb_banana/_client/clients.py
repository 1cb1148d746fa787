"""The two clients: the same flow, driven by waiting and by awaiting."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Callable
from functools import partial
from typing import Any, Self
from weakref import WeakKeyDictionary

import httpx

from .. import _fetch, _flow
from .._messages import EditRequest
from .._result import EditResult
from .._strings import say
from .._wire import Lifter, Plan
from ..errors import InvalidRequestError, NanoBananaError
from .connections import Shards, connection_options, deadline_of_edit, sandbox_transport, transport_of
from .driving import TROUBLE, Seen, Settings, Shared, how_it_broke, pictures_of, received
from .endpoint import Endpoint


class Client(Shared):
    """Edits pictures through one endpoint, blocking. Threads may share it; close it when done.

    Args:
        endpoint: where to; a client never falls back to the sandbox.
        retries: how often a request that can't have run may be sent again; 0 is never.
        deadline: seconds in all for one edit; None chooses by size (300, 300, 600, more for several
            inputs), because a call given up may be billed all the same.
        strict: refuse a picture over a limit instead of converting or scaling it.
        transport: an ``httpx.BaseTransport`` to send with.
        download_transport: what fetches picture links instead of the default, which also checks
            resolved addresses.
    """

    def __init__(
        self,
        endpoint: Endpoint,
        *,
        retries: int = 2,
        deadline: float | None = None,
        strict: bool = False,
        transport: httpx.BaseTransport | None = None,
        download_transport: Any = None,
    ) -> None:
        self._settings = Settings(endpoint, retries, deadline, strict)
        self._given = transport
        self._own: httpx.BaseTransport | None = None
        self._opening = threading.Lock()
        self._fetch = partial(_fetch.fetch, transport=download_transport)
        self._closed = False

    @property
    def endpoint(self) -> Endpoint:
        """Where requests go."""
        return self._settings.endpoint

    def edit(
        self,
        images: Any,
        prompt: str,
        *,
        model: str | None = None,
        aspect_ratio: str | None = None,
        image_size: str | None = None,
    ) -> EditResult:
        """Edit one picture or several as ``prompt`` says; see :class:`EditRequest` for the rest.

        Raises:
            NanoBananaError: with what happened and the next step.
        """
        pictures = pictures_of(images, prompt, self._fetch)
        return self.send(
            EditRequest(prompt, pictures, model=model, aspect_ratio=aspect_ratio, image_size=image_size)
        )

    def generate(
        self,
        prompt: str,
        *,
        model: str | None = None,
        aspect_ratio: str | None = None,
        image_size: str | None = None,
    ) -> EditResult:
        """Make a picture from words alone."""
        return self.send(EditRequest(prompt, model=model, aspect_ratio=aspect_ratio, image_size=image_size))

    def send(self, request: EditRequest) -> EditResult:
        """Send one request and return its result."""
        return self.perform(self.plan(request))

    def plan(self, request: EditRequest) -> Plan:
        """Check a request and make it ready, without sending anything."""
        return self._settings.plan(request)

    def perform(self, plan: Plan, *, take: int = 1) -> EditResult:
        """Carry out a plan."""
        self.endpoint.check_key()
        transport, seen = self._transport(), Seen(self.endpoint.is_sandbox)
        flow, started = _flow.edit(plan, retries=self._settings.retries), time.monotonic()
        failure: NanoBananaError | None = None
        try:
            action = next(flow)
            while True:
                action = flow.send(self._react(transport, action, take, seen))
        except StopIteration as done:
            outcome: _flow.Outcome = done.value
        except NanoBananaError as error:
            failure = error
        if failure is not None:
            raise self._settings.cleaned(failure)
        return self._settings.result(plan, outcome, time.monotonic() - started, take, seen.sandbox)

    def _react(
        self, transport: httpx.BaseTransport, action: _flow.Action, take: int, seen: Seen
    ) -> _flow.Reaction:
        if isinstance(action, _flow.Pause):
            time.sleep(action.seconds)
            return None
        if isinstance(action, _flow.Fetch):
            try:
                return self._fetch(action.url, named_by="answer", max_seconds=min(action.seconds, 60.0))
            except NanoBananaError as error:
                return error
        return self._post(transport, action, take, seen)

    def _post(
        self, transport: httpx.BaseTransport, post: _flow.Post, take: int, seen: Seen
    ) -> _flow.Reaction:
        ends, interrupted = time.monotonic() + post.seconds, False
        token = deadline_of_edit.set(ends)
        try:
            return self._exchange(transport, self._settings.http_request(post, take), ends, seen)
        except TROUBLE as error:
            broken = how_it_broke(error)
        except KeyboardInterrupt:
            interrupted = True
        finally:
            deadline_of_edit.reset(token)
        if interrupted:
            raise KeyboardInterrupt  # from here: the frames below held the request
        return broken

    def _exchange(
        self, transport: httpx.BaseTransport, request: httpx.Request, ends: float, seen: Seen
    ) -> _flow.Received:
        lifter = Lifter()
        response = transport.handle_request(request)
        try:
            for chunk in response.iter_bytes():
                lifter.feed(chunk)
                if time.monotonic() > ends:
                    raise httpx.ReadTimeout("deadline")
            return received(response, lifter, seen)
        finally:
            response.close()

    def _transport(self) -> httpx.BaseTransport:
        if self._closed:
            raise InvalidRequestError(say("client.closed"))
        if self._given is not None:
            return self._given
        with self._opening:
            if self._own is None:
                self._own = transport_of(self.endpoint)
            return self._own

    def close(self) -> None:
        """Close the connections."""
        self._closed = True
        if self._own is not None:
            self._own.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


class AsyncClient(Shared):
    """:class:`Client` for ``await``; tasks may share it, and each event loop gets its own connections."""

    def __init__(
        self,
        endpoint: Endpoint,
        *,
        retries: int = 2,
        deadline: float | None = None,
        strict: bool = False,
        transport: httpx.AsyncBaseTransport | None = None,
        download_transport: Any = None,
    ) -> None:
        self._settings = Settings(endpoint, retries, deadline, strict)
        self._given = transport
        self._own: WeakKeyDictionary[asyncio.AbstractEventLoop, httpx.AsyncBaseTransport]
        self._own = WeakKeyDictionary()
        self._download_transport = download_transport
        self._closed = False

    @property
    def endpoint(self) -> Endpoint:
        """Where requests go."""
        return self._settings.endpoint

    async def edit(
        self,
        images: Any,
        prompt: str,
        *,
        model: str | None = None,
        aspect_ratio: str | None = None,
        image_size: str | None = None,
    ) -> EditResult:
        """:meth:`Client.edit`."""
        fetch = partial(_fetch.fetch, transport=self._download_transport)
        pictures = await asyncio.to_thread(pictures_of, images, prompt, fetch)
        return await self.send(
            EditRequest(prompt, pictures, model=model, aspect_ratio=aspect_ratio, image_size=image_size)
        )

    async def generate(
        self,
        prompt: str,
        *,
        model: str | None = None,
        aspect_ratio: str | None = None,
        image_size: str | None = None,
    ) -> EditResult:
        """:meth:`Client.generate`."""
        return await self.send(
            EditRequest(prompt, model=model, aspect_ratio=aspect_ratio, image_size=image_size)
        )

    async def send(self, request: EditRequest) -> EditResult:
        """:meth:`Client.send`."""
        return await self.perform(await self.plan(request))

    async def plan(self, request: EditRequest) -> Plan:
        """:meth:`Client.plan`, in a thread: a conversion may take a while."""
        if not isinstance(request, EditRequest) or not request.images:
            return self._settings.plan(request)
        return await asyncio.to_thread(self._settings.plan, request)

    async def perform(
        self, plan: Plan, *, take: int = 1, go_on: Callable[[], bool] = lambda: True
    ) -> EditResult:
        """:meth:`Client.perform`; once ``go_on()`` is false, nothing is sent again."""
        self.endpoint.check_key()
        transport, seen = self._transport(), Seen(self.endpoint.is_sandbox)
        flow = _flow.edit(plan, retries=self._settings.retries, go_on=go_on)
        started = time.monotonic()
        failure: NanoBananaError | None = None
        try:
            action = next(flow)
            while True:
                action = flow.send(await self._react(transport, action, take, seen))
        except StopIteration as done:
            outcome: _flow.Outcome = done.value
        except NanoBananaError as error:
            failure = error
        if failure is not None:
            raise self._settings.cleaned(failure)
        return self._settings.result(plan, outcome, time.monotonic() - started, take, seen.sandbox)

    async def _react(
        self, transport: httpx.AsyncBaseTransport, action: _flow.Action, take: int, seen: Seen
    ) -> _flow.Reaction:
        if isinstance(action, _flow.Pause):
            await asyncio.sleep(action.seconds)
            return None
        if isinstance(action, _flow.Fetch):
            try:
                return await _fetch.afetch(
                    action.url, named_by="answer", max_seconds=min(action.seconds, 60.0),
                    transport=self._download_transport,
                )  # fmt: skip
            except NanoBananaError as error:
                return error
        return await self._post(transport, action, take, seen)

    async def _post(
        self, transport: httpx.AsyncBaseTransport, post: _flow.Post, take: int, seen: Seen
    ) -> _flow.Reaction:
        cancelled = False
        try:
            async with asyncio.timeout(post.seconds):
                return await self._exchange(transport, self._settings.http_request(post, take), seen)
        except TROUBLE as error:
            broken = how_it_broke(error)
        except asyncio.CancelledError:
            cancelled = True
        if cancelled:
            raise asyncio.CancelledError  # from here: the frames below held the request
        return broken

    async def _exchange(
        self, transport: httpx.AsyncBaseTransport, request: httpx.Request, seen: Seen
    ) -> _flow.Received:
        lifter = Lifter()
        response = await transport.handle_async_request(request)
        try:
            async for chunk in response.aiter_bytes():
                lifter.feed(chunk)
            return received(response, lifter, seen)
        finally:
            await response.aclose()

    def _transport(self) -> httpx.AsyncBaseTransport:
        if self._closed:
            raise InvalidRequestError(say("client.closed"))
        if self._given is not None:
            return self._given
        loop = asyncio.get_running_loop()
        if loop not in self._own:
            self._own[loop] = (
                sandbox_transport(self.endpoint)
                if self.endpoint.is_sandbox
                else Shards(connection_options(self.endpoint.base_url))
            )
        return self._own[loop]

    async def aclose(self) -> None:
        """Close the connections of this event loop."""
        self._closed = True
        own = self._own.pop(asyncio.get_running_loop(), None)
        if own is not None:
            await own.aclose()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.aclose()
