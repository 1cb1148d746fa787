"""The page about a comparison's grid: its Python runs as printed, and both languages say the same."""

from __future__ import annotations

import re

import pytest
from pages import blocks

import nb_banana as nb

PAGES = ("compare-grid.md", "compare-grid.zh-CN.md")


@pytest.mark.parametrize("page", PAGES)
def test_its_python_runs(page, clean_place, draw_photo, capsys):
    """Every block in order, in a folder with a photo, on the sandbox; in the end a star and a note are there."""
    draw_photo((96, 72)).save("cat.png")
    nb.session(nb.Endpoint.sandbox(), tell=lambda _: None)
    space: dict[str, object] = {}
    for code in blocks(page):
        exec(code, space)
    grid = space["g"]
    assert grid.table.marks["0"] == [True, ""] and grid.table.marks["1"][1] in capsys.readouterr().out


def test_both_languages_show_the_same_code():
    """Code, but for its remarks and words, is one."""
    one, other = ([re.sub(r"#.*|\"[^\"]*\"", "", code).split() for code in blocks(page)] for page in PAGES)
    assert one == other
