"""The picture shown, against another result, inside a region, and as a marked copy to point with."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import ipywidgets as w

from ... import _worker
from ..._strings import say, speaking
from ..._text import shortened
from ...errors import NanoBananaError
from ..surface import Note, classify, press, toggle
from . import versus

if TYPE_CHECKING:
    from ..._result import EditResult
    from ..tray import Tray
    from .view import View

NOTHING: Final = -1
"""The comparison menu's first value: nothing is compared."""
_PROMPT: Final = 32


class Comparing:
    """Lays another result under the one shown, and says what a region of it is good for.

    Attributes:
        against, table: the menu of the other results, and both in words.
        marking: ``measure`` and ``mark``, there while a region is drawn; ``figures`` is what was measured.
    """

    def __init__(self, view: View, tray: Tray, lang: str | None) -> None:
        self._view, self._viewer, self._tray, self._lang = view, view.viewer, tray, lang
        self.against, self.table = w.Dropdown(options=[("", NOTHING)]), w.HTML()
        self.measure, self.mark, self.figures = w.Button(), w.Button(), Note()
        self.marking = w.HBox([self.measure, self.mark])
        classify({
            "menu": (self.against,), "compare": (self.against,), "table": (self.table,),
            "measure": (self.measure,), "mark": (self.mark,), "figures": (self.figures,),
            "row": (self.marking,), "note": (self.figures,),
            "off": (self.marking, self.against, self.table),
        })  # fmt: skip
        press(self.measure, self._measure, lang)
        press(self.mark, self._mark, lang)
        self.against.observe(lambda change: self._with(change["new"]), "value")
        self._viewer.observe(lambda _: self._region_changed(), "region")
        view.when_changed(self._offer)

    def relabel(self) -> None:
        """Say every label in the current language."""
        labels = {"measure": self.measure, "mark": self.mark, "compare": self.against}
        for key, widget in labels.items():
            widget.description = say(f"panel.{key}")
        self.measure.tooltip, self.mark.tooltip = say("panel.measure_tip"), say("panel.mark_tip")

    # --- two results --------------------------------------------------------------------------------

    @property
    def _comparing(self) -> bool:
        return bool(self.table.value)

    def _offer(self) -> None:
        """The other results of this panel, to compare with the one shown; comparing ends here."""
        others = [
            (f"{at + 1} · {shortened(one.request.prompt, _PROMPT)}", at)
            for at, one in enumerate(self._view.results)
            if one is not self._view.result
        ]
        self.against.options = [(say("panel.compare"), NOTHING), *others]
        toggle(self.against, bool(others))
        if self._view.result is None:
            self._end()
        self._region_changed()

    def _with(self, at: int) -> None:
        """Lay another result under the one shown: the difference of their pixels, and of what was asked."""
        shown = self._view.result
        if shown is None or (at == NOTHING and not self._comparing):
            return
        with speaking(self._lang), self._view.lock:
            if at == NOTHING:
                self._end()
                self._view.show_again()
            else:
                self._lay(self._view.results[at], shown, at)
            self._region_changed()

    def _lay(self, other: EditResult, shown: EditResult, at: int) -> None:
        own = next(n for n, one in enumerate(self._view.results) if one is shown)
        first, second = (say("panel.compared_name", number=n + 1) for n in (at, own))
        self.table.value = versus.table(other, shown, (first, second))
        self._viewer.show(before=other.image, after=shown.image)
        self._viewer.mode = "difference"
        toggle(self.table, True)

    def _end(self) -> None:
        if self._comparing:
            self.table.value, self._viewer.mode = "", "slider"
            toggle(self.table, False)

    # --- a region -----------------------------------------------------------------------------------

    def _region_changed(self) -> None:
        """What a region is good for stands there while there is one; old figures don't."""
        shown = self._view.result
        self.figures.text = ""
        toggle(self.marking, self._viewer.region is not None and not self._comparing)
        toggle(self.measure, shown is not None and bool(shown.request.images))

    def _measure(self) -> None:
        """What the edit changed outside the region and inside it, found beside the kernel."""
        if self._view.result is not None and self._viewer.region is not None:
            self.figures.text = say("panel.measuring")
            _worker.aside(self._show_changes, self._view.result, self._viewer.region)

    def _show_changes(self, result: EditResult, region: tuple[float, ...]) -> None:
        try:
            text = str(result.changes(region))
        except NanoBananaError as error:  # the research extra is missing, or a file is
            text = str(error)
        with self._view.lock:
            if result is self._view.result and region == self._viewer.region:
                self.figures.text = self._view.status.announce = text

    def _mark(self) -> None:
        if self._viewer.region is not None:
            _worker.aside(self._add_marked, self._viewer.region)

    def _add_marked(self, region: tuple[float, ...]) -> None:
        """A marked copy, before the picture it was made of: the last one is edited and sets the shape."""
        shown = [facts["key"] for facts in (self._viewer.before, self._viewer.after) if facts]
        pictures = self._tray.pictures
        at = max((n for n, one in enumerate(pictures) if one.image.sha256[:16] in shown), default=None)
        source = self._viewer.ground if at is None else pictures[at].image
        if source is None:
            return
        try:
            from ..._images.masks import outlined, plane  # loaded when something is marked

            self._tray.add(outlined(source, plane(region, source)), name=say("panel.mark_name"), at=at or 0)
        except NanoBananaError as error:
            self._view.note.text = str(error)
            return
        self._view.tell(say("panel.marked", number=(at or 0) + 1))
