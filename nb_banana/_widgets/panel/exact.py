"""After an edit of a region: what changed outside of it, and the region laid over the unchanged original."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import ipywidgets as w

from ... import _worker
from ..._history.beside import beside
from ..._images.marks import Marks
from ..._strings import say, speaking
from ..._text import near
from ...errors import NanoBananaError
from ..surface import Note, classify, press, toggle

if TYPE_CHECKING:
    from ..._images.data import ImageData
    from ..._result import EditResult
    from ..tray import Tray
    from .view import View


class Exact:
    """Measures a result by its region, and keeps everything else exactly where that is wished.

    Attributes:
        keep: the checkbox; ``which`` shows the model's picture or the composite.
        save, use: what can be done with the composite; it never takes the record's place.
        figures: what changed, or why it can't be said.
        composite: the picture, or None.
    """

    def __init__(self, view: View, tray: Tray, lang: str | None) -> None:
        self._view, self._tray, self._lang = view, tray, lang
        self._done: tuple[Any, ...] = ()
        self._told: tuple[Marks, ImageData | None] = Marks(), None
        self._known: tuple[Any, str] = (None, "")
        self._shows = False
        self.composite: ImageData | None = None
        self.keep, self.says, self.figures = w.Checkbox(value=False, indent=False), Note(), Note()
        self.which, self.save, self.use = w.ToggleButtons(options=[("", 0), (" ", 1)]), w.Button(), w.Button()
        self._row = w.HBox([self.which, self.save, self.use])
        self.parts = (self.keep, self.says, self._row, self.figures)
        classify({
            "exact": self.keep, "which": self.which, "figures": self.figures, "row": self._row,
            "note": (self.says, self.figures), "off": (self.keep, self._row, self.save, self.use),
        })  # fmt: skip
        self.keep.observe(lambda _: self._again(), "value")
        self.which.observe(lambda change: self._show(change["new"]), "index")
        press(self.save, self._save, lang)

    def relabel(self) -> None:
        """Say every label in the current language."""
        self.keep.description = say("easel.exact")
        shown = self.which.index
        self.which.options = [(say("easel.theirs"), 0), (say("easel.ours"), 1)]
        self.which.index = shown
        self.save.description, self.use.description = say("easel.save_exact"), say("easel.use_exact")

    def tell(self, marks: Marks, ground: ImageData | None) -> None:
        """What is drawn, or the result shown, is another."""
        result, self._told = self._view.result, (marks, ground)
        region = self._region_of(result, marks, ground)
        shown = (region is not None or marks.areas) and not self._view.comparing
        toggle(self.keep, shown)
        self.says.text = say("easel.exact_says") if shown and self.keep.value and result is None else ""
        key = (result, region, self.keep.value, self._view.comparing)
        if key == self._done:
            return
        self._done = key
        self.figures.text = ""
        self._forget()
        if result is not None and region is not None and not self._view.comparing:
            self.figures.text = say("easel.composing" if self.keep.value else "easel.measuring")
            _worker.aside(self._work, key)

    def _region_of(self, result: EditResult | None, marks: Marks, ground: ImageData | None) -> Any:
        """Where a result was to be edited: by its mask, else what is drawn on the picture it came from."""
        if result is None or not result.request.images:
            return None
        if result.request.mask is not None:
            return result.request.mask
        return marks if marks.areas and ground == result.request.images[-1] else None

    def _again(self) -> None:
        with speaking(self._lang):
            self.tell(*self._told)

    def _forget(self) -> None:
        self.composite, self._shows = None, False
        toggle(self._row, False)
        if self.which.index:
            self.which.index = 0

    def _work(self, key: tuple[Any, ...]) -> None:
        """Measure, and lay the region over the original where that is wished; slow, beside the kernel."""
        result, region, exactly, _ = key
        made, lines = None, []
        with speaking(self._lang):
            try:
                if isinstance(region, Marks):
                    region = region.mask(result.request.images[-1])
                lines.append(self._measured(result, region))
                if exactly:
                    made = _composite(result, region)
            except NanoBananaError as error:  # the research extra is missing, or it refuses
                lines.append(say("easel.not_exact", reason=error) if lines else str(error))
            with self._view.lock:
                if self._done == key:
                    self.figures.text = self._view.status.announce = "\n".join(lines)
                    self.composite = made
                    toggle(self._row, made is not None)

    def _measured(self, result: EditResult, region: ImageData) -> str:
        """What changed outside of the region and inside it; measured once."""
        measured = result, region
        if self._known[0] != measured:
            change = result.changes(region).change  # type: ignore[union-attr]  # it has inputs
            inside = say("easel.share", share=change.inside or 0.0)
            told = say("easel.outside", outside=say("easel.share", share=change.outside), inside=inside)
            self._known = measured, f"{told} ({change.alignment})"
        return self._known[1]

    def _show(self, index: int | None) -> None:
        """The model's picture, or the composite, over the original."""
        result, made = self._view.result, self.composite
        for button in (self.save, self.use):
            toggle(button, bool(index) and made is not None)
        if result is None or made is None or bool(index) == self._shows:
            return
        self._shows = bool(index)
        before = self._view.viewer.ground
        self._view.viewer.show(before=before, after=made if index else result.image)

    def _save(self) -> None:
        if self.composite is None:
            return
        try:
            self._view.tell(say("panel.saved", path=near(self.composite.save(beside().folder))))
        except (OSError, NanoBananaError) as problem:
            self._view.tell(say("panel.not_saved", reason=problem))

    def put_in(self) -> None:
        """The composite is the next edit's picture."""
        made = self.composite
        if made is not None:
            self._tray.clear()
            self._tray.add(made, name=say("easel.exact_name"))
            self._view.tell(say("easel.exact_used"))


def _composite(result: EditResult, region: Any) -> ImageData:
    """The region of a result over the picture it was made of."""
    if result.request.mask is None and len(result.request.images) > 1:  # the first one is the marked copy
        result = result.changed(request=result.request.holding(result.request.images[-1:]))
    return result.composite(region)
