"""Endpoints and the two clients: thin drivers of the flow.

Rules of the room:

* A client decides nothing about an edit; it sends, waits and fetches what the flow asks for.
* The key is put on a request at the last moment and lives nowhere else: not in a repr, a pickle, a
  log, or the frames of a traceback. Errors are raised outside of ``except`` blocks for that reason.
* Time is a total: every read and write gets what is left of the deadline, so that a trickle can't
  outlast it, and Ctrl-C or a cancelled task closes the socket at once.
* Proxies, certificates and connections are ours: the environment's variables are read through
  ``_fetch``, which says what is wrong with them instead of failing on import.
"""

from __future__ import annotations

import asyncio
import os
import threading
import time
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from contextvars import ContextVar
from dataclasses import dataclass
from functools import cache, partial
from typing import TYPE_CHECKING, Any, Final, Self
from urllib.parse import urlsplit
from weakref import WeakKeyDictionary

import httpcore
import httpx

from . import _catalog as catalog
from . import _fetch, _flow, _result, _sockets
from ._images import ImageData, as_images
from ._messages import EditRequest
from ._result import EditResult
from ._strings import say
from ._wire import Body, Lifter, Plan, ReplyTooLargeError
from .errors import AuthenticationError, InvalidImageError, InvalidRequestError, NanoBananaError

if TYPE_CHECKING:
    import ssl

    from ._sandbox import SandboxTransport

_CONNECT_SECONDS: Final = 15.0
_SHARDS: Final = 8
TAKE_HEADER: Final = "X-NB-Banana-Take"
SANDBOX_HEADER: Final = "x-nb-banana-sandbox"


# --- where requests go ---------------------------------------------------------------------------


class _Secret:
    """A key that can be used and can't be seen, copied to disk or sent to another process."""

    __slots__ = ("_reveal",)

    def __init__(self, value: str) -> None:
        self._reveal = (lambda: value) if value else None

    def __bool__(self) -> bool:
        return self._reveal is not None

    def reveal(self) -> str:
        return self._reveal() if self._reveal else ""

    def __repr__(self) -> str:
        return "***" if self else "None"

    def __reduce__(self) -> tuple[Any, ...]:
        return _Secret, ("",)


