"""What the widget tests share: sandbox sessions that say nothing, and a widget's outgoing messages."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

import nb_banana as nb
from nb_banana import _strings


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    """A page's language noted by one test does not reach the next."""
    yield
    _strings.use_language(None)


@pytest.fixture
def sandbox() -> Iterator[Callable[..., nb.Session]]:
    """`sandbox(fault=…, delay=…, wire=…)`: a session on the sandbox; its retries are off."""
    made: list[nb.Session] = []

    def make(**how: Any) -> nb.Session:
        made.append(nb.Session(nb.Endpoint.sandbox(**how), retries=0, tell=lambda _: None))
        return made[-1]

    yield make
    for session in made:
        session.close()


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> Callable[[Any], list[tuple[dict[str, Any], list[bytes]]]]:
    """`sent(widget)`: the list that the widget's messages to the page are noted in from now on."""

    def note(widget: Any) -> list[tuple[dict[str, Any], list[bytes]]]:
        noted: list[tuple[dict[str, Any], list[bytes]]] = []
        monkeypatch.setattr(widget, "send", lambda message, buffers=None: noted.append((message, list(buffers or []))))
        return noted

    return note
