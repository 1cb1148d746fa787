"""A picture with a region outlined in red: how a person points at something when words are not enough."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Final

from ..._images.data import ImageData

RED: Final = (230, 0, 0)
_LINE: Final = 160
"""The longer edge over this is the width of the line: seen at any size, hiding little."""


def marked(image: ImageData, region: Sequence[float]) -> ImageData:
    """A PNG copy of ``image`` with ``region`` (left, top, width, height in shares) outlined.

    Raises:
        InvalidImageError: the pixels can't be decoded.
    """
    from PIL import ImageDraw  # loaded when something is marked

    picture = image.to_pil()
    copy = picture.convert("RGBA" if picture.has_transparency_data else "RGB")
    left, top, width, height = region
    corners = (left * copy.width, top * copy.height, (left + width) * copy.width - 1,
               (top + height) * copy.height - 1)  # fmt: skip
    line = max(3, round(max(copy.size) / _LINE))
    ImageDraw.Draw(copy).rectangle(corners, outline=RED, width=line)
    stream = io.BytesIO()
    copy.save(stream, "PNG", compress_level=3)
    return ImageData.from_bytes(stream.getvalue(), name="marked.png")
