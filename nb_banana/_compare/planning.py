"""What people give ``nb.compare`` and ``nb.batch`` becomes the cells of a plan."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast

from .._asking import settings_read
from .._messages import Settings
from .cells import AXES, Cell, cells_of, inputs_of
from .given import choices
from .places import places_of


def batched(images: Any, texts: Mapping[str, Any], takes: int) -> tuple[Cell, ...]:
    """One instruction over many pictures; ``texts`` holds what is asked, by its axis."""
    axes = {axis: choices(given, axis) for axis, given in texts.items()} | {"wire": choices(None, "wire")}
    return cells_of(inputs_of(images), axes, takes)


def crossed(
    images: Any, texts: Mapping[str, Any], endpoints: Any, takes: int, common: Mapping[str, Any]
) -> tuple[Cell, ...]:
    """Every combination; ``common`` are the settings of all cells, of which None is not made."""
    axes = {axis: choices(given, f"{axis}s") for axis, given in texts.items()}
    axes["endpoint"] = places_of(endpoints)
    in_order: dict[str, Any] = {axis: axes[axis] for axis in AXES if axis in axes}
    made = {name: one for name, one in common.items() if one is not None}
    return cells_of(inputs_of(images), in_order, takes, settings_read(cast(Settings, made)))
