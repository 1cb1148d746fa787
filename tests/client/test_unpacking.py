"""What a server packs for the way is unpacked in small pieces, once, and never more than fits."""

from __future__ import annotations

import gzip
import json
import socket
import tracemalloc
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache

import pytest

import nb_banana as nb
from nb_banana.errors import MalformedResponseError

from .misbehaving import KEY, PICTURE, Seen, answer, picture, response, serving

MEGABYTE = 2**20


@dataclass
class Peak:
    bytes: int = 0


@contextmanager
def memory() -> Iterator[Peak]:
    """The most memory that was held at once."""
    peak = Peak()
    tracemalloc.start()
    try:
        yield peak
    finally:
        peak.bytes = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()


@cache
def bomb(size: int, rounds: int = 1) -> bytes:
    if rounds > 1:
        return gzip.compress(bomb(size, rounds - 1))
    packer = zlib.compressobj(9, wbits=31)
    return b"".join(packer.compress(b"A" * MEGABYTE) for _ in range(size // MEGABYTE)) + packer.flush()


def edited(body: bytes, coding: str) -> nb.EditResult | nb.NanoBananaError:
    with serving(lambda connection, *_: connection.sendall(response(body, content_encoding=coding))) as server:
        try:
            return nb.Client(nb.Endpoint(server.url, KEY, wire="gemini"), retries=0).edit(picture((9, 9, 200)), "Make it blue")
        except nb.NanoBananaError as error:
            return error


@pytest.mark.parametrize("coding", ["gzip, gzip", "gzip,deflate", "GZIP , x-gzip", "br", "zstd"])
def test_a_second_coding_is_refused_before_anything_is_unpacked(coding: str) -> None:
    """A few kilobytes can't become gigabytes: the error says how the answer was packed, and that it may be billed."""
    body = bomb(400 * MEGABYTE, 2)
    assert len(body) < 20_000
    with memory() as peak:
        error = edited(body, coding)
    assert isinstance(error, MalformedResponseError)
    assert "Content-Encoding" in error.message and error.may_be_billed
    assert peak.bytes < 10 * MEGABYTE


def test_one_coding_is_unpacked_piece_by_piece() -> None:
    """What unpacks a thousandfold ends at the limit of a reply, with no more than that in memory."""
    with memory() as peak:
        error = edited(bomb(400 * MEGABYTE), "gzip")
    assert isinstance(error, MalformedResponseError)
    assert "256" in error.message
    assert peak.bytes < 390 * MEGABYTE


@pytest.mark.parametrize(
    ("coding", "pack"),
    [
        ("gzip", gzip.compress),
        ("x-gzip", gzip.compress),
        ("deflate", zlib.compress),
        ("deflate", lambda data: zlib.compress(data)[2:-4]),
        ("identity", bytes),
        ("gzip, identity", gzip.compress),
        ("utf-8", bytes),
    ],
    ids=["gzip", "x-gzip", "deflate", "bare deflate", "identity", "gzip and identity", "a word that is no coding"],
)
def test_every_single_coding_gives_the_picture(coding: str, pack: object) -> None:
    """What servers really send comes out byte for byte."""
    result = edited(pack(answer()), coding)  # type: ignore[operator]
    assert isinstance(result, nb.EditResult), result
    assert result.image.data == PICTURE


def test_a_download_is_bounded_too() -> None:
    """A picture's address that answers with a packed flood ends at the limit of a picture, not of the memory."""
    packed = bomb(400 * MEGABYTE)

    def behave(connection: socket.socket, seen: Seen, _: int) -> None:
        doubled = seen.head.startswith(b"GET /twice")
        connection.sendall(response(gzip.compress(packed) if doubled else packed, content_encoding="gzip, gzip" if doubled else "gzip"))

    with serving(behave) as server:
        for path, words in (("once.png", "64 MiB"), ("twice.png", "Content-Encoding")):
            with memory() as peak, pytest.raises(nb.NanoBananaError) as caught:
                nb.Client(nb.Endpoint(server.url, KEY, wire="gemini")).edit(f"{server.url}/{path}", "Make it blue")
            assert words in str(caught.value), json.dumps(str(caught.value))
            assert peak.bytes < 100 * MEGABYTE
        assert server.posts == 0
