"""Where requests go, and the key that goes with them and is never seen."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from decimal import Decimal
from hashlib import blake2b
from typing import Any, Final, Literal
from urllib.parse import unquote, urlsplit

import httpx

from .._catalog.names import Fault
from .._catalog.providers import (
    PROVIDERS,
    Provider,
    as_provider,
    key_header,
    named_provider,
    provider_of,
)
from .._fetch.base_url import normalise_base_url
from .._fetch.keys import NO_WORD, bare, clean_key, keyless, mask_address, mask_pieces, with_key
from .._fetch.urls import is_loopback, split
from .._strings import say
from .._wire.requests import checked_fields
from .._wire.wires import BUILT_IN, WireName, wire_named
from ..errors import AuthenticationError, InvalidRequestError, NanoBananaError
from .environment import usable_key, variables_for
from .places import HERE, Found, find, key_at, looked_for, troubles
from .secret import Secret

_SHOWN: Final = 60
_HEADER: Final = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]{1,100}")
_TAKEN: Final = frozenset({
    "host", "content-type", "content-length", "content-encoding", "transfer-encoding", "connection", "accept",
    "accept-encoding", "user-agent", "expect", "te", "trailer", "upgrade", "keep-alive",
})  # fmt: skip
"""Headers that the request itself, or the connection, is made with."""


@dataclass(frozen=True, slots=True, init=False, repr=False)
class Endpoint:
    """A provider's address, the wire to speak there, and the key for it. Never changes.

    Args:
        base_url: the host, with or without a path such as ``/v1``; plain http only to this machine.
        api_key: the key; it goes into a header, to this host only.
        wire: the format of requests: ``"gemini"`` (native), ``"openai"`` (chat completions) or ``"images"``
            (the Images API). A model that the provider takes over another wire alone goes over that one.
        name: the provider's row in the catalog; found from the host when left out.
        auth: ``"bearer"`` or the name of the header that carries the key; the provider's own when None.
        insecure: allow plain http to a private address; that is told.

    Raises:
        InvalidRequestError: base_url, wire or auth can't be used.
        AuthenticationError: the key is malformed; it is not printed.
    """

    base_url: str
    wire: WireName
    name: str
    auth: str
    delay: float
    fault: str | list[str] | None = field(hash=False)
    extra: Mapping[str, Any] = field(hash=False)
    _secret: Secret = field(hash=False)
    model: str  # of a server of one's own: the one it runs; "" asks it
    price: Decimal | None  # of one picture there, in USD, by the user's word
    wire_asked: bool = field(compare=False)  # by name: no model goes over another
    notice: str = field(compare=False)

    @keyless
    def __init__(
        self,
        base_url: str,
        api_key: str | None = None,
        *,
        wire: WireName = "gemini",
        name: str | None = None,
        auth: Literal["bearer"] | str | None = None,
        insecure: bool = False,
    ) -> None:
        for given, name_of in ((base_url, "base_url"), ("" if api_key is None else api_key, "api_key")):
            if not isinstance(given, str):
                raise InvalidRequestError(say("client.not_text", name=name_of, kind=type(given).__name__))
        base_url = normalise_base_url(base_url, insecure=insecure)
        there = wire_named(wire)
        provider = named_provider(name) if name else provider_of(base_url)
        if wire not in provider.wires and not (provider.any_wire and there.name not in BUILT_IN):
            choices = " / ".join(f"wire={known!r}" for known in provider.wires)
            raise InvalidRequestError(
                say("client.wire_not_spoken", provider=provider.title, wire=wire, choices=choices)
            )
        secret = Secret(clean_key(api_key) if api_key is not None else "")
        host = urlsplit(base_url)
        plain = host.scheme == "http" and not is_loopback(host.hostname or "")
        self._set(
            base_url=base_url, wire=wire, name=provider.name, delay=0.0, fault=None, extra={}, _secret=secret,
            auth=_header(auth or provider.key_header, secret), model="", price=None, wire_asked=False,
            notice=say("client.insecure", host=host.netloc) if plain else "",
        )  # fmt: skip

    def _set(self, **values: Any) -> None:
        for name, value in values.items():
            object.__setattr__(self, name, value)
        # Whatever makes an endpoint comes by here, and all of these are shown, kept and pickled.
        extra = json.dumps(dict(self.extra), ensure_ascii=False, default=str) if self.extra else None
        self.keep_out(base_url=unquote(self.base_url), auth=self.auth, model=self.model, extra=extra)

    @keyless
    def but(self, **changes: Any) -> Endpoint:
        """The same endpoint, otherwise in these fields."""
        made = object.__new__(Endpoint)
        made._set(**{one.name: getattr(self, one.name) for one in fields(self)} | changes)
        return made

    @classmethod
    @keyless
    def apiyi(cls, key: str, *, wire: WireName = "gemini") -> Endpoint:
        """API易 (api.apiyi.com)."""
        return cls(PROVIDERS["apiyi"].base_url, key, wire=wire)

    @classmethod
    @keyless
    def google(cls, key: str) -> Endpoint:
        """Google's own Gemini API."""
        return cls(PROVIDERS["google"].base_url, key)

    @classmethod
    @keyless
    def openrouter(cls, key: str) -> Endpoint:
        """OpenRouter."""
        return cls(PROVIDERS["openrouter"].base_url, key, wire="openai")

    @classmethod
    @keyless
    def openai(cls, key: str | None = None) -> Endpoint:
        """OpenAI's own Images API; without a key that of ``OPENAI_API_KEY``, read only where OpenAI is named.

        Raises:
            AuthenticationError: there is no key.
        """
        row = PROVIDERS["openai"]
        made = cls(row.base_url, key_at(row.base_url) if key is None else key, wire="images")
        made.check_key()
        return made

    @classmethod
    @keyless
    def local(
        cls,
        base_url: str,
        model: str | None = None,
        wire: WireName = "images",
        price: float | Decimal | str | None = None,
        *,
        key: str | None = None,
        insecure: bool = False,
    ) -> Endpoint:
        """A server of your own, such as vLLM-Omni, SGLang, LocalAI or a LiteLLM proxy.

        Args:
            base_url: its address, such as ``"http://127.0.0.1:8000"``.
            model: the model it runs; None asks it at first use.
            wire: what it speaks.
            price: USD of one picture there by your word, 0 for nothing; None is unknown.
            key: where it wants one.
            insecure: allow plain http to a private address; that is told.

        Raises:
            InvalidRequestError: base_url, wire or price can't be used.
        """
        made = cls(base_url, key, wire=wire, name="local", insecure=insecure)
        return made.but(model=(model or "").strip(), price=_amount(price))

    @classmethod
    @keyless
    def custom(
        cls,
        base_url: str,
        key: str | None = None,
        *,
        wire: WireName = "gemini",
        auth: Literal["bearer"] | str | None = None,
        extra: Mapping[str, Any] | None = None,
        insecure: bool = False,
    ) -> Endpoint:
        """Any address, with further fields that every request there needs.

        Args:
            base_url, key, wire, auth, insecure: as for :class:`Endpoint`.
            extra: the fields, such as ``{"modalities": ["image", "text"]}``; objects join what is sent
                otherwise, and a field that is None is left out of it.

        Raises:
            InvalidRequestError: ``extra`` is no plain JSON, or sets the model, the prompt, pictures or a key.
        """
        return cls(base_url, key, wire=wire, auth=auth, insecure=insecure).but(extra=checked_fields(extra))

    @classmethod
    def sandbox(
        cls, fault: Fault | list[Fault] | None = None, delay: float = 0.0, *, wire: WireName | None = None
    ) -> Endpoint:
        """The built-in stand-in: no key, no network, no cost. ``fault`` plays a failure.

        It answers from every provider's records first; where ``wire`` is given, from those of this wire.
        """
        from .._sandbox.transport import SandboxTransport

        SandboxTransport(fault=fault, delay=delay)  # an unknown fault says so here, not at the first edit
        made = cls(PROVIDERS["sandbox"].base_url, wire=wire or "gemini", name="sandbox")
        return made.but(wire_asked=wire is not None, fault=fault, delay=delay)

    @classmethod
    def from_env(cls, environ: Mapping[str, str] | None = None) -> Endpoint:
        """The endpoint the environment names: this process's variables, then Colab's secrets, then Kaggle's.

        In each in this order: ``NB_BANANA_API_KEY`` (with ``NB_BANANA_BASE_URL``, else API易),
        ``APIYI_API_KEY``, ``GOOGLE_API_KEY``, ``GEMINI_API_KEY``, ``OPENROUTER_API_KEY``. Others that
        are set are named once in ``notice``. A base URL on this machine needs no key.

        Args:
            environ: look in this mapping, and nowhere else.

        Raises:
            AuthenticationError: there is no key, it can't be one, or ``NB_BANANA_API_KEY`` stands alone
                and its form is plainly that of a provider other than API易.
            InvalidRequestError: ``NB_BANANA_BASE_URL`` can't be used.
        """
        try:
            found = env_endpoint() if environ is None else env_endpoint((environ,))
        finally:
            environ = None  # a verbose traceback prints arguments
        if found is None:
            raise AuthenticationError(say("client.no_key"), hint=looked_for())
        return found

    @property
    def provider(self) -> Provider:
        """The catalog's row of this host; of a server of one's own with the model it runs and its price."""
        row = as_provider(self.name)
        if self.wire not in row.wires:  # another package's, at a place that takes any
            row = replace(row, wires=(*row.wires, self.wire), sized_wires=(*row.sized_wires, self.wire))
        return replace(row, default_model=self.model, price=self.price) if self.name == "local" else row

    @property
    def has_key(self) -> bool:
        """Whether a key was given."""
        return bool(self._secret)

    @property
    def key_hint(self) -> str:
        """The key's last four characters, so that its owner knows it; of a short one ``""``."""
        return self._secret.hint

    def key_mark(self, salt: bytes) -> bytes:
        """What tells this key at this address from any other, to those who have the salt."""
        return blake2b(f"{self._secret.reveal()}\n{self.base_url}".encode(), key=salt).digest()

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
        known = Endpoint(self.base_url, wire=wire, name=self.name, insecure=True)
        return self.but(wire=known.wire, wire_asked=True)

    def check_key(self) -> None:
        """Raise :class:`AuthenticationError` if this host needs a key and has none."""
        if not (self.has_key or self.takes_header or self.name == "local"):
            host, variable = urlsplit(self.base_url).netloc, variables_for(self.base_url)
            raise AuthenticationError(
                say("client.key_needed", host=host, variable=variable), hint=say("client.key_needed_hint")
            )

    def sign(self, headers: httpx.Headers) -> None:
        """Put the key on a request."""
        if not self._secret:
            return
        name, before = key_header(self.auth)
        headers[name] = before + self._secret.reveal()

    def masked(self, text: str) -> str:
        """``text`` without this endpoint's key or any echo of it, and without other people's secrets."""
        return self.masked_pieces([text])[0]

    def masked_pieces(self, pieces: Sequence[str]) -> list[str]:
        """:meth:`masked` for a text that came in pieces."""
        return mask_pieces(pieces, [self._secret.reveal()])

    def masked_address(self, url: str) -> str:
        """An address as it may be kept: what signs it stays, keys don't."""
        return mask_address(url, [self._secret.reveal()])

    def reached(self, url: str) -> str:
        """What to fetch for an address that an answer names, or that was kept of one.

        The key in it goes to this endpoint's own host only; there it is put back where it was masked.

        Raises:
            InvalidRequestError: it would carry the key to another host.
        """
        there, here = split(url)[:2], split(self.base_url)[:2]
        if there != here and self._holds(unquote(url)):
            sentence = say("client.link_with_key", host=there[1].rpartition("@")[2], own=here[1])
            raise InvalidRequestError(sentence, status=403)
        return with_key(url, self._secret.reveal()) if there == here else url

    def keep_out(self, **words: object) -> None:
        """Raise :class:`InvalidRequestError` where a person typed this endpoint's key in the wrong place."""
        for name, text in words.items():
            if isinstance(text, str) and self._holds(text):  # what is no text is refused by name elsewhere
                raise InvalidRequestError(say("client.key_inside", name=name))

    def _holds(self, text: str) -> bool:
        """Whether the key stands in a text; one that is short may be a word."""
        key = self._secret.reveal()
        return len(key) >= NO_WORD and key in text

    def __repr__(self) -> str:
        key = say("client.key_hidden") if self.has_key else say("client.key_none")
        return f"<Endpoint {self.name} {self.base_url} wire={self.wire} {key}>"

    def __copy__(self) -> Endpoint:
        return self

    def __deepcopy__(self, memo: dict[int, Any]) -> Endpoint:
        return self

    def __reduce__(self) -> tuple[Any, ...]:
        # The key stays here. A process elsewhere asks its own environment for the key of this very address.
        kept = {one.name: getattr(self, one.name) for one in fields(self) if one.name != "_secret"}
        return _restored, (kept,)


