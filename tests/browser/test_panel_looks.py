"""What people see and reach: accessibility by axe-core, both themes, widths, two languages, Voilà."""

from __future__ import annotations

import hashlib
import re
import time
from importlib.resources import files

import pytest
from playwright.sync_api import expect

from .test_panel import DECODED, choose, pick, prompt, status

MADE = """\
import ipywidgets, nb_banana as nb
def make(width=None, lang=None, images='cat.png', prompt='Turn the day into night', **fault):
    global p
    p = nb.panel(images, session=nb.Session(nb.Endpoint.sandbox(**fault), retries=0, tell=lambda _: None), lang=lang, slot=False)
    p.prompt.value = prompt
    box = ipywidgets.Box([p])
    box.layout.width = f'{width}px' if width else '100%'
    return box
"""
AXE = "async () => (await axe.run('.nb-banana-panel')).violations.map(v => [v.impact, v.id, v.nodes.map(n => n.html.slice(0, 120))])"


def serious(nb):
    """What axe-core finds serious or critical inside the panel."""
    nb.page.evaluate((files("axe_playwright_python") / "axe.min.js").read_text(encoding="utf-8"))
    return [found for found in nb.page.evaluate(AXE) if found[0] in ("serious", "critical")]


def show(nb, call):
    """Put a new panel on the screen."""
    nb.python(f"box = {call}")
    nb.run_cell(1)
    expect(nb.page.locator(".nb-banana-panel")).to_have_attribute("data-state", "loaded")


def run(nb):
    """Click, and wait for an end of any kind."""
    nb.page.locator(".nb-banana-run").click()
    ends = re.compile("^(done|partial|no_image|blocked|error)$")
    expect(nb.page.locator(".nb-banana-panel")).to_have_attribute("data-state", ends, timeout=20_000)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_nothing_serious_for_axe_in_any_state(open_notebook, photo_bytes, theme):
    """Loaded, done with everything unfolded, blocked, failed, partial, stopped: axe-core finds nothing serious."""
    nb = open_notebook([MADE, "box"], files={"cat.png": photo_bytes}, theme=theme, height=1200)
    nb.run_cell(0)
    show(nb, "make(prompt='Make it better', images=['cat.png', 'cat.png'])")
    assert serious(nb) == []
    nb.screenshot(f"state-loaded-{theme}", ".nb-banana-panel")
    run(nb)
    nb.page.wait_for_function(DECODED, arg=1200)
    nb.page.locator(".nbb-code summary").click()
    nb.page.locator(".nb-banana-keys-open").click()
    expect(nb.page.locator(".nbb-key")).to_be_visible()
    assert serious(nb) == []
    nb.screenshot(f"state-done-{theme}", ".nb-banana-panel")
    for fault in ("safety", "no_image", "quota"):
        show(nb, f"make(fault='{fault}')")
        run(nb)
        assert serious(nb) == [], fault
        nb.screenshot(f"state-{fault}-{theme}", ".nb-banana-panel")
    show(nb, "make(delay=10)")
    nb.page.locator(".nb-banana-run").click()
    expect(status(nb)).to_contain_text("Working, 1 s")
    assert serious(nb) == []
    nb.screenshot(f"state-running-{theme}", ".nb-banana-panel")
    nb.page.locator(".nb-banana-stop").click()
    expect(status(nb)).to_contain_text("Stopped")
    nb.screenshot(f"state-cancelled-{theme}", ".nb-banana-panel")


FITS = """() => {
    const panel = document.querySelector('.nb-banana-panel'), edge = panel.getBoundingClientRect();
    const seen = [...panel.querySelectorAll('button, select, textarea, input, summary, .nbb-card, .nbb-reel')].filter(e => e.checkVisibility() && !e.closest('.nbb-tile'));
    return {width: edge.width,
            out: seen.filter(e => e.getBoundingClientRect().right > edge.right + 1).map(e => e.outerHTML.slice(0, 90)),
            small: seen.filter(e => e.getBoundingClientRect().height < 23.9).map(e => e.outerHTML.slice(0, 90))};
}"""


