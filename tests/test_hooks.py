"""Hooks look on: they hear of each request that is sent, see no key, change nothing and can lose nothing."""

from __future__ import annotations

import asyncio
import gc
import os
import sys
import threading
import time
import types
from concurrent.futures import ThreadPoolExecutor
from dataclasses import FrozenInstanceError, asdict, fields

import pytest

import nb_banana as nb
from nb_banana._sandbox.server import serve

KEY = "sk-proof-Qx7Lm2Vb9Tz4Kd8Wp3Rn6Yc1"


class Both:
    """Keeps what it hears."""

    def __init__(self) -> None:
        self.heard: list[tuple[str, object]] = []

    def before_send(self, facts):
        self.heard.append(("before", facts))

    def after_answer(self, facts):
        self.heard.append(("after", facts))

    @property
    def words(self):
        return [f"{moment} {getattr(facts, 'attempt', 0) or facts.sent.attempt}" for moment, facts in self.heard]


def test_hooks_hear_of_each_request_before_and_after(photo, tmp_path):
    """An edit that is sent is heard of twice, with what went out and what came; a replay sends nothing and is silent."""
    hook = Both()
    with nb.Session(nb.Endpoint.sandbox(), folder=tmp_path, hooks=[hook]) as session:
        result = session.edit(photo, "make it night", image_size="2K", take=3)
        assert session.edit(photo, "make it night", image_size="2K", take=3).replayed
    (_, sent), (_, came) = hook.heard
    assert (sent.prompt, sent.image_size, sent.take, sent.attempt, sent.wire) == ("make it night", "2K", 3, 1, "gemini")
    assert sent.inputs == tuple(image.sha256 for image in result.request.images) and sent.sandbox
    assert came.sent == sent and came.outputs == (result.image.sha256,) and came.record_id == result.record_id
    assert (came.end, came.category, came.billing, came.cost, came.again) == ("200", "ok", "free", result.cost, False)
    assert came.seconds > 0 and result.warnings == ()


def test_an_attempt_that_is_made_again_is_heard_of_each_time(photo, tmp_path):
    """A busy server is asked again, and the hook knows it: before, after, before, after, in that order."""
    hook = Both()
    with serve(fault=["server", None]) as server, nb.Session(nb.Endpoint(server.url, KEY), folder=tmp_path, hooks=hook) as session:
        session.edit(photo, "make it night")
    assert hook.words == ["before 1", "after 1", "before 2", "after 2"]
    first, last = hook.heard[1][1], hook.heard[3][1]
    assert (first.category, first.again, first.billing, first.record_id) == ("server", True, "free", None)
    assert (last.category, last.again) == ("ok", False) and last.record_id


def test_a_failure_is_heard_of_with_its_category_and_record(photo, tmp_path):
    """Who looks on hears how it failed and whether it may be billed, once."""
    hook = Both()
    with serve(fault="safety") as server, nb.Session(nb.Endpoint(server.url, KEY), folder=tmp_path, hooks=[hook]) as session:
        with pytest.raises(nb.NanoBananaError) as caught:
            session.edit(photo, "make it night")
        kept = session.history.record(caught.value.record_id)
    came = hook.heard[-1][1]
    assert hook.words == ["before 1", "after 1"]
    assert (came.category, came.billing, came.record_id) == (caught.value.category, "blocked_paid", kept.id)


def test_an_edit_that_is_cancelled_is_heard_of(photo, tmp_path):
    """Who cancels is told at once, and the hook all the same: interrupted, and maybe paid where money is taken."""
    heard, over = [], threading.Event()

    def after(facts):
        heard.append(facts)
        over.set()

    async def cut(session):
        task = asyncio.create_task(session.aedit(photo, "make it night"))
        while not heard:
            await asyncio.sleep(0.02)
        await asyncio.sleep(0.5)  # until it was sent: what is cancelled before that was no attempt
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    with serve(delay=5) as server, nb.Session(nb.Endpoint(server.url, KEY), folder=tmp_path, hooks=[(heard.append, after)]) as session:
        asyncio.run(cut(session))
        assert over.wait(5)
    assert (heard[-1].end, heard[-1].category, heard[-1].billing) == ("cancelled", "interrupted", "maybe_paid")


