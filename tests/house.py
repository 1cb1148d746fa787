"""The house in figures: `python tests/house.py` prints them and fails where the house has grown crooked.

What is counted, and why it is bounded:

- *import depth*: how many modules, one importing the next, must be held to understand the top one;
- *circles*: modules that need each other, at import, in functions, or for types alone;
- *imports inside functions*: each is a dependency the head of its file doesn't show;
- *class size, methods, parameters*: what one name asks a reader to hold at once;
- *lines of the sandbox*: a stand-in must not outgrow what it stands in for.

Public signatures (DESIGN.md §2) may have more parameters than other functions: they are listed by name.
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

PACKAGE = Path(__file__).resolve().parent.parent / "nb_banana"
DEPTH, LAZY, CLASS_LINES, METHODS, PARAMETERS, SANDBOX = 14, 40, 300, 30, 7, 2_370
PUBLIC = frozenset({
    "__init__",  # of Session, Client, AsyncClient, Endpoint, Panel: their arguments are the contract's
    "batch", "compare", "edit", "aedit", "generate", "estimate", "records", "panel", "from_bytes", "rate",
    "rubric",
})  # fmt: skip


@dataclass
class Module:
    """One file: what it imports when it is loaded, inside functions, and for types alone."""

    name: str
    tree: ast.Module
    eager: set[str] = field(default_factory=set)
    lazy: set[str] = field(default_factory=set)
    typing: set[str] = field(default_factory=set)
    inside: int = 0


def modules() -> dict[str, Module]:
    """Every module of the package with its imports of other modules of the package."""
    files = {name_of(path): path for path in sorted(PACKAGE.rglob("*.py")) if "_notebooks" not in path.parts}
    found = {name: Module(name, ast.parse(path.read_text(encoding="utf-8"))) for name, path in files.items()}
    for name, module in found.items():
        parts = name.split(".")
        package = parts if files[name].name == "__init__.py" else parts[:-1]
        for node, where in imports(module.tree, "eager"):
            if where == "lazy":
                module.inside += 1
            getattr(module, where).update(targets(node, package, found) - {name})
    return found


def name_of(path: Path) -> str:
    parts = ["nb_banana", *path.relative_to(PACKAGE).with_suffix("").parts]
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def imports(node: ast.AST, where: str) -> Iterator[tuple[ast.Import | ast.ImportFrom, str]]:
    """Every import statement, and whether it is met at import, in a function, or by type checkers only."""
    for child in ast.iter_child_nodes(node):
        inner = where
        if isinstance(child, (ast.FunctionDef, ast.AsyncFunctionDef)):
            inner = "lazy"
        elif isinstance(child, ast.If) and ast.unparse(child.test) == "TYPE_CHECKING":
            inner = "typing"
        if isinstance(child, (ast.Import, ast.ImportFrom)):
            yield child, inner
        yield from imports(child, inner)


def targets(node: ast.Import | ast.ImportFrom, package: list[str], known: dict[str, Module]) -> set[str]:
    if isinstance(node, ast.Import):
        return {name.name for name in node.names if name.name in known}
    base = ".".join(package[: len(package) - node.level + 1]) if node.level else ""
    stem = ".".join(filter(None, (base, node.module)))
    full = {f"{stem}.{name.name}" for name in node.names}
    return {one for one in full if one in known} | ({stem} & set(known) if full - set(known) else set())


def deepest(found: dict[str, Module]) -> list[str]:
    """The longest chain of modules, each importing the next."""

    @cache
    def path(name: str) -> tuple[str, ...]:
        return (name, *max((path(other) for other in found[name].eager), key=len, default=()))

    return list(max((path(name) for name in found), key=len))


def circles(found: dict[str, Module], *kinds: str) -> list[list[str]]:
    """Groups of modules that reach each other over these kinds of import (Tarjan's components)."""
    edges = {name: set().union(*(getattr(module, kind) for kind in kinds)) for name, module in found.items()}
    index: dict[str, int] = {}
    low: dict[str, int] = {}
    stack: list[str] = []
    groups: list[list[str]] = []

    def visit(name: str) -> None:
        index[name] = low[name] = len(index)
        stack.append(name)
        for other in edges[name]:
            if other not in index:
                visit(other)
            if other in stack:
                low[name] = min(low[name], low[other])
        if low[name] == index[name]:
            at = stack.index(name)
            group, stack[at:] = stack[at:], []
            if len(group) > 1:
                groups.append(sorted(group))

    sys.setrecursionlimit(10_000)
    for name in found:
        if name not in index:
            visit(name)
    return groups


def large_classes(found: dict[str, Module]) -> Iterator[tuple[str, int, int]]:
    """Each class with its lines and methods, the largest first."""
    sizes = [
        (f"{module.name}.{node.name}", (node.end_lineno or 0) - node.lineno + 1,
         len({one.name for one in node.body if isinstance(one, (ast.FunctionDef, ast.AsyncFunctionDef))}))  # overloads are one
        for module in found.values() for node in ast.walk(module.tree) if isinstance(node, ast.ClassDef)
    ]
    yield from sorted(sizes, key=lambda one: -one[1])


def many_parameters(found: dict[str, Module]) -> Iterator[tuple[str, int]]:
    """Each function with its parameters (``self`` and ``cls`` are none), the most first."""
    counts = []
    for module in found.values():
        for node in ast.walk(module.tree):
            if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
                given = node.args
                names = [one.arg for one in (*given.posonlyargs, *given.args, *given.kwonlyargs)]
                more = (given.vararg is not None) + (given.kwarg is not None)
                counts.append((f"{module.name}.{node.name}", len(set(names) - {"self", "cls"}) + more))
    yield from sorted(counts, key=lambda one: -one[1])


@cache
def figures() -> tuple[tuple[str, int, str, str], ...]:
    """What is counted, how many, the name of its bound ("" where there must be none), and where: the house is read once."""
    found = modules()
    path = deepest(found)
    counted = [("import depth", len(path), "DEPTH", " <- ".join(one.removeprefix("nb_banana.") for one in path))]
    for what, kinds in (("at import", ("eager",)), ("with lazy imports", ("eager", "lazy")),
                        ("with types", ("eager", "lazy", "typing"))):
        groups = circles(found, *kinds)
        counted.append((f"circles {what}", len(groups), "", "; ".join(", ".join(group) for group in groups)))
    counted.append(("imports inside functions", sum(module.inside for module in found.values()), "LAZY", ""))
    classes = list(large_classes(found))
    counted.append(("lines of the largest class", classes[0][1], "CLASS_LINES", classes[0][0]))
    most = max(classes, key=lambda one: one[2])
    counted.append(("most methods of a class", most[2], "METHODS", most[0]))
    functions = [one for one in many_parameters(found) if one[0].rpartition(".")[2] not in PUBLIC]
    counted.append(("most parameters (not public)", functions[0][1], "PARAMETERS", functions[0][0]))
    painted = sum(1 for path in (PACKAGE / "_sandbox").rglob("*.py") for _ in path.open(encoding="utf-8"))
    return (*counted, ("Python lines of the sandbox", painted, "SANDBOX", ""))


def report() -> list[str]:
    """Print the figures; gives a sentence for each bound that is passed."""
    wrong: list[str] = []
    for what, value, bound, detail in figures():
        most = globals()[bound] if bound else 0
        print(f"{what:<34}{value:>7} (at most {most}){'  ' + detail if detail else ''}")
        if value > most:
            wrong.append(f"{what}: {value}, at most {most}  {detail}")
    count = sum(1 for path in PACKAGE.rglob("*.py") if "_notebooks" not in path.parts
                for _ in path.open(encoding="utf-8"))
    painted = next(value for what, value, *_ in figures() if what == "Python lines of the sandbox")
    print(f"{'Python lines without the sandbox':<34}{count - painted:>7}")
    return wrong


if __name__ == "__main__":
    problems = report()
    if problems:
        print("\n".join(["", "crooked:", *problems]))
    raise SystemExit(bool(problems))
