"""The session: an endpoint, a history and a budget. Panel, cells, magic and CLI all meet here.

Rules of the room:

* There is one way to make an edit: look it up in the history, else plan it, note that it begins,
  send it, note how it ended.
* Without a key a session uses the sandbox and says so; it looks at the environment again before
  each edit and announces the switch when a key appears.
* What history holds is free: a real record answers first, the sandbox's only a sandbox session.
* Nothing is sent that could pass the budget, and an unknown price under a budget is not sent.
* A failure, a Ctrl-C and a cancelled task leave one honest record each.
"""

from __future__ import annotations

import asyncio
import json
import os
import threading
import time
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from copy import copy
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import Any, Final, Literal

from .. import _catalog as catalog
from .. import _worker
from .._client import AsyncClient, Client, Endpoint, env_endpoint
from .._history import History, Ledger, Record
from .._images import ImageData
from .._messages import Cost, EditRequest, Turn, inputs_of
from .._result import EditResult, with_takes
from .._strings import say
from .._wire import Plan
from ..errors import InvalidRequestError, NanoBananaError
from .identity import answers, from_anywhere, keys_of
from .placing import endpoint_for
from .purse import Purse, budget_of

_REFUSED: Final = frozenset({"safety", "recitation", "no_image"})
_FREE: Final = Cost(Decimal(0))

Context = Literal["refeed", "conversation"]
Perform = Callable[[Endpoint, Plan, int], Awaitable[EditResult]]


@dataclass(frozen=True, slots=True)
class _Job:
    """One take of one edit at one endpoint, ready to be looked up or sent.

    ``core`` names the request whoever answers it, ``key`` the request at this endpoint.
    """

    request: EditRequest
    endpoint: Endpoint
    take: int
    core: str
    key: str
    fresh: bool
    parent: str | None
    context: Context


@dataclass(slots=True)
class _Attempt:
    """What is known of an attempt once it ends."""

    id: str
    result: EditResult | None = None


