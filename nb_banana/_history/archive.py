"""The one door through which zips of other people are read: histories, chains and comparisons.

Rules of this file:

* A zip is bounded before it is read: how many members it has, how large each is and all are together.
* Whatever is wrong with one, in the zip, in its documents or in what they say, is one sentence: damaged.
* JSON is JSON: no NaN, no Infinity.
"""

from __future__ import annotations

import json
import lzma
import stat
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, NoReturn

from .._images.data import MAX_BYTES
from .._strings import say
from ..errors import InvalidRequestError

_MEMBERS: Final = 200_000
_LONGEST_LINE: Final = 64 * 2**20
_WHOLE: Final = 64 * 2**30
DAMAGE: Final = (
    OSError, zipfile.BadZipFile, zipfile.LargeZipFile, zlib.error, lzma.LZMAError, EOFError,
    MemoryError, RuntimeError, KeyError, IndexError, AttributeError, TypeError, ValueError,
    ArithmeticError, AssertionError,
)  # fmt: skip
"""RuntimeError is what zipfile says of passwords and unknown packings; RecursionError is one too."""


@dataclass(frozen=True, slots=True)
class Archive:
    """A zip that is open for reading."""

    zip: zipfile.ZipFile

    def __contains__(self, name: str) -> bool:
        return name in self.zip.NameToInfo

    def read(self, name: str, most: int = MAX_BYTES) -> bytes:
        """A member, if it is not absurdly large.

        Raises:
            KeyError: there is none.
        """
        info = self.zip.getinfo(name)
        if info.file_size > most:
            raise ValueError(f"{name}: {info.file_size} B")
        return self.zip.read(info)

    def document(self, name: str) -> Any:
        """A member that is JSON."""
        return _parsed(self.read(name))

    def lines(self, name: str) -> Iterator[Any]:
        """A member that is JSON on each line, read line by line."""
        with self.zip.open(name) as file:
            while line := file.readline(_LONGEST_LINE):
                yield _parsed(line)


@contextmanager
def opened(path: Path, sentence: str) -> Iterator[Archive]:
    """A zip for as long as it is read; ``sentence`` says, if it is none, what it should be.

    Raises:
        InvalidRequestError: it is no such zip, or damaged.
    """
    try:
        if not stat.S_ISREG(path.stat().st_mode):
            raise ValueError(say("text.not_regular"))
        with zipfile.ZipFile(path) as archive:
            _check(archive)
            yield Archive(archive)
    except InvalidRequestError as error:
        raise error from None
    except DAMAGE as reason:
        words = getattr(reason, "strerror", None) or str(reason)[:300] or type(reason).__name__
        raise InvalidRequestError(say(sentence, path=path, reason=words)) from None


def _check(archive: zipfile.ZipFile) -> None:
    infos = archive.infolist()
    if len(infos) > _MEMBERS or sum(info.file_size for info in infos) > _WHOLE:
        raise ValueError(say("history.flood"))
    if len(archive.NameToInfo) < len(infos):
        raise ValueError(say("history.twice"))


def _parsed(text: bytes) -> Any:
    return json.loads(text, parse_constant=_no_number)


def _no_number(word: str) -> NoReturn:
    raise ValueError(word)
