"""A request body of known length whose pictures are read, and become base64, only while they are sent."""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, Final

import pybase64

from .._messages import TOKEN, Blob

if TYPE_CHECKING:
    from .._images.data import ImageData

JSON: Final = "application/json"
PIECE: Final = 192 * 1024
"""Bytes of picture per step: a multiple of 3 that stays in the processor's cache."""


@dataclass(frozen=True, slots=True)
class Base64:
    """A picture's bytes as base64."""

    source: ImageData | Blob
    shell: ClassVar[str] = "base64 < {file} | tr -d '\\n'"

    def __len__(self) -> int:
        return 4 * -(-len(self.source.data) // 3)

    def __iter__(self) -> Iterator[bytes]:
        data = memoryview(self.source.data)
        for start in range(0, len(data), PIECE):
            yield pybase64.b64encode(data[start : start + PIECE])


@dataclass(frozen=True, slots=True)
class Raw:
    """A picture's bytes as they are, such as a part of a form holds them."""

    source: ImageData | Blob
    shell: ClassVar[str] = "cat < {file}"

    def __len__(self) -> int:
        return len(self.source.data)

    def __iter__(self) -> Iterator[bytes]:
        data = memoryview(self.source.data)
        for start in range(0, len(data), PIECE):
            yield bytes(data[start : start + PIECE])


Piece = bytes | Base64 | Raw


@dataclass(frozen=True, slots=True)
class Body:
    """A body in pieces; bytes are sent as they are, every other piece gives its own. Can be sent again."""

    pieces: tuple[Piece, ...]
    content_type: str = JSON

    def __len__(self) -> int:
        return sum(map(len, self.pieces))

    def __iter__(self) -> Iterator[bytes]:
        for piece in self.pieces:
            if isinstance(piece, bytes):
                yield piece
            else:
                yield from piece

    def __bytes__(self) -> bytes:
        return b"".join(self)


class Writer:
    """Collects pictures while a document is built around their tokens, then cuts it into a body."""

    def __init__(self) -> None:
        self._nonce = secrets.token_hex(8)
        self._held: list[ImageData | Blob] = []

    def hold(self, picture: ImageData | Blob) -> str:
        """The token that stands for ``picture`` inside the document."""
        self._held.append(picture)
        return f"~{self._nonce}.{len(self._held) - 1}~"

    def restore(self, node: Any, blobs: Mapping[str, Blob]) -> Any:
        """A received document with its tokens exchanged for this writer's own."""
        if isinstance(node, Mapping):
            return {key: self.restore(value, blobs) for key, value in node.items()}
        if isinstance(node, (list, tuple)):
            return [self.restore(value, blobs) for value in node]
        if isinstance(node, str) and "~" in node:
            return TOKEN.sub(lambda token: self._again(token[0], blobs), node)
        return node

    def _again(self, token: str, blobs: Mapping[str, Blob]) -> str:
        """A received token as text for the new document: held if it is plain base64, else written out."""
        blob = blobs.get(token)
        if blob is None:
            return token
        return blob.base64() if blob.unpadded or blob.urlsafe else self.hold(blob)

    def body(self, document: Mapping[str, Any]) -> Body:
        """The document as a body, with every held picture in its place."""
        text = json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode()
        first, *others = text.split(b"~%s." % self._nonce.encode())
        pieces: list[Piece] = [first]
        for other in others:
            number, _, rest = other.partition(b"~")
            pieces += [Base64(self._held[int(number)]), rest]
        return Body(tuple(pieces))
