"""What people reported in public about clients of these services, rebuilt in our own words, through the public client.

Reports that are a kind of their own have a file of their own: receipts, conversations, paid links, echoes (beside the
wires), what failures say, ids and fields.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cache
from io import BytesIO
from typing import Any

import pytest
from PIL import Image

import nb_banana as nb

from .misbehaving import KEY, Server, leaks, picture, response, serving
from .test_conversation_pictures import b64, inline, native, url

PHOTO, MADE, DRAFT = picture((200, 90, 40)), picture((10, 60, 220)), picture((90, 90, 90))
SIGNED = "/files/made.png?Expires=1790000000&OSSAccessKeyId=LTAI5example&Signature=a%2Bb%2Fc%3D"
NEW_KEY = "AQ.Zq8RexampleKey0fThisYear_abcdefghijklmnop-456"


def jpeg() -> bytes:
    out = BytesIO()
    Image.new("RGB", (40, 30), "teal").save(out, "JPEG")
    return out.getvalue()


JPEG = jpeg()


@dataclass(frozen=True)
class Case:
    """A reply, what comes of it, and what a person reads."""

    body: Callable[[str], str]
    wire: Any = "openai"
    status: int = 200
    pictures: tuple[bytes, ...] = (MADE,)
    tells: tuple[str, ...] = ()
    silent: tuple[str, ...] = ()
    fetches: tuple[str, ...] = ()
    settings: dict[str, Any] = field(default_factory=dict)
    key: str = KEY


def said(document: Any) -> Callable[[str], str]:
    return lambda _: json.dumps(document, ensure_ascii=False)


def chat(words: str, **more: Any) -> dict[str, Any]:
    return {"id": "chatcmpl-1", "choices": [{"index": 0, "message": {"role": "assistant", "content": words, **more}, "finish_reason": "stop"}]}


def linked(words: str, wire: str = "openai") -> Callable[[str], str]:
    """A reply in whose words an address stands, ``{at}`` for the service's own."""

    def body(at: str) -> str:
        text = words.replace("{at}", at)
        return json.dumps(chat(text) if wire == "openai" else native({"text": text}))

    return body


@cache
def sized(width: int, height: int) -> bytes:
    return picture((10, 60, 220), (width, height))


