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
from .given import Choice, pictures

if TYPE_CHECKING:
    from .._client.endpoint import Endpoint

AXES: Final = ("image", "prompt", "model", "aspect_ratio", "image_size", "endpoint", "wire", "take")
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
        settings: as asked; what is None, or left out, is the default of ``nb.edit``.
        place: where it is asked; :attr:`endpoint` is what that is called.
        wire: as asked; None is the one that carries the model there.
        names: what a person calls some of these, by coordinate: ``{"prompt": "short"}``.
        after: the place of the cell whose picture this one edits, in a chain of steps; None is the input's.
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
    after: int | None = None

    def __repr__(self) -> str:
        asked = (f"{axis}={self[axis]!r}" for axis in AXES if self[axis] is not None)
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
    def endpoint(self) -> str | None:
        """What the place it is asked at is called; None is the session's own."""
        return self.place.label

    def shown(self, axis: str) -> Any:
        """A coordinate as people see it: by its name, if it has one."""
        return self.names.get(axis, self[axis])

    def request(self) -> EditRequest:
        """The edit this cell asks for; its pictures are read when they are looked at.

        Raises:
            NanoBananaError: an input can't be read, or the prompt is empty.
        """
        if self.source.error is not None:
            raise self.source.error
        return EditRequest(self.prompt, tuple(map(unread, self.source.images)), **self.settings)


def inputs_of(images: Any) -> tuple[Input, ...]:
    """One source per picture; a list inside the list is pictures that go together; a dict names them."""
    if images is None:
        return (Input(""),)
    found = tuple(_source(one, place, name) for place, (name, one) in enumerate(pictures(images), 1))
    if not found:
        raise InvalidRequestError(say("compare.no_images"))
    return found


def _source(given: Any, place: int, name: str | None) -> Input:
    if given is None:
        return Input(name or "")
    parts = tuple(given) if isinstance(given, (list, tuple)) else (given,)
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


def cells_of(
    inputs: Sequence[Input],
    texts: Mapping[str, Sequence[Choice]],
    takes: int,
    settings: Settings | None = None,
) -> tuple[Cell, ...]:
    """The full cross product in plan order; ``texts`` holds the axes between image and take, in order.

    ``settings`` are those that hold for every cell.
    """
    check_count("takes", takes, MAX_CELLS)
    count = len(inputs) * takes * prod(map(len, texts.values()))
    if count > MAX_CELLS:
        raise InvalidRequestError(say("compare.too_many_cells", count=count, limit=MAX_CELLS))
    crossed = product(inputs, product(*texts.values()), range(1, takes + 1))
    return tuple(
        cell_at(
            index, source, {axis: value for axis, (_, value) in zip(texts, chosen)} | {"take": take},
            names={axis: name for axis, (name, _) in zip(texts, chosen) if name is not None},
            common=settings,
        )
        for index, (source, chosen, take) in enumerate(crossed)
    )  # fmt: skip


def cell_at(
    index: int,
    source: Input,
    at: Mapping[str, Any],
    names: Mapping[str, str],
    common: Settings | None = None,
) -> Cell:
    """The cell of these coordinates, one for each axis but the image, and of the settings common to all."""
    settings: Any = {axis: at[axis] for axis in AXES if axis in SETTINGS} | (common or {})
    place = at.get("endpoint") or OWN
    return Cell(index, source.label, at["prompt"], settings, at["wire"], at["take"], source, names, place)


def varied(cells: Sequence[Cell]) -> Iterator[str]:
    """The axes along which the plan really varies."""
    for axis in AXES:
        if len({(cell[axis], cell.shown(axis)) for cell in cells}) > 1:
            yield axis
