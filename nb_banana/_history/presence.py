"""Which processes still live: each holds a lock on a file of its own.

Process ids are reused, differ between containers and mean nothing on another machine. A file lock
goes away exactly when its last holder does, however it died, and travels with no folder. A forked child would
be a second holder: it lets go of its parent's lock at once, and is a process of its own.
"""

from __future__ import annotations

import os
import re
import secrets
import stat
import sys
import time
import weakref
from pathlib import Path
from typing import Final

from .._files import TAKEN, check_own, lock, make_private

_BLIND_AFTER: Final = 24 * 3600.0
"""Seconds a process is believed alive where the file system has no locks at all."""
_LOOK: Final = os.O_RDWR | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_NOFOLLOW", 0)


class Presence:
    """This process, as others see it: ``token`` names it, a locked file shows that it lives."""

    def __init__(self, folder: Path) -> None:
        self._folder, self._handle = folder, -1
        self.token = ""
        _here.add(self)

    def announce(self) -> str:
        """The token of this process; the first call, or a lost file, creates and locks one."""
        while not self.token or not _path(self._folder, self.token).exists():
            self.leave()
            token = secrets.token_hex(8)
            path = _path(self._folder, token)
            check_own(path.parent)
            make_private(path.parent)
            handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600)
            try:
                lock(handle)
            except OSError as reason:
                if reason.errno in TAKEN:  # somebody who tidies up was faster; use another name
                    os.close(handle)
                    continue
            try:
                same = os.path.samestat(os.fstat(handle), path.stat())
            except FileNotFoundError:
                same = False
            if same:
                self._handle, self.token = handle, token
            else:
                os.close(handle)
        return self.token

    def leave(self) -> None:
        """Drop the lock and its file."""
        handle, token = self._handle, self.token
        self._handle, self.token = -1, ""  # first: a child that is forked meanwhile must not close it again
        if handle >= 0:
            os.close(handle)
            _path(self._folder, token).unlink(missing_ok=True)

    def let_go(self) -> None:
        """Be somebody else, in a forked child: its parent keeps the lock and the file."""
        if self._handle >= 0:
            os.close(self._handle)
        self._handle, self.token = -1, ""


_here: Final[weakref.WeakSet[Presence]] = weakref.WeakSet()


def _in_child() -> None:
    for each in list(_here):
        each.let_go()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_in_child)


def is_token(text: str) -> bool:
    """Whether a text can be a token; a row or a file of somebody else's may name any path."""
    return re.fullmatch(r"[0-9a-f]{16}", text) is not None


def is_alive(folder: Path, token: str) -> bool:
    """Whether the process that announced ``token`` still runs; a dead one's file is removed."""
    path = _path(folder, token)
    try:
        if not is_token(token) or not stat.S_ISREG(path.lstat().st_mode):
            return False
        handle = os.open(path, _LOOK)
    except FileNotFoundError:
        return False
    except OSError:
        return True
    try:
        lock(handle)
    except OSError as reason:
        return reason.errno in TAKEN or time.time() - os.fstat(handle).st_mtime < _BLIND_AFTER
    else:
        if sys.platform != "win32":
            path.unlink(missing_ok=True)  # while the lock is held, so nobody can be announcing it
        return False
    finally:
        os.close(handle)


def _path(folder: Path, token: str) -> Path:
    return folder / "live" / f"{token}.lock"
