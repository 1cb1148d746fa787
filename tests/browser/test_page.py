"""The panel's manners in a page: its prompt, its keys, where the focus stays, a kernel that is gone, a word from a hidden tab."""

from __future__ import annotations

from importlib.resources import files

import pytest
from playwright.sync_api import expect

from .test_panel import SLOW, prompt, status

OWN = "import os\nos.environ['NB_BANANA_PRESETS'] = 'own/presets.json'\n"
PANEL = OWN + "import nb_banana as nb\np = nb.panel({})\np"
CHOSEN = "() => { const box = document.querySelector('.nb-banana-prompt textarea'); return box.value.slice(box.selectionStart, box.selectionEnd) }"
INSIDE = "() => !!document.activeElement.closest('.nb-banana-panel')"
TOP = "() => document.querySelector('.nbb-viewer').getBoundingClientRect().top - document.querySelector('.nb-banana-panel').getBoundingClientRect().top"
AXE = "async () => (await axe.run('.nb-banana-panel')).violations.filter(v => ['serious', 'critical'].includes(v.impact)).map(v => [v.id, v.nodes.map(n => n.html.slice(0, 120))])"


def box(nb):
    """The prompt."""
    return nb.page.locator(".nb-banana-prompt textarea")


def test_a_template_is_filled_blank_by_blank(open_notebook, photo_bytes):
    """The first blank is chosen, Tab and Shift+Tab go between them and then leave the box; Edit says which is left; text is put in at the caret."""
    nb = open_notebook([PANEL.format("'cat.png'")], files={"cat.png": photo_bytes})
    nb.run_all()
    nb.page.locator(".nb-banana-chips select").select_option(label="Remove something")
    expect(box(nb)).to_be_focused()
    nb.page.wait_for_function(f"() => ({CHOSEN})() === '{{element}}'")
    nb.page.keyboard.press("Tab")
    assert nb.page.evaluate(CHOSEN) == "{subject}"
    nb.page.keyboard.press("Shift+Tab")
    assert nb.page.evaluate(CHOSEN) == "{element}"
    nb.page.keyboard.type("the hat")
    nb.page.keyboard.press("Control+Enter")
    expect(status(nb)).to_contain_text("Fill in {subject}")
    nb.page.keyboard.press("Tab")
    nb.page.locator(".nb-banana-panel").evaluate("panel => panel.dispatchEvent(new CustomEvent('nbb-insert', {detail: {text: 'picture 1'}}))")
    filled = "Remove the hat from this picture of picture 1 and fill the place with what would be behind it. Keep everything else as it is."
    expect(box(nb)).to_have_value(filled)
    nb.page.keyboard.press("Control+z")
    assert "{subject}" in box(nb).input_value()
    nb.page.keyboard.press("Control+Shift+z")
    assert box(nb).input_value() == filled
    nb.page.keyboard.press("Tab")
    expect(box(nb)).not_to_be_focused()
    assert nb.page.evaluate(INSIDE)
    nb.page.keyboard.press("Control+Enter")
    expect(status(nb)).to_contain_text("Done")


