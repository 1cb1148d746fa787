"""The documentation site: it is built from what is here, in both languages, and every link on it leads somewhere."""

from __future__ import annotations

import inspect
import json
import os
import re
import subprocess
import sys
from dataclasses import dataclass, field
from html.parser import HTMLParser
from importlib import import_module
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
from pages import ROOT, program

LIMIT = 400
"""Seconds for both builds, on a machine that is busy with other things; alone they take 15."""
SHUT = """
import socket

def refuse(*asked, **_):
    raise OSError(f"the build asked for {asked}")

def connect(self, address):
    if self.family != socket.AF_UNIX:
        refuse(address)
    return real(self, address)

real = socket.socket.connect
socket.socket.connect = connect
socket.getaddrinfo = socket.create_connection = refuse
"""
ENGLISH_ALONE = {"docs/api", "CHANGELOG", "SECURITY", "notebooks/pictures/CREDITS"}
LOADED = {"script": "src", "img": "src", "iframe": "src", "source": "src", "video": "src", "object": "data"}
PUBLIC = ("nb_banana", "nb_banana.errors", "nb_banana.widgets", "nb_banana.plugins")


@dataclass
class Page(HTMLParser):
    """What a test asks of a built page."""

    path: Path
    lang: str = ""
    title: str = ""
    other: str = ""
    ids: set[str] = field(default_factory=set)
    links: list[str] = field(default_factory=list)
    loaded: list[str] = field(default_factory=list)
    alone: list[str] = field(default_factory=list)
    reading: bool = False

    def __post_init__(self) -> None:
        super().__init__()
        self.feed(self.path.read_text(encoding="utf-8"))

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        """Collect."""
        said = {name: value or "" for name, value in attributes}
        self.ids |= {said[name] for name in ("id", "name") if said.get(name)}
        self.reading = tag == "title" or (self.reading and not self.title)
        if tag == "html":
            self.lang = said.get("lang", "")
        elif tag == "a" and "href" in said:
            self.links.append(said["href"])
            if "nbb-language" in said.get("class", "").split():
                self.other = said["href"]
        elif tag == "link" and said.get("rel") != "alternate":
            self.loaded.append(said["href"])
        elif LOADED.get(tag) in said:
            self.loaded.append(said[LOADED[tag]])
        if tag == "img" and "alt" not in said:
            self.alone.append(said["src"])

    def handle_data(self, data: str) -> None:
        """The title."""
        if self.reading:
            self.title += data
            self.reading = False


@pytest.fixture(scope="module")
def site(tmp_path_factory) -> Path:
    """Both languages, built by the command that people run, where every socket is shut."""
    shut, out = tmp_path_factory.mktemp("shut"), tmp_path_factory.mktemp("site") / "out"
    (shut / "sitecustomize.py").write_text(SHUT, encoding="utf-8")
    environment = {**os.environ, "PYTHONPATH": f"{shut}{os.pathsep}{ROOT}"}
    done = subprocess.run([sys.executable, str(ROOT / "docs" / "site.py"), str(out)], env=environment, cwd=ROOT, check=False,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=LIMIT)  # fmt: skip
    assert done.returncode == 0, done.stdout
    return out


@pytest.fixture(scope="module")
def built(site: Path) -> dict[Path, Page]:
    """Each page of it."""
    return {path: Page(path) for path in sorted(site.rglob("*.html"))}


def ours(built: dict[Path, Page], site: Path) -> dict[str, Page]:
    """The pages that are written, by language and name: no search, no page that only leads on."""
    return {path.relative_to(site).as_posix(): page for path, page in built.items()
            if path.name not in ("search.html", "genindex.html") and page.other}  # fmt: skip


def test_every_page_is_there_in_the_language_of_its_build(site, built):
    """What is written in docs/, notebooks/ and beside the README is a page of the site, and its language is said."""
    written = {path.relative_to(ROOT).as_posix().removesuffix(path.suffix) for path in (
        *ROOT.glob("*.md"), *ROOT.glob("docs/*.md"), *ROOT.glob("notebooks/*.ipynb"), *ROOT.glob("notebooks/pictures/*.md"))}  # fmt: skip
    expected = {f"{'zh' if name.endswith('.zh-CN') else 'en'}/{name}.html" for name in written if not name.startswith("README")}
    pages = ours(built, site)
    assert set(pages) == expected
    assert {name for name, page in pages.items() if page.lang != {"en": "en", "zh": "zh-CN"}[name[:2]]} == set()
    assert [name for name, page in pages.items() if len(page.title.split(" — ")[0].strip()) < 2] == []


