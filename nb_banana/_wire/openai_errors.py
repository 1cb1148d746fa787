"""Errors in OpenAI's form: in the words of apiyi, and in its own."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Final, NamedTuple

from .base import RETRY_SECONDS, Kind, Refusal, Served

_OPENAIS_OWN: Final = "invalid_request_error"


class _Row(NamedTuple):
    status: int
    code: str
    message: str = "{message}"
    localized: str = ""
    type: str = "shell_api_error"


_ROWS: Final[Mapping[Kind, _Row]] = {
    "auth": _Row(401, "invalid_api_key", "Invalid token (request id: sandbox)", "无效的令牌"),
    "region": _Row(
        403, "unsupported_country_region_territory", "Country, region, or territory not supported",
        type="request_forbidden",
    ),
    "quota": _Row(
        403, "insufficient_user_quota",
        "user quota is not enough, need quota: $0.090000, remaining quota: $0.000000",
        "用户额度不足，请充值后重试",
    ),
    "rate_limit": _Row(
        429, "rate_limit_exceeded", "Rate limit reached for requests per minute. Please try again later.",
        "请求过于频繁，请稍后再试",
    ),
    "bad_request": _Row(400, "invalid_request", type=_OPENAIS_OWN),
    "model_not_found": _Row(
        404, "model_not_found", "The model `{model}` does not exist (request id: sandbox)",
        "模型 {model} 不存在", _OPENAIS_OWN,
    ),
    "server": _Row(
        503, "bad_response_status_code", "The model is overloaded. Please try again later.",
        "上游服务暂时不可用",
    ),
    "no_such_path": _Row(404, "invalid_url", type=_OPENAIS_OWN),
    "wrong_method": _Row(405, "method_not_allowed", type=_OPENAIS_OWN),
}  # fmt: skip
_HEADERS: Final[Mapping[Kind, Mapping[str, str]]] = {"rate_limit": {"retry-after": str(RETRY_SECONDS)}}


def encode_error(refusal: Refusal) -> Served:
    """An error as apiyi writes it."""
    row = _ROWS[refusal.kind]
    message, localized = (
        text.format(message=refusal.message, model=refusal.model) for text in (row.message, row.localized)
    )
    error = {
        "message": message,
        "localized_message": localized or message,
        "type": row.type,
        "param": "",
        "code": row.code,
    }
    content = json.dumps({"error": error}, ensure_ascii=False).encode()
    return Served(content, row.status, headers=_HEADERS.get(refusal.kind, {}))


_OWN_ROWS: Final[Mapping[Kind, _Row]] = {
    "auth": _Row(
        401, "invalid_api_key",
        "Incorrect API key provided: sk-*****. You can find your API key at "
        "https://platform.openai.com/account/api-keys.",
        type=_OPENAIS_OWN,
    ),
    "region": _ROWS["region"],
    "quota": _Row(
        429, "insufficient_quota",
        "You exceeded your current quota, please check your plan and billing details. For more information "
        "on this error, read the docs: https://platform.openai.com/docs/guides/error-codes/api-errors.",
        type="insufficient_quota",
    ),
    "rate_limit": _Row(
        429, "rate_limit_exceeded",
        f"Rate limit reached for {{model}} on images per min. Please try again in {RETRY_SECONDS}s.",
        type="input-images",
    ),
    "bad_request": _Row(400, "invalid_value", type=_OPENAIS_OWN),
    "model_not_found": _Row(
        404, "model_not_found", "The model `{model}` does not exist or you do not have access to it.",
        type=_OPENAIS_OWN,
    ),
    "server": _Row(
        503, "", "The engine is currently overloaded, please try again later.", type="server_error",
    ),
    "no_such_path": _ROWS["no_such_path"],
    "wrong_method": _ROWS["wrong_method"],
}  # fmt: skip


def encode_own_error(refusal: Refusal) -> Served:
    """An error as OpenAI itself writes it: it names the parameter at fault, and a size has its own code."""
    row = _OWN_ROWS[refusal.kind]
    message = row.message.format(message=refusal.message, model=refusal.model)
    code = f"invalid_{refusal.field}" if refusal.field == "size" else row.code
    error = {"message": message, "type": row.type, "param": refusal.field or None, "code": code or None}
    content = json.dumps({"error": error}, ensure_ascii=False).encode()
    return Served(content, row.status, headers=_HEADERS.get(refusal.kind, {}))
