"""A comparison in words: one line that sums it up, one row per cell."""

from __future__ import annotations

import csv
import io
import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

from .. import _text
from .._catalog.models import find_model
from .._catalog.sizes import pixels_of
from .._catalog.spending import Spending
from .._images.data import ImageData
from .._result import EditResult, notes
from .._strings import say
from ..errors import NanoBananaError
from .cells import AXES, Cell, varied

if TYPE_CHECKING:
    from .._history.book import History
    from .._history.record import Record
    from .held import Held, Outcome

UNITS: Final[dict[str, str]] = {
    "index": "", **dict.fromkeys(AXES, ""), "provider": "", "status": "", "replayed": "", "sandbox": "",
    "answered_by": "", "model_differs": "", "width": "pixels", "height": "pixels", "ratio_differs": "",
    "size_differs": "", "mime_type": "", "started": "UTC", "seconds": "s", "attempts": "", "cost": "currency",
    "currency": "", "input_tokens": "tokens", "output_tokens": "tokens", "finish_reason": "", "text": "",
    "category": "", "error": "", "hint": "", "may_be_billed": "", "earlier_maybe_paid": "", "warnings": "",
    "starred": "", "note": "", "sha256": "", "request_id": "", "record_id": "",
}  # fmt: skip
"""The columns that every frame has, each with its unit."""
COLUMNS: Final = tuple(UNITS)
KINDS: Final = {
    **dict.fromkeys(("seed", "width", "height", "attempts", "input_tokens", "output_tokens"), "Int64"),
    "earlier_maybe_paid": "Int64",
    **dict.fromkeys(("replayed", "sandbox", "may_be_billed", "starred"), "boolean"),
    **dict.fromkeys(("model_differs", "ratio_differs", "size_differs"), "boolean"),
}
"""The pandas types of columns that may be empty."""
_COMMON: Final = ("mask", "extra")
"""Settings that are no axis."""
_SLACK: Final = 0.03
"""Of a ratio: sizes are multiples of 16."""
_AREA: Final = 1.25
"""Times the pixels of a size: between ratios they differ by less, between sizes by four."""
_FORMULA: Final = tuple("=+-@＝＋－＠")
_SHOWN: Final = 40
_MOST_NOTES: Final = 40
_WIDEST: Final = 44


def columns(held: Held) -> tuple[str, ...]:
    """The names of the columns; an axis whose values a person named has one for these names as well, and so
    has a setting that was made.
    """
    named = {axis for cell in held.cells for axis in cell.names}
    made = {name for cell in held.cells for name in _COMMON if cell.settings.get(name) is not None}
    return (
        *COLUMNS,
        *(f"{axis}_name" for axis in AXES if axis in named),
        *(name for name in _COMMON if name in made),
        *dict.fromkeys(name for cell in held.cells for name in cell.columns),
    )


def meanings() -> dict[str, str]:
    """What each column says, in a sentence."""
    return {name: say(f"columns.{name}") for name in COLUMNS}


def records_of(history: History, held: Held) -> dict[str, Record]:
    """The records of all results and failures, by id, in a few questions."""
    ids = {one.record_id for one in held if one is not None and one.record_id}
    numbers = [history.shelf.number(id) for id in ids]
    return {record.id: record for shelf in history.shelf.both() for record in shelf.records(numbers)}


def rows(
    held: Held, records: Mapping[str, Record] = MappingProxyType({}), *, look: bool = True
) -> Iterator[dict[str, Any]]:
    """Every cell as plain values, one key per column; ``records`` tell what outcomes don't.

    Without ``look`` no picture is decoded for what a glance at it would warn of.
    """
    known = columns(held)
    for cell in held.cells:
        provider, wire = held.spoken.get(cell.index, (None, cell.wire))
        outcome = held[cell.index]
        record = records.get(outcome.record_id or "") if outcome is not None else None
        facts: dict[str, Any] = {
            "index": cell.index,
            **{axis: cell[axis] for axis in AXES},
            **{name: _setting(cell, name) for name in _COMMON if name in known},
            "wire": wire,
            "provider": provider,
            **{f"{axis}_name": name for axis, name in cell.names.items()},
            **cell.columns,
            "status": held.status(cell),
            "earlier_maybe_paid": None if held.before is None else held.before.get(cell.index, 0),
            **_facts(outcome, look=look),
            **_recorded(record),
        }
        yield dict.fromkeys(known) | facts


