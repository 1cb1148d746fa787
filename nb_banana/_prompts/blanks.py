"""Blanks in a prompt: ``{name}``, to be filled in before it is sent.

What counts as a blank is a name that a template or a preset brought: braces that a person typed are hers, and
are sent as they stand.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

_BLANK: Final = re.compile(r"\{(\w(?:[\w -]{0,38}\w)?)\}")


def blanks(text: str) -> tuple[str, ...]:
    """The names of the blanks in a text, each once, in the order they stand."""
    return tuple(dict.fromkeys(_BLANK.findall(text)))


def unfilled(text: str, known: Iterable[str]) -> tuple[str, ...]:
    """Which of these blanks still stand in a text."""
    return tuple(name for name in known if f"{{{name}}}" in text)
