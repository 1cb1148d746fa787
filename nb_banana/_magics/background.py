"""``--bg``: a handle on edits under way, that shows itself when they are done."""

from __future__ import annotations

import asyncio
import threading
import uuid
from collections.abc import Callable, Coroutine, Generator
from concurrent.futures import CancelledError, Future
from typing import Any

from .. import _worker
from .._strings import say
from .._text import plain, printed
from .._widgets.notebook import in_kernel, present
from ..errors import InvalidRequestError

Bundle = tuple[dict[str, Any], dict[str, Any]]


class Background:
    """Edits under way beside the notebook: ``await`` it, ask its ``result``, or ``cancel()``.

    Shown, it is a line that becomes the picture, or the fault, when it is done; a fault is printed
    where its line was never shown.

    Args:
        job: what makes the value.
        prompt: what was asked, for the line.
        then: what a terminal does with the value beside printing it.
        stop: what ends the job, where it is not to be cancelled as a whole.
    """

    def __init__(
        self,
        job: Coroutine[Any, Any, Any],
        prompt: str,
        *,
        then: Callable[[Any], Any],
        stop: Callable[[], Any] | None = None,
    ) -> None:
        self.prompt, self._then, self._stop = prompt, then, stop
        self._id, self._shown, self._lock = f"nb-banana-{uuid.uuid4().hex}", False, threading.Lock()
        self._future: Future[Any] = _worker.submit(job)
        self._future.add_done_callback(lambda _: _worker.aside(self._tell))

    @property
    def done(self) -> bool:
        """Whether it is over, however it ended."""
        return self._future.done()

    @property
    def result(self) -> Any:
        """What came of it; waits until it is done, and an interrupt ends only the waiting.

        Raises:
            NanoBananaError: it failed, or was cancelled.
        """
        try:
            return self._future.result()
        except CancelledError:
            raise _cancelled() from None

    def cancel(self) -> bool:
        """End it; False where it is over already. What was sent may be billed: the history says so."""
        if self.done:
            return False
        if self._stop is None:
            return self._future.cancel()
        self._stop()
        return True

    def __await__(self) -> Generator[Any, None, Any]:
        return self._wait().__await__()

    async def _wait(self) -> Any:
        try:
            return await asyncio.shield(asyncio.wrap_future(self._future))
        except asyncio.CancelledError:
            if self._future.cancelled():
                raise _cancelled() from None
            raise  # only the waiting is over

    # --- display ---------------------------------------------------------------------------------

    def __repr__(self) -> str:
        return plain(self._bundle()[0]["text/plain"])

    def _ipython_display_(self) -> None:
        with self._lock:
            self._shown = True
            present(self._bundle(), self._id)

    def _tell(self) -> None:
        """Put what came of it in the place of the line; a terminal prints it."""
        with self._lock:
            if self._shown:
                present(self._bundle(), self._id, update=True)
            elif self._fault() is not None:
                printed(repr(self))
        if not in_kernel() and self._fault() is None and not self._future.cancelled():
            self._then(self._future.result())

    def _fault(self) -> BaseException | None:
        return None if not self.done or self._future.cancelled() else self._future.exception()

    def _bundle(self) -> Bundle:
        if not self.done:
            return {"text/plain": say("magics.under_way", prompt=self.prompt)}, {}
        if self._future.cancelled():
            return {"text/plain": say("magics.cancelled", prompt=self.prompt)}, {}
        if (fault := self._fault()) is not None:
            sentence = f"{type(fault).__name__}: {fault}"
            return {"text/plain": say("magics.failed", prompt=self.prompt, reason=sentence)}, {}
        made: Bundle = self._future.result()._repr_mimebundle_()
        return made


def _cancelled() -> InvalidRequestError:
    return InvalidRequestError(say("magics.was_cancelled"), hint=say("magics.was_cancelled_hint"))
