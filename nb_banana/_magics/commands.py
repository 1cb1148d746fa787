"""``%banana panel|history|models|estimate|doctor|help``."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Mapping
from typing import Any

from IPython.core.error import StdinNotImplementedError

from .._catalog.prices import estimate
from .._catalog.table import models
from .._live.check import Check
from .._live.run import Doors, agreed, live
from .._session.own import current, places_here
from .._session.where import priced_at
from .._strings import say
from .._text import plain
from ..errors import InvalidRequestError
from .flags import DOCTOR, ESTIMATE, SUBCOMMANDS
from .photos import photos_of
from .words import words_of


def _panel(words: list[str], variables: Mapping[str, Any]) -> Any:
    from .._widgets.panel.panel import panel  # loaded when one is shown

    return panel(photos_of(words, variables) or None)


def _history() -> Any:
    from .._widgets.history import history  # loaded when it is shown

    return history()


def _estimate(words: list[str]) -> Any:
    asked = vars(ESTIMATE.parse(words))
    return estimate(**{**asked, "provider": asked["provider"] or priced_at(current().endpoint)})


def _doctor(words: list[str]) -> None:
    from .._doctor import report  # loaded when it is asked

    given = DOCTOR.parse(words)
    if not given.live:
        needless = next((f"--{name}" for name in ("yes", "model", "out") if getattr(given, name)), "")
        if needless:
            raise InvalidRequestError(say("live.only_live", option=needless))
        print(plain(report(places_here())))
        return
    doors = Doors(_print, _print, agreed if given.yes else _answer)
    live(Check(current(), given.model), doors, out=given.out)


def _print(words: str) -> None:
    print(plain(words))


def _answer(question: str) -> str | None:
    """What a person types into the notebook; None where the front end has nobody to ask."""
    try:
        return input(f"{plain(question).strip()} ")
    except (EOFError, OSError, StdinNotImplementedError):
        return None


def run(line: str, variables: dict[str, Any]) -> Any:
    """``%banana panel|history|models|estimate|doctor|help``."""
    words = words_of(line, variables)
    name = words[0] if words else "panel"
    commands: dict[str, Callable[[], Any]] = {
        "panel": lambda: _panel(words[1:], variables),
        "history": _history,
        "models": models,
        "estimate": lambda: _estimate(words[1:]),
        "doctor": lambda: _doctor(words[1:]),
        **dict.fromkeys(("help", "-h", "--help"), lambda: print(say("magics.help"))),
    }
    if name not in commands:
        near = difflib.get_close_matches(name, SUBCOMMANDS, n=1, cutoff=0.5)
        hint = say("magics.did_you_mean", name=f"%banana {near[0]}") if near else ""
        raise InvalidRequestError(
            say("magics.unknown_command", name=name, names=", ".join(SUBCOMMANDS)), hint=hint
        )
    return commands[name]()
