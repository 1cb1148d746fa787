"""An endpoint as it serves one model: the id that a server of one's own runs, the wire that carries it.

A server is asked at first use, and again now and then. Nothing is guessed: one that names several models, or
none, is an error.
"""

from __future__ import annotations

import os
import threading
import time
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

import httpx

from .._catalog.models import find_model
from .._fetch.proxies import proxy_here
from .._fetch.trust import doubt, trust_here, way_out
from .._strings import say
from .._wire.wires import BUILT_IN
from ..errors import InvalidRequestError, NanoBananaError

if TYPE_CHECKING:
    from .endpoint import Endpoint

_SECONDS: Final = 3.0
_KEPT: Final = 30.0
"""Seconds an answer holds: a server may be started again with another model."""
_MOST: Final = 2**20
_SHOWN: Final = 12

_lock = threading.Lock()
_known: dict[str, tuple[float, tuple[str, ...], str]] = {}


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
    headers = httpx.Headers()
    endpoint.sign(headers)
    names, reason = _served(endpoint.base_url, headers)
    if not names:
        host = urlsplit(endpoint.base_url).netloc
        raise InvalidRequestError(
            say("client.served_none", host=host, reason=reason or "{}"), hint=say("client.served_none_hint")
        )
    return names


def _served(base_url: str, headers: httpx.Headers) -> tuple[tuple[str, ...], str]:
    """The names, or none and the reason; what was told lately is not asked again."""
    with _lock:
        since, names, reason = _known.get(base_url, (0.0, (), ""))
        if since and time.monotonic() - since < (_KEPT if names else 1.0):
            return names, reason
        names, reason = _asked(base_url, headers)
        _known[base_url] = time.monotonic(), names, reason
        return names, reason


def _asked(base_url: str, headers: httpx.Headers) -> tuple[tuple[str, ...], str]:
    url = f"{base_url}/v1/models"
    try:  # by the proxy and the certificates that an edit there goes by
        verify, proxy = trust_here().context if url.startswith("https") else False, proxy_here(url)
        with httpx.Client(timeout=_SECONDS, trust_env=False, verify=verify, proxy=proxy) as client:
            reply = client.get(url, headers=headers)
        if reply.status_code >= 300 or len(reply.content) > _MOST:
            return (), f"HTTP {reply.status_code}"
        rows = reply.json()["data"]
        return tuple(str(row["id"]) for row in rows if row.get("id")), ""
    except NanoBananaError as error:  # a proxy or certificates that can't be used
        return (), error.message
    except httpx.HTTPError as error:
        wrong = doubt(error)
        return (), way_out(wrong, os.environ)[0] if wrong else type(error).__name__
    except (ValueError, KeyError, TypeError, AttributeError):
        return (), "/v1/models"
