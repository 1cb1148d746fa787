"""``comparison.judge``, ``.rescore`` and ``.judge_agreement``, from what they are given to a value."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from .. import _text
from .._catalog.models import find_model
from .._compare.watching import follow
from .._history.answers import Kept, note_score
from .._session.purse import budget_of
from .._session.questions import ANSWERED, known
from .._strings import quoted, say
from ..errors import BudgetError, InvalidRequestError
from .agreement import agreement
from .figures import figures_of, preferences_of
from .items import Item, items_of
from .judge import Judge
from .judgement import Judgement
from .parsing import PARSER, Reading, read
from .running import Run
from .values import Estimate, Judgements

if TYPE_CHECKING:
    from .._compare.held import Held
    from .._session.door import Session

Names = Mapping[tuple[str, int], Kept]
Reader = Callable[[Item, Kept], Judgement]
AGAIN: Final = ("refused", "unparsable", "failed", "scored")
_MOST_LANES: Final = 64


@dataclass(frozen=True, slots=True)
class Wish:
    """How a judge is to be asked.

    Attributes:
        budget: most dollars for this call.
        by: the axis or column along which pairs are made; None is the axis that varies.
        concurrency: how many questions are under way at once.
        again: statuses that are asked again although they were answered.
        dry_run: ask nothing.
    """

    budget: float | Decimal | str | None = None
    by: str | None = None
    concurrency: int = 4
    again: Collection[str] = ()
    dry_run: bool = False

    def __post_init__(self) -> None:
        lanes = _text.whole(self.concurrency, 1, _MOST_LANES)
        if lanes is None:
            value = quoted(self.concurrency)
            raise InvalidRequestError(say("judge.bad_lanes", value=value, most=_MOST_LANES))
        object.__setattr__(self, "concurrency", lanes)
        given = (self.again,) if isinstance(self.again, str) else tuple(self.again)
        odd = [one for one in given if one not in AGAIN]
        if odd:
            raise InvalidRequestError(say("judge.bad_again", value=quoted(odd[0]), known=", ".join(AGAIN)))
        object.__setattr__(self, "again", given)


@dataclass(frozen=True, slots=True)
class _Desk:
    """A judge at its place before a comparison: what is asked, and what is known of it."""

    judge: Judge
    session: Session
    held: Held
    items: tuple[Item, ...]
    unable: tuple[int, ...]

    @classmethod
    def of(cls, held: Held, session: Session, judge: Judge, by: str | None) -> _Desk:
        if not isinstance(judge, Judge):
            raise InvalidRequestError(say("judge.no_judge", kind=type(judge).__name__))
        place = judge.place(session.endpoint)
        items, unable = items_of(held, judge, by)
        return cls(judge, session.at(place), held, items, unable)

    def name(self, item: Item) -> tuple[str, int]:
        return item.name(self.judge)

    def known(self) -> dict[tuple[str, int], Kept]:
        """What the history holds of the questions."""
        sent = find_model(self.judge.model, self.session.endpoint.provider).sent_id
        older = {self.name(item): item.older_name(self.judge) for item in self.items}
        found = known(self.session, [core for both in older.items() for core, _ in both], sent)
        for name, before in older.items():
            answered = name in found and found[name].record.status in ANSWERED
            if before in found and not answered:
                found[name] = found[before]
        return found

    def judgements(
        self, found: Names, reading: Reader, errors: Mapping[tuple[str, int], str], **facts: Any
    ) -> Judgements:
        """Everything that is known, as a value."""
        answers = []
        for item in self.items:
            name = self.name(item)
            kept = found.get(name)
            if kept is not None:
                answers.append(reading(item, kept))
            else:
                why = errors.get(name)
                answers.append(Judgement(item, Reading("failed", reason=why)) if why else Judgement(item))
        return Judgements(
            self.judge, tuple(answers), figures_of(self.judge, answers, len(self.held.cells)), held=self.held,
            preferences=preferences_of(self.judge, answers), unable=self.unable,
            older=sum(one.parser != PARSER for one in answers), **facts,
        )  # fmt: skip

    def estimate(self, todo: Sequence[Item], found: Names) -> Estimate:
        """What asking these would take; of the very same questions one is asked."""
        kept = [found[self.name(item)] for item in todo if self.name(item) in found]
        paid = sum(one.record.billing in ("maybe_paid", "blocked_paid") for one in kept)
        questions = len({self.name(item) for item in self.items})
        place = self.session.endpoint
        return Estimate(questions, len(todo), self.judge.cost(place), place.is_sandbox, paid)


def judge(held: Held, session: Session, who: Judge, wish: Wish) -> Judgements:
    """Ask what is not answered yet, the estimate first, and read everything.

    Raises:
        InvalidRequestError: the judge, its protocol or an argument can't be used.
        BudgetError: there is a budget and nobody knows what a question costs; nothing was sent.
    """
    desk = _Desk.of(held, session, who, wish.by)
    found = desk.known()
    todo = _left(desk, found, wish.again)
    estimate, budget = desk.estimate(todo, found), budget_of(wish.budget)
    if wish.dry_run or not todo:
        return desk.judgements(found, _as_kept(desk), {}, estimate=estimate)
    if budget is not None and estimate.each.amount is None:
        raise BudgetError(say("judge.no_price", judge=who.label), hint=say("judge.no_price_hint"))
    desk.session.announce()
    _text.printed(estimate)
    answered = {name for name, kept in found.items() if kept.record.status in ANSWERED}
    run = Run(who, desk.session, estimate.each, budget, answered)
    run.start(todo, wish.concurrency)
    following: Callable[[Any], None] = follow
    following(run)
    made = desk.judgements(
        desk.known(), _as_kept(desk), run.errors, estimate=estimate, stopped=run.stopped
    )
    if run.stopped is not None:
        warnings.warn(say("judge.stopped", reason=run.stopped.message), stacklevel=3)
    return made


def _left(desk: _Desk, found: Names, again: Collection[str]) -> list[Item]:
    """What is to be asked: what nobody answered, and what is to be asked again; each question once."""
    todo: dict[tuple[str, int], Item] = {}
    for item in desk.items:
        kept = found.get(desk.name(item))
        if kept is None or kept.record.status not in ANSWERED or _read(desk, item, kept).status in again:
            todo.setdefault(desk.name(item), item)
    return list(todo.values())


def _as_kept(desk: _Desk) -> Reader:
    """Readings as they were made once; what nobody has read yet is read, and that is kept."""

    def reading(item: Item, kept: Kept) -> Judgement:
        scored = None if kept.record.imported else kept.scored  # somebody's word for a score is none
        if scored and scored.get("protocol_sha256") == desk.judge.rules.sha256:
            once = Reading(scored["status"], scored["scores"], scored["reason"])
            return Judgement(item, once, kept, int(scored["parser"]))
        made = _read(desk, item, kept)
        if kept.scored is None and kept.record.status != "running":
            note_score(desk.session.history.shelf, kept.record.id, _written(desk, made))
        return Judgement(item, made, kept)

    return reading


def _read(desk: _Desk, item: Item, kept: Kept) -> Reading:
    """What a record says: its answer read, or why there is none."""
    record = kept.record
    if record.status == "done":
        return read(record.text, item.ask, desk.judge.rules.parser)
    if record.status == "running":
        return Reading("unasked", reason=say("judge.under_way"))
    return Reading("refused" if record.status == "refused" else "failed", reason=record.error_message)


def _written(desk: _Desk, made: Reading) -> dict[str, Any]:
    return {
        "status": made.status, "scores": dict(made.scores), "reason": made.reason, "parser": PARSER,
        "protocol_sha256": desk.judge.rules.sha256,
    }  # fmt: skip


def rescore(held: Held, session: Session, who: Judge, by: str | None) -> Judgements:
    """Read all stored answers again with today's parser; nothing is sent, and only the readings change."""
    desk = _Desk.of(held, session, who, by)
    found, changed = desk.known(), 0

    def reading(item: Item, kept: Kept) -> Judgement:
        nonlocal changed
        made = _read(desk, item, kept)
        written = _written(desk, made)
        if kept.record.status != "running" and written != kept.scored:
            before = kept.scored or {}
            changed += (before.get("status"), before.get("scores")) != (made.status, dict(made.scores))
            note_score(desk.session.history.shelf, kept.record.id, written)
        return Judgement(item, made, kept)

    todo = _left(desk, found, ())
    made = desk.judgements(found, reading, {}, estimate=desk.estimate(todo, found))
    return replace(made, changed=changed)


__all__ = ["Wish", "agreement", "judge", "rescore"]
