"""The sandbox as a service: routes, sizes, faults, transport, loopback server, official clients."""

from __future__ import annotations

import asyncio
import base64
import io
import json
import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from click.testing import CliRunner
from PIL import Image

import nb_banana as nb
from nb_banana._catalog.models import MODELS
from nb_banana._cli import cli
from nb_banana._images.data import ImageData
from nb_banana._messages import EditRequest
from nb_banana._sandbox import service
from nb_banana._sandbox.faults import BLOCK_REASONS, FAULTS, FINISH_REASONS
from nb_banana._sandbox.paint import paint_all
from nb_banana._sandbox.server import Server, serve
from nb_banana._sandbox.service import TOKENS_PER_PICTURE, respond
from nb_banana._sandbox.transport import SandboxTransport
from nb_banana._strings import speaking
from nb_banana._wire import failures, gemini, openai
from nb_banana._wire.lift import Lifter
from nb_banana._wire.reply import read_reply
from nb_banana.errors import InvalidRequestError

ROOT = Path(__file__).resolve().parents[2]
PRO = "gemini-3-pro-image-preview"
NATIVE = f"http://sandbox.test/v1beta/models/{PRO}:generateContent"
CHAT = "http://sandbox.test/v1/chat/completions"


def as_png(image: Image.Image) -> ImageData:
    """The picture as an input."""
    buffer = io.BytesIO()
    image.save(buffer, "PNG")
    return ImageData.from_bytes(buffer.getvalue())


@pytest.fixture
def photo() -> ImageData:
    """A small 3:2 input."""
    return as_png(Image.linear_gradient("L").resize((300, 200)).convert("RGB"))


def native(
    prompt: str, *images: ImageData, model: str = PRO, take: int | None = None, **asked: str
) -> httpx.Request:
    """A native request as our own encoder writes it."""
    wanted = EditRequest(prompt, images, model=model, **asked)
    headers = {"x-nb-banana-take": str(take)} if take else {}
    return httpx.Request(
        "POST",
        "http://sandbox.test" + gemini.path(model),
        headers=headers,
        content=bytes(gemini.encode_request(wanted)),
    )


def chat(prompt: str, *images: ImageData, model: str = PRO) -> httpx.Request:
    """A chat request as our own encoder writes it."""
    return httpx.Request(
        "POST", CHAT, content=bytes(openai.encode_request(EditRequest(prompt, images, model=model)))
    )


def picture(response: httpx.Response) -> Image.Image:
    """The one picture of a native answer, decoded."""
    parts = response.json()["candidates"][0]["content"]["parts"]
    return Image.open(
        io.BytesIO(base64.b64decode(next(p["inlineData"]["data"] for p in parts if "inlineData" in p)))
    )


@pytest.mark.parametrize("size", sorted({size for info in MODELS.values() for size in info.image_sizes}))
def test_every_ratio_and_size_has_exactly_the_catalogs_pixels(size: str) -> None:
    """Each cell of each model's table comes back as a PNG of that very size, with that size's tokens."""
    sized = [(name, info) for name, info in MODELS.items() if size in info.image_sizes]
    cells = [(info.pixels(ratio, size), ratio, name) for name, info in sized for ratio in info.aspect_ratios]
    assert {name for *_, name in cells} == {name for name, _ in sized} != set()
    for pixels, ratio, model in sorted(cells):  # models with equal pixels one after another
        info = MODELS[model]
        asked = {"aspect_ratio": ratio} | ({"image_size": size} if info.size_parameter else {})
        response = respond(native("make it black and white", model=model, **asked))  # cheap to paint and to pack
        assert picture(response).size == pixels, (model, ratio, size)
        tokens = info.output_tokens(size) or TOKENS_PER_PICTURE
        assert response.json()["usageMetadata"]["candidatesTokenCount"] == tokens


def test_the_same_edit_again_is_not_painted_again(photo: ImageData, monkeypatch: pytest.MonkeyPatch) -> None:
    """A class that sends one edit gets one picture, painted once, with words in each one's language; another prompt or take is painted."""
    painted: list[str] = []
    monkeypatch.setattr(service, "paint_all", lambda prompt, *rest, **more: painted.append(prompt) or paint_all(prompt, *rest, **more))
    asked = chat("put a purple hat on the cat, for a class of thirty", photo)
    english, again = (respond(asked).json()["choices"][0]["message"]["content"] for _ in range(2))
    with speaking("zh"):
        chinese = respond(asked).json()["choices"][0]["message"]["content"]
    assert len(painted) == 1 and again == english != chinese
    first, second = (re.findall(r"base64,([\w+/=]+)", text) for text in (english, chinese))
    assert len(first) == 1 and first == second
    asked.headers["x-nb-banana-take"] = "2"
    respond(asked)
    respond(chat("night, for another class", photo))
    assert len(painted) == 3
    respond(native("night, for another class", photo))  # one job on another wire
    assert len(painted) == 3
    respond(chat("night, for another class", as_png(Image.new("RGB", (300, 200), "teal"))))
    assert len(painted) == 4


