"""Records going into the tables and coming out of them."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from .._images.data import ImageData
from .._messages import Blob, Turn, clean
from .._strings import say
from . import judgements, search
from .foreign import check_row
from .judgements import EDITS, Judged
from .record import Holder, Picture, Record, from_row
from .schema import marks

# A picture's facts, in the order of Picture's fields.
_FACTS: Final = "sha256, mime_type, width, height, bytes, name FROM pictures JOIN images USING (sha256)"

Pictures = dict[int, dict[str, list[Picture]]]
_ODD: Final[Mapping[str, Any]] = {
    **dict.fromkeys(("key", "prompt", "model", "model_sent", "provider", "wire", "notebook", "text"), ""),
    **dict.fromkeys(("currency", "cost_source", "cost_as_of"), ""),
    **dict.fromkeys(("aspect_ratio", "image_size", "parent", "elapsed", "usage", "amount", "model_answered")),
    **dict.fromkeys(("response_id", "request_id", "finish_reason")),
    **dict.fromkeys(("sandbox", "certain", "attempts", "lost"), 0),
    "take": 1, "context": "refeed", "status": "failed", "billing": "maybe_paid", "warnings": "[]",
    "error_category": "malformed", "started": "1970-01-01T00:00:00+00:00",
}  # fmt: skip
"""What stands for a row that nobody can read; of its money nothing is claimed."""
GONE: Final = "deleted"
"""The owner of a row that only the ledger still needs; owners of attempts under way are tokens."""
HERE: Final = f"records.owner != '{GONE}'"
LISTED: Final = f"{HERE} AND {EDITS}"
"""What stands in lists of edits: questions to a judge are records too, and none."""


@dataclass(slots=True)
class Entry:
    """A record on its way into the file, with the pictures it needs there.

    ``inputs`` are those the file knows already: their pictures need not be at hand, nor be readable.
    ``judged`` is what a question to a judge is about.
    """

    row: dict[str, Any]
    request: str
    turn: str | None = None
    images: dict[str, list[ImageData]] = field(default_factory=dict)
    inputs: tuple[Picture, ...] = ()
    judged: Judged | None = None

    @property
    def number(self) -> int:
        """Its place in the table, once it has one."""
        number: int = self.row["id"]
        return number

    def pictures(self, role: str) -> tuple[Picture, ...]:
        """What the record remembers of its pictures of this role."""
        known = self.inputs if role == "input" else ()
        return known or tuple(Picture.of(image) for image in self.images.get(role, ()))

    def take_turn(self, turn: Turn, outputs: Sequence[ImageData]) -> None:
        """Hold the turn: its text here, its lifted strings as files; a picture among them is stored once."""
        known = {image.sha256: image for image in outputs}
        blobs = {}
        self.images["turn"] = []
        for token, blob in turn.blobs.items():
            blobs[token] = {"sha256": blob.sha256, "unpadded": blob.unpadded, "urlsafe": blob.urlsafe}
            plain = ImageData(blob.data, "application/octet-stream", 0, 0, sha256=blob.sha256)
            self.images["turn"].append(known.get(blob.sha256, plain))
        self.turn = clean(json.dumps({"content": turn.content, "blobs": blobs}, ensure_ascii=False))


def turn_of(text: str, lifted: Mapping[str, ImageData]) -> Turn:
    """The turn again, from its text and the stored strings by hash."""
    plain = json.loads(text)
    blobs = {
        token: Blob(
            lifted[facts["sha256"]].data,
            facts["sha256"],
            unpadded=facts["unpadded"],
            urlsafe=facts["urlsafe"],
        )
        for token, facts in plain["blobs"].items()
    }
    return Turn(plain["content"], blobs)


def bindable(row: Mapping[str, Any]) -> dict[str, Any]:
    """Values as SQLite takes them."""
    return {
        name: clean(value) if isinstance(value, str) else int(value) if isinstance(value, bool) else value
        for name, value in row.items()
    }


def write(connection: sqlite3.Connection, entry: Entry, *, indexed: bool) -> None:
    """Insert or complete one record; a star, a note and tags given meanwhile stay."""
    row = entry.row
    kept = ("id", "starred", "note", "tags")
    updates = ", ".join(f"{name} = excluded.{name}" for name in row if name not in kept)
    columns = ", ".join(row)
    connection.execute(
        f"INSERT INTO records ({columns}) VALUES ({marks(row)}) ON CONFLICT (id) DO UPDATE SET {updates}",
        tuple(row.values()),
    )
    connection.execute(
        "INSERT OR REPLACE INTO details VALUES (?, ?, ?)", (entry.number, entry.request, entry.turn)
    )
    for role in entry.images:
        connection.execute("DELETE FROM pictures WHERE record = ? AND role = ?", (entry.number, role))
        for position, picture in enumerate(entry.pictures(role)):
            write_image(connection, picture)
            connection.execute(
                "INSERT INTO pictures VALUES (?, ?, ?, ?, ?)",
                (entry.number, role, position, picture.sha256, picture.name),
            )
    if entry.judged is not None:
        judgements.write(connection, entry.judged, entry.number)
    elif not str(row.get("key", "")).startswith(judgements.KEY):  # a search looks for edits
        make_findable(connection, entry.number, indexed=indexed)


def make_findable(connection: sqlite3.Connection, number: int, *, indexed: bool) -> None:
    """Let searches see a record as it is now."""
    row = connection.execute(
        "SELECT prompt, text, note, tags FROM records WHERE id = ?", (number,)
    ).fetchone()
    if row:
        fields = (row["prompt"], row["text"], row["note"], " ".join(json.loads(row["tags"])))
        search.write(connection, number, fields, indexed=indexed)


def write_image(connection: sqlite3.Connection, picture: Picture) -> None:
    """Remember a picture's facts. A string lifted out of a turn may prove to be a picture later."""
    connection.execute(
        "INSERT INTO images VALUES (?, ?, ?, ?, ?) ON CONFLICT (sha256) DO UPDATE SET"
        " mime_type = excluded.mime_type, width = excluded.width, height = excluded.height"
        " WHERE images.width = 0",
        (picture.sha256, picture.mime_type, picture.width, picture.height, picture.bytes),
    )


