"""From a click to a run: whether it may be sent, where to, and what it asks for.

Rules of this file:

* Nothing is sent elsewhere than the panel says: where that changed, this click tells so and sends nothing.
* One click is one run. A second click waits for its turn; the second press of a double click is none.
* What costs more than a person wants to spend unasked is told by the first click and sent by the next one.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING, Any, ParamSpec

from ..._strings import say
from ...errors import NanoBananaError
from . import states
from .ask import Ask
from .limit import DOUBLE, Limit
from .run import Run
from .runner import Follower, Runner
from .shots import Shot
from .states import Shown
from .whereto import Whereto

if TYPE_CHECKING:
    from ..._client.endpoint import Endpoint
    from ..._result import EditResult
    from .controls import Controls

P = ParamSpec("P")


class Clicks:
    """What the buttons of a panel send.

    Args:
        desk: the panel's controls: what is asked, and where it is shown.
        follower: keeps up with the runs beside the screen.
        arrived: called with each picture, and whether it came too late.
        refresh: called when something was learnt of the place; ``settled`` when a run is over.

    Attributes:
        runner, whereto: the runs, and the place the panel speaks of.
    """

    def __init__(
        self,
        desk: Controls,
        follower: Follower,
        arrived: Callable[[EditResult, bool], None],
        refresh: Callable[[], None],
        settled: Callable[[], None],
        lang: str | None,
    ) -> None:
        self._desk, self._view, self._refresh, self._settled = desk, desk.view, refresh, settled
        self.runner = Runner(desk.view, follower, arrived, lang, lambda: desk.session)
        self.whereto = Whereto(desk.offer, self._notice, refresh, desk.view.lock, lang)
        self.whereto.meet(desk.session.endpoint)
        self._last: tuple[Ask | None, float] = (None, 0.0)
        self._told: tuple[Ask | None, str] = (None, "")
        self._limit = Limit()

    @property
    def run(self) -> Run | None:
        """The run under way, or the last one."""
        return self.runner.run

    def start(self, amiss: str = "") -> None:
        """Send what the controls ask for, or say why not; ``amiss`` is wrong with what was just typed."""
        place, ask, now = self._place(), self._desk.ask(), time.monotonic()
        if place is None:
            return
        if amiss:
            self._tell(say("panel.nothing_sent", why=amiss))
            return
        if not ask.prompt or ask.trouble:
            self._say(states.not_sent(bool(ask.pictures), ask.trouble))
            self.whereto.look()
        elif not self._is_double(ask, now) and self._agreed(ask, place, ask.takes):
            self._last = ask, now
            self.begin(Run(ask, place))
            self._desk.marking.open(False)  # what comes is to be seen

    def _is_double(self, ask: Ask, now: float) -> bool:
        return self.runner.running and ask == self._last[0] and now - self._last[1] < DOUBLE

    def retry(self) -> None:
        """Send the takes of the last run that failed once more; the rest of it stays."""
        place, run = self._place(), self.run
        if place is not None and run is not None and run.failures and run.results:
            self._again(run)

    def retry_one(self, shot: Shot) -> None:
        """Send one that failed, or never was sent, once more; in its place."""
        if shot.run is not None and shot.state in ("failed", "unsent") and self._place() is not None:
            self._again(shot.run, shot)

    def _again(self, run: Run, one: Shot | None = None) -> None:
        place = self._there(run.ask)
        if self._agreed(run.ask, place, 1 if one else len(run.failures)):
            self.begin(run.again(place, one.part if one else None))

    def _there(self, ask: Ask) -> Endpoint:
        """Where edits go, as the model of an ask is asked of it."""
        return self._desk.choices.serving(ask.settings.get("model"))

    def drop(self, shot: Shot) -> None:
        """One that waits is not sent."""
        if shot.run is not None:
            self.runner.drop(shot.run)

    def fetch(self) -> None:
        """Fetch what the last run paid for and could not fetch; nothing is sent."""
        if not self.runner.running and self.run is not None:
            self.begin(self.run.fetching())

    def larger(self) -> None:
        """Ask for the picture shown again, as large as its model makes it."""
        place, ask = self._place(), self.larger_ask()
        if place is not None and ask is not None and self._agreed(ask, self._there(ask), 1):
            self.begin(Run(ask, self._there(ask)))

    def larger_ask(self) -> Ask | None:
        """What asks for the picture shown in its model's largest size; None where it is that large."""
        result = self._view.result
        if result is None:
            return None
        ask = self._desk.ask_of(result)
        return ask.larger(self._there(ask))

    def begin(self, run: Run) -> None:
        """Begin a run, or let it wait."""
        known = {id(shot.part) for shot in self._view.strip.album.shots}
        if any(part.instead_of is not None and id(part.instead_of) not in known for part in run.parts):
            return  # it is tried again already
        if self.runner.running and self.runner.full:
            self._view.tell(say("panel.queue_full", count=len(self.runner.waiting)))
            return
        run.when_over(self._settled)
        self.runner.start(run)
        if not run.begun:
            self._view.status.announce = say("panel.queued", count=len(self.runner.waiting))

    def _notice(self) -> str:
        return self._desk.session.history.notice

    def _place(self) -> Endpoint | None:
        """Where a click may send to. None where edits go elsewhere than the panel says: then it says so."""
        try:
            place = self._desk.session.endpoint
        except NanoBananaError as error:
            self._say(states.failed(error))
            return None
        if self.whereto.is_at(place):
            if self._desk.head.spent.keep_up():  # a budget set in code stands there before its refusal does
                self._refresh()
            return self._desk.choices.there
        self.whereto.meet(place)
        self._refresh()
        self._tell(say("panel.place_changed", place=self._desk.head.mode.text, price=self._desk.sends.text))
        return None

    def _agreed(self, ask: Ask, place: Endpoint, count: int) -> bool:
        """Whether so many pictures may be sent unasked, or were asked about and are clicked for again."""
        asked = self._limit.ask(
            (ask, count), lambda: ask.cost(place) * count, sandbox=place.is_sandbox,
            still=lambda _: self.told(self._desk.ask()),
        )  # fmt: skip
        if asked:
            self._tell(asked)
        elif self._view.note.text == self._told[1]:
            self._view.note.text = ""  # it was told while another ran, and is sent now
        return not asked

    def told(self, ask: Ask) -> bool:
        """Whether what the last click was told can be read, and nothing was changed since."""
        before, text = self._told
        return before == ask and text in (self._view.status.text, self._view.note.text)

    def _tell(self, text: str) -> None:
        self._told = self._desk.ask(), text
        self._say(Shown("loaded", text, announce=text))

    def _say(self, shown: Shown) -> None:
        """Tell a click why nothing was sent; in the note while one runs, for then the line counts seconds."""
        if self.runner.running:
            self._view.tell(shown.text)
        else:
            self._view.say(shown)


def bound(action: Callable[P, Any], lock: AbstractContextManager[Any]) -> Callable[P, None]:
    """``action`` under a lock: what stands on the desk is one thing until it is done."""

    def locked(*args: P.args, **kwargs: P.kwargs) -> None:
        with lock:
            action(*args, **kwargs)

    return locked
