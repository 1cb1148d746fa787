"""The image service as a pure function: an HTTP request in, an HTTP response out.

Rules of this file: the wire whose path it is reads the request and writes the answer, each as its service
does; any key or none is let in; pictures are exactly as large as the catalog says, and PNG unless another
format is asked for; the same request and take, or the same seed, give the same bytes; every answer says that
it comes from the sandbox.
"""

from __future__ import annotations

import hashlib
import io
import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from typing import Any, NamedTuple
from urllib.parse import unquote

import httpx
from PIL import ExifTags, Image
from PIL.PngImagePlugin import PngInfo

from .._catalog.models import MODELS, ModelInfo, check_model, find_model
from .._catalog.providers import PROVIDERS
from .._catalog.sizes import pixels_of
from .._images import masks
from .._images.data import ImageData
from .._images.lately import Lately
from .._images.pixels import has_alpha, plain
from .._messages import Answer, EditRequest, Question, Usage
from .._strings import say
from .._wire.base import Call, FieldError, Refusal, Served, Wire
from .._wire.turns import newest_picture
from .._wire.wires import WIRES
from ..errors import InvalidRequestError
from . import faults, report
from .opinion import opinion
from .paint import paint_all

MODEL_LIST = re.compile(r"/(v1|v1beta|v1alpha)/models(?:/([^/:]+))?$")
MARK = {"x-nb-banana-sandbox": "1"}
TAKE = "x-nb-banana-take"
TOKENS_PER_INPUT = 560  # what an input picture costs on Pro (WIRE.md §3)
TOKENS_PER_PICTURE = 1120  # where nobody published a figure: the sandbox bills nothing
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


def refuse(path: str, message: str) -> httpx.Response:
    """The answer to a request that can't be read at all, in the form of the wire that the path belongs to."""
    response = _http(_wire_at(path).encode_error(Refusal("bad_request", message)))
    response.headers.update(MARK)
    return response


def _respond(request: httpx.Request, fault: str | None) -> httpx.Response:
    path = unquote(request.url.path)
    wire, listing = _wire_at(path), MODEL_LIST.search(path)
    if fault is not None:
        faults.known(fault)
    if wire.serves(path) and request.method == "POST":
        kind = request.headers.get("content-type", "")
        call = Call(path, request.content, kind, dict(request.url.params))
        if fault is not None:
            return _http(_played(fault, wire, call, request))
        return _http(_edited(wire, call, request))
    if listing and request.method == "GET":
        return _http(_models(ROOTS[listing[1]], listing[2]))
    if wire.serves(path) or listing:
        message = f"Method {request.method} is not allowed here."
        return _http(wire.encode_error(Refusal("wrong_method", message)))
    message = say("sandbox.no_such_path", path=path[:120], paths=_paths())
    return _http(wire.encode_error(Refusal("no_such_path", message)))


def _paths() -> str:
    """Where each wire takes edits."""
    sample = EditRequest("edit", model="MODEL")
    return ", ".join(wire.path(sample) for wire in WIRES.values())


def _wire_at(path: str) -> Wire:
    """The wire that takes edits at a path, else the one in whose form this API version speaks."""
    root = ROOTS.get(path.strip("/").partition("/")[0], _GOOGLE)
    return next((wire for wire in WIRES.values() if wire.serves(path)), WIRES[root.wire])


def _http(served: Served) -> httpx.Response:
    headers = {"content-type": served.content_type, **served.headers}
    return httpx.Response(served.status, headers=headers, content=served.body)


def _played(fault: str, wire: Wire, call: Call, request: httpx.Request) -> Served:
    try:
        return faults.play(fault, wire, call)
    except httpx.TransportError as error:
        error.request = request
        raise


