"""What there is to ask of a comparison: a question per result, or per pair of results and order, and pass."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING, Any, Final

from .._compare.cells import AXES, Cell, varied
from .._compare.question import reader
from .._history.judgements import core_of
from .._history.record import newer
from .._images import pixels
from .._images.data import ImageData
from .._images.lately import Lately
from .._messages import EditRequest, Question
from .._result import EditResult
from .._strings import quoted, say
from ..errors import InvalidImageError, InvalidRequestError
from .protocol import Ask

if TYPE_CHECKING:
    from .._compare.held import Held
    from .judge import Judge

PAIRED: Final = tuple(axis for axis in AXES if axis not in ("image", "prompt", "phrase", "turn", "take"))
"""The axes along which two results may be compared: both were told the same of the same picture."""
ALONE: Final = ("phrase", *PAIRED)
"""Those that may tell apart what was said of results one by one."""


def compared(cells: Sequence[Cell], axes: Sequence[str] = PAIRED) -> str:
    """The axis a plan compares, of these: models where they vary, else the first that does."""
    found = [axis for axis in varied(cells) if axis in axes]
    return "model" if "model" in found or not found else found[0]


@dataclass(frozen=True, slots=True)
class Item:
    """One question to be asked.

    Attributes:
        cells: the places of the results it is about, one or two, in the order they are shown.
        ask: what of the protocol it is.
        prompt: its words, filled in.
        pictures: what is shown, in order, as it lies in the history.
        of: the records of the results.
        number: which pass, from 1.
        values: of a pair: the values of the axis it is about, in the order they are shown.
    """

    cells: tuple[int, ...]
    ask: Ask
    prompt: str
    pictures: tuple[ImageData, ...]
    of: tuple[str, ...]
    number: int
    values: tuple[str, ...] = ()

    @property
    def swapped(self) -> bool:
        """Whether a pair is shown in the second of its orders."""
        return self.cells != tuple(sorted(self.cells))

    def same(self, judge: Judge) -> dict[str, Any]:
        """What decides whether two questions are the same."""
        return {
            "prompt_sha256": hashlib.sha256(self.prompt.encode()).hexdigest(), "model": judge.model,
            "pictures": [one.sha256 for one in self.pictures], "longest_edge": judge.longest_edge,
            "temperature": judge.temperature, "seed": judge.seed,
        }  # fmt: skip

    def facts(self, judge: Judge, at: Any) -> dict[str, Any]:
        """What the history keeps of it beside the record, asked ``at`` an address."""
        rules = judge.rules
        return self.same(judge) | {
            "of": list(self.of), "protocol": rules.name, "protocol_version": rules.version,
            "protocol_sha256": rules.sha256, "protocol_source": rules.source, "ask": self.ask.name,
            "values": list(self.values), "at": at,
        }  # fmt: skip

    def name(self, judge: Judge) -> tuple[str, int]:
        """What names the question whoever answers it, and the pass."""
        return core_of(self.same(judge)), self.number

    def older_name(self, judge: Judge) -> tuple[str, int]:
        """What named it while a temperature of 0.0 made another question than 0: it may be answered so."""
        warm = judge.temperature
        exact = self.same(judge) | {"temperature": None if warm is None else float(warm)}
        return core_of(exact), self.number

    def question(self, judge: Judge) -> Question:
        """The question as it is sent, its pictures scaled to the judge's edge; to be called in a thread."""
        shown = tuple(scaled(one, judge.longest_edge) for one in self.pictures)
        seed = None if judge.seed is None else judge.seed + self.number - 1
        return Question(self.prompt, shown, model=judge.model, seed=seed, temperature=judge.temperature)


def items_of(held: Held, judge: Judge, by: str | None) -> tuple[tuple[Item, ...], tuple[int, ...]]:
    """Every question, in plan order; and the places of the results that can't be judged so.

    Raises:
        InvalidRequestError: pairs can't be made along ``by``, or a prompt for a cell is missing.
    """
    rules = judge.rules
    results = {cell.index: one for cell in held.cells if isinstance(one := held[cell.index], EditResult)}
    needs_input = any("before" in ask.pictures for ask in rules.asks)
    cells, pair = {cell.index: cell for cell in held.cells}, rules.kind == "pair"
    able = {at: one for at, one in results.items() if _before(cells[at], one, pair) or not needs_input}
    found: list[Item] = []
    if pair:
        by = by or compared(held.cells)
        of = _compared_by(held.cells, by)
        for places in _pairs(able, [cells[at] for at in able], by, of):
            for both in (places, places[::-1]):
                values = tuple(str(of(cells[at])) for at in both)
                found += _asked(judge, [cells[at] for at in both], [able[at] for at in both], values)
    else:
        for at, one in able.items():
            found += _asked(judge, [cells[at]], [one], ())
    return tuple(found), tuple(results.keys() - able.keys())


def _compared_by(cells: Sequence[Cell], by: str) -> Callable[[Cell], Hashable]:
    """What tells a cell's value of ``by``, an axis or a column of one's own."""
    own = {name for cell in cells for name in cell.columns}.difference(AXES)
    if by not in (*PAIRED, *own):
        known = ", ".join((*PAIRED, *sorted(own)))
        raise InvalidRequestError(say("judge.bad_by", by=quoted(by), known=known))
    return reader(cells, by)


