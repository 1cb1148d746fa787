"""How quick the panel is on a page: JupyterLab in Chromium, a kernel, and the server of the other benchmarks.

    python tests/benchmarks/page.py

Rules of the measurement:

* The server waits half a second before it answers: that is its own time, and is taken off.
* A click is timed inside the page, from the click itself to the frame in which it is seen. Each figure is the median of
  several clicks, each for another prompt, so that nothing is replayed.
* Script is what passes between the window's first and last listener of an event, tasks are the browser's own `longtask`
  entries, both under real pointer events: 200 on a picture of 4096 × 4096 pixels, and a strip of 200 results scrolled.
* How many Python calls a click takes is counted by a test (`tests/widgets/test_panel_keys.py`), not here.
"""

from __future__ import annotations

import statistics
import sys
import tempfile
from contextlib import contextmanager
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
sys.path[:0] = [str(ROOT), str(HERE)]

from pictures import INPUTS, OUTPUTS, grainy  # noqa: E402
from playwright.sync_api import sync_playwright  # noqa: E402
from run import Bench, Report  # noqa: E402

from tests.browser.lab import JupyterServer, desk_of, launch_chromium, notebooks  # noqa: E402

DELAY, CLICKS = 0.5, 9
SETUP = """\
import nb_banana as nb
place = nb.Endpoint({url!r}, 'sk-' + 'b' * 40, name='apiyi')
p = nb.panel({picture!r}, session=nb.Session(place, retries=0, tell=lambda _: None), slot=False)
p.prompt.value, p.image_size.value = 'begin', {size!r}
"""
CLICK = """async ([prompt]) => {
    const panel = document.querySelector('.nb-banana-panel'), box = panel.querySelector('.nb-banana-prompt textarea');
    const frame = () => new Promise(requestAnimationFrame), image = panel.querySelector('.nbb-after img');
    box.value = prompt;
    box.dispatchEvent(new Event('input', {bubbles: true}));
    await new Promise((done) => setTimeout(done, 700));
    const before = image?.dataset.key, start = performance.now();
    panel.querySelector('button.nb-banana-run').click();
    while (!['running', 'long'].includes(panel.dataset.state)) {
        if (['error', 'no_image', 'blocked'].includes(panel.dataset.state)) throw new Error(panel.querySelector('.nbb-status').innerText);
        await frame();
    }
    const running = performance.now() - start;
    const shown = () => { const now = panel.querySelector('.nbb-after img'); return now?.dataset.key !== before && now.complete && now.naturalWidth; };
    const late = start + 60_000;
    while (!shown()) {
        if (performance.now() > late) throw new Error('no picture after a minute');
        await frame();
    }
    return [running, performance.now() - start];
}"""
WATCH = """() => {
    window.nbbTask = 0;
    window.nbbEvents = [];
    new PerformanceObserver((list) => { for (const one of list.getEntries()) window.nbbTask = Math.max(window.nbbTask, one.duration); }).observe({type: 'longtask'});
    for (const type of ['pointerdown', 'pointermove', 'pointerup', 'wheel', 'scroll']) {
        let at = 0;
        window.addEventListener(type, () => { at = performance.now(); }, true);
        window.addEventListener(type, () => window.nbbEvents.push(performance.now() - at), type === 'scroll');
    }
}"""
STRIP = """
import io
from PIL import Image
from nb_banana._images.data import ImageData
from nb_banana._widgets.panel.part import Part
def small(n):
    out = io.BytesIO()
    Image.new('RGB', (64, 48), (n, 255 - n, 90)).save(out, 'PNG')
    return ImageData.from_bytes(out.getvalue())
p.view.strip.album.bring_back([nb.EditResult(images=(small(n),), request=nb.EditRequest(f'Edit {n}'), take=1) for n in range(200)])
p.view.draw()
"""


@contextmanager
def page_with(desk, setup: str, files: dict[str, bytes]):
    """A notebook with the panel on it."""
    with notebooks(desk) as open_notebook:
        nb = open_notebook([setup, "p"], files=files, width=1280, height=1600)
        nb.run_cell(0)
        nb.run_cell(1)
        nb.page.locator(".nbb-card img").wait_for()
        yield nb


