"""A judging killed in the middle and begun again: counted at the judge."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import judged_child
import pytest

HERE = Path(__file__).resolve().parent


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGINT])
def test_killed_and_resumed_asks_exactly_what_is_missing(how, fake, photo, one, clean_place):
    """What was answered, a refusal too, is never paid again; what was under way is told as maybe paid and asked once more."""
    fake.at_once = 3
    folder = clean_place / "history"
    words = [sys.executable, str(HERE / "judged_child.py"), fake.url, str(folder), str(one)]
    env = {**os.environ, "PYTHONPATH": f"{HERE.parent.parent}{os.pathsep}{HERE}", "PYTHONFAULTHANDLER": ""}
    with subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=env, start_new_session=True) as child:
        end = time.monotonic() + 90
        while fake.posts.total() < 4:  # three are answered and filed, one more is under way
            assert time.monotonic() < end and child.poll() is None, child.stderr.read()
            time.sleep(0.02)
        os.killpg(child.pid, how)
        child.communicate(timeout=30)
    assert len(fake.posts) == 4 and set(fake.posts.values()) == {1}
    fake.gate.set()
    estimate, scored = judged_child.go(fake.url, str(folder), str(one))
    assert "3 answered before (free), 3 to ask" in estimate and "1 of these failed before and may have been billed" in estimate
    assert scored == 5 and sorted(fake.posts.values()) == [1, 1, 1, 1, 1, 2]
    assert fake.posts["make it blocked"] == 1 and fake.posts["make it ok 4 and 4"] == 2
