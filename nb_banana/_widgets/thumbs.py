"""A widget whose page shows small pictures by key: made when they come into sight, one after the other.

The page asks for what it is about to show; the newest wish is met first, so that a long scroll ends
with the pictures in sight and not with those passed by. One picture is decoded at a time: a 4K
original takes many megabytes while it is made small.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

import anywidget
import ipywidgets as w
import traitlets

from .. import _worker
from .._images.data import ImageData
from ..errors import NanoBananaError
from .status import Heard

EDGE: Final = 288
BUDGET: Final = 24 * 1024
KEPT: Final = 300
WAITING: Final = 200


class Thumbs(anywidget.AnyWidget):  # type: ignore[misc]
    """Sends thumbnails as binary messages; other messages of the page go to one listener."""

    strings = traitlets.Dict({}).tag(sync=True)

    def __init__(self, load: Callable[[str], ImageData], heard: Heard) -> None:
        super().__init__()
        self._load, self._heard = load, heard
        self._lock = threading.Lock()
        self._wanted: OrderedDict[str, None] = OrderedDict()
        self._made: OrderedDict[str, ImageData | None] = OrderedDict()
        self._making = False
        self.on_msg(self._hear)

    def go_to(self, panel: w.DOMWidget) -> None:
        """Bring a panel into sight on the page, and the focus into its prompt."""
        name = f"nb-banana-at-{panel.model_id}"
        panel.add_class(name)
        self.send({"t": "go", "key": name})

    def _hear(self, _: Any, message: Mapping[str, Any], _buffers: Sequence[Any]) -> None:
        if message.get("t") == "thumbs":
            self._want([str(key) for key in message["keys"]])
        else:
            self._heard(message)

    def _want(self, keys: Sequence[str]) -> None:
        with self._lock:
            for key in reversed(keys):  # the first asked for is the topmost: it comes out first
                self._wanted[key] = None
                self._wanted.move_to_end(key)
            while len(self._wanted) > WAITING:
                self._wanted.popitem(last=False)
            if self._making or not self._wanted:
                return
            self._making = True
        _worker.aside(self._make_all)

    def _make_all(self) -> None:
        while True:
            with self._lock:
                if not self._wanted:
                    self._making = False
                    return
                key, _ = self._wanted.popitem()
            small = self._small(key)
            mime, data = ("", []) if small is None else (small.mime_type, [small.data])
            self.send({"t": "thumb", "key": key, "mime": mime}, buffers=data)

    def _small(self, key: str) -> ImageData | None:
        """The small picture, or None where the original is lost or can't be read."""
        if key in self._made:
            self._made.move_to_end(key)
            return self._made[key]
        try:
            small: ImageData | None = self._load(key).preview(longest=EDGE, budget=BUDGET)
        except (NanoBananaError, OSError):
            small = None
        self._made[key] = small
        if len(self._made) > KEPT:
            self._made.popitem(last=False)
        return small


class Later:
    """A slow function run beside the kernel, some seconds later; a newer call replaces an older one."""

    def __init__(self, function: Callable[[], None]) -> None:
        self._function, self._newest, self._lock = function, 0, threading.Lock()

    def __call__(self, delay: float = 0.0) -> None:
        with self._lock:
            self._newest += 1
            loop, number = _worker.loop(), self._newest
            loop.call_soon_threadsafe(loop.call_later, delay, lambda: _worker.aside(self._run, number))

    def _run(self, number: int) -> None:
        if number == self._newest:
            self._function()
