"""The strip of a panel: what came, waits, failed and came late; the queue; back and forth; the code of a chain."""

from __future__ import annotations

import asyncio

import pytest

import nb_banana as nb
from nb_banana._widgets.history import HistoryView
from nb_banana._widgets.panel.runner import MOST_WAITING
from nb_banana._widgets.panel.steps import Stand, Steps
from nb_banana._widgets.surface import is_off

from .test_panel import ready, records
from .test_tray import eventually


def states(panel):
    """What the tiles of a panel are, in order."""
    return [tile["state"] for tile in panel.strip.reel.items]


def tell(panel, what, at, **more):
    """What the page says of the tile at a place."""
    panel.strip.reel._handle_custom_msg({"t": what, "id": panel.strip.reel.items[at]["id"], **more}, [])


def clicked(panel, prompt):
    """One more click, for another prompt."""
    panel.prompt.value = prompt
    panel.run_button.click()


def queued(session, photo, *prompts):
    """A panel with one edit on its way and one that waits for each prompt."""
    panel = ready(session, photo)
    panel.run_button.click()
    for prompt in prompts:
        clicked(panel, prompt)
    return panel


@pytest.fixture
def cell(monkeypatch):
    """Panels made from now on stand in one cell."""
    monkeypatch.setattr("nb_banana._widgets.notebook.place", lambda: "cell-7:1")


# --- the queue -------------------------------------------------------------------------------------


def test_edit_can_be_pressed_again_while_one_runs(sandbox, photo):
    """Each click is one request, made in its turn; the strip shows what waits; wait ends with the last."""
    session = sandbox(delay=0.4)
    panel = queued(session, photo, "Make it snow", "Add a kitten")
    assert panel.waiting == 2 and states(panel) == ["running", "waiting", "waiting"]
    assert not panel.run_button.disabled and "number 2" in panel.status.announce
    assert panel.wait(60).request.prompt == "Add a kitten"
    assert [one.request.prompt for one in panel.results] == ["Turn the day into night", "Make it snow", "Add a kitten"]
    assert states(panel) == ["done"] * 3 and records(session) == 3 and panel.waiting == 0


def test_a_cell_that_awaits_the_panel_gets_the_last_of_the_queue(sandbox, photo):
    """`await panel` ends when nothing runs and nothing waits, and gives what the last click made."""
    panel = queued(sandbox(delay=0.3), photo, "Make it snow")

    async def cell():
        return await panel

    assert asyncio.run(cell()).request.prompt == "Make it snow" and not panel.running and panel.waiting == 0


def test_one_that_waits_can_be_dropped(sandbox, photo):
    """Its tile goes, nothing is sent for it, the others have their turn."""
    session = sandbox(delay=0.4)
    panel = queued(session, photo, "Make it snow", "Add a kitten")
    tell(panel, "drop", 1)
    assert states(panel) == ["running", "waiting"]
    panel.wait(60)
    assert {record.prompt for record in session.history.records()} == {"Turn the day into night", "Add a kitten"}


def test_what_waits_after_stop_is_not_sent_and_can_be_tried(sandbox, photo):
    """Stop sends nothing of what waits: it says so on its tile, and Retry sends that one."""
    session = sandbox(delay=0.6)
    panel = ready(session, photo)
    panel.run_button.click()
    eventually(lambda: records(session) == 1)
    clicked(panel, "Make it snow")
    panel.stop_button.click()
    assert panel.wait(5) is None and "1 that waited were not sent" in panel.status.text.replace("was", "were")
    assert states(panel) == ["stopped", "failed"] and "you pressed Stop" in panel.strip.reel.items[1]["words"]
    eventually(lambda: states(panel) == ["late", "failed"])
    assert records(session) == 1
    tell(panel, "retry", 1)
    tell(panel, "retry", 1)  # its tile is another one by then: one press, one request
    assert panel.wait(60).request.prompt == "Make it snow"
    assert states(panel) == ["late", "done"] and records(session) == 2


def test_a_failure_that_the_next_would_meet_too_holds_the_rest(sandbox, photo):
    """A key that is refused is not sent again for each that waits; what waited says why."""
    session = sandbox(fault="auth", delay=0.4)
    panel = queued(session, photo, "Make it snow")
    with pytest.raises(nb.errors.AuthenticationError):
        panel.wait(60)
    assert records(session) == 1 and states(panel) == ["failed", "failed"]
    assert panel.strip.reel.items[1]["words"].startswith("Not sent, for the one before it failed")


