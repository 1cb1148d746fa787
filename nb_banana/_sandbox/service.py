"""The image service as a pure function: an HTTP request in, an HTTP response out.

Rules of this file: the native wire answers as Google does, the chat wire as apiyi does (a content string
with Markdown data URLs); any key or none is let in; pictures are PNG, exactly as large as the catalog
says; the same request and take give the same bytes; every answer says that it comes from the sandbox.
"""

from __future__ import annotations

import hashlib
import io
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any
from urllib.parse import unquote

import httpx
from PIL import Image, ImageOps
from PIL.PngImagePlugin import PngInfo

from .._catalog import MODELS, PROVIDERS, ModelInfo, check_request, find_model
from .._images import ImageData
from .._images.fonts import platform_hint
from .._messages import Answer, EditRequest, Turn, Usage
from .._strings import say
from .._wire import gemini, openai
from ..errors import InvalidRequestError
from . import faults
from .faults import Wire
from .paint import Painting, paint_all

NATIVE = re.compile(
    r"/(?:v1|v1beta|v1alpha)/models/([^/:]+(?:/[^/:]+)?):(generateContent|streamGenerateContent)$"
)
CHAT = re.compile(r"/chat/completions$")
MODEL_LIST = re.compile(r"/(v1|v1beta|v1alpha)/models(?:/([^/:]+))?$")
MARK = {"x-nb-banana-sandbox": "1"}
TAKE = "x-nb-banana-take"
TOKENS_PER_INPUT = 560  # what an input picture costs on Pro (WIRE.md §3)
MOST_TAKES = 1_000_000


def respond(request: httpx.Request, fault: str | None = None) -> httpx.Response:
    """The sandbox's answer to a request, whose body must have been read.

    Raises:
        InvalidRequestError: there is no such fault.
        httpx.ReadTimeout, httpx.ReadError: the fault asked for is a timeout or a broken connection.
    """
    response = _respond(request, fault)
    response.headers.update(MARK)
    response.request = request
    return response


def _respond(request: httpx.Request, fault: str | None) -> httpx.Response:
    path = unquote(request.url.path)
    native, chat, listing = NATIVE.search(path), CHAT.search(path), MODEL_LIST.search(path)
    if fault is not None:
        faults.known(fault)
    if native and request.method == "POST":
        if fault is not None:
            return _played(fault, "gemini", native[1], request)
        return _native(request, path, native[1], stream=native[2] == "streamGenerateContent")
    if chat and request.method == "POST":
        model = str(_document(request.content).get("model") or "")
        return _played(fault, "openai", model, request) if fault is not None else _chat(request)
    if listing and request.method == "GET":
        return _models(listing[1], listing[2])
    if native or chat or listing:
        return faults.google_error(405, "INVALID_ARGUMENT", f"Method {request.method} is not allowed here.")
    wire: Wire = "openai" if path.startswith("/v1/") else "gemini"
    message = say("sandbox.no_such_path", path=path[:120])
    if wire == "openai":
        return faults.apiyi_error(404, "invalid_url", message, kind="invalid_request_error")
    return faults.google_error(404, "NOT_FOUND", message)


def _played(fault: str, wire: Wire, model: str, request: httpx.Request) -> httpx.Response:
    try:
        return faults.play(fault, wire, model)
    except httpx.TransportError as error:
        error.request = request
        raise


def _native(request: httpx.Request, path: str, model: str, *, stream: bool) -> httpx.Response:
    """`:generateContent`, and its stream (one event, or one array)."""
    try:
        wanted = gemini.decode_request(request.content, path)
        info = _known(wanted)
        answer = _edit(wanted, info, _take(request), request.content)
    except _UnknownModelError:
        return faults.model_not_found("gemini", model)
    except InvalidRequestError as error:
        return faults.bad_request("gemini", str(error), _field(wanted_of(error)))
    content = gemini.encode_answer(replace(answer, model=model))
    if not stream:
        return _reply(content)
    if request.url.params.get("alt") == "sse":
        return _reply(b"data: " + content + b"\r\n\r\n", "text/event-stream")
    return _reply(b"[" + content + b"]")


def _chat(request: httpx.Request) -> httpx.Response:
    """`/v1/chat/completions`, whole or as a stream of chunks."""
    document = _document(request.content)
    try:
        wanted = openai.decode_request(request.content)
        info = _known(wanted)
        answer = replace(_edit(wanted, info, _take(request), request.content), model=wanted.model)
    except _UnknownModelError:
        return faults.model_not_found("openai", str(document.get("model")))
    except InvalidRequestError as error:
        return faults.bad_request("openai", str(error))
    content = openai.encode_answer(answer)
    if document.get("stream") is not True:
        return _reply(content)
    return _reply(b"".join(_chunks(json.loads(content))), "text/event-stream")


def _reply(content: bytes, kind: str = "application/json; charset=UTF-8") -> httpx.Response:
    return httpx.Response(200, headers={"content-type": kind}, content=content)


def _chunks(whole: Mapping[str, Any]) -> Iterator[bytes]:
    """A chat answer as the events of a stream."""
    head = {key: whole[key] for key in ("id", "created", "model")} | {"object": "chat.completion.chunk"}
    content = whole["choices"][0]["message"]["content"]
    deltas: tuple[tuple[dict[str, Any], str | None], ...] = (
        ({"role": "assistant", "content": ""}, None), ({"content": content}, None), ({}, "stop"),
    )  # fmt: skip
    for delta, finish in deltas:
        chunk = {**head, "choices": [{"index": 0, "delta": delta, "finish_reason": finish}]}
        if finish:
            chunk["usage"] = whole["usage"]
        yield b"data: " + json.dumps(chunk, ensure_ascii=False).encode() + b"\n\n"
    yield b"data: [DONE]\n\n"