CASES: dict[str, Case] = {
    # More was asked and paid than came.
    "4K asked, 1K came": Case(
        said({**native(inline(sized(1376, 768))), "modelVersion": "gemini-3-pro-image"}), wire="gemini", pictures=(sized(1376, 768),),
        settings={"model": "gemini-3-pro-image", "aspect_ratio": "16:9", "image_size": "4K"}, tells=("4K", "5504×3072", "1376×768")),
    "2K asked without a ratio, 1K came": Case(
        said(native(inline(sized(1024, 1024)))), wire="gemini", pictures=(sized(1024, 1024),),
        settings={"model": "gemini-3-pro-image", "image_size": "2K"}, tells=("2K", "2048×2048", "1024×1024")),
    "4K asked and come": Case(
        said(native(inline(sized(4096, 4096)))), wire="gemini", pictures=(sized(4096, 4096),),
        settings={"model": "gemini-3-pro-image", "aspect_ratio": "1:1", "image_size": "4K"}, silent=("Asked for 1:1",)),
    "another model answered": Case(said({**chat(f"![i]({url(MADE)})"), "model": "gpt-image-2.5-flare"}), settings={"model": "gemini-3-pro-image"}, tells=("gpt-image-2.5-flare",)),
    # The gateway's own answers to fields it does not know.
    "imageSize refused": Case(
        said({"error": {"code": 400, "message": "Unknown name \"imageSize\" at 'generation_config.image_config'", "status": "INVALID_ARGUMENT"}}),
        wire="gemini", status=400, pictures=(), settings={"model": "gemini-3-pro-image", "image_size": "2K"}, tells=("imageSize", "ratio or size")),
    # A key of the newest form is no stranger, and never shown.
    "a new key echoed in an error": Case(
        said({"error": {"code": 400, "message": f"API key not valid: {NEW_KEY}.", "status": "INVALID_ARGUMENT"}}), wire="gemini", status=400, pictures=(), key=NEW_KEY, tells=("refused the key",)),
    # Forms of other APIs on the address that was asked.
    "Responses, the picture as Markdown": Case(
        said({"object": "response", "output": [{"type": "reasoning", "summary": []}, {"type": "message", "role": "assistant", "content": [{"type": "output_text", "text": f"There:\n![image]({url(MADE)})", "annotations": []}]}]})),
    "Responses, the picture as a call": Case(said({"object": "response", "status": "completed", "output": [{"type": "image_generation_call", "status": "completed", "result": b64(MADE)}]})),
    "steps with the user's picture and a thought": Case(
        said({"object": "interaction", "status": "completed", "steps": [
            {"type": "user_input", "content": [{"type": "image", "mime_type": "image/png", "data": b64(PHOTO)}]},
            {"type": "thought", "summary": [{"type": "image", "data": b64(DRAFT)}]},
            {"type": "model_output", "content": [{"type": "image", "data": b64(MADE)}]}]}), wire="gemini"),
    "a job's report with input and address": Case(
        lambda at: json.dumps({"id": "g", "status": "COMPLETED", "input": {"images": [url(PHOTO)]}, "output": [f"{at}/files/made.png"]}), fetches=("/files/made.png",)),
    "pictures beside the words": Case(said(chat("Here.", images=[{"type": "image_url", "image_url": {"url": url(MADE)}}]))),
    "no words at all": Case(said(chat("", images=[{"image_url": {"url": url(MADE)}}]) | {"usage": None})),
    # Addresses, however they are written.
    "a signed address, & as \\u0026": Case(lambda at: linked(f"{{at}}{SIGNED}", "gemini")(at).replace("&", "\\u0026"), wire="gemini", fetches=(SIGNED,)),
    "a signed address, & as &amp;": Case(linked(f'<img src="{{at}}{SIGNED.replace("&", "&amp;")}">'), fetches=(SIGNED,)),
    "a signed address, / as \\/": Case(lambda at: linked(f"![i]({{at}}{SIGNED})")(at).replace("/", "\\/"), fetches=(SIGNED,)),
    "a signed address as JSON in words": Case(linked(json.dumps({"url": f"{{at}}{SIGNED}"})), fetches=(SIGNED,)),
    "a signed address in a sentence": Case(linked(f"完成：{{at}}{SIGNED}，请在24小时内下载。"), fetches=(SIGNED,)),
    "another name of this machine": Case(lambda at: json.dumps({"data": [{"url": f"{at}/files/made.png".replace("127.0.0.1", "localhost")}]}), fetches=("/files/made.png",)),
    "a path at the service": Case(said({"data": [{"url": "/files/made.png?sig=1"}]}), fetches=("/files/made.png?sig=1",)),
    "a path at the service, native": Case(said(native({"fileData": {"fileUri": "/files/made.webp"}})), wire="gemini", fetches=("/files/made.webp",)),
    "base64 that begins as a path does": Case(said({"data": [{"b64_json": b64(JPEG)}]}), pictures=(JPEG,)),
    # Words are no picture.
    "a refusal that names the user's address": Case(linked("I can't open {at}/mine.png. Please attach the picture."), pictures=(), tells=("can't open",)),
    "the same, native": Case(linked("I am unable to access {at}/mine.png", "gemini"), wire="gemini", pictures=(), tells=("unable to access",)),
    "reasoning only": Case(said({"object": "response", "input": [{"role": "user", "content": [{"type": "input_image", "image_url": url(PHOTO)}]}], "output": [{"type": "message", "content": [{"type": "output_text", "text": "The style is late Gothic."}]}]}), pictures=(), tells=("late Gothic",)),
}  # fmt: skip


@pytest.fixture
def service() -> Iterator[tuple[Server, list[Case]]]:
    """Answers a POST as the case says, and gives the made picture for any other request but one."""
    case: list[Case] = []

    def behave(connection: Any, seen: Any, _number: int) -> None:
        if seen.head.startswith(b"POST"):
            connection.sendall(response(case[0].body(server.url).encode(), case[0].status))
        elif b"/mine" in seen.head.split(b"\r\n")[0]:
            connection.sendall(response(PHOTO, content_type="image/png"))
        else:
            connection.sendall(response(MADE, content_type="image/png"))

    with serving(behave) as server:
        yield server, case


@pytest.mark.parametrize("name", CASES)
def test_a_reported_reply_gives_its_picture_or_its_words(name: str, service: tuple[Server, list[Case]]) -> None:
    """The made picture and no other, at the address that was meant; else an error; what must be told is told, no key is."""
    server, cases = service
    case = CASES[name]
    cases.append(case)
    client = nb.Client(nb.Endpoint(server.url, case.key, wire=case.wire), retries=0)
    got: nb.EditResult | nb.NanoBananaError
    try:
        got = client.edit(PHOTO, f"make the cat at {server.url}/mine.png blue", **case.settings)
    except nb.NanoBananaError as error:
        got = error
    if case.pictures:
        assert isinstance(got, nb.EditResult), got
        assert tuple(image.data for image in got.images) == case.pictures
        words = "\n".join((got.text, *got.warnings))
    else:
        assert isinstance(got, nb.NanoBananaError)
        words = f"{got}\n{got.body}"
    assert all(told in words for told in case.tells), words
    assert not any(told in words for told in case.silent), words
    assert not leaks(words, case.key)
    paths = tuple(seen.head.split(b" ")[1].decode() for seen in server.requests if seen.head.startswith(b"GET"))
    assert (server.posts, paths) == (1, case.fetches)
    assert not re.search(r"[A-Za-z0-9+/]{120}", words if case.pictures else str(got))
