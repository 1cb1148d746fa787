"""Say what a failure is: the body's own words first, the HTTP status second.

Gateways answer a wrong key with 400, an empty balance with 401, a missing model with 503, a word
filter with 500, and put an upstream's 404 inside a 429. So ``phrases`` is tried on everything the
body says (codes, reasons, messages in English and Chinese, JSON inside strings), then the innermost
status the body names, then the HTTP status.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any, Final

from .._messages import TOKEN, Answer
from .._strings import say
from .._text import span
from ..errors import BY_CATEGORY, NanoBananaError
from . import jobs
from .bodies import Form, form_of, is_gibberish, page_text
from .documents import Pair, walk
from .phrases import RATES, WEAK, broke_off, category_of, plain, variant_of

_QUOTE: Final = 300
_WORDS: Final = 3000
_KEPT: Final = 200_000
"""Characters of a reply that an error keeps; nobody reads more."""
_ANSI = re.compile(r"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)?|.)")

_BY_STATUS: Final = {
    401: "auth", 402: "quota", 403: "auth", 404: "model_not_found", 408: "timeout", 409: "server",
    410: "model_not_found", 425: "server", 429: "rate_limit", 451: "region", 499: "timeout",
    504: "timeout", 522: "timeout", 524: "timeout", 598: "timeout", 599: "timeout",
}  # fmt: skip

_FINISH: Final = {
    "safety": "safety", "image_safety": "safety", "prohibited_content": "safety", "refusal": "safety",
    "image_prohibited_content": "safety", "blocklist": "safety", "spii": "safety", "sensitive": "safety",
    "model_armor": "safety", "jailbreak": "safety", "content_filter": "safety",
    "recitation": "recitation", "image_recitation": "recitation",
}  # fmt: skip


def is_block(reason: str) -> bool:
    """Whether a service that ended with this reason would not show, or not make, the picture."""
    return _FINISH.get(reason.lower()) == "safety"


def declines(reason: str) -> bool:
    """Whether a service that ended with this reason would not answer, whatever the words beside it."""
    return reason.lower().removeprefix("finish_reason_") in _FINISH


def says_no(answer: Answer) -> bool:
    """Whether a service blocked the request or would not answer, whatever stands beside that."""
    return bool(answer.block_reason) or declines(answer.finish_reason or "")


_LASTING_REFUSALS: Final = frozenset({"language", "missing_thought_signature"})
_UNSAID: Final = frozenset({"", "stop", "unspecified", "null", "none"})
_FULL: Final = frozenset({"max_tokens", "length", "max_output_tokens", "token_limit"})
_RANDOM_REFUSALS: Final = frozenset({"image_safety"})

_NOT_RUN: Final = frozenset({429, 502, 503, 529})
"""Statuses at which the gateway turned the request away, so that the model can't have run."""
_NEVER_BILLED: Final = frozenset({"auth", "quota", "region", "model_not_found", "rate_limit"})


@dataclass(frozen=True, slots=True)
class Failure:
    """The facts of one failed answer, before they become an error."""

    category: str
    message: str
    status: int
    inner_status: int | None = None
    retry_after: float | None = None
    request_id: str | None = None
    body: str = ""
    form: Form = "words"
    kind: str = ""
    """The sentence for people, where it says more than the category's; ``accepted`` is a receipt."""
    began: bool = False
    """The service's own words say that the model was at work, whatever the status is."""

    @property
    def nothing_ran(self) -> bool:
        """Whether the gateway turned the request away, so that sending it again can't pay twice."""
        statuses = {self.status, self.inner_status or self.status}
        turned_away = self.category == "rate_limit" or (self.category == "server" and not self.began)
        return turned_away and statuses <= _NOT_RUN

    @property
    def may_be_billed(self) -> bool:
        """Whether the model may have run."""
        if self.category in _NEVER_BILLED or self.nothing_ran:
            return False
        if self.category in ("server", "timeout", "malformed", "no_image") or self.status < 400:
            return True
        return self.category == "bad_request" and min(self.status, self.inner_status or 500) >= 500


