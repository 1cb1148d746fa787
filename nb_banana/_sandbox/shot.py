"""The picture on its way from input to answer, with what is known about it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from PIL import Image

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

    def cut(self, box: tuple[float, float, float, float], size: Size) -> Shot:
        """A part (in pixels) at another size of the same shape, with what is known about it."""
        image = self.image.resize(size, Image.Resampling.LANCZOS, box=box)
        subject = self.subject.resize(size, Image.Resampling.BICUBIC, box=box)
        face = self.face and _moved(self.face, self.size, box)
        return Shot(image, subject, face)

    @classmethod
    def of(cls, image: Picture) -> Shot:
        """A picture looked at afresh."""
        return cls(image, find_subject(image), find_face(image))


def _moved(face: Box, size: Size, box: tuple[float, float, float, float]) -> Box | None:
    """A face as seen in a part of the picture; None when the part cuts it off."""
    (w, h), (x0, y0, x1, y1) = size, box
    moved = Box(
        (face.left * w - x0) / (x1 - x0),
        (face.top * h - y0) / (y1 - y0),
        (face.right * w - x0) / (x1 - x0),
        (face.bottom * h - y0) / (y1 - y0),
    )
    return moved if all(-0.1 <= edge <= 1.1 for edge in moved) else None
