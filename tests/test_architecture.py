"""The map of the rooms, proven from the source with `ast`: nothing is imported to find out who imports whom.

`LAYERS` is the contributor's copy of the map in CONTRIBUTING.md. If a simpler map shows itself, change both and say
why in the commit.
"""

from __future__ import annotations

import ast
import re
import string
import sys
import tomllib
from collections.abc import Iterator
from functools import cache
from importlib import import_module
from importlib.metadata import packages_distributions
from pathlib import Path
from typing import NamedTuple

import pytest

PACKAGE = Path(__file__).resolve().parent.parent / "nb_banana"
CONTRIBUTING = PACKAGE.parent / "CONTRIBUTING.md"

# A room may import any room of an earlier row, and none of its own row or a later one.
LAYERS = (
    ("_chosen",),  # the language of every sentence is one of the things a person chooses
    ("_strings", "_version", "_display"),  # the errors' own sentences come from there, so it stands under even them
    ("_text", "_files"),
    ("errors",),
    ("_plugins",),  # what other packages add is looked up where it is named: in the catalog, the prompts, the wires
    ("_catalog", "_prompts", "_fetch"),
    ("_images",),
    ("_messages",),
    ("_wire", "_prepare", "_provenance", "_measure"),
    ("_actions", "_asking", "_masking"),
    ("_flow", "_sandbox", "_result", "_worker"),  # the session's waiting runs on the worker's loop
    ("_client", "_history"),
    ("_lineage", "_session", "_measures"),
    ("_chain", "_compare", "_doctor", "_live", "_slim"),
    ("_judge", "_rate", "_report"),
    ("_widgets", "_bench", "_server"),
    ("_app",),
    ("widgets", "plugins", "_magics", "_cli", "_tools"),
    ("__main__",),
)
RANK = {room: row for row, rooms in enumerate(LAYERS) for room in rooms}

# One library, one room.
HOMES = {
    "sqlite3": {"_history", "_measures"},
    "traitlets": {"_widgets", "_app"},
    "ipywidgets": {"_widgets"},
    "anywidget": {"_widgets"},
    "IPython": {"_widgets", "_magics"},
    "numpy": {"_measure", "_measures", "_compare", "_rate"},
    "evalica": {"_rate", "_judge"},
    "statsmodels": {"_rate"},
    "skimage": {"_measure", "_measures"},
    "socketserver": {"_sandbox"},
    "http.server": {"_sandbox"},
    "click": {"_cli"},
    "jupyter_server": {"_server", "_app"},
    "tornado": {"_server", "_app"},
    "voila": {"_app", "_cli"},
    "dotenv": {"_client"},
    "keyring": {"_client"},
    "google.colab": {"_client"},
    "kaggle_secrets": {"_client"},
}
PLATFORMS = ("google.colab.", "kaggle_secrets.")
"""What is there where a platform runs a notebook, and on no index."""
PANDAS_ONLY_IN = "to_dataframe"
LISTENERS = {"start_server", "start_unix_server", "create_server", "listen"}
TYPES_ONLY = "if TYPE_CHECKING"


class Import(NamedTuple):
    """One imported module, absolute, with the innermost function it stands in (or `TYPES_ONLY`)."""

    module: str
    function: str
    line: int


def sources() -> list[Path]:
    """Every Python file of the package."""
    return sorted(PACKAGE.rglob("*.py"))


def room_of(path: Path) -> str:
    """`nb_banana/_wire/gemini.py` → `_wire`; the package's own `__init__` is the public module, no room."""
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


@pytest.fixture(scope="module", autouse=True)
def forest() -> Iterator[None]:
    """A million nodes, kept for this file only: every collection of garbage after it would walk them all."""
    yield
    for kept in (tree_of, nodes, imports):
        kept.cache_clear()


