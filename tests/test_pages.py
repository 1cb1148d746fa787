"""Every block of code on every page people read runs, or is named here with the test that runs it.

A block is one of six: `python` and `bash` run, in order, in a folder with a few photos, on the sandbox, with the network shut;
`toml` and `json` can be read; `text` is what something printed; `console` can't run here, and the page says where it did.
"""

from __future__ import annotations

import json
import re
import socket
import tomllib
from pathlib import Path

import pytest
from pages import ROOT, blocks, fenced, run_bash
from PIL import Image, ImageDraw

import nb_banana as nb
from nb_banana._sandbox.server import serve

PICTURES = ROOT / "notebooks" / "pictures"
PHOTOS = {"cat": "chelsea", "dog": "rocket", "photo": "coffee"}
KINDS = {"python", "bash", "toml", "json", "text", "console"}
PAGES = sorted(
    path.relative_to(ROOT).as_posix()
    for path in (*ROOT.glob("README*.md"), *ROOT.glob("CONTRIBUTING*.md"), *(ROOT / "docs").glob("*.md"))
)
OWN = {
    "app": "app/test_app_page.py",
    "benchmarks-public": "bench/test_bench_page.py",
    "compare": "test_compare_page.py",
    "compare-grid": "test_compare_grid_page.py",
    "compare-plan": "test_compare_plan_page.py",
    "compare-results": "compare/test_compare_frame.py",
    "compare-run": "test_compare_run_page.py",
    "draw": "widgets/test_drawing.py",
    "experiments": "report/test_report_pages.py",
    "extending": "test_plugins.py",
    "extension": "test_extension_page.py",
    "judging": "judge/test_judging_page.py",
    "keys": "client/test_places.py",
    "magics": "test_magics_more.py",
    "prompts": "widgets/test_prompting.py",
    "rating": "test_rating_page.py",
    "report": "report/test_report_pages.py",
    "sandbox": "test_readme.py",
    "settings": "test_chosen.py",
    "strengths": "test_strengths_page.py",
    "terminal": "test_terminal_page.py",
}
"""What runs the blocks of a page that needs more than photos (a key, a plugin, a magic, a server), or is held to what it prints."""
UNNAMED = {"CONTRIBUTING", "README"}
"""Pages of the checkout itself: what they show without a name is typed there (it sets up, or runs these tests), or is its map."""
WHOLE = re.compile(r"for (?:\w+, )?\w+(?:, \w+)? in (?:zip\()?(?:blocks|fenced)\(|join\(blocks\(|\(\w+,\) = blocks\(|cells = blocks\(|samples = blocks\(|re\.findall\(r\"\^nb-banana ")
"""How a test takes all blocks of a page; else it names each by its number."""


def name_of(page: str) -> str:
    """The page without its folder and language."""
    return page.removeprefix("docs/").removesuffix(".md").removesuffix(".zh-CN")


@pytest.fixture
def photos(clean_place: Path) -> Path:
    """What the pages may name: three photos of 600 pixels, a mask for the first, a folder of three."""
    (clean_place / "photos").mkdir()
    for name, source in PHOTOS.items():
        with Image.open(PICTURES / f"{source}.jpg") as picture:
            small = picture.resize((600, round(600 * picture.height / picture.width)))
        small.save(clean_place / f"{name}.jpg", quality=88)
        small.save(clean_place / "photos" / f"{'coffee' if name == 'photo' else name}.jpg", quality=88)
    with Image.open(clean_place / "cat.jpg") as cat:
        mask = Image.new("L", cat.size)
    ImageDraw.Draw(mask).rectangle((180, 40, 420, 160), fill=255)
    mask.save(clean_place / "mask.png")
    return clean_place


@pytest.fixture
def shut(monkeypatch: pytest.MonkeyPatch) -> None:
    """No name of a host is looked up and no address but this machine's is reached, here or in a program that is started."""
    real = socket.socket.connect

    def connect(self: socket.socket, address: object) -> None:
        if self.family != socket.AF_UNIX and address[0] not in ("127.0.0.1", "::1"):  # type: ignore[index]
            raise OSError(f"a page asked for {address}")
        real(self, address)  # type: ignore[arg-type]

    monkeypatch.setattr(socket.socket, "connect", connect)
    for name in ("http_proxy", "https_proxy", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
        monkeypatch.setenv(name.upper(), "http://127.0.0.1:9")
    for name in ("no_proxy", "NO_PROXY"):
        monkeypatch.setenv(name, "127.0.0.1,localhost")


@pytest.mark.parametrize("page", PAGES)
def test_its_blocks_run_as_printed(page, photos, shut, monkeypatch, capsys):
    """Word for word and in order, in one namespace; a page with a test of its own is left to that."""
    lang = "zh" if ".zh-CN" in page else "en"
    monkeypatch.setenv("NB_BANANA_LANG", lang)
    nb.session(nb.Endpoint.sandbox(), tell=lambda _: None)
    space: dict[str, object] = {"__name__": "__main__"}
    with serve() as server:
        for number, (kind, code) in enumerate(fenced(page), 1):
            assert kind in KINDS or (not kind and name_of(page) in UNNAMED), f"block {number} of {page} is {kind or 'nothing'}"
            if kind == "toml":
                tomllib.loads(code)
            elif kind == "json":
                json.loads(code)
            elif name_of(page) in OWN:
                continue
            elif kind == "python":
                exec(compile(code, f"{page}, block {number}", "exec"), space)
            elif kind == "bash" and lang == "en":  # the Chinese page has the same, as is tested below, and programs take long to start
                run_bash(code, server.url)


@pytest.mark.parametrize(("name", "test"), OWN.items())
def test_what_is_left_to_another_test_is_run_there(name, test):
    """Each page that is not run here is there, and the test named for it reads it by name and leaves no block of Python out."""
    code = (ROOT / "tests" / test).read_text(encoding="utf-8")
    assert f"{name}.md" in code and "zh-CN" in code
    count = len(blocks(f"{name}.md"))
    assert WHOLE.search(code) or all(f"[{number}]" in code for number in range(count))


def typed(kind: str, code: str) -> str:
    """What a person types: of a console, what stands after each prompt."""
    return "\n".join(re.findall(r"^\$ (.*)", code, re.M)) if kind == "console" else code


def test_every_page_has_the_same_blocks_in_both_languages():
    """Code is one but for words in quotes and remarks: nobody who reads Chinese copies something else."""
    said = re.compile(r" --lang \w+|, lang=\"\w+\"|#[^\n]*|\"[^\"\n]*\"|'[^'\n]*'")
    pairs = [(page, page.replace(".md", ".zh-CN.md")) for page in PAGES if page.replace(".md", ".zh-CN.md") in PAGES]
    assert len(pairs) >= 20
    for pair in pairs:
        one, other = ([(kind, said.sub("", typed(kind, code)).split()) for kind, code in fenced(page) if kind not in ("", "text")] for page in pair)
        assert one == other, pair
