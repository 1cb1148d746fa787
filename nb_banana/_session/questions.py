"""One question to a judge from look-up to record: what was answered is free, else it is noted, sent, noted.

It goes the way of an edit (``attempts``): the same claims, so that nothing is sent twice or past a budget,
and one honest record however it ends. But it names no picture in the history, and words are its answer.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from typing import TYPE_CHECKING, Final

from .. import _worker
from .._catalog.cost import Cost
from .._client.spoken import Spoken
from .._history import answers
from .._history.answers import Kept
from .._history.claims import Begun
from .._history.judgements import Judged, key_of, place_of
from .._history.record import Ending
from .._messages import Order, Question
from ..errors import NanoBananaError
from .attempts import Attempt, Books, Job, other_ended
from .identity import from_anywhere

if TYPE_CHECKING:
    from .._client.endpoint import Endpoint
    from .door import Session

_FREE: Final = Cost(Decimal(0))
ANSWERED: Final = ("done", "refused")
"""How the record of a question ends that somebody answered, be it that they won't."""
GoOn = Callable[[], bool]


@dataclass(frozen=True, slots=True)
class Asking:
    """A question, what it is about, which time it is asked, and what it is expected to cost."""

    question: Question
    judged: Judged
    number: int
    price: Cost
    fresh: bool = False


def address(endpoint: Endpoint) -> list[object]:
    """What only its owner knows of a place: its address and the further fields it is always sent."""
    return [endpoint.base_url if endpoint.provider.anywhere else "", dict(endpoint.extra), endpoint.fault]


def known(session: Session, cores: Sequence[str], sent_id: str) -> dict[tuple[str, int], Kept]:
    """What is known of these questions at this place, by core and number: the newest that was answered, else
    the newest that failed. A reader without a key sees the author's, a real one first.
    """
    endpoint, found = session.endpoint, dict[tuple[str, int], Kept]()
    anyone = from_anywhere(endpoint)
    place = {"provider": endpoint.name, "wire": endpoint.wire, "model_sent": sent_id}
    for kept in answers.find(session.history.shelf, cores):
        core = Judged(kept.facts).core
        here = key_of(core, place_of(kept.facts, place))
        if not anyone and (kept.record.key != here or kept.facts.get("at") != address(endpoint)):
            continue
        name = core, kept.record.take
        if name not in found or _rank(kept) >= _rank(found[name]):
            found[name] = kept
    return found


def _rank(kept: Kept) -> tuple[bool, bool]:
    """What counts before what: an answer before none, a real one before the sandbox's; then the newer one."""
    return kept.record.status in ANSWERED, not kept.record.sandbox


async def ask(session: Session, asking: Asking, go_on: GoOn) -> str:
    """Send a question, unless it is being asked or was just answered elsewhere; gives the id of its record.

    Raises:
        NanoBananaError: it failed or was refused; ``record_id`` says where that is written, if it was sent.
    """
    endpoint = session.endpoint
    books = Books(session.history, session._purse, session.notebook, session._where.tell_once, session._hooks)
    client = session._clients.of(endpoint)
    plan = await client.plan(asking.question)
    if not endpoint.is_sandbox:
        books.purse.check(asking.price, plan.model)
    facts = {**asking.judged.facts, "sent": [list(one.shown_size) for one in plan.images]}
    facts["sent_sha256"] = [one.sha256 for one in plan.images]
    judged = Judged(facts)
    place = {"provider": endpoint.name, "wire": endpoint.wire, "model_sent": plan.model}
    key = key_of(judged.core, place_of(facts, place))
    job = Job(Order(asking.question, asking.number, asking.fresh), endpoint, judged.core, key)
    endpoint.check_key()
    attempt, began = Attempt(books, job, plan, asking.price, judged=judged), time.monotonic()
    watch = books.watching()
    try:
        started = await _begun(attempt, asking, go_on)
        if isinstance(started, str):
            return started
        began, course = time.monotonic(), attempt.course(started.take, watch)
        said = await client.ask(plan, take=started.take, go_on=go_on, course=course)
    except NanoBananaError as error:
        if attempt.begun.done():
            await _worker.to_the_end(attempt.failed, error, time.monotonic() - began)
            await books.over(watch, error.record_id)
        raise
    except BaseException:
        attempt.begun.add_done_callback(partial(attempt.cut, began))
        raise
    await _worker.to_the_end(_end, attempt, said)
    await books.over(watch, started.id)
    return started.id


async def _begun(attempt: Attempt, asking: Asking, go_on: GoOn) -> Begun | str:
    """The attempt as it began; or the record that answered the question since it was looked for."""
    history = attempt.books.history
    while True:
        if not go_on():
            raise asyncio.CancelledError
        seen, found = (None, "") if asking.fresh else await _worker.in_thread(_look, attempt)
        if found:
            return found
        started = await _worker.to_the_end(attempt.begin, seen)
        if isinstance(started, Begun):
            return started
        await other_ended(history, started, attempt.plan, go_on)


def _look(attempt: Attempt) -> tuple[int, str]:
    """How many answers there are, and the newest, which another may have got; ``""`` for none."""
    history, key, number = attempt.books.history, attempt.job.key, attempt.job.order.take
    assert isinstance(number, int)
    seen = history.log.answers(key, number)  # first: one that comes meanwhile is noticed
    kept = answers.find(history.shelf, [attempt.job.core]) if seen else []
    done = [one.record for one in kept if one.record.status == "done"]
    fitting = [one.id for one in done if (one.key, one.take) == (key, number)]
    return seen, fitting[-1] if fitting else ""


def _end(attempt: Attempt, said: Spoken) -> None:
    """Note what was answered; where the reply names no price, the expected one stands."""
    cost = said.cost if said.cost.amount is not None else attempt.price
    attempt.settle(cost, "free" if said.sandbox else "paid")
    attempt.books.history.end(attempt.begun.result().id, Ending(
        status="done", billing="free" if said.sandbox else "paid", sandbox=said.sandbox, text=said.text,
        elapsed=said.elapsed, usage=said.usage, cost=cost, model_answered=said.model,
        response_id=said.response_id, request_id=said.request_id, finish_reason=said.finish_reason,
        attempts=said.attempts,
    ))  # fmt: skip


__all__ = ["ANSWERED", "Asking", "address", "ask", "known"]
