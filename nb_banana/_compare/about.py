"""What a file of a comparison says of itself: with what, when and by whom it was made.

No key, no path, no user's name and no address is in it, but for what the plan itself names.
"""

from __future__ import annotations

import platform
from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING, Any, Final

from .._result import EditResult
from .._version import __version__

if TYPE_CHECKING:
    from .._history.record import Record
    from .held import Held

_LIBRARIES: Final = ("httpx", "pillow", "ipywidgets", "anywidget", "numpy", "scikit-image", "scipy", "pandas")
REPRODUCE: Final = '''\
"""Show this comparison: what it holds is replayed, so no key is needed. `comparison.run()` goes on."""

import sys
from pathlib import Path

import nb_banana as nb

file = Path(sys.argv[1] if len(sys.argv) > 1 else "comparison.zip")
comparison = nb.Comparison.load(file)
print(comparison)
comparison.to_dataframe().to_csv(file.with_suffix(".csv"), index=False)
'''
"""A program that goes along with the file."""


def about(held: Held, records: Mapping[str, Record]) -> dict[str, Any]:
    """The facts, as JSON holds them."""
    results = [one for one in held if isinstance(one, EditResult)]
    made = {one.record_id for one in results}
    moments = sorted(one.timestamp.astimezone(UTC) for id, one in records.items() if id in made)
    # What is still to come may go elsewhere, so it is told only where nothing came.
    came = [held.spoken[at] for at, one in enumerate(held) if one is not None and at in held.spoken]
    spoken = came or list(held.spoken.values())
    return {
        "nb_banana": __version__,
        "written": datetime.now(UTC).isoformat(timespec="seconds"),
        "python": platform.python_version(),
        "system": f"{platform.system()} {platform.machine()}",
        "libraries": {name: found for name in _LIBRARIES if (found := _version_of(name))},
        "cells": dict(Counter(held.status(cell) for cell in held.cells)),
        "began": moments[0].isoformat(timespec="seconds") if moments else None,
        "ended": moments[-1].isoformat(timespec="seconds") if moments else None,
        "models_asked": _each(cell.model or "" for cell in held.cells),
        "models_answered": _each(one.model or "" for one in results),
        "providers": _each(provider or "" for provider, _ in spoken),
        "wires": _each(wire or "" for _, wire in spoken),
        "seeds": sorted({cell.seed for cell in held.cells if cell.seed is not None}),
        "takes": max((cell.take for cell in held.cells), default=0),
        "sandbox": any(one.sandbox for one in results),
    }


def _each(names: Iterable[str]) -> list[str]:
    """Each name once; an empty one is the default."""
    return sorted(set(names))


def _version_of(name: str) -> str | None:
    try:
        return version(name)
    except PackageNotFoundError:
        return None