def test_without_a_ratio_the_last_input_decides(photo: ImageData) -> None:
    """The nearest ratio to the last input is taken; without inputs it is 1:1."""
    tall = as_png(Image.new("RGB", (300, 500), "teal"))
    pro = MODELS["gemini-3-pro-image"]
    assert picture(respond(native("night", photo))).size == pro.pixels("3:2")
    assert picture(respond(native("combine them", photo, tall))).size == pro.pixels("9:16")
    assert picture(respond(native("a cat"))).size == pro.pixels("1:1")


def test_an_answer_is_marked_deterministic_and_follows_the_take(photo: ImageData) -> None:
    """Same request and take: same bytes; another take: another picture; pixels, metadata and header say sandbox."""
    one, again, other = (respond(native("add a kitten", photo, take=take)) for take in (1, 1, 2))
    assert one.headers["x-nb-banana-sandbox"] == "1"
    assert one.content == again.content
    assert picture(one).tobytes() != picture(other).tobytes()
    assert picture(one).info["Software"] == "nb_banana sandbox"
    document = one.json()
    assert document["modelVersion"] == PRO
    assert re.fullmatch(r"[0-9a-f]{22}", document["responseId"])


def test_v1_and_streams_answer_too(photo: ImageData) -> None:
    """The native stream holds the same document as one event; `/v1` is the same service."""
    request = native("night", photo)
    whole = respond(request).json()
    url = "http://sandbox.test/v1beta/models/" + PRO + ":streamGenerateContent"
    event = respond(httpx.Request("POST", url + "?alt=sse", content=request.content))
    assert event.headers["content-type"] == "text/event-stream"
    assert json.loads(event.text.removeprefix("data: ")) == whole
    assert respond(httpx.Request("POST", url, content=request.content)).json() == [whole]
    assert (
        respond(httpx.Request("POST", NATIVE.replace("v1beta", "v1"), content=request.content)).json()
        == whole
    )


def test_chat_answers_in_apiyis_form(photo: ImageData) -> None:
    """The content is a string with one Markdown data URL, and the input's ratio is followed."""
    document = respond(chat("night", photo)).json()
    found = re.findall(
        r"!\[image\]\(data:image/png;base64,([A-Za-z0-9+/=]+)\)", document["choices"][0]["message"]["content"]
    )
    assert len(found) == 1
    assert Image.open(io.BytesIO(base64.b64decode(found[0]))).size == MODELS["gemini-3-pro-image"].pixels(
        "3:2"
    )
    assert document["choices"][0]["finish_reason"] == "stop"


def test_a_conversation_goes_on_with_its_last_picture(photo: ImageData) -> None:
    """A message without a picture edits the newest one of the turns before it."""
    inline = {"inlineData": {"mimeType": "image/png", "data": base64.b64encode(photo.data).decode()}}
    turns = [
        {"role": "user", "parts": [{"text": "x"}]},
        {"role": "model", "parts": [inline]},
        {"role": "user", "parts": [{"text": "make it night"}]},
    ]
    response = respond(httpx.Request("POST", NATIVE, json={"contents": turns}))
    assert picture(response).size == MODELS["gemini-3-pro-image"].pixels("3:2")


def with_words(request: httpx.Request) -> httpx.Request:
    """The same request, asking for words beside the picture as Google's own kit does by default."""
    document = json.loads(request.content)
    document["generationConfig"]["responseModalities"] = ["TEXT", "IMAGE"]
    return httpx.Request("POST", request.url, headers=request.headers, json=document)


def words(response: httpx.Response) -> list[str]:
    """The text parts of a native answer."""
    return [part["text"] for part in response.json()["candidates"][0]["content"]["parts"] if "text" in part]


@pytest.mark.parametrize(("prompt", "said"), [
    ("zzyzx", ["did not understand"]),
    ("make it night", []),
    ("add a croissant", ["only marks", "＋ croissant"]),
    ("make it night and add a croissant", ["painted this: night.", "only marks", "＋ croissant"]),
])  # fmt: skip
def test_what_is_not_painted_is_owned_up_to_where_words_were_asked_for(photo: ImageData, prompt: str, said: list[str]) -> None:
    """One sentence says what was painted and what was only marked; a prompt that is all painted needs none."""
    got = words(respond(with_words(native(prompt, photo))))
    assert len(got) == bool(said) and all(each in got[0] for each in said)
    content = respond(chat(prompt, photo)).json()["choices"][0]["message"]["content"]
    assert all(each in content for each in said) and content.startswith("![") is not bool(said)


