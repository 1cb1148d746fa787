"""How an error of ours is shown in IPython and in a kernel: the sentence and the next step; `%tb` shows the frames."""

from __future__ import annotations

import re

import nbformat
import pytest
from kernels import Notebook

from nb_banana.errors import BY_CATEGORY, NanoBananaError

COLOUR = re.compile(r"\x1b\[[0-9;]*m")


@pytest.fixture
def shell(shell):
    """The shell with `nb` at hand."""
    shell.run_cell("import nb_banana as nb")
    return shell


def printed(shell, capsys, cell):
    """What a cell prints, without colours."""
    capsys.readouterr()
    shell.run_cell(cell)
    out, err = capsys.readouterr()
    return COLOUR.sub("", out + err).strip().splitlines()


@pytest.mark.parametrize(
    "cell, first",
    [
        ("nb.edit('cat.png', 'Make it night', image_size='8K')", "InvalidRequestError: "),
        ("nb.edit('nope.png', 'Make it night')", "InvalidImageError: "),
        ("nb.session().use_key('x')", "InvalidRequestError: "),
        ("nb.Session(budget='a lot')", "InvalidRequestError: "),
        ("%%banana cat.png -s 8K\nMake it night", "InvalidRequestError: "),
        ("%banana hystory", "InvalidRequestError: "),
        ("await nb.session().aedit(None, 'x')", "InvalidImageError: "),
    ],
)
def test_an_error_is_its_sentence(shell, capsys, cell, first):
    """No line of our code, of the cell or of IPython stands around the sentence, whichever door was used."""
    lines = printed(shell, capsys, cell)
    assert lines and lines[0].startswith(first), lines
    assert not any("Traceback" in line or "---" in line or ".py" in line for line in lines), lines
    assert len(lines) <= 2


def test_tb_shows_every_frame(shell, capsys):
    """`%tb` shows the frames of the last error, ours and the cell's, in the mode asked for."""
    printed(shell, capsys, "nb.edit('cat.png', 'Make it night', image_size='8K')")
    lines = "\n".join(printed(shell, capsys, "%tb"))
    assert "Traceback (most recent call last)" in lines
    assert "_catalog/models.py" in lines and "image_size='8K'" in lines
    assert "Traceback" in "\n".join(printed(shell, capsys, "%tb Plain"))


@pytest.mark.parametrize("kind", sorted({*BY_CATEGORY.values(), NanoBananaError}, key=lambda kind: kind.__name__))
def test_every_error_shows_so(shell, capsys, kind):
    """Each branch of the tree shows its name, its sentence and its hint, free of terminal escapes."""
    shell.user_ns["error"] = kind("It \x1b]0;title\x07failed\x1b[2J.", hint="Do \u202ethis.")
    assert printed(shell, capsys, "raise error") == [f"{kind.__name__}: It failed.", "Do  this."]


def test_a_kernel_shows_it_too(photo, clean_place):
    """In a saved notebook the error output is the sentence alone."""
    cells = ["import nb_banana as nb", "nb.edit('cat.png', 'Make it night', image_size='8K')"]
    book = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in cells])
    place = {"metadata": {"path": str(clean_place)}}
    Notebook(book, timeout=60, allow_errors=True, resources=place).execute()
    output = book.cells[1].outputs[-1]
    assert output.output_type == "error" and len(output.traceback) <= 2
    assert output.traceback[0].startswith("InvalidRequestError: ") and "8K" in output.traceback[0]
