"""A plan in a file: what ``nb-banana compare PLAN.toml`` reads.

::

    images = ["photos/*.jpg"]            # or a table that names them: [images] cat = "photos/cat.jpg"
    models = ["nano-banana", "nano-banana-pro"]
    takes = 3

    [prompts]
    short = "Make it night"
    steps = ["Make it night", "Add a lantern"]

Rules of this file:

* The keys are the arguments of ``nb.compare``. One that is none is refused, with the nearest.
* Paths are from the file's own folder, wherever the command is run.
"""

from __future__ import annotations

import difflib
import json
import os
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from .._files import read_regular
from .._strings import say
from ..errors import InvalidRequestError
from .files import expanded

KEYS: Final = (
    "images", "prompts", "models", "aspect_ratios", "image_sizes", "endpoints", "wires", "seeds", "replace",
    "takes", "mask", "seed", "extra", "order", "concurrency", "out",
)  # fmt: skip
_ALSO: Final[Mapping[str, str]] = {
    "photos": "images", "ratios": "aspect_ratios", "sizes": "image_sizes", "prompt": "prompts",
    "model": "models", "image": "images", "endpoint": "endpoints", "wire": "wires",
}  # fmt: skip
"""Other words for them: as they are typed, or of one value."""
_MOST: Final = 2**20


def read(path: Path) -> dict[str, Any]:
    """What a plan's file says, as arguments.

    Raises:
        InvalidRequestError: it can't be read, or holds a key that means nothing.
    """
    try:
        document = tomllib.loads(read_regular(path, _MOST).decode("utf-8-sig"))
    except (OSError, ValueError) as problem:  # TOML's own is of these
        reason = getattr(problem, "strerror", None) or str(problem)
        raise InvalidRequestError(say("planfile.unreadable", path=path, reason=reason)) from None
    found: dict[str, Any] = {}
    for key, value in document.items():
        name = _ALSO.get(key, key)
        if name not in KEYS:
            raise _unknown(path, key)
        if name in found:
            raise InvalidRequestError(say("planfile.twice", path=path, key=key, name=name))
        found[name] = value
    return {name: _READ.get(name, _same)(value, path.parent) for name, value in found.items()}


def written(typed: Mapping[str, Any], path: Path) -> str:
    """What was typed as the text of such a file; paths are from where it will lie."""
    lines = []
    photos = [beside(one, path.parent) for one in typed["photos"]]
    for name, value in {**typed, "photos": photos}.items():
        if value:
            # JSON's strings, numbers and lists of them are TOML's as well.
            lines.append(f"{name} = {json.dumps(value, ensure_ascii=False)}\n")
    return "".join(lines)


def beside(photo: str, folder: Path) -> str:
    """A path as it is called from another folder; an address stays."""
    if "://" in photo or photo.startswith(("data:", "~")):
        return photo
    return Path(os.path.relpath(photo, folder)).as_posix()


def _unknown(path: Path, key: str) -> InvalidRequestError:
    near = difflib.get_close_matches(key, (*KEYS, *_ALSO), n=1)
    hint = say("planfile.near", name=near[0]) if near else say("planfile.keys", names=", ".join(KEYS))
    return InvalidRequestError(say("planfile.unknown", path=path, key=key), hint=hint)


def _same(value: Any, _: Path) -> Any:
    return value


def _images(value: Any, folder: Path) -> Any:
    """Pictures: a pattern in a list is all that fit it; a list inside the list goes into one edit."""
    if isinstance(value, Mapping):
        return {name: _images(one, folder) if isinstance(one, list) else _from(one, folder)
                for name, one in value.items()}  # fmt: skip
    if isinstance(value, list):
        return [one for each in value for one in (_several(each, folder))]
    return _several(value, folder)


def _several(value: Any, folder: Path) -> list[Any]:
    if isinstance(value, list):
        return [[one for each in value for one in _several(each, folder)]]
    if isinstance(value, Mapping):
        return [_row(value, folder)]
    return list(expanded([_from(value, folder)])) if isinstance(value, str) else [value]


def _row(value: Mapping[str, Any], folder: Path) -> dict[str, Any]:
    """A row of a table: its picture or pictures, and its mask, are paths; its other columns are not."""
    read = {"image": _together, "images": _together, "mask": _mask}
    return {name: read.get(name, _same)(one, folder) for name, one in value.items()}


def _together(value: Any, folder: Path) -> Any:
    return [_from(one, folder) for one in value] if isinstance(value, list) else _from(value, folder)


def _from(value: Any, folder: Path) -> Any:
    """A path from the file's folder; an address stays."""
    if not isinstance(value, str) or "://" in value or value.startswith(("data:", "~")):
        return value
    return str(folder / value)


def _mask(value: Any, folder: Path) -> Any:
    return tuple(value) if isinstance(value, list) else _from(value, folder)


def _out(value: Any, folder: Path) -> Any:
    if not isinstance(value, str):
        raise InvalidRequestError(say("planfile.out", value=value))
    return _from(value, folder)


_READ: Final[Mapping[str, Any]] = {"images": _images, "mask": _mask, "out": _out}
