"""How values read on the screen: sizes, amounts, seconds, and the sentences a page is given."""

from __future__ import annotations

import json

from .._strings import speaking, unfilled


def sentences(part: str, lang: str | None) -> dict[str, str]:
    """The strings ``table.part_…``, unfilled, as a page wants them; None is the notebook's language."""
    with speaking(lang):
        return unfilled(part)


def literal(text: str) -> str:
    """``text`` as Python source in double quotes, other scripts left readable."""
    if text.isprintable():
        return json.dumps(text, ensure_ascii=False)
    return '"' + repr(text + "'")[1:-2].replace('"', r"\"") + '"'


def amount(count: int) -> str:
    """Bytes for people: ``5.1 MB``."""
    if count < 1000:
        return f"{count} B"
    value, unit = (count / 1e3, "KB") if count < 999_500 else (count / 1e6, "MB")
    return f"{value:.1f} {unit}" if value < 9.95 else f"{value:.0f} {unit}"


def seconds(value: float) -> str:
    """``0.4 s``, ``12 s``, ``2 min 5 s``."""
    if value < 9.95:
        return f"{value:.1f} s"
    whole = round(value)
    return f"{whole} s" if whole < 120 else f"{whole // 60} min {whole % 60} s"


def span(low: float, high: float) -> str:
    """``10–15 s``."""
    return f"{low:.0f} s" if low == high else f"{low:.0f}–{high:.0f} s"
