"""The contact sheet as a picture or as pages."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Final

from PIL import Image

from .._compare.sheet import LARGE, Layout, sheet
from .._strings import say
from ..errors import InvalidRequestError

if TYPE_CHECKING:
    from .facts import Report

_BUDGET: Final = 2**22
"""Bytes of a sheet before it is put into the file: it is never compressed so hard that it shows."""
_TALLEST: Final = 20_000
"""Pixels: beyond that programs refuse a picture."""


def png(report: Report) -> bytes:
    """All sheets, one under the other.

    Raises:
        InvalidRequestError: they are too many for one picture.
    """
    pages = Layout.of(report.held).pages
    drawn, tall = [], 0
    for page in range(1, pages + 1):
        drawn.append(_page(report, page))
        tall += drawn[-1].height
        if tall > _TALLEST:
            raise InvalidRequestError(say("report.too_tall", pages=pages), hint=say("report.too_tall_hint"))
    whole = Image.new("RGB", (max(one.width for one in drawn), tall), "white")
    at = 0
    for one in drawn:
        whole.paste(one, (0, at))
        at += one.height
    return _saved(whole, "PNG", optimize=True)


def pdf(report: Report) -> bytes:
    """A page for each sheet."""
    first, *others = [_page(report, page) for page in range(1, Layout.of(report.held).pages + 1)]
    return _saved(first, "PDF", save_all=True, append_images=others, resolution=150, quality=88)


def _page(report: Report, page: int) -> Image.Image:
    return sheet(report.held, page, wide=LARGE, budget=_BUDGET).to_pil().convert("RGB")


def _saved(picture: Image.Image, kind: str, **how: object) -> bytes:
    out = io.BytesIO()
    picture.save(out, kind, **how)
    return out.getvalue()
