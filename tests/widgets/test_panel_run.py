"""A panel's run without a panel: its transitions, and the runner on a real session and a screen in plain Python."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
import threading
from contextlib import nullcontext
from pathlib import Path

import pytest

import nb_banana as nb
from nb_banana import _worker
from nb_banana._widgets.panel.ask import Ask
from nb_banana._widgets.panel.run import Run, same_place
from nb_banana._widgets.panel.runner import Runner
from nb_banana.errors import ServerError

from .test_tray import eventually

PLACE = nb.Endpoint.sandbox()


def asked(prompt="Make it night", takes=1):
    return Ask((), prompt, {}, takes)


class Follower:
    """Keeps up with a run by noting its takes as they become known."""

    def __init__(self):
        self.known = []

    def planned(self, run):
        self.known.append(run.takes)

    def numbered(self, run):
        self.known.append(run.takes)


def result(take=1):
    """A result as far as a run looks at it."""
    return nb.EditResult(images=(), request=nb.EditRequest("Make it night"), take=take)


class Screen:
    """Notes what a runner tells it, in order."""

    def __init__(self):
        self.lock, self.told, self.late = threading.RLock(), [], []

    def say(self, shown):
        self.told.append(shown.state)

    def waits(self, run):
        self.told.append(f"waits {run.ask.prompt}")

    def leaves(self, run):
        self.told.append(f"leaves {run.ask.prompt}")

    def begin(self, run):
        self.told.append("begin")

    def coming(self, image):
        assert image.width

    def came(self, run, result):
        self.told.append(f"take {result.take}")

    def tell_late(self, text):
        self.late.append(text)

    def end(self, run, shown):
        self.told.append(f"end {shown.state}")


@pytest.fixture
def runner(sandbox):
    """A runner, its `session`, its screen as `runner.screen`, and what arrived as `runner.arrived`."""
    screen, arrived = Screen(), []
    follower = Follower()
    made = Runner(screen, follower, lambda result, late: arrived.append((result.take, late)), "en", lambda: made.session)
    made.session = sandbox()
    made.screen, made.follower, made.arrived = screen, follower, arrived
    return made


def test_no_widget_is_needed():
    """Ask, run and runner load without ipywidgets, anywidget or traitlets."""
    code = ("import sys, nb_banana._widgets.panel.runner as it; print(it.Runner.__name__, "
            "sorted({'ipywidgets', 'anywidget', 'traitlets', 'IPython'} & set(sys.modules)))")  # fmt: skip
    here = {**os.environ, "PYTHONPATH": str(Path(nb.__file__).parent.parent)}
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, env=here)
    assert done.stdout == "Runner []\n"


def test_a_run_from_asked_to_ended():
    """It asks for the next takes; results stand by the take they got, whatever order they came in."""
    run = Run(asked(takes=3), PLACE)
    assert (len(run.parts), run.takes, run.over, run.result) == (3, (), False, None)
    assert [(run.order(part).take, run.order(part).wish) for part in run.parts] == [("next", None)] * 3
    one, two, three = run.parts
    two.take = 5  # as the history says when it begins
    assert run.takes == (5,)
    assert run.came(three, result(6)) and run.came(one, result(4))
    assert run.failed(two, ServerError("no"))
    assert [one.take for one in run.results] == [4, 6] and not run.over
    assert run.end()
    assert run.over and [one.take for one in run.outcome().takes] == [4, 6]
    again = run.again(PLACE)
    (part,) = again.parts
    assert (again.order(part).take, again.order(part).wish, again.failures) == ("next", 5, ()) and again.results == run.results
    assert again.takes == (4, 5, 6)
    assert again.came(part, result(5)) and [one.take for one in again.results] == [4, 5, 6]


def test_only_what_left_a_link_is_fetched():
    """A run that fetches has the parts that were paid for; what failed otherwise still waits for another try."""
    run = Run(asked(takes=3), PLACE)
    owed, broken, came = run.parts
    owed.take = 1
    run.failed(owed, nb.errors.APIConnectionError("gone", links=("https://a.example/1.png",), record_id="r1"))
    run.failed(broken, ServerError("no"))
    run.came(came, result(3))
    fetching = run.fetching()
    assert [(part.take, part.paid) for part in fetching.parts] == [(1, "r1")]
    assert fetching.failures == (broken,) and fetching.results == run.results


def test_a_run_ends_once():
    """The first end is what waiters get and listeners hear of; a second one is none."""
    run, heard = Run(asked(), PLACE), []
    run.when_over(lambda: heard.append(run.over))
    problem = ServerError("the first")
    assert run.end(problem) and not run.end() and not run.end(ServerError("the second"))
    run.wait(0)
    assert heard == [True]
    with pytest.raises(ServerError, match="the first") as raised:
        run.outcome()
    assert raised.value is problem


def test_what_comes_to_a_stopped_run_is_late():
    """After Stop neither a picture nor a failure changes the run; what came before stays its result."""
    run = Run(asked(takes=2), PLACE)
    one, two = run.parts
    run.came(one, result(1))
    assert run.stop() and not run.stop() and not run.goes_on()
    assert not run.came(two, result(2)) and not run.failed(two, ServerError("no"))
    assert run.end() and run.outcome().take == 1 and run.failures == ()
    assert not Run.back(asked(), PLACE, [result()]).stop()  # what is over can't be stopped


def test_only_one_thread_ends_a_run():
    """Stop, the end and a cut race from many threads: exactly one of them is the end."""
    run, won, start = Run(asked(), PLACE), [], threading.Barrier(8)

    def end():
        start.wait()
        won.append(run.end())

    threads = [threading.Thread(target=end) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(won) == [False] * 7 + [True]


def test_waiting_gives_up_and_can_be_awaited():
    """`wait` raises the plain TimeoutError; a cancelled waiter leaves the run as it is."""
    run = Run(asked(), PLACE)
    with pytest.raises(TimeoutError):
        run.wait(0.01)

    async def cell():
        waiter = asyncio.ensure_future(wait_for(run))
        await asyncio.sleep(0)
        waiter.cancel()
        assert not run.over
        asyncio.get_running_loop().call_later(0.05, run.end)
        await run
        return run.over

    async def wait_for(run):
        await run

    assert asyncio.run(cell())


def test_an_ask_builds_its_request_once_and_its_orders_share_it():
    """The request is one value, with the settings made and none of the defaults."""
    ask = Ask((), "Make it night", {"aspect_ratio": "16:9"}, 2)
    first, second = ask.order(), ask.order(2)
    assert first.request is second.request is ask.request
    assert (ask.request.aspect_ratio, ask.request.model, second.wish, second.parent) == ("16:9", None, 2, None)
    with pytest.raises(nb.errors.InvalidRequestError):
        _ = asked("").request


@pytest.mark.parametrize(
    ("other", "same"),
    [
        (nb.Endpoint("https://a.example", "k" * 20), True),
        (nb.Endpoint("https://a.example", "j" * 20), True),
        (nb.Endpoint("https://b.example", "k" * 20), False),
        (nb.Endpoint("https://a.example", "k" * 20, wire="openai"), False),
        (nb.Endpoint("https://a.example"), False),
        (nb.Endpoint("https://a.example", "k" * 20, name="apiyi"), False),
        (nb.Endpoint.sandbox(), False),
    ],
)
def test_a_place_is_its_address_its_wire_its_provider_and_whether_somebody_pays(other, same):
    """Places are compared as values; their titles may be alike, and another key is the same place."""
    assert same_place(nb.Endpoint("https://a.example", "k" * 20), other) is same


def test_a_runner_sends_shows_and_ends(runner):
    """Begin, each picture, one end; the next click is the next take of the same request."""
    ask = asked(takes=2)
    for first in (1, 3):
        runner.screen.told.clear()
        runner.follower.known.clear()
        runner.start(Run(ask, PLACE))
        runner.run.wait(60)
        begin, *came, end = (one for one in runner.screen.told if one != "running")
        assert (begin, sorted(came), end) == ("begin", [f"take {first}", f"take {first + 1}"], "end done")
        assert runner.follower.known[0] == () and (first, first + 1) in runner.follower.known
    assert sorted(runner.arrived) == [(take, False) for take in (1, 2, 3, 4)]


def test_a_second_start_while_one_runs_waits_for_its_turn(runner, sandbox):
    """One run at a time, in the order of the clicks; nothing is idle before the last is over."""
    first, second = Run(asked(), PLACE), Run(asked("Make it snow"), PLACE)
    runner.session = session = sandbox(delay=0.5)
    runner.start(first)
    runner.start(second)
    assert runner.run is first and not second.begun and [one.run for one in runner.waiting] == [second]
    runner.wait(60)
    assert first.over and second.over and runner.run is second and runner.waiting == ()
    assert [record.prompt for record in session.history.records()] == ["Make it snow", "Make it night"]
    told = [one for one in runner.screen.told if one != "running"]
    assert told == ["begin", "waits Make it snow", "take 1", "end done", "begin", "take 1", "end done"]


def test_one_that_waits_can_be_dropped_and_only_then(runner, sandbox):
    """What is dropped is never sent and its waiter goes on; what has begun is not dropped."""
    first, second = Run(asked(), PLACE), Run(asked("Make it snow"), PLACE)
    runner.session = session = sandbox(delay=0.5)
    runner.start(first)
    runner.start(second)
    runner.drop(second)
    runner.drop(first)
    second.wait(1)
    runner.wait(60)
    assert second.outcome() is None and first.outcome().take == 1
    assert len(session.history.records()) == 1


def test_what_the_screen_can_not_show_ends_the_run_all_the_same(runner):
    """A screen that fails at the end, such as a closed one, leaves no run that goes on for ever."""
    runner.screen.end = lambda run, shown: 1 / 0
    runner.start(Run(asked(), PLACE))
    runner.run.wait(60)
    assert not runner.running and runner.run.outcome().take == 1


def test_a_job_cancelled_before_its_first_line_ends_its_run(runner):
    """What the loop never came to run is over all the same."""
    loop, run, session = _worker.loop(), Run(asked(), PLACE), runner.session

    def start_and_cut():
        runner.start(run)
        loop.call_soon(lambda: [task.cancel() for task in asyncio.all_tasks(loop)])

    loop.call_soon_threadsafe(start_and_cut)
    run.wait(10)
    with pytest.raises(nb.errors.APIConnectionError, match="cut off"):
        run.outcome()
    assert not runner.running and session.history.records() == []


@pytest.mark.parametrize("fault", [nb.errors.InvalidImageError("its file is gone"), ZeroDivisionError("seven")])
def test_what_the_screen_can_not_show_at_the_click_sends_nothing(runner, fault):
    """A run that could not begin is over: the fault is its outcome, and one of our own is raised at the click too."""
    session, begin = runner.session, runner.screen.begin

    def broken(run):
        raise fault

    runner.screen.begin = broken
    with pytest.raises(ZeroDivisionError) if isinstance(fault, ZeroDivisionError) else nullcontext():
        runner.start(Run(asked(), PLACE))
    assert not runner.running and runner.screen.told[-1] == "end error"
    with pytest.raises(type(fault)):
        runner.run.outcome()
    runner.screen.begin = begin
    runner.start(Run(asked(), PLACE))
    runner.run.wait(60)
    assert [one.take for one in runner.run.results] == [1] and len(session.history.records()) == 1


@pytest.mark.parametrize("fault", [asyncio.CancelledError(), GeneratorExit(), ZeroDivisionError("seven")])
def test_whatever_a_job_ends_with_its_run_ends(runner, fault):
    """A cancel, another exception that is no Exception, a bug: each ends the run with something to raise."""

    def planned(run):
        raise fault

    runner.follower.planned = planned
    runner.start(Run(asked(), PLACE))
    runner.run.wait(10)
    assert not runner.running and runner.screen.told[-1] == "end error"
    with pytest.raises(ZeroDivisionError if isinstance(fault, Exception) else nb.errors.APIConnectionError):
        runner.run.outcome()


def test_a_stopped_run_comes_to_its_own_end(runner, sandbox):
    """Stop ends it at once; its picture arrives late, is noted, and the next take is a free one."""
    ask = asked()
    runner.session = session = sandbox(delay=1)
    runner.start(Run(ask, PLACE))
    eventually(lambda: len(session.history.records()) == 1)
    runner.stop()
    assert runner.screen.told[-1] == "end cancelled" and runner.run.outcome() is None
    assert session.free_take(ask.request) == 2  # the first is still on its way
    eventually(lambda: runner.arrived == [(1, True)])
    eventually(lambda: "greyed in the strip" in "".join(runner.screen.late))
    assert runner.run.results == ()
