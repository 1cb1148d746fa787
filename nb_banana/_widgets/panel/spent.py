"""What this notebook has spent, as words and a bar, and the ledger behind it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from decimal import Decimal
from html import escape
from typing import TYPE_CHECKING, Final

import ipywidgets as w

from ..._catalog.cost import Cost, in_dollars, left_of
from ..._catalog.prices import in_yuan
from ..._catalog.spending import NOTHING, Spending
from ..._history.account import Account
from ..._strings import language, say
from ...errors import NanoBananaError
from ..surface import Note, classify, is_off, press, toggle
from .ask import Ask, figures

if TYPE_CHECKING:
    from ..._client.endpoint import Endpoint
    from ..._session.door import Session

_BAR: Final = (
    '<div class="nb-banana-spent-bar" aria-hidden="true"><i style="width:{spent:.1f}%"></i>'
    '<b style="width:{under_way:.1f}%"></b></div>'
)


class Spent:
    """The money of a notebook.

    Attributes:
        button, bar: what was spent, and how much of the budget that is; a press opens ``box``.
        box, table, limit, said: the ledger, a field for the budget, what is wrong with what was typed there.
        left: dollars the budget had left when it was last looked at, or None without one.
    """

    def __init__(self, session: Callable[[], Session], changed: Callable[[], None], lang: str | None) -> None:
        self._session, self._changed = session, changed
        self.button, self.bar, self.table, self.said = w.Button(), w.HTML(), w.HTML(), Note()
        self.limit = w.Text(continuous_update=False)
        self.pill, self.box = w.VBox([self.button, self.bar]), w.VBox([self.table, self.limit, self.said])
        classify({
            "spent": self.pill, "spent-open": self.button, "spent-ledger": self.box, "table": self.table,
            "note": self.said, "off": (self.pill, self.box),
        })  # fmt: skip
        self.left: Decimal | None = None
        self._sandbox = False
        self._account = Account()
        self._known: tuple[object, ...] = ()
        press(self.button, lambda: self.open(is_off(self.box)), lang)
        self.limit.observe(lambda _: self._set(), "value")

    def open(self, on: bool) -> None:
        """Show the ledger, or shut it."""
        toggle(self.box, on)
        self.refresh()

    def meet(self, place: Endpoint) -> None:
        """Edits go there now, or one has just ended there."""
        self._sandbox = place.is_sandbox
        self.refresh()

    def keep_up(self) -> bool:
        """Look again if code set a budget or spent something since; whether it did."""
        if changed := self._facts() != self._known:
            self.refresh()
        return changed

    def _facts(self) -> tuple[object, ...]:
        session = self._session()  # the notebook's own may be another by now
        return session, session.budget, session.spent

    def refresh(self) -> None:
        """Bring it up to date with what the history holds."""
        session, self._known = self._session(), self._facts()
        try:
            self._account = account = session.account
        except NanoBananaError as error:  # the file can't be used: nothing is taken for zero
            self.said.text = error.message
            return
        budget, owed = session.budget, account.owed
        self.left = None if budget is None else budget - _dollars(owed)
        toggle(self.pill, budget is not None or owed != NOTHING or not self._sandbox)
        self.button.description = _headline(owed, budget)
        self.button.tooltip = say("keys.spent_tip")
        self.bar.value = "" if budget is None else _bar(account, budget)
        if not is_off(self.box):
            self.table.value = _table(account)
            self.limit.description = say("keys.budget")
            self.said.text = say("keys.budget_code", amount="2.00" if budget is None else budget)
            self.limit.value = "" if budget is None else str(budget)

    def doubt(self, ask: Ask, place: Endpoint) -> str:
        """A line if the budget would stop the next click, or part of it; else ``""``."""
        self.keep_up()
        if self.left is None or place.is_sandbox or not ask.prompt:
            return ""
        budget = in_dollars(self.left + _dollars(self._account.owed))
        facts = {"budget": budget, "left": left_of(self.left)}
        each = ask.cost(place)
        if each.is_nothing:
            return ""
        if (dollars := each.dollars) is None:
            return "\n" + say("keys.over_unknown", **facts)
        if dollars * ask.takes <= self.left:
            return ""
        enough = int(max(self.left, Decimal(0)) // dollars) if dollars else 0
        if enough:
            return "\n" + say("keys.over_some", count=enough, takes=ask.takes, **facts)
        return "\n" + say("keys.over", price=figures(each * ask.takes, each * ask.takes), **facts)

    def _set(self) -> None:
        """A budget was typed: it joins the window that this notebook's budget counts from."""
        typed = self.limit.value.strip().lstrip("$") or None
        session = self._session()
        if (typed and session.budget is not None and typed == str(session.budget)) or typed == session.budget:
            return
        try:
            session.budget = typed
        except NanoBananaError as error:
            self.said.text = error.message
            return
        self.refresh()
        self._changed()


def _dollars(owed: Spending) -> Decimal:
    return next((cost.amount or Decimal(0) for cost in owed.known if cost.currency == "USD"), Decimal(0))


def _shown(owed: Spending) -> str:
    """A sum in words; in Chinese with about what its dollars are in yuan."""
    if owed == NOTHING:
        return "$0"
    return figures(owed, Cost(_dollars(owed)))


def _headline(owed: Spending, budget: Decimal | None) -> str:
    if budget is None:
        return say("keys.spent", spent=_shown(owed))
    return say("keys.spent_of", spent=_shown(owed), budget=in_dollars(budget))


def _bar(account: Account, budget: Decimal) -> str:
    """How much of the budget is gone; what is under way stands behind it in another colour."""
    under_way = _dollars(account.under_way.cost)
    spent = _dollars(account.owed) - under_way
    share = [min(100.0, float(100 * part / budget)) if budget else 100.0 for part in (spent, under_way)]
    return _BAR.format(spent=share[0], under_way=min(share[1], 100 - share[0]))


def _table(account: Account) -> str:
    lines = account.lines
    rows = [(f"line_{name}", line.count, line.cost) for name, line in lines.items() if name != "saved"]
    rows.append(("line_owed", sum(count for _, count, _ in rows), account.owed))
    rows.append(("line_saved", lines["saved"].count, lines["saved"].cost))
    body = "".join(map(_row, rows))
    heads = "".join(f'<th scope="col">{_say(name)}</th>' for name in ("kind", "edits", "cost"))
    caption = f"<caption>{escape(_since(account))}</caption>"
    return f"<table>{caption}<tr>{heads}</tr>{body}</table>{_rate(account)}"


def _row(line: tuple[str, int, Spending]) -> str:
    name, count, cost = line
    return f'<tr><th scope="row">{_say(name)}</th><td>{count}</td><td>{escape(_shown(cost))}</td></tr>'


def _say(name: str) -> str:
    return escape(say(f"keys.{name}"))


def _since(account: Account) -> str:
    if not account.since:
        return say("keys.in_all")
    return say("keys.since", since=f"{datetime.fromisoformat(account.since).astimezone():%Y-%m-%d %H:%M}")


def _rate(account: Account) -> str:
    """Which day's rate the yuan are by, where there are any."""
    day = in_yuan(Cost(_dollars(account.owed))).as_of
    return f"<p>{escape(say('keys.rate', day=day))}</p>" if day and language() == "zh" else ""
