"""The album of a panel as tiles, and what people do with one."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, Final

from ..._images.data import ImageData
from ..._images.saving import SUFFIXES
from ..._strings import language, say
from ..._text import money, shortened
from ...errors import InvalidImageError, NanoBananaError
from ..reel import Reel
from .shots import Album, Shot

if TYPE_CHECKING:
    from ..._history.book import History
    from ..._result import EditResult

_WORDS: Final = 80


class Strip:
    """Shows an album, and hands on what is done with a shot of it.

    Args:
        history: gives the history its stars are kept in.

    Attributes:
        album, reel: what there is, and the widget.
        acts: what ``look``, ``show``, ``retry`` and ``drop`` do with a shot.
    """

    def __init__(self, history: Callable[[], History], lang: str | None) -> None:
        self.album, self._history = Album(), history
        self.reel = Reel(self._picture, self._heard, lang)
        self.acts: dict[str, Callable[[Shot], Any]] = {}
        self._starred: set[str] = set()
        self._made: dict[str, tuple[object, dict[str, Any]]] = {}  # finished tiles, by what they were made of

    def know_starred(self, ids: set[str]) -> None:
        """These records are starred already."""
        self._starred |= ids

    def draw(self, shown: EditResult | None) -> None:
        """Bring the tiles up to date; the one shown is marked."""
        shot = self.album.showing(shown)
        group, items = -1, []
        for number, one in enumerate(self.album.in_order, 1):
            items.append(self._tile(one, number, one.group != group))
            group = one.group
        with self.reel.hold_sync():
            self.reel.items, self.reel.at = items, shot.id if shot else ""

    def _tile(self, shot: Shot, number: int, first: bool) -> dict[str, Any]:
        """A tile as its page wants it; one that says the same as before is not made again."""
        starred = shot.result is not None and shot.result.record_id in self._starred
        said = (shot.state, number, first, starred, shot.part, language())
        made, tile = self._made.get(shot.id, (None, {}))
        if made != said or shot.state == "waiting":
            tile = self._new(shot, number, first)
            self._made[shot.id] = said, tile
        return tile

    def _new(self, shot: Shot, number: int, first: bool) -> dict[str, Any]:
        result, state, error = shot.result, shot.state, shot.part.error
        prompt = shot.run.ask.prompt if shot.run else result.request.prompt if result else ""
        tile = {
            "id": shot.id, "state": state, "label": str(number), "first": first,
            "key": "", "facts": "", "code": "", "drag": "", "name": "", "starred": False,
            "words": shortened(error.message if error else prompt, _WORDS),
        }  # fmt: skip
        if state in ("stopped", "unsent", "running"):
            tile["facts"] = say(f"reel.{state}")
        if state == "waiting" and shot.run:
            price = shot.run.ask.price_tag(shot.run.place)
            tile["facts"] = say("reel.waits", price=price) if price else say("reel.waits_free")
        if result is not None:
            record = result.record_id or ""
            tile |= {
                "key": result.image.sha256,
                "facts": "" if result.sandbox else money(result.cost, sandbox=False),
                "code": f'nb.history()["{record}"]',
                "drag": record or result.image.sha256,  # an id is of this panel only, and is dropped on any
                "name": f"edited-{result.image.sha256[:8]}{SUFFIXES.get(result.image.mime_type, '')}",
                "starred": record in self._starred,
            }
        return tile

    def _picture(self, sha256: str) -> ImageData:
        for shot in self.album.shots:
            if shot.result is not None and shot.result.image.sha256 == sha256:
                return shot.result.image
        raise InvalidImageError(say("timeline.not_shown", reason=sha256[:12]))

    # --- what the page says ---------------------------------------------------------------------------

    def _heard(self, message: Mapping[str, Any]) -> None:
        shot = self.album.of(str(message.get("id")))
        if shot is None:
            return
        kind = str(message.get("t"))
        if kind == "star":
            self.star(shot, bool(message.get("on")))
        elif kind == "full" and shot.result is not None:
            self._give(shot.id, shot.result.image)
        elif kind in self.acts:
            self.acts[kind](shot)

    def star(self, shot: Shot, on: bool) -> None:
        """Star a result in the history, or take its star away."""
        record = shot.result.record_id if shot.result else None
        if record is None:
            return
        self._history().star(record, on)
        (self._starred.add if on else self._starred.discard)(record)
        showing = self.album.of(self.reel.at)
        self.draw(showing.result if showing else None)

    def _give(self, id: str, image: ImageData) -> None:
        try:
            self.reel.give(id, image)
        except (NanoBananaError, OSError):
            return  # its file is gone: then nothing can be dragged out
