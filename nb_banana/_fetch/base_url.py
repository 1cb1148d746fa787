"""One spelling of a provider's address.

People paste what they have: the console's ``…/v1``, a whole endpoint, a trailing slash, no scheme.
All of these become ``https://host[/prefix]``, to which the wires add their own path. What is left
over gets one sentence that names ``base_url``. Plain http would show the key to the network, so it
goes to this machine only.
"""

from __future__ import annotations

import re
import unicodedata
from contextlib import suppress
from urllib.parse import SplitResult, urlsplit

import httpx

from .._strings import say
from ..errors import InvalidRequestError
from .urls import DOTS, is_loopback, is_name, is_private, literal_address, netloc, plain_host, shown_url

_AROUND = " \t\r\n\f\v\u00a0\u3000\ufeff\u200b\u200c\u200d\u2060\"'`<>“”‘’"
_DEFAULT_PORTS = {"https": 443, "http": 80}
# The wires' own paths, from the end of what was pasted; the version in front goes with them.
_ENDPOINT = re.compile(
    r"(/v1(alpha|beta)?\d*(/openai)?)?(/models(/[^/]*)?|/chat/completions|/images/(generations|edits))?$",
    re.IGNORECASE,
)
_KEY = re.compile(  # a name of another script is long too, as resolvers have it: xn--…
    r"\b(sk-|AIza|AQ\.(?=[\w-]{20}))[\w-]+(?![\w.-])|(?<![\w-])(?!xn--)[\w-]{24,}(?![\w.-])",
    re.IGNORECASE,
)
_NAME = re.compile(r"[\w.-]+", re.ASCII)
_HOST_ONLY = re.compile(r"(\[[0-9a-f:.]+\]|[^\s/:@?#]+)(:\d+)?(/|$)", re.IGNORECASE)


def normalise_base_url(text: str, *, insecure: bool = False) -> str:
    """``text`` as ``scheme://host[:port][/prefix]``, or :class:`InvalidRequestError` naming base_url.

    Plain http goes to this machine; with ``insecure`` to a private address as well.
    """
    # An input method writes ：／／ and 。 where ASCII is meant.
    given = unicodedata.normalize("NFKC", text.translate(DOTS)).strip(_AROUND)
    if not given:
        raise _refused(text, say("fetch.base_empty"))
    if re.search(r"[\s\x00-\x1f\x7f\\\u00a0\u200b-\u200d\u2060\ufeff]", given):
        raise _refused(given, say("fetch.odd_characters"))
    parts = _parts(given)
    host = plain_host(parts.hostname)
    if "@" in parts.netloc:
        raise _refused(given, say("fetch.userinfo"))
    if (
        not re.fullmatch(r"[^\s/?#@\[\]%]+", host)
        or host in _DEFAULT_PORTS
        or ".." in host
        or _KEY.fullmatch(host)
    ):
        raise _refused(given, say("fetch.no_host"))
    if parts.query or parts.fragment:
        raise _refused(given, say("fetch.base_query"))
    if parts.scheme == "http" and not is_loopback(host):
        if not is_private(host):
            raise _refused(given, say("fetch.base_http"))
        if not insecure:
            raise _refused(given, say("fetch.base_private"))
    path = re.sub(r"/{2,}", "/", parts.path).rstrip("/")
    if re.search(r"(^|/)\.\.?(/|$)", path):
        raise _refused(given, say("fetch.base_dots"))
    port = None if parts.port == _DEFAULT_PORTS[parts.scheme] else parts.port
    return f"{parts.scheme}://{netloc(literal_address(host) or _as_sent(host, given), port)}{_prefix(path)}"


def _as_sent(host: str, given: str) -> str:
    """A name as resolvers, certificates and the Host header have it: in ASCII, however it is read."""
    name = ""
    with suppress(httpx.InvalidURL, UnicodeError):
        url = httpx.URL(f"https://{host}")
        name = url.raw_host.decode("ascii") if url.host else ""  # read back: not every xn--… is a name
    if not (_NAME.fullmatch(name) and is_name(host)):
        raise _refused(given, say("fetch.no_host"))
    return name


def _parts(given: str) -> SplitResult:
    """The pieces of the URL; a bare host gets https, or http if it is this machine."""
    if "://" not in given:
        bare = _HOST_ONLY.match(given)
        if not bare or not ("." in bare[1] or bare[2] or is_loopback(bare[1])):
            raise _refused(given, say("fetch.base_no_address"))
        given = f"{'http' if is_loopback(bare[1]) else 'https'}://{given}"
    try:
        parts = urlsplit(given)
        _ = parts.port  # a port that is no number raises only when it is asked for
    except ValueError:
        raise _refused(given, say("fetch.no_host")) from None
    if parts.scheme not in _DEFAULT_PORTS:
        raise _refused(given, say("fetch.scheme", scheme=parts.scheme or "-"))
    return parts


def _prefix(path: str) -> str:
    """What stands before the wire's own path; a path that is no endpoint is kept whole."""
    match = _ENDPOINT.search(path)
    return (path[: match.start()] if match else path).rstrip("/")


def _refused(text: str, reason: str) -> InvalidRequestError:
    value = _KEY.sub("***", shown_url(text))  # a key pasted into the wrong field stays secret
    return InvalidRequestError(say("fetch.base_url", value=value, reason=reason), hint=say("fetch.base_hint"))
