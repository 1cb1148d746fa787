"""The notebook around a widget: its variables, its page, and what it can show. IPython is met only here."""

from __future__ import annotations

import os
import sys
import traceback
import uuid
from base64 import b64encode
from collections.abc import Callable, Mapping
from types import FunctionType, ModuleType
from typing import Any, Final

from .._catalog.providers import every_row
from .._fetch.keys import mask
from .._images.data import ImageData
from .._strings import say
from ..errors import InvalidRequestError


def namespace() -> dict[str, Any] | None:
    """The notebook's variables, or None outside of IPython."""
    if "IPython" not in sys.modules:
        return None
    from IPython import get_ipython

    shell = get_ipython()
    return None if shell is None else shell.user_ns


def frames(error: BaseException) -> list[str]:
    """The whole traceback of an error, in the mode that ``%xmode`` set; a verbose one prints variables."""
    from IPython import get_ipython

    shell = get_ipython()
    if shell is None:
        return traceback.format_exception(error)
    shown = shell.InteractiveTB.structured_traceback(type(error), error, error.__traceback__)
    keys = [os.environ.get(name, "") for row in every_row() for name in row.key_names]
    return [mask(line, keys) for line in shown]


def is_picture(value: Any) -> bool:
    """Whether a variable plainly holds a picture: ours, PIL's, or an array shaped like one."""
    if isinstance(value, ImageData) or isinstance(getattr(value, "image", None), ImageData):
        return not hasattr(value, "tray")  # a Panel has an image too, but is not one
    if hasattr(value, "getbands"):
        return not isinstance(value, type)
    shape = getattr(value, "shape", ())
    if not hasattr(value, "__array_interface__") or not isinstance(shape, tuple):
        return False
    return len(shape) == 2 or (len(shape) == 3 and shape[2] in (1, 3, 4))


def picture_names() -> list[str]:
    """Names of the notebook's variables that hold a picture, the newest first."""
    names = namespace() or {}
    return [name for name in reversed(names) if not name.startswith("_") and is_picture(names[name])][:50]


def variable(name: str) -> Any | None:
    """The picture the notebook's variable ``name`` holds, if it does."""
    names = namespace()
    if names is None or not name.isidentifier() or name not in names:
        return None
    return names[name] if is_picture(names[name]) else None


def check_out(name: str) -> str:
    """``name`` if a result may be assigned to it.

    Raises:
        InvalidRequestError: it is no name, or holds a module, a function or a class.
    """
    if not name.isidentifier():
        raise InvalidRequestError(say("panel.out_not_a_name", name=name))
    taken = (namespace() or {}).get(name)
    if isinstance(taken, (ModuleType, FunctionType, type)):
        raise InvalidRequestError(say("panel.out_taken", name=name, kind=type(taken).__name__))
    return name


def assign(name: str, value: Any) -> bool:
    """Give the notebook's variable a value; False outside of a notebook."""
    names = namespace()
    if names is None:
        return False
    names[name] = value
    return True


_made: list[tuple[str, int]] = [("", 0)]


def place() -> str:
    """The cell being run and how many panels it has made: the same when the cell runs again, ``""`` outside.

    JupyterLab and Notebook give each cell an id that is saved with the notebook.
    """
    if namespace() is None:
        return ""
    from IPython import get_ipython

    parent: dict[str, Any] = getattr(get_ipython(), "get_parent", dict)() or {}
    cell = parent.get("metadata", {}).get("cellId", "")
    run = parent.get("header", {}).get("msg_id", "")
    before, count = _made[0]
    _made[0] = (run, count + 1 if run == before else 1)
    return f"{cell}:{_made[0][1]}" if cell else ""


def in_kernel() -> bool:
    """Whether a page shows what is displayed; a terminal's shell prints its text."""
    if "IPython" not in sys.modules:
        return False
    from IPython import get_ipython

    return hasattr(get_ipython(), "kernel")


def in_voila() -> bool:
    """Voilà ignores outputs updated after a cell has finished; results show inside the widget there."""
    return os.environ.get("SERVER_SOFTWARE", "").startswith("voila")


Bundle = tuple[Mapping[str, Any], Mapping[str, Any]]
OURS: Final = "application/vnd.nb-banana+json"
"""What stands beside a widget in a saved notebook, for the extension: what it was, without its kernel."""
_WORDS: Final = {
    "panel": "panel.plain", "chain": "timeline.plain", "grid": "saved.grid", "history": "saved.history",
    "viewer": "looking.show_plain",
}  # fmt: skip


def beside_widget(kind: str, original: Mapping[str, Any]) -> Bundle:
    """What a saved notebook says of a widget of ours; its metadata, where the last picture's original is.

    A record's id is no part of what is shown: a notebook that makes the same again shows the same.
    """
    return {OURS: {"kind": kind, "caption": say(_WORDS[kind])}}, {OURS: original} if original else {}


def present(bundle: Bundle, display_id: str = "", *, update: bool = False) -> None:
    """Show a picture and, as a second output under it, the words that came with it.

    Jupyter shows one form of a bundle, the richest: words that stand beside a picture as its
    ``text/plain`` are never seen. With a ``display_id`` both outputs can be replaced later, so there are
    always two, of which one may be empty; a terminal prints the words of the first.
    """
    publish(bundle, display_id, update=update)
    data, _ = bundle
    has_picture = len(data) > 1
    if in_kernel() and (has_picture or display_id):
        words = {"text/plain": data["text/plain"] if has_picture else ""}
        publish((words, {}), display_id and f"{display_id}-words", update=update)


class Slot:
    """The plain picture under a widget, and its words: outputs of their own, so that they outlive the kernel.

    Args:
        plain: gives them as they are now.
        wanted: False shows none; nor is there one in Voilà.
    """

    def __init__(self, plain: Callable[[], Bundle], *, wanted: bool) -> None:
        self._plain, self.wanted = plain, wanted and not in_voila()
        self._id, self._shown = f"nb-banana-{uuid.uuid4().hex}", False

    def show(self, view: Mapping[str, Any], kind: str, original: Mapping[str, Any]) -> None:
        """Show the widget, and its slot under it; ``original`` is that of the picture it begins with."""
        data, facts = beside_widget(kind, original)
        publish(({**view, **data}, facts), f"{self._id}-{kind}", update=False)
        if self.wanted:
            self._shown = True
            present(self._plain(), self._id)

    def update(self) -> None:
        """Bring a slot that is shown up to date."""
        if self._shown:
            present(self._plain(), self._id, update=True)


def publish(bundle: Bundle, display_id: str, *, update: bool) -> None:
    """Show ``(data, metadata)`` as an output of its own, or replace what the output of that id shows."""
    from IPython.display import display, update_display

    data, metadata = bundle
    plain = {kind: b64encode(it).decode() if isinstance(it, bytes) else it for kind, it in data.items()}
    show = update_display if update else display
    show(plain, metadata=dict(metadata), raw=True, display_id=display_id or None)
