"""The history view, driven through its widgets, on real histories."""

from __future__ import annotations

import io
import json
import re
import shutil
import time
from dataclasses import replace
from datetime import date, timedelta
from types import SimpleNamespace

import pytest
from pages import blocks
from PIL import Image

import nb_banana as nb
from nb_banana._server import kernel
from nb_banana._text import width
from nb_banana._widgets import records
from nb_banana._widgets.history import HistoryView
from nb_banana._widgets.surface import is_off
from nb_banana.errors import NanoBananaError

from .test_tray import eventually

STEPS = ("Turn the day into night", "Add a red boat", "把天空改成暴风雨")


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """A folder with three edits, one after the other, and one that was refused."""
    folder = tmp_path_factory.mktemp("made")
    picture = Image.new("RGB", (64, 48), "skyblue")
    picture.save(folder / "cat.png")
    with nb.Session(nb.Endpoint.sandbox(), folder=folder / "history", tell=lambda _: None) as session:
        source = folder / "cat.png"
        for prompt in STEPS:
            source = session.edit(source, prompt)
        fault = nb.Endpoint.sandbox(fault="safety")
    with nb.Session(fault, retries=0, folder=folder / "history", tell=lambda _: None) as refusing:
        with pytest.raises(NanoBananaError):
            refusing.edit(folder / "cat.png", "Something refused")
    return folder / "history"


@pytest.fixture
def session(made, sandbox, clean_place):
    """A session on a copy of that history."""
    shutil.copytree(made, clean_place / "nb_banana_history")
    return sandbox()


def read(view, count):
    """Wait until the view has read its history and shows the chosen record."""
    eventually(lambda: view.list.count == count and view.list.gen > 0 and (view.selected or not count))
    return view


def rows(view, sent, first=0, count=50):
    """The rows a page gets when it asks for them."""
    messages = sent(view.list)
    view.list._handle_custom_msg({"t": "rows", "gen": view.list.gen, "from": first, "to": first + count - 1}, [])
    eventually(lambda: any(message["t"] == "rows" for message, _ in messages))
    return next(message["rows"] for message, _ in messages if message["t"] == "rows")


def test_every_attempt_is_listed_newest_first(session, sent):
    """A refused edit stands beside the finished ones: outcome by sign and word, cost, model, and what stands for it."""
    view = read(nb.history(session=session), 4)
    shown = rows(view, sent)
    assert [row["prompt"] for row in shown] == ["Something refused", *reversed(STEPS)]
    assert shown[0]["facts"].startswith("⊘ refused") and shown[0]["thumb"] == ""
    assert shown[1]["facts"].startswith("✓ done · sandbox") and "Nano Banana Pro" in shown[1]["facts"]
    assert shown[1]["thumb"] == view.records[1].outputs[-1].sha256
    eventually(lambda: "4 edits · nothing paid" in view._line.text)


def test_a_page_of_rows_is_read_where_it_is_looked_at(session, sent):
    """Rows from the middle come by themselves; a page that asks for an older search's rows gets none."""
    view = read(nb.history(session=session), 4)
    assert [row["prompt"] for row in rows(view, sent, first=2, count=1)] == [STEPS[1], STEPS[0]]
    messages = sent(view.list)
    view.list._handle_custom_msg({"t": "rows", "gen": view.list.gen - 1, "from": 0, "to": 9}, [])
    time.sleep(0.2)
    assert messages == []


def test_search_and_filters_narrow_what_is_shown(session):
    """Words, outcome, model and day each narrow the list; what is shown is what `.records` gives."""
    view = read(nb.history(session=session), 4)
    view.search.value = "暴风雨"
    read(view, 1)
    assert [record.prompt for record in view.records] == [STEPS[2]]
    view.search.value = ""
    view.status.value = "refused"
    read(view, 1)
    assert view.records[0].prompt == "Something refused"
    view.status.value = ""
    read(view, 4)
    assert ("Nano Banana Pro", "gemini-3-pro-image-preview") in view.model.options
    view.model.value = "gemini-3-pro-image-preview"
    read(view, 4)
    view.when.value = "between"
    view.since.value = view.until.value = date.today()
    read(view, 4)
    view.until.value = date.today() - timedelta(days=1)
    read(view, 0)
    eventually(lambda: view._line.text.startswith("Nothing matches") and view.selected is None)
    view.when.value = "today"
    read(view, 4)


