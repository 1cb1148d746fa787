"""What somebody drew on a picture, as a value: strokes, boxes, lassos, arrows, labels, and words.

Rules of this file:

* Points are shares of the picture as a person sees it, from 0 to 1; a width is a share of its longer edge.
* Shapes count in the order they were drawn: an eraser takes from what stands before it, and from no other.
* Nothing here loads Pillow; pixels are ``strokes``'s.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import ModuleType
from typing import Any, Final, Literal, TypeGuard

from .._strings import say
from ..errors import InvalidRequestError
from .data import ImageData
from .regions import shares_of
from .saving import SUFFIXES

Kind = Literal["brush", "eraser", "box", "lasso", "arrow", "text"]
Point = tuple[float, float]

POINTS: Final[Mapping[str, tuple[int, int]]] = {
    "brush": (1, 2000), "eraser": (1, 2000), "box": (2, 2), "lasso": (3, 2000), "arrow": (2, 2),
    "text": (1, 1),
}  # fmt: skip
"""How many points a shape of each kind has, at least and at most."""
AREAS: Final = ("brush", "box", "lasso")
"""The kinds that say where to edit; the others point and tell."""
COLOURS: Final = ("red", "yellow", "green", "blue")
MOST_SHAPES: Final = 1000
MOST_TEXT: Final = 200
NAME: Final = "marked-copy"
"""What a marked copy is called, less its suffix."""


@dataclass(frozen=True, slots=True)
class Shape:
    """One thing drawn.

    Attributes:
        points: of a box two opposite corners, of an arrow tail and tip, of a label its lower left.
        width: how thick a stroke is; two thirds of the height of a label's letters.
        text: what a label says.
    """

    kind: Kind
    points: tuple[Point, ...]
    width: float = 0.03
    colour: str = "red"
    text: str = ""

    @classmethod
    def from_dict(cls, given: Any) -> Shape:
        """A shape as a page tells of it: ``{"kind": "box", "points": [left, top, right, bottom]}``.

        Raises:
            InvalidRequestError: it is none; the sentence says which part of it.
        """
        if not isinstance(given, Mapping) or given.get("kind") not in POINTS:
            raise _bad(given, "kind")
        kind, flat = given["kind"], given.get("points")
        width, colour, text = given.get("width", 0.03), given.get("colour", "red"), given.get("text", "")
        least, most = POINTS[kind]
        if not isinstance(flat, (list, tuple)) or len(flat) % 2 or not least <= len(flat) // 2 <= most:
            raise _bad(given, "points")
        if not all(_number(value, 0, 1) for value in flat):
            raise _bad(given, "points")
        if not _number(width, 0, 1) or not width or colour not in COLOURS:
            raise _bad(given, "colour" if colour not in COLOURS else "width")
        if not isinstance(text, str) or len(text) > MOST_TEXT or (kind == "text" and not text.strip()):
            raise _bad(given, "text")
        points = tuple(zip(map(float, flat[::2]), map(float, flat[1::2])))
        return cls(kind, points, float(width), colour, text)

    def to_dict(self) -> dict[str, Any]:
        """The shape as a page is told of it."""
        points = [value for point in self.points for value in point]
        told = {"kind": self.kind, "points": points, "width": self.width, "colour": self.colour}
        return {**told, **({"text": self.text} if self.text else {})}


@dataclass(frozen=True, slots=True)
class Marks:
    """All that is drawn on a picture; true where there is anything.

    Attributes:
        words: what is to be changed, for who tells it instead: ``"the cat's left ear"``.
    """

    shapes: tuple[Shape, ...] = ()
    words: str = ""

    @classmethod
    def from_dict(cls, given: Any) -> Marks:
        """Marks as :meth:`to_dict` gives them.

        Raises:
            InvalidRequestError: they are none.
        """
        shapes = given.get("shapes", []) if isinstance(given, Mapping) else None
        words = given.get("words", "") if isinstance(given, Mapping) else None
        if not isinstance(shapes, (list, tuple)) or len(shapes) > MOST_SHAPES or not isinstance(words, str):
            raise InvalidRequestError(say("easel.bad_marks", value=given))
        return cls(tuple(map(Shape.from_dict, shapes)), words[:MOST_TEXT].strip())

    @classmethod
    def of(cls, given: Any) -> Marks:
        """Marks from what somebody gave: None is none, four shares are a box, a text is words.

        Raises:
            InvalidRequestError: it can't be read.
        """
        if given is None or isinstance(given, cls):
            return given or cls()
        if isinstance(given, str):
            return cls(words=given[:MOST_TEXT].strip())
        if isinstance(given, (tuple, list)) and len(given) == 4 and (region := shares_of(given)):
            return cls((box(region),))
        return cls.from_dict({"shapes": given} if isinstance(given, (list, tuple)) else given)

    def to_dict(self) -> dict[str, Any]:
        """Plain values that :meth:`from_dict` reads."""
        told: dict[str, Any] = {"shapes": [shape.to_dict() for shape in self.shapes]}
        return {**told, **({"words": self.words} if self.words else {})}

    def __bool__(self) -> bool:
        return bool(self.shapes or self.words)

    @property
    def areas(self) -> bool:
        """Whether anything drawn says where to edit."""
        return any(shape.kind in AREAS for shape in self.shapes)

    @property
    def signs(self) -> bool:
        """Whether there are arrows or labels, which no mask holds."""
        return any(shape.kind in ("arrow", "text") for shape in self.shapes)

    @property
    def region(self) -> tuple[float, float, float, float] | None:
        """(left, top, width, height) around strokes, boxes and lassos, erased or not; None without any."""
        edges = [edge for shape in self.shapes if shape.kind in AREAS for edge in _edges(shape)]
        if not edges:
            return None
        (left, right), (top, bottom) = ((max(0.0, min(at)), min(1.0, max(at))) for at in zip(*edges))
        return left, top, right - left, bottom - top

    def mask(self, image: ImageData) -> ImageData:
        """Where to edit, as a PNG of the picture's size as a person sees it: white is *edit here*."""
        made = _drawing().mask(self.shapes, image.shown_size, self._told)
        return ImageData.from_bytes(made, name="mask.png")

    def copy(self, image: ImageData) -> ImageData:
        """A copy of the picture, upright, with everything drawn on it in its colour.

        Raises:
            InvalidImageError: the pixels can't be decoded.
            InvalidRequestError: a label needs a font that is not on this computer.
        """
        data = _drawing().copy(self.shapes, image.to_pil(), self._told)
        made = ImageData.from_bytes(data)
        return made.but(name=NAME + SUFFIXES[made.mime_type])

    @property
    def _told(self) -> str:
        return json.dumps(self.to_dict(), separators=(",", ":"))


def box(region: tuple[float, float, float, float]) -> Shape:
    """The box around a region."""
    left, top, width, height = region
    return Shape("box", ((left, top), (min(1.0, left + width), min(1.0, top + height))))


def drawn_in(image: ImageData) -> Marks | None:
    """The marks that a mask or a marked copy was made of; None where it doesn't say."""
    told = _drawing().told_in(image.data)
    try:
        return Marks.from_dict(json.loads(told))
    except (InvalidRequestError, ValueError, RecursionError):
        return None


def _edges(shape: Shape) -> Iterable[Point]:
    by = shape.width / 2 if shape.kind == "brush" else 0.0
    for x, y in shape.points:
        yield from ((x - by, y - by), (x + by, y + by))


def _number(value: Any, least: float, most: float) -> TypeGuard[float]:
    return isinstance(value, (int, float)) and not isinstance(value, bool) and least <= value <= most


def _bad(given: Any, part: str) -> InvalidRequestError:
    return InvalidRequestError(say(f"easel.bad_{part}", value=given))


def _drawing() -> ModuleType:
    from . import strokes  # loads Pillow

    return strokes
