"""The tutorials run, run again for free, and are saved in both languages as a reader should find them.

Each runs in a copy of `notebooks/`, on the built-in sandbox, as a newcomer runs it: the English one under nbval, against
every saved output (`data/nbval.cfg` says what may differ, `tutorial/sights.py` compares the pictures), then the Chinese one
in the same folder. What was sent is counted at the sandbox's own door (`tutorial/sitecustomize.py`), not in our history.
Nothing here knows a tutorial by its name, but where it says why. `python docs/tutorials.py` saves them.
"""

from __future__ import annotations

import base64
import io
import json
import os
import re
import shutil
import subprocess
import sys
from itertools import pairwise
from pathlib import Path

import nbformat
import pytest
from kernels import Notebook
from nbconvert.exporters import HTMLExporter
from pages import ROOT, program
from PIL import Image

from nb_banana._prompts.scenarios import SCENARIOS

tutorials = program("tutorials")
FOLDER = ROOT / "notebooks"
HELP = ROOT / "tests" / "tutorial"
NAMES = list(tutorials.names())
LARGEST = 300_000
SECONDS = 300
MOST_EXCEPTIONS = 2
NOT_COMPARED, SENDS_AGAIN = "nbval-ignore-output", "sends-again"
OTHER_TAGS = {"raises-exception"}
WIDGET_VIEW = "application/vnd.jupyter.widget-view+json"
HAN = re.compile(r"[\u4e00-\u9fff]")
LINK = re.compile(r"\]\(([^)\s]+)\)")

each_name = pytest.mark.parametrize("name", NAMES)
each_notebook = pytest.mark.parametrize("name", [name + suffix for name in NAMES for suffix in tutorials.SUFFIX.values()])


def cells_of(name, kind=None):
    """The cells of a saved notebook, or those of one kind."""
    cells = nbformat.read(FOLDER / name, as_version=4).cells
    return [cell for cell in cells if kind in (None, cell.cell_type)]