def test_the_box_grows_and_walks_through_earlier_prompts(open_notebook, photo_bytes):
    """Eight lines are shown and no more; ↑ on the first line brings earlier prompts, ↓ the draft back; an input method's ↑ is its own."""
    nb = open_notebook([PANEL.format("'cat.png'")], files={"cat.png": photo_bytes})
    nb.run_all()
    for words in ("Turn the day into night", "Make the sky stormy"):
        prompt(nb, words)
        box(nb).press("Control+Enter")
        expect(status(nb)).to_contain_text("Done")
        nb.python("p.wait(60)")
        status(nb).evaluate("() => null")
    low = box(nb).bounding_box()["height"]
    prompt(nb, "\n".join("line" for _ in range(8)))
    eight = box(nb).bounding_box()["height"]
    prompt(nb, "\n".join("line" for _ in range(30)))
    assert low + 40 < eight == box(nb).bounding_box()["height"] < 190
    prompt(nb, "a draft\nof two lines")
    box(nb).press("ArrowUp")
    assert box(nb).input_value() == "a draft\nof two lines"
    for _ in range(3):  # to the first line's beginning, where a system moves the caret there first
        if box(nb).input_value().startswith("a draft"):
            box(nb).press("ArrowUp")
            nb.page.wait_for_timeout(400)
    expect(box(nb)).to_have_value("Make the sky stormy")
    box(nb).dispatch_event("keydown", {"key": "ArrowUp", "isComposing": True})
    box(nb).press("ArrowUp")
    expect(box(nb)).to_have_value("Turn the day into night")
    for _ in range(3):
        box(nb).press("ArrowDown")
        nb.page.wait_for_timeout(100)
    expect(box(nb)).to_have_value("a draft\nof two lines")
    assert nb.python("print(repr(p.prompt.value))").strip() == repr("a draft\nof two lines")


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_a_sheet_of_keys(open_notebook, photo_bytes, theme):
    """? opens the list of keys outside text fields, also by its button; Esc closes it and the focus is where it was; axe finds nothing serious."""
    nb = open_notebook([PANEL.format("'cat.png'")], files={"cat.png": photo_bytes}, theme=theme)
    nb.run_all()
    sheet = nb.page.locator(".nbb-status dialog")
    box(nb).press("?")
    assert box(nb).input_value() == "?" and sheet.count() == 0
    run = nb.page.locator("button.nb-banana-run")
    run.focus()
    nb.page.keyboard.press("?")
    expect(sheet).to_be_visible()
    expect(sheet).to_contain_text("Edit, from anywhere in the panel")
    nb.page.evaluate((files("axe_playwright_python") / "axe.min.js").read_text(encoding="utf-8"))
    assert nb.page.evaluate(AXE) == []
    nb.screenshot(f"keys-{theme}")
    nb.page.keyboard.press("d")
    nb.page.keyboard.press("d")
    nb.page.keyboard.press("Escape")
    expect(sheet).to_have_count(0)
    expect(run).to_be_focused()
    expect(nb.page.locator(".nb-banana-panel")).to_be_visible()
    nb.page.locator("button.nb-banana-manage").click()
    nb.page.get_by_label("Preset name").fill("Night")
    prompt(nb, "Turn the day into night")
    nb.page.get_by_role("button", name="Save as preset").click()
    expect(nb.page.locator(".nb-banana-presets")).to_contain_text("Saved as “Night”")
    expect(nb.page.locator(".nb-banana-chips select")).to_contain_text("★ Night")
    assert nb.page.evaluate(AXE) == []
    nb.screenshot(f"presets-{theme}", ".nb-banana-panel")
    nb.page.locator("button.nb-banana-keys").click()
    expect(sheet).to_be_visible()


def test_the_focus_is_not_taken_from_who_types(open_notebook, photo_bytes):
    """What a button opens, or leaves empty, gets the focus; where a busy kernel answers late, words that are typed elsewhere by then stay whole."""
    nb = open_notebook([PANEL.format("'cat.png'"), "import time; time.sleep(3)"], files={"cat.png": photo_bytes})
    nb.run_cell(0)
    page, name, seed = nb.page, nb.page.get_by_label("Preset name"), nb.page.locator(".nb-banana-seed input")
    for press, came in ((page.locator("button.nb-banana-manage"), name), (page.locator("button.nb-banana-cross"), seed)):
        seed.fill("7")
        press.click()
        expect(came).to_be_focused()
        came.press("Shift+Tab")
    page.locator("button.nb-banana-manage").click()
    expect(name).to_be_hidden()
    seed.fill("7")
    nb.start_cell(1)
    page.locator("button.nb-banana-cross").click()
    page.locator("button.nb-banana-manage").click()
    box(nb).click()
    page.keyboard.type("Turn the day ")
    expect(name).to_be_visible()
    expect(seed).to_have_value("")
    page.wait_for_timeout(300)
    page.keyboard.type("into night")
    assert (box(nb).input_value(), name.input_value(), seed.input_value()) == ("Turn the day into night", "", "")


def test_the_focus_stays_in_the_panel_and_nothing_jumps(open_notebook, photo_bytes):
    """D D after a click on a thumbnail, on the background, or on Edit by key deletes no cell; the viewer stands still through a run."""
    nb = open_notebook([SLOW.format("'cat.png'", 2), "1"], files={"cat.png": photo_bytes})
    nb.run_cell(0)
    cells = nb.page.locator(".jp-Notebook .jp-Cell")
    expect(nb.page.locator(".nbb-card img")).to_be_visible()
    panel = nb.page.locator(".nb-banana-panel")
    for place, at in ((nb.page.locator(".nbb-card img"), 60), (nb.page.locator(".nb-banana-title"), 4), (panel, 4)):
        place.click(position={"x": at, "y": at})
        nb.page.wait_for_timeout(50)
        assert nb.page.evaluate(INSIDE)
        for key in "ddb":
            nb.page.keyboard.press(key)
        nb.page.keyboard.press("Escape")  # what a thumbnail opened
        nb.page.wait_for_timeout(50)
        assert nb.page.evaluate(INSIDE)
    expect(cells).to_have_count(2)
    prompt(nb, "Turn the day into night")
    nb.page.wait_for_timeout(600)
    tops = [nb.page.evaluate(TOP)]
    nb.page.locator("button.nb-banana-run").focus()
    nb.page.keyboard.press("Enter")
    expect(status(nb)).to_contain_text("Working")
    tops.append(nb.page.evaluate(TOP))
    assert nb.page.evaluate(INSIDE) and nb.page.evaluate("() => document.activeElement.matches('button:enabled')")
    expect(status(nb)).to_contain_text("Done")
    tops.append(nb.page.evaluate(TOP))
    nb.page.wait_for_timeout(100)
    assert nb.page.evaluate("() => document.activeElement.matches('button.nb-banana-run:enabled')")
    for key in "ddb":
        nb.page.keyboard.press(key)
    expect(cells).to_have_count(2)
    assert max(tops) - min(tops) < 1


