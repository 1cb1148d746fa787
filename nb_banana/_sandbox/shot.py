"""The picture on its way from input to answer, with what is known about it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from .canvas import Picture, Size
from .subject import Box, bounds, find_face, find_subject


@dataclass(frozen=True)
class Shot:
    """A picture, its subject as a soft mask, its face if one was found, its alpha if it has one."""

    image: Picture
    subject: Picture
    face: Box | None = None
    alpha: Picture | None = None
    taken: Picture | None = None  # subject and added things together: where no room is left
    eyes: tuple[tuple[float, float], tuple[float, float]] | None = None  # once looked for
    staged: bool = False  # several inputs already stand on the background asked for

    @property
    def size(self) -> Size:
        """Width and height in pixels."""
        return self.image.size

    @property
    def head(self) -> Box:
        """The face, or where a head would be: the upper part of the subject."""
        if self.face is not None:
            return self.face
        box = bounds(self.subject)
        wide, tall = box.right - box.left, box.bottom - box.top
        return Box(box.left + 0.12 * wide, box.top, box.right - 0.12 * wide, box.top + 0.72 * tall)

    def but(self, **changes: Any) -> Shot:
        """The same shot with some things changed."""
        return replace(self, **changes)

    @classmethod
    def of(cls, image: Picture) -> Shot:
        """A picture looked at afresh."""
        return cls(image, find_subject(image), find_face(image))