def _recorded(record: Record | None) -> dict[str, Any]:
    if record is None:
        return {}
    started = record.timestamp.astimezone(UTC)
    return {"started": started, "starred": record.starred, "note": record.note or None}


def _setting(cell: Cell, name: str) -> Any:
    """A setting in a table: a mask picture by its hash, fields as JSON."""
    value = cell.settings.get(name)
    if isinstance(value, ImageData):
        return value.sha256
    return value if name == "seed" or value is None else json.dumps(value, ensure_ascii=False)


def _facts(outcome: Outcome, *, look: bool) -> dict[str, Any]:
    if isinstance(outcome, EditResult):
        amount, (width, height) = outcome.cost.amount, outcome.image.shown_size
        return {
            "replayed": outcome.replayed,
            "sandbox": outcome.sandbox,
            "answered_by": outcome.model,
            **_differences(outcome),
            "width": width,
            "height": height,
            "mime_type": outcome.image.mime_type,
            "seconds": round(outcome.elapsed, 3),
            "cost": None if amount is None else float(amount),
            "currency": outcome.cost.currency,
            "attempts": outcome.attempts,
            "input_tokens": outcome.usage.input_tokens if outcome.usage else None,
            "output_tokens": outcome.usage.output_tokens if outcome.usage else None,
            "finish_reason": outcome.finish_reason,
            "text": outcome.text or None,
            "warnings": _text.unplaced("\n".join(outcome.warnings if look else outcome.told)),
            "request_id": outcome.request_id,
            "sha256": outcome.image.sha256,
            "record_id": outcome.record_id,
        }
    if isinstance(outcome, NanoBananaError):
        return {
            "category": outcome.category,
            "error": _text.unplaced(outcome.message),
            "hint": _text.unplaced(outcome.hint) or None,
            "may_be_billed": outcome.may_be_billed,
            "attempts": outcome.attempts,
            "finish_reason": outcome.finish_reason,
            "text": outcome.text or None,
            "request_id": outcome.request_id,
            "record_id": outcome.record_id,
        }
    return {}


def _differences(result: EditResult) -> dict[str, bool | None]:
    """Where the answer is not what was asked; None where nothing was asked or nobody can tell."""
    asked, (width, height) = result.request, result.image.shown_size
    info = find_model(result.model).info if result.model else None
    meant = find_model(asked.model).info if asked.model else None
    across, _, down = (asked.aspect_ratio or "").partition(":")
    wanted = int(across) / int(down) if across.isdigit() and down.isdigit() and int(down) else None
    expected = pixels_of(asked.image_size) if asked.image_size else None
    if asked.image_size and expected is None and info is not None and asked.image_size in info.image_sizes:
        expected = info.pixels(asked.aspect_ratio or info.nearest_ratio(width, height), asked.image_size)
    area = None if expected is None else width * height / (expected[0] * expected[1])
    return {
        "model_differs": None if meant is None or info is None else meant is not info,
        "ratio_differs": None if wanted is None else abs(width / height / wanted - 1) > _SLACK,
        "size_differs": None if area is None else not 1 / _AREA < area < _AREA,
    }


