"""What may have been paid before a crash, without a picture, is told before it is sent again."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

import nb_banana as nb

ROOT = Path(__file__).parents[2]
DRIVER = """
import sys
import nb_banana as nb
url, *photos = sys.argv[1:]
nb.batch(photos, "make it night, a boat, x", session=nb.Session(nb.Endpoint(url), tell=lambda _: None)).run()
"""


def killed_midway(server, photos: list[Path]) -> None:
    """A process runs the plan and is killed while one answer came and the others are awaited."""
    server.at_once = 1
    command = [sys.executable, "-c", DRIVER, server.url, *map(str, photos)]
    with subprocess.Popen(command, env={**os.environ, "PYTHONPATH": str(ROOT)}) as driver:
        history, until = nb.Session(nb.Endpoint(server.url)).history, time.monotonic() + 120
        while server.posts.total() < len(photos) or not any(one.status == "done" for one in history.every()):
            assert driver.poll() is None and time.monotonic() < until
            time.sleep(0.05)
        driver.send_signal(signal.SIGKILL)
        driver.wait(60)
    history.close()
    server.gate.set()


def test_a_crash_is_remembered_before_anything_is_sent_again(provider, clean_place, photos):
    """Estimate, table and run say which cells a killed process may have paid; each result says it too."""
    killed_midway(provider, photos)
    session = nb.Session(nb.Endpoint(provider.url), tell=lambda _: None)
    plan = nb.batch(photos, "make it night, a boat, x", session=session)
    before = plan.to_dataframe().earlier_maybe_paid.tolist()
    assert sorted(before) == [0, 1, 1]
    estimate = plan.estimate()
    assert (estimate.replayed, estimate.to_send, estimate.maybe_paid) == (1, 2, 2)
    assert "2 of those to send may have been billed already" in str(estimate)
    posts = provider.posts.total()
    with pytest.warns(UserWarning, match="2 of the edits now sent may have been billed already"):
        plan.run()
    assert provider.posts.total() == posts + 2
    told = [any("Earlier attempts" in one for one in result.warnings) for result in plan]
    assert told == [count == 1 for count in before]
    assert plan.to_dataframe().earlier_maybe_paid.tolist() == before


def test_a_plan_of_which_nothing_was_lost_says_nothing(provider, clean_place, photos, recwarn):
    """Paid pictures, free failures and other plans are no reason to warn."""
    session = nb.Session(nb.Endpoint(provider.url), tell=lambda _: None)
    nb.batch(photos[:1], "a boat, x", session=session).run()
    plan = nb.batch(photos, "a boat, x", session=session)
    estimate = plan.estimate()
    assert (estimate.to_send, estimate.maybe_paid) == (2, 0) and "billed" not in str(estimate)
    plan.run()
    assert not recwarn.list and not any(result.warnings for result in plan)
    assert plan.to_dataframe().earlier_maybe_paid.tolist() == [0, 0, 0]


def test_a_single_edit_says_it_too(provider, clean_place, photos):
    """An edit sent again after one that was cut off says that both may be billed, also when replayed later."""
    killed_midway(provider, photos)
    session = nb.Session(nb.Endpoint(provider.url), tell=lambda _: None)
    lost = [one for one in session.history.every() if one.billing == "maybe_paid"]
    again = session.edit(lost[0].input_images[0], "make it night, a boat, x")
    assert not again.replayed and any("Earlier attempts" in one and ": 1," in one for one in again.warnings)
    assert session.edit(lost[0].input_images[0], "make it night, a boat, x").warnings == again.warnings
