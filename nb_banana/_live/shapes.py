"""An answer without what it says: its keys, its types, how long its strings are.

What is no harmless word becomes a marker, so that a test can put something of its own in its place::

    <text 12>                             so many characters of words
    <image/png 1024×1024, 1.2 MB #1>      a picture in base64, or a whole body itself; the same number is the
                                          same picture, and one that ends too early is "#1 cut"
    <signature 1,024>  <base64 812>       so many characters of base64
    <link 84 #1>                          an address
    <page 512>                            a page made for a browser
    <integer>  <number>                   a number that counts nothing of the answer's own
    <key 3>                               a name that could be anything
    <3 more>                              the rest of a long list or object

Markers may stand in one string, with what holds a picture there: ``![image](data:image/png;base64,<…>)``. A
stream is ``{"<events>": [...]}``, several documents in one body ``{"<documents>": [...]}``, JSON inside a
string ``{"<json>": …}``.
"""

from __future__ import annotations

import contextlib
import json
import math
import re
from collections.abc import Callable, Mapping
from itertools import islice
from typing import Any, Final

import pybase64

from .._images.data import ImageData
from .._messages import TOKEN, Blob
from .._text import amount
from .._wire.documents import documents, is_page
from .._wire.lift import Reply
from .._wire.pictures import looks_cut
from ..errors import InvalidImageError

Hide = Callable[[str], str]
"""Takes a text and gives it without the key."""

_WORDS: Final = frozenset({
    "@type", "blockReason", "block_reason", "code", "finishReason", "finish_reason", "media_type", "mimeType",
    "mime_type", "modality", "model", "modelVersion", "native_finish_reason", "object", "param", "reason",
    "role", "status", "type",
})  # fmt: skip
"""Names whose values are a provider's own few words."""
_COUNTS: Final = re.compile(r"token|count|usage|cost|^(?:code|index|status|n)$", re.IGNORECASE)
_WORD: Final = re.compile(r"(?![/.]|[A-Za-z]:)(?!.{0,80}?://)[A-Za-z0-9_./@:+-]{1,80}")
"""What is no address and no path of somebody's machine."""
_NAME: Final = re.compile(r"[A-Za-z0-9_.@$/-]{1,48}")
_HEADERS: Final = frozenset({"content-encoding", "content-type", "retry-after", "transfer-encoding"})
_HEADER: Final = re.compile(r"[\w/+.; =-]{1,80}")
_DEEPEST, _LONGEST, _PIECES = 40, 40, 40
_B64: Final = "[A-Za-z0-9+/_-]"
_LAST: Final = rf"{_B64}{{1,59}}(?=={{0,2}}\s{{0,4}}(?:$|[)\"'`>\]]))"
"""The last line of base64 that was wrapped, and no word that follows it."""
_PIECE: Final = re.compile(
    rf"(?P<token>{TOKEN.pattern}={{0,2}})"
    r"|(?P<frame>data:image/[\w.+-]{1,20};base64,)"
    r"|(?P<link>https?://[^\s()<>\"\]]+)"
    rf"|(?P<run>{_B64}{{60,}}+(?:\r?\n{_B64}{{60,}}+)*+(?:\r?\n{_LAST})?={{0,2}}"
    rf"|{_B64}{{44,59}}={{0,2}})"
    r"|(?P<glue>!\[image\]\(|!\[|\]\(|\)|```|<img src=\"|\"\s?/?>|\s{1,4})",
    re.IGNORECASE,
)
_EVENTS: Final = re.compile(r"(?:data|event|id|retry)?:", re.IGNORECASE)


def headers_of(headers: Mapping[str, str], hide: Hide) -> dict[str, str]:
    """Every header by name, the values of the harmless ones."""
    found: dict[str, str] = {}
    for name, value in islice(headers.items(), _LONGEST):
        harmless = name.lower() in _HEADERS and _HEADER.fullmatch(value) and hide(value) == value
        found[_name(name.lower(), len(found), hide)] = value if harmless else f"<text {len(value)}>"
    return found


def shape_of(reply: Reply, hide: Hide) -> Any:
    """The shape of a reply's body."""
    shaper = _Shaper(reply.blobs, hide)
    if reply.raw:
        return shaper.picture(reply.raw) or f"<base64 {len(reply.raw):,}>"
    if is_page(reply.text):
        return f"<page {len(reply.text):,}>"
    try:
        return shaper.of(json.loads(reply.text, strict=False))
    except (ValueError, RecursionError):
        found = documents(reply.text)
    if not found:
        return shaper.words(reply.text, "")
    kind = "<events>" if _EVENTS.match(reply.text[:4096].lstrip()) else "<documents>"
    return {kind: shaper.of([*found])}


