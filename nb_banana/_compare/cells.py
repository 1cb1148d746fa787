"""The plan: which cells there are, in which order, and which of them can't work."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import product
from math import prod
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from .._images.data import ImageData
from .._images.sources import as_image
from .._messages import SETTINGS, EditRequest, Settings, check_count
from .._result import EditResult
from .._strings import say
from .._wire.wires import WireName
from ..errors import InvalidRequestError, NanoBananaError
from .given import Choice, pictures, steps_of, steps_said

if TYPE_CHECKING:
    from .._client.endpoint import Endpoint

AXES: Final = (
    "image", "prompt", "phrase", "model", "aspect_ratio", "image_size", "endpoint", "wire", "seed",
    "turn", "take",
)  # fmt: skip
"""The coordinates of a cell; in plan order the last changes fastest."""
MAX_CELLS: Final = 100_000
"""Of one plan: it is held in memory, and nobody pays for more by accident."""


@dataclass(frozen=True, slots=True)
class Input:
    """What the edits of a row start from: a picture, several that go together, or none.

    Attributes:
        label: what a table calls it.
        parent: the record it came from, when it is a result.
        error: why it can't be read, or None.
    """

    label: str
    images: tuple[ImageData, ...] = ()
    parent: str | None = None
    error: NanoBananaError | None = None


@dataclass(frozen=True, slots=True)
class Place:
    """Where a cell is asked; without an endpoint or an error, where the session asks.

    Attributes:
        label: what it is called, as nothing else in the plan; None is the session's own place.
        found_by: a provider's name or an address, which finds it again.
        error: why it can't be used here, or None; then the endpoint, if any, has no key.
    """

    label: str | None = None
    endpoint: Endpoint | None = field(default=None, compare=False, repr=False)
    found_by: str = field(default="", compare=False)
    error: NanoBananaError | None = field(default=None, compare=False, repr=False)


OWN: Final = Place()


@dataclass(frozen=True, slots=True, repr=False, unsafe_hash=True)
class Cell:
    """One edit of a plan, by its coordinates.

    Attributes:
        index: its place in plan order, from 0.
        image: the input's name; ``""`` where a picture is made from words alone.
        prompt: what this edit asks for; of a chain its step.
        settings: as asked; what is None, or left out, is the default of ``nb.edit``.
        place: where it is asked; :attr:`endpoint` is what that is called.
        wire: as asked; None is the one that carries the model there.
        names: what a person calls some of these, by coordinate: ``{"prompt": "short"}``; the steps of a chain
            have one name for all.
        phrase: what stands in the prompt in place of a phrase, where such are compared.
        steps: what was asked in turn, up to this edit.
        after: the place of the cell whose picture this one edits, in a chain; None is the input's.
        columns: what a person's table says of it beside its coordinates.
    """

    index: int
    image: str
    prompt: str
    settings: Settings = field(hash=False)
    wire: WireName | None
    take: int
    source: Input = field(compare=False)
    names: Mapping[str, str] = field(default_factory=dict, compare=False)
    place: Place = OWN
    phrase: str | None = None
    steps: tuple[str, ...] = ()
    after: int | None = field(default=None, compare=False)
    columns: Mapping[str, Any] = field(default_factory=dict, compare=False)

    def __repr__(self) -> str:
        asked = (f"{axis}={self[axis]!r}" for axis in AXES if self[axis] not in (None, *self._plain(axis)))
        return f"Cell({', '.join((f'index={self.index}', *asked))})"

    def __getitem__(self, axis: str) -> Any:
        """A coordinate."""
        return self.settings.get(axis) if axis in SETTINGS else getattr(self, axis)

    @property
    def model(self) -> str | None:
        """The model asked for."""
        return self.settings.get("model")

    @property
    def aspect_ratio(self) -> str | None:
        """The ratio asked for."""
        return self.settings.get("aspect_ratio")

    @property
    def image_size(self) -> str | None:
        """The size asked for."""
        return self.settings.get("image_size")

    @property
    def seed(self) -> int | None:
        """The seed asked for."""
        return self.settings.get("seed")

    @property
    def turn(self) -> int:
        """Which step of a chain it is, from 1."""
        return len(self.steps) or 1

    @property
    def endpoint(self) -> str | None:
        """What the place it is asked at is called; None is the session's own."""
        return self.place.label

    def shown(self, axis: str) -> Any:
        """A coordinate as people see it: by its name, if it has one."""
        return self.names.get(axis, self[axis])

    def _plain(self, axis: str) -> tuple[Any, ...]:
        """What goes without saying: a prompt alone is the first turn."""
        return (1,) if axis == "turn" and self.after is None else ()

    def request(self, of: ImageData | None = None) -> EditRequest:
        """The edit this cell asks for; its pictures are read when they are looked at.

        ``of`` is what the step before it brought; without it a later step is the same edit of the input.

        Raises:
            NanoBananaError: an input can't be read, or the prompt is empty.
        """
        if self.source.error is not None:
            raise self.source.error
        images = self.source.images if of is None else (of,)
        return EditRequest(self.prompt, tuple(map(unread, images)), **self.settings)


