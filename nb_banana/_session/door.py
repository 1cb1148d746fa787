"""The session: where panel, cells, magics and terminal meet to make an edit.

Rules of this file:

* There is one way to make an edit: an :class:`Order` through :meth:`Session.asend`. Everything else here
  turns what people type into orders, or waits.
* Without a key a session uses the sandbox and says so.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable, Mapping, Sequence
from copy import copy
from datetime import date, datetime
from decimal import Decimal
from typing import Any, TypedDict, Unpack

from .. import _text, _worker
from .._asking import edit_of, request_of
from .._catalog.spending import Spending
from .._client.endpoint import Endpoint
from .._client.places import Env, places
from .._client.served import named
from .._history.account import Account, account_of
from .._history.beside import beside
from .._history.book import History
from .._history.ledger import Ledger
from .._history.record import Record
from .._images.saving import path_of
from .._messages import EditRequest, Order, Settings, Take, orders, spelled
from .._result import EditResult, with_takes
from .._strings import say
from .._wire.wires import WireName
from ..errors import InvalidRequestError, NanoBananaError
from . import attempts, waiting
from .attempts import Books, GoOn, Job, Perform, Shown, Told
from .hooks import Hooks
from .keyed import Keyed
from .purse import Purse
from .where import Clients, Where


def _endpoint(given: object) -> Endpoint:
    if not isinstance(given, Endpoint):
        raise InvalidRequestError(say("session.bad_endpoint", kind=type(given).__name__))
    return given


def _always() -> bool:
    return True


def _nobody(_: object) -> None:
    """Nobody wants to know."""


class Options(TypedDict, total=False):
    """What a session may be given by name; what each means, :class:`Session` says."""

    folder: str | os.PathLike[str] | None
    budget: float | Decimal | str | None
    since: datetime | date | str | None
    retries: int
    deadline: float | None
    strict: bool
    notebook: str | None
    tell: Callable[[str], None] | None
    env: Env | None
    hooks: Any


class Session(Keyed):
    """Where edits are made from.

    Args:
        endpoint: where requests go; None follows the environment, and is the sandbox without a key.
        folder: the history folder; None is ``NB_BANANA_HISTORY``, else JupyterLab's setting, else
            ``nb_banana_history`` beside the notebook, or in the working directory of a script or a terminal.
        budget: most USD this notebook may spend, counted by the history's ledger: running the cell again,
            a restart and further kernels go on where it stands. What may have been billed, and what is
            under way, counts as spent.
        since: a moment or a day from which the budget counts, for all who share it; None is the moment the
            notebook first set one.
        retries, deadline, strict: as for :class:`Client`.
        notebook: the name noted with each record; found by itself in Jupyter and VS Code.
        tell: what announces a switch or the sandbox, once; ``print`` when None.
        env: where to look for the key first: a file of variables, such as ``".env"``, or ``"keyring"`` for
            the system's. Neither is read unless it is named here.
        hooks: who looks on: objects with ``before_send(facts)``, ``after_answer(facts)`` or both, or pairs of
            functions. They get frozen facts without a key, once for each request that is sent.
    """

    def __init__(
        self,
        endpoint: Endpoint | None = None,
        *,
        folder: str | os.PathLike[str] | None = None,
        budget: float | Decimal | str | None = None,
        since: datetime | date | str | None = None,
        retries: int = 2,
        deadline: float | None = None,
        strict: bool = False,
        notebook: str | None = None,
        tell: Callable[[str], None] | None = None,
        env: Env | None = None,
        hooks: Any = None,
    ) -> None:
        if endpoint is not None:
            _endpoint(endpoint)
            if env is not None:
                raise InvalidRequestError(say("places.env_and_endpoint"))
        self.options: Mapping[str, Any] = {"retries": retries, "deadline": deadline, "strict": strict}
        self._where = Where(endpoint, tell or _text.printed, places(env))
        self._clients = Clients(self.options)
        self.history = History.open(folder if folder is None else path_of(folder))
        self.notebook = beside().name if notebook is None else notebook
        self._purse = Purse(budget, since)
        self._hooks = Hooks(hooks)
        waiting.watch()

    # --- where to --------------------------------------------------------------------------------

    @property
    def sandbox(self) -> bool:
        """Whether the next edit is made by the sandbox: nothing sent, nothing paid."""
        return self.endpoint.is_sandbox

    def default_model(self) -> str:
        """The model an edit uses when none is named."""
        return named(self.endpoint).provider.default_model

    def with_wire(self, wire: WireName) -> Session:
        """This session on another wire: same provider, key, history, budget and ledger.

        Raises:
            InvalidRequestError: the provider does not speak it.
        """
        sibling = copy(self)
        sibling._where = self._where.at(self.endpoint.on(wire), aside=self._where.aside)
        return sibling

    def at(self, endpoint: Endpoint) -> Session:
        """This session at another place: same history, budget and ledger."""
        sibling = copy(self)
        sibling._where = self._where.at(_endpoint(endpoint), aside=True)
        return sibling

    def announce(self) -> None:
        """Say once what kind of place edits go to, and again when that changes."""
        self._where.announce()

    # --- edits -----------------------------------------------------------------------------------

    @spelled
    def edit(
        self,
        images: Any,
        prompt: str,
        *,
        take: Take = 1,
        takes: int = 1,
        fresh: bool = False,
        **settings: Unpack[Settings],
    ) -> EditResult:
        """Edit one picture or several as ``prompt`` says, or replay what history holds.

        Args:
            images: one picture or a list; anything ``as_image`` takes. None at all is an error, for it
                would pay for a picture from words alone: that is :meth:`generate`.
            prompt: the instruction.
            take: which attempt at the same request: a new number pays, a known one is replayed; ``"next"`` is
                the next free one, and pays each time it is run.
            takes: how many attempts to make, from ``take`` on; they run at once.
            fresh: send again even what history holds.
            model: an id or a nickname; the provider's default when None.
            aspect_ratio: ``"16:9"``, …; None follows the last input.
            image_size: ``"1K"``, ``"2K"``, ``"4K"``; None is the model's default.
            mask, seed, extra: where to edit (a marked copy goes where the wire has no place for a mask), what
                may repeat the model's chance (refused where it has none), further fields of the request, sent
                as they are.

        Raises:
            NanoBananaError: with what happened and the next step; it is in the history too.
        """
        request = edit_of(images, prompt, settings)
        return self.send(*orders(Order(request, take, fresh, parent_of(images)), takes))

    @spelled
    def generate(
        self,
        prompt: str,
        *,
        take: Take = 1,
        takes: int = 1,
        fresh: bool = False,
        **settings: Unpack[Settings],
    ) -> EditResult:
        """Make a picture from words alone; the parameters are those of :meth:`edit`."""
        return self.send(*orders(Order(request_of(None, prompt, settings), take, fresh), takes))

    @spelled
    async def aedit(
        self,
        images: Any,
        prompt: str,
        *,
        take: Take = 1,
        takes: int = 1,
        fresh: bool = False,
        **settings: Unpack[Settings],
    ) -> EditResult:
        """:meth:`edit` for ``await``; cancelling the task closes the connection at once."""
        request = await _worker.in_thread(edit_of, images, prompt, settings)
        return await self._waited(orders(Order(request, take, fresh, parent_of(images)), takes))

    @spelled
    async def agenerate(
        self,
        prompt: str,
        *,
        take: Take = 1,
        takes: int = 1,
        fresh: bool = False,
        **settings: Unpack[Settings],
    ) -> EditResult:
        """:meth:`generate` for ``await``."""
        return await self._waited(orders(Order(request_of(None, prompt, settings), take, fresh), takes))

    def send(self, *several: Order) -> EditResult:
        """Make one order, or several takes of one edit at once, and wait for it.

        Raises:
            NanoBananaError: it failed, or all takes did; that is in the history too.
        """
        self.announce()
        line = self._line(several)
        try:
            return _worker.wait(self.asend(*several, began_as=line.began_as), line.look, waiting.LOOK)
        finally:
            line.over()

    def _line(self, several: Sequence[Order]) -> waiting.Line:
        """What a cell says while these are under way."""
        return waiting.Line(lambda: waiting.sentence(several, self.endpoint))

    async def _waited(self, several: Sequence[Order]) -> EditResult:
        """:meth:`asend`, with a line under the cell that awaits it."""
        line = self._line(several)
        with line.looking():
            return await self.asend(*several, began_as=line.began_as)

    async def asend(
        self,
        *several: Order,
        perform: Perform | None = None,
        go_on: GoOn = _always,
        began_as: Told = _nobody,
        answered: Shown = _nobody,
    ) -> EditResult:
        """:meth:`send` for ``await``.

        ``perform(endpoint, plan, take, course)`` makes the edit instead of this session's own client,
        elsewhere perhaps, and tells the course when it begins; looking up, writing down and paying stay here.
        Once ``go_on()`` is false nothing more is sent; a request that is on its way is still answered,
        written down and returned, for it may be billed.
        ``began_as(take)`` is told the take of each edit that is about to be sent, ``answered(image)``
        each picture that came, before it is written down: neither may take time or fail.
        """
        if not _worker.is_here():  # what is printed from there is lost, or lands under another cell
            self.announce()
        endpoint = self.endpoint
        client = self._clients.of(endpoint)
        books = Books(self.history, self._purse, self.notebook, self._where.tell_once, self._hooks)
        jobs = [await _worker.in_thread(Job.of, order, endpoint) for order in several]
        if len(jobs) == 1:
            return await attempts.make(books, jobs[0], client, perform, go_on, began_as, answered)
        running = (attempts.make(books, job, client, perform, go_on, began_as, answered) for job in jobs)
        return _gathered(jobs, await asyncio.gather(*running, return_exceptions=True))

    async def acollect(self, record_id: str) -> EditResult:
        """Fetch the pictures a record paid for that could not be fetched then; nothing is sent anew.

        Raises:
            NanoBananaError: the record left none, or they can't be fetched now.
        """
        return await attempts.collect(self.history, record_id, self._clients.of(self.endpoint))

    # --- what history holds ----------------------------------------------------------------------

    def peek(self, request: EditRequest, take: int = 1) -> EditResult | None:
        """What history holds for a request; nothing is sent and no replay is counted."""
        job = Job.of(Order(request, take), self.endpoint)
        record = attempts.find(self.history, job)
        return None if record is None else attempts.from_record(record, job, self._clients.of(job.endpoint))

    @spelled
    def next_take(self, images: Any, prompt: str, **settings: Unpack[Settings]) -> int:
        """The next take of this request: one that history does not hold, and nobody is making.

        Another thread or kernel may be told the same one; ``edit(take="next")`` gets one of its own.
        """
        return self.free_take(request_of(images, prompt, settings))

    def free_take(self, request: EditRequest) -> int:
        """:meth:`next_take` of a request."""
        job = Job.of(Order(request), self.endpoint)
        return self.history.log.last_take(job.key) + 1

    def result_of(self, record: Record) -> EditResult:
        """The result a record holds, marked as replayed; pictures are read when they are looked at."""
        return attempts.result_of(record)

    # --- money -----------------------------------------------------------------------------------

    @property
    def budget(self) -> Decimal | None:
        """Most USD this notebook may spend; None is no limit."""
        return self._purse.budget

    @budget.setter
    def budget(self, most: float | Decimal | str | None) -> None:
        self._purse.limit_to(most)

    def _follow(self, before: Session, *, going_on: bool) -> None:
        """Say what becomes of the budget of a notebook's session before this one: it goes on, or ends."""
        if going_on:
            self._purse.go_on(before._purse)
        if told := self._purse.told_after(before._purse):
            self._where.tell(told)

    @property
    def account(self) -> Account:
        """What this notebook owes since its budget counts, or in all; what is under way is in it."""
        return account_of(self.history.shelf, self.notebook, self._purse.limit)

    @property
    def spent(self) -> Spending:
        """What this session has spent so far, counting what may have been billed; what has no known price is
        counted apart: ``at least $0.36 and 3 edits of unknown price``.
        """
        return self._purse.spent

    @property
    def ledger(self) -> Ledger:
        """What this history's edits cost: paid, blocked but paid, maybe paid, saved by replay."""
        return Ledger(self.history.totals)

    # --- the end ---------------------------------------------------------------------------------

    def close(self) -> None:
        """Close connections and the history file; what is under way goes on to its end, and using the session
        again opens them again.
        """
        for client in self._clients.made:
            _worker.wait(client.rest())
        self.history.close()

    def __enter__(self) -> Session:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def __repr__(self) -> str:
        return f"<Session {self.endpoint!r} {self.history!r}>"


def _gathered(jobs: Sequence[Job], done: Sequence[EditResult | BaseException]) -> EditResult:
    """Several takes: the successful ones in order; a failed one is a warning."""
    results = tuple(one for one in done if isinstance(one, EditResult))
    errors = [one for one in done if isinstance(one, BaseException)]
    other = next((one for one in errors if not isinstance(one, NanoBananaError)), None)
    if other is not None:
        raise other
    if not results:
        raise errors[0]
    sentences = tuple(
        say("session.take_failed", take=job.order.take, reason=one.message)
        for job, one in zip(jobs, done, strict=True)
        if isinstance(one, NanoBananaError)
    )
    return with_takes(results, sentences)


def parent_of(images: Any) -> str | None:
    """The record an edit continues: that of the last input that is a result."""
    sources = images if isinstance(images, (list, tuple)) else [images]
    return next((one.record_id for one in reversed(sources) if isinstance(one, EditResult)), None)
