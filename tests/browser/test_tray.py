"""Several pictures in the tray: their numbers, looked at large, cut, turned and extended, by mouse and by keyboard."""

from __future__ import annotations

import json

import pytest
from playwright.sync_api import expect

from .test_panel_looks import MADE, serious, show

HEARD = """() => {
    window.heard = [];
    document.querySelector('.nb-banana-panel').addEventListener('nbb-insert', event => window.heard.push(event.detail.text));
}"""
LOADED = "() => document.querySelector('.nbb-large img')?.naturalWidth > 0"
FITS = """() => {
    const dialog = document.querySelector('.nbb-large'), edge = document.documentElement.clientWidth;
    const parts = [...dialog.querySelectorAll('button, select, input')].filter(e => e.checkVisibility() && !e.dataset.side);
    return parts.filter(e => e.getBoundingClientRect().right > edge || e.getBoundingClientRect().left < 0).map(e => e.outerHTML.slice(0, 80));
}"""
SMALL = """() => [...document.querySelectorAll('.nbb-tray button')].filter(e => e.checkVisibility())
    .map(e => [e.outerHTML.slice(0, 60), e.getBoundingClientRect().width, e.getBoundingClientRect().height]).filter(([, w, h]) => w < 24 || h < 24)"""


def opened(nb):
    """The dialog with its picture in it."""
    nb.page.wait_for_function(LOADED)
    return nb.page.locator(".nbb-large")


def sizes(nb):
    """The inputs as Python holds them."""
    return json.loads(nb.python("import json; print(json.dumps([one.image.shown_size for one in p.tray.pictures]))"))


@pytest.mark.parametrize(("front", "theme", "width", "lang"), [("lab", "light", 1280, "en"), ("notebook", "dark", 360, "zh")])
def test_inputs_are_named_looked_at_and_shaped(open_notebook, photo_bytes, front, theme, width, lang):
    """A number goes to the prompt in that one's language; a picture opens large, is cut with the mouse, turned and extended by keyboard, and put
    back; axe-core finds nothing, everything fits, and the focus is never lost."""
    nb = open_notebook([MADE, "box"], files={"cat.png": photo_bytes}, front=front, theme=theme, height=900, width=width)
    nb.run_cell(0)
    call = f"make(lang='{lang}', prompt='', images=['cat.png', 'dog.jpg'])"
    nb.python("from PIL import Image; Image.open('cat.png').convert('RGB').resize((400, 200)).save('dog.jpg')")
    show(nb, call)
    page, cards = nb.page, nb.page.locator(".nbb-card")
    expect(cards.nth(1).locator("img")).to_be_visible()
    page.evaluate(HEARD)
    cards.nth(1).locator(".nbb-label").click()
    page.locator(".nb-banana-prompt textarea").fill("把狗放进")
    page.keyboard.press("Alt+1")
    page.keyboard.press("Alt+7")
    page.locator(".nb-banana-prompt textarea").fill("Put the dog on")
    page.keyboard.press("Alt+1")
    assert page.evaluate("window.heard") == ["picture 2" if lang == "en" else "图2", "图1", " picture 1"]
    page.locator(".nb-banana-prompt textarea").fill("")

    cards.nth(0).locator(".nbb-open").click()
    dialog = opened(nb)
    nb.screenshot(f"tray-large-{theme}-{lang}")
    page.keyboard.press("ArrowRight")
    expect(dialog.locator("strong")).to_contain_text("dog.jpg")
    opened(nb)
    dialog.locator("[aria-pressed]").click()
    assert page.evaluate(FITS) == []
    assert page.evaluate(SMALL) == []
    assert serious(nb) == []
    nb.screenshot(f"tray-shape-{theme}-{lang}")
    edge = dialog.locator('[data-side="e"]').bounding_box()
    stage = dialog.locator(".nbb-stage").bounding_box()
    x, y = edge["x"] + edge["width"] / 2, edge["y"] + edge["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x - stage["width"] / 4, y, steps=4)
    page.mouse.up()
    number = dialog.locator("input[type=number]")
    assert 285 < int(number.nth(2).input_value()) < 300
    number.nth(2).fill("300")
    number.nth(2).press("Tab")
    dialog.locator('[data-side="n"]').focus()
    page.keyboard.press("Shift+ArrowDown")
    page.keyboard.press("ArrowDown")
    assert [field.input_value() for field in number.all()] == ["0", "11", "300", "189"]
    nb.screenshot(f"tray-crop-{theme}-{lang}")
    dialog.locator(".nbb-shaping .nbb-row button").nth(1).click()
    expect(number.nth(3)).to_have_value("300")
    dialog.locator(".nbb-shaping > .nbb-row").last.locator("button").first.click()
    expect(dialog).to_have_count(0)
    expect(cards.nth(1).locator(".nbb-open")).to_be_focused()
    expect(cards.nth(1).locator(".nbb-name")).to_have_text("dog-cropped")
    assert sizes(nb)[1] == [189, 300]

    page.keyboard.press("Enter")
    dialog = opened(nb)
    dialog.locator("[aria-pressed]").click()
    dialog.get_by_role("checkbox").check()
    dialog.locator("select").first.select_option("16:9")
    expect(number.nth(2)).to_have_value("533")
    page.wait_for_timeout(100)
    nb.screenshot(f"tray-extend-{theme}-{lang}")
    assert page.evaluate(FITS) == []
    assert serious(nb) == []
    dialog.locator(".nbb-shaping > .nbb-row").last.locator("button").first.click()
    expect(cards.nth(1).locator(".nbb-badge").last).to_contain_text("grey" if lang == "en" else "灰色")
    nb.screenshot(f"tray-cards-{theme}-{lang}", ".nb-banana-panel")
    assert sizes(nb)[1] == [533, 300]
    assert serious(nb) == []
    for size in ([189, 300], [400, 200]):
        cards.nth(1).locator("[data-tool$=undo]").press("Enter")
        expect(cards.nth(1).locator(".nbb-open")).to_be_focused()
        assert sizes(nb)[1] == size
    cards.nth(0).locator(".nbb-open").click()
    page.keyboard.press("Escape")
    expect(cards.nth(0).locator(".nbb-open")).to_be_focused()
    moved = page.evaluate_handle("""() => {
        const data = new DataTransfer();
        data.setData('application/x-nb-banana-result', 'gone');
        return data;
    }""")
    page.locator(".nbb-zone").dispatch_event("drop", {"dataTransfer": moved})
    expect(page.locator(".nbb-problems")).to_contain_text("The result that was dropped" if lang == "en" else "找不到拖入的结果")
