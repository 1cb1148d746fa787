"""One edit as a generator: what to send, how long to wait, when to stop.

All decisions about a request live here; the clients only send, sleep and fetch. The rules:

* One POST per paid attempt. A request is sent again only where nothing can have run: no connection
  was made, or the gateway turned it away (429 that is neither daily nor balance, 502, 503, 529).
  Never after 500, 504, a reset, a timeout, or any 200.
* The wait the server asks for is honoured. If it is longer than ``LONGEST_WAIT`` or than the
  deadline leaves, the error is raised at once.
* The deadline is a total over all attempts and waits.
* A redirect is an error: neither key nor body follows it.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Generator
from dataclasses import dataclass, replace
from typing import Final, Literal
from urllib.parse import urljoin, urlsplit

from . import _catalog as catalog
from ._images import ImageData
from ._messages import Answer, EditRequest
from ._prepare import prepare
from ._strings import say
from ._wire import Body, Plan, Reply, failures, read_reply
from ._wire.lift import LIMIT
from .errors import (
    APIConnectionError,
    APITimeoutError,
    InvalidRequestError,
    MalformedResponseError,
    NanoBananaError,
)

LONGEST_WAIT: Final = 120.0
"""Seconds; nobody should wait longer without having been asked."""
_BACKOFF: Final = 0.5


def plan(
    request: EditRequest,
    *,
    provider: catalog.Provider,
    wire: catalog.Wire,
    base_url: str,
    deadline: float | None = None,
    strict: bool = False,
) -> Plan:
    """Check a request against the catalog and make it ready.

    Raises:
        InvalidRequestError: a ratio, a size or a picture that this model or wire can't take.
    """
    choice = catalog.find_model(request.model, provider)
    catalog.check_request(
        choice.info, request.aspect_ratio, request.image_size, provider=provider, wire=wire
    )
    if request.turns and wire != "gemini":
        raise InvalidRequestError(say("wire.turns_need_native"), hint=say("catalog.use_native"))
    images, altered = prepare(request.images, provider, choice.info, strict=strict)
    if deadline is None:
        deadline = catalog.deadline(request.image_size or "1K", len(images))
    return Plan(
        asked=request,
        request=replace(request, model=choice.sent_id, images=images),
        info=choice.info,
        provider=provider,
        wire=wire,
        base_url=base_url,
        warnings=(*choice.warnings, *altered),
        deadline=deadline,
    )


# --- what a driver is asked to do, and what it answers -------------------------------------------


@dataclass(frozen=True, slots=True)
class Post:
    """Send the body and read the whole reply; give :class:`Received` or :class:`Broken` back."""

    url: str
    body: Body
    seconds: float


@dataclass(frozen=True, slots=True)
class Pause:
    """Wait; give nothing back."""

    seconds: float


@dataclass(frozen=True, slots=True)
class Fetch:
    """Download a picture the answer names; give its bytes or the error back."""

    url: str
    seconds: float


Action = Post | Pause | Fetch


@dataclass(frozen=True, slots=True)
class Received:
    """A whole reply came."""

    status: int
    headers: dict[str, str]
    reply: Reply


@dataclass(frozen=True, slots=True)
class Broken:
    """No whole reply came: ``connect`` before anything was sent, the others after."""

    how: Literal["connect", "refused_here", "broken", "deadline", "too_large", "undecodable"]
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Outcome:
    """The answer and what it took."""

    answer: Answer
    attempts: int
    request_id: str | None
    warnings: tuple[str, ...] = ()


Reaction = Received | Broken | bytes | NanoBananaError | None


def edit(
    plan: Plan,
    *,
    retries: int = 2,
    clock: Callable[[], float] = time.monotonic,
    chance: Callable[[], float] = random.random,
) -> Generator[Action, Reaction, Outcome]:
    """Drive one edit to its answer.

    Raises:
        NanoBananaError: the last failure, with the number of attempts made.
    """
    started = clock()
    body, attempt = plan.body(), 0
    while True:
        attempt += 1
        reaction = yield Post(plan.url, body, plan.deadline - (clock() - started))
        failure = _failure(plan, reaction)
        if failure is None:
            assert isinstance(reaction, Received)
            return (yield from _answered(plan, reaction, attempt, plan.deadline - (clock() - started)))
        error, again = failure
        error.attempts = attempt
        left = plan.deadline - (clock() - started)
        wait = _wait(error, attempt, chance()) if again and attempt <= retries else None
        if wait is None or wait > min(LONGEST_WAIT, left) or (error.retry_after or 0) > LONGEST_WAIT:
            _tell_attempts(error, attempt)
            raise error
        yield Pause(wait)


def _wait(error: NanoBananaError, attempt: int, chance: float) -> float:
    """Seconds before the next attempt: what the server asked, or a growing, jittered pause."""
    if error.retry_after is not None:
        return error.retry_after + min(1.0, 0.1 * error.retry_after + 0.05) * chance
    return _BACKOFF * 2.0 ** (attempt - 1) * (1 + chance)


def _tell_attempts(error: NanoBananaError, attempts: int) -> None:
    if attempts > 1:
        error.message += say("client.attempts", count=attempts)
        error.args = (error.message,)


def _failure(plan: Plan, reaction: Reaction) -> tuple[NanoBananaError, bool] | None:
    """The error of a failed attempt and whether nothing can have run; None for an answer."""
    host = _host(plan)
    if isinstance(reaction, Broken):
        return _broken(plan, reaction, host)
    assert isinstance(reaction, Received)
    if 300 <= reaction.status < 400:
        return _redirected(plan, reaction, host), False
    read = read_reply(reaction.status, reaction.headers, reaction.reply)
    if isinstance(read, Answer):
        return None
    return failures.error_of(read, model=plan.model, base_url=host), failures.nothing_ran(read)


def _host(plan: Plan) -> str:
    """The name people know the place by."""
    return plan.provider.title if plan.provider.name == "sandbox" else urlsplit(plan.base_url).netloc


def _redirected(plan: Plan, received: Received, host: str) -> NanoBananaError:
    target = urlsplit(urljoin(plan.url, received.headers.get("location", "")))
    return InvalidRequestError(
        say("client.redirect", host=host, target=failures.clean(f"{target.scheme}://{target.netloc}", 120)),
        hint=say("client.redirect_hint"),
        status=received.status,
    )


def _broken(plan: Plan, broken: Broken, host: str) -> tuple[NanoBananaError, bool]:
    if broken.how in ("connect", "refused_here"):
        error: NanoBananaError = APIConnectionError(
            say("client.connect_failed", host=host, reason=broken.reason), hint=say("client.connect_failed_hint")
        )
        return error, broken.how == "connect"
    if broken.how == "deadline":
        message, kind = say("client.deadline", host=host, deadline=plan.deadline), APITimeoutError
        return kind(message, hint=say("client.deadline_hint"), may_be_billed=True), False
    if broken.how == "broken":
        message = say("client.broken", host=host, reason=broken.reason)
        return APIConnectionError(message, hint=say("client.broken_hint"), may_be_billed=True), False
    message = (
        say("client.too_large", host=host, limit=LIMIT // 2**20)
        if broken.how == "too_large"
        else say("client.malformed", host=host, status=200, message=broken.reason)
    )
    hint = say("client.malformed_hint") + say("client.billed_hint")
    return MalformedResponseError(message, hint=hint, may_be_billed=True), False


def _answered(
    plan: Plan, received: Received, attempts: int, seconds: float
) -> Generator[Action, Reaction, Outcome]:
    """Fetch what the answer only names, and refuse to call an answer without a picture a success."""
    answer = read_reply(received.status, received.headers, received.reply)
    assert isinstance(answer, Answer)
    request_id = failures.request_id(received.headers, [])
    warnings: list[str] = []
    if answer.links and not answer.images:
        answer = yield from _linked(answer, warnings, attempts, max(seconds, 10.0))
    if not answer.images:
        raise failures.refusal(
            answer, request_id=request_id, attempts=attempts, body=received.reply.text, status=received.status
        )
    return Outcome(answer, attempts, request_id, tuple(warnings))


def _linked(
    answer: Answer, warnings: list[str], attempts: int, seconds: float
) -> Generator[Action, Reaction, Answer]:
    images: list[ImageData] = []
    for url in answer.links:
        got = yield Fetch(url, seconds)
        try:
            if isinstance(got, NanoBananaError):
                raise got
            assert isinstance(got, bytes)
            images.append(ImageData.from_bytes(got, name=urlsplit(url).path.rsplit("/", 1)[-1]))
        except NanoBananaError as error:
            warnings.append(say("client.note_link", url=failures.clean(url), reason=error.message))
    if not images:
        raise APIConnectionError(
            "\n".join(warnings), hint=say("client.link_failed_hint"), may_be_billed=True, attempts=attempts,
            retryable=False, text=answer.text,
        )  # fmt: skip
    pictures = tuple({image.sha256: image for image in images}.values())
    notes = (*answer.notes, *(["maybe_drafts"] if len(pictures) > 1 else []))
    return replace(answer, images=pictures, notes=notes)
