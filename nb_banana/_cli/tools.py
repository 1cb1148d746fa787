"""The commands that edit nothing: models, prices, history, answers, the check-up."""

from __future__ import annotations

import sys
from dataclasses import asdict
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

import click

from .. import _text
from .._catalog import prices, table
from .._catalog.cost import Cost
from .._doctor import findings
from .._fetch.download import fetch
from .._history.book import History
from .._history.record import Record
from .._history.removal import Loss
from .._history.shelf import FILE
from .._live.check import Check
from .._live.run import Doors, agreed
from .._live.run import live as run_live
from .._session.door import Session
from .._session.where import Where, priced_at
from .._strings import say
from .._widgets.records import cost
from .._wire import failures
from .._wire.lift import Lifter
from .._wire.phrases import refuses
from .._wire.reply import read_reply
from ..errors import NanoBananaError
from .files import check_screen, free
from .frame import answered, tell, tell_json


def models(*, provider: str, as_json: bool) -> None:
    """List the models."""
    found = table.models(provider)
    if not as_json:
        tell(str(found))
        return
    names = ("id", "nickname", "status", "image_sizes", "aspect_ratios", "seconds", "by_token")
    tell_json([
        {name: getattr(row, name) for name in names}
        | {"prices": {size: _price(one) for size, one in zip(row.image_sizes, row.prices, strict=False)}}
        for row in found
    ])  # fmt: skip


def estimate(*, provider: str | None, as_json: bool, **asked: Any) -> None:
    """Say what edits would cost and take where they would go."""
    place = provider or priced_at(Where(None, partial(tell, err=True)).endpoint)
    found = prices.estimate(**asked, provider=place)
    if not as_json:
        tell(str(found))
        return
    tell_json({
        "model": found.model.nickname, "provider": found.provider, "image_size": found.image_size,
        "count": found.count, "supported": found.supported, "seconds": found.seconds, "note": found.note,
        "cost": _price(found.cost), "cost_cny": _price(found.cost_cny), "official": _price(found.official),
    })  # fmt: skip


def _price(price: Cost) -> str | None:
    """An amount as text, which loses no cent; null where nobody knows it."""
    return None if price.amount is None else str(price.amount)


def history(
    *, folder: Path | None, export: Path | None, count: int, as_json: bool, **delete: Any
) -> None:
    """Show or export the history, or delete what is old."""
    kept = _kept(folder)
    if export:
        path = kept.export_jsonl(free(export))
        tell(say("cli.exported", path=path), err=as_json)
        if as_json:
            tell_json({"path": str(path)})
        return
    if delete["delete_before"]:
        _delete(kept, as_json, **delete)
        return
    if as_json:
        tell_json([record.to_dict() for record in kept.records(limit=count)])
        return
    for line in _text.aligned(map(_facts, kept.records(limit=count))):
        tell(line)


def _delete(kept: History, as_json: bool, *, delete_before: datetime, starred: bool, yes: bool) -> None:
    """Delete all edits before a day; without ``--yes`` only say what would be lost."""
    loss, words = _before(kept, _old(kept, delete_before), starred=starred, yes=yes)
    tell(words, err=as_json)
    for line in kept.removal.told_scrub() if yes else (say("looking.cli_delete_how"),):
        tell(line, err=as_json)
    if as_json:
        tell_json({"dry_run": not yes, "edits": loss.edits, "pictures": loss.pictures, "bytes": loss.bytes})


def _old(kept: History, day: datetime) -> list[str]:
    # The records' moments as local ones: the first and the last year have days that no time zone holds.
    return [one.id for one in kept.every() if one.timestamp.astimezone().replace(tzinfo=None) < day]


def _before(kept: History, old: list[str], *, starred: bool, yes: bool) -> tuple[Loss, str]:
    """What goes with old edits, which go with ``yes``, and that in words."""
    loss = (kept.removal.delete if yes else kept.removal.loss)(old, starred=starred)
    return loss, say("looking.deleted", loss=loss) if yes else str(loss)


def clean(
    *, folder: Path | None, before: datetime | None, starred: bool, yes: bool, as_json: bool
) -> None:
    """Remove what the history holds and nobody needs; without ``--yes`` only say what it is."""
    kept = _kept(folder)
    said: dict[str, Any] = {"dry_run": not yes}
    old = [] if before is None else _old(kept, before)
    if before is not None:
        loss, words = _before(kept, old, starred=starred, yes=yes)
        tell(words, err=as_json)
        said["edits"] = loss.edits
    copies = kept.removal.copies(old, starred=starred, remove=yes)  # what only the old edits still have too
    freed, size = kept.collect_garbage(dry_run=not yes), kept.removal.size()
    after = kept.removal.told_scrub() if yes else (say("cli.clean_how"),)
    for line in (freed, *filter(None, [str(copies)]), size, *after):
        tell(line, err=as_json)
    if as_json:
        found: dict[str, Any] = {"files": freed.files, "bytes": freed.bytes, "kept": freed.kept or None}
        found |= {"copies": [file.name for file in copies.files], "copies_bytes": copies.bytes}
        tell_json(said | found | asdict(size))


def _kept(folder: Path | None) -> History:
    """The history that is there; looking must not make one, least of all among the pictures of a lost one."""
    kept = History.open(folder)
    if not (kept.folder / FILE).is_file():
        raise NanoBananaError(say("cli.no_history", folder=kept.folder), hint=say("cli.no_history_hint"))
    return kept


def _facts(record: Record) -> tuple[str, ...]:
    """One attempt in a row: when, how it ended, what came, what it cost, what was asked, where it lies."""
    picture = record.outputs[-1] if record.outputs else None
    return (
        f"{record.timestamp.astimezone():%Y-%m-%d %H:%M}",
        say(f"history_view.{record.status}"),
        f"{picture.width}×{picture.height}" if picture else record.error_category or "",
        cost(record),
        _text.shortened(record.prompt, 60),
        str(record.shelf.path(picture)) if picture else _text.one_line(record.error_message),
    )


def decode() -> None:
    """Read an answer, write its picture: the last step of what ``result.to_curl()`` prints."""
    check_screen()
    lifter = Lifter()
    for chunk in iter(lambda: sys.stdin.buffer.read(65536), b""):
        lifter.feed(chunk)
    reply = lifter.finish()
    answer = read_reply(200, {}, reply)
    if isinstance(answer, failures.Failure) and answer.inner_status:
        answer = read_reply(answer.inner_status, {}, reply)  # curl kept the status to itself; the body has it
    if isinstance(answer, failures.Failure):
        raise failures.error_of(answer, model="", base_url=say("cli.the_provider"))
    links = answer.links or (() if refuses(answer.text) else answer.mentions)
    if not answer.images and not links:
        raise failures.refusal(answer, 200, {}, reply.text)
    picture = answer.images[-1].data if answer.images else fetch(links[-1], named_by="answer")
    click.echo(picture, nl=False)


def doctor(
    *, live: bool, yes: bool, model: str | None, out: Path | None, as_json: bool
) -> int:
    """Check the set-up."""
    if live:
        check = Check(Session(tell=partial(tell, err=True)), model)
        doors = Doors(partial(tell, err=True), tell, agreed if yes else answered)
        return 0 if run_live(check, doors, out=out, as_json=as_json) else 1
    for option, given in (("--yes", yes), ("--model", model), ("--out", out)):
        if given:
            raise click.UsageError(say("live.only_live", option=option))
    found = findings()
    if as_json:
        tell_json([asdict(finding) for finding in found])
    else:
        tell("\n".join(map(str, found)))
    return 0 if all(finding.fine for finding in found) else 1
