"""Running one function as a user with no rights, so that permissions are really refused, even to root's tests."""

from __future__ import annotations

import os
from collections.abc import Callable

NOBODY = 65534


def as_nobody(work: Callable[[], object]) -> str:
    """What ``work`` returned or raised, as text, from a forked child that has given root up."""
    read_end, write_end = os.pipe()
    child = os.fork()
    if not child:
        try:
            if os.getuid() == 0:
                os.setgroups([])
                os.setgid(NOBODY)
                os.setuid(NOBODY)
            words = f"returned {work()}"
        except BaseException as error:
            words = f"{type(error).__name__}: {error}"
        os.write(write_end, words.encode())
        os._exit(0)
    os.close(write_end)
    with os.fdopen(read_end) as answer:
        words = answer.read()
    os.waitpid(child, 0)
    return words
