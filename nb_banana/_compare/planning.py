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
from collections.abc import Mapping, Sequence
from typing import Any, Final, cast

from .._asking import settings_read
from .._messages import SETTINGS, Settings, clean
from .._strings import say
from ..errors import InvalidRequestError
from .cells import AXES, Block, Cell, Input, cells_of, input_of, inputs_of
from .given import Choice, Replace, choices, is_upload, numbers, phrased
from .places import places_of
from .table import COLUMNS

_TEXTS: Final = ("prompt", "model", "aspect_ratio", "image_size", "wire")
_PICTURES: Final = ("image", "images")
_ASKED: Final = (*_TEXTS, "endpoint", "seed", "mask")
"""The columns of a table that are asked for, beside its pictures."""
_CALLED: Final = {"size": "image_size", "ratio": "aspect_ratio", "aspect": "aspect_ratio"}
"""What people say for a coordinate."""
_LIKE: Final = 0.82
"""How alike a column's name is to a coordinate's before it is taken for a slip."""


def batched(
    images: Any, texts: Mapping[str, Any], takes: int, common: Mapping[str, Any]
) -> tuple[Cell, ...]:
    """One instruction over many pictures; what is asked by its axis, and the settings of all."""
    axes = {axis: choices(given, axis) for axis, given in texts.items()} | {"wire": choices(None, "wire")}
    settings = settings_read(cast(Settings, _given(common)))
    return cells_of([Block(inputs_of(images), axes, settings)], takes)


def _given(common: Mapping[str, Any]) -> dict[str, Any]:
    return {name: one for name, one in common.items() if one is not None}


def crossed(
    images: Any, given: Mapping[str, Any], takes: int, common: Mapping[str, Any], replace: Replace = None
) -> tuple[Cell, ...]:
    """Every combination of what is ``given`` by axis; ``common`` are the settings of all cells.

    Raises:
        InvalidRequestError: something given can't be asked.
    """
    common = _given(common)
    if common.get("seed") is not None and given["seed"] is not None:
        raise InvalidRequestError(say("planning.seed_and_seeds"))
    if "seed" in common:
        given = {**given, "seed": common.pop("seed")}
    if (rows := _rows_of(images)) is not None:
        return cells_of(_blocks(rows, given, common, replace), takes)
    if given["prompt"] is None:
        raise InvalidRequestError(say("planning.no_prompt"))
    axes = _axes(given, places_of(given["endpoint"]))
    settings = settings_read(cast(Settings, common))
    inputs = inputs_of(images)
    if not replace:
        return cells_of([Block(inputs, axes, settings)], takes)
    said = phrased(axes["prompt"], replace)
    return cells_of(
        [
            Block([one], axes | {"prompt": (prompt,), "phrase": phrase}, settings)
            for one in inputs  # which change slowest
            for prompt, phrase in said
        ],
        takes,
    )


def _axes(given: Mapping[str, Any], places: Sequence[Choice]) -> dict[str, Sequence[Choice]]:
    """The choices of every axis, in order; ``places`` are those of the endpoints."""
    found: dict[str, Sequence[Choice]] = {axis: choices(given[axis], f"{axis}s") for axis in _TEXTS}
    found |= {"endpoint": places, "seed": numbers(given["seed"], "seeds")}
    for _, seed in found["seed"]:
        settings_read(Settings(seed=seed))
    return {axis: found[axis] for axis in AXES if axis in found}


# --- a table of cells ------------------------------------------------------------------------------


def _rows_of(given: Any) -> list[dict[str, Any]] | None:
    """The rows of a table, a data frame or a list of mappings; None where it is pictures."""
    if hasattr(given, "columns") and hasattr(given, "to_dicts"):  # polars
        rows = given.to_dicts()
    elif hasattr(given, "columns") and hasattr(given, "to_dict"):
        rows = given.to_dict("records")
    elif isinstance(given, (list, tuple)) and given and all(map(_is_row, given)):
        rows = given
    else:
        return None
    return [{str(name): one for name, one in row.items()} for row in rows]


def _is_row(given: Any) -> bool:
    return isinstance(given, Mapping) and not is_upload(given)


