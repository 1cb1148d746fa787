"""The timeline of a chain, driven through its widgets, on the real session and the sandbox."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace

import pytest
from PIL import Image

import nb_banana as nb
from nb_banana._widgets import notebook
from nb_banana._widgets.surface import is_off
from nb_banana._widgets.timeline import Timeline, timeline

from .test_tray import eventually

SKY, BOAT, NIGHT, SNOW = "Make the sky stormy", "Add a red boat", "Turn the day into night", "Make it snow"


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """A history with the chain sky → boat → night, and the branch sky → snow."""
    folder = tmp_path_factory.mktemp("chain")
    Image.new("RGB", (64, 48), "skyblue").save(folder / "start.png")
    with nb.Session(nb.Endpoint.sandbox(), folder=folder / "history", tell=lambda _: None) as session:
        first = nb.chain(folder / "start.png", session=session).edit(SKY)
        first.edit(BOAT).edit(NIGHT)
        first.edit(SNOW)
    return folder


@pytest.fixture
def chain(made, sandbox, clean_place):
    """That chain, replayed from a copy of the history."""
    shutil.copytree(made / "history", clean_place / "nb_banana_history")
    return nb.chain(made / "start.png", session=sandbox()).edit(SKY).edit(BOAT).edit(NIGHT)


def unfolded(chain, **how):
    """A timeline that shows every edit the history knows of the picture."""
    view = timeline(chain, **how)
    view.others.value = True
    return view


def places(view):
    """Label, column, lane and parent of each picture, and whether the chain passes through it."""
    return [(node.label, node.column, node.lane, node.parent, node.current) for node in view.nodes]


def shown(view):
    """The first twelve digits of the two pictures in the viewer."""
    return tuple(side and side["key"][:12] for side in (view.viewer.before, view.viewer.after))


def hashes(*images):
    return tuple(image.sha256[:12] for image in images)


def test_the_chain_runs_straight_and_branches_hang_below(chain):
    """Every edit of the picture has its place, its prompt, its cost and time; the total is the chain's own."""
    view = unfolded(chain)
    assert places(view) == [
        ("0", 0, 0, -1, True), ("1", 1, 0, 0, True), ("2", 2, 0, 1, True), ("3", 3, 0, 2, True), ("2b", 2, 1, 1, False),
    ]  # fmt: skip
    steps = view.strip.steps
    assert [step["label"] for step in steps] == ["0", "①", "②", "③", "②b"]
    assert [step["prompt"] for step in steps] == ["Original", SKY, BOAT, NIGHT, SNOW]
    assert steps[0]["facts"] == "64×48" and steps[1]["facts"].startswith("sandbox, free · ")
    assert view._total.value.startswith("3 edits · sandbox, free · ")
    assert view.strip.at == 3


def test_other_edits_of_the_photo_are_folded(chain):
    """Its own path comes first and plain; the rest waits behind a button that counts it, and what was a step here never folds."""
    view = timeline(chain)
    assert [(node.label, node.prompt) for node in view.nodes[1:]] == [("1", SKY), ("2", BOAT), ("3", NIGHT)]
    assert view.others.description == "1 other edit" and not is_off(view.others)
    view.undo()
    assert len(view.nodes) == 4 and [node.current for node in view.nodes] == [True, True, True, False]
    view.others.value = True
    assert len(view.nodes) == 5 and view.others.description == "Hide the other edits"
    view.others.value = False
    assert len(view.nodes) == 4


def test_the_own_first_step_is_one_whatever_was_made_before(chain):
    """Edits of the same photo made earlier take the letters; the chain's own step is plainly 1."""
    own = nb.chain(chain.start, session=chain.session).edit("Add a rainbow")
    view = unfolded(own)
    assert [node.label for node in view.nodes if node.current] == ["0", "1"]
    assert "1b" in [node.label for node in view.nodes]


