"""Every failure, local ones too, is a :class:`NanoBananaError`.

::

    NanoBananaError
    ├── AuthenticationError      auth             the key is missing, malformed or refused
    ├── RegionError              region           the service is not offered where you are
    ├── QuotaError               quota            balance or daily quota used up; waiting minutes won't help
    ├── RateLimitError           rate_limit       too many requests just now
    ├── InvalidRequestError      bad_request      something in the request must change
    │   └── InvalidImageError    bad_request      an input picture can't be read or sent
    ├── ModelNotFoundError       model_not_found  the provider does not offer the model (to this key)
    ├── SafetyError              safety           the prompt or the picture was blocked
    ├── RecitationError          recitation       the picture was too close to existing work
    ├── NoImageError             no_image         an answer came, with no picture in it
    ├── ServerError              server           the service failed
    ├── APITimeoutError          timeout          the deadline passed
    ├── APIConnectionError       network          the connection failed or broke
    ├── MalformedResponseError   malformed        the answer could not be read
    └── BudgetError              budget           sending would pass the budget; nothing was sent

``category`` names the branch; the other attributes say what can be done about it.
"""

from __future__ import annotations

import sys
from typing import Any, ClassVar, Literal

Category = Literal[
    "auth", "region", "quota", "rate_limit", "bad_request", "model_not_found", "safety", "recitation",
    "no_image", "server", "timeout", "network", "malformed", "budget",
]  # fmt: skip
_BODY_LIMIT = 2_000


class NanoBananaError(Exception):
    """What happened, the value at fault, and the next step.

    Attributes:
        category: one word per branch of the tree above.
        hint: the next step, as one sentence.
        retryable: the same request may succeed if sent again, whatever that costs.
        retry_after: seconds the server asked to wait, as asked, or None.
        may_be_billed: the provider may charge for this request although no picture came.
        attempts: how many requests were sent.
        status: the HTTP status, or None when no answer came.
        request_id: the provider's id of the request, for a refund or a report.
        finish_reason: the provider's own word for a refusal; ``"accepted"`` where only a receipt came.
        text: what the model wrote instead of a picture.
        body: the provider's answer, masked and cut to 2,000 characters.
        links: where the pictures lie that were made and could not be fetched.
        record_id: its place in the history, or None.
    """

    category: ClassVar[Category] = "server"
    _retryable: ClassVar[bool] = False

    def __init__(
        self,
        message: str,
        *,
        hint: str = "",
        retryable: bool | None = None,
        retry_after: float | None = None,
        may_be_billed: bool = False,
        attempts: int = 0,
        status: int | None = None,
        request_id: str | None = None,
        finish_reason: str | None = None,
        text: str = "",
        body: str = "",
        links: tuple[str, ...] = (),
        record_id: str | None = None,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint
        self.retryable = self._retryable if retryable is None else retryable
        self.retry_after = retry_after
        self.may_be_billed = may_be_billed
        self.attempts = attempts
        self.status = status
        self.request_id = request_id
        self.finish_reason = finish_reason
        self.text = text
        self.body = body[:_BODY_LIMIT]
        self.links = links
        self.record_id = record_id

    def __str__(self) -> str:
        from ._text import plain  # errors stand under everything: what they import, all would import

        return plain(f"{self.message}\n{self.hint}" if self.hint else self.message)

    def _render_traceback_(self) -> list[str]:
        """What IPython and Jupyter show: the sentence and the next step. ``%tb`` shows every frame."""
        if _asked_for_frames():
            from ._display import view

            frames: list[str] = view("frames")(self)
            return frames
        return f"{type(self).__name__}: {self}".splitlines()

    def __reduce__(self) -> tuple[Any, ...]:
        # Workers in other processes send errors home; the attributes travel with them.
        return _rebuild, (type(self), self.message, self.__dict__.copy())


def _asked_for_frames() -> bool:
    """Whether ``%tb`` asks: only the caller tells it from the first showing of an error."""
    frame = sys._getframe(1)
    for _ in range(8):
        if frame.f_back is None:
            return False
        frame = frame.f_back
        if frame.f_code.co_name == "tb" and frame.f_globals.get("__name__", "").startswith("IPython."):
            return True
    return False


def _rebuild(kind: type[NanoBananaError], message: str, state: dict[str, Any]) -> NanoBananaError:
    error = kind(message)
    error.__dict__.update(state)
    return error


class AuthenticationError(NanoBananaError):
    """The key is missing, malformed or refused."""

    category: ClassVar[Category] = "auth"


class RegionError(NanoBananaError):
    """The service is not offered where you are, or billing is not set up there."""

    category: ClassVar[Category] = "region"


class QuotaError(NanoBananaError):
    """The balance or the daily quota is used up."""

    category: ClassVar[Category] = "quota"


class RateLimitError(NanoBananaError):
    """Too many requests just now; ``retry_after`` says how long to wait, if the server said."""

    category: ClassVar[Category] = "rate_limit"
    _retryable = True


class InvalidRequestError(NanoBananaError):
    """Something in the request must change before it can succeed."""

    category: ClassVar[Category] = "bad_request"


class InvalidImageError(InvalidRequestError):
    """An input picture can't be read or sent; nothing was sent."""


class ModelNotFoundError(NanoBananaError):
    """The provider does not offer this model, or not to this key."""

    category: ClassVar[Category] = "model_not_found"


class SafetyError(NanoBananaError):
    """The prompt or the picture was blocked by the provider's safety rules."""

    category: ClassVar[Category] = "safety"


class RecitationError(NanoBananaError):
    """The picture was too close to existing work and was withheld."""

    category: ClassVar[Category] = "recitation"


class NoImageError(NanoBananaError):
    """An answer came, with no picture in it; ``text`` holds what the model wrote."""

    category: ClassVar[Category] = "no_image"
    _retryable = True


class ServerError(NanoBananaError):
    """The service failed."""

    category: ClassVar[Category] = "server"
    _retryable = True


class APITimeoutError(NanoBananaError):
    """The deadline passed before the whole answer had come."""

    category: ClassVar[Category] = "timeout"
    _retryable = True


class APIConnectionError(NanoBananaError):
    """The connection could not be made, or broke."""

    category: ClassVar[Category] = "network"
    _retryable = True


class MalformedResponseError(NanoBananaError):
    """The answer could not be read."""

    category: ClassVar[Category] = "malformed"
    _retryable = True


class BudgetError(NanoBananaError):
    """Sending would pass the budget; nothing was sent."""

    category: ClassVar[Category] = "budget"


BY_CATEGORY: dict[str, type[NanoBananaError]] = {
    kind.category: kind for kind in NanoBananaError.__subclasses__()
}
