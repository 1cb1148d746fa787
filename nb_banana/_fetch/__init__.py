"""Where bytes may come from, where requests may go, and how secrets are kept out of sight.

* ``urls``: may this picture URL be fetched; ``download`` fetches it under those rules.
* ``base_url``: one spelling of a provider's address, or one sentence saying what is wrong with it.
* ``proxies``: which proxy the environment asks for.
* ``keys``: clean a pasted key, and mask keys in any text.

Everything here is a pure function except ``download``, which never sends a key, a cookie or a body.
"""

from .base_url import normalise_base_url
from .download import afetch, fetch
from .keys import clean_key, mask
from .proxies import proxy_for
from .urls import (
    MAX_BYTES,
    MAX_REDIRECTS,
    MAX_SECONDS,
    NamedBy,
    Target,
    check_address,
    check_url,
    is_loopback,
    redirect_target,
    shown_url,
)

__all__ = [
    "MAX_BYTES",
    "MAX_REDIRECTS",
    "MAX_SECONDS",
    "NamedBy",
    "Target",
    "afetch",
    "check_address",
    "check_url",
    "clean_key",
    "fetch",
    "is_loopback",
    "mask",
    "normalise_base_url",
    "proxy_for",
    "redirect_target",
    "shown_url",
]
