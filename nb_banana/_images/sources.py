"""Pictures from whatever a person has at hand: :func:`as_image` and :func:`as_images`."""

from __future__ import annotations

import base64
import binascii
import io
import os
import re
import stat
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, Final
from unicodedata import category
from urllib.parse import unquote, urlsplit

from .._strings import say
from .._text import here
from ..errors import InvalidImageError
from .containers import mime_of
from .data import MAX_BYTES, ImageData, is_bomb, label
from .tiff import OnlyPreview, check, check_opened

if TYPE_CHECKING:
    from PIL import Image

Fetch = Callable[[str], bytes]

_HEAD: Final = 64 * 1024
"""Enough to see what a file is before the rest of it is read."""
_SPARSE: Final = 16 * 1024 * 1024
"""A file of this size with almost no blocks on disk is a hole, not a picture."""
_LONGEST_PATH: Final = 4096
_QUOTES: Final = ('""', "''", "“”", "‘’", "«»", "``")
_OPEN: Final = os.O_RDONLY | sum(
    getattr(os, name, 0) for name in ("O_NONBLOCK", "O_CLOEXEC", "O_NOCTTY", "O_BINARY")
)


def as_image(source: Any, *, name: str | None = None, fetch: Fetch | None = None) -> ImageData:
    """Make an :class:`ImageData` of a path, an http(s) or data URL, bytes, a PIL image, a numpy
    array, an ``ImageData``, an ``EditResult``, an upload or an open file.

    Args:
        source: the picture. Arrays are (height, width[, 1, 3 or 4]), or channels first, of uint8, bool or
            floats in 0…1. A matplotlib figure and a data set's ``{"bytes", "path"}`` are taken too.
        name: a label to use instead of the source's own.
        fetch: how a URL's bytes are got; the default follows the rules of ``_fetch``.

    Raises:
        InvalidImageError: with one sentence naming the source and the reason.
    """
    if isinstance(source, ImageData):
        return source
    if isinstance(source, (bytes, bytearray, memoryview)):
        return ImageData.from_bytes(_bounded(source, name), name=name or "", whole=True)
    if isinstance(source, str):
        return _from_text(source, name, fetch)
    if isinstance(source, os.PathLike):
        return _from_path(pasted(os.fsdecode(source)), name)
    if isinstance(getattr(source, "image", None), ImageData):
        return source.image  # type: ignore[no-any-return]  # an EditResult: its final picture
    if hasattr(source, "getbands"):
        return _from_pil(source, name)
    if hasattr(source, "__array_interface__"):
        return _from_array(source, name)
    if callable(getattr(source, "savefig", None)):
        return _from_figure(source, name)
    if callable(getattr(source, "__array__", None)) and not isinstance(source, type):
        return _from_array(_given(source, source.__array__), name)
    if callable(getattr(source, "read", None)):
        return _from_file_object(source, name)
    if isinstance(source, Mapping) and {"bytes", "path"} & source.keys():
        return _from_row(source, name)
    if isinstance(source, Mapping) and isinstance(source.get("content"), (bytes, memoryview)):
        return as_image(source["content"], name=name or str(source.get("name") or ""))
    if isinstance(getattr(source, "data", None), bytes):
        return as_image(source.data, name=name)
    if isinstance(source, (list, tuple)):
        raise InvalidImageError(say("images.nested", count=len(source)))
    raise InvalidImageError(say("images.unknown_kind", kind=type(source).__name__))


def as_images(source: Any, *, fetch: Fetch | None = None) -> tuple[ImageData, ...]:
    """Make pictures of one thing or of a list of them; ``None`` and ``[]`` are no picture."""
    if source is None:
        return ()
    several = isinstance(source, (list, tuple)) or (
        hasattr(source, "__next__") and not hasattr(source, "read")
    )
    return tuple(as_image(one, fetch=fetch) for one in (source if several else (source,)))


