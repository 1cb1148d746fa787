"""Answers of the Images API: OpenAI's, vLLM-Omni's and relays', each with what a client must make of it and say of it."""

from __future__ import annotations

import json
import re
from typing import Any

import httpx
import pytest

from nb_banana import Client, EditResult, Endpoint, NanoBananaError

from .answers import PICTURES, Row, b64, data_url
from .test_answers import LETTER, answered

ROWS: list[Row] = []
HOST = "https://api.example.com"
TOKENS = {
    "input_tokens": 570, "input_tokens_details": {"text_tokens": 10, "image_tokens": 560},
    "output_tokens": 1120, "output_tokens_details": {"text_tokens": 20, "image_tokens": 1100}, "total_tokens": 1690,
}  # fmt: skip
BLOCKED = (
    "Your request was rejected by the safety system. If you believe this is an error, contact us at help.openai.com "
    "and include the request ID req_0123456789. safety_violations=[sexual]."
)


def row(name: str, body: Any, status: int = 200, **expected: Any) -> None:
    """One answer; a document becomes JSON."""
    raw = body if isinstance(body, bytes) else (body if isinstance(body, str) else json.dumps(body)).encode()
    kind = "text/event-stream" if raw[:6] in (b"event:", b"data: ") else "application/json"
    ROWS.append(Row(name, raw, status=status, headers={"content-type": kind}, **expected))


def failed(name: str, status: int, body: Any, category: str, says: str, billed: bool = False, **expected: Any) -> None:
    """One failure with the sentence a person reads."""
    row(name, body, status, category=category, says=says, billed=billed, **expected)


def made(*items: dict[str, Any], **more: Any) -> dict[str, Any]:
    """A whole reply as OpenAI writes it."""
    return {"created": 1763000000, "data": list(items), **more}


def error(message: str, kind: str, code: str | None = None, param: str | None = None) -> dict[str, Any]:
    return {"error": {"message": message, "type": kind, "param": param, "code": code}}


def events(*documents: dict[str, Any], done: bool = False) -> str:
    lines = [f"event: {one['type']}\ndata: {json.dumps(one)}\n\n" for one in documents]
    return "".join(lines) + "data: [DONE]\n\n" * done


def draft(letter: str, number: int = 0, kind: str = "image_edit") -> dict[str, Any]:
    return {"type": f"{kind}.partial_image", "b64_json": b64(letter), "partial_image_index": number, "created_at": 1}


def last(letter: str, kind: str = "image_edit") -> dict[str, Any]:
    return {"type": f"{kind}.completed", "b64_json": b64(letter), "created_at": 1, "size": "1024x1024", "usage": TOKENS}


def chunk(**facts: Any) -> str:
    """An event of vLLM-Omni's, which has no name of its own."""
    document = {"object": "image.edit.chunk", "created": 1, "model": "Qwen/Qwen-Image-Edit-2511", **facts}
    return f"data: {json.dumps(document)}\n\n"


WORDS = chunk(type="ar_delta", delta="I make the sofa", index=0) + chunk(type="ar_delta", delta=" brown.", index=0)
OMNI = chunk(type="image", data=[{"b64_json": b64("A"), "url": None, "revised_prompt": None}], output_format="png", size="24x16")
DONE = "data: [DONE]\n\n"