def test_it_fits_from_360_to_1600_pixels(open_notebook, photo_bytes):
    """At every width nothing sticks out of the panel, and every control is at least 24 pixels high: after an edit, and with
    pixels, quality and a setting to be mended; a strip longer than the panel scrolls inside it."""
    nb = open_notebook([MADE, "box"], files={"cat.png": photo_bytes}, width=2100, height=1400)
    nb.run_cell(0)
    for width in (360, 600, 1200, 1600):
        show(nb, f"make({width}, images=['cat.png', 'cat.png'])")
        nb.python(f"p.takes.value = {4 if width == 360 else 1}")
        run(nb)
        nb.page.wait_for_function(DECODED, arg=1200)
        for state in ("done", "mend"):
            found = nb.page.evaluate(FITS)
            assert found["out"] == [] and found["small"] == [], (width, state)
            assert found["width"] <= width + 1
            nb.screenshot(f"width-{width}-{state}", ".nb-banana-panel")
            if width == 360:
                assert nb.page.locator(".nbb-reel").evaluate("reel => reel.scrollWidth > reel.clientWidth")
            if state == "done":
                nb.python("p.model.value, p.image_size.value, p.pixels.value = 'gpt-image-flare', 'own', '641x368'")
                expect(nb.page.locator(".nb-banana-nearest")).to_be_visible()
    assert serious(nb) == []


def test_chinese_follows_the_page_and_the_argument(open_notebook, photo_bytes):
    """A page in zh-CN makes the panel Chinese by itself; the picture is for looking at."""
    cells = ["import nb_banana as nb\np = nb.panel('cat.png', slot=False)", "p"]
    nb = open_notebook(cells, files={"cat.png": photo_bytes}, fresh=True)  # it changes the page's language
    nb.run_cell(0)
    nb.page.evaluate("() => { document.documentElement.lang = 'zh-CN'; }")
    nb.run_cell(1)
    expect(nb.page.locator(".nb-banana-run")).to_have_text("编辑")
    expect(nb.page.locator(".nb-banana-mode")).to_contain_text("沙盒模式")
    prompt(nb, "把白天变成夜晚")
    nb.page.locator(".nb-banana-run").click()
    expect(status(nb)).to_contain_text("完成：1200×896")
    nb.page.wait_for_function(DECODED, arg=1200)
    nb.screenshot("panel-zh", ".nb-banana-panel")


def test_voila_shows_panel_and_result(open_notebook, photo_bytes):
    """In Voilà the same panel edits and shows its result inside itself; there is no slot."""
    nb = open_notebook(["import nb_banana as nb\np = nb.panel()\np"], front="voila", files={"cat.png": photo_bytes})
    expect(nb.page.locator(".nb-banana-panel")).to_be_visible(timeout=30_000)
    choose(nb, nb.folder / "cat.png")
    expect(nb.page.locator(".nbb-card img")).to_have_count(1)
    prompt(nb, "Turn the day into night")
    pick(nb, "aspect_ratio", "16:9")
    nb.page.locator(".nb-banana-run").click()
    expect(status(nb)).to_contain_text("Done: 1376×768")
    nb.page.wait_for_function(DECODED, arg=1376)
    assert nb.page.locator(".jp-RenderedImage img").count() == 0
    with nb.page.expect_download() as download:
        nb.page.get_by_role("button", name="Download").click()
    assert download.value.path().read_bytes()[16:24] == (1376).to_bytes(4, "big") + (768).to_bytes(4, "big")
    nb.screenshot("panel-voila")


