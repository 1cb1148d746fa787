"""Letters in the picture: text that was asked for in quotes, and the sandbox's own badge.

Rules of this file: only quoted text is ever drawn; where no font at hand has its script nothing is drawn (no
empty boxes) and the caller is told by `font_for(...) is None`.
"""

from __future__ import annotations

import random

from PIL import Image, ImageDraw, ImageFont

from .._images.fonts import Font, font_for, is_cjk
from .canvas import Picture, clamp, luminance, over, shade, soft
from .shot import Shot

ACCENTS = ((255, 255, 255), (255, 222, 120), (255, 190, 170), (190, 236, 255))


def write(shot: Shot, text: str, rng: random.Random, where: str = "", take: int = 1) -> Shot:
    """The text set large with a soft shade behind it, away from the subject's middle."""
    w, h = shot.size
    pixels = max(14, round(min(w, h) * 0.13))
    font, lines = _fitted(text, pixels, round(w * 0.86))
    if font is None:
        return shot
    pixels = _size_of(font)
    mask = Image.new("L", shot.size)
    draw = ImageDraw.Draw(mask)
    step = round(pixels * 1.25)
    block = step * len(lines)
    top = {"top": 0.06 * h, "middle": (h - block) / 2}.get(where, 0.92 * h - block)
    for number, line in enumerate(lines):
        left, _, right, _ = font.getbbox(line)
        draw.text(((w - (right - left)) / 2 - left, top + number * step), line, font=font, fill=255)
    reach = max(2, pixels // 7)
    behind = soft(mask, reach * 1.6).point([clamp(v * 2.2) for v in range(256)])
    colour = ACCENTS[(take - 1) % len(ACCENTS)]
    image = over(shade(shot.image, behind, 0.62), Image.new("RGB", shot.size, colour), mask)
    alpha = shot.alpha.copy() if shot.alpha else None
    if alpha is not None:
        alpha.paste(255, mask=mask)
    return shot.but(image=image, alpha=alpha)


def _size_of(font: Font) -> int:
    return round(font.size) if isinstance(font, ImageFont.FreeTypeFont) else 11


def _fitted(text: str, pixels: int, room: int) -> tuple[Font | None, list[str]]:
    """The largest size (down to a fifth) at which the text fits the room in at most three lines."""
    for share in (1.0, 0.85, 0.7, 0.58, 0.48, 0.4, 0.32, 0.25, 0.2):
        font = font_for(text, max(10, round(pixels * share)))
        if font is None:
            return None, []
        lines = _wrapped(text, font, room)
        if len(lines) <= (1 if share > 0.6 else 2 if share > 0.35 else 3) and all(
            font.getlength(line) <= room for line in lines
        ):
            return font, lines
    return font, lines[:4]


def _wrapped(text: str, font: Font, room: int) -> list[str]:
    spaced = " " in text and not is_cjk(text)
    pieces, joint = (text.split(), " ") if spaced else (list(text), "")
    lines = [""]
    for piece in pieces:
        longer = f"{lines[-1]}{joint}{piece}" if lines[-1] else piece
        if font.getlength(longer) <= room or not lines[-1]:
            lines[-1] = longer
        else:
            lines.append(piece)
    return lines


def badge(image: Picture) -> Picture:
    """The word "sandbox", small and readable, in the lower right corner; the mode stays as it is."""
    w, h = image.size
    pixels = max(11, round(min(w, h) * 0.024))
    font = ImageFont.load_default(pixels)
    left, top, right, bottom = font.getbbox("sandbox")
    pad = round(pixels * 0.5)
    wide, tall = round(right - left) + 2 * pad, round(bottom - top) + 2 * round(pad * 0.7)
    x, y = w - wide - pad, h - tall - pad
    bright = luminance(image.crop((max(0, x), max(0, y), w, h)).convert("RGB")) > 128
    plate = Image.new("L", (wide * 2, tall * 2))
    ImageDraw.Draw(plate).rounded_rectangle((0, 0, wide * 2 - 1, tall * 2 - 1), tall, fill=150)
    plate = plate.resize((wide, tall), Image.Resampling.BOX)
    letters = Image.new("L", (wide, tall))
    ImageDraw.Draw(letters).text((pad - left, round(pad * 0.7) - top), "sandbox", font=font, fill=235)
    ground, ink = ((255, 255, 255), (40, 40, 40)) if bright else ((16, 16, 16), (255, 255, 255))
    marked = image.copy()
    opaque = (255,) if image.mode == "RGBA" else ()
    marked.paste((*ground, *opaque), (x, y), plate)
    marked.paste((*ink, *opaque), (x, y), letters)
    return marked