def test_fast_typing_is_one_search(session, monkeypatch):
    """Ten keys in a row read the history once, with the last word."""
    view = read(nb.history(session=session), 4)
    asked = []
    real = session.history.records
    monkeypatch.setattr(session.history, "records", lambda **how: asked.append(how.get("text")) or real(**how))
    for end in range(1, 9):
        view.search.value = "Turn the"[:end]
    read(view, 1)
    assert [text for text in asked if text] == ["Turn the"]


def test_the_chosen_record_is_a_trait_and_a_result(session):
    """The newest is chosen at first; Python or the page chooses another, and its picture, facts and code are shown."""
    view = read(nb.history(session=session), 4)
    assert view.record.prompt == "Something refused" and view.result is None
    chosen = []
    view.observe(lambda change: chosen.append(change["new"]), "selected")
    view.list.at = 1
    assert chosen == [view.records[1].id]
    assert view.result.request.prompt == STEPS[2] and view.result.replayed
    eventually(lambda: view.viewer.after is not None and STEPS[2] in view._side.facts.value)
    assert view.viewer.after["key"] == view.result.image.sha256[:16]
    assert view.viewer.before["key"] == view.record.inputs[-1].sha256[:16]
    assert f"nb.edit('nb_banana_history/images/{view.record.inputs[0].sha256}" in view._side.code.code
    view.selected = view.records[3].id
    assert view.list.at == 3


def test_the_code_shown_runs_and_costs_nothing(session):
    """The Python of a row, run as printed, replays that very picture."""
    view = read(nb.history(session=session), 4)
    view.list.at = 2
    eventually(lambda: STEPS[1] in view._side.code.code)
    names = {}
    nb.session(nb.Endpoint.sandbox())
    exec(view._side.code.code.replace("result.save()", ""), names)
    assert names["result"].replayed
    assert names["result"].image.sha256 == view.result.image.sha256


def test_thumbnails_come_small_and_only_when_asked(session, sent):
    """Opening the view reads no picture; a row's picture then comes as one binary message of at most 24 KB."""
    view = read(nb.history(session=session), 4)
    messages = sent(view.list)
    keys = [record.outputs[-1].sha256 for record in view.records if record.outputs]
    view.list._handle_custom_msg({"t": "thumbs", "keys": keys}, [])
    eventually(lambda: len(messages) == 3)
    for (message, buffers), key in zip(messages, keys, strict=True):
        assert (message["t"], message["key"]) == ("thumb", key)
        assert 0 < len(buffers[0]) <= 24 * 1024
        assert max(Image.open(io.BytesIO(buffers[0])).size) <= 288


def test_a_lost_picture_is_said_and_the_rest_goes_on(session, sent):
    """A stored file that vanished leaves its row without a picture and the view says which one; nothing breaks."""
    view = read(nb.history(session=session), 4)
    record = view.records[1]
    session.history.shelf.path(record.outputs[-1]).unlink()
    messages = sent(view.list)
    view.list._handle_custom_msg({"t": "thumbs", "keys": [record.outputs[-1].sha256]}, [])
    eventually(lambda: messages)
    assert messages[0][0]["mime"] == "" and messages[0][1] == []
    view.selected = record.id
    eventually(lambda: view._line.state == "error" and record.outputs[-1].sha256[:12] in view._line.hint)
    view.list.at = 2
    eventually(lambda: view._line.state == "loaded")


def test_a_star_is_kept_and_found(session, sent):
    """The star of a row goes into the history, the row comes back as it is, and the star filter finds it."""
    view = read(nb.history(session=session), 4)
    messages, id = sent(view.list), view.records[2].id
    view.list._handle_custom_msg({"t": "star", "id": id, "at": 2, "on": True}, [])
    eventually(lambda: messages)
    assert messages[0][0]["rows"][0]["starred"] is True and messages[0][0]["from"] == 2
    assert session.history.record(id).starred
    view.starred.value = True
    read(view, 1)
    assert [record.id for record in view.records] == [id]


