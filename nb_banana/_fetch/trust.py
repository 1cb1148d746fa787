"""Which certificates a server's own is checked against, and what to say where it does not hold.

Rules of this file:

* ``SSL_CERT_FILE`` and ``SSL_CERT_DIR`` say what is trusted, and nothing beside it; one that can't be used is
  an error that names it, for to go on with another store would trust what nobody asked for.
* Without them certifi's list and the system's own store are trusted, and what the environment names for
  requests and curl as well. One of these that can't be used is left out, which is told once.
* A key log is for looking on: an edit does not fail for want of it.
* The variables and their files are looked at again for each connection, so that mending one is enough.
"""

from __future__ import annotations

import asyncio
import os
import re
import ssl
from collections.abc import Iterator, Mapping
from contextlib import suppress
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from typing import Final, NamedTuple
from urllib.parse import urlsplit

import certifi
import httpx

from .._files import read_regular
from .._strings import say
from .._text import shortened
from ..errors import APIConnectionError
from .keys import keyless
from .proxies import proxy_for
from .urls import plain_host

_ONLY: Final = ("SSL_CERT_FILE", "SSL_CERT_DIR")
_BESIDE: Final = ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE")
_KEY_LOG: Final = "SSLKEYLOGFILE"
_MOST: Final = 32 * 2**20
_HASHED: Final = re.compile(r"[0-9a-f]{8}\.r?\d+")
_LOOK_SECONDS: Final = 3.0
# OpenSSL's numbers for what is wrong with a certificate (X509_V_ERR_…).
_WRONG_TIME: Final = frozenset({9, 10, 13, 14})
_WRONG_NAME: Final = frozenset({62, 64})
_CN, _O = b"\x55\x04\x03", b"\x55\x04\x0a"


class _Named(NamedTuple):
    """A variable, what it says, and when the file behind it was last written."""

    variable: str
    path: str
    written: int | None


class Trust(NamedTuple):
    """What to connect with, and a sentence for each variable that was left out."""

    context: ssl.SSLContext
    notes: tuple[str, ...]


_untold: list[str] = []


def trust(environ: Mapping[str, str]) -> Trust:
    """What ``environ`` says is to be trusted; made anew only where something of it changed.

    Raises:
        APIConnectionError: a variable names what can't be used.
    """
    return _made(tuple(_named(environ)))


@keyless
def trust_here() -> Trust:
    """:func:`trust` of this process; no frame of an error shows its environment, with the keys in it."""
    return trust(os.environ)


def in_use(environ: Mapping[str, str]) -> str:
    """The variables that say what is trusted, as they are set; empty where none is."""
    named = [one for one in _named(environ) if one.variable != _KEY_LOG]
    only = [one for one in named if one.variable in _ONLY]
    return ", ".join(f"{one.variable}={one.path}" for one in only or named)


def untold() -> list[str]:
    """What was left out since this was last asked."""
    return [_untold.pop(0) for _ in range(len(_untold))]


def _named(environ: Mapping[str, str]) -> Iterator[_Named]:
    for variable in (*_ONLY, *_BESIDE, _KEY_LOG):
        if path := environ.get(variable, "").strip():
            written = None
            with suppress(OSError, ValueError):
                written = Path(path).stat().st_mtime_ns if variable != _KEY_LOG else None
            yield _Named(variable, path, written)


@lru_cache(maxsize=4)
def _made(named: tuple[_Named, ...]) -> Trust:
    # Not ssl.create_default_context(), which opens the key log, and since 3.13 turns down authorities
    # as companies have them.
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.verify_flags |= ssl.VERIFY_X509_PARTIAL_CHAIN  # what is named may be the server's own certificate
    notes: list[str] = []
    only = [one for one in named if one.variable in _ONLY]
    for one in only or [_Named("certifi", certifi.where(), None)]:
        if problem := _loaded(context, one):
            sentence = say("fetch.trust_broken", variable=one.variable, path=one.path, reason=problem)
            hint = say("fetch.trust_broken_hint", variable=one.variable)
            raise APIConnectionError(sentence, hint=hint, retryable=False)
    if not only:
        context.load_default_certs()
    for one in named:
        problem = ""
        if one.variable in _BESIDE and not only:
            problem = _loaded(context, one)
        elif one.variable == _KEY_LOG:
            problem = _key_log(context, one.path)
        if problem:
            notes.append(say("fetch.trust_left_out", variable=one.variable, path=one.path, reason=problem))
    _untold.extend(notes)
    return Trust(context, tuple(notes))


def _loaded(context: ssl.SSLContext, named: _Named) -> str:
    """Trust what a variable names; a word on what is wrong with it, or nothing."""
    try:
        either = named.variable in _BESIDE  # a file or a folder
        is_folder = Path(named.path).is_dir() if either else named.variable == "SSL_CERT_DIR"
        return _folders(context, named.path) if is_folder else _file(context, named.path)
    except OSError as error:
        return error.strerror or str(error)
    except ValueError as error:
        return str(error)


