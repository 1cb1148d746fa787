"""What was made of pictures lately, so that the same is not made twice in a row.

Rules of this file: what is kept is what its key alone decides; few bytes stay, the newest; and there is
no lock, for a program may be forked at any moment: two threads may make the same thing once each.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Generic, TypeVar

from .data import ImageData

Made = TypeVar("Made")


class Lately(Generic[Made]):
    """Keeps what was made last.

    Args:
        most: bytes of encoded pictures that stay.
        pictures: those of one thing that was made.
    """

    def __init__(self, most: int, pictures: Callable[[Made], Iterable[ImageData]]) -> None:
        self._most, self._pictures = most, pictures
        self._kept: dict[str, Made] = {}

    def __call__(self, key: str, make: Callable[[], Made]) -> Made:
        """What was made for this key, else what is made now; never None."""
        kept = self._kept.get(key)
        made = make() if kept is None else kept
        self._kept.pop(key, None)
        self._kept[key] = made  # the newest is the last
        left = self._most
        for other, one in reversed(list(self._kept.items())):
            left -= sum(len(image.data) for image in self._pictures(one))
            if left < 0:
                self._kept.pop(other, None)
        return made
