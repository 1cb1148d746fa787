"""Answers an outsider broke the decoders with: layouts, failures and arguments, each seen or plausible."""

from __future__ import annotations

import asyncio
import base64
import io
import json
import random
from typing import Any

import httpx
import pytest
from PIL import Image

import nb_banana as nb
from nb_banana._wire.lift import Lifter
from nb_banana.errors import InvalidImageError, InvalidRequestError

KEY = "sk-" + "Qx7Lm2Vb9Tz4" * 3


def _png(size: int, seed: int) -> bytes:
    stream = io.BytesIO()
    pixels = random.Random(seed).randbytes(3 * size * size)
    Image.frombytes("RGB", (size, size), pixels).save(stream, "PNG")
    return stream.getvalue()


SMALL, OTHER, LARGE = _png(4, 1), _png(4, 2), _png(80, 3)  # the last is longer than a lifted run


def _b64(data: bytes) -> str:
    return base64.b64encode(data).decode()


def _chat(content: Any, **message: Any) -> dict[str, Any]:
    return {"choices": [{"message": {"content": content, **message}, "finish_reason": "stop"}]}


def _error(message: str, code: str | None = None, param: str = "", kind: str = "new_api_error") -> dict[str, Any]:
    return {"error": {"message": message, "type": kind, "param": param, "code": code}}


def _ask(
    body: Any, status: int = 200, headers: dict[str, str] | None = None, links: dict[str, bytes] | None = None
) -> nb.EditResult | nb.NanoBananaError:
    """What a client makes of one reply."""
    content = body.encode() if isinstance(body, str) else json.dumps(body, ensure_ascii=False).encode()

    def download(request: httpx.Request) -> httpx.Response:
        data = (links or {}).get(str(request.url))
        return httpx.Response(404) if data is None else httpx.Response(200, content=data)

    client = nb.Client(
        nb.Endpoint("https://api.example.com", KEY, wire="openai"),
        transport=httpx.MockTransport(lambda _: httpx.Response(status, headers=headers, content=content)),
        download_transport=httpx.MockTransport(download),
        retries=0,
    )
    try:
        return client.generate("a red sofa")
    except nb.NanoBananaError as error:
        return error


def _events(*documents: dict[str, Any]) -> str:
    return "".join(f"data: {json.dumps(document)}\n\n" for document in documents)


CDN = "https://cdn.example.com/"
LAYOUTS = {
    "a run after a newline": (_chat("Here it is:\n" + _b64(LARGE)), LARGE),
    "a fenced run": (_chat("```\n" + _b64(LARGE) + "\n```"), LARGE),
    "a newline inside a data URL": (_chat("data:image/png;base64,\n" + _b64(LARGE)), LARGE),
    "a run after an escaped unicode newline": (
        json.dumps(_chat("Here:@" + _b64(LARGE))).replace("@", "\\u000a"), LARGE,
    ),
    "any image type": (_chat(f"![i](data:image/*;base64,{_b64(SMALL)})"), SMALL),
    "image_urls": (_chat("", image_urls=[f"data:image/png;base64,{_b64(SMALL)}"]), SMALL),
    "b64": ({"data": [{"b64": _b64(SMALL)}]}, SMALL),
    "choices is one object": ({"choices": {"message": {"content": f"data:image/png;base64,{_b64(SMALL)}"}}}, SMALL),
    "a stream of pictures": (
        _events(
            {"type": "image_generation.partial_image", "b64_json": _b64(OTHER), "partial_image_index": 0},
            {"type": "image_generation.completed", "b64_json": _b64(SMALL)},
        ),
        SMALL,
    ),
    "a stream of responses": (
        _events(
            {"type": "response.image_generation_call.partial_image", "partial_image_b64": _b64(OTHER)},
            {"type": "response.output_item.done", "item": {"type": "image_generation_call", "result": _b64(SMALL)}},
            {"type": "response.completed", "response": {"output": [{"result": _b64(SMALL)}]}},
        ),
        SMALL,
    ),
    "a link with parentheses": (_chat(f"![i]({CDN}a_(1).png)"), SMALL),
    "a link in JSON as text": (_chat('{"url":"https:\\/\\/cdn.example.com\\/a.png"}'), SMALL),
}  # fmt: skip
LINKS = {CDN + "a_(1).png": SMALL, CDN + "a.png": SMALL}