class Endpoint:
    """A provider's address, the wire to speak there, and the key for it. Never changes.

    Args:
        base_url: the host, with or without a path such as ``/v1``; plain http only to this machine.
        api_key: the key; it goes into a header, to this host only.
        wire: ``"gemini"`` (native) or ``"openai"`` (chat completions).
        name: the provider's row in the catalog; found from the host when left out.
        auth: ``"bearer"`` or the name of the header that carries the key; the provider's own when None.

    Raises:
        InvalidRequestError: base_url, wire or auth can't be used.
        AuthenticationError: the key is malformed; it is not printed.
    """

    __slots__ = ("_secret", "auth", "base_url", "delay", "fault", "name", "notice", "wire")

    base_url: str
    wire: catalog.Wire
    name: str
    auth: str
    notice: str
    fault: str | list[str] | None
    delay: float
    _secret: _Secret

    def __init__(
        self,
        base_url: str,
        api_key: str | None = None,
        *,
        wire: catalog.Wire = "gemini",
        name: str | None = None,
        auth: str | None = None,
    ) -> None:
        for given, name_of in ((base_url, "base_url"), ("" if api_key is None else api_key, "api_key")):
            if not isinstance(given, str):
                raise InvalidRequestError(say("client.not_text", name=name_of, kind=type(given).__name__))
        base_url = _fetch.normalise_base_url(base_url)
        if wire not in ("gemini", "openai"):
            raise InvalidRequestError(say("client.wire_unknown", wire=wire))
        provider = catalog.as_provider(name) if name else catalog.provider_of(base_url)
        if wire not in provider.wires:
            choices = " / ".join(f"wire={known!r}" for known in provider.wires)
            raise InvalidRequestError(
                say("client.wire_not_spoken", provider=provider.title, wire=wire, choices=choices)
            )
        set_value = partial(object.__setattr__, self)
        set_value("base_url", base_url)
        set_value("wire", wire)
        set_value("name", provider.name)
        set_value("auth", auth or provider.key_header)
        set_value("fault", None)
        set_value("delay", 0.0)
        set_value("notice", "")
        set_value("_secret", _Secret(_fetch.clean_key(api_key) if api_key is not None else ""))

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError(f"Endpoint.{name}")

    @classmethod
    def apiyi(cls, key: str, *, wire: catalog.Wire = "gemini") -> Endpoint:
        """API易 (api.apiyi.com)."""
        return cls(catalog.PROVIDERS["apiyi"].base_url, key, wire=wire)

    @classmethod
    def google(cls, key: str) -> Endpoint:
        """Google's own Gemini API."""
        return cls(catalog.PROVIDERS["google"].base_url, key)

    @classmethod
    def openrouter(cls, key: str) -> Endpoint:
        """OpenRouter."""
        return cls(catalog.PROVIDERS["openrouter"].base_url, key, wire="openai")

    @classmethod
    def sandbox(
        cls, fault: str | list[str] | None = None, delay: float = 0.0, *, wire: catalog.Wire = "gemini"
    ) -> Endpoint:
        """The built-in stand-in: no key, no network, no cost. ``fault`` plays a failure."""
        made = cls(catalog.PROVIDERS["sandbox"].base_url, wire=wire, name="sandbox")
        object.__setattr__(made, "fault", fault)
        object.__setattr__(made, "delay", delay)
        from ._sandbox import SandboxTransport

        SandboxTransport(fault=fault, delay=delay)  # an unknown fault says so here, not at the first edit
        return made

    @classmethod
    def from_env(cls, environ: Mapping[str, str] | None = None) -> Endpoint:
        """The endpoint the environment names.

        In this order: ``NB_BANANA_API_KEY`` (with ``NB_BANANA_BASE_URL``, else API易),
        ``APIYI_API_KEY``, ``GOOGLE_API_KEY``, ``GEMINI_API_KEY``, ``OPENROUTER_API_KEY``. Others that
        are set are named once in :attr:`notice`. A base URL on this machine needs no key.

        Raises:
            AuthenticationError: there is no key.
        """
        found = env_endpoint(os.environ if environ is None else environ)
        if found is None:
            raise AuthenticationError(say("client.no_key"))
        return found

    @property
    def provider(self) -> catalog.Provider:
        """The catalog's row of this host."""
        return catalog.PROVIDERS[self.name]

    @property
    def has_key(self) -> bool:
        """Whether a key was given."""
        return bool(self._secret)

    @property
    def is_sandbox(self) -> bool:
        """Whether this is the built-in sandbox."""
        return self.name == "sandbox"

    @property
    def takes_header(self) -> bool:
        """Whether the take may be named: to a sandbox, never to a provider."""
        return self.is_sandbox or _fetch.is_loopback(urlsplit(self.base_url).hostname or "")

    def on(self, wire: catalog.Wire) -> Endpoint:
        """The same place and key on another wire."""
        made = Endpoint(self.base_url, wire=wire, name=self.name, auth=self.auth)
        for name in ("fault", "delay", "_secret"):
            object.__setattr__(made, name, getattr(self, name))
        return made

    def check_key(self) -> None:
        """Raise :class:`AuthenticationError` if this host needs a key and has none."""
        if not (self.has_key or self.takes_header):
            raise AuthenticationError(say("client.key_needed", host=urlsplit(self.base_url).netloc))

    def sign(self, headers: httpx.Headers) -> None:
        """Put the key on a request."""
        if not self._secret:
            return
        if self.auth.lower() in ("authorization", "bearer"):
            headers["Authorization"] = f"Bearer {self._secret.reveal()}"
        else:
            headers[self.auth] = self._secret.reveal()

    def masked(self, text: str) -> str:
        """``text`` without this endpoint's key or any echo of it."""
        return _fetch.mask(text, [self._secret.reveal()]) if self._secret else text

    def __repr__(self) -> str:
        key = say("client.key_hidden") if self.has_key else say("client.key_none")
        return f"<Endpoint {self.name} {self.base_url} wire={self.wire} {key}>"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Endpoint) and self._facts() == other._facts() and (
            self._secret.reveal() == other._secret.reveal()
        )

    def __hash__(self) -> int:
        return hash(self._facts())

    def _facts(self) -> tuple[Any, ...]:
        return (self.base_url, self.wire, self.name, self.auth, repr(self.fault), self.delay)

    def __copy__(self) -> Endpoint:
        return self

    def __deepcopy__(self, memo: dict[int, Any]) -> Endpoint:
        return self

    def __reduce__(self) -> tuple[Any, ...]:
        # The key stays here; a worker elsewhere reads its own environment.
        return _restored, (*self._facts()[:4], self.fault, self.delay)


