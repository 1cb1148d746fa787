"""What the front end loads, made from the files in ``static/``.

An anywidget takes one module and one style sheet as text, so that nothing is fetched when a notebook
is looked at. Each file stays a plain module that node can test; here a relative import is replaced by
the text of the file it names. Comments and needless spaces stay behind: the text travels with every
widget. What that asks of the files: statements end in a semicolon, no template stands in another one,
and no regular expression holds a quote or a space.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

FOLDER = Path(__file__).parent / "static"
_IMPORT = re.compile(r'^import \{[^}]*\} from "\./([\w.]+)";\n', re.MULTILINE)
_EXPORT = re.compile(r"^export (?=(async )?(function|const|class)\b)", re.MULTILINE)
_REMARK = re.compile(r"/\*\*.*?\*/|^\s*//[^\n]*$|^/\* .*?\*/$|\s// [^\n\"]*$", re.MULTILINE | re.DOTALL)
_BLANK = re.compile(r"\n\s*")
_SPACE = re.compile(r"\s*[{};,]\s*|:\s+")
_CODE_SPACE = re.compile(
    r"""("(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'|`(?:\\.|[^`\\])*`)"""  # strings stay as they are
    r"""|;?\s*(\})[ ]*|[ ]*([{(,;=?:&|<>])\s*|\s*(\))[ ]*"""
)


@cache
def script(name: str) -> str:
    """The module ``static/<name>`` with what it imports inlined."""
    text = (FOLDER / name).read_text(encoding="utf-8")
    parts = [_EXPORT.sub("", _read(part)) for part in _IMPORT.findall(text)]
    return _squeezed("\n".join([*parts, _IMPORT.sub("", text)]))


@cache
def styles(*names: str) -> str:
    """The style sheets ``static/<name>``, one after the other."""
    return _SPACE.sub(lambda found: found[0].strip(), _tight("\n".join(_read(name) for name in names)))


def weight() -> int:
    """Bytes of everything a page may be given, each file once."""
    return sum(
        len((styles if path.suffix == ".css" else script_alone)(path.name).encode())
        for path in FOLDER.iterdir()
        if path.suffix in (".js", ".css")
    )


def script_alone(name: str) -> str:
    """The module ``static/<name>`` without what it imports."""
    return _squeezed(_IMPORT.sub("", _read(name)))


def _read(name: str) -> str:
    return (FOLDER / name).read_text(encoding="utf-8")


def _tight(text: str) -> str:
    return _BLANK.sub("\n", _REMARK.sub("", text)).strip() + "\n"


def _squeezed(code: str) -> str:
    return _CODE_SPACE.sub(lambda found: "".join(filter(None, found.groups())), _tight(code))
