"""A history that travels: JSON lines for other programs, one zip for another person.

The zip holds ``about.json`` (what it is), ``records.jsonl`` (rows as the tables hold them) and
``images/<sha256>.<ext>``. What comes in is checked before it is believed: names are never used as
paths, every picture must have the hash it claims, every row must read as a record, and which request
a record answers is computed from what it says, never read.
"""

from __future__ import annotations

import errno
import hashlib
import json
import os
import secrets
import warnings
import zipfile
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from .._images.data import ImageData
from .._images.saving import check_place
from .._messages import clean
from .._strings import say
from ..errors import InvalidImageError, InvalidRequestError
from . import judgements
from .archive import Archive, opened
from .foreign import LARGEST_ID, check_line
from .identity import computed_key, nothing_of
from .record import Picture, Record, file_name, from_row
from .rows import Entry, bindable

if TYPE_CHECKING:
    from .log import Log
    from .shelf import Shelf

_FORMAT: Final = 1
_OPINIONS: Final = "judgements.jsonl"
"""What judges were asked about the records, and answered; releases that know none leave it alone."""
_WHOLE_INPUTS: Final = "imported"
"""The key of a record until all of its file is here."""


def export_jsonl(records: Iterable[Record], path: Path) -> Path:
    """One record per line, newest first. The seed's four names come first on each line:
    ``timestamp``, ``original_image``, ``edit_instruction``, ``result_path``.
    """

    def write(target: Path) -> None:
        with target.open("w", encoding="utf-8", newline="\n") as file:
            for record in records:
                file.write(json.dumps(record.to_dict(), ensure_ascii=False) + "\n")

    return whole(path, write)


def export_zip(records: Iterable[Record], path: Path, notes: Mapping[str, bytes]) -> Path:
    """Rows and pictures of ``records``. A picture that can't be read is left out, and named."""

    def write(target: Path) -> None:
        with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("about.json", json.dumps({"nb_banana_history": _FORMAT}))
            for name, data in notes.items():
                archive.writestr(name, data)
            pictures: dict[str, Record] = {}
            judged: dict[Path, Record] = {}
            ids: dict[Path, list[str]] = {}
            with archive.open("records.jsonl", "w", force_zip64=True) as file:
                for record in records:
                    if record.status != "running":
                        line = record.shelf.raw(record.id)
                        pictures |= {file_name(each[2], each[3]): record for each in line["pictures"]}
                        file.write(json.dumps(line, ensure_ascii=False).encode() + b"\n")
                        judged[record.shelf.folder] = record
                        ids.setdefault(record.shelf.folder, []).append(record.id)
            opinions = [one for folder, its in ids.items() for one in judged[folder].shelf.opinions(its)]
            if opinions:
                text = "".join(json.dumps(one, ensure_ascii=False) + "\n" for one in opinions)
                archive.writestr(_OPINIONS, text)
            for name, record in pictures.items():
                _add_picture(archive, name, record.shelf.folder)

    return whole(path, write)


def _add_picture(archive: zipfile.ZipFile, name: str, folder: Path) -> None:
    sha256 = name.partition(".")[0]
    stored = ImageData.from_file(folder / "images" / name, sha256=sha256, mime_type="", width=0, height=0)
    try:
        archive.writestr(zipfile.ZipInfo(f"images/{name}"), stored.data)  # stored as it is: it won't shrink
    except InvalidImageError as reason:
        warnings.warn(say("history.export_without", reason=reason.message), stacklevel=5)


def import_zip(shelf: Shelf, log: Log, path: Path) -> int:
    """Take in the records that are not here yet, and their pictures.

    Raises:
        InvalidRequestError: the file is no such zip, or what it holds contradicts itself.
    """
    with opened(path, "history.bad_zip") as archive:
        if archive.document("about.json")["nb_banana_history"] > _FORMAT:
            raise InvalidRequestError(say("history.newer_zip", path=path))
        for line in archive.lines("records.jsonl"):
            check_line(line)  # all of them before the first is taken in
        opinions = list(archive.lines(_OPINIONS)) if _OPINIONS in archive else []
        for line in opinions:
            _check_opinion(shelf, line)
        lines = archive.lines("records.jsonl")
        adopted = [number for line in lines if (number := _adopt(shelf, log, archive, line))]
        for number in adopted:  # only now are the parents of a conversation here too
            _find_key(shelf, number)
        for line in opinions:
            _adopt_opinion(shelf, log, line)
        return len(adopted)