def columns_csv() -> str:
    """What each column of the table says, and its unit, as CSV."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(("column", "unit", "meaning"))
    writer.writerows((name, UNITS[name], meaning) for name, meaning in meanings().items())
    return out.getvalue()


def no_formula(value: Any) -> Any:
    """Numbers stay; text that begins like a formula, after blanks and line ends too, does not."""
    begins = isinstance(value, str) and value.lstrip("\0\t\r\n \ufeff\u00a0")[:1] in _FORMULA
    return f"'{value}" if begins and value.strip() else value


def headline(held: Held) -> str:
    """One line: how many cells, how they fared, what they were made for.

    A run that replays them says the same as the one that made them: a notebook run again is saved alike.
    """
    counts = Counter(held.status(cell) for cell in held.cells)
    parts = [say("compare.cells", count=len(held))]
    parts += [
        say(f"compare.count_{word}", count=counts[word])
        for word in ("done", "failed", "impossible", "missing")
        if counts[word]
    ]
    # Cells that ask for the same thing share one result, which was paid once.
    results = {id(one): one for one in held.results}.values()
    paid = [one.cost for one in results if not one.sandbox]
    parts += [say("pages.made_for", cost=Spending.of(paid))] if paid else []
    parts += [say("compare.maybe_billed", count=held.maybe_billed)] if held.maybe_billed else []
    parts += [say("compare.sandbox")] if any(one.sandbox for one in results) else []
    return " · ".join(parts)


def text(held: Held, cells: Sequence[Cell] | None = None) -> str:
    """The headline, a table of the axes that vary with each cell's outcome; reasons, warnings, models' words.

    It holds no measured time, so that a notebook run again says the same; the frame has the times. It tells
    of ``cells`` alone, where these are given, as those of one sheet; else of the first.
    """
    axes, own = told_axes(held), own_told(held)
    shown = held.cells[:_SHOWN] if cells is None else cells
    head = ["#", *(say(f"compare.axis_{axis}") for axis in axes), *own, ""]
    table = [head] + [
        [
            str(cell.index), *(_told(held, cell, axis) for axis in axes),
            *(_text.shortened(str(cell.columns.get(name, "")), _WIDEST) for name in own),
            in_words(held[cell.index]),
        ]
        for cell in shown
    ]  # fmt: skip
    lines = [headline(held), *_text.aligned(table)]
    if len(shown) < len(held):
        lines.append(say("compare.more", count=len(held) - len(shown)))
    places = {cell.index for cell in shown}
    told = enumerate(held) if cells is None else ((at, held[at]) for at in sorted(places))
    said = notes({f"#{at}": _glanced(one, at in places) for at, one in told if one is not None}, len(held))
    lines += said[:_MOST_NOTES]
    if len(said) > _MOST_NOTES:
        lines.append(say("compare.more_notes", count=len(said) - _MOST_NOTES))
    if held.stopped is not None:
        lines.append(say("compare.stopped_short", reason=held.stopped.message))
    return _text.plain("\n".join(lines))


def own_told(held: Held) -> list[str]:
    """The columns of one's own by which cells differ that no axis tells apart."""
    axes = [axis for axis in AXES if axis in set(varied(held.cells))]
    seen = {tuple(cell.shown(axis) for axis in axes) for cell in held.cells}
    if len(seen) == len(held.cells):
        return []
    names = dict.fromkeys(name for cell in held.cells for name in cell.columns)
    return [name for name in names if len({str(cell.columns.get(name)) for cell in held.cells}) > 1]


def told_axes(held: Held) -> list[str]:
    """The axes that vary, and the wire where the models go over several."""
    found = set(varied(held.cells))
    if len({wire for _, wire in held.spoken.values()}) > 1:
        found.add("wire")
    return [axis for axis in AXES if axis in found] or ["prompt"]


def _told(held: Held, cell: Cell, axis: str) -> str:
    """A coordinate; of the wire the one that is really spoken, unless a person has a name for it."""
    spoken = held.spoken.get(cell.index)
    if spoken is None or axis != "wire" or axis in cell.names:
        return coordinate(cell, axis)
    return spoken[1] or coordinate(cell, axis)


def _glanced(outcome: EditResult | NanoBananaError, listed: bool) -> EditResult | NanoBananaError:
    """Pictures are looked at as far as cells are listed: a thousand of them would take minutes to read."""
    if listed or isinstance(outcome, NanoBananaError):
        return outcome
    return outcome.changed(images=())


def coordinate(cell: Cell, axis: str) -> str:
    """One coordinate for people; None is what the model or the session does by default."""
    value = cell.shown(axis)
    return say("compare.default") if value is None else _text.shortened(str(value), _WIDEST)


def standing_alone(cell: Cell, axis: str) -> str:
    """A coordinate where no heading names its axis: a bare number would say nothing."""
    value = coordinate(cell, axis)
    return f"{say(f'compare.axis_{axis}')} {value}" if axis in ("take", "turn", "seed") else value


def in_words(outcome: Outcome) -> str:
    """What came of a cell, shortly."""
    if outcome is None:
        return say("compare.word_missing")
    if isinstance(outcome, NanoBananaError):
        return f"⊘ {outcome.category}"
    return brief(outcome)


def brief(result: EditResult) -> str:
    """Size and what it was made for, then or now: ``1376×768 · $0.04``."""
    width, height = result.image.shown_size
    size = say("images.size", width=width, height=height)
    return f"{size} · {_text.money(result.cost, sandbox=result.sandbox)}"
