"""A key in memory: used, never seen."""

from __future__ import annotations

from typing import Any, Final

_LONG: Final = 12
"""Characters from which on a key's last four may be shown."""


class Secret:
    """A key that can be used and can't be seen, copied to disk or sent to another process."""

    __slots__ = ("_reveal",)

    def __init__(self, value: str) -> None:
        self._reveal = (lambda: value) if value else None

    def __bool__(self) -> bool:
        return self._reveal is not None

    def reveal(self) -> str:
        """The key, ``""`` if there is none."""
        return self._reveal() if self._reveal else ""

    @property
    def hint(self) -> str:
        """Its last four characters, so that its owner knows it; of a short one ``""``."""
        key = self.reveal()
        return key[-4:] if len(key) >= _LONG else ""

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and self.reveal() == other.reveal()

    __hash__ = None  # type: ignore[assignment]  # nothing is filed under a key

    def __repr__(self) -> str:
        return "***" if self else "None"

    def __reduce__(self) -> tuple[Any, ...]:
        return Secret, ("",)
