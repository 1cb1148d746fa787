"""The contact sheet: a comparison as one small plain picture, with Pillow and nothing else.

Two layouts. Where rows (image, prompt) and columns (model, ratio, size, endpoint, wire, take) both vary, a
matrix with headers; else the cells one after the other, each with its caption. A failed cell is a hatched
tile with its category, one that has not run an empty frame.
"""

from __future__ import annotations

import io
import math
from collections import Counter
from collections.abc import Sequence
from functools import lru_cache
from typing import Any, Final

from PIL import Image, ImageDraw, ImageOps

from .. import _text
from .._images.data import ImageData
from .._images.fonts import font_for
from .._result import EditResult
from .._strings import say
from ..errors import NanoBananaError
from .cells import Cell, unread, varied
from .held import Held, Outcome
from .table import brief, coordinate

SMALL: Final = 60 * 1024
LARGE: Final = 600 * 1024
_MOST_TILES: Final = 48
_MOST_COLUMNS: Final = 12
_WRAPPED_WIDTH: Final = 4
_PAPER, _INK, _FAINT, _HATCH = (255, 255, 255), (32, 33, 36), (95, 99, 104), (218, 220, 224)
_NO_SHAPE: Final = 0.75
_TALLEST: Final = 1.4
_LEAST_INPUT: Final = 32
_ALARM: Final = (140, 29, 24)
_COLUMN_AXES: Final = ("model", "aspect_ratio", "image_size", "endpoint", "wire", "take")

Column = tuple[tuple[Any, Any], ...]
Across = dict[Column, Cell]


def sheet(held: Held, tile: int = 208, budget: int = SMALL) -> ImageData:
    """The comparison as a JPEG or PNG of at most ``budget`` bytes."""
    axes = list(varied(held.cells))
    down = _in_rows(held.cells)
    across = list(dict.fromkeys(column for row in down for column in row))
    matrix = len(down) > 1 and len(across) > 1
    pen = _Pen(tile, held.results)
    drawn = _matrix(held, axes, down, across, pen) if matrix else _wrapped(held, axes, pen)
    out = io.BytesIO()
    ImageOps.expand(drawn, pen.gap, _PAPER).save(out, "PNG", compress_level=1)
    return ImageData.from_bytes(out.getvalue()).preview(max(drawn.size) + 2 * pen.gap, budget)


def _in_rows(cells: Sequence[Cell]) -> list[Across]:
    """The rows of a matrix; a cell that asks for the very same as one before it stands in another row."""
    rows: dict[tuple[Any, ...], Across] = {}
    seen: Counter[tuple[Any, ...]] = Counter()
    for cell in cells:
        row, column = (id(cell.source), _coordinates(cell, "prompt")), _coordinates(cell, *_COLUMN_AXES)
        rows.setdefault((row, seen[row, column]), {})[column] = cell
        seen[row, column] += 1
    return list(rows.values())


def _coordinates(cell: Cell, *axes: str) -> Column:
    """Values with their names: two names of one value are two coordinates."""
    return tuple((cell[axis], cell.shown(axis)) for axis in axes)


def _name(cell: Cell, axis: str) -> str:
    """A coordinate as it stands alone: a bare number would say nothing."""
    value = coordinate(cell, axis)
    return f"{say('compare.axis_take')} {value}" if axis == "take" else value


