"""The panel: what people do becomes an ask, the ask a run, and what came is shown."""

from __future__ import annotations

from collections.abc import Callable, Generator, Mapping
from functools import partial
from typing import TYPE_CHECKING, Any

import ipywidgets

from ... import _worker
from ..._chain.links import chain_to
from ..._images.data import ImageData
from ..._result import whence
from ..._strings import Lang, language, say, speaking
from ...errors import APITimeoutError, NanoBananaError
from .. import notebook
from . import past, states
from .clicks import Clicks, bound
from .controls import Controls
from .moves import Moves
from .preview import Preview
from .refill import inputs_of, refill, reword
from .run import Run
from .source import Names

if TYPE_CHECKING:
    from ..._chain.links import Chain
    from ..._history.record import Record
    from ..._result import EditResult
    from ..._session.door import Session
    from .ask import Ask


class Panel(Controls):
    """Edit pictures without writing code; the result is ``panel.result``.

    Attributes:
        prompt, model, aspect_ratio, image_size, pixels, quality, seed, takes: the controls; read or set their
            ``value``. ``pixels`` is the box for a size that is typed, ``seed`` a number or None.
        run_button, stop_button: what a click does, ``run_button.click()`` does too.
        tray, viewer, status: the pictures going in, the picture that came, and what is going on.
        back, forth: step back to what stood before, and forward again.
    """

    def __init__(
        self,
        images: Any = None,
        *,
        session: Session | None = None,
        slot: bool = True,
        out: str | None = None,
        lang: Lang | None = None,
    ) -> None:
        self._listeners: list[Callable[[EditResult], Any]] = []
        self._slot = notebook.Slot(self._plain, wanted=slot)
        self._refresh_soon = _worker.Throttle(lambda _: self._refresh(), 0.1)
        self._recode_soon = _worker.Throttle(lambda _: _worker.aside(self._recode), 0.4)
        with speaking(lang):
            self._out = None if out is None else notebook.check_out(out)
            super().__init__(images, session, lang, self._take_key, lambda _: self._keep_inputs())
            self.viewer.twin = self._slot.wanted
            names = partial(Names, self.cards, lambda: self.session, chain_to)
            keep = self.marking.exact.keep
            target = self._out or "result"
            self._preview = Preview(self._code, self.view.note, target, names, lambda: bool(keep.value))
            self._clicks = Clicks(self, self._preview, self._arrived, self._refresh, self._settled, lang)
            self._code.note = say("panel.code_out", name=out) if out else ""
            self._given = self.tray.pictures
            self._cell = past.place_of(self._place(), self._given)
            self._moves = Moves(self, self._given, self._cell, self.start_over)
            self._come_back()
            self._moves.note()
            self._listen()
            self._refresh()

    # --- what people and programs read ------------------------------------------------------------

    @property
    def result(self) -> EditResult | None:
        """What ``nb.edit`` would have returned for the last run; None before the first."""
        run = self._clicks.run
        return run.result if run else None

    @property
    def results(self) -> tuple[EditResult, ...]:
        """Every result of this panel, in the order they were asked for."""
        return self.view.results

    @property
    def image(self) -> ImageData | None:
        """The result being shown: the newest one, or the take picked under it."""
        return self.view.result.image if self.view.result else None

    @property
    def chain(self) -> Chain | None:
        """The edits that led to the result being shown, as a :class:`Chain`; None before the first."""
        return chain_to(self.view.result, self._session) if self.view.result else None

    @property
    def code(self) -> str:
        """The Python of the last click, or of the next one once something changed. Its files exist."""
        self._recode()
        self._keep_inputs()
        return str(self._code.code)

    @property
    def running(self) -> bool:
        """Whether an edit is under way."""
        return self._clicks.runner.running

    @property
    def waiting(self) -> int:
        """How many clicks wait for the edit under way."""
        return len(self._clicks.runner.waiting)

    def on_result(self, listener: Callable[[EditResult], Any]) -> None:
        """Call ``listener(result)`` for each picture as it comes, on a thread of the panel's."""
        self._listeners.append(listener)

    def wait(self, timeout: float | None = None) -> EditResult | None:
        """Wait until nothing runs and nothing waits, and return :attr:`result`; safe in a cell.

        Raises:
            NanoBananaError: the last run brought no picture, or ``timeout`` seconds passed.
        """
        try:
            self._clicks.runner.wait(timeout)
        except TimeoutError:
            with self._speaking():
                sentence = say("panel.wait_over", timeout=timeout)
            raise APITimeoutError(sentence, may_be_billed=True) from None
        run = self._clicks.run
        return run.outcome() if run else None

    def __await__(self) -> Generator[Any, None, EditResult | None]:
        yield from self._clicks.runner.until_idle().__await__()
        run = self._clicks.run
        return run.outcome() if run else None

    def start_over(self) -> None:
        """Show what the tray holds now, and no result of an earlier run; the prompt and the settings stay."""
        with self._speaking(), self.view.lock:
            self._clicks.runner.forget()
            self.strip.album.clear()
            ask = self.ask()
            self.view.clear(ask.before)
            if not self.running:
                self.view.say(states.waiting(bool(ask.pictures), bool(ask.prompt)))
        self._refresh()

    def take_up(self, record: Record, session: Session) -> tuple[int, list[str]]:
        """Ask what a record of the history of ``session`` asked; step back for what stood here before.

        Returns:
            How many of its pictures can't be read any more, and the settings that aren't offered.
        """
        with self._speaking():
            return self._moves.take_up(record, session)

    def step(self, by: int) -> None:
        """Step back (-1) to the inputs, the prompt and the result that stood before, or forward again (1)."""
        with self._speaking(), self.view.lock:
            self._moves.step(by)
        self._refresh()

    def _ipython_display_(self, **_: Any) -> None:
        view = self._repr_mimebundle_()
        with self._speaking():
            view["text/plain"] = say("panel.plain")
            self._slot.show(view, "panel", whence(self.result))

    def _plain(self) -> notebook.Bundle:
        """The plain picture under the panel, and its words; both are empty until one has come."""
        return ({"text/plain": ""}, {}) if self.result is None else self.result._repr_mimebundle_()

    def _place(self) -> str:
        """Where this panel stands, by which the history knows it again."""
        return notebook.place()

    def _come_back(self) -> None:
        """Stand where this cell's panel stood before, if the history knows it; the inputs are the code's."""
        session = self.session
        records, late = (past.records_of(session, self._cell, late=aside) for aside in (False, True))
        every = {one.id: session.result_of(one) for one in (*records, *late)}
        self.strip.know_starred({one.id for one in (*records, *late) if one.starred})
        ask = self._ask_again(records[-1], every) if records else None
        aside = [every[one.id] for one in late]
        try:
            self.view.come_back([*(every[one.id] for one in records), *aside], aside)
        except NanoBananaError as error:  # its file is gone: the panel says so and starts anew
            self.view.note.text = error.message
            return
        if ask is not None:
            self._clicks.runner.run = Run.back(ask, self.choices.there, (every[records[-1].id],))
            self._code.code = self._preview.of_past(ask, [records[-1].take])

    def _ask_again(self, last: Record, results: Mapping[str, EditResult]) -> Ask:
        """Ask what the last record asked, as far as that is of the inputs the cell names."""
        if not self._given:
            refill(self, last, self.session)
            return self.ask()
        if [one.image.sha256 for one in self._given] == inputs_of(last):
            refill(self, last, self.session)
            self.tray.put(self._given)  # the same pictures, under the names the cell knows them by
            return self.ask()
        reword(self, last, words=False)
        return self.ask_of(results[last.id])

    # --- what people do ---------------------------------------------------------------------------

    def _listen(self) -> None:
        clicks, moves, view, lock = self._clicks, self._moves, self.view, self.view.lock
        presses: dict[ipywidgets.Button, Callable[[], Any]] = {
            self.run_button: bound(clicks.start, lock), view.retry: bound(clicks.retry, lock),
            view.fetch: bound(clicks.fetch, lock), view.larger: bound(clicks.larger, lock),
            self.stop_button: clicks.runner.stop, view.go_on: moves.go_on, view.use: moves.use,
            view.over: moves.begin_anew, self.marking.exact.use: moves.use_exact,
            self.back: partial(self.step, -1), self.forth: partial(self.step, 1),
        }  # fmt: skip
        for button, action in presses.items():
            self._press(button, action)
        own = ((self.prompt, "value"), (self.marking.exact.keep, "value"))
        for control, trait in (*own, *self.choices.watched):
            control.observe(lambda _: self._refresh_soon(None), trait)
        self.tray.observe(lambda _: self._refresh_soon(None), ["revision", "coming"])
        view.when_changed(lambda: self._refresh_soon(None))
        self.strip.acts |= {"drop": clicks.drop, "retry": bound(clicks.retry_one, lock)}
        self.marking.when_ready(lambda: self._refresh_soon(None))

    def _go(self, message: Mapping[str, Any]) -> None:
        self._refresh_soon.put_off()  # a click's words can wait for its run, which has begun by then
        values = message.get("values") or {}
        amiss = self._bring(values)  # before: a file is read, and its reading must hold nothing else up
        # A click speaks one language; nothing is worked out for what stands there only until the run begins.
        with speaking(language()), self.view.lock:
            self._take_values(values)
            self._clicks.start(amiss)

    def _rename(self) -> None:
        self._name()
        self._clicks.whereto.again()
        self._refresh()

    def _take_key(self, message: Mapping[str, Any]) -> None:
        with self._speaking():
            try:
                place, here = self.head.keyring.place_for(message), self.session.endpoint
            except NanoBananaError as error:
                self.view.say(states.failed(error))
                return
            shown = self._clicks.whereto
            shown.again() if place is None and shown.is_at(here) else shown.meet(place or here)
            self._refresh()

    # --- what is about to happen ------------------------------------------------------------------

    def _refresh(self) -> None:
        """Bring the words up to date with the controls: what is sent, what it costs, the code."""
        with self._speaking(), self.view.lock:
            ask, larger = self.ask(), self._clicks.larger_ask()
            self.tray.follow, self.tray.masked = not (ask.shaped or ask.masked), ask.masked
            self.run_button.description = ask.button(self.choices.there)
            self.prompting.tell(ask.advice())
            self.sends.text = ask.about(self.choices.there) + self.head.spent.doubt(ask, self.choices.there)
            self.choices.tell(ask.settings)
            self.view.offer_larger(larger, self.choices.there)
            self.back.disabled, self.forth.disabled = not self._moves.can(-1), not self._moves.can(1)
            if not self.running and self.view.result is None and self.viewer.ground != ask.before:
                self.viewer.show(before=ask.before)
            waiting = not self.running and self.status.state in ("empty", "loaded")
            if waiting and not self._clicks.told(ask):
                has, said = (bool(ask.pictures), bool(ask.prompt)), self.status.text
                self.view.say(states.waiting(*has, ask.trouble, said))
        self._recode_soon(None)

    def _recode(self) -> None:
        """Show the Python of the next click; with no prompt yet, that of the picture shown.

        Slow with large pictures: runs beside the loop.
        """
        with self._speaking():
            with self.view.lock:
                ask, run, shown = self.ask(), self._clicks.run, self.view.result
                if self.running:
                    return
                # After a run its own code stands, until a change; one that never began has none.
                ran = run.takes if run and ask == run.ask else ()
            try:
                if ran:
                    code = self._preview.of_past(ask, ran)
                elif ask.prompt or shown is None:
                    code = self._preview.of_next(ask)
                else:
                    code = self._preview.of_past(self.ask_of(shown), [shown.take])
            except NanoBananaError as error:  # the same sentence would meet the click
                self.prompting.advice.text, code = f"⚠ {error.message}", ""
            with self.view.lock:
                if not self.running and (code or ask.trouble or run is None):
                    self._code.code = code

    def _keep_inputs(self) -> None:
        """Write the input files the code names."""
        run = self._clicks.run
        with self._speaking():
            self._preview.keep((self.ask(), *((run.ask,) if run else ())))

    # --- a run ------------------------------------------------------------------------------------

    def _settled(self) -> None:
        """A run is over: the head says what the history has to say by now, and words follow."""
        with self._speaking():
            self._moves.note()
            self._clicks.whereto.again()
            self._clicks.whereto.look()
            self._refresh()

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
    lang: Lang | None = None,
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
