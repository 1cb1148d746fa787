"""The pages people read, by name: in `docs/`, or beside the README; and the code that stands on them."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def text_of(page: str) -> str:
    """A page as it is written."""
    beside = ROOT / page
    return (beside if beside.is_file() else ROOT / "docs" / page).read_text(encoding="utf-8")


def fenced(page: str) -> list[tuple[str, str]]:
    """Each block of code in order, after the name of its language, `""` for none."""
    return re.findall(r"^```(\w*)\n(.*?)^```$", text_of(page), re.MULTILINE | re.DOTALL)


def blocks(page: str, language: str = "python") -> list[str]:
    """The blocks of one language."""
    return [code for name, code in fenced(page) if name == language]
