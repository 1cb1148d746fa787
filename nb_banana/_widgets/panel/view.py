"""What came, on the screen: the status line, the picture, its takes and its notes.

Rules of this file:

* ``result`` is the picture in the viewer, whichever run it is of; saving, going on from it, comparing and
  measuring act on it, and where nothing is shown they do nothing.
* A picture that comes late is noted and never shown.
"""

from __future__ import annotations

import math
import threading
from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any, Final

import ipywidgets as w

from ..._images.data import ImageData
from ..._strings import say
from ..._text import near
from ...errors import NanoBananaError
from ..surface import Note, classify, press, toggle
from . import states
from .run import Part, Run

if TYPE_CHECKING:
    from ..._result import EditResult
    from ..status import StatusLine
    from ..viewer import Viewer

LATE_SHOWN: Final = 3


class View:
    """The half of the panel where pictures come.

    Attributes:
        lock: held while what is shown, or the run behind it, becomes another.
        results: every picture that came, in the order they came.
        result: the one shown, or None.
        comparing: whether it stands beside another result instead of the picture it came from.
        after: ``picks``, ``save`` and ``go_on``: a button per take, and what can be done with the one shown.
        retry, fetch: send what failed again; get the pictures that were paid for and not fetched.
        note, late: what was said with it, and what became of edits nobody waits for.
    """

    def __init__(
        self, status: StatusLine, viewer: Viewer, busy: Callable[[bool], None], lang: str | None
    ) -> None:
        self.status, self.viewer, self._busy, self._lang = status, viewer, busy, lang
        self.lock = threading.RLock()
        self.results: tuple[EditResult, ...] = ()
        self.result: EditResult | None = None
        self._before: ImageData | None = None
        self.comparing = False
        self._listeners: list[Callable[[], Any]] = []
        self.note, self.late = Note(), Note()
        self.picks, self.save, self.go_on = w.HBox(), w.Button(), w.Button()
        self.retry, self.fetch = w.Button(), w.Button()
        self.after = w.HBox()
        classify({
            "picks": (self.picks,), "save": (self.save,), "continue": (self.go_on,), "retry": (self.retry,),
            "fetch": (self.fetch,), "late": (self.late,), "note": (self.note, self.late),
            "row": (self.picks,), "off": (self.picks, self.retry, self.fetch),
        })  # fmt: skip
        press(self.save, self._save, lang)

    def relabel(self) -> None:
        """Say every label in the current language."""
        labels = {"save": self.save, "continue": self.go_on, "retry": self.retry, "fetch": self.fetch}
        for key, button in labels.items():
            button.description = say(f"panel.{key}")
        self.fetch.tooltip = say("panel.fetch_tip")
        self.save.tooltip, self.go_on.tooltip = say("panel.save_tip"), say("panel.continue_tip")

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

    def begin(self, run: Run) -> None:
        """Make room for the picture to come, over the one it comes from."""
        self.late.text = ""
        self._busy(True)
        for button in (self.retry, self.fetch):
            toggle(button, False)
        if not self.viewer.after and run.before is not None:
            self.viewer.show(before=run.before)
        size = run.ask.pixels(run.place)
        if size is not None:
            self.viewer.expect(*size)

    def came(self, run: Run, result: EditResult) -> None:
        """Show a picture as soon as it is here."""
        self.results = (*self.results, result)
        self.show(result, run.before)
        self._offer(run)

    def come_back(self, run: Run, results: Sequence[EditResult]) -> None:
        """Show what an earlier kernel left: the run's picture, and the others to compare it with.

        Raises:
            InvalidImageError: its file is gone; nothing is shown then.
        """
        last = results[-1]
        self.results = tuple(results)
        try:
            self.show(last, run.before)
        except NanoBananaError:
            self.results = ()
            raise
        self._offer(run)
        self.say(states.returned(last))

    def tell_late(self, text: str) -> None:
        """Note what became of an edit that nobody waits for any more."""
        with self.lock:
            self.late.text = "\n".join([*self.late.text.splitlines(), text][-LATE_SHOWN:])
            self.status.announce = text

    def end(self, run: Run, shown: states.Shown) -> None:
        """Nothing is awaited any more: say what came, and offer what failed again."""
        self.viewer.settle()
        self._busy(False)
        self.say(shown)
        toggle(self.retry, bool(run.failures and run.results))
        toggle(self.fetch, any(one.owed for one in run.failures))
        self._offer(run)

    # --- what is shown ------------------------------------------------------------------------------

    def show(self, result: EditResult, before: ImageData | None) -> None:
        """Show a result over the picture it came from.

        Raises:
            InvalidImageError: its file is gone.
        """
        self.viewer.show(before=before, after=result.image)
        self.result, self._before = result, before
        notes = [result.text.strip(), *(f"⚠ {warning}" for warning in result.warnings)]
        self.note.text = "\n".join(filter(None, notes))
        toggle(self.after, True)
        self._changed()

    def show_again(self) -> None:
        """Show the result over its own picture before, after it was compared with another."""
        if self.result is not None:
            self.show(self.result, self._before)

    def clear(self, before: ImageData | None) -> None:
        """Show no result, only what is about to be edited."""
        self.result = self._before = None
        self.note.text, self.picks.children = "", []
        for row in (self.after, self.picks, self.retry, self.fetch):
            toggle(row, False)
        self.viewer.show(before=before)
        self._changed()

    def tell(self, text: str) -> None:
        """Say something of the picture shown, aloud too."""
        self.note.text = self.status.announce = text

    def _offer(self, run: Run) -> None:
        """A button per take, when there are several; one that failed says why."""
        takes = [(float(one.take), self._pick(run, one)) for one in run.results]
        takes += [(float(one.take or math.inf), self._failed(one)) for one in run.failures]
        several = len(takes) > 1
        toggle(self.picks, several)
        takes.sort(key=lambda take: take[0])
        self.picks.children = [button for _, button in takes] if several else []

    @staticmethod
    def _failed(part: Part) -> w.Button:
        """What stands in the place of a picture that did not come; one that never began has no number."""
        label = f"✕ {say('panel.pick', take=part.take or '–')}"
        return w.Button(description=label, tooltip=part.error.message if part.error else "", disabled=True)

    def _pick(self, run: Run, result: EditResult) -> w.Button:
        button = w.Button(description=say("panel.pick", take=result.take))
        button.add_class("nb-banana-chosen" if result is self.result else "nb-banana-other")
        press(button, partial(self._choose, run, result), self._lang)
        return button

    def _choose(self, run: Run, result: EditResult) -> None:
        with self.lock:
            self.show(result, run.before)
            self._offer(run)

    def _save(self) -> None:
        if self.result is None:
            return
        try:
            path = self.result.save()
        except (OSError, NanoBananaError) as problem:
            self.note.text = say("panel.not_saved", reason=problem)
        else:
            self.note.text = say("panel.saved", path=near(path))
