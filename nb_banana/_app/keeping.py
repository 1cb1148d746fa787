"""What is kept for so many days, and what goes then: pictures, prompts and presets; what was spent stays."""

from __future__ import annotations

import time
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

from .._history.book import History
from .._history.shelf import FILE, INPUTS
from .._prompts.presets import Presets
from ..errors import NanoBananaError
from .rules import Rules

_PAGE = 500


def tidy(rules: Rules) -> int:
    """Delete what is older than the rules allow, in every visitor's folder; how many edits went.

    A history that can't be used now is left for the next day.
    """
    if rules.keep is None:
        return 0
    until, count = datetime.now(UTC) - timedelta(days=rules.keep), 0
    for place in sorted((rules.folder / "visitors").glob("*")):
        folder = rules.history(place.name)
        if (folder / FILE).is_file():
            with suppress(NanoBananaError, OSError):
                count += _forget(folder, until)
        _sweep(folder / INPUTS, until.timestamp())
        _forget_presets(rules.presets(place.name), until)
    return count


def _forget(folder: Path, until: datetime) -> int:
    history = History.open(folder)
    try:
        gone = 0
        while old := [one.id for one in history.records(until=until, limit=_PAGE)]:
            went = history.removal.delete(old, starred=True).edits
            gone += went
            if not went:  # what is under way stays
                break
        history.collect_garbage()
        history.removal.scrub()  # each day: who was there yesterday may have kept us from it
    finally:
        history.close()
    return gone


def _forget_presets(file: Path, until: datetime) -> None:
    """The prompts that a visitor saved go by their days; a file that can't be read by its own."""
    if not file.is_file():
        return
    try:
        Presets(file).forget(until)
    except NanoBananaError:
        with suppress(OSError):
            if file.stat().st_mtime < until.timestamp():
                file.unlink()


def _sweep(folder: Path, until: float) -> None:
    """The copies that the code of a panel names go as well, by their age."""
    with suppress(OSError):
        for file in folder.iterdir():
            if file.is_file() and file.stat().st_mtime < min(until, time.time()):
                file.unlink()