def test_restore_fills_the_panel_given(session, photo):
    """Pictures, prompt and settings come back as they were asked, an input that was a result stays linked, nothing is sent."""
    session.edit(photo, "Wide and large", model="nano-banana", aspect_ratio="16:9")
    panel = nb.panel(session=session)
    view = read(HistoryView(session=session, panel=panel), 5)
    assert view.restore() is panel
    assert (panel.prompt.value, panel.aspect_ratio.value) == ("Wide and large", "16:9")
    assert panel.ask().settings["model"] == "nano-banana"
    assert [image.sha256 for image in panel.tray.images] == [view.record.inputs[0].sha256]
    view.selected = next(record.id for record in view.records if record.prompt == STEPS[2])
    view.restore_button.click()
    assert panel.ask().parent == view.record.parent is not None
    assert (panel.prompt.value, panel.aspect_ratio.value) == (STEPS[2], "auto")
    assert len(session.history.records()) == 5
    panel.run_button.click()
    result = panel.wait(60)
    assert (result.take, session.history.record(result.record_id).parent) == (2, view.record.parent)
    read(view, 6)


def test_restore_without_a_panel_shows_one_of_its_own(session):
    """A view alone gets one prepared panel under its list, and the same one next time."""
    view = read(nb.history(session=session), 4)
    view.list.at = 1
    panel = view.restore()
    assert view.children[-1] is panel and panel.prompt.value == STEPS[2]
    view.list.at = 2
    assert view.restore() is panel and panel.prompt.value == STEPS[1] and len(view.children) == 2


def test_restore_loses_nothing_that_was_being_prepared(session, draw_photo):
    """A step back brings back the pictures and the words that Restore replaced, and forward again; ↑ finds the words too."""
    view = read(nb.history(session=session), 4)
    view.list.at = 1
    panel = view.restore()
    panel.tray.clear()
    drawn, words = panel.tray.add(draw_photo(background="red")), "A long prompt that took ten minutes"
    panel.prompt.value = words
    view.list.at = 2
    view.restore_button.click()
    assert panel.prompt.value == STEPS[1] and drawn not in panel.tray.images
    assert panel.prompting.earlier((), session)[0] == words
    eventually(lambda: not panel.back.disabled)
    panel.back.click()
    assert (panel.prompt.value, panel.tray.images) == (words, (drawn,))
    panel.forth.click()
    assert panel.prompt.value == STEPS[1] and panel.ask().parent == view.record.parent


def test_a_listener_takes_the_place_of_the_panel(session):
    """`on_restore` gets the record; a fault of the listener is said in the view."""
    view, got = read(nb.history(session=session), 4), []
    view.on_restore(got.append)
    view.restore_button.click()
    assert [record.prompt for record in got] == ["Something refused"] and len(view.children) == 1
    view.on_restore(lambda record: 1 / 0)
    view.restore_button.click()
    assert "ZeroDivisionError" in view._line.hint


def test_an_input_stored_lying_is_listed_as_it_is_seen(sandbox, clean_place):
    """The table of a record and the picture beside it tell one size of its input."""
    turned = Image.Exif()
    turned[0x0112] = 6
    Image.new("RGB", (64, 48), "skyblue").save(clean_place / "phone.png", exif=turned)
    session = sandbox()
    session.edit(clean_place / "phone.png", STEPS[0])
    view = read(HistoryView(session=session), 1)
    eventually(lambda: "phone.png 48×64" in view._side.facts.value)
    eventually(lambda: view.viewer.before and (view.viewer.before["width"], view.viewer.before["height"]) == (48, 64))


def test_two_records_are_compared(session):
    """Compare pins one; the next chosen gives the table of what differs, what is the same, and both pictures."""
    view = read(nb.history(session=session), 4)
    view.list.at = 1
    view.compare.value = True
    eventually(lambda: "Now choose" in view._line.hint)
    view.list.at = 3
    eventually(lambda: "<thead>" in view._side.facts.value)
    assert STEPS[2] in view._side.facts.value and STEPS[0] in view._side.facts.value
    assert "The same in both" in view._side.facts.value and "<td>gemini-3-pro" not in view._side.facts.value
    pinned, chosen = (view.records[at].outputs[-1].sha256[:16] for at in (1, 3))
    eventually(lambda: [side and side["key"] for side in (view.viewer.before, view.viewer.after)] == [pinned, chosen])
    view.list._handle_custom_msg({"t": "pin", "id": view.selected, "at": 3}, [])
    assert not view.compare.value
    eventually(lambda: "<thead>" not in view._side.facts.value)


