"""The image tray: pictures in, in the order the model will see them.

The browser sends files in pieces and gets acknowledgements; the list of pictures is a synced trait
without pixels; thumbnails travel as binary messages and are made again whenever a page asks.
"""

from __future__ import annotations

import itertools
import os
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Final

import anywidget
import traitlets

from .. import _worker
from .._images.data import MAX_BYTES, ImageData
from .._images.sources import as_image
from .._strings import say, speaking
from .._text import amount
from ..errors import InvalidImageError, NanoBananaError
from .assets import script, styles
from .notebook import picture_names, variable
from .shown import literal, sentences

THUMB_EDGE: Final = 240
THUMB_BYTES: Final = 16 * 1024
PROBLEMS_SHOWN: Final = 4
UPLOAD_PATIENCE: Final = 600.0
"""Seconds after which an upload nobody continued (the page was closed) is forgotten."""


@dataclass(frozen=True, slots=True)
class Card:
    """One picture of the tray.

    Attributes:
        origin: the Python that names it, if it came from a path, a URL or a variable.
        record_id: its place in the history, if it is a result.
    """

    key: str
    image: ImageData
    name: str
    origin: str | None = None
    record_id: str | None = None

    def item(self) -> dict[str, Any]:
        """What the page is told: everything but the pixels."""
        width, height = self.image.shown_size
        return {"key": self.key, "name": self.name, "width": width, "height": height,
                "mime": self.image.mime_type, "bytes": len(self.image.data)}  # fmt: skip


def card_of(image: ImageData, name: str = "", record_id: str | None = None) -> Card:
    """A picture that is in no tray, as a card."""
    label = name or image.name or say("panel.tray_unnamed", kind=image.mime_type.split("/")[1].upper())
    return Card("", image, label, None, record_id)


@dataclass(slots=True)
class _Upload:
    name: str
    size: int
    count: int
    pieces: dict[int, bytes] = field(default_factory=dict)
    seen: float = field(default_factory=time.monotonic)


