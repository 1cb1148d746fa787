"""The panel, driven through its widgets, on the real session and the sandbox."""

from __future__ import annotations

import ast
import asyncio
import json
import os
import random
import sqlite3
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
from client.misbehaving import response, sends, serving
from PIL import Image

import nb_banana as nb
from nb_banana import _worker
from nb_banana._widgets.panel.panel import Panel
from nb_banana._widgets.surface import is_off
from nb_banana.errors import (
    APIConnectionError,
    APITimeoutError,
    InvalidRequestError,
    RateLimitError,
    SafetyError,
)

from .test_tray import eventually


def ready(session, photo, prompt="Turn the day into night", **how):
    """A panel one click away from an edit."""
    panel = nb.panel(photo, session=session, **how)
    panel.prompt.value = prompt
    return panel


def records(session):
    """How many attempts the history holds: each is one request sent."""
    return len(session.history.records())


def test_a_click_edits(sandbox, photo):
    """Click, wait, and the result of the size asked for is in Python, in the viewer and in the history."""
    session = sandbox()
    panel = ready(session, photo)
    panel.aspect_ratio.value, panel.image_size.value = "16:9", "2K"
    panel.run_button.click()
    result = panel.wait(60)
    assert (result.image.width, result.image.height) == (2752, 1536)
    assert result is panel.result and panel.results == (result,) and panel.image is result.image
    assert (panel.viewer.after["width"], panel.viewer.before["width"]) == (2752, 320)
    assert panel.status.state == "done"
    assert "2752×1536" in panel.status.text and "free" in panel.status.text
    assert records(session) == 1


def test_a_click_does_not_hold_the_kernel(sandbox, photo):
    """The click returns at once, the time shows while it runs, and Stop ends it at once and says so."""
    panel = ready(sandbox(delay=20), photo)
    began = time.monotonic()
    panel.run_button.click()
    assert time.monotonic() - began < 5  # of the 20 seconds it takes
    assert panel.running and not panel.stop_button.disabled
    eventually(lambda: "1 s" in panel.status.text)
    assert panel.status.state == "running"
    panel.stop_button.click()
    assert panel.wait(5) is None
    assert panel.status.state == "cancelled"
    assert "if the picture still comes it is filed in the history" in panel.status.hint
    assert not panel.run_button.disabled and panel.stop_button.disabled


