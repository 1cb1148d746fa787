"""The contact sheet: a page of a comparison as one plain picture, with Pillow and nothing else.

Two layouts. Where rows (input, prompt) and a few columns (model, size, endpoint, …) both vary, a matrix with
headers; else the cells one after the other, each with its caption. A failed cell is a hatched tile with its
category, one that has not run an empty frame.

Rules of this file:

* It is a picture because a picture is shown everywhere, also in a notebook that nobody trusts yet, where HTML
  loses its pictures.
* It is as wide as a notebook's page, so that letters are read as they are drawn: what does not fit goes on
  another page, and bytes are saved in the pictures' quality, never in size.
* Every tile has the number of its cell, which the table in words under the sheet begins with. A heading in
  letters that no font here has is that number, and a line says so.
"""

from __future__ import annotations

import base64
import io
import math
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

from PIL import Image, ImageDraw, ImageOps

from .. import _text
from .._images.data import ImageData
from .._images.fonts import font_for, spelt
from .._result import EditResult
from .._strings import say
from ..errors import NanoBananaError
from .cells import AXES, Cell, unread, varied
from .held import Held, Outcome
from .table import brief, headline, standing_alone, text
from .units import UNIT

WIDE: Final = 1000
"""Pixels, about what a notebook's page has beside its margins."""
LARGE: Final = 1800
BUDGET: Final = 100 * 1024
"""Bytes of one sheet in a notebook."""
TILES: Final = 24
"""Of one sheet."""
_QUALITIES: Final = (82, 74, 66, 58, 50, 42, 34, 26, 18)
_LEAST_TILE, _LARGEST_TILE = 120, 300
_WRAPPED_WIDTH: Final = 4
_DENSITY: Final = 14
"""Pixels of a tile that a byte of the budget carries."""
_LETTER: Final = 13
_PAPER, _INK, _FAINT, _HATCH = (255, 255, 255), (32, 33, 36), (95, 99, 104), (218, 220, 224)
_NO_SHAPE: Final = 0.75
_TALLEST: Final = 1.4
_LEAST_INPUT: Final = 32
_ALARM: Final = (140, 29, 24)
_COLUMN_AXES: Final = tuple(axis for axis in AXES if axis not in ("image", *UNIT))

Column = tuple[tuple[Any, Any], ...]
Across = dict[Column, Cell]


@dataclass(frozen=True, slots=True)
class Layout:
    """How a comparison is laid out on sheets.

    Attributes:
        axes: those that vary; ``down`` and ``across`` those of the headers of rows and columns.
        rows, columns: of the matrix; without columns the cells are wrapped.
        pages: how many sheets there are.
    """

    axes: tuple[str, ...]
    down: tuple[str, ...]
    across: tuple[str, ...]
    rows: tuple[Across, ...]
    columns: tuple[Column, ...]
    pages: int

    @classmethod
    def of(cls, held: Held) -> Layout:
        """The layout of all sheets."""
        axes = tuple(varied(held.cells))
        across = tuple(axis for axis in _COLUMN_AXES if axis in axes)
        if not across and "image" in axes:  # several pictures and several prompts: these are the columns
            across = tuple(axis for axis in UNIT if axis in axes)
        down = tuple(axis for axis in ("image", *UNIT) if axis in axes and axis not in across)
        rows = tuple(_in_rows(held.cells, down, across))
        columns = tuple(dict.fromkeys(column for row in rows for column in row))
        matrix = len(rows) > 1 and 1 < len(columns) <= (WIDE - _LEAST_TILE) // _LEAST_TILE
        count = math.ceil(len(rows) / _rows_on(columns)) if matrix else math.ceil(len(held) / TILES)
        return cls(axes, down, across, rows, columns if matrix else (), max(1, count))

    def on(self, held: Held, page: int) -> Sequence[Cell]:
        """The cells of a page, in plan order."""
        if not self.columns:
            return held.cells[(page - 1) * TILES : page * TILES]
        return sorted((cell for row in self.lines(page) for cell in row.values()), key=lambda one: one.index)

    def lines(self, page: int) -> Sequence[Across]:
        """The rows of a page of the matrix."""
        per_page = _rows_on(self.columns)
        return self.rows[(page - 1) * per_page : page * per_page]


