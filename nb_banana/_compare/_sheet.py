"""The contact sheet: a comparison as one small plain picture, with Pillow and nothing else.

Two layouts. Where rows (image, prompt) and columns (model, ratio, size, wire, take) both vary, a matrix
with headers; else the cells one after the other, each with its caption. A failed cell is a hatched tile
with its category, one that has not run an empty frame.
"""

from __future__ import annotations

import io
import math
from collections.abc import Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

from .._images import ImageData
from .._result import EditResult
from .._strings import say
from ..errors import NanoBananaError
from . import _table
from ._plan import Cell, unread, varied

if TYPE_CHECKING:
    from PIL import Image, ImageDraw

    from ._comparison import Comparison, Outcome

SMALL: Final = 60 * 1024
LARGE: Final = 600 * 1024
_MOST_TILES: Final = 48
_MOST_COLUMNS: Final = 12
_WRAPPED_WIDTH: Final = 4
_PAPER, _INK, _FAINT, _HATCH = (255, 255, 255), (32, 33, 36), (95, 99, 104), (218, 220, 224)
_ALARM: Final = (140, 29, 24)
_COLUMN_AXES: Final = ("model", "aspect_ratio", "image_size", "wire", "take")


def sheet(comparison: Comparison, tile: int = 208, budget: int = SMALL) -> ImageData:
    """The comparison as a JPEG or PNG of at most ``budget`` bytes."""
    axes = set(varied(comparison.cells))
    down = list(dict.fromkeys((id(cell.source), cell.prompt) for cell in comparison.cells))
    across = list(dict.fromkeys(_column(cell) for cell in comparison.cells))
    matrix = len(down) > 1 and len(across) > 1
    drawn = _matrix(comparison, axes, down, across, tile) if matrix else _wrapped(comparison, axes, tile)
    out = io.BytesIO()
    drawn.save(out, "PNG", compress_level=1)
    return ImageData.from_bytes(out.getvalue()).preview(max(drawn.size), budget)


def _column(cell: Cell) -> tuple[Any, ...]:
    return tuple(getattr(cell, axis) for axis in _COLUMN_AXES)


