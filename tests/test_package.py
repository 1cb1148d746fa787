"""What is built from this tree: the package's page and its links, the sdist and the tests in it, the floors."""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import subprocess
import sys
import tarfile
import tomllib
import zipfile
from pathlib import Path

import pytest
import yaml
from packaging.metadata import Metadata

ROOT = Path(__file__).resolve().parent.parent
HOME = "https://forge.example.org/somebody/nb_banana"
LINK = re.compile(r"(!?)\[[^\[\]]*\]\(([^()\s]+)\)")
# What git ignores, and git itself: no part of what is built.
OURS_ALONE = re.compile(r"\.git|\.venv.*|__pycache__|.*\.pyc|dist|build|.*\.egg-info|\.\w+_cache|\.hypothesis|\.ipynb_checkpoints"
                        r"|nb_banana_history|nb_banana_notebooks|artifacts|node_modules|PKG-INFO")


def aside(_, names):
    return {name for name in names if OURS_ALONE.fullmatch(name)}


def copy_of_the_tree(folder, origin=None):
    """This tree somewhere else, as if cloned from `origin`."""
    tree = shutil.copytree(ROOT, folder, ignore=aside)
    for words in (("init", "-q"), ("remote", "add", "origin", origin)) if origin else ():
        subprocess.run(["git", *words], cwd=tree, check=True)
    return tree


def build(tree, *targets):
    """The files built, without a network: hatchling is at hand."""
    environment = {**os.environ, "SOURCE_DATE_EPOCH": "1700000000"}
    wanted = [word for target in targets for word in ("-t", target)]
    subprocess.run([sys.executable, "-m", "hatchling", "build", *wanted, "-d", "out"], cwd=tree, env=environment,
                   check=True, capture_output=True, timeout=300)
    return {"wheel": next((tree / "out").glob("*.whl"), None), "sdist": next((tree / "out").glob("*.tar.gz"), None)}


def metadata_of(built):
    """The metadata of a wheel or an sdist; whatever an index would refuse raises here."""
    if built.suffix == ".whl":
        with zipfile.ZipFile(built) as wheel:
            name = next(name for name in wheel.namelist() if name.endswith(".dist-info/METADATA"))
            return Metadata.from_email(wheel.read(name), validate=True)
    with tarfile.open(built) as sdist:
        name = next(name for name in sdist.getnames() if name.count("/") == 1 and name.endswith("/PKG-INFO"))
        return Metadata.from_email(sdist.extractfile(name).read(), validate=True)


def urls_of(tree):
    """The addresses a build of this tree would give, as hatchling prints them."""
    return subprocess.run([sys.executable, "-m", "hatchling", "metadata", "urls"], cwd=tree, check=True,
                          capture_output=True, text=True, timeout=120).stdout


def unpacked(sdist, folder):
    with tarfile.open(sdist) as file:
        file.extractall(folder, filter="data")
    return next(folder.iterdir())


def anchors(page):
    """The names of a page's headings, as forges spell them."""
    headings = re.findall(r"^#+ +(.+?)\s*$", page, re.M)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    """Wheel and sdist of this tree, cloned from its home."""
    return build(copy_of_the_tree(tmp_path_factory.mktemp("known") / "tree", f"{HOME}.git"), "sdist", "wheel")


@pytest.mark.parametrize("kind", ["wheel", "sdist"])
def test_every_link_of_the_page_leads_somewhere(built, kind):
    """On an index's page no link is relative; those into the repository name files, folders and headings that exist."""
    found = metadata_of(built[kind])
    links = [*LINK.findall(found.description), *(("", url) for url in found.project_urls.values())]
    own = [(picture, url.removeprefix(HOME)) for picture, url in links if url.startswith(HOME)]
    assert len(own) >= 14 and any(picture for picture, _ in own)
    for picture, place in own:
        if place in ("", "/issues"):  # pages every forge has
            continue
        kind_of, path, anchor = re.fullmatch(r"/(blob|raw|tree)/HEAD/([^#]+)#?(.*)", place).groups()
        assert kind_of == ("raw" if picture else "tree" if (ROOT / path).is_dir() else "blob")
        assert (ROOT / path).exists(), place
        assert not anchor or anchor in anchors((ROOT / path).read_text(encoding="utf-8")), place
    for _, url in links:
        if url.startswith("#"):
            assert url[1:] in anchors(found.description), url
        else:
            assert re.fullmatch(r"https://[\w-]+(\.[\w-]+)+(/[\w./~#-]*)?", url), url


def test_the_page_differs_from_the_readme_in_its_links_alone(built):
    """The page says what the README says, code and words unchanged."""
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    page = metadata_of(built["wheel"]).description
    assert [found[1] for found in LINK.findall(page)] != [found[1] for found in LINK.findall(readme)]
    assert LINK.sub("", page).strip() == LINK.sub("", readme).strip()


def test_no_address_is_invented(tmp_path):
    """Where no home is known the page has no dead link and no project address: words stay, the picture goes."""
    built = build(copy_of_the_tree(tmp_path / "tree"), "wheel")
    found = metadata_of(built["wheel"])
    assert not found.project_urls
    assert [url for _, url in LINK.findall(found.description) if not url.startswith("https://")] == []
    assert "[Google](https://ai.google.dev" in found.description
    assert "changelog · contributing · citing · security" in found.description


