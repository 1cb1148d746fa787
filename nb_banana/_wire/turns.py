"""The turns of a conversation, in the one form in which the history keeps them: native content objects.

They are kept word for word and sent word for word, signatures too, but for one thing: a picture that stood
as text in the model's turn goes back as a picture. As text its base64 would be read, and billed, as words.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from .._images.data import ImageData
from .._messages import TOKEN, Blob, EditRequest, Turn
from .pictures import find_pictures, picture
from .requests import inline_image

_RUN: Final = re.compile(rf"{TOKEN.pattern}|[A-Za-z0-9+/_-]{{500,}}={{0,2}}")
"""What no model wrote as words."""


def user_turn(request: EditRequest) -> Turn:
    """The user's side of an edit, as a later conversation repeats it."""
    parts: list[dict[str, Any]] = [{"text": request.prompt}]
    blobs: dict[str, Blob] = {}
    parts += [_inline(image, blobs) for image in request.images]
    return Turn({"role": "user", "parts": parts}, blobs)


def as_sent(turn: Turn) -> Turn:
    """A turn as it goes back to a model: the pictures that stood in its text as parts of their own."""
    parts = turn.content.get("parts")
    if turn.content.get("role") == "user" or not isinstance(parts, list):
        return turn
    blobs = dict(turn.blobs)
    made = [piece for part in parts for piece in _pieces(part, blobs)]
    return turn if made == parts else Turn({**turn.content, "parts": made}, blobs)


def holds(turn: Turn, image: ImageData) -> bool:
    """Whether the model sees ``image`` where the turn goes back to it: not behind a link, nor as a draft."""
    sent = as_sent(turn)
    return any(
        part.get("thought") not in (True, "true") and (seen := _seen(part, sent.blobs)) is not None
        and seen.sha256 == image.sha256
        for part in sent.content.get("parts") or ()
        if isinstance(part, Mapping)
    )


def _pieces(part: Any, blobs: dict[str, Blob]) -> Iterator[Any]:
    """A part as it came; pictures inside its text, or under another name, follow it."""
    if not isinstance(part, Mapping) or _seen(part, blobs) is not None:
        yield part
        return
    kept = dict(part)
    images: list[ImageData] = []
    if isinstance(words := part.get("text"), str):
        found = find_pictures(words, blobs)
        kept["text"] = _RUN.sub("…", found.text if found.images or found.broken else words)
        images += found.images
    for name in ("inlineData", "inline_data", "imageUrl", "image_url"):
        # A data URL, or base64 without an object around it: some relays write it so, no model reads it.
        loose = _loose(part.get(name))
        if loose is not None and (image := picture(loose, blobs)) is not None:
            del kept[name]
            images.append(image)
    if kept.get("text") or len(kept) > ("text" in kept):
        yield kept
    if part.get("thought") not in (True, "true"):
        yield from (_inline(image, blobs) for image in images)


def _loose(value: Any) -> str | None:
    if isinstance(value, Mapping):
        value = value.get("data") or value.get("url")
    return value if isinstance(value, str) else None


def _seen(part: Mapping[str, Any], blobs: Mapping[str, Blob]) -> ImageData | None:
    """The picture of a part that is one in the wire's own form, or None."""
    inline = part.get("inlineData") or part.get("inline_data")
    data = inline.get("data") if isinstance(inline, Mapping) else None
    return picture(data, blobs) if isinstance(data, str) and data[:5].lower() != "data:" else None


def _inline(image: ImageData, blobs: dict[str, Blob]) -> dict[str, Any]:
    """A picture as a part, its bytes put into ``blobs``."""
    token = f"~{image.sha256[:16]}.{len(blobs)}~"
    blobs[token] = Blob(image.data, image.sha256)
    return {"inlineData": {"mimeType": image.mime_type, "data": token}}


def newest_picture(turns: Sequence[Turn]) -> tuple[ImageData, ...]:
    """The last picture of turns that a request brought; none if they hold none."""
    for turn in reversed(turns):
        parts = turn.content.get("parts")
        for part in reversed(parts if isinstance(parts, list) else []):
            inline = part.get("inlineData") or part.get("inline_data") if isinstance(part, Mapping) else None
            if isinstance(inline, Mapping) and isinstance(inline.get("data"), str):
                return (inline_image(inline["data"]),)
    return ()
