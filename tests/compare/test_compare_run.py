"""Running a comparison: order, replay, failures, stops, Ctrl-C, and other people's executors."""

from __future__ import annotations

import _thread
import asyncio
import json
import multiprocessing
import os
import re
import shutil
import subprocess
import sys
import threading
from concurrent.futures import Future, ProcessPoolExecutor, ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest
from compare_kit import brought, until

import nb_banana as nb

CHILD = Path(__file__).with_name("interrupted_child.py")
ROOT = CHILD.parents[2]


def statuses(session: nb.Session) -> list[str]:
    return sorted(record.status for record in session.history.every())


def test_results_come_in_plan_order(server, session, photos):
    """Whichever cell finishes first, item n is the outcome of cell n."""
    done = nb.compare(photos, ["make it night", "add a hat"], session=session).run(concurrency=3)
    assert [(one.request.images[0].name, one.request.prompt) for one in done] == [
        (path.name, prompt) for path in photos for prompt in ("make it night", "add a hat")
    ]
    assert done.results == tuple(done) and done[1:3] == tuple(done)[1:3] and done[done.cells[4]] is done[4]
    assert len(server.requests) == 6


def test_running_again_sends_nothing(server, session, photos):
    """A second run of the same comparison, and of the same plan made anew, is free and gives the same bytes."""
    plan = nb.batch(photos, "make it night", session=session).run()
    hashes = [one.image.sha256 for one in plan.run()]
    anew = nb.batch(photos, "make it night", session=session).run()
    assert [one.image.sha256 for one in anew] == hashes
    assert all(one.replayed for one in anew) and len(server.requests) == 3


def test_the_same_thing_twice_is_one_request(server, session, photos):
    """A picture listed twice, and a model by its id and its nickname, are paid once."""
    done = nb.compare(
        [photos[0], photos[0]], "make it night", models=["nano-banana", "gemini-2.5-flash-image"], session=session
    ).run()
    assert len(brought(done)) == 4 and len(server.requests) == 1
    assert len({one.image.sha256 for one in done}) == 1


def test_a_failure_stays_in_its_cell(clean_place, photos):
    """One refused cell keeps its error; running again sends only that one."""
    session = nb.Session(nb.Endpoint.sandbox(fault=[None, "safety", None]), tell=lambda _: None)
    plan = nb.batch(photos, "make it night", session=session).run(concurrency=1, order="plan")
    assert [type(one).__name__ for one in plan] == ["EditResult", "SafetyError", "EditResult"]
    assert [cell.index for cell in plan.failed] == [1] and plan.stopped is None
    first = plan[0]
    plan.run()
    assert plan.failed == () and plan[0] is first
    assert statuses(session) == ["done", "done", "done", "refused"]


@pytest.mark.parametrize(("fault", "kind"), [("quota", "QuotaError"), ("auth", "AuthenticationError")])
def test_hopeless_errors_stop_the_sending(server, session, photos, fault, kind):
    """After an empty balance or a refused key nothing more is sent; the rest is missing and can go on later."""
    server.script._left = [None, fault]
    plan = nb.batch(photos, "make it night", session=session)
    with pytest.warns(UserWarning, match="1 cells have not run"):
        plan.run(concurrency=1, order="plan")
    assert [type(one).__name__ for one in plan] == ["EditResult", kind, "NoneType"]
    assert type(plan.stopped).__name__ == kind and len(server.requests) == 2
    plan.run()
    assert len(brought(plan)) == 3 and plan.stopped is None and len(server.requests) == 4


def test_after_a_stop_history_still_answers(server, session, photos):
    """What costs nothing is not held back by an empty balance."""
    nb.edit(photos[2], "make it night", session=session)
    server.script._left = ["quota"]
    plan = nb.batch(photos, "make it night", session=session)
    with pytest.warns(UserWarning):
        plan.run(concurrency=1, order="plan")
    assert [type(one).__name__ for one in plan] == ["QuotaError", "NoneType", "EditResult"]
    assert plan[2].replayed and len(server.requests) == 2


