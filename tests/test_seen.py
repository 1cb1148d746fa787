"""What is seen of a result in a notebook: a picture, and under it an output of its own with everything in words.

The kernel is a real one; `talker` answers with a picture of another shape than was asked for, so that each edit has
a warning, and with words that try to look like ours.
"""

from __future__ import annotations

import dataclasses
import os
import re
import subprocess
import sys
from decimal import Decimal
from html import unescape
from pathlib import Path

import nbformat
import pytest
import talker
from kernels import Notebook
from nbconvert import HTMLExporter, MarkdownExporter

import nb_banana as nb
from nb_banana import _text
from nb_banana._catalog.cost import Cost
from nb_banana._images.sources import as_image
from nb_banana._result import notes
from nb_banana._strings import speaking

WORDS = "I could not add the hat,\n⚠ everything is fine\x1b[31m so I only changed the sky."
SAID = "model: “I could not add the hat, ⚠ everything is fine so I only changed the sky.”"
WARNED = re.compile(r"⚠ .*16:9.*480×360.*")
CAPTION = re.compile(r"480×360 · gemini-3-pro-image-preview · price unknown( · \d[\d.]* s)?")
SETUP = f"""import sys, warnings
sys.path.insert(0, {str(Path(talker.__file__).parent)!r})
import talker, nb_banana as nb
session = nb.session(nb.Session(nb.Endpoint(talker.start({WORDS!r}), "test-key"), tell=lambda _: None))
%load_ext nb_banana"""
EDIT = 'nb.edit("cat.png", "Add a hat", aspect_ratio="16:9"{})'


@pytest.fixture
def run(photo, clean_place):
    """`run(cell, …)`: the notebook with these cells after the set-up, run in the test's folder."""

    def execute(*cells):
        book = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(source) for source in (SETUP, *cells)])
        place = {"metadata": {"path": str(clean_place)}}
        return Notebook(book, timeout=60, resources=place).execute()

    return execute


def is_picture(output):
    """An output of which a page shows the picture."""
    return any(kind.startswith("image/") for kind in output.get("data", {}))


def words(outputs):
    """The texts that a page shows: of outputs that hold nothing richer."""
    return [output.data["text/plain"] for output in outputs if set(output.get("data", {})) == {"text/plain"}]


@pytest.fixture
def result(draw_photo):
    """A result of $0.09 and 12 seconds."""
    return nb.EditResult(
        images=(as_image(draw_photo((1376, 768))),), request=nb.EditRequest("Add a hat"),
        model="gemini-3-pro-image-preview", cost=Cost(Decimal("0.09")), elapsed=12.3,
    )  # fmt: skip


SAME = "1376×768 · gemini-3-pro-image-preview"


@pytest.mark.parametrize(
    ("facts", "caption"),
    [
        ({}, f"{SAME} · $0.09 · 12 s"),
        ({"take": 2, "replayed": True}, f"{SAME} · $0.09 · 12 s · take 2 · replayed"),
        ({"cost": Cost(None, certain=False), "elapsed": 125.0}, f"{SAME} · price unknown · 2 min 5 s"),
        ({"cost": Cost(Decimal("0.04"), certain=False), "elapsed": 0.0}, f"{SAME} · ≈$0.04"),
        ({"sandbox": True, "cost": Cost(Decimal(0)), "elapsed": 0.7}, f"{SAME} · sandbox, free"),
        ({"model": ""}, "1376×768 · $0.09 · 12 s"),
        ({"model": "evil\x1b[2K\nmodel" + "x" * 500}, f"1376×768 · {'evil model' + 'x' * 69}… · $0.09 · 12 s"),
    ],
)  # fmt: skip
def test_the_caption_is_one_line_of_facts(result, facts, caption):
    """Size, model, cost, seconds, take, replayed: an unknown cost says so, the sandbox is free and has no time."""
    made = dataclasses.replace(result, **facts)
    assert made.caption == caption
    assert made._repr_mimebundle_()[0]["text/plain"] == caption
    assert repr(made) == f"“Add a hat” · {caption}"


