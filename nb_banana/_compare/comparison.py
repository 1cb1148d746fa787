""":class:`Comparison`: a plan of edits, what came of them, how they are looked at and kept."""

from __future__ import annotations

import os
import threading
import warnings
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import replace
from typing import Any

from .. import _worker
from .._catalog.names import ModelName, Ratio, Size
from .._client.places import looking_in
from .._display import view
from .._images.saving import path_of
from .._messages import check_count
from .._session.door import Session
from .._session.own import current, places_here
from .._strings import Lang, say
from .._wire.wires import WireName
from ..errors import InvalidRequestError
from .cells import MAX_CELLS, Cell
from .estimate import PlanEstimate
from .exchange import load
from .given import Replace, Seeds, Several, Texts
from .held import Held, Outcome
from .left import estimate_of
from .order import RunOrder, asked_of, in_order
from .outcomes import Outcomes
from .places import Endpoints, places_of
from .plan import Plan
from .planning import batched, crossed
from .progress import Progress
from .running import Run
from .table import text
from .watching import follow


class Comparison(Outcomes):
    """A plan of edits and what came of them: ``nb.batch`` and ``nb.compare`` make one.

    A comparison is a sequence in plan order: each item is an :class:`EditResult`, the error of a cell
    that failed, or None for a cell that has not run. Images change slowest, then prompts, phrases, models,
    ratios, sizes, endpoints, wires, seeds, the turns of a chain; takes change fastest.
    """

    def __init__(
        self,
        cells: Sequence[Cell],
        *,
        session: Session | None = None,
        outcomes: Mapping[int, Outcome] | None = None,
    ) -> None:
        self._given = session
        self._plan = Plan.of(cells, session or current())
        super().__init__(self._plan.held(outcomes or {}), self._of_now, self._plan_paid_before)
        self._run: Run | None = None
        self._beginning = threading.RLock()
        self._listeners: list[Callable[[], Any]] = []

    def _plan_paid_before(self, held: Held) -> Mapping[int, int]:
        return self._plan.paid_before(held)

    def _of_now(self) -> Session:
        """The session given, else the notebook's own of now, if that one's history holds what came."""
        using, before = self._given or current(), self._plan.asked
        there, here = (one.history.folder.absolute() for one in (before, using))
        return before if self._holder.held.outcomes and there != here else using

    def _standing(self) -> Plan:
        """The plan where edits go now: where that is elsewhere than it says, it stands anew. While a run is
        under way it stays that one's.

        Raises:
            InvalidRequestError: the notebook's session keeps another history by now than what came.
        """
        with self._beginning:
            if self._run is not None and self._run.running:
                return self._plan
            using = self._of_now()
            if self._given is None and using is not (now := current()):
                folders = {"folder": using.history.folder, "now": now.history.folder}
                hint = say("running.other_history_hint")
                raise InvalidRequestError(say("running.other_history", **folders), hint=hint)
            if using is not self._plan.asked or not self._plan.goes_as(using):
                self._plan = Plan.of(self.cells, using)
                self._holder.change(self._plan.anew)
            return self._plan

    def estimate(self, concurrency: int = 4) -> PlanEstimate:
        """What running what is missing or failed would cost and take; history is free, nothing is sent."""
        lanes = _checked(concurrency)
        plan = self._standing()
        held = self._looked_back()
        return estimate_of(plan, held, held.before or {}, lanes)

    # Running

    def run(
        self,
        concurrency: int = 4,
        executor: Executor | None = None,
        order: RunOrder = "spread",
        cells: Iterable[Cell | int] | None = None,
    ) -> Comparison:
        """Make the edits that are missing or failed, and return this comparison.

        What history holds is replayed, free. A cell that fails keeps its error and the others go on; a
        used-up budget ends the sending, a refused key, an empty balance and a host that can't be reached end
        it at that place (``stopped``); where a provider asks for fewer requests, it gets fewer. Ctrl-C
        cancels what is under way, :meth:`stop` from elsewhere lets it end. A run goes where edits went when
        it began: once they go elsewhere, or with another key, it ends. Whatever ended it, running again does
        only what is left. A warning says first how many of the edits to send may have been billed before
        without a picture.

        Args:
            concurrency: how many edits are under way at once, wherever they run.
            order: ``"spread"`` makes take 1 of everything first, evenly over the plan, so that what is there
                when it is stopped is a fair sample; ``"plan"`` goes through the cells in order.
            cells: only these, such as ``c.failed`` or ``[3]``.
            executor: any ``concurrent.futures.Executor``: its workers send the requests, with the key
                of their own environment; history and budget stay here. The workers must share the
                history's folder (on this machine they do; over several, keep it on a common disk with
                ``NB_BANANA_HISTORY``): a worker marks each edit there before it sends it, so that an
                engine that runs a lost task again does not pay twice. Such an edit ends as an error
                that may be billed; a worker without the folder sends nothing, and the run stops. Choose
                threads or Dask: of a ``ProcessPoolExecutor`` one dead worker breaks the whole pool, and
                every edit under way in its healthy neighbours is lost with it, each maybe paid.
        """
        run = self._begin(concurrency, executor, order, cells)
        follow(run)
        if run.stopped is not None:
            left = len(self.missing)
            warnings.warn(say("compare.stopped", reason=run.stopped.message, left=left), stacklevel=2)
        return self

    def start(self, concurrency: int = 4, executor: Executor | None = None, order: RunOrder = "spread",
              cells: Iterable[Cell | int] | None = None) -> Comparison:  # fmt: skip
        """:meth:`run` in the background: returns at once; :meth:`wait` waits for it, :meth:`stop` ends it."""
        self._begin(concurrency, executor, order, cells)
        return self

    def _begin(
        self, concurrency: int, executor: Executor | None, order: RunOrder, cells: Iterable[Cell | int] | None
    ) -> Run:
        def put(cell: Cell, outcome: Outcome, origin: tuple[str, str] | None) -> None:
            places = plan.alike[cell.index]
            self._holder.change(lambda held: held.with_outcome(places, outcome, origin))

        def stays() -> bool:
            return plan.goes_as(self._given or current())

        lanes = _checked(concurrency)
        with self._beginning:  # two threads, one run
            if self._run is not None and self._run.running:
                raise InvalidRequestError(say("running.already"))
            plan = self._standing()
            todo = in_order(asked_of(plan, self._holder.held, cells), order)
            for place in dict.fromkeys(cell.place for cell in todo):
                plan.announce(place)
            before = self._looked_back().before or {}
            if again := sum(cell.index in before for cell in todo):
                warnings.warn(say("compare.paid_before", count=again), stacklevel=3)
            self._holder.change(lambda held: replace(held, stopped=None))
            self._run = Run(plan, lambda at: self._holder.held[at], put, self._changed, stays)
            self._run.start(todo, lanes, executor)
            return self._run

    def stop(self) -> None:
        """Send nothing more; what is under way may be billed, so it is awaited and kept."""
        if self._run is not None:
            self._run.stop()

    def wait(self, timeout: float | None = None) -> Comparison:
        """Wait for the run under way, at most ``timeout`` seconds, and return this comparison."""
        if self._run is not None:
            self._run.wait(timeout)
        return self

    def when_changed(self, listener: Callable[[], Any]) -> Callable[[], None]:
        """Call ``listener()`` after each outcome and when a run begins or ends, beside the kernel's thread.

        What it raises is logged, and the run goes on. Returns a function that ends it.
        """
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    def _changed(self) -> None:
        stopped = self._run.stopped if self._run else None
        if stopped is not None:
            self._holder.change(lambda held: replace(held, stopped=stopped))
        for listener in tuple(self._listeners):
            _worker.looks_on(listener)

    @property
    def progress(self) -> Progress:
        """How far the run under way is, or the last one."""
        return self._run.progress if self._run else Progress()

    def __repr__(self) -> str:
        if self._holder.held.outcomes or (self._run is not None and self._run.running):
            return text(self._holder.held)
        plan, held = self._standing(), self._holder.held
        before = plan.paid_before(held, ask=False)
        return f"{estimate_of(plan, held, before, 4, ask=False)}\n{text(held)}"

    def grid(self, *, slot: bool = True, lang: Lang | None = None) -> Any:
        """A table to look at, sort, mark and run; ``slot``: with what a saved notebook shows under it."""
        return view("grid")(self, self._standing, lambda: self._holder.held, slot=slot, lang=lang)

    @classmethod
    def load(
        cls, path: str | os.PathLike[str], *, session: Session | None = None, endpoints: Endpoints = None
    ) -> Comparison:
        """The comparison of a zip, with its figures. Its records join the session's history, so it can go on.

        Args:
            path: the zip.
            session: the notebook's own when None.
            endpoints: its endpoints, given again by what they are called in it, as for :func:`compare`: a zip
                holds neither key nor price, so others are found by name or address alone, with the key of
                this environment. A cell whose endpoint can't be used keeps what came of it, or is its error.
        """
        using = session or current()
        with looking_in(places_here(using)):
            read = load(path_of(path), using, places_of(endpoints))
        found = cls(read.cells, session=session, outcomes=read.outcomes)
        found._holder.change(read.told)
        found._scored = read.scored
        return found