def _restored(
    base_url: str, wire: catalog.Wire, name: str, auth: str, fault: Any, delay: float
) -> Endpoint:
    key = next((os.environ[n] for n in _key_names(catalog.PROVIDERS[name]) if os.environ.get(n)), None)
    made = Endpoint(base_url, key if name != "sandbox" else None, wire=wire, name=name, auth=auth)
    object.__setattr__(made, "fault", fault)
    object.__setattr__(made, "delay", delay)
    return made


def _key_names(provider: catalog.Provider) -> tuple[str, ...]:
    return ("NB_BANANA_API_KEY", *provider.key_names)


def env_endpoint(environ: Mapping[str, str]) -> Endpoint | None:
    """The endpoint the environment names, or None if it names none."""
    base_url = environ.get("NB_BANANA_BASE_URL", "").strip()
    wire: Any = environ.get("NB_BANANA_WIRE", "").strip().lower() or None
    known = [("NB_BANANA_API_KEY", base_url or catalog.PROVIDERS["apiyi"].base_url)]
    known += [(name, p.base_url) for p in catalog.PROVIDERS.values() for name in p.key_names]
    present = [(name, url) for name, url in known if environ.get(name, "").strip()]
    if base_url and not environ.get("NB_BANANA_API_KEY", "").strip():
        # The address alone serves a local sandbox; a provider's own key serves its own address.
        normal = _fetch.normalise_base_url(base_url)
        mine = [(n, normal) for n, _ in present if n in catalog.provider_of(normal).key_names]
        if not mine:
            made = Endpoint(normal, wire=wire or catalog.provider_of(normal).wires[0])
            made.check_key()
            return made
        present = mine + [entry for entry in present if entry[0] != mine[0][0]]
    if not present:
        return None
    name, url = present[0]
    provider = catalog.provider_of(_fetch.normalise_base_url(url))
    made = Endpoint(url, environ[name], wire=wire or provider.wires[0])
    others = [other for other, _ in present[1:]]
    if others:
        object.__setattr__(made, "notice", say("client.other_keys", used=name, others=", ".join(others)))
    return made


# --- the connection ------------------------------------------------------------------------------

_deadline: ContextVar[float] = ContextVar("nb_banana_deadline", default=float("inf"))


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
    left = _deadline.get() - time.monotonic()
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


def _connection_options(base_url: str) -> dict[str, Any]:
    return {
        "verify": _ssl_context() if base_url.startswith("https") else False,
        "trust_env": False,
        "proxy": _fetch.proxy_for(base_url, os.environ),
        "limits": httpx.Limits(max_connections=None, max_keepalive_connections=32, keepalive_expiry=30),
    }


def _transport(endpoint: Endpoint) -> httpx.BaseTransport:
    if endpoint.is_sandbox:
        return _sandbox_transport(endpoint)
    transport = httpx.HTTPTransport(**_connection_options(endpoint.base_url))
    # httpx has no total timeout and no public place for a network backend; this is the one seam.
    pool: Any = transport._pool
    pool._network_backend = _DeadlineBackend(pool._network_backend)
    return transport


def _sandbox_transport(endpoint: Endpoint) -> SandboxTransport:
    from ._sandbox import SandboxTransport

    return SandboxTransport(fault=endpoint.fault, delay=endpoint.delay)


class _Shards(httpx.AsyncBaseTransport):
    """Several connection pools behind one face: httpx's own slows down with the square of its size."""

    def __init__(self, options: Mapping[str, Any]) -> None:
        self._pools = [httpx.AsyncHTTPTransport(**options) for _ in range(_SHARDS)]
        for transport in self._pools:
            pool: Any = transport._pool
            pool._network_backend = _sockets.LoopBackend()
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


