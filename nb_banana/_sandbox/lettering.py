"""Letters in the picture: text asked for in quotes, what labels are set with, and the sandbox's own badge.

Rules of this file: only quoted text is lettered, in the colour and place asked for; where no font at hand has
its letters nothing is drawn (no empty boxes), as `settable` says beforehand; a label's signs need no font.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from PIL import Image, ImageDraw, ImageFont

from .._images.fonts import Font, font_for, is_cjk
from .canvas import Colour, Picture, Size, luminance, plain

ACCENTS = ((255, 255, 255), (255, 222, 120), (255, 190, 170), (190, 236, 255))  # one a take
SIGNS = "＋－→"
_width = lru_cache(2000)(lambda font, piece: float(font.getlength(piece)))  # every line tried has the same
NO_SIGNS, WIDE_SIGNS = ({ord(sign): other for sign in SIGNS} for other in ("", "M"))
PIECES = re.compile(r"“[^”]{1,10}”|[A-Za-z0-9]+|\S[，。：！？”]*")  # a Chinese line breaks between these
Box = tuple[int, int, int, int]


def settable(text: str) -> bool:
    """Whether a font at hand has every letter of the text."""
    return font_for(text.translate(NO_SIGNS), 24) is not None


def font_of(text: str, pixels: int) -> Font:
    """The font for a settable text."""
    font = font_for(text.translate(NO_SIGNS), pixels)
    assert font is not None  # the caller asked `settable`
    return font


def length(pieces: Sequence[str], font: Font) -> float:
    """How wide a line of pieces is."""
    return sum(_width(font, piece.translate(WIDE_SIGNS)) for piece in pieces)


def broken(text: str, font: Font, room: float) -> list[list[str]]:
    """The text in lines of like length; their pieces are signs, words with their spaces, Chinese letters."""
    pieces: list[str] = []
    for word in text.split():
        parts = PIECES.findall(word) if is_cjk(word.translate(NO_SIGNS)) else [word]
        pieces += [(" " if pieces else "") + parts[0], *parts[1:]]
    lines: list[list[str]] = [[]]
    for piece in pieces:
        if lines[-1] and lines[-1][-1].strip() not in SIGNS and length([*lines[-1], piece], font) > room:
            lines.append([])
        lines[-1].append(piece if lines[-1] else piece.lstrip())
    tighter = broken(text, font, 0.93 * room) if len(lines) > 1 and room > font.getlength("MM") else []
    return tighter if len(tighter) == len(lines) else lines


def write(image: Picture, text: str, where: str, colour: Colour | None, take: int) -> tuple[Picture, Box]:
    """The text set large with a rim round it, and the box it stands in."""
    w, h = image.size
    room = w * (0.46 if "left" in where or "right" in where else 0.88)
    for share in (1.0, 0.85, 0.7, 0.58, 0.48, 0.4, 0.32, 0.25, 0.2):
        pixels = max(10, round(min(w, h) * 0.13 * share))
        font = font_of(text, pixels)
        lines = broken(text, font, room)
        wide = max(length(line, font) for line in lines)
        if len(lines) <= (1 if share > 0.6 else 2 if share > 0.35 else 3) and wide <= room:
            break
    step = round(pixels * 1.25)
    block = step * len(lines)
    top = 0.05 * h if "top" in where else (h - block) / 2 if "middle" in where else 0.93 * h - block
    left = 0.06 * w if "left" in where else 0.94 * w - wide if "right" in where else (w - wide) / 2
    ink, edge = colour or ACCENTS[(take - 1) % len(ACCENTS)], max(1, round(pixels / 14))
    rim = (24, 24, 28) if luminance(plain((1, 1), ink)) > 120 else (255, 255, 255)
    draw = ImageDraw.Draw(page := image.copy())
    for number, line in enumerate(lines):
        at = (left + (wide - length(line, font)) / 2, top + number * step)
        draw.text(at, "".join(line), font=font, fill=ink, stroke_width=edge, stroke_fill=rim)
    left, top = round(left) - edge, round(top) - edge
    return page, (left, top, left + round(wide) + 2 * edge, top + block + 2 * edge)


def badge_box(size: Size) -> Box:
    """Where the badge stands: the lower right corner."""
    _, pad, (left, top, right, bottom) = _badge(size)
    wide, tall = round(right - left) + 2 * pad, round(bottom - top) + 2 * round(pad * 0.7)
    return (size[0] - wide - pad, size[1] - tall - pad, size[0] - pad, size[1] - pad)


def _badge(size: Size) -> tuple[int, int, tuple[float, float, float, float]]:
    pixels = max(11, round(min(size) * 0.024))
    return pixels, round(pixels * 0.5), ImageFont.load_default(pixels).getbbox("sandbox")


def badge(image: Picture) -> Picture:
    """The word "sandbox", small and readable, in the lower right corner."""
    pixels, pad, (left, top, _, _) = _badge(image.size)
    x, y, x1, y1 = badge_box(image.size)
    wide, tall = x1 - x, y1 - y
    bright = luminance(image.crop((max(0, x), max(0, y), *image.size))) > 128
    plate, letters = Image.new("L", (wide * 2, tall * 2)), Image.new("L", (wide, tall))
    ImageDraw.Draw(plate).rounded_rectangle((0, 0, wide * 2 - 1, tall * 2 - 1), tall, fill=150)
    at, font = (pad - left, round(pad * 0.7) - top), ImageFont.load_default(pixels)
    ImageDraw.Draw(letters).text(at, "sandbox", font=font, fill=235)
    paper, ink = ((255, 255, 255), (40, 40, 40)) if bright else ((16, 16, 16), (255, 255, 255))
    marked = image.copy()
    marked.paste(paper, (x, y), plate.resize((wide, tall), Image.Resampling.BOX))
    marked.paste(ink, (x, y), letters)
    return marked
