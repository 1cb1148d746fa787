""":class:`Comparison`, and the two functions that plan one."""

from __future__ import annotations

import base64
import os
import warnings
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from concurrent.futures import Executor
from contextlib import ExitStack
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any, Final, cast, overload

from .. import _worker
from .._asking import settings_read
from .._catalog.names import ModelName, Ratio, Size
from .._display import view
from .._images.saving import path_of
from .._messages import Settings, check_count
from .._result import EditResult
from .._session.door import Session
from .._session.own import current
from .._strings import say
from .._wire.wires import WireName
from ..errors import (
    AuthenticationError,
    BudgetError,
    NanoBananaError,
    QuotaError,
)
from .cells import AXES, MAX_CELLS, Cell, Place, cells_of, inputs_of
from .estimate import PlanEstimate, Request, estimate
from .exchange import export, load
from .given import Several, Texts, choices
from .held import Held, Outcome
from .places import Endpoints, places_of
from .run import run
from .sending import ExecutorGoneError, NotSharedError, look_up, paid_before, send, send_by
from .sheet import LARGE, sheet
from .standing import alike, as_served, stand
from .table import columns, headline, rows, text

Send = Callable[[Session, Cell], Awaitable[EditResult]]
_STOP: Final = (BudgetError, ExecutorGoneError, NotSharedError)
"""After one of these no other request would fare better."""
_STOP_THERE: Final = (AuthenticationError, QuotaError)
"""After one of these no other request to the same place would."""


