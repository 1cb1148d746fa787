"""A question that costs nothing and that only a good key is answered: does this one work?

Which address answers such a question is a column of the provider's row, with its source. Where there is none,
only an edit can prove a key.
"""

from __future__ import annotations

import os
from typing import Final
from urllib.parse import urlsplit

import httpx

from .._fetch.trust import doubt, way_out
from .._strings import say
from .._wire.documents import documents
from .._wire.failures import error_of, has_error, read_failure
from ..errors import (
    APIConnectionError,
    APITimeoutError,
    InvalidRequestError,
    MalformedResponseError,
    NanoBananaError,
)
from .answered import note
from .clearing import cleared_error
from .endpoint import Endpoint
from .question import ask

_SECONDS: Final = 15.0
_MOST: Final = 2**20


def free_question(endpoint: Endpoint) -> str:
    """What is asked to test its key for nothing, as an address; ``""`` where only an edit can prove it."""
    path = endpoint.provider.key_check
    return f"{endpoint.base_url}{path}" if path and endpoint.has_key else ""


def test_key(endpoint: Endpoint) -> None:
    """Ask; a key that is taken is noted as one that has answered. It goes to its own address only.

    Raises:
        NanoBananaError: it was refused, or nobody could be asked; without a trace of the key.
    """
    try:
        _ask(endpoint)
    except NanoBananaError as error:
        problem = cleared_error(error, endpoint)
    else:
        note(endpoint)
        return
    raise problem


def _ask(endpoint: Endpoint) -> None:
    url = free_question(endpoint)
    if not url:
        raise InvalidRequestError(say("keys.no_free", provider=endpoint.provider.title))
    host = urlsplit(url).netloc
    try:
        reply = ask(endpoint, url, seconds=_SECONDS, most=_MOST)
    except (httpx.TimeoutException, TimeoutError):
        raise APITimeoutError(say("keys.slow", host=host, seconds=f"{_SECONDS:g}")) from None
    except httpx.HTTPError as error:
        wrong = doubt(error)
        reason = way_out(wrong, os.environ)[0] if wrong else type(error).__name__
        raise APIConnectionError(
            say("keys.unreached", host=host, reason=reason), hint=say("keys.unreached_hint")
        ) from None
    text = reply.body.decode("utf-8", "replace")
    found = documents(text)
    if reply.status >= 400 or any(map(has_error, found)):
        failure = read_failure(reply.status, reply.headers, found, text)
        raise error_of(failure, model="", base_url=endpoint.base_url)
    if reply.status >= 300 or not found:
        raise MalformedResponseError(
            say("keys.strange", host=host, status=reply.status), hint=say("keys.strange_hint")
        )
