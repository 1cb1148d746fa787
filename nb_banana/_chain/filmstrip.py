"""A chain as one plain picture, which survives nbconvert, nbviewer and GitHub."""

from __future__ import annotations

import io
from collections.abc import Sequence

from PIL import Image, ImageDraw, ImageFont

from .._images.data import ImageData

_ROW, _EDGE, _GAP, _BADGE = 4, 184, 8, 22


def draw(images: Sequence[ImageData]) -> ImageData:
    """The pictures in rows of four, numbered from 0, the original."""
    cells = [_cell(image, number) for number, image in enumerate(images)]
    rows = [cells[at : at + _ROW] for at in range(0, len(cells), _ROW)]
    heights = [max(cell.height for cell in row) for row in rows]
    width = max(sum(cell.width + _GAP for cell in row) - _GAP for row in rows)
    # Transparent, so that it sits on a light page and on a dark one.
    sheet = Image.new("RGBA", (width, sum(heights) + _GAP * (len(rows) - 1)), (0, 0, 0, 0))
    top = 0
    for row, height in zip(rows, heights, strict=True):
        left = 0
        for cell in row:
            sheet.paste(cell, (left, top))
            left += cell.width + _GAP
        top += height + _GAP
    out = io.BytesIO()
    sheet.save(out, "PNG")
    return ImageData.from_bytes(out.getvalue(), name="chain.png")


def _cell(image: ImageData, number: int) -> Image.Image:
    small = image.tile(_EDGE, 400_000).to_pil().convert("RGBA")
    pen, font = ImageDraw.Draw(small), ImageFont.load_default(14)
    wide = max(_BADGE, int(pen.textlength(str(number), font)) + 10)
    pen.rectangle((0, 0, wide, _BADGE), fill=(32, 32, 32, 255))
    pen.text((wide / 2, _BADGE / 2), str(number), fill="white", font=font, anchor="mm")
    return small