def watched(notes):
    """The environment of a Python whose sandboxes note their requests there."""
    notes.write_text("")
    paths = os.pathsep.join(filter(None, (str(HELP), os.environ.get("PYTHONPATH"))))
    return {**os.environ, "PYTHONPATH": paths, "NOTED": str(notes), "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}


def asked(notes):
    """The requests for pictures that were noted: of each, the failure that answered it on purpose, or None."""
    lines = [json.loads(line) for line in notes.read_text().splitlines()]
    return [line["fault"] for line in lines if line["method"] == "POST"]


def nbval(notebook, notes):
    """Run one notebook in a process of its own and compare all that it puts out."""
    return subprocess.run(
        [sys.executable, "-m", "pytest", "-o", "addopts=", "-p", "no:cacheprovider", "-p", "nbval.plugin", "-p", "sights",
         "--rootdir", str(notebook.parent), "--nbval", "--nbval-current-env", "--nbval-cell-timeout=180",
         "--nbval-sanitize-with", str(ROOT / "tests" / "data" / "nbval.cfg"), str(notebook)],
        cwd=notebook.parent, env=watched(notes), capture_output=True, text=True, check=False, timeout=SECONDS,
    )


@pytest.fixture
def book(clean_place):
    """A copy of the tutorials' folder, without anything that was ever run there."""
    return Path(shutil.copytree(FOLDER, clean_place / "book", ignore=tutorials.SCRATCH))


@each_name
def test_puts_out_what_is_saved_and_the_second_run_sends_nothing(name, book, clean_place):
    """A reader gets every output and picture that is saved; running all again, in the other language, sends nothing but what
    is answered with a failure on purpose (an answer is kept and replayed, a failure is not), or is in a cell that says why.
    """
    notes = clean_place / "notes"
    first = nbval(book / f"{name}.ipynb", notes)
    assert first.returncode == 0, first.stdout[-6000:]
    assert asked(notes) != []
    again = nbformat.read(book / f"{name}.zh-CN.ipynb", as_version=4)
    again.cells = [cell for cell in again.cells if SENDS_AGAIN not in cell.metadata.get("tags", [])]
    where = {"metadata": {"path": str(book)}}
    Notebook(again, timeout=180, store_widget_state=False, resources=where).execute(env=watched(notes))
    assert [fault for fault in asked(notes) if fault is None] == []


def test_a_saved_word_or_picture_that_does_not_come_again_is_found(book, clean_place):
    """The comparison is a real one: a changed word, and a picture turned upside down, each fail the run."""
    shorter = nbformat.read(book / "quickstart.ipynb", as_version=4)
    shorter.cells = [cell for cell in shorter.cells if cell.cell_type == "code"][:3]
    edit, printed = shorter.cells[1].outputs, shorter.cells[2].outputs[0]
    printed.text = printed.text.replace("cost", "toll")
    seen = next(output.data for output in edit if "image/jpeg" in output.get("data", {}))
    with Image.open(io.BytesIO(base64.b64decode(seen["image/jpeg"]))) as picture:
        picture.transpose(Image.Transpose.FLIP_TOP_BOTTOM).save(turned := io.BytesIO(), "JPEG")
    seen["image/jpeg"] = base64.b64encode(turned.getvalue()).decode()
    nbformat.write(shorter, book / "wrong.ipynb")
    done = nbval(book / "wrong.ipynb", clean_place / "notes")
    assert re.findall(r"^FAILED wrong\.ipynb::(Cell \d)", done.stdout, re.M) == ["Cell 1", "Cell 2"]


def test_every_notebook_has_a_source():
    """What lies in `notebooks/` is rendered from `docs/tutorials/`, each in both languages, and nothing is left over."""
    made = {name + suffix for name in NAMES for suffix in tutorials.SUFFIX.values()}
    assert {path.name for path in FOLDER.glob("*.ipynb")} == made


@each_name
@pytest.mark.parametrize("language", tutorials.SUFFIX)
def test_is_what_its_source_renders(name, language):
    """Both languages are one source: words as written, code, tags, outputs and counts the same in both, to the byte."""
    ran = nbformat.read(FOLDER / f"{name}.ipynb", as_version=4)
    rendered = tutorials.with_outputs(tutorials.notebook(name, language), ran)
    saved = (FOLDER / f"{name}{tutorials.SUFFIX[language]}").read_text(encoding="utf-8")
    assert nbformat.writes(rendered).strip() == saved.strip()


@each_name
def test_the_chinese_words_are_built_like_the_english_ones(name):
    """Each English cell has its Chinese one after it, with as many headings, rows and links, and links go to Chinese pages where
    there are some.
    """
    source = tutorials.cells(name)
    kinds = [cell.kind for cell in source]
    assert [kinds[number + 1 : number + 2] for number, kind in enumerate(kinds) if kind == "en"] == [["zh"]] * kinds.count("zh")
    for english, chinese in pairwise(source):
        if english.kind == "en":
            assert HAN.search(chinese.text), english.text
            shapes = [(re.findall(r"^#+(?= )", text, re.M), len(re.findall(r"^\|", text, re.M)), len(LINK.findall(text)))
                      for text in (english.text, chinese.text)]
            assert shapes[0] == shapes[1], english.text
            for link in LINK.findall(chinese.text):
                stem, _, suffix = link.partition("#")[0].rpartition(".")
                other = f"{stem}.zh-CN.{suffix}"
                assert stem.endswith(".zh-CN") or "://" in link or not (FOLDER / other).exists(), f"{link}: there is {other}"


@each_notebook
def test_every_link_leads_somewhere(name):
    """A file that a tutorial names by a link is there."""
    text = "\n".join(cell.source for cell in cells_of(name, "markdown"))
    links = [link.partition("#")[0] for link in LINK.findall(text) if "://" not in link and not link.startswith("#")]
    assert [link for link in links if not (FOLDER / link).exists()] == []


@each_notebook
def test_is_saved_as_a_reader_should_find_it(name):
    """Saved outputs are complete, small, free of errors, of machine paths and of anything GitHub can't show."""
    path = FOLDER / name
    notebook = nbformat.read(path, as_version=4)
    nbformat.validate(notebook)
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    assert [cell.execution_count for cell in code] == list(range(1, len(code) + 1))
    outputs = [output for cell in code for output in cell.outputs]
    careful = [cell for cell in code if "raises-exception" not in cell.metadata.get("tags", [])]
    assert [output for cell in careful for output in cell.outputs if output.output_type == "error"] == []
    bundles = [output.data for output in outputs if "data" in output]
    assert [bundle for bundle in bundles if any(kind.startswith("image/") for kind in bundle)] != []
    assert [bundle for bundle in bundles if "text/html" in bundle and WIDGET_VIEW not in bundle] == []
    assert "widgets" not in notebook.metadata and '"record"' not in json.dumps(notebook)
    assert path.stat().st_size < LARGEST
    text = json.dumps([output.get("text", output.get("data", {}).get("text/plain")) for output in outputs])
    assert re.findall(r"/(?:home|root|tmp|Users|work)/[^\"\\ ]*|sk-\w{8,}", text) == []


@each_name
def test_an_exception_says_why(name):
    """A cell whose outputs can't come out the same, or that sends each time, has a comment that says the reason; there are
    hardly any, and nothing else is kept from the comparison.
    """
    cells = [cell for cell in cells_of(f"{name}.ipynb", "code") if {*cell.metadata.get("tags", [])} - OTHER_TAGS]
    assert [cell.metadata.tags for cell in cells if {*cell.metadata.tags} - OTHER_TAGS - {NOT_COMPARED, SENDS_AGAIN}] == []
    assert [cell.source for cell in cells if not re.search(r"# .{15,}", cell.source)] == []
    assert len(cells) <= MOST_EXCEPTIONS


def captioned(name):
    """The words of each result and chain that is shown, and what stands below its picture."""
    bundles = [output.get("data", {}) for cell in cells_of(name, "code") for output in cell.outputs]
    return [
        (bundle["text/plain"], below.get("text/plain"), set(below))
        for bundle, below in zip(bundles, [*bundles[1:], {}], strict=True)
        if any(kind.startswith("image/") for kind in bundle) and not bundle["text/plain"].startswith(("<ImageData", "<Figure"))
    ]


@each_name
def test_saved_pictures_have_their_words_under_them(name):
    """On GitHub, too, a reader sees the caption of each result and chain, its warnings included."""
    assert [below for words, below, kinds in captioned(f"{name}.ipynb") if (below, kinds) != (words, {"text/plain"})] == []


def test_captions_and_warnings_are_shown_at_all():
    """The tutorials show results with their words, and warnings among them."""
    words = [words for name in NAMES for words, _, _ in captioned(f"{name}.ipynb")]
    assert (len(words) >= 12, sum("⚠ " in word for word in words) >= 4) == (True, True)


@each_notebook
def test_who_cannot_see_a_picture_hears_what_it_is(name):
    """Exported by nbconvert, every picture of a tutorial has its alternative text."""
    page, _ = HTMLExporter(template_name="classic").from_filename(str(FOLDER / name))
    pictures = re.findall(r"<img\b[^>]*>", page)
    assert pictures != []
    alts = [(re.search(r"""\balt=(?:"([^"]*)"|'([^']*)')""", picture) or [""])[0][5:-1] for picture in pictures]
    assert [alt for alt in alts if not alt or alt.startswith("No description")] == []


@pytest.mark.parametrize("scenario", SCENARIOS.values(), ids=SCENARIOS.keys())
def test_every_scenario_is_shown_once(scenario):
    """The tutorial of scenarios shows each one of the prompt book word for word, the Chinese notebook in both languages."""
    text = {name: "\n".join(cell.source for cell in cells_of(f"scenarios{name}.ipynb")) for name in ("", ".zh-CN")}
    assert (text[""].count(f'"{scenario.english}"'), text[".zh-CN"].count(f'"{scenario.english}"')) == (1, 1)
    assert scenario.chinese in text[".zh-CN"]
