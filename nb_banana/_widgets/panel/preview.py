"""The code under the panel: the Python of the next click, then of the run that was made."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING

from ..._strings import say
from ...errors import NanoBananaError
from . import source

if TYPE_CHECKING:
    from ..status import CodeBox
    from ..surface import Note
    from .ask import Ask
    from .run import Run


class Preview:
    """Writes the code box, and the input files that its code names.

    Args:
        box, note: where the code stands, and what goes wrong with its files.
        target: the variable it assigns.
        names: gives what pictures are called now.
        exact: whether everything outside of a mask is kept exactly now.
    """

    def __init__(
        self, box: CodeBox, note: Note, target: str, names: Callable[[], source.Names],
        exact: Callable[[], bool],
    ) -> None:  # fmt: skip
        self._box, self._note, self._target, self._names = box, note, target, names
        self._exact = exact
        self._run: Run | None = None
        self._write: Callable[[Sequence[int]], str] = lambda _takes: ""

    def of_next(self, ask: Ask) -> str:
        """The code of a click that has not been made: its takes are those that are free now.

        Raises:
            NanoBananaError: the request can't be sent.
        """
        if not ask.prompt or ask.trouble:
            return ""
        first = self._names().session.free_take(ask.request)
        return self._of(ask)(range(first, first + ask.takes))

    def of_past(self, ask: Ask, takes: Sequence[int]) -> str:
        """The code of an edit that was made, by this kernel or an earlier one."""
        return self._of(ask)(takes)

    def planned(self, run: Run) -> None:
        """A run is about to send: keep its inputs, and look up all that its code needs but its takes."""
        self.keep([run.ask])
        self._run, self._write = run, self._of(run.ask)

    def numbered(self, run: Run) -> None:
        """Show the code of a run as far as its takes are known."""
        if run is self._run and run.goes_on():
            self._box.code = self._write(run.takes)

    def keep(self, asks: Iterable[Ask]) -> None:
        """Write the files the code of these asks names."""
        try:
            source.keep(asks, self._names().session.history.folder)
        except (OSError, NanoBananaError) as problem:
            self._note.text = say("panel.inputs_not_kept", reason=problem)

    def _of(self, ask: Ask) -> Callable[[Sequence[int]], str]:
        return source.of(ask, self._target, self._names(), exact=self._exact())
