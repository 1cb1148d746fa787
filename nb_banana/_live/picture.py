"""The picture the check sends: a ball on a meadow, made here, so that it is nobody's and weighs nothing."""

from __future__ import annotations

import struct
import zlib
from typing import Final

from .._images.data import ImageData

WIDTH, HEIGHT = 512, 384
"""Of another shape than the one asked for, so that a ratio that is not obeyed shows."""
_BALL: Final = (256, 236, 84)
_HORIZON: Final = 240


def photo() -> ImageData:
    """A ball on a meadow as PNG."""
    rows = b"".join(b"\0" + _row(y) for y in range(HEIGHT))
    head = struct.pack(">IIBBBBB", WIDTH, HEIGHT, 8, 2, 0, 0, 0)
    chunks = (b"IHDR", head), (b"IDAT", zlib.compress(rows, 9)), (b"IEND", b"")
    data = b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(kind, content) for kind, content in chunks)
    return ImageData.from_bytes(data, name="live-check.png")


def _row(y: int) -> bytes:
    """One line of sky or meadow, with the ball across it."""
    ground = (110 + y // 6, 170 + y // 8, 235) if y < _HORIZON else (70, 150 - (y - _HORIZON) // 4, 60)
    across, down, radius = _BALL
    half = int(max(0, radius**2 - (y - down) ** 2) ** 0.5)
    left = across - half
    shade = max(-radius, min(radius, y - down)) // 3
    ball = bytes((205 - shade, 150 - shade, 90)) * (2 * half)
    return bytes(ground) * left + ball + bytes(ground) * (WIDTH - left - 2 * half)


def _chunk(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))
