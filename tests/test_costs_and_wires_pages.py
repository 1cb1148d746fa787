"""The pages of costs and of wires: figures of the catalog, code and commands that run as printed, both languages alike."""

from __future__ import annotations

import re
from types import ModuleType

import pytest
from pages import blocks, fenced, program, run_bash, text_of
from PIL import Image

import nb_banana as nb
from nb_banana._sandbox.server import serve

PAGES = ("costs.md", "costs.zh-CN.md", "wires.md", "wires.zh-CN.md")


@pytest.fixture(scope="module")
def facts() -> ModuleType:
    """The program that writes the tables, as `python docs/facts.py` runs it."""
    return program("facts")


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
    with serve() as server:
        said = run_bash("\n".join(blocks(page, "bash")), server.url, limit=240)
    if "costs" in page:
        assert "$9.00" in said and "$2.50 (¥14.50)" in said
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