def test_the_viewer_by_keyboard_and_its_original_bytes(open_notebook, photo_bytes, jupyter_server):
    """Slider, zoom, pan, hold Space, full screen; Download and Copy give the original."""
    nb = open_notebook([MADE, "box"], files={"cat.png": photo_bytes}, height=1200)
    nb.run_cell(0)
    show(nb, "make()")
    run(nb)
    nb.page.wait_for_function(DECODED, arg=1200)
    split, frame = nb.page.locator(".nbb-split"), nb.page.locator(".nbb-viewer .nbb-frame")
    split.focus()
    nb.page.keyboard.press("Home")
    assert split.get_attribute("aria-valuetext") == "100 % edited"
    nb.page.keyboard.press("End")
    assert split.get_attribute("aria-valuetext") == "0 % edited"
    frame.focus()
    nb.page.keyboard.down("Space")
    expect(nb.page.locator(".nbb-after")).to_have_css("visibility", "hidden")
    nb.page.keyboard.up("Space")
    expect(nb.page.locator(".nbb-after")).to_have_css("visibility", "visible")
    nb.page.keyboard.press("1")
    expect(nb.page.get_by_role("button", name="100 %")).to_have_attribute("aria-pressed", "true")
    shown = "document.querySelector('.nbb-after img').getBoundingClientRect().width * devicePixelRatio"
    assert abs(nb.page.evaluate(shown) - 1200) < 1.5
    nb.page.keyboard.press("ArrowRight")
    nb.page.keyboard.press("0")
    expect(nb.page.get_by_role("button", name="Fit")).to_have_attribute("aria-pressed", "true")
    for mode in ("Side by side", "Blink", "Difference", "Slider"):
        nb.page.get_by_role("radio", name=mode).check(force=True)
        nb.screenshot(f"viewer-{mode.split()[0].lower()}", ".nbb-viewer")
    assert nb.python("print(p.viewer.mode)").strip() == "slider"
    nb.page.get_by_role("button", name="Full screen").click()
    expect(nb.page.locator(".nbb-viewer dialog.nbb-dialog")).to_be_visible()
    word = nb.page.get_by_role("button", name="Download").locator("span").last
    assert word.bounding_box()["width"] > 30  # there is room for words, however narrow the panel
    nb.screenshot("viewer-full")
    nb.page.keyboard.press("Escape")
    expect(nb.page.locator(".nbb-viewer dialog.nbb-dialog")).to_be_hidden()
    expect(nb.page.get_by_role("button", name="Full screen")).to_be_focused()
    with nb.page.expect_download() as download:
        nb.page.get_by_role("button", name="Download").click()
    digest = hashlib.sha256(download.value.path().read_bytes()).hexdigest()
    assert digest == nb.python("print(p.result.image.sha256)").strip()
    nb.context.grant_permissions(["clipboard-read", "clipboard-write"], origin=jupyter_server.url)
    nb.page.locator(".nbb-viewer").get_by_role("button", name="Copy").click()
    said = nb.page.locator(".nbb-viewer .nbb-take button", has_text="Copied").locator("span").last
    expect(said).to_be_visible()
    assert said.bounding_box()["width"] > 20  # a sign for eyes too, though a narrow panel shows no words there
    nb.page.wait_for_function("""async () => {
        const [item] = await navigator.clipboard.read();
        const image = await createImageBitmap(await item.getType('image/png'));
        return image.width === 1200 && image.height === 896;
    }""")


def test_from_click_to_picture_is_quick(open_notebook, photo_bytes):
    """The panel stands there within a second of its cell; a 4K picture is on the screen within seconds of its arrival."""
    nb = open_notebook([MADE, "box"], files={"cat.png": photo_bytes})
    nb.run_cell(0)
    nb.python("box = make(); box")
    took = nb.page.evaluate("""async () => {
        const start = performance.now(), notebook = window.jupyterapp.shell.currentWidget.content;
        notebook.deselectAll(); notebook.activeCellIndex = 1;
        window.jupyterapp.commands.execute('notebook:run-cell');
        while (!document.querySelector('.nb-banana-panel .nbb-choose')?.checkVisibility()) await new Promise(requestAnimationFrame);
        return performance.now() - start;
    }""")
    print(f"panel visible after {took:.0f} ms")
    assert took < 3_000
    nb.python("""
import time
arrived = []
p.on_result(lambda result: arrived.append(time.time()))
p.aspect_ratio.value, p.image_size.value = '16:9', '4K'""")
    nb.page.locator(".nb-banana-run").click()
    nb.page.wait_for_function("() => document.querySelector('.nbb-after img')?.naturalWidth > 1000", timeout=60_000, polling="raf")
    seen = time.time()
    while nb.python("print(len(arrived))").strip() == "0":
        assert time.time() < seen + 60
    beyond = seen - float(nb.python("print(arrived[0])"))
    print(f"4K picture on the screen {beyond * 1000:.0f} ms after it was in the kernel")
    assert beyond < 5


