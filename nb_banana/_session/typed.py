"""What people type at a terminal or behind a magic: a place, a wire, a mask, a seed, further fields."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from .._images.regions import shares_of
from .._images.sources import pasted
from .._messages import Settings
from .._strings import say
from ..errors import InvalidRequestError
from .placing import endpoint_at

if TYPE_CHECKING:
    from .door import Session

_NUMBERS: Final = re.compile(r"[-+.\d\s,eE]+")
"""Numbers and commas: no file is called so by anybody who means a file."""
_WHOLE: Final = re.compile(r"[+-]?\d{1,20}")
_SHOWN: Final = 80


def session_typed(
    session: Session, *, endpoint: str | None = None, wire: Any = None, insecure: bool = False
) -> Session:
    """The session at the place and on the wire that these words name.

    Raises:
        InvalidRequestError: there is no such place or wire, or ``insecure`` allows nothing.
        AuthenticationError: the environment holds no key for the place.
    """
    if insecure and endpoint is None:
        raise InvalidRequestError(say("session.insecure_alone"))
    if endpoint is not None:
        session = session.at(endpoint_at(endpoint, insecure=insecure, places=session._where.places))
    return session if wire is None else session.with_wire(wire)


def settings_typed(
    *, mask: str | None = None, seed: str | None = None, extra: str | None = None, quality: str | None = None
) -> Settings:
    """The settings these words ask for; what is None is left out.

    A mask is four shares of the picture, or else a file, which is read later; ``quality`` is a field of
    ``extra``.

    Raises:
        InvalidRequestError: naming the value at fault and how it is written.
    """
    made: Settings = {}
    if mask is not None:
        made["mask"] = region_of(mask) or pasted(mask)
    if seed is not None:
        made["seed"] = _seed_of(seed)
    if extra is not None or quality is not None:
        made["extra"] = _extra_of(extra, quality)
    return made


def region_of(text: str) -> tuple[float, ...] | None:
    """``"0.1,0.2,0.5,0.5"`` as four shares; None for what is no row of numbers.

    Raises:
        InvalidRequestError: these numbers are no region.
    """
    if "," not in text or not _NUMBERS.fullmatch(text):
        return None
    if (shares := shares_of(text.split(","))) is None:
        raise InvalidRequestError(
            say("session.bad_region", value=text[:_SHOWN]), hint=say("session.bad_region_hint")
        )
    return shares


def _seed_of(text: str) -> int:
    if not _WHOLE.fullmatch(text.strip()):
        raise InvalidRequestError(
            say("session.bad_seed_text", value=text[:_SHOWN]), hint=say("session.bad_seed_hint")
        )
    return int(text)


def _extra_of(text: str | None, quality: str | None) -> Mapping[str, Any]:
    made = _object(text) if text is not None else {}
    if quality is None:
        return made
    other = made.get("quality", quality)
    if other != quality:
        raise InvalidRequestError(say("session.two_qualities", quality=quality, other=other))
    return {**made, "quality": quality}


def _object(text: str) -> dict[str, Any]:
    try:
        made = json.loads(text)
        if isinstance(made, dict):
            return made
        reason = say("session.not_an_object", kind=type(made).__name__)
    except (ValueError, RecursionError) as error:
        reason = str(error)
    sentence = say("session.bad_extra", value=text[:_SHOWN], reason=reason)
    raise InvalidRequestError(sentence, hint=say("session.bad_extra_hint"))
