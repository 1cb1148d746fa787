"""The moving picture of the README: `python tests/browser/film.py` writes `notebooks/pictures/studio.gif`, at most 1.5 MB.

A real panel in a real JupyterLab, edited on the sandbox: typed into, pressed, and looked at with the slider. Every frame is a
screenshot; nothing is painted over it.
"""

from __future__ import annotations

import io
import os
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))
os.environ["PYTHONPATH"] = os.pathsep.join(filter(None, (str(ROOT), os.environ.get("PYTHONPATH"))))

from PIL import Image  # noqa: E402
from playwright.sync_api import Page, expect, sync_playwright  # noqa: E402

from tests.browser.lab import JupyterServer, desk_of, launch_chromium, notebooks  # noqa: E402

TARGET = ROOT / "notebooks" / "pictures" / "studio.gif"
MOST = 1_500_000
SIZE = (1100, 760)
WIDTH = 880
WORDS = "Turn the day into night; keep everything else as it is"
CODE = "import nb_banana as nb\n\nnb.panel('chelsea.jpg')"
SETUP = "import nb_banana as nb; nb.session(nb.Endpoint.sandbox(delay=0.8), tell=lambda _: None);"
SHOWN = "() => { document.querySelector('.nb-banana-panel').scrollIntoView({block: 'start'}) }"
LOADED = "() => [...document.querySelectorAll('.nb-banana-panel img[src]')].every(one => one.complete && one.naturalWidth)"


class Film:
    """Frames with the milliseconds each is shown."""

    def __init__(self, page: Page) -> None:
        self.page, self.frames, self.times = page, list[Image.Image](), list[int]()

    def shot(self, milliseconds: int) -> None:
        """Take the page as it stands."""
        picture = Image.open(io.BytesIO(self.page.screenshot(animations="disabled"))).convert("RGB")
        self.frames.append(picture.resize((WIDTH, picture.height * WIDTH // picture.width), Image.Resampling.LANCZOS))
        self.times.append(milliseconds)

    def write(self, target: Path) -> int:
        """All frames in one palette, made from the first and the last; gives the bytes."""
        both = Image.new("RGB", (WIDTH, self.frames[0].height * 2))
        both.paste(self.frames[0])
        both.paste(self.frames[-1], (0, self.frames[0].height))
        palette = both.quantize(255, dither=Image.Dither.NONE)
        first, *rest = (frame.quantize(palette=palette, dither=Image.Dither.NONE) for frame in self.frames)
        first.save(target, save_all=True, append_images=rest, duration=self.times, loop=0, optimize=True)
        return target.stat().st_size


def play(page: Page) -> Film:
    """What a person does in the first minute."""
    film, box = Film(page), page.locator(".nb-banana-prompt textarea")
    film.shot(1400)
    box.click()
    for end in range(6, len(WORDS) + 6, 6):
        box.press_sequentially(WORDS[end - 6 : end])
        film.shot(110)
    page.locator(".nb-banana-image_size select").select_option("2K")
    page.wait_for_timeout(700)
    film.shot(900)
    page.locator(".nb-banana-run").click()
    page.wait_for_timeout(300)
    film.shot(500)
    expect(page.locator(".nb-banana-panel")).to_have_attribute("data-state", "done", timeout=60_000)
    page.wait_for_function(LOADED)
    page.evaluate(SHOWN)
    page.wait_for_timeout(500)
    film.shot(1200)
    slider = page.locator(".nb-banana-panel input[type=range]").first
    for place in (35, 20, 35, 50, 65, 80, 65, 50):
        slider.fill(str(place))
        page.wait_for_timeout(80)
        film.shot(170)
    page.locator(".nbb-modes label", has_text="Side by side").click()
    page.wait_for_timeout(300)
    film.shot(2600)
    return film


def main() -> None:
    """Make the film and write it."""
    photo = (ROOT / "notebooks" / "pictures" / "chelsea.jpg").read_bytes()
    with tempfile.TemporaryDirectory() as home, sync_playwright() as playwright:
        server, browser = JupyterServer.start(Path(home) / "jupyter"), launch_chromium(playwright)
        with desk_of(server, browser) as desk, notebooks(desk) as open_notebook:
            nb = open_notebook([CODE], files={"chelsea.jpg": photo}, width=SIZE[0], height=SIZE[1])
            nb.page.evaluate("() => window.jupyterapp.commands.execute('application:toggle-left-area').then(() => 0)")
            nb.python(SETUP)
            nb.run_all()
            nb.page.wait_for_function(LOADED)
            nb.page.evaluate(SHOWN)
            nb.page.wait_for_timeout(800)
            size = play(nb.page).write(TARGET)
        browser.close()
        server.stop()
    print(f"{TARGET.relative_to(ROOT)}: {size / 1000:.0f} KB of at most {MOST // 1000}")
    if size > MOST:
        sys.exit("too large")


if __name__ == "__main__":
    main()
