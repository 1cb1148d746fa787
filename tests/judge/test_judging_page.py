"""The page about judging: its Python runs as printed, and both languages say the same."""

from __future__ import annotations

import re

import pytest
from pages import blocks

import nb_banana as nb

PAGES = ("judging.md", "judging.zh-CN.md")


@pytest.mark.parametrize("page", PAGES)
def test_its_python_runs(page, clean_place, draw_photo):
    """Every block in order, in a folder with a photo and the files it names, on the sandbox; its figures are in the frame."""
    draw_photo((96, 72)).save("cat.png")
    (file,) = blocks(page, "toml")
    (clean_place / "product.toml").write_text(file, encoding="utf-8")
    (clean_place / "rubric.txt").write_text("Rate <edit_prompt> from 1 to 5.")
    nb.session(nb.Endpoint.sandbox(), tell=lambda _: None)
    space: dict[str, object] = {}
    for code in blocks(page):
        exec(code, space)
    frame = space["c"].to_dataframe()
    assert frame["gpt_overall"].notna().all() and frame["bench_overall"].isna().all()
    assert frame["product_overall"].notna().all() and space["p"].preferences


def test_both_languages_show_the_same_code():
    """Code, but for its remarks and words, is one."""
    one, other = ([re.sub(r"#.*|\"[^\"]*\"", "", code).split() for code in blocks(page)] for page in PAGES)
    assert one == other
