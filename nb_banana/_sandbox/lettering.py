"""Letters in the picture: text that was asked for in quotes, and the sandbox's own badge.

Rules of this file: only quoted text is ever drawn; a script needs a font that has it, so for Chinese,
Japanese and Korean one is looked for in the usual places, and when there is none nothing is drawn (no
empty boxes) and the caller is told by `font_for(...) is None`.
"""

from __future__ import annotations

import os
import random
import sys
from functools import cache
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

from .canvas import Picture, clamp, luminance, over, shade, soft
from .shot import Shot

Font = ImageFont.FreeTypeFont | ImageFont.ImageFont
PLACES: tuple[str, ...] = (
    "/usr/share/fonts",
    "/usr/local/share/fonts",
    "/usr/share/texmf/fonts",
    "~/.fonts",
    "~/.local/share/fonts",
    "/System/Library/Fonts",
    "/Library/Fonts",
    "~/Library/Fonts",
    "C:/Windows/Fonts",
)
CJK: tuple[str, ...] = (
    "notosanscjk",
    "notosanssc",
    "notosanshans",
    "notoserifcjk",
    "sourcehansans",
    "sourcehanserif",
    "wqy",
    "wenquanyi",
    "pingfang",
    "hiraginosansgb",
    "stheiti",
    "songti",
    "msyh",
    "msjh",
    "simhei",
    "simsun",
    "droidsansfallback",
    "arphic",
    "uming",
    "ukai",
    "lxgw",
    "harmonyos",
    "unifont",
    "arialunicode",
    "applegothic",
    "malgun",
    "meiryo",
    "ipag",
)
LATIN: tuple[str, ...] = (
    "dejavusans-bold",
    "notosans-bold",
    "liberationsans-bold",
    "arialbd",
    "helvetica",
    "roboto-bold",
)
ACCENTS = ((255, 255, 255), (255, 222, 120), (255, 190, 170), (190, 236, 255))


def is_cjk(text: str) -> bool:
    """Whether the text holds a character no Latin font has."""
    return any(
        0x2E80 <= ord(c) <= 0x9FFF
        or 0xAC00 <= ord(c) <= 0xD7AF
        or 0xF900 <= ord(c) <= 0xFAFF
        or 0xFF00 <= ord(c) <= 0xFFEF
        or ord(c) >= 0x20000
        for c in text
    )


@cache
def _font_files() -> tuple[Path, ...]:
    """Every font file in the usual places (and `NB_BANANA_FONTS`, a folder of one's own)."""
    own = os.environ.get("NB_BANANA_FONTS")
    found: list[Path] = []
    for place in ((own,) if own else ()) + PLACES:
        folder = Path(place).expanduser()
        if folder.is_dir():
            found += sorted(p for p in folder.rglob("*") if p.suffix.lower() in (".ttf", ".ttc", ".otf"))
    return tuple(found)


@cache
def font_file(*, cjk: bool) -> Path | None:
    """The first font file whose name says it has the script."""
    for name in CJK if cjk else LATIN:
        for path in _font_files():
            if name in path.name.lower().replace("_", "").replace(" ", ""):
                return path
    return None


def font_for(text: str, pixels: int) -> Font | None:
    """A font that has the text's characters, or None."""
    cjk = is_cjk(text)
    path = font_file(cjk=cjk)
    if path is not None:
        return ImageFont.truetype(str(path), pixels)
    return None if cjk else ImageFont.load_default(pixels)


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


def platform_hint() -> str:
    """What to install for Chinese letters here."""
    return "fonts-noto-cjk" if sys.platform.startswith("linux") else "Noto Sans CJK"
