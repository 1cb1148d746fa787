"""Pillow's readers: a picture file opened, its header read and its pixels not.

Rules of the room:

* A file is opened by the one reader its first bytes name; Pillow never guesses, never runs a program.
* It stands below ``containers``, which asks it for the types it doesn't read itself, inside one function: it
  loads Pillow.
"""

from __future__ import annotations

import io
import struct
import zlib
from importlib import import_module
from typing import Final

from PIL import Image

from .._strings import say
from . import tiff

_READERS: Final = {
    "image/png": ("PngImagePlugin", "PNG"),
    "image/jpeg": ("JpegImagePlugin", "JPEG"),
    "image/webp": ("WebPImagePlugin", "WEBP"),
    "image/gif": ("GifImagePlugin", "GIF"),
    "image/bmp": ("BmpImagePlugin", "BMP"),
    "image/tiff": ("TiffImagePlugin", "TIFF"),
    "image/avif": ("AvifImagePlugin", "AVIF"),
}
# What readers raise on damaged bytes: mostly their own words, sometimes the accident itself.
READ_ERRORS: Final = (
    OSError, ValueError, SyntaxError, struct.error, zlib.error, EOFError, LookupError, TypeError,
    ArithmeticError, AttributeError, RuntimeError, MemoryError, AssertionError,
    Image.DecompressionBombError, Image.DecompressionBombWarning,
)  # fmt: skip


def opened(data: bytes, mime: str) -> Image.Image:
    """The picture with its header read and its pixels not."""
    if mime in ("image/heic", "image/heif"):
        register_heif()
        return Image.OPEN["HEIF"][0](io.BytesIO(data), "")
    module, name = _READERS[mime]
    import_module(f"PIL.{module}")  # Registers itself, without loading the thirty others.
    picture: Image.Image = Image.OPEN[name][0](io.BytesIO(data), "")
    if mime == "image/tiff":
        picture.seek(tiff.main_page(data))
    return picture


def register_heif() -> None:
    """HEIC and HEIF need the optional extra; say so instead of "not an image"."""
    try:
        from pillow_heif import register_heif_opener  # of the heic extra
    except ImportError:
        raise ValueError(say("images.needs_heic")) from None
    register_heif_opener()