def test_a_double_click_is_one_run(sandbox, photo):
    """Two clicks, from two threads and from the page, send one request."""
    session = sandbox(delay=0.5)
    panel = ready(session, photo)
    threads = [threading.Thread(target=panel.run_button.click) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    panel.status._handle_custom_msg({"t": "run", "values": {}}, [])
    panel.wait(60)
    assert records(session) == 1


def on_screen(menu, value):
    """What a page tells of a menu in which this value is chosen."""
    offered = [each for _, each in menu.options]
    return {"at": offered.index(value), "of": len(offered)}


def click(panel, prompt="make it night", **menus):
    """A click on Run, as the page sends it."""
    panel.status._handle_custom_msg({"t": "run", "values": {"prompt": prompt, "menus": menus}}, [])


def test_the_page_runs_what_stands_on_the_screen(sandbox, photo, sent):
    """A run from the page carries its values, is acknowledged at once, and says a menu's place, not its words."""
    panel = nb.panel(photo, session=sandbox())
    acks = sent(panel.status)
    panel.model.value = "nano-banana-2.1"
    click(panel, aspect_ratio=on_screen(panel.aspect_ratio, "8:1"), takes={"at": 0, "of": 4})
    assert acks[0][0] == {"t": "ack"}
    result = panel.wait(60)
    assert result.request.prompt == "make it night"
    assert (result.request.aspect_ratio, result.request.image_size) == ("8:1", None)
    assert (result.image.width, result.image.height) == (3072, 384)


def test_options_that_read_alike_are_told_apart(sandbox, photo):
    """Two menu entries with one label are two choices: the one that was clicked is the one that runs."""
    panel = nb.panel(photo, session=sandbox())
    panel.image_size.options = [("large", "1K"), ("large", "2K")]
    click(panel, image_size={"at": 1, "of": 2})
    assert panel.wait(60).request.image_size == "2K"


def test_a_change_of_language_does_not_change_what_a_click_means(sandbox, photo):
    """The page still shows the words of before when the click comes; the choice is the same in any language."""
    panel = nb.panel(photo, session=sandbox())
    panel.aspect_ratio.value = "16:9"
    auto = on_screen(panel.aspect_ratio, "auto")
    panel.status._handle_custom_msg({"t": "page", "lang": "zh-CN"}, [])
    click(panel, aspect_ratio=auto)
    assert panel.wait(60).request.aspect_ratio is None


def test_a_model_chosen_with_its_menus_still_old_takes_what_was_seen(sandbox, photo):
    """Model and size come in one click: the size is the one seen, though the new model's menu has it elsewhere."""
    panel = nb.panel(photo, session=sandbox())
    other, seen = on_screen(panel.model, "nano-banana-2"), on_screen(panel.image_size, "2K")
    click(panel, model=other, image_size=seen)
    request = panel.wait(60).request
    assert (request.model, request.image_size) == ("nano-banana-2", "2K")
    assert on_screen(panel.image_size, "2K") != seen


@pytest.mark.parametrize("told", [{"at": 3, "of": 99}, {"at": 99, "of": 99}, {"at": -1, "of": 4}, {"at": "1"}, "2", 2, None])
def test_a_place_nobody_offers_changes_nothing(sandbox, photo, told):
    """A page that counts other options than there are, or tells nonsense, leaves the menus as they are."""
    panel = nb.panel(photo, session=sandbox())
    panel.aspect_ratio.value = "16:9"
    click(panel, aspect_ratio=told, takes=told)
    assert panel.wait(60).request.aspect_ratio == "16:9"


def test_each_click_is_the_next_free_take_and_the_code_says_which(sandbox, photo):
    """Clicking again makes another picture; its code, run again, gives that same picture for nothing."""
    session = sandbox()
    panel = ready(session, photo)
    for _ in range(2):
        panel.run_button.click()
        panel.wait(60)
    assert [result.take for result in panel.results] == [1, 2]
    assert panel.results[0].image.sha256 != panel.results[1].image.sha256
    assert "take=2" in panel.code
    names: dict = {}
    nb.session(nb.Endpoint.sandbox())
    exec(panel.code, names)
    assert names["result"].replayed
    assert names["result"].image.sha256 == panel.result.image.sha256


def test_the_code_of_an_upload_names_a_file_and_holds_no_pixels(sandbox, photo_bytes):
    """A picture that came without a file gets one in the history folder before the code names it."""
    panel = nb.panel(session=sandbox())
    panel.tray._handle_custom_msg({"t": "begin", "id": "a", "name": "my cat.png", "size": len(photo_bytes), "n": 1}, [])
    panel.tray._handle_custom_msg({"t": "piece", "id": "a", "i": 0}, [memoryview(photo_bytes)])
    panel.prompt.value = 'Write "你好" on it'
    code = panel.code
    path = code.split('nb.edit(')[1].split('"')[1]
    assert path.startswith("nb_banana_history/inputs/my-cat-")
    assert (panel.session.history.folder.parent / path).read_bytes() == photo_bytes
    assert '"Write \\"你好\\" on it"' in code
    assert len(code) < 300


@pytest.mark.parametrize("prompt", ['Write on the sign:\n"OPEN"', "It's\ta \"\\n\" sign", 'a\u200b"b"\\', "\\'\\'\\'\x07\u202e\"\U000e0041"])
def test_the_code_holds_any_prompt_as_it_is(sandbox, photo, prompt):
    """Quotes, backslashes, line breaks and letters that can't be seen, in any mixture, are the same text when the code is run."""
    panel = ready(sandbox(), photo, prompt)
    eventually(lambda: "nb.edit(" in panel.code)
    texts = [node.value for node in ast.walk(ast.parse(panel.code)) if isinstance(node, ast.Constant)]
    assert prompt in texts


def test_the_code_of_a_run_is_what_was_run(sandbox, photo):
    """While nothing changes the code of the last click stays; a change shows the code of the next one."""
    panel = ready(sandbox(), photo.name, out="picture")
    assert panel.code == 'import nb_banana as nb\n\npicture = nb.edit("cat.png", "Turn the day into night")\n\npicture'
    panel.run_button.click()
    panel.wait(60)
    assert "take=" not in panel.code
    panel.aspect_ratio.value = "1:1"
    assert 'aspect_ratio="1:1"' in panel.code


def test_several_takes_are_shown_together(sandbox, photo):
    """Two takes run at once; the result is what nb.edit(takes=2) returns, and either can be looked at."""
    panel = ready(sandbox(), photo)
    panel.takes.value = 2
    panel.run_button.click()
    result = panel.wait(60)
    assert [take.take for take in result.takes] == [1, 2]
    first, second = panel.strip.reel.items
    assert (first["label"], second["label"], first["first"], second["first"]) == ("1", "2", True, False)
    assert panel.strip.reel.at == second["id"] or panel.strip.reel.at == first["id"]
    panel.strip.reel._handle_custom_msg({"t": "look", "id": first["id"]}, [])
    assert panel.strip.reel.at == first["id"]
    assert panel.image.sha256 == result.takes[0].image.sha256
    assert panel.viewer.after["key"] == result.takes[0].image.sha256[:16]
    assert "takes=2" in panel.code


def test_part_of_a_run_may_fail_and_be_tried_again(sandbox, photo):
    """One of two takes fails: the other is kept and shown, the reason stands there, and Retry sends only that one."""
    session = sandbox(fault=["server", None])
    panel = ready(session, photo)
    panel.takes.value = 2
    panel.run_button.click()
    panel.wait(60)
    assert panel.status.state == "partial"
    assert panel.status.text.startswith("1 of 2 pictures came")
    assert panel.status.hint
    assert len(panel.result.takes) == 1
    panel.view.retry.click()
    panel.wait(60)
    assert panel.status.state == "done"
    assert [take.take for take in panel.result.takes] == [1, 2]
    assert records(session) == 3


def test_continue_makes_the_result_the_input_and_keeps_the_lineage(sandbox, photo):
    """The next edit starts from the result's own bytes, and the history knows its parent."""
    session = sandbox()
    panel = ready(session, photo)
    panel.run_button.click()
    first = panel.wait(60)
    panel.view.go_on.click()
    assert [image.sha256 for image in panel.tray.images] == [first.image.sha256]
    assert panel.prompt.value == ""
    panel.prompt.value = "Add a kitten"
    panel.run_button.click()
    second = panel.wait(60)
    assert second.request.images[0].sha256 == first.image.sha256
    assert session.history.record(second.record_id).parent == first.record_id


def test_words_alone_make_a_picture(sandbox):
    """Without a picture the button says Generate, and the code says nb.generate."""
    panel = nb.panel(session=sandbox())
    panel.prompt.value = "A lighthouse at sunset"
    eventually(lambda: panel.run_button.description == "Generate")
    assert "nb.generate(" in panel.code
    panel.run_button.click()
    assert panel.wait(60).image.width == 1024


def test_an_empty_prompt_sends_nothing(sandbox, photo):
    """A click without words says what is missing and makes no request."""
    session = sandbox()
    panel = nb.panel(photo, session=session)
    panel.run_button.click()
    assert panel.wait() is None
    assert panel.status.text == "Write what should change first; nothing was sent."
    assert records(session) == 0


@pytest.mark.parametrize(
    ("fault", "state", "says"),
    [
        ("auth", "error", "key"),
        ("region", "error", ""),
        ("quota", "error", ""),
        ("rate_limit", "error", ""),
        ("bad_request", "error", ""),
        ("model_not_found", "error", "model"),
        ("server", "error", ""),
        ("malformed", "error", ""),
        ("network", "error", ""),
        ("safety", "blocked", "Blocked by the provider."),
        ("recitation", "blocked", "Blocked by the provider."),
        ("image_safety", "blocked", "IMAGE_SAFETY"),
        ("no_image", "no_image", "The model answered without a picture."),
    ],
)
def test_every_failure_has_its_state_its_words_and_a_next_step(sandbox, photo, fault, state, says):
    """Each failure of the tree shows in the panel as its own state, and raises from `wait`."""
    panel = ready(sandbox(fault=fault), photo)
    panel.run_button.click()
    with pytest.raises(nb.NanoBananaError) as raised:
        panel.wait(60)
    assert panel.status.state == state
    assert says.lower() in panel.status.text.lower()
    assert raised.value.message in panel.status.text or raised.value.text[:20] in panel.status.text
    assert raised.value.hint.split("\n")[0] in panel.status.hint
    assert panel.status.announce
    assert panel.prompt.value == "Turn the day into night"
    assert not panel.run_button.disabled
    assert panel.result is None


def test_a_refusal_shows_the_providers_own_word(sandbox, photo):
    """Blocked says at which code, so that it can be looked up."""
    panel = ready(sandbox(fault="image_safety"), photo)
    panel.run_button.click()
    with pytest.raises(SafetyError) as raised:
        panel.wait(60)
    assert raised.value.finish_reason in panel.status.text


def test_a_rate_limit_counts_down_to_now(sandbox, photo):
    """The wait a server asks for is counted down and then called over; a new run ends the count."""
    panel = ready(sandbox(fault=["rate_limit", None]), photo)
    panel.run_button.click()
    with pytest.raises(RateLimitError):
        panel.wait(60)
    eventually(lambda: "try again in" in panel.status.hint)
    eventually(lambda: panel.status.hint == "The wait is over; try again now.")
    panel.run_button.click()
    assert panel.wait(60).image.width == 1024 or panel.result


def test_a_wait_of_a_day_is_counted_down_in_hours(photo, tmp_path):
    """What is left of 26 hours is told as people say it, at first and while it is counted."""
    with serving(sends(response(b"{}", 429, retry_after="93600"))) as server:
        session = nb.Session(nb.Endpoint(server.url, "test-key"), folder=tmp_path / "history", tell=lambda _: None)
        panel = ready(session, photo)
        panel.run_button.click()
        with pytest.raises(RateLimitError, match="asks to wait 26 h"):
            panel.wait(60)
        eventually(lambda: "try again in 26 h" in panel.status.hint)


@pytest.mark.parametrize("leave", ["over", "back"])
def test_the_countdown_ends_with_what_it_is_about(sandbox, photo, leave):
    """Once the line says something else, of other inputs or of a step back, the wait of before is no news there."""
    panel = ready(sandbox(fault=["rate_limit"]), photo)
    panel.tray.add(photo)
    panel.run_button.click()
    with pytest.raises(RateLimitError):
        panel.wait(60)
    eventually(lambda: "try again in" in panel.status.hint)
    (panel.view.over if leave == "over" else panel.back).click()
    said = panel.status.text
    time.sleep(2.2)  # longer than the sandbox asks to wait
    assert (panel.status.text, panel.status.hint) == (said, "") and "Too many" not in said


def test_a_slow_edit_says_that_it_is_slow(sandbox, photo, monkeypatch):
    """Past the recommended time the panel says so and what stopping would mean."""
    monkeypatch.setattr("nb_banana._widgets.panel.ask.recommended_deadline", lambda *_: 0.6)
    panel = ready(sandbox(delay=10), photo)
    panel.run_button.click()
    eventually(lambda: panel.status.state == "long" and "may still be billed" in panel.status.hint)
    panel.stop_button.click()
    panel.wait(5)


def test_stop_at_a_paid_provider_tells_the_truth_about_billing(photo):
    """Where money may be at stake the panel does not pretend that Stop took it back."""
    from nb_banana._widgets.panel.states import stopped

    assert "may still bill; if the picture still comes it is filed" in stopped(False, 0).hint
    assert "1 already came" in stopped(False, 1).text


def test_a_picture_that_comes_after_stop_is_filed_and_takes_nobodys_place(sandbox, photo):
    """Stop frees the panel at once; the next edit is another take; the late picture is noted and in the history."""
    session, got = sandbox(delay=1.5), []
    panel = ready(session, photo)
    panel.on_result(got.append)
    panel.run_button.click()
    eventually(lambda: "1 s" in panel.status.text)
    panel.stop_button.click()
    assert panel.status.text == "Stopped waiting." and not panel.run_button.disabled
    panel.run_button.click()
    second = panel.wait(60)
    assert second.take == 2 and panel.results == (second,) and got == [second]
    eventually(lambda: "stands greyed in the strip" in panel.view.late.text)
    late = next(record for record in session.history.records(status="done") if record.take == 1)
    assert late.id not in panel.view.late.text and "1200×896 · sandbox, free" in panel.view.late.text
    assert [tile["state"] for tile in panel.strip.reel.items] == ["late", "done"]
    assert late.tags == () and late.outputs[0].width == 1200
    assert panel.image.sha256 == second.image.sha256 and panel.status.state == "done"
    panel.run_button.click()
    assert panel.wait(60).take == 3 and panel.view.late.text == ""


def test_a_panel_outlives_the_folder_it_was_opened_in(sandbox, photo_bytes, tmp_path, monkeypatch):
    """Deleted under the kernel, as by another terminal, it takes nothing along: the panel edits, and its code names the file."""
    session = sandbox()
    (gone := tmp_path / "gone").mkdir()
    monkeypatch.chdir(gone)
    panel = ready(session, photo_bytes)
    gone.rmdir()
    panel.run_button.click()
    assert panel.wait(60).image.width == 1200 and panel.status.state == "done"
    assert f'"{session.history.folder}/inputs/' in panel.code


def test_stop_before_anything_is_sent_and_a_late_failure_say_so(sandbox, photo):
    """What was stopped before it went out is not sent; what fails later leaves a note and no error state."""
    session = sandbox(fault="server", delay=1)
    panel = ready(session, photo)
    panel.run_button.click()
    panel.stop_button.click()
    eventually(lambda: "not sent after all" in panel.view.late.text)
    assert records(session) == 0
    panel.run_button.click()
    eventually(lambda: records(session) == 1)
    panel.stop_button.click()
    eventually(lambda: "ended without a picture" in panel.view.late.text)
    eventually(lambda: panel.status.announce == panel.view.late.text.splitlines()[-1])
    assert panel.status.state == "cancelled" and panel.wait(1) is None


def test_a_fault_of_our_own_is_shown_and_raised(sandbox, photo, monkeypatch):
    """A bug does not freeze the panel: it is named there, and `wait` raises it with its traceback."""
    session = sandbox()
    panel = ready(session, photo)

    async def broken(*_, **__):
        raise ZeroDivisionError("seven")

    monkeypatch.setattr(session, "asend", broken)
    panel.run_button.click()
    with pytest.raises(ZeroDivisionError, match="seven"):
        panel.wait(10)
    assert "ZeroDivisionError: seven" in panel.status.text
    assert not panel.run_button.disabled


def test_a_run_cut_off_from_below_leaves_a_usable_panel(sandbox, photo):
    """Whoever cancels the jobs of the private loop ends the run: the panel says so, `wait` raises, and Edit works."""
    session = sandbox(delay=20)
    panel = ready(session, photo)
    panel.takes.value = 2
    panel.run_button.click()
    eventually(lambda: records(session) == 2 and "1 s" in panel.status.text)
    loop = _worker.loop()
    loop.call_soon_threadsafe(lambda: [task.cancel() for task in asyncio.all_tasks(loop)])
    with pytest.raises(APIConnectionError, match="cut off"):
        panel.wait(10)
    assert not panel.running and not panel.run_button.disabled and panel.stop_button.disabled
    assert (panel.status.state, panel.status.hint) == ("error", "Nothing is billed. Click again to repeat it.")
    assert [one.status for one in session.history.records()] == ["interrupted"] * 2
    panel.run_button.click()
    assert panel.running
    panel.stop_button.click()


def test_one_take_cut_off_does_not_lose_the_other(sandbox, photo, monkeypatch):
    """A cancel that meets one of two takes ends the run once the other is here; that one stays."""
    session = sandbox()
    panel, asend, sent = ready(session, photo), session.asend, []

    async def send(order, **how):
        sent.append(order)
        if len(sent) == 2:
            raise asyncio.CancelledError
        return await asend(order, **how)

    monkeypatch.setattr(session, "asend", send)
    panel.takes.value = 2
    panel.run_button.click()
    with pytest.raises(APIConnectionError, match="cut off"):
        panel.wait(60)
    assert not panel.running and [one.take for one in panel.results] == [1]
    assert panel.image == panel.results[0].image


def test_wait_gives_up_with_one_of_our_errors(sandbox, photo):
    """`wait(timeout)` leaves the run going and raises an error of the tree."""
    panel = ready(sandbox(delay=5), photo)
    panel.run_button.click()
    with pytest.raises(APITimeoutError, match=r"0\.1 s"):
        panel.wait(0.1)
    assert panel.running
    panel.stop_button.click()
    panel.wait(5)


def test_a_cell_can_await_the_panel(sandbox, photo):
    """`await panel` works on any loop and gives the result."""
    panel = ready(sandbox(), photo)

    async def cell():
        panel.run_button.click()
        return await panel

    assert asyncio.run(cell()).image.sha256 == panel.result.image.sha256


def test_on_result_gets_every_picture_and_its_faults_lose_none(sandbox, photo):
    """Listeners are called per picture; one that raises is named in the panel and the result stays."""
    panel, got = ready(sandbox(), photo), []
    panel.on_result(lambda result: 1 / 0)
    panel.on_result(got.append)
    panel.run_button.click()
    result = panel.wait(60)
    assert got == [result]
    assert "ZeroDivisionError" in panel.view.note.text


def test_a_listener_that_exits_ends_nothing_but_itself(sandbox, photo):
    """`sys.exit()` in a listener does not take the private loop with it: the next edit comes too."""
    panel = ready(sandbox(), photo)
    panel.on_result(lambda result: sys.exit("no more"))
    for take in (1, 2):
        panel.run_button.click()
        assert panel.wait(60).take == take
    assert "SystemExit: no more" in panel.view.note.text


def failed(panel):
    """The second run brings nothing."""
    panel.run_button.click()
    with pytest.raises(nb.NanoBananaError):
        panel.wait(60)


def stopped(panel):
    """The second run is given up."""
    panel.run_button.click()
    panel.stop_button.click()
    assert panel.wait(60) is None


@pytest.mark.parametrize("second", [failed, stopped])
def test_the_result_still_shown_after_a_run_without_one_can_be_saved_and_gone_on_from(sandbox, photo, tmp_path, second):
    """A run that failed or was stopped leaves the picture before in the viewer: Save and Continue mean that one."""
    panel = ready(sandbox(fault=[None, "server"]), photo)
    panel.run_button.click()
    first = panel.wait(60)
    second(panel)
    assert panel.result is None
    assert panel.image == first.image and panel.viewer.after["key"] == first.image.sha256[:16]
    panel.view.save.click()
    assert (tmp_path / panel.view.note.text.removeprefix("Saved as ")).read_bytes() == first.image.data
    assert panel.chain.image == first.image
    panel.view.go_on.click()
    assert panel.tray.images == (first.image,) and panel.tray.pictures[0].record_id == first.record_id


def test_what_failed_twice_keeps_the_take_that_came(sandbox, photo):
    """Retry that fails again leaves the other take shown and saved, and can be clicked once more."""
    panel = ready(sandbox(fault=["server", None, "server", None]), photo)
    panel.takes.value = 2
    panel.run_button.click()
    (came,) = panel.wait(60).takes
    panel.view.retry.click()
    assert panel.wait(60).takes == (came,) and panel.status.state == "partial"
    assert panel.image == came.image and not is_off(panel.view.retry)
    panel.view.retry.click()
    assert len(panel.wait(60).takes) == 2 and is_off(panel.view.retry)


def test_save_writes_the_original_bytes(sandbox, photo, tmp_path):
    """Save puts the received bytes beside the notebook and says under which name."""
    panel = ready(sandbox(), photo)
    panel.run_button.click()
    result = panel.wait(60)
    panel.view.save.click()
    name = panel.view.note.text.removeprefix("Saved as ")
    assert (tmp_path / name).read_bytes() == result.image.data


def test_the_menus_follow_the_model(sandbox, photo):
    """Ratios and sizes are the model's own; a choice the next model lacks falls back to its default."""
    panel = ready(sandbox(), photo)
    assert [label for label, _ in panel.image_size.options] == ["1K", "2K", "4K"]
    assert len(panel.aspect_ratio.options) == 11
    panel.image_size.value = "4K"
    panel.model.value = "nano-banana"
    assert panel.image_size.value == "1K" and is_off(panel.image_size)
    panel.model.value = "nano-banana-2.1"
    assert len(panel.aspect_ratio.options) == 15
    assert not is_off(panel.image_size)


def test_the_chat_wire_offers_no_ratio_and_no_size(sandbox, photo):
    """What the OpenAI wire can't carry is not offered there, and the edit works without."""
    panel = ready(sandbox(wire="openai"), photo)
    assert is_off(panel.aspect_ratio) and is_off(panel.image_size)
    panel.run_button.click()
    assert panel.wait(60).request.aspect_ratio is None


def test_what_will_be_sent_and_its_price_stand_there_before_the_click(photo, draw_photo):
    """Count, pixels, bytes and dollars are shown for the settings as they are, and follow them."""
    session = nb.Session(nb.Endpoint.apiyi("sk-" + "a" * 40), tell=lambda _: None)
    panel = ready(session, photo)
    eventually(lambda: "Sends 1 picture, 320×240" in panel.sends.text)
    assert "returns about 1200×896 (4:3)" in panel.sends.text
    one = panel.sends.text.split("about ")[-1]
    assert one.startswith("$")
    panel.takes.value, panel.aspect_ratio.value, panel.image_size.value = 2, "16:9", "4K"
    eventually(lambda: "5504×3072 (16:9)" in panel.sends.text)
    assert float(panel.sends.text.split("about $")[-1].split()[0]) == 2 * float(one[1:].split()[0])
    panel.tray.add(draw_photo((5000, 100)))
    eventually(lambda: "more than the 4096 pixels along an edge that API易 (apiyi) advises" in panel.sends.text)
    assert "made smaller" not in panel.sends.text
    panel.tray.add(Image.frombytes("RGB", (1600, 1500), random.Random(1).randbytes(7_200_000)))
    eventually(lambda: "made smaller before sending" in panel.sends.text)


@pytest.mark.parametrize("kind", ["PNG", "WEBP", "JPEG"])
def test_a_photo_stored_lying_is_promised_and_edited_as_it_is_seen(sandbox, clean_place, draw_photo, kind):
    """What the panel says it sends and expects is what it sends and gets, whichever file type holds the EXIF turn."""
    turned = Image.Exif()
    turned[0x0112] = 6
    draw_photo((400, 100)).save(clean_place / f"phone.{kind.lower()}", kind, exif=turned)
    panel = ready(sandbox(), clean_place / f"phone.{kind.lower()}")
    eventually(lambda: "Sends 1 picture, 100×400" in panel.sends.text)
    promised = panel.sends.text.partition("returns about ")[2].partition(" ")[0]
    panel.run_button.click()
    image = panel.wait(60).image
    assert promised == f"{image.width}×{image.height}" and image.height > image.width
    assert (panel.viewer.before["width"], panel.viewer.before["height"]) == (100, 400)


def test_without_a_key_the_panel_says_sandbox(photo, monkeypatch):
    """The notice stands there before anything is clicked; with a key it is gone, and the button is for that key."""
    panel = nb.panel(photo, session=nb.Session(tell=lambda _: None))
    assert panel.head.mode.text.startswith("◇ Sandbox: sample results, nothing is sent")
    assert not is_off(panel.head.button)
    panel.head.key._handle_custom_msg({"t": "key", "key": "sk-" + "b" * 40, "provider": "apiyi", "base_url": ""}, [])
    assert "apiyi" in panel.head.mode.text
    assert panel.head.button.description == "Key…" and not panel.session.sandbox


def test_a_key_is_in_no_state_and_no_repr(photo):
    """What was typed is nowhere in what a notebook may save."""
    key = "sk-" + "c" * 40
    panel = nb.panel(photo, session=nb.Session(tell=lambda _: None))
    panel.head.key._handle_custom_msg({"t": "key", "key": key, "provider": "apiyi"}, [])
    assert panel.session.endpoint.has_key
    import ipywidgets

    states = ipywidgets.Widget.get_manager_state(drop_defaults=False)
    assert key not in json.dumps(states, default=str) + repr(panel) + repr(vars(panel))


def test_a_key_typed_into_the_panel_goes_where_the_menu_says(photo):
    """What the page sends names a place; without one, or with a doubtful one, nothing is set and the panel says what to do."""
    key = "AQ.Ab8RN6-0123456789abcdef"
    panel = nb.panel(photo, session=nb.Session(tell=lambda _: None))
    openai = [["sk-svcacct-", "openai"], ["sk-admin-", "openai"], ["sk-proj-", "openai"]]
    assert panel.head.key.forms == [*openai, ["sk-or-", "openrouter"], ["AIza", "google"], ["sk-", "apiyi"], ["AQ.", "google"]]
    assert {name: place["url"] for name, place in panel.head.key.places.items()} == {
        "apiyi": "https://api.apiyi.com", "google": "https://generativelanguage.googleapis.com", "openrouter": "https://openrouter.ai/api",
        "openai": "https://api.openai.com",
    }  # fmt: skip
    for place in ({}, {"provider": ""}, {"provider": "apiyi"}, {"provider": "apiyi", "sure": "yes"}, {"provider": "custom", "base_url": ""}):
        panel.head.key._handle_custom_msg({"t": "key", "key": key, **place}, [])
        assert panel.session.sandbox and panel.status.state == "error" and key not in panel.status.text + panel.status.hint
    panel.head.key._handle_custom_msg({"t": "key", "key": key, "provider": "custom", "base_url": "gateway.example", "sure": False}, [])
    assert panel.session.endpoint.base_url == "https://gateway.example"
    panel.head.key._handle_custom_msg({"t": "key", "key": key, "provider": "apiyi", "sure": True}, [])
    assert panel.session.endpoint.base_url == "https://api.apiyi.com"


def test_a_malformed_key_is_refused_without_being_repeated(photo):
    """A key with a space in it is an error in the panel that does not print it."""
    panel = nb.panel(photo, session=nb.Session(tell=lambda _: None))
    panel.head.key._handle_custom_msg({"t": "key", "key": "sk-half and half", "provider": "apiyi"}, [])
    assert panel.status.state == "error"
    assert "half and half" not in panel.status.text + panel.status.hint + panel.status.details
    assert panel.session.sandbox


def test_advice_is_quiet_and_never_blocks(sandbox, photo):
    """A vague prompt gets a hint under it, and can be sent all the same."""
    panel = ready(sandbox(), photo, prompt="Make it better")
    eventually(lambda: panel.prompting.advice.text.startswith("· "))
    panel.run_button.click()
    assert panel.wait(60) is not None


def test_examples_fill_the_prompt(sandbox, photo):
    """A chip and a menu entry put their prompt there, ready to be changed."""
    panel = nb.panel(photo, session=sandbox())
    panel.prompting.chips.children[0].click()
    assert "night" in panel.prompt.value
    prompt = panel.prompting.examples.options[3][1]
    panel.prompting.examples.value = prompt
    assert panel.prompt.value == prompt and panel.prompting.examples.value == ""


def test_chinese_throughout(sandbox, photo):
    """`lang="zh"` speaks Chinese in the controls, the states and the errors, for this panel only."""
    panel = ready(sandbox(fault="safety"), photo, lang="zh")
    other = nb.panel(session=sandbox())
    assert (panel.stop_button.description, panel.aspect_ratio.options[0][0]) == ("停止", "自动")
    assert other.stop_button.description == "Stop"
    panel.run_button.click()
    with pytest.raises(SafetyError):
        panel.wait(60)
    assert panel.status.text.startswith("被服务商拦截")
    assert panel.tray.strings["drop"] == "拖放、粘贴或选择图片"


def test_the_panel_follows_the_pages_language(sandbox, photo):
    """A page that says zh-CN turns a panel without lang= Chinese; lang= wins over the page."""
    panel, fixed = nb.panel(photo, session=sandbox()), nb.panel(session=sandbox(), lang="en")
    for each in (panel, fixed):
        each.status._handle_custom_msg({"t": "page", "lang": "zh-CN"}, [])
    assert (panel.prompt.description, fixed.prompt.description) == ("想怎么改？", "What should change?")
    eventually(lambda: panel.status.text == "接下来写下想怎么改。")


def test_an_edit_that_ends_in_another_language_than_it_began_in_says_so_in_that_one(sandbox, photo):
    """A language chosen while an edit runs is the one of its seconds, of what it came to, and of the button after it."""
    panel = ready(sandbox(delay=1.2), photo)
    panel.status._handle_custom_msg({"t": "page", "lang": "en"}, [])
    panel.status._handle_custom_msg({"t": "run", "values": {}}, [])
    eventually(lambda: panel.status.text.startswith("Working"))
    panel.status._handle_custom_msg({"t": "page", "lang": "zh-CN"}, [])
    eventually(lambda: panel.status.text.startswith("正在处理"))
    panel.wait(60)
    eventually(lambda: panel.status.text.startswith("完成") and panel.sends.text.startswith("发送"))
    assert panel.run_button.description == "编辑"


def test_out_names_are_checked(sandbox):
    """`out=` takes a variable name and nothing else."""
    with pytest.raises(InvalidRequestError, match="my picture"):
        nb.panel(session=sandbox(), out="my picture")


def test_the_panel_is_a_widget_among_widgets(sandbox, photo):
    """It is an ipywidgets box, its parts can be read and set, and it is silent until it is shown."""
    import ipywidgets

    panel = nb.panel(photo, session=sandbox())
    assert isinstance(panel, ipywidgets.VBox) and isinstance(panel, Panel)
    panel.prompt.value, panel.image_size.value = "Add a hat", "2K"
    assert (panel.ask().prompt, panel.ask().settings["image_size"], panel.ask().takes) == ("Add a hat", "2K", 1)
    ipywidgets.HBox([panel])


def test_importing_the_widgets_starts_no_thread():
    """The private thread starts with the first job, not with the import."""
    code = "import threading, nb_banana._widgets; print([t.name for t in threading.enumerate()])"
    here = {**os.environ, "PYTHONPATH": str(Path(nb.__file__).parent.parent)}
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, env=here)
    shown = done.stdout
    assert "nb-banana" not in shown


