"""What other packages add by entry points: loaded when it is named, and able to take nobody's name, host or key."""

from __future__ import annotations

import json
import logging
import os
import pickle
import re
import shutil
import subprocess
import sys
from importlib import invalidate_caches
from pathlib import Path

import pytest
from click.testing import CliRunner

import nb_banana as nb
from nb_banana._catalog import providers
from nb_banana._catalog.providers import PROVIDERS, provider_of, row_named
from nb_banana._cli import cli
from nb_banana._client.environment import held_keys, key_for
from nb_banana._measures.scoring import measures_of
from nb_banana._prompts.templates import TEMPLATES
from nb_banana._session.placing import endpoint_at
from nb_banana._wire.wires import BUILT_IN
from nb_banana.plugins import offered, template

ROOT = Path(nb.__file__).resolve().parent.parent
EXAMPLE = ROOT / "docs" / "example_plugin"
KEY = "acme-0123456789abcdef0123456789"


@pytest.fixture(scope="module")
def installed(tmp_path_factory) -> Path:
    """The example package, built by its own build system and installed into a folder, without a network."""
    folder = tmp_path_factory.mktemp("installed")
    source = shutil.copytree(EXAMPLE, tmp_path_factory.mktemp("source") / "example")
    subprocess.run(
        [sys.executable, "-m", "uv", "pip", "install", "-q", "--offline", "--no-deps", "--no-build-isolation",
         "--target", folder, source],
        check=True, capture_output=True, timeout=120,
    )  # fmt: skip
    return folder


def run(code: str, *paths: Path, **environ: str) -> dict:
    """What a program prints as JSON in its last line, in a fresh interpreter that finds these folders."""
    around = {"PYTHONPATH": os.pathsep.join(map(str, (ROOT, *paths))), "PATH": os.environ["PATH"], "HOME": str(paths[-1])}
    done = subprocess.run([sys.executable, "-c", code], env=around | environ, capture_output=True, text=True, timeout=60, cwd=paths[-1], check=False)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.splitlines()[-1])


def test_the_example_package_is_installed_and_each_part_is_loaded_when_it_is_named(installed, photo, tmp_path):
    """An ordinary edit imports nothing of it; then the measure, the template, the provider and the wire, one by one."""
    said = run(f"""
import json, sys
import nb_banana as nb
from nb_banana._sandbox.server import serve
def loaded():
    return sorted(name for name in sys.modules if name.startswith("acme_banana."))
said = {{}}
with nb.Session(nb.Endpoint.sandbox(), folder="plain") as session:
    result = session.edit({str(photo)!r}, "make it night")
said["edit"] = loaded()
scores = nb.measures.score([result], ["changed", "acme_sharpness"])
said["measure"] = loaded(), scores[0]["acme_sharpness"]
from nb_banana.plugins import template
said["template"] = template("acme_poster").fill(subject="a cat", headline="MIAOW"), loaded()
with serve() as server:
    there = nb.Endpoint(server.url, "{KEY}", name="acme", wire="acme_form")
    said["all"] = loaded()
    with nb.Session(there, folder="acme") as session:
        first = session.edit({str(photo)!r}, "make it red", image_size="2K")
        again = session.edit({str(photo)!r}, "make it red", image_size="2K")
        record = session.history.record(first.record_id)
        said["edited"] = [first.image.width, again.replayed, record.provider, record.wire]
    said["asked"] = [entry.path for entry in server.requests]
with nb.Client(nb.Endpoint.sandbox(wire="acme_form")) as client:
    said["sandbox"] = client.edit({str(photo)!r}, "make it red").image.width
print(json.dumps(said))
""", installed, tmp_path)
    assert said["edit"] == []
    assert said["measure"][0] == ["acme_banana.sharpness"] and said["measure"][1] > 0
    assert "a cat" in said["template"][0] and said["template"][1] == ["acme_banana.sharpness", "acme_banana.words"]
    assert said["edited"] == [2400, True, "acme", "acme_form"]
    assert said["all"] == [f"acme_banana.{name}" for name in ("form", "provider", "sharpness", "words")]
    assert said["sandbox"] == 1200
    assert said["asked"] == ["/acme/edits"]