def test_a_prompt_is_text_and_never_markup(sandbox, photo):
    """A prompt with tags is shown as it was written, in the table and in the comparison."""
    session = sandbox()
    session.edit(photo, "<img src=x onerror=alert(1)> & more")
    view = read(nb.history(session=session), 1)
    eventually(lambda: "&amp; more" in view._side.facts.value)
    assert "<img" not in view._side.facts.value and "&lt;img src=x" in view._side.facts.value


def test_an_empty_history_says_where_edits_come_from(sandbox):
    """Nothing is chosen, nothing can be restored, and the view says what would fill it."""
    view = nb.history(session=sandbox())
    eventually(lambda: "nb.edit" in view._line.text and view._line.state == "empty")
    assert (view.selected, view.record, view.result, view.restore()) == (None, None, None, None)
    assert view.restore_button.disabled and view.compare.disabled
    assert view._repr_mimebundle_()["text/plain"] == "History in nb_banana_history: no edits yet."


def test_without_a_page_it_is_a_table(session):
    """A terminal, nbconvert and a saved notebook show the newest as text, with outcome, prompt, model and cost."""
    bundle = read(nb.history(session=session), 4)._repr_mimebundle_()
    lines = bundle["text/plain"].split("\n")
    assert lines[0] == "History in nb_banana_history, the newest 4:"
    assert "⊘ refused" in lines[1] and "Something refused" in lines[1]
    assert "✓ done" in lines[4] and STEPS[0] in lines[4] and lines[4].endswith("sandbox, free")
    assert "text/html" not in bundle


def test_the_columns_stand_below_each_other_in_any_script(session):
    """Chinese letters take two columns: what follows a prompt begins at the same one in every line."""
    lines = repr(nb.history(session=session)).split("\n")[1:]
    assert any(STEPS[2] in line for line in lines) and any(STEPS[0] in line for line in lines)
    assert len({width(line.partition("Nano Banana Pro")[0]) for line in lines}) == 1
    long = [replace(record, prompt="把天空改成暴风雨" * 9) for record in session.history.records(limit=1)]
    assert width(records.plain(long, "here").split("\n")[1].partition("  Nano")[0]) < 80


def test_the_state_holds_no_pixels(session):
    """What a notebook could save of the list and the view is words and numbers."""
    view = read(nb.history(session=session), 4)
    state = {name: value for name, value in view.list.get_state().items() if name not in ("_esm", "_css")}
    assert len(json.dumps(state, default=str)) < 2_000


def test_it_speaks_chinese(session):
    """Labels, outcomes and the plain table are Chinese when the view is."""
    view = read(HistoryView(session=session, lang="zh"), 4)
    assert view.restore_button.description == "恢复到面板"
    eventually(lambda: "4 条编辑" in view._line.text)
    assert view.list.strings["list"] == "编辑记录，最新的在前"
    assert ("⊘ 被拒绝", "refused") in view.status.options
    assert "中的历史记录" in view._repr_mimebundle_()["text/plain"]
    view.list._handle_custom_msg({"t": "open", "id": view.records[0].id, "at": 0}, [])
    eventually(lambda: "提示词" in view._side.facts.value)


def test_the_page_language_reaches_the_view(session):
    """JupyterLab in Chinese turns the view Chinese unless the language was chosen."""
    view = read(nb.history(session=session), 4)
    view._line._handle_custom_msg({"t": "page", "lang": "zh-CN"}, [])
    assert view.refresh_button.description == "刷新"
    eventually(lambda: "条编辑" in view._line.text)


def test_a_history_that_cannot_be_read_is_said(session, monkeypatch):
    """A failing read leaves what is shown and says what happened."""
    view = read(nb.history(session=session), 4)

    def fail(**_):
        raise OSError("the disk is gone")

    monkeypatch.setattr(session.history, "records", fail)
    view.refresh_button.click()
    eventually(lambda: view._line.state == "error" and "could not be read" in view._line.hint)
    assert "the disk is gone" in view._line.hint
    assert view.list.count == 4


