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
from .files import expanded, free, target_of
from .frame import tell, tell_json

if TYPE_CHECKING:
    from .._compare.comparison import Comparison


def report(
    *, files: tuple[str, ...], out: str | None, force: bool, kind: str, methods: bool,
    columns: tuple[str, ...], as_json: bool,
) -> None:  # fmt: skip
    """Write each as a page, a sheet, a table or LaTeX; or say how it was made."""
    names = expanded(files)
    if not names:
        raise click.UsageError(say("cli.missing", name="FILE"))
    kinds = import_module("nb_banana._report.export").KINDS
    if out is not None and len(names) > 1 and not means_folder(out):
        raise click.UsageError(say("report.one_out", name=out))
    if f".{kind}" not in kinds:
        raise click.UsageError(say("cli.want_one_of", value=kind, words=", ".join(one[1:] for one in kinds)))
    found = []
    for name in names:
        file = Path(name).expanduser()
        target = _target(file, out, kind, kinds)
        # The records of a file that is only looked at are nobody's history.
        with TemporaryDirectory(prefix="nb_banana") as aside:
            session = Session(Endpoint.sandbox(), folder=aside, tell=partial(tell, err=True))
            with session:
                loaded: Comparison
                loaded = import_module("nb_banana._compare.comparison").Comparison.load(file, session=session)
                if methods:
                    found.append({"file": name, "methods": loaded.methods()})
                    tell(found[-1]["methods"], err=as_json)
                    continue
                path = loaded.export(target if force else free(target), columns=columns or None)
        found.append({"file": name, "path": str(path)})
        tell(say("running.cli_written", path=path), err=as_json)
    if as_json:
        tell_json(found)


def _target(file: Path, out: str | None, kind: str, kinds: Any) -> Path:
    """Where a file's report goes: as named, or under the file's own name."""
    if out is not None and not means_folder(out):
        target = target_of(out, kinds)
        assert target is not None  # it was named
        return target
    folder = file.parent if out is None else Path(out).expanduser()
    folder.mkdir(parents=True, exist_ok=True)
    return folder / f"{file.stem}.{kind}"
