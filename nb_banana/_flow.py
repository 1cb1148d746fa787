"""One edit as a generator: what to send, how long to wait, when to stop.

All decisions about a request live here; the clients only send, sleep and fetch. The rules:

* One POST per paid attempt. A request is sent again only where nothing can have run: no connection
  was made, or the gateway turned it away (429 that is neither daily nor balance, 502, 503, 529).
  Never after 500, 504, a reset, a timeout, or any 200.
* The wait the server asks for is honoured. If it is longer than ``LONGEST_WAIT`` or than the
  deadline leaves, the error is raised at once.
* The deadline is a total over all attempts, waits and downloads; a paid picture always gets some seconds.
* A redirect is an error: neither key nor body follows it.
* What was sent is never the answer, neither as bytes nor as an address; an address in the model's
  sentences is one only if a picture lies there and the sentences do not refuse.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, Final, Literal
from urllib.parse import urljoin, urlsplit

from ._actions import Action, Broken, Fetch, Owed, Pause, Post, Reaction, Received
from ._catalog.models import ModelChoice, check_request, find_model
from ._catalog.models import deadline as deadline_of
from ._catalog.providers import Provider
from ._images.data import ImageData
from ._masking import asked_settings, masked_for
from ._messages import Answer, EditRequest, Question
from ._prepare import advice, prepare
from ._strings import say
from ._wire import failures
from ._wire.echoes import Sent
from ._wire.lift import LIMIT
from ._wire.phrases import refuses, turns_down
from ._wire.pictures import is_picture_link, looks_cut, without_links
from ._wire.plan import Plan
from ._wire.reply import last_look, read_reply
from ._wire.requests import with_fields
from ._wire.turns import as_sent
from ._wire.wires import WIRES
from .errors import (
    APIConnectionError,
    APITimeoutError,
    InvalidImageError,
    InvalidRequestError,
    MalformedResponseError,
    NanoBananaError,
)

LONGEST_WAIT: Final = 120.0
"""Seconds; nobody should wait longer without having been asked."""
_BACKOFF: Final = 0.5
_LINK_PATIENCE: Final = 8.0
"""Seconds a paid picture is looked for behind its link: a store may be slower than the answer."""
_AT_LEAST: Final = 10.0
"""Seconds for the pictures of an answer that is paid for, even if the deadline is up."""
_SHARE: Final = 3.0
"""Seconds of that for one of many."""
_MOST_LINKS: Final = 32
"""Addresses of one answer that are looked behind."""
_COLLECTING: Final = 60.0
"""Seconds for one download of a picture that was paid for before."""
_FULL_SIZE: Final = 600_000
"""Pixels; a smaller picture beside an address may be the preview of what lies there."""
_DRAFT: Final = 150_000
"""The same where the smallest size, "512", was asked for."""
_SMALLER: Final = 3
"""As many times fewer pixels has a preview than the picture it shows; a draft may have about as many."""
_MENTIONED: Final = "~"
"""Before a kept address that stood in a sentence: no picture need lie there."""
_GLANCE: Final = 5.0
"""Seconds in all for what may lie beside a picture that is here: nobody waits longer for a perhaps."""
_PERHAPS: Final = 15.0
"""Seconds for an address in the words that does not end as a picture's: it may be any page, and silent."""
_BESIDE: Final = 4
"""Addresses beside a picture that are looked behind."""
_SEE_OTHER: Final = 303
"""The one redirect which says that the request was performed, and that its answer lies elsewhere."""
_SOON: Final = frozenset({202, 204, 404, 408, 425, 429})
_GONE: Final = frozenset({400, 401, 403, 404, 410})
_Fate = Literal["again", "closed", "gone"]
_FATES: Final[tuple[_Fate, ...]] = ("again", "closed", "gone")
"""Of a link without a picture: it may be there later, lies where nothing is fetched from, is no more."""
_FEW_WORDS: Final = 4096
"""Characters; JSON writes each with six bytes at most."""


