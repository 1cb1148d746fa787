"""In a real page: the key in use, what a test of it costs, the money spent and what the next click costs."""

from __future__ import annotations

import pytest
from client.misbehaving import answer, response, sends, serving
from playwright.sync_api import expect

from .test_panel_looks import serious

KEY = "sk-browser-Qx7Lm2Vb9Tz4Kd8Wp3"
MADE = """\
import ipywidgets, nb_banana as nb
session = nb.Session(nb.Endpoint("{url}", "{key}", name="apiyi"), retries=0, tell=lambda _: None, budget="0.20")
p = nb.panel("cat.png", session=session, lang={lang!r}, slot=False)
p.prompt.value = "Add a boat"
box = ipywidgets.Box([p])
box.layout.width = "360px"
box"""
INSIDE = """() => {
    const panel = document.querySelector('.nb-banana-panel'), right = panel.getBoundingClientRect().right;
    return [...panel.querySelectorAll('button, input, td, select')].filter(e => e.offsetParent && e.getBoundingClientRect().right > right + 1).length;
}"""


@pytest.mark.parametrize(("theme", "lang", "edit"), [("light", "en", "Edit · ≈ $0.09"), ("dark", "zh", "编辑 · ≈ $0.09（≈ ¥0.63）")])
def test_the_key_and_the_money_by_keyboard_in_a_narrow_cell(open_notebook, photo_bytes, theme, lang, edit):
    """Open, test, change and forget by keys alone; price, bar and ledger stand inside 360 px; axe finds nothing; the key is on no page."""
    with serving(sends(response(answer()))) as server:
        made = MADE.format(url=server.url, key=KEY, lang=lang)
        nb = open_notebook([made], files={"cat.png": photo_bytes}, theme=theme, width=1000, height=1500)
        nb.run_all()
        page = nb.page
        run, spent = page.locator("button.nb-banana-run"), page.locator("button.nb-banana-spent-open")
        expect(run).to_have_text(edit)
        run.click()
        expect(spent).to_contain_text("$0.09")
        expect(page.locator(".nb-banana-mode")).to_contain_text({"en": "ready", "zh": "就绪"}[lang])
        spent.press("Enter")
        expect(page.locator(".nb-banana-spent-ledger tr")).to_have_count(7)
        page.locator("button.nb-banana-keys-open").press("Enter")
        expect(page.locator(".nb-banana-keyring")).to_contain_text(KEY[-4:])
        page.locator("button.nb-banana-keys-test").press("Enter")
        expect(page.locator(".nb-banana-keys-said")).to_contain_text("≈ $0.02")
        assert server.posts == 1
        assert serious(nb) == [] and page.evaluate(INSIDE) == 0
        nb.screenshot(f"keys-and-money-{lang}-{theme}", ".nb-banana-panel")
        page.locator("button.nb-banana-keys-change").press("Enter")
        expect(page.locator(".nbb-key input[type=password]")).to_be_focused()
        assert serious(nb) == [] and page.evaluate(INSIDE) == 0
        assert KEY not in page.locator(".nb-banana-panel").evaluate("panel => panel.outerHTML")
        page.locator("button.nb-banana-keys-forget").press("Enter")
        expect(run).to_have_text({"en": "Edit", "zh": "编辑"}[lang])
        expect(page.locator(".nb-banana-mode")).to_contain_text("◇")


TYPING = """\
import nb_banana as nb
session = nb.Session(nb.Endpoint.sandbox(), tell=lambda _: None, budget="1")
p = nb.panel(session=session, slot=False)
p.prompt.value = "Make it night"
p"""


def test_what_is_being_typed_counts_at_ctrl_enter(open_notebook, photo_bytes):
    """A budget, a path for the tray and the words of a region count with Ctrl+Enter pressed in their own fields, as they do when the field is left."""
    nb = open_notebook([TYPING], files={"cat.png": photo_bytes}, width=1000, height=1500)
    nb.run_all()
    page, made = nb.page, nb.page.locator(".nbb-reel .nbb-is-done")
    page.locator("button.nb-banana-spent-open").click()
    budget, source = page.locator(".nb-banana-spent-ledger input"), page.locator(".nbb-source")
    expect(budget).to_have_value("1")  # the kernel fills it when the ledger is opened
    budget.fill("0.50")
    budget.press("Control+Enter")
    expect(made).to_have_count(1)
    expect(budget).to_be_focused()
    assert nb.python("print(session.budget)").strip() == "0.50"
    source.fill("cat.png")
    source.press("Control+Enter")
    expect(made).to_have_count(2)
    expect(source).to_have_value("")
    assert nb.python("print([image.name for image in p.result.request.images])").strip() == "['cat.png']"
    page.get_by_role("button", name="Region", exact=True).click()
    side = page.locator(".nbb-viewer input[type=number]").first
    side.focus()
    side.press("Control+Enter")  # nothing was typed there, so nothing is drawn
    expect(made).to_have_count(3)
    assert nb.python("print(p.result.request.mask, p.viewer.region)").strip() == "None None"
    page.locator("button.nb-banana-draw").click()
    page.get_by_text("Describe the region").click()
    words = page.get_by_label("What it shows, in words")
    words.fill("the cat's left ear")
    words.press("Control+Enter")
    expect(made).to_have_count(4)
    assert nb.python("print(p.result.request.prompt)").strip() .endswith("Change only: the cat's left ear.")