def test_a_refusal_of_one_picture_lets_the_rest_go_on(sandbox, photo):
    """What a provider says of one prompt is no reason to hold the others."""
    session = sandbox(fault=["safety", None], delay=0.3)
    panel = queued(session, photo, "Make it snow")
    assert panel.wait(60).request.prompt == "Make it snow" and states(panel) == ["failed", "done"]


def test_what_waits_goes_nowhere_else_than_its_click_said(sandbox, photo, monkeypatch):
    """A key that appears while an edit runs makes no paid request of one that was asked of the sandbox."""
    session = nb.Session(nb.Endpoint.sandbox(delay=0.5), retries=0, tell=lambda _: None)
    panel = queued(session, photo, "Make it snow")
    session.use_key("sk-" + "d" * 40, provider="apiyi", base_url="https://127.0.0.1:9")
    with pytest.raises(nb.errors.InvalidRequestError, match="elsewhere"):
        panel.wait(60)
    assert records(session) == 1 and states(panel) == ["done", "failed"]


def test_only_so_many_wait(sandbox, photo):
    """A click beyond the limit adds nothing, and says so."""
    panel = ready(sandbox(delay=60), photo)
    for number in range(MOST_WAITING + 2):
        clicked(panel, f"Make it snow {number}")
    assert panel.waiting == MOST_WAITING and f"{MOST_WAITING} edits wait already" in panel.view.note.text
    panel.stop_button.click()


# --- the strip -------------------------------------------------------------------------------------


def test_a_failed_take_stands_in_its_place_with_its_reason(sandbox, photo):
    """The takes of one click stand together; one tile's Retry sends that take alone, and its place stays."""
    session = sandbox(fault=["server", None])
    panel = ready(session, photo)
    panel.takes.value = 2
    panel.run_button.click()
    panel.wait(60)
    at = states(panel).index("failed")
    assert sorted(states(panel)) == ["done", "failed"] and panel.strip.reel.items[at]["words"]
    assert [tile["first"] for tile in panel.strip.reel.items] == [True, False]
    tell(panel, "retry", at)
    panel.wait(60)
    assert states(panel) == ["done", "done"] and records(session) == 3
    assert [take.take for take in panel.result.takes] == [1, 2]


def test_a_star_is_the_historys(sandbox, photo, cell):
    """A star set on a tile is in the history, and on the tile of the cell run again."""
    session = sandbox()
    panel = ready(session, photo)
    panel.run_button.click()
    id = panel.wait(60).record_id
    tell(panel, "star", 0, on=True)
    assert session.history.record(id).starred and panel.strip.reel.items[0]["starred"]
    assert nb.panel(photo, session=session).strip.reel.items[0]["starred"]
    tell(panel, "star", 0, on=False)
    assert not session.history.record(id).starred and not panel.strip.reel.items[0]["starred"]


def test_a_tile_that_is_pressed_gets_its_original(sandbox, photo):
    """What is dragged out of the page is the file as it came; the text it carries finds it from a cell."""
    panel = ready(sandbox(), photo)
    panel.run_button.click()
    result, sent = panel.wait(60), []
    panel.strip.reel.send = lambda message, buffers=None: sent.append((message, buffers))
    tell(panel, "full", 0)
    (message, (data,)) = sent[0]
    assert message["t"] == "full" and data == result.image.data
    assert panel.strip.reel.items[0]["code"] == f'nb.history()["{result.record_id}"]'


def test_a_cell_run_again_shows_its_strip_and_the_inputs_of_its_code(sandbox, photo, cell):
    """Inputs named in code win; what was made since stands in the strip, the code is the chain from the file."""
    session = sandbox()
    panel = ready(session, photo.name)
    panel.run_button.click()
    panel.wait(60)
    panel.view.go_on.click()
    clicked(panel, "Add a kitten")
    second = panel.wait(60)
    again = nb.panel(photo.name, session=session)
    assert [one.name for one in again.tray.images] == [photo.name]
    assert states(again) == ["done", "done"] and again.image.sha256 == second.image.sha256
    assert again.prompt.value == "" and again.result.record_id == second.record_id
    assert again.code == panel.code
    assert again.chain.start.sha256 == again.tray.images[0].sha256