def plan(
    request: EditRequest,
    *,
    provider: Provider,
    wire: str,
    base_url: str,
    deadline: float | None = None,
    strict: bool = False,
    extra: Mapping[str, Any] | None = None,
) -> Plan:
    """Check a request against the catalog and make it ready.

    Raises:
        InvalidRequestError: a ratio, a size or a picture that this model or wire can't take.
    """
    choice = find_model(request.model, provider)
    if not isinstance(request, Question):
        check_request(
            choice.info, request.aspect_ratio, request.image_size, provider=provider, wire=wire
        )
    elif not WIRES[wire].words:
        raise InvalidRequestError(say("judge.no_words", wire=wire, provider=provider.title))
    if request.turns and not WIRES[wire].turns:
        raise _no_turns(provider, wire)
    told = asked_settings(request, choice)
    masked = masked_for(request, wire, provider)
    going = partial(
        request.sent_as, choice.sent_id, turns=tuple(map(as_sent, request.turns)), prompt=masked.prompt,
        extra=with_fields(extra or {}, request.extra, drop=False) or None, mask=None,
    )  # fmt: skip
    images, altered = prepare(
        masked.images, provider, choice.info, strict=strict,
        reserved=_reserved(going(masked.images), provider, wire),
    )  # fmt: skip
    mask = masked.over(images)
    if deadline is None:
        deadline = deadline_of(request.image_size or "1K", len(images))
    return Plan(
        asked=request,
        request=going(images, mask=mask),
        info=choice.info,
        provider=provider,
        wire=wire,
        base_url=base_url,
        warnings=(
            *choice.warnings,
            *_renamed(choice, request, provider, base_url),
            *told,
            *masked.told,
            *altered,
            *advice(images, provider),
        ),
        deadline=deadline,
        reencoded=len(altered),
        always=extra or {},
    )


def _renamed(choice: ModelChoice, request: EditRequest, provider: Provider, base_url: str) -> tuple[str, ...]:
    """At an address of one's own a nickname may be an id of its own: that it is exchanged is told."""
    if not (choice.renamed and request.model and provider.anywhere):
        return ()
    given, host = failures.clean(request.model, 60), urlsplit(base_url).netloc
    return (say("catalog.renamed", given=given, sent=choice.sent_id, host=host, literal=f"={given}"),)


def _asked_and_sent(plan: Plan) -> str:
    """The model as an error names it: the id that was sent, and what was asked for if that is another."""
    asked = plan.asked.model
    if not asked or asked.strip().removeprefix("=").strip() == plan.model:
        return plan.model
    return say("catalog.asked_and_sent", sent=plan.model, asked=failures.clean(asked, 60))


def _reserved(request: EditRequest, provider: Provider, wire: str) -> int:
    """Bytes of the request that are no input picture's; a few words fit what is always kept free."""
    if not request.turns and not request.extra and len(request.prompt) <= _FEW_WORDS:
        return 0
    return len(WIRES[wire].encode(request.holding(()), provider))


def _no_turns(provider: Provider, wire: str) -> InvalidRequestError:
    able = next((name for name in provider.wires if WIRES[name].turns), None)
    hint = say("wire.turns_elsewhere", wire=able) if able else ""
    return InvalidRequestError(say("wire.no_turns", wire=wire), hint=hint)


@dataclass(frozen=True, slots=True)
class Performed:
    """The answer and what it took."""

    answer: Answer
    attempts: int
    request_id: str | None
    warnings: tuple[str, ...] = ()
    status: int = 200


def edit(
    plan: Plan,
    *,
    retries: int = 2,
    go_on: Callable[[], bool] = lambda: True,
    clock: Callable[[], float] = time.monotonic,
    chance: Callable[[], float] = random.random,
) -> Generator[Action, Reaction, Performed]:
    """Drive one edit to its answer.

    Raises:
        NanoBananaError: the last failure, with the number of attempts made.
    """
    ends = clock() + plan.deadline
    body, attempt = plan.body(), 0
    while True:
        attempt += 1
        reaction = yield Post(plan.url, body, ends - clock())
        outcome = _read(plan, reaction, attempt)
        if isinstance(outcome, Performed):
            assert isinstance(reaction, Received)
            now = clock()
            # The edit is made and paid for, so its pictures are fetched even if the time is nearly up.
            seconds = _GLANCE if outcome.answer.images else max(ends - now, _AT_LEAST)
            whole = _whole(plan, outcome, reaction, seconds)
            done = yield from _in_time(whole, outcome.answer, now + seconds, clock)
            return replace(done, answer=replace(done.answer, images=_previews_first(done.answer.images)))
        error, again = outcome
        wait = _wait(error, attempt, chance(), ends - clock()) if again and attempt <= retries else None
        if wait is not None:
            yield Pause(wait, error)
        # Nobody waits any more, or the clock jumped while we did: a request no one waits for is not sent.
        if wait is None or clock() >= ends or not go_on():
            _tell_attempts(error, attempt)
            raise error