def test_the_advice_names_what_the_notebook_has(chain, monkeypatch):
    """Branching says how to go on with a name that exists: the timeline's, the chain's, or the code on the screen."""
    view, names = timeline(chain), {"_": chain, "cat": 1}
    monkeypatch.setattr(notebook, "namespace", lambda: names)
    view.branch(1)
    assert "the Python under the picture" in view._line.text
    names["story"] = chain
    view.branch(2)
    assert "story[:2].edit(…)" in view._line.text
    names.clear()
    names["t"] = view
    view.branch(1)
    assert "t.chain.edit(…)" in view._line.text


def test_the_last_step_is_shown_beside_the_one_before(chain):
    """At first the newest picture is compared with its parent; walking compares each with its own parent."""
    view = unfolded(chain)
    eventually(lambda: shown(view) == hashes(chain[1].image, chain[2].image))
    view.strip.at = 4
    eventually(lambda: shown(view)[0] == hashes(chain[0].image)[0])
    assert (view.first.value, view.second.value) == (1, 4)
    view.strip.at = 0
    eventually(lambda: shown(view) == (None, *hashes(chain.start)))


def test_any_two_are_compared(chain):
    """The two menus offer every picture by number and prompt, and the viewer shows what they say."""
    view = timeline(chain)
    assert view.first.options[2] == (f"② {BOAT}", 2)
    view.first.value, view.second.value = 0, 3
    eventually(lambda: shown(view) == hashes(chain.start, chain.image))


def test_branch_ends_the_chain_there_and_tells(chain):
    """B on a step makes the chain its prefix, the listener gets it, and nothing is deleted or sent."""
    view, got, before = unfolded(chain), [], len(chain.session.history.records())
    view.on_branch(got.append)
    view.strip._handle_custom_msg({"t": "branch", "at": 1}, [])
    assert got == [view.chain] and [result.request.prompt for result in view.chain] == [SKY]
    assert view.strip.at == 1 and len(view.nodes) == 5
    assert [node.label for node in view.nodes if not node.current] == ["2", "3", "2b"]
    assert len(chain.session.history.records()) == before
    assert "①" in view._line.text and view.chain.to_python() == view._code.code


def test_branch_on_another_branch_takes_its_path(chain):
    """The chain that ends at a branch holds that branch's steps, and re-running them is free."""
    view = unfolded(chain)
    view.strip.at = 4
    view.on_branch(lambda _: None)
    view.branch_button.click()
    assert [result.request.prompt for result in view.chain] == [SKY, SNOW]
    assert [(node.label, node.lane) for node in view.nodes] == [("0", 0), ("1", 0), ("2", 0), ("2b", 1), ("3", 1)]
    again = view.chain.rerun()
    assert all(result.replayed for result in again) and again.image.sha256 == view.chain.image.sha256


def test_an_edit_in_the_branchs_panel_becomes_the_next_step(chain):
    """Without a listener a panel comes up with the picture in it; its result continues the chain, linked to it."""
    view = unfolded(chain)
    view.branch(1)
    panel = view.children[-1]
    assert [image.sha256 for image in panel.tray.images] == [chain[0].image.sha256]
    panel.prompt.value = "Add a rainbow"
    panel.run_button.click()
    panel.wait(60)
    eventually(lambda: len(view.chain) == 2)
    assert [result.request.prompt for result in view.chain] == [SKY, "Add a rainbow"]
    assert view.chain.session.history.record(view.chain.result.record_id).parent == chain[0].record_id
    assert [node.label for node in view.nodes if node.current] == ["0", "1", "2"]


def edited(view, prompt="Add a rainbow"):
    """Edit in the timeline's own panel; the pictures sent, and the record made."""
    panel = view.children[-1]
    panel.prompt.value = prompt
    panel.run_button.click()
    record = view.chain.session.history.record(panel.wait(60).record_id)
    return [picture.sha256 for picture in record.inputs], record


