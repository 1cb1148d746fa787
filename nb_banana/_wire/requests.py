"""What both ends' readers of a request need: its JSON or its form, and the pictures inside its strings."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

import pybase64

from .._images.data import ImageData
from .._strings import say
from ..errors import InvalidRequestError

_BOUNDARY: Final = re.compile(r'boundary=(?:"([^"]{1,200})"|([^\s;"]{1,200}))', re.IGNORECASE)
_FIELD: Final = re.compile(r'content-disposition:[^\r\n]*?[;\s]name="([^"\r\n]{0,200})"', re.IGNORECASE)
_FILE: Final = re.compile(r"content-disposition:[^\r\n]*?[;\s]filename\*?=", re.IGNORECASE)


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


def whole(value: Any) -> int | None:
    """A whole number, also one that is written as text; None for anything else."""
    try:
        return None if isinstance(value, (bool, float)) else int(value)
    except (TypeError, ValueError):
        return None


_PRICED: Final = frozenset({
    "imagesize", "aspectratio", "candidatecount", "samplecount", "numimages", "numimagesperprompt",
    "numberofimages", "numoutputs", "numoutputsperprompt", "batchsize",
})  # fmt: skip
"""Settings of the edit under the names of some API, where they lie deep: its price and budget go by these."""
_OURS: Final = frozenset({
    "model", "messages", "contents", "prompt", "image", "images", "input", "mask", "maskimage", "imageurl",
    "url", "referenceimage", "markup", "size", "seed", "n", "apibase", "baseurl",
})  # fmt: skip
"""Fields of a request that are the edit itself, or where it goes."""
_KEYS: Final = frozenset({
    "key", "apikey", "authorization", "xgoogapikey", "token", "accesstoken", "authtoken", "secret",
    "secretkey", "clientsecret", "password",
})  # fmt: skip
_MOST_FIELDS: Final = 100_000
"""Characters of further fields as JSON."""


def checked_fields(extra: Mapping[str, Any] | None) -> dict[str, Any]:
    """Further fields as they will be sent: plain JSON, and neither the edit itself, nor a key.

    Raises:
        InvalidRequestError: naming the field at fault.
    """
    if not extra:
        return {}
    try:
        if not isinstance(extra, Mapping):
            raise TypeError(type(extra).__name__)
        text = json.dumps(dict(extra), allow_nan=False)
        made = json.loads(text)
    except (TypeError, ValueError, RecursionError) as reason:
        raise InvalidRequestError(say("client.extra_bad", reason=str(reason)[:200])) from None
    if len(text) > _MOST_FIELDS:
        raise InvalidRequestError(say("client.extra_long", count=len(text), limit=_MOST_FIELDS))
    for name in made:
        if _plain(name) in _OURS:
            raise InvalidRequestError(say("client.extra_ours", name=name[:60]))
    for name in _names(made):
        if _plain(name) in _KEYS | _PRICED:
            raise InvalidRequestError(say("client.extra_ours", name=name[:60]))
    return dict(made)


def _plain(name: str) -> str:
    return re.sub(r"[^a-z0-9]", "", name.lower())


def _names(node: Any) -> Iterator[str]:
    """Every name in it, at any depth."""
    if isinstance(node, Mapping):
        yield from node
    for inner in node.values() if isinstance(node, Mapping) else node if isinstance(node, list) else ():
        yield from _names(inner)


def with_fields(
    document: Mapping[str, Any], fields: Mapping[str, Any] | None, *, drop: bool = True
) -> dict[str, Any]:
    """A request with further fields: objects are joined, a field that is None is left out.

    Without ``drop`` it stays None, for a request that these fields will be joined with later.
    """
    made = dict(document)
    for name, value in (fields or {}).items():
        there = made.get(name)
        if value is None and drop:
            made.pop(name, None)
        elif isinstance(value, Mapping) and isinstance(there, Mapping):
            made[name] = with_fields(there, value, drop=drop)
        else:
            made[name] = value
    return made


def form_parts(body: bytes, content_type: str) -> Iterator[tuple[str, bytes, bool]]:
    """The parts of a ``multipart/form-data`` body: each one's name, its bytes, and whether it is a file.

    Raises:
        InvalidRequestError: it is no such body.
    """
    found = _BOUNDARY.search(content_type)
    mark = b"--" + (found[1] or found[2]).encode("latin-1") if found else b""
    if not mark or not body.startswith(mark) or mark + b"--" not in body:
        raise InvalidRequestError(say("wire.no_form"))
    whole = (b"\r\n" + body).partition(b"\r\n" + mark + b"--")[0]
    for part in whole.split(b"\r\n" + mark + b"\r\n")[1:]:
        head, blank, data = part.partition(b"\r\n\r\n")
        words = head.decode("utf-8", "replace")
        name = _FIELD.search(words)
        if not blank or name is None:
            raise InvalidRequestError(say("wire.no_form"))
        yield name[1], data, bool(_FILE.search(words))


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
