"""What is asked and what is answered, as frozen values that know nothing of any wire.

Rules of the room:

* A setting of an edit is spelled once, in :class:`Settings`; every door takes ``**settings`` and shows
  them by name (:func:`spelled`).
* A value reads no file and no address: the doors do that (``_asking``).
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Mapping, Sequence
from copy import copy
from dataclasses import KW_ONLY, dataclass, field, replace
from typing import TYPE_CHECKING, Any, Final, Literal, TypedDict, TypeVar, cast

import pybase64

from ._catalog.cost import Cost
from ._catalog.names import ModelName, Ratio, Size
from ._strings import say
from ._text import whole
from .errors import InvalidRequestError

if TYPE_CHECKING:
    from ._images.data import ImageData

__all__ = [
    "SETTINGS",
    "Answer",
    "Blob",
    "Context",
    "EditRequest",
    "Order",
    "Question",
    "Settings",
    "Take",
    "Turn",
    "Usage",
    "clean",
    "orders",
    "settings_of",
    "spelled",
]

F = TypeVar("F", bound=Callable[..., Any])
Context = Literal["refeed", "conversation"]
Take = int | Literal["next"]

TOKEN = re.compile(r"~[0-9a-f]{16}\.\d+~")
"""What stands in a reply's text for a lifted base64 run."""
MAX_TAKE = 10**9
MAX_AT_ONCE = 1000
"""Takes of one edit that may be asked for in one call: all of them are sent at once."""
MAX_PROMPT = 1_048_576
"""Characters; no model reads more, and a slip that pastes a file should say so at once."""


def clean(text: str) -> str:
    """Text as UTF-8 can hold it: halves of a surrogate pair are joined, a lone half becomes U+FFFD."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


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


class Settings(TypedDict, total=False):
    """How an edit is to be made; what is left out, or None, is the model's or the provider's default.

    Attributes:
        model: an id or a nickname.
        aspect_ratio: ``"16:9"``, …; None follows the last input (nothing is sent).
        image_size: ``"1K"``, ``"2K"``, …
        mask: where to edit, a picture or a region, on the first input.
        seed: what makes the model's chance repeatable, where it has one.
        extra: further fields of the wire's own request.
    """

    model: ModelName | None
    aspect_ratio: Ratio | None
    image_size: Size | None
    mask: Any
    seed: int | None
    extra: Mapping[str, Any] | None


SETTINGS: Final = tuple(Settings.__annotations__)


def spelled(function: F) -> F:
    """Let ``**settings: Unpack[Settings]`` be listed by name: for help, Shift-Tab and completion."""
    signature = inspect.signature(function)
    *own, _ = signature.parameters.values()
    at = next((n for n, one in enumerate(own) if one.kind is one.KEYWORD_ONLY), len(own))
    named = [
        inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=None, annotation=kind.__forward_arg__)
        for name, kind in Settings.__annotations__.items()
    ]
    shown: Any = function
    shown.__signature__ = signature.replace(parameters=[*own[:at], *named, *own[at:]])
    return function


@dataclass(frozen=True, slots=True)
class EditRequest:
    """One edit, before any provider is chosen.

    Attributes:
        prompt: the instruction; must hold a word.
        images: the input pictures in order; none means text to image. What is given is read when the
            request is sent: a path, an address or an array stays as it is until then.
        model, aspect_ratio, image_size, mask, seed, extra: as in ``Settings``.
        turns: earlier turns of a conversation, oldest first, for a wire that carries them.

    Raises:
        InvalidRequestError: the prompt is no text, or holds no word.
    """

    prompt: str
    images: tuple[ImageData, ...] = ()
    _: KW_ONLY
    model: ModelName | None = None
    aspect_ratio: Ratio | None = None
    image_size: Size | None = None
    mask: Any = None
    seed: int | None = None
    extra: Mapping[str, Any] | None = None
    turns: tuple[Turn, ...] = ()

    def __post_init__(self) -> None:
        if not isinstance(self.prompt, str):
            raise InvalidRequestError(say("client.prompt_type", kind=type(self.prompt).__name__))
        if not self.prompt.strip():
            raise InvalidRequestError(say("client.prompt_empty"))
        if len(self.prompt) > MAX_PROMPT:
            raise InvalidRequestError(say("client.prompt_long", count=len(self.prompt), limit=MAX_PROMPT))
        object.__setattr__(self, "prompt", clean(self.prompt))
        object.__setattr__(self, "images", _several(self.images))
        object.__setattr__(self, "turns", tuple(self.turns))

    @property
    def settings(self) -> Settings:
        """The settings that were made, by name."""
        return settings_of(self)

    def holding(self, images: Sequence[ImageData]) -> EditRequest:
        """The same request, its pictures held elsewhere, such as in the history's files."""
        return self.sent_as(self.model, images)

    def sent_as(self, model: str | None, images: Sequence[ImageData], **others: Any) -> EditRequest:
        """The same request as it goes out: the provider's id of the model, pictures within its limits."""
        same = copy(self)
        for name, value in {"model": model, "images": tuple(images), **others}.items():
            object.__setattr__(same, name, value)
        return same