@pytest.mark.parametrize("name", LAYOUTS)
def test_each_layout_gives_its_one_picture(name: str) -> None:
    """The picture comes out byte for byte and once, drafts stay out, and the text holds no base64."""
    body, data = LAYOUTS[name]
    result = _ask(body, links=LINKS)
    assert isinstance(result, nb.EditResult), result
    assert [image.data for image in result.images] == [data]
    assert "base64" not in result.text and _b64(data)[:40] not in result.text


FAILURES: list[tuple[int, Any, str, bool]] = [
    (429, _error("当前分组上游负载已饱和，请稍后再试", "bad_response_status_code", "404", "upstream_error"), "model_not_found", False),
    (429, _error("当前分组上游负载已饱和，请稍后再试", "bad_response_status_code", "400", "upstream_error"), "bad_request", False),
    (429, _error("当前分组上游负载已饱和，请稍后再试", "bad_response_status_code", "503", "upstream_error"), "rate_limit", True),
    (400, _error("bad response status code 400", "bad_response_status_code", "400", "upstream_error"), "bad_request", False),
    (503, _error("未找到可用的渠道"), "model_not_found", False),
    (503, _error("渠道已关闭"), "model_not_found", False),
    (503, _error("There are no available providers for this model"), "model_not_found", False),
    (403, _error("Project `p` does not have access to model `gpt-image-1`"), "model_not_found", False),
    (400, _error("该模型未开放"), "model_not_found", False),
    (429, _error("Your account is not active, please check your billing details on our website."), "quota", False),
    (429, _error("No.", "billing_not_active", kind="billing_not_active"), "quota", False),
    (429, _error("Quota exhausted for today"), "quota", False),
    (429, _error("免费次数已用完"), "quota", False),
    (401, _error("该令牌没有可用额度"), "quota", False),
    (403, _error("账户余额: 0.00 元，小于最低要求"), "quota", False),
    (403, _error("当前余额为 0"), "quota", False),
    (503, _error("当前余额: 0.52 元，服务繁忙"), "server", True),
    (403, _error("资金不足"), "quota", False),
    (403, _error("您的套餐次数已用完"), "quota", False),
    (403, _error("Your free trial has ended. Please upgrade"), "quota", False),
    (400, _error("无效的 API Key"), "auth", False),
    (400, _error("API key is inactive"), "auth", False),
    (400, _error("Please pass a valid API key"), "auth", False),
    (400, _error("提示词包含不当内容"), "safety", False),
    (500, _error("触发风控策略，请修改提示词"), "safety", False),
    (400, _error("内容不适宜"), "safety", False),
    (400, _error("图片中包含敏感人物"), "safety", False),
    (200, {"id": "t", "status": "failed", "failure_reason": "output_moderation", "error": ""}, "safety", False),
    (403, _error("当前地区无法使用"), "region", False),
    (400, _error("image file not found"), "bad_request", False),
    (400, _error("model gemini-3-pro-image: image_size=512 is not supported"), "bad_request", False),
    (429, _error("Free tier quota exceeded for the day"), "quota", False),
    (429, _error("本月调用次数已达上限"), "quota", False),
    (429, _error("You exceeded your monthly included credits"), "quota", False),
    (403, _error("Credit limit exceeded"), "quota", False),
    (403, _error("Your account is in arrears"), "quota", False),
    (429, _error("每分钟请求次数超过限制"), "rate_limit", True),
    (429, _error("请求频率超过限制"), "rate_limit", True),
    (500, _error("图片生成失败"), "server", True),
    (500, _error("生成图片失败，请重试"), "server", True),
    (400, _error("图片下载失败"), "bad_request", False),
    (400, _error("api_key is required"), "auth", False),
    (400, _error("Prompt contains banned words"), "safety", False),
]  # fmt: skip


@pytest.mark.parametrize(("status", "body", "category", "retryable"), FAILURES)
def test_each_failure_is_called_what_it_is(status: int, body: Any, category: str, retryable: bool) -> None:
    """A failure that lasts is never called a passing one, whatever status or general word a relay adds."""
    error = _ask(body, status)
    assert isinstance(error, nb.NanoBananaError)
    assert (error.category, error.retryable, error.status) == (category, retryable, status)


