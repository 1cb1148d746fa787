"""The few jobs everybody does, on nothing but the installed package: run by `tests/smoke.py`, standard library and Pillow only."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
import sysconfig
from collections.abc import Callable
from pathlib import Path

from PIL import Image

import nb_banana as nb
from nb_banana.errors import InvalidRequestError

PHOTO = "cat.png"
BANANA = [sys.executable, "-m", "nb_banana"]
DOORS = ("edit", "generate", "chain", "batch", "compare", "panel", "history", "models", "estimate", "session", "Endpoint", "Client")


def it_is_the_installed_package() -> None:
    """Not a checkout's, and with its types, its tutorials and its extension."""
    home = Path(nb.__file__).parent
    assert home.is_relative_to(sysconfig.get_paths()["purelib"]), home
    assert (home / "py.typed").is_file() and (home / "_notebooks" / "quickstart.ipynb").is_file()
    extension = Path(sysconfig.get_path("data"), "share/jupyter/labextensions/nb-banana/package.json")
    assert json.loads(extension.read_text(encoding="utf-8"))["version"] == nb.__version__
    assert all(hasattr(nb, name) for name in DOORS)


def an_edit_is_paid_once() -> None:
    """The three lines, the size asked for, and again from the history."""
    result = nb.edit(PHOTO, "Make it night", aspect_ratio="16:9", image_size="2K")
    assert (result.image.width, result.image.height) == (2752, 1536) and result.sandbox
    assert Image.open(result.save("night")).size == (2752, 1536)
    assert nb.edit(PHOTO, "Make it night", aspect_ratio="16:9", image_size="2K").replayed


def steps_and_plans() -> None:
    """A chain goes on and back; a plan says what it sends and runs."""
    chain = nb.chain(PHOTO).edit("Make it night").edit("Make it warmer")
    assert len(chain) == 2 and len(chain.undo()) == 1
    plan = nb.compare(PHOTO, {"night": "Make it night", "warm": "Make it warmer"})
    assert "2" in str(plan.estimate())
    assert [one.image.width > 0 for one in plan.run().results] == [True, True]


def a_panel_edits() -> None:
    """The widgets stand, and a click brings a picture."""
    panel = nb.panel(PHOTO)
    panel.prompt.value = "Turn it into a pencil sketch"
    panel.run_button.click()
    assert panel.wait(60).image.width > 0


def a_mistake_is_named() -> None:
    """The value at fault stands in the sentence."""
    try:
        nb.edit(PHOTO, "Make it night", aspect_ratio="17:3")
    except InvalidRequestError as problem:
        assert "17:3" in str(problem)
    else:
        raise AssertionError("17:3 was taken")


def the_terminal_works() -> None:
    """The same job, and the report on what is installed."""
    done = subprocess.run([*BANANA, "edit", PHOTO, "Make it warmer", "-o", "warm"], capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr
    assert list(Path().glob("warm.*"))
    for words in (["doctor"], ["models"], ["estimate", "--size", "2K"], ["--lang", "zh", "--help"]):
        done = subprocess.run([*BANANA, *words], capture_output=True, text=True, encoding="utf-8", timeout=120, check=False,
                              env={**os.environ, "PYTHONIOENCODING": "utf-8"})
        assert done.returncode == 0 and done.stdout, (words, done.stdout, done.stderr)


def the_magic_works() -> None:
    """A cell whose rest is the prompt, in a real shell."""
    from IPython.core.interactiveshell import InteractiveShell

    shell = InteractiveShell.instance()
    shell.run_line_magic("load_ext", "nb_banana")
    shell.run_cell_magic("banana", f"{PHOTO} -o drawn", "Make it darker")
    assert shell.user_ns["drawn"].image.width > 0


JOBS: tuple[Callable[[], None], ...] = (
    it_is_the_installed_package, an_edit_is_paid_once, steps_and_plans, a_panel_edits, a_mistake_is_named, the_terminal_works, the_magic_works,
)


def main() -> None:
    """All of it, in an empty folder with a photo."""
    picture = io.BytesIO()
    Image.linear_gradient("L").convert("RGB").resize((320, 240)).save(picture, "PNG")
    Path(PHOTO).write_bytes(picture.getvalue())
    for job in JOBS:
        job()
        print(f"{job.__name__} ok", flush=True)
    print(f"{len(JOBS)} jobs under Python {sys.version.split()[0]}, Pillow {Image.__version__}")


if __name__ == "__main__":
    main()