def test_the_budget_is_never_passed(server, clean_place, photos, monkeypatch):
    """With room for two of three edits two are sent, even when all start at once."""
    Path("prices.toml").write_text('[[price]]\nprovider = "custom"\nmodel = "*"\nusd = "0.05"\n')
    monkeypatch.setenv("NB_BANANA_PRICES", str(clean_place / "prices.toml"))
    # The loopback sandbox says that it is one, and then nothing was paid: keep the price reserved by a delay.
    server.delay = 0.5
    session = nb.Session(nb.Endpoint(server.url), budget="0.12", tell=lambda _: None)
    plan = nb.batch(photos, "make it night", session=session)
    with pytest.warns(UserWarning, match="budget"):
        plan.run(concurrency=3)
    assert sorted(type(one).__name__ for one in plan) == ["BudgetError", "EditResult", "EditResult"]
    assert len(server.requests) == 2 and isinstance(plan.stopped, nb.errors.BudgetError)


def test_wires_share_one_history(server, session, photos):
    """The same edit over both wires is two requests to two addresses, filed in one history."""
    done = nb.compare(photos[0], "make it night", wires=["gemini", "openai"], session=session).run()
    assert len(brought(done)) == 2
    assert sorted(entry.path.rpartition("/")[2].partition(":")[2] or "completions" for entry in server.requests) == [
        "completions", "generateContent",
    ]  # fmt: skip
    assert sorted(record.wire for record in session.history.every()) == ["gemini", "openai"]


def test_it_runs_inside_a_running_loop(session, photos):
    """A notebook's cell runs inside an event loop, and `.run()` blocks there all the same."""

    async def cell() -> int:
        return len(brought(nb.batch(photos[:1], "make it night", session=session).run()))

    assert asyncio.run(cell()) == 1


def test_a_log_gets_no_progress(session, photos, capfd):
    """Where nobody watches, the bar writes nothing."""
    nb.batch(photos[:1], "make it night", session=session).run()
    assert capfd.readouterr() == ("", "")


def test_inputs_are_not_kept_in_memory(session, photos):
    """A long batch over files holds their facts, not their bytes."""
    plan = nb.batch(photos, "make it night", session=session).run()
    assert [cell.source.images[0]._held.data for cell in plan.cells] == [None] * 3
    assert [one.image._held.data for one in plan.results] == [None] * 3
    assert [cell.source.images[0].sha256 for cell in plan.cells] == [one.request.images[0].sha256 for one in plan]


def test_ctrl_c_keeps_what_is_done(clean_place, photos):
    """A real SIGINT ends the run long before the answer would come, keeps finished cells, and a later run does only the rest."""
    process = subprocess.run(
        [sys.executable, str(CHILD), *map(str, photos)], capture_output=True, text=True, timeout=120, check=False,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )  # fmt: skip
    assert process.returncode == 0, process.stderr
    told = json.loads(process.stdout)
    assert told["seconds"] < 10  # the answer takes 30
    assert told["after_interrupt"] == ["EditResult", "NoneType", "NoneType"]
    assert told["after_resuming"] == ["EditResult"] * 3
    assert told["records"] == ["done", "done", "done", "interrupted"]
    assert told["requests"] <= 4  # the interrupted one is in the server's log if it was answered to nobody


# --- executors -----------------------------------------------------------------------------------


@pytest.fixture(params=["threads", "processes"])
def executor(request):
    """A pool of two threads, and one of two fresh processes."""
    if request.param == "threads":
        pool = ThreadPoolExecutor(2)
    else:
        pool = ProcessPoolExecutor(2, mp_context=multiprocessing.get_context("spawn"))
    with pool:
        yield pool


def test_an_executor_makes_the_edits(server, session, photos, executor):
    """Workers send and store by hash, the driver files every record, and replays need no worker."""
    done = nb.batch(photos, "make it night", session=session).run(executor=executor)
    assert len(brought(done)) == 3 and len(server.requests) == 3
    stored = {path.stem for path in (session.history.folder / "images").iterdir() if path.is_file()}
    assert {one.image.sha256 for one in done} <= stored
    assert [one.request.images[0].name for one in done] == [path.name for path in photos]
    assert statuses(session) == ["done"] * 3 and done[0].record_id in {r.id for r in session.history.every()}
    assert "nb.edit" in done[0].to_python() and "contents" in done[0].to_json()
    assert not list(session.history.folder.glob(".run-*"))
    again = nb.batch(photos, "make it night", session=session).run(executor=executor)
    assert all(one.replayed for one in again) and len(server.requests) == 3