class Session:
    """Where edits are made from.

    Args:
        endpoint: where requests go; None follows the environment, and is the sandbox without a key.
        folder: the history folder; None is ``nb_banana_history`` in the working directory.
        budget: most USD this session may spend; what may have been billed counts as spent.
        retries, deadline, strict: as for :class:`Client`.
        notebook: the name noted with each record; found by itself in Jupyter.
        tell: what announces a switch or the sandbox, once; ``print`` when None.
    """

    def __init__(
        self,
        endpoint: Endpoint | None = None,
        *,
        folder: str | os.PathLike[str] | None = None,
        budget: float | Decimal | str | None = None,
        retries: int = 2,
        deadline: float | None = None,
        strict: bool = False,
        notebook: str | None = None,
        tell: Callable[[str], None] | None = None,
    ) -> None:
        if endpoint is not None and not isinstance(endpoint, Endpoint):
            raise InvalidRequestError(say("session.bad_endpoint", kind=type(endpoint).__name__))
        self._fixed = endpoint
        self.options: Mapping[str, Any] = {"retries": retries, "deadline": deadline, "strict": strict}
        self.history = History.open(folder if folder is None else Path(folder))
        self._purse = Purse(budget_of(budget))
        self.notebook = _notebook_name() if notebook is None else notebook
        self._tell, self._told = tell or print, set[str]()
        self._lock = threading.RLock()
        self._clients: dict[Endpoint, tuple[Client, AsyncClient]] = {}
        self._sandbox_endpoint: Endpoint | None = None

    # --- where to --------------------------------------------------------------------------------

    @property
    def endpoint(self) -> Endpoint:
        """Where the next edit goes: as given, else as the environment says now, else the sandbox."""
        if self._fixed is not None:
            return self._fixed
        found = env_endpoint()
        if found is not None:
            return found
        if self._sandbox_endpoint is None:
            self._sandbox_endpoint = Endpoint.sandbox()
        return self._sandbox_endpoint

    @property
    def sandbox(self) -> bool:
        """Whether the next edit is made by the sandbox: nothing sent, nothing paid."""
        return self.endpoint.is_sandbox

    def default_model(self) -> str:
        """The model an edit uses when none is named."""
        return self.endpoint.provider.default_model

    def use_key(
        self,
        key: str,
        *,
        provider: str | None = None,
        base_url: str | None = None,
        wire: catalog.Wire | None = None,
        sure: bool = False,
    ) -> Endpoint:
        """Use ``key`` for this session only, at the place named; no place is guessed from the key.

        Args:
            key: the key; kept in memory only.
            provider: ``"apiyi"``, ``"google"`` or ``"openrouter"``.
            base_url: any other address, or another one of the provider's; plain http only to this machine.
            wire: ``"gemini"`` or ``"openai"``; the provider's best one when None.
            sure: use the key there although its form is another provider's.

        Raises:
            InvalidRequestError: neither provider nor base_url is given, or one can't be used; or the key
                looks like another provider's and ``sure`` is not set.
            AuthenticationError: the key is malformed; it is not printed.
        """
        made = endpoint_for(key, provider=provider, base_url=base_url, wire=wire, sure=sure)
        key = ""  # a verbose traceback prints arguments
        if isinstance(made, NanoBananaError):
            raise made
        with self._lock:
            self._fixed = made
        return made

    def with_wire(self, wire: catalog.Wire) -> Session:
        """This session on another wire: same provider, key, history, budget and ledger.

        Raises:
            InvalidRequestError: the provider does not speak it.
        """
        sibling = copy(self)
        sibling._fixed = self.endpoint.on(wire)
        return sibling

    def announce(self) -> None:
        """Say once what kind of place edits go to, and again when that changes."""
        endpoint = self.endpoint
        place = "sandbox" if endpoint.is_sandbox else endpoint.base_url
        with self._lock:
            if place in self._told:
                return
            switched = bool(self._told)
            self._told.add(place)
        if endpoint.is_sandbox and self._fixed is None:
            self._tell(say("session.sandbox"))
        elif switched:
            self._tell(say("session.switched", provider=endpoint.provider.title, host=endpoint.base_url))
        if endpoint.notice:
            self._tell(endpoint.notice)

    # --- edits -----------------------------------------------------------------------------------

    def edit(
        self,
        images: Any,
        prompt: str,
        *,
        model: str | None = None,
        aspect_ratio: str | None = None,
        image_size: str | None = None,
        take: int = 1,
        takes: int = 1,
        fresh: bool = False,
        turns: Sequence[Turn] = (),
        parent: str | None = None,
        context: Context = "refeed",
    ) -> EditResult:
        """Edit one picture or several as ``prompt`` says, or replay what history holds.

        Args:
            images: one picture or a list; anything :func:`as_image` takes. None at all is an error, for it
                would pay for a picture from words alone: that is :meth:`generate`.
            prompt: the instruction.
            model: an id or a nickname; the provider's default when None.
            aspect_ratio: ``"16:9"``, …; None follows the last input.
            image_size: ``"1K"``, ``"2K"``, ``"4K"``; None is the model's default.
            take: which attempt at the same request: a new number pays, a known one is replayed.
            takes: how many attempts to make, from ``take`` on; they run at once.
            fresh: send again even what history holds.
            turns, parent, context: used by chains: the conversation so far, the record this continues.

        Raises:
            NanoBananaError: with what happened and the next step; it is in the history too.
        """
        request = _request(images, prompt, model, aspect_ratio, image_size, turns)
        _need_pictures(request)
        return self._run(self._jobs(request, take, takes, fresh, parent or _parent(images), context))

    def _run(self, jobs: Sequence[_Job]) -> EditResult:
        """Make one edit here, several at once on the private loop."""
        self.announce()
        if len(jobs) == 1:
            return self._edit_one(jobs[0])
        future = _worker.submit(self._edit_all(jobs))
        try:
            return future.result()
        except BaseException:
            future.cancel()
            raise

    async def aedit(
        self,
        images: Any,
        prompt: str,
        *,
        model: str | None = None,
        aspect_ratio: str | None = None,
        image_size: str | None = None,
        take: int = 1,
        takes: int = 1,
        fresh: bool = False,
        turns: Sequence[Turn] = (),
        parent: str | None = None,
        context: Context = "refeed",
        perform: Perform | None = None,
        go_on: Callable[[], bool] = lambda: True,
    ) -> EditResult:
        """:meth:`edit` for ``await``; cancelling the task closes the connection at once.

        ``images=None`` makes a picture from words alone; an empty list is an error, as for :meth:`edit`.
        ``perform(endpoint, plan, take)`` makes the edit instead of this session's own client, elsewhere
        perhaps; looking up, writing down and paying stay here. Once ``go_on()`` is false nothing more is
        sent; a request that is on its way is still answered, written down and returned, for it may be billed.
        """
        if not _worker.is_here():  # what is printed from there is lost, or lands under another cell
            self.announce()
        request = await _worker.in_thread(_request, images, prompt, model, aspect_ratio, image_size, turns)
        if images is not None:
            _need_pictures(request)
        jobs = self._jobs(request, take, takes, fresh, parent or _parent(images), context)
        if len(jobs) > 1:
            return await self._edit_all(jobs, perform, go_on)
        return await self._aedit_one(jobs[0], perform, go_on)

    def generate(
        self,
        prompt: str,
        *,
        model: str | None = None,
        aspect_ratio: str | None = None,
        image_size: str | None = None,
        take: int = 1,
        takes: int = 1,
        fresh: bool = False,
    ) -> EditResult:
        """Make a picture from words alone; the parameters are those of :meth:`edit`."""
        request = _request(None, prompt, model, aspect_ratio, image_size, ())
        return self._run(self._jobs(request, take, takes, fresh, None, "refeed"))

    def peek(self, request: EditRequest, take: int = 1) -> EditResult | None:
        """What history holds for a request; nothing is sent and no replay is counted."""
        job = self._jobs(request, take, 1, False, None, "refeed")[0]
        record = self._find(job)
        return None if record is None else self._result_of(record, job)

    def next_take(
        self,
        images: Any,
        prompt: str,
        *,
        model: str | None = None,
        aspect_ratio: str | None = None,
        image_size: str | None = None,
    ) -> int:
        """The lowest take of this request that history does not hold yet."""
        request = _request(images, prompt, model, aspect_ratio, image_size, ())
        job = self._jobs(request, 1, 1, False, None, "refeed")[0]
        known = self.history.takes(job.key, sandbox=None if job.endpoint.takes_header else False)
        return max(known, default=0) + 1

    def _jobs(
        self,
        request: EditRequest,
        take: int,
        takes: int,
        fresh: bool,
        parent: str | None,
        context: Context,
    ) -> list[_Job]:
        for name, value in (("take", take), ("takes", takes)):
            if isinstance(value, bool) or not isinstance(value, int) or value < 1:
                raise InvalidRequestError(say("session.bad_take", name=name, value=value))
        endpoint = self.endpoint
        core, key = keys_of(request, endpoint)
        return [
            _Job(request, endpoint, n, core, key, fresh, parent, context) for n in range(take, take + takes)
        ]

    async def _edit_all(
        self, jobs: Sequence[_Job], perform: Perform | None = None, go_on: Callable[[], bool] = lambda: True
    ) -> EditResult:
        """Several takes at once: the successful ones in order; a failed one is a warning."""
        running = (self._aedit_one(job, perform, go_on) for job in jobs)
        done = await asyncio.gather(*running, return_exceptions=True)
        results = tuple(one for one in done if isinstance(one, EditResult))
        errors = [one for one in done if isinstance(one, BaseException)]
        other = next((one for one in errors if not isinstance(one, NanoBananaError)), None)
        if other is not None:
            raise other
        if not results:
            raise errors[0]
        sentences = tuple(
            say("session.take_failed", take=job.take, reason=one.message)
            for job, one in zip(jobs, done, strict=True)
            if isinstance(one, NanoBananaError)
        )
        return with_takes(results, sentences)

    def _edit_one(self, job: _Job) -> EditResult:
        if found := self._replay(job):
            return found
        client = self._clients_of(job.endpoint)[0]
        plan = client.plan(job.request)
        with self._attempt(job, plan) as attempt:
            attempt.result = client.perform(plan, take=job.take)
        assert attempt.result is not None
        return attempt.result

    async def _aedit_one(
        self, job: _Job, perform: Perform | None, go_on: Callable[[], bool]
    ) -> EditResult:
        if found := await _worker.in_thread(self._replay, job):
            return found
        client = self._clients_of(job.endpoint)[1]
        plan = await client.plan(job.request)
        if not go_on():
            raise asyncio.CancelledError
        # Disk work is done beside the loop, so that other jobs and their progress go on.
        opened = self._attempt(job, plan)
        entering = asyncio.ensure_future(_worker.in_thread(opened.__enter__))
        try:
            attempt = await asyncio.shield(entering)
            if perform:
                attempt.result = await perform(job.endpoint, plan, job.take)
            else:
                attempt.result = await client.perform(plan, take=job.take, go_on=go_on)
        except BaseException as error:
            # A cancel that came while the attempt was being noted must still end it.
            await asyncio.wait([entering])
            if not entering.cancelled() and entering.exception() is None:
                opened.__exit__(type(error), error, error.__traceback__)
            raise
        await _worker.in_thread(opened.__exit__, None, None, None)
        return attempt.result

    # --- history ---------------------------------------------------------------------------------

    def _replay(self, job: _Job) -> EditResult | None:
        """What history holds for this take, as a result."""
        record = None if job.fresh else self._find(job)
        if record is None:
            return None
        self.history.replayed(record.id)
        return self._result_of(record, job)

    def _result_of(self, record: Record, job: _Job) -> EditResult:
        """A record as the answer to a job."""
        result = self.result_of(record, request=job.request)
        return replace(result, plan=partial(self._clients_of(job.endpoint)[0].plan, result.request))

    def _find(self, job: _Job) -> Record | None:
        fits = partial(answers, asked=job.request, take=job.take, endpoint=job.endpoint)
        if from_anywhere(job.endpoint):
            # A reader without a key sees the author's real pictures first, from whichever provider.
            return self.history.find(job.core, job.take, sandbox=None, prefix=True, fits=fits)
        sandbox = None if job.endpoint.takes_header else False
        return self.history.find(job.key, job.take, sandbox=sandbox, fits=fits)

    def result_of(
        self,
        record: Record,
        *,
        request: EditRequest | None = None,
    ) -> EditResult:
        """The result a record holds, marked as replayed; pictures are read when they are looked at."""
        if request is None:
            request = EditRequest(
                record.prompt, model=record.model or None, aspect_ratio=record.aspect_ratio,
                image_size=record.image_size,
            )  # fmt: skip
        given = request.images or (None,) * len(record.inputs)
        asked = replace(request, images=_stored(record.input_images, given))
        return EditResult(
            images=record.images,
            request=asked,
            text=record.text,
            usage=record.usage,
            cost=record.cost or Cost(Decimal(0) if record.sandbox else None, certain=record.sandbox),
            elapsed=record.elapsed or 0.0,
            model=record.model_answered or record.model_sent,
            finish_reason=record.finish_reason,
            response_id=record.response_id,
            request_id=record.request_id,
            warnings=record.warnings,
            replayed=True,
            sandbox=record.sandbox,
            take=record.take,
            attempts=record.attempts,
            record_id=record.id,
            model_turn=partial(self.history.turn, record.id),
        )

    @contextmanager
    def _attempt(self, job: _Job, plan: Plan) -> Iterator[_Attempt]:
        """Note that an attempt begins, and however it ends."""
        endpoint = job.endpoint
        endpoint.check_key()
        price = self._reserve(plan, endpoint)
        started = time.monotonic()
        try:
            attempt = _Attempt(self._start(job, plan, price))
        except BaseException:
            self._purse.settle(price, _FREE)
            raise
        try:
            yield attempt
        except NanoBananaError as error:
            self._end_failed(attempt, endpoint, price, error, time.monotonic() - started)
            raise
        except BaseException:
            # Ctrl-C or a cancelled task: the provider may be at work and may bill.
            cost = _FREE if endpoint.is_sandbox else price
            self._purse.settle(price, cost)
            self.history.finish(
                attempt.id, status="interrupted", cost=cost, elapsed=time.monotonic() - started,
                billing="free" if endpoint.is_sandbox else "maybe_paid",
            )  # fmt: skip
            raise
        assert attempt.result is not None
        attempt.result = self._end_done(attempt, attempt.result, job, price)

    def _start(self, job: _Job, plan: Plan, price: Cost) -> str:
        asked, endpoint = job.request, job.endpoint
        try:
            return self.history.start(
                key=job.key, take=job.take, prompt=asked.prompt, model=asked.model or self.default_model(),
                model_sent=plan.model, provider=endpoint.name, wire=endpoint.wire,
                aspect_ratio=asked.aspect_ratio, image_size=asked.image_size, inputs=asked.images,
                sandbox=endpoint.is_sandbox, parent=job.parent, notebook=self.notebook,
                context=job.context, request_json=_request_json(plan), expected=price,
            )  # fmt: skip
        finally:
            if self.history.notice and self.history.notice not in self._told:
                self._told.add(self.history.notice)
                self._tell(self.history.notice)

    def _end_done(self, attempt: _Attempt, result: EditResult, job: _Job, price: Cost) -> EditResult:
        cost = result.cost if result.cost.amount is not None else price
        self._purse.settle(price, cost)
        turn = result.model_turn if isinstance(result.model_turn, Turn) else None
        record = self.history.finish(
            attempt.id, status="done", outputs=result.images, text=result.text, usage=result.usage,
            cost=cost, billing="free" if result.sandbox else "paid", elapsed=result.elapsed,
            model_answered=result.model, response_id=result.response_id, request_id=result.request_id,
            finish_reason=result.finish_reason, warnings=result.warnings, attempts=result.attempts,
            turn=turn, sandbox=result.sandbox,
        )  # fmt: skip
        ended = replace(
            result, cost=cost, record_id=attempt.id, request=job.request,
            warnings=(*result.warnings, *record.problems),
        )  # fmt: skip
        if record.problems:
            return ended
        # From here on the pictures lie in the history; a batch of results need not hold them in memory.
        stored = replace(job.request, images=_stored(record.input_images, job.request.images))
        plan = partial(self._clients_of(job.endpoint)[0].plan, stored)
        images = _with_paths(result.images, record)
        model_turn = partial(self.history.turn, attempt.id) if turn else None
        return replace(ended, images=images, request=stored, plan=plan, model_turn=model_turn)

    def _end_failed(
        self, attempt: _Attempt, endpoint: Endpoint, price: Cost, error: NanoBananaError, elapsed: float
    ) -> None:
        refused = error.category in _REFUSED
        paid = error.may_be_billed and not endpoint.is_sandbox
        billing: Any = ("blocked_paid" if refused else "maybe_paid") if paid else "free"
        self._purse.settle(price, price if paid else _FREE)
        self.history.finish(
            attempt.id, status="refused" if refused else "failed", billing=billing,
            cost=price if paid else None, elapsed=elapsed, text=error.text, request_id=error.request_id,
            finish_reason=error.finish_reason, error_category=error.category,
            error_message=error.message, attempts=error.attempts,
        )  # fmt: skip

    # --- money -----------------------------------------------------------------------------------

    @property
    def budget(self) -> Decimal | None:
        """Most USD this session may spend; None is no limit."""
        return self._purse.budget

    @property
    def spent(self) -> catalog.Spending:
        """What this session has spent so far, counting what may have been billed; what has no known price is
        counted apart: ``at least $0.36 and 3 edits of unknown price``.
        """
        return self._purse.spent

    @property
    def ledger(self) -> Ledger:
        """What this history's edits cost: paid, blocked but paid, maybe paid, saved by replay."""
        return Ledger(self.history)

    def _reserve(self, plan: Plan, endpoint: Endpoint) -> Cost:
        """The price of an edit, set aside if the budget allows it.

        Raises:
            BudgetError: it could pass the budget, or nobody knows the price; nothing was sent.
        """
        price = catalog.price(plan.model, plan.asked.image_size, endpoint.provider)
        if not endpoint.is_sandbox:
            self._purse.reserve(price, plan.model)
        return price

    # --- connections -----------------------------------------------------------------------------

    def _clients_of(self, endpoint: Endpoint) -> tuple[Client, AsyncClient]:
        with self._lock:
            if endpoint not in self._clients:
                self._clients[endpoint] = (
                    Client(endpoint, **self.options),
                    AsyncClient(endpoint, **self.options),
                )
            return self._clients[endpoint]

    def close(self) -> None:
        """Close connections and the history file; using the session again opens them again."""
        with self._lock:
            clients, self._clients = self._clients, {}
        for client, _ in clients.values():
            client.close()
        self.history.close()

    def __enter__(self) -> Session:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def __repr__(self) -> str:
        return f"<Session {self.endpoint!r} {self.history!r}>"


