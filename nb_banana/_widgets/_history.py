"""The history view: search, look, compare, and put an old edit back into a panel.

Rules of this file:

* The list knows only the ids of what matches; a page of records is read when its rows come into
  sight, and again each time, by history's own keyset pages. No picture is loaded to list it.
* Reading runs beside the kernel. A newer search ends an older one: each has its own number.
* What goes wrong is said in the view's own line; nothing that is shown is lost by it.
"""

from __future__ import annotations

import datetime
import threading
from collections.abc import Callable, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import ipywidgets as w
import traitlets

from .. import _worker
from .._catalog.models import find_model
from .._catalog.spending import NOTHING, Spending
from .._images.data import ImageData
from .._strings import language, say, speaking, use_language
from .._strings.history_view import TABLE
from ..errors import NanoBananaError
from . import _records
from ._assets import script, styles
from ._refill import refill
from ._status import CodeBox, Status
from ._thumbs import Thumbs, after, words
from ._viewer import Viewer

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .._history.book import History
    from .._history.record import Record
    from .._result import EditResult
    from .._session.door import Session
    from .panel.panel import Panel

FIRST: Final = 100
"""Records of the first page: enough to fill the list at once."""
PAGE: Final = 500
AT_ONCE: Final = 50
"""Rows sent at least, so that a slow scroll asks seldom."""
AHEAD: Final = 10_000
"""How far the ids are read ahead of what is looked at."""
TYPING: Final = 0.25
"""Seconds without a key press before a search begins."""
WALKING: Final = 0.15
"""Seconds on a row before its picture is fetched."""
PLAIN: Final = 20

_STATUSES: Final = ("done", "refused", "failed", "interrupted", "running")
_DAYS: Final = {"today": 0, "week": 6, "month": 29}


@dataclass(slots=True)
class _Found:
    """What one search has found so far: the ids, newest first, and what they cost."""

    number: int
    query: dict[str, Any]
    ids: list[str] = field(default_factory=list)
    places: dict[str, int] = field(default_factory=dict)
    spent: Spending = NOTHING
    complete: bool = False

    def take(self, page: list[Record], limit: int) -> None:
        """Count one more page in."""
        for record in page:
            self.places[record.id] = len(self.ids)
            self.ids.append(record.id)
        self.spent = Spending.of([self.spent, *map(_records.spent, page)])
        self.complete = len(page) < limit

    @property
    def total(self) -> str:
        """The cost of all that is counted in."""
        if self.spent == NOTHING:
            return say("history_view.free")
        return str(self.spent) if self.spent.unpriced else say("history_view.spent", cost=self.spent)


class HistoryList(Thumbs):
    """The rows. Python says how many there are and which is chosen; the page asks for what it shows."""

    _esm = script("history.js")
    _css = styles("base.css", "thumbs.css", "history.css")

    count = traitlets.Int(0).tag(sync=True)
    gen = traitlets.Int(0).tag(sync=True)
    at = traitlets.Int(-1).tag(sync=True)


