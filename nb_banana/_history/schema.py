"""The tables, as an ordered tuple of migrations. ``PRAGMA user_version`` counts those applied.

A migration that has shipped is never edited; a new one is appended. It shuts older releases out of the
file, and with it out of a folder that they share.

Additions let them in: a release applies those it knows on each opening, and they are not counted. An
addition makes what is not there yet (``IF NOT EXISTS``) and only tables of its own; it never touches what
a migration made, and whoever reads its tables copes without them, since an older release may have made
the file and this one may not be allowed to write.
"""

from __future__ import annotations

import sqlite3
from typing import Final

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
    # role: 'input', 'output', or 'turn' (a long string lifted out of the model's turn).
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

ADDITIONS: Final = (
    # Which records a widget's cell left (see places.py). came: a moment on the scale of ids.
    """CREATE TABLE IF NOT EXISTS places (
        notebook TEXT NOT NULL, place TEXT NOT NULL, record INTEGER NOT NULL, came INTEGER NOT NULL,
        late INTEGER NOT NULL, PRIMARY KEY (notebook, place, record)) WITHOUT ROWID""",
    # Records that came from somebody's file: never paid here.
    "CREATE TABLE IF NOT EXISTS imported (record INTEGER PRIMARY KEY)",
    # Where pictures lie that were paid for and could not be fetched, as JSON (see links.py).
    "CREATE TABLE IF NOT EXISTS links (record INTEGER PRIMARY KEY, urls TEXT NOT NULL)",
    # From when on a notebook's budget counts (see claims.py).
    "CREATE TABLE IF NOT EXISTS budgets (notebook TEXT PRIMARY KEY, since TEXT NOT NULL) WITHOUT ROWID",
)


def version_of(connection: sqlite3.Connection) -> int:
    """How many migrations this database has seen; a file that is no database raises here."""
    return int(connection.execute("PRAGMA user_version").fetchone()[0])


_OWN: Final = frozenset(
    {"records", "details", "images", "pictures", "replays", "words", "search_state", "places"}
)
"""Tables that must be plain ones; ``search`` and what it is made of belong to FTS5."""


def foreign(connection: sqlite3.Connection) -> list[tuple[str, str]]:
    """What no release put there: triggers, views, computed columns, tables of other modules."""
    found = []
    for kind, name, sql in connection.execute("SELECT type, name, sql FROM sqlite_master").fetchall():
        text = " ".join(str(sql or "").upper().split())
        if kind in ("trigger", "view"):
            found.append((kind, name))
        elif text.startswith("CREATE VIRTUAL") and (name != "search" or " USING FTS5(" not in text):
            found.append(("virtual table", name))
        elif kind == "table" and name in _OWN and (" AS (" in text or " CHECK" in text):
            found.append(("table", name))
    return found


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
