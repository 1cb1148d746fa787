"""The strip of results and the queue in a real browser: by mouse, by keys, dragged, and after a restart."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from .test_panel import history, status

SLOW = (
    "import nb_banana as nb\n"
    "s = nb.session(nb.Endpoint.sandbox(delay=4))\n"
    "p = nb.panel('cat.png')\np"
)
TILES = ".nbb-reel .nbb-tile"
STATES = "() => [...document.querySelectorAll('.nbb-reel .nbb-tile')].map(one => one.className.match(/nbb-is-(\\w+)/)[1])"


def ask(nb, text):
    """Type an instruction and press Ctrl+Enter in it."""
    box = nb.page.locator(".nb-banana-prompt textarea")
    box.fill(text)
    box.press("Control+Enter")


def wait_for(nb, *states):
    """Until the tiles are in these states."""
    nb.page.wait_for_function(f"states => JSON.stringify(({STATES})()) === JSON.stringify(states)", arg=list(states))


def test_a_long_strip_scrolls_to_its_newest(open_notebook, photo_bytes):
    """More results than fit scroll inside the panel, the newest is in sight, and the star of the one shown is too."""
    nb = open_notebook([SLOW.replace("delay=4", "")], files={"cat.png": photo_bytes}, width=900)
    nb.run_cell(0)
    nb.page.locator(".nbb-card img").wait_for()
    nb.python("p.takes.value = 4")
    for at, text in enumerate(("Make it night", "Make it snow"), 1):
        ask(nb, text)
        wait_for(nb, *["done"] * 4 * at)
    reel, panel = nb.page.locator(".nbb-reel"), nb.page.locator(".nb-banana-panel")
    assert reel.evaluate("reel => reel.scrollWidth > reel.clientWidth")
    ends = [one.evaluate("one => one.getBoundingClientRect().right") for one in (reel, panel)]
    assert ends[0] < ends[1]
    nb.page.locator(f"{TILES} .nbb-look").nth(7).click()
    shown = nb.page.locator(TILES).nth(7)
    expect(shown.locator(".nbb-look")).to_have_attribute("aria-current", "true")
    nb.page.mouse.move(1, 1)
    assert shown.evaluate("one => one.getBoundingClientRect().right") <= ends[0]
    nb.page.locator(".nb-banana-prompt textarea").focus()
    expect(shown.locator(".nbb-star")).to_have_css("opacity", "1")


@pytest.mark.parametrize("front", ["lab", "notebook"])
def test_the_strip_by_mouse_and_keys(open_notebook, photo_bytes, front):
    """A click more waits and can be dropped; tiles are walked, starred, gone back from; a restarted kernel finds them."""
    nb = open_notebook([SLOW], front=front, files={"cat.png": photo_bytes}, width=1200)
    nb.run_cell(0)
    nb.page.locator(".nbb-card img").wait_for()
    ask(nb, "Turn the day into night")
    wait_for(nb, "running")
    ask(nb, "Make it snow")
    wait_for(nb, "running", "waiting")
    ask(nb, "Anime")
    wait_for(nb, "running", "waiting", "waiting")
    nb.page.locator(TILES).nth(2).get_by_role("button", name="Drop").click()
    wait_for(nb, "running", "waiting")
    wait_for(nb, "done", "done")
    assert len(history(nb)) == 2
    first, second = nb.page.locator(f"{TILES} .nbb-look").all()
    expect(second).to_have_attribute("aria-current", "true")
    second.focus()
    nb.page.keyboard.press("ArrowLeft")
    expect(first).to_be_focused()
    nb.page.keyboard.press("Enter")
    expect(first).to_have_attribute("aria-current", "true")
    nb.page.keyboard.press("s")
    expect(nb.page.locator(TILES).first.locator(".nbb-star")).to_have_attribute("aria-pressed", "true")
    expect(nb.page.locator(f"{TILES} .nbb-look").first).to_be_focused()  # its tile was made anew
    assert [row["starred"] for row in history(nb)] == [1, 0]
    nb.page.keyboard.press("d")
    nb.page.keyboard.press("d")  # the notebook's shortcut for deleting a cell
    expect(nb.page.locator(TILES)).to_have_count(2)
    nb.page.locator("button.nb-banana-continue").click()
    expect(nb.page.locator(".nbb-card .nbb-name")).not_to_have_text("cat.png")
    nb.page.locator("button.nb-banana-back").click()
    expect(nb.page.locator(".nbb-card .nbb-name")).to_have_text("cat.png")
    if front == "lab":
        nb.page.evaluate("() => window.jupyterapp.shell.currentWidget.context.sessionContext.session.kernel.restart()")
        expect(status(nb)).to_have_attribute("data-state", "gone")
        nb.wait_idle()
        nb.run_cell(0)
        wait_for(nb, "done", "done")
        expect(nb.page.locator(TILES).first.locator(".nbb-star")).to_have_attribute("aria-pressed", "true")
        expect(nb.page.locator(".nbb-card .nbb-name")).to_have_text("cat.png")


def test_a_result_is_dragged_to_the_tray_and_into_a_cell(open_notebook, photo_bytes):
    """Onto the tray it is one more input; into a cell it is code that finds it; its file is offered to the desktop."""
    nb = open_notebook([SLOW.replace("delay=4", "delay=0"), ""], files={"cat.png": photo_bytes}, width=1200, height=1500)
    nb.run_cell(0)
    nb.page.locator(".nbb-card img").wait_for()
    ask(nb, "Turn the day into night")
    wait_for(nb, "done")
    tile = nb.page.locator(f"{TILES} .nbb-look").first
    nb.page.evaluate("""() => {
        window.dragged = {};
        document.addEventListener('dragstart', ({dataTransfer}) => {
            for (const type of dataTransfer.types) window.dragged[type.toLowerCase()] = dataTransfer.getData(type);
        });
    }""")
    tile.hover()
    nb.page.mouse.down()
    nb.page.wait_for_timeout(1500)  # its original is there by now
    nb.page.mouse.up()
    tile.drag_to(nb.page.locator(".nbb-zone"))
    expect(nb.page.locator(".nbb-card")).to_have_count(2)
    dragged = nb.page.evaluate("() => window.dragged")
    assert dragged["downloadurl"].startswith("application/octet-stream:edited-") and ":blob:http" in dragged["downloadurl"]
    tile.drag_to(nb.page.locator(".jp-CodeCell .cm-content").last)
    code = nb.page.locator(".jp-CodeCell .cm-content").last.inner_text()
    assert history(nb)[0]["id"] and code.strip() == f'nb.history()["{dragged["application/x-nb-banana-result"]}"]'
    shown = nb.python(f"print(({code.strip()}).image.sha256 == p.results[0].image.sha256)")
    assert shown.strip() == "True"
