"""The public names are a contract: other programs are written against them."""

from __future__ import annotations

import importlib
import inspect
import json
import pkgutil
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

import nb_banana as nb

NAMES = [
    "edit", "generate", "chain", "batch", "compare", "bench", "panel", "history", "models", "estimate", "session", "measures", "experiments",
    "read_provenance", "MODELS", "Session", "Endpoint", "Client", "AsyncClient", "EditRequest", "ImageData",
    "EditResult", "Chain", "Comparison", "Judge", "Vote", "Votes", "Panel", "NanoBananaError", "errors",
]
SETTINGS = ["model", "aspect_ratio", "image_size", "mask", "seed", "extra"]
EDIT_OPTIONS = [*SETTINGS, "take", "takes", "fresh", "session"]

# Parameter names in order; those after "*" are keyword-only.
SIGNATURES = {
    "edit": ["images", "prompt", "*", *EDIT_OPTIONS],
    "generate": ["prompt", "*", *EDIT_OPTIONS],
    "chain": ["image", "*", "session"],
    "compare": ["images", "prompts", "*", "models", "aspect_ratios", "image_sizes", "endpoints", "wires", "seeds", "replace", "takes",
                "mask", "seed", "extra", "session"],
    "panel": ["images", "*", "session", "slot", "out", "lang"],
    "history": ["*", "session"],
    "models": ["provider", "as_of"],
    "Endpoint": ["base_url", "api_key", "*", "wire", "name", "auth", "insecure"],
    "Client": ["endpoint", "*", "retries", "deadline", "strict", "transport", "download_transport"],
    "AsyncClient": ["endpoint", "*", "retries", "deadline", "strict", "transport", "download_transport"],
    "EditRequest": ["prompt", "images", "*", *SETTINGS, "turns"],
    "Session": ["endpoint", "*", "folder", "budget", "since", "retries", "deadline", "strict", "notebook", "tell", "env", "hooks"],
}
PLUGIN_NAMES = [
    "Answer", "Answered", "Base64", "Body", "Call", "EditRequest", "Measure", "Pair", "ProviderRow", "Raw", "Refusal", "Sending", "Served",
    "Template", "TemplateRow", "Unmeasured", "Wire", "offered", "template",
]
CLIENT_METHODS = {
    "edit": ["images", "prompt", "*", *SETTINGS],
    "generate": ["prompt", "*", *SETTINGS],
    "send": ["request"],
}


def names_of(function: object) -> list[str]:
    """A signature as a list of names, with "*" where the keyword-only ones begin."""
    parameters = [p for p in inspect.signature(function).parameters.values() if p.name != "self"]
    keyword_only = [p.name for p in parameters if p.kind is p.KEYWORD_ONLY]
    return [p.name for p in parameters if p.kind is not p.KEYWORD_ONLY] + (["*", *keyword_only] if keyword_only else [])


def run_python(code: str, *flags: str) -> str:
    """Run code in a fresh interpreter that sees this checkout."""
    root = Path(nb.__file__).resolve().parent.parent
    preface = f"import sys; sys.path.insert(0, {str(root)!r});"
    return subprocess.run([sys.executable, *flags, "-c", preface + code], check=True, capture_output=True,
                          text=True).stdout


def test_the_public_names_are_these_and_no_others():
    """A name added or lost is a decision, not an accident."""
    assert sorted(nb.__all__) == sorted(["__version__", *NAMES])
    assert set(NAMES) <= set(dir(nb))


@pytest.mark.parametrize("name", NAMES)
def test_every_public_name_resolves(name):
    """Each name loads its room on first use and is the thing it says."""
    value = getattr(nb, name)
    assert isinstance(value, ModuleType) == (name == "errors")


def test_what_plugins_are_written_with_is_promised_too():
    """Other packages import these from `nb_banana.plugins`, each of which is there, and importing it loads no room."""
    plugins = importlib.import_module("nb_banana.plugins")
    assert plugins.__all__ == PLUGIN_NAMES and all(getattr(plugins, name) for name in PLUGIN_NAMES)
    code = "import nb_banana.plugins; print(*[name for name in sys.modules if name.startswith('nb_banana.')])"
    assert run_python(code, "-I", "-S").split() == ["nb_banana._version", "nb_banana.plugins"]


@pytest.mark.parametrize("name", SIGNATURES)
def test_parameters_are_the_promised_ones(name):
    """Other programs pass these names, so the lists stand here word for word."""
    assert names_of(getattr(nb, name)) == SIGNATURES[name]


@pytest.mark.parametrize("kind", ["Client", "AsyncClient"])
@pytest.mark.parametrize("method", CLIENT_METHODS)
def test_a_client_knows_nothing_of_takes_and_sessions(kind, method):
    """`take`, `takes`, `fresh` and `session` belong to `nb.*` and Session, never to a client."""
    assert names_of(getattr(getattr(nb, kind), method)) == CLIENT_METHODS[method]


def test_a_misspelt_name_is_an_attribute_error():
    """`nb.edti` fails as any module's would, naming the module and the name."""
    with pytest.raises(AttributeError, match=r"module 'nb_banana' has no attribute 'edti'"):
        nb.edti  # noqa: B018


def test_no_public_name_turns_into_a_module():
    """After every submodule has been imported, `nb.chain` and all others are still what they were."""
    code = """
import importlib, json, pkgutil, types
import nb_banana as nb
for found in pkgutil.walk_packages(nb.__path__, "nb_banana."):
    if not found.name.endswith("__main__"):
        importlib.import_module(found.name)
print(json.dumps([n for n in nb.__all__ if isinstance(getattr(nb, n), types.ModuleType)]))
"""
    assert json.loads(run_python(code)) == ["errors"]


def test_calling_after_importing_everything():
    """The functions that need no picture answer after every submodule has been imported in this process."""
    for found in pkgutil.walk_packages(nb.__path__, "nb_banana."):
        if not found.name.endswith("__main__"):
            importlib.import_module(found.name)
    assert "gemini-3-pro-image-preview" in str(nb.models())
    assert nb.MODELS["gemini-3-pro-image"].pixels("16:9", "2K") == (2752, 1536)
    assert nb.EditRequest("make it blue").prompt == "make it blue"
    assert issubclass(nb.errors.RateLimitError, nb.NanoBananaError)
    assert nb.Endpoint.sandbox() is not None


def test_importing_costs_only_the_standard_library():
    """In an interpreter without site-packages the import works, and loads no room but the public module and its version."""
    code = """
before = set(sys.modules)
import nb_banana
print("\\n".join(sorted(set(sys.modules) - before)))
"""
    loaded = run_python(code, "-I", "-S").split()
    assert [name for name in loaded if name.startswith("nb_banana")] == ["nb_banana", "nb_banana._version"]
    foreign = {name.split(".")[0] for name in loaded} - set(sys.stdlib_module_names) - {"nb_banana"}
    assert foreign == set()


def test_every_error_category_has_its_class():
    """The tree of errors covers the fourteen promised words, and each class knows its own."""
    words = ("auth region quota rate_limit bad_request model_not_found safety recitation no_image server timeout "
             "network malformed budget")
    assert set(nb.errors.BY_CATEGORY) == set(words.split())
    assert {kind.category for kind in nb.errors.BY_CATEGORY.values()} == set(words.split())
    assert all(nb.errors.BY_CATEGORY[kind.category] is kind for kind in nb.errors.BY_CATEGORY.values())