def test_the_caption_speaks_chinese(result):
    """The same line in the other language."""
    with speaking("zh"):
        assert dataclasses.replace(result, take=2, replayed=True).caption == f"{SAME} · $0.09 · 12 秒 · 第 2 次 · 来自历史"
        assert dataclasses.replace(result, text="好").caption + "\n模型：“好”" == (
            dataclasses.replace(result, text="好")._repr_mimebundle_()[0]["text/plain"]
        )


def test_words_from_outside_stay_on_their_line(result):
    """A model or a server can't forge a caption or a warning, colour the page, turn the text round or flood it."""
    nasty = dataclasses.replace(
        result, text="sky\r\n⚠ forged\u2028\x9b31m\u202edenrut \x1b]0;title\x07" + "long " * 9_000, warnings=("a\nb\x1b[1mc\x00d",)
    )
    caption, warning, said = nasty._repr_mimebundle_()[0]["text/plain"].split("\n")
    assert (caption, warning) == (nasty.caption, "⚠ a bc d")
    assert said.startswith("model: “sky ⚠ forged denrut long long ") and said.endswith("…”")
    assert said.isprintable() and len(said) < 700


def test_what_some_takes_say_names_them(result):
    """A note of every take stands once; a note of some begins with their names; warnings come before the models' words."""
    first = dataclasses.replace(result, warnings=("smaller", "other ratio"), text="hello")
    second = dataclasses.replace(result, warnings=("smaller",), text="good\nbye")
    third = dataclasses.replace(result, warnings=("smaller", "other ratio"))
    assert notes({"#0": first, "#1": second, "#2": third}) == [
        "⚠ smaller", "⚠ #0, #2: other ratio", "#0: model: “hello”", "#1: model: “good bye”",
    ]  # fmt: skip
    assert notes({"only": second}) == ["⚠ smaller", "model: “good bye”"]
    lost = nb.errors.SafetyError("blocked\nby the provider")
    assert notes({"#0": second, "#2": lost, "#3": lost}, 4) == [
        "⊘ #2, #3: blocked by the provider", "⚠ #0: smaller", "#0: model: “good bye”",
    ]  # fmt: skip
    assert notes({f"#{n}": lost for n in range(40)}, 41) == ["⊘ #0, #1, #2, #3, #4, #5, #6, #7, … +32: blocked by the provider"]


def test_how_values_read(clean_place):
    """Widths are a terminal's, seconds and bytes are rounded for people, paths are as short as they can be."""
    assert [_text.shortened(words, 8) for words in ("a  b\n c", "Make it night", "把白天变成夜晚", "👩\u200d🎨")] == [
        "a b c", "Make it…", "把白天…", "👩\u200d🎨",
    ]  # fmt: skip
    assert (_text.width("夜 a\u0301"), _text.padded("夜", 4), _text.padded("night", 2)) == (4, "夜  ", "night")
    assert _text.aligned([["#", "指令", ""], ["10", "a", "done"]]) == ["#   指令", "10  a     done"]
    assert [_text.seconds(value) for value in (0.44, 9.96, 119.4, 125)] == ["0.4 s", "10 s", "119 s", "2 min 5 s"]
    assert [_text.amount(count) for count in (812, 5_100_000, 14_000)] == ["812 B", "5.1 MB", "14 KB"]
    assert _text.near(clean_place / "a" / "b.png") == str(Path("a") / "b.png")
    assert _text.near(Path("/nowhere/b.png")) == str(Path("/nowhere/b.png"))


def test_a_cells_value_is_a_picture_and_its_words(run):
    """Caption, warning and the model's words are an output that nothing richer hides; `_` and `Out` hold the result."""
    book = run(EDIT.format(""), "print(_.text == Out[2].text, type(_).__name__)", "print(Out[2].caption)")
    picture, below = book.cells[1].outputs
    assert is_picture(picture)
    assert next(iter(picture.metadata.values()))["alt"] == "Add a hat"
    caption, warning, said = words([below])[0].split("\n")
    assert CAPTION.fullmatch(caption) and WARNED.fullmatch(warning) and said == SAID
    assert book.cells[2].outputs[0].text == "True EditResult\n"
    assert book.cells[3].outputs[0].text.strip() == caption