def _edited(wire: Wire, call: Call, request: httpx.Request) -> Served:
    """The answer to a request for an edit, or the wire's own error."""
    model = ""
    try:
        wanted = wire.decode_request(call)
        model = wanted.model or ""
        info = find_model(model, "sandbox").info if model else None
        if isinstance(wanted, Question):
            words = opinion(wanted.prompt, [plain(image.to_pil()) for image in wanted.images])
            return wire.encode_answer(Answer(text=words, model=model), call)
        if info is None:
            return wire.encode_error(Refusal("model_not_found", model=model))
        answer, told = _edit(wanted, info, _take(request), call.body)
    except InvalidRequestError as error:
        field = error.field if isinstance(error, FieldError) else ""
        return wire.encode_error(Refusal("bad_request", str(error), model, field))
    # Who names a take is nb_banana, and reads the report: its words need not stand beside the picture too.
    text = "" if TAKE in request.headers else answer.text
    served = wire.encode_answer(replace(answer, model=model, text=text), call)
    return replace(served, headers={**served.headers, report.HEADER: told})


def _take(request: httpx.Request) -> int:
    text = request.headers.get(TAKE, "1")[:9]
    return min(max(1, int(text)), MOST_TAKES) if text.isascii() and text.isdigit() else 1


def _edit(wanted: EditRequest, info: ModelInfo, take: int, body: bytes) -> tuple[Answer, str]:
    """The whole answer to a decoded request, and what it shows as JSON."""
    limit = PROVIDERS["sandbox"].max_request_bytes
    if limit and len(body) > limit:
        raise InvalidRequestError(f"Request payload size exceeds the limit: {limit} bytes.")
    _check(wanted, info)
    images, asked = wanted.images or newest_picture(wanted.turns), wanted.extra or {}
    if wanted.seed is not None:  # an equal seed is an equal picture; the first two takes are those of no seed
        take = 2 + wanted.seed % 2**64
    takes, mask = range(take, take + asked.get("n", 1)), wanted.mask if images else None
    form = (asked.get("output_format", "png"), asked.get("output_compression", 100))
    job = (_pixels(wanted, info, images), takes, form, asked.get("partial_images", 0))
    key = repr((wanted.prompt, [image.sha256 for image in images], mask and mask.sha256, job))
    made, drafts, facts = _lately(key, lambda: _made(wanted.prompt, images, mask, *job))
    told, usage = " ".join(report.sentences(*facts)), _usage(wanted, info, len(images), len(takes))
    named = hashlib.sha256(body + str(take).encode()).hexdigest()[:22]
    return Answer(made, drafts=drafts, text=told, usage=usage, response_id=named), report.written(*facts)


_Made = tuple[tuple[ImageData, ...], tuple[ImageData, ...], tuple[Any, ...]]
_lately = Lately[_Made](16 << 20, lambda made: made[0] + made[1])
"""A class sends the same edit thirty times: some twenty pictures of 1K stay, one or none of 4K."""


def _made(
    prompt: str, images: Sequence[ImageData], mask: ImageData | None, pixels: tuple[int, int], takes: range,
    form: tuple[str, int], drafts: int,
) -> _Made:  # fmt: skip
    """The pictures of an answer, the drafts before them, and what `report` says sentences about."""
    inputs = [plain(image.to_pil()) for image in images]
    area = masks.cleared(mask.to_pil()) if mask else None
    paintings = [paint_all(prompt, inputs, pixels, take=take, mask=area) for take in takes]
    coarse = [_coarse(paintings[0].image, 32 >> step) for step in range(drafts)]
    made = tuple(_held(painting.image, *form) for painting in paintings)
    return made, tuple(_held(image, *form) for image in coarse), paintings[0][1:]


def _coarse(image: Image.Image, by: int) -> Image.Image:
    """A draft: the picture with so many times fewer pixels, at its own size."""
    return image.reduce(by).resize(image.size, Image.Resampling.BICUBIC)


def _pixels(wanted: EditRequest, info: ModelInfo, images: Sequence[ImageData]) -> tuple[int, int]:
    """What is painted: what was asked for, in the last input's shape where none was."""
    width, height = images[-1].shown_size if images else (1, 1)
    if info.free is None or wanted.aspect_ratio:
        return info.pixels(wanted.aspect_ratio or info.nearest_ratio(width, height), wanted.image_size)
    size = wanted.image_size or info.default_size
    return pixels_of(size) or info.free.pixels(Fraction(width, height), size)


