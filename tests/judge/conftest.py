"""The fake judge running, a session on the sandbox, and a protocol of one question."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from judge_kit import KEY, ONE, FakeJudge

import nb_banana as nb


@pytest.fixture
def fake() -> Iterator[FakeJudge]:
    with FakeJudge() as running:
        thread = threading.Thread(target=running.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        yield running
        running.gate.set()
        running.shutdown()
        thread.join(timeout=5)


@pytest.fixture
def session(clean_place: Path) -> Iterator[nb.Session]:
    """The sandbox edits; its history is in the test's folder."""
    with nb.Session(nb.Endpoint.sandbox(), folder=clean_place / "history", tell=lambda _: None) as made:
        yield made


@pytest.fixture
def one(clean_place: Path) -> Path:
    """A protocol of one question with two scores, the weaker one counting."""
    path = clean_place / "one.toml"
    path.write_text(ONE, encoding="utf-8")
    return path


@pytest.fixture
def at(fake: FakeJudge) -> nb.Endpoint:
    """The fake judge as an endpoint on the chat wire."""
    return nb.Endpoint(fake.url, KEY, wire="openai")


@pytest.fixture
def judge(at: nb.Endpoint, one: Path) -> nb.Judge:
    return nb.Judge("judge-1", at, one, name="j")
