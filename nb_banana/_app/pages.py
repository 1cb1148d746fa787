"""The pages that the server writes itself: the door, what is full, who spent what. Every value is escaped."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from html import escape
from typing import Final

from .._catalog.cost import in_dollars
from .._catalog.spending import NOTHING
from .._compare.table import no_formula
from .._history.till import Spender, total
from .._report.tables import MARK
from .._strings import language, say
from .rules import Rules

POLICY: Final = "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; frame-ancestors 'self'"
"""Nothing runs on these pages, and nothing is loaded."""
_STYLE: Final = """
:root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif; }
html { background: light-dark(#fff, #16181c); color: light-dark(#1c1c1c, #eee); }
a { color: light-dark(#0a58ca, #8ab4ff); }
body { max-width: 52rem; margin: 3rem auto; padding: 0 1rem; }
table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; }
th, td { text-align: start; padding: .4rem .6rem; border-bottom: 1px solid #8886; }
td.n, th.n { text-align: end; }
tfoot th, tfoot td { border-top: 2px solid; font-weight: 600; }
input, button { font: inherit; padding: .5rem .7rem; border-radius: .4rem; border: 1px solid #888; }
button { background: #f5c518; color: #111; border-color: #8a6d00; cursor: pointer; }
label { display: block; margin-bottom: .3rem; }
"""


def page(title: str, body: str) -> str:
    """A whole page; ``body`` is markup."""
    lang = "zh-CN" if language() == "zh" else "en"
    head = '<meta charset="utf-8"><meta name="viewport" content="width=device-width">'
    head += f"<title>{escape(title)}</title>"
    return (
        f'<!doctype html><html lang="{lang}"><head>{head}<style>{_STYLE}</style></head>'
        f"<body><main><h1>{escape(title)}</h1>{body}</main></body></html>"
    )


def door(notices: Sequence[str], form: str) -> str:
    """Where a new visitor comes in; ``form`` is the hidden field that proves where the form is from."""
    said = "".join(f"<li>{escape(one)}</li>" for one in (*notices, say("app.enter_cookie")))
    body = (
        f'<ul>{said}</ul><form method="post">{form}<label for="name">{escape(say("app.enter_name"))}</label>'
        f'<input id="name" name="name" maxlength="60" autofocus autocomplete="name"> '
        f'<button>{escape(say("app.enter_button"))}</button></form>'
    )
    return page(say("app.enter_title"), body)


def told(name: str, **facts: object) -> str:
    """A page that says why something is not there, and offers to look again."""
    again = f'<p><a href="">{escape(say("app.again"))}</a></p>'
    return page(say(f"app.{name}_title"), f"<p>{escape(say(f'app.{name}', **facts))}</p>{again}")


def ledger(spenders: Sequence[Spender], rules: Rules) -> str:
    """Who spent what, as the teacher sees it."""
    names = ("name", "edits", "under_way", "cost", "seen")
    words = {name: escape(say(f"app.column_{name}")) for name in names}
    heads = "".join(f'<th scope="col"{_side(name)}>{text}</th>' for name, text in words.items())
    rows = "".join(_row(_cells(one)) for one in spenders)
    whole = Spender(
        "", say("app.row_total"), edits=sum(one.edits for one in spenders), cost=total(list(spenders)),
        under_way=sum(one.under_way for one in spenders),
    )  # fmt: skip
    limits = say("app.teacher_limits", each=_limit(rules.each), together=_limit(rules.together))
    foot = f"<tfoot>{_row(_cells(whole))}</tfoot>"
    table = f"<table><thead><tr>{heads}</tr></thead><tbody>{rows}</tbody>{foot}</table>"
    link = f'<p><a href="teacher.csv">{escape(say("app.teacher_csv"))}</a></p>'
    nobody = "" if spenders else f"<p>{escape(say('app.teacher_nobody'))}</p>"
    return page(say("app.teacher_title"), f"<p>{escape(limits)}</p>{nobody}{table}{link}")


def table(spenders: Sequence[Spender]) -> str:
    """The same as CSV; a name that a spreadsheet would calculate is plain text."""
    out = io.StringIO()
    rows = csv.writer(out)
    rows.writerow(["name", "visitor", "edits", "under_way", "usd", "other", "first_seen", "last_seen"])
    for one in spenders:
        dollars = next((cost.amount for cost in one.cost.known if cost.currency == "USD"), Decimal(0))
        plain = one.cost.currency == "USD" and len(one.cost.known) < 2 and not one.cost.unpriced
        money = dollars, "" if plain else one.cost
        rows.writerow([no_formula(one.name), one.id, one.edits, one.under_way, *money, one.since, one.seen])
    return MARK + out.getvalue()


def _cells(one: Spender) -> dict[str, str]:
    seen = f"{datetime.fromisoformat(one.seen).astimezone():%Y-%m-%d %H:%M}" if one.seen else ""
    name = one.name or f"{say('app.row_nameless')} ({one.id[-6:]})"
    counts = {"edits": str(one.edits), "under_way": str(one.under_way)}
    return {"name": name, **counts, "cost": "$0" if one.cost == NOTHING else str(one.cost), "seen": seen}


def _row(cells: dict[str, str]) -> str:
    inner = "".join(f"<td{_side(name)}>{escape(text)}</td>" for name, text in cells.items())
    return f"<tr>{inner}</tr>"


def _side(name: str) -> str:
    return ' class="n"' if name in ("edits", "under_way", "cost") else ""


def _limit(amount: Decimal | None) -> str:
    return say("app.no_limit") if amount is None else in_dollars(amount)
