"""What the README promises is what happens, in both languages."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from pages import blocks, text_of
from PIL import Image

from nb_banana._sandbox.server import serve

ROOT = Path(__file__).resolve().parent.parent
PAGES = ("README.md", "README.zh-CN.md")
each_page = pytest.mark.parametrize("page", PAGES)


@each_page
def test_every_link_inside_the_repository_leads_somewhere(page):
    """Pictures, tutorials and the other pages named by a relative link exist."""
    targets = re.findall(r"\]\((?!https?:)([^)#]+)\)", text_of(page))
    assert len(targets) >= 6
    assert [target for target in targets if not (ROOT / target).exists()] == []


@each_page
def test_it_is_one_screen(page):
    """A stranger sees all of it at a glance: a picture, two commands, three lines, five differences; the rest is behind links."""
    text = text_of(page)
    assert len(text.splitlines()) <= 60 and len(re.findall(r"^- \*\*", text, re.M)) == 5
    assert len(blocks(page, "")) == 2 and len([line for line in blocks(page)[0].splitlines() if line]) == 3
    assert not re.search(r"^\|", text, re.M)


@each_page
def test_the_three_lines_run_as_printed(page, clean_place, draw_photo):
    """The first Python of the page works, word for word, on a `cat.jpg`."""
    draw_photo((640, 480)).save(clean_place / "cat.jpg")
    names = {}
    exec(blocks(page, "python")[0], names)
    assert (names["result"].image.width, names["result"].image.height) == (2752, 1536)
    assert [path.stem for path in clean_place.glob("night.*")] == ["night"]


def test_both_pages_give_the_same_commands():
    """A reader of either language copies the same commands, up to the language of the prompt and of the answers."""
    english, chinese = (["\n".join(blocks(page, ""))] for page in PAGES)
    own = re.compile(r'"[^"]*"| --lang zh')
    assert [own.sub("", one) for one in english] == [own.sub("", one) for one in chinese]
    assert "python3 tests/run.py" in english[0]
    assert (ROOT / ".ci" / "run").read_text().rstrip().endswith("exec python3 tests/run.py")


@pytest.mark.parametrize("page", ["docs/sandbox.md", "docs/sandbox.zh-CN.md"])
def test_the_samples_for_other_programs_run_as_printed(page, clean_place, draw_photo, monkeypatch):
    """The page about the sandbox, in either language: each curl sample, as it stands there, gives a picture."""
    draw_photo((640, 480)).save(clean_place / "photo.png")
    monkeypatch.setenv("PATH", f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}")
    samples = blocks(page, "bash")
    assert len(samples) == 3
    with serve() as server:
        for sample in samples:
            script = "set -euo pipefail\n" + sample.replace("http://127.0.0.1:8765", server.url)
            environment = {**os.environ, "NB_BANANA_API_KEY": "sk-sample", "PYTHONPATH": str(ROOT)}
            subprocess.run(["bash", "-c", script], check=True, env=environment, timeout=120)
    assert [Image.open(clean_place / f"{name}.png").size for name in ("night", "warm")] == [(1200, 896)] * 2
    assert Image.open(clean_place / "cinema.png").size == (1184, 880)
