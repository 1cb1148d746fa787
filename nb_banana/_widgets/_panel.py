"""The panel: standard controls around the tray and the viewer, and one job at a time behind them.

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
from collections.abc import Callable, Generator, Mapping
from concurrent.futures import Future
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import ipywidgets

from .. import _worker
from .._catalog import MODELS, ModelInfo, as_provider, estimate, find_model, recommended_deadline
from .._images import ImageData
from .._strings import language, say, speaking, use_language
from ..errors import APITimeoutError, NanoBananaError
from . import _notebook, _source, _states
from ._shown import amount, shown_size
from ._states import Shown
from ._status import CodeBox, KeyEntry, Status
from ._tray import Picture, Tray
from ._viewer import Viewer

if TYPE_CHECKING:
    from .._chain import Chain
    from .._result import EditResult
    from .._session import Session

AUTO: Final = "auto"
"""The ratio menu's first value; a menu can't tell a choice of None from no choice."""
MOST_TAKES: Final = 4
TICK: Final = 0.5
CHIPS: Final = ("chip_night", "chip_background", "chip_style")
_HIDDEN: Final = "nb-banana-off"


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
    def settings(self) -> dict[str, str | None]:
        """The three settings, by the names ``nb.edit`` gives them."""
        return {"model": self.model, "aspect_ratio": self.aspect_ratio, "image_size": self.image_size}


class Panel(ipywidgets.VBox):  # type: ignore[misc]
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
        with speaking(lang):
            self._out = None if out is None else _notebook.check_out(out)
            self._lang = lang
            self._session = session
            self._lock = threading.RLock()
            self._ended: Future[None] | None = None
            self._task: asyncio.Task[None] | None = None
            self._stopping = False
            self._counting: asyncio.Task[None] | None = None
            self._results: tuple[EditResult, ...] = ()
            self._latest: tuple[EditResult, ...] = ()
            self._failures: dict[int, NanoBananaError] = {}
            self._problem: NanoBananaError | None = None
            self._last: Ask | None = None
            self._chosen = 0
            self._listeners: list[Callable[[EditResult], Any]] = []
            self._slot = slot and not _notebook.in_voila()
            self._slot_id = f"nb-banana-{uuid.uuid4().hex}"
            self._slot_shown = False
            self._build(images)
            super().__init__([self._head, self._entry, self._body])
            self.add_class("nb-banana-panel")
            self._refresh_soon = _worker.Throttle(lambda _: self._refresh(), 0.2)
            self._name()
            self._offer()
            self._listen()
            self._refresh()

    # --- what people and programs read ------------------------------------------------------------

    @property
    def session(self) -> Session:
        """The session edits go through: the one given, else the notebook's own."""
        if self._session is not None:
            return self._session
        from .._session import current

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
        """Every result of this panel, oldest first."""
        return self._results

    @property
    def image(self) -> ImageData | None:
        """The picture being shown: the newest result's, or the take picked under it."""
        return self._latest[self._chosen].image if self._latest else None

    @property
    def chain(self) -> Chain:
        """The path of edits that led to the newest result, as a :class:`Chain`."""
        from .._chain import Chain

        return Chain.of(self.result, session=self.session)

    @property
    def code(self) -> str:
        """The Python of the last click, or of the next one before any. Its input files exist."""
        self._keep_inputs()
        return str(self._code.code)

    @property
    def running(self) -> bool:
        """Whether an edit is under way."""
        return self._ended is not None and not self._ended.done()

    def on_result(self, listener: Callable[[EditResult], Any]) -> None:
        """Call ``listener(result)`` for each picture as it comes, on a thread of its own."""
        self._listeners.append(listener)

    def wait(self, timeout: float | None = None) -> EditResult | None:
        """Wait for the run under way and return :attr:`result`; safe in a cell.

        Raises:
            NanoBananaError: the run brought no picture, or ``timeout`` seconds passed.
        """
        if self._ended is not None:
            try:
                self._ended.result(timeout)
            except TimeoutError:
                with speaking(self._lang):
                    raise APITimeoutError(say("panel.wait_over", timeout=timeout), may_be_billed=True) from None
        return self._outcome()

    def __await__(self) -> Generator[Any, None, EditResult | None]:
        if self._ended is not None:
            yield from asyncio.shield(asyncio.wrap_future(self._ended)).__await__()
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
            bundle = self._latest[-1]._repr_mimebundle_() if self._latest else ({"text/plain": ""}, {})
            _notebook.publish(bundle, self._slot_id, update=False)

    # --- the parts ----------------------------------------------------------------------------------

    def _build(self, images: Any) -> None:
        w = ipywidgets
        self.tray = Tray(images, lang=self._lang)
        self.viewer = Viewer(lang=self._lang)
        self.status = Status(self._heard, lang=self._lang)
        self.prompt = w.Textarea()
        self.model, self.aspect_ratio, self.image_size = w.Dropdown(), w.Dropdown(), w.Dropdown()
        self.takes = w.Dropdown(options=[(str(n), n) for n in range(1, MOST_TAKES + 1)], value=1)
        self.run_button, self.stop_button = w.Button(), w.Button(disabled=True)
        self._save, self._continue, self._retry, self._key_button = (w.Button() for _ in range(4))
        self._title, self._mode = w.Label("nb_banana"), w.Label()
        self._sends, self._note = w.Label(), w.Label()
        self._key = KeyEntry(self._take_key, lang=self._lang)
        self._entry = w.Box([self._key])
        self._code = CodeBox(lambda _: self._keep_inputs(), lang=self._lang)
        self._chips = w.HBox([w.Button() for _ in CHIPS])
        self._picks = w.HBox()
        controls = w.HBox([self.model, self.aspect_ratio, self.image_size, self.takes])
        act = w.HBox([self.run_button, self.stop_button, self._retry])
        after = w.HBox([self._picks, self._save, self._continue])
        self._head = w.HBox([self._title, self._mode, self._key_button])
        self._body = w.HBox([
            w.VBox([self.tray, self.prompt, self._chips, controls, self._sends, act]),
            w.VBox([self.status, self.viewer, self._note, after, self._code]),
        ])  # fmt: skip
        self._after = after
        classes = {
            "head": self._head, "title": self._title, "mode": self._mode, "body": self._body,
            "controls": controls, "prompt": self.prompt, "model": self.model,
            "aspect_ratio": self.aspect_ratio, "image_size": self.image_size, "takes": self.takes,
            "run": self.run_button, "stop": self.stop_button, "save": self._save,
            "continue": self._continue, "retry": self._retry, "chips": self._chips, "picks": self._picks,
            "sends": self._sends, "result-note": self._note, "entry": self._entry,
        }  # fmt: skip
        for name, widget in classes.items():
            widget.add_class(f"nb-banana-{name}")
        for row in (act, after, self._picks):
            row.add_class("nb-banana-row")
        for note in (self._sends, self._note):
            note.add_class("nb-banana-note")
        self._key_button.add_class("nb-banana-link")
        for hidden in (self._entry, self._retry, self._after, self._picks):
            hidden.add_class(_HIDDEN)

    def _listen(self) -> None:
        self.run_button.on_click(lambda _: self._start())
        self.stop_button.on_click(lambda _: self._stop())
        self._save.on_click(lambda _: self._save_result())
        self._continue.on_click(lambda _: self._continue_from_result())
        self._retry.on_click(lambda _: self._start(again=tuple(self._failures)))
        self._key_button.on_click(lambda _: self._toggle(self._entry, _HIDDEN in self._entry._dom_classes))
        for chip in self._chips.children:
            chip.on_click(self._use_chip)
        self.model.observe(lambda _: self._offer_choices(), "value")
        for control in (self.prompt, self.model, self.aspect_ratio, self.image_size, self.takes):
            control.observe(self._changed, "value")
        self.tray.observe(self._changed, "revision")

    def _changed(self, _: Any) -> None:
        self._refresh_soon(None)

    @staticmethod
    def _toggle(widget: ipywidgets.DOMWidget, visible: bool) -> None:
        (widget.remove_class if visible else widget.add_class)(_HIDDEN)

    def _name(self) -> None:
        """Say every label in the current language."""
        for widget, key in (
            (self.prompt, "prompt"), (self.model, "model"), (self.aspect_ratio, "ratio"),
            (self.image_size, "size"), (self.takes, "takes"), (self.stop_button, "stop"), (self._save, "save"),
            (self._continue, "continue"), (self._retry, "retry"), (self._key_button, "add_key"),
        ):  # fmt: skip
            widget.description = say(f"panel.{key}")
        self.prompt.placeholder = say("panel.prompt_example")
        for button, key in ((self.run_button, "run_tip"), (self.stop_button, "stop_tip"),
                            (self._continue, "continue_tip"), (self._save, "save_tip")):  # fmt: skip
            button.tooltip = say(f"panel.{key}")
        for chip, key in zip(self._chips.children, CHIPS, strict=True):
            chip.description = say(f"panel.{key}")
        for part in (self.tray, self.viewer, self.status, self._key, self._code):
            part.relabel(self._lang)

    def _offer(self) -> None:
        """Offer what the session's provider has: its models, and whether a key is there."""
        session = self.session
        provider = as_provider(session.endpoint.name or "custom")
        default = session.default_model()
        chosen = find_model(default, provider).info
        others = [info for info in MODELS.values() if info is not chosen and self._offered(info, provider.name)]
        options = [(chosen.title if chosen else default, default)]
        options += [(info.title, info.nickname) for info in others]
        if list(self.model.options) != options:
            self.model.options = options
            self.model.value = default
        self._offer_choices()
        self._mode.value = say("panel.sandbox") if session.sandbox else say("panel.ready", provider=provider.title)
        (self._mode.add_class if session.sandbox else self._mode.remove_class)("nb-banana-sandbox")
        self._toggle(self._key_button, session.sandbox)

    @staticmethod
    def _offered(info: ModelInfo, provider: str) -> bool:
        return provider in ("sandbox", "custom") or provider in info.provider_ids

    def _info(self) -> ModelInfo | None:
        return find_model(self.model.value, self._provider()).info

    def _provider(self) -> str:
        return self.session.endpoint.name or "custom"

    def _offer_choices(self) -> None:
        """The ratios and sizes of the model, and none at all where the wire can't carry them."""
        info, endpoint = self._info(), self.session.endpoint
        carried = endpoint.wire == "gemini" or as_provider(self._provider()).chat_size
        ratios = [(say("panel.auto"), AUTO), *((r, r) for r in (info.aspect_ratios if info else ()))]
        sizes = [(size, size) for size in info.image_sizes] if info and info.size_parameter else []
        self._reoffer(self.aspect_ratio, ratios if carried else ratios[:1], AUTO)
        default = info.default_size if info else None
        self._reoffer(self.image_size, sizes if carried and sizes else [(default or "–", default)], default)
        self._toggle(self.aspect_ratio, carried)
        self._toggle(self.image_size, carried and len(sizes) > 1)

    @staticmethod
    def _reoffer(menu: ipywidgets.Dropdown, options: list[tuple[str, Any]], default: Any) -> None:
        if list(menu.options) == options:
            return
        kept = menu.value if menu.value in [value for _, value in options] else default
        menu.options = options
        menu.value = kept

    # --- what is about to happen ----------------------------------------------------------------------

    def ask(self) -> Ask:
        """What a click would ask for now."""
        info = self._info()
        size = self.image_size.value
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
            self._sends.value = self._about(ask)
            if self.running:
                return
            if ask.prompt and ask != self._last:  # after a run its own code stays, until something changes
                self._show_code(ask, self._next(ask))
            elif self._last is None:
                self._code.code = ""
            if self.status.state in ("empty", "loaded"):
                self._show(_states.waiting(bool(ask.pictures), bool(ask.prompt)))

    def _next(self, ask: Ask) -> int:
        return self.session.next_take(ask.images, ask.prompt, **ask.settings)

    def _about(self, ask: Ask) -> str:
        """What will be sent, what will come back, and what it costs, before the click."""
        info = self._info()
        if not ask.pictures and not ask.prompt:
            return ""
        sent = say("panel.sends_none")
        if ask.pictures:
            size = amount(sum(len(image.data) for image in ask.images))
            width, height = shown_size(ask.images[-1])
            key = "panel.sends_one" if len(ask.pictures) == 1 else "panel.sends_many"
            sent = say(key, count=len(ask.pictures), width=width, height=height, size=size)
        parts = [sent]
        if info is not None:
            ratio = _ratio(ask, info)
            width, height = info.pixels(ratio, ask.image_size)
            parts.append(say("panel.comes", width=width, height=height, ratio=ratio))
            if self.session.sandbox:
                parts.append(say("panel.free"))
            else:
                cost = estimate(info, ask.image_size, ask.takes, provider=self._provider()).cost
                known = cost.amount is not None
                parts.append(say("panel.estimated", cost=cost) if known else say("panel.no_price"))
        return " · ".join(parts) + self._altered(ask)

    def _altered(self, ask: Ask) -> str:
        """Which pictures are too large for the provider and will be made smaller first."""
        at = as_provider(self._provider())
        edge = at.max_edge or max((*(max(i.width, i.height) for i in ask.images), 1))
        large = [p.name for p in ask.pictures
                 if len(p.image.data) > at.max_image_bytes or max(p.image.width, p.image.height) > edge]  # fmt: skip
        return "\n" + say("panel.made_smaller", names=", ".join(large), provider=at.title) if large else ""

    def _show_code(self, ask: Ask, take: int) -> None:
        pictures = [_source.expression(picture, self._folder()) for picture in ask.pictures]
        target = self._out or "result"
        self._code.code = _source.call(
            target, pictures, ask.prompt, take=take, takes=ask.takes, **ask.settings
        )
        self._code.note = say("panel.code_out", name=self._out) if self._out else ""

    def _folder(self) -> Path:
        return self.session.history.folder

    def _keep_inputs(self) -> None:
        """Write the input files the code names."""
        pictures = self.tray.pictures if self._last is None else (*self.tray.pictures, *self._last.pictures)
        try:
            _source.keep(pictures, self._folder())
        except (OSError, NanoBananaError) as problem:
            with speaking(self._lang):
                self._note.value = say("panel.inputs_not_kept", reason=problem)

    # --- a run ------------------------------------------------------------------------------------------

    def _heard(self, message: Mapping[str, Any]) -> None:
        """What the page says through the status line."""
        kind = message.get("t")
        if kind == "run":
            self.status.send({"t": "ack"})
            self._take_values(message.get("values") or {})
            self._start()
        elif kind == "page":
            before = language()
            use_language(message.get("lang"))
            if language() != before and self._lang is None:
                self._name()
                self._offer()
                self._refresh()
                self._redo_status()

    def _redo_status(self) -> None:
        if self.status.state in ("empty", "loaded"):
            ask = self.ask()
            self._show(_states.waiting(bool(ask.pictures), bool(ask.prompt)))

    def _take_values(self, values: Mapping[str, str]) -> None:
        """Set the controls to what stood on the screen at the click; unknown labels change nothing."""
        if "prompt" in values:
            self.prompt.value = values["prompt"]
        for name in ("model", "aspect_ratio", "image_size", "takes"):
            menu: ipywidgets.Dropdown = getattr(self, name)
            found = [value for label, value in menu.options if label == values.get(name)]
            if found and menu.value != found[0]:
                menu.value = found[0]

    def _start(self, again: tuple[int, ...] = ()) -> None:
        """Begin a run, unless one is under way: a double click is one run."""
        with speaking(self._lang), self._lock:
            if self.running:
                return
            ask = self._last if again and self._last else self.ask()
            if not ask.prompt:
                text = say("panel.needs_prompt")
                self._show(Shown("loaded" if ask.pictures else "empty", text, announce=text))
                return
            self._last, self._problem, self._stopping = ask, None, False
            self._failures = {}
            if not again:
                self._latest, self._chosen = (), 0
            self._ended = Future()
            self._busy(True)
            self._show(_states.running(0, self._usual(ask), self._limit(ask), 0, len(again) or ask.takes))
            self._expect(ask)
            _worker.submit(self._job(ask, again, self._ended))

    def _stop(self) -> None:
        self._stopping = True
        _worker.loop().call_soon_threadsafe(self._cancel)

    def _cancel(self) -> None:
        if self._task is not None and self.running:
            self._task.cancel()

    async def _job(self, ask: Ask, again: tuple[int, ...], ended: Future[None]) -> None:
        """One run, from the click to the last take. Whatever happens, the panel ends up usable."""
        self._task = asyncio.current_task()
        if self._counting is not None:
            self._counting.cancel()
        sandbox, started = self.session.sandbox, time.monotonic()
        with speaking(self._lang):
            ticking = asyncio.create_task(self._tick(ask, started, len(again) or ask.takes))
            try:
                await _worker.in_thread(self._keep_inputs)
                takes = again or tuple(self._next(ask) + n for n in range(ask.takes))
                if not again:
                    self._show_code(ask, takes[0])
                if self._stopping:
                    raise asyncio.CancelledError
                await asyncio.gather(*(self._one(ask, take) for take in takes))
                shown = self._after_run(time.monotonic() - started)
            except asyncio.CancelledError:
                shown = _states.stopped(sandbox, len(self._latest))
            except NanoBananaError as error:
                self._problem = error
                shown = _states.failed(error)
            except Exception as problem:  # noqa: BLE001 - kept in the future, which wait() raises
                shown = _states.broken(problem)
                ended.set_exception(problem)
            finally:
                ticking.cancel()
            self._finish(shown)
            if not ended.done():
                ended.set_result(None)
            self._refresh()

    async def _one(self, ask: Ask, take: int) -> None:
        """One take: its picture is shown as soon as it is here; its failure is kept for the end."""
        try:
            result = await self.session.aedit(ask.images, ask.prompt, take=take, **ask.settings)
        except NanoBananaError as error:
            self._failures[take] = error
            return
        await _worker.in_thread(self._arrived, ask, result)

    def _arrived(self, ask: Ask, result: EditResult) -> None:
        with self._lock:
            self._latest = tuple(sorted((*self._latest, result), key=lambda one: one.take))
            self._results = (*self._results, result)
            self._choose(self._latest.index(result), ask)
        if self._out is not None:
            _notebook.assign(self._out, self.result)
        self._fill_slot(result)
        for listener in self._listeners:
            try:
                listener(result)
            except Exception as problem:  # noqa: BLE001 - a listener's fault must not lose a paid picture
                self._note.value = say("panel.listener_failed", kind=type(problem).__name__, reason=problem)

    def _after_run(self, elapsed: float) -> Shown:
        failures = list(self._failures.values())
        if self._latest:
            return _states.finished(self._latest, failures, elapsed)
        self._problem = failures[0]
        if self._problem.retry_after:
            self._counting = asyncio.create_task(self._count_down(self._problem))
        return _states.failed(self._problem)

    def _finish(self, shown: Shown) -> None:
        with self._lock:
            self.viewer.settle()
            self._busy(False)
            self._show(shown)
            self._toggle(self._retry, bool(self._failures) and bool(self._latest))
            self._show_picks()
            self._offer()

    async def _tick(self, ask: Ask, started: float, count: int) -> None:
        """Elapsed time against the usual one."""
        usual, limit, had = self._usual(ask), self._limit(ask), len(self._latest)
        while True:
            await asyncio.sleep(TICK)
            came = len(self._latest) - had
            self._show(_states.running(time.monotonic() - started, usual, limit, came, count))

    async def _count_down(self, error: NanoBananaError) -> None:
        """Say how much of the wait a server asked for is left."""
        until = time.monotonic() + (error.retry_after or 0)
        shown = _states.failed(error)
        with speaking(self._lang):
            while (left := until - time.monotonic()) > 0:
                self._show(replace(shown, hint=say("panel.wait_left", seconds=f"{left:.0f}"), announce=""))
                await asyncio.sleep(1)
            self._show(replace(shown, hint=say("panel.wait_done"), announce=say("panel.wait_done")))

    def _usual(self, ask: Ask) -> tuple[float, float] | None:
        info = self._info()
        if info is None:
            return None
        return estimate(info, ask.image_size, provider=self._provider()).seconds

    @staticmethod
    def _limit(ask: Ask) -> float:
        return recommended_deadline(ask.image_size, len(ask.pictures))

    def _busy(self, busy: bool) -> None:
        self.run_button.disabled = busy
        self.stop_button.disabled = not busy
        if busy:
            self._toggle(self._retry, False)

    def _show(self, shown: Shown) -> None:
        with self.status.hold_sync():
            self.status.state, self.status.text = shown.state, shown.text
            self.status.hint, self.status.details = shown.hint, shown.details
            if shown.announce:
                self.status.announce = shown.announce

    # --- the result ---------------------------------------------------------------------------------------

    def _expect(self, ask: Ask) -> None:
        """Make room for the picture to come, over the one it comes from."""
        info = self._info()
        if not self.viewer.after and ask.pictures:
            self.viewer.show(before=ask.images[-1])
        if info is not None:
            self.viewer.expect(*info.pixels(_ratio(ask, info), ask.image_size))

    def _choose(self, at: int, ask: Ask | None = None) -> None:
        """Show one take of the last run."""
        ask = ask or self._last
        self._chosen = at
        result = self._latest[at]
        self.viewer.show(before=ask.images[-1] if ask and ask.pictures else None, after=result.image)
        notes = [result.text.strip(), *(f"⚠ {warning}" for warning in result.warnings)]
        self._note.value = "\n".join(filter(None, notes))
        self._toggle(self._after, True)
        self._show_picks()

    def _show_picks(self) -> None:
        several = len(self._latest) + len(self._failures) > 1
        self._toggle(self._picks, several)
        if not several:
            return
        buttons = []
        for at, result in enumerate(self._latest):
            button = ipywidgets.Button(description=say("panel.pick", take=result.take))
            button.add_class("nb-banana-take")
            if at == self._chosen:
                button.add_class("nb-banana-chosen")
            button.on_click(lambda _, at=at: self._choose(at))
            buttons.append(button)
        for take, error in self._failures.items():
            button = ipywidgets.Button(description=f"✕ {say('panel.pick', take=take)}", tooltip=error.message)
            button.disabled = True
            buttons.append(button)
        self._picks.children = buttons

    def _fill_slot(self, result: EditResult) -> None:
        if self._slot and self._slot_shown:
            _notebook.publish(result._repr_mimebundle_(), self._slot_id, update=True)

    def _save_result(self) -> None:
        with speaking(self._lang):
            if not self._latest:
                return
            try:
                path = self._latest[self._chosen].save()
            except (OSError, NanoBananaError) as problem:
                self._note.value = say("panel.not_saved", reason=problem)
                return
            self._note.value = say("panel.saved", path=path)

    def _continue_from_result(self) -> None:
        """The result becomes the tray's only picture; the prompt is free for the next step."""
        image = self.image
        if image is None:
            return
        with speaking(self._lang):
            self.tray.clear()
            self.tray.add(image, name=image.name or say("panel.step_name", number=len(self._results)))
            self.prompt.value = ""
            ready = say("panel.continued")
            self._show(Shown("loaded", ready, announce=ready))

    def _use_chip(self, chip: ipywidgets.Button) -> None:
        self.prompt.value = chip.description

    def _take_key(self, message: Mapping[str, Any]) -> None:
        with speaking(self._lang):
            try:
                self.session.use_key(str(message["key"]))
            except NanoBananaError as error:
                self._show(_states.failed(error))
                return
            self._toggle(self._entry, False)
            self._offer()
            self._refresh()


def _ratio(ask: Ask, info: ModelInfo) -> str:
    """The ratio asked for, or the one the last input leads to."""
    if ask.aspect_ratio is not None:
        return ask.aspect_ratio
    return info.nearest_ratio(*shown_size(ask.images[-1])) if ask.pictures else "1:1"


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
