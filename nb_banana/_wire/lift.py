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
* A token and what stands beside it give back the run exactly as it was written: an odd last
  character, needless padding or a change of alphabet stay in the text.
* How the bytes were cut into chunks makes no difference.
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

from .._images.containers import mime_of
from .._messages import Blob

RUN: Final = 4096
"""Base64 characters from which on a run is lifted; shorter ones stay in the text."""
LIMIT: Final = 256 * 1024 * 1024
"""Bytes of reply after which reading stops."""

_LETTERS: Final = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
_WORD: Final = _LETTERS + b"+/_-"
# The letters of an escape are no base64: "\\nAAAA" starts at the first A.
_START = re.compile(
    rb"(?:(?<![A-Za-z0-9+/_\-\\])|(?<=\\[bfnrt])|(?<=\\u[0-9A-Fa-f]{4}))"
    rb"(?:[A-Za-z0-9+/]{%d}|[A-Za-z0-9_\-]{%d})" % (RUN, RUN)
)
_ESCAPE: Final = 5
"""Letters an escape may put in front of a run (``u000a``)."""
_STANDARD = re.compile(rb"[A-Za-z0-9+/]*+={0,2}")
_URLSAFE = re.compile(rb"[A-Za-z0-9_\-]*+={0,2}")
_FIRST_SPECIAL = re.compile(rb"\A[A-Za-z0-9]*+([+/_\-])")
_TO_STANDARD = bytes.maketrans(b"-_", b"+/")
_PICTURE = re.compile(rb"\x89PNG|\xff\xd8\xff|RIFF....WEBP|GIF8[79]a|....ftyp", re.DOTALL)
_STEP: Final = 256 * 1024
"""Bytes looked at in one go: what is decoded and hashed is still in the processor's cache."""
_SMALL: Final = 64 * 1024
_AHEAD: Final = 2 * 1024 * 1024
"""Room for more would have to be cleared page by page, which costs more than growing does."""
_MAGIC: Final = 18
"""Bytes that show whether a reply is a picture itself."""


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

    __slots__ = ("carry", "digest", "room", "sink", "unpadded", "urlsafe")

    def __init__(self, room: int) -> None:
        self.carry, self.unpadded, self.room = b"", False, room
        self.urlsafe: bool | None = None  # until the first special character shows the alphabet
        self.sink, self.digest = io.BytesIO(), hashlib.sha256()

    def feed(self, piece: bytes) -> int | None:
        """Decode ``piece``; where the run ends in it, take nothing and return the place."""
        joined = self.carry + piece if self.carry else piece
        if self.urlsafe is None and (special := _FIRST_SPECIAL.match(joined)):
            self.urlsafe = special[1] in b"_-"
        cut = len(joined.rstrip(b"=")) & ~3
        ended = joined[cut - 1 : cut] == b"="  # padding between letters: what follows is another run
        if ended or not self._pattern.fullmatch(joined, cut) or not self._take(joined[:cut]):
            match = self._pattern.match(joined)
            return match.end() - len(self.carry) if match else 0
        self.carry = joined[cut:]
        return None

    def end(self, piece: bytes) -> bytes:
        """Take the run's last characters, ``piece``; returns those that stay text."""
        joined = self.carry + piece
        letters = len(joined.rstrip(b"="))
        cut = letters & ~3
        self._take(joined[:cut])
        last, padding, regular = joined[cut:letters], len(joined) - letters, (0, 0, 2, 1)[letters - cut]
        if len(last) < 2 or padding not in (0, regular) or not _is_canonical(last.translate(_TO_STANDARD)):
            return joined[cut:]
        self._take(last + b"=" * regular)
        self.unpadded = not padding
        return b""

    @property
    def _pattern(self) -> re.Pattern[bytes]:
        return _URLSAFE if self.urlsafe else _STANDARD

    def _take(self, quanta: bytes) -> bool:
        """Decode whole groups of four; False, and nothing taken, if they are not all of this alphabet."""
        if self.urlsafe:
            if b"+" in quanta or b"/" in quanta:
                return False
            quanta = quanta.translate(_TO_STANDARD)
        try:
            decoded = pybase64.b64decode(quanta, validate=True)
        except ValueError:
            return False
        if self.room and self.sink.tell() >= _SMALL:
            self._make_room()
        self.sink.write(decoded)
        self.digest.update(decoded)
        return True

    def _make_room(self) -> None:
        """Take at once the memory that is still to come: a buffer that grows is copied at each step."""
        at = self.sink.tell()
        self.sink.seek(at + self.room)
        self.sink.write(b"\0")
        self.sink.seek(at)
        self.room = 0

    def blob(self) -> Blob:
        self.sink.truncate()
        return Blob(
            self.sink.getvalue(), self.digest.hexdigest(), unpadded=self.unpadded, urlsafe=bool(self.urlsafe)
        )


