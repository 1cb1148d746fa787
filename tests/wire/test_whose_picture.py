"""What was sent is never the edit: echoes, the user's own links, refusals, receipts and failed jobs."""

from __future__ import annotations

import base64
import io
import json
from typing import Any

import httpx
import pytest
from PIL import Image

import nb_banana as nb

from .answers import PICTURES, b64, chat, data_url, inline, native, sse, text

KEY = "sk-" + "Qx7Lm2Vb9Tz4" * 3
MINE, MADE = "A", "C"
CAT = "https://photos.example.net/me/My%20Cat.PNG?w=900&h=600#top"
PROMPT = f"make the cat at {CAT} blue, please"
OUT = "https://cdn.example.com/out/7.png"
NOT_MINE = {OUT: MADE, "https://stock.example.org/kitten.png": "B"}


def ask(
    body: Any,
    *,
    wire: str = "openai",
    status: int = 200,
    prompt: str = PROMPT,
    links: dict[str, str] | None = None,
    image: Any = PICTURES[MINE],
) -> tuple[nb.EditResult | nb.NanoBananaError, list[str]]:
    """What a person gets of one reply to an edit of ``A``, and which addresses were fetched for it."""
    fetched: list[str] = []

    def download(request: httpx.Request) -> httpx.Response:
        fetched.append(str(request.url))
        letter = (NOT_MINE if links is None else links).get(str(request.url), MINE if "Cat" in str(request.url) else "")
        return httpx.Response(200, content=PICTURES[letter]) if letter else httpx.Response(404)

    content = body.encode() if isinstance(body, str) else json.dumps(body, ensure_ascii=False).encode()
    client = nb.Client(
        nb.Endpoint("https://api.example.com", KEY, wire=wire),
        transport=httpx.MockTransport(lambda _: httpx.Response(status, content=content)),
        download_transport=httpx.MockTransport(download),
        retries=0,
    )
    try:
        return client.edit(image, prompt), fetched
    except nb.NanoBananaError as error:
        return error, fetched


def said(words: str, **more: Any) -> dict[str, Any]:
    """A message of the model in the form of the Responses API."""
    return {"type": "message", "role": "assistant", "content": [{"type": "output_text", "text": words}], **more}


def typed(picture: str, **more: Any) -> dict[str, Any]:
    return {"type": "image", "mime_type": "image/png", "data": b64(picture), **more}


ECHO = data_url(MINE)
USER_ITEM = {"role": "user", "content": [{"type": "input_image", "image_url": ECHO}]}