def test_deleting_says_what_is_lost_and_asks(session):
    """Delete… counts edits, pictures, room and what continues from it; Keep leaves all; Delete for good takes files and rows away."""
    view = read(nb.history(session=session), 4)
    ask, images = view.deleting, view.history.folder / "images"
    eventually(lambda: ask.size.text.startswith("Edits: 4 ("))
    view.selected = next(one.id for one in view.records if one.prompt == STEPS[0])
    before = {file.name for file in images.glob("*.*")}
    view.delete_button.click()
    eventually(lambda: not is_off(ask.children[-1]))
    assert "Edits that go for good: 1." in ask.words.text and "continue from one of them: 1." in ask.words.text
    ask.no.click()
    assert is_off(ask.children[-1]) and ask.words.text == "" and len(view.records) == 4
    view.search.value = STEPS[2]
    read(view, 1)
    ask.all_button.click()
    eventually(lambda: "Edits that go for good: 1. Pictures that go with them: 1" in ask.words.text)
    ask.yes.click()
    eventually(lambda: ask.words.text.startswith("Deleted."))
    view.search.value = ""
    read(view, 3)
    assert STEPS[2] not in [one.prompt for one in view.records]
    assert len(before - {file.name for file in images.glob("*.*")}) == 1
    eventually(lambda: ask.size.text.startswith("Edits: 3 ("))


@pytest.mark.parametrize("change", ["another record", "another listing", "at once"])
def test_only_what_was_asked_about_is_deleted(session, change):
    """The question names the prompt, and leaves once another record is chosen or something else is listed: nothing goes unasked."""
    view = read(nb.history(session=session), 4)
    ask, answers = view.deleting, view.deleting.children[-1]
    first, other = (next(one.id for one in view.records if one.prompt == prompt) for prompt in STEPS[:2])
    view.selected = first
    if change == "another listing":
        ask.all_button.click()
        eventually(lambda: "Edits that go for good: 4." in ask.words.text and not is_off(answers))
        view.search.value = STEPS[1]
    else:
        view.delete_button.click()
        if change == "another record":
            eventually(lambda: not is_off(answers))
            assert ask.words.text.startswith(f"“{STEPS[0]}”\n")
        view.selected = other
    assert is_off(answers) and ask.words.text == ""
    ask.yes.click()
    time.sleep(0.5)  # what is weighed beside the kernel comes to nothing
    assert is_off(answers) and len(list(session.history.records())) == 4
    eventually(lambda: view.selected == other)
    view.delete_button.click()
    eventually(lambda: f"“{STEPS[1]}”" in ask.words.text)
    ask.yes.click()
    eventually(lambda: ask.words.text.startswith("Deleted."))
    assert len(list(session.history.records())) == 3 and other not in [one.id for one in session.history.records()]


def test_a_star_protects_unless_it_is_meant_too(session):
    """Where a starred edit is meant it stays and is told; a box, there only then, lets it go too."""
    view = read(nb.history(session=session), 4)
    ask = view.deleting
    view.history.star(view.selected)
    view.delete_button.click()
    eventually(lambda: "Kept because of their star: 1" in ask.words.text)
    assert ask.yes.disabled and not is_off(ask.starred)
    ask.starred.value = True
    eventually(lambda: not ask.yes.disabled and "star" not in ask.words.text)
    ask.yes.click()
    read(view, 3)


def test_a_refused_edit_does_not_show_its_input_as_a_result(session):
    """Nothing came, and that is what stands under the picture that was sent; the input is named and not by a hash."""
    view = read(nb.history(session=session), 4)
    eventually(lambda: view.viewer.caption and view.viewer.before)
    assert view.viewer.after is None and "No picture came back" in view.viewer.caption
    view.selected = view.records[1].id
    eventually(lambda: view.viewer.after and not view.viewer.caption)
    named = records.facts(view.record)["Inputs"]
    assert named == "picture 1 1200×896" or named.startswith("cat.png")
    assert not re.search(r"[0-9a-f]{12}", named)


