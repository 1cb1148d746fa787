"""The filters of the history view: which there are, what they offer, and what they ask for."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, Final

import ipywidgets as w

from .._catalog.models import find_model
from .._strings import say
from .query import DAYS, Query, days
from .records import SIGNS
from .surface import classify, toggle

if TYPE_CHECKING:
    from .._history.record import Record

TYPING: Final = 0.25
"""Seconds without a key press before a search begins."""
_STATUSES: Final = ("done", "refused", "failed", "interrupted", "running")


class Filters(w.HBox):  # type: ignore[misc]
    """A row of filters."""

    def __init__(self) -> None:
        self.search, self.starred = w.Text(), w.ToggleButton()
        self.model, self.status, self.notebook, self.when = (w.Dropdown() for _ in range(4))
        self.since, self.until = w.DatePicker(), w.DatePicker()
        self._quiet = False
        self._known: dict[str, set[str]] = {"model": set(), "notebook": set()}
        self._fields = {
            "search": self.search, "model": self.model, "status": self.status, "notebook": self.notebook,
            "when": self.when, "since": self.since, "until": self.until,
        }  # fmt: skip
        super().__init__([*self._fields.values(), self.starred])
        self._lay_out()

    def on_change(self, listener: Callable[[float], None]) -> None:
        """Call ``listener(delay)`` when they may ask for something else; ``delay`` is in seconds."""

        def chosen(_: Any) -> None:
            if not self._quiet:
                for picker in (self.since, self.until):
                    toggle(picker, self.when.value == "between")
                listener(0)

        self.search.observe(lambda _: listener(TYPING), "value")
        for menu in (self.model, self.status, self.notebook, self.when, self.since, self.until, self.starred):
            menu.observe(chosen, "value")

    @property
    def query(self) -> Query:
        """What they ask for now."""
        since, until = days(self.when.value or "", self.since.value, self.until.value)
        return Query(
            text=self.search.value.strip() or None,
            model=self.model.value or None,
            status=self.status.value or None,
            notebook=self.notebook.value or None,
            starred=True if self.starred.value else None,
            since=since,
            until=until,
        )

    def meet(self, page: Sequence[Record]) -> None:
        """Offer the models and notebooks of these records too."""
        before = sum(map(len, self._known.values()))
        self._known["model"] |= {record.model_sent for record in page}
        self._known["notebook"] |= {record.notebook for record in page}
        if sum(map(len, self._known.values())) != before:
            self._offer_known()

    def rename(self) -> None:
        """Say everything in the current language."""
        for name, each in self._fields.items():
            each.description = say(f"history_view.{name}")
        self.search.placeholder = say("history_view.search_tip")
        self.starred.description = say("history_view.starred")
        self.starred.tooltip = say("history_view.starred_tip")
        statuses = [(f"{SIGNS[name]} {say(f'history_view.{name}')}", name) for name in _STATUSES]
        self._offer(self.status, "any_status", statuses)
        times = [(say(f"history_view.{name}"), name) for name in (*DAYS, "between")]
        self._offer(self.when, "any_time", times)
        self._offer_known()

    def _lay_out(self) -> None:
        self.layout = w.Layout(
            display="grid", grid_template_columns="repeat(auto-fit, minmax(112px, 1fr))", grid_gap="8px",
            align_items="flex-end", margin="0 0 12px",
        )  # fmt: skip
        for each in self._fields.values():  # its label above it, as in the panel
            each.layout = w.Layout(width="auto", height="auto", flex_flow="column", align_items="stretch")
        self.search.layout.grid_area, self.starred.layout.width = "auto / span 2", "auto"
        classify({
            "search": self.search, "by-model": self.model, "by-status": self.status,
            "by-notebook": self.notebook, "when": self.when, "starred": self.starred,
            "off": (self.since, self.until),
        })  # fmt: skip

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

    def _offer(self, menu: w.Dropdown, first: str, options: list[tuple[str, Any]]) -> None:
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