def _checked(concurrency: int) -> int:
    return check_count("concurrency", concurrency, MAX_CELLS)


def batch(
    images: Any,
    prompt: str,
    *,
    model: ModelName | None = None,
    aspect_ratio: Ratio | None = None,
    image_size: Size | None = None,
    takes: int = 1,
    mask: Any = None,
    seed: int | None = None,
    extra: Mapping[str, Any] | None = None,
    session: Session | None = None,
) -> Comparison:
    """Plan one instruction over many pictures; nothing is sent before ``.run()``.

    Args:
        images: a list (or a column of a table, or an array of names) of anything ``nb.edit`` takes, one
            cell each; pictures that go together into one edit stand in a list of their own; a dict
            names them.
        prompt, model, aspect_ratio, image_size: as for ``nb.edit``.
        takes: how many attempts at each.
        mask, seed, extra: as for ``nb.edit``, one for all.
        session: the notebook's own when None.
    """
    texts = {"prompt": prompt, "model": model, "aspect_ratio": aspect_ratio, "image_size": image_size}
    common = {"mask": mask, "seed": seed, "extra": extra}
    with looking_in(places_here(session)):
        cells = batched(images, texts, takes, common)
    return Comparison(cells, session=session)


def compare(
    images: Any,
    prompts: Texts | None = None,
    *,
    models: Several[ModelName] = None,
    aspect_ratios: Several[Ratio] = None,
    image_sizes: Several[Size] = None,
    endpoints: Endpoints = None,
    wires: Several[WireName] = None,
    seeds: Seeds = None,
    replace: Replace = None,
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
        images: pictures as for :func:`batch`; None makes new pictures from words. Or a table (a data frame, a
            list of dicts) with a row for each edit: columns ``image``, ``prompt`` and, if you like,
            ``model``, ``aspect_ratio``, ``image_size``, ``endpoint``, ``wire``, ``seed``, ``mask``; what it
            leaves out may be given here and is crossed, and columns of your own go along.
        prompts, models, aspect_ratios, image_sizes: the values to cross. A prompt that is a list inside the
            list, or in the dict, is a chain of steps: each edits the picture of the one before.
        endpoints: where to: an ``nb.Endpoint``, a provider's name (``"apiyi"``, with the key of its own
            variable) or an address (``"http://127.0.0.1:8000"``); history and budget are the session's.
        wires: ``"gemini"``, ``"openai"``, ``"images"``: the same host and key over another wire.
        seeds: the seeds to cross, where the model has them.
        replace: ``{"red": ["blue", "green"]}`` tries each prompt as it is and with every other phrase.
        takes: how many attempts at each combination.
        mask, seed, extra: as for ``nb.edit``, one for all.
        session: the notebook's own when None.

    Raises:
        InvalidRequestError: an axis is empty, or is neither text nor texts in order (a set, a whole table);
            an endpoint is none, or one of the settings for all can't be.
    """
    given = {
        "prompt": prompts, "model": models, "aspect_ratio": aspect_ratios, "image_size": image_sizes,
        "wire": wires, "endpoint": endpoints, "seed": seeds,
    }  # fmt: skip
    common = {"mask": mask, "seed": seed, "extra": extra}
    with looking_in(places_here(session)):
        cells = crossed(images, given, takes, common, replace)
    return Comparison(cells, session=session)
