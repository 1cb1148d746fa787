"""Tables for a paper: booktabs, ± or the interval itself, bold only where it is significant."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

from .._strings import say
from ..errors import InvalidRequestError
from .methods import methods

if TYPE_CHECKING:
    from .facts import Report

_SPECIAL: Final = {
    "\\": r"\textbackslash{}", "{": r"\{", "}": r"\}", "$": r"\$", "&": r"\&", "#": r"\#", "%": r"\%",
    "_": r"\_", "~": r"\textasciitilde{}", "^": r"\textasciicircum{}", "<": r"\textless{}",
    ">": r"\textgreater{}", "|": r"\textbar{}", "±": r"\(\pm\)", "Δ": r"\(\Delta\)", "×": r"\(\times\)",
    "–": "--", "—": "---", "…": r"\ldots{}", "“": "``", "”": "''", "≥": r"\(\geq\)", "≤": r"\(\leq\)",
    "√": r"\(\surd\)", "·": r"\(\cdot\)", "²": r"\textsuperscript{2}", "→": r"\(\to\)", "−": r"\(-\)",
    "≈": r"\(\approx\)", "∞": r"\(\infty\)", "¥": r"\textyen{}", "←": r"\(\leftarrow\)",
    "↑": r"\(\uparrow\)", "↓": r"\(\downarrow\)",
}  # fmt: skip
_SYMMETRIC: Final = 0.02
"""Of an interval's width: so far from the middle its mean may lie and still be written with ±."""
_WIDE: Final = 4
"""Columns of figures beside each other in one table."""


def latex(report: Report) -> str:
    """A document's part: the tables, with what they mean under them.

    Raises:
        InvalidRequestError: the plan compares nothing, or there is no figure.
    """
    if report.question is None or not report.columns:
        raise InvalidRequestError(say("report.no_table"), hint=say("report.no_table_hint"))
    parts = [f"% {line}" for line in say("report.tex_head").splitlines()]
    for at in range(0, len(report.columns), _WIDE):
        parts.append(_table(report, report.columns[at : at + _WIDE]))
    return "\n".join(
        [*parts, "", r"\paragraph{" + escaped(say("report.methods")) + "}", escaped(methods(report)), ""]
    )


def escaped(words: object) -> str:
    """Words as LaTeX reads them; other scripts stay, for engines that know them."""
    plain = " ".join(str(words).split())
    return "".join(_SPECIAL.get(one, one) for one in plain if one.isprintable())


def _table(report: Report, columns: tuple[str, ...]) -> str:
    assert report.question is not None
    found = {column: report.summary(column).rows for column in columns}
    best = {column: report.best(column, report.contrast(column)) for column in columns}
    by = report.question.by
    head = [escaped(by), *(_head(report, column) for column in columns)]
    lines = []
    for at, row in enumerate(found[columns[0]]):
        cells = [
            _figure(found[column][at], bold=best[column] is not None and best[column] == row[by])
            for column in columns
        ]
        lines.append(_row([escaped(row[by]), *cells]))
    return "\n".join([
        r"\begin{table}", r"\centering", r"\begin{tabular}{l" + "r" * len(columns) + "}", r"\toprule",
        _row(head), r"\midrule", *lines, r"\bottomrule", r"\end{tabular}",
        r"\caption{" + _caption(report, found) + "}", r"\end{table}",
    ])  # fmt: skip


def _row(cells: Sequence[str]) -> str:
    """A row of a table. What stands before it would take a ``[`` or ``*`` at its beginning for its own."""
    row = " & ".join(cells)
    return ("{}" if row.startswith(("[", "*")) else "") + row + r" \\"


def _head(report: Report, column: str) -> str:
    arrow = {"higher": r" \(\uparrow\)", "lower": r" \(\downarrow\)"}.get(report.better(column), "")
    unit = report.unit_of(column)
    return escaped(column) + (f" [{escaped(unit)}]" if unit else "") + arrow


def _figure(row: Mapping[str, Any], *, bold: bool) -> str:
    value, low, high = row["mean"], row["low"], row["high"]
    if value is None:
        return "--"
    if low is None or high is None:
        told = _number(value, value)
    else:
        half = (high - low) / 2
        if abs((high + low) / 2 - value) <= _SYMMETRIC * (high - low):
            told = rf"{_number(value, half)} \pm {_number(half, half)}"
        else:
            told = rf"{_number(value, half)}\ [{_number(low, half)},\ {_number(high, half)}]"
    return rf"\(\mathbf{{{told}}}\)" if bold else rf"\({told}\)"


def _number(value: float, scale: float) -> str:
    """With two digits of the uncertainty."""
    if value in (float("inf"), float("-inf")):
        return r"\infty" if value > 0 else r"-\infty"
    size = abs(scale)
    if not size:
        return f"{value:.3g}"
    digits = max(0, min(6, 1 - _exponent(size)))
    return f"{value:.{digits}f}"


def _exponent(value: float) -> int:
    return int(f"{value:e}".split("e")[1])


def _counts(rows: Sequence[Mapping[str, Any]]) -> tuple[str, int]:
    """How many units the figures of a column are from, and how many cells have none."""
    units = sorted({row["units"] for row in rows})
    told = str(units[0]) if len(units) == 1 else f"{units[0]}–{units[-1]}"
    return told, sum(row["missing"] for row in rows)


def _caption(report: Report, found: Mapping[str, Any]) -> str:
    counts = {column: _counts(rows) for column, rows in found.items()}
    if len(set(counts.values())) == 1:
        units, missing = next(iter(counts.values()))
        parts = [say("report.caption_all", units=units, missing=missing)]
    else:
        parts = [
            say("report.caption_column", column=column, units=units, missing=missing)
            for column, (units, missing) in counts.items()
        ]
    parts += [one for column in found for one in report.infinite(column)]
    parts.append(say("report.caption"))
    parts += [say("report.sandbox")] if report.is_sandbox else []
    return escaped(" ".join(parts))
