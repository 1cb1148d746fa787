"""``nb-banana slim``: notebooks under a budget, and back."""

from __future__ import annotations

import re
import sys
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import Any, Final

import click

from .. import _text
from .._images.containers import sniff
from .._images.saving import means_folder
from .._slim import originals
from .._slim import slim as work
from .._strings import say
from ..errors import NanoBananaError
from .files import PIPE, expanded, ours, piped, place_of, put, same
from .frame import changing, tell, tell_json

_SIZE: Final = re.compile(r"(\d{1,12}(?:\.\d{1,6})?)\s*([kmg]?)(i?)b?", re.IGNORECASE)
_UNITS: Final = {"": 0, "k": 1, "m": 2, "g": 3}


def slim(
    *, notebooks: tuple[str, ...], budget: str, out: str | None, force: bool, restore: bool, dry_run: bool,
    as_json: bool,
) -> int:  # fmt: skip
    """Make notebooks smaller, or put back what was."""
    names = expanded(notebooks)
    _check(names, out, restore=restore, as_json=as_json)
    most, aside = _bytes(budget), as_json or out == PIPE
    ours(*names)
    rows = []
    for name in names:
        try:
            file = work.File(None, piped(work.MOST)) if name == PIPE else work.opened(Path(name).expanduser())
            if restore:
                rows.append(_restore(file, write=not dry_run, err=aside))
                continue
            folder = originals.folder_of(file.path) if file.path else None
            done = work.slim(file, most, folder, partial(_working, file.name))
            changing("")
            if not dry_run:
                _write(done, folder, out, force, err=aside)
            _tell(done, dry_run, err=aside)
            rows.append(_plain(done))
        except NanoBananaError as problem:  # the others are not the worse for it
            if len(names) == 1:
                raise
            tell(problem, err=True)
            rows.append({"notebook": name, "error": problem.message, "within": False})
    if as_json:
        tell_json(rows)
    return 0 if all(row["within"] for row in rows) else 1


def _working(name: str, where: str) -> None:
    changing(say("slim.working", path=name, where=where))


def _check(names: tuple[str, ...], out: str | None, *, restore: bool, as_json: bool) -> None:
    if not names:
        raise click.UsageError(say("cli.missing", name="NOTEBOOK"))
    if PIPE in names and (out is None or restore):
        raise click.UsageError(say("slim.pipe_needs_out"))
    if out == PIPE and as_json:
        raise click.UsageError(say("cli.not_together", one="--json", other="-o -"))
    if out is not None and len(names) > 1 and not means_folder(out):
        raise click.UsageError(say("slim.one_out", name=out))
    if restore and out is not None:
        raise click.UsageError(say("cli.not_together", one="--restore", other="--out"))


def _bytes(text: str) -> int:
    found = _SIZE.fullmatch(text.strip())
    if found is None:
        raise click.UsageError(say("slim.bad_budget", value=text))
    return int(Decimal(found[1]) * (1024 if found[3] else 1000) ** _UNITS[found[2].lower()])


def _write(done: work.Slim, folder: Path | None, out: str | None, force: bool, *, err: bool) -> None:
    """In place, with the originals kept first; or elsewhere, where the notebook itself keeps them."""
    source = done.file.path
    if out == PIPE:
        sys.stdout.buffer.write(done.data)
        return
    target = None if out is None else place_of(out, source.name if source else "notebook.ipynb")
    if target is not None and not (force and source and same(target, source)):
        tell(say("slim.written", path=_text.near(put(target, done.data, force=force))), err=err)
    elif done.changed and folder is not None:
        work.keep(done, folder)
        work.replace(done.file, done.data)


def _tell(done: work.Slim, dry_run: bool, *, err: bool) -> None:
    """What became of a notebook, picture by picture; what is left, where that matters."""
    name = done.file.name
    if done.within and not done.changed:
        tell(say("slim.small", path=name, size=_text.amount(len(done.data))), err=err)
        return
    for one in done.done:
        was, now = (_facts(data) for data in (one.picture.data, one.made.data))
        before, after = (_text.amount(len(data)) for data in (one.picture.data, one.made.data))
        where = one.picture.where
        tell(say("slim.picture", where=where, was=was, now=now, before=before, after=after), err=err)
    for left in done.left:
        tell(say("slim.left", where=left.where, what=left.what, size=_text.amount(left.size)), err=True)
    before, after = (_text.amount(len(data)) for data in (done.file.data, done.data))
    key = "slim.would" if dry_run else "slim.slimmed"
    tell(say(key, path=name, before=before, after=after, count=len(done.done)), err=err)
    if not dry_run and done.changed and err is False and done.file.path and done.done:
        folder = originals.folder_of(done.file.path)
        if folder.is_dir():
            tell(say("slim.originals", folder=f"{_text.near(folder)}/"), err=err)
    if not done.within:
        weights = {"left": _text.amount(done.pictures), "rest": _text.amount(len(done.data) - done.pictures)}
        tell(say("slim.over", path=name, budget=_text.amount(done.budget), **weights), err=True)


def _facts(data: bytes) -> str:
    mime, width, height = sniff(data)
    return f"{mime.removeprefix('image/').upper()} {width}×{height}"


def _plain(done: work.Slim) -> dict[str, Any]:
    return {
        "notebook": done.file.name, "before": len(done.file.data), "after": len(done.data),
        "budget": done.budget, "within": done.within,
        "pictures": [
            {
                "where": one.picture.where, "before": len(one.picture.data), "after": len(one.made.data),
                "mime_type": one.made.mime, "size": one.made.size, "was_mime_type": one.picture.mime,
                "was_size": one.made.shown,
            }
            for one in done.done
        ],
        "left": [{"where": one.where, "what": one.what, "size": one.size} for one in done.left],
    }  # fmt: skip


def _restore(file: work.File, *, write: bool, err: bool) -> dict[str, Any]:
    assert file.path is not None  # checked before
    folder = originals.folder_of(file.path)
    data, count = work.restored(file, folder)
    if count and write:
        work.replace(file, data)
    key = "slim.nothing_back" if not count else "slim.restored" if write else "slim.would_restore"
    words = {"path": file.name, "count": count, "size": _text.amount(len(data)), "folder": f"{folder}/"}
    tell(say(key, **words), err=err)
    sizes = {"before": len(file.data), "after": len(data)}
    return {"notebook": file.name, **sizes, "restored": count, "within": True}
