"""Masks as benchmarks keep them, made into pictures: white where to edit."""

from __future__ import annotations

import io
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from PIL import Image

from .._images.data import ImageData
from .._images.sources import as_image

SIDE: Final = 512
"""Pixels of a PIE picture and its mask, each way."""


def mask_of(kept: Path | Sequence[int] | None) -> ImageData | None:
    """The picture of a mask that is a file or runs."""
    if kept is None:
        return None
    if isinstance(kept, Path):
        return as_image(kept)
    stream = io.BytesIO()
    Image.frombytes("L", (SIDE, SIDE), painted(kept)).save(stream, "PNG")
    return ImageData.from_bytes(stream.getvalue(), name="mask.png")


def painted(runs: Sequence[int]) -> bytes:
    """The pixels of PIE's runs (start, length, start, length …), its border white as the script forces it."""
    plane = bytearray(SIDE * SIDE)
    for start, length in zip(runs[::2], runs[1::2]):
        end = min(start + length, len(plane))
        plane[start:end] = b"\xff" * max(0, end - start)
    plane[:SIDE] = plane[-SIDE:] = b"\xff" * SIDE
    for row in range(0, len(plane), SIDE):
        plane[row] = plane[row + SIDE - 1] = 0xFF
    return bytes(plane)