# --- with pictures
row("base64", made({"b64_json": b64("A")}, usage=TOKENS, size="1024x1024", quality="high"), images="A")
row("large base64", made({"b64_json": b64("L")}, usage=TOKENS), images="L")
row("several", made({"b64_json": b64("A")}, {"b64_json": b64("B")}, usage=TOKENS), images="AB")
row("a link", made({"url": f"{HOST}/out/1.png?sig=a%2Bb"}), images="C", links={f"{HOST}/out/1.png?sig=a%2Bb": "C"})
row("a link without a suffix", made({"url": f"{HOST}/f/1"}), images="C", links={f"{HOST}/f/1": "C"})
row("a data URL for a link", made({"url": data_url("D")}), images="D")
row("both", made({"b64_json": b64("A"), "url": f"{HOST}/gone.png"}), images="A")
row("nulls", made({"b64_json": b64("A"), "url": None, "revised_prompt": None}, cot_output=None, metrics=None), images="A")
row("a rewritten prompt", made({"b64_json": b64("A"), "revised_prompt": "A brown leather sofa."}), images="A")
row("a file", PICTURES["D"], images="D")
row("a stream", events(draft("A"), draft("B", 1), last("E")), images="E", drafts_warning=False)
row("a stream of a large picture", events(draft("E"), last("L")), images="L", drafts_warning=False)
row("a stream of a new picture", events(draft("A", 0, "image_generation"), last("E", "image_generation")), images="E")
row("a stream without drafts", events(last("E"), done=True), images="E")
row("a stream whose draft is the picture", events(draft("E"), last("E")), images="E")
row("vLLM-Omni's stream", WORDS + OMNI + DONE, images="A", text="I make the sofa brown.")
row("picture, then a late error", events(draft("A"), last("E"), {"type": "error", **error("late", "server_error")}), images="E")

# --- failures of a server of one's own, as FastAPI writes them
failed("another model", 400, {"detail": "Model mismatch: request specifies 'x' but server is running 'Qwen/Qwen-Image-Edit-2511'."},
       "model_not_found", "runs another model than gemini-3-pro-image-preview (HTTP 400): “Model mismatch: request specifies 'x' but "
       "server is running 'Qwen/Qwen-Image-Edit-2511'.”", retryable=False)  # fmt: skip
failed("a missing field", 422, {"detail": [{"type": "missing", "loc": ["body", "prompt"], "msg": "Field required", "input": None}]},
       "bad_request", "rejected the request (HTTP 422): “body.prompt: Field required”", retryable=False)  # fmt: skip
failed("two wrong fields", 422, {"detail": [{"type": "int_parsing", "loc": ["body", "seed"], "msg": "Input should be a valid integer"},
       {"type": "missing", "loc": ["body", "prompt"], "msg": "Field required"}]},
       "bad_request", "(HTTP 422): “body.seed: Input should be a valid integer: body.prompt: Field required”")  # fmt: skip
failed("no picture", 422, {"detail": "Field 'image' or 'url' is required"}, "bad_request",
       "rejected the request (HTTP 422): “Field 'image' or 'url' is required”")  # fmt: skip
failed("too many pictures", 400, {"detail": "Received 3 input images. At most 2 images are supported by this model."}, "bad_request",
       "rejected the request (HTTP 400): “Received 3 input images. At most 2 images are supported by this model.”")  # fmt: skip
failed("one picture only", 400, {"detail": "Received multiple input images. Only a single image is supported by this model."}, "bad_request",
       "“Received multiple input images. Only a single image is supported by this model.”")  # fmt: skip
failed("another response_format", 400, {"detail": "Only response_format 'b64_json' is supported now."}, "bad_request",
       "doesn't take a field of this request (HTTP 400): “Only response_format 'b64_json' is supported now.”")  # fmt: skip
failed("no stream", 400, {"detail": "stream=true is only supported for multi-stage image editing pipelines."}, "bad_request",
       "“stream=true is only supported for multi-stage image editing pipelines.”")  # fmt: skip
failed("out of memory", 500, {"detail": "Image edit failed: CUDA out of memory"}, "server", "(HTTP 500): “Image edit failed: CUDA out of memory”",
       billed=True)  # fmt: skip
failed("vLLM-Omni's stream fails", 200, WORDS + 'data: {"object": "error", "created": 1, "model": "Qwen", "error": {"message": '
       '"CUDA out of memory", "type": "InternalServerError", "code": 500}}\n\n' + DONE, "server", "“CUDA out of memory”", billed=True)  # fmt: skip
failed("vLLM-Omni only talks", 200, WORDS + DONE, "no_image", "The model answered with words and no picture. It said: “I make the sofa brown.”", billed=True)

# --- OpenAI's
failed("a block", 400, error(BLOCKED, "image_generation_user_error", "moderation_blocked"), "safety",
       f"blocked the request for safety reasons (HTTP 400): “{BLOCKED}”", retryable=False)  # fmt: skip