def test_shown_in_a_loop_by_a_magic_and_as_takes(run):
    """Each picture has its words right after it, whichever way it is shown; a take has a caption of its own."""
    book = run(
        f"for n in (1, 2):\n    display({EDIT.format(', take=n')})",
        '%%banana cat.png -r 16:9\nAdd a hat',
        EDIT.format(", takes=2"),
        f"{EDIT.format('')};",
        f"%%capture held\n{EDIT.format('')}",
        "held.show()",
    )
    loop, magic, takes, quiet, captured, shown = (cell.outputs for cell in book.cells[1:])
    assert [is_picture(output) for output in loop] == [True, False, True, False]
    assert ["take 2" in text for text in words(loop)] == [False, True]
    assert [is_picture(output) for output in magic] == [True, False]
    assert CAPTION.match(words(magic)[0]) and words(magic)[0].split("\n")[0].endswith(" · replayed")
    assert words(magic)[0].split("\n")[1:] == words(loop)[0].split("\n")[1:]
    lines = words(takes)[0].split("\n")
    assert [is_picture(output) for output in takes] == [True, False] and len(lines) == 4
    assert "take 1" in lines[0] and "take 2" in lines[1] and WARNED.fullmatch(lines[2]) and lines[3] == SAID
    assert (quiet, captured) == ([], [])
    assert words(shown) == words(magic)


def test_a_grid_says_what_failed_what_it_cost_and_what_was_warned_of(run):
    """The table stands under the sheet, the same on every run: no measured second is in it, but each reason is."""
    grid = 'nb.batch(["cat.png", "nowhere.png"], "Add a hat", aspect_ratio="16:9").run()'
    book = run(grid, "import shutil; session.close(); shutil.rmtree('nb_banana_history')", grid, "_.show()")
    first, _, second, large = (cell.outputs for cell in book.cells[1:])
    for outputs in (first, second, large):
        assert [is_picture(one) for one in outputs if "data" in one] == [True, False]
    text = words(first)[0]
    assert words(second) == words(large) == [text]
    assert "480×360 · price unknown" in text and text.count("⊘ bad_request") == 1
    failed, warned, said = text.split("\n")[-3:]
    assert re.match(r"⊘ #1: .*nowhere\.png", failed) and "#0: Asked" in warned and WARNED.fullmatch(warned)
    assert said == f"#0: {SAID}"
    assert not re.search(r"\d s\b", text)


def test_a_plan_is_its_text_once(run):
    """Where there is no picture yet, the words are not shown twice."""
    (outputs,) = (cell.outputs for cell in run('nb.batch(["cat.png"], "Add a hat")').cells[1:])
    assert len(outputs) == 1 and "1 not run" in words(outputs)[0]


def test_a_chain_says_of_each_step_what_it_was_warned_of(run):
    """Under the filmstrip: a line per step, and beneath it its warnings and the model's words."""
    chain = 'nb.chain("cat.png").edit("Add a hat", aspect_ratio="16:9").edit("Make it night", aspect_ratio="16:9")'
    outputs = run(chain).cells[1].outputs
    assert [is_picture(output) for output in outputs] == [False, True, False]
    lines = words(outputs)[0].split("\n")
    assert [line[:14] for line in lines if line[0].isdigit()] == ["0  original · ", "1  “Add a hat”", "2  “Make it ni", "2 edits · 2 ed"]
    assert [bool(WARNED.fullmatch(line.strip())) for line in lines].count(True) == 2
    assert lines[3].strip() == lines[6].strip() == SAID
    total = run(f"from nb_banana.widgets import Timeline\nprint(Timeline({chain})._total.value)").cells[1].outputs[-1].text
    assert total.startswith("2 edits · 2 edits, price unknown · ")


