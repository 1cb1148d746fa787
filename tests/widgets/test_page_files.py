"""The JavaScript and CSS a page is given: small, from here, whole, and each sheet only about its own widget."""

from __future__ import annotations

import re
from pathlib import Path

import anywidget
import pytest

import nb_banana as nb
import nb_banana.widgets as parts
from nb_banana._widgets.assets import FOLDER

LIMIT = 45_000
# Whose sheet it is: the class on the widget's outermost element. What several share stands under all of theirs.
ROOTS = {
    "base": (".nbb", ".nb-banana-panel"), "panel": (".nb-banana-panel",), "status": (".nbb-status",),
    "key": (".nbb-key",), "code": (".nbb-code",), "reel": (".nbb-reel",), "easel": (".nbb-easel",), "tray": (".nbb-tray",), "viewer": (".nbb-viewer",),
    "history": (".nbb-list", ".nb-banana-history"), "timeline": (".nbb-strip",), "thumbs": (".nbb-list", ".nbb-strip"), "grid": (".nbb-grid",), "rating": (".nbb-rate",),
}  # fmt: skip
SHEETS = sorted(path.stem for path in FOLDER.glob("*.css"))
# A host says on an element around ours that it is dark; only the sheet of colours may ask.
HOST = re.compile(r"^:is\(([^()]*(\.dark|theme|vscode)[^()]*)\) ")


def widgets() -> dict[str, type[anywidget.AnyWidget]]:
    """Every widget of the package that brings a page of its own."""
    for name in parts.__all__:
        getattr(parts, name)  # each is loaded when it is first asked for
    found, left = {}, [anywidget.AnyWidget]
    while left:
        for each in left.pop().__subclasses__():
            left.append(each)
            instance = each.__base__.__name__ == each.__name__  # each one makes a class of that name below its own
            if each.__module__.startswith("nb_banana") and "_esm" in vars(each) and not instance:
                found[each.__name__] = each
    return found


def selectors(sheet: str) -> list[str]:
    """Every selector of a sheet as it stands under those it is nested in, inside @media and @container too; keyframes hold none."""
    text = re.sub(r"/\*.*?\*/", "", sheet, flags=re.DOTALL)
    text = re.sub(r"@keyframes[^{]*\{(?:[^{}]*\{[^{}]*\})*[^{}]*\}", "", text)
    found, around = [], [[""]]
    for head, brace in re.findall(r"([^{};]*)([{};])", text):
        if brace == "}":
            around.pop()
        elif brace == "{" and head.strip().startswith("@"):
            around.append(around[-1])
        elif brace == "{":
            own = [each.strip() for each in re.split(r",(?![^()]*\))", head)]
            around.append([each.replace("&", outer) if "&" in each else f"{outer} {each}".strip() for outer in around[-1] for each in own])
            found += around[-1]
    return found


def stands_under(selector: str, roots: tuple[str, ...]) -> bool:
    """Whether it matches nothing but a root's own element and what is inside: each way to read its first word is one."""
    first = re.match(r":is\(([^()]*)\)|[^\s>+~]+", selector)
    assert first, selector
    ways = first[1].split(",") if first[1] else [first[0]]
    return all(any(re.search(rf"{re.escape(root)}(?![\w-])", way) for root in roots) for way in ways)


def test_every_widget_is_looked_at():
    """The checks below see each widget and each sheet there is."""
    assert set(widgets()) == {"StatusLine", "KeyEntry", "CodeBox", "Tray", "Viewer", "Easel", "HistoryList", "Filmstrip", "Reel", "GridTable", "Rating"}
    assert sorted(ROOTS) == SHEETS


@pytest.mark.parametrize("name", sorted(widgets()))
def test_what_a_page_loads_for_one_widget_is_small_and_from_here(name):
    """A widget's JavaScript and CSS, as shipped, stay under 45 KB together and name no other host."""
    text = widgets()[name]._esm + widgets()[name]._css
    assert len(text.encode()) <= LIMIT
    assert re.findall(r"https?://[\w.]+", text) == []