@pytest.mark.parametrize(("remote", "address"), [
    ("https://somebody:a-secret@forge.example.org/somebody/nb_banana.git", HOME),
    ("git@forge.example.org:somebody/nb_banana.git", HOME),
    ("ssh://git@forge.example.org:2222/somebody/nb_banana", HOME),
    ("/srv/git/nb_banana.git", None), ("../nb_banana", None), ("http://localhost/nb_banana", None), ("file:///srv/x.git", None),
])  # fmt: skip
def test_a_clone_knows_its_home(tmp_path, remote, address):
    """A checkout's page leads to where it was cloned from, without the name and key git may hold; a path is no home."""
    said = urls_of(copy_of_the_tree(tmp_path / "tree", remote))
    assert "a-secret" not in said
    assert (f'"Repository": "{address}"' in said) if address else "http" not in said


def test_the_address_in_the_project_file_comes_first(tmp_path):
    """Who builds from a fork or a mirror says in pyproject.toml where the project lives."""
    tree = copy_of_the_tree(tmp_path / "tree", "https://mirror.example.org/x/y.git")
    project = tree / "pyproject.toml"
    text = project.read_text(encoding="utf-8")
    assert 'repository = ""' in text
    project.write_text(text.replace('repository = ""', f'repository = "{HOME}"'), encoding="utf-8")
    said = urls_of(tree)
    assert f'"Repository": "{HOME}"' in said and "mirror" not in said


def test_a_wheel_of_the_sdist_is_the_wheel(built, tmp_path):
    """Away from the repository the same wheel comes out, page and addresses included, byte for byte."""
    again = build(unpacked(built["sdist"], tmp_path), "wheel")
    first, second = (hashlib.sha256(one["wheel"].read_bytes()).hexdigest() for one in (built, again))
    assert first == second


def test_the_sdist_holds_the_tree(built, tmp_path):
    """Whatever a test may read of this tree is in the sdist."""
    tree = unpacked(built["sdist"], tmp_path)
    ours = shutil.copytree(ROOT, tmp_path / "ours", ignore=aside)
    missing = {path.relative_to(ours) for path in ours.rglob("*") if path.is_file()} - {
        path.relative_to(tree) for path in tree.rglob("*")
    }
    assert {path.as_posix() for path in missing} == set()


def test_the_sdist_runs_its_own_tests(built, tmp_path):
    """Unpacked, the tests that read the tree's other files pass; that all others are there is said by the test above."""
    tree = unpacked(built["sdist"], tmp_path)
    environment = {**os.environ, "PYTHONPATH": str(tree)}
    files = ("tests/test_architecture.py", "tests/test_readme.py", "tests/history/test_history_versions.py")
    words = ("-q", "-p", "no:cacheprovider", "--assert=plain", *files)
    done = subprocess.run([sys.executable, "-m", "pytest", *words], cwd=tree, env=environment,
                          check=False, capture_output=True, text=True, errors="replace", timeout=600)  # fmt: skip
    assert done.returncode == 0, done.stdout[-3000:]
    assert int(re.search(r"(\d+) passed", done.stdout)[1]) > 30, done.stdout[-300:]


def project():
    return tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]


def test_every_python_that_is_promised_is_tried():
    """The workflow runs every part with each Python of the classifiers, on three systems, and takes no action by a name that can move."""
    text = (ROOT / ".github" / "workflows" / "ci.yml").read_text(encoding="utf-8")
    jobs = yaml.safe_load(text)["jobs"]
    promised = [one.rpartition(" ")[2] for one in project()["classifiers"] if re.search(r":: 3\.\d+$", one)]
    assert jobs["all"]["strategy"]["matrix"]["python"] == promised
    assert project()["requires-python"] == f">={promised[0]}" == f">={jobs['lowest']['steps'][1]['with']['python-version']}"
    assert {job["runs-on"] for job in jobs.values()} | set(jobs["elsewhere"]["strategy"]["matrix"]["system"]) >= {
        "ubuntu-latest", "macos-latest", "windows-latest",
    }  # fmt: skip
    used = re.findall(r"uses: (.*)", text)
    assert used and all(re.fullmatch(r"[\w/-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+", one) for one in used)


def test_the_page_for_citing_says_what_the_package_says():
    """CITATION.cff has what its format requires, and licence, name and authors of the package."""
    cited = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
    assert cited["cff-version"] == "1.2.0" and cited["message"] and cited["type"] == "software"
    assert (cited["title"], cited["license"], cited["authors"]) == (project()["name"], project()["license"], project()["authors"])


@pytest.mark.parametrize("form", sorted((ROOT / ".github" / "ISSUE_TEMPLATE").glob("[!c]*.yml")), ids=lambda path: path.stem)
def test_an_issue_form_can_be_shown(form):
    """Every form has a name, a description and fields with a label and an id of their own."""
    shown = yaml.safe_load(form.read_text(encoding="utf-8"))
    fields = [field for field in shown["body"] if field["type"] != "markdown"]
    assert shown["name"] and shown["description"] and all(field["attributes"]["label"] for field in fields)
    assert len({field["id"] for field in fields}) == len(fields) >= 2
