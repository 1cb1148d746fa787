"""Where edits go: as given, else as the environment says now, else the sandbox; and saying so.

Rules of this file:

* The environment is looked at again before each edit, so that a key that appears is used at once.
* The sandbox is never used silently, and a switch is announced once.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from typing import Any
from weakref import WeakSet

from .._catalog.providers import PROVIDERS, Provider
from .._client.aclient import AsyncClient
from .._client.endpoint import Endpoint, env_endpoint
from .._client.places import HERE, Place, ask_again, find, tips, troubles, unread_dotenv
from .._strings import say
from .._wire.wires import WireName
from ..errors import NanoBananaError


def priced_at(endpoint: Endpoint) -> Provider:
    """Whose prices an estimate tells where no provider was named: those of the place that edits go to.

    Without a key it is the provider that most people choose.
    """
    return PROVIDERS["apiyi"] if endpoint.is_sandbox else endpoint.provider


class Where:
    """An endpoint that may still change, and what was said about it.

    Attributes:
        fixed: the endpoint in force, or None to follow the environment.
        given: the one given in code, or None.
        typed: whether the one in force holds a key that was given for this session.
        aside: whether edits go there by name, beside those that go where they always go.
        places: where a key is looked for, in order.
        tell: what says something to the person.
    """

    def __init__(
        self, fixed: Endpoint | None, tell: Callable[[str], None], places: Sequence[Place] = HERE
    ) -> None:
        self.fixed, self.given, self.typed, self.tell = fixed, fixed, False, tell
        self.places = places
        self._told = set[str]()
        self._lock = threading.Lock()
        self._sandbox: Endpoint | None = None
        self.aside = False
        self._found = fixed is None
        self._wire: WireName | None = None
        self._family = WeakSet([self])

    def at(self, endpoint: Endpoint, *, aside: bool = False) -> Where:
        """The same, always at ``endpoint``; what was said once is not said again.

        ``aside`` is for edits that a person sent there by name: the place of the others is still the same.
        """
        sibling = Where(endpoint, self.tell, self.places)
        sibling.aside, sibling.typed = aside, self.typed and not aside
        sibling.given = endpoint if aside else self.given
        sibling._found = self._found and not aside
        sibling._told, sibling._lock = self._told, self._lock
        if not aside:
            sibling._wire, sibling._family = endpoint.wire, self._family
            with self._lock:
                self._family.add(sibling)
        return sibling

    @property
    def endpoint(self) -> Endpoint:
        """Where the next edit goes."""
        found = self.fixed or env_endpoint(self.places)
        if found is not None:
            return found
        if self._sandbox is None:
            self._sandbox = Endpoint.sandbox()
        return self._sandbox

    def use(self, endpoint: Endpoint) -> None:
        """Go to an endpoint whose key was given for this session."""
        self.fixed, self.typed = endpoint, True

    def forget(self) -> Endpoint:
        """Go where edits went before a key was given for this session; any other key is left aside, for the
        sandbox. So do the siblings on other wires, each on its own where that place speaks it. Gives the
        endpoint that is left.
        """
        left = self.endpoint
        with self._lock:
            family = list(self._family)
        if not left.is_sandbox:
            for one in family:
                with suppress(NanoBananaError):  # an environment that names no place has no key
                    if one is self or _same_key(one.endpoint, left):
                        one._leave()
        return left

    def _leave(self) -> None:
        self.fixed, self.typed = (self.given if self.typed else Endpoint.sandbox()), False
        if self._wire:
            with suppress(NanoBananaError):
                self.fixed = self.endpoint.on(self._wire)

    def find(self) -> None:
        """Go where edits go by themselves: as given in code, else as the environment says, asked anew."""
        ask_again(self.places)
        self.fixed, self.typed = self.given, False

    @property
    def source(self) -> str:
        """Whence the key is: a variable's name, after its place where that is another than the variables;
        ``"session"``, ``"code"``; ``""`` without one.
        """
        if not self.endpoint.has_key:
            return ""
        if self.fixed is None:
            return find(self.places).source
        return "session" if self.typed else "code"

    @property
    def left_aside(self) -> bool:
        """Whether there is a key that :meth:`find` would take up again."""
        if self.typed or self.fixed is self.given:
            return False
        return self.given.has_key if self.given else bool(find(self.places).held)

    def announce(self) -> None:
        """Say once what kind of place edits go to, and again when that changes."""
        endpoint = self.endpoint
        if self.aside:
            self.tell_once(endpoint.notice)
            return
        place = "sandbox" if endpoint.is_sandbox else endpoint.base_url
        with self._lock:
            if place in self._told:
                return
            switched = bool(self._told)
            self._told.add(place)
        if endpoint.is_sandbox and self._found:
            said = [say("session.sandbox"), *tips(self.places), *troubles(self.places)]
            self.tell(" ".join(filter(None, [*said, unread_dotenv(self.places)])))
        elif switched:
            self.tell(say("session.switched", provider=endpoint.provider.title, host=endpoint.base_url))
        if endpoint.notice:
            self.tell(endpoint.notice)

    def tell_once(self, sentence: str) -> None:
        """Say something a person should know, the first time it is so."""
        with self._lock:
            if not sentence or sentence in self._told:
                return
            self._told.add(sentence)
        self.tell(sentence)


def _same_key(one: Endpoint, other: Endpoint) -> bool:
    """Whether two endpoints are of one address and one key, on whatever wire."""
    return one.key_mark(b"") == other.key_mark(b"")


class Clients:
    """One client per endpoint, shared by a session and its siblings on other wires."""

    def __init__(self, options: Mapping[str, Any]) -> None:
        self._options = options
        self._lock = threading.Lock()
        self._made: dict[tuple[Endpoint, bool], AsyncClient] = {}

    def of(self, endpoint: Endpoint) -> AsyncClient:
        """The client for an endpoint, made when it is first needed."""
        as_asked = endpoint, endpoint.wire_asked  # which says whether a model may go over another wire
        with self._lock:
            if as_asked not in self._made:
                self._made[as_asked] = AsyncClient(endpoint, **self._options)
            return self._made[as_asked]

    def forget(self, endpoint: Endpoint) -> None:
        """The clients that hold this endpoint's key send nothing more; what they have under way may end."""
        with self._lock:
            for one in [one for one in self._made if one[0].has_key and _same_key(one[0], endpoint)]:
                self._made.pop(one).forget()

    @property
    def made(self) -> list[AsyncClient]:
        """Every client made so far."""
        with self._lock:
            return list(self._made.values())
