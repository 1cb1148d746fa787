"""What the live check says before it starts, and what it reports afterwards."""

from __future__ import annotations

import platform
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from decimal import ROUND_UP, Decimal
from typing import TYPE_CHECKING, Any, Final

from .. import _text
from .._catalog.spending import Spending
from .._strings import say
from .._version import __version__
from .._wire.wires import WIRES

if TYPE_CHECKING:
    from .check import Check, Outcome, Step

_NONE: Final = "–"
_FORMAT: Final = 1
"""Of the file of shapes."""


def terms(check: Check) -> str:
    """What would be sent, where to, and what that costs at most."""
    rows = [
        (say("live.provider"), f"{check.provider.title}, {check.endpoint.base_url}, {_key(check)}"),
        (say("live.model"), _model(check)),
        (say("live.price"), _price(check)),
        (say("live.time"), _seconds(check)),
    ]
    tried = [step for step in check.steps if not step.barred]
    for number, step in enumerate(tried, 1):
        rows.append((say("live.tries") if number == 1 else "", f"{number}. {titled(step)}"))
    for step in check.steps:
        if step.barred:
            rows.append((say("live.untried"), f"{titled(step)}: {say(f'live.{step.barred}')}"))
    lines = [f"  {line}" for line in _text.aligned(row for row in rows if row[1])]
    folder = _text.near(check.session.history.folder)
    return "\n".join((say("live.head"), "", *lines, "", say("live.foot", folder=folder)))


def titled(step: Step) -> str:
    """A step in a few words: ``native, 16:9 1K``."""
    wire = WIRES[step.wire].title
    asked = " ".join(filter(None, (step.ratio, step.size))) or say("live.unsized")
    return say(f"live.step_{step.name if step.barred != 'one_wire' else 'none'}", wire=wire, asked=asked)


def begun(check: Check, step: Step) -> str:
    """The line that says that a step is under way."""
    count = sum(not one.barred for one in check.steps)
    return say("live.begun", number=len(check.outcomes) + 1, count=count, step=titled(step))


def report(check: Check) -> str:
    """Markdown for an issue: it holds no key and no private address."""
    ended = check.ended()
    system = f"Python {platform.python_version()}, {platform.system()} {platform.machine()}"
    lines = [f"### {say('live.title', version=__version__, day=date.today().isoformat())}", ""]
    lines += [f"{system}  ", f"{place(check)}  ", f"{_model(check)}  ", _spent(ended), ""]
    lines += [*_table(check, ended), ""]
    lines += [f"- {titled(one.step)}: {line}" for one in ended if (line := _notes(one))]
    return "\n".join((*lines, "", say("live.everything_else")))


def place(check: Check) -> str:
    """Where the requests went, for somebody else's eyes."""
    if check.known_host:
        return f"{check.provider.title}, {check.known_host}"
    known = () if check.provider.name == "custom" else (check.provider.title,)
    return ", ".join((*known, say("live.custom")))


def _table(check: Check, ended: Sequence[Outcome]) -> Iterator[str]:
    """One row for each step, its columns padded so that it reads well before it is rendered too."""
    head = [say(f"live.column_{name}") for name in ("check", "state", "status", "time", "cost", "picture")]
    rows = [
        [
            titled(one.step),
            say(f"live.{one.state}"),
            str(one.status or _NONE),
            _NONE if one.seconds is None else _text.seconds(one.seconds),
            _NONE if one.cost is None else _text.money(one.cost, sandbox=one.sandbox),
            one.size or _NONE,
        ]
        for one in ended
    ]
    widths = [max(map(_text.width, column)) for column in zip(head, *rows, strict=True)]
    for row in (head, ["-" * width for width in widths], *rows):
        yield f"| {' | '.join(map(_text.padded, row, widths))} |"


def _notes(one: Outcome) -> str:
    answered = (say("live.answered", model=one.model),) if one.model else ()
    return " ".join(filter(None, (one.reason, _list((*answered, *one.told)))))


def _list(words: Sequence[str]) -> str:
    return say("live.list", words=say("live.comma").join(words)) if words else ""


def _spent(ended: Sequence[Outcome]) -> str:
    """What came and what it cost; what may have been billed counts."""
    paid = [one for one in ended if one.cost is not None]
    sandbox = bool(paid) and all(one.sandbox for one in paid)
    sum_of = Spending.of(one.cost for one in paid if one.cost)
    cost = _text.money(sum_of, sandbox=sandbox) if paid else say("live.no_cost")
    passed = sum(one.state == "passed" for one in ended)
    return say("live.spent", passed=passed, tried=sum(one.state != "untried" for one in ended), cost=cost)


def _key(check: Check) -> str:
    return say("live.with_key" if check.endpoint.has_key else "live.without_key")


def _model(check: Check) -> str:
    if check.model == check.sent:
        return say("live.model_as_is", model=check.named(check.model))
    return say("live.model_sent", model=check.named(check.model), sent=check.named(check.sent))


def _price(check: Check) -> str:
    """At most so much, in dollars and yuan, or that nobody knows."""
    expected = check.expected
    usd, cny = sum(one.cost for one in expected), sum(one.cost_cny for one in expected)
    if not expected or getattr(usd, "amount", None) is None:
        return say("live.price_unknown", count=sum(not step.barred for step in check.steps))
    both = f"{_cents(usd)} ({_cents(cny)})" if getattr(cny, "amount", None) else _cents(usd)
    key = "live.price_most" if all(one.cost.certain for one in expected) else "live.price_about"
    return say(key, cost=both, count=len(expected), day=expected[0].cost.as_of)


def _cents(cost: Any) -> str:
    """A sum that nobody will be charged more than, so rounded up."""
    return str(replace(cost, amount=cost.amount.quantize(Decimal("0.01"), ROUND_UP)))


def _seconds(check: Check) -> str:
    spans = [one.seconds for one in check.expected if one.seconds]
    low, high = (round(sum(times)) for times in zip(*spans)) if spans else (0, 0)
    return say("text.seconds", seconds=low if low == high else f"{low}–{high}") if spans else ""


def document(check: Check) -> dict[str, Any]:
    """What is saved: outcomes and the answers' shapes, in names that every language shares."""
    return {
        "format": _FORMAT,
        "nb_banana": __version__,
        "day": date.today().isoformat(),
        "provider": check.provider.name,
        "model": check.named(check.sent),
        "checks": [_plain(one) for one in check.ended()],
    }


def _plain(one: Outcome) -> Mapping[str, Any]:
    cost = one.cost.amount if one.cost else None
    return {
        "check": one.step.name,
        "wire": one.step.wire,
        "state": one.state,
        "status": one.status,
        "category": one.category,
        "seconds": None if one.seconds is None else round(one.seconds, 2),
        "usd": None if cost is None else str(cost),
        "model": one.model,
        "size": one.size,
        "answer": one.answer,
    }
