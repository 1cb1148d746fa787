"""The chain itself: how a step is added, sent and asked again."""

from __future__ import annotations

import base64
import os
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Unpack, get_args, overload

from .._asking import request_of
from .._catalog.names import ModelName
from .._catalog.spending import Spending
from .._display import Pictured, view
from .._images.data import ImageData
from .._images.saving import path_of
from .._images.sources import as_image, as_images
from .._lineage import Step, ancestors, edited, held, step_of
from .._messages import Context, Order, Settings, Turn, spelled
from .._result import EditResult, notes, whence
from .._session.identity import says
from .._strings import say
from .._text import money
from .._wire.turns import holds, user_turn
from .._wire.wires import WIRES
from ..errors import InvalidRequestError
from . import code, file
from .filmstrip import draw
from .tree import Tree, grow

if TYPE_CHECKING:
    from .._history.record import Record
    from .._measure.changing import Drift
    from .._session.door import Session

_SIGNATURE: Final = re.compile(r"thought[ _]?signature", re.IGNORECASE)


@dataclass(frozen=True, repr=False, eq=False)
class Chain(Pictured):
    """A picture and the edits made on it, each on the result of the one before.

    Attributes:
        start: the original picture.
        results: one result per edit, in order.
        steps: what each edit asked for.
        given: the session it was made with; None follows the notebook's own.
    """

    start: ImageData
    given: Session | None = None
    results: tuple[EditResult, ...] = ()
    steps: tuple[Step, ...] = ()
    origin: str | None = field(default=None)

    @spelled
    def edit(
        self,
        prompt: str,
        *,
        images: Any = (),
        context: Context = "refeed",
        take: int = 1,
        fresh: bool = False,
        **settings: Unpack[Settings],
    ) -> Chain:
        """A chain longer by one edit of the last picture; this one stays as it is.

        Args:
            prompt: the instruction.
            images: further input pictures of this step, after the chain's own.
            context: ``"refeed"`` sends the last picture; ``"conversation"`` continues the model's own turns.
            take, fresh, model, aspect_ratio, image_size, …: as for :func:`nb_banana.edit`.

        Raises:
            NanoBananaError: the edit failed; this chain, and all before it, are untouched.
        """
        if context not in get_args(Context):
            raise InvalidRequestError(say("chain.bad_context", value=context))
        return self._add(Step(request_of(as_images(images), prompt, settings), context, take), fresh=fresh)

    # --- what it holds ---------------------------------------------------------------------------

    @property
    def session(self) -> Session:
        """Where edits are made: the session it was made with, else the notebook's own as it is now."""
        return self.given or _own()

    @property
    def image(self) -> ImageData:
        """The picture as it is now."""
        return self.results[-1].image if self.results else self.start

    @property
    def result(self) -> EditResult:
        """The result of the last edit.

        Raises:
            InvalidRequestError: there is no edit yet.
        """
        if not self.results:
            raise InvalidRequestError(say("chain.empty"))
        return self.results[-1]

    @property
    def cost(self) -> Spending:
        """What its edits cost when they were made; replays cost nothing more."""
        return Spending.of(result.cost for result in self.results)

    @property
    def drift(self) -> tuple[Drift, ...]:
        """How far each step has come from the first picture; measured when looked at."""
        from .._measure.changing import drift  # loaded when measured

        return tuple(drift(self.start, result.image) for result in self.results)

    @property
    def reencodings(self) -> int:
        """How often the pixels were encoded anew since the first picture; quality falls with it."""
        return sum(result.reencodings for result in self.results)

    def __len__(self) -> int:
        return len(self.results)

    def __iter__(self) -> Iterator[EditResult]:
        return iter(self.results)

    @overload
    def __getitem__(self, index: int) -> EditResult: ...
    @overload
    def __getitem__(self, index: slice) -> Chain: ...
    def __getitem__(self, index: int | slice) -> EditResult | Chain:
        if not isinstance(index, slice):
            try:
                return self.results[index]
            except IndexError:
                raise IndexError(say("chain.no_step", index=index, count=len(self))) from None
        first, last, stride = index.indices(len(self))
        if stride != 1:
            raise InvalidRequestError(say("chain.stride", stride=stride))
        before = self.results[first - 1] if first else None
        return replace(
            self,
            start=before.image if before else self.start,
            origin=before.record_id if before else self.origin,
            results=self.results[first:last],
            steps=self.steps[first:last],
        )

    # --- other paths -----------------------------------------------------------------------------

    def undo(self) -> Chain:
        """The chain without its last edit. Nothing is deleted: this chain still has it."""
        return self[:-1]

    def rerun(
        self,
        image: Any = None,
        model: ModelName | None = None,
        start: int = 0,
        prompt: str | None = None,
    ) -> Chain:
        """The same steps again, from ``start`` on: on another picture, with another model, or both.

        ``prompt`` replaces the instruction of step ``start``. What history holds is replayed free; if a
        step fails, the ones before it are held there too, so running this again pays only for the rest.

        Raises:
            NanoBananaError: a step failed, or edits went elsewhere, or with another key, before it was sent.
        """
        first = self._index(start)
        chain = self[:first] if image is None else chain_of(image, session=self.given)
        steps = []
        for number, step in enumerate(self.steps[first:]):
            asked = step.request
            again = replace(
                asked, model=model or asked.model, prompt=prompt if prompt and not number else asked.prompt
            )
            steps.append(replace(step, request=again))
        return _with(chain, steps)

    def merge(self, i: int, j: int) -> Chain:
        """The steps ``i`` up to, not including, ``j`` as one instruction; the steps after them follow again.

        One edit instead of several re-encodes the picture once, and costs once. Further pictures of the
        merged steps all go along; ratio, size and model are those of the last.

        Raises:
            InvalidRequestError: there are no steps ``i`` to ``j``, or their masks differ.
            NanoBananaError: the merged step, or one after it, failed, or edits went elsewhere between them.
        """
        first, last, _ = slice(i, j).indices(len(self))
        steps = self.steps[first:last]
        if not steps:
            raise InvalidRequestError(say("chain.nothing_to_merge", i=i, j=j, count=len(self)))
        _check_masks(steps)
        pictures = {image.sha256: image for step in steps for image in step.request.images}
        further = tuple(pictures.values())
        merged = replace(steps[-1].request, prompt=code.one_instruction(steps, further), images=further)
        return _with(self[:first], [replace(steps[-1], request=merged, take=1, at=0), *self.steps[last:]])

    def tree(self) -> Tree:
        """All that was ever made from this chain's picture, with this chain's own steps marked."""
        return grow(
            self.session.history,
            self.start,
            [result.record_id for result in self.results if result.record_id],
        )

    # --- out and in ------------------------------------------------------------------------------

    def to_python(self) -> str:
        """The Python that makes this chain's pictures again; it holds no base64 and no key.

        Where a step's own picture was not the first of its inputs, a new chain goes on from its result.
        """
        return code.to_python(self.start, self.steps, self.results)

    def export(self, path: str | os.PathLike[str]) -> Path:
        """This chain in one zip: pictures, records, and their order, for :meth:`load` anywhere.

        Raises:
            InvalidRequestError: a step is not in the history, or the file can't be written.
        """
        history = self.session.history
        records = tuple(history.record(str(result.record_id)) for result in self.results)
        return file.write(path_of(path), history, file.Read(self.start, records, self.steps))

    @classmethod
    def load(cls, path: str | os.PathLike[str], *, session: Session | None = None) -> Chain:
        """A chain somebody exported. Its records join this history, so its steps are replayed free.

        Raises:
            InvalidRequestError: the file holds no chain.
        """
        using = session or _own()
        found = file.read(path_of(path), using.history)
        results = tuple(using.result_of(record) for record in found.records)
        return cls(found.start, session, results, found.steps, found.origin)

    # --- display ---------------------------------------------------------------------------------

    def __repr__(self) -> str:
        width, height = self.start.shown_size
        lines = [say("chain.original", size=say("images.size", width=width, height=height))]
        for number, result in enumerate(self.results, 1):
            lines.append(f"{number}  {result.summary()}")
            lines += [f"   {note}" for note in notes({"": result})]
        if self.results:
            cost = money(self.cost, sandbox=all(result.sandbox for result in self.results))
            total = "chain.total_one" if len(self) == 1 else "chain.total"
            lines.append(say(total, count=len(self), cost=cost))
        return "\n".join(lines)

    def _ipython_display_(self, **options: Any) -> None:
        view("timeline")(self)._ipython_display_(**options)

    def filmstrip(self) -> ImageData:
        """The original and every step as one small plain picture, numbered from 0."""
        return draw([self.start, *(result.image for result in self.results)]).preview()

    def _repr_mimebundle_(self, **_: Any) -> tuple[dict[str, Any], dict[str, Any]]:
        strip = self.filmstrip()
        shown = base64.b64encode(strip.data).decode()
        alt = say("chain.alt", count=len(self))
        facts = {"alt": alt, **whence(self.results[-1] if self.results else None)}
        return {strip.mime_type: shown, "text/plain": repr(self)}, {strip.mime_type: facts}

    # --- how a step is made ----------------------------------------------------------------------

    def _index(self, step: int) -> int:
        if not -len(self) <= step < max(len(self), 1):
            raise InvalidRequestError(say("chain.no_step", index=step, count=len(self)))
        return step % len(self) if self.results else 0

    def _add(self, step: Step, *, fresh: bool = False) -> Chain:
        sent, result = self._send(step, fresh)
        return replace(self, results=(*self.results, result), steps=(*self.steps, replace(step, sent=sent)))

    def _send(self, step: Step, fresh: bool) -> tuple[Context, EditResult]:
        parent = self.results[-1].record_id if self.results else self.origin
        warning = ""
        if step.context == "conversation" and self.results:
            turns, warning = self._turns(), say("chain.no_turns")
            if turns and not fresh and self._was_refused(step, parent):
                turns, warning = None, say("chain.signature_refused")
            if turns:
                try:
                    return "conversation", self._ask(step, step.images, turns, parent, fresh)
                except InvalidRequestError as error:
                    if not _SIGNATURE.search(f"{error.message} {error.body}"):
                        raise
                    warning = say("chain.signature_refused")
        result = self._ask(step, step.inputs(self.image), (), parent, fresh)
        return "refeed", result.changed(warnings=(*result.told, warning)) if warning else result

    def _ask(
        self,
        step: Step,
        images: Sequence[ImageData],
        turns: Sequence[Turn],
        parent: str | None,
        fresh: bool,
    ) -> EditResult:
        asked = replace(step.request, images=tuple(images), turns=tuple(turns))
        context: Context = "conversation" if turns else "refeed"
        return self.session.send(Order(asked, step.take, fresh, parent, context))

    def _turns(self) -> tuple[Turn, ...] | None:
        """The conversation that ends with the last result; None where it, or a picture in it, is not held."""
        if not WIRES[self.session.endpoint.wire].turns:
            return None  # a relay may answer in the form of another wire than was asked
        begins = [number for number, step in enumerate(self.steps) if step.sent == "refeed"]
        if not begins:
            return None
        turns: list[Turn] = []
        for result in self.results[begins[-1] :]:
            answered = result.conversation_turn
            if answered is None or not holds(answered, result.image):
                return None
            turns += [user_turn(result.request), answered]
        return tuple(turns)

    def _was_refused(self, step: Step, parent: str | None) -> bool:
        """Whether history knows that this route refuses these signatures, so that a re-run sends nothing."""
        children = self.session.history.children(parent) if parent else ()
        asked, endpoint = step.request, self.session.endpoint
        return any(
            child.status == "failed"
            and child.context == "conversation"
            and (child.take, child.provider, child.wire) == (step.take, endpoint.name, endpoint.wire)
            and says(replace(child, context="refeed"), asked, endpoint.provider)
            and _SIGNATURE.search(child.error_message)
            for child in children
        )


