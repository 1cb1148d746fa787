"""The turns of a conversation, in the one form in which the history keeps them: native content objects."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from .._images.data import ImageData
from .._messages import Blob, EditRequest, Turn
from .requests import inline_image


def user_turn(request: EditRequest) -> Turn:
    """The user's side of an edit, as a later conversation repeats it."""
    blobs = {
        f"~{image.sha256[:16]}.{number}~": Blob(image.data, image.sha256)
        for number, image in enumerate(request.images)
    }
    parts: list[dict[str, Any]] = [{"text": request.prompt}]
    parts += [
        {"inlineData": {"mimeType": image.mime_type, "data": token}}
        for image, token in zip(request.images, blobs, strict=True)
    ]
    return Turn({"role": "user", "parts": parts}, blobs)


def newest_picture(turns: Sequence[Turn]) -> tuple[ImageData, ...]:
    """The last picture of turns that a request brought; none if they hold none."""
    for turn in reversed(turns):
        parts = turn.content.get("parts")
        for part in reversed(parts if isinstance(parts, list) else []):
            inline = part.get("inlineData") or part.get("inline_data") if isinstance(part, Mapping) else None
            if isinstance(inline, Mapping) and isinstance(inline.get("data"), str):
                return (inline_image(inline["data"]),)
    return ()
