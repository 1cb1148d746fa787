"""Where requests can go: one row per provider, and which row a base URL belongs to.

A row that another package adds (``added``) is there once a person named it, and by its name alone: no address
and no key leads to it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from importlib import import_module
from typing import Any, Final
from urllib.parse import urlsplit

from .. import _plugins
from .._strings import say
from ..errors import InvalidRequestError
from .load import Loaded, load


@dataclass(frozen=True, slots=True)
class Provider:
    """One provider: its address, its words, and the limits it sets on what comes in.

    Attributes:
        key_names: environment variables that hold its key, first found wins.
        key_prefixes: how its keys begin; a longer one of another row goes before a shorter one.
        id_prefix: what it puts before every model id (OpenRouter: ``google/``).
        wires: the wire forms it speaks, the best one first.
        sized_wires: those over which it takes an aspect ratio and a size.
        asks_for_pictures: whether its chat wants to hear that pictures are wanted, or answers in words.
        asks_for_words: whether its chat wants to hear that words are wanted: the sandbox would paint.
        words_wire: the wire over which it takes any model that answers in words; ``""`` is the one in use.
        key_header: ``x-goog-api-key``, or ``Authorization`` with a Bearer in front of the key.
        max_image_bytes, max_request_bytes: of one input picture, of the whole request.
        advised_edge: the longest edge it advises for an input picture, or None: told, never enforced.
        seconds: lowest and highest time of one edit where the provider, not the model, sets the pace.
        guide: the provider's own living guide.
        any_wire: whether every model is taken over every wire there is; else the model's row says which.
        named_only: its key is used where it is named, and never found by itself.
        response_format: what its Images API must be told to send pictures; ``""`` where it refuses the field.
        mask_fields: what its Images API calls a mask.
        key_check: what a good key is answered for nothing; ``""`` where nobody documents one.
        key_check_source: where that is documented.
        states_dollars: whether the cost that its replies state is in USD, as it documents.
        price: USD of one picture by its owner's word, which goes before every book; None is no word.
    """

    name: str
    title: str
    base_url: str
    hosts: tuple[str, ...]
    key_names: tuple[str, ...]
    default_model: str
    wires: tuple[str, ...]
    sized_wires: tuple[str, ...]
    key_header: str
    mime_types: tuple[str, ...]
    max_image_bytes: int
    max_request_bytes: int
    advised_edge: int | None = None
    id_prefix: str = ""
    key_prefixes: tuple[str, ...] = ()
    asks_for_pictures: bool = False
    asks_for_words: bool = False
    words_wire: str = ""
    seconds: tuple[float, float] | None = None
    guide: str = ""
    any_wire: bool = False
    named_only: bool = False
    response_format: str = ""
    mask_fields: tuple[str, ...] = ("mask",)
    key_check: str = ""
    key_check_source: str = ""
    states_dollars: bool = False
    price: Decimal | None = None

    @property
    def anywhere(self) -> bool:
        """Whether its address says which place it is: only its owner knows what is served there."""
        return not self.base_url


def key_header(auth: str) -> tuple[str, str]:
    """The header that carries a key, and what stands before the key in it: ``auth`` as an endpoint has it."""
    return ("Authorization", "Bearer ") if auth.lower() in ("authorization", "bearer") else (auth, "")


def _provider(name: str, row: Mapping[str, Any]) -> Provider:
    tuples = {key: tuple(value) for key, value in row.items() if isinstance(value, list)}
    return Provider(name=name, **{**row, **tuples})


def _load() -> dict[str, Provider]:
    return {name: _provider(name, row) for name, row in load("providers").items()}


PROVIDERS: Final = Loaded(_load)
_added: dict[str, Provider] = {}


def every_row() -> tuple[Provider, ...]:
    """All rows there are, those of other packages that somebody named among them."""
    return (*PROVIDERS.values(), *_added.values())


def key_variables() -> tuple[str, ...]:
    """The variables that hold a key of somebody."""
    return tuple(name for row in PROVIDERS.values() for name in row.key_names)


def row_named(name: str) -> Provider | None:
    """The row of this name, ours or another package's, which is loaded now; None where nobody has one.

    Raises:
        InvalidRequestError: a package has one that can't be used.
    """
    key = name.strip().lower()
    known = PROVIDERS.get(key) or _added.get(key)
    if known is None and (found := _plugins.load("provider", key)):
        known = _added.setdefault(key, import_module("nb_banana._catalog.added").provider_from(found))
    return known


def provider_names() -> tuple[str, ...]:
    """The names of all, those that other packages add last; none of these is loaded."""
    return _plugins.names("provider", PROVIDERS)


def provider_of(base_url: str) -> Provider:
    """The provider whose host ``base_url`` names; the ``custom`` row for every other host."""
    host = (urlsplit(base_url).hostname or "").rstrip(".").lower()
    for provider in PROVIDERS.values():
        if any(host == known or host.endswith(f".{known}") for known in provider.hosts):
            return provider
    return PROVIDERS["custom"]


def provider_of_key(key: str) -> Provider | None:
    """The provider whose keys look like this one, or None: a reason to ask, never an address to send to."""
    forms = [(prefix, row) for row in PROVIDERS.values() for prefix in row.key_prefixes]
    fitting = [(len(prefix), row) for prefix, row in forms if key.startswith(prefix)]
    return max(fitting, key=lambda one: one[0])[1] if fitting else None


def key_providers() -> tuple[Provider, ...]:
    """The providers a key can be for: all but the sandbox and the address of somebody else."""
    return tuple(row for row in PROVIDERS.values() if row.base_url and row.key_names)


def as_provider(provider: str | Provider) -> Provider:
    """The row itself, from its name or as given; a name that nobody is known by means a custom URL."""
    if isinstance(provider, Provider):
        return provider
    name, rows = provider.strip().lower(), PROVIDERS._rows  # the table itself: a click asks often
    return rows.get(name) or _added.get(name) or rows["custom"]


def named_provider(provider: str | Provider) -> Provider:
    """The row a person named; a name that no row has is refused rather than priced as a custom URL."""
    if isinstance(provider, Provider):
        return provider
    row = row_named(provider) if isinstance(provider, str) else None
    if row is None:
        choices = ", ".join(provider_names())
        raise InvalidRequestError(say("catalog.unknown_provider", given=repr(provider)[:80], choices=choices))
    return row
