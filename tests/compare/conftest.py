"""Sessions for comparisons: the sandbox behind a real address, so that its own log counts the requests."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PIL import Image

import nb_banana as nb
from nb_banana._sandbox.server import Server, serve


@pytest.fixture
def server() -> Iterator[Server]:
    """A loopback sandbox; `server.requests` is its log."""
    with serve() as running:
        yield running


@pytest.fixture
def session(server: Server, clean_place: Path) -> Iterator[nb.Session]:
    """A session whose edits go to the loopback sandbox, its history in the test's folder."""
    with nb.Session(nb.Endpoint(server.url), tell=lambda _: None) as made:
        yield made


@pytest.fixture
def photos(clean_place: Path, draw_photo: Callable[..., Image.Image]) -> list[Path]:
    """Three small pictures that differ."""
    paths = [clean_place / f"{name}.png" for name in ("rose", "ash", "oak")]
    for path, colour in zip(paths, ("mistyrose", "gainsboro", "khaki")):
        draw_photo((96, 72), colour).save(path)
    return paths
