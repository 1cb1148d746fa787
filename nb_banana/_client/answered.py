"""Which keys have answered since this process began: until then a key is only believed to be one.

No key is kept for it, but a mark that only this process can make and nobody can undo.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from .endpoint import Endpoint

_SALT: Final = os.urandom(32)
_marks = set[bytes]()


def note(endpoint: Endpoint) -> None:
    """A provider has taken this endpoint's key."""
    if endpoint.has_key:
        _marks.add(endpoint.key_mark(_SALT))


def answered(endpoint: Endpoint) -> bool:
    """Whether it has, at this address."""
    return endpoint.has_key and endpoint.key_mark(_SALT) in _marks
