"""How Sphinx builds the pages of this repository: `python docs/site.py` runs it, once in each language.

Rules of this file:

- A page stays where it is read on GitHub, in plain Markdown; nothing stands in it for Sphinx alone. The tree of pages is the
  list of links in `docs/index.md`, each `##` a group; the reference is the list of names in `docs/api.md`.
- English pages are one build, those that end in `.zh-CN` the other, beside it. A link to a page that is only in the other
  build leads there.
- Nothing comes from a network, at build or at read. Tutorials are shown by the outputs they were saved with.
- Our own parts have one file each: what is done to pages and links (`_site/tree.py`), the names of the reference
  (`_site/reference.py`), words of Chinese to search for (`_site/searching.py`).
"""

from __future__ import annotations

import os
import sys
import tomllib
from pathlib import Path

DOCS = Path(__file__).resolve().parent
ROOT = DOCS.parent
sys.path[:0] = [str(DOCS / "_site"), str(ROOT)]

import reference  # noqa: E402
import searching  # noqa: E402
import tree  # noqa: E402

from nb_banana import __version__  # noqa: E402

CHINESE = tags.has("zh")  # type: ignore[name-defined]  # noqa: F821 - Sphinx puts it here


def repository() -> str:
    """Where the source is public: named in pyproject.toml, else by the forge that builds; "" where nobody says."""
    hooks = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["hatch"]["metadata"]["hooks"]
    if said := hooks["custom"]["repository"] or os.environ.get("READTHEDOCS_GIT_CLONE_URL", ""):
        return str(said).removesuffix(".git")
    place = [os.environ.get(f"GITHUB_{name}", "") for name in ("SERVER_URL", "REPOSITORY")]
    return "/".join(place) if all(place) else ""


project = "nb_banana"
author = "The nb_banana developers"
copyright = author
version = release = __version__
language = "zh_CN" if CHINESE else "en"

extensions = ["myst_nb", "sphinx.ext.autodoc"]
source_suffix = {".md": "myst-nb", ".ipynb": "myst-nb"}
root_doc = "docs/index.zh-CN" if CHINESE else "docs/index"
kept = ".zh-CN" if CHINESE else ""
include_patterns = [f"*{kept}.md", f"docs/*{kept}.md", f"notebooks/*{kept}.ipynb", "notebooks/pictures/*.md"]
# The page on GitHub is the README, the home of the site is docs/index.md; the folders are not walked through.
exclude_patterns = [
    "README*.md", *(("notebooks/pictures",) if CHINESE else ("*.zh-CN.*", "docs/*.zh-CN.*", "notebooks/*.zh-CN.*")),
    ".*", "tests", "nb_banana", "labextension", "binder", "jupyter-config", "site", "dist", "build", "node_modules",
    "docs/_site", "docs/tutorials", "docs/example_plugin", "notebooks/nb_banana_history",
]  # fmt: skip

nb_execution_mode = "off"
nb_ipywidgets_js: dict[str, dict[str, str]] = {}  # a widget without a kernel is dead, and its scripts come from a CDN
nb_mime_priority_overrides = [("html", "application/vnd.jupyter.widget-view+json", None)]
myst_enable_extensions: list[str] = []  # GitHub's Markdown, no more
myst_heading_anchors = 4
# What the extension of JupyterLab reads beside a picture; a tutorial may begin below the first level.
suppress_warnings = ["mystnb.unknown_mime_type", "myst.header"]

autodoc_member_order = "bysource"
autodoc_typehints_format = "short"
autodoc_default_options = {"members": True, "inherited-members": True}
python_use_unqualified_type_names = True
python_maximum_signature_line_length = 90
nitpicky = True
nitpick_ignore_regex = reference.OTHERS

templates_path = ["_site/templates"]
html_static_path = ["_site/static"]
html_theme = "pydata_sphinx_theme"
html_title = f"nb_banana {release}"
html_favicon = "_site/static/banana.svg"
html_css_files = ["ours.css"]
html_copy_source, html_sourcelink_suffix, html_show_sphinx = True, "", False
html_use_index = False
html_domain_indices = False
html_search_language = "zh" if CHINESE else "en"
html_context = {"default_mode": "auto"}
html_sidebars = {"**": ["pages.html"]}
html_theme_options = {
    "logo": {"text": "nb_banana", "image_light": "_site/static/banana.svg", "image_dark": "_site/static/banana.svg",
             "alt_text": ""},
    "navbar_align": "left", "navbar_center": [], "navbar_end": ["language.html", "theme-switcher", "navbar-icon-links"],
    "footer_start": ["copyright"], "footer_center": [], "footer_end": [],
    "secondary_sidebar_items": ["page-toc", "notebook.html"],
    "search_bar_text": "搜索文档……" if CHINESE else "Search the docs …",
    "show_toc_level": 2, "show_version_warning_banner": False, "surface_warnings": False, "back_to_top_button": False,
    "icon_links": [{"name": "Source", "url": repository(), "icon": "fa-solid fa-code"}] if repository() else [],
}  # fmt: skip


def setup(app):  # noqa: ANN001, ANN201 - Sphinx's own types are not ours
    """What is ours."""
    searching.setup(app)
    tree.setup(app, ROOT, chinese=CHINESE, repository=repository())
    reference.setup(app)
