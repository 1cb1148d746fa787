"""Our Images API requests beside those of the official `openai` package, and what a vLLM-Omni server reads of them."""

from __future__ import annotations

import ast
import json
import os
import zipfile
from dataclasses import replace
from email import message_from_bytes
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path
from typing import Any

import httpx
import openai
import pytest
from openai.types.image_edit_params import ImageEditParamsBase
from openai.types.image_generate_params import ImageGenerateParamsBase
from PIL import Image

import nb_banana as nb
from nb_banana._catalog.providers import PROVIDERS
from nb_banana._images import masks
from nb_banana._images.data import ImageData
from nb_banana._messages import EditRequest
from nb_banana._sandbox.server import Server
from nb_banana._wire.images import EDITS, GENERATIONS, encode_request

from .answers import PICTURES, b64

MODEL, PROMPT = "gpt-image-2.5-flare", "make it “brown” \\ \r\n变成棕色"
PHOTOS = tuple(ImageData.from_bytes(PICTURES[letter]) for letter in "ACD")
MASK = masks.hole(masks.plane((0.25, 0.25, 0.5, 0.5), PHOTOS[0]), PHOTOS[0].shown_size)
EXTRA = {"quality": "low", "background": "opaque", "output_format": "webp", "output_compression": 80, "stream": True}


def parsed(body: bytes, content_type: str) -> tuple[dict[str, str], list[tuple[str, str, bytes]]]:
    """A form by the standard library's own reader: its words by name; name, kind and bytes of each file, in order."""
    form = message_from_bytes(b"Content-Type: " + content_type.encode() + b"\r\n\r\n" + body)
    assert form.is_multipart() and not form.defects
    words, files = {}, []
    for part in form.get_payload():
        name, data = str(part.get_param("name", header="content-disposition")), part.get_payload(decode=True)
        if part.get_filename() is None:
            assert name not in words
            words[name] = data.decode()
        else:
            files.append((name, part.get_content_type(), data))
    return words, files


def official(**asked: Any) -> httpx.Request:
    """The request that the official package sends."""
    sent: list[httpx.Request] = []

    def reply(request: httpx.Request) -> httpx.Response:
        sent.append(request)
        return httpx.Response(200, json={"created": 0, "data": []})

    http = httpx.Client(transport=httpx.MockTransport(reply))
    client = openai.OpenAI(api_key="any", base_url="https://api.example.com/v1", http_client=http)
    (client.images.edit if "image" in asked else client.images.generate)(**asked)
    sent[0].read()
    return sent[0]


def part(image: ImageData, number: int = 1) -> tuple[str, bytes, str]:
    return (f"photo-{number}.{image.mime_type.rpartition('/')[2]}", image.data, image.mime_type)


@pytest.mark.parametrize("count", [1, 3])
@pytest.mark.parametrize("masked", [False, True], ids=["whole", "masked"])
@pytest.mark.parametrize("extra", [None, EXTRA], ids=["plain", "extra"])
def test_our_form_is_the_one_that_the_official_package_sends(count: int, masked: bool, extra: dict | None) -> None:
    """Field for field, file for file, kind for kind: one picture or several, with a mask and with further fields."""
    request = EditRequest(
        PROMPT, PHOTOS[:count], model=MODEL, image_size="1024x1024", mask=MASK if masked else None, extra=extra
    )
    ours = encode_request(request, PROVIDERS["openai"])
    pictures = [part(image, number) for number, image in enumerate(PHOTOS[:count])]
    theirs = official(
        image=pictures if count > 1 else pictures[0], prompt=request.prompt, model=MODEL, size="1024x1024", n=1,
        **({"mask": part(MASK)} if masked else {}), **(extra or {}),
    )  # fmt: skip
    words, files = parsed(bytes(ours), ours.content_type)
    other_words, other_files = parsed(theirs.content, theirs.headers["content-type"])
    assert str(theirs.url) == f"https://api.example.com{EDITS}"
    assert words == other_words and words["prompt"] == request.prompt
    assert sorted(files) == sorted(other_files)
    assert [file[2] for file in files] == [image.data for image in (*PHOTOS[:count], *([MASK] * masked))]
    assert set(words) | {name.removesuffix("[]") for name, _, _ in files} <= {*ImageEditParamsBase.__annotations__, "stream"}