def test_every_door_of_a_session_is_heard(photo, tmp_path):
    """A chain, a batch, a comparison over wires and takes at once all pass the hooks."""
    hook = Both()
    with nb.Session(nb.Endpoint.sandbox(), folder=tmp_path, hooks=[hook], tell=lambda _: None) as session:
        nb.chain(photo, session=session).edit("make it night").edit("add a hat")
        nb.batch([photo], "make it red", session=session).run()
        nb.compare(photo, "make it blue", wires=["gemini", "openai"], session=session).run()
        session.edit(photo, "make it green", takes=2)
    prompts = [facts.prompt for moment, facts in hook.heard if moment == "before"]
    assert sorted(prompts) == sorted(["make it night", "add a hat", "make it red", *["make it blue", "make it green"] * 2])
    assert len(hook.heard) == 2 * len(prompts)


def test_what_workers_make_is_heard_here(photo, tmp_path):
    """An edit in another process is heard of in this one, as one attempt with its record."""
    hook = Both()
    with nb.Session(nb.Endpoint.sandbox(), folder=tmp_path, hooks=[hook], tell=lambda _: None) as session:
        with ThreadPoolExecutor(1) as executor:
            nb.batch([photo], "make it red", session=session).run(executor=executor)
    assert hook.words == ["before 1", "after 1"] and hook.heard[1][1].record_id


def reachable(value: object) -> list[object]:
    """All that is reached from a value by the garbage collector's own map, but for classes and modules."""
    seen, left = {}, [value]
    while left:
        one = left.pop()
        if id(one) in seen or isinstance(one, (type, types.ModuleType)):
            continue
        seen[id(one)] = one
        left += gc.get_referents(one)
    return list(seen.values())


def test_no_key_is_in_reach_of_a_hook(photo, tmp_path):
    """Neither in the facts and all they refer to, nor in the variables of the frames a hook is called from."""
    found, frames = [], []

    def spy(facts):
        found.extend(map(repr, reachable(facts)))
        found.extend(repr(getattr(facts, name)) for name in dir(facts) if not name.startswith("__"))
        frame = sys._getframe()
        while frame := frame.f_back:  # what a traceback with its variables would print
            frames.extend(map(repr, frame.f_locals.values()))
        found.append(f"{sys.exc_info()} {vars(threading.current_thread())}")

    with serve(fault=["server", None]) as server, nb.Session(nb.Endpoint(server.url, KEY), folder=tmp_path, hooks=[(spy, spy)]) as session:
        assert session.edit(photo, "make it night").warnings == ()
    told = "\n".join([*found, *frames])
    assert "make it night" in told and len(frames) > 8 and KEY not in told and KEY[-8:] not in told
    assert not [word for word in ("Endpoint", "Bearer", "Authorization", "ImageData") if word in told]


def test_a_hook_changes_nothing(photo, tmp_path):
    """Facts are frozen; one that is forced to change is a hook's own copy, and neither what is sent nor the next hook sees it."""
    refused = []

    def mutate(facts):
        for one in fields(facts):
            try:
                setattr(facts, one.name, None)
            except FrozenInstanceError:
                refused.append(one.name)
            object.__setattr__(facts, one.name, "forged")

    after = Both()
    with serve() as server, nb.Session(nb.Endpoint(server.url, KEY), folder=tmp_path, hooks=[(mutate, mutate), after]) as session:
        result = session.edit(photo, "make it night", extra={"labels": {"a": "b"}})
    sent, came = after.heard[0][1], after.heard[1][1]
    assert (sent.prompt, sent.extra) == ("make it night", '{"labels": {"a": "b"}}') and came.category == "ok"
    assert "forged" not in repr(asdict(sent)) and result.image.width and len(refused) > 20
    assert result.request.extra == {"labels": {"a": "b"}}


@pytest.mark.parametrize("reason", [ValueError("a slip"), SystemExit(3), KeyboardInterrupt()])
def test_a_hook_that_raises_loses_no_picture(photo, tmp_path, reason):
    """The edit goes on, the picture is in the history, and each trouble is one warning of the result."""

    def fail(facts):
        raise reason

    with nb.Session(nb.Endpoint.sandbox(), folder=tmp_path, hooks=[(fail, fail)]) as session:
        result = session.edit(photo, "make it night")
        kept = session.history.record(result.record_id)
    assert kept.status == "done" and kept.outputs
    assert [word in text for word, text in zip(("before_send", "after_answer"), result.warnings, strict=True)] == [True, True]
    assert all("fail" in text and type(reason).__name__ in text for text in result.warnings)


