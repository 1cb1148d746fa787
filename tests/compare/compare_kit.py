"""What tests of comparisons share."""

from __future__ import annotations

import time
from collections.abc import Callable

import nb_banana as nb


def brought(plan: nb.Comparison) -> list[nb.EditResult]:
    """The results there are."""
    return [one for one in plan.results if one is not None]


def until(true: Callable[[], object], limit: float = 20.0) -> None:
    """Wait for something to become true."""
    end = time.monotonic() + limit
    while not true():
        assert time.monotonic() < end
        time.sleep(0.01)
