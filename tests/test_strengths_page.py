"""The page about what votes show: its Python runs as printed and prints what it says, and both languages say the same."""

from __future__ import annotations

import re

import pytest
from pages import blocks

from nb_banana._strings import speaking

PAGES = {"strengths.md": "en", "strengths.zh-CN.md": "zh"}


@pytest.mark.parametrize("page", PAGES)
def test_its_python_prints_what_the_page_shows(page, capsys):
    """Every block in order; what each prints stands below it, word for word, in the page's language."""
    space: dict[str, object] = {}
    with speaking(PAGES[page]):
        for code, shown in zip(blocks(page), blocks(page, "text"), strict=True):
            exec(code, space)
            assert capsys.readouterr().out.strip() == shown.strip()


def test_both_languages_show_the_same_code():
    """Code, but for its remarks, is one."""
    one, other = ([re.sub(r"#.*", "", code).split() for code in blocks(page)] for page in PAGES)
    assert one == other