def _in_time(
    whole: Generator[Action, Reaction, Performed], answer: Answer, ends: float, clock: Callable[[], float]
) -> Generator[Action, Reaction, Performed]:
    """A flow whose downloads share the time until ``ends``: a silent host leaves some to the others."""
    mentions = (one for one in answer.mentions if not answer.links or is_picture_link(one))
    waiting, asked = {*answer.links, *mentions}, set[str]()
    try:
        action = next(whole)
        while True:
            left = ends - clock()
            if isinstance(action, Fetch):
                waiting.discard(action.url)
                asked.add(action.url)
                share = max(left / (len(waiting) + 1), min(left, _SHARE))
                action = replace(action, seconds=max(round(min(action.seconds, share), 1), 0.1))
            elif isinstance(action, Pause):
                action = replace(action, seconds=max(0.0, min(action.seconds, left)))
            if isinstance(action, Fetch) and (left <= 0 or len(asked) > _MOST_LINKS):
                action = whole.send(APITimeoutError(say("client.link_late", limit=_MOST_LINKS)))
            else:
                action = whole.send((yield action))
    except StopIteration as done:
        performed: Performed = done.value
        return performed


def _wait(error: NanoBananaError, attempt: int, chance: float, left: float) -> float | None:
    """Seconds before the next attempt: what the server asked, or a growing pause; None if too long."""
    asked = error.retry_after
    if asked is None:
        wait = _BACKOFF * 2.0 ** (attempt - 1) * (1 + chance)
    else:
        wait = asked + min(1.0, 0.1 * asked + 0.05) * chance
    return None if (asked or 0.0) > LONGEST_WAIT or wait >= left else wait


def _tell_attempts(error: NanoBananaError, attempts: int) -> None:
    error.attempts = attempts
    if attempts > 1:
        error.message += say("client.attempts", count=attempts)
        error.args = (error.message,)


def _read(plan: Plan, reaction: Reaction, attempt: int) -> Performed | tuple[NanoBananaError, bool]:
    """What an attempt gave; or its error, and whether nothing can have run."""
    host = _host(plan)
    if isinstance(reaction, Broken):
        return _broken(plan, reaction, host)
    assert isinstance(reaction, Received)
    if 300 <= reaction.status < 400:
        return _redirected(plan, reaction, host), False
    sent = Sent.of(plan.asked, plan.request)
    read = read_reply(reaction.status, reaction.headers, reaction.reply, sent)
    if isinstance(read, failures.Failure):
        return failures.error_of(read, model=_asked_and_sent(plan), base_url=host), read.nothing_ran
    if isinstance(plan.request, Question):
        return _worded(reaction, read, attempt)
    answer = _believed(read)
    if answer.links or answer.mentions:
        links, mentions = (tuple(_addresses(plan, each)) for each in (answer.links, answer.mentions))
        answer = replace(answer, links=links, mentions=mentions)
    if not (answer.images or answer.links or answer.mentions):
        return _refusal(reaction, answer), False
    return Performed(answer, attempt, failures.request_id(reaction.headers, ()), status=reaction.status)


def _believed(answer: Answer) -> Answer:
    """The answer without the addresses that its words speak against.

    Pictures that are shown, as bytes or by a link to one, stay, and that is told: they may be paid for.
    """
    if answer.mentions and refuses(answer.text):
        answer = replace(answer, mentions=())
    if not turns_down(answer.text):
        return answer
    doubted = [link for link in answer.links if link in answer.said and not is_picture_link(link)]
    links = tuple(link for link in answer.links if link not in doubted)
    notes = (*answer.notes, "words_against") if answer.images or links else answer.notes
    text = answer.text if answer.images else "\n".join((answer.text, *doubted))  # a person may look
    return replace(answer, links=links, notes=notes, text=text)


