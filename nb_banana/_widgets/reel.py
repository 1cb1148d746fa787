"""The reel: a row of small pictures of what a panel made, and the places of what is on its way."""

from __future__ import annotations

from collections.abc import Callable

import traitlets

from .._images.data import ImageData
from .assets import script, styles
from .shown import sentences
from .status import Heard
from .thumbs import Thumbs


class Reel(Thumbs):
    """Tiles that are looked at, starred, shown, tried again, dropped, dragged.

    Attributes:
        items: one tile each, as ``reel.js`` says; ``at`` is the id of the one shown.
    """

    _esm = script("reel.js")
    _css = styles("reel.css")

    items = traitlets.List([]).tag(sync=True)
    at = traitlets.Unicode("").tag(sync=True)

    def __init__(self, load: Callable[[str], ImageData], heard: Heard, lang: str | None) -> None:
        super().__init__(load, heard)
        self.relabel(lang)

    def relabel(self, lang: str | None) -> None:
        """Speak ``lang``; None follows the notebook's language."""
        self.strings = sentences("reel.page", lang)

    def give(self, id: str, image: ImageData) -> None:
        """The original of a tile: it may be dragged out of the page."""
        self.send({"t": "full", "id": id, "mime": image.mime_type}, buffers=[image.data])