failed("a policy", 400, error("Your request was rejected as a result of our safety system.", "image_generation_user_error", "content_policy_violation"),
       "safety", "“Your request was rejected as a result of our safety system.”")  # fmt: skip
failed("the user's picture", 400, error("This photo of a person can't be edited.", "image_generation_user_error"), "safety",
       "blocked the request for safety reasons (HTTP 400): “This photo of a person can't be edited.”")  # fmt: skip
failed("a block in a 200", 200, error(BLOCKED, "image_generation_user_error", "moderation_blocked"), "safety", BLOCKED, billed=True)
failed("a size", 400, error("Invalid size '1000x1000'. Width and height must both be divisible by 16.", "invalid_request_error", "invalid_size", "size"),
       "bad_request", "(HTTP 400): “Invalid size '1000x1000'. Width and height must both be divisible by 16.”")  # fmt: skip
failed("an old model's size", 400, error("Invalid value: '123x123'. Supported values are: '1024x1024' and 'auto'.", "invalid_request_error", "invalid_value", "size"),
       "bad_request", "“Invalid value: '123x123'. Supported values are: '1024x1024' and 'auto'.”")  # fmt: skip
failed("an unknown field", 400, error("Unknown parameter: 'response_format'.", "invalid_request_error", "unknown_parameter", "response_format"),
       "bad_request", "doesn't take a field of this request (HTTP 400): “Unknown parameter: 'response_format'.”")  # fmt: skip
failed("an unknown seed", 400, error("Unknown parameter: 'seed'.", "invalid_request_error", "unknown_parameter", "seed"),
       "bad_request", "doesn't take a field of this request (HTTP 400): “Unknown parameter: 'seed'.”")  # fmt: skip
failed("a long prompt", 400, error("Invalid 'prompt': string too long. Expected a string with maximum length 32000.", "invalid_request_error", "string_above_max_length", "prompt"),
       "bad_request", "rejected the request as too large (HTTP 400): “Invalid 'prompt': string too long.")  # fmt: skip
failed("a mask", 400, error("Invalid mask image format - mask size does not match image size", "image_generation_user_error", "invalid_mask_image_format", "mask"),
       "bad_request", "“Invalid mask image format - mask size does not match image size”")  # fmt: skip
failed("a picture", 400, error("Invalid image file or mode for image 1, please check your image file.", "image_generation_user_error", "invalid_image_file"),
       "bad_request", "“Invalid image file or mode for image 1, please check your image file.”")  # fmt: skip
for kind in ("image_generation_user_error", "invalid_request_error"):
    failed(f"a limit of spending, {kind}", 400, error("Billing hard limit has been reached.", kind, "billing_hard_limit_reached"),
           "quota", "(HTTP 400): “Billing hard limit has been reached.”", retryable=False)  # fmt: skip
failed("not verified", 403, error("Your organization must be verified to use the model `gpt-image-2.5-flare`.", "invalid_request_error"),
       "auth", "did not let this request in (HTTP 403): “Your organization must be verified to use the model")  # fmt: skip
failed("pictures per minute", 429, error("Rate limit reached for gpt-image-2.5-flare on images per min: Limit 5, Used 5. Please try again in 12s.", "input-images", "rate_limit_exceeded"),
       "rate_limit", "Too many requests", retry_after=12.0, retryable=True)  # fmt: skip
failed("no credit", 429, error("You exceeded your current quota, please check your plan and billing details.", "insufficient_quota", "insufficient_quota"),
       "quota", "“You exceeded your current quota, please check your plan and billing details.”")  # fmt: skip
failed("a server's error", 500, error("The server had an error processing your request.", "image_generation_server_error"),
       "server", "“The server had an error processing your request.”", billed=True)  # fmt: skip
failed("nothing", 200, made(), "no_image", "without a picture", billed=True)

# --- streams that do not end as they should
failed("a block after a draft", 200, events(draft("A"), {"type": "error", **error(BLOCKED, "image_generation_user_error", "moderation_blocked")}),
       "safety", f"“{BLOCKED}”", billed=True)  # fmt: skip
