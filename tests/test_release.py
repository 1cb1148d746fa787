"""What a release is held to: built the same anywhere, accepted by an index, its licences known, its forge files well formed."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tomllib
from importlib.metadata import PackageNotFoundError, distribution

import pytest
import yaml
from packaging.requirements import Requirement
from test_package import ROOT, build, copy_of_the_tree

FORGE = ROOT / ".github"
SCHEMAS = {
    "github-workflows": sorted((FORGE / "workflows").glob("*.yml")),
    "github-issue-forms": sorted((FORGE / "ISSUE_TEMPLATE").glob("[!c]*.yml")),
    "github-issue-config": [FORGE / "ISSUE_TEMPLATE" / "config.yml"],
    "citation-file-format": [ROOT / "CITATION.cff"],
}
# What may be combined with and shipped beside MIT code; a name as SPDX writes it, or as packages wrote before SPDX.
PERMISSIVE = re.compile(
    r"\b(MIT|Apache|BSD|ISC|0BSD|Zlib|PSF|Python Software Foundation|Unlicense|HPND|MPL|Mozilla|CC0|Public Domain|BlueOak|CNRI|WTFPL)\b", re.I)
COPYLEFT = re.compile(r"(?<!\w)(L|A)?GPL|GNU (Lesser|Affero|General)", re.I)
# Their wheels carry what their metadata doesn't tell (x265, GPL-2.0): never installed but by an extra that says so.
CARRIES_COPYLEFT = {"pillow_heif"}


def run(*words, **how):
    return subprocess.run([sys.executable, "-m", *map(str, words)], capture_output=True, text=True, check=False, timeout=300, **how)


@pytest.fixture(scope="module")
def two_builds(tmp_path_factory):
    """The tree built in two places, the second with other file times and another umask."""
    trees = [copy_of_the_tree(tmp_path_factory.mktemp(name) / "tree") for name in ("here", "elsewhere")]
    for path in trees[1].rglob("*"):
        if path.is_file() and not path.is_symlink():
            path.chmod(path.stat().st_mode & 0o111 | 0o600)
            os.utime(path, (1_000_000_000, 1_000_000_000))
    return [build(tree, "wheel", "sdist") for tree in trees]


@pytest.mark.parametrize("kind", ["wheel", "sdist"])
def test_two_builds_are_the_same_bytes(two_builds, kind):
    """Whoever builds this tree, wherever and with whatever file times, gets what we publish."""
    here, elsewhere = (built[kind].read_bytes() for built in two_builds)
    assert here == elsewhere


def test_an_index_would_take_it(two_builds):
    """Twine finds the page of both files fit to be shown, and says nothing else."""
    done = run("twine", "check", "--strict", *two_builds[0].values())
    assert done.returncode == 0 and done.stdout.count("PASSED") == 2, done.stdout + done.stderr


def test_a_wheel_holds_what_a_wheel_should(two_builds):
    """No file at a wrong place, no bytecode, nothing twice under two names, one package at the top."""
    done = run("check_wheel_contents", "--toplevel", "nb_banana", two_builds[0]["wheel"])
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_project_file_is_well_formed():
    """pyproject.toml is what the standards say, every table of it that has one."""
    done = run("validate_pyproject", ROOT / "pyproject.toml")
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("schema", SCHEMAS)
def test_what_the_forge_reads_is_well_formed(schema):
    """Workflows, issue forms and the page for citing fit their published schemas; no network is asked for them."""
    assert SCHEMAS[schema]
    done = run("check_jsonschema", "--builtin-schema", f"vendor.{schema}", *SCHEMAS[schema])
    assert done.returncode == 0, done.stdout + done.stderr


def test_every_job_has_a_limit():
    """A job that hangs ends."""
    for workflow in SCHEMAS["github-workflows"]:
        assert all("timeout-minutes" in job for job in yaml.safe_load(workflow.read_text(encoding="utf-8"))["jobs"].values()), workflow


def test_the_version_is_in_one_place():
    """Python files, the wheel and the extension say the version of `_version.py`, and no other file writes it down."""
    version = re.search(r'__version__ = "(.+)"', (ROOT / "nb_banana/_version.py").read_text(encoding="utf-8"))[1]
    asked = subprocess.run([sys.executable, "-m", "hatchling", "version"], cwd=ROOT, capture_output=True, text=True, check=True, timeout=60)
    assert asked.stdout.strip() == version
    files = [ROOT / "pyproject.toml", ROOT / "CITATION.cff", *(ROOT / "nb_banana").rglob("*.py"), ROOT / "labextension" / "package.json"]
    told = [path.relative_to(ROOT).as_posix() for path in files if f'"{version}"' in path.read_text(encoding="utf-8")]
    assert told == ["nb_banana/_version.py"]


# --- licences -------------------------------------------------------------------------------------------


def licence_of(name):
    """What a package says of its licence: by SPDX, else by its classifiers, else in its own words."""
    said = distribution(name).metadata
    classified = [one.rpartition(" :: ")[2] for one in said.get_all("Classifier", ()) if one.startswith("License :: ")]
    return said.get("License-Expression") or "; ".join(one for one in classified if one != "OSI Approved") or (said.get("License") or "").strip()[:200]


def needed(wanted, extras=()):
    """Every package that is installed for these requirements, theirs included."""
    found, left = {}, [(Requirement(one), extra) for one in wanted for extra in extras or ("",)]
    while left:
        asked, extra = left.pop()
        if asked.marker and not asked.marker.evaluate({"extra": extra}):
            continue
        key = re.sub(r"[-_.]+", "_", asked.name).lower()
        again = (key, frozenset(asked.extras))
        if again in found:
            continue
        try:
            their = distribution(asked.name).requires or []
        except PackageNotFoundError:  # another system's
            continue
        found[again] = asked.name
        left += [(Requirement(one), more) for one in their for more in (asked.extras or {""})]
    return {key: name for (key, _), name in found.items()}


def test_every_licence_is_known_and_fits():
    """Each package that a user gets, with every extra, has a licence that goes with MIT; the list lands in tests/artifacts."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = {name: wanted for name, wanted in project["optional-dependencies"].items() if name not in ("test", "docs")}
    packages = needed([*project["dependencies"], *(one for wanted in extras.values() for one in wanted)])
    licences = {key: licence_of(name) for key, name in sorted(packages.items())}
    (ROOT / "tests" / "artifacts").mkdir(exist_ok=True)
    (ROOT / "tests" / "artifacts" / "licences.json").write_text(json.dumps(licences, indent=1), encoding="utf-8")
    assert len(licences) > 80 and {"httpx", "pillow", "jupyterlab", "scipy"} <= set(licences)
    assert {key: said for key, said in licences.items() if not PERMISSIVE.search(said) or COPYLEFT.search(said)} == {}