def _header(name: str, secret: Secret) -> str:
    """What carries the key.

    Raises:
        InvalidRequestError: no header is called so, or the request needs it for itself.
    """
    if not (isinstance(name, str) and _HEADER.fullmatch(name)) or name.lower() in _TAKEN:
        (shown,) = mask_pieces([repr(name)], [secret.reveal()])
        raise InvalidRequestError(say("client.auth_bad", value=shown[:_SHOWN]))
    return name


def _amount(price: float | Decimal | str | None) -> Decimal | None:
    """A price as an exact amount, None for none.

    Raises:
        InvalidRequestError: it is no amount.
    """
    if price is None:
        return None
    try:
        amount = Decimal(str(price))
    except ArithmeticError:
        amount = Decimal(-1)
    if not amount.is_finite() or amount < 0 or isinstance(price, bool):
        raise InvalidRequestError(say("client.bad_price", price=price))
    return amount


@keyless
def _restored(kept: dict[str, Any]) -> Endpoint:
    named_provider(kept["name"])  # a row of another package is there once it was named, as is its variable
    key = None if kept["name"] == "sandbox" else key_at(kept["base_url"])
    return Endpoint(kept["base_url"], key, name=kept["name"], wire=kept["wire"], insecure=True).but(**kept)


def env_endpoint(several: Sequence[Mapping[str, str]] = HERE) -> Endpoint | None:
    """The endpoint that the first of these places names, or None if none does."""
    try:
        return _endpoint_of(find(several))
    except NanoBananaError as error:
        problem = bare(error)
    del several  # a verbose traceback prints arguments
    raise problem


def _endpoint_of(found: Found) -> Endpoint | None:
    place = found.place
    if place is None:
        return None
    wire: Any = place.get("NB_BANANA_WIRE", "").strip().lower() or provider_of(found.address).wires[0]
    if not found.held:  # the address alone serves a local sandbox
        made = Endpoint(found.address, wire=wire)
        made.check_key()
        return made
    used, *others = found.held
    made = Endpoint(found.address, usable_key(place, used, found.source), wire=wire)
    names = ", ".join(other.name for other in others)
    told = [say("client.other_keys", used=used.name, others=names)] if others else []
    return made.but(notice=" ".join([*told, *troubles(found.looked)]))
