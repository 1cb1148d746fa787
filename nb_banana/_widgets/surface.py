"""What panel, timeline and history view stand on: a session, a language, the page's messages, class names.

Rules of this file:

* A surface speaks the language it was given, else the page's; what a button does, it does in that language.
* The page talks through the status line alone: ``run`` is acknowledged before anything else is done,
  ``page`` names its language, which changes every word unless a language was chosen, and after a broken
  connection ``again`` asks for all that the kernel shows: what was said meanwhile may be lost.
* The style sheets know widgets by class names: ``nb-banana-<name>``, given from a table, once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import AbstractContextManager
from html import escape, unescape
from typing import TYPE_CHECKING, Any, Final

import ipywidgets as w

from .._strings import language, speaking, use_language
from .status import StatusLine

if TYPE_CHECKING:
    from .._session.door import Session

_HIDDEN: Final = "off"
_BY_HAND: Final = frozenset({
    "value", "index", "selected_index",  # Jupyter's own controls
    "mode", "position", "region", "shapes", "undone", "words",  # viewer, easel
    "filter", "only", "sort", "at", "opened", "pinned",  # lists and grid
})  # fmt: skip
"""What a person sets on the page: said back late, it would cover what was set since."""
_FIXED: Final = ("_model_", "_view_", "_esm", "_css", "_anywidget_id")


class Surface(w.VBox):  # type: ignore[misc]
    """A composed widget with a status line.

    A subclass calls ``super().__init__`` first, makes its parts, and then sets its ``children``.
    """

    def __init__(self, session: Session | None = None, lang: str | None = None) -> None:
        super().__init__()
        self._session, self._lang = session, lang
        self._line = StatusLine(self._page, lang=lang)

    @property
    def session(self) -> Session:
        """The session edits go through: the one given, else the notebook's own."""
        if self._session is not None:
            return self._session
        from .._session.own import current  # asked each time: a notebook may change its session

        return current()

    # --- for the surfaces that stand on this one ---------------------------------------------------

    def _go(self, message: Mapping[str, Any]) -> None:
        """What Ctrl+Enter, or the page's Run, does here; ``message`` may hold what stood on the screen."""

    def _rename(self) -> None:
        """Say everything again: the page's language is another one now."""

    def _speaking(self) -> AbstractContextManager[None]:
        """Speak this surface's language inside the block."""
        return speaking(self._lang)

    def _press(self, button: w.Button, action: Callable[[], Any]) -> None:
        """Call ``action`` when the button is pressed, in this surface's language."""
        press(button, action, self._lang)

    def _show_line(self, *, announce: str = "", **said: str) -> None:
        """Bring ``state``, ``text``, ``hint``, ``details`` of the line up to date at once.

        ``announce`` is what screen readers read out; without it they stay silent.
        """
        with self._line.hold_sync():
            for name, value in said.items():
                setattr(self._line, name, value)
            if announce:
                self._line.announce = announce

    def _page(self, message: Mapping[str, Any]) -> None:
        """What the page says through the status line."""
        kind = message.get("t")
        if kind == "run":
            self._line.send({"t": "ack"})
            with self._speaking():
                self._go(message)
        elif kind == "page":
            before = language()
            use_language(message.get("lang"))
            if language() != before and self._lang is None:
                self._rename()
        elif kind == "again":
            for widget in below(self):
                _say_again(widget)
            self._line.send({"t": "ack"})  # a click from before has been answered by now, or never came


class Note(w.HTML):  # type: ignore[misc]
    """Plain text, never markup or mathematics: a Label typesets what stands between two dollar signs."""

    @property
    def text(self) -> str:
        """What it says."""
        return unescape(self.value)

    @text.setter
    def text(self, text: str) -> None:
        self.value = escape(text)


def press(button: w.Button, action: Callable[[], Any], lang: str | None) -> None:
    """Call ``action`` when the button is pressed, in the language of the surface it stands on."""

    def pressed(_: Any) -> None:
        with speaking(lang):
            action()

    button.on_click(pressed)


def hear(box: w.DOMWidget, typed: str) -> None:
    """Set a box to what its page says stands in it; said back, it would cover what was typed since."""
    with box._lock_property(value=typed):
        box.value = typed


def classify(names: Mapping[str, w.DOMWidget | Iterable[w.DOMWidget]]) -> None:
    """Give widgets the class names of a table: ``{"row": (first, second), "note": third}``."""
    for name, given in names.items():
        for widget in (given,) if isinstance(given, w.DOMWidget) else given:
            widget.add_class(f"nb-banana-{name}")


def toggle(widget: w.DOMWidget, visible: bool) -> None:
    """Show a widget, or hide it; a hidden one keeps its state."""
    (widget.remove_class if visible else widget.add_class)(f"nb-banana-{_HIDDEN}")


def shut(root: w.DOMWidget, gone: Iterable[w.DOMWidget]) -> None:
    """Take widgets and all in them out of ``root`` for good: a page can't see them, nor tell them to act."""
    going = {id(inner) for widget in gone for inner in below(widget)}
    whole = list(below(root))
    for widget in whole:
        if any(id(child) in going for child in getattr(widget, "children", ())):
            widget.children = [child for child in widget.children if id(child) not in going]
    for widget in whole:
        if id(widget) in going:
            widget.close()


def below(widget: w.DOMWidget) -> Iterator[w.DOMWidget]:
    """A widget and all in it."""
    yield widget
    for child in getattr(widget, "children", ()):
        yield from below(child)


def _say_again(widget: w.DOMWidget) -> None:
    """Send the page all that the kernel alone decides about a widget."""
    by_hand = frozenset[str]() if isinstance(widget, w.HTML | w.Label) else _BY_HAND
    widget.send_state({name for name in widget.keys if name not in by_hand and not name.startswith(_FIXED)})


def is_off(widget: w.DOMWidget) -> bool:
    """Whether a widget is hidden."""
    return f"nb-banana-{_HIDDEN}" in widget._dom_classes