def _check_opinion(shelf: Shelf, line: dict[str, Any]) -> None:
    """Check what a file says of a question to a judge.

    Raises:
        ValueError, TypeError, KeyError: it is not as a release writes it.
    """
    check_line({**line, "request": None, "turn": None, "pictures": []})
    row = line["row"]
    if set(row) != columns(shelf) or any(isinstance(value, (list, dict)) for value in row.values()):
        raise ValueError(say("history.foreign_row", number=row["id"]))
    judgements.check(line)


def _adopt_opinion(shelf: Shelf, log: Log, line: dict[str, Any]) -> None:
    """Take in what a judge was asked and answered, if it is not here yet. How it was read is not believed."""
    row, judged = line["row"], judgements.Judged(line["facts"])
    if shelf.records([row["id"]]):
        return
    entry = Entry(bindable(row), "{}", judged=judged)
    where = judgements.place_of(judged.facts, row)
    entry.row |= {"owner": "", "key": judgements.key_of(judged.core, where)}
    from_row(entry.row, (), (), shelf)
    log.adopt(entry)


def _find_key(shelf: Shelf, number: int) -> None:
    """Let an adopted record answer the request it is of; one without all its inputs is of none."""
    (record,) = shelf.records([number])
    key = computed_key(record, shelf) if record.key == _WHOLE_INPUTS else None
    values = (key or nothing_of(number), number)
    shelf.run(lambda c: c.execute("UPDATE records SET key = ? WHERE id = ?", values), write=True)


def _adopt(shelf: Shelf, log: Log, archive: Archive, line: dict[str, Any]) -> int:
    """Take in one record that is not here yet; returns its number, else 0."""
    row, number = line["row"], line["row"]["id"]
    if type(number) is not int or not 0 < number < LARGEST_ID:
        raise ValueError(say("history.foreign_row", number=repr(number)[:40]))
    # The names become part of a statement, so only our own will do.
    if set(row) != columns(shelf) or any(isinstance(value, (list, dict)) for value in row.values()):
        raise ValueError(say("history.foreign_row", number=number))
    if shelf.records([number]):
        return 0
    images: dict[str, list[ImageData]] = {role: [] for role in ("input", "output", "turn", "mask")}
    entry = Entry(bindable(row), clean(line["request"]), line["turn"], images)
    missing = dict.fromkeys(entry.images, 0)
    for role, _position, *facts in line["pictures"]:
        image = _picture(archive, Picture(*facts))
        if image is None:
            missing[role] += 1
        else:
            entry.images[role].append(image)
    key = nothing_of(number) if missing["input"] else _WHOLE_INPUTS
    entry.row |= {"lost": max(0, row["lost"]) + missing["output"], "owner": "", "key": key}
    from_row(entry.row, (), (), shelf)  # every value reads as what it should be, or this raises
    log.adopt(entry)
    return number


def columns(shelf: Shelf) -> set[str]:
    """The names of a record's columns."""
    return {row["name"] for row in shelf.rows("PRAGMA table_info(records)")}


def _picture(archive: Archive, facts: Picture) -> ImageData | None:
    """The picture ``facts`` describe, None if it was left out; its bytes must have the hash they claim."""
    name = f"images/{file_name(facts.sha256, facts.mime_type)}"
    if name not in archive:
        return None
    data = archive.read(name)
    if hashlib.sha256(data).hexdigest() != facts.sha256:
        raise ValueError(f"sha256 of {name}")
    if facts.suffix == ".bin":
        return ImageData(data, facts.mime_type, 0, 0, name=facts.name, sha256=facts.sha256)
    return ImageData.from_bytes(data, name=facts.name, mime_type=facts.mime_type, sha256=facts.sha256)


def whole(path: Path, write: Callable[[Path], None]) -> Path:
    """Let ``write`` fill a file beside ``path``, and rename it when it is complete."""
    if not path.name:
        raise InvalidRequestError(
            say("history.not_exported", path=path, reason=os.strerror(errno.EISDIR))
        )
    # A name nobody can guess, so that no link can wait there for what is written.
    partial = path.with_name(f".{secrets.token_hex(8)}.partial")
    try:
        check_place(path)
        path.parent.mkdir(parents=True, exist_ok=True)
        os.close(os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
        write(partial)
        partial.replace(path)
    except OSError as reason:
        raise InvalidRequestError(
            say("history.not_exported", path=path, reason=reason.strerror or reason)
        ) from None
    finally:
        with suppress(OSError):  # there may be no such folder
            partial.unlink()
    return path
