"""Every test starts in an empty folder of its own, without a key and without anybody's settings."""

from __future__ import annotations

import atexit
import gc
import io
import os
import signal
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

# Before NumPy is loaded, here and in whatever a test starts: planes of a few hundred pixels gain nothing from threads,
# and threads that wait by spinning cost four times the CPU where four lanes of tests share two cores.
for _name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(_name, "1")

import pytest
from IPython.core.interactiveshell import InteractiveShell
from PIL import Image, ImageDraw
from traitlets.config import Config

import nb_banana as nb
from nb_banana._chosen import forget
from nb_banana._sandbox.server import Server, serve

LIMIT = 600
"""Seconds for one test: a test that waits for what never comes fails, and the others still run."""
KEYS = ("APIYI_API_KEY", "GOOGLE_API_KEY", "GEMINI_API_KEY", "OPENROUTER_API_KEY", "OPENAI_API_KEY")
NAMES = (*KEYS, "JPY_SESSION_NAME")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol() -> Iterator[None]:
    """Every test can be interrupted, also where a background shell ignores Ctrl-C, and ends in time.

    A handler that is set here is the default again in whatever the test starts.
    """
    signal.signal(signal.SIGINT, signal.default_int_handler)
    if hasattr(signal, "setitimer"):
        signal.signal(signal.SIGALRM, lambda *_: pytest.fail(f"took longer than {LIMIT} s"))
        signal.setitimer(signal.ITIMER_REAL, LIMIT)
    try:
        return (yield)
    finally:
        if hasattr(signal, "setitimer"):
            signal.setitimer(signal.ITIMER_REAL, 0)


@pytest.fixture(autouse=True)
def clean_place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The working directory is the test's own, and no key or `NB_BANANA_*` variable of a developer is seen."""
    for name in [name for name in os.environ if name in NAMES or name.startswith("NB_BANANA_")]:
        if name != "NB_BANANA_CHROMIUM":
            monkeypatch.delenv(name)
    monkeypatch.setenv("JUPYTERLAB_SETTINGS_DIR", str(tmp_path / "nobody's settings"))
    forget()
    monkeypatch.chdir(tmp_path)
    yield tmp_path
    if own := sys.modules.get("nb_banana._session.own"):
        for session in own._own:
            session.budget = None  # it would go on in the next test's session


@pytest.fixture
def uncollected() -> Iterator[None]:
    """No garbage is collected meanwhile, for tests that reach the depth of Python's recursion: down there the finalizers
    of what earlier tests left fail, Python says so, and the test that ran is the one that fails."""
    gc.disable()
    yield
    gc.enable()


@pytest.fixture
def draw_photo() -> Callable[..., Image.Image]:
    """Draws a picture with a sky, a meadow and a subject; drawn here, so that its licence is ours."""

    def draw(size: tuple[int, int] = (320, 240), background: str = "skyblue") -> Image.Image:
        picture = Image.new("RGB", size, background)
        width, height = size
        pen = ImageDraw.Draw(picture)
        pen.rectangle((0, height * 0.65, width, height), fill="forestgreen")
        pen.ellipse((width * 0.35, height * 0.25, width * 0.65, height * 0.85), fill="peru", outline="black", width=3)
        return picture

    return draw


@pytest.fixture
def photo(clean_place: Path, draw_photo: Callable[..., Image.Image]) -> Path:
    """`cat.png` in the working directory."""
    draw_photo().save(clean_place / "cat.png")
    return clean_place / "cat.png"


@pytest.fixture
def photo_bytes(draw_photo: Callable[..., Image.Image]) -> bytes:
    """The same picture as PNG bytes."""
    stream = io.BytesIO()
    draw_photo().save(stream, "PNG")
    return stream.getvalue()


@pytest.fixture
def server() -> Iterator[Server]:
    """A loopback sandbox whose log counts what was really sent."""
    with serve() as running:
        yield running


def pytest_addoption(parser: pytest.Parser) -> None:
    """`--regold` writes down what the terminal says, `--long` takes its time."""
    parser.addoption("--regold", action="store_true", help="write down anew what the terminal says (tests/test_cli_golden.py)")
    parser.addoption("--long", action="store_true", help="500 interrupts instead of 40")


def pytest_collection_finish() -> None:
    """What is loaded by now stays to the end: no collection of garbage need walk it, and none need come so often."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)


@pytest.fixture
def shell(photo: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[InteractiveShell]:
    """An IPython shell with the extension loaded and `cat.png` beside it, on the sandbox."""
    monkeypatch.setenv("IPYTHONDIR", str(tmp_path / "ipython"))
    InteractiveShell.clear_instance()
    config = Config()
    config.HistoryManager.enabled = False
    shell = InteractiveShell.instance(config=config)
    shell.run_line_magic("load_ext", "nb_banana")
    nb.session(nb.Endpoint.sandbox(), folder=tmp_path / "history")
    yield shell
    shell.run_line_magic("unload_ext", "nb_banana")
    InteractiveShell.clear_instance()
    # What it would do at the interpreter's end collects all garbage there is: two minutes, for a hundred shells.
    atexit.unregister(shell.atexit_operations)
