"""The client: drives the flow over httpx, by awaiting. :class:`Client` beside it waits for this one."""

from __future__ import annotations

import asyncio
import json
import os
import time
from collections.abc import Callable, Generator, Sequence
from contextlib import AbstractAsyncContextManager, nullcontext
from dataclasses import replace
from functools import partial
from ssl import SSLCertVerificationError
from typing import Any, Self, TypeVar, Unpack

import httpx

from .. import _flow
from .._actions import Action, Broken, Fetch, Owed, Pause, Post, Reaction, Received
from .._asking import edit_of, request_of, resolved
from .._catalog.prices import price as price_of
from .._catalog.prices import token_price
from .._fetch.download import Own, afetch, fetch
from .._fetch.keys import bare
from .._fetch.proxies import proxy_for
from .._fetch.trust import doubt, issuer_at, untold, way_out
from .._fetch.unpacking import unpacked
from .._fetch.urls import same_origin, shown_url
from .._images.data import ImageData
from .._messages import EditRequest, Settings, spelled
from .._result import EditResult, of_answer
from .._strings import say
from .._wire.echoes import Sent
from .._wire.plan import Plan
from ..errors import InvalidRequestError, NanoBananaError
from . import answered
from .attempt import Course
from .billing import charged, size_billed
from .clearing import cleared, cleared_error, cleared_names
from .connections import Carriers, as_async, begun, carrier_here
from .driving import TROUBLE, Coming, Options, Seen, how_it_broke, log_notes, received
from .endpoint import Endpoint
from .served import must_ask, serving
from .spoken import Spoken, spoken

T = TypeVar("T")
M = TypeVar("M", EditResult, Spoken)
_LONGEST_DOWNLOAD = 60.0
_ASKS_KEY = frozenset({401, 403})


