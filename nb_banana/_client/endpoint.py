"""Where requests go, and the key that goes with them and is never seen."""

from __future__ import annotations

import os
from collections.abc import Mapping
from functools import partial
from typing import Any
from urllib.parse import urlsplit

import httpx

from .._catalog.providers import PROVIDERS, Provider, as_provider, provider_of
from .._fetch.base_url import normalise_base_url
from .._fetch.keys import clean_key, mask
from .._fetch.urls import is_loopback
from .._strings import say
from .._wire.wires import WIRES, WireName
from ..errors import AuthenticationError, InvalidRequestError, NanoBananaError
from .environment import held_keys, key_for, looked_for, named_address, usable_key, variables_for


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
        wire: the format of requests: ``"gemini"`` (native) or ``"openai"`` (chat completions).
        name: the provider's row in the catalog; found from the host when left out.
        auth: ``"bearer"`` or the name of the header that carries the key; the provider's own when None.

    Raises:
        InvalidRequestError: base_url, wire or auth can't be used.
        AuthenticationError: the key is malformed; it is not printed.
    """

    __slots__ = ("_secret", "auth", "base_url", "delay", "fault", "name", "notice", "wire", "wire_asked")

    base_url: str
    wire: WireName
    wire_asked: bool  # of the sandbox: only a record of this very wire may answer
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
        wire: WireName = "gemini",
        name: str | None = None,
        auth: str | None = None,
    ) -> None:
        for given, name_of in ((base_url, "base_url"), ("" if api_key is None else api_key, "api_key")):
            if not isinstance(given, str):
                raise InvalidRequestError(say("client.not_text", name=name_of, kind=type(given).__name__))
        base_url = normalise_base_url(base_url)
        if wire not in list(WIRES):  # which asks no hash of whatever was given
            choices = " / ".join(f"{known.name!r} ({known.title})" for known in WIRES.values())
            raise InvalidRequestError(say("client.wire_unknown", wire=wire, choices=choices))
        provider = as_provider(name) if name else provider_of(base_url)
        if wire not in provider.wires:
            choices = " / ".join(f"wire={known!r}" for known in provider.wires)
            raise InvalidRequestError(
                say("client.wire_not_spoken", provider=provider.title, wire=wire, choices=choices)
            )
        set_value = partial(object.__setattr__, self)
        set_value("base_url", base_url)
        set_value("wire", wire)
        set_value("wire_asked", False)
        set_value("name", provider.name)
        set_value("auth", auth or provider.key_header)
        set_value("fault", None)
        set_value("delay", 0.0)
        set_value("notice", "")
        set_value("_secret", _Secret(clean_key(api_key) if api_key is not None else ""))

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError(f"Endpoint.{name}")

    @classmethod
    def apiyi(cls, key: str, *, wire: WireName = "gemini") -> Endpoint:
        """API易 (api.apiyi.com)."""
        return cls(PROVIDERS["apiyi"].base_url, key, wire=wire)

    @classmethod
    def google(cls, key: str) -> Endpoint:
        """Google's own Gemini API."""
        return cls(PROVIDERS["google"].base_url, key)

    @classmethod
    def openrouter(cls, key: str) -> Endpoint:
        """OpenRouter."""
        return cls(PROVIDERS["openrouter"].base_url, key, wire="openai")

    @classmethod
    def sandbox(
        cls, fault: str | list[str] | None = None, delay: float = 0.0, *, wire: WireName | None = None
    ) -> Endpoint:
        """The built-in stand-in: no key, no network, no cost. ``fault`` plays a failure.

        It answers from every provider's records first; where ``wire`` is given, from those of this wire.
        """
        made = cls(PROVIDERS["sandbox"].base_url, wire=wire or "gemini", name="sandbox")
        object.__setattr__(made, "wire_asked", wire is not None)
        object.__setattr__(made, "fault", fault)
        object.__setattr__(made, "delay", delay)
        from .._sandbox.transport import SandboxTransport

        SandboxTransport(fault=fault, delay=delay)  # an unknown fault says so here, not at the first edit
        return made

    @classmethod
    def from_env(cls, environ: Mapping[str, str] | None = None) -> Endpoint:
        """The endpoint the environment names.

        In this order: ``NB_BANANA_API_KEY`` (with ``NB_BANANA_BASE_URL``, else API易),
        ``APIYI_API_KEY``, ``GOOGLE_API_KEY``, ``GEMINI_API_KEY``, ``OPENROUTER_API_KEY``. Others that
        are set are named once in :attr:`notice`. A base URL on this machine needs no key.

        Raises:
            AuthenticationError: there is no key, it can't be one, or ``NB_BANANA_API_KEY`` stands alone
                and its form is plainly that of a provider other than API易.
            InvalidRequestError: ``NB_BANANA_BASE_URL`` can't be used.
        """
        found = env_endpoint(environ)
        if found is None:
            raise AuthenticationError(say("client.no_key"), hint=looked_for())
        return found

    @property
    def provider(self) -> Provider:
        """The catalog's row of this host."""
        return PROVIDERS[self.name]

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
        return self.is_sandbox or is_loopback(urlsplit(self.base_url).hostname or "")

    def on(self, wire: WireName) -> Endpoint:
        """The same place and key on another wire."""
        made = Endpoint(self.base_url, wire=wire, name=self.name, auth=self.auth)
        for name in ("fault", "delay", "_secret"):
            object.__setattr__(made, name, getattr(self, name))
        object.__setattr__(made, "wire_asked", True)
        return made

    def check_key(self) -> None:
        """Raise :class:`AuthenticationError` if this host needs a key and has none."""
        if not (self.has_key or self.takes_header):
            host, variable = urlsplit(self.base_url).netloc, variables_for(self.base_url)
            raise AuthenticationError(
                say("client.key_needed", host=host, variable=variable), hint=say("client.key_needed_hint")
            )

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
        return mask(text, [self._secret.reveal()]) if self._secret else text

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
        # The key stays here. A process elsewhere asks its own environment for the key of this very address.
        return _restored, (*self._facts()[:4], self.fault, self.delay)


