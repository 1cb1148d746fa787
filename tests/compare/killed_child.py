"""The driver of a comparison in a process of its own, to be killed and begun again: URL, history's folder, how it runs."""

from __future__ import annotations

import multiprocessing
import sys
import warnings
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from contextlib import contextmanager

import nb_banana as nb

WORDS = ("one", "two", "three", "four", "five", "six")


@contextmanager
def executor_of(kind: str):
    """No executor, two threads, two processes, or a Dask cluster of two processes."""
    if kind == "lanes":
        yield None
    elif kind == "threads":
        with ThreadPoolExecutor(2) as pool:
            yield pool
    elif kind == "processes":
        with ProcessPoolExecutor(2, mp_context=multiprocessing.get_context("spawn")) as pool:
            yield pool
    else:
        from distributed import Client, LocalCluster

        with LocalCluster(n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None) as cluster, Client(cluster) as client:
            yield client.get_executor()


def go(url: str, folder: str, kind: str) -> dict[str, int]:
    """Run what is left with two edits under way; gives what was left and how much there is in the end."""
    with nb.Session(nb.Endpoint(url), folder=folder, tell=lambda _: None) as session, warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the warning's count is in the estimate
        plan = nb.compare(None, [f"a boat, {word}" for word in WORDS], session=session)
        left = plan.estimate()
        with executor_of(kind) as pool:
            plan.run(concurrency=2, executor=pool, order="plan")
        return {"sent": left.to_send, "maybe_paid": left.maybe_paid, "have": len([one for one in plan if one])}


if __name__ == "__main__":
    go(*sys.argv[1:])
