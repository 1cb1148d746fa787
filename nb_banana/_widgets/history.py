"""The history view: search, look, compare, and put an old edit back into a panel.

Rules of this file:

* The view composes three parts and says what goes on: the filters (``_filters``), the rows of what a
  search found (``_query``), and the chosen record (``_side``).
* A page of records is read when its rows come into sight, and again each time. No picture is loaded to
  list it.
* What goes wrong is said in the view's own line; nothing that is shown is lost by it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final

import ipywidgets as w
import traitlets

from .. import _worker
from .._chain.links import code_of
from .._images.data import ImageData
from .._lineage import before
from .._result import whence
from .._strings import Lang, say
from .._text import near, shortened
from ..errors import NanoBananaError
from .assets import script, styles
from .deleting import Deleting
from .filters import Filters
from .notebook import OURS, beside_widget
from .panel.panel import Panel
from .query import AHEAD, PAGE, Hits, Search
from .records import cost, plain, row
from .shown import sentences
from .side import Side
from .surface import Surface, classify
from .thumbs import Later, Thumbs

if TYPE_CHECKING:
    from .._history.book import History
    from .._history.record import Record
    from .._result import EditResult
    from .._session.door import Session

AT_ONCE: Final = 50
"""Rows sent at least, so that a slow scroll asks seldom."""
WALKING: Final = 0.15
"""Seconds on a row before its picture is fetched."""
PLAIN: Final = 20


class HistoryList(Thumbs):
    """The rows. Python says how many there are and which is chosen; the page asks for what it shows."""

    _esm = script("history.js")
    _css = styles("base.css", "thumbs.css", "history.css")

    count = traitlets.Int(0).tag(sync=True)
    gen = traitlets.Int(0).tag(sync=True)
    at = traitlets.Int(-1).tag(sync=True)


class Past(Surface):
    """A history's results by the ids of their records: ``nb.history()["1a2b…"]``."""

    @property
    def history(self) -> History:
        """The history that is shown."""
        return self.session.history

    def __getitem__(self, id: str) -> EditResult:
        """What ``nb.edit`` returned for this record, replayed.

        Raises:
            InvalidRequestError: there is no such record, or it brought no picture.
        """
        return self.session.result_of(self.history.record(id).pictured())