class Comparison:
    """A plan of edits and what came of them: ``nb.batch`` and ``nb.compare`` make one.

    A comparison is a sequence in plan order: each item is an :class:`EditResult`, the error of a cell
    that failed, or None for a cell that has not run. Images change slowest, then prompts, models,
    ratios, sizes, endpoints, wires; takes change fastest.

    Attributes:
        session: where its edits are made.
    """

    def __init__(
        self,
        cells: Sequence[Cell],
        *,
        session: Session | None = None,
        outcomes: Mapping[int, Outcome] | None = None,
    ) -> None:
        self.session = session or current()
        known = outcomes or {}
        if any(cell.endpoint is None for cell in cells):
            _ = self.session.endpoint  # an environment that can't be used is said at once
        stands = [stand(cell, self._session_of) for cell in cells]
        refused = {
            cell.index: one.error
            for cell, one in zip(cells, stands, strict=True)
            if one.error is not None and not isinstance(known.get(cell.index), EditResult)
        }
        self._held = Held(
            tuple(cells), refused, sandbox=all(one.is_sandbox for one in stands),
            spoken={cell.index: one.spoken for cell, one in zip(cells, stands, strict=True)},
        )  # fmt: skip
        self._over = set[Place]()
        self._alike = alike(zip(cells, stands, strict=True))
        for place, outcome in known.items():
            places = self._alike.get(place, (place,))
            self._held = self._held.with_outcome(places, outcome, self._origin(outcome))

    def _origin(self, outcome: Outcome) -> tuple[str, str] | None:
        """The provider and the wire of a replay, which may be from elsewhere than the cell would go."""
        if not (isinstance(outcome, EditResult) and outcome.replayed and outcome.record_id):
            return None
        record = self.session.history.record(outcome.record_id)
        return record.provider, record.wire

    def _session_of(self, cell: Cell) -> Session:
        """The session at a cell's place and on its wire.

        Raises:
            NanoBananaError: the place can't be used here, or does not speak the wire.
        """
        if cell.place.error is not None:
            raise cell.place.error
        session = self._session_at(cell.place)
        return session if cell.wire is None else session.with_wire(cell.wire)

    def _session_at(self, place: Place) -> Session:
        return self.session if place.endpoint is None else self.session.at(place.endpoint)

    @property
    def cells(self) -> tuple[Cell, ...]:
        """The coordinates of every cell, in plan order."""
        return self._held.cells

    @property
    def stopped(self) -> NanoBananaError | None:
        """The error that ended the last run early, or None."""
        return self._held.stopped

    @property
    def results(self) -> tuple[EditResult, ...]:
        """The results there are, in plan order."""
        return self._held.results

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
        return cell.index in self._held.impossible

    def __len__(self) -> int:
        return len(self._held)

    @overload
    def __getitem__(self, index: int | Cell) -> Outcome: ...
    @overload
    def __getitem__(self, index: slice) -> tuple[Outcome, ...]: ...
    def __getitem__(self, index: int | Cell | slice) -> Outcome | tuple[Outcome, ...]:
        """The outcome of a cell, by its place or by the cell itself."""
        if isinstance(index, slice):
            return tuple(self._held)[index]
        return self._held[range(len(self))[index.index if isinstance(index, Cell) else index]]

    def __iter__(self) -> Iterator[Outcome]:
        return iter(self._held)

    def estimate(self, concurrency: int = 4) -> PlanEstimate:
        """What running what is missing or failed would cost and take; history is free, nothing is sent."""
        before = self._look_back()
        counts: Counter[str] = Counter(impossible=len(self._held.impossible))
        requests: Counter[Request] = Counter()
        for cell in self.cells:
            if isinstance(self[cell], EditResult):
                counts["done"] += 1
            elif cell.index not in self._alike:
                continue
            elif self._known(cell) is not None:
                counts["replayed"] += 1
            elif self._is_first(cell):
                there = as_served(self._session_of(cell).endpoint, cell.model)
                requests[Request.at(there, cell.model, cell.image_size)] += 1
                counts["maybe_paid"] += cell.index in before
        return estimate(
            requests, _checked(concurrency), cells=len(self), done=counts["done"],
            impossible=counts["impossible"], replayed=counts["replayed"], maybe_paid=counts["maybe_paid"],
        )  # fmt: skip

    def _look_back(self) -> Mapping[int, int]:
        """By its place, how often each cell may have been paid before and brought no picture."""
        found = paid_before((self._session_of(cell), cell) for cell in filter(self._is_first, self.cells))
        before = {place: count for first, count in found.items() for place in self._alike[first]}
        self._held = replace(self._held, before=before)
        return before

    def _known(self, cell: Cell) -> EditResult | None:
        return look_up(self._session_of(cell), cell)

    def _is_first(self, cell: Cell) -> bool:
        """Whether it stands for those that ask for the very same."""
        return cell.index in self._alike and self._alike[cell.index][0] == cell.index

    # Running

    def run(self, concurrency: int = 4, executor: Executor | None = None) -> Comparison:
        """Make the edits that are missing or failed, and return this comparison.

        What history holds is replayed, free. A cell that fails keeps its error and the others go on; a
        used-up budget, a refused key and an empty balance end the sending (:attr:`stopped`). Ctrl-C
        cancels what is under way. Whatever ended it, running again does only what is left. A warning says
        first how many of the edits to send may have been billed before without a picture.

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
        lanes = _checked(concurrency)
        self._held, self._over = replace(self._held, stopped=None), set()
        first = filter(self._is_first, self.cells)
        todo = [cell for cell in first if not isinstance(self[cell], EditResult)]
        for place in dict.fromkeys(cell.place for cell in todo):
            self._session_at(place).announce()
        before = self._look_back()
        if again := sum(cell.index in before and self._known(cell) is None for cell in todo):
            warnings.warn(say("compare.paid_before", count=again), stacklevel=2)
        with ExitStack() as stack:
            by: Send = send
            if executor is not None:
                folder = stack.enter_context(self.session.history.run_folder())
                by = partial(send_by, executor, folder)
            run(todo, partial(self._do, by), lanes)
        if self.stopped is not None:
            left = len(self.missing)
            warnings.warn(say("compare.stopped", reason=self.stopped.message, left=left), stacklevel=2)
        return self

    async def _do(self, by: Send, cell: Cell) -> None:
        outcome: Outcome
        try:
            if cell.place not in self._over:
                outcome = await by(self._session_of(cell), cell)
            else:
                outcome = await _worker.in_thread(self._known, cell) or self[cell]
        except NanoBananaError as error:
            outcome = error
            if isinstance(error, (*_STOP, *_STOP_THERE)):
                self._held = replace(self._held, stopped=self.stopped or error)
                everywhere = isinstance(error, _STOP)
                self._over |= {one.place for one in self.cells} if everywhere else {cell.place}
        origin = await _worker.in_thread(self._origin, outcome)
        self._held = self._held.with_outcome(self._alike[cell.index], outcome, origin)

    # Showing and keeping

    def __repr__(self) -> str:
        return text(self._held)

    def _repr_mimebundle_(self, **_: Any) -> tuple[dict[str, Any], dict[str, Any]]:
        if not any(outcome is not None for outcome in self):
            return {"text/plain": repr(self)}, {}  # a plan has nothing to look at yet
        picture = sheet(self._held)  # first: what it draws need not be read again for the words
        shown = base64.b64encode(picture.data).decode()
        facts = {picture.mime_type: {"width": picture.width, "alt": headline(self._held)}}
        return {picture.mime_type: shown, "text/plain": repr(self)}, facts

    def _ipython_display_(self) -> None:
        view("present")(self._repr_mimebundle_())

    def show(self) -> None:
        """Show the contact sheet larger than the cell's own display."""
        picture = sheet(self._held, tile=384, budget=LARGE)
        if view("namespace")() is None:
            picture.to_pil().show()
            return
        bundle = {picture.mime_type: picture.data, "text/plain": repr(self)}
        facts = {picture.mime_type: {"alt": headline(self._held)}}
        view("present")((bundle, facts))

    def to_dataframe(self) -> Any:
        """One row per cell, as a pandas ``DataFrame``."""
        import pandas

        if self._held.before is None:
            self._look_back()
        return pandas.DataFrame(list(rows(self._held)), columns=list(columns(self._held)))

    def export(self, path: str | os.PathLike[str]) -> Path:
        """Everything in one zip: ``images/``, ``records.jsonl``, ``table.csv``; :meth:`load` reads it.

        Raises:
            InvalidRequestError: the name ends in anything but ``.zip``, or it can't be written.
        """
        return export(self._held, self.session.history, path_of(path))

    @classmethod
    def load(
        cls, path: str | os.PathLike[str], *, session: Session | None = None, endpoints: Endpoints = None
    ) -> Comparison:
        """The comparison of a zip. Its records join the session's history, so it can go on from there.

        Args:
            path: the zip.
            session: the notebook's own when None.
            endpoints: its endpoints, given again by what they are called in it, as for :func:`compare`: a zip
                holds neither key nor price, so others are found by name or address alone, with the key of
                this environment. A cell whose endpoint can't be used keeps what came of it, or is its error.
        """
        using = session or current()
        cells, outcomes = load(path_of(path), using, places_of(endpoints))
        return cls(cells, session=using, outcomes=outcomes)