def malformed(status: int, headers: Mapping[str, str], text: str, pairs: Sequence[Pair] = ()) -> Failure:
    """The failure of a reply that is neither an answer nor a report of what went wrong."""
    form = form_of(text, headers)
    message = _quote(text, form, headers)
    return Failure("malformed", message, status, request_id=request_id(headers, pairs), body=text, form=form)


def damaged(status: int, headers: Mapping[str, str], reason: str) -> Failure:
    """The failure of a reply that is a picture, but not a whole one; a reply that just ends has no reason."""
    kind = "" if reason else "refused_malformed"
    return Failure("malformed", clean(reason), status, request_id=request_id(headers, ()), kind=kind)


def unreadable(status: int, headers: Mapping[str, str], reason: str) -> Failure:
    """The failure of a reply whose whole picture can't be read here, for a ``reason``."""
    return Failure("malformed", clean(reason), status, request_id=request_id(headers, ()), kind="unreadable")


def unfinished(status: int, headers: Mapping[str, str], count: int, text: str) -> Failure:
    """The failure of a stream that showed drafts and ended before the finished picture."""
    return Failure(
        "malformed", str(count), status, request_id=request_id(headers, ()), body=text, kind="unfinished",
        form="cut",
    )  # fmt: skip


def accepted(status: int, headers: Mapping[str, str], job: str | None, text: str) -> Failure:
    """The failure of a reply that only says that a job was accepted."""
    named = clean(job, 100) if job else request_id(headers, ()) or _place_of_job(headers)
    return Failure("malformed", named or "?", status, request_id=named, body=text, kind=jobs.ACCEPTED)


def _place_of_job(headers: Mapping[str, str]) -> str | None:
    """The last part of the address at which a job is to be asked about."""
    place = headers.get("operation-location") or headers.get("location") or ""
    return clean(place.partition("?")[0].rstrip("/").rpartition("/")[2], 100) or None


def has_error(document: Mapping[str, Any]) -> bool:
    """Whether a document reports a failure."""
    if any(map(_reported, _nodes(document))):
        return True
    if any(key in document for key in ("candidates", "choices", "promptFeedback", "prompt_feedback")):
        return False
    keys = {str(key).lower().replace("-", "_"): value for key, value in document.items()}
    if keys.get("success") is False or str(keys.get("type")).lower() == "error":
        return True
    if str(keys.get("status")).lower() in jobs.STOPPED:
        return True
    named = ("code", "status_code", "statuscode", "errcode", "ret")
    code = next((keys[key] for key in named if key in keys), None)
    if code is None or isinstance(code, bool) or _is_fine(code):
        return False
    told = [keys[key] for key in ("message", "msg", "description") if keys.get(key)]
    if told and all(map(_is_fine, told)) and not re.fullmatch(r"[45]\d\d", str(code)):
        return False  # a code nobody knows, beside "success"
    return isinstance(code, int) or (isinstance(code, str) and has_words(document))


