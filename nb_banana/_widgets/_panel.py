"""The panel: one job at a time behind the controls.

Rules of this file:

* A click becomes one :class:`Ask` (a value), the ask becomes a job on the private loop, and the job
  calls the session. There is no other way from here to an edit.
* Whatever thread a callback runs on, state changes under one lock, and what people see is throttled.
* Nothing here waits for the network: the kernel stays free while an edit runs.
"""

from __future__ import annotations

import asyncio
import threading
import time
import uuid
from collections.abc import Callable, Generator, Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import ipywidgets

from .. import _worker
from .._catalog.models import ModelInfo, recommended_deadline
from .._catalog.prices import estimate
from .._catalog.providers import as_provider
from .._chain.links import chain_to
from .._images.data import ImageData
from .._messages import Order, Settings, request_of
from .._prompts.hints import lint
from .._prompts.scenarios import SCENARIOS
from .._strings import language, say, speaking, use_language
from ..errors import APITimeoutError, NanoBananaError
from . import _notebook, _past, _source, _states, _versus
from ._controls import AUTO, CHIPS, NOTHING, Controls
from ._marked import marked
from ._refill import refill
from ._shown import amount
from ._states import Shown
from ._tray import Picture

if TYPE_CHECKING:
    from .._chain.links import Chain
    from .._result import EditResult
    from .._session.door import Session

TICK: Final = 0.5
LATE_SHOWN: Final = 3


@dataclass(frozen=True, slots=True)
class Ask:
    """Everything one click asks for, as it stood at that moment."""

    pictures: tuple[Picture, ...]
    prompt: str
    model: str | None
    aspect_ratio: str | None
    image_size: str | None
    takes: int

    @property
    def images(self) -> list[ImageData]:
        """The input pictures."""
        return [picture.image for picture in self.pictures]

    @property
    def last(self) -> ImageData | None:
        """The last input: the one that is compared with the result, and decides its shape."""
        return self.pictures[-1].image if self.pictures else None

    @property
    def parent(self) -> str | None:
        """The record of the last input that is itself a result."""
        return next((one.record_id for one in reversed(self.pictures) if one.record_id), None)

    @property
    def settings(self) -> Settings:
        """The three settings, by the names ``nb.edit`` gives them."""
        return {"model": self.model, "aspect_ratio": self.aspect_ratio, "image_size": self.image_size}

    def ratio(self, info: ModelInfo) -> str:
        """The ratio asked for, or the one the last input leads to."""
        if self.aspect_ratio is not None:
            return self.aspect_ratio
        return info.nearest_ratio(*self.last.shown_size) if self.last else "1:1"

    @property
    def request(self) -> tuple[Any, ...]:
        """What is sent: two asks that send the same share their takes."""
        return ([image.sha256 for image in self.images], self.prompt, self.settings)


@dataclass(slots=True, eq=False)
class _Run:
    """One click's run. Stop ends it for the panel at once; what is on its way comes to its own end."""

    ask: Ask
    again: tuple[int, ...]
    began: float = field(default_factory=time.monotonic)
    ended: Future[None] = field(default_factory=Future)
    takes: Sequence[int] = ()
    stopped: bool = False

    @property
    def count(self) -> int:
        """How many pictures it asks for."""
        return len(self.again) or self.ask.takes

    def goes_on(self) -> bool:
        """Whether somebody still waits for it."""
        return not self.stopped


