"""The grid of a comparison: a table to sort and filter, a large view, stars, notes, and what is left to run.

Rules of this file:

* The plan goes to the page once, an outcome when it comes; no picture is read to fill the table.
* What a click would send has its price on the button first. Where edits go elsewhere than that spoke of, the
  click tells so and sends nothing. While a run is under way nothing else can be started, so that one click is
  one run.
* Under the grid stands what the comparison shows without a page, as outputs of their own: they stay.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final

import ipywidgets as w
import traitlets

from .. import _text, _worker
from .._compare.running import named
from .._compare.table import headline
from .._compare.terminal import part
from .._history.marks import Mark, marks
from .._images.data import ImageData
from .._result import EditResult
from .._strings import Lang, say
from ..errors import InvalidRequestError, NanoBananaError
from . import notebook
from .assets import script, styles
from .grid_cell import code, facts, name_of
from .grid_page import Prices, plan_of, row_of, unlike
from .panel.limit import Limit
from .panel.run import same_place
from .shown import sentences
from .surface import Surface, classify, toggle
from .thumbs import Later, Thumbs
from .viewer import PanelViewer

if TYPE_CHECKING:
    from .._compare.cells import Cell
    from .._compare.comparison import Comparison
    from .._compare.estimate import PlanEstimate
    from .._compare.held import Held, Outcome
    from .._compare.plan import Plan

EVERY: Final = 0.25
"""Seconds between two messages with outcomes."""
SOON: Final = 0.4
"""Seconds until what is left is counted."""


class GridTable(Thumbs):
    """The table and its large view. Python says what there is; what is looked at is set by either side.

    Attributes:
        plan, cells, marks, head: the columns, what came, stars and notes, what goes on; for the page.
        filter: words that must all occur in a cell's coordinates, outcome or note.
        only: which values to show, by column: ``{"model": ["pro"], "outcome": ["done"]}``; ``"mark"`` knows
            ``"star"`` and ``"note"``.
        sort: a column, ``"outcome"``, ``"cost"``, ``"seconds"`` or ``"star"``, downwards after a ``-``;
            ``""`` is plan order.
        at, opened, pinned: the cells that have the focus, are seen large, are compared with; -1 is none.
        details: all that is known of the cell seen large.
    """

    _esm = script("grid.js")
    _css = styles("grid.css")  # the line above it brings the colours

    plan = traitlets.Dict().tag(sync=True)
    cells = traitlets.List().tag(sync=True)
    prices = traitlets.List([[], []]).tag(sync=True)
    marks = traitlets.Dict().tag(sync=True)
    head = traitlets.Dict().tag(sync=True)
    filter = traitlets.Unicode("").tag(sync=True)
    only = traitlets.Dict().tag(sync=True)
    sort = traitlets.Unicode("").tag(sync=True)
    at = traitlets.Int(0).tag(sync=True)
    opened = traitlets.Int(-1).tag(sync=True)
    pinned = traitlets.Int(-1).tag(sync=True)
    details = traitlets.Dict().tag(sync=True)
    twin = traitlets.Bool(False).tag(sync=True)


class Grid(Surface):
    """A comparison on the screen.

    Attributes:
        comparison: what it shows.
        table: the table; ``filter``, ``only``, ``sort``, ``opened`` and ``pinned`` can be set.
        viewer: the pictures of the large view.
    """

    def __init__(
        self, comparison: Comparison, plan: Callable[[], Plan], held: Callable[[], Held], *,
        slot: bool = True, lang: Lang | None = None,
    ) -> None:  # fmt: skip
        super().__init__(comparison.session, lang)
        self.comparison, self._plan, self._held = comparison, plan, held
        self._prices = Prices(plan())
        self._lock = threading.RLock()
        self._asked, self._ran, self._limit = False, False, Limit()
        self._seen: list[Outcome] = [None] * len(comparison)
        self._marks: dict[str, Mark] = {}
        self._left: dict[str, str] = {}
        self._slot = notebook.Slot(comparison._repr_mimebundle_, wanted=slot)
        self.table = GridTable(self._picture, self._heard)
        self.viewer = PanelViewer(lang=lang)
        self.viewer.mode = "side"
        self.table.twin = self._slot.wanted
        self._look, self._weigh = Later(self._show), Later(self._count)
        self._tick = _worker.Throttle(lambda _: self._update(), EVERY)
        holder = w.Box([self.viewer])
        self._browser = w.VBox([self._line, self.table, holder])
        classify({"panel": self._browser, "grid": self, "grid-view": holder})
        toggle(holder, visible=False)
        self.children = [self._browser]
        self.table.observe(lambda _: self._look(), ["opened", "pinned"])
        self._unheard = comparison.when_changed(lambda: self._tick(None))
        self._rename()

    # --- what programs do -------------------------------------------------------------------------

    def look(self, cell: Cell | int) -> None:
        """See a cell large, with its input beside it."""
        self.table.opened = self._place(cell)

    def star(self, cell: Cell | int, on: bool = True) -> None:
        """Give a result a star in the history, or take it away; an error where the cell has no record."""
        self._mark(self._place(cell), lambda id: self.session.history.star(id, on))

    def note(self, cell: Cell | int, text: str) -> None:
        """Write a note on a result, kept in the history, in place of the one before; as :meth:`star`."""
        self._mark(self._place(cell), lambda id: self.session.history.note(id, text))

    def run(self, cells: Iterable[Cell | int] | None = None) -> bool:
        """Begin to make what is missing or failed, or only these cells; False while a run is under way."""
        with self._lock:
            if self._asked or self.comparison.progress.running:
                return False
            self._asked = True
        try:
            chosen = None if cells is None else [self._place(one) for one in cells]
            self.comparison.start(cells=chosen)
        finally:
            self._asked = False
        self._tick(None)
        return True

    def retry(self) -> bool:
        """Make what failed once more."""
        return self.run(self._failed)

    def stop(self) -> None:
        """Send nothing more; what is under way is awaited and shown."""
        self.comparison.stop()
        with self._speaking():
            self._show_line(hint=say("grid.stopping"), announce=say("grid.stopping"))

    def close(self) -> None:
        """Take the widget off the page; the comparison tells it nothing more."""
        unheard, self._unheard = self._unheard, _nothing  # a widget that is collected closes once more
        unheard()
        super().close()

    def _place(self, cell: Cell | int) -> int:
        """The place of a cell; IndexError where there is none."""
        index = cell if isinstance(cell, int) else cell.index
        return range(len(self.comparison))[index]

    @property
    def _failed(self) -> list[Cell]:
        return [cell for cell in self.comparison.failed if not self.comparison.is_impossible(cell)]

    def _ipython_display_(self, **_: Any) -> None:
        if not notebook.in_kernel():
            notebook.publish(self.comparison._repr_mimebundle_(), "", update=False)
            return
        view = self._repr_mimebundle_()
        with self._speaking():
            view["text/plain"] = say("grid.plain") if self._slot.wanted else repr(self.comparison)
            self._slot.show(view, "grid", {})

    # --- what there is ----------------------------------------------------------------------------

    def _rename(self) -> None:
        """Say everything in the current language."""
        with self._speaking():
            self._line.relabel(self._lang)
            self.viewer.relabel(self._lang)
            cells = self.comparison.cells
            with self.table.hold_sync():
                self.table.strings = sentences("grid.page", self._lang)
                self.table.plan = plan_of(cells)
                self.table.prices = list(self._prices.each())
                self._seen = list(self.comparison)
                self.table.cells = [self._row(cell) for cell in cells]
        self._read_marks()
        self._update()
        self._weigh(SOON)  # the page comes first
        self._look()

    def _row(self, cell: Cell) -> list[Any]:
        return row_of(self.comparison[cell], self.comparison.is_impossible(cell))

    def _update(self) -> None:
        """Send what has come since the last time, and how far the run is."""
        with self._lock, self._speaking():
            seen, self._seen = self._seen, list(self.comparison)
            new = [at for at, one in enumerate(self._seen) if one is not seen[at]]
            rows = {at: self._row(self.comparison.cells[at]) for at in new}
            for at, row in rows.items():
                self.table.cells[at] = row  # in place: a page that opens later gets it, this one the message
            if rows:
                self.table.send({"t": "cells", "rows": rows})
            running = self.comparison.progress.running
            ended, self._ran = self._ran and not running, running
            if running or ended:
                self._left = {}  # counted anew once it is over: no button says what is no longer true
            self._tell(running, ended, len(new))
        if self.table.opened in new:
            self._look()
        if not running and (ended or new):
            self._weigh()
        if ended or (new and not running):
            self._read_marks()
            self._slot.update()

    def _tell(self, running: bool, ended: bool, new: int) -> None:
        """The line above and the buttons."""
        stopped = self.comparison.stopped
        ended_by = "" if stopped is None else say("compare.stopped_short", reason=stopped.message)
        hint = str(self.comparison.progress) if running else ended_by
        text = headline(self._held())
        said = text if ended else say("grid.came", count=new) if running and new else ""
        state = "running" if running else "error" if stopped else "done" if ended else "loaded"
        self._show_line(state=state, text=text, hint=hint, announce=said)
        self.table.head = {"running": running, **({} if running else self._left)}

    def _count(self) -> None:
        """Find out what running all that is left would cost, beside the kernel: it looks into the history."""
        with self._said():
            left, plan = self.comparison.estimate(), self._plan()
            self._meet(plan)
            words = {"all": _all(left, sandbox=plan.is_sandbox), "failed": ""}
            if failed := self._failed:
                words["failed"] = say("grid.retry", count=len(failed), cost=self._prices.of(failed))
            with self._lock:
                self._left = words
                if not self.comparison.progress.running:
                    self.table.head = {"running": False, **words}

    def _meet(self, plan: Plan) -> bool:
        """Speak of where edits go now; gives whether that is elsewhere than was spoken of."""
        before, self._prices = self._prices, Prices(plan)
        if moved := not same_place(before.plan.session.endpoint, plan.session.endpoint):
            self._rename()
        return moved

    # --- marks ------------------------------------------------------------------------------------

    def _read_marks(self) -> None:
        with self._lock, self._said():  # two that read: the later one has the later marks
            ids = self._ids()
            self._marks = marks(self.session.history.shelf, set(ids.values()))
            self.table.marks = {str(at): [*self._marks[id]] for at, id in ids.items() if id in self._marks}

    def _ids(self) -> dict[int, str]:
        """The records of the results, by the places of their cells."""
        came = enumerate(self.comparison)
        return {at: one.record_id for at, one in came if isinstance(one, EditResult) and one.record_id}

    def _mark(self, at: int, change: Callable[[str], None]) -> None:
        id = self._ids().get(at)
        if id is None:
            with self._speaking():
                raise InvalidRequestError(say("grid.no_record"))
        change(id)
        self._read_marks()

    # --- the large view ---------------------------------------------------------------------------

    def _show(self) -> None:
        """Show the opened cell: beside its input, or beside the one it is compared with."""
        at, pinned = self.table.opened, self.table.pinned
        if not 0 <= at < len(self.comparison):
            return
        with self._said():
            cell, outcome = self.comparison.cells[at], self.comparison[at]
            other = self._pictured(pinned) if pinned != at else None
            words = sentences("panel.viewer", self._lang)
            before: Any = self._input(cell)
            words["before"] = words["input"]
            if other is not None:
                before, axes = other.image, unlike(self.table.plan, cell, self.comparison.cells[pinned])
                words["before"] = name_of(self.comparison.cells[pinned], axes)
                words["after"] = name_of(cell, axes)
            self.viewer.strings = words
            self.viewer.show(before, outcome.image if isinstance(outcome, EditResult) else None)
            self.table.details = self._details(cell, outcome)

    def _input(self, cell: Cell) -> ImageData | None:
        """What a cell edits: its input, or in a chain what the step before made."""
        if cell.after is not None:
            made = self._pictured(cell.after)
            return None if made is None else made.image
        return cell.source.images[0] if cell.source.images else None

    def _pictured(self, at: int) -> EditResult | None:
        outcome = self.comparison[at] if 0 <= at < len(self.comparison) else None
        return outcome if isinstance(outcome, EditResult) else None

    def _details(self, cell: Cell, outcome: Outcome) -> dict[str, Any]:
        impossible = self.comparison.is_impossible(cell)
        result = outcome if isinstance(outcome, EditResult) else None
        spoken = self._held().spoken.get(cell.index, (None, None))
        return {
            "at": cell.index,
            "prompt": cell.prompt,
            "reason": outcome.message if isinstance(outcome, NanoBananaError) else "",
            "warnings": list(result.warnings) if result else [],
            "facts": facts(cell, outcome, impossible, spoken),
            "code": code(cell, outcome, self._input(cell)),
            "kept": bool(result and result.record_id),
        }

    def _picture(self, key: str) -> ImageData:
        """A small picture's original: ``r7`` is the result of cell 7, ``i7`` its input."""
        at = int(key[1:])
        if key[0] == "i":
            return self.comparison.cells[at].source.images[0]
        result = self._pictured(at)
        if result is None:
            raise NanoBananaError(say("grid.no_picture"))
        return result.image

    # --- what people do ---------------------------------------------------------------------------

    def _heard(self, message: Mapping[str, Any]) -> None:
        """What the page says through the table."""
        kind, at = message.get("t"), int(message.get("at", 0))
        doors: dict[Any, Callable[[], Any]] = {
            "star": lambda: self.star(at, bool(message["on"])),
            "note": lambda: self.note(at, str(message["text"])),
            "run": lambda: self._clicked([at]),
            "all": lambda: self._clicked(None),
            "failed": lambda: self._clicked([cell.index for cell in self._failed]),
            "stop": self.stop,
        }
        if kind in doors:
            _worker.aside(self._try, doors[kind])

    def _clicked(self, cells: list[int] | None) -> None:
        """Run these cells, or all that is left; asked about first where a person wants to be."""
        plan = self._plan()
        if self._meet(plan):
            self._count()
            chosen = [self.comparison.cells[at] for at in cells or ()]  # of a cell or of what failed
            price = self._prices.of(chosen) if chosen else self._left.get("all", "")
            asked = say("panel.place_changed", place=named(plan.session.endpoint), price=price)
        else:
            left = self.comparison if cells is None else part(self.comparison, cells)
            asked = self._limit.ask(
                str(cells), lambda: left.estimate().cost, sandbox=plan.is_sandbox,
                still=lambda words: words == self._line.hint,
            )  # fmt: skip
        if asked:
            self._show_line(state="loaded", hint=asked, announce=asked)
        else:
            self.run(cells)

    def _try(self, door: Callable[[], Any]) -> None:
        """A program gets the error; a person reads it above the table."""
        with self._said():
            door()

    @contextmanager
    def _said(self) -> Iterator[None]:
        """What goes wrong inside is said above the table."""
        with self._speaking():
            try:
                yield
            except (NanoBananaError, OSError) as problem:
                self._show_line(state="error", hint=str(problem), announce=str(problem))


