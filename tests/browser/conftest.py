"""The fixtures of the browser tests; `lab.py` beside this file says how to use them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect, sync_playwright

from .lab import Desk, JupyterServer, OpenNotebook, desk_of, launch_chromium, notebooks

FAILED = pytest.StashKey[bool]()
expect.set_options(timeout=60_000)  # until it is there, or a busy machine has had its chance: not a promise to anybody


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Every test in this folder is a browser test: the run command calls them on their own."""
    here = Path(__file__).parent
    for item in items:
        if item.path.is_relative_to(here):
            item.add_marker(pytest.mark.browser)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Iterator[None]:
    """A test's fixtures can ask whether it failed."""
    report = yield
    item.stash[FAILED] = item.stash.get(FAILED, False) or report.failed
    return report


@pytest.fixture(scope="session")
def jupyter_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[JupyterServer]:
    """One Jupyter server for all browser tests, behind a prefix as at a hub: no address may do without it.

    Without subshells: on a busy machine a kernel of ipykernel 7.4 now and then never answers again after one was
    deleted (its control thread waits for its shell channel). The other servers of these tests have them.
    """
    server = JupyterServer.start(tmp_path_factory.mktemp("jupyter"), "/user/ann%40corp.example", subshells=False)
    yield server
    server.stop()


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """One Chromium for all browser tests; one context in it for every notebook."""
    with sync_playwright() as playwright:
        browser = launch_chromium(playwright)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def desk(jupyter_server: JupyterServer, chromium: Browser) -> Iterator[Desk]:
    """The pages of that Chromium at that server."""
    with desk_of(jupyter_server, chromium) as one:
        yield one


@pytest.fixture
def open_notebook(desk: Desk, request: pytest.FixtureRequest) -> Iterator[Callable[..., OpenNotebook]]:
    """`open_notebook(cells, front=…, files=…, theme=…, width=…)`, closed and checked when the test ends."""
    with notebooks(desk, lambda: request.node.stash.get(FAILED, False)) as open_one:
        yield open_one
