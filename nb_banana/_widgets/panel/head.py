"""The head of the panel: where edits go, and the key they go with."""

from __future__ import annotations

from typing import TYPE_CHECKING

import ipywidgets as w

from ..._strings import say
from ..status import Heard, KeyEntry
from ..surface import Note, classify, is_off, press, toggle
from . import states

if TYPE_CHECKING:
    from ..._client.endpoint import Endpoint


class Head:
    """Where edits go, and the entry for a key.

    Args:
        take_key: told of a key that was entered.

    Attributes:
        key: the field itself.
        mode, button: where edits go, in words; opens the entry for a key.
        bar, entry: the line at the top, and what opens under it.
    """

    def __init__(self, take_key: Heard, lang: str | None) -> None:
        self.mode, self.button, self._lang = Note(), w.Button(), lang
        self.key, title = KeyEntry(take_key, lang=lang), w.Label("nb_banana")
        self.entry, self._notices = w.Box([self.key]), tuple[str, ...]()
        self.bar = w.HBox([title, self.mode, self.button])
        classify({
            "head": self.bar, "title": title, "mode": self.mode, "link": self.button, "entry": self.entry,
            "off": self.entry,
        })  # fmt: skip
        press(self.button, lambda: toggle(self.entry, is_off(self.entry)), lang)

    def relabel(self) -> None:
        """Say every label in the current language."""
        self.button.description = say("panel.add_key")
        self.key.relabel(self._lang)

    def meet(self, place: Endpoint, notices: tuple[str, ...]) -> None:
        """Another place: a key entry where there is no key, and what should be known of it."""
        self._notices = notices
        toggle(self.button, place.is_sandbox)

    def tell(self, place: Endpoint, known: bool) -> None:
        """Say where edits go; ``known`` is whether a model is chosen."""
        self.mode.text = states.place(place, self._notices, known=known)

    def shut(self) -> None:
        """Close the entry."""
        toggle(self.entry, False)
