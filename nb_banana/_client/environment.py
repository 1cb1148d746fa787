"""Which key of an environment goes to which address: the one rule, in this process and in every other.

* A variable is for one address. ``NB_BANANA_API_KEY`` is for ``NB_BANANA_BASE_URL``, or for API易 where that
  is not set. A provider's own variable is for the provider's own address, or for ``NB_BANANA_BASE_URL``
  where that is a host of this provider and has no key of its own.
* Nothing is guessed from a key's form. A form is a reason to stop: ``NB_BANANA_API_KEY`` names no provider,
  so without an address a key that is plainly another provider's is not sent to API易.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from typing import Final, NamedTuple

from .._catalog.providers import PROVIDERS, every_row, provider_of, provider_of_key
from .._fetch.base_url import normalise_base_url
from .._fetch.keys import clean_key
from .._strings import say
from ..errors import AuthenticationError, InvalidRequestError

ANY_HOST: Final = "NB_BANANA_API_KEY"
ADDRESS: Final = "NB_BANANA_BASE_URL"
WIRE: Final = "NB_BANANA_WIRE"
_USUAL: Final = "apiyi"


class KeyHolder(NamedTuple):
    """A variable that holds a key, and the only address its key may go to."""

    name: str
    address: str


def named_address(environ: Mapping[str, str]) -> str:
    """What ``NB_BANANA_BASE_URL`` names, or ``""``; :class:`InvalidRequestError` if it can't be used."""
    given = environ.get(ADDRESS, "").strip()
    return normalise_base_url(given) if given else ""


def key_variables(*, named_too: bool = False) -> tuple[str, ...]:
    """The variables that can hold a key, in order; ``named_too`` as for :func:`held_keys`."""
    rows = [row for row in every_row() if named_too or not row.named_only]
    return tuple(dict.fromkeys((ANY_HOST, *(name for row in rows for name in row.key_names))))


def held_keys(
    environ: Mapping[str, str], *, named_too: bool = False, address: str | None = None
) -> list[KeyHolder]:
    """The variables that hold a key, the one to use first in front.

    Args:
        environ: the variables; of a place that has to be asked, no more are than need be.
        named_too: those of providers whose key is used only where they are named.
        address: only those whose key is for this very address.
    """
    named = named_address(environ)
    served = "" if not named or environ.get(ANY_HOST, "").strip() else provider_of(named).name
    known = [KeyHolder(ANY_HOST, named or PROVIDERS[_USUAL].base_url)]
    known += [
        KeyHolder(variable, named if provider.name == served else provider.base_url)
        for provider in every_row()
        for variable in provider.key_names
        if variable != ANY_HOST and (named_too or not provider.named_only)
    ]
    known = known if address is None else [one for one in known if one.address == address]
    present = [one for one in known if environ.get(one.name, "").strip()]
    return sorted(present, key=lambda one: one.address != named)


def usable_key(environ: Mapping[str, str], held: KeyHolder, called: str = "") -> str:
    """The key of a variable, or :class:`AuthenticationError` saying why it can't be used.

    ``called``: what a person calls the variable, where its name alone does not say where it stands.
    """
    try:
        key = clean_key(environ[held.name])
    except AuthenticationError as error:
        sentence = say("client.key_in", name=called or held.name, problem=error.message)
        raise AuthenticationError(sentence, hint=error.hint) from None
    looks = provider_of_key(key)
    if held.name != ANY_HOST or named_address(environ) or looks is None or looks.name == _USUAL:
        return key
    raise AuthenticationError(
        say("client.key_astray", name=called or held.name, looks=looks.title, usual=PROVIDERS[_USUAL].title),
        hint=say("client.key_astray_hint", variable=looks.key_names[0], address=ADDRESS, url=looks.base_url),
    )


def key_for(environ: Mapping[str, str], address: str) -> str | None:
    """The key this environment gives to this very address; None if none, or none that can be used."""
    with suppress(InvalidRequestError):  # where NB_BANANA_BASE_URL is no address, no key is given to any
        for one in held_keys(environ, named_too=True, address=address):
            with suppress(AuthenticationError):
                return usable_key(environ, one)
    return None


def variables_for(address: str) -> str:
    """What to set, for a person, so that ``address`` gets a key."""
    own = [row for row in every_row() if row.key_names and row.base_url == address]
    if own:
        return own[0].key_names[0]
    return say("client.both_variables", key=ANY_HOST, address=ADDRESS, url=address)
