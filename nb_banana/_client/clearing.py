"""What a provider said, without keys: the one place where it leaves a client, as a result or as an error.

Whatever keeps or shows it afterwards (history, exports, panel, notebook, terminal) need not think of keys.
The rules:

* Of the endpoint's own key every trace goes; of other people's, what has the shape of a secret.
* Pictures and signatures stay to the bit: nothing that is base64 by its name is looked at.
* An address keeps what signs it, for without that nobody could fetch a picture that was paid for.
* What the person asked stays as they typed it: it is sent, looked up and repeated by its letters. Their own
  key in it is refused before anything is sent (:meth:`Endpoint.keep_out`).
* An error leaves without the frames it came through, which held the reply and the request.
"""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import fields, replace
from typing import TYPE_CHECKING, Any, Final, TypeVar

from .._fetch.keys import bare
from .._images.data import ImageData
from .._messages import Turn
from ..errors import NanoBananaError

if TYPE_CHECKING:
    from .._result import EditResult
    from .endpoint import Endpoint

E = TypeVar("E", bound=NanoBananaError | asyncio.CancelledError)

_BASE64: Final = frozenset(
    {"data", "inlineData", "inline_data", "thoughtSignature", "thought_signature", "b64_json"}
)
_DEEPEST: Final = 100
"""Levels of a turn that are kept; no service nests deeper than ten."""


def cleared(result: EditResult, endpoint: Endpoint) -> EditResult:
    """A result as it may be shown and kept."""
    turn = result.model_turn
    held = {one.name: getattr(result, one.name) for one in fields(result) if one.name != "warnings"}
    words: dict[str, Any] = {
        name: endpoint.masked(value) for name, value in held.items() if isinstance(value, str)
    }
    return result.changed(
        **words,
        images=cleared_names(result.images, endpoint),
        warnings=tuple(map(endpoint.masked, result.told)),
        model_turn=replace(turn, content=_cleared_turn(turn, endpoint)) if isinstance(turn, Turn) else turn,
    )


def cleared_error(error: E, endpoint: Endpoint) -> E:
    """The error, or the end of a cancelled task, as it may be shown and kept."""
    for name, value in vars(error).items():
        if isinstance(value, str):
            setattr(error, name, endpoint.masked(value))
    if isinstance(error, NanoBananaError):
        error.args = (error.message,)
        error.links = tuple(map(endpoint.masked_address, error.links))
    return bare(error)


def cleared_names(images: Sequence[ImageData], endpoint: Endpoint) -> tuple[ImageData, ...]:
    """The pictures, named without a key: a picture behind a link is named after it."""
    return tuple(image.but(name=endpoint.masked(image.name)) if image.name else image for image in images)


# --- the turn of a conversation --------------------------------------------------------------------


def _cleared_turn(turn: Turn, endpoint: Endpoint) -> Mapping[str, Any]:
    """What the history keeps of the model's own content, for a conversation to repeat."""
    pieces = defaultdict[str, list[str]](list)
    for name, word in _words(turn.content):
        pieces[name].append(word)
    # What stands under one name is read on from part to part: a stream cuts it anywhere.
    words = {name: iter(endpoint.masked_pieces(several)) for name, several in pieces.items()}

    def of(node: Any, name: str = "", depth: int = 0) -> Any:
        if isinstance(node, Mapping):
            within = {} if depth > _DEEPEST else node
            return {endpoint.masked(key): of(value, key, depth + 1) for key, value in within.items()}
        if isinstance(node, list):
            return [of(value, name, depth + 1) for value in node] if depth <= _DEEPEST else []
        if not isinstance(node, str) or name in _BASE64:
            return node
        return endpoint.masked_address(node) if _is_address(node) else next(words[name])

    cleared_content: dict[str, Any] = of(turn.content)
    return cleared_content


def _words(node: Any, name: str = "", depth: int = 0) -> Iterator[tuple[str, str]]:
    """The strings of a turn that are words, each with its name, in order."""
    if isinstance(node, Mapping) and depth <= _DEEPEST:
        for key, value in node.items():
            yield from _words(value, key, depth + 1)
    elif isinstance(node, list) and depth <= _DEEPEST:
        for value in node:
            yield from _words(value, name, depth + 1)
    elif isinstance(node, str) and name not in _BASE64 and not _is_address(node):
        yield name, node


def _is_address(text: str) -> bool:
    return text.startswith(("http://", "https://")) and not any(map(str.isspace, text))