def test_the_chain_of_a_result_is_how_it_came_about(sandbox, photo):
    """Two edits, the second on the first's result, are a chain of two that starts at the photo and can go on."""
    panel = ready(sandbox(), photo)
    assert panel.chain is None
    panel.run_button.click()
    panel.wait(60)
    panel.view.go_on.click()
    panel.prompt.value = "Add a kitten"
    panel.run_button.click()
    panel.wait(60)
    chain = panel.chain
    assert [step.prompt for step in chain.steps] == ["Turn the day into night", "Add a kitten"]
    assert chain.start.data == photo.read_bytes()
    assert chain.image.sha256 == panel.image.sha256
    assert len(chain.undo()) == 1


def test_a_cell_run_again_finds_its_panel_where_it_was(sandbox, photo, monkeypatch):
    """Input, prompt, settings, result and code come back from history, free; another cell's panel stays new."""
    cell = ["cell-1:1"]
    monkeypatch.setattr("nb_banana._widgets.notebook.place", lambda: cell[0])
    session = sandbox()
    panel = ready(session, photo)
    panel.aspect_ratio.value = "16:9"
    panel.run_button.click()
    first = panel.wait(60)
    again = nb.panel(photo, session=session)
    assert (again.prompt.value, again.aspect_ratio.value) == ("Turn the day into night", "16:9")
    assert again.result.image.sha256 == first.image.sha256 and again.result.replayed
    assert again.viewer.after["key"] == first.image.sha256[:16]
    assert again.status.text.startswith("Back from history: 1376×768")
    assert again.code == panel.code
    assert records(session) == 1
    other = nb.panel(photo.read_bytes() + b"\0", session=session)
    assert other.result is None
    cell[0] = "cell-2:1"
    assert nb.panel(photo, session=session).result is None
    cell[0] = "cell-1:1"
    first.image.path.unlink()
    anew = nb.panel(photo, session=nb.Session(nb.Endpoint.sandbox(), tell=lambda _: None))
    assert anew.result is None and first.image.sha256 in anew.view.note.text