def _blocks(
    rows: Sequence[Mapping[str, Any]], given: Mapping[str, Any], common: Mapping[str, Any], replace: Replace
) -> list[Block]:
    if not rows:
        raise InvalidRequestError(say("planning.empty_table"))
    names = list(dict.fromkeys(name for row in rows for name in row))
    _check_names(names, given, common)
    own = [name for name in names if name not in (*_ASKED, *_PICTURES)]
    seen: dict[Any, Input] = {}  # a picture named in several rows is one input
    places = _places(rows, given["endpoint"])
    blocks = []
    for number, row in enumerate(rows, 1):
        said = {name: one for name, one in row.items() if not _is_nothing(one)}
        try:
            asked = {axis: _one(axis, said[axis]) if axis in said else one for axis, one in given.items()}
            axes = _axes(asked, places[_key(row.get("endpoint"))])
            made = {**common, **({"mask": said["mask"]} if "mask" in said else {})}
            settings = settings_read(cast(Settings, made))
        except InvalidRequestError as slip:
            raise InvalidRequestError(say("planning.in_row", row=number, reason=slip.message)) from None
        images = next((said[name] for name in _PICTURES if name in said), None)
        if (key := _key(images)) not in seen:
            seen[key] = input_of(images, number)
        source = (seen[key],)
        columns = {clean(name): _kept(said.get(name)) for name in own}
        blocks += [
            Block(source, axes | {"prompt": (prompt,), "phrase": phrase}, settings, columns)
            for prompt, phrase in phrased(axes["prompt"], replace)
        ]
    return blocks


def _kept(value: Any) -> Any:
    """What stands in a person's own column, a text as a file can hold it."""
    return clean(value) if isinstance(value, str) else value


def _places(rows: Sequence[Mapping[str, Any]], given: Any) -> dict[Any, tuple[Choice, ...]]:
    """The endpoints of every row, by its field: each has one name in all rows; empty are those ``given``."""
    fields = {_key(one): one for row in rows if not _is_nothing(one := row.get("endpoint"))}
    named = zip(fields, places_of(list(fields.values())), strict=True) if fields else ()
    return {_key(None): places_of(given), **{key: (choice,) for key, choice in named}}


def _key(field: Any) -> Any:
    """What tells fields of a table apart; all empty ones are alike."""
    if _is_nothing(field):
        return None
    return str(field) if isinstance(field, (str, os.PathLike)) else id(field)


def _one(axis: str, value: Any) -> Any:
    """A value of a row stands alone; a list of prompts is the steps of a chain.

    A column of whole numbers is one of floats as soon as a field of it is empty.
    """
    if axis == "seed" and isinstance(value, float) and value.is_integer():
        return int(value)
    return [value] if isinstance(value, (list, tuple)) else value


def _check_names(names: Sequence[str], given: Mapping[str, Any], common: Mapping[str, Any]) -> None:
    """Raise for a table with a slip in a name, that lacks prompts, or says what is said elsewhere too."""
    for name in names:
        _check_name(name)
    if "prompt" not in names and given["prompt"] is None:
        raise InvalidRequestError(say("planning.no_prompts", names=", ".join(names) or "–"))
    if all(name in names for name in _PICTURES):
        raise InvalidRequestError(say("planning.image_and_images"))
    for name in names:
        if name in _ASKED and (given.get(name) is not None or name in common):
            raise InvalidRequestError(say("planning.twice", name=name))


def _check_name(name: str) -> None:
    """Raise for a person's own column that looks like a coordinate, or is called as one of the frame's."""
    known = (*_ASKED, *_PICTURES)
    if name in known:
        return
    plain = name.strip().lower()
    alike = difflib.get_close_matches(plain, (*known, *SETTINGS, "take"), 1, _LIKE)
    if near := _CALLED.get(plain) or next(iter(alike), None):
        key = "near_name" if near in known else "not_a_column"
        raise InvalidRequestError(say(f"planning.{key}", name=name, near=near))
    if name in COLUMNS or name.removesuffix("_name") in AXES:
        raise InvalidRequestError(say("planning.taken_name", name=name))


def _is_nothing(value: Any) -> bool:
    """An empty field of a table: None, NaN, NaT."""
    if value is None:
        return True
    try:
        return bool(value != value) or type(value).__name__ == "NAType"  # noqa: PLR0124 - NaN is not itself
    except (TypeError, ValueError):  # pandas' NA has no truth; an array has many
        return type(value).__name__ == "NAType"
