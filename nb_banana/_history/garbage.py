"""Stored files no record needs, kept copies no record has, and what removing them frees."""

from __future__ import annotations

import hashlib
import sqlite3
import time
from collections.abc import Collection, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from .._strings import say
from .._text import amount, shortened
from .modes import INPUTS
from .store import Store

if TYPE_CHECKING:
    from .shelf import Shelf

_SAFE_AGE: Final = 3600.0
"""Seconds a stored file is left alone: its row may be on the way."""
_DIGEST: Final = 64
_OURS: Final = 8
"""How much of its hash the name of a copy ends with, as the panel and the menus give it."""
_SHOWN: Final = 300


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


@dataclass(frozen=True, slots=True)
class Copies:
    """Files in ``inputs/`` whose picture no record has: ``files`` go, or went; ``young`` ones stay."""

    folder: Path
    files: tuple[Path, ...] = ()
    bytes: int = 0
    young: int = 0
    dry_run: bool = False

    def __str__(self) -> str:
        facts = {"count": len(self.files), "size": amount(self.bytes), "folder": self.folder}
        names = shortened(", ".join(file.name for file in self.files), _SHOWN)
        key = "history.would_copies" if self.dry_run else "history.copies"
        lines = [say(key, **facts, names=names)] if self.files else []
        return " ".join(lines + ([say("history.young_copies", count=self.young)] if self.young else []))


def copies(shelf: Shelf, *, without: Collection[int], dry_run: bool) -> Copies:
    """Remove the copies that no record but those ``without`` has, here or where this shelf reads too."""
    folder, newest = shelf.folder / INPUTS, time.time() - _SAFE_AGE
    gone, size, young = [], 0, 0
    for file, sha256 in _copies(folder):
        asked = "SELECT DISTINCT record FROM pictures WHERE sha256 = ?"
        if any(row["record"] not in without for each in shelf.both() for row in each.rows(asked, sha256)):
            continue
        facts = file.stat()
        if facts.st_mtime > newest:  # its record may be on the way, or a cell that names it was not run yet
            young += 1
            continue
        with suppress(OSError):  # open elsewhere, on Windows
            if not dry_run:
                file.unlink()
            gone.append(file)
            size += facts.st_size
    return Copies(folder, tuple(gone), size, young, dry_run)


def _copies(folder: Path) -> Iterator[tuple[Path, str]]:
    """The files in ``inputs/`` that were made here, and their hashes; what a person put there is theirs."""
    for file in sorted(folder.iterdir()) if folder.is_dir() and not folder.is_symlink() else ():
        called, _, begins = file.stem.rpartition("-")
        if called and len(begins) == _OURS and file.is_file() and not file.is_symlink():
            sha256 = hashlib.sha256(file.read_bytes()).hexdigest()
            if sha256.startswith(begins):
                yield file, sha256
