"""The easel: a picture to draw on.

What is drawn is one list of small dicts, a synced trait; a ``clear`` in it takes away what stands before, so
that undo brings it back. The picture's pixels travel as a binary message, once a page asks.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

import anywidget
import traitlets

from .. import _worker
from .._images.data import ImageData
from .._images.marks import MOST_SHAPES, Marks, Shape
from .._images.sources import as_image
from .._strings import say, speaking
from ..errors import InvalidRequestError
from .assets import script, styles
from .shown import sentences
from .viewer import BROWSER_TYPES, PREVIEW_BYTES, screen_copy

CLEAR: Final = {"kind": "clear", "points": []}


class Easel(anywidget.AnyWidget):  # type: ignore[misc]
    """Brush, eraser, box, lasso, arrow and label on a picture, by pointer and by keyboard.

    Attributes:
        marks: what is drawn, as a value; set it to a value, to four shares (a box), to words, or to None.
        shapes, undone: what was drawn in order, and what undo took away.
        words: what is to be changed, for who doesn't draw.
        problem: what the page drew that can't be used.
    """

    _esm = script("easel.js")
    _css = styles("easel.css")

    picture = traitlets.Dict(default_value=None, allow_none=True).tag(sync=True)
    shapes = traitlets.List([]).tag(sync=True)
    undone = traitlets.List([]).tag(sync=True)
    words = traitlets.Unicode("").tag(sync=True)
    problem = traitlets.Unicode("").tag(sync=True)
    active = traitlets.Bool(True).tag(sync=True)
    strings = traitlets.Dict({}).tag(sync=True)

    def __init__(self, image: Any = None, *, lang: str | None = None, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._image: ImageData | None = None
        self.relabel(lang)
        self.on_msg(self._hear)
        self.show(image)

    def show(self, image: Any) -> None:
        """Draw on this picture, anything ``nb.edit`` takes; on another one nothing is drawn yet."""
        made = None if image is None else as_image(image)
        if made == self._image:
            return
        self._image = made
        with self.hold_sync():
            self.marks = None
            width, height = made.shown_size if made else (0, 0)
            self.picture = made and {"key": made.sha256[:16], "width": width, "height": height}

    @property
    def image(self) -> ImageData | None:
        """The picture that is drawn on."""
        return self._image

    @property
    def marks(self) -> Marks:
        """What is drawn."""
        return Marks(tuple(map(Shape.from_dict, self._standing)), self.words.strip())

    @marks.setter
    def marks(self, given: Any) -> None:
        told = Marks.of(given)
        with self.hold_sync():
            self.problem = ""
            self.shapes, self.undone = [shape.to_dict() for shape in told.shapes], []
            self.words = told.words

    @property
    def _standing(self) -> list[dict[str, Any]]:
        clears = [at for at, shape in enumerate(self.shapes) if shape["kind"] == "clear"]
        return list(self.shapes[clears[-1] + 1 if clears else 0 :])

    def undo(self) -> None:
        """Take the last thing drawn away, or bring back what was cleared."""
        self._step(self.shapes[:-1], [*self.undone, *self.shapes[-1:]])

    def redo(self) -> None:
        """Bring back what undo took away last."""
        self._step([*self.shapes, *self.undone[-1:]], self.undone[:-1])

    def clear(self) -> None:
        """Take everything away that is drawn, the words too."""
        self.words = ""
        if self._standing:
            self._step([*self.shapes, CLEAR], [])

    def relabel(self, lang: str | None) -> None:
        """Speak ``lang``; None follows the notebook's language."""
        self._lang = lang
        self.strings = sentences("easel.page", lang)

    def _step(self, shapes: list[Any], undone: list[Any]) -> None:
        with self.hold_sync():
            self.shapes, self.undone = shapes, undone

    @traitlets.validate("shapes", "undone")  # type: ignore[untyped-decorator]
    def _usable(self, proposal: Mapping[str, Any]) -> list[Any]:
        """What a page drew is looked at; what can't be used is left out, and the page says so."""
        found, reasons = [], []
        with speaking(self._lang):
            for shape in proposal["value"][-MOST_SHAPES:]:
                try:
                    if shape != CLEAR:
                        Shape.from_dict(shape)
                    found.append(shape)  # as it came: a change here would be sent back over what is drawn
                except InvalidRequestError as error:
                    reasons.append(error.message)
            self.problem = say("easel.not_drawn", reason=reasons[0]) if reasons else ""
        return found

    def _hear(self, _: Any, message: Mapping[str, Any], _buffers: Sequence[Any]) -> None:
        image = self._image
        if message.get("t") == "want" and image is not None and message.get("key") == image.sha256[:16]:
            _worker.aside(self._send_pixels, message["key"], image)
        elif message.get("t") == "drawn":
            drawn = {name: message[name] for name in ("shapes", "undone", "words") if name in message}
            with self._lock_property(**drawn), self.hold_trait_notifications():
                for name, value in drawn.items():  # said back, it would cover what is drawn since
                    setattr(self, name, value)

    def _send_pixels(self, key: str, image: ImageData) -> None:
        """The picture as large as a screen needs it."""
        small = len(image.data) <= PREVIEW_BYTES and image.mime_type in BROWSER_TYPES
        sent = image if small else screen_copy(image) or image
        self.send({"t": "pixels", "key": key, "mime": sent.mime_type}, buffers=[sent.data])
