"""What came of judging: every answer with how it was read, the figures of each result, what may be said."""

from __future__ import annotations

import html
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from importlib import import_module
from typing import TYPE_CHECKING, Any, Final

from .. import _text
from .._catalog.cost import Cost
from .._catalog.spending import Spending
from .._compare.findings import Finding
from .._compare.question import Question
from .._compare.units import called, known
from .._display import view
from .._strings import say
from ..errors import NanoBananaError
from .figures import verdicts
from .items import ALONE, compared
from .judgement import Judgement, Preference
from .parsing import PARSER

if TYPE_CHECKING:
    from .._compare.held import Held
    from .judge import Judge

MOST_UNSCORED: Final = 0.05
"""Share of answers without a score above which no verdict is given."""
_REASONS: Final = ("refused", "unparsable", "failed", "unasked")


@dataclass(frozen=True, slots=True, repr=False)
class Estimate:
    """What asking what is left would take, before anything is sent.

    Attributes:
        questions: all of them; ``answered`` are in the history and free, ``to_ask`` would be sent.
        each: what one is expected to cost; an amount of None is unknown, and never taken for 0.
        sandbox: whether the built-in stand-in would answer.
        maybe_paid: how many of those to be sent failed before and may have been billed.
    """

    questions: int
    to_ask: int
    each: Cost
    sandbox: bool = False
    maybe_paid: int = 0

    @property
    def answered(self) -> int:
        """Those that are in the history, and free."""
        return self.questions - self.to_ask

    @property
    def cost(self) -> Cost:
        """Of all that would be sent."""
        return self.each * self.to_ask if self.to_ask else Cost(Decimal(0))

    def __str__(self) -> str:
        lines = [say("judge.estimate", total=self.questions, answered=self.answered, to_ask=self.to_ask)]
        if self.to_ask:
            lines.append("  " + (say("judge.estimate_sandbox") if self.sandbox else self._cost()))
        if self.maybe_paid:
            lines.append("  " + say("judge.maybe_paid", count=self.maybe_paid))
        return "\n".join(lines)

    __repr__ = __str__

    def _cost(self) -> str:
        if self.each.amount is None:
            return say("judge.estimate_unknown")
        return say("judge.estimate_cost", cost=self.cost)