class Panel(Controls):
    """Edit pictures without writing code; the result is ``panel.result``.

    Attributes:
        prompt, model, aspect_ratio, image_size, takes: the controls; read or set their ``value``.
        run_button, stop_button: what a click does, ``run_button.click()`` does too.
        tray, viewer, status: the pictures going in, the picture that came, and what is going on.
    """

    def __init__(
        self,
        images: Any = None,
        *,
        session: Session | None = None,
        slot: bool = True,
        out: str | None = None,
        lang: str | None = None,
    ) -> None:
        self._session = session
        self._lock = threading.RLock()
        self._run: _Run | None = None
        self._left: tuple[_Run, ...] = ()
        self._counting: asyncio.Task[None] | None = None
        self._last: Ask | None = None
        self._results: tuple[EditResult, ...] = ()
        self._latest: tuple[EditResult, ...] = ()
        self._failures: dict[int, NanoBananaError] = {}
        self._problem: NanoBananaError | None = None
        self._chosen = 0
        self._listeners: list[Callable[[EditResult], Any]] = []
        self._slot = slot and not _notebook.in_voila()
        self._slot_id = f"nb-banana-{uuid.uuid4().hex}"
        self._slot_shown = False
        self._refresh_soon = _worker.Throttle(lambda _: self._refresh(), 0.1)
        self._recode_soon = _worker.Throttle(lambda _: _worker.aside(self._recode), 0.4)
        with speaking(lang):
            self._out = None if out is None else _notebook.check_out(out)
            super().__init__(images, lang, self._heard, self._take_key, lambda _: self._keep_inputs())
            self._code.note = say("panel.code_out", name=out) if out else ""
            self._cell = _past.place_of(_notebook.place(), self.tray.pictures)
            self._offer(self.session)
            self._come_back()
            self._listen()
            self._refresh()

    # --- what people and programs read ------------------------------------------------------------

    @property
    def session(self) -> Session:
        """The session edits go through: the one given, else the notebook's own."""
        if self._session is not None:
            return self._session
        from .._session.own import current

        return current()

    @property
    def result(self) -> EditResult | None:
        """What ``nb.edit`` would have returned for the last run; None before the first."""
        if len(self._latest) < 2:
            return self._latest[0] if self._latest else None
        from .._result import with_takes

        return with_takes(self._latest)

    @property
    def results(self) -> tuple[EditResult, ...]:
        """Every result of this panel, in the order they came."""
        return self._results

    @property
    def image(self) -> ImageData | None:
        """The picture being shown: the last run's, or the take picked under it."""
        return self._latest[self._chosen].image if self._latest else None

    @property
    def chain(self) -> Chain | None:
        """The edits that led to the picture being shown, as a :class:`Chain`; None before the first."""
        return chain_to(self._latest[self._chosen], self.session) if self._latest else None

    @property
    def code(self) -> str:
        """The Python of the last click, or of the next one once something changed. Its files exist."""
        self._recode()
        self._keep_inputs()
        return str(self._code.code)

    @property
    def running(self) -> bool:
        """Whether an edit is under way."""
        return self._run is not None and not self._run.ended.done()

    def on_result(self, listener: Callable[[EditResult], Any]) -> None:
        """Call ``listener(result)`` for each picture as it comes, on a thread of the panel's."""
        self._listeners.append(listener)

    def wait(self, timeout: float | None = None) -> EditResult | None:
        """Wait for the run under way and return :attr:`result`; safe in a cell.

        Raises:
            NanoBananaError: the run brought no picture, or ``timeout`` seconds passed.
        """
        if self._run is not None:
            try:
                self._run.ended.result(timeout)
            except TimeoutError:
                with speaking(self._lang):
                    sentence = say("panel.wait_over", timeout=timeout)
                raise APITimeoutError(sentence, may_be_billed=True) from None
        return self._outcome()

    def __await__(self) -> Generator[Any, None, EditResult | None]:
        if self._run is not None:
            yield from asyncio.shield(asyncio.wrap_future(self._run.ended)).__await__()
        return self._outcome()

    def _outcome(self) -> EditResult | None:
        if self._problem is not None:
            raise self._problem
        return self.result

    def _ipython_display_(self, **_: Any) -> None:
        view = self._repr_mimebundle_()
        with speaking(self._lang):
            view["text/plain"] = say("panel.plain")
        _notebook.publish((view, {}), f"{self._slot_id}-panel", update=False)
        if self._slot:
            self._slot_shown = True
            self._fill_slot(update=False)

    def _fill_slot(self, *, update: bool) -> None:
        """The plain picture under the panel, and its words; both are empty until one has come."""
        result = self.result
        bundle = ({"text/plain": ""}, {}) if result is None else result._repr_mimebundle_()
        _notebook.present(bundle, self._slot_id, update=update)

    def _come_back(self) -> None:
        """Stand where this cell's panel stood before, if the history knows it."""
        records = _past.records_of(self.session, self._cell)
        if not records:
            return
        given, last = self.tray.pictures, records[-1]
        refill(self, last, self.session)
        if [one.image.sha256 for one in given] == [one.image.sha256 for one in self.tray.pictures]:
            self.tray.put(given)  # the same pictures, under the names the cell knows them by
        self._results = results = tuple(self.session.result_of(record) for record in records)
        self._last, self._latest = self.ask(), results[-1:]
        try:
            self._choose(0)
        except NanoBananaError as error:  # its file is gone: the panel says so and starts anew
            self._last, self._latest, self._results, self._note.text = None, (), (), error.message
            return
        self._code.code = self._python(self._last, last.take)
        self._show(_states.returned(results[-1]))

    # --- what people do ---------------------------------------------------------------------------

    def _listen(self) -> None:
        presses: dict[ipywidgets.Button, Callable[[], Any]] = {
            self.run_button: self._start, self.stop_button: self._stop, self._save: self._save_result,
            self._continue: self._continue_from_result, self._measure: self._measure_changes,
            self._mark: self._mark_region,
            self._retry: lambda: self._start(again=tuple(self._failures)),
            self._key_button: lambda: self._toggle(self._entry, self._is_off(self._entry)),
            **{chip: partial(self._use_prompt, SCENARIOS[key].prompt)
               for chip, key in zip(self._chips.children, CHIPS, strict=False)},
        }  # fmt: skip
        for button, action in presses.items():
            self._press(button, action)
        self._against.observe(lambda change: self._compare_with(change["new"]), "value")
        self._examples.observe(lambda change: self._use_prompt(change["new"]), "value")
        self.model.observe(lambda _: self._model_changed(), "value")
        for control in (self.prompt, self.model, self.aspect_ratio, self.image_size, self.takes):
            control.observe(lambda _: self._refresh_soon(None), "value")
        self.tray.observe(lambda _: self._refresh_soon(None), "revision")
        self.viewer.observe(lambda _: self._region_changed(), "region")

    def _press(self, button: ipywidgets.Button, action: Callable[[], Any]) -> None:
        """Call ``action`` when the button is pressed, in the panel's language."""

        def pressed(_: Any) -> None:
            with speaking(self._lang):
                action()

        button.on_click(pressed)

    def _model_changed(self) -> None:
        with speaking(self._lang):
            self._offer_choices(self.session)

    def _heard(self, message: Mapping[str, Any]) -> None:
        """What the page says through the status line."""
        if message.get("t") == "run":
            self.status.send({"t": "ack"})
            self._take_values(message.get("values") or {})
            self._start()
        elif message.get("t") == "page":
            before = language()
            use_language(message.get("lang"))
            if language() != before and self._lang is None:
                self._name()
                self._offer(self.session)
                self._refresh()

    def _use_prompt(self, prompt: str) -> None:
        if prompt:
            self.prompt.value = prompt
            self._examples.value = ""

    def _take_key(self, message: Mapping[str, Any]) -> None:
        with speaking(self._lang):
            try:
                key, provider, base_url = (str(message.get(n) or "") for n in ("key", "provider", "base_url"))
                sure = message.get("sure") is True
                self.session.use_key(key, provider=provider, base_url=base_url, sure=sure)
            except NanoBananaError as error:
                self._show(_states.failed(error))
                return
            self._toggle(self._entry, False)
            self._offer(self.session)
            self._refresh()

    # --- what is about to happen ------------------------------------------------------------------

    def ask(self) -> Ask:
        """What a click would ask for now."""
        info, size = self._info(self.session), self.image_size.value
        return Ask(
            pictures=self.tray.pictures,
            prompt=self.prompt.value.strip(),
            model=None if self.model.value == self.session.default_model() else self.model.value,
            aspect_ratio=None if self.aspect_ratio.value == AUTO else self.aspect_ratio.value,
            image_size=None if info is None or size == info.default_size else size,
            takes=self.takes.value,
        )

    def _refresh(self) -> None:
        """Bring the words up to date with the controls: what is sent, what it costs, the code."""
        with speaking(self._lang), self._lock:
            ask = self.ask()
            self.tray.follow = ask.aspect_ratio is None
            self._toggle(self._chips, not ask.prompt)
            self.run_button.description = say("panel.run" if ask.pictures else "panel.run_generate")
            self._advice.text = _advice(ask)
            self._sends.text = self._about(ask)
            if not self.running and not self._latest and self.viewer.ground != ask.last:
                self.viewer.show(before=ask.last)
            if not self.running and self.status.state in ("empty", "loaded"):
                self._show(_states.waiting(bool(ask.pictures), bool(ask.prompt)))
        self._recode_soon(None)

    def _recode(self) -> None:
        """Show the Python of the next click. Slow with large pictures: runs beside the loop."""
        with speaking(self._lang):
            ask = self.ask()
            if self.running or ask == self._last:  # after a run its own code stays, until something changes
                return
            try:
                code = self._python(ask, self._next(ask)) if ask.prompt else ""
            except NanoBananaError as error:  # the same sentence would meet the click
                self._advice.text, code = f"⚠ {error.message}", ""
            with self._lock:
                if not self.running and (code or self._last is None):
                    self._code.code = code

    def _next(self, ask: Ask) -> int:
        """The next free take; one that was stopped and may still come is not free."""
        left = [take for run in self._left if run.ask.request == ask.request for take in run.takes]
        return max([self.session.next_take(ask.images, ask.prompt, **ask.settings), *(n + 1 for n in left)])

    def _about(self, ask: Ask) -> str:
        """What will be sent, what will come back, and what it costs, before the click."""
        if not ask.pictures and not ask.prompt:
            return ""
        info, provider = self._info(self.session), self.session.endpoint.name or "custom"
        parts = [_sent(ask)]
        if info is not None:
            width, height = info.pixels(ask.ratio(info), ask.image_size)
            parts.append(say("panel.comes", width=width, height=height, ratio=ask.ratio(info)))
            cost = estimate(info, ask.image_size, ask.takes, provider=provider).cost
            known = "panel.estimated" if cost.amount is not None else "panel.no_price"
            parts.append(say("panel.free" if self.session.sandbox else known, cost=cost))
        return " · ".join(parts) + _altered(ask, provider)

    def _python(self, ask: Ask, take: int) -> str:
        folder = self.session.history.folder
        names = [_source.expression(picture, folder) for picture in ask.pictures]
        target = self._out or "result"
        return _source.call(target, names, ask.prompt, ask.settings, take=take, takes=ask.takes)

    def _keep_inputs(self) -> None:
        """Write the input files the code names."""
        pictures = (*self.tray.pictures, *(self._last.pictures if self._last else ()))
        try:
            _source.keep(pictures, self.session.history.folder)
        except (OSError, NanoBananaError) as problem:
            with speaking(self._lang):
                self._note.text = say("panel.inputs_not_kept", reason=problem)

    # --- a run ------------------------------------------------------------------------------------

    def _start(self, again: tuple[int, ...] = ()) -> None:
        """Begin a run, unless one is under way: a double click is one run.

        Args:
            again: the takes of the last run to send once more; the rest of it stays.
        """
        with speaking(self._lang), self._lock:
            if self.running:
                return
            if self._elsewhere():
                return
            ask = self._last if again and self._last else self.ask()
            if not ask.prompt:
                text = say("panel.needs_prompt")
                self._show(Shown("loaded" if ask.pictures else "empty", text, announce=text))
                return
            self._last, self._problem, self._failures = ask, None, {}
            if not again:
                self._latest, self._chosen = (), 0
            self._late.text = ""
            self._run = run = _Run(ask, again)
            self._busy(True)
            self._toggle(self._retry, False)
            self._show(_states.running(0, self._usual(ask), _limit(ask), 0, run.count))
            self._expect(ask)
            _worker.submit(self._job(run))

    def _elsewhere(self) -> bool:
        """Whether edits go elsewhere than the panel says: then it says so, and this click sends nothing."""
        before = self._place
        self._offer(self.session)
        if self._place == before:
            return False
        self._refresh()
        text = say("panel.place_changed", place=self._place, price=self._sends.text)
        self._show(Shown("loaded", text, announce=text))
        return True

    def _stop(self) -> None:
        """Stop waiting: the panel is ready at once. What is on its way may be billed, so it goes on."""
        with self._lock:
            if self._run is None or self._run.ended.done():
                return
            self._run.stopped = True
            self._left = (*self._left, self._run)
            self._end(self._run, _states.stopped(self.session.sandbox, len(self._latest)))
        self._refresh()

    async def _job(self, run: _Run) -> None:
        """One run, from the click to the last take. Whatever happens, the panel ends up usable."""
        if self._counting is not None:
            self._counting.cancel()
        problem: Exception | None = None
        with speaking(self._lang):
            ticking = asyncio.create_task(self._tick(run))
            try:
                shown = await self._takes(run)
            except NanoBananaError as error:
                problem, shown = error, _states.failed(error)
            except Exception as fault:  # noqa: BLE001 - kept in the future, which wait() raises
                problem, shown = fault, _states.broken(fault)
            finally:
                ticking.cancel()
            self._end(run, shown, problem)
            with self._lock:
                self._left = tuple(one for one in self._left if one is not run)
            self._refresh()

    async def _takes(self, run: _Run) -> Shown:
        ask = run.ask
        await _worker.in_thread(self._keep_inputs)
        first = await _worker.in_thread(self._next, ask)
        if not run.again and run.goes_on():
            self._code.code = self._python(ask, first)
        run.takes = run.again or range(first, first + ask.takes)
        # One take's fault must not orphan the others: all are seen to their end, then it is raised.
        ends = await asyncio.gather(*(self._one(run, n) for n in run.takes), return_exceptions=True)
        for fault in filter(None, ends):
            raise fault
        if run.stopped:
            return _states.stopped(self.session.sandbox, 0)
        if self._latest:
            elapsed = time.monotonic() - run.began
            return _states.finished(self._latest, list(self._failures.values()), elapsed)
        problem = self._failures[min(self._failures)]
        if problem.retry_after:
            self._counting = asyncio.create_task(self._count_down(problem))
        raise problem

    async def _one(self, run: _Run, take: int) -> None:
        """One take: its picture is shown as soon as it is here; its failure is kept for the end."""
        ask = run.ask
        try:
            request = request_of(ask.images, ask.prompt, ask.settings)
            result = await self.session.asend(Order(request, take, parent=ask.parent), go_on=run.goes_on)
        except asyncio.CancelledError:
            if run.goes_on():
                raise
            self._note_late(say("panel.late_not_sent"))
        except NanoBananaError as error:
            with self._lock:
                if run.goes_on():
                    self._failures[take] = error
                    return
            self._note_late(say("panel.late_failed", reason=error.message))
        else:
            await _worker.in_thread(self._arrived, run, result)

    def _arrived(self, run: _Run, result: EditResult) -> None:
        with self._lock:
            late = run.stopped
            if not late:
                self._latest = tuple(sorted((*self._latest, result), key=lambda one: one.take))
                self._results = (*self._results, result)
                self._choose(self._latest.index(result))
        if late:
            self._came_late(result)
            return
        _past.remember(self.session, self._cell, result)
        if self._out is not None:
            _notebook.assign(self._out, self.result)
        if self._slot_shown:
            self._fill_slot(update=True)
        for listener in self._listeners:
            try:
                listener(result)
            except Exception as problem:  # noqa: BLE001 - a listener's fault must not lose a paid picture
                self._note.text = say("panel.listener_failed", kind=type(problem).__name__, reason=problem)

    def _came_late(self, result: EditResult) -> None:
        """A picture nobody waited for any more: it is in the history, and takes nobody's place."""
        _past.remember(self.session, self._cell, result, late=True)
        cost = say("panel.free") if result.sandbox else result.cost
        facts = f"{result.image.width}×{result.image.height} · {cost}"
        self._note_late(say("panel.late_came", facts=facts, record=result.record_id or "–"))

    def _note_late(self, text: str) -> None:
        with self._lock:
            self._late.text = "\n".join([*self._late.text.splitlines(), text][-LATE_SHOWN:])
            self.status.announce = text

    def _end(self, run: _Run, shown: Shown, problem: Exception | None = None) -> None:
        """The panel is ready again. A run that was stopped has ended before: it leaves a note."""
        ours = None if isinstance(problem, NanoBananaError) else problem
        with self._lock:
            if run.ended.done():
                if ours is not None:
                    self._note_late(shown.text)
                return
            self._problem = problem if isinstance(problem, NanoBananaError) else None
            self._finish(shown)
            if ours is None:
                run.ended.set_result(None)
            else:
                run.ended.set_exception(ours)

    def _finish(self, shown: Shown) -> None:
        self.viewer.settle()
        self._busy(False)
        self._show(shown)
        self._toggle(self._retry, bool(self._failures and self._latest))
        self._show_picks()
        self._offer(self.session)

    async def _tick(self, run: _Run) -> None:
        """Elapsed time against the usual one."""
        usual, limit, had = self._usual(run.ask), _limit(run.ask), len(self._latest)
        while True:
            await asyncio.sleep(TICK)
            with self._lock:
                if run.ended.done():
                    return
                came = len(self._latest) - had
                self._show(_states.running(time.monotonic() - run.began, usual, limit, came, run.count))

    async def _count_down(self, error: NanoBananaError) -> None:
        """Say how much of the wait a server asked for is left."""
        until = time.monotonic() + (error.retry_after or 0)
        shown = _states.failed(error)
        while (left := until - time.monotonic()) > 0:
            await asyncio.sleep(min(1.0, left))
            rest = say("panel.wait_left", seconds=f"{max(0.0, until - time.monotonic()):.0f}")
            self._show(replace(shown, hint=rest, announce=""))
        self._show(replace(shown, hint=say("panel.wait_done"), announce=say("panel.wait_done")))

    def _usual(self, ask: Ask) -> tuple[float, float] | None:
        info = self._info(self.session)
        provider = self.session.endpoint.name or "custom"
        return None if info is None else estimate(info, ask.image_size, provider=provider).seconds

    def _show(self, shown: Shown) -> None:
        with self.status.hold_sync():
            self.status.state, self.status.text = shown.state, shown.text
            self.status.hint, self.status.details = shown.hint, shown.details
            if shown.announce:
                self.status.announce = shown.announce

    # --- the result -------------------------------------------------------------------------------

    def _expect(self, ask: Ask) -> None:
        """Make room for the picture to come, over the one it comes from."""
        info = self._info(self.session)
        if not self.viewer.after and ask.last is not None:
            self.viewer.show(before=ask.last)
        if info is not None:
            self.viewer.expect(*info.pixels(ask.ratio(info), ask.image_size))

    def _choose(self, at: int) -> None:
        """Show one take of the last run."""
        self._chosen, result = at, self._latest[at]
        self.viewer.show(before=self._last.last if self._last else None, after=result.image)
        notes = [result.text.strip(), *(f"⚠ {warning}" for warning in result.warnings)]
        self._note.text = "\n".join(filter(None, notes))
        self._toggle(self._after, True)
        self._offer_comparison()
        self._region_changed()
        self._show_picks()

    def _offer_comparison(self) -> None:
        """The other results of this panel, to compare with the one shown; comparing ends here."""
        others = [
            (f"{at + 1} · {' '.join(one.request.prompt.split())[:32]}", at)
            for at, one in enumerate(self._results)
            if one is not self._latest[self._chosen]
        ]
        self._against.options = [(say("panel.compare"), NOTHING), *others]
        self._toggle(self._against, bool(others))

    @property
    def _comparing(self) -> bool:
        return bool(self._table.value)

    def _compare_with(self, at: int) -> None:
        """Lay another result under the one shown: the difference of their pixels, and of what was asked."""
        if not self._latest or (at == NOTHING and not self._comparing):
            return
        with speaking(self._lang), self._lock:
            if at == NOTHING:
                self._table.value, self.viewer.mode = "", "slider"
                self._choose(self._chosen)
            else:
                other, shown = self._results[at], self._latest[self._chosen]
                own = next(n for n, one in enumerate(self._results) if one is shown)
                first, second = (say("panel.compared_name", number=n + 1) for n in (at, own))
                self._table.value = _versus.table(other, shown, (first, second))
                self.viewer.show(before=other.image, after=shown.image)
                self.viewer.mode = "difference"
            self._toggle(self._table, self._comparing)
            self._region_changed()

    def _region_changed(self) -> None:
        """What a region is good for stands there while there is one; old figures don't."""
        self._figures.text = ""
        self._toggle(self._marking, self.viewer.region is not None and not self._comparing)
        self._toggle(self._measure, bool(self._latest and self._latest[self._chosen].request.images))

    def _measure_changes(self) -> None:
        """What the edit changed outside the region and inside it, found beside the kernel."""
        if self._latest and self.viewer.region is not None:
            self._figures.text = say("panel.measuring")
            _worker.aside(self._show_changes, self._latest[self._chosen], self.viewer.region)

    def _show_changes(self, result: EditResult, region: tuple[float, ...]) -> None:
        try:
            text = str(result.changes(region))
        except NanoBananaError as error:  # the research extra is missing, or a file is
            text = str(error)
        with self._lock:
            if self._latest and result is self._latest[self._chosen] and region == self.viewer.region:
                self._figures.text = self.status.announce = text

    def _mark_region(self) -> None:
        if self.viewer.region is not None:
            _worker.aside(self._add_marked, self.viewer.region)

    def _add_marked(self, region: tuple[float, ...]) -> None:
        """A marked copy, before the picture it was made of: the last one is edited and sets the shape."""
        shown = [facts["key"] for facts in (self.viewer.before, self.viewer.after) if facts]
        with self._lock:
            here = [n for n, one in enumerate(self.tray.pictures) if one.image.sha256[:16] in shown]
            source = self.tray.pictures[here[-1]].image if here else self.viewer.ground
            if source is None:
                return
            at = here[-1] if here else 0
            try:
                self.tray.add(marked(source, region), name=say("panel.mark_name"), at=at)
            except NanoBananaError as error:
                self._note.text = str(error)
                return
            self._note.text = self.status.announce = say("panel.marked", number=at + 1)

    def _show_picks(self) -> None:
        """A button per take, when there are several; one that failed says why."""
        takes: dict[int, ipywidgets.Button] = {}
        for at, result in enumerate(self._latest):
            takes[result.take] = button = ipywidgets.Button(description=say("panel.pick", take=result.take))
            button.add_class("nb-banana-chosen" if at == self._chosen else "nb-banana-other")
            self._press(button, partial(self._choose, at))
        for take, error in self._failures.items():
            label = f"✕ {say('panel.pick', take=take)}"
            takes[take] = ipywidgets.Button(description=label, tooltip=error.message, disabled=True)
        self._toggle(self._picks, len(takes) > 1)
        self._picks.children = [takes[take] for take in sorted(takes)] if len(takes) > 1 else []

    def _save_result(self) -> None:
        if not self._latest:
            return
        try:
            path = self._latest[self._chosen].save()
        except (OSError, NanoBananaError) as problem:
            self._note.text = say("panel.not_saved", reason=problem)
        else:
            self._note.text = say("panel.saved", path=_near(path))

    def _continue_from_result(self) -> None:
        """The result becomes the tray's only picture; the prompt is free for the next step."""
        if not self._latest:
            return
        self.tray.clear()
        self.tray.add(self._latest[self._chosen], name=say("panel.step_name", number=len(self._results)))
        self.prompt.value = ""
        text = say("panel.continued")
        self._show(Shown("loaded", text, announce=text))