# Every reply repeats the user's picture and holds the made one: under names that say so, and under none.
BOTH: dict[str, Any] = {
    "responses, request first": {"object": "response", "input": [USER_ITEM], "output": [{"type": "image_generation_call", "result": b64(MADE)}]},
    "responses, request last": {"output": [{"type": "image_generation_call", "result": b64(MADE)}, said("Done.")], "input": [USER_ITEM]},
    "a job's input and output": {"id": "j1", "status": "succeeded", "input": {"image": ECHO}, "output": {"image": b64(MADE)}},
    "output is an address beside input bytes": {"status": "COMPLETED", "input": {"images": [ECHO]}, "output": [OUT]},
    "steps of a conversation": {"steps": [{"type": "user_input", "content": [typed(MINE)]}, {"type": "thought", "summary": [typed("B")]}, {"type": "model_output", "content": [typed(MADE)]}]},
    "thoughts beside the answer": {"thoughts": [typed("B")], "reasoning": {"images": [data_url("E")]}, "images": [data_url(MADE)]},
    "messages beside choices": {"messages": [{"role": "user", "content": f"![me]({ECHO})"}], **chat(f"![i]({data_url(MADE)})")},
    "contents beside candidates": {"contents": [{"role": "user", "parts": [{"inlineData": {"data": b64(MINE)}}]}], **native(inline(MADE))},
    "both in one message": chat("", message={"images": [{"image_url": {"url": ECHO}}, {"image_url": {"url": data_url(MADE)}}]}),
    "before and after in words": chat(f"Before: ![b]({ECHO}) after: ![a]({data_url(MADE)})"),
    "bytes before, address after": chat(f"![before]({ECHO})\n![after]({OUT})"),
    "bytes before, address after, native": native(inline(MINE), text(f"![after]({OUT})")),
    "the parameters of a web UI": {"images": [b64(MADE)], "parameters": {"init_images": [b64("E")], "prompt": "x"}},
    "request in camelCase": {"requestBody": {"inputImage": ECHO}, "sourceImage": {"url": data_url("E")}, "image": b64(MADE)},
    "the request as JSON in a string": {"data": {"request": json.dumps({"image": ECHO}), "result": json.dumps({"input": {"image": data_url("E")}, "image": data_url(MADE)})}},
    "a name nobody knows": {"left": ECHO, "right": data_url(MADE)},
    "wrapped twice": {"data": {"body": {"prompt": {"image": data_url("E")}, "image": b64(MADE)}}},
    "a stream of events": sse(
        {"type": "response.created", "response": {"status": "in_progress", "input": [USER_ITEM], "output": []}},
        {"type": "response.reasoning_summary_part.added", "part": typed("B")},
        {"type": "response.output_item.done", "item": {"type": "image_generation_call", "status": "generating", "result": b64(MADE)}},
        {"type": "response.completed", "response": {"status": "completed", "input": [USER_ITEM], "output": [{"result": b64(MADE)}]}},
    ),
    "addresses that steer the job": {"id": "p", "status": "succeeded", "urls": {"get": "https://api.example.com/p.png", "cancel": "https://api.example.com/c.png"}, "output": OUT},
    "an error of the upload beside the picture": {"errors": {"image": ECHO}, "images": [data_url(MADE)]},
}  # fmt: skip


@pytest.mark.parametrize("wire", ["gemini", "openai"])
@pytest.mark.parametrize("name", BOTH)
def test_the_edit_alone_is_the_result(name: str, wire: str) -> None:
    """However a reply repeats the request, the one picture that was made comes out, and no thought."""
    result, _ = ask(BOTH[name], wire=wire)
    assert isinstance(result, nb.EditResult), result
    assert [image.data for image in result.images] == [PICTURES[MADE]]
    assert not any("draft" in warning or "could not be fetched" in warning for warning in result.warnings)


# Nothing was made: the words of the reply, if any, are what a person must read.
NOTHING: dict[str, tuple[Any, str]] = {
    "responses with words": ({"object": "response", "status": "completed", "input": [USER_ITEM], "output": [said("I thought about the style.")]}, "thought about the style"),
    "the picture comes back in a message": (chat(f"![image]({ECHO})"), "only what was sent"),
    "the picture comes back, native": (native(inline(MINE)), "only what was sent"),
    "it comes back as a draft": (native({**inline(MINE), "thought": True}), "only what was sent"),
    "it comes back in data": ({"created": 1, "data": [{"b64_json": b64(MINE)}]}, "only what was sent"),
    "it comes back with words": (chat(f"Here you are: ![image]({ECHO})"), "Here you are"),
    "only the user's address": (chat(f"![cat]({CAT})"), "only what was sent"),
    "the user's address, written otherwise": (chat('<img src="http://PHOTOS.example.net/me/My%20cat.PNG?w=900&amp;h=600">'), "only what was sent"),
    "the user's address without its query": (chat("![cat](https://photos.example.net/me/My%20Cat.PNG)"), "only what was sent"),
    "a refusal that names the user's address": (chat(f"I cannot open {CAT}. Could you attach it?"), "cannot open"),
    "the same, native, in Chinese": (native(text("无法打开https://photos.example.net/me/My%20Cat.PNG，请直接上传图片。")), "请直接上传图片"),
    "a refusal that names another picture": (chat("I'm not able to edit photos. Look at https://stock.example.org/kitten.png instead."), "not able to edit"),
    "words about an address where nothing lies": (chat("It should look like https://cdn.example.com/images/none.png now."), "should look like"),
    "an address field of the input": ({"input_image_url": CAT, "text": "I need one more photo."}, "one more photo"),
}  # fmt: skip


