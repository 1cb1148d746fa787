"""Which proxy the environment asks for.

httpx would read the same variables itself, but raises while it is being *built* on ``socks://``
(which Clash exports) and on any other scheme it does not know, far from the cause. Here the variable
is named, its password is not shown, and this machine is never reached through a proxy.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from importlib.util import find_spec
from ipaddress import ip_network
from urllib.parse import urlsplit

from .._strings import say
from ..errors import APIConnectionError
from .keys import keyless
from .urls import is_loopback, literal_address, plain_host, shown_url

_SCHEMES = ("http", "https", "socks5", "socks5h")


@keyless
def proxy_here(url: str) -> str | None:
    """:func:`proxy_for` of this process; no frame of an error shows its environment, with the keys in it."""
    return proxy_for(url, os.environ)


def proxy_for(url: str, environ: Mapping[str, str]) -> str | None:
    """The proxy URL ``environ`` names for ``url``, or None to connect directly."""
    parts = urlsplit(url)
    host = plain_host(parts.hostname)
    if not host or is_loopback(host) or _exempt(host, parts.port, environ):
        return None
    for variable in (f"{parts.scheme}_proxy", f"{parts.scheme.upper()}_PROXY", "all_proxy", "ALL_PROXY"):
        value = environ.get(variable, "").strip()
        # Under CGI, HTTP_PROXY is a header any visitor can set.
        if value and not (variable == "HTTP_PROXY" and "REQUEST_METHOD" in environ):
            return _checked(variable, value)
    return None


def _checked(variable: str, value: str) -> str:
    full = value if "://" in value else f"http://{value}"
    try:
        parts = urlsplit(full)
        usable = bool(parts.hostname) and (parts.port is None or parts.port > 0)
    except ValueError:
        usable = False
    shown = shown_url(full)
    if not usable:
        raise _error("fetch.proxy_address", variable, shown)
    if parts.scheme not in _SCHEMES:
        raise _error("fetch.proxy_scheme", variable, shown, parts.scheme)
    if parts.scheme.startswith("socks") and find_spec("socksio") is None:
        raise _error("fetch.proxy_socksio", variable, shown)
    return full


def _error(key: str, variable: str, shown: str, scheme: str = "") -> APIConnectionError:
    sentence = say(key, variable=variable, value=shown, scheme=scheme)
    return APIConnectionError(sentence, hint=say("fetch.proxy_hint", variable=variable), retryable=False)


def _exempt(host: str, port: int | None, environ: Mapping[str, str]) -> bool:
    listed = environ.get("no_proxy") or environ.get("NO_PROXY") or ""
    return any(_covers(entry, host, port) for entry in re.split(r"[,;\s]+", listed.lower()) if entry)


def _covers(entry: str, host: str, port: int | None) -> bool:
    """``*``, ``a.com``, ``.a.com``, ``*.a.com``, ``a.com:80``, ``10.0.0.0/8``, ``[fd00::1]:1``."""
    if entry == "*":
        return True
    address = literal_address(host)
    if "/" in entry and address is not None:
        try:
            return address in ip_network(re.sub(r"[\[\]]", "", entry), strict=False)
        except ValueError:
            return False
    # An address of IPv6 has colons of its own: a port follows only its brackets.
    name, _, wanted = entry.rpartition(":") if re.search(r"^[^:]+:\d+$|\]:\d+$", entry) else (entry, "", "")
    if wanted and int(wanted) != port:
        return False
    name = name.strip("[]").removeprefix("*").removeprefix(".")
    if address is not None:
        return address == literal_address(name)
    return host == name or host.endswith(f".{name}")
