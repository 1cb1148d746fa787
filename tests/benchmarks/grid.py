"""How quick a comparison's grid is on a page: JupyterLab in Chromium and a kernel.

    python tests/benchmarks/grid.py

Rules of the measurement:

* Every cell has a result, each the same small picture: what is measured is the grid, not the making of edits.
* Opening is timed in the page, from the command that runs the cell ``g = c.grid(); g`` to the frame in which cells are
  seen: Python's part and the message are in it.
* Tasks are the browser's own ``longtask`` entries while the table is scrolled a window at a time, and elements the most
  there were below the grid meanwhile. The wheel is not used: a jump is the harder case.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
sys.path[:0] = [str(ROOT), str(HERE)]

from playwright.sync_api import sync_playwright  # noqa: E402
from run import Report  # noqa: E402

from tests.browser.lab import RUN_CELL, JupyterServer, desk_of, launch_chromium, notebooks  # noqa: E402
from tests.browser.test_grid import SCROLL  # noqa: E402

SETUP = """import io
import nb_banana as nb
from PIL import Image
from nb_banana._images.data import ImageData
s = nb.Session(nb.Endpoint.sandbox(), tell=lambda _: None)
out = io.BytesIO()
Image.new("RGB", (96, 64), "teal").save(out, "PNG")
small = ImageData.from_bytes(out.getvalue())
c = nb.compare("photo.png", [f"Prompt number {{n}}, 山水, in a few more words" for n in range({prompts})], takes=10, session=s)
made = {{cell.index: nb.EditResult(images=(small,), request=cell.request(), take=cell.take) for cell in c.cells}}
c = type(c)(c.cells, session=s, outcomes=made)
"""
OPEN = """async ([run, index]) => {
    const start = performance.now();
    eval(run)(index);
    while (!document.querySelector('.nbb-grid td[data-at]')) {
        if (performance.now() - start > 60_000) throw new Error('no grid after a minute');
        await new Promise(requestAnimationFrame);
    }
    return performance.now() - start;
}"""
FIND = """async () => {
    const box = document.querySelector('.nbb-find'), start = performance.now();
    box.value = 'number 7';
    box.dispatchEvent(new Event('input', {bubbles: true}));
    await new Promise(requestAnimationFrame);
    return performance.now() - start;
}"""


def measured(desk, cells: int, photo: bytes) -> tuple[float, dict[str, float], float]:
    """Milliseconds to open, what scrolling took, milliseconds to filter."""
    with notebooks(desk) as open_notebook:
        nb = open_notebook([SETUP.format(prompts=cells // 10), "g = c.grid(slot=False)\ng"], files={"photo.png": photo}, width=1280, height=1000)
        nb.run_cell(0)
        took = nb.page.evaluate(OPEN, [RUN_CELL, 1])
        nb.page.wait_for_timeout(1500)
        return took, nb.page.evaluate(SCROLL), nb.page.evaluate(FIND)


def main() -> None:
    """Measure and print the table."""
    import io

    from PIL import Image

    out = io.BytesIO()
    Image.new("RGB", (96, 64), "navy").save(out, "PNG")
    report, rows = Report(), []

    def row(what: str, got: float, limit: float, unit: str = "ms") -> None:
        rows.append([what, f"{got:.0f} {unit}".strip(), f"≤ {limit:.0f} {unit}".strip(), "" if got <= limit else "missed"])

    with tempfile.TemporaryDirectory() as home, sync_playwright() as playwright:
        jupyter, browser = JupyterServer.start(Path(home) / "jupyter"), launch_chromium(playwright)
        with desk_of(jupyter, browser) as desk:
            for cells in (1_000, 10_000):
                opened, seen, found = measured(desk, cells, out.getvalue())
                row(f"{cells:,} cells: opened", opened, 2000)
                row("… elements while scrolling", seen["most"], 2000, "")
                row("… longest task while scrolling", seen["task"], 50)
                row("… a filter typed", found, 100)
        browser.close()
        jupyter.stop()
    report.table("The grid on a page", ["what", "measured", "goal", ""], rows)


if __name__ == "__main__":
    main()
