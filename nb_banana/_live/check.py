"""What the live check tries, what it costs at most, and how each try ends."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final, Literal
from urllib.parse import urlsplit

from .. import _worker
from .._catalog import prices
from .._catalog.cheapest import cheapest
from .._catalog.cost import Cost
from .._catalog.models import ModelInfo, find_model
from .._catalog.providers import Provider
from .._client.aclient import AsyncClient
from .._client.attempt import Course
from .._client.endpoint import Endpoint
from .._client.served import named
from .._images.data import ImageData
from .._messages import EditRequest, Order, Turn
from .._result import EditResult
from .._strings import say
from .._text import shortened
from .._wire.plan import Plan
from .._wire.turns import user_turn
from .._wire.wires import WIRES
from ..errors import InvalidImageError, InvalidRequestError, NanoBananaError
from .picture import photo
from .shapes import headers_of, shape_of
from .tape import Tape

if TYPE_CHECKING:
    from .._session.door import Session

Name = Literal["first", "turn", "other"]
State = Literal["passed", "failed", "untried"]
_RATIO: Final = "16:9"
_FIRST: Final = "Make the ball red and keep everything else as it is."
_NEXT: Final = "Now make the sky orange and keep everything else as it is."
_HOPELESS: Final = frozenset({"auth", "quota", "region", "budget"})
"""What the next request would meet as well."""
_LONG_WORD: Final = re.compile(r"[^\s\u3000-\uffef]{81,}")
"""No word of a sentence, but what a service puts into one."""
_ADDRESS: Final = re.compile(
    r"\b[a-z][a-z0-9+.-]{1,20}://(?=[\w\[%])[^\s'\"<>()“”‘’]{1,2000}|\b\d{1,3}(?:\.\d{1,3}){3}\b"
    r"|\b(?:[a-z0-9_-]{1,63}\.){1,8}(?:(?:internal|intranet|local|localdomain|lan|corp)\b|[a-z]{2,24}:\d{1,5}\b)"
    r"|\b(?:[0-9a-f]{0,4}:){4,7}[0-9a-f]{1,4}\b",
    re.IGNORECASE,
)
"""Where a redirect leads, what a name resolved to, a proxy: whose network that is, nobody need know."""


@dataclass(frozen=True, slots=True)
class Step:
    """One thing to try: over which wire, with what shape, and why it can't be tried, if it can't."""

    name: Name
    wire: str
    ratio: str | None = None
    size: str | None = None
    barred: str = ""


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a step ended.

    Attributes:
        reason: why it failed or was not tried, as a sentence without key or address.
        told: what else was seen, in a few words each.
        answer: what came, as shapes.
    """

    step: Step
    state: State
    reason: str = ""
    told: tuple[str, ...] = ()
    seconds: float | None = None
    status: int | None = None
    cost: Cost | None = None
    category: str = ""
    model: str = ""
    size: str = ""
    sandbox: bool = False
    answer: Mapping[str, Any] | None = None


