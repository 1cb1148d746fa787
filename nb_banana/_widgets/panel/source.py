"""The Python of a click: runnable, and never holding pixels. Pictures without a file get one first.

Rules of this file:

* A picture is named by what the notebook calls it: its own path, URL or variable, else a file kept for it.
* A picture that was made here is named by the way it was made: the chain of edits from the original file.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path, PurePath
from typing import TYPE_CHECKING, Any, Final, Literal

from ..._files import make_private
from ..._history.shelf import INPUTS
from ..._images.data import ImageData
from ..._images.saving import SUFFIXES, write_whole
from ..._lineage import Step, held
from ..._messages import Settings
from ..._result import place_of, typed
from ..._text import near
from ..shown import literal

if TYPE_CHECKING:
    from ..._chain.links import Chain
    from ..._result import EditResult
    from ..._session.door import Session
    from ..tray import Card
    from .ask import Ask

WIDTH: Final = 68
_UNSAFE: Final = re.compile(r"[^\w.-]+")


@dataclass(frozen=True, slots=True)
class Code:
    """An expression: its head and the calls on it, and whether it gives a picture, a result or a chain."""

    head: str
    calls: tuple[str, ...] = ()
    kind: Literal["picture", "result", "chain"] = "picture"

    def chained(self, call: str) -> Code:
        """One more edit of it."""
        if self.kind == "chain":
            return Code(self.head, (*self.calls, call), "chain")
        return Code(f"nb.chain({self})", (call,), "chain")

    @property
    def picture(self) -> Code:
        """It as an input: of a chain its result."""
        return Code(self.head, (*self.calls, ".result"), "result") if self.kind == "chain" else self

    def __str__(self) -> str:
        return self.head + "".join(self.calls)

    def assigned(self, target: str) -> str:
        """``target = …``, over several lines where one is too long."""
        line = f"{target} = {self}"
        if len(line) <= WIDTH and "\n" not in line:
            return line
        if not self.calls:
            return line
        inner = "\n".join((self.head, *self.calls)).replace("\n", "\n    ")
        return f"{target} = (\n    {inner}\n)"


@dataclass(frozen=True, slots=True)
class Names:
    """What pictures are called: by the cards that were in the tray, by the history, by the files kept.

    Attributes:
        cards: the pictures that were in the tray, by their sha256.
        place: gives the session whose history knows how a result was made.
        chain_to: the chain that leads to a result.
    """

    cards: Mapping[str, Card]
    place: Callable[[], Session]
    chain_to: Callable[[EditResult, Session], Chain]

    @property
    def session(self) -> Session:
        """The session edits go through."""
        return self.place()

    def way(self, id: str | None) -> Code | None:
        """How a record's picture was made; None where the history does not hold it."""
        record = held(self.session.history, id)
        if record is None:
            return None
        return self.chain(self.chain_to(self.session.result_of(record), self.session))

    @property
    def folder(self) -> Path:
        """Where files are kept."""
        return self.session.history.folder

    def card(self, card: Card) -> Code:
        """A picture of the tray."""
        if card.origin is not None:
            return Code(card.origin)
        if (way := self.way(card.record_id)) is not None:
            return way.picture
        return Code(literal(_named(input_path(card.image, card.name, self.folder))))

    def image(self, image: ImageData) -> Code:
        """A picture that may have been in the tray."""
        card = self.cards.get(image.sha256)
        if card is not None and card.record_id is None:
            return self.card(card)
        return Code(literal(place_of(image)))

    def chain(self, chain: Chain) -> Code:
        """The way from an original to a picture; one made from words begins with those."""
        made = self.image(chain.start)
        first = held(self.session.history, chain.origin)
        if first is not None and not first.inputs:
            asked = self.session.result_of(first).request
            made = Code(_call("nb.generate", [], asked.prompt, asked.settings, (first.take, 1)), (), "result")
        for step, result in zip(chain.steps, chain.results, strict=True):
            made = self._step(made, step, result.request.mask)
        return made

    def _step(self, made: Code, step: Step, mask: Any) -> Code:
        settings = typed(step.request, mask)
        if settings.get("model") == self.session.default_model():  # a record holds the name that was sent
            del settings["model"]
        images = [str(self.image(one)) for one in step.images]
        if step.at:  # its own picture is not the first: a chain puts it there
            inputs = [*images[: step.at], str(made.picture), *images[step.at :]]
            call = _call("nb.edit", [_listed(inputs)], step.prompt, settings, (step.take, 1))
            return Code(call, (), "result")
        further = [f"images={_listed(images)}"] if images else []
        if step.context != "refeed":
            further.append(f"context={literal(step.context)}")
        return made.chained(_call(".edit", [], step.prompt, settings, (step.take, 1), further))