def _file(context: ssl.SSLContext, path: str) -> str:
    read_regular(Path(path), _MOST)  # OpenSSL would wait for a pipe
    with suppress(ssl.SSLError):
        context.load_verify_locations(cafile=path)
        if context.cert_store_stats()["x509"]:
            return ""
    return say("fetch.trust_no_certificate")


def _folders(context: ssl.SSLContext, path: str) -> str:
    """Folders of certificates under the names that OpenSSL looks for; one that has any is enough."""
    problem = say("fetch.trust_no_certificate")
    good = False
    for folder in path.split(os.pathsep):
        try:
            names = os.listdir(folder)  # noqa: PTH208
        except OSError as error:
            problem = error.strerror or str(error)
            continue
        if any(map(_HASHED.fullmatch, names)):
            context.load_verify_locations(capath=folder)
            good = True
        else:
            problem = say("fetch.trust_no_hashed")
    return "" if good else problem


def _key_log(context: ssl.SSLContext, path: str) -> str:
    """Write the keys of connections where somebody looks on; a word on why that can't be, or nothing."""
    if Path(path).exists() and not Path(path).is_file():  # opening a pipe would wait
        return say("text.not_regular")
    try:
        context.keylog_filename = path
    except OSError as error:
        return error.strerror or str(error)
    return ""


# --- a greeting that failed ------------------------------------------------------------------------


def doubt(error: BaseException) -> ssl.SSLError | None:
    """Why TLS could not be agreed on, so that nothing was sent; None where something else is wrong."""
    cause: BaseException | None = error if isinstance(error, httpx.ConnectError) else None
    while cause is not None and not isinstance(cause, ssl.SSLError):
        cause = cause.__cause__ or cause.__context__
    return None if isinstance(cause, (ssl.SSLEOFError, ssl.SSLZeroReturnError)) else cause


def way_out(error: ssl.SSLError, environ: Mapping[str, str], issuer: str = "") -> tuple[str, str]:
    """What was wrong, in one sentence, and the next step."""
    if not isinstance(error, ssl.SSLCertVerificationError):
        reason = error.reason or str(error)
        return say("fetch.trust_no_tls", reason=reason), say("fetch.trust_no_tls_hint")
    by = say("fetch.trust_issuer", issuer=issuer) if issuer else ""
    sentence = say("fetch.trust_refused", reason=error.verify_message or error.reason, by=by)
    if error.verify_code in _WRONG_TIME:
        now = datetime.now(UTC).strftime("%Y-%m-%d %H:%M UTC")
        return sentence, say("fetch.trust_time_hint", now=now)
    if error.verify_code in _WRONG_NAME:
        return sentence, say("fetch.trust_name_hint")
    used = in_use(environ)
    return sentence, say("fetch.trust_hint") + (say("fetch.trust_used", used=used) if used else "")


async def issuer_at(url: str, environ: Mapping[str, str]) -> str:
    """Who signed what a host shows, asked by a greeting that sends nothing; empty where it can't be known."""
    parts = urlsplit(url)
    if proxy_for(url, environ) is not None:
        return ""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    host = plain_host(parts.hostname)
    try:
        async with asyncio.timeout(_LOOK_SECONDS):
            _, writer = await asyncio.open_connection(host, parts.port or 443, ssl=context)
        shown = writer.get_extra_info("ssl_object").getpeercert(binary_form=True)
        writer.transport.abort()
        return shortened(_issuer(shown or b""), 80)
    except (OSError, TimeoutError, IndexError, ValueError):
        return ""


def _issuer(certificate: bytes) -> str:
    """The name in a certificate's issuer: its organisation and what it is called."""
    fields = _parts(_parts(_parts(certificate)[0][1])[0][1])
    place = 3 if fields[0][0] == 0xA0 else 2  # a version stands first, or none
    named: dict[bytes, bytes] = {}
    for _, one in _parts(fields[place][1]):
        for _, pair in _parts(one):
            (_, kind), (_, words) = _parts(pair)
            named[kind] = words
    return ", ".join(named[kind].decode("utf-8", "replace") for kind in (_CN, _O) if named.get(kind))


def _parts(data: bytes) -> list[tuple[int, bytes]]:
    """The tag and the content of each element of a DER sequence."""
    parts, at = [], 0
    while at < len(data):
        tag, length, at = data[at], data[at + 1], at + 2
        if length >= 0x80:
            size = length & 0x7F
            length, at = int.from_bytes(data[at : at + size], "big"), at + size
        parts.append((tag, data[at : at + length]))
        at += length
    return parts
