""":class:`ImageData`, the picture as a value."""

from __future__ import annotations

import base64
import copy
import hashlib
import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from .._chosen import chosen
from .._files import read_regular
from .._strings import say
from ..errors import InvalidImageError, InvalidRequestError
from . import containers
from .look import Look
from .saving import save_picture
from .tiff import OnlyPreview

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


SHOWN: Final = 768
"""The longest edge of a small copy, in pixels, where nobody chose another."""
_BUDGET: Final = 24 * 1024
_LEAST: Final = 4 * 1024
"""Bytes that a small copy may have in any case."""
_GLANCE: Final = 384
"""Pixels of the longest edge that are enough for a look: smaller copies have lost lines."""
_LYING: Final = frozenset({5, 6, 7, 8})
"""The EXIF turns that swap width and height."""


@dataclass(slots=True)
class _Held:
    """The bytes of a picture and what was found out about them, each at its first use; copies share it."""

    data: bytes | None
    sha256: str = ""
    path: Path | None = None
    turn: int = 0
    """The EXIF turn, 1 to 8; 0 while nobody has asked."""
    look: Look | None = None
    count: int = 0


@dataclass(frozen=True, slots=True, init=False, eq=False, repr=False)
class ImageData:
    """One picture: its bytes as received, its type and its size in pixels. Never changes.

    Attributes:
        data: the encoded bytes. A stored picture is read on first use and checked by its hash.
        mime_type: ``"image/png"``, ``"image/jpeg"``, …, from the bytes.
        sha256: hex digest of ``data``.
        width, height: pixels as the file's header tells them, before any EXIF turn.
        shown_size: width and height as the picture is seen, after it.
        name: the file name or other short label, ``""`` when there is none.
        source: the path or URL it was given as, so that code can name it again; else ``""``.
    """

    mime_type: str
    width: int
    height: int
    name: str
    source: str
    _held: _Held

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
        held = _Held(data, sha256, path)
        values = (mime_type, width, height, label(name), source, held)
        for field, value in zip(self.__slots__, values, strict=True):
            object.__setattr__(self, field, value)

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
            found, width, height = containers.sniff(data)
        except OnlyPreview as reason:
            raise InvalidImageError(say("images.stand_in", name=called, reason=reason)) from None
        except ValueError as reason:
            raise InvalidImageError(say("images.not_an_image", name=called, reason=reason)) from None
        if width < 1 or height < 1:
            raise InvalidImageError(say("images.unreadable", name=called))
        if is_bomb(width, height, len(data)):
            raise InvalidImageError(
                say("images.bomb", name=called, width=width, height=height, count=len(data))
            )
        damage = containers.flaw(data, found) if whole else ""
        if damage:
            raise InvalidImageError(say("images.damaged", name=called, reason=damage))
        return cls(data, found, width, height, name=name, sha256=sha256)

    @classmethod
    def from_file(
        cls, path: Path, *, sha256: str, mime_type: str, width: int, height: int, name: str = ""
    ) -> ImageData:
        """A stored picture, read when its bytes are first needed and checked against ``sha256``."""
        return cls(None, mime_type, width, height, name=name, sha256=sha256, path=Path(path))

    def but(
        self,
        *,
        data: bytes | None = None,
        path: Path | None = None,
        source: str | None = None,
        name: str | None = None,
    ) -> ImageData:
        """The same picture, held or named otherwise; what is not given stays.

        Args:
            data: other bytes of the same type that show the same pixels, as when metadata was taken away.
            path: a file of the same bytes, to be read when they are needed: those in memory are let go.
            source: how a person named it.
            name: its label.
        """
        held = self._held
        if data is not None:
            held = _Held(data)
        elif path is not None:
            held = _Held(None, self.sha256, path, held.turn, held.look)
        changed = copy.copy(self)
        object.__setattr__(changed, "_held", held)
        object.__setattr__(changed, "source", self.source if source is None else source)
        object.__setattr__(changed, "name", self.name if name is None else label(name))
        return changed

    def lies_in(self, path: Path) -> None:
        """Its bytes lie in ``path`` by now: they are let go, and read again when they are needed."""
        _ = self.sha256, self.byte_count
        self._held.path, self._held.data = path, None

    @property
    def data(self) -> bytes:
        """The encoded bytes, as received."""
        data = self._held.data
        if data is None:
            data = self._held.data = self._read_stored()
        return data

    @property
    def byte_count(self) -> int:
        """How many bytes :attr:`data` has."""
        if not self._held.count:
            self._held.count = len(self.data)
        return self._held.count

    @property
    def sha256(self) -> str:
        """Hex digest of :attr:`data`."""
        if not self._held.sha256:
            self._held.sha256 = hashlib.sha256(self.data).hexdigest()
        return self._held.sha256

    @property
    def path(self) -> Path | None:
        """Where the stored original lies, when it lies somewhere."""
        return self._held.path

    @property
    def shown_size(self) -> tuple[int, int]:
        """Width and height in pixels as the picture is seen: a phone's photo may be stored lying down.

        Looks into the bytes once. Where they can't be read any more, it is the size as stored.
        """
        if not self._held.turn:
            try:
                self._held.turn = containers.orientation(self.data, self.mime_type)
            except InvalidImageError:
                return self.width, self.height  # The file may come back.
            except ValueError:
                self._held.turn = 1  # Damaged: whoever decodes it will say how.
        return (self.height, self.width) if self._held.turn in _LYING else (self.width, self.height)

    def check(self) -> None:
        """Make sure that a stored picture is there, byte for byte, also where its bytes are held.

        Raises:
            InvalidImageError: its file is gone, can't be read, or holds something else.
        """
        if self.path is not None or self._held.data is None:
            self._read_stored()

    def _read_stored(self) -> bytes:
        path = self.path
        if path is None:
            raise InvalidImageError(say("images.empty", name=self.name))
        try:
            data = read_regular(path, MAX_BYTES, links=False)
        except (OSError, ValueError) as reason:
            words = getattr(reason, "strerror", None) or reason
            raise InvalidImageError(
                say("images.stored_missing", path=label(path), reason=words), hint=say("images.stored_hint")
            ) from None
        if hashlib.sha256(data).hexdigest() != self._held.sha256:
            raise InvalidImageError(
                say("images.stored_changed", path=label(path)), hint=say("images.stored_hint")
            )
        return data

    def to_pil(self) -> Image.Image:
        """The decoded picture, turned upright as its EXIF says; of an animation, the first frame.

        Raises:
            InvalidImageError: the pixels can't be decoded.
        """
        from .pixels import DECODE_ERRORS, decoded  # loads Pillow, which a plain edit does without

        try:
            return decoded(self.data, self.mime_type)
        except DECODE_ERRORS as reason:
            raise self.undecodable(reason) from None

    @property
    def __array_interface__(self) -> dict[str, Any]:
        """Lets ``numpy.asarray(image)`` give the pixels: (height, width[, channels]) of uint8, upright."""
        from .pixels import plain  # loads Pillow

        facts: dict[str, Any] = plain(self.to_pil()).__array_interface__
        return facts

    def save(self, path: str | os.PathLike[str] | None = None) -> Path:
        """Write the bytes as received and return where.

        Without ``path`` a free name is found. A suffix that disagrees with the bytes is replaced, so the
        returned path may differ from the one asked for.

        Raises:
            InvalidRequestError: it could not be written; nothing half-written is left.
        """
        try:
            return save_picture(self.data, self.mime_type, path)
        except InvalidRequestError as problem:
            problem.hint = say("images.in_memory")
            raise

    def shown(self) -> ImageData:
        """The small copy that an output shows and a saved notebook keeps, as large as was chosen.

        Raises:
            InvalidImageError: the pixels can't be decoded.
        """
        longest = chosen("previewSize") or SHOWN
        # Bytes go with the area, so that a larger one is no worse.
        return self.preview(longest, max(_LEAST, _BUDGET * longest**2 // SHOWN**2))

    def tile(self, *size: int) -> ImageData:
        """A preview of a ``size``, else what is shown; a grey field where pixels can't be read.

        Its neighbours are seen all the same; whoever shows it says in words what is wrong.
        """
        try:
            return self.preview(*size) if size else self.shown()
        except InvalidImageError:
            from .pixels import grey  # loads Pillow

            return ImageData.from_bytes(grey(self.shown_size, *size[:1] or (SHOWN,)), name=self.name)

    def preview(self, longest: int = SHOWN, budget: int = _BUDGET) -> ImageData:
        """A small copy for looking at: JPEG (PNG when pixels are transparent), at most ``budget`` bytes.

        Raises:
            InvalidImageError: the pixels can't be decoded.
        """
        from .pixels import DECODE_ERRORS, small_copy  # loads Pillow

        try:
            data, mime, width, height, look = small_copy(self.data, self.mime_type, longest, budget)
        except DECODE_ERRORS as reason:
            raise self.undecodable(reason) from None
        if longest >= _GLANCE:
            self._held.look = look
        return ImageData(data, mime, width, height, name=self.name)

    def look(self) -> Look:
        """What the picture looks like at a glance: from the last preview, else the pixels are decoded.

        Raises:
            InvalidImageError: the pixels can't be decoded.
        """
        if self._held.look is None:
            self.preview(_GLANCE)  # notes it
        assert self._held.look is not None
        return self._held.look

    def undecodable(self, reason: object) -> InvalidImageError:
        """The error that says these pixels can't be read, and why."""
        words = label(" ".join(str(reason).split()) or type(reason).__name__)
        return InvalidImageError(say("images.undecodable", name=self.name or self.sha256[:12], reason=words))

    def __eq__(self, other: object) -> bool:
        return self is other or (isinstance(other, ImageData) and self.sha256 == other.sha256)

    def __hash__(self) -> int:
        return hash(self.sha256)

    def __repr__(self) -> str:
        return f"<ImageData {self.name + ' ' if self.name else ''}{self.mime_type} {self._size()}>"

    def _size(self) -> str:
        return say("images.size", width=self.width, height=self.height)

    def _repr_mimebundle_(self, **_: Any) -> tuple[dict[str, Any], dict[str, Any]]:
        try:
            small = self.shown()
        except InvalidImageError as error:
            return {"text/plain": f"{self!r}\n{error}"}, {}
        alt = say("images.alt", name=label(self.name) or say("images.picture"), size=self._size())
        shown = base64.b64encode(small.data).decode()
        return {small.mime_type: shown, "text/plain": repr(self)}, {small.mime_type: {"alt": alt}}


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
