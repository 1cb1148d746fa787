"""The Images API (``/v1/images/edits``, ``/v1/images/generations``), both ends.

Rules: an edit is a form whose files go out as they are, a new picture is JSON; one picture is asked for at a
time, since takes are the session's; a size is pixels, and only said when a ratio or a size was asked for;
``response_format`` and the mask's name are what the provider's row says.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from math import log, prod
from typing import Any, Final

from .._catalog.models import ModelInfo, check_model, find_model
from .._catalog.providers import Provider
from .._catalog.sizes import ANY, FreeSizes, pixels_of
from .._images.data import ImageData
from .._messages import Answer, EditRequest, Usage
from .._strings import say
from ..errors import InvalidRequestError
from . import failures
from .base import STREAM, Call, FieldError, Refusal, Served
from .body import Body, Piece, Raw, Writer
from .openai_errors import encode_own_error
from .requests import form_parts, inline_image, json_object, whole, with_fields

EDITS: Final = "/v1/images/edits"
GENERATIONS: Final = "/v1/images/generations"
_FILES: Final = frozenset({"image", "image[]", "mask", "mask_image"})
_OWN: Final = _FILES | {"model", "prompt", "size", "seed", "response_format", "stream", "images"}
"""Fields that are the request's own; what else a request holds is ``extra``."""


# --- the client's half ---------------------------------------------------------------------------


def fields(request: EditRequest, provider: Provider) -> dict[str, Any]:
    """Everything a request says but its pictures."""
    said = {
        "model": request.model or None,
        "prompt": request.prompt,
        "n": 1,
        "size": size_of(request, provider),
        "seed": request.seed,
        "response_format": provider.response_format or None,
    }
    return with_fields({name: value for name, value in said.items() if value is not None}, request.extra)


def size_of(request: EditRequest, provider: Provider) -> str | None:
    """``"1360x768"`` for the ratio and the size asked for; ``"auto"`` where nothing was asked."""
    if not (request.aspect_ratio or request.image_size):
        return "auto" if request.images else None
    info = find_model(request.model, provider).info if request.model else None
    size = request.image_size or (info.default_size if info else "1K")
    shape = _shape(request)
    if info is None or info.free is not None:
        free = ANY if info is None or info.free is None else info.free
        width, height = pixels_of(size) or _pixels(free, request.aspect_ratio or shape, size)
    else:  # a proxy before a model whose sizes are a table: what that table says
        ratio = request.aspect_ratio or info.nearest_ratio(shape.numerator, shape.denominator)
        width, height = info.pixels(ratio, size)
    return f"{width}x{height}"


def _pixels(free: FreeSizes, ratio: str | Fraction, size: str) -> tuple[int, int]:
    try:
        return free.pixels(ratio, size)
    except KeyError:
        raise InvalidRequestError(say("wire.size_no_pixels", size=size)) from None


def _shape(request: EditRequest) -> Fraction:
    """The shape an edit follows where no ratio is asked for: its last input's."""
    return Fraction(*request.images[-1].shown_size) if request.images else Fraction(1)


def encode_request(request: EditRequest, provider: Provider) -> Body:
    """A form for an edit, JSON for a new picture."""
    said = fields(request, provider)
    if not request.images:
        return Writer().body(said)
    form = _Form()
    for name, value in said.items():
        form.words(name, value)
    name = "image" if len(request.images) == 1 else "image[]"
    for number, image in enumerate(request.images, 1):
        form.file(name, f"image-{number}", image)
    if isinstance(request.mask, ImageData):
        for field in provider.mask_fields:
            form.file(field, "mask", request.mask)
    return form.body()


class _Form:
    """A ``multipart/form-data`` body in pieces: its length is known, its files are read as it is sent."""

    def __init__(self) -> None:
        self._boundary = f"nb-banana-{secrets.token_hex(16)}"
        self._pieces: list[Piece] = []

    def words(self, name: str, value: Any) -> None:
        """A field of words; what is no text is JSON."""
        text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
        self._pieces.append(self._head(name) + b"\r\n" + text.encode() + b"\r\n")

    def file(self, name: str, called: str, image: ImageData) -> None:
        """A picture, its bytes as they are, under a name of ours: a person's own may be anything."""
        kind = image.mime_type
        about = f'; filename="{called}.{kind.rpartition("/")[2]}"\r\nContent-Type: {kind}\r\n'
        self._pieces += [self._head(name, about) + b"\r\n", Raw(image), b"\r\n"]

    def _head(self, name: str, about: str = "\r\n") -> bytes:
        quoted = name.replace('"', "%22").replace("\r", "").replace("\n", "")
        return f'--{self._boundary}\r\nContent-Disposition: form-data; name="{quoted}"{about}'.encode()

    def body(self) -> Body:
        """The whole."""
        end = f"--{self._boundary}--\r\n".encode()
        return Body((*self._pieces, end), f"multipart/form-data; boundary={self._boundary}")


