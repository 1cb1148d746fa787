"""What is drawn on the picture: what it is good for, and what it makes of an ask."""

from __future__ import annotations

from typing import TYPE_CHECKING

import ipywidgets as w

from ... import _worker
from ..._strings import say
from ...errors import NanoBananaError
from ..surface import Note, classify, press, toggle

if TYPE_CHECKING:
    from ..._result import EditResult
    from ..tray import Tray
    from .ask import Ask
    from .view import View


class Marking:
    """A region of the picture shown: measured, or outlined on a copy.

    Attributes:
        tools: what can be done with it, there while there is one; ``figures`` is what was measured.
        parts: what stands in the panel under the picture.
    """

    def __init__(self, view: View, tray: Tray, lang: str | None) -> None:
        self._view, self._viewer, self._tray = view, view.viewer, tray
        self.measure, self.mark, self.figures = w.Button(), w.Button(), Note()
        self.tools = w.HBox([self.measure, self.mark])
        self.parts = (self.tools, self.figures)
        classify({
            "measure": self.measure, "mark": self.mark, "figures": self.figures, "row": self.tools,
            "note": self.figures, "off": self.tools,
        })  # fmt: skip
        press(self.measure, self._measure, lang)
        press(self.mark, self._mark, lang)
        self._viewer.observe(lambda _: self.refresh(), "region")
        view.when_changed(self.refresh)

    def relabel(self) -> None:
        """Say every label in the current language."""
        for key, widget in {"measure": self.measure, "mark": self.mark}.items():
            widget.description, widget.tooltip = say(f"panel.{key}"), say(f"panel.{key}_tip")

    def put_into(self, ask: Ask) -> Ask:
        """The ask with what is drawn in it."""
        return ask

    def refresh(self) -> None:
        """What a region is good for stands there while there is one; old figures don't."""
        shown = self._view.result
        self.figures.text = ""
        toggle(self.tools, self._viewer.region is not None and not self._view.comparing)
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