def test_enter_opens_the_picture_on_the_whole_screen(session, sent):
    """What Enter or a double click asks for is chosen, and its viewer told to open."""
    view = read(nb.history(session=session), 4)
    told, id = sent(view.viewer), view.records[2].id
    view.list._handle_custom_msg({"t": "open", "id": id}, [])
    assert view.selected == id and ({"t": "screen"}, []) in told


def test_restore_brings_the_panel_into_sight(session, sent):
    """The page is told which panel to scroll to, by a class that panel has."""
    view = read(nb.history(session=session), 4)
    told = sent(view.list)
    panel = view.restore()
    (key,) = [message["key"] for message, _ in told if message["t"] == "go"]
    assert key in panel._dom_classes


@pytest.mark.parametrize("page", ["looking.md", "looking.zh-CN.md"])
def test_the_code_of_the_page_about_deleting_runs(session, page, capsys):
    """What docs/looking.md says about size and loss can be pasted, and deletes nothing."""
    (code,) = [block for block in blocks(page) if "removal" in block]
    exec(code, {"nb": SimpleNamespace(history=lambda: nb.history(session=session))})
    assert capsys.readouterr().out.startswith("Edits: 4 (") and len(session.history.records()) == 4


@pytest.fixture
def talk(sandbox, photo):
    """A chain of two steps, the second in a conversation; its session is the notebook's."""
    session = nb.session(nb.Endpoint.sandbox())
    return nb.chain(photo, session=session).edit("Make it night", context="conversation").edit("A little more", context="conversation")


def test_a_step_of_a_conversation_is_told_with_what_came_before_it(talk):
    """Its code, here and from the extension, makes the whole chain and replays; the picture before, and that it was a conversation, are shown."""
    view = read(nb.history(session=talk.session), 2)
    eventually(lambda: "conversation" in view._side.code.code)
    assert kernel.code(talk.result.record_id)["code"] == view._side.code.code
    names = {}
    exec(view._side.code.code, names)
    assert names["chain"].result.replayed and names["chain"].image.sha256 == talk.image.sha256
    eventually(lambda: view.viewer.after)
    assert view.viewer.before["key"] == talk.results[0].image.sha256[:16]
    assert "conversation, with all that was said" in view._side.facts.value
    view.selected = talk.results[0].record_id
    eventually(lambda: "nb.edit(" in view._side.code.code and "conversation" not in view._side.facts.value)


def test_a_step_of_a_conversation_is_restored_with_the_picture_it_edited(talk):
    """The panel edits that picture, and the view says that what was said before does not go along."""
    view = read(nb.history(session=talk.session), 2)
    panel = view.restore()
    assert panel.tray.images == (talk.results[0].image,) and panel.prompt.value == "A little more"
    assert panel.ask().parent == talk.results[0].record_id
    assert view._line.hint == "The panel is ready; nothing was sent. A panel sends pictures alone: the conversation does not go on there."


def test_a_step_whose_conversation_was_deleted_is_named_by_its_record(talk):
    """Its code asks nobody for another picture, and a panel says that the picture it edited is lost."""
    talk.session.history.removal.delete([talk.results[0].record_id])
    view = read(nb.history(session=talk.session), 1)
    eventually(lambda: view._side.code.code)
    names = {}
    exec(view._side.code.code.replace("result.save()", ""), names)
    assert names["result"].image.sha256 == talk.image.sha256 and len(talk.session.history.records()) == 1
    panel = view.restore()
    assert panel.tray.images == () and "1 of its pictures can't be read any more" in view._line.hint


def test_a_past_result_by_its_id(sandbox, photo):
    """`nb.history()[id]` is the result as it was, free; an id without a picture, or nobody's, says so."""
    session = sandbox(fault=[None, "safety"])
    made = session.edit(photo, "Turn the day into night")
    with pytest.raises(nb.errors.SafetyError) as refused:
        session.edit(photo, "Make it snow")
    view = nb.history(session=session)
    again = view[made.record_id]
    assert (again.image.sha256, again.replayed, again.request.prompt) == (made.image.sha256, True, "Turn the day into night")
    with pytest.raises(nb.errors.InvalidRequestError, match="has no picture"):
        view[refused.value.record_id]
    with pytest.raises(nb.errors.InvalidRequestError, match="nobody"):
        view["nobody"]
