"""The file of a history's votes: each vote is on the disk before the next is asked for.

Rules of this file:

* A vote is one line, appended at once and synced. Several pages, kernels and machines may write: whoever
  writes has the lock, reads what is new, decides, and adds.
* A line that was cut short stays; the next one begins on a line of its own, so only that one is lost.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Final

from .._files import check_own, in_turn, make_private
from .._history.shelf import VOTES
from .._strings import say
from ..errors import InvalidRequestError
from .vote import Reveal, Vote
from .votes import Lines, Votes, entry_of, line_of

_PATIENCE: Final = 10.0
_OPEN: Final = os.O_RDWR | os.O_APPEND | os.O_CREAT | getattr(os, "O_BINARY", 0) | getattr(os, "O_CLOEXEC", 0)


class Book:
    """The votes in one file, read as far as it goes."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._lock = threading.RLock()
        self._begin(())

    def _begin(self, place: tuple[int, ...]) -> None:
        self._lines, self._end, self._place = Lines(), 0, place

    def read(self) -> Votes:
        """What the file holds now; nothing where there is none.

        Raises:
            InvalidRequestError: it can't be read.
        """
        with self._lock:
            try:
                check_own(self.path)
                with self.path.open("rb") as file:
                    return self._read(file.fileno())
            except FileNotFoundError:
                self._begin(())
                return Votes()
            except OSError as reason:
                raise InvalidRequestError(say("rating.not_read", path=self.path, reason=reason)) from None

    def add(self, decide: Callable[[Votes], Vote | Reveal]) -> Vote | Reveal:
        """Write what ``decide`` makes of all that is there by now; what it raises, nothing is written for.

        Raises:
            InvalidRequestError: it could not be written, or not be read again as it is: the vote is not kept.
        """
        with self._lock:
            try:
                make_private(self.path.parent)
                with in_turn(self.path.with_name(f"{VOTES}.lock"), _PATIENCE):
                    check_own(self.path)
                    handle = os.open(self.path, _OPEN, 0o600)
                    try:
                        entry = decide(self._read(handle))
                        line = line_of(entry)
                        if entry_of(line) != entry:  # else it counts as saved, and is lost
                            raise InvalidRequestError(say("rating.not_sound", entry=entry))
                        self._append(handle, line)
                        self._read(handle)
                    finally:
                        os.close(handle)
            except OSError as reason:
                raise InvalidRequestError(say("rating.not_kept", path=self.path, reason=reason)) from None
        return entry

    def _read(self, handle: int) -> Votes:
        """Read on from where the last look ended; a file that is another, or shorter, from its beginning."""
        facts = os.fstat(handle)
        place = (facts.st_dev, facts.st_ino)
        if place != self._place or facts.st_size < self._end:
            self._begin(place)
        os.lseek(handle, self._end, os.SEEK_SET)
        data = bytearray()
        while piece := os.read(handle, 2**20):
            data += piece
        whole, cut, rest = bytes(data).rpartition(b"\n")
        self._lines.take(whole.split(b"\n"))
        self._end += len(whole) + len(cut)
        self._lines.put(entry_of(rest))  # whole but for its end: it is read again with it
        return self._lines.votes

    def _append(self, handle: int, line: bytes) -> None:
        size = os.fstat(handle).st_size
        if size:
            os.lseek(handle, size - 1, os.SEEK_SET)
            if os.read(handle, 1) != b"\n":
                line = b"\n" + line
        while line:
            line = line[os.write(handle, line) :]
        os.fsync(handle)
