"""May this picture URL be fetched?

Rules of this file:

* Only http and https, never with a user name or password in the URL.
* A URL the user wrote may point anywhere, also into a private network. A URL an answer named may not:
  its host must be public, however its address is spelled (``2130706433``, ``0x7f.1``, ``[::ffff:7f00:1]``),
  unless it lies at the very origin (scheme, host, port) of the address the user gave for edits.
* A redirect to another host is named by that server, not by the user, so it gets the stricter rule;
  https never becomes http on the way.
* Names are checked here as they are written; who connects checks the addresses they resolve to
  (:func:`check_address` with ``resolved=True``).
"""

from __future__ import annotations

import re
import unicodedata
from ipaddress import IPv4Address, IPv4Network, IPv6Address, ip_address
from typing import Final, Literal, NamedTuple
from urllib.parse import SplitResult, urljoin, urlsplit, urlunsplit

from .._strings import say
from ..errors import InvalidRequestError
from .shapes import NO_PORT

NamedBy = Literal["user", "answer"]
Address = IPv4Address | IPv6Address

MAX_BYTES = 64 * 2**20
"""More than any picture these models make (a 4K PNG has about 20 MB)."""
MAX_SECONDS = 60.0
"""For the whole download, redirects included."""
MAX_REDIRECTS = 5

_MAX_URL = 8_192
_SHOWN = 100
_PORTS = {"http": 80, "https": 443}
DOTS = str.maketrans("。．｡", "...")
# Names that only mean something inside a network; so does every name without a dot.
_INSIDE = (".localhost", ".local", ".localdomain", ".internal", ".intranet", ".lan", ".home.arpa", ".corp")
# Clash and its kin answer every DNS question from this range and route it outward, so a *resolved*
# address in it says nothing about the host. A literal one has no business in an answer.
_FAKE_IP = IPv4Network("198.18.0.0/15")
_NAT64 = 0x64_FF9B << 96


class Target(NamedTuple):
    """Where a redirect leads, and who named that place."""

    url: str
    named_by: NamedBy


_UNLOCKS: Final = re.compile(
    r"sig|token|secret|passw|pwd|credential|auth|sess|jwt|policy|expire|key(?:-?id)?$|^key-pair|^q-ak$|^(?:ex|is|hm)$"
    r"|hash|hmac|md5|verify|ticket|hdn(?:ea|ts)|^_?upt$|^(?:s|oh|oe|st|code|share)$"
    r"|^x-(?:amz|goog|oss|cos)-|^(?:se|sp|sv|sr|st|ss|spr|srt|sip|sk[a-z]{1,3})$",
    re.IGNORECASE,
)
"""Parts of a query that let somebody in: those of signed addresses, and whatever is called a key."""


_DRAWN: Final = 20
"""Characters from which on letters and digits together are no name of a picture."""


def check_url(url: str, *, named_by: NamedBy) -> str:
    """``url`` as it may be fetched; :class:`InvalidRequestError` says why it may not be."""
    text = url.strip()
    if len(text) > _MAX_URL:
        raise _refused(url, say("fetch.too_long", limit=_MAX_URL))
    if re.search(r"[\x00-\x20\x7f\\]", text):
        raise _refused(url, say("fetch.odd_characters"))
    parts = split(text)
    if parts.scheme not in ("http", "https"):
        raise _refused(url, say("fetch.scheme", scheme=parts.scheme or "-"))
    if "@" in parts.netloc:
        raise _refused(url, say("fetch.userinfo"))
    host = plain_host(parts.hostname)
    address = literal_address(host)
    if not host or "%" in host or not (address or is_name(host)):
        raise no_host(url)
    if address is not None:
        check_address(address, named_by=named_by)
    elif named_by == "answer" and ("." not in host or host.endswith(_INSIDE)):
        raise _refused(url, say("fetch.inside", host=host))
    return urlunsplit((parts.scheme, netloc(address or host, parts.port), parts.path, parts.query, ""))


def same_origin(one: str, other: str) -> bool:
    """Whether two URLs have the same scheme, host and port."""
    return _origin(one) == _origin(other)


def _origin(url: str) -> tuple[str, str, int | None]:
    parts = split(url)
    host = plain_host(parts.hostname)
    return parts.scheme, str(literal_address(host) or host), parts.port or _PORTS.get(parts.scheme)


def counts_as(url: str, named_by: NamedBy, own: str) -> NamedBy:
    """By whose rule a URL is fetched: at the origin of the user's ``own`` address, by the user's."""
    return "user" if own and _place(url) == _place(own) else named_by


def _place(url: str) -> tuple[str, str, int | None]:
    """An origin; this machine has three names."""
    scheme, host, port = _origin(url)
    return scheme, "localhost" if host in ("127.0.0.1", "::1") else host, port


def check_address(address: str | Address, *, named_by: NamedBy, resolved: bool = False) -> None:
    """Raise unless ``address`` may be connected to; ``resolved`` means a name led there."""
    given = ip_address(address) if isinstance(address, str) else address
    inner = _embedded(given)
    fake = resolved and isinstance(inner, IPv4Address) and inner in _FAKE_IP
    public = inner.is_global and not inner.is_multicast and not inner.is_reserved
    if named_by == "answer" and not public and not fake:
        raise InvalidRequestError(say("fetch.private", address=given), hint=say("fetch.private_hint"))