@pytest.mark.parametrize("front", ["lab", "notebook"])
def test_a_kernel_that_was_shut_down(open_notebook, photo_bytes, front):
    """After Shut Down Kernel in the menu the panel says at once that the kernel is gone and Edit is off; the cell run again works."""
    nb = open_notebook([PANEL.format("'cat.png'")], files={"cat.png": photo_bytes}, front=front)
    nb.run_all()
    prompt(nb, "Turn the day into night")
    nb.page.evaluate("() => window.jupyterapp.commands.execute('kernelmenu:shutdown')")
    expect(status(nb)).to_contain_text("Run this cell again", timeout=3000)
    expect(nb.page.locator("button.nb-banana-run")).to_be_disabled()
    nb.page.evaluate("() => window.jupyterapp.commands.execute('kernelmenu:restart')")
    nb.wait_idle()
    nb.run_all()
    expect(status(nb)).to_contain_text("Now say what should change")
    expect(box(nb)).to_be_enabled()


def test_a_word_from_a_hidden_tab(open_notebook, jupyter_server, photo_bytes):
    """Off until it is switched on in the sheet, refused permission is said; a run of over 20 s that ends in a hidden tab is told of, without the prompt."""
    nb = open_notebook([SLOW.format("'cat.png'", 1)], files={"cat.png": photo_bytes}, fresh=True)
    nb.run_all()
    nb.page.evaluate("""() => {
        window.told = [];
        window.Notification = class extends Notification {  // the browser's own, which says when it stands there
            constructor(...words) { super(...words); this.onshow = () => window.told.push(words) }
        };
        window.ahead = 0;
        const now = Date.now.bind(Date);
        Date.now = () => now() + window.ahead;
        Object.defineProperty(document, 'hidden', {get: () => true, configurable: true});
    }""")

    def long_run():
        box(nb).press("Control+Enter")
        expect(status(nb)).to_contain_text("Working")
        nb.page.evaluate("() => { window.ahead += 25_000 }")
        expect(status(nb)).to_contain_text("Done")

    prompt(nb, "Turn the day into night")
    long_run()
    nb.page.locator("button.nb-banana-keys").click()
    tick = nb.page.get_by_label("Tell me when")
    tick.click()
    expect(nb.page.locator(".nbb-status dialog")).to_contain_text("does not allow notifications")
    expect(tick).not_to_be_checked()
    nb.page.context.grant_permissions(["notifications"])
    try:
        tick.click()
        expect(tick).to_be_checked()
        nb.page.keyboard.press("Escape")
        long_run()
        nb.page.wait_for_function("() => window.told.length")
    finally:
        nb.page.context.clear_permissions()
    told = nb.page.evaluate("() => window.told")
    assert len(told) == 1 and told[0][0] == "The edit is done" and "notebook" in told[0][1]["body"]
    assert "night" not in str(told)


def test_what_a_wide_panel_names_fits(open_notebook, photo_bytes):
    """The run button names its key where there is room and not at 360 px; the name of the button has no key in it."""
    nb = open_notebook([PANEL.format("'cat.png'")], files={"cat.png": photo_bytes})
    nb.run_all()
    after = "() => getComputedStyle(document.querySelector('button.nb-banana-run'), '::after').content"
    assert "Ctrl ↵" in nb.page.evaluate(after)
    expect(nb.page.get_by_role("button", name="Edit", exact=True)).to_be_visible()
    nb.page.locator(".nb-banana-panel").evaluate("panel => { panel.style.width = '360px' }")
    assert nb.page.evaluate(after) == "none"
