"""Who looks on: called before each request that is sent and after it ended, and heard in nothing.

Rules of this file:

* A hook gets frozen values of its own (``_client.attempt``), and nothing that it gives back is used.
* Hooks run on one thread of their session, one after the other: a slow one holds its own edit up and the next
  hook, and neither the loop nor what is on its way. Nothing of an edit lies on their stack.
* An edit that a hook makes waits for no hook: that thread is busy until it ends. They hear of it after that.
* What a hook raises is told and the edit goes on, for hooks look on and do not decide. The end of an edit is
  told when its picture lies in the history: no hook can lose one.
"""

from __future__ import annotations

import asyncio
import inspect
import os
from collections.abc import Callable, Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from contextvars import ContextVar
from copy import copy
from dataclasses import replace
from typing import Any, Final

from .._client.attempt import Answered, Sending, answered_of
from .._result import EditResult
from .._strings import say
from .._text import plain
from .._wire.plan import Plan
from ..errors import InvalidRequestError, NanoBananaError

BEFORE, AFTER = "before_send", "after_answer"
_SHOWN: Final = 300
Call = Callable[[Any], object]
_in_hook: Final = ContextVar("nb_banana_in_hook", default=False)


class Hooks:
    """The hooks of a session, and the thread they run on; none costs nothing."""

    def __init__(self, given: Any = None) -> None:
        self._calls = {BEFORE: tuple[Call, ...](), AFTER: tuple[Call, ...]()}
        for hook in _several(given):
            for name, call in zip((BEFORE, AFTER), _pair(hook), strict=True):
                self._calls[name] += (call,) if call else ()
        self._threads: dict[int, ThreadPoolExecutor] = {}

    def __bool__(self) -> bool:
        return any(self._calls.values())

    async def tell(self, name: str, facts: Sending | Answered) -> list[str]:
        """Call each hook with facts of its own; gives a sentence for each that failed."""
        if not self._calls[name]:
            return []
        work = self.tell_later(name, facts)
        return await asyncio.wrap_future(work) if work and not _in_hook.get() else []

    def tell_later(self, name: str, facts: Sending | Answered) -> Future[list[str]] | None:
        """The same, for who does not wait; None where the interpreter is ending and takes no more work."""
        with suppress(RuntimeError):
            return self._thread.submit(_called, self._calls[name], name, facts)
        return None

    @property
    def _thread(self) -> ThreadPoolExecutor:
        """This process's thread; a forked child has its parent's pool, but not the thread in it."""
        return self._threads.setdefault(os.getpid(), ThreadPoolExecutor(1, "nb-banana-hooks"))


def _called(calls: Iterable[Call], name: str, facts: Sending | Answered) -> list[str]:
    troubles = []
    _in_hook.set(True)  # on this thread, and in the context of whatever is begun from it
    for call in calls:
        try:
            call(copy(facts))
        except BaseException as reason:  # noqa: BLE001 - even a hook that ends its thread ends no edit
            why = plain(f"{type(reason).__name__}: {reason}".rstrip(": "))[:_SHOWN]
            troubles.append(say("session.hook_failed", name=_name(call), moment=name, reason=why))
    return troubles


def _several(given: Any) -> tuple[Any, ...]:
    """One hook or several; a pair of functions alone is one."""
    if given is None:
        return ()
    if not isinstance(given, (list, tuple, set)) or (isinstance(given, tuple) and _is_pair(given)):
        return (given,)
    return tuple(given)


def _is_pair(hook: object) -> bool:
    whole = isinstance(hook, tuple) and len(hook) == 2 and any(hook)
    return whole and all(one is None or inspect.isroutine(one) for one in hook)  # type: ignore[attr-defined]


def _pair(hook: object) -> tuple[Call | None, Call | None]:
    """What a hook does before and after.

    Raises:
        InvalidRequestError: it does neither, or by awaiting.
    """
    found = hook if _is_pair(hook) else (getattr(hook, BEFORE, None), getattr(hook, AFTER, None))
    assert isinstance(found, tuple)
    if isinstance(hook, type) or not any(found) or not all(one is None or callable(one) for one in found):
        raise InvalidRequestError(say("session.bad_hook", value=plain(repr(hook))[:80]))
    for one in found:
        if inspect.iscoroutinefunction(one):
            raise InvalidRequestError(say("session.hook_awaits", name=_name(one)))
    return found


def _name(call: object) -> str:
    return plain(str(getattr(call, "__qualname__", type(call).__name__)))


class Watching:
    """The hooks of a session, as they hear of one edit.

    Attributes:
        troubles: what went wrong in them so far, each sentence once.
    """

    def __init__(self, hooks: Hooks) -> None:
        self._hooks = hooks
        self._last: Answered | None = None
        self.troubles: tuple[str, ...] = ()

    async def sending(self, facts: Sending) -> None:
        """Tell what is about to be sent."""
        self._note(await self._hooks.tell(BEFORE, facts))

    async def answered(self, facts: Answered) -> None:
        """Tell how an attempt ended; that of the last one is told by :meth:`over`."""
        if facts.again:
            self._note(await self._hooks.tell(AFTER, facts))
        else:
            self._last = facts

    def interrupted(self, facts: Answered) -> None:
        """Tell that it was cancelled."""
        self._hooks.tell_later(AFTER, facts)

    async def came(self, plan: Plan, take: int, end: EditResult | NanoBananaError, seconds: float) -> None:
        """Tell how an edit ended that a worker made."""
        await self.answered(answered_of(plan, take, end, seconds))

    async def over(self, record_id: str | None) -> tuple[str, ...]:
        """Tell the end, now that it is written down; gives what went wrong in hooks."""
        if self._last is not None:
            self._note(await self._hooks.tell(AFTER, replace(self._last, record_id=record_id)))
            self._last = None
        return self.troubles

    def _note(self, troubles: Iterable[str]) -> None:
        self.troubles = tuple(dict.fromkeys((*self.troubles, *troubles)))


__all__ = ["Hooks", "Watching"]