def inputs_of(images: Any) -> tuple[Input, ...]:
    """One source per picture; a list inside the list is pictures that go together; a dict names them."""
    if images is None:
        return (Input(""),)
    found = tuple(input_of(one, place, name) for place, (name, one) in enumerate(pictures(images), 1))
    if not found:
        raise InvalidRequestError(say("compare.no_images"))
    return found


def input_of(given: Any, place: int, name: str | None = None) -> Input:
    """What one row starts from; ``place`` names it where nothing else does."""
    if given is None:
        return Input(name or "")
    parts = tuple(given) if isinstance(given, (list, tuple)) else (given,)
    if not parts:  # a slip such as an empty glob must not pay for pictures from words
        raise InvalidRequestError(say("compare.no_images"))
    parent = next((one.record_id for one in reversed(parts) if isinstance(one, EditResult)), None)
    try:
        images = tuple(_kept(one) for one in parts)
    except NanoBananaError as error:
        label = Path(given).name if isinstance(given, (str, os.PathLike)) else ""
        return Input(name or label[:80] or say("compare.image_label", place=place), error=error)
    names = [image.name for image in images if image.name]
    called = name or " + ".join(names) or say("compare.image_label", place=place)
    return Input(called, images, parent)


def _kept(given: Any) -> ImageData:
    """The picture, which if it lies in a local file is read again when it is needed, not held in memory."""
    image = as_image(given)
    if image.path is None and isinstance(given, (str, os.PathLike)):
        path = Path(given).expanduser()
        if path.is_file():
            return image.but(path=path.absolute())
    return image


def unread(image: ImageData) -> ImageData:
    """A copy whose bytes are freed with the edit that reads them; bytes without a file stay as they are."""
    return image if image.path is None else image.but(path=image.path)


@dataclass(frozen=True, slots=True)
class Block:
    """Some inputs crossed with some choices: what a plan is made of.

    Attributes:
        inputs: what the edits start from.
        choices: the named values of each axis between image and take, by axis; a prompt may be steps.
        settings: those that hold for all of it.
        columns: what a person's table says of it.
    """

    inputs: Sequence[Input]
    choices: Mapping[str, Sequence[Choice]]
    settings: Settings = field(default_factory=Settings)
    columns: Mapping[str, Any] = field(default_factory=dict)

    def count(self) -> int:
        """How many edits it asks for, each once."""
        steps = sum(len(steps_of(value)) for _, value in self.choices["prompt"])
        others = (len(values) for axis, values in self.choices.items() if axis != "prompt")
        return len(self.inputs) * steps * prod(others)


def cells_of(blocks: Sequence[Block], takes: int) -> tuple[Cell, ...]:
    """Every block crossed out, one after the other, in plan order.

    Raises:
        InvalidRequestError: there would be too many.
    """
    takes = check_count("takes", takes, MAX_CELLS)
    count = sum(block.count() for block in blocks) * takes
    if count > MAX_CELLS:
        raise InvalidRequestError(say("compare.too_many_cells", count=count, limit=MAX_CELLS))
    cells: list[Cell] = []
    for block in blocks:
        axes = [axis for axis in AXES if axis in block.choices]
        for source, chosen in product(block.inputs, product(*(block.choices[axis] for axis in axes))):
            at = dict(zip(axes, (value for _, value in chosen), strict=True))
            names = {axis: name for axis, (name, _) in zip(axes, chosen, strict=True) if name is not None}
            cells += _chain(len(cells), block, source, at, names, takes)
    return tuple(cells)


def _chain(
    index: int, block: Block, source: Input, at: Mapping[str, Any], names: Mapping[str, str], takes: int
) -> Iterator[Cell]:
    """The steps of one prompt, mostly one, and the takes of each."""
    steps = steps_of(at["prompt"])
    if len(steps) > 1:
        names = {"prompt": steps_said(steps), **names}
    for turn, take in product(range(1, len(steps) + 1), range(1, takes + 1)):
        facts = {**at, "prompt": steps[turn - 1], "take": take, "steps": steps[:turn]}
        facts["after"] = index - takes if turn > 1 else None
        yield cell_at(index, source, facts, names, block.settings, block.columns)
        index += 1


def cell_at(
    index: int,
    source: Input,
    at: Mapping[str, Any],
    names: Mapping[str, str],
    common: Settings | None = None,
    columns: Mapping[str, Any] | None = None,
) -> Cell:
    """The cell of these coordinates, one for each axis but the image, and of the settings common to all."""
    settings: Any = {axis: at[axis] for axis in AXES if axis in SETTINGS and axis in at} | (common or {})
    return Cell(
        index, source.label, at["prompt"], settings, at["wire"], at["take"], source, names,
        at.get("endpoint") or OWN, at.get("phrase"), tuple(at.get("steps") or (at["prompt"],)),
        at.get("after"), columns or {},
    )  # fmt: skip


def varied(cells: Sequence[Cell]) -> Iterator[str]:
    """The axes along which the plan really varies; all steps of a chain are of one prompt."""
    for axis in AXES:
        values = (None if axis == "prompt" else cell[axis] for cell in cells)
        if len(set(zip(values, (cell.shown(axis) for cell in cells), strict=True))) > 1:
            yield axis
