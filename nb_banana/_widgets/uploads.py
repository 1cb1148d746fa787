"""Files on their way from the page, in pieces that come in any order and are acknowledged."""

from __future__ import annotations

import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, NamedTuple

from .._images.data import MAX_BYTES

AT_ONCE: Final = 64
PATIENCE: Final = 600.0
"""Seconds after which an upload nobody continued (the page was closed) is forgotten."""
ALIVE: Final = 20.0
"""Seconds within which a page that still uploads is heard: it asks every four what has come."""


class Arrived(NamedTuple):
    """A file of which all pieces came; ``whole`` is None where they are not as many bytes as were said."""

    name: str
    whole: bytes | None


Reply = dict[str, Any]
"""What the page is told."""


@dataclass(slots=True)
class _Upload:
    name: str
    size: int
    count: int
    pieces: dict[int, bytes] = field(default_factory=dict)
    seen: float = field(default_factory=time.monotonic)


class Uploads:
    """The uploads under way: each of at most ``most`` bytes, and so many at once that they fit a kernel."""

    def __init__(self, most: int = MAX_BYTES) -> None:
        self.most = most
        self._lock = threading.Lock()
        self._waiting: dict[str, _Upload] = {}
        self._arrived: set[str] = set()

    def __len__(self) -> int:
        return len(self._waiting)

    @property
    def names(self) -> list[str]:
        """The files that a page is still sending; one whose page was closed is not waited for."""
        with self._lock:
            return [one.name for one in self._waiting.values() if time.monotonic() - one.seen < ALIVE]

    def begin(self, message: Mapping[str, Any]) -> Reply | None:
        """A file will come; or, after a silence, what of it is here."""
        now, key = time.monotonic(), message["id"]
        with self._lock:
            # First of all: those that nobody continued keep no room from the next one.
            self._waiting = {k: u for k, u in self._waiting.items() if now - u.seen < PATIENCE}
            if key in self._arrived:
                held = None
            elif upload := self._waiting.get(key):
                held, upload.seen = sorted(upload.pieces), now
            elif len(self._waiting) >= AT_ONCE or int(message["size"]) > self.most:
                return None
            else:
                held = []
                new = _Upload(str(message["name"]), int(message["size"]), int(message["n"]))
                self._waiting[key] = new
        if held is None:
            return {"t": "done", "id": key}
        return {"t": "ack", "id": key, "got": len(held), "held": held} if message.get("again") else None

    def piece(
        self, message: Mapping[str, Any], buffers: Sequence[Any]
    ) -> tuple[Reply | None, Arrived | None]:
        """One piece came; gives the file with its last one."""
        key = message["id"]
        with self._lock:
            upload = self._waiting.get(key)
            if upload is None:
                return None, None
            upload.pieces[int(message["i"])] = bytes(buffers[0])
            upload.seen = time.monotonic()
            if sum(map(len, upload.pieces.values())) > upload.size:
                del self._waiting[key]
                return {"t": "done", "id": key}, Arrived(upload.name, None)
            got = len(upload.pieces)
            if got == upload.count:
                del self._waiting[key]
                self._arrived.add(key)
        reply = {"t": "ack", "id": key, "got": got}
        if got < upload.count:
            return reply, None
        data = b"".join(upload.pieces[i] for i in range(upload.count))
        return reply, Arrived(upload.name, data if len(data) == upload.size else None)

    def drop(self, message: Mapping[str, Any]) -> None:
        """Forget an upload and what came of it."""
        with self._lock:
            self._waiting.pop(message["id"], None)
