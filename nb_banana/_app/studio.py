"""The studio in a visitor's kernel: the panel and the history, with all that concerns the machine shut.

Rules of this file:

* What is shut is gone from the kernel, not only hidden: a page can tell a hidden widget to act.
* Limits stand here as values of the kernel: the page can set what it is shown, never what is checked.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Final

from .._client.endpoint import Endpoint
from .._history.till import Till
from .._result import EditResult
from .._session.door import Session
from .._session.purse import SharedPurse
from .._strings import say
from .._text import amount
from .._widgets.history import HistoryView
from .._widgets.panel.panel import Panel
from .._widgets.surface import Note, classify, shut
from .._widgets.tray import Tray
from ..errors import InvalidRequestError
from .rules import VARIABLE, Rules, heard

_MB: Final = 1_000_000
_AT_ONCE: Final = 1
"""Edits under way at once from one page."""


class Seat(Session):
    """A visitor's session: its own history and budget, the purse of all, and no other key than the server's."""

    def __init__(self, rules: Rules, visitor: str, endpoint: Endpoint | None = None) -> None:
        super().__init__(
            endpoint, folder=rules.history(visitor), budget=rules.each, notebook="class", tell=lambda _: None
        )
        self._purse = SharedPurse(rules.each, Till(rules.folder), visitor, rules.together)
        self._turn = asyncio.Semaphore(_AT_ONCE)

    async def asend(self, *several: Any, **how: Any) -> EditResult:
        """As any session does, one after the other."""
        async with self._turn:
            return await super().asend(*several, **how)

    def use_key(self, key: str, **_: Any) -> Endpoint:  # noqa: ARG002 - refused whatever it is
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
            choosing.file, choosing.give, choosing.take, view.save, view.share,
        ))  # fmt: skip
        self.tray.take_only_files(rules.upload_mb * _MB)
        self._tell()

    def _place(self) -> str:
        return "class:1"

    def _take_key(self, message: Mapping[str, Any]) -> None:
        if message.get("t") == "tested":  # the money shown is another
            super()._take_key(message)

    def _rename(self) -> None:
        super()._rename()
        self._tell()

    def _tell(self) -> None:
        with self._speaking():
            self._words.text = " ".join(notices(self._rules))


def notices(rules: Rules) -> list[str]:
    """What a visitor should know, a sentence each."""
    facts: list[tuple[str, Decimal | int | None]] = [
        ("each", rules.each), ("together", rules.together), ("keep", rules.keep),
    ]  # fmt: skip
    said = [say(f"app.told_{name}", most=value) for name, value in facts if value is not None]
    return [*said, say("app.told_upload", most=amount(rules.upload_mb * _MB)), say("app.told_teacher")]


def studio() -> tuple[Studio, HistoryView]:
    """The panel and the history of the visitor this kernel is for; working in the visitor's own folder."""
    rules, visitor = heard(os.environ[VARIABLE])
    place = rules.place(visitor)
    place.mkdir(mode=0o700, parents=True, exist_ok=True)
    os.chdir(place)
    seat = Seat(rules, visitor)
    panel = Studio(rules, seat, rules.lang)
    return panel, HistoryView(session=seat, panel=panel, lang=rules.lang)
