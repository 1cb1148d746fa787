"""A failure is told in the service's own words, and what is concluded follows from those words.

Bodies as Google, OpenRouter, LiteLLM, one-api and new-api gateways, FastAPI services, web servers and firewalls write
them; the words are ours. Every row goes over a loopback socket, through the public client, on both wires.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest

import nb_banana as nb

from .misbehaving import KEY, Server, picture, response, serving

JSON, PAGE, TEXT, STREAM = "application/json", "text/html; charset=utf-8", "text/plain", "text/event-stream"


@dataclass(frozen=True)
class Row:
    """One reply: what it is, and what a person must, and must not, read about it."""

    name: str
    status: int
    body: bytes
    kind: str
    category: str
    retryable: bool
    billed: bool
    says: tuple[str, ...]
    never: tuple[str, ...] = ()


ROWS: list[Row] = []


def row(
    name: str,
    status: int,
    body: Any,
    category: str,
    *says: str,
    never: tuple[str, ...] = (),
    retry: bool = False,
    billed: bool = False,
    kind: str = JSON,
) -> None:
    data = body if isinstance(body, bytes) else (body if isinstance(body, str) else json.dumps(body, ensure_ascii=False)).encode()
    ROWS.append(Row(name, status, data, kind, category, retry, billed, says, never))


def error(message: str, code: Any = None, **more: Any) -> dict[str, Any]:
    return {"error": {"message": message, **({} if code is None else {"code": code}), **more}}


def behind(raw: Any, code: int, provider: str = "Google AI Studio") -> dict[str, Any]:
    """OpenRouter's wrapper around what the provider behind it said."""
    said = raw if isinstance(raw, str) else json.dumps(raw)
    return error("Provider returned error", code, metadata={"raw": said, "provider_name": provider})


def google(code: int, status: str, message: str, *details: Any) -> dict[str, Any]:
    return error(message, code, status=status, details=list(details))


def page(title: str, words: str = "") -> str:
    return f"<!DOCTYPE html><html><head><title>{title}</title><style>b {{}}</style></head><body><h1>{words or title}</h1></body></html>"


MODEL, THEIRS, REFUSED = "does not offer the model", "not yours", "refused the key"
WRONG_PLACE = "Check base_url"

# What the provider behind a gateway said is quoted, not only the gateway's wrapper.
row("raw words", 400, behind("Image dimensions may not exceed 9000 pixels", 400), "bad_request", "may not exceed 9000 pixels", "too large")
row("raw words of a broken upstream", 502, behind("connection to upstream reset", 502), "server", "connection to upstream reset", retry=True, billed=True)
row("raw rate limit", 429, behind("this model is temporarily rate-limited upstream, retry shortly", 429), "rate_limit", "rate-limited upstream", retry=True)
row("raw JSON", 400, behind(google(400, "INVALID_ARGUMENT", "The input picture could not be processed."), 400), "bad_request", "“The input picture could not be processed.”", never=("Provider returned error",))
row("raw JSON without a message", 400, behind({"promptFeedback": {"blockReason": "PROHIBITED_CONTENT"}}, 400), "safety", "PROHIBITED_CONTENT")
row("raw in a 200", 200, behind("The operation was aborted", 502), "server", "operation was aborted", retry=True, billed=True)
row("reasons of a filter", 403, error("Your input was flagged", 403, metadata={"reasons": ["weapons"], "flagged_input": "a cat"}), "safety", "weapons")

# A gateway's own key is neither the user's key nor a missing model.
for name, status, body in (
    ("variable of the gateway", 500, {"error": "GEMINI_API_KEY is not configured on this server"}),
    ("client option", 500, error("litellm.APIConnectionError: The api_key client option must be set by passing api_key or by setting the OPENAI_API_KEY environment variable")),
    ("litellm missing key", 500, error("litellm.AuthenticationError: Missing Gemini API key - set GEMINI_API_KEY in the environment", "500")),
    ("litellm wrong key", 401, error("litellm.AuthenticationError: AuthenticationError: GeminiException - API key not valid.", "401")),
    ("default credentials", 500, error("litellm.APIConnectionError: Your default credentials were not found.")),
    ("none configured", 500, {"message": "No API key configured for provider google"}),
    ("none left", 500, {"detail": "No valid API keys available"}),
    ("all exhausted", 503, error("All API keys of this channel are disabled or exhausted", type="new_api_error")),
    ("channel without a key", 500, error("channel:no available key (request id: 2026)", "channel:no_available_key", type="new_api_error")),
    ("channel with a wrong key", 500, error("渠道密钥无效", "channel:invalid_key", type="new_api_error")),
    ("upstream refused it", 401, error("Incorrect API key provided: sk-up***cd.", "invalid_api_key", type="upstream_error")),
    ("upstream closed the project", 403, error("Permission denied: the consumer has been suspended.", 403, type="upstream_error")),
    ("401 inside a 500", 500, error("bad response status code 401", "bad_response_status_code", type="openai_error")),
    ("behind OpenRouter", 401, behind(error("API key not valid", 400), 401)),
    ("in Chinese", 500, {"code": 500, "msg": "上游密钥未授权，请联系管理员"}),
):  # fmt: skip
    row(f"gateway key: {name}", status, body, "auth", THEIRS, "has no key that works", never=(MODEL, REFUSED, "used up"))

