"""How words and values read, everywhere: on one line, shortened, padded; seconds, bytes, money, paths.

Rules of the room:

* Pure functions over plain values; nothing here knows a picture, a record or a widget.
* Whatever comes from outside (a model's words, a server's sentence, a prompt) goes through
  :func:`one_line` or :func:`shortened` before it is shown as text, and what is printed through :func:`plain`.
* Widths are those of a terminal: Chinese, Japanese and Korean letters take two columns.
"""

from __future__ import annotations

import codecs
import math
import re
import sys
from collections.abc import Iterable, Sequence
from contextlib import suppress
from functools import lru_cache
from operator import index
from pathlib import Path
from typing import Any, Final
from unicodedata import category, east_asian_width

from ._strings import say

_ESCAPES: Final = re.compile(
    r"(?:\x1b\[|\x9b)[0-?]*[ -/]*[@-~]"  # colours, cursor
    r"|(?:\x1b\]|\x9d)[^\x07\x1b\x9c]*(?:\x07|\x1b\\|\x9c)?"  # titles, links
)
_JOINERS: Final = "\u200c\u200d"
_START: Final = r"(?<![A-Za-z0-9_:/\\.~])(?:~|[A-Za-z]:|\\(?=\\))?[/\\](?=[^\s/\\])"
_PLACE: Final = re.compile(rf"{_START}[^\n]*?(?=$|\n|(?<!\w){_START})")
"""From where a path begins to where the next one does: a folder's name may have anything in it."""
_FOLDERS: Final = re.compile(r"^(?:~|[A-Za-z]:|\\)?[/\\](?:[^/\\\n]+[/\\])*")
_NO_WIDTH: Final = frozenset({"Mn", "Me", "Cf"})
SIGNS: Final = {
    "×": "x", "·": "-", "≈": "~", "…": "...", "–": "-", "—": "-", "−": "-", "→": "->", "←": "<-", "¥": "CNY ",
    "“": '"', "”": '"', "‘": "'", "’": "'", "±": "+/-", "≤": "<=", "≥": ">=", "•": "*", "⚠": "!", "✓": "+",
    "─": "-", "│": "|", "├": "|", "└": "`",
}  # fmt: skip
"""How a sign is written where a font or a terminal lacks it."""


def plain(words: object) -> str:
    """What may be printed: lines as they are, no terminal escapes, no control or direction characters."""
    lines = _ESCAPES.sub("", str(words)).replace("\r\n", "\n").split("\n")
    return "\n".join("".join(c if c.isprintable() or c in _JOINERS else " " for c in line) for line in lines)


def printed(words: object) -> None:
    """Print as well as the terminal can; an edit never ends because a word of it could not be shown."""
    text, coding = plain(words), getattr(sys.stdout, "encoding", None) or "utf-8"
    with suppress(OSError, ValueError):  # Nobody reads it any more, or it is full.
        print(text.encode(coding, NEAREST).decode(coding), flush=True)


def nearest(problem: UnicodeError) -> tuple[str, int]:
    """What an encoding writes for letters it lacks: the sign that is near, else ``?``."""
    if not isinstance(problem, UnicodeEncodeError):
        raise problem
    lacking = problem.object[problem.start : problem.end]
    return "".join(SIGNS.get(letter, "?") for letter in lacking), problem.end


NEAREST: Final = "nb_banana.nearest"
"""The name of :func:`nearest` as a handler of errors; it is there once this room is loaded."""
codecs.register_error(NEAREST, nearest)


def one_line(words: str) -> str:
    """``words`` on one line: no terminal escapes, no control or direction characters, single spaces."""
    plain = _ESCAPES.sub("", words)
    if not plain.isprintable():
        plain = "".join([c if c.isprintable() or c in _JOINERS else " " for c in plain])
    return " ".join(plain.split())