def test_a_run_that_can_not_begin_is_over(server, session, photos):
    """Where the run's folder can't be made the plan says so, waits for nobody, and runs once it can."""
    plan = nb.batch(photos, "make it night", session=session)
    nb.batch(photos[:1], "make it day", session=session).run()
    shutil.rmtree(live := session.history.folder / "live")
    live.write_text("a file in the place of the folder")
    with ThreadPoolExecutor(2) as pool:
        with pytest.raises(nb.errors.InvalidRequestError, match=re.escape(str(session.history.folder))):
            plan.run(executor=pool)
        assert not plan.wait(5).progress.running and len(server.requests) == 1
        live.unlink()
        assert len(brought(plan.run(executor=pool))) == 3


class Elsewhere(ThreadPoolExecutor):
    """An executor whose workers see another disk: the run's folder is not there."""

    def submit(self, work, ticket):
        return super().submit(work, replace(ticket, claim=Path("/nowhere/.run-1/claim")))


def test_a_worker_elsewhere_sends_nothing(server, session, photos):
    """A worker that can't claim its ticket can't know whether another had it: it sends nothing, and the run stops."""
    plan = nb.batch(photos, "make it night", session=session)
    with Elsewhere(1) as pool, pytest.warns(UserWarning, match="stopped early"):
        plan.run(concurrency=1, executor=pool, order="plan")
    assert server.requests == [] and plan[1:] == (None, None)
    assert "nothing was sent" in plan[0].message and "/nowhere" in plan[0].message
    assert "NB_BANANA_HISTORY" in plan[0].hint and not plan[0].may_be_billed and not plan[0].retryable
    assert [record.billing for record in session.history.every()] == ["free"]


class Anxious(ProcessPoolExecutor):
    """An executor that runs each task twice, as an engine does that believes the first worker lost."""

    def submit(self, *task):
        first, outcome = super().submit(*task), Future()
        first.add_done_callback(lambda _: super(Anxious, self).submit(*task).add_done_callback(answer))

        def answer(second):
            if error := second.exception():
                outcome.set_exception(error)
            else:
                outcome.set_result(second.result())

        return outcome


def test_a_task_run_again_is_not_sent_again(provider, clean_place):
    """A ticket is claimed before it is sent, once and in any process: who comes second pays nothing and says so."""
    session = nb.Session(nb.Endpoint(provider.url), tell=lambda _: None)
    plan = nb.compare(None, ["a boat, red", "a boat, blue"], session=session)
    with Anxious(2, mp_context=multiprocessing.get_context("spawn")) as pool:
        plan.run(executor=pool)
        assert provider.posts == {"a boat, red": 1, "a boat, blue": 1}
        assert [(type(one).__name__, one.may_be_billed) for one in plan] == [("APIConnectionError", True)] * 2
        assert "not sent again" in plan[0].message
    records = [(record.status, record.billing) for record in session.history.every()]
    assert records == [("failed", "maybe_paid")] * 2
    with ThreadPoolExecutor(2) as pool:
        assert len(brought(plan.run(executor=pool))) == 2  # asked for again by a person, it may be sent again
    assert provider.posts == {"a boat, red": 2, "a boat, blue": 2}


def test_a_killed_drivers_run_folder_is_swept(session, photos):
    """What a driver killed in a run leaves is gone when the history is opened next; a living one's stays."""
    code = (
        "import os, nb_banana as nb\n"
        "opened = nb.Session(nb.Endpoint.sandbox()).history.run_folder()\n"
        "print(opened.__enter__(), flush=True)\n"
        "input()\n"
        "os._exit(1)\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        env={**os.environ, "PYTHONPATH": str(ROOT), "NB_BANANA_HISTORY": str(session.history.folder)},
    ) as driver:  # fmt: skip
        folder = Path(driver.stdout.readline().strip())
        nb.Session(nb.Endpoint.sandbox(), folder=folder.parent).history.records()
        assert folder.is_dir() and folder.name.startswith(".run-")
        driver.communicate("\n", timeout=20)
    nb.Session(nb.Endpoint.sandbox(), folder=folder.parent).history.records()
    assert not folder.exists()


def test_errors_come_home_from_workers(server, session, photos, executor):
    """A refusal in a worker is the cell's own error, with everything it knows."""
    server.script._left = ["safety"]
    plan = nb.batch(photos[:1], "make it night", session=session).run(executor=executor)
    assert isinstance(plan[0], nb.errors.SafetyError) and plan[0].finish_reason
    assert statuses(session) == ["refused"]