class _UnknownModelError(Exception):
    """The catalog has no such model."""


class _FieldError(InvalidRequestError):
    """A request field has a value the model lacks."""

    field = ""


def wanted_of(error: InvalidRequestError) -> str:
    """The request field an error is about, if it says so."""
    return error.field if isinstance(error, _FieldError) else ""


def _field(name: str) -> str:
    return f"generation_config.image_config.{name}" if name else ""


def _known(wanted: EditRequest) -> ModelInfo:
    info = find_model(wanted.model, "sandbox").info if wanted.model else None
    if info is None:
        raise _UnknownModelError
    return info


def _document(body: bytes) -> Mapping[str, Any]:
    """The request body as an object; what it is not is for the decoder to say."""
    try:
        document = json.loads(body)
    except (ValueError, RecursionError):
        return {}
    return document if isinstance(document, dict) else {}


def _take(request: httpx.Request) -> int:
    text = request.headers.get(TAKE, "1")
    return min(int(text), MOST_TAKES) if text.isdigit() and int(text) > 0 else 1


def _edit(wanted: EditRequest, info: ModelInfo, take: int, body: bytes) -> Answer:
    """The whole answer to a decoded request."""
    limit = PROVIDERS["sandbox"].max_request_bytes
    if limit and len(body) > limit:
        raise InvalidRequestError(f"Request payload size exceeds the limit: {limit} bytes.")
    _check(wanted, info)
    images = wanted.images or _earlier(wanted.turns)
    ratio = wanted.aspect_ratio or (
        info.nearest_ratio(images[-1].width, images[-1].height) if images else "1:1"
    )
    pictures = [_upright(image) for image in images]
    painting = paint_all(wanted.prompt, pictures, info.pixels(ratio, wanted.image_size), take=take)
    picture = ImageData.from_bytes(png(painting.image), name="sandbox.png")
    digest = hashlib.sha256(body + str(take).encode()).hexdigest()
    return Answer(
        (picture,),
        text=_text(painting),
        usage=_usage(wanted, info, len(images)),
        finish_reason=None,
        response_id=digest[:22],
    )


def _check(wanted: EditRequest, info: ModelInfo) -> None:
    for name in ("aspect_ratio", "image_size"):
        value = getattr(wanted, name)
        size_unasked = name == "image_size" and value is not None and not info.size_parameter
        try:
            check_request(
                info,
                **{"aspect_ratio": None, "image_size": None, name: value},
                provider="sandbox",
                wire="gemini",
            )
            if size_unasked:
                raise InvalidRequestError(say("sandbox.no_size", model=info.id))
        except InvalidRequestError as error:
            refused = _FieldError(error.message)
            refused.field = name
            raise refused from None
    if len(wanted.images) > info.max_images:
        raise InvalidRequestError(
            say("sandbox.too_many", count=len(wanted.images), model=info.id, limit=info.max_images)
        )


def _earlier(turns: tuple[Turn, ...]) -> tuple[ImageData, ...]:
    """The newest picture of a conversation, when its last message brings none."""
    for turn in reversed(turns):
        parts = turn.content.get("parts")
        for part in reversed(parts if isinstance(parts, list) else []):
            inline = part.get("inlineData") or part.get("inline_data") if isinstance(part, Mapping) else None
            if isinstance(inline, Mapping) and isinstance(inline.get("data"), str):
                return (gemini.inline_image(inline["data"]),)
    return ()


def _upright(image: ImageData) -> Image.Image:
    picture = image.to_pil()
    return ImageOps.exif_transpose(picture)


def png(image: Image.Image) -> bytes:
    """PNG bytes, fast rather than small, marked as the sandbox's."""
    marks = PngInfo()
    marks.add_text("Software", "nb_banana sandbox")
    marks.add_text("nb_banana", "sandbox")
    buffer = io.BytesIO()
    image.save(buffer, "PNG", compress_level=1, pnginfo=marks)
    return buffer.getvalue()


def _text(painting: Painting) -> str:
    """What the sandbox has to own up to; empty when all went well."""
    if painting.unset:
        return say("sandbox.no_font", text="”, “".join(painting.unset), package=platform_hint())
    if any(effect.kind == "touch" for effect in painting.effects):
        return say("sandbox.not_understood")
    return ""


def _usage(wanted: EditRequest, info: ModelInfo, inputs: int) -> Usage:
    made = info.output_tokens(wanted.image_size)
    asked = max(1, len(wanted.prompt.encode()) // 4) + TOKENS_PER_INPUT * inputs
    return Usage(input_tokens=asked, output_tokens=made, image_tokens=made, total_tokens=asked + made)


def _models(version: str, model: str | None) -> httpx.Response:
    """The catalog as each wire lists models."""
    wire: Wire = "openai" if version == "v1" else "gemini"
    infos = [info for info in MODELS.values() if model in (None, info.id)]
    if model is not None and not infos:
        found = find_model(model, "sandbox").info
        if found is None:
            return faults.model_not_found(wire, model)
        infos = [found]
    rows = [_openai_row(info) if wire == "openai" else _google_row(info) for info in infos]
    if model is not None:
        return _reply(json.dumps(rows[0]).encode())
    document = {"object": "list", "data": rows} if wire == "openai" else {"models": rows}
    return _reply(json.dumps(document).encode())


def _openai_row(info: ModelInfo) -> dict[str, Any]:
    return {"id": info.id, "object": "model", "created": 0, "owned_by": "sandbox"}


def _google_row(info: ModelInfo) -> dict[str, Any]:
    methods = ["generateContent", "streamGenerateContent"]
    return {"name": f"models/{info.id}", "displayName": info.title, "supportedGenerationMethods": methods}
