"""The picture shown, against another result of the panel."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import ipywidgets as w

from ..._strings import say, speaking
from ..._text import shortened
from ..surface import classify, toggle
from . import versus

if TYPE_CHECKING:
    from ..._result import EditResult
    from .view import View

NOTHING: Final = -1
"""The comparison menu's first value: nothing is compared."""
_PROMPT: Final = 32


class Comparing:
    """Lays another result under the one shown.

    Attributes:
        against, table: the menu of the other results, and both in words.
    """

    def __init__(self, view: View, lang: str | None) -> None:
        self._view, self._viewer, self._lang = view, view.viewer, lang
        self.against, self.table = w.Dropdown(options=[("", NOTHING)]), w.HTML()
        self._laid = NOTHING
        classify({
            "menu": self.against, "compare": self.against, "table": self.table, "compared": self.table,
            "off": (self.against, self.table),
        })  # fmt: skip
        self.against.observe(lambda change: self._with(change["new"]), "value")
        view.when_changed(self._offer)

    def relabel(self) -> None:
        """Say every label in the current language."""
        self.against.description = say("panel.compare")

    def _offer(self) -> None:
        """The other results of this panel, to compare with the one shown; comparing ends here."""
        number = self._view.strip.album.number
        others = [
            (f"{number(one)} · {shortened(one.request.prompt, _PROMPT)}", at)
            for at, one in enumerate(self._view.results)
            if one is not self._view.result
        ]
        offered = [(say("panel.compare"), NOTHING), *others]
        if list(self.against.options) != offered:
            self.against.options = offered
        toggle(self.against, bool(others))
        if self._view.result is None:
            self._end()

    def _with(self, at: int) -> None:
        """Lay another result under the one shown: the difference of their pixels, and of what was asked."""
        shown = self._view.result
        if shown is None or at == self._laid:
            return
        with speaking(self._lang), self._view.lock, self._view.telling():
            if at == NOTHING:
                self._end()
                self._view.show_again()
            else:
                self._lay(self._view.results[at], shown)
                self._laid = at
        if self.against.value != self._laid:  # the other's file may be gone: the menu names what is laid
            self.against.value = self._laid

    def _lay(self, other: EditResult, shown: EditResult) -> None:
        number = self._view.strip.album.number
        first, second = (say("panel.compared_name", number=number(one)) for one in (other, shown))
        self._viewer.show(before=other.image, after=shown.image)
        self.table.value = versus.table(other, shown, (first, second))
        self._viewer.mode = "difference"
        toggle(self.table, True)
        self._view.compare(True)

    def _end(self) -> None:
        self._laid = NOTHING
        if self._view.comparing:
            self.table.value, self._viewer.mode = "", "slider"
            toggle(self.table, False)
            self._view.compare(False)
