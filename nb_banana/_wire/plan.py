"""One edit made ready for one provider and wire."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from .._catalog.models import ModelInfo
from .._catalog.providers import Provider
from .._images.data import ImageData
from .._messages import EditRequest
from .body import Body
from .wires import WIRES


@dataclass(frozen=True, slots=True)
class Plan:
    """What is going to be sent, and where to; nothing is sent yet.

    Attributes:
        asked: the request as it was made.
        request: what is sent: the provider's model id, pictures within its limits.
        info: the catalog's row of the model, or None.
        warnings: what was changed on the way, as sentences.
        deadline: seconds in all.
        reencoded: how many inputs had to be encoded anew to fit.
        always: the further fields that every request to this endpoint has.
        auth: how the key goes there: ``"bearer"`` or the name of a header; ``""`` is the provider's own way.
    """

    asked: EditRequest
    request: EditRequest
    info: ModelInfo | None
    provider: Provider
    wire: str
    base_url: str
    warnings: tuple[str, ...]
    deadline: float
    reencoded: int = 0
    always: Mapping[str, Any] = field(default_factory=dict)
    auth: str = ""

    @property
    def model(self) -> str:
        """The id that is sent."""
        return self.request.model or ""

    @property
    def images(self) -> tuple[ImageData, ...]:
        """The pictures that are sent."""
        return self.request.images

    @property
    def url(self) -> str:
        """Where to post."""
        return self.base_url + WIRES[self.wire].path(self.request)

    def body(self) -> Body:
        """The request on the wire, encoded while it is sent."""
        return WIRES[self.wire].encode(self.request, self.provider)
