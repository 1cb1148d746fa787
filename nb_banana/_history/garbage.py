"""Stored files no record needs, and what removing them frees."""

from __future__ import annotations

import sqlite3
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from .._strings import say
from .._text import amount
from .store import Store

_SAFE_AGE: Final = 3600.0
"""Seconds a stored file is left alone: its row may be on the way."""
_DIGEST: Final = 64


@dataclass(frozen=True, slots=True)
class Freed:
    """What was removed, or would be; ``kept`` says why it was less than possible."""

    files: int
    bytes: int
    dry_run: bool = False
    kept: str = ""

    def __str__(self) -> str:
        key = "history.would_free" if self.dry_run else "history.freed"
        return f"{say(key, files=self.files, size=amount(self.bytes))} {self.kept}".rstrip()


def collect(connection: sqlite3.Connection, store: Store, *, dry_run: bool) -> Freed:
    """Remove the files no record names. The caller's write lock keeps new rows out meanwhile."""
    files = size = 0
    newest = time.time() - _SAFE_AGE
    for entry in store.files():
        facts, sha256 = entry.stat(), entry.name.partition(".")[0]
        needed = connection.execute("SELECT 1 FROM pictures WHERE sha256 = ? LIMIT 1", (sha256,)).fetchone()
        if needed or facts.st_mtime > newest or len(sha256) != _DIGEST:
            continue
        files, size = files + 1, size + facts.st_size
        if not dry_run:
            Path(entry.path).unlink()
            connection.execute("DELETE FROM images WHERE sha256 = ?", (sha256,))
    return Freed(files, size, dry_run)