def test_what_everybody_gets_has_no_copyleft():
    """Without an extra no package comes along that carries copyleft inside, and the extra that brings one says so."""
    text = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    project = tomllib.loads(text)["project"]
    with_extras = {"heic": project["optional-dependencies"]["heic"]}
    assert not set(needed(project["dependencies"])) & CARRIES_COPYLEFT
    assert set(needed(with_extras["heic"])) >= CARRIES_COPYLEFT and re.search(r"^heic = .*# .*GPL", text, re.M)


# --- what stands beside the code ------------------------------------------------------------------------


def test_the_changelog_is_written_for_people():
    """Every entry is sentences that end, and every release has its day."""
    text = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    for title in re.findall(r"^## (.*)$", text, re.M):
        assert re.fullmatch(r"Unreleased|\d+\.\d+\.\d+ (— \d{4}-\d\d-\d\d|\(not yet released\))", title), title
    entries = [re.sub(r"\s+", " ", entry).strip() for entry in re.split(r"^- ", text, flags=re.M)[1:]]
    entries = [re.split(r" #{2,3} ", entry)[0] for entry in entries]
    assert len(entries) > 40
    assert [entry for entry in entries if not re.search(r"[.!?)`:]\**$", entry) or len(entry) < 20] == []


def test_a_change_is_asked_for_what_it_needs():
    """Who proposes a change sees which command must pass and which files go along, by names that exist."""
    form = (FORGE / "PULL_REQUEST_TEMPLATE.md").read_text(encoding="utf-8")
    assert "python3 tests/run.py" in form and "CHANGELOG.md" in form and "python docs/lag.py" in form
    for target in re.findall(r"\]\(\.\./([^)#]+)", form):
        assert (ROOT / target).exists(), target


def test_binder_can_start_it():
    """What a Binder reads is a Python we support, a script the shell understands, a font for Chinese, and the whole package."""
    binder = ROOT / "binder"
    promised = {one.rpartition(" ")[2] for one in tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["classifiers"]}
    assert (binder / "runtime.txt").read_text().strip().removeprefix("python-") in promised
    assert "fonts-noto-cjk" in (binder / "apt.txt").read_text().split()
    subprocess.run(["bash", "-n", binder / "postBuild"], check=True, timeout=30)
    install = (binder / "postBuild").read_text(encoding="utf-8")
    assert re.search(r'pip install .*"\.\[lab,research\]"', install)  # a wheel, so the extension comes along
    for line in (binder / "requirements.txt").read_text(encoding="utf-8").splitlines():
        if not line.startswith("#"):
            assert Requirement(line).specifier