def test_start_over_forgets_the_strip_and_keeps_the_history(sandbox, photo, cell):
    """The inputs of the cell come back, now and when it runs again; every record stays."""
    session = sandbox()
    panel = ready(session, photo)
    assert is_off(panel.view.over)
    panel.run_button.click()
    first = panel.wait(60)
    panel.view.go_on.click()
    panel.view.over.click()
    assert states(panel) == [] and panel.image is None
    assert [one.sha256 for one in panel.tray.images] == [first.request.images[0].sha256]
    assert nb.panel(photo, session=session).result is None and records(session) == 1
    panel.step(-1)
    assert panel.image.sha256 == first.image.sha256  # even that can be taken back


def test_start_over_takes_what_is_drawn_along(sandbox, photo):
    """A region drawn for one edit is not part of the first edit after Start over; a step back has it again."""
    panel = ready(sandbox(), photo)
    panel.marks = (0.3, 0.2, 0.2, 0.2)
    panel.run_button.click()
    panel.wait(60)
    panel.view.over.click()
    assert not panel.marks
    panel.prompt.value = "Make it night"
    assert "mask" not in panel.code
    panel.step(-1)
    assert panel.marks.region == pytest.approx((0.3, 0.2, 0.2, 0.2), abs=0.01)


def test_the_picture_shown_is_asked_again_larger(sandbox, photo):
    """A draft liked at 1K is asked for at 4K, with everything else as it was; at 4K nothing larger is offered."""
    session = sandbox()
    panel = ready(session, photo)
    panel.run_button.click()
    draft = panel.wait(60)
    panel.prompt.value = "Something else by now"
    eventually(lambda: panel.view.larger.description == "Redo at 4K" and not is_off(panel.view.larger))
    panel.view.larger.click()
    large = panel.wait(120)
    assert (large.request.prompt, large.request.image_size) == (draft.request.prompt, "4K")
    assert large.request.images[0].sha256 == draft.request.images[0].sha256
    assert max(large.image.shown_size) > 4000
    eventually(lambda: is_off(panel.view.larger))


def test_a_larger_one_names_its_price(photo):
    """Before the click it says what it costs, as the price book has it."""
    session = nb.Session(nb.Endpoint.apiyi("sk-" + "a" * 40), retries=0, tell=lambda _: None)
    panel = ready(session, photo)
    ask = panel.ask().larger(panel.choices.there)
    assert ask.settings["image_size"] == "4K" and ask.price_tag(panel.choices.there).startswith("≈ $0.")


# --- back and forth --------------------------------------------------------------------------------


def test_back_and_forth_through_what_stood_before(sandbox, photo):
    """Inputs, prompt and the picture shown come back step by step; forward leads to where it was."""
    panel = ready(sandbox(), photo)
    panel.run_button.click()
    first = panel.wait(60)
    panel.view.go_on.click()
    clicked(panel, "Add a kitten")
    second = panel.wait(60)
    eventually(lambda: not panel.back.disabled and panel.forth.disabled)
    panel.back.click()
    assert panel.image.sha256 == first.image.sha256 and panel.tray.images[0].sha256 == first.image.sha256
    panel.back.click()
    assert panel.tray.images[0].data == photo.read_bytes() and panel.prompt.value == "Turn the day into night"
    panel.back.click()
    assert panel.image is None
    for _ in range(3):
        panel.forth.click()
    assert panel.image.sha256 == second.image.sha256 and panel.prompt.value == "Add a kitten"
    assert len(panel.results) == 2


def test_a_step_back_tells_of_the_picture_it_leads_to(sandbox, photo):
    """After a step back neither the line nor the Python is still about the step that was left; forward both are there."""
    panel = ready(sandbox(), photo)
    panel.run_button.click()
    panel.wait(60)
    panel.view.go_on.click()
    clicked(panel, "Add a kitten")
    panel.wait(60)
    eventually(lambda: "Add a kitten" in panel.code)
    made = panel.code
    eventually(lambda: not panel.back.disabled)
    panel.back.click()
    eventually(lambda: "Turn the day into night" in panel.code and "Add a kitten" not in panel.code)
    assert panel.status.state == "loaded" and "Done" not in panel.status.text
    panel.forth.click()
    eventually(lambda: panel.code == made)


def test_what_was_drawn_comes_back_with_its_picture(sandbox, photo):
    """A step back brings the marks back that stood on the picture of that step."""
    panel = ready(sandbox(), photo)
    panel.marks = (0.1, 0.1, 0.4, 0.4)
    drawn = panel.marks
    panel.run_button.click()
    panel.wait(60)
    panel.view.go_on.click()
    eventually(lambda: not panel.marks)
    panel.back.click()
    eventually(lambda: panel.marks == drawn)
    panel.forth.click()
    eventually(lambda: not panel.marks)


