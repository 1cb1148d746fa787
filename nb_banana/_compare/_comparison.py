""":class:`Comparison`, and the two functions that plan one."""

from __future__ import annotations

import base64
import os
import warnings
from collections import Counter
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from concurrent.futures import Executor
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from typing import Any, Final

from .. import _worker
from .._display import view
from .._result import EditResult
from .._session.door import Session
from .._session.own import current
from .._strings import say
from .._wire.wires import WireName
from ..errors import (
    AuthenticationError,
    BudgetError,
    InvalidRequestError,
    NanoBananaError,
    QuotaError,
)
from . import _door, _exchange, _sheet, _table
from ._estimate import PlanEstimate, Request, estimate
from ._given import MaybeTexts, Texts, choices
from ._held import Held, Outcome
from ._plan import Cell, cells_of, sources_of
from ._run import run

Send = Callable[[Session, Cell], Awaitable[EditResult]]
_STOP: Final = (
    BudgetError, AuthenticationError, QuotaError, _door.ExecutorGoneError, _door.NotSharedError,
)  # fmt: skip
"""After one of these no other request would fare better."""


class Comparison(Held):
    """A plan of edits and what came of them: ``nb.batch`` and ``nb.compare`` make one.

    A comparison is a sequence in plan order: each item is an :class:`EditResult`, the error of a cell
    that failed, or None for a cell that has not run. Images change slowest, then prompts, models,
    ratios, sizes, wires; takes change fastest.

    Attributes:
        cells: the coordinates of every cell, in plan order.
        session: where its edits are made.
        stopped: the error that ended the last run early, or None.
    """

    def __init__(
        self,
        cells: Sequence[Cell],
        *,
        session: Session | None = None,
        outcomes: Mapping[int, Outcome] | None = None,
    ) -> None:
        super().__init__(cells, session or current(), outcomes or {})

    def estimate(self, concurrency: int = 4) -> PlanEstimate:
        """What running what is missing or failed would cost and take; history is free, nothing is sent."""
        counts: Counter[str] = Counter()
        requests: Counter[Request] = Counter()
        seen = set[tuple[Any, ...]]()
        for cell in self.cells:
            key = self._keys[cell.index]
            if cell.index in self._impossible:
                counts["impossible"] += 1
            elif isinstance(self[cell], EditResult):
                counts["done"] += 1
            elif self._known(cell) is not None:
                counts["replayed"] += 1
            elif key not in seen:
                seen.add(key)
                provider = self._session_of(cell).endpoint.provider
                requests[Request(provider, cell.model, cell.image_size)] += 1
        return estimate(
            requests, _checked(concurrency), cells=len(self), done=counts["done"],
            impossible=counts["impossible"], replayed=counts["replayed"],
        )  # fmt: skip

    def _known(self, cell: Cell) -> EditResult | None:
        return _door.look_up(self._session_of(cell), cell)

    # Running

    def run(self, concurrency: int = 4, executor: Executor | None = None) -> Comparison:
        """Make the edits that are missing or failed, and return this comparison.

        What history holds is replayed, free. A cell that fails keeps its error and the others go on; a
        used-up budget, a refused key and an empty balance end the sending (:attr:`stopped`). Ctrl-C
        cancels what is under way. Whatever ended it, running again does only what is left.

        Args:
            concurrency: how many edits are under way at once, wherever they run.
            executor: any ``concurrent.futures.Executor``: its workers send the requests, with the key
                of their own environment; history and budget stay here. The workers must share the
                history's folder (on this machine they do; over several, keep it on a common disk with
                ``NB_BANANA_HISTORY``): a worker marks each edit there before it sends it, so that an
                engine that runs a lost task again does not pay twice. Such an edit ends as an error
                that may be billed; a worker without the folder sends nothing, and the run stops. Choose
                threads or Dask: of a ``ProcessPoolExecutor`` one dead worker breaks the whole pool, and
                every edit under way in its healthy neighbours is lost with it, each maybe paid.
        """
        lanes, self.stopped = _checked(concurrency), None
        todo: dict[tuple[Any, ...], Cell] = {}
        for cell in self.cells:
            key = self._keys[cell.index]
            if cell.index not in self._impossible and not isinstance(self._outcomes.get(key), EditResult):
                todo.setdefault(key, cell)
        self.session.announce()
        with ExitStack() as stack:
            send: Send = _door.send
            if executor is not None:
                folder = stack.enter_context(self.session.history.run_folder())
                send = partial(_door.send_by, executor, folder)
            run(list(todo.items()), partial(self._do, send), lanes)
        if self.stopped is not None:
            left = len(self.missing)
            warnings.warn(say("compare.stopped", reason=self.stopped.message, left=left), stacklevel=2)
        return self

    async def _do(self, send: Send, job: tuple[tuple[Any, ...], Cell]) -> None:
        key, cell = job
        try:
            if self.stopped is None:
                self._outcomes[key] = await send(self._session_of(cell), cell)
            elif found := await _worker.in_thread(self._known, cell):
                self._outcomes[key] = found
        except NanoBananaError as error:
            self._outcomes[key] = error
            if isinstance(error, _STOP):
                self.stopped = self.stopped or error

    # Showing and keeping

    def __repr__(self) -> str:
        return _table.text(self)

    def _repr_mimebundle_(self, **_: Any) -> tuple[dict[str, Any], dict[str, Any]]:
        data: dict[str, Any] = {"text/plain": repr(self)}
        if not any(outcome is not None for outcome in self):
            return data, {}  # a plan has nothing to look at yet
        sheet = _sheet.sheet(self)
        data[sheet.mime_type] = base64.b64encode(sheet.data).decode()
        return data, {sheet.mime_type: {"width": sheet.width, "alt": _table.headline(self)}}

    def _ipython_display_(self) -> None:
        view("present")(self._repr_mimebundle_())

    def show(self) -> None:
        """Show the contact sheet larger than the cell's own display."""
        sheet = _sheet.sheet(self, tile=384, budget=_sheet.LARGE)
        if view("namespace")() is None:
            sheet.to_pil().show()
            return
        bundle = {sheet.mime_type: sheet.data, "text/plain": repr(self)}
        facts = {sheet.mime_type: {"alt": _table.headline(self)}}
        view("present")((bundle, facts))

    def to_dataframe(self) -> Any:
        """One row per cell, as a pandas ``DataFrame``."""
        import pandas

        return pandas.DataFrame(list(_table.rows(self)), columns=list(_table.columns(self)))

    def export(self, path: str | os.PathLike[str]) -> Path:
        """Everything in one zip: ``images/``, ``records.jsonl``, ``table.csv``; :meth:`load` reads it.

        Raises:
            InvalidRequestError: the name ends in anything but ``.zip``, or it can't be written.
        """
        return _exchange.export(self, Path(path))

    @classmethod
    def load(cls, path: str | os.PathLike[str], *, session: Session | None = None) -> Comparison:
        """The comparison of a zip. Its records join the session's history, so it can go on from there."""
        using = session or current()
        cells, outcomes = _exchange.load(Path(path), using)
        return cls(cells, session=using, outcomes=outcomes)