class _Upload(httpx.SyncByteStream, httpx.AsyncByteStream):
    """A body that becomes base64 while it is sent, and can be sent again."""

    def __init__(self, body: Body) -> None:
        self._body = body

    def __iter__(self) -> Iterator[bytes]:
        return iter(self._body)

    async def __aiter__(self) -> AsyncIterator[bytes]:
        for piece in self._body:
            yield piece


# --- the clients ---------------------------------------------------------------------------------


class _Shared:
    """What both clients are when copied: one set of connections, and none in another process."""

    _settings: _Settings

    def __copy__(self) -> Self:
        return self

    def __deepcopy__(self, memo: dict[int, Any]) -> Self:
        return self

    def __reduce__(self) -> tuple[Any, ...]:
        given = self._settings
        kind: Any = type(self)
        options = {"retries": given.retries, "deadline": given.deadline, "strict": given.strict}
        return partial(kind, **options), (given.endpoint,)

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self._settings.endpoint!r}>"


@dataclass(frozen=True, slots=True)
class _Settings:
    endpoint: Endpoint
    retries: int
    deadline: float | None
    strict: bool

    def __post_init__(self) -> None:
        if not isinstance(self.endpoint, Endpoint):
            raise InvalidRequestError(say("client.endpoint_bad", kind=type(self.endpoint).__name__))
        if isinstance(self.retries, bool) or not isinstance(self.retries, int) or not 0 <= self.retries <= 10:
            raise InvalidRequestError(say("client.retries_bad", value=self.retries))
        if self.deadline is not None and not (
            isinstance(self.deadline, (int, float)) and 0 < self.deadline < 86_400
        ):
            raise InvalidRequestError(say("client.deadline_bad", value=self.deadline))

    def plan(self, request: EditRequest) -> Plan:
        if not isinstance(request, EditRequest):
            raise InvalidRequestError(say("client.request_bad", kind=type(request).__name__))
        return _flow.plan(
            request,
            provider=self.endpoint.provider,
            wire=self.endpoint.wire,
            base_url=self.endpoint.base_url,
            deadline=self.deadline,
            strict=self.strict,
        )

    def http_request(self, post: _flow.Post, take: int) -> httpx.Request:
        local = self.endpoint.takes_header
        headers = httpx.Headers(
            {
                "Host": urlsplit(post.url).netloc,
                "Content-Type": "application/json",
                "Content-Length": str(len(post.body)),
                "Accept": "application/json",
                "Accept-Encoding": "identity" if local else "gzip, deflate",
                "User-Agent": "nb_banana",
            }
        )
        if local:
            headers[TAKE_HEADER] = str(take)
        self.endpoint.sign(headers)
        seconds = max(post.seconds, 0.001)
        timeout = dict.fromkeys(("read", "write", "pool"), seconds)
        timeout["connect"] = min(_CONNECT_SECONDS, seconds)
        return httpx.Request(
            "POST", post.url, headers=headers, stream=_Upload(post.body), extensions={"timeout": timeout}
        )

    def result(
        self, plan: Plan, outcome: _flow.Outcome, elapsed: float, take: int, sandbox: bool
    ) -> EditResult:
        answer = outcome.answer
        cost = answer.cost or catalog.price(
            plan.model, plan.asked.image_size, "sandbox" if sandbox else plan.provider
        )
        return _result.of_answer(
            plan,
            answer,
            cost=cost,
            elapsed=elapsed,
            request_id=outcome.request_id,
            attempts=outcome.attempts,
            warnings=outcome.warnings,
            sandbox=sandbox,
            take=take,
        )

    def cleaned(self, error: NanoBananaError) -> NanoBananaError:
        """The error without the key, and without the frames that held the request."""
        for name in ("message", "hint", "body", "text"):
            setattr(error, name, self.endpoint.masked(getattr(error, name)))
        error.args = (error.message,)
        error.__cause__ = error.__context__ = None
        return error.with_traceback(None)


@dataclass(slots=True)
class _Seen:
    """What a driver learned on the side."""

    sandbox: bool = False


def _received(response: httpx.Response, lifter: Lifter, seen: _Seen) -> _flow.Received:
    seen.sandbox = seen.sandbox or response.headers.get(SANDBOX_HEADER) == "1"
    headers = {name.lower(): value for name, value in response.headers.items()}
    return _flow.Received(response.status_code, headers, lifter.finish())


