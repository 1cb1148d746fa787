"""Figures once found, kept beside a history: one small SQLite file that several kernels may share.

It is a cache: losing it loses time, so nothing here raises, and trouble is told once.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Iterable
from contextlib import closing
from pathlib import Path
from typing import Any, Final

from .._files import check_own, touch_private
from .._history import forks
from .._strings import say

FILE: Final = "measures.sqlite"
_PATIENCE: Final = 20.0
"""Seconds to wait for another kernel that writes."""


class Kept:
    """The file of one folder; ``folder`` None keeps nothing.

    Attributes:
        trouble: why figures are not kept, or ``""``.
    """

    def __init__(self, folder: Path | None) -> None:
        self._path, self._lock = folder and folder / FILE, forks.lock()
        self.trouble = ""

    def get(self, keys: Iterable[str]) -> dict[str, Any]:
        """What is known of these keys."""
        wanted, found = set(keys), {}

        def work(connection: sqlite3.Connection) -> None:
            asked = sorted(wanted)
            for start in range(0, len(asked), 500):
                part = asked[start : start + 500]
                marks = ",".join("?" * len(part))
                for key, value in connection.execute(
                    f"SELECT key, value FROM figures WHERE key IN ({marks})", part
                ):
                    found[key] = json.loads(value)

        if wanted:
            self._run(work)
        return found

    def put(self, figures: dict[str, Any]) -> None:
        """Keep these; who was first stays, for the same key is the same figure."""
        rows = [(key, json.dumps(value, ensure_ascii=False)) for key, value in figures.items()]
        if rows:
            self._run(lambda c: c.executemany("INSERT OR IGNORE INTO figures VALUES (?, ?)", rows))

    def _run(self, work: Any) -> None:
        if self._path is None or self.trouble:
            return
        try:
            for end in ("", "-journal"):
                check_own(self._path.with_name(self._path.name + end))
            if not self._path.exists():  # one that may only be read still answers
                touch_private(self._path)
            with self._lock, closing(sqlite3.connect(self._path, timeout=_PATIENCE)) as it, it as connection:
                connection.execute("PRAGMA synchronous = OFF")
                connection.execute(
                    "CREATE TABLE IF NOT EXISTS figures (key TEXT PRIMARY KEY, value TEXT NOT NULL)"
                )
                work(connection)
        except (OSError, sqlite3.Error, ValueError) as reason:
            self.trouble = say("measures.no_cache", reason=reason)


def key_of(hashes: tuple[str, ...], name: str, version: object) -> str:
    """What a figure is kept under."""
    return hashlib.sha256(json.dumps([*hashes, name, str(version)]).encode()).hexdigest()


__all__ = ["FILE", "Kept", "key_of"]
