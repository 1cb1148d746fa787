"""Many threads on one client and on one session: every edit gets its own answer, and none fails."""

from __future__ import annotations

import hashlib
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

import nb_banana as nb

from .misbehaving import KEY, Seen, answer, picture, response, serving

THREADS = 64
EDITS = 32
"""How many one thread makes."""


def shade(prompt: str) -> tuple[int, int, int]:
    """The colour that answers a prompt."""
    red, green, blue = hashlib.sha256(prompt.encode()).digest()[:3]
    return red, green, blue


def painted(connection: Any, seen: Seen, _number: int) -> None:
    """A small picture in the prompt's own colour."""
    connection.sendall(response(answer(picture(shade(seen.prompt), (8, 6)))))


@pytest.mark.parametrize("door", ["client", "session"])
def test_edits_of_64_threads_have_no_error(door: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """2,048 edits at once on one client, and on one session, are as many posts and right pictures, over a connection
    for each thread: no thread closes a socket that is not its own.
    """
    monkeypatch.chdir(tmp_path)
    with serving(painted) as server:
        endpoint = nb.Endpoint(server.url, KEY)
        shared: Any = nb.Client(endpoint, retries=0) if door == "client" else nb.Session(endpoint, retries=0, tell=lambda _: None)

        def run(thread: int) -> list[str]:
            wrong = []
            for number in range(EDITS):
                prompt = f"boat {thread} {number}"
                try:
                    result = shared.generate(prompt)
                except Exception as error:  # noqa: BLE001 - whatever it is, it is counted
                    wrong.append(f"{prompt}: {error!r}")
                    continue
                if result.image.to_pil().convert("RGB").getpixel((0, 0)) != shade(prompt):
                    wrong.append(f"{prompt}: another's picture")
            return wrong

        with shared, ThreadPoolExecutor(THREADS) as pool:
            wrong = [one for part in pool.map(run, range(THREADS)) for one in part]
        assert wrong == [] and server.posts == THREADS * EDITS
        assert server.accepted <= THREADS + 1
