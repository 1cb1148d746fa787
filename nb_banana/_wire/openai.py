"""The OpenAI-compatible wire (``/v1/chat/completions``), both ends.

Rules: ``stream`` is always false; pictures go out as data URLs, since gateways refuse links; a
ratio or a size is written only because the catalog said this provider's chat takes one. A reply's
pictures may be in ``message.images``, in a content list, or inside the content string as Markdown,
a data URL, bare base64 or a link; all are read.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from .._catalog.providers import Provider
from .._images.data import ImageData
from .._messages import Answer, Blob, EditRequest, Question, Usage
from .._strings import say
from ..errors import InvalidRequestError
from .base import STREAM, Call, Refusal, Served
from .body import Body, Writer
from .money import stated_cost
from .openai_errors import encode_error
from .pictures import Found, address_of, find_pictures, once, picture
from .requests import inline_image, json_object, whole, with_fields

PATH = "/v1/chat/completions"


def encode_request(request: EditRequest, *, modalities: bool = False) -> Body:
    """The JSON of one edit; ``modalities`` asks for pictures where the provider wants it said."""
    writer = Writer()
    content: list[dict[str, Any]] = [{"type": "text", "text": request.prompt}]
    for image in request.images:
        url = f"data:{image.mime_type};base64,{writer.hold(image)}"
        content.append({"type": "image_url", "image_url": {"url": url}})
    document: dict[str, Any] = {
        "model": request.model,
        "stream": False,
        "messages": [{"role": "user", "content": content}],
    }
    if modalities:
        document["modalities"] = ["text"] if isinstance(request, Question) else ["image", "text"]
    if isinstance(request, Question) and request.temperature is not None:
        document["temperature"] = request.temperature
    config = {"aspect_ratio": request.aspect_ratio, "image_size": request.image_size}
    if request.seed is not None:
        document["seed"] = request.seed
    if any(config.values()):
        document["image_config"] = {name: value for name, value in config.items() if value}
    return writer.body(with_fields(document, request.extra))


def decode_request(body: bytes) -> EditRequest:
    """What a request asks for: the last user message's text and pictures.

    Raises:
        InvalidRequestError: the body is not a request of this wire.
    """
    document = json_object(body)
    messages = document.get("messages")
    if not isinstance(messages, list) or not messages or not isinstance(messages[-1], Mapping):
        raise InvalidRequestError(say("wire.no_messages"))
    content = messages[-1].get("content")
    items = content if isinstance(content, list) else [{"type": "text", "text": content}]
    texts: list[str] = []
    images: list[ImageData] = []
    for item in items:
        if not isinstance(item, Mapping):
            continue
        if isinstance(item.get("text"), str):
            texts.append(str(item["text"]))
        url = _url_of(item.get("image_url"))
        if url is not None:
            if url[:5].lower() != "data:":
                raise InvalidRequestError(say("wire.links_refused", url=url[:80]))
            images.append(inline_image(url))
    config = document.get("image_config")
    config = config if isinstance(config, Mapping) else {}
    kind = Question if document.get("modalities") == ["text"] else EditRequest
    return kind(
        "\n".join(texts),
        tuple(images),
        model=document.get("model"),
        aspect_ratio=config.get("aspect_ratio"),
        image_size=config.get("image_size"),
        seed=whole(document.get("seed")),
    )


def encode_answer(answer: Answer) -> bytes:
    """The JSON of a reply in apiyi's form: pictures as Markdown inside the content string.

    The form has no place of its own for why there is none: that becomes what the model says.
    """
    writer = Writer()
    shown = [f"![image](data:{i.mime_type};base64,{writer.hold(i)})" for i in answer.images]
    content = "\n\n".join([*filter(None, [answer.text or answer.finish_message]), *shown])
    ended = "content_filter" if answer.block_reason else answer.finish_reason
    usage = answer.usage or Usage()
    return bytes(
        writer.body(
            {
                "id": answer.response_id or "chatcmpl-sandbox",
                "object": "chat.completion",
                "created": 0,
                "model": answer.model,
                "choices": [
                    {
                        "index": 0,
                        "message": {"role": "assistant", "content": content},
                        "finish_reason": "stop" if ended in (None, "STOP") else ended,
                    }
                ],
                "usage": {
                    "prompt_tokens": usage.input_tokens or 0,
                    "completion_tokens": usage.output_tokens or 0,
                    "total_tokens": usage.total_tokens or 0,
                },
            }
        )
    )


def decode_answer(documents: Sequence[Mapping[str, Any]], blobs: Mapping[str, Blob]) -> Answer:
    """What a reply of one or more documents (a stream's chunks) held."""
    told = Answer()
    pictures = Found()
    written = ""
    for document in documents:
        told = replace(
            told,
            model=told.model or _word(document.get("model")),
            response_id=told.response_id or _word(document.get("id")),
            usage=read_usage(document) or told.usage,
            cost=stated_cost(document) or told.cost,
        )
        choices = document.get("choices")
        for choice in choices if isinstance(choices, list) else [choices]:
            if not isinstance(choice, Mapping):
                continue
            message = choice.get("message") or choice.get("delta") or {}
            message = message if isinstance(message, Mapping) else {"content": message}
            told = _ended(choice, message, told)
            for items in _shelves(message):
                pictures += _of_items(items, blobs)
            said = "".join(
                text
                for part in (message.get("content"), message.get("multi_mod_content"), choice.get("text"))
                for text in _texts(part)
            )
            # After its deltas a stream may repeat the whole message.
            written = said if choice.get("message") and said.startswith(written) else written + said
        if document.get("type") == "ar_delta":  # vLLM-Omni: what the model writes before it paints
            written += "".join(_texts(document.get("delta")))
        pictures += _of_items(document.get("data"), blobs) + _of_items(document.get("images"), blobs)
        if "b64_json" in document:  # the event that ends a stream of pictures
            pictures += _of_items([document], blobs)
    spoken = _after_thought(written)
    in_text = find_pictures(spoken, blobs)
    pictures += in_text
    images = once(pictures.images)
    notes = ["broken_image"] * bool(pictures.broken) + ["maybe_drafts"] * (len(images) > 1)
    return replace(
        told,
        images=images,
        links=tuple(dict.fromkeys(pictures.links)),
        mentions=tuple(dict.fromkeys(pictures.mentions)),
        text=in_text.text if in_text else spoken.strip(),
        said=written,
        notes=tuple(notes),
    )


def _after_thought(text: str) -> str:
    """What a model said after a thought that stands first in its words: a draft in there is no result."""
    for mark in ("think", "thinking"):
        if text.lstrip()[:12].lower().startswith(f"<{mark}>"):
            _, end, after = text.partition(f"</{mark}>")
            return after if end and after.strip() else text
    return text


def _word(value: Any) -> str | None:
    return value if isinstance(value, str) and value else None


def _ended(choice: Mapping[str, Any], message: Mapping[str, Any], told: Answer) -> Answer:
    """Why the choice ended: the service's own word if the gateway passes it on, else the gateway's."""
    own = choice.get("provider_specific_fields")
    native = choice.get("native_finish_reason")
    if not native and isinstance(own, Mapping):
        native = own.get("native_finish_reason")
    reason = choice.get("finish_reason")
    if isinstance(native, str) and native.upper() not in ("", "STOP", "COMPLETED", "END_TURN"):
        told = replace(told, finish_reason=native)
    elif reason and told.finish_reason is None:
        told = replace(told, finish_reason=str(reason))
    if refusal := _word(message.get("refusal")):
        told = replace(told, finish_reason="content_filter", finish_message=refusal)
    return told


def _texts(content: Any) -> list[str]:
    """The text of a content string or of the text items of a content list."""
    if isinstance(content, str):
        return [content]
    if isinstance(content, Mapping):
        content = [content]
    if not isinstance(content, list):
        return []
    texts = []
    for item in content:
        if isinstance(item, str):
            texts.append(item)
        elif isinstance(item, Mapping) and isinstance(item.get("text"), str):
            texts.append(item["text"])
    return texts


_NO_PICTURES = frozenset(
    {"role", "refusal", "reasoning", "reasoning_content", "reasoning_details", "tool_calls", "annotations"}
    | {"images", "content"}
)


def _shelves(message: Mapping[str, Any]) -> Iterator[Any]:
    """Where a message may hold picture items: ``images`` first, then its content, then any other list."""
    yield message.get("images")
    yield _lists(message.get("content"))
    for key, value in message.items():
        if key in ("image", "image_url", "image_urls"):
            yield value
        elif key not in _NO_PICTURES:
            yield _lists(value)


def _lists(value: Any) -> list[Any]:
    """The objects of a list, or the one object; words are read elsewhere."""
    items = value if isinstance(value, list) else [value]
    return [item for item in items if isinstance(item, Mapping)]


def _of_items(items: Any, blobs: Mapping[str, Blob]) -> Found:
    """The pictures of a list of items: ``image_url``, ``b64_json``, ``url``, ``inline_data``, …"""
    images: list[ImageData] = []
    links: list[str] = []
    broken = 0
    items = [items] if isinstance(items, (Mapping, str)) else items
    for item in items if isinstance(items, list) else []:
        texts = _picture_texts(item)
        address = next(filter(None, map(address_of, texts)), "")
        image = next(filter(None, (picture(text, blobs) for text in texts if not address_of(text))), None)
        images += [] if image is None else [image]
        links += [address] if address else []  # beside bytes as well: they may be a preview, or cut
        broken += bool(texts) and image is None and not address
    return Found(tuple(images), tuple(links), "", broken)


def _picture_texts(item: Any) -> list[str]:
    """The base64 of one item, and the link or data URL beside it; its source where that is all there is."""
    if isinstance(item, str):
        return [item] if item else []
    if not isinstance(item, Mapping):
        return []
    own = ("data",) if "image" in str(item.get("type")) else ()
    named = ("b64_json", "image_base64", "base64", "b64", "file_data", "result", *own)
    data = next((value for key in named if isinstance(value := item.get(key), str) and value), "")
    keys = ("image_url", "image", "url", "imageUrl", "output_image", "file")
    link = next(filter(None, (_url_of(item.get(key)) for key in keys)), "")
    inline = item.get("inline_data") or item.get("inlineData") or item.get("source")
    inner = inline.get("data") if isinstance(inline, Mapping) and not (data or link) else None
    return [text for text in (data, link, inner) if isinstance(text, str) and text]


def _url_of(value: Any) -> str | None:
    if isinstance(value, Mapping):
        value = next((value[key] for key in ("url", "data", "b64_json", "file_data") if value.get(key)), None)
    return value if isinstance(value, str) and value else None


def read_usage(document: Mapping[str, Any]) -> Usage | None:
    """The token counts of a reply, or None."""
    usage = document.get("usage")
    if not isinstance(usage, Mapping) or not usage:
        return None

    def count(node: Any, *names: str) -> int | None:
        for name in names:
            value = node.get(name) if isinstance(node, Mapping) else None
            if isinstance(value, (int, float)) and 0 <= value < 1e15:
                return int(value)
        return None

    details = usage.get("completion_tokens_details") or usage.get("output_tokens_details")
    sent = usage.get("prompt_tokens_details") or usage.get("input_tokens_details")
    return Usage(
        input_tokens=count(usage, "prompt_tokens", "input_tokens"),
        output_tokens=count(usage, "completion_tokens", "output_tokens"),
        thought_tokens=count(details, "reasoning_tokens"),
        image_tokens=count(details, "image_tokens"),
        total_tokens=count(usage, "total_tokens"),
        input_text_tokens=count(sent, "text_tokens"),
        input_image_tokens=count(sent, "image_tokens"),
    )


def _wants_stream(body: bytes) -> bool:
    try:
        return json_object(body).get("stream") is True
    except InvalidRequestError:  # a fault is played whatever the body is
        return False


def _stream(content: bytes) -> Iterator[bytes]:
    """A whole answer as the events of a stream."""
    whole = json.loads(content)
    head = {key: whole[key] for key in ("id", "created", "model")} | {"object": "chat.completion.chunk"}
    (choice,) = whole["choices"]
    deltas: tuple[tuple[dict[str, Any], str | None], ...] = (
        ({"role": "assistant", "content": ""}, None),
        ({"content": choice["message"]["content"]}, None),
        ({}, choice["finish_reason"]),
    )
    for delta, finish in deltas:
        chunk = {**head, "choices": [{"index": 0, "delta": delta, "finish_reason": finish}]}
        if finish:
            chunk["usage"] = whole["usage"]
        yield b"data: " + json.dumps(chunk, ensure_ascii=False).encode() + b"\n\n"
    yield b"data: [DONE]\n\n"


class OpenAI:
    """The chat wire as a row of the table."""

    name = "openai"
    turns = False
    pixels = False
    masks = False
    words = True

    @property
    def title(self) -> str:
        """What it is, in a word."""
        return say("wire.openai")

    def path(self, request: EditRequest) -> str:
        """One for all models."""
        return PATH

    def encode(self, request: EditRequest, provider: Provider) -> Body:
        """Some gateways answer in words unless pictures are asked for."""
        told = provider.asks_for_words if isinstance(request, Question) else provider.asks_for_pictures
        return encode_request(request, modalities=told)

    def serves(self, path: str) -> bool:
        """The path's end; what stands before it is the gateway's."""
        return path.endswith("/chat/completions")

    def decode_request(self, call: Call) -> EditRequest:
        """What the last user message asks for."""
        return decode_request(call.body)

    def encode_answer(self, answer: Answer, call: Call) -> Served:
        """As apiyi writes it, whole or as a stream of chunks."""
        content = encode_answer(answer)
        if not _wants_stream(call.body):
            return Served(content)
        return Served(b"".join(_stream(content)), content_type=STREAM)

    def encode_error(self, refusal: Refusal) -> Served:
        """As apiyi writes it."""
        return encode_error(refusal)


WIRE = OpenAI()