class Check:
    """A live check of a session's own endpoint; nothing is sent before :meth:`go`.

    Raises:
        InvalidRequestError: there is no key, or it can't be used.
    """

    def __init__(self, session: Session, model: str | None = None) -> None:
        self.session, self.endpoint = session, named(_endpoint_of(session))
        at = self.provider = self.endpoint.provider
        own = at.default_model if self.endpoint.name == "local" else None  # no other model is there
        self.info, size = cheapest(at, model or own)
        self.model = self.info.nickname if self.info else str(model or own)
        self.sent = find_model(self.model, at).sent_id
        self.steps = _steps(at, size, _wires(self.endpoint, self.info))
        self.outcomes: list[Outcome] = []
        self._first: EditResult | None = None

    @property
    def expected(self) -> tuple[prices.Estimate, ...]:
        """What each step that can be tried is expected to cost; none for a model nobody knows."""
        if self.info is None:
            return ()
        sizes = [step.size for step in self.steps if not step.barred]
        return tuple(prices.estimate(self.info, size, provider=self.provider) for size in sizes)

    def go(self) -> Iterator[Step]:
        """Try one step after the other; gives each that is about to be sent."""
        for step in self.steps:
            barred = step.barred or self._in_the_way(step)
            if barred:
                self.outcomes.append(Outcome(step, "untried", say(f"live.{barred}")))
                continue
            yield step
            self.outcomes.append(self._tried(step))

    def ended(self) -> tuple[Outcome, ...]:
        """How every step ended, one that was interrupted and those after it too."""
        left = self.steps[len(self.outcomes) :]
        return (*self.outcomes, *(Outcome(step, "untried", say("live.interrupted")) for step in left))

    def _in_the_way(self, step: Step) -> str:
        """What an earlier outcome says against trying this step."""
        if any(one.category in _HOPELESS for one in self.outcomes):
            return "hopeless"
        if step.name == "turn" and (self._first is None or self._first.conversation_turn is None):
            return "no_first"
        return ""

    def _tried(self, step: Step) -> Outcome:
        session, began = self.session.with_wire(step.wire), time.monotonic()
        tape = Tape(session.endpoint)
        try:
            result = _worker.wait(_sent(session, self._order(step), tape))
        except NanoBananaError as error:
            outcome = Outcome(step, "failed", self.hidden(error.message), category=error.category)
            if error.may_be_billed:
                outcome = replace(outcome, told=(say("live.maybe_billed"),), cost=self._price(step))
        except KeyboardInterrupt:
            told = (say("live.maybe_billed"),)
            ended = Outcome(step, "failed", say("live.interrupted"), told, cost=self._price(step))
            self.outcomes.append(replace(ended, seconds=time.monotonic() - began))
            raise
        else:
            outcome = self._judged(step, result)
            if step.name == "first":
                self._first = result
        status = tape.kept.status if tape.kept else None
        seconds = time.monotonic() - began
        return replace(outcome, seconds=seconds, status=status, answer=self._shape(tape))

    def _price(self, step: Step) -> Cost:
        return prices.price(self.info or self.sent, step.size, self.provider)

    def _order(self, step: Step) -> Order:
        """The request of a step; it is sent whatever the history holds, and what came is kept there."""
        if step.name != "turn":
            return Order(self._asking(step, _FIRST, (photo(),)), fresh=True)
        first = self._first
        assert first is not None and first.conversation_turn is not None
        asked = self._asking(step, _NEXT, (), (user_turn(first.request), first.conversation_turn))
        return Order(asked, fresh=True, parent=first.record_id, context="conversation")

    def _asking(
        self, step: Step, prompt: str, images: tuple[ImageData, ...], turns: tuple[Turn, ...] = ()
    ) -> EditRequest:
        return EditRequest(
            prompt, images, model=self.model, aspect_ratio=step.ratio, image_size=step.size, turns=turns
        )

    def _judged(self, step: Step, result: EditResult) -> Outcome:
        """Whether what came is what was asked for."""
        wrong = [*self._other_pixels(step, result)]
        try:
            result.image.to_pil()
        except InvalidImageError as error:
            wrong.append(self.hidden(error.message))
        told = [*_tokens(result)]
        if step.name == "turn":
            sent, _ = _signed(_turn_of(self._first))
            if sent:
                told.append(say("live.accepted", count=sent))
            else:
                wrong.append(say("live.unsigned"))
        elif WIRES[step.wire].turns:
            signed, count = _signed(_turn_of(result))
            told.append(say("live.signed", signed=signed, count=count))
        return Outcome(
            step, "failed" if wrong else "passed", " ".join(wrong), tuple(told), cost=result.cost,
            model=self.named(result.model), size=_size(result), sandbox=result.sandbox,
        )  # fmt: skip

    def _other_pixels(self, step: Step, result: EditResult) -> Iterator[str]:
        """A sentence if the picture has not the pixels that were asked for."""
        if step.ratio is None or self.info is None:
            return
        expected, got = self.info.pixels(step.ratio, step.size), result.image.shown_size
        if got != expected:
            asked = say("images.size", width=expected[0], height=expected[1])
            shape = f"{step.ratio} {step.size}"
            yield say("live.other_pixels", asked=shape, expected=asked, got=_size(result))

    def _shape(self, tape: Tape) -> Mapping[str, Any] | None:
        if tape.kept is None:
            return None
        hide = self.endpoint.masked
        return {
            "status": tape.kept.status,
            "headers": headers_of(tape.kept.headers, hide),
            "body": shape_of(tape.kept.lifter.finish(), hide),
        }

    def hidden(self, words: str, longest: int = 240) -> str:
        """Words from outside, for somebody else's eyes: no key, no address that is private, nothing long."""
        place = urlsplit(self.endpoint.base_url)
        if not self.known_host:
            for name in filter(None, (self.endpoint.base_url, place.netloc, place.hostname)):
                words = words.replace(name, say("live.custom"))
        words = _ADDRESS.sub("…", words)
        words = _LONG_WORD.sub(lambda word: f"{word[0][:20]}…", self.endpoint.masked(words))
        return shortened(words, longest)

    def named(self, model: str) -> str:
        """A model's name for somebody else's eyes: of one that is a file of this machine, the last part."""
        parts = re.split(r"[/\\]", model)
        return self.hidden(parts[-1] if re.match(r"=?(?:[/\\.~]|[A-Za-z]:[/\\])", model) else model, 60)

    @property
    def known_host(self) -> str:
        """The host, where it is the address that everybody uses for this provider; else ``""``."""
        host = urlsplit(self.endpoint.base_url).netloc
        return host if host and host == urlsplit(self.provider.base_url).netloc else ""


