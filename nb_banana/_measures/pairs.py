"""Before and after as a measure sees them, and the measure itself: a value with its convention."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Final, Literal

import numpy as np
from PIL import Image

from .._images.data import ImageData
from .._images.masks import is_region, plane
from .._images.sources import as_image
from .._measure import changing
from .._measure.planes import Mask, Plane
from .._result import EditResult, before_of
from .._strings import say
from ..errors import InvalidRequestError

Number = float | int | bool | str | None
Filter = Literal["lanczos", "bicubic", "nearest"]
Frame = Literal["input", "output"]
FILTERS: Final = {
    "lanczos": Image.Resampling.LANCZOS,
    "bicubic": Image.Resampling.BICUBIC,
    "nearest": Image.Resampling.NEAREST,
}


class Unmeasured(Exception):
    """Why there is no figure; what a column says in place of one."""


class Pair:
    """Two pictures, what was asked between them, and what several measures need of them, made once.

    Attributes:
        before: the picture that was edited, or None for one made from words.
        after: the picture that came.
        mask: where it was to change, as ``result.changes()`` takes it, or None.
        result: the edit, where the pair is one.
    """

    def __init__(self, before: Any, after: Any, mask: Any = None, result: EditResult | None = None) -> None:
        self.before = None if before is None else as_image(before)
        self.after, self.result = as_image(after), result
        self.mask = mask if mask is None or is_region(mask) else as_image(mask)

    @classmethod
    def of(cls, given: Any) -> Pair:
        """The pair of a result, or of ``(before, after)`` or ``(before, after, mask)``.

        Raises:
            InvalidRequestError: it is none of these.
        """
        if isinstance(given, Pair):
            return given
        if isinstance(given, EditResult):
            return measured(given)
        if isinstance(given, tuple) and len(given) in (2, 3):
            return cls(*given)
        raise InvalidRequestError(say("measures.bad_pair", kind=type(given).__name__))

    @property
    def hashes(self) -> tuple[str, ...]:
        """What the figures depend on."""
        mask = self.mask
        named = mask.sha256 if isinstance(mask, ImageData) else repr(mask and tuple(map(float, mask)))
        return (self.before.sha256 if self.before else "", self.after.sha256, named)

    @property
    def start(self) -> ImageData:
        """The picture before.

        Raises:
            Unmeasured: there is none.
        """
        if self.before is None:
            raise Unmeasured(say("measures.no_before"))
        return self.before

    @cached_property
    def opened(self) -> tuple[Image.Image, Image.Image]:
        """Both as RGB, upright, what is transparent on white."""
        return changing.opened(self.start), changing.opened(self.after)

    @cached_property
    def region(self) -> Any:
        """The mask as the figures take it: turned as the picture is."""
        return plane(self.mask, self.start) if isinstance(self.mask, ImageData) else self.mask

    @cached_property
    def changes(self) -> changing.Changes:
        """All that ``result.changes()`` tells."""
        return changing.changes_of(self.small, *self.opened, self.region)

    @cached_property
    def small(self) -> changing.Small:
        """Both at the measuring size."""
        return changing.small(*self.opened)

    def fitted(self, by: Filter, to: Frame) -> tuple[Plane, Plane]:
        """Both at one size as arrays of 8 bits: the one whose frame it is not is resized to the other."""
        kept = self.__dict__.setdefault("_fitted", {})
        if (by, to) not in kept:
            first, second = self.opened
            size = first.size if to == "input" else second.size
            kept[by, to] = tuple(
                np.asarray(one if one.size == size else one.resize(size, FILTERS[by]))
                for one in (first, second)
            )
        one, other = kept[by, to]
        return one, other

    def untouched(self, by: Filter, to: Frame) -> tuple[Plane, Plane] | None:
        """The same for an edit that changed nothing but the size; None where the size did not change."""
        first, second = self.opened
        if first.size == second.size:
            return None
        there = first.resize(second.size, FILTERS[by])
        if to == "output":
            # An untouched output, beside the input brought to its frame: back to its size, and there again.
            return np.asarray(there), np.asarray(
                there.resize(first.size, FILTERS[by]).resize(second.size, FILTERS[by])
            )
        return np.asarray(first), np.asarray(there.resize(first.size, FILTERS[by]))

    def outside(self, shape: tuple[int, ...]) -> Mask:
        """Where nothing was to change.

        Raises:
            Unmeasured: there is no mask, or nothing is outside of it.
        """
        if self.mask is None:
            raise Unmeasured(say("measures.no_mask"))
        inside = changing.region_mask(self.region, shape)
        if inside is None or inside.all():
            raise Unmeasured(say("measures.all_masked"))
        return ~inside


def measured(result: EditResult, before: Any = None, mask: Any = None) -> Pair:
    """The pair of a result, against its own input and mask where none are given."""
    start = before_of(result) if before is None else before
    return Pair(start, result.image, result.request.mask if mask is None else mask, result)


@dataclass(frozen=True)
class Measure:
    """One figure, or several that belong together, under a name that says how it is reached.

    Attributes:
        name: the column; where a convention decides the figure, the name holds it.
        about: the key of the sentence that says the same.
        version: changes whenever the figure of the same pair may.
        unit: ``"share"``, ``"dB"``, ``"px"``, ``"ΔE2000"``, … or ``""``.
        better: ``"higher"``, ``"lower"``, or ``""`` where neither is.
        kept: it depends on nothing but the two pictures, the mask and ``also``: once found it is kept.
        also: what else the figure of a pair depends on, as a text.
    """

    name: str
    about: str
    work: Callable[[Pair], Number | Mapping[str, Number]]
    version: int = 1
    unit: str = ""
    better: Literal["higher", "lower", ""] = ""
    kept: bool = True
    also: Callable[[Pair], str] = field(default=lambda _: "", repr=False)

    def __call__(self, before: Any, after: Any = None, mask: Any = None) -> Any:
        """The figure of one pair, or of one result; several are a dict.

        Raises:
            InvalidRequestError: there is none, and why.
        """
        given = before if after is None else (before, after, mask)
        try:
            found = self.work(Pair.of(given))
        except Unmeasured as reason:
            raise InvalidRequestError(say("measures.none", name=self.name, reason=reason)) from None
        return dict(found) if isinstance(found, Mapping) else found

    @property
    def convention(self) -> str:
        """How the figure is reached, as a sentence."""
        return say(f"measures.{self.about}", name=self.name)

    def __repr__(self) -> str:
        facts = ", ".join(filter(None, (self.unit, self.better and say(f"measures.{self.better}"))))
        return f"<measure {self.name} v{self.version}{facts and f' ({facts})'}: {self.convention}>"


__all__ = ["FILTERS", "Filter", "Frame", "Measure", "Number", "Pair", "Unmeasured", "measured"]
