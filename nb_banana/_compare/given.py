"""What people give for an axis: one thing, several in order, or several by name.

A mapping names its values and its values are sent, never its keys. What has no order, is a whole table or
holds anything but text is refused before there is a plan: a plan of column names would be paid for. Texts are
kept as they are sent, without halves of characters that no file could hold.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, MappingView, Sequence
from itertools import product, starmap
from operator import index
from typing import Any, Final, TypeAlias, TypeVar

from .._images.data import label
from .._messages import clean
from .._strings import say
from .._wire.wires import wire_named
from ..errors import InvalidRequestError

Choice: TypeAlias = tuple[str | None, Any]
"""A name, or None, and the value that goes by it."""

Texts: TypeAlias = str | Iterable[str | Sequence[str]] | Mapping[str, str | Sequence[str]]
"""Prompts; one that is a list inside the list, or in the mapping, is the steps of a chain."""
T = TypeVar("T")
Replace: TypeAlias = Mapping[str, str | Iterable[str]] | None
"""Phrases of the prompts, each with what is tried in its place."""
Seeds: TypeAlias = int | Iterable[int | None] | Mapping[str, int | None] | None
Several: TypeAlias = T | Iterable[T | None] | Mapping[str, T | None] | None
"""One value or several, of which None is the default; a mapping names them."""

_BYTES: Final = (bytes, bytearray, memoryview)
_NEEDED: Final = ("prompt", "prompts")
"""The arguments that can't be None, by the name a person gave them under: of a batch, of a comparison."""
_NAMES_OF_FILES: Final = "OUST"
"""Kinds of numpy's types that may hold text or objects, not the numbers of a picture."""


def choices(given: Any, axis: str) -> tuple[Choice, ...]:
    """The values of one axis of texts.

    Raises:
        InvalidRequestError: there is none, or one is neither text nor, apart from prompts, None.
    """
    in_order(given, axis)
    if isinstance(given, Mapping):
        return tuple(filled(axis, [(clean(str(k)), _text(v, axis, f"[{k!r}]")) for k, v in given.items()]))
    if _is_one(given):
        return ((None, _text(given, axis)),)
    return tuple(filled(axis, [(None, _text(v, axis, f"[{place}]")) for place, v in enumerate(given)]))


def filled(axis: str, found: Sequence[T]) -> Sequence[T]:
    """What was found, if anything.

    Raises:
        InvalidRequestError: there is nothing.
    """
    if not found:
        raise InvalidRequestError(say("compare.empty_axis", name=axis))
    return found


def _is_one(given: Any) -> bool:
    several = isinstance(given, Iterable) and getattr(given, "ndim", 1) > 0
    return not several or isinstance(given, (str, *_BYTES))


def _text(value: Any, axis: str, place: str = "") -> str | tuple[str, ...] | None:
    if value is None and axis not in _NEEDED:
        return None
    if place and axis in _NEEDED and isinstance(value, (list, tuple)):
        for at, step in enumerate(filled(f"{axis}{place}", value)):
            if not isinstance(step, str):  # steps have no steps
                where = label(f"{place}[{at}]")
                raise InvalidRequestError(say("compare.bad_text", axis=axis, place=where, kind=_kind(step)))
        return tuple(clean(str.__str__(step)) for step in value)
    if not isinstance(value, str):
        raise InvalidRequestError(say("compare.bad_text", axis=axis, place=label(place), kind=_kind(value)))
    plain = clean(str.__str__(value))  # numpy and enums have texts of their own kind
    if axis == "wires":
        wire_named(plain)
    return plain


def _kind(value: Any) -> str:
    """Its type, and of a number the number: other things may be long, or secret."""
    kind = type(value).__name__
    return f"{value!r} ({kind})" if isinstance(value, (int, float)) else kind


def numbers(given: Any, axis: str) -> tuple[Choice, ...]:
    """The values of an axis of whole numbers.

    Raises:
        InvalidRequestError: there is none, or one is no whole number.
    """
    in_order(given, axis)
    if isinstance(given, Mapping):
        return tuple(filled(axis, [(str(name), _whole(one, axis, name)) for name, one in given.items()]))
    if given is None or _is_one(given):
        return ((None, _whole(given, axis)),)
    return tuple(filled(axis, [(None, _whole(one, axis, place)) for place, one in enumerate(given)]))


