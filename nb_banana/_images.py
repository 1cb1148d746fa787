"""Pictures as values: :class:`ImageData`, and :func:`as_image`, which makes one of anything.

Rules of the room:

* The type of a picture comes from its first bytes, never from its name.
* A picture is held as the bytes it came in. Nothing here decodes pixels unless pixels are asked for.
* A bad input gets one sentence that names it and the reason, before anything is sent.
* Only regular files are read: a pipe or a device could block for ever or never end.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import io
import os
import re
import stat
import struct
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from ._strings import say
from .errors import InvalidImageError

if TYPE_CHECKING:
    from PIL import Image

MAX_BYTES: Final = 256 * 1024 * 1024
"""No picture is larger: neither the services nor a notebook could use it."""
MAX_PIXELS: Final = 150_000_000
"""Above the largest catalog picture with room to spare; beyond it lies a decompression bomb."""

SUFFIXES: Final = {
    "image/png": ".png",
    "image/jpeg": ".jpg",
    "image/webp": ".webp",
    "image/gif": ".gif",
    "image/heic": ".heic",
    "image/heif": ".heif",
    "image/avif": ".avif",
    "image/bmp": ".bmp",
    "image/tiff": ".tif",
}

_HEIF_BRANDS: Final = {
    b"heic": "image/heic", b"heix": "image/heic", b"heim": "image/heic", b"heis": "image/heic",
    b"hevc": "image/heic", b"hevx": "image/heic", b"mif1": "image/heif", b"msf1": "image/heif",
    b"avif": "image/avif", b"avis": "image/avif",
}  # fmt: skip
_SOF: Final = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}


class ImageData:
    """One picture: its bytes as received, its type and its size in pixels. Never changes.

    Attributes:
        data: the encoded bytes. A stored picture is read on first use and checked by its hash.
        mime_type: ``"image/png"``, ``"image/jpeg"``, …, from the bytes.
        sha256: hex digest of ``data``.
        width, height: pixels, as stored (before any EXIF turn).
        name: the file name or other short label, ``""`` when there is none.
    """

    __slots__ = ("_data", "_path", "_sha256", "height", "mime_type", "name", "width")

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
    ) -> None:
        self._data, self._path, self._sha256 = data, path, sha256
        self.mime_type, self.width, self.height, self.name = mime_type, width, height, name

    @classmethod
    def from_bytes(
        cls, data: bytes, *, name: str = "", mime_type: str | None = None, sha256: str = ""
    ) -> ImageData:
        """A picture from its encoded bytes; ``mime_type`` is believed only where the bytes don't tell.

        Raises:
            InvalidImageError: the bytes are not a picture, or one too large to be real.
        """
        label = name or say("images.bytes_label", count=len(data))
        if not data:
            raise InvalidImageError(say("images.empty", name=label))
        if len(data) > MAX_BYTES:
            raise InvalidImageError(say("images.too_many_bytes", name=label, limit=MAX_BYTES // 2**20))
        try:
            found, width, height = sniff(data)
        except ValueError as reason:
            raise InvalidImageError(say("images.not_an_image", name=label, reason=reason)) from None
        if width < 1 or height < 1:
            raise InvalidImageError(say("images.unreadable", name=label))
        if width * height > MAX_PIXELS:
            raise InvalidImageError(
                say("images.bomb", name=label, width=width, height=height, limit=MAX_PIXELS // 10**6)
            )
        return cls(data, found or mime_type or "image/png", width, height, name=name, sha256=sha256)

    @classmethod
    def from_file(
        cls, path: Path, *, sha256: str, mime_type: str, width: int, height: int, name: str = ""
    ) -> ImageData:
        """A stored picture, read when its bytes are first needed and checked against ``sha256``."""
        return cls(None, mime_type, width, height, name=name, sha256=sha256, path=Path(path))

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
                say("images.stored_missing", path=path, reason=reason.strerror or reason)
            ) from None
        if hashlib.sha256(data).hexdigest() != self._sha256:
            raise InvalidImageError(say("images.stored_changed", path=path))
        return data

    def to_pil(self) -> Image.Image:
        """The decoded picture, turned upright as its EXIF says.

        Raises:
            InvalidImageError: the pixels can't be decoded.
        """
        from PIL import Image, ImageOps

        _enable_heif(self.mime_type)
        try:
            with Image.open(io.BytesIO(self.data)) as opened:
                return ImageOps.exif_transpose(opened)
        except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as reason:
            raise InvalidImageError(
                say("images.undecodable", name=self.name or self.sha256[:12], reason=reason)
            ) from None

    def save(self, path: str | os.PathLike[str] | None = None) -> Path:
        """Write the bytes as received and return where; without ``path``, a free name is found."""
        target = free_path(Path(path) if path is not None else None, self.mime_type)
        write_whole(target, self.data)
        return target

    def preview(self, longest: int = 768, budget: int = 24 * 1024) -> ImageData:
        """A small copy for looking at: JPEG (PNG when transparent), at most ``budget`` bytes."""
        picture = self.to_pil()
        clear = picture.mode in ("RGBA", "LA", "PA") or "transparency" in picture.info
        picture = picture.convert("RGBA" if clear else "RGB")
        edge = min(longest, max(picture.size))
        while True:
            small = picture.copy()
            small.thumbnail((edge, edge), reducing_gap=2.0)
            data = _encode_small(small, clear, budget)
            if len(data) <= budget or edge <= 64:
                return ImageData(
                    data, "image/png" if clear else "image/jpeg", *small.size, name=self.name
                )
            edge = int(edge * 0.8)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, ImageData) and self.sha256 == other.sha256

    def __hash__(self) -> int:
        return hash(self.sha256)

    def __repr__(self) -> str:
        size = say("images.size", width=self.width, height=self.height)
        return f"<ImageData {self.name + ' ' if self.name else ''}{self.mime_type} {size}>"

    def _repr_mimebundle_(self, **_: Any) -> tuple[dict[str, Any], dict[str, Any]]:
        small = self.preview()
        return {small.mime_type: small.data, "text/plain": repr(self)}, {}


def _encode_small(small: Image.Image, clear: bool, budget: int) -> bytes:
    """The best encoding within ``budget``, or the smallest there is."""
    for quality in (90, 85, 75, 65, 50):
        out = io.BytesIO()
        if clear:
            small.quantize(256).save(out, "PNG", optimize=True)
        else:
            small.save(out, "JPEG", quality=quality, optimize=True)
        if clear or out.tell() <= budget:
            break
    return out.getvalue()


def sniff(data: bytes) -> tuple[str, int, int]:
    """``(mime type, width, height)`` from the header alone, without decoding a pixel.

    Raises:
        ValueError: the bytes are no picture anyone here can read; the text says why.
    """
    if data[:8] == b"\x89PNG\r\n\x1a\n" and data[12:16] == b"IHDR" and len(data) >= 24:
        return "image/png", *struct.unpack(">II", data[16:24])
    if data[:3] == b"\xff\xd8\xff":
        size = _jpeg_size(data)
        if size:
            return "image/jpeg", *size
    if data[:6] in (b"GIF87a", b"GIF89a") and len(data) >= 10:
        return "image/gif", *struct.unpack("<HH", data[6:10])
    if data[4:8] == b"ftyp" and data[8:12] in _HEIF_BRANDS:
        return _HEIF_BRANDS[data[8:12]], *_library_size(data, _HEIF_BRANDS[data[8:12]])[1:]
    return _library_size(data, None)


def _jpeg_size(data: bytes) -> tuple[int, int] | None:
    at = 2
    while at + 9 < len(data) and data[at] == 0xFF:
        marker = data[at + 1]
        if marker == 0xFF:
            at += 1
            continue
        if marker in _SOF:
            height, width = struct.unpack(">HH", data[at + 5 : at + 9])
            return width, height
        at += 2 + int.from_bytes(data[at + 2 : at + 4], "big")
    return None


def _library_size(data: bytes, mime: str | None) -> tuple[str, int, int]:
    """Ask Pillow, which reads headers lazily; everything else it raises means "no picture"."""
    from PIL import Image, UnidentifiedImageError

    _enable_heif(mime)
    try:
        with Image.open(io.BytesIO(data)) as opened:
            return Image.MIME.get(opened.format or "", "image/png"), opened.width, opened.height
    except UnidentifiedImageError:
        raise ValueError(say("images.unknown_bytes", start=_printable(data[:12]))) from None
    except Image.DecompressionBombError:
        return mime or "image/png", MAX_PIXELS, 2
    except (OSError, ValueError, SyntaxError, struct.error, EOFError, OverflowError) as reason:
        raise ValueError(_printable(str(reason).encode()[:120])) from None


def _printable(raw: bytes) -> str:
    return "".join(chr(b) if 32 <= b < 127 else "." for b in raw)


def _enable_heif(mime: str | None) -> None:
    """HEIC and HEIF need the optional extra; say so instead of "not an image"."""
    if mime not in ("image/heic", "image/heif"):
        return
    try:
        from pillow_heif import register_heif_opener
    except ImportError:
        raise ValueError(say("images.needs_heic")) from None
    register_heif_opener()


Fetch = Callable[[str], bytes]


def as_image(source: Any, *, name: str | None = None, fetch: Fetch | None = None) -> ImageData:
    """Make an :class:`ImageData` of a path, an http(s) or data URL, bytes, a PIL image, a numpy
    array, an ``ImageData``, an ``EditResult`` or an open file.

    Args:
        source: the picture. Arrays are (height, width[, 3 or 4]) of uint8, bool or floats in 0…1.
        name: a label to use instead of the source's own.
        fetch: how a URL's bytes are got; the default follows the rules of ``_fetch``.

    Raises:
        InvalidImageError: with one sentence naming the source and the reason.
    """
    if isinstance(source, ImageData):
        return source
    if isinstance(source, (bytes, bytearray, memoryview)):
        return ImageData.from_bytes(bytes(source), name=name or "")
    if isinstance(source, str):
        return _from_text(source, name, fetch)
    if isinstance(source, os.PathLike):
        return _from_path(Path(source), name)
    if isinstance(getattr(source, "image", None), ImageData):
        return source.image  # type: ignore[no-any-return]  # an EditResult: its final picture
    if hasattr(source, "__array_interface__") and not hasattr(source, "getbands"):
        return _from_array(source, name)
    if hasattr(source, "getbands"):
        return _from_pil(source, name)
    if callable(getattr(source, "read", None)):
        return _from_file_object(source, name)
    if isinstance(getattr(source, "data", None), bytes):
        return ImageData.from_bytes(source.data, name=name or "")
    raise InvalidImageError(say("images.unknown_kind", kind=type(source).__name__))


def as_images(source: Any, *, fetch: Fetch | None = None) -> tuple[ImageData, ...]:
    """Make pictures of one thing or of a list of them; ``None`` and ``[]`` are no picture."""
    if source is None:
        return ()
    if isinstance(source, (list, tuple)):
        return tuple(as_image(one, fetch=fetch) for one in source)
    return (as_image(source, fetch=fetch),)


def _from_text(text: str, name: str | None, fetch: Fetch | None) -> ImageData:
    if re.match(r"https?://", text, re.IGNORECASE):
        if fetch is None:
            from ._fetch import fetch as default_fetch

            fetch = default_fetch
        return ImageData.from_bytes(fetch(text), name=name or text.split("?")[0].rsplit("/", 1)[-1])
    if text[:5].lower() == "data:":
        head, _, body = text.partition(",")
        try:
            data = base64.b64decode(re.sub(r"\s+", "", body), validate=True)
        except (binascii.Error, ValueError):
            raise InvalidImageError(say("images.bad_data_url", start=head[:40])) from None
        return ImageData.from_bytes(data, name=name or "")
    if "\x00" in text or len(text) > 4096:
        raise InvalidImageError(say("images.not_a_path", start=_printable(text[:40].encode())))
    scheme = re.match(r"([A-Za-z][A-Za-z0-9+.-]+):", text)
    if scheme and not Path(text).exists():
        raise InvalidImageError(say("images.scheme", scheme=scheme[1], source=text[:80]))
    return _from_path(Path(text).expanduser(), name)


def _from_path(path: Path, name: str | None) -> ImageData:
    try:
        facts = path.stat()
        if stat.S_ISDIR(facts.st_mode):
            raise InvalidImageError(say("images.directory", path=path))
        if not stat.S_ISREG(facts.st_mode):
            raise InvalidImageError(say("images.not_a_file", path=path))
        if facts.st_size > MAX_BYTES:
            raise InvalidImageError(say("images.too_many_bytes", name=path, limit=MAX_BYTES // 2**20))
        data = path.read_bytes()
    except FileNotFoundError:
        where = path.resolve().parent
        raise InvalidImageError(say("images.missing", path=path, folder=where)) from None
    except OSError as reason:
        raise InvalidImageError(
            say("images.unreadable_file", path=path, reason=reason.strerror or reason)
        ) from None
    try:
        return ImageData.from_bytes(data, name=name or path.name)
    except InvalidImageError as error:
        # The path, not only the name: two folders may hold a cat.png.
        if name is None and str(path) != path.name and path.name in error.message:
            raise InvalidImageError(error.message.replace(path.name, str(path), 1)) from None
        raise


def _from_file_object(source: Any, name: str | None) -> ImageData:
    label = name or Path(str(getattr(source, "name", "") or "")).name
    data = source.read(MAX_BYTES + 1)
    if not isinstance(data, bytes):
        raise InvalidImageError(say("images.text_file", name=label or type(source).__name__))
    return ImageData.from_bytes(data, name=label)


def _from_pil(picture: Image.Image, name: str | None) -> ImageData:
    if picture.width * picture.height > MAX_PIXELS:
        raise InvalidImageError(
            say("images.bomb", name=name or "PIL", width=picture.width, height=picture.height,
                limit=MAX_PIXELS // 10**6)
        )  # fmt: skip
    label = name or Path(str(getattr(picture, "filename", "") or "")).name
    clear = picture.mode in ("RGBA", "LA", "PA", "La", "RGBa") or "transparency" in picture.info
    keep = picture.mode in ("RGB", "RGBA", "L", "LA", "1", "P")
    out = io.BytesIO()
    try:
        (picture if keep else picture.convert("RGBA" if clear else "RGB")).save(out, "PNG", compress_level=1)
    except (OSError, ValueError) as reason:
        raise InvalidImageError(say("images.undecodable", name=label or "PIL", reason=reason)) from None
    return ImageData(out.getvalue(), "image/png", picture.width, picture.height, name=label)


def _from_array(array: Any, name: str | None) -> ImageData:
    """Array methods only, so that numpy itself is never imported here."""
    from PIL import Image

    shape, kind = tuple(array.shape), array.dtype.kind
    problem = say("images.bad_array", shape=shape, dtype=array.dtype)
    if len(shape) not in (2, 3) or (len(shape) == 3 and shape[2] not in (1, 3, 4)) or 0 in shape:
        raise InvalidImageError(problem)
    if kind == "f":
        if not (float(array.min()) >= 0.0 and float(array.max()) <= 1.0):
            raise InvalidImageError(problem)
        array = (array * 255).round().astype("uint8")
    elif kind == "b":
        array = array.astype("uint8") * 255
    elif array.dtype.name != "uint8":
        raise InvalidImageError(problem)
    if len(shape) == 3 and shape[2] == 1:
        array = array[:, :, 0]
    return _from_pil(Image.fromarray(array), name)


def free_path(wanted: Path | None, mime_type: str, stem: str | None = None) -> Path:
    """``wanted`` with the suffix of its bytes, or a new ``stem`` name; never one that is taken."""
    suffix = SUFFIXES.get(mime_type, ".png")
    if wanted is not None and not wanted.is_dir():
        same = {".jpeg": ".jpg", ".jpe": ".jpg", ".tiff": ".tif"}.get(wanted.suffix.lower(), wanted.suffix.lower())
        return wanted if same == suffix else wanted.with_suffix(suffix)
    import time

    folder, base = wanted or Path(), stem or f"edited_{time.strftime('%Y%m%d_%H%M%S')}"
    candidate, number = folder / f"{base}{suffix}", 2
    while candidate.exists():
        candidate, number = folder / f"{base}_{number}{suffix}", number + 1
    return candidate


def write_whole(target: Path, data: bytes) -> None:
    """Write ``data`` so that ``target`` is either untouched or complete, whatever happens.

    Raises:
        InvalidRequestError's sibling OSError is turned into one sentence naming the path.
    """
    import tempfile

    handle = None
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        handle, temporary = tempfile.mkstemp(prefix=".nb_banana-", dir=target.parent)
        with os.fdopen(handle, "wb") as file:
            file.write(data)
        mask = os.umask(0)
        os.umask(mask)
        os.chmod(temporary, 0o666 & ~mask)
        os.replace(temporary, target)
    except OSError as reason:
        if handle is not None:
            Path(temporary).unlink(missing_ok=True)
        raise InvalidImageError(say("images.not_saved", path=target, reason=reason.strerror or reason)) from None
