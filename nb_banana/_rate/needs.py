"""What counting votes needs beyond the plain dependencies, or a sentence that names the extra."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from .._strings import say
from ..errors import InvalidRequestError


@contextmanager
def research() -> Iterator[None]:
    """Around imports of the ``research`` extra.

    Raises:
        InvalidRequestError: one of them is not installed; the hint names the extra.
    """
    try:
        yield
    except ModuleNotFoundError as missing:
        raise InvalidRequestError(
            say("strengths.needs_research", library=missing.name), hint=say("measure.needs_research_hint")
        ) from None