@pytest.mark.parametrize("extra", [None, EXTRA], ids=["plain", "extra"])
def test_our_json_is_the_one_that_the_official_package_sends(extra: dict | None) -> None:
    """A new picture is asked for with the very document that the package writes."""
    request = EditRequest(PROMPT, model=MODEL, image_size="1536x864", extra=extra)
    ours = encode_request(request, PROVIDERS["openai"])
    theirs = official(prompt=request.prompt, model=MODEL, size="1536x864", n=1, **(extra or {}))
    assert json.loads(bytes(ours)) == json.loads(theirs.content)
    assert str(theirs.url) == f"https://api.example.com{GENERATIONS}"
    assert ours.content_type == theirs.headers["content-type"] == "application/json"
    assert set(json.loads(bytes(ours))) <= {*ImageGenerateParamsBase.__annotations__, "stream"}


def test_our_client_edits_and_makes_pictures_over_the_images_api(server: Server) -> None:
    """Through both doors to pictures, with mask, seed and usage by kind of token, and one request each in the log."""
    photo = Image.effect_noise((320, 240), 60).convert("RGB")
    with nb.Client(nb.Endpoint(server.url, "sk-0123456789abcdef", wire="images")) as client:
        edit = client.edit(photo, "make it night", model=MODEL, image_size="320x240", mask=(0.5, 0, 0.5, 1))
        new = client.generate("a cat", model=MODEL, aspect_ratio="16:9")
        streamed = client.generate("a cat", model=MODEL, aspect_ratio="16:9", extra={"stream": True, "partial_images": 2})
    assert edit.image.to_pil().crop((0, 0, 160, 240)).tobytes() == photo.crop((0, 0, 160, 240)).tobytes()
    assert (edit.usage.input_image_tokens, edit.usage.output_tokens) == (560, 1120)
    assert (new.image.width, new.image.height) == (1360, 768)
    assert [image.data for image in streamed.images] == [new.image.data]
    assert [(entry.path, entry.status) for entry in server.requests] == [(EDITS, 200), (GENERATIONS, 200), (GENERATIONS, 200)]


def test_pixels_that_were_typed_are_compared_with_what_came() -> None:
    """A picture of the very pixels asked for needs no word, whatever ratio is near them; other pixels are told."""
    photo = Image.new("RGB", (320, 240), "teal")
    with nb.Client(nb.Endpoint.sandbox(wire="images")) as client:
        assert client.edit(photo, "make it night", model=MODEL, image_size="512x320").warnings == ()
    reply = httpx.Response(200, json={"created": 0, "data": [{"b64_json": b64("E")}]})
    other = httpx.MockTransport(lambda _: reply)
    with nb.Client(nb.Endpoint("https://api.example.com", "sk-0123456789abcdef", wire="images"), transport=other) as client:
        (told,) = client.edit(photo, "make it night", model=MODEL, image_size="160x112").warnings
    assert "160x112" in told and "160×120" in told


# --- vLLM-Omni -----------------------------------------------------------------------------------

SERVER = "vllm_omni/entrypoints/openai/api_server.py"
KEPT = Path(__file__).resolve().parents[1] / "data" / "vllm-omni" / "edit_images.json"
WHEEL = os.environ.get("NB_BANANA_VLLM_OMNI_WHEEL", "")
"""Read when this file is loaded: a test starts without anybody's variables."""


def source() -> str | None:
    """The server's source: of a wheel that was named, else of an installed package; it is never run."""
    if WHEEL:
        with zipfile.ZipFile(WHEEL) as wheel:
            return wheel.read(SERVER).decode()
    try:
        return Path(str(distribution("vllm-omni").locate_file(SERVER))).read_text(encoding="utf-8")
    except (PackageNotFoundError, OSError):
        return None


