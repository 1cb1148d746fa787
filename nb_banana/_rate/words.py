"""What votes show, in sentences, tables and a page."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from html import escape
from typing import Any, Final

from .. import _text
from .._compare.power import FEW
from .._compare.statistics import MANY
from .._strings import say
from .counted import Asked
from .sides import Sides, Term
from .standing import FAR, Standing, Versus

Rows = Sequence[Sequence[str]]
_STEPS: Final = (1, 2, 5, 10)


def nothing() -> str:
    """That there is not one vote."""
    return say("strengths.nothing")


def standing(one: Standing) -> list[str]:
    """What is to be said of the votes on a criterion."""
    if not one.votes.pairs:
        return [named(one.votes.asked, line) for line in (say("strengths.nothing"), *_not_counted(one))]
    lines = [
        say("strengths.counted", votes=len(one.votes.pairs), raters=one.raters, units=one.units),
        *_not_counted(one), *_ties(one),
    ]  # fmt: skip
    if FEW <= one.units < MANY:
        lines.append(say("strengths.approximate", units=one.units, many=MANY))
    lines += [_pair(pair) for pair in one.pairs if pair.how != "nothing"]
    lines += [*_unfitted(one), *_sides(one.sides)]
    return [named(one.votes.asked, line) for line in lines]


def named(asked: Asked, line: str) -> str:
    """The sentence with what was asked before it, if that has words."""
    words = " · ".join(filter(None, asked))
    return say("strengths.of", asked=words, line=line) if words else line


def percent(share: float | None) -> str:
    """A share as a whole percentage; a dash where unknown."""
    return "–" if share is None else f"{100 * share:.0f}"


def about(count: int) -> int:
    """A number of prompts that is itself a guess: up to the next round one, and at least 5."""
    size = 10 ** math.floor(math.log10(max(count, 1)))
    step = next(step for step in (size // 10 * 5, size * 5, 5) if step >= 5)
    return math.ceil(count / step) * step


def strength_table(one: Standing) -> Rows:
    """The conditions as a table for people, its head first."""
    names = ("condition", "strength", "interval", "units", "votes", "wtl")
    head = [say(f"strengths.column_{name}") for name in names]
    return [head, *([
        named(one.votes.asked, row.condition), number(row.strength),
        f"{number(row.low)} … {number(row.high)}",
        str(row.units), str(row.votes), f"{row.won} / {row.tied} / {row.lost}",
    ] for row in one.strengths)]  # fmt: skip


def number(value: float | None) -> str:
    """Two digits after the point, with its sign; a dash where unknown."""
    return "–" if value is None else f"{value:+z.2f}"


def plain(sentences: Iterable[str], *tables: Rows) -> str:
    """Sentences and tables as text for a terminal."""
    shown = ["\n".join(_text.aligned(table)) for table in tables if len(table) > 1]
    return _text.plain("\n\n".join(["\n".join(sentences), *shown]))


def html(sentences: Iterable[str], *tables: Rows) -> str:
    """The same as a piece of a page."""
    said = "".join(f"<li>{escape(_text.plain(line))}</li>" for line in sentences)
    return f"<ul>{said}</ul>" + "".join(map(_table, (table for table in tables if len(table) > 1)))


def _table(rows: Rows) -> str:
    head, *body = ([escape(_text.plain(cell)) for cell in row] for row in rows)
    columns = "".join(f'<th scope="col">{cell}</th>' for cell in head)
    lines = "".join(
        f'<tr><th scope="row">{name}</th>' + "".join(f"<td>{cell}</td>" for cell in cells) + "</tr>"
        for name, *cells in body
    )
    return f"<table><thead><tr>{columns}</tr></thead><tbody>{lines}</tbody></table>"


def not_counted(**counts: int) -> list[str]:
    """What did not count, each with its number; nothing where all did."""
    each = [say(f"strengths.{name}", count=count) for name, count in counts.items() if count]
    return [say("strengths.not_counted", left=say("strengths.and").join(each))] if each else []


def _not_counted(one: Standing) -> list[str]:
    held = one.votes
    return not_counted(
        skipped=held.skipped, undone=held.undone, copies=held.copies, replaced=len(held.replaced),
        seen=len(held.seen), singles=len(held.singles),
    )  # fmt: skip


def _ties(one: Standing) -> list[str]:
    ties, both_bad = sum(pair.ties for pair in one.pairs), sum(pair.both_bad for pair in one.pairs)
    return [say("strengths.ties", ties=ties, both_bad=both_bad)] if ties else []


def _pair(one: Versus) -> str:
    """What the votes say of two conditions."""
    values: dict[str, Any] = {
        "first": one.first, "second": one.second, "share": percent(one.share), "low": percent(one.low),
        "high": percent(one.high), "units": one.units, "least": FEW,
        "half": say("strengths.half") if one.ties else "", "holm": _holm(one, 0.5),
    }  # fmt: skip
    if one.told is None:
        return say("strengths.through_untold" if one.how == "model" else "strengths.too_few", **values)
    way = "through_" if one.how == "model" else ""
    line = say(f"strengths.{way}beats" if one.told else f"strengths.{way}not_apart", **values)
    return line if one.told or one.how == "model" else line + _more(one)


def _holm(one: Versus | Term, even: float) -> str:
    """Where the verdict is not that of the interval alone, its p, corrected for being one of several."""
    if one.p_holm is None or one.low is None or one.high is None:
        return ""
    if one.told == (not one.low <= even <= one.high):
        return ""
    return say("strengths.holm", p=f"{one.p_holm:.2g}")


def _more(one: Versus) -> str:
    """How many more prompts would tell."""
    if one.further is None:
        return say("strengths.more_unknown")
    if one.further > FAR:
        return say("strengths.more_far", far=f"{FAR:,}")
    return say("strengths.more", further=about(one.further))


def _unfitted(one: Standing) -> list[str]:
    if one.unfitted == "apart":
        shown = say("strengths.against").join(say("strengths.comma").join(group) for group in one.groups)
        return [say("strengths.apart", groups=shown)]
    if one.unfitted == "unbeaten":
        return [say("strengths.unbeaten", names=say("strengths.comma").join(one.unbeaten))]
    return [say("strengths.one_way")] if one.unfitted == "one_way" else []


def _sides(one: Sides) -> list[str]:
    lines = [
        say("strengths.uneven", first=first, second=second, count=count, votes=votes)
        for first, second, count, votes in one.uneven
    ]
    return lines + [line for term in one.terms if (line := _term(term, one))]


def _term(one: Term, of: Sides) -> str:
    """What goes with the choice of a side. Of too few prompts nothing is said here: the pairs said it."""
    if one.why == "few":
        return ""
    if one.name == "side":
        return _lean(one, of)
    kind = "seconds" if one.name == "seconds" else "covariate"
    if one.why:
        return say(f"strengths.{one.why}", name=_called(one.name))
    times = {name: f"{math.exp(getattr(one, name) * one.step):.2f}" for name in ("value", "low", "high")}
    verdict = "told" if one.told else "untold"
    return say(
        f"strengths.{kind}_{verdict}",
        name=one.name,
        votes=one.votes,
        units=one.units,
        step=f"{one.step:,.10g}",
        holm=_holm(one, 0),
        **times,
    )


def _lean(one: Term, of: Sides) -> str:
    values: dict[str, Any] = {"units": one.units, "votes": one.votes}
    if one.why:
        bounds = {"share": percent(of.left), "low": percent(of.low), "high": percent(of.high)}
        return say(f"strengths.side_{one.why}", **values, **bounds)
    bounds = {
        name: percent(1 / (1 + math.exp(-getattr(one, of_it))))
        for name, of_it in (("share", "value"), ("low", "low"), ("high", "high"))
    }
    key = ("left" if (one.value or 0) > 0 else "right") if one.told else "neither"
    return say(f"strengths.side_{key}", **values, **bounds)


def _called(name: str) -> str:
    return say("strengths.name_seconds") if name == "seconds" else name
