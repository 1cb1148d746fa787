"""Running one function in a forked child: with no rights, or with limits that must not stay."""

from __future__ import annotations

import os
from collections.abc import Callable

NOBODY = 65534


def in_a_child(work: Callable[[], object]) -> str:
    """What ``work`` returned or raised, as text, from a forked child."""
    read_end, write_end = os.pipe()
    child = os.fork()
    if not child:
        try:
            words = f"returned {work()}"
        except BaseException as error:  # noqa: BLE001 - whatever happened is what the parent wants to hear
            words = f"{type(error).__name__}: {error}"
        os.write(write_end, words.encode())
        os._exit(0)
    os.close(write_end)
    with os.fdopen(read_end) as answer:
        words = answer.read()
    os.waitpid(child, 0)
    return words


def as_nobody(work: Callable[[], object]) -> str:
    """The same, as a user whom permissions really stop, even when the tests are run by root."""

    def give_up_rights() -> object:
        if os.getuid() == 0:
            os.setgroups([])
            os.setgid(NOBODY)
            os.setuid(NOBODY)
        return work()

    return in_a_child(give_up_rights)
