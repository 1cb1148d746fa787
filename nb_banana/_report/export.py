"""Which file a name asks for, and what writes it."""

from __future__ import annotations

import difflib
import os
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

from .._compare import exchange
from .._history.exchange import whole
from .._images.saving import path_of
from .._strings import quoted, say
from ..errors import InvalidRequestError
from .facts import Report
from .folder import folder
from .latex import latex
from .methods import methods
from .page import page
from .sheets import pdf, png
from .tables import parquet, to_csv

if TYPE_CHECKING:
    from .._compare.outcomes import Outcomes
    from .._compare.question import Question

Write = Callable[["Outcomes", Report, Path], None]


def _zip(came: Outcomes, report: Report, path: Path) -> None:
    words = {"table.csv": to_csv(report), "methods.txt": methods(report) + "\n"}
    exchange.export(report.held, came.session.history, path, words, came._scored)


def _bytes(make: Callable[[Report], bytes]) -> Write:
    def write(_: Outcomes, report: Report, path: Path) -> None:
        path.write_bytes(make(report))

    return write


def _words(make: Callable[[Report], str]) -> Write:
    return _bytes(lambda report: make(report).encode())


KINDS: Final[Mapping[str, Write]] = {
    ".html": _bytes(page),
    ".png": _bytes(png),
    ".pdf": _bytes(pdf),
    ".csv": _words(to_csv),
    ".parquet": lambda came, _, path: parquet(came, path),
    ".tex": _words(latex),
    ".zip": _zip,
}
"""What is written, by the name's end."""


def export(
    came: Outcomes, path: str | os.PathLike[str], question: Question | None = None,
    columns: Sequence[str] | None = None,
) -> Path:  # fmt: skip
    """Write a comparison as the name's end says; a name that ends in ``/`` is a folder.

    Raises:
        InvalidRequestError: nobody writes such a file, or it can't be written.
    """
    target = path_of(path)
    if isinstance(columns, str):
        columns = (columns,)
    if os.fspath(path).endswith(("/", os.sep)) or os.path.isdir(target):  # noqa: PTH112 - is_dir raises for too long a name
        return _folder(Report.of(came, question, columns), target)
    suffix = target.suffix.lower() or ".zip"
    if suffix not in KINDS:
        raise _unknown(target)
    report = Report.of(came, question, columns)
    named = target if target.suffix else target.with_suffix(".zip")
    return whole(named, lambda part: KINDS[suffix](came, report, part))


def _folder(report: Report, target: Path) -> Path:
    try:
        folder(report, target)
    except OSError as problem:
        raise InvalidRequestError(say("report.unwritable", path=target, reason=problem.strerror)) from problem
    return target


def _unknown(target: Path) -> InvalidRequestError:
    near = difflib.get_close_matches(target.suffix.lower(), KINDS, 1) or [".html"]
    return InvalidRequestError(
        say("report.bad_suffix", suffix=quoted(target.suffix), kinds=", ".join(KINDS)),
        hint=say("report.bad_suffix_hint", suggestion=target.with_suffix(near[0]).name),
    )


def telling(came: Outcomes, question: Question) -> tuple[str, ...]:
    """The columns of which one end is better, and what was paid and waited."""
    return Report.of(came, question).columns


def methods_of(came: Outcomes, question: Question | None = None, columns: Sequence[str] | None = None) -> str:
    """The paragraph about methods."""
    return methods(Report.of(came, question, columns))