@pytest.mark.parametrize(
    ("headers", "message"),
    [({"x-litellm-call-id": "call-7001"}, "x"), ({"x-generation-id": "call-7001"}, "x"), ({}, "系统错误（请求ID：call-7001）")],
)
def test_the_request_id_is_found(headers: dict[str, str], message: str) -> None:
    """The id a refund needs is read from LiteLLM's and OpenRouter's headers and from Chinese messages."""
    error = _ask(_error(message), 500, headers)
    assert isinstance(error, nb.NanoBananaError)
    assert error.request_id == "call-7001"


def test_no_inner_token_is_shown() -> None:
    """A long run of letters in a failure is quoted as an ellipsis, not as the decoder's own mark for it."""
    error = _ask(_error("x" * 20_000 + " is wrong"), 400)
    assert isinstance(error, InvalidRequestError)
    assert "“… is wrong”" in error.message
    assert "~" not in str(error) and "~" not in error.body


def test_a_lost_link_keeps_the_status_of_its_answer() -> None:
    """The answer came with 200, was paid for, and only its picture could not be fetched."""
    error = _ask(_chat(f"![i]({CDN}gone.png)"))
    assert isinstance(error, nb.NanoBananaError)
    assert (error.category, error.status, error.may_be_billed) == ("network", 200, True)


@pytest.mark.parametrize("lead", ["\\n", "\\u000a", "\\\\n", '"', "\\t", "x\\r\\n"])
@pytest.mark.parametrize("size", [1, 2, 5, 4095, 4096, 4097, 10**6])
def test_an_escape_before_a_run_is_no_part_of_it(lead: str, size: int) -> None:
    """However the bytes are cut, the letters of an escape stay text and the whole run is lifted."""
    body = f'{{"a": "{lead}{_b64(LARGE)}"}}'.encode()
    lifter = Lifter()
    for at in range(0, len(body), size):
        lifter.feed(body[at : at + size])
    reply = lifter.finish()
    assert [blob.data for blob in reply.blobs.values()] == [LARGE]
    (token,) = reply.blobs
    assert reply.text == f'{{"a": "{lead}{token}"}}'


@pytest.mark.parametrize("images", [None, [], (), iter(())], ids=["none", "list", "tuple", "used-up"])
@pytest.mark.parametrize("kind", ["sync", "async"])
def test_an_empty_list_of_pictures_is_not_paid_for(images: Any, kind: str) -> None:
    """A search that found no file must not turn into a paid picture from words: that is generate()."""
    sent: list[httpx.Request] = []
    options: dict[str, Any] = {"transport": httpx.MockTransport(lambda r: sent.append(r) or httpx.Response(500))}
    endpoint = nb.Endpoint("https://api.example.com", KEY)
    with pytest.raises(InvalidImageError, match="Nothing was sent"):
        if kind == "sync":
            nb.Client(endpoint, **options).edit(images, "make it red")
        else:
            asyncio.run(nb.AsyncClient(endpoint, **options).edit(images, "make it red"))
    assert sent == []


ENDPOINT = nb.Endpoint("https://api.example.com", KEY)
WRONG: dict[str, Any] = {
    "base_url": lambda: nb.Endpoint(5),  # type: ignore[arg-type]
    "api_key": lambda: nb.Endpoint.apiyi(b"sk-abcdefghijkl"),  # type: ignore[arg-type]
    "Endpoint": lambda: nb.Client("https://api.example.com"),  # type: ignore[arg-type]
    "EditRequest": lambda: nb.Client(ENDPOINT).send("make it red"),  # type: ignore[arg-type]
    "model must be text": lambda: nb.Client(ENDPOINT).generate("a cat", model=5),  # type: ignore[arg-type]
    "model": lambda: nb.estimate(model=5),  # type: ignore[arg-type]
    "count": lambda: nb.estimate(count="5"),  # type: ignore[arg-type]
}


@pytest.mark.parametrize("named", WRONG)
def test_a_wrong_type_gets_a_sentence(named: str) -> None:
    """Every failure is a NanoBananaError that names the argument, even where Python would complain itself."""
    with pytest.raises(InvalidRequestError, match=named):
        WRONG[named]()


def test_the_named_endpoints_take_the_key_by_its_name() -> None:
    """The design calls the argument of the shortcuts ``key``."""
    for made in (nb.Endpoint.apiyi(key=KEY), nb.Endpoint.google(key=KEY), nb.Endpoint.openrouter(key=KEY)):
        assert made.has_key
