"""The image tray: pictures in, in the order the model will see them.

The browser sends files in pieces and gets acknowledgements; the list of pictures is a synced trait
without pixels; thumbnails travel as binary messages and are made again whenever a page asks.
"""

from __future__ import annotations

import itertools
import os
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import anywidget
import traitlets

from .. import _worker
from .._fetch.urls import signed
from .._images.data import MAX_BYTES, ImageData
from .._images.sources import as_image
from .._strings import Lang, say, speaking
from .._text import amount, here, shortened
from ..errors import InvalidImageError, InvalidRequestError, NanoBananaError
from .assets import script, styles
from .notebook import picture_names, variable
from .shown import literal, sentences
from .uploads import Uploads

if TYPE_CHECKING:
    from .._result import EditResult

THUMB_EDGE: Final = 240
THUMB_BYTES: Final = 16 * 1024
PROBLEMS_SHOWN: Final = 4
NAMES_SHOWN: Final = 80
LARGE_EDGE: Final = 1600
LARGE_BYTES: Final = 600_000
"""Of the picture as it is looked at large."""


@dataclass(frozen=True, slots=True)
class Card:
    """One picture of the tray.

    Attributes:
        origin: the Python that names it, if it came from a path, a URL or a variable.
        record_id: its place in the history, if it is a result.
        before: the card it was cut, turned or extended from.
        border: what stands around it where it was extended, ``"grey"`` for example; the model is to fill it.
    """

    key: str
    image: ImageData
    name: str
    origin: str | None = None
    record_id: str | None = None
    before: Card | None = None
    border: str = ""

    def item(self) -> dict[str, Any]:
        """What the page is told: everything but the pixels."""
        width, height = self.image.shown_size
        return {"key": self.key, "name": self.name, "width": width, "height": height,
                "mime": self.image.mime_type, "bytes": len(self.image.data),
                "shaped": self.before is not None, "border": self.border}  # fmt: skip


def card_of(image: ImageData, name: str = "", record_id: str | None = None) -> Card:
    """A picture that is in no tray, as a card."""
    label = name or image.name or say("panel.tray_unnamed", kind=image.mime_type.split("/")[1].upper())
    return Card("", image, label, None, record_id)