@lru_cache(maxsize=512)  # a list of results says the same words again and again
def shortened(words: str, longest: int) -> str:
    """:func:`one_line`, cut with an ellipsis where it gets wider than ``longest`` columns."""
    line = one_line(words[: longest * 8])
    if width(line) <= longest and len(words) <= longest * 8:
        return line
    room, kept = longest - 1, 0
    for character in line:
        room -= width(character)
        if room < 0:
            break
        kept += 1
    return line[:kept].rstrip() + "…"


def width(words: str) -> int:
    """How many columns of a terminal the words take."""
    if words.isascii():
        return len(words)
    return sum(
        0 if category(character) in _NO_WIDTH else 2 if east_asian_width(character) in "WF" else 1
        for character in words
    )


def padded(words: str, columns: int) -> str:
    """``words`` with spaces behind them, ``columns`` wide; wider ones stay as they are."""
    return words + " " * (columns - width(words))


def aligned(rows: Iterable[Sequence[str]], rule: str = "") -> list[str]:
    """The rows of a table as lines, its columns two spaces apart; a line of ``rule`` under the first."""
    table = list(rows)
    widths = [max(map(width, column)) for column in zip(*table, strict=True)]
    lines = ["  ".join(map(padded, row, widths)).rstrip() for row in table]
    return [*lines[:1], "  ".join(rule * columns for columns in widths), *lines[1:]] if rule else lines


def whole(value: Any, least: float = -math.inf, most: float = math.inf) -> int | None:
    """A whole number in these bounds, NumPy's too; None for what is none, and for True and False."""
    try:
        number = None if isinstance(value, bool) else index(value)
    except TypeError:
        return None
    return number if number is not None and least <= number <= most else None


def seconds(value: float, *, whole: bool = False) -> str:
    """``0.4 s``, ``12 s``, ``2 min 5 s``; with ``whole`` no tenths, for a clock that ticks."""
    if value < 9.95 and not whole:
        return say("text.seconds", seconds=f"{value:.1f}")
    rounded = round(value)
    if rounded < 120:
        return say("text.seconds", seconds=rounded)
    return say("text.minutes_seconds", minutes=rounded // 60, seconds=rounded % 60)


def span(low: float, high: float) -> str:
    """``20–25 s`` up to two minutes, minutes above, hours above two hours."""
    unit, key = next(
        (u, k) for u, k in ((3600, "hours"), (60, "minutes"), (1, "seconds")) if high >= 2 * u or u == 1
    )
    lowest, highest = f"{low / unit:.3g}", f"{high / unit:.3g}"
    return say(f"text.{key}", **{key: lowest if lowest == highest else f"{lowest}–{highest}"})


def amount(count: int) -> str:
    """Bytes: ``812 B``, ``5.1 MB``."""
    if count < 1000:
        return f"{count} B"
    value, unit = (count / 1e3, "KB") if count < 999_500 else (count / 1e6, "MB")
    return f"{value:.1f} {unit}" if value < 9.95 else f"{value:.0f} {unit}"


def money(cost: object, *, sandbox: bool) -> str:
    """What an edit, or several, cost: the sandbox is free and says so, else the cost in its own words."""
    return say("text.sandbox") if sandbox else str(cost)


def unplaced(words: str) -> str:
    """A sentence for a file that others get: of a path no more than the last name, of this home not that."""
    if "/" not in words and "\\" not in words:  # as in nearly all rows of a table
        return words
    with suppress(RuntimeError):  # no home
        words = re.sub(rf"{re.escape(str(Path.home()))}(?![\w/\\-])", "~", words)
    return _PLACE.sub(lambda found: _FOLDERS.sub("", found[0]), words)


def near(path: Path) -> str:
    """A path as short as it can be said: from the working directory where it lies below it."""
    folder = here()
    if folder is None:
        return str(path)
    full = path.resolve()
    return str(full.relative_to(folder)) if full.is_relative_to(folder) else str(full)


def here() -> Path | None:
    """The working directory; None where it was deleted or renamed under this process."""
    try:
        return Path.cwd()
    except FileNotFoundError:
        return None
