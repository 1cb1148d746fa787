"""The pages about reports and experiments: their Python runs as printed, and both languages show the same."""

from __future__ import annotations

import re

import pytest
from pages import blocks
from PIL import Image

import nb_banana as nb


@pytest.fixture
def pictures(clean_place):
    """The pictures the pages name, small."""
    for name, color in (("cat", "orange"), ("dog", "brown"), ("sea", "navy")):
        picture = Image.linear_gradient("L").resize((96, 64)).convert("RGB")
        Image.blend(picture, Image.new("RGB", (96, 64), color), 0.5).save(f"{name}.png")
    nb.session(nb.Endpoint.sandbox(), tell=lambda _: None)
    return clean_place


@pytest.mark.parametrize(
    "page, written",
    [
        ("report.md", ["night-page.html", "night.html", "night.tex", "shared.png"]),
        ("report.zh-CN.md", ["night-page.html", "night.html", "night.tex", "shared.png"]),
        ("experiments.md", ["models.html"]),
    ],
)
def test_its_python_runs(pictures, page, written):
    """Every block in order, in a folder with three photos, on the sandbox; what it says it writes is there."""
    space: dict[str, object] = {}
    for code in blocks(page):
        exec(code, space)
    assert sorted(one.name for one in pictures.iterdir() if one.suffix in (".html", ".tex") or one.stem == "shared") == written


@pytest.mark.parametrize("name", ["report", "experiments"])
def test_both_languages_show_the_same_code(name):
    """Code, but for its remarks, is one."""
    one, other = ([re.sub(r"#.*", "", code).split() for code in blocks(page)] for page in (f"{name}.md", f"{name}.zh-CN.md"))
    assert one == other
