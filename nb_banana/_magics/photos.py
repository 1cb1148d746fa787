"""What a word on the line names: a variable, an address or a picture file."""

from __future__ import annotations

import difflib
import os
import shlex
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from .._images.data import ImageData
from .._images.sources import pasted
from .._result import EditResult
from .._strings import say
from ..errors import InvalidImageError
from .background import Background

PICTURE_SUFFIXES = {".png", ".jpg", ".jpeg", ".webp", ".heic", ".heif", ".gif"}


def photo_of(word: str, variables: Mapping[str, Any]) -> Any:
    """A variable of the notebook, a URL, or a file; anything else is refused with both readings named."""
    if word in variables and word.isidentifier():
        held = variables[word]
        return held.result if isinstance(held, Background) else held
    word = pasted(word)
    if "://" in word or os.path.exists(os.path.expanduser(word)):  # noqa: PTH110, PTH111 - any text may come
        return word
    folder = word[: word.rfind("/") + 1]
    near = difflib.get_close_matches(word, [*picture_variables(variables), *picture_files(folder)], n=1)
    raise InvalidImageError(
        say("magics.no_such_photo", word=word), hint=say("magics.did_you_mean", name=near[0]) if near else ""
    )


def photos_of(words: Iterable[str], variables: Mapping[str, Any]) -> list[Any]:
    """What the words name; a variable that holds a list stands for everything in it.

    Raises:
        InvalidImageError: they name lists, and nothing is in them: a slip such as an empty glob must not pay
            for a picture from words.
    """
    named = [photo_of(word, variables) for word in words]
    found = [one for each in named for one in (each if isinstance(each, (list, tuple)) else [each])]
    if named and not found:
        raise InvalidImageError(say("session.no_pictures"), hint=say("session.no_pictures_hint"))
    return found


def picture_variables(variables: Mapping[str, Any]) -> list[str]:
    """Names that hold a picture of ours, a result, or a PIL image."""

    def holds_picture(value: object) -> bool:
        return isinstance(value, (ImageData, EditResult)) or any(
            base.__module__.startswith("PIL.") for base in type(value).__mro__
        )

    return sorted(
        name for name, value in variables.items() if not name.startswith("_") and holds_picture(value)
    )


def picture_files(begun: str) -> list[str]:
    """Picture files and folders that continue what has been typed, quoted where they need it."""
    begun, mark = (begun[1:], begun[0]) if begun[:1] in ("'", '"') else (begun, "")
    typed = Path(os.path.expanduser(begun))  # noqa: PTH111 - any text may come
    folder = typed if begun.endswith("/") else typed.parent
    stem = begun[: begun.rfind("/") + 1]
    if not os.path.isdir(folder):  # noqa: PTH112 - a long word is no folder's name
        return []
    fitting = [
        path
        for path in sorted(folder.iterdir())
        if not path.name.startswith(".")
        and f"{stem}{path.name}".startswith(begun)
        and (path.is_dir() or path.suffix.lower() in PICTURE_SUFFIXES)
    ]
    names = [f"{stem}{path.name}" + ("/" if path.is_dir() else "") for path in fitting]
    if not mark:
        return [shlex.quote(name) for name in names]
    return [f"{mark}{name}" + ("" if name.endswith("/") else mark) for name in names]  # a folder goes on
