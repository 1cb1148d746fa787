"""What is asked and what is answered, as frozen values that know nothing of any wire."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import KW_ONLY, dataclass, field
from pathlib import Path
from typing import Any

import pybase64

from ._catalog import Cost
from ._images import Fetch, ImageData, as_images, label
from ._strings import say
from .errors import InvalidImageError, InvalidRequestError

__all__ = ["Answer", "Blob", "Cost", "EditRequest", "Turn", "Usage", "inputs_of"]

TOKEN = re.compile(r"~[0-9a-f]{16}\.\d+~")
"""What stands in a reply's text for a lifted base64 run."""
MAX_PROMPT = 1_048_576
"""Characters; no model reads more, and a slip that pastes a file should say so at once."""


@dataclass(frozen=True, slots=True)
class Blob:
    """Bytes that travelled as one base64 run, and how that run was written."""

    data: bytes = field(repr=False)
    sha256: str
    _: KW_ONLY
    unpadded: bool = False
    urlsafe: bool = False

    def base64(self) -> str:
        """The run as it was written."""
        text = pybase64.b64encode(self.data, altchars=b"-_" if self.urlsafe else None).decode()
        return text.rstrip("=") if self.unpadded else text


@dataclass(frozen=True, slots=True)
class Turn:
    """One turn of a conversation: the provider's native ``content`` object.

    In ``content`` every long base64 string is replaced by a token, an entry of ``blobs``;
    :meth:`verbatim` puts the strings back.
    """

    content: Mapping[str, Any]
    blobs: Mapping[str, Blob] = field(default_factory=dict)

    def verbatim(self) -> dict[str, Any]:
        """The content exactly as the model sent it."""
        restored: dict[str, Any] = _restore(self.content, self.blobs)
        return restored


def _restore(node: Any, blobs: Mapping[str, Blob]) -> Any:
    if isinstance(node, Mapping):
        return {key: _restore(value, blobs) for key, value in node.items()}
    if isinstance(node, (list, tuple)):
        return [_restore(value, blobs) for value in node]
    if isinstance(node, str) and "~" in node:
        return TOKEN.sub(lambda token: blobs[token[0]].base64() if token[0] in blobs else token[0], node)
    return node


@dataclass(frozen=True, slots=True)
class EditRequest:
    """One edit, before any provider is chosen.

    Attributes:
        prompt: the instruction; must hold a word.
        images: the input pictures in order; none means text to image.
        model: an id or a nickname; None means the provider's default.
        aspect_ratio: ``"16:9"``, …; None follows the last input (nothing is sent).
        image_size: ``"1K"``, ``"2K"``, …; None is the model's default.
        turns: earlier turns of a conversation, oldest first (native wire only).
    """

    prompt: str
    images: tuple[ImageData, ...] = ()
    _: KW_ONLY
    model: str | None = None
    aspect_ratio: str | None = None
    image_size: str | None = None
    turns: tuple[Turn, ...] = ()

    def __post_init__(self) -> None:
        if not isinstance(self.prompt, str):
            raise InvalidRequestError(say("client.prompt_type", kind=type(self.prompt).__name__))
        if not self.prompt.strip():
            raise InvalidRequestError(say("client.prompt_empty"))
        if len(self.prompt) > MAX_PROMPT:
            raise InvalidRequestError(say("client.prompt_long", count=len(self.prompt), limit=MAX_PROMPT))
        # JSON on the wire is UTF-8, which has no place for a lone surrogate.
        clean = self.prompt.encode("utf-8", "replace").decode()
        object.__setattr__(self, "prompt", clean)
        object.__setattr__(self, "images", as_images(self.images))
        object.__setattr__(self, "turns", tuple(self.turns))


def _names_a_file(prompt: Any) -> bool:
    return isinstance(prompt, str) and len(prompt) < 1000 and "\0" not in prompt and Path(prompt).is_file()


def inputs_of(images: Any, prompt: Any, *, fetch: Fetch | None = None) -> tuple[ImageData, ...]:
    """The input pictures of an edit; pictures and prompt in the wrong order are recognised.

    Raises:
        InvalidImageError: naming the source and the reason.
    """
    try:
        return as_images(images, fetch=fetch)
    except InvalidImageError:
        if not (isinstance(images, str) and _names_a_file(prompt)):
            raise
    raise InvalidImageError(say("images.swapped", path=label(images), prompt=label(prompt)))


@dataclass(frozen=True, slots=True)
class Usage:
    """Tokens as the provider counted them; None where it did not say."""

    input_tokens: int | None = None
    output_tokens: int | None = None
    thought_tokens: int | None = None
    image_tokens: int | None = None
    total_tokens: int | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """What one reply held, whatever its layout was.

    Attributes:
        images: all final pictures in order, bytes untouched, each once.
        drafts: pictures the provider flagged as drafts.
        links: addresses of pictures named by the reply and not yet fetched, in order.
        mentions: addresses inside the model's sentences that may lead to a picture.
        text: what the model wrote, without any picture's base64.
        finish_reason, finish_message, block_reason: the provider's own words.
        model: the model that answered, if it said so.
        turn: the model's content verbatim, for a conversation.
        notes: codes of what was odd about the reply (keys of the string table ``notes``).
    """

    images: tuple[ImageData, ...] = ()
    _: KW_ONLY
    drafts: tuple[ImageData, ...] = ()
    links: tuple[str, ...] = ()
    mentions: tuple[str, ...] = ()
    text: str = ""
    usage: Usage | None = None
    cost: Cost | None = None
    finish_reason: str | None = None
    finish_message: str = ""
    block_reason: str | None = None
    model: str | None = None
    response_id: str | None = None
    turn: Turn | None = None
    notes: tuple[str, ...] = ()
