"""What the flow asks of whoever drives it, and what a driver gives back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from .errors import NanoBananaError

if TYPE_CHECKING:
    from ._images.data import ImageData
    from ._wire.body import Body
    from ._wire.lift import Reply


@dataclass(frozen=True, slots=True)
class Post:
    """Send the body and read the whole reply; give :class:`Received` or :class:`Broken` back."""

    url: str
    body: Body
    seconds: float


@dataclass(frozen=True, slots=True)
class Pause:
    """Wait; give nothing back. ``after`` is the failure of a request that is then sent again."""

    seconds: float
    after: NanoBananaError | None = None


@dataclass(frozen=True, slots=True)
class Fetch:
    """Download a picture the answer names; give its bytes or the error back."""

    url: str
    seconds: float


@dataclass(frozen=True, slots=True)
class Owed:
    """Remember where the pictures lie that are paid for and not yet here; give nothing back.

    ``here`` are those that came already: where the rest is cut short, they are the result.
    """

    links: tuple[str, ...]
    here: tuple[ImageData, ...] = ()


Action = Post | Pause | Fetch | Owed


@dataclass(frozen=True, slots=True)
class Received:
    """A whole reply came."""

    status: int
    headers: dict[str, str]
    reply: Reply


@dataclass(frozen=True, slots=True)
class Broken:
    """No whole reply came: ``connect`` and ``refused_here`` before anything was sent, the others after.

    ``hint`` is the next step, where the one who saw it break knows a better one than the flow.
    """

    how: Literal["connect", "refused_here", "broken", "deadline", "too_large", "undecodable"]
    reason: str = ""
    hint: str = ""


Reaction = Received | Broken | bytes | NanoBananaError | None