def _matrix(
    held: Held,
    axes: Sequence[str],
    down: Sequence[Across],
    across: Sequence[Column],
    pen: _Pen,
) -> Image.Image:
    columns = across[:_MOST_COLUMNS]
    rows = down[: max(1, _MOST_TILES // len(columns))]
    tile, step = pen.tile, pen.tall + pen.line + pen.gap
    left, top = round(tile * 0.8), pen.line * max(1, len(set(axes) & set(_COLUMN_AXES)))
    top += pen.gap
    picture, draw = pen.paper(
        left + len(columns) * (tile + pen.gap), top + len(rows) * step + pen.line
    )
    heads = {column: cell for row in reversed(down) for column, cell in row.items()}
    for x, column in enumerate(columns):
        head = [_name(heads[column], axis) for axis in _COLUMN_AXES if axis in axes]
        pen.write(draw, left + x * (tile + pen.gap), 0, head, tile)
    for y, row in enumerate(rows):
        at = top + y * step
        first = next(iter(row.values()))
        room = left - pen.gap
        names = [first.shown(axis) for axis in ("image", "prompt") if axis in axes]
        used = pen.write(draw, 0, at, pen.wrapped(names, room, 5), room)
        _input(picture, first, (0, at + used, room, at + pen.tall))
        for x, column in enumerate(columns):
            if cell := row.get(column):
                _tile(picture, pen, held[cell.index], cell, left + x * (tile + pen.gap), at)
    drawn = sum(column in row for row in rows for column in columns)
    _more(draw, pen, len(held) - drawn, picture.height)
    return picture


def _wrapped(held: Held, axes: Sequence[str], pen: _Pen) -> Image.Image:
    cells = held.cells[:_MOST_TILES]
    width = min(len(cells), max(_WRAPPED_WIDTH, math.ceil(math.sqrt(len(cells)))))
    height = math.ceil(len(cells) / width)
    tile, step = pen.tile, pen.tall + 2 * pen.line + pen.gap
    picture, draw = pen.paper(width * (tile + pen.gap) - pen.gap, height * step + pen.line)
    for place, cell in enumerate(cells):
        x, y = place % width * (tile + pen.gap), place // width * step
        caption = " · ".join(_name(cell, axis) for axis in axes)
        pen.write(draw, x, y, [caption or cell.shown("prompt")], tile)
        _tile(picture, pen, held[cell.index], cell, x, y + pen.line)
    _more(draw, pen, len(held) - len(cells), picture.height)
    return picture


class _Pen:
    """Letters and distances that go with a tile's size."""

    def __init__(self, tile: int, results: Sequence[EditResult]) -> None:
        sizes = [one.image.shown_size for one in results]
        shapes = [height / width for width, height in sizes] or [_NO_SHAPE]
        self.tile, self.tall = tile, round(tile * min(max(shapes), _TALLEST))
        self.gap = max(6, tile // 26)
        self.letter = max(11, tile // 15)
        self.line = round(self.letter * 1.45)

    def paper(self, width: int, height: int) -> tuple[Image.Image, ImageDraw.ImageDraw]:
        picture = Image.new("RGB", (max(width, self.tile), height), _PAPER)
        return picture, ImageDraw.Draw(picture)

    def font(self, words: str) -> Any:
        """A font that has these letters, or None: Chinese needs one that is installed."""
        return font_for(words, self.letter)

    def write(
        self, draw: ImageDraw.ImageDraw, x: int, y: int, lines: Sequence[str], room: int, ink: Any = _INK
    ) -> int:
        """Write lines, cut to the room there is; returns the height used."""
        for number, line in enumerate(lines):
            words = line if self.font(line) is not None else "…"  # no boxes: the table in words has it all
            font = self.font(words)
            draw.text((x, y + number * self.line), self._cut(words, font, room), font=font, fill=ink)
        return len(lines) * self.line

    def _cut(self, words: str, font: Any, room: int) -> str:
        clean = _text.shortened(words, 400)
        if font.getlength(clean) <= room:
            return clean
        while clean and font.getlength(clean + "…") > room:
            clean = clean[:-1]
        return clean + "…"

    def wrapped(self, paragraphs: Sequence[str], room: int, most: int) -> list[str]:
        """Each paragraph in at most ``most`` lines."""
        lines: list[str] = []
        for words in paragraphs:
            clean = _text.shortened(words, 400)
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


def _tile(picture: Image.Image, pen: _Pen, outcome: Outcome, cell: Cell, x: int, y: int) -> None:
    draw, tile, tall = ImageDraw.Draw(picture), pen.tile, pen.tall
    if isinstance(outcome, EditResult):
        small = _thumb(unread(outcome.image), tile, tall)
        if small is not None:
            picture.paste(small, (x + (tile - small.width) // 2, y + (tall - small.height) // 2))
            pen.write(draw, x, y + tall, [brief(outcome)], tile, _FAINT)
            return
        word, ink = say("compare.word_unreadable"), _ALARM
    elif isinstance(outcome, NanoBananaError):
        word, ink = outcome.category, _ALARM
    else:
        word, ink = say("compare.word_missing"), _FAINT
    if outcome is not None:
        _hatch(picture, x, y, tile, tall)
    draw.rectangle((x, y, x + tile - 1, y + tall - 1), outline=_HATCH, width=2)
    words = word if pen.font(word) is not None else "…"
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


def _more(draw: ImageDraw.ImageDraw, pen: _Pen, left: int, height: int) -> None:
    if left > 0:
        pen.write(draw, 0, height - pen.line, [say("compare.more", count=left)], 10_000, _FAINT)
