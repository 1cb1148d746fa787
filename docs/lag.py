"""Which Chinese page lags behind its English one: `python docs/lag.py` lists them.

Rules of this file:

- The English text is the source. A Chinese page ends with the digest of the English text it says in Chinese; a Chinese
  cell of a tutorial (`docs/tutorials/`) has it in its first line. Who changes English words changes that digest.
- `python docs/lag.py --done docs/keys.zh-CN.md …` writes the digest of today, once a person has read both. It is never
  written by a test.
- What is generated for both languages at once (`docs/facts.py`, `docs/failures.py`) has no digest: its own test holds it.
"""

from __future__ import annotations

import argparse
import hashlib
import re
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
CHINESE = ".zh-CN.md"
GENERATED = {"facts", "failures"}
ENGLISH_ALONE = {"CHANGELOG.md", "CITATION.md", "SECURITY.md", "api.md"}  # the reference is docstrings, which are English
STAMP = re.compile(r"\n*<!-- translated from ([0-9a-f]{12}) -->\n?$")
CELL = re.compile(r"^%% en\n(?P<english>.*?)(?=^%% |\Z)(?:^%% zh(?: (?P<digest>[0-9a-f]{12}))?\n(?P<chinese>))?", re.M | re.S)


def digest(text: str) -> str:
    """Twelve digits that another text doesn't have."""
    return hashlib.sha256(text.strip().encode()).hexdigest()[:12]


def pages() -> Iterator[tuple[Path, Path]]:
    """Each page that people read, and its Chinese one, there or not."""
    for english in sorted((*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md"))):
        if not english.name.endswith(CHINESE) and english.name not in ENGLISH_ALONE and english.stem not in GENERATED:
            yield english, english.with_name(english.stem + CHINESE)


def tutorials() -> list[Path]:
    """The tutorials as they are written, both languages in one file."""
    return sorted((ROOT / "docs" / "tutorials").glob("*.md"))


def lagging() -> Iterator[str]:
    """A line for each Chinese page or cell that is missing, or says what the English one said once."""
    for english, chinese in pages():
        name = chinese.relative_to(ROOT).as_posix()
        if not chinese.is_file():
            yield f"{name} is missing"
        elif not (found := STAMP.search(chinese.read_text(encoding="utf-8"))):
            yield f"{name} does not say what it was translated from"
        elif found[1] != digest(english.read_text(encoding="utf-8")):
            yield f"{name} lags behind {english.relative_to(ROOT).as_posix()}"
    for page in tutorials():
        for cell in CELL.finditer(page.read_text(encoding="utf-8")):
            if cell["digest"] != digest(cell["english"]):
                how = "is missing" if cell["chinese"] is None else "lags"
                yield f"{page.relative_to(ROOT).as_posix()}: the Chinese of {cell['english'].strip().splitlines()[0]!r} {how}"


def done(page: Path) -> None:
    """Say that a Chinese page, or each Chinese cell of a tutorial, says what the English one says now."""
    text = page.read_text(encoding="utf-8")
    if page.name.endswith(CHINESE):
        english = page.with_name(page.name.removesuffix(CHINESE) + ".md").read_text(encoding="utf-8")
        text = f"{STAMP.sub('', text).rstrip()}\n\n<!-- translated from {digest(english)} -->\n"
    else:
        text = CELL.sub(lambda cell: cell[0] if cell["chinese"] is None else
                        f"%% en\n{cell['english']}%% zh {digest(cell['english'])}\n", text)
    page.write_text(text, encoding="utf-8", newline="\n")


def main() -> int:
    """List what lags, or note that pages no longer do."""
    parser = argparse.ArgumentParser(description="Which Chinese page lags behind its English one.")
    parser.add_argument("--done", nargs="+", type=Path, metavar="PAGE", help="these say what the English page says now")
    for page in parser.parse_args().done or ():
        done(page.resolve())
    left = list(lagging())
    print("\n".join(left) or "No Chinese page lags behind.")
    return 1 if left else 0


if __name__ == "__main__":
    sys.exit(main())
