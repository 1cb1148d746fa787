"""Finding records by what was said: substrings of any language, every word must occur.

``words`` holds the folded text of each record: prompt, answer text, note and tags, the first
20,000 characters of each. From three characters on, a trigram index (FTS5) answers; shorter words
(most Chinese ones have two characters) and SQLite builds without trigrams read through ``words``,
a table narrow enough for that.

The index may lag behind: a build without trigrams writes past it, and it can break by itself. Then
``search_state.stale`` says so and everybody reads ``words``, which holds all there is, until the file is
next opened by a build that makes the index anew.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

_LONGEST: Final = 20_000
_TRIGRAM: Final = 3
TOKENIZER: Final = "trigram"
"""In SQLite since 3.34; a test stands in for older ones."""


INDEX: Final = (
    "CREATE VIRTUAL TABLE search USING fts5("
    f"text, content='words', content_rowid='id', tokenize='{TOKENIZER}')"
)
SHADOWS: Final = frozenset(f"search_{part}" for part in ("data", "idx", "content", "docsize", "config"))
"""The tables FTS5 makes for the index, each build in its own words."""


def prepare(connection: sqlite3.Connection) -> bool:
    """Make the index, or bring it up to date; False where this SQLite knows no trigrams, or can't mend it."""
    try:
        connection.execute(f"CREATE VIRTUAL TABLE temp.trial USING fts5(text, tokenize='{TOKENIZER}')")
        connection.execute("DROP TABLE temp.trial")
    except sqlite3.OperationalError as reason:
        if not any(word in str(reason) for word in ("tokenizer", "no such module")):
            raise
        return False
    if not is_stale(connection):
        return True
    connection.execute("BEGIN IMMEDIATE")
    try:
        if is_stale(connection):
            if not _is_there(connection):
                connection.execute(INDEX)
            connection.execute("INSERT INTO search (search) VALUES ('rebuild')")
            connection.execute("UPDATE search_state SET stale = 0")
    except sqlite3.DatabaseError as reason:
        connection.execute("ROLLBACK")
        if not is_fault(reason):
            raise
        return False
    connection.execute("COMMIT")
    return True


def is_stale(connection: sqlite3.Connection) -> bool:
    """Whether the index lacks something that ``words`` has."""
    return bool(connection.execute("SELECT stale FROM search_state").fetchone()[0])


def doubt(connection: sqlite3.Connection) -> None:
    """Have nobody use the index until it is made anew."""
    connection.execute("UPDATE search_state SET stale = 1 WHERE stale = 0")


def is_fault(reason: sqlite3.Error) -> bool:
    """Whether the index alone is broken: all that it holds can be made anew from ``words``."""
    return getattr(reason, "sqlite_errorcode", 0) == sqlite3.SQLITE_CORRUPT_VTAB


def scrub(connection: sqlite3.Connection, *, indexed: bool) -> bool:
    """Leave no word of what was deleted in the index; False where this SQLite can't."""
    clean = indexed and prepare(connection)  # a stale one still holds what it was not told to forget
    if clean:
        connection.execute("INSERT INTO search (search) VALUES ('optimize')")
    return clean or not _is_there(connection)


def _is_there(connection: sqlite3.Connection) -> bool:
    return bool(connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'search'").fetchone())


def write(connection: sqlite3.Connection, number: int, fields: Sequence[str], *, indexed: bool) -> None:
    """Let record ``number`` be found by ``fields``, inside the caller's transaction."""
    text = "\n".join(fold(field[:_LONGEST]) for field in fields if field)
    old = connection.execute("SELECT text FROM words WHERE id = ?", (number,)).fetchone()
    if old and old[0] == text:
        return
    # An index that missed a text must not be told to forget it: FTS5 would find itself corrupt.
    indexed = indexed and not is_stale(connection)
    if not indexed:
        doubt(connection)
    elif old:
        connection.execute(
            "INSERT INTO search (search, rowid, text) VALUES ('delete', ?, ?)", (number, old[0])
        )
    connection.execute("INSERT OR REPLACE INTO words (id, text) VALUES (?, ?)", (number, text))
    if indexed:
        connection.execute("INSERT INTO search (rowid, text) VALUES (?, ?)", (number, text))


def forget(connection: sqlite3.Connection, number: int, *, indexed: bool) -> None:
    """Let record ``number`` be found by nothing, inside the caller's transaction."""
    write(connection, number, (), indexed=indexed)
    if indexed and not is_stale(connection):
        connection.execute("INSERT INTO search (search, rowid, text) VALUES ('delete', ?, '')", (number,))
    connection.execute("DELETE FROM words WHERE id = ?", (number,))


def fold(text: str) -> str:
    """Text as it is compared: no case, and no NUL, at which SQLite would stop reading."""
    return text.casefold().replace("\0", " ")


@dataclass(frozen=True)
class Lookup:
    """Where a listing reads its ids from, and what it asks of the text."""

    source: str
    number: str
    conditions: tuple[str, ...]
    values: tuple[str, ...]


def lookup(text: str, *, indexed: bool) -> Lookup:
    """How to find ``text``; the words are bound, never written into the statement."""
    terms = [fold(term) for term in text.split()]
    long = [term for term in terms if indexed and len(term) >= _TRIGRAM]
    short = [term for term in terms if term not in long]
    source, number = "records INDEXED BY browse", "records.id"
    conditions: list[str] = []
    values: list[str] = []
    # CROSS JOIN fixes the order: text first, newest first, so that a page is found without sorting.
    if long:
        source, number = f"search CROSS JOIN {source} ON records.id = search.rowid", "search.rowid"
        conditions.append("search MATCH ?")
        values.append(" AND ".join('"' + term.replace('"', '""') + '"' for term in long))
        if short:
            source += " CROSS JOIN words ON words.id = search.rowid"
    elif short:
        source, number = f"words CROSS JOIN {source} ON records.id = words.id", "words.id"
    for term in short:
        conditions.append("words.text LIKE ? ESCAPE '\\'")
        values.append("%" + term.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") + "%")
    return Lookup(source, number, tuple(conditions), tuple(values))
