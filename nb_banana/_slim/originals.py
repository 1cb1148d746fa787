"""What was replaced: the pictures as they were, in a folder beside the notebook, and how each was written.

Rules of this file:

* A picture's file is named by its hash and written once; the folder's own list only grows.
* A list somebody else wrote, or that can't be read, is never written over: nothing is replaced then.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, Final

from .._files import read_regular
from .._images.saving import SUFFIXES, write_new, write_whole
from .._strings import say
from ..errors import InvalidRequestError

LIST: Final = "originals.json"
_MOST: Final = 64 * 2**20
_NEEDED: Final = ("now", "was", "file", "mime", "way", "raw", "sized", "where", "place")
_LATER: Final = {"place": "1"}
"""What lists of earlier states lack."""


def folder_of(notebook: Path) -> Path:
    """The folder of a notebook's originals."""
    return notebook.with_name(f"{notebook.stem}_originals")


def known(folder: Path) -> dict[str, list[Mapping[str, Any]]]:
    """What each picture of today was, by its hash and in each place; nothing where there is no such folder.

    Raises:
        InvalidRequestError: the list is there and can't be read.
    """
    path = folder / LIST
    try:
        found = json.loads(read_regular(path, _MOST))
        rows: dict[str, list[Mapping[str, Any]]] = {}
        for row in ({**_LATER, **row} for row in found["pictures"]):
            rows.setdefault(row["now"], []).append({name: str(row[name]) for name in _NEEDED})
    except (FileNotFoundError, NotADirectoryError):
        return {}
    except (OSError, ValueError, LookupError, TypeError, AttributeError, RecursionError) as problem:
        reason = getattr(problem, "strerror", None) or type(problem).__name__
        raise InvalidRequestError(
            say("slim.bad_list", path=path, reason=reason), hint=say("slim.bad_list_hint")
        ) from None
    return rows


def original(folder: Path, row: Mapping[str, Any]) -> bytes:
    """The picture of a row, as it was.

    Raises:
        InvalidRequestError: its file is gone, or is another one.
    """
    path = folder / Path(row["file"]).name
    try:
        data = read_regular(path, _MOST * 4)
    except OSError as problem:
        reason = problem.strerror or str(problem)
        raise InvalidRequestError(say("slim.gone", path=path, reason=reason)) from None
    if hashlib.sha256(data).hexdigest() != row["was"]:
        raise InvalidRequestError(say("slim.gone", path=path, reason=say("slim.other_bytes")))
    return data


def keep(folder: Path, name: str, data: bytes, mime: str) -> str:
    """Keep a picture, or whatever else ``mime`` says it is, under its name; gives the file's name."""
    return write_new(folder, name, SUFFIXES.get(mime, ".txt"), data, reuse=True).name


def note(folder: Path, rows: Iterable[Mapping[str, Any]]) -> None:
    """Add to the list."""
    together = [row for before in known(folder).values() for row in before]
    together += [row for row in rows if row not in together]
    text = json.dumps({"format": 1, "pictures": together}, indent=1, ensure_ascii=False)
    write_whole(folder / LIST, text.encode())
