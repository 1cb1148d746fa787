"""What both ends' readers of a request need: its JSON, and the pictures inside its strings."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import pybase64

from .._images.data import ImageData
from .._strings import say
from ..errors import InvalidRequestError


def inline_image(text: str) -> ImageData:
    """The picture of an ``inlineData`` string or data URL in a request.

    Raises:
        InvalidRequestError: it is not base64, or not a picture.
    """
    raw = text.partition(",")[2] if text[:5].lower() == "data:" else text
    if "\n" in raw or "\r" in raw:
        raise InvalidRequestError(say("wire.wrapped_base64"))
    if "-" in raw or "_" in raw:  # google-genai writes the url-safe alphabet
        raw = raw.translate({ord("-"): "+", ord("_"): "/"})
    try:
        data = pybase64.b64decode(raw + "=" * (-len(raw) % 4), validate=True)
    except ValueError:
        raise InvalidRequestError(say("wire.bad_base64", start=raw[:24])) from None
    return ImageData.from_bytes(data)


def with_fields(document: Mapping[str, Any], fields: Mapping[str, Any] | None) -> dict[str, Any]:
    """A request with further fields: objects are joined, a field that is None is left out."""
    made = dict(document)
    for name, value in (fields or {}).items():
        there = made.get(name)
        if value is None:
            made.pop(name, None)
        elif isinstance(value, Mapping) and isinstance(there, Mapping):
            made[name] = with_fields(there, value)
        else:
            made[name] = value
    return made


def json_object(body: bytes) -> dict[str, Any]:
    """The JSON object a request body is.

    Raises:
        InvalidRequestError: it is not one.
    """
    try:
        document = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise InvalidRequestError(say(_why_unreadable(body), reason=error)) from None
    if not isinstance(document, dict):
        raise InvalidRequestError(say("wire.no_json"))
    return document


def _why_unreadable(body: bytes) -> str:
    """GNU base64 breaks its lines, and a line break inside a string is no JSON: said by its name."""
    try:
        json.loads(body, strict=False)
    except (ValueError, RecursionError):
        return "wire.bad_json" if body.lstrip()[:1] in (b"{", b"[") else "wire.no_json"
    return "wire.wrapped_base64"
