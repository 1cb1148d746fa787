"""What an earlier attempt left elsewhere: addresses of pictures that could not be fetched, a job's receipt.

Addresses are kept by the record of the failure. They belong to the folder: no export holds them, for an
address may be signed, and without its signature nobody could fetch the picture. The client took the keys out
before (``_client.clearing``). What was fetched is forgotten.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from contextlib import suppress

from .._wire.jobs import ACCEPTED
from ..errors import NanoBananaError
from .claims import MINE
from .record import Record, number_to_id
from .shelf import Shelf

_KEEP = "INSERT OR REPLACE INTO links VALUES (?, ?)"
_FORGET = "DELETE FROM links WHERE record = ?"
_LEFT = """
    SELECT records.id, links.urls FROM records JOIN links ON links.record = records.id
    WHERE records.status = 'failed' AND records.key = ? AND records.take = ?
    ORDER BY records.id DESC LIMIT 1"""

_RECEIPT = f"""
    SELECT id FROM records WHERE {MINE} AND status = 'failed' AND finish_reason = '{ACCEPTED}'
    AND key = ? AND take = ? ORDER BY id DESC LIMIT 1"""


def receipt(shelf: Shelf, key: str, take: int) -> Record | None:
    """The newest record of this request and take that a service only accepted, if any."""
    for row in shelf.rows(_RECEIPT, key, take):
        return shelf.record(number_to_id(row["id"]))
    return None


def keep(shelf: Shelf, id: str, urls: Sequence[str]) -> None:
    """Remember where the pictures of a failed record lie. Trouble is told in ``History.notice``."""
    values = (shelf.number(id), json.dumps(list(urls)))
    try:
        shelf.run(lambda c: c.execute(_KEEP, values), write=True)
    except NanoBananaError as reason:
        shelf.notify(reason.message)


def forget(shelf: Shelf, id: str) -> None:
    """The pictures of a record are here."""
    with suppress(NanoBananaError):  # it is done; what is kept too long harms no edit
        shelf.run(lambda c: c.execute(_FORGET, (shelf.number(id),)), write=True)


def left(shelf: Shelf, key: str, take: int) -> tuple[str, tuple[str, ...]] | None:
    """The newest record of this request and take whose pictures were never fetched, and where they lie."""
    for row in shelf.rows(_LEFT, key, take):
        return number_to_id(row["id"]), tuple(json.loads(row["urls"]))
    return None
