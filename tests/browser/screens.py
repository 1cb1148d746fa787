"""Pictures of every state of the panel in both themes, three widths and two languages: `python tests/browser/screens.py`.

They go to `tests/artifacts/screens/` with an `index.html` to look at them side by side; axe-core looks at each state
in both themes, and anything serious, or that sticks out of the panel, ends the command with its list. One server, one browser
page and one kernel make all of them: a state is caused once per language, by the sandbox's faults, and the page
then changes only its theme and the panel's width. Words on the command line make only the states they name.
"""

from __future__ import annotations

import html
import os
import re
import shutil
import signal
import sys
import tempfile
import time
from collections.abc import Callable
from importlib.resources import files
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))
os.environ["PYTHONPATH"] = os.pathsep.join(filter(None, (str(ROOT), os.environ.get("PYTHONPATH"))))

from playwright.sync_api import Page, sync_playwright  # noqa: E402

from tests.browser.lab import ARTIFACTS, JupyterServer, OpenNotebook, desk_of, launch_chromium, notebooks  # noqa: E402
from tests.client.misbehaving import answer, response, sends, serving  # noqa: E402

FOLDER = ARTIFACTS / "screens"
WIDTHS = (360, 600, 1200)
PAGE = {"width": 1700, "height": 2400}
THEMES = ("light", "dark")
PROMPTS = {"en": "Turn the day into night; keep everything else as it is", "zh": "把白天变成夜晚，其余保持不变"}

SETUP = """\
import ipywidgets, nb_banana as nb
from nb_banana._widgets.panel import ask
usual = ask.recommended_deadline
PAID = nb.Endpoint("{url}", "sk-screens-0123456789abcdef", name="apiyi")
def make(lang, prompt='', images=('chelsea.jpg',), long=False, own=False, paid=False, **fault):
    global p
    ask.recommended_deadline = (lambda *_: 1.0) if long else usual
    endpoint = PAID if paid else None if own else nb.Endpoint.sandbox(**fault)
    session = nb.Session(endpoint, retries=0, tell=lambda _: None, budget="0.50" if paid else None)
    if paid and not session.account.paid.count:
        for _ in range(3):
            session.generate("a boat", take="next")
    p = nb.panel(list(images), session=session, lang=lang, slot=False)
    p.prompt.value = prompt
    return p
"""
AXE = """async () => {
    const {violations} = await axe.run('.nb-banana-panel', {resultTypes: ['violations']});
    return violations.filter(one => ['serious', 'critical'].includes(one.impact))
        .map(one => `${one.id} ${one.nodes.slice(0, 3).map(node => node.html.slice(0, 120)).join(' | ')}`);
}"""
SETTLED = """state => {
    const panel = document.querySelector('.nb-banana-panel');
    return panel && new RegExp(`^(${state})$`).test(panel.dataset.state)
        && [...panel.querySelectorAll('.nbb-card img, .nbb-layer:not([hidden]) img[src]')].every(i => i.complete && i.naturalWidth);
}"""
SPILLS = """selector => {
    const box = document.querySelector(selector), edge = box.getBoundingClientRect().right;
    const held = one => one !== box && (getComputedStyle(one).overflowX !== 'visible' || held(one.parentElement));
    const out = [...box.querySelectorAll('*')].filter(one => one.checkVisibility() && one.getBoundingClientRect().width > 1
        && one.getBoundingClientRect().right > edge + 1 && !(box.tagName !== 'DIALOG' && one.closest('dialog')) && !held(one.parentElement));
    return out.slice(0, 3).map(one => `sticks out: ${one.outerHTML.slice(0, 120)}`);
}"""
SET_WIDTH = "width => { document.querySelector('.nb-banana-panel').style.width = `${width}px`; }"