def bare(error: NanoBananaError) -> NanoBananaError:
    """The error without the frames it came through: they hold a key, and a verbose traceback prints them."""
    error.__cause__ = error.__context__ = None
    return error.with_traceback(None)


def _restored(
    base_url: str, wire: WireName, name: str, auth: str, fault: Any, delay: float
) -> Endpoint:
    key = None if name == "sandbox" else key_for(os.environ, base_url)
    made = Endpoint(base_url, key, wire=wire, name=name, auth=auth)
    object.__setattr__(made, "fault", fault)
    object.__setattr__(made, "delay", delay)
    return made


def env_endpoint(environ: Mapping[str, str] | None = None) -> Endpoint | None:
    """The endpoint the environment names, this process's when None, or None if it names none."""
    try:
        return _endpoint_of(os.environ if environ is None else environ)
    except NanoBananaError as error:
        problem = bare(error)
    raise problem


def _endpoint_of(environ: Mapping[str, str]) -> Endpoint | None:
    named, held = named_address(environ), held_keys(environ)
    wire: Any = environ.get("NB_BANANA_WIRE", "").strip().lower() or None
    if named and not (held and held[0].address == named):  # the address alone serves a local sandbox
        made = Endpoint(named, wire=wire or provider_of(named).wires[0])
        made.check_key()
        return made
    if not held:
        return None
    used, *others = held
    wire = wire or provider_of(used.address).wires[0]
    made = Endpoint(used.address, usable_key(environ, used), wire=wire)
    if others:
        names = ", ".join(other.name for other in others)
        object.__setattr__(made, "notice", say("client.other_keys", used=used.name, others=names))
    return made