def _worded(received: Received, answer: Answer, attempt: int) -> Performed | tuple[NanoBananaError, bool]:
    """The answer to a question: words, or none at all; only who says that it won't answer has refused."""
    if failures.says_no(answer):
        return _refusal(received, answer), False
    told = replace(answer, images=(), links=(), mentions=())
    return Performed(told, attempt, failures.request_id(received.headers, ()), status=received.status)


def _addresses(plan: Plan, links: Sequence[str]) -> Iterator[str]:
    """The links of an answer. One that is only a path lies where the edit was sent; a template is none.

    Such as ``https://[your-domain]/a.png``.
    """
    for link in links:
        with suppress(ValueError):
            whole = urljoin(plan.url, link) if link.startswith("/") else link
            urlsplit(whole)
            yield whole


def _refusal(received: Received, answer: Answer) -> NanoBananaError:
    return failures.refusal(answer, received.status, received.headers, received.reply.text)


def _host(plan: Plan) -> str:
    """The name people know the place by."""
    return plan.provider.title if plan.provider.name == "sandbox" else urlsplit(plan.base_url).netloc


def _redirected(plan: Plan, received: Received, host: str) -> NanoBananaError:
    done = received.status == _SEE_OTHER
    return InvalidRequestError(
        say("client.redirect", host=host, target=_place(plan.url, received.headers.get("location", ""))),
        hint=say("client.redirect_done_hint" if done else "client.redirect_hint"),
        may_be_billed=done,
        status=received.status,
        request_id=failures.request_id(received.headers, ()),
    )


def _place(url: str, location: str) -> str:
    """Scheme and host of where a redirect leads; nothing else of it is for showing."""
    try:
        target = urlsplit(urljoin(url, location))
        port = f":{target.port}" if target.port else ""
    except ValueError:
        return "?"
    return failures.clean(f"{target.scheme}://{target.hostname or '?'}{port}", 120)


