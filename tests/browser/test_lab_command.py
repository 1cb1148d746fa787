"""The README's first command, as a newcomer meets it."""

from __future__ import annotations

import re
import signal
import subprocess
import sys

import pytest
from playwright.sync_api import expect

from .lab import clean_environment, die_with_parent


@pytest.fixture
def quickstart(tmp_path):
    """The address `nb-banana lab --no-browser` prints, run in an empty folder."""
    environment = clean_environment(tmp_path / "home")
    process = subprocess.Popen(
        [sys.executable, "-u", "-m", "nb_banana", "lab", "--no-browser"], cwd=tmp_path, text=True,
        stdout=subprocess.PIPE, env={**environment, "PYTHONIOENCODING": "utf-8"},
        preexec_fn=die_with_parent,  # noqa: PLW1509 - one prctl, no locks
    )
    try:
        yield re.search(r"http://\S+", process.stdout.readline())[0].replace("localhost", "127.0.0.1")
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(30)


def test_the_quickstart_opens_with_a_live_panel(quickstart, chromium, tmp_path):
    """The printed address opens the quick start; run from top to bottom it shows a panel, and its Edit edits."""
    page = chromium.new_page(viewport={"width": 1280, "height": 1000})
    page.set_default_timeout(60_000)
    page.goto(quickstart)
    expect(page.get_by_role("heading", name="nb_banana in three minutes")).to_be_visible(timeout=60_000)
    # Run All before the kernel is there is lost. The toolbar's circle says idle until it heard of one; this bar doesn't.
    page.locator("#jp-main-statusbar").get_by_text("Python 3 (ipykernel) | Idle").wait_for()
    page.get_by_role("menuitem", name="Run", exact=True).click()
    page.get_by_text("Run All Cells", exact=True).click()
    panel = page.locator(".nb-banana-panel").first
    panel.scroll_into_view_if_needed()
    panel.locator(".nb-banana-run").click()
    expect(panel.locator(".nbb-status")).to_contain_text("Done: 1264×848", timeout=60_000)
    page.wait_for_function("() => document.querySelector('.nbb-after img')?.naturalWidth === 1264")
    assert len(list((tmp_path / "nb_banana_notebooks" / "nb_banana_history" / "images").glob("*.png"))) >= 2
    assert (tmp_path / "nb_banana_notebooks" / "chelsea_night.png").exists()
    page.close()
