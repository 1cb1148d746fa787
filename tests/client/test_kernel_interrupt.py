"""A real kernel, a real SIGINT: in the middle of an answer, and while waiting to try again."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from jupyter_client.manager import start_new_kernel

from .misbehaving import KEY, Seen, answer, leaks, response, sends, serving, silent

SOON = 10
"""Seconds: a third of what the next try would wait for; the answer would never come."""
ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def kernel(monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[Any, Any]]:
    """A Python kernel that has this package, with verbose tracebacks."""
    monkeypatch.setenv("PYTHONPATH", f"{ROOT}{os.pathsep}{os.environ.get('PYTHONPATH', '')}")
    monkeypatch.setenv("NB_BANANA_API_KEY", KEY)
    manager, client = start_new_kernel(kernel_name="python3")
    try:
        yield manager, client
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)


def outputs(client: Any, request: str, seconds: float = 60) -> list[dict[str, Any]]:
    """All a cell put out until the kernel was idle again."""
    found, ends = [], time.monotonic() + seconds
    while time.monotonic() < ends:
        message = client.get_iopub_msg(timeout=ends - time.monotonic())
        if message["parent_header"].get("msg_id") != request:
            continue
        found.append(message)
        if message["msg_type"] == "status" and message["content"]["execution_state"] == "idle":
            return found
    raise AssertionError("the kernel did not become idle")


def run(client: Any, code: str) -> list[dict[str, Any]]:
    return outputs(client, client.execute(code))


def errors(found: list[dict[str, Any]]) -> list[str]:
    return [message["content"]["ename"] for message in found if message["msg_type"] == "error"]


@pytest.mark.parametrize("when", ["answer", "pause"])
def test_an_interrupt_comes_back_at_once(kernel: tuple[Any, Any], when: str) -> None:
    """FAULTS 1 and 2: KeyboardInterrupt long before an answer or the next try would come, socket closed, no more requests, no key shown, kernel usable."""
    manager, client = kernel

    def behave(connection: Any, seen: Seen, number: int) -> None:
        if number > 1:
            connection.sendall(response(answer()))
        elif when == "answer":
            silent(connection)
        else:
            sends(response(b"{}", 429, retry_after="30"))(connection, seen, number)

    with serving(behave) as server:
        setup = f"%xmode Verbose\nimport nb_banana as nb\nclient = nb.Client(nb.Endpoint({server.url!r}, __import__('os').environ['NB_BANANA_API_KEY']))"
        assert errors(run(client, setup)) == []
        request = client.execute("client.generate('a sofa')")
        assert server.wait_for(lambda: server.posts == 1, 20)
        time.sleep(1)
        sent = time.monotonic()
        manager.interrupt_kernel()
        found = outputs(client, request)
        assert time.monotonic() - sent < SOON
        assert errors(found) == ["KeyboardInterrupt"]
        assert not leaks(repr(found))
        if when == "answer":
            assert server.wait_for(lambda: bool(server.closed_at), SOON) and server.closed_at[0] - sent < SOON
        time.sleep(0.5)
        assert server.posts == 1
        again = run(client, "print(client.generate('again').image.width)")
        assert errors(again) == [] and any("32" in m["content"].get("text", "") for m in again)


def test_every_failure_in_a_verbose_cell_keeps_the_key(kernel: tuple[Any, Any]) -> None:
    """FAULTS 25: uncaught errors with %xmode Verbose and Context, %tb and a post-mortem of the locals show no key."""
    _manager, client = kernel
    replies = (response(b'{"error":{"message":"bad key ' + KEY.encode() + b'"}}', 401), response(b"", 307, location="https://elsewhere.example.com"), response(b"<html>", 200), response(b"{}", 500))
    with serving(lambda connection, _seen, number: connection.sendall(replies[(number - 1) % 4])) as server:
        run(client, f"import os, nb_banana as nb\nclient = nb.Client(nb.Endpoint({server.url!r}, os.environ['NB_BANANA_API_KEY']))")
        shown = []
        for mode in ("Verbose", "Context"):
            run(client, f"%xmode {mode}")
            for _ in replies:
                found = run(client, "client.generate('a sofa')")
                assert len(errors(found)) == 1
                shown += [found, run(client, "%tb")]
        dump = "import sys\ntb = sys.last_traceback\nwhile tb:\n    if tb.tb_frame.f_code.co_filename.startswith(os.path.dirname(nb.__file__)):\n        print({k: repr(v) for k, v in tb.tb_frame.f_locals.items()})\n    tb = tb.tb_next"
        shown += [run(client, dump), run(client, "%whos")]
        assert not leaks(repr(shown))
