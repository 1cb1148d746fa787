"""Where the notebook lies whose kernel this is, so that its history stands beside it.

Rules of this file:

* VS Code puts the notebook's path into a variable and Jupyter into the environment. The working directory
  says nothing: VS Code begins kernels in the folder of the workspace, Jupyter beside the notebook, and
  ``os.chdir`` moves it.
* Only a kernel has a notebook. A script that a cell starts inherits the environment: it, like a terminal,
  has its working directory.
* A path that leads nowhere here (a client's, a hub's, the session of a console) is none. Then it is the
  folder where the kernel began.
"""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath, PureWindowsPath
from typing import Any, Final

from .._text import here

_OF_VS_CODE: Final = "__vsc_ipynb_file__"
_OF_JUPYTER: Final = "JPY_SESSION_NAME"
_SESSION_OF_VS_CODE: Final = re.compile(r"-jvsc-[0-9a-f-]{8,}(?=\.ipynb$)")
"""What VS Code puts into the name it tells a Jupyter server."""
_DRIVE: Final = re.compile(r"\b[A-Za-z]\w++:")
"""A place of the server's own before a path, such as ``RTC:``; a single letter is a disk of Windows."""


@dataclass(frozen=True, slots=True)
class Beside:
    """A notebook's name, ``""`` outside of one, and the folder its history belongs into.

    Attributes:
        known: whether the folder is the notebook's, and not only where its kernel began.
    """

    name: str
    folder: Path
    known: bool


def beside() -> Beside:
    """The notebook this process is the kernel of, and its folder; else the working directory.

    Where that is gone, the folder is an empty path.
    """
    names = _variables()
    told = os.environ.get(_OF_JUPYTER, "")
    if names is None:
        return Beside(_name(told), here() or Path(), known=False)
    began = _began(names)
    variable = names.get(_OF_VS_CODE)
    paths = [path for path in (variable, told) if path and isinstance(path, str)]
    for path in paths:
        if folder := _folder(path, began):
            return Beside(_name(path), folder, known=True)
    return Beside(_name(paths[0]) if paths else "", began, known=False)


def kept_in(stored: Path) -> str:
    """The history folder of a stored picture as the notebook's page names it: from the notebook's folder.

    ``""`` where it lies elsewhere, or nobody knows where the notebook does: no machine's path is told.
    """
    found, folder = beside(), stored.parent.parent  # it lies in images/
    if not found.known:
        return ""
    try:
        return folder.resolve().relative_to(found.folder.resolve()).as_posix()
    except (OSError, RuntimeError, ValueError):
        return ""


def in_kernel() -> bool:
    """Whether this process is the kernel of a notebook or a console."""
    return _variables() is not None


def _variables() -> Mapping[str, Any] | None:
    """The variables of the kernel; None where there is none."""
    shell: Any = getattr(sys.modules.get("IPython"), "get_ipython", lambda: None)()
    return shell.user_ns if hasattr(shell, "kernel") else None


def _began(names: Mapping[str, Any]) -> Path:
    """Where the kernel began, whatever ``os.chdir`` did since: the first folder the shell remembers."""
    remembered = names.get("_dh")
    first = Path(remembered[0]) if isinstance(remembered, list) and remembered else (here() or Path())
    return first if first.is_absolute() and first.is_dir() else (here() or Path())


def _folder(told: str, began: Path) -> Path | None:
    """The folder of a notebook, if it is on this machine. A relative path counts from the server's root."""
    path = Path(_DRIVE.sub("", told, count=1) if _DRIVE.match(told) else told)
    if path.is_absolute():
        # One that is not saved yet, or was renamed, has its folder all the same; a console has no file.
        return path.parent if path.is_file() or (path.suffix == ".ipynb" and path.parent.is_dir()) else None
    if ".." in path.parts or not path.name:
        return None
    depth = len(path.parts) - 1  # first as Jupyter begins a kernel: in the notebook's folder
    roots = (*([began.parents[depth - 1]] if 0 < depth <= len(began.parents) else []), began, *began.parents)
    return next(((root / path).parent for root in roots if (root / path).is_file()), None)


def _name(told: str) -> str:
    """The notebook's file name, the same whoever tells it."""
    path = PureWindowsPath(told) if re.match(r"[A-Za-z]:\\", told) else PurePosixPath(told)
    return _SESSION_OF_VS_CODE.sub("", _DRIVE.sub("", path.name, count=1))