class Tray(anywidget.AnyWidget):  # type: ignore[misc]
    """Pictures by choosing, dropping, pasting, or by URL, path or variable name.

    Attributes:
        images: the pictures in order; the last one decides the shape of the result.
        camera: whether pictures can be taken with the computer's camera; the browser asks for leave.
        revision: counts changes of ``images``; ``tray.observe(f, "revision")`` watches them.
    """

    _esm = script("tray.js")
    _css = styles("base.css", "tray.css")

    revision = traitlets.Int(0).tag(sync=True)
    items = traitlets.List([]).tag(sync=True)
    problems = traitlets.List([]).tag(sync=True)
    follow = traitlets.Bool(True).tag(sync=True)
    camera = traitlets.Bool(False).tag(sync=True)
    max_bytes = traitlets.Int(MAX_BYTES).tag(sync=True)
    strings = traitlets.Dict({}).tag(sync=True)

    def __init__(self, images: Any = None, *, lang: str | None = None, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._lang = lang
        self._lock = threading.RLock()
        self._keys = itertools.count(1)
        self._pictures: tuple[Card, ...] = ()
        self._uploads: dict[str, _Upload] = {}
        self._arrived: set[str] = set()
        self.relabel(lang)
        self.on_msg(self._hear)
        for source in images if isinstance(images, (list, tuple)) else [] if images is None else [images]:
            self.add(source)

    @property
    def images(self) -> tuple[ImageData, ...]:
        """The pictures in order."""
        return tuple(picture.image for picture in self._pictures)

    @property
    def pictures(self) -> tuple[Card, ...]:
        """The pictures with their names and where they came from."""
        return self._pictures

    def add(
        self, source: Any, *, name: str | None = None, origin: str | None = None, at: int | None = None
    ) -> ImageData:
        """Add one picture: anything ``nb.edit`` takes; as the last one, or before the one at ``at``.

        Raises:
            InvalidImageError: with one sentence naming the source and the reason.
        """
        picture = self._picture(source, name, origin)
        with self._lock:
            place = len(self._pictures) if at is None else at
            self._set((*self._pictures[:place], picture, *self._pictures[place:]))
        self._send_thumb(picture)
        return picture.image

    def swap(self, gone: ImageData, image: ImageData, *, record_id: str | None = None) -> None:
        """Put ``image`` in the place of ``gone``, or first where that is not here; the others stay.

        Raises:
            InvalidImageError: its file is gone; the tray stays as it is.
        """
        picture = replace(self._picture(image, None, None), record_id=record_id)
        hashes = (gone.sha256, picture.image.sha256)
        with self._lock:
            stay = [one for one in self._pictures if one.image.sha256 not in hashes]
            here = [at for at, one in enumerate(self._pictures) if one.image.sha256 in hashes]
            place = here[0] if here else 0
            self._set((*stay[:place], picture, *stay[place:]))
        self._send_thumb(picture)

    def _picture(self, source: Any, name: str | None, origin: str | None) -> Card:
        # The name goes in only with bare bytes: a path's own error names the whole path.
        image = as_image(source, name=name if isinstance(source, bytes) else None)
        if origin is None and isinstance(source, (str, os.PathLike)):
            origin = literal(os.fspath(source))
        label = name or image.name or say("panel.tray_unnamed", kind=image.mime_type.split("/")[1].upper())
        key = f"{image.sha256[:12]}-{next(self._keys)}"
        return Card(key, image, label, origin, getattr(source, "record_id", None))

    def put(self, pictures: Sequence[Card]) -> None:
        """Hold exactly these pictures, which were in the tray before."""
        self._set(pictures)

    def clear(self) -> None:
        """Take all pictures out."""
        with self._lock:
            self.problems = []
            self._set(())

    def relabel(self, lang: str | None) -> None:
        """Speak ``lang``; None follows the notebook's language."""
        self._lang = lang
        self.strings = sentences("panel.tray", lang)

    def _set(self, pictures: Sequence[Card]) -> None:
        with self._lock:
            items = [picture.item() for picture in pictures]  # reads them: one may be gone
            self._pictures, self.items = tuple(pictures), items
            self.revision += 1

    def _problem(self, text: str) -> None:
        with self._lock:
            entry = {"id": next(self._keys), "text": text.replace("\n", " ")}
            self.problems = [*self.problems, entry][-PROBLEMS_SHOWN:]

    def _say_problem(self, key: str, **values: object) -> None:
        with speaking(self._lang):
            self._problem(say(key, **values))

    def _try_add(self, source: Any, **how: Any) -> None:
        """Add what a person gave in the page; what is wrong with it is said there, in one sentence."""
        with speaking(self._lang):
            try:
                self.add(source, **how)
            except NanoBananaError as error:
                self._problem(str(error))

    # --- what the page says -----------------------------------------------------------------------

    def _hear(self, _: Any, message: Mapping[str, Any], buffers: Sequence[Any]) -> None:
        handle = _HEARD.get(str(message.get("t")))
        if handle is not None:
            handle(self, message, buffers)

    def _begin(self, message: Mapping[str, Any], _: Sequence[Any]) -> None:
        """A file will come; or, after a silence, what of it is here."""
        now, key = time.monotonic(), message["id"]
        with self._lock:
            if key in self._arrived:
                held = None
            elif upload := self._uploads.get(key):
                held, upload.seen = sorted(upload.pieces), now
            else:
                held = []
                new = _Upload(str(message["name"]), int(message["size"]), int(message["n"]))
                self._uploads = {k: u for k, u in self._uploads.items() if now - u.seen < UPLOAD_PATIENCE}
                self._uploads[key] = new
        if held is None:
            self.send({"t": "done", "id": key})
        elif message.get("again"):
            self.send({"t": "ack", "id": key, "got": len(held), "held": held})

    def _piece(self, message: Mapping[str, Any], buffers: Sequence[Any]) -> None:
        key = message["id"]
        with self._lock:
            upload = self._uploads.get(key)
            if upload is None:
                return
            upload.pieces[int(message["i"])] = bytes(buffers[0])
            upload.seen = time.monotonic()
            got = len(upload.pieces)
            if got == upload.count:
                del self._uploads[key]
                self._arrived.add(key)
        self.send({"t": "ack", "id": key, "got": got})
        if got < upload.count:
            return
        data = b"".join(upload.pieces[i] for i in range(upload.count))
        if len(data) == upload.size:
            self._try_add(data, name=upload.name)
        else:
            self._say_problem("panel.tray_torn", name=upload.name)
        self.send({"t": "done", "id": key})

    def _drop(self, message: Mapping[str, Any], _: Sequence[Any]) -> None:
        with self._lock:
            self._uploads.pop(message["id"], None)

    def _unreadable(self, message: Mapping[str, Any], buffers: Sequence[Any]) -> None:
        self._drop(message, buffers)
        self._say_problem("panel.tray_torn", name=message["name"])

    def _refused(self, message: Mapping[str, Any], _: Sequence[Any]) -> None:
        size, limit = amount(int(message["size"])), amount(self.max_bytes)
        self._say_problem("panel.tray_too_large", name=message["name"], size=size, limit=limit)

    def _no_camera(self, message: Mapping[str, Any], _: Sequence[Any]) -> None:
        self._say_problem("panel.tray_no_camera", reason=message["reason"])

    def _add_text(self, message: Mapping[str, Any], _: Sequence[Any]) -> None:
        text = str(message["text"]).strip().strip("\"'")
        found = variable(text)
        if found is not None:
            self._try_add(found, name=text, origin=text)
        elif text.lower().startswith(("http://", "https://")):
            _worker.aside(self._try_add, text)  # a slow server must not hold the kernel
        else:
            self._try_add(text)

    def _add_paths(self, message: Mapping[str, Any], _: Sequence[Any]) -> None:
        for path in message["paths"]:
            self._try_add(_find(str(message.get("root") or ""), str(path)))

    def _remove(self, message: Mapping[str, Any], _: Sequence[Any]) -> None:
        with self._lock:
            self._set([picture for picture in self._pictures if picture.key != message["key"]])

    def _move(self, message: Mapping[str, Any], _: Sequence[Any]) -> None:
        with self._lock:
            rest = [picture for picture in self._pictures if picture.key != message["key"]]
            moved = [picture for picture in self._pictures if picture.key == message["key"]]
            at = min(max(int(message["to"]), 0), len(rest))
            self._set([*rest[:at], *moved, *rest[at:]])

    def _dismiss(self, message: Mapping[str, Any], _: Sequence[Any]) -> None:
        with self._lock:
            self.problems = [problem for problem in self.problems if problem["id"] != message["id"]]

    def _wanted(self, message: Mapping[str, Any], _: Sequence[Any]) -> None:
        for picture in self._pictures:
            if picture.key == message["key"]:
                self._send_thumb(picture)

    def _names(self, _message: Mapping[str, Any], _: Sequence[Any]) -> None:
        self.send({"t": "names", "names": picture_names()})

    def _send_thumb(self, picture: Card) -> None:
        _worker.aside(self._thumb, picture)

    def _thumb(self, picture: Card) -> None:
        """Decode once, away from the kernel's thread. A file that only looked like a picture goes again."""
        try:
            small = picture.image.preview(longest=THUMB_EDGE, budget=THUMB_BYTES)
        except InvalidImageError as error:
            with self._lock:
                self._problem(str(error))
                self._set([other for other in self._pictures if other.key != picture.key])
            return
        self.send({"t": "thumb", "key": picture.key, "mime": small.mime_type}, buffers=[small.data])


_HEARD: dict[str, Callable[[Tray, Mapping[str, Any], Sequence[Any]], None]] = {
    "begin": Tray._begin,
    "piece": Tray._piece,
    "drop": Tray._drop,
    "unreadable": Tray._unreadable,
    "refused": Tray._refused,
    "add": Tray._add_text,
    "paths": Tray._add_paths,
    "camera": Tray._no_camera,
    "remove": Tray._remove,
    "move": Tray._move,
    "clear": lambda tray, _message, _buffers: tray.clear(),
    "dismiss": Tray._dismiss,
    "thumb": Tray._wanted,
    "names": Tray._names,
}


def _find(root: str, path: str) -> str:
    """A path JupyterLab gave (from its own root), as the kernel can open it, relative where that is short.

    The page knows the root when the server runs on this machine; otherwise the folders above the kernel
    are tried, since the root is nearly always one of them.
    """
    here = Path.cwd()
    bases = [Path(root).expanduser()] if root else []
    for base in [*bases, *reversed(here.parents), here]:
        candidate = base / path
        if candidate.is_file():
            near = candidate.is_relative_to(here)
            return candidate.relative_to(here).as_posix() if near else str(candidate)
    return path
