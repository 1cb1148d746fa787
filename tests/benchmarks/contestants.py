"""The clients that are measured: each a function from a base URL to something that edits.

Rules: everybody gets the inputs as bytes and gives the output as bytes with its SHA-256 known, for a history needs it.
Everybody uses the plainest documented call, with retries off where they could hide a fault. A client's own imports are
in its function, so that a process loads one client only.
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
import socket
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

MODEL = "gemini-3-pro-image-preview"
PROMPT = "Make the sky a little warmer and keep everything else as it is"
KEY = "sk-benchmark-0123456789abcdef"
SECONDS = 120

Edit = Callable[[list[bytes], str], list[str]]
"""Pictures and an image size in; the SHA-256 of each picture out."""


def digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def native_body(images: list[bytes], size: str) -> dict[str, Any]:
    """The native request as plain code builds it."""
    parts: list[dict[str, Any]] = [{"text": PROMPT}]
    parts += [
        {"inline_data": {"mime_type": "image/png", "data": base64.b64encode(image).decode()}} for image in images
    ]
    config = {"responseModalities": ["IMAGE"], "imageConfig": {"aspectRatio": "1:1", "imageSize": size}}
    return {"contents": [{"parts": parts}], "generationConfig": config}


def nb_banana(url: str, wire: str = "gemini") -> Edit:
    import nb_banana as nb

    client = nb.Client(nb.Endpoint(url, KEY, wire=wire), retries=0)
    native = {"aspect_ratio": "1:1"} if wire == "gemini" else {}

    def edit(images: list[bytes], size: str) -> list[str]:
        options = {**native, "image_size": size} if wire == "gemini" else {}
        result = client.edit(images, PROMPT, model=MODEL, **options)
        return [image.sha256 for image in result.images]

    return edit


def nb_banana_openai(url: str) -> Edit:
    return nb_banana(url, "openai")


def nb_banana_images(url: str) -> Edit:
    return nb_banana(url, "images")


def google_genai(url: str) -> Edit:
    from google import genai
    from google.genai import types

    client = genai.Client(api_key=KEY, http_options=types.HttpOptions(base_url=url, timeout=SECONDS * 1000))

    def edit(images: list[bytes], size: str) -> list[str]:
        contents = [PROMPT, *[types.Part.from_bytes(data=image, mime_type="image/png") for image in images]]
        config = types.GenerateContentConfig(
            response_modalities=["IMAGE"], image_config=types.ImageConfig(aspect_ratio="1:1", image_size=size)
        )
        response = client.models.generate_content(model=MODEL, contents=contents, config=config)
        return [digest(part.inline_data.data) for part in response.candidates[0].content.parts if part.inline_data]

    return edit


def openai(url: str) -> Edit:
    from openai import OpenAI

    client = OpenAI(base_url=f"{url}/v1", api_key=KEY, max_retries=0, timeout=SECONDS)

    def edit(images: list[bytes], size: str) -> list[str]:
        content: list[Any] = [{"type": "text", "text": PROMPT}]
        for image in images:
            data = f"data:image/png;base64,{base64.b64encode(image).decode()}"
            content.append({"type": "image_url", "image_url": {"url": data}})
        answer = client.chat.completions.create(model=MODEL, messages=[{"role": "user", "content": content}])
        text = answer.choices[0].message.content or ""
        return [digest(base64.b64decode(run)) for run in re.findall(r"data:image/\w+;base64,([A-Za-z0-9+/=]+)", text)]

    return edit


def openai_images(url: str) -> Edit:
    """The same package's own call for edits: a form."""
    from openai import OpenAI

    client = OpenAI(base_url=f"{url}/v1", api_key=KEY, max_retries=0, timeout=SECONDS)

    def edit(images: list[bytes], size: str) -> list[str]:
        files = [(f"{number}.png", image, "image/png") for number, image in enumerate(images)]
        answer = client.images.edit(image=files, prompt=PROMPT, model=MODEL, size="auto", n=1)
        return [digest(base64.b64decode(one.b64_json)) for one in answer.data]

    return edit


def requests(url: str) -> Edit:
    """How the guide this project grew from does it: everything as one string, one after the other."""
    import requests as library

    address, headers = f"{url}/v1beta/models/{MODEL}:generateContent", {"Authorization": f"Bearer {KEY}"}

    def edit(images: list[bytes], size: str) -> list[str]:
        answer = library.post(address, headers=headers, json=native_body(images, size), timeout=SECONDS)
        answer.raise_for_status()
        parts = answer.json()["candidates"][0]["content"]["parts"]
        return [digest(base64.b64decode(part["inlineData"]["data"])) for part in parts if "inlineData" in part]

    return edit


def floor(url: str) -> Edit:
    """The least that could be done: one kept socket, base64 in pieces both ways, nothing checked."""
    import io

    from pybase64 import b64decode, b64encode

    where = urlsplit(url)
    connection = socket.create_connection((where.hostname, where.port))
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    piece, window = 192 * 1024, memoryview(bytearray(256 * 1024))

    def post(images: list[bytes], size: str) -> None:
        empty = json.dumps(native_body([b""] * len(images), size), separators=(",", ":")).encode()
        texts = empty.split(b'"data":""')
        length = len(empty) + sum(4 * -(-len(image) // 3) for image in images)
        path = f"/v1beta/models/{MODEL}:generateContent"
        head = f"POST {path} HTTP/1.1\r\nHost: {where.netloc}\r\nContent-Length: {length}\r\n\r\n"
        connection.sendall(head.encode() + texts[0])
        for image, text in zip(images, texts[1:], strict=True):
            connection.sendall(b'"data":"')
            view = memoryview(image)
            for at in range(0, len(view), piece):
                connection.sendall(b64encode(view[at : at + piece]))
            connection.sendall(b'"' + text)

    def edit(images: list[bytes], size: str) -> list[str]:
        post(images, size)
        head = b""
        while b'"data": "' not in head:
            head += connection.recv(4096)
        header, _, body = head.partition(b"\r\n\r\n")
        left = int(re.search(rb"Content-Length: (\d+)", header)[1]) - len(body)
        start = body.partition(b'"data": "')[2]
        window[: len(start)] = start
        kept, out, hashed, inside = len(start), io.BytesIO(), hashlib.sha256(), True
        while left > 0:
            got = connection.recv_into(window[kept:], min(left, len(window) - kept))
            left -= got
            if not inside:
                continue
            kept += got
            quote = window.obj.find(b'"', kept - got, kept) if left < 4096 else -1
            inside, cut = quote < 0, (kept if quote < 0 else quote) & ~3
            decoded = b64decode(window[:cut])
            out.write(decoded)
            hashed.update(decoded)
            window[: kept - cut], kept = window[cut:kept], kept - cut
        assert out.getbuffer().nbytes
        return [hashed.hexdigest()]

    return edit


NATIVE = {"nb_banana": nb_banana, "google-genai": google_genai, "requests": requests, "openai": openai, "floor": floor}
ALL = {
    **NATIVE, "nb_banana (openai)": nb_banana_openai, "nb_banana (images)": nb_banana_images,
    "openai (images)": openai_images,
}  # fmt: skip
