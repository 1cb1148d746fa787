"""Many pairs at once: each figure is found once, kept, and where there is none the reason stands."""

from __future__ import annotations

import math
import warnings
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import Any, Final

from .. import _plugins
from .._history.shelf import FILE
from .._images.data import ImageData
from .._strings import quoted, say
from .._text import whole
from ..errors import InvalidRequestError, NanoBananaError
from . import figures, learned, reading
from .kept import Kept, key_of
from .pairs import Measure, Number, Pair, Unmeasured

Row = dict[str, Number]
DEFAULT: Final = (
    figures.asked, figures.changed, figures.alignment, figures.drift, figures.color,
    figures.psnr(), figures.ssim(), figures.l1(),
)  # fmt: skip
NAMED: Final[Mapping[str, Any]] = {
    name: getattr(figures, name) for name in figures.__all__ if name != "known"
} | {"text": reading.text, "lpips": learned.lpips}


@dataclass(frozen=True)
class Scores:
    """The figures of many pairs: a row each, a column each; a missing figure is None, with its reason.

    Attributes:
        rows: column → figure, in the order of the pairs.
        reasons: column → why it is missing, in the same order.
        measures: what was measured.
        found_before: how many figures were not computed but kept from before.
    """

    rows: tuple[Row, ...]
    reasons: tuple[dict[str, str], ...]
    measures: tuple[Measure, ...]
    found_before: int = 0

    @property
    def columns(self) -> tuple[str, ...]:
        """The names of all columns, in the order of the measures."""
        return tuple(dict.fromkeys(column for row in self.rows for column in row))

    def to_dataframe(self) -> Any:
        """A pandas DataFrame; units, directions and conventions are in its ``attrs``. Needs ``research``."""
        frame = import_module("pandas").DataFrame(list(self.rows), columns=list(self.columns))
        frame.attrs = {
            "unit": {one.name: one.unit for one in self.measures},
            "better": {one.name: one.better for one in self.measures},
            "convention": {one.name: one.convention for one in self.measures},
            "version": {one.name: one.version for one in self.measures},
        }
        return frame

    def __len__(self) -> int:
        return len(self.rows)

    def __getitem__(self, index: int) -> Row:
        return self.rows[index]

    def __iter__(self) -> Iterator[Row]:
        return iter(self.rows)

    def __repr__(self) -> str:
        missing = [(column, reason) for one in self.reasons for column, reason in one.items()]
        lines = [say("measures.title", pairs=len(self.rows), columns=len(self.columns), missing=len(missing))]
        if len(self.rows) == 1:
            lines += [
                f"  {name}: {_shown(value)}" for name, value in self.rows[0].items() if value is not None
            ]
        for column, reason in dict.fromkeys(missing):
            facts = {"column": column, "pairs": len(self.rows), "reason": reason}
            lines.append("  " + say("measures.missing", count=missing.count((column, reason)), **facts))
        return "\n".join(lines[:40])


def _shown(value: Number) -> str:
    return f"{value:.4g}" if isinstance(value, float) else str(value)