def test_what_was_drawn_on_the_first_of_two_comes_back_on_the_first(sandbox, photo, draw_photo):
    """A step back sends the mask of the picture it was drawn on, and marks no other one."""
    panel = ready(sandbox(), [photo, draw_photo(background="grey")])
    first = panel.tray.images[0]
    panel.marking.ground.value = first
    panel.marks = (0.1, 0.1, 0.3, 0.3)
    asked = panel.ask()
    panel.run_button.click()
    panel.wait(60)
    panel.view.go_on.click()
    eventually(lambda: not panel.marks)
    panel.back.click()
    assert panel.marking.ground.value == first and panel.ask() == asked and asked.settings["mask"]
    panel.forth.click()
    assert "mask" not in panel.ask().settings and len(panel.ask().pictures) == 1


def test_the_mask_of_a_restored_edit_goes_and_comes_with_its_picture(sandbox, photo):
    """It is no part of what follows, neither after going on nor after starting over; a step back has it again."""
    session, region = sandbox(), (0.25, 0.25, 0.5, 0.5)
    session.edit(photo, "Make the hat blue", mask=region)
    panel = nb.panel(session=session)
    view = HistoryView(session=session, panel=panel)
    eventually(lambda: view.record)
    view.restore()
    mask = panel.ask().settings["mask"]
    assert tuple(mask) == region
    panel.run_button.click()
    panel.wait(60)
    for leave in (panel.view.go_on, panel.view.over):
        leave.click()
        assert "mask" not in panel.ask().settings
        panel.back.click()
        assert panel.ask().settings["mask"] == mask


def test_a_crop_that_takes_the_drawing_away_says_so(sandbox, photo):
    """Marks stand on one picture: cropped, it is another one; that is told, and a step back brings both again."""
    panel = ready(sandbox(), photo)
    panel.marks = (0.1, 0.1, 0.4, 0.4)
    drawn, whole = panel.marks, panel.tray.images[0]
    panel.run_button.click()
    panel.wait(60)
    panel.tray.shape(1, box=(0, 0, 200, 200))
    eventually(lambda: not panel.marks and "went with its picture" in panel.view.note.text)
    panel.back.click()
    eventually(lambda: panel.marks == drawn and panel.tray.images == (whole,))


def test_steps_are_a_value():
    """Going on after a step back ends the way forward; words alone make no step, and are kept with theirs."""
    stands = [Stand((), word, shown) for word, shown in (("a", None), ("b", None), ("c", object()), ("d", object()))]
    steps = Steps()
    for stand in stands[:3]:
        steps = steps.to(stand)
    assert [stand.prompt for stand in steps.stands] == ["b", "c"]
    back = steps.moved(-1, stands[2])
    assert back.now is stands[1] and back.can(1) and not back.can(-1)
    assert back.moved(1, stands[1]).now is stands[2]
    assert [stand.prompt for stand in back.to(stands[3]).stands] == ["b", "d"]
    draft = Stand((), "a longer draft", stands[2].shown)
    assert steps.moved(-1, draft).moved(1, stands[1]).now is draft  # what was typed meanwhile is not lost
    assert back.moved(1, stands[3]).now is stands[3] and not back.moved(1, stands[3]).can(1)
    by_hand = steps.moved(-1, stands[3])  # what was changed meanwhile is a stand of its own
    assert by_hand.now is stands[2] and by_hand.moved(1, stands[2]).now is stands[3]


# --- several pictures, and code --------------------------------------------------------------------


def test_a_result_becomes_one_more_input(sandbox, photo):
    """It stands behind the others, with its number, and continues its record."""
    panel = ready(sandbox(), photo)
    panel.run_button.click()
    first = panel.wait(60)
    panel.view.use.click()
    assert [one.sha256 for one in panel.tray.images] == [first.request.images[0].sha256, first.image.sha256]
    assert panel.tray.pictures[1].record_id == first.record_id and "picture 2" in panel.view.note.text


