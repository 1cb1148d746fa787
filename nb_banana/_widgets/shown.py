"""What a page and a cell are given to show: the sentences of one part, and text as Python source."""

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
