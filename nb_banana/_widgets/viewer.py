"""The viewer: one picture, or before and after, and a region drawn on them.

The traits name the pictures; the pixels travel as one binary message each, pushed when a picture is
shown (so a busy kernel does not delay it) and sent again when a page asks.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import PurePath
from typing import Any, Final

import anywidget
import traitlets

from .. import _worker
from .._images.data import ImageData
from .._images.regions import shares_of
from .._images.saving import SUFFIXES
from .._images.sources import as_image
from .._strings import Lang, say, speaking
from ..errors import InvalidImageError, InvalidRequestError
from .assets import script, styles
from .difference import told
from .shown import sentences

DIRECT_BYTES: Final = 6_000_000
"""A picture up to this size is sent as it is: decoding it here first would only cost time."""
PREVIEW_EDGE: Final = 1600
PREVIEW_BYTES: Final = 700_000
BROWSER_TYPES: Final = frozenset({"image/png", "image/jpeg", "image/webp", "image/gif"})
MODES: Final = ("slider", "side", "blink", "difference")


class Viewer(anywidget.AnyWidget):  # type: ignore[misc]
    """Before/after slider, side by side, blink and difference, with zoom, full screen, download and copy.

    Attributes:
        region: (left, top, width, height) drawn on the picture, in shares of it from 0 to 1, or None;
            ``result.changes(viewer.region)`` tells what changed outside of it. It stays while the picture
            before stays the same, so that it can be drawn before an edit and measured after.
        caption: the line under the picture, in place of its size and type.
        drawable: something else draws on the picture: the viewer offers no region of its own.
        twin: the picture also stands as a plain output under the widget; while the widget is on the page
            that one is not shown.
        change: the map of what changed and its words, once the difference is looked at.
    """

    _esm = script("viewer.js")
    _css = styles("base.css", "viewer.css")

    before = traitlets.Dict(default_value=None, allow_none=True).tag(sync=True)
    after = traitlets.Dict(default_value=None, allow_none=True).tag(sync=True)
    pending = traitlets.Dict(default_value=None, allow_none=True).tag(sync=True)
    mode = traitlets.Enum(MODES, "slider").tag(sync=True)
    position = traitlets.Int(50).tag(sync=True)
    region = traitlets.Tuple(*[traitlets.CFloat()] * 4, default_value=None, allow_none=True).tag(sync=True)
    strings = traitlets.Dict({}).tag(sync=True)
    caption = traitlets.Unicode("").tag(sync=True)
    drawable = traitlets.Bool(False).tag(sync=True)
    twin = traitlets.Bool(False).tag(sync=True)
    change = traitlets.Dict(default_value=None, allow_none=True).tag(sync=True)

    def __init__(
        self, before: Any = None, after: Any = None, *, lang: Lang | None = None, **kwargs: Any
    ) -> None:
        super().__init__(**kwargs)
        self._shown: dict[str, ImageData] = {}
        self._sent_ahead = set[str]()
        self._lang = lang
        self.relabel(lang)
        self.on_msg(self._hear)
        self.observe(lambda _: self._map_changes(), "mode")
        if before is not None or after is not None:
            self.show(before, after)

    def show(self, before: Any = None, after: Any = None, *, caption: str = "") -> None:
        """Show ``after``, compared with ``before`` when both are given. Anything ``nb.edit`` takes."""
        pictures = {
            side: None if source is None else as_image(source)
            for side, source in (("before", before), ("after", after))
        }
        facts = {side: None if image is None else _facts(image) for side, image in pictures.items()}
        had = self._shown
        self._shown = {image.sha256[:16]: image for image in pictures.values() if image is not None}
        ground = pictures["before"] or pictures["after"]
        with self.hold_sync():
            self.pending = self.change = None
            self.caption = caption
            if ground is None or ground.sha256[:16] != (self.before or self.after or {}).get("key"):
                self.before = self.after = None  # none is shown: the region went with it, nobody cleared it
                self.region = None
            for side, known in facts.items():
                setattr(self, side, known)
        for key in self._shown.keys() - had.keys() - self._sent_ahead:
            self._push(key)
        self._sent_ahead -= self._shown.keys()
        self._map_changes()

    def enlarge(self) -> None:
        """Open the picture on the whole screen, where a page shows it."""
        self.send({"t": "screen"})

    @property
    def ground(self) -> ImageData | None:
        """The picture that a region is measured on: the one before, else the only one."""
        facts = self.before or self.after
        return self._shown[facts["key"]] if facts else None

    def expect(self, width: int, height: int) -> None:
        """Make room for a picture of this shape, so that nothing jumps when it comes."""
        self.pending = {"width": width, "height": height}

    def settle(self) -> None:
        """Nothing is expected any more."""
        self.pending = None

    @traitlets.validate("region")  # type: ignore[untyped-decorator]
    def _inside(self, proposal: Mapping[str, Any]) -> tuple[float, ...] | None:
        """A region lies in the picture: a slip in a cell says so, where it is set."""
        region: tuple[float, ...] | None = proposal["value"]
        if region is not None and shares_of(region) is None:
            raise InvalidRequestError(say("measure.bad_region", value=region))
        return region

    def relabel(self, lang: str | None) -> None:
        """Speak ``lang``; None follows the notebook's language."""
        self._lang, self.change = lang, None
        self.strings = sentences("panel.viewer", lang)
        self._map_changes()

    def _map_changes(self) -> None:
        """Make the map of what changed beside the kernel, once it is looked at."""
        if self.mode == "difference" and self.before and self.after and self.change is None:
            with speaking(self._lang):
                self.change = {"words": say("looking.map_measuring")}
                pair = self.before["key"], self.after["key"]
                _worker.aside(self._measure, *pair, *(self._shown[key] for key in pair))

    def _measure(self, first: str, second: str, before: ImageData, after: ImageData) -> None:
        picture, words = told(before, after)
        if not (self.before and self.after) or (self.before["key"], self.after["key"]) != (first, second):
            return  # other pictures are shown by now
        if picture is None:
            self.change = {"words": words}
            return
        self._shown[picture.sha256[:16]] = picture
        self.change = {**_facts(picture), "words": words}
        self._push(picture.sha256[:16])

    def _hear(self, _: Any, message: Mapping[str, Any], _buffers: Sequence[Any]) -> None:
        if message.get("t") == "want" and message.get("key") in self._shown:
            self._push(message["key"], full=bool(message.get("full")))

    def _push(self, key: str, *, full: bool = False) -> None:
        _worker.aside(self._send_pixels, key, self._shown[key], full)

    def send_ahead(self, image: ImageData) -> None:
        """Send the pixels of a picture that is about to be shown."""
        key = image.sha256[:16]
        if key not in self._shown:
            self._sent_ahead.add(key)
            self._send_pixels(key, image, full=False)
            image.look()  # what is said of it needs that, and the page is not to share the processor then

    def _send_pixels(self, key: str, image: ImageData, full: bool) -> None:
        original = full or _goes_whole(image)
        small = None if original else screen_copy(image)
        sent, original = (image, True) if small is None else (small, False)
        message = {"t": "pixels", "key": key, "full": original, "mime": sent.mime_type}
        self.send(message, buffers=[sent.data])


class PanelViewer(Viewer):
    """A viewer beside a status line, which brings the colours and the controls' looks to the page."""

    _css = styles("viewer.css")


def _goes_whole(image: ImageData) -> bool:
    return image.byte_count <= DIRECT_BYTES and image.mime_type in BROWSER_TYPES


def screen_copy(image: ImageData) -> ImageData | None:
    """The copy sent of a large one; None where it can't be decoded here: then the browser is asked."""
    try:
        return image.preview(PREVIEW_EDGE, PREVIEW_BYTES)
    except InvalidImageError:
        return None


def _facts(image: ImageData) -> dict[str, Any]:
    width, height = image.shown_size
    suffix = SUFFIXES.get(image.mime_type, "")
    stem = PurePath(image.name).stem if image.name else f"edited-{image.sha256[:8]}"
    return {"key": image.sha256[:16], "name": stem + suffix, "width": width, "height": height,
            "mime": image.mime_type, "bytes": image.byte_count}  # fmt: skip