def _all(left: PlanEstimate, *, sandbox: bool) -> str:
    """What the button for all that is left says; ``""`` where nothing is."""
    if not left.to_send:
        return say("grid.replay_all", count=left.replayed) if left.replayed else ""
    free = say("grid.free", count=left.replayed) if left.replayed else ""
    cost = _text.money(_cost(left), sandbox=sandbox)
    return say("grid.run_all", count=left.to_send + left.replayed, cost=cost) + free


def _cost(left: PlanEstimate) -> str:
    if not left.unpriced:
        return str(left.cost)
    return say("grid.at_least", cost=left.known) if left.known.amount else say("grid.unpriced")


def _nothing() -> None:
    """Nothing is heard any more."""


def grid(
    comparison: Comparison, plan: Callable[[], Plan], held: Callable[[], Held], *,
    slot: bool = True, lang: Lang | None = None,
) -> Grid:  # fmt: skip
    """A comparison as a table to look at, sort, filter, mark and run.

    Args:
        comparison: what to show.
        plan: gives how its cells stand where edits go now.
        held: gives its cells and outcomes of this moment.
        slot: whether what the comparison shows without a page stands under it, for the saved notebook.
        lang: ``"en"`` or ``"zh"``; the page's language if None.
    """
    return Grid(comparison, plan, held, slot=slot, lang=lang)
