"""Stars and notes of many records in one question: a table of a thousand results shows them at once."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .shelf import Shelf

Mark = tuple[bool, str]
"""Whether a record has a star, and its note."""


def marks(shelf: Shelf, ids: Iterable[str]) -> dict[str, Mark]:
    """The marks of those records among ``ids`` that have a star or a note."""
    wanted = {shelf.number(id): id for id in ids}
    query = "SELECT id, starred, note FROM records WHERE starred = 1 OR note != ''"
    return {
        wanted[row["id"]]: (bool(row["starred"]), row["note"])
        for each in reversed(shelf.both())  # what is marked here counts before the copy it stands in for
        for row in (each.rows(query) if wanted else ())
        if row["id"] in wanted
    }
