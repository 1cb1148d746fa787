"""What the parts of the panel are made of: plain words, buttons that speak, names for the style sheet."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from html import escape, unescape
from typing import Any, Final

import ipywidgets as w

from ..._strings import speaking

_HIDDEN: Final = "nb-banana-off"


class Note(w.HTML):  # type: ignore[misc]
    """Plain text, never markup or mathematics: a Label typesets what stands between two dollar signs."""

    @property
    def text(self) -> str:
        """What it says."""
        return unescape(self.value)

    @text.setter
    def text(self, text: str) -> None:
        self.value = escape(text)


def toggle(widget: w.DOMWidget, visible: bool) -> None:
    """Show a widget, or hide it; a hidden one keeps its state."""
    (widget.remove_class if visible else widget.add_class)(_HIDDEN)


def is_off(widget: w.DOMWidget) -> bool:
    """Whether a widget is hidden."""
    return _HIDDEN in widget._dom_classes


def classify(names: Mapping[str, Iterable[w.DOMWidget]]) -> None:
    """Give widgets the class names of a table; the style sheet lays them out by these."""
    for name, widgets in names.items():
        for widget in widgets:
            widget.add_class(f"nb-banana-{name}")


def press(button: w.Button, action: Callable[[], Any], lang: str | None) -> None:
    """Call ``action`` when the button is pressed, in the panel's language."""

    def pressed(_: Any) -> None:
        with speaking(lang):
            action()

    button.on_click(pressed)