class HistoryView(Past):
    """Every edit of a history folder, to search, look at, compare and take up again.

    Attributes:
        selected: the id of the chosen record, a trait: read it, set it, observe it.
        search, model, status, notebook, starred, when, since, until: the filters, ipywidgets all.
        list, viewer: the rows, and the picture of the chosen one.
        restore_button, compare, delete_button, refresh_button: ``click()`` does what the page's button does.
        deleting: what the folder holds, and the question before anything is deleted.
    """

    selected = traitlets.Unicode(None, allow_none=True)

    def __init__(
        self, *, session: Session | None = None, panel: Panel | None = None, lang: Lang | None = None
    ) -> None:
        super().__init__(session, lang)
        self._panel = panel
        self._own_panel: Panel | None = None
        self._pinned: str | None = None
        self._listeners: list[Callable[[Record], Any]] = []
        self._title, self._place, self.refresh_button = w.Label(), w.Label(), w.Button()
        self._filters, self._side = Filters(), Side(lang)
        self.list = HistoryList(self._picture, self._heard)
        by, side = self._filters, self._side
        self.search, self.model, self.status, self.notebook = by.search, by.model, by.status, by.notebook
        self.starred, self.when, self.since, self.until = by.starred, by.when, by.since, by.until
        self.viewer, self.restore_button, self.compare = side.viewer, side.restore_button, side.compare
        self.delete_button = side.delete_button
        self.deleting = Deleting(lambda: self.history, self._said, self._line, self.refresh, lang)
        self._search = Search(lambda: (self.history, self._filters.query), self._came, self._said)
        self._look_at = Later(self._show)
        self._count_soon = _worker.Throttle(lambda _: self._show_count(), 0.2)
        self._browser = self._compose()
        self.children = [self._browser]
        self._listen()
        if panel is not None:
            panel.on_result(lambda _: self.refresh())
        self._rename()

    # --- what programs read and do ----------------------------------------------------------------

    @property
    def records(self) -> list[Record]:
        """Every record that matches the filters, newest first, read anew."""
        return list(self._filters.query.records(self.history))

    @property
    def record(self) -> Record | None:
        """The chosen record."""
        return None if self.selected is None else self.history.record(self.selected)

    @property
    def result(self) -> EditResult | None:
        """The chosen record as ``nb.edit`` would return it, replayed; None where it has no picture."""
        record = self.record
        return self.session.result_of(record) if record is not None and record.outputs else None

    def refresh(self) -> None:
        """Look again; edits made since then are shown."""
        self._search.begin()

    def on_restore(self, listener: Callable[[Record], Any]) -> None:
        """Call ``listener(record)`` when Restore is clicked, in place of a panel of the view's own."""
        self._listeners.append(listener)

    def restore(self) -> Panel | None:
        """Put the chosen edit back into the panel given, or into one shown under the list."""
        record = self.record
        if record is None:
            return None
        with self._speaking():
            try:
                for listener in self._listeners:
                    listener(record)
            except Exception as problem:  # noqa: BLE001 - said in the view
                self._trouble(
                    say("history_view.listener_failed", kind=type(problem).__name__, reason=problem)
                )
                return None
            panel = self._panel or (None if self._listeners else self._shown_panel())
            if panel is not None:
                lost, missing = panel.take_up(record, self.session)
                self.list.go_to(panel)
                key = "history_view.restored_part" if lost else "history_view.restored"
                notes = [say(key, count=lost)]
                if record.context == "conversation":
                    notes.append(say("history_view.no_conversation"))
                if missing:
                    notes.append(say("history_view.not_offered", names=", ".join(missing)))
                self._tell(" ".join(notes))
        return panel

    def __repr__(self) -> str:
        """The newest records as a table, for a terminal and for viewers without widgets."""
        with self._speaking():
            return plain(self.history.records(limit=PLAIN), near(self.history.folder))

    def _repr_mimebundle_(self, **options: Any) -> Any:
        bundle = super()._repr_mimebundle_(**options)
        with self._speaking():
            newest = next((one for one in self.history.records(limit=PLAIN) if one.outputs), None)
            data, _ = beside_widget("history", {})
            last = self._last(newest) if newest else {}
        # Its words tell moments and prompts, so what it shows is another after each edit anyway.
        bundle[OURS] = data[OURS] | last
        bundle["text/plain"] = repr(self)
        return bundle

    def _last(self, newest: Record) -> dict[str, str]:
        """Of the last picture: where its original is, and a line for under it."""
        width, height = newest.outputs[-1].width, newest.outputs[-1].height
        size = say("images.size", width=width, height=height)
        words = " · ".join(filter(None, (shortened(newest.prompt, 60), size, newest.model, cost(newest))))
        return {"last": words, **whence(self.session.result_of(newest)).get("nb_banana", {})}

    # --- layout and words -------------------------------------------------------------------------

    def _compose(self) -> w.VBox:
        head = w.HBox([self._title, self._place, self.refresh_button])
        body = w.HBox([w.VBox([self._line, self.list, self.deleting]), self._side])
        browser = w.VBox([head, self._filters, body])
        classify({
            "panel": browser, "history": self, "head": head, "title": self._title, "mode": self._place,
            "body": body, "refresh": self.refresh_button,
        })  # fmt: skip
        return browser

    def _rename(self) -> None:
        """Say everything in the current language, the rows too."""
        with self._speaking():
            self._title.value = say("history_view.title")
            self._place.value = near(self.history.folder)
            self.refresh_button.description = say("history_view.refresh")
            self.refresh_button.tooltip = say("history_view.refresh_tip")
            self._filters.rename()
            self._side.rename(self._lang)
            self.deleting.rename()
            self._line.relabel(self._lang)
            self.list.strings = sentences("history_view.page", self._lang)
        self.refresh()

    # --- what people do ---------------------------------------------------------------------------

    def _listen(self) -> None:
        self._filters.on_change(lambda _: self.deleting.leave())
        self._filters.on_change(self._search.begin)
        self.list.observe(lambda change: self._walked(change["new"]), "at")
        self.observe(lambda _: self._chose(), "selected")
        self._side.compare.observe(lambda change: self._pin(change["new"]), "value")
        self._press(self.refresh_button, self.refresh)
        self._press(self._side.restore_button, self.restore)
        self._press(self.delete_button, lambda: self.deleting.offer(lambda: filter(None, [self.selected])))
        every = lambda: [one.id for one in self.records]  # noqa: E731
        self._press(self.deleting.all_button, lambda: self.deleting.offer(every))

    def _go(self, message: Mapping[str, Any]) -> None:
        self.refresh()

    def _heard(self, message: Mapping[str, Any]) -> None:
        """What the page says through the list."""
        kind = message.get("t")
        if kind == "rows":
            first, last = int(message["from"]), int(message["to"])
            _worker.aside(self._send_rows, int(message["gen"]), first, max(last - first + 1, AT_ONCE))
        elif kind == "star":
            _worker.aside(self._star, str(message["id"]), bool(message["on"]))
        elif kind == "open":
            self.selected = str(message["id"])
            self._look_at()
            self.viewer.enlarge()
        elif kind == "delete":
            self.selected = str(message["id"])
            self.delete_button.click()
        elif kind == "pin" and not self._side.compare.disabled:
            self.selected = str(message["id"])
            self._side.compare.value = not self._side.compare.value

    def _walked(self, at: int) -> None:
        with self._search.lock:
            if 0 <= at < len(self._search.found.ids):
                self.selected = self._search.found.ids[at]

    def _chose(self) -> None:
        self.deleting.leave()
        self.list.at = self._search.found.places.get(self.selected or "", -1)
        self._side.offer(self.selected is not None)
        self._look_at(WALKING)

    def _pin(self, on: bool) -> None:
        with self._speaking():
            before, self._pinned = self._pinned, self.selected if on else None
            for id in filter(None, (before, self._pinned)):
                _worker.aside(self._send_row, id)
            self._side.rename_compare()
            self._look_at()

    def _star(self, id: str, on: bool) -> None:
        with self._said():
            self.history.star(id, on)
        self._send_row(id)

    def _shown_panel(self) -> Panel:
        """A panel of the view's own, made when it is first needed."""
        if self._own_panel is None:
            self._own_panel = Panel(session=self._session, slot=False, lang=self._lang)
            self._own_panel.on_result(lambda _: self.refresh())
            self.children = [self._browser, self._own_panel]
        return self._own_panel

    # --- what a search gave -----------------------------------------------------------------------

    def _came(self, found: Hits, page: list[Record]) -> None:
        """One more page: the first replaces what is shown, a later one makes the list longer."""
        with self._speaking():
            self._filters.meet(page)
            if len(found.ids) > len(page):
                self._count_soon(None)
                return
            with self.list.hold_sync():
                if self.selected not in found.places:
                    self.selected = found.ids[0] if found.ids else None
                self.list.gen, self.list.count = found.number, len(found.ids)
                self.list.at = found.places.get(self.selected or "", -1)
            said = say("history_view.say_count", count=len(found.ids)) if found.ids else str(found)
            self._show_line(hint="", details="", announce=said)
            self._show_count()
            self.deleting.measure()

    def _show_count(self) -> None:
        found = self._search.found
        if self._search.is_newest(found):
            with self._speaking():
                self.list.count = len(found.ids)
                self._show_line(state="loaded" if found.ids else "empty", text=str(found))

    def _send_row(self, id: str) -> None:
        """Send a row again that looks different now."""
        place = self._search.found.places.get(id)
        if place is not None:
            self._send_rows(self._search.found.number, place, 1)

    def _send_rows(self, number: int, first: int, count: int) -> None:
        found = self._search.found
        if number != found.number:
            return
        with self._said():
            rows = [row(each, pinned=each.id == self._pinned) for each in found.rows(first, count)]
            self.list.send({"t": "rows", "gen": number, "from": first, "rows": rows})
            if first + count + PAGE > len(found.ids):
                self._search.read_on(found, len(found.ids) + AHEAD)

    def _picture(self, sha256: str) -> ImageData:
        return self.history.image(sha256)

    # --- the chosen record ------------------------------------------------------------------------

    def _show(self) -> None:
        """Show the chosen record beside the list, with the pinned one when there is one."""
        id, pinned = self.selected, self._pinned
        if id is None:
            return
        with self._said():
            record = self.history.record(id)
            other = None if pinned is None else self.history.record(pinned)
            result = self.session.result_of(record)
            self._side.code.code = code_of(result, self.session)
            self._tell(self._side.tell(record, other))
            if pinned != id and self._show_pictures(record, other) and other is None and result.warnings:
                self._tell("\n".join(f"⚠ {warning}" for warning in result.warnings))

    def _show_pictures(self, record: Record, other: Record | None) -> bool:
        try:
            self._side.show(record, other, before(self.history, record))
        except (NanoBananaError, OSError) as problem:
            self._trouble(say("history_view.no_picture", reason=problem))
            return False
        return True

    # --- the line ---------------------------------------------------------------------------------

    def _tell(self, text: str) -> None:
        self._show_line(state="loaded", hint=text, details="", announce=text)

    def _trouble(self, text: str) -> None:
        self._show_line(state="error", hint=text, details="", announce=text)

    @contextmanager
    def _said(self) -> Iterator[None]:
        """What goes wrong inside is said in the view, in its language."""
        with self._speaking():
            try:
                yield
            except (NanoBananaError, OSError) as problem:
                self._trouble(f"{say('history_view.not_read')} {problem}")


def history(*, session: Session | None = None) -> HistoryView:
    """Every edit made in this folder, to search, look at, compare and take up again.

    Args:
        session: the session whose history to show; the notebook's own if None.
    """
    return HistoryView(session=session)
