"""The paragraph about methods: every sentence is made from facts, and says what was left out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .._catalog.spending import Spending
from .._compare.power import FEW
from .._compare.units import prompts_of, source_of
from .._strings import language, say

if TYPE_CHECKING:
    from .._compare.scored import Meaning
    from .facts import Report


def methods(report: Report) -> str:
    """How the comparison was made and how its figures are to be read, in the current language."""
    facts = report.facts()
    parts = [
        *_made(report, facts),
        *_asked(report, facts),
        *_left_out(report),
        *_figures(report),
        *report.withheld,
        *_sandbox(report),
    ]
    return ("" if language() == "zh" else " ").join(parts)


def _made(report: Report, facts: dict[str, Any]) -> list[str]:
    cells = report.held.cells
    inputs = {source_of(cell) for cell in cells if cell.source.images or cell.source.error}
    planned = say(
        "report.planned", count=len(cells), version=facts["nb_banana"], inputs=len(inputs),
        prompts=len(set(prompts_of(cells).values())), takes=facts["takes"],
    )  # fmt: skip
    by = []
    if report.question is not None:
        values = "; ".join(str(name) for name in report.question.groups(report.held))
        by = [say("report.compared", by=report.question.by, values=values)]
    return [planned, *by]


def _asked(report: Report, facts: dict[str, Any]) -> list[str]:
    default = say("compare.default")
    listed = {
        name: ", ".join(one or default for one in facts[name]) or "–"
        for name in ("models_asked", "models_answered", "providers", "wires")
    }
    parts = [say("report.models", **listed)]
    for axis, name in (("image_size", "sizes"), ("aspect_ratio", "ratios")):
        asked = list(dict.fromkeys(str(cell[axis] or default) for cell in report.held.cells))
        parts.append(say(f"report.{name}", values=", ".join(asked)))
    seeds = facts["seeds"]
    parts.append(say("report.seeds", values=", ".join(map(str, seeds))) if seeds else say("report.no_seeds"))
    if facts["began"] and report.held.results:
        parts.append(say("report.when", began=facts["began"], ended=facts["ended"]))
    paid = [one.cost for one in {id(one): one for one in report.held.results}.values() if not one.sandbox]
    if paid:
        parts.append(say("report.cost", cost=Spending.of(paid)))
    if billed := report.held.maybe_billed:
        parts.append(say("report.maybe_billed", count=billed))
    return parts


def _left_out(report: Report) -> list[str]:
    brought, out = len(report.held.results), report.fell_out()
    if not out:
        return [say("report.all_brought", count=brought)]
    reasons = ", ".join(f"{why} {count}" for why, count in out.items())
    return [say("report.left_out", brought=brought, count=sum(out.values()), reasons=reasons)]


def _figures(report: Report) -> list[str]:
    if report.question is None or not report.columns:
        return []
    unit = report.question.unit
    parts = [say("report.own_unit", unit=unit) if unit else say("report.unit")]
    parts.append(say("report.statistics", few=FEW))
    alike: dict[str, list[Meaning]] = {}
    for meaning in (report.meanings[one] for one in report.columns if one in report.meanings):
        if meaning.about and meaning not in alike.setdefault(meaning.about, []):
            alike[meaning.about].append(meaning)
    return parts + [
        _convention(list(dict.fromkeys(one.measure for one in each)), each[0]) for each in alike.values()
    ]


def _convention(names: list[str], meaning: Meaning) -> str:
    """One sentence for all measures that are reached alike; it says which."""
    listed = ", ".join(names)
    told = meaning.convention(listed)
    return say(
        "report.convention", names=listed, told=told.removeprefix(f"{listed}: ").removeprefix(f"{listed}：")
    )


def _sandbox(report: Report) -> list[str]:
    return [say("report.sandbox")] if report.is_sandbox else []
