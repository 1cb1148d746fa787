"""An engine that runs lost tasks again: a real Dask cluster of processes, and a provider that counts."""

from __future__ import annotations

import os
import signal
import threading
import time

import pytest
from compare_kit import brought
from distributed import Client, LocalCluster

import nb_banana as nb

CELLS = [f"a boat, {word}" for word in ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"]]


@pytest.fixture
def cluster(clean_place):
    """Two worker processes of two threads, everything else as Dask has it by default."""
    with LocalCluster(n_workers=2, threads_per_worker=2, processes=True, dashboard_address=None) as made:
        yield made


def test_a_killed_dask_worker_is_not_paid_twice(cluster, provider):
    """Dask runs the tasks of a killed worker again; no cell is sent twice, and what was lost is filed as maybe paid."""
    provider.at_once = 4
    session = nb.Session(nb.Endpoint(provider.url), tell=lambda _: None)
    plan = nb.compare(None, CELLS, session=session)
    killed = []

    def kill(client: Client, pids: dict[str, int]) -> None:
        limit = time.monotonic() + 120
        while provider.posts.total() < 8 and time.monotonic() < limit:  # four answered, four under way
            time.sleep(0.02)
        busy = next(worker for worker, tasks in client.processing().items() if tasks)
        os.kill(pids[busy], signal.SIGKILL)
        killed.append(busy)
        provider.gate.set()

    with Client(cluster) as client:
        killer = threading.Thread(target=kill, args=(client, client.run(os.getpid)))
        killer.start()
        plan.run(concurrency=4, executor=client.get_executor())
        killer.join(timeout=30)
    assert len(killed) == 1 and not killer.is_alive()
    assert set(provider.posts) <= set(CELLS) and max(provider.posts.values()) == 1, provider.posts
    lost = [plan[cell] for cell in plan.failed]
    assert lost and len(lost) + len(brought(plan)) == len(CELLS) and plan.stopped is None
    assert all(isinstance(one, nb.errors.APIConnectionError) and one.may_be_billed for one in lost)
    assert all("not sent again" in one.message for one in lost)
    records = [(record.status, record.billing) for record in session.history.every()]
    assert records.count(("failed", "maybe_paid")) == len(lost)
    assert records.count(("done", "paid")) == len(brought(plan))
    assert not list(session.history.folder.glob(".run-*"))
    # A person who asks again gets them: an attempt has a claim of its own.
    assert len(brought(plan.run())) == len(CELLS)
    assert provider.posts.total() == len(CELLS) + len(lost)
