"""One line while a cell waits: what was sent, where to, and how long that usually takes.

Rules of this file:

* It comes once a request has gone out and no answer came for a while; replays and quick answers show none.
* Whoever waits looks here now and then, on the thread that waits: only there is it known which cell that is.
* Outside of a notebook there is none, but where somebody else shows it: the terminal's command.
"""

from __future__ import annotations

import asyncio
import contextlib
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING, Final

from .. import _worker
from .._catalog.prices import estimate
from .._display import view
from .._messages import Order
from .._strings import say
from .._text import amount, span
from ..errors import NanoBananaError

if TYPE_CHECKING:
    from .._client.endpoint import Endpoint

LOOK: Final = 0.25
"""Seconds between two looks."""
QUIET: Final = 1.0
"""Seconds without an answer before there is anything to say."""


Show = Callable[[str], Callable[[], None]]
shown_by: Final[ContextVar[Show | None]] = ContextVar("shown_by", default=None)
"""Who shows the line outside of a notebook, and gives what takes it away."""


def watch() -> None:
    """Know what each cell shows, from the next on: a line is taken away only where nothing goes with it."""
    if "ipykernel" in sys.modules:
        view("watch")()


class Line:
    """The line of one wait."""

    def __init__(self, sentence: Callable[[], str]) -> None:
        self._sentence, self._due = sentence, time.monotonic() + QUIET
        self._sent = self._shown = False
        self._take_away: Callable[[], None] = lambda: None

    def began_as(self, _take: int) -> None:
        """A request goes out."""
        self._sent = True

    def look(self) -> None:
        """Show the line if it is time."""
        show = shown_by.get() or (view("line") if "ipykernel" in sys.modules else None)
        if show and self._sent and not self._shown and time.monotonic() > self._due:
            self._shown = True
            _worker.looks_on(lambda: self._begin(show))

    def _begin(self, show: Show) -> None:
        self._take_away = show(self._sentence())

    @contextmanager
    def looking(self) -> Iterator[None]:
        """Look now and then from the running loop, and take the line away in the end."""

        async def look() -> None:
            while True:
                await asyncio.sleep(LOOK)
                self.look()

        looks = asyncio.get_running_loop().create_task(look())
        try:
            yield
        finally:
            looks.cancel()
            self.over()

    def over(self) -> None:
        """Take it away."""
        take_away, self._take_away = self._take_away, lambda: None
        _worker.looks_on(take_away)


def sentence(orders: Sequence[Order], place: Endpoint) -> str:
    """What is under way: ``Sent 2 pictures (1.2 MB) to APIYI (api.apiyi.com); usually about 20–25 s …``."""
    asked = orders[0].request
    size = sum(len(getattr(image, "data", b"")) for image in asked.images)
    many = ("words", "picture", "pictures")[min(len(asked.images), 2)]
    what = say(f"session.waiting_{many}", count=len(asked.images), size=amount(size))
    if asked.image_size:
        what += say("session.waiting_size", size=asked.image_size)
    if len(orders) > 1:
        what += say("session.waiting_takes", count=len(orders))
    row, host = place.provider, place.base_url.partition("://")[2].partition("/")[0]
    where = row.title if place.is_sandbox or row.title == host else f"{row.title} ({host})"
    usual = ""
    with contextlib.suppress(NanoBananaError, LookupError):  # a model nobody knows has no usual time
        seconds = estimate(asked.model, asked.image_size, provider=row).seconds
        usual = say("session.waiting_usual", span=span(*seconds)) if seconds else ""
    return say("session.waiting", what=what, place=where, usual=usual)
