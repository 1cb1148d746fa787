"""An endpoint as it serves one model: the id that a server of one's own runs, the wire that carries it.

A server is asked at first use, and again now and then. Nothing is guessed: one that names several models, or
none, is an error.
"""

from __future__ import annotations

import json
import os
import threading
import time
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

import httpx

from .._catalog.models import find_model
from .._fetch.trust import doubt, way_out
from .._strings import say
from .._wire.wires import BUILT_IN
from ..errors import InvalidRequestError, NanoBananaError
from .question import ask

if TYPE_CHECKING:
    from .endpoint import Endpoint

_SECONDS: Final = 3.0
_KEPT: Final = 30.0
"""Seconds an answer holds: a server may be started again with another model."""
_MOST: Final = 2**20
_SHOWN: Final = 12

_lock = threading.Lock()
_Place = tuple[str, int]
"""An address, and the hash of what it is asked with: the key itself is kept nowhere."""
_asking: dict[_Place, threading.Lock] = {}
_known: dict[_Place, tuple[float, tuple[str, ...], str]] = {}


def serving(endpoint: Endpoint, model: str | None) -> Endpoint:
    """The endpoint as ``model`` is asked of it: named, and on the wire that carries the model there.

    A wire that was asked for by name stays, as does that of an address that only its owner knows. So does one
    that another package adds, where any model is taken over it: no model's row can name that one.

    Raises:
        InvalidRequestError: a server of one's own can't say what it runs.
    """
    there = named(endpoint) if model is None else endpoint
    row = there.provider
    if there.wire_asked or row.anywhere or (row.any_wire and there.wire not in BUILT_IN):
        return there
    info = find_model(model, row).info
    able = [wire for wire in row.wires if info and wire in info.wires]
    return there if not able or there.wire in able else there.but(wire=able[0])


def must_ask(endpoint: Endpoint) -> bool:
    """Whether the server must be asked for the model it runs: over the network, so not where a loop runs."""
    return endpoint.name == "local" and not endpoint.model


def named(endpoint: Endpoint) -> Endpoint:
    """The endpoint with the model it runs, which the server is asked for where nobody said.

    Raises:
        InvalidRequestError: it can't be asked, or names none or several.
    """
    if not must_ask(endpoint):
        return endpoint
    names = names_at(endpoint)
    if len(names) == 1:
        return endpoint.but(model=names[0])
    host, shown = urlsplit(endpoint.base_url).netloc, ", ".join(names[:_SHOWN])
    shown += " …" if len(names) > _SHOWN else ""
    raise InvalidRequestError(say("client.served_many", host=host, count=len(names), names=shown))


def names_at(endpoint: Endpoint) -> tuple[str, ...]:
    """The models a server of one's own says it runs: one at least.

    Raises:
        InvalidRequestError: it can't be asked, or names none.
    """
    names, reason = _served(endpoint)
    if not names:
        host = urlsplit(endpoint.base_url).netloc
        raise InvalidRequestError(
            say("client.served_none", host=host, reason=reason or "{}"), hint=say("client.served_none_hint")
        )
    return names


def _served(endpoint: Endpoint) -> tuple[tuple[str, ...], str]:
    """The names, or none and the reason; what was told lately is not asked again.

    A key may see other models than another one, so each asks for itself; and a server that is slow holds up
    nobody at another.
    """
    headers = httpx.Headers()
    endpoint.sign(headers)
    place = endpoint.base_url, hash(tuple(headers.items()))
    with _lock:
        asking = _asking.setdefault(place, threading.Lock())
    with asking:
        since, names, reason = _known.get(place, (0.0, (), ""))
        if since and time.monotonic() - since < (_KEPT if names else 1.0):
            return names, reason
        names, reason = _asked(endpoint)
        _known[place] = time.monotonic(), names, reason
        return names, reason


def _asked(endpoint: Endpoint) -> tuple[tuple[str, ...], str]:
    try:
        reply = ask(endpoint, f"{endpoint.base_url}/v1/models", seconds=_SECONDS, most=_MOST)
        if reply.status >= 300 or len(reply.body) > _MOST:
            return (), f"HTTP {reply.status}"
        rows = json.loads(reply.body)["data"]
        return tuple(str(row["id"]) for row in rows if row.get("id")), ""
    except NanoBananaError as error:  # a proxy or certificates that can't be used
        return (), error.message
    except TimeoutError:
        return (), f"> {_SECONDS:g} s"
    except httpx.HTTPError as error:
        wrong = doubt(error)
        return (), way_out(wrong, os.environ)[0] if wrong else type(error).__name__
    except (ValueError, KeyError, TypeError, AttributeError):
        return (), "/v1/models"
