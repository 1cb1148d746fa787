"""Files of other people, read safely: no pipe, no device, no link where none is expected, no flood.

Rules of the room:

* What was opened is asked again, for a path can be swapped in between; nothing here waits or hangs.
* The reasons are ``OSError`` in our own words: who reads says what the file was for.
"""

from __future__ import annotations

import errno
import os
import stat
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from ._strings import say

_OPEN: Final = os.O_RDONLY | sum(
    getattr(os, name, 0) for name in ("O_NONBLOCK", "O_CLOEXEC", "O_NOCTTY", "O_BINARY")
)


_MAKE: Final = os.O_RDWR | os.O_CREAT | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_NOFOLLOW", 0)

TAKEN: Final = frozenset({errno.EAGAIN, errno.EACCES, errno.EWOULDBLOCK, errno.EDEADLK})
"""What :func:`lock` fails with where another holds it; any other reason is a file system without locks."""

if sys.platform == "win32":
    import msvcrt

    def lock(handle: int) -> None:
        """Lock an open file for this process, or raise OSError at once; closing it, or dying, unlocks it."""
        msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)

else:
    import fcntl

    def lock(handle: int) -> None:
        """Lock an open file for this process, or raise OSError at once; closing it, or dying, unlocks it."""
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)


@contextmanager
def in_turn(path: Path, patience: float) -> Iterator[None]:
    """One process or thread at a time, by a lock on the file ``path``, which stays.

    Where the file system has no locks it is done without.

    Raises:
        OSError: the file can't be opened, or another held it for ``patience`` seconds.
    """
    check_own(path)
    handle, end = os.open(path, os.O_RDWR | os.O_CREAT, 0o600), time.monotonic() + patience
    try:
        while _is_taken(handle):
            if time.monotonic() > end:
                raise TimeoutError(errno.ETIMEDOUT, os.strerror(errno.ETIMEDOUT))
            time.sleep(0.02)
        yield
    finally:
        os.close(handle)


def _is_taken(handle: int) -> bool:
    try:
        lock(handle)
    except OSError as reason:
        return reason.errno in TAKEN
    return False


def read_regular(path: Path, most: int, *, links: bool = True) -> bytes:
    """The bytes of a regular file of at most ``most`` bytes.

    Args:
        links: whether the path may be a symbolic link.

    Raises:
        OSError: it is no such file, or can't be read.
        ValueError: the path can't be one.
    """
    _check(path.stat() if links else path.lstat(), most)
    handle = os.open(path, _OPEN | (0 if links else getattr(os, "O_NOFOLLOW", 0)))
    with open(handle, "rb") as file:  # noqa: PTH123 - a descriptor, not a path
        _check(os.fstat(handle), most)
        data = file.read(most + 1)
    if len(data) > most:  # it grew
        raise OSError(errno.EFBIG, say("text.too_large", limit=most // 2**20))
    return data


def make_private(*folders: Path) -> None:
    """Make those folders that are missing, closed to others whatever the umask; the others keep their mode.

    ``mkdir`` gives what it makes on the way to the last one the umask's mode: each of ours is named.
    """
    for folder in folders:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)


def touch_private(path: Path) -> None:
    """Make a missing file, closed to others: SQLite would make it by the umask, and journals copy that."""
    os.close(os.open(path, _MAKE, 0o600))


def check_own(path: Path) -> None:
    """Make sure that what lies at ``path``, if anything, may be opened as ours: a plain file or a folder.

    Raises:
        OSError: it is a link, a pipe, a socket or a device: opening it may wait for ever, or lead elsewhere.
    """
    try:
        kind = stat.S_IFMT(path.lstat().st_mode)
    except OSError:
        return  # whoever opens it will say why it can't be
    if kind == stat.S_IFLNK:
        raise OSError(errno.ELOOP, say("text.is_link"))
    if kind not in (stat.S_IFREG, stat.S_IFDIR):
        raise OSError(errno.EINVAL, say("text.not_regular"))


def _check(facts: os.stat_result, most: int) -> None:
    if stat.S_ISLNK(facts.st_mode):
        raise OSError(errno.ELOOP, say("text.is_link"))
    if not stat.S_ISREG(facts.st_mode):
        raise OSError(errno.EINVAL, say("text.not_regular"))
    if facts.st_size > most:
        raise OSError(errno.EFBIG, say("text.too_large", limit=most // 2**20))
