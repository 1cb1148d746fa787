"""What a wire is: one format of requests and answers, spoken at both ends.

A wire is a row of ``WIRES`` (``wires.py``). Nobody outside this room asks which one it is; they ask the
row what it does. The client's half writes a request; the sandbox's half reads it and writes what goes back.
Reading an answer is no wire's own: a reply is understood by its shape, because relays mix them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, Literal, Protocol

from ..errors import InvalidRequestError

if TYPE_CHECKING:
    from .._catalog.providers import Provider
    from .._messages import Answer, EditRequest
    from .body import Body


class FieldError(InvalidRequestError):
    """A request that reached the sandbox has a field whose value is refused; ``field`` names it."""

    def __init__(self, message: str, field: str) -> None:
        super().__init__(message)
        self.field = field


Kind = Literal[
    "auth", "region", "quota", "rate_limit", "bad_request", "model_not_found", "server", "no_such_path",
    "wrong_method",
]  # fmt: skip
RETRY_SECONDS: Final = 2
"""What a rate limit of the sandbox asks a client to wait."""
STREAM: Final = "text/event-stream"


@dataclass(frozen=True, slots=True)
class Call:
    """A request as it reached the sandbox: its path without escapes, its query, its body."""

    path: str
    body: bytes
    content_type: str = ""
    query: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Served:
    """What the sandbox sends back."""

    body: bytes
    status: int = 200
    content_type: str = "application/json; charset=UTF-8"
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why the sandbox serves no picture, before any service's own words for it.

    Attributes:
        kind: what went wrong.
        message: the sandbox's words, for the kinds that have none of their own.
        model: the id that was asked for.
        field: the parameter at fault, such as ``image_size``.
    """

    kind: Kind
    message: str = ""
    model: str = ""
    field: str = ""


class Wire(Protocol):
    """One format. ``turns``: whether it carries the earlier turns of a conversation."""

    @property
    def name(self) -> str:
        """What ``Endpoint(wire=…)`` and a provider's row call it."""

    @property
    def title(self) -> str:
        """What it is, in a word of the current language."""

    @property
    def turns(self) -> bool: ...

    @property
    def pixels(self) -> bool:
        """Whether a size goes as pixels, so that any may be typed where the model's sizes are free."""

    @property
    def masks(self) -> bool:
        """Whether it has a place for a mask; elsewhere a marked copy of the picture is sent."""

    @property
    def words(self) -> bool:
        """Whether it carries a ``Question``, to which words are the answer."""

    def path(self, request: EditRequest) -> str:
        """Where to post, below the base URL."""

    def encode(self, request: EditRequest, provider: Provider) -> Body:
        """The request's body; what the provider can't be told has been refused before."""

    def serves(self, path: str) -> bool:
        """Whether a path, without escapes, is one where this wire takes edits."""

    def decode_request(self, call: Call) -> EditRequest:
        """What a request asks for.

        Raises:
            InvalidRequestError: it is not a request of this wire.
        """

    def encode_answer(self, answer: Answer, call: Call) -> Served:
        """An answer as the service writes it, as a stream where the call asked for one."""

    def encode_error(self, refusal: Refusal) -> Served:
        """An error in the service's own form and words."""