def _whole(value: Any, axis: str, place: Any = None) -> int | None:
    if value is None:
        return None
    try:
        if isinstance(value, bool) or value != index(value):
            raise TypeError
    except TypeError:
        where = "" if place is None else label(f"[{place!r}]")
        raise InvalidRequestError(
            say("planning.no_number", axis=axis, place=where, kind=_kind(value))
        ) from None
    return index(value)


def phrased(prompts: Sequence[Choice], replace: Replace) -> list[tuple[Choice, tuple[Choice, ...]]]:
    """Each prompt with its phrases: as typed, and with something else in the place of a phrase of it.

    Raises:
        InvalidRequestError: a phrase stands in none of a prompt's texts, nothing is given for it, or what is
            given says no phrases.
    """
    if replace is not None and not isinstance(replace, Mapping):
        raise InvalidRequestError(say("planning.no_phrases", kind=_kind(replace)))
    found: list[tuple[Choice, tuple[Choice, ...]]] = []
    tried = {said[0]: said for said in starmap(_tried, (replace or {}).items())}
    for name, prompt in prompts:
        for phrase in tried:
            if not phrase or phrase not in "\n".join(steps_of(prompt)):
                said = label(steps_said(prompt))
                raise InvalidRequestError(say("planning.no_phrase", phrase=phrase, prompt=said))
        for chosen in product(*tried.values()):
            changed = _replaced(prompt, dict(zip(tried, chosen, strict=True)))
            called = ((None, ", ".join(chosen)),) if tried else ((None, None),)
            found.append(((name if name or not tried else label(steps_said(prompt)), changed), called))
    return found


def steps_said(prompt: Any) -> str:
    """A prompt in a line; a chain by all its steps."""
    return " → ".join(steps_of(prompt))


def _tried(phrase: Any, others: Any) -> list[str]:
    if not isinstance(phrase, str):
        raise InvalidRequestError(say("planning.no_phrases", kind=_kind(phrase)))
    found = [str(other) for _, other in choices(others, f"replace[{phrase!r}]")]
    return list(dict.fromkeys([clean(phrase), *found]))


def _replaced(prompt: Any, others: Mapping[str, str]) -> Any:
    """A prompt with all phrases replaced at once, the longest first: what is put in stays."""
    phrases = "|".join(re.escape(phrase) for phrase in sorted(others, key=len, reverse=True))
    if not phrases:
        return prompt
    made = [re.sub(phrases, lambda at: others[at[0]], one) for one in steps_of(prompt)]
    return made[0] if isinstance(prompt, str) else tuple(made)


def steps_of(prompt: Any) -> tuple[str, ...]:
    """The steps of a prompt, mostly one."""
    return (prompt,) if isinstance(prompt, str) else tuple(prompt)


def pictures(given: Any) -> Iterator[Choice]:
    """The inputs of the rows of a plan, each a picture or a list of those that go together."""
    if isinstance(given, Mapping) and not is_upload(given):
        yield from ((clean(str(name)), one) for name, one in given.items())
        return
    in_order(given, "images")
    several = isinstance(given, (list, tuple, MappingView)) or _is_stream(given) or _is_column(given)
    yield from ((None, one) for one in (given if several else (given,)))


def is_upload(given: Mapping[Any, Any]) -> bool:
    """Whether a mapping is one file a person uploaded."""
    return any(isinstance(given.get(key), _BYTES) for key in ("content", "bytes"))


def _is_stream(given: Any) -> bool:
    return hasattr(given, "__next__") and not hasattr(given, "read")


def _is_column(given: Any) -> bool:
    """A column of a table, or an array, of names or pictures."""
    kind = getattr(getattr(given, "dtype", None), "kind", "O")
    return (
        (hasattr(given, "tolist") or hasattr(given, "to_list")) and not isinstance(given, memoryview)
        and getattr(given, "ndim", 1) == 1 and kind in _NAMES_OF_FILES
    )  # fmt: skip


def in_order(given: Any, axis: str) -> None:
    """Raise :class:`InvalidRequestError` for what has no order, or is a whole table."""
    if isinstance(given, (set, frozenset)):
        raise InvalidRequestError(say("compare.no_order", axis=axis, kind=_kind(given)))
    if hasattr(given, "columns") and hasattr(given, "shape"):
        column = axis.removesuffix("s")
        raise InvalidRequestError(say("compare.whole_table", axis=axis, kind=_kind(given), column=column))
