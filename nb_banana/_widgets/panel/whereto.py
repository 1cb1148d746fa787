"""Where edits go, as the panel says it; a server of one's own is asked what it runs, beside the loop."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING, Any, Protocol

from ... import _worker
from ..._client.served import must_ask, names_at
from ..._strings import speaking
from ...errors import NanoBananaError
from .run import same_place

if TYPE_CHECKING:
    from ..._client.endpoint import Endpoint


class Offering(Protocol):
    """What shows a place: its models, and sentences about it; the names are None while it is asked."""

    def __call__(self, place: Endpoint, notices: tuple[str, ...], names: tuple[str, ...] | None) -> None: ...


class Whereto:
    """The place a panel speaks of.

    Args:
        offer: shows it.
        notice: what the history has to say now.
        told: called when a server has said something, or nothing.
        lock: held while what is shown becomes another.
        lang: the panel's language.
    """

    def __init__(
        self, offer: Offering, notice: Callable[[], str], told: Callable[[], None],
        lock: AbstractContextManager[Any], lang: str | None,
    ) -> None:  # fmt: skip
        self._offer, self._notice, self._told, self._lock, self._lang = offer, notice, told, lock, lang
        self._said = ""
        self._given: Endpoint
        self._shown: tuple[Endpoint, tuple[str, ...] | None]

    def meet(self, place: Endpoint) -> None:
        """Offer what is at a place."""
        with self._lock:  # a run that ends meanwhile shows its place again, and not the one before
            self._given, self._said = place, ""
            self._show(place, None if must_ask(place) else ())
        self.look()

    def is_at(self, place: Endpoint) -> bool:
        """Whether that is the place shown."""
        return same_place(place, self._given)

    def again(self) -> None:
        """Offer the same once more: in another language, or with what the history has to say by now."""
        with self._lock:
            self._show(*self._shown)

    def look(self) -> None:
        """Ask a server that must say what it runs; it may run another model by now."""
        if must_ask(self._given):
            _worker.aside(self._ask, self._given)

    def _show(self, place: Endpoint, names: tuple[str, ...] | None) -> None:
        self._shown = place, names
        self._offer(place, (self._given.notice, self._said, self._notice()), names)

    def _ask(self, place: Endpoint) -> None:
        """One model is the place's own; of several one is chosen."""
        names: tuple[str, ...] = ()
        with speaking(self._lang, anew=True):
            try:
                names, said = names_at(place), ""
            except NanoBananaError as error:
                said = f"{error.message} {error.hint}"
            with self._lock:
                if not self.is_at(place):
                    return
                self._said = said
                if len(names) == 1:
                    place, names = place.but(model=names[0]), ()
                self._show(place, names)
        self._told()