@pytest.fixture
def cell(monkeypatch):
    """`cell(text)`: panels made from now on stand in that cell."""
    return lambda text: monkeypatch.setattr("nb_banana._widgets.notebook.place", lambda: text)


def test_the_users_tags_survive_a_replay_in_a_panel(sandbox, photo, cell):
    """A keyless panel that replays somebody's real record leaves its tags, star and note alone, and finds it again."""
    session = sandbox()
    made = session.edit(photo, "Turn the day into night")
    history = session.history
    history.tag(made.record_id, "favourite", "paper-fig-2")
    history.star(made.record_id)
    history.note(made.record_id, "for the paper")
    with sqlite3.connect(history.folder / "history.sqlite") as file:
        file.execute("UPDATE records SET sandbox = 0, key = substr(key, 1, 41) || 'a-provider-with-a-key'")
    cell("cell-7:1")
    panel = ready(nb.Session(nb.Endpoint.sandbox(), tell=lambda _: None), photo)
    panel.run_button.click()
    assert panel.wait(60).record_id == made.record_id
    kept = history.record(made.record_id)
    assert (kept.tags, kept.starred, kept.note) == (("favourite", "paper-fig-2"), True, "for the paper")
    assert nb.panel(photo, session=panel.session).result.record_id == made.record_id


