"""Errors as Google writes them."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any, Final, NamedTuple

from .base import RETRY_SECONDS, Kind, Refusal, Served

_RPC: Final = "type.googleapis.com/google.rpc."
_METRIC: Final = "generativelanguage.googleapis.com/generate_requests_per_model"
Details = list[dict[str, Any]]


class _Row(NamedTuple):
    status: int
    name: str
    message: str = "{message}"
    details: Callable[[Refusal], Details] | None = None


def _bad_key(_: Refusal) -> Details:
    return [{"@type": _RPC + "ErrorInfo", "reason": "API_KEY_INVALID", "domain": "googleapis.com"}]


def _bad_field(refusal: Refusal) -> Details:
    if not refusal.field:
        return []
    field = f"generation_config.image_config.{refusal.field}"
    violation = {"field": field, "description": refusal.message}
    return [{"@type": _RPC + "BadRequest", "fieldViolations": [violation]}]


def _day_is_over(refusal: Refusal) -> Details:
    violation = {
        "quotaMetric": f"{_METRIC}_per_day",
        "quotaId": "GenerateRequestsPerDayPerProjectPerModel",
        "quotaDimensions": {"location": "global", "model": refusal.model},
        "quotaValue": "250",
    }
    return [{"@type": _RPC + "QuotaFailure", "violations": [violation]}]


def _minute_is_full(refusal: Refusal) -> Details:
    violation = {
        "quotaMetric": _METRIC,
        "quotaId": "GenerateRequestsPerMinutePerProjectPerModel",
        "quotaDimensions": {"location": "global", "model": refusal.model},
    }
    return [
        {"@type": _RPC + "QuotaFailure", "violations": [violation]},
        {"@type": _RPC + "RetryInfo", "retryDelay": f"{RETRY_SECONDS}s"},
    ]


_ROWS: Final[Mapping[Kind, _Row]] = {
    "auth": _Row(400, "INVALID_ARGUMENT", "API key not valid. Please pass a valid API key.", _bad_key),
    "region": _Row(400, "FAILED_PRECONDITION", "User location is not supported for the API use."),
    "quota": _Row(
        429, "RESOURCE_EXHAUSTED",
        "You exceeded your current quota, please check your plan and billing details.", _day_is_over,
    ),
    "rate_limit": _Row(
        429, "RESOURCE_EXHAUSTED",
        f"Resource has been exhausted (requests per minute). Please retry in {RETRY_SECONDS}s.",
        _minute_is_full,
    ),
    "bad_request": _Row(400, "INVALID_ARGUMENT", details=_bad_field),
    "model_not_found": _Row(
        404, "NOT_FOUND",
        "models/{model} is not found for API version v1beta, or is not supported for generateContent. "
        "Call ListModels to see the list of available models and their supported methods.",
    ),
    "server": _Row(503, "UNAVAILABLE", "The model is overloaded. Please try again later."),
    "no_such_path": _Row(404, "NOT_FOUND"),
    "wrong_method": _Row(405, "INVALID_ARGUMENT"),
}  # fmt: skip


def encode_error(refusal: Refusal) -> Served:
    """An error as Google writes it."""
    row = _ROWS[refusal.kind]
    message = row.message.format(message=refusal.message, model=refusal.model)
    error: dict[str, Any] = {"code": row.status, "message": message, "status": row.name}
    if details := row.details(refusal) if row.details else []:
        error["details"] = details
    return Served(json.dumps({"error": error}, ensure_ascii=False).encode(), row.status)
