"""What came, on the screen: the status line, the picture, the strip of all results, and the notes.

Rules of this file:

* ``result`` is the picture in the viewer, whichever run it is of; saving, going on from it, comparing and
  measuring act on it, and where nothing is shown they do nothing.
* A picture that comes late stands greyed in the strip until somebody wants to see it.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import ipywidgets as w

from ..._history.beside import beside
from ..._images.data import ImageData
from ..._result import EditResult, before_of
from ..._strings import say
from ..._text import near
from ...errors import NanoBananaError
from ..surface import Note, classify, press, toggle
from . import states

if TYPE_CHECKING:
    from ..._client.endpoint import Endpoint
    from ..status import StatusLine
    from ..viewer import Viewer
    from .ask import Ask
    from .run import Run
    from .shots import Shot
    from .strip import Strip

LATE_SHOWN: Final = 3


class View:
    """The half of the panel where pictures come.

    Attributes:
        lock: held while what is shown, or the run behind it, becomes another; the tray's own, for each
            changes what the other shows.
        strip: every picture that came, failed, waits or is on its way.
        result: the one shown, or None.
        comparing: whether it stands beside another result instead of the picture it came from.
        after: ``save``, ``share``, ``go_on``, ``use``, ``larger``: what can be done with the one shown.
        retry, fetch: send what failed again; get the pictures that were paid for and not fetched.
        over: begin anew, where there is something to leave behind.
        note, late: what was said with it, and what became of edits nobody waits for.
    """

    def __init__(
        self,
        status: StatusLine,
        viewer: Viewer,
        strip: Strip,
        busy: Callable[[bool], None],
        lang: str | None,
        lock: threading.RLock,
    ) -> None:
        self.status, self.viewer, self.strip, self._busy = status, viewer, strip, busy
        self.lock = lock
        self._lang = lang
        self.result: EditResult | None = None
        self._before: ImageData | None = None
        self.comparing = False
        self._listeners: list[Callable[[], Any]] = []
        self.note, self.late = Note(), Note()
        self.save, self.go_on, self.use, self.larger = w.Button(), w.Button(), w.Button(), w.Button()
        self.retry, self.fetch, self.over, self.share = w.Button(), w.Button(), w.Button(), w.Button()
        self.after = w.HBox()
        classify({
            "save": self.save, "share": self.share, "continue": self.go_on, "use": self.use,
            "larger": self.larger,
            "retry": self.retry, "fetch": self.fetch, "over": self.over, "link": self.over,
            "late": self.late, "note": (self.note, self.late),
            "off": (self.retry, self.fetch, self.larger, self.over),
        })  # fmt: skip
        press(self.save, lambda: self._keep(EditResult.save), lang)
        press(self.share, lambda: self._keep(EditResult.share), lang)

    def relabel(self) -> None:
        """Say every label in the current language."""
        labels = {
            "save": self.save, "share": self.share, "continue": self.go_on, "retry": self.retry,
            "fetch": self.fetch,
        }  # fmt: skip
        for key, button in labels.items():
            button.description, button.tooltip = say(f"panel.{key}"), say(f"panel.{key}_tip")
        for key, button in {"use": self.use, "over": self.over}.items():
            button.description, button.tooltip = say(f"reel.{key}"), say(f"reel.{key}_tip")
        self.strip.reel.relabel(self._lang)
        self.draw()

    @property
    def results(self) -> tuple[EditResult, ...]:
        """Every picture that came in time or was shown since, in the order they were asked for."""
        return self.strip.album.results

    def draw(self) -> None:
        """Bring the strip up to date."""
        self.strip.draw(self.result)
        toggle(self.over, bool(self.results))

    def when_changed(self, listener: Callable[[], Any]) -> None:
        """Call ``listener()`` whenever another picture is shown, or none, or it is compared with another."""
        self._listeners.append(listener)

    def _changed(self) -> None:
        for listener in self._listeners:
            listener()

    def compare(self, on: bool) -> None:
        """It is compared with another result, or no more."""
        self.comparing = on
        self._changed()

    # --- what a run tells ---------------------------------------------------------------------------

    def say(self, shown: states.Shown) -> None:
        """Bring the status line up to date; what is not announced leaves screen readers silent."""
        with self.status.hold_sync():
            self.status.state, self.status.text = shown.state, shown.text
            self.status.hint, self.status.details = shown.hint, shown.details
            if shown.announce:
                self.status.announce = shown.announce

    def says(self, shown: states.Shown) -> bool:
        """Whether the line still says this, whatever next step stands under it."""
        return bool(self.status.text == shown.text)

    def waits(self, run: Run) -> None:
        """A run waits for those before it."""
        self.strip.album.add(run)
        self.draw()

    def leaves(self, run: Run) -> None:
        """One that waited is not sent: its places go, unless they say why."""
        if not run.failures:
            self.strip.album.drop(run)
        self.draw()

    def begin(self, run: Run) -> None:
        """Make room for the picture to come, over the one it comes from."""
        self.late.text = ""
        self._busy(True)
        for button in (self.retry, self.fetch):
            toggle(button, False)
        if not any(shot.run is run for shot in self.strip.album.shots):
            self.strip.album.add(run)
        self.draw()
        if not self.viewer.after and run.before is not None:
            self.viewer.show(before=run.before)
        size = run.ask.pixels(run.place)
        if size is not None:
            self.viewer.expect(*size)

    def coming(self, image: ImageData) -> None:
        """A picture is about to be shown: its pixels are on their way while its file is written."""
        self.viewer.send_ahead(image)

    def came(self, run: Run, result: EditResult) -> None:
        """Show a picture as soon as it is here."""
        self.show(result, run.before)

    def come_back(self, results: Sequence[EditResult], late: Sequence[EditResult]) -> None:
        """Show what an earlier kernel left: its last picture, and the others in the strip.

        Raises:
            InvalidImageError: its file is gone; nothing is shown then.
        """
        album = self.strip.album
        album.bring_back(results, late)
        self.draw()
        if not album.results:
            return
        try:
            self.show(album.results[-1])
        except NanoBananaError:
            album.shots = ()
            self.draw()
            raise
        self.say(states.returned(album.results[-1]))

    def tell_late(self, text: str) -> None:
        """Note what became of an edit that nobody waits for any more."""
        with self.lock:
            self.late.text = "\n".join([*self.late.text.splitlines(), text][-LATE_SHOWN:])
            self.status.announce = text
            self.draw()

    def end(self, run: Run, shown: states.Shown) -> None:
        """Nothing is awaited any more: say what came, and offer what failed again."""
        self.viewer.settle()
        self._busy(False)
        self.say(shown)
        toggle(self.retry, bool(run.failures and run.results))
        toggle(self.fetch, any(one.owed for one in run.failures))
        self.draw()

    # --- what is shown ------------------------------------------------------------------------------

    def show(self, result: EditResult, before: ImageData | None = None) -> None:
        """Show a result over the picture it came from.

        Raises:
            InvalidImageError: its file is gone.
        """
        before = before or before_of(result)
        self.viewer.show(before=before, after=result.image)
        self.result, self._before = result, before
        self.note.text = "\n".join(_notes(result))
        toggle(self.after, True)
        self.draw()
        self._changed()

    def offer_larger(self, ask: Ask | None, place: Endpoint) -> None:
        """Offer to ask for the picture shown again in a larger size, with its price."""
        toggle(self.larger, ask is not None)
        if ask is not None:
            size, price = ask.settings.get("image_size"), ask.price_tag(place)
            key = "larger_price" if price else "larger"
            self.larger.description = say(f"reel.{key}", size=size, price=price)
            self.larger.tooltip = say("reel.larger_tip", size=size)

    def look(self, shot: Shot) -> None:
        """Show a picture of the strip; what went wrong where there is none."""
        with self.lock:
            if shot.result is None:
                self.tell(shot.part.error.message if shot.part.error else "")
                return
            shot.part.late = False
            with self.telling():
                self.show(shot.result)

    def show_again(self) -> None:
        """Show the result over its own picture before, after it was compared with another."""
        if self.result is not None:
            self.show(self.result, self._before)

    def clear(self, before: ImageData | None) -> None:
        """Show no result, only what is about to be edited."""
        self.result = self._before = None
        self.note.text = ""
        for row in (self.after, self.retry, self.fetch):
            toggle(row, False)
        self.viewer.show(before=before)
        self.draw()
        self._changed()

    def tell(self, text: str) -> None:
        """Say something of the picture shown, aloud too."""
        self.note.text = self.status.announce = text

    @contextmanager
    def telling(self) -> Iterator[None]:
        """What goes wrong with a picture inside, its file may be gone, is told with the one shown."""
        try:
            yield
        except (NanoBananaError, OSError) as problem:
            self.tell(str(problem))

    def _keep(self, write: Callable[[EditResult, Path], Path]) -> None:
        """Write the one shown to a file beside the notebook; what came with it stays under it."""
        if self.result is None:
            return
        try:
            told = say("panel.saved", path=near(write(self.result, beside().folder)))
        except (OSError, NanoBananaError) as problem:
            told = say("panel.not_saved", reason=problem)
        self.note.text, self.status.announce = "\n".join([told, *_notes(self.result)]), told


def _notes(result: EditResult) -> list[str]:
    """What came with a picture: the model's words, and the warnings."""
    return list(filter(None, [result.text.strip(), *(f"⚠ {warning}" for warning in result.warnings)]))
