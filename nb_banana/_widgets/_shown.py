"""What a page and a cell are given to show: the sentences of one part, and text as Python source."""

from __future__ import annotations

import json

from .._strings import say, speaking
from .._strings.panel import TABLE


def sentences(part: str, lang: str | None) -> dict[str, str]:
    """Every string of one part of the screen, as its page side wants them: fields still unfilled."""
    prefix = f"{part}_"
    with speaking(lang):
        column = 1 if say("panel.language") == "zh" else 0
    return {key.removeprefix(prefix): pair[column] for key, pair in TABLE.items() if key.startswith(prefix)}


def literal(text: str) -> str:
    """``text`` as Python source in double quotes, other scripts left readable."""
    if text.isprintable():
        return json.dumps(text, ensure_ascii=False)
    return '"' + repr(text + "'")[1:-2].replace('"', r"\"") + '"'