class Tray(anywidget.AnyWidget):  # type: ignore[misc]
    """Pictures by choosing, dropping, pasting, or by URL, path or variable name.

    Attributes:
        images: the pictures in order; the last one decides the shape of the result.
        camera: whether pictures can be taken with the computer's camera; the browser asks for leave.
        revision: counts changes of ``images``; ``tray.observe(f, "revision")`` watches them.
        follow: whether the last picture sets the shape of the result, as the page then says.
        coming: how many pictures are on their way into it, or being changed there; not for the page.
        masked: whether a mask goes with the pictures; it belongs to the first one, as the page then says.
        results: finds a result by the key it is dragged with, None where there is no such result any more.
    """

    _esm = script("tray.js")
    _css = styles("base.css", "tray.css")

    revision = traitlets.Int(0).tag(sync=True)
    items = traitlets.List([]).tag(sync=True)
    problems = traitlets.List([]).tag(sync=True)
    follow = traitlets.Bool(True).tag(sync=True)
    masked = traitlets.Bool(False).tag(sync=True)
    coming = traitlets.Int(0)
    camera = traitlets.Bool(False).tag(sync=True)
    max_bytes = traitlets.Int(MAX_BYTES).tag(sync=True)
    strings = traitlets.Dict({}).tag(sync=True)

    def __init__(self, images: Any = None, *, lang: Lang | None = None, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._lang = lang
        self.lock = threading.RLock()
        self._keys = itertools.count(1)
        self._pictures: tuple[Card, ...] = ()
        self.results: Callable[[str], EditResult | None] = lambda _: None
        self._uploads, self._deaf = Uploads(), frozenset[str]()
        self._jobs: list[str] = []  # what is worked on beside the kernel, by name
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

    @property
    def trouble(self) -> str:
        """Why nothing should be sent now: a picture is not here yet, or about to be another; else ``""``."""
        names = [*self._uploads.names, *self._jobs]
        return say("tray.not_ready", names=shortened(", ".join(names), NAMES_SHOWN)) if names else ""

    def add(
        self, source: Any, *, name: str | None = None, origin: str | None = None, at: int | None = None
    ) -> ImageData:
        """Add one picture: anything ``nb.edit`` takes; as the last one, or before the one at ``at``.

        Raises:
            InvalidImageError: with one sentence naming the source and the reason.
        """
        picture = self._picture(source, name, origin)
        with self.lock:
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
        with self.lock:
            stay = [one for one in self._pictures if one.image.sha256 not in hashes]
            here = [at for at, one in enumerate(self._pictures) if one.image.sha256 in hashes]
            place = here[0] if here else 0
            self._set((*stay[:place], picture, *stay[place:]))
        self._send_thumb(picture)

    def _picture(self, source: Any, name: str | None, origin: str | None) -> Card:
        # The name goes in only with bare bytes: a path's own error names the whole path.
        image = as_image(source, name=name if isinstance(source, bytes) else None)
        if origin is None and isinstance(source, (str, os.PathLike)) and not signed(os.fspath(source)):
            origin = literal(os.fspath(source))
        card = card_of(image, name or "", getattr(source, "record_id", None))
        return replace(card, key=f"{image.sha256[:12]}-{next(self._keys)}", origin=origin)

    def shape(
        self, number: int, *, turns: int = 0, box: Sequence[int] | None = None, fill: str = "grey"
    ) -> ImageData:
        """Turn a picture, crop it, or give it room around for the model to fill; it stays in its place.

        Args:
            number: which picture, counted from 1.
            turns: how many times 90° clockwise, before anything else.
            box: what to keep of the turned picture: left, top, right, bottom in its pixels; None is all.
                A box that reaches beyond the picture extends it.
            fill: what stands where it is extended: ``"grey"``, ``"white"`` or ``"transparent"``.

        Raises:
            InvalidRequestError: there is no such picture, or the box is none; the tray stays as it is.
            InvalidImageError: the pixels can't be decoded.
        """
        return _shape(self, self._card(number), turns, box, fill).image

    def unshape(self, number: int) -> ImageData:
        """Put the original back in the place of the picture that :meth:`shape` made of it.

        Raises:
            InvalidRequestError: there is no such picture, or it was not shaped here.
        """
        card = self._card(number)
        if card.before is None:
            raise InvalidRequestError(say("tray.not_shaped", number=number))
        return self._change(card, card.before).image

    def _card(self, number: int) -> Card:
        if not isinstance(number, int) or not 1 <= number <= len(self._pictures):
            raise InvalidRequestError(say("tray.no_number", number=number, count=len(self._pictures)))
        return self._pictures[number - 1]

    def _change(self, gone: Card, card: Card) -> Card:
        """Another card in the place of one; where that is gone by now, nothing comes."""
        with self.lock:
            self._set([card if one.key == gone.key else one for one in self._pictures])
        self._send_thumb(card)
        return card

    def put(self, pictures: Sequence[Card]) -> None:
        """Hold exactly these pictures, which were in the tray before."""
        self._set(pictures)

    def clear(self) -> None:
        """Take all pictures out."""
        with self.lock:
            self.problems = []
            self._set(())

    def take_only_files(self, most: int) -> None:
        """Take only what a page uploads, of at most so many bytes: no address, no path, no variable.

        ``max_bytes`` is what the page is told of it; a page that says otherwise changes nothing here.
        """
        self._deaf, self._uploads = frozenset({"add", "paths"}), Uploads(most)
        self.max_bytes = most
        self.add_class("nb-banana-only-files")

    def relabel(self, lang: str | None) -> None:
        """Speak ``lang``; None follows the notebook's language."""
        self._lang = lang
        self.strings = {**sentences("panel.tray", lang), **sentences("tray.page", lang)}

    def _set(self, pictures: Sequence[Card]) -> None:
        with self.lock:
            items = [picture.item() for picture in pictures]  # reads them: one may be gone
            self._pictures, self.items = tuple(pictures), items
            self.revision += 1

    def _problem(self, text: str) -> str:
        with self.lock:
            entry = {"id": next(self._keys), "text": text.replace("\n", " ")}
            self.problems = [*self.problems, entry][-PROBLEMS_SHOWN:]
        return text

    def _say_problem(self, key: str, **values: object) -> str:
        with speaking(self._lang):
            return self._problem(say(key, **values))

    def _try_add(self, source: Any, **how: Any) -> str:
        """Add what a person gave in the page; what is wrong with it is said there, in the sentence given."""
        with speaking(self._lang):
            try:
                self.add(source, **how)
            except NanoBananaError as error:
                return self._problem(str(error))
        return ""

    def _beside(self, name: str, job: Callable[..., Any], *args: Any) -> None:
        """Do slow work for the tray beside the kernel; a click waits for it."""
        self._jobs.append(name)
        _worker.aside(self._work, name, job, *args)

    def _work(self, name: str, job: Callable[..., Any], *args: Any) -> None:
        try:
            job(*args)
        finally:
            self._jobs.remove(name)
            self._count()

    def _count(self) -> None:
        with self.lock:
            self.coming = len(self._uploads.names) + len(self._jobs)

    # --- what the page says -----------------------------------------------------------------------

    def _hear(self, _: Any, message: Mapping[str, Any], buffers: Sequence[Any]) -> None:
        kind = str(message.get("t"))
        handle = _HEARD.get(kind)
        if kind in self._deaf:
            self._say_problem("tray.only_files")
        elif handle is not None:
            handle(self, message, buffers)
            self._count()

    def bring(self, typed: str) -> str:
        """Add an address, a path or a variable that was typed; gives what is wrong with it, or ``""``."""
        if "add" in self._deaf:
            return self._say_problem("tray.only_files")
        text = typed.strip().strip("\"'")
        found = variable(text)
        if found is not None:
            return self._try_add(found, name=text, origin=text)
        if text.lower().startswith(("http://", "https://")):
            self._beside(text, self._try_add, text)  # a slow server must not hold the kernel
            self._count()
            return ""
        return self._try_add(text)

    def _add_paths(self, message: Mapping[str, Any], _: Sequence[Any]) -> None:
        for path in message["paths"]:
            self._try_add(_find(str(message.get("root") or ""), str(path)))

    def _wanted(self, message: Mapping[str, Any], _: Sequence[Any]) -> None:
        large = message["t"] == "view"
        for picture in self._pictures:
            if picture.key == message["key"]:
                self._send_thumb(picture, large=large)

    def _send_thumb(self, picture: Card, *, large: bool = False) -> None:
        _worker.aside(self._thumb, picture, "view" if large else "thumb")

    def _thumb(self, picture: Card, kind: str) -> None:
        """Decode once, away from the kernel's thread. A file that only looked like a picture goes again."""
        edge, budget = _SMALL[kind]
        try:
            small = picture.image.preview(longest=edge, budget=budget)
        except InvalidImageError as error:
            with self.lock:
                self._problem(str(error))
                self._set([other for other in self._pictures if other.key != picture.key])
            return
        self.send({"t": kind, "key": picture.key, "mime": small.mime_type}, buffers=[small.data])


_SMALL: Final = {"thumb": (THUMB_EDGE, THUMB_BYTES), "view": (LARGE_EDGE, LARGE_BYTES)}
"""The longest edge in pixels and the most bytes of what a page is sent of a picture."""


def _begin(tray: Tray, message: Mapping[str, Any], _: Sequence[Any]) -> None:
    if int(message["size"]) > tray._uploads.most:
        _refused(tray, message, ())
        tray.send({"t": "done", "id": message["id"]})
    elif reply := tray._uploads.begin(message):
        tray.send(reply)


def _piece(tray: Tray, message: Mapping[str, Any], buffers: Sequence[Any]) -> None:
    reply, arrived = tray._uploads.piece(message, buffers)
    if reply:
        tray.send(reply)
    if arrived is None:
        return
    if arrived.whole is None:
        tray._say_problem("panel.tray_torn", name=arrived.name)
    else:
        tray._try_add(arrived.whole, name=arrived.name)
    tray.send({"t": "done", "id": message["id"]})


def _unreadable(tray: Tray, message: Mapping[str, Any], _: Sequence[Any]) -> None:
    tray._uploads.drop(message)
    tray._say_problem("panel.tray_torn", name=message["name"])


def _refused(tray: Tray, message: Mapping[str, Any], _: Sequence[Any]) -> None:
    size, limit = amount(int(message["size"])), amount(tray._uploads.most)
    tray._say_problem("panel.tray_too_large", name=message["name"], size=size, limit=limit)


def _no_camera(tray: Tray, message: Mapping[str, Any], _: Sequence[Any]) -> None:
    tray._say_problem("panel.tray_no_camera", reason=message["reason"])


def _dismiss(tray: Tray, message: Mapping[str, Any], _: Sequence[Any]) -> None:
    with tray.lock:
        tray.problems = [problem for problem in tray.problems if problem["id"] != message["id"]]


def _result(tray: Tray, message: Mapping[str, Any], _: Sequence[Any]) -> None:
    """A result was dragged here from elsewhere in the panel."""
    found = tray.results(str(message["key"]))
    if found is None:
        tray._say_problem("tray.no_result")
    else:
        tray._try_add(found)


def _shaping(tray: Tray, message: Mapping[str, Any], _: Sequence[Any]) -> None:
    name = next((card.name for card in tray._pictures if card.key == message["key"]), "")
    tray._beside(name, _try_shape, tray, message)


def _try_shape(tray: Tray, message: Mapping[str, Any]) -> None:
    """What a person asked for in the page; it is told the key of the picture that stands there then."""
    key, now = message["key"], None
    card = next((one for one in tray._pictures if one.key == key), None)
    with speaking(tray._lang):
        try:
            if card and message["t"] == "shape":
                now = _shape(tray, card, message["turns"], message["box"], message["fill"])
            elif card and card.before:
                now = tray._change(card, card.before)
        except NanoBananaError as error:
            tray._problem(str(error))
    tray.send({"t": "shaped", "key": key, "now": now.key if now else key})


def _shape(tray: Tray, card: Card, turns: int, box: Sequence[int] | None, fill: str) -> Card:
    """Another card in the place of this one, which it remembers; the same where nothing changes."""
    from .._images.shaping import is_beyond, name_of, shape  # loads Pillow

    image, size = shape(card.image, turns=turns, box=box, fill=fill), card.image.shown_size
    if image is card.image:
        return card
    size = size[::-1] if turns % 2 else size
    name, border = name_of(card.name, size, box), fill if is_beyond(size, box) else ""
    new = tray._picture(image.but(name=name), name, None)
    return tray._change(card, replace(new, before=card, border=border))


def _names(tray: Tray, _message: Mapping[str, Any], _: Sequence[Any]) -> None:
    tray.send({"t": "names", "names": picture_names()})


def _remove(tray: Tray, message: Mapping[str, Any], _: Sequence[Any]) -> None:
    with tray.lock:
        tray._set([picture for picture in tray._pictures if picture.key != message["key"]])


def _move(tray: Tray, message: Mapping[str, Any], _: Sequence[Any]) -> None:
    with tray.lock:
        rest = [picture for picture in tray._pictures if picture.key != message["key"]]
        moved = [picture for picture in tray._pictures if picture.key == message["key"]]
        at = min(max(int(message["to"]), 0), len(rest))
        tray._set([*rest[:at], *moved, *rest[at:]])


_HEARD: dict[str, Callable[[Tray, Mapping[str, Any], Sequence[Any]], object]] = {
    "begin": _begin,
    "piece": _piece,
    "drop": lambda tray, message, _: tray._uploads.drop(message),
    "unreadable": _unreadable,
    "refused": _refused,
    "add": lambda tray, message, _: tray.bring(str(message["text"])),
    "paths": Tray._add_paths,
    "camera": _no_camera,
    "remove": _remove,
    "move": _move,
    "clear": lambda tray, _message, _buffers: tray.clear(),
    "dismiss": _dismiss,
    "thumb": Tray._wanted,
    "view": Tray._wanted,
    "shape": _shaping,
    "undo": _shaping,
    "result": _result,
    "names": _names,
}


def _find(root: str, path: str) -> str:
    """A path JupyterLab gave (from its own root), as the kernel can open it, relative where that is short.

    The page knows the root when the server runs on this machine; otherwise the folders above the kernel
    are tried, since the root is nearly always one of them.
    """
    folder = here()
    above = [*reversed(folder.parents), folder] if folder else []
    for base in [*([Path(root).expanduser()] if root else []), *above]:
        candidate = base / path
        if candidate.is_file():
            below = folder if folder and candidate.is_relative_to(folder) else None
            return candidate.relative_to(below).as_posix() if below else str(candidate)
    return path