def _is_canonical(last: bytes) -> bool:
    """Whether the bits that padding leaves over are zero, so that encoding gives the same letters."""
    return pybase64.b64encode(pybase64.b64decode(last + b"=" * (-len(last) % 4))).rstrip(b"=") == last


class Lifter:
    """Feed it the chunks of a reply in order, then take the :class:`Reply`."""

    def __init__(self, limit: int = LIMIT, expected: int = 0) -> None:
        self._expected = expected
        self._nonce = secrets.token_hex(8)
        self._head: bytes | None = b""  # the first bytes, until they show what the reply is
        self._text = bytearray()
        self._word = b""  # the word at the end of the text so far: perhaps the start of a run
        self._in_word = False  # or a word already too long to be one
        self._run: _Run | None = None
        self._blobs: dict[str, Blob] = {}
        self._raw = False
        self._room = limit

    def feed(self, chunk: bytes) -> None:
        """Take the next bytes.

        Raises:
            ReplyTooLargeError: the reply passes the limit.
        """
        self._room -= len(chunk)
        self._expected -= len(chunk)
        if self._room < 0:
            raise ReplyTooLargeError
        if self._head is not None:
            self._head += chunk
            if len(self._head) < _MAGIC:
                return
            chunk, self._head = self._head, None
            self._raw = bool(_PICTURE.match(chunk)) or mime_of(chunk) is not None
        for at in range(0, len(chunk), _STEP):
            self._take(chunk[at : at + _STEP])

    def finish(self) -> Reply:
        """The whole reply, once its last chunk was fed."""
        self._take(self._head or b"")
        if self._run:
            self._end_run(self._run, b"")
        self._text += self._word
        if self._raw:
            return Reply("", {}, bytes(self._text))
        return Reply(_decode_text(self._text), self._blobs)

    def _take(self, chunk: bytes) -> None:
        if self._raw:
            self._text += chunk
            return
        while chunk:
            chunk = self._in_run(self._run, chunk) if self._run else self._in_text(chunk)

    def _in_text(self, chunk: bytes) -> bytes:
        """Keep text; returns the bytes from the start of a run on."""
        chunk, self._word = self._word + chunk, b""
        at = len(chunk) - len(chunk.lstrip(_WORD)) if self._in_word else 0
        start = _START.search(chunk, at)
        if start:
            self._text += chunk[: start.start()]
            self._run, self._in_word = _Run(self._ahead()), False
            return chunk[start.start() :]
        tail = chunk[at:][-RUN - _ESCAPE - 1 :]
        before = tail.rstrip(_WORD)
        word, escaped = len(tail) - len(before), before.endswith(b"\\")
        self._in_word = word >= RUN + _ESCAPE * escaped or (self._in_word and at == len(chunk))
        kept = word + escaped
        if kept and not self._in_word:
            self._word, chunk = chunk[-kept:], chunk[:-kept]
        self._text += chunk
        return b""

    def _ahead(self) -> int:
        """Bytes of a picture that are still to come, where it pays to make room for them."""
        room = max(0, self._expected * 3 // 4)
        return room if room <= _AHEAD else 0

    def _in_run(self, run: _Run, chunk: bytes) -> bytes:
        """Decode; returns the bytes after the end of the run."""
        end = run.feed(chunk)
        if end is None:
            return b""
        self._end_run(run, chunk[:end])
        return chunk[end:]

    def _end_run(self, run: _Run, last: bytes) -> None:
        rest = run.end(last)
        token = f"~{self._nonce}.{len(self._blobs)}~"
        self._blobs[token] = run.blob()
        self._text += token.encode() + rest
        self._run = None


_COMMON: Final = 0.8
"""The share of a text's foreign letters that are everyday Chinese, if it is Chinese at all."""


def _decode_text(raw: bytes | bytearray) -> str:
    """UTF-8 as far as it goes; else GB 18030 if that gives Chinese and not merely letters."""
    if raw[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return raw.decode("utf-16", "replace")
    text = raw.decode("utf-8-sig", "replace")
    foreign = sum(not character.isascii() for character in text) if "\ufffd" in text else 0
    if 2 * text.count("\ufffd") > foreign:
        chinese = raw.decode("gb18030", "replace")
        letters = "".join(character for character in chinese if not character.isascii())
        common = len(letters.encode("gb2312", "ignore")) / 2
        if "\ufffd" not in chinese[:-1] and common >= _COMMON * len(letters):
            return chinese
    return text