@pytest.mark.parametrize("prompt", ["zzyzx", "add a croissant", "make it night"])
def test_who_asked_for_pictures_alone_gets_one_as_the_first_part(photo: ImageData, prompt: str) -> None:
    """The seed's own sample reads `parts[0].inlineData`: no words stand before it, whatever was left out."""
    assert words(respond(native(prompt, photo))) == []
    assert words(respond(native(prompt + ' "responseModalities":["TEXT"]', photo))) == []


def test_the_report_is_data_in_a_header(photo: ImageData) -> None:
    """What was painted, what was only marked and what numbers stand for can be read by any program, in ASCII."""
    report = json.loads(respond(native("make it night and add a croissant", photo)).headers["x-nb-banana-report"])
    assert report == {"done": ["night"], "left_out": ["＋ croissant"], "numbered": []}
    many = respond(native(", ".join(f"add a very long thing of number {n} 可颂" for n in range(500)), photo))
    assert many.headers["x-nb-banana-report"].isascii() and len(many.headers["x-nb-banana-report"]) <= 4000


def test_the_report_is_a_warning_at_every_door(photo: ImageData, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A result, its replay, a chain on the chat wire, a grid and the terminal all say what was only marked."""
    monkeypatch.chdir(tmp_path)
    Path("a.png").write_bytes(photo.data)
    session = nb.Session(nb.Endpoint.sandbox(), tell=lambda _: None)
    edit = session.edit("a.png", "Add a croissant")
    replay = session.edit("a.png", "Add a croissant")
    assert replay.replayed and edit.text == replay.text == ""
    said = ("The sandbox only marks where this would be: ＋ croissant. A real model would paint it.",)
    assert edit.warnings == replay.warnings == said
    on_chat = nb.Session(nb.Endpoint.sandbox(wire="openai"), tell=lambda _: None)
    assert nb.chain("a.png", session=on_chat).edit("Add a croissant").result.warnings == said
    talk = nb.chain("a.png", session=session).edit("Make it night", context="conversation")
    assert talk.edit("Add a croissant", context="conversation").result.warnings[-1:] == said
    assert said[0] in repr(nb.compare("a.png", "Add a croissant", session=session).run())
    terminal = CliRunner().invoke(cli(), ["edit", "a.png", "Add a croissant", "-o", "b.png"])
    assert said[0] in terminal.output


def test_a_number_in_the_picture_is_explained(tmp_path: Path) -> None:
    """Where no font here has the letters, the warning says what the number stands for and what to install."""
    Image.new("RGB", (300, 200), "teal").save(tmp_path / "a.png")
    code = (
        "import nb_banana as nb; from nb_banana._images import fonts; fonts.PLACES = ()\n"
        "result = nb.Session(tell=lambda _: None).edit('a.png', '加一只可颂')\n"
        "print(*result.warnings, sep='\\n')"
    )
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "utf-8", "NB_BANANA_FONTS": str(tmp_path)}
    told = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, env=environment, capture_output=True, text=True, encoding="utf-8", check=True
    ).stdout
    assert "＋ 可颂" in told and "1 = ＋ 可颂: no font here has these letters. Install " in told


def test_wires_that_were_named_do_not_answer_for_each_other(photo: ImageData, tmp_path: Path) -> None:
    """Comparing wires on the sandbox makes an edit on each; a reader who names none is answered from any."""
    (tmp_path / "a.png").write_bytes(photo.data)
    session = nb.Session(nb.Endpoint.sandbox(), tell=lambda _: None)
    both = nb.compare(tmp_path / "a.png", "Make it night", wires=["gemini", "openai"], session=session).run(1)
    assert [one.replayed for one in both.results] == [False, False]
    assert [session.history.record(one.record_id).wire for one in both.results] == ["gemini", "openai"]
    assert session.edit(tmp_path / "a.png", "Make it night").replayed


def raw(document: dict[str, object]) -> str:
    """The document as a shell script writes it: line breaks stand in the strings as they are."""
    return json.dumps(document).replace("\\n", "\n")


NEWLINES = "\n".join(["iVBORw0KGgo" + "A" * 65] * 3)


@pytest.mark.parametrize(("url", "body", "said"), [
    (NATIVE, raw({"contents": [{"parts": [{"inlineData": {"data": NEWLINES}}]}]}), ["line breaks", "tr -d"]),
    (NATIVE, json.dumps({"contents": [{"parts": [{"inlineData": {"data": NEWLINES}}]}]}), ["line breaks", "tr -d"]),
    (NATIVE, json.dumps({"contents": [{"parts": [{"fileData": {"fileUri": "https://files.test/f/7"}}]}]}),
     ["fileData", "https://files.test/f/7", "inlineData"]),
    (NATIVE, json.dumps({"contents": [{"parts": [{"file_data": {"file_uri": "gs://b/f"}}]}]}), ["gs://b/f", "inlineData"]),
    (NATIVE, '{"contents": [', ["not JSON"]),
    (NATIVE, "hello", ["not a JSON object"]),
    (CHAT, raw({"messages": [{"content": [{"image_url": {"url": f"data:image/png;base64,{NEWLINES}"}}]}]}),
     ["line breaks", "tr -d"]),
    (CHAT, json.dumps({"messages": [{"content": [{"image_url": {"url": "https://pics.test/cat.jpg"}}]}]}),
     ["https://pics.test/cat.jpg", "data URLs only", "data:image/png;base64"]),
])  # fmt: skip
def test_what_a_real_gateway_does_not_read_is_named(url: str, body: str, said: list[str]) -> None:
    """Wrapped base64, links and files stored elsewhere are told apart, each with what to send instead."""
    response = respond(httpx.Request("POST", url, content=body))
    assert response.status_code == 400
    assert all(each in response.json()["error"]["message"] for each in said), response.text


def test_models_are_listed_in_each_wires_form() -> None:
    """`/v1/models` is OpenAI's list, `/v1beta/models` Google's; both hold the catalog."""
    ours = respond(httpx.Request("GET", "http://sandbox.test/v1/models")).json()
    theirs = respond(httpx.Request("GET", "http://sandbox.test/v1beta/models")).json()
    assert {row["id"] for row in ours["data"]} == set(MODELS)
    assert {row["name"] for row in theirs["models"]} == {f"models/{name}" for name in MODELS}
    one = respond(httpx.Request("GET", f"http://sandbox.test/v1beta/models/{PRO}"))
    assert one.json()["name"] == "models/gemini-3-pro-image"


def test_what_is_not_there_is_404_in_the_right_form() -> None:
    """Unknown models and paths: Google's error on the native wire, apiyi's on the chat wire."""
    google = respond(native("night", model="gemini-9-image"))
    assert (google.status_code, google.json()["error"]["status"]) == (404, "NOT_FOUND")
    apiyi = respond(chat("night", model="gemini-9-image"))
    assert (apiyi.status_code, apiyi.json()["error"]["code"]) == (404, "model_not_found")
    assert (
        respond(httpx.Request("GET", "http://sandbox.test/v1/images")).json()["error"]["type"]
        == "invalid_request_error"
    )
    assert respond(httpx.Request("GET", "http://sandbox.test/else")).json()["error"]["status"] == "NOT_FOUND"
    assert respond(httpx.Request("GET", NATIVE)).status_code == 405
    assert respond(native("night", model="gemini-2.5-flash-image-preview")).status_code == 200


@pytest.mark.parametrize(
    ("config", "field"),
    [
        ({"aspectRatio": "7:5"}, "aspect_ratio"),
        ({"imageSize": "8K"}, "image_size"),
        ({"aspectRatio": "16:9", "imageSize": "2k"}, "image_size"),
    ],
)
def test_a_wrong_ratio_or_size_is_400_naming_the_field(config: dict[str, str], field: str) -> None:
    """A value the model lacks is refused as Google does, with the field and the choices."""
    body = {"contents": [{"parts": [{"text": "night"}]}], "generationConfig": {"imageConfig": config}}
    response = respond(httpx.Request("POST", NATIVE, json=body))
    error = response.json()["error"]
    assert (response.status_code, error["status"]) == (400, "INVALID_ARGUMENT")
    assert error["details"][0]["fieldViolations"][0]["field"].endswith(field)


def test_a_size_for_a_model_of_one_size_and_too_many_inputs_are_400(photo: ImageData) -> None:
    """2.5 Flash takes no size; no model takes more inputs than the catalog says."""
    body = {
        "contents": [{"parts": [{"text": "night"}]}],
        "generationConfig": {"imageConfig": {"imageSize": "1K"}},
    }
    url = "http://sandbox.test/v1beta/models/gemini-2.5-flash-image:generateContent"
    assert respond(httpx.Request("POST", url, json=body)).status_code == 400
    info = MODELS["gemini-3-pro-image"]
    assert respond(native("combine", *[photo] * (info.max_images + 1))).status_code == 400


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[]",
        b"{",
        b'{"contents": []}',
        b'{"contents":[{"parts":[{"text":"x"},{"inlineData":{"data":"!!"}}]}]}',
        b"\xff\xfe",
    ],
)
def test_a_body_that_is_no_request_is_400(body: bytes) -> None:
    """Whatever is sent, the answer is an error in the service's form, never a crash."""
    for url in (NATIVE, CHAT):
        response = respond(httpx.Request("POST", url, content=body))
        assert response.status_code in (400, 404)
        assert response.json()["error"]["message"]


# --- failures on demand ---------------------------------------------------------------------------

SIGNALS = {
    "auth": (400, "API_KEY_INVALID", 401, "invalid_api_key"),
    "region": (400, "FAILED_PRECONDITION", 403, "unsupported_country_region_territory"),
    "quota": (429, "PerDay", 403, "insufficient_user_quota"),
    "rate_limit": (429, "RetryInfo", 429, "rate_limit_exceeded"),
    "bad_request": (400, "fieldViolations", 400, "invalid_request"),
    "model_not_found": (404, "NOT_FOUND", 404, "model_not_found"),
    "server": (503, "UNAVAILABLE", 503, "overloaded"),
}


@pytest.mark.parametrize("fault", sorted(SIGNALS))
def test_an_error_fault_has_its_documented_status_and_body(photo: ImageData, fault: str) -> None:
    """Each error fault gives the status and the telling word of WIRE.md, on both wires."""
    status, word, chat_status, chat_word = SIGNALS[fault]
    on_native, on_chat = respond(native("night", photo), fault), respond(chat("night", photo), fault)
    assert (on_native.status_code, on_chat.status_code) == (status, chat_status)
    assert word in on_native.text and on_native.json()["error"]["code"] == status
    assert chat_word in on_chat.text and on_chat.json()["error"]["message"]
    assert on_native.headers["x-nb-banana-sandbox"] == on_chat.headers["x-nb-banana-sandbox"] == "1"


@pytest.mark.parametrize("fault", [*sorted(SIGNALS), "malformed", "safety", "recitation", "no_image"])
def test_our_own_reader_names_a_fault_as_it_was_asked_for(photo: ImageData, fault: str) -> None:
    """What the wire's reader makes of a played failure is the category that was asked for, on both wires."""
    for request in (native("night", photo), chat("night", photo)):
        response = respond(request, fault)
        lifter = Lifter()
        lifter.feed(response.content)
        read = read_reply(response.status_code, dict(response.headers), lifter.finish())
        if isinstance(read, failures.Failure):
            assert read.category == fault
        else:
            assert fault in ("safety", "recitation", "no_image")
            assert not read.images and read.finish_reason == fault.upper()


@pytest.mark.parametrize("reason", FINISH_REASONS)
def test_a_finish_reason_is_a_200_without_a_picture(photo: ImageData, reason: str) -> None:
    """Every finish reason comes as the service writes it: status 200, the reason, no picture."""
    response = respond(native("night", photo), reason.lower())
    candidate = response.json()["candidates"][0]
    assert (response.status_code, candidate["finishReason"]) == (200, reason)
    assert "inlineData" not in response.text
    assert "data:image" not in respond(chat("night", photo), reason.lower()).text


@pytest.mark.parametrize("reason", BLOCK_REASONS)
def test_a_block_reason_is_a_200_without_candidates(photo: ImageData, reason: str) -> None:
    """A blocked prompt has feedback and no candidates."""
    document = respond(native("night", photo), f"block_{reason.lower()}").json()
    assert document["promptFeedback"] == {"blockReason": reason}
    assert "candidates" not in document


def test_timeouts_and_broken_connections_are_httpxs(photo: ImageData) -> None:
    """These two faults are raised, with the request on them, as a real transport would."""
    for fault, kind in (("timeout", httpx.ReadTimeout), ("network", httpx.ReadError)):
        request = native("night", photo)
        with pytest.raises(kind) as caught:
            respond(request, fault)
        assert caught.value.request is request


def test_an_unknown_fault_lists_the_known_ones(photo: ImageData) -> None:
    """A name the sandbox does not know is refused at once, with all names that it knows."""
    for build in (
        lambda: respond(native("night", photo), "flood"),
        lambda: SandboxTransport("flood"),
        lambda: serve(fault=["quota", "flood"]),
    ):
        with pytest.raises(InvalidRequestError, match="flood") as caught:
            build()
        assert all(name in str(caught.value) for name in FAULTS)


# --- transport and server -------------------------------------------------------------------------


def test_the_transport_serves_both_faces_and_plays_a_list_once(photo: ImageData) -> None:
    """A list of faults meets the first requests in order, then all is well; async equals sync."""
    with httpx.Client(transport=SandboxTransport(["rate_limit", None, "server"])) as client:
        body = native("night", photo).content
        statuses = [client.post(NATIVE, content=body).status_code for _ in range(4)]
        whole = client.post(NATIVE, content=body).content
    assert statuses == [429, 200, 503, 200]

    async def other_face() -> bytes:
        async with httpx.AsyncClient(transport=SandboxTransport()) as client:
            return (await client.post(NATIVE, content=body)).content

    assert asyncio.run(other_face()) == whole


def test_a_delay_can_be_cancelled_closed_and_outlasted(photo: ImageData) -> None:
    """Cancelling a task, closing the transport and a shorter read timeout each end a long delay at once."""
    body = native("night", photo).content

    async def cancelled() -> None:
        async with httpx.AsyncClient(transport=SandboxTransport(delay=30)) as client:
            await asyncio.wait_for(client.post(NATIVE, content=body, timeout=60), 0.2)

    start = time.monotonic()
    with pytest.raises(TimeoutError):
        asyncio.run(cancelled())
    with (
        pytest.raises(httpx.ReadTimeout),
        httpx.Client(transport=SandboxTransport(delay=30), timeout=0.2) as client,
    ):
        client.post(NATIVE, content=body)
    transport = SandboxTransport(delay=30)
    threading.Timer(0.2, transport.close).start()
    with pytest.raises(httpx.ReadError), httpx.Client(transport=transport, timeout=60) as client:
        client.post(NATIVE, content=body)
    assert time.monotonic() - start < 5


def test_painting_leaves_the_loop_free(photo: ImageData) -> None:
    """While a picture is painted another task goes on."""
    body = native("anime", photo, image_size="2K").content

    async def run() -> int:
        ticks = 0
        async with httpx.AsyncClient(transport=SandboxTransport(), timeout=60) as client:
            job = asyncio.create_task(client.post(NATIVE, content=body))
            while not job.done():
                await asyncio.sleep(0.005)
                ticks += 1
            assert (await job).status_code == 200
        return ticks

    assert asyncio.run(run()) > 5


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    """A sandbox server of this test module."""
    with serve() as running:
        yield running


def test_the_server_answers_on_loopback_only_and_keeps_connections(server: Server, photo: ImageData) -> None:
    """It listens on 127.0.0.1, reuses a connection, reads chunked bodies, and logs method, path, status."""
    assert re.fullmatch(r"http://127\.0\.0\.1:\d+", server.url)
    before = len(server.requests)
    request = native("night", photo)
    with httpx.Client(trust_env=False) as client:
        whole = client.post(server.url + request.url.path + "?key=sk-secret", content=request.content)
        chunked = client.post(
            server.url + request.url.path, content=iter([request.content[:1000], request.content[1000:]])
        )
        missing = client.get(server.url + "/nothing")
    assert whole.content == chunked.content == respond(request).content
    assert (whole.status_code, missing.status_code, whole.headers["x-nb-banana-sandbox"]) == (200, 404, "1")
    assert server.requests[before:] == [
        ("POST", request.url.path, 200),
        ("POST", request.url.path, 200),
        ("GET", "/nothing", 404),
    ]
    assert "secret" not in repr(server.requests)


def test_the_server_breaks_connections_and_stays_silent_on_demand(photo: ImageData) -> None:
    """Over the wire, `network` is a reset and `timeout` is silence; both are logged with status 0."""
    request = native("night", photo)
    with serve(fault=["network", "timeout"]) as running, httpx.Client(trust_env=False, timeout=0.6) as client:
        with pytest.raises((httpx.ReadError, httpx.RemoteProtocolError)):
            client.post(running.url + request.url.path, content=request.content)
        with pytest.raises(httpx.ReadTimeout):
            client.post(running.url + request.url.path, content=request.content)
        assert [entry.status for entry in running.requests] == [0, 0]


def test_the_server_refuses_a_bad_length_and_survives_a_hang_up(server: Server) -> None:
    """A body length that is no number gets 400; a client that leaves harms nobody."""
    for head, answer in ((b"Content-Length: lots\r\n", b"400"), (b"Transfer-Encoding: chunked\r\n", b"400")):
        with socket.create_connection(("127.0.0.1", server.port), 5) as raw:
            raw.sendall(b"POST /v1/chat/completions HTTP/1.1\r\nHost: x\r\n" + head + b"\r\nzz\r\n")
            assert answer in raw.recv(200)
    with socket.create_connection(("127.0.0.1", server.port), 5) as raw:
        raw.sendall(b"POST /v1/chat/completions HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nonly this")
    assert httpx.get(server.url + "/v1/models", trust_env=False).status_code == 200


ODD_HEADS = {
    "NUL in the path": (b"POST /v1beta/models/\0:generateContent HTTP/1.1", b"", b"400"),
    "an escape in the path": (b"POST /v1/\x1b[31m HTTP/1.1", b"", b"400"),
    "an encoded NUL": (b"POST /v1beta/models/%00:generateContent HTTP/1.1", b"", b"400"),
    "no UTF-8": (b"POST /v1/\xff\xfe%ff%zz HTTP/1.1", b"", b"404"),
    "a long path": (b"POST /" + b"a" * 60_000 + b" HTTP/1.1", b"", b"404"),
    "an endless path": (b"POST /" + b"a" * 70_000 + b" HTTP/1.1", b"", b"414"),
    "a whole address": (b"POST http://elsewhere.example/v2 HTTP/1.1", b"", b"404"),
    "no slash": (b"POST v1/other HTTP/1.1", b"", b"404"),
    "somebody's port": (b"POST @elsewhere:99999/v1 HTTP/1.1", b"", b"404"),
    "a bad host": (b"POST /v2 HTTP/1.1", b"Host: \xff\0[[:\r\n", b"404"),
    "many headers": (b"POST /v2 HTTP/1.1", b"".join(b"X-%d: y\r\n" % i for i in range(300)), b"431"),
    "a long header": (b"POST /v2 HTTP/1.1", b"X: " + b"y" * 70_000 + b"\r\n", b"431"),
    "odd bytes in a header": (b"POST /v2 HTTP/1.1", b"X: a\0b\xff\xb2\r\n", b"404"),
    "odd bytes in a name": (b"POST /v2 HTTP/1.1", b"X\xff\0: a\r\n", b"404"),
    "a length in superscript": (b"POST /v2 HTTP/1.1", b"Content-Length: \xb2\r\n", b"400"),
    "a length below zero": (b"POST /v2 HTTP/1.1", b"Content-Length: -5\r\n", b"400"),
    "a length of 5,000 digits": (b"POST /v2 HTTP/1.1", b"Content-Length: " + b"9" * 5000 + b"\r\n", b"400"),
    "a method nobody knows": (b"BREW /v1 HTTP/1.1", b"", b"501"),
}


@pytest.mark.parametrize("case", ODD_HEADS)
def test_whatever_stands_in_a_requests_head_is_answered(case: str, server: Server, capfd: pytest.CaptureFixture[str]) -> None:
    """An odd path, host, header or length gets an HTTP status, the server prints nothing and goes on serving."""
    line, headers, status = ODD_HEADS[case]
    length = b"" if b"Content-Length" in headers else b"Content-Length: 2\r\n"
    with socket.create_connection(("127.0.0.1", server.port), 20) as raw:
        raw.sendall(line + b"\r\nConnection: close\r\n" + headers + length + b"\r\n{}")
        assert raw.recv(4096).split()[1] == status
    assert httpx.get(server.url + "/v1/models", trust_env=False).status_code == 200
    assert capfd.readouterr().err == ""


@pytest.mark.parametrize("size", [b"-5", b"0x_2", b"+2", b"F" * 30, b"\xb2", b""])
def test_a_piece_of_an_odd_length_is_refused(size: bytes, server: Server) -> None:
    """A chunk whose length is no plain hexadecimal number ends the request with 400."""
    with socket.create_connection(("127.0.0.1", server.port), 20) as raw:
        raw.sendall(b"POST /v2 HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n" + size + b"\r\n{}\r\n0\r\n\r\n")
        assert raw.recv(4096).split()[1] == b"400"


@pytest.mark.parametrize("take", ["9" * 5000, "\u00b2", "-1", "1.5", ""])
def test_an_odd_take_is_a_take_too(take: str, server: Server) -> None:
    """A take header that is no number, or an absurd one, still gets a picture."""
    body = bytes(native("a plain red background").content)
    answer = httpx.post(
        f"{server.url}/v1beta/models/{PRO}:generateContent", content=body, trust_env=False, timeout=60,
        headers={"x-nb-banana-take": take.encode("latin-1")},  # type: ignore[dict-item]
    )  # fmt: skip
    assert answer.status_code == 200 and picture(answer).size == (1024, 1024)


@pytest.mark.parametrize("encoding", ["ascii", "latin-1"])
def test_the_commands_server_prints_where_the_terminal_knows_few_letters(encoding: str) -> None:
    """On an ASCII or Latin-1 terminal the server says its address in Chinese as well as it can, and answers odd paths."""
    environment = {
        **os.environ, "PYTHONPATH": os.pathsep.join(sys.path), "NB_BANANA_LANG": "zh", "PYTHONIOENCODING": encoding,
    }  # fmt: skip
    command = [sys.executable, "-m", "nb_banana", "sandbox", "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment) as process:
        assert process.stdout is not None
        try:
            url = b""
            while b"NB_BANANA_BASE_URL=" not in url and (line := process.stdout.readline()):
                url = line
            port = int(re.search(rb"127\.0\.0\.1:(\d+)", url)[1])  # type: ignore[index]
            for path in (b"/\xe4\xbd\xa0", b"/\x1b[31m", b"/plain"):
                with socket.create_connection(("127.0.0.1", port), 20) as raw:
                    raw.sendall(b"GET " + path + b" HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
                    assert raw.recv(100).startswith(b"HTTP/1.1 4")
            lines = [process.stdout.readline() for _ in range(3)]
            assert lines[2].split()[1] == b"/plain" and b"\x1b" not in b"".join(lines)
        finally:
            process.send_signal(signal.SIGINT)
            process.wait(30)
        assert process.stderr is not None and process.stderr.read() == b""


def test_run_forever_says_where_and_what_to_set_and_stops_on_ctrl_c() -> None:
    """The command's server prints its address, the variable to set, one line a request, and a last word."""
    code = "from nb_banana._sandbox.server import run_forever; run_forever()"
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path), "NB_BANANA_LANG": "en"}
    with subprocess.Popen(
        [sys.executable, "-c", code], stdout=subprocess.PIPE, text=True, env=environment
    ) as process:
        assert process.stdout is not None
        head = process.stdout.readline() + process.stdout.readline()
        url = re.search(r"NB_BANANA_BASE_URL=(http://127\.0\.0\.1:\d+)", head)
        assert url is not None
        assert httpx.get(url[1] + "/v1/models", trust_env=False).status_code == 200
        assert process.stdout.readline() == "GET /v1/models 200\n"
        process.send_signal(signal.SIGINT)
        assert process.stdout.readline() == "The sandbox stopped after 1 requests.\n"
        assert process.wait(10) == 0


# --- the official clients -------------------------------------------------------------------------


def test_google_genai_gets_a_picture(server: Server, photo: ImageData) -> None:
    """Google's own client, pointed at the server, edits a picture at the size it asks for, whole and streamed."""
    from google import genai
    from google.genai import types

    client = genai.Client(api_key="any", http_options=types.HttpOptions(base_url=server.url))
    contents = ["Turn it into night", types.Part.from_bytes(data=photo.data, mime_type="image/png")]
    config = types.GenerateContentConfig(
        response_modalities=["IMAGE"], image_config=types.ImageConfig(aspect_ratio="16:9", image_size="2K")
    )
    reply = client.models.generate_content(model="gemini-3-pro-image", contents=contents, config=config)
    parts = [part for part in reply.candidates[0].content.parts if part.inline_data]
    assert Image.open(io.BytesIO(parts[0].inline_data.data)).size == (2752, 1536)
    assert reply.candidates[0].finish_reason == types.FinishReason.STOP
    assert reply.usage_metadata.candidates_token_count == MODELS["gemini-3-pro-image"].output_tokens("2K")
    streamed = [
        part
        for chunk in client.models.generate_content_stream(
            model="gemini-3-pro-image", contents=contents, config=config
        )
        for part in chunk.parts
    ]
    assert [part.inline_data.data for part in streamed if part.inline_data] == [parts[0].inline_data.data]


def test_openai_gets_a_picture(server: Server, photo: ImageData) -> None:
    """OpenAI's own client, pointed at the server, edits a picture, whole and streamed, and sees the models."""
    from openai import NotFoundError, OpenAI

    client = OpenAI(api_key="any", base_url=server.url + "/v1", max_retries=0)
    url = "data:image/png;base64," + base64.b64encode(photo.data).decode()
    messages = [
        {
            "role": "user",
            "content": [{"type": "text", "text": "夜景"}, {"type": "image_url", "image_url": {"url": url}}],
        }
    ]
    content = client.chat.completions.create(model=PRO, messages=messages).choices[0].message.content
    data = re.search(r"data:image/png;base64,([A-Za-z0-9+/=]+)", content)
    assert Image.open(io.BytesIO(base64.b64decode(data[1]))).size == (1264, 848)
    stream = client.chat.completions.create(model=PRO, messages=messages, stream=True)
    assert "".join(chunk.choices[0].delta.content or "" for chunk in stream if chunk.choices) == content
    assert {model.id for model in client.models.list()} == set(MODELS)
    with pytest.raises(NotFoundError, match="gemini-9-image"):
        client.chat.completions.create(model="gemini-9-image", messages=messages)


def test_google_genai_reads_our_failures_as_its_own() -> None:
    """The official client raises its own error types for played failures."""
    from google import genai
    from google.genai import errors, types

    with serve(fault=["quota", "server", "auth"]) as running:
        client = genai.Client(api_key="any", http_options=types.HttpOptions(base_url=running.url))
        codes = []
        for _ in range(3):
            with pytest.raises(errors.APIError) as caught:
                client.models.generate_content(model="gemini-3-pro-image", contents="night")
            codes.append((caught.value.code, caught.value.status))
    assert codes == [(429, "RESOURCE_EXHAUSTED"), (503, "UNAVAILABLE"), (400, "INVALID_ARGUMENT")]
