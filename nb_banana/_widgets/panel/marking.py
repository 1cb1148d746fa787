"""What is drawn on the picture: what it is good for, and what it makes of an ask.

Rules of this file:

* Marks stand on one picture of the tray; when that is gone, so are they.
* Pictures are made of marks beside the kernel, as soon as something is drawn; a click waits for them.
* Nothing is added to an ask that isn't said in the panel.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

import ipywidgets as w

from ... import _worker
from ..._catalog.models import find_model
from ..._images.marks import Marks, box
from ..._strings import say, speaking
from ..._wire.wires import WIRES
from ...errors import NanoBananaError
from ..easel import Easel
from ..surface import Note, classify, press, toggle
from .drawn import Drawn, drawn, undrawn
from .exact import Exact

if TYPE_CHECKING:
    from ..._images.data import ImageData
    from ..._messages import Settings
    from ..tray import Tray
    from .ask import Ask
    from .choices import Choices
    from .view import View

_EDGE: Final = 1e-4


class Marking:
    """The easel, and what becomes of what is drawn on it.

    Attributes:
        easel: where it is drawn; ``draw`` shows it in the viewer's place.
        ground: the menu of the pictures to draw on, there while there are several.
        only, first: the checkbox that makes a mask of it, and the button that makes it possible.
        exact: what keeps everything else as it was.
        stage, parts: the viewer or the easel; what stands in the panel under it.
    """

    def __init__(self, view: View, tray: Tray, choices: Choices, lang: str | None) -> None:
        self._view, self._viewer, self._tray, self._choices = view, view.viewer, tray, choices
        self._lang, self._lock, self._trouble = lang, threading.RLock(), ""
        self._made = Drawn(Marks())
        self._wanted: tuple[Marks, ImageData | None, bool] | None = None
        self._heard: list[Callable[[], Any]] = []
        self.easel = Easel(lang=lang, active=False)
        self.draw, self.ground = w.Button(icon="pencil"), w.Dropdown()
        self.first, self.clear = w.Button(), w.Button()
        self.only, self.says, self.added = w.Checkbox(value=True, indent=False), Note(), Note()
        self.exact = Exact(view, tray, lang)
        self._viewing, self._drawing = w.VBox([self._viewer]), w.VBox([self.easel])
        self.stage = w.VBox([self._viewing, self._drawing])
        self.tools = w.HBox([self.draw, self.ground, self.clear])
        self._asks = w.HBox([self.only, self.first])
        self.parts = (self.tools, self._asks, self.says, self.added, *self.exact.parts)
        classify({
            "draw": self.draw, "ground": self.ground, "only": self.only, "first": self.first,
            "clear": self.clear, "menu": self.ground, "stage": self.stage,
            "row": (self.tools, self._asks), "note": (self.says, self.added), "says": self.says,
            "added": self.added,
            "off": (self._drawing, self.tools, self._asks, self.ground, self.first, self.clear),
        })  # fmt: skip
        self._listen()

    def _listen(self) -> None:
        press(self.draw, lambda: self.open(not self.easel.active), self._lang)
        press(self.first, self._make_first, self._lang)
        press(self.clear, self.easel.clear, self._lang)
        self.easel.observe(lambda _: self._remake(), ["shapes", "words", "picture"])
        self.only.observe(lambda _: self._remake(), "value")
        self.ground.observe(lambda change: self._stand_on(change["new"]), "value")
        self._viewer.observe(lambda change: self._take_region(change["new"]), "region")
        self._tray.observe(lambda _: self.refresh(), "revision")
        self._choices.model.observe(lambda _: self.refresh(), "value")
        self._view.when_changed(self.refresh)

    def relabel(self) -> None:
        """Say every label in the current language."""
        named = {"first": self.first, "clear_marks": self.clear, "only": self.only, "ground": self.ground}
        for key, widget in named.items():
            widget.description = say(f"easel.{key}")
        self.first.tooltip = say("easel.first_tip")
        self.easel.relabel(self._lang)
        self.exact.relabel()
        self.open(self.easel.active)
        self.refresh()

    def when_ready(self, listener: Callable[[], Any]) -> None:
        """Call ``listener()`` when what would be sent is another."""
        self._heard.append(listener)

    def open(self, on: bool) -> None:
        """Show the easel in the viewer's place, or the viewer again."""
        toggle(self._drawing, on)
        toggle(self._viewing, not on)
        self.draw.description = say("easel.draw_done" if on else "easel.draw")
        self.draw.tooltip = say("easel.draw_tip")
        self.draw.icon = "check" if on else "pencil"
        self.easel.active = on
        toggle(self.clear, bool(self.marks) and not on)

    # --- what is drawn ------------------------------------------------------------------------------

    @property
    def marks(self) -> Marks:
        """What is drawn."""
        return self.easel.marks

    def put(self, given: Any, ground: ImageData | None = None) -> None:
        """Draw this instead; on another picture of the tray where one is named.

        Raises:
            InvalidRequestError: it can't be read.
        """
        if ground is not None:
            self.easel.show(ground)
        self.easel.marks = given

    def recover(self, settings: Settings) -> Settings:
        """Put back on the easel what an edit was drawn with; gives its settings less the mask."""
        mask = settings.get("mask")
        made, pictures, _ = undrawn(self._tray.pictures, "", mask if hasattr(mask, "sha256") else None)
        if not made.marks or made.ground is None:
            return settings
        self._tray.put(pictures)
        self.only.value = made.mask is not None or not made.marks.areas
        self.easel.show(made.ground)
        self.easel.marks = made.marks
        if made.mask is None:
            return settings
        rest = dict(settings)
        del rest["mask"]
        return rest  # type: ignore[return-value]

    def unsaid(self, prompt: str) -> str:
        """A prompt of the history without the words that are added to it again."""
        return self._current().unsaid(prompt)

    def _stand_on(self, image: Any) -> None:
        if image is not None:
            self.easel.show(image)

    def _take_region(self, region: tuple[float, ...] | None) -> None:
        """A region drawn in the viewer is a box like any other; cleared there, nothing is drawn."""
        here = self._shown_input()
        if region is None:
            # Where no area is left, the outline went after it: arrows, labels and words stay.
            if here is not None and here == self.easel.image and self._outlined(here) is not None:
                self.easel.clear()
        elif here is None:
            self._viewer.region = None
            with speaking(self._lang):
                self._view.tell(say("easel.not_an_input"))
        elif here != self.easel.image or not _near(region, self._outlined(here)):
            self.easel.show(here)
            self.easel.marks = Marks((box(self._across(region, here)),))

    def _shown_input(self) -> ImageData | None:
        """The picture of the tray that a region in the viewer is on: that before, else what became of it."""
        inputs = {image.sha256[:16]: image for image in self._tray.images}
        sides = (self._viewer.before, self._viewer.after)
        return next((inputs[side["key"]] for side in sides if side and side["key"] in inputs), None)

    def _outlined(self, here: ImageData) -> tuple[float, ...] | None:
        """What the viewer outlines where ``here`` is drawn on; None where that lies outside its frame."""
        region = self.marks.region
        found = None if region is None else self._across(region, here, back=True)
        return found if found is not None and min(found[2:]) > 0 else None

    def _across(
        self, region: tuple[float, ...], here: ImageData, *, back: bool = False
    ) -> tuple[float, float, float, float]:
        """A region of the viewer in shares of ``here``, or ``back``.

        The viewer measures on the picture before, whole and centred in the frame of the one after.
        """
        left, top, width, height = region
        before, after = self._viewer.before, self._viewer.after
        if not before or not after or before["key"] == here.sha256[:16]:
            return left, top, width, height
        wide = before["width"] * after["height"] / (before["height"] * after["width"])
        found = []
        for at, share in enumerate((min(1.0, wide), min(1.0, 1 / wide))):
            by = 1 / share if back else share
            edges = (0.5 + (edge - 0.5) * by for edge in (region[at], region[at] + region[at + 2]))
            first, last = (min(1.0, max(0.0, edge)) for edge in edges)
            found.append((first, last - first))
        (left, width), (top, height) = found
        return left, top, width, height

    def _make_first(self) -> None:
        """The picture drawn on goes before the others: a mask is on the first."""
        pictures = self._tray.pictures
        own = [one for one in pictures if one.image == self.easel.image]
        self._tray.put([*own, *(one for one in pictures if one not in own)])

    # --- what becomes of it -------------------------------------------------------------------------

    @property
    def _number(self) -> int:
        """Which picture of the tray is drawn on, from 1; 0 for none."""
        images = self._tray.images
        return images.index(self.easel.image) + 1 if self.easel.image in images else 0

    def put_into(self, ask: Ask) -> Ask:
        """The ask with what is drawn in it."""
        if not self.marks:
            return ask
        made = self._current()  # may find out that something drawn can't be made into a picture
        return made.put_into(replace(ask, trouble=ask.trouble or self._trouble) if self._trouble else ask)

    def _current(self) -> Drawn:
        """What is made of the marks as they stand; waits for it, or makes it."""
        number = self._number
        wanted = self.marks, self.easel.image if number else None, self.only.value and number == 1
        with self._lock:
            if self._wanted != wanted:
                self._trouble = ""
                try:
                    self._made = drawn(wanted[0], wanted[1], only=wanted[2])
                except NanoBananaError as error:
                    self._made, self._trouble = Drawn(wanted[0]), str(error)
                self._wanted = wanted
            return self._made

    def _remake(self) -> None:
        self.refresh()
        if self.marks or self._made.marks:
            _worker.aside(self._make)

    def _make(self) -> None:
        with speaking(self._lang):
            self._current()
            self.refresh()  # where nothing can be made of it, nothing is promised
            for listener in self._heard:
                listener()

    def refresh(self) -> None:
        """What can be drawn on, what is drawn, and what becomes of it, as words and controls."""
        with speaking(self._lang), self._view.lock:
            images = self._tray.images
            if self.easel.image not in images:
                lost = bool(self.marks and images)
                self.easel.show(images[-1] if images else None)
                if lost:
                    self._view.tell(say("easel.went"))
            elif not self.marks and self.easel.image is not images[-1] and len(images) == 1:
                self.easel.show(images[-1])
            self._offer_grounds()
            marks, number = self.marks, self._number
            toggle(self.tools, bool(images) and not self._view.comparing)
            toggle(self.clear, bool(marks) and not self.easel.active)
            toggle(self._asks, marks.areas and number > 0)
            toggle(self.first, marks.areas and number > 1)
            self.only.disabled = number > 1
            self.says.text = self._said(marks, number)
            words = " ".join(Drawn(Marks(words=marks.words)).words(""))
            self.added.text = say("easel.added", words=words) if words else ""
            if not images:
                self.open(False)
            self._show_outline()
            self.exact.tell(marks if number else Marks(), self.easel.image)

    def _offer_grounds(self) -> None:
        cards = self._tray.pictures
        options = [
            (say("easel.ground_name", number=number, name=one.name), one.image)
            for number, one in enumerate(cards, 1)
        ]
        toggle(self.ground, len(cards) > 1)
        if [image for _, image in options] != [image for _, image in self.ground.options]:
            self.ground.options = [("", None), *options]
        if self.ground.value != self.easel.image:
            self.ground.value = self.easel.image

    def _show_outline(self) -> None:
        """What the viewer outlines is what is drawn; on a picture it doesn't show, nothing is."""
        here = self._shown_input()
        region = self._outlined(here) if here is not None and here == self.easel.image else None
        if region is not None and not _near(region, self._viewer.region):
            self._viewer.region = region
        elif region is None and self._viewer.region is not None:
            self._viewer.region = None

    def _said(self, marks: Marks, number: int) -> str:
        """What becomes of what is drawn, at this model over this wire."""
        if not number or not marks.shapes or self._trouble:
            return ""
        lines = []
        if marks.areas and number > 1:
            lines.append(say("easel.only_first", number=number))
        elif marks.areas and self.only.value:
            lines.append(self._masked())
        elif marks.areas:
            lines.append(say("easel.only_off", number=number))
        if marks.signs and not (marks.areas and not self.only.value):
            lines.append(say("easel.only_signs", number=number))
        return "\n".join(lines)

    def _masked(self) -> str:
        place = self._choices.there
        name = self._choices.model.value or place.provider.default_model
        info = find_model(name, place.provider).info if name else None
        if not WIRES[place.wire].masks:
            return say("easel.only_marked", model=info.title if info else name)
        if place.provider.anywhere:
            return say("easel.only_unproven")
        return say("easel.only_mask", model=info.title if info else name)


def _near(one: Any, other: Any) -> bool:
    return one is not None and other is not None and all(abs(a - b) < _EDGE for a, b in zip(one, other))