failed("a flat block after a draft", 200, events(draft("A"), {"type": "error", "code": "moderation_blocked", "message": BLOCKED, "param": None}),
       "safety", f"“{BLOCKED}”", billed=True)  # fmt: skip
failed("an error after a draft", 200, events(draft("L"), {"type": "error", **error("An error occurred.", "image_generation_server_error")}),
       "server", "failed (HTTP 200): “An error occurred.”", billed=True, retryable=True)  # fmt: skip
UNFINISHED = "sent unfinished pictures ({}), and its answer ended before the finished one (HTTP 200)."
failed("cut after drafts", 200, events(draft("A"), draft("B", 1)), "malformed", UNFINISHED.format(2), billed=True)
failed("cut after a large draft", 200, events(draft("L")), "malformed", UNFINISHED.format(1), billed=True)
failed("cut within the picture", 200, events(draft("A"), last("E"))[:-400], "malformed", UNFINISHED.format(1), billed=True)
failed("cut within the first draft", 200, events(draft("E"))[:-400], "malformed", "was cut off in the middle (HTTP 200)", billed=True)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: re.sub(r"\W+", "-", row.name))
def test_each_answer_gives_its_picture_or_its_sentence(row: Row) -> None:
    """Pictures come out byte for byte, drafts never; a failure has its category, its words and whether it may be billed."""
    got, posts = answered(row, "images", "sync")
    assert posts == 1
    if row.images is not None:
        assert isinstance(got, EditResult), f"{type(got).__name__}: {got}"
        assert "".join(LETTER.get(image.data, "?") for image in got.images) == row.images
        assert got.text == (row.text or "")
        if row.drafts_warning is not None:
            assert any("drafts" in warning for warning in got.warnings) is row.drafts_warning
        if b'"usage"' in row.body:
            counted = got.usage.input_text_tokens, got.usage.input_image_tokens, got.usage.image_tokens, got.usage.total_tokens
            assert counted == (10, 560, 1100, 1690)
    else:
        assert isinstance(got, NanoBananaError), f"a result with {len(got.images)} pictures"
        assert (got.category, got.may_be_billed) == (row.category, row.billed), str(got)
        assert row.says in str(got) and got.hint
        assert not re.search(r"[A-Za-z0-9+/_-]{120,}", str(got))
        assert row.retryable is None or got.retryable is row.retryable
        assert got.retry_after == row.retry_after


def test_a_rewritten_prompt_is_told() -> None:
    """What the service says it painted instead of what was asked stands among the warnings."""
    got, _ = answered(next(row for row in ROWS if row.name == "a rewritten prompt"), "images", "sync")
    assert any("A brown leather sofa." in warning for warning in got.warnings)


@pytest.mark.parametrize("name", ["cut after drafts", "an unknown field", "another model"])
def test_the_new_sentences_are_chinese_where_that_is_asked(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Sentence and next step in Chinese; a field of ours can be left out as the next step says."""
    monkeypatch.setenv("NB_BANANA_LANG", "zh")
    got, _ = answered(next(row for row in ROWS if row.name == name), "images", "sync")
    assert re.search("[\u4e00-\u9fff]", got.message) and re.search("[\u4e00-\u9fff]", got.hint)


def test_a_field_of_ours_is_left_out_as_the_next_step_says() -> None:
    """`extra={"response_format": None}` takes the field out of what a local server is sent."""
    sent: list[bytes] = []

    def reply(request: httpx.Request) -> httpx.Response:
        sent.append(request.content)
        return httpx.Response(200, json=made({"b64_json": b64("A")}))

    endpoint = Endpoint.local("http://127.0.0.1:8000", "qwen", "images")
    with Client(endpoint, transport=httpx.MockTransport(reply)) as client:
        for extra in (None, {"response_format": None}):
            assert client.generate("a red sofa", extra=extra).image.data == PICTURES["A"]
    assert [b"response_format" in body for body in sent] == [True, False]