class Screens:
    """One open notebook, and the ways to bring its panel into a state."""

    def __init__(self, nb: OpenNotebook, lang: str) -> None:
        self.nb, self.lang, self.prompt = nb, lang, PROMPTS[lang]

    def show(self, call: str, state: str = "loaded") -> None:
        """Put a new panel on the page."""
        self.nb.python(f"p = make({self.lang!r}, {call})")
        self.nb.run_cell(1)
        self.settled(state)

    def settled(self, state: str) -> None:
        """Wait for a state, and for the pictures in it."""
        self.nb.page.wait_for_function(SETTLED, arg=state)

    def click(self, name: str) -> None:
        """Press one of the panel's buttons."""
        self.nb.page.locator(f"button.nb-banana-{name}").click()

    def run(self, call: str, state: str) -> None:
        """A panel with a picture and an instruction, run to its end."""
        self.show(f"{self.prompt!r}, {call}")
        self.click("run")
        self.settled(state)

    def words(self, selector: str) -> None:
        """Wait until something is said there."""
        self.nb.page.locator(f"{selector} .widget-html-content:not(:empty)").wait_for()

    # --- the states, by their names in UX.md --------------------------------------------------------

    def no_key(self) -> None:
        self.show("images=(), own=True", "empty")
        self.click("keys-open")
        self.nb.page.locator(".nbb-key").wait_for()

    def key_asked(self) -> None:
        self.no_key()
        self.nb.page.locator(".nbb-key input[type=password]").fill("AQ.example-0123456789")
        self.nb.page.locator(".nbb-key select").select_option("apiyi")
        self.nb.page.locator(".nbb-key button").click()

    def key_address(self) -> None:
        self.no_key()
        self.nb.page.locator(".nbb-key select").select_option("custom")
        self.nb.page.locator(".nbb-key input[type=text]").fill("https://gateway.example")

    def keys(self) -> None:
        self.paid()
        self.click("keys-open")
        self.click("keys-test")
        self.words(".nb-banana-keys-said")

    def money(self) -> None:
        self.paid()
        self.nb.python("p.takes.value = 4")
        self.click("spent-open")
        self.nb.page.locator(".nb-banana-spent-ledger caption").wait_for()

    def paid(self) -> None:
        """A panel with a key that has paid for an edit, of which a budget has a little left."""
        self.show(f"{self.prompt!r}, paid=True")

    def empty(self) -> None:
        self.show("images=()", "empty")

    def loaded(self) -> None:
        vague = {"en": "Make it better", "zh": "好看一点"}[self.lang]
        self.show(f"{vague!r}, images=('chelsea.jpg', 'coffee.jpg')")
        self.words(".nb-banana-advice")

    def pixels(self) -> None:
        self.show(repr(self.prompt))
        self.nb.python("p.model.value, p.image_size.value, p.pixels.value = 'gpt-image-flare', 'own', '641x368'")
        self.words(".nb-banana-wrong")

    def queued(self) -> None:
        self.show(repr(self.prompt))
        kernel = int(self.nb.python("import os; print(os.getpid())"))
        os.kill(kernel, signal.SIGSTOP)
        self.after = lambda: os.kill(kernel, signal.SIGCONT)
        self.click("run")
        self.settled("queued")

    def running(self) -> None:
        self.run("delay=600", "running")
        self.after = lambda: self.click("stop")
        time.sleep(2)

    def long(self) -> None:
        self.run("delay=600, long=True", "long")
        self.after = lambda: self.click("stop")

    def done(self) -> None:
        self.run("", "done")
        self.nb.page.locator(".nbb-code summary").click()

    def region(self) -> None:
        self.run("", "done")
        self.nb.page.locator(".nbb-take button").first.click()
        self.nb.python("p.viewer.region = (.3, .05, .45, .6)")
        self.nb.page.locator(".nb-banana-figures", has_text="%").wait_for()

    def drawing(self) -> None:
        self.show(repr(self.prompt))
        self.nb.python("""p.marks = {"shapes": [
            {"kind": "brush", "points": [.4, .2, .55, .25, .6, .4], "width": .08},
            {"kind": "arrow", "points": [.1, .9, .35, .5], "colour": "blue"},
            {"kind": "text", "points": [.05, .97], "text": "hat", "colour": "yellow"}], "words": "the hat"}""")
        self.click("draw")
        self.nb.page.wait_for_function("() => document.querySelector('.nbb-easel img')?.naturalWidth")

    def exact(self) -> None:
        self.show(repr(self.prompt))
        self.nb.python("""p.model.value = 'gpt-image-flare'; p.marking.exact.keep.value = True
p.marks = {"shapes": [{"kind": "brush", "points": [.35, .25, .6, .25, .6, .5], "width": .15}]}
p.run_button.click(); p.wait(60)""")
        self.nb.page.locator(".nb-banana-which button").nth(1).click(timeout=60_000)
        self.settled("done")

    def compared(self) -> None:
        self.run("", "done")
        self.nb.python("p.aspect_ratio.value = '16:9'; p.run_button.click(); p.wait(60); p.comparing.against.value = 0")
        self.settled("done")

    def takes(self) -> None:
        self.show(f"{self.prompt!r}")
        self.nb.python("p.takes.value = 3; p.run_button.click(); p.wait(60)")
        self.settled("done")

    def partial(self) -> None:
        self.show(f"{self.prompt!r}, fault=[None, 'server']")
        self.nb.python("p.takes.value = 2; p.run_button.click(); p.wait(60)")
        self.settled("partial")

    def strip(self) -> None:
        """Pictures that came, one that failed, one on its way and two that wait."""
        self.show(f"{self.prompt!r}, fault=[None, None, 'server', None], delay=4")
        self.nb.python(
            "p.takes.value = 3; p.run_button.click(); p.wait(60); p.takes.value = 1; p.strip.star(p.strip.album.shots[0], True)\n"
            "for words in ('Add a kitten', 'Make it snow', 'Anime'):\n    p.prompt.value = words; p.run_button.click()"
        )
        self.settled("running")
        self.after = lambda: self.nb.python("p.stop_button.click()")

    def no_image(self) -> None:
        self.run("fault='no_image'", "no_image")

    def blocked(self) -> None:
        self.run("fault='image_safety'", "blocked")

    def error(self) -> None:
        self.run("fault='quota'", "error")

    def countdown(self) -> None:
        self.run("fault='rate_limit'", "error")

    def cancelled(self) -> None:
        self.run("delay=15", "running")  # long enough to be stopped on a busy machine
        self.click("stop")
        self.settled("cancelled")
        self.words(".nb-banana-late")

    def disconnected(self) -> None:
        self.run("", "done")
        self.nb.page.evaluate(
            "() => window.jupyterapp.shell.currentWidget.context.sessionContext.session.kernel.restart()"
        )
        self.settled("gone")
        self.after = lambda: (self.nb.wait_idle(), self.nb.run_cell(0))

    def inputs(self) -> None:
        """Several pictures, one of them turned; their numbers are in the prompt."""
        words = {"en": "Put the cup of picture 2 beside the cat of picture 1", "zh": "把图2的杯子放到图1的猫旁边"}[self.lang]
        self.show(f"{words!r}, images=('chelsea.jpg', 'coffee.jpg', 'chelsea.jpg')")
        self.enlarge()
        self.nb.page.locator(".nbb-shaping .nbb-row button").first.click()
        self.nb.page.locator(".nbb-shaping > .nbb-row button").nth(2).click()
        self.nb.page.locator(".nbb-large").wait_for(state="detached")
        self.settled("loaded")

    def enlarge(self) -> None:
        """Open the first input large, with the tools that cut it."""
        self.nb.page.locator(".nbb-open").first.click()
        self.nb.page.wait_for_function("() => document.querySelector('.nbb-large img')?.naturalWidth")
        self.nb.page.locator(".nbb-large [aria-pressed]").click()

    def crop(self) -> None:
        self.show(repr(self.prompt))
        self.enlarge()
        self.nb.page.locator(".nbb-shaping select").first.select_option("1:1")
        self.dialog = ".nbb-large"

    def extend(self) -> None:
        self.show(repr(self.prompt))
        self.enlarge()
        self.nb.page.locator(".nbb-shaping input[type=checkbox]").check()
        self.nb.page.locator(".nbb-shaping select").first.select_option("16:9")
        self.dialog = ".nbb-large"

    def presets(self) -> None:
        self.show(repr(self.prompt))
        self.click("manage")
        field = self.nb.page.locator(".nb-banana-presets input").first
        field.fill({"en": "Night", "zh": "夜晚"}[self.lang])
        self.nb.page.locator(".nb-banana-presets button").first.click()
        self.words(".nb-banana-presets")

    def sheet(self) -> None:
        self.show(repr(self.prompt))
        self.click("keys")
        self.dialog = ".nbb-status dialog"

    def over(self) -> None:
        self.run("", "done")
        self.click("over")
        self.settled("loaded")

    def full(self) -> None:
        """One edit is on its way, eight wait, and a ninth is refused."""
        self.show(f"{self.prompt!r}, delay=600")
        self.nb.python("for at in range(10):\n    p.prompt.value += '!'; p.run_button.click()")
        self.settled("running|long")
        self.nb.page.locator(".nb-banana-note .widget-html-content", has_text=re.compile("8 (edits|个)")).wait_for()
        self.after = lambda: self.nb.python("for _ in range(9):\n    p.stop_button.click()")

    after: Callable[[], object] | None = None
    dialog = ""


