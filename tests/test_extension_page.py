"""The page about the notebook extension: its Python runs as printed, its words are those of the menus, both languages say the same."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from pages import blocks, text_of

import nb_banana as nb

ROOT = Path(__file__).resolve().parent.parent
PAGES = ("extension.md", "extension.zh-CN.md")


@pytest.mark.parametrize("page", PAGES)
def test_its_python_runs(page, clean_place, draw_photo):
    """Every block, in a folder with a photo, on the sandbox; what a past result is called gives the same picture."""
    draw_photo((96, 72)).save("cat.jpg")
    nb.session(nb.Endpoint.sandbox(), tell=lambda _: None)
    space: dict[str, object] = {}
    for code in blocks(page):
        exec(code, space)
    assert space["again"].record_id == space["r"].record_id


def test_both_languages_show_the_same_code():
    """Code is one, and so are the variables that are named."""
    assert blocks(PAGES[0]) == blocks(PAGES[1])
    one, other = (re.findall(r"NB_BANANA_\w+|jupyter \w+ ?\w* \w+ nb.banana", text_of(page)) for page in PAGES)
    assert one == other and len(one) >= 6


@pytest.mark.parametrize(("page", "column"), [*zip(PAGES, (0, 1))])
def test_what_it_calls_things_is_what_they_are_called(page, column):
    """Menus, settings and buttons stand in the page by the words that stand on the screen."""
    script = (ROOT / "labextension" / "static" / "words.js").read_text(encoding="utf-8")
    words = {name: json.loads(f"[{pair}]") for name, pair in re.findall(r"^  (\w+): \[(.*)\],$", script, re.M)}
    for name in ("edit", "code", "save", "copy", "show_history", "run", "set_language", "set_preview", "set_folder", "set_confirm", "set_run"):
        assert words[name][column] in text_of(page), name
    ranges = json.loads((ROOT / "labextension/schemas/nb-banana/plugin.json").read_text(encoding="utf-8"))
    assert {one["keys"][0] for one in ranges["jupyter.lab.shortcuts"]} == {"Accel Alt B"} and "Alt + B" in text_of(page)
