"""The page about blind rating: its Python runs as printed, and both languages say the same."""

from __future__ import annotations

import re

import pytest
from pages import blocks

import nb_banana as nb

PAGES = ("rating.md", "rating.zh-CN.md")


@pytest.mark.parametrize("page", PAGES)
def test_its_python_runs(page, clean_place, draw_photo, capsys):
    """Every block in order, in a folder with a photo, on the sandbox; the votes are kept, and no key is needed for the zip."""
    draw_photo((96, 72)).save("cat.png")
    nb.session(nb.Endpoint.sandbox(), tell=lambda _: None)
    space: dict[str, object] = {}
    for code in blocks(page):
        exec(code, space)
    assert "1 of 4\n1 votes by ann · 1 taken back" in capsys.readouterr().out
    assert len(space["both"]) == 2 and space["both"].raters == ("ann",)
    assert len(space["c"]) == 8 and len(nb.Votes.load("nb_banana_history/votes.jsonl").reveals) == 1


def test_both_languages_show_the_same_code():
    """Code, but for its remarks and words, is one."""
    one, other = ([re.sub(r"#.*|\"[^\"]*\"", "", code).split() for code in blocks(page)] for page in PAGES)
    assert one == other
