"""One page for others: offline, searchable, light and dark, at most ten megabytes.

Rules of this file:

* Whatever people or models wrote is escaped, and the page may load nothing and send nothing.
* Without scripts everything stands there; they add the search, the large view and the other theme.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from .. import _text
from .._compare.power import FEW
from .._compare.table import brief, headline, standing_alone, told_axes
from .._images.data import ImageData
from .._result import EditResult
from .._strings import say
from ..errors import InvalidRequestError
from .markup import opening, said
from .methods import methods
from .pictures import Packed, packed

if TYPE_CHECKING:
    from .._compare.cells import Cell
    from .._compare.held import Outcome
    from .facts import Report

LIMIT: Final = 10_000_000
"""Bytes of the file."""
_SPARE: Final = 100_000
_STATIC: Final = Path(__file__).parent / "static"
_ROW_AXES: Final = ("image", "prompt", "phrase")


def page(report: Report) -> bytes:
    """The page.

    Raises:
        InvalidRequestError: its words alone are too long for one file.
    """
    pictures, figures = _pictures(report), list(_figures(report))
    words = _document(report, figures, Packed(dict.fromkeys(pictures, "")), 0)
    room = LIMIT - len(words.encode()) - _SPARE
    if room < 0:
        raise InvalidRequestError(
            say("report.too_long", cells=len(report.held)), hint=say("report.too_long_hint")
        )
    made = packed(pictures, room)
    left_out = len(pictures) - len(made.shown) - len(made.lost)
    return _document(report, figures, made, left_out).encode()


def _pictures(report: Report) -> dict[str, ImageData]:
    """What is to be seen, each once: the inputs first."""
    inputs = {f"i{one.sha256}": one for cell in report.held.cells for one in cell.source.images}
    results = {f"r{one.image.sha256}": one.image for one in report.held if isinstance(one, EditResult)}
    return inputs | results


def _document(report: Report, figures: Iterable[str], made: Packed, left_out: int) -> str:
    title = headline(report.held)
    warn = [say("report.sandbox")] if report.is_sandbox else []
    warn += [say("report.pictures_left_out", count=left_out)] if left_out else []
    return "\n".join([
        opening(title, (_STATIC / "page.css").read_text("utf-8"), scripts=True),
        f"<header><h1>{said(title)}</h1>", *(f'<p class="warn">{said(one)}</p>' for one in warn),
        f'<p class="tools"><label>{said(say("report.search"))} <input type="search" id="search"></label>'
        f' <output id="count" data-words="{said(say("report.shown"))}"></output>'
        f' <button type="button" id="theme">{said(say("report.theme"))}</button></p></header><main>',
        *figures, *_groups(report, made),
        f'<section><h2>{said(say("report.methods"))}</h2><p>{said(methods(report))}</p></section></main>',
        f'<dialog id="large" aria-label="{said(say("report.large"))}"><img alt=""><p></p>'
        f'<button type="button" autofocus>{said(say("report.close"))}</button></dialog>',
        f"<script>{(_STATIC / 'page.js').read_text('utf-8')}</script></body></html>",
    ])  # fmt: skip


# --- figures --------------------------------------------------------------------------------------


def _figures(report: Report) -> Iterable[str]:
    if report.question is None or not report.columns:
        return
    yield f"<section><h2>{said(say('report.figures'))}</h2>"
    for column in report.columns:
        found = report.summary(column)
        unit = report.unit_of(column)
        head = [report.question.by, say("report.mean"), say("report.interval"), say("report.units"),
                say("report.takes"), say("report.missing")]  # fmt: skip
        contrast = report.contrast(column)
        best = report.best(column, contrast)
        better = report.better(column)
        told = f" · {say(f'measures.{better}')}" if better else ""
        caption = column + (f" [{unit}]" if unit else "") + told
        names = "".join(f'<th scope="col">{said(one)}</th>' for one in head)
        yield f'<div class="wide"><table><caption>{said(caption)}</caption>'
        yield f"<thead><tr>{names}</tr></thead><tbody>"
        for row in found.rows:
            yield _figure_row(row, row[report.question.by], best)
        yield "</tbody></table></div>"
        sentences = [*found.sentences, *(contrast.sentences if contrast else ())]
        yield "<ul>" + "".join(f"<li>{said(one)}</li>" for one in dict.fromkeys(sentences)) + "</ul>"
    yield "</section>"


def _figure_row(row: Mapping[str, Any], name: Hashable, best: Hashable) -> str:
    interval = say("report.no_interval") if row["units"] < FEW else "–"  # all the same: none needed
    if row["low"] is not None and row["high"] is not None:
        interval = f"{_short(row['low'])} … {_short(row['high'])} ({row['interval']})"
    cells = [_short(row["mean"]), interval, row["units"], row["takes"], row["missing"]]
    strong = ' class="best"' if best is not None and best == name else ""
    return (
        f'<tr{strong}><th scope="row">{said(name)}</th>'
        + "".join(f"<td>{said(one)}</td>" for one in cells)
        + "</tr>"
    )


def _short(value: Any) -> str:
    return "–" if value is None else f"{value:.4g}"


# --- cells ----------------------------------------------------------------------------------------


def _groups(report: Report, made: Packed) -> Iterable[str]:
    """The cells by what was edited: a heading with input and prompt, and the results beside each other."""
    groups: dict[tuple[Any, ...], list[Cell]] = {}
    for cell in report.held.cells:
        key = (id(cell.source), *((cell[axis], cell.shown(axis)) for axis in _ROW_AXES), cell.turn)
        groups.setdefault(key, []).append(cell)
    inside = [axis for axis in told_axes(report.held) if axis not in (*_ROW_AXES, "turn")]
    seen: set[str] = set()
    for cells in groups.values():
        yield from _group(report, cells, inside, made, seen)


def _group(
    report: Report, cells: list[Cell], inside: list[str], made: Packed, seen: set[str]
) -> Iterable[str]:
    first = cells[0]
    name = f"{first.names['prompt']}: " if "prompt" in first.names else ""
    turn = (
        f" ({say('compare.axis_turn')} {first.turn})"
        if len(first.steps) > 1 or first.after is not None
        else ""
    )
    yield f'<section class="group"><h2>{said(name + first.prompt + turn)}</h2>'
    if first.source.images:
        yield _inputs(first, made.shown, seen)
    yield '<div class="tiles">'
    for cell in cells:
        yield _tile(report, cell, report.held[cell.index], inside, made)
    yield "</div></section>"


def _inputs(cell: Cell, shown: Mapping[str, str], seen: set[str]) -> str:
    """What a group was made from; a picture that stands above is shown once more by the page's script."""
    label = said(say("report.input", name=cell.image))
    parts = []
    for key in (f"i{one.sha256}" for one in cell.source.images):
        if key in seen:
            parts.append(f'<img data-same="{key}" alt="">')
        elif address := shown.get(key, ""):
            seen.add(key)
            image = f'<img id="{key}" loading="lazy" src="{address}" alt="{label}">'
            parts.append(f'<button type="button" class="see">{image}</button>')
    return f'<p class="input">{"".join(parts)} {label}</p>'


