"""The Python of a click: runnable, and never holding pixels. Pictures without a file get one first."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path, PurePath
from typing import TYPE_CHECKING, Final

from ..._images.data import ImageData
from ..._images.saving import SUFFIXES
from ..._messages import Settings
from ..shown import literal

if TYPE_CHECKING:
    from ..tray import Card
    from .ask import Ask

WIDTH: Final = 68
_UNSAFE: Final = re.compile(r"[^\w.-]+")


def call(
    target: str,
    pictures: Iterable[str],
    prompt: str,
    settings: Settings,
    *,
    take: int = 1,
    takes: int = 1,
) -> str:
    """``target = nb.edit(...)`` with only the arguments that differ from their defaults.

    Args:
        target: the variable to assign.
        pictures: Python expressions, one per input; none makes it ``nb.generate``.
        settings: those that were made.
    """
    inputs = list(pictures)
    made = {name: value for name, value in settings.items() if value is not None}
    options = [f"{name}={literal(it) if isinstance(it, str) else repr(it)}" for name, it in made.items()]
    options += [f"{name}={number}" for name, number in (("take", take), ("takes", takes)) if number != 1]
    first = [] if not inputs else [inputs[0] if len(inputs) == 1 else f"[{', '.join(inputs)}]"]
    arguments = [*first, literal(prompt), *options]
    function = "nb.edit" if inputs else "nb.generate"
    line = f"{target} = {function}({', '.join(arguments)})"
    if len(line) > WIDTH:
        line = f"{target} = {function}(\n" + "".join(f"    {argument},\n" for argument in arguments) + ")"
    return f"import nb_banana as nb\n\n{line}"


def of(ask: Ask, take: int, target: str, folder: Path) -> str:
    """The Python of an ask, from ``take`` on, with the files that :func:`keep` writes in ``folder``."""
    names = [expression(picture, folder) for picture in ask.pictures]
    return call(target, names, ask.prompt, ask.settings, take=take, takes=ask.takes)


def input_path(image: ImageData, name: str, folder: Path) -> Path:
    """Where a picture that came without a file is kept: ``inputs/<its name>-<its hash>`` in ``folder``."""
    if image.path is not None:
        return image.path
    stem = _UNSAFE.sub("-", PurePath(name).stem).strip("-.")[:40] or "picture"
    return folder / "inputs" / f"{stem}-{image.sha256[:8]}{SUFFIXES.get(image.mime_type, '')}"


def expression(picture: Card, folder: Path) -> str:
    """The Python that names a picture: its own path, URL or variable, else the file kept for it."""
    if picture.origin is not None:
        return picture.origin
    path, here = input_path(picture.image, picture.name, folder), Path.cwd()
    shown = path.resolve()
    return literal(shown.relative_to(here).as_posix() if shown.is_relative_to(here) else str(shown))


def keep(pictures: Iterable[Card], folder: Path) -> None:
    """Write the files :func:`expression` names, for those pictures that have none yet."""
    for picture in pictures:
        if picture.origin is not None:
            continue
        path = input_path(picture.image, picture.name, folder)
        if not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            picture.image.save(path)