def score(
    pairs: Iterable[Any],
    measures: Iterable[Any] | None = None,
    workers: int = 2,
    folder: Path | str | None = None,
) -> Scores:
    """Measure many pairs, several at once; what was measured before is taken from the history's folder.

    Args:
        pairs: results, ``(before, after)`` or ``(before, after, mask)``; an error in place of a result has a
            row without figures.
        measures: of ``nb.measures``, by name, or functions of a result; None is the default ones.
        workers: threads. The arithmetic lets them run side by side, and nothing need be sent to a process.
        folder: where figures are kept; None is the folder of the history the results are stored in.

    Raises:
        InvalidRequestError: an argument is bad, or a measure can't be had at all.
    """
    threads_at_once = whole(workers, 1, 64)
    if threads_at_once is None:
        raise InvalidRequestError(say("measures.bad_workers", value=repr(workers)[:40]))
    chosen = measures_of(measures)
    made = [one if isinstance(one, NanoBananaError) else Pair.of(one) for one in pairs]
    kept = Kept(Path(folder) if folder is not None else _folder(made))
    keys = [{} if isinstance(pair, NanoBananaError) else _keys(pair, chosen) for pair in made]
    known = kept.get(key for each in keys for key in each.values())
    rows, reasons, found = [], [], 0
    with ThreadPoolExecutor(threads_at_once) as threads:
        before = ({name: known[key] for name, key in each.items() if key in known} for each in keys)
        done = threads.map(partial(_measured, chosen), made, before)
        for pair_keys, (row, missing, new) in zip(keys, done, strict=True):
            rows.append(row)
            reasons.append(missing)
            found += sum(key in known for key in pair_keys.values())
            kept.put({pair_keys[name]: value for name, value in new.items() if name in pair_keys})
    if kept.trouble:
        warnings.warn(kept.trouble, stacklevel=2)
    every = tuple(dict.fromkeys(column for row in rows for column in row))
    return Scores(tuple(dict.fromkeys(every) | row for row in rows), tuple(reasons), chosen, found)


def of(given: Any, *measures: Any) -> Scores:
    """The figures of one result, or of each step of a chain against what it was made of.

    A chain has, beside these, how far each step has drifted from its first picture.
    """
    if not isinstance(getattr(given, "results", None), tuple):
        return score([given], measures or None, workers=1)
    steps = score(given.results, measures or None)
    far = score([(given.start, result.image) for result in given.results], [figures.drift])
    rows = tuple(
        {"step": number, **row, **{f"{name}_from_start": value for name, value in more.items()}}
        for number, (row, more) in enumerate(zip(steps.rows, far.rows, strict=True), 1)
    )
    return Scores(rows, steps.reasons, steps.measures, steps.found_before + far.found_before)


def usual(name: str) -> Measure | None:
    """The measure of this name among those that need no package and no choice; None where it is none."""
    return next((one for one in (*DEFAULT, *figures.outside()) if one.name == name), None)


def measures_of(given: Iterable[Any] | None) -> tuple[Measure, ...]:
    """What was given as measures.

    Raises:
        InvalidRequestError: one is none, two have a name, or its package is not there.
    """
    one_alone = isinstance(given, (str, Measure)) or callable(given)
    several: Any = [given] if one_alone else given
    chosen = DEFAULT if given is None else tuple(map(_measure, several))
    names = [one.name for one in chosen]
    for name in names:
        if names.count(name) > 1:
            raise InvalidRequestError(say("measures.two_columns", name=name))
    if "text" in names:
        reading.ready()
    return chosen


def _measure(given: Any) -> Measure:
    found: Any = NAMED.get(given) if isinstance(given, str) else given
    if not isinstance(found, Measure) and any(found is one for one in NAMED.values()):
        found = found()  # with its usual convention
    if found is None and isinstance(given, str):
        return _added(given)
    if isinstance(found, Measure):
        return found
    if not callable(found):
        raise InvalidRequestError(say("measures.bad_measure", value=repr(given)[:80]))
    return _own_measure(found, getattr(found, "__name__", type(found).__name__))


def _added(name: str) -> Measure:
    """The measure that another package adds; its column has the name it is asked for by.

    Raises:
        InvalidRequestError: there is none, or it can't be used.
    """
    loaded = _plugins.load("measure", name)
    if loaded is None:
        hint = say("measures.known", names=", ".join(_plugins.names("measure", NAMED)))
        raise InvalidRequestError(say("measures.bad_measure", value=repr(name)[:80]), hint=hint)
    if isinstance(loaded.given, Measure):
        return replace(loaded.given, name=name)
    if not callable(loaded.given) or isinstance(loaded.given, type):
        raise loaded.plugin.refused(say("plugins.no_measure"))
    try:
        return _own_measure(loaded.given, name)
    except InvalidRequestError as error:
        raise loaded.plugin.refused(error.message) from None


