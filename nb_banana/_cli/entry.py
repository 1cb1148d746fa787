"""One command line from its words to its exit code."""

from __future__ import annotations

import codecs
import contextlib
import io
import os
import sys
import warnings
from collections.abc import Sequence
from importlib import import_module
from typing import Any, Final

import click

from .._strings import say, speaking, use_language
from ..errors import InvalidRequestError, NanoBananaError
from .commands import cli
from .frame import show, tell


def _terminal_language() -> str | None:
    """The terminal's language stands where a page's language stands in a notebook."""
    return next(filter(None, map(os.environ.get, ("LC_ALL", "LC_MESSAGES", "LANG"))), None)


def _asked_language(words: Sequence[str]) -> str | None:
    """``--lang`` wherever it stands: help is printed before the options are read."""
    for before, word in zip(("", *words), words):
        if word == "--":
            break
        if word.startswith("--lang="):
            return word.removeprefix("--lang=")
        if before == "--lang":
            return word
    return None


def _nearest(problem: UnicodeError) -> tuple[str, int]:
    """What is written for letters that a terminal lacks; who knows that is loaded once one is lacking."""
    found: tuple[str, int] = import_module("nb_banana._text").nearest(problem)
    return found


_LACKING: Final = "nb_banana.lacking"
codecs.register_error(_LACKING, _nearest)


def _show_warning(message: Warning | str, *_: Any, **__: Any) -> None:
    """A warning is a sentence for a person; where in our code it was given helps nobody in a terminal."""
    tell(str(message), err=True)


def _unwritten(problem: OSError) -> None:
    """A full disk behind ``> file`` is said where it still can be, and nothing more is tried at the exit."""
    sys.stdout = None
    with contextlib.suppress(OSError):
        tell(say("cli.unwritten", reason=problem.strerror), err=True)


def main(words: Sequence[str] | None = None) -> int:
    """Run one command line; gives the exit code."""
    words = sys.argv[1:] if words is None else words
    use_language(_terminal_language())
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):  # one that knows few letters gets what is near, not an error
            stream.reconfigure(errors=_LACKING)
    typed = words or os.environ.get("COMP_WORDS", "").split()  # where a shell asks what may follow
    asked = _asked_language(typed)
    with speaking(asked), warnings.catch_warnings():
        warnings.showwarning = _show_warning
        try:
            code = cli().main(list(words), prog_name="nb-banana", standalone_mode=False, obj=asked)
        except click.ClickException as problem:
            show(problem)
            return problem.exit_code
        except NanoBananaError as problem:
            tell(f"nb-banana: {problem}", err=True)
            return 2 if isinstance(problem, InvalidRequestError) and not problem.attempts else 1
        except OSError as problem:
            if problem.filename is not None:
                raise
            _unwritten(problem)
            return 1
        except (KeyboardInterrupt, click.Abort):
            tell(say("cli.interrupted"), err=True)
            return 130
    return code if isinstance(code, int) else 0  # what a command gave, or ``ctx.exit`` was given