def _with(chain: Chain, steps: Sequence[Step]) -> Chain:
    """The chain longer by these, all made in one place: none is paid where the first was free."""
    place = chain.session.endpoint
    for done, step in enumerate(steps):
        if chain.session.endpoint != place:
            left = len(steps) - done
            raise InvalidRequestError(say("chain.moved", count=left), hint=say("chain.moved_hint"))
        chain = chain._add(step)
    return chain


def chain(image: Any, *, session: Session | None = None) -> Chain:
    """A chain that begins with ``image``: anything ``as_image`` takes. Sends nothing, costs nothing."""
    return chain_of(image, session=session)


def _own() -> Session:
    """The notebook's own session."""
    from .._session.own import current  # it stands above: a chain that is given a session needs none of it

    return current()


def chain_of(image: Any, *, session: Session | None) -> Chain:
    """A chain on ``image``; one that begins with a result continues its record."""
    origin = image.record_id if isinstance(image, EditResult) else None
    return Chain(as_image(image), session, origin=origin)


def chain_to(result: EditResult, session: Session | None) -> Chain:
    """The edits that led to ``result``, as far back as the history holds them."""
    using = session or _own()
    history = using.history
    last = held(history, result.record_id)
    if last is None:
        return chain_of(result, session=session)
    records = [*ancestors(history, last), last]
    results = [*map(using.result_of, records[:-1]), result]
    begun_with = edited(history, records[0])
    starts = [image for image in results[0].request.images if image.sha256 == begun_with]
    if starts:
        chain = Chain(starts[0], session)
    else:  # made from words alone, or its conversation isn't held: the chain starts where its picture is
        chain, records, results = chain_of(results[0], session=session), records[1:], results[1:]
    for record, one in zip(records, results, strict=True):
        chain = _longer(chain, record, one)
    return chain


def code_of(result: EditResult, session: Session) -> str:
    """The Python that makes a result again: of a conversation the whole chain, where its start is held."""
    if result.context == "conversation":
        chain = chain_to(result, session)
        if chain.steps and chain.steps[0].sent == "refeed":
            return chain.to_python()
    return result.to_python()


def extended(chain: Chain, record: Record) -> Chain:
    """The chain longer by an edit that is already in the history."""
    return _longer(chain, record, chain.session.result_of(record))


def _longer(chain: Chain, record: Record, result: EditResult) -> Chain:
    step = step_of(record, chain.image.sha256)
    return replace(chain, results=(*chain.results, result), steps=(*chain.steps, step))


def _check_masks(steps: Sequence[Step]) -> None:
    """Raise where one edit would have to keep to several places at once."""
    masks = [step.request.mask for step in steps]
    if any(mask != masks[0] for mask in masks):
        raise InvalidRequestError(say("chain.masks_differ"))