def _checked(concurrency: int) -> int:
    check_count("concurrency", concurrency, MAX_CELLS)
    return concurrency


def batch(
    images: Any,
    prompt: str,
    *,
    model: ModelName | None = None,
    aspect_ratio: Ratio | None = None,
    image_size: Size | None = None,
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
    return Comparison(cells_of(inputs_of(images), axes, takes), session=session)


def compare(
    images: Any,
    prompts: Texts,
    *,
    models: Several[ModelName] = None,
    aspect_ratios: Several[Ratio] = None,
    image_sizes: Several[Size] = None,
    endpoints: Endpoints = None,
    wires: Several[WireName] = None,
    takes: int = 1,
    mask: Any = None,
    seed: int | None = None,
    extra: Mapping[str, Any] | None = None,
    session: Session | None = None,
) -> Comparison:
    """Plan every combination of what is given; nothing is sent before ``.run()``.

    One thing or several may be given for each; None is the default of ``nb.edit``. A dict names its values:
    ``{"short": "Make it night", "long": "Make it night, with lanterns"}`` sends the values and shows the
    names. A combination that can't work (a size its model lacks, a size on a chat wire, a model that an
    endpoint doesn't serve) is in the plan as its error, free. Each model goes over the wire that carries it,
    unless ``wires`` says which.

    Args:
        images: pictures as for :func:`batch`; None makes new pictures from words.
        prompts, models, aspect_ratios, image_sizes: the values to cross.
        endpoints: where to: an ``nb.Endpoint``, a provider's name (``"apiyi"``, with the key of its own
            variable) or an address (``"http://127.0.0.1:8000"``); history and budget are the session's.
        wires: ``"gemini"``, ``"openai"``, ``"images"``: the same host and key over another wire.
        takes: how many attempts at each combination.
        mask, seed, extra: as for ``nb.edit``, one for all.
        session: the notebook's own when None.

    Raises:
        InvalidRequestError: an axis is empty, or is neither text nor texts in order (a set, a whole table);
            an endpoint is none, or one of the settings for all can't be.
    """
    texts = {
        "prompt": prompts,
        "model": models,
        "aspect_ratio": aspect_ratios,
        "image_size": image_sizes,
        "wire": wires,
    }
    axes = {axis: choices(given, f"{axis}s") for axis, given in texts.items()}
    axes["endpoint"] = places_of(endpoints)
    in_order: dict[str, Any] = {axis: axes[axis] for axis in AXES if axis in axes}
    given = {"mask": mask, "seed": seed, "extra": extra}
    common = settings_read(cast(Settings, {name: one for name, one in given.items() if one is not None}))
    return Comparison(cells_of(inputs_of(images), in_order, takes, common), session=session)
