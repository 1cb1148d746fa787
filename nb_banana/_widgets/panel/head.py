"""The head of the panel: where edits go, the key they go with, and the money spent."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import ipywidgets as w

from ..._strings import say
from ..status import Heard
from ..surface import Note, classify, press
from . import states
from .keyring import Keyring
from .spent import Spent

if TYPE_CHECKING:
    from ..._client.endpoint import Endpoint
    from ..._session.door import Session


class Head:
    """Where edits go, what they have cost so far, and the key.

    Args:
        take_key: told of a key that was entered, forgotten or found, and when to look again where edits go.
        session: the session edits go through now.

    Attributes:
        keyring, spent: the key in use; the money.
        key: where a key is entered.
        mode, button: where edits go, in words; opens the keyring.
        bar, entry: the line at the top, and what opens under it.
    """

    def __init__(self, take_key: Heard, session: Callable[[], Session], lang: str | None) -> None:
        self.mode, self.button, title = Note(), w.Button(), w.Label("nb_banana")
        self.keyring = Keyring(take_key, session, lang)
        self.spent = Spent(session, lambda: take_key({"t": "look"}), lang)
        self.key, self._notices = self.keyring.field, tuple[str, ...]()
        self.entry = w.VBox([self.keyring.box, self.spent.box])
        self.bar = w.HBox([title, self.mode, self.spent.pill, self.button])
        classify({
            "head": self.bar, "title": title, "mode": self.mode, "link": self.button, "entry": self.entry,
            "keys-open": self.button,
        })  # fmt: skip
        press(self.button, lambda: self.keyring.open(not self.keyring.opened), lang)

    def relabel(self) -> None:
        """Say every label in the current language."""
        self.button.tooltip = say("keys.open_tip")
        self.keyring.relabel()

    def meet(self, place: Endpoint, notices: tuple[str, ...]) -> None:
        """Another place, or the same after a run: its key, what should be known of it, what was spent."""
        self._notices = notices
        self.button.description = say("panel.add_key" if place.is_sandbox else "keys.open")
        self.keyring.show()
        self.spent.meet(place)

    def tell(self, place: Endpoint, known: bool) -> None:
        """Say where edits go; ``known`` is whether a model is chosen."""
        self.mode.text = states.place(place, self._notices, known=known)
