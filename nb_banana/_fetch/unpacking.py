"""Unpack what a server packed for the way, in small pieces, so that whoever counts bytes can stop in time.

The rules:

* One coding at most. A second one inside turns a kilobyte into a gigabyte before anybody can count.
* No piece is longer than ``PIECE``, however well it was packed.
* What was never asked for and can't be unpacked is an error; a coding nobody knows changes nothing.
* A body may be several packed ones after another, as gzip allows; what else follows its end is no part of it.
"""

from __future__ import annotations

import zlib
from collections.abc import AsyncIterator, Iterator
from typing import Final

import httpx

PIECE: Final = 256 * 1024
"""Bytes of unpacked text or picture that are held at a time."""
_WINDOWS: Final = {"gzip": 16 + zlib.MAX_WBITS, "x-gzip": 16 + zlib.MAX_WBITS, "deflate": zlib.MAX_WBITS}
_MEMBERS: Final = 10_000
"""Bodies after another; each is looked at anew, and nobody needs so many."""
_CLOSED: Final = frozenset({"br", "zstd", "compress", "x-compress"})


async def unpacked(response: httpx.Response) -> AsyncIterator[bytes]:
    """The body piece by piece as it comes, unpacked.

    Raises:
        httpx.DecodingError: it is packed twice, in a way that is not known here, or damaged.
    """
    if response.is_stream_consumed:  # somebody's transport read, and unpacked, it before
        yield response.content
        return
    assert isinstance(response.stream, httpx.AsyncByteStream)
    unpack = _Unpacking(response.headers.get("content-encoding", ""))
    async for packed in response.stream:
        for piece in unpack(packed):
            yield piece


class _Unpacking:
    """One body being unpacked."""

    def __init__(self, codings: str) -> None:
        named = [coding for each in codings.lower().split(",") if (coding := each.strip())]
        known = [coding for coding in named if coding in _WINDOWS or coding in _CLOSED]
        if len(known) > 1 or any(coding in _CLOSED for coding in known):
            raise httpx.DecodingError(f"Content-Encoding: {', '.join(known)[:80]}")
        self._coding = known[0] if known else ""
        self._inflater = zlib.decompressobj(_WINDOWS[self._coding]) if known else None
        self._members = 1

    def __call__(self, packed: bytes) -> Iterator[bytes]:
        if self._inflater is None:
            yield packed
            return
        while not self._inflater.eof or self._goes_on(packed):
            try:
                piece = self._inflated(packed)
            except httpx.DecodingError:
                if self._members == 1:
                    raise
                self._members = _MEMBERS  # what follows is no member
                return
            ended = self._inflater.eof
            packed = self._inflater.unused_data if ended else self._inflater.unconsumed_tail
            if piece:
                yield piece
            elif not ended:
                return

    def _goes_on(self, packed: bytes) -> bool:
        """Begin with the next packed body, if one follows the end of the last."""
        if self._members >= _MEMBERS or "gzip" not in self._coding or packed[:1] != b"\x1f":
            return False
        self._members += 1
        self._inflater = zlib.decompressobj(_WINDOWS[self._coding])
        return True

    def _inflated(self, packed: bytes) -> bytes:
        assert self._inflater is not None
        try:
            return self._inflater.decompress(packed, PIECE)
        except zlib.error as error:
            if self._coding != "deflate":
                raise httpx.DecodingError(str(error)) from None
        # Some servers leave out the frame that "deflate" should have; they are found out at the first bytes.
        self._coding, self._inflater = "raw", zlib.decompressobj(-zlib.MAX_WBITS)
        return self._inflated(packed)
