"""The panel's prompt: templates with blanks, a person's own presets, earlier prompts; by Python, as a page would."""

from __future__ import annotations

import pytest
from pages import blocks, text_of

import nb_banana as nb
from nb_banana import _strings
from nb_banana._widgets.surface import is_off

from .test_panel import eventually


@pytest.fixture(autouse=True)
def own_file(tmp_path, monkeypatch):
    """Presets in a file of the test's own."""
    monkeypatch.setenv("NB_BANANA_PRESETS", str(tmp_path / "data" / "presets.json"))


def choose(panel, title):
    """Choose an entry of the examples menu."""
    menu = panel.prompting.examples
    menu.index = [label for label, _ in menu.options].index(title)


def test_a_template_is_not_sent_with_a_blank(sandbox, photo):
    """Edit names the blanks that are left and sends nothing; filled in, the same click sends."""
    session = sandbox()
    panel = nb.panel(photo, session=session)
    choose(panel, "Remove something")
    assert panel.status.blanks == ["element", "subject"]
    panel.run_button.click()
    assert "Fill in {element}, {subject}" in panel.status.text and session.history.records() == []
    panel.prompt.value = panel.prompt.value.replace("{element}", "the hat")
    panel.status._handle_custom_msg({"t": "run", "values": {"prompt": panel.prompt.value}}, [])
    assert "Fill in {subject}" in panel.status.text and session.history.records() == []
    panel.prompt.value = panel.prompt.value.replace("{subject}", "a cat")
    panel.run_button.click()
    assert panel.wait(60).request.prompt.startswith("Remove the hat from this picture of a cat")


def test_braces_that_were_typed_are_sent_and_said(sandbox, photo):
    """Braces of one's own are sent as they stand, with a quiet word before the click."""
    panel = nb.panel(photo, session=sandbox())
    panel.prompt.value = "Write “{x} = 3” on the wall behind the cat"
    eventually(lambda: "{x}: sent as it is written" in panel.prompting.advice.text)
    panel.run_button.click()
    assert panel.wait(60).request.prompt == "Write “{x} = 3” on the wall behind the cat"


def test_a_preset_brings_prompt_and_settings_back(sandbox, photo):
    """Saved from the panel, it stands in the menu of the next one, sets what it was saved with, and waits for its blanks."""
    panel = nb.panel(photo, session=sandbox())
    panel.prompt.value, panel.aspect_ratio.value, panel.seed.value = "Add a {colour} hat to the cat", "16:9", 7
    rows = panel.prompting.own
    assert is_off(rows.part)
    rows.button.click()
    assert not is_off(rows.part)
    rows.name.value = "Hat"
    rows.save.click()
    assert rows.note.text.startswith("Saved as “Hat”")
    again = nb.panel(photo, session=sandbox())
    choose(again, "★ Hat")
    assert (again.prompt.value, again.aspect_ratio.value, again.seed.value) == ("Add a {colour} hat to the cat", "16:9", 7)
    assert again.ask().settings == {"aspect_ratio": "16:9", "seed": 7} and "{colour}" in again.ask().trouble
    rows.delete.click()
    assert "Add a {colour} hat" in rows.note.text and panel.prompting.presets.all() == ()
    assert "★ Hat" not in [label for label, _ in panel.prompting.examples.options]


def test_a_preset_says_what_is_not_offered(sandbox, photo):
    """A setting that this place lacks is named under the rows instead of being dropped in silence."""
    panel = nb.panel(photo, session=sandbox())
    panel.prompting.presets.save("Odd", "Add a hat to the cat", {"model": "no-such-model", "aspect_ratio": "7:5"})
    panel.prompting.own.button.click()
    choose(panel, "★ Odd")
    assert "7:5" in panel.prompting.own.note.text and "no-such-model" in panel.prompting.own.note.text