# The user's own key.
for name, status, body in (
    ("Google", 400, google(400, "INVALID_ARGUMENT", "API key not valid. Please pass a valid API key.", {"@type": "type.googleapis.com/google.rpc.ErrorInfo", "reason": "API_KEY_INVALID"})),
    ("new-api", 401, error("Invalid token (request id: 2025)", "", type="new_api_error")),
    ("one-api", 401, error("无效的令牌", type="one_api_error")),
    ("expired", 401, error("该令牌已过期", type="one_api_error")),
    ("none sent", 401, error("未提供令牌")),
    ("litellm proxy", 401, error("Authentication Error, Invalid proxy server token passed.", "401", type="token_not_found_in_db")),
    ("FastAPI", 401, {"detail": "Not authenticated"}),
    ("bare status", 401, ""),
    ("OpenRouter", 401, error("No auth credentials found", 401)),
):
    row(f"own key: {name}", status, body, "auth", REFUSED, never=(THEIRS, MODEL))

# Not let in, for a reason that is no wrong key.
for name, status, body, words in (
    ("closed account", 403, error("用户已被封禁"), "封禁"),
    ("address not allowed", 403, error("您的 IP 不在令牌允许访问的列表中"), "IP"),
    ("model not allowed", 403, error("该令牌无权访问模型 gemini-3-pro-image-preview"), "无权访问模型"),
    ("group", 403, error("无权访问 vip 分组", type="new_api_error"), "vip"),
    ("plan", 403, error("This model is not part of your plan"), "plan"),
    ("bare 403", 403, "", "empty body"),
    ("overloaded in a 401", 401, error("The model is currently overloaded."), "overloaded"),
):
    row(f"denied: {name}", status, body, "auth", "did not let this request in", words, never=(REFUSED, MODEL))

# An account that is held back is not told to run it again.
for name, status, body, words in (
    ("unpaid", 429, error("Your account has been limited due to unpaid bills"), "holds this account back"),
    ("limited", 429, error("Your account is currently limited. Please contact support."), "holds this account back"),
    ("in Chinese", 429, {"code": 429, "msg": "您的账户已被限制使用，请联系客服"}, "holds this account back"),
    ("usage limit of one's own", 429, error("Your account has reached the set inference limit for this model", "SetLimitExceeded"), "holds this account back"),
    ("subscription", 402, error("This model requires a subscription"), "holds this account back"),
    ("good standing", 403, error("Access denied: is your account in good standing?", "Arrearage"), "used up"),
    ("arrears in Chinese", 429, error("您的账户已欠费，请充值后重试", "1113"), "used up"),
    ("daily limit", 429, error("You have reached your daily limit of 100 pictures"), "used up"),
    ("today in Chinese", 429, error("今日额度已用完"), "used up"),
    ("balance in Chinese", 402, {"code": 402, "msg": "余额不足，请充值"}, "used up"),
    ("token's quota", 403, error("该令牌额度已用尽", "insufficient_user_quota", type="new_api_error"), "used up"),
    ("pre-charge", 403, error("预扣费额度失败, 用户剩余额度: ＄0.02, 需要预扣费额度: ＄0.05", "insufficient_user_quota"), "used up"),
    ("per day at Google", 429, google(429, "RESOURCE_EXHAUSTED", "Quota exceeded", {"@type": "type.googleapis.com/google.rpc.QuotaFailure", "violations": [{"quotaId": "RequestsPerDayPerProject"}]}), "used up"),
    ("litellm budget", 400, error("Budget has been exceeded! Current cost: 11, Max budget: 10", "400", type="budget_exceeded"), "used up"),
    ("monthly", 429, {"message": "You have exceeded the MONTHLY quota for requests on your plan, BASIC."}, "used up"),
    ("exhausted balance", 403, {"detail": "User is locked. Reason: exhausted balance."}, "used up"),
):
    row(f"account: {name}", status, body, "quota", words, "trying again now won't help", never=("Run it again", "run it again", "Too many requests"))