def _check(wanted: EditRequest, info: ModelInfo) -> None:
    for name in ("aspect_ratio", "image_size"):
        value = getattr(wanted, name)
        try:
            check_model(info, **{"aspect_ratio": None, "image_size": None, name: value})
        except InvalidRequestError as error:
            raise FieldError(error.message, name) from None
    if wanted.image_size is not None and not info.size_parameter:
        raise FieldError(say("sandbox.no_size", model=info.id), "image_size")
    if len(wanted.images) > info.max_images:
        given, limit = len(wanted.images), info.max_images
        raise InvalidRequestError(say("sandbox.too_many", count=given, model=info.id, limit=limit))
    if wanted.mask and wanted.images and wanted.mask.shown_size != wanted.images[0].shown_size:
        sizes = ("×".join(map(str, one.shown_size)) for one in (wanted.mask, wanted.images[0]))
        raise FieldError(say("sandbox.mask_size", **dict(zip(("mask", "picture"), sizes))), "mask")
    if wanted.mask and not has_alpha(wanted.mask.to_pil()):
        raise FieldError(say("sandbox.mask_alpha"), "mask")


def encoded(image: Image.Image, kind: str = "png", quality: int = 100) -> bytes:
    """The picture's bytes in a format, made fast rather than small, marked as the sandbox's."""
    marks, exif = PngInfo(), Image.Exif()
    marks.add_text("Software", "nb_banana sandbox")
    marks.add_text("nb_banana", "sandbox")
    exif[ExifTags.Base.Software] = "nb_banana sandbox"
    own = {"pnginfo": marks, "compress_level": 1} if kind == "png" else {"exif": exif, "quality": quality}
    buffer = io.BytesIO()
    image.save(buffer, kind, **own)
    return buffer.getvalue()


def _held(image: Image.Image, kind: str, quality: int) -> ImageData:
    return ImageData.from_bytes(encoded(image, kind, quality), name=f"sandbox.{kind}")


def _usage(wanted: EditRequest, info: ModelInfo, inputs: int, count: int) -> Usage:
    made = count * (info.output_tokens(wanted.image_size) or TOKENS_PER_PICTURE)
    words, seen = max(1, len(wanted.prompt.encode()) // 4), TOKENS_PER_INPUT * inputs
    return Usage(words + seen, made, None, made, words + seen + made, words, seen)


def _openai_row(info: ModelInfo) -> dict[str, Any]:
    return {"id": info.id, "object": "model", "created": 0, "owned_by": "sandbox"}


def _google_row(info: ModelInfo) -> dict[str, Any]:
    methods = ["generateContent", "streamGenerateContent"]
    return {"name": f"models/{info.id}", "displayName": info.title, "supportedGenerationMethods": methods}


class _Root(NamedTuple):
    """What stands below one version of an API: whose errors, and how the catalog is listed."""

    wire: str
    row: Callable[[ModelInfo], dict[str, Any]]
    shelf: str
    frame: Mapping[str, Any]


_GOOGLE = _Root("gemini", _google_row, "models", {})
_OPENAI = _Root("openai", _openai_row, "data", {"object": "list"})
ROOTS: Mapping[str, _Root] = {"v1": _OPENAI, "v1beta": _GOOGLE, "v1alpha": _GOOGLE}


def _models(root: _Root, model: str | None) -> Served:
    """The catalog, or one model of it."""
    if model is None:
        rows = [root.row(info) for info in MODELS.values()]
        return Served(json.dumps({**root.frame, root.shelf: rows}).encode())
    info = find_model(model, "sandbox").info
    if info is None:
        return WIRES[root.wire].encode_error(Refusal("model_not_found", model=model))
    return Served(json.dumps(root.row(info)).encode())
