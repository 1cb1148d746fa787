"""One class for the tests of this folder: a key, a provider on the loopback, small limits."""

from __future__ import annotations

import socket
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from client.misbehaving import PICTURE, Seen, Server, answer, response, sends, serving

from .class_kit import School, school

STARTUP = """
import os
import nb_banana as nb
from nb_banana._session import where
where.env_endpoint = lambda *_: nb.Endpoint(os.environ["NB_BANANA_BASE_URL"], os.environ["NB_BANANA_API_KEY"], name="apiyi")
"""
"""Kernels take the loopback for a provider whose prices are known."""


def free_port() -> int:
    """A loopback port nobody listens on at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="session")
def provider() -> Iterator[Server]:
    """Answers every request with one picture, and counts; a slow one after a while."""
    at_once = sends(response(answer(PICTURE)))

    def behave(connection: socket.socket, seen: Seen, number: int) -> None:
        if "slow" in seen.prompt:
            time.sleep(2)
        at_once(connection, seen, number)

    with serving(behave) as running:
        yield running


@pytest.fixture(scope="session")
def klass(provider: Server, tmp_path_factory: pytest.TempPathFactory) -> Iterator[School]:
    """The class: $0.40 for all, $0.20 for one, pictures of 1 MB, three pages at once, pictures kept for a week."""
    home = tmp_path_factory.mktemp("class")
    startup = home / "ipython" / "profile_default" / "startup" / "00.py"
    startup.parent.mkdir(parents=True)
    startup.write_text(STARTUP)
    options = ("--budget", "0.40", "--budget-each", "0.20", "--upload-mb", "1", "--pages", "3", "--keep", "7")
    with school(home, free_port(), *options, address=provider.url) as running:
        yield running


@pytest.fixture(scope="session")
def home(klass: School) -> Path:
    """Where the class's files lie."""
    return klass.folder
