"""The side of the history view: the chosen record's picture, facts and code, alone or beside another's."""

from __future__ import annotations

from typing import TYPE_CHECKING

import ipywidgets as w

from .._strings import say
from .._text import shortened
from .records import difference, table
from .status import CodeBox
from .surface import classify, toggle
from .viewer import PanelViewer

if TYPE_CHECKING:
    from .._history.record import Record
    from .._images.data import ImageData


class Side(w.VBox):  # type: ignore[misc]
    """One record, or what differs between two.

    Attributes:
        viewer: the picture and the one it was made from, or both results.
        restore_button, compare, delete_button: what can be done with the record.
        code, facts: how it is made again, and what is known of it.
    """

    def __init__(self, lang: str | None) -> None:
        self.viewer, self.code, self.facts = PanelViewer(lang=lang), CodeBox(lang=lang), w.HTML()
        self.restore_button, self.compare = w.Button(disabled=True), w.ToggleButton(disabled=True)
        self.delete_button = w.Button(disabled=True)
        actions = w.HBox([self.restore_button, self.compare, self.delete_button])
        super().__init__([self.viewer, actions, self.code, self.facts])
        classify({
            "off": self, "row": actions, "restore": self.restore_button, "compare": self.compare,
            "facts": self.facts, "delete": self.delete_button,
        })  # fmt: skip

    def rename(self, lang: str | None) -> None:
        """Say everything in the current language."""
        self.restore_button.description = say("history_view.restore")
        self.restore_button.tooltip = say("history_view.restore_tip")
        self.compare.tooltip = say("history_view.compare_tip")
        self.delete_button.description = say("looking.delete")
        self.delete_button.tooltip = say("looking.delete_tip")
        self.rename_compare()
        for part in (self.viewer, self.code):
            part.relabel(lang)

    def rename_compare(self) -> None:
        """The button says what it does next."""
        key = "compare_on" if self.compare.value else "compare"
        self.compare.description = say(f"history_view.{key}")

    def offer(self, chosen: bool) -> None:
        """Stand there only while a record is chosen."""
        self.restore_button.disabled = self.compare.disabled = self.delete_button.disabled = not chosen
        toggle(self, chosen)

    def tell(self, record: Record, other: Record | None) -> str:
        """Show the facts of a record, or how it differs from another, and return a sentence about it."""
        if other is None:
            self.facts.value = table(record)
            return ""
        if other.id == record.id:
            return say("history_view.pinned", prompt=_brief(record))
        self.facts.value = difference(other, record)
        return say("history_view.compared", first=_brief(other), second=_brief(record))

    def show(self, record: Record, other: Record | None, parent: Record | None) -> None:
        """Show its picture over the one it was made from, or over the other's; what was sent if none came.

        ``parent`` is the record it continues: a conversation sends no picture again.

        Raises:
            NanoBananaError, OSError: a picture can't be read; then none is shown.
        """
        made_from = record.input_images or (parent.images if parent else ())
        before = made_from[-1:] if other is None else other.images[-1:]
        lone = before and other is None and not record.outputs
        try:
            self.viewer.show(
                _first(before), _first(record.images[-1:]), caption=say("looking.no_result") if lone else ""
            )
        except Exception:
            self.viewer.show(None, None)
            raise


def _first(images: tuple[ImageData, ...]) -> ImageData | None:
    return images[0] if images else None


def _brief(record: Record) -> str:
    return shortened(record.prompt, 60)
