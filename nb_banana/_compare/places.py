"""The places of a plan: where its cells are asked, each by a plain text that finds it again.

Rules of this file:

* A label is a provider's name where it is the provider's own address, else the address; never a key.
* A place that can't be used here (no key for it, an address nobody allowed) is an error of its cells, and
  costs nothing.
* What a file says of a place is somebody else's word: it sets no price and allows nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final, TypeAlias

from .._catalog.providers import as_provider, row_named
from .._client.endpoint import Endpoint
from .._client.places import looked_in
from .._fetch.keys import bare
from .._history.identity import base_url_of
from .._history.record import Record
from .._session.placing import endpoint_at
from .._strings import say
from .._wire.requests import checked_fields
from ..errors import AuthenticationError, InvalidRequestError, NanoBananaError
from .cells import OWN, Place
from .given import Choice, filled, in_order

SANDBOX: Final = "sandbox"


Spot: TypeAlias = Endpoint | str | None
Endpoints: TypeAlias = Spot | Iterable[Spot] | Mapping[str, Spot]
"""What people give for places: one or several, of which None is the session's own; a mapping names them."""


def facts_of(place: Place) -> dict[str, Any]:
    """What a file keeps of a place: no key, no price."""
    made: dict[str, Any] = {"at": place.found_by}
    if place.endpoint is not None:
        made |= {"wire": place.endpoint.wire, "wire_asked": place.endpoint.wire_asked}
        made |= {"model": place.endpoint.model, "extra": dict(place.endpoint.extra)}
    return made


def gave(place: Place, record: Record) -> bool:
    """Whether a record is of this place; the sandbox shows anybody's."""
    if place.label is None or place.found_by == SANDBOX:
        return True
    return place.found_by in (record.provider, base_url_of(record))


def places_of(given: Any) -> tuple[Choice, ...]:
    """The places of one axis, as given: an endpoint, a provider's name, an address, several, or by name.

    Raises:
        InvalidRequestError: there is none, or one is neither an endpoint nor names one.
    """
    in_order(given, "endpoints")
    if isinstance(given, Mapping):
        named: list[Choice] = [(str(name), one) for name, one in given.items()]
    elif given is None or isinstance(given, (str, Endpoint)):
        named = [(None, given)]
    elif isinstance(given, Iterable):
        named = [(None, one) for one in given]
    else:
        raise InvalidRequestError(say("compare.bad_endpoint", place="", kind=type(given).__name__))
    found = [(name, _place(one, number)) for number, (name, one) in enumerate(filled("endpoints", named))]
    labels = _unlike([place.label for _, place in found])
    return tuple((name, _called(place, label)) for (name, place), label in zip(found, labels, strict=True))


def _place(given: Any, number: int) -> Place:
    if given is None:
        return OWN
    if isinstance(given, Endpoint):
        return _at(given)
    if not isinstance(given, str):
        kind = type(given).__name__
        raise InvalidRequestError(say("compare.bad_endpoint", place=f"[{number}]", kind=kind))
    try:
        return _at(_found(given))
    except AuthenticationError as error:
        row = row_named(given)
        if row is None:
            return Place(given.strip(), found_by=given.strip(), error=bare(error))
        # Without a key it still says what is served there, and how.
        keyless = Endpoint(row.base_url, wire=row.wires[0], name=row.name)
        return Place(row.name, keyless, row.name, bare(error))


def _found(named: str) -> Endpoint:
    """A place by its name or address, with the key that the session in question finds for it."""
    return endpoint_at(named, places=looked_in())


def _at(endpoint: Endpoint) -> Place:
    own = as_provider(endpoint.name).base_url == endpoint.base_url
    found_by = endpoint.name if own else endpoint.base_url
    return Place(found_by, endpoint, found_by)


def _called(place: Place, label: str | None) -> Place:
    return Place(label, place.endpoint, place.found_by, place.error)


def _unlike(labels: Sequence[str | None]) -> list[str | None]:
    """Each label once: ``apiyi``, ``apiyi #2``."""
    made: list[str | None] = []
    for label in labels:
        again = sum(label == other for other in labels[: len(made)])
        made.append(f"{label} #{again + 1}" if again and label is not None else label)
    return made


def place_from(label: str, facts: Mapping[str, Any]) -> Place:
    """A place as a file names it, with the key that this environment gives to it."""
    found_by = str(facts["at"])
    try:
        made = _found(found_by).on(facts["wire"]) if "wire" in facts else _found(found_by)
        made = made.but(wire_asked=bool(facts.get("wire_asked")), extra=checked_fields(facts.get("extra")))
        if made.name == "local":
            made = made.but(model=str(facts.get("model") or ""))
        return Place(label, made, found_by)
    except NanoBananaError as error:
        return Place(label, None, found_by, bare(error))