def test_only_a_page_that_looks_first_gives_the_focus():
    """ipywidgets' own `focus()` takes it from whoever types in another field by then; `StatusLine.point` has the page look."""
    package = Path(nb.__file__).parent
    assert [str(path) for path in package.rglob("*.py") if ".focus()" in path.read_text(encoding="utf-8")] == []


def test_a_whole_panel_is_small():
    """What a page is sent for a panel, all its widgets together, stays under 140 KB; none of them is left out."""
    known = set(widgets())  # an instance adds classes of its own
    left, sizes = [nb.panel(session=nb.Session(nb.Endpoint.sandbox(), tell=lambda _: None))], {}
    while left:
        one = left.pop()
        left += getattr(one, "children", ())
        if isinstance(one, anywidget.AnyWidget):
            name = next(each.__name__ for each in type(one).__mro__ if each.__name__ in known)
            sizes[name] = len((one._esm + one._css).encode())
    assert set(sizes) == known - {"HistoryList", "Filmstrip", "PanelViewer", "GridTable", "Rating"}
    assert sum(sizes.values()) <= 140_000, sizes


@pytest.mark.parametrize("name", sorted(widgets()))
def test_a_script_goes_out_whole_and_as_it_is_written(name):
    """Its files follow each other unchanged but for imports and comments on lines of their own, and no name is declared twice at the top."""
    text = widgets()[name]._esm
    assert not re.search(r"^import\b|^\s*(/\*\*|//)(?!.*\*/.*\S)", text, re.MULTILINE)
    lines = {line for path in FOLDER.glob("*.js") for line in path.read_text(encoding="utf-8").splitlines()}
    assert set(text.splitlines()) <= lines
    declared = re.findall(r"^(?:export )?(?:async )?(?:function\*?|const|let|class) (\w+)", text, re.MULTILINE)
    assert sorted(set(declared)) == sorted(declared)
    assert len(re.findall(r"^export default \{ (initialize, )?render \};$", text, re.MULTILINE)) == 1


@pytest.mark.parametrize("name", SHEETS)
def test_a_sheet_is_only_about_its_own_widget(name):
    """Every rule stands under its widget's root class, so that no widget changes another one's looks."""
    found = selectors((FOLDER / f"{name}.css").read_text(encoding="utf-8"))
    assert found
    ours = [HOST.sub("", each) if name == "base" else each for each in found]
    assert [each for each in ours if not stands_under(each, ROOTS[name])] == []


@pytest.mark.parametrize(("sheet", "stray"), [
    (".nbb-thumb img { margin: 0 }", ".nbb-thumb img"),
    (".nbb-tray .a, .b:is(.c, .d) { margin: 0 }", ".b:is(.c, .d)"),
    ("@media (width > 1px) { .nbb-tray { margin: 0 } .nbb-tray-like { margin: 0 } }", ".nbb-tray-like"),
    (":is(.nbb-tray, .other) i { margin: 0 }", ":is(.nbb-tray, .other) i"),
    ("@keyframes a { to { margin: 0 } from { margin: 1px } } body .nbb-tray { margin: 0 }", "body .nbb-tray"),
])  # fmt: skip
def test_a_stray_rule_would_be_seen(sheet, stray):
    """The check itself finds rules that reach beyond their widget, also among several and inside @media."""
    assert [each for each in selectors(sheet) if not stands_under(each, (".nbb-tray",))] == [stray]


@pytest.mark.parametrize("name", sorted(path.name for path in FOLDER.glob("*.js")))
def test_every_function_is_read_at_a_glance(name):
    """No function or method of the page's JavaScript is longer than 60 lines."""
    text = (FOLDER / name).read_text(encoding="utf-8")
    found = re.findall(r"^( *)(?:export |async |function |get |const )*(\w+)(?: = )?\([^\n]*\{\n(.*?)^\1\}", text, re.MULTILINE | re.DOTALL)
    assert found
    assert [(function, lines) for _, function, body in found if (lines := body.count("\n")) > 60] == []
