"""Writing pictures to disk: whole or not at all, and never over something else by accident.

Rules of the room:

* Bytes go to a hidden file beside the target, which then takes the target's name in one step. Whatever
  happens before that step, the target is as it was; a killed run leaves at most one hidden file.
* A name the person did not choose is only ever taken when it is free.
* Durability against a power cut is not promised: no ``fsync``, which costs more than the edit's own work.
"""

from __future__ import annotations

import errno
import os
import secrets
import stat
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import Final

from .._strings import say
from ..errors import InvalidRequestError

SUFFIXES: Final = {
    "image/png": ".png",
    "image/jpeg": ".jpg",
    "image/webp": ".webp",
    "image/gif": ".gif",
    "image/heic": ".heic",
    "image/heif": ".heif",
    "image/avif": ".avif",
    "image/bmp": ".bmp",
    "image/tiff": ".tif",
}
_SAME: Final = {".jpeg": ".jpg", ".jpe": ".jpg", ".jfif": ".jpg", ".tiff": ".tif", ".heics": ".heic"}
_KNOWN: Final = frozenset(SUFFIXES.values()) | frozenset(_SAME)

# One write at a time keeps the promise of one hidden file, and guards the folders that know no hard links.
_writing = threading.Lock()
if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=lambda: globals().update(_writing=threading.Lock()))


def save_picture(
    data: bytes,
    mime_type: str,
    wanted: str | os.PathLike[str] | None = None,
    *,
    replace: bool | None = None,
) -> Path:
    """Write a picture and return where it is.

    Without ``wanted``, or where it is a folder, the name is ``edited_YYYYmmdd_HHMMSS`` and free. A picture
    suffix in ``wanted`` that disagrees with the bytes is replaced (compare the returned path to know); that
    name nobody asked for, so a file of the same bytes is kept and any other is left alone.

    Args:
        data: the bytes.
        mime_type: what they are.
        wanted: a name or a folder.
        replace: whether the picture may take the place of another file: None where that name was asked for
            to the letter, False never, True whatever becomes of the suffix.

    Raises:
        InvalidRequestError: it could not be written; the sentence names the path and the reason.
    """
    asked = path_of(wanted, nul=True) if wanted else Path()  # said where it is written
    if not wanted or means_folder(wanted):
        stem = f"edited_{time.strftime('%Y%m%d_%H%M%S')}"
        return write_new(asked, stem, SUFFIXES.get(mime_type, ".png"), data)
    target = with_true_suffix(asked, mime_type)
    if replace if replace is not None else target == asked:
        # As any program that opens the name: a link leads to its file, and a file keeps who may read it.
        where = Path(os.path.realpath(target)) if os.path.islink(target) else target  # noqa: PTH114
        write_whole(where, data, mode=_mode_of(where))
        return target
    return write_new(target.parent, target.stem, target.suffix, data, reuse=True)


def means_folder(given: str | os.PathLike[str]) -> bool:
    """Whether a name means a folder: one that is there, or one that ends as a folder's."""
    name = os.fsdecode(given)
    # Path.is_dir raises where a folder above can't be entered, and Path.expanduser for an unknown ~user.
    return name.endswith(("/", os.sep)) or os.path.isdir(os.path.expanduser(name))  # noqa: PTH111, PTH112


def _mode_of(path: Path) -> int:
    """Who may read a file that is there; of none, what the user's umask leaves."""
    return stat.S_IMODE(path.stat().st_mode) if os.path.isfile(path) else 0o666  # noqa: PTH113


def numbered(path: Path, *numbers: int) -> Path:
    """``cat.png`` → ``cat-2.png`` where there are several; 0 is none."""
    return path.with_stem("-".join([path.stem, *(str(number) for number in numbers if number)]))


def path_of(given: object, *, nul: bool = False) -> Path:
    """The path somebody gave; an unknown ``~user`` stays as it is.

    Raises:
        InvalidRequestError: it can't be one: no text, empty, or with what no file's name can hold.
    """
    try:
        text = os.fsdecode(given)  # type: ignore[arg-type]  # whatever was given
        if text.strip() and (nul or b"\0" not in os.fsencode(text)):
            return Path(os.path.expanduser(text))  # noqa: PTH111 - Path's own raises for an unknown ~user
    except (TypeError, ValueError):
        pass
    raise InvalidRequestError(say("images.no_path", value=given))


