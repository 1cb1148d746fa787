"""Pictures on disk, once each, named by what they hold.

A file appears under its final name whole or not at all: it is written and flushed under another
name in the same folder tree, then renamed. It is there when its bytes have the hash in its name; their
number or a name alone says nothing. Whatever a killed process leaves behind, unfinished files
and the folders of its runs, carries its token and is swept by the next one.
"""

from __future__ import annotations

import itertools
import os
import secrets
import shutil
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Final

from .._files import check_own, make_private
from .._images.data import ImageData
from ..errors import InvalidImageError
from .presence import Presence, is_alive, is_token
from .record import Picture, file_name

_count = itertools.count()
_RUN: Final = ".run-"


class Store:
    """The ``images/`` folder of one history."""

    def __init__(self, folder: Path, presence: Presence) -> None:
        self.folder, self._home, self._presence = folder / "images", folder, presence
        self._partial = self.folder / ".partial"

    def prepare(self) -> None:
        """Make the folders, prove that they can be written, and sweep what dead processes left."""
        self._make_folders()
        trial = self._partial / f"{self._presence.announce()}-trial"
        try:
            trial.write_bytes(b"\0" * 4096)
        finally:
            trial.unlink(missing_ok=True)
        self.sweep()

    def _make_folders(self) -> None:
        for folder in (self._home, self.folder, self._partial):
            if folder is not self._home:  # which people may link to another disk
                check_own(folder)
            make_private(folder)

    def sweep(self) -> None:
        """Remove unfinished files whose writers are dead."""
        check_own(self._partial)
        leftovers = [(entry, entry.name.partition("-")[0]) for entry in self._partial.iterdir()]
        dead = {token for token in {t for _, t in leftovers} if is_token(token) and self._is_dead(token)}
        for path, token in leftovers:
            if token in dead:
                path.unlink(missing_ok=True)
        for run in self._home.glob(f"{_RUN}*-*"):
            if self._is_dead(run.name.removeprefix(_RUN).partition("-")[0]):
                shutil.rmtree(run, ignore_errors=True)
        # A process killed before it wrote anything leaves only its lock file.
        for lock in (self._home / "live").glob("*.lock"):
            if is_token(lock.stem):
                self._is_dead(lock.stem)

    def begin_run(self) -> Path:
        """An empty folder of this process's own, until :meth:`end_run` or its death."""
        folder = self._home.absolute() / f"{_RUN}{self._presence.announce()}-{secrets.token_hex(8)}"
        folder.mkdir(mode=0o700)
        return folder

    def end_run(self, folder: Path) -> None:
        """Remove the folder of a run; from here on nobody can write into it."""
        with suppress(OSError):  # renamed first: who writes into it while it is emptied would keep it alive
            folder = folder.rename(folder.with_name(f"{folder.name}-over"))
        shutil.rmtree(folder, ignore_errors=True)

    def _is_dead(self, token: str) -> bool:
        return token != self._presence.token and not is_alive(self._home, token)

    def path(self, picture: Picture) -> Path:
        """Where the file of this content lies, or would."""
        return self.folder / file_name(picture.sha256, picture.mime_type)

    def load(self, picture: Picture) -> ImageData:
        """The stored picture; its bytes are read, and checked by their hash, when first used."""
        return ImageData.from_file(
            self.path(picture), sha256=picture.sha256, mime_type=picture.mime_type, width=picture.width,
            height=picture.height, name=picture.name,
        )  # fmt: skip

    def put(self, image: ImageData) -> None:
        """Store a picture unless it is there already; only a complete file gets the final name.

        Raises:
            OSError: it can't be written.
            InvalidImageError: it was stored here before, and its file is gone or holds something else.
        """
        final = self.folder / file_name(image.sha256, image.mime_type)
        if _holds(final, image.sha256):
            os.utime(final)  # young files are safe from garbage collection until their row is written
            return
        data = image.data
        self._make_folders()
        temporary = self._partial / f"{self._presence.announce()}-{os.getpid()}-{next(_count)}"
        try:
            handle = os.open(
                temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o600
            )
            with os.fdopen(handle, "wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            _make_way(final)
            temporary.replace(final)
        except BaseException:
            temporary.unlink(missing_ok=True)
            raise
        flush_folder(self.folder)

    def files(self) -> Iterator[os.DirEntry[str]]:
        """Every stored file; unfinished ones are not among them."""
        with os.scandir(self.folder) as entries:
            yield from (entry for entry in entries if entry.is_file(follow_symlinks=False))


def _holds(path: Path, sha256: str) -> bool:
    try:
        ImageData.from_file(path, sha256=sha256, mime_type="", width=0, height=0).check()
    except InvalidImageError:
        return False
    return True


def _make_way(final: Path) -> None:
    """A folder can't be replaced by a file: whatever it holds is moved aside, never removed."""
    if final.is_dir() and not final.is_symlink():
        final.rename(final.with_name(f"{final.name}.aside-{secrets.token_hex(4)}"))


def flush_folder(folder: Path) -> None:
    """Make a rename survive a power cut, where the system lets folders be flushed."""
    if os.name != "posix":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
