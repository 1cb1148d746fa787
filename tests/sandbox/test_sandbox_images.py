"""The sandbox's Images API by the official `openai` package: edits, new pictures, masks, seeds, formats, streams, errors."""

from __future__ import annotations

import base64
import io
import json
from collections.abc import Iterator
from pathlib import Path

import httpx
import numpy as np
import openai
import pytest
from openai.types import (
    ImageEditCompletedEvent,
    ImageEditPartialImageEvent,
    ImageGenCompletedEvent,
    ImageGenPartialImageEvent,
    ImagesResponse,
)
from PIL import Image, ImageChops, ImageDraw

import nb_banana as nb
from nb_banana._catalog.models import MODELS
from nb_banana._images.masks import RED
from nb_banana._sandbox.faults import FAULTS
from nb_banana._sandbox.paint import paint_all
from nb_banana._sandbox.server import Server, serve
from nb_banana._sandbox.service import respond
from nb_banana._strings.wire import TABLE
from nb_banana._wire import failures
from nb_banana._wire.lift import Lifter
from nb_banana._wire.reply import read_reply

GPT, SIZE = "gpt-image-2.5-flare", (320, 240)
EDITS = "http://sandbox.test/v1/images/edits"


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    """A sandbox server of this test module."""
    with serve() as running:
        yield running


@pytest.fixture(scope="module")
def client(server: Server) -> openai.OpenAI:
    """The official client, pointed at it."""
    return openai.OpenAI(api_key="any", base_url=f"{server.url}/v1", max_retries=0)


def noise(seed: int = 0, size: tuple[int, int] = SIZE) -> Image.Image:
    """A picture in which every pixel differs from its neighbours."""
    dice = np.random.default_rng(seed)
    return Image.fromarray(dice.integers(0, 255, (size[1], size[0], 3), dtype=np.uint8))


