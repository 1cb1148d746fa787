"""What people give ``nb.compare`` and ``nb.batch`` becomes the cells of a plan.

Rules of this file:

* Everything is crossed with everything, but for a table: there each row is an edit, or as many as what the
  table leaves out is given for.
* A column that is no coordinate is the person's own, and goes along to the frame and the files; one that
  looks like a coordinate misspelt is refused, for it would be carried along and not asked.
"""

from __future__ import annotations

import difflib
import os
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final, cast

from .._asking import settings_read
from .._messages import SETTINGS, Settings
from .._strings import say
from ..errors import InvalidRequestError
from .cells import AXES, Block, Cell, Input, cells_of, input_of, inputs_of
from .given import Choice, Replace, choices, numbers, phrased
from .places import places_of
from .table import COLUMNS

_TEXTS: Final = ("prompt", "model", "aspect_ratio", "image_size", "wire")
_PICTURES: Final = ("image", "images")
_ASKED: Final = (*_TEXTS, "endpoint", "seed", "mask")
"""The columns of a table that are asked for, beside its pictures."""
_LIKE: Final = 0.82
"""How alike a column's name is to a coordinate's before it is taken for a slip."""


def batched(images: Any, texts: Mapping[str, Any], takes: int) -> tuple[Cell, ...]:
    """One instruction over many pictures; ``texts`` holds what is asked, by its axis."""
    axes = {axis: choices(given, axis) for axis, given in texts.items()} | {"wire": choices(None, "wire")}
    return cells_of([Block(inputs_of(images), axes)], takes)


def crossed(
    images: Any, given: Mapping[str, Any], takes: int, common: Mapping[str, Any], replace: Replace = None
) -> tuple[Cell, ...]:
    """Every combination of what is ``given`` by axis; ``common`` are the settings of all cells.

    Raises:
        InvalidRequestError: something given can't be asked.
    """
    common = {name: one for name, one in common.items() if one is not None}
    if common.get("seed") is not None and given["seed"] is not None:
        raise InvalidRequestError(say("planning.seed_and_seeds"))
    if "seed" in common:
        given = {**given, "seed": common.pop("seed")}
    if given["prompt"] is None:
        return cells_of(_blocks(_rows_of(images), given, common, replace), takes)
    axes = _axes(given)
    settings = settings_read(cast(Settings, common))
    inputs = inputs_of(images)
    return cells_of(
        [
            Block(inputs, axes | {"prompt": (prompt,), "phrase": phrase}, settings)
            for prompt, phrase in phrased(axes["prompt"], replace)
        ]
        if replace
        else [Block(inputs, axes, settings)],
        takes,
    )


def _axes(given: Mapping[str, Any]) -> dict[str, Sequence[Choice]]:
    """The choices of every axis, in order."""
    found: dict[str, Sequence[Choice]] = {axis: choices(given[axis], f"{axis}s") for axis in _TEXTS}
    found |= {"endpoint": places_of(given["endpoint"]), "seed": numbers(given["seed"], "seeds")}
    for _, seed in found["seed"]:
        settings_read(Settings(seed=seed))
    return {axis: found[axis] for axis in AXES if axis in found}


# --- a table of cells ------------------------------------------------------------------------------


def _rows_of(given: Any) -> list[dict[str, Any]]:
    """The rows of a table, a data frame or a list of mappings.

    Raises:
        InvalidRequestError: it is none; then what is missing are prompts.
    """
    if hasattr(given, "columns") and hasattr(given, "to_dict"):
        return [dict(row) for row in given.to_dict("records")]
    if isinstance(given, (list, tuple)) and given and all(isinstance(row, Mapping) for row in given):
        return [dict(row) for row in given]
    raise InvalidRequestError(say("planning.no_prompt"))


def _blocks(
    rows: Sequence[Mapping[str, Any]], given: Mapping[str, Any], common: Mapping[str, Any], replace: Replace
) -> list[Block]:
    names = list(dict.fromkeys(str(name) for row in rows for name in row))
    _check_names(names, given, common)
    own = [name for name in names if name not in (*_ASKED, *_PICTURES)]
    seen: dict[Any, Input] = {}  # a picture named in several rows is one input
    blocks = []
    for number, row in enumerate(rows, 1):
        said = {name: one for name, one in row.items() if not _is_nothing(one)}
        try:
            axes = _axes({axis: _one(said[axis]) if axis in said else one for axis, one in given.items()})
            made = {**common, **({"mask": said["mask"]} if "mask" in said else {})}
            settings = settings_read(cast(Settings, made))
        except InvalidRequestError as slip:
            raise InvalidRequestError(say("planning.in_row", row=number, reason=slip.message)) from None
        images = next((said[name] for name in _PICTURES if name in said), None)
        key = str(images) if isinstance(images, (str, os.PathLike)) else id(images)
        source = (seen.setdefault(key, input_of(images, number)),)
        columns = {name: said.get(name) for name in own}
        blocks += [
            Block(source, axes | {"prompt": (prompt,), "phrase": phrase}, settings, columns)
            for prompt, phrase in phrased(axes["prompt"], replace)
        ]
    if not blocks:
        raise InvalidRequestError(say("planning.empty_table"))
    return blocks


def _one(value: Any) -> Any:
    """A value of a row stands alone; a list of prompts is the steps of a chain."""
    return [value] if isinstance(value, (list, tuple)) else value


def _check_names(names: Iterable[str], given: Mapping[str, Any], common: Mapping[str, Any]) -> None:
    """Raise for a table that lacks prompts, says what is said elsewhere too, or has a slip in a name."""
    known = (*_ASKED, *_PICTURES)
    listed = ", ".join(names)
    if "prompt" not in names:
        raise InvalidRequestError(say("planning.no_prompts", names=listed or "–"))
    if all(name in names for name in _PICTURES):
        raise InvalidRequestError(say("planning.image_and_images"))
    for name in names:
        if name in _ASKED and (given.get(name) is not None or name in common):
            raise InvalidRequestError(say("planning.twice", name=name))
        if name in known:
            continue
        if near := difflib.get_close_matches(name.lower(), (*known, *SETTINGS, "take"), 1, _LIKE):
            key = "not_a_column" if near[0] not in known else "near_name"
            raise InvalidRequestError(say(f"planning.{key}", name=name, near=near[0]))
        if name in COLUMNS:
            raise InvalidRequestError(say("planning.taken_name", name=name))


def _is_nothing(value: Any) -> bool:
    """An empty field of a table: None, NaN, NaT."""
    if value is None:
        return True
    try:
        return bool(value != value) or type(value).__name__ == "NAType"  # noqa: PLR0124 - NaN is not itself
    except (TypeError, ValueError):  # pandas' NA has no truth; an array has many
        return type(value).__name__ == "NAType"