async def _sent(session: Session, order: Order, tape: Tape) -> EditResult:
    """One edit of the session, once, over the tape."""
    client = AsyncClient(session.endpoint, **{**session.options, "retries": 0}, transport=tape)

    async def perform(_: Endpoint, plan: Plan, take: int, course: Course) -> EditResult:
        await course.begin(lambda: True)
        return await client.perform(plan, take=take)

    try:
        return await session.asend(order, perform=perform)
    finally:
        await tape.aclose()


def _endpoint_of(session: Session) -> Endpoint:
    try:
        endpoint = session.endpoint
        endpoint.check_key()
    except NanoBananaError as error:
        raise InvalidRequestError(error.message, hint=error.hint) from None
    if endpoint.is_sandbox:
        raise InvalidRequestError(say("live.no_key"), hint=say("live.no_key_hint"))
    return endpoint


def _wires(endpoint: Endpoint, info: ModelInfo | None) -> tuple[str, ...]:
    """Those to try, the best one first: that carry the model there; of one's own server the one it speaks."""
    if endpoint.name == "local":
        return (endpoint.wire,)
    at = endpoint.provider
    return tuple(wire for wire in at.wires if info is None or wire in info.wires) or at.wires


def _steps(at: Provider, size: str | None, wires: Sequence[str]) -> tuple[Step, ...]:
    """The best wire with a ratio and a size, a second turn over it, and one more wire."""
    first, *others = wires
    other = others[0] if others else first

    def shape(wire: str) -> tuple[str | None, str | None]:
        return (_RATIO, size) if wire in at.sized_wires else (None, None)

    return (
        Step("first", first, *shape(first)),
        Step("turn", first, *shape(first), "" if WIRES[first].turns else "no_turns"),
        Step("other", other, *shape(other), "" if others else "one_wire"),
    )


def _turn_of(result: EditResult | None) -> Turn:
    turn = result.conversation_turn if result else None
    return turn or Turn({})


def _signed(turn: Turn) -> tuple[int, int]:
    """How many of a turn's pictures are signed, and how many it has."""
    parts = [part for part in turn.content.get("parts") or () if isinstance(part, Mapping)]
    pictures = [part for part in parts if part.get("inlineData") or part.get("inline_data")]
    return sum("thoughtSignature" in part or "thought_signature" in part for part in pictures), len(pictures)


def _tokens(result: EditResult) -> Iterator[str]:
    usage = result.usage
    if usage is None or usage.input_tokens is None or usage.output_tokens is None:
        yield say("live.no_tokens")
    else:
        yield say("live.tokens", inputs=f"{usage.input_tokens:,}", outputs=f"{usage.output_tokens:,}")


def _size(result: EditResult) -> str:
    width, height = result.image.shown_size
    return say("images.size", width=width, height=height)