def load(connection: sqlite3.Connection, numbers: Sequence[int], shelf: Holder) -> list[Record]:
    """The records of these numbers that exist, newest first. No picture is read."""
    rows = connection.execute(
        f"SELECT * FROM records WHERE id IN ({marks(numbers)}) AND {HERE} ORDER BY id DESC", tuple(numbers)
    ).fetchall()
    found = pictures(connection, numbers, "input", "output")
    foreign = _imported(connection, numbers)
    return [_record({**row, "imported": row["id"] in foreign}, found[row["id"]], shelf) for row in rows]


def _record(row: dict[str, Any], found: Mapping[str, Sequence[Picture]], shelf: Holder) -> Record:
    """The record of a row; what nobody can read is shown as such, and hides no other."""
    try:
        check_row(row)
        return from_row(row, found["input"], found["output"], shelf)
    except (ValueError, TypeError, KeyError, ArithmeticError, RecursionError) as reason:
        words = say("history.odd_row", reason=str(reason)[:80])
        kept = {"id": row["id"], "imported": row["imported"], "error_message": words}
        return from_row({**_ODD, **kept}, (), (), shelf)


def _imported(connection: sqlite3.Connection, numbers: Sequence[int]) -> set[int]:
    """Which of these came from somebody's file; a file of 0.1.0 that can only be read doesn't say."""
    query = f"SELECT record FROM imported WHERE record IN ({marks(numbers)})"
    try:
        return {row["record"] for row in connection.execute(query, tuple(numbers))}
    except sqlite3.OperationalError:
        return set()


def pictures(connection: sqlite3.Connection, numbers: Sequence[int], *roles: str) -> Pictures:
    """What these records remember of their pictures, by number and role, in order."""
    found: Pictures = {number: {role: [] for role in roles} for number in numbers}
    for row in connection.execute(
        f"SELECT record, role, {_FACTS} WHERE record IN ({marks(numbers)}) ORDER BY record, role, position",
        tuple(numbers),
    ):
        if row["role"] in roles:
            found[row["record"]][row["role"]].append(Picture(*tuple(row)[2:]))
    return found


def raw(connection: sqlite3.Connection, number: int) -> dict[str, Any]:
    """A record as the tables hold it, for another history to adopt."""
    row = connection.execute("SELECT * FROM records WHERE id = ?", (number,)).fetchone()
    long = connection.execute("SELECT request, turn FROM details WHERE record = ?", (number,)).fetchone()
    links = connection.execute(
        f"SELECT role, position, {_FACTS} WHERE record = ? ORDER BY role, position",
        (number,),
    ).fetchall()
    return {"row": dict(row), **dict(long), "pictures": [tuple(link) for link in links]}


def money_of_deleted(connection: sqlite3.Connection, number: int) -> dict[str, Any]:
    """What a deleted record cost here, as its columns; nothing where this is none. It was paid only once."""
    columns = "started, notebook, sandbox, billing, amount, currency, certain, cost_source, cost_as_of"
    query = f"SELECT {columns} FROM records WHERE id = ? AND NOT {HERE}"
    found = connection.execute(query, (number,)).fetchone()
    return dict(found) if found else {}
