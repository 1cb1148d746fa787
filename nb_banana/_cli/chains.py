"""``nb-banana chain``: steps, each an edit of the picture of the one before."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, Final

import click

from .._chain.links import Chain, chain_of, chain_to
from .._images.saving import means_folder, path_of
from .._session.door import Session
from .._strings import say
from ..errors import NanoBananaError
from .edits import as_plain, asked_of, exists, facts_and_cost, read, saved, waiting
from .files import PIPE, check_out, free
from .frame import tell, tell_json

_WORD: Final = re.compile(r"[A-Za-z'-]+")


def chain(
    *, words: tuple[str, ...], out: str | None, force: bool, as_json: bool, source: str | None, **typed: Any
) -> None:
    """Make the steps in turn, and tell each as it comes."""
    photo, prompts = ((), words) if source else (words[:1], words[1:])
    _check(photo, prompts, source, out, as_json=as_json)
    how = {name: typed.pop(name) for name in ("context", "fresh")}
    session, asked = asked_of(typed)
    so_far, began = _begun(session, photo, source), datetime.now()
    known, found = len(so_far), []
    for number, prompt in enumerate(prompts, 1):
        try:
            with waiting(session, (), {**asked, "takes": 1}):
                so_far = so_far.edit(prompt, **how, **asked)
        except NanoBananaError:
            if number > 1:
                tell(say("cli.chain_stopped", step=number, count=len(prompts)), err=True)
            raise
        found.append(_told(so_far, number, prompts, out, force, quiet=as_json))
    if out == PIPE:
        click.echo(so_far.image.data, nl=False)
    if out is not None and Path(out).suffix.lower() == ".zip":
        path = path_of(out)
        path = so_far.export(path if force else free(path))
        tell(say("cli.exported", path=path), err=as_json)
        found = [{**row, "path": str(path)} for row in found]  # where it really is
    if as_json:
        tell_json(found)
    if not all(one.replayed for one in so_far.results[known:]):
        tell(say("cli.began_ended", began=f"{began:%H:%M:%S}", ended=f"{datetime.now():%H:%M:%S}"), err=True)


def _check(
    photo: Sequence[str], prompts: Sequence[str], source: str | None, out: str | None, *, as_json: bool
) -> None:
    """Each step is paid: what is plainly one prompt without quotes, or a second photo, is none."""
    if not source and not photo:
        raise click.UsageError(say("cli.missing", name="PHOTO"))
    if not prompts:
        raise click.UsageError(say("cli.missing", name="PROMPT"))
    if names := [word for word in prompts if exists(word)]:
        raise click.UsageError(say("cli.chain_one_photo", name=names[0]))
    if len(prompts) > 1 and all(_WORD.fullmatch(word) for word in prompts):
        raise click.UsageError(say("cli.chain_unquoted", prompt=" ".join(prompts)))
    check_out(out, "--json" if as_json else "")


def _begun(session: Session, photo: Sequence[str], source: str | None) -> Chain:
    """The chain as it is: a photo, a chain's own file, or what led to a record of the history."""
    if source is None:
        return chain_of(read(photo)[0], session=session)
    if source.lower().endswith(".zip"):
        return Chain.load(source, session=session)
    return chain_to(session.result_of(session.history.record(source).pictured()), session)


def _told(
    so_far: Chain, number: int, prompts: Sequence[str], out: str | None, force: bool, *, quiet: bool
) -> dict[str, Any]:
    """Save a step's picture unless it goes elsewhere, and say what came."""
    result = so_far.result
    for warning in result.warnings:
        tell(warning, err=True)
    words = {"step": number, "count": len(prompts), "facts": facts_and_cost(result, result.image)}
    if out is not None and (out == PIPE or Path(out).suffix.lower() == ".zip"):
        tell(say("cli.chain_step", **words), err=True)
        return as_plain(result, result.image, Path(out))
    numbers = () if out is None or means_folder(out) else (number,)
    path = saved(result.image, out, numbers, force)
    tell(say("cli.chain_saved", path=path, **words), err=quiet)
    return {"step": number, "prompt": prompts[number - 1], **as_plain(result, result.image, path)}
