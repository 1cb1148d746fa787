"""An answer that came to its last word is an answer, however the connection ended after it."""

from __future__ import annotations

import gzip
import json
import socket
import struct
import time
from typing import Any

import pytest

import nb_banana as nb

from .misbehaving import KEY, PICTURE, answer, picture, response, serving

PHOTO = picture((20, 60, 90))
HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"


def chunked(body: bytes) -> bytes:
    """A body in one chunk, and no chunk that ends it."""
    return HEAD + b"Transfer-Encoding: chunked\r\n\r\n%x\r\n" % len(body) + body + b"\r\n"


def longer(body: bytes) -> bytes:
    """A body that was announced as two bytes longer."""
    return HEAD + b"Content-Length: %d\r\n\r\n" % (len(body) + 2) + body


EVENTS = b"data: " + answer() + b"\n\ndata: [DONE]\n\n"
WHOLE = {
    "no last chunk": chunked(answer()),
    "announced longer": longer(answer()),
    "a stream's last word": chunked(EVENTS),
    "the picture itself": longer(PICTURE),
}


def asked(reply: bytes, ended: Any, **options: Any) -> nb.EditResult | nb.NanoBananaError:
    """What an edit gives at a server that sends ``reply`` and ends the connection so."""

    def behave(connection: socket.socket, *_: Any) -> None:
        connection.sendall(reply)
        ended(connection)

    with serving(behave) as server:
        try:
            return nb.Client(nb.Endpoint(server.url, KEY), retries=2, **options).edit(PHOTO, "add a boat")
        except nb.NanoBananaError as error:
            assert server.posts == 1
            return error


def closed(connection: socket.socket) -> None:
    connection.shutdown(socket.SHUT_WR)


def reset(connection: socket.socket) -> None:
    time.sleep(0.3)  # what was sent arrives first
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    connection.close()


def silent(_: socket.socket) -> None:
    time.sleep(4)


@pytest.mark.parametrize("name", WHOLE)
@pytest.mark.parametrize("ended", [closed, reset])
def test_a_whole_answer_outlives_its_connection(name: str, ended: Any) -> None:
    """A picture that was paid for and came is the result, with a word about the end, and is not ordered again."""
    result = asked(WHOLE[name], ended)
    assert isinstance(result, nb.EditResult), result
    assert result.image.data == PICTURE
    assert any("connection broke" in warning for warning in result.warnings)


def test_a_server_that_never_ends_its_answer_loses_none() -> None:
    """At the deadline the answer that is there counts, be it that its end was awaited in vain."""
    result = asked(longer(answer()), silent, deadline=2)
    assert isinstance(result, nb.EditResult), result
    assert result.image.data == PICTURE


@pytest.mark.parametrize(
    "reply",
    [chunked(answer()[:-1]), longer(answer()[: len(answer()) // 2]), chunked(EVENTS[:-20]), longer(PICTURE[:-12])],
    ids=["no last brace", "half", "no last word", "half a picture"],
)
def test_a_part_of_an_answer_is_none(reply: bytes) -> None:
    """What broke off before its end is told as broken, may be billed, and is sent once."""
    error = asked(reply, closed)
    assert isinstance(error, nb.errors.APIConnectionError), error
    assert error.may_be_billed


def test_a_failure_with_a_broken_end_is_still_a_broken_connection() -> None:
    """A status of failure says nothing certain where its body has no end."""
    body = json.dumps({"error": {"message": "busy"}}).encode()
    error = asked(longer(body).replace(b"200 OK", b"503 X"), closed)
    assert isinstance(error, nb.errors.APIConnectionError) and error.may_be_billed


@pytest.mark.parametrize("after", [b"", b"\0\0", b"\x1fno gzip"])
@pytest.mark.parametrize("size", [7, 500, 100_000])
def test_every_part_of_a_packed_answer_is_read(size: int, after: bytes) -> None:
    """gzip allows several packed bodies after one another; what else follows takes nothing from them."""
    data = answer()
    packed = b"".join(gzip.compress(data[at : at + size]) for at in range(0, len(data), size)) + after
    result = asked(response(packed, content_encoding="gzip"), lambda _: None)
    assert isinstance(result, nb.EditResult), result
    assert result.image.data == PICTURE and not result.warnings
