"""Reading a benchmark's files: an odd one is an error that names it and the next step."""

from __future__ import annotations

import csv
import io
import json
import os
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from .._files import read_regular
from .._strings import say
from .._text import shortened
from ..errors import InvalidRequestError

_NUMBER: Final = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)(e[+-]?\d+)?", re.ASCII | re.IGNORECASE)
_IN_NO_NAME: Final = frozenset('/\\:*?"<>|\0')
_SHOWN: Final = 120
_STUMBLES: Final = (
    ValueError, TypeError, AttributeError, LookupError, RecursionError, OverflowError, csv.Error,
)  # fmt: skip
LARGEST: Final = 512 * 1024 * 1024
"""Bytes of a list or a table: the largest known has 20 MB."""


def odd(path: Path, why: str, then: str) -> InvalidRequestError:
    """The error of a file that is not what the layout says."""
    return InvalidRequestError(say("bench.odd", path=path, why=why), hint=then)


def text_of(path: Path, then: str) -> str:
    """A text file of the benchmark.

    Raises:
        InvalidRequestError: it is missing, no regular file or no UTF-8; ``then`` is the next step.
    """
    try:
        return read_regular(path, LARGEST).decode("utf-8-sig")
    except FileNotFoundError:
        raise odd(path, say("bench.missing_file"), then) from None
    except (OSError, ValueError) as reason:
        raise odd(path, str(getattr(reason, "strerror", None) or reason), then) from None


def json_of(path: Path, then: str) -> Any:
    """A JSON file of the benchmark; errors as :func:`text_of`."""
    try:
        return json.loads(text_of(path, then))
    except (ValueError, RecursionError) as reason:
        raise odd(path, str(reason), then) from None


def jsonl_of(path: Path, then: str) -> Iterator[Mapping[str, Any]]:
    """The rows of a JSON-lines file; errors as :func:`text_of`."""
    for number, line in enumerate(text_of(path, then).split("\n"), 1):  # not at U+2028, which JSON may hold
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except (ValueError, RecursionError) as reason:
            raise odd(path, say("bench.bad_line", number=number, reason=reason), then) from None
        yield fields(row, (), path, f"#{number}")


def csv_of(path: Path, then: str) -> Iterator[dict[str, str]]:
    """The rows of a CSV file with a head; errors as :func:`text_of`."""
    for row in csv.DictReader(io.StringIO(text_of(path, then), newline="")):
        yield {str(name): value or "" for name, value in row.items() if isinstance(value, (str, type(None)))}


def fields(row: Any, names: Sequence[str], path: Path, key: object) -> Mapping[str, Any]:
    """A row that is an object and has these fields.

    Raises:
        InvalidRequestError: it isn't, or one is missing.
    """
    if not isinstance(row, Mapping):
        raise odd(path, say("bench.no_object", key=key, kind=type(row).__name__), say("bench.take_its_file"))
    for name in names:
        if name not in row:
            then = say("bench.has_fields", names=", ".join(map(str, row)))
            raise odd(path, say("bench.no_field", key=key, name=name), then)
    return row


def first(folder: Path, names: Sequence[str], then: str) -> Path:
    """The first of these files that is there.

    Raises:
        InvalidRequestError: none is; ``then`` is the next step.
    """
    if not folder.is_dir():
        raise odd(folder, say("bench.no_folder"), then)
    for name in names:
        if (folder / name).is_file():
            return folder / name
    raise odd(folder, say("bench.none_of", names=", ".join(names)), then)


def is_below(path: Path, folder: Path) -> bool:
    """Whether a path lies in a folder by its words; a link in it may lead anywhere, as caches have them."""
    words, around = (os.path.abspath(one) for one in (path, folder))  # noqa: PTH100 - resolve() follows links
    return Path(words).is_relative_to(around)


def key_of(row: Mapping[str, Any], names: Sequence[str], place: int, path: Path, then: str) -> str:
    """What a row is called: the first of these columns that says something (0 does), else its place.

    Raises:
        InvalidRequestError: no file can be called so.
    """
    said = (row.get(name) for name in names)
    key = str(next((one for one in said if one not in (None, "")), f"{place:04}"))
    if not is_file_name(key):
        raise odd(path, say("bench.bad_key", key=key), then)
    return key


def is_file_name(text: str) -> bool:
    """Whether a file or a folder can be called so on any system."""
    return bool(text) and text not in (".", "..") and not set(text) & _IN_NO_NAME


def number(given: Any) -> float | None:
    """The number in a field; None for an empty one, "nan" and whatever else is none."""
    if given is None or isinstance(given, bool):
        return None
    if isinstance(given, str) and not _NUMBER.fullmatch(given.strip()):
        return None
    try:
        value = float(given)
    except (TypeError, ValueError, OverflowError):
        return None
    return value if abs(value) < float("inf") else None


@contextmanager
def of_layout(path: Path) -> Iterator[None]:
    """What an adapter stumbles over in a file of somebody else's is said of that file.

    Raises:
        InvalidRequestError: a field is of another kind than the layout says.
    """
    try:
        yield
    except _STUMBLES as reason:
        why = say("bench.bad_yaml", reason=f"{type(reason).__name__}: {shortened(str(reason), _SHOWN)}")
        raise odd(path, why, say("bench.take_its_file")) from reason
