"""``nb-banana edit`` and ``generate``: what is asked, what is under way, what came and where it lies."""

from __future__ import annotations

import contextlib
import os
import shlex
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import click

from .. import _text
from .._catalog import prices
from .._images.data import MAX_BYTES, ImageData
from .._images.saving import means_folder, numbered, save_picture, told_of_suffix, with_true_suffix
from .._images.sources import as_image
from .._result import EditResult, hints
from .._session.door import Session
from .._session.typed import session_typed, settings_typed
from .._session.waiting import shown_by
from .._strings import say
from ..errors import InvalidRequestError, NanoBananaError
from .files import PIPE, check_out, expanded, is_ours, ours, piped
from .frame import tell, tell_json, told_at_end


def edit(
    *, photos: tuple[str, ...], prompt: str, out: str | None, force: bool, as_json: bool, **asked: Any
) -> None:
    """Edit photos."""
    _check_out(out, asked["takes"], as_json=as_json)
    photos = checked(photos, prompt, "edit")
    (session, asked), began = asked_of(asked), datetime.now()
    with waiting(session, photos, asked) as pictures:
        result = session.edit(pictures, prompt, **asked)
    _report(result, out, force, began, as_json=as_json)


def asked_of(typed: dict[str, Any]) -> tuple[Session, dict[str, Any]]:
    """Where the edit goes, and what is asked of it; the session's notices go to stderr."""
    words = {name: typed.pop(name) for name in ("mask", "seed", "extra", "quality")}
    place = {name: typed.pop(name) for name in ("endpoint", "wire", "insecure")}
    asked = {**typed, **settings_typed(**words)}
    return session_typed(Session(tell=partial(tell, err=True)), **place), asked


def _check_out(out: str | None, takes: int, *, as_json: bool) -> None:
    check_out(out, "--json" if as_json else "--takes" if takes > 1 else "")


def read(photos: Sequence[str]) -> list[ImageData]:
    """The pictures in order, and a line for each: what it is that will be sent."""
    pictures = []
    for photo in photos:
        picture = piped_picture() if photo == PIPE else as_image(photo)
        tell(say("cli.read", photo=photo, facts=_facts_of(picture)), err=True)
        pictures.append(picture)
    return pictures


def piped_picture() -> ImageData:
    """The picture on standard input."""
    return as_image(piped(MAX_BYTES), name="stdin")


def _facts_of(picture: ImageData) -> str:
    width, height = picture.shown_size
    kind = picture.mime_type.removeprefix("image/").upper()
    return say("cli.facts", size=f"{width}×{height}", kind=kind, bytes=_text.amount(len(picture.data)))


def checked(photos: Sequence[str], prompt: str, command: str) -> tuple[str, ...]:
    """The photos that are meant; what looks like a prompt without quotes is refused before it is paid."""
    if exists(prompt):
        raise click.UsageError(say("cli.prompt_is_a_file", name=prompt))
    if not photos:
        raise click.UsageError(say("cli.missing", name="PHOTO"))
    found = expanded(photos)
    if found.count(PIPE) > 1:
        raise click.UsageError(say("cli.piped_once"))
    _check_quotes(found, prompt, command)
    return found


def exists(word: str) -> bool:
    """Is there such a file? A long prompt is no file, and ``Path`` would raise for it."""
    return os.path.isfile(os.path.expanduser(word))  # noqa: PTH111, PTH113


def _check_quotes(photos: Sequence[str], prompt: str, named: str) -> None:
    """``edit cat.jpg Make it night``: words after the photos that can be no file are the prompt's."""
    for at, word in enumerate(photos):
        if at and word != PIPE and not exists(word) and not Path(word).suffix and ":" not in word:
            command = shlex.join(photos[:at])
            meant = f'nb-banana {named} {command} "{" ".join((*photos[at:], prompt))}"'
            raise click.UsageError(say("cli.prompt_unquoted", name=word, command=meant))


def generate(*, prompt: str, out: str | None, force: bool, as_json: bool, **asked: Any) -> None:
    """Make a picture from words."""
    _check_out(out, asked["takes"], as_json=as_json)
    (session, asked), began = asked_of(asked), datetime.now()
    with waiting(session, (), asked):
        result = session.generate(prompt, **asked)
    _report(result, out, force, began, as_json=as_json)


