"""``nb-banana report``: comparisons that were saved, written down for others."""

from __future__ import annotations

from functools import partial
from importlib import import_module
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

import click

from .._client.endpoint import Endpoint
from .._images.saving import means_folder
from .._session.door import Session
from .._strings import say
from ..errors import InvalidRequestError, NanoBananaError
from .files import expanded, free, is_ours, ours, same, target_of
from .frame import tell, tell_json

if TYPE_CHECKING:
    from .._compare.comparison import Comparison


def report(
    *, files: tuple[str, ...], out: str | None, force: bool, kind: str, methods: bool,
    columns: tuple[str, ...], as_json: bool,
) -> int:  # fmt: skip
    """Write each as a page, a sheet, a table or LaTeX; or say how it was made."""
    names = expanded(files)
    if not names:
        raise click.UsageError(say("cli.missing", name="FILE"))
    kinds = import_module("nb_banana._report.export").KINDS
    if out is not None and len(names) > 1 and not means_folder(out):
        raise click.UsageError(say("report.one_out", name=out))
    if f".{kind}" not in kinds:
        raise click.UsageError(say("cli.want_one_of", value=kind, words=", ".join(one[1:] for one in kinds)))
    ours(*names)
    found = []
    for name in names:
        try:
            target = _target(Path(name).expanduser(), out, kind, kinds) if out or not methods else None
            found.append({"file": name, **_written(Path(name).expanduser(), target, force, methods, columns)})
        except NanoBananaError as problem:  # the others are not the worse for it
            if len(names) == 1:
                raise
            tell(problem, err=True)
            found.append({"file": name, "error": problem.message})
            continue
        if methods:
            tell(found[-1]["methods"], err=as_json)
        if target is not None:
            tell(say("running.cli_written", path=found[-1]["path"]), err=as_json or methods)
    if as_json:
        tell_json(found)
    return 1 if any("error" in one for one in found) else 0


def _written(
    file: Path, target: Path | None, force: bool, methods: bool, columns: tuple[str, ...]
) -> dict[str, str]:
    """The report of one file, and what is said of it."""
    row = {}
    # The records of a file that is only looked at are nobody's history.
    with TemporaryDirectory(prefix="nb_banana") as aside:
        session = Session(Endpoint.sandbox(), folder=aside, tell=partial(tell, err=True))
        with session:
            loaded: Comparison
            loaded = import_module("nb_banana._compare.comparison").Comparison.load(file, session=session)
            if methods:
                row["methods"] = loaded.methods()
            if target is not None:
                forced = force and (same(target, file) or not is_ours(target))
                path = loaded.export(target if forced else free(target), columns=columns or None)
                ours(path)
                row["path"] = str(path)
    return row


def _target(file: Path, out: str | None, kind: str, kinds: Any) -> Path:
    """Where a file's report goes: as named, or under the file's own name."""
    if out is not None and not means_folder(out):
        target = target_of(out, kinds)
        assert target is not None  # it was named
        return target
    folder = file.parent if out is None else Path(out).expanduser()
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as problem:
        raise InvalidRequestError(say("report.unwritable", path=folder, reason=problem.strerror)) from None
    return folder / f"{file.stem}.{kind}"
