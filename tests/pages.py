"""The pages people read, by name: in `docs/`, or beside the README; the code that stands on them, the programs that write them."""

from __future__ import annotations

import importlib.util
import os
import re
import subprocess
import sys
from functools import cache
from pathlib import Path
from types import ModuleType

ROOT = Path(__file__).resolve().parent.parent

LIMIT = 120
"""Seconds for one block of bash."""


def text_of(page: str) -> str:
    """A page as it is written, without the last line that says what it was translated from."""
    beside = ROOT / page
    text = (beside if beside.is_file() else ROOT / "docs" / page).read_text(encoding="utf-8")
    return re.sub(r"\n<!-- translated from \w+ -->\n$", "", text)


def fenced(page: str) -> list[tuple[str, str]]:
    """Each block of code in order, after the name of its language, `""` for none."""
    return re.findall(r"^```(\w*)\n(.*?)^```$", text_of(page), re.MULTILINE | re.DOTALL)


def blocks(page: str, language: str = "python") -> list[str]:
    """The blocks of one language."""
    return [code for name, code in fenced(page) if name == language]


@cache
def program(name: str) -> ModuleType:
    """A program of `docs/`, as it is run from there."""
    spec = importlib.util.spec_from_file_location(f"docs_{Path(name).name}", ROOT / "docs" / f"{name}.py")
    assert spec and spec.loader
    module = sys.modules[spec.name] = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def run_bash(code: str, address: str = "http://127.0.0.1:8765", lang: str = "en", limit: int = LIMIT) -> str:
    """A block as it is printed, in a shell that stops at the first failure; gives what it said. A key, where the block asks for one, is a sample."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "NB_BANANA_LANG": lang}
    environment["PATH"] = f"{Path(sys.executable).parent}{os.pathsep}{environment['PATH']}"
    if "NB_BANANA_API_KEY" in code:
        environment["NB_BANANA_API_KEY"] = "sk-sample"
    script = "set -euo pipefail\n" + code.replace("http://127.0.0.1:8765", address)
    done = subprocess.run(["bash", "-c", script], capture_output=True, text=True, check=False, env=environment, timeout=limit)
    assert done.returncode == 0, f"{code}\n{done.stdout}\n{done.stderr}"
    return done.stdout