for name, status, body in (
    ("type", 429, error("You exceeded your current quota, check your plan and billing details.", "insufficient_quota", type="upstream_error")),
    ("in Chinese", 400, error("上游账户余额不足，请联系管理员", "upstream_error", type="upstream_error")),
    ("behind OpenRouter", 402, behind(error("Your prepayment credits are depleted", 402), 402)),
):
    row(f"gateway's account: {name}", status, body, "quota", "behind it is used up", "Your own balance may be fine", never=("Top up",))

# Busy is busy, and too many is too many.
row("overloaded", 429, error("The model is overloaded. Please try again later."), "rate_limit", "too busy", retry=True, never=("Too many",))
row("saturated", 500, error("当前分组上游负载已饱和，请稍后再试", type="upstream_error"), "rate_limit", "too busy", retry=True)
row("per minute", 429, google(429, "RESOURCE_EXHAUSTED", "Quota exceeded: 10 per minute", {"@type": "type.googleapis.com/google.rpc.RetryInfo", "retryDelay": "34s"}), "rate_limit", "Too many requests", "34 s", retry=True)
row("concurrency", 429, error("您当前的并发数过高，请降低并发", "1302"), "rate_limit", "Too many requests", retry=True)
row("DRF", 429, {"detail": "Request was throttled. Expected available in 42 seconds."}, "rate_limit", "42 s", retry=True)
row("queue full", 503, {"detail": {"error": "queue full", "retry_after": 12}}, "server", "queue full", "12 s", retry=True)

# No such model, or no such address.
row("no channel", 503, error("当前分组 default 下对于模型 gemini-3-pro-image-preview 无可用渠道（distributor）", "model_not_found", type="new_api_error"), "model_not_found", MODEL, "无可用渠道")
row("not a model", 400, error("nano/banana is not a valid model ID", 400), "model_not_found", MODEL)
row("litellm model", 400, error("Invalid model name passed in model=x. Call `/v1/models` to view available models.", "400"), "model_not_found", MODEL)
for name, status, body in (
    ("FastAPI", 404, {"detail": "Not Found"}),
    ("Kong", 404, {"message": "no Route matched with those values"}),
    ("Go", 404, "404 page not found"),
    ("empty", 404, ""),
):
    row(f"address: {name}", status, body, "model_not_found", "nothing at this address", WRONG_PLACE, never=(MODEL,), kind=TEXT)
row("address: twice /v1", 404, error("Invalid URL (POST /v1/v1/chat/completions)", type="invalid_request_error"), "bad_request", "nothing at this address", WRONG_PLACE)
row("address: method", 405, {"detail": "Method Not Allowed"}, "bad_request", "nothing at this address", WRONG_PLACE)

# What is wrong with the request is named by its field.
row("FastAPI field", 422, {"detail": [{"type": "missing", "loc": ["body", "image"], "msg": "Field required", "input": None}]}, "bad_request", "body.image: Field required")
row("FastAPI old field", 422, {"detail": [{"loc": ["body", "messages", 0, "content"], "msg": "str type expected", "type": "type_error.str"}]}, "bad_request", "body.messages.0.content")
row("Laravel field", 422, {"message": "The given data was invalid.", "errors": {"prompt": ["The prompt field is required."]}}, "bad_request", "The prompt field is required.")
row("FastAPI words", 400, {"detail": "Model mismatch: asked for 'a', serving 'b'"}, "model_not_found", "asked for 'a'")
row("unknown field", 400, google(400, "INVALID_ARGUMENT", "Unknown name \"imageSize\" at 'generation_config.image_config': Cannot find field."), "bad_request", "imageSize", never=("smaller",))
row("too large", 413, error("Request body too large"), "bad_request", "too large", "smaller pictures")
row("place", 400, google(400, "FAILED_PRECONDITION", "User location is not supported for the API use."), "region", "User location is not supported")