def _request(
    images: Any,
    prompt: str,
    model: str | None,
    aspect_ratio: str | None,
    image_size: str | None,
    turns: Sequence[Turn],
) -> EditRequest:
    return EditRequest(
        prompt, inputs_of(images, prompt), model=model, aspect_ratio=aspect_ratio, image_size=image_size,
        turns=tuple(turns),
    )  # fmt: skip


def _need_pictures(request: EditRequest) -> None:
    """A slip such as an empty glob must not pay for a picture from words alone."""
    if not request.images and not request.turns:
        raise InvalidRequestError(say("session.no_pictures"), hint=say("session.no_pictures_hint"))


def _parent(images: Any) -> str | None:
    """The record an edit continues: that of the last input that is a result."""
    sources = images if isinstance(images, (list, tuple)) else [images]
    return next((one.record_id for one in reversed(sources) if isinstance(one, EditResult)), None)


def _notebook_name() -> str:
    """The notebook's file name, which Jupyter gives its kernels; ``""`` elsewhere."""
    return Path(os.environ.get("JPY_SESSION_NAME", "")).name


def _request_json(plan: Plan) -> str:
    """The request without pixels, for the record."""
    sent = plan.request
    facts = {
        "url": plan.url,
        "model": sent.model,
        "prompt": sent.prompt,
        "aspect_ratio": sent.aspect_ratio,
        "image_size": sent.image_size,
        "images": [image.sha256 for image in sent.images],
        "turns": len(sent.turns),
    }
    return json.dumps(facts, ensure_ascii=False)


def _stored(
    kept: tuple[ImageData, ...], given: Sequence[ImageData | None]
) -> tuple[ImageData, ...]:
    """The inputs as the history keeps them, named as they were given."""
    return tuple(
        image.given_as(one.source) if one else image for image, one in zip(kept, given, strict=True)
    )


def _with_paths(images: tuple[ImageData, ...], record: Record) -> tuple[ImageData, ...]:
    """The pictures as they lie in the history, so that code and links can name their files."""
    stored = {image.sha256: image for image in record.images}
    return tuple(stored.get(image.sha256, image) for image in images)