def test_every_page_stands_in_a_group_of_the_home():
    """The home's list names every page and tutorial once, in the same order in both languages, and none that isn't there."""
    tree = program("_site/tree")
    named = {}
    for kept in ("", ".zh-CN"):
        home = f"docs/index{kept}"
        text = (ROOT / f"{home}.md").read_text(encoding="utf-8")
        names = [name for _, entries in tree.groups(text, home) for _, name in entries]
        assert sorted(set(names)) == sorted(names)
        named[kept] = names
        there = {path.relative_to(ROOT).as_posix().removesuffix(path.suffix) for path in (
            *ROOT.glob(f"docs/*{kept}.md"), *ROOT.glob(f"notebooks/*{kept}.ipynb"), *ROOT.glob(f"*{kept}.md"))}  # fmt: skip
        there = {name for name in there if name.endswith(".zh-CN") == bool(kept)} - {home, f"README{kept}"}
        assert there - set(names) == set(), "these pages stand in no group"
        assert [name for name in names if not any((ROOT / f"{name}{suffix}").is_file() for suffix in (".md", ".ipynb"))] == []
    assert [name.removesuffix(".zh-CN") for name in named[".zh-CN"]] == named[""]
    assert {name for name in named[".zh-CN"] if not name.endswith(".zh-CN")} == ENGLISH_ALONE


def test_every_link_inside_the_site_leads_somewhere(site, built):
    """Each page, file, picture and anchor that a page names is there, in the other language's pages too."""
    lost = []
    for path, page in built.items():
        for link in {*page.links, *page.loaded}:
            parts = urlsplit(link)
            if parts.scheme or parts.netloc or link.startswith("data:"):
                continue
            target = (path.parent / unquote(parts.path)).resolve() if parts.path else path
            found = target.is_file() and target.is_relative_to(site.resolve())
            anchored = not parts.fragment or target.suffix != ".html" or (found and unquote(parts.fragment) in built[site / target.relative_to(site.resolve())].ids)
            if not found or not anchored:
                lost.append(f"{path.relative_to(site)}: {link}")
    assert sorted(lost) == []
    assert len(built) > 100


def test_links_that_lead_away_are_well_formed_and_nothing_is_loaded_from_there(built):
    """An address elsewhere is https and has a host; scripts, styles, fonts and pictures are the site's own."""
    away = {link for page in built.values() for link in page.links if urlsplit(link).scheme}
    assert len(away) > 5
    assert [link for link in away if urlsplit(link).scheme != "https" or "." not in urlsplit(link).netloc or re.search(r"\s", link)] == []
    assert {link for page in built.values() for link in page.loaded if urlsplit(link).netloc} == set()


def test_no_style_or_script_of_the_site_asks_elsewhere(site):
    """No font and no sheet is imported from another host."""
    sheets = {path: path.read_text(encoding="utf-8", errors="replace") for path in site.rglob("*.css")}
    assert sheets and [path for path, text in sheets.items() if re.search(r"(?:url\(|@import)\s*[\"']?(?:https?:)?//", text)] == []


def test_each_page_leads_to_itself_in_the_other_language(site, built):
    """One click away; where there is no such page, to the other home."""
    for name, page in ours(built, site).items():
        target = (page.path.parent / page.other).resolve().relative_to(site.resolve()).as_posix()
        same = name.removeprefix("en/").removesuffix(".html")
        if name.startswith("zh/"):
            assert target == name.replace("zh/", "en/", 1).replace(".zh-CN.html", ".html")
        elif same in ENGLISH_ALONE or not (site / "zh" / f"{same}.zh-CN.html").is_file():
            assert target == "zh/docs/index.zh-CN.html"
        else:
            assert target == f"zh/{same}.zh-CN.html"


def test_every_picture_says_what_it_is(built):
    """Those of a tutorial's outputs too."""
    assert {str(path): page.alone for path, page in built.items() if page.alone} == {}
    pages = {path.name: path.read_text(encoding="utf-8") for path in built if path.parent.name == "notebooks"}
    assert [name for name, text in pages.items() if re.search(r'<img alt="[^"]*[0-9a-f]{64}', text)] == []


