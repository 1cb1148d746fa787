"""Every sentence a person sees, in English and 简体中文.

One module per surface, each holding ``TABLE: dict[str, tuple[str, str]]`` (English, Chinese), so
that neither language can be forgotten. ``say("errors.no_key", ...)`` fetches and fills one.

The language is, in this order: the one a panel or call is speaking (:func:`speaking`), the
``NB_BANANA_LANG`` variable, JupyterLab's setting, the page's own language (:func:`use_language`), English.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from importlib import import_module
from string import Formatter
from typing import Any, Final, Literal

Language = Literal["en", "zh"]
Lang = Language | str
"""What a person may ask for: a language of ours, or a tag such as ``"zh-CN"`` that means one."""

_spoken: ContextVar[Language | None] = ContextVar("nb_banana_language", default=None)
_page: list[Language | None] = [None]


@cache
def _chosen() -> Any:
    """The room that knows what was chosen outside of a call; loaded by the first sentence."""
    return import_module("nb_banana._chosen")


def _known(lang: str | None) -> Language | None:
    found: Language | None = _chosen().language_of(lang)
    return found


def language() -> Language:
    """The language sentences are in right now."""
    return _spoken.get() or _chosen().chosen("language") or _page[0] or "en"


def use_language(lang: str | None) -> None:
    """Remember the page's language (``"zh-CN"``, ``"en"``, …); ``None`` forgets it."""
    _page[0] = _known(lang)


@contextmanager
def speaking(lang: str | None, *, anew: bool = False) -> Iterator[None]:
    """Speak ``lang`` inside the block, in this thread or task only; ``None`` changes nothing.

    ``anew`` is for work that outlives what began it: with ``None`` it speaks what the notebook speaks by then.
    """
    token = _spoken.set(_known(lang) or (None if anew else _spoken.get()))
    try:
        yield
    finally:
        _spoken.reset(token)


@cache
def _table(name: str) -> dict[str, tuple[str, str]]:
    table: dict[str, tuple[str, str]] = import_module(f"{__name__}.{name}").TABLE
    return table


_QUOTED: Final = 120


def quoted(value: object, longest: int = _QUOTED) -> str:
    """A value somebody gave, fit to stand in a sentence: as Python writes it, and of bounded length."""
    if isinstance(value, (str, bytes)):
        value = value[: longest + 1]  # What is cut off is not even looked at.
    try:
        text = repr(value)
    except (ValueError, RecursionError):  # A number of ten thousand digits; a thing inside itself.
        text = f"<{type(value).__name__}>"
    return text if len(text) <= longest else f"{text[:longest]}…"


class _Sentence(Formatter):
    """``{value!r}`` in a sentence is :func:`quoted`."""

    def convert_field(self, value: Any, conversion: str | None) -> Any:
        return quoted(value) if conversion == "r" else super().convert_field(value, conversion)


_sentence: Final = _Sentence()


def say(key: str, /, **values: object) -> str:
    """The sentence ``table.entry`` in the current language, its fields filled with ``values``."""
    table, _, entry = key.partition(".")
    english, chinese = _table(table)[entry]
    return _sentence.vformat(chinese if language() == "zh" else english, (), values)


def unfilled(prefix: str) -> dict[str, str]:
    """Every sentence ``table.prefix_…`` by the rest of its name, for a page that fills the fields itself."""
    table, _, part = prefix.partition(".")
    column = 1 if language() == "zh" else 0
    begin = f"{part}_"
    return {key.removeprefix(begin): pair[column] for key, pair in _table(table).items() if key.startswith(begin)}