@cache
def tree_of(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"), str(path))


@cache
def nodes(path: Path) -> tuple[tuple[ast.AST, str], ...]:
    """Every node of a file with the name of the innermost function around it, or `TYPES_ONLY`."""
    return tuple(walk(tree_of(path)))


def walk(node: ast.AST, function: str = "") -> Iterator[tuple[ast.AST, str]]:
    for child in ast.iter_child_nodes(node):
        inside = child.name if isinstance(child, (ast.FunctionDef, ast.AsyncFunctionDef)) else function
        if isinstance(child, ast.If) and ast.unparse(child.test) == "TYPE_CHECKING":
            inside = TYPES_ONLY
        yield child, inside
        yield from walk(child, inside)


def package_of(path: Path, level: int) -> str:
    """What `level` dots mean in this file."""
    parts = ["nb_banana", *path.relative_to(PACKAGE).parent.parts]
    return ".".join(parts[: len(parts) - level + 1])


@cache
def imports(path: Path) -> tuple[Import, ...]:
    """Every import of a file, in order."""
    return tuple(find_imports(path))


def find_imports(path: Path) -> Iterator[Import]:
    """Every import statement and `import_module("literal")` of a file, type-checking ones included."""
    for node, function in nodes(path):
        if isinstance(node, ast.Import):
            yield from (Import(name.name, function, node.lineno) for name in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = package_of(path, node.level) if node.level else ""
            stem = ".".join(filter(None, (base, node.module)))
            yield from (Import(f"{stem}.{name.name}", function, node.lineno) for name in node.names)
        elif (isinstance(node, ast.Call) and getattr(node.func, "id", getattr(node.func, "attr", "")) == "import_module"
              and node.args and isinstance(node.args[0], ast.Constant)):
            name = str(node.args[0].value)
            dots = len(name) - len(name.lstrip("."))
            base = package_of(path, dots) + "." if dots else ""
            yield Import(base + name.lstrip("."), function, node.lineno)


def imported_room(module: str) -> str | None:
    """The room an absolute name belongs to, `"nb_banana"` for the public module, None for anyone else's."""
    first, _, rest = module.partition(".")
    if first != "nb_banana":
        return None
    return rest.split(".")[0] if rest.split(".")[0] in RANK else "nb_banana"


def test_every_module_has_its_place_on_the_map():
    """A new room must be put on the map first, and starts with an underscore so it can't shadow a public name."""
    rooms = {room_of(path) for path in sources()} - {"__init__"}
    assert rooms <= set(RANK), f"not on the map: {sorted(rooms - set(RANK))}"
    assert {room for room in rooms if not room.startswith("_")} == {"errors", "plugins", "widgets"}


def test_imports_go_one_way():
    """No room imports one of its own row or above it; what shows a value is looked up by name (`_display`)."""
    wrong = [
        f"{path.relative_to(PACKAGE)}:{line}: {room_of(path)} imports {other}"
        for path in sources() if room_of(path) != "__init__"
        for module, function, line in imports(path)
        if (other := imported_room(module)) not in (None, "nb_banana", room_of(path))
        and RANK[other] >= RANK[room_of(path)]
    ]
    assert wrong == []


def test_nothing_is_taken_from_the_public_module():
    """A room that used the public names could not be moved, and would make a circle."""
    wrong = [
        f"{path.relative_to(PACKAGE)}:{line}: {module}"
        for path in sources() if room_of(path) not in ("__init__", "__main__")
        for module, _, line in imports(path)
        if imported_room(module) == "nb_banana"
    ]
    assert wrong == []


@pytest.mark.parametrize("library", HOMES)
def test_one_library_one_room(library):
    """What a library does for us can be replaced by changing one room."""
    users = {
        room_of(path) for path in sources() for module, function, _ in imports(path)
        if (module == library or module.startswith(f"{library}.")) and function != TYPES_ONLY
    }
    assert users <= HOMES[library]


def test_pandas_is_loaded_only_when_a_table_is_asked_for():
    """pandas is imported inside functions named `to_dataframe` and nowhere else."""
    wrong = [
        f"{path.relative_to(PACKAGE)}:{line}: in {function or 'the module'}"
        for path in sources() for module, function, line in imports(path)
        if module.split(".")[0] == "pandas" and function not in (PANDAS_ONLY_IN, TYPES_ONLY)
    ]
    assert wrong == []


def test_only_the_sandbox_listens():
    """No other room opens a socket that others could connect to."""
    wrong = [
        f"{path.relative_to(PACKAGE)}:{node.lineno}: {node.func.attr}"
        for path in sources() if room_of(path) != "_sandbox"
        for node, _ in nodes(path)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in LISTENERS
    ]
    assert wrong == []


def test_every_module_says_its_rules_first():
    """A module opens with a docstring."""
    assert [str(path.relative_to(PACKAGE)) for path in sources() if not ast.get_docstring(tree_of(path))] == []


def said() -> Iterator[tuple[str, str]]:
    """Every key that the source says literally, with the place it is said."""
    for path in sources():
        for node, _ in nodes(path):
            if (isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "say"
                    and node.args and isinstance(node.args[0], ast.Constant)):
                yield str(node.args[0].value), f"{path.relative_to(PACKAGE)}:{node.lineno}"


def tables() -> dict[str, dict[str, tuple[str, str]]]:
    names = sorted(path.stem for path in (PACKAGE / "_strings").glob("*.py") if path.stem != "__init__")
    return {name: import_module(f"nb_banana._strings.{name}").TABLE for name in names}


def fields(sentence: str) -> set[str]:
    """The names a sentence wants filled: `{name!r:>5}` wants `name`."""
    return {field for _, field, _, _ in string.Formatter().parse(sentence) if field}


def test_every_sentence_that_is_said_exists():
    """A misspelt key would be a KeyError in the very moment somebody needs help."""
    known = {f"{table}.{entry}" for table, entries in tables().items() for entry in entries}
    assert [(key, place) for key, place in said() if key not in known] == []


def test_both_languages_say_the_same():
    """Every sentence is there in English and Chinese, and both want the same values."""
    wrong = [
        f"{table}.{entry}" for table, entries in tables().items() for entry, (english, chinese) in entries.items()
        if not english.strip() or not chinese.strip() or fields(english) != fields(chinese)
    ]
    assert wrong == []


def test_contributors_read_the_same_map():
    """CONTRIBUTING.md draws these very rows and says what each room holds, so page and proof don't drift apart."""
    page = CONTRIBUTING.read_text(encoding="utf-8")
    drawn = re.search(r"```\n(\{_chosen.*?)```", page, re.S)[1]
    assert [set(re.findall(r"\w+", row)) for row in drawn.split("<-")] == [set(row) for row in LAYERS]
    assert [room for room in RANK if f"| `{room}` |" not in page] == []


def test_nobody_asks_which_wire_it_is():
    """What differs between wires is asked of the wire's row, so that a new one is a new row and no new `if`."""
    names = {path.stem for path in (PACKAGE / "_wire").glob("*.py")} & {"gemini", "openai"}
    assert names == {"gemini", "openai"}
    wrong = [
        f"{path.relative_to(PACKAGE)}:{node.lineno}: {ast.unparse(node)[:80]}"
        for path in sources() for node, _ in nodes(path)
        if isinstance(node, ast.Compare | ast.MatchValue)
        and names & {inner.value for inner in ast.walk(node)
                     if isinstance(inner, ast.Constant) and isinstance(inner.value, str)}
    ]
    assert wrong == []


def test_only_the_table_takes_a_wire_from_its_module():
    """A room that imported one wire's module would know that wire; the rooms above take rows of `WIRES`."""
    wrong = [
        f"{path.relative_to(PACKAGE)}:{line}: {module}"
        for path in sources() if room_of(path) != "_wire"
        for module, _, line in imports(path)
        if re.match(r"nb_banana\._wire\.(gemini|openai)\b", module)
    ]
    assert wrong == []


HTTP_HALF = {"service", "faults", "server", "transport", "report"}


def test_the_painter_stands_behind_one_function():
    """Who serves the sandbox asks the painter one thing, and the judge's stand-in one, so that what they do can change without them; who reads text in its pictures asks where its badge stands."""
    asked = {
        module.removeprefix("nb_banana._sandbox.")
        for path in sources() if room_of(path) != "_sandbox" or path.stem in HTTP_HALF
        for module, _, _ in imports(path)
        if module.startswith("nb_banana._sandbox.") and module.split(".")[2] not in HTTP_HALF
    }
    assert asked == {"paint.paint_all", "opinion.opinion", "lettering.badge_box"}


def declared(*extras: str) -> set[str]:
    """The distributions that pyproject.toml asks for, by their plain names."""
    project = tomllib.loads((PACKAGE.parent / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    asked = [*project["dependencies"], *(one for extra in extras for one in project["optional-dependencies"][extra])]
    return {re.match(r"[\w.-]+", one)[0].lower().replace("_", "-") for one in asked}


def foreign(*, head: bool) -> dict[str, set[str]]:
    """Every distribution that is imported, with the files that do: at their heads, or anywhere but for types."""
    homes, found = packages_distributions(), {}
    for path in sources():
        for module, function, _ in imports(path):
            top = module.split(".")[0]
            if function == TYPES_ONLY or (head and function) or top in sys.stdlib_module_names | {"nb_banana"}:
                continue
            if f"{module}.".startswith(PLATFORMS):
                continue
            for home in homes.get(top, [top]):
                found.setdefault(home.lower().replace("_", "-"), set()).add(room_of(path))
    return found


def test_every_library_is_declared():
    """What is imported is asked for by name, not left to come along with something else."""
    extras = declared("lab", "research", "heic", "socks", "ocr", "dotenv", "keyring")
    assert {name: rooms for name, rooms in foreign(head=False).items() if name not in extras} == {}


def test_only_measuring_needs_an_extra_at_its_head():
    """Only what measures, the statistics of comparisons and of votes, all loaded when they are asked for, and what a Jupyter server loads need more than the plain dependencies."""
    assert {name: rooms for name, rooms in foreign(head=True).items() if name not in declared()} == {
        "imagehash": {"_measure"}, "numpy": {"_measure", "_measures", "_compare", "_rate"},
        "scikit-image": {"_measure", "_measures"}, "scipy": {"_measure", "_compare", "_rate"},
        "evalica": {"_rate"}, "statsmodels": {"_rate"},
        "jupyter-core": {"_server"}, "jupyter-server": {"_server", "_app"}, "tornado": {"_server", "_app"},
        "voila": {"_app"},
    }
    assert [path.stem for path in sources() if room_of(path) == "_compare" and any(
        module.split(".")[0] in ("numpy", "scipy") for module, _, _ in imports(path))] == ["statistics"]
