"""The notebook's own session, and the functions that use it."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from typing import Any, Unpack

from .._client.endpoint import Endpoint
from .._client.places import HERE, Place
from .._messages import Settings, Take, spelled
from .._result import EditResult
from .._strings import say
from ..errors import InvalidRequestError
from .door import Options, Session

_own: list[Session] = []
_own_lock = threading.Lock()


def current() -> Session:
    """The notebook's own session; made on first use."""
    with _own_lock:
        if not _own:
            _own.append(Session())
        return _own[0]


def session(endpoint: Endpoint | Session | None = None, **options: Unpack[Options]) -> Session:
    """The notebook's own session; with an endpoint, options or a session, that one from now on.

    The options are those of :class:`Session`: ``folder``, ``budget``, ``retries``, ``deadline``, ``env``,
    ``hooks``, … A budget that stands goes on, from where it counts, unless another is given; ``budget=None``
    drops it. A session is taken as it is.

    Raises:
        InvalidRequestError: an option stands beside a session, which has its own.
    """
    if endpoint is None and not options:
        return current()
    if isinstance(endpoint, Session):
        for name in options:
            hint = say("session.option_beside_hint", name=name)
            raise InvalidRequestError(say("session.option_beside", name=name), hint=hint)
    made = endpoint if isinstance(endpoint, Session) else Session(endpoint, **options)
    with _own_lock:
        before = next(iter(_own), None)
        _own[:] = [made]
    if before and before.budget is not None and "budget" not in options:
        made._follow(before, going_on=made is not endpoint)
    return made


def places_here(session: Session | None = None) -> Sequence[Place]:
    """Where a session, the notebook's own when None, looks for its key; none is made to answer."""
    used = session if isinstance(session, Session) else next(iter(_own), None)
    return HERE if used is None else used._where.places


def _chosen(session: Session | None) -> Session:
    if session is not None and not isinstance(session, Session):
        raise InvalidRequestError(say("session.bad_session", kind=type(session).__name__))
    return session or current()


@spelled
def edit(
    images: Any,
    prompt: str,
    *,
    take: Take = 1,
    takes: int = 1,
    fresh: bool = False,
    session: Session | None = None,
    **settings: Unpack[Settings],
) -> EditResult:
    """Edit one picture or several as ``prompt`` says, or replay what the history beside the notebook holds.

    Args:
        images: one picture or a list: paths, URLs, bytes, PIL images, arrays, results.
        prompt: the instruction, after the pictures.
        model: an id or a nickname (``nb.models()``); the provider's default when None.
        aspect_ratio: ``"16:9"``, …; None follows the last picture.
        image_size: ``"1K"``, ``"2K"``, ``"4K"``; None is the model's default.
        take: which attempt at the same request: a new number pays, a known one is replayed; ``"next"`` is the
            next free one, and pays each time it is run.
        takes: how many attempts to make, from ``take`` on; they run at once.
        fresh: send again, and pay again, even what history holds.
        session: the session to edit through; the notebook's own when None.

    Raises:
        NanoBananaError: with what happened and the next step.
    """
    return _chosen(session).edit(images, prompt, take=take, takes=takes, fresh=fresh, **settings)


@spelled
def generate(
    prompt: str,
    *,
    take: Take = 1,
    takes: int = 1,
    fresh: bool = False,
    session: Session | None = None,
    **settings: Unpack[Settings],
) -> EditResult:
    """Make a picture from words alone; see :meth:`Session.edit`."""
    return _chosen(session).generate(prompt, take=take, takes=takes, fresh=fresh, **settings)
