"""Taking records out of a history for good: what goes, what stays, and what it means.

Rules of this file:

* A picture goes with the last record that names it; what another record took in or gave stays.
* Money is never forgotten: of a record that was or may have been billed a bare row stays, with nothing in it
  but what the ledger and the budgets count. Releases that know no removal show it as an interrupted attempt.
* An edit under way stays, and one with a star unless it is meant too.
* What would go is counted by the very statements that let it go.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from .._catalog.spending import NOTHING, Spending
from .._strings import say
from .._text import amount
from . import garbage, search
from .garbage import Copies
from .record import cost_of, file_name
from .rows import GONE, HERE, LISTED
from .shelf import FILE, INPUTS, VOTES, Shelf
from .store import Store

_BILLED: Final = "billing != 'free' AND sandbox = 0 AND id NOT IN (SELECT record FROM imported)"
_GOING: Final = "SELECT id FROM temp.going"
_LONE: Final = f"""
    SELECT DISTINCT sha256, mime_type FROM pictures JOIN images USING (sha256) WHERE record IN ({_GOING})
    AND NOT EXISTS (SELECT 1 FROM pictures AS other
                    WHERE other.sha256 = pictures.sha256 AND other.record NOT IN ({_GOING}))"""
_CONTINUED: Final = f"""
    SELECT count(DISTINCT later.record) FROM pictures AS gave JOIN pictures AS later USING (sha256)
    WHERE gave.role = 'output' AND gave.record IN ({_GOING})
    AND later.role = 'input' AND later.record NOT IN ({_GOING})"""
_EMPTY: Final = f"""
    UPDATE records SET owner = '{GONE}', status = 'interrupted', prompt = '', text = '', warnings = '[]',
    error_category = NULL, error_message = ?, parent = NULL, response_id = NULL, request_id = NULL,
    finish_reason = NULL, usage = NULL, lost = 0, starred = 0, note = '', tags = '[]'
    WHERE id IN ({_GOING}) AND {_BILLED}"""
_OPINIONS: Final = f"""
    INSERT OR IGNORE INTO temp.going SELECT record FROM judgements JOIN records ON records.id = record
    WHERE status != 'running' AND (one IN ({_GOING}) OR other IN ({_GOING}))"""
_TABLES: Final = ("details", "pictures", "places", "links", "judgements")


@dataclass(frozen=True, slots=True)
class Loss:
    """What goes, or would go, when records are deleted.

    Attributes:
        edits, pictures, bytes: records, and the stored files that no other record needs.
        spent: what the records cost; it stays in the ledger.
        continued: edits that stay and go on from a picture of one that goes.
        starred, running, elsewhere: how many of those meant stay because of a star, because they are under
            way, or because they lie in a folder that is only read.
        opinions: what judges were asked about them and answered; it goes with them.
        votes: the file of people's votes in the folder, if any: it holds words of prompts, and stays.
        inputs: the folder of kept copies, if it has any: code names them, so they stay for ``copies``.
        damaged: a damaged file of records in the folder; while it lies there all pictures stay.
    """

    edits: int = 0
    pictures: int = 0
    bytes: int = 0
    spent: Spending = NOTHING
    continued: int = 0
    starred: int = 0
    running: int = 0
    elsewhere: int = 0
    damaged: str = ""
    opinions: int = 0
    votes: str = ""
    inputs: str = ""

    def __str__(self) -> str:
        """What goes and what that means, a sentence a line."""
        lines = [say("looking.lose", edits=self.edits, pictures=self.pictures, size=amount(self.bytes))]
        if self.spent != NOTHING:
            lines.append(say("looking.lose_spent", cost=self.spent))
        if self.continued:
            lines.append(say("looking.lose_continued", count=self.continued))
        if self.opinions:
            lines.append(say("judge.lose", count=self.opinions))
        return "\n".join([*lines, *self.kept])

    @property
    def kept(self) -> list[str]:
        """What stays although it was meant, a sentence each."""
        named = {
            "lose_starred": self.starred, "lose_running": self.running, "lose_elsewhere": self.elsewhere
        }  # fmt: skip
        damaged = [say("history.kept_damaged", path=self.damaged)] if self.damaged else []
        votes = [say("looking.lose_not_votes", path=self.votes)] if self.votes else []
        votes += [say("looking.lose_not_inputs", path=self.inputs)] if self.inputs else []
        return damaged + votes + [say(f"looking.{key}", count=count) for key, count in named.items() if count]


@dataclass(frozen=True, slots=True)
class Size:
    """What a history's folder holds: records, stored pictures, the bytes of these and of the file."""

    records: int
    pictures: int
    picture_bytes: int
    record_bytes: int

    def __str__(self) -> str:
        pictures, records = amount(self.picture_bytes), amount(self.record_bytes)
        return say(
            "looking.size", records=self.records, pictures=self.pictures, size=pictures, file=records
        )