STATES = ("no_key", "key_asked", "key_address", "keys", "money", "empty", "loaded", "inputs", "crop", "extend", "pixels", "presets", "sheet", "queued", "running", "long", "full", "done", "over",
          "region", "drawing", "exact", "compared", "takes", "partial", "strip",
          "no_image", "blocked", "error", "countdown", "cancelled", "disconnected")  # fmt: skip


def take(screens: Screens, state: str, themes: tuple[str, ...]) -> list[str]:
    """Bring about one state and take its pictures; gives what axe finds serious and what sticks out. The first theme is the page's own."""
    getattr(screens, state)()
    found = []
    for theme in themes:
        screens.nb.set_theme(theme)
        for width in WIDTHS:
            if screens.dialog:  # it stands in the middle of the page, not in the panel
                screens.nb.page.set_viewport_size({"width": width, "height": 800})
            screens.nb.page.evaluate(SET_WIDTH, width)
            seen = screens.nb.page.locator(screens.dialog or ".nb-banana-panel")
            seen.screenshot(path=FOLDER / f"{state}-{screens.lang}-{theme}-{width}.png", animations="disabled")
            spills = screens.nb.page.evaluate(SPILLS, screens.dialog or ".nb-banana-panel")
            found += [f"{state} {screens.lang} {theme} {width}: {one}" for one in spills]
        found += [f"{state} {screens.lang} {theme}: {one}" for one in serious(screens.nb.page)]
    if screens.dialog:
        screens.nb.page.keyboard.press("Escape")
        screens.nb.page.set_viewport_size(PAGE)
        screens.dialog = ""
    if screens.after is not None:
        screens.after()
        screens.after = None
    return found


