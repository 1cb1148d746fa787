"""The private thread: throttled updates, and work whose faults are not lost."""

from __future__ import annotations

import asyncio
import threading
import time
from itertools import pairwise

from nb_banana import _worker

from .test_tray import eventually


def test_a_flood_becomes_ten_a_second_and_ends_with_the_last():
    """A thousand updates show few times, the last one for certain."""
    shown = []
    throttle = _worker.Throttle(lambda value: shown.append((time.monotonic(), value)), 0.1)
    began = time.monotonic()
    for number in range(1000):
        throttle(number)
        time.sleep(0.0005)
    eventually(lambda: shown[-1][1] == 999)
    took = time.monotonic() - began
    assert len(shown) <= took / 0.1 + 2
    gaps = [later - earlier for (earlier, _), (later, _) in pairwise(shown)]
    assert min(gaps) > 0.09


def test_no_lock_is_held_while_a_value_is_shown():
    """A caller that holds a lock which showing needs too does not deadlock, and its value is shown last."""
    outer, entered, shown = threading.Lock(), threading.Event(), []

    def show(value):
        entered.set()
        with outer:
            shown.append(value)

    throttle = _worker.Throttle(show, 0.0)
    other = threading.Thread(target=throttle, args=(1,))
    with outer:
        other.start()
        assert entered.wait(5)
        throttle(2)
    other.join(5)
    assert not other.is_alive()
    assert shown == [1, 2]


def test_a_fault_beside_the_loop_is_logged(caplog):
    """Work nobody waits for does not fail in silence."""
    _worker.aside(lambda: 1 / 0)
    eventually(lambda: "a background job failed" in caplog.text)
    assert "ZeroDivisionError" in caplog.text


def test_a_job_runs_on_the_one_private_thread_and_can_be_cancelled():
    """Jobs share one loop, and cancelling the future cancels the coroutine."""

    async def where():
        return threading.current_thread().name

    assert {_worker.submit(where()).result(5) for _ in range(3)} == {"nb-banana"}
    ended = threading.Event()

    async def long():
        try:
            await asyncio.sleep(60)
        finally:
            ended.set()

    job = _worker.submit(long())
    time.sleep(0.05)
    job.cancel()
    assert ended.wait(5)
    assert job.cancelled()
