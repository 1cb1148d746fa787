"""How words and values read: one module says it, and every door and printer says the same."""

from __future__ import annotations

import ast
import os
import shutil
from decimal import Decimal
from pathlib import Path
from unicodedata import east_asian_width

import prefork
import pytest
from PIL import Image

import nb_banana as nb
from nb_banana import _text
from nb_banana._messages import Cost
from nb_banana._strings import speaking

PACKAGE = Path(nb.__file__).resolve().parent
PROMPTS = ("Turn the day into night", "把天空改成暴风雨", "変える 한국어 ｗｉｄｅ", "e\u0301te\u0301")
OWN = {"east_asian_width", "shorten"}
OTHER = {PACKAGE / "_text.py", PACKAGE / "_fetch" / "keys.py"}  # a key's page says which letters are full-width


def columns(words):
    """How many columns a terminal gives the words, told from Unicode's own table."""
    return sum(0 if east_asian_width(c) == "A" and ord(c) < 0x370 else 2 if east_asian_width(c) in "WF" else 1 for c in words)


@pytest.fixture
def session(clean_place):
    """Four edits whose prompts are as long as one another only to a terminal that knows wide letters."""
    Image.new("RGB", (64, 48), "skyblue").save(clean_place / "cat.png")
    with nb.Session(nb.Endpoint.sandbox(), folder=clean_place / "history", tell=lambda _: None) as session:
        for prompt in PROMPTS:
            session.edit(clean_place / "cat.png", prompt)
        yield session


def test_wide_prompts_keep_the_columns_of_the_history(session):
    """In `nb.history()` as plain text a Chinese prompt takes its real width, so the models stand below one another."""
    lines = nb.history(session=session)._repr_mimebundle_()["text/plain"].split("\n")[1:]
    assert len(lines) == len(PROMPTS)
    assert len({columns(line[: line.index("Nano Banana Pro")]) for line in lines}) == 1


def test_wide_prompts_keep_the_columns_of_the_terminal(session, clean_place):
    """`nb-banana history` lines its columns up the same way, wherever the picture lies."""
    done = prefork.banana("history", "--folder", str(session.history.folder), env=dict(os.environ))
    lines = done.stdout.decode().splitlines()
    assert len(lines) == len(PROMPTS) and all("sandbox, free" in line for line in lines)
    assert len({columns(line[: line.index(str(session.history.folder))]) for line in lines}) == 1


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_what_an_edit_cost_reads_alike_everywhere(session, lang):
    """Result, row of the list, plain table and terminal say the sandbox's price in the same words."""
    with speaking(lang):
        paid = {"en": "sandbox, free", "zh": "沙盒，免费"}[lang]
        record = session.history.records()[0]
        assert paid in session.result_of(record).caption
        assert _text.money(Cost(Decimal("0.04")), sandbox=True) == paid
        assert nb.history(session=session)._repr_mimebundle_()["text/plain"].count(paid) == len(PROMPTS)


@pytest.mark.parametrize(
    ("value", "whole", "read", "chinese"),
    [
        (0.44, False, "0.4 s", "0.4 秒"), (9.94, False, "9.9 s", "9.9 秒"), (9.96, False, "10 s", "10 秒"),
        (1.4, True, "1 s", "1 秒"), (119.4, True, "119 s", "119 秒"), (125, False, "2 min 5 s", "2 分 5 秒"),
    ],
)  # fmt: skip
def test_seconds(value, whole, read, chinese):
    """Tenths only where they tell something, and none on a clock that ticks."""
    assert _text.seconds(value, whole=whole) == read
    with speaking("zh"):
        assert _text.seconds(value, whole=whole) == chinese


@pytest.mark.parametrize(
    ("low", "high", "read"),
    [(10, 15, "10–15 s"), (12.5, 12.5, "12.5 s"), (90, 180, "1.5–3 min"), (300, 300, "5 min"), (3600, 9000, "1–2.5 h")],
)
def test_a_span_of_time(low, high, read):
    """A usual time has one unit, the one its upper end wants."""
    assert _text.span(low, high) == read


def test_a_path_is_said_from_here(clean_place):
    """What lies below the working directory is said from it; anything else in full."""
    assert _text.near(clean_place / "out" / "a.png") == str(Path("out", "a.png"))
    assert _text.near(Path(shutil.which("sh")).parent) == str(Path(shutil.which("sh")).parent.resolve())


PATHS = {
    "There is no file /data/Ann Smith/none.png (looked in ~).": "There is no file none.png (looked in ~).",
    "找不到文件/data/安/none.png（查找位置：/data/安）。": "找不到文件none.png（查找位置：安）。",
    r"C:\Users\Ann\x.png and \\disk\ann\y.png can't be read": r"x.png and y.png can't be read",
    "photos/none.png, 16:9/4:3, PNG/JPEG, a / b, https://example.org/a/b": "photos/none.png, 16:9/4:3, PNG/JPEG, a / b, https://example.org/a/b",
}


@pytest.mark.parametrize("told", PATHS)
def test_a_sentence_for_others_names_files_and_no_folders(told):
    """Of a path in a sentence its last name is left, of one's home nothing; what only looks like one stays."""
    assert _text.unplaced(told.replace("~", str(Path.home()))) == PATHS[told]


def test_nobody_else_measures_or_cuts_words():
    """Widths, paddings and cuts are made in `_text` alone: four printers by hand were one too wide apart."""
    found = {
        f"{path.relative_to(PACKAGE)}:{node.lineno}"
        for path in PACKAGE.rglob("*.py") if path not in OTHER
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if (isinstance(node, ast.Attribute) and node.attr in OWN)
        or (isinstance(node, ast.ImportFrom) and OWN & {name.name for name in node.names})
    }
    assert found == set()