def test_a_panel_comes_back_whatever_the_user_marks_its_result_with(sandbox, photo, cell):
    """Tags, a star and a note on a panel's result, set and taken away again, don't empty the re-run cell's panel."""
    session = sandbox()
    cell("cell-7:1")
    panel = ready(session, photo)
    panel.run_button.click()
    id = panel.wait(60).record_id
    marks = (
        lambda: session.history.tag(id, "favourite"), lambda: session.history.tag(id),
        lambda: session.history.star(id), lambda: session.history.note(id, "a note"),
    )  # fmt: skip
    for mark in marks:
        mark()
        assert nb.panel(photo, session=session).result.record_id == id
    assert session.history.record(id).tags == ()


def test_two_panels_of_one_cell_and_a_copied_notebook_keep_what_is_theirs(sandbox, photo, cell):
    """One record may stand in two panels of a cell; the same cell of another notebook file stays new."""
    session = sandbox()
    cell("cell-7:1")
    first = ready(session, photo)
    first.run_button.click()
    id = first.wait(60).record_id
    cell("cell-7:2")
    second = nb.panel(photo, session=session)
    assert second.result is None
    second.prompt.value = "Make it snow"
    second.run_button.click()
    snow = second.wait(60).record_id
    session.history.places.put(second._cell, id)  # as a replay there does
    assert [one.record_id for one in nb.panel(photo, session=session).results] == [snow, id]
    cell("cell-7:1")
    assert [one.record_id for one in nb.panel(photo, session=session).results] == [id]
    copied = nb.Session(nb.Endpoint.sandbox(), notebook="copy.ipynb", tell=lambda _: None)
    assert nb.panel(photo, session=copied).result is None