# --- the sandbox's half --------------------------------------------------------------------------


_WHOLE: Final = {
    "n": (1, 10), "partial_images": (0, 3), "output_compression": (0, 100), "seed": (-(2**63), 2**64),
}  # fmt: skip
"""Fields that are whole numbers, and from where to where."""
_FORMATS: Final = ("png", "jpeg", "webp")
_YES: Final = (True, "true", "True", "1")
_MODEL: Final = "gpt-image-2.5-flare"
"""What is asked where a request names no model."""


def decode_request(call: Call) -> EditRequest:
    """What a request asks for, be it a form or JSON; how many and in what format is in its ``extra``.

    Raises:
        InvalidRequestError: the body is not a request of this wire, or a field has a value that is none.
    """
    said, images, mask = _read(call)
    if call.path.endswith("/images/edits") and not images:
        raise FieldError(say("wire.no_image_field"), "image")
    if not (prompt := str(said.get("prompt") or "")).strip():
        raise FieldError("Missing required parameter: 'prompt'.", "prompt")
    numbers = {name: _number(said[name], name) for name in _WHOLE if said.get(name) is not None}
    model, seed = said.get("model") or _MODEL, numbers.pop("seed", None)
    info = find_model(model, "sandbox").info
    _check_choice(said, "output_format", _FORMATS)
    if info and info.qualities:
        _check_choice(said, "quality", (*info.qualities, "auto"))
    extra = {name: value for name, value in said.items() if name not in _OWN} | numbers
    if said.get("stream") not in _YES:
        extra.pop("partial_images", None)
    return EditRequest(
        prompt, images, model=model, mask=mask, seed=seed, extra=extra or None,
        **_asked_size(said.get("size"), info),
    )  # fmt: skip


def _check_choice(said: Mapping[str, Any], name: str, choices: Sequence[str]) -> None:
    """Raise :class:`FieldError`, in OpenAI's words, where a field is none of what it may be."""
    value, (*others, last) = said.get(name), choices
    if value not in (None, *choices):
        listed = f"{', '.join(map(repr, others))}, and {last!r}"
        raise FieldError(f"Invalid value: {str(value)[:40]!r}. Supported values are: {listed}.", name)


def _number(value: Any, name: str) -> int:
    """A field's whole number.

    Raises:
        FieldError: it is none, or out of bounds, in OpenAI's words.
    """
    number, (least, most) = whole(value), _WHOLE[name]
    if number is None:
        words = f"expected an integer, but got '{str(value)[:40]}' instead."
        raise FieldError(f"Invalid type for '{name}': {words}", name)
    if not least <= number <= most:
        side, sign, limit = ("above maximum", "<=", most) if number > most else ("below minimum", ">=", least)
        words = f"integer {side} value. Expected a value {sign} {limit}, but got {number} instead."
        raise FieldError(f"Invalid '{name}': {words}", name)
    return number


def _asked_size(size: Any, info: ModelInfo | None) -> dict[str, Any]:
    """The settings that pixels stand for; where a model's sizes are a table its nearest, as at a proxy.

    Raises:
        FieldError: no such size can be asked for.
    """
    if size in (None, "", "auto"):
        return {}
    if (pixels := pixels_of(size)) is None:
        raise FieldError(f"Invalid size '{str(size)[:40]}'. Write WIDTHxHEIGHT or 'auto'.", "size")
    if info is None or info.free is not None:
        try:
            if info:
                check_model(info, None, size)
        except InvalidRequestError as error:
            raise FieldError(f"Invalid size '{size}'. {error.message}", "size") from None
        return {"image_size": size}
    ratio, wanted = info.nearest_ratio(*pixels), log(pixels[0] * pixels[1])
    sizes = {name: log(prod(info.pixels(ratio, name))) for name in info.image_sizes if info.size_parameter}
    nearest = min(sizes, key=lambda name: abs(sizes[name] - wanted), default=None)
    return {"aspect_ratio": ratio, "image_size": nearest}


def _read(call: Call) -> tuple[dict[str, Any], tuple[ImageData, ...], ImageData | None]:
    """The fields, the pictures and the mask."""
    if not _is_form(call):
        said = json_object(call.body)
        given = said.get("images")
        images = [_referred(one) for one in given] if isinstance(given, list) else []
        return said, tuple(images), None if said.get("mask") is None else _referred(said["mask"])
    said, images, mask = {}, [], None
    for name, data, is_file in form_parts(call.body, call.content_type):
        if not is_file:
            said[name] = data.decode("utf-8", "replace")
        elif name in ("image", "image[]"):
            images.append(ImageData.from_bytes(data))
        elif name in ("mask", "mask_image"):
            mask = ImageData.from_bytes(data)
        else:
            raise FieldError(f"Unknown parameter: '{name[:40]}'.", name[:40])
    return said, tuple(images), mask