def of(ask: Ask, target: str, names: Names, *, exact: bool = False) -> Callable[[Sequence[int]], str]:
    """The Python of an ask by the numbers of its takes, with the files :func:`keep` writes.

    Its last line shows the result; of an edit by a mask that keeps everything else exactly (``exact``) the
    composite.
    """
    inputs, settings = [names.card(card) for card in ask.pictures], ask.settings
    if (mask := mask_of(ask)) is not None:
        settings = {**settings, "mask": input_path(mask, "mask", names.folder)}
    shown = f"\n\n{target}{'.composite()' if exact and mask is not None else ''}"
    (card, *others) = ask.pictures or (None,)
    alone = card is not None and not others and card.origin is None
    way = names.way(ask.parent) if alone else None
    if way is None:
        return lambda takes: call(target, inputs, ask.prompt, settings, takes=takes) + shown

    def longer(takes: Sequence[int]) -> str:
        if len(takes) > 1:
            return call(target, inputs, ask.prompt, settings, takes=takes) + shown
        step = _call(".edit", [], ask.prompt, settings, (takes[0] if takes else 1, 1))
        return f"import nb_banana as nb\n\n{way.chained(step).picture.assigned(target)}{shown}"

    return longer


def call(
    target: str, pictures: Sequence[Code], prompt: str, settings: Settings, *, takes: Sequence[int] = (1,)
) -> str:
    """``target = nb.edit(...)`` with only the arguments that differ from their defaults.

    Args:
        target: the variable to assign.
        pictures: one per input; none makes it ``nb.generate``. A long one gets a line of its own.
        settings: those that were made.
        takes: their numbers, in order. Those that follow each other are one call; another panel may have
            got the ones between, and each further call has a variable of its own.
    """
    lines, inputs = [], []
    for number, picture in enumerate(pictures, 1):
        if len(str(picture)) > WIDTH // 2 and picture.calls:
            lines.append(picture.assigned(f"input_{number}"))
            inputs.append(f"input_{number}")
        else:
            inputs.append(str(picture))
    first = [] if not inputs else [inputs[0] if len(inputs) == 1 else _listed(inputs)]
    for at, stretch in enumerate(_stretches(takes)):
        name = target if at == 0 else f"{target}_{stretch[0]}"
        function = "nb.edit" if inputs else "nb.generate"
        lines.append(f"{name} = {_call(function, first, prompt, settings, stretch, room=len(name) + 3)}")
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


def _call(
    function: str, first: Sequence[str], prompt: str, settings: Mapping[str, Any], stretch: tuple[int, int],
    further: Sequence[str] = (), *, room: int = 0,
) -> str:  # fmt: skip
    """A call with its arguments; over several lines where it is longer than there is ``room`` for."""
    made = {name: value for name, value in settings.items() if value is not None}
    options = [f"{name}={_spelled(it)}" for name, it in made.items()]
    options += [f"{name}={number}" for name, number in zip(("take", "takes"), stretch) if number != 1]
    arguments = [*first, literal(prompt), *further, *options]
    line = f"{function}({', '.join(arguments)})"
    if len(line) + room > WIDTH and len(arguments) > 1:
        line = f"{function}(\n" + "".join(f"    {argument},\n" for argument in arguments) + ")"
    return line


def _listed(items: Iterable[str]) -> str:
    return f"[{', '.join(items)}]"


def _spelled(value: Any) -> str:
    """A setting as Python source."""
    if isinstance(value, str):
        return literal(value)
    if isinstance(value, Path):
        return literal(_named(value))
    if isinstance(value, Mapping):
        fields = (f"{literal(str(name))}: {_spelled(inner)}" for name, inner in value.items())
        return "{" + ", ".join(fields) + "}"
    if isinstance(value, list):
        return _listed(map(_spelled, value))
    return repr(value)


def mask_of(ask: Ask) -> ImageData | None:
    """The picture that says where to edit; None where there is none, or a region."""
    mask = ask.settings.get("mask")
    return mask if isinstance(mask, ImageData) else None


def input_path(image: ImageData, name: str, folder: Path) -> Path:
    """Where a picture that came without a file is kept: ``inputs/<its name>-<its hash>`` in ``folder``."""
    if image.path is not None:
        return image.path
    stem = _UNSAFE.sub("-", PurePath(name).stem).strip("-.")[:40] or "picture"
    return folder / INPUTS / f"{stem}-{image.sha256[:8]}{SUFFIXES.get(image.mime_type, '')}"


def _named(path: Path) -> str:
    """A path as code names it, which Windows reads with slashes too."""
    return Path(near(path)).as_posix()


def keep(asks: Iterable[Ask], folder: Path) -> None:
    """Write the files that the code of these asks names, for those pictures that have none yet."""
    for ask in asks:
        mask = mask_of(ask)
        named = [(one.image, one.name) for one in ask.pictures if one.origin is None and not one.record_id]
        for image, name in (*named, *([(mask, "mask")] if mask else [])):
            path = input_path(image, name, folder)
            if path.exists() and image.path is None:
                with suppress(OSError):  # as young again: a clean-up leaves it until this edit has its record
                    os.utime(path)
            elif not path.exists():
                make_private(folder, path.parent)
                write_whole(path, image.data, mode=0o600)