def signature(text: str) -> dict[str, Any]:
    """The form fields of `edit_images` by the names they have on the wire, each with its default."""
    functions = (node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.AsyncFunctionDef))
    given = next(node for node in functions if node.name == "edit_images").args
    names = given.args[len(given.args) - len(given.defaults) :]
    found: dict[str, Any] = {}
    for name, default in zip(names, given.defaults, strict=True):
        called, value = name.arg, default
        if isinstance(default, ast.Call):
            alias = [word.value for word in default.keywords if word.arg == "alias"]
            called = ast.literal_eval(alias[0]) if alias else called
            value = default.args[0]
        constant = isinstance(value, ast.Constant) and value.value is not Ellipsis
        found[called] = value.value if constant else "required"
    return found


def form_fields() -> dict[str, Any]:
    """What the server reads: from its source where that is at hand, else as it was kept."""
    text = source()
    return signature(text) if text else json.loads(KEPT.read_text(encoding="utf-8"))["fields"]


def test_the_reader_of_signatures_reads_this_one() -> None:
    """Names, aliases, defaults and what has none are found in a function written as the server writes it."""
    text = (
        "async def edit_images(raw: Request, image: list | None = File(None), more: list | None = File(None, alias='image[]'),"
        " prompt: str = Form(...), size: str = Form('auto'), n: int = Form(1), mask_image: str | None = None,"
        " level: Annotated[int, Form(ge=0)] = 100) -> None: ..."
    )
    assert signature(text) == {
        "image": None, "image[]": None, "prompt": "required", "size": "auto", "n": 1, "mask_image": None, "level": 100,
    }  # fmt: skip


@pytest.mark.parametrize("count", [1, 2])
def test_a_vllm_omni_server_reads_every_field_of_our_form(count: int) -> None:
    """Of all we send a local server only `mask` is not its own (it is other servers'); what it demands is there."""
    known = form_fields()
    extra = {"num_inference_steps": 4, "true_cfg_scale": 4.0, "negative_prompt": "blur", "strength": 0.7}
    request = EditRequest(PROMPT, PHOTOS[:count], model="Qwen/Qwen-Image-Edit-2511", mask=MASK, seed=7, extra=extra)
    body = encode_request(request, PROVIDERS["local"])
    words, files = parsed(bytes(body), body.content_type)
    names = set(words) | {name for name, _, _ in files}
    assert names - set(known) == {"mask"} and "mask_image" in names
    assert {name for name, default in known.items() if default == "required"} <= names
    assert {name for name, _, _ in files} & {"image", "image[]"} == {"image" if count == 1 else "image[]"}
    assert words["size"] == known["size"] == "auto"
    assert words["response_format"] == known["response_format"] == "b64_json"
    assert (words["seed"], words["n"], words["num_inference_steps"]) == ("7", "1", "4")


def test_a_server_of_ones_own_takes_a_new_picture_too() -> None:
    """What it is asked for a new picture: a size that its reader can parse, its seed, and base64."""
    body = json.loads(bytes(encode_request(EditRequest("a cat", image_size="1K", seed=7), replace(PROVIDERS["local"]))))
    assert body == {"prompt": "a cat", "n": 1, "size": "1024x1024", "seed": 7, "response_format": "b64_json"}


def test_the_kept_signature_says_where_it_is_from() -> None:
    """The fields that stand in for a server that is not at hand name their package, its version, the day and the file."""
    kept = json.loads(KEPT.read_text(encoding="utf-8"))
    assert {"package", "version", "date", "source", "fields"} == set(kept)
    assert kept["source"].startswith(SERVER) and {"image", "image[]", "mask_image", "seed", "prompt"} <= set(kept["fields"])
    if f"-{kept['version']}-" in Path(WHEEL).name:
        assert signature(source() or "") == kept["fields"]
