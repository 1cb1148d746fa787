"""Waiting for a run: a line that says how far it is, and a Ctrl-C that keeps what is done.

The line is shown where somebody looks, a cell or a terminal, and leaves nothing behind; a log has none.
"""

from __future__ import annotations

import shutil
import sys
import time
import warnings
from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from .. import _text, _worker
from .._display import view

if TYPE_CHECKING:
    from .running import Run

_LOOK: Final = 0.1
"""Seconds between two looks; Ctrl-C is heard at once all the same."""
_QUIET: Final = 1.0
"""Seconds after which there is something to say: what history answers is done before that."""
_AGAIN: Final = 0.5
"""Seconds between two sentences."""
_WIND_DOWN: Final = 0.9
"""Seconds that cancelled edits get to note how they ended."""

Say = Callable[[str], None]


def follow(run: Run) -> None:
    """Wait for a run and tell what it learned; Ctrl-C breaks off what is under way and is raised again."""
    say, over = _line()
    due = time.monotonic() + _QUIET
    try:
        while not run.wait(_LOOK):
            if time.monotonic() > due:
                _worker.looks_on(lambda: say(str(run.progress)))
                due = time.monotonic() + _AGAIN
    except BaseException:
        run.cancel()
        run.wait(_WIND_DOWN)
        raise
    finally:
        _worker.looks_on(over)
    for sentence in run.learned():
        warnings.warn(sentence, stacklevel=3)


def _line() -> tuple[Say, Callable[[], None]]:
    """What says a sentence in place of the one before, and what takes it away."""
    kernel = sys.modules.get("ipykernel.kernelapp")  # may be loaded where no kernel runs
    if kernel is not None and kernel.IPKernelApp.initialized():
        line = view("changing_line")()
        return line.say, line.over
    if sys.stderr.isatty():
        return _in_terminal, lambda: _in_terminal("")
    return lambda _: None, lambda: None


def _in_terminal(words: str) -> None:
    words = _text.shortened(words, shutil.get_terminal_size().columns - 1)  # a second line would stay
    sys.stderr.write(f"\r\x1b[K{_text.plain(words)}")
    sys.stderr.flush()