def test_a_late_picture_is_noted_beside_its_panel_not_among_its_results(sandbox, photo, cell):
    """What comes after Stop is late in the panel's place: the re-run cell does not bring it back as the result."""
    session = sandbox(delay=1.5)
    cell("cell-7:1")
    panel = ready(session, photo)
    panel.run_button.click()
    eventually(lambda: "1 s" in panel.status.text)
    panel.stop_button.click()
    eventually(lambda: "stands greyed in the strip" in panel.view.late.text)
    (late,) = session.history.places.records(panel._cell, late=True)
    assert session.history.places.records(panel._cell) == []
    again = nb.panel(photo, session=session)
    (tile,) = again.strip.reel.items
    assert again.result is None and again.image is None and tile["state"] == "late"
    again.strip.reel._handle_custom_msg({"t": "show", "id": tile["id"]}, [])
    assert again.image.sha256 == late.outputs[0].sha256 and again.strip.reel.items[0]["state"] == "done"
    assert nb.panel(photo, session=session).result.record_id == late.id  # shown once, it is one of the panel's


def test_a_menu_changed_in_chinese_stays_chinese(sandbox, photo):
    """What a callback rewrites is in the panel's language, not in the process's."""
    panel = nb.panel(photo, session=sandbox(), lang="zh")
    panel.model.value = "nano-banana-2.1"
    assert panel.aspect_ratio.options[0][0] == "自动"
    panel.prompt.value, panel.takes.value = "变成夜晚", 2
    panel.run_button.click()
    panel.wait(60)
    assert panel.view.use.description == "加入输入" and panel.strip.reel.strings["show"] == "显示"


