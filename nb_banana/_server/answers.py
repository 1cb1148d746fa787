"""What the routes answer, as plain values; loaded with the first question, and run in a thread."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from .._files import check_own
from .._history.glance import NotReadable, page, picture
from .._history.presence import Presence
from .._history.record import Record
from .._history.store import Store
from .._images.data import ImageData
from .._images.saving import SUFFIXES
from ..errors import InvalidImageError
from .places import Place
from .refused import Refused

_LOOK: Final = 5.0
"""Seconds that a look into the file may take."""
_EDGE: Final = 240
_BUDGET: Final = 24 * 1024
_PIXELS: Final = 40_000_000
"""Pixels that are decoded for a small copy; a JPEG is decoded small, whatever it has."""
_WORDS: Final = 2_000
_SHA: Final = re.compile("[0-9a-f]{64}")


def rows(place: Place, *, q: str, offset: int, limit: int) -> dict[str, Any]:
    """A page of the history there, newest first, and how many records there are; none where there is none.

    Raises:
        Refused: it can't be read now, or is not ours.
    """
    with _found(place) as found:
        if found is None:
            return {"rows": [], "total": 0, "folder": None}
        folder, name = found
        some = page(folder, text=q, offset=offset, limit=limit, seconds=_LOOK)
        return {"rows": [_row(record) for record in some.records], "total": some.total, "folder": name}


def picture_of(place: Place, sha256: str, *, small: bool, known: bool) -> tuple[bytes, str]:
    """A picture of the history there, or a small copy of it, and its type by its bytes.

    ``known``: who asks has it already and only wants to hear that it is still there.

    Raises:
        Refused: there is none, it is not what it was, or is too large to be decoded here.
    """
    with _found(place) as found:
        facts = None if found is None else picture(found[0], sha256, seconds=_LOOK)
        if found is None or facts is None:
            raise Refused("no_picture")
        store = Store(found[0], Presence(found[0]))
        if known and store.path(facts).is_file():
            return b"", facts.mime_type
        check_own(store.folder)
        image = ImageData.from_bytes(store.load(facts).data, sha256=sha256)
        if image.mime_type not in SUFFIXES:
            raise Refused("damaged", found[1])
        if not small:
            return image.data, image.mime_type
        if image.mime_type != "image/jpeg" and image.width * image.height > _PIXELS:
            raise Refused("too_large")
        image = image.preview(_EDGE, _BUDGET)
        return image.data, image.mime_type


@contextmanager
def _found(place: Place) -> Iterator[tuple[Path, str] | None]:
    """The history folder and its path; what goes wrong in there is told by that path alone."""
    found = place.history()
    name = found[1] if found else ""
    try:
        yield found
    except NotReadable as reason:
        raise Refused(reason.reason, name) from None
    except (InvalidImageError, OSError):
        raise Refused("damaged", name) from None


def _row(record: Record) -> dict[str, Any]:
    """A record as the page lists it; whatever the file holds, of bounded length."""
    last = record.outputs[-1] if record.outputs else None
    shown = last if last and _SHA.fullmatch(str(last.sha256)) and last.mime_type in SUFFIXES else None
    priced = record.cost is not None and record.cost.amount is not None
    return {
        "id": record.id,
        "prompt": record.prompt[:_WORDS],
        "model": record.model[:_WORDS],
        "when": record.timestamp.isoformat(),
        "sha256": shown.sha256 if shown else None,
        "mime": shown.mime_type if shown else None,
        "starred": record.starred,
        "note": str(record.note)[:_WORDS],
        "cost": str(record.cost) if priced else None,
        "sandbox": record.sandbox,
        "status": record.status,
    }
