"""What a page and a cell are given to show: the sentences of one part, and text as Python source."""

from __future__ import annotations

from .._strings import speaking, unfilled


def sentences(part: str, lang: str | None) -> dict[str, str]:
    """The strings ``table.part_…``, unfilled, as a page wants them; None is the notebook's language."""
    with speaking(lang):
        return unfilled(part)


def literal(text: str) -> str:
    """``text`` as Python source in double quotes, other scripts left readable."""
    return '"' + "".join(map(_spelled, text)) + '"'


def _spelled(letter: str) -> str:
    return f"\\{letter}" if letter in '"\\' else letter if letter.isprintable() else repr(letter)[1:-1]
