"""Lift long base64 runs out of a reply while it arrives.

A 4K picture is 25 MB of JSON, nearly all of it one base64 string. Building that string, parsing it
and decoding it costs five to twelve times the picture in memory and freezes the kernel. So the
bytes are looked at as they come: a run of base64 characters longer than ``RUN`` is decoded and
hashed piece by piece and leaves only a short token in the text, which is then small enough for any
parser. The rules:

* Nothing is assumed about the layout: JSON, SSE, Markdown, a bare string all work alike.
* A token holds a random part, so that no reply can forge one.
* A run ends at the first character that is not base64; joining what an escape or an event
  boundary cut apart is left to those who read the strings (``pictures``).
* Work is linear in the bytes; memory is the decoded pictures plus the rest of the text.
"""

from __future__ import annotations

import hashlib
import io
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import pybase64

from .._messages import Blob

RUN: Final = 4096
"""Base64 characters from which on a run is lifted; shorter ones stay in the text."""
LIMIT: Final = 256 * 1024 * 1024
"""Bytes of reply after which reading stops."""

_WORD = re.compile(rb"[A-Za-z0-9+/_\-]+")
_RUN_END = re.compile(rb"[A-Za-z0-9+/_\-]*={0,2}")
_URLSAFE = bytes.maketrans(b"-_", b"+/")


class ReplyTooLargeError(Exception):
    """More than the limit came; the reply has no end worth waiting for."""


@dataclass(frozen=True, slots=True)
class Reply:
    """A whole reply: its text with tokens, what the tokens stand for, or raw bytes if it was no text."""

    text: str
    blobs: Mapping[str, Blob]
    raw: bytes = b""


class _Run:
    """One base64 run being decoded."""

    __slots__ = ("carry", "digest", "sink", "urlsafe")

    def __init__(self) -> None:
        self.carry, self.urlsafe = b"", False
        self.sink, self.digest = io.BytesIO(), hashlib.sha256()

    def feed(self, piece: bytes) -> None:
        """Decode ``piece``; a ``ValueError`` means it is not all base64 and nothing was taken."""
        joined = self.carry + piece if self.carry else piece
        cut = len(joined) & ~3
        carry = joined[cut:]
        if carry and not _RUN_END.fullmatch(carry):
            raise ValueError
        if cut:
            decoded = self._decode(joined[:cut] if carry else joined)
            self.sink.write(decoded)
            self.digest.update(decoded)
        self.carry = carry

    def _decode(self, piece: bytes) -> bytes:
        if not self.urlsafe:
            try:
                return pybase64.b64decode(piece, validate=True)
            except ValueError:
                if b"-" not in piece and b"_" not in piece:
                    raise
        decoded = pybase64.b64decode(piece.translate(_URLSAFE), validate=True)
        self.urlsafe = True
        return decoded

    def blob(self) -> Blob:
        tail = self.carry.rstrip(b"=")
        if len(tail) > 1:
            ending = pybase64.b64decode(tail.translate(_URLSAFE) + b"=" * (-len(tail) % 4))
            self.sink.write(ending)
            self.digest.update(ending)
        return Blob(
            self.sink.getvalue(), self.digest.hexdigest(), unpadded=bool(tail), urlsafe=self.urlsafe
        )


class Lifter:
    """Feed it the chunks of a reply in order, then take the :class:`Reply`."""

    def __init__(self, limit: int = LIMIT) -> None:
        self._nonce = secrets.token_hex(8)
        self._text: list[bytes] = []
        self._word = b""  # the word at the end of the text so far: perhaps the start of a run
        self._run: _Run | None = None
        self._blobs: dict[str, Blob] = {}
        self._raw: bool | None = None
        self._room = limit

    def feed(self, chunk: bytes) -> None:
        """Take the next bytes.

        Raises:
            ReplyTooLargeError: the reply passes the limit.
        """
        self._room -= len(chunk)
        if self._room < 0:
            raise ReplyTooLargeError
        if self._raw is None and chunk:
            self._raw = chunk[:1] in b"\x89\xff" and chunk[:2] != b"\xff\xfe" or chunk[:4] in (b"RIFF", b"GIF8")
        if self._raw:
            self._text.append(chunk)
            return
        while chunk:
            chunk = self._in_run(self._run, chunk) if self._run else self._in_text(chunk)

    def finish(self) -> Reply:
        """The whole reply, once its last chunk was fed."""
        if self._run:
            self._end_run(self._run)
        whole = b"".join([*self._text, self._word])
        if self._raw:
            return Reply("", {}, whole)
        return Reply(_decode_text(whole), self._blobs)

    def _in_text(self, chunk: bytes) -> bytes:
        """Keep text; returns the bytes from the start of a run on."""
        chunk, self._word = self._word + chunk, b""
        for word in _WORD.finditer(chunk):
            start, end = word.span()
            if end - start >= RUN:
                self._text.append(chunk[:start])
                self._run = _Run()
                return chunk[start:]
            if end == len(chunk):
                self._word, chunk = chunk[start:], chunk[:start]
        self._text.append(chunk)
        return b""

    def _in_run(self, run: _Run, chunk: bytes) -> bytes:
        """Decode; returns the bytes after the end of the run."""
        try:
            run.feed(chunk)
        except ValueError:
            match = _RUN_END.match(chunk)
            end = match.end() if match else 0
            try:
                run.feed(chunk[:end])
            except ValueError:  # base64 characters in an impossible order: no run any more
                end = 0
            self._end_run(run)
            if end == 0:
                # What made the run end is text, even where it looks like base64 again.
                self._text.append(chunk[:1])
                return chunk[1:]
            return chunk[end:]
        return b""

    def _end_run(self, run: _Run) -> None:
        token = f"~{self._nonce}.{len(self._blobs)}~"
        self._blobs[token] = run.blob()
        self._text.append(token.encode())
        self._run = None


def _decode_text(raw: bytes) -> str:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    return raw.decode("utf-8", "replace")
