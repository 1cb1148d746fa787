"""Files of other people, read safely: no pipe, no device, no link where none is expected, no flood.

Rules of the room:

* What was opened is asked again, for a path can be swapped in between; nothing here waits or hangs.
* The reasons are ``OSError`` in our own words: who reads says what the file was for.
"""

from __future__ import annotations

import errno
import os
import stat
from pathlib import Path
from typing import Final

from ._strings import say

_OPEN: Final = os.O_RDONLY | sum(
    getattr(os, name, 0) for name in ("O_NONBLOCK", "O_CLOEXEC", "O_NOCTTY", "O_BINARY")
)


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
