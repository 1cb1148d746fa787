"""Who else may look into a history's folder, or write there, as far as modes tell.

Rules of this file:

* A folder with a history in it keeps its mode: whoever opened it meant to, or made a slip and is told.
* A menu of JupyterLab may keep a picture before there is a history, through the notebook server, which makes
  folders by the umask. That folder is ours, nobody chose its mode, and it is closed.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Final

from .._strings import say

INPUTS: Final = "inputs"
"""Copies that the code of a panel names, of pictures that came without a file."""


def close(folder: Path) -> None:
    """Close to others a folder that holds kept pictures and nothing else yet."""
    inputs = folder / INPUTS
    with suppress(OSError):  # none is there, or it is somebody else's
        if os.name == "posix" and [*folder.iterdir()] == [inputs] and not inputs.is_symlink():
            for path in (folder, inputs):
                path.chmod(stat.S_IMODE(path.stat().st_mode) & ~(stat.S_IRWXG | stat.S_IRWXO))


def told(folder: Path, images: Path, file: Path) -> Iterator[str]:
    """Where anybody may write, or read kept pictures: a choice or a slip, so a sentence and no change."""
    if os.name != "posix":
        return
    for path in (folder, images, file):
        if path.stat().st_mode & stat.S_IWOTH:
            yield say("history.open_to_all", path=path, folder=folder)
            return
    inputs = folder / INPUTS
    with suppress(OSError):
        ways = (inputs, *inputs.resolve().parents)
        if inputs.is_dir() and all(path.stat().st_mode & stat.S_IXOTH for path in ways):
            yield say("history.read_by_all", path=inputs)