def _is_form(call: Call) -> bool:
    return call.content_type.lower().startswith("multipart/form-data")


def _words(call: Call) -> Mapping[str, Any]:
    """The fields of a request, if it is one: a fault is played whatever the body is."""
    try:
        if not _is_form(call):
            return json_object(call.body)
        parts = form_parts(call.body, call.content_type)
        return {name: data.decode("utf-8", "replace") for name, data, is_file in parts if not is_file}
    except InvalidRequestError:
        return {}


def _referred(item: Any) -> ImageData:
    """A picture of a JSON body: ``{"image_url": "data:…"}``."""
    url = item.get("image_url") if isinstance(item, Mapping) else item
    if not isinstance(url, str) or url[:5].lower() != "data:":
        raise InvalidRequestError(say("wire.links_refused", url=str(url)[:80]))
    return inline_image(url)


def encode_answer(answer: Answer, call: Call) -> Served:
    """The reply as OpenAI writes it, whole or as a stream of events; without a picture an error says why."""
    ended = answer.block_reason or answer.finish_reason
    if not answer.images and ended not in (None, "STOP", "NO_IMAGE"):
        return _unmade(answer, ended)
    said = _words(call)
    width, height = answer.images[-1].shown_size if answer.images else (0, 0)
    about = {
        "created_at": 0,
        "size": f"{width}x{height}",
        "output_format": answer.images[-1].mime_type.rpartition("/")[2] if answer.images else "png",
        "quality": said["quality"] if said.get("quality") not in (None, "auto") else "low",
        "background": "opaque",
    }
    usage = {"usage": _usage_json(answer.usage or Usage())}
    if said.get("stream") in _YES:
        kind = "image_edit" if call.path.endswith("/images/edits") else "image_generation"
        return Served(b"".join(_events(answer, kind, about, usage)), content_type=STREAM)
    writer = Writer()
    data = [{"b64_json": writer.hold(image)} for image in answer.images]
    about["created"] = about.pop("created_at")
    return Served(bytes(writer.body({**about, "data": data, **usage})))


def _unmade(answer: Answer, ended: str) -> Served:
    """Why there is no picture, as an error: a block in OpenAI's words, else in those of the answer."""
    code, words = ended.lower(), answer.finish_message or f"The image could not be generated: {ended}."
    if answer.block_reason or failures.is_block(ended):
        code, words = "moderation_blocked", (
            "Your request was rejected by the safety system. If you believe this is an error, contact us at "
            f"help.openai.com and include the request ID {answer.response_id}."
        )
    error = {"message": words, "type": "image_generation_user_error", "param": None, "code": code}
    return Served(json.dumps({"error": error}).encode(), 400)


def _events(answer: Answer, kind: str, about: Mapping[str, Any], usage: Mapping[str, Any]) -> Iterator[bytes]:
    """A stream: unfinished pictures first, then each finished one with what it took."""
    shown = [
        *((image, "partial_image", {"partial_image_index": at}) for at, image in enumerate(answer.drafts)),
        *((image, "completed", usage) for image in answer.images),
    ]
    for image, name, more in shown:
        writer = Writer()
        event = {"type": f"{kind}.{name}", "b64_json": writer.hold(image), **about, **more}
        yield f"event: {kind}.{name}\ndata: ".encode() + bytes(writer.body(event)) + b"\n\n"


def _usage_json(usage: Usage) -> dict[str, Any]:
    words, pictures = usage.input_text_tokens or 0, usage.input_image_tokens or 0
    return {
        "input_tokens": usage.input_tokens or 0,
        "input_tokens_details": {"text_tokens": words, "image_tokens": pictures},
        "output_tokens": usage.output_tokens or 0,
        "output_tokens_details": {"text_tokens": 0, "image_tokens": usage.image_tokens or 0},
        "total_tokens": usage.total_tokens or 0,
    }


class Images:
    """The Images API as a row of the table."""

    name = "images"
    turns = False
    pixels = True
    masks = True
    words = False

    @property
    def title(self) -> str:
        """What it is, in a word."""
        return say("wire.images")

    def path(self, request: EditRequest) -> str:
        """One for edits, one for new pictures."""
        return EDITS if request.images else GENERATIONS

    def encode(self, request: EditRequest, provider: Provider) -> Body:
        """A form, or JSON."""
        return encode_request(request, provider)

    def serves(self, path: str) -> bool:
        """The path's end; what stands before it is the gateway's."""
        return path.endswith(("/images/edits", "/images/generations"))

    def decode_request(self, call: Call) -> EditRequest:
        """What a form or a JSON body asks for."""
        return decode_request(call)

    def encode_answer(self, answer: Answer, call: Call) -> Served:
        """As OpenAI writes it."""
        return encode_answer(answer, call)

    def encode_error(self, refusal: Refusal) -> Served:
        """As OpenAI writes it, in its own words."""
        return encode_own_error(refusal)


WIRE = Images()
