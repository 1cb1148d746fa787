"""Read how far a job has come: a relay may answer before there is a picture, or instead of one.

A service's last word counts. A job that failed is a failure whatever else its report holds; a
receipt says that the request was accepted and will be billed, and that the picture is elsewhere.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from .documents import walk
from .phrases import category_of, plain

ACCEPTED: Final = "accepted"
"""How a request ended that was answered with a receipt."""
FAILED: Final = frozenset({
    "failed", "failure", "fail", "error", "errored", "cancelled", "canceled", "expired", "rejected",
    "aborted", "terminated", "timeout", "timed_out", "task_failed",
})  # fmt: skip
"""States of a job that ended without a result; ``incomplete`` may have one."""
STOPPED: Final = FAILED | {"incomplete"}
_PENDING: Final = frozenset({
    "queued", "queueing", "queuing", "queue", "in_queue", "pending", "processing", "in_process", "running",
    "submitted", "in_progress", "inprogress", "starting", "started", "created", "accepted", "waiting",
    "wait", "not_start", "not_started", "scheduled", "initializing", "initialising", "generating",
    "preparing", "enqueued", "validating", "dispatched", "delayed", "backlogged",
})  # fmt: skip
_EITHER: Final = frozenset({"created"})
"""What is said of a job that was taken on, and of a picture that is there."""
_NAMES: Final = ("status", "state", "task_status", "taskstatus", "job_status", "jobstatus", "task_state")
_INSIDE: Final = (
    "response", "result", "data", "body", "output", "task", "job", "prediction", "interaction", "generation",
)  # fmt: skip
_WRAPS = re.compile(r"job|task|generation|prediction")
"""What else a service calls that in which it puts the job: ``jobs``, ``sdGenerationJob``."""
_IDS: Final = (
    "task_id", "taskid", "job_id", "jobid", "prediction_id", "predictionid", "generation_id", "generationid",
    "request_id", "requestid", "operation_id", "id", "taskuuid", "prompt_id", "uuid",
)  # fmt: skip
_JOB_IDS: Final = frozenset(_IDS) - {"id", "uuid", "request_id", "requestid", "generation_id", "generationid"}
_WHERE: Final = ("status_url", "polling_url", "statusurl", "pollingurl")
_RECEIPT_WORDS = re.compile(
    r"submit(?:ted)? success|(?:task|job) (?:has been |was )?(?:submitted|queued|accepted|created)\b"
    r"|\b(?:request|task|job) (?:has been |was )?accepted\b"
    r"|\b(?:being|still) (?:processed|processing|generated|queued)\b"
    r"|\bin (?:the )?queue\b|提交成功|任务(?:已)?(?:提交|创建|加入队列)"
    r"|排队中|正在排队|处理中(?!断)|生成中(?!断)",
    re.IGNORECASE,
)
_WORDS: Final = ("message", "msg", "description", "detail")
_CODES: Final = (*_WORDS, *_NAMES, "code", "ret", "errcode", "status_code", "statuscode", "success")
_FINE: Final = frozenset(
    {"0", "200", "201", "202", "true", "ok", "success", "succeeded", "accepted", "成功", "操作成功"}
)


def failed(documents: Sequence[Mapping[str, Any]]) -> bool:
    """Whether the last state that was told is a failure."""
    told = [states for document in documents if (states := list(_states(document)))]
    return bool(told) and any(state in FAILED for state in told[-1])


def pending(
    documents: Sequence[Mapping[str, Any]], *, lists: bool = False, there: bool = False
) -> bool:
    """Whether the reply's last document says that the job goes on.

    ``lists`` looks into lists of jobs too; with ``there`` the reply names a picture.
    """
    states = [state for document in documents[-1:] for state in _states(document, lists)]
    return bool(states) and states[-1] in _PENDING - (_EITHER if there else frozenset())


def tells(documents: Sequence[Mapping[str, Any]]) -> bool:
    """Whether a reply names a state at all."""
    return any(True for document in documents for _ in _states(document, True))


def receipt(documents: Sequence[Mapping[str, Any]]) -> bool:
    """Whether a reply without pictures names a job that is to be asked about later."""
    for layer in (layer for document in documents[-1:] for layer in _layers(document, True)):
        keys = {_name(key) for key, value in layer.items() if value}
        if keys & _JOB_IDS or keys & {*_WHERE} or _operation(layer) or _bare(layer):
            return True
        if any(promises(word) for word in _said(layer)):
            return True
    return bool(documents) and _holds_ids(documents[-1])


def _holds_ids(document: Mapping[str, Any]) -> bool:
    """Whether a document is ids, figures and "ok", and nothing else: a job was taken on under them."""
    ids = 0
    for key, value in walk(document):
        name = _name(key)
        if value == [] or (name in _CODES and str(value).lower() not in _FINE):
            return False  # an empty list has no picture in it, now or later
        if isinstance(value, str) and name not in _CODES:
            if not (name.endswith(("id", "uuid")) and re.fullmatch(r"(?=.*\d)[\w-]{4,120}", value)):
                return False
            ids += 1
    return ids > 0


def promises(words: str) -> bool:
    """Whether words say that a picture is made elsewhere, later, and complain of nothing."""
    return bool(_RECEIPT_WORDS.search(words[:2000])) and category_of(plain(words[:2000])) is None


def _operation(layer: Mapping[str, Any]) -> str | None:
    """The name of a long-running operation as Google writes it."""
    name = layer.get("name")
    going = isinstance(name, str) and "operations/" in name and not layer.get("done")
    return str(name) if going else None


def _bare(layer: Mapping[str, Any]) -> str | None:
    """The job's id where it is all there is: ``{"code": 1, "description": "…", "result": "1320…"}``."""
    texts = (value for key in ("result", "data") if isinstance(value := layer.get(key), str))
    return next((text for text in texts if re.fullmatch(r"(?=.*\d)[\w-]{6,80}", text)), None)


