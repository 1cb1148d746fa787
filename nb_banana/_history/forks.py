"""Locks that a fork waits for, so that no child begins its life in the midst of another thread's work.

SQLite has locks of its own, shared by all connections. One that a thread held in the moment of a fork stays
held in the child, where that thread is not, and whoever uses SQLite there waits without an end; so does who
finds one of ours held. And what a thread had locked in a file would look locked for ever.
"""

from __future__ import annotations

import os
import threading
import time
from contextlib import ExitStack
from itertools import count
from typing import Any, Final
from weakref import WeakValueDictionary

_WAIT: Final = 2.0
"""Seconds that a fork waits, for all locks together: a thread may wait for a file much longer."""
_making: Final = threading.RLock()
_numbers: Final = count()
_locks: Final[WeakValueDictionary[int, Any]] = WeakValueDictionary()
_here: Final = threading.local()


def lock() -> threading.RLock:
    """A lock that is free in a forked child. Who takes several takes the older one first, as a fork does."""
    with _making:
        made = _locks[next(_numbers)] = threading.RLock()
        return made


def _hold() -> None:
    until, _here.held = time.monotonic() + _WAIT, ExitStack()
    _here.held.enter_context(_making)  # no other begins to work meanwhile
    for each in list(_locks.values()):
        if each.acquire(timeout=max(0, until - time.monotonic())):
            _here.held.callback(each.release)


def _go_on() -> None:
    _here.held.close()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(before=_hold, after_in_parent=_go_on, after_in_child=_go_on)
