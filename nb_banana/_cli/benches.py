"""``nb-banana bench``: a look at a benchmark's folders before its own script spends hours on them."""

from __future__ import annotations

from pathlib import Path

from .._bench.door import bench as benchmarks
from .frame import tell


def check(*, name: str, folder: str, results: Path | None) -> int:
    """Check a copy and, where given, a method's results."""
    loaded = benchmarks.load(name, folder)
    tell(repr(loaded))
    found = [loaded.check(), *([loaded.check(results)] if results else [])]
    for one in found:
        tell(repr(one))
    return 1 if any(found) else 0


def published(*, name: str | None) -> None:
    """What others published."""
    tell(repr(benchmarks.published(name)))