def redirect_target(url: str, location: str, *, named_by: NamedBy, hops: int, own: str = "") -> Target:
    """Where redirect number ``hops`` from ``url`` leads; raises if it must not be followed."""
    if hops > MAX_REDIRECTS:
        raise _refused(url, say("fetch.too_many_redirects", limit=MAX_REDIRECTS))
    try:
        target = urljoin(url, location.strip())
    except ValueError:
        raise no_host(location) from None
    old, new = split(url), split(target)
    if (old.scheme, new.scheme) == ("https", "http"):
        raise _refused(url, say("fetch.downgrade", target=shown_url(target)))
    now: NamedBy = named_by if plain_host(old.hostname) == plain_host(new.hostname) else "answer"
    return Target(check_url(target, named_by=counts_as(target, now, own)), now)


def is_loopback(host: str) -> bool:
    """Whether ``host``, a name or an address in any spelling, is this very machine."""
    name = plain_host(host.strip("[]"))
    address = literal_address(name)
    if address is not None:
        return _embedded(address).is_loopback
    return name == "localhost" or name.endswith(".localhost")


def is_private(host: str) -> bool:
    """Whether ``host`` lies in a network of one's own: a private address, or such a name."""
    name = plain_host(host.strip("[]"))
    address = literal_address(name)
    if address is not None:
        plain = _embedded(address)
        return plain.is_private and not (plain.is_link_local or plain.is_unspecified)
    return name.endswith(_INSIDE)


def plain_host(host: str | None) -> str:
    """The host as a resolver would see it: ASCII-like forms folded, lower case, no final dot."""
    return unicodedata.normalize("NFKC", (host or "").translate(DOTS)).lower().rstrip(".")


def literal_address(host: str) -> Address | None:
    """The address ``host`` spells, also in the forms only C libraries read; None for a name."""
    if ":" in host:
        try:
            return ip_address(host)
        except ValueError:
            return None
    parts = host.split(".")
    if len(parts) > 4 or not all(re.fullmatch(r"0x[0-9a-f]*|[0-9]+", part) for part in parts):
        return None
    numbers = [_number(part) for part in parts]
    *heads, last = numbers
    if None in numbers or any(head is None or head > 255 for head in heads):
        return None
    value = last or 0
    if value >= 256 ** (4 - len(heads)):
        return None
    for index, head in enumerate(heads):
        value += (head or 0) << (8 * (3 - index))
    return IPv4Address(value)


def _number(part: str) -> int | None:
    base = 16 if part.startswith("0x") else 8 if part.startswith("0") else 10
    try:
        return int(part[2:] or "0", 16) if base == 16 else int(part, base)
    except ValueError:  # 08 is no octal number
        return None


def _embedded(address: Address) -> Address:
    """The IPv4 address an IPv6 one carries (mapped, 6to4, Teredo, NAT64), or itself."""
    if isinstance(address, IPv4Address):
        return address
    value = int(address)
    if address.ipv4_mapped or address.sixtofour:
        return address.ipv4_mapped or address.sixtofour or address
    if address.teredo:
        return address.teredo[1]
    if value >> 32 == _NAT64 >> 32:
        return IPv4Address(value & 0xFFFF_FFFF)
    return address


def is_name(host: str) -> bool:
    """Whether a resolver can be asked for it: no part is empty or longer than names may be."""
    try:
        return bool(host.encode("idna"))
    except UnicodeError:
        return False


def netloc(host: str | Address, port: int | None) -> str:
    """``host:port`` as it stands in a URL."""
    name = f"[{host}]" if isinstance(host, IPv6Address) else str(host)
    return name if port is None else f"{name}:{port}"


def shown_url(url: str) -> str:
    """A URL fit to stand in a sentence: no password, no query (it may be signed), bounded."""
    text = re.sub(r"[\x00-\x1f\x7f]", "?", url.strip())
    # A password may hold what should have been escaped ("/", "#"): it ends at the last "@".
    text = re.sub(r"//(?:[^/?#@:[]*:.*|[^/?#]*)@", "//***@", text, count=1)
    text = re.split(r"[?#]", text, maxsplit=1)[0]
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"


def kept_url(url: str) -> str:
    """A URL fit to be kept and handed on: without a password, a fragment and what signs or unlocks it.

    The rest of its query stays, for it often says which picture it is. ``""`` for what is no such URL.
    """
    text = re.sub(r"[\x00-\x20\x7f]", "", url)
    if not re.match(r"https?://", text, re.IGNORECASE):
        return ""
    text = re.sub(rf"//(?:[^/?#@:[]*:{NO_PORT}.*|[^/?#]*)@", "//", text, count=1)
    plain, _, query = text.partition("#")[0].partition("?")
    plain = re.sub(r";[^/]*", "", plain)  # such as ;jsessionid=…
    open_ = [part for part in query.split("&") if part and not _opens(*part.partition("=")[::2])]
    return f"{plain}?{'&'.join(open_)}" if open_ else plain


def signed(url: str) -> bool:
    """Whether a text is an address that holds what unlocks it."""
    return kept_url(url) not in ("", url.partition("#")[0])


def _opens(name: str, value: str) -> bool:
    """Whether a part of a query may unlock the address: by its name, or as what no person wrote."""
    drawn = len(value) >= _DRAWN and re.search("[0-9]", value) and re.search("[A-Za-z]", value)
    return bool(_UNLOCKS.search(name) or (drawn and not re.search(r"/|\.\w{2,5}$", value)))


def split(url: str) -> SplitResult:
    """The pieces of a URL; :class:`InvalidRequestError` if it has none."""
    try:
        parts = urlsplit(url)
        _ = parts.port  # a port that is no number raises only when it is asked for
    except ValueError:
        raise no_host(url) from None
    return parts


def no_host(url: str) -> InvalidRequestError:
    """The error for an address that leads nowhere, whoever named it."""
    return _refused(url, say("fetch.no_host"))


def _refused(url: str, reason: str) -> InvalidRequestError:
    return InvalidRequestError(say("fetch.refused", url=shown_url(url), reason=reason))
