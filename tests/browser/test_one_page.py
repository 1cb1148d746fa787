"""Widgets of different kinds on one page leave each other's looks alone."""

from __future__ import annotations

import io

import pytest
from PIL import Image
from playwright.sync_api import expect

LOOKS = """() => {
    const image = document.querySelector('.nbb-tray .nbb-thumb img');
    const box = image.getBoundingClientRect(), frame = image.parentElement.getBoundingClientRect();
    return [getComputedStyle(image).objectFit, image.naturalWidth / image.naturalHeight,
            ...[box.width, box.height, frame.width, frame.height].map(size => Math.round(size * 10) / 10)];
}"""
BUTTONS = """() => [...document.querySelectorAll('.nb-banana-panel:not(.nb-banana-history *) :is(textarea, select)')]
    .filter(each => each.offsetWidth).map(each => [each.offsetWidth, each.offsetHeight, getComputedStyle(each).borderColor])"""


@pytest.fixture
def wide() -> bytes:
    """A picture four times as wide as high, whose ends a cropped thumbnail loses."""
    out = io.BytesIO()
    Image.new("RGB", (400, 100), "seagreen").save(out, "PNG")
    return out.getvalue()


def test_a_history_view_and_a_chain_leave_the_panel_as_it_is(open_notebook, wide):
    """The tray's thumbnail shows the whole picture, at the same size, with and without the other widgets beside it."""
    cells = ["import nb_banana as nb\np = nb.panel('wide.png', slot=False)\np", "nb.history()", "nb.chain('wide.png')"]
    nb = open_notebook(cells, files={"wide.png": wide}, height=1600)
    nb.run_cell(0)
    expect(nb.page.locator(".nbb-tray .nbb-thumb img")).to_be_visible()
    alone, controls = nb.page.evaluate(LOOKS), nb.page.evaluate(BUTTONS)
    assert alone[0] == "fill" and alone[2] / alone[3] == pytest.approx(4, rel=0.02)
    assert len(controls) > 3
    nb.run_cell(1)
    nb.run_cell(2)
    expect(nb.page.locator(".nb-banana-history .nbb-status")).to_be_attached()
    expect(nb.page.locator(".nbb-strip .nbb-thumb img")).to_be_visible()
    nb.page.evaluate("document.querySelector('.nbb-tray').scrollIntoView()")
    assert nb.page.evaluate(LOOKS) == alone
    assert nb.page.evaluate(BUTTONS)[: len(controls)] == controls
