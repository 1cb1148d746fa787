"""The pages of costs and of wires: figures of the catalog, code and commands that run as printed, both languages alike."""

from __future__ import annotations

import importlib.util
import os
import re
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest
from pages import blocks, fenced, text_of
from PIL import Image

import nb_banana as nb
from nb_banana._sandbox.server import serve

ROOT = Path(__file__).resolve().parent.parent
DOCS = ROOT / "docs"
PAGES = ("costs.md", "costs.zh-CN.md", "wires.md", "wires.zh-CN.md")
ALL = (*PAGES, "failures.md", "failures.zh-CN.md", "keys.md", "keys.zh-CN.md")


@pytest.fixture(scope="module")
def facts() -> ModuleType:
    """The program that writes the tables, as `python docs/facts.py` runs it."""
    spec = importlib.util.spec_from_file_location("facts", DOCS / "facts.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def photos(clean_place, draw_photo):
    """A folder with the two photos of the pages, and a session on the sandbox whose history lies there."""
    for name, colour in (("cat", "mistyrose"), ("dog", "khaki")):
        draw_photo((600, 400), colour).save(f"{name}.jpg")
    nb.session(nb.Endpoint.sandbox())
    return clean_place


@pytest.mark.parametrize("page", PAGES)
def test_the_tables_are_those_of_the_catalog(facts, page):
    """A price or an address that changes in the catalog changes on the page: run `python docs/facts.py`."""
    text = text_of(page)
    assert facts.written(text, "zh" if "zh" in page else "en") == text
    assert re.findall(r"<!-- facts: (\w+) -->", text) == list(facts.MORE[page.partition(".")[0]])


@pytest.mark.parametrize("page", PAGES[:2])
def test_the_sizes_are_the_catalogs(page):
    """Pixels and seconds of the table of sizes are Pro's."""
    pro = nb.MODELS["gemini-3-pro-image"]
    rows = re.findall(r"^\| (\dK) \| (\d+)×(\d+) \| (\d+)–(\d+) s \|", text_of(page), re.M)
    assert [row[0] for row in rows] == list(pro.image_sizes)
    for size, *figures in rows:
        assert tuple(map(int, figures)) == (*pro.pixels("16:9", size), *pro.typical_seconds(size))


@pytest.mark.parametrize("page", PAGES)
def test_its_python_runs_as_printed(page, photos, monkeypatch, capsys):
    """Every block in order on the sandbox; nothing reaches a provider, and what is said of it is what is printed."""
    monkeypatch.setenv("NB_BANANA_LANG", "zh" if "zh" in page else "en")
    monkeypatch.setenv("NB_BANANA_PRICES", "")  # so that what the page sets is gone afterwards
    space: dict[str, object] = {}
    for code in blocks(page):
        exec(code, space)
    said = capsys.readouterr().out
    if "costs" in page:
        assert "$4.50 ≈¥27.50 ≈$12.00 38% (390, 520)" in said and "[('nano-banana-2.1', 'apiyi')]" in said
        assert "$0.05" in said and "\nTrue\n$4.00\n" in said
    else:
        assert "gemini <ImageData image/png" in said and "openai <ImageData image/png" in said and "curl -sS -X POST http://127.0.0.1:8765/v1beta" in said
        assert [path.suffix for path in photos.glob("edited.*")] == [".png"]


@pytest.mark.parametrize("page", PAGES)
def test_its_commands_run_as_printed(page, photos):
    """Every bash block in one shell, in order: curl reaches a sandbox in each form, and each writes a picture of the shape it asks for."""
    script = "set -euo pipefail\n" + "\n".join(blocks(page, "bash"))
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    with serve() as server:
        done = subprocess.run(  # noqa: PLW1510 - what it said is shown below
            ["bash", "-c", script.replace("http://127.0.0.1:8765", server.url)],
            env={**os.environ, "PATH": path, "PYTHONPATH": str(ROOT), "NB_BANANA_LANG": "en"}, capture_output=True, text=True, timeout=240,
        )  # fmt: skip
    assert done.returncode == 0, done.stderr
    if "costs" in page:
        assert "$9.00" in done.stdout and "$2.50 (¥14.50)" in done.stdout
    else:
        sizes = {name: Image.open(photos / f"{name}.png").size for name in ("night", "both", "banana", "warm", "cinema")}
        assert sizes == {"night": (2752, 1536), "both": (1264, 848), "banana": (1024, 1024), "warm": (1264, 848), "cinema": (1536, 864)}


@pytest.mark.parametrize("page", (PAGES[0], PAGES[2], "failures.md"))
def test_both_languages_show_the_same(page):
    """Code is one but for words in quotes, and headings stand in the same order and level."""

    def shape(name: str) -> list[str]:
        codes = [re.sub(r"\"[^\"\n]*\"|'[^'\n]*'", "", code) for language, code in fenced(name) if language in ("python", "bash")]
        return [*codes, *re.findall("^#+ ", re.sub(r"^```.*?^```$", "", text_of(name), flags=re.M | re.S), re.M)]

    assert shape(page) == shape(page.replace(".md", ".zh-CN.md"))


def anchors(page: Path) -> set[str]:
    """The anchors of a page's headings, as GitHub makes them."""
    heads = re.findall("^#+ (.+)$", re.sub(r"^```.*?^```$", "", page.read_text(encoding="utf-8"), flags=re.M | re.S), re.M)
    return {re.sub(r"[^\w\s-]", "", head.lower()).replace(" ", "-") for head in heads}


@pytest.mark.parametrize("page", ALL)
def test_links_lead_somewhere(page):
    """Each file named by a link exists (a translation at least as its source), each anchor is a heading there, and a Chinese page links Chinese ones."""
    for target, anchor in re.findall(r"\]\((?!https?:)([^)#]*)#?([^)]*)\)", text_of(page)):
        file = DOCS / target if target else DOCS / page
        english = DOCS / re.sub(r"\.\./notebooks/(\w+)\.ipynb", r"tutorials/\1.md", target.replace(".zh-CN", ""))
        assert file.exists() or english.exists(), target
        assert not anchor or not file.exists() or anchor in anchors(file), f"{target}#{anchor}"
        if "zh" in page and target.endswith((".md", ".ipynb")) and target != page.replace(".zh-CN", ""):
            assert ".zh-CN" in target, target
