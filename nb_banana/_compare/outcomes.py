"""What came of a comparison: looked at, put into tables, measured and kept. Nothing here sends an edit."""

from __future__ import annotations

import os
import warnings
from collections.abc import Collection, Iterable, Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any, Literal, overload

from .._display import view
from .._images.saving import path_of
from .._result import EditResult
from .._session.door import Session
from .._strings import say
from ..errors import InvalidRequestError, NanoBananaError
from .cells import Cell
from .exchange import export
from .held import Held, Holder, Outcome
from .scored import Figures, column_of, figures_of, pairs_of
from .sheet import LARGE, Layout, bundle, sheet
from .table import KINDS, UNITS, columns, meanings, records_of, rows


class Outcomes:
    """The cells of a plan, in plan order, each with its result, its error, or None.

    Attributes:
        session: where its edits are made.
    """

    def __init__(self, held: Held, session: Session) -> None:
        self.session = session
        self._holder = Holder(held)
        self._figures: Figures = {}
        self._withheld: dict[str, str] = {}  # columns of judges of which nothing may be said, and why
        self._judged: dict[str, Any] = {}

    def _looked_back(self) -> Held:
        """What is held, with how often each cell may have been paid before."""
        raise NotImplementedError

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
        frame = frame.assign(**self._figures)
        frame.attrs |= {"units": dict(UNITS), "columns": meanings()}
        return frame

    def score(self, *measures: Any, workers: int = 2) -> Any:
        """Measure every result against its input, and keep the figures for the frame and the findings.

        Args:
            measures: of ``nb.measures``, by name, or functions of a result; none is the default ones.
            workers: threads.

        Returns the figures with their reasons, units and conventions; what was measured before is not again.
        """
        folder = self.session.history.folder
        scores = view("score")(pairs_of(self._holder.held), measures or None, workers, folder)
        self._figures = {**self._figures, **figures_of(scores)}
        return scores

    def judge(
        self,
        judge: Any,
        budget: float | Decimal | str | None = None,
        *,
        by: str | None = None,
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
            by: of a protocol of pairs, the axis whose values are compared; None is the one that varies.
            concurrency: questions under way at once.
            again: what is to be asked again although it was answered: ``"refused"``, ``"unparsable"``,
                ``"scored"``. The newest answer counts, every one stays.
            dry_run: ask nothing: what is known, and the estimate of the rest.
        """
        wish = view("judge_wish")(budget, by, concurrency, again, dry_run)
        return self._took(view("judge")(self._holder.held, self.session, judge, wish))

    def rescore(self, judge: Any, *, by: str | None = None) -> Any:
        """Read the stored answers to a judge again, free: nothing but how they are read may change."""
        return self._took(view("rescore")(self._holder.held, self.session, judge, by))

    def judge_agreement(self, votes: Iterable[Any] | None = None) -> Any:
        """How far the judges asked so far agree with each other, or with people's ``votes``: Spearman's rank
        correlation and Krippendorff's alpha, on what both have judged. Needs ``nb_banana[research]``.
        """
        return view("judge_agreement")(self._holder.held, list(self._judged.values()), votes)

    def _took(self, judged: Any) -> Any:
        """Keep what a judge said."""
        name, who = f"{judged.judge.label} {judged.judge.rules.name}", judged.judge
        before = self._judged.get(name)
        if before and before.judge.model != who.model:
            warnings.warn(say("judge.replaced", label=who.label), stacklevel=3)
        self._judged[name] = judged
        self._figures = {**self._figures, **judged.figures}
        self._withheld |= dict.fromkeys(judged.figures, judged.withheld)
        return judged

    def _sayable(self, column: str) -> dict[int, Any]:
        """The values of a column.

        Raises:
            InvalidRequestError: there is none, or too much of it has no score.
        """
        if self._withheld.get(column):
            raise InvalidRequestError(self._withheld[column])
        return column_of(self._holder.held, self.session.history, self._figures, column)

    def summary(self, column: str, by: str = "model") -> Any:
        """Mean, or share of yes, of a column for each value of an axis or of a column of your own.

        The unit is the (image, prompt) pair; takes are averaged first. With interval, units, takes and what
        is missing; of yes and no there is a second reading, in which a failure is a no.
        """
        return view("summary")(self._holder.held, self._sayable(column), column, by)

    def contrast(self, column: str, by: str = "model") -> Any:
        """Every two values of an axis compared unit by unit: difference, interval, p (Holm), in words."""
        return view("contrast")(self._holder.held, self._sayable(column), column, by)

    def export(self, path: str | os.PathLike[str]) -> Path:
        """Everything in one zip: ``images/``, ``records.jsonl``, ``table.csv``; :meth:`load` reads it.

        Raises:
            InvalidRequestError: the name ends in anything but ``.zip``, or it can't be written.
        """
        return export(self._holder.held, self.session.history, path_of(path))