@pytest.mark.parametrize("wire", ["gemini", "openai"])
@pytest.mark.parametrize("name", NOTHING)
def test_an_echo_is_no_edit_and_the_words_are_told(name: str, wire: str) -> None:
    """Where only the request comes back the error says so, quotes the model, and may be billed."""
    body, words = NOTHING[name]
    error, fetched = ask(body, wire=wire)
    assert isinstance(error, nb.errors.NoImageError), error
    assert words in str(error)
    assert error.may_be_billed and error.attempts == 1
    assert CAT not in fetched and "open the link" not in str(error)


def test_an_address_in_a_sentence_is_fetched_and_leaves_the_words() -> None:
    """"Here it is: <address>" is a result; a sentence about when the address can't be opened is no refusal."""
    body = chat(f"Your picture is at {OUT} (after 24 hours the link expires). 链接过期后无法访问。")
    result, fetched = ask(body)
    assert isinstance(result, nb.EditResult), result
    assert (fetched, result.image.data, OUT in result.text) == ([OUT], PICTURES[MADE], False)
    assert "24 hours" in result.text


def test_an_address_that_leads_to_what_was_sent_is_no_edit() -> None:
    """A relay's own copy of the upload has another address and the same bytes."""
    error, fetched = ask({"images": [{"url": OUT}]}, links={OUT: MINE})
    assert isinstance(error, nb.errors.NoImageError) and "only what was sent" in str(error)
    assert fetched == [OUT]


def test_a_longer_name_is_another_picture() -> None:
    """…/1.png stands in the prompt, …/1.png.out.png and …/11.png do not."""
    for made in ("https://cdn.example.com/images/11.png", "https://cdn.example.com/images/1/7.png"):
        result, _ = ask(chat(f"![i]({made})"), prompt="use https://cdn.example.com/images/1 twice", links={made: MADE})
        assert isinstance(result, nb.EditResult), result


def test_the_picture_as_it_was_sent_is_no_edit_either() -> None:
    """An input brought into a form the provider takes has other bytes than the file; neither is the edit."""
    sent: list[bytes] = []

    def repeat(request: httpx.Request) -> httpx.Response:
        url = json.loads(request.read())["messages"][0]["content"][1]["image_url"]["url"]
        sent.append(base64.b64decode(url.partition(",")[2]))
        return httpx.Response(200, json=chat(f"![image]({url})"))

    endpoint = nb.Endpoint("https://api.example.com", KEY, wire="openai")
    with pytest.raises(nb.errors.NoImageError, match="only what was sent"):
        nb.Client(endpoint, transport=httpx.MockTransport(repeat)).edit(PICTURES["G"], "make it blue")
    assert len(sent) == 1 and sent[0] != PICTURES["G"]


RECEIPTS: dict[str, tuple[Any, int, str]] = {
    "queued task": ({"id": "task_9", "object": "generation.task", "status": "queued", "model": "m"}, 200, "task_9"),
    "202 with addresses": ({"request_id": "rq-1", "status": "in_queue", "result_url": "https://r.example.com/images/rq-1/result"}, 202, "rq-1"),
    "202 without words": ({"ok": True}, 202, "?"),
    "task inside data": ({"code": 200, "msg": "success", "data": {"taskId": "kie_77"}}, 200, "kie_77"),
    "task inside output": ({"output": {"task_status": "PENDING", "task_id": "d-5"}, "request_id": "r-1"}, 200, "d-5"),
    "submitted, the number as result": ({"code": 1, "description": "Submit success", "result": "1320098173412546"}, 200, "1320098173412546"),
    "processing, with the input": ({"id": "p-3", "status": "processing", "input": {"image": ECHO}, "output": None}, 200, "p-3"),
    "starting, with a preview": ({"id": "p-4", "status": "starting", "preview": data_url("B")}, 200, "p-4"),
    "in progress, camel case": ({"jobId": "j-6", "state": "InProgress", "progress": 0.1}, 200, "j-6"),
    "a stream that ends in the queue": (sse({"id": "s-1", "status": "queued"}, {"id": "s-1", "status": "running", "progress": 3}), 200, "s-1"),
    "words in Chinese": ({"code": 0, "msg": "任务已提交", "data": {"job_id": "zh-1"}}, 200, "zh-1"),
}  # fmt: skip


