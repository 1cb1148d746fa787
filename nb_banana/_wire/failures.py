"""Say what a failure is: the body's own words first, the HTTP status second.

Gateways answer a wrong key with 400, an empty balance with 401, a missing model with 503, a word
filter with 500, and put an upstream's 404 inside a 429. So the rules below are tried in order on
everything the body says (codes, reasons, messages in English and Chinese, JSON inside strings),
then on the innermost status the body names, then on the HTTP status.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any, Final

from .._messages import Answer
from .._strings import say
from ..errors import BY_CATEGORY, NanoBananaError
from .documents import walk

_QUOTE: Final = 300
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff]")
_ANSI = re.compile(r"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)?|.)")

# Category, and what in the body's words says so; the first that matches wins. Specific before general.
_RULES: Final[tuple[tuple[str, re.Pattern[str]], ...]] = tuple(
    (category, re.compile(pattern, re.IGNORECASE | re.VERBOSE))
    for category, pattern in (
        ("quota", r"""
            insufficient_user_quota | insufficient[_ ]quota | insufficient[_ ](?:balance|credits?|funds?) | quota_not_enough
          | 余额不足 | 额度不足 | 额度已用[尽完] | 欠费 | 预扣费 | 剩余额度 | 充值 | 账户余额
          | (?:credit|balance|prepay|prepaid)[^.]{0,60}(?:exhausted|depleted|too[ ]low|insufficient|not[ ]enough|used[ ]up|empty|ran[ ]out|negative)
          | (?:not[ ]enough|insufficient|run[ ]out[ ]of|no[ ]remaining)[ ](?:\w+[ ]){0,2}(?:credits?|balance|funds?|quota)
          | billing[ _](?:hard[ _])?limit | payment[ _]required | top[ -]?up[ ]your
          | PerDay | per[ ]day | daily[ ](?:limit|quota|request) | requests_per_day | \bRPD\b | 每日 | 当日 | 今日.{0,8}(?:上限|限额|用完)
          | \blimit["']?:[ ]*0\b | quota_limit_value["']?:[ ]*["']?0\b | (?:token|key)\w*[ ]quota[ ](?:is[ ])?(?:exhausted|used[ ]up)
          | 令牌额度 | 该令牌.{0,6}额度
        """),
        ("region", r"""
            unsupported_country | user[ ]location[ ]is[ ]not[ ]supported | (?:country|region|territory)[^.]{0,40}not[ ](?:supported|available)
          | not[ ](?:supported|available)[ ]in[ ]your[ ](?:country|region|location|area) | (?:地区|区域|国家).{0,12}(?:不支持|不可用|限制) | 不支持.{0,8}(?:地区|区域|国家)
          | FAILED_PRECONDITION
        """),
        ("recitation", r"\b(?:IMAGE_)?RECITATION\b"),
        ("auth", r"""
            API_KEY_INVALID | api[_ ]key[_ ](?:not[_ ](?:valid|found)|invalid|expired|disabled|service_blocked) | API_KEY_SERVICE_BLOCKED
          | invalid[_ ]?(?:api[_ -]?key|token|credential|authorization|authentication) | incorrect[_ ]api[_ ]key | no[ ]api[ -]?key
          | (?:api[ -]?key|token|credentials?)[^.。]{0,40}(?:is[ ]|was[ ]|has[ ]been[ ])?(?:invalid|expired|revoked|leaked|disabled|missing|not[ ]provided|malformed|unauthorized)
          | (?:missing|invalid|expired)[ ](?:\w+[ ]){0,2}(?:api[ -]?key|authentication|credentials?)
          | ACCESS_TOKEN_(?:EXPIRED|TYPE_UNSUPPORTED) | CREDENTIALS_MISSING | UNAUTHENTICATED | \bunauthori[sz]ed\b | authentication_error | not[ ]authenticated
          | (?:令牌|密钥|鉴权|认证|秘钥|API[ ]?Key).{0,16}(?:无效|错误|失败|过期|失效|不可用|不存在|缺失|未提供|禁用|不正确|有误) | 无效的?(?:令牌|密钥|秘钥|API) | 未提供(?:令牌|密钥) | 未授权 | 无权(?:限|访问|使用)
          | PERMISSION_DENIED | permission_denied | permission_error | \bpermission[ ]denied | (?:no|lacks?|without)[ ](?:the[ ])?(?:access|permission) | not[ ]authorized | access[_ ](?:to[ ]\w+[ ])?denied | access_terminated | consumer[^.]{0,80}suspended | \bforbidden\b
          | billing[ ]mode | 计费(?:模式|类型)
        """),
        ("model_not_found", r"""
            model_not_found | no[ ](?:available[ ])?channels? | 无可用渠道 | 没有可用(?:的)?渠道 | 可用渠道不存在 | model_not_supported | unsupported_model | unknown[ ]model | invalid[ _]model
          | model[^.。]{0,100}(?:not[ ]found|does[ ]not[ ]exist|doesn't[ ]exist|not[ ](?:currently[ ])?available|no[ ]longer[ ](?:available|supported)|is[ ]not[ ]supported|not[ ]supported[ ]for|has[ ]been[ ](?:deprecated|retired|shut[ ]?down|removed|withdrawn)|was[ ](?:retired|shut[ ]down|removed|withdrawn)|deprecated|retired|discontinued)
          | (?:not[ ]found|unknown|unsupported|no[ ]such|no[ ]endpoints?[ ]found)[^.]{0,20}\bmodel | no[ ]endpoints[ ]found[ ]for | is[ ]not[ ]found[ ]for[ ]API[ ]version
          | 模型.{0,60}(?:不存在|未找到|不支持|已下线|下架|不可用|停用) | (?:不存在|未找到|不支持|找不到).{0,10}模型
        """),
        ("safety", r"""
            content[_ ]policy | content[_ ]filter | contentFilter | safety[_ ](?:violation|policy|policies|settings?|filter|system|reasons?|check|error|block) | \b(?:IMAGE_)?SAFETY\b | PROHIBITED_CONTENT | prohibited[ ]content | BLOCKLIST | \bSPII\b
          | sensitive_words? | sensitive[ ](?:words?|content) | moderation[ _](?:block|fail|error|reject|flag) | (?:blocked|rejected|flagged)[ ](?:by|due[ ]to|because|for)[^.]{0,60}(?:safety|policy|policies|moderation|filter|content|prohibited|violat) | flagged[ ]as | violat(?:es?|ed|ing|ion)[^.]{0,60}(?:polic|guideline|terms|rule) | responsible[ ]AI | prompt_blocked
          | (?:blocked|prevented)[ ]by[ ]the[ ]safety | usage[ _]polic | (?:unsafe|nsfw|inappropriate)[ _](?:content|image|prompt) | 敏感词 | 敏感内容 | 违规 | 违反.{0,20}(?:政策|规定|规范|条款|法) | 内容(?:审核|安全|审查) | 安全(?:策略|审核|政策|过滤|系统) | 审核(?:未|不)通过 | 不合规 | 违禁
        """),
        ("bad_request", r"""
            write_response_body_failed | request[ _](?:entity[ _]|body[ _]|payload[ _]size[ _])?(?:is[ ])?too[ _]large | payload[ _]too[ _]large | request[ _]payload[ _]size[ _]exceeds | (?:image|file|body|request|payload|input)[^.]{0,40}(?:too[ ]large|too[ ]big|exceeds[ ](?:the[ ])?(?:maximum|limit|size)) | context_length_exceeded
          | invalid_argument | INVALID_ARGUMENT | Unknown[ ]name | Invalid[ ](?:JSON|value|argument|parameter|request|image|base64|url|aspect|role|content|size|type) | invalid_(?:json|value|image|parameter|base64|size|type|prompt|image_format) | unsupported_(?:image|value|parameter|file|media|country_code) | unsupported[ ](?:image|mime|file|media|parameter|value|aspect|format) | (?:Unable|Failed)[ ]to[ ](?:process|decode|parse|read|fetch|download)[ ](?:the[ ])?(?:input[ ]|provided[ ])?(?:image|file|request|url|body|json) | could[ ]not[ ](?:process|decode|download|fetch)[^.]{0,20}(?:image|url|file) | missing[ ](?:required|field|parameter|`) | is[ ]required | must[ ]be[ ](?:one[ ]of|a[ ]|in[ ]|between) | does[ ]not[ ]support[^.]{0,40}(?:size|ratio|parameter|image|modalit|instruction) | not[ ]enabled[ ]for
          | 参数(?:错误|无效|缺失|不合法|有误|不正确|异常) | (?:无效|非法|不支持)的?(?:参数|请求|图片|格式|尺寸|比例) | 图片.{0,16}(?:过大|太大|超过|无效|无法|格式|损坏|失败) | 请求体?(?:过大|太大|格式) | 格式(?:错误|不支持|不正确) | 缺少.{0,10}参数 | (?:下载|获取|解析|读取)图片.{0,6}失败 | prompt.{0,4}不能为空 | 不能为空
          | invalid[ ]thought[ ]signature | corrupted[ ]thought[ ]signature | thought_?signature | invalid_request_error
        """),
        ("rate_limit", r"""
            rate[_ -]?limit | too[_ ]many[_ ]requests | throttl | requests?[ ](?:are[ ])?(?:too[ ]frequent|per[ ]minute) | PerMinute | per[ _]minute | \b[RTI]PM\b | tokens_per_min | concurren(?:t|cy)[^.]{0,30}(?:limit|exceed|too[ ]many|reached) | slow[ ]down | RESOURCE_EXHAUSTED | resource[ ](?:has[ ]been[ ])?exhausted | exceeded[ ]your[ ]current[ ]quota | quota[ ]exceeded
          | 频率 | 频繁 | 限流 | 限速 | 请求(?:数)?过[多快] | 请求太[多快] | 并发.{0,10}(?:限制|上限|超) | 每分钟 | 负载.{0,4}饱和 | 稍后(?:再|重)试.{0,6}限 | 速率
        """),
        ("timeout", r"DEADLINE_EXCEEDED | deadline[ ]exceeded | gateway[ _-]?time-?[ ]?out | (?:upstream|request|connection|operation|read|response|a|server)[ _](?:request[ _])?(?:timed[ _]?out|timeout) | time(?:d)?[ _]?out[ ](?:occurred|while|waiting|after|error) | context[ ]deadline | 超时"),
        ("server", r"""
            overloaded | over[ ]?capacity | UNAVAILABLE | service[ _]unavailable | temporarily[ ]unavailable | internal[_ ](?:server[_ ])?error | \bINTERNAL\b | bad[ _]gateway | do_request_failed | upstream[ _](?:error|connect|failed|unavailable) | high[ ]demand | try[ ]again[ ]later | capacity | maintenance | 服务(?:器)?.{0,6}(?:繁忙|异常|错误|不可用|维护|过载) | 系统繁忙 | 上游.{0,8}(?:错误|异常|失败) | 内部错误 | 过载 | 稍后(?:再|重)试
        """),
    )
)  # fmt: skip

_BY_STATUS: Final = {
    400: "bad_request", 401: "auth", 402: "quota", 403: "auth", 404: "model_not_found", 405: "bad_request",
    408: "timeout", 409: "server", 410: "model_not_found", 411: "bad_request", 412: "bad_request", 413: "bad_request",
    414: "bad_request", 415: "bad_request", 422: "bad_request", 429: "rate_limit", 431: "bad_request", 451: "region",
    504: "timeout", 522: "timeout", 524: "timeout", 598: "timeout", 599: "timeout",
}  # fmt: skip

_FINISH: Final = {
    "safety": "safety", "image_safety": "safety", "prohibited_content": "safety", "image_prohibited_content": "safety",
    "blocklist": "safety", "spii": "safety", "model_armor": "safety", "jailbreak": "safety", "content_filter": "safety",
    "recitation": "recitation", "image_recitation": "recitation",
    "language": "bad_request", "missing_thought_signature": "bad_request",
    "malformed_function_call": "malformed", "malformed_response": "malformed",
}  # fmt: skip
_RANDOM_REFUSALS: Final = frozenset({"IMAGE_SAFETY", "IMAGE_OTHER", "NO_IMAGE", "OTHER"})

# A status at which the model can't have run: the gateway turned the request away.
_NOT_RUN: Final = frozenset({429, 502, 503, 529})


@dataclass(frozen=True, slots=True)
class Failure:
    """The facts of one failed answer, before they become an error."""

    category: str
    message: str
    status: int | None = None
    inner_status: int | None = None
    code: str = ""
    retry_after: float | None = None
    request_id: str | None = None
    body: str = ""


def has_error(document: Mapping[str, Any]) -> bool:
    """Whether a document reports a failure (and holds no answer)."""
    error = document.get("error", document.get("errors"))
    if error not in (None, "", [], {}, False):
        return True
    if any(key in document for key in ("candidates", "choices", "promptFeedback", "prompt_feedback")):
        return False
    if isinstance(document.get("data"), list) and document["data"]:
        return False
    code = document.get("code", document.get("status_code", document.get("statusCode")))
    failed = document.get("success") is False or str(document.get("type")).lower() == "error"
    named = isinstance(code, (int, str)) and str(code).lower() not in ("", "0", "200", "ok", "success", "none")
    words = any(isinstance(document.get(key), str) and document[key] for key in ("message", "msg", "detail", "error_msg", "error_message", "reason", "title"))
    return failed or (named and (words or isinstance(code, int))) or (words and not document.get("object"))


def read_failure(
    status: int, headers: Mapping[str, str], documents: Sequence[Mapping[str, Any]], text: str
) -> Failure:
    """What went wrong, from a reply that is no answer."""
    pairs = [(key, value) for document in documents for key, value in walk(document)]
    message = clean(_message(pairs) or _plain(text))
    words = "\n".join(_words(pairs)) if pairs else _plain(text)[:4000]
    inner = _inner_status(pairs, words, status)
    category = next((name for name, pattern in _RULES if pattern.search(words)), None)
    if category in (None, "server", "bad_request") and inner is not None and inner != status:
        category = _BY_STATUS.get(inner, "server" if inner >= 500 else category) or category
    if category is None:
        category = _by_status(status)
    elif category in ("rate_limit", "server", "timeout") and _by_status(status) == "auth" and status == 401:
        category = "auth"
    return Failure(
        category,
        message or say("client.no_message"),
        status=status,
        inner_status=inner,
        code=_code(pairs),
        retry_after=retry_after(headers, pairs, words),
        request_id=request_id(headers, pairs),
        body=text,
    )


def _by_status(status: int) -> str:
    if status < 400:
        return "malformed"
    return _BY_STATUS.get(status, "bad_request" if status < 500 else "server")


_MESSAGE_KEYS: Final = (
    "message", "localized_message", "error_message", "error_msg", "errorMessage", "msg", "detail", "error", "reason",
    "description", "title", "error_description", "param", "raw", "code", "status", "type",
)  # fmt: skip


def _message(pairs: Sequence[tuple[str, Any]]) -> str:
    """The innermost message that says something; failing that, a code or the param."""
    for key in _MESSAGE_KEYS:
        said = [str(v).strip() for k, v in pairs if k == key and isinstance(v, (str, int)) and not isinstance(v, bool)]
        said = [text for text in said if text]
        if said:
            # Nested messages come later in the walk; JSON inside a string is not for people.
            return next((text for text in reversed(said) if text[:1] not in "{["), said[-1])
    return ""


_SKIPPED: Final = frozenset({"@type", "domain", "service", "documentation_url", "url", "help", "links", "method"})


def _words(pairs: Sequence[tuple[str, Any]]) -> Iterator[str]:
    for key, value in pairs:
        if key in _SKIPPED:
            continue
        if isinstance(value, str):
            yield f"{key}: {value[:4000]}"
        elif isinstance(value, (int, float)) and not isinstance(value, bool) and key not in ("created", "index"):
            yield f"{key}: {value}"
        elif isinstance(value, list):
            yield from (f"{key}: {item[:1000]}" for item in value if isinstance(item, str))


_STATUS_WORDS = re.compile(
    r"(?:status[ _]?code|statuscode|http|status|code|错误码|状态码)[\"' :=：]{0,4}(?:code[ :=]{0,2})?([45]\d\d)\b", re.IGNORECASE
)


def _inner_status(pairs: Sequence[tuple[str, Any]], words: str, status: int) -> int | None:
    """The innermost HTTP status the body names, other than the reply's own."""
    named: list[int] = []
    for key, value in pairs:
        text = str(value).strip()
        if key.lower() in ("code", "status", "status_code", "statuscode", "param", "http_status", "upstream_status") and re.fullmatch(r"[45]\d\d", text):
            named.append(int(text))
        elif isinstance(value, str):
            named += [int(found) for found in _STATUS_WORDS.findall(value[:2000])]
            if key == "param":
                named += [int(found) for found in re.findall(r"\b([45]\d\d)\b", value[:500])]
    return next((found for found in reversed(named) if found != status), None)


def _code(pairs: Sequence[tuple[str, Any]]) -> str:
    for key in ("reason", "code", "status", "type"):
        for name, value in reversed(pairs):
            if name == key and isinstance(value, str) and re.fullmatch(r"[\w.\-]{3,60}", value):
                return value
    return ""


def _plain(text: str) -> str:
    """A page or plain text as one line: the title and what stands in the body."""
    if "<" in text:
        text = re.sub(r"(?is)<(script|style)\b.*?</\1\s*>", " ", text[:50_000])
        text = html.unescape(re.sub(r"<[^>]{0,2000}>", " ", text))
    return re.sub(r"\s+", " ", text[:20_000]).strip()


def clean(text: str, limit: int = _QUOTE) -> str:
    """Provider text fit to be shown: one line, no control characters, bounded."""
    text = _CONTROL.sub("", _ANSI.sub("", text))
    text = re.sub(r"\s+", " ", text).strip().encode("utf-8", "replace").decode()
    text = re.sub(r"[A-Za-z0-9+/_\-]{200,}={0,2}", "…", text)
    return text if len(text) <= limit else f"{text[:limit].rstrip()}…"


# --- how long to wait ----------------------------------------------------------------------------

_UNITS: Final = {"ms": 0.001, "milliseconds": 0.001, "毫秒": 0.001, "s": 1, "sec": 1, "secs": 1, "second": 1, "seconds": 1, "秒": 1, "秒钟": 1, "m": 60, "min": 60, "minute": 60, "minutes": 60, "分钟": 60, "h": 3600, "hour": 3600, "hours": 3600, "小时": 3600}
_SPAN = re.compile(r"(\d+(?:\.\d+)?)\s*(milliseconds|ms|seconds|second|secs|sec|minutes|minute|min|hours|hour|毫秒|秒钟|秒|分钟|小时|s|m|h)(?![a-z])", re.IGNORECASE)
_ASKED = re.compile(r"(?:retry|try\s+again|wait|available|reset\w*)[^.。\d]{0,40}?\b(?:in|after|for)\s+((?:\d+(?:\.\d+)?\s*(?:milliseconds|ms|seconds?|secs?|minutes?|min|hours?|s|m|h)(?![a-z])[\s,]*(?:and\s+)?)+)|(?:请?在?等?待?\s*)((?:\d+(?:\.\d+)?\s*(?:毫秒|秒钟?|分钟|小时)\s*)+)(?:之?后)", re.IGNORECASE)


def retry_after(headers: Mapping[str, str], pairs: Sequence[tuple[str, Any]], words: str) -> float | None:
    """Seconds the server asked to wait: RetryInfo, then the header, then its words."""
    for key, value in pairs:
        if key in ("retryDelay", "retry_delay"):
            asked = _seconds(value)
            if asked is not None:
                return asked
    for name, scale in (("retry-after-ms", 0.001), ("retry-after", 1.0), ("x-retry-after", 1.0)):
        asked = _header_seconds(headers.get(name, ""), scale)
        if asked is not None:
            return asked
    for key, value in pairs:
        if key in ("retry_after", "retryAfter", "retry_after_seconds", "retry_after_ms", "retryAfterMs"):
            asked = _seconds(value)
            if asked is not None:
                return asked / 1000 if key.lower().endswith("ms") and not isinstance(value, str) else asked
    match = _ASKED.search(words)
    return _spans(match[1] or match[2]) if match else None


def _seconds(value: Any) -> float | None:
    if isinstance(value, Mapping):
        try:
            return max(0.0, float(value.get("seconds") or 0) + float(value.get("nanos") or 0) / 1e9)
        except (TypeError, ValueError):
            return None
    if isinstance(value, bool):
        return None
    return _header_seconds(str(value), 1.0)


def _header_seconds(value: str, scale: float) -> float | None:
    """``30``, ``1.5``, ``500ms``, ``34s``, ``1m30s`` or a date; a date in the past is 0."""
    value = value.strip()
    if not value:
        return None
    if re.fullmatch(r"\d{1,12}(?:\.\d{1,9})?", value):
        return float(value) * scale
    if re.fullmatch(rf"(?:{_SPAN.pattern}\s*)+", value, re.IGNORECASE):
        return _spans(value)
    try:
        when = parsedate_to_datetime(value)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    when = when if when.tzinfo else when.replace(tzinfo=UTC)
    return max(0.0, (when - datetime.now(UTC)).total_seconds())


def _spans(text: str) -> float:
    return sum(float(number) * _UNITS[unit.lower()] for number, unit in _SPAN.findall(text))


_ID_HEADERS: Final = ("x-request-id", "request-id", "x-oneapi-request-id", "x-goog-request-id", "x-api-request-id", "x-trace-id", "x-cloud-trace-context", "trace-id", "cf-ray", "x-amzn-requestid")


def request_id(headers: Mapping[str, str], pairs: Sequence[tuple[str, Any]]) -> str | None:
    """The provider's id of the request: a header, a field of the body, or one inside its message."""
    found = [headers[name] for name in _ID_HEADERS if headers.get(name)]
    found += [value for key, value in pairs if key in ("request_id", "requestId", "RequestId", "req_id") and isinstance(value, str) and value]
    for _, value in pairs:
        if isinstance(value, str):
            found += re.findall(r"request[ _]?id\s*[:：=]\s*([\w\-]{6,80})", value[:2000], re.IGNORECASE)
    return clean(found[0], 100) if found else None


def nothing_ran(failure: Failure) -> bool:
    """Whether the gateway turned the request away, so that sending it again can't pay twice."""
    statuses = {failure.status, failure.inner_status or failure.status}
    return failure.category in ("rate_limit", "server") and statuses <= _NOT_RUN


# --- errors --------------------------------------------------------------------------------------


def error_of(failure: Failure, *, model: str, base_url: str, attempts: int = 1) -> NanoBananaError:
    """The error a failed answer becomes."""
    status = failure.status or 0
    effective = failure.inner_status or status
    ran = failure.category in ("server", "timeout", "network", "malformed") and not nothing_ran(failure)
    may_be_billed = ran or (status < 400 and failure.category in ("safety", "recitation", "no_image"))
    kind = BY_CATEGORY[failure.category]
    return kind(
        say(f"client.{failure.category}", model=model, host=base_url, status=status, message=failure.message),
        hint=_hint(failure.category, failure.retry_after, may_be_billed),
        retry_after=failure.retry_after,
        may_be_billed=may_be_billed,
        attempts=attempts,
        status=failure.status,
        request_id=failure.request_id,
        body=failure.body,
        retryable=False if failure.category == "server" and 400 <= effective < 500 else None,
    )


def _hint(category: str, wait: float | None, may_be_billed: bool) -> str:
    hint = say(f"client.{category}_hint")
    if wait is not None:
        hint += say("client.wait_hint", seconds=f"{wait:g}")
    return hint + (say("client.billed_hint") if may_be_billed else "")


def refusal(answer: Answer, *, request_id: str | None, attempts: int, body: str, status: int) -> NanoBananaError:
    """The error of an answer without a picture: which stage said no, in whose words, what to do."""
    reason = (answer.block_reason or answer.finish_reason or "").strip()
    category = _FINISH.get(reason.lower().removeprefix("finish_reason_"), "no_image")
    if answer.block_reason and category == "no_image":
        category = "safety"
    if category == "no_image" and "broken_image" in answer.notes:
        category = "malformed"
    said = clean(answer.text or answer.finish_message, 600)
    stage = "prompt" if answer.block_reason else "output"
    plain = category == "no_image" and reason.upper() in ("", "STOP")
    sentence = say(
        "client.answered_text" if plain and said else f"client.refused_{category}",
        reason=clean(reason, 60) or "STOP", stage=say(f"client.stage_{stage}"),
    )  # fmt: skip
    if said:
        sentence += say("client.model_said", text=said)
    return BY_CATEGORY[category](
        sentence,
        hint=say(f"client.refused_{category}_hint") + say("client.billed_hint"),
        retryable=(reason.upper() in _RANDOM_REFUSALS) or category in ("no_image", "malformed"),
        may_be_billed=True,
        attempts=attempts,
        status=status,
        request_id=request_id or answer.response_id,
        finish_reason=reason or None,
        text=answer.text,
        body=body,
    )
