"""The page about running a comparison: its Python runs as printed, and both languages say the same."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from pages import fenced, run_bash

import nb_banana as nb

DOCS = Path(__file__).resolve().parent.parent / "docs"
PAGES = ("compare-run.md", "compare-run.zh-CN.md")


@pytest.mark.parametrize("page", PAGES)
def test_its_python_runs(page, clean_place, draw_photo):
    """Every block in order, in a folder with a photo, on the sandbox; in the end every cell that was to run is there."""
    draw_photo((96, 72)).save("photo.jpg")
    nb.session(nb.Endpoint.sandbox())
    space: dict[str, object] = {}
    for language, code in fenced(page):
        if language == "python":
            exec(code, space)
    plan = space["plan"]
    assert len([one for one in plan if one]) == len(plan) == 12


def test_its_command_runs(clean_place, draw_photo):
    """The line for a terminal, in a folder with two photos, writes the file it names."""
    for name in ("cat", "dog"):
        draw_photo((96, 72)).save(f"{name}.jpg")
    (line,) = [code for language, code in fenced(PAGES[0]) if language == "bash"]
    run_bash(line)
    assert (clean_place / "results.zip").is_file()


def test_both_languages_show_the_same_code():
    """Code, but for its remarks and words, is one; so are the names of options."""
    one, other = ([re.sub(r"#.*|\"[^\"]*\"", "", code).split() for _, code in fenced(page)] for page in PAGES)
    assert one == other
    texts = [set(re.findall(r"--[a-z-]+|NB_BANANA_\w+", (DOCS / page).read_text(encoding="utf-8"))) for page in PAGES]
    assert texts[0] == texts[1]
