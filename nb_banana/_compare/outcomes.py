"""What came of a comparison: looked at, put into tables, measured and kept. Nothing here sends an edit."""

from __future__ import annotations

import os
import warnings
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any, Literal, overload

from .._display import Pictured, view
from .._result import EditResult
from .._session.door import Session
from .._strings import Lang, say, speaking
from ..errors import InvalidRequestError, NanoBananaError
from .cells import Cell
from .held import Held, Holder, Outcome
from .question import By, Question, Turn
from .scored import Scored, Tried, column_of, pairs_of
from .sheet import LARGE, Layout, bundle, sheet
from .table import KINDS, UNITS, columns, meanings, records_of, rows


class Outcomes(Pictured):
    """The cells of a plan, in plan order, each with its result, its error, or None."""

    def __init__(
        self, held: Held, session: Callable[[], Session], paid_before: Callable[[Held], Mapping[int, int]]
    ) -> None:
        self._session, self._paid_before = session, paid_before
        self._holder = Holder(held)
        self._scored = Scored()
        self._judged: dict[str, Any] = {}

    def _looked_back(self) -> Held:
        """What is held, with how often each cell may have been paid before."""
        before = self._paid_before(self._holder.held)
        return self._holder.change(lambda held: replace(held, before=before))

    @property
    def session(self) -> Session:
        """Where its edits are made: as given, else the notebook's own."""
        return self._session()

    @property
    def cells(self) -> tuple[Cell, ...]:
        """The coordinates of every cell, in plan order."""
        return self._holder.held.cells

    @property
    def stopped(self) -> NanoBananaError | None:
        """The error that ended the last run early, or None."""
        return self._holder.held.stopped

    @property
    def results(self) -> tuple[EditResult | None, ...]:
        """The result of each cell, in plan order as :attr:`cells`; None where there is none."""
        return tuple(one if isinstance(one, EditResult) else None for one in self)

    @property
    def failed(self) -> tuple[Cell, ...]:
        """The cells that hold an error: those that failed and those that can't work."""
        return tuple(cell for cell in self.cells if isinstance(self[cell], NanoBananaError))

    @property
    def missing(self) -> tuple[Cell, ...]:
        """The cells that have not run."""
        return tuple(cell for cell in self.cells if self[cell] is None)

    def is_impossible(self, cell: Cell) -> bool:
        """Whether a cell can't work whoever sends it: its error stood in the plan from the start."""
        return cell.index in self._holder.held.impossible

    def __len__(self) -> int:
        return len(self._holder.held)

    @overload
    def __getitem__(self, index: int | Cell) -> Outcome: ...
    @overload
    def __getitem__(self, index: slice) -> tuple[Outcome, ...]: ...
    def __getitem__(self, index: int | Cell | slice) -> Outcome | tuple[Outcome, ...]:
        """The outcome of a cell, by its place or by the cell itself."""
        if isinstance(index, slice):
            return tuple(self._holder.held)[index]
        return self._holder.held[range(len(self))[index.index if isinstance(index, Cell) else index]]

    def __iter__(self) -> Iterator[Outcome]:
        return iter(self._holder.held)

    def _repr_mimebundle_(self, **_: Any) -> tuple[dict[str, Any], dict[str, Any]]:
        if not any(outcome is not None for outcome in self):
            return {"text/plain": repr(self)}, {}  # a plan has nothing to look at yet
        return bundle(self._holder.held, 1)

    def _ipython_display_(self) -> None:
        view("present")(self._repr_mimebundle_())

    def show(self, page: int | Literal["all"] = 1) -> None:
        """Show a page of the contact sheet, larger than the cell's own display, or ``"all"`` of them.

        Raises:
            InvalidRequestError: there is no such page.
        """
        pages = Layout.of(self._holder.held).pages
        if page != "all" and (isinstance(page, bool) or page not in range(1, pages + 1)):
            raise InvalidRequestError(say("pages.no_page", page=page, pages=pages))
        for number in range(1, pages + 1) if page == "all" else (page,):
            if view("namespace")() is None:
                sheet(self._holder.held, number, wide=LARGE).to_pil().show()
            else:
                view("present")(bundle(self._holder.held, number, LARGE))

    def to_dataframe(self) -> Any:
        """One row per cell, in plan order, as a pandas ``DataFrame``.

        ``attrs["units"]`` and ``attrs["columns"]`` say what each column holds; what a cell has not is empty.
        """
        import pandas

        held = self._holder.held
        held = self._looked_back() if held.before is None else held
        found = rows(held, records_of(self.session.history, held))
        frame = pandas.DataFrame(list(found), columns=list(columns(held)))
        kinds = {name: kind for name, kind in KINDS.items() if name in frame}
        frame = frame.astype(kinds).assign(started=pandas.to_datetime(frame["started"], utc=True))
        frame = frame.assign(**self._scored.figures)
        frame.attrs |= {"units": dict(UNITS), "columns": meanings()}
        return frame

    def score(
        self, *measures: Any, mask: Any = None, against: Literal["before", "input"] = "before",
        workers: int = 2,
    ) -> Any:  # fmt: skip
        """Measure every result against its input, and keep the figures for the frame and the findings.

        Args:
            measures: of ``nb.measures``, by name, or functions of a result; none is the default ones.
            mask: the region all are measured against, as ``nb.edit`` takes one; None is each edit's own.
            against: in a chain, ``"before"`` is the picture that the step edited, ``"input"`` the first one.
            workers: threads.

        Returns the figures with their reasons, units and conventions; what was measured before is not again.
        """
        folder = self.session.history.folder
        held = self._holder.held  # others may come while these are measured
        scores = view("score")(pairs_of(held, against, mask), measures or None, workers, folder)
        how = Tried(None, mask, against, frozenset(held.done))
        self._scored |= Scored.measured(scores, columns(held), how)
        return scores

    def judge(
        self,
        judge: Any,
        budget: float | Decimal | str | None = None,
        *,
        by: By | None = None,
        concurrency: int = 4,
        again: Collection[str] = (),
        dry_run: bool = False,
    ) -> Any:
        """Ask a vision model (``nb.Judge``) about every result, and keep its figures for the frame and the
        findings. The estimate is printed first; what the history holds is free; Ctrl-C keeps what is there.

        An answer that was refused, cut, or is no score is never a number. Over 5 % of such answers no verdict
        is given.

        Args:
            judge: who is asked, and by which protocol.
            budget: most USD for this call, beside the session's; needs a price.
            by: of a protocol of pairs, the axis or column of your own whose values are compared; None is the
                axis that varies.
            concurrency: questions under way at once.
            again: what is to be asked again although it was answered: ``"refused"``, ``"unparsable"``,
                ``"scored"``. The newest answer counts, every one stays.
            dry_run: ask nothing and keep nothing: what is known, and the estimate of the rest.
        """
        wish = view("judge_wish")(budget, by, concurrency, again, dry_run)
        judged = view("judge")(self._holder.held, self.session, judge, wish)
        return judged if dry_run else self._took(judged)  # a look at the price puts no column in its place

    def rescore(self, judge: Any, *, by: By | None = None) -> Any:
        """Read the stored answers to a judge again, free: nothing but how they are read may change."""
        return self._took(view("rescore")(self._holder.held, self.session, judge, by))

    def judge_agreement(self, votes: Iterable[Any] | None = None) -> Any:
        """How far the judges asked so far agree with each other, or with people's ``votes``: Spearman's rank
        correlation and Krippendorff's alpha, on what both have judged. Needs ``nb_banana[research]``.
        """
        return view("judge_agreement")(self._holder.held, list(self._judged.values()), votes)

    def _took(self, judged: Any) -> Any:
        """Keep what a judge said; whose columns go for it is told."""
        who, held = judged.judge, self._scored.figures
        others = [one for one in self._judged.values() if _asks(one.judge) != _asks(who)]
        theirs = ((name, column) for one in others for name, column in one.figures.items())
        lost = {name for name, column in theirs if name in judged.figures and held.get(name) is column}
        if lost:
            warnings.warn(say("judge.replaced", columns=", ".join(sorted(lost))), stacklevel=3)
        self._judged[f"{who.label} {who.rules.name}"] = judged
        self._scored |= Scored.judged(judged)
        return judged

    def _sayable(self, column: str) -> dict[int, Any]:
        """The values of a column.

        Raises:
            InvalidRequestError: there is none, or too much of it has no score.
        """
        if why := self._scored.withheld.get(column):
            raise InvalidRequestError(why)
        return column_of(self._holder.held, self.session.history, self._scored.figures, column)

    def summary(self, column: str, by: By = "model", *, unit: str | None = None, turn: Turn = None) -> Any:
        """Mean, or share of yes, of a column for each value of an axis or of a column of your own.

        The unit is the (image, prompt) pair; takes are averaged first. With interval, units, takes and what
        is missing; of yes and no there is a second reading, in which a failure is a no.

        Args:
            column: of the frame, or of what was scored.
            by: whose values are compared.
            unit: a column of your own that says what was edited, where the wording is what differs.
            turn: which step of chains counts, from 1, or ``"last"``; None compares each with its like.
        """
        question = Question(by, unit, turn)
        return view("summary")(self._holder.held, self._sayable(column), column, question)

    def contrast(self, column: str, by: By = "model", *, unit: str | None = None, turn: Turn = None) -> Any:
        """Every two values of an axis compared unit by unit: difference, interval, p (Holm), in words.

        The arguments are those of :meth:`summary`.
        """
        question = Question(by, unit, turn)
        return view("contrast")(self._holder.held, self._sayable(column), column, question)

    def rate(
        self,
        by: By = "model",
        *,
        question: str = "",
        mode: Literal["pairs", "single"] = "pairs",
        pairing: Literal["balanced", "adaptive"] = "balanced",
        criteria: Mapping[str, str] | Sequence[str] = (),
        rater: str = "",
        seed: int | None = None,
        unit: str | None = None,
        lang: Lang | None = None,
    ) -> Any:
        """Rate the results blind, on the page: names hidden, sides by lot, every vote kept at once.

        Args:
            by: the axis, or column of your own, whose values are compared.
            question: what is asked, in your words.
            mode: two results at a time, or one with one to five stars.
            pairing: ``"adaptive"`` asks next what tells most, where not everything can be rated.
            criteria: asked one after the other: names, or names with a question each.
            rater: who rates; asked on the page when empty.
            seed: of order and sides; kept with every vote.
            unit: a column of your own that says what was edited, where the wording is what differs.
            lang: ``"en"`` or ``"zh"``; the page's language if None.

        Returns the widget; its ``votes`` are everybody's, from ``votes.jsonl`` in the history's folder.
        """
        asked: dict[str, Any] = {"by": by, "question": question, "mode": mode, "pairing": pairing}
        asked |= {"criteria": criteria, "seed": seed, "unit": unit}
        return view("rate")(self._holder.held, self.session.history, asked, rater, lang)

    def methods(
        self, by: By | None = None, *, unit: str | None = None, turn: Turn = None, lang: Lang | None = None
    ) -> str:
        """The paragraph about methods, from facts: what was asked, what answered, when, what is left out.

        Args:
            by, unit, turn: as for :meth:`summary`; without ``by`` the first axis that varies.
            lang: ``"en"`` or ``"zh"``; the current language if None.
        """
        with speaking(lang):
            return str(view("methods")(self, Question(by or "", unit, turn)))

    def export(
        self,
        path: str | os.PathLike[str],
        by: By | None = None,
        *,
        columns: Sequence[str] | None = None,
        unit: str | None = None,
        turn: Turn = None,
        lang: Lang | None = None,
    ) -> Path:
        """Write everything as the name's end says, whole or not at all, and return where.

        ``.html``: one page for others, offline, searchable, at most 10 MB. ``.png``, ``.pdf``: the contact
        sheet. ``.csv``, ``.parquet``: the table, with what was scored. ``.tex``: tables of ``columns`` with
        intervals, bold only where significant, and the paragraph about methods. A folder (``"results/"``):
        the originals under readable names. ``.zip``: the bundle with plan, records, versions and a program
        that shows it again without a key; :meth:`load` reads it.

        Args:
            path: the file, or a folder where it ends in ``/``.
            by, unit, turn: what is compared, as for :meth:`summary`; without ``by`` the first axis that
                varies.
            columns: which figures a page or LaTeX shows; those of which one end is better if None.
            lang: ``"en"`` or ``"zh"``; the current language if None.

        Raises:
            InvalidRequestError: nobody writes such a file, or it can't be written.
        """
        with speaking(lang):
            written: Path = view("export")(self, path, Question(by or "", unit, turn), columns)
        return written


def _asks(judge: Any) -> tuple[str, str]:
    """Which judge asks what."""
    return judge.model, judge.rules.name
