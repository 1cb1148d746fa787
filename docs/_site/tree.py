"""The tree of pages from the home's list of links, and where links lead that this build doesn't hold.

Rules of this file:

- A line of `docs/index.md` such as `- [Keys](keys.md): where a key is looked for` is the page's place in the tree, under the
  `##` it stands below. A line whose page isn't there yet is left out; `tests/test_site.py` says which.
- What a page links to is one of four: a page of this build, a page of the other language's build, a file (which is kept
  beside the page), a folder (its words alone, or the public place of the source). Anything else is a broken link.
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
from pathlib import Path
from posixpath import normpath
from typing import Any

from docutils import nodes
from sphinx import addnodes

ENTRY = re.compile(r"^- \[(?P<title>[^\]]+)\]\((?P<target>[^)#:]+)\)[^\n]*\n", re.M)
LINK = re.compile(r"(?<!!)\[([^\]]+)\]\(([^)#:]+)\)")
GROUP = re.compile(r"^## +(?P<name>.+)\n(?P<body>(?:(?!## ).*\n?)*)", re.M)
HAN, FULL = "\u3400-\u4dbf\u4e00-\u9fff", "\u3001-\u303f\uff00-\uffef\u201c\u201d\u2026"
GAP = re.compile(rf"(?<=[{HAN}{FULL}])\n(?=[{HAN}{FULL}])|(?<=[{FULL}])\n|\n(?=[{FULL}])")
CHINESE = ".zh-CN"
SUFFIXES = (".md", ".ipynb")
HOMES = {"README": "docs/index", f"README{CHINESE}": f"docs/index{CHINESE}"}


def docname(page: str, target: str) -> str:
    """The name Sphinx has for the target of a link on a page: `../notebooks/x.ipynb` on docs/index is notebooks/x."""
    path = normpath(f"{page.rpartition('/')[0]}/{target}") if "/" in page else normpath(target)
    return next((path.removesuffix(one) for one in SUFFIXES if path.endswith(one)), path)


def groups(text: str, page: str) -> list[tuple[str, list[tuple[str, str]]]]:
    """The groups of the home: each with its pages, as (title, docname)."""
    found = [(group["name"].strip(), [(one["title"], docname(page, one["target"])) for one in ENTRY.finditer(group["body"])])
             for group in GROUP.finditer(text)]  # fmt: skip
    return [(name, entries) for name, entries in found if entries]


def without_empty_outputs(doctree: nodes.document) -> None:
    """A widget that shows nothing without a kernel leaves no empty box."""
    for block in list(doctree.findall(nodes.literal_block)):
        if not block.astext().strip() and "output" in block["classes"]:
            block.parent.remove(block)
    for box in list(doctree.findall(nodes.container)):
        if "cell_output" in box["classes"] and not box.children:
            box.parent.remove(box)


def described(path: Path) -> dict[str, str]:
    """What each picture of a notebook's outputs is, in words, by the hash it is filed under."""
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    found = {}
    for output in (one for cell in cells for one in cell.get("outputs", ())):
        for kind, facts in output.get("metadata", {}).items():
            if isinstance(facts, dict) and "alt" in facts and kind in output["data"]:
                content = base64.b64decode("".join(output["data"][kind]))
                found[hashlib.sha256(content).hexdigest()] = facts["alt"]
    return found


def with_words_for_pictures(path: Path, doctree: nodes.document) -> None:
    """Who can't see the picture of an output hears what it is."""
    words = described(path)
    for picture in doctree.findall(nodes.image):
        if (alt := words.get(Path(picture["uri"]).stem)) and not picture.get("alt"):
            picture["alt"] = alt


def without_gaps(doctree: nodes.document) -> None:
    """The end of a line is no space between two characters of Chinese, nor beside their punctuation."""
    for text in list(doctree.findall(nodes.Text)):
        at = text.parent.index(text)
        around = [one.astext() for one in text.parent[max(at - 1, 0) : at + 2]]
        if text == "\n" and len(around) == 3 and GAP.search(around[0][-1:] + text + around[2][:1]):
            text.parent.remove(text)


