"""Looking, in a real browser: a result by itself, what changed, one picture where there were two, and large ones at speed."""

from __future__ import annotations

from importlib.resources import files

import pytest
from playwright.sync_api import expect

SHOW = """import nb_banana as nb
s = nb.session(nb.Endpoint.sandbox())
r = nb.edit("cat.png", "Turn the day into night")
r.show()"""
PANEL = """import nb_banana as nb
p = nb.panel("cat.png", session=nb.Session(nb.Endpoint.sandbox(), tell=lambda _: None))
p"""
LARGE = """import io, random
from PIL import Image, ImageFilter
from nb_banana.widgets import Viewer
def large(seed):
    small = Image.frombytes("RGB", (256, 170), random.Random(seed).randbytes(256 * 170 * 3))
    out = io.BytesIO()
    small.resize((4096, 2720)).save(out, "JPEG", quality=85)
    return out.getvalue()
v = Viewer(large(1), large(2))
v"""
PICTURES = "() => [...document.querySelectorAll('.jp-OutputArea .jp-RenderedImage img, .nbb-viewer .nbb-after img')].filter(i => i.checkVisibility()).length"
HANDS = """async () => {
    const frame = document.querySelector('.nbb-frame'), box = frame.getBoundingClientRect();
    const times = [];
    const event = async (kind, type, more) => {
        const made = new kind(type, {bubbles: true, cancelable: true, clientX: box.left + box.width / 2, clientY: box.top + 50,
                                     pointerId: 1, button: 0, ...more});
        const began = performance.now();
        frame.dispatchEvent(made);
        times.push(performance.now() - began);
        await new Promise(done => requestAnimationFrame(() => setTimeout(done)));
    };
    frame.setPointerCapture = () => {};
    await event(PointerEvent, 'pointerdown', {});
    for (let at = 0; at < 40; at++) await event(PointerEvent, 'pointermove', {clientX: box.left + box.width * at / 40});
    await event(PointerEvent, 'pointerup', {});
    for (let at = 0; at < 40; at++) await event(WheelEvent, 'wheel', {ctrlKey: true, deltaY: at < 20 ? -60 : 60});
    return times;
}"""
"""A pointer that slides and a wheel that zooms, each event once the last one is drawn: the script of each event, in ms."""


def serious(nb, where):
    """What axe-core finds serious or critical in a part of the page."""
    nb.page.evaluate((files("axe_playwright_python") / "axe.min.js").read_text(encoding="utf-8"))
    found = nb.page.evaluate("""async where => (await axe.run(where)).violations
        .map(v => [v.impact, v.id, v.nodes.map(n => n.html.slice(0, 160))])""", where)
    return [each for each in found if each[0] in ("serious", "critical")]


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_a_result_by_itself(open_notebook, photo_bytes, theme):
    """The viewer opens on any result with its words, the difference has a legend, and the picture is seen once and saved."""
    nb = open_notebook([SHOW], files={"cat.png": photo_bytes}, theme=theme, width=1560)
    nb.run_cell(0)
    nb.page.wait_for_function("() => document.querySelector('.nbb-after img')?.naturalWidth > 0")
    assert nb.page.evaluate(PICTURES) == 1
    expect(nb.page.locator(".nbb-info")).to_contain_text("Turn the day into night")
    expect(nb.page.locator(".nbb-scale")).to_be_hidden()
    nb.page.get_by_role("radio", name="Difference").check()
    nb.page.wait_for_function("() => document.querySelector('.nbb-map img')?.naturalWidth > 0")
    expect(nb.page.locator(".nbb-legend")).to_contain_text("strongly changed")
    expect(nb.page.locator(".nbb-legend")).to_contain_text("% changed · aligned")
    assert serious(nb, ".nbb-viewer") == []
    nb.screenshot(f"looking-difference-{theme}", ".jp-Notebook")
    nb.save()
    outputs = nb.saved().cells[0].outputs
    assert len([one for one in outputs if {"image/png", "image/jpeg"} & set(one.get("data", {}))]) == 1
    nb.page.locator(".nbb-frame").focus()
    nb.page.get_by_role("button", name="Full screen").click()
    expect(nb.page.locator("dialog.nbb-dialog")).to_be_visible()
    nb.page.keyboard.press("Escape")
    expect(nb.page.get_by_role("button", name="Full screen")).to_be_focused()


@pytest.mark.parametrize("front", ["lab", "notebook"])
def test_under_a_live_panel_the_picture_stands_once(open_notebook, photo_bytes, front):
    """The plain picture is hidden while the panel shows it, comes back when the kernel is gone, and is in the saved notebook."""
    nb = open_notebook([PANEL], front=front, files={"cat.png": photo_bytes}, width=1560)
    nb.run_cell(0)
    nb.page.locator(".nb-banana-prompt textarea").fill("Turn the day into night")
    nb.page.locator(".nb-banana-run").click()
    expect(nb.page.locator(".nbb-status")).to_contain_text("Done")
    nb.page.wait_for_function("() => document.querySelector('.nbb-after img')?.naturalWidth > 0 && document.querySelector('.jp-RenderedImage img')")
    assert nb.page.evaluate(PICTURES) == 1
    expect(nb.page.locator(".jp-RenderedText").last).to_contain_text("sandbox, free")
    nb.save()
    assert [one for one in nb.saved().cells[0].outputs if {"image/png", "image/jpeg"} & set(one.get("data", {}))]
    nb.screenshot(f"looking-once-{front}", ".jp-Notebook")
    lost = "dataset.state = 'gone'" if front == "lab" else "classList.add('jupyter-widgets-disconnected')"
    nb.page.locator(".nb-banana-panel").evaluate(f"panel => {{ panel.{lost}; }}")
    expect(nb.page.locator(".jp-RenderedImage img")).to_be_visible()
    if front == "notebook":
        nb.shut_down()
        nb.page.goto(nb.address)
        expect(nb.page.locator(".jp-RenderedImage img")).to_be_visible(timeout=60_000)


def test_large_pictures_slide_and_zoom_at_speed(open_notebook):
    """Two pictures of 4K: no event takes more than 8 ms of script; where something else draws, no region is offered."""
    nb = open_notebook([LARGE], width=1560)
    nb.run_cell(0)
    nb.page.wait_for_function("() => [...document.querySelectorAll('.nbb-before img, .nbb-after img')].filter(i => i.naturalWidth > 0).length === 2")
    # Each event at its best of three: what slows a page down is there each time, a busy machine is not.
    runs = [nb.page.evaluate(HANDS) for _ in range(3)]
    assert max(map(min, zip(*runs, strict=True))) <= 8, runs
    expect(nb.page.get_by_role("button", name="Region")).to_be_visible()
    nb.python("v.drawable = True")
    expect(nb.page.get_by_role("button", name="Region")).to_be_hidden()
