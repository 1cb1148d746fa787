"""What is left when the kernel is gone: the page nbconvert makes still shows the last result."""

from __future__ import annotations

import json
from pathlib import Path

import nbformat
import pytest
from kernels import Notebook
from nbconvert import HTMLExporter

CELLS = [
    "import nb_banana as nb",
    "panel = nb.panel('cat.png')\npanel",
    "panel.prompt.value = 'Make it night'\npanel.run_button.click()\nresult = panel.wait(60)",
    "import time\ntime.sleep(1)",  # the picture below the panel is filled in from the panel's own thread
    "nb.chain('cat.png').edit('Add a moon')",
    "result",
]


@pytest.fixture
def saved(photo: Path, clean_place: Path) -> nbformat.NotebookNode:
    """A notebook as a person saves it: run, without widget state."""
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in CELLS])
    where = {"metadata": {"path": str(clean_place)}}
    Notebook(notebook, timeout=120, store_widget_state=False, resources=where).execute()
    return notebook


def test_a_saved_notebook_shows_pictures_and_holds_no_pixels_elsewhere(saved):
    """Panel, chain and result each leave a small picture and text; the page shows them without a kernel."""
    outputs = [output for cell in saved.cells if cell.cell_type == "code" for output in cell.outputs]
    pictures = [kind for output in outputs for kind in output.get("data", {}) if kind.startswith("image/")]
    assert len(pictures) >= 3
    assert "widgets" not in saved.metadata
    assert len(json.dumps(saved)) < 200_000
    page, _ = HTMLExporter().from_notebook_node(saved)
    assert page.count("src=\"data:image/") >= 3
    assert "Error displaying widget" not in page
