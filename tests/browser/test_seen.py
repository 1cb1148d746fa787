"""What stands under a picture is seen: on the screen of Lab, Notebook 7 and Voilà, and of a page that nbconvert wrote."""

from __future__ import annotations

import re
import time
from pathlib import Path

import pytest
import talker
from nbconvert import HTMLExporter
from playwright.sync_api import expect

WORDS = "I could not add the hat, so I only changed the sky."
SAID = re.compile(re.escape(f"model: “{WORDS}”"))
CAPTION = re.compile(r"480×360 · gemini-3-pro-image-preview · price unknown")
WARNED = re.compile(r"⚠ .*16:9.*480×360")
SETUP = f"""import nb_banana as nb, talker
session = nb.session(nb.Session(nb.Endpoint(talker.start("{WORDS}"), "test-key"), tell=lambda _: None))
%load_ext nb_banana
"""
EDIT = 'nb.edit("cat.png", "Add a hat", aspect_ratio="16:9")'
MAGIC = "%%banana cat.png -r 16:9 --take 2\nAdd a hat"
GRID = 'nb.compare(["cat.png", "nowhere.png"], "Add a hat", aspect_ratios=["16:9", "1:1"]).run()'
CHAIN = 'nb.chain("cat.png").edit("Add a hat", aspect_ratio="16:9").edit("Make it night", aspect_ratio="16:9")'
PANEL = """panel = nb.panel("cat.png")
panel.prompt.value, panel.aspect_ratio.value = "Add a hat", "16:9"
panel"""
OUTPUT = ".jp-OutputArea-output"
ON_SCREEN = """(root, pattern) => {
    const found = [], walk = document.createTreeWalker(root, NodeFilter.SHOW_TEXT), wanted = new RegExp(pattern, 'g');
    for (let text; (text = walk.nextNode());) {
        for (const hit of text.data.matchAll(wanted)) {
            text.parentElement.scrollIntoView({block: 'center'});
            const range = document.createRange();
            range.setStart(text, hit.index);
            range.setEnd(text, hit.index + hit[0].length);
            const box = range.getBoundingClientRect(), frame = root.getBoundingClientRect();
            const at = [box.left + 3, box.top + 5];
            found.push(box.width > 50 && box.height > 8 && box.left >= frame.left - 1 && box.right <= frame.right + 1
                && text.parentElement.checkVisibility({checkOpacity: true, checkVisibilityCSS: true})
                && root.contains(document.elementFromPoint(...at)));
        }
    }
    return found;
}"""


def seen(page, pattern, times):
    """An output says this so many times, and once the page stands still a person can see each: in its output, uncovered."""
    end, found = time.monotonic() + 30, None
    while found != [True] * times:
        assert time.monotonic() < end, f"{pattern.pattern}: {found}, not {times} times on the screen"
        outputs = page.locator(OUTPUT).all()
        found = [place for output in outputs for place in output.evaluate(ON_SCREEN, pattern.pattern)]


@pytest.fixture
def files(photo_bytes):
    """What the cells need beside the notebook."""
    return {"cat.png": photo_bytes, "talker.py": Path(talker.__file__).read_bytes()}


@pytest.mark.parametrize("front", ["lab", "notebook", "voila"])
def test_caption_warnings_and_the_models_words_are_on_the_screen(open_notebook, files, front):
    """Under a result, a magic's, a grid and a chain each of them can be read, wherever the notebook is opened."""
    nb = open_notebook([SETUP + EDIT, MAGIC, GRID, CHAIN], front=front, files=files)
    if front != "voila":
        nb.run_all()
    expect(nb.page.locator(OUTPUT, has_text="2 edits · 2 edits, price unknown").last).to_be_visible()
    seen(nb.page, CAPTION, 4)  # the result, the magic's, two steps
    seen(nb.page, WARNED, 5)  # … and the grid
    seen(nb.page, SAID, 5)
    seen(nb.page, re.compile("⊘ #2, #3: .*nowhere.png"), 1)
    nb.screenshot(f"seen-{front}")


@pytest.mark.parametrize("front", ["lab", "notebook", "voila"])
def test_under_a_panel_they_are_on_the_screen(open_notebook, files, front):
    """After Edit is pressed: under the panel's plain picture, and in Voilà, which updates no output, in the panel."""
    nb = open_notebook([SETUP + PANEL], front=front, files=files)
    if front != "voila":
        nb.run_all()
    nb.page.locator(".nb-banana-run").click()
    expect(nb.page.locator(".nbb-status")).to_contain_text("Done: 480×360")
    expect(nb.page.locator(OUTPUT).get_by_text(WORDS).last).to_be_visible()
    seen(nb.page, re.compile(re.escape(WORDS)), 1 if front == "voila" else 2)
    seen(nb.page, WARNED, 1 if front == "voila" else 2)
    seen(nb.page, CAPTION, 0 if front == "voila" else 1)
    nb.screenshot(f"seen-panel-{front}")


def test_a_saved_notebook_and_its_export_show_them(open_notebook, chromium, files, tmp_path):
    """Saved and exported by nbconvert, the page that Chromium opens says the same, with no kernel behind it."""
    nb = open_notebook([SETUP + EDIT, GRID, CHAIN], files=files)
    nb.run_all()
    nb.save()
    page = tmp_path / "page.html"
    page.write_text(HTMLExporter(exclude_input=True).from_notebook_node(nb.saved())[0], encoding="utf-8")
    context = chromium.new_context(java_script_enabled=True, offline=True)
    try:
        opened = context.new_page()
        opened.goto(page.as_uri(), wait_until="domcontentloaded")
        seen(opened, CAPTION, 3)
        for line in (WARNED, SAID):
            seen(opened, line, 4)
    finally:
        context.close()


@pytest.mark.parametrize(
    ("name", "how"), [("light", {}), ("dark", {"theme": "dark"}), ("360", {"width": 720, "height": 1400})]
)
def test_it_is_looked_at(open_notebook, files, name, how):
    """A picture of a result and of a grid for people, in both themes and in a narrow cell; nothing runs out of the cell."""
    nb = open_notebook([SETUP + EDIT, GRID], files=files, **how)
    nb.run_all()
    expect(nb.page.locator(OUTPUT, has_text=WORDS).last).to_be_visible()
    for line in (WARNED, SAID):
        seen(nb.page, line, 2)
    for index, part in enumerate(("result", "grid")):
        nb.page.locator(".jp-CodeCell").nth(index).screenshot(path=nb.screenshot(f"seen-{part}-{name}"))
