"""Read the TOML beside this file, once, when something is first asked of it."""

from __future__ import annotations

import pkgutil
import tomllib
from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from functools import cached_property
from typing import Any, Generic, TypeVar

T = TypeVar("T")


def load(name: str) -> dict[str, Any]:
    """The parsed ``name.toml``; decimal fractions stay exact."""
    text = pkgutil.get_data(__package__, f"{name}.toml") or b""
    return tomllib.loads(text.decode(), parse_float=Decimal)


class Loaded(Mapping[str, T], Generic[T]):
    """A read-only mapping whose rows are built on first use, so that importing costs nothing."""

    def __init__(self, build: Callable[[], Mapping[str, T]]) -> None:
        self._build = build

    @cached_property
    def _rows(self) -> Mapping[str, T]:
        return self._build()

    def __getitem__(self, key: str) -> T:
        return self._rows[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self._rows)

    def __len__(self) -> int:
        return len(self._rows)

    def __repr__(self) -> str:
        return f"<{', '.join(self._rows)}>"
