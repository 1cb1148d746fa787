"""The page about the terminal, in both languages: its commands exist, its plan runs, its line completes in a real shell."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from test_cli import ROOT, banana

from nb_banana._cli.commands import ROWS

PAGES = ("docs/terminal.md", "docs/terminal.zh-CN.md")
each_page = pytest.mark.parametrize("page", PAGES)


def text_of(page):
    return (ROOT / page).read_text(encoding="utf-8")


@each_page
def test_the_page_names_every_command(page):
    """Whoever looks for a command finds it in the table, but for the one only `to_curl()` needs."""
    listed = set(re.findall(r"`(\w+)", " ".join(line for line in text_of(page).splitlines() if line.startswith("| `"))))
    assert {path[0] for path in ROWS} - {"decode"} <= listed


def test_the_commands_of_the_page_run_as_printed(photo):
    """One after the other, in a folder with such photos and a notebook; the other page prints the same, up to the prompts."""
    lines, chinese = (re.findall(r"^nb-banana .*", text_of(page), re.M) for page in PAGES)
    bare = [[[word for word in shlex.split(line) if word.isascii() and " " not in word] for line in page] for page in (lines, chinese)]
    assert len(lines) == 6 and bare[0] == bare[1]
    Path("photos").mkdir()
    Path("cat.jpg").write_bytes(photo.read_bytes())
    Path("photos/cat.jpg").write_bytes(photo.read_bytes())
    Path("analysis.ipynb").write_text('{"cells": [], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}', encoding="utf-8")
    for line in lines:
        done = banana(*shlex.split(line)[1:])
        assert done.returncode == 0, (line, done.stderr)
    assert sorted(path.name for path in Path("night").iterdir()) == ["cat.png"]


@each_page
def test_the_plan_of_the_page_runs(page, photo):
    """The file printed there is a plan: photos from its folder, two prompts of which one has two steps, the first of them shared."""
    Path("photos").mkdir()
    photo.with_name("cat.png").rename("photos/cat.jpg")
    Path("plan.toml").write_text(re.search(r"^```toml\n(.*?)^```", text_of(page), re.M | re.S)[1], encoding="utf-8")
    done = banana("compare", "plan.toml", "--dry-run")
    assert done.returncode == 0 and done.stdout.startswith("12 cells, 8 to send"), done.stdout + done.stderr


@pytest.mark.skipif(not shutil.which("bash"), reason="there is no bash")
@pytest.mark.parametrize("page", PAGES)
def test_the_line_for_bash_completes_in_bash(page, clean_place):
    """The line as it is printed, in a shell that knows no more: Tab after `-m` offers the models that begin so."""
    (line,) = re.findall(r"`(eval .*bash_source nb-banana\)\")`", text_of(page))
    Path("nb-banana").write_text(f"#!{sys.executable}\nimport sys\nfrom nb_banana._cli import main\nsys.exit(main())\n", encoding="utf-8")
    Path("nb-banana").chmod(0o755)
    script = f"{line}\nCOMP_WORDS=(nb-banana edit -m nano-banana-p) COMP_CWORD=3\n_nb_banana_completion nb-banana\necho ${{COMPREPLY[@]}}"
    environment = {**os.environ, "PATH": f"{clean_place}{os.pathsep}{os.environ['PATH']}", "PYTHONPATH": str(ROOT)}
    done = subprocess.run(["bash", "-c", script], capture_output=True, text=True, check=False, env=environment)
    assert done.stdout.split() == ["nano-banana-pro"], done.stderr