@contextlib.contextmanager
def waiting(
    session: Session, photos: Sequence[str], asked: Mapping[str, Any]
) -> Iterator[list[ImageData]]:
    """Read the pictures; say where they went and the usual time, once a request is under way for a while."""
    usual = ""
    with contextlib.suppress(NanoBananaError, LookupError):  # the edit itself says what can't be asked
        provider = session.endpoint.provider
        one = prices.estimate(asked["model"], asked["image_size"], images=len(photos), provider=provider)
        usual = _text.span(*one.seconds) if one.seconds else ""
    endpoint = session.endpoint
    line = say(
        "cli.waiting" if usual else "cli.waiting_longer",
        what=_text.shortened(", ".join(photos) or say("cli.the_prompt"), 200),
        count=len(photos),
        takes=asked["takes"],
        place=endpoint.provider.title if endpoint.is_sandbox else urlsplit(endpoint.base_url).netloc,
        usual=usual,
    )
    pictures = read(photos)

    def show(_: str) -> Callable[[], None]:
        tell(line, err=True)
        return lambda: None

    before = shown_by.set(show)
    try:
        yield pictures
    finally:
        shown_by.reset(before)


def _report(result: EditResult, out: str | None, force: bool, began: datetime, *, as_json: bool) -> None:
    """Save every picture of every take, and say where each is, what it cost, and when all that was.

    All are saved before any is told: where nobody reads on (``| head -1``), none is lost.
    """
    found: list[dict[str, Any]] = []
    with told_at_end() as lines:
        lines.extend((hint, True) for hint in hints(result))
        for take in result.takes:
            lines.extend((warning, True) for warning in take.warnings)
            if out == PIPE:
                click.echo(take.image.data, nl=False)
                lines.append((facts_and_cost(take, take.image), True))
            for number, image in enumerate(take.images if out != PIPE else ()):
                numbers = (len(result.takes) > 1 and take.take, len(take.images) > 1 and number + 1)
                path = saved(image, out, numbers, force)
                if as_json:
                    found.append(as_plain(take, image, path) | {"warnings": take.warnings})
                else:
                    lines.append((say("cli.saved", path=path, facts=facts_and_cost(take, image)), False))
            if take.text:
                lines.append((take.text, True))
    if as_json:
        tell_json(found)
    if not all(take.replayed for take in result.takes):
        tell(say("cli.began_ended", began=f"{began:%H:%M:%S}", ended=f"{datetime.now():%H:%M:%S}"), err=True)


def facts_and_cost(take: EditResult, image: ImageData) -> str:
    if take.replayed:
        return say("cli.replayed")
    return say(
        "cli.facts_and_cost",
        facts=_facts_of(image),
        time=_text.seconds(take.elapsed),
        cost=_text.money(take.cost, sandbox=take.sandbox),
    )


def as_plain(take: EditResult, image: ImageData, path: Path) -> dict[str, Any]:
    """One saved picture as plain values; ``cost`` is null where nobody knows it."""
    width, height = image.shown_size
    cost = take.cost.amount
    return {
        "path": str(path), "width": width, "height": height, "mime_type": image.mime_type,
        "sha256": image.sha256, "model": take.model, "take": take.take, "record": take.record_id,
        "cost": None if cost is None else str(cost), "currency": take.cost.currency,
        "sandbox": take.sandbox, "replayed": take.replayed, "elapsed": take.elapsed, "text": take.text,
    }  # fmt: skip


def saved(image: ImageData, name: str | None, numbers: Sequence[int], force: bool) -> Path:
    """Save a picture that was made; where that fails the history has it, and the words were not at fault."""
    try:
        return write(image, name, numbers, force) if name else save_picture(image.data, image.mime_type)
    except InvalidRequestError as problem:
        raise NanoBananaError(problem.message, hint=say("cli.in_history")) from None


def write(image: ImageData, name: str, numbers: Sequence[int], force: bool) -> Path:
    """Write under the name asked for or, where another file has it, the next free one; say what differs.

    Into a folder, one that is yet to be made too, a picture goes under a name of its own.
    """
    place = os.path.expanduser(name)  # noqa: PTH111 - leaves an unknown ~user as it is
    into = means_folder(place)
    asked = Path(place) if into else numbered(Path(place), *numbers)
    target = asked if into else with_true_suffix(asked, image.mime_type)  # "." has no name to mend
    folder = asked if into else target.parent
    new_folder = not os.path.exists(folder)  # noqa: PTH110 - any text may come
    taken = "cli.name_ours" if is_ours(target) else "cli.name_taken"
    force &= taken != "cli.name_ours"
    path = save_picture(image.data, image.mime_type, f"{asked}/" if into else asked, replace=force)
    ours(path)
    if new_folder:
        tell(say("cli.new_folder", folder=folder), err=True)
    if into:
        return path
    if sentence := told_of_suffix(asked, path):
        tell(sentence, err=True)
    if path != target:
        tell(say(taken, path=target), err=True)
    return path
