"""Which folder a path of the contents service names: inside the server's root, and through no link out."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from jupyter_core.paths import is_hidden

from .._history.shelf import FILE, FOLDER
from .refused import Refused


@dataclass(frozen=True, slots=True)
class Place:
    """Where somebody looks.

    Attributes:
        root: the folder the server shows.
        path: from there, with slashes; a leading one says nothing.
        hidden: whether hidden folders are shown.
    """

    root: Path
    path: str
    hidden: bool

    def history(self) -> tuple[Path, str] | None:
        """The history folder that the path names, or has in it, and its own path; None where none is to see.

        Raises:
            Refused: it is no path, or leads upwards.
        """
        parts = [part for part in self.path.split("/") if part not in ("", ".")]
        if any(part == ".." or "\0" in part or (os.name == "nt" and "\\" in part) for part in parts):
            raise Refused("bad_folder")
        base = self.root.resolve()
        here = base.joinpath(*parts)
        for folder in (here, here / FOLDER):
            try:
                if os.path.lexists(folder / FILE) and self._is_shown(folder, base):
                    return folder.resolve(), folder.relative_to(base).as_posix()
            except (OSError, RuntimeError, ValueError):  # too long, a circle of links, not ours
                continue
        return None

    def _is_shown(self, folder: Path, base: Path) -> bool:
        """Whether the contents service would show a folder, by its name and by where it really lies."""
        real = folder.resolve()
        if not real.is_relative_to(base):
            return False
        return self.hidden or not (is_hidden(folder, base) or is_hidden(real, base))
