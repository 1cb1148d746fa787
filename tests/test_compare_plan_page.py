"""The page about planning a comparison: its Python runs as printed, its figures are the plan's, both languages say the same."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from pages import fenced, text_of

import nb_banana as nb
from nb_banana._compare.power import detectable

DOCS = Path(__file__).resolve().parent.parent / "docs"
PAGES = ("compare-plan.md", "compare-plan.zh-CN.md")


@pytest.mark.parametrize("page", PAGES)
def test_its_python_runs_and_a_plan_says_what_is_printed(page, clean_place, draw_photo, monkeypatch):
    """Every block in order, on the sandbox; what is printed below the first is what that plan says."""
    monkeypatch.setenv("NB_BANANA_LANG", "zh" if "zh" in page else "en")
    for name, colour in (("cat", "mistyrose"), ("dog", "khaki")):
        draw_photo((96, 72), colour).save(f"{name}.jpg")
    nb.session(nb.Endpoint.sandbox())
    space: dict[str, object] = {}
    for language, code in fenced(page):
        if language == "python":
            exec(code, space)
        else:
            said = repr(space["plan"]).splitlines()
            for printed, line in zip(code.splitlines(), said):
                assert line.startswith(printed.partition("…")[0])
    assert [cell.phrase for cell in space["colours"].cells] == (["红色", "蓝色", "绿色"] if "zh" in page else ["red", "blue", "green"])
    assert len(space["ways"]) == len(space["table"]) == 8 and all(isinstance(one, nb.EditResult) for one in (*space["ways"], *space["table"]))


@pytest.mark.parametrize("page", PAGES)
def test_its_differences_are_those_a_plan_tells(page):
    """The table of what could be seen is computed as an estimate's is."""
    rows = re.findall(r"^\| (\d+) \| ([\d.]+) \| ([\d.]+) \|$", text_of(page), re.M)
    assert rows == [(str(n), f"{detectable(n, 1):.2f}", f"{detectable(n, 3):.2f}") for n in (5, 10, 20, 50)]


def test_both_languages_show_the_same_code_and_lead_to_each_other():
    """Code is one but for words in quotes, so is every name in it, and links lead somewhere."""
    one, other = ([re.sub(r"\"[^\"]*\"", "", code) for language, code in fenced(page) if language == "python"] for page in PAGES)
    assert one == other
    names = [re.findall(r"`[\w.()]+`", text_of(page)) for page in PAGES]
    assert names[0] == names[1]
    for page in PAGES:
        assert all((DOCS / link).exists() for link in re.findall(r"\]\((?!http)([^)#]+)\)", text_of(page)))
