"""What the front end loads, made from the files in ``static/``.

An anywidget takes one module and one style sheet as text, so that nothing is fetched when a notebook
is looked at. So a script goes out behind the files it imports, each once and as it is written, without
the import lines, indentation and comments: types and reasons are for who reads the source, and every widget
of a page is sent its own copy. Sheets go out one after the other, without spaces that say nothing. What that
asks of the files: an import stands alone, as ``import { … } from "./…";``, no two files that meet in one
script declare the same name, no text in backticks goes over several lines, and no text in a sheet holds
punctuation with spaces around it.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

FOLDER = Path(__file__).parent / "static"
_COMMENT = re.compile(r"^ *(?://.*|/\*\*(?:[^*]|\*(?!/))*\*/)\n", re.MULTILINE)
_TYPE = re.compile(r"/\*\*[^*\n]*\*/ ?")
_SPACE = re.compile(r" *([{};,>]) *|(?<=:) +")
_MARGIN = re.compile(r"^[ \n]+", re.MULTILINE)
_REMARK = re.compile(r"^ *(?:/\*(?:[^*]|\*(?!/))*\*/)\n", re.MULTILINE)
_IMPORT = re.compile(r'^import \{[^}]*\} from "\./([\w.]+)";\n', re.MULTILINE)


@cache
def script(name: str) -> str:
    """The module ``static/<name>`` behind what it imports."""
    parts = (_COMMENT.sub("", _IMPORT.sub("", _read(part))) for part in needed(name))
    return _MARGIN.sub("", _TYPE.sub("", "\n".join(parts)))


@cache
def styles(*names: str) -> str:
    """The style sheets ``static/<name>``, one after the other."""
    parts = (_REMARK.sub("", _read(name)) for name in names)
    return _MARGIN.sub("", _SPACE.sub(lambda found: found[1] or "", "\n".join(parts)))


def needed(name: str) -> list[str]:
    """The file and what it imports, each once and after what it needs itself."""
    before = [part for imported in _IMPORT.findall(_read(name)) for part in needed(imported)]
    return list(dict.fromkeys([*before, name]))


def _read(name: str) -> str:
    return (FOLDER / name).read_text(encoding="utf-8")