def _how(error: BaseException) -> _flow.Broken:
    """What a connection's end means: had anything been sent or not."""
    reason = str(error).strip() or type(error).__name__
    if isinstance(error, ReplyTooLargeError):
        return _flow.Broken("too_large")
    if isinstance(error, httpx.DecodingError):
        return _flow.Broken("undecodable", reason)
    if isinstance(error, (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.ProxyError)):
        hopeless = "certificate" in reason.lower() or isinstance(error, httpx.ProxyError)
        return _flow.Broken("refused_here" if hopeless else "connect", reason)
    if isinstance(error, (httpx.UnsupportedProtocol, httpx.LocalProtocolError)):
        return _flow.Broken("refused_here", reason)
    if isinstance(error, (httpx.TimeoutException, TimeoutError)):
        return _flow.Broken("deadline")
    return _flow.Broken("broken", reason)


_TROUBLE: Final = (httpx.HTTPError, httpx.StreamError, httpcore.NetworkError, ReplyTooLargeError, OSError)


def _pictures(images: Any, fetch: Any) -> tuple[ImageData, ...]:
    """The pictures of an edit: none at all is a slip that would pay for a picture from words alone."""
    pictures = as_images(images, fetch=fetch)
    if not pictures:
        raise InvalidImageError(say("client.no_pictures"))
    return pictures


class Client(_Shared):
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
        self._settings = _Settings(endpoint, retries, deadline, strict)
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
        pictures = _pictures(images, self._fetch)
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
        transport, seen = self._transport(), _Seen(self.endpoint.is_sandbox)
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
        self, transport: httpx.BaseTransport, action: _flow.Action, take: int, seen: _Seen
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
        self, transport: httpx.BaseTransport, post: _flow.Post, take: int, seen: _Seen
    ) -> _flow.Reaction:
        ends, interrupted = time.monotonic() + post.seconds, False
        token = _deadline.set(ends)
        try:
            return self._exchange(transport, self._settings.http_request(post, take), ends, seen)
        except _TROUBLE as error:
            broken = _how(error)
        except KeyboardInterrupt:
            interrupted = True
        finally:
            _deadline.reset(token)
        if interrupted:
            raise KeyboardInterrupt  # from here: the frames below held the request
        return broken

    def _exchange(
        self, transport: httpx.BaseTransport, request: httpx.Request, ends: float, seen: _Seen
    ) -> _flow.Received:
        lifter = Lifter()
        response = transport.handle_request(request)
        try:
            for chunk in response.iter_bytes():
                lifter.feed(chunk)
                if time.monotonic() > ends:
                    raise httpx.ReadTimeout("deadline")
            return _received(response, lifter, seen)
        finally:
            response.close()

    def _transport(self) -> httpx.BaseTransport:
        if self._closed:
            raise InvalidRequestError(say("client.closed"))
        if self._given is not None:
            return self._given
        with self._opening:
            if self._own is None:
                self._own = _transport(self.endpoint)
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


class AsyncClient(_Shared):
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
        self._settings = _Settings(endpoint, retries, deadline, strict)
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
        pictures = await asyncio.to_thread(_pictures, images, fetch)
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
        transport, seen = self._transport(), _Seen(self.endpoint.is_sandbox)
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
        self, transport: httpx.AsyncBaseTransport, action: _flow.Action, take: int, seen: _Seen
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
        self, transport: httpx.AsyncBaseTransport, post: _flow.Post, take: int, seen: _Seen
    ) -> _flow.Reaction:
        cancelled = False
        try:
            async with asyncio.timeout(post.seconds):
                return await self._exchange(transport, self._settings.http_request(post, take), seen)
        except _TROUBLE as error:
            broken = _how(error)
        except asyncio.CancelledError:
            cancelled = True
        if cancelled:
            raise asyncio.CancelledError  # from here: the frames below held the request
        return broken

    async def _exchange(
        self, transport: httpx.AsyncBaseTransport, request: httpx.Request, seen: _Seen
    ) -> _flow.Received:
        lifter = Lifter()
        response = await transport.handle_async_request(request)
        try:
            async for chunk in response.aiter_bytes():
                lifter.feed(chunk)
            return _received(response, lifter, seen)
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
                _sandbox_transport(self.endpoint)
                if self.endpoint.is_sandbox
                else _Shards(_connection_options(self.endpoint.base_url))
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