def test_a_key_that_appears_costs_nothing_unannounced(photo, monkeypatch):
    """A panel that says Sandbox never sends a paid request: the first click after a key appeared only says so."""
    session = nb.Session(tell=lambda _: None)
    panel = ready(session, photo)
    monkeypatch.setenv("APIYI_API_KEY", "sk-" + "d" * 40)
    panel.run_button.click()
    assert not panel.running and records(session) == 0
    assert "Edits now go elsewhere" in panel.status.text and "apiyi" in panel.status.text
    assert "about $" in panel.status.text
    assert "apiyi" in panel.head.mode.text


CUSTOM = {"key": "0123456789abcdef", "provider": "custom", "base_url": "http://127.0.0.1:9"}


@pytest.mark.parametrize(
    ("now", "says"),
    [
        ({"base_url": "http://127.0.0.1:11"}, "Custom (127.0.0.1:11)"),
        ({"base_url": "http://127.0.0.1:9/team-b"}, "Custom (127.0.0.1:9/team-b)"),
        ({"wire": "openai"}, "Custom (127.0.0.1:9) · "),
        ({"provider": "apiyi", "base_url": None}, "apiyi"),
    ],
)
def test_another_place_of_the_same_name_is_another_place(photo, now, says):
    """From one address of one's own to another, or to another wire there, the first click only says so."""
    session = nb.Session(tell=lambda _: None)
    session.use_key(**CUSTOM)
    panel = ready(session, photo)
    assert "Custom (127.0.0.1:9)" in panel.head.mode.text
    session.use_key(**{**CUSTOM, **now})
    panel.run_button.click()
    assert not panel.running and records(session) == 0
    assert "Edits now go elsewhere" in panel.status.text and says in panel.status.text
    assert says in panel.head.mode.text


