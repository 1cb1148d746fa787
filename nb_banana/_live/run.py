"""The live check from its price to its report, the same for the terminal and the notebook."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final

from .._images.saving import write_new
from .._strings import say
from .._text import near
from ..errors import InvalidRequestError
from .check import Check
from .report import begun, document, report, terms

YES: Final = frozenset({"y", "yes", "是", "好", "ｙ"})
Tell = Callable[[str], object]


@dataclass(frozen=True, slots=True)
class Doors:
    """How a door speaks: what is said on the side, what is the result, and how a yes is asked for.

    Attributes:
        ask: puts a question; gives None where nobody is there to answer.
    """

    tell: Tell
    show: Tell
    ask: Callable[[str], str | None]


def agreed(_: str) -> str:
    """The answer of somebody who agreed beforehand."""
    return "yes"


def live(check: Check, doors: Doors, *, out: Path | None = None, as_json: bool = False) -> bool:
    """State the price, ask, try, report, save the shapes; gives whether all that was tried passed.

    A no is no failure: nothing is sent. An interrupted check reports what came until then.

    Raises:
        InvalidRequestError: nobody is there to ask; nothing was sent.
    """
    doors.tell(terms(check))
    answer = doors.ask(f"\n{say('live.question')} ")
    if answer is None:
        raise InvalidRequestError(say("live.nobody"), hint=say("live.nobody_hint"))
    if answer.strip().lower() not in YES:
        doors.tell(say("live.declined"))
        return True
    try:
        for step in check.go():
            doors.tell(begun(check, step))
    finally:
        written = json.dumps(document(check), indent=2, ensure_ascii=False)
        doors.show(json.dumps(document(check), indent=2) if as_json else f"\n{report(check)}\n")
        doors.tell(_saved(written, out))
    return all(one.state != "failed" for one in check.outcomes)


def _saved(written: str, out: Path | None) -> str:
    """Where the shapes went. What was paid for is reported already, so a full disk is only told."""
    wanted = out or Path(f"nb-banana-live-{date.today().isoformat()}.json")
    try:
        path = write_new(wanted.parent, wanted.stem, wanted.suffix or ".json", f"{written}\n".encode())
    except InvalidRequestError as error:
        return error.message
    return say("live.saved", path=near(path))