def test_branching_again_leaves_what_was_being_prepared(chain, draw_photo):
    """Branch changes the chain's own picture in the panel; the words and the other pictures that stand there stay."""
    view = timeline(chain)
    view.branch(1)
    panel = view.children[-1]
    beside, panel.prompt.value = panel.tray.add(draw_photo(background="red")), "A long prompt that took ten minutes"
    view.branch(0)
    assert [image.sha256 for image in panel.tray.images] == [chain.start.sha256, beside.sha256]
    assert panel.prompt.value == "A long prompt that took ten minutes"


def test_undo_then_edit_edits_what_is_shown(chain):
    """After Branch and Undo the picture sent is the one the chain ends with, and the edit is its next step."""
    view = timeline(chain)
    view.strip.at = 2
    view.branch_button.click()
    view.children[-1].prompt.value = "words typed before"
    view.undo_button.click()
    assert view.children[-1].prompt.value == "words typed before" and "ends at ①" in view._line.text
    sent, record = edited(view)
    assert (sent, record.parent) == ([chain[0].image.sha256], chain[0].record_id)
    eventually(lambda: [result.request.prompt for result in view.chain] == [SKY, "Add a rainbow"])


def test_each_edit_goes_on_from_the_step_before_and_undo_goes_back(chain):
    """Growing, undoing to the original, and a chain put in by a program: each time the end of the chain is sent."""
    view = timeline(chain)
    view.branch(1)
    first, _ = edited(view)
    eventually(lambda: len(view.chain) == 2)
    rainbow = view.chain.image.sha256
    second, _ = edited(view, "Add a straw hat")
    assert (first, second) == ([chain[0].image.sha256], [rainbow])
    eventually(lambda: len(view.chain) == 3)
    for _ in range(3):
        view.undo_button.click()
    sent, record = edited(view, "Make it autumn")
    assert (sent, record.parent) == ([chain.start.sha256], None)
    view.chain = chain[:2]
    assert edited(view, "Make it spring")[0] == [chain[1].image.sha256]


def test_other_pictures_in_the_tray_stay_in_their_places(chain, draw_photo):
    """Undo changes the chain's own picture and nothing beside it; one that was taken out comes back, first."""
    view = timeline(chain)
    view.branch(2)
    tray = view.children[-1].tray
    before, after = (tray.add(draw_photo(background=colour), at=at) for colour, at in (("red", 0), ("blue", 2)))
    view.undo()
    assert tray.images == (before, chain[0].image, after)
    tray.put([one for one in tray.pictures if one.image.sha256 != chain[0].image.sha256])
    view.undo()
    assert [image.sha256 for image in tray.images] == [one.sha256 for one in (chain.start, before, after)]


def test_undo_after_continuing_from_the_result(chain):
    """A picture that "Continue from result" put in the tray is the chain's end too, and goes with it."""
    view = timeline(chain)
    view.branch(1)
    edited(view)
    eventually(lambda: len(view.chain) == 2)
    view.children[-1].view.go_on.click()
    view.undo_button.click()
    assert edited(view, "Make it autumn")[0] == [chain[0].image.sha256]


def on_show(panel):
    """What the panel's viewer shows (before, after), and whether a result can be saved and gone on from."""
    keys = [side and side["key"] for side in (panel.viewer.before, panel.viewer.after)]
    return *keys, panel.image, panel.result


def test_the_panel_shows_what_it_edits_once_the_chain_ends_elsewhere(chain, clean_place):
    """After Undo, Branch and another chain the viewer shows the tray's picture and no old result to save or go on from."""
    view = timeline(chain)
    view.branch(1)
    panel, files = view.children[-1], set(clean_place.iterdir())
    edited(view)
    eventually(lambda: len(view.chain) == 2)
    rainbow, words = view.chain.image, panel.prompt.value
    assert on_show(panel)[:3] == (chain[0].image.sha256[:16], rainbow.sha256[:16], rainbow)
    view.undo_button.click()
    assert on_show(panel) == (chain[0].image.sha256[:16], None, None, None)
    assert panel.prompt.value == words and is_off(panel.view.after) and panel.status.state == "loaded"
    panel.view.save.click()
    panel.view.go_on.click()
    assert [image.sha256 for image in panel.tray.images] == [chain[0].image.sha256]
    assert panel.prompt.value == words and set(clean_place.iterdir()) == files
    edited(view, "Add a straw hat")
    eventually(lambda: [one.request.prompt for one in view.chain] == [SKY, "Add a straw hat"])
    assert panel.image == view.chain.image and not is_off(panel.view.after)
    view.chain = chain
    assert on_show(panel) == (chain.image.sha256[:16], None, None, None)


