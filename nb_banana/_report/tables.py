"""The table of a comparison with what was scored: for spreadsheets, and for programs."""

from __future__ import annotations

import csv
import io
import json
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .._compare.table import columns, no_formula, rows
from .._strings import say
from ..errors import InvalidRequestError

if TYPE_CHECKING:
    from .._compare.outcomes import Outcomes
    from .facts import Report

MARK = "\ufeff"
"""Lets Excel read Chinese."""


def to_csv(report: Report) -> str:
    """One row per cell; what a spreadsheet would take for a formula has an apostrophe before it."""
    out = io.StringIO()
    writer = csv.DictWriter(out, [*columns(report.held), *report.figures])
    writer.writerow({name: no_formula(name) for name in writer.fieldnames})
    for at, row in enumerate(rows(report.held, report.records)):
        figures = {name: values[at] for name, values in report.figures.items()}
        writer.writerow({name: no_formula(value) for name, value in (row | figures).items()})
    return MARK + out.getvalue()


def parquet(came: Outcomes, target: Path) -> None:
    """The frame, with units and meanings in the file's metadata.

    Raises:
        InvalidRequestError: pyarrow is not installed.
    """
    arrow, write = writer_of_parquet()
    frame = came.to_dataframe()
    table = arrow.Table.from_pandas(_plain(frame), preserve_index=False)
    about = json.dumps(frame.attrs, ensure_ascii=False, default=str).encode()
    write(table.replace_schema_metadata({**(table.schema.metadata or {}), b"nb_banana": about}), target)


def writer_of_parquet() -> tuple[Any, Any]:
    """What makes such a table and what writes it, or the error that says what to install."""
    try:
        return import_module("pyarrow"), import_module("pyarrow.parquet").write_table
    except ImportError:
        hint = "pip install 'nb_banana[research]'"
        raise InvalidRequestError(say("report.no_pyarrow"), hint=hint) from None


def _plain(frame: Any) -> Any:
    """Columns of several kinds of values as text: a file's column has one."""
    mixed = {
        name: frame[name].map(lambda one: None if one is None or one != one else str(one))  # noqa: PLR0124
        for name in frame
        if frame[name].dtype == object and len({type(one) for one in frame[name].dropna()}) > 1
    }
    found = frame.assign(**mixed)
    found.attrs = {}
    return found