def _matrix(
    comparison: Comparison,
    axes: set[str],
    down: Sequence[tuple[int, str]],
    across: Sequence[tuple[Any, ...]],
    tile: int,
) -> Image.Image:
    columns = across[:_MOST_COLUMNS]
    rows = down[: max(1, _MOST_TILES // len(columns))]
    places = {((id(cell.source), cell.prompt), _column(cell)): cell for cell in comparison.cells}
    pen = _Pen(tile)
    left, top = round(tile * 0.8), pen.line * max(1, len(axes & set(_COLUMN_AXES)))
    top += pen.gap
    picture, draw = pen.paper(
        left + len(columns) * (tile + pen.gap), top + len(rows) * (tile + pen.line + pen.gap) + pen.line
    )
    for x, column in enumerate(columns):
        head = [_table.coordinate(places[rows[0], column], a) for a in _COLUMN_AXES if a in axes]
        pen.write(draw, left + x * (tile + pen.gap), 0, head, tile)
    for y, row in enumerate(rows):
        at = top + y * (tile + pen.line + pen.gap)
        first = places[row, columns[0]]
        room = left - pen.gap
        names = [getattr(first, axis) for axis in ("image", "prompt") if axis in axes]
        used = pen.write(draw, 0, at, pen.wrapped(names, room, 5), room)
        _input(picture, first, (0, at + used, room, at + tile))
        for x, column in enumerate(columns):
            cell = places[row, column]
            _tile(picture, pen, comparison[cell], cell, left + x * (tile + pen.gap), at)
    _more(draw, pen, len(comparison) - len(rows) * len(columns), picture.height)
    return picture


def _wrapped(comparison: Comparison, axes: set[str], tile: int) -> Image.Image:
    cells = comparison.cells[:_MOST_TILES]
    width = min(len(cells), max(_WRAPPED_WIDTH, math.ceil(math.sqrt(len(cells)))))
    height = math.ceil(len(cells) / width)
    pen = _Pen(tile)
    step = tile + 2 * pen.line + pen.gap
    picture, draw = pen.paper(width * (tile + pen.gap) - pen.gap, height * step + pen.line)
    for place, cell in enumerate(cells):
        x, y = place % width * (tile + pen.gap), place // width * step
        caption = " · ".join(_table.coordinate(cell, axis) for axis in varied(comparison.cells) if axis in axes)
        pen.write(draw, x, y, [caption or cell.prompt], tile)
        _tile(picture, pen, comparison[cell], cell, x, y + pen.line)
    _more(draw, pen, len(comparison) - len(cells), picture.height)
    return picture


class _Pen:
    """Letters and distances that go with a tile's size."""

    def __init__(self, tile: int) -> None:
        self.tile, self.gap = tile, max(6, tile // 26)
        self.letter = max(11, tile // 15)
        self.line = round(self.letter * 1.45)

    def paper(self, width: int, height: int) -> tuple[Image.Image, ImageDraw.ImageDraw]:
        from PIL import Image, ImageDraw

        picture = Image.new("RGB", (max(width, self.tile), height), _PAPER)
        return picture, ImageDraw.Draw(picture)

    def font(self, words: str) -> Any:
        """A font that has these letters, or None: Chinese needs one that is installed."""
        from .._sandbox.lettering import font_for

        return font_for(words, self.letter)

    def write(
        self, draw: ImageDraw.ImageDraw, x: int, y: int, lines: Sequence[str], room: int, ink: Any = _INK
    ) -> int:
        """Write lines, cut to the room there is; returns the height used."""
        for number, words in enumerate(lines):
            font = self.font(words)
            if font is None:
                words, font = "…", self.font("…")  # no boxes: the table in words has it all
            draw.text((x, y + number * self.line), self._cut(words, font, room), font=font, fill=ink)
        return len(lines) * self.line

    def _cut(self, words: str, font: Any, room: int) -> str:
        clean = _table.one_line(words, 400)
        if font.getlength(clean) <= room:
            return clean
        while clean and font.getlength(clean + "…") > room:
            clean = clean[:-1]
        return clean + "…"

    def wrapped(self, paragraphs: Sequence[str], room: int, most: int) -> list[str]:
        """Each paragraph in at most ``most`` lines."""
        lines: list[str] = []
        for words in paragraphs:
            clean = _table.one_line(words, 400)
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
    from PIL import ImageDraw

    draw, tile = ImageDraw.Draw(picture), pen.tile
    if isinstance(outcome, EditResult):
        small = _thumb(unread(outcome.image), tile)
        if small is not None:
            picture.paste(small, (x + (tile - small.width) // 2, y + (tile - small.height) // 2))
            pen.write(draw, x, y + tile, [_table.brief(outcome)], tile, _FAINT)
            return
        word, ink = say("compare.word_unreadable"), _ALARM
    elif isinstance(outcome, NanoBananaError):
        word, ink = outcome.category, _ALARM
    else:
        word, ink = say("compare.word_missing"), _FAINT
    if outcome is not None:
        _hatch(picture, x, y, tile)
    draw.rectangle((x, y, x + tile - 1, y + tile - 1), outline=_HATCH, width=2)
    font = pen.font(word)
    words = word if font is not None else "…"
    font = font or pen.font(words)
    half, middle = font.getlength(words) / 2 + pen.gap, (x + tile / 2, y + tile / 2)
    draw.rectangle((middle[0] - half, middle[1] - pen.line * 0.7, middle[0] + half, middle[1] + pen.line * 0.7), fill=_PAPER)
    draw.text(middle, words, font=font, fill=ink, anchor="mm")


def _hatch(picture: Image.Image, x: int, y: int, tile: int) -> None:
    from PIL import Image, ImageDraw

    ground = Image.new("RGB", (tile, tile), (248, 249, 250))
    draw = ImageDraw.Draw(ground)
    for start in range(-tile, tile, max(8, tile // 14)):
        draw.line((start, tile, start + tile, 0), fill=_HATCH, width=2)
    picture.paste(ground, (x, y))


def _input(picture: Image.Image, cell: Cell, box: tuple[int, int, int, int]) -> None:
    """The row's input, small, in what its header leaves."""
    edge = min(box[2] - box[0], box[3] - box[1])
    if cell.source.images and edge >= 32:
        small = _thumb(unread(cell.source.images[-1]), edge)
        if small is not None:
            picture.paste(small, box[:2])


@lru_cache(maxsize=256)
def _thumb(image: ImageData, edge: int) -> Image.Image | None:
    """The picture inside a square of ``edge``, on white; None if it can't be read any more."""
    try:
        small = image.preview(edge * 2, 4 * 2**20).to_pil()
    except NanoBananaError:
        return None
    return _on_white(small, edge)


def _on_white(small: Image.Image, edge: int) -> Image.Image:
    from PIL import Image

    scale = edge / max(small.size)
    size = (max(1, round(small.width * scale)), max(1, round(small.height * scale)))
    clear = small.convert("RGBA").resize(size, Image.Resampling.LANCZOS)
    flat = Image.new("RGBA", size, (*_PAPER, 255))
    return Image.alpha_composite(flat, clear).convert("RGB")


def _more(draw: ImageDraw.ImageDraw, pen: _Pen, left: int, height: int) -> None:
    if left > 0:
        pen.write(draw, 0, height - pen.line, [say("compare.more", count=left)], 10_000, _FAINT)
