"""The client for code that waits: the asynchronous one, driven on the private loop."""

from __future__ import annotations

from typing import Any, Self, Unpack

import httpx

from .. import _worker
from .._messages import EditRequest, Settings, spelled
from .._result import EditResult
from .._wire.plan import Plan
from .aclient import AsyncClient, remade
from .endpoint import Endpoint


class Client:
    """Edits pictures through one endpoint, blocking. Threads may share it; close it when done.

    The arguments are those of :class:`AsyncClient`.
    """

    def __init__(
        self,
        endpoint: Endpoint,
        *,
        retries: int = 2,
        deadline: float | None = None,
        strict: bool = False,
        transport: httpx.BaseTransport | httpx.AsyncBaseTransport | None = None,
        download_transport: Any = None,
    ) -> None:
        self._driven = AsyncClient(
            endpoint, retries=retries, deadline=deadline, strict=strict, transport=transport,
            download_transport=download_transport,
        )  # fmt: skip

    @property
    def endpoint(self) -> Endpoint:
        """Where requests go."""
        return self._driven.endpoint

    @spelled
    def edit(self, images: Any, prompt: str, **settings: Unpack[Settings]) -> EditResult:
        """Edit one picture or several as ``prompt`` says; the settings are those of :class:`EditRequest`.

        Raises:
            NanoBananaError: with what happened and the next step.
        """
        return _worker.wait(self._driven.edit(images, prompt, **settings))

    @spelled
    def generate(self, prompt: str, **settings: Unpack[Settings]) -> EditResult:
        """Make a picture from words alone."""
        return _worker.wait(self._driven.generate(prompt, **settings))

    def send(self, request: EditRequest) -> EditResult:
        """Send one request and return its result."""
        return _worker.wait(self._driven.send(request))

    def plan(self, request: EditRequest) -> Plan:
        """Check a request and make it ready, without sending anything."""
        return self._driven.plan_of(request)

    def perform(self, plan: Plan, *, take: int = 1) -> EditResult:
        """Carry out a plan."""
        return _worker.wait(self._driven.perform(plan, take=take))

    def close(self) -> None:
        """Close the connections."""
        _worker.wait(self._driven.aclose())

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def __copy__(self) -> Self:
        return self

    def __deepcopy__(self, memo: dict[int, Any]) -> Self:
        return self

    def __reduce__(self) -> tuple[Any, ...]:
        return remade(type(self), self._driven.options)

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.endpoint!r}>"
