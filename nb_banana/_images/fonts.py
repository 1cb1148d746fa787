"""Fonts for the letters that are drawn into pictures.

Rules of this file: a script needs a font that has it, so for Chinese, Japanese and Korean one is looked for
in the usual places; where there is none the caller is told by ``font_for(...) is None`` and draws no empty
boxes. Import it inside functions, for it loads Pillow.
"""

from __future__ import annotations

import os
import sys
from functools import cache
from pathlib import Path

from PIL import ImageFont

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
    """A font that has the text's characters, or None."""
    cjk = is_cjk(text)
    path = font_file(cjk=cjk)
    if path is not None:
        return ImageFont.truetype(str(path), pixels)
    return None if cjk else ImageFont.load_default(pixels)


def platform_hint() -> str:
    """What to install for Chinese letters here."""
    return "fonts-noto-cjk" if sys.platform.startswith("linux") else "Noto Sans CJK"