def test_undo_while_an_edit_runs(chain, sandbox):
    """The picture that comes then is a branch, not a step; the chosen step stays chosen, and the next edit is of it."""
    slow = replace(chain, given=sandbox(delay=1))
    view = unfolded(slow)
    view.branch(2)
    panel = view.children[-1]
    panel.prompt.value = "Add a rainbow"
    panel.run_button.click()
    view.undo_button.click()
    view.strip.at = next(at for at, node in enumerate(view.nodes) if node.prompt == SNOW)
    came = panel.wait(60)
    eventually(lambda: came.record_id in [node.id for node in view.nodes])
    assert [result.request.prompt for result in view.chain] == [SKY]
    assert view.nodes[view.strip.at].prompt == SNOW
    assert [image.sha256 for image in panel.tray.images] == [chain[0].image.sha256]
    view.others.value = False  # it was made here: it never folds
    assert came.record_id in [node.id for node in view.nodes]


def test_back_at_a_result_the_chain_began_with(chain):
    """A chain that begins with a result continues its record: after Undo to the original the edit is a step again."""
    view = timeline(nb.chain(chain[0], session=chain.session).edit(SNOW))
    view.branch(1)
    view.undo_button.click()
    _, record = edited(view)
    assert record.parent == chain[0].record_id
    eventually(lambda: [result.request.prompt for result in view.chain] == ["Add a rainbow"])


def test_a_step_whose_file_is_gone_is_not_mistaken_for_another(chain):
    """Branching to a picture that can't be read says so, and the one before is not left to be edited."""
    view = unfolded(chain)
    view.branch(2)
    lost = chain.session.history.record(view.nodes[4].id).outputs[-1]
    chain.session.history.shelf.path(lost).unlink()
    view.strip.at = 4
    view.branch_button.click()
    assert view.children[-1].tray.images == () and view._line.state == "error"
    assert lost.sha256[:12] in view._line.text


def test_undo_is_a_step_back_that_loses_nothing(chain):
    """Undo shortens the chain, the step stays in the strip, and at the original there is nothing left to undo."""
    view = unfolded(chain)
    for left in (2, 1, 0):
        view.undo_button.click()
        assert (len(view.chain), len(view.nodes), view.undo_button.disabled) == (left, 5, left == 0)
        assert f"now ends at {'0①②'[left]}; a chain in a variable keeps every step" in view._line.text
    assert view.undo() is view.chain and "original only" in view._line.text


def test_chain_is_a_trait(chain):
    """Python can put another chain in and hears of every change."""
    view, heard = timeline(chain), []
    view.observe(lambda change: heard.append(len(change["new"])), "chain")
    view.chain = chain[:2]
    view.undo()
    assert heard == [2, 1] and view.strip.at == 1
    with pytest.raises(Exception, match="Chain"):
        view.chain = "no chain"


def test_thumbnails_are_the_pictures_of_their_steps(chain, sent):
    """Each key brings the small picture of that very step."""
    view = unfolded(chain)
    messages = sent(view.strip)
    keys = [step["key"] for step in view.strip.steps]
    view.strip._handle_custom_msg({"t": "thumbs", "keys": keys}, [])
    eventually(lambda: len(messages) == 5)
    assert [message["key"] for message, _ in messages] == keys
    small = chain[1].image.preview(longest=288, budget=24 * 1024)
    assert messages[2][1] == [small.data]


