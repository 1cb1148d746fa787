"""The foot of the history view: how much room the folder takes, and deleting, asked before it is done.

Rules of this file:

* What would be lost is counted by the history itself, beside the kernel, and said before anything goes.
* Stars protect unless the box says otherwise; the box is there only where a star is meant.
* What goes is what was asked about. The question leaves with it: once another record is chosen, or something
  else is listed, "Delete for good" would be said of what nobody looks at.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING, Any

import ipywidgets as w

from .. import _worker
from .._strings import say
from .._text import shortened
from .surface import Note, classify, press, toggle

if TYPE_CHECKING:
    from .._history.book import History
    from .status import StatusLine

Ids = Callable[[], Iterable[str]]


class Deleting(w.VBox):  # type: ignore[misc]
    """Says what would be lost, asks, and deletes.

    Attributes:
        size, all_button: what the folder holds; ask whether all that is listed should go.
        words, starred, yes, no: what would be lost, whether stars protect, and the two answers.
    """

    def __init__(
        self,
        history: Callable[[], History],
        guard: Callable[[], AbstractContextManager[Any]],
        line: StatusLine,
        done: Callable[[], None],
        lang: str | None,
    ) -> None:
        self._history, self._guard, self._line, self._done = history, guard, line, done
        self._asked: Ids | None = None  # what the question is about, from the press on
        self._meant: tuple[str, ...] = ()  # the same, once what would be lost stands there
        self._lock = threading.Lock()
        self.size, self.words, self.all_button = Note(), Note(), w.Button()
        self.starred, self.yes, self.no = w.Checkbox(indent=False), w.Button(), w.Button()
        foot, answers = w.HBox([self.size, self.all_button]), w.HBox([self.yes, self.no, self.starred])
        self._answers = answers
        super().__init__([foot, self.words, answers])
        classify({
            "row": (foot, answers), "note": (self.size, self.words), "delete-all": self.all_button,
            "delete-yes": self.yes, "delete-no": self.no, "delete-starred": self.starred, "off": answers,
            "deleting": self,
        })  # fmt: skip
        press(self.yes, self._agreed, lang)
        press(self.no, self.leave, lang)
        self.starred.observe(lambda _: self._ask_again(self._meant), "value")

    def rename(self) -> None:
        """Say everything in the current language."""
        labels = {"delete_listed": self.all_button, "delete_yes": self.yes, "delete_no": self.no}
        for key, button in labels.items():
            button.description = say(f"looking.{key}")
        self.all_button.tooltip = say("looking.delete_listed_tip")
        self.starred.description = say("looking.delete_starred")

    def measure(self) -> None:
        """Find out beside the kernel how much room the folder takes."""
        _worker.aside(self._measure)

    def offer(self, ids: Ids) -> None:
        """Say what would be lost with these records, and ask."""
        self.leave()
        self.starred.value = False
        self._ask(ids)

    def leave(self) -> None:
        """Ask no more; nothing was deleted. Without a question, what was said last stays."""
        with self._lock:
            if self._asked is not None:
                self._asked, self._meant, self.words.text = None, (), ""
                toggle(self._answers, False)

    def _ask(self, ids: Ids) -> None:
        self._asked = ids
        _worker.aside(self._weigh, ids)

    def _ask_again(self, meant: tuple[str, ...]) -> None:
        if meant:
            self._ask(lambda: meant)

    def _agreed(self) -> None:
        meant, starred = self._meant, self.starred.value
        if meant:
            self.leave()
            _worker.aside(self._delete, meant, starred)

    def _measure(self) -> None:
        with self._guard():
            self.size.text = str(self._history().removal.size())

    def _weigh(self, ids: Ids) -> None:
        with self._guard():
            meant, starred = tuple(ids()), self.starred.value
            loss = self._history().removal.loss(meant, starred=starred)
            said = str(loss) if meant else say("looking.nothing_to_delete")
            if len(meant) == 1:
                said = f"“{shortened(self._history().record(meant[0]).prompt, 60)}”\n{said}"
            with self._lock:
                if self._asked is not ids:  # it was left, or is about something else by now
                    return
                self._meant = meant
                self.yes.disabled = not loss.edits
                toggle(self.starred, bool(loss.starred or starred))
                self.words.text = said
                toggle(self._answers, bool(meant))
            self._line.announce = said
            self._line.point("delete-no")

    def _delete(self, meant: tuple[str, ...], starred: bool) -> None:
        with self._guard():
            removal = self._history().removal
            loss = removal.delete(meant, starred=starred)
            self.words.text = "\n".join([say("looking.deleted", loss=loss), *removal.told_scrub()])
            self._line.announce = self.words.text
            self._done()