class _Shaper:
    """Turns values of one reply into their shapes."""

    def __init__(self, blobs: Mapping[str, Blob], hide: Hide) -> None:
        self._blobs, self._hide = blobs, hide
        self._seen: list[str] = []

    def of(self, value: Any, key: str = "", depth: int = 0) -> Any:
        """The shape of a value that stands under ``key``."""
        if depth > _DEEPEST:
            return "<text 0>"
        if isinstance(value, dict):
            shaped = {
                _name(name, number, self._hide): self.of(inner, name, depth + 1)
                for number, (name, inner) in enumerate(islice(value.items(), _LONGEST))
            }
            return shaped | ({"…": f"<{len(value) - _LONGEST} more>"} if len(value) > _LONGEST else {})
        if isinstance(value, list):
            items = [self.of(inner, key, depth + 1) for inner in value[:_LONGEST]]
            return items + ([f"<{len(value) - _LONGEST} more>"] if len(value) > _LONGEST else [])
        if isinstance(value, str):
            return self.words(value, key)
        if isinstance(value, (int, float)) and not isinstance(value, bool):
            counts = bool(_COUNTS.search(key)) and math.isfinite(value) and abs(value) < 1e9
            return value if counts else "<integer>" if isinstance(value, int) else "<number>"
        return value

    def words(self, text: str, key: str) -> Any:
        """A string: as it is where it is a harmless word, else what it is made of."""
        if not text or (key in _WORDS and _WORD.fullmatch(text) and self._hide(text) == text):
            return text
        if "signature" in key.lower():
            return f"<signature {self._length(text):,}>"
        if text.lstrip()[:1] in ("{", "["):
            with contextlib.suppress(ValueError, RecursionError):
                return {"<json>": self.of(json.loads(text, strict=False))}
        pieces = [*self._pieces(text)]
        telling = any(kind not in ("text", "glue") for kind, _ in pieces)
        if not telling or len(pieces) > _PIECES:
            return f"<text {self._length(text):,}>"
        return "".join(shape for _, shape in pieces)

    def _pieces(self, text: str) -> list[tuple[str, str]]:
        pieces: list[tuple[str, str]] = []
        at = 0
        for found in _PIECE.finditer(text):
            if found.start() > at:
                pieces.append(("text", f"<text {found.start() - at:,}>"))
            kind = str(found.lastgroup)
            pieces.append((kind, self._piece(kind, found[0])))
            at = found.end()
            if len(pieces) > _PIECES:
                break
        return [*pieces, ("text", f"<text {len(text) - at:,}>")] if at < len(text) else pieces

    def _piece(self, kind: str, words: str) -> str:
        if kind == "token":
            blob = self._blobs.get(words.rstrip("="))
            return f"<text {len(words)}>" if blob is None else self.picture(blob.data) or _long(blob)
        if kind == "run":
            return self.picture(_decoded(words)) or f"<base64 {len(words):,}>"
        return f"<link {len(words):,} #{self._number(words)}>" if kind == "link" else words

    def _number(self, thing: str) -> int:
        """The same number for the same thing, counted as they come."""
        if thing not in self._seen:
            self._seen.append(thing)
        return self._seen.index(thing) + 1

    def picture(self, data: bytes) -> str:
        """The marker of a picture; ``""`` for what is none."""
        try:
            image = ImageData.from_bytes(data)
        except InvalidImageError:
            return ""
        facts = "{} {}×{}, {}".format(image.mime_type, *image.shown_size, amount(len(data)))
        return f"<{facts} #{self._number(image.sha256)}{' cut' * looks_cut(image)}>"

    def _length(self, text: str) -> int:
        """How long a string is with what was lifted out of it."""
        lifted = (self._blobs[token[0]] for token in TOKEN.finditer(text) if token[0] in self._blobs)
        return len(text) + sum(-(-len(blob.data) * 4 // 3) for blob in lifted)


def _name(name: str, number: int, hide: Hide) -> str:
    return name if _NAME.fullmatch(name) and hide(name) == name else f"<key {number}>"


def _long(blob: Blob) -> str:
    return f"<base64 {-(-len(blob.data) * 4 // 3):,}>"


def _decoded(run: str) -> bytes:
    try:
        standard = re.sub(r"\s", "", run).rstrip("=").translate(str.maketrans("-_", "+/"))
        return pybase64.b64decode(standard + "=" * (-len(standard) % 4), validate=True)
    except ValueError:
        return b""
