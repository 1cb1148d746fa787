"""The miniature benchmarks, made where a test wants them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from miniatures import MADE


@pytest.fixture
def made(tmp_path: Path) -> Callable[[str], Path]:
    """Makes the miniature of a benchmark in a folder of its own."""
    return lambda name: MADE[name](tmp_path / f"copy of {name}")