def test_a_hook_that_fails_at_a_failed_edit_is_told_once(photo, tmp_path):
    """There is no result to warn on, so the session says it; the error is still the edit's own."""
    said = []

    def fail(facts):
        raise ValueError("a slip")

    with nb.Session(nb.Endpoint.sandbox("auth"), folder=tmp_path, hooks=[(None, fail)], tell=said.append) as session:
        for _ in range(2):
            with pytest.raises(nb.errors.AuthenticationError):
                session.edit(photo, "make it night", fresh=True)
    assert len([text for text in said if "a slip" in text]) == 1


def test_a_slow_hook_holds_up_its_edit_alone_and_hooks_run_one_by_one(photo, tmp_path):
    """A hook that sleeps blocks no loop; two takes at once never run hooks at the same time."""
    running, most = [0], [0]

    def slow(facts):
        running[0] += 1
        most[0] = max(most[0], running[0])
        time.sleep(0.1)
        running[0] -= 1

    with nb.Session(nb.Endpoint.sandbox(), folder=tmp_path, hooks=[(slow, slow)]) as session:
        with nb.Session(nb.Endpoint.sandbox(), folder=tmp_path / "other") as other:
            waiting = threading.Thread(target=session.edit, args=(photo, "make it night"), kwargs={"takes": 3})
            waiting.start()
            other.edit(photo, "make it night")
            assert waiting.is_alive()
            waiting.join(20)
        assert not waiting.is_alive() and len(session.history.records()) == 3
    assert most == [1]


@pytest.mark.parametrize("moment", [0, 1])
@pytest.mark.parametrize("round_about", [False, True])
def test_an_edit_that_a_hook_makes_comes_to_its_end(photo, tmp_path, moment, round_about):
    """A hook may edit through its own session, or through one whose hook does: none waits for the thread it holds."""
    heard, made = [], []

    def next_step(facts):
        prompt = facts.prompt if hasattr(facts, "prompt") else facts.sent.prompt
        heard.append(prompt)
        if prompt == "make it night":
            made.append((other if round_about else session).edit(photo, "add a moon"))

    def back(facts):
        made.append(session.edit(photo, "add a star"))

    pair = [next_step if number == moment else None for number in (0, 1)]
    session = nb.Session(nb.Endpoint.sandbox(), folder=tmp_path / "one", hooks=tuple(pair), tell=lambda _: None)
    other = nb.Session(nb.Endpoint.sandbox(), folder=tmp_path / "other", hooks=(back, None), tell=lambda _: None)
    aside = ThreadPoolExecutor(1)
    result = aside.submit(session.edit, photo, "make it night").result(20)
    assert result.warnings == () and made
    ends = time.monotonic() + 10
    while (len(heard) < 2 or len(made) < 1 + round_about) and time.monotonic() < ends:
        time.sleep(0.02)
    assert len(made) == 1 + round_about and heard == ["make it night", "add a star" if round_about else "add a moon"]


def test_a_forked_process_has_a_thread_of_its_own_for_hooks(photo, tmp_path):
    """After a fork the parent's thread is gone; the child's edits still reach the hooks."""
    hook = Both()
    session = nb.Session(nb.Endpoint.sandbox(), folder=tmp_path, hooks=[hook], tell=lambda _: None)
    session.edit(photo, "make it night")
    child = os.fork()
    if not child:
        hook.heard.clear()
        session.edit(photo, "make it red")
        os._exit(0 if hook.words == ["before 1", "after 1"] else 1)
    ends = time.monotonic() + 20
    while (done := os.waitpid(child, os.WNOHANG)) == (0, 0) and time.monotonic() < ends:
        time.sleep(0.02)
    assert done == (child, 0)


@pytest.mark.parametrize("bad", ["print", 3, [object()], [Both], (None, None)])
def test_what_is_no_hook_is_refused_at_once(bad, tmp_path):
    """A hook with a slip in its name would be silent for ever, so the session says what a hook is."""
    with pytest.raises(nb.errors.InvalidRequestError, match="before_send"):
        nb.Session(nb.Endpoint.sandbox(), folder=tmp_path, hooks=bad)


def test_an_async_hook_is_refused(tmp_path):
    """It would never be awaited; the error says to write it with def."""

    async def before(facts):
        """Never run."""

    with pytest.raises(nb.errors.InvalidRequestError, match="def"):
        nb.Session(nb.Endpoint.sandbox(), folder=tmp_path, hooks=[(before, None)])