def test_presets_are_shared_as_a_file_from_the_panel(sandbox, tmp_path):
    """Export writes a new file and says where, import tells names that clash, a damaged file is named."""
    panel = nb.panel(session=sandbox(), lang="zh")
    rows = panel.prompting.own
    panel.prompting.presets.save("Hat", "Add a hat")
    rows.give.click()
    assert rows.note.text == "已将 1 个预设写入 nb_banana_presets.json。"
    rows.give.click()
    assert "已存在" in rows.note.text
    panel.prompting.presets.save("Hat", "Add two hats")
    rows.take.click()
    assert "未导入：Hat" in rows.note.text
    (tmp_path / "bad.json").write_text("{")
    rows.file.value = "bad.json"
    rows.take.click()
    assert rows.note.text.startswith("⚠ ") and "bad.json" in rows.note.text
    panel.prompting.presets.path.write_text("{")
    again = nb.panel(session=sandbox()).prompting.own
    assert "presets.json" in again.note.text and not is_off(again.part)


def test_earlier_prompts_of_the_panel_then_of_the_history(sandbox, photo, sent):
    """The page is told what was asked before, newest first, each once; a prompt that an example replaced comes first."""
    session = sandbox()
    for words in ("Make it rain on the cat", "Make it snow on the cat", "Make it rain on the cat"):
        session.edit(photo, words, take="next")
    panel = nb.panel(photo, session=session)
    panel.prompt.value = "Turn the day into night"
    panel.run_button.click()
    panel.wait(60)
    panel.prompt.value = "A draft"
    panel.prompting.chips.children[0].click()
    told = sent(panel.status)
    panel.status._handle_custom_msg({"t": "earlier"}, [])
    assert told[-1][0] == {"t": "earlier", "prompts": ["A draft", "Turn the day into night", "Make it rain on the cat",
                                                       "Make it snow on the cat"]}  # fmt: skip


def test_the_model_menu_says_price_and_end(photo):
    """A model's entry has the price of one picture there and, where the catalog dates it, its end; the sandbox has none."""
    at = nb.Endpoint.google("AIza" + "x" * 35)
    labels = [label for label, _ in nb.panel(photo, session=nb.Session(at, tell=lambda _: None)).model.options]
    assert labels[0] == "Nano Banana Pro · ≈$0.134"
    assert "Nano Banana 2 · ≈$0.067 · may end 2026-10-29" in labels
    free = nb.panel(photo, session=nb.Session(nb.Endpoint.sandbox(), tell=lambda _: None))
    assert not any("$" in label or "end" in label for label, _ in free.model.options)


def test_the_seed_is_drawn_and_cleared_by_its_buttons(sandbox, photo):
    """Dice put a number from 0 to 2147483647 into the box, the cross empties it; each says what it does."""
    seed = nb.panel(photo, session=sandbox(), lang="zh").seed
    seed.roll.click()
    assert 0 <= seed.value < 2**31 and seed.text == seed.box.value == str(seed.value)
    drawn = {seed.roll.click() or seed.value for _ in range(20)}
    assert len(drawn) > 15
    seed.clear.click()
    assert seed.value is None and seed.box.value == "" and is_off(seed.clear)
    assert (seed.roll.tooltip, seed.clear.tooltip) == ("随机生成一个种子", "清空种子")


@pytest.mark.parametrize(("page", "lang"), [("prompts.md", "en"), ("prompts.zh-CN.md", "zh")])
def test_what_the_page_about_prompts_says(page, lang, capsys, tmp_path):
    """Its cell runs as written, and it names every key that the panel's own list has, as often."""
    text = text_of(page)
    (cell,) = blocks(page)
    exec(cell, {})
    assert str(tmp_path / "data" / "presets.json") in capsys.readouterr().out
    with _strings.speaking(lang):
        rows = [row for key, row in _strings.unfilled("prompting.page").items() if key.startswith("key_")]
    assert text.count("\n| ") - 1 == len(rows) == 12
