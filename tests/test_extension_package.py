"""The notebook extension in what is built and installed: a wheel, an editable wheel, an sdist, and no node anywhere."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest
from test_package import build, copy_of_the_tree, unpacked

import nb_banana

ROOT = Path(__file__).resolve().parent.parent
SOURCE = ROOT / "labextension"
PLACE = "share/jupyter/labextensions/nb-banana"


@pytest.fixture(scope="module")
def tree(tmp_path_factory):
    """A copy of this tree. A real editable build asks for one more package to find modules by; here they are named."""
    made = copy_of_the_tree(tmp_path_factory.mktemp("extension") / "tree")
    with (made / "pyproject.toml").open("a", encoding="utf-8") as project:
        project.write('\n[tool.hatch.build]\ndev-mode-dirs = ["."]\n')
    return made


@pytest.fixture(scope="module")
def wheels(tree, tmp_path_factory):
    """Both kinds of wheel, built where no node and no npm is to be found."""
    found = {}
    for kind in ("standard", "editable"):
        out = tmp_path_factory.mktemp(kind)
        bare = {**os.environ, "PATH": str(out), "SOURCE_DATE_EPOCH": "1700000000"}
        subprocess.run([sys.executable, "-m", "hatchling", "build", "-t", f"wheel:{kind}", "-d", str(out)], cwd=tree, env=bare, check=True,
                       capture_output=True, timeout=300)
        found[kind] = next(out.glob("*.whl"))
    return found


@pytest.mark.parametrize("kind", ["standard", "editable"])
def test_an_installed_wheel_is_seen_by_jupyter(wheels, kind, tmp_path):
    """Installed, `jupyter labextension list` shows the extension enabled, with the package's own version and its package's name."""
    subprocess.run([sys.executable, "-m", "uv", "pip", "install", "-q", "--offline", "--no-deps", "--prefix", str(tmp_path), str(wheels[kind])],
                   check=True, capture_output=True, timeout=300)
    own = {name: value for name, value in os.environ.items() if not name.startswith("JUPYTER")}
    own |= {"JUPYTER_PATH": str(tmp_path / "share" / "jupyter"), "JUPYTER_CONFIG_DIR": str(tmp_path / "config")}
    said = subprocess.run([sys.executable, "-m", "jupyter", "labextension", "list"], env=own, check=True, capture_output=True, text=True,
                          timeout=300)  # fmt: skip
    line = next(line for line in (said.stdout + said.stderr).splitlines() if "nb-banana" in line)
    assert f"v{nb_banana.__version__}" in line and "enabled" in line and "OK" in line and "nb_banana" in line, line
    assert (tmp_path / "etc" / "jupyter" / "jupyter_server_config.d" / "nb_banana.json").is_file()


@pytest.mark.parametrize("kind", ["standard", "editable"])
def test_a_wheel_holds_every_script_as_it_is_written(wheels, kind, tmp_path):
    """The scripts lie, byte for byte, in a folder named by what they hold, and the file that loads them is the one that is named."""
    with zipfile.ZipFile(wheels[kind]) as wheel:
        held = {name.partition(f"/data/{PLACE}/")[2]: wheel.read(name) for name in wheel.namelist() if f"/data/{PLACE}/" in name}
    package = json.loads(held["package.json"])
    load = package["jupyterlab"]["_build"]["load"]
    folder = re.fullmatch(r"(static/[0-9a-f]{16})/remoteEntry\.js", load)[1]
    scripts = {path.name: path.read_bytes() for path in (SOURCE / "static").iterdir()}
    assert {name: held[f"{folder}/{name}"] for name in scripts} == scripts
    assert held["schemas/nb-banana/plugin.json"] == (SOURCE / "schemas/nb-banana/plugin.json").read_bytes()
    assert json.loads(held["schemas/nb-banana/package.json.orig"])["version"] == package["version"] == nb_banana.__version__
    assert json.loads(held["install.json"])["packageName"] == "nb_banana"
    assert not [name for name in held if name.endswith((".d.ts", ".map")) or "node_modules" in name]
    assert sum(map(len, held.values())) < 120_000


def test_a_changed_script_is_another_folder(tree):
    """Servers tell browsers to keep an extension's files for ever, so a change must have another address."""
    loads = []
    for words in ("", "\n// changed\n"):
        with (tree / "labextension" / "static" / "places.js").open("a", encoding="utf-8") as script:
            script.write(words)
        with zipfile.ZipFile(build(tree, "wheel")["wheel"]) as wheel:
            name = next(name for name in wheel.namelist() if name.endswith(f"{PLACE}/package.json"))
            loads.append(json.loads(wheel.read(name))["jupyterlab"]["_build"]["load"])
    assert loads[0] != loads[1]


def test_the_sdist_brings_its_sources(tree, tmp_path):
    """An sdist holds the extension as it is kept here, and a wheel made of it has it."""
    sdist = build(tree, "sdist")["sdist"]
    with tarfile.open(sdist) as file:
        names = {name.partition("/")[2] for name in file.getnames()}
    assert {f"labextension/{path.relative_to(SOURCE).as_posix()}" for path in SOURCE.rglob("*") if path.is_file()} <= names
    with zipfile.ZipFile(build(unpacked(sdist, tmp_path), "wheel")["wheel"]) as wheel:
        assert any(name.endswith("/remoteEntry.js") for name in wheel.namelist())


def test_a_checkout_is_where_jupyter_develop_looks(tmp_path):
    """`jupyter labextension develop` links the folder of this checkout under the extension's name."""
    (told,) = nb_banana._jupyter_labextension_paths()
    folder = (Path(nb_banana.__file__).parent / told["src"]).resolve()
    assert folder == SOURCE and json.loads((folder / "package.json").read_text(encoding="utf-8"))["name"] == told["dest"]
    assert (folder / json.loads((folder / "package.json").read_text(encoding="utf-8"))["jupyterlab"]["_build"]["load"]).is_file()
