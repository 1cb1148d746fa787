"""The timeline in a real browser: walk, view, compare, branch and undo by keyboard, and what stays when the kernel is gone."""

from __future__ import annotations

from importlib.resources import files

import pytest
from playwright.sync_api import expect

CHAIN = """import nb_banana as nb
from nb_banana._widgets.timeline import timeline
s = nb.Session(nb.Endpoint.sandbox(), tell=lambda _: None)
one = nb.chain("cat.png", session=s).edit("Make the sky stormy")
chain = one.edit("Add a red wooden boat").edit("Turn the day into night")
_ = one.edit("Make it snow").edit("Add a straw hat")
t = timeline(chain{})
t"""
STEP = ".nbb-step"


@pytest.fixture
def show(open_notebook, photo_bytes):
    """`show(…)`: a notebook with a chain of three edits and a branch, its timeline on the screen."""

    def open_one(options="", more=(), **how):
        nb = open_notebook([CHAIN.format(options), *more], files={"cat.png": photo_bytes}, **how)
        nb.run_cell(0)
        expect(nb.page.locator(STEP)).to_have_count(4)
        nb.page.locator(".nb-banana-others").click()
        nb.page.wait_for_function("() => [...document.querySelectorAll('.nbb-step img')].filter(i => i.naturalWidth).length === 6")
        return nb

    return open_one


def focused(nb):
    """The step that has the focus."""
    return nb.page.evaluate("document.activeElement.textContent")


def test_the_keyboard_walks_shows_branches_and_undoes(show):
    """Arrows move the focus through the tree, the viewer follows, B branches inside the widget and inserts no cell, Undo steps back."""
    nb = show(more=["1"])
    press, cells = nb.page.keyboard.press, nb.page.locator(".jp-Notebook .jp-Cell")
    expect(nb.page.locator(STEP)).to_have_count(6)
    expect(nb.page.locator(f"{STEP}[tabindex='0']")).to_have_count(1)
    nb.page.locator(f"{STEP}[tabindex='0']").focus()
    assert focused(nb).startswith("③Turn the day into night")
    for key, label in (("ArrowLeft", "②"), ("ArrowLeft", "①"), ("ArrowRight", "②"), ("End", "③Add a straw hat"), ("ArrowLeft", "②b"), ("Home", "0Original"),
                       ("ArrowRight", "①")):  # fmt: skip
        press(key)
        assert focused(nb).startswith(label), key
    press("d")
    press("d")
    press("Enter")
    expect(nb.page.locator("dialog.nbb-dialog")).to_be_visible()
    press("Escape")
    assert focused(nb).startswith("①")
    nb.page.wait_for_function("() => document.querySelector('.nbb-before img')?.naturalWidth === 320")
    press("b")
    expect(nb.page.locator(".nbb-status").first).to_contain_text("The chain now ends at ①")
    assert nb.python("print(len(t.chain), [r.request.prompt for r in t.chain])").strip() == "1 ['Make the sky stormy']"
    expect(cells).to_have_count(2)
    expect(nb.page.locator(".nb-banana-panel").nth(1).locator(".nbb-card img")).to_have_count(1)
    expect(nb.page.locator(".nb-banana-panel").nth(1).locator(".nb-banana-prompt textarea")).to_be_focused()
    nb.page.locator(".nb-banana-undo").click()
    expect(nb.page.locator(".nb-banana-mode").first).to_contain_text("No edits yet")
    expect(nb.page.locator(STEP)).to_have_count(6)
    expect(cells).to_have_count(2)


def test_an_edit_after_branching_becomes_a_step(show):
    """Branch, type, Edit: the new step stands at the end of the chain, and the old one on a branch."""
    nb = show()
    nb.page.locator(STEP, has_text="boat").click()
    nb.page.locator(".nb-banana-branch").click()
    panel = nb.page.locator(".nb-banana-panel").nth(1)
    panel.locator(".nb-banana-prompt textarea").fill("Add a rainbow")
    panel.locator(".nb-banana-run").click()
    expect(nb.page.locator(STEP)).to_have_count(7)
    expect(nb.page.locator(f"{STEP}[aria-selected='true']")).to_contain_text("Add a rainbow")
    expect(nb.page.locator(".nb-banana-mode").first).to_contain_text("3 edits")
    nb.screenshot("timeline-branched", ".nb-banana-timeline")