def _nodes(document: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """Where a document may report a failure: itself, and each of its choices."""
    choices = document.get("choices")
    yield document
    yield from (one for one in (choices if isinstance(choices, list) else []) if isinstance(one, Mapping))


def has_words(document: Mapping[str, Any]) -> bool:
    """Whether a document that is no answer says something, which can only be what went wrong."""
    said = (document.get(key) for key in document if str(key).lower() in _SAID)
    return any(value and isinstance(value, (str, list)) for value in said)


_FINE: Final = frozenset(
    {"", "0", "00000", "200", "201", "ok", "success", "succeeded", "successful", "created", "completed"}
    | {"none", "null", "no error", "成功"}
)
_WRONG = re.compile(r"\b(?:fail|error|wrong|invalid|denied|unable)|失败|错误|异常|无法", re.IGNORECASE)
_LACKS = re.compile(r"\b(?:not|no|cannot|can['’]t|couldn['’]t)\b|未|不", re.IGNORECASE)
_NOTE = re.compile(r"\s{0,9}(?:warn(?:ing)?s?|note|notice|info)\b|\s{0,9}(?:警告|提示|注意)", re.IGNORECASE)
"""How words begin that are about a part, whatever they say is not there or not done."""
_HARMLESS = re.compile(
    r"\b(?:no|without(?: any)?) (?:errors?|problems?|issues?|failures?|warnings?|queue)\b"
    r"|\bnot (?:needed|required|necessary)\b"
    r"|不(?:需要|必|影响)|(?:无|没有|未(?:发现|出现|发生))(?:错误|异常)",
    re.IGNORECASE,
)
"""What is denied and is nothing wrong."""


def _reported(node: Mapping[str, Any]) -> bool:
    named = (node.get(key) for key in ("error", "errors", "err", "Error"))
    if any(_says_something(error) for error in named):
        return True
    heads = (node.get("base_resp"), node.get("header"))
    codes = (head.get("status_code", head.get("code")) for head in heads if isinstance(head, Mapping))
    return any(code is not None and not _is_fine(code) for code in codes)


def _says_something(error: Any) -> bool:
    return not all(map(_is_fine, error.values() if isinstance(error, Mapping) else [error]))


def _is_fine(value: Any) -> bool:
    """Whether what stands for an error, or a part of one, says that there is none."""
    if isinstance(value, (str, int)) and not isinstance(value, bool):
        return str(value).strip().lower() in _FINE
    return value in (None, [], {}, False, 0)


def complain(documents: Sequence[Mapping[str, Any]]) -> bool:
    """Whether documents that report no error say in words or in a status that something went wrong."""
    pairs = [pair for document in documents for pair in walk(document)]
    words = "\n".join(_words(pairs))[:_WORDS]
    return category_of(plain(words)) is not None or _inner_status(pairs, words, 200) is not None


def outweigh(errors: Sequence[Mapping[str, Any]]) -> bool:
    """Whether reported errors say that nothing was made; a note, or a code nobody knows, does not."""
    nodes = [node for document in errors for node in _nodes(document)]
    if any(node.get("success") is False or node.get("type") == "error" for node in nodes):
        return True
    said = [{key: value for key, value in node.items() if str(key).lower() in _TOLD} for node in nodes]
    message = _HARMLESS.sub(" ", _message([pair for node in said for pair in walk(node)]))
    lacks = not _NOTE.match(message) and _LACKS.search(message)
    return complain(said) or bool(lacks or _WRONG.search(message))


def is_failure_text(text: str) -> bool:
    """Whether plain text is a gateway's short complaint."""
    return len(text) < 2000 and category_of(plain(page_text(text)[:_WORDS])) is not None


def read_failure(
    status: int, headers: Mapping[str, str], documents: Sequence[Mapping[str, Any]], text: str
) -> Failure:
    """What went wrong, from a reply that is no answer."""
    pairs = [pair for document in documents for pair in walk(document)]
    words = "\n".join(_words(pairs)) if pairs else page_text(text)
    inner, said = _inner_status(pairs, words, status), plain(words[:_WORDS])
    form, message = form_of(text, headers), clean(_message(pairs))
    if is_gibberish(message):
        form, message = "bytes", ""
    elif message:
        form = "words"
    category, named = _category(status, inner, said)
    return Failure(
        category,
        message or _quote(text, form, headers),
        status=status,
        inner_status=inner,
        retry_after=retry_after(headers, pairs, words[:_WORDS]),
        request_id=request_id(headers, pairs),
        body=text,
        form=form,
        kind=_kind(category, said, status, form, named=named),
        began=broke_off(said),
    )


def _quote(text: str, form: Form, headers: Mapping[str, str]) -> str:
    """What of a body can be shown to people: its words, or what kind of bytes it claims to be."""
    if form == "empty":
        return ""
    return clean(headers.get("content-type", "") or "?", 80) if form == "bytes" else clean(page_text(text))


def _kind(category: str, said: str, status: int, form: Form, *, named: bool) -> str:
    """Which of a category's sentences fits the words it quotes; what a status alone says is not claimed."""
    if category == "auth" and form == "page":
        return "denied"
    if variant := variant_of(category, said):
        return variant
    if category == "model_not_found" and not named:
        return "nowhere"
    if category == "auth" and (status != 401 or form != "empty"):
        return "denied"
    return {413: "heavy", 405: "nowhere"}.get(status, "") if category == "bad_request" else ""


_LASTING: Final = frozenset({400, 404, 410, 413, 415, 422})
"""What an upstream says of the request itself: the same one will not do better later."""


def _category(status: int, inner: int | None, words: str) -> tuple[str, bool]:
    """What went wrong, and whether words said so, not a status alone."""
    said = category_of(words)
    # A relay that hands on an upstream's status says "busy" of its own accord, whatever the status is.
    if "bad response status code" in words and said in ("rate_limit", "server"):
        upstream = inner or status
        said = by_status(upstream) if said == "server" or upstream in _LASTING else said
    if said in (None, "server", "bad_request") and inner is not None:
        return by_status(inner), False
    if said == "server" and status in _BY_STATUS:
        said = None
    if status == 429 and said == "auth" and category_of(words, RATES):  # Cloudflare's page says both
        said = "rate_limit"
    if status == 401 and said in ("rate_limit", "server", "timeout", "bad_request"):
        return "auth", False
    if said is not None:
        return said, True
    weak = category_of(words, WEAK) if status not in _BY_STATUS else None
    return weak or by_status(status), False


def by_status(status: int) -> str:
    """What an HTTP status alone says; a reported failure in a 200 is the service's own."""
    return _BY_STATUS.get(status, "bad_request" if 400 <= status < 500 else "server")


_SAID: Final = (
    "message", "localized_message", "error_message", "error_msg", "errormessage", "msg", "errmsg",
    "status_msg", "faultstring",
    "detail", "error", "err", "reason", "description", "title", "error_description",
)  # fmt: skip
_NAMED: Final = ("raw", "code", "param", "status", "type")
_TOLD: Final = frozenset({*_SAID, *_NAMED, "errors", "base_resp", "header"})


def _message(pairs: Sequence[Pair]) -> str:
    """The innermost message that says something; failing that, the codes.

    What a gateway hands on unread (``raw``) and the fields a service finds wrong are said as well.
    """
    said = next(filter(None, (_innermost(pairs, key) for key in _SAID)), "")
    raw = _innermost(pairs, "raw")
    more = [*_faults(pairs), "" if said and said in raw else raw]
    parts = dict.fromkeys(filter(None, (said, *more)))
    if parts:
        return ": ".join(one for one in parts if not any(one in other for other in parts if other != one))
    named = (_text(value) for key in _NAMED for k, value in pairs if k == key)
    return " ".join(dict.fromkeys(filter(None, named)))


def _innermost(pairs: Sequence[Pair], key: str) -> str:
    """What stands under a key; nested messages come later in the walk, JSON in a string is not for people."""
    said = [text for k, v in pairs if k == key and (text := _text(v))]
    return next((text for text in reversed(said) if text[:1] not in "{["), said[-1] if said else "")


def _faults(pairs: Sequence[Pair]) -> Iterator[str]:
    """The fields a service found wrong: of FastAPI (``detail``), of Laravel (``errors``), of a filter."""
    for key, value in pairs:
        if key == "detail" and isinstance(value, list):
            for item in value[:5]:
                if isinstance(item, Mapping) and isinstance(item.get("loc"), list):
                    yield f"{'.'.join(map(str, item['loc'][:8]))}: {_text(item.get('msg'))}"
        elif key == "errors" and isinstance(value, Mapping):
            for name, words in list(value.items())[:5]:
                if isinstance(words, list) and words and all(isinstance(word, str) for word in words):
                    yield f"{name}: {words[0]}"
        elif key == "reasons" and isinstance(value, list):
            yield ", ".join(word for word in value[:5] if isinstance(word, str))


def _text(value: Any) -> str:
    return str(value).strip() if isinstance(value, (str, int)) and not isinstance(value, bool) else ""


_SKIPPED: Final = frozenset(
    {"@type", "domain", "service", "documentation_url", "url", "help", "links", "method", "created", "index"}
    | {"model"}
)


def _words(pairs: Sequence[Pair]) -> Iterator[str]:
    """What the body says, the parts a person reads first."""
    for first in (True, False):
        for key, value in pairs:
            if key in _SKIPPED or (key in _SAID or key in _NAMED) is not first:
                continue
            if isinstance(value, str):
                yield f"{key}: {value[:1500]}"
            elif isinstance(value, (int, float)) and not isinstance(value, bool):
                yield f"{key}: {value}"
            elif isinstance(value, list):
                yield from (f"{key}: {item[:1000]}" for item in value[:20] if isinstance(item, str))


_STATUS_KEYS: Final = frozenset(
    {"code", "status", "status_code", "statuscode", "param", "http_status", "upstream_status", "http_code"}
)
_STATUS_WORDS = re.compile(
    r"(?:status[ _]?code|http(?:/\d(?:\.\d)?)?|status|code|错误码|状态码)"
    r"[\"' :=：]{0,4}(?:code[ :=]{0,2})?([45]\d\d)\b"
    r"|\b([45]\d\d) (?:not found|bad request|unauthorized|forbidden|payment|too many|internal|bad gateway"
    r"|service unavailable|gateway time)",
    re.IGNORECASE,
)


def _inner_status(pairs: Sequence[Pair], words: str, status: int) -> int | None:
    """The innermost HTTP status the body names, other than the reply's own."""
    named: list[int] = []
    for key, value in pairs:
        if key in _STATUS_KEYS and re.fullmatch(r"[45]\d\d", _text(value)):
            named.append(int(value))
        elif isinstance(value, str):
            named += [int(a or b) for a, b in _STATUS_WORDS.findall(value[:2000])]
            if key == "param":
                named += [int(found) for found in re.findall(r"\b([45]\d\d)\b", value[:500])]
    if not pairs:
        named += [int(a or b) for a, b in _STATUS_WORDS.findall(words[:2000])]
    return next((found for found in reversed(named) if found != status), None)


def clean(text: str, limit: int = _QUOTE) -> str:
    """Provider text fit to be shown: one line, no control characters, bounded."""
    text = " ".join(TOKEN.sub("…", _ANSI.sub("", text[: 20 * limit])).split())
    text = "".join(filter(str.isprintable, text))
    text = re.sub(r"[A-Za-z0-9+/_\-]{200,}={0,2}", "…", text)
    return text if len(text) <= limit else f"{text[:limit].rstrip()}…"


# --- how long to wait ----------------------------------------------------------------------------

_SECONDS: Final = {
    **dict.fromkeys(("ms", "millisecond", "milliseconds", "毫秒"), 0.001),
    **dict.fromkeys(("s", "sec", "secs", "second", "seconds", "秒", "秒钟"), 1.0),
    **dict.fromkeys(("m", "min", "mins", "minute", "minutes", "分", "分钟"), 60.0),
    **dict.fromkeys(("h", "hour", "hours", "小时"), 3600.0),
    **dict.fromkeys(("d", "day", "days", "天"), 86400.0),
}
_UNIT: Final = "|".join(sorted(_SECONDS, key=len, reverse=True))
_SPAN = re.compile(rf"(\d{{1,9}}(?:\.\d{{1,9}})?)\s?({_UNIT})(?![a-z])", re.IGNORECASE)
_SPANS: Final = rf"(?:\d{{1,9}}(?:\.\d{{1,9}})?\s?(?:{_UNIT})(?![a-z])[\s,]{{0,2}}(?:and\s)?){{1,4}}"
_ASKED = re.compile(
    rf"(?:retry|try again|wait|available|resets?)[^.。\d\n]{{0,40}}?\b(?:in|after|for)\s({_SPANS})"
    rf"|\bwait\s(?:another |at least |about )?({_SPANS})"
    rf"|(?:请|需要?|剩余)等待(?:时间)?[:：约\s]{{0,4}}({_SPANS})"
    rf"|({_SPANS})之?[后後]",
    re.IGNORECASE,
)
_LASTS = re.compile(
    r"P(?:(\d{1,4})D)?(?:T(?:(\d{1,6})H)?(?:(\d{1,6})M)?(?:(\d{1,9}(?:\.\d{1,9})?)S)?)?", re.ASCII
)
_ASKED_UNTIL = re.compile(
    r"(?:retry|again|wait|resets?)[^.。\n]{0,40}?\b"  # what is "available until" then is no wait
    r"(\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d(?:\.\d{1,6})?)?)\s?(Z|UTC|[+-]\d\d:?\d\d)(?!\w)",
    re.IGNORECASE | re.ASCII,
)


def retry_after(headers: Mapping[str, str], pairs: Sequence[Pair], words: str) -> float | None:
    """Seconds the server asked to wait: RetryInfo, then the header, then its words."""
    fields = {key.replace("_", ""): value for key, value in pairs}
    asked = [
        _seconds(fields.get("retrydelay")),
        _seconds(headers.get("retry-after-ms"), 0.001),
        _seconds(headers.get("retry-after")),
        _seconds(headers.get("x-retry-after")),
        _seconds(fields.get("retryafterms"), 0.001),
        *(_seconds(fields.get(key)) for key in ("retryafter", "retryafterseconds", "retryin")),
    ]
    stated = next((seconds for seconds in asked if seconds is not None), None)
    if stated is not None:
        return stated
    if match := _ASKED.search(words):
        return _spans(next(filter(None, match.groups())))
    until = _ASKED_UNTIL.search(words)
    return _seconds(until[1] + until[2].upper().replace("UTC", "Z")) if until else None


def _seconds(value: Any, scale: float = 1.0) -> float | None:
    """``30``, ``1.5``, ``"1m30s"``, ``"PT90S"``, a protobuf duration, a moment; a past one is 0."""
    if isinstance(value, Mapping):
        parts = [_seconds(value.get(name), unit) for name, unit in (("seconds", 1.0), ("nanos", 1e-9))]
        return None if parts == [None, None] else sum(part or 0.0 for part in parts)
    text = str(value).strip() if isinstance(value, (str, int, float)) and not isinstance(value, bool) else ""
    if re.fullmatch(r"\d{1,12}(?:\.\d{0,12})?", text):
        return float(text) * scale
    if re.fullmatch(_SPANS, text, re.IGNORECASE):
        return _spans(text)
    if (lasts := _LASTS.fullmatch(text)) and any(lasts.groups()):
        units = zip(lasts.groups(), (86400.0, 3600.0, 60.0, 1.0), strict=True)
        return sum(float(number or 0) * unit for number, unit in units)
    when = _moment(text)
    return max(0.0, (when - datetime.now(UTC)).total_seconds()) if when else None


def _moment(text: str) -> datetime | None:
    """A moment as HTTP writes it, or as ISO 8601 does: there without a zone nobody knows when it is."""
    with suppress(ValueError):
        when = datetime.fromisoformat(text)
        return when if when.tzinfo else None
    try:
        when = parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    return when if when.tzinfo else when.replace(tzinfo=UTC)


def _spans(text: str) -> float:
    return sum(float(number) * _SECONDS[unit.lower()] for number, unit in _SPAN.findall(text))


_ID_HEADERS: Final = (
    "x-request-id", "request-id", "x-oneapi-request-id", "x-new-api-request-id", "x-goog-request-id",
    "x-api-request-id", "x-litellm-call-id", "x-generation-id",
    "x-amzn-requestid", "x-trace-id", "trace-id", "x-cloud-trace-context", "cf-ray",
)  # fmt: skip
_ID_FIELDS: Final = frozenset({"request_id", "requestid", "req_id", "trace_id"})
_JOB_FIELDS: Final = frozenset({"task_id", "taskid", "job_id", "jobid"})
_ID_IN_TEXT = re.compile(
    r"(?:request|trace|请求|追踪)[ _-]?id\s{0,3}[:：=]?\s{0,3}[\"']?([\w\-]{6,80})", re.IGNORECASE
)


def request_id(headers: Mapping[str, str], pairs: Sequence[Pair]) -> str | None:
    """The provider's id of the request: a header, a field of the body, or one inside its message."""
    found = [headers[name] for name in _ID_HEADERS if headers.get(name)]
    found += [_text(value) for key, value in pairs if key in _ID_FIELDS and _text(value)]
    for _, value in pairs:
        if isinstance(value, str):
            found += _ID_IN_TEXT.findall(value[:2000])
    found += [_text(value) for key, value in pairs if key in _JOB_FIELDS and _text(value)]
    return clean(found[0], 100) if found else None


# --- errors --------------------------------------------------------------------------------------


_IN_VAIN: Final = frozenset({jobs.ACCEPTED, "malformed_page", "unreadable"})
"""What is not to be sent again, although others of its category may."""


def error_of(failure: Failure, *, model: str, base_url: str) -> NanoBananaError:
    """The error a failed answer becomes."""
    category, form, name = failure.category, failure.form, failure.kind or failure.category
    shown = {"model": model, "host": base_url, "status": failure.status, "message": failure.message}
    shown["reason"] = ""  # half a picture has none
    advice = name = f"malformed_{form}" if name == "malformed" else name
    sentence = say(f"client.{name}", **shown)
    if category != "malformed":
        sentence += say(f"client.body_{form}", message=failure.message)
        advice = "malformed_page" if form == "page" and name in ("auth", "denied", "nowhere") else name
    hint = say(f"client.{advice}_hint", **shown)
    if failure.retry_after is not None:
        hint += say("client.wait_hint", wait=span(failure.retry_after, failure.retry_after))
    if failure.may_be_billed:
        hint += say("client.billed_hint")
    return BY_CATEGORY[category](
        sentence,
        hint=hint,
        retryable=False if name in _IN_VAIN else None,
        retry_after=failure.retry_after,
        may_be_billed=failure.may_be_billed,
        status=failure.status,
        request_id=failure.request_id,
        finish_reason=jobs.ACCEPTED if name == jobs.ACCEPTED else None,
        body=TOKEN.sub("…", failure.body[:_KEPT]),
    )


def refusal(answer: Answer, status: int, headers: Mapping[str, str], body: str) -> NanoBananaError:
    """The error of an answer without a picture: which stage said no, in whose words, what to do."""
    reason = (answer.block_reason or answer.finish_reason or "").strip()
    name = reason.lower().removeprefix("finish_reason_").removeprefix("block_reason_")
    category = _FINISH.get(name, "safety" if answer.block_reason else "no_image")
    if category == "no_image" and "broken_image" in answer.notes:
        category = "malformed"
    said = clean(answer.text or answer.finish_message, 600)
    plain_stop = category == "no_image" and name in _UNSAID
    kind = f"refused_{category}"
    if plain_stop and (said or "only_sent" in answer.notes):
        kind = "answered_text" if said else "only_sent"
    elif category == "no_image" and name in _FULL:
        kind = "refused_too_long"
    elif answer.block_reason and name not in _FINISH:
        kind = "refused_blocked"
    given = say("client.reason_given", reason=clean(reason, 60)) if name not in _UNSAID - {"stop"} else ""
    if not given and category == "no_image":
        given = say("client.reason_none")
    sentence = say(
        f"client.{kind}",
        reason=given,
        stage=say("client.stage_prompt" if answer.block_reason else "client.stage_output"),
    )
    if said:
        sentence += say("client.model_said", text=said)
    advice = kind if kind == "refused_too_long" else f"refused_{category}"
    lasting = answer.block_reason or name in _LASTING_REFUSALS
    again = name in _RANDOM_REFUSALS or category in ("no_image", "malformed")
    return BY_CATEGORY[category](
        sentence,
        hint=say(f"client.{advice}_hint") + say("client.billed_hint"),
        # What lies behind an address the model gave may be the picture: asking again would pay again.
        retryable=again and not lasting and not answer.mentions and not jobs.promises(answer.text),
        may_be_billed=True,
        status=status,
        request_id=request_id(headers, ()) or answer.response_id,
        finish_reason=reason or None,
        text=answer.text,
        body=TOKEN.sub("…", body[:_KEPT]),
    )