class Removal:
    """Deletes records of a shelf."""

    def __init__(self, shelf: Shelf) -> None:
        self._shelf = shelf

    def loss(self, ids: Iterable[str], *, starred: bool = False) -> Loss:
        """What :meth:`delete` would take away; nothing is changed."""
        meant = self._meant(ids, starred)
        # The note of what is meant is a table, if a passing one: so this too is a write.
        return self._shelf.run(lambda c: _counted(c, meant)[0], write=True)

    def delete(self, ids: Iterable[str], *, starred: bool = False) -> Loss:
        """Delete records for good, and the stored pictures that no other record needs; say what went.

        What they cost stays in the ledger and in budgets; asking the same again sends it again. Records under
        way stay, and those with a star unless ``starred``.

        Raises:
            InvalidRequestError: one is no id, or the file can't be written.
        """
        meant = self._meant(ids, starred)
        return self._shelf.run(lambda c: _remove(c, meant), write=True)

    def copies(
        self, ids: Iterable[str] = (), *, starred: bool = False, remove: bool = False
    ) -> Copies:
        """The copies in ``inputs/`` whose picture no record has, or would have once ``ids`` were deleted.

        The panel and the menus of JupyterLab keep them for the code they write, which needs them.

        Args:
            ids, starred: as for :meth:`delete`.
            remove: whether the copies go. While a damaged database lies in the folder all of them stay.
        """
        shelf, meant = self._shelf, self._meant(ids, starred)
        if any(shelf.folder.glob(f"{FILE}.damaged-*")):
            return Copies(shelf.folder / INPUTS)
        going = shelf.run(lambda c: _going(c, meant), write=True)
        return garbage.copies(shelf, without=going, dry_run=not remove)

    def scrub(self) -> bool:
        """Leave no byte of deleted records in the file; False where somebody else uses it just now."""
        try:
            return self._shelf.database().scrub()
        except sqlite3.Error:
            return False

    def told_scrub(self) -> tuple[str, ...]:
        """Scrub after something was deleted for good; a sentence where pieces of it may stay."""
        return () if self.scrub() else (say("looking.not_scrubbed"),)

    def size(self) -> Size:
        """What the folder holds now."""
        shelf = self._shelf
        ((records,),) = shelf.rows(f"SELECT count(*) FROM records WHERE {LISTED}")
        file, stored = shelf.folder / FILE, [entry.stat().st_size for entry in shelf.store.files()]
        parts = [one for suffix in ("", "-wal") if (one := file.with_name(file.name + suffix)).exists()]
        return Size(records, len(stored), sum(stored), sum(one.stat().st_size for one in parts))

    def _meant(self, ids: Iterable[str], starred: bool) -> _Meant:
        shelf = self._shelf
        indexed = shelf.database().indexed
        return _Meant(tuple(shelf.number(id) for id in ids), starred, shelf.store, indexed)


@dataclass(frozen=True, slots=True)
class _Meant:
    """Which records are to go, with a star or not, and where their pictures and words are."""

    numbers: tuple[int, ...]
    starred: bool
    store: Store
    indexed: bool