def hole(size: tuple[int, int] = SIZE) -> Image.Image:
    """A mask whose middle is to be edited."""
    mask = Image.new("RGBA", size, (0, 0, 0, 255))
    mask.paste((0, 0, 0, 0), (size[0] // 4, size[1] // 4, size[0] // 2, size[1] // 2))
    return mask


def file(picture: Image.Image, name: str = "photo.png") -> tuple[str, bytes, str]:
    """A picture as a part of a form."""
    out = io.BytesIO()
    picture.save(out, "PNG")
    return (name, out.getvalue(), "image/png")


def opened(encoded: str | None) -> Image.Image:
    """A picture of an answer."""
    return Image.open(io.BytesIO(base64.b64decode(encoded or "")))


PHOTO, MASK = file(noise()), file(hole(), "mask.png")


def test_outside_the_mask_every_pixel_is_the_photos_own(client: openai.OpenAI) -> None:
    """With a mask only what it leaves transparent changes; without one all of the picture does."""
    asked = {"image": PHOTO, "prompt": "make it night", "model": GPT, "size": "320x240"}
    masked = np.asarray(opened(client.images.edit(**asked, mask=MASK).data[0].b64_json).convert("RGB"), dtype=int)
    whole = np.asarray(opened(client.images.edit(**asked).data[0].b64_json).convert("RGB"), dtype=int)
    inside = np.asarray(hole().getchannel("A")) == 0
    before = np.asarray(noise(), dtype=int)
    assert (masked == before)[~inside].all()
    assert (masked == whole)[inside].all() and (masked != before)[inside].mean() > 0.9
    assert (whole != before)[~inside].mean() > 0.9


def test_a_label_stands_whole_within_the_mask(client: openai.OpenAI) -> None:
    """What only marks a thing is not cut off by the mask: its whole dashed box, and the sandbox's badge, lie inside."""
    photo, size = Image.new("RGB", (480, 320), "olive"), (480, 320)
    mask = Image.new("RGBA", size, (0, 0, 0, 255))
    mask.paste((0, 0, 0, 0), (20, 150, 260, 310))
    asked = {"image": file(photo), "model": GPT, "size": "480x320", "prompt": "Make the eyes glow"}
    shown = np.asarray(opened(client.images.edit(**asked, mask=file(mask, "mask.png")).data[0].b64_json).convert("RGB"))
    dashes = np.argwhere((shown == (142, 204, 255)).all(axis=2))
    (top, left), (bottom, right) = dashes.min(axis=0), dashes.max(axis=0)
    assert 150 < top < bottom < 309 and 20 < left < right < 259
    assert right - left > 60 and bottom - top > 20
    changed = np.argwhere((shown != np.asarray(photo)).any(axis=2))
    assert changed[:, 0].max() > 285 and changed[:, 1].max() > 200  # the badge, in the region's lower right corner


@pytest.mark.parametrize("kind", ["png", "jpeg", "webp"])
def test_several_pictures_are_made_in_the_format_asked_for(client: openai.OpenAI, kind: str) -> None:
    """`n` pictures of two inputs, each another, in the format and of the size asked for, with tokens by kind."""
    got = client.images.edit(
        image=[PHOTO, file(noise(1))], prompt="combine them", model=GPT, size="256x160", n=3, output_format=kind
    )
    pictures = [opened(one.b64_json) for one in got.data]
    assert [(one.format.lower(), one.size) for one in pictures] == [(kind, (256, 160))] * 3
    assert len({one.b64_json for one in got.data}) == 3
    assert (got.output_format, got.size, got.background) == (kind, "256x160", "opaque")
    assert got.usage.input_tokens_details.image_tokens == 2 * 560 and got.usage.input_tokens_details.text_tokens > 0
    assert got.usage.output_tokens == got.usage.total_tokens - got.usage.input_tokens == 3 * 1120


def test_a_stream_shows_drafts_and_ends_with_the_picture(client: openai.OpenAI) -> None:
    """Edits and new pictures stream as many drafts as were asked for, then the picture that comes without a stream."""
    edit = {"image": PHOTO, "prompt": "add a cat", "model": GPT, "size": "320x240", "mask": MASK}
    make = {"prompt": "a cat on a sofa", "model": GPT, "size": "320x240"}
    kinds = [
        (client.images.edit, edit, ImageEditPartialImageEvent, ImageEditCompletedEvent),
        (client.images.generate, make, ImageGenPartialImageEvent, ImageGenCompletedEvent),
    ]
    for call, asked, partial, completed in kinds:
        whole = call(**asked).data[0].b64_json
        for count in (0, 2):
            *drafts, last = call(**asked, stream=True, partial_images=count)
            assert [draft.partial_image_index for draft in drafts] == list(range(count))
            assert all(isinstance(draft, partial) and draft.b64_json != whole for draft in drafts)
            assert isinstance(last, completed) and last.b64_json == whole and last.usage.total_tokens > 1120
            for event, kind in [(last, completed), *((draft, partial) for draft in drafts)]:
                kind.model_validate(event.model_dump(), strict=True)


@pytest.mark.parametrize("prompt", ["make it night", "add a cat", 'write "HELLO"', "a beach as the background"])
def test_an_equal_seed_is_an_equal_picture(client: openai.OpenAI, prompt: str) -> None:
    """Edits and new pictures: the same seed repeats, every other seed and no seed differ, large and negative ones too."""

    def pictures(**asked: object) -> list[str]:
        seeds = ({}, *({"seed": seed} for seed in (0, 1, 5, 9, 2**31 + 1, -3, 5)))
        calls = [client.images.edit if "image" in asked else client.images.generate] * len(seeds)
        return [
            call(prompt=prompt, model=GPT, size="160x128", extra_body=seed, **asked).data[0].b64_json
            for call, seed in zip(calls, seeds, strict=True)
        ]

    for made in (pictures(image=PHOTO), pictures()):
        assert made[3] == made[7]
        assert len(set(made)) == 7


def test_a_json_edit_is_an_edit(server: Server, client: openai.OpenAI) -> None:
    """OpenAI's JSON body with data URLs gives the picture that the form gives; a link or a file id is refused."""
    urls = [f"data:image/png;base64,{base64.b64encode(data).decode()}" for _, data, _ in (PHOTO, MASK)]
    asked = {"prompt": "make it night", "model": GPT, "size": "320x240"}
    body = {**asked, "images": [{"image_url": urls[0]}], "mask": {"image_url": urls[1]}}
    reply = httpx.post(f"{server.url}/v1/images/edits", json=body, trust_env=False, timeout=60)
    form = client.images.edit(image=PHOTO, mask=MASK, **asked)
    got = ImagesResponse.model_validate(reply.json())
    assert opened(got.data[0].b64_json).tobytes() == opened(form.data[0].b64_json).tobytes()
    for images in ([{"file_id": "file-1"}], [{"image_url": "https://pics.test/a.png"}], []):
        refused = httpx.post(f"{server.url}/v1/images/edits", json={**body, "images": images}, trust_env=False)
        assert refused.status_code == 400 and refused.json()["error"]["type"] == "invalid_request_error"


@pytest.mark.parametrize(("model", "size", "made"), [
    (GPT, "auto", (1184, 880)), (GPT, "512x1024", (512, 1024)), (None, "512x320", (512, 320)),
    ("gemini-3-pro-image", "auto", (1200, 896)), ("gemini-3-pro-image", "1024x1024", (1024, 1024)),
    ("gemini-3-pro-image", "1920x1080", (1376, 768)), ("gemini-3-pro-image", "1500x3000", (1536, 2752)),
    ("gemini-2.5-flash-image", "2048x2048", (1024, 1024)),
])  # fmt: skip
def test_a_size_is_made_as_asked_or_as_near_as_the_model_can(
    client: openai.OpenAI, model: str | None, size: str, made: tuple[int, int]
) -> None:
    """GPT Image makes the pixels it is asked for, and the photo's shape by itself; a proxy asks Gemini for its nearest."""
    more = {"model": model} if model else {}
    got = client.images.edit(image=PHOTO, prompt="make it night", size=size, **more)
    assert opened(got.data[0].b64_json).size == made and got.size == f"{made[0]}x{made[1]}"
    if model and model.startswith("gemini"):
        assert made in MODELS[model].cells.values()


@pytest.mark.parametrize(("asked", "kind", "param", "code", "says"), [
    ({"size": "1000x1000"}, openai.BadRequestError, "size", "invalid_size", "multiples of 16"),
    ({"size": "4096x16"}, openai.BadRequestError, "size", "invalid_size", "3840"),
    ({"size": "large"}, openai.BadRequestError, "size", "invalid_size", "WIDTHxHEIGHT"),
    ({"n": 11}, openai.BadRequestError, "n", "invalid_value", "Expected a value <= 10, but got 11"),
    ({"n": 0}, openai.BadRequestError, "n", "invalid_value", "Expected a value >= 1, but got 0"),
    ({"stream": True, "partial_images": 4}, openai.BadRequestError, "partial_images", "invalid_value", "<= 3"),
    ({"extra_body": {"seed": "many"}}, openai.BadRequestError, "seed", "invalid_value", "expected an integer"),
    ({"output_format": "gif"}, openai.BadRequestError, "output_format", "invalid_value", "'webp'"),
    ({"quality": "ultra"}, openai.BadRequestError, "quality", "invalid_value", "'xhigh', 'max', and 'auto'"),
    ({"prompt": " "}, openai.BadRequestError, "prompt", "invalid_value", "Missing required parameter: 'prompt'"),
    ({"markup": file(hole(), "markup.png")}, openai.BadRequestError, "markup", "invalid_value", "Unknown parameter: 'markup'"),
    ({"mask": file(noise(2), "mask.png")}, openai.BadRequestError, "mask", "invalid_value", "missing alpha channel"),
    ({"mask": file(hole((64, 48)), "mask.png")}, openai.BadRequestError, "mask", "invalid_value", "64×48"),
    ({"image": [PHOTO] * 17}, openai.BadRequestError, None, "invalid_value", "17"),
    ({"model": "dall-e-3"}, openai.NotFoundError, None, "model_not_found", "dall-e-3"),
])  # fmt: skip
def test_what_the_api_does_not_take_is_refused_in_openais_words(
    client: openai.OpenAI, asked: dict, kind: type[openai.APIStatusError], param: str | None, code: str, says: str
) -> None:
    """The official client raises its own error type, with the parameter, the code and a sentence that helps."""
    with pytest.raises(kind) as caught:
        client.images.edit(**{"image": PHOTO, "prompt": "make it night", "model": GPT, **asked})
    assert (caught.value.param, caught.value.code) == (param, code) and says in caught.value.message


SILENT = {"timeout", "network"}
NAMED = ("auth", "region", "quota", "rate_limit", "bad_request", "model_not_found", "server", "malformed",
         "safety", "recitation", "no_image")  # fmt: skip


@pytest.mark.parametrize("fault", sorted(set(FAULTS) - SILENT))
def test_every_fault_is_played_in_openais_form(fault: str) -> None:
    """None gives a picture; an error has OpenAI's fields; our reader names it; a block has OpenAI's own code."""
    body = {"prompt": "a cat", "model": GPT}
    for content in (json.dumps(body).encode(), b"{"):
        request = httpx.Request("POST", EDITS.replace("edits", "generations"), content=content)
        response = respond(request, fault)
        if response.status_code != 200:
            error = response.json()["error"]
            assert error["message"] and set(error) == {"message", "type", "param", "code"}
    lifter = Lifter()
    lifter.feed(response.content)
    read = read_reply(response.status_code, dict(response.headers), lifter.finish())
    if not isinstance(read, failures.Failure):
        assert not read.images
        assert failures.refusal(read, 200, {}, "").category == "no_image"
    elif fault in NAMED:
        assert read.category == fault
    elif fault.startswith("block_"):
        assert (read.category, error["code"]) == ("safety", "moderation_blocked")


def test_the_official_client_knows_our_failures_by_its_own_types() -> None:
    """Key, quota, rate limit, block and outage are the package's own exceptions."""
    kinds = {
        "auth": openai.AuthenticationError, "region": openai.PermissionDeniedError, "quota": openai.RateLimitError,
        "rate_limit": openai.RateLimitError, "safety": openai.BadRequestError, "server": openai.InternalServerError,
    }  # fmt: skip
    with serve(fault=list(kinds)) as running:
        client = openai.OpenAI(api_key="any", base_url=f"{running.url}/v1", max_retries=0)
        for kind in kinds.values():
            with pytest.raises(kind):
                client.images.generate(prompt="a cat", model=GPT, stream=True)


@pytest.mark.parametrize("language", [0, 1], ids=["english", "chinese"])
@pytest.mark.parametrize("prompt", ["make it night", "add a croissant", "给猫戴一顶帽子"])
def test_words_about_the_outline_are_no_wish(prompt: str, language: int) -> None:
    """What our client says of a region marked in red changes nothing in the picture and is not taken for a thing to draw."""
    alone = paint_all(prompt, [noise()], SIZE)
    told = paint_all(f"{prompt}\n\n{TABLE['mask_words'][language]}", [noise()], SIZE)
    assert told.image.tobytes() == alone.image.tobytes()
    assert told[1:4] == alone[1:4] and told.outlined and not alone.outlined


def test_a_placeholder_stands_in_the_outlined_region() -> None:
    """A region outlined in red is where the label goes, so that what is outside of it stays and can be composited."""
    marked, box = Image.new("RGB", (640, 480), (90, 120, 150)), (320, 240, 630, 470)
    ImageDraw.Draw(marked).rectangle(box, outline=RED, width=4)
    told = paint_all(f"add a hat\n\n{TABLE['mask_words'][0]}", [marked], marked.size)
    changed = ImageChops.difference(told.image, marked).convert("L").point(lambda level: 255 * (level > 40)).getbbox()
    assert changed[0] >= box[0] - 2 and changed[1] >= box[1] - 2


def test_an_outline_that_stays_is_owned_up_to(photo: Path) -> None:
    """On a wire without a mask the sandbox's warning says that the red line is still there; with a mask there is none."""
    said = "The red outline is still where it was drawn"
    for wire, outlined in (("gemini", True), ("openai", True), ("images", False)):
        with nb.Client(nb.Endpoint.sandbox(wire=wire)) as client:
            result = client.edit(photo, "make it night", mask=(0.25, 0.25, 0.5, 0.5))
        assert any(said in warning for warning in result.warnings) is outlined, wire
        assert not any("only marks" in warning for warning in result.warnings)
        red = np.asarray(result.image.to_pil().convert("RGB"), dtype=int)
        assert bool(((red[..., 0] > 2.5 * red[..., 1]) & (red[..., 0] > 60)).sum() > 500) is outlined