class Pages:
    """What is done to a page on its way; one for each build."""

    def __init__(self, root: Path, chinese: bool, repository: str) -> None:
        self.root, self.chinese, self.repository = root, chinese, repository

    def exists(self, name: str) -> bool:
        """There is such a page, in whichever language."""
        return any((self.root / f"{name}{suffix}").is_file() for suffix in SUFFIXES)

    def is_here(self, name: str) -> bool:
        """It is one of this build."""
        return name.endswith(CHINESE) == self.chinese

    def twin(self, name: str) -> str | None:
        """The same page in the other language, if there is one."""
        other = name.removesuffix(CHINESE) if self.chinese else name + CHINESE
        return other if self.exists(other) else None

    def away(self, page: str, name: str) -> str:
        """From a page to one of the other build."""
        return "../" * (page.count("/") + 1) + f"{'en' if self.chinese else 'zh'}/{name}.html"

    # ── the tree ────────────────────────────────────────────────────────────────────────────────

    def source_read(self, app: Any, page: str, content: list[str]) -> None:
        """The home gets a hidden tree for each group; lines of pages that aren't written yet go."""
        if page != app.config.root_doc:
            return
        text = ENTRY.sub(lambda line: line[0] if self.exists(docname(page, line["target"])) else "", content[0])
        text = LINK.sub(lambda link: link[0] if self.exists(docname(page, link[2])) else link[1], text)
        trees = []
        for name, entries in groups(text, page):
            here = [f"{title} </{target}>" for title, target in entries if self.is_here(target)]
            trees.append("\n".join(["```{toctree}", ":hidden:", f":caption: {name}", "", *here, "```"]))
        content[0] = "\n\n".join([text, *trees])

    # ── links ───────────────────────────────────────────────────────────────────────────────────

    def doctree_read(self, app: Any, doctree: nodes.document) -> None:
        """Links that lead out of this build."""
        page = app.env.current_document.docname
        without_empty_outputs(doctree)
        if (notebook := self.root / f"{page}.ipynb").is_file():
            with_words_for_pictures(notebook, doctree)
        if self.chinese:
            without_gaps(doctree)
        for node in list(doctree.findall(addnodes.pending_xref)):
            if node.get("reftype") != "myst":
                continue
            if node.get("refdomain") == "doc":
                self.to_page(page, node)
            elif (folder := self.folder(page, node["reftarget"])) is not None:
                self.instead(node, f"{self.repository}/tree/HEAD/{folder}" if self.repository else "")

    def folder(self, page: str, target: str) -> str | None:
        """The folder of the repository that a link names."""
        path = (self.root / page).parent.joinpath(target).resolve()
        inside = path.is_dir() and path.is_relative_to(self.root) and not target.startswith("#")
        return path.relative_to(self.root).as_posix() if inside else None

    def to_page(self, page: str, node: addnodes.pending_xref) -> None:
        """The README is the home here; a page of the other language is in the other build."""
        name = node["reftarget"]
        if name in HOMES:
            name = node["reftarget"] = HOMES[name]
            node["reftargetid"] = None
        if not self.is_here(name) and self.exists(name):
            anchor = f"#{node['reftargetid']}" if node.get("reftargetid") else ""
            self.instead(node, self.away(page, name) + anchor)

    def instead(self, node: addnodes.pending_xref, address: str) -> None:
        """An address in place of a page of this build; without one, the words alone."""
        words = [child.deepcopy() for child in node.children]
        node.replace_self(nodes.reference("", "", *words, refuri=address) if address else words)

    # ── around the page ─────────────────────────────────────────────────────────────────────────

    def page_context(self, _app: Any, page: str, _template: str, context: dict[str, Any], _doctree: Any) -> None:
        """The same page in the other language, else its home."""
        home = "docs/index" if self.chinese else f"docs/index{CHINESE}"
        twin = self.twin(page)
        context["other_language"] = self.away(page, twin or home)
        context["other_is_same_page"] = twin is not None
        if twin:
            code = "en" if self.chinese else "zh-CN"
            link = f'<link rel="alternate" hreflang="{code}" href="{self.away(page, twin)}" />'
            context["metatags"] = context.get("metatags", "") + link


def setup(app: Any, root: Path, *, chinese: bool, repository: str) -> None:
    """Take part in a build."""
    ours = Pages(root, chinese, repository)
    app.connect("source-read", ours.source_read)
    app.connect("doctree-read", ours.doctree_read)
    app.connect("html-page-context", ours.page_context)
