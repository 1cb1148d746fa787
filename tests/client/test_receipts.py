"""A receipt: the service took the job, will bill it, and sent no picture. It is told, and not ordered a second time."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import nb_banana as nb

from .misbehaving import KEY, PICTURE, Server, answer, picture, response, serving

PHOTO, SECOND = picture((20, 60, 90)), picture((90, 60, 20))

# Body, status, headers, and what the service calls the job.
RECEIPTS: dict[str, tuple[Any, int, dict[str, str], str | None]] = {
    "a task of a gateway": ({"id": "task_a1", "object": "image.task", "status": "queued", "progress": 0}, 200, {}, "task_a1"),
    "202 with an address to ask": ({"request_id": "rq-1", "status": "in_queue", "status_url": "https://r.example.com/images/rq-1/status"}, 202, {}, "rq-1"),
    "an operation of Google": ({"name": "models/x/operations/op-3", "done": False}, 200, {}, "models/x/operations/op-3"),
    "an operation with metadata": ({"name": "operations/op-4", "metadata": {"state": "RUNNING"}}, 200, {}, "operations/op-4"),
    "a response in the background": ({"id": "resp_5", "object": "response", "status": "queued", "output": []}, 200, {}, "resp_5"),
    "a prediction": ({"id": "pr-6", "status": "starting", "output": None, "urls": {"get": "https://r.example.com/p/pr-6.png"}}, 201, {}, "pr-6"),
    "words that differ in case": ({"id": "q-7", "status": "IN_PROGRESS"}, 200, {}, "q-7"),
    "submitted": ({"task_id": "s-8", "task_status": "SUBMITTED"}, 200, {}, "s-8"),
    "pending in output": ({"output": {"task_id": "o-9", "task_status": "PENDING"}, "request_id": "r"}, 200, {}, "o-9"),
    "processing in a list": ({"code": 200, "data": [{"task_id": "l-10", "status": "processing"}]}, 200, {}, "l-10"),
    "a list at the top": ([{"task_id": "t-11", "state": "Running"}], 200, {}, "t-11"),
    "the id as data": ({"code": 200, "msg": "ok", "data": "task-77aa"}, 200, {}, "task-77aa"),
    "a polling address alone": ({"id": "b-12", "polling_url": "https://r.example.com/v1/get?id=b-12"}, 200, {}, "b-12"),
    "queued in Chinese, with a code": ({"code": 22, "description": "排队中，前面还有1个任务", "result": "17000013"}, 200, {}, "17000013"),
    "words": ({"message": "Your request has been accepted and is being processed", "id": "w-14"}, 200, {}, "w-14"),
    "a header alone": ("", 202, {"operation_location": "https://r.example.com/operations/az-15?api=1"}, "az-15"),
    "202 and nothing": ("", 202, {}, None),
    "a job under a name of its own": ({"sdGenerationJob": {"generationId": "b8d2f1c0-17", "apiCreditCost": 11}}, 200, {}, "b8d2f1c0-17"),
    "an id and nothing else": ({"id": "a6dc6c6e20acda010fe14d71f180658f18"}, 200, {}, "a6dc6c6e20acda010fe14d71f180658f18"),
    "a list of jobs": ({"id": "set-19", "jobs": [{"status": "queued", "results": None}]}, 200, {}, "set-19"),
    "an id in data": ({"code": 0, "message": "ok", "data": {"uuid": "6f1e-20"}}, 200, {}, "6f1e-20"),
    "a gateway that gave up waiting": ({"task_id": "tk-16", "status": "processing"}, 504, {}, "tk-16"),
}  # fmt: skip


def written(body: Any, status: int, headers: dict[str, str]) -> bytes:
    return response((body if isinstance(body, str) else json.dumps(body)).encode(), status, **headers)


@pytest.fixture(autouse=True)
def _place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def said() -> list[bytes]:
    """What the service answers: one after another, the last one again and again."""
    return []


@pytest.fixture
def server(said: list[bytes]) -> Iterator[Server]:
    with serving(lambda connection, _, number: connection.sendall(said[min(number, len(said)) - 1])) as running:
        yield running


def session(server: Server, wire: Any = "openai") -> nb.Session:
    return nb.Session(nb.Endpoint(server.url, KEY, wire=wire), folder="history", tell=lambda _: None)


@pytest.mark.parametrize("wire", ["gemini", "openai"])
@pytest.mark.parametrize("name", RECEIPTS)
def test_a_receipt_is_named_and_sent_once(name: str, wire: Any, server: Server, said: list[bytes]) -> None:
    """One POST in spite of retries; the job's id, "may be billed", and no word of a wrong address or of another try."""
    body, status, headers, job = RECEIPTS[name]
    said.append(written(body, status, headers))
    with pytest.raises(nb.errors.MalformedResponseError) as caught:
        nb.Client(nb.Endpoint(server.url, KEY, wire=wire), retries=3).edit(PHOTO, "make it blue")
    error = caught.value
    assert server.posts == 1 and all(seen.head.startswith(b"POST") for seen in server.requests)
    assert (error.retryable, error.may_be_billed, error.request_id) == (False, True, job)
    assert error.finish_reason == "accepted" and "accepted the request" in error.message
    assert "do not send it again" in error.hint and "base_url" not in str(error)