def test_an_edit_after_undo_edits_what_is_shown(show):
    """Branch, Undo, Edit, all by clicking: the picture sent is the one the chain ended with, and the words typed stayed."""
    nb = show()
    nb.page.locator(STEP, has_text="boat").click()
    nb.page.locator(".nb-banana-branch").click()
    panel = nb.page.locator(".nb-banana-panel").nth(1)
    panel.locator(".nb-banana-prompt textarea").fill("Add a rainbow")
    nb.page.locator(".nb-banana-undo").click()
    expect(nb.page.locator(".nbb-status").first).to_contain_text("The chain now ends at ①")
    expect(panel.locator(".nbb-card")).to_have_count(1)
    panel.locator(".nb-banana-run").click()
    expect(nb.page.locator(STEP)).to_have_count(7)
    expect(nb.page.locator(f"{STEP}[aria-selected='true']")).to_contain_text("Add a rainbow")
    sent = "r = s.history.records(text='Add a rainbow')[0]; print([i.sha256 for i in r.inputs] == [one.image.sha256], r.parent == one.result.record_id)"
    assert nb.python(sent).strip() == "True True"


def test_any_two_pictures_are_compared(show):
    """The two menus choose what the viewer compares, and axe-core finds nothing serious."""
    nb = show()
    nb.page.locator(".nb-banana-first select").select_option(label="0 Original")
    nb.page.locator(".nb-banana-second select").select_option(label="②b Make it snow")
    nb.page.wait_for_function("""() => document.querySelector('.nbb-before img')?.naturalWidth === 320
        && document.querySelector('.nbb-after img')?.naturalWidth === 1200""")
    nb.page.get_by_role("radio", name="Difference").check()
    assert nb.python("print(t.viewer.mode)").strip() == "difference"
    nb.page.evaluate((files("axe_playwright_python") / "axe.min.js").read_text(encoding="utf-8"))
    found = nb.page.evaluate("async () => (await axe.run('.nb-banana-timeline')).violations.map(v => [v.impact, v.id, v.nodes.map(n => n.html.slice(0, 160))])")
    assert [each for each in found if each[0] in ("serious", "critical")] == []


def test_the_plain_picture_is_saved_and_outlives_the_kernel(show):
    """The saved notebook holds the filmstrip as a small picture with text, and no HTML."""
    nb = show()
    nb.save()
    outputs = nb.saved().cells[0].outputs
    pictures = [output.data for output in outputs if "image/png" in output.data or "image/jpeg" in output.data]
    assert len(pictures) == 1 and "Turn the day into night" in pictures[0]["text/plain"]
    assert not [output for output in outputs if "text/html" in output.data]


@pytest.mark.parametrize(
    ("name", "how"),
    [
        ("light-1200", {"width": 1560}), ("dark-600", {"theme": "dark", "width": 1000, "height": 1700}),
        ("light-360", {"width": 760, "height": 1700}), ("dark-zh", {"theme": "dark", "width": 1560, "options": ", lang='zh'"}),
    ],
)  # fmt: skip
def test_it_is_looked_at(show, name, how):
    """A picture of the timeline in each theme, width and language, for people; and nothing of it is wider than its cell."""
    nb = show(**how)
    nb.page.wait_for_function("() => document.querySelector('.nbb-after img')?.naturalWidth > 0")
    nb.screenshot(f"timeline-{name}", ".nb-banana-timeline")
    assert nb.page.evaluate("""() => [...document.querySelectorAll('.nb-banana-timeline *')].filter(e =>
        e.getBoundingClientRect().right > document.querySelector('.nb-banana-timeline').getBoundingClientRect().right + 1
        && !e.closest('.nbb-code, .nbb-frame, .nbb-strip')).map(e => e.className)""") == []