class Doomed(ProcessPoolExecutor):
    """A pool whose worker dies in the middle of its job."""

    def submit(self, *_):
        return super().submit(os._exit, 1)


def test_a_dead_worker_is_maybe_paid(server, session, photos):
    """A cell whose worker died is filed as maybe paid before it runs again; nothing more goes to that pool."""
    plan = nb.batch(photos, "make it night", session=session)
    with Doomed(1, mp_context=multiprocessing.get_context("spawn")) as pool, pytest.warns(UserWarning):
        plan.run(concurrency=1, executor=pool, order="plan")
    assert isinstance(plan[0], nb.errors.APIConnectionError) and plan[0].may_be_billed
    assert isinstance(plan[1], nb.errors.APIConnectionError) and not plan[1].may_be_billed and plan[2] is None
    assert sorted(record.billing for record in session.history.every()) == ["free", "maybe_paid"]
    assert len(brought(plan.run())) == 3 and len(server.requests) == 3


def lose(*_):
    """What another kind of executor may raise for a worker it lost."""
    raise LookupError("engine 3 is gone")


class Forgetful(ThreadPoolExecutor):
    """An executor that reports a lost worker in words of its own."""

    def submit(self, *_):
        return super().submit(lose)


def test_any_executors_word_for_a_lost_worker_is_understood(session, photos):
    """Dask and IPython Parallel have their own exceptions; each is the cell's error, maybe paid, and the run goes on."""
    with Forgetful(2) as pool:
        plan = nb.batch(photos[:2], "make it night", session=session).run(executor=pool)
    assert [(type(one).__name__, one.may_be_billed) for one in plan] == [("APIConnectionError", True)] * 2
    assert "LookupError: engine 3 is gone" in plan[0].message
    assert [record.billing for record in session.history.every()] == ["maybe_paid"] * 2


class Cancelling(ThreadPoolExecutor):
    """An executor that is shut down, its waiting jobs cancelled."""

    def submit(self, *job):
        future = Future()
        future.cancel()
        return future


def test_a_job_cancelled_by_its_executor_is_no_ctrl_c(session, photos):
    """Jobs that the executor itself throws away stop the run with a sentence instead of vanishing."""
    plan = nb.batch(photos, "make it night", session=session)
    with Cancelling(1) as pool, pytest.warns(UserWarning, match="takes no more jobs"):
        plan.run(concurrency=1, executor=pool, order="plan")
    assert isinstance(plan[0], nb.errors.APIConnectionError) and plan[1] is None and not plan[0].may_be_billed


@pytest.mark.parametrize("how", ["stop", "ctrl-c"])
def test_what_an_executor_has_not_begun_is_taken_back(provider, clean_place, how):
    """Stop and Ctrl-C while one worker is busy and seven edits wait for it: none of the seven is sent, or filed as maybe paid; the one under way is kept by Stop."""
    provider.at_once = 0
    session = nb.Session(nb.Endpoint(provider.url), tell=lambda _: None)
    plan = nb.compare(None, [f"a boat, {word}" for word in "abcdefgh"], session=session)
    with ThreadPoolExecutor(1) as pool:
        def under_way() -> bool:
            return provider.posts.total() == 1 and len(statuses(session)) == 8

        if how == "stop":
            plan.start(concurrency=8, executor=pool)
            until(under_way)
            plan.stop()
            provider.gate.set()
            plan.wait(30)
        else:
            threading.Thread(target=lambda: (until(under_way), _thread.interrupt_main())).start()
            with pytest.raises(KeyboardInterrupt):
                plan.run(concurrency=8, executor=pool)
        until(lambda: len(statuses(session)) == 8 and "running" not in statuses(session))
        provider.gate.set()
    billed = [record for record in session.history.every() if record.billing != "free"]
    assert provider.posts.total() == 1 == len(billed) and len(brought(plan)) == (how == "stop")
    assert billed[0].status == ("done" if how == "stop" else "interrupted")
    plan.run()
    assert len(brought(plan)) == 8 and provider.posts.total() == (8 if how == "stop" else 9)


def test_a_batch_over_results_continues_them(session, photos):
    """A result as input is the parent of what is made of it, as with `nb.edit`."""
    first = nb.batch(photos[:2], "make it night", session=session).run()
    second = nb.batch(list(first), "add a hat", session=session).run()
    parents = [session.history.record(one.record_id).parent for one in second]
    assert parents == [one.record_id for one in first]