@pytest.mark.parametrize(("lang", "says"), [("en", "nothing was sent now"), ("zh", "本次没有发送")])
def test_a_re_run_does_not_order_it_again(
    lang: str, says: str, server: Server, said: list[bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Run again, also in a new session, the same edit tells of its job and sends nothing; fresh=True and another take send."""
    monkeypatch.setenv("NB_BANANA_LANG", lang)
    said += [written(*RECEIPTS["a task of a gateway"][:3]), written(*RECEIPTS["submitted"][:3]), response(answer())]
    with session(server) as first, pytest.raises(nb.errors.MalformedResponseError):
        first.edit(PHOTO, "make it blue")
    with session(server) as later:
        for _ in range(2):
            with pytest.raises(nb.errors.MalformedResponseError) as caught:
                later.edit(PHOTO, "make it blue")
            error = caught.value
            assert (error.request_id, error.retryable, error.may_be_billed, error.attempts) == ("task_a1", False, False, 0)
            assert says in error.hint and "fresh=True" in error.hint
        assert server.posts == 1 and len(later.history.records()) == 1
        with pytest.raises(nb.errors.MalformedResponseError, match="s-8"):
            later.edit(PHOTO, "make it blue", fresh=True)
        assert later.edit(PHOTO, "make it blue", take=2).image.data == PICTURE
        assert server.posts == 3


def test_a_picture_that_came_later_answers(server: Server, said: list[bytes]) -> None:
    """Once a fresh run brought the picture, the receipt is history and the picture is replayed."""
    said += [written(*RECEIPTS["submitted"][:3]), response(answer())]
    with session(server) as now:
        with pytest.raises(nb.errors.MalformedResponseError):
            now.edit(PHOTO, "make it blue")
        now.edit(PHOTO, "make it blue", fresh=True)
        assert now.edit(PHOTO, "make it blue").replayed and server.posts == 2


def test_a_batch_orders_each_cell_once_however_often_it_runs(server: Server, said: list[bytes]) -> None:
    """Receipts for two pictures are two POSTs, after a second run and a new plan too."""
    said.append(written(*RECEIPTS["a task of a gateway"][:3]))
    for _ in range(2):
        with session(server) as now:
            plan = nb.batch([PHOTO, SECOND], "make it blue", session=now)
            plan.run().run()
            assert len(plan.failed) == 2 and all("task_a1" in str(one) for one in plan)
    assert server.posts == 2


# What looks like a receipt and is none.
OTHERS: dict[str, tuple[Any, int, str, bool]] = {
    "the job failed": ({"task_id": "t", "status": "failed", "message": "The model crashed"}, 200, "server", True),
    "the queue is full": ({"code": 500, "msg": "排队中的任务过多，系统繁忙，请稍后再试"}, 200, "server", True),
    "interrupted, in Chinese": ({"code": 500, "msg": "任务处理中断"}, 200, "server", True),
    "the task was not found": ({"error": {"message": "Task not found"}, "task_id": "t"}, 404, "model_not_found", False),
    "words of a model": ({"choices": [{"message": {"content": "I am waiting in line for tickets."}, "finish_reason": "stop"}]}, 200, "no_image", True),
    "a list of models": ({"object": "list", "data": [{"id": "a-model-1"}]}, 200, "no_image", True),
}  # fmt: skip


@pytest.mark.parametrize("name", OTHERS)
def test_what_is_no_receipt_is_told_as_what_it_is(name: str, server: Server, said: list[bytes]) -> None:
    """A failure with a job's number in it is a failure, and its number is kept."""
    body, status, category, again = OTHERS[name]
    said.append(written(body, status, {}))
    with pytest.raises(nb.NanoBananaError) as caught:
        nb.Client(nb.Endpoint(server.url, KEY, wire="openai"), retries=0).edit(PHOTO, "make it blue")
    assert (caught.value.category, caught.value.retryable) == (category, again)
    assert caught.value.request_id == ("t" if "task_id" in body else None)


def test_a_model_that_promises_a_picture_later_is_not_asked_again(server: Server, said: list[bytes]) -> None:
    """A relay that streams its job's state as a chat has taken the job: another try would be another job."""
    words = "> 排队中…\n> Your task has been submitted, task id abc-123"
    said.append(written({"choices": [{"message": {"content": words}, "finish_reason": "stop"}]}, 200, {}))
    with pytest.raises(nb.errors.NoImageError, match="abc-123") as caught:
        nb.Client(nb.Endpoint(server.url, KEY, wire="openai")).edit(PHOTO, "make it blue")
    assert (caught.value.retryable, caught.value.may_be_billed, server.posts) == (False, True, 1)


@pytest.mark.parametrize(
    "body", [{"id": "abc-1", "images": []}, {"request_id": "rq-21", "success": False}, {"request_id": "rq-22", "code": 500}, {"id": "x-1", "model": "m"}]
)
def test_an_id_beside_something_else_is_no_receipt(body: Any, server: Server, said: list[bytes]) -> None:
    """A failure, an empty answer and words with an id in them are not taken for a job that goes on."""
    said.append(written(body, 200, {}))
    with pytest.raises(nb.NanoBananaError) as caught:
        nb.Client(nb.Endpoint(server.url, KEY, wire="openai"), retries=0).edit(PHOTO, "make it blue")
    assert caught.value.finish_reason != "accepted"
