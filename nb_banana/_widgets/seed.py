"""A box for a seed: a number or nothing, dice that draw one, a way to clear it.

ipywidgets' number boxes can't be empty, and an empty box is what sends nothing.
"""

from __future__ import annotations

import secrets
from typing import Any, Final

import ipywidgets as w
import traitlets

from .._strings import say, speaking
from .surface import classify, press, toggle

MOST: Final = 2**31 - 1
"""The largest seed that every provider takes."""


class SeedBox(w.HBox):  # type: ignore[misc]
    """The seed of an edit; ``value`` is a number from 0 to 2147483647, or None for none.

    Attributes:
        text: what stands in the box; ``wrong`` says what is wrong with it, ``""`` when nothing is.
        box, roll, clear: the field, and its buttons.
    """

    value = traitlets.Int(None, min=0, max=MOST, allow_none=True)
    text = traitlets.Unicode("")
    wrong = traitlets.Unicode("")

    def __init__(self, *, lang: str | None = None, **kwargs: Any) -> None:
        super().__init__()
        self.box, self.roll, self.clear = w.Text(), w.Button(), w.Button()
        self.children = [self.box, self.roll, self.clear]
        classify({"dice": self.roll, "cross": self.clear, "icon": (self.roll, self.clear), "off": self.clear})
        traitlets.link((self, "text"), (self.box, "value"))
        for name, value in kwargs.items():
            setattr(self, name, value)
        self.relabel(lang)
        self.observe(lambda _: self._read(), "text")
        self.observe(lambda _: self._write(), "value")
        press(self.roll, lambda: self.set_trait("text", str(secrets.randbelow(MOST + 1))), lang)
        press(self.clear, lambda: self.set_trait("text", ""), lang)
        self._write()

    def relabel(self, lang: str | None) -> None:
        """Speak ``lang``; None follows the notebook's language."""
        self._lang = lang
        with speaking(lang):
            self.box.description, self.box.placeholder = say("panel.seed_label"), say("panel.seed_none")
            self.roll.tooltip, self.clear.tooltip = say("panel.seed_roll"), say("panel.seed_clear")
        self._read()

    def _read(self) -> None:
        """The number of the text: digits of any script, blanks around them; nothing else is one."""
        typed = self.text.strip()
        seed = int(typed) if typed.isdecimal() and len(typed) <= len(str(MOST)) else -1 if typed else None
        fine = seed is None or 0 <= seed <= MOST
        with speaking(self._lang):
            self.wrong = "" if fine else say("panel.bad_seed", value=typed[:20], most=MOST)
        self.value = seed if fine else None
        toggle(self.clear, bool(self.text))

    def _write(self) -> None:
        """The text of the number; what can't be read stays, to be mended."""
        if self.value is None:
            self.text = self.text if self.wrong else ""
        elif not self.text.strip().isdecimal() or int(self.text) != self.value:
            self.text = str(self.value)
