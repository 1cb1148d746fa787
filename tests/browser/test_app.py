"""The app for a class in two browsers: each visitor has a page, a history and pictures of their own."""

from __future__ import annotations

import re
from importlib.resources import files

from app.class_kit import school
from playwright.sync_api import Browser, Page, expect

from .lab import ARTIFACTS, free_port

PICTURES = "() => [...document.images].filter(one => one.naturalWidth > 0 && one.checkVisibility()).length"
WORDS = "Make it a moonlit night in Ulm"


def visit(chromium: Browser, url: str, name: str, outside: list[str], **how: object) -> Page:
    """A browser of its own: in by the door, under a name, to the studio."""
    context = chromium.new_context(viewport={"width": 1100, "height": 1000}, **how)
    context.set_default_timeout(60_000)
    context.on("request", lambda one: outside.append(one.url) if not one.url.startswith((url, url.replace("http", "ws", 1), "data:", "blob:")) else None)
    page = context.new_page()
    page.goto(url)
    page.locator("#name").fill(name)
    page.locator("form button").click()
    expect(page.locator(".nb-banana-panel .nbb-status").first).to_be_visible(timeout=60_000)
    return page


def test_two_visitors_edit_beside_each_other_and_see_their_own(chromium, tmp_path, photo_bytes):
    """Ann uploads and edits in English, Bo finds nothing of hers in Chinese; loaded again, her picture is there; the teacher sees both; nothing is asked of anybody else."""
    outside: list[str] = []
    with school(tmp_path, free_port(), "--keep", "14", "--budget-each", "1.50") as klass:
        ann = visit(chromium, klass.url, "Ann", outside, locale="en-US")
        bo = visit(chromium, klass.url, "Bo", outside, locale="zh-CN")
        panel = ann.locator(".nb-banana-panel").first
        expect(panel).to_contain_text("deleted after 14 days")
        expect(panel.locator(".nbb-source")).to_be_hidden()
        panel.locator("input[type=file]").set_input_files({"name": "cat.png", "mimeType": "image/png", "buffer": photo_bytes})
        expect(panel.locator(".nbb-card")).to_have_count(1)
        panel.locator(".nb-banana-prompt textarea").fill(WORDS)
        panel.locator("button.nb-banana-run").click()
        expect(panel.locator(".nbb-status")).to_contain_text("Done", timeout=60_000)
        ann.wait_for_function("() => document.querySelector('.nbb-after img')?.naturalWidth > 0")
        ARTIFACTS.mkdir(exist_ok=True)
        ann.screenshot(path=ARTIFACTS / "app-ann.png", full_page=True)
        expect(bo.locator(".nb-banana-panel").first).to_contain_text("14 天")
        assert [one.evaluate("() => document.documentElement.lang") for one in (ann, bo)] == ["en-US", "zh-CN"]
        expect(ann.locator(".nb-banana-history")).to_contain_text(WORDS)
        assert ann.evaluate(PICTURES) > 1 and WORDS not in bo.content() and bo.evaluate(PICTURES) == 0
        ann.reload()
        expect(ann.locator(".nb-banana-panel .nb-banana-prompt textarea").first).to_have_value(WORDS, timeout=60_000)
        ann.wait_for_function("() => document.querySelector('.nbb-after img')?.naturalWidth > 0")
        teacher = chromium.new_page(color_scheme="dark")
        teacher.goto(klass.teacher)
        expect(teacher.locator("tbody tr")).to_have_count(2)
        expect(teacher.locator("tbody")).to_contain_text(re.compile("Bo.*Ann|Ann.*Bo", re.S))
        teacher.evaluate((files("axe_playwright_python") / "axe.min.js").read_text(encoding="utf-8"))
        assert teacher.evaluate("async () => (await axe.run()).violations.map(one => one.id)") == []
        teacher.screenshot(path=ARTIFACTS / "app-teacher-dark.png")
        for page in (ann, bo):
            page.context.close()
        teacher.close()
    assert outside == []