def clicks(nb) -> list[list[float]]:
    """Milliseconds to "running" and to the picture, of several clicks; the first warms up."""
    took = []
    for number in range(CLICKS + 1):
        nb.python("p.start_over()")  # the server always gives the same picture: it must not be there before
        nb.page.wait_for_function("() => !document.querySelector('.nbb-after img')?.dataset.key")
        took.append(nb.page.evaluate(CLICK, [f"Click {number}"]))
    return took[1:]


def draw(nb) -> None:
    """A long stroke with the brush over the whole picture, then a lasso."""
    page = nb.page
    page.locator("button.nb-banana-draw").click()
    board = page.locator(".nbb-easel canvas").last
    board.wait_for()
    board.scroll_into_view_if_needed()
    box = board.bounding_box()
    page.evaluate(WATCH)
    page.mouse.move(box["x"] + 20, box["y"] + 20)
    page.mouse.down()
    for at in range(200):
        page.mouse.move(box["x"] + 20 + (box["width"] - 40) * ((at * 7) % 100) / 100, box["y"] + 20 + (box["height"] - 40) * at / 200)
    page.mouse.up()


def scroll(nb) -> None:
    """The strip of 200 from its begin to its end with the wheel."""
    page = nb.page
    strip = page.locator(".nbb-reel")
    page.wait_for_function("() => document.querySelectorAll('.nbb-reel li').length >= 200")
    strip.scroll_into_view_if_needed()
    page.evaluate("() => { document.querySelector('.nbb-reel').scrollLeft = 0; }")
    strip.hover()
    page.wait_for_timeout(500)
    page.evaluate(WATCH)
    for _ in range(60):
        page.mouse.wheel(400, 0)
        page.wait_for_timeout(16)
    page.wait_for_timeout(300)


def worst(nb) -> tuple[float, float]:
    """The longest script of one event and the longest task since watching began, in milliseconds."""
    return nb.page.evaluate("() => [Math.max(...window.nbbEvents), window.nbbTask]")


def main() -> None:
    """Measure and print the table."""
    report = Report()
    rows: list[list[str]] = []

    def row(what: str, got: float, limit: float, unit: str = "ms") -> None:
        rows.append([what, f"{got:.0f} {unit}".strip(), f"≤ {limit:.0f} {unit}".strip(), "" if got <= limit else "missed"])

    with tempfile.TemporaryDirectory() as home, sync_playwright() as playwright:
        folder = Path(home)
        pictures = {name: folder / f"{name}.png" for name in ("1K", "4K")}
        for name, path in pictures.items():
            path.write_bytes(grainy(*OUTPUTS[name]))
        photo = grainy(*INPUTS["in-2MB"])  # another picture than any answer: an input that comes back is none
        bench = Bench(pictures=pictures, quick=False)
        jupyter, browser = JupyterServer.start(folder / "jupyter"), launch_chromium(playwright)
        files = {"photo.png": photo, "4K.png": pictures["4K"].read_bytes()}
        with desk_of(jupyter, browser) as desk:
            for size, limit in (("1K", 250), ("4K", 700)):
                with bench.server(size, "--delay", str(DELAY)) as url, page_with(desk, SETUP.format(url=url, picture="photo.png", size=size), files) as nb:
                    took = clicks(nb)
                    row(f"click to “running”, {size}", statistics.median(one[0] for one in took), 100)
                    row(f"to the picture beyond the server's own time, {size}", statistics.median(one[1] for one in took) - 1000 * DELAY, limit)
                    if size == "1K":
                        nb.python(STRIP)
                        scroll(nb)
                        script, task = worst(nb)
                        row("scrolling a strip of 200: script of one event", script, 8)
                        row("… longest task", task, 50)
            with bench.server("1K") as url, page_with(desk, SETUP.format(url=url, picture="4K.png", size="4K"), files) as nb:
                draw(nb)
                script, task = worst(nb)
                row("drawing on a 4K picture: script of one event", script, 8)
                row("… longest task", task, 50)
        browser.close()
        jupyter.stop()
    report.table("The panel on a page", ["what", "measured", "goal", ""], rows)


if __name__ == "__main__":
    main()
