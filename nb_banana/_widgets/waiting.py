"""A line under a cell that is gone without a trace when the cell goes on.

Rules of this file:

* An output can't be taken away alone: a page only knows how to clear all of a cell's. So the line is shown
  only where nothing stands but printed text, and that is printed again when the line is cleared.
* It is for somebody who waits: a cell whose sender takes no questions (nbconvert, nbval, papermill) has none.
* What a cell shows is known from the messages that leave the kernel; a cell that may have shown something
  before anybody looked, one whose outputs are captured or go into an Output widget, and another thread
  show no line.
"""

from __future__ import annotations

import ast
import sys
import threading
import uuid
from collections.abc import Callable
from typing import Any, Final

from .notebook import publish

_QUIET: Final = ("Path", "str", "list", "sorted", "range", "len")
_OUTPUTS: Final = frozenset({"stream", "display_data", "execute_result", "error", "clear_output"})


class _Watched:
    """What the cell being run has shown so far.

    Attributes:
        cell: the request that runs it; ``""`` while none is known from its beginning.
        shown: its outputs: what each is, its id or the name of its stream, and its text where it was printed.
        taken: the Output widgets that take its outputs; to clear the cell would clear them.
    """

    def __init__(self, shell: Any) -> None:
        self.shell, self.session = shell, shell.kernel.session
        self.publisher, self.streams = shell.display_pub, (sys.stdout, sys.stderr)
        self.cell, self.shown, self.taken = "", list[tuple[str, str, str]](), set[str]()
        self._send = self.session.send
        self.session.send = self._sent
        shell.events.register("pre_run_cell", lambda *_: self._begin())

    def _begin(self) -> None:
        cell = self.running()
        if cell != self.cell:  # a cell may run cells of its own
            self.flush()
            self.cell, self.shown, self.taken = cell, [], set()

    def running(self) -> str:
        """The request that is being answered."""
        parent: dict[str, Any] = self.shell.get_parent() or {}
        return str(parent.get("header", {}).get("msg_id", ""))

    def _sent(self, *args: Any, **kwargs: Any) -> Any:
        match args:
            case [_, {"msg_type": str(kind), "parent_header": {"msg_id": cell}, "content": content}, *_]:
                if cell == self.cell:
                    self._note(kind, content)
            case [_, "comm_msg", {"comm_id": str(widget), "data": {"state": {"msg_id": str(cell)}}}, *_]:
                (self.taken.add if cell else self.taken.discard)(widget)
        return self._send(*args, **kwargs)

    def _note(self, kind: str, content: dict[str, Any]) -> None:
        if kind in _OUTPUTS:
            own = (content.get("transient") or {}).get("display_id", "")
            self.shown.append((kind, str(content.get("name") or own), str(content.get("text") or "")))

    def flush(self) -> None:
        """Let out what was printed."""
        for stream in self.streams:
            stream.flush()

    def only_printed(self, but: str = "") -> bool:
        """Whether the cell shows nothing but printed text, and the output of this id."""
        self.flush()
        return all(kind == "stream" or (but and name == but) for kind, name, _ in self.shown)

    def is_watched(self) -> bool:
        """Whether somebody sits before the cell: programs that run notebooks allow no questions."""
        return bool((self.shell.get_parent() or {}).get("content", {}).get("allow_stdin"))

    def is_plain(self) -> bool:
        """Whether what is shown now goes under the cell being run."""
        return (
            threading.current_thread() is threading.main_thread()
            and bool(self.cell)
            and self.cell == self.running()
            and self.shell.display_pub is self.publisher
            and (sys.stdout, sys.stderr) == self.streams
            and not self.taken
        )


_watched: list[_Watched] = []


def watch() -> None:
    """Know what each cell shows from the next one on; from this one on, if it can have shown nothing yet."""
    from IPython import get_ipython

    shell = get_ipython()
    if _watched or not hasattr(shell, "kernel") or not hasattr(shell, "get_parent"):
        return
    watched = _Watched(shell)
    _watched.append(watched)
    if _is_silent(str((shell.get_parent() or {}).get("content", {}).get("code", "%"))):
        watched.cell = watched.running()


def _is_silent(code: str) -> bool:
    """Whether a cell calls nothing but this package, which shows nothing before it makes its session."""
    try:
        nodes = list(ast.walk(ast.parse(code)))
    except (SyntaxError, ValueError):  # a magic, perhaps
        return False
    known = set(_QUIET)
    for node in nodes:
        if isinstance(node, ast.Import):
            known |= {one.asname or one.name for one in node.names if one.name == "nb_banana"}
    return all(_first_name(node.func) in known for node in nodes if isinstance(node, ast.Call))


def _first_name(node: ast.AST) -> str:
    """``nb`` of ``nb.chain("cat.png").edit``."""
    while isinstance(node, (ast.Attribute, ast.Call)):
        node = node.value if isinstance(node, ast.Attribute) else node.func
    return node.id if isinstance(node, ast.Name) else ""


def line(sentence: str) -> Callable[[], None]:
    """Show a line where it can be taken away again; gives what takes it away."""
    shown = ChangingLine()
    shown.say(sentence)
    return shown.over


class ChangingLine:
    """A line that says one thing after the other, where it can be taken away again; elsewhere nothing."""

    def __init__(self) -> None:
        self._watched, self._id = _watched[0] if _watched else None, ""

    def say(self, sentence: str) -> None:
        """Show a sentence in the place of the one before."""
        watched = self._watched
        if watched is None or not (watched.is_watched() and watched.is_plain()):
            return
        if not watched.only_printed(but=self._id):
            return
        update, self._id = bool(self._id), self._id or f"nb-banana-{uuid.uuid4().hex}"
        publish(({"text/plain": sentence}, {}), self._id, update=update)

    def over(self) -> None:
        """Take it away."""
        if self._watched is not None and self._id:
            _take_away(self._watched, self._id)
            self._id = ""


def _take_away(watched: _Watched, id: str) -> None:
    if not watched.is_plain() or not watched.only_printed(but=id):
        publish(({"text/plain": ""}, {}), id, update=True)
        return
    printed = [(name, text) for kind, name, text in watched.shown if kind == "stream"]
    watched.shown.clear()
    watched.publisher.clear_output(wait=bool(printed))
    watched.shown.clear()
    for name, text in printed:
        stream = watched.streams[name == "stderr"]
        stream.write(text)
        stream.flush()
