"""The fixtures of the browser tests; `lab.py` beside this file says how to use them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

from .lab import JupyterServer, OpenNotebook, launch_chromium, notebooks


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Every test in this folder is a browser test: the run command calls them on their own."""
    here = Path(__file__).parent
    for item in items:
        if item.path.is_relative_to(here):
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def jupyter_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[JupyterServer]:
    """One Jupyter server for all browser tests."""
    server = JupyterServer.start(tmp_path_factory.mktemp("jupyter"))
    yield server
    server.stop()


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """One Chromium for all browser tests; every notebook opens in a context of its own."""
    with sync_playwright() as playwright:
        browser = launch_chromium(playwright)
        yield browser
        browser.close()


@pytest.fixture
def open_notebook(jupyter_server: JupyterServer, chromium: Browser) -> Iterator[Callable[..., OpenNotebook]]:
    """`open_notebook(cells, front=…, files=…, theme=…, width=…)`, closed and checked when the test ends."""
    with notebooks(jupyter_server, chromium) as open_one:
        yield open_one