def _pairs(
    results: Mapping[int, EditResult], cells: Sequence[Cell], by: str, of: Callable[[Cell], Hashable]
) -> Iterator[tuple[int, int]]:
    """The places of every two results that differ in ``by`` alone; one result is no pair with itself."""
    groups: dict[Hashable, list[Cell]] = {}
    for cell in cells:
        groups.setdefault(_told(cell, by), []).append(cell)
    made = [
        (one.index, other.index)
        for group in groups.values()
        for one, other in combinations(group, 2)
        if str(of(one)) != str(of(other)) and not _is_one(results[one.index], results[other.index])
    ]
    if not made:
        raise InvalidRequestError(say("judge.no_pairs", by=by))
    yield from made


def _told(cell: Cell, by: str) -> Hashable:
    """All that both results of a pair have in common: what they began with, what was asked, and how.

    Files are told apart by what is in them: a name may be that of many. A column of one's own may be what
    says which were asked with a mask, so there these may differ.
    """
    further = newer(EditRequest(cell.prompt, **cell.settings)) if by in AXES else {}
    return (
        tuple(image.sha256 for image in cell.source.images), cell.steps,
        *(str((cell[axis], cell.shown(axis))) for axis in AXES if axis != by),
        json.dumps({name: value for name, value in further.items() if name != by}),
    )  # fmt: skip


def _is_one(one: EditResult, other: EditResult) -> bool:
    """Whether two cells show one result, as a model's id and its nickname do."""
    return (one.record_id or one.image.sha256) == (other.record_id or other.image.sha256)


def _asked(
    judge: Judge, cells: Sequence[Cell], results: Sequence[EditResult], values: tuple[str, ...]
) -> Iterator[Item]:
    """The questions about one result, or two in this order."""
    for ask in judge.rules.asks:
        shown = _pictures(ask, cells, results)
        prompt = _filled(judge, ask, cells[0], [name for name, _ in shown])
        pictures = tuple(image for _, image in shown)
        places = tuple(cell.index for cell in cells)
        of = tuple(one.record_id or "" for one in results)
        for number in range(1, judge.passes + 1):
            yield Item(places, ask, prompt, pictures, of, number, values)


def _before(cell: Cell, result: EditResult, pair: bool) -> Sequence[ImageData]:
    """What was there before; later steps of two chains edit pictures of their own, and have the first alone
    in common.
    """
    return cell.source.images if pair and cell.after is not None else result.request.images


def _pictures(ask: Ask, cells: Sequence[Cell], results: Sequence[EditResult]) -> list[tuple[str, ImageData]]:
    """The pictures of a question with what each is; all inputs of an edit stand for what was before."""
    held: dict[str, Sequence[ImageData]] = {
        "before": _before(cells[0], results[0], len(cells) > 1),
        "after": (results[0].image,), "first": (results[0].image,), "second": (results[-1].image,),
    }  # fmt: skip
    return [(name, image) for name in ask.pictures for image in held[name]]


_CALLED: Final[Mapping[str, str]] = {
    "before": "what the editor started from", "after": "what the editor made of it",
    "first": "what A made of it", "second": "what B made of it",
}  # fmt: skip


def _filled(judge: Judge, ask: Ask, cell: Cell, shown: Sequence[str]) -> str:
    """The words of a question; a person's words are put in once and never read for marks."""
    if isinstance(ask.prompt, str):
        text = ask.prompt
    else:
        value = str(cell.shown(ask.by) if ask.by in AXES else cell.columns.get(ask.by, ""))
        if value not in ask.prompt:
            known = ", ".join(list(ask.prompt)[:12])
            raise InvalidRequestError(say("judge.no_prompt", by=ask.by, value=value, known=known))
        text = ask.prompt[value]
    values = {"{pictures}": _listed(shown)}
    values |= {mark: _fact(cell, column) for mark, column in ask.fill.items() if mark in text}
    told = "\n".join(cell.steps) if judge.rules.kind == "pair" else cell.prompt  # since what was before
    values |= {ask.instruction: told} if ask.instruction else {}
    marks = re.compile("|".join(map(re.escape, sorted(values, key=len, reverse=True))))
    whole = marks.sub(lambda mark: values[mark[0]], text)
    return f"{whole}\n\n{ask.form}" if ask.form and judge.rules.parser == "json" else whole


def _listed(shown: Sequence[str]) -> str:
    """What each picture is; a lone result needs no words."""
    if list(shown) == ["after"]:
        return ""
    return " ".join(f"Picture {at}: {_CALLED[name]}." for at, name in enumerate(shown, 1))


def _fact(cell: Cell, column: str) -> str:
    value = cell.columns.get(column)
    said = "" if value is None else str(value).strip()
    if not said:
        raise InvalidRequestError(say("judge.no_fact", column=column, index=cell.index))
    return said


_lately = Lately[ImageData](16 << 20, lambda image: (image,))
"""A picture is in many questions: each ask, pass, order and partner."""


def scaled(image: ImageData, longest: int) -> ImageData:
    """The picture with its longest edge at most so many pixels, as a PNG; a smaller one is sent as it is.

    Raises:
        InvalidImageError: its pixels can't be decoded.
    """
    if max(image.shown_size) <= longest:
        return image
    return _lately(f"{image.sha256} {longest} {image.name}", lambda: _scaled(image, longest))


def _scaled(image: ImageData, longest: int) -> ImageData:
    try:
        small = pixels.scaled(pixels.plain(pixels.decoded(image.data, image.mime_type)), longest)
    except pixels.DECODE_ERRORS as reason:
        words = " ".join(str(reason).split()) or type(reason).__name__
        raise InvalidImageError(say("images.undecodable", name=image.name, reason=words)) from None
    data = pixels.encoded(small, "image/png", 0)
    return ImageData.from_bytes(data, name=image.name)