class HistoryView(w.VBox):  # type: ignore[misc]
    """Every edit of a history folder, to search, look at, compare and take up again.

    Attributes:
        selected: the id of the chosen record, a trait: read it, set it, observe it.
        search, model, status, notebook, starred, when, since, until: the filters, ipywidgets all.
        list, viewer: the rows, and the picture of the chosen one.
        restore_button, compare, refresh_button: what the page's buttons do, ``click()`` does too.
    """

    selected = traitlets.Unicode(None, allow_none=True)

    def __init__(
        self, *, session: Session | None = None, panel: Panel | None = None, lang: str | None = None
    ) -> None:
        self._session, self._panel, self._lang = session, panel, lang
        self._own_panel: Panel | None = None
        self._lock, self._filling = threading.RLock(), threading.Lock()
        self._number = self._look = 0
        self._quiet = False
        self._found = _Found(0, {})
        self._pinned: str | None = None
        self._known: dict[str, set[str]] = {"model": set(), "notebook": set()}
        self._listeners: list[Callable[[Record], Any]] = []
        self.search, self.starred = w.Text(), w.ToggleButton()
        self.model, self.status, self.notebook, self.when = (w.Dropdown() for _ in range(4))
        self.since, self.until = w.DatePicker(), w.DatePicker()
        self.refresh_button, self.restore_button = w.Button(), w.Button(disabled=True)
        self.compare = w.ToggleButton(disabled=True)
        self.list, self.viewer = HistoryList(self._picture, self._heard), Viewer(lang=lang)
        self._title, self._place = w.Label(), w.Label()
        self._line, self._code, self._facts = Status(self._page, lang=lang), CodeBox(lang=lang), w.HTML()
        super().__init__(self._compose())
        with speaking(lang):
            self._name()
        self._listen()
        if panel is not None:
            panel.on_result(lambda _: self.refresh())
        self.refresh()

    # --- what programs read and do ----------------------------------------------------------------

    @property
    def session(self) -> Session:
        """The session whose history is shown: the one given, else the notebook's own."""
        if self._session is not None:
            return self._session
        from .._session.own import current

        return current()

    @property
    def history(self) -> History:
        """The history that is shown."""
        return self.session.history

    @property
    def records(self) -> list[Record]:
        """Every record that matches the filters, newest first, read anew."""
        return [record for page in self._pages(self._query()) for record in page]

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
        self._search(0)

    def on_restore(self, listener: Callable[[Record], Any]) -> None:
        """Call ``listener(record)`` when Restore is clicked, in place of a panel of the view's own."""
        self._listeners.append(listener)

    def restore(self) -> Panel | None:
        """Put the chosen edit back into the panel given, or into one shown under the list."""
        record = self.record
        if record is None:
            return None
        with speaking(self._lang):
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
                lost, missing = refill(panel, record, self.session)
                key = "history_view.restored_part" if lost else "history_view.restored"
                notes = [say(key, count=lost)]
                if missing:
                    notes.append(say("history_view.not_offered", names=", ".join(missing)))
                self._tell(" ".join(notes))
        return panel

    def __repr__(self) -> str:
        """The newest records as a table, for a terminal and for viewers without widgets."""
        with speaking(self._lang):
            return _records.plain(self.history.records(limit=PLAIN), _near(self.history.folder))

    def _repr_mimebundle_(self, **options: Any) -> Any:
        bundle = super()._repr_mimebundle_(**options)
        bundle["text/plain"] = repr(self)
        return bundle

    # --- layout and words -------------------------------------------------------------------------

    def _compose(self) -> list[w.Widget]:
        fields = [self.search, self.model, self.status, self.notebook, self.when, self.since, self.until]
        filters = w.HBox([*fields, self.starred])
        filters.layout = w.Layout(
            display="grid", grid_template_columns="repeat(auto-fit, minmax(112px, 1fr))", grid_gap="8px",
            align_items="flex-end", margin="0 0 12px",
        )  # fmt: skip
        for each in fields:  # its label above it, as in the panel
            each.layout = w.Layout(width="auto", height="auto", flex_flow="column", align_items="stretch")
        self.search.layout.grid_area, self.starred.layout.width = "auto / span 2", "auto"
        head = w.HBox([self._title, self._place, self.refresh_button])
        actions = w.HBox([self.restore_button, self.compare])
        found = w.VBox([self._line, self.list])
        self._chosen = w.VBox([self.viewer, actions, self._code, self._facts])
        body = w.HBox([found, self._chosen])
        browser = w.VBox([head, filters, body])
        names: dict[str, tuple[w.DOMWidget, ...]] = {
            "panel": (browser,), "history": (self,), "head": (head,), "title": (self._title,),
            "mode": (self._place,), "body": (body,), "row": (actions,), "search": (self.search,),
            "by-model": (self.model,), "by-status": (self.status,), "by-notebook": (self.notebook,),
            "when": (self.when,), "starred": (self.starred,), "refresh": (self.refresh_button,),
            "restore": (self.restore_button,), "compare": (self.compare,), "facts": (self._facts,),
            "off": (self._chosen, self.since, self.until),
        }  # fmt: skip
        for name, widgets in names.items():
            for widget in widgets:
                widget.add_class(f"nb-banana-{name}")
        self._browser = browser
        return [browser]

    def _name(self) -> None:
        """Say everything in the current language."""
        self._title.value = say("history_view.title")
        self._place.value = str(_near(self.history.folder))
        for name in ("search", "model", "status", "notebook", "when", "since", "until"):
            getattr(self, name).description = say(f"history_view.{name}")
        self.search.placeholder = say("history_view.search_tip")
        buttons = {"starred": self.starred, "refresh": self.refresh_button, "restore": self.restore_button}
        for name, button in buttons.items():
            button.description, button.tooltip = say(f"history_view.{name}"), say(f"history_view.{name}_tip")
        self.compare.tooltip = say("history_view.compare_tip")
        self._name_compare()
        self._offer(
            self.status,
            "any_status",
            [(f"{_records.SIGNS[name]} {say(f'history_view.{name}')}", name) for name in _STATUSES],
        )
        self._offer(
            self.when, "any_time", [(say(f"history_view.{name}"), name) for name in (*_DAYS, "between")]
        )
        self._offer_known()
        self.list.strings = words(TABLE, self._lang)
        for part in (self.viewer, self._line, self._code):
            part.relabel(self._lang)

    def _name_compare(self) -> None:
        self.compare.description = say(
            "history_view.compare_on" if self.compare.value else "history_view.compare"
        )

    def _offer_known(self) -> None:
        """The models and notebooks met so far."""
        models, notebooks = (sorted(self._known[name]) for name in ("model", "notebook"))
        infos = {sent: find_model(sent).info for sent in models}
        titles = [info.title for info in infos.values() if info]
        labels = [
            (info.title if info and titles.count(info.title) == 1 else sent, sent)
            for sent, info in infos.items()
        ]
        self._offer(self.model, "any_model", labels)
        self._offer(self.notebook, "any_notebook", [(name, name) for name in notebooks if name])

    def _offer(self, menu: w.Dropdown, first: str, options: list[tuple[str, str]]) -> None:
        """Offer these after the entry for all, keeping what is chosen; ``""`` stands for all."""
        offered, kept = [(say(f"history_view.{first}"), ""), *options], menu.value
        if list(menu.options) == offered:
            return
        self._quiet = True
        try:
            menu.options = offered
            menu.value = kept if kept in [value for _, value in offered] else ""
        finally:
            self._quiet = False

    # --- what people do ---------------------------------------------------------------------------

    def _listen(self) -> None:
        self.search.observe(lambda _: self._search(TYPING), "value")
        for menu in (self.model, self.status, self.notebook, self.when, self.since, self.until, self.starred):
            menu.observe(lambda _: self._filtered(), "value")
        self.list.observe(lambda change: self._walked(change["new"]), "at")
        self.observe(lambda _: self._chose(), "selected")
        self.compare.observe(lambda change: self._pin(change["new"]), "value")
        self.refresh_button.on_click(lambda _: self.refresh())
        self.restore_button.on_click(lambda _: self.restore())

    def _filtered(self) -> None:
        if self._quiet:
            return
        between = self.when.value == "between"
        for picker in (self.since, self.until):
            (picker.remove_class if between else picker.add_class)("nb-banana-off")
        self._search(0)

    def _page(self, message: Mapping[str, Any]) -> None:
        """What the page says through the status line: its language, and Ctrl+Enter, which looks again."""
        if message.get("t") == "run":
            self._line.send({"t": "ack"})
            self.refresh()
        elif message.get("t") == "page":
            before = language()
            use_language(message.get("lang"))
            if language() != before and self._lang is None:
                self._name()
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
            self._look_at(0)
        elif kind == "pin" and not self.compare.disabled:
            self.selected = str(message["id"])
            self.compare.value = not self.compare.value

    def _walked(self, at: int) -> None:
        with self._lock:
            if 0 <= at < len(self._found.ids):
                self.selected = self._found.ids[at]

    def _chose(self) -> None:
        self.list.at = self._found.places.get(self.selected or "", -1)
        self.restore_button.disabled = self.compare.disabled = self.selected is None
        (self._chosen.remove_class if self.selected else self._chosen.add_class)("nb-banana-off")
        self._look_at(WALKING)

    def _pin(self, on: bool) -> None:
        with speaking(self._lang):
            before, self._pinned = self._pinned, self.selected if on else None
            for id in filter(None, (before, self._pinned)):
                _worker.aside(self._send_row, id)
            self._name_compare()
            self._look_at(0)

    def _star(self, id: str, on: bool) -> None:
        with self._said():
            self.history.star(id, on)
        self._send_row(id)

    def _shown_panel(self) -> Panel:
        """A panel of the view's own, made when it is first needed."""
        if self._own_panel is None:
            from .panel.panel import Panel

            self._own_panel = Panel(session=self._session, slot=False, lang=self._lang)
            self._own_panel.on_result(lambda _: self.refresh())
            self.children = (self._browser, self._own_panel)
        return self._own_panel

    # --- reading ----------------------------------------------------------------------------------

    def _query(self) -> dict[str, Any]:
        """The filters as ``History.records`` takes them."""
        day, when = datetime.timedelta(days=1), self.when.value
        since, until = None, None
        if when == "between":
            since, until = self.since.value, self.until.value and self.until.value + day
        elif when:
            since = datetime.date.today() - day * _DAYS[when]
        return {
            "text": self.search.value.strip() or None,
            "model": self.model.value or None,
            "status": self.status.value or None,
            "notebook": self.notebook.value or None,
            "starred": True if self.starred.value else None,
            "since": since,
            "until": until,
        }

    def _pages(
        self, query: Mapping[str, Any], before: str | None = None, limit: int = PAGE
    ) -> Iterator[list[Record]]:
        while page := self.history.records(**query, before=before, limit=limit):
            yield page
            before = page[-1].id

    def _search(self, delay: float) -> None:
        with self._lock:
            self._number += 1
            after(delay, self._fill, self._number)

    def _fill(self, number: int) -> None:
        """Read the first page and show it, then the ids that follow."""
        if number != self._number:
            return
        with speaking(self._lang), self._said():
            found = _Found(number, self._query())
            page = self.history.records(**found.query, limit=FIRST)
            found.take(page, FIRST)
            with self._lock:
                if number != self._number:
                    return
                self._found = found
                self._meet(page)
                with self.list.hold_sync():
                    self.list.gen, self.list.count = number, len(found.ids)
                    if self.selected not in found.places:
                        self.selected = found.ids[0] if found.ids else None
                    self.list.at = found.places.get(self.selected or "", -1)
            self._show_count(found, announce=True)
            self._read_on(found, AHEAD)

    def _read_on(self, found: _Found, goal: int) -> None:
        """Read ids until there are ``goal``, or no more, or a newer search began."""
        shown = _worker.Throttle(lambda _: self._show_count(found), 0.2)
        with self._filling:
            while not found.complete and len(found.ids) < goal and found.number == self._number:
                page = self.history.records(**found.query, before=found.ids[-1], limit=PAGE)
                with self._lock:
                    found.take(page, PAGE)
                    self._meet(page)
                shown(None)
        shown.flush()

    def _meet(self, page: list[Record]) -> None:
        before = sum(map(len, self._known.values()))
        self._known["model"] |= {record.model_sent for record in page}
        self._known["notebook"] |= {record.notebook for record in page}
        if sum(map(len, self._known.values())) != before:
            self._offer_known()

    def _send_row(self, id: str) -> None:
        """Send a row again that looks different now."""
        place = self._found.places.get(id)
        if place is not None:
            self._send_rows(self._found.number, place, 1)

    def _send_rows(self, number: int, first: int, count: int) -> None:
        found = self._found
        if number != found.number:
            return
        with speaking(self._lang), self._said():
            ids = found.ids[first : first + count]
            before = found.ids[first - 1] if first else None
            page = self.history.records(**found.query, before=before, limit=len(ids)) if ids else []
            known = {record.id: record for record in page}
            # A star taken away, or an edit just made, shifts the page: what it lacks is read by its id.
            rows = [
                _records.row(known.get(id) or self.history.record(id), pinned=id == self._pinned)
                for id in ids
            ]
            self.list.send({"t": "rows", "gen": number, "from": first, "rows": rows})
            if first + count + PAGE > len(found.ids):
                self._read_on(found, len(found.ids) + AHEAD)

    def _picture(self, sha256: str) -> ImageData:
        return self.history.image(sha256)

    # --- the chosen record ------------------------------------------------------------------------

    def _look_at(self, delay: float) -> None:
        with self._lock:
            self._look += 1
            after(delay, self._show, self._look)

    def _show(self, look: int) -> None:
        """Show the chosen record beside the list, with the pinned one when there is one."""
        id, pinned = self.selected, self._pinned
        if look != self._look or id is None:
            return
        with speaking(self._lang), self._said():
            record = self.history.record(id)
            self._code.code = self.session.result_of(record).to_python()
            if pinned == id:
                self._tell(say("history_view.pinned", prompt=_brief(record)))
                return
            other = None if pinned is None else self.history.record(pinned)
            if other is None:
                self._tell("")
                self._facts.value = _records.table(record)
                before = record.input_images[-1:]
            else:
                self._tell(say("history_view.compared", first=_brief(other), second=_brief(record)))
                self._facts.value = _records.difference(other, record)
                before = other.images[-1:]
            self._compare_pictures(_first(before), _first(record.images[-1:]))

    def _compare_pictures(self, before: ImageData | None, after: ImageData | None) -> None:
        try:
            self.viewer.show(before, after)
        except (NanoBananaError, OSError) as problem:
            self.viewer.show(None, None)
            self._trouble(say("history_view.no_picture", reason=problem))

    # --- the line ---------------------------------------------------------------------------------

    def _show_count(self, found: _Found, announce: bool = False) -> None:
        if found.number != self._number:
            return
        with speaking(self._lang):
            count = len(found.ids)
            key = ("count_one" if count == 1 else "count") if found.complete else "count_more"
            text = f"{say(f'history_view.{key}', count=f'{count:,}')} · {found.total}"
            if not count:
                text = say("history_view.no_match" if any(found.query.values()) else "history_view.empty")
            self.list.count = count
            with self._line.hold_sync():
                self._line.state = "loaded" if count else "empty"
                self._line.text = text
                if announce:
                    self._line.hint = self._line.details = ""
                    self._line.announce = say("history_view.say_count", count=count) if count else text

    def _tell(self, text: str) -> None:
        with self._line.hold_sync():
            self._line.state, self._line.hint, self._line.details = "loaded", text, ""
            if text:
                self._line.announce = text

    def _trouble(self, text: str, details: str = "") -> None:
        with self._line.hold_sync():
            self._line.state, self._line.hint, self._line.details = "error", text, details
            self._line.announce = text

    @contextmanager
    def _said(self) -> Iterator[None]:
        """What goes wrong inside is said in the view."""
        try:
            yield
        except (NanoBananaError, OSError) as problem:
            with speaking(self._lang):
                self._trouble(f"{say('history_view.not_read')} {problem}")


def _first(images: tuple[ImageData, ...]) -> ImageData | None:
    return images[0] if images else None


def _brief(record: Record) -> str:
    text = " ".join(record.prompt.split())
    return text if len(text) <= 60 else text[:59] + "…"


def _near(path: Path) -> Path:
    return path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path


def history(*, session: Session | None = None) -> HistoryView:
    """Every edit made in this folder, to search, look at, compare and take up again.

    Args:
        session: the session whose history to show; the notebook's own if None.
    """
    return HistoryView(session=session)
