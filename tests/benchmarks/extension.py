"""What the notebook extension adds to JupyterLab's start: one server with it, one without, loads in turn.

    python tests/benchmarks/extension.py [--rounds 15]

Rules of the measurement:

* Two servers run at once, alike but for the extension and its routes. A round loads both, in alternating order, each in a
  browser context of its own that has been there before: people come back, and the browser's cache is warm.
* A load ends when JupyterLab has restored its layout (`jupyterapp.restored`), on the page's own clock: all plugins are
  active by then, ours among them. The ratio is the median of the rounds' ratios, so that a busy machine disturbs both.
* How long a server takes to answer for the first time is told beside it.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import tempfile
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
sys.path[:0] = [str(ROOT), str(HERE)]

from playwright.sync_api import Page, sync_playwright  # noqa: E402
from run import Report  # noqa: E402

from tests.browser.lab import JupyterServer, launch_chromium, until  # noqa: E402

TARGET = 1.03
RESTORED = """() => {
    const app = window.jupyterapp;
    if (!app) return false;
    if (!window.measured) window.measured = app.restored.then(() => { window.took = performance.now(); });
    return window.took ?? false;
}"""
ACTIVE = "() => window.jupyterapp.isPluginActivated('nb-banana:plugin') && window.jupyterapp.isPluginActivated('nb-banana:saved')"


def started(home: Path, extension: bool) -> tuple[JupyterServer, float]:
    begin = time.perf_counter()
    return JupyterServer.start(home, extension=extension), time.perf_counter() - begin


def load(page: Page, server: JupyterServer) -> float:
    """Seconds until JupyterLab stands, on the page's own clock."""
    page.goto(f"{server.url}/lab?reset&token={server.token}")
    return float(until(page, RESTORED, "JupyterLab has restored its layout", seconds=120)) / 1000


def measure(rounds: int) -> Report:
    report = Report()
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        browser = launch_chromium(playwright)
        servers = {name: started(Path(folder, name), name == "with") for name in ("without", "with")}
        pages = {name: browser.new_context().new_page() for name in servers}
        try:
            for name, page in pages.items():
                load(page, servers[name][0])  # the cache, and the settings the server makes
            assert pages["with"].evaluate(ACTIVE) and not pages["without"].evaluate("() => window.jupyterapp.commands.hasCommand('nb-banana:open')")
            took: dict[str, list[float]] = {name: [] for name in servers}
            for number in range(rounds):
                for name in sorted(servers, reverse=bool(number % 2)):
                    took[name].append(load(pages[name], servers[name][0]))
        finally:
            browser.close()
            for server, _ in servers.values():
                server.stop()
    ratio = statistics.median(one / other for one, other in zip(took["with"], took["without"]))
    rows = [[name, f"{statistics.median(took[name]):.2f} s", f"{min(took[name]):.2f} s", f"{servers[name][1]:.1f} s"] for name in servers]
    report.table("JupyterLab's start", ["extension", "median", "fastest", "server's first answer"], rows, f"{rounds} loads each, in turn.")
    report.target("JupyterLab with the extension, against without", TARGET, ratio, "{:.3f}")
    for what, limit, got, met in report.targets:
        print(f"{'✓' if met else '✗'} {what}: {got} ({limit})")
    return report


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--rounds", type=int, default=15)
    done = measure(parser.parse_args().rounds)
    sys.exit(not all(met for *_, met in done.targets))
