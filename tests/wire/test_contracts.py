"""Our requests by the official packages' own types, and our answers through the official clients' own readers."""

from __future__ import annotations

import json

import httpx
import openai as official_openai
import pytest
from google import genai
from google.genai import types
from openai.types.chat import ChatCompletion, CompletionCreateParams
from pydantic import TypeAdapter

from nb_banana._images.data import ImageData
from nb_banana._messages import Answer, EditRequest, Usage
from nb_banana._wire import gemini, openai
from nb_banana._wire.turns import user_turn

from .answers import PICTURES, inline, text

IMAGES = tuple(ImageData.from_bytes(PICTURES[letter]) for letter in "AC")
REQUESTS = {
    "words": EditRequest("a red sofa", model="gemini-3-pro-image-preview"),
    "pictures": EditRequest("变成棕色", IMAGES, model="gemini-3-pro-image-preview", aspect_ratio="16:9", image_size="2K"),
    "emoji": EditRequest("🍌 \u2028 \"quotes\" \\ \x01", IMAGES[:1], model="gemini-3-pro-image-preview"),
}
ANSWER = Answer(
    IMAGES,
    text="Here you are.",
    usage=Usage(input_tokens=7, output_tokens=1120, image_tokens=1120, total_tokens=1127),
    finish_reason="STOP",
    model="gemini-3-pro-image-preview",
    response_id="r1",
)


@pytest.mark.parametrize("name", REQUESTS)
def test_the_native_request_is_what_google_genai_knows(name: str) -> None:
    """Contents and configuration validate by google-genai's models, which refuse unknown fields."""
    request = REQUESTS[name]
    body = json.loads(bytes(gemini.encode_request(request)))
    assert set(body) == {"contents", "generationConfig"}
    contents = [types.Content.model_validate(content) for content in body["contents"]]
    types.GenerateContentConfig.model_validate(body["generationConfig"])
    parts = contents[0].parts or []
    assert [part.inline_data.data for part in parts if part.inline_data] == [image.data for image in request.images]
    assert parts[0].text == request.prompt


def test_a_conversation_is_what_google_genai_knows() -> None:
    """A continued conversation validates as well, signatures included."""
    first = user_turn(EditRequest("first", IMAGES))
    model = gemini.decode_answer([{"candidates": [{"content": {"role": "model", "parts": [text("ok"), inline("A", thoughtSignature="c2ln")]}}]}], {}).turn
    assert model is not None
    body = json.loads(bytes(gemini.encode_request(EditRequest("again", turns=(first, model)))))
    contents = [types.Content.model_validate(content) for content in body["contents"]]
    assert [content.role for content in contents] == ["user", "model", "user"]
    assert (contents[1].parts or [])[1].thought_signature == b"sig"


@pytest.mark.parametrize("name", REQUESTS)
def test_the_chat_request_is_what_openai_knows(name: str) -> None:
    """The body validates by openai's typed parameters; OpenRouter's own two fields are the only others."""
    body = json.loads(bytes(openai.encode_request(REQUESTS[name], modalities=True)))
    assert body.pop("modalities") == ["image", "text"]
    assert set(body.pop("image_config", {})) <= {"aspect_ratio", "image_size"}
    known = set().union(*(part.__annotations__ for kind in CompletionCreateParams.__args__ for part in kind.__mro__ if hasattr(part, "__annotations__")))  # type: ignore[attr-defined]
    assert set(body) <= known
    TypeAdapter(CompletionCreateParams).validate_python(body)
    content = body["messages"][0]["content"]
    assert [item["type"] for item in content] == ["text"] + ["image_url"] * len(REQUESTS[name].images)


def test_google_genai_reads_our_answer() -> None:
    """The official client parses what the native encoder writes: pictures, text, usage, reason."""

    def reply(request: httpx.Request) -> httpx.Response:
        asked = gemini.decode_request(request.content, request.url.path)
        assert asked.model == "gemini-3-pro-image-preview" and [i.data for i in asked.images] == [IMAGES[0].data]
        assert (asked.prompt, asked.aspect_ratio, asked.image_size) == ("edit it", "16:9", "2K")
        return httpx.Response(200, content=gemini.encode_answer(ANSWER), headers={"content-type": "application/json"})

    options = types.HttpOptions(base_url="https://sandbox.example.com", httpx_client=httpx.Client(transport=httpx.MockTransport(reply)))
    client = genai.Client(api_key="any", http_options=options)
    config = types.GenerateContentConfig(response_modalities=["IMAGE"], image_config=types.ImageConfig(aspect_ratio="16:9", image_size="2K"))
    part = types.Part.from_bytes(data=IMAGES[0].data, mime_type="image/png")
    got = client.models.generate_content(model="gemini-3-pro-image-preview", contents=["edit it", part], config=config)
    parts = got.candidates[0].content.parts  # type: ignore[index, union-attr]
    assert [p.inline_data.data for p in parts if p.inline_data] == [image.data for image in IMAGES]  # type: ignore[union-attr]
    assert parts[0].text == "Here you are."  # type: ignore[index]
    assert got.usage_metadata.total_token_count == 1127 and got.response_id == "r1"  # type: ignore[union-attr]
    assert got.candidates[0].finish_reason == types.FinishReason.STOP  # type: ignore[index]


def test_openai_reads_our_answer() -> None:
    """The official client parses what the chat encoder writes."""

    def reply(request: httpx.Request) -> httpx.Response:
        asked = openai.decode_request(request.content)
        assert asked.prompt == "edit it" and [i.data for i in asked.images] == [IMAGES[1].data]
        return httpx.Response(200, content=openai.encode_answer(ANSWER), headers={"content-type": "application/json"})

    client = official_openai.OpenAI(api_key="any", base_url="https://sandbox.example.com/v1", http_client=httpx.Client(transport=httpx.MockTransport(reply)))
    body = json.loads(bytes(openai.encode_request(EditRequest("edit it", IMAGES[1:], model="m"))))
    got = client.chat.completions.create(**body)
    assert isinstance(got, ChatCompletion) and got.usage is not None and got.usage.total_tokens == 1127
    read = openai.decode_answer([got.model_dump()], {})
    assert [image.data for image in read.images] == [image.data for image in IMAGES] and read.text == "Here you are."
