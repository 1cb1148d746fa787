"""The tutorials, written once for both languages: `python docs/tutorials.py quickstart …` runs the code and renders both.

A source (`docs/tutorials/NAME.md`) is a list of cells, each after a line of its own:

    %% en                        words in English, Markdown
    %% zh 3f2a91c05b7d           the same in Chinese; the digits say which English words (`docs/lag.py`)
    %% code raises-exception     Python; tags, if any, after it

Rules of this file:

- The code runs once, on the built-in sandbox, as a newcomer runs it. Both notebooks get the same cells and the same outputs;
  the words alone differ. `tests/test_notebooks.py` proves it.
- `--words` renders the words anew and keeps the outputs, if no line of code has changed since.
- Running a notebook twice puts out the same and sends nothing the second time. Where that can't be, the tag is
  `nbval-ignore-output` or `sends-again`, and a comment in the cell says why.
- The first cell of each ends with a link to the other language; it is added here.
- What only this machine or this run could know (ids of records, metadata of a kernel) is not saved.
"""

from __future__ import annotations

import argparse
import re
import shutil
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import nbformat

ROOT = Path(__file__).resolve().parent.parent
SOURCES = ROOT / "docs" / "tutorials"
NOTEBOOKS = ROOT / "notebooks"
SUFFIX = {"en": ".ipynb", "zh": ".zh-CN.ipynb"}
OTHER = {"en": "中文：[{0}.zh-CN.ipynb]({0}.zh-CN.ipynb)", "zh": "English: [{0}.ipynb]({0}.ipynb)"}
MARK = re.compile(r"^%% (en|zh|code)\b *(.*)\n", re.M)
SCRATCH = shutil.ignore_patterns("nb_banana_history", ".ipynb_checkpoints")
OURS = "application/vnd.nb-banana+json"


class Cell(NamedTuple):
    """A cell as it is written: its kind (`en`, `zh`, `code`), its text, its tags."""

    kind: str
    text: str
    tags: list[str]


def cells(name: str) -> list[Cell]:
    """The cells of a source, in order."""
    parts = MARK.split((SOURCES / f"{name}.md").read_text(encoding="utf-8"))[1:]
    return [Cell(kind, text.strip(), said.split() if kind == "code" else [])
            for kind, said, text in zip(parts[::3], parts[1::3], parts[2::3], strict=True)]


def notebook(name: str, language: str) -> Any:
    """The notebook of a source in one language, without outputs."""
    made = nbformat.v4.new_notebook(metadata={
        "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
        "language_info": {"name": "python"},
    })
    for number, cell in enumerate(one for one in cells(name) if one.kind in (language, "code")):
        if cell.kind == "code":
            made.cells.append(nbformat.v4.new_code_cell(cell.text, id=f"cell-{number}"))
            if cell.tags:
                made.cells[-1].metadata["tags"] = cell.tags
        else:
            made.cells.append(nbformat.v4.new_markdown_cell(cell.text, id=f"cell-{number}"))
            if number == 0:
                made.cells[0].source += f"\n\n{OTHER[language].format(name)}"
    return made


def code_of(book: Any) -> list[Any]:
    """The cells of code."""
    return [cell for cell in book.cells if cell.cell_type == "code"]


def with_outputs(book: Any, ran: Any) -> Any:
    """A notebook with what another one's code put out."""
    for cell, other in zip(code_of(book), code_of(ran), strict=True):
        if cell.source != other.source:
            raise SystemExit(f"this code has changed since it ran, so run it again (without --words):\n{cell.source}")
        cell.outputs, cell.execution_count = other.outputs, other.execution_count
    return book


def run(name: str) -> Any:
    """Run the code of a source in a folder of its own; gives the English notebook with its outputs."""
    sys.path.insert(0, str(ROOT / "tests"))
    from kernels import Notebook

    book = notebook(name, "en")
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as scratch:
        folder = Path(scratch, "book")
        shutil.copytree(NOTEBOOKS, folder, ignore=SCRATCH)
        where = {"metadata": {"path": str(folder)}}
        Notebook(book, timeout=180, store_widget_state=False, record_timing=False, resources=where).execute()
    for cell in code_of(book):
        cell.metadata.pop("execution", None)
        for output in cell.outputs:
            without_records(output)
    return book


def without_records(output: Any) -> None:
    """A reader's history has other records, and so has the next run: none of ours is named in a tutorial."""
    metadata = output.get("metadata", {})
    metadata.pop(OURS, None)
    for facts in metadata.values():
        facts.pop("nb_banana", None)
    for word in ("record", "sha256", "folder"):
        output.get("data", {}).get(OURS, {}).pop(word, None)


def names() -> Iterator[str]:
    """The tutorials there are."""
    return (path.stem for path in sorted(SOURCES.glob("*.md")))


def main() -> None:
    """Run and render the tutorials that are named, or all."""
    parser = argparse.ArgumentParser(description="Run the tutorials once and render them in both languages.")
    parser.add_argument("names", nargs="*", metavar="NAME", help="a tutorial; without any, all")
    parser.add_argument("--words", action="store_true", help="keep the outputs, render the words anew")
    options = parser.parse_args()
    for name in options.names or names():
        ran = nbformat.read(NOTEBOOKS / f"{name}.ipynb", as_version=4) if options.words else run(name)
        for language, suffix in SUFFIX.items():
            nbformat.write(with_outputs(notebook(name, language), ran), NOTEBOOKS / f"{name}{suffix}")
            print(f"{name}{suffix}  {(NOTEBOOKS / f'{name}{suffix}').stat().st_size:,} bytes", flush=True)


if __name__ == "__main__":
    main()
