"""The Python of a click: runnable, and never holding pixels. Pictures without a file get one first."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path, PurePath
from typing import TYPE_CHECKING, Any, Final

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
    takes: Sequence[int] = (1,),
) -> str:
    """``target = nb.edit(...)`` with only the arguments that differ from their defaults.

    Args:
        target: the variable to assign.
        pictures: Python expressions, one per input; none makes it ``nb.generate``.
        settings: those that were made.
        takes: their numbers, in order. Those that follow each other are one call; another panel may have
            got the ones between, and each further call has a variable of its own.
    """
    inputs = list(pictures)
    lines = [
        _line(target if at == 0 else f"{target}_{first}", inputs, prompt, settings, (first, count))
        for at, (first, count) in enumerate(_stretches(takes))
    ]
    return "import nb_banana as nb\n\n" + "\n".join(lines)


def _stretches(takes: Sequence[int]) -> list[tuple[int, int]]:
    """Numbers that follow each other, as the first of them and how many."""
    found: list[tuple[int, int]] = []
    for take in takes:
        if found and take == sum(found[-1]):
            found[-1] = (found[-1][0], found[-1][1] + 1)
        else:
            found.append((take, 1))
    return found


def _line(target: str, inputs: list[str], prompt: str, settings: Settings, stretch: tuple[int, int]) -> str:
    made = {name: value for name, value in settings.items() if value is not None}
    options = [f"{name}={_spelled(it)}" for name, it in made.items()]
    options += [f"{name}={number}" for name, number in zip(("take", "takes"), stretch) if number != 1]
    first = [] if not inputs else [inputs[0] if len(inputs) == 1 else f"[{', '.join(inputs)}]"]
    arguments = [*first, literal(prompt), *options]
    function = "nb.edit" if inputs else "nb.generate"
    line = f"{target} = {function}({', '.join(arguments)})"
    if len(line) > WIDTH:
        line = f"{target} = {function}(\n" + "".join(f"    {argument},\n" for argument in arguments) + ")"
    return line


def _spelled(value: Any) -> str:
    """A setting as Python source."""
    if isinstance(value, str):
        return literal(value)
    if isinstance(value, Path):
        return literal(_near(value))
    if isinstance(value, Mapping):
        fields = (f"{literal(str(name))}: {_spelled(inner)}" for name, inner in value.items())
        return "{" + ", ".join(fields) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(_spelled, value)) + "]"
    return repr(value)


def of(ask: Ask, target: str, folder: Path) -> Callable[[Sequence[int]], str]:
    """The Python of an ask by the numbers of its takes, with the files :func:`keep` writes in ``folder``."""
    names, settings = [expression(picture, folder) for picture in ask.pictures], ask.settings
    if (mask := mask_of(ask)) is not None:
        settings = {**settings, "mask": input_path(mask, "mask", folder)}
    return lambda takes: call(target, names, ask.prompt, settings, takes=takes)


def mask_of(ask: Ask) -> ImageData | None:
    """The picture that says where to edit; None where there is none, or a region."""
    mask = ask.settings.get("mask")
    return mask if isinstance(mask, ImageData) else None


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
    return literal(_near(input_path(picture.image, picture.name, folder)))


def _near(path: Path) -> str:
    """A path as code names it: from the working directory where it lies below it."""
    here, shown = Path.cwd(), path.resolve()
    return shown.relative_to(here).as_posix() if shown.is_relative_to(here) else str(shown)


def keep(asks: Iterable[Ask], folder: Path) -> None:
    """Write the files that the code of these asks names, for those pictures that have none yet."""
    for ask in asks:
        mask = mask_of(ask)
        named = [(one.image, one.name) for one in ask.pictures if one.origin is None]
        for image, name in (*named, *([(mask, "mask")] if mask else [])):
            path = input_path(image, name, folder)
            if not path.exists():
                path.parent.mkdir(parents=True, exist_ok=True)
                image.save(path)
