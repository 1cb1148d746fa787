"""The wheel as people get it, on every Python that is promised and at hand, and on the lowest versions: `python tests/smoke.py`.

Rules of this file:

- The whole suite runs under one Python, on a checkout; here the few jobs everybody does run on the built wheel, in an
  environment that holds nothing but what the wheel asks for. `tests/smoke_set.py` is those jobs.
- A Python that is not on this machine is named and not counted. The one that runs this file always is.
- The environments are made anew each time, beside the one of the tests.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import time
import tomllib
from pathlib import Path
from typing import Any

from run import ROOT, VENV, Missing, environment, find_python, install, say, works

SET = ROOT / "tests" / "smoke_set.py"
LIMIT = 240
"""Seconds for the set under one Python."""


def promised(project: dict[str, Any]) -> list[str]:
    """The Pythons of pyproject.toml's classifiers, the lowest first."""
    return re.findall(r"Programming Language :: Python :: (3\.\d+)", "\n".join(project["classifiers"]))


def wheel(folder: Path) -> Path:
    """The wheel of this checkout."""
    if not works(sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", folder):
        raise Missing("the wheel could not be built: see above")
    return next(folder.glob("*.whl"))


def environment_of(python: str, place: Path, *wanted: str) -> Path:
    """A new environment with this and what it asks for; gives its Python."""
    if not works(sys.executable, "-m", "uv", "venv", "--quiet", "--clear", "--python", python, place):
        raise Missing(f"{python} can't make an environment: see above")
    inside = place / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")
    install(*wanted, into=inside)
    return inside


def smoke(name: str, python: str, wanted: str, *how: str) -> bool:
    """Run the set in an environment of its own; gives whether all of it passed."""
    began, place = time.monotonic(), VENV / "smoke" / name
    inside = environment_of(python, place / "venv", wanted, *how)
    ready = time.monotonic()
    (place / "work").mkdir(parents=True, exist_ok=True)
    done = subprocess.run([str(inside), "-I", str(SET)], cwd=place / "work", env=environment(), capture_output=True, text=True,
                          errors="replace", timeout=LIMIT, check=False)
    print(f"{name:8} {'passed' if done.returncode == 0 else 'FAILED'}  set-up {ready - began:.0f} s, set {time.monotonic() - ready:.0f} s: "
          f"{(done.stdout.strip().splitlines() or ['nothing was said'])[-1]}", flush=True)
    if done.returncode:
        print(done.stdout[-3000:], done.stderr[-3000:], flush=True)
    shutil.rmtree(place, ignore_errors=True)
    return done.returncode == 0


def main() -> int:
    """The set under every Python at hand, then with the lowest versions under the lowest Python."""
    built = wheel(VENV / "smoke" / "dist")
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    own = f"{sys.version_info[0]}.{sys.version_info[1]}"
    pythons = {version: sys.executable if version == own else find_python(version) for version in promised(project)}
    passed = [smoke(version, python, str(built)) for version, python in pythons.items() if python]
    if lowest := next(iter(pythons.values())):  # named on the command line as well: only what is named is taken at its lowest
        passed.append(smoke("lowest", lowest, str(built), *project["dependencies"], "--resolution", "lowest-direct"))
    missing = [version for version, python in pythons.items() if not python]
    say(f"{len(passed)} environments, {sum(passed)} passed" + (f"; not at hand: {', '.join(missing)}" if missing else ""))
    return 0 if all(passed) else 1


if __name__ == "__main__":
    sys.exit(main())
