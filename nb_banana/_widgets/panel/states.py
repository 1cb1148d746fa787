"""What the status line says: pure functions from outcomes to :class:`Shown`."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from ..._catalog.spending import Spending
from ..._client.answered import answered
from ..._strings import say
from ..._text import money, seconds, span
from ..._wire.wires import WIRES
from ...errors import APIConnectionError, NanoBananaError

if TYPE_CHECKING:
    from ..._client.endpoint import Endpoint
    from ..._result import EditResult

BLOCKED: Final = frozenset({"safety", "recitation"})


@dataclass(frozen=True, slots=True)
class Shown:
    """One state of the panel: a name, a line, a next step, folded details, and what is read out."""

    state: str
    text: str
    hint: str = ""
    details: str = ""
    announce: str = ""


def waiting(has_pictures: bool, has_prompt: bool, trouble: str = "", said: str = "") -> Shown:
    """Before a run; ``trouble`` is why nothing could be sent. What a click was told is ``said``: it stays
    while it is true.
    """
    told = not_sent(has_pictures, trouble)
    if (trouble or not has_prompt) and said == told.text:
        return replace(told, announce="")
    if trouble:
        return Shown("loaded" if has_pictures or has_prompt else "empty", trouble)
    if not has_pictures and not has_prompt:
        return Shown("empty", say("panel.state_empty"))
    if not has_prompt:
        return Shown("loaded", say("panel.state_no_prompt"))
    return Shown("loaded", say("panel.state_ready" if has_pictures else "panel.state_generate"))


def not_sent(has_pictures: bool, trouble: str) -> Shown:
    """After a click that sent nothing, for words are missing or something stands in the way."""
    text = say("panel.nothing_sent", why=trouble) if trouble else say("panel.needs_prompt")
    return Shown("loaded" if has_pictures else "empty", text, announce=text)


def running(
    elapsed: float, usual: tuple[float, float] | None, limit: float, came: tuple[int, int], waiting: int = 0
) -> Shown:
    """While the provider works; past the recommended time it says so. ``came``: how many of how many."""
    text = say("panel.state_running", elapsed=seconds(elapsed, whole=True))
    if came[1] > 1:
        text += " · " + say("panel.state_came", came=came[0], count=came[1])
    if waiting:
        text += " · " + say("panel.state_waiting", count=waiting)
    if elapsed > limit:
        hint = say("panel.hint_long", limit=span(limit, limit))
        return Shown("long", text, hint, announce=say("panel.say_long"))
    if usual is not None:
        text += " · " + say("panel.state_usual", span=span(*usual))
    announce = say("panel.say_start") if elapsed < 1 else say("panel.say_still") if elapsed >= 15 else ""
    return Shown("running", text, announce=announce)


def finished(results: Sequence[EditResult], failures: Sequence[NanoBananaError], elapsed: float) -> Shown:
    """After a run in which at least one picture came."""
    last = results[-1]
    facts = ["{}×{}".format(*last.image.shown_size), seconds(elapsed)]
    if all(result.replayed for result in results):
        facts.append(say("panel.replayed"))
    else:
        facts.append(money(Spending.of(result.cost for result in results), sandbox=last.sandbox))
    facts.append(last.model)
    if not failures:
        return Shown("done", say("panel.state_done", facts=" · ".join(facts)), announce=say("panel.say_done"))
    count = len(results) + len(failures)
    text = say("panel.state_partial", came=len(results), count=count, facts=" · ".join(facts))
    reasons = list(dict.fromkeys(error.message for error in failures))
    return Shown("partial", text, "\n".join(reasons), announce=text)


def returned(result: EditResult) -> Shown:
    """After a panel found its last result in the history."""
    size = "{}×{}".format(*result.image.shown_size)
    return Shown("done", say("panel.state_returned", facts=f"{size} · {result.model}"))


def failed(error: NanoBananaError) -> Shown:
    """After a run in which no picture came."""
    hint = error.hint
    facts = [f"HTTP {error.status}" if error.status else "", error.request_id or "", error.body]
    details = "\n".join(filter(None, facts))
    if error.category == "no_image":
        said = f"“{error.text.strip()}”" if error.text.strip() else ""
        text = say("panel.state_no_image") + (f"\n{said}" if said else "")
        return Shown("no_image", text, hint, details, announce=text)
    if error.category in BLOCKED:
        code = error.finish_reason or error.category
        named = error.message if code in error.message else f"{error.message} ({code})"
        text = f"{say('panel.state_blocked')}\n{named}"
        return Shown("blocked", text, hint, details, announce=text)
    return Shown("error", error.message, hint, details, announce=str(error))


def broken(problem: BaseException) -> Shown:
    """After a fault of our own: say so plainly; the run's future holds the traceback."""
    text = say("panel.state_broken", kind=type(problem).__name__, reason=problem)
    return Shown("error", text, say("panel.hint_broken"), announce=text)


def cut(sandbox: bool) -> NanoBananaError:
    """What a run ends with that was cancelled from below, before anybody could say how it ended."""
    return APIConnectionError(
        say("panel.cut"),
        hint=say("panel.hint_cut_sandbox" if sandbox else "panel.hint_cut"),
        may_be_billed=not sandbox,
    )


def place(endpoint: Endpoint, notices: Iterable[str] = (), *, known: bool = True) -> str:
    """Where edits go, and what should be known of it; an address of somebody's own is named, and so is a wire
    that is not the provider's usual one. ``known`` is whether a model is chosen.
    """
    row = endpoint.provider
    name = say("panel.local") if row.name == "local" else row.title
    if endpoint.base_url != row.base_url:
        name += f" ({endpoint.base_url.partition('://')[2]})"
    wire = f" · {WIRES[endpoint.wire].title}" if endpoint.wire != row.wires[0] else ""
    tried = answered(endpoint) or not endpoint.has_key
    ready = say(
        "panel.unready" if not known else "panel.ready" if tried else "keys.untested", provider=name + wire
    )
    if endpoint.is_sandbox:
        ready = say("panel.sandbox") + wire
    return "\n".join([ready, *(f"⚠ {notice}" for notice in notices if notice)])


def stopped(sandbox: bool, came: int, held: int = 0) -> Shown:
    """After Stop. A real provider goes on working, and bills, whether or not we listen; ``held`` waited."""
    text = say("panel.state_stopped") + (f" {say('panel.stopped_came', came=came)}" if came else "")
    text += f" {say('panel.stopped_held', count=held)}" if held else ""
    hint = say("panel.hint_stopped_sandbox" if sandbox else "panel.hint_stopped")
    return Shown("cancelled", text, hint, announce=f"{text} {hint}")