def job_id(documents: Sequence[Mapping[str, Any]]) -> str | None:
    """What the service calls the job; a job's own name before a request's."""
    layers = [layer for document in documents[-1:] for layer in _layers(document, True)]
    for wanted in _IDS:
        for layer in layers:
            for key, value in layer.items():
                if _name(key) == wanted and isinstance(value, (str, int)) and value not in ("", True, False):
                    return str(value)
    return next(filter(None, (name for layer in layers for name in (_operation(layer), _bare(layer)))), None)


def _said(layer: Mapping[str, Any]) -> Iterator[str]:
    return (value for key in _WORDS if isinstance(value := layer.get(key), str))


def _states(document: Mapping[str, Any], lists: bool = False) -> Iterator[str]:
    """The states of a job and of what it wraps, outermost first."""
    for layer in _layers(document, lists):
        for key, value in layer.items():
            if _name(key) in _NAMES and isinstance(value, str) and value:
                state = re.sub(r"(?<=[a-z])(?=[A-Z])", "_", value.strip())
                state = re.sub(r"[\s-]+", "_", state).lower()
                yield re.sub(r"^(?:task|job)_(?:status|state)_", "", state)


def _layers(document: Mapping[str, Any], lists: bool = False, depth: int = 0) -> Iterator[Mapping[str, Any]]:
    yield document
    inside = [*_INSIDE, *(key for key in document if key not in _INSIDE and _WRAPS.search(_name(key)))]
    for key in inside if depth < 3 else ():
        inner = document.get(key)
        for one in inner[:8] if lists and isinstance(inner, list) else [inner]:
            if isinstance(one, Mapping):
                yield from _layers(one, lists, depth + 1)


def _name(key: Any) -> str:
    return str(key).lower().replace("-", "_")


__all__ = ["ACCEPTED", "FAILED", "STOPPED", "failed", "job_id", "pending", "promises", "receipt", "tells"]
