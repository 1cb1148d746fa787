"""A box for a seed: a number or nothing, dice that draw one, a way to clear it.

ipywidgets' number boxes can't be empty, and an empty box is what sends nothing.
"""

from __future__ import annotations

from typing import Any, Final

import anywidget
import traitlets

from .._strings import say, speaking
from .assets import script, styles
from .shown import sentences

MOST: Final = 2**31 - 1
"""The largest seed that every provider takes."""


class SeedBox(anywidget.AnyWidget):  # type: ignore[misc]
    """The seed of an edit; ``value`` is a number from 0 to 2147483647, or None for none.

    Attributes:
        text: what stands in the box; ``wrong`` says what is wrong with it, ``""`` when nothing is.
    """

    _esm = script("seed.js")
    _css = styles("base.css", "seed.css")

    value = traitlets.Int(None, min=0, max=MOST, allow_none=True)
    text = traitlets.Unicode("").tag(sync=True)
    wrong = traitlets.Unicode("").tag(sync=True)
    strings = traitlets.Dict({}).tag(sync=True)

    def __init__(self, *, lang: str | None = None, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.relabel(lang)
        self.observe(lambda _: self._read(), "text")
        self.observe(lambda _: self._write(), "value")
        self._write()

    def relabel(self, lang: str | None) -> None:
        """Speak ``lang``; None follows the notebook's language."""
        self._lang, self.strings = lang, sentences("panel.seed", lang)
        self._read()

    def _read(self) -> None:
        """The number of the text: digits of any script, blanks around them; nothing else is one."""
        typed = self.text.strip()
        seed = int(typed) if typed.isdecimal() and len(typed) <= len(str(MOST)) else -1 if typed else None
        fine = seed is None or 0 <= seed <= MOST
        with speaking(self._lang):
            self.wrong = "" if fine else say("panel.bad_seed", value=typed[:20], most=MOST)
        self.value = seed if fine else None

    def _write(self) -> None:
        """The text of the number; what can't be read stays, to be mended."""
        if self.value is None:
            self.text = self.text if self.wrong else ""
        elif not self.text.strip().isdecimal() or int(self.text) != self.value:
            self.text = str(self.value)