@dataclass(frozen=True, slots=True)
class Question(EditRequest):
    """Pictures and words to which words are the answer: what a judge is asked.

    Attributes:
        temperature: how much chance the answer has; None sends nothing, and it is the service's own.
    """

    temperature: float | None = None


def _several(images: Any) -> tuple[Any, ...]:
    """One thing or several as a tuple of what was given: a value reads nothing."""
    if images is None:
        return ()
    several = isinstance(images, (list, tuple)) or (
        hasattr(images, "__next__") and not hasattr(images, "read")
    )
    return tuple(images) if several else (images,)


def settings_of(holder: Any) -> Settings:
    """The settings that are made on anything that holds them by name."""
    made = {name: getattr(holder, name) for name in SETTINGS}
    return cast(Settings, {name: value for name, value in made.items() if value is not None})


@dataclass(frozen=True, slots=True)
class Order:
    """One take of one edit, as it is asked of a session.

    Attributes:
        request: what to make.
        take: which attempt at it; a known one is replayed, ``"next"`` is the next free one.
        fresh: send it even if the history holds it.
        parent: the record it continues, or None.
        context: whether it goes on from a picture or from a conversation.
        wish: with ``"next"``, the take it had before and gets again unless another has it by now.
        theirs: with ``"next"``, how many takes on a reader without a key may be given the author's picture
            instead, which is free; 0 is never.
    """

    request: EditRequest
    take: Take = 1
    fresh: bool = False
    parent: str | None = None
    context: Context = "refeed"
    wish: int | None = None
    theirs: int = 0

    def __post_init__(self) -> None:
        if self.take != "next":
            object.__setattr__(self, "take", check_count("take", self.take, MAX_TAKE))


def orders(first: Order, takes: int) -> tuple[Order, ...]:
    """``takes`` orders of the same edit, from the first one's take on.

    Raises:
        InvalidRequestError: ``takes`` is no number from 1.
    """
    takes = check_count("takes", takes, MAX_AT_ONCE)
    if first.take == "next":
        return (first,) * takes
    return tuple(replace(first, take=first.take + more) for more in range(takes))


def check_count(name: str, value: object, most: int) -> int:
    """A whole number from 1 to ``most``.

    Raises:
        InvalidRequestError: it is none.
    """
    count = whole(value)
    if count is None or count < 1:
        raise InvalidRequestError(say("session.bad_take", name=name, value=value))
    if count > most:
        raise InvalidRequestError(say("session.over_most", name=name, value=value, most=most))
    return count


@dataclass(frozen=True, slots=True)
class Usage:
    """Tokens as the provider counted them; None where it did not say. Those that went in are split by kind
    where they are billed so; a replay knows their sum alone.
    """

    input_tokens: int | None = None
    output_tokens: int | None = None
    thought_tokens: int | None = None
    image_tokens: int | None = None
    total_tokens: int | None = None
    input_text_tokens: int | None = field(default=None, compare=False)
    input_image_tokens: int | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Answer:
    """What one reply held, whatever its layout was.

    Attributes:
        images: all final pictures in order, bytes untouched, each once.
        drafts: pictures the provider flagged as drafts.
        links: addresses of pictures named by the reply and not yet fetched, in order.
        mentions: addresses inside the model's sentences that may lead to a picture.
        text: what the model wrote, without any picture's base64.
        said: the same to the letter, addresses included.
        finish_reason, finish_message, block_reason: the provider's own words.
        model: the model that answered, if it said so.
        turn: the model's content verbatim, for a conversation.
        rewritten: the prompt as the service says it changed it, ``""`` if it says nothing of the kind.
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
    rewritten: str = ""
    notes: tuple[str, ...] = ()
    said: str = field(default="", compare=False)
