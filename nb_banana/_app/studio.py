"""The studio in a visitor's kernel: the panel and the history, with all that concerns the machine shut.

Rules of this file:

* What is shut is gone from the kernel, not only hidden: a page can tell a hidden widget to act.
* Limits stand here as values of the kernel: the page can set what it is shown, never what is checked.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import Mapping
from importlib import import_module
from typing import Any, Final

from .._client.endpoint import Endpoint
from .._history.till import Till
from .._result import EditResult
from .._session.door import Session
from .._session.purse import SharedPurse
from .._strings import say
from .._widgets.panel.panel import Panel
from .._widgets.surface import Note, Surface, classify, shut
from ..errors import InvalidRequestError
from .rules import MB, VARIABLE, Rules, heard, notices

_AT_ONCE: Final = 1
"""Edits under way at once from one page."""


class Seat(Session):
    """A visitor's session: its own history and budget, the purse of all, and no key but the server's."""

    def __init__(
        self, rules: Rules, visitor: str, endpoint: Endpoint | None = None, kernel: str = ""
    ) -> None:
        folder = rules.history(visitor)
        super().__init__(endpoint, folder=folder, budget=rules.each, notebook="class", tell=lambda _: None)
        self._purse = SharedPurse(rules.each, Till(rules.folder, kernel), visitor, rules.together)
        self._turn = asyncio.Semaphore(_AT_ONCE)

    async def asend(self, *several: Any, **how: Any) -> EditResult:
        """As any session does, one after the other."""
        async with self._turn:
            return await super().asend(*several, **how)

    def use_key(self, key: str, **_: Any) -> Endpoint:
        """Never: edits go where the server says.

        Raises:
            InvalidRequestError: always.
        """
        raise InvalidRequestError(say("app.no_keys"))

    def forget_key(self) -> Endpoint:
        """Never: edits go where the server says."""
        return self.endpoint


class Studio(Panel):
    """The panel of a visitor, which comes back to what the visitor did before."""

    def __init__(self, rules: Rules, session: Session, lang: str | None = None) -> None:
        self._rules = rules
        super().__init__(session=session, slot=False, lang=lang)
        self._words, view, choosing = Note(), self.view, self.prompting.own
        classify({"note": self._words})
        self.children = [self._words, *self.children]
        shut(self, (
            self.head.keyring.box, self.head.button, self.head.spent.limit,
            choosing.file, choosing.give, choosing.take, view.save, view.share, self.marking.exact.save,
        ))  # fmt: skip
        self.tray.take_only_files(rules.upload_mb * MB)
        self._tell()

    def _place(self) -> str:
        return "class:1"

    def _take_key(self, message: Mapping[str, Any]) -> None:
        if message.get("t") == "look":  # the money shown is another
            super()._take_key(message)

    def _rename(self) -> None:
        super()._rename()
        self._tell()

    def _tell(self) -> None:
        with self._speaking():
            self._words.text = " ".join(notices(self._rules))


def studio() -> tuple[Studio, Surface]:
    """The panel and the history of the visitor this kernel is for; working in the visitor's own folder."""
    rules, visitor, kernel = heard(os.environ[VARIABLE])
    place = rules.place(visitor)
    place.mkdir(mode=0o700, parents=True, exist_ok=True)
    os.chdir(place)
    seat = Seat(rules, visitor, kernel=kernel)
    panel = Studio(rules, seat, rules.lang)
    view: type[Surface] = import_module("nb_banana._widgets.history").HistoryView  # not above the panel
    return panel, view(session=seat, panel=panel, lang=rules.lang)  # type: ignore[call-arg]