def pasted(text: str) -> str:
    """A name without what copying put around it: blanks, line ends, invisible marks, one pair of quotes.

    Explorer, Finder, browsers and chats put them there. A file that really has such a name is found by it.
    """
    if len(text) > _LONGEST_PATH or os.path.lexists(text):
        return text
    name = _bare(text)
    for first, last in _QUOTES:
        if len(name) > 2 and name.startswith(first) and name.endswith(last):
            return _bare(name[1:-1])
    return name


def _bare(text: str) -> str:
    """Without the blanks and invisible marks at both ends."""
    kept = [at for at, c in enumerate(text) if not c.isspace() and category(c) not in ("Cc", "Cf")]
    return text[kept[0] : kept[-1] + 1] if kept else ""


def _bounded(raw: bytes | bytearray | memoryview, name: str | None) -> bytes:
    size = raw.nbytes if isinstance(raw, memoryview) else len(raw)
    if size > MAX_BYTES:
        called = label(name or "") or say("images.bytes_label", count=size)
        raise InvalidImageError(say("images.too_many_bytes", name=called, limit=MAX_BYTES // 2**20))
    return bytes(raw)


def _from_text(text: str, name: str | None, fetch: Fetch | None) -> ImageData:
    text = pasted(text)
    if re.match(r"https?://", text, re.IGNORECASE):
        return _from_url(text, name, fetch)
    if text[:5].lower() == "data:":
        return _from_data_url(text, name)
    if not text.strip():
        raise InvalidImageError(say("images.empty_path"))
    if "\0" in text or len(text) > _LONGEST_PATH:
        raise InvalidImageError(say("images.not_a_path", start=label(text[:40])))
    scheme = re.match(r"([A-Za-z][A-Za-z0-9+.-]+):", text)
    if scheme and not os.path.lexists(text):
        raise InvalidImageError(say("images.scheme", scheme=scheme[1], source=label(text[:80])))
    return _from_path(text, name)


def _from_url(url: str, name: str | None, fetch: Fetch | None) -> ImageData:
    if fetch is None:
        from .._fetch.download import fetch as default_fetch  # loaded for a URL only: it loads httpx

        fetch = default_fetch
    data = fetch(url)  # first: it says what is wrong with an address
    plain = re.split(r"[?#]", url, maxsplit=1)[0]
    own = unquote(plain.rsplit("/", 1)[-1]) or urlsplit(url).hostname or ""
    image = ImageData.from_bytes(data, name=name or own, whole=True, called=name or plain)
    return image.but(source=url)


def _from_data_url(url: str, name: str | None) -> ImageData:
    head, _, body = url.partition(",")
    if len(body) > MAX_BYTES * 3 // 2:
        raise InvalidImageError(say("images.too_many_bytes", name=label(head[:40]), limit=MAX_BYTES // 2**20))
    try:
        if not head.lower().endswith(";base64"):
            raise ValueError
        packed = re.sub(r"\s+", "", unquote(body) if "%" in body else body).encode("ascii")
        data = base64.b64decode(packed, validate=True)
    except (binascii.Error, ValueError):
        raise InvalidImageError(say("images.bad_data_url", start=label(head[:40]))) from None
    return ImageData.from_bytes(data, name=name or "", whole=True)


def path_given(source: str | os.PathLike[str]) -> Path:
    """The file that a name stands for: without what copying put around it, ``~`` as the home folder."""
    text = pasted(os.fsdecode(source))
    return Path(text if os.path.lexists(text) else os.path.expanduser(text))  # noqa: PTH111 - unknown ~user stays


def _from_path(text: str, name: str | None) -> ImageData:
    path = path_given(text)
    try:
        data = _read_regular(path)
    except FileNotFoundError:
        if re.search(r"[*?\[]", path.name):
            raise InvalidImageError(say("images.pattern", path=label(path))) from None
        raise InvalidImageError(
            say("images.missing", path=label(path), folder=label(((here() or Path()) / path).parent))
        ) from None
    except OnlyPreview as reason:
        raise InvalidImageError(say("images.stand_in", name=label(path), reason=reason)) from None
    except (OSError, ValueError) as reason:
        words = reason.strerror if isinstance(reason, OSError) and reason.strerror else reason
        raise InvalidImageError(say("images.unreadable_file", path=label(path), reason=words)) from None
    # Errors name the path, not only the name: two folders may hold a cat.png.
    image = ImageData.from_bytes(data, name=name or path.name, whole=True, called=str(path))
    return image.but(source=text)


def _read_regular(path: Path) -> bytes:
    """The bytes of a regular file; what was opened is asked again, for a path can be swapped in between."""
    _check_regular(path, path.stat())
    handle = os.open(path, _OPEN)
    with open(handle, "rb", buffering=0, closefd=True) as file:  # noqa: PTH123 - a descriptor, not a path
        facts = os.fstat(handle)
        _check_regular(path, facts)
        if facts.st_size > MAX_BYTES:
            check(file.read(2**20))  # The largest files are RAW ones, and they need another next step.
            raise InvalidImageError(say("images.too_many_bytes", name=label(path), limit=MAX_BYTES // 2**20))
        return _read_bounded(file, facts.st_size, label(path))


def _check_regular(path: Path, facts: os.stat_result) -> None:
    if stat.S_ISDIR(facts.st_mode):
        raise InvalidImageError(say("images.directory", path=label(path)))
    if not stat.S_ISREG(facts.st_mode):
        raise InvalidImageError(say("images.not_a_file", path=label(path)))
    if facts.st_size > _SPARSE and getattr(facts, "st_blocks", facts.st_size) * 512 < facts.st_size // 64:
        raise InvalidImageError(say("images.sparse", name=label(path)))


def _read_bounded(file: BinaryIO | Any, limit: int, called: str) -> bytes:
    """At most ``limit`` bytes, and after the first piece only if it begins like a picture."""
    head = _piece(file, min(_HEAD, limit), called)
    if len(head) == limit or (head and mime_of(head) is None):
        return head  # Complete, or not a picture: from_bytes says which.
    whole = io.BytesIO()
    whole.write(head)
    while whole.tell() < limit and (piece := _piece(file, min(2**20, limit - whole.tell()), called)):
        whole.write(piece)
    return whole.getvalue()


def _piece(file: Any, size: int, called: str) -> bytes:
    piece = file.read(size)
    if not isinstance(piece, (bytes, bytearray, memoryview)):
        raise InvalidImageError(say("images.text_file", name=called))
    return bytes(piece)


def _from_file_object(source: Any, name: str | None) -> ImageData:
    own = getattr(source, "name", "")
    shown = name or (Path(own).name if isinstance(own, str) else "")
    called = label(shown) or type(source).__name__
    try:
        if isinstance(source, io.TextIOBase):
            raise InvalidImageError(say("images.text_file", name=called))
        data = _read_bounded(source, MAX_BYTES + 1, called)
        if not data and callable(getattr(source, "seekable", None)) and source.seekable() and source.tell():
            source.seek(0)  # Just written, not rewound: what was meant is plain.
            data = _read_bounded(source, MAX_BYTES + 1, called)
    except InvalidImageError:
        raise
    except Exception as reason:  # noqa: BLE001 - zipfile, gzip, http.client have errors of their own
        words = label(reason) or type(reason).__name__
        raise InvalidImageError(say("images.unreadable_stream", name=called, reason=words)) from None
    return ImageData.from_bytes(data, name=shown, whole=True, called=called)


def _from_pil(picture: Image.Image, name: str | None) -> ImageData:
    """PIL pictures are stored as PNG, upright, in a mode PNG has; only inks and deep greys are converted."""
    from .pixels import DECODE_ERRORS, plain, profile_of, turned  # loads Pillow, as its giver did

    own = getattr(picture, "filename", "")
    shown = name or (Path(own).name if isinstance(own, str) else "")
    called = label(shown) or f"PIL.{type(picture).__name__}"
    if picture.width < 1 or picture.height < 1:
        raise InvalidImageError(say("images.unreadable", name=called))
    if is_bomb(picture.width, picture.height, picture.width * picture.height):
        raise InvalidImageError(
            say("images.bomb", name=called, width=picture.width, height=picture.height, count=0)
        )
    out = io.BytesIO()
    try:
        check_opened(getattr(picture, "tag_v2", {}))
        upright = turned(picture, picture.getexif().get(0x0112, 1))
        if upright is not picture:
            upright.info = {k: v for k, v in picture.info.items() if k in ("icc_profile", "transparency")}
        if upright.mode not in ("1", "P", "L", "LA", "RGB", "RGBA"):
            upright = plain(upright)
        upright.save(out, "PNG", compress_level=1, icc_profile=profile_of(upright), pnginfo=None)
    except OnlyPreview as reason:
        raise InvalidImageError(say("images.stand_in", name=called, reason=reason)) from None
    except DECODE_ERRORS as reason:
        words = label(" ".join(str(reason).split())) or type(reason).__name__
        raise InvalidImageError(say("images.undecodable", name=called, reason=words)) from None
    return ImageData(out.getvalue(), "image/png", upright.width, upright.height, name=shown)


def _from_figure(figure: Any, name: str | None) -> ImageData:
    """A drawing of matplotlib's, as it would be saved."""
    out = io.BytesIO()
    _given(figure, lambda: figure.savefig(out, format="png"))
    return ImageData.from_bytes(out.getvalue(), name=name or "")


def _given(source: Any, ask: Callable[[], Any]) -> Any:
    """What somebody else's object gives: it may raise anything, as a tensor on a GPU does."""
    try:
        return ask()
    except Exception as reason:  # noqa: BLE001 - the object's own words are what helps
        words = label(" ".join(str(reason).split())) or type(reason).__name__
        raise InvalidImageError(say("images.not_given", name=type(source).__name__, reason=words)) from None


def _from_row(row: Mapping[str, Any], name: str | None) -> ImageData:
    """A picture as data sets hold it: its bytes, or else its path."""
    path = row.get("path")
    own = name or (Path(path).name if isinstance(path, str) else "")
    if row.get("bytes") is not None:
        return as_image(row["bytes"], name=own or None)
    if path is None:
        raise InvalidImageError(say("images.unknown_kind", kind=type(row).__name__))
    return as_image(path, name=name)


def _from_array(array: Any, name: str | None) -> ImageData:
    """Array methods only, so that numpy itself is never imported here; channels may stand first or last."""
    outer = tuple(getattr(array, "shape", ()))
    if len(outer) == 3 and outer[0] in (1, 3, 4) and min(outer[1:]) > 4:
        array = array.transpose(1, 2, 0)
    shape, kind = tuple(getattr(array, "shape", ())), getattr(getattr(array, "dtype", None), "kind", "")
    problem = say("images.bad_array", shape=shape, dtype=getattr(array, "dtype", "?"))
    if len(shape) not in (2, 3) or (len(shape) == 3 and shape[2] not in (1, 3, 4)) or 0 in shape:
        raise InvalidImageError(problem)
    if is_bomb(shape[1], shape[0], shape[0] * shape[1]):
        raise InvalidImageError(
            say("images.bomb", name=name or "numpy", width=shape[1], height=shape[0], count=array.nbytes)
        )
    if kind == "f":
        # Filters leave values a rounding error outside 0…1; anything further out is another scale.
        if not (float(array.min()) >= -_ROUNDING and float(array.max()) <= 1.0 + _ROUNDING):
            raise InvalidImageError(problem)
        array = (array.clip(0, 1) * 255).round().astype("uint8")
    elif kind == "b":
        array = array.astype("uint8") * 255
    elif array.dtype.name != "uint8":
        raise InvalidImageError(problem)
    from PIL import Image  # loaded when pixels come as an array

    return _from_pil(Image.fromarray(array[:, :, 0] if shape[2:] == (1,) else array), name)


_ROUNDING: Final = 1e-4
