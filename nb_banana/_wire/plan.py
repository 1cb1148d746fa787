"""One edit made ready for one provider and wire."""

from __future__ import annotations

from dataclasses import dataclass

from .._catalog import ModelInfo, Provider, Wire
from .._images import ImageData
from .._messages import EditRequest
from . import gemini, openai
from .body import Body


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
    """

    asked: EditRequest
    request: EditRequest
    info: ModelInfo | None
    provider: Provider
    wire: Wire
    base_url: str
    warnings: tuple[str, ...]
    deadline: float
    reencoded: int = 0

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
        return self.base_url + (gemini.path(self.model) if self.wire == "gemini" else openai.PATH)

    def body(self) -> Body:
        """The request on the wire, encoded while it is sent."""
        if self.wire == "gemini":
            return gemini.encode_request(self.request)
        return openai.encode_request(self.request, modalities=self.provider.chat_size)
