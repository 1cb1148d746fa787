"""Slows every other thread down: ``python -m pytest -p tests.slow_threads tests/widgets`` finds what is read too early.

A value that one thread sets and a test on the main thread reads without waiting is there on a quiet machine
and late on a busy one. Here each trait set off the main thread takes a while, before and after.
"""

from __future__ import annotations

import threading
import time

import traitlets

_PAUSE = 0.02
_SET = traitlets.TraitType.set


def _late(trait, owner, value):
    pause = 0.0 if threading.current_thread() is threading.main_thread() else _PAUSE
    time.sleep(pause)
    _SET(trait, owner, value)
    time.sleep(pause)


traitlets.TraitType.set = _late