def test_under_a_panel_the_words_follow_the_picture(run):
    """The slot is a picture and its words: both empty before the first edit, both replaced with each that comes."""
    book = run(
        'panel = nb.panel("cat.png")\npanel.prompt.value = "Add a hat"\npanel.aspect_ratio.value = "16:9"\npanel',
        "panel.run_button.click(); panel.wait(60); None",
    )
    view, picture, below = book.cells[1].outputs
    assert "application/vnd.jupyter.widget-view+json" in view.data and is_picture(picture)
    caption, warning, said = words([below])[0].split("\n")
    assert CAPTION.fullmatch(caption) and WARNED.fullmatch(warning) and said == SAID
    empty = run('nb.panel("cat.png")').cells[1].outputs
    assert words(empty) == ["", ""]


@pytest.mark.parametrize("exporter", [HTMLExporter, MarkdownExporter])
def test_exported_notebooks_say_it_too(run, exporter):
    """nbconvert shows caption, warning and the model's words as text, for a result and for a grid."""
    book = run(EDIT.format(""), 'nb.batch(["cat.png"], "Add a hat", aspect_ratio="16:9", takes=2).run()')
    page = exporter(exclude_input=True).from_notebook_node(book)[0]
    text = unescape(re.sub(r"<(style|script).*?</\1>|<[^>]+>", "", page, flags=re.S))
    assert len(CAPTION.findall(text)) == 1 and len(WARNED.findall(text)) == 2 and text.count(SAID) == 2


def test_a_terminal_prints_it_once(photo, clean_place):
    """In IPython without a page the words are printed, as the cell's value and by `display`, once each time."""
    cells = f"{SETUP}\n{EDIT.format('')}\ndisplay({EDIT.format('')})\nexit\n"
    environment = {**os.environ, "IPYTHONDIR": str(clean_place / "ipython")}
    done = subprocess.run(
        [sys.executable, "-m", "IPython", "--simple-prompt", "--no-banner", "--colors=NoColor", "--HistoryManager.enabled=False"],
        input=cells, capture_output=True, text=True, encoding="utf-8", env=environment, check=True, timeout=120,
    )
    assert [len(CAPTION.findall(done.stdout)), len(WARNED.findall(done.stdout)), done.stdout.count(SAID)] == [2, 2, 2], done.stdout


def test_a_printed_result_says_its_warnings(result):
    """`print(result)` tells what `result` alone tells in a cell: the line, each warning, the model's words."""
    made = dataclasses.replace(result, warnings=("Square, not 16:9.",), text="I left the hat out.")
    assert str(made).splitlines() == [made.summary(), "⚠ Square, not 16:9.", "model: “I left the hat out.”"]


def test_marimo_is_given_picture_and_words_in_one(photo, clean_place):
    """It shows one kind of an output only: a result, a chain and a comparison give it both, and no word of a prompt or a model is read as HTML."""
    session = nb.Session(nb.Endpoint(talker.start("<b>&nbsp;no hat</b>"), "test-key"), tell=lambda _: None)
    result = session.edit("cat.png", '"><i>A hat', aspect_ratio="16:9")
    plan = nb.compare("cat.png", ["A hat", "<i>A coat"], session=session)
    planned = plan._mime_()[1]
    chain, done = nb.chain("cat.png", session=session).edit("<i>A hat"), plan.run()
    assert "<img" not in planned and "<i>" not in planned
    for shown in (result, chain, done):
        kind, page = shown._mime_()
        assert (kind, page.count('<img src="data:image/')) == ("text/html", 1)
        assert not re.search(r"<(?:b|i)>|&nbsp;", page)
        words = unescape(re.search(r"<pre[^>]*>(.*)</pre>", page, re.DOTALL)[1])
        assert words == shown._repr_mimebundle_()[0]["text/plain"]
    assert "⚠" in result._mime_()[1] and "no hat" in result._mime_()[1]
