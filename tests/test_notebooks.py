"""The tutorials run, run again for free, and are saved as a reader should find them.

nbval runs each notebook twice in a copy of `notebooks/`, against a sandbox on loopback; what was sent is counted in
that server's log, not in ours. `--save-notebooks` runs them on the built-in sandbox, as a newcomer does, and saves
the outputs in place.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import nbclient
import nbformat
import pytest
from kernels import local
from nbconvert.exporters import HTMLExporter

from nb_banana._prompts.scenarios import SCENARIOS
from nb_banana._sandbox.server import serve

FOLDER = Path(__file__).resolve().parent.parent / "notebooks"
NOTEBOOKS = sorted(path.name for path in FOLDER.glob("*.ipynb"))
LARGEST = 300_000
# It plays failures, each on a sandbox of its own; an answer is kept and replayed, a failure is not.
FAILURES_ON_PURPOSE = {"when_it_goes_wrong.ipynb"}
SCRATCH = shutil.ignore_patterns("nb_banana_history", ".ipynb_checkpoints")
WIDGET_VIEW = "application/vnd.jupyter.widget-view+json"

each_notebook = pytest.mark.parametrize("name", NOTEBOOKS)


def nbval(path, server):
    """Run one notebook under nbval in a process of its own; gives the process's result."""
    address = {} if path.name in FAILURES_ON_PURPOSE else {"NB_BANANA_BASE_URL": server.url}
    return subprocess.run(
        [sys.executable, "-m", "pytest", "-o", "addopts=", "-p", "no:cacheprovider", "--rootdir", str(path.parent),
         "--nbval-lax", "--nbval-current-env", "--nbval-cell-timeout=180", str(path)],
        cwd=path.parent, env={**os.environ, **address}, capture_output=True, text=True, check=False,
    )


def posts(server):
    """How many pictures were asked of the server so far, by its own log."""
    return sum(entry.method == "POST" for entry in server.requests)


@each_notebook
def test_runs_and_the_second_run_sends_nothing(name, clean_place):
    """A reader can run every cell; running all again is answered from the history folder, with no request at all."""
    book = clean_place / "book"
    shutil.copytree(FOLDER, book, ignore=SCRATCH)
    with serve() as server:
        first = nbval(book / name, server)
        assert first.returncode == 0, first.stdout[-6000:]
        sent = posts(server)
        second = nbval(book / name, server)
        assert second.returncode == 0, second.stdout[-6000:]
        if name not in FAILURES_ON_PURPOSE:
            assert (sent >= 1, posts(server) - sent) == (True, 0)


def save_in_place(name, scratch):
    """Run a notebook as a newcomer does, and keep what a reader needs of it."""
    book = scratch / "book"
    shutil.copytree(FOLDER, book, ignore=SCRATCH)
    notebook = nbformat.read(book / name, as_version=4)
    client = nbclient.NotebookClient(notebook, timeout=180, kernel_name="python3", config=local(), store_widget_state=False,
                                     record_timing=False, resources={"metadata": {"path": str(book)}})
    client.execute()
    notebook.metadata = {"kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
                         "language_info": {"name": "python"}}
    for cell in notebook.cells:
        cell.metadata.pop("execution", None)
        for output in cell.get("outputs", ()):
            without_records(output)
    nbformat.write(notebook, FOLDER / name)


def without_records(output):
    """A reader's history has other records, and so has the next run: none of ours is named in a tutorial."""
    metadata, ours = output.get("metadata", {}), "application/vnd.nb-banana+json"
    metadata.pop(ours, None)
    for facts in metadata.values():
        facts.pop("nb_banana", None)
    for word in ("record", "sha256", "folder"):
        output.get("data", {}).get(ours, {}).pop(word, None)


@each_notebook
def test_is_saved_as_a_reader_should_find_it(name, clean_place, pytestconfig):
    """Saved outputs are complete, small, free of errors, of machine paths and of anything GitHub can't show."""
    if pytestconfig.getoption("--save-notebooks"):
        save_in_place(name, clean_place)
    path = FOLDER / name
    notebook = nbformat.read(path, as_version=4)
    nbformat.validate(notebook)
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    assert [cell.execution_count for cell in code] == list(range(1, len(code) + 1))
    outputs = [output for cell in code for output in cell.outputs]
    careful = [cell for cell in code if "raises-exception" not in cell.metadata.get("tags", [])]
    assert [output for cell in careful for output in cell.outputs if output.output_type == "error"] == []
    bundles = [output.data for output in outputs if "data" in output]
    assert sum(any(kind.startswith("image/") for kind in bundle) for bundle in bundles) >= 3
    assert [bundle for bundle in bundles if "text/html" in bundle and WIDGET_VIEW not in bundle] == []
    assert "widgets" not in notebook.metadata and '"record"' not in json.dumps(notebook)
    assert path.stat().st_size < LARGEST
    text = json.dumps([output.get("text", output.get("data", {}).get("text/plain")) for output in outputs])
    assert re.findall(r"/(?:home|root|tmp|Users|work)/[^\"\\ ]*|sk-\w{8,}", text) == []


@each_notebook
def test_saved_pictures_have_their_words_under_them(name):
    """On GitHub, too, a reader sees the caption of each result and chain, and the warnings of those that have some."""
    cells = nbformat.read(FOLDER / name, as_version=4).cells
    bundles = [output.get("data", {}) for cell in cells if cell.cell_type == "code" for output in cell.outputs]
    shown = [
        (bundle["text/plain"], below.get("text/plain"), set(below))
        for bundle, below in zip(bundles, [*bundles[1:], {}], strict=True)
        if any(kind.startswith("image/") for kind in bundle) and not bundle["text/plain"].startswith("<ImageData")
    ]
    assert [below for words, below, kinds in shown if (below, kinds) != (words, {"text/plain"})] == []
    expected = {"quickstart": 3, "panel": 2, "chains": 1, "scenarios": 0, "when_it_goes_wrong": 5, "compare": 3, "experiments": 3, "benchmark": 3, "judging": 3}
    assert len(shown) == expected[name.removesuffix(".ipynb")]
    warned = {"benchmark": 1, "chains": 1, "compare": 1, "experiments": 2, "panel": 1, "when_it_goes_wrong": 3}.get(name.removesuffix(".ipynb"), 0)
    assert sum("⚠ " in words for words, _, _ in shown) == warned


@each_notebook
def test_who_cannot_see_a_picture_hears_what_it_is(name):
    """Exported by nbconvert, every picture of a tutorial has its alternative text."""
    page, _ = HTMLExporter(template_name="classic").from_filename(str(FOLDER / name))
    pictures = re.findall(r"<img\b[^>]*>", page)
    assert len(pictures) >= 3
    alts = [(re.search(r"""\balt=(?:"([^"]*)"|'([^']*)')""", picture) or [""])[0][5:-1] for picture in pictures]
    assert [alt for alt in alts if not alt or alt.startswith("No description")] == []


@pytest.mark.parametrize("scenario", SCENARIOS.values(), ids=SCENARIOS.keys())
def test_every_scenario_is_shown_once(scenario):
    """The tutorial shows each scenario of the prompt book word for word, in both languages."""
    cells = nbformat.read(FOLDER / "scenarios.ipynb", as_version=4).cells
    text = {kind: "\n".join(cell.source for cell in cells if cell.cell_type == kind) for kind in ("code", "markdown")}
    assert text["code"].count(f'"{scenario.english}"') == 1
    assert scenario.chinese in text["markdown"]
