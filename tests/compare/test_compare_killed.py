"""A driver killed in the middle of a comparison, whatever makes its edits, and begun again: counted at the provider."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import killed_child
import pytest

import nb_banana as nb

HERE = Path(__file__).resolve().parent


def driver(provider, folder, kind):
    """Start it, in a process group of its own, so that its workers can be killed with it."""
    words = [sys.executable, str(HERE / "killed_child.py"), provider.url, str(folder), kind]
    env = {**os.environ, "PYTHONPATH": str(HERE.parent.parent), "PYTHONFAULTHANDLER": ""}
    return subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=env, start_new_session=True)


@pytest.mark.parametrize("kind", ["lanes", "threads", "processes", "dask"])
def test_killed_halfway_and_resumed_sends_exactly_what_is_missing(provider, tmp_path, kind):
    """What had come is never sent again; what was under way is told as maybe paid and sent once more; the rest once."""
    provider.at_once = 2
    with driver(provider, tmp_path / "history", kind) as child:
        end = time.monotonic() + 90
        while provider.posts.total() < 4:  # two are answered and filed, for two more are under way
            assert time.monotonic() < end and child.poll() is None, child.stderr.read()
            time.sleep(0.02)
        os.killpg(child.pid, signal.SIGKILL)
        child.communicate(timeout=30)
    assert len(provider.posts) == 4 and set(provider.posts.values()) == {1}
    there = nb.Session(nb.Endpoint(provider.url), folder=tmp_path / "history", tell=lambda _: None).history
    done = {record.prompt for record in there.every() if record.status == "done"}
    expected = {prompt: 1 if prompt in done else 2 for prompt in provider.posts} | {"a boat, five": 1, "a boat, six": 1}
    assert len(done) == 2
    provider.gate.set()
    assert killed_child.go(provider.url, str(tmp_path / "history"), kind) == {"sent": 4, "maybe_paid": 2, "have": 6}
    assert provider.posts == expected
