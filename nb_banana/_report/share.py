"""One edit for others: before, after, prompt, model and price, as a page or as a picture for a slide."""

from __future__ import annotations

import io
import os
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from PIL import Image, ImageDraw

from .. import _text
from .._images.fonts import font_for, spelt
from .._images.saving import path_of, write_new, write_whole
from .._result import before_of
from .._strings import language, quoted, say, speaking
from ..errors import InvalidRequestError
from .markup import opening, said
from .pictures import packed

if TYPE_CHECKING:
    from .._images.data import ImageData
    from .._result import EditResult

_NAME: Final = "shared.png"
_SLIDE: Final = (1920, 1080)
_EDGE, _GAP = 64, 40
_PROMPT, _SMALL = 36, 26
_LINES: Final = 3
_PAPER, _INK, _FAINT = (255, 255, 255), (29, 31, 35), (91, 97, 106)
_ROOM: Final = 4_000_000
_STYLE: Final = """
:root { color-scheme: light dark; --bg: #fff; --fg: #1d1f23; --dim: #5b616a; }
@media (prefers-color-scheme: dark) { :root { --bg: #16181b; --fg: #eceef0; --dim: #a8aeb6; } }
body { margin: 0; padding: 24px; background: var(--bg); color: var(--fg); font: 18px/1.5 system-ui; }
main { max-width: 1500px; margin: auto; }
.pair { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(380px, 100%), 1fr)); gap: 24px; }
figure { margin: 0; } img { display: block; max-width: 100%; height: auto; border-radius: 6px; }
figcaption, .facts { color: var(--dim); font-size: 15px; } blockquote { margin: 20px 0 8px; font-size: 22px;
  overflow-wrap: anywhere; white-space: pre-wrap; }
"""


def share(result: EditResult, path: str | os.PathLike[str] | None = None) -> Path:
    """Write it and return where; without ``path``, or in a folder, a PNG under a name that no file has.

    Raises:
        InvalidRequestError: the name ends in neither ``.html`` nor ``.png``, it can't be written, or no font
            here has the letters of the prompt (a page needs none).
    """
    target = Path() if path is None else path_of(path)
    if new := path is None or target.is_dir():
        target /= _NAME
    kinds = {".html": _page, ".png": _slide}
    if target.suffix.lower() not in kinds:
        raise InvalidRequestError(say("report.share_suffix", suffix=quoted(target.suffix)))
    data = kinds[target.suffix.lower()](result)
    if new:
        return write_new(target.parent, target.stem, target.suffix, data)
    write_whole(target, data)
    return target


def _sides(result: EditResult) -> dict[str, ImageData]:
    """What is shown: the picture it was made from, if there is one, and what came."""
    before = before_of(result)
    return {**({"before": before} if before is not None else {}), "after": result.image}


def _facts(result: EditResult) -> str:
    width, height = result.image.shown_size
    parts = [result.model or result.request.model or say("compare.default")]
    parts += [
        say("images.size", width=width, height=height),
        _text.money(result.cost, sandbox=result.sandbox),
    ]
    return " · ".join(parts)


def _page(result: EditResult) -> bytes:
    sides = _sides(result)
    shown = packed(sides, _ROOM).shown
    figures = "".join(
        f'<figure><img src="{shown[side]}" alt="{said(say(f"report.{side}"))}">'
        f"<figcaption>{said(say(f'report.{side}'))}</figcaption></figure>"
        for side in sides
        if side in shown
    )
    warned = "".join(f'<p class="facts">{said(one)}</p>' for one in _warned(result))
    return "\n".join([
        f"{opening(say('report.share_title'), _STYLE, scripts=False)}<main>",
        f'<div class="pair">{figures}</div><blockquote>{said(result.request.prompt)}</blockquote>',
        f'<p class="facts">{said(_facts(result))}</p>{warned}</main></body></html>',
    ]).encode()  # fmt: skip


def _warned(result: EditResult) -> list[str]:
    return [say("report.sandbox")] if result.sandbox else []


def _slide(result: EditResult) -> bytes:
    """Light, 16:9; the pictures as large as the words leave room for."""
    slide = Image.new("RGB", _SLIDE, _PAPER)
    draw = ImageDraw.Draw(slide)
    width, height = _SLIDE
    words = _wrapped(draw, spelt(_text.shortened(result.request.prompt, 600)), width - 2 * _EDGE)
    sides = _sides(result)
    names, facts = _labels(result, sides)
    foot = height - _EDGE - len(words) * round(_PROMPT * 1.4) - round(_SMALL * 1.6) * len(facts)
    room = (width - 2 * _EDGE - (len(sides) - 1) * _GAP) // len(sides)
    for at, (name, data) in enumerate(zip(names, sides.values(), strict=True)):
        left = _EDGE + at * (room + _GAP)
        draw.text((left, _EDGE - 8), name, font=_font(name, _SMALL), fill=_FAINT)
        _put(slide, data, (left, _EDGE + 36, left + room, foot - 28))
    y = foot
    for line in words:
        draw.text((_EDGE, y), line, font=_font(line, _PROMPT), fill=_INK)
        y += round(_PROMPT * 1.4)
    for line in facts:
        draw.text((_EDGE, y + 6), line, font=_font(line, _SMALL), fill=_FAINT)
        y += round(_SMALL * 1.6)
    out = io.BytesIO()
    slide.save(out, "PNG", optimize=True)
    return out.getvalue()


def _labels(result: EditResult, sides: Iterable[str]) -> tuple[list[str], list[str]]:
    """What the pictures are called and the lines under them; in English where no font has our own words."""
    names = [spelt(say(f"report.{side}")) for side in sides]
    lines = [spelt(line) for line in (_facts(result), *_warned(result))]
    if language() == "en" or all(font_for(one, _SMALL) for one in (*names, *lines)):
        return names, lines
    with speaking("en"):
        return _labels(result, sides)


def _put(slide: Image.Image, data: ImageData, box: tuple[int, int, int, int]) -> None:
    """The picture inside a box, at its top."""
    room = box[2] - box[0], box[3] - box[1]
    picture = data.preview(2 * max(room), 16 * 2**20).to_pil().convert("RGBA")
    scale = min(room[0] / picture.width, room[1] / picture.height)
    size = max(1, round(picture.width * scale)), max(1, round(picture.height * scale))
    small = picture.resize(size, Image.Resampling.LANCZOS)
    slide.paste(small, (box[0], box[1]), small)


def _font(words: str, size: int) -> Any:
    font = font_for(words, size)
    if font is None:
        raise InvalidRequestError(say("report.no_letters"), hint=say("report.no_letters_hint"))
    return font


def _wrapped(draw: ImageDraw.ImageDraw, words: str, room: int) -> list[str]:
    """At most three lines; what is left over ends in an ellipsis."""
    font, lines = _font(words, _PROMPT), [""]
    pieces = words.split(" ")
    for piece in [f"{one} " for one in pieces[:-1]] + pieces[-1:]:
        for part in [piece] if draw.textlength(piece, font=font) <= room else list(piece):
            if draw.textlength(lines[-1] + part.rstrip(), font=font) <= room:
                lines[-1] += part
            else:
                lines.append(part)
    if len(lines) > _LINES:
        last = lines[_LINES - 1].rstrip()
        while draw.textlength(f"{last}…", font=font) > room:
            last = last[:-1]
        lines = [*lines[: _LINES - 1], f"{last}…"]
    return [spelt(line.rstrip()) for line in lines]
