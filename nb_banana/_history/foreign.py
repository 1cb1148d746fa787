"""What a record must look like, wherever it came from: rows of somebody's file or database are checked here.

Rules of this file:

* Pure checks of plain values; whoever reads says which file it was.
* It lets through everything a release ever wrote, and nothing a display or a sum would stumble over.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from datetime import datetime
from decimal import Decimal, InvalidOperation
from math import isfinite
from typing import Any, Final, Literal, get_args

from .._messages import Context

Status = Literal["running", "done", "refused", "failed", "interrupted"]
Billing = Literal["paid", "blocked_paid", "maybe_paid", "free"]
LARGEST_ID: Final = 2**63 - 2**40

_STATUSES: Final = get_args(Status)
_BILLINGS: Final = get_args(Billing)
_CONTEXTS: Final = get_args(Context)
_SHA256: Final = re.compile(r"[0-9a-f]{64}")
_DIGITS: Final = re.compile(r"[0-9.E+-]{1,60}")
_MOST: Final = Decimal(10) ** 9
_MANY: Final = 2**31
_EDGE: Final = 10**6
_TEXT: Final = ("key", "owner", "prompt", "model", "model_sent", "provider", "wire", "notebook", "text",
                "error_message", "cost_source", "cost_as_of", "note")  # fmt: skip
_TEXT_OR_NONE: Final = ("model_answered", "aspect_ratio", "image_size", "response_id", "request_id",
                        "finish_reason", "error_category")  # fmt: skip
_FLAGS: Final = ("sandbox", "certain", "starred")
Check = Callable[[Any], bool]


def _is_count(value: Any, least: int = 0, most: int = _MANY) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and least <= value <= most


def is_amount(value: Any) -> bool:
    """Whether a column holds a plain amount of money, or none."""
    if value is None:
        return True
    try:
        amount = Decimal(value) if isinstance(value, str) and _DIGITS.fullmatch(value) else Decimal("NaN")
    except InvalidOperation:
        return False
    return amount.is_finite() and 0 <= amount < _MOST


def _is_seconds(value: Any) -> bool:
    return value is None or (isinstance(value, (int, float)) and isfinite(value) and 0 <= value < _MANY)


def _is_moment(value: Any) -> bool:
    return isinstance(value, str) and datetime.fromisoformat(value).tzinfo is not None


def _is_usage(value: Any) -> bool:
    found = None if value is None else json.loads(value)
    return found is None or (
        isinstance(found, dict) and all(one is None or _is_count(one, most=2**62) for one in found.values())
    )


def _is_texts(value: Any) -> bool:
    found = json.loads(value)
    return isinstance(found, list) and all(isinstance(one, str) for one in found)


_CHECKS: Final[Mapping[str, Check]] = {
    **dict.fromkeys(_TEXT, lambda value: isinstance(value, str)),
    **dict.fromkeys(_TEXT_OR_NONE, lambda value: value is None or isinstance(value, str)),
    **dict.fromkeys(_FLAGS, lambda value: value in (0, 1)),
    "id": lambda value: _is_count(value, 1, LARGEST_ID - 1),
    "parent": lambda value: value is None or _is_count(value, 0, 2**63 - 1),
    "take": lambda value: _is_count(value, 1),
    "attempts": _is_count,
    "lost": lambda value: _is_count(value, -_MANY),
    "status": lambda value: value in _STATUSES,
    "billing": lambda value: value in _BILLINGS,
    "context": lambda value: value in _CONTEXTS,
    "started": _is_moment,
    "currency": lambda value: isinstance(value, str) and len(value) <= 12 and value.isprintable(),
    "amount": is_amount,
    "elapsed": _is_seconds,
    "usage": _is_usage,
    "warnings": _is_texts,
    "tags": _is_texts,
}


def check_row(row: Mapping[str, Any]) -> None:
    """Check a record's columns.

    Raises:
        ValueError: one holds what no release ever wrote; its name is the reason.
    """
    for name, value in row.items():
        try:
            fine = name not in _CHECKS or _CHECKS[name](value)
        except (ValueError, TypeError, ArithmeticError, RecursionError):
            fine = False
        if not fine:
            raise ValueError(f"{name} = {repr(value)[:40]}")


def check_line(line: Any) -> None:
    """Check a record as a file holds it, with its request, its turn and the facts of its pictures.

    Raises:
        ValueError, TypeError, KeyError: it is not as a release writes it.
    """
    check_row(line["row"])
    if line["row"]["status"] == "running":
        raise ValueError("status = 'running'")
    for name in ("request", "turn"):
        if line[name] is not None and not isinstance(json.loads(line[name]), (dict, list)):
            raise ValueError(name)
    for role, position, sha256, mime_type, *facts, name in line["pictures"]:
        width, height, size = facts
        texts = (role, sha256, mime_type, name)
        fine = role in ("input", "output", "turn", "mask") and all(isinstance(text, str) for text in texts)
        counts = _is_count(position) and _is_count(width, 0, _EDGE) and _is_count(height, 0, _EDGE)
        if not (fine and counts and _is_count(size) and _SHA256.fullmatch(sha256)):
            raise ValueError(f"pictures: {repr(sha256)[:40]}")