def test_a_region_by_pointer_and_by_numbers(open_notebook, photo_bytes):
    """Dragged on the picture or typed, the region is what the edit may change; after it, it is measured by itself."""
    nb = open_notebook([MADE, "box"], files={"cat.png": photo_bytes}, height=1400)
    nb.run_cell(0)
    show(nb, "make()")
    nb.page.wait_for_function("() => document.querySelector('.nbb-before img')?.naturalWidth === 320")
    nb.page.get_by_role("button", name="Region").click()
    box = nb.page.locator(".nbb-before img").bounding_box()
    nb.page.mouse.move(box["x"] + box["width"] * 0.25, box["y"] + box["height"] * 0.2)
    nb.page.mouse.down()
    nb.page.mouse.move(box["x"] + box["width"] * 0.5, box["y"] + box["height"] * 0.5)
    nb.page.mouse.move(box["x"] + box["width"] * 0.75, box["y"] + box["height"] * 0.6)
    nb.page.mouse.up()
    expect(nb.page.locator(".nb-banana-says")).to_contain_text("takes no mask")
    drawn = [float(each) for each in nb.python("print(*p.viewer.region)").split()]
    assert all(abs(a - b) < 0.01 for a, b in zip(drawn, (0.25, 0.2, 0.5, 0.4), strict=True)), drawn
    for name, value in (("Left", "20"), ("Top", "0"), ("Width", "60"), ("Height", "50")):
        nb.page.locator(".nbb-viewer").get_by_label(name, exact=False).and_(nb.page.locator("[type=number]")).fill(value)
        nb.page.keyboard.press("Enter")
    expect(nb.page.locator(".nbb-before .nbb-outline")).to_have_attribute("style", re.compile("left: 20%.*width: 60%"))
    assert serious(nb) == []
    run(nb)
    nb.page.wait_for_function(DECODED, arg=1200)
    assert nb.python("print(p.viewer.region)").strip() == "(0.2, 0.0, 0.6, 0.5)"
    assert nb.python("print(p.result.request.mask.shown_size)").strip() == "(320, 240)"
    expect(nb.page.locator(".nb-banana-figures")).to_contain_text("outside: ")
    nb.screenshot("viewer-region", ".nb-banana-panel")
    split = nb.page.locator(".nbb-split")
    assert split.input_value() == "50"
    nb.page.locator(".nbb-viewer").get_by_role("button", name="Clear").click()
    expect(nb.page.locator(".nbb-before .nbb-outline")).to_be_hidden()
    expect(nb.page.locator(".nb-banana-says")).to_be_hidden()  # the figures stay: they are of the result, by its own mask


def test_two_results_compared_on_the_screen(open_notebook, photo_bytes):
    """The comparison menu shows the difference of two results, and a table that names what differs."""
    nb = open_notebook([MADE, "box"], files={"cat.png": photo_bytes}, height=1400)
    nb.run_cell(0)
    show(nb, "make()")
    run(nb)
    prompt(nb, "Make it snow")
    nb.page.locator(".nb-banana-run").click()
    expect(nb.page.locator(".nb-banana-compare select")).to_be_visible()
    pick(nb, "compare", "1 · Turn the day into night")
    expect(nb.page.locator(".nb-banana-compared")).to_contain_text("≠ differs")
    expect(nb.page.locator(".nbb-viewer .nbb-main")).to_have_class(re.compile("nbb-mode-difference"))
    assert serious(nb) == []
    nb.screenshot("panel-compared", ".nb-banana-panel")
    pick(nb, "compare", "Compare with…")
    expect(nb.page.locator(".nb-banana-compared")).to_be_hidden()


def test_the_camera_is_there_only_when_asked_for(open_notebook):
    """`Tray(camera=True)` takes one frame of the camera and turns it off; an ordinary tray gets the button when it is told to."""
    nb = open_notebook(["from nb_banana.widgets import Tray\nt = Tray(camera=True)\nt", "other = Tray()\nother"])
    nb.run_all()
    expect(nb.page.locator(".nbb-tray")).to_have_count(2)
    expect(nb.page.get_by_role("button", name="Camera", exact=True)).to_have_count(1)
    nb.page.get_by_role("button", name="Camera", exact=True).click()
    nb.page.wait_for_function("() => document.querySelector('video').videoWidth > 0")
    nb.page.get_by_role("button", name="Take the picture").click()
    expect(nb.page.locator(".nbb-card img")).to_have_count(1)
    expect(nb.page.locator("video").first).to_be_hidden()
    shot = nb.python("print(t.images[0].mime_type, t.pictures[0].name, t.images[0].width > 100)")
    assert shot.split() == ["image/jpeg", "camera.jpg", "True"]
    for wished, count in ((True, 2), (False, 1)):
        nb.python(f"other.camera = {wished}")
        expect(nb.page.get_by_role("button", name="Camera", exact=True)).to_have_count(count)
