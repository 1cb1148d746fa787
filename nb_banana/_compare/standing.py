"""How a cell stands before it runs: where it would go and over which wire, or why it can't work.

All of it comes from the plan and the catalog: nothing is sent, no server is asked, no picture is decoded.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

from .._catalog.models import check_name, check_request, find_model
from .._client.endpoint import Endpoint
from .._client.served import serving
from .._images.data import ImageData
from .._masking import asked_settings
from .._strings import say
from ..errors import InvalidRequestError, NanoBananaError
from .cells import Cell
from .estimate import Request

if TYPE_CHECKING:
    from .._session.door import Session

_ASKED: Final = ("aspect_ratio", "image_size", "seed", "take")
"""The coordinates that are sent as they are."""


@dataclass(frozen=True, slots=True)
class Stand:
    """Where a cell would go, as far as that is known, and why it can't work, if it can't."""

    endpoint: Endpoint | None
    wire: str | None
    error: NanoBananaError | None = None

    @property
    def is_sandbox(self) -> bool:
        """Whether the built-in stand-in would make it."""
        return self.endpoint is not None and self.endpoint.is_sandbox

    @property
    def spoken(self) -> tuple[str | None, str | None]:
        """The provider and the wire."""
        return None if self.endpoint is None else self.endpoint.name, self.wire

    def after(self, before: Stand, turn: int) -> Stand:
        """The same as step ``turn`` of a chain: it can't work where the step ``before`` it can't."""
        if self.error is not None or before.error is None:
            return self
        return replace(self, error=InvalidRequestError(say("planning.earlier_impossible", turn=turn - 1)))


def stand(cell: Cell, session_of: Callable[[Cell], Session]) -> Stand:
    """How a cell stands at the session that ``session_of`` finds for it."""
    there = cell.place.endpoint
    try:
        there = there and as_served(there, cell.model)  # also where there is no key for it
        there = as_served(session_of(cell).endpoint, cell.model)
        check_name(cell.model)
        _check(cell, there)
    except NanoBananaError as error:
        return Stand(there, cell.wire if there is None else cell.wire or there.wire, error)
    return Stand(there, there.wire)


def as_served(endpoint: Endpoint, model: str | None) -> Endpoint:
    """The endpoint on the wire that carries a model there, told from the catalog alone."""
    return endpoint if endpoint.provider.anywhere else serving(endpoint, model)


def _check(cell: Cell, there: Endpoint) -> None:
    """Raise what can be known to be wrong with a cell at a place."""
    request, asked = cell.request(), Request.at(there, cell.model, cell.image_size)
    choice = find_model(asked.model, there.provider)
    check_request(
        choice.info, cell.aspect_ratio, cell.image_size, provider=there.provider, wire=there.wire
    )
    asked_settings(request.holding(()), choice)
    if request.mask is not None and not request.images:
        raise InvalidRequestError(say("wire.mask_alone"))


def alike(standing: Iterable[tuple[Cell, Stand]]) -> dict[int, tuple[int, ...]]:
    """For each cell that can work the places of those that ask for the very same, in one request."""
    found: dict[tuple[Any, ...], list[int]] = {}
    for cell, one in standing:
        if one.endpoint is not None and one.error is None:
            inputs = tuple(image.sha256 for image in cell.source.images)
            others = (cell[axis] for axis in _ASKED)
            further = _told(cell.settings.get("mask")), json.dumps(cell.settings.get("extra"), sort_keys=True)
            where = _there(cell, one.endpoint)
            found.setdefault((inputs, *where, cell.steps, *others, *further), []).append(cell.index)
    return {place: tuple(places) for places in found.values() for place in places}


def _told(mask: Any) -> Any:
    """A mask as a plain value."""
    return mask.sha256 if isinstance(mask, ImageData) else mask


def _there(cell: Cell, endpoint: Endpoint) -> tuple[str, ...]:
    """Where a cell goes and the model it asks there, as the history tells requests apart."""
    row = endpoint.provider
    model = Request.at(endpoint, cell.model, None).model
    further = json.dumps(dict(endpoint.extra), sort_keys=True)
    where = endpoint.base_url if row.anywhere else endpoint.name
    return where, endpoint.wire, find_model(model, row).sent_id, further, repr(endpoint.fault)
