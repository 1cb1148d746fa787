""":class:`ImageData`, the picture as a value."""

from __future__ import annotations

import base64
import hashlib
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from .._strings import say
from ..errors import InvalidImageError
from . import _containers
from ._saving import save_picture

if TYPE_CHECKING:
    from PIL import Image

MAX_BYTES: Final = 80 * 1024 * 1024
"""No picture is larger: no service takes it, and a notebook could not hold a few of them."""
MAX_PIXELS: Final = 150_000_000
"""Above the largest catalog picture and the largest common camera; beyond lies a decompression bomb."""
DENSE_PIXELS: Final = 50_000_000
"""Up to here any picture is decoded in reasonable memory, however few bytes it has …"""
MAX_INFLATION: Final = 300
"""… and above it a picture that inflates more than this is a bomb: photographs stay below 50."""


class ImageData:
    """One picture: its bytes as received, its type and its size in pixels. Never changes.

    Attributes:
        data: the encoded bytes. A stored picture is read on first use and checked by its hash.
        mime_type: ``"image/png"``, ``"image/jpeg"``, …, from the bytes.
        sha256: hex digest of ``data``.
        width, height: pixels, as stored (before any EXIF turn).
        name: the file name or other short label, ``""`` when there is none.
        source: the path or URL it was given as, so that code can name it again; else ``""``.
    """

    __slots__ = ("_data", "_path", "_sha256", "height", "mime_type", "name", "source", "width")

    def __init__(
        self,
        data: bytes | None,
        mime_type: str,
        width: int,
        height: int,
        *,
        name: str = "",
        sha256: str = "",
        path: Path | None = None,
        source: str = "",
    ) -> None:
        self.source = source
        self._data, self._path, self._sha256 = data, path, sha256
        self.mime_type, self.width, self.height, self.name = mime_type, width, height, label(name)

    @classmethod
    def from_bytes(
        cls,
        data: bytes,
        *,
        name: str = "",
        mime_type: str | None = None,
        sha256: str = "",
        whole: bool = False,
        called: str = "",
    ) -> ImageData:
        """A picture from its encoded bytes.

        Args:
            data: the bytes, kept as they are.
            name: the picture's label.
            mime_type: what somebody said it is; the bytes are believed instead.
            sha256: the digest, where it is known already.
            whole: also refuse a file that is cut short. Answers are paid for and shown as they came.
            called: what an error calls the picture, where that is more than its name.

        Raises:
            InvalidImageError: the bytes are not a picture, or one too large to be real.
        """
        called = label(called or name) or say("images.bytes_label", count=len(data))
        if not data:
            raise InvalidImageError(say("images.empty", name=called))
        if len(data) > MAX_BYTES:
            raise InvalidImageError(say("images.too_many_bytes", name=called, limit=MAX_BYTES // 2**20))
        try:
            found, width, height = _containers.sniff(data)
        except ValueError as reason:
            raise InvalidImageError(say("images.not_an_image", name=called, reason=reason)) from None
        if width < 1 or height < 1:
            raise InvalidImageError(say("images.unreadable", name=called))
        if is_bomb(width, height, len(data)):
            raise InvalidImageError(
                say("images.bomb", name=called, width=width, height=height, count=len(data))
            )
        damage = _containers.flaw(data, found) if whole else ""
        if damage:
            raise InvalidImageError(say("images.damaged", name=called, reason=damage))
        return cls(data, found, width, height, name=name, sha256=sha256)

    @classmethod
    def from_file(
        cls, path: Path, *, sha256: str, mime_type: str, width: int, height: int, name: str = ""
    ) -> ImageData:
        """A stored picture, read when its bytes are first needed and checked against ``sha256``."""
        return cls(None, mime_type, width, height, name=name, sha256=sha256, path=Path(path))

    def given_as(self, source: str) -> ImageData:
        """The same picture, knowing how a person named it."""
        if source == self.source:
            return self
        return ImageData(
            self._data, self.mime_type, self.width, self.height, name=self.name, sha256=self._sha256,
            path=self._path, source=source,
        )  # fmt: skip

    @property
    def data(self) -> bytes:
        """The encoded bytes, as received."""
        if self._data is None:
            self._data = self._read_stored()
        return self._data

    @property
    def sha256(self) -> str:
        """Hex digest of :attr:`data`."""
        if not self._sha256:
            self._sha256 = hashlib.sha256(self.data).hexdigest()
        return self._sha256

    @property
    def path(self) -> Path | None:
        """Where the stored original lies, when it lies somewhere."""
        return self._path

    def _read_stored(self) -> bytes:
        path = self._path
        if path is None:
            raise InvalidImageError(say("images.empty", name=self.name))
        try:
            data = path.read_bytes()
        except OSError as reason:
            raise InvalidImageError(
                say("images.stored_missing", path=label(path), reason=reason.strerror or reason)
            ) from None
        if hashlib.sha256(data).hexdigest() != self._sha256:
            raise InvalidImageError(say("images.stored_changed", path=label(path)))
        return data

    def to_pil(self) -> Image.Image:
        """The decoded picture, turned upright as its EXIF says; of an animation, the first frame.

        Raises:
            InvalidImageError: the pixels can't be decoded.
        """
        from ._pixels import DECODE_ERRORS, decoded

        try:
            return decoded(self.data, self.mime_type)
        except DECODE_ERRORS as reason:
            raise self.undecodable(reason) from None

    def save(self, path: str | os.PathLike[str] | None = None) -> Path:
        """Write the bytes as received and return where.

        Without ``path`` a free name is found. A suffix that disagrees with the bytes is replaced, so the
        returned path may differ from the one asked for.

        Raises:
            InvalidRequestError: it could not be written; nothing half-written is left.
        """
        return save_picture(self.data, self.mime_type, path)

    def preview(self, longest: int = 768, budget: int = 24 * 1024) -> ImageData:
        """A small copy for looking at: JPEG (PNG when pixels are transparent), at most ``budget`` bytes.

        Raises:
            InvalidImageError: the pixels can't be decoded.
        """
        from ._pixels import DECODE_ERRORS, small_copy

        try:
            data, mime, width, height = small_copy(self.data, self.mime_type, longest, budget)
        except DECODE_ERRORS as reason:
            raise self.undecodable(reason) from None
        return ImageData(data, mime, width, height, name=self.name)

    def undecodable(self, reason: object) -> InvalidImageError:
        """The error that says these pixels can't be read, and why."""
        words = label(" ".join(str(reason).split()) or type(reason).__name__)
        return InvalidImageError(say("images.undecodable", name=self.name or self.sha256[:12], reason=words))

    def __eq__(self, other: object) -> bool:
        return self is other or (isinstance(other, ImageData) and self.sha256 == other.sha256)

    def __hash__(self) -> int:
        return hash(self.sha256)

    def __repr__(self) -> str:
        size = say("images.size", width=self.width, height=self.height)
        return f"<ImageData {self.name + ' ' if self.name else ''}{self.mime_type} {size}>"

    def _repr_mimebundle_(self, **_: Any) -> tuple[dict[str, Any], dict[str, Any]]:
        try:
            small = self.preview()
        except InvalidImageError as error:
            return {"text/plain": f"{self!r}\n{error}"}, {}
        return {small.mime_type: base64.b64encode(small.data).decode(), "text/plain": repr(self)}, {}


def is_bomb(width: int, height: int, size: int) -> bool:
    """Whether decoding would take absurd memory for a file of ``size`` bytes."""
    pixels = width * height
    return pixels > MAX_PIXELS or (pixels > DENSE_PIXELS and pixels * 3 > size * MAX_INFLATION)


_SHOWN_CHARACTERS: Final = 200


def label(text: object) -> str:
    """A name or path as it may be shown: one line, no control or direction characters, bounded."""
    clean = "".join(c if c.isprintable() or c in "\u200c\u200d" else "\ufffd" for c in str(text))
    half = _SHOWN_CHARACTERS // 2
    return clean if len(clean) <= _SHOWN_CHARACTERS else f"{clean[: half - 1]}…{clean[-half:]}"
