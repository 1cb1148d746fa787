"""Chinese that can be found: words of Chinese have no spaces between them, so each two characters are a word.

Sphinx's own Chinese search needs jieba, and finds nothing without it. Pairs need no dictionary, and a query is cut the
same way, in the page (`split.js`).
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from sphinx.search.zh import SearchChinese

RUN = re.compile(r"[㐀-䶿一-鿿]+")
OTHER = re.compile(r"[A-Za-z0-9_]+")


def words(text: str) -> list[str]:
    """Each character and each two that stand together, and every word in other letters."""
    runs = RUN.findall(text)
    pairs = [run[at : at + 2] for run in runs for at in range(len(run) - 1)]
    return [*(one for run in runs for one in run), *pairs, *OTHER.findall(text)]


class Pairs(SearchChinese):
    """Chinese by pairs of characters; words of other letters by their English stem, whose script is named so."""

    language_name = "English"

    js_splitter_code = Path(__file__).with_name("split.js").read_text(encoding="utf-8")

    def split(self, input: str) -> list[str]:  # Sphinx calls it so
        """The words of a text."""
        self.latin_terms.update(OTHER.findall(input))
        return words(input)


def setup(app: Any) -> None:
    """Take the place of Sphinx's own."""
    app.add_search_language(Pairs)
