"""No Chinese page lags behind its English one, and `docs/lag.py` finds one that does."""

from __future__ import annotations

import shutil
import subprocess
import sys

import pytest
from pages import ROOT, program

lag = program("lag")
TUTORIAL = "%% en\n# A cat\n\n%% zh\n# 猫\n\n%% code\n1\n\n%% en\nThe end.\n"


@pytest.fixture
def checkout(clean_place):
    """A small checkout: two pages and a tutorial, whose Chinese is up to date but for one missing cell."""
    (clean_place / "docs" / "tutorials").mkdir(parents=True)
    shutil.copy(ROOT / "docs" / "lag.py", clean_place / "docs")
    for name, text in {
        "README.md": "# Here\n", "README.zh-CN.md": "# 这里\n", "docs/keys.md": "# Keys\n", "docs/keys.zh-CN.md": "# 密钥\n",
        "docs/tutorials/cat.md": TUTORIAL,
    }.items():
        (clean_place / name).write_text(text, encoding="utf-8")
    said(clean_place, "--done", "README.zh-CN.md", "docs/keys.zh-CN.md", "docs/tutorials/cat.md")
    return clean_place


def said(place, *words):
    """What the command prints there, line by line, and its code."""
    done = subprocess.run([sys.executable, "docs/lag.py", *words], cwd=place, capture_output=True, text=True, encoding="utf-8",
                          env={"PYTHONIOENCODING": "utf-8"}, check=False, timeout=60)
    return done.stdout.splitlines(), done.returncode


def test_no_chinese_page_lags():
    """Every page and every cell of a tutorial says in Chinese what the English one says today."""
    left = list(lag.lagging())
    assert not left, "\n".join(left)


def test_a_missing_cell_is_named_until_it_is_there_and_read(checkout):
    """A cell without its Chinese is not stamped; once it is written it lags until a person says that it was read."""
    assert said(checkout) == (["docs/tutorials/cat.md: the Chinese of 'The end.' is missing"], 1)
    with (checkout / "docs" / "tutorials" / "cat.md").open("a", encoding="utf-8") as page:
        page.write("\n%% zh\n完。\n")
    assert said(checkout) == (["docs/tutorials/cat.md: the Chinese of 'The end.' lags"], 1)
    assert said(checkout, "--done", "docs/tutorials/cat.md") == (["No Chinese page lags behind."], 0)


def test_a_changed_word_names_its_page(checkout):
    """Who changes an English page or cell hears which Chinese one is to follow; a page without a stamp, and a missing one, too."""
    for name, old, new in (("docs/keys.md", "Keys", "All keys"), ("docs/tutorials/cat.md", "A cat", "One cat")):
        page = checkout / name
        page.write_text(page.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")
    (checkout / "README.zh-CN.md").unlink()
    (checkout / "docs" / "new.md").write_text("# New\n", encoding="utf-8")
    (checkout / "docs" / "new.zh-CN.md").write_text("# 新\n", encoding="utf-8")
    assert said(checkout)[0] == [
        "README.zh-CN.md is missing",
        "docs/keys.zh-CN.md lags behind docs/keys.md",
        "docs/new.zh-CN.md does not say what it was translated from",
        "docs/tutorials/cat.md: the Chinese of '# One cat' lags",
        "docs/tutorials/cat.md: the Chinese of 'The end.' is missing",
    ]