def _tile(report: Report, cell: Cell, outcome: Outcome, inside: list[str], made: Packed) -> str:
    asked = report.question.by if report.question is not None else ""
    own = [str(cell.columns[asked])] if cell.columns.get(asked) is not None else []
    where = " · ".join([*own, *(standing_alone(cell, axis) for axis in inside)]) or f"#{cell.index}"
    lines = [f"<h3>{said(where)}</h3>", *_seen(cell, outcome, where, made)]
    if isinstance(outcome, EditResult):
        lines.append(f'<p class="facts">#{cell.index} · {said(brief(outcome))}</p>')
        lines += [f'<p class="warn">{said(_text.unplaced(one))}</p>' for one in outcome.warnings]
    elif outcome is not None:
        why = f"{outcome.category}: {_text.unplaced(outcome.message)}"
        lines.append(f'<p class="reason">{said(why)}</p>')
    record = report.records.get(outcome.record_id or "") if outcome is not None else None
    if record is not None and (record.starred or record.note):
        lines.append(f"<p>{'★ ' if record.starred else ''}{said(record.note or '')}</p>")
    lines += _own(report, cell)
    return f"<article>{''.join(lines)}</article>"


def _seen(cell: Cell, outcome: Outcome, where: str, made: Packed) -> list[str]:
    if not isinstance(outcome, EditResult):
        word = say("compare.word_missing") if outcome is None else f"⊘ {outcome.category}"
        return [f'<p class="none">{said(word)}</p>']
    key = f"r{outcome.image.sha256}"
    address = made.shown.get(key)
    if address is None:
        why = "compare.word_unreadable" if key in made.lost else "report.no_room"
        return [f'<p class="none">{said(say(why))}</p>']
    alt = say("report.alt", prompt=_text.shortened(cell.prompt, 120), where=where)
    return [
        f'<button type="button" class="see"><img loading="lazy" src="{address}" alt="{said(alt)}"></button>'
    ]


def _own(report: Report, cell: Cell) -> list[str]:
    """A person's own columns, and the figures."""
    told = {**cell.columns, **{name: values[cell.index] for name, values in report.figures.items()}}
    told = {name: one for name, one in told.items() if one is not None}
    if not told:
        return []
    rows = "".join(
        f"<dt>{said(name)}</dt><dd>{said(_short(one) if isinstance(one, float) else one)}</dd>"
        for name, one in told.items()
    )
    return [f"<details><summary>{said(say('report.more'))}</summary><dl>{rows}</dl></details>"]
