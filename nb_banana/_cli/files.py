"""Names on a command line: patterns that a shell left as they are, ``-``, and where results go."""

from __future__ import annotations

import glob
import os
import sys
from collections.abc import Iterable
from itertools import count
from pathlib import Path
from typing import Final

import click

from .._images.saving import means_folder, write_new, write_whole
from .._strings import say

PIPE: Final = "-"
"""Standard input as a file, standard output as the place of a result."""


def expanded(words: Iterable[str]) -> tuple[str, ...]:
    """The words with each pattern as the files that fit it, in order: quoted, or where the shell knows none.

    Raises:
        click.UsageError: nothing fits.
    """
    found: list[str] = []
    for word in words:
        path = os.path.expanduser(word)  # noqa: PTH111 - leaves an unknown ~user as it is
        if not glob.has_magic(word) or "://" in word or word.startswith("data:") or os.path.lexists(path):
            found.append(word)
            continue
        fits = sorted(one for one in glob.glob(path, recursive=True) if Path(one).is_file())  # noqa: PTH207
        if not fits:
            raise click.UsageError(say("cli.no_match", pattern=word))
        found += fits
    return tuple(found)


def piped(most: int) -> bytes:
    """What is piped in, up to a bound.

    Raises:
        click.UsageError: standard input is a person.
    """
    if sys.stdin.isatty():
        raise click.UsageError(say("cli.nothing_piped"))
    return sys.stdin.buffer.read(most + 1)


def check_out(out: str | None, beside: str = "") -> None:
    """What can't be a picture's place is said before it is paid.

    Standard output takes one picture, nothing ``beside`` it, and is no screen; a file is no folder.
    """
    if out == PIPE and beside:
        raise click.UsageError(say("cli.pipe_alone", option=beside))
    if out == PIPE:
        check_screen()
    elif out is not None:
        above = place_of(out, "any").parents
        if file := next((one for one in above if os.path.isfile(one)), None):  # noqa: PTH113 - too long a name
            raise click.UsageError(say("cli.not_a_folder", path=file))


def check_screen() -> None:
    """No bytes of a picture are printed on a terminal."""
    if sys.stdout.isatty():
        raise click.UsageError(say("cli.pipe_is_screen"))


def target_of(out: str | None, kinds: Iterable[str]) -> Path | None:
    """Where results go; what can't be written is said before anything is paid."""
    if out is None:
        return None
    path = Path(os.path.expanduser(out))  # noqa: PTH111 - leaves an unknown ~user as it is
    if path.suffix.lower() not in kinds:
        raise click.UsageError(say("running.cli_out", name=out, kinds=", ".join(kinds)))
    if not path.parent.is_dir():
        raise click.UsageError(say("running.cli_no_folder", folder=path.parent))
    return path


def free(path: Path) -> Path:
    """The name, or the next one that no file has."""
    names = (path.with_stem(f"{path.stem}_{number}") for number in count(2))
    return path if not path.exists() else next(name for name in names if not name.exists())


def ours(*paths: str | Path) -> None:
    """Note files that this command line reads or has written: no result takes their place, forced or not."""
    _ours().update(filter(None, map(_which, paths)))


def is_ours(path: Path) -> bool:
    """Whether a file is one of them."""
    return _which(path) in _ours()


def _ours() -> set[tuple[int, int]]:
    found: set[tuple[int, int]] = click.get_current_context().meta.setdefault("nb_banana.ours", set())
    return found


def _which(path: str | Path) -> tuple[int, int] | None:
    """The file itself, however its name is written: over a link, or in capitals where they are the same."""
    try:
        facts = os.stat(os.path.expanduser(path))  # noqa: PTH111, PTH116 - an unknown ~user, a name too long
    except (OSError, ValueError):
        return None
    return facts.st_dev, facts.st_ino


def same(one: Path, other: Path) -> bool:
    """Whether both names are one file that is there."""
    return _which(one) == _which(other) is not None


def place_of(name: str, called: str) -> Path:
    """The file a name means: itself or, of a folder, ``called`` in it."""
    place = Path(os.path.expanduser(name))  # noqa: PTH111
    return place / called if means_folder(name) else place


def put(target: Path, data: bytes, *, force: bool) -> Path:
    """Write a result; what is there stays unless forced."""
    if force and not is_ours(target):
        write_whole(target, data)
    else:
        target = write_new(target.parent, target.stem, target.suffix, data, reuse=True)
    ours(target)
    return target
