"""What an earlier attempt left elsewhere: addresses of pictures that could not be fetched, a job's receipt.

Addresses are kept from before they are fetched until that has worked, by the record of the edit. They belong
to the folder: no export holds them, for an address may be signed, and without its signature nobody could
fetch the picture. The client took the keys out before (``_client.clearing``). What was fetched is forgotten.
"""

from __future__ import annotations

import json
from collections.abc import Sequence

from .._messages import Take
from .._wire.jobs import ACCEPTED
from ..errors import NanoBananaError
from .claims import MINE, TAKEN
from .record import Record, number_to_id
from .shelf import Shelf

_KEEP = "INSERT OR REPLACE INTO links VALUES (?, ?)"
# CROSS: the few links are looked through first, never all records.
_OWING = """
    SELECT records.id, links.urls FROM links CROSS JOIN records ON records.id = links.record
    WHERE records.status IN ('failed', 'interrupted', 'refused')"""
_SETTLE = "DELETE FROM links WHERE record = ?"
_LEFT = f"{_OWING} AND records.key = ? AND records.take = ? ORDER BY records.id DESC LIMIT 1"
_LEFT_ANY = f"""{_OWING} AND records.key = ? AND NOT EXISTS (
        SELECT 1 FROM ({TAKEN}) AS other WHERE other.key = records.key AND other.take = records.take
    ) ORDER BY records.take, records.id DESC LIMIT 1"""

_RECEIPT = f"""
    SELECT id FROM records INDEXED BY ledger
    WHERE billing IN ('maybe_paid', 'free') AND status = 'failed' AND finish_reason = '{ACCEPTED}'
    AND {MINE} AND key = ? AND take = ? ORDER BY id DESC LIMIT 1"""


def receipt(shelf: Shelf, key: str, take: int) -> Record | None:
    """The newest record of this request and take that a service only accepted, if any."""
    for row in shelf.rows(_RECEIPT, key, take):
        return shelf.record(number_to_id(row["id"]))
    return None


def keep(shelf: Shelf, id: str, urls: Sequence[str]) -> None:
    """Remember where the pictures of a record lie that has none; with no address, forget them.

    Trouble is told in ``History.notice``.
    """
    values = (shelf.number(id), json.dumps(list(urls)))
    try:
        if urls:
            shelf.run(lambda c: c.execute(_KEEP, values), write=True)
        else:
            settle(shelf, id)
    except NanoBananaError as reason:
        shelf.notify(reason.message)


def left(shelf: Shelf, key: str, take: Take) -> tuple[str, tuple[str, ...]] | None:
    """The newest record of this request and take whose pictures were never fetched, and where they lie.

    For ``"next"`` it is the first take that nothing answers yet.
    """
    found = shelf.rows(_LEFT_ANY, key) if take == "next" else shelf.rows(_LEFT, key, take)
    for row in found:
        return number_to_id(row["id"]), tuple(json.loads(row["urls"]))
    return None


def of(shelf: Shelf, id: str) -> tuple[str, ...]:
    """Where the pictures of a record lie that were never fetched; none for any other record."""
    found = shelf.rows(f"{_OWING} AND records.id = ?", shelf.number(id))
    return tuple(json.loads(found[0]["urls"])) if found else ()


def settle(shelf: Shelf, id: str) -> bool:
    """Its pictures are here. False: another, who fetched them too, was first."""
    number = shelf.number(id)
    return bool(shelf.run(lambda c: c.execute(_SETTLE, (number,)).rowcount, write=True))