def check_place(target: Path) -> None:
    """Raise ``OSError`` where a device, a pipe or a socket has the name: a file would take its place."""
    if target.exists() and not (target.is_file() or target.is_dir()):
        raise OSError(errno.EINVAL, say("text.not_regular"))


def told_of_suffix(asked: str | os.PathLike[str] | None, written: Path) -> str:
    """The sentence that says that a picture got another suffix than was asked for; ``""`` where it didn't."""
    given = path_of(asked) if asked else None
    if given is None or means_folder(given) or not given.suffix or given.suffix == written.suffix:
        return ""
    return say("images.suffix", asked=given.name, written=written.name)


def _holds(path: Path, data: bytes) -> bool:
    try:
        return path.is_file() and path.stat().st_size == len(data) and path.read_bytes() == data
    except OSError:
        return False


def with_true_suffix(path: Path, mime_type: str) -> Path:
    """``path`` with the suffix its bytes deserve; a suffix no picture has is part of the name."""
    suffix, given = SUFFIXES.get(mime_type, ".png"), path.suffix.lower()
    if _SAME.get(given, given) == suffix:
        return path
    return path.with_suffix(suffix) if given in _KNOWN else path.with_name(path.name + suffix)


def write_new(folder: Path, stem: str, suffix: str, data: bytes, *, reuse: bool = False) -> Path:
    """Write ``data`` under the first free name of ``stem``, ``stem_2``, … and return it.

    Args:
        folder: made when it is missing.
        stem: the name wanted.
        suffix: with its dot.
        data: the bytes.
        reuse: stop at a file that holds the very same bytes, as when a cell is run again.

    Raises:
        InvalidRequestError: it could not be written.
    """
    wanted = folder / f"{stem}{suffix}"
    with _beside(wanted, data, 0o666) as hidden:
        names = (wanted if number == 1 else folder / f"{stem}_{number}{suffix}" for number in count(1))
        return next(name for name in names if (reuse and _holds(name, data)) or _take_name(hidden, name))


def write_whole(target: Path, data: bytes, *, mode: int = 0o666) -> None:
    """Write ``data`` so that ``target`` is either as it was or complete, whatever happens.

    Raises:
        InvalidRequestError: it could not be written; the sentence names the path and the reason.
    """
    with _beside(target, data, mode) as hidden:
        hidden.replace(target)


def _take_name(hidden: Path, target: Path) -> bool:
    """Give the file a name nobody has; False when somebody has it."""
    try:
        os.link(hidden, target)
    except FileExistsError:
        return False
    except OSError:
        # This file system knows no hard links. Other threads wait for `_writing`; another process could
        # take the name between the two steps, which is as far as such folders let anyone go.
        if os.path.lexists(target):
            return False
        hidden.replace(target)
    return True


@contextmanager
def _beside(target: Path, data: bytes, mode: int) -> Iterator[Path]:
    """A hidden file holding ``data`` in the target's folder, gone afterwards unless it took the name."""
    hidden = target.parent / f".nb_banana-{secrets.token_hex(6)}"
    try:
        check_place(target)
        if not os.path.lexists(target.parent):  # A file in its place is a clearer error below.
            target.parent.mkdir(parents=True, exist_ok=True)
        with _writing:
            try:
                flags = os.O_CREAT | os.O_EXCL | os.O_WRONLY | getattr(os, "O_BINARY", 0)
                with os.fdopen(os.open(hidden, flags, mode), "wb") as file:
                    file.write(data)
                yield hidden
            finally:
                hidden.unlink(missing_ok=True)
    except (OSError, ValueError) as reason:
        words = reason.strerror if isinstance(reason, OSError) and reason.strerror else reason
        if "\0" in str(target):  # which each Python says in words of its own
            words = say("images.null_in_name")
        raise InvalidRequestError(say("images.not_written", path=target, reason=words)) from None
