"""The reference, from docstrings: each name that stands in a list of `docs/api.md` as itself, with its signature and text.

Rules of this file:

- A docstring is Google's form: `Args:`, `Attributes:`, `Returns:`, `Raises:`, one item a line, `name: what it is`. Several
  names before one colon are several names. (Napoleon takes them for types, and the first half of a property's sentence too.)
- A name in a private place is a value that calls give back: shown without the place and without how it is made.
- What a docstring refers to must be there: a public name, or one of Python's own (`OTHERS`). The types in a signature are
  words; those that are public lead to their place.
"""

from __future__ import annotations

import inspect
import re
from importlib import import_module
from typing import Any

from docutils import nodes
from sphinx import addnodes
from sphinx.util.nodes import make_refnode

NAMES = re.compile(r"(?:^- `nb_banana[\w.]*`\n)+", re.M)
PUBLIC = ("nb_banana", "nb_banana.errors", "nb_banana.widgets", "nb_banana.plugins")
PRIVATE = "nb_banana._"
SECTION = re.compile(r"(Args|Attributes|Returns|Raises|Yields):")
ITEM = re.compile(r"(\S(?:[^:`]|`[^`]*`)*): +(.*)")
# Python's own: its pages are not asked for while building, as there is no network then.
OTHERS = [(r"py:.*", r"(dataclasses|pathlib|collections)\..*")]


def value_of(name: str) -> Any:
    """What a dotted name stands for."""
    module = max((one for one in PUBLIC if name == one or name.startswith(f"{one}.")), key=len)
    if PRIVATE in name:
        module = name.rpartition(".")[0]
    value = import_module(module)
    for part in name.removeprefix(module).strip(".").split("."):
        value = getattr(value, part) if part else value
    return value


def directive(name: str) -> list[str]:
    """What Sphinx is told about a name."""
    value = value_of(name)
    if inspect.ismodule(value):
        return [f".. py:module:: {name}", "", *(inspect.getdoc(value) or "").splitlines(), ""]
    if inspect.isclass(value):
        return [f".. {'autoexception' if issubclass(value, BaseException) else 'autoclass'}:: {name}", ""]
    if inspect.isroutine(value):
        return [f".. autofunction:: {name}", ""]
    text = sections((inspect.getdoc(value) or "").splitlines())
    module, _, last = name.rpartition(".")
    lines = [f".. py:currentmodule:: {module}", "", f".. py:data:: {last}", "", *(f"   {line}".rstrip() for line in text), ""]
    for method, found in vars(type(value)).items():  # one that there is only one of: `nb.bench.load`
        if not method.startswith("_") and inspect.isfunction(found):
            lines += [f".. autofunction:: {name}.{method}", ""]
    return lines


def source_read(_app: Any, page: str, content: list[str]) -> None:
    """The lists of names become what they stand for."""
    if page == "docs/api":
        content[0] = NAMES.sub(lambda found: "\n".join([
            "```{eval-rst}", *(line for name in re.findall(r"`(.+)`", found[0]) for line in directive(name)), "```", "",
        ]), content[0])  # fmt: skip


def indent(line: str) -> int:
    """How far a line is moved in."""
    return len(line) - len(line.lstrip())


def sections(lines: list[str]) -> list[str]:
    """A docstring with its sections as fields of lists."""
    out: list[str] = []
    at = 0
    while at < len(lines):
        found = SECTION.fullmatch(lines[at].strip())
        at += 1
        if not found or lines[at - 1][:1].isspace():
            out.append(lines[at - 1])
            continue
        body = []
        while at < len(lines) and (not lines[at].strip() or lines[at][:1].isspace()):
            body.append(lines[at])
            at += 1
        out += ["", f":{found[1]}:", *(f"   {line}".rstrip() for line in items(found[1], body)), ""]
    return out


def items(section: str, body: list[str]) -> list[str]:
    """The items of a section as a list; a text without names stays one."""
    depth = min((indent(line) for line in body if line.strip()), default=0)
    out: list[str] = []
    for line in body:
        item = ITEM.fullmatch(line.strip()) if indent(line) == depth and section != "Returns" else None
        if item:
            names = re.split(r",\s+|\s+and\s+", item[1])
            shown = [f":exc:`{name}`" if section == "Raises" else f"**{name}**".replace("***", "**\\*", 1) for name in names]
            out += ["", f"* {', '.join(shown)} -- {item[2]}"]
        elif any(one.startswith("*") for one in out):
            out.append(f"  {line.strip()}".rstrip())
        else:
            out.append(line[depth:])
    return out


def docstring(_app: Any, _what: str, _name: str, _value: Any, _options: Any, lines: list[str]) -> None:
    """Google's sections as Sphinx reads them."""
    lines[:] = sections(lines)


def homes(app: Any, target: str) -> Any:
    """The entry of what a type's last word names: a public name, else a value that calls give back."""
    known = app.env.domains.python_domain.objects
    last = target.rpartition(".")[2]
    names = (*(f"{module}.{word}" for word in (target, last) for module in PUBLIC), *(name for name in known if name.startswith(PRIVATE) and name.endswith(f".{last}")))
    return next((known[name] for name in names if name in known), None)


def entry_is_meant(entry: Any, target: str) -> bool:
    """Words of a docstring must name it in full, or by its only name."""
    return "." not in target or entry.node_id.endswith(f".{target}")


def without_places(app: Any, doctree: nodes.document) -> None:
    """The class of a value stands by its name alone: where it is defined is no promise."""
    if app.env.current_document.docname == "docs/api":
        for place in list(doctree.findall(addnodes.desc_addname)):
            if place.astext().startswith(PRIVATE):
                place.parent.remove(place)


def skipped(_app: Any, _what: str, _name: str, value: Any, _skip: bool, _options: Any) -> bool | None:
    """What comes from bases that are not ours is not ours to describe."""
    value = getattr(value, "fget", None) or getattr(value, "__func__", value)
    return None if str(getattr(value, "__module__", "")).startswith("nb_banana") else True


def signature(_app: Any, _what: str, name: str, value: Any, _options: Any, _args: str, _returns: str) -> tuple[str, str] | None:
    """How such a value is made is no promise either."""
    return ("", "") if inspect.isclass(value) and name.startswith(PRIVATE) else None


def missing(app: Any, _env: Any, node: addnodes.pending_xref, words: nodes.Element) -> nodes.Element | None:
    """A type in a signature is a link if it is public, words if not; a class of errors is found from anywhere."""
    if node.get("refdomain") != "py":
        return None
    parent = node.parent
    while parent is not None and not isinstance(parent, addnodes.desc_signature):
        parent = parent.parent
    if (entry := homes(app, node["reftarget"])) and (parent is not None or entry_is_meant(entry, node["reftarget"])):
        return make_refnode(app.builder, node["refdoc"], entry.docname, entry.node_id, words)
    return words if parent is not None else None


def setup(app: Any) -> None:
    """Take part in a build."""
    app.connect("source-read", source_read)
    app.connect("autodoc-process-docstring", docstring)
    app.connect("autodoc-skip-member", skipped)
    app.connect("autodoc-process-signature", signature)
    app.connect("doctree-read", without_places)
    app.connect("missing-reference", missing)
