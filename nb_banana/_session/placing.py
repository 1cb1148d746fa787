"""Where an edit goes when a person names the place, and where a key that they give may go.

Rules of this file:

* A key goes to the place it is for, and nowhere else: a provider named takes the key of its own variable, an
  address the one that the environment gives to that very address.
* A key's form chooses no place. It can only make a choice doubtful, and then nothing is set until the
  person says that they are sure.
* ``NB_BANANA_WIRE`` is for the place that the environment names, and for no other.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from difflib import get_close_matches
from typing import Any, Final
from urllib.parse import urlsplit

from .._catalog.providers import (
    PROVIDERS,
    Provider,
    key_providers,
    named_provider,
    provider_names,
    provider_of,
    provider_of_key,
    row_named,
)
from .._client.endpoint import Endpoint
from .._client.environment import held_keys, named_address, usable_key, variables_for
from .._client.places import HERE, Place, find, key_at
from .._fetch.base_url import normalise_base_url
from .._fetch.keys import bare, clean_key, keyless, mask
from .._fetch.urls import is_loopback, is_private
from .._strings import say
from .._wire.wires import WireName
from ..errors import AuthenticationError, InvalidRequestError, NanoBananaError

_ADDRESS: Final = re.compile(r"[.:/]|localhost", re.IGNORECASE)
"""What no provider's name holds."""
_SHOWN: Final = 80


# --- a place by its name or address --------------------------------------------------------------


def place_names() -> tuple[str, ...]:
    """The places that have a name of their own, those that other packages add among them."""
    return tuple(name for name in provider_names() if name not in PROVIDERS or not PROVIDERS[name].anywhere)


@keyless
def endpoint_at(text: str, *, insecure: bool = False, places: Sequence[Place] = HERE) -> Endpoint:
    """The endpoint that a person names: a provider, or an http(s) address.

    A server on this machine or in a private network is one of one's own (:meth:`Endpoint.local`) and needs no
    key; elsewhere the environment must hold the key of the very place.

    Args:
        text: ``"apiyi"``, ``"sandbox"``, …, or an address such as ``"http://127.0.0.1:8000"``.
        insecure: allow plain http to a private address; that is told.
        places: where its key is looked for.

    Raises:
        InvalidRequestError: it is neither, or plain http to a private address that nobody allowed.
        AuthenticationError: the environment holds no key for this place, or one that can't be used.
    """
    if not isinstance(text, str):
        raise InvalidRequestError(say("session.bad_place", kind=type(text).__name__))
    given = text.strip()
    row = None if _ADDRESS.search(given) else row_named(given)
    if row is not None and row.name == "sandbox":
        return Endpoint.sandbox()
    if row is not None and not row.anywhere:
        return _with_key(_address_of(row, places), row, places)
    if not _ADDRESS.search(given):
        raise _no_such_place(given)
    address = normalise_base_url(given, insecure=True)
    host = urlsplit(address).hostname or ""
    if not (is_loopback(host) or is_private(host)):
        return _with_key(address, provider_of(address), places)
    if address.startswith("http:") and not is_loopback(host) and not insecure:
        sentence = say("session.plain_http", address=address)
        raise InvalidRequestError(sentence, hint=say("session.plain_http_hint", address=address))
    wire = _wire_for(address, places) or "images"
    return Endpoint.local(address, key=key_at(address, places), wire=wire, insecure=True)


def _no_such_place(given: str) -> InvalidRequestError:
    near = get_close_matches(given.lower(), place_names(), n=1)
    meant = say("session.place_meant", name=near[0]) if near else ""
    hint = say("session.place_hint", names=", ".join(place_names())) + meant
    return InvalidRequestError(say("session.no_such_place", given=mask(given[:_SHOWN], [])), hint=hint)


def _address_of(row: Provider, places: Sequence[Place]) -> str:
    """A provider's own address, or the one of its hosts that ``NB_BANANA_BASE_URL`` names."""
    usual = find(places).place
    named = named_address(usual) if usual is not None else ""
    return named if named and provider_of(named).name == row.name else row.base_url


def _with_key(address: str, row: Provider, places: Sequence[Place]) -> Endpoint:
    """The endpoint of an address with the key that the first of these places gives to it."""
    wire = _wire_for(address, places) or row.wires[0]
    made = Endpoint(address, key_at(address, places), wire=wire, name=row.name)
    if not made.has_key:
        raise _no_key(made, places)
    return made


def _wire_for(address: str, places: Sequence[Place]) -> Any:
    """What ``NB_BANANA_WIRE`` says of an address: nothing, unless the environment names this one."""
    found = find(places)
    if found.place is None or (named_address(found.place) or found.address) != address:
        return None
    return found.place.get("NB_BANANA_WIRE", "").strip().lower() or None


def _no_key(at: Endpoint, places: Sequence[Place]) -> AuthenticationError:
    """What is wrong with the variable that holds the key of a place, or which one to set."""
    try:
        for place in places:
            for one in held_keys(place, named_too=True, address=at.base_url):
                usable_key(place, one, place.source(one.name))
    except AuthenticationError as error:
        return error
    variable = variables_for(at.base_url)
    host = urlsplit(at.base_url).netloc
    return AuthenticationError(
        say("session.no_key_there", place=host, variable=variable), hint=say("session.no_key_there_hint")
    )


# --- a key that a person gives -------------------------------------------------------------------


def endpoint_for(
    key: str, *, provider: str | None, base_url: str | None, wire: WireName | None, sure: bool
) -> Endpoint | NanoBananaError:
    """The endpoint of a key at the place named, or what is wrong, without a frame that holds the key."""
    try:
        looks = provider_of_key(_clean(key))
        row = _place(provider, base_url, looks)
        if looks is not None and not sure and row.name not in ("custom", looks.name):
            raise InvalidRequestError(
                say("session.key_mismatch", looks=looks.title, chosen=row.title),
                hint=say("session.key_mismatch_hint", looks=looks.name),
            )
        return Endpoint(base_url or row.base_url, key, wire=wire or row.wires[0], name=row.name)
    except NanoBananaError as error:
        return bare(error)


def _clean(key: object) -> str:
    if not isinstance(key, str):
        raise InvalidRequestError(say("client.not_text", name="key", kind=type(key).__name__))
    return clean_key(key)


def _place(
    provider: str | None, base_url: str | None, looks: Provider | None
) -> Provider:
    """The row of the place: as named, else of the address."""
    if not provider and not base_url:
        own = key_providers()
        choices = ", ".join(one.name for one in own)
        raise InvalidRequestError(
            say("session.key_where_looks", looks=looks.title) if looks else say("session.key_where"),
            hint=say("session.key_where_hint", example=(looks or own[0]).name, choices=choices),
        )
    row = named_provider(provider or "custom")
    if base_url and row.name == "custom":
        row = provider_of(normalise_base_url(base_url))
    if row.name == "sandbox":
        raise InvalidRequestError(say("session.key_sandbox"))
    if not (base_url or row.base_url):
        raise InvalidRequestError(say("session.key_no_address"))
    return row