@dataclass(frozen=True, slots=True, repr=False)
class Judgements:
    """What a judge said of a comparison.

    Attributes:
        judge: who was asked.
        answers: every question with its answer, in plan order; those not asked have the status ``unasked``.
        figures: a column of figures for the comparison's frame by name, a value per cell; None is no score.
        preferences: of a protocol of pairs, each two values.
        estimate: what was left to ask before this call.
        stopped: the error that ended the asking early, or None.
        unable: the places of the results this protocol can't be asked about: they were made from words alone.
        changed: of :meth:`Comparison.rescore`, how many answers are read otherwise than before.
        older: how many answers are shown as an older parser read them.
    """

    judge: Judge
    answers: tuple[Judgement, ...]
    figures: Mapping[str, Sequence[float | None]]
    estimate: Estimate
    held: Held = field(compare=False)
    preferences: tuple[Preference, ...] = ()
    stopped: NanoBananaError | None = None
    unable: tuple[int, ...] = ()
    changed: int = 0
    older: int = 0

    def __len__(self) -> int:
        return len(self.answers)

    def __getitem__(self, index: int) -> Judgement:
        return self.answers[index]

    @property
    def counts(self) -> Mapping[str, int]:
        """How many answers have each status."""
        return Counter(one.status for one in self.answers)

    @property
    def unscored(self) -> tuple[Judgement, ...]:
        """The answers without a score."""
        return tuple(one for one in self.answers if one.status != "scored")

    @property
    def withheld(self) -> str:
        """Why no verdict is given, in a sentence; ``""`` where one is."""
        missing, total = len(self.unscored), len(self.answers)
        if not total:
            return say("judge.nothing")
        if missing <= MOST_UNSCORED * total:
            return ""
        share = {"share": f"{100 * missing / total:.1f}", "most": f"{100 * MOST_UNSCORED:g}"}
        answered = self.counts["refused"] + self.counts["unparsable"]
        return say("judge.withheld" if answered else "judge.withheld_left", **share, counts=self.told)

    @property
    def told(self) -> str:
        """``3 of 48 unscored (refused 2, unparsable 1)``."""
        missing, total = len(self.unscored), len(self.answers)
        if not missing:
            return say("judge.all_scored", total=total)
        why = [f"{say(f'judge.word_{name}')} {self.counts[name]}" for name in _REASONS if self.counts[name]]
        return say("judge.unscored", missing=missing, total=total, reasons=", ".join(why))

    @property
    def spent(self) -> Spending:
        """What these answers cost when they were given; what has no known price is counted."""
        records = [one.kept.record for one in self.answers if one.kept]
        paid = {one.id: one.cost for one in records if one.billing != "free" and not one.sandbox}
        return Spending.of(cost or Cost(None, certain=False) for cost in paid.values())

    @property
    def sandbox(self) -> bool:
        """Whether any of it was said by the built-in stand-in."""
        return any(one.kept is not None and one.kept.record.sandbox for one in self.answers)

    def votes(self) -> list[Any]:
        """Of a protocol of pairs, each pair with a verdict as a vote by this judge, as people's are kept.
        Both orders together are one vote, and where they disagree a tie; so are several passes, for which
        more of them were. None of single results.
        """
        made, cells = view("vote"), self.held.cells
        edit, key, found = called(cells), known(cells), []
        for one, choice in verdicts(self.answers) if self.judge.rules.kind == "pair" else ():
            cell, (left, right) = cells[one.item.cells[0]], one.item.values
            found.append(made(
                id=one.kept.record.id if one.kept else "", unit=edit(cell),
                left=left, right=right, choice=choice, rater=self.judge.label, left_record=one.item.of[0],
                right_record=one.item.of[1], at=str(one.kept.record.timestamp) if one.kept else "",
                edit=key(cell),
            ))  # fmt: skip
        return found

    def to_dataframe(self) -> Any:
        """One row per answer, asked or not, with the raw answer and all that is known of how it came."""
        rows = [one.row(self.held.cells) for one in self.answers]
        names = list(dict.fromkeys(name for row in rows for name in row))
        return import_module("pandas").DataFrame(rows, columns=names)

    def summary(self, by: str | None = None) -> Finding:
        """Means by the values of an axis, None being the one that varies, or who was preferred to whom; with
        what has no score, and without a verdict where that is over 5 %.

        Raises:
            InvalidRequestError: ``by`` is no axis and no column of one's own.
        """
        sentences, by = list(self._sentences()), by or compared(self.held.cells, ALONE)
        if self.withheld:
            return Finding((), (*sentences, self.withheld))
        rows: list[Mapping[str, Any]] = []
        if self.preferences:
            rows = [_preference_row(one) for one in self.preferences]
        else:
            for name, values in self.figures.items():
                found = view("summary")(self.held, dict(enumerate(values)), name, Question(by))
                rows += [{"figure": name, **row} for row in found.rows]
                sentences += [one for one in found.sentences if one not in sentences]
        return Finding(tuple(rows), tuple(sentences))

    def _sentences(self) -> list[str]:
        found = [say("judge.sandbox")] if self.sandbox else []
        found += [] if self.withheld else [self.told]  # which says it too
        if self.unable:
            found.append(say("judge.unable", count=len(self.unable)))
        if self.preferences:
            found.append(_bias(self.preferences))
        if self.older:
            found.append(say("judge.older", count=self.older, parser=PARSER))
        models = sorted({one.kept.record.model_answered or "" for one in self.answers if one.kept} - {""})
        if models and models != [self.judge.model] and not self.sandbox:
            found.append(say("judge.answered_as", asked=self.judge.model, answered=", ".join(models)))
        if self.stopped is not None:
            found.append(say("judge.stopped", reason=self.stopped.message))
        return found

    def __repr__(self) -> str:
        rules = self.judge.rules
        head = say(
            "judge.head", judge=self.judge.label, protocol=rules.name, version=rules.version,
            answers=len(self.answers), spent=say("judge.nothing_spent") if self.sandbox else self.spent,
        )  # fmt: skip
        return _text.plain("\n".join([head, repr(self._overall()).strip("\n")]))

    def _overall(self) -> Finding:
        """The summary without the parts of the overall figure."""
        whole = self.summary()
        last = list(self.figures)[-1] if self.figures else ""
        rows = tuple(row for row in whole.rows if row.get("figure", last) == last)
        return Finding(rows, whole.sentences)

    def _repr_mimebundle_(self, **_: Any) -> dict[str, str]:
        """The same as a table."""
        text, whole = repr(self), self._overall()
        told = "<br>".join(map(html.escape, whole.sentences))
        lines = f"<p><strong>{html.escape(text.partition(chr(10))[0])}</strong><br>{told}</p>"
        names = list(whole.rows[0]) if whole.rows else []
        head = "".join(f'<th scope="col">{html.escape(name)}</th>' for name in names)
        body = "".join(
            "<tr>" + "".join(f"<td>{html.escape(_cell(row[name]))}</td>" for name in names) + "</tr>"
            for row in whole.rows
        )
        table = f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>" if names else ""
        return {"text/plain": text, "text/html": f'<div class="nb-banana-judged">{lines}{table}</div>'}


def _cell(value: Any) -> str:
    return "–" if value is None else f"{value:.3g}" if isinstance(value, float) else str(value)


def _preference_row(one: Preference) -> dict[str, Any]:
    decided = one.wins + one.losses + one.ties
    share = (one.wins + one.ties / 2) / decided if decided else None
    return {
        "first": one.first, "second": one.second, "wins": one.wins, "ties": one.ties, "losses": one.losses,
        "share_first": share, "turned": one.turned, "lacking": one.lacking,
    }  # fmt: skip


def _bias(preferences: Sequence[Preference]) -> str:
    """How often the judge named a place, not a picture: the position bias."""
    both = sum(one.wins + one.losses + one.ties for one in preferences)
    turned = sum(one.turned for one in preferences)
    first, second = (
        sum(getattr(one, name) for one in preferences) for name in ("stayed_first", "stayed_second")
    )
    if not both:
        return say("judge.no_bias")
    share = f"{100 * (first + second) / both:.0f}"
    return say("judge.bias", turned=turned, both=both, first=first, second=second, share=share)
