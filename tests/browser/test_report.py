"""The page a comparison is exported as, opened from the disk in a real browser without a network."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from PIL import Image
from playwright.sync_api import Browser, Page, expect

import nb_banana as nb


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A page of eight cells, of which one was refused."""
    place = tmp_path_factory.mktemp("report")
    Image.linear_gradient("L").resize((300, 200)).convert("RGB").save(place / "sea.png")
    endpoint = nb.Endpoint.sandbox(fault=[*[None] * 7, "safety"])
    session = nb.Session(endpoint, folder=place / "history", retries=0, tell=lambda _: None)
    plan = nb.compare(
        place / "sea.png", ["Make it night", "Make it warmer"], models=["nano-banana", "nano-banana-pro"], takes=2,
        session=session,
    )  # fmt: skip
    plan.run(concurrency=1, order="plan").score("drift")
    return plan.export(place / "all.html")


@pytest.fixture(params=["light", "dark"])
def page(request: pytest.FixtureRequest, chromium: Browser, report: Path) -> Iterator[Page]:
    """It opened, wide, in this theme; a request that is not for the page itself fails the test."""
    context = chromium.new_context(viewport={"width": 1100, "height": 800}, color_scheme=request.param, offline=True)
    opened, asked = context.new_page(), []
    opened.on("request", lambda one: asked.append(one.url))
    opened.on("pageerror", lambda fault: asked.append(str(fault)))
    opened.goto(report.as_uri())
    yield opened
    assert [url for url in asked if not url.startswith(("data:", report.as_uri()))] == []
    context.close()


def test_it_is_searched_looked_at_and_readable(page: Page) -> None:
    """A search leaves what has all its words; a click opens a picture large, arrows walk, Esc goes back; narrow, nothing sticks out; no serious fault for axe; the other theme is a button away."""
    assert page.locator("article").count() == 8 and page.locator("article img").count() == 7
    for at in range(7):
        picture = page.locator("article img").nth(at)
        picture.scroll_into_view_if_needed()
        assert picture.evaluate("one => one.decode().then(() => one.naturalWidth)") > 100
    found = Axe().run(page)
    assert [one["id"] for one in found.response["violations"] if one["impact"] in ("serious", "critical")] == []

    page.fill("#search", "warmer PRO")
    assert page.locator("article:visible").count() == 2 and page.locator("#count").inner_text() == "2 of 8 shown"
    page.fill("#search", "safety")
    assert page.locator("article:visible").count() == 1
    page.fill("#search", "")

    page.locator("article .see").first.focus()
    page.keyboard.press("Enter")
    first = page.locator("#large img").get_attribute("src")
    assert page.locator("#large").is_visible() and first == page.locator("article img").first.get_attribute("src")
    page.keyboard.press("ArrowRight")
    assert page.locator("#large img").get_attribute("src") == page.locator("article img").nth(1).get_attribute("src") != first
    page.keyboard.press("Escape")
    assert not page.locator("#large").is_visible()
    expect(page.locator("article .see").nth(1)).to_be_focused()

    ground = "getComputedStyle(document.body).backgroundColor"
    before = page.evaluate(ground)
    page.click("#theme")
    assert page.evaluate(ground) != before
    page.set_viewport_size({"width": 360, "height": 700})
    assert page.evaluate("document.documentElement.scrollWidth") <= 360


def test_without_scripts_everything_stands_there(chromium: Browser, report: Path) -> None:
    """Where no script may run, pictures, reasons, figures and methods are all the same."""
    context = chromium.new_context(java_script_enabled=False, offline=True)
    opened = context.new_page()
    opened.goto(report.as_uri())
    assert opened.locator("article:visible").count() == 8 and opened.locator("table").count() >= 2
    assert "Methods" in opened.inner_text("main") and "safety" in opened.inner_text("main")
    context.close()