def _broken(plan: Plan, broken: Broken, host: str) -> tuple[NanoBananaError, bool]:
    """The error of an attempt without a whole reply; again only if nothing was sent."""
    if broken.how in ("connect", "refused_here"):
        again = broken.how == "connect"
        message = say("client.connect_failed", host=host, reason=broken.reason)
        hint = broken.hint or say("client.connect_failed_hint")
        return APIConnectionError(message, hint=hint, retryable=again), again
    error: NanoBananaError
    if broken.how == "deadline":
        error = APITimeoutError(say("client.deadline", host=host, deadline=plan.deadline))
        error.hint = say("client.deadline_hint", seconds=2 * max(plan.deadline, 30))
    elif broken.how == "broken":
        error = APIConnectionError(say("client.broken", host=host, reason=broken.reason))
        error.hint = say("client.broken_hint")
    elif broken.how == "too_large":
        error = MalformedResponseError(say("client.too_large", host=host, limit=LIMIT // 2**20))
        error.retryable = False
        error.hint = say("client.too_large_hint") + say("client.billed_hint")
    else:
        error = MalformedResponseError(say("client.undecodable", host=host, reason=broken.reason))
        error.hint = say("client.malformed_bytes_hint") + say("client.billed_hint")
    error.may_be_billed = True
    return error, False


def unforeseen(plan: Plan, reason: Exception) -> NanoBananaError:
    """Our own error for a fault of ours, or of a library, once a request may have gone out."""
    told = f"{type(reason).__name__}: {reason}"[:_FEW_WORDS]
    error = MalformedResponseError(say("client.unforeseen", host=_host(plan), reason=failures.clean(told)))
    error.hint = say("client.unforeseen_hint") + say("client.billed_hint")
    error.retryable, error.may_be_billed, error.attempts = False, True, 1
    return error


def _whole(
    plan: Plan, outcome: Performed, received: Received, seconds: float
) -> Generator[Action, Reaction, Performed]:
    """Fetch what the answer only names."""
    answer, sent = outcome.answer, Sent.of(plan.asked, plan.request)
    if isinstance(plan.request, Question):
        return outcome
    if answer.images:
        return (yield from _full_size(plan, outcome, sent, seconds))
    named, notes = answer.links, answer.notes
    yield Owed(answer.links or tuple(_MENTIONED + mention for mention in answer.mentions))
    images, missing = yield from _linked(answer.links, seconds, _LINK_PATIENCE)
    fate, lost = _fate(missing), dict[str, NanoBananaError]()
    likely = tuple(filter(is_picture_link, answer.mentions))
    # Beside a picture that is named and may yet come, what is not plainly a picture is left alone.
    others = () if answer.links else tuple(one for one in answer.mentions if one not in likely)
    for mentions, most in ((likely, seconds), (others, min(seconds, _PERHAPS))):
        if mentions and not sent.new(images):
            named = (*named, *mentions)
            mentioned, more = yield from _linked(mentions, most)
            images = (*images, *mentioned)
            # A page that came is no picture that was missed.
            lost |= {url: error for url, error in more.items() if url in likely or not _is_other(error)}
            notes = (*notes, *(["mentioned"] if sent.new(mentioned) else []))
    new = sent.before(sent.new(images))
    if not new and (new := last_look(answer, received.reply, sent, drafts=False).images):
        notes = (*notes, "unnamed_image")
    if new:
        notes = (*notes, *(["maybe_drafts"] if len(new) > 1 else []))
        text = without_links(answer.text, named)
        told = _told({**missing, **lost})
        return replace(outcome, answer=replace(answer, images=new, text=text, notes=notes), warnings=told)
    if images or not answer.links or (fate == "gone" and "words_against" in notes):
        notes = (*notes, *(["only_sent"] if images else []))
        error = _refusal(received, replace(answer, notes=notes, mentions=tuple(lost)))
        error.attempts, error.links = outcome.attempts, tuple(lost)
        raise error
    raise APIConnectionError(
        "\n".join(_told({**missing, **lost})),
        hint=say("client.link_closed_hint" if fate == "closed" else "client.link_failed_hint"),
        may_be_billed=True,
        retryable=False,
        attempts=outcome.attempts,
        status=outcome.status,
        request_id=outcome.request_id or answer.response_id,
        text=answer.text,
        links=answer.links,
    )


def _full_size(
    plan: Plan, outcome: Performed, sent: Sent, seconds: float
) -> Generator[Action, Reaction, Performed]:
    """The answer with the picture that its addresses lead to, where the one at hand is a preview of that.

    A picture as large as was asked for has mostly a copy behind its address, and that is left alone. What is
    not there is told of addresses that are shown as pictures: one in a sentence was a perhaps.
    """
    answer = outcome.answer
    links = answer.links[:_BESIDE]
    mentions = [*filter(is_picture_link, answer.mentions)][: max(0, _BESIDE - len(links))]
    most = max(answer.images, key=_pixels)
    if not (links or mentions) or _pixels(most) >= (_DRAFT if plan.asked.image_size == "512" else _FULL_SIZE):
        return outcome
    yield Owed((), answer.images)
    fetched, missing = yield from _linked(links, seconds, _LINK_PATIENCE / 4)
    more, _ = yield from _linked(mentions, seconds)
    found = sent.new((*fetched, *more))
    larger = [one for one in found if _pixels(one) > _pixels(most) and _same_shape(one, most)]
    if not larger:
        return replace(outcome, warnings=_told(missing))
    images = sent.before((*answer.images, *sorted(larger, key=_pixels)))
    notes = tuple(dict.fromkeys((*answer.notes, "maybe_drafts")))
    text = without_links(answer.text, (*links, *mentions))
    answer = replace(answer, images=images, text=text, notes=notes)
    return replace(outcome, answer=answer, warnings=_told(missing))


def _pixels(image: ImageData) -> int:
    return image.width * image.height


def _same_shape(one: ImageData, other: ImageData) -> bool:
    """Whether one picture may be the other at another size; a preview's sides are rounded."""
    return abs(one.width * other.height - other.width * one.height) <= 2 * max(one.width, one.height)


def _previews_first(images: tuple[ImageData, ...]) -> tuple[ImageData, ...]:
    """The pictures in order, but what shows another in small stands before it: the last is the result."""

    def full(image: ImageData) -> bool:
        larger = (one for one in images if _pixels(one) >= _SMALLER * _pixels(image))
        return not any(_same_shape(one, image) for one in larger)

    return tuple(sorted(images, key=full))


def collect(
    sent: Sent, links: Sequence[str], clock: Callable[[], float] = time.monotonic
) -> Generator[Action, Reaction, tuple[ImageData, ...]]:
    """The pictures an earlier attempt made and could not fetch; nothing is sent.

    Raises:
        APIConnectionError: they can't be fetched; ``links`` has them where they may still be there.
    """
    named = [link.removeprefix(_MENTIONED) for link in links]
    mentioned = named != list(links)
    patience = 0.0 if mentioned else _LINK_PATIENCE
    images, missing = yield from _linked(named, _COLLECTING, patience, clock)
    if new := sent.new(images):
        return _previews_first(new)
    # A sentence's address without a picture is as good as none: it must not keep the edit from being made.
    fate = "gone" if images or mentioned else _fate(missing)
    raise APIConnectionError(
        "\n".join(_told(missing)) or say("client.only_sent"),
        hint=say(f"client.link_{fate}_hint"),
        retryable=fate == "again",
        links=() if fate == "gone" else tuple(links),
    )


def _linked(
    links: Sequence[str], seconds: float, patience: float = 0.0, clock: Callable[[], float] = time.monotonic
) -> Generator[Action, Reaction, tuple[tuple[ImageData, ...], dict[str, NanoBananaError]]]:
    """The pictures behind links, each once, and why each other link gave none.

    A link that may yet answer is asked again while ``patience`` lasts, in seconds for all of them.
    """
    images: dict[str, ImageData] = {}
    missing: dict[str, NanoBananaError] = {}
    ends = clock() + min(patience, seconds)
    for url in links:
        got, pause = _pictured(url, (yield Fetch(url, seconds))), _BACKOFF
        while isinstance(got, NanoBananaError) and _may_yet_come(got) and clock() + pause < ends:
            yield Pause(pause)
            got, pause = _pictured(url, (yield Fetch(url, seconds))), 2 * pause
        if isinstance(got, ImageData):
            images.setdefault(got.sha256, got)
        else:
            missing[url] = got
    return tuple(images.values()), missing


def _told(missing: Mapping[str, NanoBananaError]) -> tuple[str, ...]:
    """A sentence for each link without a picture."""
    return tuple(
        say("client.note_link", url=failures.clean(url), reason=_why(error)) for url, error in missing.items()
    )


def _fate(missing: Mapping[str, NanoBananaError]) -> _Fate:
    """What is to be expected of links without a picture, the best of them."""
    fates = set[_Fate]()
    for error in missing.values():
        # What is refused here and not there will be refused here again.
        refused = error.status is None and isinstance(error, InvalidRequestError) and not error.retryable
        fates.add("gone" if error.status in _GONE else "closed" if refused else "again")
    return min(fates, default="gone", key=_FATES.index)


def _is_other(error: NanoBananaError) -> bool:
    """Whether something came that is no picture."""
    return isinstance(error, InvalidImageError) and error.status is None


def owed_by(error: NanoBananaError) -> tuple[str, ...]:
    """The addresses a failed edit leaves for the next run; one in a sentence is tried once more."""
    mark = "" if isinstance(error, APIConnectionError) else _MENTIONED
    return tuple(mark + link for link in error.links)


def _pictured(url: str, got: Reaction) -> ImageData | NanoBananaError:
    """The whole picture that lay behind a link; anything else, half of one too, may be on its way there."""
    if isinstance(got, NanoBananaError):
        return got
    assert isinstance(got, bytes)
    try:
        image = ImageData.from_bytes(got, name=urlsplit(url).path.rpartition("/")[2])
    except InvalidImageError as error:
        error.retryable = True
        return error
    cut = InvalidImageError(say("client.refused_malformed", reason=""), retryable=True)
    return cut if looks_cut(image) else image


def _why(error: NanoBananaError) -> str:
    """What was wrong with a link; with the way out where it is at this end."""
    here = isinstance(error, APIConnectionError) and not error.retryable
    return f"{error.message} {error.hint}" if here else error.message


def _may_yet_come(error: NanoBananaError) -> bool:
    """Whether a picture may be there soon: it isn't whole yet, the host is busy, the connection broke."""
    if error.status is not None:
        return error.status in _SOON or error.status >= 500
    return isinstance(error, (APIConnectionError, InvalidImageError)) and error.retryable
