"""The native wire (``:generateContent``), both ends.

Rules: text first, then pictures in order; camelCase when writing, both spellings when reading;
``imageConfig`` only when something was asked; ``imageSize`` never for a model without it. Parts are
never indexed: a reply may hold text first, drafts, several pictures, nulls, or nothing.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any
from urllib.parse import quote, unquote

import pybase64

from .._catalog.models import find_model
from .._catalog.providers import Provider
from .._images.data import ImageData
from .._messages import Answer, Blob, EditRequest, Question, Turn, Usage
from .._strings import say
from ..errors import InvalidRequestError
from .base import STREAM, Call, Refusal, Served
from .body import Body, Writer
from .gemini_errors import encode_error
from .pictures import address_of, find_pictures, is_address, once, picture
from .requests import inline_image, json_object, whole, with_fields

_PATH = re.compile(
    r"/(?:v1|v1beta|v1alpha)/models/([^/:]+(?:/[^/:]+)?):(?:generateContent|streamGenerateContent)$"
)


def path(model: str) -> str:
    """The path to post to, below the base URL."""
    return f"/v1beta/models/{quote(model.removeprefix('models/'), safe='/.-_~@')}:generateContent"


def encode_request(request: EditRequest) -> Body:
    """The JSON of one edit. ``request.model`` only decides whether a size may be named."""
    writer = Writer()
    contents = [writer.restore(turn.content, turn.blobs) for turn in request.turns]
    contents.append(_user(request.prompt, request.images, writer))
    wanted = ["TEXT"] if isinstance(request, Question) else ["TEXT", "IMAGE"] if request.turns else ["IMAGE"]
    generation: dict[str, Any] = {"responseModalities": wanted}
    if isinstance(request, Question) and request.temperature is not None:
        generation["temperature"] = request.temperature
    if config := _image_config(request):
        generation["imageConfig"] = config
    if request.seed is not None:
        generation["seed"] = request.seed
    return writer.body(with_fields({"contents": contents, "generationConfig": generation}, request.extra))


def _user(prompt: str, images: Sequence[ImageData], writer: Writer) -> dict[str, Any]:
    pictures = [{"inlineData": {"mimeType": i.mime_type, "data": writer.hold(i)}} for i in images]
    return {"role": "user", "parts": [{"text": prompt}, *pictures]}


def _image_config(request: EditRequest) -> dict[str, str]:
    info = find_model(request.model).info if request.model else None
    config = {}
    if request.aspect_ratio:
        config["aspectRatio"] = request.aspect_ratio
    if request.image_size and (info is None or info.size_parameter):
        config["imageSize"] = request.image_size
    return config


def decode_request(body: bytes, path: str = "") -> EditRequest:
    """What a request asks for; the model comes from the path.

    Raises:
        InvalidRequestError: the body is not a request of this wire.
    """
    document = json_object(body)
    contents = document.get("contents")
    contents = [contents] if isinstance(contents, Mapping) else contents
    if not isinstance(contents, list) or not contents:
        raise InvalidRequestError(say("wire.no_contents"))
    *before, last = contents
    prompt, images = _read_user(last)
    generation = _get(document, "generationConfig") or {}
    config = _get(generation, "imageConfig") or {}
    model = _PATH.search(unquote(path))
    kind = Question if _get(generation, "responseModalities") == ["TEXT"] else EditRequest
    return kind(
        prompt,
        images,
        model=model[1] if model else None,
        aspect_ratio=_get(config, "aspectRatio"),
        image_size=_get(config, "imageSize"),
        seed=whole(_get(generation, "seed")),
        turns=tuple(Turn(turn) for turn in before),
    )


def _read_user(content: Any) -> tuple[str, tuple[ImageData, ...]]:
    parts = content.get("parts") if isinstance(content, Mapping) else None
    parts = [parts] if isinstance(parts, Mapping) else parts if isinstance(parts, list) else []
    texts, images = [], []
    for part in parts:
        if not isinstance(part, Mapping):
            continue
        if isinstance(part.get("text"), str):
            texts.append(part["text"])
        stored = _get(part, "fileData")
        if isinstance(stored, Mapping):
            raise InvalidRequestError(say("wire.files_refused", uri=str(_get(stored, "fileUri"))[:80]))
        inline = _get(part, "inlineData")
        if isinstance(inline, Mapping):
            images.append(inline_image(str(inline.get("data", ""))))
    return "\n".join(texts), tuple(images)


def encode_answer(answer: Answer) -> bytes:
    """The JSON of a reply, as the service would write it."""
    parts: list[dict[str, Any]] = [{"text": answer.text}] if answer.text else []
    writer = Writer()
    for image in answer.images:
        inline = {"mimeType": image.mime_type, "data": writer.hold(image)}
        parts.append({"inlineData": inline, "thoughtSignature": _signature(image)})
    candidate: dict[str, Any] = {"finishReason": answer.finish_reason or "STOP", "index": 0}
    if parts:
        candidate = {"content": {"role": "model", "parts": parts}, **candidate}
    if answer.finish_message:
        candidate["finishMessage"] = answer.finish_message
    document: dict[str, Any] = {"candidates": [candidate]}
    if answer.block_reason:
        document = {"promptFeedback": {"blockReason": answer.block_reason}}
    if answer.usage:
        document["usageMetadata"] = _usage_json(answer.usage)
    if answer.model:
        document["modelVersion"] = answer.model
    if answer.response_id:
        document["responseId"] = answer.response_id
    return bytes(writer.body(document))


def _signature(image: ImageData) -> str:
    """What stands where the service signs its pictures; clients check that it is base64."""
    return pybase64.b64encode(f"sandbox-{image.sha256[:16]}".encode()).decode()


_MODALITIES = re.compile(rb'(?<!\\)"response(?:M|_m)odalities"\s*:\s*\[([^\]]*)\]')
_USAGE = {
    "promptTokenCount": "input_tokens",
    "candidatesTokenCount": "output_tokens",
    "thoughtsTokenCount": "thought_tokens",
    "totalTokenCount": "total_tokens",
}


def _usage_json(usage: Usage) -> dict[str, Any]:
    written: dict[str, Any] = {
        theirs: getattr(usage, ours) for theirs, ours in _USAGE.items() if getattr(usage, ours) is not None
    }
    if usage.image_tokens is not None:
        written["candidatesTokensDetails"] = [{"modality": "IMAGE", "tokenCount": usage.image_tokens}]
    return written


def read_usage(document: Mapping[str, Any]) -> Usage | None:
    """The token counts of a reply, or None."""
    meta = _get(document, "usageMetadata")
    if not isinstance(meta, Mapping) or not meta:
        return None
    details = _get(meta, "candidatesTokensDetails")
    image = [
        count
        for item in (details if isinstance(details, list) else [])
        if isinstance(item, Mapping) and str(item.get("modality")).upper() == "IMAGE"
        and (count := _count(_get(item, "tokenCount"))) is not None
    ]
    counts = {ours: _count(_get(meta, theirs)) for theirs, ours in _USAGE.items()}
    return Usage(**counts, image_tokens=sum(image) if image else None)


def _count(value: Any) -> int | None:
    if isinstance(value, str) and value.isdigit():
        value = int(value[:15])
    return int(value) if isinstance(value, (int, float)) and 0 <= value < 1e15 else None


def decode_answer(documents: Sequence[Mapping[str, Any]], blobs: Mapping[str, Blob]) -> Answer:
    """What a reply of one or more documents (a stream's chunks) held."""
    reading = _Reading(blobs)
    told = Answer()
    for document in documents:
        told = _told(document, told)
        for candidate in _candidates(document):
            reading.content(candidate.get("content"))
    return reading.answer(told)


def _candidates(document: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    candidates = document.get("candidates")
    for candidate in [candidates] if isinstance(candidates, Mapping) else _list(candidates):
        if isinstance(candidate, Mapping):
            yield candidate


def _told(document: Mapping[str, Any], before: Answer) -> Answer:
    """What a document says beside its parts, added to what those before it said."""
    told = before
    feedback = _get(document, "promptFeedback")
    blocked = str(_get(feedback, "blockReason") or "")
    if blocked and not blocked.endswith("UNSPECIFIED"):
        message = str(_get(feedback, "blockReasonMessage") or "")
        told = replace(told, block_reason=blocked, finish_message=message)
    for candidate in _candidates(document):
        reason = _get(candidate, "finishReason")
        if reason and (str(reason) != "STOP" or told.finish_reason is None):
            told = replace(told, finish_reason=str(reason))
        if message := _get(candidate, "finishMessage"):
            told = replace(told, finish_message=str(message))
    model, response_id = _get(document, "modelVersion"), _get(document, "responseId")
    return replace(
        told,
        model=model if isinstance(model, str) else told.model,
        response_id=response_id if isinstance(response_id, str) else told.response_id,
        usage=read_usage(document) or told.usage,
    )


class _Reading:
    """Collects the parts of one reply, in order."""

    def __init__(self, blobs: Mapping[str, Blob]) -> None:
        self.blobs = blobs
        self.images: list[ImageData] = []
        self.drafts: list[ImageData] = []
        self.links: list[str] = []
        self.mentions: list[str] = []
        self.texts: list[str] = []
        self.said: list[str] = []
        self.written = ""  # text not yet looked at: a stream may cut it anywhere
        self.parts: list[Any] = []
        self.broken = 0

    def content(self, content: Any) -> None:
        parts = content.get("parts") if isinstance(content, Mapping) else content
        parts = [parts] if isinstance(parts, (Mapping, str)) else parts
        for part in _list(parts):
            self.parts.append(part)
            if isinstance(part, Mapping):
                self._part(part)
            elif isinstance(part, str):
                self.written += part

    def _part(self, part: Mapping[str, Any]) -> None:
        draft = part.get("thought") in (True, "true")
        text = part.get("text")
        if isinstance(text, str) and not draft:
            self.written += text
        inline, file = _get(part, "inlineData"), _get(part, "fileData")
        if isinstance(inline, str):
            inline = {"data": inline}
        if isinstance(inline, Mapping) and isinstance(inline.get("data"), str):
            self._inline(inline, draft)
        url = _get(part, "imageUrl")
        for link in (
            _get(file, "fileUri"),
            _get(inline, "fileUri"),
            _get(inline, "url"),
            url.get("url") if isinstance(url, Mapping) else url,
        ):
            if isinstance(link, str) and not draft:
                self._link(link)

    def _link(self, link: str) -> None:
        self._read_text()
        if address := address_of(link):
            self.links.append(address)
        elif (image := picture(link, self.blobs)) is not None:
            self.images.append(image)

    def _inline(self, inline: Mapping[str, Any], draft: bool) -> None:
        data = inline["data"].strip()
        if is_address(data):
            self._link(data)
            return
        self._read_text()
        mime = _get(inline, "mimeType")
        image = picture(data, self.blobs, mime if isinstance(mime, str) else None)
        if image is None:
            self.broken += bool(data)
        else:
            (self.drafts if draft else self.images).append(image)

    def _read_text(self) -> None:
        found = find_pictures(self.written, self.blobs)
        self.images += found.images
        self.links += found.links
        self.mentions += found.mentions
        self.broken += found.broken
        self.texts.append(found.text if found else self.written)
        self.said.append(self.written)
        self.written = ""

    def answer(self, told: Answer) -> Answer:
        """What was read, beside what the documents told."""
        self._read_text()
        images, drafts = once(self.images), once(self.drafts)
        notes = ["broken_image"] * bool(self.broken)
        if not images and drafts and not (self.links or self.mentions):
            images, notes = drafts, [*notes, "only_drafts"]
        elif len(images) > 1:
            notes.append("maybe_drafts")
        return replace(
            told,
            images=images,
            drafts=drafts,
            said="\n".join(filter(None, self.said)),
            links=tuple(dict.fromkeys(self.links)),
            mentions=tuple(dict.fromkeys(self.mentions)),
            text="\n".join(filter(None, (text.strip() for text in self.texts))),
            turn=Turn({"role": "model", "parts": self.parts}, self._used()) if self.parts else None,
            notes=tuple(notes),
        )

    def _used(self) -> dict[str, Blob]:
        """Only what the parts hold: a signature elsewhere in the reply is not kept alive."""
        text = json.dumps(self.parts)
        return {token: blob for token, blob in self.blobs.items() if token in text}


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _snake(name: str) -> str:
    return re.sub(r"(?<!^)(?=[A-Z])", "_", name).lower()


def _get(node: Any, name: str) -> Any:
    """``node[name]`` in camelCase or snake_case."""
    if not isinstance(node, Mapping):
        return None
    value = node.get(name)
    return node.get(_snake(name)) if value is None else value


class Gemini:
    """The native wire as a row of the table."""

    name = "gemini"
    turns = True
    pixels = False
    masks = False
    words = True

    @property
    def title(self) -> str:
        """What it is, in a word."""
        return say("wire.gemini")

    def path(self, request: EditRequest) -> str:
        """The model's own path."""
        return path(request.model or "")

    def encode(self, request: EditRequest, provider: Provider) -> Body:
        """The same JSON for every provider."""
        return encode_request(request)

    def serves(self, path: str) -> bool:
        """Any version's ``:generateContent``, or its stream."""
        return bool(_PATH.search(path))

    def decode_request(self, call: Call) -> EditRequest:
        """What a body asks of the model in the path."""
        return decode_request(call.body, call.path)

    def encode_answer(self, answer: Answer, call: Call) -> Served:
        """One object; a stream is one event of it, or an array."""
        silent = answer.images and not _wants_text(call.body)
        content = encode_answer(replace(answer, text="") if silent else answer)
        if not call.path.endswith(":streamGenerateContent"):
            return Served(content)
        if call.query.get("alt") == "sse":
            return Served(b"data: " + content + b"\r\n\r\n", content_type=STREAM)
        return Served(b"[" + content + b"]")

    def encode_error(self, refusal: Refusal) -> Served:
        """As Google writes it."""
        return encode_error(refusal)


def _wants_text(body: bytes) -> bool:
    """Whether words may stand beside pictures: who asked for pictures alone takes the first part for one."""
    asked = _MODALITIES.search(body)
    return asked is None or b"TEXT" in asked[1].upper()


WIRE = Gemini()

__all__ = [
    "WIRE",
    "decode_answer",
    "decode_request",
    "encode_answer",
    "encode_request",
    "inline_image",
    "json_object",
    "path",
    "read_usage",
]
