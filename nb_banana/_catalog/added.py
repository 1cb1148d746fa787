"""The row of a provider that another package adds, checked before anything is sent by it.

Rules of this file:

* A row is a table as those of ``providers.toml``; what it does not say is as at an address nobody knows.
* A row can send no key astray: its address is its own and no host of a known provider, and the one variable
  it may read is ``<NAME>_API_KEY``, which no other provider has. That key is used where it is named.
* A row sets no price: what a picture costs there is in the user's own prices, or unknown.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any, Final, Required, TypedDict

from .._plugins import Loaded
from .._strings import say
from .providers import PROVIDERS, Provider, key_variables

_NAME: Final = re.compile(r"[a-z][a-z0-9_]{0,39}")
_ADDRESS: Final = re.compile(r"https://((?:[a-z0-9-]+\.)+[a-z][a-z0-9-]*)(:\d{1,5})?(/[\w.-]+)*")
_VERSION: Final = re.compile(r"/v\d\w*$")
_HOST: Final = re.compile(r"(?<![a-z0-9-])([a-z0-9-]+\.)+[a-z][a-z0-9-]*")
_HEADER: Final = re.compile(r"authorization|api-key|x-[a-z0-9-]{1,60}", re.IGNORECASE)
_CHECK: Final = re.compile(r"(/[\w.-]+)+(\?[\w=&.-]*)?")
_NEEDED: Final = ("title", "base_url", "default_model")
_TEXTS: Final = ("hosts", "key_names", "wires", "sized_wires", "mime_types", "mask_fields")


class ProviderRow(TypedDict, total=False):
    """What the entry point of a provider gives: columns of ``Provider``, the first three at least."""

    title: Required[str]
    base_url: Required[str]
    default_model: Required[str]
    hosts: Sequence[str]
    key_names: Sequence[str]
    wires: Sequence[str]
    sized_wires: Sequence[str]
    key_header: str
    mime_types: Sequence[str]
    max_image_bytes: int
    max_request_bytes: int
    advised_edge: int
    id_prefix: str
    asks_for_pictures: bool
    asks_for_words: bool
    words_wire: str
    guide: str
    any_wire: bool
    response_format: str
    mask_fields: Sequence[str]
    key_check: str
    key_check_source: str


_FIELDS: Final = tuple(ProviderRow.__annotations__)


def provider_from(loaded: Loaded) -> Provider:
    """The provider of a plugin.

    Raises:
        InvalidRequestError: its row can't be used, and why; it names the package.
    """
    try:
        return _row(loaded.plugin.name, loaded.given)
    except (ValueError, TypeError) as reason:
        raise loaded.plugin.refused(reason) from None


def _row(name: str, given: Any) -> Provider:
    """The row, or ValueError with what is wrong with it."""
    if not isinstance(given, Mapping):
        raise TypeError(say("plugins.no_table", given=type(given).__name__))
    if not _NAME.fullmatch(name):
        raise ValueError(say("plugins.bad_name"))
    for field in _NEEDED:
        if not isinstance(given.get(field), str) or not given[field].strip():
            raise ValueError(say("plugins.no_field", field=field))
    if unknown := sorted(map(str, set(given) - set(_FIELDS))):
        raise ValueError(say("plugins.unknown_fields", fields=", ".join(unknown)))
    usual = PROVIDERS["custom"]
    values = {field: _value(field, given[field], getattr(usual, field)) for field in given}
    found = _ADDRESS.fullmatch(values["base_url"])
    if not found or _VERSION.search(values["base_url"]):
        raise ValueError(say("plugins.bad_base_url", value=values["base_url"]))
    values["hosts"] = _hosts(found[1], values.get("hosts", (found[1],)))
    values["key_names"] = _key_names(name, values.get("key_names"))
    for field, form in (("key_header", _HEADER), ("key_check", _CHECK)):
        if values.get(field) and not form.fullmatch(values[field]):
            raise ValueError(say("plugins.bad_field", field=field, value=values[field]))
    kept = {field: getattr(usual, field) for field in _FIELDS if field not in values}
    return Provider(**{**kept, **values}, name=name, named_only=True)


def _value(field: str, value: Any, usual: Any) -> Any:
    """A value of the kind that this field has."""
    if field in _TEXTS:
        fine = isinstance(value, (list, tuple)) and all(isinstance(one, str) and one for one in value)
        fine = fine and (bool(value) or field in ("key_names", "sized_wires"))
        value = tuple(value) if fine else value
    elif isinstance(usual, bool):
        fine = isinstance(value, bool)
    elif isinstance(usual, int):
        fine = isinstance(value, int) and not isinstance(value, bool) and value > 0
    else:
        fine = isinstance(value, str) and value.isprintable()
    if not fine:
        raise ValueError(say("plugins.bad_field", field=field, value=value))
    return value


def _hosts(own: str, hosts: tuple[str, ...]) -> tuple[str, ...]:
    for host in hosts:
        if not _HOST.fullmatch(host) or not _lies_in(own, host):
            raise ValueError(say("plugins.host_elsewhere", host=host[:80]))
    for row in PROVIDERS.values():
        for known in row.hosts:
            if taken := [host for host in (own, *hosts) if _lies_in(host, known) or _lies_in(known, host)]:
                raise ValueError(say("plugins.host_taken", host=taken[0], owner=row.title))
    return hosts


def _lies_in(host: str, domain: str) -> bool:
    return host == domain or host.endswith(f".{domain}")


def _key_names(name: str, asked: tuple[str, ...] | None) -> tuple[str, ...]:
    own = f"{name.upper()}_API_KEY"
    if own in key_variables():
        raise ValueError(say("plugins.key_taken", variable=own))
    for variable in asked or ():
        if variable != own:
            raise ValueError(say("plugins.key_elsewhere", variable=variable[:80], own=own))
    return (own,) if asked is None else asked