def test_another_key_for_the_same_place_needs_no_second_click(photo):
    """A key that was renewed goes where the panel says, so the click sends."""
    session = nb.Session(tell=lambda _: None, retries=0)
    session.use_key(**CUSTOM)
    panel = ready(session, photo)
    session.use_key(**{**CUSTOM, "key": "fedcba9876543210"})
    panel.run_button.click()
    with pytest.raises(APIConnectionError):
        panel.wait(60)
    assert records(session) == 1


def test_a_place_that_cannot_be_used_is_said_at_the_click(photo, monkeypatch):
    """An environment that became unusable under a panel is an error in the panel; nothing is sent."""
    session = nb.Session(tell=lambda _: None)
    panel = ready(session, photo)
    monkeypatch.setenv("NB_BANANA_BASE_URL", "ftp://127.0.0.1")
    panel.run_button.click()
    assert (panel.running, panel.status.state) == (False, "error") and "ftp" in panel.status.text
    monkeypatch.delenv("NB_BANANA_BASE_URL")
    assert records(session) == 0


def test_a_history_that_cannot_be_written_is_said_before_anything_is_paid(sandbox, photo, monkeypatch):
    """What the session has to say about its history stands in the panel's head."""
    session = sandbox()
    monkeypatch.setattr(type(session.history), "notice", property(lambda _: "The folder can't be written."))
    assert "⚠ The folder can't be written." in nb.panel(photo, session=session).head.mode.text


def test_words_are_never_markup_or_mathematics(sandbox, photo):
    """What a model writes, or a price, is shown as it stands: no HTML, no formula between two dollar signs."""
    panel = nb.panel(photo, session=sandbox())
    panel.view.note.text = "<img src=x onerror=alert(1)> costs $1 or $2"
    assert panel.view.note.value == "&lt;img src=x onerror=alert(1)&gt; costs $1 or $2"
    assert panel.view.note.text == "<img src=x onerror=alert(1)> costs $1 or $2"
    assert type(panel.view.note).__mro__[1].__name__ == "HTML"


def test_two_results_are_compared_in_pixels_and_in_words(sandbox, photo):
    """Choosing another result shows the difference of both and a table whose differing rows say so; none ends it."""
    panel = ready(sandbox(), photo)
    panel.run_button.click()
    first = panel.wait(60)
    assert is_off(panel.comparing.against)
    panel.prompt.value, panel.aspect_ratio.value = "Make it <snow>", "16:9"
    panel.run_button.click()
    second = panel.wait(60)
    assert panel.comparing.against.options[1] == ("1 · Turn the day into night", 0) and not is_off(panel.comparing.against)
    panel.comparing.against.value = 0
    keys = (panel.viewer.before["key"], panel.viewer.after["key"], panel.viewer.mode)
    assert keys == (first.image.sha256[:16], second.image.sha256[:16], "difference")
    rows = panel.comparing.table.value.split("<tr>")
    assert "<th scope=row>Prompt</th><td>Turn the day into night</td><td>Make it &lt;snow&gt;</td><td>≠ differs" in rows[2]
    assert "<td>auto</td><td>16:9</td><td>≠ differs" in rows[4].lower()
    assert "<td>1200×896</td><td>1376×768</td><td>≠ differs" in rows[8]
    assert "<td>sandbox, free</td><td>sandbox, free</td><td>same" in rows[6]
    panel.comparing.against.value = -1
    assert (panel.viewer.before["width"], panel.viewer.mode, panel.comparing.table.value) == (320, "slider", "")
    panel.comparing.against.value = 0
    panel.run_button.click()
    panel.wait(60)
    assert panel.comparing.table.value == "" and panel.viewer.before["width"] == 320 and len(panel.comparing.against.options) == 3