# A web page is called one.
for name, status, category, retry, billed in (
    ("200", 200, "malformed", False, True), ("401", 401, "auth", False, False), ("403", 403, "auth", False, False),
    ("404", 404, "model_not_found", False, False), ("405", 405, "bad_request", False, False), ("500", 500, "server", True, True),
    ("502", 502, "server", True, False), ("504", 504, "timeout", True, True), ("524", 524, "timeout", True, True),
):  # fmt: skip
    words = (WRONG_PLACE,) if status < 500 else ()
    row(f"page {name}", status, page("Nothing to see", f"{name} here"), category, "a web page", f"{name} here", *words, retry=retry, billed=billed, kind=PAGE, never=(REFUSED, MODEL))
row("page of a single-page app", 200, '<!doctype html><html><head><title>New API</title></head><body><div id="root"></div></body></html>', "malformed", "a web page", "New API", WRONG_PLACE, billed=True, kind=PAGE)
row("page of a login", 200, page("Sign in", "Log in to continue"), "malformed", "a web page", "won't help", billed=True, kind=PAGE)
row("page of a challenge", 403, page("Just a moment...", "Checking your browser"), "auth", "a web page", "firewall", kind=PAGE, never=(REFUSED,))
row("page that claims to be JSON", 200, page("Hotel Wi-Fi"), "malformed", "a web page", billed=True)
row("piece of a page", 200, "<div><h1>Welcome to nginx!</h1></div>", "malformed", "a web page", "Welcome to nginx!", billed=True, kind=PAGE)
row("page of nginx, too large", 413, page("413 Request Entity Too Large"), "bad_request", "a web page", "smaller pictures", kind=PAGE)

# Half an answer, an empty one, bytes that are no text.
WHOLE = json.dumps({"candidates": [{"content": {"parts": [{"text": "Here is your picture, with braces { and \" quotes"}]}}]})
CUT, ANSWERED = ("cut off in the middle",), (WRONG_PLACE, "no message")
row("cut in a word", 200, WHOLE[:-22], "malformed", *CUT, retry=True, billed=True, never=ANSWERED)
row("cut between brackets", 200, WHOLE[:-3], "malformed", *CUT, retry=True, billed=True, never=ANSWERED)
row("cut in an escape", 200, WHOLE[: WHOLE.index('\\"') + 1], "malformed", *CUT, retry=True, billed=True, never=ANSWERED)
row("cut in the picture", 200, '{"choices":[{"message":{"content":"![i](data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAA', "malformed", *CUT, retry=True, billed=True, never=ANSWERED)
row("cut array of chunks", 200, '[{"candidates":[{"content":{"parts":[{"text":"Su"}]}}]},\n{"candid', "malformed", *CUT, retry=True, billed=True, never=ANSWERED)
row("cut stream", 200, 'data: {"choices":[{"delta":{"content":"Here"}}]}\n\ndata: {"choices":[{"del', "malformed", *CUT, retry=True, billed=True, kind=STREAM, never=ANSWERED)
row("cut error", 500, '{"error":{"message":"The mod', "server", "ends in the middle", retry=True, billed=True)
for name, body in {"nothing": "", "blanks": " \n\n ", "object": "{}", "array": "[]", "null": "null", "keep-alive": ": ping\n\n: ping\n\n", "done": "data: [DONE]\n\n"}.items():
    row(f"empty: {name}", 200, body, "malformed", "an empty answer", retry=True, billed=True, never=("no message", "“"))
row("empty 400", 400, "", "bad_request", "empty body", never=("“",))
row("empty 500", 500, "", "server", "empty body", retry=True, billed=True, never=("“",))
row("half a picture", 200, picture(size=(90, 60))[:-20], "malformed", "is damaged or incomplete.", retry=True, billed=True, kind="image/png", never=("base_url", "“”"))
row("a film", 200, b"\x00\x00\x00\x18ftypmp42" + bytes(range(128, 250)), "malformed", "MP4", retry=False, billed=True, kind="video/mp4")
NOISE = bytes((at * 89 + 143) % 256 for at in range(900))
row("noise", 200, NOISE, "malformed", "no text", "application/octet-stream", kind="application/octet-stream", retry=True, billed=True, never=("“",))
row("noise called JSON", 200, bytes([0x8F, 0x03, 0xE7, 0xF5, 0x9A] * 200), "malformed", "no text", retry=True, billed=True, never=("“",))
row("noise in a 500", 500, NOISE, "server", "no text", retry=True, billed=True, never=("“",))
row("noise in a message", 400, b'{"error":{"message":"' + bytes(range(0x80, 0xC0)) * 3 + b'"}}', "bad_request", "no text", never=("“",))
row("one bad character", 400, b'{"error":{"message":"The picture cat\xff.png is damaged"}}', "bad_request", "is damaged")
row("Chinese of another coding", 400, json.dumps(error("参数错误：图片格式不支持"), ensure_ascii=False).encode("gb18030"), "bad_request", "图片格式不支持")

