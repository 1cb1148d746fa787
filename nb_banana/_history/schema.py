"""The tables, as an ordered tuple of migrations. ``PRAGMA user_version`` counts those applied.

A migration that has shipped is never edited; a new one is appended. It shuts older releases out of the
file, and with it out of a folder that they share.

Additions let them in: a release applies those it knows on each opening, and they are not counted. An
addition makes what is not there yet (``IF NOT EXISTS``) and only tables of its own; it never touches what
a migration made, and whoever reads its tables copes without them, since an older release may have made
the file and this one may not be allowed to write.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from functools import cache
from itertools import chain
from typing import Any, Final

from . import search

_FIRST: Final = (
    # id: 63 bits, milliseconds first, so that order is age and new ids are always larger.
    # Money is decimal text. Lists are JSON. The long texts are elsewhere, so that rows stay short.
    """CREATE TABLE records (
        id INTEGER PRIMARY KEY, key TEXT NOT NULL, take INTEGER NOT NULL, sandbox INTEGER NOT NULL,
        status TEXT NOT NULL, owner TEXT NOT NULL, started TEXT NOT NULL, prompt TEXT NOT NULL,
        model TEXT NOT NULL, model_sent TEXT NOT NULL, model_answered TEXT, provider TEXT NOT NULL,
        wire TEXT NOT NULL, aspect_ratio TEXT, image_size TEXT, parent INTEGER, notebook TEXT NOT NULL,
        context TEXT NOT NULL, billing TEXT NOT NULL, amount TEXT, currency TEXT NOT NULL,
        certain INTEGER NOT NULL, cost_source TEXT NOT NULL, cost_as_of TEXT NOT NULL, elapsed REAL,
        response_id TEXT, request_id TEXT, finish_reason TEXT, usage TEXT, text TEXT NOT NULL,
        warnings TEXT NOT NULL, error_category TEXT, error_message TEXT NOT NULL, attempts INTEGER NOT NULL,
        lost INTEGER NOT NULL, starred INTEGER NOT NULL DEFAULT 0, note TEXT NOT NULL DEFAULT '',
        tags TEXT NOT NULL DEFAULT '[]')""",
    # What a replay looks up.
    "CREATE INDEX answers ON records (key, take, sandbox, id) WHERE status = 'done'",
    "CREATE INDEX running ON records (owner) WHERE status = 'running'",
    "CREATE INDEX children ON records (parent, id) WHERE parent IS NOT NULL",
    # Every filter of a listing, in its order, in a fraction of the table's pages.
    "CREATE INDEX browse ON records (id, started, status, starred, model, model_sent, notebook)",
    "CREATE INDEX ledger ON records (billing, started, model_sent, notebook, currency, amount, status)",
    "CREATE TABLE details (record INTEGER PRIMARY KEY, request TEXT NOT NULL, turn TEXT)",
    """CREATE TABLE images (
        sha256 TEXT PRIMARY KEY, mime_type TEXT NOT NULL, width INTEGER NOT NULL, height INTEGER NOT NULL,
        bytes INTEGER NOT NULL) WITHOUT ROWID""",
    # role: 'input', 'output', 'mask', or 'turn' (a long string lifted out of the model's turn).
    """CREATE TABLE pictures (
        record INTEGER NOT NULL, role TEXT NOT NULL, position INTEGER NOT NULL, sha256 TEXT NOT NULL,
        name TEXT NOT NULL, PRIMARY KEY (record, role, position)) WITHOUT ROWID""",
    "CREATE INDEX needed ON pictures (sha256)",
    # What was answered from history, and what sending it again would have cost.
    """CREATE TABLE replays (
        time TEXT NOT NULL, record INTEGER NOT NULL, model TEXT NOT NULL, notebook TEXT NOT NULL,
        currency TEXT NOT NULL, amount TEXT)""",
    "CREATE INDEX replayed ON replays (time)",
    # What a text search looks through; `search`, where there is one, indexes it (see search.py).
    "CREATE TABLE words (id INTEGER PRIMARY KEY, text TEXT NOT NULL)",
    "CREATE TABLE search_state (stale INTEGER NOT NULL)",
    "INSERT INTO search_state VALUES (1)",
)

MIGRATIONS: Final[tuple[tuple[str, ...], ...]] = (_FIRST,)
VERSION: Final = len(MIGRATIONS)
MANY: Final = 500
"""Values bound at once; old SQLite builds stop at 999."""

ADDITIONS: Final = (
    # Which records a widget's cell left (see places.py). came: a moment on the scale of ids.
    """CREATE TABLE IF NOT EXISTS places (
        notebook TEXT NOT NULL, place TEXT NOT NULL, record INTEGER NOT NULL, came INTEGER NOT NULL,
        late INTEGER NOT NULL, PRIMARY KEY (notebook, place, record)) WITHOUT ROWID""",
    # Records that came from somebody's file: never paid here.
    "CREATE TABLE IF NOT EXISTS imported (record INTEGER PRIMARY KEY)",
    # Where pictures lie that were paid for and could not be fetched, as JSON (see links.py).
    "CREATE TABLE IF NOT EXISTS links (record INTEGER PRIMARY KEY, urls TEXT NOT NULL)",
    # What judges were asked about, beside the records of these questions (see judgements.py).
    """CREATE TABLE IF NOT EXISTS judgements (
        record INTEGER PRIMARY KEY, core TEXT NOT NULL, one INTEGER, other INTEGER, facts TEXT NOT NULL,
        scored TEXT)""",
    "CREATE INDEX IF NOT EXISTS judged ON judgements (core)",
    # From when on a notebook's budget counts (see claims.py).
    "CREATE TABLE IF NOT EXISTS budgets (notebook TEXT PRIMARY KEY, since TEXT NOT NULL) WITHOUT ROWID",
)


def version_of(connection: sqlite3.Connection) -> int:
    """How many migrations this database has seen; a file that is no database raises here."""
    return int(connection.execute("PRAGMA user_version").fetchone()[0])


@dataclass(frozen=True, slots=True)
class Thing:
    """A table, an index, a view or a trigger: what it is, whose it is, and the words that made it."""

    kind: str
    name: str
    table: str
    sql: str

    @classmethod
    def of(cls, kind: str, name: str, table: str, sql: str | None) -> Thing:
        """A row of ``sqlite_master``; how its words are laid out says nothing."""
        words = " ".join((sql or "").split())
        virtual = kind == "table" and words.upper().startswith("CREATE VIRTUAL")
        return cls("virtual table" if virtual else kind, name.lower(), table.lower(), words)


def foreign(connection: sqlite3.Connection) -> tuple[Thing, bool] | None:
    """The first thing that is otherwise than a release makes it, and whether it is there at all.

    Every table and index of ours must be there word for word: a computed column, a check, a default or a
    rule for conflicts would run by itself, or bend what is written. What no release makes, a trigger, a
    view, a table of another module, an index on our tables, must not be there. Plain tables that only a
    newer release knows are left alone.
    """
    connection.execute("BEGIN")  # another process may be making the file
    try:
        version, things = version_of(connection), _things(connection)
    finally:
        connection.execute("COMMIT")
    if version < 0:
        return Thing("layout", str(version), "", ""), True
    must = _made(MIGRATIONS[:version], ())
    ours = must | _made((), ADDITIONS)
    for thing in things.values():
        if version == 0 or not _is_fine(thing, ours):
            return thing, True
    missing = next((thing for name, thing in must.items() if name not in things), None)
    return None if missing is None else (missing, False)


def _is_fine(thing: Thing, ours: Mapping[str, Thing]) -> bool:
    if thing.name in ours:
        return thing == ours[thing.name]
    if thing.kind == "index":
        return thing.table not in ours and thing.table not in search.SHADOWS
    if thing.name == "search":
        return thing.sql == search.INDEX
    return thing.kind == "table" and not (thing.name in search.SHADOWS and _COMPUTES.search(thing.sql))


_COMPUTES: Final = re.compile(r"\b(?:AS|CHECK|DEFAULT|GENERATED|REFERENCES|CONFLICT)\b", re.IGNORECASE)


def _things(connection: sqlite3.Connection) -> dict[str, Thing]:
    """What stands in a file, by name; what SQLite itself put there is not among it."""
    rows = connection.execute("SELECT type, name, tbl_name, sql FROM sqlite_master").fetchall()
    things = (Thing.of(*row) for row in rows)
    return {thing.name: thing for thing in things if not thing.name.startswith("sqlite_")}


@cache
def _made(migrations: tuple[tuple[str, ...], ...], additions: tuple[str, ...]) -> dict[str, Thing]:
    """What these statements make, in SQLite's own words."""
    with closing(sqlite3.connect(":memory:")) as memory:
        for statement in (*chain.from_iterable(migrations), *additions):
            memory.execute(statement)
        return _things(memory)


def add(connection: sqlite3.Connection) -> None:
    """Apply the additions; those that are there already cost a look."""
    for statement in ADDITIONS:
        connection.execute(statement)


def migrate(connection: sqlite3.Connection) -> None:
    """Apply what is missing, all or nothing. Two processes may both ask; one does the work."""
    if version_of(connection) == VERSION:
        return
    connection.execute("BEGIN IMMEDIATE")
    try:
        for number, statements in enumerate(MIGRATIONS[version_of(connection) :], version_of(connection) + 1):
            for statement in statements:
                connection.execute(statement)
            # PRAGMA takes no bound values; the number is ours and an int.
            connection.execute(f"PRAGMA user_version = {number:d}")
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise


def marks(values: Sequence[Any] | Mapping[str, Any]) -> str:
    """A question mark per value."""
    return ", ".join("?" * len(values))