@pytest.mark.parametrize("name", RECEIPTS)
def test_a_receipt_is_told_as_one(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Accepted is not made: the job is named, may be billed, and is never offered to be sent again."""
    body, status, job = RECEIPTS[name]
    for code, word, advice in (("en", "accepted", "do not send it again"), ("zh", "受理", "不要重复发送")):
        monkeypatch.setenv("NB_BANANA_LANG", code)
        error, fetched = ask(body, status=status)
        assert isinstance(error, nb.errors.MalformedResponseError), error
        assert (error.retryable, error.may_be_billed, fetched) == (False, True, [])
        assert word in error.message and job in error.message and advice in error.hint
        assert error.request_id == (job if job != "?" else None)


FAILED: dict[str, Any] = {
    "failed": {"id": "p", "status": "failed", "input": {"image": ECHO}, "error": "NSFW"},
    "failed, with an address": {"id": "p", "status": "failed", "images": [{"url": OUT}], "error": None},
    "cancelled": {"id": "p", "status": "canceled", "output": [data_url(MADE)]},
    "expired inside data": {"code": 0, "data": {"task_id": "t", "status": "EXPIRED", "image": data_url("B")}},
    "rejected": {"state": "rejected", "image": b64(MADE)},
    "incomplete, with its input": {"status": "incomplete", "input": [USER_ITEM], "output": []},
    "a stream that ends badly": sse({"status": "running", "preview": data_url("B")}, {"status": "failed"}),
}  # fmt: skip


@pytest.mark.parametrize("name", FAILED)
def test_a_failed_job_is_a_failure_whatever_it_holds(name: str) -> None:
    """Pictures in the report of a failure are inputs or drafts: nothing is returned or fetched."""
    error, fetched = ask(FAILED[name])
    assert isinstance(error, nb.NanoBananaError) and fetched == []
    assert error.category in ("server", "safety", "timeout"), error.category


FINE: dict[str, Any] = {
    "succeeded": {"status": "succeeded", "id": "p", "output": [data_url(MADE)]},
    "status is a number": {"status": 200, "id": "p", "image": b64(MADE)},
    "status is ok, task named": {"status": "ok", "task_id": "t", "image": b64(MADE)},
    "created outside, succeeded inside": {"status": "created", "data": {"status": "succeeded", "id": "t", "image": b64(MADE)}},
    "one of two failed": {"status": "completed", "output": [{"status": "failed", "url": None}, {"status": "completed", "url": OUT}]},
    "finish reason length": chat(f"![i]({data_url(MADE)})", finish="length"),
    "a chat that says created": {"status": "created", "id": "c", **chat(f"![i]({data_url(MADE)})")},
    "stopped early, with its picture": {"status": "incomplete", "output": [{"type": "image_generation_call", "result": b64(MADE)}]},
    "a stream whose last word is good": sse({"id": "s", "status": "queued"}, {"id": "s", "status": "completed", "image": b64(MADE)}),
}  # fmt: skip


@pytest.mark.parametrize("name", FINE)
def test_a_job_that_is_done_gives_its_picture(name: str) -> None:
    """States of success, and words that merely look like the others, hide no picture that was paid for."""
    result, _ = ask(FINE[name])
    assert isinstance(result, nb.EditResult), result
    assert [image.data for image in result.images] == [PICTURES[MADE]]


COPY = "https://up.example.com/in/9.jpg"
OWN_COPY = ["init_image_url", "input_url", "inputUrl", "mask_url", "maskUrl", "reference_url", "ref_images", "before_url", "image_before", "seedImage", "control_image", "base_image_url", "originImageUrl", "user_image", "style_image_url", "image_to_edit"]
EITHER = ["original_url", "source_url", "src_image", "uploaded_image_url", "raw_url", "face_image", "a_name_nobody_knows"]


def again(letter: str) -> bytes:
    """A picture in other bytes, as a service that keeps its own copy has it."""
    out = io.BytesIO()
    Image.open(io.BytesIO(PICTURES[letter])).convert("RGB").save(out, "JPEG", quality=95, subsampling=0)
    return out.getvalue()


def ask_a_host(body: Any, wire: str = "openai") -> nb.EditResult | nb.NanoBananaError:
    """What a person gets of a service that serves its own copy of their picture, beside the edit."""
    files = {OUT: PICTURES[MADE], COPY: again(MINE)}
    client = nb.Client(
        nb.Endpoint("https://api.example.com", KEY, wire=wire),
        transport=httpx.MockTransport(lambda _: httpx.Response(200, json=body)),
        download_transport=httpx.MockTransport(lambda asked: httpx.Response(200, content=files[str(asked.url)])),
        retries=0,
    )
    try:
        return client.edit(PICTURES[MINE], PROMPT)
    except nb.NanoBananaError as error:
        return error


@pytest.mark.parametrize("name", OWN_COPY)
def test_a_copy_under_a_name_for_what_was_sent_is_never_the_edit(name: str) -> None:
    """The service's own copy of the input, under any name made of a word for the input and words for a picture, is no edit."""
    result = ask_a_host({"status": "success", "url": OUT, name: COPY})
    assert isinstance(result, nb.EditResult), result
    assert [image.data for image in result.images] == [PICTURES[MADE]] and result.warnings == ()
    alone = ask_a_host({"status": "success", name: COPY})
    assert isinstance(alone, nb.NanoBananaError), alone


@pytest.mark.parametrize("name", EITHER)
def test_a_copy_under_a_name_that_tells_nothing_goes_before_the_edit(name: str) -> None:
    """Where the service's copy of the input comes along under a name that may mean the edit, what looks new is the result."""
    result = ask_a_host({"status": "success", "url": OUT, name: COPY})
    assert isinstance(result, nb.EditResult), result
    assert [image.data for image in result.images] == [again(MINE), PICTURES[MADE]]
    full = ask_a_host({"status": "success", name: OUT})  # and it may be the edit itself
    assert isinstance(full, nb.EditResult) and full.image.data == PICTURES[MADE]


@pytest.mark.parametrize("name", ["original_url", "originUrl", "source_image", "uploaded_url"])
def test_beside_a_name_for_the_output_an_original_is_the_input(name: str) -> None:
    """Kie's ``{"resultImageUrl", "originImageUrl"}`` and its like give the result alone."""
    result = ask_a_host({"data": {"response": {"resultImageUrl": OUT, name: COPY}}})
    assert isinstance(result, nb.EditResult), result
    assert [image.data for image in result.images] == [PICTURES[MADE]]


def test_the_input_written_anew_after_the_edit_is_not_the_result() -> None:
    """Bytes that look like the input come before those that do not, on every wire."""
    mine = base64.b64encode(again(MINE)).decode()
    after = {"inlineData": {"mimeType": "image/jpeg", "data": mine}}
    for wire, body in {"gemini": native(inline(MADE), after), "openai": {"data": [{"b64_json": b64(MADE)}, {"b64_json": mine}]}}.items():
        result = ask_a_host(body, wire)
        assert isinstance(result, nb.EditResult), result
        assert (result.image.data, len(result.images)) == (PICTURES[MADE], 2)


def test_a_draft_in_a_thought_is_no_result() -> None:
    """Words between think tags are a thought: a picture in them is not the edit, and they are not the model's words."""
    refused, fetched = ask(chat(f"<think>A first try: ![d]({OUT})</think>I can't edit this image."), links={OUT: MADE})
    assert isinstance(refused, nb.errors.NoImageError) and not fetched, refused
    made, _ = ask(chat(f"<think>First the sky.</think>Done: ![x]({OUT})"), links={OUT: MADE})
    assert isinstance(made, nb.EditResult) and "sky" not in made.text, made