def _advice(ask: Ask) -> str:
    """The quiet hints about a prompt: at most two, and none that would keep it from being sent."""
    if not ask.prompt:
        return ""
    hints = lint(ask.prompt, len(ask.pictures), ask.aspect_ratio, ask.image_size)
    return "\n".join(f"· {hint}" for hint in hints[:2])


def _limit(ask: Ask) -> float:
    return recommended_deadline(ask.image_size, len(ask.pictures))


def _near(path: Path) -> str:
    """A path as short as it can be said."""
    full = path.resolve()
    return str(full.relative_to(Path.cwd())) if full.is_relative_to(Path.cwd()) else str(full)


def _sent(ask: Ask) -> str:
    if ask.last is None:
        return say("panel.sends_none")
    width, height = ask.last.shown_size
    size = amount(sum(len(image.data) for image in ask.images))
    key = "panel.sends_one" if len(ask.pictures) == 1 else "panel.sends_many"
    return say(key, count=len(ask.pictures), width=width, height=height, size=size)


def _altered(ask: Ask, provider: str) -> str:
    """Which pictures are too large for the provider and will be made smaller first."""
    at = as_provider(provider)
    large = [
        picture.name
        for picture in ask.pictures
        if len(picture.image.data) > at.max_image_bytes
        or (at.max_edge is not None and max(picture.image.width, picture.image.height) > at.max_edge)
    ]
    return "\n" + say("panel.made_smaller", names=", ".join(large), provider=at.title) if large else ""


def panel(
    images: Any = None,
    *,
    session: Session | None = None,
    slot: bool = True,
    out: str | None = None,
    lang: str | None = None,
) -> Panel:
    """A panel that edits pictures. It displays nothing by itself: make it the last line of a cell.

    Args:
        images: one picture or a list to begin with; anything ``nb.edit`` takes.
        session: the session to edit through; the notebook's own if None.
        slot: whether the latest result is also kept as a plain picture under the panel, which stays
            in the saved notebook.
        out: a variable of the notebook to assign each result to.
        lang: ``"en"`` or ``"zh"``; the page's language if None.
    """
    return Panel(images, session=session, slot=slot, out=out, lang=lang)