def _own_measure(found: Callable[[Any], Any], name: str) -> Measure:
    """A function of one's own as a measure; what it says of itself stands on it."""
    version = getattr(found, "version", None)
    home = f"{getattr(found, '__module__', '')}.{getattr(found, '__qualname__', name)}"
    better: Any = getattr(found, "better", "")
    if better not in ("higher", "lower", ""):
        raise InvalidRequestError(say("measures.bad_better", name=name, value=quoted(better)))
    return Measure(
        name, "about_own", _own_work(found), version=version or 0, unit=str(getattr(found, "unit", "")),
        better=better, kept=version is not None, also=lambda _: home,
    )  # fmt: skip


def _own_work(function: Callable[[Any], Any]) -> Callable[[Pair], Any]:
    return lambda pair: function(pair.result or pair)


def _keys(pair: Pair, measures: Sequence[Measure]) -> dict[str, str]:
    found = {}
    for one in measures:
        if one.kept:
            with suppress(Unmeasured):
                found[one.name] = key_of((*pair.hashes, one.also(pair)), one.name, one.version)
    return found


def _measured(
    measures: Sequence[Measure], pair: Pair | NanoBananaError, known: Mapping[str, Any]
) -> tuple[Row, dict[str, str], dict[str, Any]]:
    """The row of a pair, why figures are missing, and the new ones by measure. Its pixels are let go then."""
    row: Row = {}
    missing: dict[str, str] = {}
    new: dict[str, Any] = {}
    if isinstance(pair, NanoBananaError):
        return row, {one.name: pair.message for one in measures}, new
    for one in measures:
        if one.name in known:
            found, gone = known[one.name]["found"], known[one.name]["missing"]
        else:
            found, gone, sure = _figure(one, pair)
            if sure:
                new[one.name] = {"found": found, "missing": gone}
        row |= found
        missing |= gone
    for name in ("opened", "small", "changes", "region", "_fitted"):
        pair.__dict__.pop(name, None)
    return row, missing, new


def _figure(measure: Measure, pair: Pair) -> tuple[Row, dict[str, str], bool]:
    """Columns, reasons, and whether it would be the same again."""
    try:
        found = measure.work(pair)
    except Unmeasured as reason:
        return {measure.name: None}, {measure.name: str(reason)}, False
    except NanoBananaError as error:
        return {measure.name: None}, {measure.name: error.message}, False
    except Exception as reason:  # noqa: BLE001 - a function of one's own, or a foreign library: its row goes without
        return {measure.name: None}, {measure.name: f"{type(reason).__name__}: {reason}"[:300]}, False
    several = found if isinstance(found, Mapping) else {measure.name: found}
    row = {str(key): _plain(value) for key, value in several.items()}
    gone = {}
    for name, value in row.items():
        if isinstance(value, _Odd) or (isinstance(value, float) and math.isnan(value)):
            gone[name] = say("measures.no_number", value=str(value)[:80])
            row[name] = None
    if row.get("text_drawn") == "nothing":
        gone["text_cer"] = say("measures.nothing_found")
    return row, gone, True


class _Odd(str):
    """What a function gave that is no figure."""

    __slots__ = ()


def _plain(value: Any) -> Number:
    """A figure as Python has it; NumPy's are made so."""
    if value is None or isinstance(value, (bool, int, float, str)):
        return value
    if getattr(value, "shape", None) == () and isinstance(made := value.item(), (bool, int, float, str)):
        return made
    return _Odd(repr(value)[:80])


def _folder(pairs: Sequence[Pair | NanoBananaError]) -> Path | None:
    """The folder of the history a result is stored in."""
    for pair in pairs:
        if isinstance(pair, Pair) and isinstance(pair.after, ImageData) and (path := pair.after.path):
            home = path.parent.parent
            if path.parent.name == "images" and (home / FILE).is_file():
                return home
    return None


__all__ = ["DEFAULT", "Scores", "measures_of", "of", "score", "usual"]