@pytest.mark.parametrize("held", [False, True])
@pytest.mark.parametrize("button", ["go_on", "use"])
def test_a_result_that_was_deleted_leaves_the_inputs_and_says_so(sandbox, photo, button, held):
    """Going on from a picture whose file is gone changes nothing that would be sent, and names the file; also where its
    bytes are still in memory, as on a busy machine, where the page gets its pixels after they were stored.
    """
    session = sandbox()
    panel = ready(session, photo)
    panel.run_button.click()
    made = panel.wait(60)
    assert not held or made.image.data
    session.history.removal.delete([made.record_id])
    getattr(panel.view, button).click()
    assert [one.name for one in panel.tray.pictures] == [photo.name] and panel.prompt.value == "Turn the day into night"
    assert made.image.path.name in panel.view.note.text and panel.status.announce == panel.view.note.text


def test_a_deleted_result_can_not_be_compared_with_and_says_so(sandbox, photo, cell):
    """The picture shown stays as it is, the menu offers again, and the file that is gone is named."""
    session = sandbox()
    panel = ready(session, photo)
    panel.run_button.click()
    first = panel.wait(60)
    clicked(panel, "Add a kitten")
    panel.wait(60)
    again = nb.panel(photo, session=session)
    shown = again.viewer.before, again.viewer.after
    session.history.removal.delete([first.record_id])
    again.comparing.against.value = 0
    assert first.image.path.name in again.view.note.text
    assert (again.viewer.before, again.viewer.after) == shown
    assert again.comparing.against.value == -1 and not again.comparing.table.value


def test_the_menu_names_the_result_that_is_laid(sandbox, photo, cell):
    """Where a third one's file is gone, the table, the viewer and the menu still speak of the two that stand there."""
    session = sandbox()
    panel = ready(session, photo)
    for words in ("Turn the day into night", "Add a kitten", "Make it warm"):
        clicked(panel, words)
        panel.wait(60)
    again = nb.panel(photo, session=session)
    again.comparing.against.value = 1
    said, shown = again.comparing.table.value, (again.viewer.before, again.viewer.after)
    session.history.removal.delete([again.results[0].record_id])
    again.comparing.against.value = 0
    assert again.comparing.against.value == 1 and again.comparing.table.value == said
    assert (again.viewer.before, again.viewer.after) == shown
    again.comparing.against.value = -1
    assert not again.comparing.table.value


def test_the_code_of_a_chain_begins_with_the_file_and_runs_for_free(sandbox, photo):
    """`nb.chain("cat.png").edit(…).edit(…)`: run as it stands, it gives the same picture and sends nothing."""
    session = sandbox()
    nb.session(nb.Endpoint.sandbox())
    panel = ready(session, photo.name)
    panel.aspect_ratio.value = "1:1"
    panel.run_button.click()
    panel.wait(60)
    panel.view.go_on.click()
    panel.aspect_ratio.value = "auto"
    clicked(panel, "Add a kitten")
    panel.wait(60)
    panel.view.go_on.click()
    clicked(panel, 'Write "home" on the wall')
    third = panel.wait(60)
    assert panel.code == (
        "import nb_banana as nb\n\nresult = (\n    nb.chain(\"cat.png\")\n"
        '    .edit("Turn the day into night", aspect_ratio="1:1")\n'
        '    .edit("Add a kitten")\n'
        "    .edit(\"Write \\\"home\\\" on the wall\")\n"
        "    .result\n)\n\nresult"
    )
    before, names = records(session), {}
    exec(panel.code, names)
    assert names["result"].image.sha256 == third.image.sha256 and names["result"].replayed
    assert records(session) == before


def test_takes_of_a_later_step_and_a_result_beside_a_photo_are_code_too(sandbox, photo):
    """Several takes, several inputs, a picture made from words: the code of each runs for free."""
    session = sandbox()
    nb.session(nb.Endpoint.sandbox())
    panel = nb.panel(session=session)
    panel.prompt.value = "A lighthouse at sunset"
    panel.run_button.click()
    panel.wait(60)
    panel.view.go_on.click()
    panel.takes.value = 2
    clicked(panel, "Make it snow")
    several = panel.wait(60)
    assert "nb.generate(" in panel.code and "takes=2" in panel.code
    names = {}
    exec(panel.code, names)
    assert [take.image.sha256 for take in names["result"].takes] == [take.image.sha256 for take in several.takes]
    panel.takes.value = 1
    panel.tray.clear()
    panel.tray.add(photo.name)
    panel.view.use.click()
    clicked(panel, "Put picture 2 on the wall")
    both = panel.wait(60)
    names.clear()
    exec(panel.code, names)
    assert names["result"].image.sha256 == both.image.sha256 and names["result"].replayed
    assert not any("inputs/" in line for line in panel.code.splitlines())