def _remove(connection: sqlite3.Connection, meant: _Meant) -> Loss:
    """Take records away, and the files nobody needs then. The caller's write lock keeps new rows out."""
    loss, lone = _counted(connection, meant)
    for row in connection.execute(f"SELECT id FROM words WHERE id IN ({_GOING})").fetchall():
        search.forget(connection, row["id"], indexed=meant.indexed)
    for table in _TABLES:
        connection.execute(f"DELETE FROM {table} WHERE record IN ({_GOING})")
    connection.execute(_EMPTY, (say("looking.deleted_row"),))
    connection.execute(f"DELETE FROM records WHERE id IN ({_GOING}) AND {HERE}")
    connection.execute(f"DELETE FROM imported WHERE record IN ({_GOING})")
    connection.executemany("DELETE FROM images WHERE sha256 = ?", ((sha256,) for sha256 in lone))
    for file in filter(None, lone.values()):
        with suppress(OSError):  # open elsewhere, on Windows: the next clean-up takes it
            file.unlink(missing_ok=True)
    return loss


def _noted(connection: sqlite3.Connection, meant: _Meant) -> dict[str, int]:
    """Note in ``temp.going`` what goes; how many of those meant stay, by the reason."""
    connection.execute("CREATE TEMP TABLE IF NOT EXISTS going (id INTEGER PRIMARY KEY)")
    connection.execute("DELETE FROM temp.going")
    connection.executemany("INSERT OR IGNORE INTO temp.going VALUES (?)", ((one,) for one in meant.numbers))
    starry = "0" if meant.starred else "starred = 1"
    counts = {
        name: _spare(connection, f"IN (SELECT id FROM records WHERE id IN ({_GOING}) AND {condition})")
        for name, condition in {"running": "status = 'running'", "starred": starry}.items()
    }
    counts["elsewhere"] = _spare(connection, f"NOT IN (SELECT id FROM records WHERE {HERE})")
    return counts


def _going(connection: sqlite3.Connection, meant: _Meant) -> frozenset[int]:
    """What goes."""
    _noted(connection, meant)
    return frozenset(row["id"] for row in connection.execute("SELECT id FROM temp.going"))


def _counted(connection: sqlite3.Connection, meant: _Meant) -> tuple[Loss, dict[str, Path | None]]:
    """What it means that these go, and the files of the pictures that go with them."""
    counts = _noted(connection, meant)
    (edits,) = connection.execute("SELECT count(*) FROM temp.going").fetchone()
    opinions = connection.execute(_OPINIONS).rowcount
    (continued,) = connection.execute(_CONTINUED).fetchone()
    bills = connection.execute(f"SELECT * FROM records WHERE id IN ({_GOING}) AND {_BILLED}")
    spent = Spending.of([cost for row in bills if (cost := cost_of(row))])
    pictures = connection.execute(_LONE).fetchall()
    damaged = next((str(path) for path in sorted(meant.store.folder.parent.glob(f"{FILE}.damaged-*"))), "")
    lone = {row[0]: None if damaged else _file(meant.store, *row) for row in pictures}
    files = [path for path in lone.values() if path]
    room = sum(path.stat().st_size for path in files)
    counts["opinions"] = opinions
    book = meant.store.folder.parent / VOTES
    votes, inputs = str(book) if book.is_file() else "", meant.store.folder.parent / INPUTS
    kept = str(inputs) if inputs.is_dir() and any(inputs.iterdir()) else ""
    loss = Loss(
        edits, len(files), room, spent, continued, damaged=damaged, votes=votes, inputs=kept, **counts
    )  # fmt: skip
    return loss, lone


def _spare(connection: sqlite3.Connection, those: str) -> int:
    return connection.execute(f"DELETE FROM temp.going WHERE id {those}").rowcount


def _file(store: Store, sha256: str, mime_type: str) -> Path | None:
    """Where a picture lies; what was stored as a string of a turn kept that name when it proved a picture."""
    names = (file_name(sha256, mime_type), file_name(sha256, ""))
    return next((path for name in names if (path := store.folder / name).is_file()), None)