def serious(page: Page) -> list[str]:
    """What axe-core finds serious or critical in the panel."""
    if not page.evaluate("() => Boolean(window.axe)"):
        page.evaluate((files("axe_playwright_python") / "axe.min.js").read_text(encoding="utf-8"))
    return page.evaluate(AXE)


def write_index() -> Path:
    """The contact page: a row per state and language, a column per theme and width; earlier pictures stay."""
    states = [state for state in STATES if any(FOLDER.glob(f"{state}-*.png"))]
    columns = [(theme, width) for theme in THEMES for width in WIDTHS]
    heads = "".join(f"<th>{theme} {width}</th>" for theme, width in columns)
    rows = []
    for state in states:
        for lang in PROMPTS:
            files = [f"{state}-{lang}-{theme}-{width}.png" for theme, width in columns]
            cells = "".join(f'<td><a href="{name}"><img src="{name}" loading="lazy" alt="{name}"></a></td>' for name in files)
            rows.append(f"<tr><th>{html.escape(state)}<br>{lang}</th>{cells}</tr>")
    style = "body{font:14px system-ui}td{vertical-align:top}img{max-width:300px;border:1px solid #ccc}th{position:sticky;top:0;background:#fff}"
    page = f"<!doctype html><meta charset=utf-8><title>nb_banana: every state</title><style>{style}</style>"
    target = FOLDER / "index.html"
    target.write_text(f"{page}<table><tr><th></th>{heads}</tr>{''.join(rows)}</table>", encoding="utf-8")
    return target


def main(wanted: list[str]) -> None:
    """Take the pictures of the wanted states, or of all."""
    began, states = time.monotonic(), [state for state in STATES if not wanted or state in wanted]
    if not wanted:
        shutil.rmtree(FOLDER, ignore_errors=True)
    FOLDER.mkdir(parents=True, exist_ok=True)
    found: list[str] = []
    pictures = {name: (ROOT / "notebooks" / "pictures" / name).read_bytes() for name in ("chelsea.jpg", "coffee.jpg")}
    with tempfile.TemporaryDirectory() as home, sync_playwright() as playwright:
        server, browser = JupyterServer.start(Path(home) / "jupyter"), launch_chromium(playwright)
        answers = serving(sends(response(answer())))
        with desk_of(server, browser) as desk, notebooks(desk) as open_notebook, answers as service:
            setup = SETUP.replace("{url}", service.url)
            nb = open_notebook([setup, "p"], files=pictures, **PAGE)
            nb.run_cell(0)
            themes: tuple[str, ...] = THEMES
            for lang in PROMPTS:
                screens = Screens(nb, lang)
                for state in states:
                    found += take(screens, state, themes)
                    themes = themes[::-1]
        browser.close()
        server.stop()
    print(f"{len(states) * len(PROMPTS) * 6} pictures in {time.monotonic() - began:.0f} s: {write_index()}")
    print(f"{len(found)} serious for axe, or sticking out")
    if found:
        sys.exit("\n".join(found))


if __name__ == "__main__":
    main(sys.argv[1:])