class AsyncClient:
    """Edits pictures through one endpoint; tasks may share it, and each event loop gets its own connections.

    Args:
        endpoint: where to; a client never falls back to the sandbox.
        retries: how often a request that can't have run may be sent again; 0 is never.
        deadline: seconds in all for one edit; None chooses by size (300, 300, 600, more for several
            inputs), because a call given up may be billed all the same.
        strict: refuse a picture over a limit instead of converting or scaling it.
        transport: an httpx transport to send with, of either kind.
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
        transport: httpx.AsyncBaseTransport | httpx.BaseTransport | None = None,
        download_transport: Any = None,
    ) -> None:
        self.options = Options(endpoint, retries, deadline, strict)
        self._given = None if transport is None else as_async(transport)
        self._own = Carriers()
        self._fetch = partial(fetch, transport=download_transport)
        self._afetch = partial(afetch, transport=download_transport)
        self._over = ""

    @property
    def endpoint(self) -> Endpoint:
        """Where requests go."""
        return self.options.endpoint

    @spelled
    async def edit(self, images: Any, prompt: str, **settings: Unpack[Settings]) -> EditResult:
        """Edit one picture or several as ``prompt`` says; the settings are those of :class:`EditRequest`.

        Raises:
            NanoBananaError: with what happened and the next step.
        """
        return await self.send(await asyncio.to_thread(edit_of, images, prompt, settings, fetch=self._fetch))

    @spelled
    async def generate(self, prompt: str, **settings: Unpack[Settings]) -> EditResult:
        """Make a picture from words alone."""
        return await self.send(request_of(None, prompt, settings))

    async def send(self, request: EditRequest) -> EditResult:
        """Send one request and return its result."""
        try:
            return await self.perform(await self.plan(request))
        finally:
            log_notes(untold())

    async def plan(self, request: EditRequest) -> Plan:
        """Check a request and make it ready, in a thread, for it may take a while. Nothing is sent."""
        if not isinstance(request, EditRequest) or not (request.images or must_ask(self.endpoint)):
            return self.plan_of(request)
        return await asyncio.to_thread(self.plan_of, request)

    def plan_of(self, request: EditRequest) -> Plan:
        """:meth:`plan`, in the caller's thread; what only names a picture is read and fetched here."""
        if not isinstance(request, EditRequest):
            raise InvalidRequestError(say("client.request_bad", kind=type(request).__name__))
        given = self.options
        extra = json.dumps(request.extra, ensure_ascii=False, default=str) if request.extra else None
        given.endpoint.keep_out(prompt=request.prompt, model=request.model, extra=extra)
        read = resolved(request, self._fetch)
        endpoint = serving(given.endpoint, read.model)
        plan = _flow.plan(
            read,
            provider=endpoint.provider,
            wire=endpoint.wire,
            base_url=endpoint.base_url,
            deadline=given.deadline,
            strict=given.strict,
            extra=endpoint.extra,
        )
        return replace(plan, auth=endpoint.auth)

    async def perform(
        self,
        plan: Plan,
        *,
        take: int = 1,
        go_on: Callable[[], bool] = lambda: True,
        course: Course | None = None,
    ) -> EditResult:
        """Carry out a plan; once ``go_on()`` is false, nothing is sent again; ``course`` hears of it."""
        return await self._performed(plan, take, go_on, _result, course)

    async def ask(
        self,
        plan: Plan,
        *,
        take: int = 1,
        go_on: Callable[[], bool] = lambda: True,
        course: Course | None = None,
    ) -> Spoken:
        """Carry out the plan of a ``Question``; the answer is words."""
        return await self._performed(plan, take, go_on, spoken, course)

    async def _performed(
        self,
        plan: Plan,
        take: int,
        go_on: Callable[[], bool],
        made: Callable[..., M],
        course: Course | None,
    ) -> M:
        """Carry out a plan, and make of its answer what leaves this client."""
        self.endpoint.check_key()
        carrier, course = self._carrier(), course or Course(plan, take)
        seen = Seen(self.endpoint.takes_header, self.endpoint.is_sandbox, course=course)
        flow = _flow.edit(plan, retries=self.options.retries, go_on=lambda: go_on() and not self._over)
        started = time.monotonic()
        failure: NanoBananaError | asyncio.CancelledError
        try:
            async with carrier as transport:
                outcome = await self._drive(flow, transport, take, seen)
            elapsed = time.monotonic() - started
            answered.note(self.endpoint)
            result = made(plan, outcome, seen, self.endpoint, (take, elapsed))
        except (NanoBananaError, asyncio.CancelledError) as error:
            failure = error
        except Exception as error:
            # Whatever this is, it was paid for: it leaves as one of ours.
            if not seen.posts:
                raise
            failure = _flow.unforeseen(plan, error)
        else:
            await course.made(result)
            return result
        await course.failed(failure)
        raise cleared_error(failure, self.endpoint)

    async def collect(self, sent: Sent, links: Sequence[str]) -> tuple[ImageData, ...]:
        """The pictures an earlier attempt made and could not fetch, none of those ``sent``; nothing is sent.

        Raises:
            NanoBananaError: they can't be fetched; ``links`` has them where they may still be there.
        """
        failure: NanoBananaError | asyncio.CancelledError
        try:
            async with self._carrier() as transport:
                found = await self._drive(_flow.collect(sent, links), transport, 1, Seen())
            return cleared_names(found, self.endpoint)
        except (NanoBananaError, asyncio.CancelledError) as error:
            failure = error
        raise cleared_error(failure, self.endpoint)

    async def _drive(
        self,
        flow: Generator[Action, Reaction, T],
        transport: httpx.AsyncBaseTransport,
        take: int,
        seen: Seen,
    ) -> T:
        """Do what a flow asks for, to its end."""
        try:
            action = next(flow)
            while True:
                action = flow.send(await self._react(transport, action, take, seen))
        except StopIteration as done:
            value: T = done.value
            return value

    async def _react(
        self, transport: httpx.AsyncBaseTransport, action: Action, take: int, seen: Seen
    ) -> Reaction:
        if isinstance(action, Pause):
            if action.after and seen.course:
                await seen.course.failed(action.after, again=True)
            await asyncio.sleep(action.seconds)
            return None
        if isinstance(action, Owed):
            if seen.course:
                seen.course.here = cleared_names(action.here, self.endpoint)
                await seen.course.owes(tuple(map(self.endpoint.masked_address, action.links)))
            return None
        if isinstance(action, Fetch):
            seconds = min(action.seconds, _LONGEST_DOWNLOAD)
            try:
                url = self.endpoint.reached(action.url)
            except NanoBananaError as error:
                return error
            got = await self._download(url, seconds)
            # A link of the endpoint's own may ask for the key, and gets it there alone.
            if isinstance(got, NanoBananaError) and got.status in _ASKS_KEY and self._is_own(url):
                return await self._download(url, seconds, signed=True)
            return got
        return await self._post(transport, action, take, seen)

    def _is_own(self, url: str) -> bool:
        return self.endpoint.has_key and same_origin(url, self.endpoint.base_url)

    async def _download(self, url: str, seconds: float, *, signed: bool = False) -> bytes | NanoBananaError:
        headers, cancelled = httpx.Headers(), False
        if signed:
            self.endpoint.sign(headers)
        own = Own(self.endpoint.base_url, headers)
        try:
            return await self._afetch(url, named_by="answer", own=own, max_seconds=seconds)
        except NanoBananaError as error:
            problem = bare(error)
        except asyncio.CancelledError:
            cancelled = True
        if cancelled:
            raise asyncio.CancelledError  # from here: the frames below held the key
        return problem

    async def _post(
        self, transport: httpx.AsyncBaseTransport, post: Post, take: int, seen: Seen
    ) -> Reaction:
        request = self.options.http_request(post, take)
        assert seen.course is not None
        # What somebody's transport did before it was cut off, nobody knows.
        await seen.course.begin(partial(begun, request) if self._given is None else lambda: True)
        seen.posts += 1
        coming = Coming()
        came: Received | Broken
        try:
            async with asyncio.timeout(post.seconds):
                came = await self._exchange(transport, request, seen, coming)
        except TROUBLE as error:
            came = coming.after_all(error, seen) or await self._how_it_broke(error, request)
        seen.course.came(came.how if isinstance(came, Broken) else str(came.status))
        return came

    async def _exchange(
        self, transport: httpx.AsyncBaseTransport, request: httpx.Request, seen: Seen, coming: Coming
    ) -> Received:
        response = await transport.handle_async_request(request)
        lifter = coming.begin(response)
        try:
            async for chunk in unpacked(response):
                lifter.feed(chunk)
            return received(response, lifter, seen)
        finally:
            await response.aclose()

    async def _how_it_broke(self, error: BaseException, request: httpx.Request) -> Broken:
        url, wrong = str(request.url), doubt(error)
        if isinstance(wrong, SSLCertVerificationError):
            return Broken("refused_here", *way_out(wrong, os.environ, await issuer_at(url, os.environ)))
        if wrong is not None:
            return Broken("refused_here", *way_out(wrong, os.environ))
        broken = how_it_broke(error)
        if self._given is not None:  # what somebody's transport did before it failed, nobody knows
            return broken
        if broken.how == "broken" and not begun(request):
            broken = replace(broken, how="connect")  # a proxy hung up, or an idle connection was closed
        proxy = proxy_for(url, os.environ)
        if proxy and broken.how in ("connect", "refused_here"):
            broken = replace(broken, hint=say("fetch.proxy_failed_hint", proxy=shown_url(proxy)))
        return broken

    def _carrier(self) -> AbstractAsyncContextManager[httpx.AsyncBaseTransport]:
        if self._over:
            raise InvalidRequestError(say(self._over))
        if self._given is not None:
            return nullcontext(self._given)
        return carrier_here(self._own, self.endpoint)

    def forget(self) -> None:
        """Send nothing more with this key; what is on its way is answered."""
        self._over = "client.key_forgotten"

    async def aclose(self) -> None:
        """Close the connections of this event loop; one that carries an edit, at its end."""
        self._over = "client.closed"
        await self.rest()

    async def rest(self) -> None:
        """:meth:`aclose`, but a later edit opens new ones."""
        for own in self._own.pop(asyncio.get_running_loop(), {}).values():
            await own.aclose()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.aclose()

    # One set of connections when copied, and none in another process.

    def __copy__(self) -> Self:
        return self

    def __deepcopy__(self, memo: dict[int, Any]) -> Self:
        return self

    def __reduce__(self) -> tuple[Any, ...]:
        return remade(type(self), self.options)

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.endpoint!r}>"


def _result(
    plan: Plan, outcome: _flow.Performed, seen: Seen, endpoint: Endpoint, made: tuple[int, float]
) -> EditResult:
    """The result of an answer, with its cost and what is to be told; ``made``: which take, in how long."""
    take, elapsed = made
    payee = "sandbox" if seen.sandbox else plan.provider
    size = size_billed(plan, outcome.answer)
    rate = None if seen.sandbox else token_price(plan.model, plan.provider, image_size=size)
    price = price_of(plan.model, size, payee)
    cost, told = charged(plan, outcome.answer, price, rate)
    result = of_answer(
        plan, outcome.answer, cost=cost, elapsed=elapsed, request_id=outcome.request_id,
        attempts=outcome.attempts, warnings=(*outcome.warnings, *told, *seen.told), sandbox=seen.sandbox,
        take=take,
    )  # fmt: skip
    return cleared(result, endpoint)


def remade(kind: Any, options: Options) -> tuple[Any, ...]:
    """How a client is made again in another process."""
    given = {"retries": options.retries, "deadline": options.deadline, "strict": options.strict}
    return partial(kind, **given), (options.endpoint,)


__all__ = ["AsyncClient", "remade"]
