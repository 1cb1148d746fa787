"""Where a key that a person gives may go: to the place they name, and nowhere else.

A key's form chooses no place. It can only make a choice doubtful, and then nothing is set until the
person says that they are sure.
"""

from __future__ import annotations

from .._catalog.providers import Provider, key_providers, named_provider, provider_of, provider_of_key
from .._client.endpoint import Endpoint
from .._fetch.base_url import normalise_base_url
from .._fetch.keys import bare, clean_key
from .._strings import say
from .._wire.wires import WireName
from ..errors import InvalidRequestError, NanoBananaError


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
