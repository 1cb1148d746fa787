"""Fonts for the letters that are drawn into pictures.

Rules of this file: a font is asked for its letters, so that nobody draws empty boxes. The usual one comes
first, then every other in the usual places; where none has them all the caller is told by
``font_for(...) is None``. A sign keeps no words away: ``spelt`` writes out what no such font has. Import it
inside functions, for it loads Pillow.
"""

from __future__ import annotations

import os
import sys
import unicodedata
from collections.abc import Iterator
from functools import cache, lru_cache
from pathlib import Path

from PIL import ImageFont

from .._text import SIGNS

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
        folder = Path(os.path.expanduser(place))  # noqa: PTH111 - leaves an unknown ~user as it is
        if os.path.isdir(folder):  # noqa: PTH112 - is_dir raises for too long a name
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
    """A font that has all of the text's letters, or None."""
    found = _having(frozenset(text))
    if found is None:
        return None
    return ImageFont.truetype(found, pixels) if found else ImageFont.load_default(pixels)


def spelt(text: str) -> str:
    """The text with the signs and emoji written out that the font of its letters lacks."""
    letters = frozenset(letter for letter in text if _written(letter) is None)
    if _having(frozenset(text)) is not None or (font := _having(letters)) is None:
        return text
    return "".join(letter if _has(font, letter) else _written(letter) or "" for letter in text)


def _written(letter: str) -> str | None:
    """A sign in words, ``""`` for what only shapes the one before it; None for a letter."""
    kind = unicodedata.category(letter)
    if kind in ("Cf", "Sk") or "\ufe00" <= letter <= "\ufe0f":
        return ""
    named = kind in ("So", "Cn")  # an emoji, or one that is newer than this Python
    return f"[{unicodedata.name(letter, '?').lower()}]" if named else SIGNS.get(letter)


@lru_cache(2000)
def _having(letters: frozenset[str]) -> str | None:
    """The first font that has these letters: its file, ``""`` for the one that comes with Pillow."""
    rarest = sorted(letters, reverse=True)
    fonts = _fonts(cjk=is_cjk("".join(letters)))
    return next((font for font in fonts if all(_has(font, letter) for letter in rarest)), None)


def _fonts(*, cjk: bool) -> Iterator[str]:
    usual = font_file(cjk=cjk)
    if usual is not None:
        yield str(usual)
    if not cjk:
        yield ""
    # The last resort of macOS has a box for every letter there is.
    yield from (str(path) for path in _font_files() if "lastresort" not in path.name.lower())


@cache
def _has(font: str, letter: str) -> bool:
    if letter.isspace():
        return True
    try:
        return _drawn(font, letter) != _drawn(font, "\U0010ffff")
    except (OSError, UnicodeError):  # no font, one of bitmaps, or letters that it has no way to say
        return False


@cache
def _drawn(font: str, letter: str) -> bytes:
    """A letter as a font draws it; one that it lacks looks as any other that it lacks."""
    return bytes(_opened(font).getmask(letter))


@lru_cache(64)
def _opened(font: str) -> Font:
    if not font:
        return ImageFont.load_default(24)
    return ImageFont.truetype(font, 24, layout_engine=ImageFont.Layout.BASIC)


def platform_hint() -> str:
    """What to install for Chinese letters here."""
    return "fonts-noto-cjk" if sys.platform.startswith("linux") else "Noto Sans CJK"