def _rows_on(columns: Sequence[Column]) -> int:
    """How many rows of a matrix stand on a sheet."""
    return max(1, TILES // len(columns))


def bundle(held: Held, page: int, wide: int = WIDE) -> tuple[dict[str, Any], dict[str, Any]]:
    """A page as a notebook takes it: the picture, and its cells in words."""
    budget = BUDGET * wide**2 // WIDE**2
    picture = sheet(held, page, wide=wide, budget=budget)  # first: its pictures need not be read again
    shown, layout = base64.b64encode(picture.data).decode(), Layout.of(held)
    where = [say("pages.of", page=page, pages=layout.pages)] if layout.pages > 1 else []
    facts = {picture.mime_type: {"width": picture.width, "alt": " · ".join([headline(held), *where])}}
    return {picture.mime_type: shown, "text/plain": text(held, layout.on(held, page))}, facts


def sheet(held: Held, page: int = 1, *, wide: int = WIDE, budget: int = BUDGET) -> ImageData:
    """A page of the comparison as a JPEG of about ``wide`` pixels, within ``budget`` bytes if it can be."""
    layout = Layout.of(held)
    most = (_DENSITY * budget / max(1, len(layout.on(held, page)))) ** 0.5  # more would only blur all of them
    if layout.columns:
        pen = _Pen(_tile_for(min(most, wide / (len(layout.columns) + 0.8))))
        drawn = _matrix(held, layout, page, pen)
    else:
        cells = layout.on(held, page)
        across = min(len(cells), max(_WRAPPED_WIDTH, math.ceil(math.sqrt(len(cells)))))
        pen = _Pen(_tile_for(min(most, wide / across)))
        drawn = _wrapped(held, layout, page, across, pen)
    return _packed(ImageOps.expand(drawn, pen.gap, _PAPER), budget)


def _tile_for(room: float) -> int:
    return max(_LEAST_TILE, min(_LARGEST_TILE, round(room) - 8))


def _packed(drawn: Image.Image, budget: int) -> ImageData:
    """The best quality within the budget, all pixels kept."""
    out = io.BytesIO()
    for quality in _QUALITIES:
        out = io.BytesIO()
        drawn.save(out, "JPEG", quality=quality, optimize=True)
        if out.tell() <= budget:
            break
    return ImageData.from_bytes(out.getvalue())


def _in_rows(cells: Sequence[Cell], down: Sequence[str], across: Sequence[str]) -> list[Across]:
    """The rows of a matrix; a cell that asks for the very same as one before it stands in another row."""
    rows: dict[tuple[Any, ...], Across] = {}
    seen: Counter[tuple[Any, ...]] = Counter()
    for cell in cells:
        row = id(cell.source), *(cell.shown(axis) for axis in down)
        column = tuple((None if axis == "prompt" else cell[axis], cell.shown(axis)) for axis in across)
        rows.setdefault((row, seen[row, column]), {})[column] = cell
        seen[row, column] += 1
    return list(rows.values())


def _matrix(held: Held, layout: Layout, page: int, pen: _Pen) -> Image.Image:
    rows, columns, tile, heads = layout.lines(page), layout.columns, pen.tile, layout.across
    talls = [pen.tall(held, row.values()) for row in rows]
    left, top = round(tile * 0.8), pen.line * max(1, len(heads)) + pen.gap
    height = top + sum(tall + pen.line + pen.gap for tall in talls) + 2 * pen.line
    picture, draw = pen.paper(left + len(columns) * (tile + pen.gap), height)
    first = {column: cell for row in reversed(layout.rows) for column, cell in row.items()}
    for x, column in enumerate(columns):
        names = [standing_alone(first[column], axis) for axis in heads]
        pen.write(draw, left + x * (tile + pen.gap), 0, names, tile, cell=first[column])
    at = top
    for row, tall in zip(rows, talls, strict=True):
        head, room = next(iter(row.values())), left - pen.gap
        names = [standing_alone(head, axis) for axis in layout.down]
        used = pen.write(draw, 0, at, pen.wrapped(names, room, 5), room, cell=head)
        _input(picture, head, (0, at + used, room, at + tall))
        for x, column in enumerate(columns):
            if (cell := row.get(column)) is not None:
                place = left + x * (tile + pen.gap), at
                _tile(picture, pen, held[cell.index], cell, place, tall)
        at += tall + pen.line + pen.gap
    return _with_foot(picture, pen, page, layout.pages)


def _wrapped(held: Held, layout: Layout, page: int, across: int, pen: _Pen) -> Image.Image:
    cells, axes = layout.on(held, page), layout.axes
    lines = [cells[at : at + across] for at in range(0, len(cells), across)]
    talls = [pen.tall(held, line) for line in lines]
    height = sum(tall + 2 * pen.line + pen.gap for tall in talls) + 2 * pen.line
    picture, draw = pen.paper(across * (pen.tile + pen.gap) - pen.gap, height)
    y = 0
    for line, tall in zip(lines, talls, strict=True):
        for place, cell in enumerate(line):
            x = place * (pen.tile + pen.gap)
            caption = " · ".join(standing_alone(cell, axis) for axis in axes)
            pen.write(draw, x, y, [caption or cell.shown("prompt")], pen.tile, cell=cell)
            _tile(picture, pen, held[cell.index], cell, (x, y + pen.line), tall)
        y += tall + 2 * pen.line + pen.gap
    return _with_foot(picture, pen, page, layout.pages)


class _Pen:
    """Letters and distances that go with a tile's size.

    Attributes:
        lost: whether some words could not be drawn.
    """

    def __init__(self, tile: int) -> None:
        self.tile = tile
        self.gap = max(6, tile // 26)
        self.letter = max(_LETTER, tile // 20)
        self.line = round(self.letter * 1.45)
        self.lost = False

    def tall(self, held: Held, cells: Iterable[Cell]) -> int:
        """How tall the tiles of a row are: as its tallest picture."""
        found = (held[cell.index] for cell in cells)
        sizes = [one.image.shown_size for one in found if isinstance(one, EditResult)]
        shapes = [height / width for width, height in sizes] or [_NO_SHAPE]
        return round(self.tile * min(max(shapes), _TALLEST))

    def paper(self, width: int, height: int) -> tuple[Image.Image, ImageDraw.ImageDraw]:
        picture = Image.new("RGB", (max(width, self.tile), height), _PAPER)
        return picture, ImageDraw.Draw(picture)

    def font(self, words: str) -> Any:
        """A font that has these letters, or None: Chinese needs one that is installed."""
        return font_for(words, self.letter)

    def write(
        self,
        draw: ImageDraw.ImageDraw,
        x: int,
        y: int,
        lines: Sequence[str],
        room: int,
        ink: Any = _INK,
        cell: Cell | None = None,
    ) -> int:
        """Write lines, cut to the room there is; returns the height used. Without letters for one it is the
        number of the ``cell``.
        """
        for number, line in enumerate(lines):
            words = spelt(line)
            if self.font(words) is None:
                self.lost, words = True, "" if cell is None else f"#{cell.index}"
            font = self.font(words)
            draw.text((x, y + number * self.line), self._cut(words, font, room), font=font, fill=ink)
        return len(lines) * self.line

    def _cut(self, words: str, font: Any, room: int) -> str:
        clean = _text.shortened(words, 400)
        if font.getlength(clean) <= room:
            return clean
        while clean and font.getlength(clean + "…") > room:
            clean = clean[:-1]
        return spelt(clean + "…")

    def wrapped(self, paragraphs: Sequence[str], room: int, most: int) -> list[str]:
        """Each paragraph in at most ``most`` lines."""
        lines: list[str] = []
        for words in paragraphs:
            clean = spelt(_text.shortened(words, 400))
            font = self.font(clean)
            part = [""]
            for piece in clean.split(" ") if font is not None else [clean]:
                longer = f"{part[-1]} {piece}".strip()
                if not part[-1] or font.getlength(longer) <= room:
                    part[-1] = longer
                else:
                    part.append(piece)
            if len(part) > most:
                part = [*part[: most - 1], " ".join(part[most - 1 :])]
            lines += part
        return lines


def _tile(
    picture: Image.Image, pen: _Pen, outcome: Outcome, cell: Cell, place: tuple[int, int], tall: int
) -> None:
    draw, tile, (x, y) = ImageDraw.Draw(picture), pen.tile, place
    if isinstance(outcome, EditResult):
        small = _thumb(unread(outcome.image), tile, tall)
        if small is not None:
            picture.paste(small, (x + (tile - small.width) // 2, y))
            facts = say("images.size", width=outcome.image.shown_size[0], height=outcome.image.shown_size[1])
            facts = facts if outcome.sandbox else brief(outcome)
            pen.write(draw, x, y + small.height, [f"#{cell.index} · {facts}"], tile, _FAINT, cell)
            return
        word, ink = say("compare.word_unreadable"), _ALARM
    elif isinstance(outcome, NanoBananaError):
        word, ink = outcome.category, _ALARM
    else:
        word, ink = say("compare.word_missing"), _FAINT
    if outcome is not None:
        _hatch(picture, x, y, tile, tall)
    draw.rectangle((x, y, x + tile - 1, y + tall - 1), outline=_HATCH, width=2)
    words = word if pen.font(word) is not None else f"#{cell.index}"
    pen.lost |= words is not word
    pen.write(draw, x, y + tall, [f"#{cell.index}"], tile, _FAINT)
    font = pen.font(words)
    across, down = x + tile / 2, y + tall / 2
    half, high = font.getlength(words) / 2 + pen.gap, pen.line * 0.7
    draw.rectangle((across - half, down - high, across + half, down + high), fill=_PAPER)
    draw.text((across, down), words, font=font, fill=ink, anchor="mm")


def _hatch(picture: Image.Image, x: int, y: int, tile: int, tall: int) -> None:
    ground = Image.new("RGB", (tile, tall), (248, 249, 250))
    draw = ImageDraw.Draw(ground)
    for start in range(-tall, tile, max(8, tile // 14)):
        draw.line((start, tall, start + tall, 0), fill=_HATCH, width=2)
    picture.paste(ground, (x, y))


def _input(picture: Image.Image, cell: Cell, box: tuple[int, int, int, int]) -> None:
    """The row's input, small, in what its header leaves."""
    width, height = box[2] - box[0], box[3] - box[1]
    if cell.source.images and min(width, height) >= _LEAST_INPUT:
        small = _thumb(unread(cell.source.images[-1]), width, height)
        if small is not None:
            picture.paste(small, box[:2])


@lru_cache(maxsize=256)
def _thumb(image: ImageData, width: int, height: int) -> Image.Image | None:
    """The picture inside a box, on white; None if it can't be read any more."""
    try:
        small = image.preview(max(width, height) * 2, 4 * 2**20).to_pil()
    except NanoBananaError:
        return None
    return _on_white(small, min(width / small.width, height / small.height))


def _on_white(small: Image.Image, scale: float) -> Image.Image:
    size = (max(1, round(small.width * scale)), max(1, round(small.height * scale)))
    clear = small.convert("RGBA").resize(size, Image.Resampling.LANCZOS)
    flat = Image.new("RGBA", size, (*_PAPER, 255))
    return Image.alpha_composite(flat, clear).convert("RGB")


def _with_foot(picture: Image.Image, pen: _Pen, page: int, pages: int) -> Image.Image:
    """What there is beside this sheet, and what could not be drawn, in the two lines left for it."""
    keys = [] if pages < 2 else ["more" if page < pages else "last"]
    lines = [*keys, *(["no_font"] if pen.lost else [])]
    for number, key in enumerate(lines):
        words = {"page": page, "pages": pages, "next": page + 1}
        said = say(f"pages.{key}", **words)
        if pen.font(said) is None:
            said = _ASCII[key].format(**words)
        y = picture.height - (2 - number) * pen.line
        pen.write(ImageDraw.Draw(picture), 0, y, [said], 10_000, _FAINT)
    return picture.crop((0, 0, picture.width, picture.height - (2 - len(lines)) * pen.line))


_ASCII: Final = {
    "more": "sheet {page} of {pages}; .show(page={next}) shows the next one",
    "last": "sheet {page} of {pages}, the last one",
    "no_font": "No font here has the letters of some headings: the table in words, by number, has them",
}
