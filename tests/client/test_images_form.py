"""An edit's form on the Images API leaves as it lies: the files' bytes, a known length, nothing held twice."""

from __future__ import annotations

import re
import socket
import threading
import tracemalloc
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image

import nb_banana as nb
from nb_banana._images.data import ImageData
from nb_banana._wire.body import PIECE

KEY = "sk-0123456789abcdef"
ANSWER = b'{"created":1,"data":[{"b64_json":"iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAIAAACQd1PeAAAADElEQVR4nGP4z8AAAAMBAQDJ/pLvAAAAAElFTkSuQmCC"}]}'


class Sink:
    """A server on loopback that keeps a request's head and counts its body, and keeps nothing of that."""

    def __init__(self) -> None:
        self.head, self.received, self.longest = b"", 0, 0
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._listener.getsockname()[1]}"
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        connection, _ = self._listener.accept()
        spare = bytearray(64 * 1024)
        with connection:
            while b"\r\n\r\n" not in self.head:
                self.head += connection.recv(4096)
            self.head, _, body = self.head.partition(b"\r\n\r\n")
            length, self.received = self.length(), len(body)
            while self.received < length:
                self.received += connection.recv_into(spare)
            connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%b" % (len(ANSWER), ANSWER))

    def length(self) -> int:
        found = re.search(rb"(?i)\r\ncontent-length: (\d+)", self.head)
        assert found is not None and b"transfer-encoding" not in self.head.lower()
        return int(found[1])

    def close(self) -> None:
        self._listener.close()


@pytest.fixture
def sink() -> Iterator[Sink]:
    running = Sink()
    yield running
    running.close()


@pytest.fixture
def photos(clean_place: Path) -> list[ImageData]:
    """Two pictures of 3 MB, read beforehand."""
    made = []
    for number in range(2):
        path = clean_place / f"grain-{number}.png"
        Image.effect_noise((1900, 1600), 120 + number).save(path, compress_level=1)
        made.append(ImageData.from_bytes(path.read_bytes()))
    return made


def test_a_form_of_six_megabytes_takes_little_more_memory_to_send(sink: Sink, photos: list[ImageData]) -> None:
    """The length is told before the first byte and kept, and no copy of a picture is made on the way to the socket."""
    whole = sum(len(photo.data) for photo in photos)
    with nb.Client(nb.Endpoint.local(sink.url, "qwen", "images"), retries=0) as client:
        tracemalloc.start()
        result = client.edit(photos, "make it night", seed=7)
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
    assert whole > 5_000_000 and result.image.width == 1
    assert sink.received == sink.length() == len(result.plan.body()) > whole
    assert b"multipart/form-data; boundary=" in sink.head
    assert peak < whole / 4, f"{peak / 1e6:.1f} MB for {whole / 1e6:.1f} MB"


def test_a_form_is_the_files_own_bytes_in_pieces_that_can_be_sent_again(photos: list[ImageData]) -> None:
    """What is no file is small; a file's pieces joined are the file, and a second sending is the same."""
    with nb.Client(nb.Endpoint.sandbox(wire="images")) as client:
        asked = {"model": "gpt-image-2.5-flare", "image_size": "160x144", "mask": (0, 0, 0.5, 0.5)}
        body = client.edit(photos, "make it night", **asked).plan.body()
    held = [piece for piece in body.pieces if isinstance(piece, bytes)]
    files = [piece for piece in body.pieces if not isinstance(piece, bytes)]
    assert sum(map(len, held)) < 3000 and max(map(len, body)) <= PIECE
    assert [b"".join(file) for file in files[:2]] == [photo.data for photo in photos]
    assert all(file.source.data is photo.data for file, photo in zip(files[:2], photos, strict=True))
    first, second = bytes(body), bytes(body)
    assert first == second and len(first) == len(body)
