"""The small parts of the panel: the status line (which also keeps its keys), the key entry, the code box."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import anywidget
import traitlets

from .._catalog.providers import key_providers
from .assets import script, styles
from .shown import sentences

Heard = Callable[[Mapping[str, Any]], None]


class _Part(anywidget.AnyWidget):  # type: ignore[misc]
    """A widget whose page side sends messages ``{"t": name, ...}`` to one listener."""

    strings = traitlets.Dict({}).tag(sync=True)
    _table = ""

    def __init__(self, heard: Heard | None = None, *, lang: str | None = None, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._heard = heard
        self.relabel(lang)
        self.on_msg(self._hear)

    def relabel(self, lang: str | None) -> None:
        """Speak ``lang``; None follows the notebook's language."""
        self.strings = sentences(self._table, lang)

    def _hear(self, _: Any, message: Mapping[str, Any], _buffers: Sequence[Any]) -> None:
        if self._heard is not None:
            self._heard(message)


class StatusLine(_Part):
    """What is going on, as text and a sign; ``announce`` is read out by screen readers.

    ``blanks`` are the names to be filled in in the panel's prompt: its page puts the caret there.
    """

    _esm = script("status.js")
    _css = styles("base.css", "status.css", "panel.css")
    _table = "panel.status"

    state = traitlets.Unicode("empty").tag(sync=True)
    text = traitlets.Unicode("").tag(sync=True)
    hint = traitlets.Unicode("").tag(sync=True)
    details = traitlets.Unicode("").tag(sync=True)
    announce = traitlets.Unicode("").tag(sync=True)
    blanks = traitlets.List([]).tag(sync=True)

    def point(self, name: str) -> None:
        """Focus the field or button ``nb-banana-<name>``; whoever types elsewhere by then keeps the focus."""
        self.send({"t": "point", "way": f".nb-banana-{name} input, button.nb-banana-{name}"})


class KeyEntry(_Part):
    """A password field and the place its key is for; it sends one message, clears itself and keeps no key.

    The key travels as bytes beside the message: what logs messages (the library under all widgets does, at
    DEBUG) prints their words. ``places`` is what the page offers; ``forms`` is how their keys begin, the
    longest first: by that it preselects one and asks.
    """

    _esm = script("key.js")
    _css = styles("key.css")
    _table = "panel.key"

    places = traitlets.Dict().tag(sync=True)
    forms = traitlets.List().tag(sync=True)

    def __init__(self, heard: Heard | None = None, *, lang: str | None = None) -> None:
        rows = key_providers()
        places = {row.name: {"title": row.title, "url": row.base_url} for row in rows}
        forms = [[prefix, row.name] for row in rows for prefix in row.key_prefixes]
        forms.sort(key=lambda form: -len(form[0]))
        super().__init__(heard, lang=lang, places=places, forms=forms)

    def _hear(self, widget: Any, message: Mapping[str, Any], buffers: Sequence[Any]) -> None:
        typed = {"key": bytes(buffers[0]).decode("utf-8", "replace")} if buffers else {}
        super()._hear(widget, {**message, **typed}, ())


class CodeBox(_Part):
    """Python to read and copy."""

    _esm = script("code.js")
    _css = styles("code.css")
    _table = "panel.code"

    code = traitlets.Unicode("").tag(sync=True)
    note = traitlets.Unicode("").tag(sync=True)