def test_the_terminal_goes_to_a_place_of_a_package(installed, photo, tmp_path, monkeypatch):
    """`--endpoint acme` needs that provider's own variable and says which; no other key goes there."""
    monkeypatch.syspath_prepend(installed)
    monkeypatch.chdir(tmp_path)
    invalidate_caches()
    monkeypatch.setenv("APIYI_API_KEY", "sk-0123456789abcdef")
    done = CliRunner().invoke(cli(), ["edit", str(photo), "make it night", "--endpoint", "acme"])
    assert done.exit_code == 1 and "ACME_API_KEY" in str(done.exception)
    monkeypatch.setenv("ACME_API_KEY", KEY)
    assert endpoint_at("acme").name == "acme" and KEY not in repr(endpoint_at("acme"))


@pytest.fixture
def package(tmp_path, monkeypatch):
    """Make a package as installing one does: its metadata and its module; gives the module's name."""

    def make(name: str, kind: str, entries: dict[str, str], module: str = "") -> str:
        home = tmp_path / "site"
        info = home / f"{name}-1.0.dist-info"
        info.mkdir(parents=True)
        (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n")
        lines = [f"{key} = {name}:{value}" for key, value in entries.items()]
        (info / "entry_points.txt").write_text("\n".join([f"[nb_banana.{kind}s]", *lines]) + "\n")
        (home / f"{name}.py").write_text(module)
        if str(home) not in sys.path:
            monkeypatch.syspath_prepend(home)
        invalidate_caches()
        return name

    return make


ROW = {"title": "Evil", "base_url": "https://api.evil.example", "default_model": "gemini-3-pro-image"}
ASTRAY = {
    "apiyi_host": ({"base_url": "https://api.apiyi.com"}, "API易"),
    "below_apiyi": ({"base_url": "https://relay.apiyi.com"}, "API易"),
    "above_google": ({"base_url": "https://evil.googleapis.com", "hosts": ["googleapis.com"]}, "Google"),
    "whole_com": ({"base_url": "https://evil.openrouter.com", "hosts": ["com"]}, "com"),
    "wider": ({"base_url": "https://x.evil.example", "hosts": ["evil.example", "api.openai.com"]}, "api.openai.com"),
    "user_info": ({"base_url": "https://api.apiyi.com@evil.example"}, "base_url"),
    "plain_http": ({"base_url": "http://api.evil.example"}, "base_url"),
    "address": ({"base_url": "https://169.254.169.254"}, "base_url"),
    "versioned": ({"base_url": "https://api.evil.example/v1"}, "base_url"),
    "known_key": ({"key_names": ["APIYI_API_KEY"]}, "APIYI_API_KEY"),
    "any_key": ({"key_names": ["AWS_SECRET_ACCESS_KEY"]}, "AWS_SECRET_ACCESS_KEY"),
    "gemini": ({}, "GEMINI_API_KEY"),
    "nb_banana": ({}, "NB_BANANA_API_KEY"),
    "host_header": ({"key_header": "Host"}, "key_header"),
    "check_astray": ({"key_check": "@evil.example/take"}, "key_check"),
    "own_price": ({"price": "0"}, "price"),
    "found_alone": ({"named_only": False}, "named_only"),
    "key_forms": ({"key_prefixes": ["sk-"]}, "key_prefixes"),
    "odd_kind": ({"max_image_bytes": "many"}, "max_image_bytes"),
    "no_title": ({"title": ""}, "title"),
}  # fmt: skip


@pytest.mark.parametrize("name", ASTRAY)
def test_a_provider_that_reaches_for_a_key_or_a_host_is_refused(package, name, monkeypatch):
    """Whatever a row claims, it is refused with the package's name, and the keys of this environment stay where they were."""
    monkeypatch.setenv("APIYI_API_KEY", "sk-0123456789abcdef")
    changes, word = ASTRAY[name]
    package(f"evil_{name}", "provider", {name: "ROW"}, f"ROW = {ROW | changes!r}")
    before = held_keys(os.environ, named_too=True)
    for door in (lambda: endpoint_at(name), lambda: nb.Endpoint("https://api.evil.example", name=name), lambda: nb.estimate(provider=name)):
        with pytest.raises(nb.errors.InvalidRequestError) as caught:
            door()
        assert word in caught.value.message and f"evil_{name} 1.0" in caught.value.message
    assert held_keys(os.environ, named_too=True) == before
    assert name not in PROVIDERS


def test_a_plugins_own_key_goes_to_its_own_address_alone(package, monkeypatch):
    """The variable is read where the provider is named, never found by itself, and never given to another address."""
    package("fine_one", "provider", {"fine": "ROW"}, f"ROW = {ROW | {'base_url': 'https://api.fine.example'}!r}")
    monkeypatch.setenv("FINE_API_KEY", KEY)
    assert endpoint_at("fine").has_key and endpoint_at("Fine").base_url == "https://api.fine.example"
    assert key_for(os.environ, "https://api.fine.example") == KEY
    assert not any(key_for(os.environ, row.base_url) for row in PROVIDERS.values() if row.base_url)
    assert key_for(os.environ, "https://api.fine.example.evil.example") is None
    assert provider_of("https://api.fine.example").name == "custom", "no address leads to a plugin"
    packed = pickle.dumps(endpoint_at("fine"))
    monkeypatch.setattr(providers, "_added", {})  # as in a process where nobody named it yet
    assert KEY.encode() not in packed and pickle.loads(packed).has_key
    with nb.Session(tell=lambda _: None) as session:
        assert session.sandbox, "a key nobody named ends no sandbox"


def test_what_is_built_in_cannot_be_taken(package):
    """A package that uses our names changes nothing: ours are found first, and the doctor says that the other is not used."""
    module = "raise RuntimeError('a plugin nobody named was loaded')"
    package("taker_p", "provider", {"apiyi": "ROW", "sandbox": "ROW"}, module)
    package("taker_m", "measure", {"ssim": "work"}, module)
    package("taker_t", "template", {"add": "ROW"}, module)
    package("taker_w", "wire", {"gemini": "WIRE"}, module)
    assert row_named("apiyi") is PROVIDERS["apiyi"] and template("add") is TEMPLATES["add"]
    assert measures_of(["ssim"])[0].name.startswith("ssim")
    assert nb.Endpoint.sandbox(wire="gemini").provider.name == "sandbox"
    from nb_banana._doctor import report

    told = [line for line in report().splitlines() if "taker_" in line]
    assert len(told) == 5 and all(line.startswith("✗") for line in told)


def test_an_unknown_name_lists_what_there_is_and_loads_nothing(package):
    """The error names ours and what packages offer, from metadata alone."""
    module = "raise RuntimeError('a plugin nobody named was loaded')"
    for kind in ("provider", "measure", "template", "wire"):
        package(f"listed_{kind}", kind, {f"{kind}_of_mine": "X"}, module)
    doors = {
        "provider": (lambda: nb.Endpoint("https://a.example", name="bogus"), "apiyi"),
        "measure": (lambda: nb.measures.score([], ["bogus"]), "changed"),
        "template": (lambda: template("bogus"), "restyle"),
        "wire": (lambda: nb.Endpoint("https://a.example", wire="bogus"), "'images'"),
    }
    for kind, (door, ours) in doors.items():
        with pytest.raises(nb.errors.InvalidRequestError) as caught:
            door()
        assert f"{kind}_of_mine" in str(caught.value) and ours in str(caught.value)
    with pytest.raises(nb.errors.InvalidRequestError) as caught:
        endpoint_at("bogus")
    assert "provider_of_mine" in str(caught.value)
    assert {one.name for one in offered("wire")} >= {"wire_of_mine"}


@pytest.mark.parametrize("module", ["raise OSError('no such library')", "raise SystemExit(3)", "import nothing_of_the_kind", "Y = 1"])
def test_a_plugin_that_does_not_load_is_one_clear_error(package, module):
    """It names the package, its version and the entry point, and what went wrong."""
    name = package(f"broken_{abs(hash(module))}", "measure", {"broken": "X"}, module)
    with pytest.raises(nb.errors.InvalidRequestError) as caught:
        measures_of(["broken"])
    assert f"{name} 1.0" in caught.value.message and f"{name}:X" in caught.value.message and "broken" in caught.value.message
    assert "\n" not in caught.value.message


def test_two_packages_with_one_name_are_both_refused(package):
    """Which of them was meant nobody can know; both are named."""
    package("twin_a", "template", {"twin": "X"}, "X = {'english': 'a'}")
    package("twin_b", "template", {"twin": "X"}, "X = {'english': 'b'}")
    with pytest.raises(nb.errors.InvalidRequestError, match=r"twin_a 1\.0, twin_b 1\.0"):
        template("twin")


@pytest.mark.parametrize(
    ("kind", "module", "word"),
    [
        ("template", "X = 'words'", "str"), ("template", "X = {'english': 'a {b'}", "odd_"), ("template", "X = {'english': ' '}", "english"),
        ("template", "X = {'english': 'a {b}', 'chinese': '{c}'}", "chinese"), ("template", "X = {'english': 'a', 'extra': 1}", "extra"),
        ("measure", "X = 3", "measure"), ("measure", "class X: pass", "measure"), ("measure", "def X(r): pass\nX.better = 'bigger'", "better"),
        ("wire", "X = object()", "encode"), ("wire", "class X: name = 'other'", "name="), ("provider", "X = ['a']", "list"),
    ],
)  # fmt: skip
def test_what_is_not_of_its_kind_is_refused_when_it_is_named(package, kind, module, word):
    """A thing of the wrong shape is refused with its package, before anything is done with it."""
    name = f"odd_{abs(hash(module))}"
    package(name, kind, {name: "X"}, module)
    doors = {
        "template": template, "measure": lambda given: measures_of([given]), "provider": row_named,
        "wire": lambda given: nb.Endpoint("https://a.example", wire=given),
    }  # fmt: skip
    with pytest.raises(nb.errors.InvalidRequestError) as caught:
        doors[kind](name)
    assert f"{name} 1.0" in caught.value.message and word in caught.value.message


def test_a_plugins_measure_has_the_name_it_is_asked_for_by(package, photo):
    """The column is the entry point's name, and a function that fails leaves its reason, not a zero."""
    package("two_measures", "measure", {"wide": "wide", "failing": "failing"},
            "def wide(pair):\n    return pair.after.width\ndef failing(pair):\n    raise ValueError('dark')\n")  # fmt: skip
    scores = nb.measures.score([(photo, photo)], ["wide", "failing"])
    assert scores[0] == {"wide": 320, "failing": None}
    assert "dark" in scores.reasons[0]["failing"]


def test_built_in_wires_are_the_three(package):
    """What is built in is fixed before any package adds a row."""
    assert BUILT_IN == ("gemini", "openai", "images")


def test_the_panels_menu_names_templates_of_packages_and_loads_the_one_that_is_chosen(package, tmp_path):
    """They stand in the menu by name; choosing one puts its words in, and one that does not load says so there."""
    package("menu_fine", "template", {"menu_fine": "X"}, "X = {'english': 'Make a {thing}.'}")
    package("menu_broken", "template", {"menu_broken": "X"}, "raise RuntimeError('dark inside')")
    with nb.Session(nb.Endpoint.sandbox(), folder=tmp_path / "history", tell=lambda _: None) as session:
        panel = nb.panel(session=session)
        menu = panel.prompting.examples
        options = dict(menu.options)
        menu.value = options["menu_fine"]
        assert panel.prompt.value == "Make a {thing}." and "thing" in panel.prompting.trouble
        menu.value = options["menu_broken"]
        assert "menu_broken 1.0" in panel.prompting.advice.text and "dark inside" in panel.prompting.advice.text
        assert panel.prompt.value == "Make a {thing}." and menu.value == ""


PAGES = ("extending.md", "extending.zh-CN.md")


def blocks(page: str, kind: str = "python") -> list[str]:
    return re.findall(rf"^```{kind}\n(.*?)^```$", (ROOT / "docs" / page).read_text(encoding="utf-8"), re.M | re.S)


def test_the_page_about_it_runs_as_printed(installed, clean_place, draw_photo, monkeypatch, capsys):
    """Each block, in both languages the same, in a folder with a photo, where the example is installed."""
    assert blocks(PAGES[0]) == blocks(PAGES[1]) and blocks(PAGES[0], "toml") == blocks(PAGES[1], "toml")
    assert blocks(PAGES[0], "toml")[0].strip() in (EXAMPLE / "pyproject.toml").read_text()
    monkeypatch.syspath_prepend(installed)
    invalidate_caches()
    draw_photo((96, 72)).save("cat.jpg")
    space: dict[str, object] = {}
    logger = logging.getLogger("nb_banana")
    try:
        for code in blocks(PAGES[0]):
            exec(code, space)
    finally:
        logger.setLevel(logging.NOTSET)
    assert space["poster"].sandbox and space["there"].provider.title == "ACME Pictures" and "acme_sharpness" in space["scores"].columns
    printed = capsys.readouterr().out
    assert printed.count("to sandbox.invalid: ") == printed.count("ok after ") == 3
