"""The panel: what people do becomes an ask, the ask a run, and what came is shown."""

from __future__ import annotations

from collections.abc import Callable, Generator, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import ipywidgets

from ... import _worker
from ..._chain.links import chain_to
from ..._images.data import ImageData
from ..._strings import say, speaking
from ...errors import APITimeoutError, NanoBananaError
from .. import notebook
from . import past, states
from .controls import Controls
from .preview import Preview
from .refill import refill
from .run import Run
from .runner import Runner
from .states import Shown
from .whereto import Whereto

if TYPE_CHECKING:
    from ..._chain.links import Chain
    from ..._client.endpoint import Endpoint
    from ..._result import EditResult
    from ..._session.door import Session


class Panel(Controls):
    """Edit pictures without writing code; the result is ``panel.result``.

    Attributes:
        prompt, model, aspect_ratio, image_size, pixels, quality, seed, takes: the controls; read or set their
            ``value``. ``pixels`` is the box for a size that is typed, ``seed`` a number or None.
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
        self._listeners: list[Callable[[EditResult], Any]] = []
        self._slot = notebook.Slot(self._plain, wanted=slot)
        self._refresh_soon = _worker.Throttle(lambda _: self._refresh(), 0.1)
        self._recode_soon = _worker.Throttle(lambda _: _worker.aside(self._recode), 0.4)
        with speaking(lang):
            self._out = None if out is None else notebook.check_out(out)
            super().__init__(images, session, lang, self._take_key, lambda _: self._keep_inputs())
            self._preview = Preview(self._code, self.view.note, self._out or "result", lambda: self.session)
            self._runner = Runner(self.view, self._preview, self._arrived, lang)
            self._code.note = say("panel.code_out", name=out) if out else ""
            self._cell = past.place_of(notebook.place(), self.tray.pictures)
            self._whereto = Whereto(self._offer, self._notice, self._refresh, self.view.lock, lang)
            self._whereto.meet(self.session.endpoint)
            self._come_back()
            self._listen()
            self._refresh()

    # --- what people and programs read ------------------------------------------------------------

    @property
    def result(self) -> EditResult | None:
        """What ``nb.edit`` would have returned for the last run; None before the first."""
        return self._runner.run.result if self._runner.run else None

    @property
    def results(self) -> tuple[EditResult, ...]:
        """Every result of this panel, in the order they came."""
        return self.view.results

    @property
    def image(self) -> ImageData | None:
        """The result being shown: the newest one, or the take picked under it."""
        return self.view.result.image if self.view.result else None

    @property
    def chain(self) -> Chain | None:
        """The edits that led to the result being shown, as a :class:`Chain`; None before the first."""
        return chain_to(self.view.result, self.session) if self.view.result else None

    @property
    def code(self) -> str:
        """The Python of the last click, or of the next one once something changed. Its files exist."""
        self._recode()
        self._keep_inputs()
        return str(self._code.code)

    @property
    def running(self) -> bool:
        """Whether an edit is under way."""
        return self._runner.running

    def on_result(self, listener: Callable[[EditResult], Any]) -> None:
        """Call ``listener(result)`` for each picture as it comes, on a thread of the panel's."""
        self._listeners.append(listener)

    def wait(self, timeout: float | None = None) -> EditResult | None:
        """Wait for the run under way and return :attr:`result`; safe in a cell.

        Raises:
            NanoBananaError: the run brought no picture, or ``timeout`` seconds passed.
        """
        run = self._runner.run
        if run is None:
            return None
        try:
            run.wait(timeout)
        except TimeoutError:
            with self._speaking():
                sentence = say("panel.wait_over", timeout=timeout)
            raise APITimeoutError(sentence, may_be_billed=True) from None
        return run.outcome()

    def __await__(self) -> Generator[Any, None, EditResult | None]:
        run = self._runner.run
        if run is None:
            return None
        yield from run.__await__()
        return run.outcome()

    def start_over(self) -> None:
        """Show what the tray holds now, and no result of an earlier run; the prompt and the settings stay."""
        with self._speaking(), self.view.lock:
            self._runner.forget()
            ask = self.ask()
            self.view.clear(ask.last)
            if not self.running:
                self.view.say(states.waiting(bool(ask.pictures), bool(ask.prompt)))
        self._refresh()

    def _ipython_display_(self, **_: Any) -> None:
        view = self._repr_mimebundle_()
        with self._speaking():
            view["text/plain"] = say("panel.plain")
        self._slot.show(view, "panel")

    def _plain(self) -> notebook.Bundle:
        """The plain picture under the panel, and its words; both are empty until one has come."""
        return ({"text/plain": ""}, {}) if self.result is None else self.result._repr_mimebundle_()

    def _come_back(self) -> None:
        """Stand where this cell's panel stood before, if the history knows it."""
        records = past.records_of(self.session, self._cell)
        if not records:
            return
        given, last = self.tray.pictures, records[-1]
        refill(self, last, self.session)
        if [one.image.sha256 for one in given] == [one.image.sha256 for one in self.tray.pictures]:
            self.tray.put(given)  # the same pictures, under the names the cell knows them by
        results = tuple(self.session.result_of(record) for record in records)
        run = Run.back(replace(self.ask(), trouble=""), self.choices.there, results[-1:])
        try:
            self.view.come_back(run, results)
        except NanoBananaError as error:  # its file is gone: the panel says so and starts anew
            self.view.note.text = error.message
            return
        self._runner.run = run
        self._preview.of_past(run.ask, last.take)

    # --- what people do ---------------------------------------------------------------------------

    def _listen(self) -> None:
        presses: dict[ipywidgets.Button, Callable[[], Any]] = {
            self.run_button: self._start, self.stop_button: self._runner.stop, self.view.retry: self._retry,
            self.view.fetch: self._fetch,
            self.view.go_on: self._continue_from_result,
        }  # fmt: skip
        for button, action in presses.items():
            self._press(button, action)
        for control, trait in ((self.prompt, "value"), *self.choices.watched):
            control.observe(lambda _: self._refresh_soon(None), trait)
        self.tray.observe(lambda _: self._refresh_soon(None), "revision")

    def _go(self, message: Mapping[str, Any]) -> None:
        with self.view.lock:  # nothing is worked out for what stands there only until the run begins
            self._take_values(message.get("values") or {})
            self._start()

    def _rename(self) -> None:
        self._name()
        self._whereto.again()
        self._refresh()

    def _take_key(self, message: Mapping[str, Any]) -> None:
        with self._speaking():
            try:
                key, provider, base_url = (str(message.get(n) or "") for n in ("key", "provider", "base_url"))
                sure = message.get("sure") is True
                place = self.session.use_key(key, provider=provider, base_url=base_url, sure=sure)
            except NanoBananaError as error:
                self.view.say(states.failed(error))
                return
            self.head.shut()
            self._whereto.meet(place)
            self._refresh()

    def _continue_from_result(self) -> None:
        """The result shown becomes the tray's only picture; the prompt is free for the next step."""
        result = self.view.result
        if result is None:
            return
        number = 1 + next(at for at, one in enumerate(self.results) if one is result)
        self.tray.clear()
        self.tray.add(result, name=say("panel.step_name", number=number))
        self.choices.without_mask()
        self.prompt.value = ""
        text = say("panel.continued")
        self.view.say(Shown("loaded", text, announce=text))

    # --- what is about to happen ------------------------------------------------------------------

    def _refresh(self) -> None:
        """Bring the words up to date with the controls: what is sent, what it costs, the code."""
        with self._speaking(), self.view.lock:
            ask = self.ask()
            self.tray.follow = not ask.shaped
            self.run_button.description = say("panel.run" if ask.pictures else "panel.run_generate")
            self.prompting.tell(ask.advice())
            self.sends.text = ask.about(self.choices.there)
            self.choices.tell(ask.settings)
            if not self.running and self.view.result is None and self.viewer.ground != ask.last:
                self.viewer.show(before=ask.last)
            if not self.running and self.status.state in ("empty", "loaded"):
                has, said = (bool(ask.pictures), bool(ask.prompt)), self.status.text
                self.view.say(states.waiting(*has, ask.trouble, said))
        self._recode_soon(None)

    def _recode(self) -> None:
        """Show the Python of the next click. Slow with large pictures: runs beside the loop."""
        with self._speaking():
            with self.view.lock:
                ask, run = self.ask(), self._runner.run
                # After a run its own code stays, until a change; one that never began has none.
                if self.running or (run and ask == run.ask and run.takes):
                    return
            try:
                code = self._preview.of_next(ask)
            except NanoBananaError as error:  # the same sentence would meet the click
                self.prompting.advice.text, code = f"⚠ {error.message}", ""
            with self.view.lock:
                if not self.running and (code or ask.trouble or run is None):
                    self._code.code = code

    def _keep_inputs(self) -> None:
        """Write the input files the code names."""
        run = self._runner.run
        with self._speaking():
            self._preview.keep((self.ask(), *((run.ask,) if run else ())))

    # --- a run ------------------------------------------------------------------------------------

    def _start(self) -> None:
        """Begin a run, unless one is under way or nothing can be sent."""
        with self._speaking(), self.view.lock:
            place, ask = self._place_to_go(), self.ask()
            if place is not None and ask.prompt and not ask.trouble:
                self._begin(Run(ask, place))
            elif place is not None:
                self.view.say(states.not_sent(bool(ask.pictures), ask.trouble))
                self._whereto.look()

    def _retry(self) -> None:
        """Send the takes of the last run that failed once more; the rest of it stays."""
        with self.view.lock:
            place, run = self._place_to_go(), self._runner.run
            if place is not None and run is not None and run.failures and run.results:
                self._begin(run.again(self.choices.serving(run.ask.settings.get("model"))))

    def _fetch(self) -> None:
        """Fetch what the last run paid for and could not fetch; nothing is sent."""
        with self.view.lock:
            run = self._runner.run
            if not self.running and run is not None:
                self._begin(run.fetching())

    def _begin(self, run: Run) -> None:
        run.when_over(self._settled)
        self._runner.start(run, self.session)

    def _settled(self) -> None:
        """A run is over: the head says what the history has to say by now, and words follow."""
        with self._speaking():
            self._whereto.again()
            self._whereto.look()
            self._refresh()

    def _notice(self) -> str:
        return self.session.history.notice

    def _place_to_go(self) -> Endpoint | None:
        """Where a click may send to. None while a run is under way, and where edits go elsewhere than the
        panel says: then it says so, and this click sends nothing."""
        if self.running:
            return None
        try:
            place = self.session.endpoint
        except NanoBananaError as error:
            self.view.say(states.failed(error))
            return None
        if self._whereto.is_at(place):
            return self.choices.there
        self._whereto.meet(place)
        self._refresh()
        text = say("panel.place_changed", place=self.head.mode.text, price=self.sends.text)
        self.view.say(Shown("loaded", text, announce=text))
        return None

    def _arrived(self, result: EditResult, late: bool) -> None:
        past.remember(self.session, self._cell, result, late=late)
        if late:
            return
        if self._out is not None:
            notebook.assign(self._out, self.result)
        self._slot.update()
        for listener in self._listeners:
            try:
                listener(result)
            except (Exception, SystemExit) as problem:  # noqa: BLE001 - its fault must not lose a paid picture
                kind = type(problem).__name__
                self.view.note.text = say("panel.listener_failed", kind=kind, reason=problem)


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
