"""What people do with the pictures that came: go on, use one, step back, begin anew. Nothing is sent."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..._strings import say
from . import past
from .refill import refill
from .states import Shown
from .steps import Stand, Steps

if TYPE_CHECKING:
    from collections.abc import Callable

    from ..._history.record import Record
    from ..._session.door import Session
    from ..tray import Card
    from .controls import Controls
    from .shots import Shot


class Moves:
    """The moves on a panel's desk, and what stood there before.

    Args:
        desk: the panel's controls.
        given, cell: the inputs its cell names, and its place in the history.
        start_over: empties the strip.
    """

    def __init__(
        self, desk: Controls, given: tuple[Card, ...], cell: str, start_over: Callable[[], None]
    ) -> None:
        self._desk, self._view, self._start_over = desk, desk.view, start_over
        self._given, self._cell = given, cell
        self._steps = Steps()
        desk.strip.acts |= {"show": self.look, "look": self.look}

    # --- going on -------------------------------------------------------------------------------------

    def go_on(self) -> None:
        """The result shown becomes the tray's only picture; the prompt is free for the next step."""
        if self._view.result is None:
            return
        with self._view.telling():
            self._view.result.image.check()  # before the others go: its file may be gone
            self.note()
            self._desk.tray.clear()
            self._add_shown()
            self._desk.choices.keep_mask(None)
            self._desk.prompt.value = ""
            self.note()
            text = say("panel.continued")
            self._view.say(Shown("loaded", text, announce=text))

    def use(self) -> None:
        """The result shown becomes one more input."""
        if self._view.result is None:
            return
        with self._view.telling():
            self._view.result.image.check()
            self.note()
            self._add_shown()
            self.note()
            self._view.tell(say("reel.used", number=len(self._desk.tray.pictures)))

    def use_exact(self) -> None:
        """The result with everything else as it was becomes the tray's only picture."""
        self.note()
        self._desk.marking.exact.put_in()
        self.note()

    def take_up(self, record: Record, session: Session) -> tuple[int, list[str]]:
        """Ask what a record asked, in place of what was being prepared. Gives what :func:`refill` gives."""
        self.note()
        self._desk.prompting.keep()
        missing = refill(self._desk, record, session)
        self.note()
        return missing

    def _add_shown(self) -> None:
        result, album = self._view.result, self._view.strip.album
        self._desk.tray.add(result, name=say("panel.step_name", number=album.number(result)))

    def look(self, shot: Shot) -> None:
        """Show a picture of the strip; one that came late stands with the others from then on."""
        if shot.state == "late" and shot.result is not None:
            past.remember(self._desk.session, self._cell, shot.result)
        self._view.look(shot)

    # --- back and forth -------------------------------------------------------------------------------

    def note(self) -> None:
        """What stands on the desk now can be gone back to."""
        self._steps = self._steps.to(self._stand())

    def can(self, by: int) -> bool:
        """Whether there is a step back (-1) or forward (1)."""
        now = self._steps.now
        if now is not None and not now.like(self._stand()):
            return by < 0
        return self._steps.can(by)

    def step(self, by: int) -> None:
        """Back (-1) to the inputs, the prompt and the result that stood before, or forward again (1)."""
        self._steps = self._steps.moved(by, self._stand())
        stand = self._steps.now
        if stand is None:
            return
        self._desk.tray.put(stand.pictures)
        self._desk.prompt.value = stand.prompt
        with self._view.telling():
            if stand.shown is None:
                self._view.clear(self._desk.ask().before)
            else:
                self._view.show(stand.shown)
        self._desk.choices.keep_mask(stand.mask)
        self._desk.marking.put(stand.marks, stand.ground)
        at, count = self._steps.at + 1, len(self._steps.stands)
        text, status = say("reel.stepped", number=at, count=count), self._view.status
        if status.state in ("running", "long"):  # what runs is still what the line is about
            status.announce = text
        else:  # what it said of another picture no longer holds
            self._view.say(Shown("loaded", text, announce=text))

    def begin_anew(self) -> None:
        """The inputs of the cell, and an empty strip, now and when the cell is run again."""
        self.note()
        past.leave(self._desk.session, self._cell)
        self._desk.tray.put(self._given)
        self._desk.prompt.value = ""
        self._desk.choices.keep_mask(None)  # a region left behind would be part of the next edit
        self._desk.marking.put(None)
        self._start_over()
        self.note()
        self._view.tell(say("reel.over_done"))

    def _stand(self) -> Stand:
        desk = self._desk
        marks, ground, mask = desk.marking.marks, desk.marking.easel.image, desk.choices.settings.get("mask")
        return Stand(desk.tray.pictures, desk.prompt.value, self._view.result, marks, ground, mask)
