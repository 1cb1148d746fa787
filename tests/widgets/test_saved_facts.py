"""What a saved notebook says to the extension: whose picture an output is, and what a widget was once its kernel is gone."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys

import nbformat
import pytest
from kernels import Notebook
from nbconvert import HTMLExporter

import nb_banana as nb

OURS = "application/vnd.nb-banana+json"
VIEW = "application/vnd.jupyter.widget-view+json"
CELLS = [
    "import nb_banana as nb",
    "result = nb.edit('cat.png', 'Make it night')\nresult",
    "nb.edit('cat.png', 'Make it day', takes=2)",
    "chain = nb.chain(result).edit('Add a moon')\nchain",
    "nb.panel('cat.png')",
    "comparison = nb.compare('cat.png', ['Make it night'])\ncomparison.run()\ncomparison.grid()",
    "nb.history()",
    "result.show()",
]


@pytest.fixture(scope="module")
def book(tmp_path_factory):
    """Runs those cells in one folder, as a kernel of Jupyter's that knows its notebook, or as one that doesn't."""
    from PIL import Image

    folder = tmp_path_factory.mktemp("book")
    Image.new("RGB", (64, 48), "peru").save(folder / "cat.png")
    (folder / "a.ipynb").write_text("{}")

    def run(*cells, known=True):
        notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell, id=f"c{at}") for at, cell in enumerate(cells)])
        env = {name: value for name, value in os.environ.items() if not name.startswith("NB_BANANA")}
        env |= {"JPY_SESSION_NAME": str(folder / "a.ipynb")} if known else {}
        where = {"metadata": {"path": str(folder)}}
        client = Notebook(notebook, timeout=120, store_widget_state=False, record_timing=False, resources=where)
        client.create_kernel_manager()
        client.execute(env=env)
        return [[output for output in cell.outputs if "data" in output] for cell in notebook.cells]

    run.folder = folder
    return run


@pytest.fixture(scope="module")
def saved(book):
    return book(*CELLS)


def original(output):
    """What the metadata of an output's picture, or of our own words, says of the original."""
    (facts,) = [facts["nb_banana"] for facts in output.metadata.values() if "nb_banana" in facts]
    return facts


def test_a_picture_says_whose_it_is(book, saved):
    """The small copy in a notebook names its record, the original's hash and the history's folder, and the record is that picture."""
    shown = original(saved[1][0])
    assert set(shown) == {"record", "sha256", "folder"} and shown["folder"] == "nb_banana_history"
    with nb.Session(nb.Endpoint.sandbox(), folder=book.folder / "nb_banana_history", tell=lambda _: None) as session:
        result = session.result_of(session.history.record(shown["record"]))
        assert (result.image.sha256, result.request.prompt) == (shown["sha256"], "Make it night")
        assert session.result_of(session.history.record(original(saved[2][0])["record"])).take == 1
        step = session.result_of(session.history.record(original(saved[3][1])["record"]))
        assert step.request.prompt == "Add a moon"


def test_the_same_again_is_the_same_bytes(book, saved):
    """A result that is shown twice leaves the same in the notebook; run again, it still names the same record."""
    first, second = book("import nb_banana as nb", CELLS[1], CELLS[1])[1:]
    assert json.dumps(first[0]) .replace('"execution_count": 2', "") == json.dumps(second[0]).replace('"execution_count": 3', "")
    assert original(first[0]) == original(saved[1][0])


def test_no_path_of_the_machine_is_saved(book, saved):
    """Where nobody says where the notebook lies, or its history lies elsewhere, the folder is not told; the record is."""
    facts = original(book("import nb_banana as nb", CELLS[1], known=False)[1][0])
    assert facts == {name: value for name, value in original(saved[1][0]).items() if name != "folder"}
    away = book.folder.parent / "away"
    elsewhere = original(book(f"import nb_banana as nb\nnb.session(nb.Endpoint.sandbox(), folder={str(away)!r})", CELLS[1])[1][0])
    assert set(elsewhere) == {"record", "sha256"}
    assert str(book.folder) not in json.dumps(saved)


@pytest.mark.parametrize(("cell", "kind"), [(3, "chain"), (4, "panel"), (5, "grid"), (6, "history"), (7, "viewer")])
def test_a_widget_says_what_it_was(saved, cell, kind):
    """Beside each widget stands what it is, and that running its cell brings it back; small, and without a pixel or a key."""
    shown = next(output for output in saved[cell] if VIEW in output.data)
    assert shown.data[OURS]["kind"] == kind
    assert shown.data[OURS]["caption"].startswith("nb_banana ") and "run this cell again" in shown.data[OURS]["caption"]
    assert len(json.dumps([shown.data[OURS], shown.metadata])) < 500
    assert len([output for output in saved[cell] if OURS in output.data]) == 1


def test_a_chain_and_a_history_name_their_last_picture(saved):
    """An extension can show what was last made without a kernel: the chain's in the metadata, the history's in its own words, which
    say what it is a picture of too, as no caption stands under it."""
    chain = next(output for output in saved[3] if OURS in output.data)
    history = next(output for output in saved[6] if OURS in output.data).data[OURS]
    assert original(chain) == original(saved[3][1]) and set(chain.data[OURS]) == {"kind", "caption"}
    assert set(history) == {"kind", "caption", "last", "record", "sha256", "folder"} and history["folder"] == "nb_banana_history"
    assert re.fullmatch(r"Add a moon · \d+×\d+ · [\w.-]+ · \S.*", history["last"])


def test_without_the_extension_nothing_is_otherwise(saved):
    """Whoever does not know our words shows what they showed before: the widget's own view or text, the picture and its words."""
    cells = [nbformat.v4.new_code_cell("x", outputs=outputs) for outputs in saved]
    with_ours, _ = HTMLExporter().from_notebook_node(nbformat.v4.new_notebook(cells=cells))
    for outputs in saved:
        for output in outputs:
            output.data.pop(OURS, None)
            output.metadata.pop(OURS, None)
    without, _ = HTMLExporter().from_notebook_node(nbformat.v4.new_notebook(cells=cells))
    body = [page.partition("<body")[2].split("jp-Cell-outputWrapper") for page in (with_ours, without)]
    assert [len(part) for part in body[0]] == [len(part) for part in body[1]] and with_ours.count("<img") == without.count("<img") >= 5


def test_a_strict_check_of_a_saved_notebook_still_holds(book):
    """`pytest --nbval` compares what is saved with what comes now: on another history, with other records, it is the same."""
    folder = book.folder.parent / "checked"
    folder.mkdir()
    (folder / "cat.png").write_bytes((book.folder / "cat.png").read_bytes())
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in (*CELLS[:2], *CELLS[3:5])])
    Notebook(notebook, timeout=120, store_widget_state=False, resources={"metadata": {"path": str(folder)}}).execute()
    nbformat.write(notebook, folder / "saved.ipynb")
    shutil.rmtree(folder / "nb_banana_history")
    done = subprocess.run([sys.executable, "-m", "pytest", "-o", "addopts=", "-p", "no:cacheprovider", "--rootdir", str(folder), "--nbval",
                           "--nbval-current-env", str(folder / "saved.ipynb")], cwd=folder, capture_output=True, text=True, check=False)  # fmt: skip
    assert done.returncode == 0, done.stdout[-4000:]