def _checked(concurrency: int) -> int:
    if isinstance(concurrency, bool) or not isinstance(concurrency, int) or concurrency < 1:
        raise InvalidRequestError(say("session.bad_take", name="concurrency", value=concurrency))
    return concurrency


def batch(
    images: Any,
    prompt: str,
    *,
    model: str | None = None,
    aspect_ratio: str | None = None,
    image_size: str | None = None,
    takes: int = 1,
    session: Session | None = None,
) -> Comparison:
    """Plan one instruction over many pictures; nothing is sent before ``.run()``.

    Args:
        images: a list (or a column of a table, or an array of names) of anything ``nb.edit`` takes, one
            cell each; pictures that go together into one edit stand in a list of their own; a dict
            names them.
        prompt, model, aspect_ratio, image_size: as for ``nb.edit``.
        takes: how many attempts at each.
        session: the notebook's own when None.
    """
    texts = {"prompt": prompt, "model": model, "aspect_ratio": aspect_ratio, "image_size": image_size}
    axes = {axis: choices(given, axis) for axis, given in texts.items()} | {"wire": choices(None, "wire")}
    return Comparison(cells_of(sources_of(images), axes, takes), session=session)


def compare(
    images: Any,
    prompts: Texts,
    *,
    models: MaybeTexts = None,
    aspect_ratios: MaybeTexts = None,
    image_sizes: MaybeTexts = None,
    wires: WireName | Iterable[WireName | None] | Mapping[str, WireName | None] | None = None,
    takes: int = 1,
    session: Session | None = None,
) -> Comparison:
    """Plan every combination of what is given; nothing is sent before ``.run()``.

    One thing or several may be given for each; None is the default of ``nb.edit``. A dict names its values:
    ``{"short": "Make it night", "long": "Make it night, with lanterns"}`` sends the values and shows the
    names. A combination that can't work (a size its model lacks, a size on a chat wire) is in the plan as
    its error, free.

    Args:
        images: pictures as for :func:`batch`; None makes new pictures from words.
        prompts, models, aspect_ratios, image_sizes: the values to cross.
        wires: ``"gemini"``, ``"openai"``: the same host and key over another wire.
        takes: how many attempts at each combination.
        session: the notebook's own when None.

    Raises:
        InvalidRequestError: an axis is empty, or is neither text nor texts in order (a set, a whole table).
    """
    texts = {
        "prompt": prompts,
        "model": models,
        "aspect_ratio": aspect_ratios,
        "image_size": image_sizes,
        "wire": wires,
    }
    axes = {axis: choices(given, f"{axis}s") for axis, given in texts.items()}
    return Comparison(cells_of(sources_of(images), axes, takes), session=session)