def test_a_lost_picture_is_said(chain):
    """A stored picture that vanished is named in the timeline; the other steps go on."""
    view = unfolded(chain)
    record = chain.session.history.record(view.nodes[4].id)
    chain.session.history.shelf.path(record.outputs[-1]).unlink()
    view.strip.at = 4
    eventually(lambda: view._line.state == "error" and record.outputs[-1].sha256[:12] in view._line.text)
    view.strip.at = 2
    eventually(lambda: shown(view) == hashes(chain[0].image, chain[1].image))


def test_a_chain_without_edits(sandbox, photo):
    """Only the original stands there, and says so."""
    view = Timeline(nb.chain(photo, session=sandbox()))
    assert places(view) == [("0", 0, 0, -1, True)] and view._total.value == "No edits yet"
    eventually(lambda: view.viewer.after is not None)
    assert view.undo_button.disabled and view.viewer.before is None


def test_the_state_holds_no_pixels_and_speaks_chinese(chain):
    """What could be saved is words and numbers, in the language chosen."""
    view = timeline(chain, lang="zh")
    state = {name: value for name, value in view.strip.get_state().items() if name not in ("_esm", "_css")}
    assert len(json.dumps(state, default=str)) < 4_000
    assert view.branch_button.description == "从这里分支" and view.strip.steps[0]["prompt"] == "原图"
    assert view._total.value.startswith("3 步编辑 · 沙盒，免费")


@pytest.fixture
def published(monkeypatch):
    """What is shown in the notebook: `(bundle, display id, whether it replaces what was shown)`."""
    shown = []
    monkeypatch.setattr(notebook, "publish", lambda bundle, id, *, update: shown.append((bundle[0], id, update)))
    return shown


def test_it_is_shown_with_a_plain_picture_of_its_own(chain, published, monkeypatch):
    """Three outputs: the live timeline, the chain's small picture, its words; both follow the chain."""
    monkeypatch.setattr(notebook, "in_kernel", lambda: True)
    view = timeline(chain)
    view._ipython_display_()
    (live, _, _), (still, slot, update), (words, below, _) = published
    assert live["application/vnd.jupyter.widget-view+json"]["model_id"] == view.model_id
    assert {"image/png", "image/jpeg"} & set(still) and not update
    assert words == {"text/plain": repr(chain)} and "text/html" not in {*live, *still}
    view.undo()
    assert [change[1:] for change in published[3:]] == [(slot, True), (below, True)]
    assert published[4][0] == {"text/plain": repr(view.chain)} and NIGHT not in repr(view.chain)


def test_without_a_plain_picture_the_words_stand_in_the_timeline(chain):
    """In Voilà, which updates no output, a step's warnings are read in the widget, and follow the chain."""
    assert timeline(chain)._words.text == ""
    view = timeline(chain, slot=False)
    assert view._words.text == repr(chain) and NIGHT in repr(chain)
    view.undo()
    assert view._words.text == repr(view.chain)


def test_in_a_terminal_it_is_the_plain_chain(chain, published, monkeypatch):
    """Where no widget can be shown, the chain's own text and picture are all there is."""
    monkeypatch.setattr(notebook, "in_kernel", lambda: False)
    timeline(chain)._ipython_display_()
    assert len(published) == 1 and published[0][0]["text/plain"] == repr(chain)


def test_an_original_stored_lying_is_told_as_it_is_seen(sandbox, clean_place):
    """The timeline, the chain and its tree name the size of the original that its owner sees."""
    turned = Image.Exif()
    turned[0x0112] = 8
    Image.new("RGB", (64, 48), "skyblue").save(clean_place / "phone.webp", exif=turned)
    chain = nb.chain(clean_place / "phone.webp", session=sandbox()).edit(SKY)
    assert "48×64" in timeline(chain).nodes[0].facts
    assert "48×64" in repr(chain) and "48×64" in repr(chain.tree())