# Words that are no complaint are no failure of the service, and no reason is made up.
row("welcome", 200, {"message": "Welcome to the API"}, "malformed", "Welcome to the API", WRONG_PLACE, retry=True, billed=True)
row("health", 200, {"status": "ok"}, "malformed", "could not be read", WRONG_PLACE, retry=True, billed=True)
for name, body in {
    "no parts": {"candidates": [{"content": {"role": "model", "parts": []}}]},
    "nothing in the candidate": {"candidates": [{}]},
    "null": {"candidates": None},
    "unspecified": {"candidates": [{"finishReason": "FINISH_REASON_UNSPECIFIED"}]},
    "no feedback": {"promptFeedback": {}},
    "no choices": {"choices": []},
    "silent choice": {"choices": [{"message": {"role": "assistant", "content": ""}}]},
    "no data": {"created": 1, "data": []},
}.items():
    row(f"no reason: {name}", 200, body, "no_image", "gave no reason", retry=True, billed=True, never=("STOP", "stop"))
row("a reason", 200, {"candidates": [{"finishReason": "STOP", "content": {}}]}, "no_image", "(STOP)", retry=True, billed=True)
row("out of room", 200, {"candidates": [{"finishReason": "MAX_TOKENS", "content": {}}]}, "no_image", "ran out of room", "(MAX_TOKENS)", "smaller image_size", retry=True, billed=True)
row("out of room, chat", 200, {"choices": [{"message": {"content": "I will"}, "finish_reason": "length"}]}, "no_image", "ran out of room", "(length)", retry=True, billed=True)
row("blocked for another reason", 200, {"promptFeedback": {"blockReason": "OTHER"}}, "safety", "blocked the prompt (OTHER)", billed=True, never=("for safety reasons",))
row("damaged, no reason", 200, {"candidates": [{"content": {"parts": [{"inlineData": {"data": "iVBORw0KGgoAAAANSUhEUgAAAAgA"}}]}}]}, "malformed", "is damaged or incomplete.", retry=True, billed=True, never=("STOP",))


@pytest.fixture(scope="module")
def place() -> Iterator[tuple[Server, list[Row]]]:
    said: list[Row] = []
    with serving(lambda connection, *_: connection.sendall(response(said[-1].body, said[-1].status, content_type=said[-1].kind))) as server:
        yield server, said


def told(place: tuple[Server, list[Row]], one: Row, wire: Any) -> nb.NanoBananaError:
    server, said = place
    said.append(one)
    posts = server.posts
    with pytest.raises(nb.NanoBananaError) as caught:
        nb.Client(nb.Endpoint(server.url, KEY, wire=wire), retries=0).generate("a red sofa")
    assert server.posts == posts + 1
    return caught.value


@pytest.mark.parametrize("wire", ["gemini", "openai"])
@pytest.mark.parametrize("one", ROWS, ids=lambda one: re.sub(r"\W+", "-", one.name))
def test_a_failure_is_quoted_and_what_is_concluded_follows_from_the_quote(place: Any, one: Row, wire: str) -> None:
    """The right class, whether it is worth sending again, whether it may be billed, and words that fit each other."""
    got = told(place, one, wire)
    assert got.category == one.category and type(got) is nb.errors.BY_CATEGORY[one.category], str(got)
    assert (got.retryable, got.may_be_billed) == (one.retryable, one.billed), str(got)
    for words in one.says:
        assert words in str(got), str(got)
    for words in one.never:
        assert words not in str(got), str(got)
    assert got.hint and len(got.message) < 700
    assert not re.search("[\ufffd\u4e00-\u9fff]{60}", got.message)


@pytest.mark.parametrize("one", ROWS[::3], ids=lambda one: re.sub(r"\W+", "-", one.name))
def test_the_same_is_told_in_chinese(place: Any, one: Row, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every sentence and next step has its Chinese; only what is quoted is as it came."""
    monkeypatch.setenv("NB_BANANA_LANG", "zh")
    got = told(place, one, "gemini")
    assert re.search("[\u4e00-\u9fff]", got.message) and re.search("[\u4e00-\u9fff]", got.hint)
    assert not re.search("[{}]", got.hint) and "won't" not in str(got)