def test_every_public_name_is_in_the_reference_with_its_words(site, built):
    """Whatever may be imported has a place to be linked to, and its docstring's first words stand there."""
    (path,) = (one for one in built if one.name == "api.html")
    text = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", path.read_text(encoding="utf-8")))
    told = {}
    for module in map(import_module, PUBLIC):
        classes = [name for name, value in vars(module).items() if inspect.isclass(value) and value.__module__ == module.__name__]
        told |= {f"{module.__name__}.{name}": getattr(module, name) for name in getattr(module, "__all__", classes) if name != "__version__"}
    assert len(told) > 60
    ids = {one.removeprefix("module-") for one in built[path].ids}
    assert [name for name, value in told.items() if not any(other in ids for other, same in told.items() if same is value)] == []
    words = {name: re.findall(r"[a-z]{3,}", re.sub(r":\w+:`[^`]*`|``[^`]*``", "\0", (inspect.getdoc(value) or "").split("\n\n")[0])) for name, value in told.items()}
    assert [name for name, found in words.items() if len(found) < 2 or found[0] not in text or found[-1] not in text] == []


def test_chinese_can_be_searched_for(site):
    """Words of two characters and more are found where they stand, without a dictionary."""
    index = json.loads((site / "zh" / "searchindex.js").read_text(encoding="utf-8").removeprefix("Search.setIndex(").removesuffix(")"))

    def pages(word: str) -> set[str]:
        found = [index[kind].get(word, []) for kind in ("terms", "titleterms")]
        return {index["docnames"][at] for one in found for at in ([one] if isinstance(one, int) else one)}

    assert "docs/keys.zh-CN" in pages("密钥") and "docs/draw.zh-CN" in pages("蒙版")
    assert len(pages("密钥")) < len(index["docnames"])
    assert "splitQuery" in (site / "zh" / "_static" / "language_data.js").read_text(encoding="utf-8")


def test_the_first_page_leads_by_language(site):
    """Without a script both are named."""
    text = (site / "index.html").read_text(encoding="utf-8")
    targets = re.findall(r'<a href="([^"]+)"', text)
    assert targets == ["en/docs/index.html", "zh/docs/index.zh-CN.html"] and all((site / one).is_file() for one in targets)
    assert (site / ".nojekyll").is_file()


# ── the same pages as GitHub shows them ─────────────────────────────────────────────────────────────


def slugs(page: Path) -> set[str]:
    """The anchors GitHub gives to the headings of a page."""
    text = re.sub(r"^(```|~~~).*?^\1", "", page.read_text(encoding="utf-8"), flags=re.M | re.S)
    found: dict[str, int] = {}
    for heading in re.findall(r"^#{1,6} +(.+?) *#*$", text, re.M):
        words = re.sub(r"!?\[([^\]]*)\]\([^)]*\)", r"\1", heading).replace("`", "").strip().lower()
        words = re.sub(r"(?<!\w)[*_]+|[*_]+(?!\w)", "", words)
        slug = re.sub(r"[^\w\- ]", "", words).replace(" ", "-")
        found[slug] = found.get(slug, -1) + 1
        if found[slug]:
            found[f"{slug}-{found[slug]}"] = 0
    return set(found)


def test_every_link_between_pages_leads_somewhere_on_github():
    """A relative link names a file or a folder that is here, its anchor a heading of that page, in either language."""
    lost, count = [], 0
    for page in (*ROOT.glob("*.md"), *ROOT.glob("docs/*.md"), *ROOT.glob("notebooks/pictures/*.md")):
        text = re.sub(r"^(```|~~~).*?^\1|`[^`\n]*`", "", page.read_text(encoding="utf-8"), flags=re.M | re.S)
        for link in re.findall(r"\]\((?![a-z]+:)([^)\s]+)\)", text):
            count += 1
            path, _, anchor = link.partition("#")
            target = (page.parent / path).resolve() if path else page
            if not target.exists() or not target.is_relative_to(ROOT) or (anchor and target.suffix == ".md" and unquote(anchor) not in slugs(target)):
                lost.append(f"{page.relative_to(ROOT)}: {link}")
    assert lost == [] and count > 300


def test_a_chinese_page_links_chinese_pages():
    """Who reads Chinese stays in it: a link to an English page is the one to the same page, or to one that is English alone."""
    astray = []
    for page in (*ROOT.glob("*.zh-CN.md"), *ROOT.glob("docs/*.zh-CN.md")):
        english = page.name.replace(".zh-CN", "")
        for link in re.findall(r"\]\((?![a-z]+:|#)([^)\s#]+)", page.read_text(encoding="utf-8")):
            target = (page.parent / link).resolve()
            twin = target.with_name(f"{target.stem}.zh-CN{target.suffix}")
            if target.suffix in (".md", ".ipynb") and ".zh-CN" not in target.name and target.name != english and twin.is_file():
                astray.append(f"{page.relative_to(ROOT)}: {link}")
    assert astray == []
