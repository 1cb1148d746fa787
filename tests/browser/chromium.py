"""Where a Chromium may be found. Standard library only: `tests/run.py` asks before anything is installed."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

ON_PATH = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
APPLICATIONS = (
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
)
PLAYWRIGHT_CACHES = {"linux": "~/.cache/ms-playwright", "darwin": "~/Library/Caches/ms-playwright",
                     "win32": "~/AppData/Local/ms-playwright"}
PLAYWRIGHT_BINARIES = ("chromium-*/chrome-linux*/chrome", "chromium-*/chrome-win*/chrome.exe",
                       "chromium-*/chrome-mac*/*.app/Contents/MacOS/*")


def candidates() -> Iterator[str]:
    """Every place worth a look, best first: `NB_BANANA_CHROMIUM`, the system's, Playwright's own download."""
    named = os.environ.get("NB_BANANA_CHROMIUM")
    if named:
        yield named
        return
    yield from filter(None, map(shutil.which, ON_PATH))
    yield from (path for path in APPLICATIONS if Path(path).exists())
    cache = Path(os.environ.get("PLAYWRIGHT_BROWSERS_PATH") or PLAYWRIGHT_CACHES.get(sys.platform, "~")).expanduser()
    for pattern in PLAYWRIGHT_BINARIES:
        yield from sorted(map(str, cache.glob(pattern)), reverse=True)


def answers(binary: str) -> bool:
    """A file of that name is not enough: on Ubuntu `chromium-browser` may be a stub that only names a snap."""
    try:
        return subprocess.run([binary, "--version"], capture_output=True, timeout=30, check=False).returncode == 0
    except (OSError, subprocess.TimeoutExpired):
        return False


def find_chromium() -> str | None:
    """The first Chromium here that starts, or None."""
    return next(filter(answers, candidates()), None)
