"""What a shell may complete: the catalog's own words that go on as typed.

Rules of this file:

* A Tab is answered before anybody has noticed: the catalog's pages are read as they are written, and no
  room above it is loaded.
* Models are those of the place the command would go to; ratios and sizes those of the model that is named.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

from click.shell_completion import CompletionItem

from .._catalog.load import load

Given = Mapping[str, Any]


def begun(kind: str, given: Given, typed: str) -> list[CompletionItem]:
    """The words of a kind that go on as typed; ``given`` is what stands on the command line already."""
    if kind == "file":
        return [CompletionItem(typed, type="file")]
    words = dict(_KINDS[kind](given))
    return [CompletionItem(word, help=about) for word, about in words.items() if word.startswith(typed)]


def _models(given: Given) -> Iterator[tuple[str, str | None]]:
    place = _place(given)
    for row in load("models")["model"]:
        if place is None or place in row["provider_ids"]:
            yield row["nickname"], row["title"]
            yield row["id"], row["title"]


def _rows(given: Given) -> list[dict[str, Any]]:
    """The models named, or else all of them."""
    rows: list[dict[str, Any]] = load("models")["model"]
    named = given.get("model") or given.get("models") or ()
    words = {named} if isinstance(named, str) else set(named)
    asked = [row for row in rows if words & {row["id"], row["nickname"], *row["nicknames"]}]
    return asked or rows


def _ratios(given: Given) -> Iterator[tuple[str, str | None]]:
    table = load("models")["ratios"]
    for row in _rows(given):
        yield from ((ratio, None) for ratio in table[row["ratios"]])


def _sizes(given: Given) -> Iterator[tuple[str, str | None]]:
    found = {size for row in _rows(given) for size in row["image_sizes"]}
    yield from ((size, None) for size in sorted(found, key=lambda size: (size[-1:] == "K", size)))


def _qualities(given: Given) -> Iterator[tuple[str, str | None]]:
    yield from ((name, None) for row in _rows(given) for name in row.get("qualities", ()))


def _endpoints(_: Given) -> Iterator[tuple[str, str | None]]:
    yield from ((name, row["title"]) for name, row in load("providers").items() if row["base_url"])


def _providers(_: Given) -> Iterator[tuple[str, str | None]]:
    yield from ((name, row["title"]) for name, row in load("providers").items())


def _languages(_: Given) -> Iterator[tuple[str, str | None]]:
    yield from (("en", "English"), ("zh", "中文"))


def _wires(_: Given) -> Iterator[tuple[str, str | None]]:
    yield from ((wire, None) for row in load("providers").values() for wire in row["wires"])


_KINDS: Final[Mapping[str, Callable[[Given], Iterator[tuple[str, str | None]]]]] = {
    "model": _models, "aspect_ratio": _ratios, "image_size": _sizes, "quality": _qualities,
    "endpoint": _endpoints, "provider": _providers, "wire": _wires, "language": _languages,
}  # fmt: skip


def _place(given: Given) -> str | None:
    """Whose models are meant: of the place named, else of the one the environment has a key for; or None."""
    rows = load("providers")
    named = given.get("endpoint") or given.get("endpoints") or given.get("provider")
    if isinstance(named, str):
        return named if named in rows else _at(rows, named)
    if named or (address := os.environ.get("NB_BANANA_BASE_URL", "")):
        return None if named else _at(rows, address)
    if os.environ.get("NB_BANANA_API_KEY"):
        return "apiyi"
    known = ((name, row) for name, row in rows.items() if not row.get("named_only"))
    return next((name for name, row in known if any(map(os.environ.get, row["key_names"]))), None)


def _at(rows: Mapping[str, Any], address: str) -> str | None:
    """The provider whose address this is."""
    host = address.partition("://")[2].partition("/")[0].partition(":")[0].lower()
    return next((name for name, row in rows.items() for one in row["hosts"] if host.endswith(one)), None)
