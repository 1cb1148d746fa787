"""What one click costs: how often its request is built and the endpoint looked up, on whichever thread."""

from __future__ import annotations

import sys
import time
from collections import Counter
from collections.abc import Callable
from functools import wraps
from types import FrameType
from typing import Any

import pytest

import nb_banana as nb


@pytest.fixture
def counted(monkeypatch: pytest.MonkeyPatch) -> Counter[str]:
    """How often an `EditRequest` is built and `Session.endpoint` read, from now on; both still do what they do.

    The sandbox is the provider's end of the wire: the request it reads there is its own.
    """
    counts: Counter[str] = Counter()

    def counting(name: str, function: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(function)
        def counted(*args: Any) -> Any:
            counts[name] += not at_the_sandbox(sys._getframe(1))
            return function(*args)

        return counted

    built, read = nb.EditRequest.__post_init__, nb.Session.endpoint.fget
    monkeypatch.setattr(nb.EditRequest, "__post_init__", counting("built", built))
    monkeypatch.setattr(nb.Session, "endpoint", property(counting("read", read)))
    return counts


def at_the_sandbox(frame: FrameType | None) -> bool:
    """Whether a call comes from the provider's end."""
    while frame is not None:
        if frame.f_globals.get("__name__", "").startswith("nb_banana._sandbox."):
            return True
        frame = frame.f_back
    return False


SETTLED = 1.2
"""Seconds after which every throttled word of the panel stands there."""


def clicked(panel: nb.Panel, **values: Any) -> None:
    """One click of the page, to the picture and the last word of it."""
    panel.status._handle_custom_msg({"t": "run", "values": values}, [])
    assert panel.wait(60) is not None
    time.sleep(SETTLED)


def test_a_click_builds_one_request_and_asks_three_times_where_to(sandbox, photo, counted):
    """The request is built once, and the endpoint read by the guard, the look-up of the take and the sending."""
    panel = nb.panel(photo, session=sandbox())
    time.sleep(SETTLED)
    counted.clear()
    clicked(panel, prompt="Turn the day into night")
    assert counted["built"] == 1 and counted["read"] <= 3
    clicked(panel)
    assert [one.take for one in panel.results] == [1, 2]
    assert counted["built"] == 1 and counted["read"] <= 6  # nothing changed: it is the same request


def test_several_takes_share_one_request(sandbox, photo, counted):
    """Four takes are four orders of one request; each is told once where it goes."""
    panel = nb.panel(photo, session=sandbox())
    panel.takes.value = 4
    time.sleep(SETTLED)
    counted.clear()
    clicked(panel, prompt="Turn the day into night")
    assert len(panel.results) == 4
    assert counted["built"] == 1 and counted["read"] <= 2 + 4
