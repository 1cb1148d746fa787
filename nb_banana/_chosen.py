"""What a person chose outside of a call: a variable of the environment, else a setting of JupyterLab.

Rules of this room:

* An argument, where there is one, comes first, a variable second, JupyterLab's setting third.
  What can't be understood counts as not chosen, and the doctor says so.
* JupyterLab's settings are for notebooks: a script and a terminal have none.
* Its file is read once, up to a bound, and never waited for. Without it, or with one that is no such file,
  everything is as if nobody had set anything.
* Nothing of it is a key, and nothing of it is written here.
* The first sentence of every program asks here for its language: only what that takes is loaded at the head.
"""

from __future__ import annotations

import os
import re
import stat
import sys
from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache
from importlib import import_module
from typing import TYPE_CHECKING, Any, Final, Literal, NamedTuple

if TYPE_CHECKING:
    from decimal import Decimal
    from pathlib import Path

Language = Literal["en", "zh"]
VARIABLES: Final[Mapping[str, str]] = {
    "language": "NB_BANANA_LANG",
    "previewSize": "NB_BANANA_PREVIEW",
    "historyFolder": "NB_BANANA_HISTORY",
    "confirmAbove": "NB_BANANA_CONFIRM",
}
"""Each setting by its name in JupyterLab, with the variable that comes before it."""
LAB: Final = "JupyterLab"
FILE: Final = "nb-banana/plugin.jupyterlab-settings"
_USUAL: Final = ("", "auto")
"""What is written where nobody chose."""
_LARGEST: Final = 64 * 1024
_LONGEST: Final = 4_000
_OPEN: Final = os.O_RDONLY | sum(getattr(os, name, 0) for name in ("O_NONBLOCK", "O_CLOEXEC", "O_BINARY"))
_WORD_OR_COMMENT: Final = r'("(?:\\.|[^"\\\n])*")|//[^\n]*|(?s:/\*.*?\*/)'
_WORD_OR_COMMA: Final = r'("(?:\\.|[^"\\\n])*")|,(?=\s*[}\]])'


class Choice(NamedTuple):
    """A value as it was written, and where: the name of a variable, or :data:`LAB`."""

    text: str
    where: str


class Settings(NamedTuple):
    """JupyterLab's settings of ours.

    Attributes:
        path: where they stand, or would; None where there is no such place.
        values: what is set, as text.
        trouble: why they can't be read; ``""`` when they could, or are not there.
    """

    path: Path | None
    values: Mapping[str, str] = {}
    trouble: str = ""


def chosen(setting: str) -> Any:
    """The first choice that can be understood, as its value; None where nobody chose; quick."""
    text = os.environ.get(VARIABLES[setting])
    value = _READ[setting](text.strip()) if text else None
    if value is None and (text := _of_lab().get(setting)):
        value = _READ[setting](text)
    return value


def choices(setting: str) -> Iterator[Choice]:
    """What was chosen, the first that counts first."""
    variable = VARIABLES[setting]
    if text := os.environ.get(variable, "").strip():
        yield Choice(text, variable)
    if text := _of_lab().get(setting, ""):
        yield Choice(text, LAB)


def read(setting: str, text: str) -> Any:
    """A choice as the value it stands for; None for what stands for none."""
    return _READ[setting](text)


def language_of(text: str | None) -> Language | None:
    """``zh-CN``, ``zh_Hans`` and ``ZH`` are Chinese, any ``en…`` is English, the rest is unknown."""
    prefix = (text or "").strip().lower()[:2]
    return "zh" if prefix == "zh" else "en" if prefix == "en" else None


def _edge(text: str) -> int | None:
    """Pixels of a small copy's longest edge."""
    number = int(text) if text.isascii() and text.isdigit() and len(text) < 5 else 0
    return number if 64 <= number <= 2048 else None


def _dollars(text: str) -> Decimal | float | None:
    """The price above which to ask; 0 is never."""
    try:
        limit: Decimal = import_module("decimal").Decimal(text.removeprefix("$").strip())
    except ArithmeticError:
        return None
    return None if not limit.is_finite() or limit < 0 else limit or NEVER


NEVER: Final = float("inf")
_READ: Final[Mapping[str, Callable[[str], object]]] = {
    "language": language_of, "previewSize": _edge, "historyFolder": str, "confirmAbove": _dollars,
}  # fmt: skip


def forget() -> None:
    """Read JupyterLab's settings anew when they are next asked for."""
    for held in (_of_lab, lab):
        held.cache_clear()


def in_notebook() -> bool:
    """Whether this process is the kernel of a notebook or a console."""
    return hasattr(getattr(sys.modules.get("IPython"), "get_ipython", lambda: None)(), "kernel")


@lru_cache(maxsize=1)
def _of_lab() -> Mapping[str, str]:
    """What this process takes from JupyterLab's settings."""
    return lab().values if in_notebook() else {}


@lru_cache(maxsize=1)
def lab() -> Settings:
    """JupyterLab's settings of ours as they stood when they were first asked for."""
    place = _place()
    return Settings(None) if place is None else _read(place)


def _place() -> str | None:
    """Where JupyterLab keeps the settings of its user; Notebook 7 keeps them there too."""
    given = os.environ.get("JUPYTERLAB_SETTINGS_DIR")
    if given:
        return given
    paths = sys.modules.get("jupyter_core.paths")  # a kernel has it; it knows the ways of this system
    try:
        own = os.environ.get("JUPYTER_CONFIG_DIR") or (
            paths.jupyter_config_dir() if paths else import_module("pathlib").Path.home() / ".jupyter"
        )
    except (OSError, RuntimeError):  # there may be no home at all
        return None
    return os.path.join(own, "lab", "user-settings")  # noqa: PTH118 - no more is loaded for it


def _read(place: str) -> Settings:
    path: Path = import_module("pathlib").Path(place, FILE)
    try:
        found = dict[str, Any](**import_module("json").loads(_plain(_bytes(path).decode("utf-8-sig"))))
    except (FileNotFoundError, NotADirectoryError):
        return Settings(path)
    except (OSError, ValueError, TypeError, RecursionError) as reason:  # JSON's own are of them
        return Settings(path, trouble=getattr(reason, "strerror", None) or str(reason)[:120])
    values = {name: _text(found.get(name)) for name in VARIABLES}
    return Settings(path, {name: text for name, text in values.items() if text not in _USUAL})


def _bytes(path: Path) -> bytes:
    """A regular file, without waiting for it: somebody may have put a pipe there."""
    handle = os.open(path, _OPEN)
    with open(handle, "rb") as file:  # noqa: PTH123 - a descriptor, not a path
        if not stat.S_ISREG(os.fstat(handle).st_mode):
            raise OSError(0, "no regular file")
        data = file.read(_LARGEST + 1)
    if len(data) > _LARGEST:
        raise OSError(0, f"more than {_LARGEST // 1024} KB")
    return data


def _plain(text: str) -> str:
    """JSON as JupyterLab lets people write it, without its comments and its last commas."""
    bare = re.sub(_WORD_OR_COMMENT, lambda found: found[1] or " ", text)
    return re.sub(_WORD_OR_COMMA, lambda found: found[1] or "", bare)


def _text(value: Any) -> str:
    """A value as a person would type it into a variable; "" for what is no word and no number."""
    if isinstance(value, bool) or not isinstance(value, (str, int, float)):
        return ""
    text = value.strip() if isinstance(value, str) else repr(value)
    return text if len(text) <= _LONGEST and text.isprintable() else ""
